//! The scores for people and for programs.

use super::calibration::{Bin, Calibration, JudgedMention, MentionCalibration};
use super::score::{Fault, Item, Line, Row};
use super::stories::StoryScores;
use crate::types::Kind;
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
    /// Confidence of claims against the share that is right.
    pub calibration: Calibration,
    /// Scores of mentions against the share that is right.
    pub mention_calibration: MentionCalibration,
    /// The rows of each article.
    pub per_article: Vec<ArticleScores>,
    /// The predicted mentions with what their scores rest on; empty where the part is held out.
    pub mentions: Vec<JudgedMention>,
    /// What is missed, spurious or wrong; empty where the part is held out.
    pub items: Vec<Item>,
    /// The stories beside the gold files.
    pub stories: Vec<StoryScores>,
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

    /// The tables of confidence against the share of claims that are right at their core, and of mentions that are right.
    #[must_use]
    pub fn calibration_table(&self) -> String {
        let mut out = String::new();
        write_bins(&mut out, "confidence", "claims", &self.calibration);
        out.push('\n');
        write_bins(&mut out, "score", "mentions", &self.mention_calibration.all);
        let kinds = Kind::ALL.into_iter().filter_map(|kind| Some((kind.name(), self.mention_calibration.kinds.get(kind.name())?)));
        for (at, (kind, calibration)) in kinds.enumerate() {
            if at == 0 {
                let _ = writeln!(out, "\n{:12}  {:>8}  {:>6}  {:>6}  {:>5}", "kind", "mentions", "score", "right", "error");
            }
            let count: usize = calibration.bins.iter().map(|bin| bin.count).sum();
            let mean = |of: fn(&Bin) -> f64| calibration.bins.iter().map(|bin| of(bin) * bin.count as f64).sum::<f64>() / count as f64;
            let (score, right, error) = (mean(|bin| bin.confidence), mean(|bin| bin.right), calibration.expected_error.unwrap_or(0.0));
            let _ = writeln!(out, "{kind:12}  {count:>8}  {score:>6.3}  {right:>6.3}  {error:>5.3}");
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

fn write_bins(out: &mut String, figure: &str, things: &str, calibration: &Calibration) {
    let _ = writeln!(out, "{figure:10}  {things:>8}  {:>6}  {:>6}", "mean", "right");
    for bin in &calibration.bins {
        let range = format!("{:.1}–{:.1}", bin.from, bin.from + 0.1);
        let _ = writeln!(out, "{range:10}  {:>8}  {:>6.3}  {:>6.3}", bin.count, bin.confidence, bin.right);
    }
    let _ = match calibration.expected_error {
        Some(error) => writeln!(out, "expected calibration error {error:.3}"),
        None => writeln!(out, "no {things}"),
    };
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
