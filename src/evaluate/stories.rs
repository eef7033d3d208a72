//! Stories: one event in many articles, annotated across them (`corpus/GUIDELINES.md`). Scores entities over all articles, links between claims, and
//! where places are on the map; once on the annotators' own claims and references, and once on those that the pipeline found.

use super::align::Alignment;
use super::articles::{Reader, analyse_all};
use super::coreference::{Coreference, Figures, Measure as Clustering};
use super::gold::{self, GoldArticle, GoldClaim};
use super::score::Counts;
use crate::error::{Error, Result};
use crate::graph::Graph;
use crate::graph::conclusions::{Corrections, LINKS};
use crate::graph::facts::{claim_at, facts};
use crate::graph::iri::{Instance, Iri, Minter, hex};
use crate::pipeline::Pipeline;
use crate::types::{
    Analysis, ByteSpan, Claim, Counted, Days, Document, Extraction, Figure, Kind, Measure, Metadata, Quantity, Reference, Role, Sentence,
    Slot, SourceMap, SourceSpan, Split, Support,
};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// How far a place may be from where it is, in kilometres.
const NEAR: f64 = 50.0;
/// Kilometres of a degree of latitude.
const DEGREE: f64 = 111.2;

/// What holds between the articles of a story.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoryOnDisk {
    #[serde(default, rename = "reprints")]
    _reprints: Vec<(String, String)>,
    #[serde(default, rename = "series")]
    _series: Vec<Vec<String>>,
    links: Vec<(String, String, String)>,
}

/// A story: its articles, and the links between their claims.
#[derive(Debug)]
pub struct GoldStory {
    /// Name of its directory.
    pub name: String,
    /// Its articles, in the order of their files.
    pub articles: Vec<GoldArticle>,
    /// Claim, kind ("updates"), claim.
    pub links: Vec<(String, String, String)>,
}

/// Scores of one story.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StoryScores {
    /// Name of the story.
    pub story: String,
    /// On the annotators' claims and references; for links also who is who in all articles is given.
    pub given: SideScores,
    /// On what the pipeline found.
    pub own: SideScores,
}

/// Scores of one way to come by claims and references.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SideScores {
    /// Links of each kind, and of all.
    pub links: BTreeMap<String, Figures>,
    /// Entities over all articles.
    pub entities: Figures,
    /// Pairs of people that are two and were made one: how many entities hold more than one gold person.
    pub wrongly_joined_people: usize,
    /// Links missed and spurious, entities in parts and made one; empty where the part is held out.
    pub items: Vec<String>,
    /// Places of known coordinates, and how many have them within 50 km.
    pub places: Figures,
}

fn figures(counts: Counts) -> Figures {
    Figures { precision: counts.precision(), recall: counts.recall(), f1: counts.f1() }
}

/// The file of a story that says what holds between its articles.
pub const FILE: &str = "story.json";

/// The directories of stories below a directory, by name; none where it is not there.
#[must_use]
pub fn folders(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
    let mut folders: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.join(FILE).is_file()).collect();
    folders.sort();
    folders
}

/// The stories below a directory.
///
/// # Errors
/// When a file is not as the guidelines say; names file and entry.
pub fn load(directory: &Path) -> Result<Vec<GoldStory>> {
    folders(directory).iter().map(|folder| story(folder)).collect()
}

fn story(folder: &Path) -> Result<GoldStory> {
    let file = folder.join(FILE);
    let shown = file.display().to_string();
    let json = std::fs::read_to_string(&file).map_err(|source| Error::Io { path: shown.clone(), source })?;
    let disk: StoryOnDisk = serde_json::from_str(&json).map_err(|error| Error::Data {
        file: shown.clone(),
        place: format!("line {}", error.line()),
        reason: error.to_string(),
    })?;
    let articles = gold::load_directory(&folder.join("gold"))?;
    let ids: BTreeSet<&str> = articles.iter().flat_map(|article| &article.claims).filter_map(|claim| claim.id.as_deref()).collect();
    for (from, kind, to) in &disk.links {
        let known = LINKS.iter().any(|link| link.strip_prefix("wg:") == Some(kind));
        if let Some(unknown) = [from, to].into_iter().find(|id| !ids.contains(id.as_str())).or((!known).then_some(kind)) {
            return Err(Error::Data { file: shown, place: "links".to_owned(), reason: format!("no claim or kind of link is {unknown:?}") });
        }
    }
    let name = folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Ok(GoldStory { name, articles, links: disk.links })
}

