//! What a number counts: the head noun of its phrase, wherever it stands.

use super::Lexicon;
use super::tree::Tree;
use crate::types::{Amount, ByteSpan, Counted, Kind, Label, Measure, Mention, Quantity, Tag};
use rust_decimal::Decimal;

/// A number's place in its sentence's tree.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// First token of the number with its cue.
    pub first: usize,
    /// Last token of the number, unit included.
    pub last: usize,
    /// The token from which the predicate is sought: the head noun, or the number where it stands alone.
    pub from: usize,
    /// The head noun of what is counted.
    pub head: Option<usize>,
    /// Premodifiers and head.
    pub counted: Option<Counted>,
    /// A predicate word right behind the number with no noun between: "12 dead".
    pub bare_adjective: Option<usize>,
    /// Whether a definite determiner makes the number one that is known already: "the two countries".
    pub definite: bool,
}

/// Finds what a number counts within its own phrase.
pub(super) fn place(tree: &Tree<'_>, lexicon: &Lexicon, mentions: &[Mention], quantity: &Quantity) -> Option<Place> {
    let all = quantity.unit_span.map_or(quantity.span, |unit| quantity.span.join(unit));
    let (first, last) = (tree.first_in(quantity.span)?, tree.last_in(all)?);
    let mut place =
        Place { first, last, from: number_token(tree, quantity, last), head: None, counted: None, bare_adjective: None, definite: false };
    place.definite = is_definite(tree, lexicon, first);
    let mut at = last + 1;
    let partitive = at < tree.len() && tree.is(at, "of");
    if partitive {
        at = skip_determiners(tree, at + 1);
    } else {
        while at < tree.len() && tree.is_one_of(at, &lexicon.cues.skipped) {
            at += 1;
        }
    }
    let unit_alone = quantity.unit.is_some() && !partitive && !attributive(tree, quantity, last);
    if let Some((from, head)) = (!unit_alone).then(|| chunk(tree, lexicon, mentions, at, is_several(quantity))).flatten() {
        place.head = Some(head);
        let span = tree.span(from).join(tree.span(head));
        place.counted = Some(Counted { span, text: span.of(tree.text).to_owned() });
        place.from = if partitive && quantity.unit.is_some() { place.from } else { climb_start(tree, place.from, head) };
        if place.counted.as_ref().is_some_and(|c| lexicon.cues.stand_ins.contains(c.text.to_ascii_lowercase().as_str())) {
            place.counted = None;
        }
    } else if partitive && at < tree.len() && lexicon.events.adjective(&tree.word(at).to_lowercase()).is_some() {
        // "two of the wounded": the adjective stands for people.
        place.head = Some(at);
        place.counted = Some(Counted { span: tree.span(at), text: tree.word(at).to_owned() });
    } else if at < tree.len() && !unit_alone && !partitive {
        let word = tree.word(at).to_lowercase();
        let skip_adverb = matches!(tree.tag(at), Tag::Rb) && at + 1 < tree.len();
        let at = if skip_adverb { at + 1 } else { at };
        if lexicon.events.adjective(&word).is_some() || lexicon.events.adjective(&tree.word(at).to_lowercase()).is_some() {
            place.bare_adjective = Some(at);
        }
    }
    let sized = matches!(quantity.measure, Measure::Count | Measure::Unit);
    if sized && place.counted.is_none() && place.bare_adjective.is_none() {
        measured_noun(tree, lexicon, &mut place);
    }
    Some(place)
}

/// "a population of 45,000", "a range of 300 km": the noun before "of" is what the number is the size of, unless it names the event or a figure.
fn measured_noun(tree: &Tree<'_>, lexicon: &Lexicon, place: &mut Place) {
    let Some(noun) = place.first.checked_sub(2).filter(|_| tree.is(place.first - 1, "of")) else { return };
    let other = lexicon.cues.figure_nouns.contains(tree.lemma(noun)) || lexicon.events.noun(tree.lemma(noun)).is_some();
    if matches!(tree.tag(noun), Tag::Nn | Tag::Nns) && !other {
        place.head = Some(noun);
        place.from = noun;
        place.counted = Some(phrase_text(tree, noun));
    }
}

