//! Numbers in digits: separators, fractions, suffixes.

use super::tables::{Worth, flag};
use super::value::{Core, Reader};
use crate::recognise::time::scan::{Form, mark};
use rust_decimal::Decimal;

/// The value of a numeral's characters; `None` for "1.2.3" and what no decimal holds.
pub(crate) fn numeral(characters: &str) -> Option<Decimal> {
    // 28 digits fit a decimal; separators come on top.
    if characters.len() > 40 {
        return None;
    }
    let dots = characters.bytes().filter(|b| *b == b'.').count();
    if dots > 1 {
        // "1.200.000": dots as separators of thousands.
        let mut groups = characters.split('.');
        let lead = groups.next().map_or(0, str::len);
        if lead > 3 || !groups.all(|g| g.len() == 3) {
            return None;
        }
        return Decimal::from_str_exact(&characters.replace('.', "")).ok();
    }
    if characters.contains(',') {
        Decimal::from_str_exact(&characters.replace(',', "")).ok()
    } else {
        Decimal::from_str_exact(characters).ok()
    }
}

/// The value of "½" and its like.
pub(super) fn vulgar(character: &str) -> Option<Decimal> {
    let (a, b) = match character {
        "½" => (1, 2),
        "⅓" => (1, 3),
        "⅔" => (2, 3),
        "¼" => (1, 4),
        "¾" => (3, 4),
        "⅕" => (1, 5),
        "⅖" => (2, 5),
        "⅗" => (3, 5),
        "⅘" => (4, 5),
        "⅙" => (1, 6),
        "⅛" => (1, 8),
        "⅜" => (3, 8),
        "⅝" => (5, 8),
        "⅞" => (7, 8),
        _ => return None,
    };
    Some(part(a, b))
}

/// A part of a whole, to six places: what words say of a third is no more exact.
pub(crate) fn part(parts: u32, of: u32) -> Decimal {
    Decimal::from(parts).checked_div(Decimal::from(of)).map_or(Decimal::ZERO, |d| d.round_dp(6).normalize())
}

