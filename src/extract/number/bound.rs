//! The words before and after a number that bound it, and those that say whether it adds to others or sums them up.

use super::tables::flag;
use super::units::Dimension;
use super::value::Reader;
use super::{Figure, Numbers};
use crate::recognise::time::scan::{Form, mark};
use crate::types::{Amount, Bound, Scope};

/// What the words around a number make of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cues {
    pub bound: Option<Bound>,
    pub scope: Option<Scope>,
    /// First and last lexeme of the number with its cue.
    pub first: usize,
    pub last: usize,
}

/// The stronger of two bounds: "as many as about 30" is at most 30.
fn stronger(a: Option<Bound>, b: Bound) -> Bound {
    match a {
        Some(a) if a != Bound::About => a,
        _ => b,
    }
}

impl Numbers {
    pub(super) fn cues(&self, reader: Reader, figure: &Figure, free: usize) -> Cues {
        let mut cues = Cues { bound: None, scope: None, first: figure.first, last: figure.number.1 };
        self.cues_before(reader, figure, free, &mut cues);
        self.cues_after(reader, figure, &mut cues);
        cues
    }

    fn cues_before(&self, reader: Reader, figure: &Figure, free: usize, cues: &mut Cues) {
        let named = &self.tables.named;
        let mut at = cues.first;
        let opens = at > free && (reader.id(at - 1) == named.between || reader.id(at - 1) == named.from);
        if opens && matches!(figure.amount, Amount::Range(..)) {
            at -= 1;
            cues.first = at;
        }
        for _ in 0..5 {
            if let Some((length, bound)) = self.tables.bounds_before.ending(reader.lexemes, at).filter(|(length, _)| at - length >= free)
                && !self.blocked(reader, figure, at, length)
                && !self.opens_other(reader, at - length, length)
            {
                at -= length;
                cues.first = at;
                cues.bound = Some(stronger(cues.bound, bound));
                continue;
            }
            // "In all, 40 people".
            let comma = at > free + 1 && reader.id(at - 1) == mark(b',');
            if let Some((length, scope)) = self.tables.scope_before.ending(reader.lexemes, at - usize::from(comma))
                && at - usize::from(comma) >= free + length
                && (!comma || scope == Scope::Total)
            {
                cues.scope = cues.scope.or(Some(scope));
                if comma {
                    break;
                }
                at -= length;
                // "another 12" is the number's own determiner; "a total of" heads a phrase of its own.
                if scope == Scope::Increment {
                    cues.first = at;
                }
                continue;
            }
            break;
        }
        if cues.scope.is_none() && at > free + 1 && (reader.id(at - 1) == named.by || reader.id(at - 1) == named.of) {
            let start = at.saturating_sub(4).max(free);
            if (start..at - 1).any(|i| reader.is(i, flag::GROWTH)) {
                cues.scope = Some(Scope::Increment);
            }
        }
    }

    /// "talk about", "take over": the word belongs to the verb.
    fn blocked(&self, reader: Reader, figure: &Figure, at: usize, length: usize) -> bool {
        let named = &self.tables.named;
        if length != 1 || at < 2 {
            return false;
        }
        let word = reader.id(at - 1);
        // "costs add up over five years": in which time, and not for how long at least.
        if word == named.over
            && figure.dimension == Some(Dimension::Time)
            && !reader.is(at - 2, flag::OVER_TIME_BEFORE)
            && !reader.is(figure.end + 1, flag::OVER_TIME_AFTER)
            && reader.id(figure.end + 1) != named.of
        {
            return true;
        }
        let flags = if word == named.over {
            flag::OVER_VERB
        } else if word == named.about {
            flag::ABOUT_VERB
        } else if word == named.around {
            flag::AROUND_VERB
        } else if word == named.under {
            flag::UNDER_VERB
        } else {
            return false;
        };
        reader.is(at - 2, flags)
    }

    /// A mark as a cue ("~", ">") must be glued to the number; a word as a cue must not be glued to what stands before it.
    fn opens_other(&self, reader: Reader, first: usize, length: usize) -> bool {
        let Some(lexeme) = reader.get(first) else { return false };
        if lexeme.form == Form::Mark {
            return reader.get(first + length).is_some_and(|l| {
                l.gap && lexeme.len() == 1 && lexeme.id != mark(b'>') && lexeme.id != mark(b'<') && lexeme.id != mark(b'~')
            });
        }
        // "turn-about 30", "pushover".
        !lexeme.gap && first > 0 && reader.lexemes[first - 1].form != Form::Mark
    }

    fn cues_after(&self, reader: Reader, figure: &Figure, cues: &mut Cues) {
        let named = &self.tables.named;
        let mut at = figure.number.1 + 1;
        for place in [at, figure.end + 1] {
            if let Some((length, bound)) = self.tables.bounds_after.starting(reader.lexemes, place) {
                let next = place + length;
                let mark_first = reader.lexemes[place].form == Form::Mark;
                let other = reader.id(next) == named.than
                    || mark_first && reader.lexemes[place].gap
                    || reader.get(next).is_some_and(|l| l.form == Form::Numeral)
                    // "at least 30, at most 40": the next number's own cue.
                    || length > 1 && reader.core(next).is_some();
                if !other {
                    cues.bound = Some(stronger(cues.bound, bound));
                    if place == figure.number.1 + 1 {
                        cues.last = next - 1;
                    }
                    at = next;
                    break;
                }
            }
            if figure.end == figure.number.1 {
                break;
            }
        }
        at = at.max(figure.end + 1);
        if cues.scope.is_some() {
            return;
        }
        if let Some((length, scope)) = self.tables.scope_after.starting(reader.lexemes, at)
            && reader.id(at + length) != named.than
        {
            cues.scope = Some(scope);
            if scope == Scope::Increment && at == cues.last + 1 {
                cues.last = at + length - 1;
            }
            return;
        }
        // "40 wounded soldiers in all".
        for i in at..at + 5 {
            match reader.get(i) {
                Some(l) if l.form == Form::Word => {}
                _ => return,
            }
            if let Some((length, Scope::Total)) = self.tables.scope_after.starting(reader.lexemes, i)
                && length > 1
            {
                cues.scope = Some(Scope::Total);
                return;
            }
        }
    }
}
