//! A document before and after its boilerplate is stripped.

use super::{ByteSpan, SourceSpan};
use jiff::civil::Date;

/// One input as it was read: decompressed bytes and what its container said of it.
#[derive(Clone, Debug)]
pub struct RawDocument {
    /// A record's own `id`, else the path as given.
    pub id: String,
    /// The path or record it came from: `file.jsonl#3` and `file.warc.gz#3` (the third line or record), `file.tar#path/in/it`.
    pub source_file: String,
    /// The bytes that `wg:sha256` covers: the file unpacked, a WARC record's HTTP body after transfer and content decoding, or the UTF-8 of a JSON
    /// Lines record's text field.
    pub bytes: Vec<u8>,
    /// How the bytes are to be stripped.
    pub content: Content,
    /// The encoding that whoever sent the bytes names (HTTP's `charset`); stands before what they say of themselves.
    pub charset: Option<String>,
    /// What the container says of the article.
    pub hints: Metadata,
}

impl RawDocument {
    /// A document of which nothing is known but its id and its bytes.
    #[must_use]
    pub fn of(id: &str, bytes: impl Into<Vec<u8>>, content: Content) -> RawDocument {
        let (id, source_file) = (id.to_owned(), id.to_owned());
        RawDocument { id, source_file, bytes: bytes.into(), content, charset: None, hints: Metadata::default() }
    }
}

/// What kind of text a document holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// A web page.
    Html,
    /// Text copied from a page, clutter included.
    Copied,
    /// Text that is clean already: a record's `text` field, or `--plain`.
    Clean,
}

/// What is known of an article beside its text. Unknown is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// Headline.
    pub headline: Option<String>,
    /// Authors, in the order of the byline.
    pub authors: Vec<String>,
    /// Day of first publication.
    pub published: Option<Date>,
    /// Day of the last update.
    pub modified: Option<Date>,
    /// The outlet.
    pub publisher: Option<String>,
    /// The news agency whose copy it is.
    pub agency: Option<String>,
    /// Canonical address.
    pub url: Option<String>,
    /// ISO 639-1 code.
    pub language: Option<String>,
    /// Dateline.
    pub dateline: Option<Dateline>,
    /// When a crawler fetched it (`xsd:dateTime`), from a WARC date or a record's field.
    pub captured: Option<String>,
}

impl Metadata {
    /// The day against which days such as "Monday" are told.
    #[must_use]
    pub fn anchor(&self) -> Option<Date> {
        self.published.or(self.modified)
    }
}

/// The words before the dash that opens agency copy: "KYIV, Ukraine, May 3 (AP)".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dateline {
    /// Its words, without the dash.
    pub text: String,
    /// Where the words and their dash stand in the clean text.
    pub span: ByteSpan,
    /// The place as written: "KYIV, Ukraine".
    pub place: Option<String>,
    /// Month and day, if it has them.
    pub month_day: Option<(i8, i8)>,
}

/// An article: the clean text and the way back to the source's bytes. Immutable once stripped.
#[derive(Clone, Debug)]
pub struct Document {
    /// [`RawDocument::id`], with `#2`, `#3` … for further stories of a page.
    pub id: String,
    /// [`RawDocument::source_file`].
    pub source_file: String,
    /// SHA-256 of the source bytes, lower-case hexadecimal.
    pub sha256: String,
    /// The byte of the source where the story starts; 0 for the first story.
    pub story_start: u32,
    /// The body: no headline, byline or caption. Paragraphs are joined by a blank line; inside them white space is folded.
    pub text: String,
    /// Where each byte of `text` stands in the source.
    pub map: SourceMap,
    /// The paragraphs of `text`, in order.
    pub paragraphs: Vec<ByteSpan>,
    /// Those of them, by index, that head what follows: part of the text, but nothing is read from them.
    pub headings: Vec<usize>,
    /// What is known of the article.
    pub meta: Metadata,
}

