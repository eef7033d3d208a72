//! What is scored, and how often it was right.

use super::coreference::{Coreference, Figures, Measure};
use crate::types::Kind;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// One line of the table of scores, in the table's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Row {
    /// The body's words, as a bag; the mean of the articles' figures.
    Text,
    /// A field of what the page says of the article.
    Meta(Field),
    /// Mentions of a kind with the same words; a leading article is ignored.
    Mention(Kind),
    /// Mentions of all kinds.
    Mentions,
    /// Mentions of a kind that share a word.
    MentionOverlapping(Kind),
    /// Mentions of all kinds that share a word.
    MentionsOverlapping,
    /// Which of the article's names are one thing, by one measure; counts are of mentions in chains of two or more.
    Coreference(Measure),
    /// Numbers that claims need, among all amounts that were recognised.
    Numbers,
    /// Claims on the number of a gold claim.
    Claims,
    /// One slot of claims.
    Claim(SlotRow),
    /// Claims with number, bound, event, counted, author, place and time right.
    ClaimsCore,
    /// Claims with every slot right.
    ClaimsWhole,
    /// Relations of the same sentence and event with an equal role.
    Relations,
    /// One slot of relations.
    Relation(SlotRow),
    /// Relations with every slot right.
    RelationsWhole,
}

/// A field of what a page says of its article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are those of the gold files")]
pub enum Field {
    Headline,
    Author,
    Published,
    Modified,
    Publisher,
    Agency,
    Url,
    Language,
    Dateline,
}

/// A slot as it is scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are those of the gold files")]
pub enum SlotRow {
    /// Value, or both ends of a range.
    Value,
    Bound,
    Unit,
    Event,
    Predicate,
    /// The same words.
    Counted,
    /// The gold head is among the words.
    CountedPartly,
    Actor,
    Place,
    Origin,
    Agent,
    Recipient,
    Equipment,
    Start,
    End,
    AsOfStart,
    AsOfEnd,
    Author,
    RelayedBy,
    Certainty,
    Scope,
}

impl SlotRow {
    /// The name in the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            SlotRow::Value => "value",
            SlotRow::Bound => "bound",
            SlotRow::Unit => "unit",
            SlotRow::Event => "event",
            SlotRow::Predicate => "predicate",
            SlotRow::Counted => "counted",
            SlotRow::CountedPartly => "counted partly",
            SlotRow::Actor => "actor",
            SlotRow::Place => "place",
            SlotRow::Origin => "origin",
            SlotRow::Agent => "agent",
            SlotRow::Recipient => "recipient",
            SlotRow::Equipment => "equipment",
            SlotRow::Start => "start",
            SlotRow::End => "end",
            SlotRow::AsOfStart => "asOfStart",
            SlotRow::AsOfEnd => "asOfEnd",
            SlotRow::Author => "author",
            SlotRow::RelayedBy => "relayedBy",
            SlotRow::Certainty => "certainty",
            SlotRow::Scope => "scope",
        }
    }

    /// Whether a claim must have this slot right to be right at its core.
    #[must_use]
    pub fn is_core(self) -> bool {
        use SlotRow as S;
        matches!(self, S::Value | S::Bound | S::Event | S::Counted | S::Author | S::Place | S::Start | S::End)
    }
}

impl Field {
    /// The name in the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Field::Headline => "headline",
            Field::Author => "author",
            Field::Published => "published",
            Field::Modified => "modified",
            Field::Publisher => "publisher",
            Field::Agency => "agency",
            Field::Url => "url",
            Field::Language => "language",
            Field::Dateline => "dateline",
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Row::Text => f.write_str("main text"),
            Row::Meta(field) => write!(f, "meta {}", field.name()),
            Row::Mention(kind) => write!(f, "mention {}", kind.name()),
            Row::Mentions => f.write_str("mentions"),
            Row::MentionOverlapping(kind) => write!(f, "mention {} overlapping", kind.name()),
            Row::MentionsOverlapping => f.write_str("mentions overlapping"),
            Row::Coreference(measure) => write!(f, "coreference {}", measure.name()),
            Row::Numbers => f.write_str("numbers"),
            Row::Claims => f.write_str("claims"),
            Row::Claim(slot) => write!(f, "claim {}", slot.name()),
            Row::ClaimsCore => f.write_str("claims core"),
            Row::ClaimsWhole => f.write_str("claims whole"),
            Row::Relations => f.write_str("relations"),
            Row::Relation(slot) => write!(f, "relation {}", slot.name()),
            Row::RelationsWhole => f.write_str("relations whole"),
        }
    }
}

/// How many there are in gold, how many were predicted, and how many of those are right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Counts {
    pub gold: usize,
    pub predicted: usize,
    pub right: usize,
}

impl Counts {
    /// Whether all that is in gold was predicted and nothing else.
    #[must_use]
    pub fn perfect(self) -> bool {
        self.gold == self.right && self.predicted == self.right
    }

    /// Right of predicted; `None` where nothing was predicted.
    #[must_use]
    pub fn precision(self) -> Option<f64> {
        share(self.right, self.predicted)
    }

