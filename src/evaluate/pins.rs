//! Pinned scores: no row's F1 falls, and no fixture changes, without a reason on record.

use super::report::Report;
use super::stories::StoryScores;
use super::{gold, stories};
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// How far an F1 may fall below its pin.
const TOLERANCE: f64 = 0.001;

/// The file of pinned scores.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pins {
    /// Each part of the corpus by name.
    pub parts: BTreeMap<String, Part>,
    /// Why pins were set, first to last.
    pub updates: Vec<Update>,
}

/// The pins of one part.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// [`digest`] of the part.
    pub sha256: String,
    /// F1 of each row that gold has something in.
    pub f1: BTreeMap<String, f64>,
}

/// One setting of pins.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Update {
    /// Why, in words.
    pub reason: String,
    /// Rows whose pin was lowered, as "part: row": from and to.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lowered: BTreeMap<String, [f64; 2]>,
    /// Parts whose files changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<String>,
}

impl Pins {
    /// The pins of a file; none where the file is not there yet.
    ///
    /// # Errors
    /// When the file cannot be read or is no file of pins.
    pub fn load(file: &Path) -> Result<Pins> {
        let shown = file.display().to_string();
        match std::fs::read_to_string(file) {
            Ok(json) => serde_json::from_str(&json).map_err(|error| Error::Data {
                file: shown,
                place: format!("line {}", error.line()),
                reason: error.to_string(),
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Pins::default()),
            Err(source) => Err(Error::Io { path: shown, source }),
        }
    }

    /// Writes the pins to a file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self, file: &Path) -> Result<()> {
        let json = serde_json::to_string_pretty(self).map_err(|error| Error::Graph(error.to_string()))?;
        std::fs::write(file, json + "\n").map_err(|source| Error::Io { path: file.display().to_string(), source })
    }

    /// What a report breaks of a part's pins, in words; empty where it holds them all.
    #[must_use]
    pub fn broken(&self, part: &str, report: &Report) -> Vec<String> {
        let Some(pinned) = self.parts.get(part) else { return vec![format!("{part}: no pinned scores")] };
        let mut broken = Vec::new();
        if pinned.sha256 != report.sha256 {
            broken.push(format!("{part}: gold files or articles are not those that were pinned"));
        }
        let now = scores(report);
        for (row, pin) in &pinned.f1 {
            let f1 = now.get(row).copied().unwrap_or(0.0);
            if f1 < pin - TOLERANCE {
                broken.push(format!("{part}: {row}: F1 {f1:.4} is below its pin {pin:.4}"));
            }
        }
        broken
    }

    /// Rows of a part that are now above their pin or have none, in words.
    #[must_use]
    pub fn beaten(&self, part: &str, report: &Report) -> Vec<String> {
        let pinned = self.parts.get(part);
        let pin = |row: &String| pinned.and_then(|pinned| pinned.f1.get(row));
        let above = scores(report).into_iter().filter_map(|(row, f1)| match pin(&row) {
            Some(pin) => (f1 > pin + TOLERANCE).then(|| format!("{part}: {row}: F1 {f1:.4} is above its pin {pin:.4}")),
            None => Some(format!("{part}: {row}: F1 {f1:.4} has no pin")),
        });
        above.collect()
    }

    /// Pins the scores of reports, and records why.
    ///
    /// # Errors
    /// When the reason is empty.
    pub fn update(&mut self, reports: &[(&str, &Report)], reason: &str) -> Result<()> {
        if reason.trim().is_empty() {
            let hint = Some("say in a few words what changed and why the scores are right now".to_owned());
            return Err(Error::Usage { reason: "pinned scores change only for a reason".to_owned(), hint });
        }
        let mut update = Update { reason: reason.trim().to_owned(), ..Update::default() };
        for (name, report) in reports {
            let fresh = Part { sha256: report.sha256.clone(), f1: scores(report) };
            let old = self.parts.insert((*name).to_owned(), fresh.clone()).unwrap_or_default();
            if old.sha256 != fresh.sha256 {
                update.changed.push((*name).to_owned());
            }
            for (row, from) in old.f1 {
                let to = fresh.f1.get(&row).copied().unwrap_or(0.0);
                if to < from {
                    update.lowered.insert(format!("{name}: {row}"), [from, to]);
                }
            }
        }
        self.updates.push(update);
        Ok(())
    }
}

