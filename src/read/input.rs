//! Files, directories and standard input as a stream of raw documents.

use super::bytes::Bytes;
use super::fields::Fields;
use super::kind::{HEAD, Kind, kind, remedy};
use super::lines::Lines;
use super::tar::Tar;
use super::unpack::Source;
use super::walk::Walk;
use super::warc::{self, Records};
use crate::error::{Error, Result, Stage};
use crate::types::{Content, RawDocument};
use serde_json::Value;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The most bytes a document may have, unpacked.
pub const LIMIT: u64 = 64 * 1024 * 1024;
/// How many packings and archives may lie inside one another.
const DEPTH: usize = 4;

/// Reads inputs: knows the names of records' fields.
#[derive(Clone, Debug)]
pub struct Reader {
    fields: Fields,
    plain: bool,
    in_order: bool,
    pub(super) limit: u64,
}

impl Reader {
    /// A reader with the built-in names of fields, and the user's from `rules` before them.
    ///
    /// # Errors
    /// When `fields.toml` of `rules` does not parse; names file and line.
    pub fn load(rules: Option<&Path>) -> Result<Reader> {
        Ok(Reader { fields: Fields::load(rules)?, plain: false, in_order: true, limit: LIMIT })
    }

    /// Whether all text is taken as clean already.
    #[must_use]
    pub fn plain(mut self, plain: bool) -> Reader {
        self.plain = plain;
        self
    }

    /// Whether a directory's files come in the order of their names, as they do unless told otherwise. Without, no directory is listed in memory: one
    /// of a million files takes no more than one of ten.
    #[must_use]
    pub fn in_order(mut self, in_order: bool) -> Reader {
        self.in_order = in_order;
        self
    }

    /// The documents of `paths`, one after the other, read as they are asked for. A path is a file, a directory (walked, hidden files left out) or `-`
    /// for standard input. What cannot be read is an `Err` of its own and the rest goes on.
    #[must_use]
    pub fn inputs(&self, paths: &[PathBuf]) -> Inputs<'_> {
        let consumed = Arc::default();
        Inputs { reader: self, paths: paths.iter().cloned().collect(), open: Vec::new(), ready: VecDeque::new(), consumed }
    }

    /// The documents of JSON Lines, a line each, as they are asked for; blank lines are none. `name` is what the input is called in names of records.
    pub fn lines<'r>(&'r self, name: &str, from: Box<dyn Read + Send>) -> impl Iterator<Item = Result<RawDocument>> + Send + use<'r> {
        let mut lines = Lines::new(name, Bytes::new(from));
        std::iter::from_fn(move || lines.next(self))
    }

    /// The document of one line of JSON Lines; `number` counts the lines of `source` from 1.
    ///
    /// # Errors
    /// When the line is no JSON object, or has no text.
    pub fn record(&self, line: &str, source: &str, number: u64) -> Result<RawDocument> {
        let place = format!("{source}#{number}");
        if line.len() as u64 > self.limit {
            return Err(self.too_large(&place));
        }
        match serde_json::from_str(line.trim_start_matches('\u{feff}')) {
            Ok(Value::Object(record)) => self.finish(self.fields.document(record, &place)),
            Ok(_) => Err(Error::document(&place, Stage::Read, format!("line {number} is JSON but no object"))),
            Err(e) => {
                // The parser counts lines from this one.
                let told = e.to_string();
                let what = told.split_once(" at line ").map_or(told.as_str(), |(what, _)| what);
                let reason = format!("line {number} is no JSON: {what}, at column {}", e.column());
                Err(Error::document(&place, Stage::Read, reason))
            }
        }
    }

    /// The document of bytes that are in memory already.
    ///
    /// # Errors
    /// When the bytes are no text, or too many.
    pub fn bytes(&self, id: &str, bytes: Vec<u8>) -> Result<RawDocument> {
        if bytes.len() as u64 > self.limit {
            return Err(self.too_large(id));
        }
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(Error::left_out(id, Stage::Read, "the file is empty"));
        }
        let content = match kind(&bytes) {
            Kind::Html => Content::Html,
            Kind::Text | Kind::Json | Kind::JsonLines => Content::Copied,
            Kind::Other(what) => return Err(not_read(id, what)),
            Kind::Gzip => return Err(not_read(id, "packed with gzip, and packed again")),
            Kind::Zstd => return Err(not_read(id, "packed with zstd, and packed again")),
            Kind::Warc => return Err(not_read(id, "an archive of WARC, not one document")),
            Kind::Tar => return Err(not_read(id, "an archive of tar, not one document")),
        };
        self.finish(Ok(RawDocument::of(id, bytes, content)))
    }

    pub(super) fn finish(&self, document: Result<RawDocument>) -> Result<RawDocument> {
        document.map(|mut d| {
            if self.plain {
                d.content = Content::Clean;
            }
            d
        })
    }

    pub(super) fn limit(&self) -> u64 {
        self.limit
    }

    pub(super) fn too_large(&self, id: &str) -> Error {
        Error::document(id, Stage::Read, format!("larger than {} MB", self.limit / 1024 / 1024))
            .with_hint("an article has some kilobytes: split the file into one article each, or into JSON Lines")
    }

    /// One JSON value that is a record or a list of them.
    fn json(&self, id: &str, bytes: &[u8]) -> VecDeque<Result<RawDocument>> {
        let text = String::from_utf8_lossy(bytes);
        match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
            Ok(Value::Object(record)) => [self.finish(self.fields.document(record, &format!("{id}#1")))].into(),
            Ok(Value::Array(records)) => records
                .into_iter()
                .enumerate()
                .map(|(i, record)| {
                    let place = format!("{id}#{}", i + 1);
                    match record {
                        Value::Object(record) => self.finish(self.fields.document(record, &place)),
                        _ => Err(Error::document(&place, Stage::Read, format!("entry {} is no object", i + 1))),
                    }
                })
                .collect(),
            Ok(_) => [Err(Error::document(id, Stage::Read, "the JSON is no record"))].into(),
            Err(e) => [Err(Error::document(id, Stage::Read, format!("no JSON: {e}")))].into(),
        }
    }
}

