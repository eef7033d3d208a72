//! The engines beside each other, and each beside itself in other company.

use crate::checkpoints::{ARCHITECTURES, change, embedded, random};
use std::ops::Range;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use wiregraph::encoder::Encoder;
use wiregraph::encoder::checkpoint;
use wiregraph::encoder::decode::{Logits, decode};
use wiregraph::encoder::engine::Device;
use wiregraph::encoder::labels::Labels;
use wiregraph::recognise::Model;

fn load(directory: &TempDir) -> Encoder {
    checkpoint::load(directory.path(), Device::Cpu, None).unwrap().0
}

/// A thousand sentences, as tokens.
fn sentences() -> Vec<Vec<String>> {
    let files = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/train")).unwrap();
    let mut paths: Vec<_> = files.map(|f| f.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "txt")).collect();
    paths.sort();
    let text: String = paths.iter().map(|p| std::fs::read_to_string(p).unwrap()).collect();
    let lines = text.lines().filter(|l| !l.is_empty() && !l.starts_with('#')).take(1000);
    lines.map(|l| l.split(' ').map(str::to_owned).collect()).collect()
}

fn borrowed(sentences: &[Vec<String>]) -> Vec<Vec<&str>> {
    sentences.iter().map(|s| s.iter().map(String::as_str).collect()).collect()
}

fn mentions(encoder: &Encoder, logits: &[Logits]) -> Vec<(usize, Range<usize>, usize)> {
    let labels = Labels::new(encoder.outputs().iter().map(String::as_str)).unwrap();
    let found = |at: usize| decode(&logits[at], &labels, encoder.temperature()).into_iter().map(move |f| (at, f.tokens, f.kind));
    (0..logits.len()).flat_map(found).collect()
}

fn farthest<'l>(a: impl IntoIterator<Item = &'l Logits>, b: impl IntoIterator<Item = &'l Logits>) -> f32 {
    let mut most = 0.0f32;
    for (a, b) in a.into_iter().zip(b) {
        assert_eq!(a.rows().len(), b.rows().len());
        for (x, y) in a.rows().flatten().zip(b.rows().flatten()) {
            assert!(x.is_finite() && y.is_finite());
            most = most.max((x - y).abs());
        }
    }
    most
}

#[test]
fn rust_bert_and_the_embedded_engine_in_single_precision_agree() {
    let owned = sentences();
    let sentences = borrowed(&owned);
    for model in [Model::Fast, Model::Accurate] {
        let checkpoint = load(&embedded(model.name()));
        let own = Encoder::load_exact(model.name(), model.bytes()).unwrap();
        assert_eq!((checkpoint.outputs(), checkpoint.positions()), (own.outputs(), own.positions()));
        let [theirs, ours] = [&checkpoint, &own].map(|encoder| encoder.logits(&sentences));
        let (most, found) = (farthest(&theirs, &ours), mentions(&own, &ours));
        eprintln!("{}: {} mentions, logits within {most:.1e}", model.name(), found.len());
        assert!(found.len() > 1000 && most <= 1e-3, "{}: {} {most}", model.name(), found.len());
        assert_eq!(mentions(&checkpoint, &theirs), found);
    }
}

/// More windows than any batch holds, of all lengths: rust-bert's own pipeline leaves those beyond its batch without labels.
#[test]
fn no_window_is_left_out_however_many_there_are() {
    let owned: Vec<Vec<String>> =
        (0..3000usize).map(|n| (0..1 + n * 7 % 23).map(|at| format!("{}{at}", (b'a' + (n % 26) as u8) as char)).collect()).collect();
    let mut owned = owned;
    // Longer than the model has positions.
    owned.push((0..700).map(|n| format!("k{n}")).collect());
    let sentences = borrowed(&owned);
    let encoder = load(&random("bert"));
    let together = encoder.logits(&sentences);
    assert!(together.iter().flat_map(Logits::rows).all(|row| row.iter().any(|x| *x != 0.0)));
    let some: Vec<usize> = (0..sentences.len()).rev().step_by(97).collect();
    let alone: Vec<Logits> = some.iter().map(|&at| encoder.logits(&sentences[at..=at]).remove(0)).collect();
    let most = farthest(&alone, some.iter().map(|&at| &together[at]));
    assert!(most < 1e-3, "{most}");
}

