//! Scores of what a page gives: its main text, and what it says of the article.

use super::align::Alignment;
use super::gold::GoldArticle;
use super::score::{Counts, Fault, Field, Item, Row, Tally};
use crate::types::{ByteSpan, Document};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The fewest words of a stretch left in or left out that is worth a line.
const WORDS_WORTH_A_LINE: usize = 4;

/// Adds the main text's words, and the stretches that are missing or too much.
pub fn text(gold: &GoldArticle, document: Option<&Document>, alignment: &Alignment, tally: &mut Tally, items: &mut Vec<Item>) {
    let found = document.map_or("", |document| document.text.as_str());
    tally.add_text(bag(&gold.text, found));
    if document.is_none() {
        return;
    }
    let (missing, extra) = alignment.differences();
    let mut list = |spans: Vec<ByteSpan>, text: &str, fault| {
        for words in spans.into_iter().map(|span| span.of(text)) {
            if words.split_whitespace().count() >= WORDS_WORTH_A_LINE {
                let (slot, article) = (Row::Text.to_string(), gold.name.clone());
                items.push(Item { slot, fault, article, sentence: String::new(), words: clipped(words, 100), gold: None, predicted: None });
            }
        }
    };
    list(missing, &gold.text, Fault::Missed);
    list(extra, found, Fault::Spurious);
}

/// Words that two texts share, each as often as both have it.
fn bag(gold: &str, found: &str) -> Counts {
    fn words(text: &str) -> impl Iterator<Item = String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
    }
    let mut left: BTreeMap<String, usize> = BTreeMap::new();
    let mut counts = Counts::default();
    for word in words(gold) {
        *left.entry(word).or_default() += 1;
        counts.gold += 1;
    }
    for word in words(found) {
        counts.predicted += 1;
        if let Some(rest) = left.get_mut(&word).filter(|rest| **rest > 0) {
            *rest -= 1;
            counts.right += 1;
        }
    }
    counts
}

/// Adds each field of what the page says of the article.
pub fn meta(gold: &GoldArticle, document: Option<&Document>, tally: &mut Tally, items: &mut Vec<Item>) {
    let day = |date: Option<Date>| date.map(|date| date.to_string());
    let list = |names: &[String]| (!names.is_empty()).then(|| names.join("; "));
    let (right, found) = (&gold.meta, document.map(|document| &document.meta));
    let fields = [
        (Field::Headline, right.headline.clone(), found.and_then(|m| m.headline.clone())),
        (Field::Author, list(&right.author), found.and_then(|m| list(&m.authors))),
        (Field::Published, day(right.published), found.and_then(|m| day(m.published))),
        (Field::Modified, day(right.modified), found.and_then(|m| day(m.modified))),
        (Field::Publisher, right.publisher.clone(), found.and_then(|m| m.publisher.clone())),
        (Field::Agency, right.agency.clone(), found.and_then(|m| m.agency.clone())),
        (Field::Url, right.url.clone(), found.and_then(|m| m.url.clone())),
        (Field::Language, right.language.clone(), found.and_then(|m| m.language.clone())),
        (Field::Dateline, right.dateline.clone(), found.and_then(|m| m.dateline.as_ref().map(|line| line.text.clone()))),
    ];
    for (field, gold_words, found_words) in fields {
        let same = gold_words.as_deref().zip(found_words.as_deref()).is_some_and(|(a, b)| bare(field, a) == bare(field, b));
        let counts =
            Counts { gold: usize::from(gold_words.is_some()), predicted: usize::from(found_words.is_some()), right: usize::from(same) };
        let row = Row::Meta(field);
        tally.add(row, counts);
        if !counts.perfect() {
            let fault = match (counts.gold, counts.predicted) {
                (_, 0) => Fault::Missed,
                (0, _) => Fault::Spurious,
                _ => Fault::Wrong,
            };
            let (slot, article) = (row.to_string(), gold.name.clone());
            let words = field.name().to_owned();
            items.push(Item { slot, fault, article, sentence: String::new(), words, gold: gold_words, predicted: found_words });
        }
    }
}

/// A field's words as they are compared.
fn bare(field: Field, words: &str) -> String {
    let straight = words.replace(['‘', '’'], "'").replace(['“', '”'], "\"").replace(['–', '—'], "-");
    let one_line = straight.split_whitespace().collect::<Vec<_>>().join(" ");
    match field {
        Field::Url => one_line.trim_end_matches('/').to_owned(),
        Field::Dateline => one_line.trim_end_matches(['-', ' ']).to_lowercase(),
        Field::Author => {
            let mut names: Vec<String> = one_line.split("; ").map(str::to_lowercase).collect();
            names.sort();
            names.join("; ")
        }
        _ => one_line.to_lowercase(),
    }
}

/// At most so many characters of a text, on one line.
#[must_use]
pub fn clipped(words: &str, most: usize) -> String {
    let one_line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match one_line.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", one_line[..end].trim_end()),
        None => one_line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_count_as_often_as_both_texts_have_them() {
        assert_eq!(bag("The café, the cat.", "the CAFÉ cat cat"), Counts { gold: 4, predicted: 4, right: 3 });
        assert_eq!(bag("", ""), Counts::default());
    }

    #[test]
    fn fields_are_compared_without_their_dress() {
        assert_eq!(bare(Field::Headline, "Ship’s  crew"), bare(Field::Headline, "ship's crew"));
        assert_eq!(bare(Field::Url, "https://a.example/b/"), "https://a.example/b");
        assert_eq!(bare(Field::Author, "B C; a d"), "a d; b c");
        assert_eq!(bare(Field::Dateline, "ADEN, May 3 —"), "aden, may 3");
    }

    #[test]
    fn clipping_keeps_characters_whole() {
        assert_eq!(clipped("é🚢 x\ny", 3), "é🚢…");
        assert_eq!(clipped("é\u{a0}b", 3), "é b");
    }
}
