//! When it happened, and as of when the source said so.

use super::Lexicon;
use super::predicate::Predicate;
use super::tree::Tree;
use crate::recognise::time::Tense;
use crate::types::{ByteSpan, Days, Kind, Mention, Slot, Support, Tag, TimeValue};
use jiff::civil::Date;

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
        let tense = if future && reporting.is_none() { Tense::Future } else { Tense::Past };
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

/// What a time expression says of a number. "Since July 2020, when 172 died" opens a stretch for the clause before it, and is July itself for what is told
/// of that month.
pub(super) fn value_for<'m>(lexicon: &Lexicon, text: &str, mention: &'m Mention, number: ByteSpan) -> Option<&'m TimeValue> {
    let value = mention.time.as_ref()?;
    let (TimeValue::Since(inner) | TimeValue::Until(inner) | TimeValue::Before(inner)) = value else { return Some(value) };
    let between = text.get(mention.span.end as usize..number.start as usize).unwrap_or_default();
    let clause = between.trim_start_matches([',', ' ']);
    let opens = |word: &String| clause.strip_prefix(word.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    // The clause ends with its sentence: what the next one counts is not told of that time.
    let is_open = !between.contains(['.', ';', '!', '?']);
    let is_told_of = is_open && between.len() > clause.len() && lexicon.cues.told_of.iter().any(opens);
    Some(if is_told_of { inner } else { value })
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
