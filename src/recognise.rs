//! Mentions: gazetteers, rules, times; a learned model joins here.

pub mod time;

use crate::error::Result;
use crate::types::{Document, Mention, Split};
use std::path::Path;

/// Gazetteers and rules, ready to run.
#[derive(Debug)]
pub struct Recogniser {}

impl Recogniser {
    /// The built-in gazetteers and rules, with the user's from `rules` added.
    ///
    /// # Errors
    /// When a data file does not parse; names file and line.
    pub fn load(rules: Option<&Path>) -> Result<Recogniser> {
        let _ = rules;
        Ok(Recogniser {})
    }

    /// The mentions of a document, in order, none inside another.
    #[must_use]
    pub fn recognise(&self, document: &Document, split: &Split) -> Vec<Mention> {
        let _ = (document, split);
        Vec::new()
    }
}
