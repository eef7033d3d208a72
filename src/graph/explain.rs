//! A claim told to people: its sentence with every slot marked in it, why each slot is what it is, whose figure it is and where it stands.
//!
//! Nothing but the graph is read.

use super::conclusions::LINKS;
use super::store::{GraphStore, Term, plain};
use super::vocabulary::{compact, expand};
use super::width;
use crate::error::{Error, Result};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

/// Columns that a line of the sentence may take.
const LINE: usize = 100;
/// What to do where nothing comes near.
const LIST: &str = "`query GRAPH --named claims-with-evidence` lists the claims";
/// How many claims an error names.
const CANDIDATES: usize = 5;

/// Slots in the order in which they are told.
const SLOTS: &[&str] = &[
    "wg:eventType",
    "wg:predicate",
    "schema:value",
    "schema:minValue",
    "schema:maxValue",
    "wg:bound",
    "wg:valueText",
    "schema:unitText",
    "wg:counted",
    "wg:countedActor",
    "wg:agent",
    "wg:recipient",
    "wg:equipment",
    "wg:place",
    "wg:origin",
    "wg:startDate",
    "wg:endDate",
    "wg:asOfStart",
    "wg:asOfEnd",
    "wg:timeText",
    "schema:author",
    "wg:relayedBy",
    "wg:attributionText",
    "wg:certainty",
    "wg:scope",
    "wg:wholeText",
];

/// Tells one claim or relation. `claim` is its IRI, or any beginning or ending of the IRI's last part that no other has; `colour` asks for
/// the terminal's colours.
///
/// # Errors
/// When no claim fits, naming those that come nearest; when several do; when the graph holds no sentence for it.
pub fn explain(graph: &GraphStore, claim: &str, colour: bool) -> Result<String> {
    let iri = find(graph, claim)?;
    let claim = Node::read(graph, &iri)?;
    let no_sentence = || Error::Graph(format!("{iri}: the graph holds no sentence for it"));
    let sentence = claim.one("schema:text").ok_or_else(no_sentence)?.to_owned();
    let evidence = claim.one("prov:wasDerivedFrom").map(|e| Words::read(graph, e)).transpose()?.flatten().ok_or_else(no_sentence)?;
    let mut supports = Vec::new();
    for support in claim.all("wg:support") {
        supports.extend(Why::read(graph, support)?);
    }
    supports.sort_by_key(|why| (why.words.bytes.0, why.words.bytes.1, rank(&why.slot)));
    let paint = Paint { colour };
    let mut out = String::new();
    let title = [claim.one("wg:eventType").map(local), claim.one("wg:valueText"), claim.one("wg:counted")];
    let title: Vec<&str> = title.into_iter().flatten().collect();
    let _ = writeln!(out, "{}\n{}\n", paint.bold(&width::one_line(&title.join(" · "))), paint.dim(&iri));
    mark(&mut out, &sentence, &evidence, &supports, &paint);
    elsewhere(&mut out, &evidence, &supports, &paint);
    slots(graph, &mut out, &claim, &supports, &paint)?;
    links(graph, &mut out, &iri, &claim, &paint)?;
    corrections(graph, &mut out, &claim, &paint)?;
    provenance(graph, &mut out, &claim, &evidence, &paint)?;
    Ok(out)
}

/// A node's properties under their prefixed names.
struct Node {
    properties: BTreeMap<String, Vec<Term>>,
}

impl Node {
    fn read(graph: &GraphStore, iri: &str) -> Result<Node> {
        let mut properties: BTreeMap<String, Vec<Term>> = BTreeMap::new();
        for (property, value) in graph.properties(iri)? {
            properties.entry(compact(&property)).or_default().push(value);
        }
        Ok(Node { properties })
    }

    fn all(&self, property: &str) -> impl Iterator<Item = &str> {
        self.properties.get(property).into_iter().flatten().map(plain)
    }

    fn one(&self, property: &str) -> Option<&str> {
        self.all(property).next()
    }
}

/// Words of the source: an `oa:SpecificResource`.
struct Words {
    exact: String,
    prefix: String,
    suffix: String,
    bytes: (u64, u64),
}

