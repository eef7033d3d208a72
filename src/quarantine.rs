//! Documents that failed, set aside with why: to be looked at, reported, and read again.

use crate::error::{Error, Result};
use crate::types::{Content, RawDocument};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// A directory of documents that failed.
#[derive(Debug)]
pub struct Quarantine {
    directory: PathBuf,
}

impl Quarantine {
    /// Makes the directory where there is none.
    ///
    /// # Errors
    /// When it cannot be made or written to.
    pub fn open(directory: &Path) -> Result<Quarantine> {
        let wrong = |source| Error::Io { path: directory.display().to_string(), source };
        std::fs::create_dir_all(directory).map_err(wrong)?;
        // Writing must be possible before the long run starts.
        tempfile::tempfile_in(directory).map_err(wrong)?;
        Ok(Quarantine { directory: directory.to_owned() })
    }

    /// Sets a document aside: its bytes in a file that is named by their digest, and beside it what it is and why it failed.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn set_aside(&self, document: &RawDocument, why: &Error) -> Result<()> {
        let Error::Document { stage, reason, left_out: false, .. } = why else { return Ok(()) };
        let name = &crate::graph::iri::hex(&Sha256::digest(&document.bytes))[..32];
        let ending = if document.content == Content::Html { "html" } else { "txt" };
        let told = json!({
            "id": document.id,
            "source_file": document.source_file,
            "url": document.hints.url,
            "stage": stage.name(),
            "reason": reason,
        });
        let mut told = told.to_string();
        told.push('\n');
        for (ending, bytes) in [(ending, document.bytes.as_slice()), ("json", told.as_bytes())] {
            let path = self.directory.join(format!("{name}.{ending}"));
            std::fs::write(&path, bytes).map_err(|source| Error::Io { path: path.display().to_string(), source })?;
        }
        Ok(())
    }
}
