//! From the source's bytes to characters that know which bytes they came from.

use crate::types::SourceSpan;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::ops::Range;

/// How far into the bytes a declared encoding is looked for.
const PRESCAN: usize = 4096;

/// Decoded text and, for each of its characters, the bytes of the source.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// The characters; a byte sequence that is no character is U+FFFD.
    pub text: String,
    encoding: &'static Encoding,
    pieces: Vec<Piece>,
}

/// A run of decoded text. Where the lengths are equal, byte for byte; else one character (or one sequence) as a whole.
#[derive(Clone, Copy, Debug)]
struct Piece {
    text: u32,
    source: u32,
    source_len: u32,
}

/// A part of a run of decoded text and the source bytes it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Bytes of [`Decoded::text`].
    pub text: Range<usize>,
    /// Bytes of the source: byte for byte where the lengths are equal, as a whole otherwise.
    pub source: SourceSpan,
}

impl Decoded {
    /// Decodes `bytes`. The encoding is that of a byte order mark, else UTF-8 where the bytes are UTF-8, else the one declared (`declared` by whoever
    /// sent them, as HTTP's `charset`; else the page's own `charset`), else a guess from the bytes.
    #[must_use]
    pub fn new(bytes: &[u8], declared: Option<&str>) -> Decoded {
        let (encoding, skip) = choose(bytes, declared);
        let mut decoded = Decoded { text: String::with_capacity(bytes.len()), encoding, pieces: Vec::new() };
        let body = &bytes[skip..];
        if encoding == UTF_8 {
            decoded.utf8(body, skip);
        } else if encoding == UTF_16LE || encoding == UTF_16BE {
            decoded.utf16(body, skip, encoding == UTF_16BE);
        } else {
            decoded.legacy(body, skip);
        }
        decoded
    }

    /// The name of the encoding, as in the WHATWG's list.
    #[must_use]
    pub fn encoding(&self) -> &'static str {
        self.encoding.name()
    }

    /// The source bytes of a run of characters.
    #[must_use]
    pub fn to_source(&self, range: Range<usize>) -> SourceSpan {
        let mut origins = self.origins(range.clone());
        let Some(first) = origins.next() else {
            let at = self.source_offset(range.start);
            return SourceSpan { start: at, end: at };
        };
        let end = origins.last().map_or(first.source.end, |last| last.source.end);
        SourceSpan { start: first.source.start, end }
    }

    /// The runs that `range` is made of, in order.
    pub fn origins(&self, range: Range<usize>) -> impl Iterator<Item = Origin> + '_ {
        let first = self.pieces.partition_point(|p| p.text as usize <= range.start).saturating_sub(1);
        self.pieces.iter().enumerate().skip(first).take_while(move |(_, p)| (p.text as usize) < range.end).filter_map(move |(i, p)| {
            let whole = p.text as usize..self.pieces.get(i + 1).map_or(self.text.len(), |next| next.text as usize);
            let part = whole.start.max(range.start)..whole.end.min(range.end);
            if part.is_empty() {
                return None;
            }
            let source = if whole.len() == p.source_len as usize {
                let shift = |at: usize| p.source + (at - whole.start) as u32;
                SourceSpan { start: shift(part.start), end: shift(part.end) }
            } else {
                SourceSpan { start: p.source, end: p.source + p.source_len }
            };
            Some(Origin { text: part, source })
        })
    }

    /// The source byte where the character at `at` starts; the end of the source for the end of the text.
    #[must_use]
    pub fn source_offset(&self, at: usize) -> u32 {
        match self.origins(at..at + 1).next() {
            Some(origin) => origin.source.start,
            None => self.pieces.last().map_or(0, |p| p.source + p.source_len),
        }
    }

    fn push(&mut self, characters: &str, source: usize, source_len: usize) {
        let text = self.text.len() as u32;
        self.text.push_str(characters);
        let piece = Piece { text, source: source as u32, source_len: source_len as u32 };
        let exact = characters.len() == source_len;
        if let Some(last) = self.pieces.last_mut() {
            let last_exact = text - last.text == last.source_len;
            if exact && last_exact && last.source + last.source_len == piece.source {
                last.source_len += piece.source_len;
                return;
            }
        }
        self.pieces.push(piece);
    }

    fn utf8(&mut self, body: &[u8], skip: usize) {
        let mut at = skip;
        for chunk in body.utf8_chunks() {
            if !chunk.valid().is_empty() {
                self.push(chunk.valid(), at, chunk.valid().len());
                at += chunk.valid().len();
            }
            if !chunk.invalid().is_empty() {
                self.push_whole("\u{FFFD}", at, chunk.invalid().len());
                at += chunk.invalid().len();
            }
        }
    }

    fn utf16(&mut self, body: &[u8], skip: usize, big: bool) {
        let unit =
            |i: usize| body.get(i..i + 2).map(|b| if big { u16::from_be_bytes([b[0], b[1]]) } else { u16::from_le_bytes([b[0], b[1]]) });
        let mut buffer = [0; 4];
        let mut at = 0;
        while at < body.len() {
            let units = [unit(at).unwrap_or(0xD800), unit(at + 2).unwrap_or(0)];
            let (character, len) = match char::decode_utf16(units).next() {
                Some(Ok(c)) => (c, c.len_utf16() * 2),
                _ => ('\u{FFFD}', 2.min(body.len() - at)),
            };
            self.push_whole(character.encode_utf8(&mut buffer), skip + at, len);
            at += len;
        }
    }

    /// Every other encoding, a byte at a time where it is not ASCII, so that the decoder tells where each character ends.
    fn legacy(&mut self, body: &[u8], skip: usize) {
        let plain = self.encoding.is_ascii_compatible();
        let mut decoder = self.encoding.new_decoder_without_bom_handling();
        let mut out = [0_u8; 32];
        let (mut at, mut from) = (0, 0);
        while at < body.len() {
            if plain && from == at {
                let run = body[at..].iter().take_while(|b| b.is_ascii()).count();
                if run > 0 {
                    self.push(&String::from_utf8_lossy(&body[at..at + run]), skip + at, run);
                    at += run;
                    from = at;
                    continue;
                }
            }
            let last = at + 1 == body.len();
            let (result, read, written, _) = decoder.decode_to_utf8(&body[at..=at], &mut out, last);
            debug_assert_eq!(result, CoderResult::InputEmpty);
            at += read.max(1);
            if written > 0 {
                self.push_whole(&String::from_utf8_lossy(&out[..written]), skip + from, at - from);
                from = at;
            }
        }
    }

    /// One character (or sequence): never joined to the run before unless its bytes are the same ones.
    fn push_whole(&mut self, characters: &str, source: usize, source_len: usize) {
        let piece = Piece { text: self.text.len() as u32, source: source as u32, source_len: source_len as u32 };
        self.text.push_str(characters);
        self.pieces.push(piece);
    }
}

