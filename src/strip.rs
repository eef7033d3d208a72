//! From a page or copied text to an article's text and what is known of it, with a map back to the source's bytes.

use crate::error::Result;
use crate::types::{Document, RawDocument};

/// The articles of a raw document: usually one, more where the page clearly has several.
///
/// # Errors
/// When nothing readable is left, or the text is not English; the error says which.
pub fn strip(raw: &RawDocument) -> Result<Vec<Document>> {
    let _ = raw;
    Ok(Vec::new())
}
