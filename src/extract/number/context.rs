//! What a number measures, and whether it says an amount at all.

use super::bound::Cues;
use super::tables::flag;
use super::units::Dimension;
use super::value::{Core, Reader};
use super::{Figure, Numbers};
use crate::recognise::time::scan::{Form, Lexeme, UNKNOWN, mark};
use crate::types::{Amount, ByteSpan, Kind, Measure, Mention, Quantity};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Numbers and marks that are looked at on each side for the brackets of a citation.
const CITED: usize = 24;

impl Numbers {
    pub(super) fn measure(
        &self,
        reader: Reader,
        figure: &Figure,
        cues: &Cues,
        number: ByteSpan,
        mentions: &[Mention],
        label: &mut Option<usize>,
    ) -> Measure {
        let labelled = std::mem::take(label);
        if figure.not {
            return Measure::Not;
        }
        if is_list_mark(reader, figure) || is_telephone(reader, figure) {
            return Measure::Not;
        }
        if self.is_age(reader, figure, cues) {
            return Measure::Age;
        }
        match figure.dimension {
            Some(Dimension::Time) => return Measure::Duration,
            Some(Dimension::Share) => return Measure::Share,
            Some(Dimension::Money) => return Measure::Money,
            Some(Dimension::Physical) if self.tables.clock.starting(reader.lexemes, figure.number.1 + 1).is_none() => return Measure::Unit,
            _ => {}
        }
        if figure.fraction {
            return if self.is_part(reader, figure, cues) { Measure::Share } else { Measure::Not };
        }
        if cues.first == figure.first && (self.is_labelled(reader, figure) || self.continues(reader, figure, labelled)) {
            *label = Some(figure.end);
            return Measure::Not;
        }
        if self.is_partitive(reader, figure) {
            return Measure::Partitive;
        }
        let cued = cues.bound.is_some();
        if self.is_multiple(reader, figure) {
            return Measure::Ratio;
        }
        if self.is_attribute(reader, figure) {
            let nothing = figure.amount == Amount::Value(Decimal::ZERO);
            let idiom = reader.id(figure.number.0) == self.tables.named.one && reader.is(figure.number.1 + 2, flag::ONE_NOT_JOINED);
            let named = idiom || self.is_place_in_row(reader, figure) || self.is_named(reader, figure) || covered(number, mentions);
            return if nothing || named { Measure::Not } else { Measure::Attribute };
        }
        if self.is_clock(reader, figure)
            || self.is_place_in_row(reader, figure)
            || matches!(figure.amount, Amount::Range(..)) && self.is_year(reader, figure)
            || (!cued && (self.is_year(reader, figure) || self.is_designation(reader, figure, mentions) || self.is_named(reader, figure)))
            || self.is_address(reader, figure)
            || self.is_type(reader, figure)
            || self.is_pronoun(reader, figure, cued)
            || covered(number, mentions)
        {
            return Measure::Not;
        }
        Measure::Count
    }

    fn whole(figure: &Figure) -> Option<u32> {
        match figure.amount {
            Amount::Value(value) if value == value.trunc() => value.to_u32(),
            _ => None,
        }
    }

