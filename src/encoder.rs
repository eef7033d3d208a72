//! A transformer that labels the tokens of sentences: the learned part of recognition and of extraction.
//!
//! Tokens are cut into pieces ([`pieces`]), these go in windows ([`windows`]) through an [`engine`] that gives each token its numbers, and
//! [`decode`] makes mentions of them; [`marked`] lays out words that a model is asked about. Engines differ in the numbers alone.
//!
//! The embedded models run in bytes ([`network`]): weights and activations are bytes, each row of activations with a scale of its own; sentences are
//! laid end to end without padding. So the numbers that a sentence gets are the same bits whatever else is read with it, in however many threads, on
//! whatever CPU. [`floats`] runs the same layers in single precision.

pub mod attention;
#[cfg(feature = "bert")]
pub mod checkpoint;
pub mod decode;
pub mod engine;
pub mod file;
pub mod floats;
pub mod labels;
pub mod linear;
pub mod marked;
pub mod memory;
pub mod network;
pub mod ops;
pub mod pieces;
pub mod pool;
pub mod simd;
pub mod windows;

use crate::error::{Error, Result};
use crate::limits;
use decode::Logits;
use engine::Engine;
use floats::Floats;
use linear::{Linear, Product};
use network::{Batch, Piece};
use pieces::{Cutter, Kept};
use pool::Pool;
use rustc_hash::FxHashMap;
use simd::Cpu;

/// A token classifier. To be shared between threads.
#[derive(Debug)]
pub struct Encoder {
    engine: Box<dyn Engine>,
    cutter: Cutter,
    outputs: Vec<String>,
    temperature: Vec<f32>,
    positions: usize,
    types: usize,
    /// Rooms that no thread is in.
    rooms: Pool<Room>,
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
        Self::read_as::<Linear>(bytes, Cpu::detect()).map_err(|e| in_file(file, e))
    }

    /// The model of a file in single precision: what the bytes are measured against.
    ///
    /// # Errors
    /// When it is none; names the tensor or entry.
    pub fn load_exact(file: &str, bytes: &[u8]) -> Result<Self> {
        Self::read_as::<Floats>(bytes, Cpu::detect()).map_err(|e| in_file(file, e))
    }

    /// Reads a model file, to run in the instructions of `cpu`.
    ///
    /// # Errors
    /// When it is none.
    pub fn load_for(bytes: &[u8], cpu: Cpu) -> Result<Self> {
        Self::read_as::<Linear>(bytes, cpu)
    }

    fn read_as<L: Product + 'static>(bytes: &[u8], cpu: Cpu) -> Result<Self> {
        let file::Model { network, vocabulary, outputs, temperature, positions } = file::read::<L>(bytes, cpu)?;
        let types = network.embeddings.types.len() / network.hidden;
        let cutter = Cutter::new(&vocabulary)?;
        Ok(Self { engine: Box::new(network), cutter, outputs, temperature, positions, types, rooms: Pool::default() })
    }

    /// The names of the classifier's numbers, in their order.
    #[must_use]
    pub fn outputs(&self) -> &[String] {
        &self.outputs
    }

    /// What the numbers are divided by for probabilities, by what they speak of.
    #[must_use]
    pub fn temperature(&self) -> &[f32] {
        &self.temperature
    }

    /// Most pieces that are read together, markers included.
    #[must_use]
    pub fn positions(&self) -> usize {
        self.positions
    }

    /// How many token types it knows: the casings, and what a model adds.
    #[must_use]
    pub fn types(&self) -> usize {
        self.types
    }

    /// Whether the numbers of a sentence are the same bits whatever else is read with it.
    #[must_use]
    pub fn alone(&self) -> bool {
        self.engine.alone()
    }

    /// The numbers of each token of each sentence, for each label. A sentence that comes more than once is read once.
    #[must_use]
    pub fn logits<'t, S: AsRef<[&'t str]>>(&self, sentences: &[S]) -> Vec<Logits> {
        let mut room = self.rooms.enter();
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
        self.rooms.leave(room);
        all
    }

    /// The numbers of the wanted pieces of each sequence, for each label.
    #[must_use]
    pub fn read(&self, sequences: &[Sequence]) -> Vec<Logits> {
        let mut room = self.rooms.enter();
        let mut all: Vec<Logits> = sequences.iter().map(|s| Logits::new(s.wanted.len(), self.outputs().len())).collect();
        for (number, sequence) in sequences.iter().enumerate() {
            if room.batch.pieces.len() + sequence.pieces.len() > self.engine.batch() {
                self.flush(&mut room, &mut all);
            }
            let shift = room.batch.pieces.len();
            room.batch.pieces.extend_from_slice(&sequence.pieces);
            room.batch.lengths.push(sequence.pieces.len());
            room.batch.wanted.extend(sequence.wanted.iter().map(|at| shift + at));
            room.owners.extend((0..sequence.wanted.len()).map(|row| (number, row)));
        }
        self.flush(&mut room, &mut all);
        self.rooms.leave(room);
        all
    }

    /// The pieces of each of some tokens.
    #[must_use]
    pub fn cut(&self, tokens: &[&str]) -> Vec<Vec<Piece>> {
        let mut room = self.rooms.enter();
        let cut = |token: &&str| {
            let mut pieces = Vec::new();
            self.cutter.cut(token, &mut room.kept, &mut pieces);
            pieces
        };
        let cut = tokens.iter().map(cut).collect();
        self.rooms.leave(room);
        cut
    }

    /// What opens a sequence, and what ends each of its parts.
    #[must_use]
    pub fn markers(&self) -> (Piece, Piece) {
        (self.cutter.opening, self.cutter.ending)
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
        for window in windows::windows(&room.starts, self.positions - 2) {
            let pieces = room.starts[window.tokens.start]..room.starts[window.tokens.end];
            if room.batch.pieces.len() + pieces.len() + 2 > self.engine.batch() {
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
        let Room { batch, owners, .. } = room;
        if !batch.pieces.is_empty() {
            let mut owners = owners.drain(..);
            self.engine.run(batch, &mut |row| {
                if let Some((sentence, token)) = owners.next() {
                    let to = all[sentence].row_mut(token);
                    to.copy_from_slice(&row[..to.len()]);
                }
            });
        }
        batch.pieces.clear();
        batch.lengths.clear();
        batch.wanted.clear();
    }
}

/// The fault of a file.
fn in_file(file: &str, fault: Error) -> Error {
    match fault {
        Error::Data { place, reason, .. } => Error::Data { file: file.to_owned(), place, reason },
        other => other,
    }
}

/// A fault of a model file at a tensor or entry; who reads the file adds its name.
fn fault(place: &str, reason: impl ToString) -> Error {
    Error::Data { file: "model".to_owned(), place: place.to_owned(), reason: reason.to_string() }
}
