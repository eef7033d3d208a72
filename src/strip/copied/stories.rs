//! Which lines are a story's body, and where another story on the page begins.
//!
//! The body starts at a dateline, else after the last of the lines that stand over a story (byline, date, reading time). From there prose is taken
//! and everything else left out. After a pointer, an advertisement or a caption the story goes on; after lines that end a page (feedback,
//! subscription, cookies, comments) only prose that shares names and words with it does.
//!
//! A line without a full stop and with prose after it is a heading: of a section, then the story goes on, or of another story. A section's heading is
//! part of the body where it is sure to be one: short, between two paragraphs with nothing else there. [`Walk::is_story`] weighs the evidence for the latter; see there.

use super::super::dateline::Datelines;
use super::cues::{Class, Cues, fold};
use super::lines::{Line, key};
use rustc_hash::{FxHashMap, FxHashSet};

/// Prose that may stand over a story (standfirst, caption, promotion), in words.
const LONGEST_HEAD: usize = 60;
/// Least words of a further story: a teaser of a link is shorter.
const LEAST_STORY: usize = 35;
/// Evidence from which a heading opens another story.
const ENOUGH: i32 = 4;
/// A section's heading is at most so long, in words: longer lines without a full stop are captions and other stories' headlines.
const LONGEST_SUBHEADING: usize = 6;
/// Pages of more lines are not searched for pull quotes.
const MOST_LINES: usize = 600;

/// One story of a page, as indices of lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Story {
    pub headline: Option<usize>,
    /// Lines between the headline and the body: byline, date, captions.
    pub head: Vec<usize>,
    /// Paragraphs, and headings of sections: those are [`Class::Short`].
    pub body: Vec<usize>,
    /// The agency's closing tag.
    pub agency: Option<usize>,
}

