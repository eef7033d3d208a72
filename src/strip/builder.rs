//! Puts an article's clean text together from runs of the source, and the way back with it.

use super::dateline::Datelines;
use super::decode::Decoded;
use crate::error::{Error, Result, Stage};
use crate::types::{ByteSpan, Document, Metadata, RawDocument, SourceMap, SourceSpan};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::ops::Range;

/// The longest name of a character reference, and a little more.
const LONGEST_REFERENCE: usize = 40;

/// Collects the clean text of one story. White space inside a paragraph is folded to one space, paragraphs are joined by a blank line, characters
/// without width are dropped.
#[derive(Clone, Debug)]
pub struct DocumentBuilder<'d> {
    source: &'d Decoded,
    text: String,
    pieces: Vec<(ByteSpan, SourceSpan)>,
    paragraphs: Vec<ByteSpan>,
    headings: Vec<usize>,
    /// Where the open paragraph starts in `text`.
    open: usize,
    /// White space seen since the last character of the open paragraph.
    space: Option<Range<usize>>,
}

impl<'d> DocumentBuilder<'d> {
    /// A builder over `source`; all ranges given to it are bytes of `source.text`.
    #[must_use]
    pub fn new(source: &'d Decoded) -> Self {
        DocumentBuilder {
            source,
            text: String::new(),
            pieces: Vec::new(),
            paragraphs: Vec::new(),
            headings: Vec::new(),
            open: 0,
            space: None,
        }
    }

    /// Appends characters as they are.
    pub fn plain(&mut self, range: Range<usize>) {
        let text = &self.source.text;
        let mut run = range.start;
        for (i, c) in text[range.clone()].char_indices() {
            let at = range.start + i;
            if !(c.is_whitespace() || is_zero_width(c)) {
                continue;
            }
            self.run(run..at);
            run = at + c.len_utf8();
            if c.is_whitespace() {
                self.space(at..run);
            }
        }
        self.run(run..range.end);
    }

    /// Appends characters of HTML text, with character references resolved.
    pub fn markup(&mut self, range: Range<usize>) {
        let text = &self.source.text;
        let mut at = range.start;
        while let Some(found) = text[at..range.end].find('&') {
            let start = at + found;
            self.plain(at..start);
            match reference(&text[start..range.end]) {
                Some((characters, len)) => {
                    self.resolved(&characters, start..start + len);
                    at = start + len;
                }
                None => {
                    self.plain(start..start + 1);
                    at = start + 1;
                }
            }
        }
        self.plain(at..range.end);
    }

    /// Lets a run of the source, such as a `<br>`, stand for white space.
    pub fn space(&mut self, range: Range<usize>) {
        if self.text.len() == self.open {
            return;
        }
        match &mut self.space {
            // White space on both sides of a tag keeps to the first run.
            Some(space) if space.end == range.start => space.end = range.end,
            Some(_) => {}
            None => self.space = Some(range),
        }
    }

    /// Ends the open paragraph; the next characters start another.
    pub fn end_paragraph(&mut self) {
        self.space = None;
        if self.text.len() > self.open {
            self.paragraphs.push(ByteSpan::new(self.open, self.text.len()));
            self.text.push_str("\n\n");
            self.open = self.text.len();
        }
    }

    /// Ends the open paragraph as a heading of what follows.
    pub fn end_heading(&mut self) {
        let index = self.paragraphs.len();
        self.end_paragraph();
        if self.paragraphs.len() > index {
            self.headings.push(index);
        }
    }

    /// The paragraph being written.
    #[must_use]
    pub fn open_paragraph(&self) -> &str {
        &self.text[self.open..]
    }

    /// Whether white space waits for the next character.
    #[must_use]
    pub fn pending_space(&self) -> bool {
        self.space.is_some()
    }

    /// Throws the open paragraph away.
    pub fn drop_paragraph(&mut self) {
        self.space = None;
        self.text.truncate(self.open);
        let open = self.open as u32;
        self.pieces.truncate(self.pieces.partition_point(|(text, _)| text.start < open));
    }

    /// Bytes of text so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether no text has been appended.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The paragraphs ended so far.
    pub fn paragraphs(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
        self.paragraphs.iter().map(|span| span.of(&self.text))
    }

