//! A light tree of a page: elements and text in page order, end tags implied where pages leave them out.

use super::token::{Token, Tokens, attributes};
use crate::limits;
use std::borrow::Cow;
use std::ops::Range;

/// Elements deeper than this hang on the last one allowed: a page of nothing but open tags costs no more than another.
const MAX_DEPTH: usize = 400;

/// Index of a node; 0 is the root.
pub(crate) type Id = usize;

macro_rules! tags {
    ($($name:ident $text:literal),* $(,)?) => {
        /// The elements that matter here.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Tag {
            /// A run of text.
            Text,
            /// The page itself.
            Root,
            /// Any element not named here.
            Other,
            $($name),*
        }

        const NAMES: &[(&str, Tag)] = &[$(($text, Tag::$name)),*];
    };
}

tags! {
    A "a", Abbr "abbr", Address "address", Article "article", Aside "aside", Audio "audio", B "b", Blockquote "blockquote", Body "body", Br "br", Button "button",
    Canvas "canvas", Caption "caption", Center "center", Cite "cite", Code "code", Dd "dd", Details "details", Dialog "dialog", Div "div", Dl "dl", Dt "dt", Em "em", Embed "embed",
    Fieldset "fieldset", Figcaption "figcaption", Figure "figure", Font "font", Footer "footer", Form "form", H1 "h1", H2 "h2", H3 "h3", H4 "h4", H5 "h5", H6 "h6",
    Head "head", Header "header", Hgroup "hgroup", Hr "hr", Html "html", I "i", Iframe "iframe", Img "img", Input "input", Label "label", Legend "legend", Li "li", Link "link",
    Main "main", Map "map", Marquee "marquee", Math "math", Menu "menu", Meta "meta", Nav "nav", Noscript "noscript", Object "object", Ol "ol", Optgroup "optgroup", Option "option", P "p", Picture "picture",
    Pre "pre", Q "q", S "s", Script "script", Section "section", Select "select", Small "small", Source "source", Span "span", Strike "strike", Strong "strong", Style "style", Sub "sub",
    Summary "summary", Sup "sup", Svg "svg", Table "table", Tbody "tbody", Td "td", Template "template", Textarea "textarea", Tfoot "tfoot", Th "th",
    Thead "thead", Time "time", Title "title", Tr "tr", U "u", Ul "ul", Video "video", Wbr "wbr",
}

impl Tag {
    fn of(name: &str) -> Tag {
        if name.len() > 10 {
            return Tag::Other;
        }
        let mut lower = [0; 10];
        let lower = &mut lower[..name.len()];
        lower.copy_from_slice(name.as_bytes());
        lower.make_ascii_lowercase();
        NAMES.binary_search_by(|(text, _)| text.as_bytes().cmp(lower)).map_or(Tag::Other, |i| NAMES[i].1)
    }

    /// Never holds anything.
    fn is_void(self) -> bool {
        matches!(self, Tag::Br | Tag::Embed | Tag::Hr | Tag::Img | Tag::Input | Tag::Link | Tag::Meta | Tag::Source | Tag::Wbr)
    }

    /// Part of a line of text.
    pub(crate) fn is_inline(self) -> bool {
        matches!(
            self,
            Tag::Text
                | Tag::A
                | Tag::Abbr
                | Tag::B
                | Tag::Cite
                | Tag::Code
                | Tag::Em
                | Tag::Font
                | Tag::I
                | Tag::Label
                | Tag::Q
                | Tag::S
                | Tag::Small
                | Tag::Span
                | Tag::Strike
                | Tag::Strong
                | Tag::Sub
                | Tag::Sup
                | Tag::Time
                | Tag::U
                | Tag::Wbr
                | Tag::Img
                | Tag::Other
                | Tag::Picture
                | Tag::Br
                | Tag::Map
        )
    }

    /// Starts a block of its own: ends an open paragraph.
    fn ends_paragraph(self) -> bool {
        matches!(
            self,
            Tag::Address
                | Tag::Article
                | Tag::Aside
                | Tag::Blockquote
                | Tag::Center
                | Tag::Details
                | Tag::Dialog
                | Tag::Div
                | Tag::Dl
                | Tag::Dd
                | Tag::Dt
                | Tag::Fieldset
                | Tag::Figcaption
                | Tag::Figure
                | Tag::Footer
                | Tag::Form
                | Tag::H1
                | Tag::H2
                | Tag::H3
                | Tag::H4
                | Tag::H5
                | Tag::H6
                | Tag::Header
                | Tag::Hgroup
                | Tag::Hr
                | Tag::Li
                | Tag::Main
                | Tag::Menu
                | Tag::Nav
                | Tag::Ol
                | Tag::P
                | Tag::Pre
                | Tag::Section
                | Tag::Summary
                | Tag::Table
                | Tag::Ul
        )
    }

