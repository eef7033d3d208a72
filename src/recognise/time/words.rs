//! The words of `models/time.toml`, ready to be matched.

use super::phrases::calendar_unit;
use super::scan::{Phrases, UNKNOWN, Vocabulary};
use crate::error::{Error, Result};
use crate::lexicon::{self, DataFile};
use crate::types::{CalendarUnit, TimeValue};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// What is known of a word of time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Entry {
    pub month: Option<i8>,
    pub weekday: Option<i8>,
    pub season: Option<(i8, i8)>,
    pub number: Option<u8>,
    /// "first" 1, "last" -1.
    pub ordinal: Option<i8>,
    /// Days of a unit.
    pub unit: Option<i32>,
    pub direction: Option<i8>,
    /// Third: 1 early, 2 mid, 3 late.
    pub third: Option<u8>,
    pub flags: u32,
}

/// What a word says of the time beside it.
pub(super) mod flag {
    pub const AMBIGUOUS: u32 = 1;
    pub const BEFORE_MONTH: u32 = 2;
    pub const BEFORE_SEASON: u32 = 4;
    pub const LOOSE: u32 = 8;
    pub const FIRST_DAY: u32 = 16;
    pub const LAST_DAY: u32 = 32;
    pub const PART_OF_DAY: u32 = 64;
    pub const BEFORE_YEAR: u32 = 128;
    pub const COUNTED: u32 = 256;
    pub const DETERMINER: u32 = 512;
    pub const ON: u32 = 1024;
    pub const WEEKEND: u32 = 2048;
}

/// What a preposition makes of the time after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Since,
    Until,
    Before,
}

/// Words that the grammar names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    pub the: u16,
    pub of: u16,
    pub in_: u16,
    pub to: u16,
    pub and: u16,
    pub or: u16,
    pub from: u16,
    pub between: u16,
    pub through: u16,
    pub ago: u16,
    pub past: u16,
    pub half: u16,
    pub same: u16,
    pub q: u16,
    pub h: u16,
    pub period: u16,
    pub earlier: u16,
    pub later: u16,
    pub fiscal: u16,
    pub weekend: u16,
    pub for_: u16,
    pub during: u16,
    pub over: u16,
    pub a: u16,
    pub an: u16,
}