/// The encoding and how many bytes of a byte order mark to skip.
fn choose(bytes: &[u8], declared: Option<&str>) -> (&'static Encoding, usize) {
    if let Some(found) = Encoding::for_bom(bytes) {
        return found;
    }
    let errors = bytes.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
    let sent = declared.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    if errors == 0 {
        // This one is ASCII with escapes.
        if sent == Some(ISO_2022_JP) && bytes.contains(&0x1b) {
            return (ISO_2022_JP, 0);
        }
        return (without_mark(bytes).unwrap_or(UTF_8), 0);
    }
    if let Some(wide) = without_mark(bytes) {
        return (wide, 0);
    }
    // A few bad bytes in a long UTF-8 page are damage, not another encoding.
    let sequences = bytes.windows(2).filter(|w| w[0] >= 0xC2 && w[0] <= 0xF4 && w[1] & 0xC0 == 0x80).count();
    let mostly_utf8 = sequences > 4 * errors;
    // A server that says UTF-8 of all it sends says nothing of a page that is not.
    let named = sent.filter(|encoding| *encoding != UTF_8 || sequences >= errors).or_else(|| page_charset(bytes));
    match named {
        Some(encoding) if encoding == UTF_8 && sequences >= errors => return (UTF_8, 0),
        Some(encoding) if encoding == UTF_8 => {}
        // A page that says UTF-16 in bytes read as ASCII is not UTF-16.
        Some(encoding) if encoding.is_ascii_compatible() && !mostly_utf8 => return (encoding, 0),
        _ if mostly_utf8 => return (UTF_8, 0),
        _ => {}
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    (if guess == UTF_8 { WINDOWS_1252 } else { guess }, 0)
}

/// UTF-16 that lost its mark: every other byte of an English page is NUL.
fn without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(512)];
    if head.len() < 4 {
        return None;
    }
    let nul = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count() * 10 >= head.len() / 2 * 8;
    match (nul(0), nul(1)) {
        (true, false) => Some(UTF_16BE),
        (false, true) => Some(UTF_16LE),
        _ => None,
    }
}

