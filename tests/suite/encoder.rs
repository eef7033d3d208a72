//! What the encoder promises: the same bits whatever is read together, on every instruction set; rows for every token; no faulty file accepted.
#![expect(clippy::unwrap_used, reason = "a test stops at the first fault")]

use safetensors::{Dtype, tensor::TensorView};
use std::collections::{BTreeMap, HashMap};
use wiregraph::encoder::Encoder;
use wiregraph::encoder::decode::{Logits, decode};
use wiregraph::encoder::labels::Labels;
use wiregraph::encoder::simd::Cpu;
use wiregraph::pipeline::{Configuration, Pipeline};
use wiregraph::read::Reader;
use wiregraph::recognise::Model;

const HIDDEN: usize = 64;
const INNER: usize = 128;
const LABELS: &str = "O B-Person I-Person B-Place I-Place";

struct Random(u64);

impl Random {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / 8_388_608.0 - 1.0
    }

    fn below(&mut self, end: usize) -> usize {
        ((self.next() + 1.0) / 2.0 * end as f32) as usize % end
    }
}

type Tensors = BTreeMap<String, (Dtype, Vec<usize>, Vec<u8>)>;

fn vocabulary() -> Vec<String> {
    let markers = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"].map(str::to_owned);
    let letters = ('a'..='z').flat_map(|c| [c.to_string(), format!("##{c}")]);
    let pairs = ('a'..='z').flat_map(|a| ["n", "r", "s"].map(|b| format!("{a}{b}")));
    markers.into_iter().chain(letters).chain(pairs).chain([".", ",", "-"].map(str::to_owned)).collect()
}

/// A model of random weights.
fn tensors() -> Tensors {
    let mut random = Random(9);
    let mut out = Tensors::new();
    let mut floats = |out: &mut Tensors, name: String, shape: &[usize], middle: f32, width: f32| {
        let bytes = (0..shape.iter().product()).flat_map(|_| (middle + width * random.next()).to_le_bytes()).collect();
        out.insert(name, (Dtype::F32, shape.to_vec(), bytes));
    };
    let mut random = Random(11);
    let mut bytes = |out: &mut Tensors, name: String, shape: [usize; 2], limit: f32| {
        let bytes = (0..shape[0] * shape[1]).map(|_| (random.next() * limit) as i8 as u8).collect();
        out.insert(name, (Dtype::I8, shape.to_vec(), bytes));
    };
    let words = vocabulary();
    bytes(&mut out, "embeddings.word".to_owned(), [words.len(), HIDDEN], 127.9);
    floats(&mut out, "embeddings.word.scale".to_owned(), &[words.len()], 0.004, 0.001);
    floats(&mut out, "embeddings.position".to_owned(), &[128, HIDDEN], 0.0, 0.3);
    floats(&mut out, "embeddings.type".to_owned(), &[5, HIDDEN], 0.0, 0.3);
    let linears = (0..2).flat_map(|n| {
        let shapes = [("qkv", 3 * HIDDEN, HIDDEN), ("out", HIDDEN, HIDDEN), ("up", INNER, HIDDEN), ("down", HIDDEN, INNER)];
        shapes.map(|(part, outputs, inputs)| (format!("layer.{n}.{part}"), outputs, inputs))
    });
    for (name, outputs, inputs) in linears.chain([("head".to_owned(), 5, HIDDEN)]) {
        bytes(&mut out, format!("{name}.weight"), [outputs, inputs], 63.9);
        floats(&mut out, format!("{name}.scale"), &[outputs], 0.004, 0.001);
        floats(&mut out, format!("{name}.bias"), &[outputs], 0.0, 0.2);
    }
    for name in ["embeddings.norm", "layer.0.norm1", "layer.0.norm2", "layer.1.norm1", "layer.1.norm2"] {
        floats(&mut out, format!("{name}.weight"), &[HIDDEN], 1.0, 0.2);
        floats(&mut out, format!("{name}.bias"), &[HIDDEN], 0.0, 0.2);
    }
    floats(&mut out, "temperature".to_owned(), &[2], 1.0, 0.1);
    let text = words.join("\n").into_bytes();
    out.insert("vocabulary".to_owned(), (Dtype::U8, vec![text.len()], text));
    out
}

