//! From numerals and number words to values.

use super::digits::{numeral, part, vulgar};
use super::tables::{Tables, Worth, flag};
use crate::recognise::time::scan::{Form, Lexeme, mark};
use rust_decimal::Decimal;

/// A number as its words say it, before cue and unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Core {
    /// First and last lexeme.
    pub first: usize,
    pub last: usize,
    /// The value; `None` for "dozens".
    pub value: Option<Decimal>,
    /// Whether it ends in digits, a unit's symbol may follow.
    pub digits: bool,
    /// The factor of the scale words and suffixes: 1 for "15", a million for "1.2 million".
    pub scale: Decimal,
    /// A numeral with neither separator nor scale nor sign, such as years and designations are.
    pub bare: bool,
    /// A part of a whole: "a third", "two-thirds".
    pub fraction: bool,
    /// "2.5m", "5m": metres or millions.
    pub metres_or_millions: bool,
    /// Says no amount: an ordinal, a designation, a clock time.
    pub not: bool,
}

impl Core {
    pub(super) fn new(first: usize, last: usize, value: Decimal) -> Core {
        Core {
            first,
            last,
            value: Some(value),
            digits: false,
            scale: Decimal::ONE,
            bare: false,
            fraction: false,
            metres_or_millions: false,
            not: false,
        }
    }

    pub(super) fn not(first: usize, last: usize) -> Core {
        Core { not: true, ..Core::new(first, last, Decimal::ZERO) }
    }
}

/// A sentence's lexemes, being read.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub tables: &'a Tables,
    pub text: &'a str,
    pub lexemes: &'a [Lexeme],
}

impl Reader<'_> {
    pub(crate) fn get(&self, at: usize) -> Option<&Lexeme> {
        self.lexemes.get(at)
    }

    pub(crate) fn id(&self, at: usize) -> u16 {
        self.lexemes.get(at).map_or(0, |l| l.id)
    }

    pub(crate) fn words(&self, at: usize) -> &str {
        self.lexemes.get(at).map_or("", |l| l.of(self.text))
    }

    pub(crate) fn is(&self, at: usize, flags: u64) -> bool {
        self.lexemes.get(at).is_some_and(|l| self.tables.is(l.id, flags))
    }

    pub(super) fn worth(&self, at: usize) -> Option<Worth> {
        self.lexemes.get(at).filter(|l| l.form == Form::Word).and_then(|l| self.tables.entry(l.id).worth)
    }

    /// The next word, over a hyphen that joins: its index.
    pub(super) fn joined(&self, last: usize) -> usize {
        let at = last + 1;
        let hyphen = self.get(at).is_some_and(|l| l.id == mark(b'-') && !l.gap) && self.get(at + 1).is_some_and(|l| !l.gap);
        if hyphen { at + 1 } else { at }
    }

    pub(super) fn glued(&self, at: usize) -> bool {
        self.get(at).is_some_and(|l| !l.gap)
    }

    /// The number that starts at `at`.
    pub(crate) fn core(&self, at: usize) -> Option<Core> {
        let here = self.get(at)?;
        match here.form {
            Form::Numeral => Some(self.digits(at)),
            Form::Word => self.in_words(at),
            Form::Mark => {
                if here.id == mark(b'.')
                    && here.gap
                    && self.get(at + 1).is_some_and(|l| l.form == Form::Numeral && !l.gap)
                    && !self.words(at + 1).contains(['.', ','])
                {
                    // ".5"
                    let value = numeral(&format!("0.{}", self.words(at + 1)))?;
                    return Some(self.scaled(Core { digits: true, ..Core::new(at, at + 1, value) }));
                }
                let value = if here.len() > 1 { vulgar(here.of(self.text))? } else { return None };
                Some(self.scaled(Core::new(at, at, value)))
            }
        }
    }

    /// Scale words after a numeral: "1.2 million", "2 dozen", "5 and a half million".
    pub(super) fn scaled(&self, mut core: Core) -> Core {
        core = self.and_a_half(core);
        for _ in 0..2 {
            let at = self.joined(core.last);
            let factor = match self.worth(at) {
                Some(Worth::Scale(factor) | Worth::Group(factor)) => factor,
                _ => match self.tables.suffixes.get(self.words(at)) {
                    // "5 bn", but a lone letter is something else.
                    Some(factor) if self.get(at).is_some_and(|l| l.len() > 1 && l.gap) => *factor,
                    _ => break,
                },
            };
            let factor = Decimal::from(factor);
            match core.value.and_then(|v| v.checked_mul(factor)) {
                Some(value) => core.value = Some(value.normalize()),
                None => return Core::not(core.first, at),
            }
            core.scale *= factor;
            core.last = at;
            core.bare = false;
            core.digits = false;
        }
        core
    }

    /// A number with the "and a half" that stands behind its unit, which ends at `unit`.
    pub(super) fn half_behind(&self, core: Core, unit: usize) -> Option<Core> {
        let with = self.and_a_half(Core { last: unit, ..core });
        (with.last > unit && core.value.is_some_and(|value| value == value.trunc())).then_some(with)
    }

    /// "and a half", "and three quarters".
    pub(super) fn and_a_half(&self, mut core: Core) -> Core {
        let named = &self.tables.named;
        let and = self.joined(core.last);
        if self.id(and) != named.and {
            return core;
        }
        let mut at = self.joined(and);
        let mut parts = 1;
        if self.is(at, flag::ARTICLE) {
            at = self.joined(at);
        } else if let Some(Worth::Ones(n @ 1..)) = self.worth(at) {
            parts = u32::from(n);
            at = self.joined(at);
        } else if self.id(at) != named.half {
            return core;
        }
        let Some(of) = self.tables.entry(self.id(at)).fraction.filter(|of| *of <= 10 && parts < *of) else { return core };
        // "5 and a third party": nothing but a half or a quarter may end a number.
        if of != 2 && of != 4 {
            return core;
        }
        let step = if core.scale > Decimal::ONE { core.scale } else { Decimal::ONE };
        if let Some(value) = part(parts, of).checked_mul(step).and_then(|p| core.value.and_then(|v| v.checked_add(p))) {
            core.value = Some(value.normalize());
            core.last = at;
            core.digits = false;
            core.bare = false;
        }
        core
    }
}