fn not_read(id: &str, what: &str) -> Error {
    let error = Error::document(id, Stage::Read, format!("this is {what}"));
    match remedy(what) {
        Some(words) => error.with_hint(words),
        None => error,
    }
}

/// An input that could not be read to its end.
pub(super) fn broken_off(id: &str, error: &io::Error) -> Error {
    let told = Error::document(id, Stage::Read, reason(error));
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => told.with_hint("it was damaged or cut: fetch or pack it again"),
        _ => told,
    }
}

/// A stream of raw documents; see [`Reader::inputs`].
pub struct Inputs<'r> {
    reader: &'r Reader,
    paths: VecDeque<PathBuf>,
    /// Each lies in the one before.
    open: Vec<Open>,
    ready: VecDeque<Result<RawDocument>>,
    consumed: Arc<AtomicU64>,
}

/// What more than one document comes out of.
enum Open {
    Walk(Walk),
    Lines(Lines),
    Records(Box<Records>),
    Tar(Tar),
}

impl Iterator for Inputs<'_> {
    type Item = Result<RawDocument>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(document) = self.ready.pop_front() {
                return Some(document);
            }
            let found = match self.open.last_mut() {
                Some(Open::Lines(lines)) => lines.next(self.reader),
                Some(Open::Records(records)) => records.next(self.reader),
                Some(Open::Walk(walk)) => match walk.next() {
                    Some(Ok(path)) => {
                        self.file(&path);
                        continue;
                    }
                    Some(Err(e)) => Some(Err(e)),
                    None => None,
                },
                Some(Open::Tar(tar)) => match tar.next() {
                    Some(Ok(entry)) => {
                        let name = format!("{}#{}", tar.name(), entry.path);
                        self.start(&name, Bytes::new(Box::new(entry.content)), Some(entry.len), 0);
                        continue;
                    }
                    Some(Err(e)) => Some(Err(e)),
                    None => None,
                },
                None => {
                    let path = self.paths.pop_front()?;
                    self.path(&path);
                    continue;
                }
            };
            match found {
                Some(document) => return Some(document),
                None => drop(self.open.pop()),
            }
        }
    }
}