/// The `charset` a page names near its top.
fn page_charset(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(PRESCAN)].to_ascii_lowercase();
    let mut at = 0;
    while let Some(found) = head[at..].windows(7).position(|w| w == b"charset") {
        at += found + 7;
        let rest: Vec<u8> =
            head[at..].iter().copied().skip_while(|b| b.is_ascii_whitespace() || matches!(b, b'=' | b'"' | b'\'')).collect();
        let label: Vec<u8> = rest.into_iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':' | b'.')).collect();
        if let Some(encoding) = Encoding::for_label(&label) {
            return Some(encoding);
        }
    }
    // An XML declaration names it otherwise.
    let found = head.windows(9).position(|w| w == b"encoding=")?;
    let label: Vec<u8> = head[found + 9..]
        .iter()
        .copied()
        .skip_while(|b| matches!(b, b'"' | b'\''))
        .take_while(|b| !matches!(b, b'"' | b'\'' | b'?'))
        .collect();
    Encoding::for_label(&label)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each character of `text` must have the bytes that encode it.
    fn check(bytes: &[u8], expected: &str, name: &str) {
        let decoded = Decoded::new(bytes, None);
        assert_eq!(decoded.encoding(), name);
        assert_eq!(decoded.text, expected);
        let encoding = Encoding::for_label(name.as_bytes()).expect("a known name");
        for (at, c) in decoded.text.char_indices() {
            let source = decoded.to_source(at..at + c.len_utf8());
            let slice = &bytes[source.start as usize..source.end as usize];
            assert_eq!(encoding.decode_without_bom_handling(slice).0, c.to_string(), "{c} at {at}");
        }
    }

    #[test]
    fn utf8_is_identity() {
        check("“Café”\u{a0}– 🚢".as_bytes(), "“Café”\u{a0}– 🚢", "UTF-8");
    }

    #[test]
    fn a_mark_is_skipped_and_counted() {
        let decoded = Decoded::new("\u{feff}Né".as_bytes(), None);
        assert_eq!(decoded.text, "Né");
        assert_eq!(decoded.to_source(1..3), SourceSpan { start: 4, end: 6 });
    }

    #[test]
    fn windows_1252_from_its_declaration() {
        let page = b"<meta charset=\"iso-8859-1\"><p>\x93Caf\xe9\x94 \x96 na\xefve";
        check(page, "<meta charset=\"iso-8859-1\"><p>“Café” – naïve", "windows-1252");
    }

    #[test]
    fn the_sender_s_word_stands_before_the_page_s() {
        let page = b"<meta charset=\"iso-8859-1\"><p>\xcc\xee\xf1\xea\xe2\xe0";
        assert_eq!(Decoded::new(page, Some(" Windows-1251 ")).text, "<meta charset=\"iso-8859-1\"><p>Москва");
        // A mark stands before both, and so does plain UTF-8.
        assert_eq!(Decoded::new("\u{feff}Né".as_bytes(), Some("windows-1251")).text, "Né");
        assert_eq!(Decoded::new("<p>Né".as_bytes(), Some("iso-8859-1")).text, "<p>Né");
        // Not UTF-8, whatever the server says: then the page's word.
        assert_eq!(Decoded::new(page, Some("utf-8")).encoding(), "windows-1252");
        assert_eq!(Decoded::new(b"\x1b$B9q\x1b(B", Some("iso-2022-jp")).text, "国");
        assert_eq!(Decoded::new(b"caf\xe9 \x96 na\xefve", Some("no such")).text, "café – naïve");
    }

    #[test]
    fn undeclared_bytes_are_guessed() {
        let decoded = Decoded::new(b"The caf\xe9 owner said \x93no\x94 and left the r\xe9gion.", None);
        assert_eq!(decoded.text, "The café owner said “no” and left the région.");
    }

    #[test]
    fn wide_and_multibyte_encodings() {
        let wide: Vec<u8> = "The ship’s crew, “é” 🚢, left".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&wide, "The ship’s crew, “é” 🚢, left", "UTF-16LE");
        let (bytes, _, _) = encoding_rs::GBK.encode("<meta charset=gbk>Ministry 国防部 said — yes");
        check(&bytes, "<meta charset=gbk>Ministry 国防部 said — yes", "GBK");
        let (bytes, _, _) = encoding_rs::SHIFT_JIS.encode("<meta charset=shift_jis>防衛省 said");
        check(&bytes, "<meta charset=shift_jis>防衛省 said", "Shift_JIS");
    }

    #[test]
    fn bad_bytes_stay_in_step() {
        let mut bytes = "“Ten” “men” “fled” é ü ö ".as_bytes().to_vec();
        bytes.push(0xff);
        bytes.extend_from_slice("end".as_bytes());
        let decoded = Decoded::new(&bytes, None);
        assert!(decoded.text.ends_with("\u{FFFD}end"));
        let at = decoded.text.find("end").expect("there");
        assert_eq!(decoded.to_source(at..at + 3).end as usize, bytes.len());
    }

    #[test]
    fn nothing_and_the_end() {
        let decoded = Decoded::new(b"", None);
        assert_eq!(decoded.to_source(0..0), SourceSpan { start: 0, end: 0 });
        let decoded = Decoded::new(b"abc", None);
        assert_eq!(decoded.source_offset(3), 3);
    }
}
