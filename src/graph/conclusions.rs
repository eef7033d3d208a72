//! What follows from the set of facts: which references are one entity, and so who fills each claim's slots.
//!
//! [`conclude`] reads nothing but the graph of facts and the gazetteer, so uniting graphs and concluding again gives the same result whatever
//! the order. References join where the gazetteer lists both under one key, or where an equal full name is borne out by the company it keeps; never
//! on an equal name alone.

use super::iri::{Instance, Iri, Minter};
use super::vocabulary::property;
use super::{Graph, Node, copies};
use crate::types::{Gazetteer, Kind};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// One `wg:Reference`, as conclusions see it.
struct Seen<'g> {
    iri: &'g Iri,
    article: &'g Iri,
    kind: Kind,
    names: Vec<&'g str>,
    fullest: &'g str,
    key: Option<&'g str>,
    job: Option<&'g str>,
    /// The property that the page's own data fill with it.
    slot: Option<&'static str>,
}

/// Adds to a graph of facts the entities, and the links of claims and articles to them.
pub fn conclude(graph: &mut Graph, minter: &Minter, gazetteer: &dyn Gazetteer) {
    let mut conclusions = Graph::new(minter);
    let seen = references(graph);
    let clusters = cluster(&seen);
    let mut entity_of: FxHashMap<&Iri, Iri> = FxHashMap::default();
    for (members, reason) in &clusters {
        let Some(iri) = describe(&mut conclusions, minter, gazetteer, members) else { continue };
        // On the entity and not on its references: those are facts, and a reason drawn from this set of articles must go when others join.
        if let Some(reason) = reason {
            conclusions.text(&iri, "wg:reason", reason);
        }
        for member in members {
            conclusions.link(member.iri, "wg:refersTo", iri.clone());
            if let Some(slot) = member.slot.filter(|slot| takes(&mut conclusions, slot, &iri)) {
                conclusions.link(member.article, slot, iri.clone());
            }
            if member.slot.is_none_or(|slot| slot == "schema:locationCreated") {
                conclusions.link(member.article, "schema:mentions", iri.clone());
            }
            entity_of.insert(member.iri, iri.clone());
        }
    }
    fill_slots(graph, &entity_of, &mut conclusions);
    copies::link(graph, &mut conclusions);
    graph.unite(conclusions);
}

