//! Whose words and figures a stretch of text gives: reporting verbs, "according to", quotes that run on.

mod content;
mod held;
mod lines;
mod phrases;
#[cfg(test)]
mod tests;

pub(super) use lines::lines;

use super::Lexicon;
use super::quotes;
use super::tree::Tree;
use crate::types::{Attribution, ByteSpan, Certainty, Kind, Label, Mention, Tag};

/// What one sentence attributes.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Words and figures that a source gives, outermost last.
    pub spoken: Vec<Attribution>,
    /// What a source thinks of something, wants or asks for, and what papers say: no figure in it is given an author.
    pub held: Vec<Attribution>,
}

/// The attributions of one sentence. `sentence` is the sentence's span.
pub(super) fn attributions(tree: &Tree<'_>, lexicon: &Lexicon, mentions: &[Mention], sentence: ByteSpan) -> Found {
    let finder = Finder { tree, lexicon, mentions, sentence };
    let mut found: Vec<Attribution> = (0..tree.len()).filter_map(|at| finder.by_verb(at)).collect();
    found.extend(finder.by_phrase());
    // Whoever is cited stands inside whoever cites.
    let cites = |a: &Attribution| lexicon.cues.quoting.contains(&lexicon.words.verb(&a.cue.of(tree.text).to_lowercase()));
    found.sort_by_key(|a| (!cites(a), a.content.iter().map(|c| c.len()).sum::<u32>(), a.cue.start));
    finder.same_speaker(&mut found);
    let mut held = finder.held(&found);
    let (papers, spoken) = found.into_iter().partition(|a| a.stance);
    held.extend::<Vec<Attribution>>(papers);
    Found { spoken, held }
}

struct Finder<'t, 'a> {
    tree: &'t Tree<'a>,
    lexicon: &'t Lexicon,
    mentions: &'t [Mention],
    sentence: ByteSpan,
}

impl Finder<'_, '_> {
    /// "The network said it had confirmed 312 arrests": who says so confirmed it, and nobody passed it on.
    fn same_speaker(&self, found: &mut [Attribution]) {
        let tree = self.tree;
        for inner in 0..found.len() {
            let pronoun = tree.last_in(found[inner].source).filter(|at| tree.span(*at) == found[inner].source && tree.tag(*at) == Tag::Prp);
            let verb = tree.last_in(found[inner].cue).filter(|verb| tree.label(*verb) == Label::Ccomp);
            let (Some(pronoun), Some(outer)) = (pronoun, verb.and_then(|verb| tree.head(verb))) else { continue };
            let Some(saying) = found.iter().position(|a| a.cue == tree.span(outer) && !a.stance) else { continue };
            let speaker = tree.last_in(found[saying].source);
            let person = speaker.and_then(|at| tree.mention(self.mentions, at)).is_some_and(|m| m.kind == Kind::Person);
            let is_person = ["he", "she"].iter().any(|word| tree.is(pronoun, word));
            if speaker.is_some_and(|at| tree.is_noun(at)) && person == is_person {
                let Attribution { source, relayed_by, .. } = found[saying].clone();
                (found[inner].source, found[inner].relayed_by) = (source, relayed_by);
            }
        }
    }

    fn by_verb(&self, verb: usize) -> Option<Attribution> {
        let (tree, cues) = (self.tree, &self.lexicon.cues);
        if !tree.is_verb(verb) || !cues.attribution.contains(tree.lemma(verb)) {
            return None;
        }
        let passive = tree.is_passive(verb);
        if cues.quoting.contains(tree.lemma(verb)) {
            return self.quoted(verb, passive);
        }
        let beside = (!passive).then(|| self.named_beside(verb)).flatten();
        let subject = if passive {
            tree.child(tree.child(verb, &[Label::Agent])?, &[Label::Pobj])?
        } else {
            match beside {
                Some((_, token)) => token,
                None => tree.subject(verb).filter(|s| !quotes::closes(tree.word(*s)))?,
            }
        };
        // "put the toll at 12" is a report, "put the fire out" is none.
        if cues.placing.contains(tree.lemma(verb)) && !(verb + 1..tree.len()).any(|t| tree.is(t, "at") || tree.is(t, ":")) {
            return None;
        }
        if beside.is_none() && !self.can_hold(subject) && (cues.clause_only.contains(tree.lemma(verb)) || !tree.is_noun(subject)) {
            return None;
        }
        let content = if passive { self.content_of_passive(verb) } else { self.content(verb, subject)? };
        if content.is_empty() {
            return None;
        }
        // A paper or a share of those asked says something, but nobody resolves to it.
        let stance = beside.is_none() && !self.can_speak(subject);
        let mut source = beside.map_or_else(|| self.sources(subject), |(span, _)| (span, Vec::new()));
        source.1.extend(self.carried_by(verb));
        Some(Attribution {
            span: content.iter().fold(source.0.join(tree.span(verb)), |all, c| all.join(*c)),
            cue: tree.span(verb),
            source: source.0,
            content,
            relayed_by: source.1,
            certainty: self.certainty(verb),
            stance,
        })
    }

