//! What the relation reader says, joined with what the rules found.

use super::deeds::{Deed, Sides};
use super::reader::Told;
use super::{Finder, is_side};
use crate::types::{Claim, Role, Slot, Support};

/// Words less probable tell of nothing; nor do those whose event and second side are less probable together.
const TELLS: f32 = 0.5;
const SURE: f32 = 0.4;
/// The share of relations that was right where rules and reader find the same, and what the confidence of those of rules alone is multiplied by; of the
/// reader's alone the share is a straight line over how probable they are. On articles of `corpus/train/relations` that it had not learnt from.
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
                    Some(at) if shared(&found[at], &claim) >= 2 => {}
                    _ => found.push(claim),
                }
            }
        }
        for (rule, agreed) in found.iter_mut().zip(agreed) {
            rule.confidence = if agreed { rule.confidence.max(AGREED) } else { rule.confidence * RULED_ALONE };
        }
    }

    /// The relations of a word that tells, one for each kind of equipment.
    fn of_answer(&self, told: &Told) -> Vec<Claim> {
        let tree = self.tree;
        let Some(at) = tree.first_in(told.span) else { return Vec::new() };
        let event = told.answer.event.0.as_str();
        let mut deed = Deed::learned(at, event);
        deed.light = if tree.is_noun(at) { self.does(at) } else { None };
        let mut read = self.relation(event, tree.lemma(at), told.span, Vec::new(), Vec::new(), told.probability);
        let mut support = Vec::new();
        for slot in SLOTS {
            self.reader.role(slot, &told.answer, (tree, &[]), &[], &mut read, &mut support);
        }
        let roles = read.roles;
        let machines = roles.iter().filter(|role| role.slot == Slot::Equipment).map(Some);
        let machines: Vec<Option<&Role>> = if roles.iter().any(|role| role.slot == Slot::Equipment) { machines.collect() } else { vec![None] };
        let of_machine = |machine: Option<&Role>| {
            let mut sides = Sides::default();
            for role in roles.iter().filter(|role| role.slot != Slot::Equipment || Some(*role) == machine) {
                let why = support.iter().find(|s| s.slot == role.slot && s.span == role.span);
                sides.put(role.slot, role.span, why.map_or_else(String::new, |s| s.reason.clone()));
            }
            let sure = sureness(told, &sides);
            self.fill(&deed, &mut sides);
            if sure < SURE || !self.stands(&deed, &sides) {
                return None;
            }
            let reason = format!("“{}” tells of it, says the {} ({:.2})", tree.word(at), told.answer.by, told.probability);
            Some(self.settled(&deed, None, sides, reason, READ_ALONE.0 + READ_ALONE.1 * sure))
        };
        machines.into_iter().filter_map(of_machine).collect()
    }

    /// Who did it and whom or what it was done to, by the tree, where the reader found too little.
    fn fill(&self, deed: &Deed<'_>, sides: &mut Sides) {
        let (tree, at) = (self.tree, deed.at);
        if !tree.is_verb(at) {
            return;
        }
        let word = tree.word(at);
        let passive = tree.is_passive(at);
        if !passive && !sides.has(Slot::Agent)
            && let Some(subject) = self.subject(at).filter(|subject| !self.is_counted(*subject))
        {
            self.doer(Slot::Agent, subject, &format!("subject of “{word}”"), sides);
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
        let filler = told.answer.of(role.slot).find(|filler| filler.span.overlaps(role.span));
        filler.map_or(0.0, |filler| filler.probability)
    };
    let mut shares: Vec<f32> = sides.roles.iter().map(of_role).collect();
    shares.sort_by(|a, b| b.total_cmp(a));
    // A side that the tree adds is as sure as the one that was read.
    let second = shares.get(1).or(shares.first()).copied().unwrap_or(0.0);
    told.probability * told.answer.event.1 * second
}

/// Whether two relations of a sentence tell of one thing.
fn is_same(one: &Claim, other: &Claim) -> bool {
    one.event == other.event && (shared(one, other) >= 2 || one.predicate_span == other.predicate_span)
}

/// How many sides two relations share.
fn shared(one: &Claim, other: &Claim) -> usize {
    let has = |role: &Role| other.roles.iter().any(|r| r.slot == role.slot && r.span.overlaps(role.span));
    one.roles.iter().filter(|role| is_side(role.slot) && has(role)).count()
}

/// Gives a relation of the rules the slots that it lacks.
fn complete(rule: &mut Claim, claim: Claim) {
    let lacks = |slot: Slot| matches!(slot, Slot::Equipment | Slot::Place | Slot::Origin) && !rule.roles.iter().any(|r| r.slot == slot);
    let added: Vec<Role> = claim.roles.into_iter().filter(|r| lacks(r.slot)).collect();
    let why: Vec<Support> =
        claim.support.into_iter().filter(|s| added.iter().any(|role| role.slot == s.slot && role.span == s.span)).collect();
    rule.roles.extend(added);
    rule.support.extend(why);
}
