//! `models/relations.toml`: what says how two names stand to one another.

use crate::error::{Error, Result};
use crate::extract::events::{Entry, Events, Part};
use crate::extract::words::Words;
use crate::lexicon::{self, layers};
use crate::types::{EVENT_TYPES, RELATION_TYPES, Slot};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use std::path::Path;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    event: Vec<Entry>,
    #[serde(default)]
    compound: Vec<CompoundEntry>,
    #[serde(default)]
    other: Other,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CompoundEntry {
    r#type: String,
    words: Vec<String>,
    name: Part,
    head: Part,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Other {
    #[serde(default)]
    never: Vec<String>,
    #[serde(default)]
    light: Vec<String>,
}

/// What a word joined to a name by a hyphen says: "Houthi-run".
#[derive(Clone, Debug)]
pub(super) struct Compound {
    /// Event type.
    pub event: String,
    /// The slot of the name.
    pub name: Slot,
    /// The slot of what is described.
    pub head: Slot,
}

/// The words that make relations.
#[derive(Debug, Default)]
pub(crate) struct RelationWords {
    /// Frames beside those of events.
    pub(in crate::extract) frames: Events,
    compounds: FxHashMap<String, Compound>,
    /// Verbs that tell of nothing between two names.
    pub(super) never: FxHashSet<String>,
    /// Verbs whose subject does what their object names: "impose sanctions".
    pub(super) light: FxHashSet<String>,
}

impl RelationWords {
    /// The built-in words, with the user's from `rules` added.
    ///
    /// # Errors
    /// When a file does not parse, or names a type that is none.
    pub(in crate::extract) fn load(rules: Option<&Path>, words: &mut Words) -> Result<RelationWords> {
        let mut this = RelationWords::default();
        let files = layers("relations.toml", include_str!("../../../models/relations.toml"), rules)?;
        for file in files.iter().rev() {
            let parsed: File = lexicon::toml(file)?;
            let wrong = |place: &str, reason: String| Error::Data { file: file.name.clone(), place: place.to_owned(), reason };
            if let Some((at, name)) = parsed.event.iter().enumerate().find_map(|(at, entry)| Some((at, entry.of_numbers()?))) {
                return Err(wrong(&format!("event {}", at + 1), format!("“{name}” is for numbers and says nothing of relations")));
            }
            this.frames.add_all(parsed.event, &file.name, words)?;
            for CompoundEntry { r#type, words, name, head } in parsed.compound {
                if !EVENT_TYPES.contains(&r#type.as_str()) && !RELATION_TYPES.contains(&r#type.as_str()) {
                    return Err(wrong("compound", format!("type “{}” is not in the ontology", r#type)));
                }
                let (Some(name), Some(head)) = (name.slot(), head.slot()) else {
                    return Err(wrong("compound", "`name` and `head` are agent, recipient, origin, place or equipment".to_owned()));
                };
                for word in words {
                    this.compounds.entry(word.to_lowercase()).or_insert(Compound { event: r#type.clone(), name, head });
                }
            }
            words.know(parsed.other.never.iter().chain(&parsed.other.light).map(String::as_str));
            this.never.extend(parsed.other.never);
            this.light.extend(parsed.other.light);
        }
        Ok(this)
    }

    /// What a word behind a name and a hyphen says.
    pub(super) fn compound(&self, word: &str) -> Option<&Compound> {
        self.compounds.get(&word.to_lowercase())
    }
}
