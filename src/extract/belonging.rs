//! What lies in what, and what is part of what, as two names that stand beside each other say: "Barra in Gambia", "the Russian port of Ust-Luga", "the
//! Prague-based think tank Strategos", "the U.N. mission MINUSMA".

use super::tree::Tree;
use super::words::Words;
use crate::types::{ByteSpan, Kind, Mention, Slot, Tag};

/// Words between two names that are looked at.
const MOST_BETWEEN: usize = 6;

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
pub(super) fn belongings(tree: &Tree<'_>, words: &Words, mentions: &[Mention]) -> Vec<Belonging> {
    let finder = Finder { tree, words };
    let names: Vec<&Mention> = mentions.iter().filter(|m| m.kind != Kind::Time).collect();
    let mut found: Vec<Belonging> = names.windows(2).filter_map(|pair| finder.beside(pair[0], pair[1])).collect();
    for (at, name) in names.iter().enumerate() {
        found.extend(finder.based(name, names.get(at + 1).copied()));
    }
    found
}

struct Finder<'t, 'a> {
    tree: &'t Tree<'a>,
    words: &'t Words,
}

fn is_body(mention: &Mention) -> bool {
    matches!(mention.kind, Kind::Organization | Kind::MilitaryUnit)
}

fn is_state(mention: &Mention) -> bool {
    mention.key.as_deref().is_some_and(|key| key.starts_with("state/"))
}

impl Finder<'_, '_> {
    fn beside(&self, first: &Mention, second: &Mention) -> Option<Belonging> {
        let tree = self.tree;
        let (start, end) = (tree.last_in(first.span)? + 1, tree.first_in(second.span)?);
        if start > end || end - start > MOST_BETWEEN {
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
        let site = |at: usize| self.words.is("site", tree.lemma(at));
        let behind = &between[usize::from(owns.is_some())..];
        let nouns = behind.iter().take_while(|at| matches!(tree.tag(**at), Tag::Nn | Tag::Jj)).count();
        let noun = nouns.checked_sub(1).map(|last| behind[last]);
        match (&behind[nouns..], second.kind) {
            // "Ghana’s Upper East", "the Swedish Armed Forces’ Air Defence Regiment".
            ([], Kind::Place) if owns.is_some() && nouns == 0 && is_state(first) => return Some(located(second, first, end)),
            ([], _) if owns.is_some() && nouns == 0 && first.kind == Kind::Organization && is_body(second) => {
                return Some(part(second, first, end));
            }
            // "The Prague think tank Strategos", "the U.N. mission MINUSMA".
            ([], _) if is_body(second) && owns.is_none() && noun.is_some_and(|at| self.names_body(at)) => {
                let at = noun?;
                return match first.kind {
                    Kind::Place if !is_state(first) => Some(located(second, first, at)),
                    Kind::Organization => Some(part(second, first, at)),
                    _ => None,
                };
            }
            // "The Russian port of Ust-Luga".
            ([of], Kind::Place)
                if tree.is(*of, "of") && noun.is_some_and(site) && matches!(first.kind, Kind::Nationality | Kind::Place) =>
            {
                return Some(located(second, first, noun?));
            }
            _ => {}
        }
        // "Barra in Gambia", "the Arsenyev depot in Primorye", "Datu Hoffer, in Maguindanao del Sur", "the State Committee’s Border Service".
        let (prep, rest) = self.preposition(&between)?;
        let what = prep.checked_sub(1).filter(|at| *at >= start && site(*at)).unwrap_or(prep);
        let before_is_noun = between.iter().take_while(|at| **at < prep).all(|at| site(*at) || tree.is(*at, ","));
        if !before_is_noun || !rest.iter().all(|at| matches!(tree.tag(*at), Tag::Dt | Tag::Jj)) {
            return None;
        }
        let attached = tree.head(prep).is_some_and(|head| head + 1 >= start && head < prep);
        match (first.kind, second.kind) {
            (Kind::Place, Kind::Place) if tree.is(prep, "in") && !is_state(first) => Some(located(first, second, what)),
            (Kind::Organization | Kind::MilitaryUnit, Kind::Place) if attached => Some(located(first, second, prep)),
            (Kind::Organization | Kind::MilitaryUnit, Kind::Organization | Kind::MilitaryUnit) if tree.is(prep, "of") && attached => {
                Some(part(first, second, prep))
            }
            _ => None,
        }
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
        let named = next.filter(|m| is_body(m) && tree.first_in(m.span).is_some_and(|at| at <= head + 1));
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
        self.words.is("body", tree.lemma(at)) || tree.is(at, "tank") && at > 0 && tree.is(at - 1, "think")
    }
}