    /// h1 to h6.
    pub(crate) fn is_heading(self) -> bool {
        matches!(self, Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6)
    }

    /// What no implied end tag reaches through.
    fn is_scope(self) -> bool {
        matches!(
            self,
            Tag::Root | Tag::Html | Tag::Table | Tag::Td | Tag::Th | Tag::Caption | Tag::Template | Tag::Object | Tag::Svg | Tag::Marquee
        )
    }
}

/// An element or a run of text. A page may be nothing but tags, so a node is kept small.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub tag: Tag,
    parent: u32,
    after: u32,
    start: u32,
    end: u32,
    /// Bytes of an element's name.
    name: u32,
}

impl Node {
    pub(crate) fn parent(&self) -> Id {
        self.parent as usize
    }

    /// One past the last node under this one: nodes are in page order, so a subtree is a run of them.
    pub(crate) fn after(&self) -> Id {
        self.after as usize
    }

    /// The whole start tag, or the text.
    pub(crate) fn whole(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A page's nodes, in page order.
pub(crate) struct Tree<'p> {
    pub page: &'p str,
    pub nodes: Vec<Node>,
    /// How many `<p>` stand open while the tree grows.
    paragraphs: usize,
}

impl<'p> Tree<'p> {
    pub(crate) fn new(page: &'p str) -> Tree<'p> {
        let mut tree = Tree { page, nodes: Vec::with_capacity(page.bytes().filter(|b| *b == b'<').count() + 1), paragraphs: 0 };
        tree.nodes.push(Node { tag: Tag::Root, parent: 0, after: 0, start: 0, end: 0, name: 0 });
        let mut open: Vec<Id> = vec![0];
        for token in Tokens::new(page) {
            limits::check();
            match token {
                Token::Text(range) => {
                    if !range.is_empty() {
                        tree.add(&open, Tag::Text, range, 0);
                    }
                }
                Token::Start { whole, name, attributes } => {
                    let tag = Tag::of(&page[name.clone()]);
                    tree.imply(&mut open, tag);
                    let closed = page[attributes].ends_with('/');
                    let empty = tag.is_void() || (closed && matches!(tag, Tag::Other | Tag::Svg));
                    let deep = open.len() >= MAX_DEPTH;
                    if deep && !empty && tree.repeats(&open, tag) {
                        continue;
                    }
                    let id = tree.add(&open, tag, whole, name.len());
                    if !empty && !deep {
                        tree.paragraphs += usize::from(tag == Tag::P);
                        open.push(id);
                    }
                }
                Token::End { whole, name } => {
                    let tag = Tag::of(&page[name.clone()]);
                    if tag == Tag::Br {
                        // It has no name where a start tag has one: `</br>` has no attributes.
                        tree.add(&open, Tag::Br, whole, 0);
                    } else {
                        tree.close(&mut open, tag, name);
                    }
                }
            }
        }
        while let Some(id) = open.pop() {
            tree.nodes[id].after = tree.nodes.len() as u32;
        }
        tree
    }

    fn add(&mut self, open: &[Id], tag: Tag, whole: Range<usize>, name: usize) -> Id {
        let id = self.nodes.len();
        self.nodes.push(Node {
            tag,
            parent: open.last().copied().unwrap_or(0) as u32,
            after: id as u32 + 1,
            start: whole.start as u32,
            end: whole.end as u32,
            name: name as u32,
        });
        id
    }

    /// Whether the last node is an element of this kind that nothing can come into: where no more depth is allowed, one is as good as a thousand.
    fn repeats(&self, open: &[Id], tag: Tag) -> bool {
        self.nodes.last().is_some_and(|last| last.tag == tag && tag != Tag::Other && open.last() == Some(&last.parent()))
    }

    fn pop_to(&mut self, open: &mut Vec<Id>, depth: usize) {
        for id in open.drain(depth.max(1)..) {
            self.paragraphs -= usize::from(self.nodes[id].tag == Tag::P);
            self.nodes[id].after = self.nodes.len() as u32;
        }
    }

    /// An element's name as written.
    fn name(&self, id: Id) -> &'p str {
        let node = &self.nodes[id];
        let start = node.start as usize + 1;
        self.page.get(start..start + node.name as usize).unwrap_or_default()
    }

