//! How far an export into a database came, so that one that broke off goes on where it stopped.
//!
//! Batches are made from the graph in one order, so a number and a digest of those that the server has taken say which are left. The state is a file beside
//! the graph; success removes it.

use crate::graph::iri::hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// What the state file holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    /// Where to, and how: another is another export.
    target: String,
    /// Batches that the server has taken.
    done: usize,
    /// SHA-256 over them.
    digest: String,
}

/// The progress of one export.
pub struct Progress {
    file: Option<PathBuf>,
    target: String,
    earlier: Option<State>,
    digest: Sha256,
    done: usize,
}

impl Progress {
    /// The progress of exporting `graph`, a file or directory, to `target`. Without a path nothing is kept.
    #[must_use]
    pub fn open(graph: Option<&Path>, target: &str) -> Progress {
        let file = graph.and_then(|graph| {
            let name = graph.file_name()?.to_string_lossy().into_owned();
            Some(graph.with_file_name(format!("{name}.export")))
        });
        let read = |file: &PathBuf| serde_json::from_slice::<State>(&std::fs::read(file).ok()?).ok();
        let earlier = file.as_ref().and_then(read).filter(|state| state.target == target);
        Progress { file, target: target.to_owned(), earlier, digest: Sha256::new(), done: 0 }
    }

    /// How many of these batches an export that broke off has brought to the server; 0 where its batches were others.
    pub fn taken<B: AsRef<[u8]>>(&self, batches: impl Iterator<Item = B>) -> usize {
        let Some(earlier) = &self.earlier else { return 0 };
        let mut digest = Sha256::new();
        let mut seen = 0;
        for batch in batches.take(earlier.done) {
            add(&mut digest, batch.as_ref());
            seen += 1;
        }
        if seen == earlier.done && hex(&digest.finalize()) == earlier.digest { seen } else { 0 }
    }

    /// Notes that the server holds one more batch. That the note cannot be written is no failure: the next export starts anew.
    pub fn note(&mut self, batch: &[u8], write: bool) {
        add(&mut self.digest, batch);
        self.done += 1;
        let Some(file) = self.file.as_ref().filter(|_| write) else { return };
        let state = State { target: self.target.clone(), done: self.done, digest: hex(&self.digest.clone().finalize()) };
        let directory = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let written = || {
            let mut beside = NamedTempFile::new_in(directory)?;
            beside.write_all(&serde_json::to_vec(&state)?)?;
            beside.persist(file).map_err(|error| error.error)
        };
        let _ = written();
    }

    /// Ends it: everything is there.
    pub fn finish(self) {
        if let Some(file) = self.file {
            let _ = std::fs::remove_file(file);
        }
    }
}

fn add(digest: &mut Sha256, batch: &[u8]) {
    digest.update((batch.len() as u64).to_be_bytes());
    digest.update(batch);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_that_broke_off_goes_on_and_another_starts_anew() {
        let directory = tempfile::tempdir().expect("a directory");
        let graph = directory.path().join("graph.jsonld");
        let batches = ["one", "two", "three"];
        let mut progress = Progress::open(Some(&graph), "http://a/update");
        assert_eq!(progress.taken(batches.iter()), 0);
        for batch in &batches[..2] {
            progress.note(batch.as_bytes(), true);
        }
        let again = Progress::open(Some(&graph), "http://a/update");
        assert_eq!(again.taken(batches.iter()), 2);
        assert_eq!(again.taken(["one", "2", "three"].iter()), 0);
        assert_eq!(again.taken(["one"].iter()), 0);
        assert_eq!(Progress::open(Some(&graph), "http://b/update").taken(batches.iter()), 0);
        again.finish();
        assert_eq!(Progress::open(Some(&graph), "http://a/update").taken(batches.iter()), 0);
        assert_eq!(std::fs::read_dir(directory.path()).expect("the directory").count(), 0);
    }
}