impl Words {
    fn read(graph: &GraphStore, evidence: &str) -> Result<Option<Words>> {
        let mut all = Node::read(graph, evidence)?;
        let selectors: Vec<String> = all.all("oa:hasSelector").map(str::to_owned).collect();
        for selector in &selectors {
            all.properties.extend(Node::read(graph, selector)?.properties);
        }
        let number = |property: &str| all.one(property).and_then(|n| n.parse().ok());
        let (Some(exact), Some(start), Some(end)) = (all.one("oa:exact"), number("oa:start"), number("oa:end")) else { return Ok(None) };
        let text = |property: &str| all.one(property).unwrap_or_default().to_owned();
        Ok(Some(Words { exact: exact.to_owned(), prefix: text("oa:prefix"), suffix: text("oa:suffix"), bytes: (start, end) }))
    }

    /// Where the words stand in a sentence, if they do: where what is before and after them agrees with their quote's context.
    fn within(&self, sentence: &str, of: &Words) -> Option<Range<usize>> {
        if self.bytes.0 < of.bytes.0 || self.bytes.1 > of.bytes.1 || self.exact.is_empty() {
            return None;
        }
        let agree = |at: usize| {
            let (before, after) = (&sentence[..at], &sentence[at + self.exact.len()..]);
            (before.ends_with(&self.prefix) || self.prefix.ends_with(before))
                && (after.starts_with(&self.suffix) || self.suffix.starts_with(after))
        };
        sentence.match_indices(&self.exact).map(|(at, _)| at).find(|at| agree(*at)).map(|at| at..at + self.exact.len())
    }
}

/// One support: the words that fill a slot, and why.
struct Why {
    slot: String,
    words: Words,
    reasons: Vec<String>,
    /// What it led to: the entity's name, or the article's for it; and why the mentions are one thing.
    through: Vec<(String, String)>,
}

impl Why {
    fn read(graph: &GraphStore, support: &str) -> Result<Option<Why>> {
        let node = Node::read(graph, support)?;
        let (Some(slot), Some(evidence)) = (node.one("wg:slot").map(compact), node.one("wg:evidence")) else { return Ok(None) };
        let Some(words) = Words::read(graph, evidence)? else { return Ok(None) };
        let mut through = Vec::new();
        for reference in node.all("wg:reference") {
            let reference = Node::read(graph, reference)?;
            let entity = reference.one("wg:refersTo").map(|iri| Node::read(graph, iri)).transpose()?;
            let name = entity.as_ref().and_then(|entity| entity.one("schema:name"));
            if let Some(name) = name.or(reference.one("skos:prefLabel")).or(reference.one("schema:name")) {
                let reasons = reference.all("wg:reason").chain(entity.iter().flat_map(|entity| entity.all("wg:reason")));
                through.push((name.to_owned(), reasons.collect::<Vec<_>>().join("; ")));
            }
        }
        Ok(Some(Why { slot, words, reasons: node.all("wg:reason").map(str::to_owned).collect(), through }))
    }
}

fn rank(slot: &str) -> usize {
    SLOTS.iter().position(|known| *known == slot).unwrap_or(SLOTS.len())
}

/// A name without its prefix or namespace.
fn local(name: &str) -> &str {
    name.rsplit(['#', '/', ':']).next().unwrap_or(name)
}

// Finding the claim

fn find(graph: &GraphStore, asked: &str) -> Result<String> {
    let asked = expand(asked.trim().trim_start_matches('<').trim_end_matches('>'));
    let exact = Node::read(graph, &asked)?;
    if exact.one("wg:support").is_some() {
        return Ok(asked);
    }
    if let Some(class) = exact.one("@type").or(exact.one("rdf:type")) {
        let reason = format!("{asked} is a {} and no claim or relation", local(class));
        return Err(Error::Usage { reason, hint: Some(LIST.to_owned()) });
    }
    let rows = graph.query(&format!("SELECT DISTINCT ?claim {{ ?claim <{}> ?support }} ORDER BY ?claim", expand("wg:support")))?;
    let claims: Vec<&str> = (0..rows.rows.len()).filter_map(|row| rows.text(row, "claim")).collect();
    let fits =
        |iri: &&&str| !asked.is_empty() && (iri.ends_with(&asked) || tail(iri).starts_with(&asked) || local(iri).starts_with(&asked));
    let found: Vec<&str> = claims.iter().filter(fits).copied().collect();
    match found.as_slice() {
        [one] => Ok((*one).to_owned()),
        [] if claims.is_empty() => Err(Error::Usage { reason: "the graph holds no claims".into(), hint: None }),
        [] => {
            let mut near: Vec<(usize, &str)> = claims.iter().map(|iri| (likeness(local(iri), local(&asked)), *iri)).collect();
            near.retain(|(likeness, _)| *likeness > 1);
            near.sort_by_key(|(likeness, iri)| (std::cmp::Reverse(*likeness), *iri));
            let near: Vec<&str> = near.into_iter().take(CANDIDATES).map(|(_, iri)| iri).collect();
            let hint = if near.is_empty() { LIST.to_owned() } else { format!("the nearest are\n{}", listed(graph, &near)?) };
            Err(Error::Usage { reason: format!("no claim or relation of the graph is “{asked}”"), hint: Some(hint) })
        }
        many => {
            let hint = format!("say more of one of\n{}", listed(graph, many)?);
            Err(Error::Usage { reason: format!("{} claims and relations fit “{asked}”", many.len()), hint: Some(hint) })
        }
    }
}

