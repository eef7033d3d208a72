//! Figures that are a part of another's whole: "39 were hurt, eight of them badly", "30 killed, including 12 soldiers", "among the dead were two monks".
//!
//! A part is no toll of its own: it neither updates the whole nor contradicts it. Parts are told by the words round the number and by what the claims
//! beside them say; a number of people out of others to whom nothing has happened yet ("eight of the passengers drowned") is none.

use super::Lexicon;
use super::tree::Tree;
use crate::types::{Amount, ByteSpan, Claim, Slot, Support, Tag};

/// Sentences back in which what "them" stands for was counted.
const BACK: usize = 2;
/// Tokens between "including" and the number, and of the phrase behind "among".
const NEAR: usize = 4;

/// Gives the claims from `first` on, which are of one sentence, the words of the whole that their counted are a part of.
pub(super) fn find(tree: &Tree<'_>, lexicon: &Lexicon, claims: &mut [Claim], first: usize) {
    for at in first..claims.len() {
        let (earlier, own) = claims.split_at_mut(at);
        let finder = Finder { tree, lexicon, earlier, own: &own[0] };
        let found = finder.whole();
        let base = found.and_then(|_| finder.counted_before(BACK)).cloned();
        own[0].whole = found;
        if let Some(base) = base {
            happened_with(&mut own[0], &base);
        }
    }
}

/// A part happened where and when the whole did, where nothing else is said of it.
fn happened_with(part: &mut Claim, whole: &Claim) {
    let reason = "as of the whole that it is a part of";
    if let Some(place) =
        whole.roles.iter().find(|role| role.slot == Slot::Place).filter(|_| !part.roles.iter().any(|r| r.slot == Slot::Place))
    {
        part.roles.push(place.clone());
        part.support.push(Support { slot: Slot::Place, span: place.span, reason: reason.into() });
    }
    if let (None, None, Some(when), Some(words)) = (part.when, part.time, whole.when, whole.time) {
        part.when = Some(when);
        part.time = Some(words);
        part.support.push(Support { slot: Slot::Time, span: words, reason: reason.into() });
    }
}

struct Finder<'a> {
    tree: &'a Tree<'a>,
    lexicon: &'a Lexicon,
    earlier: &'a [Claim],
    own: &'a Claim,
}

