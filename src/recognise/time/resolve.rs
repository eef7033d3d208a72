//! From what a time expression says to days of the calendar, against the article's own date.
//!
//! The conventions are those of TIMEX3 and HeidelTime where they say something: a weekday or month of the past is the latest one, "last week" the
//! calendar week from Monday to Sunday, "early", "mid" and "late" are thirds.

use crate::types::{CalendarUnit, Days, TimeValue};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};

/// Whether the clause speaks of what was or of what is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Tense {
    Past,
    Future,
}

/// How many days after its own date an article may name a single day of the "past": agencies date copy before the day ends elsewhere.
const SLACK: i64 = 2;

impl TimeValue {
    /// The smallest run of whole days that the words stand for, unclipped ("this year" is all of it). Without an anchor only what is complete
    /// in itself has one. "Since" has a start alone, "until" an end alone.
    #[must_use]
    pub fn days(&self, anchor: Option<Date>, tense: Tense) -> Option<Days> {
        match self {
            TimeValue::Fixed(days) => Some(*days),
            TimeValue::Yearless { from, to } => yearless(*from, *to, anchor?, tense, 0),
            TimeValue::Weekday { day, shift } => weekday(*day, *shift, anchor?, tense).map(|d| run(d, d)),
            TimeValue::Weekend { shift } => {
                let saturday = weekday(6, *shift, anchor?, tense)?;
                Some(run(saturday, shifted(saturday, 1)?))
            }
            TimeValue::Offset { from, to } => Some(run(shifted(anchor?, i64::from(*from))?, shifted(anchor?, i64::from(*to))?)),
            TimeValue::Calendar { unit, from, to } => calendar(*unit, *from, *to, anchor?),
            TimeValue::Within { whole, first, last, of } => within(whole.days(anchor, tense)?, *first, *last, *of),
            TimeValue::Closing { unit, count, last } => closing(*unit, *count, last.days(anchor, tense)?.end?),
            TimeValue::Since(inner) => {
                let start = inner.days(anchor, tense)?.start?;
                Some(Days { start: Some(start), end: None })
            }
            TimeValue::Until(inner) => {
                let end = inner.days(anchor, tense)?.end?;
                Some(Days { start: None, end: Some(end) })
            }
            TimeValue::Before(inner) => {
                let start = inner.days(anchor, tense)?.start?;
                Some(Days { start: None, end: Some(shifted(start, -1)?) })
            }
            TimeValue::Directed(inner, direction) => match **inner {
                TimeValue::Yearless { from, to } => yearless(from, to, anchor?, tense, *direction),
                TimeValue::Weekday { day, .. } => weekday(day, *direction, anchor?, tense).map(|d| run(d, d)),
                _ => inner.days(anchor, tense),
            },
            TimeValue::Earlier { .. } | TimeValue::Unknown => None,
        }
    }
}

impl Days {
    /// As long before as so many units are: what "a year earlier" says of a time told before. Whole months stay whole. With `whole`, the unit before the one
    /// that the time lies in: "the previous month".
    #[must_use]
    pub fn earlier(self, unit: CalendarUnit, count: i32, whole: bool) -> Option<Days> {
        if whole {
            return calendar(unit, -count, -count, self.start.or(self.end)?);
        }
        let months = match unit {
            CalendarUnit::Day | CalendarUnit::Week => 0,
            CalendarUnit::Month => 1,
            CalendarUnit::Quarter => 3,
            CalendarUnit::Year => 12,
            CalendarUnit::Decade => 120,
        };
        let back = |day: Date, ends: bool| {
            let moved = match unit {
                CalendarUnit::Day => shifted(day, -i64::from(count))?,
                CalendarUnit::Week => shifted(day, -7 * i64::from(count))?,
                _ => day.checked_sub(months_span(count.checked_mul(months)?)?).ok()?,
            };
            Some(if months > 0 && ends && day == day.last_of_month() { moved.last_of_month() } else { moved })
        };
        let ends = |end: Date| back(end, self.start.is_none_or(|start| start.day() == 1));
        Some(Days {
            start: self.start.map_or(Some(None), |start| back(start, false).map(Some))?,
            end: self.end.map_or(Some(None), |end| ends(end).map(Some))?,
        })
    }
}

