//! The files of a directory.

use crate::error::{Error, Result, Stage};
use std::path::{Path, PathBuf};

/// A directory that is being walked, hidden files left out.
pub(super) struct Walk {
    root: PathBuf,
    entries: walkdir::IntoIter,
    found: bool,
}

impl Walk {
    /// In the order of names, which takes listing a directory before its first file; or as the directory has them, one after the other.
    pub(super) fn new(root: &Path, in_order: bool) -> Walk {
        let walk = walkdir::WalkDir::new(root).follow_links(true);
        let walk = if in_order { walk.sort_by_file_name() } else { walk };
        Walk { root: root.to_owned(), entries: walk.into_iter(), found: false }
    }

    /// The next file.
    pub(super) fn next(&mut self) -> Option<Result<PathBuf>> {
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
                    let reason =
                        e.io_error().map_or_else(|| "a link that leads back to its own directory".to_owned(), super::input::reason);
                    return Some(Err(Error::document(&path, Stage::Read, reason)));
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
