//! Records sorted on disk: more than memory holds, in the order of their groups and then of their bytes.
//!
//! Sorted runs are written when a buffer is full and merged when they are read (Knuth 1998, 5.4). Records are bytes, so that a group and its order cost no
//! decoding; crates that sort values hold each as a value, count them instead of their bytes, or read what they sorted but once.

use super::bytes::{read_length, write_length};
use crate::error::{Error, Result};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// Runs that are merged at once.
const FAN_IN: usize = 128;
/// Bytes of groups that are shared out among the threads at once.
const BATCH: usize = 4 << 20;
/// Bytes from which a group is handled alone.
const LARGE: usize = 1 << 20;
/// Bytes that are read of a run at once.
const BLOCK: usize = 1 << 16;

/// Where what does not fit into memory is put, and from how many bytes on.
#[derive(Clone, Debug)]
pub struct Space {
    directory: PathBuf,
    budget: usize,
}

impl Space {
    /// Bytes that one sorter holds, unless said otherwise.
    const BUDGET: usize = 64 << 20;

    /// Space in a directory. Files in it have no name, so that nothing stays behind.
    #[must_use]
    pub fn of(directory: &Path) -> Space {
        Space { directory: directory.to_owned(), budget: Space::BUDGET }
    }

    /// The same for statements of nodes, which are most of what is sorted.
    #[must_use]
    pub fn of_graph(&self) -> Space {
        self.clone().with_budget(2 * self.budget)
    }

    /// The same with another number of bytes in memory.
    #[must_use]
    pub fn with_budget(mut self, budget: usize) -> Space {
        self.budget = budget;
        self
    }

    fn file(&self) -> Result<File> {
        tempfile::tempfile_in(&self.directory).map_err(|source| self.wrong(source))
    }

    fn wrong(&self, source: std::io::Error) -> Error {
        Error::Io { path: format!("temporary file in {}", self.directory.display()), source }
    }
}

impl Default for Space {
    fn default() -> Space {
        Space::of(&std::env::temp_dir())
    }
}

/// A record in the buffer.
#[derive(Clone, Copy)]
struct Entry {
    at: usize,
    group: u32,
    payload: u32,
}

impl Entry {
    fn group(self, buffer: &[u8]) -> &[u8] {
        &buffer[self.at..self.at + self.group as usize]
    }

    fn payload(self, buffer: &[u8]) -> &[u8] {
        &buffer[self.at + self.group as usize..][..self.payload as usize]
    }
}

/// Takes records in any order.
pub struct Sorter {
    space: Space,
    buffer: Vec<u8>,
    entries: Vec<Entry>,
    runs: Vec<File>,
}

impl Sorter {
    /// An empty one.
    #[must_use]
    pub fn new(space: &Space) -> Sorter {
        Sorter { space: space.clone(), buffer: Vec::new(), entries: Vec::new(), runs: Vec::new() }
    }

