//! What is done of a batch: each document's facts, on disk, so that a batch that was stopped at any moment goes on where it was.
//!
//! A document is known by its content and by what was said of it; the journal as a whole by program version, configuration and model. Records are appended
//! one after the other with a checksum each: what breaks off midway ends the journal before it.

use crate::error::{Error, Result, Stage};
use crate::graph::bytes::{damaged, read_length, take, write_length};
use crate::types::RawDocument;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The file of records, and that by which a run keeps others out.
const RECORDS: &str = "journal";
const LOCK: &str = "lock";
/// How a journal starts, in this layout.
const MAGIC: &[u8] = b"wiregraph journal 2\n";
/// Bytes of a record before its payload: length, checksum, key.
const HEAD: usize = 4 + 4 + 16;

/// A document, by its content and what is said of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key([u8; 16]);

impl Key {
    /// The key of a document.
    #[must_use]
    pub fn of(document: &RawDocument) -> Key {
        let RawDocument { id, source_file, bytes, content, hints, charset } = document;
        let mut digest = Sha256::new();
        digest.update(format!("{id:?} {source_file:?} {content:?} {hints:?} {charset:?} {}\n", bytes.len()));
        digest.update(bytes);
        let mut key = [0; 16];
        key.copy_from_slice(&digest.finalize()[..16]);
        Key(key)
    }
}

/// What became of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its articles.
    Done(Counts, Vec<Facts>),
    /// It failed, or holds no article.
    Failed(Failed),
}

/// What a document came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Articles.
    pub articles: u64,
    /// Words of their texts, split at white space.
    pub words: u64,
    /// Claims and relations.
    pub claims: u64,
    /// Articles without a date.
    pub undated: u64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.articles += other.articles;
        self.words += other.words;
        self.claims += other.claims;
        self.undated += other.undated;
    }
}

/// The facts of one article: its IRI and its nodes, in the bytes of [`write_graph`](crate::graph::bytes::write_graph).
pub type Facts = Vec<u8>;

/// Why there is no article of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    document: String,
    stage: Stage,
    reason: String,
    hint: Option<String>,
    left_out: bool,
}

impl Failed {
    /// From a document's error; other errors are none that a journal keeps.
    #[must_use]
    pub fn of(error: &Error) -> Option<Failed> {
        let Error::Document { document, stage, reason, hint, left_out } = error else { return None };
        Some(Failed { document: document.clone(), stage: *stage, reason: reason.clone(), hint: hint.clone(), left_out: *left_out })
    }
}

impl From<Failed> for Error {
    fn from(failed: Failed) -> Error {
        let Failed { document, stage, reason, hint, left_out } = failed;
        Error::Document { document, stage, reason, hint, left_out }
    }
}

impl Outcome {
    fn write(&self, out: &mut Vec<u8>) {
        // Writing to memory cannot fail.
        match self {
            Outcome::Done(counts, articles) => {
                out.push(1);
                out.extend(postcard::to_stdvec(counts).unwrap_or_default());
                for facts in articles {
                    write_length(facts.len(), out);
                    out.extend_from_slice(facts);
                }
            }
            Outcome::Failed(failed) => {
                out.push(0);
                out.extend(postcard::to_stdvec(failed).unwrap_or_default());
            }
        }
    }

    /// Why a document failed, if it did.
    fn failure(bytes: &[u8]) -> Result<Option<Failed>> {
        match bytes {
            [0, rest @ ..] => postcard::from_bytes(rest).map(Some).map_err(|_| damaged()),
            _ => Ok(None),
        }
    }

    fn read(bytes: &[u8]) -> Result<Outcome> {
        if let Some(failed) = Outcome::failure(bytes)? {
            return Ok(Outcome::Failed(failed));
        }
        match bytes {
            [1, rest @ ..] => {
                let (counts, mut rest) = postcard::take_from_bytes(rest).map_err(|_| damaged())?;
                let mut articles = Vec::new();
                while !rest.is_empty() {
                    let length = read_length(&mut rest)?;
                    articles.push(take(&mut rest, length)?.to_vec());
                }
                Ok(Outcome::Done(counts, articles))
            }
            _ => Err(damaged()),
        }
    }
}

/// Where a document's record is, and whether this run has met the document.
#[derive(Clone, Copy, Debug)]
struct Known {
    at: u64,
    met: bool,
}

/// The journal of a batch.
#[derive(Debug)]
pub struct Journal {
    file: File,
    name: String,
    end: u64,
    known: FxHashMap<Key, Known>,
    /// Of those that an earlier run kept, the documents that failed.
    failed: FxHashMap<Key, Failed>,
    /// Held as long as the run lasts.
    _lock: Option<File>,
}

