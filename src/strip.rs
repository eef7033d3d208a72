//! From a page or copied text to an article's text and what is known of it, with a map back to the source's bytes.

pub mod builder;
mod clean;
mod copied;
pub mod dateline;
pub mod decode;
mod html;
mod language;
pub mod metadata;

use crate::error::{Error, Result, Stage};
use crate::types::{Content, Document, RawDocument};
use dateline::Datelines;
use decode::Decoded;
use std::path::Path;

/// Finds articles in documents; shared by all threads.
#[derive(Debug)]
pub struct Stripper {
    html: html::cues::Cues,
    copied: copied::cues::Cues,
    datelines: Datelines,
    words: metadata::Words,
}

impl Stripper {
    /// The built-in cues and agencies, with the user's from `rules` added.
    ///
    /// # Errors
    /// When a data file does not parse; names file and line.
    pub fn load(rules: Option<&Path>) -> Result<Stripper> {
        Ok(Stripper {
            html: html::cues::Cues::load(rules)?,
            copied: copied::cues::Cues::load(rules)?,
            datelines: Datelines::load(rules)?,
            words: metadata::Words::load(rules)?,
        })
    }

    /// The articles of a raw document: usually one, more where the page clearly has several.
    ///
    /// # Errors
    /// When nothing readable is left, or the text is not English; the error says which.
    pub fn strip(&self, raw: &RawDocument) -> Result<Vec<Document>> {
        let source = Decoded::new(&raw.bytes, raw.charset.as_deref());
        let documents = match raw.content {
            Content::Html => html::articles(&source, raw, &self.html, &self.datelines, &self.words),
            Content::Clean => clean::articles(&source, raw, &self.datelines),
            Content::Copied => copied::articles(&source, raw, &self.copied, &self.datelines),
        }?;
        let mut foreign = None;
        let mut kept = Vec::with_capacity(documents.len());
        for mut document in documents {
            match language::foreign(&document.text) {
                Some(name) => foreign = foreign.or(Some(name)),
                None => {
                    document.meta.language = Some("en".to_owned());
                    kept.push(document);
                }
            }
        }
        match foreign {
            Some(name) if kept.is_empty() => Err(Error::left_out(&raw.id, Stage::Strip, format!("the text is {name}, not English"))),
            _ if kept.is_empty() => Err(Error::left_out(&raw.id, Stage::Strip, "no article text found")),
            _ => Ok(kept),
        }
    }
}