/// Scores a story both ways.
///
/// # Errors
/// When an article cannot be read.
pub fn score(story: &GoldStory, pipeline: &Pipeline, read: &impl Reader) -> Result<StoryScores> {
    let lookup = Lookup::new(pipeline);
    let given: Vec<Side> = story.articles.iter().map(|article| Side::given(article, &lookup)).collect();
    let analyses = analyse_all(&story.articles, read).into_iter();
    let own: Vec<Side> =
        story.articles.iter().zip(analyses).map(|(article, found)| Ok(Side::found(article, found?))).collect::<Result<_>>()?;
    Ok(StoryScores {
        story: story.name.clone(),
        given: score_side(story, pipeline, &given, true)?,
        own: score_side(story, pipeline, &own, false)?,
    })
}

/// One article's analysis, and where gold's claims and entities are in it.
#[derive(Default)]
struct Side {
    analysis: Option<Analysis>,
    /// The number of each claim that has an id, and its event.
    claims: Vec<(String, ByteSpan, String)>,
    /// A mention of each entity.
    entities: Vec<(String, ByteSpan)>,
}

fn score_side(story: &GoldStory, pipeline: &Pipeline, sides: &[Side], known: bool) -> Result<SideScores> {
    let concluder = pipeline.concluder();
    let agent = Iri::named("https://example.org/agent");
    let mut graph = Graph::new(concluder.minter);
    for analysis in sides.iter().filter_map(|side| side.analysis.as_ref()) {
        graph.unite(facts(analysis, concluder.minter, &agent));
    }
    let mut facts_alone = if known { graph.clone() } else { Graph::new(concluder.minter) };
    concluder.conclude(&mut graph)?;
    let (mut same, mut first_of): (String, FxHashMap<&str, String>) = Default::default();
    let mut ids: FxHashMap<Iri, &str> = FxHashMap::default();
    let mut by_entity: BTreeMap<Iri, Vec<(usize, &str)>> = BTreeMap::new();
    let mut by_key: BTreeMap<&str, Vec<(usize, &str)>> = BTreeMap::new();
    let mut places = Counts::default();
    for (at, (article, side)) in story.articles.iter().zip(sides).enumerate() {
        if known {
            for (key, span) in &side.entities {
                let Some(iri) = side.analysis.as_ref().and_then(|analysis| reference_iri(analysis, concluder.minter, *span)) else {
                    continue;
                };
                let iri = concluder.minter.written(&iri);
                match first_of.get(key.as_str()) {
                    Some(first) => {
                        let _ = writeln!(same, "{}", serde_json::json!({ "same": [first, iri], "by": "gold", "why": "as annotated" }));
                    }
                    None => drop(first_of.insert(key, iri)),
                }
            }
        }
        // What the pipeline's article does not hold is an entity of its own in no cluster.
        for (key, entity) in article.entities.iter().filter(|(_, entity)| !entity.names.is_empty()) {
            by_key.entry(key).or_default().push((at, key));
            let found = side.analysis.as_ref().and_then(|analysis| {
                let (_, span) = side.entities.iter().find(|(known, _)| known == key)?;
                let iri = reference_iri(analysis, concluder.minter, *span)?;
                graph.node(&iri).links("wg:refersTo").next().cloned()
            });
            if let (Some(there), Some(iri)) = (entity.at, &found) {
                places.gold += 1;
                let node = graph.node(iri);
                let degrees = |property: &str| node.texts(property).next().and_then(|text| text.parse::<f64>().ok());
                if let Some(here) = degrees("schema:latitude").zip(degrees("schema:longitude")) {
                    places.predicted += 1;
                    // A whole state is known by any point of it.
                    let whole = node.is_a("schema:Country");
                    places.right += usize::from(whole || kilometres(here, there) <= NEAR);
                }
            } else if entity.at.is_some() {
                places.gold += 1;
            }
            if let Some(iri) = found {
                by_entity.entry(iri).or_default().push((at, key));
            }
        }
        for (id, number, event) in &side.claims {
            if let Some(iri) = side.analysis.as_ref().and_then(|analysis| claim_at(analysis, concluder.minter, *number, event)) {
                ids.insert(iri, id);
            }
        }
    }
    let is_person = |(at, key): &(usize, &str)| story.articles[*at].entities.get(*key).is_some_and(|entity| entity.kind == Kind::Person);
    let people_of =
        |members: &Vec<(usize, &str)>| members.iter().filter(|m| is_person(m)).map(|(_, key)| *key).collect::<BTreeSet<_>>().len();
    let wrongly_joined_people = by_entity.values().filter(|members| people_of(members) > 1).count();
    let gold: Vec<Vec<(usize, &str)>> = by_key.into_values().collect();
    let own: Vec<Vec<(usize, &str)>> = by_entity.into_values().collect();
    let mut items = Vec::new();
    for members in &gold {
        let parts: BTreeSet<usize> = members.iter().filter_map(|member| own.iter().position(|cluster| cluster.contains(member))).collect();
        if parts.len() > 1 {
            items.push(format!("{} in {} parts", members[0].1, parts.len()));
        }
    }
    for members in &own {
        let keys: BTreeSet<&str> = members.iter().map(|(_, key)| *key).collect();
        if keys.len() > 1 {
            items.push(format!("made one: {}", keys.into_iter().collect::<Vec<_>>().join(", ")));
        }
    }
    if known {
        // Links alone are asked about: who is who in all articles is given, too.
        Corrections::read("gold", same.as_bytes())?.add_to(concluder.minter, &mut facts_alone);
        concluder.conclude(&mut facts_alone)?;
        graph = facts_alone;
    }
    Ok(SideScores {
        links: links(story, &graph, &ids, &mut items),
        items,
        entities: Coreference::of(&gold, &own).figures(Clustering::BCubed),
        wrongly_joined_people,
        places: figures(places),
    })
}

