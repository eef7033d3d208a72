//! How well clusters are those of gold: MUC (Vilain et al. 1995), B-cubed (Bagga and Baldwin 1998), entity CEAF (Luo 2005) and their mean, the CoNLL
//! score (Pradhan et al. 2012). Items may be anything: mentions of an article, references of many.

use rustc_hash::{FxHashMap, FxHashSet};
use std::hash::Hash;

/// Numerators and denominators of recall and precision; they add up over documents.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Ratio {
    recall: [f64; 2],
    precision: [f64; 2],
}

/// Precision, recall and their harmonic mean, from 0 to 1; `None` where there is nothing to divide by.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Figures {
    pub precision: Option<f64>,
    pub recall: Option<f64>,
    pub f1: Option<f64>,
}

/// One of the measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Measure {
    /// Links that both sides have.
    Muc,
    /// Of each item's cluster, the share that is right.
    BCubed,
    /// Likeness of clusters that are paired one to one as well as can be.
    CeafE,
    /// The mean of the three.
    Conll,
}

impl Measure {
    /// Every measure.
    pub const ALL: [Measure; 4] = [Measure::Muc, Measure::BCubed, Measure::CeafE, Measure::Conll];

    /// The name in the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Measure::Muc => "MUC",
            Measure::BCubed => "B-cubed",
            Measure::CeafE => "CEAFe",
            Measure::Conll => "CoNLL",
        }
    }
}

/// What clusters share with those of gold, of one document or many.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coreference {
    muc: Ratio,
    b_cubed: Ratio,
    ceaf_e: Ratio,
    /// Items of gold, of the prediction, and of both.
    items: [usize; 3],
}

impl Coreference {
    /// Compares clusters. An item that is in two clusters of one side counts in the first; whether clusters of one item are given is the caller's choice.
    #[must_use]
    pub fn of<T: Eq + Hash>(gold: &[Vec<T>], predicted: &[Vec<T>]) -> Coreference {
        let (gold, predicted) = (Side::new(gold), Side::new(predicted));
        let overlaps = overlaps(&gold, &predicted);
        let common: usize = overlaps.iter().map(|(_, _, items)| items).sum();
        Coreference {
            muc: Ratio { recall: links(&gold, &overlaps, |o| o.0), precision: links(&predicted, &overlaps, |o| o.1) },
            b_cubed: Ratio { recall: cubed(&gold, &overlaps, |o| o.0), precision: cubed(&predicted, &overlaps, |o| o.1) },
            ceaf_e: {
                let likeness = paired(&gold, &predicted, &overlaps);
                Ratio { recall: [likeness, gold.sizes.len() as f64], precision: [likeness, predicted.sizes.len() as f64] }
            },
            items: [gold.of.len(), predicted.of.len(), common],
        }
    }

    /// Adds another document's.
    pub fn merge(&mut self, other: &Coreference) {
        for (mine, more) in [(&mut self.muc, other.muc), (&mut self.b_cubed, other.b_cubed), (&mut self.ceaf_e, other.ceaf_e)] {
            for (sum, add) in mine.recall.iter_mut().zip(more.recall).chain(mine.precision.iter_mut().zip(more.precision)) {
                *sum += add;
            }
        }
        for (sum, add) in self.items.iter_mut().zip(other.items) {
            *sum += add;
        }
    }

    /// How many items gold has, how many the prediction, and how many are in both.
    #[must_use]
    pub fn items(&self) -> [usize; 3] {
        self.items
    }

    /// The figures of a measure. The CoNLL score's precision and recall are means, too.
    #[must_use]
    pub fn figures(&self, measure: Measure) -> Figures {
        let ratio = match measure {
            Measure::Muc => self.muc,
            Measure::BCubed => self.b_cubed,
            Measure::CeafE => self.ceaf_e,
            Measure::Conll => {
                let three = [Measure::Muc, Measure::BCubed, Measure::CeafE].map(|measure| self.figures(measure));
                if three.iter().all(|figures| figures.f1.is_none()) {
                    return Figures::default();
                }
                let mean = |of: fn(&Figures) -> Option<f64>| Some(three.iter().map(|f| of(f).unwrap_or(0.0)).sum::<f64>() / 3.0);
                return Figures { precision: mean(|f| f.precision), recall: mean(|f| f.recall), f1: mean(|f| f.f1) };
            }
        };
        let share = |[part, whole]: [f64; 2]| (whole > 0.0).then(|| part / whole);
        let (precision, recall) = (share(ratio.precision), share(ratio.recall));
        let f1 = match (precision, recall) {
            (None, None) => None,
            (Some(p), Some(r)) if p + r > 0.0 => Some(2.0 * p * r / (p + r)),
            _ => Some(0.0),
        };
        Figures { precision, recall, f1 }
    }
}

/// One side's clusters: sizes, and each item's cluster.
struct Side<'a, T> {
    sizes: Vec<usize>,
    of: FxHashMap<&'a T, usize>,
}

