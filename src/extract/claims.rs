//! From numbers to claims: one number that somebody reported, with every slot that its sentence fills.

use super::attribution::{self, Found, attributions};
use super::counted::{self, Place};
use super::events::Class;
use super::number::Numbers;
use super::predicate::{Predicate, predicate};
use super::quotes::Quotes;
use super::reader::Reading;
use super::relations::Told;
use super::roles::Roles;
use super::tree::{Tree, part_times};
use super::when::{baselines, earlier, ongoing, passed, until_now, when};
use super::{Lexicon, parts, relations, said_of, sides};
use crate::limits;
use crate::types::{
    Amount, Attribution, ByteSpan, Certainty, Claim, Counted, Document, Extraction, Figure, Kind, Label, Measure, Mention, Node, Quantity,
    Role, Scope, Sentence, Setting, Slot, Split, Support, Tag,
};
use jiff::civil::Date;

/// Share of claims with a framed predicate that had every core slot right on `corpus/gold`.
const PLAIN_CLAIM: f32 = 0.30;
/// What is lost where the counted noun stands in another phrase.
const ELIDED: f32 = 0.15;
/// What is lost where no frame knows the predicate.
const UNFRAMED: f32 = 0.05;
/// What is lost in a long sentence or behind many verbs.
const TANGLED: f32 = 0.10;
/// Tokens of the longest sentence that is read for claims: a longer one is a list or a fault, and its tree takes more than linear time.
const LONGEST: usize = 400;
/// No claim is given less.
const LEAST_CONFIDENCE: f32 = 0.03;

/// Below this probability that a number is no claim, one that seems to point back ("the three dead") is a claim all the same.
const SURELY_A_CLAIM: f32 = 0.05;

/// What a sentence is read with.
pub(super) struct Reader<'a> {
    pub document: &'a Document,
    pub split: &'a Split,
    pub lexicon: &'a Lexicon,
    pub numbers: &'a Numbers,
    pub mentions: &'a [Mention],
    pub anchor: Option<Date>,
    /// What the claim reader says of each quantity; empty without one.
    pub readings: Vec<Option<Reading>>,
    /// What the relation reader says of the sentences that it has read, in their order; none without one.
    pub told: Option<Vec<(usize, Vec<Told>)>>,
    /// Whether what figures are figures of is asked for.
    pub settings: bool,
}

/// Whether a sentence is read at all.
fn is_read(document: &Document, sentence: &Sentence) -> bool {
    !sentence.dateline && !document.is_heading(sentence.paragraph) && !sentence.tokens.is_empty() && sentence.tokens.len() <= LONGEST
}

/// The sentences that name several things, by their index.
pub(super) fn of_several(document: &Document, split: &Split, mentions: &[Mention]) -> Vec<usize> {
    let named = |span: ByteSpan| {
        let from = mentions.partition_point(|m| m.span.end <= span.start);
        mentions[from..].iter().take_while(|m| m.span.start < span.end).filter(|m| !matches!(m.kind, Kind::Time | Kind::Event)).count()
    };
    (0..split.sentences.len()).filter(|at| is_read(document, &split.sentences[*at]) && named(split.sentences[*at].span) > 1).collect()
}

/// The type of what no other type has.
const OTHER: &str = "Other";

