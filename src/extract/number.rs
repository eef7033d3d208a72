//! Numbers with cue, bound and unit.

mod bound;
mod change;
mod context;
mod digits;
mod ranges;
mod spelt;
mod tables;
mod units;
mod value;

use crate::error::Result;
use crate::recognise::time::scan::{self, Form, Lexeme, UNKNOWN, mark};
use crate::types::{Amount, Bound, ByteSpan, Change, Document, Measure, Mention, Quantity, Split};
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use std::path::Path;
use tables::{Tables, flag};
use units::{Dimension, Found, Sign, Units};
use value::{Core, Reader};

/// The unit of a ratio.
const TIMES: &str = "time";

/// Number words, cues and units, ready to run.
#[derive(Debug)]
pub struct Numbers {
    tables: Tables,
    units: Units,
}

/// A number with sign and unit, before its surroundings are looked at.
#[derive(Clone, Debug)]
struct Item {
    core: Core,
    sign: Option<Sign>,
    unit: Option<Found>,
    /// The unit that the sign, or the words, give.
    negative: bool,
    /// First lexeme, sign included.
    first: usize,
    /// Last lexeme of number and unit.
    end: usize,
}

/// A number or a range of two, on the way to a quantity.
#[derive(Clone, Debug)]
struct Figure {
    first: usize,
    /// The number's own lexemes.
    number: (usize, usize),
    amount: Amount,
    unit: Option<String>,
    unit_lexemes: Option<(usize, usize)>,
    dimension: Option<Dimension>,
    attributive: bool,
    fraction: bool,
    bare: bool,
    digits: bool,
    not: bool,
    /// Last lexeme of all of it.
    end: usize,
}

impl Numbers {
    /// The built-in tables, with the user's from `rules` added.
    ///
    /// # Errors
    /// When a data file does not parse; names file and line.
    pub fn load(rules: Option<&Path>) -> Result<Numbers> {
        let mut tables = Tables::load(rules)?;
        let units = Units::load(&mut tables, rules)?;
        Ok(Numbers { tables, units })
    }

    /// Every number of the document in order, those that are no amounts included as [`crate::types::Measure::Not`].
    #[must_use]
    pub fn find(&self, document: &Document, split: &Split, mentions: &[Mention]) -> Vec<Quantity> {
        let mut found = Vec::new();
        let mut lexemes = Vec::new();
        let mut states = None;
        for sentence in &split.sentences {
            let range = sentence.span.range();
            if document.is_heading(sentence.paragraph) || document.text.get(range.clone()).is_none() {
                continue;
            }
            scan::lex(&document.text, range.start, range.end, &self.tables.vocabulary, &mut lexemes);
            let reader = Reader { tables: &self.tables, text: &document.text, lexemes: &lexemes };
            let first = found.len();
            self.sentence(reader, mentions, &mut found);
            let mut renamed: Option<(String, String)> = None;
            for quantity in &mut found[first..] {
                // "150 million shillings, up from 90 million": the second has no words of its own.
                let shared = renamed.as_ref().filter(|(from, _)| quantity.unit_span.is_none() && quantity.unit.as_ref() == Some(from));
                if let Some((_, to)) = shared {
                    quantity.unit = Some(to.clone());
                } else if let Some(to) = self.at_home(quantity, document, sentence.span, mentions, &mut states) {
                    renamed = quantity.unit.replace(to.clone()).map(|from| (from, to));
                }
            }
        }
        found
    }

