//! Whose people and things are counted.

use super::{Sides, of_slot};
use crate::types::{ByteSpan, Claim, Kind, Mention, Role, Slot, Support};
use rustc_hash::FxHashMap;

/// Whose the counted of earlier claims were.
struct Owner {
    /// Where words named them last.
    span: ByteSpan,
    name: String,
    /// Whether all were of one.
    is_sole: bool,
    /// Whether they were sent or fired.
    is_sent: bool,
}

impl Owner {
    fn of(span: ByteSpan, name: String) -> Owner {
        Owner { span, name, is_sole: true, is_sent: false }
    }

    fn see(&mut self, span: ByteSpan, name: &str) {
        self.span = span;
        self.is_sole &= self.name == name;
    }
}

impl Sides<'_> {
    /// Whose people and things are counted, where no words beside them say so: whom the words that were counted before name, who sends or fires them;
    /// else, of soldiers and weapons and of those the text points back to, whose the same noun was before, if the article has them of one owner only;
    /// else, of what was lost, whose the losses were before, on the same terms.
    pub(super) fn own_the_counted(&self, claims: &mut [Claim]) {
        let mut of_noun: FxHashMap<(String, bool), Owner> = FxHashMap::default();
        let mut of_losses: Option<Owner> = None;
        for claim in claims.iter_mut().filter(|c| c.figure.is_some()) {
            let Some(noun) = self.noun(claim) else { continue };
            let sides = &self.lexicon.events.sides;
            let (own, doer) = (of_slot(&claim.roles, Slot::CountedActor), of_slot(&claim.roles, Slot::Agent));
            let counted = claim.counted().map(|counted| counted.span);
            let military = self.is_military(&noun) || counted.is_some_and(|span| self.is_equipment(span));
            // Of weapons and vehicles: soldiers are lost by both sides.
            let lost = counted.is_some_and(|span| self.is_equipment(span)) && self.lexicon.events.is_in(&claim.event, &sides.losses);
            // "120 Australian soldiers took part" says nothing of five soldiers who were killed; that they were sent does.
            let harmed = self.lexicon.events.is_in(&claim.event, &sides.against);
            let rival = doer.filter(|_| harmed).map(|span| self.name_of(span));
            let key = (noun, harmed);
            let meant = counted.is_some_and(|span| self.points_back(span));
            let of_same = of_noun.get(&key).filter(|_| military || meant);
            let of_other = of_noun.get(&(key.0.clone(), !harmed)).filter(|owner| meant || military && owner.is_sent);
            let others = |owner: &&Owner| owner.is_sole && !self.is_person(owner.span) && rival.as_ref() != Some(&owner.name);
            // What a president sends is the state's.
            let sends = self.lexicon.events.is_in(&claim.event, &sides.own);
            let told = [
                (counted.and_then(|span| self.named_in(span)), "named in the words that are counted"),
                (doer.filter(|span| sends && !self.is_person(*span)), "they are of who sends them"),
                (of_same.or(of_other).filter(others).map(|owner| owner.span), "as of the same noun before"),
                (of_losses.as_ref().filter(|_| lost).filter(others).map(|owner| owner.span), "as of the losses before"),
            ];
            let found = told.into_iter().find_map(|(span, reason)| Some((span?, reason)));
            let Some(span) = own.or(found.map(|(span, _)| span)) else { continue };
            if let Some((span, reason)) = found.filter(|_| own.is_none()) {
                claim.roles.push(Role { slot: Slot::CountedActor, span });
                claim.support.push(Support { slot: Slot::CountedActor, span, reason: reason.into() });
            }
            let name = self.name_of(span);
            let owner = of_noun.entry(key).or_insert_with(|| Owner::of(span, name.clone()));
            owner.see(span, &name);
            owner.is_sent |= sends;
            if lost && doer.is_none() && self.is_named(span) {
                of_losses.get_or_insert_with(|| Owner::of(span, name.clone())).see(span, &name);
            }
        }
    }

    /// Whose they are by their own words: "M23" of "M23 prisoners".
    fn named_in(&self, counted: ByteSpan) -> Option<ByteSpan> {
        let owns =
            |m: &&Mention| matches!(m.kind, Kind::Nationality | Kind::Organization | Kind::MilitaryUnit) && !m.is_compounded(self.text);
        let held = self.lexicon.words.is("held", &self.head(counted.of(self.text)));
        self.within(counted).filter(|_| !held).filter(owns).map(|m| m.span).find(|name| name.end < counted.end)
    }

    /// "the prisoners", "those vehicles": ones that were told of before.
    fn points_back(&self, counted: ByteSpan) -> bool {
        let before = self.text[..counted.start as usize].trim_end().rsplit(' ').next().unwrap_or_default();
        ["the", "these", "those"].iter().any(|word| before.eq_ignore_ascii_case(word))
    }
}
