//! Vectors in the registers of x86-64: one of 512 bits, or two of 256.

use super::{Bytes, LANES, Lanes, PANELS, ROWS, Simd, Sums, Task, Weights};
use std::arch::x86_64::*;

/// Stands for AVX-512 with VNNI.
#[derive(Clone, Copy)]
pub struct Avx512(());
/// Stands for AVX2 with VNNI on 256 bits.
#[derive(Clone, Copy)]
pub struct AvxVnni(());
/// Stands for AVX2.
#[derive(Clone, Copy)]
pub struct Avx2(());

/// Runs a task in AVX-512 with VNNI.
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
pub fn avx512<T: Task>(task: T) -> T::Output {
    task.run(Avx512(()))
}

/// Runs a task in AVX2 with VNNI.
#[target_feature(enable = "avx2,avxvnni")]
pub fn avx_vnni<T: Task>(task: T) -> T::Output {
    task.run(AvxVnni(()))
}

/// Runs a task in AVX2.
#[target_feature(enable = "avx2")]
pub fn avx2<T: Task>(task: T) -> T::Output {
    task.run(Avx2(()))
}

/// Calls instructions of the set that `self` stands for.
macro_rules! here {
    ($call:expr) => {
        // SAFETY: the type stands for this instruction set, and its value exists only in a function that runs where the set was detected.
        // What is read and written through a pointer is an array behind a reference, of the register's size; no alignment is asked for.
        unsafe { $call }
    };
}

impl Simd for Avx512 {
    type F = __m512;

    #[inline(always)]
    fn splat(self, x: f32) -> __m512 {
        here!(_mm512_set1_ps(x))
    }
    #[inline(always)]
    fn load(self, from: &Lanes) -> __m512 {
        here!(_mm512_loadu_ps(from.as_ptr()))
    }
    #[inline(always)]
    fn load_integers(self, from: &[i32; LANES]) -> __m512 {
        here!(_mm512_cvtepi32_ps(_mm512_loadu_si512(from.as_ptr().cast())))
    }
    #[inline(always)]
    fn load_bytes(self, from: &[i8; LANES]) -> __m512 {
        here!(_mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(from.as_ptr().cast()))))
    }
    #[inline(always)]
    fn store(self, x: __m512, to: &mut Lanes) {
        here!(_mm512_storeu_ps(to.as_mut_ptr(), x))
    }
    #[inline(always)]
    fn store_low_bytes(self, x: __m512, to: &mut [u8; LANES]) {
        here!(_mm_storeu_si128(to.as_mut_ptr().cast(), _mm512_cvtepi32_epi8(_mm512_castps_si512(x))))
    }
    #[inline(always)]
    fn add(self, a: __m512, b: __m512) -> __m512 {
        here!(_mm512_add_ps(a, b))
    }
    #[inline(always)]
    fn sub(self, a: __m512, b: __m512) -> __m512 {
        here!(_mm512_sub_ps(a, b))
    }
    #[inline(always)]
    fn mul(self, a: __m512, b: __m512) -> __m512 {
        here!(_mm512_mul_ps(a, b))
    }
    #[inline(always)]
    fn min(self, a: __m512, b: __m512) -> __m512 {
        here!(_mm512_min_ps(a, b))
    }
    #[inline(always)]
    fn max(self, a: __m512, b: __m512) -> __m512 {
        here!(_mm512_max_ps(a, b))
    }
    #[inline(always)]
    fn sum(self, x: __m512) -> f32 {
        here!(fold_sum(_mm256_add_ps(_mm512_castps512_ps256(x), _mm512_extractf32x8_ps::<1>(x))))
    }
    #[inline(always)]
    fn least(self, x: __m512) -> f32 {
        here!(fold_least(_mm256_min_ps(_mm512_castps512_ps256(x), _mm512_extractf32x8_ps::<1>(x))))
    }
    #[inline(always)]
    fn most(self, x: __m512) -> f32 {
        here!(fold_most(_mm256_max_ps(_mm512_castps512_ps256(x), _mm512_extractf32x8_ps::<1>(x))))
    }
    #[inline(always)]
    fn power_of_two(self, x: __m512) -> __m512 {
        here!(_mm512_castsi512_ps(_mm512_add_epi32(_mm512_slli_epi32::<23>(_mm512_castps_si512(x)), _mm512_set1_epi32(127 << 23))))
    }
    #[inline(always)]
    fn tile<const R: usize>(self, rows: &[&[Bytes]; R], panels: &[&[Weights]; PANELS], out: &mut [Sums; ROWS]) {
        here!(tile_512(rows, panels, out))
    }
}

