//! What one article says, as triples: the article, its references, its claims and their evidence. Nothing here depends on another article.

use super::iri::{Fields, Instance, Iri, Minter};
use super::{Graph, signature};
use crate::types::{Amount, Analysis, Bound, ByteSpan, Claim, Days, Kind, Metadata, Quantity, Reference, Scope, Slot, SourceSpan};
use jiff::Timestamp;
use jiff::civil::DateTime;
use oxigraph::model::NamedNode;
use rust_decimal::Decimal;
use rustc_hash::{FxHashMap, FxHashSet};
use std::fmt::Write;

/// Characters of context on either side of a quote.
const CONTEXT_CHARACTERS: usize = 32;

/// The facts of one analysed article. `agent` is the software agent that claims are attributed to.
#[must_use]
pub fn facts(analysis: &Analysis, minter: &Minter, agent: &Iri) -> Graph {
    let document = &analysis.document;
    let article = minter.article(&document.sha256, document.story_start);
    let of_article = minter.of(&article);
    let graph = Graph::new(minter);
    let mut writer =
        Writer { graph, minter, analysis, article, of_article, by_span: FxHashMap::default(), evidence_of: FxHashMap::default() };
    writer.article();
    writer.references();
    let mut written = FxHashSet::default();
    for claim in &analysis.extraction.claims {
        // A second claim of the same event on the same number would be the same node with two of everything.
        if let Some(iri) = writer.claim_iri(claim).filter(|iri| written.insert(iri.clone())) {
            writer.claim(&iri, claim, agent);
        }
    }
    writer.graph
}

