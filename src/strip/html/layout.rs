//! What each element of a page is for, and the blocks of text that are left.

use super::cues::{Cues, Names};
use super::tree::{Id, Tag, Tree};

/// How readily an element is left out. A page whose names mislead is laid out again with more care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Care {
    /// All names count.
    Usual,
    /// Only the surest names count.
    More,
    /// Only elements count.
    Most,
}

/// What becomes of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Kept,
    /// Left out with all that is in it.
    Dropped,
}

/// Text that stands together: the inline content of one block element, up to the next block or blank line.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// The element it stands in.
    pub parent: Id,
    /// First node.
    pub start: Id,
    /// One past the last node.
    pub end: Id,
    /// Bytes of text, white space folded.
    pub text: usize,
    /// Those of them inside links.
    pub link: usize,
    /// Ends of sentences in it.
    pub stops: usize,
    /// Inside a heading.
    pub heading: bool,
    /// Inside a list item.
    pub item: bool,
}

/// A page laid out.
pub(crate) struct Layout {
    /// What each element's class and id say.
    pub names: Vec<Names>,
    pub fates: Vec<Fate>,
    pub blocks: Vec<Block>,
    /// Bytes of running text before each node.
    prose: Vec<u32>,
}

impl Layout {
    pub(crate) fn new(tree: &Tree, cues: &Cues, care: Care) -> Layout {
        let names = tree
            .nodes
            .iter()
            .enumerate()
            .map(|(id, node)| if matches!(node.tag, Tag::Text | Tag::Root) { Names::default() } else { names(tree, id, cues) })
            .collect();
        let mut layout = Layout { names, fates: vec![Fate::Kept; tree.nodes.len()], blocks: Vec::new(), prose: prose(tree) };
        layout.decide(tree, cues, care);
        layout.lay(tree);
        layout
    }

    /// Bytes of running text under a node, as far as the page's code tells.
    pub(crate) fn prose(&self, tree: &Tree, id: Id) -> usize {
        (self.prose[tree.nodes[id].after()] - self.prose[id]) as usize
    }

    fn decide(&mut self, tree: &Tree, cues: &Cues, care: Care) {
        let total = self.prose(tree, 0).max(1);
        let mut at = 1;
        while at < tree.nodes.len() {
            let node = &tree.nodes[at];
            let prose = self.prose(tree, at);
            // A name that fits most of the page's prose names something else.
            let most = |tenths: usize| prose * 10 > total * tenths;
            let names = self.names[at];
            let page_level = matches!(node.tag, Tag::Html | Tag::Body | Tag::Main | Tag::Article);
            let dropped = match node.tag {
                Tag::Text => {
                    if prose < 40 && cues.is_label(&tree.page[node.whole()]) {
                        self.drop_labelled(tree, at);
                    }
                    false
                }
                Tag::Html | Tag::Body => false,
                Tag::Input if asks_address(tree, at) => {
                    self.drop_offer(tree, at);
                    false
                }
                // The question of an answer that folds out.
                Tag::Button if titles(tree, at) => false,
                Tag::Script
                | Tag::Style
                | Tag::Template
                | Tag::Noscript
                | Tag::Svg
                | Tag::Iframe
                | Tag::Nav
                | Tag::Button
                | Tag::Select
                | Tag::Textarea
                | Tag::Object
                | Tag::Audio
                | Tag::Video
                | Tag::Canvas
                | Tag::Menu
                | Tag::Head
                | Tag::Marquee
                | Tag::Label
                | Tag::Figcaption
                | Tag::Map
                | Tag::Title
                | Tag::Legend => true,
                Tag::Footer | Tag::Dialog => !most(7),
                _ if care == Care::Most => false,
                // A table that is set as a figure.
                Tag::Figure if has(tree, at, Tag::Table) => false,
                Tag::Aside | Tag::Form | Tag::Header | Tag::Figure | Tag::Hgroup | Tag::Address | Tag::Caption if !most(4) => true,
                tag if tag.is_inline() => names.has(Names::INLINE) || hidden(tree, at),
                _ if names.has(Names::BODY) && most(2) => false,
                _ if page_level => names.has(Names::NEVER) && !most(3),
                _ => {
                    let unsure = names.has(Names::DROP) || names.has(Names::CAPTION) || hidden(tree, at) || side_role(tree, at);
                    (names.has(Names::NEVER) && !most(7)) || (care == Care::Usual && unsure && !most(4))
                }
            };
            if dropped {
                if node.tag == Tag::Form && (at..node.after()).any(|id| tree.nodes[id].tag == Tag::Input && asks_address(tree, id)) {
                    self.drop_offer(tree, at);
                }
                self.fates[at] = Fate::Dropped;
                at = node.after();
            } else {
                at += 1;
            }
        }
    }