    /// Adds a record.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn push(&mut self, group: &[u8], payload: &[u8]) -> Result<()> {
        let size = |bytes: &[u8]| u32::try_from(bytes.len()).map_err(|_| Error::Graph("a record is larger than 4 GB".into()));
        let entry = Entry { at: self.buffer.len(), group: size(group)?, payload: size(payload)? };
        self.buffer.extend_from_slice(group);
        self.buffer.extend_from_slice(payload);
        self.entries.push(entry);
        if self.buffer.len() + self.entries.len() * size_of::<Entry>() >= self.space.budget {
            self.spill()?;
        }
        Ok(())
    }

    fn sort(&mut self) {
        let buffer = &self.buffer;
        let key = |entry: &Entry| (entry.group(buffer), entry.payload(buffer));
        self.entries.par_sort_unstable_by(|one, other| key(one).cmp(&key(other)));
    }

    fn spill(&mut self) -> Result<()> {
        self.sort();
        let mut out = BufWriter::with_capacity(BLOCK, self.space.file()?);
        for entry in &self.entries {
            write_record(&mut out, entry.group(&self.buffer), entry.payload(&self.buffer)).map_err(|source| self.space.wrong(source))?;
        }
        let file = out.into_inner().map_err(|error| self.space.wrong(error.into_error()))?;
        self.runs.push(file);
        self.buffer.clear();
        self.entries.clear();
        if self.runs.len() == FAN_IN {
            let mut merged = BufWriter::with_capacity(BLOCK, self.space.file()?);
            let mut runs =
                Sorted { space: self.space.clone(), buffer: Vec::new(), entries: Vec::new(), runs: std::mem::take(&mut self.runs) };
            let mut merge = Merge::of([&mut runs])?;
            while merge.advance()? {
                write_record(&mut merged, &merge.group, &merge.payload).map_err(|source| self.space.wrong(source))?;
            }
            drop(merge);
            self.runs.push(merged.into_inner().map_err(|error| self.space.wrong(error.into_error()))?);
        }
        Ok(())
    }

    /// Ends adding.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn finish(mut self) -> Result<Sorted> {
        if !self.runs.is_empty() && !self.entries.is_empty() {
            self.spill()?;
            (self.buffer, self.entries) = (Vec::new(), Vec::new());
        }
        self.sort();
        Ok(Sorted { space: self.space, buffer: self.buffer, entries: self.entries, runs: self.runs })
    }
}

fn write_record(out: &mut impl Write, group: &[u8], payload: &[u8]) -> std::io::Result<()> {
    let mut head = Vec::with_capacity(10);
    write_length(group.len(), &mut head);
    write_length(payload.len(), &mut head);
    out.write_all(&head)?;
    out.write_all(group)?;
    out.write_all(payload)
}

/// Records in order, to be read as often as is wanted.
pub struct Sorted {
    space: Space,
    buffer: Vec<u8>,
    entries: Vec<Entry>,
    runs: Vec<File>,
}

/// Records of one group, in the order of their bytes.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// What they share.
    pub key: Vec<u8>,
    chunks: Vec<Chunk>,
    size: usize,
}

/// Some records of a group, which can go when they are read.
#[derive(Clone, Debug, Default)]
struct Chunk {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Chunk {
    fn payloads(&self) -> impl DoubleEndedIterator<Item = &[u8]> {
        let start = |at: usize| at.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        (0..self.ends.len()).map(move |at| &self.bytes[start(at)..self.ends[at] as usize])
    }
}

impl Group {
    /// The records' payloads.
    pub fn payloads(&self) -> impl Iterator<Item = &[u8]> {
        self.chunks.iter().flat_map(Chunk::payloads)
    }

    /// Calls with each payload. What was read is let go of on the way, so that a large group is not in memory twice when something is made of it.
    ///
    /// # Errors
    /// What is called says.
    pub fn each(self, mut call: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        self.chunks.into_iter().try_for_each(|chunk| chunk.payloads().try_for_each(&mut call))
    }

    /// A group of records in the order of their bytes.
    pub(crate) fn of<'p>(key: &[u8], payloads: impl IntoIterator<Item = &'p [u8]>) -> Group {
        let mut group = Group::default();
        group.start(key);
        payloads.into_iter().for_each(|payload| group.add(payload));
        group
    }

    /// Bytes of the records.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// Starts another group.
    pub(crate) fn start(&mut self, key: &[u8]) {
        self.key.clear();
        self.key.extend_from_slice(key);
        self.size = 0;
        self.chunks.truncate(1);
        for chunk in &mut self.chunks {
            chunk.bytes.clear();
            chunk.ends.clear();
        }
    }

