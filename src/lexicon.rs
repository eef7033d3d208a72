//! The words that are data: where the files under `models/` are, and how a user's own are added to them.

use crate::error::{Error, Result};
use std::path::Path;

/// One data file: the built-in text, and the user's if `--rules DIR` has a file of that name.
#[derive(Clone, Debug)]
pub struct DataFile {
    /// Name within `models/` or the user's directory.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// The texts to load for one file name: the built-in one first, then the user's.
///
/// # Errors
/// When the user's file is there and cannot be read as UTF-8.
pub fn layers(name: &str, built_in: &str, rules: Option<&Path>) -> Result<Vec<DataFile>> {
    let mut files = vec![DataFile { name: format!("models/{name}"), text: built_in.to_owned() }];
    if let Some(path) = rules.map(|dir| dir.join(name)).filter(|path| path.is_file()) {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(&path).map_err(|source| Error::Io { path: shown.clone(), source })?;
        files.push(DataFile { name: shown, text });
    }
    Ok(files)
}
