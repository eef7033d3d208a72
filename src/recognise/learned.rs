//! What the learned model takes for mentions.

use super::encoder::Encoder;
use super::merge::Candidate;
use super::scene::{Scene, listed};
use super::words::{DESIGNATION, FUNCTION, GEAR_HEAD, GEAR_WEAK, VESSEL, shape};
use crate::error::Result;
use crate::types::{ByteSpan, Document, Kind, Split, Via};
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use std::ops::Range;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

/// Sentences that are remembered, so that those of reprints are read once; past so many all are forgotten.
const REMEMBERED: usize = 1 << 16;

/// Which learned model joins gazetteers and rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Model {
    /// None.
    Rules,
    /// The small one.
    #[default]
    Fast,
    /// The large one, which the small one learnt from.
    Accurate,
}

impl Model {
    /// Every model.
    pub const ALL: [Model; 3] = [Model::Rules, Model::Fast, Model::Accurate];

    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Model::Rules => "rules",
            Model::Fast => "fast",
            Model::Accurate => "accurate",
        }
    }

    /// Its file, as it stands in the binary.
    #[must_use]
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Model::Rules => &[],
            Model::Fast => include_bytes!("../../models/recogniser/fast.safetensors"),
            Model::Accurate => include_bytes!("../../models/recogniser/accurate.safetensors"),
        }
    }
}

impl FromStr for Model {
    type Err = String;

    fn from_str(name: &str) -> std::result::Result<Model, String> {
        Model::ALL.into_iter().find(|m| m.name() == name).ok_or_else(|| format!("no recogniser {name}: fast, accurate or rules"))
    }
}

/// A mention by its tokens in a sentence.
type Found = (Range<usize>, Kind, f32);

/// A learned model, and what it said of the sentences seen last.
pub(super) struct Learned {
    encoder: Encoder,
    /// The kind of each of the model's.
    kinds: Vec<Option<Kind>>,
    seen: Mutex<FxHashMap<[u8; 16], Arc<[Found]>>>,
}

impl std::fmt::Debug for Learned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Learned").field("kinds", &self.kinds).finish_non_exhaustive()
    }
}

impl Learned {
    /// The model, ready to run; none for [`Model::Rules`].
    pub(super) fn load(model: Model) -> Result<Option<Learned>> {
        if model == Model::Rules {
            return Ok(None);
        }
        let encoder = Encoder::load(&format!("models/recogniser/{}.safetensors", model.name()), model.bytes())?;
        let kinds = encoder.labels().kinds().iter().map(|name| Kind::from_name(name)).collect();
        Ok(Some(Learned { encoder, kinds, seen: Mutex::default() }))
    }

    /// Candidates from every sentence that can hold a mention.
    pub(super) fn find(&self, document: &Document, split: &Split, scene: &Scene<'_>, out: &mut Vec<Candidate>) {
        let mut known: Vec<(usize, Arc<[Found]>)> = Vec::new();
        let mut new: Vec<(usize, [u8; 16])> = Vec::new();
        {
            let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            for (at, (sentence, (atoms, _))) in split.sentences.iter().zip(&scene.atoms.sentences).enumerate() {
                if !may_name(scene, atoms) {
                    continue;
                }
                let key = key(document, split, sentence.tokens.clone());
                match seen.get(&key) {
                    Some(found) => known.push((at, Arc::clone(found))),
                    None => new.push((at, key)),
                }
            }
        }
        let words: Vec<Vec<&str>> = new
            .iter()
            .map(|(at, _)| split.tokens[split.sentences[*at].tokens.clone()].iter().map(|t| t.span.of(&document.text)).collect())
            .collect();
        for ((at, key), found) in new.into_iter().zip(self.encoder.find(&words)) {
            let found: Arc<[Found]> =
                found.into_iter().filter_map(|f| Some((f.tokens, (*self.kinds.get(f.kind)?)?, f.probability))).collect();
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            if seen.len() >= REMEMBERED {
                seen.clear();
            }
            seen.insert(key, Arc::clone(&found));
            known.push((at, found));
        }
        for (at, found) in known {
            let tokens = &split.tokens[split.sentences[at].tokens.clone()];
            out.extend(found.iter().map(|(range, kind, score)| {
                let span = ByteSpan { start: tokens[range.start].span.start, end: tokens[range.end - 1].span.end };
                let span = if matches!(kind, Kind::Equipment | Kind::MilitaryUnit) { behind_people(scene, span) } else { span };
                Candidate { span, kind: *kind, score: *score, via: Via::Learned, entry: None, time: None }
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

fn key(document: &Document, split: &Split, tokens: Range<usize>) -> [u8; 16] {
    let mut digest = Sha256::new();
    for token in &split.tokens[tokens] {
        digest.update(token.span.of(&document.text).as_bytes());
        digest.update(b"\n");
    }
    let digest = digest.finalize();
    std::array::from_fn(|at| digest[at])
}
