//! Which references of all articles are one entity.
//!
//! References join where the gazetteer lists both under one key, where an analyst says so, or where a name that they share is borne out by the company
//! it keeps: the post, and the other names in their articles (Bagga and Baldwin 1998 compare contexts likewise); never on an equal name alone.
//! Names are compared within blocks of one spelling key, so that work grows with the number of references and not of pairs.

use super::names::{folded, initials, plain};
use super::{Concluder, Iri, Rules, slot_of, takes};
use crate::graph::Graph;
use crate::graph::iri::Instance;
use crate::types::Kind;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};

/// Weight of evidence from which two references with one name are one.
const ENOUGH: u32 = 5;
/// What each piece of evidence weighs.
const SAME_POST: u32 = 3;
const SHARED_NAME: u32 = 2;
const SHARED_STATE: u32 = 1;
/// States in common that weigh more than one.
const SEVERAL_STATES: usize = 3;
/// A post that a state has one of, in articles that share the state.
const NATIONAL_POST: u32 = 1;
const LONG_NAME: u32 = 1;
/// What more is asked where names are equal by transliteration or as an acronym only.
const BY_SPELLING: u32 = 1;
const BY_ACRONYM: u32 = 2;
/// Members of a block that each one is compared with. A block has one name's references; those far apart in order meet through those between.
const WINDOW: usize = 48;
/// A name that more than this many articles hold, and more than one in `COMMON_SHARE`, says nothing of the company.
const COMMON: usize = 40;
const COMMON_SHARE: usize = 20;

/// One `wg:Reference`, as conclusions see it.
struct Seen<'g> {
    iri: &'g Iri,
    article: &'g Iri,
    kind: Kind,
    /// Proper forms.
    names: Vec<&'g str>,
    fullest: &'g str,
    /// The fullest form as a key.
    plain: String,
    key: Option<&'g str>,
    job: Option<&'g str>,
    /// The property that the page's own data fill with it.
    slot: Option<&'static str>,
}

/// What became of the references.
pub(super) struct Entities<'g> {
    /// The entity of each reference.
    pub(super) of: FxHashMap<&'g Iri, Iri>,
    /// Entities that no article names: "a rescue official", by its description.
    pub(super) described: FxHashMap<Iri, String>,
    /// The gazetteer's key of an entity.
    pub(super) keys: FxHashMap<Iri, String>,
}

impl Entities<'_> {
    /// Entities that say something of the story they stand in: no states, and none of whom much is written.
    pub(super) fn telling(&self, conclusions: &Graph) -> FxHashSet<Iri> {
        let mut articles = 0;
        let mut held: FxHashMap<&Iri, usize> = FxHashMap::default();
        for article in conclusions.nodes_where(|node| node.links("schema:mentions").next().is_some()) {
            articles += 1;
            for entity in article.links("schema:mentions") {
                *held.entry(entity).or_default() += 1;
            }
        }
        let common = COMMON.max(articles / COMMON_SHARE);
        let tells = |iri: &&Iri| !conclusions.node(iri).is_a("schema:Country") && !self.described.contains_key(*iri);
        held.iter().filter(|(_, count)| **count <= common).map(|(iri, _)| *iri).filter(tells).cloned().collect()
    }
}

/// References that are one entity, and why, where more than the gazetteer or the article itself gave it.
#[derive(Default)]
struct Cluster<'s> {
    members: Vec<usize>,
    reasons: BTreeSet<String>,
    /// The gazetteer's key.
    key: Option<&'s str>,
}

/// Writes the entities and what leads to them.
pub(super) fn find<'g>(with: &Concluder<'_>, graph: &'g Graph, conclusions: &mut Graph) -> Entities<'g> {
    let seen = references(with, graph);
    let mut entities = Entities { of: FxHashMap::default(), described: FxHashMap::default(), keys: FxHashMap::default() };
    for cluster in clusters(with, graph, &seen) {
        let members: Vec<&Seen<'_>> = cluster.members.iter().map(|at| &seen[*at]).collect();
        let Some(iri) = describe(with, conclusions, &members, cluster.key) else { continue };
        // On the entity and not on its references: those are facts, and a reason drawn from this set of articles must go when others join.
        for reason in &cluster.reasons {
            conclusions.text(&iri, "wg:reason", reason);
        }
        for member in &members {
            conclusions.link(member.iri, "wg:refersTo", iri.clone());
            if let Some(slot) = member.slot.filter(|slot| takes(conclusions, slot, &iri)) {
                conclusions.link(member.article, slot, iri.clone());
            }
            if member.slot.is_none_or(|slot| slot == "schema:locationCreated") {
                conclusions.link(member.article, "schema:mentions", iri.clone());
            }
            entities.of.insert(member.iri, iri.clone());
        }
        if let Some(key) = cluster.key {
            entities.keys.insert(iri, key.to_owned());
        } else if members.iter().all(|m| m.names.is_empty() && m.slot.is_none()) {
            entities.described.insert(iri, members[0].plain.clone());
        }
    }
    entities
}