    /// Adds a payload; one that equals the last is the same record.
    pub(crate) fn add(&mut self, payload: &[u8]) {
        if self.chunks.last().and_then(|chunk| chunk.payloads().next_back()) == Some(payload) {
            return;
        }
        if self.chunks.last().is_none_or(|chunk| chunk.bytes.len() >= LARGE) {
            self.chunks.push(Chunk::default());
        }
        let Some(chunk) = self.chunks.last_mut() else { return };
        chunk.bytes.extend_from_slice(payload);
        // A payload is of less than 4 GB, and only the last of a chunk goes past its end.
        chunk.ends.push(chunk.bytes.len() as u32);
        self.size += payload.len();
    }
}

impl Sorted {
    /// Calls with each group in turn.
    ///
    /// # Errors
    /// When a run cannot be read, or what is called fails.
    pub fn each_group(&mut self, mut call: impl FnMut(&Group) -> Result<()>) -> Result<()> {
        each_group([self], |group| call(group))
    }

    /// Calls with each record, and with how often it was pushed.
    ///
    /// # Errors
    /// As [`Sorted::each_group`].
    pub fn each_record(&mut self, mut call: impl FnMut(&[u8], &[u8], u64) -> Result<()>) -> Result<()> {
        let mut merge = Merge::of([self])?;
        let (mut group, mut payload, mut count) = (Vec::new(), Vec::new(), 0);
        while merge.advance()? {
            if count > 0 && merge.group == group && merge.payload == payload {
                count += 1;
                continue;
            }
            if count > 0 {
                call(&group, &payload, count)?;
            }
            std::mem::swap(&mut group, &mut merge.group);
            std::mem::swap(&mut payload, &mut merge.payload);
            count = 1;
        }
        if count > 0 { call(&group, &payload, count) } else { Ok(()) }
    }
}

/// Calls with each group of several sorted sets of records, as if they were one.
///
/// # Errors
/// When a run cannot be read, or what is called fails.
pub fn each_group<'s>(sets: impl IntoIterator<Item = &'s mut Sorted>, mut call: impl FnMut(&mut Group) -> Result<()>) -> Result<()> {
    let mut merge = Merge::of(sets)?;
    let mut group = Group::default();
    let mut open = false;
    while merge.advance()? {
        if open && merge.group != group.key {
            call(&mut group)?;
            open = false;
        }
        if !open {
            group.start(&merge.group);
            open = true;
        }
        group.add(&merge.payload);
    }
    if open { call(&mut group) } else { Ok(()) }
}

/// Maps each group of several sorted sets of records on all threads, and takes what comes of them in the order of the groups. A large group is handed to
/// `large` instead, alone, so that no two are in memory.
///
/// # Errors
/// When a run cannot be read, or what is called fails.
pub fn map_groups<'s, T: Send, K>(
    sets: impl IntoIterator<Item = &'s mut Sorted>,
    to: &mut K,
    map: impl Fn(Group) -> Result<T> + Sync,
    mut take: impl FnMut(&mut K, T) -> Result<()>,
    mut large: impl FnMut(&mut K, Group) -> Result<()>,
) -> Result<()> {
    let mut batch: Vec<Group> = Vec::new();
    let mut size = 0;
    let mut pass_on = |to: &mut K, batch: &mut Vec<Group>| {
        let done: Vec<Result<T>> = std::mem::take(batch).into_par_iter().map(&map).collect();
        done.into_iter().try_for_each(|one| take(to, one?))
    };
    each_group(sets, |group| {
        let is_large = group.size >= LARGE;
        if is_large || size >= BATCH {
            pass_on(to, &mut batch)?;
            size = 0;
        }
        if is_large {
            return large(to, std::mem::take(group));
        }
        size += group.size + size_of::<Group>();
        batch.push(group.clone());
        Ok(())
    })?;
    pass_on(to, &mut batch)
}

/// A run that is read, or the buffer.
enum Source<'s> {
    Run(BufReader<&'s mut File>, &'s Space),
    Memory(&'s [u8], std::slice::Iter<'s, Entry>),
}