impl Inputs<'_> {
    /// How many bytes of input were read so far, as they lie on disk, packed or not: it goes on counting while documents are asked for.
    #[must_use]
    pub fn consumed(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.consumed)
    }

    /// How many bytes there are to read, where that is known without looking for them: all of `paths` are files.
    #[must_use]
    pub fn total(paths: &[PathBuf]) -> Option<u64> {
        paths.iter().map(|path| std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file).map(|m| m.len())).sum()
    }

    fn path(&mut self, path: &Path) {
        if path.as_os_str() == "-" {
            let from = Counted { from: io::stdin(), read: Arc::clone(&self.consumed) };
            self.start("-", Bytes::new(Box::new(from)), None, 0);
        } else if path.is_dir() {
            self.open.push(Open::Walk(Walk::new(path, self.reader.in_order)));
        } else {
            self.file(path);
        }
    }

    fn file(&mut self, path: &Path) {
        let name = path.to_string_lossy();
        match File::open(path) {
            Ok(file) => {
                let len = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|m| m.len());
                let from = Counted { from: file, read: Arc::clone(&self.consumed) };
                self.start(&name, Bytes::new(Box::new(from)), len, 0);
            }
            Err(e) => self.fail(Error::document(&name, Stage::Read, reason(&e))),
        }
    }

    fn fail(&mut self, error: Error) {
        self.ready.push_back(Err(error));
    }

    /// Looks at the start of an input and takes it as what it is. It was unpacked `depth` times.
    pub(super) fn start(&mut self, name: &str, mut from: Bytes, len: Option<u64>, depth: usize) {
        let kind = match from.peek(HEAD) {
            Ok(head) => kind(head),
            Err(e) => return self.fail(broken_off(name, &e)),
        };
        if depth + self.open.len() > DEPTH && matches!(kind, Kind::Gzip | Kind::Zstd | Kind::Tar) {
            return self.fail(Error::document(name, Stage::Read, format!("packed more than {DEPTH} times over")));
        }
        match kind {
            Kind::Gzip => self.unpacked(name, Source::gzip(from), depth + 1),
            Kind::Zstd => self.unpacked(name, Source::zstd(from), depth + 1),
            Kind::Warc => self.open.push(Open::Records(Box::new(Records::new(name, Source::plain(from))))),
            Kind::Tar => self.open.push(Open::Tar(Tar::new(name, from))),
            Kind::JsonLines => self.open.push(Open::Lines(Lines::new(name, from))),
            Kind::Other(what) => self.fail(not_read(name, what)),
            Kind::Html | Kind::Text | Kind::Json => self.whole(name, from, len, kind),
        }
    }

    /// What was packed: records of WARC keep the places where each is packed, anything else is looked at again.
    fn unpacked(&mut self, name: &str, mut source: Source, depth: usize) {
        // Damage in the first bytes shows at the end of their unit.
        let starts = match source.starts_with(warc::MARK) {
            Ok(false) => source.peek(HEAD).map(|_| false),
            starts => starts,
        };
        let records = match starts {
            Ok(true) => Records::new(name, source),
            Ok(false) => return self.start(name, Bytes::new(Box::new(source)), None, depth),
            // The first record may be the broken one.
            Err(e) if source.next_unit_with(warc::MARK).unwrap_or(false) => Records::behind(name, source, &e),
            Err(e) => return self.fail(broken_off(name, &e)),
        };
        self.open.push(Open::Records(Box::new(records)));
    }

    /// An input that is one document, or one JSON value.
    fn whole(&mut self, name: &str, mut from: Bytes, len: Option<u64>, kind: Kind) {
        let limit = self.reader.limit;
        if len.is_some_and(|len| len > limit) {
            return self.fail(self.reader.too_large(name));
        }
        let mut bytes = Vec::new();
        if let Err(e) = from.by_ref().take(limit + 1).read_to_end(&mut bytes) {
            return self.fail(broken_off(name, &e));
        }
        if kind == Kind::Json && bytes.len() as u64 <= limit {
            self.ready = self.reader.json(name, &bytes);
        } else {
            self.ready.push_back(self.reader.bytes(name, bytes));
        }
    }
}

