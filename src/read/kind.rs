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
    /// Members of gzip; what is in them is told by their content.
    Gzip,
    /// Frames of zstd, likewise.
    Zstd,
    /// Records of WARC.
    Warc,
    /// An archive of tar.
    Tar,
    /// Nothing that holds an article, or that is read: its kind in words.
    Other(&'static str),
}

/// How many bytes are looked at.
pub(super) const HEAD: usize = 16 * 1024;

/// How far into a WARC's first record its fields are looked for.
const LABELS: usize = 512;

const MAGIC: [(&[u8], Kind); 27] = [
    (b"%PDF", Kind::Other(PDF)),
    (b"\x89PNG", Kind::Other("a PNG image")),
    (b"\xff\xd8\xff", Kind::Other("a JPEG image")),
    (b"GIF8", Kind::Other("a GIF image")),
    (b"RIFF", Kind::Other("a WebP image, sound or video")),
    (b"\x00\x00\x01\x00", Kind::Other("an icon")),
    (b"II*\x00", Kind::Other("a TIFF image")),
    (b"MM\x00*", Kind::Other("a TIFF image")),
    (b"PK\x03\x04", Kind::Other(ZIP)),
    (b"PK\x05\x06", Kind::Other("an empty zip archive")),
    (b"7z\xbc\xaf", Kind::Other(SEVEN_ZIP)),
    (b"Rar!", Kind::Other(RAR)),
    (b"\xd0\xcf\x11\xe0", Kind::Other(OFFICE)),
    (b"{\\rtf", Kind::Other(RTF)),
    (b"\x7fELF", Kind::Other("a program")),
    (b"MZ\x90", Kind::Other("a program")),
    (b"SQLite format 3", Kind::Other(SQLITE)),
    (b"PAR1", Kind::Other(PARQUET)),
    (b"OggS", Kind::Other("sound or video")),
    (b"ID3", Kind::Other("sound")),
    (b"\x1f\x8b", Kind::Gzip),
    (super::zstd::MARK, Kind::Zstd),
    // The frame with a dictionary that opens a packed WARC.
    (b"\x5d\x2a\x4d\x18", Kind::Zstd),
    (super::warc::MARK, Kind::Warc),
    (b"BZh", Kind::Other(BZIP2)),
    (b"\xfd7zXZ", Kind::Other(XZ)),
    (b"\x04\x22\x4d\x18", Kind::Other(LZ4)),
];

const PDF: &str = "a PDF";
const ZIP: &str = "a zip archive (or a document that is one: docx, epub)";
const SEVEN_ZIP: &str = "a 7z archive";
const RAR: &str = "a rar archive";
const OFFICE: &str = "an old Office document";
const RTF: &str = "an RTF document";
const SQLITE: &str = "an SQLite database";
const PARQUET: &str = "a Parquet file";
const BZIP2: &str = "packed with bzip2";
const XZ: &str = "packed with xz";
const LZ4: &str = "packed with lz4";
const FEED: &str = "XML (a feed?), not an article";
const TABLE: &str = "a table (CSV?), not an article";

/// Columns by one of which a table's first line is known.
const COLUMNS: [&str; 12] = ["id", "title", "headline", "text", "body", "content", "url", "link", "date", "published", "claim", "event"];

/// What the user can do with a kind that is not read.
pub(super) fn remedy(what: &str) -> Option<&'static str> {
    Some(match what {
        BZIP2 => "gzip and zstd are read; of this give what it unpacks to: bzip2 -dc FILE | wiregraph run -",
        XZ => "gzip and zstd are read; of this give what it unpacks to: xz -dc FILE | wiregraph run -",
        LZ4 => "gzip and zstd are read; of this give what it unpacks to: lz4 -dc FILE | wiregraph run -",
        ZIP | SEVEN_ZIP | RAR => "unpack it into a directory, and give that; archives of tar are read as they are",
        PDF => "give its text (pdftotext FILE.pdf FILE.txt), or the page it was printed from",
        OFFICE | RTF => "save it as text or HTML, and give that",
        SQLITE | PARQUET | TABLE => "write its rows as JSON Lines, an article each, and give those",
        FEED => "a feed has only the beginnings of articles: fetch the pages that it links to",
        _ => return None,
    })
}

