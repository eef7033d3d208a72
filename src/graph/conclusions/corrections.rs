//! What an analyst has put right: claims rejected or mended, references joined or parted.
//!
//! A correction is a fact like any other: it names claims and references by IRIs that no rerun and no newer model changes, and it stands in the graph
//! as a `wg:Correction` beside what the text gave. Conclusions are drawn as it says.

use super::entities::Entities;
use crate::error::{Error, Result};
use crate::graph::iri::{Instance, Iri, Minter};
use crate::graph::vocabulary::{compact, expand, property};
use crate::graph::{Graph, Node};
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::io::BufRead;

/// Slots of a claim whose value is an entity.
const ROLES: &[&str] =
    &["wg:countedActor", "wg:place", "wg:origin", "wg:agent", "wg:recipient", "wg:equipment", "schema:author", "wg:relayedBy"];
/// Slots of a claim whose value is words, a number or a day, and the event type.
const LITERALS: &[&str] = &[
    "schema:value",
    "schema:minValue",
    "schema:maxValue",
    "wg:bound",
    "schema:unitText",
    "wg:counted",
    "wg:eventType",
    "wg:startDate",
    "wg:endDate",
    "wg:asOfStart",
    "wg:asOfEnd",
    "wg:certainty",
    "wg:scope",
];

/// One line of a corrections file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// Who says so.
    by: String,
    /// Why.
    why: String,
    claim: Option<String>,
    #[serde(default)]
    reject: bool,
    #[serde(default)]
    set: BTreeMap<String, Json>,
    same: Option<(String, String)>,
    different: Option<(String, String)>,
}

/// The corrections of a file.
#[derive(Clone, Debug, Default)]
pub struct Corrections {
    corrections: Vec<Correction>,
}

impl Corrections {
    /// Reads JSON Lines. `name` is what errors call the file.
    ///
    /// # Errors
    /// When a line is no correction; names file and line.
    pub fn read(name: &str, reader: impl BufRead) -> Result<Corrections> {
        let mut corrections = Vec::new();
        for (index, line) in reader.lines().enumerate() {
            let wrong = |reason: String| Error::Data { file: name.to_owned(), place: format!("line {}", index + 1), reason };
            let line = line.map_err(|source| Error::Io { path: name.to_owned(), source })?;
            if line.trim().is_empty() {
                continue;
            }
            let mut correction: Correction = serde_json::from_str(&line).map_err(|error| wrong(error.to_string()))?;
            let set = std::mem::take(&mut correction.set);
            for (slot, value) in set {
                let slot = known_slot(&slot).ok_or_else(|| wrong(format!("{slot:?} is no slot of a claim that can be set")))?;
                if !matches!(value, Json::String(_) | Json::Number(_)) {
                    return Err(wrong(format!("the value of {slot} must be a string or a number")));
                }
                correction.set.insert(slot.to_owned(), value);
            }
            let what = [correction.reject, !correction.set.is_empty(), correction.same.is_some(), correction.different.is_some()];
            if what.iter().filter(|said| **said).count() != 1 {
                return Err(wrong("it must say one of reject, set, same and different".to_owned()));
            }
            if correction.claim.is_none() && (what[0] || what[1]) {
                return Err(wrong("reject and set need a claim".to_owned()));
            }
            corrections.push(correction);
        }
        Ok(Corrections { corrections })
    }

    /// Adds them to a graph of facts. Gives, in words, those whose claim or reference the graph does not hold; they stand in it all the same, and apply
    /// when it joins.
    pub fn add_to(&self, minter: &Minter, graph: &mut Graph) -> Vec<String> {
        let mut unmet = Vec::new();
        for correction in &self.corrections {
            let Correction { by, why, claim, reject, set, same, different } = correction;
            let mut write = |graph: &mut Graph, action: &str, subjects: &[&str], slot: Option<(&str, String)>| {
                let (name, value) = slot.clone().unwrap_or_default();
                let mut fields = vec![by.as_str(), why, action, name, &value];
                fields.extend(subjects);
                let iri = minter.mint(Instance::Correction, &fields);
                graph.types(&iri, &["wg:Correction"]);
                graph.text(&iri, "wg:by", by);
                graph.text(&iri, "wg:reason", why);
                graph.text(&iri, "wg:action", action);
                if let Some((name, value)) = slot {
                    graph.link(&iri, "wg:slot", Iri::named(name));
                    graph.text(&iri, "wg:correctedTo", value);
                }
                for subject in subjects {
                    let subject = minter.read(subject);
                    if !graph.node(&subject).is_a("wg:Claim")
                        && !graph.node(&subject).is_a("wg:Relation")
                        && !graph.node(&subject).is_a("wg:Reference")
                    {
                        unmet.push(format!("{action} by {by}: the graph has no {}", minter.written(&subject)));
                    }
                    graph.link(&iri, "wg:corrects", subject);
                }
            };
            if let Some(claim) = claim {
                if *reject {
                    write(graph, "reject", &[claim], None);
                }
                for (slot, value) in set {
                    let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    write(graph, "set", &[claim], Some((slot, value)));
                }
            }
            for (action, pair) in [("same", same), ("different", different)] {
                if let Some((one, other)) = pair {
                    write(graph, action, &[one, other], None);
                }
            }
        }
        unmet
    }
}