    /// Right of gold; `None` where gold has none.
    #[must_use]
    pub fn recall(self) -> Option<f64> {
        share(self.right, self.gold)
    }

    /// The harmonic mean of precision and recall; `None` where there is nothing on either side.
    #[must_use]
    pub fn f1(self) -> Option<f64> {
        share(2 * self.right, self.gold + self.predicted)
    }
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The counts of every row, of one article or many.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    counts: BTreeMap<Row, Counts>,
    /// Sums over articles of precision, recall and F1 of the main text, and how many articles.
    text: ([f64; 3], usize),
    coreference: Coreference,
}

impl Tally {
    /// Adds to a row.
    pub fn add(&mut self, row: Row, more: Counts) {
        let counts = self.counts.entry(row).or_default();
        counts.gold += more.gold;
        counts.predicted += more.predicted;
        counts.right += more.right;
    }

    /// Adds one article's main text.
    pub fn add_text(&mut self, words: Counts) {
        self.add(Row::Text, words);
        let figures = [words.precision(), words.recall(), words.f1()];
        for (sum, figure) in self.text.0.iter_mut().zip(figures) {
            *sum += figure.unwrap_or(0.0);
        }
        self.text.1 += 1;
    }

    /// Adds one article's chains.
    pub fn add_coreference(&mut self, chains: &Coreference) {
        let [gold, predicted, right] = chains.items();
        for measure in Measure::ALL {
            self.add(Row::Coreference(measure), Counts { gold, predicted, right });
        }
        self.coreference.merge(chains);
    }

    /// Adds another tally.
    pub fn merge(&mut self, other: &Tally) {
        for (row, counts) in &other.counts {
            self.add(*row, *counts);
        }
        for (sum, more) in self.text.0.iter_mut().zip(other.text.0) {
            *sum += more;
        }
        self.text.1 += other.text.1;
        self.coreference.merge(&other.coreference);
    }

    /// A row's counts; zero where it was never added to.
    #[must_use]
    pub fn counts(&self, row: Row) -> Counts {
        self.counts.get(&row).copied().unwrap_or_default()
    }

    /// Every row that has something on either side, in order.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        let line = |(row, counts): (&Row, &Counts)| {
            let mut figures = [counts.precision(), counts.recall(), counts.f1()];
            if *row == Row::Text {
                figures = self.text.0.map(|sum| (self.text.1 > 0).then(|| sum / self.text.1 as f64));
            }
            if let Row::Coreference(measure) = row {
                let Figures { precision, recall, f1 } = self.coreference.figures(*measure);
                figures = [precision, recall, f1];
            }
            let [precision, recall, f1] = figures.map(|figure| figure.map(rounded));
            Line {
                row: *row,
                slot: row.to_string(),
                gold: counts.gold,
                predicted: counts.predicted,
                right: counts.right,
                precision,
                recall,
                f1,
            }
        };
        self.counts.iter().filter(|(_, counts)| counts.gold + counts.predicted > 0).map(line).collect()
    }
}

/// Four decimals: enough to see one claim, and the same in every run.
#[must_use]
pub fn rounded(figure: f64) -> f64 {
    (figure * 1e4).round() / 1e4
}

/// One row with its figures, from 0 to 1; `None` where there is nothing to divide by.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Line {
    #[serde(skip)]
    pub row: Row,
    pub slot: String,
    pub gold: usize,
    pub predicted: usize,
    pub right: usize,
    pub precision: Option<f64>,
    pub recall: Option<f64>,
    pub f1: Option<f64>,
}

/// What is wrong with an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fault {
    /// In gold and not predicted.
    Missed,
    /// Predicted and not in gold.
    Spurious,
    /// Predicted otherwise than in gold.
    Wrong,
}

/// One thing that is not right.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Item {
    /// The row it counts in.
    pub slot: String,
    /// What is wrong.
    pub fault: Fault,
    /// The gold file.
    pub article: String,
    /// Its sentence's first words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sentence: String,
    /// The words it is about.
    pub words: String,
    /// What gold has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gold: Option<String>,
    /// What was predicted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predicted: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn micro_figures_add_counts_and_the_text_takes_means() {
        let mut one = Tally::default();
        one.add(Row::Claims, Counts { gold: 4, predicted: 2, right: 1 });
        one.add_text(Counts { gold: 10, predicted: 10, right: 10 });
        let mut two = Tally::default();
        two.add(Row::Claims, Counts { gold: 1, predicted: 3, right: 1 });
        two.add_text(Counts { gold: 1000, predicted: 0, right: 0 });
        one.merge(&two);
        let lines = one.lines();
        assert_eq!(lines.iter().map(|line| line.slot.as_str()).collect::<Vec<_>>(), ["main text", "claims"]);
        assert_eq!((lines[0].precision, lines[0].recall, lines[0].f1), (Some(0.5), Some(0.5), Some(0.5)));
        assert_eq!((lines[1].precision, lines[1].recall, lines[1].f1), (Some(0.4), Some(0.4), Some(0.4)));
        assert_eq!(Counts::default().f1(), None);
    }
}
