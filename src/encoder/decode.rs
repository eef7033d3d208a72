//! From logits to mentions: the best labels that form mentions, and how probable each mention is.

use super::labels::{Label, Labels};
use super::ops::softmax;
use super::simd::{LANES, Portable};
use std::ops::Range;

/// The classifier's numbers of one sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Logits {
    labels: usize,
    values: Vec<f32>,
}

impl Logits {
    /// Zeros for `tokens` tokens.
    #[must_use]
    pub fn new(tokens: usize, labels: usize) -> Self {
        Self { labels, values: vec![0.0; tokens * labels] }
    }

    /// A row for each token, a number for each label.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f32]> {
        self.values.chunks_exact(self.labels)
    }

    /// The row of a token.
    ///
    /// # Panics
    /// When the sentence is shorter.
    #[must_use]
    pub fn row(&self, token: usize) -> &[f32] {
        &self.values[token * self.labels..][..self.labels]
    }

    /// The row of a token.
    ///
    /// # Panics
    /// When the sentence is shorter.
    pub fn row_mut(&mut self, token: usize) -> &mut [f32] {
        &mut self.values[token * self.labels..][..self.labels]
    }
}

/// A mention that the classifier found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// The number of its kind.
    pub kind: usize,
    /// How probable it is that just these tokens are a mention of this kind: that of the least probable of its parts, which are its tokens'
    /// labels and that the token after it does not go on.
    pub probability: f32,
}

/// The labels whose logits have the greatest sum, of all sequences in which no mention starts in its middle; of equals, those of lower numbers.
/// Where a mention may open with either label of its kind ([`Labels::inside_starts`]), both count together there, and the path has `B-`.
#[must_use]
pub fn best_labels(logits: &Logits, labels: &Labels) -> Vec<usize> {
    let count = labels.count();
    let mut best = vec![f32::NEG_INFINITY; count];
    let mut from: Vec<usize> = Vec::with_capacity(logits.values.len());
    for (token, row) in logits.rows().enumerate() {
        let top = first_greatest(&best);
        let mut next = vec![f32::NEG_INFINITY; count];
        for label in 0..count {
            let (before, number) = match labels.label(label) {
                Label::Inside(kind) => (labels.of_kind(kind, &best), row[label]),
                Label::Begin(kind) if labels.may_start_inside() => opening(labels, kind, &best, row),
                _ => (top, row[label]),
            };
            from.push(before);
            next[label] = match (token, labels.label(label)) {
                (0, Label::Inside(_)) => f32::NEG_INFINITY,
                (0, _) => number,
                _ => best[before] + number,
            };
        }
        best = next;
    }
    let mut path = Vec::with_capacity(logits.rows().len());
    let mut label = first_greatest(&best);
    for before in from.chunks_exact(count).rev() {
        path.push(label);
        label = before[label];
    }
    path.reverse();
    path
}

/// What a mention that may open with either label of its kind comes from, and its number there: next to another of its kind that of `B-`, elsewhere that of
/// either.
fn opening(labels: &Labels, kind: usize, best: &[f32], row: &[f32]) -> (usize, f32) {
    let (begin, either) = (row[labels.begin(kind)], either(labels, kind, row));
    let own = labels.of_kind(kind, best);
    let mut other = labels.outside();
    for at in 0..best.len() {
        if !labels.is_of(at, kind) && best[at] > best[other] {
            other = at;
        }
    }
    // At the start of a sentence both are nothing.
    if best[own] + begin > best[other] + either { (own, begin) } else { (other, either) }
}

/// The number of both labels of a kind together: the logarithm of the sum.
fn either(labels: &Labels, kind: usize, row: &[f32]) -> f32 {
    let (a, b) = (row[labels.begin(kind)], row[labels.inside(kind)]);
    a.max(b) + (-(a - b).abs()).exp().ln_1p()
}

fn first_greatest(numbers: &[f32]) -> usize {
    let mut top = 0;
    for (at, number) in numbers.iter().enumerate() {
        if *number > numbers[top] {
            top = at;
        }
    }
    top
}

/// The mentions of a sentence, in order. `temperature` is by kind.
#[must_use]
pub fn decode(logits: &Logits, labels: &Labels, temperature: &[f32]) -> Vec<Found> {
    let path = best_labels(logits, labels);
    let mut found: Vec<Found> = Vec::new();
    for (token, &label) in path.iter().enumerate() {
        match (labels.label(label), found.last_mut()) {
            (Label::Begin(kind), _) => found.push(Found { tokens: token..token + 1, kind, probability: 1.0 }),
            (Label::Inside(_), Some(mention)) => mention.tokens.end = token + 1,
            _ => {}
        }
    }
    let mut row = Vec::new();
    for mention in &mut found {
        let (kind, end) = (mention.kind, mention.tokens.end);
        for (token, &label) in path.iter().enumerate().take(end + 1).skip(mention.tokens.start) {
            probabilities(logits.row(token), temperature[kind], &mut row);
            let opens = token == mention.tokens.start && labels.may_start_inside() && (token == 0 || !labels.is_of(path[token - 1], kind));
            let part = match token < end {
                true if opens => row[labels.begin(kind)] + row[labels.inside(kind)],
                true => row[label],
                false => 1.0 - row[labels.inside(kind)],
            };
            mention.probability = mention.probability.min(part);
        }
    }
    found
}

