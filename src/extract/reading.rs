//! What the claim reader says of a number, joined with what the rules found.
//!
//! For each slot of words [`trust`] says how sure the reader must be to go before the rules, and to leave empty what they fill. Where both found the
//! same words, the rules' reason stays, since it says more. A user's event type, a frame where the reader is unsure, and cue words of certainty that
//! the rules found hold against the reader.

use super::answer::{Answer, Filler};
use super::claims::Reader;
use super::reader::{AmountReading, Bounded, Reading};
use super::tree::Tree;
use super::when::{tense, value_for};
use crate::recognise::time::Tense;
use crate::types::{
    Bound, ByteSpan, Certainty, Claim, Counted, Days, Kind, Label, Measure, Mention, Quantity, Role, Setting, Slot, Support, Syntax, Tag,
    TimeValue,
};
use rustc_hash::FxHashSet;

/// A number that is no claim with at least this probability is none.
const NO_CLAIM: f32 = 0.7;
/// An event type less probable than this gives way to that of a frame.
const UNSURE_EVENT: f32 = 0.8;
/// A certainty other than "stated" of which no cue word tells is taken from here on.
const SURE_CERTAINTY: f32 = 0.7;
/// Words of time that stand in an earlier sentence fill a slot from here on.
const FAR_TIME: f32 = 0.7;

/// How reader and rules share a slot, by what was right most often on `corpus/gold`, which the reader has not learnt from.
struct Trust {
    /// Words as probable as this go before those that the rules found.
    over_rules: f32,
    /// Where the reader finds nothing, the rules' words count unless it is this sure that there is nothing.
    empty: f32,
    /// Words less probable fill nothing.
    least: f32,
}

/// From this probability on the reader's words for what is counted go before the rules'.
const SURE_COUNTED: f32 = 0.6;
/// From this probability on the reader's words for what an amount is an amount of go before the rules'.
const SURE_OF: f32 = 0.65;
/// From this probability on the reader's bound or direction counts where the number's own cue says nothing.
const SURE_BOUND: f32 = 0.92;
/// The second doer, receiver or thing of a claim needs at least this.
const LATER: f32 = 0.7;
/// More than any probability.
const NEVER: f32 = 1.1;

const fn trust(slot: Slot) -> Trust {
    let (over_rules, empty, least) = match slot {
        Slot::Author => (0.4, NEVER, 0.4),
        Slot::CountedActor => (NEVER, 0.9, 0.3),
        Slot::Recipient => (0.6, 0.95, 0.4),
        Slot::Agent => (0.6, 0.9, 0.5),
        Slot::Origin => (0.6, 0.7, 0.5),
        Slot::Equipment => (0.8, 0.7, 0.3),
        Slot::Place => (0.8, 0.7, 0.4),
        _ => (0.4, 0.8, 0.5),
    };
    Trust { over_rules, empty, least }
}

/// Confidence: the share of claims right at their core among those where rules and reader agree on as many of event, counted, author and place, as a
/// straight line over the reader's own estimate; on `corpus/gold`, as above, and less steep than there, since rules were tuned on it.
const CONFIDENCE: [(f32, f32); 5] = [(0.10, 0.0), (0.16, 0.06), (0.10, 0.27), (0.18, 0.34), (0.23, 0.48)];
/// Words between an office and where or whose it is.
const OF: [&str; 4] = [" of ", " in ", " for ", " from "];
/// Steps by which the reader's words are led on to their head.
const MOST_ADDED: usize = 4;
/// The slots of actors, places and things.
const ROLES: [Slot; 8] =
    [Slot::CountedActor, Slot::Agent, Slot::Recipient, Slot::Equipment, Slot::Place, Slot::Origin, Slot::Author, Slot::RelayedBy];