/// The stories of a page, the main one first; none where there is no prose.
pub(super) fn stories(lines: &mut [Line<'_>], cues: &Cues, datelines: &Datelines) -> Vec<Story> {
    leave_out_repeats(lines);
    let Some(start) = body_start(lines, datelines) else { return Vec::new() };
    let main = Story { headline: headline(lines, start, cues, datelines), head: (0..start).collect(), ..Story::default() };
    let mut walk = Walk { lines, cues, datelines, stories: vec![main], known: Vocabulary::default(), gap: Gap::None, skipping: false };
    walk.run(start);
    walk.stories.retain(|story| !story.body.is_empty());
    walk.stories
}

/// Makes captions of prose that stands twice close by, or again in a caption, or (a pull quote) inside a longer paragraph.
fn leave_out_repeats(lines: &mut [Line<'_>]) {
    let keys: Vec<String> = lines.iter().map(|line| if line.words >= 4 { key(line.text) } else { String::new() }).collect();
    let mut last: FxHashMap<&str, usize> = FxHashMap::default();
    for i in 0..lines.len() {
        if keys[i].is_empty() || !matches!(lines[i].class, Class::Body | Class::Caption) {
            continue;
        }
        if let Some(before) = last.insert(&keys[i], i) {
            if i - before <= 3 && lines[i].words < 40 && lines[before].class == Class::Body {
                lines[before].class = Class::Caption;
            }
            lines[i].class = Class::Caption;
        }
    }
    if lines.len() > MOST_LINES {
        return;
    }
    let captions: Vec<usize> = (0..lines.len()).filter(|i| lines[*i].class == Class::Caption).collect();
    for i in 0..lines.len() {
        if lines[i].class != Class::Body || lines[i].words > 40 || keys[i].is_empty() {
            continue;
        }
        let in_caption = captions.iter().any(|c| keys[*c].contains(&keys[i]));
        let pulled = lines[i].text.starts_with(['“', '"', '‘'])
            && lines.iter().zip(&keys).any(|(line, key)| line.class == Class::Body && key.len() > keys[i].len() && key.contains(&keys[i]));
        if in_caption || pulled {
            lines[i].class = Class::Caption;
        }
    }
}

/// Whether a line opens with a dateline.
fn has_dateline(line: &Line<'_>, datelines: &Datelines) -> bool {
    line.words >= 8 && datelines.length(line.text).is_some()
}

/// The first line of the main story's body.
fn body_start(lines: &[Line<'_>], datelines: &Datelines) -> Option<usize> {
    let body = |line: &Line<'_>| line.class == Class::Body;
    let words_to = |end: usize| lines[..end].iter().filter(|line| body(line)).map(|line| line.words).sum::<usize>();
    if let Some(at) = lines.iter().position(|line| body(line) && has_dateline(line, datelines)).filter(|at| words_to(*at) <= LONGEST_HEAD) {
        return Some(at);
    }
    let total = words_to(lines.len());
    let mut start = lines.iter().position(body)?;
    let mut named = false;
    for (i, line) in lines.iter().enumerate() {
        let over = matches!(line.class, Class::Byline | Class::Date) || (line.class == Class::Player && line.words <= 6);
        let weak = matches!(line.class, Class::Share | Class::Credit | Class::Caption) && !named;
        if !(over || weak) {
            continue;
        }
        let before = words_to(i);
        if before > LONGEST_HEAD.min(total / 3) || lines[..i].iter().filter(|line| body(line)).count() > if over { 3 } else { 1 } {
            break;
        }
        // A picture or a share bar under the first paragraph says nothing where a byline stood over it.
        named |= over;
        if let Some(next) = (i..lines.len()).find(|n| body(&lines[*n])) {
            start = start.max(next);
        }
    }
    Some(start)
}

/// The headline: the line over the body that looks most like one.
fn headline(lines: &[Line<'_>], start: usize, cues: &Cues, datelines: &Datelines) -> Option<usize> {
    let mut lede = FxHashSet::default();
    for line in lines[start..].iter().filter(|line| line.class == Class::Body).take(3) {
        let dateline = datelines.length(line.text).unwrap_or(0);
        lede.extend(stems(&line.text[dateline..], cues));
    }
    let keys: Vec<String> = lines[..start].iter().map(|line| key(line.text)).collect();
    let mut best: Option<(i32, usize)> = None;
    for i in 0..start {
        let line = &lines[i];
        let sentence = line.class == Class::Body && line.words <= 25;
        if !(line.class == Class::Short || sentence) || !(3..=30).contains(&line.words) || super::byline::is_name(line.text, cues) {
            continue;
        }
        let own: Vec<String> = stems(line.text, cues).collect();
        let shared = own.iter().filter(|stem| lede.contains(*stem)).count();
        let mut score = (shared * 6 / own.len().max(3)) as i32 + i32::from(shared >= 2) * 2;
        let repeats = keys
            .iter()
            .enumerate()
            .filter(|(k, other)| *k != i && (**other == keys[i] || (lines[*k].class == Class::Navigation && ends_alike(other, &keys[i]))))
            .count();
        score += 3 * repeats.min(2) as i32;
        score += i32::from(line.words >= 5) * 2;
        score -= i32::from(line.text.ends_with('.')) * 3;
        score -= i32::from(line.text.starts_with('(') || line.text.contains(" | ")) * 4;
        score -= i32::from(line.text.chars().filter(|c| c.is_ascii_digit()).count() * 3 > line.text.len()) * 6;
        if score >= 2 && best.is_none_or(|(top, at)| score > top + i32::from(keys[at] != keys[i]) * 2) {
            best = Some((score, i));
        }
    }
    best.map(|(_, i)| i)
}

/// Whether a crumb's last part is the head of a headline: "home world six dead in" and "six dead in port fire".
fn ends_alike(crumb: &str, headline: &str) -> bool {
    let words: Vec<&str> = crumb.split(' ').collect();
    (3..=words.len()).any(|n| headline.starts_with(&words[words.len() - n..].join(" ")))
}

/// The meaning-bearing words of a line, cut to six letters so that forms of one word agree.
fn stems<'t>(text: &'t str, cues: &'t Cues) -> impl Iterator<Item = String> + 't {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() >= 4 || word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()))
        .map(|word| fold(word).chars().take(6).collect::<String>())
        .filter(|stem| !cues.stop.contains(stem.as_str()))
}

/// Names and words of a story so far.
#[derive(Default)]
struct Vocabulary {
    names: FxHashSet<String>,
    words: FxHashSet<String>,
    /// Full names with a post before them.
    introduced: FxHashSet<String>,
    /// Last words of full names.
    surnames: FxHashSet<String>,
}

/// A word without the marks round it and the endings of a possessive.
fn without_marks(word: &str) -> &str {
    let mut bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    for ending in ["’s", "'s"] {
        while let Some(shorter) = bare.strip_suffix(ending) {
            bare = shorter;
        }
    }
    bare
}

impl Vocabulary {
    fn add(&mut self, text: &str, cues: &Cues) {
        let words: Vec<&str> = text.split_whitespace().collect();
        let capital = |word: &str| word.trim_start_matches(['“', '"', '‘', '(']).starts_with(char::is_uppercase);
        let mut initial = true;
        for (i, word) in words.iter().enumerate() {
            let bare = without_marks(word);
            if capital(word) && bare.chars().count() >= 3 {
                if !initial {
                    self.names.insert(bare.to_owned());
                }
                if i > 0 && capital(words[i - 1]) && !words[i - 1].ends_with(['.', ',', ';', '”']) {
                    let first = without_marks(words[i - 1]);
                    let post = i > 1 && cues.titles.contains(&*fold(words[i - 2]));
                    if post {
                        self.introduced.insert(format!("{first} {bare}"));
                    }
                    self.surnames.insert(bare.to_owned());
                }
            } else if bare.chars().count() >= 5 {
                let stem: String = fold(bare).chars().take(6).collect();
                if !cues.stop.contains(stem.as_str()) {
                    self.words.insert(stem);
                }
            }
            initial = word.ends_with(['.', '!', '?', ':', '”']) && word.len() > 3;
        }
    }

    /// The shares of this vocabulary's names and words that `other` has.
    fn shared(&self, other: &Vocabulary) -> (f32, f32) {
        let share = |own: &FxHashSet<String>, other: &FxHashSet<String>| own.intersection(other).count() as f32 / own.len().max(1) as f32;
        (share(&self.names, &other.names), share(&self.words, &other.words))
    }

    /// Whether it goes on with the subject of `other`.
    fn continues(&self, other: &Vocabulary) -> bool {
        let (names, words) = self.shared(other);
        let some = self.names.intersection(&other.names).count();
        (names >= 0.3 && some >= 1 && words >= 0.08) || words >= 0.2 || (names >= 0.5 && some >= 2)
    }
}

/// What lies between the last taken paragraph and the place reached.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    /// A pointer, an advertisement, a caption.
    Soft,
    /// A list of links.
    Links,
    /// What stands at the foot of pages.
    Hard,
}

struct Walk<'l, 't> {
    lines: &'l [Line<'t>],
    cues: &'l Cues,
    datelines: &'l Datelines,
    stories: Vec<Story>,
    known: Vocabulary,
    gap: Gap,
    /// Prose of a heading that belongs to no story here is passed over.
    skipping: bool,
}

