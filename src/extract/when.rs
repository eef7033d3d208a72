//! When it happened, and as of when the source said so.

use super::Lexicon;
use super::predicate::Predicate;
use super::tree::Tree;
use crate::recognise::time::Tense;
use crate::types::{ByteSpan, Certainty, Claim, Days, Kind, Label, Mention, Slot, Support, Tag, TimeValue};
use jiff::civil::Date;
use std::borrow::Cow;

/// Words of "since the full-scale invasion began in February 2022" before the time.
const CLAUSE: usize = 9;
/// Bytes between a figure and the time right behind it.
const BEHIND: u32 = 30;

/// The time slots of one claim.
#[derive(Debug, Default)]
pub(super) struct When {
    pub when: Option<Days>,
    pub as_of: Option<Days>,
    pub words: Option<ByteSpan>,
    pub support: Vec<Support>,
}

/// Finds both times of a claim among the time expressions of its sentence. `anchor` is the article's date; `number` the token of the figure.
pub(super) fn when(
    tree: &Tree<'_>,
    lexicon: &Lexicon,
    mentions: &[Mention],
    predicate: &Predicate,
    number: usize,
    anchor: Option<Date>,
    future: bool,
) -> When {
    let mut found = When::default();
    let mut best: Option<(usize, ByteSpan, Days, String)> = None;
    for mention in mentions.iter().filter(|m| m.kind == Kind::Time) {
        let value = value_for(lexicon, tree.text, mention, tree.span(number));
        let (Some(at), Some(value)) = (tree.last_in(mention.span).filter(|_| tree.first_in(mention.span).is_some()), value) else {
            continue;
        };
        let reporting = governing_report(tree, lexicon, at, predicate);
        let tense = tense(tree, at, future && reporting.is_none());
        let Some(days) = value.days(anchor, tense) else { continue };
        if let Some(verb) = reporting {
            let covers = tree.ancestors(number).any(|a| a == verb) || tree.head(verb).is_none();
            if covers && found.as_of.is_none() {
                found.as_of = Some(days);
                found.words.get_or_insert(mention.span);
                found.support.push(Support { slot: Slot::AsOf, span: mention.span, reason: format!("when “{}”", tree.word(verb)) });
            }
            continue;
        }
        let Some(distance) = distance(tree, at, predicate, number) else { continue };
        let reason = format!("{} with “{}”", if distance == 0 { "directly" } else { "in the clause" }, tree.word(predicate.at));
        if best.as_ref().is_none_or(|(least, ..)| distance < *least) {
            best = Some((distance, mention.span, days, reason));
        }
    }
    if let Some((_, span, days, reason)) = best {
        found.when = Some(days);
        found.words = Some(span);
        found.support.push(Support { slot: Slot::Time, span, reason });
    }
    found
}

/// Whether a time expression lies ahead, where what it belongs to is planned: not beside a verb in the past, "on Monday pledged".
pub(super) fn tense(tree: &Tree<'_>, at: usize, planned: bool) -> Tense {
    let told = tree.ancestors(at).find(|a| tree.is_verb(*a)).is_some_and(|verb| tree.tag(verb) == Tag::Vbd);
    if planned && !told { Tense::Future } else { Tense::Past }
}

/// What a time expression says of a number. "Since July 2020, when 172 died" opens a stretch for the clause before it, and is July itself for what is told
/// of that month. "Since the war began in April" opens one, too.
pub(super) fn value_for<'m>(lexicon: &Lexicon, text: &str, mention: &'m Mention, number: ByteSpan) -> Option<Cow<'m, TimeValue>> {
    let value = mention.time.as_ref()?;
    let (TimeValue::Since(inner) | TimeValue::Until(inner) | TimeValue::Before(inner)) = value else {
        let opens = since(lexicon, text, mention.span, number);
        return Some(if opens { Cow::Owned(TimeValue::Since(Box::new(value.clone()))) } else { Cow::Borrowed(value) });
    };
    let between = text.get(mention.span.end as usize..number.start as usize).unwrap_or_default();
    let clause = between.trim_start_matches([',', ' ']);
    let opens = |word: &String| clause.strip_prefix(word.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    // The clause ends with its sentence: what the next one counts is not told of that time.
    let is_open = !between.contains(['.', ';', '!', '?']);
    let is_told_of = is_open && between.len() > clause.len() && lexicon.cues.told_of.iter().any(opens);
    Some(Cow::Borrowed(if is_told_of { inner } else { value }))
}

/// Whether words before a time open a stretch that begins with it, "since the invasion in February 2022", and the number stands outside of them.
fn since(lexicon: &Lexicon, text: &str, time: ByteSpan, number: ByteSpan) -> bool {
    let before = &text[..time.start as usize];
    let phrase = before.rsplit([',', '.', ';', ':', '(', '\n', '”', '"']).next().unwrap_or_default();
    let mut words = phrase.split_whitespace().rev().take(CLAUSE).enumerate();
    let Some((behind, word)) = words.find(|(_, word)| lexicon.cues.opening.contains(&word.to_lowercase())) else { return false };
    let opens_at = word.as_ptr() as usize - text.as_ptr() as usize;
    behind >= 2 && (number.end as usize <= opens_at || number.start >= time.end)
}

