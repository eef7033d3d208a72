//! What names and lines say of a page's parts, from `models/strip/html.toml`.

use crate::error::Result;
use crate::lexicon;
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::Path;

const FILE: &str = "strip/html.toml";
const BUILT_IN: &str = include_str!("../../../models/strip/html.toml");

/// What a class or id name says; an element may have several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Names(u16);

/// Named as the lists of the data file are.
impl Names {
    pub const BODY: Names = Names(1);
    pub const NEVER: Names = Names(2);
    pub const DROP: Names = Names(4);
    pub const CAPTION: Names = Names(8);
    pub const INLINE: Names = Names(16);
    pub const LIVE: Names = Names(32);
    pub const BYLINE: Names = Names(64);
    pub const DATE: Names = Names(128);
    pub const OUTLET: Names = Names(256);
    pub const CHANGED: Names = Names(512);

    pub fn and(self, other: Names) -> Names {
        Names(self.0 | other.0)
    }

    pub fn has(self, other: Names) -> bool {
        self.0 & other.0 != 0
    }
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Lists {
    body: Vec<String>,
    never: Vec<String>,
    drop: Vec<String>,
    caption: Vec<String>,
    inline: Vec<String>,
    live: Vec<String>,
    byline: Vec<String>,
    date: Vec<String>,
    outlet: Vec<String>,
    changed: Vec<String>,
    starts: Vec<String>,
    whole: Vec<String>,
    ends: Vec<String>,
    begs: Vec<String>,
    credits: Vec<String>,
    labels: Vec<String>,
    waits: Vec<String>,
}

/// The cues, ready to look up.
#[derive(Debug, Default)]
pub(crate) struct Cues {
    /// First word of a name → the words after it, and what the name says.
    names: FxHashMap<String, Vec<(Vec<String>, Names)>>,
    starts: FxHashMap<String, Vec<String>>,
    whole: FxHashSet<String>,
    ends: FxHashSet<String>,
    begs: Vec<String>,
    credits: Vec<String>,
    labels: FxHashSet<String>,
    waits: Vec<String>,
}

impl Cues {
    /// The built-in cues and the user's.
    pub(crate) fn load(rules: Option<&Path>) -> Result<Cues> {
        let mut cues = Cues::default();
        for file in lexicon::layers(FILE, BUILT_IN, rules)? {
            let lists: Lists = lexicon::toml(&file)?;
            for (list, says) in [
                (lists.body, Names::BODY),
                (lists.never, Names::NEVER),
                (lists.drop, Names::DROP),
                (lists.caption, Names::CAPTION),
                (lists.inline, Names::INLINE),
                (lists.live, Names::LIVE),
                (lists.byline, Names::BYLINE),
                (lists.date, Names::DATE),
                (lists.outlet, Names::OUTLET),
                (lists.changed, Names::CHANGED),
            ] {
                for name in list {
                    let mut words = name.split(' ').map(str::to_owned);
                    let first = words.next().unwrap_or_default();
                    cues.names.entry(first).or_default().push((words.collect(), says));
                }
            }
            for line in lists.starts {
                let first: String = first_word(&line).to_owned();
                cues.starts.entry(first).or_default().push(line);
            }
            cues.whole.extend(lists.whole);
            cues.ends.extend(lists.ends);
            cues.begs.extend(lists.begs);
            cues.credits.extend(lists.credits);
            cues.labels.extend(lists.labels);
            cues.waits.extend(lists.waits);
        }
        Ok(cues)
    }

    /// What the names in a class or id attribute say.
    pub(crate) fn names(&self, attribute: &str) -> Names {
        let mut said = Names::default();
        for token in attribute.split_ascii_whitespace() {
            // WordPress writes a post's own tags and categories into its class.
            if token.starts_with("category-") || token.starts_with("tag-") || token.len() > 120 {
                continue;
            }
            let words = split_words(token);
            // The anchor of a heading is made of its words: "menu-ideas-for-large-weddings".
            if words.len() > SLUG {
                continue;
            }
            for (i, word) in words.iter().enumerate() {
                for (rest, says) in self.names.get(word.as_str()).into_iter().flatten() {
                    if words[i + 1..].len() >= rest.len() && words[i + 1..].iter().zip(rest).all(|(a, b)| a == b) {
                        said.0 |= says.0;
                    }
                }
            }
        }
        said
    }