fn references<'g>(with: &Concluder<'_>, graph: &'g Graph) -> Vec<Seen<'g>> {
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
            plain: plain(fullest, with.rules),
            key: node.texts("wg:gazetteerKey").next(),
            job: node.texts("schema:jobTitle").next(),
            slot: slot_of(node),
        });
    }
    seen
}

/// Joins that are made in the order of their weight, each unless it would bring together what must stay apart.
struct Joins<'s> {
    parent: Vec<usize>,
    groups: Vec<Group<'s>>,
    /// References that an analyst keeps apart.
    apart: Vec<(usize, usize)>,
}

/// What a group of references may not meet in another: two keys of the gazetteer are two things, and one article's two references are two that it
/// tells apart.
#[derive(Default)]
struct Group<'s> {
    members: Vec<usize>,
    key: Option<&'s str>,
    articles: FxHashSet<&'s Iri>,
}

impl<'s> Joins<'s> {
    fn new(seen: &'s [Seen<'_>]) -> Joins<'s> {
        let group = |(at, s): (usize, &'s Seen<'_>)| Group {
            members: vec![at],
            key: s.key,
            articles: Some(s.article).filter(|_| s.slot.is_none()).into_iter().collect(),
        };
        Joins { parent: (0..seen.len()).collect(), groups: seen.iter().enumerate().map(group).collect(), apart: Vec::new() }
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    fn kept_apart(&mut self, one: usize, other: usize) -> bool {
        (0..self.apart.len()).any(|pair| {
            let (a, b) = self.apart[pair];
            let roots = (self.root(a), self.root(b));
            roots == (one, other) || roots == (other, one)
        })
    }

    /// Makes one of two, and says whether it did. `free`: whatever their keys and articles say.
    fn join(&mut self, one: usize, other: usize, free: bool) -> bool {
        let (one, other) = (self.root(one), self.root(other));
        if one == other || self.kept_apart(one, other) {
            return false;
        }
        let (to, from) = if self.groups[one].members.len() < self.groups[other].members.len() { (other, one) } else { (one, other) };
        let (larger, smaller) = (&self.groups[to], &self.groups[from]);
        let keys = larger.key.is_some() && smaller.key.is_some() && larger.key != smaller.key;
        if !free && (keys || smaller.articles.iter().any(|article| larger.articles.contains(article))) {
            return false;
        }
        let moved = std::mem::take(&mut self.groups[from]);
        let larger = &mut self.groups[to];
        larger.members.extend(moved.members);
        larger.articles.extend(moved.articles);
        larger.key = larger.key.or(moved.key);
        self.parent[from] = to;
        true
    }
}

