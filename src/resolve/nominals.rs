//! Descriptions that lead to organizations: "the spy agency", "the army".

use crate::error::Result;
use crate::lexicon::{self, layers};
use serde::Deserialize;
use std::path::Path;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Description {
    words: Vec<String>,
    subtypes: Vec<String>,
    #[serde(default)]
    unique: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    description: Vec<Description>,
}

/// The table of `models/nominals.toml`.
#[derive(Debug, Default)]
pub struct Nominals {
    descriptions: Vec<Description>,
}

impl Nominals {
    /// The built-in table, with the user's from `rules` added.
    ///
    /// # Errors
    /// When a file does not parse; names file and line.
    pub fn load(rules: Option<&Path>) -> Result<Nominals> {
        let mut nominals = Nominals::default();
        for file in layers("nominals.toml", include_str!("../../models/nominals.toml"), rules)? {
            let parsed: File = lexicon::toml(&file)?;
            nominals.descriptions.extend(parsed.description);
        }
        Ok(nominals)
    }

    /// Whether a description (lower-case, without determiner) fits an organization of this subtype and name.
    pub(super) fn fits(&self, description: &str, subtype: Option<&str>, name: &str) -> bool {
        let by_subtype = subtype.is_some_and(|subtype| self.of(description).any(|d| d.subtypes.iter().any(|s| s == subtype)));
        let last = description.rsplit(' ').next().unwrap_or(description);
        by_subtype || last.len() > 3 && name.split(' ').any(|word| word.eq_ignore_ascii_case(last))
    }

    /// The subtype of which a state has but one body.
    pub(super) fn unique<'s>(&'s self, description: &'s str) -> Option<&'s str> {
        self.of(description).find(|d| d.unique).and_then(|d| d.subtypes.first()).map(String::as_str)
    }

    /// The entries whose words end the description; only those with the longest such words.
    fn of<'s>(&'s self, description: &'s str) -> impl Iterator<Item = &'s Description> {
        let ends = |word: &&String| description.strip_suffix(word.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with(' '));
        let length = move |d: &Description| d.words.iter().filter(ends).map(String::len).max();
        let longest = self.descriptions.iter().filter_map(length).max();
        self.descriptions.iter().filter(move |d| longest.is_some() && length(d) == longest)
    }
}
