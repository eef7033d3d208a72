//! A graph that grows on disk: a directory that batches are added to, and that is asked like a graph in a file.
//!
//! It holds one file, in which lie the facts of each article and the records that steps hand to one another ([records]). A batch takes the place of what was
//! held of the same articles, and what follows from that is carried on from group to group ([changes]), so that an article costs what it touches and
//! not what is there; the graph is that of one run over all articles. A batch is there whole or not at all.

mod anew;
mod changes;
mod held;
mod records;
#[cfg(test)]
mod tests;

pub use held::Held;

use super::Graph;
use super::bytes::{Id, read_graph, read_id, write_graph};
use super::conclusions::{Concluder, Corrections, Reading};
use super::shards::{Parts, Shards};
use super::sorter::Space;
use super::told::Told;
use crate::error::{Error, Result};
use changes::{Change, Changing};
use records::{Records, State, wrong};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// The file that holds the graph.
const GRAPH: &str = "graph.redb";
/// The file that held the graph before there were records.
const N_QUADS: &str = "graph.nq";
/// The file that a batch locks while it adds.
const LOCK: &str = "lock";

/// Articles whose changes are carried through the steps at once.
const AT_ONCE: usize = 256;
/// A batch of one in so many of all articles is large: concluding anew costs less than carrying so many changes.
const LARGE: u64 = 4;
/// But not one of so few articles.
const FEW: u64 = 32;

/// A directory that one batch at a time adds to.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    _lock: File,
}

/// What a batch came to.
#[derive(Debug)]
pub struct Added {
    /// Triples that the directory then holds.
    pub triples: u64,
    /// Corrections of what is not there, in words.
    pub unmet: Vec<String>,
    /// Groups that steps were run on; `None` where everything was concluded anew.
    pub groups: Option<usize>,
}

