//! The classes of lines beside a story, and the phrases that give them away (`models/strip/copied.toml`).

use crate::error::{Error, Result};
use crate::lexicon::{self, layers};
use regex::Regex;
use rustc_hash::FxHashSet;
use serde::Deserialize;
use std::path::Path;

const FILE: &str = "strip/copied.toml";
const BUILT_IN: &str = include_str!("../../../models/strip/copied.toml");

/// Lines longer than this many words are not opened by a cue: they are prose.
const LONGEST_OPENED: usize = 30;
/// Lines up to this many words are searched for the weakest cues.
const SHORT: usize = 12;

/// What a line of a copied page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// A line of marks: "-----", "* * *".
    Rule,
    Navigation,
    Share,
    Consent,
    Subscribe,
    Feedback,
    Player,
    Advert,
    /// The head of a list of links: "Most read".
    RelatedHeader,
    /// A pointer to another story: "Read also: …".
    Related,
    Comments,
    Tags,
    Copyright,
    Note,
    /// After it nothing of the story comes: "END OF RELEASE".
    End,
    Caption,
    /// A picture's credit on a line of its own.
    Credit,
    Byline,
    Date,
    Url,
    /// An agency's closing tag on a line of its own.
    Agency,
    /// Prose.
    Body,
    /// An item of a list.
    Item,
    /// A line without a full stop: a headline, a subheading, a link, a label.
    Short,
}

/// A struct of lists that grows by another of its kind.
macro_rules! lists {
    ($name:ident: $kind:ty { $($field:ident),* $(,)? } $join:ident) => {
        #[derive(Deserialize, Default)]
        #[serde(deny_unknown_fields, default)]
        struct $name { $($field: $kind),* }

        impl $name {
            fn $join(&mut self, other: $name) {
                $(self.$field.extend(other.$field);)*
            }
        }
    };
}

lists!(Phrases: Vec<String> {
    whole, starts, has, short, words, header, role, particle, changed, templates, legal, names, takes, verbs, titles, stop, outlet,
} extend);
lists!(Tables: Phrases {
    navigation, share, consent, subscribe, feedback, player, advert, related, comments, tags, copyright, note, end, caption, credit, byline,
    date, publisher, agency, story,
} extend);

type Words = FxHashSet<Box<str>>;

#[derive(Debug)]
struct Table {
    class: Class,
    whole: Words,
    starts: Option<Regex>,
    has: Option<Regex>,
    short: Option<Regex>,
}

/// The phrases, ready to be matched.
#[derive(Debug)]
pub(crate) struct Cues {
    tables: Vec<Table>,
    byline: Table,
    bar: Words,
    pub role: Words,
    pub particle: Words,
    pub date_words: Words,
    pub changed: Words,
    pub publisher: Vec<(Box<str>, Box<str>)>,
    pub legal: Words,
    pub outlet: Words,
    pub agencies: Words,
    pub takes: Words,
    pub verbs: Words,
    pub titles: Words,
    pub stop: Words,
}

impl Cues {
    /// The built-in phrases and those of the user's directory.
    pub(crate) fn load(rules: Option<&Path>) -> Result<Cues> {
        let mut all = Tables::default();
        for file in layers(FILE, BUILT_IN, rules)? {
            let tables: Tables = lexicon::toml(&file)?;
            all.extend(tables);
        }
        Cues::build(all)
    }

    fn build(all: Tables) -> Result<Cues> {
        let header = table(Class::RelatedHeader, Phrases { whole: all.related.whole, starts: all.related.header, ..Phrases::default() })?;
        let related = table(Class::Related, Phrases { starts: all.related.starts, short: all.related.short, ..Phrases::default() })?;
        let templates = all.publisher.templates.iter().filter_map(|t| t.split_once("{}"));
        Ok(Cues {
            publisher: templates.map(|(before, after)| (before.into(), after.into())).collect(),
            legal: words(all.publisher.legal),
            outlet: words(all.publisher.outlet),
            bar: words(all.navigation.words),
            role: words(all.byline.role),
            particle: words(all.byline.particle),
            date_words: words(all.date.words),
            changed: words(all.date.changed),
            agencies: all.agency.names.into_iter().map(Into::into).collect(),
            takes: words(all.story.takes),
            verbs: words(all.story.verbs),
            titles: words(all.story.titles),
            stop: words(all.story.stop),
            byline: table(Class::Byline, Phrases { starts: all.byline.starts, ..Phrases::default() })?,
            // In the order in which they are tried: the surest first.
            tables: vec![
                table(Class::Consent, all.consent)?,
                table(Class::Copyright, all.copyright)?,
                table(Class::End, all.end)?,
                table(Class::Comments, all.comments)?,
                header,
                table(Class::Subscribe, all.subscribe)?,
                table(Class::Feedback, all.feedback)?,
                table(Class::Advert, all.advert)?,
                table(Class::Player, all.player)?,
                table(Class::Tags, all.tags)?,
                related,
                table(Class::Note, all.note)?,
                table(Class::Credit, all.credit)?,
                table(Class::Caption, all.caption)?,
                table(Class::Share, all.share)?,
                table(Class::Navigation, Phrases { words: Vec::new(), ..all.navigation })?,
            ],
        })
    }

