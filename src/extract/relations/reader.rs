//! The relation reader: a small transformer that says which words of a sentence tell of something between named things, and is then asked about each of
//! them: what it tells of, and whose words are its sides.
//!
//! The word that is asked about is marked as the number is for the claim reader, as Shi and Lin (2019) mark the predicate whose roles they ask for.
//! Training and figures: `models/relations/README.md`.

use crate::encoder::Encoder;
use crate::encoder::decode::Logits;
use crate::encoder::marked::{Around, Laid, MARKED};
use crate::encoder::memory::Memory;
use crate::error::Result;
use crate::extract::answer::{Answer, Questions, fault};
use crate::types::{ByteSpan, Document, Split};
use std::ops::Range;
use std::sync::Arc;

const FILE: &str = "models/relations/reader.safetensors";
/// The sentence alone.
const ROOM: Around = Around { sentences: 0, pieces: 128 };
/// A word as probable as this is asked about.
const ASKED: f32 = 0.15;

/// A word that tells of something between named things.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::extract) struct Told {
    /// Where it stands.
    pub span: ByteSpan,
    /// How probable it is that it does, in the mean of the sentence's reading and the word's own.
    pub probability: f32,
    /// What it tells.
    pub answer: Answer,
}

/// The model, shared by all threads.
#[derive(Debug)]
pub(in crate::extract) struct RelationReader {
    encoder: Encoder,
    questions: Questions,
    seen: Memory<Asked>,
}

/// What is said of a word asked about, and the shares of events.
#[derive(Debug)]
struct Asked {
    answer: Answer<Range<usize>>,
    shares: Vec<f32>,
}

impl RelationReader {
    /// The built-in model.
    pub(in crate::extract) fn load() -> Result<RelationReader> {
        let encoder = Encoder::load(FILE, MODEL)?;
        let questions = Questions::new("relation reader", encoder.outputs(), &[], FILE)?;
        if encoder.types() <= usize::from(MARKED) {
            return Err(fault(FILE, "there is no token type for the word that is asked about"));
        }
        Ok(RelationReader { encoder, questions, seen: Memory::default() })
    }

    /// What tells of something in each of some sentences of a document.
    pub(in crate::extract) fn read(&self, document: &Document, split: &Split, sentences: Vec<usize>) -> Vec<(usize, Vec<Told>)> {
        let words = |at: &usize| -> Vec<&str> {
            split.tokens[split.sentences[*at].tokens.clone()].iter().map(|t| t.span.of(&document.text)).collect()
        };
        let read = self.encoder.logits(&sentences.iter().map(words).collect::<Vec<_>>());
        let (mut asked, mut before) = (Vec::new(), Vec::new());
        for (nth, (at, logits)) in sentences.iter().zip(&read).enumerate() {
            let first = split.sentences[*at].tokens.start;
            for (token, row) in logits.rows().enumerate() {
                let shares = self.questions.shares(row);
                let span = split.tokens[first + token].span;
                if self.questions.told(&shares) >= ASKED
                    && let Some(laid) = self.encoder.lay_out(document, split, span, ROOM)
                {
                    asked.push((nth, span, laid));
                    before.push(shares);
                }
            }
        }
        let laid: Vec<&Laid> = asked.iter().map(|(_, _, laid)| laid).collect();
        let answers = self.encoder.ask(&laid, &self.seen, |laid, logits| Arc::new(self.ask(logits, laid.row)));
        let mut told: Vec<(usize, Vec<Told>)> = sentences.into_iter().map(|at| (at, Vec::new())).collect();
        for ((nth, span, laid), (before, asked)) in asked.into_iter().zip(before.into_iter().zip(answers)) {
            let mean: Vec<f32> = before.iter().zip(&asked.shares).map(|(a, b)| (a + b) / 2.0).collect();
            let mut answer = asked.answer.in_text(&laid, split);
            (answer.none, answer.event) = self.questions.event(&mean);
            told[nth].1.push(Told { span, probability: self.questions.told(&mean), answer });
        }
        told
    }

    fn ask(&self, logits: &Logits, row: usize) -> Asked {
        let (answer, shares) = self.questions.answer(logits, row);
        Asked { answer, shares }
    }
}

/// The model's file, as it stands in the binary.
pub(in crate::extract) static MODEL: &[u8] = include_bytes!("../../../models/relations/reader.safetensors");
