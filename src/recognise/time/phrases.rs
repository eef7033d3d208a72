//! Expressions put together from others: "last week", "early January", "the first half of 2025", "three days ago".

use super::dates::{fixed_months, months};
use super::resolve;
use super::scan::{Form, Lexeme, mark};
use super::words::flag;
use super::{Hit, Reader, glued};
use crate::types::{CalendarUnit, TimeValue};

/// The calendar unit of so many days.
pub(super) fn calendar_unit(days: i32) -> Option<CalendarUnit> {
    Some(match days {
        1 => CalendarUnit::Day,
        7 => CalendarUnit::Week,
        30 => CalendarUnit::Month,
        91 => CalendarUnit::Quarter,
        365 => CalendarUnit::Year,
        3652 => CalendarUnit::Decade,
        _ => return None,
    })
}

/// A part of a value: at once where the value is dated, else when it meets the article's date.
fn part(whole: TimeValue, first: u8, last: u8, of: u8) -> TimeValue {
    match whole {
        TimeValue::Fixed(days) => resolve::within(days, first, last, of).map_or(TimeValue::Unknown, TimeValue::Fixed),
        TimeValue::Yearless { from, to } => {
            resolve::within_yearless(from, to, first, last, of).map_or(TimeValue::Unknown, |(from, to)| TimeValue::Yearless { from, to })
        }
        TimeValue::Directed(inner, direction) => TimeValue::Directed(Box::new(part(*inner, first, last, of)), direction),
        TimeValue::Unknown => TimeValue::Unknown,
        // A part of a day is the day.
        day @ (TimeValue::Weekday { .. } | TimeValue::Offset { .. } | TimeValue::Weekend { .. }) => day,
        other => TimeValue::Within { whole: Box::new(other), first, last, of },
    }
}