#[derive(Debug)]
pub(super) struct Words {
    pub vocabulary: Vocabulary,
    entries: Vec<Entry>,
    pub named: Named,
    pub relative: Phrases<(i32, i32)>,
    pub unknown: Phrases<()>,
    /// A time before another, and whether it is the whole unit.
    pub earlier: Phrases<(CalendarUnit, bool)>,
    pub holidays: Phrases<(i8, i8)>,
    pub hours: Phrases<()>,
    pub prepositions: Phrases<Side>,
    pub closing: Phrases<()>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct File {
    months: BTreeMap<String, i8>,
    weekdays: BTreeMap<String, i8>,
    seasons: BTreeMap<String, (i8, i8)>,
    ambiguous: Ambiguous,
    numbers: BTreeMap<String, u8>,
    ordinals: BTreeMap<String, i8>,
    units: BTreeMap<String, i32>,
    direction: BTreeMap<String, i8>,
    parts: Parts,
    relative: BTreeMap<String, (i32, i32)>,
    unknown: Unknown,
    earlier: BTreeMap<String, i32>,
    previous: BTreeMap<String, i32>,
    holidays: BTreeMap<String, (i8, i8)>,
    prepositions: Prepositions,
    years: Years,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Ambiguous {
    words: Vec<String>,
    before: Vec<String>,
    season_before: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Parts {
    early: Option<u8>,
    mid: Option<u8>,
    middle: Option<u8>,
    late: Option<u8>,
    loose: Vec<String>,
    first_day: Vec<String>,
    last_day: Vec<String>,
    hours: Vec<String>,
    day: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Unknown {
    words: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Prepositions {
    since: Vec<String>,
    until: Vec<String>,
    before: Vec<String>,
    on: Vec<String>,
    closing: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Years {
    after: Vec<String>,
    not_before: Vec<String>,
    determiners: Vec<String>,
}

struct Loader {
    vocabulary: Vocabulary,
    entries: Vec<Entry>,
    relative: Phrases<(i32, i32)>,
    unknown: Phrases<()>,
    earlier: Phrases<(CalendarUnit, bool)>,
    holidays: Phrases<(i8, i8)>,
    closing: Phrases<()>,
    hours: Phrases<()>,
    prepositions: Phrases<Side>,
}

fn wrong(file: &DataFile, entry: &str, reason: &str) -> Error {
    let line = file.text.lines().position(|line| line.contains(entry)).map_or(String::new(), |n| format!("line {}, ", n + 1));
    Error::Data { file: file.name.clone(), place: format!("{line}\"{entry}\""), reason: reason.to_owned() }
}

impl Loader {
    fn word(&mut self, file: &DataFile, word: &str) -> Result<&mut Entry> {
        let id = self.vocabulary.intern(word).ok_or_else(|| wrong(file, word, "empty, too long, or one word too many"))?;
        self.entries.resize(self.vocabulary.len() + 1, Entry::default());
        Ok(&mut self.entries[usize::from(id)])
    }

    fn phrase(&mut self, file: &DataFile, words: &str) -> Result<Vec<u16>> {
        let ids = self.vocabulary.phrase(words).ok_or_else(|| wrong(file, words, "empty, or a word that is too long"))?;
        self.entries.resize(self.vocabulary.len() + 1, Entry::default());
        Ok(ids)
    }

    fn add(&mut self, file: &DataFile, data: &File) -> Result<()> {
        for (word, &month) in &data.months {
            if !(1..=12).contains(&month) {
                return Err(wrong(file, word, "no such month"));
            }
            self.word(file, word)?.month = Some(month);
        }
        for (word, &day) in &data.weekdays {
            if !(1..=7).contains(&day) {
                return Err(wrong(file, word, "weekdays run from 1 to 7"));
            }
            self.word(file, word)?.weekday = Some(day);
        }
        for (word, &(from, to)) in &data.seasons {
            if !(1..=12).contains(&from) || !(1..=12).contains(&to) {
                return Err(wrong(file, word, "no such month"));
            }
            self.word(file, word)?.season = Some((from, to));
        }
        for (word, &number) in &data.numbers {
            self.word(file, word)?.number = Some(number);
        }
        for (word, &ordinal) in &data.ordinals {
            self.word(file, word)?.ordinal = Some(ordinal);
        }
        for (word, &days) in &data.units {
            if !(0..=36524).contains(&days) {
                return Err(wrong(file, word, "longer than a century, or negative"));
            }
            self.word(file, word)?.unit = Some(days);
        }
        for (word, &direction) in &data.direction {
            if !(-1..=1).contains(&direction) {
                return Err(wrong(file, word, "the direction is -1, 0 or 1"));
            }
            self.word(file, word)?.direction = Some(direction);
        }
        let parts = &data.parts;
        for (word, third) in [("early", parts.early), ("mid", parts.mid), ("middle", parts.middle), ("late", parts.late)] {
            if let Some(third) = third {
                if !(1..=3).contains(&third) {
                    return Err(wrong(file, word, "there are three thirds"));
                }
                self.word(file, word)?.third = Some(third);
            }
        }
        for (words, flags) in [
            (&data.ambiguous.words, flag::AMBIGUOUS),
            (&data.ambiguous.before, flag::BEFORE_MONTH),
            (&data.ambiguous.season_before, flag::BEFORE_SEASON),
            (&parts.loose, flag::LOOSE),
            (&parts.first_day, flag::FIRST_DAY),
            (&parts.last_day, flag::LAST_DAY),
            (&parts.day, flag::PART_OF_DAY),
            (&data.years.after, flag::BEFORE_YEAR),
            (&data.years.not_before, flag::COUNTED),
            (&data.years.determiners, flag::DETERMINER),
            (&data.prepositions.on, flag::ON),
        ] {
            for word in words {
                self.word(file, word)?.flags |= flags;
            }
        }
        for (words, &(from, to)) in &data.relative {
            if from > to || from < -36524 || to > 36524 {
                return Err(wrong(file, words, "first day after the last, or more than a century away"));
            }
            let ids = self.phrase(file, words)?;
            self.relative.add(ids, (from, to));
        }
        for (words, &(month, day)) in &data.holidays {
            if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
                return Err(wrong(file, words, "no such day"));
            }
            let ids = self.phrase(file, words)?;
            self.holidays.add(ids, (month, day));
        }
        for (table, whole) in [(&data.earlier, false), (&data.previous, true)] {
            for (words, &days) in table {
                let unit = calendar_unit(days).ok_or_else(|| wrong(file, words, "no unit of the calendar has so many days"))?;
                let ids = self.phrase(file, words)?;
                self.earlier.add(ids, (unit, whole));
            }
        }
        for words in &data.unknown.words {
            let ids = self.phrase(file, words)?;
            self.unknown.add(ids, ());
        }
        for words in &parts.hours {
            let ids = self.phrase(file, words)?;
            self.hours.add(ids, ());
        }
        for words in &data.prepositions.closing {
            let ids = self.phrase(file, words)?;
            self.closing.add(ids, ());
        }
        let sides = &data.prepositions;
        for (words, side) in [(&sides.since, Side::Since), (&sides.until, Side::Until), (&sides.before, Side::Before)] {
            for words in words {
                let ids = self.phrase(file, words)?;
                self.prepositions.add(ids, side);
            }
        }
        Ok(())
    }
}

impl Words {
    pub(super) fn load(rules: Option<&Path>) -> Result<Words> {
        let mut loader = Loader {
            vocabulary: Vocabulary::default(),
            entries: vec![Entry::default()],
            relative: Phrases::forwards(),
            unknown: Phrases::forwards(),
            earlier: Phrases::forwards(),
            holidays: Phrases::forwards(),
            hours: Phrases::forwards(),
            closing: Phrases::forwards(),
            prepositions: Phrases::backwards(),
        };
        for file in lexicon::layers("time.toml", include_str!("../../../models/time.toml"), rules)? {
            let data: File = lexicon::toml(&file)?;
            loader.add(&file, &data)?;
        }
        let file = DataFile { name: "models/time.toml".to_owned(), text: String::new() };
        let mut id = |word: &str| -> Result<u16> {
            loader.word(&file, word)?;
            Ok(loader.vocabulary.id(word.as_bytes()))
        };
        let named = Named {
            the: id("the")?,
            of: id("of")?,
            in_: id("in")?,
            to: id("to")?,
            and: id("and")?,
            or: id("or")?,
            from: id("from")?,
            between: id("between")?,
            through: id("through")?,
            ago: id("ago")?,
            past: id("past")?,
            half: id("half")?,
            same: id("same")?,
            q: id("q")?,
            h: id("h")?,
            period: id("period")?,
            earlier: id("earlier")?,
            later: id("later")?,
            fiscal: id("fiscal")?,
            weekend: id("weekend")?,
            for_: id("for")?,
            during: id("during")?,
            over: id("over")?,
            a: id("a")?,
            an: id("an")?,
        };
        for word in ["weekend", "weekends"] {
            loader.word(&file, word)?.flags |= flag::WEEKEND;
        }
        Ok(Words {
            vocabulary: loader.vocabulary,
            entries: loader.entries,
            named,
            relative: loader.relative,
            unknown: loader.unknown,
            earlier: loader.earlier,
            holidays: loader.holidays,
            hours: loader.hours,
            prepositions: loader.prepositions,
            closing: loader.closing,
        })
    }

    pub(super) fn entry(&self, id: u16) -> Entry {
        if id == UNKNOWN { Entry::default() } else { self.entries.get(usize::from(id)).copied().unwrap_or_default() }
    }
}

/// The value within the preposition's reach.
impl Side {
    pub(super) fn wrap(self, value: TimeValue) -> TimeValue {
        match (self, value) {
            (_, value @ (TimeValue::Earlier { .. } | TimeValue::Unknown)) => value,
            (Side::Since, value) => TimeValue::Since(Box::new(value)),
            (Side::Until, value) => TimeValue::Until(Box::new(value)),
            (Side::Before, value) => TimeValue::Before(Box::new(value)),
        }
    }
}