fn clusters<'s>(with: &Concluder<'_>, graph: &Graph, seen: &'s [Seen<'_>]) -> Vec<Cluster<'s>> {
    let mut joins = Joins::new(seen);
    let mut reasons: Vec<(usize, String)> = Vec::new();
    let by_iri: FxHashMap<&Iri, usize> = seen.iter().enumerate().map(|(at, s)| (s.iri, at)).collect();
    let said = super::corrections::of_references(graph);
    joins.apart.extend(said.different.iter().filter_map(|(one, other)| Some((*by_iri.get(one)?, *by_iri.get(other)?))));
    for (one, other, why) in &said.same {
        if let (Some(&a), Some(&b)) = (by_iri.get(one), by_iri.get(other))
            && joins.join(a, b, true)
        {
            reasons.push((a, format!("an analyst says so: {why}")));
        }
    }
    // One to a key, but for what an analyst keeps apart.
    let mut firsts_of: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (at, reference) in seen.iter().enumerate() {
        let Some(key) = reference.key else { continue };
        let firsts = firsts_of.entry(key).or_default();
        let joined = firsts.iter().any(|first| joins.root(*first) == joins.root(at) || joins.join(*first, at, true));
        if !joined {
            firsts.push(at);
        }
    }
    let company = Company::of(seen);
    for (_, one, other, why) in candidates(with, seen, &company) {
        if joins.join(one, other, false) {
            reasons.push((one, why));
        }
    }
    let mut by_root: BTreeMap<usize, Cluster<'_>> = BTreeMap::new();
    for at in 0..seen.len() {
        let root = joins.root(at);
        by_root.entry(root).or_default().members.push(at);
    }
    for (at, why) in reasons {
        by_root.entry(joins.root(at)).or_default().reasons.insert(why);
    }
    // Of two that share a key and are kept apart the one with more references is the listed one.
    let mut holder: BTreeMap<&str, (std::cmp::Reverse<usize>, usize)> = BTreeMap::new();
    for (root, cluster) in &by_root {
        let size = (std::cmp::Reverse(cluster.members.len()), *root);
        if let Some(key) = cluster.members.iter().find_map(|at| seen[*at].key) {
            let best = holder.entry(key).or_insert(size);
            *best = (*best).min(size);
        }
    }
    for (key, (_, root)) in holder {
        by_root.entry(root).or_default().key = Some(key);
    }
    by_root.into_values().collect()
}

/// The names in each article that say something of the others.
struct Company<'s> {
    /// Each article's telling names, and its states.
    of: FxHashMap<&'s Iri, (FxHashSet<&'s str>, FxHashSet<&'s str>)>,
    outlets: FxHashMap<&'s Iri, &'s str>,
}

impl<'s> Company<'s> {
    fn of(seen: &'s [Seen<'_>]) -> Company<'s> {
        let mut articles: FxHashMap<&str, FxHashSet<&Iri>> = FxHashMap::default();
        let telling = |s: &&Seen<'_>| {
            s.slot.is_none_or(|slot| slot == "schema:locationCreated")
                && !matches!(s.kind, Kind::Nationality | Kind::Equipment | Kind::Time)
        };
        let name = |s: &'s Seen<'_>| s.key.unwrap_or(&s.plain);
        for reference in seen.iter().filter(telling).filter(|s| !s.names.is_empty()) {
            articles.entry(name(reference)).or_default().insert(reference.article);
        }
        let all: FxHashSet<&Iri> = seen.iter().map(|s| s.article).collect();
        let common = COMMON.max(all.len() / COMMON_SHARE);
        let mut of: FxHashMap<&Iri, (FxHashSet<&str>, FxHashSet<&str>)> = FxHashMap::default();
        for reference in seen.iter().filter(telling).filter(|s| !s.names.is_empty()) {
            let name = name(reference);
            let (names, states) = of.entry(reference.article).or_default();
            if name.starts_with("state/") {
                states.insert(name);
            } else if articles.get(name).is_some_and(|held| held.len() <= common) {
                names.insert(name);
            }
        }
        let outlets = seen.iter().filter(|s| s.slot == Some("schema:publisher")).map(|s| (s.article, s.plain.as_str())).collect();
        Company { of, outlets }
    }
}

