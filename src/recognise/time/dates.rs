//! Dates in figures and words: days, months, years, weekdays, seasons.

use super::scan::{Form, mark};
use super::words::flag;
use super::{Hit, Reader, glued, is_dash};
use crate::types::{Days, TimeValue};
use jiff::civil::Date;

/// First and last month and day of a run of months.
pub(super) fn months(from: i8, to: i8) -> TimeValue {
    TimeValue::Yearless { from: (from, 1), to: (to, last_day(to)) }
}

fn last_day(month: i8) -> i8 {
    match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A year's run of months; over the turn of the year when the last month comes before the first.
pub(super) fn fixed_months(year: i16, from: i8, to: i8) -> Option<TimeValue> {
    let start = Date::new(year, from, 1).ok()?;
    let last = Date::new(year + i16::from(to < from), to, 1).ok()?.last_of_month();
    Some(TimeValue::Fixed(Days { start: Some(start), end: Some(last) }))
}

pub(super) fn fixed(start: Date, end: Date) -> Option<TimeValue> {
    (start <= end).then_some(TimeValue::Fixed(Days { start: Some(start), end: Some(end) }))
}

pub(super) fn years(first: i16, last: i16) -> Option<TimeValue> {
    fixed(Date::new(first, 1, 1).ok()?, Date::new(last, 12, 31).ok()?)
}

impl Reader<'_> {
    /// A month's name at `at`: its number and the lexeme after it and its full stop.
    fn month(&self, at: usize) -> Option<(i8, usize)> {
        let month = self.entry(at).month?;
        let stop = self.lexemes[at].len() <= 4 && self.id(at + 1) == mark(b'.') && glued(self.get(at + 1));
        Some((month, at + 1 + usize::from(stop)))
    }

    /// A day of the month at `at`, in figures: its number and the lexeme after it.
    fn day(&self, at: usize) -> Option<(i8, usize)> {
        let here = self.get(at).filter(|l| l.form == Form::Numeral && l.len() <= 2)?;
        let day: i8 = here.of(self.text).parse().ok()?;
        let mut end = at + 1;
        if let Some(next) = self.get(end).filter(|l| !l.gap) {
            if next.form == Form::Word {
                if !matches!(next.of(self.text), "st" | "nd" | "rd" | "th") {
                    return None;
                }
                end += 1;
            } else if [b':', b'%', b'/', b'+'].iter().any(|b| next.id == mark(*b)) {
                return None;
            }
        }
        (1..=31).contains(&day).then_some((day, end))
    }

    /// A year at `at`, whatever stands before it.
    pub(super) fn year(&self, at: usize) -> Option<(i16, usize)> {
        let here = self.get(at).filter(|l| l.form == Form::Numeral && l.len() == 4)?;
        let year: i16 = here.of(self.text).parse().ok()?;
        if let Some(next) = self.get(at + 1).filter(|l| !l.gap) {
            let figures = self.get(at + 2).is_some_and(|l| !l.gap && l.form == Form::Numeral);
            if next.form != Form::Mark || next.id == mark(b'%') || figures && [b':', b'/', b'-'].iter().any(|b| next.id == mark(*b)) {
                return None;
            }
        }
        (1000..2200).contains(&year).then_some((year, at + 1))
    }

    /// A year after a date, with or without a comma.
    fn trailing_year(&self, at: usize) -> Option<(i16, usize)> {
        let comma = self.id(at) == mark(b',');
        let (year, end) = self.year(at + usize::from(comma))?;
        // "in June 2000 people died".
        let counted = self.is(end, flag::COUNTED);
        (!counted && year >= 1500).then_some((year, end))
    }

    /// Whether a number that could be a day counts what follows: "in May 12 people".
    fn counts(&self, after: usize) -> bool {
        self.is(after, flag::COUNTED)
    }

    /// The weekday at `at`, with the date or the part of the day after it.
    pub(super) fn weekday(&self, at: usize) -> Option<Hit> {
        let entry = self.entry(at);
        let day = entry.weekday?;
        let here = &self.lexemes[at];
        let stop = here.len() <= 5 && self.id(at + 1) == mark(b'.') && glued(self.get(at + 1));
        let mut next = at + 1 + usize::from(stop);
        let comma = self.id(next) == mark(b',');
        if let Some(date) = self.month_first(next + usize::from(comma), true).or_else(|| self.day_first(next + usize::from(comma)))
            && self.has_day(&date.value)
        {
            return Some(Hit { first: at, ..date });
        }
        if entry.flags & flag::AMBIGUOUS != 0 {
            return None;
        }
        if self.is(next, flag::PART_OF_DAY) {
            next += 1;
        } else if stop {
            next -= 1;
        }
        Some(Hit { first: at, end: next, value: TimeValue::Weekday { day, shift: 0 } })
    }

    /// Whether a date names a single day or a run of days, and no whole month.
    fn has_day(&self, value: &TimeValue) -> bool {
        match value {
            TimeValue::Yearless { from, to } => from.1 != 1 || to.0 == from.0 && to.1 < last_day(to.0),
            TimeValue::Fixed(days) => days.start == days.end,
            _ => false,
        }
    }

    /// "May 9", "Jan. 11, 2025", "May 3-5", "January 2025", "January-March 2024", "June last year", "in January".
    pub(super) fn month_first(&self, at: usize, dated: bool) -> Option<Hit> {
        let (month, next) = self.month(at)?;
        let here = &self.lexemes[at];
        let ambiguous = self.is(at, flag::AMBIGUOUS);
        if ambiguous && !here.capital {
            return None;
        }
        let hit = |end, value| Some(Hit { first: at, end, value });
        // "January, 12 2026".
        if self.id(next) == mark(b',')
            && let Some((day, after)) = self.day(next + 1)
            && let Some((_, end)) = self.trailing_year(after)
            && !self.get(end).is_some_and(|l| !l.gap && is_dash(l))
        {
            return self.dated(at, after, (month, day), (month, day));
        }
        if let Some((day, after)) = self.day(next).filter(|(_, after)| !self.counts(*after)) {
            // "July 4 and 5", "between June 12 and 16".
            if self.id(after) == self.words.named.and
                && let Some((last, end)) = self.day(after + 1).filter(|(last, _)| *last > day)
                && (self.get(end).is_none_or(|l| l.form == Form::Mark) || self.year(end).is_some())
            {
                return self.dated(at, end, (month, day), (month, last));
            }
            // "May 3-5", "May 3 to 5", "May 30 - June 2".
            let dash = self.get(after).is_some_and(is_dash);
            let word = self.id(after) == self.words.named.to || self.id(after) == self.words.named.through;
            if dash || word {
                if let Some((last, end)) =
                    self.day(after + 1).filter(|(last, end)| *last > day && !self.counts(*end) && self.month(*end).is_none())
                {
                    return self.dated(at, end, (month, day), (month, last));
                }
                if let Some((other, into)) = self.month(after + 1)
                    && let Some((last, end)) = self.day(into)
                {
                    return self.dated(at, end, (month, day), (other, last));
                }
            }
            return self.dated(at, after, (month, day), (month, day));
        }
        if dated {
            return None;
        }
        if let Some((year, end)) = self.trailing_year(next) {
            return hit(end, fixed_months(year, month, month)?);
        }
        let named = &self.words.named;
        // "January-March 2024", "the January-to-March period".
        let dash = self.get(next).is_some_and(is_dash);
        if dash && let Some((last, into)) = self.month(next + 1).filter(|_| self.lexemes[next + 1].capital) {
            if let Some((year, end)) = self.trailing_year(into) {
                return hit(end, fixed_months(year, month, last)?);
            }
            let end = if self.id(into) == named.period { into + 1 } else { into };
            return hit(end, months(month, last));
        }
        // "June last year", "June of 2023", "June of last year".
        let of = self.id(next) == named.of;
        let inner = next + usize::from(of);
        if of && let Some((year, end)) = self.year(inner) {
            return hit(end, fixed_months(year, month, month)?);
        }
        if self.entry(inner).direction.is_some()
            && self.entry(inner + 1).unit == Some(365)
            && let Some(year) = self.towards(inner)
        {
            let part = month.unsigned_abs();
            return hit(year.end, TimeValue::Within { whole: Box::new(year.value), first: part, last: part, of: 12 });
        }
        // Inside another expression ("mid-March") the context is given.
        let before = self.depth > 1 || self.before_is(at, flag::BEFORE_MONTH);
        if ambiguous && (!before || here.len() <= 3 && month != 5) {
            return None;
        }
        // "April Smith", "June Carter".
        if !before && self.get(next).is_some_and(|l| l.form == Form::Word && l.capital && l.gap) {
            return None;
        }
        hit(if next > at + 1 && self.get(next).is_none_or(|l| l.capital) { next - 1 } else { next }, months(month, month))
    }

    /// A day or a run of them, with the year if it follows.
    fn dated(&self, first: usize, end: usize, from: (i8, i8), to: (i8, i8)) -> Option<Hit> {
        if from.1 > last_day(from.0) || to.1 > last_day(to.0) {
            return None;
        }
        if let Some((year, end)) = self.trailing_year(end) {
            let last = year;
            let first_year = year - i16::from(to < from);
            let value = fixed(Date::new(first_year, from.0, from.1).ok()?, Date::new(last, to.0, to.1).ok()?)?;
            return Some(Hit { first, end, value });
        }
        Some(Hit { first, end, value: TimeValue::Yearless { from, to } })
    }

    /// "30 April", "1st of May 2025", "3-9 March", "3 to 9 March".
    pub(super) fn day_first(&self, at: usize) -> Option<Hit> {
        let (day, after) = self.day(at)?;
        if at > 0 && glued(self.get(at)) && self.lexemes[at - 1].form != Form::Mark {
            return None;
        }
        let named = &self.words.named;
        let of = |at: usize| at + usize::from(self.id(at) == named.of);
        if let Some((month, end)) = self.month(of(after)).filter(|_| self.lexemes[of(after)].capital) {
            let end = if end > of(after) + 1 && self.get(end).is_none_or(|l| l.capital) { end - 1 } else { end };
            return self.dated(at, end, (month, day), (month, day));
        }
        let joint = self.get(after).is_some_and(is_dash) || self.id(after) == named.to;
        let listed = self.id(after) == named.and && at > 0 && self.id(at - 1) == named.between;
        if joint || listed {
            let (last, next) = self.day(after + 1).filter(|(last, _)| *last > day)?;
            let (month, end) = self.month(of(next)).filter(|_| self.lexemes[of(next)].capital)?;
            return self.dated(at, end, (month, day), (month, last));
        }
        None
    }

    /// "2025-04-30", "2025/04/30", "30/04/2025", "30.04.2025".
    pub(super) fn numeric(&self, at: usize) -> Option<Hit> {
        let here = self.get(at).filter(|l| l.form == Form::Numeral)?;
        let hit = |end, year: i16, month: i8, day: i8| {
            let date = Date::new(year, month, day).ok().filter(|d| (1000..2200).contains(&d.year()))?;
            Some(Hit { first: at, end, value: fixed(date, date)? })
        };
        let characters = here.of(self.text);
        if here.len() >= 8 && characters.matches('.').count() == 2 {
            let mut parts = characters.split('.');
            let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
            return (year.len() == 4).then(|| hit(at + 1, year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)).flatten();
        }
        let [a, first, b, second, c] = self.lexemes.get(at..at + 5)? else { return None };
        let joined = !first.gap && !b.gap && !second.gap && !c.gap && first.id == second.id;
        let ends = !self.get(at + 5).is_some_and(|l| !l.gap && l.form != Form::Mark);
        if !joined || !ends || b.form != Form::Numeral || c.form != Form::Numeral || (first.id != mark(b'-') && first.id != mark(b'/')) {
            return None;
        }
        let number = |l: &super::Lexeme| l.of(self.text).parse::<i16>().ok();
        let (x, y, z) = (number(a)?, number(b)?, number(c)?);
        let small = |n: i16| i8::try_from(n).ok();
        if a.len() == 4 && b.len() <= 2 && c.len() <= 2 {
            return hit(at + 5, x, small(y)?, small(z)?);
        }
        if c.len() == 4 && a.len() <= 2 && b.len() <= 2 {
            // Which is the day shows only where one is above 12, or both are the same.
            if x == y || x > 12 {
                return hit(at + 5, z, small(y)?, small(x)?);
            }
            if y > 12 {
                return hit(at + 5, z, small(x)?, small(y)?);
            }
            return (1000..2200).contains(&z).then_some(Hit { first: at, end: at + 5, value: TimeValue::Unknown });
        }
        None
    }

    /// A year that stands by itself, where its neighbours show that it is one.
    pub(super) fn bare_year(&self, at: usize) -> Option<Hit> {
        let here = self.get(at).filter(|l| l.form == Form::Numeral && l.len() == 4)?;
        if at > 0 && glued(Some(here)) && !matches!(self.id(at - 1), id if id == mark(b'(') || id == mark(b'"') || id == mark(b'\'')) {
            let hyphened = self.id(at - 1) == mark(b'-') && at > 1 && (self.entry(at - 2).third.is_some());
            if !hyphened {
                return None;
            }
        }
        let year: i16 = here.of(self.text).parse().ok()?;
        let recent = (1900..2100).contains(&year);
        // "1990s".
        if glued(self.get(at + 1)) && self.lexemes[at + 1].of(self.text) == "s" && year % 10 == 0 && (1500..2100).contains(&year) {
            return Some(Hit { first: at, end: at + 2, value: years(year, year + if year % 100 == 0 && year < 2000 { 99 } else { 9 })? });
        }
        // "2024-25", "2023-2024", "2024/25".
        if let Some(joint) = self.get(at + 1).filter(|l| !l.gap && (is_dash(l) || l.id == mark(b'/')))
            && let Some(other) = self.get(at + 2).filter(|l| !l.gap && l.form == Form::Numeral)
        {
            let last: i16 = other.of(self.text).parse().ok()?;
            let last = if other.len() == 2 { year / 100 * 100 + last } else { last };
            let alone = !self.get(at + 3).is_some_and(|l| !l.gap && (l.form != Form::Mark || l.id == joint.id));
            let near = last > year && last - year <= 100 && (other.len() == 4 || last - year == 1 || recent);
            if recent && near && alone && matches!(other.len(), 2 | 4) && !self.is(at + 3, flag::COUNTED) {
                return Some(Hit { first: at, end: at + 3, value: years(year, last)? });
            }
            return None;
        }
        let (year, end) = self.year(at)?;
        if self.is(end, flag::COUNTED) {
            return None;
        }
        let plural =
            self.get(end).is_some_and(|l| l.form == Form::Word && l.gap && !l.capital && l.of(self.text).ends_with('s') && l.len() > 3);
        if year % 100 == 0 && plural {
            return None;
        }
        let before = at.checked_sub(1)?;
        let named = &self.words.named;
        let joint = [named.and, named.to, named.or].contains(&self.id(before)) || self.id(before) == mark(b',');
        let shown = if joint {
            self.previous == before && recent
        } else if self.id(before) == mark(b'-') {
            true
        } else {
            self.is(before, flag::BEFORE_YEAR)
                || self.id(before) == named.fiscal
                || self.words.prepositions.ending(self.lexemes, at).is_some()
        };
        let describing =
            recent && year % 100 != 0 && self.is(before, flag::DETERMINER) && self.get(end).is_some_and(|l| l.form == Form::Word);
        let listed = joint && recent && self.id(before) != mark(b',') && before >= 1 && self.year(before - 1).is_some();
        (shown || describing || listed).then_some(Hit { first: at, end, value: years(year, year)? })
    }

    /// A season, where the words beside it show that it is one.
    pub(super) fn season(&self, at: usize) -> Option<Hit> {
        let (from, to) = self.entry(at).season?;
        let named = &self.words.named;
        let of = self.id(at + 1) == named.of;
        if let Some((year, end)) = self.year(at + 1 + usize::from(of)) {
            return Some(Hit { first: at, end, value: fixed_months(year, from, to)? });
        }
        if of
            && let Some(years) = self.bare_year(at + 2)
            && let TimeValue::Fixed(Days { start: Some(start), .. }) = years.value
        {
            return Some(Hit { first: at, end: years.end, value: fixed_months(start.year(), from, to)? });
        }
        if self.entry(at + 1).direction.is_some()
            && self.entry(at + 2).unit == Some(365)
            && let Some(year) = self.towards(at + 1)
        {
            let value = match year.value {
                TimeValue::Calendar { from: shift @ (-1 | 1), .. } => TimeValue::Directed(Box::new(months(from, to)), shift as i8),
                _ => months(from, to),
            };
            return Some(Hit { first: at, end: year.end, value });
        }
        // "the summer offensive" names no time.
        let alone = self.get(at + 1).is_none_or(|l| l.form == Form::Mark && !is_dash(l) || self.id(at + 1) != 0);
        ((self.depth > 1 || self.before_is(at, flag::BEFORE_SEASON)) && alone).then_some(Hit {
            first: at,
            end: at + 1,
            value: months(from, to),
        })
    }
}
