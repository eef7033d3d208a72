//! How the figures of one series agree: repeated, borne out, narrowed, updated, contradicted, told wrongly.
//!
//! Claims of one figure and one source are one report, whoever repeats it. Its earliest claim stands for it, and each such claim is linked, once for a
//! kind, to the nearest one before it to which the kind applies.

use super::handed::{Emit, tell};
use super::interval::{Interval, Standing};
use super::misreports::{self, Reports};
use super::series::Group;
use super::tally::{self, Counts, Source, Tally};
use super::{Concluder, LINKS};
use crate::error::Result;
use crate::graph::Graph;
use crate::graph::bytes::Id;
use crate::graph::iri::{Instance, Iri};
use crate::types::Certainty;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// Nodes that are told at once.
const AT_ONCE: usize = 4096;
/// Reports before it that a report is compared with.
const REACH: usize = 64;
/// Days within which “none” answers a figure.
const SAME_NEWS: i32 = 5;

/// A figure of one source, by its earliest claim.
pub(super) struct Report<'t> {
    pub(super) first: &'t Tally,
    pub(super) figure: Interval,
    /// Its other claims.
    others: Vec<&'t Tally>,
    /// Articles that give it, copies counted once.
    pub(super) articles: FxHashSet<Id>,
}

/// Tells series and links.
pub(super) fn draw(with: &Concluder<'_>, tallies: &[Tally], groups: &[Group], out: &mut dyn Emit) -> Result<()> {
    let members: Vec<BTreeMap<&str, Vec<&Tally>>> = groups
        .iter()
        .map(|group| {
            let mut by_event: BTreeMap<&str, Vec<&Tally>> = BTreeMap::new();
            for at in &group.members {
                by_event.entry(&tallies[*at].what.event).or_default().push(&tallies[*at]);
            }
            by_event
        })
        .collect();
    let all: Vec<Reports<'_>> =
        members.iter().map(|by_event| by_event.iter().map(|(event, members)| (*event, reports(members))).collect()).collect();
    let misreports = misreports::find(with, &all);
    // They bear out and update nothing.
    let erring: FxHashSet<Id> = misreports.iter().map(|one| one.erring.first.claim).collect();
    let mut drawing = Drawing { with, conclusions: Graph::new(with.minter), erring };
    for misreport in &misreports {
        drawing.link(misreport.erring.first, "wg:misreports", misreport.original.first, &misreport.reason);
    }
    for (by_event, reports) in members.iter().zip(&all) {
        for (event, members) in by_event {
            drawing.series(event, members);
            drawing.repeats(&reports[event]);
            drawing.compare(event, &reports[event]);
        }
        drawing.sums(reports);
        if drawing.conclusions.nodes.len() >= AT_ONCE {
            tell(out, &std::mem::replace(&mut drawing.conclusions, Graph::new(with.minter)))?;
        }
    }
    tell(out, &drawing.conclusions)
}

/// Days between the reports of two figures.
pub(super) fn days_between(one: &Tally, other: &Tally) -> Option<i32> {
    one.day.zip(other.day).map(|(one, other)| one.until(other).map_or(0, |span| span.get_days().abs()))
}

/// The reports of an event type, in the order of their first claims.
fn reports<'t>(members: &[&'t Tally]) -> Vec<Report<'t>> {
    let mut at: FxHashMap<(Interval, &Source), usize> = FxHashMap::default();
    let mut reports: Vec<Report<'_>> = Vec::new();
    for tally in members {
        let Some(figure) = tally.figure else { continue };
        let known = *at.entry((figure, &tally.speaker.voice)).or_insert_with(|| {
            reports.push(Report { first: tally, figure, others: Vec::new(), articles: FxHashSet::default() });
            reports.len() - 1
        });
        let report = &mut reports[known];
        if report.first.claim != tally.claim {
            report.others.push(tally);
        }
        report.articles.insert(tally.copy_of.unwrap_or(tally.article));
    }
    reports
}

struct Drawing<'a> {
    with: &'a Concluder<'a>,
    /// What is drawn and not told yet.
    conclusions: Graph,
    /// Claims that tell another's figure wrongly.
    erring: FxHashSet<Id>,
}

