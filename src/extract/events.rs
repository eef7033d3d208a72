//! Event frames: which words say which event, and what part the words beside them play.

use super::words::Words;
use crate::error::{Error, Result};
use crate::lexicon::{self, layers};
use crate::types::{EVENT_TYPES, RELATION_TYPES, Slot};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// The part that a word beside the predicate plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// What is counted.
    Counted,
    /// Who did it.
    Agent,
    /// To or for whom.
    Recipient,
    /// Where from.
    Origin,
    /// Where, for a movement where to.
    Place,
    /// With or of what.
    Equipment,
    /// Whom the counted belong to: "Russia" in "Russia lost 12 tanks".
    Actor,
}

impl Part {
    /// The slot of a relation's side.
    pub(super) fn slot(self) -> Option<Slot> {
        Some(match self {
            Part::Agent => Slot::Agent,
            Part::Recipient => Slot::Recipient,
            Part::Origin => Slot::Origin,
            Part::Place => Slot::Place,
            Part::Equipment => Slot::Equipment,
            Part::Counted | Part::Actor => return None,
        })
    }
}

/// What an object must name for a frame to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// People.
    Person,
    /// Anything else that is counted.
    Thing,
    /// Sums of money.
    Money,
    /// Military people and machines.
    Soldier,
    /// What is fired or flown at a target.
    Munition,
}

/// One frame of `models/events.toml`.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Event type.
    pub event: String,
    /// The part of an active verb's subject.
    pub subject: Option<Part>,
    /// The part of its object.
    pub object: Option<Part>,
    /// What the object must name.
    pub of: Option<Class>,
    /// Whether its nouns are themselves what is counted.
    pub counts: bool,
    /// Prepositions that lead to another part than they usually do.
    pub prepositions: BTreeMap<String, Part>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    event: Vec<Entry>,
    #[serde(default)]
    sides: Sides,
}

/// What event types say of whose the counted are, by name.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sides {
    /// Those whose doer sends its own.
    pub own: FxHashSet<String>,
    /// Those that nobody does to their own.
    pub against: FxHashSet<String>,
    /// Those that an article tells of one side after another: "Russia lost … tanks; of the howitzers 90 were hit".
    pub losses: FxHashSet<String>,
    /// Those that happen to no people.
    pub things: FxHashSet<String>,
    /// Moves, which go to a place.
    pub moves: FxHashSet<String>,
    /// Those that a verb of offering says are still to come.
    pub handed: FxHashSet<String>,
    /// Those of which "this year" is all of the year.
    pub lasting: FxHashSet<String>,
    /// Verbs of keeping an attack off, lemmas: it is not the attacker who then kills.
    pub warding: FxHashSet<String>,
    /// Words before them that say it was not kept off.
    pub failing: FxHashSet<String>,
    /// Nouns for those who come to help, lemmas: none of `against` is their deed.
    pub helpers: FxHashSet<String>,
}

/// One `[[event]]` of a file.
#[derive(Deserialize)]
pub(super) struct Entry {
    r#type: String,
    #[serde(default)]
    verbs: Vec<String>,
    #[serde(default)]
    nouns: Vec<String>,
    #[serde(default)]
    adjectives: Vec<String>,
    subject: Option<Part>,
    object: Option<Part>,
    of: Option<Class>,
    #[serde(default)]
    counts: bool,
    broader: Option<String>,
    #[serde(flatten)]
    prepositions: BTreeMap<String, Part>,
}

impl Entry {
    /// What of it says something of numbers alone.
    pub(super) fn of_numbers(&self) -> Option<&'static str> {
        let said = [("of", self.of.is_some()), ("counts", self.counts), ("adjectives", !self.adjectives.is_empty())];
        said.into_iter().find(|(_, is_said)| *is_said).map(|(name, _)| name)
    }
}

/// The second word of a verb that must be negated.
pub(super) const NOT: &str = "not";

/// A verb's sense: the second word it needs, if any, and its frame.
#[derive(Clone, Debug)]
pub struct Sense {
    /// A particle, object or complement that must stand with the verb.
    pub with: Option<String>,
    /// Index of the frame.
    pub frame: usize,
}

/// All frames, by the words that call them.
#[derive(Debug, Default)]
pub struct Events {
    frames: Vec<Frame>,
    verbs: FxHashMap<String, Vec<Sense>>,
    nouns: FxHashMap<String, usize>,
    adjectives: FxHashMap<String, usize>,
    broader: BTreeMap<String, String>,
    /// What types say of whose the counted are.
    pub sides: Sides,
}

impl Events {
    /// The built-in frames, with the user's from `rules` put before them.
    ///
    /// # Errors
    /// When a file does not parse, or names a type that is neither the ontology's nor an IRI with a `broader` of the ontology.
    pub fn load(rules: Option<&Path>, words: &mut Words) -> Result<Events> {
        let mut events = Events::default();
        let files = layers("events.toml", include_str!("../../models/events.toml"), rules)?;
        for file in files.iter().rev() {
            let parsed: File = lexicon::toml(file)?;
            events.add_all(parsed.event, &file.name, words)?;
            let Sides { own, against, losses, things, moves, handed, lasting, warding, failing, helpers } = parsed.sides;
            for name in own.iter().chain(&against).chain(&losses).chain(&things).chain(&moves).chain(&handed).chain(&lasting) {
                if !EVENT_TYPES.contains(&name.as_str()) && !events.broader.contains_key(name) {
                    let reason = format!("“{name}” is neither a type of the ontology nor one with `broader` in this file");
                    return Err(Error::Data { file: file.name.clone(), place: "sides".to_owned(), reason });
                }
            }
            events.sides.own.extend(own);
            events.sides.against.extend(against);
            events.sides.losses.extend(losses);
            events.sides.things.extend(things);
            events.sides.moves.extend(moves);
            events.sides.handed.extend(handed);
            events.sides.lasting.extend(lasting);
            words.know(warding.iter().map(String::as_str));
            events.sides.warding.extend(warding);
            events.sides.failing.extend(failing);
            events.sides.helpers.extend(helpers);
        }
        Ok(events)
    }

