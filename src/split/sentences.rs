//! Where sentences end: rules over each paragraph, decided at every full stop, question mark, exclamation mark, ellipsis and line of marks.
//!
//! A stop ends a sentence when white space and something that can open a sentence follow it, unless the word before it is an abbreviation, an
//! initial or a list's number. Which words those are is data (`models/abbreviations.toml`).

use super::abbreviations::Lists;
use crate::types::{ByteSpan, Sentence};
use rustc_hash::{FxHashMap, FxHashSet};

/// Longest abbreviation or look-back, in characters: keeps the work per stop bounded.
const LONGEST_WORD: usize = 40;

const TITLE: u8 = 1;
const NUMBERED: u8 = 2;
const MONTH: u8 = 4;
const INNER: u8 = 8;
const ENDING: u8 = 16;

/// Finds sentences.
#[derive(Debug, Default)]
pub(super) struct Sentences {
    classes: FxHashMap<Box<str>, u8>,
    exclaimed: FxHashSet<Box<str>>,
    opening: FxHashSet<Box<str>>,
    speech: FxHashSet<Box<str>>,
    domain: FxHashSet<Box<str>>,
    clock: FxHashSet<Box<str>>,
}

/// What a stop turned out to be: a sentence's end, or nothing, and where to go on.
enum Stop {
    End(usize),
    Inside(usize),
}

/// A run of stops with the quotes and brackets that close after it.
struct Run {
    dots: usize,
    /// A `?` or `!` is in it.
    marked: bool,
    /// Dots stand apart: `. . .`
    spaced: bool,
    quoted: bool,
    closed: bool,
    end: usize,
}

impl Sentences {
    pub(super) fn new(lists: Lists) -> Sentences {
        let set = |list: Vec<String>| list.into_iter().map(Into::into).collect();
        let mut classes: FxHashMap<Box<str>, u8> = FxHashMap::default();
        for (class, words) in
            [(TITLE, lists.title), (NUMBERED, lists.numbered), (MONTH, lists.month), (INNER, lists.inner), (ENDING, lists.ending)]
        {
            for word in words {
                // Headings shout: MR., GEN. Two letters do not, for "NO." and "CO." are words and names.
                if word.chars().count() > 2 || class == TITLE {
                    *classes.entry(word.to_uppercase().into()).or_default() |= class;
                }
                *classes.entry(word.into()).or_default() |= class;
            }
        }
        Sentences {
            classes,
            exclaimed: set(lists.exclaimed),
            opening: set(lists.opening),
            speech: set(lists.speech),
            domain: set(lists.domain),
            clock: set(lists.clock),
        }
    }

    /// Adds the sentences of one paragraph, with empty token ranges. `dateline` is the document's, wherever it stands.
    pub(super) fn find(&self, text: &str, paragraph: ByteSpan, index: usize, dateline: Option<ByteSpan>, out: &mut Vec<Sentence>) {
        let ByteSpan { start, end } = paragraph;
        let mut start = start as usize;
        let end = end as usize;
        let mut push = |from: usize, to: usize, dateline: bool| {
            let words = &text[from..to];
            let trimmed = words.trim_start();
            let from = from + words.len() - trimmed.len();
            let to = from + trimmed.trim_end().len();
            if from < to {
                out.push(Sentence { span: ByteSpan::new(from, to), tokens: 0..0, paragraph: index, dateline });
            }
        };
        if let Some(line) = dateline.filter(|line| paragraph.covers(*line)) {
            push(start, line.start as usize, false);
            push(line.start as usize, line.end as usize, true);
            start = line.end as usize;
        }
        start = skip_white(text, start, end);
        let list = List::at(&text[start..end]);
        let mut item = list;
        let bytes = text.as_bytes();
        let mut quotes = Quotes { at: start, odd: false };
        let mut at = start;
        while at < end {
            let stop = match bytes[at] {
                b'.' | b'!' | b'?' => self.stop(text, start, at, end, &mut quotes),
                0xE2 if text[at..end].starts_with('…') => self.stop(text, start, at, end, &mut quotes),
                b'*' | b'=' | b'_' | b'~' | b'#' => match rule(text, start, at, end) {
                    Some(after) if after < end => Stop::End(after),
                    Some(after) => Stop::Inside(after),
                    None => Stop::Inside(at + 1),
                },
                b' ' if item.is_some() => match item.and_then(|list| list.next(&text[at + 1..end])) {
                    Some(next) => {
                        item = Some(next);
                        Stop::End(at)
                    }
                    None => Stop::Inside(at + 1),
                },
                _ => {
                    at += 1;
                    continue;
                }
            };
            match stop {
                Stop::Inside(next) => at = next,
                Stop::End(close) => {
                    push(start, close, false);
                    start = skip_white(text, close, end);
                    at = start;
                    // An item that ends in a stop: the next one's number is the sentence's first word.
                    item = item.map(|list| list.next(&text[start..end]).unwrap_or(list));
                }
            }
        }
        push(start, end, false);
    }

