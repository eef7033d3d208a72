//! A figure as the numbers that it leaves possible.

use super::handed::forms;
use crate::types::Bound;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How far a number told as “about” may be off: a tenth.
const ABOUT: Decimal = Decimal::from_parts(1, 0, 0, false, 1);

/// A figure: its number or two, how it bounds, and so the least and the most it can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Interval {
    /// The number, or the lower one of a range.
    #[serde(with = "forms::decimal")]
    pub(crate) value: Decimal,
    /// The upper number of a range.
    #[serde(with = "forms::some_decimal")]
    pub(crate) upper: Option<Decimal>,
    /// How the number bounds.
    pub(crate) bound: Bound,
}

/// How one figure stands to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// The same number, and all that the one leaves possible.
    Equal,
    /// The same number; the first leaves less possible.
    Narrower,
    /// The same number; the first leaves more possible.
    Wider,
    /// Not the same number, but both can be right, and the first leaves less possible.
    Within,
    /// Not the same number, but both can be right.
    Compatible,
    /// Not both can be right.
    Apart,
}

impl Interval {
    /// The least it can be.
    pub(crate) fn low(&self) -> Decimal {
        match self.bound {
            Bound::AtMost | Bound::LessThan => Decimal::ZERO,
            Bound::About => self.value - self.value * ABOUT,
            _ => self.value,
        }
    }

    /// The most it can be; `None` where nothing limits it.
    pub(crate) fn high(&self) -> Option<Decimal> {
        match self.bound {
            Bound::AtLeast | Bound::MoreThan => None,
            Bound::About => Some(self.value + self.value * ABOUT),
            _ => Some(self.upper.unwrap_or(self.value)),
        }
    }

    /// Whether all that it leaves possible is possible to the other, too.
    fn inside(&self, other: &Interval) -> bool {
        self.low() >= other.low() && other.high().is_none_or(|most| self.high().is_some_and(|high| high <= most))
    }

    fn overlaps(&self, other: &Interval) -> bool {
        self.high().is_none_or(|high| high >= other.low()) && other.high().is_none_or(|high| high >= self.low())
    }

    /// Whether both speak of one number, however exactly.
    pub(super) fn same_number(&self, other: &Interval) -> bool {
        match (self.upper, other.upper) {
            (None, None) if self.value == other.value => true,
            (None, None) => {
                let near = |about: &Interval, exact: &Interval| about.bound == Bound::About && exact.inside(about);
                near(self, other) || near(other, self)
            }
            (None, Some(upper)) => self.value >= other.value && self.value <= upper,
            (Some(upper), None) => other.value >= self.value && other.value <= upper,
            (Some(_), Some(_)) => self.inside(other) || other.inside(self),
        }
    }

    /// How it stands to another.
    pub(super) fn standing(&self, other: &Interval) -> Standing {
        let (inside, holds) = (self.inside(other), other.inside(self));
        if self.same_number(other) {
            // One number, however roughly told, says more than two.
            match (self.upper, other.upper) {
                (None, Some(_)) => return Standing::Narrower,
                (Some(_), None) => return Standing::Wider,
                _ => {}
            }
            return match (inside, holds) {
                (true, true) => Standing::Equal,
                (true, false) => Standing::Narrower,
                (false, true) => Standing::Wider,
                // “At most 12” and “at least 12”: the same number from two sides.
                (false, false) => Standing::Compatible,
            };
        }
        match self.overlaps(other) {
            true if inside => Standing::Within,
            true => Standing::Compatible,
            false => Standing::Apart,
        }
    }

    /// The sum of two figures.
    pub(super) fn plus(&self, other: &Interval) -> Interval {
        let bound = match (self.bound, other.bound) {
            (Bound::Exact, bound) | (bound, Bound::Exact) => bound,
            (one, other) if one == other => one,
            (Bound::AtLeast | Bound::MoreThan, _) | (_, Bound::AtLeast | Bound::MoreThan) => Bound::AtLeast,
            _ => Bound::About,
        };
        let upper =
            (self.upper.is_some() || other.upper.is_some()).then(|| self.upper.unwrap_or(self.value) + other.upper.unwrap_or(other.value));
        Interval { value: self.value + other.value, upper, bound }
    }

    /// Whether it is more than another: by its number, or its middle.
    pub(super) fn exceeds(&self, other: &Interval) -> bool {
        let twice = |i: &Interval| i.value + i.upper.unwrap_or(i.value);
        twice(self) > twice(other)
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.value.normalize();
        match (self.bound, self.upper) {
            (_, Some(upper)) => write!(f, "{value} to {}", upper.normalize()),
            (Bound::Exact | Bound::Range | Bound::Vague, None) => write!(f, "{value}"),
            (bound, None) => write!(f, "{} {value}", bound.name().replace('-', " ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn figure(bound: Bound, value: u32) -> Interval {
        Interval { value: value.into(), upper: None, bound }
    }

    #[test]
    fn figures_stand_to_one_another() {
        let exact = |value| figure(Bound::Exact, value);
        let about = |value| figure(Bound::About, value);
        let at_least = |value| figure(Bound::AtLeast, value);
        assert_eq!(exact(37).standing(&about(40)), Standing::Narrower);
        assert_eq!(about(40).standing(&exact(37)), Standing::Wider);
        assert_eq!(exact(30).standing(&about(40)), Standing::Apart);
        assert_eq!(exact(620).standing(&figure(Bound::MoreThan, 600)), Standing::Within);
        assert_eq!(at_least(15).standing(&at_least(12)), Standing::Within);
        assert_eq!(exact(600).standing(&about(600)), Standing::Narrower);
        assert_eq!(exact(12).standing(&exact(12)), Standing::Equal);
        assert_eq!(exact(42).standing(&Interval { value: 30.into(), upper: Some(50.into()), bound: Bound::Range }), Standing::Narrower);
        let range = Interval { value: 700.into(), upper: Some(750.into()), bound: Bound::Range };
        assert_eq!((about(730).standing(&range), about(800).standing(&range)), (Standing::Narrower, Standing::Compatible));
        assert_eq!(exact(9).standing(&at_least(12)), Standing::Apart);
        assert_eq!(figure(Bound::AtMost, 12).standing(&at_least(12)), Standing::Compatible);
        assert_eq!(about(600).plus(&figure(Bound::MoreThan, 4000)).standing(&about(4700)), Standing::Compatible);
        assert_eq!(about(40).to_string(), "about 40");
        assert_eq!(figure(Bound::MoreThan, 4000).to_string(), "more than 4000");
    }

    fn any() -> impl Strategy<Value = Interval> {
        (0u32..5000, 0u32..500, 0usize..6).prop_map(|(value, more, kind)| {
            let bounds = [Bound::Exact, Bound::About, Bound::AtLeast, Bound::MoreThan, Bound::AtMost, Bound::Range];
            let upper = (bounds[kind] == Bound::Range).then(|| Decimal::from(value + more));
            Interval { value: value.into(), upper, bound: bounds[kind] }
        })
    }

    proptest! {
        #[test]
        fn the_other_way_round_is_the_other_standing(one in any(), other in any()) {
            let (there, back) = (one.standing(&other), other.standing(&one));
            match there {
                Standing::Equal | Standing::Apart => prop_assert_eq!(there, back),
                Standing::Narrower => prop_assert_eq!(back, Standing::Wider),
                Standing::Wider => prop_assert_eq!(back, Standing::Narrower),
                Standing::Within | Standing::Compatible => prop_assert!(matches!(back, Standing::Within | Standing::Compatible)),
            }
            prop_assert_eq!(one.standing(&one), Standing::Equal);
        }
    }
}
