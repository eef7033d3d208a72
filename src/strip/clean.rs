//! Text that is clean already.

use super::builder::DocumentBuilder;
use super::dateline::Datelines;
use super::decode::Decoded;
use crate::error::Result;
use crate::types::{Document, RawDocument};

/// The one article of a clean text: every line (a record's `text` has a line a paragraph) is a paragraph, unless blank lines part them. A first line
/// that is the headline, as trafilatura writes it, is none.
///
/// # Errors
/// When the text is empty.
pub fn articles(source: &Decoded, raw: &RawDocument, datelines: &Datelines) -> Result<Vec<Document>> {
    let mut builder = DocumentBuilder::new(source);
    let mut at = 0;
    let mut headline = raw.hints.headline.as_deref();
    for line in source.text.split('\n') {
        let is_headline = headline.is_some_and(|headline| headline.split_whitespace().eq(line.split_whitespace()));
        if !is_headline {
            builder.plain(at..at + line.len());
            builder.end_paragraph();
        }
        if !line.trim().is_empty() {
            headline = None;
        }
        at += line.len() + 1;
    }
    Ok(vec![builder.finish(raw, 1, 0, raw.hints.clone(), datelines)?])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Content, Metadata};

    #[test]
    fn a_first_line_that_is_the_headline_is_no_text() {
        let datelines = Datelines::load(None).expect("built-in data");
        let text = |headline: &str, text: &str| {
            let hints = Metadata { headline: Some(headline.into()), ..Metadata::default() };
            let raw =
                RawDocument { id: "a".into(), source_file: "a".into(), bytes: text.into(), content: Content::Clean, charset: None, hints };
            let documents = articles(&Decoded::new(&raw.bytes, None), &raw, &datelines).expect("an article");
            documents.into_iter().map(|document| document.text).collect::<String>()
        };
        assert_eq!(text("Dam  fails", "\nDam fails\nTwo ships left.\nDam fails"), "Two ships left.\n\nDam fails");
        assert_eq!(text("Dam fails", "Two ships left."), "Two ships left.");
    }
}
