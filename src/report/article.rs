//! An article's text, whole or put together from what the graph quotes of it, and where the words of its mentions and claims stand there.

use crate::types::{Document, SourceMap, SourceSpan};
use std::ops::Range;

/// What stands for the parts that the graph does not quote.
const GAP: &str = "…";

/// Words that the graph quotes: an `oa:SpecificResource` with a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quote<'g> {
    pub bytes: SourceSpan,
    pub exact: &'g str,
    pub prefix: &'g str,
    pub suffix: &'g str,
}

/// An article's text.
#[derive(Debug)]
pub(super) struct Text<'a> {
    pub text: String,
    /// Paragraphs that are headings, by number.
    pub headings: Vec<usize>,
    way: Way<'a>,
    /// For each byte of the text the UTF-16 units before it.
    units: Vec<u32>,
}

/// The way from the source's bytes to the text.
#[derive(Debug)]
enum Way<'a> {
    /// Of the whole text.
    Map(&'a SourceMap),
    /// Of a text of quotes: where each begins in it.
    Quotes(Vec<(usize, Quote<'a>)>),
}

impl<'a> Text<'a> {
    /// The text of the article's document; `None` where what the graph quotes does not stand in it, as after other rules of reading.
    pub(super) fn whole(document: &'a Document, quotes: &[Quote<'_>]) -> Option<Text<'a>> {
        let text = Text::new(document.text.clone(), document.headings.clone(), Way::Map(&document.map));
        quotes.iter().all(|quote| text.find(quote.bytes, Some(quote), &[]).is_some()).then_some(text)
    }

    /// The quotes in their order, with gaps between those that do not follow on each other.
    pub(super) fn quoted(quotes: &[Quote<'a>]) -> Text<'a> {
        let mut sorted = quotes.to_vec();
        sorted.sort_by_key(|quote| (quote.bytes.start, std::cmp::Reverse(quote.bytes.end)));
        let mut text = String::new();
        let mut placed: Vec<(usize, Quote<'_>)> = Vec::new();
        for quote in sorted.into_iter().filter(|quote| !quote.exact.is_empty()) {
            let last = placed.last().map(|(_, last)| *last);
            if last.is_some_and(|last| quote.bytes.end <= last.bytes.end) {
                continue;
            }
            let before = quote.prefix.trim_end();
            let space = &quote.prefix[before.len()..];
            match last {
                _ if before.is_empty() => {}
                Some(last) if last.exact.ends_with(before) || before.ends_with(last.exact) => text.push_str(space),
                Some(_) if space.contains('\n') => text.extend(["\n\n", GAP, "\n\n"]),
                Some(_) => text.extend([" ", GAP, " "]),
                None if space.contains('\n') => text.extend([GAP, "\n\n"]),
                None => text.extend([GAP, " "]),
            }
            placed.push((text.len(), quote));
            text.push_str(quote.exact);
        }
        if placed.last().is_some_and(|(_, last)| !last.suffix.trim().is_empty()) {
            text.extend([" ", GAP]);
        }
        Text::new(text, Vec::new(), Way::Quotes(placed))
    }

    fn new(text: String, headings: Vec<usize>, way: Way<'a>) -> Text<'a> {
        let mut units = Vec::with_capacity(text.len() + 1);
        let mut before = 0;
        for c in text.chars() {
            units.extend(std::iter::repeat_n(before, c.len_utf8()));
            before += c.len_utf16() as u32;
        }
        units.push(before);
        Text { text, headings, way, units }
    }

    /// Whether it is the whole article.
    pub(super) fn is_whole(&self) -> bool {
        matches!(self.way, Way::Map(_))
    }

    /// Where words of the source stand: those of a quote, or of a mention by any of its names.
    pub(super) fn find(&self, bytes: SourceSpan, quote: Option<&Quote<'_>>, names: &[&str]) -> Option<Range<usize>> {
        match &self.way {
            Way::Map(map) => {
                let found = map.to_text(bytes)?.range();
                let Some(quote) = quote else { return Some(found) };
                // Words of a piece that is mapped as a whole are somewhere in it.
                let at = self.text.get(found.clone())?.find(quote.exact)? + found.start;
                Some(at..at + quote.exact.len())
            }
            Way::Quotes(placed) => {
                let covering = placed.iter().filter(|(_, piece)| piece.bytes.start <= bytes.start && bytes.end <= piece.bytes.end);
                covering.filter_map(|(at, piece)| within(piece, bytes, quote, names).map(|w| at + w.start..at + w.end)).next()
            }
        }
    }

    /// A range of bytes as one of UTF-16 units.
    pub(super) fn units(&self, bytes: &Range<usize>) -> (usize, usize) {
        (self.units[bytes.start] as usize, self.units[bytes.end] as usize)
    }
}

/// Where words stand in a piece of text that holds them.
fn within(piece: &Quote<'_>, bytes: SourceSpan, quote: Option<&Quote<'_>>, names: &[&str]) -> Option<Range<usize>> {
    let length = (piece.bytes.end - piece.bytes.start) as usize;
    let offset = (bytes.start - piece.bytes.start) as usize;
    let is_it = |words: &str| quote.map_or_else(|| names.is_empty() || names.contains(&words), |quote| quote.exact == words);
    if length == piece.exact.len() {
        let direct = offset..(bytes.end - piece.bytes.start) as usize;
        if piece.exact.get(direct.clone()).is_some_and(is_it) {
            return Some(direct);
        }
    }
    // There is markup in between, or another encoding: the one that stands about as far in as the bytes do.
    let expected = offset * piece.exact.len() / length.max(1);
    let agree = |at: usize, words: &str| {
        let Some(quote) = quote else { return true };
        let (before, after) = (&piece.exact[..at], &piece.exact[at + words.len()..]);
        (before.ends_with(quote.prefix) || quote.prefix.ends_with(before))
            && (after.starts_with(quote.suffix) || quote.suffix.starts_with(after))
    };
    let words = quote.map_or_else(|| names.to_vec(), |quote| vec![quote.exact]);
    let found = words.iter().filter(|words| !words.is_empty()).flat_map(|words| piece.exact.match_indices(words));
    let found = found.filter(|(at, words)| agree(*at, words));
    found.min_by_key(|(at, words)| (at.abs_diff(expected), std::cmp::Reverse(words.len()))).map(|(at, words)| at..at + words.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quote<'g>(start: u32, end: u32, exact: &'g str, prefix: &'g str, suffix: &'g str) -> Quote<'g> {
        Quote { bytes: SourceSpan { start, end }, exact, prefix, suffix }
    }

    fn text_of<'t>(text: &'t Text<'_>, found: Option<Range<usize>>) -> Option<&'t str> {
        found.map(|range| &text.text[range])
    }

    #[test]
    fn quotes_stand_in_order_with_gaps_where_something_is_between() {
        let all = [
            quote(60, 70, "Ten fled.\u{20}", "Nobody knows why. ", "More to come"),
            quote(0, 20, "Twelve were killed. ", "", "Four were hurt. "),
            quote(20, 36, "Four were hurt. ", "Twelve were killed. ", "The mayor said"),
            quote(3, 9, "Twelve", "", " were"),
            quote(90, 95, "Five.", "said so.\n\n", ""),
        ];
        let text = Text::quoted(&all.map(|quote| Quote { exact: quote.exact.trim_end(), ..quote }));
        assert_eq!(text.text, "Twelve were killed. Four were hurt. … Ten fled.\n\n…\n\nFive.");
        assert!(!text.is_whole());
    }

    #[test]
    fn words_are_found_by_bytes_and_by_what_is_around_them() {
        // The source had a tag of 7 bytes before the second "Kim".
        let sentence = quote(10, 45, "Kim met Kim in Seoul, é said.", "", "");
        let text = Text::quoted(&[sentence]);
        let at = |start, end| text.find(SourceSpan { start, end }, None, &["Kim", "Seoul"]);
        assert_eq!(at(10, 13), Some(0..3));
        assert_eq!(at(22, 25), Some(8..11));
        assert_eq!(text_of(&text, at(29, 34)), Some("Seoul"));
        let second = quote(22, 25, "Kim", "Kim met ", " in Seoul");
        assert_eq!(text.find(second.bytes, Some(&second), &[]), Some(8..11));
        assert_eq!(text.find(SourceSpan { start: 80, end: 83 }, None, &["Kim"]), None);
        assert_eq!(text.units(&(22..30)), (22, 29));
    }
}
