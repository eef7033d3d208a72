//! The layers in single precision: what the bytes are measured against, and slower than they are.

use super::linear::{Product, Then, Written};
use super::ops::{lanes, lanes_mut};
use super::simd::{COLUMNS, LANES, Lanes, Simd};

/// Rows that are multiplied together.
const ROWS: usize = 4;

/// A linear layer whose weights are numbers.
#[derive(Clone, Debug)]
pub struct Floats {
    inputs: usize,
    /// A multiple of [`COLUMNS`].
    outputs: usize,
    /// For each [`LANES`] outputs, input by input.
    weights: Vec<Lanes>,
    bias: Vec<f32>,
}

impl Product for Floats {
    fn new(weights: &[i8], scale: &[f32], bias: &[f32]) -> Self {
        let given = scale.len();
        let (inputs, outputs) = (weights.len() / given.max(1), given.next_multiple_of(COLUMNS));
        let mut laid = vec![[0.0; LANES]; outputs / LANES * inputs];
        for (output, (row, scale)) in weights.chunks_exact(inputs.max(1)).zip(scale).enumerate() {
            for (to, from) in laid[output / LANES * inputs..].iter_mut().zip(row) {
                to[output % LANES] = f32::from(*from) * scale;
            }
        }
        let bias = bias.iter().copied().chain(std::iter::repeat(0.0)).take(outputs).collect();
        Self { inputs, outputs, weights: laid, bias }
    }

    fn outputs(&self) -> usize {
        self.outputs
    }

    fn multiply(&mut self, outputs: std::ops::Range<usize>, by: f32) {
        for output in outputs {
            self.bias[output] *= by;
            for lanes in &mut self.weights[output / LANES * self.inputs..][..self.inputs] {
                lanes[output % LANES] *= by;
            }
        }
    }

    #[inline(always)]
    fn apply<S: Simd>(&self, simd: S, rows: &[f32], then: Then, _: &mut Written, out: &mut [f32]) {
        let count = rows.len() / self.inputs;
        for (panel, weights) in self.weights.chunks_exact(self.inputs).enumerate() {
            let bias = simd.load(&lanes(&self.bias)[panel]);
            for start in (0..count).step_by(ROWS) {
                // The last rows go twice where there are fewer.
                let row = |r: usize| &rows[(start + r).min(count - 1) * self.inputs..][..self.inputs];
                let (r0, r1, r2, r3) = (row(0), row(1), row(2), row(3));
                let mut sums = [bias; ROWS];
                for (at, weight) in weights.iter().enumerate() {
                    let weight = simd.load(weight);
                    sums[0] = simd.add(sums[0], simd.mul(weight, simd.splat(r0[at])));
                    sums[1] = simd.add(sums[1], simd.mul(weight, simd.splat(r1[at])));
                    sums[2] = simd.add(sums[2], simd.mul(weight, simd.splat(r2[at])));
                    sums[3] = simd.add(sums[3], simd.mul(weight, simd.splat(r3[at])));
                }
                for r in 0..ROWS.min(count - start) {
                    let out = &mut lanes_mut(&mut out[(start + r) * self.outputs..][..self.outputs])[panel];
                    match then {
                        Then::Store => simd.store(sums[r], out),
                        Then::Add => simd.store(simd.add(simd.load(out), sums[r]), out),
                        Then::Gelu => {
                            simd.store(sums[r], out);
                            for x in out {
                                *x = gelu(f64::from(*x)) as f32;
                            }
                        }
                    }
                }
            }
        }
    }
}

/// `x · Φ(x)`, within 2·10⁻⁷ of x: Abramowitz and Stegun 1964, 7.1.26.
fn gelu(x: f64) -> f64 {
    const TERMS: [f64; 5] = [1.061_405_429, -1.453_152_027, 1.421_413_741, -0.284_496_736, 0.254_829_592];
    let z = x.abs() / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let tail = TERMS.iter().fold(0.0, |sum, term| (sum + term) * t) * (-z * z).exp();
    0.5 * x * (1.0 + (1.0 - tail).copysign(x))
}

#[cfg(test)]
mod tests {
    use super::gelu;

    #[test]
    fn gelu_is_that_of_the_tables() {
        for (x, expected) in
            [(0.0, 0.0), (1.0, 0.841_344_746), (-1.0, -0.158_655_254), (2.0, 1.954_499_736), (-3.0, -0.004_049_694), (9.0, 9.0)]
        {
            assert!((gelu(x) - expected).abs() < 1e-6, "{x}: {}", gelu(x));
        }
    }
}
