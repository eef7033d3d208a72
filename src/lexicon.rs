//! The words that are data: where the files under `models/` are, and how a user's own are added to them.

use crate::error::{Error, Result};
use serde::de::DeserializeOwned;
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

/// What a data file in TOML says.
///
/// # Errors
/// When the text is no TOML or does not have the shape; names file and line.
pub fn toml<T: DeserializeOwned>(file: &DataFile) -> Result<T> {
    toml::from_str(&file.text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start.min(file.text.len()));
        let line = file.text.as_bytes()[..at].iter().filter(|b| **b == b'\n').count() + 1;
        Error::Data { file: file.name.clone(), place: format!("line {line}"), reason: error.message().to_owned() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn a_mistake_is_named_with_file_line_and_remedy() {
        let file = DataFile { name: "x.toml".to_owned(), text: "one = [\"é\"]\ntwo = [\n  5,\n]\n".to_owned() };
        let error = toml::<BTreeMap<String, Vec<String>>>(&file).expect_err("a number is no word");
        assert!(error.to_string().starts_with("x.toml: line 3: "), "{error}");
        assert!(error.hint().is_some_and(|hint| hint.contains("models/")));
    }
}
