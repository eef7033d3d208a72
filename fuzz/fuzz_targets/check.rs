//! What holds of whatever is read.

use std::sync::LazyLock;
use wiregraph::split::Splitter;
use wiregraph::strip::Stripper;
use wiregraph::types::{Content, Metadata, RawDocument};

static STAGES: LazyLock<(Stripper, Splitter)> =
    LazyLock::new(|| (Stripper::load(None).expect("built-in data"), Splitter::load(None).expect("built-in data")));

/// Strips and splits, and checks that spans are of the text and of the source.
pub fn article(bytes: &[u8], content: Content) {
    let (stripper, splitter) = &*STAGES;
    let raw = RawDocument { id: "f".into(), source_file: "f".into(), bytes: bytes.to_vec(), content, charset: None, hints: Metadata::default() };
    for document in stripper.strip(&raw).into_iter().flatten() {
        assert!(document.headings.iter().all(|heading| *heading < document.paragraphs.len()));
        for sentence in &splitter.split(&document).sentences {
            assert!(!sentence.span.of(&document.text).trim().is_empty());
            let source = document.map.to_source(sentence.span).expect("all text comes from the source");
            assert!(source.start < source.end && source.end as usize <= bytes.len());
        }
    }
}