    /// Whether a paragraph is a line beside the article.
    pub(crate) fn is_stray(&self, paragraph: &str) -> bool {
        let head: String = paragraph.chars().take(60).collect::<String>().to_lowercase();
        if paragraph.chars().count() <= 50 && (self.whole.contains(bare(&head)) || self.whole.contains(head.as_str())) {
            return true;
        }
        if self.starts.get(first_word(&head)).into_iter().flatten().any(|start| head.starts_with(start.as_str())) {
            return true;
        }
        if paragraph.len() <= WAIT && paragraph.ends_with(['.', '…']) && self.waits.iter().any(|w| head.starts_with(w.as_str())) {
            return head.ends_with("...") || head.ends_with('…');
        }
        if paragraph.len() > SHORT {
            return false;
        }
        let lower = paragraph.to_lowercase();
        self.begs.iter().any(|words| lower.contains(words.as_str()))
            || self.credits.iter().any(|words| lower.contains(words.as_str()))
            || credited(paragraph)
    }

    /// Whether a run of text is the label of an advertisement.
    pub(crate) fn is_label(&self, text: &str) -> bool {
        let text = text.trim();
        text.len() <= LABEL && self.labels.contains(text.to_ascii_lowercase().as_str())
    }

    /// Whether a line says that the article is over.
    pub(crate) fn is_end(&self, line: &str) -> bool {
        if line.len() > 60 {
            return false;
        }
        let lower = line.to_lowercase();
        let words = bare(&lower);
        let uncounted = words.split('(').next().unwrap_or_default().trim_end();
        self.ends.contains(words)
            || self.ends.contains(uncounted)
            || self.ends.contains(uncounted.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' '))
    }
}

/// A name of more words is a title's.
const SLUG: usize = 6;
/// A label is at most so long, in bytes.
const LABEL: usize = 20;
/// What stands in for text to come is at most so long, in bytes.
const WAIT: usize = 40;
/// A paragraph of so many bytes may be a caption or an offer.
const SHORT: usize = 240;

/// "… of which two walls remain. (Agency/Ana Lee)": a picture's credit closes it.
fn credited(paragraph: &str) -> bool {
    paragraph
        .strip_suffix(')')
        .and_then(|p| p.rsplit_once('('))
        .is_some_and(|(before, credit)| before.trim_end().ends_with('.') && credit.contains('/') && credit.len() < 60)
}

fn bare(line: &str) -> &str {
    line.trim_matches(|c: char| matches!(c, ':' | '.' | '!' | '[' | ']' | ')' | '»' | '›' | '>' | '-' | '–' | '|') || c.is_whitespace())
}

fn first_word(line: &str) -> &str {
    line.split([' ', ':']).next().unwrap_or_default()
}

/// "c-shareBar__item2" → c, share, bar, item.
fn split_words(token: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut last = ' ';
    let mut fresh = true;
    for c in token.chars() {
        if !c.is_ascii_alphabetic() {
            fresh = true;
        } else {
            if fresh || (c.is_ascii_uppercase() && last.is_ascii_lowercase()) {
                words.push(String::new());
            }
            fresh = false;
            if let Some(word) = words.last_mut() {
                word.push(c.to_ascii_lowercase());
            }
        }
        last = c;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_their_spellings() {
        let cues = Cues::load(None).expect("built-in");
        for class in ["c-share-bar__list", "x shareBar", "share_bar_2", "SHARE"] {
            assert!(cues.names(class).has(Names::DROP), "{class}");
        }
        assert!(cues.names("article-body--wide").has(Names::BODY));
        assert!(!cues.names("shared-memory adhoc tag-sponsored").has(Names::DROP));
    }

    #[test]
    fn stray_lines() {
        let cues = Cues::load(None).expect("built-in");
        assert!(cues.is_stray("Read more: Ferry sinks off Java"));
        assert!(cues.is_stray("ADVERTISEMENT"));
        assert!(cues.is_stray("Loading paragraph...") && !cues.is_stray("Loading docks were closed."));
        assert!(!cues.is_stray("Read more than 4,000 pages, the judge said."));
    }
}