fn file(tensors: &Tensors, labels: &str) -> Vec<u8> {
    let metadata = [("format", "wiregraph-encoder-1"), ("labels", labels), ("heads", "2")];
    let metadata: HashMap<String, String> = metadata.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
    let views = tensors.iter().map(|(name, (kind, shape, bytes))| (name, TensorView::new(*kind, shape.clone(), bytes).unwrap()));
    safetensors::serialize(views, Some(metadata)).unwrap()
}

fn encoders() -> Vec<Encoder> {
    let bytes = file(&tensors(), LABELS);
    Cpu::all().into_iter().map(|cpu| Encoder::load_for(&bytes, cpu).unwrap()).collect()
}

/// Sentences of made-up tokens, some very long, some empty, some the same.
fn sentences(count: usize) -> Vec<Vec<String>> {
    let mut random = Random(3);
    let mut out: Vec<Vec<String>> = Vec::new();
    for at in 0..count {
        if at % 10 == 9 {
            out.push(out[random.below(at)].clone());
            continue;
        }
        let length = if at % 50 == 7 { 100 + random.below(200) } else { random.below(40) };
        let token = |random: &mut Random| {
            let word: String = (0..1 + random.below(6)).map(|_| (b'a' + random.below(26) as u8) as char).collect();
            match random.below(5) {
                0 => word.to_uppercase(),
                1 => word[..1].to_uppercase() + &word[1..],
                2 => format!("{word}-{}", random.below(99)),
                _ => word,
            }
        };
        out.push((0..length).map(|_| token(&mut random)).collect());
    }
    out
}

fn borrowed(sentences: &[Vec<String>]) -> Vec<Vec<&str>> {
    sentences.iter().map(|s| s.iter().map(String::as_str).collect()).collect()
}

fn same(a: &Logits, b: &Logits) -> bool {
    a.rows().len() == b.rows().len() && a.rows().flatten().zip(b.rows().flatten()).all(|(x, y)| x.to_bits() == y.to_bits())
}

#[test]
fn a_thousand_sentences_alone_batched_and_shuffled_are_the_same_bits() {
    let owned = sentences(1000);
    let sentences = borrowed(&owned);
    let encoder = &encoders()[0];
    let alone: Vec<Logits> = sentences.iter().map(|s| encoder.logits(&[s]).remove(0)).collect();
    let batched = encoder.logits(&sentences);
    assert!(alone.iter().zip(&batched).all(|(a, b)| same(a, b)));
    let mut random = Random(21);
    let mut order: Vec<usize> = (0..sentences.len()).collect();
    for at in 1..order.len() {
        order.swap(at, random.below(at + 1));
    }
    let shuffled: Vec<&Vec<&str>> = order.iter().map(|&at| &sentences[at]).collect();
    let found = encoder.logits(&shuffled.iter().map(|s| &s[..]).collect::<Vec<_>>());
    assert!(order.iter().zip(&found).all(|(&at, logits)| same(&alone[at], logits)));
    assert!(alone.iter().zip(&sentences).all(|(l, s)| l.rows().len() == s.len()));
    assert!(alone.iter().flat_map(Logits::rows).flatten().all(|x| x.is_finite()));
}

#[test]
fn every_instruction_set_gives_the_same_bits() {
    let owned = sentences(60);
    let all: Vec<Vec<Logits>> = encoders().iter().map(|encoder| encoder.logits(&borrowed(&owned))).collect();
    for other in &all[1..] {
        assert!(all[0].iter().zip(other).all(|(a, b)| same(a, b)));
    }
}