/// The last two parts of an IRI: "claim/0f3a…".
fn tail(iri: &str) -> &str {
    iri.rmatch_indices(['/', '#']).nth(1).map_or(iri, |(at, _)| &iri[at + 1..])
}

/// How many characters two names share at either end.
fn likeness(one: &str, other: &str) -> usize {
    let start = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let end = one.chars().rev().zip(other.chars().rev()).take_while(|(a, b)| a == b).count();
    start.max(end)
}

fn listed(graph: &GraphStore, claims: &[&str]) -> Result<String> {
    let mut lines = Vec::new();
    for iri in claims.iter().take(CANDIDATES) {
        let node = Node::read(graph, iri)?;
        let event = node.one("wg:eventType").map_or("", local);
        let start: String = width::one_line(node.one("schema:text").unwrap_or_default()).chars().take(60).collect();
        lines.push(format!("  {} {event}: {start}…", tail(iri)));
    }
    if claims.len() > CANDIDATES {
        lines.push(format!("  … and {} more", claims.len() - CANDIDATES));
    }
    Ok(lines.join("\n"))
}

// Telling it

struct Paint {
    colour: bool,
}

impl Paint {
    fn with(&self, code: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn bold(&self, text: &str) -> String {
        self.with("1", text)
    }

    fn dim(&self, text: &str) -> String {
        self.with("2", text)
    }

    /// One colour a slot, so that a slot has the same in the sentence and in the list.
    fn slot(&self, slot: &str, text: &str) -> String {
        const CODES: &[&str] = &["36", "33", "32", "35", "34", "31"];
        self.with(CODES[rank(slot) % CODES.len()], text)
    }
}

/// Words of the sentence and the slots that they fill.
struct Mark {
    bytes: Range<usize>,
    slots: Vec<String>,
}

/// The sentence, folded, with its marks below each line.
fn mark(out: &mut String, sentence: &str, evidence: &Words, supports: &[Why], paint: &Paint) {
    let mut marks: Vec<Mark> = Vec::new();
    for why in supports {
        let Some(bytes) = why.words.within(sentence, evidence) else { continue };
        match marks.iter_mut().find(|mark| mark.bytes == bytes) {
            Some(known) if known.slots.contains(&why.slot) => {}
            Some(known) => known.slots.push(why.slot.clone()),
            None => marks.push(Mark { bytes, slots: vec![why.slot.clone()] }),
        }
    }
    marks.sort_by_key(|mark| (mark.bytes.start, std::cmp::Reverse(mark.bytes.end)));
    for line in fold(sentence) {
        let _ = writeln!(out, "  {}", width::one_line(&sentence[line.clone()]));
        // Rows of (column, columns taken, slot, text); a mark goes to the first row that has room for it and its label.
        let mut rows: Vec<Vec<(usize, usize, &str, String)>> = Vec::new();
        for Mark { bytes, slots } in &marks {
            let (from, to) = (bytes.start.max(line.start), bytes.end.min(line.end));
            if from >= to {
                continue;
            }
            let column = width::of(&sentence[line.start..from]);
            let label: Vec<&str> = slots.iter().map(|slot| local(slot)).collect();
            let carried = if bytes.start < line.start { "…" } else { "" };
            let text = format!("{} {carried}{}", "^".repeat(width::of(&sentence[from..to]).max(1)), label.join(", "));
            let taken = width::of(&text);
            let free = |row: &&mut Vec<(usize, usize, &str, String)>| {
                row.iter().all(|(at, long, ..)| column >= at + long + 2 || column + taken + 2 <= *at)
            };
            match rows.iter_mut().find(free) {
                Some(row) => row.push((column, taken, &slots[0], text)),
                None => rows.push(vec![(column, taken, &slots[0], text)]),
            }
        }
        for row in rows {
            let (mut shown, mut at) = (String::new(), 0);
            for (column, taken, slot, text) in row {
                let _ = write!(shown, "{}{}", " ".repeat(column - at), paint.slot(slot, &text));
                at = column + taken;
            }
            let _ = writeln!(out, "  {shown}");
        }
    }
    out.push('\n');
}

/// The sentence in lines that break at spaces; a word longer than a line stands alone on one.
fn fold(sentence: &str) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let (mut start, mut space, mut columns) = (0, None, 0);
    for (at, c) in sentence.char_indices() {
        if c == ' ' {
            space = Some(at);
        }
        columns += width::of_char(c);
        if columns > LINE
            && let Some(cut) = space.take()
        {
            lines.push(start..cut);
            start = cut + 1;
            columns = width::of(&sentence[start.min(at)..at + c.len_utf8()]);
        }
    }
    lines.push(start..sentence.len());
    lines
}

