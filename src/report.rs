//! The page that people look at: one file that opens from disk, with the graph's figures, claims, articles, people, places and gaps in it.
//!
//! [`gather`] turns the graph into one block of data, [`document`] puts it into the page. Script and styles are the product of `src/report/page`, a
//! folder of its own that Node builds; they are embedded, and Cargo needs no Node.

mod article;
mod data;
mod document;
mod gather;
mod sorted;
mod sources;

pub use document::{content_security_policy, page_size};

use crate::error::{Error, Result};
use crate::graph::Graph;
use std::io::Write;
use std::path::PathBuf;

/// The size of a page unless the user gives another, in megabytes.
pub const DEFAULT_LIMIT_MB: u32 = 15;

/// How a report is made.
#[derive(Clone, Debug)]
pub struct Options {
    /// The most bytes that the page may have.
    pub limit: usize,
    /// The directory that paths of articles start from; `None` for where the program runs.
    pub sources: Option<PathBuf>,
}

/// What a page holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Articles in the page.
    pub articles: usize,
    /// Of them, those whose whole text could be shown.
    pub whole: usize,
    /// Articles that the limit left out.
    pub left_out: usize,
    /// Claims and relations in the page.
    pub claims: usize,
    /// Bytes of the page.
    pub bytes: usize,
}

/// Writes the report of a graph.
///
/// # Errors
/// When the limit has no room for any article, or the writer fails.
pub fn write(graph: &Graph, options: &Options, out: &mut impl Write) -> Result<Summary> {
    let room = options.limit.checked_sub(page_size()).filter(|room| *room > 0).ok_or_else(|| too_small(options.limit))?;
    let data = gather::gather(graph, options.sources.as_deref(), room);
    if data.articles.is_empty() && data.about.articles_in_graph > 0 {
        return Err(too_small(options.limit));
    }
    let page = document::fill(&data)?;
    out.write_all(page.as_bytes()).map_err(|source| Error::Io { path: "output".into(), source })?;
    Ok(Summary {
        articles: data.articles.len(),
        whole: data.articles.iter().filter(|article| article.whole).count(),
        left_out: data.about.articles_in_graph - data.articles.len(),
        claims: data.claims.len(),
        bytes: page.len(),
    })
}

fn too_small(limit: usize) -> Error {
    let empty = page_size().div_ceil(1_000_000);
    Error::Usage {
        reason: format!("a page of {} MB has no room for an article", limit / 1_000_000),
        hint: Some(format!("the page alone takes up to {empty} MB: give --limit-mb more than that")),
    }
}

#[cfg(test)]
mod tests;
