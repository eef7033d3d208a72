//! Self-attention within one sentence, head by head.

use super::ops::{lanes, lanes_mut, softmax};
use super::simd::{LANES, Simd};

/// Rows whose sums are kept in registers side by side.
const BLOCK: usize = 4;

/// What attention needs room for.
#[derive(Clone, Debug, Default)]
pub struct Room {
    /// Keys of one head, a row for each of its dimensions.
    keys: Vec<f32>,
    /// Values of one head, a row for each piece.
    values: Vec<f32>,
    /// Weights of a block of pieces over all pieces.
    weights: Vec<f32>,
}

/// Attention over a sentence: `qkv` has for each piece its query (scaled already), key and value, of all heads; `out` gets the mixed values.
#[inline(always)]
pub fn attend<S: Simd>(simd: S, qkv: &[f32], hidden: usize, heads: usize, out: &mut [f32], room: &mut Room) {
    match hidden / heads.max(1) {
        32 => attend_heads::<S, 2>(simd, qkv, hidden, out, room),
        64 => attend_heads::<S, 4>(simd, qkv, hidden, out, room),
        _ => attend_heads::<S, 1>(simd, qkv, hidden, out, room),
    }
}

/// Attention with heads of `W` times [`LANES`] dimensions.
#[inline(always)]
fn attend_heads<S: Simd, const W: usize>(simd: S, qkv: &[f32], hidden: usize, out: &mut [f32], room: &mut Room) {
    let width = W * LANES;
    let count = out.len() / hidden;
    let padded = count.next_multiple_of(LANES);
    let Room { keys, values, weights } = room;
    keys.clear();
    keys.resize(width * padded, 0.0);
    values.resize(width * padded, 0.0);
    weights.resize(BLOCK * padded, 0.0);
    for head in 0..hidden / width {
        for (piece, row) in qkv.chunks_exact(3 * hidden).enumerate() {
            let key = &row[hidden + head * width..][..width];
            for (d, &x) in key.iter().enumerate() {
                keys[d * padded + piece] = x;
            }
            values[piece * width..][..width].copy_from_slice(&row[2 * hidden + head * width..][..width]);
        }
        for start in (0..count).step_by(BLOCK) {
            // The last block goes back over pieces that are done, and gives the same for them.
            let start = start.min(count.saturating_sub(BLOCK));
            let used = BLOCK.min(count);
            let query = |r: usize| &qkv[(start + r.min(used - 1)) * 3 * hidden + head * width..][..width];
            let queries = [query(0), query(1), query(2), query(3)];
            for column in (0..padded).step_by(2 * LANES) {
                if column + LANES < padded {
                    score::<S, 2>(simd, &queries, keys, padded, column, weights);
                } else {
                    score::<S, 1>(simd, &queries, keys, padded, column, weights);
                }
            }
            let mut shares = [0.0; BLOCK];
            for (row, share) in weights.chunks_exact_mut(padded).zip(&mut shares) {
                *share = softmax(simd, row, count);
            }
            let mixed = mix::<S, W>(simd, weights, values, padded, count);
            for r in 0..used {
                let out = lanes_mut(&mut out[(start + r) * hidden + head * width..][..width]);
                for w in 0..W {
                    simd.store(simd.mul(mixed[r][w], simd.splat(shares[r])), &mut out[w]);
                }
            }
        }
    }
}

/// The products of a block of queries with `V` times [`LANES`] keys.
#[inline(always)]
fn score<S: Simd, const V: usize>(simd: S, queries: &[&[f32]; BLOCK], keys: &[f32], padded: usize, column: usize, out: &mut [f32]) {
    let [q0, q1, q2, q3] = *queries;
    let mut sums = [[simd.splat(0.0); V]; BLOCK];
    for (d, key) in keys.chunks_exact(padded).enumerate() {
        let key = lanes(&key[column..][..V * LANES]);
        let query = [simd.splat(q0[d]), simd.splat(q1[d]), simd.splat(q2[d]), simd.splat(q3[d])];
        for v in 0..V {
            let key = simd.load(&key[v]);
            for r in 0..BLOCK {
                sums[r][v] = simd.add(sums[r][v], simd.mul(key, query[r]));
            }
        }
    }
    for r in 0..BLOCK {
        let out = lanes_mut(&mut out[r * padded + column..][..V * LANES]);
        for v in 0..V {
            simd.store(sums[r][v], &mut out[v]);
        }
    }
}

/// The values mixed by the weights of a block.
#[inline(always)]
fn mix<S: Simd, const W: usize>(simd: S, weights: &[f32], values: &[f32], padded: usize, count: usize) -> [[S::F; W]; BLOCK] {
    let rows = [&weights[..count], &weights[padded..][..count], &weights[2 * padded..][..count], &weights[3 * padded..][..count]];
    let mut sums = [[simd.splat(0.0); W]; BLOCK];
    for piece in 0..count {
        let value = lanes(&values[piece * W * LANES..][..W * LANES]);
        for w in 0..W {
            let value = simd.load(&value[w]);
            for r in 0..BLOCK {
                sums[r][w] = simd.add(sums[r][w], simd.mul(value, simd.splat(rows[r][piece])));
            }
        }
    }
    sums
}