impl Reader<'_> {
    pub(super) fn digits(&self, at: usize) -> Core {
        let characters = self.words(at);
        let Some(mut value) = numeral(characters) else { return Core::not(at, self.run_end(at)) };
        let mut core = Core::new(at, at, value);
        core.digits = true;
        core.bare = !characters.contains([',', '.']);
        // "1 200": groups of three with one space.
        if core.bare && characters.len() <= 3 && !characters.starts_with('0') {
            let mut digits = String::new();
            while let Some(next) = self.get(core.last + 1)
                && next.form == Form::Numeral
                && next.gap
                && next.len() == 3
                && core.last - at < 6
                && self.one_space(core.last)
                && !self.get(core.last + 2).is_some_and(|l| !l.gap && l.form == Form::Numeral)
            {
                if digits.is_empty() {
                    digits.push_str(characters);
                }
                digits.push_str(next.of(self.text));
                core.last += 1;
            }
            if let Some(joined) = numeral(&digits).filter(|_| !digits.is_empty()) {
                value = joined;
                core.value = Some(joined);
                core.bare = false;
            }
        }
        // "3½", "3 1/2", "1/2".
        if let Some(more) = self.get(core.last + 1).filter(|l| l.form == Form::Mark && l.len() > 1).and_then(|l| vulgar(l.of(self.text))) {
            core.value = value.checked_add(more);
            core.last += 1;
            core.bare = false;
        } else if let Some((parts, of)) = self.slash_fraction(core.last + 1).filter(|_| core.bare) {
            core.value = value.checked_add(part(parts, of));
            core.last += 3;
            core.bare = false;
        } else if let Some((parts, of)) = self.slash_fraction(at) {
            core = Core { value: Some(part(parts, of)), last: at + 2, bare: false, fraction: true, ..core };
        }
        // Letters glued to the digits.
        let after = core.last + 1;
        if let Some(next) = self.get(after).filter(|l| !l.gap) {
            match next.form {
                Form::Word => {
                    let letters = next.of(self.text);
                    if matches!(letters, "st" | "nd" | "rd" | "th" | "ST" | "ND" | "RD" | "TH") {
                        return Core::not(at, after);
                    }
                    let ends = !self.get(after + 1).is_some_and(|l| !l.gap && l.form != Form::Mark);
                    if letters == "s" && ends {
                        // "1990s", "under-20s"; "100s of" is vague.
                        if core.bare && matches!(characters, "10" | "100" | "1000") && self.id(after + 1) == self.tables.named.of {
                            return Core { value: None, last: after, digits: false, bare: false, ..core };
                        }
                        return Core::not(at, after);
                    }
                    if matches!(letters, "p" | "i") && self.tables.lines.contains(characters) {
                        return Core::not(at, after);
                    }
                    if let Some(&factor) = self.tables.suffixes.get(letters).filter(|_| ends) {
                        let factor = Decimal::from(factor);
                        core.metres_or_millions = letters == "m";
                        core.bare = false;
                        if !core.metres_or_millions {
                            core.last = after;
                            core.value = core.value.and_then(|v| v.checked_mul(factor)).map(|v| v.normalize());
                            core.scale = factor;
                            core.digits = false;
                            if core.value.is_none() {
                                return Core::not(at, after);
                            }
                        }
                        return core;
                    }
                    if matches!(self.worth(after), Some(Worth::Scale(_))) && ends {
                        return self.scaled(core);
                    }
                    // A unit or a designation: the caller, who knows units, decides.
                    return core;
                }
                // "401(k)".
                Form::Mark if next.id == mark(b'(') => {
                    let letter = self.get(after + 1).is_some_and(|l| !l.gap && l.form == Form::Word && l.len() == 1);
                    if letter && self.glued(after + 2) && self.id(after + 2) == mark(b')') {
                        return Core::not(at, after + 2);
                    }
                }
                // "1.99×10−30".
                Form::Mark if next.of(self.text) == "×" => {
                    return self.power(core).unwrap_or_else(|| Core::not(at, self.run_end(after)));
                }
                Form::Mark
                    if (next.id == mark(b':') || next.id == mark(b'/'))
                        && self.get(after + 1).is_some_and(|l| !l.gap && l.form == Form::Numeral) =>
                {
                    return Core::not(at, self.run_end(at));
                }
                _ => {}
            }
        }
        self.scaled(core)
    }

    /// "1.5×10^6", "2×10⁻³" as far as a decimal holds it; the sign of multiplication is the next lexeme.
    fn power(&self, core: Core) -> Option<Core> {
        let mut at = core.last + 2;
        if self.words(at) != "10" {
            return None;
        }
        at += 1;
        let mut exponent: i32 = 0;
        let mut negative = false;
        if self.glued(at) && self.id(at) == mark(b'^') {
            at += 1;
        }
        if self.glued(at) && matches!(self.words(at), "-" | "−" | "⁻") {
            negative = true;
            at += 1;
        }
        if self.glued(at) && self.lexemes[at].form == Form::Numeral {
            exponent = self.words(at).parse().ok()?;
            at += 1;
        } else {
            let from = at;
            while self.glued(at)
                && let Some(digit) = "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|c| self.words(at).chars().eq([c]))
            {
                exponent = exponent.checked_mul(10)?.checked_add(digit as i32)?;
                at += 1;
            }
            if at == from {
                return None;
            }
        }
        if exponent > 24 {
            return None;
        }
        let ten = (0..exponent).try_fold(Decimal::ONE, |all, _| all.checked_mul(Decimal::TEN))?;
        let value = if negative { core.value?.checked_div(ten)? } else { core.value?.checked_mul(ten)? };
        let kept = !value.is_zero() || core.value?.is_zero();
        kept.then_some(Core { value: Some(value.normalize()), last: at - 1, bare: false, scale: ten, ..core })
    }

    /// Whether one space, and nothing wider, stands after lexeme `at`.
    pub(super) fn one_space(&self, at: usize) -> bool {
        let (a, b) = (self.lexemes[at].end as usize, self.lexemes[at + 1].start as usize);
        let mut between = self.text[a..b].chars();
        between.next().is_some_and(|c| c == ' ' || c == '\u{a0}' || c == '\u{202f}' || c == '\u{2009}') && between.next().is_none()
    }

    /// "1/2" at lexeme `at`.
    pub(super) fn slash_fraction(&self, at: usize) -> Option<(u32, u32)> {
        let [parts, slash, of] = self.lexemes.get(at..at + 3)? else { return None };
        if slash.id != mark(b'/') || slash.gap || of.gap || parts.len() > 1 || of.len() > 1 {
            return None;
        }
        if self.get(at + 3).is_some_and(|l| !l.gap && (l.form != Form::Mark || l.id == mark(b'/'))) {
            return None;
        }
        let (parts, of) = (parts.of(self.text).parse().ok()?, of.of(self.text).parse().ok()?);
        // "4/5" by itself is a mark given.
        let article = |at: usize| self.is(at, flag::ARTICLE);
        let rated = || {
            of == 5
                && at.checked_sub(1).is_some_and(article)
                && self
                    .get(at + 3)
                    .is_none_or(|l| l.form == Form::Mark || self.tables.is(l.id, flag::FUNCTION) && l.id != self.tables.named.of)
        };
        (parts < of && parts > 0).then_some((parts, of)).filter(|(_, of)| matches!(of, 2..=6 | 8)).filter(|_| !rated())
    }

    /// The last lexeme of the run without white space that holds `at`.
    pub(crate) fn run_end(&self, at: usize) -> usize {
        let mut to = at;
        while self.glued(to + 1) {
            let next = &self.lexemes[to + 1];
            let joins = next.form != Form::Mark
                || [b'-', b'/', b':', b'.', b'_', b'\''].iter().any(|b| next.id == mark(*b))
                    && self.get(to + 2).is_some_and(|l| !l.gap && l.form != Form::Mark);
            if !joins {
                break;
            }
            to += 1;
        }
        to
    }
}
