//! Exports into databases, held against the graph: real servers, from Python's package index.
//!
//! Skipped, with a word on standard error, where Python or the index cannot be had; `WIREGRAPH_REQUIRE=databases` makes that a failure.

mod oxigraph;
mod property;
mod python;

use std::path::Path;
use std::process::{Command, Output};
use std::sync::OnceLock;
use tempfile::TempDir;

/// The program.
fn wiregraph() -> Command {
    Command::new(env!("CARGO_BIN_EXE_wiregraph"))
}

/// The graph of the corpus, and a correction in it: about fifty articles.
fn graph() -> &'static Path {
    static GRAPH: OnceLock<(TempDir, std::path::PathBuf)> = OnceLock::new();
    let (_, path) = GRAPH.get_or_init(|| {
        let directory = TempDir::new().expect("a directory");
        let path = directory.path().join("graph.jsonld");
        let corpus = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"));
        let mut stories: Vec<_> = std::fs::read_dir(corpus.join("stories"))
            .expect("the stories")
            .map(|story| story.expect("a story").path().join("articles"))
            .filter(|articles| articles.is_dir())
            .collect();
        stories.sort();
        let mut run = wiregraph();
        run.arg("run").arg(corpus.join("articles")).args(stories).args(["--recogniser", "rules", "-o"]).arg(&path);
        succeeded(run.output().expect("the program runs"));
        (directory, path)
    });
    path
}

/// What a command that succeeded said on standard output and standard error.
fn succeeded(output: Output) -> (String, String) {
    let (out, err) = said(&output);
    assert!(output.status.success(), "{}: {err}", output.status);
    (out, err)
}

/// What a command that could not do its work said on standard error: one line of error and one of hint, and exit code 2.
fn failed(output: Output) -> String {
    let (_, err) = said(&output);
    assert_eq!(output.status.code(), Some(2), "{err}");
    let starts: Vec<&str> = err.lines().map(|line| line.split(' ').next().unwrap_or_default()).collect();
    assert_eq!(starts, ["error:", "hint:"], "{err}");
    err
}

fn said(output: &Output) -> (String, String) {
    (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned())
}
