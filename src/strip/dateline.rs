//! What agency copy says of itself: the dateline that opens it and the agency's tag that closes it.

use crate::types::{ByteSpan, Dateline};

/// What the words of a clean text say of its origin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// The dateline; it stays in the text.
    pub dateline: Option<Dateline>,
    /// The agency, by its usual name.
    pub agency: Option<String>,
    /// What is to be taken out of the text: the agency's closing tag. Ascending, each at the start or end of a paragraph.
    pub cuts: Vec<ByteSpan>,
}

/// Reads the dateline and the agency from a clean text.
#[must_use]
pub fn read(text: &str, paragraphs: &[ByteSpan]) -> Opening {
    let _ = (text, paragraphs);
    Opening::default()
}
