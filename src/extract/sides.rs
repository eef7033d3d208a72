//! Whose the counted are, who did it and to whom: what an article says of one number tells of others, and what cannot be true of a number goes.
//!
//! The event types that each rule is for stand in `models/events.toml` under `[sides]`. Owners are found in `owners`, doers that can be none in `doers`.

mod doers;
mod owners;

use super::Lexicon;
use crate::types::{ByteSpan, Certainty, Claim, Counted, Kind, Mention, Role, Slot, Support};

struct Sides<'a> {
    lexicon: &'a Lexicon,
    text: &'a str,
    mentions: &'a [Mention],
}

/// Puts the sides of an article's claims in order.
pub(super) fn settle(lexicon: &Lexicon, text: &str, mentions: &[Mention], claims: &mut [Claim]) {
    let sides = Sides { lexicon, text, mentions };
    claims.iter_mut().for_each(|claim| sides.without_times(claim));
    let amounts: Vec<ByteSpan> = claims.iter().filter_map(Claim::amount).collect();
    claims.iter_mut().for_each(|claim| sides.without_numbers(claim, &amounts));
    for claim in claims.iter_mut().filter(|claim| claim.figure.is_some()) {
        let counted = claim.counted().map(|counted| counted.span);
        let offered = lexicon.events.is_in(&claim.event, &lexicon.events.sides.handed) && lexicon.cues.offering.contains(&claim.predicate);
        // What was offered last year has come or not.
        if offered && claim.certainty == Certainty::Stated && claim.when.is_none() {
            claim.certainty = Certainty::Planned;
            claim.support.push(Support {
                slot: Slot::Certainty,
                span: claim.predicate_span,
                reason: "what is offered is still to come".into(),
            });
        }
        let mut wrong = sides.impossible(&claim.event, sides.noun(claim).as_deref(), &claim.roles);
        // What a president sends is the state's.
        let sender = of_slot(&claim.roles, Slot::Agent).filter(|span| sides.is_person(*span));
        wrong.extend(claim.roles.iter().filter(|role| role.slot == Slot::CountedActor && Some(role.span) == sender).cloned());
        let own = |role: &&Role| {
            let counts = counted.is_some_and(|counted| counted.overlaps(role.span));
            role.slot == Slot::Recipient && (counts || sides.is_equipment(role.span))
        };
        wrong.extend(claim.roles.iter().filter(own).cloned());
        wrong.extend(sides.no_doers(&claim.event, counted, claim.predicate_span, &claim.roles));
        for role in wrong {
            claim.roles.retain(|r| *r != role);
            claim.support.retain(|support| support.slot != role.slot || support.span != role.span);
        }
    }
    claims.iter_mut().for_each(|claim| {
        sides.handed_to(claim);
        sides.counted_again(claim);
        // Nobody destroys or makes people.
        if lexicon.events.is_in(&claim.event, &lexicon.events.sides.things)
            && sides.noun(claim).is_some_and(|noun| lexicon.words.is("person", &noun))
            && !claim.counted().is_some_and(|counted| sides.is_equipment(counted.span))
        {
            rename(claim, "Other", "people are neither destroyed nor made");
        }
    });
    sides.not_their_own(claims);
    sides.own_the_counted(claims);
}

fn of_slot(roles: &[Role], slot: Slot) -> Option<ByteSpan> {
    roles.iter().find(|role| role.slot == slot).map(|role| role.span)
}

/// Gives a claim another event type, with the reason.
fn rename(claim: &mut Claim, event: &str, reason: &str) {
    event.clone_into(&mut claim.event);
    for support in claim.support.iter_mut().filter(|support| support.slot == Slot::EventType) {
        reason.clone_into(&mut support.reason);
    }
}

