//! What one article says, as triples: the article, its references, its claims and their evidence. Nothing here depends on another article.

use super::Graph;
use super::iri::Minter;
use super::vocabulary::expand;
use crate::types::{Amount, Analysis, Bound, ByteSpan, Claim, Days, Kind, Metadata, Reference, Scope, Slot, SourceSpan};
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

/// Characters of context on either side of a quote.
const CONTEXT_CHARACTERS: usize = 32;

/// The facts of one analysed article. `agent` is the IRI of the software agent that claims are attributed to.
#[must_use]
pub fn facts(analysis: &Analysis, minter: &Minter, agent: &str) -> Graph {
    let document = &analysis.document;
    let article = minter.article(&document.sha256, document.story_start);
    let mut writer = Writer { graph: Graph::default(), minter, analysis, article, by_span: FxHashMap::default() };
    writer.article();
    writer.references();
    for claim in &analysis.extraction.claims {
        writer.claim(claim, agent);
    }
    writer.graph
}

/// A decimal in the canonical form of XML Schema 1.1: no fraction that is all zeros, no leading plus.
#[must_use]
pub fn decimal(value: Decimal) -> String {
    value.normalize().to_string()
}

/// The graph's property of a slot.
#[must_use]
pub fn property(slot: Slot) -> &'static str {
    match slot {
        Slot::Value => "schema:value",
        Slot::EventType => "wg:eventType",
        Slot::Counted => "wg:counted",
        Slot::CountedActor => "wg:countedActor",
        Slot::Place => "wg:place",
        Slot::Origin => "wg:origin",
        Slot::Agent => "wg:agent",
        Slot::Recipient => "wg:recipient",
        Slot::Equipment => "wg:equipment",
        Slot::Time => "wg:startDate",
        Slot::AsOf => "wg:asOfStart",
        Slot::Author => "schema:author",
        Slot::RelayedBy => "wg:relayedBy",
        Slot::Certainty => "wg:certainty",
        Slot::Scope => "wg:scope",
    }
}

/// The local names of an event type: a name of the ontology, or an IRI of the user's.
fn event_iri(event: &str) -> String {
    if event.contains(':') { event.to_owned() } else { expand(&format!("wg:{event}")) }
}

struct Writer<'a> {
    graph: Graph,
    minter: &'a Minter,
    analysis: &'a Analysis,
    article: String,
    by_span: FxHashMap<ByteSpan, Vec<String>>,
}

