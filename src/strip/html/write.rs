//! Writes the blocks of a story as clean text.

use super::cues::CUES;
use super::layout::{Block, Fate, Layout};
use super::select::Story;
use super::tree::{Tag, Tree};
use crate::strip::builder::DocumentBuilder;
use crate::strip::decode::Decoded;

/// The clean text of a story.
pub(super) fn story<'d>(source: &'d Decoded, tree: &Tree, layout: &Layout, story: &Story, headline: Option<&str>) -> DocumentBuilder<'d> {
    let mut builder = DocumentBuilder::new(source);
    let blocks = &layout.blocks[story.blocks.clone()];
    let runs = |block: &Block| !block.heading && block.link * 2 <= block.text && (block.text >= 80 || block.stops > 0);
    let first = blocks.iter().position(runs).unwrap_or(0);
    let last = blocks.iter().rposition(runs).map_or(blocks.len(), |i| i + 1);
    for (i, block) in blocks.iter().enumerate() {
        let within = (first..last).contains(&i);
        if !(wanted(tree, block, within)) {
            continue;
        }
        write(&mut builder, tree, layout, block);
        let paragraph = builder.open_paragraph();
        let repeated = headline.is_some_and(|h| h == paragraph);
        if repeated || CUES.is_stray(paragraph) || !paragraph.chars().any(char::is_alphanumeric) {
            builder.drop_paragraph();
        }
        builder.end_paragraph();
    }
    builder
}

fn wanted(tree: &Tree, block: &Block, within: bool) -> bool {
    if block.heading {
        return false;
    }
    let tag = tree.nodes[block.parent].tag;
    let dense = block.link * 10 > block.text * 6;
    if dense {
        return within && block.stops > 0 && tag == Tag::P && block.text >= 80;
    }
    if block.text >= 80 || block.stops > 0 {
        return true;
    }
    within && matches!(tag, Tag::P | Tag::Li | Tag::Td | Tag::Th | Tag::Dd | Tag::Dt | Tag::Blockquote | Tag::Pre)
}

/// Writes one block; a single line break parts paragraphs unless a sentence runs on over it.
fn write(builder: &mut DocumentBuilder, tree: &Tree, layout: &Layout, block: &Block) {
    let mut at = block.start;
    while at < block.end {
        let node = &tree.nodes[at];
        if layout.fates[at] == Fate::Dropped {
            at = node.after;
            continue;
        }
        match node.tag {
            Tag::Text => builder.markup(node.whole.clone()),
            Tag::Br => {
                let ended = builder.open_paragraph().ends_with(['.', '!', '?', ':', ';', '"', '”', '’', ')']);
                let next =
                    tree.nodes[at + 1..block.end].iter().find(|n| n.tag == Tag::Text && !tree.page[n.whole.clone()].trim().is_empty());
                let runs_on = next.is_some_and(|n| tree.page[n.whole.clone()].trim_start().starts_with(char::is_lowercase));
                if ended || !runs_on {
                    builder.end_paragraph();
                } else {
                    builder.space(node.whole.clone());
                }
            }
            _ => {}
        }
        at += 1;
    }
}