    /// Who carried a statement: "said in a statement carried by the state news agency".
    fn carried_by(&self, verb: usize) -> Option<ByteSpan> {
        let tree = self.tree;
        let carried =
            tree.subtree(verb).into_iter().filter(|at| tree.tag(*at) == Tag::Vbn && self.lexicon.cues.carrying.contains(tree.lemma(*at)));
        let of_paper = |at: &usize| {
            tree.head(*at).is_some_and(|noun| self.lexicon.cues.documents.contains(tree.lemma(noun)) && self.says_in(verb, noun))
        };
        let by = carried.into_iter().find(of_paper).and_then(|at| tree.child(at, &[Label::Agent]))?;
        let outlet = tree.child(by, &[Label::Pobj]).filter(|outlet| self.can_speak(*outlet))?;
        Some(actor_span(tree, self.mentions, outlet))
    }

    /// Whether a paper is what somebody says something in: "said in a statement", "in a statement, the ministry said".
    fn says_in(&self, verb: usize, paper: usize) -> bool {
        let tree = self.tree;
        tree.head(paper).is_some_and(|of| tree.label(of) == Label::Prep && tree.head(of) == Some(verb))
    }

    /// A speaker whose place beside the verb leaves no doubt: ", Vadym Filashkin, said", "…,” said a commander of the brigade". Gives its words and
    /// the token that stands for it.
    fn named_beside(&self, verb: usize) -> Option<(ByteSpan, usize)> {
        let tree = self.tree;
        let before = verb.checked_sub(1)?;
        let speaks = |m: &&Mention| matches!(m.kind, Kind::Person | Kind::Organization);
        // Right before it, with or without the comma that closes an apposition.
        let near = if tree.is(before, ",") { before.checked_sub(1)? } else { before };
        let named = tree.mention(self.mentions, near).filter(|m| m.kind == Kind::Person);
        let apposed =
            |m: &&Mention| near == before || tree.first_in(m.span).and_then(|f| f.checked_sub(1)).is_some_and(|c| tree.is(c, ","));
        if let Some(mention) = named.filter(apposed) {
            return Some((mention.span, near));
        }
        if tree.tag(verb) == Tag::Vbg || self.lexicon.cues.hearers.contains(tree.lemma(verb)) {
            return None;
        }
        // Behind it, where a clause or a quote has just closed.
        let closed = tree.is(before, ",") || quotes::closes(tree.word(before));
        let next = next_token(tree, verb)?;
        let opens = matches!(tree.tag(next), Tag::Dt | Tag::Nnp | Tag::Nn | Tag::Nns | Tag::Jj | Tag::PrpPoss) && !tree.is(next, "that");
        if !closed
            || !opens
            || tree.child(verb, &[Label::Ccomp]).is_some_and(|c| c > verb)
            || tree.subject(verb).is_some_and(|s| s > before.saturating_sub(1) && s < verb && !quotes::closes(tree.word(s)))
        {
            return None;
        }
        let end = (next..(next + 8).min(tree.len()))
            .find(|t| matches!(tree.word(*t), "," | "." | ";" | "of") || tree.is_verb(*t) || tree.tag(*t) == Tag::In);
        let end = end.unwrap_or_else(|| (next + 8).min(tree.len()));
        if let Some(mention) = (next..end).filter_map(|t| tree.mention(self.mentions, t)).rfind(speaks) {
            return Some((mention.span, tree.last_in(mention.span)?));
        }
        let head = (next..end).rfind(|t| tree.is_noun(*t)).filter(|h| self.can_speak(*h))?;
        Some((tree.span(next).join(tree.span(head)), head))
    }

