//! The only `unsafe` of the encoder: vectors of 16 numbers, and the product of bytes, in the instructions that this CPU has.
//!
//! [`Cpu::run`] runs a [`Task`], generic over [`Simd`], in a function compiled for the instruction set that was detected. Float operations are
//! neither fused nor reordered on any of them, and the product of bytes is exact: so all give the same bits.
//!
//! Speed asks that all of a task is inlined into that function: what it calls is `#[inline(always)]`, and inner loops hold no closures and no
//! iterator adaptors with closures. What is not inlined is still right, only slow.
//!
//! # Safety
//! - Instructions run only where they were detected: a [`Cpu`] is made only by [`Cpu::detect`] and [`Cpu::all`], and the types that stand for
//!   instruction sets only in [`Cpu::run`], under the `Cpu` of that set.
//! - Memory is read and written only through references to arrays of a register's size.
#![expect(unsafe_code, reason = "see above")]

mod portable;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use portable::Portable;

/// Lanes of a vector.
pub const LANES: usize = 16;
/// Panels of a tile; each is [`LANES`] columns of the product.
pub const PANELS: usize = 4;
/// Columns of a tile.
pub const COLUMNS: usize = LANES * PANELS;
/// Most rows of a tile.
pub const ROWS: usize = 6;
/// Bytes that are multiplied and summed at one step; the depth of a product is a multiple of it.
pub const STEP: usize = 4;
/// Largest magnitude of a weight, so that the sum of two products of a byte and a weight fits in 16 bits.
pub const WEIGHT_LIMIT: i8 = 63;

/// The numbers of a vector in memory.
pub type Lanes = [f32; LANES];
/// Weights of a panel at one step: for each of its columns [`STEP`] of them.
pub type Weights = [i8; LANES * STEP];
/// Activations of a row at one step.
pub type Bytes = [u8; STEP];
/// A row of a tile.
pub type Sums = [[i32; LANES]; PANELS];

/// Work to be compiled for each instruction set; see the module's words on inlining.
pub trait Task {
    /// What it gives.
    type Output;
    /// Does the work.
    fn run<S: Simd>(self, simd: S) -> Self::Output;
}

/// Vectors of [`LANES`] numbers.
pub trait Simd: Copy {
    /// A vector.
    type F: Copy;
    /// The same number in all lanes.
    fn splat(self, x: f32) -> Self::F;
    /// From memory.
    fn load(self, from: &Lanes) -> Self::F;
    /// From integers in memory.
    fn load_integers(self, from: &[i32; LANES]) -> Self::F;
    /// From bytes in memory.
    fn load_bytes(self, from: &[i8; LANES]) -> Self::F;
    /// To memory.
    fn store(self, x: Self::F, to: &mut Lanes);
    /// The lowest byte of each lane's bits, to memory.
    fn store_low_bytes(self, x: Self::F, to: &mut [u8; LANES]);
    /// `a + b`
    fn add(self, a: Self::F, b: Self::F) -> Self::F;
    /// `a - b`
    fn sub(self, a: Self::F, b: Self::F) -> Self::F;
    /// `a · b`
    fn mul(self, a: Self::F, b: Self::F) -> Self::F;
    /// `a` where it is less, else `b`
    fn min(self, a: Self::F, b: Self::F) -> Self::F;
    /// `a` where it is greater, else `b`
    fn max(self, a: Self::F, b: Self::F) -> Self::F;
    /// The sum of all lanes: halves are added to halves until one is left.
    fn sum(self, x: Self::F) -> f32;
    /// The least lane.
    fn least(self, x: Self::F) -> f32;
    /// The greatest lane.
    fn most(self, x: Self::F) -> f32;
    /// 2 to the power of the integer in the lowest bits of each lane's bits, between -126 and 127.
    fn power_of_two(self, x: Self::F) -> Self::F;
    /// The product of `R` rows of activations and [`PANELS`] panels of weights: exact, as weights are within [`WEIGHT_LIMIT`].
    ///
    /// All slices are of one length, the number of steps; the first `R` rows of `out` are written, and `R` is at most [`ROWS`].
    fn tile<const R: usize>(self, rows: &[&[Bytes]; R], panels: &[&[Weights]; PANELS], out: &mut [Sums; ROWS]);
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "x86_64")]
    AvxVnni,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    Portable,
}

/// An instruction set that this CPU has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cpu(Set);

impl Cpu {
    /// The best one.
    #[must_use]
    pub fn detect() -> Self {
        Self::all()[0]
    }

    /// All that are known here and that this CPU has, the best first.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let mut sets = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            use std::arch::is_x86_feature_detected as has;
            let avx2 = has!("avx2");
            if avx2 && has!("avx512f") && has!("avx512bw") && has!("avx512dq") && has!("avx512vl") && has!("avx512vnni") {
                sets.push(Cpu(Set::Avx512));
            }
            if avx2 && has!("avxvnni") {
                sets.push(Cpu(Set::AvxVnni));
            }
            if avx2 {
                sets.push(Cpu(Set::Avx2));
            }
        }
        sets.push(Cpu(Set::Portable));
        sets
    }

    /// Runs a task in these instructions.
    #[inline]
    pub fn run<T: Task>(self, task: T) -> T::Output {
        match self.0 {
            // SAFETY (all three): a `Cpu` of this set exists only where its features were detected.
            #[cfg(target_arch = "x86_64")]
            Set::Avx512 => unsafe { x86::avx512(task) },
            #[cfg(target_arch = "x86_64")]
            Set::AvxVnni => unsafe { x86::avx_vnni(task) },
            #[cfg(target_arch = "x86_64")]
            Set::Avx2 => unsafe { x86::avx2(task) },
            Set::Portable => task.run(Portable),
        }
    }
}
