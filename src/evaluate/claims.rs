//! Scores of claims and relations: which belong together, and then slot by slot.

use super::calibration::Judged;
use super::gold::{GoldArticle, GoldClaim};
use super::names::Names;
use super::page::clipped;
use super::score::{Counts, Fault, Item, Row, SlotRow, Tally};
use super::slots::{Compared, common_roles, compare};
use crate::types::{Analysis, ByteSpan, Claim, Split};

/// How much of a sentence an item shows, in characters.
const SENTENCE_SHOWN: usize = 90;

/// One article's claims and relations on their way to the score.
pub struct Claims<'a> {
    gold: &'a GoldArticle,
    analysis: Option<&'a Analysis>,
    names: Option<Names<'a>>,
    to_document: &'a dyn Fn(ByteSpan) -> Option<ByteSpan>,
}

impl<'a> Claims<'a> {
    /// The claims and relations of an article. `to_document` maps spans of gold.
    #[must_use]
    pub fn new(gold: &'a GoldArticle, analysis: Option<&'a Analysis>, to_document: &'a dyn Fn(ByteSpan) -> Option<ByteSpan>) -> Claims<'a> {
        Claims { gold, analysis, names: analysis.map(|analysis| Names::new(gold, analysis)), to_document }
    }

    /// Adds the numbers that were recognised, whether or not a claim was made of them.
    pub fn numbers(&self, tally: &mut Tally) {
        let found: Vec<ByteSpan> = self.analysis.map_or_else(Vec::new, |analysis| {
            analysis.extraction.quantities.iter().filter(|q| q.measure.is_reported()).map(|q| q.span).collect()
        });
        let mut right: Vec<ByteSpan> = self.gold.claims.iter().filter_map(|claim| Some(claim.figure.as_ref()?.span)).collect();
        right.sort();
        right.dedup();
        let mut free = found.clone();
        let mut hits = 0;
        for span in right.iter().filter_map(|span| (self.to_document)(*span)) {
            if let Some(place) = free.iter().position(|other| other.overlaps(span)) {
                free.remove(place);
                hits += 1;
            }
        }
        tally.add(Row::Numbers, Counts { gold: right.len(), predicted: found.len(), right: hits });
    }

    /// Adds the claims; gives each predicted claim's confidence and whether it was right at its core.
    pub fn claims(&self, tally: &mut Tally, items: &mut Vec<Item>) -> Vec<Judged> {
        let predicted = self.predicted(true);
        let numbers: Vec<Option<ByteSpan>> = self.gold.claims.iter().map(|claim| (self.to_document)(claim.figure.as_ref()?.span)).collect();
        let mut candidates = Vec::new();
        for (g, (claim, number)) in self.gold.claims.iter().zip(&numbers).enumerate() {
            for (p, other) in predicted.iter().enumerate() {
                let (Some(number), Some(figure)) = (number, &other.figure) else { continue };
                let span = figure.quantity.span;
                if span.overlaps(*number) {
                    // Of two claims on one number each takes the one of its event; else the closest words win.
                    let beyond = number.join(span).len() - (number.end.min(span.end) - number.start.max(span.start));
                    candidates.push((claim.event != other.event, beyond, g, p));
                }
            }
        }
        let pairs = one_to_one(candidates, self.gold.claims.len());
        let mut judged = Vec::new();
        let mut core = Counts { gold: pairs.len(), predicted: predicted.len(), right: 0 };
        let mut whole = core;
        for (g, p) in pairs.iter().enumerate() {
            let slots = compare(Some(&self.gold.claims[g]), p.map(|p| predicted[p]), self.names.as_ref());
            self.tally(&slots, Row::Claim, tally);
            let Some(p) = *p else { continue };
            let core_right = slots.iter().all(|slot| !slot.slot.is_core() || slot.counts.perfect());
            core.right += usize::from(core_right);
            whole.right += usize::from(all_right(&slots));
            judged.push(Judged { confidence: predicted[p].confidence, right: core_right });
        }
        for claim in unpaired(&predicted, &pairs) {
            self.tally(&compare(None, Some(claim), self.names.as_ref()), Row::Claim, tally);
            judged.push(Judged { confidence: claim.confidence, right: false });
        }
        tally.add(Row::Claims, Counts { right: pairs.iter().flatten().count(), ..core });
        tally.add(Row::ClaimsCore, core);
        tally.add(Row::ClaimsWhole, whole);
        self.list(&self.gold.claims, &predicted, &pairs, (Row::Claims, Row::Claim), items);
        judged
    }

    /// Adds the relations.
    pub fn relations(&self, tally: &mut Tally, items: &mut Vec<Item>) {
        let predicted = self.predicted(false);
        let mut candidates = Vec::new();
        if let (Some(analysis), Some(names)) = (self.analysis, &self.names) {
            for (g, relation) in self.gold.relations.iter().enumerate() {
                let Some(words) = (self.to_document)(relation.sentence) else { continue };
                let sentences = sentences(&analysis.split, words);
                for (p, other) in predicted.iter().enumerate() {
                    if sentences.contains(&other.sentence) && other.event == relation.event {
                        let common = common_roles(relation, other, names);
                        if common > 0 {
                            candidates.push((false, u32::MAX - u32::try_from(common).unwrap_or(u32::MAX), g, p));
                        }
                    }
                }
            }
        }
        let pairs = one_to_one(candidates, self.gold.relations.len());
        let found = Counts { gold: pairs.len(), predicted: predicted.len(), right: pairs.iter().flatten().count() };
        let mut whole = Counts { right: 0, ..found };
        for (g, p) in pairs.iter().enumerate() {
            let slots = compare(Some(&self.gold.relations[g]), p.map(|p| predicted[p]), self.names.as_ref());
            self.tally(&slots, Row::Relation, tally);
            whole.right += usize::from(p.is_some() && all_right(&slots));
        }
        for relation in unpaired(&predicted, &pairs) {
            self.tally(&compare(None, Some(relation), self.names.as_ref()), Row::Relation, tally);
        }
        tally.add(Row::Relations, found);
        tally.add(Row::RelationsWhole, whole);
        self.list(&self.gold.relations, &predicted, &pairs, (Row::Relations, Row::Relation), items);
    }

    fn predicted(&self, with_figure: bool) -> Vec<&'a Claim> {
        let all = self.analysis.map_or(&[][..], |analysis| &analysis.extraction.claims);
        all.iter().filter(|claim| claim.figure.is_some() == with_figure).collect()
    }