    /// Adds the entries of a file.
    pub(super) fn add_all(&mut self, entries: Vec<Entry>, file: &str, words: &mut Words) -> Result<()> {
        for (index, entry) in entries.into_iter().enumerate() {
            let known = |name: &str| EVENT_TYPES.contains(&name) || RELATION_TYPES.contains(&name);
            let wrong = |reason: String| Error::Data { file: file.to_owned(), place: format!("event {}", index + 1), reason };
            match &entry.broader {
                None if !known(&entry.r#type) => {
                    return Err(wrong(format!("type “{}” is not in the ontology; give an IRI and `broader`", entry.r#type)));
                }
                Some(broader) if !known(broader) => return Err(wrong(format!("broader “{broader}” is not in the ontology"))),
                Some(_) if !entry.r#type.contains("://") => return Err(wrong("a type with `broader` must be an absolute IRI".into())),
                Some(broader) => drop(self.broader.insert(entry.r#type.clone(), broader.clone())),
                None => {}
            }
            self.add(entry, words);
        }
        Ok(())
    }

    fn add(&mut self, entry: Entry, words: &mut Words) {
        let frame = self.frames.len();
        for verb in &entry.verbs {
            let (lemma, with) = verb.split_once(' ').map_or((verb.as_str(), None), |(v, w)| (v, Some(w.to_owned())));
            words.know([lemma]);
            let senses = self.verbs.entry(lemma.to_owned()).or_default();
            let at = if with.is_some() { senses.iter().position(|s| s.with.is_none()).unwrap_or(senses.len()) } else { senses.len() };
            senses.insert(at, Sense { with, frame });
        }
        for noun in &entry.nouns {
            self.nouns.entry(noun.clone()).or_insert(frame);
        }
        for adjective in &entry.adjectives {
            self.adjectives.entry(adjective.clone()).or_insert(frame);
        }
        self.frames.push(Frame {
            event: entry.r#type,
            subject: entry.subject,
            object: entry.object,
            of: entry.of,
            counts: entry.counts,
            prepositions: entry.prepositions,
        });
    }

    /// The frame of an index.
    #[must_use]
    pub fn frame(&self, index: usize) -> &Frame {
        &self.frames[index]
    }

    /// The senses of a verb, those with a second word first.
    #[must_use]
    pub fn senses(&self, lemma: &str) -> &[Sense] {
        self.verbs.get(lemma).map_or(&[], Vec::as_slice)
    }

    /// Whether a verb has a frame with its negation alone: "did not survive".
    pub(super) fn is_negated(&self, lemma: &str, frame: usize) -> bool {
        self.senses(lemma).iter().any(|sense| sense.frame == frame && sense.with.as_deref() == Some(NOT))
    }

    /// The frame of an event noun.
    #[must_use]
    pub fn noun(&self, lemma: &str) -> Option<usize> {
        self.nouns.get(lemma).copied()
    }

    /// The frame of a predicate adjective.
    #[must_use]
    pub fn adjective(&self, form: &str) -> Option<usize> {
        self.adjectives.get(form).copied()
    }

    /// Whether a list of [`Sides`] names an event type, or the built-in type above it.
    pub(super) fn is_in(&self, event: &str, list: &FxHashSet<String>) -> bool {
        list.contains(event) || self.broader(event).is_some_and(|above| list.contains(above))
    }

    /// The built-in type above a user's type.
    #[must_use]
    pub fn broader(&self, event: &str) -> Option<&str> {
        self.broader.get(event).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_word_is_asked_for_first() {
        let events = Events::load(None, &mut Words::default()).expect("built-in data");
        let senses = events.senses("take");
        assert!(senses.iter().all(|s| s.with.is_some()));
        assert_eq!(events.frame(events.senses("shoot")[0].frame).event, "Killed");
        assert!(events.senses("shoot").last().expect("senses").with.is_none());
    }

    #[test]
    fn a_users_event_needs_a_place_in_the_ontology() {
        let dir = tempfile::tempdir().expect("a directory");
        let write = |text: &str| std::fs::write(dir.path().join("events.toml"), text).expect("written");
        write("[[event]]\ntype = \"Looted\"\nverbs = [\"loot\"]\nsubject = \"agent\"\nobject = \"counted\"\n");
        let error = Events::load(Some(dir.path()), &mut Words::default()).expect_err("an unknown type");
        assert!(error.to_string().contains("events.toml: event 1: type “Looted”"), "{error}");
        write(
            "[[event]]\ntype = \"https://example.org/Looted\"\nbroader = \"Captured\"\nverbs = [\"loot\"]\nsubject = \"agent\"\nobject = \"counted\"\n",
        );
        let events = Events::load(Some(dir.path()), &mut Words::default()).expect("loads");
        assert_eq!(events.broader("https://example.org/Looted"), Some("Captured"));
        write("[sides]\nown = [\"Deploied\"]\n");
        let error = Events::load(Some(dir.path()), &mut Words::default()).expect_err("an unknown type");
        assert!(error.to_string().contains("events.toml: sides: “Deploied”"), "{error}");
    }
}