    fn stop(&self, text: &str, start: usize, at: usize, end: usize, quotes: &mut Quotes) -> Stop {
        let run = run(text, at, end, quotes);
        let inside = Stop::Inside(run.end);
        if run.end >= end {
            return inside;
        }
        let next = skip_white(text, run.end, end);
        // An ellipsis may open a sentence; it does not end one there.
        if next == end || at == start {
            return inside;
        }
        if matches!(last(&text[start..at]), Some('[' | '(')) {
            // "[...] The next": words left out between two sentences.
            let ends = run.closed && next > run.end && text[next..].starts_with(char::is_uppercase);
            return if ends { Stop::End(run.end) } else { inside };
        }
        if next == run.end {
            return if self.glued(text, start, at, end, &run) { Stop::End(run.end) } else { inside };
        }
        let opener = Opener::at(text, next, end);
        let Some(first) = text[opener.end..end].chars().next() else { return inside };
        if !first.is_alphanumeric() && ",;:)%]}”’»".contains(first) {
            return inside;
        }
        if first.is_lowercase() {
            return if opener.end == next && self.ends_informal(text, start, at, &run) { Stop::End(run.end) } else { inside };
        }
        let word = word_after(&text[opener.end..end]);
        let follow = Follow {
            digit: first.is_ascii_digit(),
            // "J. A. Smith": a lone capital with a stop of its own opens nothing.
            opens: self.opening.contains(word) && !(word.len() == 1 && text[opener.end + 1..end].starts_with('.')),
            quote: opener.quote,
            word,
        };
        let ends = if run.marked {
            self.ends_marked(text, start, at, &run, &follow, opener.end, end)
        } else if run.dots != 1 {
            if run.dots == 4 && run.spaced && last(&text[start..at]).is_some_and(|c| !c.is_whitespace()) {
                // "compounds. . . . The practice": a stop, then an ellipsis that opens the next sentence.
                return Stop::End(at + 1);
            }
            // "I never ... I mean it."
            let pause = run.dots <= 3 && (word == "I" || word.starts_with("I'") || word.starts_with("I’"));
            !follow.digit && !pause
        } else {
            self.ends_plain(text, start, at, &run, &follow)
        };
        if ends { Stop::End(run.end) } else { inside }
    }

    /// Whether a stop before a small letter ends a sentence: where the writer opened this one with a small letter, too.
    fn ends_informal(&self, text: &str, start: usize, at: usize, run: &Run) -> bool {
        let word = word_before(text, start, at);
        let plain = word.chars().count() > 1 && word.chars().all(char::is_alphanumeric) && !self.classes.contains_key(word);
        plain && !run.closed && (run.dots == 1 || run.marked) && text[start..].starts_with(char::is_lowercase)
    }

    #[expect(clippy::too_many_arguments, reason = "one decision over one place in the text")]
    fn ends_marked(&self, text: &str, start: usize, at: usize, run: &Run, follow: &Follow<'_>, next: usize, end: usize) -> bool {
        if run.quoted && !follow.quote && self.speaker_at(&text[next..end]) {
            return false;
        }
        follow.opens || follow.quote || !self.exclaimed.contains(word_before(text, start, at))
    }

