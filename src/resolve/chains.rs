//! Chains of noun phrases while they grow.

use super::nominals::Kinds;
use super::phrases::Phrase;
use crate::types::ByteSpan;
use rustc_hash::{FxHashMap, FxHashSet};

/// Phrases and the chains that they are in so far.
#[derive(Debug, Default)]
pub(super) struct Chains {
    /// In the order of the text.
    pub phrases: Vec<Phrase>,
    /// By phrase, its chain; a chain is named by one of its phrases.
    chain: Vec<usize>,
    /// By chain, its phrases, in order; empty for one that was joined to another.
    members: Vec<Vec<usize>>,
    /// By chain, the reference of its names.
    references: Vec<Option<usize>>,
    /// Phrases that the reader of antecedents led back.
    pub read: FxHashSet<usize>,
}

impl Chains {
    pub(super) fn new(mut phrases: Vec<Phrase>) -> Chains {
        phrases.sort_by_key(|p| (p.span.start, std::cmp::Reverse(p.span.end)));
        let mut chains = Chains {
            chain: (0..phrases.len()).collect(),
            members: (0..phrases.len()).map(|at| vec![at]).collect(),
            references: phrases.iter().map(|p| p.reference).collect(),
            read: FxHashSet::default(),
            phrases,
        };
        // Names of one reference are a chain from the start.
        let mut first: FxHashMap<usize, usize> = FxHashMap::default();
        for at in 0..chains.phrases.len() {
            if let Some(reference) = chains.phrases[at].reference {
                let with = *first.entry(reference).or_insert(at);
                chains.unite(with, at);
            }
        }
        chains
    }

    /// The phrases of a sentence.
    pub(super) fn within(&self, sentence: usize) -> std::ops::Range<usize> {
        self.phrases.partition_point(|p| p.sentence < sentence)..self.phrases.partition_point(|p| p.sentence <= sentence)
    }

    /// The chain of a phrase.
    pub(super) fn of(&self, phrase: usize) -> usize {
        self.chain[phrase]
    }

    /// A chain's phrases, in the order of the text.
    pub(super) fn members(&self, chain: usize) -> &[usize] {
        &self.members[chain]
    }

    /// The reference of a chain's names.
    pub(super) fn reference(&self, chain: usize) -> Option<usize> {
        self.references[chain]
    }

    /// The chain of the description that some words are, whatever opens them and follows its head. "The ministry" is not what "the ministry's bulletin" is.
    pub(super) fn around(&self, words: ByteSpan, text: &str) -> Option<usize> {
        let from = self.phrases.partition_point(|p| p.span.start < words.start).saturating_sub(2);
        let near = self.phrases[from..].iter().enumerate().take_while(|(_, p)| p.span.start < words.end);
        let is_it = |p: &Phrase| {
            let rest = text.get(p.head.end as usize..words.end as usize);
            let heads = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ',']));
            p.reference.is_none() && words.covers(p.head) && heads && (p.span.start <= words.start || p.head.end == words.end)
        };
        near.filter(|(_, p)| is_it(p)).min_by_key(|(_, p)| p.head.start).map(|(step, _)| self.of(from + step))
    }

    /// Gives a chain without a name a reference.
    pub(super) fn set_reference(&mut self, chain: usize, reference: usize) {
        self.references[chain] = Some(reference);
    }

    fn unite(&mut self, a: usize, b: usize) {
        let (a, b) = (self.chain[a], self.chain[b]);
        if a == b {
            return;
        }
        let (into, from) = if a < b { (a, b) } else { (b, a) };
        let moved = std::mem::take(&mut self.members[from]);
        for at in &moved {
            self.chain[*at] = into;
        }
        self.members[into].extend(moved);
        self.members[into].sort_unstable();
        self.references[into] = self.references[into].or(self.references[from]);
    }

    pub(super) fn kinds(&self, chain: usize) -> Kinds {
        self.members[chain].iter().map(|at| self.phrases[*at].kinds).reduce(Kinds::and).unwrap_or_default()
    }

    /// Makes two phrases' chains one, unless they have two names or are of kinds or numbers that cannot be one.
    pub(super) fn join(&mut self, a: usize, b: usize) -> bool {
        let (one, other) = (self.chain[a], self.chain[b]);
        if one == other {
            return true;
        }
        if self.references[one].is_some() && self.references[other].is_some() {
            return false;
        }
        let kinds = self.kinds(one).and(self.kinds(other));
        let (p, q) = (&self.phrases[a], &self.phrases[b]);
        if kinds.is_empty() || p.group != q.group || kinds == Kinds::PERSON && p.plural != q.plural {
            return false;
        }
        self.unite(a, b);
        true
    }
}
