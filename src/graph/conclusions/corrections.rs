//! What an analyst has put right: claims rejected or mended, references joined or parted.
//!
//! A correction is a fact like any other: it names claims and references by IRIs that no rerun and no newer model changes, and it stands in the graph
//! as a `wg:Correction` beside what the text gave. Conclusions are drawn as it says.

use super::roles::Cast;
use crate::error::{Error, Result};
use crate::graph::bytes::Id;
use crate::graph::iri::{Instance, Iri, Minter};
use crate::graph::vocabulary::{compact, expand, property};
use crate::graph::{Graph, Node};
use rustc_hash::{FxHashMap, FxHashSet};
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

    /// Adds them to a graph of facts.
    pub fn add_to(&self, minter: &Minter, graph: &mut Graph) {
        for correction in &self.corrections {
            let Correction { by, why, claim, reject, set, same, different } = correction;
            let write = |graph: &mut Graph, action: &str, subjects: &[&str], slot: Option<(&str, String)>| {
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
                    graph.link(&iri, "wg:corrects", minter.read(subject));
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
    }
}

/// A slot by its prefixed name, its local name or its IRI.
fn known_slot(name: &str) -> Option<&'static str> {
    let short = compact(name);
    let names = [short.clone(), format!("wg:{short}"), format!("schema:{short}")];
    names.iter().filter_map(|name| property(name)).find(|name| ROLES.contains(name) || LITERALS.contains(name))
}

/// What the corrections in a graph say.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// One reference, another, and why they are one.
    pub(super) same: Vec<(Iri, Iri, String)>,
    pub(super) different: Vec<(Iri, Iri)>,
    /// What is said of each claim and reference. Where two set one slot the last by name of who says so, and what, holds.
    of: FxHashMap<Iri, Vec<Spoken>>,
}

#[derive(Debug)]
struct Spoken {
    correction: Iri,
    by: String,
    action: String,
    set: Option<(&'static str, String)>,
}

impl Said {
    /// Reads them off a graph.
    pub(super) fn in_graph(graph: &Graph) -> Said {
        let mut said = Said::default();
        let mut nodes: Vec<Node<'_>> = graph.nodes_where(|node| node.is_a("wg:Correction")).collect();
        let words =
            |node: &Node<'_>| (node.texts("wg:by").next().map(str::to_owned), node.texts("wg:correctedTo").next().map(str::to_owned));
        nodes.sort_by_cached_key(words);
        for node in nodes {
            let text = |property: &str| node.texts(property).next().unwrap_or_default().to_owned();
            let action = text("wg:action");
            let slot = node.links("wg:slot").find_map(|slot| if let Iri::Named(name) = slot { property(name) } else { None });
            let set = slot.zip(node.texts("wg:correctedTo").next().map(str::to_owned));
            let subjects: Vec<&Iri> = node.links("wg:corrects").collect();
            if let [one, other] = subjects.as_slice() {
                match action.as_str() {
                    "same" => said.same.push(((*one).clone(), (*other).clone(), text("wg:reason"))),
                    "different" => said.different.push(((*one).clone(), (*other).clone())),
                    _ => {}
                }
            }
            for subject in subjects {
                let spoken = Spoken { correction: node.iri.clone(), by: text("wg:by"), action: action.clone(), set: set.clone() };
                said.of.entry(subject.clone()).or_default().push(spoken);
            }
        }
        // Joins are made in the order of the corrections' IRIs.
        said.same.sort_unstable();
        said.different.sort_unstable();
        said
    }

    pub(super) fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// Whether anything is said of a node.
    pub(super) fn speaks_of(&self, iri: &Iri) -> bool {
        self.of.contains_key(iri)
    }

    /// The references and entities that a claim's roles are set to, as far as they may be meant.
    pub(super) fn roles_set(&self, minter: &Minter, claim: &Iri) -> Vec<Id> {
        let spoken = self.of.get(claim).into_iter().flatten();
        let roles = spoken.filter_map(|spoken| spoken.set.as_ref()).filter(|(slot, _)| ROLES.contains(slot));
        roles.flat_map(|(_, value)| meant(minter, value)).filter_map(|iri| Id::of(&iri)).collect()
    }

    /// What is said of the claims of an article, of which the conclusions then tell.
    pub(super) fn of_claims(&self, article: &Graph, conclusions: &mut Graph) -> OfClaims {
        let mut found = OfClaims::default();
        if self.is_empty() {
            return found;
        }
        for node in article.nodes() {
            for spoken in self.of.get(node.iri).into_iter().flatten() {
                conclusions.link(node.iri, "wg:correction", spoken.correction.clone());
                match (spoken.action.as_str(), &spoken.set) {
                    ("reject", _) => drop(found.rejected.insert(node.iri.clone())),
                    ("set", Some((slot, value))) => drop(found.set.insert((node.iri.clone(), slot), value.clone())),
                    _ => {}
                }
            }
        }
        found
    }

    /// In words, those that are of nothing among what was `met`.
    pub(super) fn unmet(&self, minter: &Minter, met: &FxHashSet<Id>) -> Vec<String> {
        let missing = self.of.iter().filter(|(subject, _)| Id::of(subject).is_none_or(|id| !met.contains(&id)));
        let mut words: Vec<String> = missing
            .flat_map(|(subject, all)| all.iter().map(move |spoken| (subject, spoken)))
            .map(|(subject, Spoken { by, action, .. })| format!("{action} by {by}: the graph has no {}", minter.written(subject)))
            .collect();
        words.sort_unstable();
        words.dedup();
        words
    }
}

/// What a value of a role may mean: a reference or an entity by its IRI, or an entity by the gazetteer's key.
fn meant(minter: &Minter, value: &str) -> [Iri; 2] {
    [minter.read(&expand(value)), minter.listed(value)]
}

/// What corrections make of an article's claims.
#[derive(Debug, Default)]
pub(super) struct OfClaims {
    /// Claims that are rejected.
    pub(super) rejected: FxHashSet<Iri>,
    /// The new value of a claim's slot.
    pub(super) set: FxHashMap<(Iri, &'static str), String>,
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

    /// Writes the roles that are set by hand.
    pub(super) fn fill(&self, minter: &Minter, cast: &mut Cast, conclusions: &mut Graph) {
        let mut roles: Vec<(&(Iri, &'static str), &String)> = self.set.iter().filter(|((_, slot), _)| ROLES.contains(slot)).collect();
        roles.sort();
        for ((claim, slot), value) in roles {
            let entity = meant(minter, value).iter().find_map(|iri| cast.meant(iri));
            if let Some(entity) = entity {
                cast.fill(claim, slot, entity, conclusions);
            }
        }
    }
}