fn run(start: Date, end: Date) -> Days {
    Days { start: Some(start), end: Some(end) }
}

fn shifted(day: Date, days: i64) -> Option<Date> {
    // A span of more days than the calendar has panics: bound it first.
    (days.abs() < 4_000_000).then(|| day.checked_add(days.days()).ok()).flatten()
}

/// A day of a month, the last one where the month is shorter ("February 29").
fn day_of(year: i16, month: i8, day: i8) -> Option<Date> {
    let first = Date::new(year, month, 1).ok()?;
    Date::new(year, month, day.min(first.days_in_month())).ok()
}

fn yearless(from: (i8, i8), to: (i8, i8), anchor: Date, tense: Tense, direction: i8) -> Option<Days> {
    let over = i16::from(to < from);
    let in_year = |year: i16| -> Option<(Date, Date)> { Some((day_of(year, from.0, from.1)?, day_of(year + over, to.0, to.1)?)) };
    let slack = if from == to { SLACK } else { 0 };
    let latest = shifted(anchor, slack).unwrap_or(anchor);
    let mut runs = (-2..=2).filter_map(|shift| in_year(anchor.year() + shift));
    let found = match (direction, tense) {
        // "last June": over before the article.
        (..=-1, _) => runs.rfind(|(_, end)| *end < anchor),
        (1.., _) => runs.find(|(start, _)| *start > anchor),
        (0, Tense::Past) => runs.rfind(|(start, _)| *start <= latest),
        (0, Tense::Future) => runs.find(|(_, end)| *end >= anchor),
    };
    found.map(|(start, end)| run(start, end))
}

fn weekday(day: i8, shift: i8, anchor: Date, tense: Tense) -> Option<Date> {
    let day = Weekday::from_monday_one_offset(day).ok()?;
    let since = i64::from(anchor.weekday().since(day));
    let until = i64::from(anchor.weekday().until(day));
    let strict = |days: i64| if days == 0 { 7 } else { days };
    match (shift, tense) {
        (..=-1, _) => shifted(anchor, -strict(since)),
        (1.., _) => shifted(anchor, strict(until)),
        (0, Tense::Past) => shifted(anchor, -since),
        (0, Tense::Future) => shifted(anchor, until),
    }
}

fn calendar(unit: CalendarUnit, from: i32, to: i32, anchor: Date) -> Option<Days> {
    let months = |size: i32, first: Date| -> Option<Days> {
        let start = first.checked_add(months_span(from.checked_mul(size)?)?).ok()?;
        let end = first.checked_add(months_span(to.checked_add(1)?.checked_mul(size)?)?).ok()?;
        Some(run(start, shifted(end, -1)?))
    };
    let (year, month) = (anchor.year(), anchor.month());
    match unit {
        CalendarUnit::Day => Some(run(shifted(anchor, i64::from(from))?, shifted(anchor, i64::from(to))?)),
        CalendarUnit::Week => {
            let monday = shifted(anchor, -i64::from(anchor.weekday().since(Weekday::Monday)))?;
            Some(run(shifted(monday, 7 * i64::from(from))?, shifted(monday, 7 * i64::from(to) + 6)?))
        }
        CalendarUnit::Month => months(1, Date::new(year, month, 1).ok()?),
        CalendarUnit::Quarter => months(3, Date::new(year, (month - 1) / 3 * 3 + 1, 1).ok()?),
        CalendarUnit::Year => months(12, Date::new(year, 1, 1).ok()?),
        CalendarUnit::Decade => months(120, Date::new(year - year.rem_euclid(10), 1, 1).ok()?),
    }
}

