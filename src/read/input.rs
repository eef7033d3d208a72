//! Files, directories and standard input as a stream of raw documents.

use super::fields::Fields;
use super::kind::{HEAD, Kind, kind};
use crate::error::{Error, Result, Stage};
use crate::types::{Content, Metadata, RawDocument};
use serde_json::Value;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// The most bytes a document may have.
pub const LIMIT: u64 = 64 * 1024 * 1024;

/// Reads inputs: knows the names of records' fields.
#[derive(Clone, Debug)]
pub struct Reader {
    fields: Fields,
    plain: bool,
    limit: u64,
}

impl Reader {
    /// A reader with the built-in names of fields, and the user's from `rules` before them.
    ///
    /// # Errors
    /// When `fields.toml` of `rules` does not parse; names file and line.
    pub fn load(rules: Option<&Path>) -> Result<Reader> {
        Ok(Reader { fields: Fields::load(rules)?, plain: false, limit: LIMIT })
    }

    /// Whether all text is taken as clean already.
    #[must_use]
    pub fn plain(mut self, plain: bool) -> Reader {
        self.plain = plain;
        self
    }

    /// The documents of `paths`, one after the other, read as they are asked for. A path is a file, a directory (walked in the order of names,
    /// hidden files left out) or `-` for standard input. What cannot be read is an `Err` of its own and the rest goes on.
    #[must_use]
    pub fn inputs(&self, paths: &[PathBuf]) -> Inputs<'_> {
        Inputs { reader: self, paths: paths.iter().cloned().collect(), walk: None, lines: None, ready: VecDeque::new() }
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
            Err(e) => Err(Error::document(&place, Stage::Read, format!("line {number} is no JSON: {e}"))),
        }
    }

    /// The document of bytes that are in memory already.
    ///
    /// # Errors
    /// When the bytes are no text, or too many.
    pub fn bytes(&self, id: &str, bytes: Vec<u8>) -> Result<RawDocument> {
        let fail = |reason: &str| Err(Error::document(id, Stage::Read, reason));
        if bytes.len() as u64 > self.limit {
            return Err(self.too_large(id));
        }
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(Error::left_out(id, Stage::Read, "the file is empty"));
        }
        let content = match kind(&bytes) {
            Kind::Html => Content::Html,
            Kind::Text | Kind::Json | Kind::JsonLines => Content::Copied,
            Kind::Other(name) => return fail(&format!("this is {name}")),
            Kind::Packed(name) => return Err(packed(id, name)),
        };
        self.finish(Ok(RawDocument { id: id.to_owned(), source_file: id.to_owned(), bytes, content, hints: Metadata::default() }))
    }

    fn finish(&self, document: Result<RawDocument>) -> Result<RawDocument> {
        document.map(|mut d| {
            if self.plain {
                d.content = Content::Clean;
            }
            d
        })
    }

    fn too_large(&self, id: &str) -> Error {
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

fn packed(id: &str, name: &str) -> Error {
    Error::document(id, Stage::Read, format!("{name} input is not read yet")).with_hint("unpack it first")
}

/// A stream of raw documents; see [`Reader::inputs`].
pub struct Inputs<'r> {
    reader: &'r Reader,
    paths: VecDeque<PathBuf>,
    walk: Option<Walk>,
    lines: Option<Lines>,
    ready: VecDeque<Result<RawDocument>>,
}

struct Walk {
    root: PathBuf,
    entries: walkdir::IntoIter,
    found: bool,
}

/// The lines of a JSON Lines input that is open.
struct Lines {
    name: String,
    from: Box<dyn BufRead + Send>,
    number: u64,
}

impl Iterator for Inputs<'_> {
    type Item = Result<RawDocument>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(document) = self.ready.pop_front() {
                return Some(document);
            }
            if let Some(lines) = &mut self.lines {
                match lines.next(self.reader) {
                    Some(document) => return Some(document),
                    None => self.lines = None,
                }
                continue;
            }
            if let Some(walk) = &mut self.walk {
                match walk.next() {
                    Some(Ok(path)) => self.open(&path),
                    Some(Err(e)) => return Some(Err(e)),
                    None => self.walk = None,
                }
                continue;
            }
            let path = self.paths.pop_front()?;
            if path.as_os_str() == "-" {
                self.start("-", Box::new(BufReader::with_capacity(HEAD, std::io::stdin())), None);
            } else if path.is_dir() {
                let entries = walkdir::WalkDir::new(&path).follow_links(true).sort_by_file_name().into_iter();
                self.walk = Some(Walk { root: path, entries, found: false });
            } else {
                self.open(&path);
            }
        }
    }
}

