//! Time expressions: dates, parts of them, periods.

pub(crate) mod scan;

use crate::error::Result;
use crate::types::{Document, Mention, Split};
use std::path::Path;

/// The words of time, ready to run.
#[derive(Debug)]
pub struct Times {}

impl Times {
    /// The built-in words, with the user's from `rules` added.
    ///
    /// # Errors
    /// When a data file does not parse; names file and line.
    pub fn load(rules: Option<&Path>) -> Result<Times> {
        let _ = rules;
        Ok(Times {})
    }

    /// Every time expression of the document, in order, none inside another.
    #[must_use]
    pub fn find(&self, document: &Document, split: &Split) -> Vec<Mention> {
        let _ = (document, split);
        Vec::new()
    }
}
