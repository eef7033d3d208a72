//! Float operations over rows of whole vectors.
//!
//! No operation is fused and every sum has one order, given by the row alone: so a row's result does not depend on the rows beside it, on the
//! CPU, or on how wide its registers are. Transcendental functions are polynomials for the same reason.

use super::simd::{LANES, Lanes, Simd};

/// A row as vectors.
#[inline(always)]
pub fn lanes(row: &[f32]) -> &[Lanes] {
    row.as_chunks().0
}

/// A row as vectors.
#[inline(always)]
pub fn lanes_mut(row: &mut [f32]) -> &mut [Lanes] {
    row.as_chunks_mut().0
}

/// How bytes stand for the numbers of a row: `least + step · byte`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Range {
    /// What the byte 0 stands for.
    pub least: f32,
    /// What one more stands for.
    pub step: f32,
}

/// Added to a number between 0 and 2²², it leaves the number rounded to an integer in the lowest bits.
const ROUNDER: f32 = 8_388_608.0;

/// Writes a row as bytes.
#[inline(always)]
pub fn quantise<S: Simd>(simd: S, row: &[f32], bytes: &mut [u8]) -> Range {
    let (mut low, mut high) = (simd.splat(f32::INFINITY), simd.splat(f32::NEG_INFINITY));
    for part in lanes(row) {
        let part = simd.load(part);
        low = simd.min(part, low);
        high = simd.max(part, high);
    }
    let low = simd.least(low);
    let high = simd.most(high);
    let width = high - low;
    let (step, inverse) = if width > 0.0 { (width / 255.0, 255.0 / width) } else { (0.0, 0.0) };
    let (lows, inverses, rounder) = (simd.splat(low), simd.splat(inverse), simd.splat(ROUNDER));
    for (part, bytes) in lanes(row).iter().zip(bytes.as_chunks_mut::<LANES>().0) {
        let steps = simd.mul(simd.sub(simd.load(part), lows), inverses);
        simd.store_low_bytes(simd.add(steps, rounder), bytes);
    }
    Range { least: low, step }
}

/// Normalises a row to mean 0 and variance 1, then scales and shifts it.
#[inline(always)]
pub fn normalise<S: Simd>(simd: S, row: &mut [f32], weight: &[f32], bias: &[f32]) {
    const EPSILON: f32 = 1e-12;
    let count = row.len() as f32;
    let mut sum = simd.splat(0.0);
    for part in lanes(row) {
        sum = simd.add(sum, simd.load(part));
    }
    let mean = simd.splat(simd.sum(sum) / count);
    let mut squares = simd.splat(0.0);
    for part in lanes(row) {
        let off = simd.sub(simd.load(part), mean);
        squares = simd.add(squares, simd.mul(off, off));
    }
    let variance = simd.sum(squares) / count;
    let scale = simd.splat(1.0 / (variance + EPSILON).sqrt());
    for ((part, weight), bias) in lanes_mut(row).iter_mut().zip(lanes(weight)).zip(lanes(bias)) {
        let x = simd.mul(simd.sub(simd.load(part), mean), scale);
        simd.store(simd.add(simd.mul(x, simd.load(weight)), simd.load(bias)), part);
    }
}

/// `x · Φ(x)`, within 2·10⁻⁴ everywhere: the polynomial was fitted to erf(x / √2) on [-4, 4] for the least greatest error of the product.
#[inline(always)]
pub fn gelu<S: Simd>(simd: S, x: S::F) -> S::F {
    const ODD: [f32; 8] =
        [0.796_399_8, -0.130_171_5, 0.018_103_123, -0.001_771_668_4, 0.000_115_627_87, -4.682_343_4e-6, 1.034_793_4e-7, -9.141_533_6e-10];
    let t = simd.min(simd.max(x, simd.splat(-4.0)), simd.splat(4.0));
    let square = simd.mul(t, t);
    let mut p = simd.splat(ODD[7]);
    for k in [6, 5, 4, 3, 2, 1, 0] {
        p = simd.add(simd.mul(p, square), simd.splat(ODD[k]));
    }
    let half = simd.mul(x, simd.splat(0.5));
    simd.add(half, simd.mul(half, simd.mul(t, p)))
}

/// `e` to the power of `x`, for `x` of at most 88; within 3·10⁻⁷ of it. Below -87 it stays where it is there.
#[inline(always)]
pub fn exp<S: Simd>(simd: S, x: S::F) -> S::F {
    // Rounds to the nearest integer, which it leaves in the lowest bits.
    const INTEGER: f32 = 12_582_912.0;
    let x = simd.max(x, simd.splat(-87.0));
    let shifted = simd.add(simd.mul(x, simd.splat(std::f32::consts::LOG2_E)), simd.splat(INTEGER));
    let whole = simd.sub(shifted, simd.splat(INTEGER));
    // ln 2 in two parts, the first of few bits.
    let rest = simd.sub(x, simd.mul(whole, simd.splat(0.693_359_4)));
    let rest = simd.add(rest, simd.mul(whole, simd.splat(2.121_944_4e-4)));
    let mut p = simd.splat(1.987_569_1e-4);
    for k in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
        p = simd.add(simd.mul(p, rest), simd.splat(k));
    }
    let p = simd.add(simd.add(simd.mul(simd.mul(p, rest), rest), rest), simd.splat(1.0));
    simd.mul(p, simd.power_of_two(shifted))
}

