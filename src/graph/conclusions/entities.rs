//! Which references of all articles are one entity.
//!
//! References join where the gazetteer lists both under one key, where an analyst says so, or where a name that they share is borne out by the company
//! it keeps: the post, and the other names in their articles (Bagga and Baldwin 1998 compare contexts likewise); never on an equal name alone.
//! Names are compared within blocks of one spelling key, so that work grows with the number of references and not of pairs.

use super::corrections::Said;
use super::handed::{Channel, Emit, received, send, tell};
use super::roles::{ASSIGNED, Assigned, Nature};
use super::seen::{BY_SPELLING, Seen, hash};
use super::survey::Table;
use super::{Concluder, Iri, Rules};
use crate::error::Result;
use crate::graph::Graph;
use crate::graph::bytes::Id;
use crate::graph::iri::Instance;
use crate::graph::sorter::Group as Records;
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
/// Nodes that are told at once.
const AT_ONCE: usize = 4096;
/// Members of a block that each one is compared with. A block has one name's references; those far apart in order meet through those between.
const WINDOW: usize = 48;
/// References that are one entity, and why, where more than the gazetteer or the article itself gave it.
#[derive(Default)]
struct Cluster<'s> {
    members: Vec<usize>,
    reasons: BTreeSet<String>,
    /// The gazetteer's key.
    key: Option<&'s str>,
}

/// Writes the entities of a block's references and what leads to them, and tells their articles.
pub(super) fn join(with: &Concluder<'_>, (table, said): (&Table, &Said), records: Records, out: &mut dyn Emit) -> Result<()> {
    let (mut seen, mut words) = (Vec::new(), FxHashSet::default());
    records.each(|payload| {
        let mut one: Seen = received(&payload[1..])?;
        one.share(&mut words);
        seen.push(one);
        Ok(())
    })?;
    drop(words);
    for cluster in clusters(with, said, &seen) {
        let mut conclusions = Graph::new(with.minter);
        let members: Vec<&Seen> = cluster.members.iter().map(|at| &seen[*at]).collect();
        let Some((iri, nature)) = describe(with, &mut conclusions, &members, cluster.key) else { continue };
        let Some(entity) = Id::of(&iri) else { continue };
        // On the entity and not on its references: those are facts, and a reason drawn from this set of articles must go when others join.
        for reason in &cluster.reasons {
            conclusions.text(&iri, "wg:reason", reason);
        }
        let articles: FxHashSet<Id> = members.iter().filter(|m| m.is_mentioned()).map(|m| m.article).collect();
        let described = cluster.key.is_none() && members.iter().all(|m| m.names.is_empty() && m.slot().is_none());
        let assigned = Assigned {
            reference: entity,
            entity,
            nature,
            key: cluster.key.map(str::to_owned),
            described: described.then(|| members[0].plain.to_string()),
            name: conclusions.node(&iri).texts("schema:name").next().unwrap_or_default().to_owned(),
            // What one article alone speaks of says nothing of others, and neither does what a great many do.
            telling: !described && !nature.country && (2..=table.common).contains(&(articles.len() as u64)),
        };
        let wanted = |id: &Id| table.wanted.get(id).into_iter().flatten();
        for article in wanted(&entity) {
            send(out, Channel::Articles, article.as_bytes(), ASSIGNED, &assigned)?;
        }
        for member in &members {
            let (reference, article) = (member.iri.iri(), member.article.iri());
            conclusions.link(&reference, "wg:refersTo", iri.clone());
            if let Some(slot) = member.slot().filter(|slot| nature.takes(slot)) {
                conclusions.link(&article, slot, iri.clone());
            }
            if member.is_mentioned() {
                conclusions.link(&article, "schema:mentions", iri.clone());
            }
            let assigned = Assigned { reference: member.iri, ..assigned.clone() };
            for article in wanted(&member.iri).chain([&member.article]) {
                send(out, Channel::Articles, article.as_bytes(), ASSIGNED, &assigned)?;
            }
            if conclusions.nodes.len() >= AT_ONCE {
                tell(out, &std::mem::replace(&mut conclusions, Graph::new(with.minter)))?;
            }
        }
        tell(out, &conclusions)?;
    }
    Ok(())
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
    articles: FxHashSet<Id>,
}

