//! From a web page to its articles.

pub(crate) mod cues;
pub(crate) mod layout;
mod select;
mod token;
pub(crate) mod tree;
mod write;

use super::builder::DocumentBuilder;
use super::dateline::Datelines;
use super::decode::Decoded;
use super::metadata;
use crate::error::{Error, Result, Stage};
use crate::types::{Document, Metadata, RawDocument};
use cues::Cues;
use layout::{Care, Layout};
use tree::Tree;

/// Bytes of text that make a layout good enough not to try another.
const ENOUGH: usize = 500;

/// The articles of a page.
///
/// # Errors
/// When no article text is found.
pub(super) fn articles(
    source: &Decoded,
    raw: &RawDocument,
    cues: &Cues,
    datelines: &Datelines,
    words: &metadata::Words,
) -> Result<Vec<Document>> {
    let tree = Tree::new(&source.text);
    let mut best: Option<(usize, Vec<Written>)> = None;
    for care in [Care::Usual, Care::More, Care::Most] {
        let layout = Layout::new(&tree, cues, care);
        let mut stories: Vec<Written> = Vec::new();
        for story in select::stories(&tree, &layout) {
            let meta = match stories.first() {
                None => metadata::of_page(&tree, &layout, story.root, story.text, &raw.hints, words),
                Some(first) => metadata::of_further(&tree, &layout, story.root, story.text, &first.meta, words),
            };
            stories.push(Written { root: story.root, builder: write::story(source, &tree, &layout, &story, &meta, cues), meta });
        }
        let len = stories.iter().map(|story| story.builder.len()).sum();
        // Names that hide most of the text are not what they seem.
        if best.as_ref().is_none_or(|(before, _)| before * 3 < len) {
            best = Some((len, stories));
        }
        // No layout with more care finds three times as much where a third of all the prose is found.
        let enough = if care == Care::Usual { layout.prose(&tree, 0) / 3 } else { ENOUGH };
        if best.as_ref().is_some_and(|(len, _)| *len > enough.max(ENOUGH)) {
            break;
        }
    }
    let mut documents: Vec<Document> = Vec::new();
    for story in best.map(|(_, stories)| stories).unwrap_or_default() {
        let start = source.source_offset(tree.nodes[story.root].whole().start);
        if let Ok(document) = story.builder.finish(raw, documents.len() + 1, start, story.meta, datelines) {
            documents.push(document);
        }
    }
    if documents.is_empty() {
        return Err(Error::left_out(&raw.id, Stage::Strip, "no article text found"));
    }
    Ok(documents)
}