/// In "82 percent, up from 79 in April" the time is that of what is compared with: takes it from the figures before, and gives it to the one that it
/// stands behind, where that has none. `claims` are those of one sentence.
pub(super) fn baselines(lexicon: &Lexicon, text: &str, mentions: &[Mention], anchor: Option<Date>, claims: &mut [Claim]) {
    for at in 1..claims.len() {
        let Some(own) = claims[at].amount() else { continue };
        let before = text[..own.start as usize].trim_end();
        let compared = |cue: &String| {
            let tail = before.len().checked_sub(cue.len()).and_then(|from| before.get(from..));
            tail.is_some_and(|tail| tail.eq_ignore_ascii_case(cue))
                && !before[..before.len() - cue.len()].ends_with(|c: char| c.is_alphanumeric())
        };
        if !lexicon.cues.baseline.iter().any(compared) {
            continue;
        }
        // What is compared with is there already: "plans to spend 4.7 percent, up from 4.1".
        if claims[at].certainty == Certainty::Planned {
            claims[at].certainty = Certainty::Stated;
            claims[at].support.retain(|support| support.slot != Slot::Certainty);
        }
        let next =
            claims.iter().filter_map(Claim::amount).map(|span| span.start).filter(|start| *start > own.start).min().unwrap_or(u32::MAX);
        let behind =
            |m: &&Mention| m.kind == Kind::Time && m.span.start >= own.end && m.span.end <= next && m.span.start - own.end <= BEHIND;
        let Some(time) = mentions.iter().find(behind) else { continue };
        for claim in &mut claims[..at] {
            if claim.time.is_some_and(|words| words.overlaps(time.span)) {
                claim.time = None;
                (claim.when, claim.as_of) = (None, None);
                claim.support.retain(|support| !matches!(support.slot, Slot::Time | Slot::AsOf));
            }
        }
        let claim = &mut claims[at];
        let days = value_for(lexicon, text, time, own).and_then(|value| value.days(anchor, Tense::Past));
        if let Some(days) = days.filter(|_| claim.when.is_none() && claim.as_of.is_none()) {
            claim.when = Some(days);
            claim.time = Some(time.span);
            claim.support.push(Support {
                slot: Slot::Time,
                span: time.span,
                reason: "right behind the figure that is compared with".into(),
            });
        }
    }
}

/// In "there have been 11 cases of men filming bases since last June" the stretch that the sentence ends with is that of a verb in the perfect before it,
/// however much stands between: gives it to the claims of such verbs that have no time. `claims` are those of one sentence.
pub(super) fn ongoing(tree: &Tree<'_>, lexicon: &Lexicon, mentions: &[Mention], anchor: Option<Date>, claims: &mut [Claim]) {
    let mut times = mentions.iter().rev().filter(|m| m.kind == Kind::Time);
    let Some(last) =
        times.next().filter(|m| tree.last_in(m.span).is_some_and(|at| (at + 1..tree.len()).all(|t| tree.tag(t) == Tag::Punct)))
    else {
        return;
    };
    let perfect = |verb: usize| {
        let helped = |at: usize| tree.children(at).iter().any(|c| tree.label(*c) == Label::Aux && tree.lemma(*c) == "have");
        tree.is_verb(verb) && helped(verb)
    };
    for claim in claims.iter_mut().filter(|c| c.when.is_none() && c.as_of.is_none()) {
        let value = value_for(lexicon, tree.text, last, claim.amount().unwrap_or(claim.predicate_span));
        let Some(TimeValue::Since(_)) = value.as_deref() else { continue };
        let Some(at) = tree.last_in(claim.predicate_span).filter(|at| tree.span(*at).end <= last.span.start) else { continue };
        let verb = std::iter::once(at).chain(tree.ancestors(at)).find(|at| tree.is_verb(*at));
        let other = |t: usize| {
            // "Said the mayor, who has led the town since", "the worst since".
            matches!(tree.tag(t), Tag::Vbd | Tag::Vbz | Tag::Vbp | Tag::Wdt | Tag::Wp | Tag::Jjs | Tag::Rbs)
                || tree.is_verb(t) && lexicon.cues.attribution.contains(tree.lemma(t))
        };
        if !verb.is_some_and(|verb| perfect(verb) && !(verb + 1..tree.last_in(last.span).unwrap_or(verb)).any(other)) {
            continue;
        }
        claim.when = value.and_then(|value| value.days(anchor, Tense::Past));
        if claim.when.is_some() {
            claim.time = Some(last.span);
            claim.support.push(Support { slot: Slot::Time, span: last.span, reason: "has gone on since then".into() });
        }
    }
}