impl<'s> Joins<'s> {
    fn new(seen: &'s [Seen]) -> Joins<'s> {
        let group = |(at, s): (usize, &'s Seen)| Group {
            members: vec![at],
            key: s.key.as_deref(),
            articles: Some(s.article).filter(|_| s.slot().is_none()).into_iter().collect(),
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

fn clusters<'s>(with: &Concluder<'_>, said: &Said, seen: &'s [Seen]) -> Vec<Cluster<'s>> {
    let mut joins = Joins::new(seen);
    let mut reasons: Vec<(usize, String)> = Vec::new();
    let by_iri: FxHashMap<Iri, usize> =
        if said.is_empty() { FxHashMap::default() } else { seen.iter().zip(0..).map(|(s, at)| (s.iri.iri(), at)).collect() };
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
        let Some(key) = reference.key.as_deref() else { continue };
        let firsts = firsts_of.entry(key).or_default();
        let joined = firsts.iter().any(|first| joins.root(*first) == joins.root(at) || joins.join(*first, at, true));
        if !joined {
            firsts.push(at);
        }
    }
    for (_, one, other) in candidates(with, seen, &mut joins) {
        if joins.join(one as usize, other as usize, false) {
            let (one, other) = (one as usize, other as usize);
            reasons.extend(evidence(&seen[one], &seen[other], with.rules).map(|evidence| (one, evidence.words(&seen[one], &seen[other]))));
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
        if let Some(key) = cluster.members.iter().find_map(|at| seen[*at].key.as_deref()) {
            let best = holder.entry(key).or_insert(size);
            *best = (*best).min(size);
        }
    }
    for (key, (_, root)) in holder {
        by_root.entry(root).or_default().key = Some(key);
    }
    by_root.into_values().collect()
}

/// Pairs with one name and enough evidence, the weightiest first.
fn candidates(with: &Concluder<'_>, seen: &[Seen], joins: &mut Joins<'_>) -> Vec<(u32, u32, u32)> {
    let mut blocks: BTreeMap<(Kind, &str), Vec<(usize, u32)>> = BTreeMap::new();
    for (at, reference) in seen.iter().enumerate() {
        for (key, cost) in &reference.forms {
            blocks.entry((reference.compared_as(), key)).or_default().push((at, *cost));
        }
    }
    let mut found = Vec::new();
    for members in blocks.into_values() {
        for (index, (one, cost)) in members.iter().enumerate() {
            for (other, other_cost) in members.iter().skip(index + 1).take(WINDOW) {
                if joins.root(*one) == joins.root(*other) {
                    continue;
                }
                let spelling = if seen[*one].plain == seen[*other].plain { 0 } else { BY_SPELLING };
                let dear = *cost.max(other_cost).max(&spelling);
                if let Some(evidence) = evidence(&seen[*one], &seen[*other], with.rules).filter(|found| found.weight >= ENOUGH + dear) {
                    found.push((evidence.weight - dear, *one as u32, *other as u32));
                }
            }
        }
    }
    found.sort_unstable_by_key(|(weight, one, other)| (std::cmp::Reverse(*weight), *one, *other));
    found
}

/// What speaks for two references of one name being one thing.
#[derive(Default)]
struct Evidence<'s> {
    weight: u32,
    /// The whole of it, where that is not the company that the two keep.
    alone: Option<&'static str>,
    post: Option<&'s str>,
    names: usize,
    states: usize,
}

impl Evidence<'_> {
    /// In words.
    fn words(&self, one: &Seen, other: &Seen) -> String {
        let written = if one.plain == other.plain {
            format!("the name “{}”", one.fullest)
        } else {
            format!("“{}” and “{}”, forms of one name", one.fullest, other.fullest)
        };
        if let Some(alone) = self.alone {
            return format!("{written} {alone}");
        }
        let mut why: Vec<String> = self.post.iter().map(|job| format!("the post {job}")).collect();
        if self.names > 0 {
            why.push(format!("{} other names in common", self.names));
        }
        match self.states {
            0 => {}
            1 => why.push("a state in common".into()),
            several => why.push(format!("{several} states in common")),
        }
        format!("{written} with {}", why.join(", "))
    }
}

fn evidence<'s>(one: &'s Seen, other: &Seen, rules: &Rules) -> Option<Evidence<'s>> {
    if let (Some(slot), Some(same)) = (one.slot(), other.slot())
        && slot == same
    {
        let of_page = |alone| Evidence { weight: ENOUGH, alone: Some(alone), ..Evidence::default() };
        if slot != "schema:author" {
            return (one.plain == other.plain).then(|| of_page("in the same field of the pages' data"));
        }
        let outlet = one.company.outlet;
        return (outlet.is_some() && outlet == other.company.outlet).then(|| of_page("as byline of the same outlet"));
    }
    let words = one.plain.split(' ').count().min(other.plain.split(' ').count());
    if one.kind == Kind::Person && words < 2 {
        return None;
    }
    let mut found = Evidence::default();
    let mut national = false;
    if let (Some(job), Some(same)) = (one.job.as_deref(), other.job.as_deref())
        && job.eq_ignore_ascii_case(same)
    {
        found.weight += SAME_POST;
        national = rules.is_national(job);
        found.post = Some(job);
    }
    let themselves: Vec<u64> = [&one.plain, &other.plain].into_iter().chain(&one.key).chain(&other.key).map(|name| hash(name)).collect();
    found.names = shared(&one.company.names, &other.company.names).filter(|name| !themselves.contains(name)).count();
    found.weight += SHARED_NAME * u32::try_from(found.names).unwrap_or(u32::MAX / 4);
    found.states = shared(&one.company.states, &other.company.states).count();
    if found.states > 0 {
        found.weight += SHARED_STATE + u32::from(found.states >= SEVERAL_STATES) + if national { NATIONAL_POST } else { 0 };
    }
    let any = found.weight > 0;
    if words > 2 {
        found.weight += LONG_NAME;
    }
    any.then_some(found)
}