    /// The class that a phrase gives a line, if one does. `prose`: the line is a sentence, or several.
    pub(super) fn class(&self, line: &str, prose: bool) -> Option<Class> {
        let folded = fold(line);
        let count = folded.split(' ').count();
        let bare = bare(&folded);
        let quoted = folded.starts_with('"');
        if !prose && count <= SHORT && !bare.is_empty() && bare.split(' ').all(|word| self.bar.contains(word)) {
            if let Some(table) = self.tables.iter().find(|table| table.whole.contains(bare.as_str())) {
                return Some(table.class);
            }
            return Some(Class::Navigation);
        }
        self.tables.iter().find(|table| table.matches(&folded, &bare, count, prose, quoted)).map(|table| table.class)
    }

    /// What follows the words that open a byline.
    pub(super) fn byline<'l>(&self, line: &'l str) -> Option<&'l str> {
        let folded = fold(line);
        let found = self.byline.starts.as_ref()?.find(&folded)?;
        // Folding keeps the length of these words: they are ASCII.
        line.get(found.end()..).or(Some(""))
    }
}

impl Table {
    fn matches(&self, folded: &str, bare: &str, count: usize, prose: bool, quoted: bool) -> bool {
        let hit = |regex: &Option<Regex>| regex.as_ref().is_some_and(|regex| regex.is_match(folded));
        if self.whole.contains(bare) && (!prose || count <= 6) {
            return true;
        }
        if hit(&self.has) && (count <= 60 || self.class != Class::Caption) && !(quoted && count > SHORT && self.class != Class::Subscribe) {
            return true;
        }
        let limit = if prose { LONGEST_OPENED * 4 / 5 } else { LONGEST_OPENED };
        let limit = if matches!(self.class, Class::Note | Class::Caption) { 2 * LONGEST_OPENED } else { limit };
        if !quoted && count <= limit && hit(&self.starts) && !(self.class == Class::Credit && count > SHORT) {
            return true;
        }
        !quoted && count <= SHORT && !(prose && count > 8) && hit(&self.short)
    }
}

fn words(list: Vec<String>) -> Words {
    list.into_iter().map(|word| fold(&word).into()).collect()
}

fn table(class: Class, phrases: Phrases) -> Result<Table> {
    Ok(Table {
        class,
        whole: phrases.whole.iter().map(|phrase| bare(&fold(phrase)).into()).collect(),
        starts: alternatives(&phrases.starts, true)?,
        has: alternatives(&phrases.has, false)?,
        short: alternatives(&phrases.short, false)?,
    })
}

/// One pattern for many phrases; a phrase that ends in a letter ends a word. Only ASCII words have edges: the others would cost ten times the time.
fn alternatives(phrases: &[String], opening: bool) -> Result<Option<Regex>> {
    let mut parts: Vec<String> =
        phrases.iter().map(|phrase| phrase.trim_start_matches(' ')).filter(|phrase| !phrase.is_empty()).map(phrase_pattern).collect();
    parts.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    parts.dedup();
    if parts.is_empty() {
        return Ok(None);
    }
    let pattern = format!("{}(?:{})", if opening { "^" } else { "" }, parts.join("|"));
    let wrong = |error: regex::Error| Error::Data { file: FILE.to_owned(), place: "phrases".to_owned(), reason: error.to_string() };
    Regex::new(&pattern).map(Some).map_err(wrong)
}

fn phrase_pattern(phrase: &str) -> String {
    let folded = fold(phrase);
    let space = if phrase.ends_with(' ') { " " } else { "" };
    let edge = |c: Option<char>| if c.is_some_and(char::is_alphanumeric) { "(?-u:\\b)" } else { "" };
    let close = if space.is_empty() { edge(folded.chars().next_back()) } else { "" };
    format!("{}{}{space}{close}", edge(folded.chars().next()), regex::escape(&folded))
}

/// Small letters, straight quotes, single spaces.
pub(super) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            '‘' | '’' | 'ʼ' => out.push('\''),
            '“' | '”' | '„' => out.push('"'),
            c if c.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c if c.is_ascii() => out.push(c.to_ascii_lowercase()),
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// A folded line's words alone: no digits, marks or brackets.
pub(super) fn bare(folded: &str) -> String {
    let mut out = String::with_capacity(folded.len());
    for c in folded.chars() {
        if c.is_alphabetic() || c == '\'' {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}