/// In "412 million in October, compared with 388 million a year earlier" the second time is a year before the first: gives it to the figure that it
/// stands right behind. `claims` are those of one sentence.
pub(super) fn earlier(text: &str, mentions: &[Mention], claims: &mut [Claim]) {
    for at in 1..claims.len() {
        let Some(own) = claims[at].amount() else { continue };
        let behind = |m: &&Mention| m.span.start >= own.end && m.span.start - own.end <= BEHIND;
        let told = mentions.iter().filter(behind).find_map(|m| match m.time {
            Some(TimeValue::Earlier { unit, count, whole }) => Some((m.span, unit, count, whole)),
            _ => None,
        });
        let Some((span, unit, count, whole)) = told else { continue };
        let between = &text[own.end as usize..span.start as usize];
        let next = text[span.end as usize..].trim_start();
        // "The week before the vote" is told against the vote.
        if between.contains([',', ';', '.']) || next.starts_with(|c: char| c.is_alphabetic()) && !next.starts_with("and ") {
            continue;
        }
        let told = |claim: &&Claim| claim.figure.is_some() && (claim.when.is_some() || claim.as_of.is_some());
        let Some(base) = claims[..at].iter().rfind(told) else { continue };
        // What goes on since a day has no other to be told against.
        let shifted = |days: Option<Days>| days.filter(|days| days.end.is_some()).and_then(|days| days.earlier(unit, count, whole));
        // "Rose to 57 on Tuesday, up from 39 a day earlier": both as of a day.
        let (when, as_of) = (shifted(base.when), shifted(base.as_of.filter(|_| base.when.is_none())));
        let slot = if when.is_some() { Slot::Time } else { Slot::AsOf };
        if when.is_none() && as_of.is_none() {
            continue;
        }
        let claim = &mut claims[at];
        (claim.when, claim.as_of, claim.time) = (when, as_of, Some(span));
        claim.support.retain(|support| !matches!(support.slot, Slot::Time | Slot::AsOf));
        claim.support.push(Support { slot, span, reason: "against the time of the figure before".into() });
    }
}

/// What has happened "this year" has by the day of the article; a budget or a plan is for all of it.
pub(super) fn until_now(lexicon: &Lexicon, anchor: Option<Date>, claims: &mut [Claim]) {
    let happened =
        |claim: &&mut Claim| claim.certainty != Certainty::Planned && !lexicon.events.is_in(&claim.event, &lexicon.events.sides.lasting);
    let Some(anchor) = anchor else { return };
    for claim in claims.iter_mut().filter(happened) {
        if let Some(days) = claim.when.as_mut().filter(|days| days.start.is_some_and(|start| start <= anchor)) {
            days.end = days.end.map(|end| end.min(anchor));
        }
    }
}

/// Nobody plans who was killed before the article: "promised aid after an accident in 2023, when 33 people drowned".
pub(super) fn passed(lexicon: &Lexicon, anchor: Option<Date>, claims: &mut [Claim]) {
    for claim in claims
        .iter_mut()
        .filter(|claim| claim.certainty == Certainty::Planned && lexicon.events.is_in(&claim.event, &lexicon.events.sides.against))
    {
        if claim.when.and_then(|days| days.end).zip(anchor).is_some_and(|(end, anchor)| end < anchor) {
            claim.certainty = Certainty::Stated;
            claim.support.retain(|support| support.slot != Slot::Certainty);
        }
    }
}

/// The reporting verb that a time expression hangs on, if it says when somebody spoke and not when it happened.
fn governing_report(tree: &Tree<'_>, lexicon: &Lexicon, at: usize, predicate: &Predicate) -> Option<usize> {
    let verb = tree.ancestors(at).find(|a| tree.is_verb(*a))?;
    let reports = lexicon.cues.attribution.contains(tree.lemma(verb))
        && Some(verb) != predicate.verb
        && verb != predicate.at
        && !predicate.above.contains(&verb);
    reports.then_some(verb)
}

/// How far a time expression is from the predicate: 0 on it, more for a clause above; `None` where it belongs to another clause.
fn distance(tree: &Tree<'_>, at: usize, predicate: &Predicate, number: usize) -> Option<usize> {
    let own: Vec<usize> = [Some(predicate.at), predicate.verb].into_iter().flatten().chain(predicate.above.iter().copied()).collect();
    let governor = tree.ancestors(at).find(|a| tree.is_verb(*a) && tree.tag(*a) != Tag::Md || own.contains(a));
    match governor {
        Some(governor) if own.contains(&governor) => Some(0),
        Some(governor) => {
            // A clause that the predicate's hangs on, or one that is joined to it.
            let above = own.iter().filter_map(|o| tree.ancestors(*o).position(|a| a == governor)).min();
            let below = tree.ancestors(governor).position(|a| own.contains(&a));
            match (above, below) {
                (Some(steps), _) => Some(1 + steps),
                (None, Some(steps)) if tree.ancestors(number).any(|a| a == governor) => Some(1 + steps),
                (None, Some(steps)) if steps == 0 && is_loose(tree, governor) => Some(8),
                _ => None,
            }
        }
        None => Some(6),
    }
}

/// A participle or event clause whose time is the main clause's too.
fn is_loose(tree: &Tree<'_>, verb: usize) -> bool {
    matches!(tree.label(verb), crate::types::Label::Advcl | crate::types::Label::Prep)
}
