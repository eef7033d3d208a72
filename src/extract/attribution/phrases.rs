//! "According to X", "citing X": sources that no verb of saying brings.

use super::{Finder, actor_span};
use crate::types::{Attribution, ByteSpan, Kind, Label, Tag};

impl Finder<'_, '_> {
    /// "according to X", "citing X".
    pub(super) fn by_phrase(&self) -> Vec<Attribution> {
        let tree = self.tree;
        let mut found = Vec::new();
        let mut at = 0;
        while at < tree.len() {
            let Some(length) = self.lexicon.cues.phrases.iter().find(|p| self.phrase_at(p, at)).map(Vec::len) else {
                at += 1;
                continue;
            };
            let cue = tree.span(at).join(tree.span(at + length - 1));
            let end = self.phrase_end(at + length);
            let sources = self.sources_within(at + length, end);
            if let Some((first, others)) = sources.split_first() {
                let phrase = cue.join(tree.span(end.max(at + length) - 1));
                let mut content = Vec::new();
                // "But according to X, …": only what follows.
                let follows = phrase.end < self.sentence.end && (0..at).all(|t| !tree.is_noun(t) && !tree.is_verb(t));
                if phrase.start > self.sentence.start && !follows {
                    content.push(ByteSpan { start: self.sentence.start, end: phrase.start });
                }
                let goes_on = follows
                    || end < tree.len() && tree.is(end, ",") && self.tells_on(end + 1) && (end..tree.len()).any(|t| tree.is_verb(t));
                if phrase.end < self.sentence.end && goes_on {
                    content.push(ByteSpan { start: phrase.end, end: self.sentence.end });
                }
                if !content.is_empty() {
                    found.push(Attribution {
                        span: self.sentence,
                        cue,
                        source: *first,
                        content,
                        relayed_by: others.iter().copied().chain(self.quoting_them(at + length)).collect(),
                        certainty: None,
                        stance: false,
                    });
                }
            }
            at += length;
        }
        found
    }

    /// Who quotes a source: "according to harbour officials quoted by Radio Okapi".
    fn quoting_them(&self, from: usize) -> Option<ByteSpan> {
        let tree = self.tree;
        let to = (from..tree.len()).find(|t| tree.is(*t, ",")).unwrap_or(tree.len());
        let quoted = (from..to).find(|t| tree.tag(*t) == Tag::Vbn && self.lexicon.cues.quoting.contains(tree.lemma(*t)))?;
        let by = tree.child(quoted, &[Label::Agent])?;
        Some(actor_span(tree, self.mentions, tree.child(by, &[Label::Pobj])?))
    }

    /// Whether what stands behind a source goes on with its words. Behind "X, who represents 31 of the men" it is still spoken of; behind "X, who
    /// later raised the count to 22", it is not.
    fn tells_on(&self, from: usize) -> bool {
        let (tree, cues) = (self.tree, &self.lexicon.cues);
        let relative = from < tree.len() && matches!(tree.tag(from), Tag::Wp | Tag::Wdt | Tag::WpPoss | Tag::Wrb);
        let tells = |t: usize| {
            tree.is_verb(t)
                && (cues.attribution.contains(tree.lemma(t)) || cues.figure_verbs.contains(tree.lemma(t)))
                && tree.child(t, &[Label::Dobj, Label::Ccomp]).is_some()
        };
        !relative || (from..tree.len()).any(tells)
    }

    fn phrase_at(&self, phrase: &[String], at: usize) -> bool {
        at + phrase.len() < self.tree.len() && phrase.iter().enumerate().all(|(i, word)| self.tree.is(at + i, word))
    }

    /// Where a source phrase ends: at a mark that closes it.
    fn phrase_end(&self, from: usize) -> usize {
        let tree = self.tree;
        let stops = |t: usize| {
            matches!(tree.word(t), "." | ";" | ":" | "—" | "”" | "\"" | "(" | "?" | "!")
                || tree.is(t, ",") && !(t + 1 < tree.len() && (tree.is_noun(t + 1) || tree.tag(t + 1) == Tag::Dt) && self.goes_on(t + 1))
                || t > from && tree.is_verb(t) && tree.tag(t) != Tag::Vbn && tree.tag(t) != Tag::Vbg
        };
        (from..tree.len()).find(|t| stops(*t)).unwrap_or(tree.len())
    }

    /// Whether a list of sources goes on behind a comma: another name, and no verb of its own before the next mark.
    fn goes_on(&self, from: usize) -> bool {
        let tree = self.tree;
        tree.mention(self.mentions, from).is_some_and(|m| m.kind == Kind::Person)
            && (from..tree.len()).take_while(|t| !matches!(tree.word(*t), "." | "," | ";")).all(|t| !tree.is_verb(t))
    }

    fn sources_within(&self, from: usize, to: usize) -> Vec<ByteSpan> {
        let tree = self.tree;
        let persons: Vec<ByteSpan> = self
            .mentions
            .iter()
            .filter(|m| m.kind == Kind::Person && from < tree.len() && to > from)
            .filter(|m| tree.span(from).start <= m.span.start && m.span.end <= tree.span(to - 1).end)
            .map(|m| m.span)
            .collect();
        if !persons.is_empty() {
            return persons;
        }
        let head = (from..to).find(|t| (tree.is_noun(*t) || tree.tag(*t) == Tag::Prp) && tree.head(*t).is_none_or(|h| h < from || h >= to));
        let head = head.or_else(|| (from..to).take_while(|t| !matches!(tree.tag(*t), Tag::In)).filter(|t| tree.is_noun(*t)).last());
        let Some(mut head) = head else { return Vec::new() };
        // "according to figures from the ministry": whose figures they are.
        let paper = |head: usize| self.lexicon.cues.documents.contains(tree.lemma(head));
        while !self.can_speak(head) || paper(head) {
            let leads = |c: usize| {
                matches!(tree.label(c), Label::Prep | Label::Agent) && (!paper(head) || ["by", "from", "of"].iter().any(|w| tree.is(c, w)))
            };
            let inner = tree.children(head).iter().filter(|c| leads(**c)).find_map(|c| tree.child(*c, &[Label::Pobj]));
            let owner = tree.child(head, &[Label::Poss]).filter(|p| self.can_speak(*p));
            match inner.or(owner).filter(|i| *i > head || owner.is_some()) {
                Some(next) if next != head && next < to && (!paper(head) || self.can_speak(next)) => head = next,
                _ => break,
            }
            if owner == Some(head) {
                break;
            }
        }
        let all = tree.conjuncts(head);
        all.into_iter().filter(|c| *c < to).map(|c| actor_span(tree, self.mentions, c)).collect()
    }
}
