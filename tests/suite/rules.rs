//! A user's directory of rules reaches every stage.

use std::path::Path;
use wiregraph::graph::facts::facts;
use wiregraph::graph::iri::{DEFAULT_BASE, Iri, Minter};
use wiregraph::pipeline::{Configuration, Pipeline};
use wiregraph::types::{Analysis, Content, Kind, RawDocument};

const LEDE: &str = "Engineers reopened the Halmar bridge on Tuesday after a freighter struck one of its piers and left 14 workers stranded, the port said.";
const EXTRA: &str = "Dockside extra: nine lamps were sold at the quay on Friday by a man in a green hat.";
const LAST: &str =
    "Damage was put at 3 million euros, and Halmar will wait until June for a new crane while the freighter stays under arrest.";

/// A pipeline with a user's files: name and text of each.
fn pipeline(files: &[(&str, &str)]) -> wiregraph::error::Result<Pipeline> {
    let directory = tempfile::tempdir().expect("a directory");
    for (name, text) in files {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).expect("a directory");
        std::fs::write(path, text).expect("a file");
    }
    Pipeline::load(&Configuration { rules: Some(directory.path().to_owned()), ..Configuration::default() })
}

/// The one article of a text, read with a user's files.
fn read(text: &str, content: Content, files: &[(&str, &str)]) -> Analysis {
    let raw = RawDocument::of("a", text, content);
    let pipeline = pipeline(files).unwrap_or_else(|error| panic!("{error}"));
    pipeline.analyse(&raw).unwrap_or_else(|error| panic!("{error}")).remove(0)
}

#[test]
fn cues_of_pages_and_of_copied_text() {
    let page = format!("<html><body><article><h1>Bridge opens</h1><p>{LEDE}</p><p>{EXTRA}</p><p>{LAST}</p></article></body></html>");
    let copied = format!("Bridge opens\n\n{LEDE}\n\n{EXTRA}\n\n{LAST}\n");
    for (text, content, file) in [
        (&page, Content::Html, ("strip/html.toml", "starts = [\"dockside extra:\"]")),
        (&copied, Content::Copied, ("strip/copied.toml", "[related]\nstarts = [\"dockside extra\"]")),
    ] {
        assert!(read(text, content, &[]).document.text.contains(EXTRA), "{content:?}");
        let text = read(text, content, &[file]).document.text;
        assert!(text.contains(LEDE) && text.contains(LAST) && !text.contains("Dockside"), "{text}");
    }
}

#[test]
fn agencies_and_words_that_are_no_place() {
    let text = format!("LAMPWORK — {LEDE}\n{LAST} Lampwire");
    let meta = |files: &[(&str, &str)]| read(&text, Content::Clean, files).document.meta;
    assert_eq!(meta(&[]).agency, None);
    assert_eq!(meta(&[("agencies.tsv", "Lampwire\tLV\n")]).agency.as_deref(), Some("Lampwire"));
    assert!(meta(&[]).dateline.is_some());
    assert_eq!(meta(&[("strip/dateline.toml", "not_places = [\"LAMPWORK\"]")]).dateline, None);
}

#[test]
fn names_of_tags_and_words_of_changes() {
    let page = format!("<meta name=pier:day content=2025-05-03><h1>Bridge opens</h1><p>Rewritten 4 May 2025</p><p>{LEDE}</p><p>{LAST}</p>");
    let days = |files: &[(&str, &str)]| {
        let meta = read(&page, Content::Html, files).document.meta;
        [meta.published, meta.modified].map(|day| day.map(|day| day.to_string()).unwrap_or_default())
    };
    assert_eq!(days(&[]), ["2025-05-04", ""]);
    assert_eq!(days(&[("strip/meta.toml", "published = [\"pier:day\"]\nchanged = [\"rewritten\"]")]), ["2025-05-03", "2025-05-04"]);
}

#[test]
fn words_of_bylines() {
    let page = format!("<h1>Bridge opens</h1><p>Scribed by: Ada Moll | Lampwork</p><p>{LEDE}</p><p>{LAST}</p>");
    let authors = |files: &[(&str, &str)]| read(&page, Content::Html, files).document.meta.authors;
    assert_eq!(authors(&[]), ["Ada Moll"]);
    assert!(authors(&[("bylines.toml", "jobs = [\"moll\"]")]).is_empty());
}

#[test]
fn an_abbreviation() {
    let text = "On Monday Kapt. Ross left the harbour of Halmar with nine men, the port said.";
    let sentences = |files: &[(&str, &str)]| read(text, Content::Clean, files).split.sentences.len();
    assert_eq!((sentences(&[]), sentences(&[("abbreviations.toml", "title = [\"Kapt\"]")])), (2, 1));
}

