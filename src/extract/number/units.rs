//! The units and currencies of `models/units.toml`, and where a number's own stands.

use super::tables::{self, Tables, flag};
use crate::error::Result;
use crate::lexicon;
use crate::recognise::time::scan::{Form, Lexeme, Phrases, mark};
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::path::Path;

/// What a unit measures, as far as numbers are told apart by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dimension {
    Time,
    Share,
    Money,
    Physical,
}

#[derive(Debug)]
struct Unit {
    name: String,
    dimension: Dimension,
    least: Option<Decimal>,
}

/// Every unit and currency.
#[derive(Debug)]
pub(crate) struct Units {
    units: Vec<Unit>,
    words: Phrases<u16>,
    /// By their exact characters; whether only straight after the digits.
    symbols: FxHashMap<String, (u16, bool)>,
    signs: FxHashMap<String, u16>,
    /// Letters that may stand before a number with a space between: "EUR 500".
    codes: FxHashMap<String, u16>,
    after_sign: FxHashMap<String, u16>,
    per: Phrases<u16>,
    per_names: Vec<String>,
    family: FxHashMap<u16, u16>,
    families: Vec<String>,
    /// Currencies of one family: the state, its unit.
    homes: FxHashMap<String, Vec<(String, u16)>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct File {
    per: Vec<String>,
    unit: Vec<UnitEntry>,
    currency: Vec<CurrencyEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitEntry {
    name: String,
    dimension: String,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    symbols: Vec<String>,
    #[serde(default)]
    attached: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CurrencyEntry {
    name: String,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    codes: Vec<String>,
    #[serde(default)]
    signs: Vec<String>,
    #[serde(default)]
    after: Vec<String>,
    #[serde(default)]
    attached: Vec<String>,
    least: Option<u32>,
    family: Option<String>,
    #[serde(default)]
    states: Vec<String>,
    #[serde(default)]
    also: Vec<String>,
}

/// A unit that was found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    pub name: String,
    pub dimension: Dimension,
    /// First and last lexeme of its words.
    pub lexemes: (usize, usize),
    /// Whether a hyphen joins it to the number.
    pub attributive: bool,
}

/// A currency sign or code before a number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sign {
    pub unit: u16,
    /// Its first lexeme.
    pub first: usize,
    /// Letters alone: "EUR", "Rs".
    pub letters: bool,
}

impl Units {
    /// The built-in units, with the user's.
    ///
    /// # Errors
    /// When a file does not parse.
    pub(crate) fn load(tables: &mut Tables, rules: Option<&Path>) -> Result<Units> {
        let mut units = Units {
            units: Vec::new(),
            words: Phrases::forwards(),
            symbols: FxHashMap::default(),
            signs: FxHashMap::default(),
            codes: FxHashMap::default(),
            after_sign: FxHashMap::default(),
            per: Phrases::forwards(),
            per_names: Vec::new(),
            family: FxHashMap::default(),
            families: Vec::new(),
            homes: FxHashMap::default(),
        };
        for file in lexicon::layers("units.toml", include_str!("../../../models/units.toml"), rules)? {
            let data: File = lexicon::toml(&file)?;
            units.add(&file, data, tables)?;
        }
        Ok(units)
    }

    fn unit(&mut self, name: String, dimension: Dimension, least: Option<u32>) -> u16 {
        let unit = Unit { name, dimension, least: least.map(Decimal::from) };
        if let Some(at) = self.units.iter().position(|u| u.name == unit.name) {
            self.units[at] = unit;
            return at as u16;
        }
        self.units.push(unit);
        (self.units.len() - 1) as u16
    }

    fn add(&mut self, file: &lexicon::DataFile, data: File, tables: &mut Tables) -> Result<()> {
        let phrase = |tables: &mut Tables, words: &str| {
            tables.vocabulary.phrase(words).ok_or_else(|| tables::entry_error(file, words, "empty, or a word that is too long"))
        };
        for words in data.per {
            let ids = phrase(tables, &words)?;
            self.per.add(ids, self.per_names.len() as u16);
            self.per_names.push(words);
        }
        for entry in data.unit {
            let dimension = match entry.dimension.as_str() {
                "time" => Dimension::Time,
                "share" => Dimension::Share,
                _ => Dimension::Physical,
            };
            let unit = self.unit(entry.name, dimension, None);
            for words in &entry.words {
                self.words.add(phrase(tables, words)?, unit);
            }
            for symbol in entry.symbols {
                self.symbols.insert(symbol, (unit, false));
            }
            for symbol in entry.attached {
                self.symbols.insert(symbol, (unit, true));
            }
        }
        for entry in data.currency {
            let unit = self.unit(entry.name, Dimension::Money, entry.least);
            for words in &entry.words {
                let ids = phrase(tables, words)?;
                if let (Some(family), [id]) = (&entry.family, ids.as_slice()) {
                    self.families.push(family.clone());
                    self.family.insert(*id, (self.families.len() - 1) as u16);
                }
                self.words.add(ids, unit);
            }
            let homes = entry.family.iter().chain(&entry.also).flat_map(|family| entry.states.iter().map(move |state| (family, state)));
            for (family, state) in homes {
                self.homes.entry(family.clone()).or_default().push((state.clone(), unit));
            }
            for sign in entry.signs {
                self.signs.insert(sign, unit);
            }
            for code in entry.codes {
                self.symbols.insert(code.clone(), (unit, false));
                self.codes.insert(code, unit);
            }
            for sign in entry.after {
                self.after_sign.insert(sign.clone(), unit);
                // A sign may stand apart after a number that has no other currency; a country's letters may not.
                if !sign.starts_with(|c: char| c.is_ascii_alphabetic()) {
                    self.symbols.insert(sign, (unit, false));
                }
            }
            for symbol in entry.attached {
                self.symbols.insert(symbol, (unit, true));
            }
        }
        Ok(())
    }