impl Reader<'_> {
    /// Reads the whole document. `parse` gives one node a token of a sentence.
    pub(super) fn read(&self, quantities: Vec<Quantity>, parse: &dyn Fn(usize) -> Vec<Node>) -> Extraction {
        let mut extraction = Extraction {
            counted: vec![None; quantities.len()],
            settings: vec![Setting::default(); quantities.len()],
            quantities,
            syntax: vec![None; self.split.sentences.len()],
            ..Extraction::default()
        };
        let quotes = Quotes::find(self.document, self.split);
        let mut last_attributions: Vec<Attribution> = Vec::new();
        let mut next = 0;
        for (index, sentence) in self.split.sentences.iter().enumerate() {
            limits::check();
            let first = next;
            while next < extraction.quantities.len() && extraction.quantities[next].span.start < sentence.span.end {
                next += 1;
            }
            if !is_read(self.document, sentence) {
                continue;
            }
            let within = self.mentions_within(sentence.span);
            let tokens = &self.split.tokens[sentence.tokens.clone()];
            let speaks = tokens.iter().any(|t| self.lexicon.may_speak(t.span.of(&self.document.text)));
            let has_number = extraction.quantities[first..next].iter().any(|q| is_amount(q) || self.settings && q.measure != Measure::Not);
            if !has_number && within.len() < 2 && !speaks {
                continue;
            }
            let mut nodes = parse(index);
            part_times(&mut nodes, tokens, within);
            let tree = Tree::new(&self.document.text, tokens, nodes, &self.lexicon.words);
            let Found { spoken: own, held } =
                if speaks { attributions(&tree, self.lexicon, within, sentence.span) } else { Found::default() };
            let carried = if own.is_empty() { quotes.speaker(index, &last_attributions, self.split) } else { None };
            for quantity in &mut extraction.quantities[first..next] {
                if counted::is_name(&tree, self.lexicon, within, quantity) {
                    quantity.measure = Measure::Not;
                }
            }
            let claimed = extraction.claims.len();
            for at in first..next {
                if self.settings && extraction.quantities[at].measure != Measure::Not {
                    let here = &extraction.quantities[first..next];
                    let mut setting = said_of::setting(&tree, self.lexicon, self.numbers, within, here, at - first);
                    if let Some(reading) = self.readings.get(at).and_then(Option::as_ref) {
                        self.reread_setting(&mut setting, &reading.amount, &extraction.quantities[at]);
                    }
                    extraction.settings[at] = setting;
                }
                if !is_amount(&extraction.quantities[at]) {
                    continue;
                }
                let quantity = extraction.quantities[at].clone();
                let reading = self.readings.get(at).and_then(Option::as_ref);
                if let Some(claim) = self.claim(&tree, index, within, &quantity, &own, carried.as_ref(), &extraction, reading) {
                    extraction.counted[at] = claim.figure.as_ref().and_then(|f| f.counted.clone());
                    extraction.claims.push(claim);
                }
            }
            parts::find(&tree, self.lexicon, &mut extraction.claims, claimed);
            passed(self.lexicon, self.anchor, &mut extraction.claims[claimed..]);
            baselines(self.lexicon, &self.document.text, within, self.anchor, &mut extraction.claims[claimed..]);
            ongoing(&tree, self.lexicon, within, self.anchor, &mut extraction.claims[claimed..]);
            until_now(self.lexicon, self.anchor, &mut extraction.claims[claimed..]);
            earlier(&self.document.text, within, &mut extraction.claims[claimed..]);
            relations::relations(self, &tree, index, within, &own, self.told_in(index), &mut extraction.claims);
            if !own.is_empty() {
                last_attributions.clone_from(&own);
                extraction.attributions.extend(own);
            }
            extraction.attributions.extend(held);
            extraction.syntax[index] = Some(tree.into_syntax());
        }
        sides::settle(self.lexicon, &self.document.text, self.mentions, &mut extraction.claims);
        extraction.attributions.extend(attribution::lines(self.document, self.split, self.lexicon, self.mentions));
        quotes.settle(&mut extraction.attributions, self.document, self.split);
        extraction
    }

    fn mentions_within(&self, span: ByteSpan) -> &[Mention] {
        let from = self.mentions.partition_point(|m| m.span.end <= span.start);
        let to = self.mentions.partition_point(|m| m.span.start < span.end);
        &self.mentions[from..to.max(from)]
    }

    /// What the relation reader says of a sentence; none where it was not read.
    fn told_in(&self, sentence: usize) -> Option<&[Told]> {
        let told = self.told.as_ref()?;
        told.get(told.binary_search_by_key(&sentence, |(at, _)| *at).ok()?).map(|(_, told)| told.as_slice())
    }

    #[expect(clippy::too_many_arguments, reason = "one sentence's facts, each used once")]
    fn claim(
        &self,
        tree: &Tree<'_>,
        sentence: usize,
        mentions: &[Mention],
        quantity: &Quantity,
        spoken: &[Attribution],
        carried: Option<&Attribution>,
        earlier: &Extraction,
        reading: Option<&Reading>,
    ) -> Option<Claim> {
        let mut place = counted::place(tree, self.lexicon, mentions, quantity)?;
        let sure = reading.is_some_and(|r| r.answer.none < SURELY_A_CLAIM);
        let idle = self.is_occasion(tree, mentions, &place, quantity) || !sure && is_anaphoric(tree, self.lexicon, &place, quantity);
        if idle || mentions.iter().any(|m| m.span.covers(quantity.number) && m.span != quantity.number) {
            return None;
        }
        let mut predicate = predicate(tree, self.lexicon, mentions, quantity, &place);
        // What is true of no part, or of some, is not said of the whole, unless that has words of its own: "none of the 12 people detained".
        let clause = |noun: usize| tree.child(noun, &[Label::Acl, Label::Relcl]).is_some();
        let has_own = place.head.is_none_or(|head| head == predicate.at || tree.conjuncts(head).into_iter().any(clause));
        let said_of_part = !has_own && counted::is_whole(tree, self.lexicon, &place);
        if said_of_part {
            predicate.frame = None;
            predicate.reason = format!("“{}” is not said of all of them", tree.word(predicate.at));
            OTHER.clone_into(&mut predicate.event);
        }
        if place.counted.is_none() {
            place.counted = predicate.counted.clone();
        }
        let mut doubts = 0.0;
        let mut support = vec![
            Support { slot: Slot::Value, span: quantity.span, reason: "the words of the number".into() },
            Support { slot: Slot::EventType, span: tree.span(predicate.at), reason: predicate.reason.clone() },
        ];
        let from_head = place.counted.is_some();
        // What the reader finds behind the number, where the tree does not, is no gap that a number before it fills.
        let behind = reading.is_some_and(|r| r.answer.of(Slot::Counted).any(|filler| filler.span.start >= quantity.span.end));
        let elided = place.counted.is_none() && quantity.unit.is_none() && quantity.measure == Measure::Count && !behind;
        let borrowed = elided.then(|| antecedent(earlier, sentence, &predicate)).flatten();
        if elided {
            place.counted = borrowed.and_then(|c| c.figure.as_ref()).and_then(|f| f.counted.clone());
            doubts += ELIDED;
        }
        if let Some(counted) = &place.counted {
            let reason = if from_head { "the noun that the number counts" } else { "what the number before counts" };
            support.push(Support { slot: Slot::Counted, span: counted.span, reason: reason.into() });
        }
        let mut roles = Roles::new(tree, self.lexicon, mentions);
        roles.fill(&predicate, &place);
        if predicate.frame.is_some_and(|f| self.lexicon.events.frame(f).counts) && !roles.roles.iter().any(|r| r.slot == Slot::CountedActor)
        {
            roles.inherit(Slot::CountedActor, earlier.claims.iter().rev().take_while(|c| c.sentence == sentence));
        }
        if let Some(claim) = &borrowed {
            roles.inherit(Slot::CountedActor, std::iter::once(*claim));
        }
        roles.inherit(Slot::Place, earlier.claims.iter().rev().filter(|c| c.figure.is_some()).take_while(|c| c.sentence == sentence));
        let finder = roles.finder(&predicate);
        let (mut role_list, role_support) = (roles.roles, roles.support);
        support.extend(role_support);
        let attribution = self.attribute(quantity.number, spoken, carried, &mut role_list, &mut support);
        let certainty = self.certainty(tree, &predicate, &place, attribution, &mut support);
        let future = certainty == Certainty::Planned;
        let times = when(tree, self.lexicon, mentions, &predicate, place.from, self.anchor, future);
        support.extend(times.support);
        let scope = quantity.scope.or(predicate.scope).or_else(|| said_scope(tree, &place));
        if predicate.frame.is_none() {
            doubts += UNFRAMED;
        }
        if predicate.above.len() > 2 || tree.len() > 45 {
            doubts += TANGLED;
        }
        let claim = Claim {
            sentence,
            figure: Some(Figure { quantity: quantity.clone(), counted: place.counted.clone() }),
            event: predicate.event.clone(),
            broader: None,
            predicate: predicate.lemma.clone(),
            predicate_span: tree.span(predicate.at),
            roles: role_list,
            when: times.when,
            as_of: times.as_of,
            time: times.words,
            attribution: attribution.map(attribution_words),
            certainty,
            scope,
            whole: None,
            confidence: (PLAIN_CLAIM - doubts).max(LEAST_CONFIDENCE),
            support,
        };
        match reading {
            Some(reading) => {
                let users = self.lexicon.events.broader(&claim.event).is_some();
                let mut claim = self.reread(claim, reading, (tree, &earlier.syntax), predicate.frame.is_some(), users)?;
                // "Denied that it was full and said it had sold 176": what is denied is the other clause.
                let denies = |a: &Attribution| a.certainty == Some(Certainty::Denied);
                let covers = |a: &Attribution| a.content.iter().any(|c| c.covers(quantity.number));
                if certainty == Certainty::Stated
                    && spoken.iter().any(|a| denies(a) && !covers(a))
                    && attribution.is_some_and(|a| !denies(a))
                {
                    claim.certainty = certainty;
                }
                // The number before it is that of the part.
                let of_part = |part: &&Claim| {
                    let same = part.event == claim.event || part.predicate_span == claim.predicate_span;
                    part.sentence == sentence && same && part.certainty == claim.certainty
                };
                let own = place.head.is_some_and(|head| tree.span(place.first).join(tree.span(head)).covers(claim.predicate_span));
                // "Two diplomats said": those who speak are not what is reported.
                let starts = |a: &&Attribution| !a.stance && a.source.start >= quantity.span.start;
                let speaks = |counted: &Counted| spoken.iter().filter(starts).any(|a| a.source.overlaps(counted.span));
                // "A lawyer and two diplomats said".
                let with = |a: &Attribution| {
                    let between = a.source.end <= quantity.span.start && quantity.span.end <= a.cue.start;
                    between && a.cue.start <= claim.predicate_span.start
                };
                if spoken.iter().any(with) {
                    return None;
                }
                if !own && claim.counted().is_some_and(speaks) {
                    return None;
                }
                if said_of_part && !own && earlier.claims.last().filter(of_part).is_some() {
                    OTHER.clone_into(&mut claim.event);
                    claim.broader = None;
                }
                if let Some(finder) = finder {
                    claim.roles.retain(|role| role.slot != Slot::Agent || !role.span.overlaps(finder));
                    claim.support.retain(|support| support.slot != Slot::Agent || !support.span.overlaps(finder));
                }
                Some(claim)
            }
            None => Some(claim),
        }
    }

    /// A number of phases, ways or sides says nothing that anybody reports. "Rounds" of ammunition, or that are fired, are none of those.
    fn is_occasion(&self, tree: &Tree<'_>, mentions: &[Mention], place: &Place, quantity: &Quantity) -> bool {
        let Some(head) = place.head.filter(|_| quantity.measure == Measure::Count) else { return false };
        let munition = |at: usize| self.lexicon.words.is("munition", tree.lemma(at));
        let weapon = |at: usize| tree.mention(mentions, at).is_some_and(|m| m.kind == Kind::Equipment);
        let of = tree.child(head, &[Label::Prep]).filter(|of| tree.is(*of, "of")).and_then(|of| tree.child(of, &[Label::Pobj]));
        let events = &self.lexicon.events;
        let fires = |verb: usize| events.senses(tree.lemma(verb)).iter().any(|s| events.frame(s.frame).of == Some(Class::Munition));
        let fired =
            munition(head) && (of.is_some_and(|of| munition(of) || weapon(of)) || of.is_none() && tree.head(head).is_some_and(fires));
        self.lexicon.words.is("occasion", tree.lemma(head)) && !fired
    }

    /// Puts author and relayers of the innermost attribution that covers a number, and gives that attribution.
    pub(super) fn attribute<'x>(
        &self,
        number: ByteSpan,
        own: &'x [Attribution],
        carried: Option<&'x Attribution>,
        roles: &mut Vec<Role>,
        support: &mut Vec<Support>,
    ) -> Option<&'x Attribution> {
        let mut covering = own.iter().filter(|a| a.content.iter().any(|c| c.covers(number)));
        let first = covering.next().or(carried)?;
        let mut put = |slot: Slot, span: ByteSpan, reason: String| {
            if !roles.iter().any(|r: &Role| matches!(r.slot, Slot::Author | Slot::RelayedBy) && r.span == span) {
                roles.push(Role { slot, span });
                support.push(Support { slot, span, reason });
            }
        };
        let cue = first.cue.of(&self.document.text);
        put(
            Slot::Author,
            first.source,
            if own.is_empty() { format!("the quote goes on under “{cue}”") } else { format!("source of “{cue}”") },
        );
        for outer in &first.relayed_by {
            put(Slot::RelayedBy, *outer, format!("passed it on with “{cue}”"));
        }
        for outer in covering {
            let cue = outer.cue.of(&self.document.text);
            for span in std::iter::once(&outer.source).chain(&outer.relayed_by) {
                put(Slot::RelayedBy, *span, format!("passed it on with “{cue}”"));
            }
        }
        Some(first)
    }

    /// How sure the text is: by the cue nearest to the event, then by the source's own verb.
    pub(super) fn certainty(
        &self,
        tree: &Tree<'_>,
        predicate: &Predicate,
        place: &Place,
        attribution: Option<&Attribution>,
        support: &mut Vec<Support>,
    ) -> Certainty {
        let cues = &self.lexicon.cues;
        let mut put = |span: ByteSpan, level: Certainty, why: &str| {
            support.push(Support { slot: Slot::Certainty, span, reason: format!("“{}” {why}", span.of(tree.text)) });
            level
        };
        for at in place.first..=place.last.min(tree.len() - 1) {
            if let Some(level @ (Certainty::Estimated | Certainty::Possible | Certainty::Believed)) =
                cues.level(&tree.word(at).to_lowercase())
            {
                // "perhaps 20" guesses at the number, not at the event.
                let level = if level == Certainty::Possible { Certainty::Estimated } else { level };
                return put(tree.span(at), level, "stands with the number");
            }
        }
        // "12 houses, not 20 as first reported".
        let refused = place.first.checked_sub(1).filter(|not| tree.is(*not, "not") && *not > 0 && tree.tag(*not - 1) == Tag::Punct);
        if let Some(not) = refused {
            return put(tree.span(not), Certainty::Denied, "refuses the number");
        }
        if let Some((attribution, Certainty::Estimated)) = attribution.and_then(|a| Some((a, a.certainty?))) {
            return put(attribution.cue, Certainty::Estimated, "is the source's own word for it");
        }
        let mut verbs: Vec<usize> = predicate.verb.into_iter().chain(predicate.above.iter().copied()).collect();
        // "will take three weeks and cost 25 million": joined verbs share what stands before the first.
        verbs.extend(
            predicate
                .verb
                .filter(|v| tree.label(*v) == Label::Conj && tree.child(*v, &[Label::Aux, Label::Nsubj]).is_none())
                .and_then(|v| tree.head(v)),
        );
        for verb in verbs {
            let said_by_it = predicate.frame.is_some_and(|frame| self.lexicon.events.is_negated(tree.lemma(verb), frame));
            // "Did not kill 40" denies an event; "do not trust" says what people do.
            let told = predicate.frame.is_some() && predicate.event != OTHER;
            if let Some(negation) = tree.child(verb, &[Label::Neg]).filter(|_| Some(verb) == predicate.verb && told && !said_by_it) {
                return put(tree.span(negation), Certainty::Denied, "denies it");
            }
            let beside = tree.children(verb).iter().copied().filter(|c| matches!(tree.label(*c), Label::Aux | Label::Advmod));
            let own = predicate.above.contains(&verb)
                || predicate.frame.is_none() && Some(verb) == predicate.verb
                || cues.promising.contains(tree.lemma(verb));
            for word in beside.chain(own.then_some(verb)) {
                let level = cues.level(&tree.word(word).to_lowercase()).or_else(|| cues.level(tree.lemma(word)));
                if let Some(level) = level {
                    return put(tree.span(word), level, "says how sure it is");
                }
            }
            // "is to acquire", "are to be sent".
            if tree.child(verb, &[Label::Aux]).is_some_and(|aux| tree.tag(aux) == Tag::To)
                && tree.head(verb).is_some_and(|h| tree.lemma(h) == "be" && tree.label(verb) == Label::Xcomp)
            {
                return put(tree.span(verb), Certainty::Planned, "is still to come");
            }
            if let Some(above) = tree
                .head(verb)
                .filter(|a| matches!(tree.label(verb), Label::Xcomp | Label::Ccomp | Label::Acl | Label::Pcomp) && *a < tree.len())
                && let Some(level) = cues.level(tree.lemma(above))
                && !(level == Certainty::Planned
                    && cues.attribution.contains(tree.lemma(above))
                    && tree.label(verb) == Label::Ccomp
                    && tree.tag(verb) != Tag::Vb)
            {
                return put(tree.span(above), level, "says how sure it is");
            }
        }
        if let Some((attribution, level)) = attribution.and_then(|a| Some((a, a.certainty?))) {
            return put(attribution.cue, level, "is the source's own word for it");
        }
        Certainty::Stated
    }
}

