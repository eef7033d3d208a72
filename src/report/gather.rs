//! The graph as a page's data: the most connected articles first, as many as there is room for.

use super::article::{Quote, Text};
use super::data::{About, Article, Claim, Correction, Data, Entity, Id, Index, Link, Omission, Reference, Series};
use super::document::escape_data;
use super::sorted::Sorted;
use super::sources;
use crate::graph::conclusions::interval::Interval;
use crate::graph::iri::{Iri, Minter};
use crate::graph::vocabulary::context;
use crate::graph::{Graph, Node, Value};
use crate::types::{Bound, Document, SourceSpan};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::path::Path;

/// Literals of a claim that the page and its exports give.
const SAID: &[&str] = &[
    "schema:value",
    "schema:minValue",
    "schema:maxValue",
    "wg:bound",
    "wg:valueText",
    "schema:unitText",
    "wg:counted",
    "wg:predicate",
    "wg:startDate",
    "wg:endDate",
    "wg:asOfStart",
    "wg:asOfEnd",
    "wg:timeText",
    "wg:attributionText",
    "wg:scope",
    "wg:wholeText",
];
/// Entities of a claim.
const ROLES: &[&str] =
    &["wg:countedActor", "wg:agent", "wg:recipient", "wg:equipment", "wg:place", "wg:origin", "schema:author", "wg:relayedBy"];

/// The page's data. `sources` is where paths of articles start from, `room` the most bytes that the data may take.
pub(super) fn gather(graph: &Graph, sources: Option<&Path>, room: usize) -> Data {
    let sorted = Sorted::new(graph);
    let minter = Minter::new(graph.base());
    let articles = sorted.most_connected_first();
    // A page of some megabytes has no room for more: the files of the others are not looked at.
    let documents = sources::documents(&minter, &articles[..articles.len().min(room / 1_000 + 1)], sources);
    let mut gathering = Gathering {
        graph,
        minter,
        sorted: &sorted,
        documents: &documents,
        data: empty(graph, &sorted),
        strings: FxHashMap::default(),
        entities: FxHashMap::default(),
        series: FxHashMap::default(),
        claims: FxHashMap::default(),
    };
    let mut left = room.saturating_sub(size(&gathering.data));
    for article in articles {
        let before = gathering.shared();
        let (text, claims) = gathering.article(article);
        let Data { strings, entities, series, .. } = &gathering.data;
        let shared = size(&strings[before.0..]) + size(&entities[before.1..]) + size(&series[before.2..]);
        let links: usize = claims.iter().flat_map(|(iri, _)| sorted.links_of(iri)).map(|link| 40 + size(link.reason)).sum();
        let cost = shared + links + size(&text) + claims.iter().map(|(_, claim)| size(claim)).sum::<usize>();
        if cost > left {
            gathering.take_back(before);
            break;
        }
        left -= cost;
        gathering.data.articles.push(text);
        for (iri, claim) in claims {
            gathering.claims.insert(iri, gathering.data.claims.len());
            gathering.data.claims.push(claim);
        }
    }
    gathering.links();
    gathering.data
}

/// Bytes that something takes in the page.
fn size(part: &(impl Serialize + ?Sized)) -> usize {
    serde_json::to_string(part).map_or(0, |json| escape_data(&json).len() + 1)
}

/// Data without articles: what is told of any page.
fn empty(graph: &Graph, sorted: &Sorted<'_>) -> Data {
    Data {
        base: graph.base().to_owned(),
        context: context(),
        about: About {
            version: env!("CARGO_PKG_VERSION"),
            articles_in_graph: sorted.articles.len(),
            claims_in_graph: sorted.claims,
            series_in_graph: sorted.series.len(),
        },
        strings: Vec::new(),
        entities: Vec::new(),
        articles: Vec::new(),
        series: Vec::new(),
        claims: Vec::new(),
        links: Vec::new(),
        omissions: omissions(graph),
    }
}

/// Documents that failed, and those that hold no English article.
fn omissions(graph: &Graph) -> Vec<Omission> {
    let mut all: Vec<Omission> = Vec::new();
    for run in graph.nodes().filter(|node| node.is_a("prov:Activity")) {
        for (property, failed) in [("wg:failed", true), ("wg:leftOut", false)] {
            for node in run.links(property).map(|iri| graph.node(iri)) {
                let text = |property: &str| node.texts(property).next().unwrap_or_default().to_owned();
                all.push(Omission { file: text("wg:sourceFile"), stage: text("wg:stage"), reason: text("wg:reason"), failed });
            }
        }
    }
    all.sort_by(|a, b| (!a.failed, &a.file, &a.reason).cmp(&(!b.failed, &b.file, &b.reason)));
    all.dedup_by(|a, b| a.file == b.file && a.reason == b.reason);
    all
}