/// Whether the unit stands before the noun it measures: "5000-tonne warship", "a 12-km front".
fn attributive(tree: &Tree<'_>, quantity: &Quantity, last: usize) -> bool {
    if quantity.measure == Measure::Money {
        return true;
    }
    let Some(unit) = quantity.unit_span else { return quantity.measure == Measure::Share };
    let between = &tree.text[quantity.span.end.min(unit.start) as usize..unit.start.max(quantity.span.end) as usize];
    let hyphen = between.contains('-') || between.contains('‑') || tree.span(last).start < unit.start;
    hyphen && last + 1 < tree.len()
}

/// The token of the number that the tree hangs the phrase on: the last that is a number, else the last.
fn number_token(tree: &Tree<'_>, quantity: &Quantity, last: usize) -> usize {
    tree.last_in(quantity.number).filter(|t| *t <= last).unwrap_or(last)
}

/// The head noun, unless the tree hangs it and the number on another noun of the same phrase.
fn climb_start(tree: &Tree<'_>, number: usize, head: usize) -> usize {
    match tree.head(number) {
        Some(above) if above > head && tree.is_noun(above) && tree.label(head) == Label::Compound => above,
        _ => head,
    }
}

fn is_definite(tree: &Tree<'_>, lexicon: &Lexicon, first: usize) -> bool {
    (first.saturating_sub(1)..=first).any(|at| tree.is_one_of(at, &lexicon.cues.definite))
}

/// Whether a number is a whole of which something is true of no part or of some, as the 12 of "none of its 12 employees were hurt" and the 14 of
/// "six of its 14 crew".
pub(super) fn is_whole(tree: &Tree<'_>, lexicon: &Lexicon, place: &Place) -> bool {
    let mut owner = false;
    let before = (0..place.first).rev().find(|t| {
        owner |= tree.tag(*t) == Tag::Pos;
        let owns = owner && (tree.tag(*t) == Tag::Pos || tree.is_noun(*t));
        !owns && !matches!(tree.tag(*t), Tag::Dt | Tag::Pdt | Tag::PrpPoss)
    });
    let cues = &lexicon.cues;
    let is_part = |t: usize| tree.tag(t) == Tag::Cd || tree.is_one_of(t, &cues.no_part) || tree.is_one_of(t, &cues.some_part);
    before.filter(|of| *of > 0 && tree.is(*of, "of")).is_some_and(|of| is_part(of - 1))
}

fn skip_determiners(tree: &Tree<'_>, mut at: usize) -> usize {
    while at < tree.len() && (matches!(tree.tag(at), Tag::Dt | Tag::Pdt | Tag::PrpPoss) || matches!(tree.tag(at), Tag::Cd)) {
        at += 1;
    }
    let possessor = (at..(at + 4).min(tree.len())).find(|t| tree.tag(*t) == Tag::Pos).filter(|pos| (at..*pos).all(|t| tree.is_noun(t)));
    let mut at = possessor.map_or(at, |pos| pos + 1);
    // "39 of the state's 54 delegates".
    while at + 1 < tree.len() && tree.tag(at) == Tag::Cd {
        at += 1;
    }
    at
}

/// Whether more than one is counted, so that the noun is a plural.
fn is_several(quantity: &Quantity) -> bool {
    let one = matches!(quantity.amount, Amount::Value(value) if value <= Decimal::ONE);
    !one && matches!(quantity.measure, Measure::Count | Measure::Partitive)
}

/// Whether a word could be a plural noun: no "is", "has" or "says".
fn is_plural_form(word: &str) -> bool {
    word.len() > 4 && word.ends_with('s') && !word.ends_with("ss")
}