fn scores(report: &Report) -> BTreeMap<String, f64> {
    let rows = report.scores.iter().filter(|line| line.gold > 0).map(|line| (line.slot.clone(), line.f1.unwrap_or(0.0)));
    let of_story = |story: &StoryScores| {
        [("as annotated", &story.given), ("as found", &story.own)].map(|(how, side)| {
            let links = side.links.get("all").copied().unwrap_or_default();
            [("links", links), ("entities", side.entities), ("places", side.places)]
                .map(|(what, figures)| (format!("story {}: {what}, {how}", story.story), figures.f1.unwrap_or(0.0)))
        })
    };
    rows.chain(report.stories.iter().flat_map(of_story).flatten()).collect()
}

/// SHA-256 over the names and bytes of a directory's gold files and of the articles they annotate.
///
/// # Errors
/// When a file cannot be read.
pub fn digest(directory: &Path) -> Result<String> {
    let mut files = BTreeMap::new();
    let folders = stories::folders(&directory.join("../stories"));
    let of_stories: Vec<PathBuf> = folders.iter().map(|folder| gold::files(&folder.join("gold"))).collect::<Result<Vec<_>>>()?.concat();
    let mut paths: Vec<PathBuf> = folders.iter().map(|folder| folder.join(stories::FILE)).collect();
    for file in gold::files(directory)?.into_iter().chain(of_stories) {
        paths.push(gold::load(&file)?.article);
        paths.push(file);
    }
    for path in paths {
        let bytes = std::fs::read(&path).map_err(|source| Error::Io { path: path.display().to_string(), source })?;
        // The last three parts of the path tell stories' files apart.
        let parts: Vec<_> = path.components().rev().take(3).map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        files.insert(parts, Sha256::digest(&bytes));
    }
    let mut whole = Sha256::new();
    for (name, sum) in files {
        whole.update(name.join("/").as_bytes());
        whole.update([0]);
        whole.update(sum);
    }
    Ok(whole.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::super::score::{Counts, Row, Tally};
    use super::*;

    fn report(right: usize, sha256: &str) -> Report {
        let mut tally = Tally::default();
        tally.add(Row::Claims, Counts { gold: 10, predicted: 10, right });
        Report {
            articles: 1,
            sha256: sha256.to_owned(),
            held_out: false,
            failed: Vec::new(),
            scores: tally.lines(),
            calibration: super::super::Calibration::default(),
            mention_calibration: super::super::MentionCalibration::default(),
            mentions: Vec::new(),
            per_article: Vec::new(),
            items: Vec::new(),
            stories: Vec::new(),
        }
    }

    #[test]
    fn a_pin_holds_until_a_reason_lowers_it() {
        let mut pins = Pins::default();
        assert_eq!(pins.broken("gold", &report(8, "a")), ["gold: no pinned scores"]);
        assert!(pins.update(&[("gold", &report(8, "a"))], "  ").is_err());
        pins.update(&[("gold", &report(8, "a"))], "first scores").expect("there is a reason");
        assert!(pins.broken("gold", &report(8, "a")).is_empty());
        assert!(pins.broken("gold", &report(9, "a")).is_empty());
        assert_eq!(pins.beaten("gold", &report(9, "a")), ["gold: claims: F1 0.9000 is above its pin 0.8000"]);
        assert_eq!(pins.broken("gold", &report(7, "a")), ["gold: claims: F1 0.7000 is below its pin 0.8000"]);
        assert_eq!(pins.broken("gold", &report(8, "b")), ["gold: gold files or articles are not those that were pinned"]);
        pins.update(&[("gold", &report(7, "b"))], "stricter gold").expect("there is a reason");
        let last = pins.updates.last().expect("an update is recorded");
        assert_eq!(last.lowered, BTreeMap::from([("gold: claims".to_owned(), [0.8, 0.7])]));
        assert_eq!(last.changed, ["gold"]);
    }

    #[test]
    fn pins_survive_their_file() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let file = folder.path().join("scores.json");
        assert_eq!(Pins::load(&file).expect("a missing file has no pins"), Pins::default());
        let mut pins = Pins::default();
        pins.update(&[("gold", &report(8, "a"))], "first scores").expect("there is a reason");
        pins.save(&file).expect("the file can be written");
        assert_eq!(Pins::load(&file).expect("the file can be read"), pins);
        std::fs::write(&file, "{").expect("the file can be written");
        assert!(matches!(Pins::load(&file), Err(Error::Data { .. })));
    }
}