/// The IRI of the claim on a number, as [`facts`] writes it.
#[must_use]
pub fn claim_at(analysis: &Analysis, minter: &Minter, number: ByteSpan, event: &str) -> Option<Iri> {
    let article = minter.article(&analysis.document.sha256, analysis.document.story_start);
    let on_it = |claim: &&Claim| claim.figure.as_ref().is_some_and(|f| f.quantity.number == number);
    let first = analysis.extraction.claims.iter().find(on_it)?;
    let fields = minter.of(&article).bytes(analysis.document.map.to_source(number)?);
    Some(if first.event == event { fields } else { fields.text(event) }.mint(Instance::Claim))
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

/// The IRI of an event type: of a local name of the ontology, or of the user's name with a prefix or in full.
fn event_iri(event: &str) -> Iri {
    if event.contains(':') { Iri::named(event) } else { Iri::named(&format!("wg:{event}")) }
}

struct Writer<'a> {
    graph: Graph,
    minter: &'a Minter,
    analysis: &'a Analysis,
    article: Iri,
    /// The fields of what stands in the article, up to the article.
    of_article: Fields,
    by_span: FxHashMap<ByteSpan, Vec<Iri>>,
    /// What is written already.
    evidence_of: FxHashMap<ByteSpan, Iri>,
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
        graph.maybe(&iri, "wg:captured", captured.as_deref().and_then(moment));
        if let Some(url) = url.as_deref().and_then(address) {
            graph.link(&iri, "schema:url", Iri::named(&url));
        }
        graph.text(&iri, "wg:sourceFile", &self.analysis.document.source_file);
        graph.text(&iri, "wg:sha256", &self.analysis.document.sha256);
        graph.maybe(&iri, "wg:minHash", signature::signature(&self.analysis.document.text));
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
        let iri = self.of_article.clone().text(slot).text(name).mint(Instance::Reference);
        self.graph.types(&iri, &["wg:Reference"]);
        self.graph.text(&iri, "schema:name", name);
        self.graph.text(&iri, "wg:kind", kind.name());
        self.graph.text(&iri, "wg:reason", reason);
        self.graph.link(&iri, "schema:appearance", self.article.clone());
        self.graph.link(&iri, "wg:slot", Iri::named(slot));
    }

    fn references(&mut self) {
        let analysis = self.analysis;
        let dateline = analysis.document.meta.dateline.as_ref().map(|d| d.span);
        let mut filed_from: Option<(u32, Iri)> = None;
        for reference in &analysis.references {
            let Some(bytes) = reference.mentions.first().and_then(|span| analysis.document.map.to_source(*span)) else { continue };
            let iri = self.of_article.clone().bytes(bytes).mint(Instance::Reference);
            if reference.kind == Kind::Time {
                continue;
            }
            for span in &reference.mentions {
                self.by_span.entry(*span).or_default().push(iri.clone());
            }
            self.reference(&iri, reference);
            let opens = |span: &&ByteSpan| reference.kind == Kind::Place && dateline.is_some_and(|line| line.covers(**span));
            if let Some(first) = reference.mentions.iter().find(opens)
                && filed_from.as_ref().is_none_or(|(start, _)| first.start < *start)
            {
                filed_from = Some((first.start, iri));
            }
        }
        // "KYIV, Ukraine": the story was filed from the first place named.
        if let Some((_, iri)) = filed_from {
            self.graph.link(&iri, "wg:slot", Iri::named("schema:locationCreated"));
        }
    }

    fn reference(&mut self, iri: &Iri, reference: &Reference) {
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
                let mention = self.of_article.clone().bytes(bytes).mint(Instance::Evidence);
                self.resource(&mention, bytes);
                self.graph.link(iri, "wg:mention", mention);
            }
        }
    }

    /// A place in the source with its position selector.
    fn resource(&mut self, iri: &Iri, bytes: SourceSpan) {
        if self.graph.holds(iri) {
            return;
        }
        let selector = self.of_article.clone().bytes(bytes).text("position").mint(Instance::Selector);
        self.graph.types(iri, &["oa:SpecificResource"]);
        self.graph.link(iri, "oa:hasSource", self.article.clone());
        self.graph.link(iri, "oa:hasSelector", selector.clone());
        self.graph.types(&selector, &["oa:DataPositionSelector"]);
        self.graph.integer(&selector, "oa:start", bytes.start);
        self.graph.integer(&selector, "oa:end", bytes.end);
    }

    /// A place in the source with position and quote.
    fn evidence(&mut self, span: ByteSpan) -> Option<Iri> {
        if let Some(written) = self.evidence_of.get(&span) {
            return Some(written.clone());
        }
        let bytes = self.analysis.document.map.to_source(span)?;
        let text = &self.analysis.document.text;
        let here = self.of_article.clone().bytes(bytes);
        let quote = here.clone().text("quote");
        let (mut selector, mut iri) = (quote.clone().mint(Instance::Selector), here.clone().mint(Instance::Evidence));
        // Two runs of text may come from the same bytes, where a piece of the source is mapped as a whole; each keeps its own words.
        if self.graph.node(&selector).texts("oa:exact").any(|exact| exact != span.of(text)) {
            selector = quote.text(span.of(text)).mint(Instance::Selector);
            iri = here.text(span.of(text)).mint(Instance::Evidence);
        }
        self.resource(&iri, bytes);
        let (before, after) = (&text[..span.start as usize], &text[span.end as usize..]);
        let from = before.char_indices().rev().nth(CONTEXT_CHARACTERS - 1).map_or(0, |(at, _)| at);
        let to = after.char_indices().nth(CONTEXT_CHARACTERS).map_or(after.len(), |(at, _)| at);
        self.graph.link(&iri, "oa:hasSelector", selector.clone());
        self.graph.types(&selector, &["oa:TextQuoteSelector"]);
        self.graph.text(&selector, "oa:exact", span.of(text));
        self.graph.text(&selector, "oa:prefix", &before[from..]);
        self.graph.text(&selector, "oa:suffix", &after[..to]);
        self.evidence_of.insert(span, iri.clone());
        Some(iri)
    }

    fn claim(&mut self, iri: &Iri, claim: &Claim, agent: &Iri) {
        let analysis = self.analysis;
        let text = &analysis.document.text;
        let sentence = analysis.split.sentences[claim.sentence].span;
        let Some(evidence) = self.evidence(sentence) else { return };
        match &claim.figure {
            Some(figure) => {
                self.graph.types(iri, &["wg:Claim", "schema:Claim", "schema:Observation"]);
                let quantity = &figure.quantity;
                match quantity.amount {
                    Amount::Value(value) => self.graph.text(iri, "schema:value", decimal(value)),
                    Amount::Range(low, high) => {
                        self.graph.text(iri, "schema:minValue", decimal(low));
                        self.graph.text(iri, "schema:maxValue", decimal(high));
                    }
                    Amount::Vague => {}
                }
                let bound = match quantity.amount {
                    Amount::Range(..) => Bound::Range,
                    Amount::Vague => Bound::Vague,
                    Amount::Value(_) => quantity.bound,
                };
                self.graph.text(iri, "wg:bound", bound.name());
                self.graph.text(iri, "wg:valueText", quantity.span.of(text));
                self.graph.maybe(iri, "schema:unitText", quantity.unit.as_deref());
                self.graph.maybe(iri, "wg:counted", figure.counted.as_ref().map(|c| c.text.as_str()));
            }
            None => self.graph.types(iri, &["wg:Relation", "schema:Claim"]),
        }
        self.graph.text(iri, "schema:text", sentence.of(text));
        for event in std::iter::once(&claim.event).chain(&claim.broader) {
            self.graph.link(iri, "wg:eventType", event_iri(event));
        }
        self.graph.text(iri, "wg:predicate", &claim.predicate);
        self.days(iri, claim.when, "wg:startDate", "wg:endDate");
        self.days(iri, claim.as_of, "wg:asOfStart", "wg:asOfEnd");
        self.graph.maybe(iri, "wg:timeText", claim.time.map(|span| span.of(text)));
        self.graph.maybe(iri, "wg:attributionText", claim.attribution.map(|span| span.of(text)));
        self.graph.text(iri, "wg:certainty", claim.certainty.name());
        self.graph.maybe(
            iri,
            "wg:scope",
            claim.scope.map(|scope| match scope {
                Scope::Total => "total",
                Scope::Increment => "increment",
            }),
        );
        self.graph.maybe(iri, "wg:wholeText", claim.whole.map(|span| span.of(text)));
        self.graph.text(iri, "wg:confidence", format_confidence(claim.confidence));
        self.graph.link(iri, "schema:appearance", self.article.clone());
        self.graph.link(iri, "prov:wasDerivedFrom", evidence);
        self.graph.link(iri, "prov:wasAttributedTo", agent.clone());
        self.supports(iri, claim);
    }

    /// A claim's IRI: its article and the bytes of its number's words, and the event type for a further claim on the same number. A relation has no
    /// number: the bytes of its predicate and of its roles stand for it.
    fn claim_iri(&self, claim: &Claim) -> Option<Iri> {
        let map = &self.analysis.document.map;
        let Some(figure) = &claim.figure else {
            let bytes = map.to_source(claim.predicate_span)?;
            let mut roles: Vec<String> = claim.roles.iter().map(|r| format!("{:?} {}", r.slot, r.span.start)).collect();
            roles.sort();
            return Some(self.of_article.clone().bytes(bytes).text(&claim.event).text(&roles.join(",")).mint(Instance::Relation));
        };
        claim_at(self.analysis, self.minter, figure.quantity.number, &claim.event)
    }

    fn days(&mut self, iri: &Iri, days: Option<Days>, start: &'static str, end: &'static str) {
        let Some(days) = days else { return };
        self.graph.maybe(iri, start, days.start.map(|d| d.to_string()));
        self.graph.maybe(iri, end, days.end.map(|d| d.to_string()));
    }

    fn supports(&mut self, claim_iri: &Iri, claim: &Claim) {
        let of_claim = self.minter.of(claim_iri);
        for support in &claim.support {
            let references = self.references_of(claim, support.slot, support.span);
            for slot in filled(claim, support.slot) {
                self.support((claim_iri, &of_claim), slot, support.span, &support.reason, &references);
            }
        }
        if let Some(Quantity { span, amount, bound, unit_span, unit, .. }) = claim.figure.as_ref().map(|f| &f.quantity) {
            if *bound != Bound::Exact || !matches!(amount, Amount::Value(_)) {
                self.support((claim_iri, &of_claim), "wg:bound", *span, "the cue of the number", &[]);
            }
            if let (Some(words), Some(_)) = (unit_span, unit) {
                self.support((claim_iri, &of_claim), "schema:unitText", *words, "the unit of the number", &[]);
            }
        }
    }

    fn support(&mut self, (claim, of_claim): (&Iri, &Fields), slot: &str, span: ByteSpan, reason: &str, references: &[Iri]) {
        let Some(bytes) = self.analysis.document.map.to_source(span) else { return };
        let iri = of_claim.clone().text(slot).bytes(bytes).mint(Instance::Support);
        let Some(evidence) = self.evidence(span) else { return };
        // Two supports of one slot from bytes that are mapped as a whole are one, and the first one's words stand.
        if self.graph.node(&iri).links("wg:evidence").any(|known| *known != evidence) {
            return;
        }
        self.graph.types(&iri, &["wg:Support"]);
        self.graph.link(&iri, "wg:slot", Iri::named(slot));
        self.graph.link(&iri, "wg:evidence", evidence);
        self.graph.text(&iri, "wg:reason", reason);
        for reference in references {
            self.graph.link(&iri, "wg:reference", reference.clone());
        }
        self.graph.link(claim, "wg:support", iri);
    }

    /// The references through which a support leads to entities. A slot that holds one entity takes the first of its roles' references.
    fn references_of(&self, claim: &Claim, slot: Slot, span: ByteSpan) -> Vec<Iri> {
        let of = |span: ByteSpan| self.by_span.get(&span).map_or(&[][..], Vec::as_slice);
        let mut roles = claim.roles.iter().filter(|role| role.slot == slot);
        match slot {
            Slot::CountedActor | Slot::Place | Slot::Origin | Slot::Author => {
                let first = roles.find_map(|role| of(role.span).first());
                of(span).iter().filter(|iri| Some(*iri) == first).cloned().collect()
            }
            _ if roles.next().is_some() => of(span).to_vec(),
            _ => Vec::new(),
        }
    }
}

