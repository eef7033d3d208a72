//! What a page says of its article: headline, authors, days, outlet, address, language.
//!
//! Order of trust: the container's fields, JSON-LD, `meta` tags, marked elements (`itemprop`, `rel`, `<time>`), what is seen between headline
//! and text, the address. The headline is the page's own `<h1>` where that agrees with one of the others.

mod json_ld;
mod page;
mod seen;
mod tags;
mod title;

use super::html::layout::Layout;
use super::html::tree::{Id, Tag, Tree, fold};
use crate::error::Result;
use crate::read::{Bylines, day};
use crate::types::Metadata;
use page::Page;
use seen::Seen;
use std::path::Path;
use tags::Tags;

/// The words by which a page's data are read.
#[derive(Debug)]
pub(super) struct Words {
    bylines: Bylines,
    tags: Tags,
}

impl Words {
    /// The built-in words, with the user's from `rules` added.
    ///
    /// # Errors
    /// When a data file does not parse; names file and line.
    pub(super) fn load(rules: Option<&Path>) -> Result<Words> {
        Ok(Words { bylines: Bylines::load(rules)?, tags: Tags::load(rules)? })
    }
}

/// What a page says of the story whose element is `root` and whose text starts at node `text`.
pub(super) fn of_page(tree: &Tree, layout: &Layout, root: Id, text: Id, hints: &Metadata, words: &Words) -> Metadata {
    let Words { bylines, tags } = words;
    let page = Page::new(tree);
    // Some frameworks write the script's text into a tag.
    let tagged = page.metas.iter().filter(|(name, _)| name == "script:ld+json").map(|(_, content)| content.as_str());
    let linked = json_ld::read(page.scripts.iter().copied().chain(tagged), bylines);
    let mut meta = hints.clone();

    let publisher = linked
        .publisher
        .clone()
        .or_else(|| page.named(&tags.publisher))
        .filter(|name| !name.contains("://"))
        .or_else(|| title::outlet(tree, &page, layout));
    let headline = title::headline(tree, &page, layout, text, &linked, publisher.as_deref(), page.named(&tags.title));
    let seen = Seen::new(tree, layout, headline.as_ref().and_then(|(_, id)| *id), root, text, 1, words);

    meta.headline = meta.headline.or(headline.map(|(words, _)| words));
    if meta.authors.is_empty() {
        meta.authors = linked.authors;
    }
    if meta.authors.is_empty() {
        meta.authors = page
            .named(&tags.author)
            .map(|line| bylines.authors(&line))
            .filter(|names| names.iter().all(|n| !n.contains('/')))
            .unwrap_or_default();
    }
    if meta.authors.is_empty() {
        meta.authors = seen.authors;
    }
    if meta.authors.is_empty() {
        meta.authors = seen::cued(tree, layout, 1, root, bylines);
    }
    let canonical = || page.canonical.clone().filter(|url| url.contains("://")).or_else(|| page.named(&tags.url));
    meta.published = meta
        .published
        .or(linked.published)
        .or_else(|| day(&page.named(&tags.published)?))
        .or(seen.published)
        .or_else(|| seen.modified.is_none().then(|| seen::lone_day(tree, seen.heading, root))?)
        .or_else(|| day(&canonical()?))
        .or_else(|| page.data.iter().find_map(|data| tags.dated(data)));
    meta.modified = meta.modified.or(linked.modified).or_else(|| day(&page.named(&tags.modified)?)).or(seen.modified);
    meta.publisher = meta.publisher.or(publisher);
    let absolute = |url: &String| url.starts_with("http://") || url.starts_with("https://");
    meta.url = meta
        .url
        .or_else(|| page.canonical.clone().filter(absolute))
        .or_else(|| page.named(&tags.url).filter(absolute))
        .or(linked.url.filter(absolute));
    meta.language = meta.language.or_else(|| {
        let written = page.language.clone().or(linked.language).or_else(|| page.named(&tags.language))?;
        let code: String = written.chars().take_while(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
        (code.len() == 2).then_some(code)
    });
    meta
}

/// What a page says of a further story of its own: what is marked inside the story's element, and the outlet of the first.
pub(super) fn of_further(tree: &Tree, layout: &Layout, root: Id, text: Id, first: &Metadata, words: &Words) -> Metadata {
    let inside = root..tree.nodes[root].after();
    let heading = [Tag::H1, Tag::H2, Tag::H3].into_iter().find_map(|tag| inside.clone().find(|id| tree.nodes[*id].tag == tag));
    let seen = Seen::new(tree, layout, heading, root, text, root, words);
    Metadata {
        headline: heading.map(|id| tree.words(id)).filter(|words| !words.is_empty()),
        authors: if seen.authors.is_empty() { seen::cued(tree, layout, root, root, &words.bylines) } else { seen.authors },
        published: seen.published.or_else(|| seen.modified.is_none().then(|| seen::lone_day(tree, seen.heading, root))?),
        modified: seen.modified,
        publisher: first.publisher.clone(),
        language: first.language.clone(),
        captured: first.captured.clone(),
        ..Metadata::default()
    }
}

/// Text of an attribute or a script with references resolved and white space folded.
fn plain(text: &str) -> String {
    let mut words = String::new();
    // JSON-LD is often escaped twice.
    fold(&htmlize::unescape(htmlize::unescape(text)), &mut words);
    words.truncate(words.trim_end().len());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Authors and day of publication of a page with such a body.
    fn read(head: &str, body: &str) -> (Vec<String>, Option<String>) {
        let meta = meta(head, body);
        (meta.authors, meta.published.map(|day| day.to_string()))
    }

    fn meta(head: &str, body: &str) -> Metadata {
        let cues = crate::strip::html::cues::Cues::load(None).expect("built-in data");
        let text =
            "<p>Twelve people died when a ferry sank off Java on Friday, the coast guard of the island said in a statement.".repeat(3);
        let page = format!("<html><head>{head}</head><body><main>{}</main></body></html>", body.replace("TEXT", &text));
        let tree = Tree::new(&page);
        let layout = Layout::new(&tree, &cues, crate::strip::html::layout::Care::Usual);
        let main = (0..tree.nodes.len()).find(|id| tree.nodes[*id].tag == Tag::Main).expect("there");
        let first = (main..tree.nodes.len()).find(|id| tree.words(*id).starts_with("Twelve")).expect("there");
        of_page(&tree, &layout, main, first, &Metadata::default(), &Words::load(None).expect("built-in data"))
    }

    #[test]
    fn names_in_elements_of_their_own() {
        let job = r#"<h1>Ferry sinks</h1><div class="author-card"><h4>Ana Lee</h4><p>Former harbour pilot</p></div>TEXT"#;
        assert_eq!(read("", job).0, ["Ana Lee"]);
        let cue = "<h1>Ferry sinks</h1>TEXT<div><p>Written by</p><span></span><p>Budi Heru</p></div>";
        assert_eq!(read("", cue).0, ["Budi Heru"]);
        let glued = r#"<h1>Ferry sinks</h1><div class="byline"><span>By</span><span>Ana Lee</span></div>TEXT"#;
        assert_eq!(read("", glued).0, ["Ana Lee"]);
        // A cue that no name follows.
        assert!(read("", "<h1>Ferry sinks</h1>TEXT<p>Written by</p><p>our staff at sea, with thanks</p>").0.is_empty());
    }

    #[test]
    fn days_off_the_beaten_path() {
        let day = |head: &str, body: &str| read(head, body).1.unwrap_or_default();
        assert_eq!(day("", "<h5>January 23, 2025</h5><h1>Ferry sinks</h1>TEXT"), "2025-01-23");
        assert_eq!(
            day(r#"<script>self.state={\"publishedAt\":\"2024-04-08T06:59:34\"}</script>"#, "<h1>Ferry sinks</h1>TEXT"),
            "2024-04-08"
        );
        assert_eq!(
            day(r#"<meta property="og:url" content="https://post.example/2023/october/03/ferry">"#, "<h1>Ferry sinks</h1>TEXT"),
            "2023-10-03"
        );
        assert_eq!(day("", "<h1>Ferry sinks</h1>TEXT<div><p>April 8, 2024</p></div>"), "2024-04-08");
        // Days of other stories: which of them is this one's nobody knows.
        assert_eq!(day("", "<h1>Ferry sinks</h1>TEXT<div><p>April 8, 2024</p><p>May 9, 2024</p></div>"), "");
    }

    #[test]
    fn the_day_of_a_change_is_not_that_of_publication() {
        for line in [
            "<p>Updated January 16, 2026</p>",
            "<div>Last updated on <time datetime=2026-01-16>January 16, 2026</time></div>",
            "<p class=post-date>Updated: Jan 16, 2026</p>",
        ] {
            let meta = meta("", &format!("<h1>Ferry sinks</h1>{line}TEXT"));
            assert_eq!((meta.published, meta.modified.map(|day| day.to_string()).as_deref()), (None, Some("2026-01-16")), "{line}");
        }
        let both = meta("", "<h1>Ferry sinks</h1><p>Published May 3, 2025 | Updated May 4, 2025</p>TEXT");
        assert_eq!(
            (both.published.map(|day| day.to_string()).as_deref(), both.modified.map(|day| day.to_string()).as_deref()),
            (Some("2025-05-03"), Some("2025-05-04"))
        );
        // One day stated as that of a change does not make another of publication.
        assert_eq!(meta("", "<h1>Ferry sinks</h1><p>Updated January 16, 2026</p>TEXT<div><p>April 8, 2024</p></div>").published, None);
    }
}