struct Gathering<'g> {
    graph: &'g Graph,
    minter: Minter,
    sorted: &'g Sorted<'g>,
    documents: &'g FxHashMap<Iri, Document>,
    data: Data,
    strings: FxHashMap<String, Index>,
    entities: FxHashMap<&'g Iri, Index>,
    series: FxHashMap<&'g Iri, Index>,
    claims: FxHashMap<&'g Iri, Index>,
}

impl<'g> Gathering<'g> {
    /// How much there is of what articles share.
    fn shared(&self) -> (usize, usize, usize) {
        (self.data.strings.len(), self.data.entities.len(), self.data.series.len())
    }

    /// Forgets what only the last article brought.
    fn take_back(&mut self, (strings, entities, series): (usize, usize, usize)) {
        self.data.strings.truncate(strings);
        self.data.entities.truncate(entities);
        self.data.series.truncate(series);
        self.strings.retain(|_, index| *index < strings);
        self.entities.retain(|_, index| *index < entities);
        self.series.retain(|_, index| *index < series);
    }

    fn id(&self, iri: &Iri) -> Id {
        let written = self.minter.written(iri);
        written.strip_prefix(&**self.minter.base()).map_or_else(|| written.clone(), str::to_owned)
    }

    fn string(&mut self, words: &str) -> Index {
        if let Some(known) = self.strings.get(words) {
            return *known;
        }
        let index = self.data.strings.len();
        self.data.strings.push(words.to_owned());
        self.strings.insert(words.to_owned(), index);
        index
    }

    fn entity(&mut self, iri: &'g Iri) -> Index {
        if let Some(known) = self.entities.get(iri) {
            return *known;
        }
        let node = self.graph.node(iri);
        let types = node.links("@type").map(|class| self.minter.written(class)).collect::<Vec<_>>();
        let degrees = |property: &str| node.texts(property).next().map(str::to_owned);
        let entity = Entity {
            id: self.id(iri),
            types: types.iter().map(|class| self.string(class)).collect(),
            name: node.texts("schema:name").next().map_or_else(|| self.id(iri), str::to_owned),
            at: degrees("schema:latitude").zip(degrees("schema:longitude")),
            same_as: node.links("schema:sameAs").next().map(|same| self.minter.written(same)),
            also: node.texts("schema:alternateName").map(str::to_owned).collect(),
        };
        let index = self.data.entities.len();
        self.data.entities.push(entity);
        self.entities.insert(iri, index);
        index
    }

    fn series(&mut self, iri: &'g Iri) -> Index {
        if let Some(known) = self.series.get(iri) {
            return *known;
        }
        let node = self.graph.node(iri);
        let event = node.links("wg:eventType").next().map(|event| self.minter.written(event)).unwrap_or_default();
        let series = Series {
            id: self.id(iri),
            event: self.string(&event),
            actor: node.links("wg:countedActor").next().map(|actor| self.entity(actor)),
            place: node.links("wg:place").next().map(|place| self.entity(place)),
            sources: node.values("wg:independentSources").find_map(|value| if let Value::Integer(n) = value { Some(*n) } else { None }),
            claims: self.sorted.series.get(iri).copied().unwrap_or(0),
        };
        let index = self.data.series.len();
        self.data.series.push(series);
        self.series.insert(iri, index);
        index
    }