/// So many units with `end` as their last day.
fn closing(unit: CalendarUnit, count: i32, end: Date) -> Option<Days> {
    let months = match unit {
        CalendarUnit::Day => return Some(run(shifted(end, 1 - i64::from(count))?, end)),
        CalendarUnit::Week => return Some(run(shifted(end, 1 - 7 * i64::from(count))?, end)),
        CalendarUnit::Month => 1,
        CalendarUnit::Quarter => 3,
        CalendarUnit::Year => 12,
        CalendarUnit::Decade => 120,
    };
    let after = shifted(end, 1)?;
    Some(run(after.checked_sub(months_span(count.checked_mul(months)?)?).ok()?, end))
}

fn months_span(months: i32) -> Option<jiff::Span> {
    (months.abs() < 100_000).then(|| months.months())
}

/// Parts of a run of days; months for what is made of months that divide, thirds and halves of a month at the 10th, 15th and 20th.
pub(super) fn within(whole: Days, first: u8, last: u8, of: u8) -> Option<Days> {
    let (start, end) = (whole.start?, whole.end?);
    if of == 0 {
        let day = if first == 0 { end } else { start };
        return Some(run(day, day));
    }
    if first == 0 || first > last || last > of {
        return None;
    }
    let (first, last, of) = (i32::from(first), i32::from(last), i32::from(of));
    let months = (i32::from(end.year()) - i32::from(start.year())) * 12 + i32::from(end.month()) - i32::from(start.month()) + 1;
    let whole_months = start.day() == 1 && end.day() == end.days_in_month();
    if whole_months && months % of == 0 {
        let size = months / of;
        let a = start.checked_add(months_span(size * (first - 1))?).ok()?;
        let b = start.checked_add(months_span(size * last)?).ok()?;
        return Some(run(a, shifted(b, -1)?));
    }
    if whole_months && months == 1 && (of == 2 || of == 3) {
        let step = if of == 2 { 15 } else { 10 };
        let a = start.day() as i32 + step * (first - 1);
        let b = if last == of { i32::from(end.day()) } else { step * last };
        let (a, b) = (i8::try_from(a).ok()?, i8::try_from(b).ok()?);
        return Some(run(day_of(start.year(), start.month(), a)?, day_of(start.year(), start.month(), b)?));
    }
    let length = i64::from((end - start).get_days()) + 1;
    let a = length * i64::from(first - 1) / i64::from(of);
    let b = (length * i64::from(last) / i64::from(of) - 1).max(a);
    Some(run(shifted(start, a)?, shifted(start, b)?))
}