/// What bytes are that no page is made of, by their start.
pub(super) fn not_text(bytes: &[u8]) -> Option<&'static str> {
    let head = &bytes[..bytes.len().min(HEAD)];
    match MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        Some((_, Kind::Other(what))) => Some(what),
        Some((_, Kind::Gzip)) => Some("packed with gzip"),
        Some((_, Kind::Zstd)) => Some("packed with zstd"),
        _ => (memchr::memchr(0, head).is_some() && !is_wide(head)).then_some("binary data"),
    }
}

/// Whether a media type is that of a web page.
pub(super) fn is_markup(media_type: &str) -> bool {
    matches!(media_type, "text/html" | "application/xhtml+xml")
}

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
    // An archive whose first line is damaged.
    if memchr::memmem::find(&head[..head.len().min(LABELS)], b"\nWARC-Type:").is_some() {
        return Kind::Warc;
    }
    if super::tar::is_header(head) {
        return Kind::Tar;
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
        // The start of an input is cut at HEAD bytes: one of so many may go on.
        return json(&plain, bytes.len() < HEAD);
    }
    if is_html(&plain) {
        return Kind::Html;
    }
    if plain.starts_with(b"<?xml") || plain.starts_with(b"<rss") || plain.starts_with(b"<feed") {
        return Kind::Other(FEED);
    }
    if is_table(&plain) { Kind::Other(TABLE) } else { Kind::Text }
}

/// Whether the first line names columns, three or more, and the second has as many.
fn is_table(plain: &[u8]) -> bool {
    let mut lines = plain.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else { return false };
    let is_name = |cell: &[u8]| !cell.is_empty() && cell.len() < 30 && cell.iter().all(|b| b.is_ascii_alphanumeric() || b" _-".contains(b));
    let known = |cell: &[u8]| COLUMNS.iter().any(|column| cell == column.as_bytes());
    [b',', b'\t', b';'].into_iter().any(|mark| {
        let cells: Vec<&[u8]> = first.split(|b| *b == mark).map(unquoted).collect();
        let as_many = second.iter().filter(|b| **b == mark).count() + 1 >= cells.len();
        cells.len() > 2 && cells.iter().all(|cell| is_name(cell)) && cells.iter().filter(|cell| known(cell)).count() > 1 && as_many
    })
}

fn unquoted(cell: &[u8]) -> &[u8] {
    let cell = cell.trim_ascii();
    cell.strip_prefix(b"\"").and_then(|cell| cell.strip_suffix(b"\"")).unwrap_or(cell)
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
    fn a_first_record_that_is_longer_than_what_is_looked_at() {
        let mut first = b"{\"id\":1,\"text\":\"".to_vec();
        first.resize(HEAD, b'x');
        assert_eq!(kind(&first), Kind::JsonLines);
    }

    #[test]
    fn kinds_by_content() {
        let wide: Vec<u8> = "\u{feff}<html><p>x".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let cases: [(&[u8], Kind); 19] = [
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
            (b"\x1f\x8b\x08", Kind::Gzip),
            (b"WARC/1.0\r\n", Kind::Warc),
            (b"", Kind::Text),
            (b"claim,event,value\nx,Killed,12\n", Kind::Other(TABLE)),
            (b"\"id\"\t\"title\"\t\"text\"\n1\tTen ships\tTen ships left.\n", Kind::Other(TABLE)),
            (b"Date, Text, Event\n\nTen ships left.", Kind::Text),
        ];
        for (bytes, expected) in cases {
            assert_eq!(kind(bytes), expected, "{:?}", String::from_utf8_lossy(bytes));
        }
    }
}
