//! What the classifier tells apart: for each kind of mention its first token and those after it, and what is outside of mentions.

use super::fault;
use crate::error::Result;

/// Where in a mention a token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// In none.
    Outside,
    /// The first of a mention of this kind.
    Begin(usize),
    /// A later one.
    Inside(usize),
}

/// The labels by number, and the kinds that they speak of.
#[derive(Clone, Debug)]
pub struct Labels {
    labels: Vec<Label>,
    kinds: Vec<String>,
    /// By kind, the numbers of its two labels.
    numbers: Vec<[usize; 2]>,
    outside: usize,
    inside_starts: bool,
}

impl Labels {
    /// The labels of these names: `O`, `B-Person`, `I-Person` and so on.
    ///
    /// # Errors
    /// When a name is of another form, or a kind has not both labels.
    pub fn new<'n>(names: impl Iterator<Item = &'n str>) -> Result<Self> {
        let (mut labels, mut kinds) = (Vec::new(), Vec::<String>::new());
        for name in names {
            let mut kind = |kind: &str| {
                kinds.iter().position(|k| k == kind).unwrap_or_else(|| {
                    kinds.push(kind.to_owned());
                    kinds.len() - 1
                })
            };
            labels.push(match (name, name.split_once('-')) {
                ("O", _) => Label::Outside,
                (_, Some(("B", name))) => Label::Begin(kind(name)),
                (_, Some(("I", name))) => Label::Inside(kind(name)),
                _ => return Err(fault("labels", format!("{name} is none"))),
            });
        }
        let number = |label| {
            let mut all = labels.iter().enumerate().filter(|(_, l)| **l == label).map(|(number, _)| number);
            all.next().filter(|_| all.next().is_none()).ok_or_else(|| fault("labels", "not each of O, B- and I- once"))
        };
        let numbers = (0..kinds.len()).map(|k| Ok([number(Label::Begin(k))?, number(Label::Inside(k))?])).collect::<Result<_>>()?;
        let outside = number(Label::Outside)?;
        Ok(Self { labels, kinds, numbers, outside, inside_starts: false })
    }

    /// The same, where a mention may also open with a label for what is inside of one: in IOB1 its first token has that label, but next to another mention of its
    /// kind (Ramshaw and Marcus 1995).
    #[must_use]
    pub fn inside_starts(mut self, may: bool) -> Self {
        self.inside_starts = may;
        self
    }

    /// Whether it may.
    #[must_use]
    pub fn may_start_inside(&self) -> bool {
        self.inside_starts
    }

    /// How many labels there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.labels.len()
    }

    /// The names of the kinds.
    #[must_use]
    pub fn kinds(&self) -> &[String] {
        &self.kinds
    }

    /// The label of a number.
    #[must_use]
    pub fn label(&self, number: usize) -> Label {
        self.labels.get(number).copied().unwrap_or(Label::Outside)
    }

    /// The number of the label of a kind's first token.
    #[must_use]
    pub fn begin(&self, kind: usize) -> usize {
        self.numbers[kind][0]
    }

    /// The number of the label of a kind's later tokens.
    #[must_use]
    pub fn inside(&self, kind: usize) -> usize {
        self.numbers[kind][1]
    }

    /// Of both labels of a kind that with the greater number; of equals the first.
    #[must_use]
    pub fn of_kind(&self, kind: usize, numbers: &[f32]) -> usize {
        let [begin, inside] = self.numbers[kind];
        if numbers[inside] > numbers[begin] { inside } else { begin }
    }

    /// Whether a label is of a kind.
    #[must_use]
    pub fn is_of(&self, label: usize, kind: usize) -> bool {
        self.numbers[kind].contains(&label)
    }

    /// The number of the label of what is in no mention.
    #[must_use]
    pub fn outside(&self) -> usize {
        self.outside
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_any_order() {
        let labels = Labels::new("I-B-52 O B-Place B-B-52 I-Place".split(' ')).expect("labels");
        assert_eq!(labels.kinds(), ["B-52", "Place"]);
        assert_eq!((labels.begin(0), labels.inside(0), labels.begin(1), labels.inside(1), labels.outside()), (3, 0, 2, 4, 1));
        assert_eq!(labels.label(4), Label::Inside(1));
    }

    #[test]
    fn what_is_no_set_of_labels_is_refused() {
        for names in ["", "O B-Place", "O B-Place I-Place O", "B-Place I-Place", "O Place"] {
            assert!(Labels::new(names.split_whitespace()).is_err(), "{names}");
        }
    }
}