/// What follows a heading up to the next one.
struct Section {
    head: Vec<usize>,
    body: Vec<usize>,
    words: usize,
    vocabulary: Vocabulary,
}

impl Walk<'_, '_> {
    fn run(&mut self, start: usize) {
        let mut i = start;
        while i < self.lines.len() {
            let line = &self.lines[i];
            match line.class {
                Class::Body | Class::Item => self.prose(i),
                Class::Short => {
                    i = self.heading(i);
                    continue;
                }
                Class::End => return,
                Class::Comments => {
                    if !self.goes_on_after(i) {
                        return;
                    }
                    self.widen(Gap::Hard);
                }
                Class::Consent | Class::Feedback | Class::Copyright | Class::Tags => self.widen(Gap::Hard),
                Class::Subscribe => self.widen(if line.words > 20 { Gap::Hard } else { Gap::Links }),
                Class::RelatedHeader => self.widen(Gap::Links),
                Class::Agency => {
                    let story = self.story();
                    story.agency = story.agency.or(Some(i));
                    self.widen(Gap::Hard);
                }
                _ => self.widen(Gap::Soft),
            }
            i += 1;
        }
    }

    fn story(&mut self) -> &mut Story {
        let last = self.stories.len() - 1;
        &mut self.stories[last]
    }

