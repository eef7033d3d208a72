//! Noun phrases that name or describe a person, an organization, a place or a unit: what coreference is about.

use super::nominals::Kinds;
use super::references::Resolver;
use crate::extract::Tree;
use crate::types::{ByteSpan, Kind, Label, Tag};

/// What opens a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    /// Nothing: "officials", "President Lee".
    Bare,
    /// "the", "this", "those".
    Definite,
    /// "its", "Seoul's".
    Owned,
    /// "a", "some", "another", a number.
    Indefinite,
}

/// A noun phrase.
#[derive(Clone, Debug)]
pub(super) struct Phrase {
    /// Its words: up to its head, or as given.
    pub span: ByteSpan,
    /// Its head.
    pub head: ByteSpan,
    /// The sentence it stands in.
    pub sentence: usize,
    /// The head's index in the sentence.
    pub token: usize,
    /// What it may be.
    pub kinds: Kinds,
    /// For a name, its reference.
    pub reference: Option<usize>,
    /// The head's lemma.
    pub lemma: String,
    /// The words that narrow the head down, in small letters: "pro-beijing" of "the pro-Beijing camp".
    pub modifiers: Vec<String>,
    /// Words beside a name that say what it is, as lemmas: "president" of "President Lee".
    pub titles: Vec<String>,
    /// What opens it.
    pub opening: Opening,
    /// The word that owns it, in small letters: "his", "seoul".
    pub owner: Option<String>,
    /// Whether it is of several.
    pub plural: bool,
    /// Whether it is several phrases joined by "and".
    pub group: bool,
}

/// A mention that was given with its kind, and is not to be looked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Given {
    /// Its words, with determiner and what follows its head.
    pub span: ByteSpan,
    /// What it is: a person, an organization, a unit or a place.
    pub kind: Kind,
}

