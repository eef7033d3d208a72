//! Conclusions over a set of small articles about one made-up course of events.

use super::*;
use crate::graph::facts::{claim_at, facts};
use crate::graph::fixtures::{self, Said};
use crate::graph::iri::DEFAULT_BASE;
use crate::graph::source::{Gathering, Take};
use crate::graph::store::GraphStore;
use crate::types::{Analysis, Bound, Certainty, Kind, Metadata, Slot};
use proptest::prelude::*;

/// One toll as one article tells it.
#[derive(Clone, Copy, Debug)]
struct Toll {
    file: &'static str,
    day: &'static str,
    outlet: &'static str,
    source: &'static str,
    number: &'static str,
    bound: Bound,
    event: &'static str,
    certainty: Certainty,
    when: (Option<&'static str>, Option<&'static str>),
    /// The words of the whole that they are a part of.
    whole: Option<&'static str>,
    placeless: bool,
}

const NONE: Toll = Toll {
    file: "",
    day: "",
    outlet: "The Harbour Post",
    source: "Federal Monitor",
    number: "",
    bound: Bound::Exact,
    event: "Killed",
    certainty: Certainty::Stated,
    when: (None, None),
    whole: None,
    placeless: false,
};

/// "<source> said <number> Russian soldiers were <event> near Sumy, <file>."
fn article(toll: &Toll) -> Analysis {
    let Toll { file, day, outlet, source, number, bound, event, certainty, when, whole, placeless } = *toll;
    let told = event.to_lowercase();
    let text = format!(
        "{source} told Mira Landau that {number} Russian soldiers were {told} near Sumy, writes the correspondent of {file} in full."
    );
    let value = number.replace(',', "");
    let meta = Metadata {
        headline: Some(file.to_owned()),
        published: day.parse().ok(),
        publisher: Some(outlet.to_owned()),
        language: Some("en".to_owned()),
        ..Metadata::default()
    };
    fixtures::analysis(
        file,
        &text,
        meta,
        &[
            (Kind::Organization, None, &[source]),
            (Kind::Person, None, &["Mira Landau"]),
            (Kind::Place, Some("state/RU"), &["Russian"]),
            (Kind::Place, Some("place/692194"), &["Sumy"]),
        ],
        &[Said {
            sentence: source,
            number,
            amount: Some((&value, None)),
            bound,
            event,
            predicate: (&told, &told),
            counted: Some("Russian soldiers"),
            roles: &[(Slot::CountedActor, "Russian"), (Slot::Author, source), (Slot::Place, "Sumy")][..if placeless { 2 } else { 3 }],
            certainty,
            when,
            whole,
            ..Said::default()
        }],
    )
}

fn graph_of(tolls: &[Toll]) -> (Minter, Graph) {
    let minter = Minter::new(DEFAULT_BASE);
    let mut graph = Graph::new(&minter);
    for toll in tolls {
        graph.unite(facts(&article(toll), &minter, &fixtures::agent().iri(&minter)));
    }
    (minter, graph)
}

fn concluded(tolls: &[Toll]) -> (Minter, Graph) {
    let (minter, mut graph) = graph_of(tolls);
    fixtures::concluder(&minter, |concluder| concluder.conclude(&mut graph)).expect("memory");
    (minter, graph)
}

fn claim(minter: &Minter, toll: &Toll) -> Iri {
    let analysis = article(toll);
    let number = analysis.extraction.claims[0].figure.as_ref().expect("a figure").quantity.number;
    claim_at(&analysis, minter, number, toll.event).expect("a claim")
}

/// The links that one toll's claim is the subject of: kind, and number of the other.
fn links(tolls: &[Toll], of: usize) -> Vec<(String, String)> {
    let (minter, graph) = concluded(tolls);
    let claim = claim(&minter, &tolls[of]);
    let mut found = Vec::new();
    for kind in LINKS {
        for other in graph.node(&claim).links(kind) {
            found.push((
                kind.trim_start_matches("wg:").to_owned(),
                graph.node(other).texts("wg:valueText").next().expect("words").to_owned(),
            ));
        }
    }
    found
}