impl Reader<'_> {
    /// The claim as the reader has it; none where the number is no claim. `framed` says that the rules know the predicate, `users` that its event is
    /// a user's. `earlier` is the syntax of the sentences before.
    pub(super) fn reread(
        &self,
        mut claim: Claim,
        reading: &Reading,
        (tree, earlier): (&Tree<'_>, &[Option<Syntax>]),
        framed: bool,
        users: bool,
    ) -> Option<Claim> {
        let answer = &reading.answer;
        if answer.none >= NO_CLAIM && !users {
            return None;
        }
        let agreed = agreement(&claim, answer);
        let ruled = std::mem::take(&mut claim.roles);
        let mut support = std::mem::take(&mut claim.support);
        let rules_hold = users || framed && answer.event.1 < UNSURE_EVENT;
        if !rules_hold {
            claim.event.clone_from(&answer.event.0);
            self.predicate_of(&mut claim, answer, tree, &mut support);
        }
        self.counted_of(&mut claim, answer, tree, &mut support);
        for slot in ROLES {
            self.role(slot, answer, (tree, earlier), &ruled, &mut claim, &mut support);
        }
        let gone_on = self.times(&mut claim, answer, tree, &mut support);
        if claim.certainty == Certainty::Stated && answer.certainty.1 >= SURE_CERTAINTY {
            claim.certainty = answer.certainty.0;
        }
        if gone_on && claim.certainty == Certainty::Planned {
            claim.certainty = Certainty::Stated;
            support.retain(|s| s.slot != Slot::Certainty);
        }
        if claim.scope.is_none() {
            claim.scope = reading.scope.0;
        }
        // "Casualties have passed 7,000".
        if let (Some(figure), (Bounded::By(bound), share)) = (&mut claim.figure, reading.amount.bound)
            && figure.quantity.bound == Bound::Exact
            && share >= SURE_BOUND
        {
            figure.quantity.bound = bound;
        }
        claim.confidence = confidence(reading.core, agreed);
        claim.support = support;
        Some(claim)
    }

    /// What stands around an amount, as the reader has it.
    pub(super) fn reread_setting(&self, setting: &mut Setting, reading: &AmountReading, quantity: &Quantity) {
        let counted = |span: ByteSpan| Counted { span, text: span.of(&self.document.text).to_owned() };
        // Where the reader is not sure of all its words, those of the rules that it shares some of: the tree knows better where a phrase ends.
        let sure = reading.of.iter().all(|(_, share)| *share >= SURE_OF);
        let shared = |ruled: &Counted| reading.of.iter().any(|(span, _)| span.overlaps(ruled.span));
        if !sure && setting.of.iter().any(shared) {
            setting.of.retain(shared);
        } else if !reading.of.is_empty() {
            setting.of = reading.of.iter().map(|(span, _)| counted(*span)).collect();
        }
        // A unit is looked up; what is counted is read. A superlative may stand before the number: its noun behind it tells more.
        if quantity.unit.is_none() {
            match reading.unit.iter().rev().find(|(span, _)| !span.overlaps(quantity.number)) {
                Some((span, share)) if *share >= SURE_COUNTED => setting.counted = Some(counted(*span)),
                Some(_) => {}
                None => setting.counted = None,
            }
        }
        let (bounded, share) = reading.bound;
        if share < SURE_BOUND {
            return;
        }
        match bounded {
            Bounded::By(bound) => setting.bound = Some(bound).filter(|_| quantity.bound == Bound::Exact),
            Bounded::Changed(direction) => setting.change = setting.change.or(Some(direction)),
        }
    }

    fn predicate_of(&self, claim: &mut Claim, answer: &Answer, tree: &Tree<'_>, support: &mut Vec<Support>) {
        let Some(filler) = answer.of(Slot::EventType).next() else { return };
        let Some(at) =
            tree.last_in(filler.span).filter(|at| !filler.span.overlaps(claim.predicate_span) && filler.span.covers(tree.span(*at)))
        else {
            return;
        };
        claim.predicate = tree.lemma(at).to_owned();
        claim.predicate_span = tree.span(at);
        replace(support, Slot::EventType, claim.predicate_span, &told("the word that says what happened", answer.by, filler));
    }

    fn counted_of(&self, claim: &mut Claim, answer: &Answer, tree: &Tree<'_>, support: &mut Vec<Support>) {
        let Some(figure) = &mut claim.figure else { return };
        if figure.quantity.measure == Measure::Money {
            return;
        }
        // "Hundreds of hectares": the unit is not counted.
        let unit = figure.quantity.unit_span;
        let Some(filler) = answer.of(Slot::Counted).next().filter(|f| unit.is_none_or(|unit| !unit.covers(f.span))) else { return };
        if figure.counted.as_ref().is_some_and(|c| c.span.covers(filler.span)) {
            return;
        }
        let span = whole(tree, filler.span);
        // "Rounds of ammunition": the head is counted. "Bank of America employees" keep the bank's name.
        let head = span.of(&self.document.text).find(" of ").map(|of| span.start as usize + of);
        let head = head.filter(|of| {
            let top = tree
                .last_in(span)
                .and_then(|last| std::iter::once(last).chain(tree.ancestors(last)).take_while(|at| span.covers(tree.span(*at))).last());
            let named = self.mentions.iter().any(|m| (m.span.start as usize) < *of && *of < m.span.end as usize);
            !named && top.is_some_and(|top| tree.span(top).end as usize <= *of)
        });
        let span = ByteSpan { end: head.map_or(span.end, |of| of as u32), ..span };
        figure.counted = Some(Counted { span, text: span.of(&self.document.text).to_owned() });
        replace(support, Slot::Counted, span, &told("what the number counts", answer.by, filler));
    }

    /// Words without the marks before and behind them.
    fn trimmed(&self, span: ByteSpan) -> ByteSpan {
        let words = span.of(&self.document.text);
        let is_mark = |c: char| matches!(c, ',' | ';' | ':' | '–' | '—' | '-') || c.is_whitespace();
        let (front, mut kept) = (words.len() - words.trim_start_matches(is_mark).len(), words.trim_matches(is_mark));
        // "The port side of" the ship.
        while let Some((rest, _)) = kept.rsplit_once(' ').filter(|(_, last)| self.lexicon.cues.leads_on.contains(*last)) {
            kept = rest.trim_end_matches(is_mark);
        }
        if kept.is_empty() { span } else { ByteSpan::new(span.start as usize + front, span.start as usize + front + kept.len()) }
    }

    /// Whether one of some words stands right before.
    fn stands_behind(&self, span: ByteSpan, words: &FxHashSet<String>) -> bool {
        let before = self.document.text[..span.start as usize].split_whitespace().next_back();
        before.is_some_and(|word| words.contains(&word.to_lowercase()))
    }

    /// A phrase's words where the reader found some of them: read off the tree of the sentence that they stand in.
    fn phrase(&self, span: ByteSpan, tree: &Tree<'_>, earlier: &[Option<Syntax>]) -> ByteSpan {
        let sentence = self.split.sentences.partition_point(|s| s.span.end <= span.start);
        let ends_in_name = || self.mentions.iter().any(|m| m.span.end == span.end);
        match earlier.get(sentence) {
            // A name found there is enough: "Israeli" of "Israeli air strikes".
            Some(Some(syntax)) if !ends_in_name() => {
                let tokens = &self.split.tokens[self.split.sentences[sentence].tokens.clone()];
                whole(&Tree::of(&self.document.text, tokens, syntax), span)
            }
            Some(Some(_)) => span,
            _ => whole(tree, span),
        }
    }

    pub(super) fn role(
        &self,
        slot: Slot,
        answer: &Answer,
        (tree, earlier): (&Tree<'_>, &[Option<Syntax>]),
        ruled: &[Role],
        claim: &mut Claim,
        support: &mut Vec<Support>,
    ) {
        let of_slot = |span: ByteSpan| ruled.iter().find(|r| r.slot == slot && r.span.overlaps(span));
        let trust = trust(slot);
        let rules_found = ruled.iter().any(|r| r.slot == slot);
        // One chain has one finder: a relayed one is the rules', who know its links from the syntax.
        let relayed = matches!(slot, Slot::Author | Slot::RelayedBy) && ruled.iter().any(|r| r.slot == Slot::RelayedBy);
        let ruled_author = slot == Slot::RelayedBy && claim.roles.iter().any(|r| r.slot == Slot::Author && ruled.contains(r));
        let sure = answer.of(slot).next().map_or(0.0, |f| f.probability);
        let ask = !(relayed || ruled_author || rules_found && sure < trust.over_rules);
        let least = |nth: usize| if nth == 0 { trust.least } else { trust.least.max(LATER) };
        let mut roles: Vec<(Role, Option<String>)> = Vec::new();
        let fillers = ask.then(|| answer.of(slot)).into_iter().flatten().enumerate();
        // "EUR 1.5 billion": a number's own words fill nothing.
        let own = claim.amount();
        let (deed, counted) = (claim.predicate_span, claim.counted().map(|c| c.span));
        let other = |f: &Filler| {
            let fits = match slot {
                Slot::Agent => !did_another(tree, f.span, deed, counted),
                // "To Port Sudan through Serbia".
                Slot::Recipient => !self.stands_behind(f.span, &self.lexicon.cues.passing),
                // "From two jails".
                Slot::Place | Slot::Origin => tree.last_in(f.span).is_none_or(|at| tree.tag(at) != Tag::Cd || tree.span(at) != f.span),
                _ => true,
            };
            fits && own.is_none_or(|own| !own.covers(f.span))
        };
        for (_, filler) in fillers.filter(|(nth, f)| f.probability >= least(*nth) && other(f)) {
            let states = if matches!(slot, Slot::Agent | Slot::Recipient) { self.states_of(filler.span) } else { Vec::new() };
            match of_slot(filler.span) {
                _ if !states.is_empty() => {
                    roles.extend(states.into_iter().map(|span| (Role { slot, span }, Some(told(purpose(slot), answer.by, filler)))));
                }
                Some(role) => roles.push((role.clone(), None)),
                None => {
                    let phrase = self.phrase(self.trimmed(filler.span), tree, earlier);
                    if let Some(span) = self.named(phrase, slot) {
                        roles.push((Role { slot, span }, Some(told(purpose(slot), answer.by, filler))));
                    }
                }
            }
        }
        // "At the border post": where no name stands in the reader's words, the rules may know of one.
        let on_a_map = |(role, _): &(Role, Option<String>)| self.names(role.span);
        if matches!(slot, Slot::Place | Slot::Origin) && !roles.is_empty() && !roles.iter().any(on_a_map) {
            roles.extend(ruled.iter().filter(|r| r.slot == slot && self.names(r.span)).map(|r| (r.clone(), None)));
        }
        if roles.is_empty() && (relayed || answer.empty(slot) < trust.empty) {
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

    /// The mention that words name: whose people or things stand in them, the place in them, a person's name, or one that ends as they do; else the
    /// words. None where the words are another kind of name: neither a day does something, nor is the agency of a dateline a place.
    fn named(&self, span: ByteSpan, slot: Slot) -> Option<ByteSpan> {
        let from = self.mentions.partition_point(|m| m.span.end <= span.start);
        let within: Vec<&Mention> = self.mentions[from..].iter().take_while(|m| m.span.start < span.end).collect();
        let first = |kinds: &[Kind]| within.iter().find(|m| kinds.contains(&m.kind)).copied();
        let ends = within.iter().rev().find(|m| m.span.end >= span.end && m.kind != Kind::Time).copied();
        let exactly = within.iter().find(|m| m.span == span);
        let owners = [Kind::Nationality, Kind::Place, Kind::Organization, Kind::MilitaryUnit];
        let owner = || within.iter().find(|m| owners.contains(&m.kind) && !m.is_compounded(&self.document.text)).copied();
        match slot {
            // A state is no weapon.
            Slot::Equipment if exactly.is_some_and(|m| m.kind != Kind::Equipment) => return None,
            Slot::Equipment => {}
            Slot::Place | Slot::Origin => {
                // "Province" of "Cabo Delgado province".
                let beside = from.checked_sub(1).map(|at| &self.mentions[at]);
                let beside = beside.filter(|m| within.is_empty() && m.kind == Kind::Place && m.span.end + 1 == span.start);
                let place = within.iter().rev().find(|m| m.kind == Kind::Place).or(within.last()).copied().or(beside);
                // "Nordvik, a Telegram channel" is no place, "students at Columbia University" are at one.
                let body = |m: &Mention| m.kind == Kind::Organization && !self.stands_behind(span, &self.lexicon.cues.at);
                let none = |m: &Mention| matches!(m.kind, Kind::Person | Kind::Equipment | Kind::Time) || body(m);
                let opens = place.is_some_and(|m| m.span.start == span.start && none(m));
                if opens || exactly.is_some_and(|m| none(m)) {
                    return None;
                }
                return (!self.is_in_dateline(span) || place.is_none_or(|m| m.kind == Kind::Place)).then(|| place.map_or(span, |m| m.span));
            }
            _ if exactly.is_some_and(|m| matches!(m.kind, Kind::Time | Kind::Equipment | Kind::Event)) => return None,
            // "An Israeli drone" does what Israel does.
            Slot::Agent if ends.is_some_and(|m| m.kind == Kind::Equipment) => return owner().map(|m| m.span),
            Slot::CountedActor => {
                let owner = owner();
                // "Swedish appliance maker Nordvik": the one who is described.
                let described = ends.filter(|m| owner.is_some_and(|o| self.describes(o.span, m.span)));
                return Some(described.or(owner).or(ends).map_or(span, |m| m.span));
            }
            _ => {
                if let Some(name) = first(&[Kind::Person]).or(ends) {
                    return Some(self.bearer(span, name, &within).unwrap_or(name.span));
                }
            }
        }
        Some(ends.map_or(span, |m| m.span))
    }

    /// Whose they are where they are of several: both of "Mozambican and Rwandan troops", whichever of them was found; nobody where of one.
    fn states_of(&self, span: ByteSpan) -> Vec<ByteSpan> {
        let text = &self.document.text;
        let joined = |a: &Mention, b: &Mention| {
            let of_state = |m: &Mention| m.kind == Kind::Nationality || m.kind == Kind::Place && m.is_state();
            let both = of_state(a) && of_state(b);
            both && matches!(&text[a.span.end as usize..b.span.start as usize], " and " | ", " | ", and ")
        };
        let from = self.mentions.partition_point(|m| m.span.end <= span.start);
        let mut first = from;
        while first > 0 && first < self.mentions.len() && joined(&self.mentions[first - 1], &self.mentions[first]) {
            first -= 1;
        }
        let run = &self.mentions[first..];
        let more = run.windows(2).take_while(|pair| joined(&pair[0], &pair[1])).count();
        let run = &run[..(more + 1).min(run.len())];
        let behind = run.last().map_or("", |m| &text[m.span.end as usize..]);
        let shared =
            more > 0 && run.iter().any(|m| m.span.overlaps(span)) && behind.starts_with(' ') && behind[1..].starts_with(char::is_lowercase);
        if shared { run.iter().map(|m| m.span).collect() } else { Vec::new() }
    }

    /// Whether a name stands in some words.
    fn names(&self, span: ByteSpan) -> bool {
        let from = self.mentions.partition_point(|m| m.span.end <= span.start);
        self.mentions[from..].iter().take_while(|m| m.span.start < span.end).any(|m| m.kind != Kind::Time)
    }

    fn is_in_dateline(&self, span: ByteSpan) -> bool {
        let sentence = self.split.sentences.partition_point(|s| s.span.end <= span.start);
        self.split.sentences.get(sentence).is_some_and(|s| s.dateline)
    }

    /// Whether nothing but nouns stand between the name that a phrase starts with and the one that it describes.
    fn describes(&self, first: ByteSpan, last: ByteSpan) -> bool {
        let between = self.document.text.get(first.end as usize..last.start as usize).unwrap_or_default().trim();
        !between.is_empty() && between.split(' ').all(|word| word.chars().all(char::is_lowercase) && !OF.iter().any(|of| of.trim() == word))
    }

    /// Who is meant where a name only says whose or from where they are: "the governor" of "the governor of South Kivu".
    fn bearer(&self, span: ByteSpan, name: &Mention, within: &[&Mention]) -> Option<ByteSpan> {
        let earlier = within.iter().map(|m| m.span.end).filter(|end| *end <= name.span.start).max();
        let start = earlier.unwrap_or(span.start);
        if name.span.start <= start {
            return None;
        }
        let before = ByteSpan { start, end: name.span.start }.of(&self.document.text);
        let clause = before.rfind(',').map_or(0, |comma| comma + 1);
        let at = OF.iter().filter_map(|word| before[clause..].find(word)).min()? + clause;
        let end = start + u32::try_from(at).ok()?;
        (end > span.start).then_some(ByteSpan { start: span.start, end })
    }

    /// Puts the times, and says whether what happened has gone on since one.
    fn times(&self, claim: &mut Claim, answer: &Answer, tree: &Tree<'_>, support: &mut Vec<Support>) -> bool {
        let near = |slot: Slot| {
            let own = self.split.sentences[claim.sentence].span;
            let enough = |f: &Filler| f.probability >= if own.covers(f.span) { 0.0 } else { FAR_TIME };
            let other = |f: &Filler| slot == Slot::Time && own.covers(f.span) && self.is_told_of_another(tree, f.span, claim);
            answer.of(slot).next().copied().filter(|f| enough(f) && !self.is_in_dateline(f.span) && !other(f))
        };
        let (mut time, mut as_of) = (near(Slot::Time), near(Slot::AsOf));
        // "By Friday morning, 104 had been saved": until when it happened, and not when anybody spoke.
        if time.is_none() && as_of.is_some_and(|f| self.ends(f.span)) {
            time = as_of.take();
        }
        // "In January, the agency told …": what stands before who speaks, and hangs on the verb that says so, is when they spoke.
        let speaker = claim.roles.iter().find(|r| r.slot == Slot::Author).map(|r| r.span);
        let spoken = |f: &Filler| {
            let hangs = support.iter().any(|s| s.slot == Slot::AsOf && s.span.overlaps(f.span));
            hangs && speaker.is_some_and(|speaker| f.span.end <= speaker.start) && !support.iter().any(|s| s.slot == Slot::Time)
        };
        if as_of.is_none() && time.as_ref().is_some_and(spoken) {
            as_of = time.take();
        }
        let future = matches!(claim.certainty, Certainty::Planned) || answer.certainty.0 == Certainty::Planned;
        let number = claim.figure.as_ref().map_or(claim.predicate_span, |figure| figure.quantity.span);
        let ahead =
            |span: ByteSpan| tree.last_in(span).map_or(if future { Tense::Future } else { Tense::Past }, |at| tense(tree, at, future));
        // "Will join 400 who have been there since June": what has gone on is not planned.
        let since = time.is_some_and(|f| self.has_gone_on(f.span));
        let when = time.and_then(|f| Some((f, self.days(f.span, if since { Tense::Past } else { ahead(f.span) }, number)?)));
        let stated = as_of.and_then(|f| Some((f, self.days(f.span, Tense::Past, number)?)));
        if when.is_none() && stated.is_none() {
            return since;
        }
        support.retain(|s| !matches!(s.slot, Slot::Time | Slot::AsOf));
        claim.when = when.map(|(_, (_, days))| days);
        claim.as_of = stated.map(|(_, (_, days))| days);
        claim.time = when.or(stated).map(|(_, (span, _))| span);
        for (slot, found, why) in [(Slot::Time, when, "when it happened"), (Slot::AsOf, stated, "when the source said so")] {
            if let Some((filler, (span, _))) = found {
                support.push(Support { slot, span, reason: told(why, answer.by, &filler) });
            }
        }
        since
    }

    /// Whether a time stands in an aside on the subject that tells of no event: "Nordvik, which turns 130 in June, lost 4 percent", "the firm, founded in
    /// 1963, employs 400".
    fn is_told_of_another(&self, tree: &Tree<'_>, time: ByteSpan, claim: &Claim) -> bool {
        let Some(at) = tree.last_in(time) else { return false };
        let mut clauses = std::iter::once(at).chain(tree.ancestors(at)).filter(|c| matches!(tree.label(*c), Label::Relcl | Label::Acl));
        let Some(clause) = clauses.next() else { return false };
        let opens = tree.subtree(clause).first().and_then(|first| first.checked_sub(1)).is_some_and(|before| tree.is(before, ","));
        let tells = !self.lexicon.events.senses(tree.lemma(clause)).is_empty();
        let number = claim.figure.as_ref().map_or(claim.predicate_span, |figure| figure.quantity.number);
        let inside = |span: ByteSpan| tree.last_in(span).is_some_and(|word| word == clause || tree.ancestors(word).any(|a| a == clause));
        // "400 who have been there since June".
        let counted = claim.counted().map_or(number, |counted| counted.span);
        let on_another = |noun: usize| {
            let noun_span = tree.span(noun);
            is_in_subject(tree, noun) && !counted.overlaps(noun_span) && !number.overlaps(noun_span)
        };
        opens && !tells && tree.head(clause).is_some_and(on_another) && !inside(number) && !inside(claim.predicate_span)
    }

    /// Whether the time expression in some words says until when.
    fn ends(&self, span: ByteSpan) -> bool {
        self.times_in(span).any(|m| matches!(m.time, Some(TimeValue::Until(_))))
    }

    /// Whether "since" stands before words of time.
    fn has_gone_on(&self, span: ByteSpan) -> bool {
        self.times_in(span).next().is_some_and(|m| self.stands_behind(m.span, &self.lexicon.cues.opening))
    }

    fn times_in(&self, span: ByteSpan) -> impl Iterator<Item = &Mention> {
        let from = self.mentions.partition_point(|m| m.span.end <= span.start);
        self.mentions[from..].iter().take_while(move |m| m.span.start < span.end).filter(|m| m.kind == Kind::Time)
    }

    /// The time expression in some words, and the days that it means.
    fn days(&self, span: ByteSpan, tense: Tense, number: ByteSpan) -> Option<(ByteSpan, Days)> {
        let text = &self.document.text;
        // "Will save 400 million a year from 2029", but not "from 2026 spending".
        let opens = |m: &Mention| {
            let ends = !text[m.span.end as usize..].trim_start().starts_with(char::is_alphanumeric);
            tense == Tense::Future
                && ends
                && text[..m.span.start as usize].ends_with(" from ")
                && !m.span.of(text).contains([' ', '-', '–'])
        };
        self.times_in(span).find_map(|m| {
            let days = value_for(self.lexicon, text, m, number)?.days(self.anchor, tense)?;
            Some((m.span, if opens(m) { Days { end: None, ..days } } else { days }))
        })
    }
}

/// In how many of event, counted, author and place rules and reader say the same.
fn agreement(claim: &Claim, answer: &Answer) -> u8 {
    let counted = claim.counted().map(|c| c.span);
    let ruled = |slot: Slot| claim.roles.iter().find(|r| r.slot == slot).map(|r| r.span);
    let same = |slot: Slot, ruled: Option<ByteSpan>| match (answer.of(slot).next(), ruled) {
        (Some(filler), Some(span)) => filler.span.overlaps(span),
        (None, None) => true,
        _ => false,
    };
    u8::from(claim.event == answer.event.0)
        + u8::from(same(Slot::Counted, counted))
        + u8::from(same(Slot::Author, ruled(Slot::Author)))
        + u8::from(same(Slot::Place, ruled(Slot::Place)))
}

/// The share of claims that are right at their core among those that the reader is so sure of.
fn confidence(core: f32, agreed: u8) -> f32 {
    let (least, gain) = CONFIDENCE[usize::from(agreed)];
    least + gain * core
}

/// Whether a noun is a clause's subject or tells of one: "Nordvik" of "shares in Nordvik fell", but not "an accord" of "under an accord, Peru bought 12".
fn is_in_subject(tree: &Tree<'_>, mut noun: usize) -> bool {
    loop {
        match tree.label(noun) {
            Label::Nsubj | Label::Nsubjpass | Label::Appos => return true,
            Label::Pobj => match tree.head(noun).and_then(|preposition| tree.head(preposition)).filter(|above| tree.is_noun(*above)) {
                Some(above) if above < noun => noun = above,
                _ => return false,
            },
            _ => return false,
        }
    }
}

/// Whether words name the doer of a participle on what is counted, and not of the deed: "shot down 64 of 87 drones launched by Russia".
fn did_another(tree: &Tree<'_>, span: ByteSpan, deed: ByteSpan, counted: Option<ByteSpan>) -> bool {
    let by = tree.last_in(span).filter(|at| span.covers(tree.span(*at)) && tree.label(*at) == Label::Pobj).and_then(|at| tree.head(at));
    let verb = by.filter(|by| tree.label(*by) == Label::Agent).and_then(|by| tree.head(by)).filter(|verb| tree.label(*verb) == Label::Acl);
    let on_counted = |verb: usize| tree.head(verb).is_some_and(|noun| counted.is_some_and(|counted| counted.overlaps(tree.span(noun))));
    verb.is_some_and(|verb| tree.span(verb) != deed && on_counted(verb))
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

fn told(what: &str, by: &str, filler: &Filler) -> String {
    format!("{what}, says the {by} ({:.2})", filler.probability)
}

fn replace(support: &mut Vec<Support>, slot: Slot, span: ByteSpan, reason: &str) {
    support.retain(|s| s.slot != slot);
    support.push(Support { slot, span, reason: reason.to_owned() });
}