    /// The currency of a word that several states have one for, after the state that the sentence speaks of, else the article: in Karachi's news rupees
    /// are Pakistan's. `states` counts the article's, once.
    fn at_home<'m>(
        &self,
        quantity: &Quantity,
        document: &Document,
        sentence: ByteSpan,
        mentions: &'m [Mention],
        states: &mut Option<FxHashMap<&'m str, usize>>,
    ) -> Option<String> {
        let unit = quantity.unit.as_ref().filter(|_| quantity.measure == Measure::Money)?;
        let words = quantity.unit_span?.of(&document.text);
        let meanings = self.units.meanings(&self.tables, words.split(' ').next().unwrap_or(words));
        if meanings.is_empty() {
            return None;
        }
        let most = |counts: &FxHashMap<&str, usize>| {
            let mut homes: Vec<(usize, u16)> =
                meanings.iter().filter_map(|(state, home)| Some((*counts.get(state.as_str())?, *home))).collect();
            homes.sort_unstable_by_key(|(count, _)| std::cmp::Reverse(*count));
            let rival = homes.get(1).map_or(0, |(count, _)| *count);
            homes.first().filter(|(count, _)| *count > rival).map(|(_, home)| *home)
        };
        let from = mentions.partition_point(|m| m.span.end <= sentence.start);
        let near = &mentions[from..];
        let own = &near[..near.partition_point(|m| m.span.start < sentence.end)];
        let home = most(&states_of(own)).or_else(|| most(states.get_or_insert_with(|| states_of(mentions))))?;
        let per = unit.find(" per ").map_or("", |at| &unit[at..]);
        Some(format!("{}{per}", self.units.name(home)))
    }

    /// The name of the unit that a word is by itself, in any number.
    pub(super) fn unit_name(&self, word: &str) -> Option<&str> {
        self.units.of_word(self.tables.vocabulary.id(word.as_bytes()))
    }

    /// Whether a word behind a length of time makes it a point: "a year earlier".
    pub(super) fn places_in_time(&self, word: &str) -> bool {
        self.tables.is(self.tables.vocabulary.id(word.to_lowercase().as_bytes()), flag::OVER_TIME_AFTER)
    }

    /// Whether a unit of this name measures time.
    pub(super) fn is_time(&self, name: &str) -> bool {
        self.units.dimension(name) == Some(Dimension::Time)
    }

    fn sentence(&self, reader: Reader, mentions: &[Mention], found: &mut Vec<Quantity>) {
        let mut at = 0;
        // What stands before belongs to the number before it.
        let mut free = 0;
        let mut label: Option<usize> = None;
        let from = found.len();
        while at < reader.lexemes.len() {
            let here = &reader.lexemes[at];
            if here.form == Form::Word && here.id == UNKNOWN {
                at += 1;
                continue;
            }
            if let Some(end) = address_end(reader, at) {
                at = end;
                continue;
            }
            if let Some((quantity, last)) = self.nought(reader, at) {
                found.push(quantity);
                at = last + 1;
                free = at;
                continue;
            }
            let Some(mut item) = self.item(reader, at, free) else {
                at += 1;
                continue;
            };
            if let Some(last) = telephone(reader, at) {
                item.core.not = true;
                item.core.last = item.core.last.max(last);
                item.end = item.end.max(last);
            } else if item.core.bare && item.unit.is_none() && context::dated(reader, &item.core, mentions) {
                item.core.not = true;
            }
            let figure = self.figure(reader, item, free);
            let earlier = found[from..].last().and_then(|q| q.change);
            let mut quantity = self.quantity(reader, &figure, free, mentions, &mut label, earlier);
            if quantity.measure == Measure::Count && self.is_inside_phrase(reader, &figure, free, &found[from..]) {
                quantity.measure = Measure::Not;
            }
            found.push(quantity);
            self.share_out(reader, &figure, free, from, found);
            at = figure.end + 1;
            free = at;
        }
    }

    /// The number at `at` with sign and unit; nothing before `free` belongs to it.
    fn item(&self, reader: Reader, at: usize, free: usize) -> Option<Item> {
        let core = self.unit_and_a_half(reader, at).or_else(|| reader.core(at))?;
        let mut item = Item { core, sign: None, unit: None, negative: false, first: core.first, end: core.last };
        if core.not {
            return Some(item);
        }
        let lexemes = reader.lexemes;
        item.sign = self.units.sign_before(reader.text, lexemes, at).filter(|sign| sign.first >= free);
        if let Some(sign) = item.sign {
            item.first = sign.first;
            if sign.letters && is_designation(reader, sign, &item.core) {
                item.core.not = true;
                item.core.last = reader.run_end(item.core.last);
                item.end = item.core.last;
                return Some(item);
            }
            // "$-5", handled as the sign before the minus below.
        } else if let Some(before) = at.checked_sub(1).filter(|b| *b >= free && !lexemes[at].gap) {
            if self.glued_before(reader, before) {
                item.core.not = true;
                item.core.last = if core.digits { reader.run_end(core.last) } else { core.last };
                item.end = item.core.last;
                return Some(item);
            }
            if lexemes[at].form == Form::Numeral && is_dash(&lexemes[before]) && self.starts_negative(reader, before, free) {
                item.negative = true;
                item.first = before;
                if let Some(sign) = self.units.sign_before(reader.text, lexemes, before).filter(|sign| sign.first >= free) {
                    item.sign = Some(sign);
                    item.first = sign.first;
                }
            }
        }
        let minus_at = item.first.checked_sub(1).filter(|m| *m >= free);
        if let Some(minus) = minus_at {
            let dash =
                is_dash(&lexemes[minus]) && item.sign.is_some() && !lexemes[item.first].gap && self.starts_negative(reader, minus, free);
            // "plus or minus 3 points" has no sign.
            let either = minus >= free + 2 && lexemes[minus - 1].id == self.tables.named.or && reader.is(minus - 2, flag::MEASURE);
            let word = lexemes[minus].id == self.tables.named.minus && !either;
            let hyphened = lexemes[minus].id == mark(b'-') && minus > free && lexemes[minus - 1].id == self.tables.named.minus;
            if dash || word || hyphened {
                item.negative = true;
                item.first = if hyphened { minus - 1 } else { minus };
            }
        }
        self.add_unit(reader, &mut item);
        self.add_half(reader, &mut item);
        if item.negative {
            item.core.value = item.core.value.map(|v| -v);
            // Nothing is counted below nought: "COVID -19", a dash in front of a list's number.
            item.core.not |= item.unit.is_none();
        }
        Some(item)
    }

    /// Whether what is glued to the front of a number makes it part of a name: "SA-22", "G7", "#5".
    fn glued_before(&self, reader: Reader, before: usize) -> bool {
        let lexeme = &reader.lexemes[before];
        match lexeme.form {
            Form::Word | Form::Numeral => true,
            Form::Mark => {
                // "#5", and the "&#39;" of a page that was escaped twice.
                if lexeme.id == mark(b'#') {
                    return true;
                }
                let Some(earlier) = before.checked_sub(1).and_then(|b| reader.get(b)).filter(|_| !lexeme.gap) else {
                    return lexeme.id == mark(b'\'') && is_short(reader, before + 1);
                };
                if is_dash(lexeme) && lexeme.id != scan::EM_DASH {
                    return earlier.form != Form::Mark && !self.tables.is(earlier.id, flag::MEASURE);
                }
                let joins = [b'/', b'_', b'.', b'\'', b'+', b'=', b'&', b'*'].iter().any(|b| lexeme.id == mark(*b));
                joins && earlier.form != Form::Mark
            }
        }
    }

    /// Whether a dash before a number is its sign and joins nothing.
    fn starts_negative(&self, reader: Reader, dash: usize, free: usize) -> bool {
        let lexeme = &reader.lexemes[dash];
        let alone = lexeme.gap || dash.checked_sub(1).is_some_and(|b| [b'(', b'$'].iter().any(|m| reader.lexemes[b].id == mark(*m)));
        // "10 -15" joins two numbers; a dash that opens the sentence is a list's.
        lexeme.id != scan::EM_DASH && alone && dash > 0 && (dash > free || dash == 0) && reader.lexemes[dash - 1].form != Form::Numeral
    }

    fn add_unit(&self, reader: Reader, item: &mut Item) {
        let core = item.core;
        let after = core.last + 1;
        if let Some(sign) = item.sign {
            if core.metres_or_millions {
                self.as_millions(item);
            }
            let (last, at_number) = (item.core.last, item.core.first);
            let mut unit = Found {
                name: self.units.name(sign.unit).to_owned(),
                dimension: Dimension::Money,
                lexemes: (last + 1, last),
                attributive: false,
            };
            let dollars = unit.name == "US dollar";
            if dollars && let Some((other, end)) = self.units.sign_after(reader.text, reader.lexemes, last + 1) {
                unit.name = self.units.name(other).to_owned();
                unit.lexemes.1 = end;
            } else if let Some(words) = self.units.after(&self.tables, reader.text, reader.lexemes, last + 1, core.value, false)
                && words.dimension == Dimension::Money
            {
                unit = words;
            }
            self.units.per(&self.tables, reader.text, reader.lexemes, &mut unit);
            // "EUR 500": the letters are the unit's words and no sign.
            if sign.letters {
                item.first = at_number;
                if unit.lexemes.1 < unit.lexemes.0 {
                    unit.lexemes = (sign.first, at_number - 1);
                }
            }
            item.end = unit.lexemes.1.max(last);
            item.unit = Some(unit);
            return;
        }
        let named = &self.tables.named;
        let of = reader.id(after) == named.of;
        // "half a metre", "a tenth of a percentage point": the article belongs to the number.
        let article = if of { after + 1 } else { after };
        if core.fraction
            && (of || reader.id(core.last) == named.half)
            && reader.is(article, flag::ARTICLE)
            && let Some(unit) = self.units.after(&self.tables, reader.text, reader.lexemes, article + 1, core.value, false)
        {
            item.core.last = article;
            item.core.fraction = false;
            item.end = unit.lexemes.1;
            item.unit = Some(unit);
            return;
        }
        // "billions of dollars", "several hundred tonnes".
        if core.value.is_none()
            && let Some(unit) = self.units.after(&self.tables, reader.text, reader.lexemes, after + usize::from(of), None, false)
            && self.is_several(reader, &unit)
        {
            item.end = unit.lexemes.1;
            item.unit = Some(unit);
            return;
        }
        // "a half-litre bottle".
        if core.fraction
            && reader.id(core.last) == self.tables.named.half
            && let Some(unit) =
                self.units.after(&self.tables, reader.text, reader.lexemes, after, core.value, false).filter(|u| u.attributive)
        {
            item.core.fraction = false;
            item.end = unit.lexemes.1;
            item.unit = Some(unit);
            return;
        }
        if core.value.is_none() || core.fraction && core.first == core.last {
            return;
        }
        if core.metres_or_millions {
            if self.is_millions(reader, after) {
                self.as_millions(item);
            }
            let at = item.core.last + 1;
            if let Some(unit) = self.units.after(&self.tables, reader.text, reader.lexemes, at, item.core.value, item.core.digits) {
                item.end = unit.lexemes.1;
                item.unit = Some(unit);
            } else {
                item.end = item.core.last;
            }
            return;
        }
        if core.fraction && reader.id(after) == self.tables.named.of {
            return;
        }
        // "200+ km", "600 or more tonnes": the cue stands between.
        let at = match self.tables.bounds_after.starting(reader.lexemes, after) {
            Some((length, _)) if reader.id(after) != mark(b'-') || !reader.lexemes[after].gap => {
                let at = after + length;
                if self.units.after(&self.tables, reader.text, reader.lexemes, at, core.value, core.digits).is_some() { at } else { after }
            }
            _ => after,
        };
        if let Some(unit) = self.units.after(&self.tables, reader.text, reader.lexemes, at, core.value, core.digits) {
            item.end = unit.lexemes.1;
            item.unit = Some(unit);
        } else if core.digits && context::is_times_sign(reader, after) {
            item.end = after;
        } else if core.digits && reader.get(after).is_some_and(|l| !l.gap && l.form == Form::Word) {
            // Letters that are no unit: "9M729", "5G". A clock time is seen to later.
            let clock = self.tables.clock.starting(reader.lexemes, after);
            item.core.not = true;
            item.core.last = clock.map_or_else(|| reader.run_end(after), |(length, ())| after + length - 1);
            item.end = item.core.last;
        }
    }

    /// Whether a unit behind a vague number is one, and no first part of a noun: "hundreds of foot soldiers", "thousands of day labourers".
    fn is_several(&self, reader: Reader, unit: &Found) -> bool {
        let last = unit.lexemes.1;
        let word = reader.lexemes[last].of(reader.text);
        let plural = word.ends_with('s') || word.eq_ignore_ascii_case("feet") || word.len() <= 3;
        let goes_on = reader.get(last + 1).is_some_and(|next| next.form == Form::Word && !reader.is(last + 1, flag::FUNCTION));
        plural && !(unit.dimension == Dimension::Time && goes_on) || unit.dimension == Dimension::Money && !goes_on
    }

    /// The one of "a year and a half".
    fn unit_and_a_half(&self, reader: Reader, at: usize) -> Option<Core> {
        if !reader.is(at, flag::ARTICLE) {
            return None;
        }
        let unit = self.units.after(&self.tables, reader.text, reader.lexemes, at + 1, None, false)?;
        let core = Core::new(at, at, Decimal::ONE);
        reader.half_behind(core, unit.lexemes.1).map(|_| core)
    }

    /// "two years and a half".
    fn add_half(&self, reader: Reader, item: &mut Item) {
        if item.unit.as_ref().is_none_or(|unit| unit.dimension == Dimension::Money || unit.attributive) {
            return;
        }
        if let Some(core) = reader.half_behind(item.core, item.end) {
            item.core = core;
            item.end = core.last;
        }
    }

    fn as_millions(&self, item: &mut Item) {
        let million = Decimal::from(1_000_000u32);
        item.core.last += 1;
        item.core.digits = false;
        item.core.scale = million;
        item.core.metres_or_millions = false;
        match item.core.value.and_then(|v| v.checked_mul(million)) {
            Some(value) => item.core.value = Some(value.normalize()),
            None => item.core.not = true,
        }
    }

    /// Whether the "m" at lexeme `at` means millions: people, votes and money come in millions, lengths are told by what follows.
    fn is_millions(&self, reader: Reader, at: usize) -> bool {
        let next = at + 1;
        if reader.is(next, flag::MILLION) {
            return true;
        }
        if reader.is(next, flag::METRE) {
            return false;
        }
        reader.get(next).is_some_and(|l| l.form == Form::Word && l.gap && !l.capital && l.of(reader.text).ends_with('s') && l.len() > 3)
    }

    fn quantity(
        &self,
        reader: Reader,
        figure: &Figure,
        free: usize,
        mentions: &[Mention],
        label: &mut Option<usize>,
        earlier: Option<Change>,
    ) -> Quantity {
        let cues = self.cues(reader, figure, free);
        let start = reader.lexemes[cues.first].start as usize;
        let number = ByteSpan::new(reader.lexemes[figure.number.0].start as usize, reader.lexemes[figure.number.1].end as usize);
        let span = ByteSpan::new(start, reader.lexemes[cues.last].end as usize);
        let measure = self.measure(reader, figure, &cues, number, mentions, label);
        let amount = figure.amount;
        let bound = match amount {
            Amount::Range(..) => Bound::Range,
            Amount::Vague => Bound::Vague,
            Amount::Value(_) => cues.bound.unwrap_or(Bound::Exact),
        };
        if measure == Measure::Not {
            return Quantity {
                span: number,
                number,
                amount,
                bound: Bound::Exact,
                measure,
                unit: None,
                unit_span: None,
                scope: None,
                change: None,
            };
        }
        let unit_span = figure
            .unit_lexemes
            .filter(|(first, last)| first <= last)
            .map(|(first, last)| ByteSpan::new(reader.lexemes[first].start as usize, reader.lexemes[last].end as usize));
        let change = self.change(reader, figure, &cues, free, earlier);
        let unit = if measure == Measure::Ratio { Some(TIMES.to_owned()) } else { figure.unit.clone() };
        Quantity { span, number, amount, bound, measure, unit, unit_span, scope: cues.scope, change }
    }

    /// "no casualties", "none were hurt", "zero deaths", "not a single drone"; with the last lexeme of its words.
    fn nought(&self, reader: Reader, at: usize) -> Option<(Quantity, usize)> {
        let named = &self.tables.named;
        let id = reader.id(at);
        let (last, value) = if id == named.no && self.no_noun(reader, at + 1) || id == named.zero && self.no_noun(reader, at + 1) {
            (at, 0)
        } else if id == named.none {
            let phrase = reader.is(at + 1, flag::NOT_NONE) || at > 0 && reader.is(at - 1, flag::NOT_NONE_AFTER);
            (!phrase).then_some((at, 0))?
        } else {
            let (length, (value, verb)) = self.tables.whole.starting(reader.lexemes, at)?;
            let next = at + length;
            let noun = reader.get(next).is_some_and(|l| l.form == Form::Word) && !reader.is(next, flag::FUNCTION);
            (if verb { reader.is(next, flag::NOBODY_VERB) } else { noun }).then_some((next - 1, value))?
        };
        let span = ByteSpan::new(reader.lexemes[at].start as usize, reader.lexemes[last].end as usize);
        let (amount, bound, measure) = (Amount::Value(Decimal::from(value)), Bound::Exact, Measure::Count);
        Some((Quantity { span, number: span, amount, bound, measure, unit: None, unit_span: None, scope: None, change: None }, last))
    }

    /// Whether a noun that can be lost, hurt or sent stands at `at`, adjectives and names before it.
    fn no_noun(&self, reader: Reader, at: usize) -> bool {
        let mut to = at;
        while to < at + 5 && !reader.is(to, flag::NO_NOUN) {
            let name = reader.get(to).is_some_and(|l| l.form == Form::Word && l.capital);
            if !name && !reader.is(to, flag::NO_BETWEEN) {
                return false;
            }
            to += 1;
        }
        reader.is(to, flag::NO_NOUN)
    }
}

