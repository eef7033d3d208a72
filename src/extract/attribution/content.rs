//! What a verb of saying covers: its clause, or the quote beside it.

use super::super::quotes;
use super::{Finder, next_token};
use crate::types::{ByteSpan, Certainty, Label, Tag};

impl Finder<'_, '_> {
    /// What a reporting verb's clause covers.
    pub(super) fn content(&self, verb: usize, subject: usize) -> Option<Vec<ByteSpan>> {
        let tree = self.tree;
        let start_of_source = tree.subtree(subject).first().copied().unwrap_or(subject).min(verb);
        if let Some(content) = self.beside_aside(verb, start_of_source) {
            return Some(content);
        }
        let clauses: Vec<usize> =
            tree.children(verb).iter().copied().filter(|c| matches!(tree.label(*c), Label::Ccomp | Label::Parataxis)).collect();
        // "…; the ministry said" begins anew.
        let anew = start_of_source.checked_sub(1).is_some_and(|before| tree.is(before, ";"));
        let before = !anew && (clauses.iter().any(|c| *c < start_of_source) || self.closes_sentence(verb, subject));
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
            let start = tree.span(verb).end;
            let end = self.end_of_own(verb);
            if start < end {
                content.push(ByteSpan { start, end });
            }
        } else if self.lexicon.cues.objects.contains(tree.lemma(verb)) {
            // "The ministry reported 12 deaths": the verb's own object is the report.
            let object = tree.child(verb, &[Label::Dobj, Label::Xcomp]).filter(|o| *o > verb)?;
            let end = tree.extent(verb).end.max(tree.extent(object).end).min(self.end_of_own(verb));
            content.push(ByteSpan { start: tree.span(verb).end, end });
        }
        content.retain(|c| c.of(tree.text).contains(char::is_alphanumeric));
        (!content.is_empty()).then_some(content)
    }

    /// Where the words of a verb without a clause of its own end: before another verb of saying that is joined to it ("denied this and said …"), and,
    /// of what is denied or refused, before a clause that tells of it ("rejected calls to drop the budget, which cuts pensions by 9 percent"), but not
    /// one that gives what is denied ("denied the report, which put the toll at 40").
    fn end_of_own(&self, verb: usize) -> u32 {
        let tree = self.tree;
        let cues = &self.lexicon.cues;
        let says = |c: &usize| *c > verb && tree.label(*c) == Label::Conj && tree.is_verb(*c) && cues.attribution.contains(tree.lemma(*c));
        let joined = tree.children(verb).iter().copied().find(says).map(|c| tree.span(c).start);
        let denies = cues.level(tree.lemma(verb)) == Some(Certainty::Denied);
        let tells = |t: &usize| {
            let opens = tree.is(*t, ",") && *t + 1 < tree.len() && matches!(tree.tag(*t + 1), Tag::Wdt | Tag::Wp | Tag::WpPoss | Tag::Wrb);
            let told = (*t + 1..tree.len()).find(|at| tree.is_verb(*at)).is_some_and(|at| cues.attribution.contains(tree.lemma(at)));
            let noun = tree.lemma(t.saturating_sub(1));
            opens && !told && !cues.documents.contains(noun) && !cues.figure_nouns.contains(noun) && !cues.held_nouns.contains(noun)
        };
        let aside = (verb + 1..tree.len()).find(|t| denies && tells(t)).map(|t| tree.span(t).start);
        joined.into_iter().chain(aside).fold(self.sentence.end, u32::min)
    }

    /// "12 deaths were reported by the ministry": all but cue and source.
    pub(super) fn content_of_passive(&self, verb: usize) -> Vec<ByteSpan> {
        let tree = self.tree;
        let mut whole = tree.extent(verb);
        if let Some(head) = tree.head(verb).filter(|h| tree.label(verb) == Label::Acl && *h < verb) {
            whole.start = tree.phrase(head).start;
        }
        let agent = tree.child(verb, &[Label::Agent]);
        let source_end = agent.and_then(|a| tree.subtree(a).last().copied()).unwrap_or(verb);
        let said = tree.child(verb, &[Label::Nsubjpass]).map_or(tree.span(verb).start, |s| tree.extent(s).end.min(tree.span(verb).start));
        let before = ByteSpan { start: whole.start, end: said.max(whole.start) };
        let after = ByteSpan { start: tree.span(source_end).end, end: whole.end.max(tree.span(source_end).end) };
        let worded = |c: &ByteSpan| c.of(tree.text).contains(char::is_alphanumeric);
        if self.lexicon.cues.hearers.contains(tree.lemma(verb)) {
            // "He was told by Ada Moll of 12 dead": he only heard it.
            let named = agent.and_then(|a| tree.child(a, &[Label::Pobj])).filter(|p| tree.mention(self.mentions, *p).is_some());
            let start = named.map_or(after.start, |p| tree.span(p).end);
            let rest = ByteSpan { start, end: self.sentence.end };
            return std::iter::once(rest).filter(worded).collect();
        }
        let pieces: Vec<ByteSpan> = [before, after].into_iter().filter(worded).collect();
        if pieces.is_empty() { vec![tree.extent(verb)] } else { pieces }
    }

    /// "…, the lawmakers quoted the NIS as saying": what stands before, or behind "saying".
    pub(super) fn content_of_quoted(&self, verb: usize, source: usize, as_saying: Option<usize>) -> ByteSpan {
        let tree = self.tree;
        let first = tree.subject(verb).filter(|s| *s < verb).map_or(verb, |s| tree.subtree(s).first().copied().unwrap_or(s).min(verb));
        let closed = first > 1 && (tree.is(first - 1, ",") || quotes::closes(tree.word(first - 1)));
        if closed {
            return ByteSpan { start: self.sentence.start, end: tree.span(first).start };
        }
        let behind = as_saying
            .filter(|a| *a > source && a + 2 < tree.len())
            .map(|a| ByteSpan { start: tree.span(a + 1).end, end: self.sentence.end });
        behind.filter(|c| c.of(tree.text).contains(char::is_alphanumeric)).unwrap_or(self.sentence)
    }

    /// "Twelve died, as two survivors claimed.": all beside the clause.
    fn beside_aside(&self, verb: usize, start: usize) -> Option<Vec<ByteSpan>> {
        let tree = self.tree;
        let opener = start.checked_sub(1).filter(|at| tree.is(*at, "as"))?;
        if tree.child(verb, &[Label::Ccomp, Label::Dobj]).is_some_and(|c| c > verb) {
            return None;
        }
        let end =
            (verb + 1..tree.len()).find(|t| matches!(tree.word(*t), "," | "." | ";" | "—")).map_or(self.sentence.end, |t| tree.span(t).end);
        let before = ByteSpan { start: self.sentence.start, end: tree.span(opener).start };
        let after = ByteSpan { start: end, end: self.sentence.end };
        let pieces: Vec<ByteSpan> =
            [before, after].into_iter().filter(|c| !c.is_empty() && c.of(tree.text).contains(char::is_alphanumeric)).collect();
        (!pieces.is_empty()).then_some(pieces)
    }

    /// "…, the ministry said." with nothing but objects and times behind the verb.
    fn closes_sentence(&self, verb: usize, subject: usize) -> bool {
        let tree = self.tree;
        let start = tree.subtree(subject).first().copied().unwrap_or(subject).min(verb);
        let comma = start > 0
            && (tree.is(start - 1, ",")
                || quotes::closes(tree.word(start - 1))
                || matches!(tree.word(start - 1), "—" | "–" | "-" | "?" | "!"));
        let said_before = (0..start).any(|t| tree.is_verb(t)) && next_token(tree, verb).is_none_or(|next| !tree.is(next, "that"));
        comma
            && said_before
            && tree.child(verb, &[Label::Ccomp]).is_none_or(|c| c < verb)
            && !matches!(tree.label(verb), Label::Relcl | Label::Acl)
    }

    fn quote_after(&self, verb: usize) -> Option<ByteSpan> {
        let tree = self.tree;
        let speaks_again = |t: &usize| tree.is_verb(*t) && self.lexicon.cues.attribution.contains(tree.lemma(*t));
        let open = (verb + 1..tree.len()).take_while(|t| !speaks_again(t)).find(|t| quotes::opens(tree.word(*t)))?;
        Some(ByteSpan { start: tree.span(open).start, end: self.sentence.end })
    }
}
