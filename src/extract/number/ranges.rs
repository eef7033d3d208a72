//! Two numbers that make one: "15 to 18", "between 200 and 250", "one in five".

use super::digits::part;
use super::tables::flag;
use super::units::Dimension;
use super::value::Reader;
use super::{Figure, Item, Numbers, is_dash};
use crate::recognise::time::scan::{self, Form, mark};
use crate::types::Amount;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    Dash,
    To,
    Or,
    And,
}

impl Item {
    fn alone(self) -> Figure {
        let (first, end) = (self.first, self.end);
        let unit_lexemes = self.unit.as_ref().map(|u| u.lexemes);
        Figure {
            first,
            number: (if self.sign.is_none() && self.negative { first } else { self.core.first }, self.core.last),
            amount: self.core.value.map_or(Amount::Vague, Amount::Value),
            dimension: self.unit.as_ref().map(|u| u.dimension),
            attributive: self.unit.as_ref().is_some_and(|u| u.attributive),
            unit: self.unit.map(|u| u.name),
            unit_lexemes,
            fraction: self.core.fraction,
            bare: self.core.bare && !self.negative,
            digits: self.core.digits,
            not: self.core.not,
            end,
        }
    }
}

/// Whether a year and the last two figures of a later one stand on both sides of a dash with space round it: "1865 - 70".
fn span_of_years(reader: Reader, item: &Item, next: usize) -> bool {
    let year = item.core.bare && item.unit.is_none() && reader.words(item.core.first).len() == 4;
    year && reader.get(next).is_some_and(|l| l.form == Form::Numeral && l.len() == 2)
        && reader.words(item.core.first)[2..] < *reader.words(next)
}

impl Numbers {
    /// The item, or the range or ratio that it opens.
    pub(super) fn figure(&self, reader: Reader, item: Item, free: usize) -> Figure {
        if item.core.not || item.core.value.is_none() {
            return item.alone();
        }
        if let Some(figure) = self.ratio(reader, &item) {
            return figure;
        }
        let Some((joint, next)) = self.joint(reader, &item, free) else { return item.alone() };
        let Some(second) = self.second(reader, joint, next) else {
            return item.alone();
        };
        if joint == Joint::Dash && self.no_range(reader, &item, &second) {
            let mut figure = item.alone();
            figure.not = true;
            // Over a chain: "555-12-34".
            let end = reader.run_end(second.end);
            figure.number.1 = end;
            figure.end = end;
            return figure;
        }
        if second.core.not {
            return item.alone();
        }
        self.range(reader, &item, &second, joint, free).unwrap_or_else(|| item.alone())
    }

    /// What may join the item to a second number, and where that starts.
    fn joint(&self, reader: Reader, item: &Item, free: usize) -> Option<(Joint, usize)> {
        let named = &self.tables.named;
        let mut at = item.end + 1;
        let here = reader.get(at)?;
        if is_dash(here) {
            let next = reader.get(at + 1)?;
            // Glued on both sides, or with space on both; "10 -15" too.
            let glued = !here.gap && !next.gap;
            let apart = here.gap && (here.id != scan::EM_DASH);
            return (glued && here.id != scan::EM_DASH
                || apart && next.form == Form::Numeral && !next.gap
                || apart && here.id == scan::EN_DASH
                || apart && span_of_years(reader, item, at + 1))
            .then_some((Joint::Dash, at + 1));
        }
        let joint = if here.id == named.to {
            Joint::To
        } else if here.id == named.or {
            Joint::Or
        } else if here.id == named.and && self.before(reader, item, free, named.between) {
            Joint::And
        } else {
            return None;
        };
        at += 1;
        // "up to 10 or even 15", "from 5 to about 10".
        if joint != Joint::Or
            && let Some((length, _)) = self.bound_at(reader, at)
        {
            at += length;
        }
        Some((joint, at))
    }

    /// A bound's words that start at `at` and end before a number.
    fn bound_at(&self, reader: Reader, at: usize) -> Option<(usize, ())> {
        (1..=2).find_map(|length| {
            let (found, _) = self.tables.bounds_before.ending(reader.lexemes, at + length)?;
            (found == length).then_some((length, ()))
        })
    }

    /// The second number: with its sign, if it has one.
    fn second(&self, reader: Reader, joint: Joint, at: usize) -> Option<Item> {
        // The sign stands first: look a few lexemes on for the number itself.
        for start in at..at + 4 {
            let here = reader.get(start)?;
            let sign = here.form == Form::Mark || self.is_code(reader, start);
            if let Some(core) = reader.core(start) {
                if core.not && joint != Joint::Dash {
                    return None;
                }
                // After a dash the number must not look back over it.
                let item = self.item(reader, start, at)?;
                return (item.sign.map_or(item.first, |sign| sign.first.min(item.first)) == at).then_some(item);
            }
            if !sign {
                return None;
            }
        }
        None
    }

