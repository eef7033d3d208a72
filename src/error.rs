//! The one error type: what failed, in which document, at which stage, and what to do about it.

use std::any::Any;
use std::fmt;

/// A stage of the pipeline, for messages and the run record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[expect(missing_docs, reason = "the names are the stages'")]
pub enum Stage {
    Read,
    Strip,
    Split,
    Recognise,
    Extract,
    Resolve,
    Graph,
}

impl Stage {
    /// The name on the command line and in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Stage::Read => "read",
            Stage::Strip => "strip",
            Stage::Split => "split",
            Stage::Recognise => "recognise",
            Stage::Extract => "extract",
            Stage::Resolve => "resolve",
            Stage::Graph => "graph",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A document failed; the others go on.
    #[error("{document}: {stage}: {reason}")]
    Document {
        /// Its id: path, or `path#record`.
        document: String,
        /// Where it failed.
        stage: Stage,
        /// Why, in words.
        reason: String,
        /// What the user can do.
        hint: Option<String>,
        /// Whether nothing went wrong: there is just no English article in it.
        left_out: bool,
    },
    /// A data file of the configuration is wrong.
    #[error("{file}: {place}: {reason}")]
    Data {
        /// Path or name of the file.
        file: String,
        /// Line or entry.
        place: String,
        /// Why, in words.
        reason: String,
    },
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// The system's word.
        source: std::io::Error,
    },
    /// A graph or a query over it is wrong.
    #[error("{0}")]
    Graph(String),
    /// A database at an address refused, or could not be reached.
    #[error("{address}: {reason}")]
    Server {
        /// Where, without credentials.
        address: String,
        /// Why, in words.
        reason: String,
        /// What the user can do.
        hint: Option<String>,
    },
    /// The request itself is wrong.
    #[error("{reason}")]
    Usage {
        /// Why, in words.
        reason: String,
        /// What the user can do.
        hint: Option<String>,
    },
}

impl Error {
    /// A document's failure.
    #[must_use]
    pub fn document(document: &str, stage: Stage, reason: impl Into<String>) -> Error {
        Error::Document { document: document.to_owned(), stage, reason: reason.into(), hint: None, left_out: false }
    }

    /// A document that holds no article to read: empty, or in another language.
    #[must_use]
    pub fn left_out(document: &str, stage: Stage, reason: impl Into<String>) -> Error {
        Error::Document { document: document.to_owned(), stage, reason: reason.into(), hint: None, left_out: true }
    }

    /// The same error with what the user can do about it.
    #[must_use]
    pub fn with_hint(mut self, words: impl Into<String>) -> Error {
        if let Error::Document { hint, .. } | Error::Usage { hint, .. } | Error::Server { hint, .. } = &mut self {
            *hint = Some(words.into());
        }
        self
    }

    /// What the user can do, where there is something.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        match self {
            Error::Document { hint, .. } | Error::Usage { hint, .. } | Error::Server { hint, .. } => hint.as_deref(),
            Error::Data { .. } => Some("the file of that name under models/ shows how it is written"),
            _ => None,
        }
    }
}

/// What a panic says.
pub(crate) fn panic_words(panic: &(dyn Any + Send)) -> &str {
    let words = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    words.unwrap_or("no message")
}

/// The library's result.
pub type Result<T> = std::result::Result<T, Error>;
