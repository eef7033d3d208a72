//! Which claims are one running figure.
//!
//! Claims are blocked by family of event types and by whose they are, or where. Inside a block they are taken in the order of their days, and each joins
//! the group that most speaks for: what is counted, place, time, number and source. Each claim is compared with the groups that share its place, its
//! number or what else its article speaks of, and where it says whose they are with those last added to, so that work grows with the number of claims
//! and not of pairs.

use super::Concluder;
use super::interval::Standing;
use super::rules::{Class, Likeness};
use super::tally::{Span, Spot, Story, Tally};
use crate::graph::bytes::Id;
use crate::types::Certainty;
use jiff::civil::Date;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Groups last added to that a claim is compared with whatever they share.
const RECENT: usize = 48;
/// Of many groups that share a name or a number with a claim, those that it is compared with.
const YOUNGEST: usize = 16;
/// Places within which two that are named otherwise are one scene, in kilometres.
const NEAR: f64 = 60.0;
/// Days of what happened, from which it is a period and no single event.
const PERIOD: i32 = 10;
/// Days that two tellings of one event may differ by.
const SLACK: i32 = 2;
/// Days between figures from which they follow one another closely, and from which only their own words can join them.
const CLOSE: i32 = 4;
const FAR: i32 = 60;
/// What weighs against days so far apart.
const OTHER_TIME: i32 = -8;
/// A number of this size and more is seldom the same by chance.
const TELLING: u32 = 10;
/// A group's claims that are compared, the latest.
const LAST: usize = 64;
/// A group's claims whose articles are compared, the latest; and how many entities that two articles share speak for one story.
const COMPARED: usize = 12;
const SOME: usize = 2;
const MANY: usize = 4;
const MOST: usize = 7;
/// What a figure of another event type of the family in the same sentence or article is worth, and the same number in a copy of the same article.
const SAME_SENTENCE: i32 = 3;
const SAME_ARTICLE: i32 = 1;
const COPY: i32 = 4;
/// Evidence from which a claim joins a group.
const ENOUGH: i32 = 3;
/// Evidence from which a claim that says no place joins the only group that it fits.
const ENOUGH_ALONE: i32 = 2;

/// Claims that count the same people or things of one event or course of events.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// Indices of tallies, in the order of their days.
    pub(super) members: Vec<usize>,
    classes: Vec<Class>,
    spots: Vec<Arc<Spot>>,
    /// Single events' days.
    spans: Vec<(Date, Date)>,
    last: Option<Date>,
    /// From the first day that it speaks of to the last.
    days: Option<(Date, Date)>,
    /// Whether all its claims say when it ended.
    told_when: bool,
    /// Whether all its claims say where, closer than a state.
    placed: bool,
}

/// What a group is looked for by.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Named(Id),
    Number(Decimal),
    Article(Id),
}

/// Claims that may be compared at all.
#[derive(PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Block<'t> {
    family: &'t str,
    of: Option<Id>,
    predicate: Option<&'t str>,
    unit: Option<&'t str>,
    planned: bool,
    increment: bool,
    part: bool,
}

/// Groups all tallies. Each stands in one group.
pub(super) fn group(with: &Concluder<'_>, tallies: &[Tally], stories: &FxHashMap<Id, Story>) -> Vec<Group> {
    let mut blocks: FxHashMap<Block<'_>, Vec<usize>> = FxHashMap::default();
    for (at, tally) in tallies.iter().enumerate() {
        let block = Block {
            family: with.rules.family(&tally.what.event),
            of: tally.block,
            predicate: tally.what.predicate.as_deref(),
            unit: tally.what.unit.as_deref(),
            planned: tally.certainty == Certainty::Planned,
            increment: tally.increment,
            part: tally.part,
        };
        blocks.entry(block).or_default().push(at);
    }
    let mut blocks: Vec<(Block<'_>, Vec<usize>)> = blocks.into_iter().collect();
    blocks.sort_unstable();
    let mut groups = Vec::new();
    for (_, members) in blocks {
        let mut grouping = Grouping { tallies, stories, groups: Vec::new(), index: FxHashMap::default(), recent: Vec::new() };
        members.iter().for_each(|at| grouping.place(*at));
        // Who found no group when it came may find one now.
        let alone: Vec<usize> = (0..grouping.groups.len()).filter(|group| grouping.groups[*group].members.len() == 1).collect();
        for group in alone {
            if grouping.groups[group].members.len() == 1 {
                let at = grouping.groups[group].members[0];
                grouping.groups[group] = Group::default();
                grouping.place(at);
            }
        }
        groups.extend(grouping.groups.into_iter().filter(|group| !group.members.is_empty()));
    }
    for group in &mut groups {
        group.members.sort_unstable();
    }
    groups
}

struct Grouping<'t> {
    tallies: &'t [Tally],
    stories: &'t FxHashMap<Id, Story>,
    groups: Vec<Group>,
    index: FxHashMap<Key, Vec<usize>>,
    recent: Vec<usize>,
}