impl<'a, T: Eq + Hash> Side<'a, T> {
    fn new(clusters: &'a [Vec<T>]) -> Self {
        let mut side = Side { sizes: Vec::new(), of: FxHashMap::default() };
        for cluster in clusters {
            let here = side.sizes.len();
            let mut size = 0;
            for item in cluster {
                if !side.of.contains_key(item) {
                    side.of.insert(item, here);
                    size += 1;
                }
            }
            if size > 0 {
                side.sizes.push(size);
            }
        }
        side
    }
}

/// A cluster of gold, a predicted one, and how many items they share.
type Overlap = (usize, usize, usize);

/// Every pair of clusters that share an item, in order.
fn overlaps<T: Eq + Hash>(gold: &Side<'_, T>, predicted: &Side<'_, T>) -> Vec<Overlap> {
    let mut shared: FxHashMap<(usize, usize), usize> = FxHashMap::default();
    for (item, a) in &gold.of {
        if let Some(b) = predicted.of.get(item) {
            *shared.entry((*a, *b)).or_default() += 1;
        }
    }
    let mut overlaps: Vec<Overlap> = shared.into_iter().map(|((a, b), items)| (a, b, items)).collect();
    overlaps.sort_unstable();
    overlaps
}

/// MUC of one side: of the links that hold its clusters together, those that the other side leaves.
fn links<T>(side: &Side<'_, T>, overlaps: &[Overlap], cluster: fn(&Overlap) -> usize) -> [f64; 2] {
    // What the other side lacks is a part of its own each.
    let (mut parts, mut known) = (vec![0usize; side.sizes.len()], vec![0usize; side.sizes.len()]);
    for overlap in overlaps {
        parts[cluster(overlap)] += 1;
        known[cluster(overlap)] += overlap.2;
    }
    let kept = side.sizes.iter().zip(parts.iter().zip(&known)).map(|(size, (parts, known))| size - (parts + size - known)).sum::<usize>();
    let all = side.sizes.iter().map(|size| size - 1).sum::<usize>();
    [kept as f64, all as f64]
}

/// B-cubed of one side.
fn cubed<T>(side: &Side<'_, T>, overlaps: &[Overlap], cluster: fn(&Overlap) -> usize) -> [f64; 2] {
    let right = overlaps.iter().map(|overlap| (overlap.2 * overlap.2) as f64 / side.sizes[cluster(overlap)] as f64).sum();
    [right, side.sizes.iter().sum::<usize>() as f64]
}

/// The sum of likeness of clusters paired as well as can be: 2 |K ∩ R| / (|K| + |R|).
fn paired<T>(gold: &Side<'_, T>, predicted: &Side<'_, T>, overlaps: &[Overlap]) -> f64 {
    // Clusters that hang together by overlaps are paired by themselves, so that no table is larger than it must be.
    let mut of_gold: FxHashMap<usize, Vec<&Overlap>> = FxHashMap::default();
    let mut of_predicted: FxHashMap<usize, Vec<&Overlap>> = FxHashMap::default();
    for overlap in overlaps {
        of_gold.entry(overlap.0).or_default().push(overlap);
        of_predicted.entry(overlap.1).or_default().push(overlap);
    }
    let mut done: FxHashSet<usize> = FxHashSet::default();
    let mut sum = 0.0;
    for first in 0..gold.sizes.len() {
        if !of_gold.contains_key(&first) || !done.insert(first) {
            continue;
        }
        let (mut rows, mut columns) = (vec![first], Vec::new());
        let mut next = 0;
        while next < rows.len() {
            for (_, column, _) in &of_gold[&rows[next]] {
                if !columns.contains(column) {
                    columns.push(*column);
                    rows.extend(of_predicted[column].iter().map(|o| o.0).filter(|row| done.insert(*row)));
                }
            }
            next += 1;
        }
        let mut likeness = vec![vec![0.0; columns.len()]; rows.len()];
        for (row, line) in rows.iter().zip(&mut likeness) {
            for (_, column, items) in &of_gold[row] {
                let at = columns.iter().position(|c| c == column).unwrap_or_default();
                line[at] = 2.0 * *items as f64 / (gold.sizes[*row] + predicted.sizes[*column]) as f64;
            }
        }
        sum += best_assignment(&likeness);
    }
    sum
}

