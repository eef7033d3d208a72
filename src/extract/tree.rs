//! One sentence as a dependency tree, with the moves that extraction makes on it.

use super::words::Words;
use crate::types::{ByteSpan, Kind, Label, Mention, Node, Syntax, Tag, Token};
use rustc_hash::FxHashSet;
use std::borrow::Cow;

/// A parsed sentence. Tokens are named by their index within the sentence.
#[derive(Debug)]
pub struct Tree<'a> {
    /// The document's text.
    pub text: &'a str,
    tokens: &'a [Token],
    syntax: Cow<'a, Syntax>,
}

/// Parts a time from the subject that the parser joined to it: "On Saturday | Iran shot down a drone".
pub(super) fn part_times(nodes: &mut [Node], tokens: &[Token], mentions: &[Mention]) {
    for time in mentions.iter().filter(|m| m.kind == Kind::Time) {
        let within = |at: usize| tokens[at].span.overlaps(time.span);
        let head = |at: usize| nodes[at].head.map(usize::from);
        let Some(last) = (0..nodes.len()).rev().find(|at| within(*at)) else { continue };
        let joined = matches!(nodes[last].label, Label::Compound | Label::Nmod | Label::Amod | Label::Npadvmod);
        let Some(noun) = head(last).filter(|head| joined && *head > last && !within(*head)) else { continue };
        let Some(prep) = head(noun).filter(|prep| nodes[noun].label == Label::Pobj && *prep < last) else { continue };
        let Some(verb) = head(prep).filter(|verb| *verb > noun && nodes[prep].label == Label::Prep) else { continue };
        let below = |labels: &[Label]| nodes.iter().any(|node| node.head.map(usize::from) == Some(verb) && labels.contains(&node.label));
        if below(&[Label::Nsubj, Label::Nsubjpass, Label::Expl]) {
            continue;
        }
        let label = if below(&[Label::Auxpass]) { Label::Nsubjpass } else { Label::Nsubj };
        let (to_verb, to_prep) = (nodes[prep].head, nodes[noun].head);
        nodes[noun].head = to_verb;
        nodes[noun].label = label;
        nodes[last].head = to_prep;
        nodes[last].label = Label::Pobj;
    }
}