    /// "aged 23", "23-year-old", "Smith, 34,".
    fn is_age(&self, reader: Reader, figure: &Figure, cues: &Cues) -> bool {
        let after = figure.number.1 + 1;
        if self.tables.age_after.starting(reader.lexemes, after).is_some() {
            return true;
        }
        if figure.dimension == Some(Dimension::Time) && matches!(reader.words(figure.end + 1), "old" | "olds") {
            return true;
        }
        let joined = figure.end + 1;
        if figure.dimension == Some(Dimension::Time)
            && reader.id(joined) == mark(b'-')
            && matches!(reader.words(joined + 1), "old" | "olds")
        {
            return true;
        }
        if figure.dimension.is_some_and(|d| d != Dimension::Time) {
            return false;
        }
        if self.tables.age_before.ending(reader.lexemes, cues.first).is_some()
            || self.tables.age_before.ending(reader.lexemes, figure.first).is_some()
        {
            return true;
        }
        // "women under 30".
        let counted =
            reader.get(after).is_some_and(|l| l.form == Form::Word) && !reader.is(after, flag::FUNCTION) || reader.id(after) == mark(b'%');
        if cues.bound.is_some()
            && figure.dimension.is_none()
            && !counted
            && cues.first > 0
            && reader.is(cues.first - 1, flag::AGE_OF)
            && Self::whole(figure).is_some_and(|v| (1..=110).contains(&v))
        {
            return true;
        }
        // "He will be 35 in May."
        let said = self.tables.age_said.ending(reader.lexemes, cues.first).is_some();
        if said
            && figure.dimension.is_none()
            && Self::whole(figure).is_some_and(|v| (2..=115).contains(&v))
            && reader
                .get(after)
                .is_none_or(|l| l.form == Form::Mark && l.id != mark(b'-') && l.id != mark(b'%') || reader.is(after, flag::FUNCTION))
            && reader.id(after) != self.tables.named.of
        {
            return true;
        }
        // After a name, between commas or in brackets.
        let Some(value) = Self::whole(figure).filter(|v| (1..=115).contains(v)) else { return false };
        if !figure.bare || !figure.digits || value == 0 || figure.dimension.is_some() || cues.first != figure.first || figure.first < 2 {
            return false;
        }
        let name = &reader.lexemes[figure.first - 2];
        let person = name.form == Form::Word && (name.capital || self.tables.is(name.id, flag::PERSON));
        let (open, close) = (reader.id(figure.first - 1), reader.get(after).map(|l| l.id));
        let commas =
            open == mark(b',') && matches!(close, Some(id) if id == mark(b',') || id == mark(b'.') || id == mark(b';') || id == mark(b')'));
        let brackets = open == mark(b'(') && close == Some(mark(b')'));
        person && (commas || brackets)
    }

    /// A fraction that stands for part of something: "half of", "two-thirds were"; not "half-brother", "second half".
    fn is_part(&self, reader: Reader, figure: &Figure, cues: &Cues) -> bool {
        let named = &self.tables.named;
        let after = figure.number.1 + 1;
        if reader.id(after) == mark(b'-') && !reader.lexemes[after].gap {
            return false;
        }
        if figure.number.0 != figure.number.1 || reader.id(figure.number.0) != named.half {
            return true;
        }
        let before = figure.number.0.checked_sub(1);
        // "the second half of the year" is a time, "cut by half" a share.
        if before.is_some_and(|before| reader.is(before, flag::ORDINAL | flag::HALF_AFTER)) {
            return false;
        }
        reader.id(after) == named.of
            || reader.is(after, flag::DETERMINER | flag::ARTICLE)
            || cues.first != figure.first
            || before.is_some_and(|before| reader.id(before) == named.by)
    }

    /// "Chapter 7", "No. 5", "Flight 370".
    fn is_labelled(&self, reader: Reader, figure: &Figure) -> bool {
        if figure.first == 0 {
            return false;
        }
        let Some((length, ())) = self.tables.labels.ending(reader.lexemes, figure.first) else { return false };
        let first = &reader.lexemes[figure.first - length];
        let last = &reader.lexemes[figure.first - 1];
        let number = &reader.lexemes[figure.number.0];
        if !first.gap && figure.first > length && reader.lexemes[figure.first - length - 1].form != Form::Mark {
            return false;
        }
        if last.id == self.tables.named.no || (last.form == Form::Word && self.tables.is(last.id, flag::ONLY_CAPITAL)) {
            return first.capital && (figure.digits && figure.bare || number.capital);
        }
        figure.bare && figure.digits
            || first.capital && number.capital
            || number.form == Form::Word && length == 1 && !self.noun_follows(reader, figure)
    }