    /// Whether names and a verb of speaking stand here: "Smith asked".
    fn speaker_at(&self, text: &str) -> bool {
        let mut words = text.split(' ').take(5);
        let Some(first) = words.next() else { return false };
        if self.opening.contains(first) {
            return false;
        }
        for word in words {
            let bare = word.trim_end_matches([',', '.', ':']);
            if self.speech.contains(bare) {
                return true;
            }
            if !word.starts_with(char::is_uppercase) {
                return false;
            }
        }
        false
    }

    fn ends_plain(&self, text: &str, start: usize, at: usize, run: &Run, follow: &Follow<'_>) -> bool {
        if is_marker(&text[start..at]) {
            return false;
        }
        let word = word_before(text, start, at);
        let mut letters = word.chars();
        let (Some(first), second) = (letters.next(), letters.next()) else { return true };
        let strong = follow.opens || follow.quote || run.quoted;
        if second.is_none() && first.is_alphabetic() {
            return if first.is_uppercase() { strong } else { strong || !self.classes.contains_key(word) };
        }
        if let Some(&class) = self.classes.get(word) {
            return if class & TITLE != 0 && !(class & NUMBERED != 0 && follow.digit) || class & INNER != 0 {
                false
            } else if follow.digit {
                class & (NUMBERED | MONTH | ENDING) == 0
            } else if class & NUMBERED != 0 && class & ENDING == 0 {
                // "No." is a whole answer, too.
                strong || (matches!(word, "No" | "no") && !is_roman(follow.word))
            } else {
                strong || (class == ENDING && first.is_lowercase())
            };
        }
        if is_dotted(word) {
            if matches!(word, "a.m" | "p.m" | "A.M" | "P.M") {
                let clock = follow.word.len() <= 4 && follow.word.chars().all(|c| c.is_ascii_uppercase()) && !follow.opens
                    || self.is_date_word(follow.word);
                let phrase = text[start..at].bytes().filter(|b| *b == b' ').count() < 3;
                return strong && !phrase || !(clock || phrase || follow.digit);
            }
            return strong;
        }
        // "Cllr.", "Sgt.": no vowel, so no word.
        !(word.len() <= 5 && first.is_uppercase() && second.is_some_and(char::is_lowercase) && is_consonants(word)) || follow.opens
    }

    /// Whether a word goes on with a clock time: a day, a time of day, a zone.
    fn is_date_word(&self, word: &str) -> bool {
        let short = word.get(..3).unwrap_or(word);
        let long_day = word.ends_with("day") && self.classes.get(short).is_some_and(|c| c & MONTH != 0);
        long_day || self.clock.contains(word)
    }

    /// Whether two sentences stand here with no space between them: "lawmakers.The".
    fn glued(&self, text: &str, start: usize, at: usize, end: usize, run: &Run) -> bool {
        let rest = &text[run.end..end];
        let mut following = rest.chars();
        let (Some(first), second) = (following.next(), following.next()) else { return false };
        if run.dots > 1 || is_address(text, start, run.end, end) {
            return false;
        }
        let word = word_before(text, start, at);
        let fragment = word.chars().count() < 2 || is_dotted(word) || self.classes.contains_key(word);
        if matches!(first, '“' | '‘') {
            return !fragment && second.is_some_and(char::is_uppercase);
        }
        if !first.is_uppercase() {
            return false;
        }
        let next = word_after(rest);
        let opens = self.opening.contains(next);
        if !(second.is_some_and(char::is_lowercase) || opens && second == Some(' ')) {
            return false;
        }
        if run.closed || run.marked {
            return opens || !self.exclaimed.contains(word);
        }
        let tail = &rest[next.len()..];
        if fragment || self.domain.contains(next.to_lowercase().as_str()) || tail.starts_with(['(', '_']) {
            return false;
        }
        if tail.starts_with('.') && tail[1..].starts_with(char::is_alphanumeric) {
            return false;
        }
        let lower = word.chars().skip(1).all(char::is_lowercase);
        opens || (lower && word.chars().count() >= 3)
    }
}

