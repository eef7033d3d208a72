//! From a page or copied text to an article's text and what is known of it, with a map back to the source's bytes.

pub mod builder;
mod clean;
mod copied;
pub mod dateline;
pub mod decode;
mod html;

use crate::error::Result;
use crate::types::{Content, Document, RawDocument};
use decode::Decoded;

/// The articles of a raw document: usually one, more where the page clearly has several.
///
/// # Errors
/// When nothing readable is left, or the text is not English; the error says which.
pub fn strip(raw: &RawDocument) -> Result<Vec<Document>> {
    let source = Decoded::new(&raw.bytes, None);
    match raw.content {
        Content::Html => html::articles(&source, raw),
        Content::Clean => clean::articles(&source, raw),
        Content::Copied => copied::articles(&source, raw),
    }
}
