//! The weight file: a vocabulary, three tables of one-byte weights and the decisions that need none, used where they lie.
//!
//! A table holds no keys. A feature's hash says where its row of class weights starts, and rows overlap: as most pairs of feature and class
//! have no weight, few of those that have one meet, and training makes up for them. So a lookup is one address and one run of bytes.
//!
//! Layout, little-endian: `WGSYN2\0\0`; the lengths in bytes of the five parts as `u32`; the vocabulary (buckets of a `u32` hash, 0 for a free
//! one, then a tag byte for each bucket); the tables of tags, actions and labels; the routine, laid out as the vocabulary, with a class for the tag.

use crate::error::{Error, Result};

/// The tag byte of a word that the vocabulary lacks.
pub const UNKNOWN_TAG: u8 = 63;
/// Cells of a row of the tag and label tables: no fewer than there are classes.
pub const WIDE: usize = 48;
/// Cells of a row of the action table.
pub const NARROW: usize = 4;
/// First bytes of the file.
pub const MAGIC: &[u8; 8] = b"WGSYN2\0\0";

/// The words that were frequent in training, with the tag each has most often.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary<'w> {
    hashes: &'w [u8],
    tags: &'w [u8],
}

impl<'w> Vocabulary<'w> {
    /// Reads the part of the file.
    #[must_use]
    pub fn new(bytes: &'w [u8]) -> Self {
        let (hashes, tags) = bytes.split_at(bytes.len() / 5 * 4);
        Self { hashes, tags }
    }

    /// The part of the file for these words.
    #[must_use]
    pub fn encode(words: &[(u32, u8)]) -> Vec<u8> {
        let buckets = (words.len() * 2).next_power_of_two().max(2);
        let mut hashes = vec![0u32; buckets];
        let mut tags = vec![0u8; buckets];
        for &(hash, tag) in words.iter().filter(|w| w.0 != 0) {
            let mut at = hash as usize % buckets;
            while hashes[at] != 0 && hashes[at] != hash {
                at = (at + 1) % buckets;
            }
            (hashes[at], tags[at]) = (hash, tag);
        }
        hashes.iter().flat_map(|h| h.to_le_bytes()).chain(tags).collect()
    }

    /// The usual tag of the word with this hash.
    #[must_use]
    pub fn get(&self, hash: u32) -> Option<u8> {
        let buckets = self.tags.len();
        let mut at = hash as usize & buckets.checked_sub(1)?;
        for _ in 0..buckets {
            let found = u32::from_le_bytes(self.hashes.get(at * 4..at * 4 + 4)?.try_into().ok()?);
            if found == hash {
                return self.tags.get(at).copied();
            }
            if found == 0 {
                return None;
            }
            at = (at + 1) & (buckets - 1);
        }
        None
    }
}

/// A table of weights whose rows have `N` cells.
#[derive(Clone, Copy, Debug)]
pub struct Table<'w, const N: usize> {
    cells: &'w [u8],
}

impl<'w, const N: usize> Table<'w, N> {
    /// Where the row of a feature starts in a table of `cells` cells.
    #[must_use]
    pub fn row(feature: u32, cells: usize) -> usize {
        ((u64::from(feature) * (cells - N) as u64) >> 32) as usize
    }

    /// The cell `n` cells after the start of a feature's row.
    fn cell(&self, feature: u32, n: usize) -> u8 {
        self.cells.get(Self::row(feature, self.cells.len()) + n).copied().unwrap_or(0)
    }

    fn start(&self, feature: u32) -> Option<&[u8; N]> {
        self.cells.get(Self::row(feature, self.cells.len())..)?.first_chunk()
    }
}

impl Table<'_, WIDE> {
    /// The sum of the features' rows.
    #[must_use]
    pub fn score(&self, features: &[u32]) -> [i16; WIDE] {
        // The rows lie in no near cache. Touching them all first lets the processor wait for all at once; it sees only a few sums ahead.
        let touch = |seen: u8, &feature: &u32| seen ^ self.cell(feature, 0) ^ self.cell(feature, WIDE - 1);
        std::hint::black_box(features.iter().fold(0, touch));
        let mut sum = [0i16; WIDE];
        for row in features.iter().filter_map(|&feature| self.start(feature)) {
            for (total, &weight) in sum.iter_mut().zip(row) {
                *total += i16::from(weight as i8);
            }
        }
        sum
    }
}

impl Table<'_, NARROW> {
    /// The sum of the features' rows: at most 256 of them.
    #[must_use]
    pub fn score(&self, features: &[u32]) -> [i16; NARROW] {
        // Four weights at once, as bytes without sign in the halves of two words.
        const LOW: u32 = 0x00ff_00ff;
        let (mut even, mut odd) = (0u32, 0u32);
        let mut rows = [0u32; 32];
        for features in features.chunks(rows.len()) {
            // The rows lie in no near cache: fetched before any is added, they are waited for all at once.
            for (row, &feature) in rows.iter_mut().zip(features) {
                *row = self.start(feature).map_or(0, |row| u32::from_le_bytes(*row));
            }
            for row in &rows[..features.len()] {
                let weights = row ^ 0x8080_8080;
                even += weights & LOW;
                odd += weights >> 8 & LOW;
            }
        }
        let signed = |half: u32| (half as u16).wrapping_sub(128 * features.len() as u16) as i16;
        [even, odd, even >> 16, odd >> 16].map(signed)
    }
}

