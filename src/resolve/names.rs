//! Names: which of an article's mentions are one thing by their words.

use super::models::{is_class_of, same_model};
use super::nominals::Kinds;
use super::persons::is_part_of;
use super::references::{DETERMINERS, Resolver};
use crate::extract::Tree;
use crate::types::{ByteSpan, Kind, Mention, Reference, Tag};
use rustc_hash::FxHashSet;

impl Resolver<'_> {
    /// The name that heads a given mention, and its key: what was found there, else the run of capitalised words about its head. A noun with a capital
    /// ("the Church", "Governor") is no name.
    pub(super) fn name_in(&self, tree: &Tree<'_>, top: usize, span: ByteSpan, kind: Kind) -> Option<(ByteSpan, Option<String>)> {
        // "Evansville, Indiana, United States" is called by its first part.
        let opens = tree.first_in(span)?;
        let named_part = (opens..tree.len()).take_while(|at| span.covers(tree.span(*at)) && tree.tag(*at) == Tag::Nnp).last();
        let parted = named_part.filter(|last| kind == Kind::Place && *last + 1 < tree.len() && tree.is(*last + 1, ","));
        let top = parted.unwrap_or(top);
        let found = tree.mention(self.mentions, top).filter(|m| m.kind != Kind::Time);
        if kind == Kind::Person && found.is_some_and(|m| m.kind == Kind::Nationality) {
            return None;
        }
        let person = kind == Kind::Person;
        let inside = |at: usize| span.covers(tree.span(at));
        let named = |at: usize| matches!(tree.tag(at), Tag::Nnp | Tag::Nnps);
        let (mut first, mut last) = (top, top);
        if let Some(found) = found {
            (first, last) = (tree.first_in(found.span).unwrap_or(top), tree.last_in(found.span).unwrap_or(top));
        } else if named(top) {
            while first > 0 && named(first - 1) {
                first -= 1;
            }
            while last + 1 < tree.len() && named(last + 1) {
                last += 1;
            }
        } else {
            return None;
        }
        if let Some(owner) = (first..last).rev().find(|at| tree.tag(*at) == Tag::Pos).filter(|_| person) {
            // "DAB's Starry Lee"
            first = owner + 1;
        }
        while last + 2 < tree.len() && tree.is(last + 1, "-") && inside(last + 2) {
            // "Yau Wai-ching"
            last += 2;
        }
        if first < last && first > 1 && tree.is(first - 1, "-") && tree.word(first - 2).len() < 6 {
            // "pro-Beijing New People Party"
            first += 1;
        }
        let class = |at: usize| self.nominals.kinds(&self.words.noun(tree.word(at).to_lowercase()));
        while first < last && (!inside(first) || class(first).has(Kinds::PERSON)) {
            first += 1;
        }
        while first < last && !inside(last) {
            last -= 1;
        }
        let words = tree.span(first).join(tree.span(last));
        let of_kind = |key: &str| key.starts_with("person/") == person;
        let is_post = person && found.is_none_or(|m| m.kind != Kind::Person) && class(last).has(Kinds::PERSON);
        // "Moon" where the text has "the moon" as well is no name.
        let lower = tree.word(first).to_lowercase();
        let common = found.is_none() && first == last && self.document.text.split(|c: char| !c.is_alphabetic()).any(|word| word == lower);
        if is_post || common || first == last && !class(first).is_empty() || !inside(first) {
            return None;
        }
        Some((words, found.filter(|m| m.span == words).and_then(|m| m.key.clone()).filter(|key| of_kind(key))))
    }

    /// The nouns of a phrase that stand before its name and say what it is, as lemmas.
    pub(super) fn titles(&self, tree: &Tree<'_>, phrase: ByteSpan, name: ByteSpan) -> Vec<String> {
        let (Some(first), Some(start)) = (tree.first_in(phrase), tree.first_in(name)) else { return Vec::new() };
        if first >= start {
            return Vec::new();
        }
        let before = (first..start).filter(|at| tree.is_noun(*at) && tree.children(*at).iter().all(|c| tree.tag(*c) != Tag::Pos));
        let lemmas = before.map(|at| self.words.noun(tree.word(at).to_lowercase()));
        lemmas.filter(|lemma| !self.nominals.kinds(lemma).is_empty()).collect()
    }

    /// Gives each mention its reference.
    pub(super) fn named(&mut self, acting: &FxHashSet<ByteSpan>) {
        for (index, mention) in self.mentions.iter().enumerate() {
            let surface = mention.span.of(&self.document.text);
            let at = match mention.kind {
                _ if self.is_bracketed_short_form(index) => {
                    let at = self.of_mention[index - 1];
                    self.references[at].reason = format!("“{surface}” is the short form given in brackets");
                    at
                }
                Kind::Person => self.person(mention, surface),
                _ => self.thing(mention, surface, acting),
            };
            // "North Korean" is a form of its state's name, and no name of its own; nor is "the destroyer" a name of the Choe Hyon.
            let is_class = mention.kind == Kind::Equipment && self.references[at].names.iter().any(|name| is_class_of(surface, name));
            let is_name = mention.kind != Kind::Nationality && !is_class;
            self.of_mention.push(at);
            self.add(at, mention.span, Some(surface).filter(|_| is_name));
            if !is_name {
                self.note(at, surface);
            }
        }
    }

    /// Whether a mention is the acronym that stands in brackets behind a name: "Institute for Disaster Management (INGD)".
    fn is_bracketed_short_form(&self, index: usize) -> bool {
        let Some(before) = index.checked_sub(1).map(|before| &self.mentions[before]) else { return false };
        let mention = &self.mentions[index];
        let text = &self.document.text;
        let surface = mention.span.of(text);
        let acronym = surface.chars().all(|c| c.is_alphanumeric() || c == '-') && surface.chars().filter(|c| c.is_uppercase()).count() > 1;
        acronym
            && before.kind == mention.kind
            && matches!(mention.kind, Kind::Organization | Kind::MilitaryUnit)
            && before.span.of(text).contains(' ')
            && text.get(before.span.end as usize..mention.span.start as usize) == Some(" (")
            && text[mention.span.end as usize..].starts_with(')')
            && mention.key.as_ref().is_none_or(|key| !self.by_key.contains_key(key))
    }

    /// Anything but a person: by the gazetteer's key, else by its name or acronym.
    fn thing(&mut self, mention: &Mention, surface: &str, acting: &FxHashSet<ByteSpan>) -> usize {
        if mention.kind == Kind::Time {
            return self.new_reference(Kind::Time, None, "a time".into());
        }
        let mut listed = None;
        if let Some(key) = &mention.key {
            let acts_as = acting.contains(&mention.span).then(|| self.gazetteer.listed(key).and_then(|l| l.acts_as)).flatten();
            let (key, reason) = match acts_as {
                Some(state) => (state, format!("“{surface}” acts as its government")),
                None => (key.clone(), "the gazetteer lists these names as one".to_owned()),
            };
            if let Some(at) = self.by_key.get(&key) {
                return *at;
            }
            listed = Some((key, reason));
        }
        if listed.as_ref().is_none_or(|(key, _)| !key.starts_with("state/"))
            && let Some((at, reason)) = self.same_thing(mention, surface, listed.is_some())
        {
            if let Some(reason) = reason {
                self.references[at].reason = reason;
            }
            if let Some((key, _)) = listed {
                self.references[at].key = Some(key.clone());
                self.by_key.insert(key, at);
            }
            return at;
        }
        match listed {
            Some((key, reason)) => {
                let kind = if key.starts_with("state/") { Kind::Place } else { mention.kind };
                let at = self.new_reference(kind, Some(key.clone()), reason);
                self.by_key.insert(key, at);
                at
            }
            None => self.new_reference(mention.kind, None, "the same name throughout".into()),
        }
    }

    /// The reference of the same kind whose name is the same, or of which one is the acronym or the short form of the other; with a reason to note.
    fn same_thing(&self, mention: &Mention, surface: &str, keyed: bool) -> Option<(usize, Option<String>)> {
        let kind = mention.kind;
        let fits = |r: &Reference| r.kind == kind && !(keyed && r.key.is_some());
        let of_name = |same: &dyn Fn(&str) -> bool| {
            let mut found =
                self.references.iter().enumerate().filter(|(_, r)| fits(r) && r.names.iter().any(|n| same(n))).map(|(at, _)| at);
            (found.next(), found.next())
        };
        let folded = fold_name(surface);
        if let (Some(at), _) = of_name(&|n| n == surface || may_fold_alike(n, surface) && fold_name(n) == folded) {
            return Some((at, None));
        }
        if kind == Kind::Equipment {
            let singular = |word: &str| self.words.noun(word.to_owned());
            let own = |name: &str| name.contains(|c: char| c.is_uppercase() || c.is_ascii_digit());
            if own(surface)
                && let (Some(at), None) = of_name(&|n| own(n) && same_model(surface, n, singular))
            {
                return Some((at, Some(format!("“{surface}” has the same designation"))));
            }
            let before = self.document.text[..mention.span.start as usize].trim_end();
            let definite = ["the", "The", "this", "This"].iter().any(|word| before.ends_with(word));
            let one = definite && singular(surface.rsplit(' ').next().unwrap_or(surface)) == surface.rsplit(' ').next().unwrap_or(surface);
            return match of_name(&|n| one && is_class_of(surface, n)) {
                (Some(at), None) => Some((at, Some(format!("“{surface}” takes up the class of the only such thing named before")))),
                _ => None,
            };
        }
        if !matches!(kind, Kind::Organization | Kind::MilitaryUnit | Kind::Place) {
            return None;
        }
        if let (Some(at), _) = of_name(&|n| is_acronym(surface, n) || is_acronym(n, surface)) {
            return Some((at, Some(format!("“{surface}” is the acronym"))));
        }
        let has_class = |n: &str| {
            let known = kind != Kind::Place || !self.nominals.kinds(&self.words.noun(surface.to_lowercase())).is_empty();
            known && is_class_word_of(surface, n)
        };
        // "the State of Texas".
        let classed = |short: &str, long: &str| kind == Kind::Place && self.behind_class(long) == Some(short);
        let own_word = |short: &str, long: &str| {
            let common = !self.nominals.kinds(&self.words.noun(short.to_lowercase())).is_empty();
            kind == Kind::Organization && !common && is_own_word_of(short, long)
        };
        match of_name(&|n| {
            is_short_of(surface, n)
                || is_short_of(n, surface)
                || own_word(surface, n)
                || own_word(n, surface)
                || has_class(n)
                || classed(surface, n)
                || classed(n, surface)
        }) {
            (Some(at), None) => Some((at, Some(format!("“{surface}” is a shorter or longer form of the name")))),
            _ => None,
        }
    }

    /// The name of a place behind its class: "Texas" of "the State of Texas".
    fn behind_class<'n>(&self, name: &'n str) -> Option<&'n str> {
        let bare = name.strip_prefix("the ").or_else(|| name.strip_prefix("The ")).unwrap_or(name);
        let (class, rest) = bare.split_once(" of ")?;
        self.nominals.wordings().of_name.contains(&class.to_lowercase()).then_some(rest)
    }

    /// A person: by the gazetteer's key, the full name, or a part of it that leaves but one choice.
    fn person(&mut self, mention: &Mention, surface: &str) -> usize {
        let sentence = self.sentence(mention.span);
        let full = surface.split_whitespace().count() > 1;
        let of = |fits: &dyn Fn(&str) -> bool| -> Vec<usize> {
            let person = |at: &usize| self.references[*at].kind == Kind::Person;
            (0..self.references.len()).filter(person).filter(|at| self.references[*at].names.iter().any(|name| fits(name))).collect()
        };
        let long = |name: &str| name.contains(' ');
        let mut candidates = of(&|name| long(name) && (is_part_of(surface, name) || full && is_part_of(name, surface)));
        if candidates.is_empty() && !full {
            candidates = of(&|name| is_part_of(surface, name));
        }
        if candidates.is_empty() && full {
            // A surname that stood before its full name, as in a summary on top.
            candidates = of(&|name| is_part_of(name, surface) && !self.fits_others(name, surface));
        }
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

    /// Whether the article names somebody else in full, of whom a part of a name may be, too.
    fn fits_others(&self, part: &str, full: &str) -> bool {
        let people = self.mentions.iter().filter(|m| m.kind == Kind::Person).map(|m| m.span.of(&self.document.text));
        let mut others = people.filter(|name| name.contains(' ') && !is_part_of(name, full) && !is_part_of(full, name));
        others.any(|name| is_part_of(part, name))
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
}

/// Whether `short` is `long` without what narrows it down behind: "Andy Warhol Foundation" of "Andy Warhol Foundation for the Visual Arts".
fn is_short_of(short: &str, long: &str) -> bool {
    let rest = long.strip_prefix(short.strip_prefix("the ").unwrap_or(short)).map(str::trim_start);
    short.contains(' ') && rest.is_some_and(|rest| ["for ", "of ", "in ", "at "].iter().any(|word| rest.starts_with(word)))
}

/// Whether one word is a name without the words of its class: "Andina" of "Andina Press".
fn is_own_word_of(short: &str, long: &str) -> bool {
    let rest = long.strip_prefix(short).and_then(|rest| rest.strip_prefix(' '));
    let capital = |word: &str| word.starts_with(char::is_uppercase);
    short.chars().count() > 3
        && !short.contains(' ')
        && rest.is_some_and(|rest| rest.split(' ').count() < 3 && rest.split(' ').all(capital))
}

/// Whether one capitalised word is the class word of a name: "Press" of "New York Press", "Church" of "Church of Scientology".
fn is_class_word_of(word: &str, name: &str) -> bool {
    let last = name.rsplit(' ').next().unwrap_or(name);
    word.chars().count() > 3
        && !word.contains(' ')
        && name.contains(' ')
        && (last == word || name.strip_prefix(word).is_some_and(|rest| rest.starts_with(" of ")))
}

/// Whether two names open with the same letter or digit, but for a determiner: others need not be folded.
fn may_fold_alike(one: &str, other: &str) -> bool {
    let first = |name: &str| {
        let bare = name.get(..4).filter(|the| the.eq_ignore_ascii_case("the ")).map_or(name, |_| &name[4..]);
        bare.chars().find(|c| c.is_alphanumeric()).map(|c| c.to_lowercase().next())
    };
    first(one) == first(other)
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