    /// The article that would come next, and its claims.
    fn article(&mut self, node: Node<'g>) -> (Article, Vec<(&'g Iri, Claim)>) {
        let index = self.data.articles.len();
        let claims = self.sorted.claims_of(node.iri);
        let quotes = self.quotes(claims);
        let text = self.documents.get(node.iri).and_then(|document| Text::whole(document, &quotes));
        let text = text.unwrap_or_else(|| Text::quoted(&quotes));
        let (references, mentions, numbers) = self.references(node.iri, &text);
        let one = |property: &str| node.texts(property).next().map(str::to_owned);
        let claims: Vec<(&Iri, Claim)> =
            claims.iter().filter_map(|claim| Some((claim.iri, self.claim(*claim, node, index, &text, &numbers)?))).collect();
        let article = Article {
            id: self.id(node.iri),
            headline: one("schema:headline"),
            published: one("schema:datePublished"),
            modified: one("schema:dateModified"),
            authors: node.links("schema:author").map(|author| self.entity(author)).collect(),
            publisher: node.links("schema:publisher").next().map(|outlet| self.entity(outlet)),
            agency: node.links("schema:sourceOrganization").next().map(|agency| self.entity(agency)),
            urls: node.links("schema:url").map(|url| self.minter.written(url)).collect(),
            files: node.texts("wg:sourceFile").map(str::to_owned).collect(),
            sha256: one("wg:sha256").unwrap_or_default(),
            reprint_of: node.links("wg:reprintOf").next().map(|first| self.id(first)),
            whole: text.is_whole(),
            headings: text.headings,
            text: text.text,
            references,
            mentions,
        };
        (article, claims)
    }

    /// Everything that the graph quotes of an article: sentences, and words elsewhere that fill slots.
    fn quotes(&self, claims: &[Node<'g>]) -> Vec<Quote<'g>> {
        let supports = claims.iter().flat_map(|claim| claim.links("wg:support")).map(|iri| self.graph.node(iri));
        let evidence = supports.flat_map(|support| support.links("wg:evidence"));
        let sentences = claims.iter().flat_map(|claim| claim.links("prov:wasDerivedFrom"));
        let mut quotes: Vec<Quote<'_>> = sentences.chain(evidence).filter_map(|iri| self.place(iri)?.1).collect();
        quotes.sort_by_key(|quote| (quote.bytes, quote.exact));
        quotes.dedup();
        quotes
    }

    /// The bytes that a piece of evidence names, and its quote, if it has one.
    fn place(&self, evidence: &'g Iri) -> Option<(SourceSpan, Option<Quote<'g>>)> {
        let (mut start, mut end, mut quote) = (None, None, None);
        for selector in self.graph.node(evidence).links("oa:hasSelector").map(|iri| self.graph.node(iri)) {
            let number = |property| selector.values(property).find_map(|value| if let Value::Integer(n) = value { Some(*n) } else { None });
            start = start.or_else(|| number("oa:start"));
            end = end.or_else(|| number("oa:end"));
            quote = quote.or_else(|| selector.texts("oa:exact").next().map(|exact| (exact, selector)));
        }
        let bytes = SourceSpan { start: start?, end: end? };
        let text = |selector: Node<'g>, property| selector.texts(property).next().unwrap_or_default();
        let quote = quote.map(|(exact, of)| Quote { bytes, exact, prefix: text(of, "oa:prefix"), suffix: text(of, "oa:suffix") });
        Some((bytes, quote))
    }

    /// What the article calls things, its mentions of them, and the number of each reference in the list.
    fn references(&mut self, article: &Iri, text: &Text<'_>) -> (Vec<Reference>, Vec<usize>, FxHashMap<&'g Iri, Index>) {
        let (mut references, mut found, mut numbers) = (Vec::new(), Vec::new(), FxHashMap::default());
        for node in self.sorted.references_of(article) {
            let names: Vec<&str> = node.texts("schema:name").collect();
            let label = node.texts("skos:prefLabel").next().or(names.first().copied()).unwrap_or_default();
            for mention in node.links("wg:mention") {
                let Some((bytes, quote)) = self.place(mention) else { continue };
                if let Some(at) = text.find(bytes, quote.as_ref(), &names) {
                    let (start, end) = text.units(&at);
                    found.push((start, end - start, references.len()));
                }
            }
            numbers.insert(node.iri, references.len());
            references.push(Reference {
                name: label.to_owned(),
                kind: self.string(node.texts("wg:kind").next().unwrap_or_default()),
                entity: node.links("wg:refersTo").next().map(|entity| self.entity(entity)),
                reason: self.string(node.texts("wg:reason").next().unwrap_or_default()),
            });
        }
        found.sort_unstable();
        let mentions = found.into_iter().flat_map(|(start, length, reference)| [start, length, reference]).collect();
        (references, mentions, numbers)
    }

    /// A claim; `None` without its sentence.
    fn claim(
        &mut self,
        node: Node<'g>,
        article: Node<'g>,
        index: Index,
        text: &Text<'_>,
        references: &FxHashMap<&'g Iri, Index>,
    ) -> Option<Claim> {
        let evidence = node.links("prov:wasDerivedFrom").next()?;
        let (bytes, quote) = self.place(evidence)?;
        let sentence = text.units(&text.find(bytes, Some(&quote?), &[])?);
        let selectors: Vec<Node<'_>> = self.graph.node(evidence).links("oa:hasSelector").map(|iri| self.graph.node(iri)).collect();
        let selector = |class| selectors.iter().find(|selector| selector.is_a(class)).map(|selector| self.id(selector.iri));
        let (quoted, positioned) = (selector("oa:TextQuoteSelector")?, selector("oa:DataPositionSelector")?);
        let corrections = self.corrections(node);
        let set = |property: &str| corrections.iter().rev().find(|c| c.slot.as_deref() == Some(property)).and_then(|c| c.to.clone());
        let literal = |property: &str| set(property).or_else(|| node.texts(property).next().map(str::to_owned));
        let day = ["wg:asOfEnd", "wg:asOfStart"].iter().find_map(|property| literal(property));
        let published = ["schema:datePublished", "schema:dateModified"].iter().find_map(|property| article.texts(property).next());
        let figure = figure(literal);
        let events: Vec<String> = match set("wg:eventType") {
            Some(event) => vec![crate::graph::vocabulary::compact(&event)],
            None => node.links("wg:eventType").map(|event| self.minter.written(event)).collect(),
        };
        let mut said = Vec::new();
        for property in SAID {
            if let Some(words) = literal(property) {
                said.extend([self.string(property), self.string(&words)]);
            }
        }
        let mut roles = Vec::new();
        for property in ROLES {
            for entity in node.links(property) {
                roles.extend([self.string(property), self.entity(entity)]);
            }
        }
        let digits = |id: Id| id.rsplit('/').next().unwrap_or_default().to_owned();
        Some(Claim {
            id: self.id(node.iri),
            article: index,
            sentence,
            evidence: (digits(self.id(evidence)), digits(quoted), digits(positioned), bytes.start, bytes.end),
            attributed_to: {
                let agent = node.links("prov:wasAttributedTo").next().map(|agent| self.id(agent)).unwrap_or_default();
                self.string(&agent)
            },
            event: events.iter().map(|event| self.string(event)).collect(),
            certainty: self.string(&literal("wg:certainty").unwrap_or_default()),
            confidence: literal("wg:confidence").unwrap_or_default(),
            day: day.or_else(|| published.map(str::to_owned)),
            said,
            roles,
            series: node.links("wg:series").next().map(|series| self.series(series)),
            least: figure.as_ref().and_then(|figure| figure.low().to_f64()),
            most: figure.as_ref().and_then(|figure| figure.high()?.to_f64()),
            slots: self.slots(node, text, references),
            corrections,
        })
    }

    /// The words that fill a claim's slots, in the order of the text.
    fn slots(&mut self, node: Node<'g>, text: &Text<'_>, references: &FxHashMap<&'g Iri, Index>) -> Vec<[i64; 5]> {
        let mut slots = Vec::new();
        for support in node.links("wg:support").map(|iri| self.graph.node(iri)) {
            let Some(slot) = support.links("wg:slot").next().map(|slot| self.minter.written(slot)) else { continue };
            let place = support.links("wg:evidence").next().and_then(|evidence| self.place(evidence));
            let at = place.and_then(|(bytes, quote)| text.find(bytes, quote.as_ref(), &[])).map_or((0, 0), |at| text.units(&at));
            let reason = self.string(support.texts("wg:reason").next().unwrap_or_default());
            let reference = support.links("wg:reference").find_map(|reference| references.get(reference).copied());
            slots.push((at, slot, reason, reference));
        }
        slots.sort();
        let number = |index: usize| i64::try_from(index).unwrap_or(-1);
        slots
            .into_iter()
            .map(|((start, end), slot, reason, reference)| {
                [number(self.string(&slot)), number(start), number(end - start), number(reason), reference.map_or(-1, number)]
            })
            .collect()
    }

    /// What analysts have put right; of two that set one slot the last one holds.
    fn corrections(&self, node: Node<'g>) -> Vec<Correction> {
        let read = |node: Node<'_>| {
            let text = |property: &str| node.texts(property).next().map(str::to_owned);
            Correction {
                slot: node.links("wg:slot").next().map(|slot| self.minter.written(slot)),
                to: text("wg:correctedTo"),
                by: text("wg:by").unwrap_or_default(),
                why: text("wg:reason").unwrap_or_default(),
            }
        };
        let mut all: Vec<Correction> = node.links("wg:correction").map(|iri| read(self.graph.node(iri))).collect();
        all.sort_by(|a, b| (&a.by, &a.to).cmp(&(&b.by, &b.to)));
        all
    }

    /// The links between claims that are both in the page.
    fn links(&mut self) {
        let mut links = Vec::new();
        for (claim, at) in &self.claims {
            for link in self.sorted.links_of(claim) {
                if let Some(earlier) = self.claims.get(link.earlier) {
                    links.push((*at, link.kind, *earlier, link.reason));
                }
            }
        }
        links.sort_unstable();
        for (claim, kind, earlier, reason) in links {
            let kind = self.string(kind);
            self.data.links.push(Link(claim, kind, earlier, reason.to_owned()));
        }
    }
}

/// The numbers that a claim leaves possible.
fn figure(literal: impl Fn(&str) -> Option<String>) -> Option<Interval> {
    let number = |property: &str| literal(property)?.parse::<Decimal>().ok();
    let bound = Bound::from_name(&literal("wg:bound")?)?;
    match (number("schema:value"), number("schema:minValue"), number("schema:maxValue")) {
        (Some(value), ..) => Some(Interval { value, upper: None, bound }),
        (None, Some(low), Some(high)) if low <= high => Some(Interval { value: low, upper: Some(high), bound: Bound::Range }),
        _ => None,
    }
}
