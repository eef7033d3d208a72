//! References: all that one article calls one thing, with the reason why.

use super::nominals::Nominals;
use super::persons::is_part_of;
use crate::extract::Words;
use crate::types::{ByteSpan, Document, Extraction, Gazetteer, Kind, Mention, Reference, Slot, Split, Tag};
use rustc_hash::{FxHashMap, FxHashSet};

/// Words that open a description and are no part of it.
const DETERMINERS: &[&str] =
    &["the", "a", "an", "this", "that", "these", "those", "its", "his", "her", "their", "our", "some", "another", "one"];

/// Tokens from a sentence's start within which a pronoun is its subject, and within which a name is.
const SUBJECT_PRONOUN: usize = 3;
const SUBJECT: usize = 5;
/// Sentences back in which a pronoun finds a name.
const REACH: usize = 3;

/// Groups an article's mentions, and the descriptions and pronouns in its claims' slots, into references.
#[must_use]
pub fn references(
    document: &Document,
    split: &Split,
    mentions: &[Mention],
    extraction: &Extraction,
    gazetteer: &dyn Gazetteer,
    nominals: &Nominals,
    words: &Words,
) -> Vec<Reference> {
    let acting = acting_spans(extraction);
    let mut resolver = Resolver {
        document,
        split,
        mentions,
        gazetteer,
        nominals,
        words,
        references: Vec::new(),
        by_key: FxHashMap::default(),
        sentence_of_person: FxHashMap::default(),
    };
    resolver.named(&acting);
    resolver.described(extraction);
    let mut references = resolver.references;
    for reference in &mut references {
        reference.mentions.sort_unstable();
        reference.mentions.dedup();
        reference.names.sort_by_key(|name| std::cmp::Reverse(name.chars().count()));
    }
    references.retain(|r| !r.mentions.is_empty());
    references.sort_by_key(|r| r.mentions[0]);
    references
}

/// The spans that fill a slot of somebody who acts.
fn acting_spans(extraction: &Extraction) -> FxHashSet<ByteSpan> {
    let roles = extraction.claims.iter().flat_map(|c| &c.roles);
    let acting = roles.filter(|r| !matches!(r.slot, Slot::Place | Slot::Origin | Slot::Equipment)).map(|r| r.span);
    acting.chain(extraction.attributions.iter().filter(|a| !a.stance).map(|a| a.source)).collect()
}

struct Resolver<'a> {
    document: &'a Document,
    split: &'a Split,
    mentions: &'a [Mention],
    gazetteer: &'a dyn Gazetteer,
    nominals: &'a Nominals,
    words: &'a Words,
    references: Vec<Reference>,
    by_key: FxHashMap<String, usize>,
    /// For each person's reference, the sentence that named it in full last.
    sentence_of_person: FxHashMap<usize, usize>,
}

