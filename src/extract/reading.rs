//! What the claim reader says of a number, joined with what the rules found.
//!
//! For sources, doers, receivers, origins and whose the counted are, the rules' word goes first and the reader fills what they miss; for the other slots
//! of words the reader's goes first and the rules fill. Where both found the same words, the rules' reason stays, since it says more. A user's event
//! type, a frame where the reader is unsure, and cue words of certainty that the rules found hold against the reader.

use super::claims::Reader;
use super::reader::{Filler, Reading};
use super::tree::Tree;
use crate::recognise::time::Tense;
use crate::types::{ByteSpan, Certainty, Claim, Counted, Days, Kind, Label, Measure, Mention, Role, Slot, Support, Tag};

/// A number that is no claim with at least this probability is none.
const NO_CLAIM: f32 = 0.8;
/// An event type less probable than this gives way to that of a frame.
const UNSURE_EVENT: f32 = 0.9;
/// A certainty other than "stated" of which no cue word tells is taken from here on.
const SURE_CERTAINTY: f32 = 0.8;
/// Of them those of which the rules are more often right: the reader fills them where the rules find nothing.
const RULES_FIRST: [Slot; 6] = [Slot::CountedActor, Slot::Agent, Slot::Recipient, Slot::Origin, Slot::Author, Slot::RelayedBy];
/// Words less probable than this fill no slot of an actor, place or thing.
const LEAST_PROBABILITY: f32 = 0.4;
/// Confidence by the reader's own estimate: a straight line through the shares of claims right at their core on `corpus/gold`, read by a model that
/// had not learnt from it, its slope set to the present model's by what both say of `corpus/train/claims/held-back.tsv`.
const LEAST_CONFIDENCE: f32 = 0.09;
const CONFIDENCE_GAIN: f32 = 0.335;
/// Steps by which the reader's words are led on to their head.
const MOST_ADDED: usize = 4;
/// The slots of actors, places and things.
const ROLES: [Slot; 8] =
    [Slot::CountedActor, Slot::Agent, Slot::Recipient, Slot::Equipment, Slot::Place, Slot::Origin, Slot::Author, Slot::RelayedBy];

