//! Sentences and tokens.

mod abbreviations;
mod sentences;
pub mod tokens;

pub use sentences::Splitter;

use crate::types::{Document, Split};

/// Splits a document into sentences and tokens, with the built-in abbreviations.
#[must_use]
pub fn split(document: &Document) -> Split {
    split_with(Splitter::built_in(), document)
}

/// Splits a document into sentences and tokens.
#[must_use]
pub fn split_with(splitter: &Splitter, document: &Document) -> Split {
    let mut split = Split::default();
    split.sentences.reserve(document.text.len() / 100 + 1);
    split.tokens.reserve(document.text.len() / 5 + 1);
    let dateline = document.meta.dateline.as_ref().map(|d| d.span);
    for (index, &paragraph) in document.paragraphs.iter().enumerate() {
        splitter.sentences(&document.text, paragraph, index, dateline, &mut split.sentences);
    }
    for sentence in &mut split.sentences {
        let first = split.tokens.len();
        tokens::tokenize(&document.text, sentence.span, &mut split.tokens);
        sentence.tokens = first..split.tokens.len();
    }
    split
}
