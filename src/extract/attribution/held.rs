//! What somebody thinks of something, wants or asks for: "criticised the ruling", "urged members to vote", "the plan to leave".

use super::{Finder, actor_span};
use crate::types::{Attribution, ByteSpan, Label, Tag};

/// Relations of what a verb is about.
const ABOUT: [Label; 7] = [Label::Dobj, Label::Ccomp, Label::Xcomp, Label::Dative, Label::Oprd, Label::Prep, Label::Acomp];

impl Finder<'_, '_> {
    /// Attributions of stance, but for cues that `spoken` has already.
    pub(super) fn held(&self, spoken: &[Attribution]) -> Vec<Attribution> {
        let tree = self.tree;
        let mut found: Vec<Attribution> = Vec::new();
        for at in 0..tree.len() {
            // What stands in somebody's words is theirs.
            let span = tree.span(at);
            let known = |a: &Attribution| a.cue.overlaps(span) || a.content.iter().any(|c| c.covers(span));
            if spoken.iter().chain(&found).any(known) {
                continue;
            }
            if tree.is_verb(at) && !self.is_unreal(at) {
                found.extend(self.held_by_verb(at));
            } else if tree.is_noun(at) {
                found.extend(self.held_by_noun(at));
            } else {
                found.extend(self.held_by_adjective(at));
            }
        }
        found
    }

    /// "could attack", "to attack": nobody did.
    fn is_unreal(&self, verb: usize) -> bool {
        let tree = self.tree;
        tree.children(verb).iter().any(|c| tree.label(*c) == Label::Aux && matches!(tree.tag(*c), Tag::Md | Tag::To))
            || verb > 0 && matches!(tree.tag(verb - 1), Tag::Md | Tag::To)
    }

    fn held_by_verb(&self, verb: usize) -> Option<Attribution> {
        let (tree, cues) = (self.tree, &self.lexicon.cues);
        let lemma = tree.lemma(verb);
        let clause = cues.held_clauses.contains(lemma);
        let object = cues.held_objects.contains(lemma);
        let next = verb + 1;
        let with = |at: usize| at < tree.len() && cues.held_with.contains(&format!("{lemma} {}", tree.word(at).to_lowercase()));
        let preposition = cues.held_verbs.contains(lemma).then(|| [next, next + 1].into_iter().find(|at| with(*at))).flatten();
        if !clause && !object && preposition.is_none() {
            return None;
        }
        if tree.is_passive(verb) {
            return if object { self.held_by_agent(verb) } else { None };
        }
        let subject = tree.subject(verb).filter(|s| self.can_hold(*s))?;
        let first = match preposition {
            // The text may break off behind it.
            Some(at) => Some(at + 1).filter(|first| *first < tree.len())?,
            None => self.about(verb, clause, object)?,
        };
        let end = self.about_end(verb, first)?;
        let cue = preposition.map_or(tree.span(verb), |at| tree.span(verb).join(tree.span(at)));
        self.held_attribution(cue, self.sources(subject), ByteSpan { start: tree.span(first).start, end })
    }

    /// "is opposed by the union": what is opposed is the subject.
    fn held_by_agent(&self, verb: usize) -> Option<Attribution> {
        let tree = self.tree;
        let source = tree.child(tree.child(verb, &[Label::Agent])?, &[Label::Pobj]).filter(|s| self.can_hold(*s))?;
        let subject = tree.child(verb, &[Label::Nsubjpass])?;
        self.held_attribution(tree.span(verb), self.sources(source), tree.extent(subject))
    }

    /// "the minister's plan to leave", "a Bloomberg report that…", "raised doubts about the vote", "his bet is that…".
    fn held_by_noun(&self, noun: usize) -> Option<Attribution> {
        let (tree, cues) = (self.tree, &self.lexicon.cues);
        if !cues.held_nouns.contains(tree.lemma(noun)) {
            return None;
        }
        let owns = |c: usize| {
            c < noun
                && (tree.label(c) == Label::Poss || matches!(tree.label(c), Label::Compound | Label::Nmod) && tree.tag(c) == Tag::Nnp)
                && (self.can_hold(c) || tree.tag(c) == Tag::PrpPoss)
        };
        let verb = tree.head(noun).filter(|v| tree.is_verb(*v) && !self.is_unreal(*v));
        let gives = verb.filter(|v| tree.label(noun) == Label::Dobj && cues.held_light.contains(tree.lemma(*v)));
        let (cue, source) = match (tree.children(noun).iter().copied().find(|c| owns(*c)), gives) {
            (_, Some(verb)) => (tree.span(verb).join(tree.span(noun)), tree.subject(verb).filter(|s| self.can_hold(*s))?),
            (Some(owner), None) => (tree.span(noun), owner),
            (None, None) => return None,
        };
        let is = verb.filter(|v| tree.label(noun) == Label::Nsubj && tree.lemma(*v) == "be");
        let predicate = is.and_then(|v| tree.child(v, &[Label::Ccomp, Label::Xcomp]).filter(|c| *c > v));
        let content = predicate.or_else(|| self.complement(noun))?;
        let mut span = tree.extent(content);
        if tree.label(content) == Label::Prep {
            span.start = tree.span((content + 1).min(tree.len() - 1)).start;
        }
        (span.start < span.end).then_some(())?;
        self.held_attribution(cue, self.sources(source), span)
    }

