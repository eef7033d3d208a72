//! Who and what a noun phrase of a relation names.

use super::Finder;
use crate::extract::roles::{is_actor, owner_of, place_in};
use crate::types::{ByteSpan, Kind, Label, Mention, Tag};

impl Finder<'_, '_> {
    /// The place that a site lies in or is called by: "the Abu Shouk camp", "an army base at Djibo"; "Russia’s base" lies anywhere.
    pub(super) fn scene_in(&self, head: usize) -> Option<&Mention> {
        let (tree, lexicon) = (self.tree, self.reader.lexicon);
        let site = ["town", "site"].iter().any(|class| lexicon.words.is(class, tree.lemma(head)));
        let place = site.then(|| place_in(tree, lexicon, self.mentions, head)).flatten();
        place.filter(|m| !m.is_state() || m.span.start > tree.span(head).start)
    }

    /// Whether a number stands with a noun, so that a claim tells of it.
    pub(super) fn is_counted(&self, at: usize) -> bool {
        let tree = self.tree;
        let named = tree.mention(self.mentions, at);
        let counts =
            |c: usize| (tree.label(c) == Label::Nummod || tree.tag(c) == Tag::Cd) && !named.is_some_and(|m| m.span.covers(tree.span(c)));
        let own = |at: usize| tree.children(at).iter().any(|c| counts(*c));
        // "Seven rifles and pistols", but not "seven rifles and a pistol".
        let shared = || {
            let first = tree.head(at).filter(|_| tree.label(at) == Label::Conj);
            first.is_some_and(own) && tree.child(at, &[Label::Det, Label::Poss]).is_none()
        };
        own(at) || shared() || tree.tag(at) == Tag::Cd && named.is_none()
    }

    /// Who a noun phrase names or describes.
    pub(super) fn party(&self, head: usize) -> Option<ByteSpan> {
        let tree = self.tree;
        let words = &self.reader.lexicon.words;
        if let Some(mention) = tree.mention(self.mentions, head) {
            return is_actor(mention).then_some(mention.span);
        }
        if tree.tag(head) == Tag::Prp {
            let somebody = ["he", "she", "it", "they", "him", "her", "them"].iter().any(|word| tree.is(head, word));
            return (somebody && tree.label(head) != Label::Expl).then(|| tree.span(head));
        }
        if !tree.is_noun(head) {
            return None;
        }
        // "Its commander, General Rustamas Liubas".
        let beside = tree.children(head).iter().copied().find(|c| tree.label(*c) == Label::Appos && *c > head);
        if let Some(name) = beside.and_then(|c| tree.mention(self.mentions, c)).filter(|m| m.kind == Kind::Person) {
            return Some(name.span);
        }
        // "The ADF, a group linked to Islamic State".
        let above = tree.head(head).filter(|_| tree.label(head) == Label::Appos);
        if let Some(name) = above.and_then(|above| tree.mention(self.mentions, above)).filter(|m| is_actor(m)) {
            return Some(name.span);
        }
        let is = |classes: &[&str]| classes.iter().any(|class| words.is(class, tree.lemma(head)));
        // "A French prosecutor" is not France.
        let several = tree.tag(head) == Tag::Nns;
        let body = is(&["service", "body", "office"]);
        if body || is(&["forces"]) || several && is(&["soldier", "actor", "person"]) {
            if let Some(owner) = self.owner_of(head) {
                return Some(owner);
            }
            let phrase = tree.phrase(head);
            if self.mentions.iter().any(|m| phrase.covers(m.span) && m.is_compounded(tree.text) && is_actor(m)) {
                return Some(phrase);
            }
            let of_body = |c: &usize| {
                *c < head && tree.label(*c) == Label::Compound && ["service", "body"].iter().any(|class| words.is(class, tree.lemma(*c)))
            };
            if tree.children(head).iter().any(of_body) {
                return Some(phrase);
            }
            let of = tree.children(head).iter().copied().find(|c| tree.is(*c, "of")).and_then(|of| tree.child(of, &[Label::Pobj]));
            let body = of.and_then(|of| tree.mention(self.mentions, of)).filter(|m| is_actor(m) && m.kind != Kind::Person);
            if let Some(body) = body {
                return Some(body.span);
            }
        }
        // "The Post", which no list has.
        if tree.tag(head) == Tag::Nnp && tree.word(head).starts_with(char::is_uppercase) && head > 0 && tree.tag(head - 1) == Tag::Dt {
            return Some(tree.span(head));
        }
        let definite = tree.children(head).iter().any(|c| {
            *c < head && (tree.tag(*c) == Tag::Dt && (tree.is(*c, "the") || tree.is(*c, "this")) || matches!(tree.tag(*c), Tag::PrpPoss))
        });
        let owned =
            || tree.children(head).iter().any(|c| tree.label(*c) == Label::Poss && tree.mention(self.mentions, *c).is_some_and(is_actor));
        if is(&["leader", "member"]) && !several && owned() {
            return Some(tree.phrase(head));
        }
        // "Told parliament", "police said".
        let bare = tree.children(head).iter().all(|c| *c > head) && is(&["office", "service"]);
        (bare || definite && (body || several && is(&["soldier", "actor"]))).then(|| tree.phrase(head))
    }

    /// The state or body whose name or adjective stands before a noun, also one that no list has: "Fano militiamen".
    pub(super) fn owner_of(&self, head: usize) -> Option<ByteSpan> {
        let tree = self.tree;
        owner_of(tree, self.mentions, head).or_else(|| {
            let name = head.checked_sub(1).filter(|at| tree.tag(*at) == Tag::Nnp && tree.head(*at) == Some(head))?;
            let people = ["forces", "soldier"].iter().any(|class| self.reader.lexicon.words.is(class, tree.lemma(head)));
            (people && tree.mention(self.mentions, name).is_none()).then(|| tree.span(name))
        })
    }

    /// Whether a token stands before a noun and is of its phrase.
    pub(super) fn modifies(&self, at: usize) -> bool {
        matches!(self.tree.tag(at), Tag::Jj | Tag::Vbn | Tag::Vbg | Tag::Pos) || self.tree.is(at, "-")
    }
}