/// How often each state is named.
fn states_of(mentions: &[Mention]) -> FxHashMap<&str, usize> {
    let mut counts = FxHashMap::default();
    for state in mentions.iter().filter_map(|m| m.key.as_deref()?.strip_prefix("state/")) {
        *counts.entry(state).or_default() += 1;
    }
    counts
}

fn is_dash(lexeme: &Lexeme) -> bool {
    lexeme.id == mark(b'-') || lexeme.id == scan::EN_DASH || lexeme.id == scan::EM_DASH
}

/// Whether letters glued to a number's front are no currency: "R1", "TL2010Q".
fn is_designation(reader: Reader, sign: Sign, core: &Core) -> bool {
    if reader.lexemes[core.first].gap {
        return false;
    }
    let one_letter = core.first - sign.first == 1 && reader.words(sign.first).len() == 1;
    let goes_on = core.digits && reader.get(core.last + 1).is_some_and(|l| !l.gap && l.form == Form::Word);
    goes_on || one_letter && core.bare && reader.words(core.first).len() < 2
}

fn is_short(reader: Reader, at: usize) -> bool {
    reader.get(at).is_some_and(|l| l.len() <= 3)
}

/// The last of a row of figures that is a telephone number: three or more with nothing but a space between, or after a plus sign.
fn telephone(reader: Reader, at: usize) -> Option<usize> {
    let plus = at > 0 && reader.id(at - 1) == mark(b'+') && !reader.lexemes[at].gap;
    let row = reader.lexemes[at..].iter().take(8).take_while(|l| l.form == Form::Numeral && l.len() <= 4).count();
    if row < 2 {
        return None;
    }
    let figures = row >= 3 && reader.core(at).is_some_and(|core| core.last < at + row - 1);
    (figures || plus).then_some(at + row - 1)
}

/// Where the run ends that starts at `at`, if it is the rest of a web or mail address.
fn address_end(reader: Reader, at: usize) -> Option<usize> {
    let here = &reader.lexemes[at];
    let scheme = here.id == mark(b':') && !here.gap && reader.id(at + 1) == mark(b'/') && reader.id(at + 2) == mark(b'/');
    let handle = here.id == mark(b'@') && reader.get(at + 1).is_some_and(|l| !l.gap && l.form == Form::Word);
    if !scheme && !handle {
        return None;
    }
    let length = reader.lexemes[at + 1..].iter().take_while(|l| !l.gap).count();
    Some(at + 1 + length)
}

#[cfg(test)]
mod tests;