#[test]
fn every_architecture_reads_a_sentence_alike_alone_and_padded() {
    let owned = sentences();
    let sentences = borrowed(&owned[..60]);
    for architecture in ARCHITECTURES {
        let directory = random(architecture);
        let encoder = load(&directory);
        let together = encoder.logits(&sentences);
        let alone: Vec<Logits> = sentences.iter().map(|s| encoder.logits(&[s]).remove(0)).collect();
        let most = farthest(&alone, &together);
        let spread = together.iter().flat_map(Logits::rows).flatten().fold(0.0f32, |most, x| most.max(x.abs()));
        eprintln!("{architecture}: alone and padded within {most:.1e} of numbers up to {spread:.1}");
        assert!(spread > 0.05 && most < 1e-3, "{architecture}: {most} {spread}");
        // Threads have models of their own on the same weights.
        let again: Vec<Vec<Logits>> =
            std::thread::scope(|s| [(); 3].map(|()| s.spawn(|| encoder.logits(&sentences))).map(|t| t.join().unwrap()).into());
        assert!(again.iter().all(|logits| *logits == together), "{architecture}");
    }
}

/// Checkpoints that tests/peers/checkpoints.py made with transformers, and what that computes for some sentences: those beside this file, and more in the directory
/// CHECKPOINTS where there is one.
#[test]
fn numbers_are_those_of_transformers() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bert/fixtures");
    let directories = std::env::var_os("CHECKPOINTS").into_iter().map(PathBuf::from).chain([fixtures]);
    let mut compared = 0;
    for path in directories.flat_map(|d| std::fs::read_dir(d).unwrap()).map(|entry| entry.unwrap().path()) {
        let text = std::fs::read_to_string(path.join("expected.json")).unwrap();
        let expected: Vec<(Vec<String>, Vec<Vec<f32>>)> = serde_json::from_str(&text).unwrap();
        let encoder = checkpoint::load(&path, Device::Cpu, None).unwrap().0;
        let (sentences, expected): (Vec<Vec<String>>, Vec<Vec<Vec<f32>>>) = expected.into_iter().unzip();
        let mut most = 0.0f32;
        for (logits, expected) in encoder.logits(&borrowed(&sentences)).iter().zip(&expected) {
            assert_eq!(logits.rows().len(), expected.len());
            for (row, expected) in logits.rows().zip(expected) {
                assert_eq!(row.len(), expected.len());
                assert!(row.iter().all(|x| x.is_finite()), "{}: {row:?}", path.display());
                most = row.iter().zip(expected).fold(most, |most, (x, y)| most.max((x - y).abs()));
            }
        }
        eprintln!("{}: within {most:.1e}", path.display());
        assert!(most < 1e-3, "{}: {most}", path.display());
        compared += 1;
    }
    assert!(compared >= 4);
}

#[test]
fn labels_fold_into_kinds_and_old_names_of_weights_are_known() {
    let directory = random("bert");
    let plain = load(&directory);
    assert_eq!(plain.outputs(), ["O", "B-Person", "I-Person", "B-Place", "I-Place"]);
    change(directory.path(), |config| {
        config["id2label"] = serde_json::json!({"0": "O", "1": "B-GPE", "2": "I-GPE", "3": "B-LOC", "4": "I-LOC"})
    });
    let path = directory.path().join("model.safetensors");
    let bytes = std::fs::read(&path).unwrap();
    let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let old = |name: &str| name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
    let renamed = safetensors::serialize(tensors.tensors().into_iter().map(|(name, view)| (old(&name), view)), None).unwrap();
    std::fs::write(&path, renamed).unwrap();
    let folded = load(&directory);
    assert_eq!(folded.outputs(), ["O", "B-Place", "I-Place"]);
    let sentence = [vec!["Kursk", "soldiers"]];
    let (plain, folded) = (plain.logits(&sentence).remove(0), folded.logits(&sentence).remove(0));
    for (row, fold) in plain.rows().zip(folded.rows()) {
        let either = (row[1].exp() + row[3].exp()).ln();
        assert!((fold[0] - row[0]).abs() < 1e-5 && (fold[1] - either).abs() < 1e-4, "{row:?} {fold:?}");
    }
}
