//! Which articles are copies of one another: reprints of agency copy, with or without the agency's name, whole or shortened a little.
//!
//! Articles that share a band of their [signatures](crate::graph::signature) are compared; no pair else is.

use super::Concluder;
use super::handed::{Channel, Emit, received, send, tell};
use super::roles::COPY;
use super::seen::hash;
use crate::error::Result;
use crate::graph::Graph;
use crate::graph::bytes::Id;
use crate::graph::signature::{VALUES, equal};
use crate::graph::sorter::Group as Records;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// Values of a band: a pair that agrees in all of one is compared.
const BAND: usize = 4;
/// Articles of a band that later ones are compared with, the last in order.
const KEPT: usize = 64;
/// Equal values from which one is a copy of the other.
const SAME: usize = 29;

/// An article's place in time: the earliest comes first, those without a day come last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Place {
    undated: bool,
    day: String,
    article: Id,
}

/// An article in a band.
#[derive(Debug, Serialize, Deserialize)]
struct Banded {
    place: Place,
    signature: String,
    /// Hashes of its addresses.
    addresses: Vec<u64>,
}

/// An article and one before it that it is like.
#[derive(Debug, Serialize, Deserialize)]
struct Alike {
    place: Place,
    addresses: Vec<u64>,
    other: Place,
    addresses_of_other: Vec<u64>,
}

/// One capture of an address.
#[derive(Debug, Serialize, Deserialize)]
struct Capture {
    captured: String,
    article: Id,
}

/// Sends an article to the bands of its signature, and to its addresses.
pub(super) fn send_article(article: Id, facts: &Graph, out: &mut dyn Emit) -> Result<()> {
    let iri = article.iri();
    let node = facts.node(&iri);
    for captured in node.texts("wg:captured") {
        for address in node.links("schema:url") {
            let capture = Capture { captured: captured.to_owned(), article };
            send(out, Channel::Captures, facts.written(address).as_bytes(), 0, &capture)?;
        }
    }
    let Some(signature) = node.texts("wg:minHash").next().filter(|s| s.len() == VALUES * 4) else { return Ok(()) };
    let day = node.texts("schema:datePublished").next();
    let banded = Banded {
        place: Place { undated: day.is_none(), day: day.unwrap_or_default().to_owned(), article },
        signature: signature.to_owned(),
        addresses: node.links("schema:url").map(|address| hash(&facts.written(address))).collect(),
    };
    for (band, values) in signature.as_bytes().chunks(BAND * 4).enumerate() {
        let mut group = vec![band as u8];
        group.extend_from_slice(values);
        send(out, Channel::Bands, &group, 0, &banded)?;
    }
    Ok(())
}

/// The two articles of a pair that are alike.
pub(super) fn pair(payload: &[u8]) -> Result<[Id; 2]> {
    let Alike { place, other, .. } = received(payload.get(1..).unwrap_or_default())?;
    Ok([place.article, other.article])
}

/// The pairs of a band that are alike.
pub(super) fn compare(records: &Records, out: &mut dyn Emit) -> Result<()> {
    if records.payloads().nth(1).is_none() {
        return Ok(());
    }
    let mut band: Vec<Banded> = records.payloads().map(|payload| received(&payload[1..])).collect::<Result<_>>()?;
    band.sort_by(|one, other| one.place.cmp(&other.place));
    let mut kept: VecDeque<&Banded> = VecDeque::new();
    for one in &band {
        // A band holds one article of each copy, so that ten thousand reprints are not compared with one another.
        match kept.iter().find(|other| equal(&one.signature, &other.signature) >= SAME) {
            Some(other) => {
                let (addresses, addresses_of_other) = (one.addresses.clone(), other.addresses.clone());
                send(
                    out,
                    Channel::Alike,
                    &[],
                    0,
                    &Alike { place: one.place.clone(), addresses, other: other.place.clone(), addresses_of_other },
                )?;
            }
            None => {
                kept.push_back(one);
                // Copies come within days of one another, and all articles of one form share a band.
                if kept.len() > KEPT {
                    kept.pop_front();
                }
            }
        }
    }
    Ok(())
}

/// Links each copy to the earliest article of the same copy. Holds what is a copy, and no other article.
pub(super) fn link(with: &Concluder<'_>, records: &Records, out: &mut dyn Emit) -> Result<()> {
    let mut pairs: Vec<Alike> = records.payloads().map(|payload| received(&payload[1..])).collect::<Result<_>>()?;
    pairs.sort_by(|one, other| (&one.place, &one.other).cmp(&(&other.place, &other.other)));
    let mut conclusions = Graph::new(with.minter);
    let mut first_of: FxHashMap<Id, (Place, Vec<u64>)> = FxHashMap::default();
    for same in pairs.chunk_by(|one, other| one.place == other.place) {
        let firsts = same.iter().map(|pair| {
            let of_other = first_of.get(&pair.other.article);
            of_other.cloned().unwrap_or_else(|| (pair.other.clone(), pair.addresses_of_other.clone()))
        });
        let Some(first) = firsts.min() else { continue };
        let Alike { place: Place { article, .. }, addresses, .. } = &same[0];
        send(out, Channel::Articles, first.0.article.as_bytes(), COPY, article)?;
        // Of two that stood under one address one is a revision of the other, and no reprint.
        if !addresses.iter().any(|address| first.1.contains(address)) {
            conclusions.link(&article.iri(), "wg:reprintOf", first.0.article.iri());
        }
        first_of.insert(*article, first);
    }
    tell(out, &conclusions)
}

