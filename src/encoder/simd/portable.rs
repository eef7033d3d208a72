//! Vectors as arrays, which the compiler turns into what every CPU of the target has.

use super::{Bytes, LANES, Lanes, PANELS, ROWS, STEP, Simd, Sums, Weights};

/// Plain Rust.
#[derive(Clone, Copy)]
pub struct Portable;

/// Lane by lane.
macro_rules! each {
    ($lane:ident => $value:expr) => {{
        let mut out = [0.0; LANES];
        for $lane in 0..LANES {
            out[$lane] = $value;
        }
        out
    }};
}

/// Halves onto halves, until one lane is left.
macro_rules! fold {
    ($x:ident, |$a:ident, $b:ident| $value:expr) => {{
        let mut out = $x;
        for half in [8, 4, 2, 1] {
            for at in 0..half {
                let ($a, $b) = (out[at], out[at + half]);
                out[at] = $value;
            }
        }
        out[0]
    }};
}

impl Simd for Portable {
    type F = Lanes;

    #[inline(always)]
    fn splat(self, x: f32) -> Lanes {
        [x; LANES]
    }
    #[inline(always)]
    fn load(self, from: &Lanes) -> Lanes {
        *from
    }
    #[inline(always)]
    fn load_integers(self, from: &[i32; LANES]) -> Lanes {
        each!(at => from[at] as f32)
    }
    #[inline(always)]
    fn load_bytes(self, from: &[i8; LANES]) -> Lanes {
        each!(at => f32::from(from[at]))
    }
    #[inline(always)]
    fn store(self, x: Lanes, to: &mut Lanes) {
        *to = x;
    }
    #[inline(always)]
    fn store_low_bytes(self, x: Lanes, to: &mut [u8; LANES]) {
        for at in 0..LANES {
            to[at] = x[at].to_bits() as u8;
        }
    }
    #[inline(always)]
    fn add(self, a: Lanes, b: Lanes) -> Lanes {
        each!(at => a[at] + b[at])
    }
    #[inline(always)]
    fn sub(self, a: Lanes, b: Lanes) -> Lanes {
        each!(at => a[at] - b[at])
    }
    #[inline(always)]
    fn mul(self, a: Lanes, b: Lanes) -> Lanes {
        each!(at => a[at] * b[at])
    }
    #[inline(always)]
    fn min(self, a: Lanes, b: Lanes) -> Lanes {
        each!(at => if a[at] < b[at] { a[at] } else { b[at] })
    }
    #[inline(always)]
    fn max(self, a: Lanes, b: Lanes) -> Lanes {
        each!(at => if a[at] > b[at] { a[at] } else { b[at] })
    }
    #[inline(always)]
    fn sum(self, x: Lanes) -> f32 {
        fold!(x, |a, b| a + b)
    }
    #[inline(always)]
    fn least(self, x: Lanes) -> f32 {
        fold!(x, |a, b| if a < b { a } else { b })
    }
    #[inline(always)]
    fn most(self, x: Lanes) -> f32 {
        fold!(x, |a, b| if a > b { a } else { b })
    }
    #[inline(always)]
    fn power_of_two(self, x: Lanes) -> Lanes {
        each!(at => f32::from_bits((x[at].to_bits() << 23).wrapping_add(127 << 23)))
    }

    #[inline(always)]
    fn tile<const R: usize>(self, rows: &[&[Bytes]; R], panels: &[&[Weights]; PANELS], out: &mut [Sums; ROWS]) {
        tile(rows, panels, &mut out[..R]);
    }
}

/// Steps that are multiplied at once.
const PART: usize = 64;
/// Numbers of a row or column in so many steps.
type Numbers = [i16; PART * STEP];

/// The tile as products of rows and columns: the compiler knows how to multiply and sum 16-bit numbers that lie side by side.
#[inline(never)]
fn tile(rows: &[&[Bytes]], panels: &[&[Weights]; PANELS], out: &mut [Sums]) {
    out.fill([[0; LANES]; PANELS]);
    let (mut row_numbers, mut columns) = ([[0; PART * STEP]; ROWS], [[0; PART * STEP]; LANES]);
    for start in (0..panels[0].len()).step_by(PART) {
        let end = panels[0].len().min(start + PART);
        if end - start < PART {
            (row_numbers, columns) = ([[0; PART * STEP]; ROWS], [[0; PART * STEP]; LANES]);
        }
        for (row, numbers) in rows.iter().zip(&mut row_numbers) {
            for (byte, number) in row[start..end].as_flattened().iter().zip(numbers) {
                *number = i16::from(*byte);
            }
        }
        for (p, panel) in panels.iter().enumerate() {
            for (step, weights) in panel[start..end].iter().enumerate() {
                for (column, weights) in columns.iter_mut().zip(weights.as_chunks::<STEP>().0) {
                    for (number, weight) in column[step * STEP..][..STEP].iter_mut().zip(weights) {
                        *number = i16::from(*weight);
                    }
                }
            }
            for (row, sums) in row_numbers.iter().zip(&mut *out) {
                for (column, sum) in columns.iter().zip(&mut sums[p]) {
                    *sum += product(row, column);
                }
            }
        }
    }
}

/// The product of a row and a column; a function of its own, as the compiler then sees what it is.
#[inline(never)]
fn product(row: &Numbers, column: &Numbers) -> i32 {
    row.iter().zip(column).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum()
}