/// Links by kind and in all. A claim of a report stands for any other of it; of two that agree or contradict either may be the subject.
fn links(story: &GoldStory, graph: &Graph, ids: &FxHashMap<Iri, &str>, items: &mut Vec<String>) -> BTreeMap<String, Figures> {
    let mut report: BTreeMap<&str, &str> = BTreeMap::new();
    for (from, _, to) in story.links.iter().filter(|(_, kind, _)| kind == "repeats") {
        report.insert(from, to);
    }
    let root = |id: &str| -> String {
        let mut at = id;
        while let Some(next) = report.get(at) {
            at = next;
        }
        at.to_owned()
    };
    let canonical = |from: &str, kind: &str, to: &str| {
        let (mut from, mut to) = (from.to_owned(), to.to_owned());
        if kind == "repeats" {
            return (root(&from), kind.to_owned(), from.max(to));
        }
        (from, to) = (root(&from), root(&to));
        if matches!(kind, "corroborates" | "contradicts") && from > to {
            std::mem::swap(&mut from, &mut to);
        }
        (from, kind.to_owned(), to)
    };
    let gold: BTreeSet<(String, String, String)> =
        story.links.iter().filter(|(_, kind, _)| kind != "repeats").map(|(from, kind, to)| canonical(from, kind, to)).collect();
    let mut predicted: BTreeSet<(String, String, String)> = BTreeSet::new();
    let mut counts: BTreeMap<String, Counts> = BTreeMap::new();
    let repeated = story.links.iter().filter(|(_, kind, _)| kind == "repeats").count();
    if repeated > 0 {
        counts.entry("repeats".to_owned()).or_default().gold = repeated;
    }
    for node in graph.nodes() {
        for property in LINKS {
            let kind = property.trim_start_matches("wg:");
            for object in node.links(property) {
                // Links of claims that gold gives no id to, as of money, are not scored.
                let (Some(from), Some(to)) = (ids.get(node.iri), ids.get(object)) else { continue };
                if kind == "repeats" {
                    let counts = counts.entry(kind.to_owned()).or_default();
                    counts.predicted += 1;
                    counts.right += usize::from(root(from) == root(to));
                } else {
                    predicted.insert(canonical(from, kind, to));
                }
            }
        }
    }
    for link in &gold {
        let counts = counts.entry(link.1.clone()).or_default();
        counts.gold += 1;
        counts.right += usize::from(predicted.contains(link));
    }
    for link in &predicted {
        counts.entry(link.1.clone()).or_default().predicted += 1;
    }
    for (fault, links) in [("missed", gold.difference(&predicted)), ("spurious", predicted.difference(&gold))] {
        items.extend(links.map(|(from, kind, to)| format!("{fault}: {from} {kind} {to}")));
    }
    let all = counts.values().fold(Counts::default(), |all, one| Counts {
        gold: all.gold + one.gold,
        predicted: all.predicted + one.predicted,
        right: all.right + one.right,
    });
    counts.insert("all".to_owned(), all);
    counts.into_iter().map(|(kind, counts)| (kind, figures(counts))).collect()
}

