//! Time expressions: dates, parts of them, periods.

mod dates;
mod phrases;
pub mod resolve;
pub(crate) mod scan;
mod words;

use crate::error::Result;
use crate::types::{ByteSpan, Days, Document, Evidence, Kind, Mention, Split, TimeValue, Via};
use jiff::civil::Date;
use scan::{Form, Lexeme, UNKNOWN, mark};
use std::path::Path;
use words::{Entry, Words, flag};

pub use resolve::Tense;

/// The words of time, ready to run.
#[derive(Debug)]
pub struct Times {
    words: Words,
}

/// A sentence, being read.
#[derive(Clone, Copy)]
struct Reader<'a> {
    words: &'a Words,
    text: &'a str,
    lexemes: &'a [Lexeme],
    /// Where the last expression ended: a bare year may go on from it.
    previous: usize,
    /// How many expressions this one is inside of.
    depth: u8,
}

/// An expression that was found: its lexemes, half-open.
#[derive(Clone, Debug, PartialEq)]
struct Hit {
    first: usize,
    end: usize,
    value: TimeValue,
}

impl Times {
    /// The built-in words, with the user's from `rules` added.
    ///
    /// # Errors
    /// When a data file does not parse; names file and line.
    pub fn load(rules: Option<&Path>) -> Result<Times> {
        Ok(Times { words: Words::load(rules)? })
    }

    /// Every time expression of the document, in order, none inside another. Words before it that open or close it ("since", "until") are not in
    /// its span and are in its value. Both ends of "between May and July" are mentions of their own, and both have the whole period as their value.
    #[must_use]
    pub fn find(&self, document: &Document, split: &Split) -> Vec<Mention> {
        let mut found = Vec::new();
        let mut lexemes = Vec::new();
        for sentence in &split.sentences {
            let range = sentence.span.range();
            if document.text.get(range.clone()).is_none() {
                continue;
            }
            scan::lex(&document.text, range.start, range.end, &self.words.vocabulary, &mut lexemes);
            let mut reader = Reader { words: &self.words, text: &document.text, lexemes: &lexemes, previous: usize::MAX, depth: 0 };
            let mut at = 0;
            while at < lexemes.len() {
                let here = &lexemes[at];
                let may_open = here.id != UNKNOWN && here.form == Form::Word || here.form == Form::Numeral && here.len() <= 10;
                let Some(hits) = may_open.then(|| reader.expression(at)).flatten() else {
                    at += 1;
                    continue;
                };
                for hit in hits.into_iter().flatten() {
                    at = at.max(hit.end);
                    let span = ByteSpan::new(lexemes[hit.first].start as usize, lexemes[hit.end - 1].end as usize);
                    let evidence = Evidence::of(Via::Ruled);
                    found.push(Mention { span, kind: Kind::Time, score: 0.95, evidence, key: None, time: Some(hit.value) });
                }
                reader.previous = at;
            }
        }
        found
    }
}

impl Reader<'_> {
    fn get(&self, at: usize) -> Option<&Lexeme> {
        self.lexemes.get(at)
    }

    fn id(&self, at: usize) -> u16 {
        self.lexemes.get(at).map_or(UNKNOWN, |l| l.id)
    }

    fn entry(&self, at: usize) -> Entry {
        self.words.entry(self.id(at))
    }

    fn is(&self, at: usize, flags: u32) -> bool {
        self.entry(at).flags & flags != 0
    }

    /// The lexeme before `at`, over an article.
    fn before(&self, at: usize) -> Option<usize> {
        let before = at.checked_sub(1)?;
        if self.id(before) == self.words.named.the { before.checked_sub(1) } else { Some(before) }
    }

    fn before_is(&self, at: usize, flags: u32) -> bool {
        self.before(at).is_some_and(|b| self.is(b, flags))
    }

    /// The expression that opens at `at`, or the two ends of a period.
    fn expression(&self, at: usize) -> Option<[Option<Hit>; 2]> {
        let hit = self.atom(at)?;
        if let Some(pair) = self.period(&hit) {
            return Some(pair);
        }
        let value = self.directed(&hit);
        Some([Some(Hit { value, ..hit }), None])
    }

    /// "between A and B", "from A to B".
    fn period(&self, first: &Hit) -> Option<[Option<Hit>; 2]> {
        let named = &self.words.named;
        let joint = self.id(first.end);
        let opener = self.before(first.first).map_or(UNKNOWN, |b| self.id(b));
        let fits =
            joint == named.and && opener == named.between || (joint == named.to || joint == named.through) && opener != named.between;
        if !fits {
            return None;
        }
        let mut at = first.end + 1;
        if self.id(at) == named.the {
            at += 1;
        }
        let inner = Reader { previous: first.end + 1, ..*self };
        let second = inner.atom(at)?;
        let value = joined(&first.value, &second.value)?;
        let (a, b) = (Hit { value: value.clone(), ..first.clone() }, Hit { value, ..second });
        Some([Some(a), Some(b)])
    }

    /// The value, as the preposition before it directs it.
    fn directed(&self, hit: &Hit) -> TimeValue {
        let value = hit.value.clone();
        let mut at = hit.first;
        if at > 0 && self.id(at - 1) == self.words.named.the {
            at -= 1;
        }
        if let Some((_, side)) = self.words.prepositions.ending(self.lexemes, at) {
            return side.wrap(value);
        }
        // "from Monday on".
        let from = at > 0 && self.id(at - 1) == self.words.named.from;
        let on = self.is(hit.end, flag::ON) && self.get(hit.end + 1).is_none_or(|l| l.form == Form::Mark);
        if from && on { words::Side::Since.wrap(value) } else { value }
    }
}

/// From the start of one value to the end of another.
fn joined(a: &TimeValue, b: &TimeValue) -> Option<TimeValue> {
    match (a, b) {
        (TimeValue::Fixed(a), TimeValue::Fixed(b)) => (a.start? <= b.end?).then_some(TimeValue::Fixed(Days { start: a.start, end: b.end })),
        (TimeValue::Yearless { from, .. }, TimeValue::Yearless { to, .. }) => Some(TimeValue::Yearless { from: *from, to: *to }),
        (TimeValue::Yearless { from, .. }, TimeValue::Fixed(b)) => {
            let end = b.end?;
            let year = end.year() - i16::from(*from > (end.month(), end.day()));
            Some(TimeValue::Fixed(Days { start: Some(Date::new(year, from.0, from.1).ok()?), end: Some(end) }))
        }
        _ => None,
    }
}

/// Whether a lexeme is glued to the one before it.
fn glued(lexeme: Option<&Lexeme>) -> bool {
    lexeme.is_some_and(|l| !l.gap)
}

fn is_dash(lexeme: &Lexeme) -> bool {
    lexeme.id == mark(b'-') || lexeme.id == scan::EN_DASH
}

#[cfg(test)]
mod tests;