#[test]
fn threads_share_an_encoder() {
    let owned = sentences(80);
    let sentences = borrowed(&owned);
    let encoder = &encoders()[0];
    let alone = encoder.logits(&sentences);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert!(encoder.logits(&sentences).iter().zip(&alone).all(|(a, b)| same(a, b))));
        }
    });
}

#[test]
fn numbers_are_those_of_the_plain_computation() {
    let owned = sentences(40);
    let tensors = tensors();
    let encoder = &encoders()[0];
    let (mut off, mut power) = (0.0, 0.0);
    for sentence in borrowed(&owned).iter().filter(|s| encoder.count_pieces(s) <= 128) {
        let found = &encoder.logits(&[sentence])[0];
        let right = plain::logits(&tensors, sentence);
        for (row, right) in found.rows().zip(right) {
            for (x, right) in row.iter().zip(right) {
                off += (f64::from(*x) - right).powi(2);
                power += right.powi(2);
            }
        }
    }
    // Activations of 8 bits lose about one part in a hundred.
    assert!(off / power < 0.03f64.powi(2), "{}", (off / power).sqrt());
}

#[test]
fn a_sentence_without_tokens_has_no_rows() {
    let encoder = &encoders()[0];
    let found = encoder.logits(&[&[][..], &["an", "\u{200b}", ""][..], &[]]);
    assert_eq!(found.iter().map(|l| l.rows().len()).collect::<Vec<_>>(), [0, 3, 0]);
    assert!(encoder.logits::<&[&str]>(&[]).is_empty());
}

#[test]
fn faulty_files_are_refused() {
    let good = tensors();
    let refused = |tensors: &Tensors| Encoder::load("model", &file(tensors, LABELS)).map(|_| ()).unwrap_err().to_string();
    for name in good.keys() {
        // `layer.1` is there or not by its first tensor; without it the file has one layer.
        if name == "layer.1.qkv.weight" {
            continue;
        }
        let mut missing = good.clone();
        missing.remove(name);
        assert!(refused(&missing).contains("missing"), "{name}");
        let mut short = good.clone();
        let (_, shape, bytes) = short.get_mut(name).unwrap();
        let rows = shape[0];
        bytes.truncate(bytes.len() / rows * (rows / 2));
        shape[0] = rows / 2;
        // How many temperatures there are to be is known to whoever asks for the numbers.
        if !["embeddings.position", "temperature"].contains(&name.as_str()) {
            refused(&short);
        }
    }
    let mut nan = good.clone();
    nan.get_mut("layer.0.norm1.bias").unwrap().2[..4].copy_from_slice(&f32::NAN.to_le_bytes());
    assert!(refused(&nan).contains("layer.0.norm1.bias"));
    let mut large = good.clone();
    large.get_mut("layer.0.up.weight").unwrap().2[7] = 64;
    assert!(refused(&large).contains("layer.0.up.weight"));
    let bytes = file(&good, LABELS);
    for end in [0, 7, 8, 100, bytes.len() - 1] {
        assert!(Encoder::load("model", &bytes[..end]).is_err());
    }
    assert!(Encoder::load("model", &file(&good, "O B-Person I-Person")).is_err());
}

/// The encoder as the textbook has it, in double precision.
mod plain {
    use super::{HIDDEN, Tensors, vocabulary};
    use wiregraph::encoder::pieces::{Cutter, Kept};

