//! What lies in what, and what is part of what, as two names that stand beside each other say: "Barra in Gambia", "the Russian port of Ust-Luga", "the
//! Prague-based think tank Strategos", "the U.N. mission MINUSMA".

use super::Lexicon;
use super::tree::Tree;
use crate::types::{ByteSpan, Kind, Label, Mention, Slot, Tag};

/// Words between two names that are looked at.
const MOST_BETWEEN: usize = 6;

/// Words before a place that is only spoken of, behind a noun of `talk`.
const TOPIC: [&str; 5] = ["on", "over", "about", "for", "against"];

/// One thing in or of another.
pub(super) struct Belonging {
    /// "LocatedIn" or "PartOf".
    pub event: &'static str,
    pub of: ByteSpan,
    pub whole: ByteSpan,
    /// The slot of the whole.
    pub slot: Slot,
    /// The token that says so.
    pub by: usize,
}

/// Finds them in one sentence.
pub(super) fn belongings(tree: &Tree<'_>, lexicon: &Lexicon, mentions: &[Mention]) -> Vec<Belonging> {
    let finder = Finder { tree, lexicon };
    let names: Vec<&Mention> = mentions.iter().filter(|m| m.kind != Kind::Time).collect();
    let mut found: Vec<Belonging> = names.windows(2).filter_map(|pair| finder.beside(pair[0], pair[1])).collect();
    for (at, name) in names.iter().enumerate() {
        found.extend(finder.based(name, names.get(at + 1).copied()));
    }
    found
}

struct Finder<'t, 'a> {
    tree: &'t Tree<'a>,
    lexicon: &'t Lexicon,
}

fn is_body(mention: &Mention) -> bool {
    matches!(mention.kind, Kind::Organization | Kind::MilitaryUnit)
}

impl Finder<'_, '_> {
    fn beside(&self, first: &Mention, second: &Mention) -> Option<Belonging> {
        let tree = self.tree;
        let (start, end) = (tree.last_in(first.span)? + 1, tree.first_in(second.span)?);
        if start > end || end - start > MOST_BETWEEN || !self.ends_its_phrase(second) {
            return None;
        }
        let between: Vec<usize> = (start..end).collect();
        let located = |of: &Mention, whole: &Mention, by: usize| Belonging {
            event: "LocatedIn",
            of: of.span,
            whole: whole.span,
            slot: Slot::Place,
            by,
        };
        let part = |of: &Mention, whole: &Mention, by: usize| Belonging {
            event: "PartOf",
            of: of.span,
            whole: whole.span,
            slot: Slot::Recipient,
            by,
        };
        let owns = between.first().filter(|at| tree.tag(**at) == Tag::Pos || tree.word(**at) == "’" || tree.word(**at) == "'");
        let behind = &between[usize::from(owns.is_some())..];
        let nouns = behind.iter().take_while(|at| matches!(tree.tag(**at), Tag::Nn | Tag::Jj)).count();
        let noun = nouns.checked_sub(1).map(|last| behind[last]);
        match (&behind[nouns..], second.kind) {
            // "Ghana’s Upper East region", "the Swedish Armed Forces’ Air Defence Regiment".
            ([], Kind::Place) if owns.is_some() && nouns == 0 && first.is_state() && !second.is_state() => {
                return Some(located(second, first, end));
            }
            ([], _) if owns.is_some() && nouns == 0 && first.kind == Kind::Organization && is_body(second) => {
                return Some(part(second, first, end));
            }
            // "The Prague think tank Strategos", "the U.N. mission MINUSMA".
            ([], _) if is_body(second) && owns.is_none() && noun.is_some_and(|at| self.names_body(at)) => {
                let at = noun?;
                return match first.kind {
                    Kind::Place if !first.is_state() => Some(located(second, first, at)),
                    Kind::Organization if nouns == 1 => Some(part(second, first, at)),
                    _ => None,
                };
            }
            // "The Russian port of Ust-Luga".
            ([of], Kind::Place) if tree.is(*of, "of") && matches!(first.kind, Kind::Nationality | Kind::Place) => {
                return noun.filter(|at| self.lexicon.words.is("town", tree.lemma(*at))).map(|at| located(second, first, at));
            }
            _ => {}
        }
        // "Barra in Gambia", "the Arsenyev depot in Primorye", "Datu Hoffer, in Maguindanao del Sur", "the Border Service of the State Committee".
        let (prep, rest) = self.preposition(&between)?;
        let what = prep.checked_sub(1).filter(|at| *at >= start && self.is_site(*at)).unwrap_or(prep);
        let before_is_noun = between.iter().take_while(|at| **at < prep).all(|at| self.is_site(*at) || tree.is(*at, ","));
        if !before_is_noun || !rest.iter().all(|at| matches!(tree.tag(*at), Tag::Dt | Tag::Jj)) {
            return None;
        }
        let attached = tree.head(prep).is_some_and(|head| head + 1 >= start && head < prep);
        // "Talks on Gaza in Doha", "discussed Crimea in Paris".
        let spoken = |verb: usize| {
            let cues = &self.lexicon.cues;
            tree.is_verb(verb) && cues.held_objects.contains(tree.lemma(verb)) && !cues.attribution.contains(tree.lemma(verb))
        };
        let about = |at: usize| {
            let talk = at.checked_sub(1).is_some_and(|noun| self.lexicon.words.is("talk", tree.lemma(noun)));
            talk && TOPIC.iter().any(|word| tree.is(at, word))
        };
        let topic = tree.first_in(first.span).and_then(|at| at.checked_sub(1)).is_some_and(about)
            || tree.last_in(first.span).and_then(|at| tree.head(at)).is_some_and(spoken);
        match (first.kind, second.kind) {
            (Kind::Place, Kind::Place) if tree.is(prep, "in") && !first.is_state() && !topic => Some(located(first, second, what)),
            (Kind::Organization | Kind::MilitaryUnit, Kind::Place) if attached => Some(located(first, second, prep)),
            (Kind::Organization | Kind::MilitaryUnit, Kind::Organization | Kind::MilitaryUnit) if tree.is(prep, "of") && attached => {
                Some(part(first, second, prep))
            }
            _ => None,
        }
    }