/// Makes the first `count` numbers of a row the terms of their softmax, and gives what they are to be multiplied by.
///
/// What stands after them in the row becomes next to nothing.
#[inline(always)]
pub fn softmax<S: Simd>(simd: S, row: &mut [f32], count: usize) -> f32 {
    row[count..].fill(f32::NEG_INFINITY);
    let mut top = simd.splat(f32::NEG_INFINITY);
    for part in lanes(row) {
        top = simd.max(simd.load(part), top);
    }
    let top = simd.splat(simd.most(top));
    let mut total = simd.splat(0.0);
    for part in lanes_mut(row) {
        let term = exp(simd, simd.sub(simd.load(part), top));
        total = simd.add(total, term);
        simd.store(term, part);
    }
    1.0 / simd.sum(total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoder::simd::{Cpu, Task};

    /// Runs a function of a vector type in every instruction set; all must give the same bits.
    macro_rules! everywhere {
        (|$simd:ident| $value:expr) => {{
            struct Here;
            impl Task for Here {
                type Output = Vec<f32>;
                fn run<S: Simd>(self, $simd: S) -> Vec<f32> {
                    $value
                }
            }
            let all: Vec<Vec<f32>> = Cpu::all().into_iter().map(|cpu| cpu.run(Here)).collect();
            for other in &all[1..] {
                assert!(all[0].iter().zip(other).all(|(a, b)| a.to_bits() == b.to_bits()) && all[0].len() == other.len());
            }
            all[0].clone()
        }};
    }

    fn spread(low: f32, high: f32) -> Vec<f32> {
        (0..16_000).map(|at| low + (high - low) * at as f32 / 15_999.0).collect()
    }

    macro_rules! of_each {
        ($numbers:expr, $function:ident) => {
            everywhere!(|simd| {
                let mut row = $numbers;
                for part in lanes_mut(&mut row) {
                    simd.store($function(simd, simd.load(part)), part);
                }
                row
            })
        };
    }

    #[test]
    fn exp_is_exp() {
        for (x, found) in spread(-87.0, 3.0).into_iter().zip(of_each!(spread(-87.0, 3.0), exp)) {
            assert!((f64::from(found) / f64::from(x).exp() - 1.0).abs() < 3e-7, "{x}: {found}");
        }
        let edges = of_each!([0.0, f32::NEG_INFINITY].repeat(8), exp);
        assert_eq!(edges[0], 1.0);
        assert!(edges[1] < 1e-37);
    }

    #[test]
    fn gelu_is_gelu() {
        // x, and x · Φ(x) to six places.
        const KNOWN: [(f32, f32); 8] =
            [(-6.0, 0.0), (-2.0, -0.0455), (-0.75, -0.16997), (0.0, 0.0), (0.5, 0.345731), (1.0, 0.841345), (3.0, 2.99595), (9.0, 9.0)];
        fn numbers() -> Vec<f32> {
            KNOWN.iter().flat_map(|&(x, _)| [x, x]).collect()
        }
        let found = of_each!(numbers(), gelu);
        for (at, (x, right)) in KNOWN.into_iter().enumerate() {
            assert!((found[2 * at] - right).abs() < 2e-4, "{x}: {} and not {right}", found[2 * at]);
        }
        assert!(of_each!(spread(-9.0, 9.0), gelu).iter().all(|y| *y > -0.2));
    }

    #[test]
    fn bytes_stand_for_what_was_there() {
        fn row() -> Vec<f32> {
            (0..64).map(|i| (i as f32 * 0.7).sin() * 3.0 - 1.0).collect()
        }
        let found = everywhere!(|simd| {
            let mut bytes = [0; 64];
            let range = quantise(simd, &row(), &mut bytes);
            [range.least, range.step].into_iter().chain(bytes.map(f32::from)).collect()
        });
        for (x, byte) in row().iter().zip(&found[2..]) {
            assert!((found[0] + found[1] * byte - x).abs() <= found[1] * 0.501);
        }
        assert!(found[2..].contains(&0.0) && found[2..].contains(&255.0));
        let flat = everywhere!(|simd| {
            let mut bytes = [7; 16];
            let range = quantise(simd, &[2.5; 16], &mut bytes);
            vec![range.least, range.step, f32::from(bytes[3])]
        });
        assert_eq!(flat, [2.5, 0.0, 0.0]);
    }

    #[test]
    fn rows_are_normalised() {
        let row = everywhere!(|simd| {
            let mut row: Vec<f32> = (0..32).map(|i| i as f32).collect();
            normalise(simd, &mut row, &[1.0; 32], &[0.5; 32]);
            row
        });
        assert!((row.iter().sum::<f32>() - 16.0).abs() < 1e-4);
        assert!((row.iter().map(|x| (x - 0.5) * (x - 0.5)).sum::<f32>() - 32.0).abs() < 1e-3);
    }

    #[test]
    fn softmax_sums_to_one_and_ignores_the_rest() {
        let row = everywhere!(|simd| {
            let mut row: Vec<f32> = (0..32).map(|i| i as f32 * 0.3).collect();
            let share = softmax(simd, &mut row, 20);
            row.iter().map(|x| x * share).collect()
        });
        assert!((row[..20].iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!(row[20..].iter().all(|&x| x < 1e-30));
        assert!((row[19] / row[18] - 0.3f32.exp()).abs() < 1e-5);
    }
}