    struct Weights<'t>(&'t Tensors);

    impl Weights<'_> {
        fn floats(&self, name: &str) -> Vec<f64> {
            self.0[name].2.as_chunks().0.iter().map(|&four| f64::from(f32::from_le_bytes(four))).collect()
        }

        fn linear(&self, name: &str, x: &[f64]) -> Vec<f64> {
            let (scale, bias) = (self.floats(&format!("{name}.scale")), self.floats(&format!("{name}.bias")));
            let rows = self.0[&format!("{name}.weight")].2.chunks_exact(x.len());
            let dot = |row: &[u8]| row.iter().zip(x).map(|(w, x)| f64::from(*w as i8) * x).sum::<f64>();
            rows.zip(scale.iter().zip(&bias)).map(|(row, (scale, bias))| dot(row) * scale + bias).collect()
        }

        fn norm(&self, name: &str, x: &[f64]) -> Vec<f64> {
            let (weight, bias) = (self.floats(&format!("{name}.weight")), self.floats(&format!("{name}.bias")));
            let mean = x.iter().sum::<f64>() / x.len() as f64;
            let deviation = (x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / x.len() as f64).sqrt();
            (0..x.len()).map(|at| (x[at] - mean) / deviation * weight[at] + bias[at]).collect()
        }
    }

    fn add(a: &[f64], b: &[f64]) -> Vec<f64> {
        a.iter().zip(b).map(|(a, b)| a + b).collect()
    }

    fn gelu(x: f64) -> f64 {
        // erf by its series.
        let z = x.abs().min(8.0) / std::f64::consts::SQRT_2;
        let (mut term, mut sum) = (z, z);
        for n in 1..200 {
            term *= -z * z / f64::from(n);
            sum += term / f64::from(2 * n + 1);
        }
        0.5 * x * (1.0 + (2.0 / std::f64::consts::PI.sqrt() * sum).copysign(x))
    }

    pub fn logits(tensors: &Tensors, tokens: &[&str]) -> Vec<Vec<f64>> {
        let weights = Weights(tensors);
        let cutter = Cutter::new(&vocabulary()).unwrap();
        let (mut pieces, mut firsts) = (vec![cutter.opening], Vec::new());
        for token in tokens {
            firsts.push(pieces.len());
            cutter.cut(token, &mut Kept::default(), &mut pieces);
        }
        pieces.push(cutter.ending);
        let scale = weights.floats("embeddings.word.scale");
        let (positions, types) = (weights.floats("embeddings.position"), weights.floats("embeddings.type"));
        let words = &tensors["embeddings.word"].2;
        let mut rows: Vec<Vec<f64>> = pieces
            .iter()
            .enumerate()
            .map(|(at, piece)| {
                let (id, casing) = (piece.id as usize, usize::from(piece.casing));
                let number =
                    |h| f64::from(words[id * HIDDEN + h] as i8) * scale[id] + positions[at * HIDDEN + h] + types[casing * HIDDEN + h];
                weights.norm("embeddings.norm", &(0..HIDDEN).map(number).collect::<Vec<_>>())
            })
            .collect();
        for layer in 0..2 {
            let name = |part: &str| format!("layer.{layer}.{part}");
            let qkv: Vec<Vec<f64>> = rows.iter().map(|row| weights.linear(&name("qkv"), row)).collect();
            rows = rows
                .iter()
                .zip(&qkv)
                .map(|(row, query)| {
                    let mut mixed = vec![0.0; HIDDEN];
                    for head in [0, 32] {
                        let part = |row: &[f64], which: usize| row[which * HIDDEN + head..][..32].to_vec();
                        let q = part(query, 0);
                        let scores = qkv.iter().map(|k| part(k, 1).iter().zip(&q).map(|(a, b)| a * b).sum::<f64>() / 32f64.sqrt());
                        let terms: Vec<f64> = scores.map(f64::exp).collect();
                        let total: f64 = terms.iter().sum();
                        for (term, value) in terms.iter().zip(&qkv) {
                            for (to, x) in mixed[head..].iter_mut().zip(part(value, 2)) {
                                *to += term / total * x;
                            }
                        }
                    }
                    let row = weights.norm(&name("norm1"), &add(row, &weights.linear(&name("out"), &mixed)));
                    let inner: Vec<f64> = weights.linear(&name("up"), &row).into_iter().map(gelu).collect();
                    weights.norm(&name("norm2"), &add(&row, &weights.linear(&name("down"), &inner)))
                })
                .collect();
        }
        firsts.into_iter().map(|at| weights.linear("head", &rows[at])).collect()
    }
}