/// On a plane that touches the earth there.
fn kilometres((north, east): (f64, f64), (other_north, other_east): (f64, f64)) -> f64 {
    let width = ((north + other_north) / 2.0).to_radians().cos();
    ((north - other_north).powi(2) + ((east - other_east) * width).powi(2)).sqrt() * DEGREE
}

/// The reference that a mention with these words belongs to, or one that shares a word with them.
fn reference_at(analysis: &Analysis, span: ByteSpan) -> Option<&Reference> {
    let mut named = analysis.references.iter().filter(|r| r.kind != Kind::Time);
    let exact = named.clone().find(|r| r.mentions.contains(&span));
    exact.or_else(|| named.find(|r| r.mentions.iter().any(|mention| mention.overlaps(span))))
}

fn reference_iri(analysis: &Analysis, minter: &Minter, span: ByteSpan) -> Option<Iri> {
    let bytes = analysis.document.map.to_source(*reference_at(analysis, span)?.mentions.first()?)?;
    let article = minter.article(&analysis.document.sha256, analysis.document.story_start);
    Some(minter.of(&article).bytes(bytes).mint(Instance::Reference))
}

/// Names of the gazetteer, with their keys.
struct Lookup(FxHashMap<String, (String, Kind, u32)>);

impl Lookup {
    fn new(pipeline: &Pipeline) -> Lookup {
        let mut names: FxHashMap<String, (String, Kind, u32)> = FxHashMap::default();
        for entry in pipeline.recogniser().entries() {
            let Some(kind) = entry.kind else { continue };
            let size = if entry.key.starts_with("state/") { u32::MAX } else { entry.population.unwrap_or(0) };
            for name in entry.names.iter().chain(&entry.demonyms) {
                let held = names.entry(name.to_lowercase()).or_insert_with(|| (entry.key.clone(), kind, size));
                if held.2 < size {
                    *held = (entry.key.clone(), kind, size);
                }
            }
        }
        Lookup(names)
    }

    fn key(&self, entity: &gold::GoldEntity) -> Option<String> {
        let of = |name: &String| self.0.get(&name.to_lowercase()).filter(|(_, kind, _)| *kind == entity.kind).map(|(key, ..)| key.clone());
        entity.names.iter().find_map(of)
    }
}