/// Words that fill a slot and stand outside the sentence.
fn elsewhere(out: &mut String, evidence: &Words, supports: &[Why], paint: &Paint) {
    let outside = |why: &&Why| why.words.bytes.0 < evidence.bytes.0 || why.words.bytes.1 > evidence.bytes.1;
    let mut shown = false;
    for Why { slot, words, .. } in supports.iter().filter(outside) {
        if !std::mem::replace(&mut shown, true) {
            let _ = writeln!(out, "{}", paint.bold("elsewhere in the article"));
        }
        let marked = format!("[{}]", width::one_line(&words.exact));
        let (prefix, suffix) = (width::one_line(&words.prefix), width::one_line(&words.suffix));
        let _ = writeln!(out, "  {}: …{prefix}{}{suffix}…", local(slot), paint.slot(slot, &marked));
    }
    if shown {
        out.push('\n');
    }
}

/// Every slot: its value, the words it is from, and why.
fn slots(graph: &GraphStore, out: &mut String, claim: &Node, supports: &[Why], paint: &Paint) -> Result<()> {
    let _ = writeln!(out, "{}", paint.bold("why"));
    let mut told: Vec<(&str, String, Vec<&Why>)> = Vec::new();
    for slot in SLOTS {
        let whys: Vec<&Why> = supports.iter().filter(|why| why.slot == *slot).collect();
        let mut values = Vec::new();
        for term in claim.properties.get(*slot).into_iter().flatten() {
            values.push(match term {
                Term::NamedNode(node) => match Node::read(graph, node.as_str())?.one("schema:name") {
                    Some(name) => name.to_owned(),
                    None => local(node.as_str()).to_owned(),
                },
                other => plain(other).to_owned(),
            });
        }
        // A fragment holds facts alone: what the article calls it stands for the entity.
        if values.is_empty() {
            values.extend(whys.iter().flat_map(|why| &why.through).map(|(name, _)| name.clone()));
            values.dedup();
        }
        if !(values.is_empty() && whys.is_empty()) {
            told.push((slot, width::one_line(&values.join(", ")), whys));
        }
    }
    let name_width = told.iter().map(|(slot, ..)| local(slot).len()).max().unwrap_or(0);
    for (slot, value, whys) in told {
        let gap = " ".repeat(name_width - local(slot).len());
        let _ = writeln!(out, "  {}{gap}  {value}", paint.slot(slot, local(slot)));
        for why in whys {
            let reason = why.reasons.join("; ");
            let (start, end) = why.words.bytes;
            let _ = write!(out, "  {}  from “{}”, bytes {start}..{end}", " ".repeat(name_width), width::one_line(&why.words.exact));
            let _ = writeln!(out, ": {}", width::one_line(&reason));
            for (name, because) in why.through.iter().filter(|(name, _)| *name != why.words.exact) {
                let _ = writeln!(out, "  {}  which is {}: {}", " ".repeat(name_width), width::one_line(name), width::one_line(because));
            }
        }
    }
    out.push('\n');
    Ok(())
}