    fn tally(&self, slots: &[Compared], row: fn(SlotRow) -> Row, tally: &mut Tally) {
        for slot in slots {
            tally.add(row(slot.slot), slot.counts);
        }
    }

    /// Lists what is missed, spurious and wrong.
    fn list(
        &self,
        gold: &[GoldClaim],
        predicted: &[&Claim],
        pairs: &[Option<usize>],
        (whole, of_slot): (Row, fn(SlotRow) -> Row),
        items: &mut Vec<Item>,
    ) {
        let mut push = |row: Row, fault, sentence: String, words: String, gold_side, predicted_side| {
            let (slot, article) = (row.to_string(), self.gold.name.clone());
            items.push(Item { slot, fault, article, sentence, words, gold: gold_side, predicted: predicted_side });
        };
        let filled = |words: &str| (!words.is_empty()).then(|| words.to_owned());
        for (claim, pair) in gold.iter().zip(pairs) {
            let sentence = clipped(&self.gold.text[claim.sentence.start as usize..], SENTENCE_SHOWN);
            let slots = compare(Some(claim), pair.map(|p| predicted[p]), self.names.as_ref());
            let number = claim.figure.as_ref().map(|figure| figure.span.of(&self.gold.text));
            let words = number.map_or_else(|| claim.event.clone(), str::to_owned);
            if pair.is_none() {
                push(whole, Fault::Missed, sentence, words, Some(summary(&slots, |slot| &slot.gold)), None);
                continue;
            }
            for slot in slots.iter().filter(|slot| !slot.counts.perfect()) {
                let fault = match (slot.counts.gold, slot.counts.predicted) {
                    (_, 0) => Fault::Missed,
                    (0, _) => Fault::Spurious,
                    _ => Fault::Wrong,
                };
                push(of_slot(slot.slot), fault, sentence.clone(), words.clone(), filled(&slot.gold), filled(&slot.predicted));
            }
        }
        let Some(analysis) = self.analysis else { return };
        let text = &analysis.document.text;
        for claim in unpaired(predicted, pairs) {
            let sentence = analysis.split.sentences.get(claim.sentence).and_then(|sentence| text.get(sentence.span.range()));
            let number = claim.figure.as_ref().and_then(|figure| text.get(figure.quantity.span.range()));
            let words = number.map_or_else(|| claim.event.clone(), str::to_owned);
            let slots = compare(None, Some(claim), self.names.as_ref());
            let sentence = clipped(sentence.unwrap_or(""), SENTENCE_SHOWN);
            push(whole, Fault::Spurious, sentence, words, None, Some(summary(&slots, |slot| &slot.predicted)));
        }
    }
}

/// A claim's slots on one line.
fn summary(slots: &[Compared], side: impl Fn(&Compared) -> &String) -> String {
    let shown = slots.iter().filter(|slot| slot.slot != SlotRow::CountedPartly && !side(slot).is_empty());
    shown.map(|slot| format!("{}: {}", slot.slot.name(), side(slot))).collect::<Vec<_>>().join(", ")
}

fn all_right(slots: &[Compared]) -> bool {
    slots.iter().all(|slot| slot.counts.perfect())
}

/// Takes candidates from the best on; each side's item is used once. Gives each gold item's partner.
fn one_to_one(mut candidates: Vec<(bool, u32, usize, usize)>, gold: usize) -> Vec<Option<usize>> {
    candidates.sort();
    let mut pairs = vec![None; gold];
    let mut taken = Vec::new();
    for (_, _, g, p) in candidates {
        if pairs[g].is_none() && !taken.contains(&p) {
            pairs[g] = Some(p);
            taken.push(p);
        }
    }
    pairs
}

fn unpaired<'a>(predicted: &[&'a Claim], pairs: &[Option<usize>]) -> Vec<&'a Claim> {
    predicted.iter().enumerate().filter(|(p, _)| !pairs.contains(&Some(*p))).map(|(_, claim)| *claim).collect()
}

/// The sentences a quote of first words stands for: those it touches, and the one after a dateline.
fn sentences(split: &Split, words: ByteSpan) -> Vec<usize> {
    let first = split.sentences.partition_point(|sentence| sentence.span.end <= words.start);
    let mut touched = Vec::new();
    for (index, sentence) in split.sentences.iter().enumerate().skip(first) {
        let after_dateline = index.checked_sub(1).is_some_and(|before| touched.last() == Some(&before) && split.sentences[before].dateline);
        if !sentence.span.overlaps(words) && !after_dateline {
            break;
        }
        touched.push(index);
    }
    touched
}
