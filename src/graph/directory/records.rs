//! What a directory holds, in one file of sorted keys: the facts of each article, what is of no article, and the records of every channel.
//!
//! A record's key is its channel, its group and a digest of its payload, so that a group is a run of keys; its value is how often it was emitted, and the
//! payload. The file is redb's: a B-tree that is copied where it is written (Rodeh 2008), so that a batch is there whole or not at all.

use crate::error::{Error, Result, panic_words};
use crate::graph::Graph;
use crate::graph::bytes::{Id, damaged, read_id, read_iri, read_length, read_node, write_iri, write_length, write_node};
use crate::graph::conclusions::Table;
use crate::graph::conclusions::handed::Channel;
use crate::graph::iri::{Instance, Iri};
use crate::graph::vocabulary::Property;
use crate::graph::{Node, Value};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use redb::{Database, ReadOnlyDatabase, ReadableTable, TableDefinition, WriteTransaction};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{ErrorKind, Read as _, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

/// A table of bytes.
pub(super) type Bytes = TableDefinition<'static, &'static [u8], &'static [u8]>;
type Open<'t> = redb::Table<'t, &'static [u8], &'static [u8]>;

/// Payload by channel, group and digest of the payload, with how often it was emitted.
pub(super) const RECORDS: Bytes = TableDefinition::new("records");
/// Facts by article, packed.
pub(super) const ARTICLES: Bytes = TableDefinition::new("articles");
/// Statements by node, of what is of no article.
pub(super) const LOOSE: Bytes = TableDefinition::new("loose");
/// The articles of a source, by its digest and the article.
const SOURCES: TableDefinition<'static, &'static [u8], ()> = TableDefinition::new("sources");
/// How many articles hold a name.
const NAMES: TableDefinition<'static, &'static str, u64> = TableDefinition::new("names");
/// What is known of the whole.
pub(super) const STATE: TableDefinition<'static, (), &'static [u8]> = TableDefinition::new("state");

/// The layout of the tables. Who knows another cannot read them.
const FORMAT: u32 = 1;
/// Bytes of the file that are kept in memory.
const CACHE: usize = 256 << 20;
/// How long one who comes waits until others have read or written, and how often it looks.
const PATIENCE: Duration = Duration::from_secs(600);
const LOOK: Duration = Duration::from_millis(50);

/// What is known of the whole.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct State {
    format: u32,
    /// Where the IRIs of instances start.
    pub(super) base: String,
    /// The name of program and data that conclusions were drawn with.
    pub(super) drawn_with: String,
    /// A digest of the corrections.
    pub(super) corrections: Vec<u8>,
    pub(super) articles: u64,
    pub(super) triples: u64,
    /// What steps look up, without names.
    pub(super) table: Table,
}

/// Records of a group in the order of their bytes, each with how often it was emitted.
pub(super) type Counted = BTreeMap<Vec<u8>, u64>;

/// What an error of the file means.
pub(super) fn wrong<E: Into<redb::Error>>(path: &Path) -> impl Fn(E) -> Error + Copy + use<'_, E> {
    move |error| match error.into() {
        redb::Error::Io(source) if source.kind() != ErrorKind::InvalidData => Error::Io { path: path.display().to_string(), source },
        redb::Error::DatabaseAlreadyOpen => Error::Usage {
            reason: format!("{}: others have been reading it, or adding to it, for {} minutes", path.display(), PATIENCE.as_secs() / 60),
            hint: Some("wait for them to end".into()),
        },
        error => damaged_file(path, &error.to_string()),
    }
}

fn damaged_file(path: &Path, words: &str) -> Error {
    Error::Usage {
        reason: format!("{}: the file is damaged: {words}", path.display()),
        hint: Some("take it back from a copy, or add all articles to another directory".into()),
    }
}

