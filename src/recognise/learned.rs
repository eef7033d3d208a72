//! What the learned model takes for mentions.

use super::equipment::names_site;
use super::merge::Candidate;
use super::scene::{Scene, listed};
use super::words::{DESIGNATION, FUNCTION, GEAR_HEAD, GEAR_NOT_AFTER, GEAR_WEAK, VESSEL, shape};
use crate::encoder::Encoder;
use crate::encoder::decode::decode;
use crate::encoder::labels::Labels;
use crate::encoder::memory::Memory;
use crate::error::{Error, Result};
use crate::types::{ByteSpan, Document, Kind, Split, Via};
use std::ops::Range;
use std::sync::Arc;

/// A mention by its tokens in a sentence.
type Found = (Range<usize>, Kind, f32);

/// A learned model, and what it said of the sentences seen last.
pub(super) struct Reader {
    encoder: Encoder,
    labels: Labels,
    /// The kind of each of the model's.
    kinds: Vec<Option<Kind>>,
    seen: Memory<[Found]>,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("kinds", &self.kinds).finish_non_exhaustive()
    }
}

impl Reader {
    /// A reader with a model of `file`; `inside_starts` as [`Labels::inside_starts`] has it.
    pub(super) fn new(file: &str, encoder: Encoder, inside_starts: bool) -> Result<Reader> {
        let labels = Labels::new(encoder.outputs().iter().map(String::as_str))?.inside_starts(inside_starts);
        let kinds: Vec<Option<Kind>> = labels.kinds().iter().map(|name| Kind::from_name(name)).collect();
        if encoder.temperature().len() != kinds.len() {
            return Err(Error::Data {
                file: file.to_owned(),
                place: "temperature".to_owned(),
                reason: "is not one number a kind".to_owned(),
            });
        }
        Ok(Reader { encoder, labels, kinds, seen: Memory::default() })
    }

    /// Candidates from every sentence that can hold a mention.
    pub(super) fn find(&self, document: &Document, split: &Split, scene: &Scene<'_>, out: &mut Vec<Candidate>) {
        let readable = split.sentences.iter().zip(&scene.atoms.sentences).enumerate().filter(|(_, (_, (atoms, _)))| may_name(scene, atoms));
        let (at, keys): (Vec<usize>, Vec<_>) =
            readable.map(|(at, (sentence, _))| (at, Memory::<[Found]>::key(words(document, split, sentence.tokens.clone())))).unzip();
        let mut known: Vec<(usize, Arc<[Found]>)> = Vec::new();
        let mut new = Vec::new();
        // Numbers that depend on what is read with them would depend on what was read before, too.
        let remembers = self.encoder.alone();
        let recalled = if remembers { self.seen.recall(&keys) } else { vec![None; keys.len()] };
        for ((at, key), found) in at.into_iter().zip(&keys).zip(recalled) {
            match found {
                Some(found) => known.push((at, found)),
                None => new.push((at, *key)),
            }
        }
        let sentences: Vec<Vec<&str>> =
            new.iter().map(|(at, _)| words(document, split, split.sentences[*at].tokens.clone()).collect()).collect();
        for ((at, key), logits) in new.into_iter().zip(self.encoder.logits(&sentences)) {
            let found = decode(&logits, &self.labels, self.encoder.temperature()).into_iter();
            let found: Arc<[Found]> = found.filter_map(|f| Some((f.tokens, (*self.kinds.get(f.kind)?)?, f.probability))).collect();
            if remembers {
                self.seen.keep(key, Arc::clone(&found));
            }
            known.push((at, found));
        }
        for (at, found) in known {
            let tokens = &split.tokens[split.sentences[at].tokens.clone()];
            out.extend(found.iter().filter_map(|(range, kind, score)| {
                let span = ByteSpan { start: tokens[range.start].span.start, end: tokens[range.end - 1].span.end };
                let (span, kind) = match kind {
                    Kind::Equipment => site(scene, behind_people(scene, span))?,
                    Kind::MilitaryUnit => (behind_people(scene, span), *kind),
                    _ => (span, *kind),
                };
                Some(Candidate { span, kind, score: *score, via: Via::Learned, entry: None, time: None })
            }));
        }
    }
}

/// Whether a sentence can hold a mention: it has a capital beside that of its first word, or a word for a piece of equipment.
fn may_name(scene: &Scene<'_>, atoms: &Range<usize>) -> bool {
    scene.atoms.all[atoms.clone()].iter().any(|atom| {
        let equipment = (atom.any | atom.exact) & (GEAR_HEAD | GEAR_WEAK | VESSEL | DESIGNATION) != 0;
        equipment || atom.upper() && !(atom.is(shape::FIRST) && atom.any & FUNCTION != 0)
    })
}

/// What is taken for equipment, or the place that it is: of "La Oroya gold mine" the name; nothing for "gold mine" and "fuel tanks".
fn site(scene: &Scene<'_>, span: ByteSpan) -> Option<(ByteSpan, Kind)> {
    let all = &scene.atoms.all;
    let (first, end) = (all.partition_point(|atom| atom.start < span.start), all.partition_point(|atom| atom.start < span.end));
    let word = scene.atoms.str(end - 1).to_lowercase();
    let held = end > 1 && scene.sets.containers.contains(word.as_str()) && all[end - 2].any & GEAR_NOT_AFTER != 0;
    if held {
        return None;
    }
    let name = (first..end).take_while(|at| names_site(scene, *at)).count();
    let within = first + 1 < end && scene.sets.sites.contains(word.as_str());
    let works = within && (name > 0 || all[end - 2].any & GEAR_NOT_AFTER != 0);
    if !works {
        return Some((span, Kind::Equipment));
    }
    (name > 0).then(|| (ByteSpan { start: span.start, end: all[first + name - 1].end }, Kind::Place))
}

/// The span without the names of peoples that it opens with: "Russian | T-72B3 tanks" are two mentions.
fn behind_people(scene: &Scene<'_>, span: ByteSpan) -> ByteSpan {
    let all = &scene.atoms.all;
    let first = all.partition_point(|atom| atom.start < span.start);
    let people = (first..all.len()).take_while(|at| all[*at].end < span.end && scene.listed[*at] & listed::NATION != 0).count();
    let next = first + people;
    // "Franco-German gunboat" keeps its hyphens.
    let apart = people > 0 && next < all.len() && !scene.atoms.between(next - 1, next).is_empty();
    if apart { ByteSpan { start: all[next].start, ..span } } else { span }
}

fn words<'d>(document: &'d Document, split: &'d Split, tokens: Range<usize>) -> impl Iterator<Item = &'d str> {
    split.tokens[tokens].iter().map(|t| t.span.of(&document.text))
}
