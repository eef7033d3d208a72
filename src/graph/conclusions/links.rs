//! How the figures of one series agree: repeated, borne out, narrowed, updated, contradicted, told wrongly.
//!
//! Claims of one figure and one source are one report, whoever repeats it. Its earliest claim stands for it, and each such claim is linked, once for a
//! kind, to the nearest one before it to which the kind applies.

use super::interval::{Interval, Standing};
use super::misreports::{self, Reports};
use super::series::Group;
use super::tally::{Source, Tally};
use super::{Concluder, LINKS};
use crate::graph::Graph;
use crate::graph::iri::{Instance, Iri};
use crate::types::Certainty;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// Reports before it that a report is compared with.
const REACH: usize = 64;
/// Days within which “none” answers a figure.
const SAME_NEWS: i32 = 5;

/// A figure of one source, by its earliest claim.
pub(super) struct Report<'t, 'g> {
    pub(super) first: &'t Tally<'g>,
    pub(super) figure: Interval,
    /// Its other claims.
    others: Vec<&'t Tally<'g>>,
    /// Articles that give it, copies counted once.
    pub(super) articles: FxHashSet<&'t Iri>,
}

/// Writes series and links.
pub(super) fn draw(with: &Concluder<'_>, tallies: &[Tally<'_>], groups: &[Group], conclusions: &mut Graph) {
    let members: Vec<BTreeMap<&str, Vec<&Tally<'_>>>> = groups
        .iter()
        .map(|group| {
            let mut by_event: BTreeMap<&str, Vec<&Tally<'_>>> = BTreeMap::new();
            for at in &group.members {
                by_event.entry(tallies[*at].event).or_default().push(&tallies[*at]);
            }
            by_event
        })
        .collect();
    let all: Vec<Reports<'_, '_>> =
        members.iter().map(|by_event| by_event.iter().map(|(event, members)| (*event, reports(members))).collect()).collect();
    let misreports = misreports::find(with, &all);
    // They bear out and update nothing.
    let erring: FxHashSet<&Iri> = misreports.iter().map(|one| one.erring.first.claim).collect();
    let mut drawing = Drawing { with, conclusions, erring };
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
    }
}

/// Days between the reports of two figures.
pub(super) fn days_between(one: &Tally<'_>, other: &Tally<'_>) -> Option<i32> {
    one.day.zip(other.day).map(|(one, other)| one.until(other).map_or(0, |span| span.get_days().abs()))
}

/// The reports of an event type, in the order of their first claims.
fn reports<'t, 'g>(members: &[&'t Tally<'g>]) -> Vec<Report<'t, 'g>> {
    let mut at: FxHashMap<(Interval, &Source), usize> = FxHashMap::default();
    let mut reports: Vec<Report<'_, '_>> = Vec::new();
    for tally in members {
        let Some(figure) = tally.figure else { continue };
        let known = *at.entry((figure, &tally.voice)).or_insert_with(|| {
            reports.push(Report { first: tally, figure, others: Vec::new(), articles: FxHashSet::default() });
            reports.len() - 1
        });
        let report = &mut reports[known];
        if report.first.claim != tally.claim {
            report.others.push(tally);
        }
        report.articles.insert(tally.copy_of.as_ref().unwrap_or(tally.article));
    }
    reports
}

struct Drawing<'a, 'w> {
    with: &'a Concluder<'w>,
    conclusions: &'a mut Graph,
    /// Claims that tell another's figure wrongly.
    erring: FxHashSet<&'a Iri>,
}

