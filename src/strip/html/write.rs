//! Writes the blocks of a story as clean text.

use super::cues::Cues;
use super::layout::{Block, Fate, Layout};
use super::select::{Story, runs};
use super::tree::{Tag, Tree};
use crate::read::day;
use crate::strip::builder::DocumentBuilder;
use crate::strip::decode::Decoded;
use crate::types::Metadata;
use rustc_hash::FxHashSet;

/// A lead line of a page is at most so long, in bytes.
const LEAD: usize = 160;

/// The clean text of a story.
pub(super) fn story<'d>(
    source: &'d Decoded,
    tree: &Tree,
    layout: &Layout,
    story: &Story,
    meta: &Metadata,
    cues: &Cues,
) -> DocumentBuilder<'d> {
    let mut builder = DocumentBuilder::new(source);
    let blocks = &layout.blocks[story.blocks.clone()];
    let first = blocks.iter().position(runs).unwrap_or(0);
    let mut last = blocks.iter().rposition(runs).map_or(blocks.len(), |i| i + 1);
    // Lists or tables that close the text, with their headings.
    while let Some(next) = blocks.get(last) {
        if !(entry(tree, next) || next.heading && blocks.get(last + 1).is_some_and(|after| entry(tree, after))) {
            break;
        }
        last += 1;
    }
    let all: usize = blocks.iter().filter(|block| runs(block)).map(|block| block.text).sum();
    let (mut before, mut written) = (0, FxHashSet::default());
    for (i, block) in blocks.iter().enumerate() {
        if before * 10 > all * 7 && block.text <= 60 && ends(source, tree, layout, block, cues) {
            break;
        }
        if runs(block) {
            before += block.text;
        }
        let within = (first..last).contains(&i);
        if !wanted(tree, block, blocks.get(i + 1), within) {
            continue;
        }
        write(&mut builder, tree, layout, block);
        let paragraph = builder.open_paragraph();
        let repeated = meta.headline.as_deref() == Some(paragraph) || (paragraph.len() >= 60 && !written.insert(paragraph.to_owned()));
        // Who speaks of the author near the end says who the author is; a line that is the name and little else opens a note of its own.
        if before * 100 > all * 85 && !block.heading && authors(meta).any(|author| paragraph.contains(author)) {
            let note = before * 10 > all * 9
                && paragraph.len() <= LEAD
                && !paragraph.ends_with(['.', '!', '?'])
                && authors(meta).any(|author| paragraph.starts_with(author));
            builder.drop_paragraph();
            if note {
                break;
            }
            continue;
        }
        let lead = before * 10 < all * 3 && paragraph.len() <= LEAD && is_lead(paragraph, meta);
        if repeated || lead || cues.is_stray(paragraph) || !paragraph.chars().any(char::is_alphanumeric) {
            builder.drop_paragraph();
        }
        if block.heading {
            builder.end_heading();
        } else {
            builder.end_paragraph();
        }
    }
    builder
}

/// Whether a block is an entry of a list or a cell of a table, and no link.
fn entry(tree: &Tree, block: &Block) -> bool {
    let cell = matches!(tree.nodes[block.parent].tag, Tag::Td | Tag::Th | Tag::Dd | Tag::Dt);
    (block.item || cell) && block.link * 2 <= block.text
}

/// Whether a block says that the article is over.
fn ends(source: &Decoded, tree: &Tree, layout: &Layout, block: &Block, cues: &Cues) -> bool {
    let mut line = DocumentBuilder::new(source);
    write(&mut line, tree, layout, block);
    cues.is_end(line.open_paragraph())
}

/// A byline or a line of dates between headline and text.
fn is_lead(paragraph: &str, meta: &Metadata) -> bool {
    let by = paragraph.get(..3).is_some_and(|lead| lead.eq_ignore_ascii_case("by "))
        && meta.authors.iter().any(|author| paragraph.contains(author.as_str()));
    let ended = paragraph.ends_with(['.', '!', '?', '"', '”', '’', ':']);
    by || meta.authors.iter().any(|author| author == paragraph) || (!ended && day(paragraph).is_some() && paragraph.len() < 90)
}

/// The authors with whole names that are not the outlet's.
fn authors(meta: &Metadata) -> impl Iterator<Item = &str> {
    let outlet = meta.publisher.as_deref().unwrap_or_default();
    meta.authors.iter().map(String::as_str).filter(move |author| author.contains(' ') && !outlet.contains(author))
}

fn wanted(tree: &Tree, block: &Block, next: Option<&Block>, within: bool) -> bool {
    if block.heading {
        // A heading that is a link is one where text comes under it.
        return within && (block.link * 10 <= block.text * 6 || next.is_some_and(runs));
    }
    let tag = tree.nodes[block.parent].tag;
    let dense = block.link * 10 > block.text * 6;
    if dense {
        // An entry of a list that is a sentence has words beside its links.
        let said = tag == Tag::P || (tag == Tag::Li && block.link < block.text);
        return within && block.stops > 0 && said && block.text >= 80;
    }
    if block.text >= 80 || block.stops > 0 {
        return true;
    }
    within
        && (block.item && tag.is_heading()
            || matches!(tag, Tag::P | Tag::Li | Tag::Td | Tag::Th | Tag::Dd | Tag::Dt | Tag::Blockquote | Tag::Pre))
}

/// Writes one block; a single line break parts paragraphs unless a sentence runs on over it.
fn write(builder: &mut DocumentBuilder, tree: &Tree, layout: &Layout, block: &Block) {
    let mut at = block.start;
    while at < block.end {
        let node = &tree.nodes[at];
        if layout.fates[at] == Fate::Dropped {
            at = node.after();
            continue;
        }
        match node.tag {
            Tag::Text => builder.markup(node.whole()),
            Tag::Br => {
                let ended = builder.open_paragraph().ends_with(['.', '!', '?', ':', ';', '"', '”', '’', ')']);
                let next = tree.nodes[at + 1..block.end].iter().find(|n| n.tag == Tag::Text && !tree.page[n.whole()].trim().is_empty());
                let runs_on = next.is_some_and(|n| tree.page[n.whole()].trim_start().starts_with(char::is_lowercase));
                if ended || !runs_on {
                    builder.end_paragraph();
                } else {
                    builder.space(node.whole());
                }
            }
            _ => {}
        }
        at += 1;
    }
}