#[test]
fn a_title_and_a_word_that_single_rules_ask_for() {
    let persons = |text: &str, files: &[(&str, &str)]| -> Vec<String> {
        let analysis = read(text, Content::Clean, files);
        let text = &analysis.document.text;
        analysis.mentions.iter().filter(|m| m.kind == Kind::Person).map(|m| m.span.of(text).to_owned()).collect()
    };
    let text = "On Monday the voivode Ombrakh left the harbour with nine men.";
    assert!(persons(text, &[]).is_empty());
    assert_eq!(persons(text, &[("recognise/titles.toml", "before = [\"voivode\"]")]), ["Ombrakh"]);
    assert!(persons(text, &[("recognise/titles.toml", "before = [\"voivode\"]\ndoubtful = [\"voivode\"]")]).is_empty());
}

#[test]
fn a_mistake_is_named_with_its_file_and_line() {
    for name in [
        "strip/html.toml",
        "strip/copied.toml",
        "strip/meta.toml",
        "strip/dateline.toml",
        "abbreviations.toml",
        "bylines.toml",
        "cues.toml",
    ] {
        let error = pipeline(&[(name, "# mine\nnosuch = []\n")]).err().unwrap_or_else(|| panic!("{name} is taken"));
        assert!(error.to_string().contains(&format!("{name}: line 2: ")), "{error}");
        assert!(error.hint().is_some(), "{error}");
    }
}

#[test]
fn relations_have_a_file_of_their_own() {
    let rule = "[[event]]\ntype = \"https://example.org/Scolded\"\nbroader = \"Says\"\nverbs = [\"excoriate\"]\nsubject = \"agent\"\nobject = \"recipient\"\nat = \"place\"\n\n\
                [[compound]]\ntype = \"AlliedWith\"\nwords = [\"Bankrolled\"]\nname = \"recipient\"\nhead = \"agent\"\n";
    let text =
        format!("{LEDE} Egypt excoriated Ethiopia. Iran-bankrolled fighters left Sanaa. Egypt excoriated everybody at Cairo. {LAST}");
    let analysis = read(&text, Content::Clean, &[("relations.toml", rule)]);
    let told: Vec<(&str, &str)> =
        analysis.extraction.claims.iter().filter(|c| c.figure.is_none()).map(|c| (c.event.as_str(), c.kind())).collect();
    // What a user's type is a kind of counts: who is told nothing is no side of it.
    let of_rule: Vec<_> = told.iter().filter(|(_, kind)| matches!(*kind, "Says" | "AlliedWith")).copied().collect();
    assert_eq!(of_rule, [("https://example.org/Scolded", "Says"), ("AlliedWith", "AlliedWith")]);
    let of_numbers = "[[event]]\ntype = \"Says\"\nverbs = [\"excoriate\"]\ncounts = true\n";
    let error = pipeline(&[("relations.toml", of_numbers)]).err().expect("counts is for numbers");
    assert!(error.to_string().contains("relations.toml: event 1: “counts” is for numbers"), "{error}");
    let no_slot = "[[compound]]\ntype = \"Leads\"\nwords = [\"bossed\"]\nname = \"counted\"\nhead = \"recipient\"\n";
    assert!(pipeline(&[("relations.toml", no_slot)]).is_err());
}

#[test]
fn an_event_type_comes_with_the_one_above_it() {
    let rule = "[[event]]\ntype = \"https://example.org/Looted\"\nbroader = \"Captured\"\nverbs = [\"loot\"]\nsubject = \"agent\"\nobject = \"counted\"\n";
    let text = format!("{LEDE} Raiders looted 30 trucks near Halmar. {LAST}");
    let analysis = read(&text, Content::Clean, &[("events.toml", rule)]);
    let claim = analysis.extraction.claims.iter().find(|c| c.event.ends_with("Looted")).expect("a claim of the user's type");
    assert_eq!(claim.broader.as_deref(), Some("Captured"));
    let minter = Minter::new(DEFAULT_BASE);
    let graph = facts(&analysis, &minter, &Iri::named("https://example.org/agent"));
    let types: Vec<Vec<&Iri>> = graph.nodes().map(|node| node.links("wg:eventType").collect()).collect();
    assert!(
        types
            .iter()
            .any(|t| t.len() == 2 && t.iter().any(|iri| iri.is("wg:Captured")) && t.iter().any(|iri| iri.is("https://example.org/Looted")))
    );
}