impl<'a> Tree<'a> {
    /// A tree from one node a token.
    #[must_use]
    pub fn new(text: &'a str, tokens: &'a [Token], nodes: Vec<Node>, words: &Words) -> Tree<'a> {
        let lemmas = tokens.iter().zip(&nodes).map(|(token, node)| words.lemma(token.span.of(text), node.tag)).collect();
        let mut children = vec![Vec::new(); nodes.len()];
        for (at, node) in nodes.iter().enumerate() {
            if let Some(head) = node.head.map(usize::from).filter(|h| *h < nodes.len() && *h != at) {
                children[head].push(at);
            }
        }
        Tree { text, tokens, syntax: Cow::Owned(Syntax { nodes, lemmas, children }) }
    }

    /// A tree whose syntax is known.
    #[must_use]
    pub fn of(text: &'a str, tokens: &'a [Token], syntax: &'a Syntax) -> Tree<'a> {
        Tree { text, tokens, syntax: Cow::Borrowed(syntax) }
    }

    /// What the tree knows, for others to read.
    #[must_use]
    pub fn into_syntax(self) -> Syntax {
        self.syntax.into_owned()
    }

    /// Number of tokens.
    #[must_use]
    pub fn len(&self) -> usize {
        self.syntax.nodes.len()
    }

    /// Where a token stands.
    #[must_use]
    pub fn span(&self, at: usize) -> ByteSpan {
        self.tokens[at].span
    }

    /// A token as written.
    #[must_use]
    pub fn word(&self, at: usize) -> &'a str {
        self.tokens[at].span.of(self.text)
    }

    /// Whether a token is this word, whatever its case.
    #[must_use]
    pub fn is(&self, at: usize, word: &str) -> bool {
        self.word(at).eq_ignore_ascii_case(word)
    }

    /// Whether a token is one of some words, in any case.
    pub fn is_one_of(&self, at: usize, words: &FxHashSet<String>) -> bool {
        words.contains(self.word(at).to_ascii_lowercase().as_str())
    }

    /// A token's lemma.
    #[must_use]
    pub fn lemma(&self, at: usize) -> &str {
        &self.syntax.lemmas[at]
    }

    /// A token's part of speech.
    #[must_use]
    pub fn tag(&self, at: usize) -> Tag {
        self.syntax.nodes[at].tag
    }

    /// A token's relation to its head.
    #[must_use]
    pub fn label(&self, at: usize) -> Label {
        self.syntax.nodes[at].label
    }

    /// A token's head.
    #[must_use]
    pub fn head(&self, at: usize) -> Option<usize> {
        self.syntax.nodes[at].head.map(usize::from).filter(|h| *h < self.syntax.nodes.len() && *h != at)
    }

    /// A token's dependents, in order.
    #[must_use]
    pub fn children(&self, at: usize) -> &[usize] {
        &self.syntax.children[at]
    }

    /// The first dependent with one of these labels.
    #[must_use]
    pub fn child(&self, at: usize, labels: &[Label]) -> Option<usize> {
        self.syntax.children[at].iter().copied().find(|c| labels.contains(&self.label(*c)))
    }

    /// The heads above a token, nearest first.
    pub fn ancestors(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let mut current = self.head(at);
        let mut left = self.len();
        std::iter::from_fn(move || {
            let here = current?;
            left = left.checked_sub(1)?;
            current = self.head(here);
            Some(here)
        })
    }

    /// A token and all below it.
    #[must_use]
    pub fn subtree(&self, at: usize) -> Vec<usize> {
        let mut found = vec![at];
        let mut next = 0;
        while next < found.len() && found.len() <= self.len() {
            found.extend(&self.syntax.children[found[next]]);
            next += 1;
        }
        found.sort_unstable();
        found
    }

    /// The run of words from the leftmost to the rightmost token of a subtree.
    #[must_use]
    pub fn extent(&self, at: usize) -> ByteSpan {
        self.subtree(at).into_iter().map(|t| self.span(t)).fold(self.span(at), |all, span| all.join(span))
    }

    /// The first token that overlaps a span.
    #[must_use]
    pub fn first_in(&self, span: ByteSpan) -> Option<usize> {
        let at = self.tokens.partition_point(|t| t.span.end <= span.start);
        (at < self.tokens.len() && self.tokens[at].span.overlaps(span)).then_some(at)
    }

    /// The last token that overlaps a span.
    #[must_use]
    pub fn last_in(&self, span: ByteSpan) -> Option<usize> {
        let at = self.tokens.partition_point(|t| t.span.start < span.end).checked_sub(1)?;
        self.tokens[at].span.overlaps(span).then_some(at)
    }

    /// Whether a token ends the age that somebody is called by: "the 58-year-old".
    #[must_use]
    pub fn is_aged(&self, at: usize) -> bool {
        matches!(self.word(at), "old" | "olds") && at > 1 && self.is(at - 1, "-") && self.word(at - 2).ends_with("year")
    }

    /// Whether a token is a noun or a name.
    #[must_use]
    pub fn is_noun(&self, at: usize) -> bool {
        matches!(self.tag(at), Tag::Nn | Tag::Nns | Tag::Nnp | Tag::Nnps)
    }

    /// Whether a token is a verb, auxiliaries included.
    #[must_use]
    pub fn is_verb(&self, at: usize) -> bool {
        matches!(self.tag(at), Tag::Vb | Tag::Vbd | Tag::Vbg | Tag::Vbn | Tag::Vbp | Tag::Vbz | Tag::Md)
    }

    /// Whether a verb is passive: by its auxiliary or subject, or as a bare participle behind a noun.
    #[must_use]
    pub fn is_passive(&self, verb: usize) -> bool {
        self.child(verb, &[Label::Auxpass, Label::Nsubjpass]).is_some()
            || self.tag(verb) == Tag::Vbn
                && (self.label(verb) == Label::Acl
                    || self.child(verb, &[Label::Agent]).is_some()
                    || self.label(verb) == Label::Conj
                        && self.head(verb).is_some_and(|h| self.is_verb(h) && self.is_passive(h))
                        && self.child(verb, &[Label::Aux, Label::Dobj]).is_none())
    }

    /// The subject of a verb: its own, or that of the verb it is joined to.
    #[must_use]
    pub fn subject(&self, verb: usize) -> Option<usize> {
        let mut verb = verb;
        for _ in 0..6 {
            if let Some(own) = self.child(verb, &[Label::Nsubj, Label::Nsubjpass]) {
                if matches!(self.tag(own), Tag::Wdt | Tag::Wp) {
                    return self.head(verb).filter(|_| self.label(verb) == Label::Relcl);
                }
                return Some(own);
            }
            // "has sent 15,000 troops, and there have been 4,700 casualties": nobody's.
            if self.child(verb, &[Label::Expl]).is_some() {
                return None;
            }
            let head = self.head(verb)?;
            match self.label(verb) {
                Label::Conj | Label::Xcomp | Label::Advcl | Label::Dep if self.is_verb(head) => verb = head,
                Label::Acl | Label::Relcl => return Some(head),
                _ => return None,
            }
        }
        None
    }

    /// A noun with those joined to it by "and" or a comma, the noun first.
    #[must_use]
    pub fn conjuncts(&self, at: usize) -> Vec<usize> {
        let mut all = vec![at];
        let mut next = 0;
        while next < all.len() && all.len() < self.len() {
            all.extend(self.children(all[next]).iter().copied().filter(|c| self.label(*c) == Label::Conj));
            next += 1;
        }
        all
    }

    /// The mention that a token lies in.
    #[must_use]
    pub fn mention<'m>(&self, mentions: &'m [Mention], at: usize) -> Option<&'m Mention> {
        let span = self.span(at);
        let index = mentions.partition_point(|m| m.span.end <= span.start);
        mentions.get(index).filter(|m| m.span.overlaps(span))
    }

    /// A noun phrase without what follows its head: from its first word, determiner included, to the head.
    #[must_use]
    pub fn phrase(&self, head: usize) -> ByteSpan {
        let first = self.children(head).iter().copied().filter(|c| *c < head && self.label(*c) != Label::Punct || *c + 1 == head).min();
        let first = first.map_or(head, |c| self.subtree(c).first().copied().unwrap_or(c).min(c));
        self.span(first.min(head)).join(self.span(head))
    }
}