impl Directory {
    /// Opens a directory for adding, and makes it where there is none.
    ///
    /// # Errors
    /// When it cannot be made or written to, holds something else, or another run is adding to it.
    pub fn open(path: &Path) -> Result<Directory> {
        let wrong = |source| Error::Io { path: path.display().to_string(), source };
        std::fs::create_dir_all(path).map_err(wrong)?;
        let is_foreign = !path.join(LOCK).exists() && std::fs::read_dir(path).map_err(wrong)?.next().is_some();
        if is_foreign {
            return Err(Error::Usage {
                reason: format!("{}: is a directory of other files, and no graph", path.display()),
                hint: Some("name an empty directory, or one that is not there yet".into()),
            });
        }
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(path.join(LOCK)).map_err(wrong)?;
        // Writing must be possible, too, before the long run starts.
        NamedTempFile::new_in(path).map_err(wrong)?;
        match lock.try_lock() {
            Ok(()) => Ok(Directory { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(Error::Usage {
                reason: format!("{}: another run is adding to it", path.display()),
                hint: Some("wait for it to end".into()),
            }),
            Err(TryLockError::Error(source)) => Err(wrong(source)),
        }
    }

    /// Adds a batch: the facts of its articles take the place of what was held of the same source. `drawn_with` names the program and the data that it
    /// concludes with; where that is another name than before, everything is concluded anew.
    ///
    /// # Errors
    /// When what is held cannot be read, stands on another base, or cannot be written; then all is as it was.
    pub fn add(&self, batch: &mut Told, with: &Concluder<'_>, corrections: &Corrections, drawn_with: &str) -> Result<Added> {
        let mut shards = Shards::new(&Space::of(&self.path));
        batch.each(|_, node| shards.add_node(node))?;
        let parts = shards.parts(with.minter, corrections)?;
        let path = self.path.join(GRAPH);
        records::guarded(&path, || self.write(&path, parts, with, drawn_with))
    }

    fn write(&self, path: &Path, parts: Parts, with: &Concluder<'_>, drawn_with: &str) -> Result<Added> {
        let file = records::open_to_write(path)?;
        let mut writing = file.begin_write().map_err(wrong(path))?;
        writing.set_quick_repair(true);
        let mut records = Records::open(path, &writing)?;
        let held = records.state()?;
        let before = self.path.join(N_QUADS);
        let mut all = Vec::new();
        if held.is_none() && before.is_file() {
            all.extend(self.of_n_quads(&before, with)?);
        }
        all.push(parts);
        let held_base = held.as_ref().map(|held| held.base.as_str());
        if let Some(held) = held_base.filter(|held| **held != **with.minter.base()) {
            return Err(self.on_another_base(held, with));
        }
        let mut adding = Adding { with, records: &mut records, state: held.unwrap_or_default(), is_anew: false, groups: 0 };
        adding.is_anew = adding.state.drawn_with != drawn_with;
        all.into_iter().try_for_each(|parts| adding.add(parts))?;
        let Adding { mut state, is_anew, groups, .. } = adding;
        let mut loose = Graph::new(with.minter);
        state.corrections = records.corrections(&mut loose)?;
        state.base = with.minter.base().to_string();
        state.drawn_with = drawn_with.to_owned();
        if is_anew {
            drop(records);
            records = Records::open_without_conclusions(path, &writing)?;
            let concluded = anew::conclude(&mut records, with, &Space::of(&self.path), &loose)?;
            state.articles = concluded.articles;
            state.triples = concluded.triples + records.loose_triples()?;
            state.table = concluded.table;
        }
        let added = Added {
            triples: state.triples,
            unmet: state.table.unmet(with.minter, &Reading::of(&loose)),
            groups: (!is_anew).then_some(groups),
        };
        records.set_state(state)?;
        drop(records);
        writing.commit().map_err(wrong(path))?;
        // What was taken over, now or by a batch that was stopped before it came to this.
        match std::fs::remove_file(&before) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(Error::Io { path: before.display().to_string(), source }),
            _ => Ok(added),
        }
    }

    /// What a directory holds that an earlier version wrote.
    fn of_n_quads(&self, path: &Path, with: &Concluder<'_>) -> Result<Option<Parts>> {
        let name = path.display().to_string();
        let file = File::open(path).map_err(|source| Error::Io { path: name.clone(), source })?;
        let mut shards = Shards::new(&Space::of(&self.path));
        shards.add(&name, BufReader::new(file))?;
        match shards.minter() {
            None => Ok(None),
            Some(minter) if minter.base() != with.minter.base() => Err(self.on_another_base(minter.base(), with)),
            Some(_) => shards.parts(with.minter, &Corrections::default()).map(Some),
        }
    }

    fn on_another_base(&self, held: &str, with: &Concluder<'_>) -> Error {
        Error::Usage {
            reason: format!("{}: stands on the base {held}, and not on {}", self.path.display(), with.minter.base()),
            hint: Some("say the same --base, or take another directory".into()),
        }
    }
}

/// A batch that is being added.
struct Adding<'a, 't> {
    with: &'a Concluder<'a>,
    records: &'a mut Records<'t>,
    state: State,
    /// Whether everything will be concluded anew, so that changes need not be carried on.
    is_anew: bool,
    groups: usize,
}

impl Adding<'_, '_> {
    fn add(&mut self, parts: Parts) -> Result<()> {
        let Parts { mut articles, loose, .. } = parts;
        for node in loose.nodes() {
            self.state.triples += self.records.add_loose(node)?;
        }
        let mut corrections = Graph::new(self.with.minter);
        let digest = self.records.corrections(&mut corrections)?;
        let reading = Reading::of(&corrections);
        // The articles that come, and those of the same sources that go.
        let (mut sources, mut known): (FxHashMap<String, Vec<Id>>, u64) = Default::default();
        let mut coming = 0;
        articles.each_group(|group| {
            let article = read_id(&mut group.key.as_slice())?;
            coming += 1;
            known += u64::from(self.records.holds(article)?);
            for digest in digests(article, &self.facts(group.payloads())?) {
                sources.entry(digest).or_default().push(article);
            }
            Ok(())
        })?;
        let mut going: FxHashSet<Id> = FxHashSet::default();
        for (digest, articles) in &sources {
            going.extend(self.records.of_source(digest)?.into_iter().filter(|article| !articles.contains(article)));
        }
        drop(sources);
        let articles_after = (self.state.articles + coming).saturating_sub(known + going.len() as u64);
        let common = |articles| self.with.rules.common.of(articles);
        self.is_anew |= self.state.corrections != digest
            || common(self.state.articles) != common(articles_after)
            || coming > FEW && coming * LARGE > articles_after;
        let mut waiting: Vec<(Id, Option<Graph>)> = going.into_iter().map(|article| (article, None)).collect();
        articles.each_group(|group| {
            waiting.push((read_id(&mut group.key.as_slice())?, Some(self.facts(group.payloads())?)));
            if waiting.len() >= AT_ONCE { self.replace(&reading, std::mem::take(&mut waiting)) } else { Ok(()) }
        })?;
        self.replace(&reading, waiting)?;
        self.state.articles = articles_after;
        Ok(())
    }