/// The most that pairs of rows and columns add up to, each used once (Kuhn 1955, Munkres 1957), by shortest augmenting paths with prices.
fn best_assignment(gain: &[Vec<f64>]) -> f64 {
    let (rows, columns) = (gain.len(), gain.first().map_or(0, Vec::len));
    if rows > columns {
        let turned: Vec<Vec<f64>> = (0..columns).map(|column| gain.iter().map(|row| row[column]).collect()).collect();
        return best_assignment(&turned);
    }
    // Rows and columns count from 1; 0 is the row that is to be placed, and no row.
    let (mut row_price, mut column_price) = (vec![0.0; rows + 1], vec![0.0; columns + 1]);
    let (mut row_of, mut before) = (vec![0usize; columns + 1], vec![0usize; columns + 1]);
    for row in 1..=rows {
        row_of[0] = row;
        let mut column = 0;
        let (mut least, mut used) = (vec![f64::INFINITY; columns + 1], vec![false; columns + 1]);
        while row_of[column] != 0 {
            used[column] = true;
            let here = row_of[column];
            let (mut step, mut following) = (f64::INFINITY, 0);
            for other in (1..=columns).filter(|other| !used[*other]) {
                let cost = -gain[here - 1][other - 1] - row_price[here] - column_price[other];
                if cost < least[other] {
                    (least[other], before[other]) = (cost, column);
                }
                if least[other] < step {
                    (step, following) = (least[other], other);
                }
            }
            for other in 0..=columns {
                if used[other] {
                    row_price[row_of[other]] += step;
                    column_price[other] -= step;
                } else {
                    least[other] -= step;
                }
            }
            column = following;
        }
        while column != 0 {
            row_of[column] = row_of[before[column]];
            column = before[column];
        }
    }
    (1..=columns).filter(|&column| row_of[column] != 0).map(|column| gain[row_of[column] - 1][column - 1]).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scored(gold: &[&str], predicted: &[&str]) -> Coreference {
        let split = |clusters: &[&str]| clusters.iter().map(|c| c.chars().collect()).collect::<Vec<Vec<char>>>();
        Coreference::of(&split(gold), &split(predicted))
    }

    /// Precision, recall and F1 in hundredths, as the literature prints them.
    fn shown(scores: &Coreference, measure: Measure) -> [i64; 3] {
        let Figures { precision, recall, f1 } = scores.figures(measure);
        [precision, recall, f1].map(|figure| (figure.expect("a figure") * 100.0).round() as i64)
    }

    #[test]
    fn the_example_of_the_reference_implementation() {
        // Pradhan et al. 2014, "Scoring Coreference Partitions of Predicted Mentions", section 4.
        let scores = scored(&["abc", "defg"], &["ab", "cd", "fghi"]);
        assert_eq!(shown(&scores, Measure::Muc), [40, 40, 40]);
        // The paper has 0.46, from rounded figures.
        assert_eq!(shown(&scores, Measure::BCubed), [50, 42, 45]);
        assert_eq!(shown(&scores, Measure::CeafE), [43, 65, 52]);
        assert_eq!(scores.items(), [7, 8, 6]);
        let mean = scores.figures(Measure::Conll).f1.expect("a figure");
        assert!((mean - (0.4 + 5.0 / 11.0 + 0.52) / 3.0).abs() < 1e-9, "{mean}");
    }

    #[test]
    fn the_example_of_links_and_of_items() {
        // Bagga and Baldwin 1998: of two wrong merges the one of large clusters costs B-cubed more, and MUC the same.
        let gold = ["12345", "67", "89ABC"];
        let (small, large) = (scored(&gold, &["12345", "6789ABC"]), scored(&gold, &["1234589ABC", "67"]));
        assert_eq!(shown(&small, Measure::Muc), [90, 100, 95]);
        assert_eq!(shown(&large, Measure::Muc), [90, 100, 95]);
        assert_eq!(shown(&small, Measure::BCubed), [76, 100, 86]);
        assert_eq!(shown(&large, Measure::BCubed), [58, 100, 74]);
    }

    #[test]
    fn the_same_clusters_are_perfect_and_others_are_nothing() {
        let same = scored(&["ab", "cde"], &["edc", "ba"]);
        let none = scored(&["ab"], &["cd"]);
        for measure in Measure::ALL {
            assert_eq!(shown(&same, measure), [100, 100, 100]);
            assert_eq!(shown(&none, measure), [0, 0, 0]);
        }
        assert_eq!(scored(&[], &[]).figures(Measure::Conll), Figures::default());
        // Nothing predicted: nothing to divide by, and no more than nothing right.
        let silent = scored(&["ab"], &[]).figures(Measure::Muc);
        assert_eq!((silent.precision, silent.recall, silent.f1), (None, Some(0.0), Some(0.0)));
    }

    #[test]
    fn documents_add_up_and_an_item_counts_once() {
        let mut sum = scored(&["abc"], &["abc"]);
        sum.merge(&scored(&["abc"], &["ab"]));
        assert_eq!(shown(&sum, Measure::Muc), [100, 75, 86]);
        assert_eq!(sum.items(), [6, 5, 5]);
        assert_eq!(scored(&["ab"], &["ab", "ac"]), scored(&["ab"], &["ab", "c"]));
    }

    #[test]
    fn pairing_is_the_best_and_not_the_first() {
        // Row by row the first row would take the 5 and leave the 1.
        assert_eq!(best_assignment(&[vec![5.0, 4.0], vec![5.0, 1.0]]), 9.0);
        assert_eq!(best_assignment(&[vec![1.0], vec![3.0], vec![2.0]]), 3.0);
        assert_eq!(best_assignment(&[vec![7.0, 5.0, 11.0], vec![5.0, 4.0, 1.0], vec![9.0, 3.0, 2.0]]), 24.0);
        assert_eq!(best_assignment(&[]), 0.0);
    }
}
