//! What a verb of saying covers: its clause, or the quote beside it.

use super::super::quotes;
use super::{Finder, next_token};
use crate::types::{ByteSpan, Label};

impl Finder<'_, '_> {
    /// What a reporting verb's clause covers.
    pub(super) fn content(&self, verb: usize, subject: usize) -> Option<Vec<ByteSpan>> {
        let tree = self.tree;
        let start_of_source = tree.subtree(subject).first().copied().unwrap_or(subject).min(verb);
        let clauses: Vec<usize> =
            tree.children(verb).iter().copied().filter(|c| matches!(tree.label(*c), Label::Ccomp | Label::Parataxis)).collect();
        let before = clauses.iter().any(|c| *c < start_of_source) || self.closes_sentence(verb, subject);
        let after: Option<usize> = clauses.iter().copied().filter(|c| *c > verb).min();
        let quote_after = self.quote_after(verb);
        let mut content = Vec::new();
        if before && start_of_source > 0 {
            content.push(ByteSpan { start: self.sentence.start, end: tree.span(start_of_source).start });
            // "…, it said, adding that" goes on under a cue of its own.
            if let Some(quote) = quote_after {
                content.push(quote);
            }
        } else if let Some(clause) = after {
            let extent = tree.extent(clause);
            content.push(ByteSpan { start: extent.start.max(tree.span(verb).end), end: extent.end.max(tree.span(verb).end) });
        } else if let Some(quote) = quote_after {
            content.push(quote);
        } else if !self.lexicon.cues.clause_only.contains(tree.lemma(verb)) || tree.is(next_token(tree, verb)?, "that") {
            let end = tree.span(verb).end;
            if end < self.sentence.end {
                content.push(ByteSpan { start: end, end: self.sentence.end });
            }
        } else if self.lexicon.cues.objects.contains(tree.lemma(verb)) {
            // "The ministry reported 12 deaths": the verb's own object is the report.
            let object = tree.child(verb, &[Label::Dobj, Label::Xcomp]).filter(|o| *o > verb)?;
            content.push(ByteSpan { start: tree.span(verb).end, end: tree.extent(verb).end.max(tree.extent(object).end) });
        }
        content.retain(|c| c.of(tree.text).contains(char::is_alphanumeric));
        (!content.is_empty()).then_some(content)
    }

    /// "…, the ministry said." with nothing but objects and times behind the verb.
    fn closes_sentence(&self, verb: usize, subject: usize) -> bool {
        let tree = self.tree;
        let start = tree.subtree(subject).first().copied().unwrap_or(subject).min(verb);
        let comma = start > 0
            && (tree.is(start - 1, ",") || quotes::closes(tree.word(start - 1)) || matches!(tree.word(start - 1), "—" | "–" | "-" | "?" | "!"));
        let said_before = (0..start).any(|t| tree.is_verb(t)) && next_token(tree, verb).is_none_or(|next| !tree.is(next, "that"));
        comma
            && said_before
            && tree.child(verb, &[Label::Ccomp]).is_none_or(|c| c < verb)
            && !matches!(tree.label(verb), Label::Relcl | Label::Acl)
    }

    fn quote_after(&self, verb: usize) -> Option<ByteSpan> {
        let tree = self.tree;
        let open = (verb + 1..tree.len()).find(|t| quotes::opens(tree.word(*t)))?;
        Some(ByteSpan { start: tree.span(open).start, end: self.sentence.end })
    }
}