impl Resolver<'_> {
    fn sentence(&self, span: ByteSpan) -> usize {
        self.split.sentences.partition_point(|s| s.span.end <= span.start)
    }

    fn new_reference(&mut self, kind: Kind, key: Option<String>, reason: String) -> usize {
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

    fn add(&mut self, at: usize, span: ByteSpan, name: Option<&str>) {
        let reference = &mut self.references[at];
        reference.mentions.push(span);
        if let Some(name) = name.map(fold_space).filter(|n| !reference.names.contains(n)) {
            reference.names.push(name);
        }
    }

    fn named(&mut self, acting: &FxHashSet<ByteSpan>) {
        for mention in self.mentions {
            let surface = mention.span.of(&self.document.text);
            let at = match mention.kind {
                Kind::Person => self.person(mention, surface),
                _ => self.thing(mention, surface, acting),
            };
            // "North Korean" is a form of its state's name, and no name of its own.
            let is_name = mention.kind != Kind::Nationality;
            self.add(at, mention.span, Some(surface).filter(|_| is_name));
            if !is_name {
                self.note(at, surface);
            }
        }
    }

    /// Anything but a person: by the gazetteer's key, else by its name or acronym.
    fn thing(&mut self, mention: &Mention, surface: &str, acting: &FxHashSet<ByteSpan>) -> usize {
        if mention.kind == Kind::Time {
            return self.new_reference(Kind::Time, None, "a time".into());
        }
        if let Some(key) = &mention.key {
            let acts_as = acting.contains(&mention.span).then(|| self.gazetteer.listed(key).and_then(|l| l.acts_as)).flatten();
            let (key, reason) = match acts_as {
                Some(state) => (state, format!("“{surface}” acts as its government")),
                None => (key.clone(), "the gazetteer lists these names as one".to_owned()),
            };
            if let Some(at) = self.by_key.get(&key) {
                return *at;
            }
            let kind = if key.starts_with("state/") { Kind::Place } else { mention.kind };
            let at = self.new_reference(kind, Some(key.clone()), reason);
            self.by_key.insert(key, at);
            return at;
        }
        let same_kind = |r: &Reference| r.kind == mention.kind;
        let folded = fold_name(surface);
        if let Some(at) = self.references.iter().position(|r| same_kind(r) && r.names.iter().any(|n| fold_name(n) == folded)) {
            return at;
        }
        if matches!(mention.kind, Kind::Organization | Kind::MilitaryUnit)
            && let Some(at) = self
                .references
                .iter()
                .position(|r| same_kind(r) && r.names.iter().any(|n| is_acronym(surface, n) || is_acronym(n, surface)))
        {
            self.references[at].reason = format!("“{surface}” is the acronym");
            return at;
        }
        self.new_reference(mention.kind, None, "the same name throughout".into())
    }

    /// A person: by the gazetteer's key, the full name, or a part of it that leaves but one choice.
    fn person(&mut self, mention: &Mention, surface: &str) -> usize {
        let sentence = self.sentence(mention.span);
        let full = surface.split_whitespace().count() > 1;
        let candidates: Vec<usize> = (0..self.references.len())
            .filter(|at| {
                let reference = &self.references[*at];
                reference.kind == Kind::Person
                    && reference
                        .names
                        .iter()
                        .any(|name| is_part_of(surface, name) || full && is_part_of(name, surface) && name.contains(' '))
            })
            .collect();
        let same_key = mention.key.as_ref().and_then(|key| self.by_key.get(key).copied());
        let chosen = same_key.or(match candidates.as_slice() {
            [] => None,
            [only] => Some(*only),
            several => {
                // Two Kims were named: the one named in this very sentence, or nobody.
                let here: Vec<usize> = several.iter().copied().filter(|at| self.sentence_of_person.get(at) == Some(&sentence)).collect();
                (here.len() == 1).then(|| here[0])
            }
        });
        let at = chosen.unwrap_or_else(|| {
            let reason = if candidates.len() > 1 {
                format!("“{surface}” fits {} people of this article and stays apart", candidates.len())
            } else {
                "full name and its parts".to_owned()
            };
            self.new_reference(Kind::Person, None, reason)
        });
        if let Some(key) = &mention.key {
            let ambiguous = !full && candidates.len() > 1;
            if self.references[at].key.is_none() && !ambiguous {
                self.references[at].key = Some(key.clone());
                self.by_key.entry(key.clone()).or_insert(at);
            }
        }
        if full || chosen.is_some() {
            self.sentence_of_person.insert(at, sentence);
        }
        if self.references[at].job_title.is_none() {
            self.references[at].job_title = self.title_before(mention.span);
        }
        at
    }

    /// The post that stands right before a person's name, as written.
    fn title_before(&self, span: ByteSpan) -> Option<String> {
        let sentence = self.split.sentences.get(self.sentence(span))?;
        let tokens = &self.split.tokens[sentence.tokens.clone()];
        let name = tokens.partition_point(|t| t.span.end <= span.start);
        let is_post = |word: &str| {
            let lemma = self.words.lemma(word.trim_end_matches('.'), Tag::Nn);
            self.words.is("leader", &lemma) || self.words.is("member", &lemma)
        };
        let word = |at: usize| tokens[at].span.of(&self.document.text);
        let last = name.checked_sub(1).filter(|at| is_post(word(*at)))?;
        let mut first = last;
        while first > 0 && first + 3 > last {
            let before = word(first - 1);
            let in_mention = self.mentions.iter().any(|m| m.span.overlaps(tokens[first - 1].span));
            let part = before.chars().all(|c| c.is_alphabetic() || c == '-') && !DETERMINERS.contains(&before.to_lowercase().as_str());
            let post_word = is_post(before)
                || [
                    "prime", "foreign", "defence", "defense", "deputy", "vice", "interior", "chief", "state", "press", "military", "army",
                    "supreme", "finance", "senior", "former", "security", "health", "spokes",
                ]
                .contains(&before.to_lowercase().as_str());
            if in_mention || !part || !post_word {
                break;
            }
            first -= 1;
        }
        Some(tokens[first].span.join(tokens[last].span).of(&self.document.text).to_owned())
    }

    /// The descriptions and pronouns that fill claims' slots, in the order of the text.
    fn described(&mut self, extraction: &Extraction) {
        let mut anchors: Vec<(ByteSpan, Slot)> = extraction.claims.iter().flat_map(|c| c.roles.iter().map(|r| (r.span, r.slot))).collect();
        anchors.extend(extraction.attributions.iter().filter(|a| !a.stance).map(|a| (a.source, Slot::Author)));
        anchors.sort_unstable();
        let named: FxHashSet<ByteSpan> = self.mentions.iter().map(|m| m.span).collect();
        let mut done: FxHashSet<ByteSpan> = FxHashSet::default();
        let mut speaker: Option<usize> = None;
        for (span, slot) in anchors {
            if !done.insert(span) {
                continue;
            }
            if named.contains(&span) {
                if matches!(slot, Slot::Author | Slot::RelayedBy) {
                    speaker = self.references.iter().position(|r| r.mentions.contains(&span));
                }
                continue;
            }
            let words = span.of(&self.document.text);
            let chosen = if is_pronoun(words) { self.pronoun(words, span, speaker) } else { self.description(words, span) };
            if matches!(slot, Slot::Author | Slot::RelayedBy) && !chosen.is_empty() {
                speaker = chosen.first().copied();
            }
            for at in chosen {
                self.references[at].mentions.push(span);
            }
        }
    }

    /// "it", "he", "they": whom the sentence before begins with, where the pronoun begins its own (centering; Grosz, Joshi and Weinstein 1995), else the
    /// last speaker that fits, else the last named thing that fits.
    fn pronoun(&self, words: &str, span: ByteSpan, speaker: Option<usize>) -> Vec<usize> {
        let lower = words.to_lowercase();
        let fits = |kind: Kind| match lower.as_str() {
            "he" | "she" | "him" | "her" | "i" => kind == Kind::Person,
            "it" => matches!(kind, Kind::Organization | Kind::Place | Kind::MilitaryUnit),
            _ => matches!(kind, Kind::Organization | Kind::Person | Kind::MilitaryUnit),
        };
        let sentence = self.sentence(span);
        let opens = |span: ByteSpan, sentence: usize, words: usize| {
            let tokens = self.split.sentences.get(sentence).map(|s| &self.split.tokens[s.tokens.clone()]);
            tokens.is_some_and(|t| t.iter().take(words).any(|token| token.span.overlaps(span)))
        };
        if opens(span, sentence, SUBJECT_PRONOUN) && sentence > 0 {
            let first = self.references.iter().enumerate().filter(|(_, r)| fits(r.kind));
            let first = first.filter_map(|(at, r)| {
                Some((r.mentions.iter().filter(|m| self.sentence(**m) == sentence - 1 && opens(**m, sentence - 1, SUBJECT)).min()?, at))
            });
            if let Some((_, at)) = first.min() {
                return vec![at];
            }
        }
        if let Some(at) = speaker.filter(|at| fits(self.references[*at].kind)) {
            return vec![at];
        }
        let last = self
            .references
            .iter()
            .enumerate()
            .filter(|(_, r)| fits(r.kind) && r.kind != Kind::Place)
            .filter_map(|(at, r)| {
                Some((r.mentions.iter().filter(|m| m.start < span.start && self.sentence(**m) + REACH >= sentence).max()?, at))
            })
            .max();
        last.map(|(_, at)| vec![at]).unwrap_or_default()
    }

    /// "the spy agency", "the lawmakers", "a rescue official".
    fn description(&mut self, words: &str, span: ByteSpan) -> Vec<usize> {
        let (determiner, bare) = strip_determiner(words);
        let lower = self.singular(bare);
        if let Some(at) = self.name_within(span, &lower) {
            return vec![at];
        }
        let same = |r: &Reference| r.nominals.iter().any(|n| self.singular(strip_determiner(n).1) == lower);
        if determiner != Some("a")
            && determiner != Some("an")
            && let Some(at) = self.references.iter().position(same)
        {
            return vec![at];
        }
        let state = self.state_within(span);
        let plural = bare.rsplit(' ').next().is_some_and(|head| self.words.noun(head.to_lowercase()) != head.to_lowercase());
        let definite = determiner.is_some_and(|d| !matches!(d, "a" | "an" | "some" | "another" | "one")) || state.is_some();
        if definite {
            if let Some(found) = self.organization_of(&lower, span, state.as_deref()) {
                self.note(found, words);
                return vec![found];
            }
            let people = self.people_of(&lower, span, plural);
            if !people.is_empty() {
                for at in &people {
                    self.note(*at, words);
                }
                return people;
            }
        }
        let head = lower.rsplit(' ').next().unwrap_or(&lower).to_owned();
        if let Some(state) = state.filter(|_| self.words.is("service", &head)) {
            let at = match self.by_key.get(&state) {
                Some(at) => *at,
                None => {
                    let at = self.new_reference(Kind::Place, Some(state.clone()), "a body that acts for its state".into());
                    self.by_key.insert(state, at);
                    at
                }
            };
            return vec![at];
        }
        let kind = if self.words.is("person", &head) || self.words.is("member", &head) || self.words.is("leader", &head) {
            Kind::Person
        } else {
            Kind::Organization
        };
        let at = self.new_reference(kind, None, "described, never named".into());
        self.note(at, words);
        vec![at]
    }

    fn note(&mut self, at: usize, words: &str) {
        let words = fold_space(words);
        if !self.references[at].nominals.contains(&words) {
            self.references[at].nominals.push(words);
        }
    }

    /// Lower-case, with a singular head.
    fn singular(&self, words: &str) -> String {
        let lower = words.to_lowercase();
        match lower.rsplit_once(' ') {
            Some((front, head)) => format!("{front} {}", self.words.noun(head.to_owned())),
            None => self.words.noun(lower),
        }
    }

    /// Whom a description's only name means, where the rest says what the name is or did, and no person who belongs to it: "the M23 rebel movement",
    /// "UN figures", but not "an INTUC official".
    fn name_within(&self, span: ByteSpan, description: &str) -> Option<usize> {
        let mut inside = self.mentions.iter().filter(|m| span.covers(m.span) && m.kind != Kind::Time);
        let only = inside.next().filter(|m| matches!(m.kind, Kind::Organization | Kind::MilitaryUnit | Kind::Person))?;
        let head = description.rsplit(' ').next().unwrap_or(description);
        let somebody = ["person", "member", "leader", "lawmaker"].iter().any(|class| self.words.is(class, head));
        if inside.next().is_some() || only.span.end != span.end && somebody {
            return None;
        }
        self.references.iter().position(|r| r.mentions.contains(&only.span))
    }

    /// The state whose name or adjective stands in a description.
    fn state_within(&self, span: ByteSpan) -> Option<String> {
        let inside = self.mentions.iter().filter(|m| span.covers(m.span) && matches!(m.kind, Kind::Place | Kind::Nationality));
        inside.filter_map(|m| m.key.clone()).find(|key| key.starts_with("state/"))
    }

    /// The organization that a definite description fits: the one named last before it, else next after it, else the state's only one.
    fn organization_of(&mut self, description: &str, span: ByteSpan, state: Option<&str>) -> Option<usize> {
        let fits = |r: &Reference| {
            let listed = r.key.as_deref().and_then(|k| self.gazetteer.listed(k));
            let same_state = state.is_none() || listed.as_ref().and_then(|l| l.state.as_deref()).is_none_or(|s| Some(s) == state);
            let name = r.names.first().map_or("", String::as_str);
            matches!(r.kind, Kind::Organization | Kind::MilitaryUnit)
                && same_state
                && self.nominals.fits(description, listed.as_ref().and_then(|l| l.class.as_deref()), name)
        };
        let before = |r: &Reference| r.mentions.iter().filter(|m| m.start < span.start).max().copied();
        let last = self.references.iter().enumerate().filter(|(_, r)| fits(r)).filter_map(|(at, r)| Some((before(r)?, at))).max();
        if let Some((_, at)) = last {
            return Some(at);
        }
        let next =
            self.references.iter().enumerate().filter(|(_, r)| fits(r)).filter_map(|(at, r)| Some((r.mentions.iter().min()?, at))).min();
        if let Some((_, at)) = next.filter(|_| state.is_some()) {
            return Some(at);
        }
        let subtype = self.nominals.unique(description)?;
        let keys = self.gazetteer.of_state(subtype, state?);
        let [key] = keys.as_slice() else { return None };
        let at = self.new_reference(Kind::Organization, Some(key.clone()), "the only such body of that state in the gazetteer".into());
        self.by_key.insert(key.clone(), at);
        Some(at)
    }

    /// People whose post is the description's: one for "the minister", all for "the lawmakers".
    fn people_of(&self, description: &str, span: ByteSpan, plural: bool) -> Vec<usize> {
        let head = description.rsplit(' ').next().unwrap_or(description);
        let same_post = |r: &Reference| {
            r.kind == Kind::Person
                && r.job_title.as_deref().is_some_and(|post| {
                    let post = self.singular(post.trim_end_matches('.'));
                    let post_head = post.rsplit(' ').next().unwrap_or(&post);
                    post_head == head || head == "lawmaker" && self.words.is("lawmaker", post_head)
                })
        };
        let mut found: Vec<(ByteSpan, usize)> = self
            .references
            .iter()
            .enumerate()
            .filter(|(_, r)| same_post(r))
            .filter_map(|(at, r)| Some((r.mentions.iter().filter(|m| m.start < span.start).max().copied()?, at)))
            .collect();
        found.sort_unstable();
        if plural { found.into_iter().map(|(_, at)| at).collect() } else { found.last().map(|(_, at)| vec![*at]).unwrap_or_default() }
    }
}