    /// Drops the box that a label such as "Advertisement" opens.
    fn drop_labelled(&mut self, tree: &Tree, label: Id) {
        const SMALL: usize = 700;
        self.drop_box(tree, label, SMALL, |tree, id| {
            tree.nodes.get(tree.nodes[id].after()).map_or(tree.page.len(), |next| next.whole().start) - tree.nodes[id].whole().start
        });
    }

    /// Drops the box round a field or form that asks for the reader's address.
    fn drop_offer(&mut self, tree: &Tree, form: Id) {
        const SMALL: usize = 600;
        self.drop_box(tree, form, SMALL, |tree, id| tree.words(id).len());
    }

    /// Drops the largest element round a node that is still small.
    fn drop_box(&mut self, tree: &Tree, inside: Id, small: usize, size: impl Fn(&Tree, Id) -> usize) {
        let mut found = None;
        let mut at = tree.nodes[inside].parent();
        while at != 0
            && !matches!(tree.nodes[at].tag, Tag::Article | Tag::Main | Tag::Body | Tag::Td)
            && !self.names[at].has(Names::BODY)
            && size(tree, at) <= small
        {
            if !tree.is_inline(at) {
                found = Some(at);
            }
            at = tree.nodes[at].parent();
        }
        if let Some(id) = found {
            self.fates[id] = Fate::Dropped;
        }
    }

    /// Gathers the blocks of what is kept.
    fn lay(&mut self, tree: &Tree) {
        let mut parents = vec![0u32; tree.nodes.len()];
        let mut block: Option<Block> = None;
        let mut breaks = 0;
        let mut link_end = 0;
        let mut heading_end = 0;
        let mut item_end = 0;
        let mut at = 1;
        while at < tree.nodes.len() {
            let node = &tree.nodes[at];
            parents[at] = if tree.is_inline(node.parent()) { parents[node.parent()] } else { node.parent() as u32 };
            let parent = parents[at] as usize;
            if self.fates[at] == Fate::Dropped {
                if !tree.is_inline(at) && !matches!(node.tag, Tag::Script | Tag::Style) {
                    self.blocks.extend(block.take());
                }
                at = node.after();
                continue;
            }
            match node.tag {
                Tag::Br => {
                    breaks += 1;
                    if breaks > 1 {
                        self.blocks.extend(block.take());
                    }
                }
                Tag::Text => {
                    let raw = &tree.page[node.whole()];
                    let text: usize = raw.split_ascii_whitespace().map(|word| word.len() + 1).sum();
                    if text > 0 && !raw.trim().is_empty() {
                        breaks = 0;
                        if block.as_ref().is_some_and(|open| open.parent != parent) {
                            self.blocks.extend(block.take());
                        }
                        let open = block.get_or_insert(Block {
                            parent,
                            start: at,
                            end: at,
                            text: 0,
                            link: 0,
                            stops: 0,
                            heading: at < heading_end && at >= item_end,
                            item: at < item_end,
                        });
                        open.end = at + 1;
                        open.text += text;
                        open.link += if at < link_end { text } else { 0 };
                        open.stops += stops(raw);
                    }
                }
                tag if tree.is_inline(at) => {
                    if tag == Tag::A && tree.attribute(at, "href").is_some() {
                        link_end = link_end.max(node.after());
                    }
                }
                tag => {
                    breaks = 0;
                    self.blocks.extend(block.take());
                    if tag.is_heading() {
                        heading_end = heading_end.max(node.after());
                    }
                    if matches!(tag, Tag::Li) {
                        item_end = item_end.max(node.after());
                    }
                }
            }
            at += 1;
        }
        self.blocks.extend(block);
    }
}