/// A slot by its prefixed name, its local name or its IRI.
fn known_slot(name: &str) -> Option<&'static str> {
    let short = compact(name);
    let names = [short.clone(), format!("wg:{short}"), format!("schema:{short}")];
    names.iter().filter_map(|name| property(name)).find(|name| ROLES.contains(name) || LITERALS.contains(name))
}

/// What is said of references.
#[derive(Debug, Default)]
pub(super) struct OfReferences {
    /// One reference, another, and why they are one.
    pub(super) same: Vec<(Iri, Iri, String)>,
    pub(super) different: Vec<(Iri, Iri)>,
}

/// The corrections in a graph that join or part references.
pub(super) fn of_references(graph: &Graph) -> OfReferences {
    let mut said = OfReferences::default();
    for node in graph.nodes_where(|node| node.is_a("wg:Correction")) {
        let mut subjects = node.links("wg:corrects").cloned();
        let (Some(one), Some(other)) = (subjects.next(), subjects.next()) else { continue };
        match node.texts("wg:action").next() {
            Some("same") => said.same.push((one, other, node.texts("wg:reason").next().unwrap_or_default().to_owned())),
            Some("different") => said.different.push((one, other)),
            _ => {}
        }
    }
    said
}

/// What corrections make of a graph's claims.
#[derive(Debug, Default)]
pub(super) struct OfClaims {
    /// Claims that are rejected.
    pub(super) rejected: rustc_hash::FxHashSet<Iri>,
    /// The new value of a claim's slot.
    pub(super) set: rustc_hash::FxHashMap<(Iri, &'static str), String>,
}

/// The corrections in a graph that are about claims. Where two set one slot the last by name of who says so, and what, holds.
pub(super) fn of_claims(graph: &Graph, conclusions: &mut Graph) -> OfClaims {
    let mut said = OfClaims::default();
    let mut nodes: Vec<Node<'_>> = graph.nodes_where(|node| node.is_a("wg:Correction")).collect();
    let words = |node: &Node<'_>| (node.texts("wg:by").next().map(str::to_owned), node.texts("wg:correctedTo").next().map(str::to_owned));
    nodes.sort_by_cached_key(words);
    for node in nodes {
        for subject in node.links("wg:corrects") {
            // Said of nothing that is not there: what joins later is told then.
            if !graph.holds(subject) {
                continue;
            }
            conclusions.link(subject, "wg:correction", node.iri.clone());
            match node.texts("wg:action").next() {
                Some("reject") => drop(said.rejected.insert(subject.clone())),
                Some("set") => {
                    let slot = node.links("wg:slot").find_map(|slot| if let Iri::Named(name) = slot { property(name) } else { None });
                    if let (Some(slot), Some(value)) = (slot, node.texts("wg:correctedTo").next()) {
                        said.set.insert((subject.clone(), slot), value.to_owned());
                    }
                }
                _ => {}
            }
        }
    }
    said
}

impl OfClaims {
    /// Whether the roles of a claim in a slot are set by hand.
    pub(super) fn sets(&self, claim: &Iri, slot: &'static str) -> bool {
        !self.set.is_empty() && self.set.contains_key(&(claim.clone(), slot))
    }

    /// The corrected literal of a claim's slot.
    pub(super) fn literal(&self, claim: &Iri, slot: &'static str) -> Option<&str> {
        if self.set.is_empty() {
            return None;
        }
        self.set.get(&(claim.clone(), slot)).map(String::as_str)
    }

    /// Writes the roles that are set by hand: an entity by its IRI, by a reference's, or by the gazetteer's key.
    pub(super) fn fill(&self, minter: &Minter, entities: &Entities<'_>, conclusions: &mut Graph) {
        let mut roles: Vec<(&(Iri, &'static str), &String)> = self.set.iter().filter(|((_, slot), _)| ROLES.contains(slot)).collect();
        roles.sort();
        for ((claim, slot), value) in roles {
            let named = minter.read(&expand(value));
            let entity =
                entities.of.get(&named).cloned().or_else(|| [named, minter.listed(value)].into_iter().find(|iri| conclusions.holds(iri)));
            if let Some(entity) = entity.filter(|entity| super::takes(conclusions, slot, entity)) {
                conclusions.link(claim, slot, entity);
            }
        }
    }
}