fn pairs(found: &[(String, String)]) -> Vec<(&str, &str)> {
    found.iter().map(|(kind, number)| (kind.as_str(), number.as_str())).collect()
}

#[test]
fn a_toll_is_repeated_updated_and_contradicted() {
    let tolls = [
        Toll { file: "a.txt", day: "2025-03-01", number: "12", ..NONE },
        Toll { file: "b.txt", day: "2025-03-02", number: "12", outlet: "The Inland Post", ..NONE },
        Toll { file: "c.txt", day: "2025-03-03", number: "15", ..NONE },
        Toll { file: "d.txt", day: "2025-03-03", number: "40", source: "Border Command", ..NONE },
        Toll { file: "e.txt", day: "2025-03-04", number: "15", source: "Relief League", ..NONE },
        Toll { file: "f.txt", day: "2025-03-05", number: "40", source: "Border Command", certainty: Certainty::Denied, ..NONE },
    ];
    assert_eq!(pairs(&links(&tolls, 0)), []);
    assert_eq!(pairs(&links(&tolls, 1)), [("repeats", "12")]);
    assert!(links(&tolls, 2).contains(&("updates".to_owned(), "12".to_owned())));
    assert!(links(&tolls, 4).contains(&("corroborates".to_owned(), "15".to_owned())));
    // Denied or not, it is the figure of Border Command.
    assert_eq!(pairs(&links(&tolls, 5)), [("repeats", "40")]);
    let (minter, graph) = concluded(&tolls);
    let disputed = [claim(&minter, &tolls[2]), claim(&minter, &tolls[3])];
    assert!(disputed.iter().any(|one| graph.node(one).links("wg:contradicts").any(|other| disputed.contains(other))));
    let series: Vec<Iri> =
        tolls.iter().flat_map(|toll| graph.node(&claim(&minter, toll)).links("wg:series").cloned().collect::<Vec<_>>()).collect();
    assert!(series.len() == tolls.len() && series.iter().all(|one| *one == series[0]));
    // At most four links a claim, each with its reason.
    for node in graph.nodes_where(|node| node.is_a("wg:Claim")) {
        assert!(LINKS.iter().map(|kind| node.links(kind).count()).sum::<usize>() <= 4);
    }
    let statements: Vec<Node<'_>> = graph.nodes_where(|node| node.is_a("rdf:Statement")).collect();
    assert!(!statements.is_empty() && statements.iter().all(|s| s.texts("wg:reason").next().is_some_and(|why| why.contains(' '))));
}

#[test]
fn a_toll_without_a_place_joins_the_only_series_that_it_fits() {
    // Another source, days later: little speaks for it, and nothing for another.
    let tolls = [
        Toll { file: "a.txt", day: "2025-03-01", number: "12", ..NONE },
        Toll { file: "b.txt", day: "2025-03-01", number: "12", outlet: "The Inland Post", ..NONE },
        Toll { file: "c.txt", day: "2025-03-04", number: "40", source: "Border Command", placeless: true, ..NONE },
    ];
    assert_eq!(pairs(&links(&tolls, 2)), [("updates", "12")]);
}

#[test]
fn a_part_is_no_toll_of_its_own() {
    let part = Toll { whole: Some("Russian soldiers"), ..NONE };
    let tolls = [
        Toll { file: "a.txt", day: "2025-03-01", number: "12", ..NONE },
        Toll { file: "b.txt", day: "2025-03-01", number: "8", ..part },
        Toll { file: "c.txt", day: "2025-03-02", number: "9", source: "Border Command", ..part },
        Toll { file: "d.txt", day: "2025-03-02", number: "9", ..part },
    ];
    assert_eq!(pairs(&links(&tolls, 0)), []);
    assert_eq!(pairs(&links(&tolls, 1)), []);
    // The same part, told by another.
    let told = [links(&tolls, 2), links(&tolls, 3)].concat();
    assert_eq!(pairs(&told), [("corroborates", "9")]);
    // As tolls they answer each other.
    let whole = tolls.map(|toll| Toll { whole: None, ..toll });
    assert!(pairs(&links(&whole, 2)).iter().any(|(kind, _)| *kind == "contradicts"));
}

