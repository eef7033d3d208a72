//! Whether claims of confidence 0.8 are right eight times in ten.

use super::score::rounded;
use serde::Serialize;

/// How many bins the range of confidence is cut into.
const BINS: usize = 10;

/// A predicted claim's confidence, and whether it was right at its core.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Judged {
    pub confidence: f32,
    pub right: bool,
}

/// Confidence against the share that was right.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Calibration {
    /// Bins that hold claims, from the lowest.
    pub bins: Vec<Bin>,
    /// Mean distance of a bin's confidence from its share right, weighted by its claims; `None` without claims.
    pub expected_error: Option<f64>,
}

/// Claims of about one confidence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// Lowest confidence; a bin goes up to 0.1 above, the last one takes in 1.
    pub from: f64,
    /// How many claims.
    pub claims: usize,
    /// Their mean confidence.
    pub confidence: f64,
    /// The share of them that is right at its core.
    pub right: f64,
}

impl Calibration {
    /// The calibration of claims.
    #[must_use]
    pub fn of(judged: &[Judged]) -> Calibration {
        let mut sums = [(0usize, 0.0f64, 0usize); BINS];
        for claim in judged {
            let confidence = if claim.confidence.is_nan() { 0.0 } else { f64::from(claim.confidence).clamp(0.0, 1.0) };
            // A hair more than the product: 0.7 in 32 bits is a little below 7 tenths.
            let bin = ((confidence * BINS as f64 + 1e-5) as usize).min(BINS - 1);
            let sum = &mut sums[bin];
            *sum = (sum.0 + 1, sum.1 + confidence, sum.2 + usize::from(claim.right));
        }
        let mut bins = Vec::new();
        let mut error = 0.0;
        for (index, (claims, confidence, right)) in sums.into_iter().enumerate().filter(|(_, sum)| sum.0 > 0) {
            error += (confidence - right as f64).abs();
            let (mean, share) = (confidence / claims as f64, right as f64 / claims as f64);
            bins.push(Bin { from: index as f64 / BINS as f64, claims, confidence: rounded(mean), right: rounded(share) });
        }
        Calibration { bins, expected_error: (!judged.is_empty()).then(|| rounded(error / judged.len() as f64)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_hold_their_confidence_and_share() {
        let judged = [(0.9, true), (0.9, false), (0.7, true), (1.0, true)].map(|(confidence, right)| Judged { confidence, right });
        let calibration = Calibration::of(&judged);
        let shown: Vec<_> = calibration.bins.iter().map(|bin| (bin.from, bin.claims, bin.confidence, bin.right)).collect();
        assert_eq!(shown, [(0.7, 1, 0.7, 1.0), (0.9, 3, 0.9333, 0.6667)]);
        assert_eq!(calibration.expected_error, Some(0.275));
        assert_eq!(Calibration::of(&[]), Calibration::default());
        assert_eq!(Calibration::of(&[Judged { confidence: f32::NAN, right: true }]).bins.len(), 1);
    }
}
