//! What the models see of a word: hashes of its form, its ends and its shape.

use super::weights::{UNKNOWN_TAG, Vocabulary};

/// Longest form that is looked at, in characters; the rest of a longer one adds nothing.
const LONGEST: usize = 24;

/// A token as the feature templates read it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Word {
    /// The folded form, or for a rare one a class by shape and ending.
    pub form: u32,
    /// The tag it has most often; [`UNKNOWN_TAG`] for a rare word.
    pub usual: u8,
    /// How it is written: case, digits, marks.
    pub shape: u8,
    /// Its last 1, 2, 3, 4 characters.
    pub suffix: [u32; 4],
    /// Its first 1, 2, 3 characters.
    pub prefix: [u32; 3],
}

/// Lower case, any digit as 0, and one kind of quote and dash, so that "’s" is "'s" and "2,014" is "1,937".
fn fold(c: char) -> char {
    match c {
        '0'..='9' => '0',
        'A'..='Z' => c.to_ascii_lowercase(),
        _ if c.is_ascii() => c,
        '’' | '‘' | 'ʼ' | '′' | '‚' | '‛' => '\'',
        '“' | '”' | '„' | '«' | '»' | '‟' => '"',
        '—' | '–' | '―' | '‒' | '\u{2010}' | '\u{2011}' => '-',
        '…' => '.',
        _ => c.to_lowercase().next().unwrap_or(c),
    }
}

fn step(hash: u32, c: char) -> u32 {
    (hash ^ c as u32).wrapping_mul(0x0100_0193).rotate_left(5)
}

const START: u32 = 0x811c_9dc5;

/// Case, then what else is in it.
fn shape(token: &str) -> u8 {
    let (mut upper, mut lower, mut digit, mut mark) = (0u32, 0u32, 0u32, 0u32);
    let mut first_upper = false;
    for (at, c) in token.chars().take(LONGEST).enumerate() {
        if c.is_ascii_lowercase() || (!c.is_ascii() && c.is_lowercase()) {
            lower += 1;
        } else if c.is_ascii_uppercase() || (!c.is_ascii() && c.is_uppercase()) {
            upper += 1;
            first_upper |= at == 0;
        } else if c.is_numeric() {
            digit += 1;
        } else {
            mark += 1;
        }
    }
    let case = match (upper, lower) {
        (0, 0) => 0,
        (0, _) => 1,
        (1, 0) => 2,
        (_, 0) => 3,
        (1, _) if first_upper => 4,
        _ if first_upper => 5,
        _ => 6,
    };
    case | u8::from(digit > 0) << 3 | u8::from(mark > 0) << 4
}

/// The hash of a token's folded form.
#[must_use]
pub fn fold_hash(token: &str) -> u32 {
    token.chars().take(LONGEST).map(fold).fold(START, step)
}

impl Word {
    /// Reads a token.
    #[must_use]
    pub fn new(token: &str, vocabulary: &Vocabulary<'_>) -> Self {
        let mut folded = ['\0'; LONGEST];
        let mut length = 0;
        for c in token.chars().take(LONGEST) {
            folded[length] = fold(c);
            length += 1;
        }
        let folded = &folded[..length];
        let mut prefix = [0; 3];
        let mut hash = START;
        for (at, &c) in folded.iter().enumerate() {
            hash = step(hash, c);
            if at < 3 {
                prefix[at] = hash;
            }
        }
        let mut suffix = [0; 4];
        let mut backwards = !START;
        for (slot, &c) in suffix.iter_mut().zip(folded.iter().rev()) {
            backwards = step(backwards, c);
            *slot = backwards;
        }
        let shape = shape(token);
        let (form, usual) = match vocabulary.get(hash) {
            Some(usual) => (hash, usual),
            None => {
                // Names say little by their ending; other words say much.
                let ending = if shape == 1 { suffix[1] } else { 0 };
                (step(ending ^ 0x5bd1_e995, char::from(shape)), UNKNOWN_TAG)
            }
        };
        Self { form, usual, shape, suffix, prefix }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_joins_what_reads_alike() {
        assert_eq!(fold_hash("’S"), fold_hash("'s"));
        assert_eq!(fold_hash("2,014"), fold_hash("1,937"));
        assert_eq!(fold_hash("—"), fold_hash("-"));
        assert_ne!(fold_hash("war"), fold_hash("raw"));
    }

    #[test]
    fn shapes() {
        let all = ["the", "The", "A", "NATO", "McCain", "iPhone", "4,000", "SA-22", "É", "."];
        let shapes: Vec<u8> = all.iter().map(|w| shape(w)).collect();
        assert_eq!(shapes, [1, 4, 2, 3, 5, 6, 24, 27, 2, 16]);
    }
}