#[test]
fn the_toll_of_another_year_is_another_figure() {
    let tolls = [
        Toll { file: "a.txt", day: "2025-11-10", number: "21", ..NONE },
        Toll { file: "b.txt", day: "2025-11-12", number: "110", when: (Some("2023-01-01"), Some("2023-12-31")), ..NONE },
        Toll { file: "c.txt", day: "2025-11-13", number: "29", when: (Some("2025-11-03"), Some("2025-11-09")), ..NONE },
    ];
    assert_eq!(pairs(&links(&tolls, 1)), []);
    assert_eq!(pairs(&links(&tolls, 2)), [("updates", "21")]);
}

#[test]
fn casualties_told_as_wounded_are_a_misreport() {
    let tolls = [
        Toll { file: "a.txt", day: "2025-03-01", number: "4,700", event: "Casualties", bound: Bound::About, ..NONE },
        Toll {
            file: "b.txt",
            day: "2025-03-01",
            number: "4,700",
            event: "Casualties",
            bound: Bound::About,
            outlet: "The Inland Post",
            ..NONE
        },
        Toll { file: "c.txt", day: "2025-03-02", number: "4,700", event: "Wounded", bound: Bound::About, outlet: "Quick News", ..NONE },
        Toll { file: "d.txt", day: "2025-03-02", number: "4,000", event: "Wounded", bound: Bound::MoreThan, ..NONE },
        // Another source may well have wounded as many.
        Toll { file: "e.txt", day: "2025-03-02", number: "4,700", event: "Wounded", source: "Border Command", ..NONE },
    ];
    assert_eq!(pairs(&links(&tolls, 2)), [("misreports", "4,700")]);
    assert!(!links(&tolls, 3).iter().any(|(_, number)| number == "4,700"));
    assert!(links(&tolls, 4).iter().all(|(kind, _)| kind != "misreports"));
    let (_, graph) = concluded(&tolls);
    let reasons: Vec<&str> = graph.nodes_where(|node| node.is_a("rdf:Statement")).flat_map(|node| node.texts("wg:reason")).collect();
    assert!(
        reasons.iter().any(|why| why.contains("as wounded") && why.contains("2 others give") && why.contains("as casualties")),
        "{reasons:?}"
    );
}

#[test]
fn killed_and_wounded_must_make_the_casualties() {
    let tolls = |wounded: &'static str| {
        [
            Toll { file: "a.txt", day: "2025-03-01", number: "100", event: "Killed", ..NONE },
            Toll { file: "b.txt", day: "2025-03-01", number: wounded, event: "Wounded", ..NONE },
            Toll { file: "c.txt", day: "2025-03-01", number: "500", event: "Casualties", ..NONE },
        ]
    };
    assert_eq!(pairs(&links(&tolls("400"), 1)), []);
    assert_eq!(pairs(&links(&tolls("300"), 1)), [("contradicts", "500")]);
}

fn corrected(tolls: &[Toll], lines: &str) -> (Minter, Graph, Vec<String>) {
    let (minter, mut graph) = graph_of(tolls);
    let corrections = Corrections::read("corrections.jsonl", lines.as_bytes()).expect("corrections");
    corrections.add_to(&minter, &mut graph);
    let unmet = fixtures::concluder(&minter, |concluder| concluder.conclude(&mut graph)).expect("memory");
    (minter, graph, unmet)
}