impl Finder<'_> {
    fn whole(&self) -> Option<ByteSpan> {
        let quantity = &self.own.figure.as_ref()?.quantity;
        if matches!(quantity.amount, Amount::Value(value) if value.is_zero()) {
            return None;
        }
        let (first, last) = (self.tree.first_in(quantity.span)?, self.tree.last_in(quantity.span)?);
        let whole = self.out_of(last + 1).or_else(|| self.opened(first)).or_else(|| self.included(first));
        whole.or_else(|| self.among(first)).or_else(|| self.graver(last + 1))
    }

    /// "eight of them", "12 of the 39 injured", "five of those killed".
    fn out_of(&self, of: usize) -> Option<ByteSpan> {
        if of >= self.tree.len() || !self.tree.is(of, "of") {
            return None;
        }
        self.stricken(of + 1).map(|(_, words)| words)
    }

    /// "of the dead, 52 were children", "9,200 houses, of which 3,150 were destroyed".
    fn opened(&self, first: usize) -> Option<ByteSpan> {
        let tree = self.tree;
        let opens = |of: &usize| tree.is(*of, "of") && (*of == 0 || matches!(tree.tag(of - 1), Tag::Punct | Tag::Cc));
        let of = (first.saturating_sub(2 * NEAR)..first).rev().find(opens)?;
        let (end, words) = self.stricken(of + 1)?;
        let stands_before = end < first && (end + 1..first).all(|t| tree.tag(t) == Tag::Punct);
        stands_before.then_some(words)
    }

    /// "Sixteen people were hurt, three seriously".
    fn graver(&self, after: usize) -> Option<ByteSpan> {
        let tree = self.tree;
        let graver = after < tree.len() && tree.is_one_of(after, &self.lexicon.cues.grave) && after + 1 == self.clause_end(after);
        self.figure_before().filter(|_| graver)
    }

    /// The first token from `at` on that ends a clause.
    fn clause_end(&self, at: usize) -> usize {
        (at..self.tree.len()).find(|t| matches!(self.tree.tag(*t), Tag::Punct | Tag::Cc)).unwrap_or(self.tree.len())
    }

    /// The words of the number before, with what it counts.
    fn figure_before(&self) -> Option<ByteSpan> {
        let figure = self.counted_before(0)?.figure.as_ref()?;
        let words = figure.counted.as_ref().map(|counted| counted.span).filter(|span| span.start >= figure.quantity.span.start);
        Some(words.map_or(figure.quantity.span, |words| figure.quantity.span.join(words)))
    }

    /// "30 people, including 12 soldiers"; "the dead included 12 soldiers".
    fn included(&self, first: usize) -> Option<ByteSpan> {
        let tree = self.tree;
        let word = (first.saturating_sub(NEAR)..first).rev().find(|t| self.lexicon.cues.including.contains(tree.lemma(*t)))?;
        if (word + 1..first).any(|t| tree.is_verb(t) || matches!(tree.tag(t), Tag::Punct)) {
            return None;
        }
        if let Some(subject) = tree.subject(word).filter(|subject| *subject < word) {
            return self.says(subject).then(|| tree.phrase(subject));
        }
        self.figure_before()
    }

    /// "among the dead were two monks", "six of the crew were among the missing", "eight drowned, among them two children".
    fn among(&self, first: usize) -> Option<ByteSpan> {
        let tree = self.tree;
        let among = (0..tree.len())
            .filter(|t| tree.is_one_of(*t, &self.lexicon.cues.among) && t + 1 < tree.len())
            .min_by_key(|t| t.abs_diff(first))?;
        // "Them" behind the number are others.
        let told = among < first || !tree.is_one_of(among + 1, &self.lexicon.cues.whole);
        self.stricken(among + 1).filter(|_| told).map(|(_, words)| words)
    }

    /// The definite phrase from `start` on and its last token, if it names those to whom the same happened: by its own words, or as a pronoun for those
    /// who were counted before.
    fn stricken(&self, start: usize) -> Option<(usize, ByteSpan)> {
        let tree = self.tree;
        if start >= tree.len() {
            return None;
        }
        let end = self.phrase_end(start);
        let pronoun = tree.is_one_of(start, &self.lexicon.cues.whole);
        let definite = pronoun || matches!(tree.tag(start), Tag::Dt | Tag::PrpPoss) || (start..=end).any(|t| tree.tag(t) == Tag::Pos);
        let said = (start..=end).any(|t| self.says(t)) || pronoun && end == start && self.counted_before(BACK).is_some();
        (definite && said).then(|| (end, tree.span(start).join(tree.span(end))))
    }

    /// The nearest claim before that says the same happened and is no part itself, of the same sentence or so many back.
    fn counted_before(&self, back: usize) -> Option<&Claim> {
        let mut near = self.earlier.iter().rev().take_while(|claim| claim.sentence + back >= self.own.sentence);
        near.find(|claim| claim.figure.is_some() && claim.event == self.own.event && claim.whole.is_none())
    }

    /// The last token of the phrase that starts with a determiner or pronoun: the word that says what happened, else its noun.
    fn phrase_end(&self, start: usize) -> usize {
        let tree = self.tree;
        let pronoun = tree.is_one_of(start, &self.lexicon.cues.whole);
        // "those killed", but "them" and "whom" alone.
        let open = !pronoun || tree.tag(start) == Tag::Dt;
        let belongs =
            |t: &usize| open && self.says(*t) || !pronoun && (tree.is_noun(*t) || matches!(tree.tag(*t), Tag::Cd | Tag::Jj | Tag::Pos));
        let phrase: Vec<usize> = (start + 1..(start + 1 + NEAR).min(tree.len())).take_while(belongs).collect();
        let said = phrase.iter().copied().find(|t| self.says(*t) && !phrase.iter().any(|after| after > t && tree.is_noun(*after)));
        said.or(phrase.last().copied()).unwrap_or(start)
    }

    /// Whether a word says what the claim says happened: "the wounded", "those killed", "the casualties".
    fn says(&self, at: usize) -> bool {
        let events = &self.lexicon.events;
        let (word, lemma) = (self.tree.word(at).to_lowercase(), self.tree.lemma(at));
        let verb = (self.tree.tag(at) == Tag::Vbn).then(|| events.senses(lemma)).into_iter().flatten().map(|sense| sense.frame);
        let mut frames = events.adjective(&word).into_iter().chain(events.noun(lemma)).chain(verb);
        frames.any(|frame| events.frame(frame).event == self.own.event)
    }
}