/// What stands after a stop and its white space.
struct Follow<'t> {
    digit: bool,
    opens: bool,
    quote: bool,
    word: &'t str,
}

/// Whether the straight double quotes up to a place are odd in number, counted once from left to right.
struct Quotes {
    at: usize,
    odd: bool,
}

impl Quotes {
    fn open_at(&mut self, text: &str, at: usize) -> bool {
        if at > self.at {
            self.odd ^= text.as_bytes()[self.at..at].iter().filter(|b| **b == b'"').count() % 2 == 1;
            self.at = at;
        }
        self.odd
    }
}

/// The quotes, brackets and dashes that open a sentence.
struct Opener {
    end: usize,
    quote: bool,
}

impl Opener {
    fn at(text: &str, from: usize, end: usize) -> Opener {
        let mut opener = Opener { end: from, quote: false };
        for c in text[from..end].chars() {
            match c {
                '“' | '"' | '„' | '«' => opener.quote = true,
                '‘' | '\'' | '(' | '[' | '-' | '–' | '—' | '•' | '*' | '⁃' | '¿' | '¡' | ' ' | '.' => {}
                _ => break,
            }
            opener.end += c.len_utf8();
        }
        opener
    }
}

fn run(text: &str, at: usize, end: usize, quotes: &mut Quotes) -> Run {
    let mut run = Run { dots: 0, marked: false, spaced: false, quoted: false, closed: false, end: at };
    let bytes = text.as_bytes();
    loop {
        match bytes.get(run.end).filter(|_| run.end < end) {
            Some(b'.') => run.dots += 1,
            Some(b'!' | b'?') => run.marked = true,
            Some(b' ') if !run.marked && bytes.get(run.end + 1) == Some(&b'.') && run.end + 1 < end => {
                if bytes
                    .get(run.end + 2)
                    .filter(|_| run.end + 2 < end)
                    .is_some_and(|b| b.is_ascii_alphanumeric() || b.is_ascii_whitespace() && run.dots == 0)
                {
                    break;
                }
                run.spaced = true;
            }
            Some(0xE2) if text[run.end..end].starts_with('…') => {
                run.dots += 3;
                run.end += '…'.len_utf8() - 1;
            }
            _ => break,
        }
        run.end += 1;
    }
    while let Some(c) = text[run.end..end].chars().next() {
        let after = text[run.end + c.len_utf8()..end].chars().next();
        let word_follows = after.is_some_and(char::is_alphanumeric);
        match c {
            '”' | '»' => run.quoted = true,
            '"' if !word_follows || quotes.open_at(text, run.end) => run.quoted = true,
            '\'' | '’' | '›' if !word_follows => run.quoted = true,
            ')' | ']' | '}' => {}
            '[' => match note(&text[run.end..end]) {
                Some(length) => {
                    run.end += length;
                    continue;
                }
                None => break,
            },
            _ => break,
        }
        run.closed = true;
        run.end += c.len_utf8();
    }
    run
}

/// The length of a note mark: "[12]".
fn note(text: &str) -> Option<usize> {
    let digits = text[1..].bytes().take(4).take_while(u8::is_ascii_digit).count();
    (digits > 0 && text[1 + digits..].starts_with(']')).then_some(digits + 2)
}

/// Where a line drawn with marks ends that stands by itself: "*** The", "_____ John".
fn rule(text: &str, start: usize, at: usize, end: usize) -> Option<usize> {
    const SHORTEST: usize = 3;
    let bytes = &text.as_bytes()[..end];
    let length = bytes[at..].iter().take_while(|b| **b == bytes[at]).count();
    let alone = at == start || bytes[at - 1].is_ascii_whitespace();
    (alone && length >= SHORTEST && bytes.get(at + length).is_none_or(u8::is_ascii_whitespace)).then_some(at + length)
}

fn skip_white(text: &str, from: usize, end: usize) -> usize {
    end - text[from..end].trim_start().len()
}

fn last(text: &str) -> Option<char> {
    text.chars().next_back()
}

