//! From numerals and number words to values.

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
    fn new(first: usize, last: usize, value: Decimal) -> Core {
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

    fn not(first: usize, last: usize) -> Core {
        Core { not: true, ..Core::new(first, last, Decimal::ZERO) }
    }
}

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
fn vulgar(character: &str) -> Option<Decimal> {
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

    pub(crate) fn is(&self, at: usize, flags: u32) -> bool {
        self.lexemes.get(at).is_some_and(|l| self.tables.is(l.id, flags))
    }

    fn worth(&self, at: usize) -> Option<Worth> {
        self.lexemes.get(at).filter(|l| l.form == Form::Word).and_then(|l| self.tables.entry(l.id).worth)
    }

    /// The next word, over a hyphen that joins: its index.
    fn joined(&self, last: usize) -> usize {
        let at = last + 1;
        let hyphen = self.get(at).is_some_and(|l| l.id == mark(b'-') && !l.gap) && self.get(at + 1).is_some_and(|l| !l.gap);
        if hyphen { at + 1 } else { at }
    }

    fn glued(&self, at: usize) -> bool {
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

    fn digits(&self, at: usize) -> Core {
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
                // "1.99×10−30".
                Form::Mark if next.of(self.text) == "×" => return Core::not(at, self.run_end(after)),
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

    /// Whether one space, and nothing wider, stands after lexeme `at`.
    fn one_space(&self, at: usize) -> bool {
        let (a, b) = (self.lexemes[at].end as usize, self.lexemes[at + 1].start as usize);
        let mut between = self.text[a..b].chars();
        between.next().is_some_and(|c| c == ' ' || c == '\u{a0}' || c == '\u{202f}' || c == '\u{2009}') && between.next().is_none()
    }

    /// "1/2" at lexeme `at`.
    fn slash_fraction(&self, at: usize) -> Option<(u32, u32)> {
        let [parts, slash, of] = self.lexemes.get(at..at + 3)? else { return None };
        if slash.id != mark(b'/') || slash.gap || of.gap || parts.len() > 1 || of.len() > 1 {
            return None;
        }
        if self.get(at + 3).is_some_and(|l| !l.gap && (l.form != Form::Mark || l.id == mark(b'/'))) {
            return None;
        }
        let (parts, of) = (parts.of(self.text).parse().ok()?, of.of(self.text).parse().ok()?);
        (parts < of && parts > 0).then_some((parts, of)).filter(|(_, of)| matches!(of, 2..=6 | 8))
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

    /// Scale words after a numeral: "1.2 million", "2 dozen", "5 and a half million".
    fn scaled(&self, mut core: Core) -> Core {
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

    /// "and a half", "and three quarters".
    fn and_a_half(&self, mut core: Core) -> Core {
        let named = &self.tables.named;
        if self.id(core.last + 1) != named.and {
            return core;
        }
        let mut at = core.last + 2;
        let mut parts = 1;
        if self.is(at, flag::ARTICLE) {
            at += 1;
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

    /// Number words from `at` on.
    fn in_words(&self, at: usize) -> Option<Core> {
        let here = self.get(at)?;
        let named = &self.tables.named;
        if here.id == 0 {
            return None;
        }
        // "a hundred", "a dozen", "a third of", "half a million".
        if self.is(at, flag::ARTICLE) {
            return self.after_article(at);
        }
        if let Some(core) = self.vague(at) {
            return Some(core);
        }
        if here.id == named.half {
            return self.half(at, at);
        }
        match self.worth(at)? {
            Worth::Ones(_) | Worth::Teens(_) | Worth::Tens(_) => {}
            Worth::Scale(_) | Worth::Group(_) | Worth::Vague { .. } => return None,
        }
        let core = self.compose(at, at, 0)?;
        let fraction = self.fraction(core);
        Some(fraction.unwrap_or_else(|| self.and_a_half_scaled(core)))
    }

    fn and_a_half_scaled(&self, core: Core) -> Core {
        let more = self.and_a_half(core);
        if more.last == core.last { core } else { self.scaled(more) }
    }

    fn after_article(&self, at: usize) -> Option<Core> {
        let next = at + 1;
        if self.get(next)?.form != Form::Word {
            return None;
        }
        if let Some(core) = self.vague(next) {
            return Some(Core { first: at, ..core });
        }
        match self.worth(next) {
            Some(Worth::Scale(_) | Worth::Group(_)) => {
                // "a score" is more often music than twenty, "a pair" more often shoes.
                if matches!(self.worth(next), Some(Worth::Group(n)) if n != 12) && self.id(next + 1) != self.tables.named.of {
                    return None;
                }
                if matches!(self.worth(next), Some(Worth::Group(20))) {
                    return None;
                }
                let mut core = self.compose(at, next, 1)?;
                if matches!(self.worth(next), Some(Worth::Group(2))) {
                    core.last += 1;
                }
                Some(self.and_a_half_scaled(core))
            }
            _ if self.id(next) == self.tables.named.half => self.half(at, next),
            _ => {
                let parts = self.tables.entry(self.id(next)).fraction?;
                // "a third" alone is an ordinal.
                if self.id(next + 1) != self.tables.named.of {
                    return None;
                }
                self.part_of(Core { fraction: true, ..Core::new(at, next, part(1, parts)) })
            }
        }
    }

    /// "half of", "half the", "half a million", "half dozen".
    fn half(&self, first: usize, half: usize) -> Option<Core> {
        let whole = Core { fraction: true, ..Core::new(first, half, part(1, 2)) };
        let mut at = self.joined(half);
        if self.is(at, flag::ARTICLE) {
            at += 1;
        }
        if let Some(Worth::Scale(factor) | Worth::Group(factor)) = self.worth(at) {
            let factor = Decimal::from(factor);
            let value = part(1, 2).checked_mul(factor)?.normalize();
            return Some(Core { last: at, value: Some(value), scale: factor, fraction: false, ..whole });
        }
        self.part_of(whole)
    }

    /// A fraction of a scale: "a quarter of a million"; else the fraction.
    fn part_of(&self, core: Core) -> Option<Core> {
        if self.id(core.last + 1) == self.tables.named.of
            && self.is(core.last + 2, flag::ARTICLE)
            && let Some(Worth::Scale(factor)) = self.worth(core.last + 3)
        {
            let factor = Decimal::from(factor);
            let value = core.value?.checked_mul(factor)?.normalize();
            return Some(Core { last: core.last + 3, value: Some(value), scale: factor, fraction: false, ..core });
        }
        Some(core)
    }

    /// "two-thirds", "one fifth of": a number of ones with a denominator.
    fn fraction(&self, core: Core) -> Option<Core> {
        let parts = match (core.first == core.last).then(|| self.worth(core.first)) {
            Some(Some(Worth::Ones(n @ 1..))) => u32::from(n),
            _ => return None,
        };
        let at = self.joined(core.last);
        let of = self.tables.entry(self.id(at)).fraction?;
        let plural = self.words(at).ends_with('s');
        let hyphen = at > core.last + 1;
        let ending = self.id(at + 1) == self.tables.named.of;
        // "one second", "two quarters of growth": a singular needs a hyphen or "of"; quarters alone are parts of a year.
        if parts >= of || (!plural && parts > 1) || (!hyphen && !ending && (!plural || of == 4)) {
            return None;
        }
        self.part_of(Core { fraction: true, last: at, value: Some(part(parts, of)), ..core })
    }

    /// "dozens of", "hundreds of thousands", "several hundred".
    fn vague(&self, at: usize) -> Option<Core> {
        let named = &self.tables.named;
        let vague = |last| Core { value: None, ..Core::new(at, last, Decimal::ZERO) };
        if let Some(Worth::Vague { only_with_of }) = self.worth(at) {
            let mut last = at;
            while self.id(last + 1) == named.of && last - at < 6 {
                match self.worth(last + 2) {
                    Some(Worth::Vague { .. }) => last += 2,
                    _ => break,
                }
            }
            let of = last > at || self.id(at + 1) == named.of || self.is(at + 1, flag::COUNTED_PLURAL) || self.id(at + 1) == named.more;
            return (!only_with_of || of).then(|| vague(last));
        }
        let (length, ()) = self.tables.vague_before.starting(self.lexemes, at)?;
        let mut last = at + length - 1;
        let mut scales = 0;
        loop {
            let next = self.joined(last);
            match self.worth(next) {
                Some(Worth::Scale(_) | Worth::Vague { .. }) => {}
                Some(Worth::Group(n)) if n > 2 => {}
                _ => break,
            }
            last = next;
            scales += 1;
            if scales == 3 {
                break;
            }
        }
        if scales > 0 {
            return Some(vague(last));
        }
        let (length, ()) = self.tables.vague_alone.starting(self.lexemes, at)?;
        Some(vague(at + length - 1))
    }

    /// Puts number words together. `group` is what stands before `at`: 0 nothing, 1 an article.
    fn compose(&self, first: usize, at: usize, group: u64) -> Option<Core> {
        let named = &self.tables.named;
        let mut total = Decimal::ZERO;
        let mut group = group;
        // Which places of the group below a hundred are still free.
        let (mut ones, mut tens) = (group == 0, group == 0);
        let mut smallest: Option<u64> = None;
        let mut scale = Decimal::ONE;
        let mut last = None;
        let mut next = at;
        let mut plain_and = false;
        // Numbers in words are short; a longer run is a list.
        for _ in 0..24 {
            match self.worth(next) {
                Some(Worth::Ones(n)) if ones && (n > 0 || last.is_none()) => {
                    group += u64::from(n);
                    (ones, tens) = (false, false);
                }
                Some(Worth::Teens(n)) if tens => {
                    group += u64::from(n);
                    (ones, tens) = (false, false);
                }
                Some(Worth::Tens(n)) if tens => {
                    group += u64::from(n);
                    (ones, tens) = (true, false);
                }
                Some(Worth::Scale(100)) if (1..100).contains(&group) && !plain_and => {
                    group *= 100;
                    (ones, tens) = (true, true);
                    scale = Decimal::ONE_HUNDRED;
                }
                Some(Worth::Scale(factor)) if factor > 100 && !plain_and => {
                    if group > 0 && smallest.is_none_or(|s| factor < s) {
                        total = total.checked_add(Decimal::from(group).checked_mul(Decimal::from(factor))?)?;
                    } else if group == 0 && total > Decimal::ZERO && last.is_some_and(|l| matches!(self.worth(l), Some(Worth::Scale(_)))) {
                        total = total.checked_mul(Decimal::from(factor))?;
                    } else {
                        break;
                    }
                    group = 0;
                    smallest = Some(factor);
                    scale = Decimal::from(factor);
                    (ones, tens) = (true, true);
                }
                Some(Worth::Group(factor)) if group > 0 && factor > 2 && smallest.is_none() => {
                    // "four score": a noun besides unless small; "ten dozen".
                    if factor == 20 && group > 6 {
                        break;
                    }
                    group = group.checked_mul(factor)?;
                    last = Some(next);
                    break;
                }
                _ => break,
            }
            last = Some(next);
            plain_and = false;
            next = self.joined(next);
            // "one hundred and five": only into a free place, and not before what is a number of its own.
            if self.id(next) == named.and && next == last? + 1 {
                let into = self.worth(next + 1);
                let after_scale = matches!(self.worth(last?), Some(Worth::Scale(_)));
                let small = matches!(into, Some(Worth::Ones(1..) | Worth::Teens(_) | Worth::Tens(_)));
                let between = first > 0 && self.id(first - 1) == named.between;
                if !after_scale || !small || !tens || between || !self.and_joins(next + 1, last?) {
                    break;
                }
                plain_and = true;
                next += 1;
            }
        }
        let last = last?;
        let mut core = Core { scale, ..Core::new(first, last, total.checked_add(Decimal::from(group))?) };
        core.value = core.value.map(|v| v.normalize());
        if self.id(last + 1) == named.point {
            core = self.point(core)?;
        }
        Some(core)
    }

    /// Whether the number after "and" goes on from the scale word at `scale`: "one hundred and two thousand", not "one hundred and two hundred".
    fn and_joins(&self, at: usize, scale: usize) -> bool {
        let mut at = at;
        for _ in 0..3 {
            match (self.worth(at), self.worth(scale)) {
                (Some(Worth::Ones(_) | Worth::Teens(_) | Worth::Tens(_)), _) => at = self.joined(at),
                (Some(Worth::Scale(next)), Some(Worth::Scale(before))) => return if before == 100 { next > 100 } else { next < before },
                (Some(Worth::Scale(_) | Worth::Group(_)), _) => return false,
                _ => return true,
            }
        }
        true
    }

    /// "two point five million".
    fn point(&self, core: Core) -> Option<Core> {
        let mut digits = String::new();
        let mut at = core.last + 2;
        while let Some(Worth::Ones(n)) = self.worth(at)
            && digits.len() < 6
        {
            digits.push(char::from(b'0' + n));
            at += 1;
        }
        if digits.is_empty() {
            return Some(core);
        }
        let value = core.value?.checked_add(numeral(&format!("0.{digits}"))?)?;
        Some(self.scaled(Core { value: Some(value), last: at - 1, ..core }))
    }
}
