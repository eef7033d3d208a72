//! From sentences to claims: numbers, what is counted, events, roles, times, attribution.
//!
//! Numbers and time expressions are found by scanning; everything between them is read off a dependency tree of the sentence: a number leads up to
//! its noun, the noun to the predicate, and the predicate's frame (`models/events.toml`) says what the words beside it are.

mod answer;
mod attribution;
mod claims;
mod counted;
mod cues;
mod events;
pub mod number;
mod parts;
mod predicate;
mod quotes;
mod reader;
mod reading;
mod relations;
mod roles;
mod said_of;
mod sides;
mod tree;
mod when;
mod words;

pub use cues::Cues;
pub use events::Events;
pub(crate) use tree::Tree;
pub use words::Words;

use crate::error::Result;
use crate::syntax::Parser;
use crate::types::{Document, Extraction, Measure, Mention, Quantity, Split};
use number::Numbers;
use reader::ClaimReader;
use relations::{RelationReader, RelationWords};
use rustc_hash::FxHashSet;
use std::path::Path;

/// Every word list that extraction reads, ready to run.
#[derive(Debug)]
pub struct Lexicon {
    /// Lemmas and noun classes.
    pub words: Words,
    /// Event frames.
    pub events: Events,
    /// What says how two names stand to one another.
    pub(crate) relations: RelationWords,
    /// Cue words.
    pub cues: Cues,
    /// Forms of cue verbs, to pass sentences by that attribute nothing.
    speech: FxHashSet<String>,
}

impl Lexicon {
    /// The built-in lists, with the user's from `rules` added.
    ///
    /// # Errors
    /// When a data file does not parse; names file and line.
    pub fn load(rules: Option<&Path>) -> Result<Lexicon> {
        let mut words = Words::load(rules)?;
        let events = Events::load(rules, &mut words)?;
        let relations = RelationWords::load(rules, &mut words)?;
        let cues = Cues::load(rules, &mut words)?;
        let speech = cues.phrases.iter().filter_map(|p| p.first().cloned()).collect();
        Ok(Lexicon { words, events, relations, cues, speech })
    }

    /// The built-in type above a user's type.
    fn broader(&self, event: &str) -> Option<&str> {
        self.events.broader(event).or_else(|| self.relations.frames.broader(event))
    }

    /// Whether a word can be part of an attribution.
    fn may_speak(&self, word: &str) -> bool {
        let lower = word.to_ascii_lowercase();
        if self.speech.contains(&lower) {
            return true;
        }
        let cues = &self.cues;
        let verb = self.words.verb(&lower);
        [&cues.attribution, &cues.held_clauses, &cues.held_objects, &cues.held_verbs].iter().any(|set| set.contains(&verb))
            || cues.held_adjectives.contains(&lower)
            || cues.held_nouns.contains(&self.words.noun(lower))
    }
}

/// Extracts claims from documents; shared by all threads.
#[derive(Debug)]
pub struct Extractor {
    lexicon: Lexicon,
    numbers: Numbers,
    parser: Parser,
    reader: Option<ClaimReader>,
    relation_reader: Option<RelationReader>,
    settings: bool,
}

impl Extractor {
    /// The built-in data and parser, with the user's lists from `rules` added; with the readers of claims and relations where `learned`.
    ///
    /// # Errors
    /// When a data file does not parse; names file and line.
    pub fn load(rules: Option<&Path>, learned: bool) -> Result<Extractor> {
        let reader = if learned { Some(ClaimReader::load()?) } else { None };
        let relation_reader = if learned { Some(RelationReader::load()?) } else { None };
        Ok(Extractor {
            lexicon: Lexicon::load(rules)?,
            numbers: Numbers::load(rules)?,
            parser: Parser::embedded(),
            reader,
            relation_reader,
            settings: false,
        })
    }

    /// One that also says what each figure is a figure of, and per what ([`Extraction::settings`]): for looking at, since claims do without.
    #[must_use]
    pub fn with_settings(self) -> Extractor {
        Extractor { settings: true, ..self }
    }

    /// The bytes of the models of the readers of claims and of relations.
    #[must_use]
    pub fn models() -> [&'static [u8]; 2] {
        [reader::MODEL, relations::MODEL]
    }

    /// The word lists.
    #[must_use]
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// Whether the claim reader is asked about a number.
    fn asks(&self, quantity: &Quantity) -> bool {
        claims::is_amount(quantity) || self.settings && quantity.measure != Measure::Not
    }

    /// Reads a document: relative dates resolve against its date of publication.
    #[must_use]
    pub fn extract(&self, document: &Document, split: &Split, mentions: &[Mention]) -> Extraction {
        let quantities = self.numbers.find(document, split, mentions);
        let anchor = document.meta.anchor();
        let readings = self.reader.as_ref().map_or_else(Vec::new, |r| r.read(document, split, &quantities, |q| self.asks(q)));
        let several = || claims::of_several(document, split, mentions);
        let told = self.relation_reader.as_ref().map(|r| r.read(document, split, several()));
        let reader = claims::Reader {
            document,
            split,
            lexicon: &self.lexicon,
            numbers: &self.numbers,
            mentions,
            anchor,
            readings,
            told,
            settings: self.settings,
        };
        let mut extraction = reader.read(quantities, &|index| self.parser.parse(&document.text, split, &split.sentences[index]));
        for claim in &mut extraction.claims {
            claim.broader = self.lexicon.broader(&claim.event).map(str::to_owned);
        }
        extraction
    }
}