/// What other claims it repeats, contradicts, updates.
fn links(graph: &GraphStore, out: &mut String, iri: &str, claim: &Node, paint: &Paint) -> Result<()> {
    let mut shown = false;
    for link in LINKS {
        for other in claim.all(link) {
            if !std::mem::replace(&mut shown, true) {
                let _ = writeln!(out, "{}", paint.bold("other claims"));
            }
            let node = Node::read(graph, other)?;
            let words = [node.one("wg:valueText"), node.one("wg:counted")].into_iter().flatten().collect::<Vec<_>>().join(" ");
            let query = format!(
                "SELECT ?reason {{ ?s <{}> <{iri}> ; <{}> <{}> ; <{}> <{other}> ; <{}> ?reason }} ORDER BY ?reason",
                expand("rdf:subject"),
                expand("rdf:predicate"),
                expand(link),
                expand("rdf:object"),
                expand("wg:reason")
            );
            let reasons = graph.query(&query)?;
            let reason = reasons.text(0, "reason").unwrap_or("no reason given");
            let _ = writeln!(out, "  {} {} “{}”: {}", local(link), tail(other), width::one_line(&words), width::one_line(reason));
        }
    }
    if shown {
        out.push('\n');
    }
    Ok(())
}

/// What an analyst has put right.
fn corrections(graph: &GraphStore, out: &mut String, claim: &Node, paint: &Paint) -> Result<()> {
    let mut shown = false;
    for correction in claim.all("wg:correction") {
        if !std::mem::replace(&mut shown, true) {
            let _ = writeln!(out, "{}", paint.bold("corrections"));
        }
        let node = Node::read(graph, correction)?;
        let what = match (node.one("wg:slot"), node.one("wg:correctedTo")) {
            (Some(slot), Some(value)) => format!("{} is “{}”", local(slot), width::one_line(value)),
            _ => "rejected".to_owned(),
        };
        let (by, why) = (node.one("wg:by").unwrap_or("somebody"), node.one("wg:reason").unwrap_or("no reason given"));
        let _ = writeln!(out, "  {what}, says {}: {}", width::one_line(by), width::one_line(why));
    }
    if shown {
        out.push('\n');
    }
    Ok(())
}

