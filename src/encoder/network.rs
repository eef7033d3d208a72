//! The encoder's layers over a batch of sentences laid end to end, without padding.

use super::attention::{Room, attend};
use super::engine::Engine;
use super::linear::{Linear, Product, Then, Written};
use super::ops::{lanes, lanes_mut, normalise};
use super::pool::Pool;
use super::simd::{Cpu, LANES, ROWS, Simd, Task};

/// Rows that go through the feed-forward layers together, so that what lies between the two stays in the cache.
const BLOCK: usize = 16 * ROWS;

/// Pieces whose queries, keys and values are computed together, so that they stay in the cache, too.
const GROUP: usize = 128;

/// Weights of a normalisation.
#[derive(Clone, Debug)]
pub struct Norm {
    /// Factors.
    pub weight: Vec<f32>,
    /// Summands.
    pub bias: Vec<f32>,
}

/// Weights of a layer.
#[derive(Clone, Debug)]
pub struct Layer<L> {
    /// Queries, keys and values of all heads; the queries come out divided by the root of a head's width.
    pub qkv: L,
    /// After attention.
    pub out: L,
    /// After attention is added.
    pub norm1: Norm,
    /// Into the feed-forward layer.
    pub up: L,
    /// Out of it.
    pub down: L,
    /// After that is added.
    pub norm2: Norm,
}

/// What is looked up of a word piece.
#[derive(Clone, Debug)]
pub struct Embeddings {
    /// A row of bytes a piece.
    pub pieces: Vec<i8>,
    /// What one more of a row's bytes stands for.
    pub scale: Vec<f32>,
    /// A row a position.
    pub positions: Vec<f32>,
    /// A row a casing.
    pub types: Vec<f32>,
    /// Of their sum.
    pub norm: Norm,
}

/// A word piece where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its place in the vocabulary.
    pub id: u32,
    /// The casing of its word.
    pub casing: u8,
}

/// The whole model; what its products are made of says how exact it is.
#[derive(Debug)]
pub struct Network<L = Linear> {
    /// The instructions it runs in.
    pub cpu: Cpu,
    /// Numbers of a row.
    pub hidden: usize,
    /// Attention heads.
    pub heads: usize,
    /// Lookup.
    pub embeddings: Embeddings,
    /// Layers from the bottom.
    pub layers: Vec<Layer<L>>,
    /// Classifier; its outputs past the labels are 0.
    pub head: L,
    /// Rooms that no thread is in.
    pub rooms: Pool<Scratch>,
}

/// Sentences laid end to end.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// All their pieces.
    pub pieces: Vec<Piece>,
    /// How many each sentence has; none is longer than there are positions.
    pub lengths: Vec<usize>,
    /// The pieces whose rows are asked for, in rising order.
    pub wanted: Vec<usize>,
}

/// What a run needs room for, kept from batch to batch.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    rows: Vec<f32>,
    qkv: Vec<f32>,
    mixed: Vec<f32>,
    inner: Vec<f32>,
    written: Written,
    room: Room,
    logits: Vec<f32>,
}

/// Pieces that go through the layers together: what bounds the memory of a thread.
const BATCH: usize = 512;

impl<L: Product> Engine for Network<L> {
    fn batch(&self) -> usize {
        BATCH
    }

    fn alone(&self) -> bool {
        true
    }

    fn run(&self, batch: &Batch, each: &mut dyn FnMut(&[f32])) {
        let mut scratch = self.rooms.enter();
        let rows = self.cpu.run(Run { network: self, batch, scratch: &mut scratch });
        rows.chunks_exact(self.head.outputs()).for_each(each);
        self.rooms.leave(scratch);
    }
}

struct Run<'a, 's, L> {
    network: &'a Network<L>,
    batch: &'a Batch,
    scratch: &'s mut Scratch,
}

impl<'s, L: Product> Task for Run<'_, 's, L> {
    type Output = &'s [f32];

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> &'s [f32] {
        let Run { network, batch, scratch } = self;
        network.look_up(simd, batch, scratch);
        for (at, layer) in network.layers.iter().enumerate() {
            scratch.attend(simd, layer, network, batch);
            if at + 1 == network.layers.len() {
                scratch.keep(&batch.wanted, network.hidden);
            }
            scratch.feed_forward(simd, layer, network.hidden);
        }
        let Scratch { rows, written, logits, .. } = scratch;
        logits.resize(rows.len() / network.hidden * network.head.outputs(), 0.0);
        network.head.apply(simd, rows, Then::Store, written, logits);
        logits
    }
}

