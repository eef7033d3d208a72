//! The first pass of the sieve: what the syntax of a sentence says is one.

use super::nominals::Kinds;
use super::phrases::{Opening, Phrase};
use super::sieve::{REACH, Sieve};
use crate::extract::Tree;
use crate::types::Label;
use rustc_hash::FxHashMap;

/// Bytes of the longest mark between a phrase and its apposition: a dash between spaces.
const LONGEST_MARK: u32 = 5;

impl Sieve<'_, '_> {
    /// Phrases of one sentence that its tree says are one: apposition, "X is the Y", "a Y called X".
    pub(super) fn constructs(&mut self, tree: &Tree<'_>, sentence: usize) {
        let mut at_token: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        for at in self.chains.within(sentence) {
            at_token.entry(self.chains.phrases[at].token).or_default().push(at);
        }
        let wordings = self.resolver.nominals.wordings();
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for at in 0..tree.len() {
            let Some(head) = tree.head(at) else { continue };
            match tree.label(at) {
                Label::Appos => pairs.push((head, at)),
                Label::Attr if wordings.equating.iter().any(|v| v == tree.lemma(head)) && tree.child(head, &[Label::Neg]).is_none() => {
                    if let Some(subject) = tree.subject(head) {
                        pairs.extend(tree.conjuncts(at).into_iter().map(|what| (subject, what)));
                        if matches!(tree.word(subject).to_lowercase().as_str(), "he" | "she") {
                            self.of_pronoun(at_token.get(&at), sentence);
                        }
                    }
                }
                Label::Oprd if wordings.naming.iter().any(|v| v == tree.lemma(head)) => {
                    let named =
                        if tree.label(head) == Label::Acl { tree.head(head) } else { tree.child(head, &[Label::Nsubjpass, Label::Dobj]) };
                    pairs.extend(named.map(|named| (named, at)));
                }
                Label::Pobj if tree.is(head, "of") => {
                    pairs.extend(tree.head(head).filter(|noun| wordings.of_name.contains(tree.lemma(*noun))).map(|noun| (noun, at)));
                }
                Label::Pobj if tree.is(head, "as") => {
                    let verb = tree.head(head).filter(|verb| tree.is_verb(*verb));
                    let of = verb.and_then(|verb| tree.child(verb, &[Label::Dobj]).or_else(|| tree.subject(verb)));
                    pairs.extend(of.map(|of| (of, at)));
                }
                _ => {}
            }
        }
        self.beside_a_comma(sentence);
        self.follow(tree, sentence);
        for (a, b) in pairs {
            let (Some(ones), Some(others)) = (at_token.get(&a), at_token.get(&b)) else { continue };
            for one in ones {
                for other in others {
                    self.chains.join(*one, *other);
                }
            }
        }
    }

    /// Notes whom a sentence is about: its subject, or the only person that it names. Kept while nobody else is named.
    fn follow(&mut self, tree: &Tree<'_>, sentence: usize) {
        let is_person = |p: &Phrase| p.reference.is_some() && p.kinds == Kinds::PERSON;
        let people: Vec<usize> = self.chains.within(sentence).filter(|at| is_person(&self.chains.phrases[*at])).collect();
        let subject = people.iter().copied().find(|at| {
            let token = self.chains.phrases[*at].token;
            matches!(tree.label(token), Label::Nsubj | Label::Nsubjpass) && tree.head(token).is_some_and(|verb| tree.head(verb).is_none())
        });
        let first = people.first().copied();
        let alone = first.filter(|first| people.iter().all(|at| self.chains.of(*at) == self.chains.of(*first)));
        match (subject.or(alone), first) {
            (Some(at), _) => self.focus = Some((at, sentence)),
            (None, Some(_)) => self.focus = None,
            (None, None) => {}
        }
    }

    /// What "he is" says, of whom the sentence before was about.
    fn of_pronoun(&mut self, what: Option<&Vec<usize>>, sentence: usize) {
        let Some((person, _)) = self.focus.filter(|(_, named)| *named + REACH >= sentence) else { return };
        for at in what.into_iter().flatten() {
            self.chains.join(person, *at);
        }
    }

    /// A person's name and a description with but a comma between them, where neither is in a list.
    fn beside_a_comma(&mut self, sentence: usize) {
        let text = &self.resolver.document.text;
        let here = self.chains.within(sentence);
        for one in here.clone() {
            for other in one + 1..here.end {
                let (p, q) = (&self.chains.phrases[one], &self.chains.phrases[other]);
                if q.span.start > p.span.end + LONGEST_MARK {
                    break;
                }
                let between = text.get(p.span.end as usize..q.span.start as usize);
                let one_named = p.reference.is_some() != q.reference.is_some() && !p.group && !q.group && p.kinds.has(q.kinds);
                let after = text.get(q.span.end as usize..).unwrap_or("").trim_start();
                let listed = after.starts_with("and ") || after.starts_with(", and ") || after.starts_with("or ");
                let closed = after.is_empty() || after.starts_with([',', '.', ';', ')', '"', '”']);
                let described = if p.reference.is_some() { q } else { p };
                let fits = match between {
                    Some(", ") if p.kinds == Kinds::PERSON => !listed,
                    Some(", ") => !listed && closed && p.reference.is_some() && described.opening != Opening::Bare,
                    Some(" (") => after.starts_with(')'),
                    Some(" - " | " – " | " — ") => !listed && closed,
                    _ => false,
                };
                if one_named && fits {
                    self.chains.join(one, other);
                }
            }
        }
    }
}
