//! A batch as a set of changes: what a changed article sent to other groups goes, what it sends now comes, and so on from step to step.
//!
//! Steps are pure functions of a group's records, so that of a group that changes the step is run on the records as they were and as they are, and the
//! difference of what it emitted goes on (change propagation, as Incoop does for MapReduce: Bhatotia et al. 2011; here nothing that was emitted need be
//! kept). Groups that do not change are not read.

use super::records::{Counted, Records};
use crate::error::Result;
use crate::graph::Graph;
use crate::graph::bytes::{Id, read_graph, read_id, read_node};
use crate::graph::conclusions::handed::{Channel, Waiting};
use crate::graph::conclusions::{Concluder, Reading, Steps, Surveyed, Table};
use crate::graph::sorter::Group;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of groups that are shared out among the threads at once.
const BATCH: usize = 16 << 20;

/// What is known of an article, before a batch and after it.
pub(super) struct Change {
    pub(super) before: Option<Graph>,
    pub(super) after: Option<Graph>,
}

/// What a batch came to.
#[derive(Debug, Default)]
pub(super) struct Propagated {
    /// Triples concluded, more or fewer.
    pub(super) triples: i64,
    /// Groups that a step was run on.
    pub(super) groups: usize,
}

/// The records of a group, before and after.
struct Unit {
    before: Option<Group>,
    after: Option<Group>,
}

impl Unit {
    fn of(key: &[u8], before: &Counted, after: &Counted) -> Unit {
        let group = |counted: &Counted| (!counted.is_empty()).then(|| Group::of(key, counted.keys().map(Vec::as_slice)));
        Unit { before: group(before), after: group(after) }
    }

    fn size(&self) -> usize {
        self.before.iter().chain(&self.after).map(Group::size).sum()
    }
}

/// How much more or less often records are emitted, by group and payload.
type Differences = BTreeMap<Vec<u8>, BTreeMap<Vec<u8>, i64>>;

/// Carries changes of articles through the steps.
pub(super) struct Changing<'a, 't> {
    pub(super) with: &'a Concluder<'a>,
    pub(super) reading: &'a Reading,
    pub(super) records: &'a mut Records<'t>,
    /// What steps looked up, and look up now.
    before: Table,
    after: Table,
    waiting: FxHashMap<Channel, Differences>,
    done: Propagated,
}

impl<'a, 't> Changing<'a, 't> {
    /// `table` knows no names.
    pub(super) fn new(with: &'a Concluder<'a>, reading: &'a Reading, records: &'a mut Records<'t>, table: &Table) -> Changing<'a, 't> {
        let (before, after) = (table.without_names(FxHashSet::default()), table.without_names(FxHashSet::default()));
        Changing { with, reading, records, before, after, waiting: FxHashMap::default(), done: Propagated::default() }
    }

    /// Carries the changes of some articles through all steps.
    pub(super) fn propagate(mut self, changes: &BTreeMap<Id, Change>) -> Result<Propagated> {
        let met = self.survey(changes)?;
        self.compare(changes, met)?;
        self.pass_channel(Channel::Captures, |steps, group, out| steps.revise(group, out))?;
        self.pass_channel(Channel::Bands, |steps, group, out| steps.alike(group, out))?;
        self.pass_connected(Channel::Alike, |steps, group, out| steps.copies(group, out))?;
        self.pass_connected(Channel::References, |steps, group, out| steps.entities(group, out))?;
        self.roles(changes)?;
        self.pass_channel(Channel::Votes, |steps, group, out| steps.vote(group, out))?;
        self.pass_channel(Channel::Settling, |steps, group, out| steps.settle(group, out))?;
        self.pass_channel(Channel::Figures, |steps, group, out| steps.figures(group, out))?;
        self.tell()?;
        Ok(self.done)
    }

    fn differ(&mut self, channel: Channel, group: &[u8], payload: &[u8], by: i64) {
        let of_group = self.waiting.entry(channel).or_default().entry(group.to_vec()).or_default();
        *of_group.entry(payload.to_vec()).or_default() += by;
    }

    fn take(&mut self, channel: Channel) -> Differences {
        self.waiting.remove(&channel).unwrap_or_default()
    }

