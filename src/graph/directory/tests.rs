//! Batches of made articles, and the graph of one run over them.

use super::*;
use crate::graph::conclusions::{Common, Rules};
use crate::graph::facts::facts;
use crate::graph::fixtures::{self, Few, Said};
use crate::graph::iri::{DEFAULT_BASE, Instance, Iri, Minter, hex};
use crate::graph::rdf::{Part, by_article, write_n_quads};
use crate::graph::sorter::Sorter;
use crate::graph::source::{Gathering, Take};
use crate::types::{Gazetteer, Kind, Listed, Metadata, Slot};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

/// Names are common early, so that few articles are enough to see them become so.
const EARLY: Common = Common { least: 2, share: 4 };

fn minter() -> Minter {
    Minter::new(DEFAULT_BASE)
}

fn rules(common: Common) -> Rules {
    let mut rules = Rules::load(None).expect("the built-in lists");
    rules.common = common;
    rules
}

fn told(graph: &Graph) -> Told {
    let mut bytes = Vec::new();
    write_graph(graph, &mut bytes);
    let mut sorter = Sorter::new(&Space::default());
    sorter.push_graph(&bytes).expect("room");
    Told::new(&Minter::new(graph.base()), sorter.finish().expect("room"))
}

/// A directory that is there for one test.
struct Growing {
    _place: tempfile::TempDir,
    path: PathBuf,
    directory: Directory,
    rules: Rules,
}

impl Growing {
    fn new(common: Common) -> Growing {
        let place = tempfile::tempdir().expect("a directory");
        let path = place.path().join("graph");
        let directory = Directory::open(&path).expect("opened");
        Growing { _place: place, path, directory, rules: rules(common) }
    }

    fn add_with(&self, graph: &Graph, gazetteer: &dyn Gazetteer, corrections: &str, drawn_with: &str) -> Added {
        let minter = minter();
        let corrections = Corrections::read("corrections", corrections.as_bytes()).expect("corrections");
        let with = Concluder { minter: &minter, gazetteer, rules: &self.rules };
        self.directory.add(&mut told(graph), &with, &corrections, drawn_with).expect("added")
    }

    fn add_corrected(&self, graph: &Graph, corrections: &str) -> Added {
        self.add_with(graph, &Few, corrections, "these rules")
    }

    fn add(&self, graph: &Graph) -> Added {
        self.add_corrected(graph, "")
    }

    fn held(&self) -> Graph {
        held(&self.path)
    }

    /// The facts of a graph, concluded from at once.
    fn at_once(&self, facts: &Graph) -> Graph {
        self.at_once_with(facts, &Few)
    }

    fn at_once_with(&self, facts: &Graph, gazetteer: &dyn Gazetteer) -> Graph {
        let (minter, mut graph) = (minter(), facts.clone());
        Concluder { minter: &minter, gazetteer, rules: &self.rules }.conclude(&mut graph).expect("memory");
        graph
    }
}

fn held(path: &Path) -> Graph {
    let Place::Held(held) = open(path).expect("a graph") else { panic!("a file") };
    let mut gathering = Gathering::new(Take::All);
    gathering.add_held(&held).expect("read");
    gathering.finish().map_or_else(|| Graph::new(&minter()), |(_, graph)| graph)
}

fn articles(graph: &Graph) -> Vec<Iri> {
    graph.nodes().filter(|node| node.is_a("schema:NewsArticle")).map(|node| node.iri.clone()).collect()
}

#[test]
fn batches_make_the_graph_of_one_run_and_an_article_read_again_takes_its_place() {
    let growing = Growing::new(Common::default());
    let whole = fixtures::graph();
    for part in by_article(whole.clone()) {
        growing.add(&part.graph);
    }
    assert_eq!(growing.held(), whole);
    let again = growing.add(&whole);
    assert_eq!((again.triples, again.groups), (whole.len() as u64, Some(0)));
    assert_eq!(growing.held(), whole);
    // A newer model no longer finds a headline.
    let mut anew = by_article(whole.clone()).swap_remove(0).graph;
    let article = articles(&anew).remove(0);
    let headline = |graph: &Graph| graph.node(&article).texts("schema:headline").count();
    assert_eq!(headline(&whole), 1);
    let properties = anew.nodes.get_mut(&article).expect("the article");
    properties.retain(|(property, _)| property.name() != "schema:headline");
    growing.add(&anew);
    assert_eq!(headline(&growing.held()), 0);
    assert_eq!(articles(&growing.held()), articles(&whole));
}