    /// The currencies that a word or sign may mean by itself, each with its state: of "rupees" those of India, Pakistan and Nepal.
    pub(crate) fn meanings(&self, tables: &Tables, words: &str) -> &[(String, u16)] {
        let word =
            self.family.get(&tables.vocabulary.id(words.to_lowercase().as_bytes())).map(|family| &self.families[usize::from(*family)]);
        let sign =
            || self.signs.get(words).and_then(|unit| self.homes.iter().find(|(_, homes)| homes.iter().any(|(_, home)| home == unit)));
        let homes = word.and_then(|family| self.homes.get(family)).or_else(|| sign().map(|(_, homes)| homes));
        homes.map_or(&[], Vec::as_slice)
    }

    /// The name of the unit that this word alone names.
    pub(crate) fn of_word(&self, id: u16) -> Option<&str> {
        let (_, unit) = self.words.starting(&[Lexeme::word(id)], 0)?;
        Some(&self.units[usize::from(unit)].name)
    }

    /// What the unit of this name measures.
    pub(crate) fn dimension(&self, name: &str) -> Option<Dimension> {
        self.units.iter().find(|u| u.name == name).map(|u| u.dimension)
    }

    /// Name of a currency by its index.
    pub(crate) fn name(&self, unit: u16) -> &str {
        &self.units[usize::from(unit)].name
    }

    /// The currency sign or code just before the number at `at`.
    pub(crate) fn sign_before(&self, text: &str, lexemes: &[Lexeme], at: usize) -> Option<Sign> {
        let last = at.checked_sub(1)?;
        let glued = !lexemes[at].gap;
        for length in (1..=4usize.min(at)).rev() {
            let first = at - length;
            if lexemes[first + 1..at].iter().any(|l| l.gap) {
                continue;
            }
            let word_before =
                first > 0 && !lexemes[first].gap && lexemes[first].form == Form::Word && lexemes[first - 1].form != Form::Mark;
            let words = &text[lexemes[first].start as usize..lexemes[last].end as usize];
            let letters = words.ends_with(|c: char| c.is_ascii_alphabetic() || c == '.');
            let unit = match self.codes.get(words) {
                Some(unit) => Some(unit),
                None if glued || !letters || words.len() > 1 => self.signs.get(words),
                None => None,
            };
            if let Some(&unit) = unit
                && !word_before
            {
                return Some(self.with_country(text, lexemes, Sign { unit, first, letters }));
            }
        }
        None
    }

    /// "US $5", "U.S. $5".
    fn with_country(&self, text: &str, lexemes: &[Lexeme], sign: Sign) -> Sign {
        if text[lexemes[sign.first].start as usize..].starts_with('$') {
            for length in [1, 4] {
                if let Some(first) = sign.first.checked_sub(length) {
                    let words = &text[lexemes[first].start as usize..lexemes[sign.first - 1].end as usize];
                    if words == "US" || words == "U.S." {
                        return Sign { first, ..sign };
                    }
                }
            }
        }
        sign
    }

    /// The letters or sign that stand after an amount with a sign before it: "$5 US", and the unit they make of it.
    pub(crate) fn sign_after(&self, text: &str, lexemes: &[Lexeme], at: usize) -> Option<(u16, usize)> {
        let first = lexemes.get(at)?;
        for length in [4, 3, 1] {
            let Some(last) = lexemes.get(at + length - 1) else { continue };
            if lexemes[at + 1..at + length].iter().any(|l| l.gap) {
                continue;
            }
            if let Some(&unit) = self.after_sign.get(&text[first.start as usize..last.end as usize]) {
                return Some((unit, at + length - 1));
            }
        }
        None
    }

    /// The unit that starts at lexeme `at`, right after a number. `digits`: the number ends in digits.
    pub(crate) fn after(
        &self,
        tables: &Tables,
        text: &str,
        lexemes: &[Lexeme],
        at: usize,
        value: Option<Decimal>,
        digits: bool,
    ) -> Option<Found> {
        let mut first = at;
        let mut attributive = false;
        let here = lexemes.get(at)?;
        if here.id == mark(b'-') {
            let next = lexemes.get(at + 1)?;
            if here.gap || next.gap {
                return None;
            }
            first = at + 1;
            attributive = true;
        }
        let (unit, last) = self.simple(text, lexemes, first, digits, !attributive && !here.gap)?;
        let least = self.units[usize::from(unit)].least;
        if least.is_some_and(|least| value.is_some_and(|value| value < least)) {
            return None;
        }
        let mut found = Found {
            name: self.units[usize::from(unit)].name.clone(),
            dimension: self.units[usize::from(unit)].dimension,
            lexemes: (first, last),
            attributive,
        };
        self.foreign(text, lexemes, &mut found);
        if found.dimension != Dimension::Time && found.dimension != Dimension::Share {
            self.per(tables, text, lexemes, &mut found);
        }
        Some(found)
    }