impl Drawing<'_> {
    /// One claim alone is no series.
    fn series(&mut self, event: &str, members: &[&Tally]) {
        let Some(smallest) = members.iter().map(|tally| tally.claim).min().filter(|_| members.len() > 1) else { return };
        let iri = self.with.minter.of(&smallest.iri()).mint(Instance::Series);
        self.conclusions.types(&iri, &["wg:Series"]);
        self.conclusions.link(&iri, "wg:eventType", Iri::named(&format!("wg:{event}")));
        if let Some(actor) = most(members.iter().filter_map(|tally| tally.actor)) {
            self.conclusions.link(&iri, "wg:countedActor", actor.iri());
        }
        if let Some(place) = most(members.iter().filter_map(|tally| tally.place.as_ref()).map(|spot| spot.entity)) {
            self.conclusions.link(&iri, "wg:place", place.iri());
        }
        let sources: FxHashSet<&Source> = members.iter().map(|tally| &tally.speaker.voice).collect();
        self.conclusions.integer(&iri, "wg:independentSources", u32::try_from(sources.len()).unwrap_or(u32::MAX));
        for tally in members {
            self.conclusions.link(&tally.claim.iri(), "wg:series", iri.clone());
        }
    }

    fn link(&mut self, from: &Tally, kind: &'static str, to: &Tally, reason: &str) {
        debug_assert!(LINKS.contains(&kind));
        let (subject, object) = (from.claim.iri(), to.claim.iri());
        self.conclusions.link(&subject, kind, object.clone());
        let statement = self.with.minter.of(&subject).text(kind).iri(self.with.minter, &object).mint(Instance::Link);
        self.conclusions.types(&statement, &["rdf:Statement"]);
        self.conclusions.link(&statement, "rdf:subject", subject);
        self.conclusions.link(&statement, "rdf:predicate", Iri::named(kind));
        self.conclusions.link(&statement, "rdf:object", object);
        self.conclusions.text(&statement, "wg:reason", reason);
    }

    /// Each claim to the earliest of its report.
    fn repeats(&mut self, reports: &[Report<'_>]) {
        for (report, tally) in reports.iter().flat_map(|report| report.others.iter().map(move |tally| (report, *tally))) {
            let who = source(tally);
            let how = if tally.copy_of == Some(report.first.article) { ", in a copy of the same article" } else { "" };
            let reason = format!("the same figure, {}, of the same source, {who}{how}", report.figure);
            self.link(tally, "wg:repeats", report.first, &reason);
        }
    }

    /// Each report to the nearest before it, once for a kind.
    fn compare(&mut self, event: &str, reports: &[Report<'_>]) {
        let grows = self.with.rules.grows(event);
        let reports: Vec<&Report<'_>> = reports.iter().filter(|report| !self.erring.contains(&report.first.claim)).collect();
        for (at, report) in reports.iter().enumerate() {
            let mut drawn: FxHashSet<&str> = FxHashSet::default();
            for before in reports[..at].iter().rev().take(REACH) {
                let Some((kind, forward, why)) = kind(report, before, grows).filter(|(kind, ..)| drawn.insert(*kind)) else { continue };
                let (from, to) = if forward { (report, before) } else { (before, report) };
                let reason = format!("{} of {} {why} {} of {}", from.told(), source(from.first), to.told(), source(to.first));
                self.link(from.first, kind, to.first, &reason);
            }
        }
    }

    /// Killed and wounded that do not make the casualties of the same source and day.
    fn sums(&mut self, reports: &Reports<'_>) {
        for family in &self.with.rules.families {
            let Some(sums) = reports.get(family.sum.as_str()) else { continue };
            for sum in sums {
                if self.erring.contains(&sum.first.claim) {
                    continue;
                }
                let same = |report: &&Report<'_>| {
                    report.first.speaker.voice == sum.first.speaker.voice
                        && report.first.day == sum.first.day
                        && !self.erring.contains(&report.first.claim)
                };
                let parts: Vec<&Report<'_>> =
                    family.parts.iter().filter_map(|part| reports.get(part.as_str())?.iter().rfind(same)).collect();
                let [one, other] = parts.as_slice() else { continue };
                let added = one.figure.plus(&other.figure);
                if sum.first.day.is_none() || added.standing(&sum.figure) != Standing::Apart {
                    continue;
                }
                let reason = format!(
                    "{} {} and {} {} of the same source and day make {added}, not {}",
                    one.figure,
                    told_as(&one.first.what.event),
                    other.figure,
                    told_as(&other.first.what.event),
                    sum.figure
                );
                let larger = if one.figure.exceeds(&other.figure) { one } else { other };
                self.link(larger.first, "wg:contradicts", sum.first, &reason);
            }
        }
    }
}