impl Sides<'_> {
    /// "Four deaths and 18 wounded": the wounded are no deaths. What is counted before under the name of another event gives way to the word for this one.
    fn counted_again(&self, claim: &mut Claim) {
        let Some(noun) = self.noun(claim) else { return };
        let of_another = self.lexicon.events.noun(&noun).is_some_and(|frame| {
            let frame = self.lexicon.events.frame(frame);
            // Casualties may be either.
            frame.counts && frame.event != claim.event && frame.event != "Casualties"
        });
        let (event, span) = (claim.event.clone(), claim.predicate_span);
        let Some(figure) = claim.figure.as_mut() else { return };
        let inherited = figure.counted.as_ref().is_some_and(|counted| counted.span.end <= figure.quantity.span.start);
        if !of_another || !inherited || !self.lexicon.events.is_in(&event, &self.lexicon.events.sides.losses) {
            return;
        }
        let beside = span.start >= figure.quantity.span.end && span.start - figure.quantity.span.end <= 1;
        figure.counted = beside.then(|| Counted { span, text: span.of(self.text).to_owned() });
        claim.support.retain(|support| support.slot != Slot::Counted);
        if beside {
            claim.support.push(Support { slot: Slot::Counted, span, reason: "the word that says what happened to them".into() });
        }
    }

    /// Who is named between a verb of handing over and what is counted gets it: "gave Ukraine 18 tanks".
    fn handed_to(&self, claim: &mut Claim) {
        let Some(number) = claim.figure.as_ref().map(|figure| figure.quantity.span) else { return };
        let handed = self.lexicon.events.is_in(&claim.event, &self.lexicon.events.sides.handed);
        let there = |span: ByteSpan| of_slot(&claim.roles, Slot::Place) == Some(span);
        if !handed || of_slot(&claim.roles, Slot::Recipient).is_some() || claim.predicate_span.end >= number.start {
            return;
        }
        let between = ByteSpan { start: claim.predicate_span.end, end: number.start };
        let alone = |m: &&Mention| m.span.of(self.text) == between.of(self.text).trim();
        let named = |m: &&Mention| matches!(m.kind, Kind::Place | Kind::Organization | Kind::MilitaryUnit | Kind::Person);
        let Some(receiver) = self.within(between).filter(named).find(alone).map(|m| m.span).filter(|span| !there(*span)) else { return };
        claim.roles.push(Role { slot: Slot::Recipient, span: receiver });
        claim.support.push(Support { slot: Slot::Recipient, span: receiver, reason: "stands before what is handed over".into() });
    }

    /// Takes a time off the front of who did what: "last month jihadists".
    fn without_times(&self, claim: &mut Claim) {
        for role in &mut claim.roles {
            let from = self.mentions.partition_point(|m| m.span.end <= role.span.start);
            let time =
                self.mentions.get(from).filter(|m| m.kind == Kind::Time && m.span.start <= role.span.start && m.span.end < role.span.end);
            let Some(time) = time else { continue };
            let rest = self.text[time.span.end as usize..role.span.end as usize].trim_start().len();
            let span = ByteSpan { start: role.span.end - u32::try_from(rest).unwrap_or(0), end: role.span.end };
            for support in claim.support.iter_mut().filter(|support| support.slot == role.slot && support.span == role.span) {
                support.span = span;
            }
            role.span = span;
        }
    }

    /// Takes what is counted off the back of who did it or got it: "sent Russia 11,000 soldiers and millions of shells".
    fn without_numbers(&self, claim: &mut Claim, amounts: &[ByteSpan]) {
        for role in claim.roles.iter_mut().filter(|role| matches!(role.slot, Slot::Agent | Slot::Recipient)) {
            let Some(amount) = amounts.iter().find(|amount| role.span.covers(**amount) && amount.start > role.span.start) else { continue };
            let from = self.mentions.partition_point(|m| m.span.end <= role.span.start);
            let Some(name) = self.mentions.get(from).filter(|m| m.span.start == role.span.start && m.span.end < amount.start) else {
                continue;
            };
            for support in claim.support.iter_mut().filter(|support| support.slot == role.slot && support.span == role.span) {
                support.span = name.span;
            }
            role.span = name.span;
        }
    }

    /// The noun that is counted.
    fn noun(&self, claim: &Claim) -> Option<String> {
        Some(self.head(&claim.counted()?.text))
    }

    fn is_military(&self, noun: &str) -> bool {
        self.lexicon.words.is("soldier", noun) || self.lexicon.words.is("munition", noun)
    }

    /// Whether the last of some words is of a weapon or vehicle.
    fn is_equipment(&self, span: ByteSpan) -> bool {
        self.within(span).any(|m| m.kind == Kind::Equipment && m.span.end == span.end)
    }

    fn is_named(&self, span: ByteSpan) -> bool {
        self.within(span).any(|m| m.span == span)
    }

    /// The mentions that overlap some words.
    fn within(&self, span: ByteSpan) -> impl Iterator<Item = &Mention> {
        let from = self.mentions.partition_point(|m| m.span.end <= span.start);
        self.mentions[from..].iter().take_while(move |m| m.span.start < span.end)
    }

    /// The last word, as a noun in the singular.
    fn head(&self, words: &str) -> String {
        self.lexicon.words.noun(words.rsplit(' ').next().unwrap_or(words).to_lowercase())
    }

    fn is_person(&self, span: ByteSpan) -> bool {
        self.within(span).any(|m| m.kind == Kind::Person && m.span.end == span.end)
    }

    /// What tells an owner from another: what is listed of the words, or the words.
    fn name_of(&self, span: ByteSpan) -> String {
        let found = self.within(span).find(|m| m.span == span);
        found.and_then(|m| m.key.clone()).unwrap_or_else(|| span.of(self.text).to_lowercase())
    }
}
