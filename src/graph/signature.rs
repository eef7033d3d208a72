//! The MinHash of an article's text, by which copies know one another.
//!
//! Minima over hashes of the runs of words (Broder 1997, "On the resemblance and containment of documents"), cut to 16 bits a value (Li and König
//! 2010, "b-bit minwise hashing").

use std::fmt::Write;

/// Words of a run.
const RUN: usize = 4;
/// An article with fewer words has no signature: its few runs say little.
const LEAST: usize = 40;
/// Values of a signature.
pub(super) const VALUES: usize = 48;
/// The MinHash of a text's runs of words, as hexadecimal; `None` for a short text.
#[must_use]
pub(super) fn signature(text: &str) -> Option<String> {
    let words: Vec<u64> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(of_word).collect();
    if words.len() < LEAST {
        return None;
    }
    let mut least = [u32::MAX; VALUES];
    for run in words.windows(RUN) {
        let run = run.iter().fold(0, |all: u64, word| mixed(all.rotate_left(17) ^ word));
        let (low, high) = (run as u32, (run >> 32) as u32 | 1);
        for (i, value) in least.iter_mut().enumerate() {
            // Double hashing gives as many functions as are wanted (Kirsch and Mitzenmacher 2006).
            let hash = low.wrapping_add(high.wrapping_mul(i as u32 + 1)).wrapping_mul(0x9E37_79B1);
            *value = (*value).min(hash ^ (hash >> 15));
        }
    }
    let mut hex = String::with_capacity(VALUES * 4);
    for value in least {
        // Of a minimum the high bits are nought.
        let _ = write!(hex, "{:04x}", value & 0xFFFF);
    }
    Some(hex)
}

fn of_word(word: &str) -> u64 {
    let mut hash = 0xCBF2_9CE4_8422_2325;
    for c in word.chars().flat_map(char::to_lowercase) {
        hash = (hash ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01B3);
    }
    hash
}

/// The last step of splitmix64.
fn mixed(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// Equal values of two signatures.
pub(super) fn equal(a: &str, b: &str) -> usize {
    a.as_bytes().chunks(4).zip(b.as_bytes().chunks(4)).filter(|(a, b)| a == b).count()
}
