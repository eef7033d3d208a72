//! A small transformer that labels the tokens of sentences: the learned part of recognition and of extraction.
//!
//! Weights and activations are bytes, each row of activations with a scale of its own; sentences are laid end to end without padding. So the
//! numbers that a sentence gets are the same bits whatever else is read with it, in however many threads, on whatever CPU.

pub mod attention;
pub mod decode;
pub mod file;
pub mod labels;
pub mod linear;
pub mod memory;
pub mod network;
pub mod ops;
pub mod pieces;
pub mod simd;
pub mod windows;

use crate::error::{Error, Result};
use crate::limits;
use decode::Logits;
use file::Model;
use network::{Batch, Piece, Scratch};
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

/// Pieces laid out by hand: markers, parts, and token types of a model's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sequence {
    /// All pieces, no more than [`Encoder::positions`], each of a type below [`Encoder::types`].
    pub pieces: Vec<Piece>,
    /// Those whose numbers are asked for, in rising order.
    pub wanted: Vec<usize>,
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

    /// The names of the classifier's numbers, in their order.
    #[must_use]
    pub fn outputs(&self) -> &[String] {
        &self.model.outputs
    }

    /// What the numbers are divided by for probabilities, by what they speak of.
    #[must_use]
    pub fn temperature(&self) -> &[f32] {
        &self.model.temperature
    }

    /// Most pieces that are read together, markers included.
    #[must_use]
    pub fn positions(&self) -> usize {
        self.model.positions
    }

    /// How many token types it knows: the casings, and what a model adds.
    #[must_use]
    pub fn types(&self) -> usize {
        self.model.network.embeddings.types.len() / self.model.network.hidden
    }

    /// The numbers of each token of each sentence, for each label. A sentence that comes more than once is read once.
    #[must_use]
    pub fn logits<'t, S: AsRef<[&'t str]>>(&self, sentences: &[S]) -> Vec<Logits> {
        let mut room = self.enter();
        let mut firsts: FxHashMap<&[&str], usize> = FxHashMap::default();
        let mut all: Vec<Logits> = Vec::with_capacity(sentences.len());
        let mut again = Vec::new();
        for (number, sentence) in sentences.iter().enumerate() {
            let tokens = sentence.as_ref();
            let first = *firsts.entry(tokens).or_insert(number);
            all.push(Logits::new(if first == number { tokens.len() } else { 0 }, self.outputs().len()));
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
        self.leave(room);
        all
    }

    /// The numbers of the wanted pieces of each sequence, for each label.
    #[must_use]
    pub fn read(&self, sequences: &[Sequence]) -> Vec<Logits> {
        let mut room = self.enter();
        let mut all: Vec<Logits> = sequences.iter().map(|s| Logits::new(s.wanted.len(), self.outputs().len())).collect();
        for (number, sequence) in sequences.iter().enumerate() {
            if room.batch.pieces.len() + sequence.pieces.len() > BATCH {
                self.flush(&mut room, &mut all);
            }
            let shift = room.batch.pieces.len();
            room.batch.pieces.extend_from_slice(&sequence.pieces);
            room.batch.lengths.push(sequence.pieces.len());
            room.batch.wanted.extend(sequence.wanted.iter().map(|at| shift + at));
            room.owners.extend((0..sequence.wanted.len()).map(|row| (number, row)));
        }
        self.flush(&mut room, &mut all);
        self.leave(room);
        all
    }

    /// The pieces of each of some tokens.
    #[must_use]
    pub fn cut(&self, tokens: &[&str]) -> Vec<Vec<Piece>> {
        let mut room = self.enter();
        let cut = |token: &&str| {
            let mut pieces = Vec::new();
            self.cutter.cut(token, &mut room.kept, &mut pieces);
            pieces
        };
        let cut = tokens.iter().map(cut).collect();
        self.leave(room);
        cut
    }

    /// What opens a sequence, and what ends each of its parts.
    #[must_use]
    pub fn markers(&self) -> (Piece, Piece) {
        (self.cutter.opening, self.cutter.ending)
    }

    fn enter(&self) -> Room {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    fn leave(&self, room: Room) {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner).push(room);
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
        limits::check();
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
