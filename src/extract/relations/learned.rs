//! What the relation reader says, joined with what the rules found.

use super::deeds::{Deed, OTHER, Sides};
use super::reader::Told;
use super::{Finder, is_side};
use crate::extract::roles::is_actor;
use crate::types::{ByteSpan, Certainty, Claim, Kind, Label, Mention, Role, Slot, Support, Tag, is_standing};

/// Words less probable tell of nothing; nor do those whose event and second side are less probable together, of `Other` less than [`SURE_OTHER`].
const TELLS: f32 = 0.5;
const SURE: f32 = 0.4;
const SURE_OTHER: f32 = 0.6;
/// A certainty other than "stated" of which no cue word tells is taken from here on.
const SURE_CERTAINTY: f32 = 0.7;
/// The share of relations that was right where rules and reader find the same, and what the confidence of those of rules alone is multiplied by; of the
/// reader's alone the share is a straight line over how probable they are. On articles of `corpus/train/relations` that its relations were not learnt from.
const AGREED: f32 = 0.8;
const RULED_ALONE: f32 = 0.7;
const READ_ALONE: (f32, f32) = (0.1, 0.6);
/// The slots that are asked for.
const SLOTS: [Slot; 5] = [Slot::Agent, Slot::Recipient, Slot::Equipment, Slot::Place, Slot::Origin];

impl Finder<'_, '_> {
    /// Adds to the relations of the rules what the reader finds beside them.
    pub(super) fn join(&self, told: &[Told], claims: &[Claim], found: &mut Vec<Claim>) {
        let ruled = found.len();
        let mut agreed = vec![false; ruled];
        // A number's own clause is a claim.
        let is_claim = |told: &Told| claims.iter().any(|claim| claim.figure.is_some() && claim.predicate_span == told.span);
        for told in told.iter().filter(|told| told.probability >= TELLS && !is_claim(told)) {
            for claim in self.of_answer(told) {
                match found.iter().position(|known| is_same(known, &claim)) {
                    Some(at) if at < ruled => {
                        agreed[at] = true;
                        complete(&mut found[at], claim);
                    }
                    // "The base at Khmeimim in Syria": two words tell of it.
                    Some(_) => {}
                    // "The RSF of Sudan" lies there or is a part of it, and not both.
                    None if is_standing(&claim.event) && found.iter().any(|known| stands_between(known, &claim)) => {}
                    // What a rule says that a word tells of holds.
                    None if found[..ruled].iter().any(|rule| rule.predicate_span == told.span && rule.event != claim.event) => {}
                    None => found.push(claim),
                }
            }
        }
        let users = |claim: &Claim| self.reader.lexicon.broader(&claim.event).is_some();
        for (rule, agreed) in found.iter_mut().zip(agreed).filter(|(rule, _)| !users(rule)) {
            rule.confidence = if agreed { rule.confidence.max(AGREED) } else { rule.confidence * RULED_ALONE };
        }
    }