impl Journal {
    /// A journal that goes with the run.
    ///
    /// # Errors
    /// When there is no room for temporary files.
    pub fn temporary() -> Result<Journal> {
        let directory = std::env::temp_dir();
        let name = format!("temporary file in {}", directory.display());
        let file = tempfile::tempfile_in(&directory).map_err(|source| Error::Io { path: name.clone(), source })?;
        Ok(Journal { file, name, end: 0, known: FxHashMap::default(), failed: FxHashMap::default(), _lock: None })
    }

    /// The journal in a directory, which is made where there is none. `run` names program, configuration and model: what another wrote is thrown away.
    ///
    /// # Errors
    /// When the directory cannot be written to, holds something else, or another run is at work in it.
    pub fn open(directory: &Path, run: &str) -> Result<Journal> {
        let wrong = |source| Error::Io { path: directory.display().to_string(), source };
        let is_foreign =
            directory.exists() && !directory.join(LOCK).exists() && std::fs::read_dir(directory).map_err(wrong)?.next().is_some();
        if is_foreign {
            return Err(Error::Usage {
                reason: format!("{}: is needed for what is done so far, and holds other files", directory.display()),
                hint: Some("name another output, or move that directory away".into()),
            });
        }
        // Not the directory above it: a path that is mistyped is no place for a graph.
        if let Err(error) = std::fs::create_dir(directory)
            && error.kind() != std::io::ErrorKind::AlreadyExists
        {
            return Err(wrong(error));
        }
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(directory.join(LOCK)).map_err(wrong)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::Usage {
                    reason: format!("{}: another run is writing the same output", directory.display()),
                    hint: Some("wait for it to end, or name another output".into()),
                });
            }
            Err(TryLockError::Error(source)) => return Err(wrong(source)),
        }
        let path = directory.join(RECORDS);
        let name = path.display().to_string();
        let io = |source| Error::Io { path: name.clone(), source };
        let file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path).map_err(io)?;
        let mut journal =
            Journal { file, name: name.clone(), end: 0, known: FxHashMap::default(), failed: FxHashMap::default(), _lock: Some(lock) };
        let start = [MAGIC, run.as_bytes(), b"\n"].concat();
        journal.recover(&start).map_err(io)?;
        Ok(journal)
    }

    /// Reads what is there up to the first record that is not whole.
    fn recover(&mut self, start: &[u8]) -> std::io::Result<()> {
        let mut reader = BufReader::with_capacity(1 << 18, &self.file);
        let mut held = vec![0; start.len()];
        let same = reader.read_exact(&mut held).is_ok() && held == start;
        let mut end = 0;
        if same {
            end = start.len() as u64;
            let (mut head, mut payload) = ([0; HEAD], Vec::new());
            while reader.read_exact(&mut head).is_ok() {
                let (length, checksum, key) = parse(&head);
                payload.clear();
                if (&mut reader).take(length).read_to_end(&mut payload)? as u64 != length || crc32fast::hash(&payload) != checksum {
                    break;
                }
                self.known.insert(key, Known { at: end, met: false });
                if let Ok(Some(failed)) = Outcome::failure(&payload) {
                    self.failed.insert(key, failed);
                }
                end += HEAD as u64 + length;
            }
        }
        self.file.set_len(end)?;
        self.file.seek(SeekFrom::Start(end))?;
        if !same {
            self.file.write_all(start)?;
            end = start.len() as u64;
        }
        self.end = end;
        Ok(())
    }

    /// Documents that are done.
    #[must_use]
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether none is done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Says that this run has met a document, and whether it is done; with it why it failed, where an earlier run kept that.
    pub fn meet(&mut self, key: Key) -> Option<Option<&Failed>> {
        self.known.get_mut(&key)?.met = true;
        Some(self.failed.get(&key))
    }

    /// Keeps what became of a document.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn keep(&mut self, key: Key, outcome: &Outcome) -> Result<()> {
        let mut record = vec![0; HEAD];
        outcome.write(&mut record);
        let payload = &record[HEAD..];
        let (length, checksum) = (u32::try_from(payload.len()).map_err(|_| damaged())?, crc32fast::hash(payload));
        record[..4].copy_from_slice(&length.to_le_bytes());
        record[4..8].copy_from_slice(&checksum.to_le_bytes());
        record[8..HEAD].copy_from_slice(&key.0);
        self.file.write_all(&record).map_err(|source| Error::Io { path: self.name.clone(), source })?;
        self.known.insert(key, Known { at: self.end, met: true });
        self.end += record.len() as u64;
        Ok(())
    }

    /// Calls with what became of each document that this run has met.
    ///
    /// # Errors
    /// When the journal cannot be read, or what is called fails.
    pub fn each(&mut self, mut call: impl FnMut(Outcome) -> Result<()>) -> Result<()> {
        let mut places: Vec<u64> = self.known.values().filter(|known| known.met).map(|known| known.at).collect();
        places.sort_unstable();
        let io = |source| Error::Io { path: self.name.clone(), source };
        let mut reader = BufReader::with_capacity(1 << 18, &self.file);
        let mut here = reader.seek(SeekFrom::Start(0)).map_err(io)?;
        let (mut head, mut payload) = ([0; HEAD], Vec::new());
        for place in places {
            reader.seek_relative((place - here) as i64).map_err(io)?;
            reader.read_exact(&mut head).map_err(io)?;
            let (length, ..) = parse(&head);
            payload.clear();
            (&mut reader).take(length).read_to_end(&mut payload).map_err(io)?;
            here = place + HEAD as u64 + length;
            call(Outcome::read(&payload)?)?;
        }
        Ok(())
    }
}