/// Each claim's role slots, from its supports' references.
fn fill_slots(graph: &Graph, entity_of: &FxHashMap<&Iri, Iri>, conclusions: &mut Graph) {
    for claim in graph.nodes_where(|node| node.links("wg:support").next().is_some()) {
        for support in claim.links("wg:support").map(|iri| graph.node(iri)) {
            let Some(slot) = slot_of(support) else { continue };
            for entity in support.links("wg:reference").filter_map(|r| entity_of.get(r)) {
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

fn references(graph: &Graph) -> Vec<Seen<'_>> {
    let mut seen = Vec::new();
    for node in graph.nodes_where(|node| node.is_a("wg:Reference")) {
        let Some(kind) = node.texts("wg:kind").next().and_then(Kind::from_name) else { continue };
        let Some(article) = node.links("schema:appearance").next() else { continue };
        let Some(fullest) = node.texts("skos:prefLabel").chain(node.texts("schema:name")).next() else { continue };
        seen.push(Seen {
            iri: node.iri,
            article,
            kind,
            names: node.texts("skos:altLabel").collect(),
            fullest,
            key: node.texts("wg:gazetteerKey").next(),
            job: node.texts("schema:jobTitle").next(),
            slot: slot_of(node),
        });
    }
    seen
}

/// References that are one entity, with the reason where more than the gazetteer or the article itself gave it.
fn cluster<'s, 'g>(seen: &'s [Seen<'g>]) -> Vec<(Vec<&'s Seen<'g>>, Option<String>)> {
    let mut by_key: BTreeMap<&str, Vec<&Seen<'_>>> = BTreeMap::new();
    let mut by_name: BTreeMap<(Kind, String), Vec<&Seen<'_>>> = BTreeMap::new();
    let mut company: BTreeMap<&Iri, BTreeSet<&str>> = BTreeMap::new();
    let outlets: BTreeMap<&Iri, &str> =
        seen.iter().filter(|s| s.slot == Some("schema:publisher")).map(|s| (s.article, s.fullest)).collect();
    for reference in seen {
        match reference.key {
            Some(key) => {
                by_key.entry(key).or_default().push(reference);
                if reference.slot.is_none() && !key.starts_with("state/") {
                    company.entry(reference.article).or_default().insert(key);
                }
            }
            None => by_name.entry((reference.kind, reference.fullest.to_lowercase())).or_default().push(reference),
        }
    }
    let mut clusters: Vec<(Vec<&Seen<'_>>, Option<String>)> = by_key.into_values().map(|members| (members, None)).collect();
    for members in by_name.into_values() {
        let mut groups: Vec<(Vec<&Seen<'_>>, Option<String>)> = Vec::new();
        for member in members {
            let joins: Vec<(usize, String)> = groups
                .iter()
                .enumerate()
                .filter_map(|(at, (group, _))| Some((at, group.iter().find_map(|other| company_kept(&outlets, &company, member, other))?)))
                .collect();
            let Some((first, why)) = joins.first().cloned() else {
                groups.push((vec![member], None));
                continue;
            };
            groups[first].0.push(member);
            groups[first].1.get_or_insert(why);
            for (at, _) in joins.iter().skip(1).rev() {
                let (moved, _) = groups.remove(*at);
                groups[first].0.extend(moved);
            }
        }
        clusters.extend(groups);
    }
    clusters
}

/// Why two references of an equal full name are one, if anything beside the name says so.
fn company_kept(
    outlets: &BTreeMap<&Iri, &str>,
    company: &BTreeMap<&Iri, BTreeSet<&str>>,
    one: &Seen<'_>,
    other: &Seen<'_>,
) -> Option<String> {
    if let (Some(slot), Some(same)) = (one.slot, other.slot)
        && slot == same
    {
        if slot != "schema:author" {
            return Some("the same name in the same field of the pages' data".into());
        }
        let outlet = |seen: &Seen<'_>| outlets.get(seen.article);
        return (outlet(one).is_some() && outlet(one) == outlet(other)).then(|| "the same byline in the same outlet".into());
    }
    if one.article == other.article || one.fullest.split_whitespace().count() < 2 {
        return None;
    }
    if let (Some(job), Some(same)) = (one.job, other.job)
        && job.eq_ignore_ascii_case(same)
    {
        return Some(format!("the same full name and post, {job}"));
    }
    let shared: Vec<&str> = company.get(one.article)?.intersection(company.get(other.article)?).copied().collect();
    (shared.len() >= 2).then(|| format!("the same full name in articles that share {} named entities", shared.len()))
}

/// Writes an entity's node and gives its IRI; `None` for a people that the gazetteer does not know.
fn describe(graph: &mut Graph, minter: &Minter, gazetteer: &dyn Gazetteer, members: &[&Seen<'_>]) -> Option<Iri> {
    let smallest = members.iter().map(|m| m.iri).min()?;
    let key = members.iter().find_map(|m| m.key);
    let listed = key.and_then(|k| gazetteer.listed(k));
    let kind = listed.as_ref().and_then(|l| l.kind).unwrap_or(members[0].kind);
    let country = key.is_some_and(|k| k.starts_with("state/"));
    let classes: &[&str] = match kind {
        _ if country => &["schema:Country", "wg:Actor", "schema:Place"],
        Kind::Person => &["schema:Person", "wg:Actor"],
        Kind::Organization => &["schema:Organization", "wg:Actor"],
        Kind::MilitaryUnit => &["schema:Organization", "wg:MilitaryUnit", "wg:Actor"],
        Kind::Place => &["schema:Place"],
        Kind::Equipment => &["wg:Equipment"],
        Kind::Event => &["schema:Event"],
        Kind::Nationality | Kind::Time => return None,
    };
    let iri = match key {
        Some(key) => minter.listed(key),
        None => minter.of(smallest).mint(Instance::Entity),
    };
    graph.types(&iri, classes);
    let forms: BTreeSet<&str> = members.iter().flat_map(|m| m.names.iter().copied()).collect();
    let fullest = members.iter().map(|m| m.fullest).max_by_key(|name| (name.chars().count(), std::cmp::Reverse(*name)))?;
    let name = listed.as_ref().map_or(fullest, |l| l.name.as_str());
    graph.text(&iri, "schema:name", name);
    for form in forms.into_iter().filter(|form| *form != name) {
        graph.text(&iri, "schema:alternateName", form);
    }
    for job in members.iter().filter_map(|m| m.job) {
        graph.text(&iri, "schema:jobTitle", job);
    }
    if let Some(key) = key {
        graph.text(&iri, "wg:gazetteerKey", key);
    }
    if let Some(listed) = &listed {
        graph.maybe(&iri, "schema:latitude", listed.latitude.as_deref());
        graph.maybe(&iri, "schema:longitude", listed.longitude.as_deref());
        if let Some(q) = &listed.wikidata {
            graph.link(&iri, "schema:sameAs", Iri::named(&format!("http://www.wikidata.org/entity/{q}")));
        }
        if let (Kind::Person, Some(post)) = (kind, &listed.post) {
            graph.text(&iri, "schema:jobTitle", post);
        }
    }
    Some(iri)
}