/// Calls, and makes an error of what stops where a page of the file is not as it was written: some of that redb asserts.
pub(super) fn guarded<T>(path: &Path, call: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|panic| Err(damaged_file(path, panic_words(&*panic))))
}

/// Tries until nobody else has the file open, or patience ends.
fn patiently<T>(open: impl Fn() -> std::result::Result<T, redb::DatabaseError>) -> std::result::Result<T, redb::DatabaseError> {
    let start = Instant::now();
    loop {
        match open() {
            Err(redb::DatabaseError::DatabaseAlreadyOpen) if start.elapsed() < PATIENCE => std::thread::sleep(LOOK),
            done => return done,
        }
    }
}

/// Opens the file for writing.
pub(super) fn open_to_write(path: &Path) -> Result<Database> {
    patiently(|| Database::builder().set_cache_size(CACHE).create(path)).map_err(wrong(path))
}

/// Opens the file for reading, as others may at the same time.
pub(super) fn open_to_read(path: &Path) -> Result<ReadOnlyDatabase> {
    let open = || patiently(|| Database::builder().set_cache_size(CACHE).open_read_only(path));
    match open() {
        // The first batch broke off.
        Err(redb::DatabaseError::RepairAborted) => {
            drop(open_to_write(path)?);
            open().map_err(wrong(path))
        }
        done => done.map_err(wrong(path)),
    }
}

/// Reads what is known of the whole; `None` where no batch was ever added.
pub(super) fn read_state(path: &Path, table: &impl ReadableTable<(), &'static [u8]>) -> Result<Option<State>> {
    let Some(bytes) = table.get(()).map_err(wrong(path))? else { return Ok(None) };
    match postcard::from_bytes::<State>(bytes.value()) {
        Ok(state) if state.format == FORMAT => Ok(Some(state)),
        _ => Err(Error::Usage {
            reason: format!("{}: is of another version of the program", path.display()),
            hint: Some("export it with that version, or add all articles to another directory".into()),
        }),
    }
}

/// All that is held, open for one batch.
pub(super) struct Records<'t> {
    path: &'t Path,
    records: Open<'t>,
    articles: Open<'t>,
    loose: Open<'t>,
    sources: redb::Table<'t, &'static [u8], ()>,
    names: redb::Table<'t, &'static str, u64>,
    state: redb::Table<'t, (), &'static [u8]>,
    /// Whether a record was to go that was not there: other steps than these have made them. A net under the name that conclusions are drawn with, no
    /// proof: what two programs conclude alike of a group before and after is not looked at.
    pub(super) is_stale: bool,
}