    /// The relations of a word that tells, one for each kind of equipment.
    fn of_answer(&self, told: &Told) -> Vec<Claim> {
        let tree = self.tree;
        let Some(at) = tree.first_in(told.span) else { return Vec::new() };
        let event = match told.answer.event.0.as_str() {
            "Says" if !self.speaks(at) => return Vec::new(),
            "Leads" | "MemberOf" if self.is_past(at) => return Vec::new(),
            // "Talks on Gaza in Doha": the town is the talks'.
            "LocatedIn" if self.leads_elsewhere(at, told) => return Vec::new(),
            // "A commander of the RSF" is one of several.
            "Leads" if tree.children(at).iter().any(|c| tree.is(*c, "a") || tree.is(*c, "an")) => "MemberOf",
            event => event,
        };
        let mut deed = Deed::bare(at, event);
        deed.light = if tree.is_noun(at) { self.does(at) } else { None };
        let mut read = self.relation(event, tree.lemma(at), told.span, Vec::new(), Vec::new(), told.probability);
        let mut support = Vec::new();
        for slot in SLOTS {
            self.reader.role(slot, &told.answer, (tree, &[]), &[], &mut read, &mut support);
        }
        let why = |role: &Role| support.iter().find(|s| s.slot == role.slot && s.span == role.span).map_or("", |s| s.reason.as_str());
        let fitted: Vec<(Role, &str)> = read.roles.iter().filter_map(|role| Some((self.fitted(event, role)?, why(role)))).collect();
        let is_machine = |role: &Role| role.slot == Slot::Equipment;
        let mut machines: Vec<Option<&Role>> = fitted.iter().map(|(role, _)| role).filter(|role| is_machine(role)).map(Some).collect();
        if machines.is_empty() {
            machines.push(None);
        }
        let of_machine = |machine: Option<&Role>| {
            let mut sides = Sides::default();
            for (role, why) in fitted.iter().filter(|(role, _)| !is_machine(role) || Some(role) == machine) {
                sides.put(role.slot, role.span, (*why).to_owned());
            }
            let sure = sureness(told, &sides);
            // "They drove through Lyon" tells of nobody.
            let has_name = |role: &&Role| self.mentions.iter().any(|m| m.kind != Kind::Time && m.span.overlaps(role.span));
            if event == OTHER && sides.roles.iter().filter(has_name).count() < 2 {
                return None;
            }
            self.fill(&deed, &mut sides);
            if sure < if event == OTHER { SURE_OTHER } else { SURE } || !self.stands(&deed, &sides) {
                return None;
            }
            let reason = format!("“{}” tells of it, says the {} ({:.2})", tree.word(at), told.answer.by, told.probability);
            let mut claim = self.settled(&deed, None, sides, reason, READ_ALONE.0 + READ_ALONE.1 * sure);
            let (certainty, share) = told.answer.certainty;
            if claim.certainty == Certainty::Stated && share >= SURE_CERTAINTY && !is_standing(event) && event != "Says" {
                claim.certainty = certainty;
            }
            Some(claim)
        };
        machines.into_iter().filter_map(of_machine).collect()
    }

    /// Whether a verb is one of saying, or a word no verb.
    fn speaks(&self, at: usize) -> bool {
        let (tree, lexicon) = (self.tree, self.reader.lexicon);
        let frames = &lexicon.relations.frames;
        let says = |lemma: &str| frames.senses(lemma).iter().any(|sense| frames.frame(sense.frame).event == "Says");
        let lemma = tree.lemma(at);
        !tree.is_verb(at) || says(lemma) || lexicon.cues.attribution.contains(lemma)
    }

    /// Whether a preposition hangs on a noun that is none of the words for what lies there.
    fn leads_elsewhere(&self, at: usize, told: &Told) -> bool {
        let tree = self.tree;
        let noun = tree.head(at).filter(|head| tree.label(at) == Label::Prep && tree.is_noun(*head));
        noun.is_some_and(|noun| told.answer.of(Slot::Agent).all(|f| !f.span.overlaps(tree.span(noun))))
    }

    /// A side in the slot and by the words that are right for the event; none where it can be no side of it.
    fn fitted(&self, event: &str, role: &Role) -> Option<Role> {
        let exactly = |span: ByteSpan| self.mentions.iter().find(|m| m.span == span);
        let mention = exactly(role.span);
        match (event, role.slot) {
            // Where somebody is, he does not lie.
            ("LocatedIn", Slot::Agent) if mention.is_some_and(|m| m.kind == Kind::Person) => None,
            ("LocatedIn", Slot::Place) => self.mentions.iter().any(|m| m.span.overlaps(role.span)).then(|| role.clone()),
            // "Hezbollah" of "a Hezbollah commander", "Omani" of "his Omani counterpart"; nobody is a member of "they".
            ("MemberOf" | "Leads" | "PartOf", Slot::Recipient) if mention.is_none() => {
                let within = |m: &&Mention| role.span.covers(m.span) && is_actor(m) && m.kind != Kind::Person;
                let head = self.tree.last_in(role.span).filter(|head| role.span.covers(self.tree.span(*head)));
                match self.mentions.iter().find(within) {
                    Some(owner) => Some(Role { slot: role.slot, span: owner.span }),
                    None => head.filter(|head| self.tree.tag(*head) != Tag::Prp).map(|_| role.clone()),
                }
            }
            ("Says", Slot::Recipient) => mention.is_none_or(is_actor).then(|| role.clone()),
            // "Shelled Kashmir": where, and no second party.
            (_, Slot::Recipient)
                if Self::is_scene(event) && event != OTHER && mention.is_some_and(|m| m.kind == Kind::Place && !m.is_state()) =>
            {
                Some(Role { slot: Slot::Place, span: role.span })
            }
            _ => Some(role.clone()),
        }
    }

