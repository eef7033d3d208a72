//! Hand-made analyses for the tests of the graph: no stage but this module's own words stands behind them.

use super::Graph;
use super::bytes::Id;
use super::conclusions::{Concluder, Rules};
use super::facts::facts;
use super::iri::{DEFAULT_BASE, Minter, hex};
use super::run_record::{AgentInfo, Failure, USED, record};
use super::store::GraphStore;
use crate::error::Stage;
use crate::types::{
    Amount, Analysis, Bound, ByteSpan, Certainty, Claim, Counted, Dateline, Days, Document, Extraction, Figure, Gazetteer, Kind, Listed,
    Measure, Metadata, Quantity, Reference, Role, Scope, Sentence, Slot, SourceMap, SourceSpan, Split, Support,
};
use jiff::civil::Date;
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

/// Bytes of source before the text, so that offsets into the two differ.
const BEFORE: &str = "<p>";

/// A claim in words; everything is looked up in the sentence that starts with `sentence`.
pub struct Said<'a> {
    pub sentence: &'a str,
    pub number: &'a str,
    pub amount: Option<(&'a str, Option<&'a str>)>,
    pub bound: Bound,
    pub unit: Option<(&'a str, &'a str)>,
    pub event: &'a str,
    pub predicate: (&'a str, &'a str),
    pub counted: Option<&'a str>,
    pub roles: &'a [(Slot, &'a str)],
    pub when: (Option<&'a str>, Option<&'a str>),
    pub as_of: (Option<&'a str>, Option<&'a str>),
    pub time: Option<&'a str>,
    pub attribution: Option<&'a str>,
    pub certainty: Certainty,
    pub scope: Option<Scope>,
    pub whole: Option<&'a str>,
}

impl Default for Said<'_> {
    fn default() -> Self {
        Said {
            sentence: "",
            number: "",
            amount: None,
            bound: Bound::Exact,
            unit: None,
            event: "Other",
            predicate: ("be", ""),
            counted: None,
            roles: &[],
            when: (None, None),
            as_of: (None, None),
            time: None,
            attribution: None,
            certainty: Certainty::Stated,
            scope: None,
            whole: None,
        }
    }
}

fn span(text: &str, from: usize, words: &str) -> ByteSpan {
    let at = text[from..].find(words).unwrap_or_else(|| panic!("no {words:?} in {:?}", &text[from..]));
    ByteSpan::new(from + at, from + at + words.len())
}

fn days((start, end): (Option<&str>, Option<&str>)) -> Option<Days> {
    let day = |text: &str| text.parse::<Date>().expect("a date");
    (start.is_some() || end.is_some()).then(|| Days { start: start.map(day), end: end.map(day) })
}