impl<L> Network<L> {
    /// Fills in the first rows.
    #[inline(always)]
    fn look_up<S: Simd>(&self, simd: S, batch: &Batch, scratch: &mut Scratch) {
        let Self { hidden, embeddings: Embeddings { pieces, scale, positions, types, norm }, .. } = self;
        let rows = &mut scratch.rows;
        rows.resize(batch.pieces.len() * hidden, 0.0);
        let places = batch.lengths.iter().flat_map(|&length| 0..length);
        for ((piece, place), row) in batch.pieces.iter().zip(places).zip(rows.chunks_exact_mut(*hidden)) {
            let id = piece.id as usize;
            let bytes = &pieces[id * hidden..][..*hidden];
            let position = &positions[place * hidden..][..*hidden];
            let casing = &types[usize::from(piece.casing) * hidden..][..*hidden];
            let (position, casing) = (lanes(position), lanes(casing));
            for (at, (row, bytes)) in lanes_mut(row).iter_mut().zip(bytes.as_chunks::<LANES>().0).enumerate() {
                let word = simd.mul(simd.load_bytes(bytes), simd.splat(scale[id]));
                simd.store(simd.add(simd.add(word, simd.load(&position[at])), simd.load(&casing[at])), row);
            }
            normalise(simd, row, &norm.weight, &norm.bias);
        }
    }
}

impl Scratch {
    /// Fills `mixed` with what attention gives of the rows.
    #[inline(always)]
    fn attend<S: Simd, L: Product>(&mut self, simd: S, layer: &Layer<L>, network: &Network<L>, batch: &Batch) {
        let Scratch { rows, qkv, mixed, written, room, .. } = self;
        let (hidden, width) = (network.hidden, layer.qkv.outputs());
        mixed.resize(rows.len(), 0.0);
        let (mut sentence, mut start) = (0, 0);
        while sentence < batch.lengths.len() {
            let (first, mut count) = (sentence, 0);
            while sentence < batch.lengths.len() && (sentence == first || count + batch.lengths[sentence] <= GROUP) {
                count += batch.lengths[sentence];
                sentence += 1;
            }
            let rows = &rows[start * hidden..][..count * hidden];
            qkv.resize(count * width, 0.0);
            layer.qkv.apply(simd, rows, Then::Store, written, qkv);
            let mut done = 0;
            for &length in &batch.lengths[first..sentence] {
                let out = &mut mixed[(start + done) * hidden..][..length * hidden];
                attend(simd, &qkv[done * width..][..length * width], hidden, network.heads, out, room);
                done += length;
            }
            start += count;
        }
    }

    /// Keeps the wanted rows only: those of the last layer that the classifier reads.
    #[inline(always)]
    fn keep(&mut self, wanted: &[usize], hidden: usize) {
        for rows in [&mut self.rows, &mut self.mixed] {
            for (to, &from) in wanted.iter().enumerate() {
                rows.copy_within(from * hidden..(from + 1) * hidden, to * hidden);
            }
            rows.truncate(wanted.len() * hidden);
        }
    }

    /// All of a layer that is done row by row: attention's output, and the feed-forward layers.
    #[inline(always)]
    fn feed_forward<S: Simd, L: Product>(&mut self, simd: S, layer: &Layer<L>, hidden: usize) {
        let Scratch { rows, mixed, inner, written, .. } = self;
        for (rows, mixed) in rows.chunks_mut(BLOCK * hidden).zip(mixed.chunks(BLOCK * hidden)) {
            layer.out.apply(simd, mixed, Then::Add, written, rows);
            normalise_rows(simd, rows, &layer.norm1);
            inner.resize(rows.len() / hidden * layer.up.outputs(), 0.0);
            layer.up.apply(simd, rows, Then::Gelu, written, inner);
            layer.down.apply(simd, inner, Then::Add, written, rows);
            normalise_rows(simd, rows, &layer.norm2);
        }
    }
}

#[inline(always)]
fn normalise_rows<S: Simd>(simd: S, rows: &mut [f32], norm: &Norm) {
    for row in rows.chunks_exact_mut(norm.weight.len()) {
        normalise(simd, row, &norm.weight, &norm.bias);
    }
}