/// Whose figure it is and where it stands.
fn provenance(graph: &GraphStore, out: &mut String, claim: &Node, evidence: &Words, paint: &Paint) -> Result<()> {
    let names = |property: &str| -> Result<Vec<String>> {
        let mut names = Vec::new();
        for iri in claim.all(property) {
            names.extend(Node::read(graph, iri)?.one("schema:name").map(str::to_owned));
        }
        Ok(names)
    };
    let article = Node::read(graph, claim.one("schema:appearance").unwrap_or_default())?;
    let outlet = article.one("schema:publisher").map(|iri| Node::read(graph, iri)).transpose()?;
    let outlet = outlet.as_ref().and_then(|node| node.one("schema:name"));
    let mut lines: Vec<(&str, String)> = Vec::new();
    let (author, relays) = (names("schema:author")?, names("wg:relayedBy")?);
    let mut whose = match (author.as_slice(), outlet) {
        ([], _) if claim.one("wg:attributionText").is_some() => "somebody the graph does not name".to_owned(),
        ([], Some(outlet)) => format!("{outlet}, for itself"),
        ([], None) => "the outlet, for itself".to_owned(),
        (names, _) => names.join(", "),
    };
    if !relays.is_empty() {
        let _ = write!(whose, ", passed on by {}", relays.join(", "));
    }
    lines.push(("whose figure", whose));
    lines.extend(claim.one("wg:confidence").map(|confidence| ("confidence", confidence.to_owned())));
    let headline = article.one("schema:headline").unwrap_or("no headline");
    let title: Vec<&str> = [Some(headline), outlet, article.one("schema:datePublished")].into_iter().flatten().collect();
    lines.push(("article", title.join(" · ")));
    lines.extend(article.all("schema:url").map(|url| ("address", url.to_owned())));
    let (start, end) = evidence.bytes;
    lines.extend(article.all("wg:sourceFile").map(|file| ("source", format!("{file}, bytes {start}..{end}"))));
    lines.extend(article.one("wg:sha256").map(|digest| ("sha256", digest.to_owned())));
    let widest = lines.iter().map(|(label, _)| label.len()).max().unwrap_or(0);
    for (label, value) in lines {
        let _ = writeln!(out, "{}{}  {}", paint.bold(label), " ".repeat(widest - label.len()), width::one_line(&value));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixtures;
    use crate::graph::iri::{DEFAULT_BASE, Iri, Minter};

    fn iri(store: &GraphStore, bound: &str, words: &str) -> String {
        let query = format!("SELECT ?c {{ ?c <{}> \"{bound}\" ; <{}> \"{words}\" }}", expand("wg:bound"), expand("wg:valueText"));
        store.query(&query).expect("rows").text(0, "c").expect("a claim").to_owned()
    }

    #[test]
    fn every_slot_is_marked_and_told() {
        let store = fixtures::store();
        let told = explain(&store, &iri(&store, "range", "between 300 and 350"), false).expect("a claim");
        insta::assert_snapshot!(told);
    }

    #[test]
    fn marks_stand_under_wide_characters() {
        let store = fixtures::store();
        let told = explain(&store, &iri(&store, "exact", "120.50"), false).expect("a claim");
        let lines: Vec<&str> = told.lines().collect();
        let at = lines.iter().position(|line| line.contains("北朝鮮")).expect("the sentence");
        let column = width::of(&lines[at][..lines[at].find("120.50").expect("the number")]);
        assert!(lines[at + 1..at + 6].iter().any(|line| line.find("^^^^^^ value") == Some(column)), "{told}");
    }

    #[test]
    fn a_beginning_or_an_ending_will_do() {
        let store = fixtures::store();
        let iri = iri(&store, "range", "between 300 and 350");
        let whole = explain(&store, &iri, false).expect("a claim");
        for part in [&iri[iri.len() - 32..iri.len() - 12], &iri[iri.len() - 12..], &format!("<{iri}>"), tail(&iri)] {
            assert_eq!(explain(&store, part, false).expect(part), whole);
        }
    }

    #[test]
    fn colour_changes_no_word() {
        let store = fixtures::store();
        let iri = iri(&store, "range", "between 300 and 350");
        let coloured = explain(&store, &iri, true).expect("a claim");
        let mut bare = String::new();
        let mut parts = coloured.split('\u{1b}');
        bare.push_str(parts.next().unwrap_or_default());
        parts.for_each(|part| bare.push_str(part.split_once('m').map_or("", |(_, rest)| rest)));
        assert_ne!(coloured, bare);
        assert_eq!(bare, explain(&store, &iri, false).expect("a claim"));
    }

    #[test]
    fn what_is_no_claim_is_refused_with_the_nearest() {
        let store = fixtures::store();
        let iri = iri(&store, "range", "between 300 and 350");
        let wrong = format!("{}xyz", &iri[..iri.len() - 6]);
        let error = explain(&store, &wrong, false).expect_err("no such claim");
        assert!(error.hint().is_some_and(|hint| hint.contains(tail(&iri))), "{error} {:?}", error.hint());
        let minter = Minter::new(DEFAULT_BASE);
        let error = explain(&store, &minter.written(&minter.listed("state/RU")), false).expect_err("an entity");
        assert!(error.to_string().contains("no claim"), "{error}");
        let error = explain(&store, "claim/", false).expect_err("several");
        assert!(error.to_string().contains("7 claims"), "{error}");
        let error = explain(&store, "zzzz", false).expect_err("nothing near");
        assert_eq!(error.hint(), Some(LIST));
        assert!(explain(&store, "", false).is_err());
        assert!(explain(&GraphStore::new().expect("memory"), "x", false).is_err());
    }

    #[test]
    fn facts_alone_are_enough() {
        let analysis = &fixtures::analyses()[0];
        let graph = crate::graph::facts::facts(analysis, &Minter::new(DEFAULT_BASE), &Iri::named("https://example.org/agent"));
        let mut out = Vec::new();
        graph.write_json_ld(&mut out).expect("memory");
        let store = GraphStore::new().expect("memory");
        store.load("facts", out.as_slice()).expect("a graph");
        let told = explain(&store, &iri(&store, "range", "between 300 and 350"), false).expect("a claim");
        assert!(told.contains("recipient") || told.contains("Ihor Marchenko"), "{told}");
    }

    #[test]
    fn folding_loses_nothing() {
        for text in ["", " ", "a", &"word ".repeat(60), &"x".repeat(300), &"北朝鮮 ".repeat(40)] {
            let lines = fold(text);
            assert!(lines.windows(2).all(|pair| pair[0].end + 1 == pair[1].start), "{text:?} {lines:?}");
            assert_eq!((lines[0].start, lines[lines.len() - 1].end), (0, text.len()));
        }
    }
}