/// An article of one paragraph. A sentence ends at a full stop, a quote's too, and a dateline at its dash.
pub fn analysis(file: &str, text: &str, meta: Metadata, references: &[(Kind, Option<&str>, &[&str])], said: &[Said<'_>]) -> Analysis {
    let mut map = SourceMap::default();
    let end = u32::try_from(text.len()).expect("short");
    map.push(ByteSpan { start: 0, end }, SourceSpan { start: BEFORE.len() as u32, end: BEFORE.len() as u32 + end });
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices(' ').chain([(text.len(), "")]) {
        if [".", ".”", "—"].iter().any(|end| text[start..at].ends_with(end)) || at == text.len() {
            sentences.push(Sentence { span: ByteSpan::new(start, at), tokens: 0..0, paragraph: 0, dateline: false });
            start = at + 1;
        }
    }
    let references = references
        .iter()
        .map(|(kind, key, names)| Reference {
            kind: *kind,
            names: names.iter().filter(|n| n.starts_with(char::is_uppercase)).map(|n| (*n).to_owned()).collect(),
            nominals: names.iter().filter(|n| !n.starts_with(char::is_uppercase)).map(|n| (*n).to_owned()).collect(),
            mentions: names.iter().map(|name| span(text, 0, name)).collect(),
            key: key.map(str::to_owned),
            reason: "the same words".into(),
            job_title: None,
        })
        .collect();
    let document = Document {
        id: file.into(),
        source_file: file.into(),
        sha256: hex(&Sha256::digest(format!("{BEFORE}{text}"))),
        story_start: 0,
        text: text.into(),
        map,
        paragraphs: vec![ByteSpan { start: 0, end }],
        headings: Vec::new(),
        meta,
    };
    let claims = said.iter().map(|said| claim(text, &sentences, said)).collect();
    Analysis {
        document,
        split: Split { sentences, tokens: Vec::new() },
        mentions: Vec::new(),
        extraction: Extraction { claims, ..Extraction::default() },
        references,
        described: Vec::new(),
    }
}

fn claim(text: &str, sentences: &[Sentence], said: &Said<'_>) -> Claim {
    let sentence = sentences.iter().position(|s| s.span.of(text).starts_with(said.sentence)).expect("the sentence");
    let from = sentences[sentence].span.start as usize;
    let decimal = |text: &str| text.parse::<Decimal>().expect("a number");
    let mut support = Vec::new();
    let mut fill = |slot: Slot, span: ByteSpan, reason: &str| support.push(Support { slot, span, reason: reason.into() });
    let figure = (!said.number.is_empty()).then(|| {
        let words = span(text, from, said.number);
        fill(Slot::Value, words, "the number and its cue");
        Figure {
            quantity: Quantity {
                span: words,
                number: words,
                amount: match said.amount {
                    None => Amount::Vague,
                    Some((low, Some(high))) => Amount::Range(decimal(low), decimal(high)),
                    Some((value, None)) => Amount::Value(decimal(value)),
                },
                bound: said.bound,
                measure: Measure::Count,
                unit: said.unit.map(|(name, _)| name.to_owned()),
                unit_span: said.unit.map(|(_, words)| span(text, from, words)),
                scope: None,
                change: None,
            },
            counted: said.counted.map(|words| Counted { span: span(text, from, words), text: words.to_owned() }),
        }
    });
    let predicate_span = span(text, from, said.predicate.1);
    fill(Slot::EventType, predicate_span, "the verb of the clause");
    if let Some(words) = said.counted {
        fill(Slot::Counted, span(text, from, words), "the noun that the number modifies");
    }
    let roles: Vec<Role> = said.roles.iter().map(|(slot, words)| Role { slot: *slot, span: find_role(text, from, words) }).collect();
    for role in &roles {
        fill(role.slot, role.span, "its part in the clause");
    }
    if let Some(words) = said.time {
        fill(if said.as_of == (None, None) { Slot::Time } else { Slot::AsOf }, span(text, from, words), "the time of the clause");
    }
    Claim {
        sentence,
        figure,
        event: said.event.into(),
        broader: None,
        predicate: said.predicate.0.into(),
        predicate_span,
        roles,
        when: days(said.when),
        as_of: days(said.as_of),
        time: said.time.map(|words| span(text, from, words)),
        attribution: said.attribution.map(|words| span(text, from, words)),
        certainty: said.certainty,
        scope: said.scope,
        whole: said.whole.map(|words| span(text, from, words)),
        confidence: 0.875,
        support,
    }
}

/// The role's words in the sentence, or before it, where a reference of the article has them first.
fn find_role(text: &str, from: usize, words: &str) -> ByteSpan {
    if text[from..].contains(words) && text.find(words) == text[from..].find(words).map(|at| at + from) {
        span(text, from, words)
    } else {
        span(text, 0, words)
    }
}

fn meta(headline: &str, published: &str, publisher: &str) -> Metadata {
    Metadata {
        headline: Some(headline.into()),
        published: published.parse().ok(),
        publisher: Some(publisher.into()),
        language: Some("en".into()),
        ..Metadata::default()
    }
}

/// Three articles about one made-up week.
pub fn analyses() -> Vec<Analysis> {
    vec![front(), answer(), plans()]
}

fn front() -> Analysis {
    let text = "SUMY, Ukraine, March 12 (Northwire) — About 1,200 Russian soldiers were killed or wounded near Pokrovsk between Monday and Wednesday, Ukraine's \
        General Staff said. In February, Moscow sent between 300 and 350 T-90M tanks to the Kursk Region, the spy agency told lawmakers, according to Ihor \
        Marchenko. Dozens of civilians were evacuated from Sumy by “Orlan” rescue crews on Tuesday. Iran handed Russia Fath-360 missiles and the café \
        keeper’s van burnt. No deaths were reported in Konotop.";
    let mut meta = Metadata {
        modified: "2025-03-13".parse().ok(),
        authors: vec!["Daria Holub".into()],
        agency: Some("Northwire".into()),
        url: Some("https://courier.example/2025/03/front?page=1&a=b".into()),
        captured: Some("2025-03-13T06:00:00Z".into()),
        ..meta("Heavy losses near Pokrovsk, says Kyiv", "2025-03-12", "The Harbour Courier")
    };
    meta.dateline = Some(Dateline {
        text: "SUMY, Ukraine, March 12 (Northwire)".into(),
        span: span(text, 0, "SUMY, Ukraine, March 12 (Northwire) —"),
        place: Some("SUMY, Ukraine".into()),
        month_day: Some((3, 12)),
    });
    analysis(
        "corpus/front.html",
        text,
        meta,
        &[
            (Kind::Place, Some("place/692194"), &["SUMY", "Sumy"]),
            (Kind::Place, Some("state/UA"), &["Ukraine"]),
            (Kind::Place, Some("state/RU"), &["Russian", "Moscow", "Russia"]),
            (Kind::Place, Some("place/704147"), &["Pokrovsk"]),
            (Kind::Place, None, &["Konotop"]),
            (Kind::Place, Some("place/kursk"), &["Kursk Region"]),
            (Kind::Organization, Some("organization/general-staff-ua"), &["General Staff"]),
            (Kind::Organization, None, &["the spy agency"]),
            (Kind::Person, None, &["Ihor Marchenko"]),
            (Kind::Equipment, Some("equipment/t-90m"), &["T-90M tanks"]),
            (Kind::Place, Some("state/IR"), &["Iran"]),
            (Kind::Equipment, None, &["Fath-360 missiles"]),
        ],
        &[
            Said {
                sentence: "About 1,200",
                number: "About 1,200",
                amount: Some(("1200", None)),
                bound: Bound::About,
                event: "Casualties",
                predicate: ("kill", "killed or wounded"),
                counted: Some("Russian soldiers"),
                roles: &[(Slot::CountedActor, "Russian"), (Slot::Place, "Pokrovsk"), (Slot::Author, "General Staff")],
                when: (Some("2025-03-10"), Some("2025-03-12")),
                time: Some("between Monday and Wednesday"),
                attribution: Some("Ukraine's General Staff said"),
                ..Said::default()
            },
            Said {
                sentence: "In February, Moscow",
                number: "between 300 and 350",
                amount: Some(("300", Some("350"))),
                event: "Deployed",
                predicate: ("send", "sent"),
                counted: Some("T-90M tanks"),
                roles: &[
                    (Slot::Agent, "Moscow"),
                    (Slot::Equipment, "T-90M tanks"),
                    (Slot::Place, "Kursk Region"),
                    (Slot::Author, "the spy agency"),
                    (Slot::RelayedBy, "Ihor Marchenko"),
                ],
                as_of: (Some("2025-02-01"), Some("2025-02-28")),
                time: Some("In February"),
                attribution: Some("the spy agency told lawmakers, according to Ihor Marchenko"),
                ..Said::default()
            },
            Said {
                sentence: "Dozens of",
                number: "Dozens",
                event: "Evacuated",
                predicate: ("evacuate", "evacuated"),
                counted: Some("civilians"),
                roles: &[(Slot::Origin, "Sumy")],
                when: (Some("2025-03-11"), Some("2025-03-11")),
                time: Some("on Tuesday"),
                ..Said::default()
            },
            Said {
                sentence: "Iran handed",
                event: "Transferred",
                predicate: ("hand", "handed"),
                roles: &[(Slot::Agent, "Iran"), (Slot::Recipient, "Russia"), (Slot::Equipment, "Fath-360 missiles")],
                ..Said::default()
            },
            Said {
                sentence: "No deaths",
                number: "No",
                amount: Some(("0", None)),
                event: "Killed",
                predicate: ("death", "deaths"),
                counted: Some("deaths"),
                roles: &[(Slot::Place, "Konotop")],
                scope: Some(Scope::Total),
                ..Said::default()
            },
        ],
    )
}

fn answer() -> Analysis {
    let text = "Russia's Defence Ministry put its own losses near Pokrovsk at at most 400 soldiers killed or wounded since March 10. “Nothing else is true,” it said. \
        North Korea 北朝鮮 gave Russia 120.50 tonnes of shells 🚢, Ihor Marchenko said.";
    analysis(
        "corpus/answer.jsonl#2",
        text,
        Metadata { authors: vec!["Daria Holub".into()], ..meta("Ministry answers", "2025-03-13", "The Harbour Courier") },
        &[
            (Kind::Place, Some("state/RU"), &["Russia"]),
            (Kind::Organization, Some("organization/mod-ru"), &["Defence Ministry"]),
            (Kind::Place, Some("place/704147"), &["Pokrovsk"]),
            (Kind::Place, Some("state/KP"), &["North Korea"]),
            (Kind::Person, None, &["Ihor Marchenko"]),
        ],
        &[
            Said {
                sentence: "Russia's Defence",
                number: "at most 400",
                amount: Some(("400", None)),
                bound: Bound::AtMost,
                event: "Casualties",
                predicate: ("kill", "killed or wounded"),
                counted: Some("soldiers"),
                roles: &[(Slot::CountedActor, "Russia"), (Slot::Place, "Pokrovsk"), (Slot::Author, "Defence Ministry")],
                when: (Some("2025-03-10"), None),
                time: Some("since March 10"),
                attribution: Some("Russia's Defence Ministry put"),
                certainty: Certainty::Estimated,
                ..Said::default()
            },
            Said {
                sentence: "North Korea",
                number: "120.50",
                amount: Some(("120.50", None)),
                unit: Some(("tonne", "tonnes")),
                event: "Transferred",
                predicate: ("give", "gave"),
                counted: Some("shells"),
                roles: &[(Slot::Agent, "North Korea"), (Slot::Recipient, "Russia"), (Slot::Author, "Ihor Marchenko")],
                ..Said::default()
            },
        ],
    )
}

fn plans() -> Analysis {
    let text = "North Korea may send another 5,000 labourers to Vladivostok in June. The “Black Sea Fleet”, led by Oleg Savin, operates the frigate Admiral Ladin.";
    analysis(
        "corpus/plans.txt",
        text,
        meta("Five thousand more", "2025-03-20", "Delta Daily"),
        &[
            (Kind::Place, Some("state/KP"), &["North Korea"]),
            (Kind::Place, Some("place/2013348"), &["Vladivostok"]),
            (Kind::MilitaryUnit, None, &["Black Sea Fleet"]),
            (Kind::Person, None, &["Oleg Savin"]),
            (Kind::Equipment, None, &["Admiral Ladin"]),
        ],
        &[
            Said {
                sentence: "North Korea may",
                number: "5,000",
                amount: Some(("5000", None)),
                event: "Deployed",
                predicate: ("send", "send"),
                counted: Some("labourers"),
                roles: &[(Slot::Agent, "North Korea"), (Slot::CountedActor, "North Korea"), (Slot::Place, "Vladivostok")],
                when: (Some("2025-06-01"), Some("2025-06-30")),
                time: Some("in June"),
                certainty: Certainty::Planned,
                scope: Some(Scope::Increment),
                ..Said::default()
            },
            Said {
                sentence: "The “Black Sea",
                event: "Operates",
                predicate: ("operate", "operates"),
                roles: &[(Slot::Agent, "Black Sea Fleet"), (Slot::Equipment, "Admiral Ladin")],
                ..Said::default()
            },
            Said {
                sentence: "The “Black Sea",
                event: "Leads",
                predicate: ("lead", "led"),
                roles: &[(Slot::Agent, "Oleg Savin"), (Slot::Recipient, "Black Sea Fleet")],
                ..Said::default()
            },
        ],
    )
}

/// A gazetteer of what the articles list.
pub struct Few;

impl Gazetteer for Few {
    fn is_people(&self, _: &str) -> bool {
        false
    }

    fn of_state(&self, _: &str, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn listed(&self, key: &str) -> Option<Listed> {
        let (name, kind, wikidata, at) = match key {
            "state/UA" => ("Ukraine", Kind::Place, Some("Q212"), None),
            "state/RU" => ("Russia", Kind::Place, Some("Q159"), None),
            "state/IR" => ("Iran", Kind::Place, Some("Q794"), None),
            "state/KP" => ("North Korea", Kind::Place, Some("Q423"), None),
            "place/692194" => ("Sumy", Kind::Place, None, Some(("50.9216", "34.80029"))),
            "place/704147" => ("Pokrovsk", Kind::Place, None, Some(("48.28", "37.18"))),
            "place/2013348" => ("Vladivostok", Kind::Place, None, Some(("43.10562", "131.87353"))),
            "place/kursk" => ("Kursk Oblast", Kind::Place, None, None),
            "organization/general-staff-ua" => ("General Staff of the Ukrainian Armed Forces", Kind::Organization, None, None),
            "organization/mod-ru" => ("Ministry of Defence of Russia", Kind::Organization, None, None),
            "equipment/t-90m" => ("T-90M", Kind::Equipment, None, None),
            _ => return None,
        };
        Some(Listed {
            name: name.into(),
            kind: Some(kind),
            wikidata: wikidata.map(str::to_owned),
            latitude: at.map(|(latitude, _)| latitude.to_owned()),
            longitude: at.map(|(_, longitude)| longitude.to_owned()),
            ..Listed::default()
        })
    }
}

/// The agent of the fixtures.
pub fn agent() -> AgentInfo {
    AgentInfo { version: "0.1.0".into(), configuration_hash: "11".repeat(32), model_hash: "22".repeat(32) }
}

/// Calls with what draws conclusions on the fixtures' gazetteer.
pub fn concluder<T>(minter: &Minter, call: impl FnOnce(&Concluder<'_>) -> T) -> T {
    let rules = Rules::load(None).expect("the built-in lists");
    call(&Concluder { minter, gazetteer: &Few, rules: &rules })
}

/// The concluded graph of the three articles, with a run record.
pub fn graph() -> Graph {
    let minter = Minter::new(DEFAULT_BASE);
    let agent = agent();
    let mut graph = Graph::new(&minter);
    let mut articles = Vec::new();
    for analysis in analyses() {
        articles.push(minter.article(&analysis.document.sha256, analysis.document.story_start));
        graph.unite(facts(&analysis, &minter, &agent.iri(&minter)));
    }
    concluder(&minter, |concluder| concluder.conclude(&mut graph)).expect("memory");
    let left_out = Failure { source_file: "corpus/annonce.html".into(), stage: Stage::Strip, reason: "not in English: fr".into() };
    let failed = Failure { source_file: "corpus/broken.warc.gz#4".into(), stage: Stage::Read, reason: "the record ends early".into() };
    articles.sort_unstable();
    let ids: Vec<Id> = articles.iter().filter_map(Id::of).collect();
    let run = record(&mut graph, &minter, &agent, &ids, &[left_out], &[failed]);
    for article in articles {
        graph.link(&run, USED, article);
    }
    graph
}

/// The graph as JSON-LD.
pub fn json_ld() -> Vec<u8> {
    let mut out = Vec::new();
    graph().write_json_ld(&mut out).expect("memory");
    out
}

/// The graph in a store.
pub fn store() -> GraphStore {
    let store = GraphStore::new().expect("memory");
    store.load("fixture", json_ld().as_slice()).expect("a graph");
    store
}

/// The example that the checks with other libraries start from. `UPDATE_EXAMPLE=1` writes it anew.
#[test]
fn the_example_is_what_is_written() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/consumers/example.jsonld");
    if std::env::var_os("UPDATE_EXAMPLE").is_some() {
        std::fs::write(path, json_ld()).expect("a place to write");
    }
    let pinned = std::fs::read(path).expect("the example");
    assert!(
        pinned == json_ld(),
        "{path} is not what the graph's code writes; look at the difference, then run again with UPDATE_EXAMPLE=1"
    );
}
