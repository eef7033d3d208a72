//! Whether claims of confidence 0.8 and mentions of score 0.8 are right eight times in ten.

use super::score::rounded;
use crate::types::Kind;
use serde::Serialize;
use std::collections::BTreeMap;

/// How many bins the range of confidence is cut into.
const BINS: usize = 10;

/// A predicted claim's confidence, and whether it was right at its core; or a mention's score, and whether its words and kind were.
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
    /// Bins that hold any, from the lowest.
    pub bins: Vec<Bin>,
    /// Mean distance of a bin's confidence from its share right, weighted by what it holds; `None` where there is nothing.
    pub expected_error: Option<f64>,
}

/// What has about one confidence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// Lowest confidence; a bin goes up to 0.1 above, the last one takes in 1.
    pub from: f64,
    /// How many.
    pub count: usize,
    /// Their mean confidence.
    pub confidence: f64,
    /// The share of them that is right.
    pub right: f64,
}

impl Calibration {
    /// The calibration of claims or mentions.
    #[must_use]
    pub fn of(judged: &[Judged]) -> Calibration {
        let mut sums = [(0usize, 0.0f64, 0usize); BINS];
        for one in judged {
            let confidence = if one.confidence.is_nan() { 0.0 } else { f64::from(one.confidence).clamp(0.0, 1.0) };
            // A hair more than the product: 0.7 in 32 bits is a little below 7 tenths.
            let bin = ((confidence * BINS as f64 + 1e-5) as usize).min(BINS - 1);
            let sum = &mut sums[bin];
            *sum = (sum.0 + 1, sum.1 + confidence, sum.2 + usize::from(one.right));
        }
        let mut bins = Vec::new();
        let mut error = 0.0;
        for (index, (count, confidence, right)) in sums.into_iter().enumerate().filter(|(_, sum)| sum.0 > 0) {
            error += (confidence - right as f64).abs();
            let (mean, share) = (confidence / count as f64, right as f64 / count as f64);
            bins.push(Bin { from: index as f64 / BINS as f64, count, confidence: rounded(mean), right: rounded(share) });
        }
        Calibration { bins, expected_error: (!judged.is_empty()).then(|| rounded(error / judged.len() as f64)) }
    }
}

/// A predicted mention: what its score rests on, and whether its words and kind were right. What `models/train/recogniser/calibrate.py` reads.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are those of [`crate::types::Evidence`]")]
pub struct JudgedMention {
    pub article: String,
    #[serde(serialize_with = "name_of")]
    pub kind: Kind,
    pub via: &'static str,
    pub other: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f32>,
    pub score: f32,
    pub right: bool,
}

fn name_of<S: serde::Serializer>(kind: &Kind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.name())
}

/// Scores of mentions against the share that was right.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct MentionCalibration {
    /// Of all kinds together.
    pub all: Calibration,
    /// Of each kind that was found, by its name.
    pub kinds: BTreeMap<&'static str, Calibration>,
}

impl MentionCalibration {
    /// The calibration of mentions.
    #[must_use]
    pub fn of(mentions: &[JudgedMention]) -> MentionCalibration {
        let mut kinds: BTreeMap<&'static str, Vec<Judged>> = BTreeMap::new();
        let judged = |m: &JudgedMention| Judged { confidence: m.score, right: m.right };
        for mention in mentions {
            kinds.entry(mention.kind.name()).or_default().push(judged(mention));
        }
        let all: Vec<Judged> = mentions.iter().map(judged).collect();
        MentionCalibration {
            all: Calibration::of(&all),
            kinds: kinds.into_iter().map(|(k, judged)| (k, Calibration::of(&judged))).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_are_told_by_kind_too() {
        let mention = |kind, score, right| {
            let (via, other, probability) = ("ruled", "silent", None);
            JudgedMention { article: "a".to_owned(), kind, via, other, probability, score, right }
        };
        let found = [mention(Kind::Place, 0.9, true), mention(Kind::Place, 0.9, true), mention(Kind::Person, 0.9, false)];
        let calibration = MentionCalibration::of(&found);
        assert_eq!(calibration.all.expected_error, Some(0.2333));
        let errors: Vec<_> = calibration.kinds.iter().map(|(kind, c)| (*kind, c.expected_error)).collect();
        assert_eq!(errors, [("Person", Some(0.9)), ("Place", Some(0.1))]);
        assert_eq!(serde_json::to_value(&found[0]).expect("a mention is JSON")["kind"], "Place");
    }

    #[test]
    fn bins_hold_their_confidence_and_share() {
        let judged = [(0.9, true), (0.9, false), (0.7, true), (1.0, true)].map(|(confidence, right)| Judged { confidence, right });
        let calibration = Calibration::of(&judged);
        let shown: Vec<_> = calibration.bins.iter().map(|bin| (bin.from, bin.count, bin.confidence, bin.right)).collect();
        assert_eq!(shown, [(0.7, 1, 0.7, 1.0), (0.9, 3, 0.9333, 0.6667)]);
        assert_eq!(calibration.expected_error, Some(0.275));
        assert_eq!(Calibration::of(&[]), Calibration::default());
        assert_eq!(Calibration::of(&[Judged { confidence: f32::NAN, right: true }]).bins.len(), 1);
    }
}