/// What two lists in order have in common.
fn shared<'l>(one: &'l [u64], other: &'l [u64]) -> impl Iterator<Item = u64> {
    let mut rest = other;
    one.iter().copied().filter(move |value| {
        let from = rest.partition_point(|other| other < value);
        rest = &rest[from..];
        rest.first() == Some(value)
    })
}

/// Writes an entity's node and gives its IRI; `None` for a people that the gazetteer does not know.
fn describe(with: &Concluder<'_>, graph: &mut Graph, members: &[&Seen], key: Option<&str>) -> Option<(Iri, Nature)> {
    let smallest = members.iter().map(|m| m.iri).min()?.iri();
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
        None => with.minter.of(&smallest).mint(Instance::Entity),
    };
    graph.types(&iri, classes);
    let nature = Nature { place: classes.contains(&"schema:Place"), actor: classes.contains(&"wg:Actor"), country };
    let forms: BTreeSet<&str> = members.iter().flat_map(|m| m.names.iter().map(|name| &**name)).collect();
    let fullest = members.iter().map(|m| &*m.fullest).max_by_key(|name| (name.chars().count(), std::cmp::Reverse(*name)))?;
    let name = listed.as_ref().map_or(fullest, |l| l.name.as_str());
    graph.text(&iri, "schema:name", name);
    for form in forms.into_iter().filter(|form| *form != name) {
        graph.text(&iri, "schema:alternateName", form);
    }
    for job in members.iter().filter_map(|m| m.job.as_ref()) {
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
    Some((iri, nature))
}
