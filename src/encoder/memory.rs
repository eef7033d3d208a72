//! What a model said before, so that what comes again, as in reprints, is read once.

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex, PoisonError};

/// Readings that are remembered; past so many all are forgotten.
const REMEMBERED: usize = 1 << 16;

/// What identifies what was read.
pub type Key = [u8; 16];

/// A shared memory of readings.
#[derive(Debug)]
pub struct Memory<T: ?Sized> {
    seen: Mutex<FxHashMap<Key, Arc<T>>>,
}

impl<T: ?Sized> Default for Memory<T> {
    fn default() -> Self {
        Self { seen: Mutex::default() }
    }
}

impl<T: ?Sized> Memory<T> {
    /// The key of what is made of these parts.
    #[must_use]
    pub fn key<P: AsRef<[u8]>>(parts: impl Iterator<Item = P>) -> Key {
        let mut digest = Sha256::new();
        for part in parts {
            digest.update(part.as_ref());
            digest.update(b"\n");
        }
        let digest = digest.finalize();
        std::array::from_fn(|at| digest[at])
    }

    /// What was said of each key, where it was read before.
    #[must_use]
    pub fn recall(&self, keys: &[Key]) -> Vec<Option<Arc<T>>> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        keys.iter().map(|key| seen.get(key).map(Arc::clone)).collect()
    }

    /// Keeps what was said.
    pub fn keep(&self, key: Key, said: Arc<T>) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= REMEMBERED {
            seen.clear();
        }
        seen.insert(key, said);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_recalled_and_nothing_else() {
        let memory: Memory<[u8]> = Memory::default();
        let (one, other) = (Memory::<[u8]>::key(["a", "b"].iter()), Memory::<[u8]>::key(["ab"].iter()));
        memory.keep(one, Arc::from([7].as_slice()));
        assert_eq!(memory.recall(&[other, one]), [None, Some(Arc::from([7].as_slice()))]);
    }
}