/// The softmax of a row divided by a temperature; the same on every machine.
pub fn probabilities(logits: &[f32], temperature: f32, out: &mut Vec<f32>) {
    out.clear();
    out.extend(logits.iter().map(|x| x / temperature));
    out.resize(logits.len().next_multiple_of(LANES), 0.0);
    let share = softmax(Portable, out, logits.len());
    for x in out {
        *x *= share;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels() -> Labels {
        Labels::new("O B-Person I-Person B-Place I-Place".split(' ')).expect("labels")
    }

    fn logits(rows: &[[f32; 5]]) -> Logits {
        Logits { labels: 5, values: rows.as_flattened().to_vec() }
    }

    #[test]
    fn a_mention_does_not_start_in_its_middle() {
        let numbers = logits(&[[0.0, 1.0, 5.0, 0.0, 0.0], [9.0, 0.0, 0.0, 0.0, 5.0], [0.0, 0.0, 3.0, 1.0, 4.0]]);
        assert_eq!(best_labels(&numbers, &labels()), [1, 0, 3]);
        // What the second token lends the first: "B-Place I-Place" has the greater sum.
        let numbers = logits(&[[0.0, 1.5, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0, 4.0]]);
        assert_eq!(best_labels(&numbers, &labels()), [3, 4]);
    }

    #[test]
    fn where_a_mention_may_start_inside_either_label_opens_it() {
        let lenient = labels().inside_starts(true);
        // As IOB1 has it: I-Person O I-Place I-Place B-Place.
        let numbers = logits(&[
            [0.0, 1.0, 9.0, 0.0, 0.0],
            [9.0, 0.0, 0.0, 0.0, 5.0],
            [0.0, 0.0, 0.0, 1.0, 9.0],
            [0.0, 0.0, 0.0, 1.0, 9.0],
            [0.0, 0.0, 0.0, 9.0, 1.0],
        ]);
        let found = decode(&numbers, &lenient, &[1.0, 1.0]);
        let spans: Vec<_> = found.iter().map(|m| (m.tokens.clone(), m.kind)).collect();
        assert_eq!(spans, [(0..1, 0), (2..4, 1), (4..5, 1)]);
        assert!(found.iter().all(|m| m.probability > 0.9), "{found:?}");
        // Of two kinds side by side each opens; both labels count together.
        let numbers = logits(&[[0.0, 0.0, 5.0, 0.0, 0.0], [1.2, 0.0, 0.0, 1.0, 1.0]]);
        let found = decode(&numbers, &lenient, &[1.0, 1.0]);
        assert_eq!(found.iter().map(|m| (m.tokens.clone(), m.kind)).collect::<Vec<_>>(), [(0..1, 0), (1..2, 1)]);
        assert!(decode(&numbers, &labels(), &[1.0, 1.0]).len() < 2);
    }

    #[test]
    fn no_tokens_no_mentions() {
        assert_eq!(decode(&logits(&[]), &labels(), &[1.0, 1.0]), []);
    }

    #[test]
    fn neighbours_of_one_kind_stay_two() {
        let numbers = logits(&[[0.0, 9.0, 0.0, 0.0, 0.0], [0.0, 9.0, 0.0, 0.0, 0.0], [0.0, 0.0, 9.0, 0.0, 0.0]]);
        let found: Vec<_> = decode(&numbers, &labels(), &[1.0, 1.0]).into_iter().map(|m| (m.tokens, m.kind)).collect();
        assert_eq!(found, [(0..1, 0), (1..3, 0)]);
    }

    #[test]
    fn the_weakest_part_gives_the_probability() {
        let certain = [0.0, 0.0, 0.0, 50.0, 0.0];
        let numbers = logits(&[certain, [1.0, 1.0, 1.0, 1.0, 1.001], [30.0, 0.0, 0.0, 0.0, 0.0]]);
        let found = decode(&numbers, &labels(), &[1.0, 1.0]);
        assert_eq!(found[0].tokens, 0..2);
        assert!((found[0].probability - 0.2).abs() < 1e-3);
        // The token after it may well go on.
        let numbers = logits(&[certain, [1.0, 0.0, 0.0, 0.0, 0.9]]);
        let found = decode(&numbers, &labels(), &[1.0, 1.0]);
        assert!(found[0].tokens == (0..1) && found[0].probability < 0.75, "{found:?}");
        // A high temperature makes it less sure, a low one surer.
        let numbers = logits(&[[0.0, 0.0, 0.0, 2.0, 0.0]]);
        let sure = |t| decode(&numbers, &labels(), &[1.0, t])[0].probability;
        assert!(sure(0.5) > sure(1.0) && sure(1.0) > sure(5.0));
    }

    /// All sequences of labels, one by one, against the recursion.
    #[test]
    fn no_valid_sequence_is_better() {
        let labels = labels();
        let mut seed = 5u64;
        for _ in 0..50 {
            let rows: Vec<[f32; 5]> = (0..4)
                .map(|_| {
                    std::array::from_fn(|_| {
                        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                        (seed >> 40) as f32 / 1e6
                    })
                })
                .collect();
            let score = |path: &[usize]| rows.iter().zip(path).map(|(row, &l)| row[l]).sum::<f32>();
            let valid = |path: &[usize]| {
                path.iter().enumerate().all(|(at, &l)| match labels.label(l) {
                    Label::Inside(kind) => at > 0 && [labels.begin(kind), labels.inside(kind)].contains(&path[at - 1]),
                    _ => true,
                })
            };
            let all = (0..625).map(|n| [n % 5, n / 5 % 5, n / 25 % 5, n / 125]).filter(|path| valid(path));
            let top = all.map(|path| score(&path)).fold(f32::MIN, f32::max);
            let found = best_labels(&logits(&rows), &labels);
            assert!(valid(&found) && (score(&found) - top).abs() < 1e-3);
        }
    }
}