    /// "Articles 5, 6 and 7".
    fn continues(&self, reader: Reader, figure: &Figure, label: Option<usize>) -> bool {
        let Some(last) = label.filter(|last| figure.first > last + 1 && figure.first <= last + 3) else { return false };
        let named = &self.tables.named;
        let joins = reader.lexemes[last + 1..figure.first]
            .iter()
            .all(|l| l.id == mark(b',') || l.id == named.and || l.id == named.or || l.id == named.to || l.id == mark(b'-'));
        joins && figure.bare && figure.digits && !self.noun_follows(reader, figure)
    }

    /// Whether a lower-case word that can be counted follows.
    fn noun_follows(&self, reader: Reader, figure: &Figure) -> bool {
        let after = figure.end + 1;
        reader.get(after).is_some_and(|l| l.form == Form::Word && l.gap && !l.capital) && !reader.is(after, flag::FUNCTION)
    }

    fn is_clock(&self, reader: Reader, figure: &Figure) -> bool {
        let point = reader.words(figure.number.0).split_once('.');
        let written = point.is_some_and(|(hour, minute)| minute.len() == 2 && hour.len() <= 2);
        // "7.30 in the morning".
        let part = || {
            let after = figure.number.1 + 1;
            (after..after + 3).any(|at| reader.is(at, flag::CLOCK_PART)) && reader.is(after, flag::FUNCTION)
        };
        figure.digits && written && figure.number.0 == figure.number.1 && part()
            || figure.digits && self.tables.clock.starting(reader.lexemes, figure.number.1 + 1).is_some()
            || reader.id(figure.number.1 + 1) != UNKNOWN
                && !figure.digits
                && Self::whole(figure).is_some_and(|v| v <= 12)
                && self.tables.clock.starting(reader.lexemes, figure.number.1 + 1).is_some_and(|(length, ())| length > 1)
    }

    /// "twenty-first".
    fn is_place_in_row(&self, reader: Reader, figure: &Figure) -> bool {
        let after = figure.number.1 + 1;
        !figure.digits && reader.id(after) == mark(b'-') && reader.is(after + 1, flag::ORDINAL)
    }

    /// "three-storey", "two-state": a hyphened noun that describes and is not counted.
    fn is_attribute(&self, reader: Reader, figure: &Figure) -> bool {
        let after = figure.number.1 + 1;
        if figure.attributive || reader.id(after) != mark(b'-') || reader.lexemes[after].gap {
            return false;
        }
        let Some(noun) = reader.get(after + 1).filter(|l| !l.gap && l.form == Form::Word) else { return false };
        if self.tables.bounds_after.starting(reader.lexemes, after).is_some() {
            return false;
        }
        !self.tables.is(noun.id, flag::COUNTED_ATTRIBUTE)
    }

    /// Four digits that are a year, unless something that is counted follows.
    fn is_year(&self, reader: Reader, figure: &Figure) -> bool {
        if let Amount::Range(low, high) = figure.amount
            && figure.digits
            && figure.bare
            && low >= Decimal::from(1500)
            && high <= Decimal::from(2200)
        {
            return !reader.is(figure.number.1 + 1, flag::COUNTED_PLURAL);
        }
        let Some(value) = Self::whole(figure).filter(|v| (1000..=2200).contains(v)) else { return false };
        if !figure.digits || !figure.bare || figure.dimension.is_some() {
            // "nineteen eighty-four" is read as two numbers.
            return false;
        }
        let after = figure.number.1 + 1;
        let determined = figure.first > 0 && reader.is(figure.first - 1, flag::DETERMINER);
        if determined && value >= 1900 && value % 100 != 0 {
            return true;
        }
        if reader.is(after, flag::COUNTED_PLURAL) {
            return false;
        }
        let plural = reader
            .get(after)
            .is_some_and(|l| l.form == Form::Word && l.gap && !l.capital && l.of(reader.text).ends_with('s') && l.len() > 3)
            && !reader.is(after, flag::FUNCTION);
        let noun = self.noun_follows(reader, figure);
        !(plural && !determined && (value < 1900 || value % 50 == 0) || noun && value < 1500)
    }

