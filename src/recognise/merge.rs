//! Candidates of all finders, and the one order in which they become mentions.

use super::words::Atoms;
use crate::types::{ByteSpan, Kind, Mention, TimeValue, Via};

/// A run of atoms that a finder takes for a mention.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) span: ByteSpan,
    pub(super) kind: Kind,
    pub(super) score: f32,
    pub(super) via: Via,
    /// Index of the gazetteer's entry.
    pub(super) entry: Option<u32>,
    /// What a time expression says.
    pub(super) time: Option<TimeValue>,
}

impl Candidate {
    pub(super) fn new(atoms: &Atoms, start: usize, end: usize, kind: Kind, score: f32, via: Via) -> Candidate {
        let span = ByteSpan { start: atoms.all[start].start, end: atoms.all[end - 1].end };
        Candidate { span, kind, score, via, entry: None, time: None }
    }

    pub(super) fn of(mut self, entry: u32) -> Candidate {
        self.entry = Some(entry);
        self
    }
}

/// At equal length the kind with the lower rank stands.
fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Time => 0,
        Kind::Event => 1,
        Kind::MilitaryUnit => 2,
        Kind::Equipment => 3,
        Kind::Organization => 4,
        Kind::Person => 5,
        Kind::Nationality => 6,
        Kind::Place => 7,
    }
}

/// Picks mentions that do not overlap. Of two candidates that do, the longer stands; of equal ones the listed before the ruled before the learned,
/// then the higher score, then the kind by rank. So the learned model fills what gazetteers and rules leave, and wins where it sees more words.
pub(super) fn settle(mut candidates: Vec<Candidate>, key_of: impl Fn(u32) -> String) -> Vec<Mention> {
    let via = |v: Via| match v {
        Via::Listed => 0u8,
        Via::Ruled => 1,
        Via::Learned => 2,
    };
    candidates.retain(|c| !c.span.is_empty());
    candidates.sort_by(|a, b| {
        b.span
            .len()
            .cmp(&a.span.len())
            .then(via(a.via).cmp(&via(b.via)))
            .then(b.score.total_cmp(&a.score))
            .then(rank(a.kind).cmp(&rank(b.kind)))
            .then(a.span.cmp(&b.span))
    });
    let mut kept: std::collections::BTreeMap<u32, Candidate> = std::collections::BTreeMap::new();
    for candidate in candidates {
        let before = kept.range(..candidate.span.end).next_back();
        if before.is_none_or(|(_, held)| held.span.end <= candidate.span.start) {
            kept.insert(candidate.span.start, candidate);
        }
    }
    kept.into_values()
        .map(|c| Mention { span: c.span, kind: c.kind, score: c.score, via: c.via, key: c.entry.map(&key_of), time: c.time })
        .collect()
}