/// Whether a bare number only names what stands before it: "week 5", "CentOS 8", "type 2 diabetes". The tree hangs it on that noun.
/// "In Kharkiv 12 were killed" it hangs likewise, so a place or time behind a preposition has no number where a verb follows.
pub(super) fn is_name(tree: &Tree<'_>, lexicon: &Lexicon, mentions: &[Mention], quantity: &Quantity) -> bool {
    let bare =
        quantity.measure == Measure::Count && quantity.unit.is_none() && quantity.span == quantity.number && quantity.change.is_none();
    let Some(at) = tree.first_in(quantity.number).filter(|at| bare && *at > 0 && tree.last_in(quantity.number) == Some(*at)) else {
        return false;
    };
    let before = at - 1;
    let digits = tree.word(at).starts_with(|c: char| c.is_ascii_digit());
    let noun = matches!(tree.tag(before), Tag::Nn | Tag::Nnp | Tag::Nnps);
    if !noun || tree.head(at) != Some(before) || tree.label(at) != Label::Nummod || !digits {
        return false;
    }
    // "has given Cameroon 14 armoured vehicles": who is given something is no name of a kind, and the number counts what follows.
    let receiver = tree.mention(mentions, before).is_some_and(|m| matches!(m.kind, Kind::Place | Kind::Person));
    if receiver && tree.label(before) != Label::Pobj {
        let behind = (at + 1 < tree.len()).then(|| tree.mention(mentions, at + 1)).flatten();
        let weapons = behind.is_some_and(|m| m.kind == Kind::Equipment);
        // "Gave Ukraine 13 of the planes", "sold Poland 48".
        let given = || {
            let senses = tree.head(before).map(|verb| lexicon.events.senses(tree.lemma(verb))).unwrap_or_default();
            senses.iter().any(|sense| lexicon.events.frame(sense.frame).event == "Transferred")
        };
        if weapons || leads_to_plural(tree, at + 1) || given() {
            return false;
        }
    }
    let verb = at + 1 < tree.len() && tree.is_verb(at + 1);
    let setting = || tree.mention(mentions, before).is_none_or(|m| matches!(m.kind, Kind::Place | Kind::Time));
    !(verb && tree.label(before) == Label::Pobj && setting())
}

/// A run of modifiers that ends in a noun, from `at`: its first token and its head. `several`: the noun is a plural.
fn chunk(tree: &Tree<'_>, lexicon: &Lexicon, mentions: &[Mention], at: usize, several: bool) -> Option<(usize, usize)> {
    let mut head = None;
    let mut next = at;
    while next < tree.len() {
        let is_time = tree.mention(mentions, next).is_some_and(|m| m.kind == Kind::Time);
        if is_time {
            break;
        }
        let joins = next + 1 < tree.len();
        let plural_before = next > at && matches!(tree.tag(next - 1), Tag::Nns);
        let inside = match tree.tag(next) {
            Tag::Nn | Tag::Nns | Tag::Nnp | Tag::Nnps => true,
            // "points 3.7 rebounds", "Americans including": behind a plural something else begins.
            Tag::Vbg | Tag::Cd if plural_before => false,
            Tag::Jj | Tag::Jjr | Tag::Jjs | Tag::Vbg | Tag::Cd | Tag::Fw => joins,
            // "11 of the dead were dock workers": what is said of them has begun.
            Tag::Vbn | Tag::Vbd => joins && head.is_none() && tree.lemma(next) != "be" && leads_to_noun(tree, next + 1),
            Tag::Rb | Tag::Rbs | Tag::Rbr => {
                let participle = || matches!(tree.tag(next + 1), Tag::Vbn | Tag::Vbd) && leads_to_noun(tree, next + 2);
                joins && head.is_none() && (tree.tag(next + 1) == Tag::Jj || participle())
            }
            Tag::Punct => joins && (tree.is(next, "-") || tree.is(next, "–") || tree.is(next, "/")) && next > at && touches(tree, next),
            Tag::Cc => joins && (joins_modifiers(tree, next) || joins_names(tree, next)),
            Tag::Prp if head.is_none() => return None,
            _ => false,
        };
        if !inside {
            break;
        }
        if tree.is_noun(next) {
            // "12 people police said": a noun that starts its own clause is no part of the phrase.
            let own_clause =
                head.is_some() && matches!(tree.label(next), Label::Nsubj | Label::Nsubjpass) && tree.head(next).is_some_and(|v| v > next);
            let plural_head = head.is_some_and(|h: usize| matches!(tree.tag(h), Tag::Nns) && h + 1 == next);
            if own_clause && plural_head && tree.head(at) != Some(next) {
                break;
            }
            head = Some(next);
        }
        next += 1;
    }
    // "seven tiny Python scripts", "two degree programs offered": several of something end in a plural, whatever it was taken for.
    let singular = next > at && matches!(tree.tag(next - 1), Tag::Nn | Tag::Nnp | Tag::Jj) && head.is_none_or(|h| h + 1 == next);
    if several && singular && next < tree.len() && tree.tag(next) == Tag::Vbz && is_plural_form(tree.word(next)) {
        head = Some(next);
    }
    let head = head?;
    // A predicate adjective tagged as a noun: "12 dead".
    if head == at && lexicon.events.adjective(&tree.word(at).to_lowercase()).is_some() && !tree.word(at).ends_with('s') {
        return None;
    }
    Some((at, head))
}

