//! The lists of `models/abbreviations.toml`, and of them the words that keep their period.

use crate::error::Result;
use crate::lexicon;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::path::Path;

const FILE: &str = "abbreviations.toml";
const BUILT_IN: &str = include_str!("../../models/abbreviations.toml");
/// Longest word worth looking up, in bytes.
const LONGEST: usize = 16;

/// The file's lists; what each is for stands there.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Lists {
    pub title: Vec<String>,
    pub numbered: Vec<String>,
    pub month: Vec<String>,
    pub inner: Vec<String>,
    pub ending: Vec<String>,
    pub exclaimed: Vec<String>,
    pub opening: Vec<String>,
    pub speech: Vec<String>,
    pub domain: Vec<String>,
    pub clock: Vec<String>,
}

impl Lists {
    /// The built-in lists, with those of the user's directory added.
    pub(super) fn load(rules: Option<&Path>) -> Result<Lists> {
        let mut all = Lists::default();
        for file in lexicon::layers(FILE, BUILT_IN, rules)? {
            let more: Lists = lexicon::toml(&file)?;
            for (list, more) in [
                (&mut all.title, more.title),
                (&mut all.numbered, more.numbered),
                (&mut all.month, more.month),
                (&mut all.inner, more.inner),
                (&mut all.ending, more.ending),
                (&mut all.exclaimed, more.exclaimed),
                (&mut all.opening, more.opening),
                (&mut all.speech, more.speech),
                (&mut all.domain, more.domain),
                (&mut all.clock, more.clock),
            ] {
                list.extend(more);
            }
        }
        Ok(all)
    }
}

/// What may follow an abbreviation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Follows {
    /// Anything: the period always belongs to the word.
    Anything,
    /// A number; before anything else the word is no abbreviation ("No. 5", but "He said no.").
    Number,
}

/// The words that keep their period.
#[derive(Debug)]
pub(super) struct Abbreviations(FxHashMap<Box<str>, Follows>);

impl Abbreviations {
    pub(super) fn new(lists: &Lists) -> Self {
        let mut words: FxHashMap<Box<str>, Follows> = FxHashMap::default();
        for word in &lists.numbered {
            words.insert(word.as_str().into(), Follows::Number);
        }
        for word in [&lists.title, &lists.month, &lists.inner, &lists.ending].into_iter().flatten() {
            words.insert(word.to_uppercase().into(), Follows::Anything);
            words.insert(word.as_str().into(), Follows::Anything);
        }
        // A capital alone is an initial before it is anything else, and "I." ends a sentence.
        words.retain(|word, follows| *follows == Follows::Number || word.len() > 1);
        Self(words)
    }

    /// What may follow `word`, which comes without its period.
    pub(super) fn get(&self, word: &str) -> Option<Follows> {
        if word.len() > LONGEST { None } else { self.0.get(word).copied() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_file_is_read() {
        let words = Abbreviations::new(&Lists::load(None).expect("built-in data"));
        assert_eq!(words.get("Gen"), Some(Follows::Anything));
        assert_eq!(words.get("No"), Some(Follows::Number));
        assert_eq!(words.get("table"), None);
    }
}