    /// Who did it and whom or what it was done to, by the tree, where the reader found too little.
    fn fill(&self, deed: &Deed<'_>, sides: &mut Sides) {
        let (tree, at) = (self.tree, deed.at);
        if !tree.is_verb(at) {
            return;
        }
        let passive = tree.is_passive(at);
        if !passive
            && !sides.has(Slot::Agent)
            && let Some(subject) = self.subject(at).filter(|subject| !self.is_counted(*subject))
        {
            self.doer(Slot::Agent, subject, &format!("subject of “{}”", tree.word(at)), sides);
        }
        let undergoer = if passive { tree.subject(at) } else { self.object_of(at) };
        let undergone = [Slot::Recipient, Slot::Equipment].into_iter().any(|slot| sides.has(slot));
        if let Some(item) = undergoer.filter(|item| !undergone && !self.is_counted(*item)) {
            self.undergoer(deed, item, sides);
        }
    }
}

/// How probable it is that a word tells of this event between two sides: by the less probable of the two surest.
fn sureness(told: &Told, sides: &Sides) -> f32 {
    let of_role = |role: &Role| {
        let filler = told.answer.fillers.iter().find(|filler| filler.span.overlaps(role.span));
        filler.map_or(0.0, |filler| filler.probability)
    };
    let mut shares: Vec<f32> = sides.roles.iter().map(of_role).collect();
    shares.sort_by(|a, b| b.total_cmp(a));
    // A side that the tree adds is as sure as the one that was read.
    let second = shares.get(1).or(shares.first()).copied().unwrap_or(0.0);
    told.probability * told.answer.event.1 * second
}

/// Whether two relations of a sentence tell of one thing: the same event, two sides shared, and no other equipment.
fn is_same(one: &Claim, other: &Claim) -> bool {
    let of = |claim: &Claim, slot: Slot| claim.roles.iter().filter(|r| r.slot == slot).map(|r| r.span).collect::<Vec<_>>();
    let shares = |slot: Slot| of(one, slot).iter().any(|span| of(other, slot).iter().any(|o| o.overlaps(*span)));
    let parted = |slot: Slot| !of(one, slot).is_empty() && !of(other, slot).is_empty() && !shares(slot);
    let shared = SLOTS.into_iter().filter(|slot| is_side(*slot) && shares(*slot)).count();
    one.event == other.event && shared >= 2 && !parted(Slot::Equipment)
}

/// Whether a standing relation is one of the same two things as another.
fn stands_between(known: &Claim, claim: &Claim) -> bool {
    is_standing(&known.event) && claim.roles.iter().filter(|r| is_side(r.slot)).all(|r| known.roles.iter().any(|k| k.span.overlaps(r.span)))
}

/// Gives a relation of the rules the equipment, place and origin that it lacks.
fn complete(rule: &mut Claim, claim: Claim) {
    let lacks = |slot: Slot| matches!(slot, Slot::Equipment | Slot::Place | Slot::Origin) && !rule.roles.iter().any(|r| r.slot == slot);
    let free = |span: ByteSpan| !rule.roles.iter().any(|r| r.span.overlaps(span));
    let added: Vec<Role> = claim.roles.into_iter().filter(|r| lacks(r.slot) && free(r.span)).collect();
    let why: Vec<Support> =
        claim.support.into_iter().filter(|s| added.iter().any(|role| role.slot == s.slot && role.span == s.span)).collect();
    rule.roles.extend(added);
    rule.support.extend(why);
}
