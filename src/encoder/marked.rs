//! Words that a model is asked about, in their sentence and what stands before it: they are marked by a token type of their own, as Shi and Lin (2019) mark
//! the predicate whose roles they ask for.

use super::decode::Logits;
use super::memory::{Key, Memory};
use super::network::Piece;
use super::{Encoder, Sequence};
use crate::types::{ByteSpan, Document, Split};
use std::sync::Arc;

/// The token type of what is asked about; the casings come before it.
pub const MARKED: u8 = 5;

/// What is read with the sentence of the marked words.
#[derive(Clone, Copy, Debug)]
pub struct Around {
    /// Sentences before it, at most.
    pub sentences: usize,
    /// Pieces that they may fill up to, the sentence's own among them.
    pub pieces: usize,
}

/// The sequence of marked words, and whose token each of its rows is.
#[derive(Debug)]
pub struct Laid {
    /// All pieces; every token's first is wanted.
    pub sequence: Sequence,
    /// By row, the token's place in the document.
    pub tokens: Vec<usize>,
    /// The row of the first marked token.
    pub row: usize,
}

impl Laid {
    /// What identifies the sequence.
    #[must_use]
    pub fn key(&self) -> Key {
        let pieces = self.sequence.pieces.iter().map(|p| p.id << 8 | u32::from(p.casing));
        let rows = self.sequence.wanted.iter().map(|at| u32::try_from(*at).unwrap_or(u32::MAX));
        Memory::<()>::key(pieces.chain(rows).map(u32::to_le_bytes))
    }
}

impl Encoder {
    /// What a model says of each: remembered where the same was read before, told by `tell` from its rows where not.
    #[must_use]
    pub fn ask<T: ?Sized>(&self, laid: &[&Laid], seen: &Memory<T>, tell: impl Fn(&Laid, &Logits) -> Arc<T>) -> Vec<Arc<T>> {
        let keys: Vec<Key> = laid.iter().map(|laid| laid.key()).collect();
        let mut told = seen.recall(&keys);
        let new: Vec<usize> = (0..laid.len()).filter(|at| told[*at].is_none()).collect();
        let sequences: Vec<Sequence> = new.iter().map(|at| laid[*at].sequence.clone()).collect();
        for (at, logits) in new.into_iter().zip(self.read(&sequences)) {
            let said = tell(laid[at], &logits);
            seen.keep(keys[at], Arc::clone(&said));
            told[at] = Some(said);
        }
        told.into_iter().flatten().collect()
    }

    /// The sentence of some words, all of it that fits round them, and before it what still fits of the sentences before. None where they do not fit.
    #[must_use]
    pub fn lay_out(&self, document: &Document, split: &Split, marked: ByteSpan, around: Around) -> Option<Laid> {
        let index = split.sentences.partition_point(|s| s.span.end <= marked.start);
        let own = split.sentences.get(index)?.tokens.clone();
        let is_marked = |at: usize| split.tokens[at].span.overlaps(marked);
        let first = own.clone().find(|at| is_marked(*at))?;
        let last = own.clone().rev().find(|at| is_marked(*at))?;
        let from = split.sentences[index.saturating_sub(around.sentences)].tokens.start;
        let words: Vec<&str> = split.tokens[from..own.end].iter().map(|t| t.span.of(&document.text)).collect();
        let pieces = self.cut(&words);
        let size = |at: usize| pieces[at - from].len();
        let (mut low, mut high) = (first, last + 1);
        let mut room = (self.positions() - 3).checked_sub((low..high).map(size).sum())?;
        loop {
            let before = (low, high);
            if low > own.start && size(low - 1) <= room {
                low -= 1;
                room -= size(low);
            }
            if high < own.end && size(high) <= room {
                room -= size(high);
                high += 1;
            }
            if (low, high) == before {
                break;
            }
        }
        let mut context = low;
        if low == own.start {
            let mut room = room.min((around.pieces - 3).saturating_sub((low..high).map(size).sum()));
            while context > from && size(context - 1) <= room {
                context -= 1;
                room -= size(context);
            }
        }
        let (opening, ending) = self.markers();
        let mut laid = Laid { sequence: Sequence { pieces: vec![opening], wanted: Vec::new() }, tokens: (context..high).collect(), row: 0 };
        for at in context..high {
            if at == low && context < low {
                laid.sequence.pieces.push(ending);
            }
            if at == first {
                laid.row = laid.sequence.wanted.len();
            }
            laid.sequence.wanted.push(laid.sequence.pieces.len());
            let marked = (first..=last).contains(&at) && is_marked(at);
            let pieces = pieces[at - from].iter();
            laid.sequence.pieces.extend(pieces.map(|p| if marked { Piece { casing: MARKED, ..*p } } else { *p }));
        }
        laid.sequence.pieces.push(ending);
        Some(laid)
    }
}
