//! References: all that one article calls one thing, with the reason why.

use super::antecedents::Antecedents;
use super::chains::Chains;
use super::described::needs_name;
use super::nominals::{Kinds, Nominals};
use super::phrases::{Given, Phrase};
use super::sieve::Sieve;
use crate::extract::{Lexicon, Tree, Words};
use crate::limits;
use crate::syntax::Parser;
use crate::types::{
    ByteSpan, Certainty, Claim, Document, Extraction, Gazetteer, Kind, Label, Mention, Reference, Slot, Split, is_between, is_standing,
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::fmt::Write;

/// Tokens of the longest sentence that is read for descriptions: a longer one is a list or a fault.
const LONGEST: usize = 400;
/// Words that open a description and are no part of it.
pub(super) const DETERMINERS: &[&str] =
    &["the", "a", "an", "this", "that", "these", "those", "its", "his", "her", "their", "our", "some", "another", "one"];

/// What an article calls one thing.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    /// What has a name or fills a claim's slot.
    pub references: Vec<Reference>,
    /// What is only described, more than once, and no claim needs.
    pub described: Vec<Reference>,
}

/// What the resolver reads beside the article.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The gazetteer.
    pub gazetteer: &'a dyn Gazetteer,
    /// Descriptions.
    pub nominals: &'a Nominals,
    /// Lemmas, noun classes and cue words.
    pub lexicon: &'a Lexicon,
    /// The learned reader of descriptions; without it they are led back by rules alone.
    pub antecedents: Option<&'a Antecedents>,
}

/// Groups an article's mentions and descriptions, and the pronouns in its claims' slots, into references.
#[must_use]
pub fn references(document: &Document, split: &Split, mentions: &[Mention], extraction: &Extraction, sources: Sources<'_>) -> Resolved {
    let mut resolver = Resolver::new(document, split, mentions, sources);
    let mut acting = acting_spans(extraction);
    acting.extend(resolver.acting_by_syntax(extraction));
    resolver.named(&acting);
    let mut chains = resolver.chains(extraction);
    resolver.described(extraction, &mut chains);
    resolver.add_descriptions(&chains);
    let described = resolver.unnamed(&chains);
    Resolved { references: in_order(resolver.references), described: in_order(described) }
}

/// What a relation that holds on says: event, certainty and the references of its sides.
type Told = (String, Certainty, Vec<(Slot, Option<usize>)>);

/// Takes out the places and actors of claims that no reference leads to ("schools", "gunmen"), relays that are the author, places behind the first, and
/// relations that have lost a side by it, stand between one and itself ("its troops"), or hold on and were told before.
pub fn without_nobody(claims: &mut Vec<Claim>, references: &[Reference]) {
    let led: FxHashSet<ByteSpan> = references.iter().flat_map(|r| r.mentions.iter().copied()).collect();
    let stays = |slot: Slot, span: ByteSpan| !needs_name(slot) || led.contains(&span);
    // Nobody passes on what they say themselves.
    let of = |span: ByteSpan| references.iter().position(|r| r.mentions.contains(&span));
    // A relation without the one who acts, or with one side, joins nothing.
    let sides = |claim: &Claim| claim.roles.iter().filter(|r| needs_name(r.slot) || r.slot == Slot::Equipment).count();
    let acts = |claim: &Claim| claim.roles.iter().any(|r| r.slot == Slot::Agent);
    let mut told: FxHashSet<Told> = FxHashSet::default();
    claims.retain_mut(|claim| {
        let acted = acts(claim);
        claim.roles.retain(|role| stays(role.slot, role.span));
        claim.support.retain(|support| stays(support.slot, support.span));
        if claim.figure.is_none() {
            let doers: Vec<usize> = claim.roles.iter().filter(|r| r.slot == Slot::Agent).filter_map(|r| of(r.span)).collect();
            let itself = |slot: Slot, span: ByteSpan| slot == Slot::Recipient && of(span).is_some_and(|at| doers.contains(&at));
            claim.roles.retain(|role| !itself(role.slot, role.span));
            claim.support.retain(|support| !itself(support.slot, support.span));
            let sides = claim.roles.iter().filter(|r| needs_name(r.slot)).map(|r| (r.slot, of(r.span))).collect();
            if is_standing(claim.kind()) && !told.insert((claim.event.clone(), claim.certainty, sides)) {
                return false;
            }
        }
        if claim.roles.iter().any(|role| role.slot == Slot::RelayedBy)
            && let Some(author) = claim.roles.iter().find(|role| role.slot == Slot::Author).and_then(|role| of(role.span))
        {
            let own = |slot: Slot, span: ByteSpan| slot == Slot::RelayedBy && of(span) == Some(author);
            claim.roles.retain(|role| !own(role.slot, role.span));
            claim.support.retain(|support| !own(support.slot, support.span));
        }
        for slot in [Slot::Place, Slot::Origin] {
            let first = claim.roles.iter().find(|role| role.slot == slot).map(|role| role.span);
            claim.roles.retain(|role| role.slot != slot || Some(role.span) == first);
            claim.support.retain(|support| support.slot != slot || Some(support.span) == first);
        }
        let met = claim.roles.iter().any(|r| r.slot == Slot::Recipient);
        claim.figure.is_some() || sides(claim) > 1 && acts(claim) == acted && (met || !is_between(claim.kind()))
    });
}

