//! Text copied whole from a page, clutter included: the main story's body, what the page says of it, and further stories.

mod byline;
pub(super) mod cues;
mod date;
mod lines;
mod stories;

use super::builder::DocumentBuilder;
use super::dateline::Datelines;
use super::decode::Decoded;
use crate::error::{Error, Result, Stage};
use crate::types::{Document, Metadata, RawDocument};
use cues::{Class, Cues, fold};
use date::{Clues, Stated};
use lines::Line;
use stories::Story;

/// The articles of a copied text.
///
/// The first is the main story; each further one starts at its headline and shares the page's date, outlet and address.
///
/// # Errors
/// When no article text is found.
pub(super) fn articles(source: &Decoded, raw: &RawDocument, cues: &Cues, datelines: &Datelines) -> Result<Vec<Document>> {
    let mut lines = lines::lines(&source.text, cues);
    let stories = stories::stories(&mut lines, cues, datelines);
    if stories.is_empty() {
        return Err(Error::left_out(&raw.id, Stage::Strip, "no article text found")
            .with_hint("the text has no sentences beside navigation and notices"));
    }
    let page = Page { lines: &lines, cues };
    let common = page.common(&stories, &raw.hints);
    let mut documents = Vec::with_capacity(stories.len());
    for (i, story) in stories.iter().enumerate() {
        let mut builder = DocumentBuilder::new(source);
        for &line in &story.body {
            builder.plain(lines[line].range.clone());
            if lines[line].class == Class::Short {
                builder.end_heading();
            } else {
                builder.end_paragraph();
            }
        }
        let first = story.headline.or(story.body.first().copied()).map_or(0, |line| lines[line].range.start);
        let meta = page.story(story, i, &common, &raw.hints);
        let mut document = builder.finish(raw, i + 1, source.source_offset(first), meta, datelines)?;
        page.settle(story, &mut document);
        documents.push(document);
    }
    Ok(documents)
}

/// A page's lines, and what they say of its stories.
struct Page<'l, 't> {
    lines: &'l [Line<'t>],
    cues: &'l Cues,
}

impl Page<'_, '_> {
    /// What holds for every story of the page.
    fn common(&self, stories: &[Story], hints: &Metadata) -> Metadata {
        let mut meta = hints.clone();
        let body = stories[0].body.first().copied().unwrap_or(0);
        let mut stated = Stated::default();
        for (i, line) in self.lines.iter().enumerate() {
            let says_so = || {
                fold(line.text).split(' ').next().is_some_and(|word| {
                    self.cues.changed.contains(word.trim_matches(':')) || word.starts_with("publish") || word.starts_with("date")
                })
            };
            if line.class == Class::Date && (i < body || says_so()) {
                stated.add(line.text, self.cues);
            }
        }
        meta.published = meta.published.or(stated.published);
        meta.modified = meta.modified.or(stated.modified);
        meta.url = meta.url.or_else(|| self.lines[..body].iter().find(|line| line.class == Class::Url).map(|line| line.text.to_owned()));
        meta.publisher = meta.publisher.or_else(|| self.publisher(stories[0].headline, body));
        meta
    }

    /// What holds for one story.
    fn story(&self, story: &Story, index: usize, common: &Metadata, hints: &Metadata) -> Metadata {
        let mut meta = common.clone();
        let headline = story.headline.map(|i| unquoted(self.lines[i].text));
        if index > 0 {
            meta.headline = headline;
            meta.authors = Vec::new();
            meta.agency = None;
            // The page's change is its main story's, unless that is all the page has.
            meta.modified = meta.modified.filter(|_| meta.published.is_none());
        } else {
            meta.headline = meta.headline.or(headline);
        }
        if index > 0 || hints.authors.is_empty() {
            let own = story.head.iter().map(|i| &self.lines[*i]);
            meta.authors = self.authors(own, story.headline);
        }
        meta.agency = meta.agency.or_else(|| {
            story
                .agency
                .and_then(|i| lines::agency(self.lines[i].text, self.cues))
                .filter(|name| fold(name) != "agencies")
                .map(str::to_owned)
        });
        meta
    }

