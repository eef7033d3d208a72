//! The parts of a page that speak of it.

use super::plain;
use crate::strip::html::tree::{Id, Tag, Tree};

/// The parts of a page that speak of it.
pub(super) struct Page<'p> {
    pub(super) scripts: Vec<&'p str>,
    /// Scripts that hold the page's state and not JSON-LD.
    pub(super) data: Vec<&'p str>,
    pub(super) metas: Vec<(String, String)>,
    pub(super) title: Option<String>,
    pub(super) canonical: Option<String>,
    pub(super) language: Option<String>,
    pub(super) headings: Vec<Id>,
}

impl<'p> Page<'p> {
    pub(super) fn new(tree: &Tree<'p>) -> Page<'p> {
        let mut page = Page {
            scripts: Vec::new(),
            data: Vec::new(),
            metas: Vec::new(),
            title: None,
            canonical: None,
            language: None,
            headings: Vec::new(),
        };
        for (id, node) in tree.nodes.iter().enumerate() {
            match node.tag {
                Tag::Script if tree.attribute(id, "type").is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json")) => {
                    page.scripts.extend(tree.children(id).map(|text| &tree.page[tree.nodes[text].whole()]));
                }
                Tag::Script => page.data.extend(tree.children(id).map(|text| &tree.page[tree.nodes[text].whole()])),
                Tag::Meta => {
                    let name = ["property", "name", "itemprop", "http-equiv"].into_iter().find_map(|key| tree.attribute(id, key));
                    if let (Some(name), Some(content)) = (name, tree.attribute(id, "content")) {
                        let content = plain(&content);
                        if !content.is_empty() {
                            page.metas.push((name.to_ascii_lowercase(), content));
                        }
                    }
                }
                Tag::Title if page.title.is_none() => page.title = Some(tree.words(id)).filter(|words| !words.is_empty()),
                Tag::Link
                    if page.canonical.is_none() && tree.attribute(id, "rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) =>
                {
                    page.canonical = tree.attribute(id, "href").map(|url| url.trim().to_owned());
                }
                Tag::Html if page.language.is_none() => {
                    page.language = tree
                        .attribute(id, "lang")
                        .or_else(|| tree.attribute(id, "xml:lang"))
                        .map(|l| l.into_owned())
                        .filter(|l| !l.is_empty())
                }
                Tag::H1 => page.headings.push(id),
                _ => {}
            }
        }
        page
    }

    /// What the first of these `<meta>` tags says that the page has.
    pub(super) fn named(&self, names: &[String]) -> Option<String> {
        names.iter().find_map(|name| self.metas.iter().find(|(n, _)| n == name).map(|(_, content)| content.clone()))
    }
}
