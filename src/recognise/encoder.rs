//! A small transformer that labels the tokens of sentences: the learned part of recognition.
//!
//! Weights and activations are bytes, each row of activations with a scale of its own; sentences are laid end to end without padding. So the
//! numbers that a sentence gets are the same bits whatever else is read with it, in however many threads, on whatever CPU.

pub mod attention;
pub mod decode;
pub mod file;
pub mod labels;
pub mod linear;
pub mod network;
pub mod ops;
pub mod pieces;
pub mod simd;
pub mod windows;

use crate::error::{Error, Result};
use decode::{Found, Logits};
use file::Model;
use labels::Labels;
use network::{Batch, Scratch};
use pieces::{Cutter, Kept};
use rustc_hash::FxHashMap;
use simd::Cpu;
use std::sync::{Mutex, PoisonError};

/// Pieces that go through the layers together: what bounds the memory of a thread.
const BATCH: usize = 512;

/// A token classifier. To be shared between threads.
#[derive(Debug)]
pub struct Encoder {
    model: Model,
    cutter: Cutter,
    /// Rooms that no thread is in.
    rooms: Mutex<Vec<Room>>,
}

/// What a thread needs room for, kept from call to call.
#[derive(Debug, Default)]
struct Room {
    kept: Kept,
    scratch: Scratch,
    batch: Batch,
    /// For each wanted piece of the batch, whose row it is: sentence and token.
    owners: Vec<(usize, usize)>,
    pieces: Vec<network::Piece>,
    starts: Vec<usize>,
}

impl Encoder {
    /// Reads the bytes of a model file; `file` is its name for errors.
    ///
    /// # Errors
    /// When it is none; names the tensor or entry.
    pub fn load(file: &str, bytes: &[u8]) -> Result<Self> {
        Self::load_for(bytes, Cpu::detect()).map_err(|e| match e {
            Error::Data { place, reason, .. } => Error::Data { file: file.to_owned(), place, reason },
            other => other,
        })
    }

    /// Reads a model file, to run in the instructions of `cpu`.
    ///
    /// # Errors
    /// When it is none.
    pub fn load_for(bytes: &[u8], cpu: Cpu) -> Result<Self> {
        let model = file::read(bytes, cpu)?;
        let cutter = Cutter::new(&model.vocabulary)?;
        Ok(Self { model, cutter, rooms: Mutex::default() })
    }

    /// What it tells apart.
    #[must_use]
    pub fn labels(&self) -> &Labels {
        &self.model.labels
    }

    /// The numbers of each token of each sentence, for each label. A sentence that comes more than once is read once.
    #[must_use]
    pub fn logits<'t, S: AsRef<[&'t str]>>(&self, sentences: &[S]) -> Vec<Logits> {
        let mut room = self.rooms.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        let mut firsts: FxHashMap<&[&str], usize> = FxHashMap::default();
        let mut all: Vec<Logits> = Vec::with_capacity(sentences.len());
        let mut again = Vec::new();
        for (number, sentence) in sentences.iter().enumerate() {
            let tokens = sentence.as_ref();
            let first = *firsts.entry(tokens).or_insert(number);
            all.push(Logits::new(if first == number { tokens.len() } else { 0 }, self.labels().count()));
            if first == number {
                self.enqueue(number, tokens, &mut room, &mut all);
            } else {
                again.push((number, first));
            }
        }
        self.flush(&mut room, &mut all);
        for (number, first) in again {
            all[number] = all[first].clone();
        }
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner).push(room);
        all
    }

    /// The mentions of each sentence, in order.
    #[must_use]
    pub fn find<'t, S: AsRef<[&'t str]>>(&self, sentences: &[S]) -> Vec<Vec<Found>> {
        self.logits(sentences).iter().map(|logits| decode::decode(logits, &self.model.labels, &self.model.temperature)).collect()
    }

    /// Word pieces of a sentence, markers included: what the speed is counted in.
    #[must_use]
    pub fn count_pieces(&self, tokens: &[&str]) -> usize {
        let (mut kept, mut pieces) = (Kept::default(), Vec::new());
        for token in tokens {
            self.cutter.cut(token, &mut kept, &mut pieces);
        }
        pieces.len() + 2
    }

    /// Adds a sentence to the batch, which runs whenever it is full.
    fn enqueue(&self, number: usize, tokens: &[&str], room: &mut Room, all: &mut [Logits]) {
        room.pieces.clear();
        room.starts.clear();
        for token in tokens {
            room.starts.push(room.pieces.len());
            self.cutter.cut(token, &mut room.kept, &mut room.pieces);
        }
        room.starts.push(room.pieces.len());
        for window in windows::windows(&room.starts, self.model.positions - 2) {
            let pieces = room.starts[window.tokens.start]..room.starts[window.tokens.end];
            if room.batch.pieces.len() + pieces.len() + 2 > BATCH {
                self.flush(room, all);
            }
            // Where the first piece of the sentence would be in the batch.
            let shift = room.batch.pieces.len() + 1;
            let Batch { pieces: laid, lengths, wanted } = &mut room.batch;
            laid.push(self.cutter.opening);
            laid.extend_from_slice(&room.pieces[pieces.clone()]);
            laid.push(self.cutter.ending);
            lengths.push(pieces.len() + 2);
            for token in window.kept {
                wanted.push(shift + room.starts[token] - pieces.start);
                room.owners.push((number, token));
            }
        }
    }

    /// Runs the batch and empties it.
    fn flush(&self, room: &mut Room, all: &mut [Logits]) {
        let Room { scratch, batch, owners, .. } = room;
        if !batch.pieces.is_empty() {
            let width = self.model.network.head.outputs();
            let rows = self.model.network.run(batch, scratch);
            for (row, (sentence, token)) in rows.chunks_exact(width).zip(owners.drain(..)) {
                let to = all[sentence].row_mut(token);
                to.copy_from_slice(&row[..to.len()]);
            }
        }
        batch.pieces.clear();
        batch.lengths.clear();
        batch.wanted.clear();
    }
}

/// A fault of a model file at a tensor or entry; who reads the file adds its name.
fn fault(place: &str, reason: impl ToString) -> Error {
    Error::Data { file: "model".to_owned(), place: place.to_owned(), reason: reason.to_string() }
}