    /// The finished article. `story` counts the stories of a page from 1; `story_start` is the byte of the source where the story starts, 0 for
    /// the first. The dateline and the agency are read from the text and the agency's closing tag is taken out of it; `meta` has the rest.
    ///
    /// # Errors
    /// When no text was appended.
    pub fn finish(
        mut self,
        raw: &RawDocument,
        story: usize,
        story_start: u32,
        mut meta: Metadata,
        datelines: &Datelines,
    ) -> Result<Document> {
        self.end_paragraph();
        let opening = datelines.read(&self.text, &self.paragraphs);
        let (text, map, paragraphs, headings) = self.without(&opening.cuts);
        if paragraphs.is_empty() {
            return Err(Error::left_out(&raw.id, Stage::Strip, "no article text found"));
        }
        // An outlet that signs its own copy is no agency.
        meta.agency = meta.agency.or(opening.agency).filter(|agency| meta.publisher.as_deref() != Some(agency));
        meta.dateline = opening.dateline;
        Ok(Document {
            id: if story > 1 { format!("{}#{story}", raw.id) } else { raw.id.clone() },
            source_file: raw.source_file.clone(),
            sha256: sha256(&raw.bytes),
            story_start: if story > 1 { story_start } else { 0 },
            text,
            map,
            paragraphs,
            headings,
            meta,
        })
    }

    /// The text with `cuts` (ascending, each inside one paragraph at its start or end) taken out, its map, paragraphs and headings.
    fn without(&self, cuts: &[ByteSpan]) -> (String, SourceMap, Vec<ByteSpan>, Vec<usize>) {
        let mut text = String::with_capacity(self.text.len());
        let mut map = SourceMap::default();
        let mut paragraphs = Vec::with_capacity(self.paragraphs.len());
        let mut headings = Vec::with_capacity(self.headings.len());
        let mut next = 0;
        for (index, whole) in self.paragraphs.iter().enumerate() {
            let mut kept = *whole;
            for cut in cuts.iter().filter(|cut| whole.covers(**cut)) {
                if cut.start == kept.start {
                    kept.start = cut.end;
                } else {
                    kept.end = cut.start;
                }
            }
            let words = kept.of(&self.text);
            kept.start += (words.len() - words.trim_start().len()) as u32;
            kept.end = kept.start + words.trim().len() as u32;
            while self.pieces.get(next).is_some_and(|(piece, _)| piece.end <= kept.start) {
                next += 1;
            }
            if kept.is_empty() {
                continue;
            }
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            let start = text.len();
            while let Some((piece, source)) = self.pieces.get(next).filter(|(piece, _)| piece.start < kept.end) {
                let part = ByteSpan { start: piece.start.max(kept.start), end: piece.end.min(kept.end) };
                let exact = piece.len() == source.end - source.start;
                let origin = if exact {
                    SourceSpan { start: source.start + (part.start - piece.start), end: source.end - (piece.end - part.end) }
                } else {
                    *source
                };
                let at = start + (part.start - kept.start) as usize;
                map.push(ByteSpan::new(at, at + part.len() as usize), origin);
                next += 1;
            }
            text.push_str(kept.of(&self.text));
            if self.headings.binary_search(&index).is_ok() {
                headings.push(paragraphs.len());
            }
            paragraphs.push(ByteSpan::new(start, text.len()));
        }
        (text, map, paragraphs, headings)
    }

    /// Appends a run with no white space in it.
    fn run(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        self.write_space();
        let source = self.source;
        for origin in source.origins(range) {
            let start = self.text.len();
            self.text.push_str(&source.text[origin.text]);
            self.pieces.push((ByteSpan::new(start, self.text.len()), origin.source));
        }
    }

    /// Appends what a reference stands for; all of it comes from the reference's bytes.
    fn resolved(&mut self, characters: &str, range: Range<usize>) {
        if characters.chars().all(char::is_whitespace) {
            self.space(range);
            return;
        }
        if characters.chars().all(is_zero_width) {
            return;
        }
        self.write_space();
        let start = self.text.len();
        self.text.push_str(characters);
        let source = self.source.to_source(range);
        self.pieces.push((ByteSpan::new(start, self.text.len()), source));
    }

    fn write_space(&mut self) {
        if let Some(range) = self.space.take() {
            let start = self.text.len();
            self.text.push(' ');
            let source = self.source.to_source(range);
            self.pieces.push((ByteSpan::new(start, start + 1), source));
        }
    }
}

/// Characters that take no room and mean nothing to a reader: soft hyphens, zero-width spaces and joins, direction marks.
pub(crate) fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{0}'..='\u{8}' | '\u{E}'..='\u{1B}' | '\u{7F}')
}