    fn facts<'p>(&self, mut graphs: impl Iterator<Item = &'p [u8]>) -> Result<Graph> {
        let mut facts = Graph::new(self.with.minter);
        graphs.try_for_each(|bytes| read_graph(bytes, &mut facts))?;
        Ok(facts)
    }

    /// Puts facts in the place of what was held of some articles, and carries on what that changes.
    fn replace(&mut self, reading: &Reading, articles: Vec<(Id, Option<Graph>)>) -> Result<()> {
        let mut changes: BTreeMap<Id, Change> = BTreeMap::new();
        for (article, after) in articles {
            let bytes = after.as_ref().map(|facts| {
                let mut bytes = Vec::new();
                write_graph(facts, &mut bytes);
                bytes
            });
            let before = self.records.replace(article, bytes.as_deref())?;
            if before == bytes {
                continue;
            }
            let before = before.map(|bytes| self.facts([bytes.as_slice()].into_iter())).transpose()?;
            for (facts, is_held) in [(&before, false), (&after, true)] {
                let digests = facts.iter().flat_map(|facts| digests(article, facts));
                digests.into_iter().try_for_each(|digest| self.records.set_source(&digest, article, is_held))?;
            }
            let triples = |facts: &Option<Graph>| facts.as_ref().map_or(0, Graph::len) as u64;
            self.state.triples = (self.state.triples + triples(&after)).saturating_sub(triples(&before));
            // Whom conclusions on it are to be told to, or whether a correction meets anything, is known of the whole alone.
            self.is_anew |= [&before, &after].into_iter().flatten().any(|facts| reading.speaks_of(facts));
            changes.insert(article, Change { before, after });
        }
        if self.is_anew || changes.is_empty() {
            return Ok(());
        }
        let changed = Changing::new(self.with, reading, self.records, &self.state.table).propagate(&changes)?;
        self.state.triples = self.state.triples.saturating_add_signed(changed.triples);
        self.groups += changed.groups;
        // Records that other steps have made than these: the same as another program.
        self.is_anew = self.records.is_stale;
        Ok(())
    }
}

/// The digests of the source of an article.
fn digests(article: Id, facts: &Graph) -> Vec<String> {
    facts.node(&article.iri()).texts("wg:sha256").map(str::to_owned).collect()
}

/// A graph that a path names.
pub enum Place {
    /// In a file.
    File(PathBuf),
    /// In a directory.
    Held(Held),
}

/// The graph that a path names.
///
/// # Errors
/// When it is a directory of something else, or cannot be read.
pub fn open(path: &Path) -> Result<Place> {
    if !path.is_dir() {
        return Ok(Place::File(path.to_owned()));
    }
    let (file, before) = (path.join(GRAPH), path.join(N_QUADS));
    // An empty one is that of a first batch that was stopped.
    let is_begun = std::fs::metadata(&file).is_ok_and(|file| file.is_file() && file.len() > 0);
    let held = if is_begun { Held::open(&file)? } else { None };
    match held {
        Some(held) => Ok(Place::Held(held)),
        None if before.is_file() => Ok(Place::File(before)),
        None => Err(Error::Usage {
            reason: format!("{}: is a directory that holds no graph", path.display()),
            hint: Some("`run --store DIR` makes one; or name the file that `run -o` wrote".into()),
        }),
    }
}