/// The chains of mentions that are given with their kinds, as indices: for measuring coreference by itself. What stands in no chain is alone.
#[must_use]
pub fn chains_of(document: &Document, split: &Split, found: &[Mention], given: &[Given], sources: Sources<'_>) -> Vec<Vec<usize>> {
    let parser = Parser::embedded();
    let mut names: Vec<Mention> = Vec::new();
    let mut phrases: Vec<(usize, Phrase, Option<usize>)> = Vec::new();
    let mut trees: Vec<(usize, Tree<'_>)> = Vec::new();
    let resolver = Resolver::new(document, split, found, sources);
    for (index, sentence) in split.sentences.iter().enumerate() {
        let here = || given.iter().enumerate().filter(|(_, g)| sentence.span.start <= g.span.start && g.span.start < sentence.span.end);
        if sentence.tokens.is_empty() || here().next().is_none() {
            continue;
        }
        let tokens = &split.tokens[sentence.tokens.clone()];
        let tree = Tree::new(&document.text, tokens, parser.parse(&document.text, split, sentence), &sources.lexicon.words);
        for (at, given) in here() {
            let Some(top) = resolver.named_at_the_end(&tree, *given).or_else(|| Resolver::top(&tree, given.span)) else { continue };
            let mut phrase = resolver.phrase(&tree, index, top, given.span, Kinds::of(given.kind));
            phrase.group |= resolver.is_several(*given);
            let name = if phrase.group { None } else { resolver.name_in(&tree, top, given.span, given.kind) };
            let name = name.map(|(span, key)| {
                phrase.titles = resolver.titles(&tree, given.span, span);
                phrase.plural &= given.kind != Kind::Person;
                names.push(Mention {
                    span,
                    kind: given.kind,
                    score: 1.0,
                    evidence: crate::types::Evidence::of(crate::types::Via::Ruled),
                    key,
                    time: None,
                });
                names.len() - 1
            });
            phrases.push((at, phrase, name));
        }
        trees.push((index, tree));
    }
    // In the order of the text, as a recogniser gives them.
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|at| names[*at].span);
    let sorted: Vec<Mention> = order.iter().map(|at| names[*at].clone()).collect();
    let mut resolver = Resolver::new(document, split, &sorted, sources);
    resolver.named(&FxHashSet::default());
    for (_, phrase, name) in &mut phrases {
        phrase.reference = name.and_then(|name| order.iter().position(|at| *at == name)).map(|place| resolver.of_mention[place]);
    }
    let index_of: FxHashMap<ByteSpan, usize> = phrases.iter().map(|(at, phrase, _)| (phrase.span, *at)).collect();
    let chains = resolver.sieve(phrases.into_iter().map(|(_, phrase, _)| phrase).collect(), &trees, |_| true);
    let all = (0..chains.phrases.len()).filter(|at| chains.of(*at) == *at);
    all.map(|chain| chains.members(chain).iter().map(|at| index_of[&chains.phrases[*at].span]).collect()).collect()
}

fn in_order(mut references: Vec<Reference>) -> Vec<Reference> {
    for reference in &mut references {
        reference.mentions.sort_unstable();
        reference.mentions.dedup();
        reference.names.sort_by_key(|name| std::cmp::Reverse(name.chars().count()));
    }
    references.retain(|r| !r.mentions.is_empty());
    references.sort_by_key(|r| r.mentions[0]);
    references
}

/// The spans that fill a slot of somebody who acts. What lies in or belongs to another does nothing by that.
fn acting_spans(extraction: &Extraction) -> FxHashSet<ByteSpan> {
    let roles = extraction.claims.iter().filter(|c| !matches!(c.event.as_str(), "LocatedIn" | "PartOf")).flat_map(|c| &c.roles);
    let acting = roles.filter(|r| !matches!(r.slot, Slot::Place | Slot::Origin | Slot::Equipment)).map(|r| r.span);
    acting.chain(extraction.attributions.iter().filter(|a| !a.stance).map(|a| a.source)).collect()
}

