//! The names by which a page's own data are known, from `models/strip/meta.toml`.

use crate::error::Result;
use crate::lexicon;
use crate::read::{day, days};
use jiff::civil::Date;
use regex::Regex;
use std::path::Path;
use std::sync::LazyLock;

const FILE: &str = "strip/meta.toml";
const BUILT_IN: &str = include_str!("../../../models/strip/meta.toml");

/// Names of tags and keys, named as the lists of the data file are.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Tags {
    pub publisher: Vec<String>,
    pub title: Vec<String>,
    pub author: Vec<String>,
    pub published: Vec<String>,
    pub modified: Vec<String>,
    pub url: Vec<String>,
    pub language: Vec<String>,
    state: Vec<String>,
    changed: Vec<String>,
}

impl Tags {
    /// The built-in names, with the user's from `rules` after them.
    pub(crate) fn load(rules: Option<&Path>) -> Result<Tags> {
        let mut all = Tags::default();
        for file in lexicon::layers(FILE, BUILT_IN, rules)? {
            let more: Tags = lexicon::toml(&file)?;
            all.publisher.extend(more.publisher);
            all.title.extend(more.title);
            all.author.extend(more.author);
            all.published.extend(more.published);
            all.modified.extend(more.modified);
            all.url.extend(more.url);
            all.language.extend(more.language);
            all.state.extend(more.state);
            all.changed.extend(more.changed);
        }
        Ok(all)
    }

    /// The day of publication in the state that a page's scripts carry: `"datePublished":"2024-04-08T…"`, quotes escaped or not.
    pub(super) fn dated(&self, script: &str) -> Option<Date> {
        static PAIR: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r#"\\?"([A-Za-z_]{3,40})\\?"\s*:\s*\\?"([0-9]{4}-[0-9]{2}-[0-9]{2})"#).expect("a test compiles it")
        });
        PAIR.captures_iter(script).find_map(|found| {
            let key: String = found[1].chars().filter(|c| *c != '_').collect::<String>().to_ascii_lowercase();
            self.state.contains(&key).then(|| day(&found[2]))?
        })
    }

    /// The days that a line names, each with whether it is the day of a change.
    pub(super) fn days(&self, line: &str) -> Vec<(Date, bool)> {
        let mut found: Vec<(Date, bool)> = Vec::new();
        let mut from = 0;
        for (span, date) in days(line) {
            let words = line[from..span.start].to_lowercase();
            let changed = words
                .split(|c: char| !c.is_alphabetic())
                .filter(|word| !word.is_empty())
                .rev()
                .take(4)
                .any(|word| self.changed.iter().any(|changed| changed == word));
            found.push((date, changed));
            from = span.end;
        }
        found
    }
}