    /// The number of a type or a service that stands for the thing: "the 737 Max", "called 911".
    fn is_type(&self, reader: Reader, figure: &Figure) -> bool {
        if !figure.digits || !figure.bare || figure.dimension.is_some() || !self.tables.types.contains(reader.words(figure.number.0)) {
            return false;
        }
        let next = reader.get(figure.number.1 + 1);
        let counted = next.is_some_and(|l| l.form == Form::Word && l.gap && !l.capital) && !reader.is(figure.number.1 + 1, flag::FUNCTION);
        let determined = figure.first > 0 && reader.is(figure.first - 1, flag::DETERMINER | flag::ARTICLE);
        // "911 are missing" counts.
        let subject = reader.is(figure.number.1 + 1, flag::NOBODY_VERB);
        determined || !counted && !subject
    }

    /// A bare numeral straight after a name: "Boeing 737", "Windows 11". "Gave Ukraine 18 Leopard tanks" counts the tanks.
    fn is_designation(&self, reader: Reader, figure: &Figure, mentions: &[Mention]) -> bool {
        if !figure.digits || !figure.bare || figure.first < 2 || figure.dimension.is_some() {
            return false;
        }
        let before = &reader.lexemes[figure.first - 1];
        let number = &reader.lexemes[figure.number.0];
        if before.form != Form::Word || !before.capital || !number.gap || number.len() > 4 {
            return false;
        }
        if self.tables.is(before.id, flag::FUNCTION | flag::NUMBER_WORD | flag::DETERMINER) || opens(reader, figure.first - 1) {
            return false;
        }
        match reader.get(figure.number.1 + 1) {
            None => true,
            Some(next) if next.form == Form::Word => next.capital && !receives(before, number, next, mentions),
            Some(next) => next.form == Form::Mark && next.id != mark(b'%') && next.id != mark(b'-'),
        }
    }

    /// A number word with a capital inside a name: "Group of Seven", "Three Gorges Dam".
    fn is_named(&self, reader: Reader, figure: &Figure) -> bool {
        let first = &reader.lexemes[figure.number.0];
        if figure.digits || first.form != Form::Word || !first.capital || figure.dimension.is_some() {
            return false;
        }
        let next = reader.get(figure.number.1 + 1).is_some_and(|l| l.form == Form::Word && l.capital);
        if opens(reader, figure.number.0) {
            return false;
        }
        let before = &reader.lexemes[figure.number.0 - 1];
        let of = before.id == self.tables.named.of && figure.number.0 >= 2 && reader.lexemes[figure.number.0 - 2].capital;
        next || before.form == Form::Word && before.capital || of
    }

    /// "14 Elm Street".
    fn is_address(&self, reader: Reader, figure: &Figure) -> bool {
        if !figure.digits || !figure.bare {
            return false;
        }
        for at in figure.number.1 + 1..figure.number.1 + 5 {
            match reader.get(at) {
                Some(l) if l.form == Form::Word && l.capital => {
                    // "22 Avenue Foch": the word stands first where a name follows.
                    let first = at == figure.number.1 + 1;
                    let named = || reader.get(at + 1).is_some_and(|n| n.form == Form::Word && n.capital);
                    if self.tables.is(l.id, flag::STREET) && (!first || named()) {
                        return true;
                    }
                }
                Some(l) if l.id == mark(b'.') => {}
                // "9 E 71st St".
                Some(l) if l.form == Form::Numeral && at > figure.number.1 + 1 => {}
                Some(l) if !l.gap && matches!(l.of(reader.text), "st" | "nd" | "rd" | "th") => {}
                _ => return false,
            }
        }
        false
    }

    /// "three times as many", "twice" in figures: a ratio, not a count.
    fn is_multiple(&self, reader: Reader, figure: &Figure) -> bool {
        let named = &self.tables.named;
        let after = figure.number.1 + 1;
        if is_times_sign(reader, after) {
            return true;
        }
        if reader.id(after) != named.times {
            return false;
        }
        reader.id(after + 1) == named.as_
            || matches!(reader.words(after + 1), "less" | "what")
            || reader.id(after + 1) == named.more
            || reader.is(after + 1, flag::DETERMINER)
            || reader.get(after + 1).is_some_and(|l| l.form == Form::Word && l.of(reader.text).ends_with("er") && l.len() > 4)
    }