/// What the two sets of 256 bits have in common; `$tile` is what they have not.
macro_rules! two_registers {
    ($set:ty, $tile:ident) => {
        impl Simd for $set {
            type F = [__m256; 2];

            #[inline(always)]
            fn splat(self, x: f32) -> Self::F {
                here!([_mm256_set1_ps(x); 2])
            }
            #[inline(always)]
            fn load(self, from: &Lanes) -> Self::F {
                let [low, high] = halves(from);
                here!([_mm256_loadu_ps(low.as_ptr()), _mm256_loadu_ps(high.as_ptr())])
            }
            #[inline(always)]
            fn load_integers(self, from: &[i32; LANES]) -> Self::F {
                let [low, high] = halves(from);
                here!([
                    _mm256_cvtepi32_ps(_mm256_loadu_si256(low.as_ptr().cast())),
                    _mm256_cvtepi32_ps(_mm256_loadu_si256(high.as_ptr().cast()))
                ])
            }
            #[inline(always)]
            fn load_bytes(self, from: &[i8; LANES]) -> Self::F {
                let [low, high] = halves(from);
                here!([
                    _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64(low.as_ptr().cast()))),
                    _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64(high.as_ptr().cast())))
                ])
            }
            #[inline(always)]
            fn store(self, x: Self::F, to: &mut Lanes) {
                for (to, x) in to.as_chunks_mut::<8>().0.iter_mut().zip(x) {
                    here!(_mm256_storeu_ps(to.as_mut_ptr(), x));
                }
            }
            #[inline(always)]
            fn store_low_bytes(self, x: Self::F, to: &mut [u8; LANES]) {
                here!({
                    let mask = _mm256_set1_epi32(255);
                    let [low, high] = [_mm256_castps_si256(x[0]), _mm256_castps_si256(x[1])];
                    let words = _mm256_packus_epi32(_mm256_and_si256(low, mask), _mm256_and_si256(high, mask));
                    // Packing is by halves of a register: puts their quarters in order.
                    let words = _mm256_permute4x64_epi64::<0b11_01_10_00>(words);
                    let bytes = _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256::<1>(words));
                    _mm_storeu_si128(to.as_mut_ptr().cast(), bytes)
                })
            }
            #[inline(always)]
            fn add(self, a: Self::F, b: Self::F) -> Self::F {
                here!([_mm256_add_ps(a[0], b[0]), _mm256_add_ps(a[1], b[1])])
            }
            #[inline(always)]
            fn sub(self, a: Self::F, b: Self::F) -> Self::F {
                here!([_mm256_sub_ps(a[0], b[0]), _mm256_sub_ps(a[1], b[1])])
            }
            #[inline(always)]
            fn mul(self, a: Self::F, b: Self::F) -> Self::F {
                here!([_mm256_mul_ps(a[0], b[0]), _mm256_mul_ps(a[1], b[1])])
            }
            #[inline(always)]
            fn min(self, a: Self::F, b: Self::F) -> Self::F {
                here!([_mm256_min_ps(a[0], b[0]), _mm256_min_ps(a[1], b[1])])
            }
            #[inline(always)]
            fn max(self, a: Self::F, b: Self::F) -> Self::F {
                here!([_mm256_max_ps(a[0], b[0]), _mm256_max_ps(a[1], b[1])])
            }
            #[inline(always)]
            fn sum(self, x: Self::F) -> f32 {
                here!(fold_sum(_mm256_add_ps(x[0], x[1])))
            }
            #[inline(always)]
            fn least(self, x: Self::F) -> f32 {
                here!(fold_least(_mm256_min_ps(x[0], x[1])))
            }
            #[inline(always)]
            fn most(self, x: Self::F) -> f32 {
                here!(fold_most(_mm256_max_ps(x[0], x[1])))
            }
            #[inline(always)]
            fn power_of_two(self, x: Self::F) -> Self::F {
                here!({
                    let one = _mm256_set1_epi32(127 << 23);
                    let low = _mm256_add_epi32(_mm256_slli_epi32::<23>(_mm256_castps_si256(x[0])), one);
                    let high = _mm256_add_epi32(_mm256_slli_epi32::<23>(_mm256_castps_si256(x[1])), one);
                    [_mm256_castsi256_ps(low), _mm256_castsi256_ps(high)]
                })
            }
            #[inline(always)]
            fn tile<const R: usize>(self, rows: &[&[Bytes]; R], panels: &[&[Weights]; PANELS], out: &mut [Sums; ROWS]) {
                here!($tile(rows, panels, out))
            }
        }
    };
}

two_registers!(AvxVnni, tile_vnni);
two_registers!(Avx2, tile_avx2);