/// The whole model.
#[derive(Clone, Copy, Debug)]
pub struct Weights<'w> {
    /// Frequent words.
    pub vocabulary: Vocabulary<'w>,
    /// For parts of speech.
    pub tags: Table<'w, WIDE>,
    /// For transitions.
    pub actions: Table<'w, NARROW>,
    /// For relations.
    pub labels: Table<'w, WIDE>,
    /// The class of each decision that always falls alike, by its [routine key](super::features): no table is asked.
    pub routine: Vocabulary<'w>,
}

fn bad(file: &str, reason: &str) -> Error {
    Error::Data { file: file.to_owned(), place: "header".to_owned(), reason: reason.to_owned() }
}

impl<'w> Weights<'w> {
    /// Reads a weight file.
    ///
    /// # Errors
    /// When the bytes are no such file.
    pub fn read(file: &str, bytes: &'w [u8]) -> Result<Self> {
        let bad = |reason: &str| bad(file, reason);
        let parts = Self::parts(file, bytes)?;
        let [words, tags, actions, labels, routine] = parts;
        let no_lookup = |part: &[u8]| !part.len().is_multiple_of(5) || !(part.len() / 5).is_power_of_two();
        if no_lookup(words) || no_lookup(routine) || tags.len() < 2 * WIDE || actions.len() < 2 * NARROW || labels.len() < 2 * WIDE {
            return Err(bad("a part has a wrong length"));
        }
        Ok(Self {
            vocabulary: Vocabulary::new(words),
            tags: Table { cells: tags },
            actions: Table { cells: actions },
            labels: Table { cells: labels },
            routine: Vocabulary::new(routine),
        })
    }

    /// The parts of a weight file: vocabulary, tags, actions, labels, routine.
    ///
    /// # Errors
    /// When the bytes are no such file.
    pub fn parts(file: &str, bytes: &'w [u8]) -> Result<[&'w [u8]; 5]> {
        let bad = |reason: &str| bad(file, reason);
        let (head, mut rest) = bytes.split_at_checked(28).ok_or_else(|| bad("too short"))?;
        if !head.starts_with(MAGIC) {
            return Err(bad("not a weight file of this version"));
        }
        let mut parts: [&[u8]; 5] = [&[]; 5];
        for (part, length) in parts.iter_mut().zip(head[8..].chunks_exact(4)) {
            let length = length.iter().rev().fold(0usize, |sum, &b| sum << 8 | usize::from(b));
            (*part, rest) = rest.split_at_checked(length).ok_or_else(|| bad("too short for its parts"))?;
        }
        Ok(parts)
    }

    /// A weight file of these parts: vocabulary, tags, actions, labels, routine.
    #[must_use]
    pub fn encode(parts: [&[u8]; 5]) -> Vec<u8> {
        let lengths = parts.iter().flat_map(|p| (p.len() as u32).to_le_bytes());
        let mut out: Vec<u8> = MAGIC.iter().copied().chain(lengths).collect();
        parts.iter().for_each(|p| out.extend_from_slice(p));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vocabulary_finds_what_was_put_in() {
        let words: Vec<(u32, u8)> = (1..1000u32).map(|n| (n.wrapping_mul(0x9e37_79b9), (n % 30) as u8)).collect();
        let bytes = Vocabulary::encode(&words);
        let vocabulary = Vocabulary::new(&bytes);
        assert!(words.iter().all(|&(hash, tag)| vocabulary.get(hash) == Some(tag)));
        assert_eq!(vocabulary.get(12345), None);
    }

    #[test]
    fn broken_files_are_refused() {
        let words = Vocabulary::encode(&[]);
        let whole = Weights::encode([&words, &[0; 96], &[0; 8], &[0; 96], &words]);
        assert!(Weights::read("w", &whole).is_ok());
        assert!((0..whole.len()).all(|n| Weights::read("w", &whole[..n]).is_err()));
    }

    #[test]
    fn four_at_once_are_four() {
        let cells: Vec<u8> = (0..=255u8).map(|n| n.wrapping_mul(37)).collect();
        let table = Table::<'_, NARROW> { cells: &cells };
        let features: Vec<u32> = (0..90u32).map(|n| n.wrapping_mul(0x9e37_79b9)).collect();
        let mut sum = [0i16; NARROW];
        for &feature in &features {
            let at = Table::<'_, NARROW>::row(feature, cells.len());
            sum.iter_mut().zip(&cells[at..]).for_each(|(total, &cell)| *total += i16::from(cell as i8));
        }
        assert_eq!(table.score(&features), sum);
    }

    #[test]
    fn rows_stay_within_the_table() {
        let cells = [1u8; 200];
        let table = Table::<'_, WIDE> { cells: &cells };
        assert_eq!(table.score(&[0, 1, u32::MAX, u32::MAX / 2]), [4; WIDE]);
    }
}