impl Resolver<'_> {
    /// A noun phrase of a tree; `span` is what it takes in.
    pub(super) fn phrase(&self, tree: &Tree<'_>, sentence: usize, head: usize, span: ByteSpan, kinds: Kinds) -> Phrase {
        let mut phrase = Phrase {
            span,
            head: tree.span(head),
            sentence,
            token: head,
            kinds,
            reference: None,
            lemma: tree.lemma(head).to_lowercase(),
            modifiers: Vec::new(),
            titles: Vec::new(),
            opening: Opening::Bare,
            owner: None,
            plural: matches!(tree.tag(head), Tag::Nns | Tag::Nnps),
            group: false,
        };
        let first = tree.first_in(span).unwrap_or(head);
        for at in first..head {
            let lower = tree.word(at).to_lowercase();
            match tree.tag(at) {
                Tag::Dt | Tag::Pdt | Tag::Wdt if at == first || phrase.opening == Opening::Bare => match lower.as_str() {
                    "the" | "this" | "that" | "these" | "those" | "both" => phrase.opening = Opening::Definite,
                    "all" => {}
                    _ => phrase.opening = Opening::Indefinite,
                },
                Tag::PrpPoss => (phrase.opening, phrase.owner) = (Opening::Owned, Some(lower)),
                Tag::Pos => (phrase.opening, phrase.owner) = (Opening::Owned, phrase.modifiers.pop()),
                Tag::Cd if phrase.opening == Opening::Bare => phrase.opening = Opening::Indefinite,
                Tag::Punct | Tag::Dt | Tag::Pdt | Tag::Cc => {}
                _ => phrase.modifiers.push(lower),
            }
        }
        for child in tree.children(head).iter().copied().filter(|c| *c > head && span.covers(tree.span(*c))) {
            match tree.label(child) {
                Label::Prep => {
                    let objects =
                        tree.children(child).iter().copied().filter(|o| tree.label(*o) == Label::Pobj && span.covers(tree.span(*o)));
                    phrase.modifiers.extend(objects.map(|o| tree.word(o).to_lowercase()));
                }
                Label::Conj if tree.is_noun(child) => phrase.group |= !self.same_holder(tree, head, child),
                _ => {}
            }
        }
        phrase
    }

    /// Whether two nouns joined by "and" are said of one: "an author and activist", "the curator and director".
    fn same_holder(&self, tree: &Tree<'_>, head: usize, other: usize) -> bool {
        let role = |at: usize| tree.tag(at) == Tag::Nn && self.nominals.kinds(tree.lemma(at)).has(Kinds::PERSON);
        role(head) && role(other) && tree.child(other, &[Label::Det, Label::Poss]).is_none()
    }

    /// The last word of the only person's name in a phrase where it ends it, with what he or she is before: "political activist and philosopher Noam
    /// Chomsky".
    pub(super) fn named_at_the_end(&self, tree: &Tree<'_>, given: Given) -> Option<usize> {
        let mut inside = self.mentions.iter().filter(|m| given.span.covers(m.span) && m.kind == Kind::Person);
        let only = inside.next().filter(|m| given.kind == Kind::Person && m.span.end == given.span.end && m.span != given.span)?;
        let before = tree.first_in(only.span)?.checked_sub(1)?;
        let title = tree.tag(before) == Tag::Pos || tree.is_noun(before) && self.nominals.kinds(tree.lemma(before)).has(Kinds::PERSON);
        if inside.next().is_some() || !title { None } else { tree.last_in(only.span) }
    }

    /// Whether a phrase opens with one person's name and goes on to another's: "Ann Chiang of DAB and Priscilla Leung".
    pub(super) fn is_several(&self, given: Given) -> bool {
        let mut inside = self.mentions.iter().filter(|m| given.span.covers(m.span) && m.kind == Kind::Person);
        let (Some(first), Some(last)) = (inside.next(), inside.next_back()) else { return false };
        let between = &self.document.text[first.span.end as usize..last.span.start as usize];
        given.kind == Kind::Person && first.span.start == given.span.start && between.contains(" and ")
    }

    /// The topmost word of a span: the one whose head stands outside, a noun before others.
    pub(super) fn top(tree: &Tree<'_>, span: ByteSpan) -> Option<usize> {
        let (first, last) = (tree.first_in(span)?, tree.last_in(span)?);
        let tops = || (first..=last).filter(|at| tree.head(*at).is_none_or(|head| !(first..=last).contains(&head)));
        let owns = |at: usize| at + 1 < last && tree.tag(at + 1) == Tag::Pos;
        tops().find(|at| tree.is_noun(*at) && !owns(*at)).or_else(|| tops().find(|at| tree.tag(*at) != Tag::Punct)).or(Some(last))
    }

    /// Descriptions that fill one of a sentence's slots and whose head's kind is not known: "the medic", "the 55-year-old". `from` on are the sentence's phrases so far.
    pub(super) fn fillers_in(&self, tree: &Tree<'_>, sentence: usize, slots: &[ByteSpan], from: usize, into: &mut Vec<Phrase>) {
        for slot in slots {
            let Some(head) = Resolver::top(tree, *slot) else { continue };
            let described =
                matches!(tree.tag(head), Tag::Nn | Tag::Nns | Tag::Jj | Tag::Cd) && tree.word(head).contains(char::is_alphabetic);
            let known = tree.mention(self.mentions, head).is_some() || into[from..].iter().any(|p| p.token == head);
            if !described || known || tree.first_in(*slot).is_none_or(|first| !matches!(tree.tag(first), Tag::Dt | Tag::PrpPoss)) {
                continue;
            }
            // "the 55-year-old" is somebody.
            let kinds = if tree.tag(head) == Tag::Jj || tree.is_aged(head) { Kinds::PERSON } else { Kinds::ANY };
            into.push(self.phrase(tree, sentence, head, *slot, kinds));
        }
    }

    /// The noun phrases of a sentence that no mention names and whose head's kind is known.
    pub(super) fn descriptions_in(&self, tree: &Tree<'_>, sentence: usize, into: &mut Vec<Phrase>) {
        for head in 0..tree.len() {
            if !matches!(tree.tag(head), Tag::Nn | Tag::Nns) || tree.label(head) == Label::Compound {
                continue;
            }
            let kinds = self.nominals.kinds(tree.lemma(head));
            if kinds.is_empty() || tree.mention(self.mentions, head).is_some() {
                continue;
            }
            into.push(self.phrase(tree, sentence, head, tree.phrase(head), kinds));
        }
    }
}
