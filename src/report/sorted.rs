//! A graph's nodes by what a page asks of them: the claims, references and links of each article, and how well articles hang together.

use crate::graph::conclusions::LINKS;
use crate::graph::iri::Iri;
use crate::graph::{Graph, Node};
use rustc_hash::FxHashMap;
use std::cmp::Reverse;

/// How a claim stands to an earlier one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Linked<'g> {
    pub kind: &'static str,
    pub earlier: &'g Iri,
    pub reason: &'g str,
}

/// Nodes by article and claim.
pub(super) struct Sorted<'g> {
    pub articles: Vec<Node<'g>>,
    /// Claims and relations in the graph.
    pub claims: usize,
    /// How many claims each series has.
    pub series: FxHashMap<&'g Iri, usize>,
    claims_of: FxHashMap<&'g Iri, Vec<Node<'g>>>,
    references_of: FxHashMap<&'g Iri, Vec<Node<'g>>>,
    links_of: FxHashMap<&'g Iri, Vec<Linked<'g>>>,
}

impl<'g> Sorted<'g> {
    pub(super) fn new(graph: &'g Graph) -> Sorted<'g> {
        let mut sorted = Sorted {
            articles: Vec::new(),
            claims: 0,
            series: FxHashMap::default(),
            claims_of: FxHashMap::default(),
            references_of: FxHashMap::default(),
            links_of: FxHashMap::default(),
        };
        for node in graph.nodes() {
            let article = node.links("schema:appearance").next();
            if node.is_a("schema:NewsArticle") {
                sorted.articles.push(node);
            } else if node.is_a("wg:Claim") || node.is_a("wg:Relation") {
                sorted.claims += 1;
                for series in node.links("wg:series") {
                    *sorted.series.entry(series).or_default() += 1;
                }
                article.into_iter().for_each(|article| sorted.claims_of.entry(article).or_default().push(node));
            } else if node.is_a("wg:Reference") {
                article.into_iter().for_each(|article| sorted.references_of.entry(article).or_default().push(node));
            } else if node.is_a("rdf:Statement") {
                sorted.link(node);
            }
        }
        sorted
    }

    fn link(&mut self, node: Node<'g>) {
        let [later, predicate, earlier] = ["rdf:subject", "rdf:predicate", "rdf:object"].map(|property| node.links(property).next());
        let kind = LINKS.iter().find(|kind| predicate.is_some_and(|predicate| predicate.is(kind)));
        if let (Some(later), Some(kind), Some(earlier)) = (later, kind, earlier) {
            let reason = node.texts("wg:reason").next().unwrap_or_default();
            self.links_of.entry(later).or_default().push(Linked { kind, earlier, reason });
        }
    }

    pub(super) fn claims_of(&self, article: &Iri) -> &[Node<'g>] {
        self.claims_of.get(article).map_or(&[], Vec::as_slice)
    }

    pub(super) fn references_of(&self, article: &Iri) -> &[Node<'g>] {
        self.references_of.get(article).map_or(&[], Vec::as_slice)
    }

    pub(super) fn links_of(&self, claim: &Iri) -> &[Linked<'g>] {
        self.links_of.get(claim).map_or(&[], Vec::as_slice)
    }

    /// The articles of the series with most claims first, those that are in no series last; among equals those with most claims.
    pub(super) fn most_connected_first(&self) -> Vec<Node<'g>> {
        let mut series: Vec<(&Iri, usize)> = self.series.iter().map(|(iri, claims)| (*iri, *claims)).collect();
        series.sort_unstable_by_key(|(iri, claims)| (Reverse(*claims), *iri));
        let ranks: FxHashMap<&Iri, usize> = series.into_iter().enumerate().map(|(rank, (iri, _))| (iri, rank)).collect();
        let mut articles = self.articles.clone();
        articles.sort_by_cached_key(|article| {
            let claims = self.claims_of(article.iri);
            let best = claims.iter().flat_map(|claim| claim.links("wg:series")).filter_map(|series| ranks.get(series).copied()).min();
            (best.unwrap_or(usize::MAX), Reverse(claims.len()), article.iri.clone())
        });
        articles
    }
}
