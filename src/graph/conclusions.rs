//! What follows from the set of facts: which references are one entity, who fills each claim's slots, which articles are copies, which figures are
//! one running figure, and how they agree.
//!
//! [`Concluder::conclude`] reads nothing but facts, the gazetteer and the analyst's corrections, so uniting graphs and concluding again gives the same
//! result whatever the order.

mod copies;
mod corrections;
mod entities;
pub(crate) mod interval;
mod links;
mod misreports;
mod names;
mod rules;
mod series;
mod tally;

pub use corrections::Corrections;
pub use rules::Rules;

use super::iri::{Iri, Minter};
use super::vocabulary::property;
use super::{Graph, Node};
use crate::types::Gazetteer;
use corrections::OfClaims;
use entities::Entities;

/// The properties that join claims.
pub const LINKS: &[&str] = &["wg:contradicts", "wg:corroborates", "wg:misreports", "wg:refines", "wg:repeats", "wg:updates"];

/// What conclusions are drawn with.
pub struct Concluder<'a> {
    /// Makes the IRIs.
    pub minter: &'a Minter,
    /// What is listed.
    pub gazetteer: &'a dyn Gazetteer,
    /// Word lists of series and names.
    pub rules: &'a Rules,
}

impl Concluder<'_> {
    /// Adds to a graph of facts the entities, series and links that follow from them.
    pub fn conclude(&self, graph: &mut Graph) {
        let mut conclusions = Graph::new(self.minter);
        let entities = entities::find(self, graph, &mut conclusions);
        let corrected = corrections::of_claims(graph, &mut conclusions);
        fill_slots(graph, &entities, &corrected, &mut conclusions);
        corrected.fill(self.minter, &entities, &mut conclusions);
        let copies = copies::link(graph, &mut conclusions);
        let (tallies, stories) = tally::of_claims(self, graph, &conclusions, &entities, &copies, &corrected);
        let groups = series::group(self, &tallies, &stories);
        links::draw(self, &tallies, &groups, &mut conclusions);
        drop((tallies, stories));
        graph.unite(conclusions);
    }
}

/// Each claim's role slots, from its supports' references.
fn fill_slots(graph: &Graph, entities: &Entities<'_>, corrected: &OfClaims, conclusions: &mut Graph) {
    for claim in graph.nodes_where(|node| node.links("wg:support").next().is_some()) {
        for support in claim.links("wg:support").map(|iri| graph.node(iri)) {
            let Some(slot) = slot_of(support).filter(|slot| !corrected.sets(claim.iri, slot)) else { continue };
            for entity in support.links("wg:reference").filter_map(|r| entities.of.get(r)) {
                if takes(conclusions, slot, entity) {
                    conclusions.link(claim.iri, slot, entity.clone());
                }
            }
        }
    }
}

/// The property that a support or a reference is for.
fn slot_of(node: Node<'_>) -> Option<&'static str> {
    node.links("wg:slot").find_map(|slot| match slot {
        Iri::Named(name) => property(name),
        Iri::Minted(..) => None,
    })
}

/// Whether an entity can fill a property. A place that speaks or is counted for its people acts, and is typed so.
fn takes(conclusions: &mut Graph, property: &str, entity: &Iri) -> bool {
    match property {
        "wg:countedActor" | "wg:relayedBy" | "schema:author" => {
            if conclusions.node(entity).is_a("schema:Place") {
                conclusions.types(entity, &["wg:Actor"]);
            }
            conclusions.node(entity).is_a("wg:Actor")
        }
        "wg:place" | "wg:origin" | "schema:locationCreated" => conclusions.node(entity).is_a("schema:Place"),
        _ => true,
    }
}

#[cfg(test)]
mod tests;
