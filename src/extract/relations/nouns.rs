//! What event nouns say, and whose machines are: "fighting between M23 and the army", "Israeli strikes on Hodeidah", "jets of the Air Force".

use super::Finder;
use super::deeds::{Deed, Sides};
use crate::extract::roles::is_actor;
use crate::types::{Claim, Kind, Label, Mention, Role, Slot, Tag};
use std::borrow::Cow;

impl Finder<'_, '_> {
    /// What an event noun says: "Israeli strikes on Hodeidah", "a firefight with the 43rd Battalion".
    pub(super) fn by_noun(&self, noun: usize) -> Option<Claim> {
        let (tree, lexicon) = (self.tree, self.reader.lexicon);
        let frames = &lexicon.relations.frames;
        // "Fighting", tagged as a verb, is itself the noun.
        let lemma = if tree.is_noun(noun) { Cow::Borrowed(tree.lemma(noun)) } else { Cow::Owned(tree.word(noun).to_lowercase()) };
        let mut deed = match (frames.noun(&lemma), lexicon.events.noun(&lemma)) {
            (Some(index), _) => Deed::of(noun, frames.frame(index), None, lexicon),
            (None, Some(index)) => Deed::of(noun, lexicon.events.frame(index), Some(index), lexicon),
            (None, None) => return None,
        };
        if self.is_counted(noun) || tree.mention(self.mentions, noun).is_some() {
            return None;
        }
        deed.light = self.does(noun);
        let mut sides = Sides::default();
        let word = tree.word(noun);
        for child in tree.children(noun).iter().copied().filter(|child| *child < noun) {
            if let Some(weapon) = tree.mention(self.mentions, child).filter(|m| m.kind == Kind::Equipment) {
                sides.put(Slot::Equipment, weapon.span, format!("stands before “{word}”"));
            }
        }
        // What is tagged as an adjective has no dependents: "Al-Qaida’s affiliate JNIM".
        let before = || {
            let at = noun.checked_sub(2).filter(|_| deed.kind == "AlliedWith" && tree.tag(noun - 1) == Tag::Pos)?;
            tree.mention(self.mentions, at).filter(|m| is_actor(m)).map(|m| m.span)
        };
        let between = tree.children(noun).iter().copied().find(|c| tree.is(*c, "between")).and_then(|c| tree.child(c, &[Label::Pobj]));
        // "Palestinian deaths" are no deed of Palestinians.
        let suffered = lexicon.events.is_in(deed.kind, &lexicon.events.sides.losses);
        if let Some(owner) = self.owner_of(noun).or_else(before).filter(|_| !suffered) {
            // "The Gaza war", "Doha talks": where, and not who.
            let scene = self.mentions.iter().any(|m| m.span == owner && m.kind == Kind::Place && !m.is_state());
            let owns = tree.children(noun).iter().any(|c| tree.label(*c) == Label::Poss && tree.span(*c).overlaps(owner));
            // "Al-Qaida’s affiliate JNIM": JNIM is one of al-Qaida’s.
            let whose = if deed.kind == "AlliedWith" { Slot::Recipient } else { Slot::Agent };
            let slot = if scene && !owns { Slot::Place } else { whose };
            if slot == Slot::Place || between.is_none() {
                sides.put(slot, owner, format!("stands before “{word}”"));
            }
        }
        if deed.kind == "AlliedWith" {
            let next = (noun + 1 < tree.len()).then(|| tree.mention(self.mentions, noun + 1)).flatten();
            let beside =
                tree.children(noun).iter().copied().filter(|c| tree.label(*c) == Label::Appos).find_map(|c| tree.mention(self.mentions, c));
            let above = tree.head(noun).filter(|_| tree.label(noun) == Label::Appos).and_then(|above| tree.mention(self.mentions, above));
            if let Some(ally) = next.or(beside).or(above).filter(|m| is_actor(m)) {
                sides.put(Slot::Agent, ally.span, format!("who is called “{word}”"));
            }
        }
        if let Some(first) = between {
            for (nth, side) in tree.conjuncts(first).into_iter().enumerate() {
                if let Some(party) = self.party(side) {
                    let slot = if nth == 0 { Slot::Agent } else { Slot::Recipient };
                    sides.put(slot, party, format!("behind “between” at “{word}”"));
                }
            }
        }
        let hung = |at: usize| tree.children(at).iter().copied().filter(|c| tree.label(*c) == Label::Prep && !tree.is(*c, "between"));
        for prep in hung(noun).chain(deed.light.into_iter().flat_map(|(verb, _)| hung(verb))) {
            let Some(object) = tree.child(prep, &[Label::Pobj]) else { continue };
            let preposition = tree.word(prep).to_lowercase();
            let why = format!("behind “{preposition}” at “{word}”");
            if preposition == "of" {
                self.undergoer_of(&deed, object, &why, &mut sides);
            } else {
                self.object(&deed, &preposition, object, &why, &mut sides);
            }
        }
        if !sides.has(Slot::Agent)
            && let Some((_, doer)) = deed.light
        {
            self.doer(Slot::Agent, doer, &format!("who “{word}” is of"), &mut sides);
        }
        if deed.kind == "Fights"
            && !sides.has(Slot::Agent)
            && let Some(subject) = self.fell_in(noun)
        {
            self.doer(Slot::Agent, subject, "who fell in it", &mut sides);
        }
        self.claim(&deed, None, sides)
    }