/// Pairs with one name and enough evidence, the weightiest first.
fn candidates(with: &Concluder<'_>, seen: &[Seen<'_>], company: &Company<'_>) -> Vec<(u32, usize, usize, String)> {
    let mut blocks: BTreeMap<(Kind, String), Vec<(usize, u32)>> = BTreeMap::new();
    for (at, reference) in seen.iter().enumerate() {
        if reference.slot.is_none() && reference.names.is_empty() || matches!(reference.kind, Kind::Nationality | Kind::Time) {
            continue;
        }
        let kind = if reference.kind == Kind::MilitaryUnit { Kind::Organization } else { reference.kind };
        let mut keys: BTreeMap<String, u32> = BTreeMap::new();
        keys.insert(folded(&reference.plain, with.rules), 0);
        for name in reference.names.iter().map(|name| plain(name, with.rules)) {
            let words = name.split(' ').count();
            if words > 1 {
                keys.entry(folded(&name, with.rules)).or_insert(BY_SPELLING);
            } else if kind == Kind::Organization && name.len() > 1 {
                // An acronym that an article explains leads from the one form to the other.
                keys.entry(folded(&name, with.rules)).or_insert(BY_ACRONYM);
            }
            // "61st Mechanised" is the 61st Mechanised Brigade.
            if reference.kind == Kind::MilitaryUnit && words > 1 && name.starts_with(|c: char| c.is_ascii_digit()) {
                let first: Vec<&str> = name.split(' ').take(2).collect();
                keys.entry(folded(&first.join(" "), with.rules)).or_insert(BY_SPELLING);
            }
        }
        if kind == Kind::Organization
            && let Some(initials) = initials(&reference.plain)
        {
            keys.entry(initials).or_insert(BY_ACRONYM);
        }
        for (key, cost) in keys.into_iter().filter(|(key, _)| !key.is_empty()) {
            blocks.entry((kind, key)).or_default().push((at, cost));
        }
    }
    let mut found = Vec::new();
    for members in blocks.into_values() {
        for (index, (one, cost)) in members.iter().enumerate() {
            for (other, other_cost) in members.iter().skip(index + 1).take(WINDOW) {
                let spelling = if seen[*one].plain == seen[*other].plain { 0 } else { BY_SPELLING };
                let dear = *cost.max(other_cost).max(&spelling);
                if let Some((weight, why)) =
                    evidence(&seen[*one], &seen[*other], company, with.rules).filter(|(weight, _)| *weight >= ENOUGH + dear)
                {
                    found.push((weight - dear, *one, *other, why));
                }
            }
        }
    }
    found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| (a.1, a.2, &a.3).cmp(&(b.1, b.2, &b.3))));
    found
}

/// How much speaks for two references of one name being one thing, and what.
fn evidence(one: &Seen<'_>, other: &Seen<'_>, company: &Company<'_>, rules: &Rules) -> Option<(u32, String)> {
    let written = if one.plain == other.plain {
        format!("the name “{}”", one.fullest)
    } else {
        format!("“{}” and “{}”, forms of one name", one.fullest, other.fullest)
    };
    if let (Some(slot), Some(same)) = (one.slot, other.slot)
        && slot == same
    {
        if slot != "schema:author" {
            return (one.plain == other.plain).then(|| (ENOUGH, format!("{written} in the same field of the pages' data")));
        }
        let outlet = |seen: &Seen<'_>| company.outlets.get(seen.article);
        return (outlet(one).is_some() && outlet(one) == outlet(other))
            .then(|| (ENOUGH, format!("{written} as byline of the same outlet")));
    }
    let words = one.plain.split(' ').count().min(other.plain.split(' ').count());
    if one.kind == Kind::Person && words < 2 {
        return None;
    }
    let mut weight = 0;
    let mut why: Vec<String> = Vec::new();
    let mut national = false;
    if let (Some(job), Some(same)) = (one.job, other.job)
        && job.eq_ignore_ascii_case(same)
    {
        weight += SAME_POST;
        national = rules.is_national(job);
        why.push(format!("the post {job}"));
    }
    if let (Some((names, states)), Some((others, other_states))) = (company.of.get(one.article), company.of.get(other.article)) {
        let own = |name: &&&str| **name != one.plain && **name != other.plain && Some(**name) != one.key && Some(**name) != other.key;
        let shared = names.intersection(others).filter(own).count();
        if shared > 0 {
            weight += SHARED_NAME * u32::try_from(shared).unwrap_or(u32::MAX / 4);
            why.push(format!("{shared} other names in common"));
        }
        let shared_states = states.intersection(other_states).count();
        if shared_states > 0 {
            weight += SHARED_STATE + u32::from(shared_states >= SEVERAL_STATES) + if national { NATIONAL_POST } else { 0 };
            why.push(if shared_states == 1 { "a state in common".into() } else { format!("{shared_states} states in common") });
        }
    }
    if words > 2 {
        weight += LONG_NAME;
    }
    (!why.is_empty()).then(|| (weight, format!("{written} with {}", why.join(", "))))
}

/// Writes an entity's node and gives its IRI; `None` for a people that the gazetteer does not know.
fn describe(with: &Concluder<'_>, graph: &mut Graph, members: &[&Seen<'_>], key: Option<&str>) -> Option<Iri> {
    let smallest = members.iter().map(|m| m.iri).min()?;
    let listed = key.and_then(|k| with.gazetteer.listed(k));
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
        Some(key) => with.minter.listed(key),
        None => with.minter.of(smallest).mint(Instance::Entity),
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