/// The sentences that were written for training, a line each.
fn training_text() -> String {
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/train")).unwrap();
    let mut paths: Vec<_> = files.map(|f| f.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "txt")).collect();
    paths.sort();
    paths.iter().map(|p| std::fs::read_to_string(p).unwrap()).collect()
}

fn training_sentences(text: &str, most: usize) -> Vec<Vec<&str>> {
    text.lines().filter(|l| !l.is_empty() && !l.starts_with('#')).take(most).map(|l| l.split(' ').collect()).collect()
}

/// The shipped model on real sentences: the same bits alone, together and in another order.
#[test]
fn a_sentence_reads_alike_in_any_company() {
    let text = training_text();
    let sentences = training_sentences(&text, 1000);
    assert_eq!(sentences.len(), 1000);
    let encoder = Encoder::load("fast", Model::Fast.bytes()).unwrap();
    let together = encoder.logits(&sentences);
    let mut order: Vec<usize> = (0..sentences.len()).collect();
    let mut random = Random(4);
    for at in (1..order.len()).rev() {
        order.swap(at, random.below(at + 1));
    }
    let shuffled: Vec<&Vec<&str>> = order.iter().map(|at| &sentences[*at]).collect();
    let again = encoder.logits(&shuffled);
    for (place, at) in order.iter().enumerate() {
        assert!(again[place] == together[*at] && encoder.logits(&sentences[*at..=*at])[0] == together[*at], "{:?}", sentences[*at]);
    }
}

/// The sentences of the corpus' articles, which no model has read, as the splitter gives them.
fn news() -> Vec<Vec<String>> {
    let pipeline = Pipeline::load(&Configuration { recogniser: Model::Rules, ..Configuration::default() }).unwrap();
    let mut sentences = Vec::new();
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let stories = std::fs::read_dir(corpus.join("stories")).unwrap().map(|story| story.unwrap().path().join("articles"));
    let mut inputs = Vec::from_iter(stories.chain([corpus.join("articles")]));
    inputs.sort();
    for raw in Reader::load(None).unwrap().inputs(&inputs) {
        for analysis in pipeline.analyse(&raw.unwrap()).unwrap() {
            let (document, split) = (&analysis.document, &analysis.split);
            let words = |tokens: &std::ops::Range<usize>| {
                split.tokens[tokens.clone()].iter().map(|t| t.span.of(&document.text).to_owned()).collect()
            };
            sentences.extend(split.sentences.iter().map(|s| words(&s.tokens)));
        }
    }
    sentences
}

/// What a model finds, as sentence, tokens and kind.
fn mentions(encoder: &Encoder, logits: &[Logits]) -> Vec<(usize, std::ops::Range<usize>, usize)> {
    let labels = Labels::new(encoder.outputs().iter().map(String::as_str)).unwrap();
    let found = |at: usize| decode(&logits[at], &labels, encoder.temperature()).into_iter().map(move |f| (at, f.tokens, f.kind));
    (0..logits.len()).flat_map(found).collect()
}

/// Bytes for weights and activations cost less than one mention in a hundred: the embedded models beside themselves in single precision.
#[test]
fn bytes_find_what_single_precision_finds() {
    let (owned, text) = (news(), training_text());
    let mut sentences = borrowed(&owned);
    sentences.extend(training_sentences(&text, 1000_usize.saturating_sub(owned.len())));
    for model in [Model::Fast, Model::Accurate] {
        let [bytes, floats] = [Encoder::load, Encoder::load_exact].map(|load| load(model.name(), model.bytes()).unwrap());
        let [found, exact] = [&bytes, &floats].map(|encoder| mentions(encoder, &encoder.logits(&sentences)));
        let both = found.iter().filter(|mention| exact.contains(mention)).count();
        let f1 = 2.0 * both as f64 / (found.len() + exact.len()) as f64;
        eprintln!("{}: {} mentions in bytes, {} in single precision, {both} the same: F1 {f1:.4}", model.name(), found.len(), exact.len());
        assert!(f1 >= 0.99, "{}: {f1:.4}", model.name());
    }
}
