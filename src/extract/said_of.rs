//! What a figure is a figure of: the things that the words around it say it of.
//!
//! "Revenue rose to $7 billion" is said of revenue, "60% of its revenue" of revenue and of whose it is, "the company has 13,000 workers" of the
//! company. What a number counts ("workers") is in `counted.rs`; this climbs from there to the nouns and the subject above.

use super::counted::{self, Place};
use super::tree::Tree;
use super::Lexicon;
use super::number::Numbers;
use crate::types::{Counted, Label, Measure, Mention, Quantity, Setting, Tag};

/// No more nouns are passed on the way up: what stands further off is another matter.
const MOST_NOUNS: usize = 2;
/// A sentence's tree is no deeper on the way to the verb.
const MOST_STEPS: usize = 8;

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
    let per = place.head.and_then(|head| per(tree, numbers, head));
    let climb = Climb { tree, quantities, own: at, place: &place };
    Setting { counted: place.counted.clone(), of: climb.things(), per }
}

/// "3,000 tests per day": the unit of time or of things behind the counted noun.
fn per(tree: &Tree<'_>, numbers: &Numbers, head: usize) -> Option<String> {
    let word = head + 1;
    if word + 1 >= tree.len() || !(tree.is(word, "per") || tree.is(word, "a") || tree.is(word, "an") || tree.is(word, "every")) {
        return None;
    }
    let name = numbers.unit_name(tree.word(word + 1))?;
    (tree.is(word, "per") || numbers.is_time(name)).then(|| name.to_owned())
}

struct Climb<'a> {
    tree: &'a Tree<'a>,
    quantities: &'a [Quantity],
    own: usize,
    place: &'a Place,
}

impl Climb<'_> {
    fn things(&self) -> Vec<Counted> {
        let mut found = Vec::new();
        let Some(mut top) = self.start(&mut found) else { return found };
        let mut nouns = 0;
        for _ in 0..MOST_STEPS {
            let tree = self.tree;
            let Some(above) = tree.head(top) else { break };
            match tree.label(top) {
                Label::Nsubj | Label::Nsubjpass | Label::Csubj => break,
                Label::Pobj | Label::Pcomp => {
                    let Some(holder) = tree.head(above) else { break };
                    if tree.is_noun(holder) && !self.is_figure(holder) {
                        nouns += 1;
                        self.push(holder, &mut found);
                        if nouns == MOST_NOUNS {
                            break;
                        }
                        top = holder;
                    } else if tree.is_verb(holder) {
                        self.of_verb(holder, Some(above), top, &mut found);
                        break;
                    } else {
                        top = above;
                    }
                }
                Label::Conj => top = above,
                _ if tree.is_verb(above) => {
                    self.of_verb(above, None, top, &mut found);
                    break;
                }
                _ if tree.is_noun(above) && !self.is_figure(above) => {
                    nouns += 1;
                    self.push(above, &mut found);
                    if nouns == MOST_NOUNS {
                        break;
                    }
                    top = above;
                }
                _ => top = above,
            }
        }
        found
    }

    /// The token from which to climb: the highest of number, unit and counted noun. What a measure is taken of is the first thing found.
    fn start(&self, found: &mut Vec<Counted>) -> Option<usize> {
        let (tree, place) = (self.tree, self.place);
        let quantity = &self.quantities[self.own];
        let measured = quantity.unit.is_some() || quantity.measure == Measure::Share;
        let mut last = place.last;
        if let Some(head) = place.head.filter(|head| *head > place.last) {
            if measured {
                self.push(head, found);
            }
            last = head;
        }
        let inside = |token: usize| (place.first..=last).contains(&token);
        (place.first..=last).rev().find(|t| tree.head(*t).is_none_or(|h| !inside(h)) && tree.label(*t) != Label::Punct)
    }

    /// The verb's own object, where the number says by how much or to what it changes; then its subject.
    fn of_verb(&self, verb: usize, preposition: Option<usize>, from: usize, found: &mut Vec<Counted>) {
        let tree = self.tree;
        let quantity = &self.quantities[self.own];
        let changed = preposition.is_none_or(|p| ["by", "to", "from", "at"].iter().any(|word| tree.is(p, word)));
        if changed
            && quantity.unit.is_some()
            && let Some(object) = tree.child(verb, &[Label::Dobj]).filter(|o| *o != from && tree.is_noun(*o) && !self.is_figure(*o))
        {
            self.push(object, found);
        }
        if let Some(subject) = tree.subject(verb) {
            self.push(subject, found);
        }
    }

    /// Whether a token is part of a number of the sentence.
    fn is_figure(&self, token: usize) -> bool {
        let span = self.tree.span(token);
        self.quantities.iter().any(|q| q.span.overlaps(span) || q.unit_span.is_some_and(|u| u.overlaps(span)))
    }

    fn push(&self, head: usize, found: &mut Vec<Counted>) {
        let tree = self.tree;
        if !tree.is_noun(head) || self.is_figure(head) {
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
        let own = self.place.first..=self.place.last;
        let within = tree.subtree(head);
        let mut first = head;
        while first > 0 && within.binary_search(&(first - 1)).is_ok() && !own.contains(&(first - 1)) && !self.clause(first - 1, head) {
            first -= 1;
        }
        while first < head && matches!(tree.tag(first), Tag::Dt | Tag::Pdt | Tag::PrpPoss | Tag::Punct | Tag::In | Tag::Cc | Tag::Wdt) {
            first += 1;
        }
        let mut last = head;
        while last + 1 < tree.len()
            && within.binary_search(&(last + 1)).is_ok()
            && !own.contains(&(last + 1))
            && !self.clause(last + 1, head)
            && tree.tag(last + 1) != Tag::Punct
        {
            last += 1;
        }
        while last > head && !tree.is_noun(last) && !matches!(tree.tag(last), Tag::Cd | Tag::Punct) {
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
