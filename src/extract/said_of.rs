//! What a figure is a figure of: the things that the words around it say it of.
//!
//! "Revenue rose to $7 billion" is said of revenue, "60% of its revenue" of revenue and of whose it is, "the company has 13,000 workers" of the
//! company. What a number counts ("workers") is in `counted.rs`; this climbs from there to the nouns and the subject above.

use super::Lexicon;
use super::counted::{self, Place};
use super::number::Numbers;
use super::tree::Tree;
use crate::types::{Counted, Kind, Label, Measure, Mention, Quantity, Setting, Tag};

/// No more nouns are passed on the way up: what stands further off is another matter.
const MOST_NOUNS: usize = 2;
/// A sentence's tree is no deeper on the way to the verb.
const MOST_STEPS: usize = 8;
/// Tokens between a number and the noun before it, where the tree says nothing.
const NEAR: usize = 5;

/// Reads what a quantity counts, what it is said of, and per what.
pub(super) fn setting(
    tree: &Tree<'_>,
    lexicon: &Lexicon,
    numbers: &Numbers,
    mentions: &[Mention],
    quantities: &[Quantity],
    at: usize,
) -> Setting {
    let quantity = &quantities[at];
    let Some(place) = counted::place(tree, lexicon, mentions, quantity) else { return Setting::default() };
    let unit = quantity.unit.as_ref().is_none_or(|u| !u.contains(" per ")).then_some(place.last);
    let per = place.head.filter(|head| *head > place.last).or(unit).and_then(|last| per(tree, numbers, last));
    let climb = Climb { tree, numbers, mentions, quantities, own: at, place: &place };
    Setting { counted: place.counted.clone(), of: climb.things(), per, bound: None, change: quantity.change.map(|change| change.direction) }
}

/// "3,000 tests per day", "450 dollars a month": the unit of time or of things behind the counted noun or the unit.
fn per(tree: &Tree<'_>, numbers: &Numbers, last: usize) -> Option<String> {
    let word = last + 1;
    if word + 1 >= tree.len() || !["per", "a", "an", "every", "each"].iter().any(|w| tree.is(word, w)) {
        return None;
    }
    let name = numbers.unit_name(tree.word(word + 1))?;
    // "$7 million, up from $6 million a year earlier".
    let back = word + 2 < tree.len() && numbers.places_in_time(tree.word(word + 2));
    (tree.is(word, "per") || numbers.is_time(name) && !back).then(|| name.to_owned())
}

/// The subject of a verb.
enum Subject {
    Noun(usize),
    /// A pronoun that the sentence says nothing more of: "we have two".
    Unnamed,
    /// The tree gives none.
    Missing,
}

struct Climb<'a> {
    tree: &'a Tree<'a>,
    numbers: &'a Numbers,
    mentions: &'a [Mention],
    quantities: &'a [Quantity],
    own: usize,
    place: &'a Place,
}

