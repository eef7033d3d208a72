//! Text that is clean already.

use super::builder::DocumentBuilder;
use super::dateline::Datelines;
use super::decode::Decoded;
use crate::error::Result;
use crate::types::{Document, RawDocument};

/// The one article of a clean text: every line (a record's `text` has a line a paragraph) is a paragraph, unless blank lines part them.
///
/// # Errors
/// When the text is empty.
pub fn articles(source: &Decoded, raw: &RawDocument, datelines: &Datelines) -> Result<Vec<Document>> {
    let mut builder = DocumentBuilder::new(source);
    let mut at = 0;
    for line in source.text.split('\n') {
        builder.plain(at..at + line.len());
        builder.end_paragraph();
        at += line.len() + 1;
    }
    Ok(vec![builder.finish(raw, 1, 0, raw.hints.clone(), datelines)?])
}
