//! Whose the counted are, who did it and to whom: what an article says of one number tells of others, and what cannot be true of a number goes.
//!
//! The event types that each rule is for stand in `models/events.toml` under `[sides]`.

use super::Lexicon;
use crate::types::{ByteSpan, Certainty, Claim, Counted, Kind, Mention, Role, Slot, Support};
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

/// Words between a part and the whole that it is of.
const OUT_OF: [&str; 4] = ["of", "of the", "out of", "out of the"];

struct Sides<'a> {
    lexicon: &'a Lexicon,
    text: &'a str,
    mentions: &'a [Mention],
}

/// Puts the sides of an article's claims in order.
pub(super) fn settle(lexicon: &Lexicon, text: &str, mentions: &[Mention], claims: &mut [Claim]) {
    let sides = Sides { lexicon, text, mentions };
    claims.iter_mut().for_each(|claim| sides.without_times(claim));
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
    /// Of "shot down 88 of 117" only the 88 were shot down; and who did it launched none of the 117.
    fn not_their_own(&self, claims: &mut [Claim]) {
        let named = &self.lexicon.events.sides;
        for at in 1..claims.len() {
            let (before, own) = claims.split_at_mut(at);
            let (part, whole) = (&before[at - 1], &mut own[0]);
            let one_deed = part.predicate_span == whole.predicate_span && self.lexicon.events.is_in(&part.event, &named.against);
            let out_of = part.amount().zip(whole.amount()).and_then(|(part, whole)| self.text.get(part.end as usize..whole.start as usize));
            let out_of = one_deed && out_of.is_some_and(|words| OUT_OF.contains(&words.trim()));
            if out_of && (part.event == whole.event || whole.event == "Other") {
                rename(
                    whole,
                    if part.event == "Intercepted" { "Launched" } else { "Other" },
                    "the whole of which a part was counted before",
                );
            }
            if out_of || one_deed && self.lexicon.events.is_in(&whole.event, &named.own) {
                let wrong = of_slot(&part.roles, Slot::Agent);
                whole.roles.retain(|role| role.slot != Slot::Agent || Some(role.span) != wrong);
                whole.support.retain(|support| support.slot != Slot::Agent || Some(support.span) != wrong);
            }
        }
    }

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

    /// The noun that is counted.
    fn noun(&self, claim: &Claim) -> Option<String> {
        Some(self.head(&claim.counted()?.text))
    }

    fn is_military(&self, noun: &str) -> bool {
        self.lexicon.words.is("soldier", noun) || self.lexicon.words.is("munition", noun)
    }

    /// Whose people and things are counted, where no words beside them say so: whom the words that were counted before name, who sends or fires them;
    /// else, of soldiers and weapons and of those the text points back to, whose the same noun was before, if the article has them of one owner only;
    /// else, of what was lost, whose the losses were before, on the same terms.
    fn own_the_counted(&self, claims: &mut [Claim]) {
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

    /// The roles that cannot be: nobody kills or takes their own soldiers, and what people move to is a place and no receiver.
    fn impossible(&self, event: &str, counted: Option<&str>, roles: &[Role]) -> Vec<Role> {
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

    /// Doers that can be none: of harm those who come to help, and of anything the very ones that are counted, and weapons and vehicles.
    fn no_doers(&self, event: &str, counted: Option<ByteSpan>, deed: ByteSpan, roles: &[Role]) -> Vec<Role> {
        let named = &self.lexicon.events.sides;
        let harm = self.lexicon.events.is_in(event, &named.against);
        let harmless = |role: &&Role| {
            // "A paramedic killed 12 patients" says so in as many words.
            let does = deed.start >= role.span.end && self.text[role.span.end as usize..deed.start as usize].trim().is_empty();
            let helps = harm && !does && named.helpers.contains(&self.head(role.span.of(self.text)));
            let own = counted.is_some_and(|counted| counted.overlaps(role.span));
            role.slot == Slot::Agent && (helps || own || self.is_equipment(role.span))
        };
        roles.iter().filter(harmless).cloned().collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Evidence, Via};

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