impl Side {
    /// Gold as if the pipeline had found it.
    fn given(article: &GoldArticle, lookup: &Lookup) -> Side {
        let text = &article.text;
        let meta = Metadata {
            headline: article.meta.headline.clone(),
            published: article.meta.published,
            modified: article.meta.modified,
            publisher: article.meta.publisher.clone(),
            agency: article.meta.agency.clone(),
            url: article.meta.url.clone(),
            ..Metadata::default()
        };
        let end = text.len();
        let mut map = SourceMap::default();
        map.push(ByteSpan::new(0, end), SourceSpan { start: 0, end: u32::try_from(end).unwrap_or(u32::MAX) });
        let mut side = Side::default();
        let mut references = Vec::new();
        for (key, entity) in &article.entities {
            let spans =
                |words: &[String]| words.iter().filter_map(|words| gold::find_words(text, words, 0, text.len())).collect::<Vec<_>>();
            let mut mentions = spans(&entity.names);
            mentions.extend(spans(&entity.nominals));
            // Two entities whose words stand at one place would be one reference.
            mentions.retain(|span| !references.iter().any(|r: &Reference| r.mentions.contains(span)));
            mentions.sort_unstable();
            let Some(first) = mentions.first().copied() else { continue };
            side.entities.push((key.clone(), first));
            references.push(Reference {
                kind: entity.kind,
                names: entity.names.clone(),
                nominals: entity.nominals.clone(),
                mentions,
                key: lookup.key(entity),
                reason: "as annotated".to_owned(),
                job_title: None,
            });
        }
        let mut sentences = Vec::new();
        let mut claims = Vec::new();
        for claim in &article.claims {
            let Some(figure) = &claim.figure else { continue };
            if let Some(id) = &claim.id {
                side.claims.push((id.clone(), figure.span, claim.event.clone()));
            }
            let span = claim.sentence.join(figure.span);
            let at = sentences.iter().position(|sentence: &Sentence| sentence.span.start == span.start).unwrap_or_else(|| {
                sentences.push(Sentence { span, tokens: 0..0, paragraph: 0, dateline: false });
                sentences.len() - 1
            });
            sentences[at].span = sentences[at].span.join(span);
            claims.push(given_claim(claim, figure, at, &side.entities));
        }
        let document = Document {
            id: article.name.clone(),
            source_file: article.name.clone(),
            sha256: hex(&Sha256::digest(format!("{}\n{text}", article.name))),
            story_start: 0,
            text: text.clone(),
            map,
            paragraphs: vec![ByteSpan::new(0, end)],
            headings: Vec::new(),
            meta,
        };
        side.analysis = Some(Analysis {
            document,
            split: Split { sentences, tokens: Vec::new() },
            mentions: Vec::new(),
            extraction: Extraction { claims, ..Extraction::default() },
            references,
            described: Vec::new(),
        });
        side
    }

    /// What the pipeline found, with gold's words looked for in it.
    fn found(article: &GoldArticle, analysis: Analysis) -> Side {
        let alignment = Alignment::new(&article.text, &analysis.document.text);
        let mut side = Side::default();
        for (key, entity) in &article.entities {
            let spans =
                entity.names.iter().filter_map(|name| alignment.to_document(gold::find_words(&article.text, name, 0, article.text.len())?));
            if let Some(span) = spans.into_iter().find(|span| reference_at(&analysis, *span).is_some()) {
                side.entities.push((key.clone(), span));
            }
        }
        for claim in &article.claims {
            let (Some(id), Some(figure)) = (&claim.id, &claim.figure) else { continue };
            let Some(number) = alignment.to_document(figure.span) else { continue };
            let on_it = |c: &&Claim| c.figure.as_ref().is_some_and(|f| f.quantity.span.overlaps(number));
            let mut there = analysis.extraction.claims.iter().filter(on_it);
            let first = there.next();
            let best = there.find(|c| c.event == claim.event && first.is_some_and(|f| f.event != claim.event)).or(first);
            if let Some(quantity) = best.and_then(|c| Some((c, &c.figure.as_ref()?.quantity))) {
                side.claims.push((id.clone(), quantity.1.number, quantity.0.event.clone()));
            }
        }
        side.analysis = Some(analysis);
        side
    }
}

