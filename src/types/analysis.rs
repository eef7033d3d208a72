//! All that is known of one article before any other joins.

use super::{Document, Extraction, Mention, Reference, Split};

/// An article with what each stage gave.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The stripped article.
    pub document: Document,
    /// Its sentences and tokens.
    pub split: Split,
    /// Its mentions, in order.
    pub mentions: Vec<Mention>,
    /// Its numbers, attributions, claims and relations.
    pub extraction: Extraction,
    /// What it calls one thing; every role of every claim is in one of them.
    pub references: Vec<Reference>,
    /// What it only describes, more than once, and no claim needs: not in the graph.
    pub described: Vec<Reference>,
}

impl Analysis {
    /// An article that no stage has looked at yet.
    #[must_use]
    pub fn of(document: Document) -> Analysis {
        Analysis {
            document,
            split: Split::default(),
            mentions: Vec::new(),
            extraction: Extraction::default(),
            references: Vec::new(),
            described: Vec::new(),
        }
    }
}