impl<'t> Records<'t> {
    pub(super) fn open(path: &'t Path, batch: &'t WriteTransaction) -> Result<Records<'t>> {
        let bytes = |table| batch.open_table(table).map_err(wrong(path));
        Ok(Records {
            path,
            records: bytes(RECORDS)?,
            articles: bytes(ARTICLES)?,
            loose: bytes(LOOSE)?,
            sources: batch.open_table(SOURCES).map_err(wrong(path))?,
            names: batch.open_table(NAMES).map_err(wrong(path))?,
            state: batch.open_table(STATE).map_err(wrong(path))?,
            is_stale: false,
        })
    }

    /// The same without what was concluded.
    pub(super) fn open_without_conclusions(path: &'t Path, batch: &'t WriteTransaction) -> Result<Records<'t>> {
        batch.delete_table(RECORDS).map_err(wrong(path))?;
        batch.delete_table(NAMES).map_err(wrong(path))?;
        Records::open(path, batch)
    }

    pub(super) fn state(&self) -> Result<Option<State>> {
        read_state(self.path, &self.state)
    }

    pub(super) fn set_state(&mut self, state: State) -> Result<()> {
        let bytes = postcard::to_stdvec(&State { format: FORMAT, ..state }).map_err(|_| damaged())?;
        self.state.insert((), bytes.as_slice()).map(drop).map_err(wrong(self.path))
    }

    /// The facts of an article, in the bytes of a graph.
    pub(super) fn facts(&self, article: Id) -> Result<Option<Vec<u8>>> {
        let held = self.articles.get(article.as_bytes()).map_err(wrong(self.path))?;
        held.map(|held| unpacked(held.value())).transpose()
    }

    pub(super) fn holds(&self, article: Id) -> Result<bool> {
        Ok(self.articles.get(article.as_bytes()).map_err(wrong(self.path))?.is_some())
    }

    /// Puts facts in the place of those of an article, which it gives.
    pub(super) fn replace(&mut self, article: Id, facts: Option<&[u8]>) -> Result<Option<Vec<u8>>> {
        let before = self.facts(article)?;
        if before.as_deref() == facts {
            return Ok(before);
        }
        match facts {
            Some(facts) => self.articles.insert(article.as_bytes(), packed(facts)?.as_slice()).map(drop),
            None => self.articles.remove(article.as_bytes()).map(drop),
        }
        .map_err(wrong(self.path))?;
        Ok(before)
    }

    /// Says that an article is of a source, by its digest, or no longer is.
    pub(super) fn set_source(&mut self, digest: &str, article: Id, is_held: bool) -> Result<()> {
        let key = [digest.as_bytes(), article.as_bytes()].concat();
        if is_held { self.sources.insert(key.as_slice(), ()).map(drop) } else { self.sources.remove(key.as_slice()).map(drop) }
            .map_err(wrong(self.path))
    }

    /// The articles of a source.
    pub(super) fn of_source(&self, digest: &str) -> Result<Vec<Id>> {
        let mut found = Vec::new();
        for entry in self.sources.range(digest.as_bytes()..).map_err(wrong(self.path))? {
            let (key, _) = entry.map_err(wrong(self.path))?;
            let Some(mut article) = key.value().strip_prefix(digest.as_bytes()) else { break };
            found.push(read_id(&mut article)?);
        }
        Ok(found)
    }

    /// Calls with the facts of each article, some at once.
    pub(super) fn each_articles(&self, at_once: usize, mut call: impl FnMut(&[(Id, Vec<u8>)]) -> Result<()>) -> Result<()> {
        let mut some = Vec::new();
        for entry in self.articles.iter().map_err(wrong(self.path))? {
            let (article, facts) = entry.map_err(wrong(self.path))?;
            some.push((read_id(&mut article.value())?, facts.value().to_vec()));
            if some.len() == at_once {
                call(&some)?;
                some.clear();
            }
        }
        call(&some)
    }

    /// Adds what is said of a node of no article, and gives how much of that is new.
    pub(super) fn add_loose(&mut self, node: Node<'_>) -> Result<u64> {
        let mut key = Vec::new();
        write_iri(node.iri, &mut key);
        let mut statements: Vec<(Property, Value)> = Vec::new();
        if let Some(held) = self.loose.get(key.as_slice()).map_err(wrong(self.path))? {
            read_node(held.value(), &mut statements)?;
        }
        let before = statements.len();
        statements.extend_from_slice(node.properties);
        statements.sort_unstable();
        statements.dedup();
        if statements.len() > before {
            let mut bytes = Vec::new();
            write_node(&statements, &mut bytes);
            self.loose.insert(key.as_slice(), bytes.as_slice()).map_err(wrong(self.path))?;
        }
        Ok((statements.len() - before) as u64)
    }

    /// How much is said of nodes of no article.
    pub(super) fn loose_triples(&self) -> Result<u64> {
        let mut triples = 0;
        for entry in self.loose.iter().map_err(wrong(self.path))? {
            let (_, statements) = entry.map_err(wrong(self.path))?;
            let mut all = Vec::new();
            read_node(statements.value(), &mut all)?;
            triples += all.len() as u64;
        }
        Ok(triples)
    }

    /// Takes the corrections into a graph, and gives a digest of them.
    pub(super) fn corrections(&self, loose: &mut Graph) -> Result<Vec<u8>> {
        let mut digest = Sha256::new();
        for entry in self.loose.range([Instance::Correction as u8].as_slice()..).map_err(wrong(self.path))? {
            let (key, statements) = entry.map_err(wrong(self.path))?;
            let iri = read_iri(&mut key.value())?;
            if !matches!(iri, Iri::Minted(Instance::Correction, ..)) {
                break;
            }
            digest.update(key.value());
            digest.update(statements.value());
            read_node(statements.value(), loose.nodes.entry(iri).or_default())?;
        }
        Ok(digest.finalize().to_vec())
    }

    /// How many articles hold a name.
    pub(super) fn holders(&self, name: &str) -> Result<u64> {
        Ok(self.names.get(name).map_err(wrong(self.path))?.map_or(0, |count| count.value()))
    }

    pub(super) fn set_holders(&mut self, name: &str, count: u64) -> Result<()> {
        match count {
            0 => self.names.remove(name).map(drop),
            _ => self.names.insert(name, count).map(drop),
        }
        .map_err(wrong(self.path))
    }

    /// The records of a group.
    pub(super) fn group(&self, channel: Channel, group: &[u8]) -> Result<Counted> {
        let prefix = prefix(channel, group);
        let mut found = Counted::new();
        for entry in self.records.range(prefix.as_slice()..).map_err(wrong(self.path))? {
            let (key, value) = entry.map_err(wrong(self.path))?;
            if !key.value().starts_with(&prefix) {
                break;
            }
            let mut payload = value.value();
            let count = read_length(&mut payload)?;
            found.insert(payload.to_vec(), count as u64);
        }
        Ok(found)
    }

    /// Changes how often the records of a group are emitted, in the file and in what was read of it.
    pub(super) fn change(&mut self, channel: Channel, group: &[u8], counted: &mut Counted, by: BTreeMap<Vec<u8>, i64>) -> Result<()> {
        for (payload, by) in by {
            let before = counted.get(&payload).copied().unwrap_or_default();
            let after = before.checked_add_signed(by).unwrap_or_else(|| {
                self.is_stale = true;
                0
            });
            self.keep(channel, group, &payload, after)?;
            match after {
                0 => drop(counted.remove(&payload)),
                _ => drop(counted.insert(payload, after)),
            }
        }
        Ok(())
    }

    /// Says how often a record is emitted; never is not at all.
    pub(super) fn keep(&mut self, channel: Channel, group: &[u8], payload: &[u8], count: u64) -> Result<()> {
        let mut key = prefix(channel, group);
        key.extend_from_slice(&Sha256::digest(payload)[..16]);
        if count == 0 {
            return self.records.remove(key.as_slice()).map(drop).map_err(wrong(self.path));
        }
        let mut value = Vec::with_capacity(payload.len() + 2);
        write_length(count as usize, &mut value);
        value.extend_from_slice(payload);
        self.records.insert(key.as_slice(), value.as_slice()).map(drop).map_err(wrong(self.path))
    }
}

/// What the keys of a group start with, and no other key.
pub(super) fn prefix(channel: Channel, group: &[u8]) -> Vec<u8> {
    let mut key = vec![channel as u8];
    write_length(group.len(), &mut key);
    key.extend_from_slice(group);
    key
}

fn packed(facts: &[u8]) -> Result<Vec<u8>> {
    let mut packing = DeflateEncoder::new(Vec::new(), Compression::fast());
    packing.write_all(facts).and_then(|()| packing.finish()).map_err(|_| damaged())
}

/// The bytes of a graph that were packed.
pub(super) fn unpacked(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut facts = Vec::with_capacity(bytes.len() * 4);
    DeflateDecoder::new(bytes).read_to_end(&mut facts).map_err(|_| damaged())?;
    Ok(facts)
}