    /// "the lawmakers quoted the NIS as saying": the object is the source, the subject passed it on.
    fn quoted(&self, verb: usize, passive: bool) -> Option<Attribution> {
        let tree = self.tree;
        let as_saying = tree.children(verb).iter().copied().find(|c| tree.is(*c, "as"));
        let (source, relayed) = if passive {
            as_saying?;
            let by = tree.child(verb, &[Label::Agent]).and_then(|by| tree.child(by, &[Label::Pobj]));
            (tree.subject(verb)?, by)
        } else {
            (tree.child(verb, &[Label::Dobj])?, tree.subject(verb))
        };
        if !self.can_speak(source) || as_saying.is_none() && tree.label(verb) != Label::Advcl && tree.tag(verb) != Tag::Vbg {
            return None;
        }
        let spans = self.sources(source);
        let mut relayed_by = spans.1;
        if let Some(relayed) = relayed.filter(|r| *r != source && self.can_speak(*r)) {
            let outer = self.sources(relayed);
            relayed_by.push(outer.0);
            relayed_by.extend(outer.1);
        }
        Some(Attribution {
            span: self.sentence,
            cue: tree.span(verb),
            source: spans.0,
            content: vec![self.content_of_quoted(verb, source, as_saying)],
            relayed_by,
            certainty: None,
            stance: false,
        })
    }

    fn certainty(&self, verb: usize) -> Option<Certainty> {
        let tree = self.tree;
        let negated = tree.child(verb, &[Label::Neg]).is_some();
        let level = self.lexicon.cues.level(tree.lemma(verb));
        match level {
            Some(Certainty::Denied) if negated => None,
            Some(Certainty::Planned) if self.lexicon.cues.promising.contains(tree.lemma(verb)) => Some(Certainty::Planned),
            Some(Certainty::Planned) => None,
            other => other,
        }
    }

    /// Whether a noun phrase can be a source: a name, a pronoun, or a noun for people, offices or their papers.
    fn can_speak(&self, head: usize) -> bool {
        let tree = self.tree;
        let mention = tree.mention(self.mentions, head);
        if mention.is_some_and(|m| matches!(m.kind, Kind::Time | Kind::Equipment | Kind::Event)) {
            return false;
        }
        mention.is_some()
            || matches!(tree.tag(head), Tag::Prp) && ["it", "he", "she", "they"].iter().any(|w| tree.is(head, w))
            || tree.is_noun(head) && (self.lexicon.words.is("actor", tree.lemma(head)) || self.lexicon.words.is("person", tree.lemma(head)))
            || tree.tag(head) == Tag::Nnp
            || tree.is_aged(head)
    }

    /// The words of the first source, and of those joined to it.
    fn sources(&self, head: usize) -> (ByteSpan, Vec<ByteSpan>) {
        let mut spans =
            self.tree.conjuncts(head).into_iter().filter(|c| self.can_speak(*c)).map(|c| actor_span(self.tree, self.mentions, c));
        let first = spans.next().unwrap_or_else(|| actor_span(self.tree, self.mentions, head));
        (first, spans.collect())
    }
}

fn next_token(tree: &Tree<'_>, at: usize) -> Option<usize> {
    (at + 1 < tree.len()).then_some(at + 1)
}

/// The words that stand for an actor: its mention where it is named, a person's name beside a title, else the noun phrase.
pub(super) fn actor_span(tree: &Tree<'_>, mentions: &[Mention], head: usize) -> ByteSpan {
    let actor = |m: &&Mention| matches!(m.kind, Kind::Person | Kind::Organization | Kind::MilitaryUnit | Kind::Place | Kind::Nationality);
    if let Some(mention) = tree.mention(mentions, head).filter(actor) {
        return mention.span;
    }
    let phrase = tree.phrase(head);
    let beside = tree
        .children(head)
        .iter()
        .filter(|c| matches!(tree.label(**c), Label::Appos))
        .find_map(|c| tree.mention(mentions, *c).filter(|m| m.kind == Kind::Person));
    beside.map_or(phrase, |m| m.span)
}