impl Source<'_> {
    /// Reads the next record into `head`, and says whether there was one.
    fn next(&mut self, head: &mut Head) -> Result<bool> {
        head.group.clear();
        head.payload.clear();
        match self {
            Source::Memory(buffer, entries) => {
                let Some(entry) = entries.next() else { return Ok(false) };
                head.group.extend_from_slice(entry.group(buffer));
                head.payload.extend_from_slice(entry.payload(buffer));
                Ok(true)
            }
            Source::Run(file, space) => next_record(file, head).map_err(|source| space.wrong(source)),
        }
    }
}

fn next_record(file: &mut impl Read, head: &mut Head) -> std::io::Result<bool> {
    let Some(group) = next_length(file)? else { return Ok(false) };
    let payload = next_length(file)?.ok_or(std::io::ErrorKind::UnexpectedEof)?;
    head.group.resize(group, 0);
    file.read_exact(&mut head.group)?;
    head.payload.resize(payload, 0);
    file.read_exact(&mut head.payload)?;
    Ok(true)
}

fn next_length(file: &mut impl Read) -> std::io::Result<Option<usize>> {
    let mut bytes = [0; 10];
    for at in 0..bytes.len() {
        if at == 0 {
            if file.read(&mut bytes[..1])? == 0 {
                return Ok(None);
            }
        } else {
            file.read_exact(&mut bytes[at..=at])?;
        }
        if bytes[at] & 128 == 0 {
            return Ok(read_length(&mut &bytes[..=at]).ok());
        }
    }
    Err(std::io::ErrorKind::InvalidData.into())
}

/// The next record of a source.
#[derive(Default)]
struct Head {
    group: Vec<u8>,
    payload: Vec<u8>,
    source: usize,
}

impl PartialEq for Head {
    fn eq(&self, other: &Head) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Head {}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Head) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Head {
    /// The least comes first out of a heap.
    fn cmp(&self, other: &Head) -> Ordering {
        (&other.group, &other.payload).cmp(&(&self.group, &self.payload))
    }
}

/// Several sources in one order.
struct Merge<'s> {
    sources: Vec<Source<'s>>,
    heads: BinaryHeap<Head>,
    group: Vec<u8>,
    payload: Vec<u8>,
    spare: Option<Head>,
}