impl<'t> Grouping<'t> {
    fn keys(&self, tally: &'t Tally) -> Vec<Key> {
        let original = tally.copy_of.unwrap_or(tally.article);
        let mut keys = vec![Key::Article(original)];
        keys.extend(tally.place.as_ref().filter(|spot| !spot.whole).map(|spot| Key::Named(spot.entity)));
        keys.extend(self.stories.get(&tally.article).into_iter().flatten().copied().map(Key::Named));
        keys.extend(tally.figure.filter(|f| f.value >= TELLING.into()).map(|figure| Key::Number(figure.value.normalize())));
        keys
    }

    fn place(&mut self, at: usize) {
        let tally = &self.tallies[at];
        let keys = self.keys(tally);
        let mut candidates: BTreeSet<usize> = BTreeSet::new();
        if tally.actor.is_some() {
            candidates.extend(&self.recent);
        }
        for key in &keys {
            // The youngest of many.
            candidates.extend(self.index.get(key).into_iter().flat_map(|groups| groups.iter().rev().take(YOUNGEST)).copied());
        }
        // The most evidence, then the latest news.
        let mut best: Option<((i32, Option<Date>), usize)> = None;
        let mut rivals = 0;
        let placeless = tally.place.as_ref().is_none_or(|spot| spot.whole);
        let mut fits: Vec<usize> = Vec::new();
        for candidate in candidates {
            let group = Some(&self.groups[candidate]).filter(|group| !group.members.is_empty());
            let Some(score) = group.and_then(|group| self.score(tally, group)).filter(|score| *score >= ENOUGH_ALONE) else { continue };
            fits.push(candidate);
            if score < ENOUGH {
                continue;
            }
            let rank = (score, self.groups[candidate].last);
            match best {
                Some((most, _)) if rank < most => {}
                Some((most, _)) if rank == most => rivals += 1,
                _ => {
                    best = Some((rank, candidate));
                    rivals = 0;
                }
            }
        }
        let chosen = match best {
            Some((_, group)) if rivals == 0 || !placeless => group,
            None if placeless && fits.len() == 1 => fits[0],
            _ => {
                self.groups.push(Group::default());
                self.groups.len() - 1
            }
        };
        self.groups[chosen].take(at, tally);
        for key in keys {
            let groups = self.index.entry(key).or_default();
            if groups.last() != Some(&chosen) {
                groups.retain(|group| *group != chosen);
                groups.push(chosen);
            }
        }
        self.recent.retain(|group| *group != chosen);
        self.recent.push(chosen);
        if self.recent.len() > RECENT {
            self.recent.remove(0);
        }
    }

    /// How much speaks for a claim belonging to a group; `None` where it cannot.
    fn score(&self, tally: &Tally, group: &Group) -> Option<i32> {
        let mut score = group.classes.iter().map(|class| of_class(tally.what.class.likeness(class))).max()?? + self.of_place(tally, group);
        let (mut number, mut beside, mut rival) = (0, 0, 0);
        for other in group.members.iter().rev().take(LAST).map(|at| &self.tallies[*at]) {
            let same_source = i32::from(other.speaker.voice == tally.speaker.voice);
            let same_event = other.what.event == tally.what.event;
            if other.article == tally.article && !same_event {
                // Killed and wounded of one sentence, or at least of one article.
                beside = beside.max(if other.sentence == tally.sentence { SAME_SENTENCE } else { SAME_ARTICLE });
            }
            // An article tells those of a night apart from those since January.
            let other_time = tally.is_period() && single_event(other).is_some() || other.is_period() && single_event(tally).is_some();
            if other.article == tally.article && same_event && other_time {
                rival = rival.min(OTHER_TIME);
            }
            let Some((figure, known)) = tally.figure.as_ref().zip(other.figure.as_ref()) else { continue };
            let telling = i32::from(figure.value >= TELLING.into());
            let standing = figure.standing(known);
            // The same number, above all of the same source.
            number = number.max(match standing {
                _ if !same_event => same_source * telling * i32::from(figure.value == known.value),
                Standing::Equal | Standing::Narrower | Standing::Wider => {
                    let copy = other.copy_of.unwrap_or(other.article) == tally.copy_of.unwrap_or(tally.article);
                    1 + telling + same_source + if copy && other.article != tally.article { COPY } else { 0 }
                }
                // One who counts goes on counting.
                _ => same_source * (1 + i32::from(tally.authored)),
            });
            // One source, and one article, gives one figure of one thing a day: another number is that of a part, or of something else.
            let answers = [tally, other].iter().any(|t| t.is_nothing() || t.certainty == Certainty::Denied);
            if same_event && standing == Standing::Apart && tally.day == other.day && !answers {
                // Beside the toll of the whole, one article gives that of a village.
                let elsewhere = tally.spot() != other.spot();
                rival = rival.min(match (other.article == tally.article, same_source == 1) {
                    (true, true) => -4,
                    (true, false) if elsewhere => -4,
                    (false, true) => -3,
                    (true, false) => -1,
                    (false, false) => 0,
                });
            }
        }
        score += number + beside + rival;
        score += self.of_story(tally, group);
        if tally.actor.is_some() && group.members.iter().rev().take(LAST).any(|at| self.tallies[*at].actor == tally.actor) {
            score += 1;
        }
        Some(score + self.of_time(tally, group))
    }

