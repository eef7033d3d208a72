//! Prints the chains of documents whose mentions are given, and of the program's own: for `tests/peers/coreference.py`, whose first lines say what it
//! writes.
//!
//! `cargo run --release --example coreference -- [--recogniser fast|accurate|rules] < documents.jsonl > chains.jsonl`
//!
//! A line holds `chained` (of the mentions whose gold chain has two or more), `given` (of all mentions) and `own`: lists of chains of
//! `{start, end, kind, form}`; offsets are UTF-8 bytes of the document's text.

#![expect(clippy::print_stdout, clippy::expect_used, reason = "a tool for measuring prints what it found and stops at the first fault")]

use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::io::BufRead;
use wiregraph::extract::Extractor;
use wiregraph::recognise::{Model, Recogniser};
use wiregraph::resolve::{Antecedents, Given, Nominals, Sources, chains_of, references};
use wiregraph::split::Splitter;
use wiregraph::strip::Stripper;
use wiregraph::types::{ByteSpan, Content, Kind, RawDocument, Reference};

const PRONOUNS: [&str; 12] = ["it", "he", "she", "they", "him", "her", "them", "i", "we", "us", "who", "which"];

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut model = Model::default();
    while let Some(argument) = arguments.next() {
        if argument == "--recogniser" {
            model = arguments.next().unwrap_or_default().parse().expect("fast, accurate or rules");
        }
    }
    let stripper = Stripper::load(None).expect("built-in data");
    let splitter = Splitter::load(None).expect("built-in data");
    let recogniser = Recogniser::load(None, &model).expect("built-in data");
    let extractor = Extractor::load(None, model != Model::Rules).expect("built-in data");
    let nominals = Nominals::load(None).expect("built-in data");
    let antecedents = (model != Model::Rules).then(|| Antecedents::load().expect("built-in data"));
    let lexicon = extractor.lexicon();
    let sources = Sources { gazetteer: &recogniser, nominals: &nominals, lexicon, antecedents: antecedents.as_ref() };
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("readable input");
        let record: Json = serde_json::from_str(&line).expect("a JSON object a line");
        let text = record["text"].as_str().expect("a text");
        let id = record["id"].as_str().unwrap_or("");
        let raw = RawDocument::of(id, text, Content::Clean);
        let document = stripper.strip(&raw).expect("a document").remove(0);
        assert_eq!(document.text, text, "{id}: offsets would not be those of the text as given");
        let split = splitter.split(&document);
        let mentions = recogniser.recognise(&document, &split);
        let mut sizes: BTreeMap<i64, usize> = BTreeMap::new();
        let listed = record["mentions"].as_array().cloned().unwrap_or_default();
        for mention in &listed {
            *sizes.entry(mention["chain"].as_i64().unwrap_or(-1)).or_default() += 1;
        }
        let of_given = |keep: &dyn Fn(&Json) -> bool| {
            let given: Vec<Given> = listed.iter().filter(|m| keep(m)).map(given).collect();
            let chains = chains_of(&document, &split, &mentions, &given, sources);
            let chain = |chain: &Vec<usize>| chain.iter().map(|at| shown(given[*at].span, given[*at].kind, "given")).collect::<Json>();
            chains.iter().map(chain).collect::<Json>()
        };
        let extraction = extractor.extract(&document, &split, &mentions);
        let resolved = references(&document, &split, &mentions, &extraction, sources);
        let form = |span: ByteSpan| match mentions.iter().find(|m| m.span == span) {
            Some(mention) if mention.kind == Kind::Nationality => "adjective",
            Some(_) => "name",
            None if PRONOUNS.iter().any(|word| word.eq_ignore_ascii_case(span.of(text))) => "pronoun",
            None => "description",
        };
        let own = |r: &Reference| r.mentions.iter().map(|m| shown(*m, r.kind, form(*m))).collect::<Json>();
        let line = json!({
            "id": id,
            "chained": of_given(&|m| sizes.get(&m["chain"].as_i64().unwrap_or(-1)).is_some_and(|size| *size > 1)),
            "given": of_given(&|_| true),
            "own": resolved.references.iter().chain(&resolved.described).map(own).collect::<Json>(),
        });
        println!("{line}");
    }
}

fn given(mention: &Json) -> Given {
    let offset = |key: &str| mention[key].as_u64().expect("an offset") as usize;
    let kind = mention["kind"].as_str().and_then(Kind::from_name).expect("a kind");
    Given { span: ByteSpan::new(offset("start"), offset("end")), kind }
}

fn shown(span: ByteSpan, kind: Kind, form: &str) -> Json {
    json!({ "start": span.start, "end": span.end, "kind": kind.name(), "form": form })
}
