//! By how much something changed, and which way: "rose 5%", "down by 12", "a 3% drop"; and units that a second number shares with the first.

use super::bound::Cues;
use super::tables::flag;
use super::units::Dimension;
use super::value::Reader;
use super::{Figure, Numbers};
use crate::recognise::time::scan::{Form, mark};
use crate::types::{Amount, Bound, ByteSpan, Change, Direction, Measure, Quantity};
use rust_decimal::Decimal;

/// Less is written out and says what it counts.
const MILLION: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);

impl Numbers {
    /// The way a number says that something changed by it. `earlier` is the change before it in the sentence, for "down 2%, others by 3%".
    pub(super) fn change(&self, reader: Reader, figure: &Figure, cues: &Cues, free: usize, earlier: Option<Change>) -> Option<Change> {
        if figure.dimension == Some(Dimension::Time) {
            return None;
        }
        let found = |at: usize, direction| {
            let lexeme = &reader.lexemes[at];
            Some(Change { direction, span: ByteSpan::new(lexeme.start as usize, lexeme.end as usize) })
        };
        let sign = figure.first.checked_sub(1).filter(|s| reader.id(*s) == mark(b'+') && !reader.lexemes[figure.first].gap);
        if let Some(sign) = sign.filter(|_| figure.dimension.is_some()) {
            return found(sign, Direction::Up);
        }
        let share = figure.dimension == Some(Dimension::Share);
        let named = &self.tables.named;
        let mut at = cues.first;
        while at > free && reader.is(at - 1, flag::CHANGE_ADVERB) {
            at -= 1;
        }
        let joint = at.checked_sub(1).filter(|b| *b >= free && (reader.id(*b) == named.by || reader.id(*b) == named.of));
        if let Some(joint) = joint {
            let by = reader.id(joint) == named.by;
            let from = joint.saturating_sub(if by { 5 } else { 1 }).max(free);
            if let Some(word) = (from..joint).rev().find(|i| reader.is(*i, flag::GROWTH | flag::DECLINE)) {
                return found(word, self.direction(reader, word));
            }
            return earlier.filter(|_| by);
        }
        if let Some(word) = at.checked_sub(1).filter(|w| *w >= free && reader.is(*w, flag::GROWTH | flag::DECLINE))
            && (share || !reader.is(word, flag::SHARE_ONLY))
        {
            return found(word, self.direction(reader, word));
        }
        let after = figure.end + 1;
        let joined = after + usize::from(reader.id(after) == mark(b'-') && !reader.lexemes[after].gap);
        let (_, direction) = share.then(|| self.tables.change_after.starting(reader.lexemes, joined)).flatten()?;
        found(joined, direction)
    }

    fn direction(&self, reader: Reader, at: usize) -> Direction {
        if reader.is(at, flag::GROWTH) { Direction::Up } else { Direction::Down }
    }

    /// Gives the last quantity found what it shares with the one before: the bound of "over 7 miles (11 km)", the unit of
    /// "280 million of the 1.5 billion euros" and of "rose from 14 km to 24". `from` is where the sentence's quantities start.
    pub(super) fn share_out(&self, reader: Reader, figure: &Figure, free: usize, from: usize, found: &mut [Quantity]) {
        let [.., before, last] = &mut found[from..] else { return };
        if last.measure == Measure::Not || before.measure == Measure::Not {
            return;
        }
        let between = free..figure.first;
        if between.len() == 1
            && reader.id(free) == mark(b'(')
            && last.measure == before.measure
            && matches!(last.measure, Measure::Unit | Measure::Money)
            && last.bound == Bound::Exact
            // "About 90 million roubles ($1.1 million)": what was converted is said as if it were exact.
            && before.bound != Bound::About
            && matches!((before.amount, last.amount), (Amount::Value(_), Amount::Value(_)))
        {
            last.bound = before.bound;
            return;
        }
        let named = &self.tables.named;
        let of_the = reader.id(free) == named.of && between.clone().skip(1).all(|i| reader.is(i, flag::DETERMINER | flag::ARTICLE));
        if of_the && between.len() > 1 && bare(before) && matches!(last.measure, Measure::Unit | Measure::Money) {
            before.unit.clone_from(&last.unit);
            before.measure = last.measure;
            return;
        }
        let measured = |q: &Quantity| matches!(q.measure, Measure::Unit | Measure::Share) && q.unit.is_some();
        let preposition = |q: &Quantity| {
            let at = reader.lexemes.partition_point(|l| (l.start as usize) < q.span.start as usize);
            at.checked_sub(1).map_or(0, |b| reader.id(b))
        };
        let (first, second) = (preposition(before), preposition(last));
        let steps = first == named.from && second == named.to || first == named.to && second == named.from;
        // "slowed to 1.9 from 2.2 percent"
        if steps && bare(before) && measured(last) && between.len() == 1 {
            before.unit.clone_from(&last.unit);
            before.measure = last.measure;
            return;
        }
        self.share_money(reader, figure, from, found);
        let [.., before, last] = &mut found[from..] else { return };
        let both_change = before.change.is_some() && last.change.is_some();
        let compared = || self.tables.compared.ending(reader.lexemes, figure.first).is_some();
        if measured(before) && bare(last) && self.ends_phrase(reader, figure.end + 1) && (both_change || steps || compared()) {
            last.unit.clone_from(&before.unit);
            last.measure = before.measure;
        }
    }

    /// "Profit fell to 310 million crowns from 742 million": millions of nothing behind money are money.
    fn share_money(&self, reader: Reader, figure: &Figure, from: usize, found: &mut [Quantity]) {
        let Some((last, before)) = found[from..].split_last_mut() else { return };
        let magnitude = reader.lexemes[figure.number.1].form == Form::Word && matches!(last.amount, Amount::Value(v) if v >= MILLION);
        let next = figure.end + 1;
        if !magnitude || !bare(last) || !self.ends_phrase(reader, next) || reader.is(next, flag::SAID_OF_IT) {
            return;
        }
        if let Some(money) = before.iter().rev().find(|q| q.measure == Measure::Money) {
            last.unit.clone_from(&money.unit);
            last.measure = Measure::Money;
        }
    }

    /// Whether no counted noun can stand at `at`: the sentence ends, or a mark, a function word or "a year earlier" goes on.
    fn ends_phrase(&self, reader: Reader, at: usize) -> bool {
        let in_time = reader.is(at, flag::ARTICLE) && reader.is(at + 2, flag::OVER_TIME_AFTER);
        in_time || reader.get(at).is_none_or(|l| l.form == Form::Mark || reader.is(at, flag::FUNCTION))
    }
}

fn bare(quantity: &Quantity) -> bool {
    quantity.measure == Measure::Count && quantity.unit.is_none() && quantity.amount != Amount::Vague
}
