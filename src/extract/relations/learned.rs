//! What the relation reader says, joined with what the rules found.

use super::deeds::{Deed, Sides};
use super::reader::Told;
use super::{Finder, is_side};
use crate::types::{ByteSpan, Claim, Kind, Role, Slot, Support, Tag};

/// Words less probable tell of nothing.
const SURE: f32 = 0.5;
/// The slots that are asked for.
const SLOTS: [Slot; 5] = [Slot::Agent, Slot::Recipient, Slot::Equipment, Slot::Place, Slot::Origin];

impl Finder<'_, '_> {
    /// Adds to the relations of the rules what the reader finds beside them.
    pub(super) fn join(&self, told: &[Told], claims: &[Claim], found: &mut Vec<Claim>) {
        let ruled = found.len();
        for told in told.iter().filter(|told| told.probability >= SURE) {
            // A number's own clause is a claim.
            if claims.iter().any(|claim| claim.figure.is_some() && claim.predicate_span == told.span) {
                continue;
            }
            for claim in self.of_answer(told) {
                match found[..ruled].iter_mut().find(|rule| is_same(rule, &claim)) {
                    Some(rule) => complete(rule, claim),
                    None => found.push(claim),
                }
            }
        }
    }

    /// The relations of a word that tells, one for each kind of equipment.
    fn of_answer(&self, told: &Told) -> Vec<Claim> {
        let tree = self.tree;
        let Some(at) = tree.first_in(told.span) else { return Vec::new() };
        let lexicon = self.reader.lexicon;
        let event = told.answer.event.0.as_str();
        let mut deed = Deed::learned(at, event);
        deed.light = if tree.is_noun(at) { self.does(at) } else { None };
        let mut blank = self.relation(event, tree.lemma(at), told.span, Vec::new(), Vec::new(), told.probability);
        let mut support = Vec::new();
        for slot in SLOTS {
            self.reader.role(slot, &told.answer, (tree, &[]), &[], &mut blank, &mut support);
        }
        let kept: Vec<Role> = blank.roles.into_iter().filter(|role| self.is_named(role.span)).collect();
        support.retain(|s| kept.iter().any(|role| role.slot == s.slot && role.span == s.span));
        let machines: Vec<Role> = kept.iter().filter(|role| role.slot == Slot::Equipment).cloned().collect();
        let reason = format!("“{}” says so, says the relation reader ({:.2})", tree.word(at), told.probability);
        let of_machine = |machine: Option<&Role>| {
            let mut sides = Sides::default();
            let own = |role: &&Role| role.slot != Slot::Equipment || Some(*role) == machine;
            for role in kept.iter().filter(own) {
                let why = support.iter().find(|s| s.slot == role.slot && s.span == role.span).map_or_else(String::new, |s| s.reason.clone());
                sides.put(role.slot, role.span, why);
            }
            self.stands(&deed, &sides).then(|| self.settled(&deed, None, sides, reason.clone(), told.probability))
        };
        let _ = lexicon;
        if machines.is_empty() {
            of_machine(None).into_iter().collect()
        } else {
            machines.iter().filter_map(|machine| of_machine(Some(machine))).collect()
        }
    }

    /// Whether words hold a name, or stand for somebody: "the group", "it".
    fn is_named(&self, span: ByteSpan) -> bool {
        let tree = self.tree;
        let name = self.mentions.iter().any(|m| m.kind != Kind::Time && m.span.overlaps(span));
        let head = || tree.last_in(span).filter(|head| span.covers(tree.span(*head)));
        name || head().is_some_and(|head| tree.tag(head) == Tag::Prp || self.party(head).is_some())
    }
}

/// Whether two relations of a sentence tell of one thing.
fn is_same(one: &Claim, other: &Claim) -> bool {
    let shared = one.roles.iter().filter(|role| is_side(role.slot) && other.roles.iter().any(|r| r.slot == role.slot && r.span.overlaps(role.span)));
    one.event == other.event && (shared.count() >= 2 || one.predicate_span == other.predicate_span)
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
