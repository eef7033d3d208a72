//! Names and days that are marked or written near the text.

use super::Words;
use super::tags::Tags;
use crate::read::{Bylines, day};
use crate::strip::html::cues::Names;
use crate::strip::html::layout::{Fate, Layout};
use crate::strip::html::tree::{Id, Tag, Tree};
use jiff::civil::Date;
use std::ops::Range;

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

/// What is marked or written near the text.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) authors: Vec<String>,
    pub(super) published: Option<Date>,
    pub(super) modified: Option<Date>,
    /// The heading that stands over the text.
    pub(super) heading: Option<Id>,
}

impl Seen {
    pub(super) fn new(tree: &Tree, layout: &Layout, headline: Option<Id>, root: Id, text: Id, from: Id, words: &Words) -> Seen {
        let Words { bylines, tags } = words;
        let mut seen = Seen::default();
        let mut loose: Option<Date> = None;
        let mut at = from;
        let mut marked: Vec<String> = Vec::new();
        // Names and days of other stories stand after the text, or in elements that say so.
        let end = tree.nodes[root].after().min(tree.nodes.len());
        while at < tree.nodes.len() {
            let node = &tree.nodes[at];
            let names = layout.names[at];
            if matches!(node.tag, Tag::Script | Tag::Style | Tag::Nav | Tag::Template | Tag::Head)
                || (names.has(Names::NEVER) && !matches!(node.tag, Tag::Body | Tag::Html | Tag::Article | Tag::Main) && node.after() < end)
            {
                at = node.after();
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
                    let found = value();
                    if found.is_some() && is_change(tree, at, tags) {
                        seen.modified = seen.modified.or(found);
                    } else {
                        loose = found;
                    }
                }
                let rel = || tree.attribute(at, "rel").is_some_and(|rel| rel.split(' ').any(|r| r.eq_ignore_ascii_case("author")));
                if at < end && marked.is_empty() && (says("author") || (node.tag == Tag::A && rel())) {
                    marked = named_in(tree, at, bylines);
                    // A byline has its links in a row.
                    if node.tag == Tag::A {
                        let mut next = node.after();
                        let stop = tree.nodes[node.parent()].after();
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
        let days = seen.lines(tree, heading.map_or(text.saturating_sub(60), |h| tree.nodes[h].after())..text, headline.unwrap_or(0), words);
        let unchanged = days.iter().find(|(_, changed)| !changed).map(|(date, _)| *date);
        seen.published = seen.published.or(loose).or(unchanged);
        seen.modified = seen.modified.or_else(|| days.iter().find(|(_, changed)| *changed).map(|(date, _)| *date));
        seen.heading = heading;
        seen
    }

    /// Reads the lines of some nodes: the authors they name, if there are more of them than are known, and their days with whether they are days of changes.
    fn lines(&mut self, tree: &Tree, nodes: Range<Id>, above: Id, words: &Words) -> Vec<(Date, bool)> {
        let mut days = Vec::new();
        let (mut last, mut whole) = (0, false);
        for at in nodes {
            let node = &tree.nodes[at];
            if node.tag != Tag::Text || matches!(tree.nodes[node.parent()].tag, Tag::Script | Tag::Style) {
                continue;
            }
            let mut block = node.parent();
            while tree.is_inline(block) && block != 0 {
                block = tree.nodes[block].parent();
            }
            // The whole block where it is a line, else this run of it.
            let again = block == last;
            let line = if again { None } else { short(tree, block).filter(|_| block > above) };
            whole = line.is_some() || (again && whole);
            let line = line.unwrap_or_else(|| tree.words(at));
            last = block;
            if line.len() > LINE {
                continue;
            }
            if !(again && whole) {
                days.extend(words.tags.days(&line));
            }
            let by = by_in(line.trim(), &words.bylines);
            if by.len() > self.authors.len() {
                self.authors = by;
            }
        }
        days
    }
}

/// Whether the line that an element stands in says of its day that something changed then.
fn is_change(tree: &Tree, id: Id, tags: &Tags) -> bool {
    let line = short(tree, tree.nodes[id].parent()).or_else(|| short(tree, id)).unwrap_or_default();
    let own = short(tree, id).and_then(|own| day(&own));
    tags.days(&line).iter().find(|(date, _)| own.is_none_or(|own| own == *date)).is_some_and(|(_, changed)| *changed)
}

/// A day in a line of its own: above the headline, or anywhere in the story if it is the only one.
pub(super) fn lone_day(tree: &Tree, heading: Option<Id>, root: Id) -> Option<Date> {
    let lines = |nodes: Range<Id>| {
        let runs = nodes.filter(|id| tree.nodes[*id].tag == Tag::Text).map(|id| tree.page[tree.nodes[id].whole()].trim());
        runs.filter(|line| !line.is_empty())
    };
    let is_line = |line: &&str| (8..=DAY).contains(&line.len());
    let above = heading.and_then(|heading| {
        let last: Vec<&str> = lines(heading.saturating_sub(ABOVE)..heading).collect();
        last.into_iter().rev().take(3).filter(is_line).find_map(day)
    });
    above.or_else(|| {
        let mut days = lines(root..tree.nodes[root].after()).filter(is_line).filter_map(day);
        days.next().filter(|first| days.all(|other| other == *first))
    })
}

/// The author whose name stands in an element of its own behind "Written by".
pub(super) fn cued(tree: &Tree, layout: &Layout, from: Id, root: Id, bylines: &Bylines) -> Vec<String> {
    let end = tree.nodes[root].after();
    let mut cue: Option<Id> = None;
    let mut at = from;
    while at < end {
        let node = &tree.nodes[at];
        if matches!(node.tag, Tag::Script | Tag::Style | Tag::Nav | Tag::Template | Tag::Head)
            || layout.names[at].has(Names::NEVER) && !matches!(node.tag, Tag::Body | Tag::Html | Tag::Article | Tag::Main)
        {
            at = node.after();
            continue;
        }
        let text = tree.page[node.whole()].trim();
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
    for at in id..tree.nodes[id].after() {
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

pub(super) fn short(tree: &Tree, id: Id) -> Option<String> {
    let node = &tree.nodes[id];
    let end = tree.nodes.get(node.after()).map_or(tree.page.len(), |next| next.whole().start);
    if end - node.whole().start > 20 * LINE {
        return None;
    }
    Some(tree.words(id)).filter(|words| !words.is_empty() && words.len() <= LINE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bylines_inside_lines() {
        let bylines = Bylines::load(None).expect("built-in data");
        assert_eq!(by_in("Posted on: Sat, 14 June 2025 | by: Hetal Shah, CT bureau", &bylines), ["Hetal Shah"]);
        assert!(by_in("Killed by a mine near Kyiv", &bylines).is_empty());
    }
}