impl Document {
    /// Whether a paragraph, by its index, is a heading.
    #[must_use]
    pub fn is_heading(&self, paragraph: usize) -> bool {
        self.headings.binary_search(&paragraph).is_ok()
    }
}

/// From the clean text to the bytes of the source, piece by piece.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceMap {
    pieces: Vec<Piece>,
}

/// `text_len` bytes of clean text that come from `source_len` bytes of source; byte for byte where the two are equal, as a whole otherwise (a
/// character reference, folded white space, another encoding).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    text: u32,
    text_len: u32,
    source: u32,
    source_len: u32,
}

impl SourceMap {
    /// Adds a piece at the end. A piece that continues the last one byte for byte is joined to it.
    ///
    /// # Panics
    /// When text offsets run backwards.
    pub fn push(&mut self, text: ByteSpan, source: SourceSpan) {
        let piece = Piece { text: text.start, text_len: text.len(), source: source.start, source_len: source.end - source.start };
        if let Some(last) = self.pieces.last_mut() {
            assert!(last.text + last.text_len <= piece.text, "source map runs backwards");
            let one_to_one = last.text_len == last.source_len && piece.text_len == piece.source_len;
            if one_to_one && last.text + last.text_len == piece.text && last.source + last.source_len == piece.source {
                last.text_len += piece.text_len;
                last.source_len += piece.source_len;
                return;
            }
        }
        self.pieces.push(piece);
    }

    /// The smallest run of source bytes that holds every character of `span`; `None` where nothing of it comes from the source.
    #[must_use]
    pub fn to_source(&self, span: ByteSpan) -> Option<SourceSpan> {
        let first = self.pieces.partition_point(|p| p.text + p.text_len <= span.start);
        let last = self.pieces.partition_point(|p| p.text < span.end).checked_sub(1)?;
        if first > last {
            return None;
        }
        let (a, b) = (self.pieces[first], self.pieces[last]);
        let start = if a.text_len == a.source_len { a.source + span.start.saturating_sub(a.text) } else { a.source };
        let end = if b.text_len == b.source_len { b.source + (span.end - b.text).min(b.text_len) } else { b.source + b.source_len };
        (start < end).then_some(SourceSpan { start, end })
    }

    /// The text whose source is exactly `span`, which [`to_source`](SourceMap::to_source) gave for a text that starts and ends with a character of the
    /// source; `None` for any other run of bytes.
    #[must_use]
    pub fn to_text(&self, span: SourceSpan) -> Option<ByteSpan> {
        let first = self.pieces.get(self.pieces.partition_point(|p| p.source + p.source_len <= span.start))?;
        let last = self.pieces.get(self.pieces.partition_point(|p| p.source < span.end).checked_sub(1)?)?;
        let byte_for_byte = |piece: &Piece| piece.text_len == piece.source_len;
        let start = if byte_for_byte(first) { first.text + span.start.checked_sub(first.source)? } else { first.text };
        let end = if byte_for_byte(last) { last.text + (span.end - last.source) } else { last.text + last.text_len };
        let text = (start < end).then_some(ByteSpan { start, end })?;
        (self.to_source(text) == Some(span)).then_some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_source_lead_to_each_other() {
        // "R&amp;D" is read as "R&D".
        let mut map = SourceMap::default();
        for (text, source) in [(0..1, 0..1), (1..2, 1..6), (2..3, 6..7)] {
            map.push(ByteSpan::new(text.start, text.end), SourceSpan { start: source.start, end: source.end });
        }
        for start in 0..3 {
            for end in start + 1..=3 {
                let text = ByteSpan::new(start, end);
                assert_eq!(map.to_source(text).and_then(|source| map.to_text(source)), Some(text));
            }
        }
        // No text is the inside of a character reference, or stands behind the end.
        for (start, end) in [(2, 3), (0, 3), (6, 9), (8, 9)] {
            assert_eq!(map.to_text(SourceSpan { start, end }), None);
        }
    }
}