#[test]
fn one_at_a_time_and_nothing_foreign() {
    let place = tempfile::tempdir().expect("a directory");
    let refused = |path: &Path| Directory::open(path).expect_err("refused").hint().is_some();
    std::fs::write(place.path().join("letter.txt"), "Dear").expect("written");
    assert!(refused(place.path()));
    let growing = Growing::new(Common::default());
    assert!(refused(&growing.path));
    assert!(open(&growing.path).is_err());
    growing.add(&fixtures::graph());
    let elsewhere = Minter::new("https://example.org/");
    let with = Concluder { minter: &elsewhere, gazetteer: &Few, rules: &growing.rules };
    let on_another = growing.directory.add(&mut told(&Graph::new(&elsewhere)), &with, &Corrections::default(), "these rules");
    assert!(on_another.expect_err("another base").hint().is_some_and(|hint| hint.contains("--base")));
    let Growing { _place, path, directory, .. } = growing;
    drop(directory);
    assert_eq!(held(&path), fixtures::graph());
    Directory::open(&path).expect("opened again");
}

/// What can differ between made articles.
#[derive(Clone, Copy, Debug)]
struct Made {
    /// The source.
    number: usize,
    /// How it was read: some readings find the story elsewhere in it.
    start: u32,
    source: usize,
    person: usize,
    form: usize,
    place: usize,
    toll: usize,
    day: usize,
    copy: usize,
}

const SOURCES: [&str; 3] = ["Federal Monitor", "Border Command", "Relief League"];
const PERSONS: [&str; 4] = ["Mira Landau", "Oleg Savin", "Mirah Landau", "Ihor Marchenko"];
/// One body, by forms that lead to one another, and others that share a form of it.
const FORMS: [&[&str]; 5] = [
    &["National Intelligence Service", "NIS"],
    &["NIS"],
    &["Northern Irrigation Scheme", "NIS"],
    &["Northern Irrigation Scheme"],
    &["National Intelligence Service"],
];
/// Two are one place by their key alone, so that their names lead to one another.
const PLACES: [(&str, Option<&str>); 4] =
    [("Sumy", Some("place/692194")), ("Pokrovsk", None), ("Konotop", Some("place/konotop")), ("Old Konotop", Some("place/konotop"))];
const TOLLS: [&str; 4] = ["12", "15", "40", "300"];
const DAYS: [&str; 4] = ["2025-03-01", "2025-03-02", "2025-04-11", "2025-07-01"];
const COPIES: [&str; 3] = [
    "short",
    "while rockets fired from across the border hit a market, and some 6,500 residents were being moved to shelters more than thirty kilometres from the \
     frontier, both governments blamed each other for having opened fire first, and ambassadors were called in by either side to hear the protest read",
    "after the harvest failed for a third year and the river fell to its lowest level since records were begun, farmers along both of its banks have sold \
     their cattle and left for the towns, where bread is dear and work is scarce, said a teacher who has stayed with eleven pupils in a school of sixty",
];

fn made(made: &Made) -> Graph {
    let Made { number, start, source, person, form, place, toll, day, copy } = *made;
    let (source, person, forms, toll) = (SOURCES[source], PERSONS[person], FORMS[form], TOLLS[toll]);
    let (place, key) = PLACES[place];
    let text = format!(
        "{source} told {person} that {toll} Russian soldiers were killed near {place}, writes {} of that day, {}.",
        forms.join(" or "),
        COPIES[copy]
    );
    let meta = Metadata {
        published: DAYS[day].parse().ok(),
        publisher: Some(["The Harbour Post", "The Inland Post"][number % 2].to_owned()),
        language: Some("en".to_owned()),
        // Some are captures of one address.
        url: (number % 4 == 0).then(|| "https://post.example/front".to_owned()),
        captured: (number % 4 == 0).then(|| format!("2025-03-{:02}T10:00:00Z", number + 1)),
        ..Metadata::default()
    };
    let mut analysis = fixtures::analysis(
        &format!("{number}.txt"),
        &text,
        meta,
        &[
            (Kind::Organization, None, &[source]),
            (Kind::Person, None, &[person]),
            (Kind::Place, Some("state/RU"), &["Russian"]),
            (Kind::Organization, None, forms),
            (Kind::Place, key, &[place]),
        ],
        &[Said {
            sentence: source,
            number: toll,
            amount: Some((toll, None)),
            event: "Killed",
            predicate: ("kill", "killed"),
            counted: Some("Russian soldiers"),
            roles: &[(Slot::CountedActor, "Russian"), (Slot::Place, place), (Slot::Author, source)],
            ..Said::default()
        }],
    );
    analysis.document.sha256 = hex(&Sha256::digest(format!("source {number}")));
    analysis.document.story_start = start;
    let minter = minter();
    facts(&analysis, &minter, &fixtures::agent().iri(&minter))
}

