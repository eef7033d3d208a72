//! Descriptions led back to what they take up, against articles of `corpus/train/coreference` that no model learnt from.

use regex::Regex;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use wiregraph::evaluate::coreference::{Coreference, Measure};
use wiregraph::extract::Extractor;
use wiregraph::pipeline::{Configuration, Pipeline};
use wiregraph::recognise::{Model, Recogniser};
use wiregraph::resolve::{Antecedents, Given, Nominals, Sources, chains_of};
use wiregraph::split::Splitter;
use wiregraph::strip::Stripper;
use wiregraph::types::{ByteSpan, Content, Kind, RawDocument, Slot};

/// Every so many articles of a file are held back from training.
const EVERY: usize = 8;
/// CoNLL F1 in a thousand, all mentions given: with the reader of antecedents, and by rules alone.
const LEAST: [usize; 2] = [710, 688];

/// The articles: text, mentions, and by mention its chain.
fn held_back() -> Vec<(String, Vec<Given>, Vec<String>)> {
    let [mark, opening] = [r"\[([pol])(\d*): |\]", "(?m)^# "].map(|pattern| Regex::new(pattern).expect("a pattern"));
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/train/coreference");
    let mut files: Vec<_> = fs::read_dir(directory).expect("the annotations").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let mut articles = Vec::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|e| e == "txt")) {
        for block in opening.split(&fs::read_to_string(file).expect("UTF-8")).skip(1).step_by(EVERY) {
            let (_, body) = block.trim().split_once('\n').expect("a name and a text");
            let (mut text, mut open, mut mentions, mut at) = (String::new(), Vec::new(), Vec::new(), 0);
            for found in mark.captures_iter(body) {
                let whole = found.get(0).expect("a match");
                text.push_str(&body[at..whole.start()]);
                at = whole.end();
                match found.get(1) {
                    Some(kind) => open.push((text.len(), kind.as_str(), found[2].to_owned())),
                    None => {
                        let (start, letter, number) = open.pop().expect("an open mark");
                        let kind = match letter {
                            "p" => Kind::Person,
                            "o" => Kind::Organization,
                            _ => Kind::Place,
                        };
                        let chain = if number.is_empty() { format!("at {start}") } else { format!("{letter}{number}") };
                        mentions.push((Given { span: ByteSpan::new(start, text.len()), kind }, chain));
                    }
                }
            }
            text.push_str(&body[at..]);
            mentions.sort_by_key(|(given, _)| (given.span.start, std::cmp::Reverse(given.span.end)));
            let (given, chains) = mentions.into_iter().unzip();
            articles.push((text.replace('\n', " "), given, chains));
        }
    }
    articles
}

#[test]
fn descriptions_are_led_back() {
    let stripper = Stripper::load(None).expect("built-in data");
    let splitter = Splitter::load(None).expect("built-in data");
    let recogniser = Recogniser::load(None, &Model::default()).expect("built-in data");
    let extractor = Extractor::load(None, false).expect("built-in data");
    let nominals = Nominals::load(None).expect("built-in data");
    let antecedents = Antecedents::load().expect("built-in data");
    let articles = held_back();
    assert!(articles.len() >= 20, "{} articles", articles.len());
    let mut totals = [Coreference::default(), Coreference::default()];
    for (text, given, chains) in &articles {
        let document = stripper.strip(&RawDocument::of("a", text.as_str(), Content::Clean)).expect("a document").remove(0);
        assert_eq!(document.text, *text);
        let split = splitter.split(&document);
        let mentions = recogniser.recognise(&document, &split);
        let mut gold: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, chain) in chains.iter().enumerate() {
            gold.entry(chain).or_default().push(at);
        }
        let several = |chains: Vec<Vec<usize>>| chains.into_iter().filter(|chain| chain.len() > 1).collect::<Vec<_>>();
        let gold = several(gold.into_values().collect());
        for (total, antecedents) in totals.iter_mut().zip([Some(&antecedents), None]) {
            let sources = Sources { gazetteer: &recogniser, nominals: &nominals, lexicon: extractor.lexicon(), antecedents };
            total.merge(&Coreference::of(&gold, &several(chains_of(&document, &split, &mentions, given, sources))));
        }
    }
    let found = totals.map(|total| (1000.0 * total.figures(Measure::Conll).f1.unwrap_or(0.0)).round() as usize);
    assert!(found[0] > found[1], "the reader adds nothing: {found:?}");
    assert!(found.iter().zip(LEAST).all(|(found, least)| *found >= least && *found < least + 15), "{found:?}, pinned {LEAST:?}");
}

#[test]
fn who_is_only_called_by_an_age_is_found_and_the_reason_says_how() {
    let pipeline = Pipeline::load(&Configuration::default()).expect("built-in data");
    let text = "Governor Pelumi Adeyori visited the burnt village of Rigasa on Monday.\n\nThe 55-year-old said that 23 people had been killed there.";
    let analysis = pipeline.analyse(&RawDocument::of("a", text, Content::Clean)).expect("an article").remove(0);
    let author =
        analysis.extraction.claims.iter().flat_map(|claim| &claim.roles).find(|role| role.slot == Slot::Author).expect("an author");
    assert_eq!(author.span.of(text), "The 55-year-old");
    let reference = analysis.references.iter().find(|r| r.mentions.contains(&author.span)).expect("a reference");
    assert_eq!(reference.names, ["Pelumi Adeyori"]);
    assert!(reference.reason.contains("“The 55-year-old” by the words around it"), "{}", reference.reason);
}