    /// What the place says.
    fn of_place(&self, tally: &Tally, group: &Group) -> i32 {
        // Who says no place rather speaks of the whole than of a village.
        let Some(spot) = &tally.place else { return -i32::from(group.placed) };
        let of = |other: &Spot| {
            if other.entity == spot.entity {
                return if spot.whole { 1 } else { 3 };
            }
            if (other.whole || spot.whole) && other.state.is_some() && other.state == spot.state {
                return 1;
            }
            match spot.kilometres_to(other) {
                Some(distance) if !spot.whole && !other.whole && distance <= NEAR => 2,
                Some(_) if !spot.whole && !other.whole => -3,
                // A force abroad: one says the front, another the country behind it.
                Some(_) if spot.whole && other.whole && tally.actor.is_some() => 0,
                Some(_) => -1,
                // A village that no list has may lie in the country that another names.
                None if spot.whole || other.whole => 0,
                None => -3,
            }
        };
        group.spots.iter().map(|spot| of(spot)).max().unwrap_or(0)
    }

    /// Whom and what else the articles speak of.
    fn of_story(&self, tally: &Tally, group: &Group) -> i32 {
        let Some(story) = self.stories.get(&tally.article) else { return 0 };
        let others = group.members.iter().rev().take(COMPARED).map(|at| self.tallies[*at].article).filter(|other| *other != tally.article);
        let shared = others.filter_map(|other| Some(shared(self.stories.get(&other)?, story))).max().unwrap_or(0);
        i32::from(shared >= SOME) + i32::from(shared >= MANY) + i32::from(shared >= MOST)
    }

    fn of_time(&self, tally: &Tally, group: &Group) -> i32 {
        let gap = |(start, end): (Date, Date), (first, last): (Date, Date)| days(last, start).max(days(end, first)).max(0);
        // The toll of a year that was over long before is another's.
        let told_when = tally.happened.end.is_some() || group.told_when;
        if let (Some(own), Some(of_group)) = (tally.days(), group.days)
            && told_when
            && gap(own, of_group) > FAR
        {
            return OTHER_TIME;
        }
        if let Some(own) = single_event(tally)
            && let Some(gap) = group.spans.iter().map(|span| gap(own, *span)).min()
        {
            return if gap > SLACK { -3 } else { 1 };
        }
        let apart = tally.day.zip(group.last).map(|(day, last)| days(last, day).abs());
        match apart {
            Some(days) if days <= CLOSE => 1,
            // A force's losses run on over months; an accident's do not.
            Some(days) if days > FAR && tally.actor.is_none() => -2,
            _ => 0,
        }
    }
}

/// How many two lists in order have in common.
fn shared(one: &[Id], other: &[Id]) -> usize {
    one.iter().filter(|id| other.binary_search(id).is_ok()).count()
}

fn of_class(likeness: Likeness) -> Option<i32> {
    match likeness {
        Likeness::Same => Some(1),
        Likeness::Open => Some(0),
        Likeness::Other => Some(-2),
        Likeness::Apart => None,
    }
}

impl Group {
    fn take(&mut self, at: usize, tally: &Tally) {
        self.members.push(at);
        if !self.classes.contains(&tally.what.class) {
            self.classes.push(tally.what.class.clone());
        }
        if let Some(spot) = tally.place.as_ref().filter(|spot| !self.spots.contains(spot)) {
            self.spots.push(spot.clone());
        }
        self.spans.extend(single_event(tally).filter(|span| !self.spans.contains(span)));
        self.last = self.last.max(tally.day);
        let first = self.members.len() == 1;
        self.told_when = (first || self.told_when) && tally.happened.end.is_some();
        self.placed = (first || self.placed) && tally.spot().is_some();
        self.days = match (self.days, tally.days()) {
            (Some((first, last)), Some((start, end))) => Some((first.min(start), last.max(end))),
            (one, other) => one.or(other),
        };
    }
}

impl Tally {
    /// Whether it is said of a longer time than one event takes, which began on a day that is told.
    fn is_period(&self) -> bool {
        self.happened.start.is_some_and(|start| self.happened.end.or(self.day).is_some_and(|end| days(start, end) > PERIOD))
    }
}

/// First and last day of a single event.
fn single_event(tally: &Tally) -> Option<(Date, Date)> {
    let Span { start: Some(start), end: Some(end) } = tally.happened else { return None };
    (days(start, end) <= PERIOD).then_some((start, end))
}

/// Days from one to another.
fn days(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}