fn given_claim(claim: &GoldClaim, figure: &gold::GoldFigure, sentence: usize, entities: &[(String, ByteSpan)]) -> Claim {
    let role =
        |(slot, key): &(Slot, String)| entities.iter().find(|(known, _)| known == key).map(|(_, span)| Role { slot: *slot, span: *span });
    let roles: Vec<Role> = claim.roles.iter().filter_map(role).collect();
    let mut support: Vec<Support> =
        roles.iter().map(|role| Support { slot: role.slot, span: role.span, reason: "as annotated".to_owned() }).collect();
    support.push(Support { slot: Slot::Value, span: figure.span, reason: "as annotated".to_owned() });
    let days = |start, end| Some(Days { start, end }).filter(|days: &Days| days.start.is_some() || days.end.is_some());
    Claim {
        sentence,
        figure: Some(Figure {
            quantity: Quantity {
                span: figure.span,
                number: figure.span,
                amount: figure.amount,
                bound: figure.bound,
                measure: Measure::Count,
                unit: figure.unit.clone(),
                unit_span: None,
                scope: claim.scope,
                change: None,
            },
            counted: figure.counted.clone().map(|text| Counted { span: figure.span, text }),
        }),
        event: claim.event.clone(),
        broader: None,
        predicate: claim.predicate.clone().unwrap_or_default(),
        predicate_span: figure.span,
        roles,
        when: days(claim.start, claim.end),
        as_of: days(claim.as_of_start, claim.as_of_end),
        time: None,
        attribution: None,
        certainty: claim.certainty,
        scope: claim.scope,
        whole: None,
        confidence: 1.0,
        support,
    }
}

/// The tables of stories for people; nothing where there are none.
#[must_use]
pub fn table(stories: &[StoryScores]) -> String {
    let mut out = String::new();
    let shown = |figures: &Figures| {
        let [p, r, f] =
            [figures.precision, figures.recall, figures.f1].map(|f| f.map_or_else(|| "–".to_owned(), |f| format!("{:.1}", f * 100.0)));
        format!("{p:>6}  {r:>6}  {f:>6}")
    };
    for story in stories {
        let _ = writeln!(out, "\nstory {:22}  claims and names as annotated     as found", story.story);
        let _ = writeln!(out, "{:28}  {:>6}  {:>6}  {:>6}      {:>6}  {:>6}  {:>6}", "", "P", "R", "F1", "P", "R", "F1");
        for (kind, figures) in &story.given.links {
            let own = story.own.links.get(kind).copied().unwrap_or_default();
            let _ = writeln!(out, "links: {kind:21}  {}      {}", shown(figures), shown(&own));
        }
        let _ = writeln!(out, "entities, B-cubed             {}      {}", shown(&story.given.entities), shown(&story.own.entities));
        let _ = writeln!(out, "places within {NEAR} km           {}      {}", shown(&story.given.places), shown(&story.own.places));
        let joined = (story.given.wrongly_joined_people, story.own.wrongly_joined_people);
        let _ = writeln!(out, "two people made one           {:>22}      {:>22}", joined.0, joined.1);
    }
    out
}

/// What is missed and wrong in stories, for people.
#[must_use]
pub fn item_list(stories: &[StoryScores]) -> String {
    let mut out = String::new();
    for story in stories {
        for (side, scores) in [("as annotated", &story.given), ("as found", &story.own)] {
            for item in &scores.items {
                let _ = writeln!(out, "{} {side}: {item}", story.story);
            }
        }
    }
    out
}
