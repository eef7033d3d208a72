//! The annotated articles, read by the pipeline.

use super::gold::GoldArticle;
use crate::error::{Error, Result, Stage};
use crate::types::Analysis;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;

/// What reads a page: its stories in order.
pub trait Reader: Fn(&Path) -> Result<Vec<Analysis>> + Sync {}

impl<F: Fn(&Path) -> Result<Vec<Analysis>> + Sync> Reader for F {}

/// What the reader gave for each gold article; pages are read once each, in parallel.
#[must_use]
pub fn analyse_all(gold: &[GoldArticle], read: &impl Reader) -> Vec<Result<Analysis>> {
    let mut wanted: BTreeMap<&Path, Vec<usize>> = BTreeMap::new();
    for (index, article) in gold.iter().enumerate() {
        wanted.entry(&article.article).or_default().push(index);
    }
    let of_page = |(path, wanted): (&Path, Vec<usize>)| -> Vec<(usize, Result<Analysis>)> {
        let no_story = |story: usize| Error::document(&path.display().to_string(), Stage::Strip, format!("no story {story} was found"));
        match read(path) {
            Ok(stories) => wanted
                .into_iter()
                .map(|index| {
                    let story = gold[index].story;
                    (index, stories.get(story - 1).cloned().ok_or_else(|| no_story(story)))
                })
                .collect(),
            Err(error) => {
                let reason = error.to_string();
                wanted.into_iter().map(|index| (index, Err(Error::Usage { reason: reason.clone(), hint: None }))).collect()
            }
        }
    };
    let pages: Vec<_> = wanted.into_iter().collect();
    let mut results: Vec<(usize, Result<Analysis>)> = pages.into_par_iter().flat_map_iter(of_page).collect();
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}
