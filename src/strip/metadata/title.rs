//! The headline, and the outlet's name where no tag gives it.

use super::page::Page;
use super::plain;
use super::seen::short;
use crate::strip::html::cues::Names;
use crate::strip::html::layout::Layout;
use crate::strip::html::tree::{Id, Tag, Tree};
use crate::types::Metadata;

/// The outlet's name where no tag gives it: the masthead, if the title or the foot of the page has the same words; else the title's end.
pub(super) fn outlet(tree: &Tree, page: &Page, layout: &Layout) -> Option<String> {
    let title = page.title.clone().unwrap_or_default();
    const BARS: [&str; 6] = [" | ", " - ", " – ", " — ", " :: ", " » "];
    let bar = BARS.into_iter().find(|bar| title.contains(bar)).unwrap_or(" | ");
    let segments: Vec<&str> = title.split(bar).map(str::trim).collect();
    let masthead = layout.names.iter().enumerate().filter(|(_, names)| names.has(Names::OUTLET)).find_map(|(id, _)| {
        let words = short(tree, id).or_else(|| {
            (id..tree.nodes[id].after())
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
pub(super) fn headline(
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
pub(super) fn without_site(title: &str, publisher: Option<&str>) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_lose_the_outlet() {
        assert_eq!(without_site("Dam bursts in Sudan, 60 missing | The Post", None), "Dam bursts in Sudan, 60 missing");
        assert_eq!(without_site("Dam bursts in Sudan - The Nile Post", Some("Nile Post")), "Dam bursts in Sudan");
        assert_eq!(without_site("Dam bursts - again", None), "Dam bursts - again");
    }
}
