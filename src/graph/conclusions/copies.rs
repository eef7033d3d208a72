//! Which articles are copies of one another: reprints of agency copy, with or without the agency's name, whole or shortened a little.
//!
//! Articles that share a band of their [signatures](crate::graph::signature) are compared; no pair else is.

use crate::graph::iri::Iri;
use crate::graph::signature::{VALUES, equal};
use crate::graph::{Graph, Node};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

/// Values of a band: a pair that agrees in all of one is compared.
const BAND: usize = 4;
/// Articles of a band that later ones are compared with, the last in order.
const KEPT: usize = 64;
/// Equal values from which one is a copy of the other.
const SAME: usize = 29;

/// The articles that are copies.
#[derive(Debug, Default)]
pub(super) struct Copies {
    first_of: FxHashMap<Iri, Iri>,
}

impl Copies {
    /// The earliest article of the same copy; `None` for that one itself, and for what has no copy.
    pub(super) fn first(&self, article: &Iri) -> Option<&Iri> {
        self.first_of.get(article)
    }
}

/// Links each copy to the earliest article of the same copy, and each article to what stood under its address before.
pub(super) fn link(graph: &Graph, conclusions: &mut Graph) -> Copies {
    let mut articles: Vec<Node<'_>> = graph.nodes_where(|node| node.is_a("schema:NewsArticle")).collect();
    // The earliest comes first; those without a day come last.
    let day = |node: &Node<'_>| node.texts("schema:datePublished").next().map(str::to_owned);
    articles.sort_by_cached_key(|node| (day(node).is_none(), day(node), node.iri.clone()));
    let signatures: Vec<Option<&str>> = articles.iter().map(|node| node.texts("wg:minHash").next()).collect();
    link_revisions(&articles, conclusions);
    let mut first_of: Vec<usize> = (0..articles.len()).collect();
    let mut copies = Copies::default();
    let mut bands: FxHashMap<(usize, &str), VecDeque<usize>> = FxHashMap::default();
    for (at, signature) in signatures.iter().enumerate() {
        let Some(signature) = signature.filter(|s| s.len() == VALUES * 4) else { continue };
        let mut first: Option<usize> = None;
        for band in 0..VALUES / BAND {
            let key = (band, &signature[band * BAND * 4..(band + 1) * BAND * 4]);
            let with = bands.entry(key).or_default();
            // A band holds one article of each copy, so that ten thousand reprints are not compared with one another.
            match with.iter().find(|other| signatures[**other].is_some_and(|s| equal(signature, s) >= SAME)) {
                Some(&other) => first = Some(first.map_or(first_of[other], |first| first.min(first_of[other]))),
                None => {
                    with.push_back(at);
                    // Copies come within days of one another, and all articles of one form share a band.
                    if with.len() > KEPT {
                        with.pop_front();
                    }
                }
            }
        }
        if let Some(first) = first {
            first_of[at] = first;
            copies.first_of.insert(articles[at].iri.clone(), articles[first].iri.clone());
            if !same_address(articles[at], articles[first]) {
                conclusions.link(articles[at].iri, "wg:reprintOf", articles[first].iri.clone());
            }
        }
    }
    copies
}

/// Links captures of one address, each to the one before.
fn link_revisions(articles: &[Node<'_>], conclusions: &mut Graph) {
    let mut by_address: FxHashMap<&Iri, Vec<(&str, &Iri)>> = FxHashMap::default();
    for article in articles {
        for captured in article.texts("wg:captured") {
            for address in article.links("schema:url") {
                by_address.entry(address).or_default().push((captured, article.iri));
            }
        }
    }
    for mut captures in by_address.into_values() {
        captures.sort_unstable();
        for pair in captures.windows(2) {
            if let [(before, earlier), (after, later)] = pair
                && before < after
            {
                conclusions.link(later, "prov:wasRevisionOf", (*earlier).clone());
            }
        }
    }
}

/// Whether two articles stood under one address: then one is a revision of the other, and no reprint.
fn same_address(a: Node<'_>, b: Node<'_>) -> bool {
    a.links("schema:url").any(|address| b.links("schema:url").any(|other| other == address))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::iri::Minter;
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
        let mut found = Graph::new(&minter);
        link(&graph, &mut found);
        let to = |from: &Iri, property: &str| found.node(from).links(property).cloned().collect::<Vec<_>>();
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
        let mut found_alone = Graph::new(&minter);
        link(&alone, &mut found_alone);
        assert!(found_alone.is_empty());
        assert_eq!(to(&first, "wg:reprintOf"), []);
    }
}