    fn is_code(&self, reader: Reader, at: usize) -> bool {
        reader.get(at).is_some_and(|l| l.capital && l.len() <= 4) && reader.get(at + 1).is_some()
    }

    /// Whether `word` stands before the item, bounds between.
    fn before(&self, reader: Reader, item: &Item, free: usize, word: u16) -> bool {
        let mut at = item.first;
        for _ in 0..3 {
            if at > free && reader.id(at - 1) == word {
                return true;
            }
            let bound = self.tables.bounds_before.ending(reader.lexemes, at).map(|(length, _)| length);
            // "between the ages of 17 and 29".
            let age = || self.tables.age_before.ending(reader.lexemes, at).map(|(length, ())| length);
            match bound.or_else(age) {
                Some(length) if at - length >= free => {
                    at -= length;
                    if at > free && reader.is(at - 1, flag::DETERMINER) {
                        at -= 1;
                    }
                }
                _ => return false,
            }
        }
        false
    }

    /// Two numbers with a dash that are no range: scores, years, codes.
    fn no_range(&self, reader: Reader, a: &Item, b: &Item) -> bool {
        if a.sign.is_some() || a.unit.is_some() || b.sign.is_some() {
            return false;
        }
        if b.core.not {
            return true;
        }
        let (Some(low), Some(high)) = (a.core.value, b.core.value) else { return true };
        if b.core.scale > Decimal::ONE || b.unit.as_ref().is_some_and(|u| !u.attributive) {
            return false;
        }
        if low >= high {
            return true;
        }
        if !a.core.bare || !b.core.bare {
            return reader.get(b.end + 1).is_some_and(|l| !l.gap && l.form == Form::Numeral);
        }
        let digits = |item: &Item| reader.words(item.core.first).len();
        let year = |value: Decimal| value >= Decimal::from(1500) && value <= Decimal::from(2100);
        if digits(a) == 4 && digits(b) == 4 && year(low) && year(high) {
            return true;
        }
        let leading_zero = |item: &Item| reader.words(item.core.first).starts_with('0') && digits(item) > 1;
        if leading_zero(a) || leading_zero(b) {
            return true;
        }
        let after = b.end + 1;
        // "rose to 40-50".
        let to = a.first.checked_sub(2).filter(|_| reader.id(a.first - 1) == self.tables.named.to);
        if to.is_some_and(|verb| reader.is(verb, flag::GROWTH | flag::DECLINE | flag::CHANGE)) {
            return false;
        }
        if b.unit.is_some() || self.tables.bounds_before.ending(reader.lexemes, a.first).is_some() {
            return false;
        }
        if a.first > 0 && reader.is(a.first - 1, flag::SCORE_BEFORE) {
            return true;
        }
        match reader.get(after) {
            // "10-15 people": a lower-case word that can be counted.
            Some(l) if l.form == Form::Word && l.gap && !l.capital => reader.is(after, flag::SCORE_AFTER | flag::FUNCTION),
            Some(l) if l.form == Form::Word && l.gap => {
                // "10-15 Russian soldiers", but "16-18 Industrial Avenue" and "3-1 Leeds".
                !reader
                    .get(after + 1)
                    .is_some_and(|n| n.form == Form::Word && !n.capital && n.of(reader.text).ends_with('s') && n.len() > 1)
            }
            _ => true,
        }
    }