#[inline(always)]
fn halves<T>(lanes: &[T; LANES]) -> [&[T; 8]; 2] {
    let halves = lanes.as_chunks().0;
    [&halves[0], &halves[1]]
}

/// The upper half of eight lanes onto the lower, and so on.
macro_rules! fold {
    ($name:ident, $op:ident) => {
        #[inline]
        #[target_feature(enable = "avx2")]
        fn $name(x: __m256) -> f32 {
            let four = $op(_mm256_castps256_ps128(x), _mm256_extractf128_ps::<1>(x));
            let two = $op(four, _mm_movehl_ps(four, four));
            _mm_cvtss_f32($op(two, _mm_shuffle_ps::<1>(two, two)))
        }
    };
}

fold!(fold_sum, _mm_add_ps);
fold!(fold_least, _mm_min_ps);
fold!(fold_most, _mm_max_ps);

/// Four panels side by side, a register each for every row.
#[inline]
#[target_feature(enable = "avx2,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
fn tile_512<const R: usize>(rows: &[&[Bytes]; R], panels: &[&[Weights]; PANELS], out: &mut [Sums; ROWS]) {
    let steps = panels[0].len();
    assert!(panels.iter().all(|p| p.len() == steps) && rows.iter().all(|r| r.len() == steps));
    let mut sums = [[_mm512_setzero_si512(); PANELS]; R];
    for step in 0..steps {
        let weights = [load_512(&panels[0][step]), load_512(&panels[1][step]), load_512(&panels[2][step]), load_512(&panels[3][step])];
        for r in 0..R {
            let bytes = _mm512_set1_epi32(i32::from_le_bytes(rows[r][step]));
            for p in 0..PANELS {
                sums[r][p] = _mm512_dpbusd_epi32(sums[r][p], bytes, weights[p]);
            }
        }
    }
    for r in 0..R {
        for p in 0..PANELS {
            // SAFETY: the array has 64 bytes; no alignment is asked for.
            unsafe { _mm512_storeu_si512(out[r][p].as_mut_ptr().cast(), sums[r][p]) }
        }
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load_512(from: &Weights) -> __m512i {
    // SAFETY: the array has 64 bytes; no alignment is asked for.
    unsafe { _mm512_loadu_si512(from.as_ptr().cast()) }
}

/// A tile panel by panel, each in two registers for every row.
macro_rules! tile_256 {
    ($name:ident, $features:literal, |$sum:ident, $bytes:ident, $weights:ident| $dot:expr) => {
        #[inline]
        #[target_feature(enable = $features)]
        fn $name<const R: usize>(rows: &[&[Bytes]; R], panels: &[&[Weights]; PANELS], out: &mut [Sums; ROWS]) {
            #[inline]
            #[target_feature(enable = $features)]
            fn dot($sum: __m256i, $bytes: __m256i, $weights: __m256i) -> __m256i {
                $dot
            }
            for p in 0..PANELS {
                let steps = panels[p].len();
                assert!(rows.iter().all(|r| r.len() == steps));
                let mut sums = [[_mm256_setzero_si256(); 2]; R];
                for step in 0..steps {
                    let weights = [load_256(&panels[p][step], 0), load_256(&panels[p][step], 1)];
                    for r in 0..R {
                        let bytes = _mm256_set1_epi32(i32::from_le_bytes(rows[r][step]));
                        sums[r][0] = dot(sums[r][0], bytes, weights[0]);
                        sums[r][1] = dot(sums[r][1], bytes, weights[1]);
                    }
                }
                for r in 0..R {
                    let halves = out[r][p].as_chunks_mut::<8>().0;
                    // SAFETY (both): the half has 32 bytes; no alignment is asked for.
                    unsafe { _mm256_storeu_si256(halves[0].as_mut_ptr().cast(), sums[r][0]) }
                    unsafe { _mm256_storeu_si256(halves[1].as_mut_ptr().cast(), sums[r][1]) }
                }
            }
        }
    };
}

tile_256!(tile_vnni, "avx2,avxvnni", |sum, bytes, weights| _mm256_dpbusd_avx_epi32(sum, bytes, weights));
tile_256!(tile_avx2, "avx2", |sum, bytes, weights| {
    // The sum of two products is within 2 · 255 · 63 and does not saturate.
    let pairs = _mm256_maddubs_epi16(bytes, weights);
    _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)))
});

#[inline]
#[target_feature(enable = "avx2")]
fn load_256(from: &Weights, half: usize) -> __m256i {
    let halves = from.as_chunks::<32>().0;
    // SAFETY: the half has 32 bytes; no alignment is asked for.
    unsafe { _mm256_loadu_si256(halves[half].as_ptr().cast()) }
}
