//! Whether an actor, place or thing of a claim is the one that gold means.

use super::gold::GoldArticle;
use crate::types::{Analysis, ByteSpan, Reference, Slot};
use std::collections::BTreeMap;

/// Words that open a noun phrase and name nothing.
const DETERMINERS: [&str; 13] = ["the", "a", "an", "this", "that", "these", "those", "its", "their", "his", "her", "our", "my"];

/// The forms by which one article's gold entities and predicted references are known.
#[derive(Debug)]
pub struct Names<'a> {
    gold: BTreeMap<&'a str, Vec<String>>,
    references: &'a [Reference],
    forms: Vec<Vec<String>>,
    text: &'a str,
}

impl<'a> Names<'a> {
    /// The forms of an article.
    #[must_use]
    pub fn new(gold: &'a GoldArticle, analysis: &'a Analysis) -> Names<'a> {
        let fold_all = |names: &[String], nominals: &[String]| names.iter().chain(nominals).map(|form| folded(form)).collect();
        Names {
            gold: gold.entities.iter().map(|(key, entity)| (key.as_str(), fold_all(&entity.names, &entity.nominals))).collect(),
            references: &analysis.references,
            forms: analysis.references.iter().map(|reference| fold_all(&reference.names, &reference.nominals)).collect(),
            text: &analysis.document.text,
        }
    }

    /// The reference of a role: of those with a mention that contains its words, the one whose mention is shortest.
    #[must_use]
    pub fn reference_of(&self, span: ByteSpan) -> Option<usize> {
        let holding = |reference: &Reference| reference.mentions.iter().filter(|m| m.covers(span)).map(ByteSpan::len).min();
        self.references.iter().enumerate().filter_map(|(index, reference)| Some((holding(reference)?, index))).min().map(|(_, index)| index)
    }

    /// Whether the words of a role mean the gold entity of a key.
    #[must_use]
    pub fn equal(&self, slot: Slot, key: &str, span: ByteSpan) -> bool {
        let words = [folded(self.words(span))];
        let reference = self.reference_of(span).map_or(&[][..], |index| &self.forms[index]);
        let literal = [folded(key)];
        let gold = self.gold.get(key).map_or(&literal[..], Vec::as_slice);
        let same = |a: &String, b: &String| if slot == Slot::Equipment { same_but_number(a, b) } else { a == b };
        words.iter().chain(reference).any(|form| !form.is_empty() && gold.iter().any(|known| same(form, known)))
    }

    /// A role as a message shows it: its words, and the name they lead to.
    #[must_use]
    pub fn shown(&self, span: ByteSpan) -> String {
        let words = self.words(span);
        let name = self.reference_of(span).and_then(|index| self.references[index].names.first());
        name.filter(|name| name.as_str() != words).map_or_else(|| words.to_owned(), |name| format!("{words} = {name}"))
    }

    fn words(&self, span: ByteSpan) -> &'a str {
        self.text.get(span.range()).unwrap_or("")
    }
}

/// Words as they are compared: small letters, straight quotes, single spaces, no determiner before and no possessive after.
#[must_use]
pub fn folded(words: &str) -> String {
    let straight = words.to_lowercase().replace(['‘', '’'], "'").replace(['“', '”'], "\"").replace(['‐', '‑', '–'], "-");
    let mut parts: Vec<&str> = straight.split_whitespace().collect();
    while parts.len() > 1 && DETERMINERS.contains(&parts[0]) {
        parts.remove(0);
    }
    let joined = parts.join(" ");
    let bare = joined.strip_suffix("'s").or_else(|| joined.strip_suffix('\'')).unwrap_or(&joined);
    bare.trim().to_owned()
}

/// Whether two folded phrases differ at most in the number of their head, which is the last word.
#[must_use]
pub fn same_but_number(a: &str, b: &str) -> bool {
    fn split(words: &str) -> (&str, &str) {
        words.rsplit_once(' ').unwrap_or(("", words))
    }
    let ((before_a, head_a), (before_b, head_b)) = (split(a), split(b));
    before_a == before_b && same_noun(head_a, head_b)
}

/// Whether two folded words are one noun in either number.
#[must_use]
pub fn same_noun(a: &str, b: &str) -> bool {
    a == b || plural_of(a, b) || plural_of(b, a)
}

fn plural_of(plural: &str, singular: &str) -> bool {
    let swapped = |one: &str, many: &str| singular.strip_suffix(one).is_some_and(|stem| plural.strip_suffix(many) == Some(stem));
    plural.strip_suffix('s') == Some(singular)
        || plural.strip_suffix("es") == Some(singular)
        || swapped("y", "ies")
        || swapped("man", "men")
        || swapped("f", "ves")
        || swapped("fe", "ves")
        || (singular, plural) == ("person", "people")
        || (singular, plural) == ("child", "children")
}

/// Whether the head of gold's counted words is among the predicted ones, in either number.
#[must_use]
pub fn holds_head(gold: &str, predicted: &str) -> bool {
    let (gold, predicted) = (folded(gold), folded(predicted));
    let is_edge = |c: char| c.is_whitespace() || c == '-';
    let head = gold.rsplit(is_edge).next().unwrap_or("");
    predicted.split(is_edge).any(|word| !word.is_empty() && same_noun(word, head))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_fold() {
        assert_eq!(folded("The  Coast\u{a0}Guard’s"), "coast guard");
        assert_eq!(folded("the"), "the");
        assert_eq!(folded("the Houthis'"), "houthis");
        assert_eq!(folded("’"), "");
        assert_eq!(folded("An-196"), "an-196");
    }

    #[test]
    fn heads_match_in_either_number() {
        assert!(same_but_number("patrol boat", "patrol boats"));
        assert!(same_but_number("ferries", "ferry"));
        assert!(same_but_number("gunmen", "gunman"));
        assert!(!same_but_number("patrol boats", "boats"));
        assert!(holds_head("North Korean soldiers", "soldiers from the North"));
        assert!(holds_head("long-range drones", "drone"));
        assert!(!holds_head("police officers", "police"));
        assert!(!holds_head("soldiers", ""));
    }
}