/// The properties that the words of a slot fill: the ones of a pair that the claim really has.
fn filled(claim: &Claim, slot: Slot) -> Vec<&'static str> {
    let days = |days: Option<Days>, start: &'static str, end: &'static str| {
        let found = [days.and_then(|d| d.start).map(|_| start), days.and_then(|d| d.end).map(|_| end)];
        let found: Vec<&str> = found.into_iter().flatten().collect();
        // Words that no date could be made of still are the time's words.
        if found.is_empty() { vec!["wg:timeText"] } else { found }
    };
    match slot {
        Slot::Value => match claim.figure.as_ref().map(|f| f.quantity.amount) {
            Some(Amount::Range(..)) => vec!["schema:minValue", "schema:maxValue"],
            Some(Amount::Vague) => vec!["wg:valueText"],
            _ => vec!["schema:value"],
        },
        Slot::Time => days(claim.when, "wg:startDate", "wg:endDate"),
        Slot::AsOf => days(claim.as_of, "wg:asOfStart", "wg:asOfEnd"),
        other => vec![property(other)],
    }
}

/// Two decimals, canonical.
fn format_confidence(confidence: f32) -> String {
    let hundredths = (confidence.clamp(0.0, 1.0) * 100.0).round() as i64;
    decimal(Decimal::new(hundredths, 2))
}