    /// "is critical of the ruling", "was worried that…", "is opposed to it".
    fn held_by_adjective(&self, adjective: usize) -> Option<Attribution> {
        let (tree, cues) = (self.tree, &self.lexicon.cues);
        let lower = tree.word(adjective).to_lowercase();
        if !cues.held_adjectives.contains(&lower) || !matches!(tree.label(adjective), Label::Acomp | Label::Root | Label::Attr) {
            return None;
        }
        let verb = tree.head(adjective).filter(|v| tree.is_verb(*v) && !self.is_unreal(*v))?;
        let subject = tree.subject(verb).filter(|s| self.can_hold(*s))?;
        let content = self.complement(adjective).or_else(|| {
            let clause = |c: &usize| matches!(tree.label(*c), Label::Ccomp | Label::Xcomp) && *c > adjective;
            tree.children(adjective).iter().chain(tree.children(verb)).copied().find(clause)
        })?;
        let mut span = tree.extent(content);
        let cue = tree.span(adjective);
        if tree.label(content) == Label::Prep {
            span.start = tree.span((content + 1).min(tree.len() - 1)).start;
        }
        span.start = span.start.max(cue.end);
        (span.start < span.end).then_some(())?;
        self.held_attribution(cue, self.sources(subject), span)
    }

    /// What a noun or an adjective of stance is about.
    fn complement(&self, word: usize) -> Option<usize> {
        let tree = self.tree;
        tree.children(word).iter().copied().find(|c| {
            *c > word
                && match tree.label(*c) {
                    Label::Acl => tree.children(*c).iter().any(|m| tree.tag(*m) == Tag::To || tree.label(*m) == Label::Mark),
                    Label::Ccomp | Label::Relcl => tree.subtree(*c).first().is_some_and(|first| tree.is(*first, "that")),
                    Label::Prep => {
                        ["of", "for", "about", "on", "over", "against", "to", "that", "with", "from"].iter().any(|w| tree.is(*c, w))
                    }
                    _ => false,
                }
        })
    }

    fn held_attribution(&self, cue: ByteSpan, source: (ByteSpan, Vec<ByteSpan>), content: ByteSpan) -> Option<Attribution> {
        let tree = self.tree;
        let span = source.0.join(cue).join(content);
        let words = content.of(tree.text).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).count();
        let named = || tree.first_in(content).is_some_and(|at| tree.mention(self.mentions, at).is_some());
        let good = !content.overlaps(source.0) && (words > 1 || words == 1 && named());
        good.then(|| Attribution {
            span,
            cue,
            source: source.0,
            content: vec![content],
            relayed_by: source.1,
            certainty: None,
            stance: true,
        })
    }

    /// Where what a verb is about begins.
    fn about(&self, verb: usize, clause: bool, object: bool) -> Option<usize> {
        let tree = self.tree;
        let right = || tree.children(verb).iter().copied().filter(|c| *c > verb);
        let clauses = right().find(|c| matches!(tree.label(*c), Label::Ccomp | Label::Xcomp)).filter(|_| clause);
        let objects =
            right().find(|c| matches!(tree.label(*c), Label::Dobj | Label::Oprd | Label::Xcomp | Label::Ccomp)).filter(|_| object);
        let first = clauses.into_iter().chain(objects).min()?;
        let dobj = right().find(|c| tree.label(*c) == Label::Dobj && *c < first);
        let first = dobj.unwrap_or(first);
        let start = tree.subtree(first).into_iter().find(|t| *t > verb)?;
        Some(start)
    }

    /// Where it ends: before a comma and what hangs loosely behind it.
    fn about_end(&self, verb: usize, first: usize) -> Option<u32> {
        let tree = self.tree;
        let mut end = first;
        for child in tree.children(verb).iter().copied().filter(|c| *c + 1 > first && *c > verb) {
            let loose =
                child > 0 && child - 1 > first && tree.is(tree.subtree(child).first().copied().unwrap_or(child).saturating_sub(1), ",");
            if (ABOUT.contains(&tree.label(child)) || tree.label(child) == Label::Advcl || tree.label(child) == Label::Npadvmod) && !loose {
                end = end.max(tree.subtree(child).last().copied().unwrap_or(child));
            }
        }
        // What the parser hung elsewhere: the noun phrase at the preposition.
        if let Some(head) = tree.head(first).filter(|h| *h > first && *h < first + 8 && *h > verb) {
            end = end.max(tree.subtree(head).last().copied().unwrap_or(head));
        }
        (end >= first).then(|| tree.span(end).end)
    }

    /// Whether somebody can think or want: more than can speak.
    pub(super) fn can_hold(&self, head: usize) -> bool {
        let tree = self.tree;
        self.can_speak(head)
            || self.lexicon.cues.documents.contains(tree.lemma(head))
            || self.lexicon.cues.sources.contains(tree.lemma(head))
            || actor_span(tree, self.mentions, head).overlaps(tree.span(head)) && tree.tag(head) == Tag::Nnps
    }
}