impl Writer<'_> {
    fn article(&mut self) {
        let Metadata { headline, authors, published, modified, publisher, agency, url, language, dateline, captured } =
            &self.analysis.document.meta;
        let iri = self.article.clone();
        let graph = &mut self.graph;
        graph.types(&iri, &["schema:NewsArticle"]);
        graph.maybe(&iri, "schema:headline", headline.as_deref());
        graph.maybe(&iri, "schema:datePublished", published.map(|d| d.to_string()));
        graph.maybe(&iri, "schema:dateModified", modified.map(|d| d.to_string()));
        graph.maybe(&iri, "schema:inLanguage", language.as_deref());
        graph.maybe(&iri, "schema:dateline", dateline.as_ref().map(|d| d.text.as_str()));
        graph.maybe(&iri, "wg:captured", captured.as_deref());
        if let Some(url) = url.as_deref().and_then(address) {
            graph.link(&iri, "schema:url", url);
        }
        graph.text(&iri, "wg:sourceFile", &self.analysis.document.source_file);
        graph.text(&iri, "wg:sha256", &self.analysis.document.sha256);
        let said_by_page = "named in the page's own data";
        for author in authors {
            self.named(Kind::Person, author, "schema:author", said_by_page);
        }
        for (name, property) in [(publisher, "schema:publisher"), (agency, "schema:sourceOrganization")] {
            if let Some(name) = name {
                self.named(Kind::Organization, name, property, said_by_page);
            }
        }
    }

    /// A reference that stands in the article's data and not in its text.
    fn named(&mut self, kind: Kind, name: &str, slot: &str, reason: &str) {
        let iri = self.minter.mint("reference", &[&self.article, slot, name]);
        self.graph.types(&iri, &["wg:Reference"]);
        self.graph.text(&iri, "schema:name", name);
        self.graph.text(&iri, "wg:kind", kind.name());
        self.graph.text(&iri, "wg:reason", reason);
        self.graph.link(&iri, "schema:appearance", self.article.clone());
        self.graph.link(&iri, "wg:slot", expand(slot));
    }

    fn references(&mut self) {
        let analysis = self.analysis;
        let dateline = analysis.document.meta.dateline.as_ref().map(|d| d.span);
        for reference in &analysis.references {
            let Some(bytes) = reference.mentions.first().and_then(|span| analysis.document.map.to_source(*span)) else { continue };
            let iri = self.minter.at("reference", &self.article, bytes, &[]);
            for span in &reference.mentions {
                self.by_span.entry(*span).or_default().push(iri.clone());
            }
            if reference.kind == Kind::Time {
                continue;
            }
            self.reference(&iri, reference);
            let opens = |span: &ByteSpan| dateline.is_some_and(|line| line.covers(*span));
            if reference.kind == Kind::Place && reference.mentions.iter().any(opens) {
                self.graph.link(&iri, "wg:slot", expand("schema:locationCreated"));
            }
        }
    }

    fn reference(&mut self, iri: &str, reference: &Reference) {
        self.graph.types(iri, &["wg:Reference"]);
        for name in reference.names.iter().chain(&reference.nominals) {
            self.graph.text(iri, "schema:name", name);
        }
        for name in &reference.names {
            self.graph.text(iri, "skos:altLabel", name);
        }
        if let Some(fullest) = reference.names.first().or(reference.nominals.first()) {
            self.graph.text(iri, "skos:prefLabel", fullest);
        }
        self.graph.text(iri, "wg:kind", reference.kind.name());
        self.graph.text(iri, "wg:reason", &reference.reason);
        self.graph.maybe(iri, "wg:gazetteerKey", reference.key.as_deref());
        self.graph.maybe(iri, "schema:jobTitle", reference.job_title.as_deref());
        self.graph.link(iri, "schema:appearance", self.article.clone());
        for span in &reference.mentions {
            if let Some(bytes) = self.analysis.document.map.to_source(*span) {
                let mention = self.resource(bytes);
                self.graph.link(iri, "wg:mention", mention);
            }
        }
    }

    /// A place in the source with its position selector.
    fn resource(&mut self, bytes: SourceSpan) -> String {
        let iri = self.minter.at("evidence", &self.article, bytes, &[]);
        let selector = self.minter.at("selector", &self.article, bytes, &["position"]);
        self.graph.types(&iri, &["oa:SpecificResource"]);
        self.graph.link(&iri, "oa:hasSource", self.article.clone());
        self.graph.link(&iri, "oa:hasSelector", selector.clone());
        self.graph.types(&selector, &["oa:DataPositionSelector"]);
        self.graph.text(&selector, "oa:start", bytes.start.to_string());
        self.graph.text(&selector, "oa:end", bytes.end.to_string());
        iri
    }

    /// A place in the source with position and quote.
    fn evidence(&mut self, span: ByteSpan) -> Option<String> {
        let bytes = self.analysis.document.map.to_source(span)?;
        let iri = self.resource(bytes);
        let selector = self.minter.at("selector", &self.article, bytes, &["quote"]);
        let text = &self.analysis.document.text;
        let (before, after) = (&text[..span.start as usize], &text[span.end as usize..]);
        let from = before.char_indices().rev().nth(CONTEXT_CHARACTERS - 1).map_or(0, |(at, _)| at);
        let to = after.char_indices().nth(CONTEXT_CHARACTERS).map_or(after.len(), |(at, _)| at);
        self.graph.link(&iri, "oa:hasSelector", selector.clone());
        self.graph.types(&selector, &["oa:TextQuoteSelector"]);
        self.graph.text(&selector, "oa:exact", span.of(text));
        self.graph.text(&selector, "oa:prefix", &before[from..]);
        self.graph.text(&selector, "oa:suffix", &after[..to]);
        Some(iri)
    }

    fn claim(&mut self, claim: &Claim, agent: &str) {
        let analysis = self.analysis;
        let text = &analysis.document.text;
        let sentence = analysis.split.sentences[claim.sentence].span;
        let Some(iri) = self.claim_iri(claim) else { return };
        let Some(evidence) = self.evidence(sentence) else { return };
        match &claim.figure {
            Some(figure) => {
                self.graph.types(&iri, &["wg:Claim", "schema:Claim", "schema:Observation"]);
                let quantity = &figure.quantity;
                match quantity.amount {
                    Amount::Value(value) => self.graph.text(&iri, "schema:value", decimal(value)),
                    Amount::Range(low, high) => {
                        self.graph.text(&iri, "schema:minValue", decimal(low));
                        self.graph.text(&iri, "schema:maxValue", decimal(high));
                    }
                    Amount::Vague => {}
                }
                let bound = match quantity.amount {
                    Amount::Range(..) => Bound::Range,
                    Amount::Vague => Bound::Vague,
                    Amount::Value(_) => quantity.bound,
                };
                self.graph.text(&iri, "wg:bound", bound.name());
                self.graph.text(&iri, "wg:valueText", quantity.span.of(text));
                self.graph.maybe(&iri, "schema:unitText", quantity.unit.as_deref());
                self.graph.maybe(&iri, "wg:counted", figure.counted.as_ref().map(|c| c.text.as_str()));
            }
            None => self.graph.types(&iri, &["wg:Relation", "schema:Claim"]),
        }
        self.graph.text(&iri, "schema:text", sentence.of(text));
        self.graph.link(&iri, "wg:eventType", event_iri(&claim.event));
        self.graph.text(&iri, "wg:predicate", &claim.predicate);
        self.days(&iri, claim.when, "wg:startDate", "wg:endDate");
        self.days(&iri, claim.as_of, "wg:asOfStart", "wg:asOfEnd");
        self.graph.maybe(&iri, "wg:timeText", claim.time.map(|span| span.of(text)));
        self.graph.maybe(&iri, "wg:attributionText", claim.attribution.map(|span| span.of(text)));
        self.graph.text(&iri, "wg:certainty", claim.certainty.name());
        self.graph.maybe(
            &iri,
            "wg:scope",
            claim.scope.map(|scope| match scope {
                Scope::Total => "total",
                Scope::Increment => "increment",
            }),
        );
        self.graph.text(&iri, "wg:confidence", format_confidence(claim.confidence));
        self.graph.link(&iri, "schema:appearance", self.article.clone());
        self.graph.link(&iri, "prov:wasDerivedFrom", evidence);
        self.graph.link(&iri, "prov:wasAttributedTo", agent);
        self.supports(&iri, claim);
    }

    /// A claim's IRI: its article and the bytes of its number's words, and the event type for a further claim on the same number. A relation has no
    /// number: the bytes of its predicate and of its roles stand for it.
    fn claim_iri(&self, claim: &Claim) -> Option<String> {
        let map = &self.analysis.document.map;
        let Some(figure) = &claim.figure else {
            let bytes = map.to_source(claim.predicate_span)?;
            let mut roles: Vec<String> = claim.roles.iter().map(|r| format!("{:?} {}", r.slot, r.span.start)).collect();
            roles.sort();
            return Some(self.minter.at("relation", &self.article, bytes, &[&claim.event, &roles.join(",")]));
        };
        let same_number = |other: &&Claim| other.figure.as_ref().is_some_and(|f| f.quantity.number == figure.quantity.number);
        let first = self.analysis.extraction.claims.iter().find(same_number)?;
        let further = if first.event == claim.event { vec![] } else { vec![claim.event.as_str()] };
        Some(self.minter.at("claim", &self.article, map.to_source(figure.quantity.number)?, &further))
    }

    fn days(&mut self, iri: &str, days: Option<Days>, start: &'static str, end: &'static str) {
        let Some(days) = days else { return };
        self.graph.maybe(iri, start, days.start.map(|d| d.to_string()));
        self.graph.maybe(iri, end, days.end.map(|d| d.to_string()));
    }

    fn supports(&mut self, claim_iri: &str, claim: &Claim) {
        for support in &claim.support {
            let Some(bytes) = self.analysis.document.map.to_source(support.span) else { continue };
            let slot = self.slot(claim, support.slot);
            let Some(evidence) = self.evidence(support.span) else { continue };
            let is_role = claim.roles.iter().any(|r| r.slot == support.slot);
            let references = self.by_span.get(&support.span).filter(|_| is_role).cloned().unwrap_or_default();
            let iri = self.minter.mint("support", &[claim_iri, slot, &bytes.start.to_string(), &bytes.end.to_string()]);
            self.graph.types(&iri, &["wg:Support"]);
            self.graph.link(&iri, "wg:slot", expand(slot));
            self.graph.link(&iri, "wg:evidence", evidence);
            self.graph.text(&iri, "wg:reason", &support.reason);
            for reference in references {
                self.graph.link(&iri, "wg:reference", reference);
            }
            self.graph.link(claim_iri, "wg:support", iri);
        }
    }

    /// The property that the support stands under: the one of a pair that the claim really has.
    fn slot(&self, claim: &Claim, slot: Slot) -> &'static str {
        let open = |days: Option<Days>| days.is_some_and(|d| d.start.is_none());
        match slot {
            Slot::Value => match claim.figure.as_ref().map(|f| f.quantity.amount) {
                Some(Amount::Range(..)) => "schema:minValue",
                Some(Amount::Vague) => "wg:valueText",
                _ => "schema:value",
            },
            Slot::Time if open(claim.when) => "wg:endDate",
            Slot::AsOf if open(claim.as_of) => "wg:asOfEnd",
            other => property(other),
        }
    }
}

/// Two decimals, canonical.
fn format_confidence(confidence: f32) -> String {
    let hundredths = (confidence.clamp(0.0, 1.0) * 100.0).round() as i64;
    decimal(Decimal::new(hundredths, 2))
}

/// The address as an IRI, where it is one.
fn address(url: &str) -> Option<String> {
    let good = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`');
    ((url.starts_with("https://") || url.starts_with("http://")) && url.chars().all(good)).then(|| url.to_owned())
}