impl Climb<'_> {
    fn things(&self) -> Vec<Counted> {
        let tree = self.tree;
        let mut found = Vec::new();
        if self.quantity().measure == Measure::Partitive {
            return found;
        }
        let Some(mut top) = self.start(&mut found) else { return found };
        if let Some(subject) = self.nearest_subject() {
            self.push(subject, &mut found);
            return found;
        }
        let mut nouns = 0;
        let mut missing = true;
        for _ in 0..MOST_STEPS {
            let Some(above) = tree.head(top) else { break };
            let (holder, preposition) = match tree.label(top) {
                Label::Nsubj | Label::Nsubjpass | Label::Csubj if tree.is_verb(above) => {
                    missing = false;
                    break;
                }
                Label::Pobj | Label::Pcomp => match tree.head(above) {
                    Some(holder) => (holder, Some(above)),
                    None => break,
                },
                // "25 points, 10 rebounds": of the same as what it stands beside.
                Label::Conj => {
                    top = above;
                    continue;
                }
                _ => (above, None),
            };
            if tree.is_verb(holder) {
                missing = self.of_verb(holder, preposition, top, &mut found);
                break;
            }
            if let Some(subject) = tree.child(holder, &[Label::Nsubj]).filter(|s| *s != top && !tree.is_noun(holder)) {
                self.push(subject, &mut found);
                break;
            }
            let apart = self.quantity().measure == Measure::Duration && preposition.is_none();
            let beside = self.quantity().measure == Measure::Count && preposition.is_none();
            if tree.is_noun(holder) && !self.is_figure(holder) && !apart && !beside {
                nouns += 1;
                self.push(holder, &mut found);
                if nouns == MOST_NOUNS {
                    break;
                }
            }
            top = holder;
        }
        if missing
            && found.is_empty()
            && let Some(noun) = self.noun_before(self.place.first)
        {
            self.push(noun, &mut found);
        }
        found
    }

    fn quantity(&self) -> &Quantity {
        &self.quantities[self.own]
    }

    /// The token from which to climb: the highest of number, unit and counted noun. What a measure is taken of is the first thing found.
    fn start(&self, found: &mut Vec<Counted>) -> Option<usize> {
        let (tree, place) = (self.tree, self.place);
        let quantity = self.quantity();
        let measured = quantity.unit.is_some() || quantity.measure == Measure::Share;
        let mut last = place.last;
        if let Some(head) = place.head.filter(|head| *head > place.last) {
            if measured {
                self.push(head, found);
            }
            last = head;
        } else if quantity.measure == Measure::Share
            && last + 1 < tree.len()
            && ["from", "for", "on", "in"].iter().any(|word| tree.is(last + 1, word))
            && let Some(object) = tree.child(last + 1, &[Label::Pobj])
        {
            // "32% from the field", "15% for performance fees".
            self.push(object, found);
        }
        let inside = |token: usize| (place.first..=last).contains(&token);
        (place.first..=last).rev().find(|t| tree.head(*t).is_none_or(|h| !inside(h)) && tree.label(*t) != Label::Punct)
    }

    /// The nearest noun before a token, in the few words that a badly read phrase leaves between.
    fn noun_before(&self, token: usize) -> Option<usize> {
        (token.saturating_sub(NEAR)..token).rev().find(|t| self.tree.is_noun(*t) && !self.is_figure(*t) && !self.is_time(*t))
    }

    /// In a row of changes ("A fell 2%, B by 3% and C was up 1%") the subject that stands between the figure before and the word of change.
    fn nearest_subject(&self) -> Option<usize> {
        let tree = self.tree;
        // "Dow +0.2% Nasdaq +0.8%"
        if let Some(change) = self.quantity().change.filter(|c| c.span.of(tree.text) == "+") {
            return tree.first_in(change.span).and_then(|sign| self.noun_before(sign));
        }
        let before = self.own.checked_sub(1).map(|b| &self.quantities[b]).filter(|b| b.change.is_some())?;
        self.quantity().change?;
        let from = tree.last_in(before.span).max(before.unit_span.and_then(|u| tree.last_in(u)))? + 1;
        let to = self.quantity().change.and_then(|c| tree.first_in(c.span)).filter(|t| *t > from).unwrap_or(self.place.first);
        let subjects = (from..to.min(self.place.first)).rev().filter(|t| tree.is_noun(*t));
        let mut any = None;
        for token in subjects {
            if matches!(tree.label(token), Label::Nsubj | Label::Nsubjpass) {
                return Some(token);
            }
            any = any.or(Some(token));
        }
        any
    }

    /// The verb's own object, where the number says by how much or to what it changes; then its subject.
    /// Whether a subject is missing from the tree is given back.
    fn of_verb(&self, verb: usize, preposition: Option<usize>, from: usize, found: &mut Vec<Counted>) -> bool {
        let tree = self.tree;
        let measure = self.quantity().measure;
        let leads = |words: &[&str]| preposition.is_some_and(|p| words.iter().any(|word| tree.is(p, word)));
        let changed = match measure {
            Measure::Share | Measure::Unit => preposition.is_none() || leads(&["by", "to", "from", "at"]),
            Measure::Money => leads(&["by", "to", "from", "at", "for"]),
            _ => false,
        };
        if changed && let Some(object) = tree.child(verb, &[Label::Dobj]).filter(|o| *o != from && tree.is_noun(*o) && !self.is_figure(*o))
        {
            self.push(object, found);
        }
        // "In the last three months the agency …": how long before the clause is said of all of it.
        let opens = measure == Measure::Duration;
        match self.subject(verb) {
            Subject::Noun(subject) => {
                if !opens || subject < self.place.first {
                    self.push(subject, found);
                }
                false
            }
            Subject::Unnamed => false,
            Subject::Missing => !opens,
        }
    }

    /// The noun that a verb says something of. A pronoun stands for the subject of the clause above.
    fn subject(&self, verb: usize) -> Subject {
        let tree = self.tree;
        let mut verb = verb;
        let mut pronoun = None;
        for _ in 0..MOST_STEPS {
            // "announced plans to lay off 600": who announced.
            let infinitive = tree.tag(verb) == Tag::Vb && tree.child(verb, &[Label::Nsubj, Label::Nsubjpass]).is_none();
            if infinitive
                && tree.label(verb) == Label::Acl
                && let Some(above) = tree.head(verb).and_then(|noun| tree.head(noun)).filter(|above| tree.is_verb(*above))
            {
                verb = above;
                continue;
            }
            // "caused levels to rise": the object above.
            if infinitive
                && tree.label(verb) == Label::Ccomp
                && let Some(object) = tree.head(verb).and_then(|above| tree.child(above, &[Label::Dobj])).filter(|o| tree.is_noun(*o))
            {
                return Subject::Noun(object);
            }
            let found = tree.subject(verb).or_else(|| tree.child(verb, &[Label::Csubj]).filter(|s| *s < verb));
            let Some(subject) = found else { break };
            // "64% of adults have had one": the adults.
            if self.is_figure(subject)
                && let Some(of) = tree.child(subject, &[Label::Prep]).filter(|of| tree.is(*of, "of"))
                && let Some(whole) = tree.child(of, &[Label::Pobj]).filter(|whole| !self.is_figure(*whole))
            {
                return Subject::Noun(whole);
            }
            if self.may_name(subject) {
                return Subject::Noun(subject);
            }
            // "I", "we" and "you" are nobody that the sentence names.
            if !["it", "they", "he", "she"].iter().any(|word| tree.is(subject, word)) {
                return Subject::Unnamed;
            }
            pronoun = pronoun.or(Some(subject));
            let above = tree.ancestors(verb).find(|a| tree.is_verb(*a) && tree.child(*a, &[Label::Nsubj, Label::Nsubjpass]).is_some());
            let Some(above) = above else { break };
            verb = above;
        }
        let Some(pronoun) = pronoun else { return Subject::Missing };
        // "They" of a clause that the tree ties to nothing named: the last plural before it.
        let plural = tree.is(pronoun, "they");
        let before = (0..pronoun).rev().find(|t| plural && tree.tag(*t) == Tag::Nns && !self.is_figure(*t) && !self.is_time(*t));
        before.map_or(Subject::Unnamed, Subject::Noun)
    }

    /// Whether a token stands in a time expression or names a stretch of time.
    fn is_time(&self, token: usize) -> bool {
        let tree = self.tree;
        tree.mention(self.mentions, token).is_some_and(|m| m.kind == Kind::Time)
            || self.numbers.unit_name(tree.word(token)).is_some_and(|unit| self.numbers.is_time(unit))
    }

    /// Whether a token names something: a noun, a gerund, or a word with a capital that was taken for something else.
    fn may_name(&self, token: usize) -> bool {
        let tree = self.tree;
        let capital = tree.word(token).starts_with(|c: char| c.is_uppercase());
        tree.is_noun(token) || tree.tag(token) == Tag::Vbg || tree.tag(token) == Tag::Vb && capital
    }

    /// Whether a token is part of an amount of the sentence.
    fn is_figure(&self, token: usize) -> bool {
        let span = self.tree.span(token);
        let amounts = self.quantities.iter().filter(|q| q.measure != Measure::Not);
        amounts.into_iter().any(|q| q.span.overlaps(span) || q.unit_span.is_some_and(|u| u.overlaps(span)))
    }

    fn push(&self, head: usize, found: &mut Vec<Counted>) {
        let tree = self.tree;
        let noun = self.may_name(head);
        if !noun || self.is_time(head) || self.is_figure(head) {
            return;
        }
        let (first, last) = self.phrase(head);
        let span = tree.span(first).join(tree.span(last));
        if found.iter().all(|f| !f.span.overlaps(span)) {
            found.push(Counted { span, text: span.of(tree.text).to_owned() });
        }
    }

    /// A noun phrase with the prepositional phrases behind it, without determiner, as far as no number stands in it.
    fn phrase(&self, head: usize) -> (usize, usize) {
        let tree = self.tree;
        let within = tree.subtree(head);
        // "last season" beside a name is no part of it; a bare year is.
        let phrase_of_time = |t: usize| tree.mention(self.mentions, t).is_some_and(|m| m.kind == Kind::Time && m.span != tree.span(t));
        let belongs = |t: usize| within.binary_search(&t).is_ok() && !self.is_figure(t) && !self.clause(t, head) && !phrase_of_time(t);
        let mut first = head;
        while first > 0 && belongs(first - 1) && tree.label(first - 1) != Label::Prep {
            first -= 1;
        }
        // "a three-year-old boy": the word belongs to the age.
        let age = self.quantity().measure == Measure::Age;
        while first < head
            && (age && tree.is(first, "old")
                || matches!(
                    tree.tag(first),
                    Tag::Dt | Tag::Pdt | Tag::PrpPoss | Tag::Punct | Tag::In | Tag::Cc | Tag::Wdt | Tag::Rb | Tag::Pos | Tag::Cd
                ))
            && !(tree.tag(first) == Tag::Cd && tree.tag(first + 1) != Tag::Pos)
        {
            first += 1;
        }
        let mut last = head;
        let mut prepositions = 0;
        while last + 1 < tree.len() && belongs(last + 1) && tree.tag(last + 1) != Tag::Punct {
            if tree.label(last + 1) == Label::Prep {
                prepositions += 1;
                if prepositions > 1 && !tree.is(last + 1, "of") {
                    break;
                }
            }
            last += 1;
        }
        while last > head && !tree.is_noun(last) && tree.tag(last) != Tag::Cd && tree.tag(last) != Tag::Vbg {
            last -= 1;
        }
        (first, last)
    }

    /// Whether a token belongs to a clause of its own under the noun.
    fn clause(&self, token: usize, noun: usize) -> bool {
        let tree = self.tree;
        let starts = |t: usize| matches!(tree.label(t), Label::Relcl | Label::Acl | Label::Advcl | Label::Appos);
        token != noun && (starts(token) || tree.ancestors(token).take_while(|t| *t != noun).any(starts))
    }
}