impl<'s> Merge<'s> {
    fn of(sets: impl IntoIterator<Item = &'s mut Sorted>) -> Result<Merge<'s>> {
        let mut sources = Vec::new();
        for set in sets {
            let Sorted { space, buffer, entries, runs } = set;
            if !entries.is_empty() {
                sources.push(Source::Memory(buffer, entries.iter()));
            }
            for run in runs {
                run.rewind().map_err(|source| space.wrong(source))?;
                sources.push(Source::Run(BufReader::with_capacity(BLOCK, run), space));
            }
        }
        let mut heads = BinaryHeap::with_capacity(sources.len());
        for (at, source) in sources.iter_mut().enumerate() {
            let mut head = Head { source: at, ..Head::default() };
            if source.next(&mut head)? {
                heads.push(head);
            }
        }
        Ok(Merge { sources, heads, group: Vec::new(), payload: Vec::new(), spare: None })
    }

    /// Goes on to the next record, and says whether there is one.
    fn advance(&mut self) -> Result<bool> {
        let Some(mut least) = self.heads.peek_mut() else { return Ok(false) };
        let mut next = self.spare.take().unwrap_or_default();
        next.source = least.source;
        let more = self.sources[least.source].next(&mut next)?;
        let mut taken = if more { std::mem::replace(&mut *least, next) } else { std::collections::binary_heap::PeekMut::pop(least) };
        std::mem::swap(&mut self.group, &mut taken.group);
        std::mem::swap(&mut self.payload, &mut taken.payload);
        self.spare = Some(taken);
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    fn gathered(sorted: &mut Sorted) -> Vec<(Vec<u8>, Vec<Vec<u8>>)> {
        let mut all = Vec::new();
        sorted
            .each_group(|group| {
                all.push((group.key.clone(), group.payloads().map(<[u8]>::to_vec).collect()));
                Ok(())
            })
            .expect("read");
        all
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn groups_come_in_order_whatever_fits_into_memory(
            records in proptest::collection::vec((proptest::collection::vec(0_u8..4, 0..3), proptest::collection::vec(0_u8..9, 0..3)), 0..300),
            budget in prop_oneof![Just(1_usize), Just(500), Just(1 << 20)],
        ) {
            let space = Space::default().with_budget(budget);
            let mut sorter = Sorter::new(&space);
            let mut expected: BTreeMap<Vec<u8>, BTreeSet<Vec<u8>>> = BTreeMap::new();
            let mut counted: BTreeMap<(Vec<u8>, Vec<u8>), u64> = BTreeMap::new();
            for (group, payload) in &records {
                sorter.push(group, payload).expect("room");
                expected.entry(group.clone()).or_default().insert(payload.clone());
                *counted.entry((group.clone(), payload.clone())).or_default() += 1;
            }
            let expected: Vec<(Vec<u8>, Vec<Vec<u8>>)> = expected.into_iter().map(|(group, all)| (group, all.into_iter().collect())).collect();
            let mut sorted = sorter.finish().expect("room");
            prop_assert_eq!(&gathered(&mut sorted), &expected);
            prop_assert_eq!(&gathered(&mut sorted), &expected);
            let mut counts = Vec::new();
            sorted
                .each_record(|group, payload, count| {
                    counts.push(((group.to_vec(), payload.to_vec()), count));
                    Ok(())
                })
                .expect("read");
            prop_assert_eq!(counts, counted.into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn several_sets_are_read_as_one() {
        let of = |records: &[(&str, &str)], budget: usize| {
            let mut sorter = Sorter::new(&Space::default().with_budget(budget));
            records.iter().for_each(|(group, payload)| sorter.push(group.as_bytes(), payload.as_bytes()).expect("room"));
            sorter.finish().expect("room")
        };
        let (mut one, mut other) = (of(&[("a", "2"), ("c", "1")], 1), of(&[("a", "1"), ("b", "1")], 1 << 20));
        let mut all = Vec::new();
        each_group([&mut one, &mut other], |group| {
            all.push(format!(
                "{}:{}",
                String::from_utf8_lossy(&group.key),
                group.payloads().map(String::from_utf8_lossy).collect::<String>()
            ));
            Ok(())
        })
        .expect("read");
        assert_eq!(all, ["a:12", "b:1", "c:1"]);
    }

    #[test]
    fn groups_are_mapped_in_order_and_large_ones_alone() {
        let mut sorter = Sorter::new(&Space::default());
        let large = vec![b'x'; LARGE + 1];
        for (group, payload) in [("a", &b"1"[..]), ("b", b"2"), ("c", &large), ("d", b"3"), ("d", b"4"), ("e", &large), ("f", b"5")] {
            sorter.push(group.as_bytes(), payload).expect("room");
        }
        let told = |group: &Group| format!("{}{}", String::from_utf8_lossy(&group.key), group.payloads().count());
        let mut all: Vec<String> = Vec::new();
        let small = |all: &mut Vec<String>, one: String| {
            all.push(one);
            Ok(())
        };
        let alone = |all: &mut Vec<String>, group: Group| {
            all.push(format!("{} alone", told(&group)));
            Ok(())
        };
        map_groups([&mut sorter.finish().expect("room")], &mut all, |group| Ok(told(&group)), small, alone).expect("mapped");
        assert_eq!(all, ["a1", "b1", "c1 alone", "d2", "e1 alone", "f1"]);
    }

    #[test]
    fn a_directory_that_is_gone_is_named() {
        let place = tempfile::tempdir().expect("a directory").path().join("gone");
        let error = Sorter::new(&Space::of(&place).with_budget(1)).push(b"a", b"b").expect_err("no directory");
        assert!(error.to_string().contains("gone"), "{error}");
    }
}