    /// A unit without "per": its index and last lexeme.
    fn simple(&self, text: &str, lexemes: &[Lexeme], at: usize, digits: bool, glued: bool) -> Option<(u16, usize)> {
        let here = lexemes.get(at)?;
        let mut longest = self.words.starting(lexemes, at).map(|(length, unit)| (unit, at + length - 1));
        // A word of a unit may not break off inside a longer word with an apostrophe or a name: "pound" of "Pound's" stays one.
        if longest.is_none() && here.capital && here.form == Form::Word {
            // "Namibian dollars".
            let next = lexemes.get(at + 1).filter(|l| !l.capital && here.len() > 3 && self.family.contains_key(&l.id));
            longest = next.and_then(|_| self.words.starting(lexemes, at + 1)).map(|(length, unit)| (unit, at + length));
        }
        for length in (1..=3usize).rev() {
            let Some(last) = lexemes.get(at + length - 1) else { continue };
            if lexemes[at + 1..at + length].iter().any(|l| l.gap) {
                continue;
            }
            let symbol = &text[here.start as usize..last.end as usize];
            let Some(&(unit, attached)) = self.symbols.get(symbol) else { continue };
            // Letters go on: no symbol.
            if lexemes.get(at + length).is_some_and(|l| !l.gap && l.form != Form::Mark && last.form == Form::Word) {
                continue;
            }
            // "2024's", and a quotation mark that closes: neither feet nor inches.
            let quote = last.form == Form::Mark && (last.id == mark(b'\'') || last.id == mark(b'"'));
            let possessive = || lexemes.get(at + length).is_some_and(|l| !l.gap && l.form == Form::Word);
            let closes = || last.id == mark(b'"') && lexemes[..at].iter().filter(|l| l.id == mark(b'"')).count() % 2 == 1;
            if quote && (possessive() || closes()) {
                continue;
            }
            if (attached && !(glued && digits)) || longest.is_some_and(|(_, to)| to > at + length - 1) {
                continue;
            }
            return Some((unit, at + length - 1));
        }
        longest
    }

    /// Another country's currency by the name before the word: "Namibian dollars".
    fn foreign(&self, text: &str, lexemes: &[Lexeme], found: &mut Found) {
        let (first, last) = found.lexemes;
        if found.dimension != Dimension::Money || last != first + 1 || !lexemes[first].capital {
            return;
        }
        // Only where the two words are no name of the table's.
        if self.words.starting(lexemes, first).is_none()
            && let Some(&family) = self.family.get(&lexemes[last].id)
        {
            found.name = format!("{} {}", lexemes[first].of(text), self.families[usize::from(family)]);
        }
    }

    /// "per barrel", "a barrel", "/m²" after a unit. Money "a year" is not told by time: what is paid again and again stays money.
    pub(crate) fn per(&self, tables: &Tables, text: &str, lexemes: &[Lexeme], found: &mut Found) {
        let mut at = found.lexemes.1 + 1;
        let Some(mut here) = lexemes.get(at) else { return };
        let hyphened = here.id == mark(b'-') && !here.gap;
        if hyphened {
            at += 1;
            match lexemes.get(at) {
                Some(next) => here = next,
                None => return,
            }
        }
        let named = &tables.named;
        let slash = here.id == mark(b'/') && !here.gap;
        let per = here.id == named.per || slash;
        let article = !hyphened && (here.id == named.a || here.id == named.an);
        if !per && !article {
            return;
        }
        at += 1;
        if lexemes.get(at).is_some_and(|l| l.id == mark(b'-')) {
            at += 1;
        }
        if lexemes.get(at).is_none_or(|l| l.form == Form::Numeral) {
            return;
        }
        if let Some((unit, last)) = self.simple(text, lexemes, at, slash || per, slash) {
            let unit = &self.units[usize::from(unit)];
            // "48 tonnes a week earlier".
            let in_time = article && lexemes.get(last + 1).is_some_and(|l| tables.is(l.id, flag::OVER_TIME_AFTER));
            if in_time
                || unit.dimension == Dimension::Money
                || (article && found.dimension == Dimension::Money && unit.dimension == Dimension::Time)
            {
                return;
            }
            found.name = format!("{} per {}", found.name, unit.name);
            found.lexemes.1 = last;
        } else if let Some((length, name)) = self.per.starting(lexemes, at) {
            found.name = format!("{} per {}", found.name, self.per_names[usize::from(name)]);
            found.lexemes.1 = at + length - 1;
        }
    }
}
