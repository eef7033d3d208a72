//! Sentences and tokens.

mod abbreviations;
pub mod tokens;

use crate::types::{Document, Split};

/// Splits a document into sentences and tokens.
#[must_use]
pub fn split(document: &Document) -> Split {
    let _ = document;
    Split::default()
}
