//! The scores for people and for programs.

use super::calibration::Calibration;
use super::score::{Fault, Item, Line, Row};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What an evaluation found. Its JSON is what `--json` prints.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// How many gold articles.
    pub articles: usize,
    /// SHA-256 over gold files and articles.
    pub sha256: String,
    /// Whether only figures may be shown.
    pub held_out: bool,
    /// Articles of which the pipeline gave nothing, and why; no words of theirs where the part is held out.
    pub failed: Vec<String>,
    /// The rows over all articles.
    pub scores: Vec<Line>,
    /// Confidence against the share that is right.
    pub calibration: Calibration,
    /// The rows of each article.
    pub per_article: Vec<ArticleScores>,
    /// What is missed, spurious or wrong; empty where the part is held out.
    pub items: Vec<Item>,
}

/// One article's rows.
#[derive(Clone, Debug, Serialize)]
pub struct ArticleScores {
    /// The gold file's name.
    pub article: String,
    /// Its rows.
    pub scores: Vec<Line>,
}

impl Report {
    /// The F1 of a row, if it has anything.
    #[must_use]
    pub fn f1(&self, row: Row) -> Option<f64> {
        self.scores.iter().find(|line| line.row == row)?.f1
    }

    /// The table of scores.
    #[must_use]
    pub fn table(&self) -> String {
        let width = self.scores.iter().map(|line| line.slot.chars().count()).max().unwrap_or(0).max("slot".len());
        let mut out =
            format!("{:width$}  {:>6}  {:>9}  {:>6}  {:>6}  {:>6}  {:>6}\n", "slot", "gold", "predicted", "right", "P", "R", "F1");
        let figure = |figure: Option<f64>| figure.map_or_else(|| "–".to_owned(), |figure| format!("{:.1}", figure * 100.0));
        for line in &self.scores {
            let [p, r, f] = [line.precision, line.recall, line.f1].map(figure);
            let (slot, gold, predicted, right) = (&line.slot, line.gold, line.predicted, line.right);
            let _ = writeln!(out, "{slot:width$}  {gold:>6}  {predicted:>9}  {right:>6}  {p:>6}  {r:>6}  {f:>6}");
        }
        let _ =
            writeln!(out, "\n{} articles; main text: mean of the articles' figures, all else over all articles together", self.articles);
        for failed in &self.failed {
            let _ = writeln!(out, "no result: {failed}");
        }
        out
    }

    /// The table of confidence against the share of claims that are right at their core.
    #[must_use]
    pub fn calibration_table(&self) -> String {
        let mut out = format!("{:10}  {:>6}  {:>10}  {:>6}\n", "confidence", "claims", "mean", "right");
        for bin in &self.calibration.bins {
            let range = format!("{:.1}–{:.1}", bin.from, bin.from + 0.1);
            let _ = writeln!(out, "{range:10}  {:>6}  {:>10.3}  {:>6.3}", bin.claims, bin.confidence, bin.right);
        }
        match self.calibration.expected_error {
            Some(error) => {
                let _ = writeln!(out, "expected calibration error {error:.3}");
            }
            None => out.push_str("no claims\n"),
        }
        out
    }

    /// At most `most` missed, spurious and wrong items of each row, and how many more there are.
    #[must_use]
    pub fn item_list(&self, most: usize) -> String {
        let mut out = String::new();
        let mut by_row: BTreeMap<(usize, &str), BTreeMap<Fault, Vec<&Item>>> = BTreeMap::new();
        for item in &self.items {
            let place = self.scores.iter().position(|line| line.slot == item.slot).unwrap_or(usize::MAX);
            by_row.entry((place, &item.slot)).or_default().entry(item.fault).or_default().push(item);
        }
        for ((_, row), faults) in by_row {
            for (fault, items) in faults {
                let fault = match fault {
                    Fault::Missed => "missed",
                    Fault::Spurious => "spurious",
                    Fault::Wrong => "wrong",
                };
                let _ = writeln!(out, "\n{row}: {fault} {}", items.len());
                for item in items.iter().take(most) {
                    write_item(&mut out, item);
                }
                if items.len() > most {
                    let _ = writeln!(out, "  and {} more", items.len() - most);
                }
            }
        }
        if self.held_out {
            out.push_str("\nThis part is held out: figures only.\n");
        }
        out
    }
}

fn write_item(out: &mut String, item: &Item) {
    let _ = write!(out, "  {}  [{}]", item.article, item.words);
    match (&item.gold, &item.predicted) {
        (Some(gold), Some(predicted)) => {
            let _ = write!(out, "  gold {gold:?}, predicted {predicted:?}");
        }
        (Some(gold), None) => {
            let _ = write!(out, "  gold {gold:?}");
        }
        (None, Some(predicted)) => {
            let _ = write!(out, "  predicted {predicted:?}");
        }
        (None, None) => {}
    }
    if !item.sentence.is_empty() {
        let _ = write!(out, "\n      {}", item.sentence);
    }
    out.push('\n');
}