    fn range(&self, reader: Reader, a: &Item, b: &Item, joint: Joint, free: usize) -> Option<Figure> {
        let named = &self.tables.named;
        let (mut low, high) = (a.core.value?, b.core.value?);
        // "from 1,643 in 2023 to 2,900": a year and a count make no range.
        let year = |item: &Item| item.core.bare && reader.words(item.core.first).len() == 4 && item.unit.is_none();
        if year(a) && !year(b) && low >= Decimal::from(1900) && low <= Decimal::from(2100) {
            return None;
        }
        if a.core.fraction != b.core.fraction && joint == Joint::Or {
            return None;
        }
        let spread = |value: Decimal| value.checked_mul(b.core.scale);
        if a.core.scale == Decimal::ONE
            && b.core.scale > Decimal::ONE
            && a.unit.as_ref().is_none_or(|_| a.sign.is_some())
            && !a.core.fraction
        {
            let mantissa = high.checked_div(b.core.scale)?;
            if low < mantissa && low < Decimal::ONE_THOUSAND {
                low = spread(low)?.normalize();
            }
        }
        if low >= high {
            return None;
        }
        let same_unit = match (&a.unit, &b.unit) {
            (Some(a_unit), Some(b_unit)) => a_unit.name == b_unit.name || b_unit.name.starts_with(a_unit.name.as_str()),
            (Some(_), None) => a.sign.is_some() || joint == Joint::Dash,
            (None, Some(b_unit)) => b.sign.is_none() || b_unit.dimension != Dimension::Money,
            (None, None) => true,
        };
        if !same_unit {
            return None;
        }
        let from = self.before(reader, a, free, named.from);
        match joint {
            Joint::To => {
                let mut at = a.first;
                while let Some((length, _)) = self.tables.bounds_before.ending(reader.lexemes, at) {
                    at -= length;
                }
                let before = at.checked_sub(1);
                let verb = flag::GROWTH | flag::DECLINE | flag::CHANGE;
                if from {
                    // "rose from 3 to 5" is two figures; the verb stands within the few words before.
                    let start = at.saturating_sub(8).max(free);
                    if (start..at).any(|i| reader.is(i, verb)) {
                        return None;
                    }
                } else if before.is_some_and(|b| b >= free && (reader.id(b) == named.by || reader.is(b, verb | flag::SCORE_BEFORE))) {
                    // "rose by 12 to 340" is two figures, "delayed by five to ten minutes" and "lost 400 to 500 men" one range.
                    let near = high <= low.checked_mul(Decimal::from(3))?;
                    let next = reader.get(b.end + 1).filter(|l| l.form == Form::Word && l.gap && !l.capital);
                    let counts = next.is_some() && !reader.is(b.end + 1, flag::FUNCTION);
                    if !(near && a.unit.is_none() && (b.unit.is_some() || counts && reader.id(at - 1) != named.by)) {
                        return None;
                    }
                }
            }
            Joint::Or => {
                let ten = Decimal::TEN;
                if a.unit.is_some() || low.checked_mul(ten)? < high || a.core.fraction {
                    return None;
                }
            }
            Joint::And | Joint::Dash => {}
        }
        let unit = b.unit.clone().or_else(|| a.unit.clone());
        let mut figure = Item { unit, ..b.clone() }.alone();
        if b.unit.is_none() {
            figure.unit_lexemes = figure.unit_lexemes.filter(|(first, last)| first <= last);
            figure.end = b.end;
        }
        figure.first = a.first;
        figure.number.0 = if a.sign.is_none() && a.negative { a.first } else { a.core.first };
        figure.amount = Amount::Range(low, high);
        figure.bare = a.core.bare && b.core.bare;
        Some(figure)
    }

    /// "one in five", "nine out of 10".
    fn ratio(&self, reader: Reader, item: &Item) -> Option<Figure> {
        let named = &self.tables.named;
        let after = item.core.last + 1;
        let out_of = reader.id(after) == named.out && reader.id(after + 1) == named.of;
        let in_every = reader.id(after) == named.in_ && reader.id(after + 1) == named.every;
        let next = if out_of || in_every {
            after + 2
        } else if reader.id(after) == named.in_ {
            after + 1
        } else {
            return None;
        };
        if item.unit.is_some() || item.sign.is_some() || item.core.fraction {
            return None;
        }
        let whole = self.item(reader, next, next)?;
        if whole.core.not || whole.sign.is_some() || whole.unit.is_some() || whole.core.fraction {
            return None;
        }
        // "a 6 out of 10": a mark, not a share.
        if out_of && item.first > 0 && reader.is(item.first - 1, flag::ARTICLE) {
            let mut figure = item.clone().alone();
            figure.end = whole.end;
            return Some(figure);
        }
        let parts = item.core.value?.to_u32()?;
        let of = whole.core.value?.to_u32()?;
        let whole_numbers = item.core.value? == Decimal::from(parts) && whole.core.value? == Decimal::from(of);
        if !whole_numbers || parts == 0 || parts >= of {
            return None;
        }
        // "killed five in 2024" and "two in three cities" are no shares.
        let round = matches!(of, 3 | 4 | 5 | 10 | 100 | 1000 | 10_000 | 100_000 | 1_000_000);
        let year = whole.core.bare && (1500..=2100).contains(&of) && of != 2000;
        if year || !(out_of || in_every || parts == 1 || round && of <= 1000 && parts < 1000) || parts == 1 && of == 2 && !out_of {
            return None;
        }
        if whole.core.last + 1 < reader.lexemes.len()
            && reader.id(whole.core.last + 1) == mark(b'-')
            && !reader.lexemes[whole.core.last + 1].gap
        {
            return None;
        }
        let mut figure = item.clone().alone();
        figure.number.1 = whole.core.last;
        figure.end = whole.end;
        figure.amount = Amount::Value(part(parts, of));
        figure.fraction = true;
        figure.bare = false;
        Some(figure)
    }
}