/// Whether a field asks for the reader's e-mail address or telephone number.
fn asks_address(tree: &Tree, id: Id) -> bool {
    tree.attributes(id).any(|(name, value)| {
        name.eq_ignore_ascii_case("type") && (value.eq_ignore_ascii_case("email") || value.eq_ignore_ascii_case("tel"))
    })
}

/// Whether a button is a heading's, or holds one.
fn titles(tree: &Tree, button: Id) -> bool {
    let within = |id: Id| tree.nodes[id].tag.is_heading();
    let inside = (button + 1..tree.nodes[button].after()).any(within);
    inside || std::iter::successors(Some(button), |id| Some(tree.nodes[*id].parent())).take(4).any(within)
}

/// Whether an element holds another of this tag.
fn has(tree: &Tree, id: Id, tag: Tag) -> bool {
    tree.nodes[id..tree.nodes[id].after()].iter().any(|node| node.tag == tag)
}

/// Ends of sentences in a run of text.
fn stops(text: &str) -> usize {
    let bytes = text.trim_end().as_bytes();
    let ends = |i: usize| match bytes.get(i + 1) {
        None => true,
        Some(next) => next.is_ascii_whitespace() || matches!(next, b'"' | b'\'' | b')') || *next >= 0x80,
    };
    bytes.iter().enumerate().filter(|(i, b)| matches!(b, b'.' | b'!' | b'?') && ends(*i)).count()
}

fn names(tree: &Tree, id: Id, cues: &Cues) -> Names {
    let mut said = Names::default();
    for (name, value) in tree.attributes(id) {
        if name.eq_ignore_ascii_case("class")
            || name.eq_ignore_ascii_case("id")
            || name.eq_ignore_ascii_case("data-component")
            || name.eq_ignore_ascii_case("data-testid")
        {
            said = said.and(cues.names(value));
        } else if name.eq_ignore_ascii_case("itemprop") && value.eq_ignore_ascii_case("articleBody") {
            said = said.and(Names::BODY);
        }
    }
    said
}

fn hidden(tree: &Tree, id: Id) -> bool {
    tree.attributes(id).any(|(name, value)| match name.len() {
        5 if name.eq_ignore_ascii_case("style") => {
            let value: String = value.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
            value.contains("display:none") || value.contains("visibility:hidden")
        }
        6 => name.eq_ignore_ascii_case("hidden"),
        11 => name.eq_ignore_ascii_case("aria-hidden") && value.eq_ignore_ascii_case("true"),
        _ => false,
    })
}

fn side_role(tree: &Tree, id: Id) -> bool {
    const ROLES: [&str; 14] = [
        "navigation",
        "banner",
        "complementary",
        "contentinfo",
        "dialog",
        "alertdialog",
        "search",
        "menu",
        "menubar",
        "tablist",
        "toolbar",
        "tooltip",
        "form",
        "alert",
    ];
    tree.attribute(id, "role").is_some_and(|role| ROLES.iter().any(|r| role.eq_ignore_ascii_case(r)))
}

/// Bytes of running text before each node: text of some length outside links and code.
fn prose(tree: &Tree) -> Vec<u32> {
    let mut before = Vec::with_capacity(tree.nodes.len() + 1);
    let (mut sum, mut skip) = (0u32, 0);
    for (id, node) in tree.nodes.iter().enumerate() {
        before.push(sum);
        match node.tag {
            Tag::Script
            | Tag::Style
            | Tag::Template
            | Tag::Noscript
            | Tag::Svg
            | Tag::Iframe
            | Tag::Select
            | Tag::Textarea
            | Tag::Head
            | Tag::A
            | Tag::Nav
            | Tag::Button => skip = skip.max(node.after()),
            Tag::Text if id >= skip => {
                let len = tree.page[node.whole()].trim().len() as u32;
                sum += if len >= 40 { len } else { 0 };
            }
            _ => {}
        }
    }
    before.push(sum);
    before
}
