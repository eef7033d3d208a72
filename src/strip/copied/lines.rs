//! The lines of a copied page: hard-wrapped ones joined, each with its shape and its class.

use super::cues::{Class, Cues, bare, fold};
use super::date;
use std::ops::Range;

/// Widest text that counts as wrapped by hand or by a mail program, in characters.
const WIDEST_WRAP: usize = 110;
/// Narrowest.
const NARROWEST_WRAP: usize = 40;
/// Words from which a line without a full stop is prose all the same.
const LONG_PROSE: usize = 22;

/// A line, or a paragraph that was wrapped over several.
#[derive(Clone, Debug)]
pub(super) struct Line<'t> {
    /// Bytes of the decoded text, without white space at either end.
    pub range: Range<usize>,
    /// The words, as written.
    pub text: &'t str,
    /// White-space-bound words.
    pub words: usize,
    pub class: Class,
    /// A blank line (or the start of the text) is before it.
    pub after_blank: bool,
}

/// The non-blank lines of a text.
pub(super) fn lines<'t>(text: &'t str, cues: &Cues) -> Vec<Line<'t>> {
    let mut lines: Vec<Line<'t>> = raw(text)
        .into_iter()
        .map(|(range, after_blank)| {
            let words = &text[range.clone()];
            Line { range, text: words, words: words.split_whitespace().count(), class: Class::Short, after_blank }
        })
        .collect();
    for line in &mut lines {
        line.class = class(line, cues);
    }
    by_neighbour(&mut lines);
    lines
}

/// Classes that only a line's neighbours show: what stands right over a picture's credit is its caption, and labels right under the head of a list
/// of links are links, where blank lines part the paragraphs.
fn by_neighbour(lines: &mut [Line<'_>]) {
    for i in 1..lines.len() {
        if lines[i].class == Class::Credit
            && !lines[i].after_blank
            && matches!(lines[i - 1].class, Class::Short | Class::Body)
            && lines[i - 1].words <= 40
        {
            lines[i - 1].class = Class::Caption;
        }
    }
    let bodies = lines.iter().filter(|line| line.class == Class::Body);
    let apart = bodies.clone().filter(|line| line.after_blank).count() * 10 >= bodies.count() * 7;
    for i in 1..lines.len() {
        let under = matches!(lines[i - 1].class, Class::RelatedHeader | Class::Related) && !lines[i].after_blank;
        if apart && under && lines[i].class == Class::Short {
            lines[i].class = Class::Related;
        }
    }
}

/// The trimmed ranges of the lines, wrapped paragraphs in one, and whether a blank line is before each.
fn raw(text: &str) -> Vec<(Range<usize>, bool)> {
    let mut all: Vec<(Range<usize>, bool)> = Vec::new();
    let mut blank = true;
    let mut at = 0;
    for line in text.split(['\n', '\r', '\u{2028}', '\u{2029}']) {
        let trimmed = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}');
        if trimmed.is_empty() {
            // "\r\n" is one line's end.
            blank |= !(line.is_empty() && at > 0 && text[..at].ends_with('\r') && text[at..].starts_with('\n'));
        } else {
            let start = trimmed.as_ptr() as usize - text.as_ptr() as usize;
            all.push((start..start + trimmed.len(), blank));
            blank = false;
        }
        at += line.len() + text[at + line.len()..].chars().next().map_or(0, char::len_utf8);
    }
    let width = wrap_width(text, &all);
    let mut joined: Vec<(Range<usize>, bool)> = Vec::with_capacity(all.len());
    let mut previous = 0..0;
    for (range, after_blank) in all {
        let joins = !after_blank && joins(text, &previous, &range, width);
        previous = range.clone();
        match joined.last_mut() {
            Some((last, _)) if joins => last.end = range.end,
            _ => joined.push((range, after_blank)),
        }
    }
    joined
}

/// The column at which the text is wrapped, if it is: most of its lines are so long that the next line's first word found no room.
fn wrap_width(text: &str, lines: &[(Range<usize>, bool)]) -> Option<usize> {
    let length = |range: &Range<usize>| text[range.clone()].chars().count();
    let pairs: Vec<(usize, usize)> = // A line that ends as a sentence does may end its paragraph, and says nothing of the width.
        lines.windows(2).filter(|pair| !pair[1].1 && !is_terminal(&text[pair[0].0.clone()])).map(|pair| (length(&pair[0].0), first_word(&text[pair[1].0.clone()]))).collect();
    let width = lines.iter().map(|(range, _)| length(range)).max()?;
    if pairs.len() < 3 || !(NARROWEST_WRAP..=WIDEST_WRAP).contains(&width) {
        return None;
    }
    let full = pairs.iter().filter(|(length, word)| length + 1 + word > width).count();
    (full * 10 >= pairs.len() * 6).then_some(width)
}

fn first_word(text: &str) -> usize {
    text.split_whitespace().next().map_or(0, |word| word.chars().count())
}

