//! What a page says of its article: headline, authors, days, outlet, address, language.
//!
//! Order of trust: the container's fields, JSON-LD, `meta` tags, marked elements (`itemprop`, `rel`, `<time>`), what is seen between headline
//! and text, the address. The headline is the page's own `<h1>` where that agrees with one of the others.

mod json_ld;

use super::html::cues::Names;
use super::html::layout::{Fate, Layout};
use super::html::tree::{Id, Tag, Tree, fold};
use crate::read::{Bylines, day};
use crate::types::Metadata;
use jiff::civil::Date;
use regex::Regex;
use std::sync::LazyLock;

/// Longest byline or date line that is looked into, in bytes.
const LINE: usize = 200;
/// Nodes before the text in which its heading is sought.
const FAR: usize = 400;
/// Nodes above the headline in which a day may stand.
const ABOVE: usize = 30;
/// Longest line that is a day and nothing more, in bytes.
const DAY: usize = 30;
/// Nodes between "Written by" and the name.
const NEAR: usize = 14;

/// What a page says of the story whose element is `root` and whose text starts at node `text`.
pub(super) fn of_page(tree: &Tree, layout: &Layout, root: Id, text: Id, hints: &Metadata, bylines: &Bylines) -> Metadata {
    let page = Page::new(tree);
    // Some frameworks write the script's text into a tag.
    let tagged = page.metas.iter().filter(|(name, _)| name == "script:ld+json").map(|(_, content)| content.as_str());
    let linked = json_ld::read(page.scripts.iter().copied().chain(tagged), bylines);
    let named =
        |names: &[&str]| names.iter().find_map(|name| page.metas.iter().find(|(n, _)| n == name).map(|(_, content)| content.clone()));
    let mut meta = hints.clone();

    let publisher = linked
        .publisher
        .clone()
        .or_else(|| named(&["og:site_name", "dc.publisher", "article:publisher_name", "application-name", "publisher"]))
        .filter(|name| !name.contains("://"))
        .or_else(|| outlet(tree, &page, layout));
    let headline = headline(
        tree,
        &page,
        layout,
        text,
        &linked,
        publisher.as_deref(),
        named(&["og:title", "twitter:title", "dc.title", "sailthru.title", "parsely-title", "title"]),
    );
    let seen = Seen::new(tree, layout, headline.as_ref().and_then(|(_, id)| *id), root, text, 1, bylines);

    meta.headline = meta.headline.or(headline.map(|(words, _)| words));
    if meta.authors.is_empty() {
        meta.authors = linked.authors;
    }
    if meta.authors.is_empty() {
        meta.authors = named(&[
            "author",
            "article:author",
            "parsely-author",
            "sailthru.author",
            "dc.creator",
            "dcterms.creator",
            "byl",
            "authors",
            "article.author",
            "twitter:creator_name",
            "citation_author",
        ])
        .map(|line| bylines.authors(&line))
        .filter(|names| names.iter().all(|n| !n.contains('/')))
        .unwrap_or_default();
    }
    if meta.authors.is_empty() {
        meta.authors = seen.authors;
    }
    if meta.authors.is_empty() {
        meta.authors = cued(tree, layout, 1, root, bylines);
    }
    meta.published = meta.published.or(linked.published).or_else(|| {
        day(&named(&[
            "article:published_time",
            "article:published",
            "og:published_time",
            "datepublished",
            "date",
            "pubdate",
            "publishdate",
            "publish-date",
            "publish_date",
            "parsely-pub-date",
            "sailthru.date",
            "dc.date",
            "dc.date.issued",
            "dcterms.created",
            "dcterms.date",
            "article.published",
            "og:pubdate",
            "citation_publication_date",
            "citation_date",
            "cxenseparse:recs:publishtime",
            "originalpublicationdate",
            "created",
            "published",
            "published_time",
            "published_at",
            "published-date",
            "publish_time",
            "publication_date",
            "article:published_date",
            "article_date_original",
            "og:article:published_time",
            "citation_online_date",
            "dc.created",
            "dc.date.created",
            "dcterms.issued",
            "rnews:datepublished",
            "bt:pubdate",
            "article-publication-date",
            "displaydate",
            "dateissued",
            "release_date",
            "iso-8601-publish-date",
        ])?)
    });
    meta.published = meta
        .published
        .or(seen.published)
        .or_else(|| lone_day(tree, seen.heading, root))
        .or_else(|| day(&tree_url(&page, &named)?))
        .or_else(|| page.data.iter().find_map(|data| dated(data)));
    meta.modified = meta
        .modified
        .or(linked.modified)
        .or_else(|| {
            day(&named(&[
                "article:modified_time",
                "article:modified",
                "og:updated_time",
                "datemodified",
                "last-modified",
                "lastmod",
                "dcterms.modified",
            ])?)
        })
        .or(seen.modified);
    meta.publisher = meta.publisher.or(publisher);
    let absolute = |url: &String| url.starts_with("http://") || url.starts_with("https://");
    meta.url = meta
        .url
        .or_else(|| page.canonical.clone().filter(absolute))
        .or_else(|| named(&["og:url", "twitter:url", "parsely-link"]).filter(absolute))
        .or(linked.url.filter(absolute));
    meta.language = meta.language.or_else(|| {
        let written =
            page.language.clone().or(linked.language).or_else(|| named(&["content-language", "og:locale", "language", "dc.language"]))?;
        let code: String = written.chars().take_while(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
        (code.len() == 2).then_some(code)
    });
    meta
}

/// What a page says of a further story of its own: what is marked inside the story's element, and the outlet of the first.
pub(super) fn of_further(tree: &Tree, layout: &Layout, root: Id, text: Id, first: &Metadata, bylines: &Bylines) -> Metadata {
    let inside = root..tree.nodes[root].after;
    let heading = [Tag::H1, Tag::H2, Tag::H3].into_iter().find_map(|tag| inside.clone().find(|id| tree.nodes[*id].tag == tag));
    let seen = Seen::new(tree, layout, heading, root, text, root, bylines);
    Metadata {
        headline: heading.map(|id| tree.words(id)).filter(|words| !words.is_empty()),
        authors: if seen.authors.is_empty() { cued(tree, layout, root, root, bylines) } else { seen.authors },
        published: seen.published.or_else(|| lone_day(tree, seen.heading, root)),
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

/// The parts of a page that speak of it.
struct Page<'p> {
    scripts: Vec<&'p str>,
    /// Scripts that hold the page's state and not JSON-LD.
    data: Vec<&'p str>,
    metas: Vec<(String, String)>,
    title: Option<String>,
    canonical: Option<String>,
    language: Option<String>,
    headings: Vec<Id>,
}

impl<'p> Page<'p> {
    fn new(tree: &Tree<'p>) -> Page<'p> {
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
                    page.scripts.extend(tree.children(id).map(|text| &tree.page[tree.nodes[text].whole.clone()]));
                }
                Tag::Script => page.data.extend(tree.children(id).map(|text| &tree.page[tree.nodes[text].whole.clone()])),
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
}

/// The day of publication in the state that a page's scripts carry: `"datePublished":"2024-04-08T…"`, quotes escaped or not.
fn dated(script: &str) -> Option<Date> {
    static KEY: LazyLock<Regex> = LazyLock::new(|| {
        let keys = "date_?published|published_?(?:at|date|time|on)|publish_?date|publication_?date|pub_?date|first_?published_?(?:at|date)?|date_?created";
        Regex::new(&format!(r#"(?i)\\?"(?:{keys})\\?"\s*:\s*\\?"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})"#)).expect("a test compiles it")
    });
    KEY.captures_iter(script).find_map(|found| day(&found[1]))
}

fn tree_url(page: &Page, named: &dyn Fn(&[&str]) -> Option<String>) -> Option<String> {
    page.canonical.clone().filter(|url| url.contains("://")).or_else(|| named(&["og:url"]))
}

/// The outlet's name where no tag gives it: the masthead, if the title or the foot of the page has the same words; else the title's end.
fn outlet(tree: &Tree, page: &Page, layout: &Layout) -> Option<String> {
    let title = page.title.clone().unwrap_or_default();
    const BARS: [&str; 6] = [" | ", " - ", " – ", " — ", " :: ", " » "];
    let bar = BARS.into_iter().find(|bar| title.contains(bar)).unwrap_or(" | ");
    let segments: Vec<&str> = title.split(bar).map(str::trim).collect();
    let masthead = layout.names.iter().enumerate().filter(|(_, names)| names.has(Names::OUTLET)).find_map(|(id, _)| {
        let words = short(tree, id).or_else(|| {
            (id..tree.nodes[id].after)
                .filter(|at| tree.nodes[*at].tag == Tag::Img)
                .find_map(|at| tree.attribute(at, "alt"))
                .map(|alt| plain(&alt))
        })?;
        (words.len() <= 40 && words.chars().any(char::is_alphabetic)).then_some(words)
    });
    masthead.or_else(|| {
        // "Ten dead in blast | The Post | Local news": the heading comes first, the outlet next.
        let headings: Vec<String> = page.headings.iter().map(|id| tree.words(*id)).collect();
        let at = segments.iter().position(|segment| headings.iter().any(|heading| overlap(heading, segment) >= 0.5))?;
        let name = segments.get(at + 1).or_else(|| segments.first().filter(|_| at == 1))?;
        (name.split(' ').count() <= 5 && !name.is_empty()).then(|| (*name).to_owned())
    })
}

/// The headline, and its element where it is an `<h1>` of the page.
fn headline(
    tree: &Tree,
    page: &Page,
    layout: &Layout,
    text: Id,
    linked: &Metadata,
    publisher: Option<&str>,
    social: Option<String>,
) -> Option<(String, Option<Id>)> {
    let social = social.map(|t| without_site(&t, publisher));
    let title = page.title.as_ref().map(|t| without_site(t, publisher));
    let others: Vec<&String> = [linked.headline.as_ref(), social.as_ref(), title.as_ref()].into_iter().flatten().collect();
    let seen: Vec<(Id, String)> = page.headings.iter().map(|&id| (id, tree.words(id))).filter(|(_, words)| !words.is_empty()).collect();
    let agreement = |words: &str| others.iter().map(|other| overlap(words, other)).fold(0.0, f64::max);
    let mut best: Option<(f64, &(Id, String))> = None;
    for one in &seen {
        let score = agreement(&one.1);
        if score >= 0.4 && best.as_ref().is_none_or(|(s, _)| score > *s) {
            best = Some((score, one));
        }
    }
    if let Some((_, (id, words))) = best {
        return Some((words.clone(), Some(*id)));
    }
    let lone = seen.iter().rfind(|(id, _)| *id < text && !layout.names[*id].has(Names::NEVER));
    others.first().map(|words| ((*words).clone(), None)).or_else(|| lone.map(|(id, words)| (words.clone(), Some(*id))))
}

/// The share of words that two lines have in common.
fn overlap(a: &str, b: &str) -> f64 {
    let words = |text: &str| -> Vec<String> {
        text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
    };
    let (a, b) = (words(a), words(b));
    let common = a.iter().filter(|word| b.contains(word)).count();
    common as f64 / a.len().max(b.len()).max(1) as f64
}

/// A title without the outlet's name at its end or start.
fn without_site(title: &str, publisher: Option<&str>) -> String {
    const BARS: [&str; 9] = [" | ", " - ", " – ", " — ", " :: ", " » ", " · ", " • ", " / "];
    let mut title = title.trim();
    for _ in 0..2 {
        let Some((at, bar)) = BARS.iter().filter_map(|bar| title.rfind(bar).map(|at| (at, *bar))).max() else { break };
        let (head, tail) = (title[..at].trim(), title[at + bar.len()..].trim());
        let is_site = publisher.is_some_and(|name| overlap(tail, name) >= 0.5) || bar == " | ";
        let short = tail.split(' ').count() <= 4 && head.split(' ').count() >= 4 && head.len() > 2 * tail.len();
        if is_site || short {
            title = head;
        } else {
            break;
        }
    }
    title.to_owned()
}

/// What is marked or written near the text.
#[derive(Default)]
struct Seen {
    authors: Vec<String>,
    published: Option<Date>,
    modified: Option<Date>,
    /// The heading that stands over the text.
    heading: Option<Id>,
}

impl Seen {
    fn new(tree: &Tree, layout: &Layout, headline: Option<Id>, root: Id, text: Id, from: Id, bylines: &Bylines) -> Seen {
        let mut seen = Seen::default();
        let mut loose: Option<Date> = None;
        let mut at = from;
        let mut marked: Vec<String> = Vec::new();
        // Names and days of other stories stand after the text, or in elements that say so.
        let end = tree.nodes[root].after.min(tree.nodes.len());
        while at < tree.nodes.len() {
            let node = &tree.nodes[at];
            let names = layout.names[at];
            if matches!(node.tag, Tag::Script | Tag::Style | Tag::Nav | Tag::Template | Tag::Head)
                || (names.has(Names::NEVER) && !matches!(node.tag, Tag::Body | Tag::Html | Tag::Article | Tag::Main) && node.after < end)
            {
                at = node.after;
                continue;
            }
            if node.tag != Tag::Text {
                let itemprop = tree.attribute(at, "itemprop");
                let says = |name: &str| itemprop.as_deref().is_some_and(|p| p.split(' ').any(|p| p.eq_ignore_ascii_case(name)));
                let value = || {
                    tree.attribute(at, "datetime")
                        .or_else(|| tree.attribute(at, "content"))
                        .and_then(|v| day(&v))
                        .or_else(|| day(&short(tree, at)?))
                };
                if says("datePublished") {
                    seen.published = seen.published.or_else(value);
                } else if says("dateModified") || (names.has(Names::CHANGED) && (node.tag == Tag::Time || !names.has(Names::DATE))) {
                    seen.modified = seen.modified.or_else(value);
                } else if (node.tag == Tag::Time || names.has(Names::DATE)) && loose.is_none() && at < end {
                    loose = value();
                }
                let rel = || tree.attribute(at, "rel").is_some_and(|rel| rel.split(' ').any(|r| r.eq_ignore_ascii_case("author")));
                if at < end && marked.is_empty() && (says("author") || (node.tag == Tag::A && rel())) {
                    marked = named_in(tree, at, bylines);
                    // A byline has its links in a row.
                    if node.tag == Tag::A {
                        let mut next = node.after;
                        let stop = tree.nodes[node.parent].after;
                        while next < stop {
                            if tree.nodes[next].tag == Tag::A && tree.attribute(next, "rel").is_some_and(|rel| rel.contains("author")) {
                                let more = short(tree, next).map(|line| bylines.authors(&line)).unwrap_or_default();
                                marked.extend(more.into_iter().filter(|name| !marked.contains(name)).collect::<Vec<_>>());
                            }
                            next += 1;
                        }
                    }
                }
                if at < end && seen.authors.is_empty() && names.has(Names::BYLINE) {
                    seen.authors = named_in(tree, at, bylines).into_iter().filter(|name| bylines.looks_like_name(name)).collect();
                }
            }
            at += 1;
        }
        if !marked.is_empty() {
            seen.authors = marked;
        }
        // Pages with no marks have a line under the headline.
        let heading = headline.filter(|h| *h < text).or_else(|| {
            (text.saturating_sub(FAR)..text).rev().find(|id| tree.nodes[*id].tag == Tag::H1 && layout.fates[*id] != Fate::Dropped)
        });
        let mut at = heading.map_or(text.saturating_sub(60), |h| tree.nodes[h].after);
        let mut last = 0;
        while at < text {
            let node = &tree.nodes[at];
            let mut block = node.parent;
            while tree.is_inline(block) && block != 0 {
                block = tree.nodes[block].parent;
            }
            if node.tag == Tag::Text && !matches!(tree.nodes[node.parent].tag, Tag::Script | Tag::Style) {
                // The whole block where it is a line, else this run of it.
                let line = if block == last { None } else { short(tree, block).filter(|_| block > headline.unwrap_or(0)) };
                let line = line.unwrap_or_else(|| tree.words(at));
                last = block;
                if line.len() <= LINE {
                    loose = loose.or_else(|| day(&line));
                    let by = by_in(line.trim(), bylines);
                    if by.len() > seen.authors.len() {
                        seen.authors = by;
                    }
                }
            }
            at += 1;
        }
        seen.published = seen.published.or(loose);
        seen.heading = heading;
        seen
    }
}

/// A day in a line of its own: above the headline, or anywhere in the story if it is the only one.
fn lone_day(tree: &Tree, heading: Option<Id>, root: Id) -> Option<Date> {
    let lines = |nodes: std::ops::Range<Id>| {
        let runs = nodes.filter(|id| tree.nodes[*id].tag == Tag::Text).map(|id| tree.page[tree.nodes[id].whole.clone()].trim());
        runs.filter(|line| !line.is_empty())
    };
    let is_line = |line: &&str| (8..=DAY).contains(&line.len());
    let above = heading.and_then(|heading| {
        let last: Vec<&str> = lines(heading.saturating_sub(ABOVE)..heading).collect();
        last.into_iter().rev().take(3).filter(is_line).find_map(day)
    });
    above.or_else(|| {
        let mut days = lines(root..tree.nodes[root].after).filter(is_line).filter_map(day);
        days.next().filter(|first| days.all(|other| other == *first))
    })
}

/// The author whose name stands in an element of its own behind "Written by".
fn cued(tree: &Tree, layout: &Layout, from: Id, root: Id, bylines: &Bylines) -> Vec<String> {
    let end = tree.nodes[root].after;
    let mut cue: Option<Id> = None;
    let mut at = from;
    while at < end {
        let node = &tree.nodes[at];
        if matches!(node.tag, Tag::Script | Tag::Style | Tag::Nav | Tag::Template | Tag::Head)
            || layout.names[at].has(Names::NEVER) && !matches!(node.tag, Tag::Body | Tag::Html | Tag::Article | Tag::Main)
        {
            at = node.after;
            continue;
        }
        let text = tree.page[node.whole.clone()].trim();
        if node.tag == Tag::Text && !text.is_empty() && text.len() <= LINE {
            if let Some(before) = cue.take().filter(|before| at - before <= NEAR) {
                let names: Vec<String> =
                    bylines.authors(&tree.words(at)).into_iter().filter(|name| bylines.looks_like_name(name)).collect();
                if !names.is_empty() {
                    return names;
                }
                cue = (before + NEAR > at && !text.chars().any(char::is_alphanumeric)).then_some(before);
            }
            if bylines.is_lead(text) {
                cue = Some(at);
            }
        }
        at += 1;
    }
    Vec::new()
}

/// The authors that an element names. What stands in elements of their own beside a name is a job, a place or a day.
fn named_in(tree: &Tree, id: Id, bylines: &Bylines) -> Vec<String> {
    let Some(line) = short(tree, id) else { return Vec::new() };
    let mut names: Vec<String> = Vec::new();
    let mut runs = 0;
    for at in id..tree.nodes[id].after {
        let run = if tree.nodes[at].tag == Tag::Text { tree.words(at) } else { String::new() };
        if run.is_empty() {
            continue;
        }
        runs += 1;
        let here = bylines.authors(&run);
        if !here.is_empty() && here.iter().all(|name| bylines.looks_like_name(name)) {
            names.extend(here.into_iter().filter(|name| !names.contains(name)).collect::<Vec<_>>());
        } else if !names.is_empty() && run.chars().filter(|c| c.is_alphabetic()).count() > 3 {
            break;
        }
    }
    if runs > 1 && !names.is_empty() { names } else { bylines.authors(&line) }
}

/// The authors of a line that has "by" in it.
fn by_in(line: &str, bylines: &Bylines) -> Vec<String> {
    let lower = line.to_lowercase();
    if lower.len() != line.len() {
        return Vec::new();
    }
    let start = ["by ", "by: "]
        .iter()
        .filter_map(|lead| {
            lower.find(lead).filter(|at| *at == 0 || lower[..*at].ends_with([' ', '|', ',', '\u{a0}'])).map(|at| at + lead.len())
        })
        .min();
    start.map(|at| bylines.authors(&line[at..]).into_iter().filter(|name| bylines.looks_like_name(name)).collect()).unwrap_or_default()
}

fn short(tree: &Tree, id: Id) -> Option<String> {
    let node = &tree.nodes[id];
    let end = tree.nodes.get(node.after).map_or(tree.page.len(), |next| next.whole.start);
    if end - node.whole.start > 20 * LINE {
        return None;
    }
    Some(tree.words(id)).filter(|words| !words.is_empty() && words.len() <= LINE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_lose_the_outlet() {
        assert_eq!(without_site("Dam bursts in Sudan, 60 missing | The Post", None), "Dam bursts in Sudan, 60 missing");
        assert_eq!(without_site("Dam bursts in Sudan - The Nile Post", Some("Nile Post")), "Dam bursts in Sudan");
        assert_eq!(without_site("Dam bursts - again", None), "Dam bursts - again");
    }

    /// Authors and day of publication of a page with such a body.
    fn read(head: &str, body: &str) -> (Vec<String>, Option<String>) {
        let cues = crate::strip::html::cues::Cues::load(None).expect("built-in data");
        let text =
            "<p>Twelve people died when a ferry sank off Java on Friday, the coast guard of the island said in a statement.".repeat(3);
        let page = format!("<html><head>{head}</head><body><main>{}</main></body></html>", body.replace("TEXT", &text));
        let tree = Tree::new(&page);
        let layout = Layout::new(&tree, &cues, crate::strip::html::layout::Care::Usual);
        let main = (0..tree.nodes.len()).find(|id| tree.nodes[*id].tag == Tag::Main).expect("there");
        let first = (main..tree.nodes.len()).find(|id| tree.words(*id).starts_with("Twelve")).expect("there");
        let meta = of_page(&tree, &layout, main, first, &Metadata::default(), &Bylines::load(None).expect("built-in data"));
        (meta.authors, meta.published.map(|day| day.to_string()))
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
    fn bylines_inside_lines() {
        let bylines = Bylines::load(None).expect("built-in data");
        assert_eq!(by_in("Posted on: Sat, 14 June 2025 | by: Hetal Shah, CT bureau", &bylines), ["Hetal Shah"]);
        assert!(by_in("Killed by a mine near Kyiv", &bylines).is_empty());
    }
}
