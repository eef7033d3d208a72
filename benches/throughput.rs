//! Words per CPU-second of the whole pipeline on one thread, and each stage's share. Words are split at white space.
//!
//! `cargo bench` runs it on `corpus/articles` without a learned recogniser; `cargo bench --bench throughput -- [--recogniser fast|accurate] [DIR]`
//! with one, or on other documents; `--documents N` takes the first of an archive.

#![expect(clippy::print_stdout, clippy::expect_used, reason = "a benchmark prints its figures and stops at the first fault")]

use cpu_time::ProcessTime;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::Duration;
use wiregraph::extract::Extractor;
use wiregraph::graph::Graph;
use wiregraph::graph::conclusions::{Concluder, Rules};
use wiregraph::graph::facts::facts;
use wiregraph::graph::iri::{DEFAULT_BASE, Instance, Minter};
use wiregraph::recognise::{Model, Recogniser};
use wiregraph::resolve::{Antecedents, Nominals, Resolved, Sources, references};
use wiregraph::split::Splitter;
use wiregraph::strip::Stripper;
use wiregraph::types::{Analysis, Document, RawDocument};

/// CPU time spent on the corpus before the figures are printed.
const LEAST: Duration = Duration::from_secs(5);

fn main() {
    let mut model = Model::Rules;
    let mut directory = PathBuf::from("corpus/articles");
    let mut most = usize::MAX;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--recogniser" => model = arguments.next().unwrap_or_default().parse().expect("fast, accurate or rules"),
            "--documents" => most = arguments.next().and_then(|number| number.parse().ok()).expect("a number"),
            other if !other.starts_with('-') => directory = PathBuf::from(other),
            _ => {}
        }
    }
    let raws: Vec<RawDocument> = wiregraph::read::Reader::load(None)
        .expect("built-in data")
        .inputs(&[directory.clone()])
        .filter_map(Result::ok)
        .take(most)
        .collect();
    assert!(!raws.is_empty(), "{}: holds no document", directory.display());
    let loading = ProcessTime::now();
    let stripper = Stripper::load(None).expect("built-in data");
    let splitter = Splitter::load(None).expect("built-in data");
    let mut recogniser = Recogniser::load(None, &model).expect("built-in data");
    let mut extractor = Extractor::load(None, model != Model::Rules).expect("built-in data");
    let mut antecedents = (model != Model::Rules).then(|| Antecedents::load().expect("built-in data"));
    let nominals = Nominals::load(None).expect("built-in data");
    let rules = Rules::load(None).expect("built-in data");
    let loaded = loading.elapsed();
    let minter = Minter::new(DEFAULT_BASE);
    let mut spent = [Duration::ZERO; 7];
    let (mut words, mut rounds) = (0, 0);
    while spent.iter().sum::<Duration>() < LEAST {
        rounds += 1;
        if rounds > 1 && model != Model::Rules {
            // Ones that remember no sentence of the round before.
            recogniser = Recogniser::load(None, &model).expect("built-in data");
            extractor = Extractor::load(None, true).expect("built-in data");
            antecedents = Some(Antecedents::load().expect("built-in data"));
        }
        let mut batch = Graph::new(&minter);
        for raw in &raws {
            let documents: Vec<Document> = timed(&mut spent[0], || stripper.strip(raw)).unwrap_or_default();
            for document in documents {
                words += document.text.split_whitespace().count();
                let split = timed(&mut spent[1], || splitter.split(&document));
                let mentions = timed(&mut spent[2], || recogniser.recognise(&document, &split));
                let extraction = timed(&mut spent[3], || extractor.extract(&document, &split, &mentions));
                let found = timed(&mut spent[4], || {
                    let lexicon = extractor.lexicon();
                    let sources = Sources { gazetteer: &recogniser, nominals: &nominals, lexicon, antecedents: antecedents.as_ref() };
                    references(&document, &split, &mentions, &extraction, sources)
                });
                let Resolved { references: found, described } = found;
                let analysis = Analysis { document, split, mentions, extraction, references: found, described };
                let article = timed(&mut spent[5], || facts(&analysis, &minter, &minter.mint(Instance::Agent, &[])));
                timed(&mut spent[5], || batch.unite(article));
            }
        }
        timed(&mut spent[6], || {
            Concluder { minter: &minter, gazetteer: &recogniser, rules: &rules }.conclude(&mut batch).expect("room for temporary files");
            let mut sink = std::io::sink();
            batch.write_json_ld(&mut sink).expect("a sink takes all");
        });
        black_box(&batch);
    }
    let total: Duration = spent.iter().sum();
    let rate = |time: Duration| if time.is_zero() { f64::INFINITY } else { f64::from(words as u32) / time.as_secs_f64() };
    println!(
        "{} documents, {} words, {rounds} rounds, one thread, recogniser {}; data loaded in {:.0} ms",
        raws.len(),
        words / rounds,
        model.name(),
        loaded.as_secs_f64() * 1e3
    );
    for (name, time) in ["strip", "split", "recognise", "extract", "resolve", "graph", "conclude, write"].iter().zip(spent) {
        println!("{name:>16} {:>6.1} %  {:>12.0} words per CPU-second", time.as_secs_f64() / total.as_secs_f64() * 100.0, rate(time));
    }
    println!("{:>16} {:>6.1} %  {:>12.0} words per CPU-second", "all", 100.0, rate(total));
}

fn timed<T>(spent: &mut Duration, work: impl FnOnce() -> T) -> T {
    let start = ProcessTime::now();
    let result = work();
    *spent += start.elapsed();
    result
}