/// Whose figure it is, in words.
fn source(tally: &Tally) -> &str {
    match &tally.speaker.source {
        Source::Named(_) => &tally.speaker.name,
        Source::Described(words) => words,
        Source::Article(_) => "an article that names no source",
    }
}

impl Report<'_> {
    fn told(&self) -> String {
        match self.first.day {
            Some(day) => format!("{} ({day})", self.figure),
            None => self.figure.to_string(),
        }
    }
}

/// The link between a report and one before it: its kind, whether it goes from the first to the second, and why.
fn kind(report: &Report<'_>, before: &Report<'_>, grows: bool) -> Option<(&'static str, bool, &'static str)> {
    let (one, other) = (report.first, before.first);
    let standing = report.figure.standing(&before.figure);
    let same_source = one.speaker.voice == other.speaker.voice;
    let later = one.day.zip(other.day).is_some_and(|(day, before)| day > before);
    let denied = |tally: &Tally| tally.certainty == Certainty::Denied;
    if denied(one) || denied(other) {
        // Who denies a figure says nothing else of it.
        let meant = denied(one) != denied(other) && !same_source && standing != Standing::Apart;
        return meant.then_some(("wg:contradicts", denied(one), "denies"));
    }
    if one.is_nothing() || other.is_nothing() {
        // “None” answers what was said before it, and what others say in the same days.
        let apart = days_between(one, other).unwrap_or(0);
        let meant = one.is_nothing() != other.is_nothing()
            && !same_source
            && standing == Standing::Apart
            && (one.is_nothing() || apart <= SAME_NEWS);
        return meant.then_some(("wg:contradicts", true, "cannot hold beside"));
    }
    if one.part && standing == Standing::Apart {
        // Two parts of a whole need not be of the same people.
        return None;
    }
    let rises = report.figure.exceeds(&before.figure);
    Some(match standing {
        Standing::Equal => ("wg:corroborates", true, "is the same number as"),
        Standing::Narrower if same_source || report.figure.value != before.figure.value => ("wg:refines", true, "is narrower than"),
        Standing::Wider if !same_source && report.figure.value != before.figure.value => ("wg:refines", false, "is narrower than"),
        Standing::Narrower | Standing::Wider if same_source => return None,
        Standing::Narrower | Standing::Wider => ("wg:corroborates", true, "is the same number as"),
        _ if later && same_source => ("wg:updates", true, "is later than"),
        _ if later && (rises || !grows) => ("wg:updates", true, "is later than"),
        Standing::Apart if later => ("wg:contradicts", true, "is lower, and later, than"),
        Standing::Within | Standing::Compatible if later => return None,
        Standing::Within => ("wg:refines", true, "is narrower than"),
        Standing::Compatible if before.figure.standing(&report.figure) == Standing::Within => ("wg:refines", false, "is narrower than"),
        Standing::Compatible => return None,
        // Of one source and one day, the higher toll is the later.
        Standing::Apart if same_source && grows => ("wg:updates", rises, "is the higher figure of the same day beside"),
        Standing::Apart if same_source => return None,
        Standing::Apart => ("wg:contradicts", true, "cannot hold of the same day as"),
    })
}

/// An event type in words.
fn told_as(event: &str) -> String {
    event.to_lowercase()
}

/// The most frequent, the first in order among equals.
fn most(entities: impl Iterator<Item = Id>) -> Option<Id> {
    let mut counts = Counts::new();
    for entity in entities {
        *counts.entry(entity).or_default() += 1;
    }
    tally::most(&counts)
}