impl Walk {
    fn next(&mut self) -> Option<Result<PathBuf>> {
        loop {
            match self.entries.next() {
                None if self.found => return None,
                None => {
                    self.found = true;
                    return Some(Err(Error::document(&self.root.to_string_lossy(), Stage::Read, "the directory holds no files")));
                }
                Some(Err(e)) => {
                    self.found = true;
                    let path = e.path().unwrap_or(&self.root).to_string_lossy().into_owned();
                    return Some(Err(Error::document(
                        &path,
                        Stage::Read,
                        e.io_error().map_or_else(|| "a link that leads back to its own directory".to_owned(), reason),
                    )));
                }
                Some(Ok(entry)) => {
                    if entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.') {
                        if entry.file_type().is_dir() {
                            self.entries.skip_current_dir();
                        }
                    } else if entry.file_type().is_file() {
                        self.found = true;
                        return Some(Ok(entry.into_path()));
                    }
                }
            }
        }
    }
}

impl Inputs<'_> {
    fn open(&mut self, path: &Path) {
        let name = path.to_string_lossy();
        match File::open(path) {
            Ok(file) => {
                let len = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|m| m.len());
                self.start(&name, Box::new(BufReader::with_capacity(HEAD, file)), len);
            }
            Err(e) => self.ready.push_back(Err(Error::document(&name, Stage::Read, reason(&e)))),
        }
    }

    /// Looks at the start of an input and takes it as lines or as a whole.
    fn start(&mut self, name: &str, mut from: Box<dyn BufRead + Send>, len: Option<u64>) {
        // A pipe may give its first bytes in pieces; a file gives them at once.
        let mut head = Vec::new();
        if let Err(e) = from.by_ref().take(HEAD as u64).read_to_end(&mut head) {
            self.ready.push_back(Err(Error::document(name, Stage::Read, reason(&e))));
            return;
        }
        let kind = kind(&head);
        let limit = self.reader.limit;
        let mut from: Box<dyn BufRead + Send> = Box::new(std::io::Cursor::new(head).chain(from));
        if kind == Kind::JsonLines {
            self.lines = Some(Lines { name: name.to_owned(), from, number: 0 });
            return;
        }
        if let Kind::Packed(packing) = kind {
            self.ready.push_back(Err(packed(name, packing)));
            return;
        }
        if len.is_some_and(|len| len > limit) && !matches!(kind, Kind::Other(_)) {
            self.ready.push_back(Err(self.reader.too_large(name)));
            return;
        }
        let mut bytes = Vec::new();
        if let Err(e) = from.by_ref().take(limit + 1).read_to_end(&mut bytes) {
            self.ready.push_back(Err(Error::document(name, Stage::Read, reason(&e))));
            return;
        }
        if kind == Kind::Json && bytes.len() as u64 <= limit {
            self.ready = self.reader.json(name, &bytes);
        } else if let Kind::Other(what) = kind {
            self.ready.push_back(Err(Error::document(name, Stage::Read, format!("this is {what}"))));
        } else {
            self.ready.push_back(self.reader.bytes(name, bytes));
        }
    }
}

impl Lines {
    fn next(&mut self, reader: &Reader) -> Option<Result<RawDocument>> {
        loop {
            self.number += 1;
            let mut line = Vec::new();
            let fail = |number: u64, why: String| Some(Err(Error::document(&format!("{}#{number}", self.name), Stage::Read, why)));
            // A record's text is escaped: its line may be longer than the text.
            match self.from.by_ref().take(2 * reader.limit).read_until(b'\n', &mut line) {
                Ok(0) => return None,
                Ok(read) if read as u64 >= 2 * reader.limit && !line.ends_with(b"\n") => {
                    line.clear();
                    // The rest of the line is passed over, a piece at a time.
                    while let Ok(more) = self.from.by_ref().take(HEAD as u64).read_until(b'\n', &mut line) {
                        if more == 0 || line.ends_with(b"\n") {
                            break;
                        }
                        line.clear();
                    }
                    return Some(Err(reader.too_large(&format!("{}#{}", self.name, self.number))));
                }
                Ok(_) => {}
                Err(e) => {
                    let (number, why) = (self.number, reason(&e));
                    self.from = Box::new(std::io::empty());
                    return Some(Err(Error::document(&format!("{}#{number}", self.name), Stage::Read, why)));
                }
            }
            if line.trim_ascii().is_empty() {
                continue;
            }
            return match std::str::from_utf8(&line) {
                Ok(text) => Some(reader.record(text.trim(), &self.name, self.number)),
                Err(_) => fail(self.number, format!("line {} is no UTF-8", self.number)),
            };
        }
    }
}

/// The system's word for a failure, without its number.
fn reason(error: &std::io::Error) -> String {
    let words = error.to_string();
    words.split(" (os error").next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

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
        assert_eq!(got[8], "z.html.gz: read: gzip input is not read yet");
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