fn joins(text: &str, previous: &Range<usize>, next: &Range<usize>, width: Option<usize>) -> bool {
    let (before, after) = (&text[previous.clone()], &text[next.clone()]);
    if before.is_empty() {
        return false;
    }
    let length = before.chars().count();
    let open = !is_terminal(before);
    let small = after.starts_with(char::is_lowercase);
    match width {
        Some(width) => length + 1 + first_word(after) > width || (open && small && length >= NARROWEST_WRAP),
        // A paragraph broken by a stray line end.
        None => {
            let running = before.split_whitespace().filter(|word| word.starts_with(char::is_lowercase)).count() * 2
                >= before.split_whitespace().count();
            open && small && running && length >= NARROWEST_WRAP && !after.starts_with("by ") && after.split_whitespace().count() > 3
        }
    }
}

/// Whether a line ends as a sentence does.
pub(super) fn is_terminal(text: &str) -> bool {
    let bare = text.trim_end_matches(['"', '\'', '”', '’', ')', ']', '»', ' ']);
    bare.ends_with(['.', '!', '?', '…']) || (bare.len() < text.len() && bare.ends_with([',', ';']))
}

fn class(line: &Line<'_>, cues: &Cues) -> Class {
    let text = line.text;
    if date::is_date_line(text, cues) && !(is_terminal(text) && line.words > 12) {
        return Class::Date;
    }
    if text.chars().filter(|c| c.is_alphabetic()).count() < 2 {
        return if text.starts_with(['(', '[']) { Class::Note } else { Class::Rule };
    }
    if is_url(text) {
        return Class::Url;
    }
    let terminal = is_terminal(text);
    let prose = (terminal && line.words >= 4) || line.words >= LONG_PROSE;
    if agency(text, cues).is_some() {
        return cues.class(text, false).filter(|class| matches!(class, Class::End | Class::Note)).unwrap_or(Class::Agency);
    }
    if (!prose || line.words <= 12) && super::byline::is_byline(text, cues) {
        return Class::Byline;
    }
    if let Some(class) = cues.class(text, prose) {
        return class;
    }
    if credited(text, cues) {
        return Class::Caption;
    }
    if is_item(text) {
        return Class::Item;
    }
    if prose {
        return Class::Body;
    }
    let colon = text.ends_with([':', ';', ',', '—', '–']) && line.words >= 3;
    if colon || (terminal && (line.words >= 2 || text.starts_with(['“', '"']))) {
        return Class::Body;
    }
    if parts(text) >= 3 { Class::Navigation } else { Class::Short }
}

/// How many parts bars, arrows and wide spaces cut a line into.
fn parts(text: &str) -> usize {
    let wide = text.split("   ").filter(|part| !part.trim().is_empty()).count();
    let marked = text.split(['|', '>', '›', '»', '·', '•', '\t']).filter(|part| !part.trim().is_empty()).count();
    let crumbs = text.contains(" > ") || text.contains(" › ") || text.contains(" » ");
    wide.max(marked).max(if crumbs { 3 } else { 0 })
}

fn is_url(text: &str) -> bool {
    !text.contains(char::is_whitespace) && (text.starts_with("http://") || text.starts_with("https://") || text.starts_with("www."))
}

/// The agency of a line that is its tag and no more: "(Yonhap)", "ANI".
pub(super) fn agency<'t>(text: &'t str, cues: &Cues) -> Option<&'t str> {
    let bare = text.trim_start_matches(['-', '–', '—', '/', ' ']).trim_end_matches(['.', '/']);
    let inner = bare
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
        .or_else(|| bare.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')));
    if let Some(inner) = inner {
        let name = inner.split_whitespace().count() <= 3 && inner.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '/'));
        let shouted = inner.chars().count() <= 6 && inner.chars().all(char::is_uppercase);
        return (cues.agencies.contains(inner) || (name && shouted)).then_some(inner);
    }
    cues.agencies.contains(bare).then_some(bare)
}

/// Whether a picture's credit closes the line: "… on Tuesday. (MWP/Ousmane Ndour)".
fn credited(text: &str, cues: &Cues) -> bool {
    let Some(open) = text.strip_suffix([')', ']']).and_then(|rest| rest.rfind(['(', '['])) else { return false };
    let inner = &text[open + 1..text.len() - 1];
    let before = text[..open].trim_end();
    if !(before.ends_with(['.', '”', '"']) && inner.split_whitespace().count() <= 8 && text.split_whitespace().count() <= 60) {
        return false;
    }
    let capital = inner.starts_with(|c: char| c.is_uppercase() || c == '©');
    capital && inner.contains('/') && !inner.chars().any(|c| c.is_ascii_digit())
        || cues.class(inner, false) == Some(Class::Credit) && agency(inner, cues).is_none()
}

fn is_item(text: &str) -> bool {
    let marked =
        text.strip_prefix(['–', '-', '—', '•', '*', '▪', '●', '·', '‣', '◦']).is_some_and(|rest| rest.starts_with(char::is_whitespace));
    let digits = text.bytes().take(3).take_while(u8::is_ascii_digit).count();
    let numbered = digits > 0 && text[digits..].starts_with(['.', ')']) && text[digits + 1..].starts_with(char::is_whitespace);
    (marked || numbered) && text.split_whitespace().count() >= 4
}

/// The letters of a line, for telling repeats: "‘Six dead’" and "Six dead" are the same.
pub(super) fn key(text: &str) -> String {
    bare(&fold(text)).replace('\'', "")
}
