//! Numbers with cue, bound and unit.

use crate::error::Result;
use crate::types::{Document, Mention, Quantity, Split};
use std::path::Path;

/// Number words, cues and units, ready to run.
#[derive(Debug)]
pub struct Numbers {}

impl Numbers {
    /// The built-in tables, with the user's from `rules` added.
    ///
    /// # Errors
    /// When a data file does not parse; names file and line.
    pub fn load(rules: Option<&Path>) -> Result<Numbers> {
        let _ = rules;
        Ok(Numbers {})
    }

    /// Every number of the document in order, those that are no amounts included as [`crate::types::Measure::Not`].
    #[must_use]
    pub fn find(&self, document: &Document, split: &Split, mentions: &[Mention]) -> Vec<Quantity> {
        let _ = (document, split, mentions);
        Vec::new()
    }
}
