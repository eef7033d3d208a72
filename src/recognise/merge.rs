//! Candidates of all finders, and the one order in which they become mentions.

use super::calibration::Calibration;
use super::words::Atoms;
use crate::types::{ByteSpan, Evidence, Kind, Mention, Other, TimeValue, Via};
use std::collections::BTreeMap;

/// A run of atoms that a finder takes for a mention.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) span: ByteSpan,
    pub(super) kind: Kind,
    /// How sure its finder is: a rank, which [`Calibration`] turns into a probability.
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
/// Those that fall still bear on how probable the ones that stand are.
pub(super) fn settle(mut candidates: Vec<Candidate>, calibration: &Calibration, key_of: impl Fn(u32) -> String) -> Vec<Mention> {
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
    let mut kept: BTreeMap<u32, (Candidate, Evidence)> = BTreeMap::new();
    for candidate in &candidates {
        let before = kept.range(..candidate.span.end).next_back();
        if before.is_none_or(|(_, (held, _))| held.span.end <= candidate.span.start) {
            kept.insert(candidate.span.start, (candidate.clone(), Evidence::of(candidate.via)));
        }
    }
    for candidate in &candidates {
        let from = kept.range(..=candidate.span.start).next_back().map_or(candidate.span.start, |(start, _)| *start);
        for (_, (held, evidence)) in kept.range_mut(from..candidate.span.end) {
            witness(held, candidate, evidence);
        }
    }
    let mention = |(c, evidence): (Candidate, Evidence)| {
        let score = calibration.score(c.kind, evidence, c.score);
        Mention { span: c.span, kind: c.kind, score, evidence, key: c.entry.map(&key_of), time: c.time }
    };
    kept.into_values().map(mention).collect()
}

/// Adds what a candidate says of one that stands.
fn witness(held: &Candidate, candidate: &Candidate, evidence: &mut Evidence) {
    let same = held.span == candidate.span && held.kind == candidate.kind;
    if same && candidate.via == Via::Learned {
        evidence.probability = Some(candidate.score);
    }
    if (held.via == Via::Learned) != (candidate.via == Via::Learned) && held.span.overlaps(candidate.span) {
        evidence.other = evidence.other.max(if same { Other::Agrees } else { Other::Differs });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recognise::Model;

    fn candidate(start: usize, end: usize, kind: Kind, score: f32, via: Via) -> Candidate {
        Candidate { span: ByteSpan::new(start, end), kind, score, via, entry: None, time: None }
    }

    fn settled(candidates: &[Candidate]) -> Vec<Mention> {
        let calibration = Calibration::load(&Model::Fast).expect("built-in data");
        settle(candidates.to_vec(), &calibration, |_| unreachable!("no candidate is of an entry"))
    }

    #[test]
    fn what_both_sides_find_is_surer_than_what_one_does() {
        for kind in [Kind::Person, Kind::Organization, Kind::Place, Kind::Equipment] {
            let ruled = candidate(4, 9, kind, 0.8, Via::Ruled);
            let alone = settled(std::slice::from_ref(&ruled)).remove(0);
            let agreed = settled(&[ruled.clone(), candidate(4, 9, kind, 0.99, Via::Learned)]).remove(0);
            let contested = settled(&[ruled, candidate(4, 7, kind, 0.99, Via::Learned)]).remove(0);
            assert_eq!(alone.evidence, Evidence::of(Via::Ruled));
            assert_eq!(agreed.evidence, Evidence { via: Via::Ruled, other: Other::Agrees, probability: Some(0.99) });
            assert_eq!(contested.evidence, Evidence { via: Via::Ruled, other: Other::Differs, probability: None });
            assert!(agreed.score > alone.score && agreed.score > contested.score, "{kind:?}: {agreed:?} {alone:?} {contested:?}");
        }
    }

    #[test]
    fn what_falls_bears_on_what_stands_and_on_nothing_else() {
        let long = candidate(10, 30, Kind::Organization, 0.9, Via::Learned);
        let inside = [candidate(10, 14, Kind::Place, 0.9, Via::Listed), candidate(25, 30, Kind::Person, 0.7, Via::Ruled)];
        let beside = [candidate(0, 10, Kind::Person, 0.9, Via::Ruled), candidate(30, 34, Kind::Place, 0.9, Via::Listed)];
        let found = settled(&[&[long][..], &inside, &beside].concat());
        let others: Vec<_> = found.iter().map(|m| (m.span.start, m.evidence.other, m.evidence.probability)).collect();
        assert_eq!(others, [(0, Other::Silent, None), (10, Other::Differs, Some(0.9)), (30, Other::Silent, None)]);
    }
}
