//! Offsets that say in their type what they point into.

use serde::{Deserialize, Serialize};

/// A half-open run of UTF-8 bytes of [`Document::text`](crate::types::Document::text).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ByteSpan {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl ByteSpan {
    /// A span from byte offsets of a text.
    ///
    /// # Panics
    /// When `start > end` or an offset does not fit 32 bits; readers refuse texts that long.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        assert!(start <= end && u32::try_from(end).is_ok(), "span {start}..{end}");
        Self { start: start as u32, end: end as u32 }
    }

    /// The words the span covers.
    ///
    /// # Panics
    /// When the span does not lie on character boundaries of `text`.
    #[must_use]
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start as usize..self.end as usize]
    }

    /// The span as a range of `usize`, for slicing.
    #[must_use]
    pub fn range(&self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.end - self.start
    }

    /// Whether the span covers nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Whether `other` lies inside this span.
    #[must_use]
    pub fn covers(&self, other: ByteSpan) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share at least a byte.
    #[must_use]
    pub fn overlaps(&self, other: ByteSpan) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn join(&self, other: ByteSpan) -> ByteSpan {
        ByteSpan { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A half-open run of bytes of the source: the bytes that `wg:sha256` covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourceSpan {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}
