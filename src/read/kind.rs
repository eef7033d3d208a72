//! What kind of thing some bytes are.

/// What the first bytes of an input look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A web page.
    Html,
    /// A JSON object a line.
    JsonLines,
    /// One JSON value over several lines.
    Json,
    /// Any other text.
    Text,
    /// Nothing that holds an article: its kind in words.
    Other(&'static str),
    /// Packed or archived; not read yet.
    Packed(&'static str),
}

/// How many bytes are looked at.
pub(super) const HEAD: usize = 16 * 1024;

const MAGIC: [(&[u8], Kind); 24] = [
    (b"%PDF", Kind::Other("a PDF")),
    (b"\x89PNG", Kind::Other("a PNG image")),
    (b"\xff\xd8\xff", Kind::Other("a JPEG image")),
    (b"GIF8", Kind::Other("a GIF image")),
    (b"RIFF", Kind::Other("a WebP image, sound or video")),
    (b"\x00\x00\x01\x00", Kind::Other("an icon")),
    (b"II*\x00", Kind::Other("a TIFF image")),
    (b"MM\x00*", Kind::Other("a TIFF image")),
    (b"PK\x03\x04", Kind::Other("a zip archive (or a document that is one: docx, epub)")),
    (b"PK\x05\x06", Kind::Other("an empty zip archive")),
    (b"7z\xbc\xaf", Kind::Other("a 7z archive")),
    (b"Rar!", Kind::Other("a rar archive")),
    (b"\xd0\xcf\x11\xe0", Kind::Other("an old Office document")),
    (b"{\\rtf", Kind::Other("an RTF document")),
    (b"\x7fELF", Kind::Other("a program")),
    (b"MZ\x90", Kind::Other("a program")),
    (b"SQLite format 3", Kind::Other("an SQLite database")),
    (b"PAR1", Kind::Other("a Parquet file")),
    (b"OggS", Kind::Other("sound or video")),
    (b"ID3", Kind::Other("sound")),
    (b"\x1f\x8b", Kind::Packed("gzip")),
    (b"\x28\xb5\x2f\xfd", Kind::Packed("zstd")),
    (b"WARC/", Kind::Packed("WARC")),
    (b"BZh", Kind::Packed("bzip2")),
];

/// Tells the kind of an input by its first bytes.
#[must_use]
pub fn kind(bytes: &[u8]) -> Kind {
    let head = &bytes[..bytes.len().min(HEAD)];
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return *kind;
    }
    if head.get(4..8) == Some(b"ftyp") {
        return Kind::Other("a video or HEIF image");
    }
    if head.starts_with(b"\xfd7zXZ") {
        return Kind::Packed("xz");
    }
    let wide = is_wide(head);
    // Markup and JSON are ASCII: NULs of UTF-16 and a mark are in the way.
    let plain: Vec<u8> = head
        .iter()
        .copied()
        .filter(|b| *b != 0 || !wide)
        .skip_while(|b| b.is_ascii_whitespace() || matches!(b, 0xEF | 0xBB | 0xBF | 0xFE | 0xFF))
        .map(|b| b.to_ascii_lowercase())
        .collect();
    if !wide {
        let controls = head.iter().filter(|b| **b == 0 || (**b < 0x20 && !b.is_ascii_whitespace() && **b != 0x0B && **b != 0x1B)).count();
        if head.contains(&0) || controls * 20 > head.len() {
            return Kind::Other("binary data");
        }
    }
    if plain.starts_with(b"{") || plain.starts_with(b"[") {
        return json(&plain, bytes.len() <= HEAD);
    }
    if is_html(&plain) {
        return Kind::Html;
    }
    if plain.starts_with(b"<?xml") || plain.starts_with(b"<rss") || plain.starts_with(b"<feed") {
        return Kind::Other("XML (a feed?), not an article");
    }
    Kind::Text
}

fn is_wide(head: &[u8]) -> bool {
    let marked = head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]);
    let nuls = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count() * 10 >= head.len() / 2 * 8;
    marked || (head.len() >= 8 && nuls(0) != nuls(1))
}

fn json(plain: &[u8], whole: bool) -> Kind {
    let mut lines = plain.split(|b| *b == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let first = lines.next().unwrap_or_default().trim_ascii();
    let second = lines.next().map(<[u8]>::trim_ascii);
    let object = |line: &[u8]| line.starts_with(b"{\"") || line.starts_with(b"{ \"");
    if first.starts_with(b"[") {
        // "[AP] Ten ships left": a bracket alone makes no JSON.
        let next = first[1..].trim_ascii_start().first().or(second.and_then(<[u8]>::first));
        return if matches!(next, Some(b'{')) { Kind::Json } else { Kind::Text };
    }
    match second {
        Some(next) if object(first) && (next.starts_with(b"{") || first.ends_with(b"}")) => Kind::JsonLines,
        Some(next) if next.starts_with(b"\"") => Kind::Json,
        None if object(first) || first == b"{}" => {
            if whole && !first.ends_with(b"}") {
                Kind::Json
            } else {
                Kind::JsonLines
            }
        }
        _ if object(first) => Kind::JsonLines,
        _ => Kind::Text,
    }
}

fn is_html(plain: &[u8]) -> bool {
    let has = |words: &[u8]| plain.windows(words.len()).any(|w| w == words);
    if plain.starts_with(b"<!doctype html") || plain.starts_with(b"<html") || has(b"<html") || has(b"<body") || has(b"<!doctype html") {
        return true;
    }
    const TAGS: [&[u8]; 14] = [
        b"<p>",
        b"<p ",
        b"</p>",
        b"<div",
        b"</div>",
        b"<a href",
        b"</a>",
        b"<br",
        b"<span",
        b"<article",
        b"<h1",
        b"<h2",
        b"<li>",
        b"<meta ",
    ];
    TAGS.iter().filter(|tag| has(tag)).count() >= 2 || (plain.starts_with(b"<") && TAGS.iter().any(|tag| plain.starts_with(tag)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_by_content() {
        let wide: Vec<u8> = "\u{feff}<html><p>x".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let cases: [(&[u8], Kind); 16] = [
            (b"\xef\xbb\xbf\n <!DOCTYPE html><p>x", Kind::Html),
            (b"<p>Ten ships</p>", Kind::Html),
            (&wide, Kind::Html),
            (b"{\"id\":1}\n{\"id\":2}\n", Kind::JsonLines),
            (b"{\"id\":1,\n{\"id\":2}\n", Kind::JsonLines),
            (b"{\"id\":1}", Kind::JsonLines),
            (b"{\n  \"id\": 1\n}", Kind::Json),
            (b"[{\"id\": 1}]", Kind::Json),
            (b"[AP] Ten ships left.", Kind::Text),
            (b"{Live} Ten ships left.", Kind::Text),
            ("Ten ships – 5 < 6 – left é".as_bytes(), Kind::Text),
            (b"%PDF-1.7", Kind::Other("a PDF")),
            (b"a\x00b\x00\x00c", Kind::Other("binary data")),
            (b"\x1f\x8b\x08", Kind::Packed("gzip")),
            (b"WARC/1.0\r\n", Kind::Packed("WARC")),
            (b"", Kind::Text),
        ];
        for (bytes, expected) in cases {
            assert_eq!(kind(bytes), expected, "{:?}", String::from_utf8_lossy(bytes));
        }
    }
}