/// A reader that counts.
struct Counted<R> {
    from: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(out)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// The system's word for a failure, without its number.
pub(super) fn reason(error: &io::Error) -> String {
    let words = error.to_string();
    words.split(" (os error").next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::io::Write;

    #[test]
    fn a_directory_is_walked_in_order_and_bad_files_stop_nothing() {
        let dir = tempfile::tempdir().expect("a directory");
        let at = |name: &str| dir.path().join(name);
        fs::write(at("a.html"), "<html><p>x").expect("written");
        fs::write(at("b.jsonl"), "{\"id\":\"r1\",\"text\":\"One.\"}\n{\"id\":\n\n{\"text\":\"Two.\"}\n[1]\n").expect("written");
        fs::write(at("c.bin"), b"\x00\x01\x02").expect("written");
        fs::write(at("d.txt"), "").expect("written");
        fs::write(at(".hidden"), "x").expect("written");
        fs::create_dir(at("sub")).expect("made");
        fs::write(at("sub/e.txt"), "Ten ships left é.").expect("written");
        fs::write(at("z.html.gz"), b"\x1f\x8b\x08\x00").expect("written");
        let reader = Reader::load(None).expect("built-in");
        let got: Vec<String> = reader
            .inputs(&[dir.path().to_owned(), at("nowhere")])
            .map(|d| match d {
                Ok(d) => format!("{} {:?}", d.id.replace(&format!("{}/", dir.path().display()), ""), d.content),
                Err(e) => e.to_string().replace(&format!("{}/", dir.path().display()), ""),
            })
            .collect();
        assert_eq!(got[0], "a.html Html");
        assert_eq!(got[1], "r1 Clean");
        assert!(got[2].starts_with("b.jsonl#2: read: line 2 is no JSON"), "{}", got[2]);
        assert_eq!(got[3], "b.jsonl#4 Clean");
        assert_eq!(got[4], "b.jsonl#5: read: line 5 is JSON but no object");
        assert_eq!(got[5], "c.bin: read: this is binary data");
        assert_eq!(got[6], "d.txt: read: the file is empty");
        assert_eq!(got[7], "sub/e.txt Copied");
        assert!(got[8].starts_with("z.html.gz: read: the gzip data ends early"), "{}", got[8]);
        assert_eq!(got[9], "nowhere: read: No such file or directory");
        assert_eq!(got.len(), 10);
    }

    #[test]
    fn too_large_is_told_without_reading_on() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("big.txt");
        fs::File::create(&path).and_then(|f| f.set_len(LIMIT + 1)).expect("made");
        fs::write(dir.path().join("big2.html"), format!("<html>{}", "x".repeat(100))).expect("written");
        let mut reader = Reader::load(None).expect("built-in");
        reader.limit = 50;
        let error = reader.inputs(&[dir.path().join("big2.html")]).next().expect("one").expect_err("too large");
        assert!(error.to_string().contains("larger than") && error.hint().is_some());
        // NULs come first: the file is binary whatever its size.
        assert!(reader.inputs(&[path]).next().expect("one").is_err());
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        out.write_all(bytes).expect("written");
        out.finish().expect("written")
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
    }

