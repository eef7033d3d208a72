//! Which part of a page is its article, or its articles.

use super::cues::Names;
use super::layout::{Block, Fate, Layout};
use super::tree::{Id, Tag, Tree};

/// A story of the page.
#[derive(Clone, Debug)]
pub(super) struct Story {
    /// The element that holds it.
    pub root: Id,
    /// Its blocks: a run of [`Layout::blocks`].
    pub blocks: std::ops::Range<usize>,
    /// The node where its text starts.
    pub text: Id,
}

/// The stories of a page, in its order.
pub(super) fn stories(tree: &Tree, layout: &Layout) -> Vec<Story> {
    let worth = Worth::new(tree, layout);
    let several = several(tree, layout, &worth);
    if several.len() > 1 {
        return several.into_iter().map(|root| story(tree, layout, root)).collect();
    }
    let root = body(tree, layout, &worth);
    vec![story(tree, layout, root)]
}

/// The `<article>`s of a page that holds several whole ones: each with a heading of its own and some paragraphs, none a teaser beside the others,
/// none an entry of a live blog.
fn several(tree: &Tree, layout: &Layout, worth: &Worth) -> Vec<Id> {
    /// Running blocks and worth of a story; less is a teaser.
    const BLOCKS: usize = 3;
    const WORTH: i64 = 500;
    let mut found: Vec<Id> = Vec::new();
    let mut at = 1;
    while at < tree.nodes.len() {
        let node = &tree.nodes[at];
        if layout.fates[at] == Fate::Dropped {
            at = node.after();
            continue;
        }
        if node.tag == Tag::Article {
            let live = layout.names[at].has(Names::LIVE) || layout.names[node.parent()].has(Names::LIVE);
            let headed = (at..node.after()).any(|id| matches!(tree.nodes[id].tag, Tag::H1 | Tag::H2));
            let nested = (at + 1..node.after()).filter(|id| tree.nodes[*id].tag == Tag::Article && worth.of(tree, *id) >= WORTH).count();
            let blocks = layout.blocks.iter().filter(|block| (at..node.after()).contains(&block.start) && runs(block)).count();
            if nested < 2 {
                if headed && !live && blocks >= BLOCKS && worth.of(tree, at) >= WORTH {
                    found.push(at);
                }
                at = node.after();
                continue;
            }
        }
        at += 1;
    }
    let most = found.iter().map(|id| worth.of(tree, *id)).max().unwrap_or(0);
    found.retain(|id| worth.of(tree, *id) * 5 >= most);
    found
}

fn story(tree: &Tree, layout: &Layout, root: Id) -> Story {
    let first = layout.blocks.partition_point(|block| block.start < root);
    let last = layout.blocks.partition_point(|block| block.start < tree.nodes[root].after());
    let here = &layout.blocks[first..last];
    let text = here
        .iter()
        .find(|block| runs(block) && block.stops > 0)
        .or_else(|| here.iter().find(|block| runs(block)))
        .map_or(root, |block| block.start);
    Story { root, blocks: first..last, text }
}

/// What the text under each node is worth as article text; sums over runs of nodes.
struct Worth {
    before: Vec<i32>,
}

impl Worth {
    fn new(tree: &Tree, layout: &Layout) -> Worth {
        let mut before = vec![0; tree.nodes.len() + 1];
        for block in &layout.blocks {
            before[block.start + 1] = value(tree, block) as i32;
        }
        for i in 1..before.len() {
            before[i] += before[i - 1];
        }
        Worth { before }
    }

    fn of(&self, tree: &Tree, id: Id) -> i64 {
        i64::from(self.before[tree.nodes[id].after()] - self.before[id])
    }
}

/// Whether a block is running text.
pub(super) fn runs(block: &Block) -> bool {
    !block.heading && block.link * 2 <= block.text && (block.text >= 80 || block.stops > 0)
}

/// What a block is worth: running text is good, menus are bad.
fn value(tree: &Tree, block: &Block) -> i64 {
    let (text, link) = (block.text as i64, block.link as i64);
    let paragraph = tree.nodes[block.parent].tag == Tag::P;
    if block.heading {
        0
    } else if link * 2 > text {
        -text.min(100) / 2
    } else if text >= 80 || (paragraph && text >= 40) || (block.stops > 0 && text >= 25) {
        text - 2 * link
    } else if paragraph || block.item {
        0
    } else {
        -5
    }
}

/// The element that holds the article's text.
fn body(tree: &Tree, layout: &Layout, worth: &Worth) -> Id {
    let mut best = (0, i64::MIN);
    let mut named = (0, 0);
    let mut article = (0, 0);
    for (id, node) in tree.nodes.iter().enumerate() {
        if node.tag == Tag::Text || tree.is_inline(id) {
            continue;
        }
        let sum = worth.of(tree, id);
        if sum >= best.1 {
            best = (id, sum);
        }
        if layout.names[id].has(Names::BODY) && sum >= named.1 {
            named = (id, sum);
        }
        if matches!(node.tag, Tag::Article | Tag::Main) && sum >= article.1 {
            article = (id, sum);
        }
    }
    if named.1 > 0 && named.1 * 10 >= best.1 * 6 {
        return named.0;
    }
    if article.1 > 0 && article.1 * 10 >= best.1 * 6 {
        return article.0;
    }
    best.0
}