    /// Counts names, and gives the articles that did not change but hold one that came to be too common, or no longer is.
    fn survey(&mut self, changes: &BTreeMap<Id, Change>) -> Result<BTreeMap<Id, Change>> {
        let mut counts: BTreeMap<String, i64> = BTreeMap::new();
        for (article, Change { before, after }) in changes {
            for (graph, by) in [(before, -1), (after, 1)] {
                let Some(graph) = graph else { continue };
                let Surveyed { names, pairs, .. } = self.reading.survey(self.with, *article, graph);
                for name in names {
                    self.differ(Channel::Names, name.as_bytes(), article.as_bytes(), by);
                    *counts.entry(name).or_default() += by;
                }
                for (one, other) in pairs {
                    self.differ(Channel::Blocks, one.as_bytes(), other.as_bytes(), by);
                    self.differ(Channel::Blocks, other.as_bytes(), one.as_bytes(), by);
                }
            }
        }
        let common = self.after.common();
        let (mut too_common, mut were_too_common) = (FxHashSet::default(), FxHashSet::default());
        let mut met: BTreeMap<Id, Change> = BTreeMap::new();
        for (name, by) in &counts {
            let before = self.records.holders(name)?;
            let after = before.saturating_add_signed(*by);
            if *by != 0 {
                self.records.set_holders(name, after)?;
            }
            if (before > common) != (after > common) {
                for mut holder in self.records.group(Channel::Names, name.as_bytes())?.keys().map(Vec::as_slice) {
                    let article = read_id(&mut holder)?;
                    if !changes.contains_key(&article) && !met.contains_key(&article) {
                        let facts = self.facts(article)?;
                        met.insert(article, Change { before: facts.clone(), after: facts });
                    }
                }
            }
            if before > common {
                were_too_common.insert(name.clone());
            }
            if after > common {
                too_common.insert(name.clone());
            }
        }
        for (article, Change { after, .. }) in &met {
            let Some(facts) = after else { continue };
            for name in self.reading.survey(self.with, *article, facts).names {
                if !counts.contains_key(&name) && self.records.holders(&name)? > common {
                    were_too_common.insert(name.clone());
                    too_common.insert(name);
                }
            }
        }
        self.before = self.before.without_names(were_too_common);
        self.after = self.after.without_names(too_common);
        for (name, by) in self.take(Channel::Names) {
            self.change(Channel::Names, &name, by)?;
        }
        Ok(met)
    }

    fn compare(&mut self, changes: &BTreeMap<Id, Change>, met: BTreeMap<Id, Change>) -> Result<()> {
        let mut units = Units::default();
        for (article, change) in changes.iter().chain(&met) {
            let group = |facts: &Option<Graph>| self.with_facts(*article, facts.as_ref(), &Counted::new());
            let unit = Unit { before: group(&change.before)?, after: group(&change.after)? };
            self.pass(&mut units, unit, |steps, group, out| steps.compare(group, out))?;
        }
        self.pass_rest(units, |steps, group, out| steps.compare(group, out))
    }

    /// An article's slots are filled where its facts have changed, or whom they speak of.
    fn roles(&mut self, changes: &BTreeMap<Id, Change>) -> Result<()> {
        let mut told = self.take(Channel::Articles);
        for article in changes.keys() {
            told.entry(article.as_bytes().to_vec()).or_default();
        }
        let step = |steps: &Steps<'_>, group: Group, out: &mut Waiting| steps.roles(group, out);
        let mut units = Units::default();
        for (key, by) in told {
            let article = read_id(&mut key.as_slice())?;
            let (before, after) = self.change(Channel::Articles, &key, by)?;
            let unit = match changes.get(&article) {
                Some(Change { before: old, after: new }) => Unit {
                    before: self.with_facts(article, old.as_ref(), &before)?,
                    after: self.with_facts(article, new.as_ref(), &after)?,
                },
                None if before.keys().eq(after.keys()) => continue,
                None => {
                    let facts = self.facts(article)?;
                    Unit {
                        before: self.with_facts(article, facts.as_ref(), &before)?,
                        after: self.with_facts(article, facts.as_ref(), &after)?,
                    }
                }
            };
            self.pass(&mut units, unit, step)?;
        }
        self.pass_rest(units, step)
    }

    /// Changes what is told, node by node.
    fn tell(&mut self) -> Result<()> {
        for (node, by) in self.take(Channel::Graph) {
            let (before, after) = self.change(Channel::Graph, &node, by)?;
            self.done.triples += statements(&after)? as i64 - statements(&before)? as i64;
        }
        Ok(())
    }

    fn facts(&self, article: Id) -> Result<Option<Graph>> {
        self.records
            .facts(article)?
            .map(|bytes| {
                let mut facts = Graph::new(self.with.minter);
                read_graph(&bytes, &mut facts).map(|()| facts)
            })
            .transpose()
    }

    /// The group of an article: its facts, and what else is told of it.
    fn with_facts(&self, article: Id, facts: Option<&Graph>, told: &Counted) -> Result<Option<Group>> {
        let Some(facts) = facts else { return Ok(None) };
        let mut sent = Waiting::default();
        self.reading.send(&article.iri(), facts, &mut sent)?;
        let facts = sent.records().map(|(_, _, payload)| payload);
        Ok(Some(Group::of(article.as_bytes(), facts.chain(told.keys().map(Vec::as_slice)))))
    }

    /// Changes the records of a group, and gives them as they were and as they are.
    fn change(&mut self, channel: Channel, group: &[u8], by: BTreeMap<Vec<u8>, i64>) -> Result<(Counted, Counted)> {
        let before = self.records.group(channel, group)?;
        let mut after = before.clone();
        let by = by.into_iter().filter(|(_, by)| *by != 0).collect();
        self.records.change(channel, group, &mut after, by)?;
        Ok((before, after))
    }