    /// What stands between an element's name and the end of its start tag.
    fn inside(&self, id: Id) -> &'p str {
        let node = &self.nodes[id];
        if node.name == 0 {
            return "";
        }
        let tag = &self.page[node.whole()];
        let rest = &tag[1 + node.name as usize..];
        rest.strip_suffix('>').unwrap_or(rest)
    }

    /// Ends what a start tag ends without saying so.
    fn imply(&mut self, open: &mut Vec<Id>, tag: Tag) {
        let find = |tree: &Self, open: &[Id], wanted: &[Tag], stop: &[Tag]| {
            for (depth, &id) in open.iter().enumerate().rev() {
                let tag = tree.nodes[id].tag;
                if wanted.contains(&tag) {
                    return Some(depth);
                }
                if stop.contains(&tag) || (stop.is_empty() && (tag.is_scope() || tag == Tag::Button)) {
                    return None;
                }
            }
            None
        };
        if self.paragraphs > 0
            && tag.ends_paragraph()
            && let Some(depth) = find(self, open, &[Tag::P], &[])
        {
            self.pop_to(open, depth);
        }
        let depth = match tag {
            Tag::Li => find(
                self,
                open,
                &[Tag::Li],
                &[Tag::Ul, Tag::Ol, Tag::Menu, Tag::Table, Tag::Td, Tag::Div, Tag::Section, Tag::Article, Tag::Nav],
            ),
            Tag::Dd | Tag::Dt => find(self, open, &[Tag::Dd, Tag::Dt], &[Tag::Dl, Tag::Table, Tag::Td, Tag::Div]),
            Tag::Option | Tag::Optgroup => find(self, open, &[Tag::Option], &[Tag::Select]),
            Tag::Td | Tag::Th => find(self, open, &[Tag::Td, Tag::Th], &[Tag::Tr, Tag::Table]),
            Tag::Tr => find(self, open, &[Tag::Tr], &[Tag::Table]),
            Tag::Tbody | Tag::Tfoot | Tag::Thead => find(self, open, &[Tag::Tbody, Tag::Tfoot, Tag::Thead], &[Tag::Table]),
            Tag::Body => find(self, open, &[Tag::Head], &[]),
            Tag::Button => find(self, open, &[Tag::Button], &[Tag::Table, Tag::Td, Tag::Template]),
            Tag::A => find(self, open, &[Tag::A], &[Tag::Table, Tag::Td, Tag::Div, Tag::Li]),
            Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6 => {
                open.len().checked_sub(1).filter(|d| self.nodes[open[*d]].tag.is_heading())
            }
            _ => None,
        };
        if let Some(depth) = depth {
            self.pop_to(open, depth);
        }
    }

    /// Closes the element an end tag names, and what stands open inside it; an end tag that fits nothing is passed over.
    fn close(&mut self, open: &mut Vec<Id>, tag: Tag, name: Range<usize>) {
        if matches!(tag, Tag::Html | Tag::Body | Tag::Root | Tag::Text) {
            return;
        }
        let table = matches!(tag, Tag::Table | Tag::Tr | Tag::Tbody | Tag::Thead | Tag::Tfoot | Tag::Template);
        for (depth, &id) in open.iter().enumerate().rev() {
            let node = &self.nodes[id];
            if node.tag == tag && (tag != Tag::Other || self.name(id).eq_ignore_ascii_case(&self.page[name.clone()])) {
                self.pop_to(open, depth);
                return;
            }
            let wall = if tag.is_inline() && tag != Tag::Other {
                !(node.tag.is_inline() || node.tag == Tag::P)
            } else if table {
                node.tag == Tag::Table || node.tag == Tag::Template
            } else {
                node.tag.is_scope() || matches!(node.tag, Tag::Body)
            };
            if wall {
                return;
            }
        }
    }

    /// The nodes directly under `id`, in order.
    pub(crate) fn children(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let after = self.nodes[id].after();
        let mut at = id + 1;
        std::iter::from_fn(move || {
            let child = at;
            (child < after).then(|| {
                at = self.nodes[child].after();
                child
            })
        })
    }

    /// Whether a node is part of a line of text. Custom elements (`<x-gallery>`) are blocks.
    pub(crate) fn is_inline(&self, id: Id) -> bool {
        let node = &self.nodes[id];
        node.tag.is_inline() && !(node.tag == Tag::Other && self.name(id).contains('-'))
    }

