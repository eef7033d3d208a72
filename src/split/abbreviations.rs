//! The abbreviations that keep their period, from `models/abbreviations.toml`.

use crate::error::{Error, Result};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::sync::OnceLock;

const BUILT_IN: &str = include_str!("../../models/abbreviations.toml");
/// Longest word worth looking up, in bytes.
const LONGEST: usize = 16;

/// The lists of the file that keep the period; it has others, for sentences, that are left to the splitter.
#[derive(Debug, Default, Deserialize)]
struct Lists {
    #[serde(default)]
    title: Vec<String>,
    #[serde(default)]
    numbered: Vec<String>,
    #[serde(default)]
    month: Vec<String>,
    #[serde(default)]
    inner: Vec<String>,
    #[serde(default)]
    ending: Vec<String>,
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
pub(super) struct Abbreviations(FxHashMap<String, Follows>);

impl Abbreviations {
    fn parse(file: &str, text: &str) -> Result<Self> {
        let lists: Lists = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(0, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            Error::Data { file: file.to_owned(), place: format!("line {line}"), reason: error.message().to_owned() }
        })?;
        let mut words = FxHashMap::default();
        for word in lists.numbered {
            words.insert(word, Follows::Number);
        }
        for word in [lists.title, lists.month, lists.inner, lists.ending].into_iter().flatten() {
            words.insert(word.to_uppercase(), Follows::Anything);
            words.insert(word, Follows::Anything);
        }
        // A capital alone is an initial before it is anything else, and "I." ends a sentence.
        words.retain(|word, follows| *follows == Follows::Number || word.len() > 1);
        Ok(Self(words))
    }

    pub(super) fn built_in() -> &'static Self {
        static WORDS: OnceLock<Abbreviations> = OnceLock::new();
        WORDS.get_or_init(|| {
            Self::parse("models/abbreviations.toml", BUILT_IN).expect("the file is part of the program and a test reads it")
        })
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
        let words = Abbreviations::built_in();
        assert_eq!(words.get("Gen"), Some(Follows::Anything));
        assert_eq!(words.get("No"), Some(Follows::Number));
        assert_eq!(words.get("table"), None);
    }

    #[test]
    fn bad_file_is_named_with_its_line() {
        let error = Abbreviations::parse("x.toml", "title = [\n  5,\n]").map(|_| ()).expect_err("a wrong list");
        assert!(error.to_string().starts_with("x.toml: line "), "{error}");
    }
}