    /// "one of the best", "one of his three sons", "one of Google's reviewers"; not "one of them".
    fn is_partitive(&self, reader: Reader, figure: &Figure) -> bool {
        let named = &self.tables.named;
        let after = figure.number.1 + 1;
        let determined = reader.is(after + 1, flag::DETERMINER);
        let named_owner = || {
            let owner = reader.get(after + 1).is_some_and(|l| l.form == Form::Word && l.capital);
            owner && (after + 2..after + 5).any(|at| reader.words(at) == "s" && reader.lexemes[at - 1].id == mark(b'\''))
        };
        figure.number.0 == figure.number.1
            && reader.id(figure.number.0) == named.one
            && reader.id(after) == named.of
            && (determined || named_owner())
            && reader.get(after + 2).is_some_and(|l| l.form != Form::Mark || !determined)
            && !(figure.number.0 > 0 && reader.is(figure.number.0 - 1, flag::ONE_NOT_AFTER))
    }

    /// A bare numeral that names a type inside what another number counts: "two new 737 Max jets".
    pub(super) fn is_inside_phrase(&self, reader: Reader, figure: &Figure, free: usize, earlier: &[Quantity]) -> bool {
        if !figure.digits || !figure.bare || !(1..=2).contains(&figure.first.saturating_sub(free)) {
            return false;
        }
        let counts = earlier.last().is_some_and(|q| q.measure == Measure::Count && q.unit.is_none());
        let adjective = |at: usize| {
            let word = reader.words(at);
            reader.lexemes[at].form == Form::Word && !reader.lexemes[at].capital && !word.ends_with('s') && !reader.is(at, flag::FUNCTION)
        };
        let name = reader.get(figure.end + 1).is_some_and(|l| l.form == Form::Word && l.capital);
        counts && name && (free..figure.first).all(adjective)
    }

    /// "one" that counts nothing.
    fn is_pronoun(&self, reader: Reader, figure: &Figure, cued: bool) -> bool {
        if figure.number.0 != figure.number.1
            || reader.id(figure.number.0) != self.tables.named.one
            || figure.amount != Amount::Value(Decimal::ONE)
        {
            return figure.number.0 == figure.number.1 && reader.id(figure.number.0) == self.tables.named.zero;
        }
        let after = figure.number.1 + 1;
        if figure.number.0 > 0 && reader.is(figure.number.0 - 1, flag::ONE_NOT_AFTER) {
            return true;
        }
        if cued {
            return false;
        }
        let Some(next) = reader.get(after) else { return true };
        if next.form != Form::Word {
            return true;
        }
        // "one in Lucanas" goes on from a count before.
        let place = next.id == self.tables.named.in_ && reader.get(after + 1).is_some_and(|l| l.capital && l.form == Form::Word);
        if self.tables.is(next.id, flag::ONE_COUNTS) || place {
            return false;
        }
        if self.tables.is(next.id, flag::ONE_NOT_BEFORE | flag::FUNCTION) {
            return true;
        }
        (after + 1..after + 3).any(|i| reader.is(i, flag::SAYING))
    }
}

/// Whether the letter of "3x" stands at `at`, glued to its number.
pub(super) fn is_times_sign(reader: Reader, at: usize) -> bool {
    let glued = |at: usize| reader.get(at).is_some_and(|l| !l.gap);
    glued(at) && matches!(reader.words(at), "x" | "×") && !reader.get(at + 1).is_some_and(|l| !l.gap && l.form != Form::Mark)
}

/// The first digits of "(212) 555-0100".
fn is_telephone(reader: Reader, figure: &Figure) -> bool {
    let after = figure.number.1 + 1;
    figure.digits
        && figure.bare
        && figure.number.0 > 0
        && reader.id(figure.number.0 - 1) == mark(b'(')
        && reader.id(after) == mark(b')')
        && [after + 1, after + 3].iter().all(|at| reader.get(*at).is_some_and(|l| l.form == Form::Numeral && l.len() >= 3))
        && reader.id(after + 2) == mark(b'-')
}

