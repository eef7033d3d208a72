//! Sentences and tokens.

mod abbreviations;
mod sentences;
mod tokens;

use crate::error::Result;
use crate::limits;
use crate::types::{ByteSpan, Document, Split, Token};
use abbreviations::{Abbreviations, Lists};
use sentences::Sentences;
use std::path::Path;

/// Finds sentences and tokens; shared by all threads.
#[derive(Debug)]
pub struct Splitter {
    sentences: Sentences,
    abbreviations: Abbreviations,
}

impl Splitter {
    /// The built-in abbreviations, with the user's from `rules` added.
    ///
    /// # Errors
    /// When a data file does not parse; names file and line.
    pub fn load(rules: Option<&Path>) -> Result<Splitter> {
        let lists = Lists::load(rules)?;
        Ok(Splitter { abbreviations: Abbreviations::new(&lists), sentences: Sentences::new(lists) })
    }

    /// Splits a document into sentences and tokens.
    #[must_use]
    pub fn split(&self, document: &Document) -> Split {
        let mut split = Split::default();
        split.sentences.reserve(document.text.len() / 100 + 1);
        split.tokens.reserve(document.text.len() / 5 + 1);
        let dateline = document.meta.dateline.as_ref().map(|d| d.span);
        for (index, &paragraph) in document.paragraphs.iter().enumerate() {
            self.sentences.find(&document.text, paragraph, index, dateline, &mut split.sentences);
        }
        for sentence in &mut split.sentences {
            limits::check();
            let first = split.tokens.len();
            self.tokens(&document.text, sentence.span, &mut split.tokens);
            sentence.tokens = first..split.tokens.len();
        }
        split
    }

    /// Appends the tokens of `text` within `span`, in order. White space and zero-width marks belong to none; every other byte belongs to one.
    /// `span` is taken to lie on character boundaries: where it does not, or goes past the text, nothing is appended.
    pub fn tokens(&self, text: &str, span: ByteSpan, out: &mut Vec<Token>) {
        tokens::tokenize(text, span, &self.abbreviations, out);
    }
}

/// The splitter without a user's words.
#[cfg(test)]
pub(crate) fn built_in() -> &'static Splitter {
    static ONE: std::sync::LazyLock<Splitter> = std::sync::LazyLock::new(|| Splitter::load(None).expect("built-in data"));
    &ONE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_users_abbreviation_is_one_to_sentences_and_tokens() {
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join("abbreviations.toml");
        std::fs::write(&file, "title = [\"Kap\"]\nnosuch = []\n").expect("written");
        let error = Splitter::load(Some(dir.path())).expect_err("unknown key").to_string();
        assert!(error.contains("abbreviations.toml: line 2"), "{error}");
        std::fs::write(&file, "title = [\"Kapt\"]\n").expect("written");
        let text = "He met Kapt. Ross.";
        let found = |splitter: &Splitter| {
            let (mut sentences, mut tokens) = (Vec::new(), Vec::new());
            splitter.sentences.find(text, ByteSpan::new(0, text.len()), 0, None, &mut sentences);
            splitter.tokens(text, ByteSpan::new(0, text.len()), &mut tokens);
            (sentences.len(), tokens[2].span.of(text))
        };
        assert_eq!(found(built_in()).0, 2);
        assert_eq!(found(&Splitter::load(Some(dir.path())).expect("loads")), (1, "Kapt."));
    }
}