/// The words of an attribution as they stand: source and cue.
pub(super) fn attribution_words(attribution: &Attribution) -> ByteSpan {
    attribution
        .relayed_by
        .iter()
        .filter(|r| r.start >= attribution.cue.start)
        .fold(attribution.source.join(attribution.cue), |all, r| all.join(*r))
}

pub(super) fn is_amount(quantity: &Quantity) -> bool {
    quantity.measure.is_reported()
}

/// Numbers that count what is known already: "the two countries", "both men".
fn is_anaphoric(tree: &Tree<'_>, lexicon: &Lexicon, place: &Place, quantity: &Quantity) -> bool {
    let small = matches!(quantity.amount, Amount::Value(v) if v <= rust_decimal::Decimal::TEN);
    let before = place.first.checked_sub(1);
    let behind_the = before.is_some_and(|b| tree.is_one_of(b, &lexicon.cues.known));
    quantity.measure == Measure::Count && place.definite && behind_the && small && !matches!(quantity.scope, Some(Scope::Increment))
}

/// "in all", "so far": a total.
fn said_scope(tree: &Tree<'_>, place: &Place) -> Option<Scope> {
    let from = place.first.saturating_sub(4);
    let to = (place.last + 6).min(tree.len());
    let total = (from..to).any(|t| {
        t + 1 < tree.len()
            && (tree.is(t, "in") && (tree.is(t + 1, "all") || tree.is(t + 1, "total")) || tree.is(t, "so") && tree.is(t + 1, "far"))
    });
    total.then_some(Scope::Total)
}

/// What the nearest earlier number counts, for "400 were still missing" and "more than 4,000 others".
fn antecedent<'e>(earlier: &'e Extraction, sentence: usize, predicate: &Predicate) -> Option<&'e Claim> {
    let people = |event: &str| {
        matches!(
            event,
            "Killed"
                | "Wounded"
                | "Casualties"
                | "Missing"
                | "Captured"
                | "Detained"
                | "Displaced"
                | "Evacuated"
                | "Deployed"
                | "Returned"
                | "Arrived"
                | "Trained"
        )
    };
    let told = || earlier.claims.iter().rev().filter(|c| c.figure.is_some());
    // "Lost $9 billion, double the 5 billion of May": of money and measures only people are told apart.
    let measured = |c: &Claim| c.sentence == sentence && c.figure.as_ref().is_some_and(|f| f.quantity.measure != Measure::Count);
    if !people(&predicate.event) && told().next().is_some_and(measured) {
        return None;
    }
    told()
        .take_while(|c| c.sentence + 2 >= sentence)
        .filter(|c| c.figure.as_ref().is_some_and(|f| f.quantity.measure == Measure::Count && f.counted.is_some()))
        .find(|c| people(&c.event) == people(&predicate.event) || predicate.event == OTHER)
}
