//! Who fills the slots of an article's claims, now that it is known who its references are.

use super::corrections::{OfClaims, Said};
use super::handed::{Channel, Emit, received, send, tell};
use super::settle::{PENDING, Pending, SPEAKER, VOTE, Vote};
use super::tally::{self, Speaker};
use super::{Concluder, slot_of};
use crate::error::Result;
use crate::graph::Graph;
use crate::graph::bytes::{Id, read_graph};
use crate::graph::iri::Iri;
use crate::graph::sorter::Group as Records;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

/// Tags of what is told of an article: its facts, the entity of a reference, an article that is its copy.
pub(super) const FACTS: u8 = 0;
pub(super) const ASSIGNED: u8 = 1;
pub(super) const COPY: u8 = 2;

/// What an entity can be.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Nature {
    pub(super) place: bool,
    pub(super) actor: bool,
    pub(super) country: bool,
}

impl Nature {
    /// Whether it can fill a property. A place that speaks or is counted for its people acts.
    pub(super) fn takes(self, property: &str) -> bool {
        match property {
            "wg:countedActor" | "wg:relayedBy" | "schema:author" => self.actor || self.place,
            "wg:place" | "wg:origin" | "schema:locationCreated" => self.place,
            _ => true,
        }
    }
}

/// The entity of a reference.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Assigned {
    /// The reference; or the entity itself, where an analyst speaks of it.
    pub(super) reference: Id,
    pub(super) entity: Id,
    pub(super) nature: Nature,
    /// The gazetteer's key.
    pub(super) key: Option<String>,
    /// What it is called, where no article names it: "a rescue official".
    pub(super) described: Option<String>,
    pub(super) name: String,
    /// Whether it says something of the story that speaks of it.
    pub(super) telling: bool,
}

/// The entities of an article.
#[derive(Default)]
pub(super) struct Cast {
    /// By reference, and by entity.
    of: FxHashMap<Iri, usize>,
    all: Vec<Assigned>,
}

impl Cast {
    fn add(&mut self, assigned: Assigned) {
        let at = self.all.len();
        self.of.entry(assigned.reference.iri()).or_insert(at);
        self.of.entry(assigned.entity.iri()).or_insert(at);
        self.all.push(assigned);
    }

    /// The entity of a reference, or an entity itself.
    pub(super) fn of(&self, iri: &Iri) -> Option<&Assigned> {
        self.of.get(iri).map(|at| &self.all[*at])
    }

    /// What an analyst means.
    pub(super) fn meant(&self, iri: &Iri) -> Option<usize> {
        self.of.get(iri).copied()
    }

    /// Fills a claim's slot with an entity, by its number, where it can be that.
    pub(super) fn fill(&mut self, claim: &Iri, slot: &'static str, entity: usize, conclusions: &mut Graph) {
        let Assigned { entity, nature, .. } = &self.all[entity];
        if !nature.takes(slot) {
            return;
        }
        let entity = entity.iri();
        if matches!(slot, "wg:countedActor" | "wg:relayedBy" | "schema:author") && !nature.actor {
            conclusions.types(&entity, &["wg:Actor"]);
        }
        conclusions.link(claim, slot, entity);
    }
}

/// Writes the slots of an article's claims, and sends its figures on.
pub(super) fn fill(with: &Concluder<'_>, said: &Said, records: &Records, out: &mut dyn Emit) -> Result<()> {
    let mut facts = Graph::new(with.minter);
    let mut cast = Cast::default();
    let mut copies: Vec<Id> = Vec::new();
    for payload in records.payloads() {
        match payload {
            [FACTS, bytes @ ..] => read_graph(bytes, &mut facts)?,
            [ASSIGNED, bytes @ ..] => cast.add(received(bytes)?),
            [_, bytes @ ..] => copies.push(received(bytes)?),
            [] => {}
        }
    }
    let Some(article) = facts.nodes.keys().find_map(|iri| Id::of(iri).filter(|id| id.as_bytes() == records.key)) else { return Ok(()) };
    let mut conclusions = Graph::new(with.minter);
    let corrected = said.of_claims(&facts, &mut conclusions);
    fill_slots(&facts, &mut cast, &corrected, &mut conclusions);
    corrected.fill(with.minter, &mut cast, &mut conclusions);
    let speaker = speaker(with, &facts, &cast);
    for copy in copies {
        send(out, Channel::Settling, copy.as_bytes(), SPEAKER, &(article, &speaker))?;
    }
    let tallies = tally::of_article(with, (&facts, &conclusions), &cast, &corrected);
    tell(out, &conclusions)?;
    if tallies.is_empty() {
        return Ok(());
    }
    let story: FxHashSet<Id> = mentioned(&facts, &cast).filter(|(_, entity)| entity.telling).map(|(_, entity)| entity.entity).collect();
    let mut story: Vec<Id> = story.into_iter().collect();
    story.sort_unstable();
    let homes = tally::homes(with, &facts, &cast);
    let home = tally::most(&homes);
    for name in &story {
        send(out, Channel::Votes, name.as_bytes(), VOTE, &Vote { article, name: *name, home })?;
    }
    send(out, Channel::Settling, article.as_bytes(), PENDING, &Pending { article, tallies, story, homes, speaker })
}

/// References that the text speaks of, each with its entity.
fn mentioned<'g>(facts: &'g Graph, cast: &'g Cast) -> impl Iterator<Item = (&'g Iri, &'g Assigned)> {
    facts
        .nodes_where(|node| node.is_a("wg:Reference") && slot_of(*node).is_none_or(|slot| slot == "schema:locationCreated"))
        .filter_map(|node| Some((node.iri, cast.of(node.iri)?)))
}

/// Who speaks where an article says nothing of whence a figure comes: the agency whose copy it is, or the outlet.
fn speaker(with: &Concluder<'_>, facts: &Graph, cast: &Cast) -> Option<Speaker> {
    ["schema:sourceOrganization", "schema:publisher"].iter().find_map(|slot| {
        let named = facts.nodes_where(|node| node.is_a("wg:Reference") && slot_of(*node) == Some(slot));
        let entity = named.filter_map(|node| cast.of(node.iri)).min_by_key(|assigned| assigned.entity)?;
        Some(tally::speaker(with, entity))
    })
}

/// Each claim's role slots, from its supports' references.
fn fill_slots(facts: &Graph, cast: &mut Cast, corrected: &OfClaims, conclusions: &mut Graph) {
    for claim in facts.nodes_where(|node| node.links("wg:support").next().is_some()) {
        for support in claim.links("wg:support").map(|iri| facts.node(iri)) {
            let Some(slot) = slot_of(support).filter(|slot| !corrected.sets(claim.iri, slot)) else { continue };
            for reference in support.links("wg:reference") {
                if let Some(entity) = cast.meant(reference) {
                    cast.fill(claim.iri, slot, entity, conclusions);
                }
            }
        }
    }
}