impl Reader<'_> {
    /// The claim as the reader has it; none where the number is no claim. `framed` says that the rules know the predicate, `users` that its event is
    /// a user's.
    pub(super) fn reread(&self, mut claim: Claim, reading: &Reading, tree: &Tree<'_>, framed: bool, users: bool) -> Option<Claim> {
        if reading.none >= xg("NOCLAIM", NO_CLAIM) && !users {
            return None;
        }
        let ruled = std::mem::take(&mut claim.roles);
        let mut support = std::mem::take(&mut claim.support);
        let rules_hold = users || framed && reading.event.1 < xg("UNSURE", UNSURE_EVENT);
        if !rules_hold {
            claim.event.clone_from(&reading.event.0);
            self.predicate_of(&mut claim, reading, tree, &mut support);
        }
        self.counted_of(&mut claim, reading, tree, &mut support);
        for slot in ROLES {
            self.role(slot, reading, tree, &ruled, &mut claim, &mut support);
        }
        self.times(&mut claim, reading, &mut support);
        if reading.certainty.1 >= xg("CERTALL", 1.1) {
            claim.certainty = reading.certainty.0;
        }
        if claim.certainty == Certainty::Stated && reading.certainty.1 >= xg("CERT", SURE_CERTAINTY) {
            claim.certainty = reading.certainty.0;
        }
        if claim.scope.is_none() {
            claim.scope = reading.scope.0;
        }
        claim.confidence = confidence(reading.core);
        claim.support = support;
        Some(claim)
    }

    fn predicate_of(&self, claim: &mut Claim, reading: &Reading, tree: &Tree<'_>, support: &mut Vec<Support>) {
        let Some(filler) = reading.of(Slot::EventType).next() else { return };
        let Some(at) =
            tree.last_in(filler.span).filter(|at| !filler.span.overlaps(claim.predicate_span) && filler.span.covers(tree.span(*at)))
        else {
            return;
        };
        claim.predicate = tree.lemma(at).to_owned();
        claim.predicate_span = tree.span(at);
        replace(support, Slot::EventType, claim.predicate_span, &told("the word that says what happened", filler));
    }

    fn counted_of(&self, claim: &mut Claim, reading: &Reading, tree: &Tree<'_>, support: &mut Vec<Support>) {
        let Some(figure) = &mut claim.figure else { return };
        if figure.quantity.measure == Measure::Money {
            return;
        }
        let Some(filler) = reading.of(Slot::Counted).next() else { return };
        if figure.counted.as_ref().is_some_and(|c| c.span.covers(filler.span)) {
            return;
        }
        let span = whole(tree, filler.span);
        figure.counted = Some(Counted { span, text: span.of(&self.document.text).to_owned() });
        replace(support, Slot::Counted, span, &told("what the number counts", filler));
    }

    fn role(&self, slot: Slot, reading: &Reading, tree: &Tree<'_>, ruled: &[Role], claim: &mut Claim, support: &mut Vec<Support>) {
        let of_slot = |span: ByteSpan| ruled.iter().find(|r| r.slot == slot && r.span.overlaps(span));
        let rules_found = ruled.iter().any(|r| r.slot == slot);
        // One chain has one finder.
        let ruled_chain = slot == Slot::RelayedBy && claim.roles.iter().any(|r| r.slot == Slot::Author && ruled.contains(r));
        let sure = reading.of(slot).next().map_or(0.0, |f| f.probability);
        let ask = !(rules_found && sure < xp("TAKE", slot, if RULES_FIRST.contains(&slot) { 1.1 } else { LEAST_PROBABILITY })) && !ruled_chain;
        let mut roles: Vec<(Role, Option<String>)> = Vec::new();
        for filler in ask.then(|| reading.of(slot)).into_iter().flatten().filter(|f| f.probability >= xp("LEAST", slot, LEAST_PROBABILITY)) {
            match of_slot(filler.span) {
                Some(role) => roles.push((role.clone(), None)),
                None => {
                    let span = self.named(whole(tree, filler.span), slot);
                    roles.push((Role { slot, span }, Some(told(purpose(slot), filler))));
                }
            }
        }
        if roles.is_empty() && reading.empty(slot) < xp("FILL", slot, 1.1) {
            roles.extend(ruled.iter().filter(|r| r.slot == slot).map(|r| (r.clone(), None)));
        }
        support.retain(|s| s.slot != slot || roles.iter().any(|(r, why)| why.is_none() && r.span == s.span));
        for (role, why) in roles {
            let taken = |r: &Role| r.slot == slot || slot == Slot::RelayedBy && r.slot == Slot::Author;
            if claim.roles.iter().any(|r| taken(r) && r.span.overlaps(role.span)) {
                continue;
            }
            if let Some(reason) = why {
                support.push(Support { slot, span: role.span, reason });
            }
            claim.roles.push(role);
        }
        if slot == Slot::Author {
            let author = claim.roles.iter().find(|r| r.slot == Slot::Author).map(|r| r.span);
            let words = claim.attribution.filter(|words| author.is_some_and(|a| words.overlaps(a)));
            claim.attribution = author.map(|a| words.unwrap_or(a));
        }
    }

    /// The mention that words name: one that ends as they do, or a person's name in them; else the words.
    fn named(&self, span: ByteSpan, slot: Slot) -> ByteSpan {
        let from = self.mentions.partition_point(|m| m.span.end <= span.start);
        let within: Vec<&Mention> =
            self.mentions[from..].iter().take_while(|m| m.span.start < span.end).filter(|m| m.kind != Kind::Time).collect();
        let speaks = matches!(slot, Slot::Author | Slot::RelayedBy | Slot::Agent | Slot::Recipient);
        let person = within.iter().find(|m| speaks && m.kind == Kind::Person);
        let head = within.iter().rev().find(|m| m.span.end >= span.end || matches!(slot, Slot::Place | Slot::Origin));
        person.or(head).map_or(span, |m| m.span)
    }

    fn times(&self, claim: &mut Claim, reading: &Reading, support: &mut Vec<Support>) {
        let near = |slot: Slot| {
            let own = self.split.sentences[claim.sentence].span;
            reading.of(slot).next().copied().filter(|f| f.probability >= if own.covers(f.span) { xg("TNEAR", 0.0) } else { xg("TFAR", 0.0) })
        };
        let time = near(Slot::Time);
        let as_of = near(Slot::AsOf);
        let future = matches!(claim.certainty, Certainty::Planned) || reading.certainty.0 == Certainty::Planned;
        let when = time.and_then(|f| Some((f, self.days(f.span, if future { Tense::Future } else { Tense::Past })?)));
        let stated = as_of.and_then(|f| Some((f, self.days(f.span, Tense::Past)?)));
        if when.is_none() && stated.is_none() {
            return;
        }
        support.retain(|s| !matches!(s.slot, Slot::Time | Slot::AsOf));
        claim.when = when.map(|(_, (_, days))| days);
        claim.as_of = stated.map(|(_, (_, days))| days);
        claim.time = when.or(stated).map(|(_, (span, _))| span);
        for (slot, found, why) in [(Slot::Time, when, "when it happened"), (Slot::AsOf, stated, "when the source said so")] {
            if let Some((filler, (span, _))) = found {
                support.push(Support { slot, span, reason: told(why, &filler) });
            }
        }
    }

    /// The time expression in some words, and the days that it means.
    fn days(&self, span: ByteSpan, tense: Tense) -> Option<(ByteSpan, Days)> {
        let from = self.mentions.partition_point(|m| m.span.end <= span.start);
        let mut times = self.mentions[from..].iter().take_while(|m| m.span.start < span.end).filter(|m| m.kind == Kind::Time);
        times.find_map(|m| Some((m.span, m.time.as_ref()?.days(self.anchor, tense)?)))
    }
}