    fn widen(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    fn prose(&mut self, i: usize) {
        if self.skipping {
            return;
        }
        let line = &self.lines[i];
        let goes_on = || {
            let mut own = Vocabulary::default();
            own.add(line.text, self.cues);
            own.continues(&self.known)
        };
        let takes = match self.gap {
            Gap::None => line.class == Class::Body || self.in_list(i),
            Gap::Soft => line.class == Class::Body || self.in_list(i),
            Gap::Links => line.class == Class::Body && (line.words >= 18 || goes_on()),
            Gap::Hard => line.class == Class::Body && line.words >= 12 && goes_on(),
        };
        if takes {
            self.known.add(line.text, self.cues);
            self.story().body.push(i);
            self.gap = Gap::None;
        }
    }

    /// Whether a list's item stands after a paragraph that opens the list, or after another item of it.
    fn in_list(&self, i: usize) -> bool {
        let Some(before) = self.stories.last().and_then(|story| story.body.last()) else { return false };
        let before = &self.lines[*before];
        before.class == Class::Item || before.text.ends_with(':') || self.lines[i].words >= 8
    }

    /// A line without a full stop: returns where to go on.
    fn heading(&mut self, i: usize) -> usize {
        let lines = self.lines;
        let line = &lines[i];
        if line.words < 2 || line.words > 30 {
            return i + 1;
        }
        let Some(section) = self.section(i) else {
            self.skipping &= self.gap == Gap::Hard;
            return i + 1;
        };
        if self.is_story(i, &section) {
            self.known = Vocabulary::default();
            self.known.add(line.text, self.cues);
            let next = section.body.first().copied().unwrap_or(i + 1);
            self.stories.push(Story { headline: Some(i), head: section.head, ..Story::default() });
            self.gap = Gap::None;
            self.skipping = false;
            return next;
        }
        if self.is_later_take(line) {
            // Its byline is the story's, too.
            self.story().head.extend(section.head.iter().copied());
            self.gap = Gap::None;
        }
        if self.is_subheading(i, &section) {
            self.story().body.push(i);
            return i + 1;
        }
        let goes_on = section.vocabulary.continues(&self.known);
        let first = section.body.first().copied().unwrap_or(i + 1);
        self.skipping = match self.gap {
            Gap::None | Gap::Soft => false,
            Gap::Links => !goes_on && section.words < LEAST_STORY,
            Gap::Hard => !goes_on,
        };
        if !self.skipping && self.gap != Gap::Hard {
            self.gap = Gap::Soft;
        }
        first
    }

    /// Whether a heading is sure to be that of a section.
    fn is_subheading(&self, i: usize, section: &Section) -> bool {
        let line = &self.lines[i];
        let follows = self.stories.last().is_some_and(|story| story.body.last() == Some(&(i - 1)));
        let alone = self.gap == Gap::None && !self.skipping && section.head.is_empty() && section.body.first() == Some(&(i + 1));
        let fits = line.words <= LONGEST_SUBHEADING
            && line.text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '“' | '‘' | '"' | '\''))
            && !line.text.ends_with([',', ';', ':', '…']);
        follows && alone && fits && !super::byline::is_name(line.text, self.cues) && !self.is_later_take(line)
    }

    /// What follows a heading; nothing where no prose does before another heading.
    fn section(&self, heading: usize) -> Option<Section> {
        let mut section = Section { head: Vec::new(), body: Vec::new(), words: 0, vocabulary: Vocabulary::default() };
        let heading_key = key(self.lines[heading].text);
        for (i, line) in self.lines.iter().enumerate().skip(heading + 1) {
            match line.class {
                Class::Body => {
                    section.body.push(i);
                    section.words += line.words;
                    section.vocabulary.add(line.text, self.cues);
                }
                Class::Item if !section.body.is_empty() => section.words += line.words,
                Class::Short
                    if section.body.is_empty() && (key(line.text) == heading_key || super::byline::is_name(line.text, self.cues)) =>
                {
                    section.head.push(i)
                }
                Class::Short if line.words >= 2 => {
                    if section.body.is_empty() {
                        return None;
                    }
                    break;
                }
                Class::Consent | Class::Feedback | Class::Copyright | Class::Comments | Class::End | Class::RelatedHeader | Class::Tags => {
                    if section.body.is_empty() {
                        return None;
                    }
                    break;
                }
                _ if section.body.is_empty() => section.head.push(i),
                _ => {}
            }
        }
        (!section.body.is_empty()).then_some(section)
    }

    /// Whether a heading opens another story, by points:
    ///
    /// | points | for |
    /// | --- | --- |
    /// | 3 | a caption, or the heading again, between it and the prose |
    /// | 3 | a byline, a date or a dateline there |
    /// | 2 | a closing agency tag, links or the foot of the page before it |
    /// | 2 | names given anew with their posts ("President Ada Moll") that the story has introduced |
    /// | 2 | few names and words shared with the story |
    /// | 1 each | six words or more; a headline's verb; its words come again in the next paragraph; another story found before |
    /// | −2 | most names shared; people of the story by their last names alone |
    ///
    /// Four make a story, if it has at least 35 words and a byline or dateline, or a heading whose words its first paragraph takes up
    /// (with a caption, one word is enough). A heading
    /// that says it is an update, or repeats the headline's words, is a later take of the same story.
    fn is_story(&self, heading: usize, section: &Section) -> bool {
        let line = &self.lines[heading];
        if section.words < LEAST_STORY || self.stories.last().is_none_or(|story| story.body.is_empty()) {
            return false;
        }
        if self.is_later_take(line) {
            return false;
        }
        let head = |classes: &[Class]| section.head.iter().any(|i| classes.contains(&self.lines[*i].class));
        let heading_key = key(line.text);
        let repeated = section.head.iter().any(|i| key(self.lines[*i].text) == heading_key);
        let captioned = repeated || head(&[Class::Caption, Class::Credit]);
        let first = &self.lines[section.body[0]];
        let signed = head(&[Class::Byline, Class::Date]) || has_dateline(first, self.datelines);
        let own: FxHashSet<String> = stems(line.text, self.cues).collect();
        let lede: FxHashSet<String> = stems(first.text, self.cues).collect();
        let mirrored = own.intersection(&lede).count();
        let mirrors = mirrored >= 2 && mirrored * 3 >= own.len();
        let closed = self.gap >= Gap::Links || self.stories.last().is_some_and(|story| story.agency.is_some());
        let verb = fold(line.text).split(' ').any(|word| self.cues.verbs.contains(word.trim_matches(|c: char| !c.is_alphabetic())));
        let (names, words) = section.vocabulary.shared(&self.known);
        let anew = section.vocabulary.introduced.iter().any(|name| self.known.introduced.contains(name));
        let familiar =
            section.vocabulary.names.iter().any(|name| self.known.surnames.contains(name) && !section.vocabulary.surnames.contains(name));
        let points = 3 * i32::from(captioned)
            + 3 * i32::from(signed)
            + 2 * i32::from(closed)
            + 2 * i32::from(anew)
            + 2 * i32::from(names < 0.34 && words < 0.2)
            + i32::from(line.words >= 6)
            + i32::from(verb)
            + i32::from(mirrors)
            + i32::from(self.stories.len() > 1)
            - 2 * i32::from(names > 0.7)
            - 2 * i32::from(familiar && !anew);
        points >= ENOUGH && (signed || mirrors || (captioned && (repeated || mirrored >= 1)))
    }

    fn is_later_take(&self, line: &Line<'_>) -> bool {
        let Some(story) = self.stories.last() else { return false };
        let told: FxHashSet<String> = story.headline.iter().flat_map(|i| stems(self.lines[*i].text, self.cues)).collect();
        let own: FxHashSet<String> = stems(line.text, self.cues).collect();
        let shared = own.intersection(&told).count();
        let first = fold(line.text);
        let take = first.split(|c: char| !c.is_alphabetic()).next().is_some_and(|word| self.cues.takes.contains(word));
        (take && shared >= 2) || (shared >= 3 && shared * 5 >= own.len() * 2)
    }

    /// Whether the story goes on after a comments line, which some pages have over the text.
    fn goes_on_after(&self, at: usize) -> bool {
        let words = |lines: &[Line<'_>]| lines.iter().filter(|line| line.class == Class::Body).map(|line| line.words).sum::<usize>();
        let taken: usize = self.stories.iter().flat_map(|story| &story.body).map(|i| self.lines[*i].words).sum();
        words(&self.lines[at..]) > 2 * taken
    }
}