fn is_pronoun(words: &str) -> bool {
    matches!(words.to_lowercase().as_str(), "it" | "he" | "she" | "they" | "him" | "her" | "them" | "i" | "we" | "us" | "who" | "which")
}

fn strip_determiner(words: &str) -> (Option<&str>, &str) {
    match words.split_once(' ') {
        Some((first, rest)) => match DETERMINERS.iter().find(|d| first.eq_ignore_ascii_case(d)) {
            Some(determiner) => (Some(determiner), rest),
            None => (None, words),
        },
        None => (None, words),
    }
}

fn fold_space(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Lower-case, without marks and determiner, the plural of a last word dropped.
fn fold_name(name: &str) -> String {
    let folded: String = name.to_lowercase().replace(['-', '‐', '‑', '’', '\'', '.', '“', '”', '"'], " ");
    let mut words: Vec<&str> = folded.split_whitespace().collect();
    if words.len() > 1 && words[0] == "the" {
        words.remove(0);
    }
    let mut joined = words.join(" ");
    if joined.len() > 4 && joined.ends_with('s') && !joined.ends_with("ss") {
        joined.pop();
    }
    joined
}

/// Whether `short` is made of the first letters of `long`'s words ("NIS", "National Intelligence Service").
fn is_acronym(short: &str, long: &str) -> bool {
    let letters: String = short.chars().filter(|c| c.is_alphanumeric()).collect();
    if letters.chars().count() < 2 || !letters.chars().all(char::is_uppercase) || long.split_whitespace().count() < 2 {
        return false;
    }
    let initials: String =
        long.split([' ', '-']).filter(|w| !matches!(*w, "of" | "the" | "and" | "for")).filter_map(|w| w.chars().next()).collect();
    let all: String = long.split([' ', '-']).filter_map(|w| w.chars().next()).collect();
    letters.eq_ignore_ascii_case(&initials) || letters.eq_ignore_ascii_case(&all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acronyms_and_names_fold() {
        assert!(is_acronym("NIS", "National Intelligence Service"));
        assert!(is_acronym("UAE", "United Arab Emirates"));
        assert!(!is_acronym("US", "Lee"));
        assert_eq!(fold_name("Shahed-136s"), fold_name("Shahed 136"));
    }
}