/// The moment as `xsd:dateTime`: in UTC, or with no zone where it has none; nothing where it is none or names a day alone.
fn moment(text: &str) -> Option<String> {
    let text = text.trim();
    let in_utc = text.parse::<Timestamp>().map(|moment| moment.to_string());
    in_utc.ok().or_else(|| text.contains(':').then(|| text.parse::<DateTime>().ok())?.map(|moment| moment.to_string()))
}

/// The address as an IRI, where it is one: what no IRI may hold is percent-encoded.
fn address(url: &str) -> Option<String> {
    let url = url.trim();
    if !(url.starts_with("https://") || url.starts_with("http://")) {
        return None;
    }
    let mut iri = String::with_capacity(url.len());
    for (at, c) in url.char_indices() {
        let escaped = || url.as_bytes().get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
        let bad = c.is_whitespace()
            || c.is_control()
            || matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`')
            || (c == '%' && !escaped());
        if bad {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                let _ = write!(iri, "%{byte:02X}");
            }
        } else {
            iri.push(c);
        }
    }
    NamedNode::new(iri).ok().map(NamedNode::into_string)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::iri::DEFAULT_BASE;
    use crate::graph::{Value, fixtures};

    fn written(analysis: &Analysis) -> Graph {
        facts(analysis, &Minter::new(DEFAULT_BASE), &Iri::named("https://example.org/agent"))
    }

    fn with<'g>(graph: &'g Graph, property: &str) -> Vec<&'g Iri> {
        graph.nodes().filter(|node| node.values(property).next().is_some()).map(|node| node.iri).collect()
    }

    fn claims(graph: &Graph) -> Vec<&Iri> {
        with(graph, "wg:support")
    }

    fn slots(graph: &Graph, claim: &Iri) -> Vec<Iri> {
        graph.node(claim).links("wg:support").flat_map(|s| graph.node(s).links("wg:slot").cloned()).collect()
    }

    #[test]
    fn addresses_are_iris_or_nothing() {
        assert_eq!(address("https://a.example/x?y=1&z=é").as_deref(), Some("https://a.example/x?y=1&z=é"));
        assert_eq!(address(" http://a.example/a b|c%zz%20 ").as_deref(), Some("http://a.example/a%20b%7Cc%25zz%20"));
        assert_eq!(address("ftp://a.example/"), None);
        assert_eq!(address("https://[1/"), None);
        assert_eq!(address("/news/1"), None);
    }

    #[test]
    fn moments_are_in_utc_or_nothing() {
        assert_eq!(moment("2025-03-13T06:00:00Z").as_deref(), Some("2025-03-13T06:00:00Z"));
        assert_eq!(moment("2025-03-13 08:00:00+02:00").as_deref(), Some("2025-03-13T06:00:00Z"));
        assert_eq!(moment("2025-03-13T06:00:00").as_deref(), Some("2025-03-13T06:00:00"));
        assert_eq!(moment("2025-03-13"), None);
        assert_eq!(moment("yesterday"), None);
    }

    #[test]
    fn a_range_and_its_days_are_supported_at_both_ends() {
        let graph = written(&fixtures::analyses()[0]);
        let range = claims(&graph).into_iter().find(|c| graph.node(c).texts("wg:bound").any(|b| b == "range")).expect("a range");
        let slots = slots(&graph, range);
        for slot in ["schema:minValue", "schema:maxValue", "wg:asOfStart", "wg:asOfEnd", "wg:bound"] {
            assert!(slots.iter().any(|s| s.is(slot)), "{slot} in {slots:?}");
        }
    }

    #[test]
    fn words_without_a_date_support_the_words() {
        let mut analysis = fixtures::analyses().swap_remove(0);
        for claim in &mut analysis.extraction.claims {
            (claim.when, claim.as_of) = (None, None);
        }
        let graph = written(&analysis);
        let with_words = claims(&graph).into_iter().filter(|c| graph.node(c).texts("wg:timeText").next().is_some());
        for claim in with_words {
            assert!(slots(&graph, claim).iter().any(|s| s.is("wg:timeText")));
        }
    }

    #[test]
    fn a_claim_told_twice_is_one() {
        let mut analysis = fixtures::analyses().swap_remove(0);
        let once = written(&analysis);
        let mut again = analysis.extraction.claims[0].clone();
        again.predicate = "slay".into();
        analysis.extraction.claims.push(again);
        assert_eq!(written(&analysis), once);
    }

    #[test]
    fn a_slot_of_one_entity_goes_through_one_reference() {
        let mut analysis = fixtures::analyses().swap_remove(0);
        let other = analysis.extraction.claims[1].roles.iter().find(|r| r.slot == Slot::Place).cloned().expect("a place");
        let claim = &mut analysis.extraction.claims[0];
        claim.support.push(crate::types::Support { slot: Slot::Place, span: other.span, reason: "nearby".into() });
        claim.roles.push(other);
        let graph = written(&analysis);
        for claim in claims(&graph) {
            let through = |s: &&Iri| graph.node(s).links("wg:slot").any(|p| p.is("wg:place"));
            let references: Vec<&Iri> =
                graph.node(claim).links("wg:support").filter(through).flat_map(|s| graph.node(s).links("wg:reference")).collect();
            assert!(references.len() <= 1);
        }
    }

    #[test]
    fn a_story_is_filed_from_the_first_place_of_its_dateline() {
        let graph = written(&fixtures::analyses()[0]);
        let place = |iri: &&&Iri| graph.node(iri).links("wg:slot").any(|slot| slot.is("schema:locationCreated"));
        let slotted = with(&graph, "wg:slot");
        let filed: Vec<&&Iri> = slotted.iter().filter(place).collect();
        assert_eq!(filed.len(), 1);
        assert_eq!(graph.node(filed[0]).texts("wg:gazetteerKey").next(), Some("place/692194"));
    }

    #[test]
    fn evidence_quotes_the_words_and_the_bytes() {
        let analysis = &fixtures::analyses()[1];
        let graph = written(analysis);
        let source = format!("<p>{}", analysis.document.text);
        let mut quotes = 0;
        for iri in with(&graph, "oa:hasSelector") {
            let selectors: Vec<&Iri> = graph.node(iri).links("oa:hasSelector").collect();
            let one = |property: &str| selectors.iter().find_map(|s| graph.node(s).values(property).next());
            let (Some(Value::Integer(start)), Some(Value::Integer(end))) = (one("oa:start"), one("oa:end")) else { panic!("no bytes") };
            if let Some(Value::Text(exact)) = one("oa:exact") {
                assert_eq!(&source[*start as usize..*end as usize], exact);
                quotes += 1;
            }
            assert!(graph.node(iri).links("oa:hasSource").next().is_some());
        }
        assert!(quotes > 8, "{quotes}");
    }
}