    /// "FA-50 jets of the Air Force", "the navy’s patrol boat Tor 113".
    pub(super) fn by_machine(&self, machine: &Mention) -> Option<Claim> {
        let tree = self.tree;
        let head = tree.last_in(machine.span).filter(|head| machine.kind == Kind::Equipment && !self.is_counted(*head))?;
        // "The group’s drone unit" is no drone.
        if head + 1 < tree.len() && tree.is_noun(head + 1) {
            return None;
        }
        let first = tree.first_in(machine.span)?;
        let of = (head + 1 < tree.len() && tree.is(head + 1, "of")).then(|| tree.child(head + 1, &[Label::Pobj])).flatten();
        let has = match of {
            Some(owner) => tree
                .mention(self.mentions, owner)
                .filter(|m| matches!(m.kind, Kind::Organization | Kind::MilitaryUnit))
                .map(|m| (head + 1, m.span)),
            None => {
                let mark = (first.saturating_sub(3)..first).rev().find(|at| !self.modifies(*at) || tree.tag(*at) == Tag::Pos)?;
                let owner = mark.checked_sub(1).filter(|_| tree.tag(mark) == Tag::Pos);
                owner.and_then(|owner| self.party(owner)).map(|party| (mark, party))
            }
        };
        let (by, owner) = has?;
        let roles = vec![Role { slot: Slot::Agent, span: owner }, Role { slot: Slot::Equipment, span: machine.span }];
        Some(self.joined("Operates", by, roles))
    }

    /// Whom a clause tells to have been harmed in a fight: "soldiers died in a clash with M23".
    fn fell_in(&self, noun: usize) -> Option<usize> {
        let tree = self.tree;
        let events = &self.reader.lexicon.events;
        let prep = tree.head(noun).filter(|prep| tree.label(noun) == Label::Pobj && (tree.is(*prep, "in") || tree.is(*prep, "during")))?;
        let verb = tree.head(prep).filter(|verb| tree.is_verb(*verb))?;
        let harm = events.senses(tree.lemma(verb)).iter().any(|sense| events.is_in(&events.frame(sense.frame).event, &events.sides.losses));
        tree.subject(verb).filter(|_| harm)
    }

    /// The verb that only says that there was such an event, and its subject: "Israel carried out strikes".
    pub(super) fn does(&self, noun: usize) -> Option<(usize, usize)> {
        let tree = self.tree;
        let lexicon = self.reader.lexicon;
        let does = |verb: &usize| lexicon.cues.doing.contains(tree.lemma(*verb)) || lexicon.relations.light.contains(tree.lemma(*verb));
        let verb = tree.head(noun).filter(|verb| tree.label(noun) == Label::Dobj && does(verb))?;
        tree.subject(verb).filter(|_| !tree.is_passive(verb)).map(|subject| (verb, subject))
    }

    fn undergoer_of(&self, deed: &Deed<'_>, object: usize, why: &str, sides: &mut Sides) {
        let tree = self.tree;
        for object in tree.conjuncts(object).into_iter().filter(|object| !self.is_counted(*object)) {
            let mention = tree.mention(self.mentions, object);
            match mention.map(|m| (m.kind, m.span)) {
                Some((Kind::Equipment, span)) => sides.put(Slot::Equipment, span, why.to_owned()),
                Some((Kind::Place, span)) if Self::is_scene(deed.kind) || mention.is_some_and(|m| !m.is_state()) => {
                    sides.put(Slot::Place, span, why.to_owned());
                }
                _ => {
                    if let Some(party) = self.party(object) {
                        sides.put(Slot::Recipient, party, why.to_owned());
                    }
                }
            }
        }
    }
}
