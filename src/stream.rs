//! A long-lived process among others: a line of JSON in, a line of JSON out, in order.
//!
//! A line holds one article, and is answered with its facts as one JSON-LD document; a line that gives no article is answered with why. Nothing is concluded:
//! uniting the fragments does that.

use crate::error::{Error, Result};
use crate::graph::Graph;
use crate::ordered::{Take, map_in_order};
use crate::pipeline::Pipeline;
use crate::types::RawDocument;
use serde_json::json;
use std::io::Write;

/// What a stream came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    /// Lines.
    pub lines: u64,
    /// Those of them that were answered with an error.
    pub errors: u64,
}

/// Answers each record with a fragment or with why there is none, on `threads` threads.
///
/// # Errors
/// When the answers cannot be written.
pub fn stream(
    pipeline: &Pipeline,
    records: impl Iterator<Item = Result<RawDocument>> + Send,
    threads: usize,
    out: impl Write,
) -> Result<Answered> {
    let mut answers = Answers { out, answered: Answered::default() };
    map_in_order(records, threads, |record| answer(pipeline, record), &mut answers)?;
    Ok(answers.answered)
}

/// The line that a record is answered with; an error's if it is one.
fn answer(pipeline: &Pipeline, record: Result<RawDocument>) -> std::result::Result<Vec<u8>, Vec<u8>> {
    let facts = record.and_then(|raw| pipeline.facts(&raw)).and_then(|graph: Graph| {
        let mut line = Vec::new();
        graph.write_json_ld_line(&mut line)?;
        Ok(line)
    });
    facts.map_err(|error| {
        let answer = match &error {
            Error::Document { document, stage, reason, .. } => json!({ "id": document, "stage": stage.name(), "reason": reason }),
            other => json!({ "reason": other.to_string() }),
        };
        format!("{}\n", json!({ "error": answer })).into_bytes()
    })
}

struct Answers<W> {
    out: W,
    answered: Answered,
}

impl<W: Write> Take<std::result::Result<Vec<u8>, Vec<u8>>> for Answers<W> {
    type Error = Error;

    fn take(&mut self, answer: std::result::Result<Vec<u8>, Vec<u8>>) -> Result<()> {
        self.answered.lines += 1;
        self.answered.errors += u64::from(answer.is_err());
        let line = answer.unwrap_or_else(|error| error);
        self.out.write_all(&line).map_err(wrong)
    }

    /// Whoever waits for the last answer gets it.
    fn idle(&mut self) -> Result<()> {
        self.out.flush().map_err(wrong)
    }
}

fn wrong(source: std::io::Error) -> Error {
    Error::Io { path: "standard output".into(), source }
}
