//! Figures that an article tells of another event than others do: the casualties given as wounded, the missing given as dead.

use super::Concluder;
use super::interval::Standing;
use super::links::{Report, days_between};
use super::tally::Source;
use crate::graph::bytes::Id;
use crate::types::Certainty;
use rust_decimal::Decimal;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// Days within which a figure told of two event types is one figure told twice: of one course of events, and elsewhere.
const SAME_COURSE: i32 = 60;
const SAME_NEWS: i32 = 5;
/// A number of this size is not the same of two things by chance.
const TELLING: u32 = 30;

/// The reports of one group, by event type.
pub(super) type Reports<'t> = BTreeMap<&'t str, Vec<Report<'t>>>;

/// A report that is wrong, the one that it should be, and why.
pub(super) struct Misreport<'r, 't> {
    pub(super) erring: &'r Report<'t>,
    pub(super) original: &'r Report<'t>,
    pub(super) reason: String,
}

/// One report and where it stands.
#[derive(Clone, Copy)]
struct Told<'r, 't> {
    group: usize,
    event: &'t str,
    report: &'r Report<'t>,
}

/// The same number of the same source told of several event types: what fewer articles say is wrong, or what came later.
pub(super) fn find<'r, 't>(with: &Concluder<'_>, groups: &'r [Reports<'t>]) -> Vec<Misreport<'r, 't>> {
    let mut by_number: FxHashMap<(&Source, Decimal, Option<Id>), Vec<Told<'_, '_>>> = FxHashMap::default();
    for (group, reports) in groups.iter().enumerate() {
        for (event, reports) in reports.iter().filter(|(event, _)| with.rules.is_confused(event)) {
            for report in reports {
                let first = report.first;
                let named = first.authored && matches!(first.speaker.source, Source::Named(_));
                if named
                    && report.figure.upper.is_none()
                    && report.figure.value >= TELLING.into()
                    && first.certainty != Certainty::Denied
                    && !first.increment
                {
                    let number = (&first.speaker.voice, report.figure.value.normalize(), first.block);
                    by_number.entry(number).or_default().push(Told { group, event, report });
                }
            }
        }
    }
    let mut found = Vec::new();
    for mut told in by_number.into_values().filter(|told| told.iter().any(|one| one.event != told[0].event)) {
        told.sort_by_key(|one| (one.report.first.day.is_none(), one.report.first.day, one.report.first.claim));
        for one in &told {
            found.extend(misreport(groups, &told, *one));
        }
    }
    found.sort_by_key(|one| one.erring.first.claim);
    found
}

fn misreport<'r, 't>(groups: &[Reports<'t>], told: &[Told<'r, 't>], one: Told<'r, 't>) -> Option<Misreport<'r, 't>> {
    let articles = |event: &str| -> FxHashSet<Id> {
        told.iter().filter(|other| other.event == event).flat_map(|other| other.report.articles.iter().copied()).collect()
    };
    let own = articles(one.event);
    let earliest = |event: &str| told.iter().position(|other| other.event == event);
    let other = told.iter().find(|other| {
        let held = articles(other.event);
        let course = other.group == one.group;
        // An article that gives both figures tells them apart.
        let outweighs = (held.len(), std::cmp::Reverse(earliest(other.event))) > (own.len(), std::cmp::Reverse(earliest(one.event)));
        let near =
            days_between(one.report.first, other.report.first).is_none_or(|days| days <= if course { SAME_COURSE } else { SAME_NEWS });
        // What happened in two towns is two events.
        let elsewhere = one.report.first.spot().zip(other.report.first.spot()).is_some_and(|(here, there)| here != there);
        other.event != one.event
            && outweighs
            && near
            && (course || !elsewhere)
            && held.is_disjoint(&own)
            && (course || is_refuted(groups, one))
    })?;
    let held = articles(other.event).len();
    let reason = format!(
        "this article gives {} as {}; {held} {} the same figure of the same source, {}, as {}",
        one.report.figure,
        one.event.to_lowercase(),
        if held == 1 { "other gives" } else { "others give" },
        other.report.figure,
        other.event.to_lowercase()
    );
    Some(Misreport { erring: one.report, original: other.report, reason })
}

/// Whether the same source gives another number for the event in the same days.
fn is_refuted(groups: &[Reports<'_>], one: Told<'_, '_>) -> bool {
    let others = groups.iter().filter_map(|reports| reports.get(one.event)).flatten();
    let in_block =
        others.filter(|other| other.first.block == one.report.first.block && other.first.speaker.voice == one.report.first.speaker.voice);
    in_block
        .filter(|other| days_between(one.report.first, other.first).is_some_and(|days| days <= SAME_NEWS))
        .any(|other| one.report.figure.standing(&other.figure) == Standing::Apart)
}