/// The same of a run without a year.
pub(super) fn within_yearless(from: (i8, i8), to: (i8, i8), first: u8, last: u8, of: u8) -> Option<((i8, i8), (i8, i8))> {
    // A leap year: the last day of February is then cut to the year's own.
    let start = date(2000, 1, 1).with().month(from.0).day(from.1).build().ok()?;
    let end = Date::new(if to < from { 2001 } else { 2000 }, to.0, 1).ok()?;
    let end = end.with().day(to.1.min(end.days_in_month())).build().ok()?;
    let days = within(run(start, end), first, last, of)?;
    let (start, end) = (days.start?, days.end?);
    Some(((start.month(), start.day()), (end.month(), end.day())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: &TimeValue, anchor: Date, tense: Tense) -> String {
        let show = |d: Option<Date>| d.map_or("-".to_owned(), |d| d.to_string());
        value.days(Some(anchor), tense).map_or("none".to_owned(), |d| format!("{}..{}", show(d.start), show(d.end)))
    }

    const JANUARY: TimeValue = TimeValue::Yearless { from: (1, 1), to: (1, 31) };
    const JUNE: TimeValue = TimeValue::Yearless { from: (6, 1), to: (6, 30) };

    #[test]
    fn months_without_a_year_are_the_nearest_in_the_direction_of_the_tense() {
        let april = date(2025, 4, 30);
        assert_eq!(shown(&JANUARY, april, Tense::Past), "2025-01-01..2025-01-31");
        assert_eq!(shown(&JANUARY, april, Tense::Future), "2026-01-01..2026-01-31");
        assert_eq!(shown(&JUNE, april, Tense::Past), "2024-06-01..2024-06-30");
        assert_eq!(shown(&TimeValue::Directed(Box::new(JUNE), -1), april, Tense::Past), "2024-06-01..2024-06-30");
        let winter = TimeValue::Yearless { from: (12, 1), to: (2, 29) };
        assert_eq!(shown(&winter, april, Tense::Past), "2024-12-01..2025-02-28");
    }

    #[test]
    fn a_weekday_of_the_past_is_the_latest_one() {
        let wednesday = date(2025, 4, 30);
        let day = |day, shift| TimeValue::Weekday { day, shift };
        assert_eq!(shown(&day(3, 0), wednesday, Tense::Past), "2025-04-30..2025-04-30");
        assert_eq!(shown(&day(3, -1), wednesday, Tense::Past), "2025-04-23..2025-04-23");
        assert_eq!(shown(&day(4, 0), wednesday, Tense::Past), "2025-04-24..2025-04-24");
        assert_eq!(shown(&day(4, 0), wednesday, Tense::Future), "2025-05-01..2025-05-01");
        assert_eq!(shown(&TimeValue::Weekend { shift: 0 }, wednesday, Tense::Past), "2025-04-26..2025-04-27");
    }

    #[test]
    fn calendar_units_and_their_parts() {
        let april = date(2025, 4, 30);
        let unit = |unit, n| TimeValue::Calendar { unit, from: n, to: n };
        assert_eq!(shown(&unit(CalendarUnit::Week, -1), april, Tense::Past), "2025-04-21..2025-04-27");
        assert_eq!(shown(&unit(CalendarUnit::Month, -1), april, Tense::Past), "2025-03-01..2025-03-31");
        assert_eq!(shown(&unit(CalendarUnit::Quarter, -1), april, Tense::Past), "2025-01-01..2025-03-31");
        assert_eq!(shown(&unit(CalendarUnit::Decade, 0), april, Tense::Past), "2020-01-01..2029-12-31");
        let part = |first, last, of| TimeValue::Within { whole: Box::new(unit(CalendarUnit::Year, -1)), first, last, of };
        assert_eq!(shown(&part(3, 3, 3), april, Tense::Past), "2024-09-01..2024-12-31");
        assert_eq!(shown(&part(1, 10, 12), april, Tense::Past), "2024-01-01..2024-10-31");
        assert_eq!(shown(&part(0, 0, 0), april, Tense::Past), "2024-12-31..2024-12-31");
    }

    #[test]
    fn thirds_of_a_month() {
        assert_eq!(within_yearless((1, 1), (1, 31), 1, 1, 3), Some(((1, 1), (1, 10))));
        assert_eq!(within_yearless((2, 1), (2, 29), 2, 2, 3), Some(((2, 11), (2, 20))));
        assert_eq!(within_yearless((3, 1), (3, 31), 3, 3, 3), Some(((3, 21), (3, 31))));
        assert_eq!(within_yearless((6, 1), (6, 30), 2, 2, 2), Some(((6, 16), (6, 30))));
    }

    #[test]
    fn no_anchor_no_answer() {
        assert_eq!(JANUARY.days(None, Tense::Past), None);
        let far = TimeValue::Offset { from: i32::MIN, to: i32::MAX };
        assert_eq!(far.days(Some(date(2025, 1, 1)), Tense::Past), None);
        let far = TimeValue::Calendar { unit: CalendarUnit::Decade, from: i32::MIN, to: i32::MAX };
        assert_eq!(far.days(Some(date(2025, 1, 1)), Tense::Past), None);
    }
}