    #[test]
    fn every_kind_may_be_packed_whatever_its_name() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("a.txt");
        let reader = Reader::load(None).expect("built-in");
        let kinds: [(&[u8], &str, Content); 4] = [
            (b"<html><p>Ten ships", "", Content::Html),
            (b"Ten ships left.", "", Content::Copied),
            (b"{\"text\":\"One.\"}\n{\"text\":\"Two.\"}\n", "#1", Content::Clean),
            (b"{\n\"text\": \"One.\"}", "#1", Content::Clean),
        ];
        for (bytes, place, content) in kinds {
            let halves = [gzip(&bytes[..5]), gzip(&bytes[5..])].concat();
            for packed in [gzip(bytes), zstd(bytes), gzip(&zstd(bytes)), halves] {
                fs::write(&path, packed).expect("written");
                let d = reader.inputs(std::slice::from_ref(&path)).next().expect("one").expect("a document");
                assert_eq!((d.id, d.content), (format!("{}{place}", path.display()), content));
            }
        }
        // What is cut is told; of lines those before the cut are read.
        let lines: String = (0..3000).map(|i| format!("{{\"text\":\"Ship {} left.\"}}\n", i * 7919 % 3001)).collect();
        let packed = gzip(lines.as_bytes());
        fs::write(&path, &packed[..packed.len() / 2]).expect("written");
        let got: Vec<_> = reader.inputs(std::slice::from_ref(&path)).collect();
        let (last, before) = got.split_last().expect("some");
        assert!(before.len() > 500 && before.iter().all(Result::is_ok));
        assert!(last.as_ref().is_err_and(|e| e.to_string().contains("the gzip data ends early") && e.hint().is_some()));
        // Limits hold for what is unpacked.
        let mut reader = reader;
        reader.limit = 1000;
        for packed in [gzip(&[b' '; 50_000]), zstd(&[b'x'; 50_000])] {
            fs::write(&path, packed).expect("written");
            let got: Vec<_> = reader.inputs(std::slice::from_ref(&path)).collect();
            assert!(got.len() == 1 && got[0].as_ref().is_err_and(|e| e.to_string().contains("larger than")), "{got:?}");
        }
    }

    #[test]
    fn kinds_that_are_not_read_say_what_to_do() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("a.html");
        let reader = Reader::load(None).expect("built-in");
        for (bytes, what, remedy) in [
            (&b"BZh91AY"[..], "packed with bzip2", "bzip2 -dc"),
            (b"\xfd7zXZ\x00", "packed with xz", "xz -dc"),
            (b"PK\x03\x04", "a zip archive", "unpack it"),
            (b"Rar!\x1a\x07", "a rar archive", "unpack it"),
            (b"%PDF-1.7", "a PDF", "pdftotext"),
            (b"<?xml version='1.0'?><rss>", "XML", "fetch the pages"),
        ] {
            for bytes in [bytes.to_vec(), gzip(bytes)] {
                fs::write(&path, bytes).expect("written");
                let error = reader.inputs(std::slice::from_ref(&path)).next().expect("one").expect_err("not read");
                assert!(error.to_string().contains(what) && error.hint().is_some_and(|hint| hint.contains(remedy)), "{error}");
            }
        }
    }

    #[test]
    fn what_was_read_is_counted_as_it_lies_on_disk() {
        let dir = tempfile::tempdir().expect("a directory");
        let paths: Vec<PathBuf> = ["a.html", "b.html"].map(|name| dir.path().join(name)).into();
        fs::write(&paths[0], "<html><p>Ten ships").expect("written");
        fs::write(&paths[1], gzip("<html><p>Ten ships".repeat(99).as_bytes())).expect("written");
        let total = Inputs::total(&paths).expect("files");
        assert!(total < 150);
        let reader = Reader::load(None).expect("built-in");
        let mut inputs = reader.inputs(&paths);
        let consumed = inputs.consumed();
        assert_eq!(consumed.load(Ordering::Relaxed), 0);
        assert!(inputs.next().is_some_and(|d| d.is_ok()));
        assert_eq!(consumed.load(Ordering::Relaxed), 18);
        assert_eq!(inputs.count(), 1);
        assert_eq!(consumed.load(Ordering::Relaxed), total);
        assert_eq!((Inputs::total(&[dir.path().to_owned()]), Inputs::total(&["-".into()])), (None, None));
    }

    #[test]
    fn a_directory_without_order_gives_the_same_and_a_file_that_goes_is_told() {
        let dir = tempfile::tempdir().expect("a directory");
        for i in 0..200 {
            fs::write(dir.path().join(format!("{i}.html")), format!("<html><p>Page {i}")).expect("written");
        }
        let reader = Reader::load(None).expect("built-in");
        let ids = |reader: &Reader| reader.inputs(&[dir.path().to_owned()]).map(|d| d.expect("a page").id).collect::<Vec<_>>();
        let (ordered, mut any) = (ids(&reader), ids(&reader.clone().in_order(false)));
        assert!(ordered.is_sorted());
        any.sort();
        assert_eq!(ordered, any);
        let mut inputs = reader.inputs(&[dir.path().to_owned()]);
        assert!(inputs.next().is_some_and(|d| d.is_ok()));
        for path in &ordered[1..] {
            fs::remove_file(path).expect("removed");
        }
        assert!(inputs.next().is_some_and(|d| d.is_err_and(|e| e.to_string().contains("No such file"))));
    }

    #[test]
    fn plain_and_lists() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("a");
        fs::write(&path, "[{\"text\":\"One.\"},{\"text\":\"Two.\"}, 3]").expect("written");
        let reader = Reader::load(None).expect("built-in").plain(true);
        let all: Vec<_> = reader.inputs(std::slice::from_ref(&path)).collect();
        assert_eq!((all.len(), all[0].is_ok(), all[1].is_ok(), all[2].is_ok()), (3, true, true, false));
        fs::write(&path, "Ten ships left.").expect("written");
        assert_eq!(reader.inputs(&[path]).next().expect("one").expect("text").content, Content::Clean);
    }
}