/// Readings of sources, some of one source.
fn readings() -> impl Strategy<Value = Vec<Made>> {
    let picks = (0..14usize, prop::bool::weighted(0.2), 0..3usize, 0..4usize, (0..5usize, 0..4usize), 0..4usize, 0..4usize, 0..3usize);
    let reading = picks.prop_map(|(number, moved, source, person, (form, place), toll, day, copy)| Made {
        number,
        start: if moved { 7 } else { 0 },
        source,
        person,
        form,
        place,
        toll,
        day,
        copy,
    });
    prop::collection::vec(reading, 8..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn batches_make_the_graph_of_one_run(readings in readings(), sizes in prop::collection::vec(1..6usize, 8)) {
        let growing = Growing::new(EARLY);
        let mut latest: BTreeMap<usize, Made> = BTreeMap::new();
        let (mut rest, mut sizes) = (readings.as_slice(), sizes.iter().cycle());
        while !rest.is_empty() {
            let (batch, later) = rest.split_at((*sizes.next().expect("endless")).min(rest.len()));
            rest = later;
            // Of one source a batch holds one reading.
            let batch: BTreeMap<usize, Made> = batch.iter().map(|made| (made.number, *made)).collect();
            let before = latest.len() as u64;
            let mut graph = Graph::new(&minter());
            for (number, reading) in batch {
                graph.unite(made(&reading));
                latest.insert(number, reading);
            }
            let added = growing.add(&graph);
            let mut all = Graph::new(&minter());
            latest.values().for_each(|reading| all.unite(made(reading)));
            let expected = growing.at_once(&all);
            prop_assert_eq!(growing.held(), expected.clone());
            prop_assert_eq!(added.triples, expected.len() as u64);
            let anew = before == 0 || EARLY.of(before) != EARLY.of(latest.len() as u64);
            prop_assert_eq!(added.groups.is_none(), anew);
        }
    }
}

#[test]
fn an_article_costs_what_it_touches_and_not_what_is_there() {
    // Of people and bodies that nobody else speaks of.
    let elsewhere = |from: usize, to: usize| {
        let mut graph = Graph::new(&minter());
        for number in from..to {
            let word: String = number.to_string().bytes().map(|digit| (b'A' + digit - b'0') as char).collect();
            let (outlet, person, body) = (format!("The {word}x Courier"), format!("Ada {word}sson"), format!("{word}ton Water Board"));
            let text = format!("{body} told {person} that 12 wells were dug.");
            let meta = Metadata { published: DAYS[0].parse().ok(), publisher: Some(outlet), ..Metadata::default() };
            let said = [Said {
                sentence: &body,
                number: "12",
                amount: Some(("12", None)),
                event: "Produced",
                predicate: ("dig", "dug"),
                counted: Some("wells"),
                roles: &[(Slot::Author, &body)],
                ..Said::default()
            }];
            let references: [(Kind, Option<&str>, &[&str]); 2] = [(Kind::Organization, None, &[&body]), (Kind::Person, None, &[&person])];
            let analysis = fixtures::analysis(&format!("{number}.txt"), &text, meta, &references, &said);
            graph.unite(facts(&analysis, &minter(), &fixtures::agent().iri(&minter())));
        }
        graph
    };
    let stories = by_article(fixtures::graph());
    let cost = |others: usize| {
        let growing = Growing::new(Common::default());
        growing.add(&elsewhere(0, others));
        growing.add(&stories[0].graph);
        growing.add(&stories[1].graph).groups.expect("no conclusion was drawn anew")
    };
    let few = cost(20);
    assert!(few > 10, "{few}");
    assert_eq!(few, cost(40));
}

/// Looks nothing up, but breaks off; before, it keeps a copy of the file as a power cut would leave it.
struct Breaking {
    file: PathBuf,
    copy: PathBuf,
}

impl Gazetteer for Breaking {
    fn is_people(&self, _: &str) -> bool {
        false
    }

    fn of_state(&self, _: &str, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn listed(&self, _: &str) -> Option<Listed> {
        std::fs::copy(&self.file, &self.copy).expect("copied");
        panic!("the power is cut")
    }
}

#[test]
fn a_batch_that_breaks_off_leaves_the_graph_as_it_was() {
    let growing = Growing::new(Common::default());
    let parts = by_article(fixtures::graph());
    growing.add(&parts[0].graph);
    let before = growing.held();
    let copy = tempfile::tempdir().expect("a directory");
    let breaking = Breaking { file: growing.path.join(GRAPH), copy: copy.path().join(GRAPH) };
    let minter = minter();
    let with = Concluder { minter: &minter, gazetteer: &breaking, rules: &growing.rules };
    // Once carrying changes on, once concluding anew.
    for drawn_with in ["these rules", "others"] {
        let broken = growing.directory.add(&mut told(&parts[1].graph), &with, &Corrections::default(), drawn_with);
        assert!(broken.expect_err("broken off").to_string().contains("the power is cut"));
        assert_eq!(growing.held(), before);
        assert_eq!(held(copy.path()), before);
    }
    parts[1..].iter().for_each(|part| drop(growing.add(&part.graph)));
    assert_eq!(growing.held(), fixtures::graph());
}

#[test]
fn corrections_rule_what_is_held_and_what_comes() {
    let growing = Growing::new(EARLY);
    let reading = |number| Made { number, start: 0, source: 0, person: 0, form: 0, place: 0, toll: number % 4, day: number % 4, copy: 0 };
    let mut all = Graph::new(&minter());
    for number in 0..3 {
        all.unite(made(&reading(number)));
        growing.add(&made(&reading(number)));
    }
    let written = |number| {
        let of_it = made(&reading(number));
        let claim = of_it.nodes().find(|node| node.is_a("wg:Claim")).expect("a claim").iri.clone();
        minter().written(&claim)
    };
    // Of what is there, and of what is to come.
    let lines: String =
        [1, 3].map(|number| format!("{{\"claim\": \"{}\", \"reject\": true, \"by\": \"x\", \"why\": \"y\"}}\n", written(number))).concat();
    let corrected = |facts: &Graph| {
        let mut facts = facts.clone();
        Corrections::read("corrections", lines.as_bytes()).expect("corrections").add_to(&minter(), &mut facts);
        growing.at_once(&facts)
    };
    let mut add = |number: usize, lines: &str| {
        all.unite(made(&reading(number)));
        let added = growing.add_corrected(&made(&reading(number)), lines);
        assert_eq!(growing.held(), corrected(&all));
        (added.groups.is_none(), added.unmet.len())
    };
    assert_eq!(add(2, &lines), (true, 1));
    assert_eq!(add(4, ""), (false, 1));
    assert_eq!(add(3, ""), (true, 0));
    assert_eq!(add(5, &lines), (false, 0));
}

/// Lists nothing.
struct Nothing;

impl Gazetteer for Nothing {
    fn is_people(&self, _: &str) -> bool {
        false
    }

    fn of_state(&self, _: &str, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn listed(&self, _: &str) -> Option<Listed> {
        None
    }
}

#[test]
fn what_another_program_concluded_is_concluded_anew() {
    let growing = Growing::new(EARLY);
    let mut latest: BTreeMap<usize, Graph> = BTreeMap::new();
    let mut add = |number: usize, toll: usize, gazetteer: &dyn Gazetteer, drawn_with: &str| {
        let reading = Made { number, start: 0, source: 0, person: 0, form: 0, place: 0, toll, day: number % 4, copy: 0 };
        let added = growing.add_with(&made(&reading), gazetteer, "", drawn_with);
        latest.insert(number, made(&reading));
        let mut all = Graph::new(&minter());
        latest.values().for_each(|facts| all.unite(facts.clone()));
        assert_eq!(growing.held(), growing.at_once_with(&all, gazetteer));
        added.groups.is_none()
    };
    assert!(add(0, 0, &Few, "one"));
    assert!(!add(1, 0, &Few, "one"));
    assert!(add(2, 0, &Nothing, "other"));
    assert!(!add(3, 0, &Nothing, "other"));
    // The name is the same, but what is to go was never there.
    assert!(add(0, 1, &Few, "other"));
}

#[test]
fn what_an_earlier_version_wrote_is_read_and_taken_over() {
    let growing = Growing::new(Common::default());
    let whole = fixtures::graph();
    let parts = by_article(whole.clone());
    let mut n_quads = Vec::new();
    let (first, rest) = parts.split_first().expect("parts");
    for part in rest {
        write_n_quads(part, &mut n_quads).expect("memory");
    }
    let file = growing.path.join(N_QUADS);
    std::fs::write(&file, n_quads).expect("written");
    assert!(matches!(open(&growing.path), Ok(Place::File(found)) if found == file));
    growing.add(&Part { name: None, graph: first.graph.clone() }.graph);
    assert_eq!(growing.held(), whole);
    assert!(!file.exists());
    assert!(whole.nodes.keys().any(|iri| matches!(iri, Iri::Minted(Instance::Run, ..))));
}

#[test]
fn a_file_that_is_damaged_is_refused_with_a_remedy() {
    let growing = Growing::new(Common::default());
    growing.add(&fixtures::graph());
    let file = growing.path.join(GRAPH);
    let whole = std::fs::read(&file).expect("read");
    let mut torn = whole.clone();
    torn[1 << 12..].fill(0xA5);
    for damaged in [b"no tree of pages".as_slice(), &whole[..5000], &torn] {
        std::fs::write(&file, damaged).expect("written");
        let read = open(&growing.path).and_then(|place| match place {
            Place::Held(held) => Gathering::new(Take::All).add_held(&held),
            Place::File(_) => Ok(()),
        });
        let error = read.expect_err("refused");
        assert!(error.to_string().contains(GRAPH) && error.hint().is_some(), "{error}");
    }
}