fn parse(head: &[u8; HEAD]) -> (u64, u32, Key) {
    let four = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    let mut key = [0; 16];
    key.copy_from_slice(&head[8..]);
    (four(0).into(), four(4), Key(key))
}

/// The directory of what is done so far of the run that writes `output`.
#[must_use]
pub fn directory_of(output: &Path) -> PathBuf {
    let mut name = output.as_os_str().to_owned();
    name.push(".state");
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Content;

    fn document(text: &str) -> RawDocument {
        RawDocument::of("a", text, Content::Clean)
    }

    fn done(words: u64) -> Outcome {
        Outcome::Done(Counts { articles: 1, words, claims: 0, undated: 0 }, vec![vec![7; words as usize], Vec::new()])
    }

    fn held(journal: &mut Journal) -> Vec<Outcome> {
        let mut all = Vec::new();
        journal
            .each(|outcome| {
                all.push(outcome);
                Ok(())
            })
            .expect("read");
        all
    }

    #[test]
    fn what_is_whole_is_kept_wherever_the_journal_breaks_off() {
        let place = tempfile::tempdir().expect("a directory");
        let directory = place.path().join("graph.jsonld.state");
        let keys: Vec<Key> = ["one", "two", "three"].iter().map(|text| Key::of(&document(text))).collect();
        let failed = Outcome::Failed(Failed::of(&Error::document("b", Stage::Strip, "no text").with_hint("none")).expect("a document's"));
        let outcomes = [done(300), failed, done(5)];
        {
            let mut journal = Journal::open(&directory, "v1").expect("opened");
            keys.iter().zip(&outcomes).for_each(|(key, outcome)| journal.keep(*key, outcome).expect("room"));
            assert_eq!(held(&mut journal), outcomes);
            assert!(Journal::open(&directory, "v1").expect_err("in use").hint().is_some());
        }
        let whole = std::fs::read(directory.join(RECORDS)).expect("read");
        let mut most = 0;
        for cut in (0..=whole.len()).rev() {
            std::fs::write(directory.join(RECORDS), &whole[..cut]).expect("written");
            let mut journal = Journal::open(&directory, "v1").expect("opened");
            let count = keys.iter().filter(|key| journal.meet(**key).is_some()).count();
            assert_eq!(held(&mut journal), outcomes[..count]);
            most = most.max(count);
            if count == 2 {
                journal.keep(keys[2], &outcomes[2]).expect("room");
                assert_eq!(held(&mut journal), outcomes);
            }
        }
        assert_eq!(most, 3);
        let mut broken = whole.clone();
        *broken.last_mut().expect("bytes") ^= 1;
        std::fs::write(directory.join(RECORDS), &broken).expect("written");
        assert_eq!(Journal::open(&directory, "v1").expect("opened").len(), 2);
        assert!(Journal::open(&directory, "v2").expect("opened").is_empty());
    }

    #[test]
    fn only_what_a_run_has_met_is_in_it() {
        let place = tempfile::tempdir().expect("a directory");
        let (one, two) = (Key::of(&document("one")), Key::of(&document("two")));
        let mut journal = Journal::open(&place.path().join("s"), "v1").expect("opened");
        journal.keep(one, &done(1)).expect("room");
        journal.keep(two, &done(2)).expect("room");
        drop(journal);
        let mut journal = Journal::open(&place.path().join("s"), "v1").expect("opened");
        assert!(held(&mut journal).is_empty());
        assert!(journal.meet(two).is_some() && journal.meet(Key::of(&document("three"))).is_none());
        assert_eq!(held(&mut journal), [done(2)]);
    }

    #[test]
    fn a_directory_of_others_is_left_alone() {
        let place = tempfile::tempdir().expect("a directory");
        std::fs::write(place.path().join("letter.txt"), "Dear").expect("written");
        assert!(Journal::open(place.path(), "v1").expect_err("refused").hint().is_some());
    }

    #[test]
    fn a_key_is_of_content_and_what_is_said_of_it() {
        let one = document("one");
        let mut other = one.clone();
        assert_eq!(Key::of(&one), Key::of(&other));
        other.hints.url = Some("https://a.example/".into());
        assert_ne!(Key::of(&one), Key::of(&other));
    }
}