/// Whether a number stands in square brackets with nothing but others: "[29, 33]".
fn is_citation(reader: Reader, figure: &Figure) -> bool {
    let listed = |at: &usize| reader.get(*at).is_some_and(|l| l.form == Form::Numeral || l.id == mark(b',') || l.id == mark(b'-'));
    let before = figure.number.0.saturating_sub(CITED)..figure.number.0;
    let opens = before.rev().find(|at| !listed(at)).is_some_and(|at| reader.id(at) == mark(b'['));
    let closes = (figure.number.1 + 1..figure.number.1 + 1 + CITED).find(|at| !listed(at)).is_some_and(|at| reader.id(at) == mark(b']'));
    opens && closes
}

/// The number of a footnote or of a heading: "10 The paper shows", "Myth 2: ...".
fn is_list_mark(reader: Reader, figure: &Figure) -> bool {
    if !figure.digits || !figure.bare || figure.dimension.is_some() {
        return false;
    }
    if is_citation(reader, figure) {
        return true;
    }
    let after = figure.number.1 + 1;
    // "1) growth and 2) thrift".
    let opened = |at: &usize| reader.id(*at) == mark(b'(') || reader.id(*at) == mark(b')');
    if reader.id(after) == mark(b')')
        && !reader.lexemes[after].gap
        && reader.words(figure.number.0).len() <= 2
        && (0..figure.first).rev().find(opened).is_none_or(|at| reader.id(at) == mark(b')'))
    {
        return true;
    }
    match figure.first {
        0 => reader.get(after).is_some_and(|l| l.gap && l.capital) && reader.is(after, flag::FUNCTION),
        1 => reader.id(after) == mark(b':') && reader.lexemes[0].capital,
        _ => false,
    }
}

/// Whether lexeme `at` opens the sentence, a quotation or what follows a colon, where a capital says nothing.
fn opens(reader: Reader, at: usize) -> bool {
    match at.checked_sub(1).map(|b| &reader.lexemes[b]) {
        None => true,
        Some(l) => l.id == mark(b'"') || l.id == mark(b':') || l.id == mark(b'.') || l.id == mark(b'\''),
    }
}

/// Whether a bare number stands in a date.
pub(super) fn dated(reader: Reader, core: &Core, mentions: &[Mention]) -> bool {
    let span = ByteSpan::new(reader.lexemes[core.first].start as usize, reader.lexemes[core.last].end as usize);
    let at = mentions.partition_point(|m| m.span.end <= span.start);
    mentions.get(at).is_some_and(|m| m.kind == Kind::Time && m.span.covers(span))
}

/// Whether who is named before a number has what stands behind it: a state or somebody, or anybody before a weapon.
fn receives(before: &Lexeme, number: &Lexeme, behind: &Lexeme, mentions: &[Mention]) -> bool {
    let from = mentions.partition_point(|m| m.span.end <= before.start);
    let near = || mentions[from..].iter().take_while(|m| m.span.start <= behind.start);
    let weapon = near().any(|m| m.kind == Kind::Equipment && (m.span.start == behind.start || m.span.start == number.start));
    let states = |m: &Mention| matches!(m.kind, Kind::Place | Kind::Nationality | Kind::Person);
    near().any(|m| m.span.end == before.end && (states(m) || weapon))
}

/// Whether a mention holds the number: a date, a name, a designation.
fn covered(number: ByteSpan, mentions: &[Mention]) -> bool {
    let from = mentions.partition_point(|m| m.span.end <= number.start);
    mentions[from..].iter().take_while(|m| m.span.start <= number.start).any(|m| {
        m.span.covers(number) && (m.kind == Kind::Time || m.span.start < number.start || m.kind != Kind::Equipment && m.span != number)
    })
}
