//! The annotated corpus: its files are right, and no score falls below its pin.

use std::path::{Path, PathBuf};
use wiregraph::evaluate::pins::Pins;
use wiregraph::evaluate::{evaluate_with_stories, gold, is_held_out, pipeline};
use wiregraph::recognise::Model;

/// The parts of the corpus: name in the file of pins, and directory.
const PARTS: [(&str, &str); 2] = [("gold", "corpus/gold"), ("held-out", "corpus/held-out/gold")];

fn at_root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn every_gold_file_quotes_what_its_text_holds() {
    for (_, directory) in PARTS {
        for article in gold::load_directory(&at_root(directory)).unwrap_or_else(|error| panic!("{error}")) {
            assert!(article.article.is_file(), "{}: its article is missing", article.name);
        }
    }
}

#[test]
fn the_held_out_part_is_marked() {
    assert!(is_held_out(&at_root("corpus/held-out/gold")));
    assert!(!is_held_out(&at_root("corpus/gold")));
}

/// `UPDATE_SCORES="why" cargo test --test suite scores_hold_their_pins` pins the scores as they are and records the reason.
#[test]
fn scores_hold_their_pins() {
    let file = at_root("corpus/scores.json");
    let mut pins = Pins::load(&file).unwrap_or_else(|error| panic!("{error}"));
    let pipeline = pipeline(None, Model::default()).unwrap_or_else(|error| panic!("{error}"));
    let reports = PARTS.map(|(name, directory)| {
        (name, evaluate_with_stories(&at_root(directory), false, &pipeline, None).unwrap_or_else(|error| panic!("{error}")))
    });
    if let Ok(reason) = std::env::var("UPDATE_SCORES") {
        let reports: Vec<_> = reports.iter().map(|(name, report)| (*name, report)).collect();
        pins.update(&reports, &reason).unwrap_or_else(|error| panic!("{error}"));
        pins.save(&file).unwrap_or_else(|error| panic!("{error}"));
        return;
    }
    let broken: Vec<String> = reports.iter().flat_map(|(name, report)| pins.broken(name, report)).collect();
    assert!(
        broken.is_empty(),
        "\n{}\n\nSee what changed with `wiregraph evaluate --gold DIR`. If the scores are right now, pin them and say why:\n\
         UPDATE_SCORES=\"why\" cargo test --test suite scores_hold_their_pins\n",
        broken.join("\n")
    );
}
