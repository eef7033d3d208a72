//! Scores of mentions.

use super::calibration::JudgedMention;
use super::gold::GoldArticle;
use super::page::clipped;
use super::score::{Counts, Fault, Item, Row, Tally};
use crate::types::{Analysis, ByteSpan, Kind, Mention};

/// One side's mention, its leading article dropped.
#[derive(Clone, Copy)]
struct Seen {
    /// `None` for a gold mention that the document's text does not have.
    span: Option<ByteSpan>,
    kind: Kind,
}

/// Adds the mentions of an article, and gives the predicted ones with what became of them. `to_document` maps spans of gold.
pub fn mentions(
    gold: &GoldArticle,
    analysis: Option<&Analysis>,
    to_document: &dyn Fn(ByteSpan) -> Option<ByteSpan>,
    tally: &mut Tally,
    items: &mut Vec<Item>,
) -> Vec<JudgedMention> {
    let text = analysis.map_or("", |analysis| analysis.document.text.as_str());
    let right: Vec<Seen> =
        gold.mentions.iter().map(|m| Seen { span: to_document(m.span).map(|span| without_article(text, span)), kind: m.kind }).collect();
    let predicted = analysis.map_or(&[][..], |analysis| &analysis.mentions);
    let found: Vec<Seen> = predicted.iter().map(|m| Seen { span: Some(without_article(text, m.span)), kind: m.kind }).collect();
    let exact = pair(&right, &found, |a, b| a.kind == b.kind && a.span == b.span, &vec![None; right.len()]);
    let overlapping = pair(&right, &found, |a, b| a.kind == b.kind && overlap(a, b), &exact);
    count(&right, &found, &exact, Row::Mention, Row::Mentions, tally);
    count(&right, &found, &overlapping, Row::MentionOverlapping, Row::MentionsOverlapping, tally);

    let loose = pair(&right, &found, overlap, &overlapping);
    let shown = |seen: &Seen| seen.span.and_then(|span| text.get(span.range())).unwrap_or("").to_owned();
    let mut list = |kind: Kind, fault, sentence, words, gold_side, predicted| {
        let (slot, article) = (Row::Mention(kind).to_string(), gold.name.clone());
        items.push(Item { slot, fault, article, sentence, words, gold: gold_side, predicted });
    };
    for (index, mention) in gold.mentions.iter().enumerate().filter(|(index, _)| exact[*index].is_none()) {
        let words = mention.span.of(&gold.text).to_owned();
        let sentence = context(&gold.text, mention.span);
        match loose[index].map(|other| &found[other]) {
            Some(other) => {
                let label = |words: &str, kind: Kind| Some(format!("{words} ({})", kind.name()));
                let (gold_side, predicted) = (label(&words, mention.kind), label(&shown(other), other.kind));
                list(mention.kind, Fault::Wrong, sentence, words, gold_side, predicted);
            }
            None => list(mention.kind, Fault::Missed, sentence, words, None, None),
        }
    }
    for (index, seen) in found.iter().enumerate().filter(|(index, _)| !loose.contains(&Some(*index))) {
        let sentence = found[index].span.map_or_else(String::new, |span| context(text, span));
        list(seen.kind, Fault::Spurious, sentence, shown(seen), None, None);
    }
    let judged = |(index, m): (usize, &Mention)| JudgedMention {
        article: gold.name.clone(),
        kind: m.kind,
        via: m.evidence.via.name(),
        other: m.evidence.other.name(),
        probability: m.evidence.probability,
        score: m.score,
        right: exact.contains(&Some(index)),
    };
    predicted.iter().enumerate().map(judged).collect()
}

fn overlap(a: &Seen, b: &Seen) -> bool {
    a.span.zip(b.span).is_some_and(|(a, b)| a.overlaps(b))
}

/// For each gold mention the first free predicted one that fits, beyond those `already` paired.
fn pair(right: &[Seen], found: &[Seen], fits: impl Fn(&Seen, &Seen) -> bool, already: &[Option<usize>]) -> Vec<Option<usize>> {
    let mut pairs = already.to_vec();
    let mut taken = vec![false; found.len()];
    for &index in already.iter().flatten() {
        taken[index] = true;
    }
    for (index, gold) in right.iter().enumerate() {
        let Some(span) = gold.span.filter(|_| pairs[index].is_none()) else { continue };
        // Mentions come in order and do not nest, so all that can fit stand together.
        let first = found.partition_point(|other| other.span.is_some_and(|s| s.end <= span.start));
        let near = found[first..].iter().take_while(|other| other.span.is_some_and(|s| s.start < span.end));
        if let Some(other) = near.enumerate().map(|(step, other)| (first + step, other)).find(|(i, other)| !taken[*i] && fits(gold, other))
        {
            taken[other.0] = true;
            pairs[index] = Some(other.0);
        }
    }
    pairs
}

fn count(right: &[Seen], found: &[Seen], pairs: &[Option<usize>], of_kind: impl Fn(Kind) -> Row, of_all: Row, tally: &mut Tally) {
    for kind in Kind::ALL {
        let counts = Counts {
            gold: right.iter().filter(|m| m.kind == kind).count(),
            predicted: found.iter().filter(|m| m.kind == kind).count(),
            right: right.iter().zip(pairs).filter(|(m, pair)| m.kind == kind && pair.is_some()).count(),
        };
        tally.add(of_kind(kind), counts);
        tally.add(of_all, counts);
    }
}

pub(super) fn without_article(text: &str, span: ByteSpan) -> ByteSpan {
    let words = text.get(span.range()).unwrap_or("");
    let Some((first, rest)) = words.split_once(char::is_whitespace) else { return span };
    if !["the", "a", "an"].iter().any(|article| first.eq_ignore_ascii_case(article)) || rest.trim_start().is_empty() {
        return span;
    }
    ByteSpan::new(span.end as usize - rest.trim_start().len(), span.end as usize)
}

/// A few words before and after a span, for people.
fn context(text: &str, span: ByteSpan) -> String {
    let before = text[..span.start as usize].char_indices().rev().nth(29).map_or(0, |(at, _)| at);
    clipped(&text[before..], 90)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leading_article_is_no_part_of_a_mention() {
        let text = "The\u{a0}Hague and the a The Élan";
        assert_eq!(without_article(text, ByteSpan::new(0, 10)).of(text), "Hague");
        assert_eq!(without_article(text, ByteSpan::new(15, 20)).of(text), "a");
        assert_eq!(without_article(text, ByteSpan::new(0, 3)).of(text), "The");
        let end = text.len();
        assert_eq!(without_article(text, ByteSpan::new(21, end)).of(text), "Élan");
    }
}
