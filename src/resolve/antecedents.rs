//! The reader of antecedents: a small transformer that is asked about one description at a time, and says which of the phrases round it are the same thing.
//!
//! The description is marked in its sentence, with what stands before; each other phrase gets a number at its head, and so does "none of them", at the
//! description's own. Their shares are by softmax, as in mention ranking (Denis and Baldridge 2008), learnt by the shares of all that are right together
//! (Lee et al. 2017). Training and figures: `models/coreference/README.md`.

use super::phrases::Phrase;
use crate::encoder::Encoder;
use crate::encoder::decode::{Logits, probabilities};
use crate::encoder::marked::{Around, Laid, MARKED};
use crate::encoder::memory::Memory;
use crate::error::{Error, Result};
use crate::types::{ByteSpan, Document, Split};

const FILE: &str = "models/coreference/antecedents.safetensors";
static MODEL: &[u8] = include_bytes!("../../models/coreference/antecedents.safetensors");
const ROOM: Around = Around { sentences: 8, pieces: 128 };

/// The model, shared by all threads.
#[derive(Debug)]
pub struct Antecedents {
    encoder: Encoder,
    /// Columns: of the same thing, and of none.
    same: usize,
    none: usize,
    /// By row, both columns.
    seen: Memory<[(f32, f32)]>,
}

impl Antecedents {
    /// The built-in model.
    ///
    /// # Errors
    /// When its file is none.
    pub fn load() -> Result<Antecedents> {
        let encoder = Encoder::load(FILE, MODEL)?;
        let fault = |place: &str, reason: &str| Error::Data { file: FILE.to_owned(), place: place.to_owned(), reason: reason.to_owned() };
        let column = |name: &str| encoder.outputs().iter().position(|o| o == name);
        let (Some(same), Some(none)) = (column("same"), column("none")) else { return Err(fault("labels", "lacks same or none")) };
        if encoder.types() <= usize::from(MARKED) {
            return Err(fault("embeddings.type", "has no type for what is asked about"));
        }
        Ok(Antecedents { encoder, same, none, seen: Memory::default() })
    }

    /// The bytes of the built-in model.
    #[must_use]
    pub(crate) fn model() -> &'static [u8] {
        MODEL
    }

    /// For each phrase that is asked about, the phrases within reach and their shares.
    pub(super) fn read(&self, document: &Document, split: &Split, phrases: &[Phrase], asked: &[usize]) -> Vec<Vec<(usize, f32)>> {
        let words = |at: usize| ByteSpan { start: phrases[at].span.start.min(phrases[at].head.start), end: phrases[at].head.end };
        let laid: Vec<Option<Laid>> = asked.iter().map(|at| self.encoder.lay_out(document, split, words(*at), ROOM)).collect();
        let there: Vec<&Laid> = laid.iter().flatten().collect();
        let tell = |_: &Laid, logits: &Logits| logits.rows().map(|row| (row[self.same], row[self.none])).collect();
        let mut told = self.encoder.ask(&there, &self.seen, tell).into_iter();
        asked
            .iter()
            .zip(&laid)
            .map(|(at, laid)| {
                let (laid, told) = laid.as_ref().and_then(|laid| Some((laid, told.next()?)))?;
                Some(shares(*at, laid, &told, split, phrases))
            })
            .map(Option::unwrap_or_default)
            .collect()
    }
}

/// The shares of the phrases whose heads are read with a phrase.
fn shares(asked: usize, laid: &Laid, told: &[(f32, f32)], split: &Split, phrases: &[Phrase]) -> Vec<(usize, f32)> {
    let row = |head: ByteSpan| {
        let token = split.tokens.partition_point(|t| t.span.end <= head.start);
        laid.tokens.binary_search(&token).ok()
    };
    let own = &phrases[asked];
    let Some(none) = row(own.head).map(|row| told[row].1) else { return Vec::new() };
    let others = phrases.iter().enumerate().filter(|(at, p)| *at != asked && !p.span.overlaps(own.span));
    let (found, numbers): (Vec<usize>, Vec<f32>) = others.filter_map(|(at, p)| Some((at, told[row(p.head)?].0))).unzip();
    let mut numbers = numbers;
    numbers.push(none);
    let mut shares = Vec::new();
    probabilities(&numbers, 1.0, &mut shares);
    found.into_iter().zip(shares).collect()
}
