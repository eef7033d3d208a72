//! Numbers in words: "two dozen", "one hundred and five", "a third of", "hundreds of thousands".

use super::digits::{numeral, part};
use super::tables::{Worth, flag};
use super::value::{Core, Reader};
use crate::recognise::time::scan::Form;
use rust_decimal::Decimal;

impl Reader<'_> {
    /// Number words from `at` on.
    pub(super) fn in_words(&self, at: usize) -> Option<Core> {
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