impl Reader<'_> {
    /// The longest expression of one piece that opens at `at`.
    pub(super) fn atom(&self, at: usize) -> Option<Hit> {
        let here = self.get(at)?;
        // "the end of the end of …" must not eat the stack.
        if self.depth > 3 {
            return None;
        }
        let inner = Reader { depth: self.depth + 1, ..*self };
        inner.piece(at, here)
    }

    fn piece(&self, at: usize, here: &Lexeme) -> Option<Hit> {
        if here.form == Form::Numeral {
            let dated = self.numeric(at).or_else(|| self.day_first(at)).or_else(|| self.closing(at));
            return dated.or_else(|| self.ago(at)).or_else(|| self.bare_year(at));
        }
        if here.id == 0 || here.form != Form::Word {
            return None;
        }
        self.fixed_words(at)
            .or_else(|| self.counted_part(at))
            .or_else(|| self.closing(at))
            .or_else(|| self.towards(at))
            .or_else(|| self.edge(at))
            .or_else(|| self.ago(at))
            .or_else(|| self.weekday(at))
            .or_else(|| self.month_first(at, false))
            .or_else(|| self.season(at))
            .or_else(|| self.quarter(at))
    }

    /// "yesterday", "the same day", "Christmas".
    fn fixed_words(&self, at: usize) -> Option<Hit> {
        // A name: "Russia Today".
        let here = &self.lexemes[at];
        let in_name = here.capital && at > 0 && self.lexemes[at - 1].capital;
        if let Some((length, (from, to))) = self.words.relative.starting(self.lexemes, at)
            && !in_name
        {
            let mut end = at + length;
            if self.is(end, flag::PART_OF_DAY) {
                end += 1;
            }
            return Some(Hit { first: at, end, value: TimeValue::Offset { from, to } });
        }
        if let Some((length, (unit, whole))) = self.words.earlier.starting(self.lexemes, at) {
            return Some(Hit { first: at, end: at + length, value: TimeValue::Earlier { unit, count: 1, whole } });
        }
        if let Some((length, ())) = self.words.unknown.starting(self.lexemes, at) {
            return Some(Hit { first: at, end: at + length, value: TimeValue::Unknown });
        }
        let (length, day) = self.words.holidays.starting(self.lexemes, at)?;
        if !here.capital || in_name {
            return None;
        }
        let mut end = at + length;
        let mut value = TimeValue::Yearless { from: day, to: day };
        if let Some((year, after)) = self.year(end)
            && let Ok(date) = jiff::civil::Date::new(year, day.0, day.1)
        {
            value = TimeValue::Fixed(crate::types::Days { start: Some(date), end: Some(date) });
            end = after;
        }
        Some(Hit { first: at, end, value })
    }

    /// What follows "of": an expression, or "the year".
    fn base(&self, at: usize) -> Option<Hit> {
        let named = &self.words.named;
        let article = self.id(at) == named.the;
        let at = at + usize::from(article);
        if article
            && let Some(unit) = self.entry(at).unit.filter(|days| *days >= 7).and_then(calendar_unit)
            && !self.lexemes[at].of(self.text).ends_with('s')
        {
            return Some(Hit { first: at, end: at + 1, value: TimeValue::Calendar { unit, from: 0, to: 0 } });
        }
        self.atom(at)
    }

    /// "last week", "this year", "next March", "last Friday night", "the past six months", "past year".
    pub(super) fn towards(&self, at: usize) -> Option<Hit> {
        let mut first = at;
        let mut at = at;
        if self.is(at, flag::LOOSE) {
            at += 1;
        }
        let direction = self.entry(at).direction?;
        let past = self.id(at) == self.words.named.past;
        let next = at + 1;
        // "this past week".
        if direction == 0 && self.id(next) == self.words.named.past {
            return self.towards(next).map(|hit| Hit { first, ..hit });
        }
        let entry = self.entry(next);
        let hit = |end, value| Some(Hit { first, end, value });
        // Within a month's or a weekday's name the word has no other reading.
        if let Some(day) = entry.weekday.filter(|_| entry.flags & flag::AMBIGUOUS == 0) {
            let end = next + 1 + usize::from(self.is(next + 1, flag::PART_OF_DAY));
            return hit(end, TimeValue::Weekday { day, shift: direction });
        }
        if let Some(month) = entry.month.filter(|_| self.lexemes[next].capital && self.lexemes[next].len() > 2) {
            // "this May 9" is a date of its own.
            if self.get(next + 1).is_some_and(|l| l.form == Form::Numeral) {
                return self.month_first(next, false).map(|date| Hit { first, ..date });
            }
            return hit(next + 1, TimeValue::Directed(Box::new(months(month, month)), direction));
        }
        if let Some((from, to)) = entry.season {
            return hit(next + 1, TimeValue::Directed(Box::new(months(from, to)), direction));
        }
        if let Some((length, day)) = self.words.holidays.starting(self.lexemes, next) {
            return hit(next + length, TimeValue::Directed(Box::new(TimeValue::Yearless { from: day, to: day }), direction));
        }
        if entry.flags & flag::WEEKEND != 0 {
            return hit(next + 1, TimeValue::Weekend { shift: direction });
        }
        if let Some(days) = entry.unit {
            let plural = self.lexemes[next].of(self.text).ends_with('s');
            if plural || days < 7 {
                return None;
            }
            first = if self.is(first, flag::LOOSE) { first } else { at };
            if past {
                return Some(Hit { first, end: next + 1, value: TimeValue::Offset { from: -days, to: 0 } });
            }
            let unit = calendar_unit(days)?;
            let shift = i32::from(direction);
            return Some(Hit { first, end: next + 1, value: TimeValue::Calendar { unit, from: shift, to: shift } });
        }
        // "the last two weeks", "the past 24 hours".
        let (number, after) = self.number(next)?;
        let days = self.entry(after).unit.filter(|_| direction != 0)?;
        let span = if days == 0 { (number + 23) / 24 } else { number.checked_mul(days)? };
        let (from, to) = if direction < 0 { (-span, 0) } else { (0, span) };
        // "the last two weeks of May" is another's part.
        hit(after + 1, TimeValue::Offset { from, to })
    }

    /// A small number at `at`, in figures or words.
    fn number(&self, at: usize) -> Option<(i32, usize)> {
        let here = self.get(at)?;
        if here.form == Form::Numeral {
            let number = here.of(self.text).parse::<u16>().ok()?;
            let joined = self.get(at + 1).is_some_and(|l| !l.gap && l.id != mark(b'-'));
            return (number <= 1000 && !joined).then_some((i32::from(number), at + 1));
        }
        self.entry(at).number.map(|n| (i32::from(n), at + 1))
    }

    /// "three days ago", "two weeks earlier".
    fn ago(&self, at: usize) -> Option<Hit> {
        let (number, next) = self.number(at)?;
        let days = self.entry(next).unit?;
        let named = &self.words.named;
        let word = self.id(next + 1);
        if word == named.earlier || word == named.later {
            let unit = calendar_unit(days).filter(|_| word == named.earlier);
            let value = unit.map_or(TimeValue::Unknown, |unit| TimeValue::Earlier { unit, count: number, whole: false });
            return Some(Hit { first: at, end: next + 2, value });
        }
        if word != named.ago {
            return None;
        }
        let value = match days {
            0 => TimeValue::Offset { from: -((number + 23) / 24), to: 0 },
            1 => TimeValue::Offset { from: -number, to: -number },
            _ => match calendar_unit(days) {
                Some(unit) => TimeValue::Calendar { unit, from: -number, to: -number },
                None => TimeValue::Unknown,
            },
        };
        Some(Hit { first: at, end: next + 2, value })
    }

    /// "early January", "late 2024", "mid-March", "end of June", "early hours of Friday", "morning of May 9".
    fn edge(&self, at: usize) -> Option<Hit> {
        let named = &self.words.named;
        let entry = self.entry(at);
        if let Some((length, ())) = self.words.hours.starting(self.lexemes, at)
            && self.id(at + length) == named.of
        {
            return self.atom(at + length + 1).map(|hit| Hit { first: at, ..hit });
        }
        if entry.flags & flag::PART_OF_DAY != 0 && self.id(at + 1) == named.of {
            return self
                .atom(at + 2)
                .filter(|hit| !matches!(hit.value, TimeValue::Earlier { .. } | TimeValue::Unknown))
                .map(|hit| Hit { first: at, ..hit });
        }
        if let Some(third) = entry.third {
            let mut next = at + 1;
            if self.id(next) == mark(b'-') && glued(self.get(next)) && glued(self.get(next + 1)) {
                next += 1;
            }
            // "late in 2024", "middle of March".
            if self.id(next) == named.of || self.id(next) == named.in_ {
                next += 1;
            }
            let base = self.base(next).or_else(|| self.near_year(next))?;
            return Some(Hit { first: at, end: base.end, value: part(base.value, third, third, 3) });
        }
        let ends = entry.flags & (flag::FIRST_DAY | flag::LAST_DAY) != 0;
        if ends && self.id(at + 1) == named.of {
            let base = self.base(at + 2)?;
            if matches!(base.value, TimeValue::Weekday { .. } | TimeValue::Offset { .. } | TimeValue::Earlier { .. } | TimeValue::Unknown) {
                return None;
            }
            let which = u8::from(entry.flags & flag::FIRST_DAY != 0);
            return Some(Hit { first: at, end: base.end, value: part(base.value, which, which, 0) });
        }
        if entry.flags & flag::WEEKEND != 0 && at > 0 && self.id(at) == named.weekend {
            let shown = self.id(at - 1) == named.the || self.before_is(at, flag::BEFORE_MONTH);
            return shown.then_some(Hit { first: at, end: at + 1, value: TimeValue::Weekend { shift: 0 } });
        }
        None
    }

    /// "week to July 6", "12 months ending in June", "year to March": after an article, or after "in", "for", "over" and a number.
    fn closing(&self, at: usize) -> Option<Hit> {
        let named = &self.words.named;
        let before = self.id(at.checked_sub(1)?);
        let (count, unit) = match self.number(at).filter(|_| self.id(at) != named.a && self.id(at) != named.an) {
            Some(counted) if [named.the, named.in_, named.for_, named.during, named.over].contains(&before) => counted,
            None if before == named.the && !self.lexemes[at].of(self.text).ends_with('s') => (1, at),
            _ => return None,
        };
        let length = self.entry(unit).unit.and_then(calendar_unit).filter(|_| count > 0)?;
        // The night to Friday begins on Thursday.
        let night = self.lexemes[unit].of(self.text).starts_with("night");
        let (words, ()) = self.words.closing.starting(self.lexemes, unit + 1).filter(|_| !night)?;
        let from = unit + 1 + words;
        let year = || self.near_year(from).filter(|hit| !self.is(hit.end, flag::COUNTED));
        let last = self.atom(from + usize::from(self.id(from) == named.the)).or_else(year)?;
        let dated = match last.value {
            TimeValue::Fixed(_) | TimeValue::Yearless { .. } => true,
            TimeValue::Weekday { .. } | TimeValue::Offset { .. } => matches!(length, CalendarUnit::Day | CalendarUnit::Week),
            _ => false,
        };
        dated.then(|| Hit { first: at, end: last.end, value: TimeValue::Closing { unit: length, count, last: Box::new(last.value) } })
    }

    /// A year after "late": its context is given.
    fn near_year(&self, at: usize) -> Option<Hit> {
        let (year, end) = self.year(at)?;
        Some(Hit { first: at, end, value: fixed_months(year, 1, 12)? })
    }

    /// "first half of 2025", "first ten months of this year", "third quarter", "last week of May", "same months of 2023".
    fn counted_part(&self, at: usize) -> Option<Hit> {
        let named = &self.words.named;
        if self.id(at) == named.same && self.entry(at + 1).unit.is_some() && self.id(at + 2) == named.of {
            return self.base(at + 3).map(|hit| Hit { first: at, ..hit });
        }
        let ordinal = self.entry(at).ordinal?;
        let (count, unit) = match self.number(at + 1).filter(|(n, _)| (1..=12).contains(n)) {
            Some((count, next)) => (u8::try_from(count).ok(), next),
            None => (None, at + 1),
        };
        let half = self.id(unit) == named.half;
        let days = if half { 0 } else { self.entry(unit).unit? };
        let mut next = unit + 1;
        let of = self.id(next) == named.of || self.id(next) == named.in_ && half;
        next += usize::from(of);
        let whole = match self.base(next) {
            Some(base) => base,
            None => match self.near_year(next) {
                Some(year) => year,
                // "in the third quarter".
                None if days == 91 && ordinal > 0 && !of && count.is_none() => return self.bare_quarter(at, ordinal, unit + 1),
                None => return None,
            },
        };
        if !of && !matches!(whole.value, TimeValue::Fixed(_) | TimeValue::Calendar { .. }) {
            return None;
        }
        let count = count.unwrap_or(1);
        let of_parts: u8 = match days {
            _ if half => 2,
            91 => 4,
            30 => 12,
            7 => 4,
            1 => {
                let plural = self.lexemes[unit].of(self.text).ends_with('s');
                let which = u8::from(ordinal > 0);
                let value = if plural {
                    part(whole.value, if ordinal > 0 { 1 } else { 3 }, if ordinal > 0 { 1 } else { 3 }, 3)
                } else {
                    part(whole.value, which, which, 0)
                };
                return Some(Hit { first: at, end: whole.end, value });
            }
            _ => return None,
        };
        let first = if ordinal > 0 { ordinal.unsigned_abs() } else { of_parts.checked_sub(count)? + 1 };
        let last = first.checked_add(count - 1).filter(|last| *last <= of_parts)?;
        Some(Hit { first: at, end: whole.end, value: part(whole.value, first, last, of_parts) })
    }

    fn bare_quarter(&self, at: usize, ordinal: i8, end: usize) -> Option<Hit> {
        let named = &self.words.named;
        let before = self.before(at).map_or(0, |b| self.id(b));
        let article = at > 0 && self.id(at - 1) == named.the;
        let shown = article && [named.in_, named.for_, named.during, named.of].contains(&before) && (1..=4).contains(&ordinal);
        shown.then(|| Hit { first: at, end, value: months(ordinal * 3 - 2, ordinal * 3) })
    }

    /// "Q3 2024", "H1".
    fn quarter(&self, at: usize) -> Option<Hit> {
        let named = &self.words.named;
        let (size, parts) = if self.id(at) == named.q {
            (3, 4)
        } else if self.id(at) == named.h {
            (6, 2)
        } else {
            return None;
        };
        let number = self.get(at + 1).filter(|l| !l.gap && l.form == Form::Numeral && l.len() == 1)?;
        let which: i8 = number.of(self.text).parse().ok().filter(|n| (1..=parts).contains(n))?;
        if !self.lexemes[at].capital || glued(self.get(at)) && at > 0 && self.lexemes[at - 1].form != Form::Mark {
            return None;
        }
        if self.get(at + 2).is_some_and(|l| !l.gap && l.form != Form::Mark) {
            return None;
        }
        let (from, to) = (which * size - size + 1, which * size);
        let of = self.id(at + 2) == named.of;
        if let Some((year, end)) = self.year(at + 2 + usize::from(of)) {
            return Some(Hit { first: at, end, value: fixed_months(year, from, to)? });
        }
        (size == 3).then(|| Hit { first: at, end: at + 2, value: months(from, to) })
    }
}
