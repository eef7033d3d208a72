//! A linear layer: bytes times bytes, and what is done with each number of the product.

use super::ops::{Range, gelu, lanes, lanes_mut, quantise};
use super::simd::{Bytes, COLUMNS, LANES, PANELS, ROWS, STEP, Simd, Sums, Weights};
use std::fmt::Debug;

/// A linear layer whose weights lie as the product reads them.
#[derive(Clone, Debug)]
pub struct Linear {
    /// Steps of the product: inputs / [`STEP`].
    steps: usize,
    /// Outputs, a multiple of [`COLUMNS`].
    outputs: usize,
    /// Panel by panel, step by step.
    weights: Vec<Weights>,
    /// What one more of a weight stands for, by output.
    scale: Vec<f32>,
    /// The sum of an output's weights: what the least number of a row is to be multiplied by.
    sums: Vec<f32>,
    bias: Vec<f32>,
}

/// What becomes of the numbers of the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// They are the output.
    Store,
    /// The output is their GELU.
    Gelu,
    /// They are added to what is in the output.
    Add,
}

/// What a network's products are made of. It decides how exact they are.
pub trait Product: Clone + Debug + Send + Sync {
    /// A layer of `weights` by output and input, row after row; a weight counts as often as the `scale` of its output says. Outputs may be filled up.
    ///
    /// The lengths fit: `scale` and `bias` have a number for each output, `weights` a multiple of [`STEP`] for each.
    fn new(weights: &[i8], scale: &[f32], bias: &[f32]) -> Self;
    /// Numbers of an output row.
    fn outputs(&self) -> usize;
    /// Multiplies what comes out in the outputs from `start` to `end`.
    fn multiply(&mut self, outputs: std::ops::Range<usize>, by: f32);
    /// The layer of each row of `rows`.
    fn apply<S: Simd>(&self, simd: S, rows: &[f32], then: Then, written: &mut Written, out: &mut [f32]);
}

/// Room for rows that are written as bytes.
#[derive(Clone, Debug, Default)]
pub struct Written {
    bytes: Vec<u8>,
    ranges: Vec<Range>,
}

impl Product for Linear {
    fn new(weights: &[i8], scale: &[f32], bias: &[f32]) -> Self {
        let given = scale.len();
        let inputs = weights.len() / given.max(1);
        let (steps, outputs) = (inputs / STEP, given.next_multiple_of(COLUMNS));
        let fill = |numbers: &[f32]| numbers.iter().copied().chain(std::iter::repeat(0.0)).take(outputs).collect();
        let mut packed = vec![[0; LANES * STEP]; outputs / LANES * steps];
        let mut sums = vec![0.0; outputs];
        for (output, row) in weights.chunks_exact(inputs.max(1)).enumerate() {
            let place = output % LANES * STEP;
            for (to, from) in packed[output / LANES * steps..].iter_mut().zip(row.chunks_exact(STEP)) {
                to[place..place + STEP].copy_from_slice(from);
            }
            sums[output] = row.iter().map(|&w| i32::from(w)).sum::<i32>() as f32;
        }
        Self { steps, outputs, weights: packed, scale: fill(scale), sums, bias: fill(bias) }
    }

    fn outputs(&self) -> usize {
        self.outputs
    }

    fn multiply(&mut self, outputs: std::ops::Range<usize>, by: f32) {
        for number in self.scale[outputs.clone()].iter_mut().chain(&mut self.bias[outputs]) {
            *number *= by;
        }
    }

    #[inline(always)]
    fn apply<S: Simd>(&self, simd: S, rows: &[f32], then: Then, Written { bytes, ranges }: &mut Written, out: &mut [f32]) {
        let width = self.steps * STEP;
        bytes.resize(rows.len(), 0);
        ranges.resize(rows.len() / width, Range::default());
        for ((row, bytes), range) in rows.chunks_exact(width).zip(bytes.chunks_exact_mut(width)).zip(ranges.iter_mut()) {
            *range = quantise(simd, row, bytes);
        }
        let (rows, ranges) = (bytes.as_chunks::<STEP>().0, &ranges[..]);
        let mut product = [[[0; LANES]; PANELS]; ROWS];
        for tile in 0..self.outputs / COLUMNS {
            for start in (0..ranges.len()).step_by(ROWS) {
                let task = Rows { layer: self, tile, start, rows, ranges, then };
                match ranges.len() - start {
                    1 => task.apply::<S, 1>(simd, &mut product, out),
                    2 => task.apply::<S, 2>(simd, &mut product, out),
                    3 => task.apply::<S, 3>(simd, &mut product, out),
                    4 => task.apply::<S, 4>(simd, &mut product, out),
                    5 => task.apply::<S, 5>(simd, &mut product, out),
                    _ => task.apply::<S, ROWS>(simd, &mut product, out),
                }
            }
        }
    }
}

/// A tile of a product.
#[derive(Clone, Copy)]
struct Rows<'a> {
    layer: &'a Linear,
    tile: usize,
    start: usize,
    rows: &'a [Bytes],
    ranges: &'a [Range],
    then: Then,
}

impl Rows<'_> {
    #[inline(always)]
    fn apply<S: Simd, const R: usize>(self, simd: S, product: &mut [Sums; ROWS], out: &mut [f32]) {
        let Linear { steps, outputs, ref weights, ref scale, ref sums, ref bias } = *self.layer;
        // Loops, as `from_fn` is not always inlined.
        let mut rows: [&[Bytes]; R] = [&[]; R];
        for (r, row) in rows.iter_mut().enumerate() {
            *row = &self.rows[(self.start + r) * steps..][..steps];
        }
        let mut panels: [&[Weights]; PANELS] = [&[]; PANELS];
        for (p, panel) in panels.iter_mut().enumerate() {
            *panel = &weights[(self.tile * PANELS + p) * steps..][..steps];
        }
        simd.tile(&rows, &panels, product);
        let columns = self.tile * COLUMNS;
        let (scale, sums, bias) = (lanes(&scale[columns..]), lanes(&sums[columns..]), lanes(&bias[columns..]));
        for p in 0..PANELS {
            let (scale, sums, bias) = (simd.load(&scale[p]), simd.load(&sums[p]), simd.load(&bias[p]));
            for r in 0..R {
                let Range { least, step } = self.ranges[self.start + r];
                let x = simd.mul(simd.load_integers(&product[r][p]), simd.splat(step));
                let y = simd.add(simd.mul(simd.add(x, simd.mul(sums, simd.splat(least))), scale), bias);
                let out = &mut lanes_mut(&mut out[(self.start + r) * outputs + columns..])[p];
                let y = match self.then {
                    Then::Store => y,
                    Then::Gelu => gelu(simd, y),
                    Then::Add => simd.add(simd.load(out), y),
                };
                simd.store(y, out);
            }
        }
    }
}