    /// Whether a name is not the front of another phrase or the doer of a clause on it: "Russia’s Ukraine war", "the UN office Amnesty criticised",
    /// "in Russia’s words". A noun for a place may stand behind it: "Upper East region".
    fn ends_its_phrase(&self, name: &Mention) -> bool {
        let tree = self.tree;
        let Some(last) = tree.last_in(name.span) else { return false };
        let doer = tree.head(last).is_some_and(|head| tree.label(last) == Label::Nsubj && tree.label(head) == Label::Relcl);
        let owns = tree.text[name.span.end as usize..].starts_with(['\'', '’']) || name.is_compounded(tree.text);
        let goes_on = last + 1 < tree.len() && tree.is_noun(last + 1) && !(name.kind == Kind::Place && self.is_site(last + 1));
        !doer && !owns && !goes_on
    }

    fn is_site(&self, at: usize) -> bool {
        ["site", "town"].iter().any(|class| self.lexicon.words.is(class, self.tree.lemma(at)))
    }

    /// The first "in", "at" or "of", and what stands behind it.
    fn preposition<'b>(&self, between: &'b [usize]) -> Option<(usize, &'b [usize])> {
        let tree = self.tree;
        let at = between.iter().position(|at| ["in", "at", "of"].iter().any(|word| tree.is(*at, word)))?;
        Some((between[at], &between[at + 1..]))
    }

    /// "The Dakar-based monitor", "the Prague-based institute Strategos".
    fn based(&self, place: &Mention, next: Option<&Mention>) -> Option<Belonging> {
        let tree = self.tree;
        let behind = &tree.text[place.span.end as usize..];
        if place.kind != Kind::Place || !behind.starts_with("-based ") && !behind.starts_with("‑based ") {
            return None;
        }
        let mut head = (tree.last_in(place.span)? + 1..tree.len()).find(|at| tree.is_noun(*at))?;
        while head + 1 < tree.len() && tree.tag(head + 1) == Tag::Nn {
            head += 1;
        }
        let named = next.filter(|m| is_body(m) && tree.first_in(m.span).is_some_and(|at| at <= head + 1) && self.ends_its_phrase(m));
        let of = named.map_or_else(|| tree.phrase(head), |m| m.span);
        (named.is_some() || self.names_body(head)).then_some(Belonging {
            event: "LocatedIn",
            of,
            whole: place.span,
            slot: Slot::Place,
            by: head,
        })
    }

    /// Whether a noun is one for bodies: "mission", "think tank".
    fn names_body(&self, at: usize) -> bool {
        let tree = self.tree;
        let pair = || at.checked_sub(1).map(|before| format!("{} {}", tree.word(before).to_lowercase(), tree.lemma(at)));
        self.lexicon.words.is("body", tree.lemma(at)) || pair().is_some_and(|pair| self.lexicon.words.is("body", &pair))
    }
}
