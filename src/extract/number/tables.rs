//! The number words, cues and context words of `models/numbers.toml`, ready to be matched.

use crate::error::{Error, Result};
use crate::lexicon;
use crate::recognise::time::scan::{Phrases, UNKNOWN, Vocabulary};
use crate::types::{Bound, Direction, Scope};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What a word is worth in a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Worth {
    Ones(u8),
    Teens(u8),
    Tens(u8),
    /// Hundred, thousand, million …
    Scale(u64),
    /// Dozen, score.
    Group(u64),
    /// Dozens, hundreds.
    Vague {
        only_with_of: bool,
    },
}

macro_rules! flags {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        flags!(@ 0u32, $($(#[$doc])* $name),*);
    };
    (@ $bit:expr, $(#[$doc:meta])* $name:ident $(, $(#[$docs:meta])* $rest:ident)*) => {
        $(#[$doc])* pub(crate) const $name: u64 = 1 << $bit;
        flags!(@ $bit + 1u32, $($(#[$docs])* $rest),*);
    };
    (@ $bit:expr,) => {};
}

/// What a word says of a number beside it; a word can be several.
pub(crate) mod flag {
    flags! {
        GROWTH, DECLINE, CHANGE, NO_NOUN, NO_BETWEEN, NOT_NONE, NOT_NONE_AFTER, NOBODY_VERB, MEASURE, ONE_NOT_BEFORE, ONE_NOT_AFTER, ONE_COUNTS, ONE_NOT_JOINED, SAYING, ONLY_CAPITAL, STREET,
        SCORE_AFTER, SCORE_BEFORE, COUNTED_ATTRIBUTE, METRE, FUNCTION, DETERMINER, COUNTED_PLURAL, ARTICLE, NUMBER_WORD, MILLION, OVER_VERB,
        ABOUT_VERB, AROUND_VERB, UNDER_VERB, ORDINAL, CHANGE_ADVERB, SHARE_ONLY, PERSON, AGE_OF, OVER_TIME_BEFORE, OVER_TIME_AFTER, HALF_AFTER, CLOCK_PART,
        SAID_OF_IT,
    }
}

/// What is known of a word.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Entry {
    pub worth: Option<Worth>,
    /// "third" = 3.
    pub fraction: Option<u32>,
    pub flags: u64,
}

/// Ids of words that the grammar itself names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named {
    pub and: u16,
    pub of: u16,
    pub to: u16,
    pub or: u16,
    pub out: u16,
    pub in_: u16,
    pub from: u16,
    pub between: u16,
    pub by: u16,
    pub no: u16,
    pub none: u16,
    pub zero: u16,
    pub one: u16,
    pub half: u16,
    pub minus: u16,
    pub point: u16,
    pub per: u16,
    pub a: u16,
    pub an: u16,
    pub over: u16,
    pub about: u16,
    pub around: u16,
    pub under: u16,
    pub times: u16,
    pub as_: u16,
    pub every: u16,
    pub more: u16,
    pub than: u16,
}

/// Everything of `models/numbers.toml`.
#[derive(Debug)]
pub(crate) struct Tables {
    pub vocabulary: Vocabulary,
    entries: Vec<Entry>,
    pub named: Named,
    /// Glued to digits, in this case.
    pub suffixes: BTreeMap<String, u64>,
    pub bounds_before: Phrases<Bound>,
    pub bounds_after: Phrases<Bound>,
    pub scope_before: Phrases<Scope>,
    pub scope_after: Phrases<Scope>,
    /// "several", "couple of".
    pub vague_before: Phrases<()>,
    /// "couple of" without a scale.
    pub vague_alone: Phrases<()>,
    /// Phrases that are a number: "not a single" 0, "a single" 1, and whether a verb must follow.
    pub whole: Phrases<(u8, bool)>,
    /// What a number stands behind that another is compared with.
    pub compared: Phrases<()>,
    pub labels: Phrases<()>,
    pub clock: Phrases<()>,
    pub age_before: Phrases<()>,
    pub age_after: Phrases<()>,
    /// Before the age of the person that a pronoun stands for.
    pub age_said: Phrases<()>,
    /// "increase" behind "a 5%".
    pub change_after: Phrases<Direction>,
    /// Numerals that name a type or a service.
    pub types: BTreeSet<String>,
    /// Lines of a screen, as "1080p" has them.
    pub lines: BTreeSet<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct File {
    ones: BTreeMap<String, u8>,
    teens: BTreeMap<String, u8>,
    tens: BTreeMap<String, u8>,
    scales: BTreeMap<String, u64>,
    groups: BTreeMap<String, u64>,
    suffixes: BTreeMap<String, u64>,
    fractions: BTreeMap<String, u32>,
    vague: Vague,
    #[serde(rename = "bounds_before")]
    bounds_before: BTreeMap<String, Vec<String>>,
    #[serde(rename = "bounds_after")]
    bounds_after: BTreeMap<String, Vec<String>>,
    #[serde(rename = "not_bounds")]
    not_bounds: BTreeMap<String, Vec<String>>,
    #[serde(rename = "over_time")]
    over_time: Around,
    scope: ScopeWords,
    no: No,
    one: One,
    labels: Labels,
    clock: ClockWords,
    age: AgeWords,
    direction: DirectionWords,
    score: Around,
    attributive: Attributive,
    metres: Metres,
    words: Words,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Vague {
    plurals: Vec<String>,
    only_with_of: Vec<String>,
    before_scale: Vec<String>,
    alone: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct ScopeWords {
    increment_before: Vec<String>,
    increment_after: Vec<String>,
    total_before: Vec<String>,
    total_after: Vec<String>,
    growth: Vec<String>,
    decline: Vec<String>,
    change: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct No {
    nouns: Vec<String>,
    between: Vec<String>,
    not_none: Vec<String>,
    not_none_after: Vec<String>,
    other: Vec<String>,
    people: Vec<String>,
    verbs: Vec<String>,
    single: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct One {
    not_before: Vec<String>,
    not_after: Vec<String>,
    counts_before: Vec<String>,
    not_joined: Vec<String>,
    saying: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Labels {
    measures: Vec<String>,
    words: Vec<String>,
    types: Vec<String>,
    lines: Vec<String>,
    only_capital: Vec<String>,
    streets: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Around {
    before: Vec<String>,
    after: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct ClockWords {
    after: Vec<String>,
    part: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct AgeWords {
    before: Vec<String>,
    after: Vec<String>,
    said: Vec<String>,
    of: Vec<String>,
    persons: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct DirectionWords {
    adverbs: Vec<String>,
    share_only: Vec<String>,
    compared: Vec<String>,
    up_after: Vec<String>,
    down_after: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Attributive {
    counts: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Metres {
    after: Vec<String>,
    millions: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Words {
    ordinals: Vec<String>,
    half_after: Vec<String>,
    function: Vec<String>,
    said_of_it: Vec<String>,
    determiners: Vec<String>,
    years_not_before: Vec<String>,
}

/// An error about one entry of a data file.
pub(crate) fn entry_error(file: &lexicon::DataFile, entry: &str, reason: &str) -> Error {
    let line = file.text.lines().position(|line| line.contains(entry)).map_or(String::new(), |n| format!("line {}, ", n + 1));
    Error::Data { file: file.name.clone(), place: format!("{line}\"{entry}\""), reason: reason.to_owned() }
}

impl Tables {
    /// The built-in words, with the user's.
    ///
    /// # Errors
    /// When a file does not parse.
    pub(crate) fn load(rules: Option<&Path>) -> Result<Tables> {
        let mut loader = Loader { vocabulary: Vocabulary::default(), entries: vec![Entry::default()] };
        let mut tables = Parts::default();
        for file in lexicon::layers("numbers.toml", include_str!("../../../models/numbers.toml"), rules)? {
            let data: File = lexicon::toml(&file)?;
            loader.add(&file, &data, &mut tables)?;
        }
        let named = loader.named(&tables)?;
        Ok(Tables {
            vocabulary: loader.vocabulary,
            entries: loader.entries,
            named,
            suffixes: tables.suffixes,
            bounds_before: tables.bounds_before,
            bounds_after: tables.bounds_after,
            scope_before: tables.scope_before,
            scope_after: tables.scope_after,
            vague_before: tables.vague_before,
            vague_alone: tables.vague_alone,
            whole: tables.whole,
            compared: tables.compared,
            labels: tables.labels,
            clock: tables.clock,
            age_before: tables.age_before,
            age_after: tables.age_after,
            age_said: tables.age_said,
            change_after: tables.change_after,
            types: tables.types,
            lines: tables.lines,
        })
    }

    /// What is known of a word.
    pub(crate) fn entry(&self, id: u16) -> Entry {
        self.entries.get(usize::from(id)).copied().unwrap_or_default()
    }

    /// Whether a word has any of the flags.
    pub(crate) fn is(&self, id: u16, flags: u64) -> bool {
        id != UNKNOWN && self.entry(id).flags & flags != 0
    }
}

struct Parts {
    suffixes: BTreeMap<String, u64>,
    bounds_before: Phrases<Bound>,
    bounds_after: Phrases<Bound>,
    scope_before: Phrases<Scope>,
    scope_after: Phrases<Scope>,
    vague_before: Phrases<()>,
    vague_alone: Phrases<()>,
    whole: Phrases<(u8, bool)>,
    compared: Phrases<()>,
    labels: Phrases<()>,
    clock: Phrases<()>,
    age_before: Phrases<()>,
    age_after: Phrases<()>,
    age_said: Phrases<()>,
    change_after: Phrases<Direction>,
    types: BTreeSet<String>,
    lines: BTreeSet<String>,
}

impl Default for Parts {
    fn default() -> Self {
        Parts {
            suffixes: BTreeMap::new(),
            bounds_before: Phrases::backwards(),
            bounds_after: Phrases::forwards(),
            scope_before: Phrases::backwards(),
            scope_after: Phrases::forwards(),
            vague_before: Phrases::forwards(),
            vague_alone: Phrases::forwards(),
            whole: Phrases::forwards(),
            compared: Phrases::backwards(),
            labels: Phrases::backwards(),
            clock: Phrases::forwards(),
            age_before: Phrases::backwards(),
            age_after: Phrases::forwards(),
            age_said: Phrases::backwards(),
            change_after: Phrases::forwards(),
            types: BTreeSet::new(),
            lines: BTreeSet::new(),
        }
    }
}

struct Loader {
    vocabulary: Vocabulary,
    entries: Vec<Entry>,
}

impl Loader {
    fn word(&mut self, file: &lexicon::DataFile, word: &str) -> Result<&mut Entry> {
        let id = self.vocabulary.intern(word).ok_or_else(|| entry_error(file, word, "empty, too long, or one word too many"))?;
        self.entries.resize(self.vocabulary.len() + 1, Entry::default());
        Ok(&mut self.entries[usize::from(id)])
    }

    fn phrase(&mut self, file: &lexicon::DataFile, words: &str) -> Result<Vec<u16>> {
        let ids = self.vocabulary.phrase(words).ok_or_else(|| entry_error(file, words, "empty, or a word that is too long"))?;
        self.entries.resize(self.vocabulary.len() + 1, Entry::default());
        Ok(ids)
    }

    fn flags(&mut self, file: &lexicon::DataFile, words: &[String], flags: u64) -> Result<()> {
        for word in words {
            self.word(file, word)?.flags |= flags;
        }
        Ok(())
    }

    fn phrases<T: Copy>(&mut self, file: &lexicon::DataFile, words: &[String], value: T, to: &mut Phrases<T>) -> Result<()> {
        for words in words {
            let ids = self.phrase(file, words)?;
            to.add(ids, value);
        }
        Ok(())
    }

    fn add(&mut self, file: &lexicon::DataFile, data: &File, to: &mut Parts) -> Result<()> {
        for (words, worth) in [(&data.ones, Worth::Ones as fn(u8) -> Worth), (&data.teens, Worth::Teens), (&data.tens, Worth::Tens)] {
            for (word, &value) in words {
                let fits = match worth(value) {
                    Worth::Ones(n) => n < 10,
                    Worth::Teens(n) => (10..20).contains(&n),
                    _ => (20..100).contains(&value) && value % 10 == 0,
                };
                if !fits {
                    return Err(entry_error(file, word, "the value does not belong in this table"));
                }
                let entry = self.word(file, word)?;
                entry.worth = Some(worth(value));
                entry.flags |= flag::NUMBER_WORD;
            }
        }
        for (words, worth) in [(&data.scales, Worth::Scale as fn(u64) -> Worth), (&data.groups, Worth::Group)] {
            for (word, &value) in words {
                if value < 2 {
                    return Err(entry_error(file, word, "must be more than 1"));
                }
                let entry = self.word(file, word)?;
                entry.worth = Some(worth(value));
                entry.flags |= flag::NUMBER_WORD;
            }
        }
        for (word, &parts) in &data.fractions {
            if parts < 2 {
                return Err(entry_error(file, word, "must be more than 1"));
            }
            self.word(file, word)?.fraction = Some(parts);
        }
        for word in &data.vague.plurals {
            let entry = self.word(file, word)?;
            entry.worth = Some(Worth::Vague { only_with_of: false });
            entry.flags |= flag::NUMBER_WORD;
        }
        for word in &data.vague.only_with_of {
            self.word(file, word)?.worth = Some(Worth::Vague { only_with_of: true });
        }
        for (suffix, &value) in &data.suffixes {
            self.word(file, suffix)?;
            to.suffixes.insert(suffix.clone(), value);
        }
        self.phrases(file, &data.vague.before_scale, (), &mut to.vague_before)?;
        self.phrases(file, &data.vague.alone, (), &mut to.vague_alone)?;
        for (table, into) in [(&data.bounds_before, &mut to.bounds_before), (&data.bounds_after, &mut to.bounds_after)] {
            for (name, words) in table {
                let bound = Bound::from_name(name).ok_or_else(|| entry_error(file, name, "no bound has this name"))?;
                self.phrases(file, words, bound, into)?;
            }
        }
        for (word, verbs) in &data.not_bounds {
            let flags = match word.as_str() {
                "over" => flag::OVER_VERB,
                "about" => flag::ABOUT_VERB,
                "around" => flag::AROUND_VERB,
                "under" => flag::UNDER_VERB,
                _ => return Err(entry_error(file, word, "only over, about, around and under are looked at")),
            };
            self.flags(file, verbs, flags)?;
        }
        let scope = &data.scope;
        self.phrases(file, &scope.increment_before, Scope::Increment, &mut to.scope_before)?;
        self.phrases(file, &scope.increment_after, Scope::Increment, &mut to.scope_after)?;
        self.phrases(file, &scope.total_before, Scope::Total, &mut to.scope_before)?;
        self.phrases(file, &scope.total_after, Scope::Total, &mut to.scope_after)?;
        for (words, flags) in [
            (&scope.growth, flag::GROWTH),
            (&scope.decline, flag::DECLINE),
            (&scope.change, flag::CHANGE),
            (&data.no.nouns, flag::NO_NOUN),
            (&data.no.between, flag::NO_BETWEEN),
            (&data.no.not_none, flag::NOT_NONE),
            (&data.no.not_none_after, flag::NOT_NONE_AFTER),
            (&data.no.verbs, flag::NOBODY_VERB),
            (&data.labels.measures, flag::MEASURE),
            (&data.one.not_before, flag::ONE_NOT_BEFORE),
            (&data.one.not_after, flag::ONE_NOT_AFTER),
            (&data.one.counts_before, flag::ONE_COUNTS),
            (&data.one.not_joined, flag::ONE_NOT_JOINED),
            (&data.one.saying, flag::SAYING),
            (&data.labels.only_capital, flag::ONLY_CAPITAL),
            (&data.labels.streets, flag::STREET),
            (&data.score.after, flag::SCORE_AFTER),
            (&data.score.before, flag::SCORE_BEFORE),
            (&data.attributive.counts, flag::COUNTED_ATTRIBUTE),
            (&data.metres.after, flag::METRE),
            (&data.metres.millions, flag::MILLION),
            (&data.words.ordinals, flag::ORDINAL),
            (&data.words.half_after, flag::HALF_AFTER),
            (&data.clock.part, flag::CLOCK_PART),
            (&data.words.function, flag::FUNCTION),
            (&data.words.said_of_it, flag::SAID_OF_IT),
            (&data.words.determiners, flag::DETERMINER),
            (&data.words.years_not_before, flag::COUNTED_PLURAL),
            (&data.age.persons, flag::PERSON),
            (&data.age.of, flag::AGE_OF),
            (&data.over_time.before, flag::OVER_TIME_BEFORE),
            (&data.over_time.after, flag::OVER_TIME_AFTER),
            (&data.direction.adverbs, flag::CHANGE_ADVERB),
            (&data.direction.share_only, flag::SHARE_ONLY),
        ] {
            self.flags(file, words, flags)?;
        }
        to.types.extend(data.labels.types.iter().cloned());
        to.lines.extend(data.labels.lines.iter().cloned());
        self.phrases(file, &data.no.other, (0, false), &mut to.whole)?;
        self.phrases(file, &data.no.people, (0, true), &mut to.whole)?;
        self.phrases(file, &data.no.single, (1, false), &mut to.whole)?;
        self.phrases(file, &data.direction.compared, (), &mut to.compared)?;
        self.phrases(file, &data.labels.words, (), &mut to.labels)?;
        self.phrases(file, &data.clock.after, (), &mut to.clock)?;
        self.phrases(file, &data.age.before, (), &mut to.age_before)?;
        self.phrases(file, &data.age.after, (), &mut to.age_after)?;
        self.phrases(file, &data.age.said, (), &mut to.age_said)?;
        self.phrases(file, &data.direction.up_after, Direction::Up, &mut to.change_after)?;
        self.phrases(file, &data.direction.down_after, Direction::Down, &mut to.change_after)
    }

    fn named(&mut self, _: &Parts) -> Result<Named> {
        let file = lexicon::DataFile { name: "models/numbers.toml".to_owned(), text: String::new() };
        let mut id = |word: &str| -> Result<u16> {
            self.word(&file, word)?;
            Ok(self.vocabulary.id(word.as_bytes()))
        };
        let named = Named {
            and: id("and")?,
            of: id("of")?,
            to: id("to")?,
            or: id("or")?,
            out: id("out")?,
            in_: id("in")?,
            from: id("from")?,
            between: id("between")?,
            by: id("by")?,
            no: id("no")?,
            none: id("none")?,
            zero: id("zero")?,
            one: id("one")?,
            half: id("half")?,
            minus: id("minus")?,
            point: id("point")?,
            per: id("per")?,
            a: id("a")?,
            an: id("an")?,
            over: id("over")?,
            about: id("about")?,
            around: id("around")?,
            under: id("under")?,
            times: id("times")?,
            as_: id("as")?,
            every: id("every")?,
            more: id("more")?,
            than: id("than")?,
        };
        for article in [named.a, named.an] {
            self.entries[usize::from(article)].flags |= flag::ARTICLE;
        }
        Ok(named)
    }
}