/// The share of claims that are right at their core among those that the reader is so sure of.
fn confidence(core: f32) -> f32 {
    LEAST_CONFIDENCE + CONFIDENCE_GAIN * core
}

/// The words up to the head of the noun phrase that they stand in: the reader sometimes leaves its last words out.
fn whole(tree: &Tree<'_>, span: ByteSpan) -> ByteSpan {
    let Some(mut last) = tree.last_in(span).filter(|last| span.covers(tree.span(*last))) else { return span };
    for _ in 0..MOST_ADDED {
        let stays_open = matches!(tree.tag(last), Tag::Dt | Tag::Cc | Tag::Jj | Tag::PrpPoss) && last + 1 < tree.len();
        let modifies = matches!(tree.label(last), Label::Compound | Label::Amod | Label::Nmod | Label::Punct);
        match tree.head(last).filter(|head| *head > last && modifies && tree.is_noun(*head)) {
            Some(head) => last = head,
            None if stays_open => last += 1,
            None => break,
        }
    }
    if tree.is_noun(last) { span.join(tree.span(last)) } else { span }
}

fn xp(name: &str, slot: Slot, or: f32) -> f32 {
    std::env::var(format!("WG_{name}_{slot:?}")).ok().map_or(or, |v| v.parse().expect("number"))
}

fn xg(name: &str, or: f32) -> f32 {
    std::env::var(format!("WG_{name}")).ok().map_or(or, |v| v.parse().expect("number"))
}

fn purpose(slot: Slot) -> &'static str {
    match slot {
        Slot::CountedActor => "whose they are",
        Slot::Agent => "who did it",
        Slot::Recipient => "to or for whom",
        Slot::Equipment => "with or of what",
        Slot::Place => "where it happened",
        Slot::Origin => "where from",
        Slot::RelayedBy => "who passed it on",
        _ => "whose figure it is",
    }
}

fn told(what: &str, filler: &Filler) -> String {
    format!("{what}, says the claim reader ({:.2})", filler.probability)
}

fn replace(support: &mut Vec<Support>, slot: Slot, span: ByteSpan, reason: &str) {
    support.retain(|s| s.slot != slot);
    support.push(Support { slot, span, reason: reason.to_owned() });
}