    /// Passes the groups of a channel that change through a step.
    fn pass_channel(&mut self, channel: Channel, step: impl Fn(&Steps<'_>, Group, &mut Waiting) -> Result<()> + Sync + Copy) -> Result<()> {
        let mut units = Units::default();
        for (group, by) in self.take(channel) {
            let (before, after) = self.change(channel, &group, by)?;
            if !before.keys().eq(after.keys()) {
                self.pass(&mut units, Unit::of(&group, &before, &after), step)?;
            }
        }
        self.pass_rest(units, step)
    }

    /// The same where groups lead to one another, and the step wants all that do: as they did, or do.
    fn pass_connected(
        &mut self,
        channel: Channel,
        step: impl Fn(&Steps<'_>, Group, &mut Waiting) -> Result<()> + Sync + Copy,
    ) -> Result<()> {
        let mut waiting = self.take(channel);
        let mut pairs = if channel == Channel::References { self.take(Channel::Blocks) } else { Differences::new() };
        let mut seen: BTreeSet<Vec<u8>> = BTreeSet::new();
        let mut units = Units::default();
        for seed in waiting.keys().cloned().collect::<Vec<_>>() {
            if !seen.insert(seed.clone()) {
                continue;
            }
            let mut connected = vec![seed];
            let mut at = 0;
            let (mut before, mut after) = (Counted::new(), Counted::new());
            while let Some(group) = connected.get(at).cloned() {
                at += 1;
                let by = waiting.remove(&group).unwrap_or_default();
                let (were, are) = self.change(channel, &group, by)?;
                let others = match channel {
                    Channel::References => {
                        let (were, are) = self.change(Channel::Blocks, &group, pairs.remove(&group).unwrap_or_default())?;
                        were.into_keys().chain(are.into_keys()).collect()
                    }
                    _ => {
                        let mut others = BTreeSet::new();
                        for payload in were.keys().chain(are.keys()) {
                            others.extend(self.own_groups(channel, &group, payload)?);
                        }
                        others
                    }
                };
                connected.extend(others.into_iter().filter(|other| seen.insert(other.clone())));
                before.extend(were);
                after.extend(are);
            }
            if !before.keys().eq(after.keys()) {
                self.pass(&mut units, Unit::of(&[], &before, &after), step)?;
            }
        }
        // Of blocks in which no reference stands: each was reached from one in which it does.
        for (block, by) in pairs {
            self.change(Channel::Blocks, &block, by)?;
        }
        self.pass_rest(units, step)
    }

    fn own_groups(&self, channel: Channel, group: &[u8], payload: &[u8]) -> Result<Vec<Vec<u8>>> {
        self.reading.steps(self.with, &self.after).own_groups(channel, group, payload)
    }

    /// Keeps a unit for a step, and runs it over those that were kept when they are many.
    fn pass(&mut self, units: &mut Units, unit: Unit, step: impl Fn(&Steps<'_>, Group, &mut Waiting) -> Result<()> + Sync) -> Result<()> {
        units.size += unit.size();
        units.all.push(unit);
        if units.size < BATCH { Ok(()) } else { self.pass_rest(std::mem::take(units), step) }
    }

    /// Runs a step over units as they were and as they are, on all threads, and takes in what it emits more often, or less.
    fn pass_rest(&mut self, units: Units, step: impl Fn(&Steps<'_>, Group, &mut Waiting) -> Result<()> + Sync) -> Result<()> {
        self.done.groups += units.all.len();
        let (before, after) = (self.reading.steps(self.with, &self.before), self.reading.steps(self.with, &self.after));
        let run = |steps: &Steps<'_>, group: Option<Group>| {
            let mut out = Waiting::default();
            group.map_or(Ok(()), |group| step(steps, group, &mut out)).map(|()| out)
        };
        let both = |unit: Unit| {
            let (were, are) = rayon::join(|| run(&before, unit.before), || run(&after, unit.after));
            let (were, are) = (were?, are?);
            let mut differences: FxHashMap<(Channel, &[u8], &[u8]), i64> = FxHashMap::default();
            for record in are.records() {
                *differences.entry(record).or_default() += 1;
            }
            for record in were.records() {
                *differences.entry(record).or_default() -= 1;
            }
            let mut all = Vec::new();
            for ((channel, group, payload), by) in differences.into_iter().filter(|(_, by)| *by != 0) {
                for own in after.own_groups(channel, group, payload)? {
                    all.push((channel, own, payload.to_vec(), by));
                }
            }
            Ok(all)
        };
        let done: Vec<Result<Vec<_>>> = units.all.into_par_iter().map(both).collect();
        for differences in done {
            for (channel, group, payload, by) in differences? {
                self.differ(channel, &group, &payload, by);
            }
        }
        Ok(())
    }
}

/// Units that wait for a step.
#[derive(Default)]
struct Units {
    all: Vec<Unit>,
    size: usize,
}

/// How many statements are told of a node.
pub(super) fn statements(told: &Counted) -> Result<usize> {
    let mut statements = Vec::new();
    told.keys().try_for_each(|payload| read_node(payload, &mut statements))?;
    statements.sort_unstable();
    statements.dedup();
    Ok(statements.len())
}