    /// An attribute's value, references resolved.
    pub(crate) fn attribute(&self, id: Id, name: &str) -> Option<Cow<'p, str>> {
        let raw = self.inside(id);
        if raw.is_empty() {
            return None;
        }
        attributes(raw)
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| if value.contains('&') { htmlize::unescape_attribute(value) } else { Cow::Borrowed(value) })
    }

    /// All attributes, as written.
    pub(crate) fn attributes(&self, id: Id) -> impl Iterator<Item = (&'p str, &'p str)> + use<'p> {
        attributes(self.inside(id))
    }

    /// The text under a node with white space folded, scripts and styles left out.
    pub(crate) fn words(&self, id: Id) -> String {
        let mut words = String::new();
        let mut at = id;
        let after = self.nodes[id].after();
        while at < after {
            let node = &self.nodes[at];
            match node.tag {
                Tag::Script | Tag::Style | Tag::Svg | Tag::Template if at != id => {
                    at = node.after();
                    continue;
                }
                Tag::Text => fold(&htmlize::unescape(&self.page[node.whole()]), &mut words),
                tag if !tag.is_inline() || tag == Tag::Br => space(&mut words),
                _ => {}
            }
            at += 1;
        }
        words.truncate(words.trim_end().len());
        words
    }
}

fn space(words: &mut String) {
    if !words.is_empty() && !words.ends_with(' ') {
        words.push(' ');
    }
}

/// Appends text with white space folded and characters without width dropped.
pub(crate) fn fold(text: &str, into: &mut String) {
    for c in text.chars() {
        if c.is_whitespace() {
            space(into);
        } else if !crate::strip::builder::is_zero_width(c) {
            into.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree as nested brackets.
    fn shown(page: &str) -> String {
        let tree = Tree::new(page);
        fn show(tree: &Tree, id: Id, out: &mut String) {
            for child in tree.children(id) {
                let node = &tree.nodes[child];
                if node.tag == Tag::Text {
                    out.push_str(&page_text(tree, child));
                } else {
                    out.push_str(&format!("({}", format!("{:?}", node.tag).to_lowercase()));
                    out.push(' ');
                    show(tree, child, out);
                    out.push(')');
                }
            }
        }
        fn page_text(tree: &Tree, id: Id) -> String {
            tree.page[tree.nodes[id].whole()].trim().to_owned()
        }
        let mut out = String::new();
        show(&tree, 0, &mut out);
        out
    }

    #[test]
    fn names_are_sorted() {
        assert!(NAMES.windows(2).all(|w| w[0].0 < w[1].0));
        assert_eq!((Tag::of("P"), Tag::of("h1"), Tag::of("x-long-element")), (Tag::P, Tag::H1, Tag::Other));
    }

    #[test]
    fn end_tags_are_implied() {
        assert_eq!(shown("<p>a<p>b<div>c"), "(p a)(p b)(div c)");
        assert_eq!(shown("<div><button>a</div><p>b"), "(div (button a))(p b)");
        assert_eq!(shown("<button>a<button>b"), "(button a)(button b)");
        assert_eq!(shown("<ul><li>a<li>b<ul><li>c</ul></ul>d"), "(ul (li a)(li b(ul (li c))))d");
        assert_eq!(shown("<table><tr><td>a<td>b<tr><td>c</table>d"), "(table (tr (td a)(td b))(tr (td c)))d");
        assert_eq!(shown("<dl><dt>a<dd>b<dt>c</dl>"), "(dl (dt a)(dd b)(dt c))");
        assert_eq!(shown("<a>x<a>y</a>z"), "(a x)(a y)z");
    }

    #[test]
    fn stray_end_tags_are_passed_over() {
        assert_eq!(shown("<div>a</p></span>b</div></div>c"), "(div ab)c");
        assert_eq!(shown("<b><div>a</b>b</div>"), "(b (div ab))");
        assert_eq!(shown("<p>a<br/>b</br>c"), "(p a(br )b(br )c)");
    }

    #[test]
    fn a_page_of_open_tags_is_no_trouble() {
        let page = "<div>".repeat(300_000) + "x" + &"</div>".repeat(300_000);
        // Where no more depth is allowed, one is as good as a thousand.
        assert_eq!(Tree::new(&page).nodes.len(), MAX_DEPTH + 2);
        let page = "<b><i>".repeat(100_000);
        assert_eq!(Tree::new(&page).nodes.len(), 200_001);
        assert!(size_of::<Node>() <= 24, "a page of 64 MB may have as many nodes as a fifth of its bytes");
    }

    #[test]
    fn words_and_attributes() {
        let tree = Tree::new("<p title='a &amp; b'>Two<br>caf&eacute;s <b>o</b>n<script>x</script>e");
        assert_eq!(tree.words(1), "Two cafés one");
        assert_eq!(tree.attribute(1, "TITLE").as_deref(), Some("a & b"));
    }
}
