//! One claim or relation against another, slot by slot.

use super::gold::{GoldClaim, GoldFigure};
use super::names::{Names, folded, holds_head};
use super::score::{Counts, SlotRow};
use crate::types::{Amount, Certainty, Claim, Scope, Slot};
use jiff::civil::Date;

/// A slot of a pair, or of one side alone.
#[derive(Clone, Debug)]
pub struct Compared {
    /// Which slot.
    pub slot: SlotRow,
    /// Fillers on each side and how many are equal.
    pub counts: Counts,
    /// Gold's fillers, for people.
    pub gold: String,
    /// The predicted fillers, for people.
    pub predicted: String,
}

/// The roles as they are scored.
const ROLES: [(SlotRow, Slot); 8] = [
    (SlotRow::Actor, Slot::CountedActor),
    (SlotRow::Place, Slot::Place),
    (SlotRow::Origin, Slot::Origin),
    (SlotRow::Agent, Slot::Agent),
    (SlotRow::Recipient, Slot::Recipient),
    (SlotRow::Equipment, Slot::Equipment),
    (SlotRow::Author, Slot::Author),
    (SlotRow::RelayedBy, Slot::RelayedBy),
];

/// Every slot that either side fills. Where one side is missing, the other's slots are missed or spurious.
#[must_use]
pub fn compare(gold: Option<&GoldClaim>, predicted: Option<&Claim>, names: Option<&Names>) -> Vec<Compared> {
    let mut slots = Vec::new();
    let mut words = |slot, gold: Option<String>, predicted: Option<String>, same: &dyn Fn(&str, &str) -> bool| {
        let right = gold.as_deref().zip(predicted.as_deref()).is_some_and(|(a, b)| same(a, b));
        let counts = Counts { gold: usize::from(gold.is_some()), predicted: usize::from(predicted.is_some()), right: usize::from(right) };
        if counts != Counts::default() {
            slots.push(Compared { slot, counts, gold: gold.unwrap_or_default(), predicted: predicted.unwrap_or_default() });
        }
    };
    let equal: &dyn Fn(&str, &str) -> bool = &|a, b| a == b;
    let alike: &dyn Fn(&str, &str) -> bool = &|a, b| folded(a) == folded(b);

    let (right, found) = (gold.and_then(|g| g.figure.as_ref()), predicted.and_then(|p| p.figure.as_ref()));
    let quantity = found.map(|figure| &figure.quantity);
    let counted_right = right.and_then(|f: &GoldFigure| f.counted.clone());
    let counted_found = found.and_then(|figure| figure.counted.as_ref()).map(|counted| counted.text.clone());
    words(SlotRow::Value, right.and_then(|f| amount(f.amount)), quantity.and_then(|q| amount(q.amount)), equal);
    words(SlotRow::Bound, right.map(|f| f.bound.name().to_owned()), quantity.map(|q| q.bound.name().to_owned()), equal);
    words(SlotRow::Unit, right.and_then(|f| f.unit.clone()), quantity.and_then(|q| q.unit.clone()), alike);
    words(SlotRow::Event, gold.map(|g| g.event.clone()), predicted.map(|p| p.event.clone()), equal);
    // A relation's predicate is often left out of gold, where its event says it all.
    let asked = gold.is_none_or(|g| g.predicate.is_some() || g.figure.is_some());
    let lemma = predicted.map(|p| p.predicate.clone()).filter(|lemma| asked && !lemma.is_empty());
    words(SlotRow::Predicate, gold.and_then(|g| g.predicate.clone()), lemma, alike);
    words(SlotRow::Counted, counted_right.clone(), counted_found.clone(), alike);
    words(SlotRow::CountedPartly, counted_right, counted_found, &|a, b| holds_head(a, b));

    let day = |date: Option<Date>| date.map(|date| date.to_string());
    let (when, as_of) = (predicted.and_then(|p| p.when), predicted.and_then(|p| p.as_of));
    words(SlotRow::Start, day(gold.and_then(|g| g.start)), day(when.and_then(|days| days.start)), equal);
    words(SlotRow::End, day(gold.and_then(|g| g.end)), day(when.and_then(|days| days.end)), equal);
    words(SlotRow::AsOfStart, day(gold.and_then(|g| g.as_of_start)), day(as_of.and_then(|days| days.start)), equal);
    words(SlotRow::AsOfEnd, day(gold.and_then(|g| g.as_of_end)), day(as_of.and_then(|days| days.end)), equal);
    let certainty = |certainty: Certainty| certainty.name().to_owned();
    words(SlotRow::Certainty, gold.map(|g| certainty(g.certainty)), predicted.map(|p| certainty(p.certainty)), equal);
    let scope = |scope: Scope| match scope {
        Scope::Total => "total".to_owned(),
        Scope::Increment => "increment".to_owned(),
    };
    words(SlotRow::Scope, gold.and_then(|g| g.scope).map(scope), predicted.and_then(|p| p.scope).map(scope), equal);

    for (row, slot) in ROLES {
        let compared = roles(row, slot, gold, predicted, names);
        if compared.counts != Counts::default() {
            slots.push(compared);
        }
    }
    slots.sort_by_key(|compared| compared.slot);
    slots
}

/// How many role fillers the two have in common.
#[must_use]
pub fn common_roles(gold: &GoldClaim, predicted: &Claim, names: &Names) -> usize {
    let mut common = 0;
    for (row, slot) in ROLES {
        if !matches!(row, SlotRow::Author | SlotRow::RelayedBy) {
            common += roles(row, slot, Some(gold), Some(predicted), Some(names)).counts.right;
        }
    }
    common
}

/// One role: each gold filler takes the first equal predicted one that is free. Two predicted words for one thing count once.
fn roles(row: SlotRow, slot: Slot, gold: Option<&GoldClaim>, predicted: Option<&Claim>, names: Option<&Names>) -> Compared {
    let keys: Vec<&str> = gold.map_or(&[][..], |g| &g.roles).iter().filter(|(of, _)| *of == slot).map(|(_, key)| key.as_str()).collect();
    let mut spans = Vec::new();
    let mut references = Vec::new();
    for role in predicted.map_or(&[][..], |p| &p.roles).iter().filter(|role| role.slot == slot) {
        let reference = names.and_then(|names| names.reference_of(role.span));
        if reference.is_none() || !references.contains(&reference) {
            references.push(reference);
            spans.push(role.span);
        }
    }
    let mut free = spans.clone();
    let mut right = 0;
    for key in &keys {
        let place = names.and_then(|names| free.iter().position(|span| names.equal(slot, key, *span)));
        if let Some(place) = place {
            free.remove(place);
            right += 1;
        }
    }
    let shown: Vec<String> = spans.iter().map(|span| names.map_or_else(String::new, |names| names.shown(*span))).collect();
    let counts = Counts { gold: keys.len(), predicted: spans.len(), right };
    Compared { slot: row, counts, gold: keys.join("; "), predicted: shown.join("; ") }
}

/// A number as both sides write it; `None` where there is no value.
fn amount(amount: Amount) -> Option<String> {
    match amount {
        Amount::Value(value) => Some(value.normalize().to_string()),
        Amount::Range(low, high) => Some(format!("{}..{}", low.normalize(), high.normalize())),
        Amount::Vague => None,
    }
}
