//! What one article calls one thing.

use super::{ByteSpan, Kind};

/// All that one article calls one thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// What it is.
    pub kind: Kind,
    /// Proper forms, fullest first, each once.
    pub names: Vec<String>,
    /// Descriptions that lead to it ("the spy agency"), each once.
    pub nominals: Vec<String>,
    /// Every mention, nominals and pronouns included, in order.
    pub mentions: Vec<ByteSpan>,
    /// The gazetteer's key.
    pub key: Option<String>,
    /// Why these mentions are one, in words.
    pub reason: String,
    /// Post, for a person, as written.
    pub job_title: Option<String>,
}