/// A story's text and the element it came from.
struct Written<'d> {
    root: tree::Id,
    builder: DocumentBuilder<'d>,
    meta: Metadata,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{ByteSpan, Content};
    use std::sync::LazyLock;

    fn raw(page: &str) -> RawDocument {
        RawDocument::of("p.html", page, Content::Html)
    }

    fn strip(page: &str) -> Result<Vec<Document>> {
        let raw = raw(page);
        static WORDS: LazyLock<Result<(Cues, Datelines, metadata::Words)>> =
            LazyLock::new(|| Ok((Cues::load(None)?, Datelines::load(None)?, metadata::Words::load(None)?)));
        let (cues, datelines, words) = WORDS.as_ref().expect("built-in data");
        articles(&Decoded::new(&raw.bytes, None), &raw, cues, datelines, words)
    }

    /// Tags removed, references resolved, white space folded: what the evidence of a claim is checked by.
    fn folded(source: &str) -> String {
        let mut text = String::new();
        let mut rest = source;
        while let Some(open) = rest.find('<') {
            text.push_str(&rest[..open]);
            rest = rest[open..].find('>').map_or("", |close| &rest[open + close + 1..]);
        }
        text.push_str(rest);
        let mut words = String::new();
        tree::fold(&htmlize::unescape(text), &mut words);
        words.trim().to_owned()
    }

    fn check_slices(page: &str, document: &Document) {
        for paragraph in &document.paragraphs {
            // Sentences, or what passes for them.
            let mut start = paragraph.start as usize;
            for end in paragraph
                .of(&document.text)
                .match_indices(". ")
                .map(|(i, _)| paragraph.start as usize + i + 1)
                .chain([paragraph.end as usize])
            {
                let span = ByteSpan::new(start, end);
                let source = document.map.to_source(span).expect("all text comes from the page");
                assert_eq!(folded(&page[source.start as usize..source.end as usize]), span.of(&document.text).trim());
                start = end + 1;
            }
        }
    }

    const PAGE: &str = "<html lang=en><title>Ferry sinks off Java, 12 dead | The Strait Post</title><body><nav><a href=/>Home</a></nav><div class=story>\
        <h1>Ferry sinks off Java, 12 dead</h1><p class=byline>By <a href=/x rel=author>Ana Lee</a> &middot; 3 May 2025</p>\
        <figure><img src=a><figcaption>The ferry Ombak&nbsp;II in April, with 40 cars aboard.</figcaption></figure>\
        <p>SURABAYA, May 3 (PNW) &mdash; Twelve people died and  9 are missing after the <b>ferry</b>&nbsp;Ombak&#160;II sank off Java on Friday, the coast guard said.\
        <p>&ldquo;We found a raft with <i>six</i> children,&rdquo; said Capt. Budi H&eacute;ru\n  of the rescue agency \u{1f6a2}. Three boats are still searching.\
        <div class=ad><small>Advertisement</small><p>Fly to Bali from 99 dollars.</div>\
        <h2>Overloaded</h2><p>The vessel carried 180 passengers, 60 more than its papers allow, harbour records show.<p>(PNW)\
        <h3>Related stories</h3><p>Bridge falls in Aceh after a week of rain and floods.</div><footer>&copy; 2025</footer>";

    #[test]
    fn a_page_with_the_usual_clutter() {
        let documents = strip(PAGE).expect("an article");
        let [document] = documents.as_slice() else { panic!("{} stories", documents.len()) };
        let paragraphs: Vec<&str> = document.paragraphs.iter().map(|p| p.of(&document.text)).collect();
        assert_eq!((paragraphs.len(), document.headings.as_slice()), (4, [2].as_slice()), "{paragraphs:?}");
        assert!(paragraphs[0].starts_with("SURABAYA, May 3 (PNW) — Twelve") && paragraphs[1].contains("Héru of the rescue agency 🚢."));
        assert!(paragraphs[2] == "Overloaded" && paragraphs[3].starts_with("The vessel"));
        let meta = &document.meta;
        assert_eq!(
            (meta.headline.as_deref(), meta.authors.as_slice()),
            (Some("Ferry sinks off Java, 12 dead"), ["Ana Lee".to_owned()].as_slice())
        );
        assert_eq!((meta.agency.as_deref(), meta.publisher.as_deref()), (Some("PNW"), Some("The Strait Post")));
        assert_eq!(meta.published.map(|d| d.to_string()).as_deref(), Some("2025-05-03"));
        check_slices(PAGE, document);
    }

    #[test]
    fn tables_lists_and_what_a_headings_anchor_names() {
        let said =
            "The port authority of Odesa listed what the ships had carried since the first day of the month, in tonnes, officials said.";
        let page = format!(
            "<body><nav><a href=/>Home</a></nav><main><h1>Grain</h1><p>{said}</p><figure class=wp-block-table><table><tr><td>Maize</td><td>40,000</td></tr></table></figure>\
            <div id=share-of-each-of-the-seven-ports><p>{}</p></div><p>{}</p><ul><li>Odesa, four ships</li><li><a href=/x>Other news</a></li></ul></main>",
            said.replace("Odesa", "Izmail"),
            said.replace("Odesa", "Reni")
        );
        let documents = strip(&page).expect("an article");
        let text = &documents[0].text;
        assert!(
            text.contains("Maize") && text.contains("40,000") && text.contains("Izmail") && text.ends_with("Odesa, four ships"),
            "{text}"
        );
    }

    const SAID: &str = "The port authority listed what the ships had carried since the first day of the month, in tonnes, officials said.";

    /// The text of a page by Ana Lee whose article is this, between paragraphs of prose.
    fn text(inner: &str) -> String {
        let page = format!(
            "<head><meta name=author content='Ana Lee'></head><body><main><h1>Grain</h1><p>First: {SAID}</p><p>Then: {SAID}</p>{inner}<p>Last: {SAID}</p></main></body>"
        );
        let text = strip(&page).expect("an article").remove(0).text;
        assert!(text.contains("First: The port"), "{text}");
        text
    }

    #[test]
    fn headings_that_are_links_buttons_or_entries() {
        let over =
            "<h2><a href=/x>Odesa waits</a></h2><p>Four ships waited off the port of Odesa on Monday, and two of them left empty.</p>";
        assert!(text(over).contains("Odesa waits"));
        let cards = "<h2><a href=/x>Other news of ports</a></h2><h2><a href=/y>More of it</a></h2><div><a href=/z>All</a></div>";
        assert!(!text(cards).contains("Other news"));
        let folded = text("<h3><button>Who waits?</button></h3><p>Four ships.</p><button><h3>Who left?</h3></button><p>Two of them.</p>");
        assert!(folded.contains("Who waits?") && folded.contains("Who left?") && !text("<button>Press here</button>").contains("Press"));
        // Names of ports with what is said of each close the article; a heading of something else does not.
        let page = format!(
            "<main><p>{SAID}</p><p>So did Reni.</p><h3>Odesa</h3><ul><li><h4>maize, four ships</h4></li></ul><h3>Contact</h3><div>Press</div></main>"
        );
        let documents = strip(&page).expect("an article");
        let paragraphs: Vec<&str> = documents[0].paragraphs.iter().map(|p| p.of(&documents[0].text)).collect();
        assert_eq!(paragraphs[2..], ["Odesa", "maize, four ships"]);
    }

    #[test]
    fn boxes_that_belong_and_boxes_that_do_not() {
        assert!(text("<div class=callout-note><p>The deal of 2022 let ships pass.</p></div>").contains("The deal"));
        let offer = "<section><div>Never miss a ship</div><p>We write to you every day. It costs nothing.</p><form><input type=email></form></section>";
        assert!(!text(offer).contains("We write"));
        let bar = "<p>Free shipping on all orders of more than 40 dollars, wherever you live.</p>".repeat(5);
        assert!(!text(&format!("<div class='promo-bar hide'>{bar}</div>")).contains("Free shipping"));
        let entries = format!("<ul><li>See <a href=/x>{SAID}</a></li><li><a href=/y>Other news. {SAID}</a></li></ul>");
        assert!(text(&entries).contains("See The port") && !text(&entries).contains("Other news"));
    }

    #[test]
    fn who_wrote_it_is_not_in_it() {
        let text = |last: &str| {
            let piers: String = (0..9).map(|n| format!("<p>Pier {n}: {SAID}</p>")).collect();
            let page = format!("<head><meta name=author content='Ana Lee'></head><main><h1>Grain</h1>{piers}{last}</main>");
            strip(&page).expect("an article").remove(0).text
        };
        assert!(!text("<p>Ana Lee writes on ports and grain. She has been at sea.</p>").contains("at sea"));
        assert!(
            !text("<p>Ana Lee, harbour desk</p><p>She has been at sea for the paper since the year 2003, and won two prizes.</p>")
                .contains("prizes")
        );
        assert!(text("<p>The quay, seen by Ana Lee</p><p>The ships left again.</p>").ends_with("left again."));
        assert!(text("<p>Lee Ana, a pilot, said that she had been at sea.</p>").contains("a pilot"));
    }

    #[test]
    fn two_whole_stories_are_two_documents() {
        let body = |n: usize| {
            format!("<p>{}</p>", format!("The {n} ships left the port of Odesa with grain on Monday, officials said. ").repeat(4)).repeat(3)
        };
        let page = format!(
            "<h1>News</h1><article><h2>First</h2>{}</article><article><h2>Second</h2>{}</article><article><h2>Teaser</h2><p>Short words.</p></article>",
            body(1),
            body(2).replace("grain", "maize")
        );
        // Doubled paragraphs count once.
        let documents = strip(&page).expect("two");
        assert_eq!(documents.iter().map(|d| d.id.as_str()).collect::<Vec<_>>(), ["p.html", "p.html#2"]);
        assert_eq!(
            (documents[0].story_start, documents[1].story_start as usize),
            (0, page.match_indices("<article").nth(1).expect("there").0)
        );
        assert_eq!(documents[1].meta.headline.as_deref(), Some("Second"));
        documents.iter().for_each(|d| check_slices(&page, d));
    }

    #[test]
    fn no_page_is_too_broken() {
        for page in [
            "",
            "<",
            "<p>",
            "<div",
            "&",
            "<p>&",
            "<p>é<",
            "<article><p>x",
            "<table><tr><td><p>One. Two. Three left the port on Monday.",
            "</p></div>",
            "\u{0}<p>\u{0}",
        ] {
            let _ = strip(page);
        }
        let deep = "<div>".repeat(200_000) + "<p>Ten ships left the port of Odesa with grain on Monday, officials said.";
        assert_eq!(strip(&deep).expect("text").len(), 1);
    }

    proptest::proptest! {
        #[test]
        fn any_mix_of_tags_and_text_maps_back(parts in proptest::collection::vec(proptest::sample::select(vec![
            "<p>", "</p>", "<b>", "</b>", "<br>", "<div>", "</div>", "<li>", "<a href=x>", "</a>", " ", "\n", "&amp;", "&nbsp;", "&eacute;", "“Ten” ships – é left.", "Two men, 🚢 at sea, said so. ", "12",
            "<!-- x -->", "<td>", "<h2>", "</h2>", "\u{a0}", "&#8217;s", "<span>", "</span>", "The minister of the interior told reporters in the capital that nine people had been hurt",
        ]), 0..60)) {
            let page = parts.concat();
            if let Ok(documents) = strip(&page) {
                for document in &documents {
                    for paragraph in &document.paragraphs {
                        let source = document.map.to_source(*paragraph).expect("mapped");
                        // A line break in a running sentence is a space that no tag gives.
                        let plain = |text: &str| text.split_whitespace().collect::<String>();
                        let slice = folded(&page[source.start as usize..source.end as usize].replace("<!-- x -->", ""));
                        proptest::prop_assert_eq!(plain(&slice), plain(paragraph.of(&document.text)));
                    }
                }
            }
        }
    }
}
