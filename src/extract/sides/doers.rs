//! Doers that can be none: nobody kills their own soldiers, rescuers kill nobody, and whose attack was repelled did not win.

use super::{Sides, of_slot, rename};
use crate::types::{ByteSpan, Claim, Role, Slot};

/// Words between a part and the whole that it is of.
const OUT_OF: [&str; 4] = ["of", "of the", "out of", "out of the"];

impl Sides<'_> {
    /// Of "shot down 88 of 117" only the 88 were shot down; and who did it launched none of the 117.
    pub(super) fn not_their_own(&self, claims: &mut [Claim]) {
        let named = &self.lexicon.events.sides;
        for at in 1..claims.len() {
            let (before, own) = claims.split_at_mut(at);
            let (part, whole) = (&before[at - 1], &mut own[0]);
            let against = self.lexicon.events.is_in(&part.event, &named.against);
            let one_deed = against && part.predicate_span == whole.predicate_span;
            // "Shot down 64 of 81 drones launched": the deed of the whole may have its own word.
            let sent = against && self.lexicon.events.is_in(&whole.event, &named.own);
            let words = part.amount().zip(whole.amount()).and_then(|(part, whole)| self.text.get(part.end as usize..whole.start as usize));
            let out_of = (one_deed || sent) && words.is_some_and(|words| OUT_OF.contains(&words.trim()));
            if out_of && (part.event == whole.event || whole.event == "Other") {
                rename(
                    whole,
                    if part.event == "Intercepted" { "Launched" } else { "Other" },
                    "the whole of which a part was counted before",
                );
            }
            if out_of || one_deed && self.lexicon.events.is_in(&whole.event, &named.own) {
                let wrong = of_slot(&part.roles, Slot::Agent);
                let theirs = |slot: Slot, span: ByteSpan| matches!(slot, Slot::Agent | Slot::CountedActor) && Some(span) == wrong;
                whole.roles.retain(|role| !theirs(role.slot, role.span));
                whole.support.retain(|support| !theirs(support.slot, support.span));
            }
        }
    }

    /// The roles that cannot be: nobody kills or takes their own soldiers, and what people move to is a place and no receiver.
    pub(super) fn impossible(&self, event: &str, counted: Option<&str>, roles: &[Role]) -> Vec<Role> {
        let named = &self.lexicon.events.sides;
        // "600 North Korean deaths": the event is what is counted.
        let troops = |noun: &str| self.is_military(noun) || self.lexicon.events.noun(noun).is_some();
        let (slot, other) = if self.lexicon.events.is_in(event, &named.against) && counted.is_some_and(troops) {
            (Slot::Agent, Slot::CountedActor)
        } else if self.lexicon.events.is_in(event, &named.moves) {
            (Slot::Recipient, Slot::Place)
        } else {
            return Vec::new();
        };
        let Some(other) = of_slot(roles, other).map(|span| self.name_of(span)) else { return Vec::new() };
        roles.iter().filter(|role| role.slot == slot && self.name_of(role.span) == other).cloned().collect()
    }

    /// Whether somebody's attack is what was repelled: "repelled an RSF assault, killing 85".
    fn is_warded_off(&self, doer: ByteSpan) -> bool {
        let (before, behind) = (&self.text[..doer.start as usize], &self.text[doer.end as usize..]);
        let mut words =
            before.split_whitespace().rev().skip_while(|word| ["a", "an", "the", "another"].contains(&word.to_lowercase().as_str()));
        let verb = words.next();
        // "Failed to stop an RSF attack".
        let failed = words.take(3).any(|word| self.lexicon.events.sides.failing.contains(&self.lexicon.words.verb(&word.to_lowercase())));
        let warded =
            !failed && verb.is_some_and(|verb| self.lexicon.events.sides.warding.contains(&self.lexicon.words.verb(&verb.to_lowercase())));
        let attack = |words: &str| self.lexicon.events.noun(&self.head(words)).is_some();
        let next = behind.split_whitespace().next().unwrap_or_default();
        warded && (attack(doer.of(self.text)) || attack(next.trim_end_matches(|c: char| !c.is_alphanumeric())))
    }

    /// Doers that can be none: of harm those who come to help and those whose attack was repelled, and of anything the very ones that are counted, and
    /// weapons and vehicles.
    pub(super) fn no_doers(&self, event: &str, counted: Option<ByteSpan>, deed: ByteSpan, roles: &[Role]) -> Vec<Role> {
        let named = &self.lexicon.events.sides;
        let harm = self.lexicon.events.is_in(event, &named.against);
        let events = &self.lexicon.events;
        let verb = self.lexicon.words.verb(&deed.of(self.text).to_lowercase());
        let senses = events.senses(&verb);
        let moved = harm && !senses.is_empty() && senses.iter().all(|sense| events.is_in(&events.frame(sense.frame).event, &named.moves));
        let harmless = |role: &&Role| {
            // "A paramedic killed 12 patients" says so in as many words.
            let does = deed.start >= role.span.end && self.text[role.span.end as usize..deed.start as usize].trim().is_empty();
            let helps = harm && !does && named.helpers.contains(&self.head(role.span.of(self.text)));
            let own = counted.is_some_and(|counted| counted.overlaps(role.span));
            // "Rescued 21, two of them hurt": who moves people out of harm did not harm them.
            role.slot == Slot::Agent && (helps || own || self.is_equipment(role.span) || harm && (moved || self.is_warded_off(role.span)))
        };
        roles.iter().filter(harmless).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Lexicon;
    use crate::types::{Evidence, Kind, Mention, Via};

    #[test]
    fn nobody_kills_their_own_soldiers_and_a_goal_is_no_receiver() {
        let text = "North Korea lost 40 North Korean soldiers in Russia to drones, rescuers said.";
        let lexicon = Lexicon::load(None).expect("built-in words");
        let span = |words: &str| text.find(words).map(|at| ByteSpan::new(at, at + words.len())).expect("words of the text");
        let role = |slot: Slot, words: &str| Role { slot, span: span(words) };
        let north = |words: &str, kind: Kind| {
            let (key, evidence) = (Some("state/KP".to_owned()), Evidence::of(Via::Ruled));
            Mention { span: span(words), kind, score: 1.0, evidence, key, time: None }
        };
        let mut mentions = [north("North Korea", Kind::Place), north("North Korean", Kind::Nationality), north("drones", Kind::Equipment)];
        mentions[2].key = None;
        let sides = Sides { lexicon: &lexicon, text, mentions: &mentions };
        let impossible = |event: &str, counted: &str, roles: &[Role]| {
            sides.impossible(event, Some(counted), roles).iter().map(|role| role.slot).collect::<Vec<_>>()
        };
        let harmless = |event: &str, roles: &[Role]| {
            let counted = Some(span("North Korean soldiers"));
            sides.no_doers(event, counted, span("lost"), roles).iter().map(|role| role.slot).collect::<Vec<_>>()
        };
        let own = [role(Slot::CountedActor, "North Korean"), role(Slot::Agent, "North Korea")];
        assert_eq!(impossible("Killed", "soldier", &own), [Slot::Agent]);
        assert_eq!(impossible("Casualties", "casualty", &own), [Slot::Agent]);
        assert_eq!(impossible("Killed", "dissident", &own), []);
        assert_eq!(impossible("Deployed", "soldier", &own), []);
        let helpers = [role(Slot::Agent, "rescuers")];
        assert_eq!(harmless("Killed", &helpers), [Slot::Agent]);
        assert_eq!(harmless("Evacuated", &helpers), []);
        assert_eq!(harmless("Other", &[role(Slot::Agent, "soldiers")]), [Slot::Agent]);
        assert_eq!(harmless("Killed", &[role(Slot::Agent, "drones")]), [Slot::Agent]);
        assert_eq!(harmless("Killed", &[role(Slot::Agent, "North Korean soldiers")]), [Slot::Agent]);
        let goal = [role(Slot::Place, "Russia"), role(Slot::Recipient, "Russia")];
        assert_eq!(impossible("Deployed", "soldier", &goal), [Slot::Recipient]);
        assert_eq!(impossible("Transferred", "tank", &goal), []);
    }
}
