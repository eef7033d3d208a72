//! The whole texts of articles, where the files that they were read from are still there and still the same.

use crate::graph::Node;
use crate::graph::iri::{Iri, Minter, hex};
use crate::read::Reader;
use crate::strip::Stripper;
use crate::types::Document;
use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// The documents of articles, by their IRIs. An IRI is a digest of the source's digest, so that a file that has changed gives none.
pub(super) fn documents(minter: &Minter, articles: &[Node<'_>], sources: Option<&Path>) -> FxHashMap<Iri, Document> {
    let mut found = FxHashMap::default();
    let (Ok(reader), Ok(stripper)) = (Reader::load(None), Stripper::load(None)) else { return found };
    let wanted: FxHashSet<&Iri> = articles.iter().map(|article| article.iri).collect();
    let digests: FxHashSet<&str> = articles.iter().flat_map(|article| article.texts("wg:sha256")).collect();
    let mut asked: FxHashSet<PathBuf> = FxHashSet::default();
    for written in articles.iter().flat_map(|article| article.texts("wg:sourceFile")) {
        let Some(path) = file(written, sources) else { continue };
        if !asked.insert(path.clone()) {
            continue;
        }
        for raw in reader.inputs(&[path]).flatten() {
            if !digests.contains(hex(&Sha256::digest(&raw.bytes)).as_str()) {
                continue;
            }
            for document in stripper.strip(&raw).unwrap_or_default() {
                let iri = minter.article(&document.sha256, document.story_start);
                if wanted.contains(&iri) {
                    found.insert(iri, document);
                }
            }
        }
    }
    found
}

/// The file that a path or `path#record` names, if it is one.
fn file(written: &str, sources: Option<&Path>) -> Option<PathBuf> {
    let whole = written.rsplit_once('#').filter(|(_, number)| number.bytes().all(|b| b.is_ascii_digit())).map(|(path, _)| path);
    [Some(written), whole]
        .into_iter()
        .flatten()
        .map(|path| sources.map_or_else(|| path.into(), |from| from.join(path)))
        .find(|path| path.is_file())
}
