//! Text copied from a page, clutter included.

use super::decode::Decoded;
use crate::error::Result;
use crate::types::{Document, RawDocument};

/// The articles of a copied text.
///
/// # Errors
/// When no article text is found.
pub fn articles(source: &Decoded, raw: &RawDocument) -> Result<Vec<Document>> {
    super::clean::articles(source, raw)
}