/// The word that ends at a stop: what stands between it and white space, an opening mark, a dash or a slash.
fn word_before(text: &str, start: usize, at: usize) -> &str {
    let mut from = at;
    for c in text[start..at].chars().rev().take(LONGEST_WORD) {
        if c.is_whitespace() || "([{\"“”‘„«—–-/'".contains(c) && !(c == '\'' && from < at) {
            break;
        }
        from -= c.len_utf8();
    }
    // A closing bracket or quote belongs to no word: "(Smith 55)."
    text[from..at].trim_end_matches([')', ']', '’', '\''])
}

/// The word at the head of a text, inner apostrophes included.
fn word_after(text: &str) -> &str {
    let end = text.char_indices().find(|(_, c)| !(c.is_alphanumeric() || matches!(c, '\'' | '’'))).map_or(text.len(), |(i, _)| i);
    text[..end].trim_end_matches(['\'', '’'])
}

/// Whether short runs of letters are joined by stops: "U.S", "Ph.D", "a.m"; no numbers, no addresses.
fn is_dotted(word: &str) -> bool {
    word.contains('.') && word.split('.').all(|part| (1..=3).contains(&part.chars().count()) && part.chars().all(char::is_alphabetic))
}

fn is_consonants(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_alphabetic() && !b"aeiouyAEIOUY".contains(&b))
}

fn is_roman(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b"IVXLC".contains(&b))
}

/// Whether the words before a stop are a list's marker and no more: "1", "• 9", "a", "iv".
fn is_marker(text: &str) -> bool {
    let bare = text.trim_start_matches(['•', '⁃', '-', '–', '*', '(', ' ']);
    let digits = !bare.is_empty() && bare.len() <= 3 && bare.bytes().all(|b| b.is_ascii_digit());
    let letter = bare.len() == 1 && bare.bytes().all(|b| b.is_ascii_lowercase());
    let roman = !bare.is_empty() && bare.len() <= 5 && bare.bytes().all(|b| b"IVXivx".contains(&b));
    digits || letter || roman
}

/// Whether the white-space-bound chunk round a place is a web or mail address.
fn is_address(text: &str, start: usize, at: usize, end: usize) -> bool {
    let near = |c: &char| !c.is_whitespace();
    text[start..at]
        .chars()
        .rev()
        .take(LONGEST_WORD)
        .take_while(near)
        .chain(text[at..end].chars().take(LONGEST_WORD).take_while(near))
        .any(|c| matches!(c, '/' | '@' | '\\' | '_' | '='))
}

/// An enumeration inside one paragraph: its style and the number it has reached.
#[derive(Clone, Copy)]
enum List {
    Bullet(char),
    Counted { number: u8, letter: bool, close: &'static str },
}

impl List {
    /// The list that a paragraph opens with.
    fn at(text: &str) -> Option<List> {
        let first = text.chars().next()?;
        if matches!(first, '•' | '⁃' | '▪' | '●') {
            return Some(List::Bullet(first));
        }
        [(1, false), (b'a', true)].into_iter().find_map(|(number, letter)| {
            [".)", ")", "."].into_iter().map(|close| List::Counted { number, letter, close }).find(|list| list.starts(text))
        })
    }

    /// The list with its next item, where that stands at the head of `text`.
    fn next(self, text: &str) -> Option<List> {
        let next = match self {
            List::Bullet(_) => self,
            List::Counted { number, letter, close } => List::Counted { number: number.checked_add(1)?, letter, close },
        };
        next.starts(text).then_some(next)
    }

    fn starts(self, text: &str) -> bool {
        match self {
            List::Bullet(mark) => text.starts_with(mark),
            List::Counted { number, letter, close } => {
                let rest = if letter {
                    text.strip_prefix(char::from(number))
                } else {
                    let digits = text.bytes().take(3).take_while(u8::is_ascii_digit).count();
                    text[..digits].parse().is_ok_and(|n: u8| n == number).then(|| &text[digits..])
                };
                rest.and_then(|rest| rest.strip_prefix(close))
                    .and_then(|rest| rest.strip_prefix(' '))
                    .is_some_and(|rest| rest.starts_with(char::is_uppercase))
            }
        }
    }
}

#[cfg(test)]
mod tests;