impl Drawing<'_, '_> {
    /// One claim alone is no series.
    fn series(&mut self, event: &str, members: &[&Tally<'_>]) {
        let Some(smallest) = members.iter().map(|tally| tally.claim).min().filter(|_| members.len() > 1) else { return };
        let iri = self.with.minter.of(smallest).mint(Instance::Series);
        self.conclusions.types(&iri, &["wg:Series"]);
        self.conclusions.link(&iri, "wg:eventType", Iri::named(&format!("wg:{event}")));
        if let Some(actor) = most(members.iter().filter_map(|tally| tally.actor.as_ref())) {
            self.conclusions.link(&iri, "wg:countedActor", actor.clone());
        }
        if let Some(place) = most(members.iter().filter_map(|tally| tally.place.as_ref()).map(|spot| &spot.entity)) {
            self.conclusions.link(&iri, "wg:place", place.clone());
        }
        let sources: FxHashSet<&Source> = members.iter().map(|tally| &tally.voice).collect();
        self.conclusions.integer(&iri, "wg:independentSources", u32::try_from(sources.len()).unwrap_or(u32::MAX));
        for tally in members {
            self.conclusions.link(tally.claim, "wg:series", iri.clone());
        }
    }

    fn link(&mut self, from: &Tally<'_>, kind: &'static str, to: &Tally<'_>, reason: &str) {
        debug_assert!(LINKS.contains(&kind));
        self.conclusions.link(from.claim, kind, to.claim.clone());
        let statement = self.with.minter.of(from.claim).text(kind).iri(self.with.minter, to.claim).mint(Instance::Link);
        self.conclusions.types(&statement, &["rdf:Statement"]);
        self.conclusions.link(&statement, "rdf:subject", from.claim.clone());
        self.conclusions.link(&statement, "rdf:predicate", Iri::named(kind));
        self.conclusions.link(&statement, "rdf:object", to.claim.clone());
        self.conclusions.text(&statement, "wg:reason", reason);
    }

    /// Each claim to the earliest of its report.
    fn repeats(&mut self, reports: &[Report<'_, '_>]) {
        for (report, tally) in reports.iter().flat_map(|report| report.others.iter().map(move |tally| (report, *tally))) {
            let who = self.source(tally);
            let how = if tally.copy_of.as_ref() == Some(report.first.article) { ", in a copy of the same article" } else { "" };
            let reason = format!("the same figure, {}, of the same source, {who}{how}", report.figure);
            self.link(tally, "wg:repeats", report.first, &reason);
        }
    }

    /// Each report to the nearest before it, once for a kind.
    fn compare(&mut self, event: &str, reports: &[Report<'_, '_>]) {
        let grows = self.with.rules.grows(event);
        let reports: Vec<&Report<'_, '_>> = reports.iter().filter(|report| !self.erring.contains(report.first.claim)).collect();
        for (at, report) in reports.iter().enumerate() {
            let mut drawn: FxHashSet<&str> = FxHashSet::default();
            for before in reports[..at].iter().rev().take(REACH) {
                let Some((kind, forward, why)) = kind(report, before, grows).filter(|(kind, ..)| drawn.insert(*kind)) else { continue };
                let (from, to) = if forward { (report, before) } else { (before, report) };
                let reason = format!("{} of {} {why} {} of {}", from.told(), self.source(from.first), to.told(), self.source(to.first));
                self.link(from.first, kind, to.first, &reason);
            }
        }
    }

    /// Killed and wounded that do not make the casualties of the same source and day.
    fn sums(&mut self, reports: &Reports<'_, '_>) {
        for family in &self.with.rules.families {
            let Some(sums) = reports.get(family.sum.as_str()) else { continue };
            for sum in sums {
                if self.erring.contains(sum.first.claim) {
                    continue;
                }
                let same = |report: &&Report<'_, '_>| {
                    report.first.voice == sum.first.voice && report.first.day == sum.first.day && !self.erring.contains(report.first.claim)
                };
                let parts: Vec<&Report<'_, '_>> =
                    family.parts.iter().filter_map(|part| reports.get(part.as_str())?.iter().rfind(same)).collect();
                let [one, other] = parts.as_slice() else { continue };
                let added = one.figure.plus(&other.figure);
                if sum.first.day.is_none() || added.standing(&sum.figure) != Standing::Apart {
                    continue;
                }
                let reason = format!(
                    "{} {} and {} {} of the same source and day make {added}, not {}",
                    one.figure,
                    told_as(one.first.event),
                    other.figure,
                    told_as(other.first.event),
                    sum.figure
                );
                let larger = if one.figure.exceeds(&other.figure) { one } else { other };
                self.link(larger.first, "wg:contradicts", sum.first, &reason);
            }
        }
    }

    /// Whose figure it is, in words.
    fn source(&self, tally: &Tally<'_>) -> String {
        match &tally.source {
            Source::Named(iri) => self.conclusions.node(iri).texts("schema:name").next().unwrap_or("an unnamed source").to_owned(),
            Source::Described(words) => words.clone(),
            Source::Article(_) => "an article that names no source".to_owned(),
        }
    }
}

impl Report<'_, '_> {
    fn told(&self) -> String {
        match self.first.day {
            Some(day) => format!("{} ({day})", self.figure),
            None => self.figure.to_string(),
        }
    }
}

/// The link between a report and one before it: its kind, whether it goes from the first to the second, and why.
fn kind(report: &Report<'_, '_>, before: &Report<'_, '_>, grows: bool) -> Option<(&'static str, bool, &'static str)> {
    let (one, other) = (report.first, before.first);
    let standing = report.figure.standing(&before.figure);
    let same_source = one.voice == other.voice;
    let later = one.day.zip(other.day).is_some_and(|(day, before)| day > before);
    let denied = |tally: &Tally<'_>| tally.certainty == Certainty::Denied;
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
fn most<'t>(iris: impl Iterator<Item = &'t Iri>) -> Option<&'t Iri> {
    let mut counts: BTreeMap<&Iri, usize> = BTreeMap::new();
    for iri in iris {
        *counts.entry(iri).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(iri, count)| (*count, std::cmp::Reverse(*iri))).map(|(iri, _)| iri)
}
