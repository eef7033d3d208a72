//! From a web page to its articles.

pub(crate) mod cues;
pub(crate) mod layout;
mod select;
mod token;
pub(crate) mod tree;
mod write;

use super::builder::DocumentBuilder;
use super::decode::Decoded;
use super::metadata;
use crate::error::{Error, Result, Stage};
use crate::types::{Document, Metadata, RawDocument};
use cues::CUES;
use layout::{Care, Layout};
use tree::Tree;

/// Bytes of text that make a layout good enough not to try another.
const ENOUGH: usize = 500;

/// The articles of a page.
///
/// # Errors
/// When no article text is found.
pub fn articles(source: &Decoded, raw: &RawDocument) -> Result<Vec<Document>> {
    let tree = Tree::new(&source.text);
    let mut best: Option<(usize, Vec<Written>)> = None;
    for care in [Care::Usual, Care::More, Care::Most] {
        let layout = Layout::new(&tree, &CUES, care);
        let stories: Vec<Written> = select::stories(&tree, &layout)
            .iter()
            .map(|story| {
                let meta = metadata::of_page(&tree, &layout, story.root, story.text, &raw.hints);
                Written { root: story.root, builder: write::story(source, &tree, &layout, story, &meta), meta }
            })
            .collect();
        let len = stories.iter().map(|story| story.builder.len()).sum();
        // Names that hide most of the text are not what they seem.
        if best.as_ref().is_none_or(|(before, _)| before * 3 < len) {
            best = Some((len, stories));
        }
        if care != Care::Usual && best.as_ref().is_some_and(|(len, _)| *len > ENOUGH) {
            break;
        }
    }
    let mut documents: Vec<Document> = Vec::new();
    for story in best.map(|(_, stories)| stories).unwrap_or_default() {
        let start = source.source_offset(tree.nodes[story.root].whole.start);
        if let Ok(document) = story.builder.finish(raw, documents.len() + 1, start, story.meta) {
            documents.push(document);
        }
    }
    if documents.is_empty() {
        return Err(Error::document(&raw.id, Stage::Strip, "no article text found"));
    }
    Ok(documents)
}

/// A story's text and the element it came from.
struct Written<'d> {
    root: tree::Id,
    builder: DocumentBuilder<'d>,
    meta: Metadata,
}