fn touches(tree: &Tree<'_>, hyphen: usize) -> bool {
    hyphen + 1 < tree.len() && tree.span(hyphen - 1).end == tree.span(hyphen).start && tree.span(hyphen).end == tree.span(hyphen + 1).start
}

fn leads_to_noun(tree: &Tree<'_>, at: usize) -> bool {
    (at..(at + 4).min(tree.len()))
        .take_while(|t| matches!(tree.tag(*t), Tag::Jj | Tag::Nn | Tag::Nns | Tag::Nnp | Tag::Nnps | Tag::Vbn))
        .any(|t| tree.is_noun(t))
}

/// Whether a plural noun follows, with nothing but its modifiers between.
fn leads_to_plural(tree: &Tree<'_>, at: usize) -> bool {
    (at..(at + 4).min(tree.len()))
        .take_while(|t| matches!(tree.tag(*t), Tag::Jj | Tag::Nn | Tag::Nns | Tag::Nnp | Tag::Nnps | Tag::Vbn))
        .any(|t| matches!(tree.tag(t), Tag::Nns | Tag::Nnps))
}

/// "and" between adjectives of one noun: "political and military prisoners".
fn joins_modifiers(tree: &Tree<'_>, at: usize) -> bool {
    at > 0
        && matches!(tree.tag(at - 1), Tag::Jj | Tag::Vbn)
        && at + 2 < tree.len()
        && matches!(tree.tag(at + 1), Tag::Jj | Tag::Vbn)
        && leads_to_noun(tree, at + 2)
}

/// "and" between names before one noun: "Kia and Hyundai vehicles".
fn joins_names(tree: &Tree<'_>, at: usize) -> bool {
    at > 0
        && at + 2 < tree.len()
        && matches!(tree.tag(at - 1), Tag::Nnp)
        && matches!(tree.tag(at + 1), Tag::Nnp)
        && matches!(tree.tag(at + 2), Tag::Nns)
}

/// A noun phrase's premodifiers and head, as they are counted: no determiner, number or possessor.
pub(super) fn phrase_text(tree: &Tree<'_>, head: usize) -> Counted {
    let mut first = head;
    while first > 0 {
        let before = first - 1;
        let modifier =
            matches!(tree.tag(before), Tag::Jj | Tag::Jjr | Tag::Jjs | Tag::Nn | Tag::Nnp | Tag::Nns | Tag::Nnps | Tag::Vbn | Tag::Vbg)
                || tree.is(before, "-") && touches(tree, before);
        let within = tree.subtree(head).binary_search(&before).is_ok();
        if !modifier || !within {
            break;
        }
        first = before;
    }
    let span: ByteSpan = tree.span(first).join(tree.span(head));
    Counted { span, text: span.of(tree.text).to_owned() }
}
