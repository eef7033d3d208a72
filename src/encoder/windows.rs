//! What of a sentence goes through the encoder at once: all of it, or where it is too long, windows that overlap.

use std::ops::Range;

/// Pieces that neighbouring windows share at least, where tokens allow.
const OVERLAP: usize = 48;

/// Tokens that are read together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// All of them.
    pub tokens: Range<usize>,
    /// Those whose rows are kept: of two windows each keeps its half of the pieces they share.
    pub kept: Range<usize>,
}

/// The windows of a sentence. `starts` has the number of the first piece of each token, and the number of all pieces; a window has at most
/// `limit` pieces, and no token has more.
#[must_use]
pub fn windows(starts: &[usize], limit: usize) -> Vec<Window> {
    let count = starts.len().saturating_sub(1);
    let mut windows: Vec<Window> = Vec::new();
    let mut start = 0;
    while start < count {
        let mut end = start + 1;
        while end < count && starts[end + 1] - starts[start] <= limit {
            end += 1;
        }
        let mut kept = start..end;
        if let Some(before) = windows.last_mut() {
            let middle = starts[start].midpoint(starts[before.tokens.end]);
            kept.start = start + starts[start..before.tokens.end].partition_point(|&piece| piece < middle);
            before.kept.end = kept.start;
        }
        windows.push(Window { tokens: start..end, kept });
        if end == count {
            break;
        }
        let overlap = OVERLAP.min(limit / 2);
        let mut next = end;
        while next > start + 1 && starts[end] - starts[next - 1] <= overlap {
            next -= 1;
        }
        start = next;
    }
    windows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_sentence_is_one_window() {
        assert_eq!(windows(&[0], 126), []);
        assert_eq!(windows(&[], 126), []);
        assert_eq!(windows(&[0, 2, 3, 126], 126), [Window { tokens: 0..3, kept: 0..3 }]);
    }

    #[test]
    fn every_token_is_kept_once_and_no_window_is_too_long() {
        let mut seed = 11u64;
        for count in 1..400 {
            let mut starts = vec![0];
            for _ in 0..count {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let many = if count % 2 == 0 && seed >> 60 == 0 { 32 } else { 1 + (seed >> 62) as usize };
                starts.push(starts[starts.len() - 1] + many);
            }
            let windows = windows(&starts, 126);
            let mut next = 0;
            for Window { tokens, kept } in &windows {
                assert!(starts[tokens.end] - starts[tokens.start] <= 126);
                assert!(tokens.start <= kept.start && kept.end <= tokens.end && kept.start < kept.end);
                assert_eq!(kept.start, next);
                next = kept.end;
                // What is kept has something read on both sides, but at the ends of the sentence.
                let light = count % 2 == 1;
                assert!(!light || kept.start == 0 || starts[kept.start] - starts[tokens.start] >= 16);
                assert!(!light || kept.end == count || starts[tokens.end] - starts[kept.end] >= 16);
            }
            assert_eq!(next, count);
        }
    }
}
