//! Numbers with what belongs to them.

use super::ByteSpan;
use rust_decimal::Decimal;

/// How a number bounds the quantity it speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Bound {
    Exact,
    About,
    AtLeast,
    MoreThan,
    AtMost,
    LessThan,
    Range,
    Vague,
}

impl Bound {
    /// Every bound.
    pub const ALL: [Bound; 8] =
        [Bound::Exact, Bound::About, Bound::AtLeast, Bound::MoreThan, Bound::AtMost, Bound::LessThan, Bound::Range, Bound::Vague];

    /// The name in the graph.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Bound::Exact => "exact",
            Bound::About => "about",
            Bound::AtLeast => "at-least",
            Bound::MoreThan => "more-than",
            Bound::AtMost => "at-most",
            Bound::LessThan => "less-than",
            Bound::Range => "range",
            Bound::Vague => "vague",
        }
    }

    /// The bound of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Bound> {
        Bound::ALL.into_iter().find(|b| b.name() == name)
    }
}

/// The number itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// One value.
    Value(Decimal),
    /// Two values, low ≤ high.
    Range(Decimal, Decimal),
    /// "dozens", "scores": a cue and no value.
    Vague,
}

/// What sort of thing the number measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Things that are counted.
    Count,
    /// A physical unit: tonnes, kilometres, hectares.
    Unit,
    /// Money.
    Money,
    /// A share: percent, a third of.
    Share,
    /// A length of time: "three hours", "10 days".
    Duration,
    /// How old somebody is.
    Age,
    /// One out of things that are known: "one of the best". An amount, and nothing that anybody reports.
    Partitive,
    /// How many times as much: "three times as many", "1.4x faster".
    Ratio,
    /// What describes a thing by how many it has: "a three-storey house".
    Attribute,
    /// Anything that is a number and yet says no amount: dates, clock times, ordinals, scores, phone numbers, section numbers, designations.
    /// Kept so that nothing else takes it for a count; never given out.
    Not,
}

/// A number in the text, with its cue and unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// The words of the number with its cue, currency sign and scale ("more than 4,000", "some $1.2 million"); no unit word.
    pub span: ByteSpan,
    /// The number alone, without cue: "4,000".
    pub number: ByteSpan,
    /// Value, range or vague.
    pub amount: Amount,
    /// How it bounds.
    pub bound: Bound,
    /// What sort of number it is.
    pub measure: Measure,
    /// The unit, singular and normalised: "tonne", "US dollar", "percent".
    pub unit: Option<String>,
    /// The unit's words, where it has any beyond a sign that is part of `span`.
    pub unit_span: Option<ByteSpan>,
    /// "another", "more", "rose by": an increment; "in all", "total of": a total, where the number's own cue says so.
    pub scope: Option<Scope>,
    /// Which way something changed by it: "rose 5%", "down by 12".
    pub change: Option<Change>,
}

/// The direction of a change, and the word that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Up or down.
    pub direction: Direction,
    /// "rose", "down", "+".
    pub span: ByteSpan,
}

/// Which way something changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// More than before.
    Up,
    /// Less than before.
    Down,
}

impl Direction {
    /// As given out.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Direction::Up => "up",
            Direction::Down => "down",
        }
    }
}

impl Measure {
    /// Whether somebody may report such an amount: what claims are made of.
    #[must_use]
    pub fn is_reported(self) -> bool {
        matches!(self, Measure::Count | Measure::Unit | Measure::Money | Measure::Share)
    }

    /// As given out.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Measure::Count => "count",
            Measure::Unit => "unit",
            Measure::Money => "money",
            Measure::Share => "share",
            Measure::Duration => "duration",
            Measure::Age => "age",
            Measure::Partitive => "partitive",
            Measure::Ratio => "ratio",
            Measure::Attribute => "attribute",
            Measure::Not => "none",
        }
    }
}

/// Whether a figure is a running total or adds to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// All so far.
    Total,
    /// What is added.
    Increment,
}