#[test]
fn corrections_stand_beside_what_the_text_gave_and_rule_what_follows() {
    let tolls = [
        Toll { file: "a.txt", day: "2025-03-01", number: "12", ..NONE },
        Toll { file: "b.txt", day: "2025-03-02", number: "21", ..NONE },
        Toll { file: "c.txt", day: "2025-03-03", number: "30", ..NONE },
    ];
    let minter = Minter::new(DEFAULT_BASE);
    let iri = |at: usize| minter.written(&claim(&minter, &tolls[at]));
    let lines = format!(
        "{{\"claim\": \"{}\", \"set\": {{\"value\": \"12\", \"wg:place\": \"state/UA\"}}, \"by\": \"M. Ito\", \"why\": \"digits swapped\"}}\n\n\
         {{\"claim\": \"{}\", \"reject\": true, \"by\": \"M. Ito\", \"why\": \"a film plot\"}}\n\
         {{\"claim\": \"{}claim/{}\", \"reject\": true, \"by\": \"M. Ito\", \"why\": \"gone\"}}",
        iri(1),
        iri(2),
        minter.base(),
        "0".repeat(32)
    );
    let (minter, graph, unmet) = corrected(&tolls, &lines);
    let (second, third) = (claim(&minter, &tolls[1]), claim(&minter, &tolls[2]));
    let second = graph.node(&second);
    assert_eq!(second.texts("schema:value").collect::<Vec<_>>(), ["21"]);
    assert_eq!(second.links("wg:correction").count(), 2);
    assert!(second.links("wg:repeats").next().is_some());
    assert_eq!(graph.node(&third).links("wg:series").next(), None);
    assert_eq!(graph.node(&third).links("wg:correction").count(), 1);
    assert_eq!(unmet.len(), 1);
    assert!(unmet[0].contains("reject by M. Ito"), "{unmet:?}");
    // No entity of that key is in the graph: the slot stays empty, and what the text gave does not come back.
    assert_eq!(second.links("wg:place").next(), None);
}

#[test]
fn references_are_joined_and_parted_by_hand() {
    let tolls = [
        Toll { file: "a.txt", day: "2025-03-01", number: "12", source: "Border Command", ..NONE },
        Toll { file: "b.txt", day: "2025-03-02", number: "12", source: "Frontier Staff", ..NONE },
    ];
    let entity_of = |graph: &Graph, name: &str| {
        let found = graph.nodes_where(|node| node.is_a("wg:Reference") && node.texts("skos:prefLabel").any(|label| label == name));
        found.flat_map(|node| node.links("wg:refersTo").cloned()).collect::<Vec<_>>()
    };
    let reference = |name: &str| {
        let (minter, graph) = concluded(&tolls);
        let mut found = graph.nodes_where(|node| node.is_a("wg:Reference") && node.texts("skos:prefLabel").any(|label| label == name));
        minter.written(found.next().expect("a reference").iri)
    };
    let pair = |action: &str, one: &str, other: &str| {
        format!("{{\"{action}\": [\"{one}\", \"{other}\"], \"by\": \"x\", \"why\": \"its annual report\"}}")
    };
    let (_, graph, _) = corrected(&tolls, &pair("same", &reference("Border Command"), &reference("Frontier Staff")));
    assert_eq!(entity_of(&graph, "Border Command"), entity_of(&graph, "Frontier Staff"));
    let entity = &entity_of(&graph, "Border Command")[0];
    assert!(graph.node(entity).texts("wg:reason").any(|why| why.contains("an analyst says so: its annual report")));
    // Mira Landau is one person for the names that both articles share, until somebody says otherwise.
    let (minter, graph) = concluded(&tolls);
    let landau: Vec<String> = graph
        .nodes_where(|node| node.texts("skos:prefLabel").any(|label| label == "Mira Landau"))
        .map(|node| minter.written(node.iri))
        .collect();
    let [one, other] = landau.as_slice() else { panic!("{landau:?}") };
    let (_, parted, _) = corrected(&tolls, &pair("different", one, other));
    let apart = entity_of(&parted, "Mira Landau");
    assert_eq!(apart.len(), 2);
    assert_ne!(apart[0], apart[1]);
}