/// An article's references while they are made.
pub(super) struct Resolver<'a> {
    pub(super) document: &'a Document,
    pub(super) split: &'a Split,
    pub(super) mentions: &'a [Mention],
    pub(super) gazetteer: &'a dyn Gazetteer,
    pub(super) nominals: &'a Nominals,
    pub(super) words: &'a Words,
    antecedents: Option<&'a Antecedents>,
    pub(super) references: Vec<Reference>,
    /// Each mention's reference, by its index.
    pub(super) of_mention: Vec<usize>,
    pub(super) by_key: FxHashMap<String, usize>,
    /// For each person's reference, the sentence that named it in full last.
    pub(super) sentence_of_person: FxHashMap<usize, usize>,
}

impl<'a> Resolver<'a> {
    fn new(document: &'a Document, split: &'a Split, mentions: &'a [Mention], sources: Sources<'a>) -> Resolver<'a> {
        let Sources { gazetteer, nominals, lexicon, antecedents } = sources;
        Resolver {
            document,
            split,
            mentions,
            gazetteer,
            nominals,
            words: &lexicon.words,
            antecedents,
            references: Vec::new(),
            of_mention: Vec::new(),
            by_key: FxHashMap::default(),
            sentence_of_person: FxHashMap::default(),
        }
    }

    /// Places that act or are dealt with by the syntax of their sentence; of these `named` takes capitals for their governments.
    fn acting_by_syntax(&self, extraction: &Extraction) -> Vec<ByteSpan> {
        let wordings = self.nominals.wordings();
        let place = |m: &&Mention| m.kind == Kind::Place && m.key.as_deref().is_some_and(|key| key.starts_with("place/"));
        let acts = |m: &&Mention| {
            let sentence = self.sentence(m.span);
            let (Some(Some(syntax)), Some(within)) = (extraction.syntax.get(sentence), self.split.sentences.get(sentence)) else {
                return false;
            };
            let tokens = &self.split.tokens[within.tokens.clone()];
            let Some(at) = tokens.partition_point(|t| t.span.start < m.span.end).checked_sub(1) else { return false };
            let Some((node, head)) = syntax.nodes.get(at).and_then(|node| Some((node, usize::from(node.head?)))) else { return false };
            let word = tokens[head].span.of(&self.document.text).to_lowercase();
            match node.label {
                Label::Nsubj => wordings.acting.contains(&self.words.verb(&word)),
                Label::Pobj => wordings.dealing.contains(&word),
                _ => false,
            }
        };
        self.mentions.iter().filter(place).filter(acts).map(|m| m.span).collect()
    }

    pub(super) fn sentence(&self, span: ByteSpan) -> usize {
        self.split.sentences.partition_point(|s| s.span.end <= span.start)
    }

    pub(super) fn new_reference(&mut self, kind: Kind, key: Option<String>, reason: String) -> usize {
        self.references.push(Reference {
            kind,
            names: Vec::new(),
            nominals: Vec::new(),
            mentions: Vec::new(),
            key,
            reason,
            job_title: None,
        });
        self.references.len() - 1
    }

    pub(super) fn add(&mut self, at: usize, span: ByteSpan, name: Option<&str>) {
        let reference = &mut self.references[at];
        reference.mentions.push(span);
        if let Some(name) = name.map(fold_space).filter(|n| !reference.names.contains(n)) {
            reference.names.push(name);
        }
    }

    pub(super) fn note(&mut self, at: usize, words: &str) {
        let words = fold_space(words);
        if !self.references[at].nominals.iter().any(|known| known.eq_ignore_ascii_case(&words)) {
            self.references[at].nominals.push(words);
        }
    }

    /// The chains of the article's own names and descriptions.
    fn chains(&self, extraction: &Extraction) -> Chains {
        let roles = extraction.claims.iter().flat_map(|c| c.roles.iter().filter(|r| r.slot != Slot::Equipment).map(|r| r.span));
        let mut slots: Vec<ByteSpan> = roles.collect();
        slots.sort_unstable();
        slots.dedup();
        let mut phrases = Vec::new();
        let parser = Parser::embedded();
        let mut trees: Vec<(usize, Tree<'_>)> = Vec::new();
        let mut next = 0;
        for (index, sentence) in self.split.sentences.iter().enumerate() {
            limits::check();
            let first = next;
            while next < self.mentions.len() && self.mentions[next].span.start < sentence.span.end {
                next += 1;
            }
            if sentence.dateline
                || self.document.is_heading(sentence.paragraph)
                || sentence.tokens.is_empty()
                || sentence.tokens.len() > LONGEST
            {
                continue;
            }
            let text = &self.document.text;
            let tokens = &self.split.tokens[sentence.tokens.clone()];
            let tree = match extraction.syntax.get(index) {
                Some(Some(syntax)) => Tree::of(text, tokens, syntax),
                _ => Tree::new(text, tokens, parser.parse(text, self.split, sentence), self.words),
            };
            let known = phrases.len();
            self.descriptions_in(&tree, index, &mut phrases);
            self.fillers_in(&tree, index, self.within(&slots, index), known, &mut phrases);
            for at in first..next {
                let mention = &self.mentions[at];
                if matches!(mention.kind, Kind::Time | Kind::Event | Kind::Equipment) {
                    continue;
                }
                let Some(top) = Resolver::top(&tree, mention.span) else { continue };
                let mut phrase = self.phrase(&tree, index, top, mention.span, Kinds::of(mention.kind));
                phrase.reference = Some(self.of_mention[at]);
                phrase.plural &= mention.kind != Kind::Person;
                // "Brenner & Voss" is one.
                phrase.group = false;
                let before = tree.first_in(mention.span).and_then(|first| first.checked_sub(1));
                if let Some(before) = before.filter(|before| tree.is_noun(*before)) {
                    let first = (0..before).rev().take_while(|at| tree.is_noun(*at)).last().unwrap_or(before);
                    let own = tree.phrase(top).join(tree.span(first)).join(mention.span);
                    phrase.titles = self.titles(&tree, own, mention.span);
                }
                phrases.push(phrase);
            }
            trees.push((index, tree));
        }
        self.sieve(phrases, &trees, |p| self.within(&slots, p.sentence).iter().any(|slot| slot.covers(p.head)))
    }

    /// The spans of a sentence, of spans in order.
    fn within<'s>(&self, spans: &'s [ByteSpan], sentence: usize) -> &'s [ByteSpan] {
        let within = self.split.sentences[sentence].span;
        let from = spans.partition_point(|span| span.start < within.start);
        &spans[from..from + spans[from..].partition_point(|span| span.start < within.end)]
    }

    /// Runs the passes; the trees are of the sentences that have phrases, `wanted` the descriptions that a claim needs.
    fn sieve(&self, phrases: Vec<Phrase>, trees: &[(usize, Tree<'_>)], wanted: impl Fn(&Phrase) -> bool) -> Chains {
        let mut sieve = Sieve { resolver: self, chains: Chains::new(phrases), focus: None };
        for (sentence, tree) in trees {
            sieve.constructs(tree, *sentence);
        }
        sieve.same_words();
        sieve.same_heads();
        sieve.names_within();
        sieve.words_of_names();
        if let Some(antecedents) = self.antecedents {
            sieve.read(antecedents, wanted);
        }
        sieve.classes();
        sieve.chains
    }

    /// Adds the descriptions of each chain that has a reference to it.
    fn add_descriptions(&mut self, chains: &Chains) {
        for phrase in 0..chains.phrases.len() {
            let (of, p) = (chains.reference(chains.of(phrase)), &chains.phrases[phrase]);
            if let Some(at) = of.filter(|_| chains.read.contains(&phrase)) {
                let words = fold_space(p.span.of(&self.document.text));
                let _ = write!(self.references[at].reason, "; “{words}” by the words around it (learned)");
            }
            let Some(at) = of.filter(|at| p.reference.is_none() && !self.references[*at].mentions.iter().any(|m| m.covers(p.span))) else {
                continue;
            };
            self.references[at].mentions.push(p.span);
            self.note(at, p.span.of(&self.document.text));
        }
    }

    /// Chains of descriptions alone.
    fn unnamed(&self, chains: &Chains) -> Vec<Reference> {
        let all = (0..chains.phrases.len()).filter(|at| chains.of(*at) == *at && chains.reference(*at).is_none());
        let several = all.filter(|at| chains.members(*at).len() > 1);
        several
            .map(|chain| {
                let phrases = || chains.members(chain).iter().map(|at| &chains.phrases[*at]);
                let kinds = chains.kinds(chain);
                let kind = [(Kinds::PERSON, Kind::Person), (Kinds::ORGANIZATION, Kind::Organization), (Kinds::PLACE, Kind::Place)];
                Reference {
                    kind: kind.iter().find(|(of, _)| kinds.has(*of)).map_or(Kind::MilitaryUnit, |(_, kind)| *kind),
                    names: Vec::new(),
                    nominals: Vec::new(),
                    mentions: phrases().map(|p| p.span).collect(),
                    key: None,
                    reason: "described, never named".to_owned(),
                    job_title: None,
                }
            })
            .collect()
    }
}

pub(super) fn fold_space(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