/// Links captures of one address, each to the one before.
pub(super) fn revise(with: &Concluder<'_>, records: &Records, out: &mut dyn Emit) -> Result<()> {
    let mut captures: Vec<Capture> = records.payloads().map(|payload| received(&payload[1..])).collect::<Result<_>>()?;
    captures.sort_by(|one, other| (&one.captured, one.article).cmp(&(&other.captured, other.article)));
    let mut conclusions = Graph::new(with.minter);
    for pair in captures.windows(2) {
        if pair[0].captured < pair[1].captured {
            conclusions.link(&pair[1].article.iri(), "prov:wasRevisionOf", pair[0].article.iri());
        }
    }
    tell(out, &conclusions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixtures;
    use crate::graph::iri::{Iri, Minter};
    use crate::graph::signature::signature;

    const COPY: &str = "Twelve people were killed and 31 wounded on Wednesday when rockets fired from across the border hit a market, the army said. \
        About 20 rockets came down in two salvos shortly after nine, a spokesman told reporters. Three of the dead are children of one family, the governor \
        said by telephone. Some 6,500 residents were being moved to shelters more than 30 kilometres from the frontier. Both governments blamed each other.";

    fn likeness(a: &str, b: &str) -> usize {
        equal(&signature(a).expect("long enough"), &signature(b).expect("long enough"))
    }

    #[test]
    fn copies_are_alike_and_others_are_not() {
        let cut = COPY.rsplit_once(" Both governments").expect("there").0;
        assert_eq!(likeness(COPY, &COPY.to_uppercase()), VALUES);
        assert!(likeness(COPY, cut) >= SAME, "{}", likeness(COPY, cut));
        assert!(likeness(COPY, &COPY.replace("Twelve", "Nine")) >= SAME);
        // Another report of the same event, in its own words.
        let other = "Rockets struck a market near the frontier on Wednesday and killed twelve people, three of them children, officials said. Army spokesmen \
            counted two salvos in the morning. Residents of border villages were taken to shelters inland, about 6,500 in all, the governor of the province \
            told the agency. Each government has accused the other of having opened fire first, and both have called in ambassadors.";
        assert!(likeness(COPY, other) < SAME / 4, "{}", likeness(COPY, other));
        assert_eq!(signature("Too short to say."), None);
    }

    #[test]
    fn the_earliest_is_the_original_and_the_same_address_a_revision() {
        let minter = Minter::new(crate::graph::iri::DEFAULT_BASE);
        let mut graph = Graph::new(&minter);
        let mut article = |digest: &str, day: Option<&str>, text: &str, capture: Option<&str>| {
            let iri = minter.article(digest, 0);
            graph.types(&iri, &["schema:NewsArticle"]);
            graph.maybe(&iri, "schema:datePublished", day);
            graph.maybe(&iri, "wg:minHash", signature(text));
            if let Some(capture) = capture {
                graph.text(&iri, "wg:captured", capture);
                graph.link(&iri, "schema:url", Iri::named("https://post.example/a"));
            }
            iri
        };
        let first = article("a", Some("2025-05-03"), COPY, None);
        let undated = article("b", None, &COPY.replace("Twelve", "Nine"), None);
        let later = article("c", Some("2025-05-04"), COPY, Some("2025-05-04T10:00:00Z"));
        let again = article("d", Some("2025-05-04"), &COPY.replace("31", "33"), Some("2025-05-05T10:00:00Z"));
        article("e", Some("2025-05-01"), &COPY.split(' ').rev().collect::<Vec<_>>().join(" "), None);
        let conclude = |graph: &mut Graph| fixtures::concluder(&minter, |concluder| concluder.conclude(graph).expect("memory"));
        conclude(&mut graph);
        let to = |from: &Iri, property: &str| graph.node(from).links(property).cloned().collect::<Vec<_>>();
        for copy in [&undated, &later, &again] {
            assert_eq!(to(copy, "wg:reprintOf"), std::slice::from_ref(&first));
        }
        assert_eq!(to(&again, "prov:wasRevisionOf"), [later]);
        let mut alone = Graph::new(&minter);
        for (digest, day) in [("f", "2025-05-06"), ("g", "2025-05-07")] {
            let iri = minter.article(digest, 0);
            alone.types(&iri, &["schema:NewsArticle"]);
            alone.text(&iri, "schema:datePublished", day);
            alone.maybe(&iri, "wg:minHash", signature(COPY));
            alone.link(&iri, "schema:url", Iri::named("https://post.example/b"));
        }
        let before = alone.clone();
        conclude(&mut alone);
        assert_eq!(alone, before);
        assert_eq!(to(&first, "wg:reprintOf"), []);
    }
}
