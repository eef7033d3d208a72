//! Archives of tar, read as they come: an entry at a time.

use super::bytes::Bytes;
use crate::error::{Error, Result, Stage};
use std::io::{self, BufRead, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const BLOCK: usize = 512;
/// The most bytes that a name may have.
const NAME_LIMIT: u64 = 1024 * 1024;

/// An archive that is open.
pub(super) struct Tar {
    name: String,
    from: Arc<Mutex<From>>,
    found: bool,
    over: bool,
}

/// The bytes of an archive, shared with the entry that is being read.
struct From {
    bytes: Bytes,
    /// What is left of the entry, and of the zeros behind it.
    left: u64,
    padding: u64,
}

/// A file of the archive.
pub(super) struct Entry {
    pub(super) path: String,
    pub(super) len: u64,
    pub(super) content: Content,
}

/// What an entry holds.
pub(super) struct Content(Arc<Mutex<From>>);

/// What pax and GNU say of the entry behind theirs.
#[derive(Default)]
struct Said {
    path: Option<Vec<u8>>,
    len: Option<u64>,
}

impl Tar {
    pub(super) fn new(name: &str, bytes: Bytes) -> Tar {
        let from = From { bytes, left: 0, padding: 0 };
        Tar { name: name.to_owned(), from: Arc::new(Mutex::new(from)), found: false, over: false }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The next file, hidden ones left out.
    pub(super) fn next(&mut self) -> Option<Result<Entry>> {
        if self.over {
            return None;
        }
        let found = self.find();
        self.over = !matches!(found, Ok(Some(_)));
        match found {
            Ok(Some(entry)) => {
                self.found = true;
                Some(Ok(entry))
            }
            Ok(None) if self.found => None,
            Ok(None) => Some(Err(Error::document(&self.name, Stage::Read, "the archive holds no files"))),
            Err(e) => {
                let at = lock(&self.from).bytes.offset();
                let reason = format!("{}, at byte {at}", super::input::reason(&e));
                Some(Err(Error::document(&self.name, Stage::Read, reason).with_hint("the files before that were read")))
            }
        }
    }

    fn find(&self) -> io::Result<Option<Entry>> {
        let mut said = Said::default();
        let mut from = lock(&self.from);
        loop {
            from.finish()?;
            let header: [u8; BLOCK] = match from.bytes.peek(BLOCK)?.try_into() {
                Ok(header) => header,
                // Zeros close an archive; not all writers see to whole blocks of them.
                Err(_) if from.bytes.peek(BLOCK)?.iter().all(|b| *b == 0) => {
                    let left = from.bytes.peek(BLOCK)?.len();
                    from.bytes.consume(left);
                    return from.bytes.peek(1).map(|_| None);
                }
                Err(_) => return Err(early()),
            };
            from.bytes.by_ref().take(BLOCK as u64).read_exact(&mut [0; BLOCK])?;
            if header.iter().all(|b| *b == 0) {
                continue;
            }
            if !is_header(&header) {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "the tar archive is damaged: no header of a file"));
            }
            let len = number(&header[124..136])
                .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "the tar archive is damaged: a file has no length"))?;
            (from.left, from.padding) = (len, padding(len));
            match header[156] {
                b'L' => said.path = Some(from.name()?),
                b'x' => said.read(&from.name()?),
                b'0' | 0 | b'7' => {
                    let len = said.len.unwrap_or(len);
                    (from.left, from.padding) = (len, padding(len));
                    let path = said.path.take().unwrap_or_else(|| path(&header));
                    said = Said::default();
                    let path = String::from_utf8_lossy(path.split(|b| *b == 0).next().unwrap_or_default());
                    let path = path.trim_start_matches("./");
                    let hidden = path.split('/').any(|part| part.starts_with('.') && part != "." && part != "..");
                    if hidden || path.is_empty() || path.ends_with('/') {
                        continue;
                    }
                    return Ok(Some(Entry { path: path.to_owned(), len, content: Content(Arc::clone(&self.from)) }));
                }
                // Directories, links, devices.
                _ => said = Said::default(),
            }
        }
    }
}

fn lock(from: &Arc<Mutex<From>>) -> MutexGuard<'_, From> {
    from.lock().unwrap_or_else(PoisonError::into_inner)
}

impl From {
    /// Passes over what was not read of the entry.
    fn finish(&mut self) -> io::Result<()> {
        let rest = self.left + self.padding;
        (self.left, self.padding) = (0, 0);
        if io::copy(&mut self.bytes.by_ref().take(rest), &mut io::sink())? < rest { Err(early()) } else { Ok(()) }
    }

    /// The whole of an entry that says something of the next.
    fn name(&mut self) -> io::Result<Vec<u8>> {
        let mut name = Vec::new();
        self.left -= self.bytes.by_ref().take(self.left.min(NAME_LIMIT)).read_to_end(&mut name)? as u64;
        Ok(name)
    }
}

impl Read for Content {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut from = lock(&self.0);
        let most = usize::try_from(from.left).map_or(out.len(), |left| left.min(out.len()));
        if most == 0 {
            return Ok(0);
        }
        match from.bytes.read(&mut out[..most])? {
            0 => {
                (from.left, from.padding) = (0, 0);
                Err(early())
            }
            read => {
                from.left -= read as u64;
                Ok(read)
            }
        }
    }
}

impl Said {
    /// Reads pax's records: "LENGTH KEY=VALUE\n".
    fn read(&mut self, records: &[u8]) {
        let mut rest = records;
        while let Some(space) = memchr::memchr(b' ', rest) {
            let len = std::str::from_utf8(&rest[..space]).ok().and_then(|digits| digits.parse::<usize>().ok());
            let Some(record) = len.and_then(|len| rest.get(space + 1..len)) else { return };
            rest = &rest[space + 1 + record.len()..];
            let record = record.strip_suffix(b"\n").unwrap_or(record);
            if let Some(path) = record.strip_prefix(b"path=") {
                self.path = Some(path.to_vec());
            } else if let Some(len) = record.strip_prefix(b"size=") {
                self.len = std::str::from_utf8(len).ok().and_then(|digits| digits.parse().ok());
            }
        }
    }
}

fn padding(len: u64) -> u64 {
    len.next_multiple_of(BLOCK as u64) - len
}

fn early() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the tar archive ends early")
}

/// Whether bytes start with a header: its checksum fits.
pub(super) fn is_header(bytes: &[u8]) -> bool {
    let Some(header) = bytes.get(..BLOCK) else { return false };
    let sum: u64 = header.iter().enumerate().map(|(i, b)| u64::from(if (148..156).contains(&i) { b' ' } else { *b })).sum();
    header[0] != 0 && number(&header[148..156]) == Some(sum)
}

/// A number in octal digits, or GNU's binary form.
fn number(field: &[u8]) -> Option<u64> {
    if field[0] & 0x80 != 0 {
        let bytes = &field[field.len() - 8..];
        return bytes.try_into().ok().map(u64::from_be_bytes).filter(|number| number >> 62 == 0);
    }
    let digits = field.split(|b| *b == 0).next().unwrap_or_default().trim_ascii();
    u64::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok()
}

/// The path of a header: name, and in ustar what stands before it.
fn path(header: &[u8; BLOCK]) -> Vec<u8> {
    let until_nul = |field: &[u8]| field.split(|b| *b == 0).next().unwrap_or_default().to_vec();
    let name = until_nul(&header[..100]);
    let before = until_nul(&header[345..500]);
    if &header[257..263] == b"ustar\0" && !before.is_empty() { [before, name].join(&b'/') } else { name }
}

#[cfg(test)]
mod tests;