#[test]
fn a_correction_that_is_none_is_refused_with_its_line() {
    for (line, says) in [
        ("{\"by\": \"x\", \"why\": \"y\"}", "one of reject"),
        ("{\"by\": \"x\", \"why\": \"y\", \"reject\": true}", "need a claim"),
        ("{\"by\": \"x\", \"why\": \"y\", \"claim\": \"c\", \"set\": {\"colour\": \"red\"}}", "no slot"),
        ("{\"claim\": \"c\"", "EOF"),
    ] {
        let error = Corrections::read("c.jsonl", format!("\n{line}").as_bytes()).expect_err(line);
        assert!(error.to_string().starts_with("c.jsonl: line 2: ") && error.to_string().contains(says), "{error}");
    }
}

const SOURCES: [&str; 3] = ["Federal Monitor", "Border Command", "Relief League"];
const OUTLETS: [&str; 2] = ["The Harbour Post", "The Inland Post"];
const DAYS: [&str; 4] = ["2025-03-01", "2025-03-02", "2025-04-11", "2025-07-01"];
const NUMBERS: [&str; 5] = ["12", "15", "40", "44", "300"];
const FILES: [&str; 7] = ["a.txt", "b.txt", "c.txt", "d.txt", "e.txt", "f.txt", "g.txt"];
const EVENTS: [&str; 3] = ["Killed", "Wounded", "Casualties"];

fn any_tolls() -> impl Strategy<Value = Vec<Toll>> {
    prop::collection::vec((0..3usize, 0..2usize, 0..4usize, 0..5usize, 0..3usize, 0..2usize), 1..FILES.len()).prop_map(|picks| {
        let toll = |(at, (source, outlet, day, number, event, bound)): (usize, (usize, usize, usize, usize, usize, usize))| Toll {
            placeless: false,
            file: FILES[at],
            day: DAYS[day],
            outlet: OUTLETS[outlet],
            source: SOURCES[source],
            number: NUMBERS[number],
            bound: [Bound::Exact, Bound::About][bound],
            event: EVENTS[event],
            certainty: Certainty::Stated,
            when: (None, None),
            whole: (number == 0).then_some("Russian soldiers"),
        };
        picks.into_iter().enumerate().map(toll).collect()
    })
}

fn written(graph: &Graph) -> Vec<u8> {
    let mut out = Vec::new();
    graph.write_json_ld(&mut out).expect("memory");
    out
}

fn merged(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut union = Gathering::new(Take::Facts);
    for part in parts {
        union.add("part", part.as_slice()).expect("a graph");
    }
    let (minter, mut graph) = union.finish().expect("a graph");
    fixtures::concluder(&minter, |concluder| concluder.conclude(&mut graph)).expect("memory");
    written(&graph)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn shards_merge_to_one_graph_in_any_order_and_tree(tolls in any_tolls(), picks in prop::collection::vec(any::<prop::sample::Index>(), 8)) {
        let whole = written(&concluded(&tolls).1);
        let mut parts: Vec<Vec<u8>> = tolls.iter().map(|toll| written(&concluded(&[*toll]).1)).collect();
        let mut picks = picks.iter().cycle();
        while parts.len() > 1 {
            let one = parts.swap_remove(picks.next().expect("endless").index(parts.len()));
            let other = parts.swap_remove(picks.next().expect("endless").index(parts.len()));
            // Some are merged twice, some with themselves.
            let both = if picks.next().expect("endless").index(2) == 0 { vec![one, other] } else { vec![other.clone(), one, other] };
            parts.push(merged(&both));
        }
        prop_assert!(parts[0] == whole);
        let store = GraphStore::new().expect("memory");
        store.load("whole", whole.as_slice()).expect("a graph");
    }
}
