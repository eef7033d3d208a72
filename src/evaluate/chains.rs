//! Scores of what an article's names are one of: chains of mentions that gold puts under one key.

use super::coreference::Coreference;
use super::gold::GoldArticle;
use super::mentions::without_article;
use crate::types::{Analysis, ByteSpan};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// One article's chains of names beside those of gold, on the program's own mentions. Gold says for names alone where they stand, so descriptions and
/// pronouns are left out; so are chains of one, and predicted mentions that are in gold without a key: of those gold does not say whose they are.
pub fn chains(gold: &GoldArticle, analysis: Option<&Analysis>, to_document: &dyn Fn(ByteSpan) -> Option<ByteSpan>) -> Coreference {
    let text = analysis.map_or("", |analysis| analysis.document.text.as_str());
    let mut by_key: BTreeMap<&str, Vec<Item>> = BTreeMap::new();
    let mut keyless: FxHashSet<ByteSpan> = FxHashSet::default();
    for (index, mention) in gold.mentions.iter().enumerate() {
        let here = to_document(mention.span).map(|span| without_article(text, span));
        match &mention.key {
            Some(key) => by_key.entry(key).or_default().push(here.map_or(Item::Missing(index), Item::At)),
            None => keyless.extend(here),
        }
    }
    let names: FxHashMap<ByteSpan, ByteSpan> =
        analysis.map_or(&[][..], |a| &a.mentions).iter().map(|m| (m.span, without_article(text, m.span))).collect();
    let of_reference = |mentions: &[ByteSpan]| -> Vec<Item> {
        mentions.iter().filter_map(|span| names.get(span)).filter(|span| !keyless.contains(span)).map(|span| Item::At(*span)).collect()
    };
    let predicted: Vec<Vec<Item>> = analysis.map_or(&[][..], |a| &a.references).iter().map(|r| of_reference(&r.mentions)).collect();
    let chains = |all: Vec<Vec<Item>>| all.into_iter().filter(|chain| chain.len() > 1).collect::<Vec<_>>();
    Coreference::of(&chains(by_key.into_values().collect()), &chains(predicted))
}

/// A mention of either side.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Item {
    /// Where it stands in the document.
    At(ByteSpan),
    /// A gold mention that the document's text does not have.
    Missing(usize),
}
