//! Amounts as `inspect` gives them, against sentences of `corpus/train/quantities` that no model learnt from.

use crate::command_line::wiregraph;
use regex::Regex;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Words that are no content, as in the annotations.
const FUNCTION_WORDS: &str = "a an the this that these those his her its their our my your of in on at to for from by with and or as than is was were are be been which who between s";

/// Right answers in a thousand of the numbers that are held back: amount or none; of amounts their bound, what they count (where they have no
/// other unit), some and all words of what they are amounts of.
const LEAST: [(&str, usize); 5] = [("amount", 948), ("bound", 949), ("counted", 789), ("of, some words", 842), ("of, all words", 620)];

/// A number of a sentence, with what is annotated of it.
struct Marked {
    start: usize,
    end: usize,
    fields: Option<Vec<(String, String)>>,
}

impl Marked {
    fn field(&self, name: &str) -> &str {
        self.fields.iter().flatten().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }
}

fn held_back() -> Vec<(String, Vec<Marked>)> {
    let [mark, opening] = [r"⟦(\d+): ([^⟧]*)⟧", "(?m)^# "].map(|pattern| Regex::new(pattern).expect("a pattern"));
    let mut sentences = Vec::new();
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/train/quantities");
    let mut files: Vec<_> = fs::read_dir(directory).expect("the annotations").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|e| e == "txt")) {
        for block in opening.split(&fs::read_to_string(file).expect("UTF-8")).skip(1) {
            let mut lines = block.trim().lines();
            let name = lines.next().expect("a name");
            let is_held_back = name.ends_with('0');
            let Some(marked) = lines.next().filter(|_| is_held_back) else { continue };
            let told: Vec<Vec<&str>> = lines.map(|line| line.split('\t').collect()).collect();
            let (mut text, mut numbers, mut at) = (String::new(), Vec::new(), 0);
            for found in mark.captures_iter(marked) {
                let whole = found.get(0).expect("a match");
                text.push_str(&marked[at..whole.start()]);
                let start = text.len();
                text.push_str(&found[2]);
                at = whole.end();
                let line = told.iter().find(|line| line[0] == &found[1]).expect("a line for each number");
                let fields = line[1..].iter().filter_map(|field| field.split_once('=')).map(|(k, v)| (k.to_owned(), v.to_owned()));
                let fields = (!line.contains(&"none")).then(|| fields.collect());
                numbers.push(Marked { start, end: text.len(), fields });
            }
            text.push_str(&marked[at..]);
            sentences.push((text, numbers));
        }
    }
    sentences
}

/// The content words of some words, in lower case.
fn content(words: &str) -> BTreeSet<String> {
    let all = words.to_lowercase();
    let split = all.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    split.filter(|word| FUNCTION_WORDS.split_whitespace().all(|f| f != *word)).map(str::to_owned).collect()
}

#[test]
fn amounts_that_no_model_learnt_from_are_read() {
    let sentences = held_back();
    let place = tempfile::tempdir().expect("a directory");
    let file = place.path().join("sentences.jsonl");
    let lines: Vec<String> =
        sentences.iter().enumerate().map(|(id, (text, _))| json!({"id": id.to_string(), "text": text}).to_string()).collect();
    fs::write(&file, lines.join("\n")).expect("written");
    let done = wiregraph().arg("inspect").arg(&file).args(["--stage", "extract", "--plain"]).assert();
    let mut shares = LEAST.map(|(name, _)| (name, 0, 0));
    let mut count = |at: usize, right: bool| {
        shares[at].1 += usize::from(right);
        shares[at].2 += 1;
    };
    for line in String::from_utf8(done.get_output().stdout.clone()).expect("UTF-8").lines() {
        let record: Json = serde_json::from_str(line).expect("JSON");
        let Some((_, numbers)) = record["id"].as_str().and_then(|id| sentences.get(id.parse::<usize>().expect("a number"))) else {
            continue;
        };
        let quantities = record["quantities"].as_array().map_or(&[][..], Vec::as_slice);
        for number in numbers {
            let offset = |quantity: &Json, key: &str| quantity[key].as_u64().expect("an offset") as usize;
            let found = quantities.iter().find(|q| offset(q, "start") < number.end && number.start < offset(q, "end"));
            count(0, found.is_some() == number.fields.is_some());
            let (Some(quantity), Some(_)) = (found, &number.fields) else { continue };
            let bound = match (quantity["bound"].as_str(), quantity["change"].as_str()) {
                (Some("about"), _) => "~",
                (Some("at-least" | "more-than"), _) => ">",
                (Some("at-most" | "less-than"), _) => "<",
                (_, Some(direction)) => direction,
                _ => "",
            };
            count(1, bound == number.field("bound").trim_start_matches('='));
            if quantity["unit"].is_null() {
                count(2, content(quantity["counted"].as_str().unwrap_or("")) == content(number.field("unit")));
            }
            let of: BTreeSet<String> =
                quantity["of"].as_array().into_iter().flatten().flat_map(|o| content(o["text"].as_str().unwrap_or(""))).collect();
            let wanted = content(number.field("of"));
            count(3, of == wanted || of.intersection(&wanted).next().is_some());
            count(4, of == wanted);
        }
    }
    for ((name, least), (_, right, all)) in LEAST.into_iter().zip(shares) {
        let share = right * 1000 / all.max(1);
        assert!(share >= least, "{name}: {share} in a thousand of {all}, where {least} were right before; all: {shares:?}");
    }
}