    /// What only the finished text shows: the outlet and the year of its dateline.
    fn settle(&self, story: &Story, document: &mut Document) {
        let Some(line) = document.meta.dateline.clone() else { return };
        // "(PNW)" in the dateline is the agency, or the outlet where another agency's tag closes the story.
        let named = line.text.rsplit_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(name, _)| name.trim());
        let tag = story.agency.and_then(|i| lines::agency(self.lines[i].text, self.cues));
        let meta = &mut document.meta;
        match (named, tag) {
            (Some(named), Some(tag)) if fold(named) != fold(tag) && meta.publisher.is_none() && !self.cues.agencies.contains(named) => {
                meta.publisher = Some(named.to_owned());
                meta.agency = Some(tag.to_owned());
            }
            (Some(named), _) if meta.agency.is_none() => meta.agency = Some(named.to_owned()),
            _ => {}
        }
        // An agency's own file, with nothing of a site about it: the line over it is no outlet.
        let site = self.lines.iter().any(|line| matches!(line.class, Class::Navigation | Class::Share));
        if !site && meta.publisher.as_ref().zip(meta.agency.as_ref()).is_some_and(|(outlet, agency)| fold(outlet) == fold(agency)) {
            meta.publisher = None;
        }
        if document.meta.published.is_some() {
            return;
        }
        let dated = date::dates(&line.text).first().map(|(_, date)| *date);
        document.meta.published = dated.or_else(|| line.month_day.and_then(|day| date::anchor(day, &self.clues(document))));
    }

    fn clues(&self, document: &Document) -> Clues {
        let mut clues = Clues::default();
        for (i, span) in document.paragraphs.iter().enumerate() {
            clues.paragraph(span.of(&document.text), i < 2);
        }
        for line in self.lines {
            match line.class {
                Class::Caption => clues.captions.extend(date::dates(line.text).iter().map(|(_, date)| *date)),
                Class::Copyright => clues.copyright(line.text),
                _ => {}
            }
        }
        clues
    }

    /// The names of the bylines; else a bare name right beside a date line or under the headline.
    fn authors<'a>(&self, head: impl Iterator<Item = &'a Line<'a>> + Clone, headline: Option<usize>) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for line in head.clone().filter(|line| matches!(line.class, Class::Byline | Class::Date)) {
            for name in byline::authors(line.text, self.cues) {
                if !found.contains(&name) {
                    found.push(name);
                }
            }
        }
        if !found.is_empty() {
            return found;
        }
        let head: Vec<&Line<'_>> = head.filter(|line| headline.is_none_or(|h| line.range.start > self.lines[h].range.start)).collect();
        for (i, line) in head.iter().enumerate() {
            // "Ada Moll, Kassel"
            let name = line.text.split([',', '|']).next().unwrap_or("").trim();
            let by_date = head.get(i + 1).is_some_and(|next| next.class == Class::Date) || i > 0 && head[i - 1].class == Class::Date;
            if line.class == Class::Short && line.words <= 10 && by_date && byline::is_name(name, self.cues) {
                return vec![name.to_owned()];
            }
        }
        found
    }

    /// The outlet: from phrases that name it, the copyright line, the line over the navigation, or the head of a press release.
    fn publisher(&self, headline: Option<usize>, body: usize) -> Option<String> {
        for line in self.lines {
            let folded = fold(line.text);
            for (before, after) in &self.cues.publisher {
                let Some(end) = folded.find(&**after).filter(|_| !after.is_empty()) else { continue };
                let start = folded[..end].rfind(['.', '!', '"', ':']).map_or(0, |i| i + 1);
                let Some(name) = folded[start..end].trim_start().strip_prefix(&**before) else { continue };
                if (1..=5).contains(&name.split_whitespace().count())
                    && let Some(written) = as_written(line.text, name)
                {
                    return Some(written);
                }
            }
        }
        let top = headline.unwrap_or(body);
        let mastheads: Vec<String> = self.lines[..top].iter().take(8).enumerate().filter_map(|(i, line)| self.masthead(i, line)).collect();
        for line in self
            .lines
            .iter()
            .filter(|line| line.class == Class::Copyright && (line.text.contains('©') || fold(line.text).contains("copyright")))
        {
            let folded = fold(line.text);
            let alike = |name: &&String| {
                let name = fold(name);
                folded.contains(&name) || name.split(' ').any(|word| word.len() >= 5 && folded.split(' ').any(|other| other == word))
            };
            if let Some(name) = mastheads.iter().find(alike) {
                return Some(name.clone());
            }
            if let Some(name) = self.holder(line.text) {
                return Some(name);
            }
        }
        let furnished = self.lines[..top].iter().any(|line| matches!(line.class, Class::Navigation | Class::Share));
        let named = |name: &&String| fold(name).split(' ').any(|word| self.cues.outlet.contains(word));
        if let Some(name) = mastheads.iter().find(named).or_else(|| mastheads.first().filter(|_| furnished)) {
            return Some(name.clone());
        }
        // The office that heads a press release in capitals.
        let release = self.lines[..top]
            .iter()
            .position(|line| fold(line.text).starts_with("press release") || fold(line.text).starts_with("for immediate release"))?;
        let office = self.lines[..release].iter().rev().find(|line| line.class == Class::Short && line.words >= 2)?;
        Some(if office.text.chars().any(char::is_lowercase) { office.text.to_owned() } else { byline::titled(office.text) })
    }

    /// The outlet's name where a line over the story looks like one: few words, each with a capital.
    fn masthead(&self, index: usize, line: &Line<'_>) -> Option<String> {
        let name = [" — ", " – ", " - ", " | "].iter().fold(line.text, |name, mark| name.split(mark).next().unwrap_or(name)).trim();
        let words: Vec<&str> = name.split_whitespace().collect();
        let titled = words.iter().all(|word| word.starts_with(char::is_uppercase) || word.chars().count() <= 3);
        let plain =
            !name.contains(|c: char| c.is_ascii_digit() || c == ':' || c == '>' || c == '›') && name.chars().any(char::is_lowercase);
        let class = line.class == Class::Short || index == 0 && line.class == Class::Navigation;
        // "Sign in | Subscribe": the first of a menu's words is no name.
        if !(class && self.cues.class(name, false).is_none() && (1..=5).contains(&words.len()) && titled && plain) {
            return None;
        }
        // "HPA Harbour Press Agency": the letters of the name before the name.
        let initials: String = words[1..].iter().filter_map(|word| word.chars().next()).collect();
        Some(if words.len() > 2 && words[0] == initials { words[1..].join(" ") } else { name.to_owned() })
    }

    /// The name in "© 2025 Harbour Post Ltd. All rights reserved".
    fn holder(&self, line: &str) -> Option<String> {
        let part = line.split(['|', '–', '—', '•', '·']).next()?;
        let part = part.trim_start_matches(|c: char| !c.is_alphanumeric());
        let mut name: Vec<&str> = Vec::new();
        for word in part.split_whitespace() {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            if bare.is_empty()
                || bare.chars().all(|c| c.is_ascii_digit() || c == '-' || c == '–')
                || (name.is_empty() && fold(bare) == "copyright")
            {
                continue;
            }
            if self.cues.legal.contains(&*fold(bare)) || (!bare.starts_with(char::is_uppercase) && !matches!(bare, "of" | "the" | "and")) {
                break;
            }
            name.push(word.trim_end_matches(['.', ',', ';']));
            if word.ends_with('.') {
                break;
            }
        }
        (!name.is_empty() && name.len() <= 6).then(|| name.join(" "))
    }
}

/// A headline without the quotes round all of it.
fn unquoted(text: &str) -> String {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for (open, close) in [('‘', '’'), ('“', '”'), ('"', '"'), ('\'', '\'')] {
        let inner = folded.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
        if let Some(inner) = inner.filter(|inner| !inner.contains([open, close])) {
            return inner.to_owned();
        }
    }
    folded
}

/// A folded name as the line has it.
fn as_written(line: &str, folded: &str) -> Option<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let wanted: Vec<&str> = folded.split(' ').collect();
    let bare = |word: &str| fold(word.trim_matches(|c: char| !c.is_alphanumeric()));
    let at = words.windows(wanted.len()).position(|window| window.iter().zip(&wanted).all(|(a, b)| bare(a) == *b))?;
    let name = words[at..at + wanted.len()].join(" ");
    let name = name.trim_matches(|c: char| !c.is_alphanumeric());
    name.starts_with(char::is_uppercase).then(|| name.to_owned())
}

#[cfg(test)]
mod tests;