/// The characters and the length of the reference that `text` starts with, if it is one.
fn reference(text: &str) -> Option<(String, usize)> {
    let bytes = text.as_bytes();
    let body = if bytes.get(1) == Some(&b'#') { 2 } else { 1 };
    let name = bytes[body.min(bytes.len())..].iter().take(LONGEST_REFERENCE).take_while(|b| b.is_ascii_alphanumeric()).count();
    if name == 0 {
        return None;
    }
    let end = body + name;
    let resolve = |candidate: &str| {
        let resolved = htmlize::unescape(candidate);
        (resolved != candidate).then(|| resolved.into_owned())
    };
    if body == 2 {
        // "&#8217abc": the digits alone are the reference.
        let hex = matches!(bytes[2], b'x' | b'X');
        let from = if hex { 3 } else { 2 };
        let digits = bytes[from..end].iter().take_while(|b| if hex { b.is_ascii_hexdigit() } else { b.is_ascii_digit() }).count();
        if digits == 0 {
            return None;
        }
        let len = from + digits + usize::from(bytes.get(from + digits) == Some(&b';'));
        return resolve(&text[..len]).map(|c| (c, len));
    }
    if bytes.get(end) == Some(&b';')
        && let Some(c) = resolve(&text[..=end]).filter(|c| !c.ends_with(';'))
    {
        return Some((c, end + 1));
    }
    // Old names need no semicolon: "&copy2024". The longest that is one counts.
    (2..=name.min(6)).rev().find_map(|len| resolve(&text[..=len]).filter(|c| c.chars().count() == 1).map(|c| (c, len + 1)))
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Content;

    fn datelines() -> Datelines {
        Datelines::load(None).expect("built-in data")
    }

    fn raw(text: &str) -> RawDocument {
        RawDocument::of("a", text, Content::Clean)
    }

    #[test]
    fn every_character_knows_its_bytes() {
        let page = "<p>“Ten&nbsp; men” &amp; a\u{200b} caf&eacute; – &#8220;no&#x201d;</p> x 🚢\u{a0}y";
        let raw = raw(page);
        let decoded = Decoded::new(&raw.bytes, None);
        let mut builder = DocumentBuilder::new(&decoded);
        let end = page.find("</p>").expect("there");
        builder.markup(3..end);
        builder.end_paragraph();
        builder.markup(end + 4..page.len());
        let document = builder.finish(&raw, 1, 0, Metadata::default(), &datelines()).expect("text");
        assert_eq!(document.text, "“Ten men” & a café – “no”\n\nx 🚢 y");
        for (clean, source) in [
            ("“Ten men” &", "“Ten&nbsp; men” &amp;"),
            ("men”", "men”"),
            ("café –", "caf&eacute; –"),
            ("é", "&eacute;"),
            ("“no”", "&#8220;no&#x201d;"),
            ("🚢 y", "🚢\u{a0}y"),
        ] {
            let at = document.text.find(clean).expect(clean);
            let span = document.map.to_source(ByteSpan::new(at, at + clean.len())).expect("mapped");
            assert_eq!(&page[span.start as usize..span.end as usize], source);
        }
        assert_eq!(document.paragraphs.iter().map(|p| p.of(&document.text)).collect::<Vec<_>>(), ["“Ten men” & a café – “no”", "x 🚢 y"]);
        assert_eq!(document.sha256.len(), 64);
    }

    #[test]
    fn references_end_where_the_standard_says() {
        let cases = [
            ("&amp;x", Some(("&", 5))),
            ("&copy2024", Some(("©", 5))),
            ("&notit;", Some(("¬", 4))),
            ("&#8217s", Some(("’", 6))),
            ("&#x27;s", Some(("'", 6))),
            ("&#150;", Some(("–", 6))),
            ("& so", None),
            ("&;", None),
            ("&T Corp", None),
            ("&#;", None),
            ("&nosuch;", None),
            ("&", None),
        ];
        for (text, expected) in cases {
            assert_eq!(reference(text), expected.map(|(c, len): (&str, usize)| (c.to_owned(), len)), "{text}");
        }
    }

    #[test]
    fn an_empty_story_is_an_error() {
        let raw = raw("  ");
        let decoded = Decoded::new(&raw.bytes, None);
        let mut builder = DocumentBuilder::new(&decoded);
        builder.plain(0..2);
        assert!(builder.finish(&raw, 1, 0, Metadata::default(), &datelines()).is_err());
    }

    #[test]
    fn a_dropped_paragraph_leaves_no_trace() {
        let raw = raw("one\ntwo\nthree");
        let decoded = Decoded::new(&raw.bytes, None);
        let mut builder = DocumentBuilder::new(&decoded);
        builder.plain(0..3);
        builder.end_paragraph();
        builder.plain(4..7);
        builder.drop_paragraph();
        builder.plain(8..13);
        let document = builder.finish(&raw, 1, 0, Metadata::default(), &datelines()).expect("text");
        assert_eq!(document.text, "one\n\nthree");
        assert_eq!(document.map.to_source(ByteSpan::new(5, 10)), Some(SourceSpan { start: 8, end: 13 }));
    }
}
