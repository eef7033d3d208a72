//! How probable it is that a mention is right, by its kind and by who says so.

use super::Model;
use crate::error::{Error, Result};
use crate::lexicon::{DataFile, toml};
use crate::types::{Evidence, Kind, Other, Via};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The figures of one model; `models/recogniser/calibration.toml` says what they mean.
#[derive(Clone, Debug)]
pub(super) struct Calibration {
    edges: Vec<f32>,
    rows: BTreeMap<Kind, Row>,
}

#[derive(Deserialize)]
struct FileOnDisk {
    /// Where the steps of [`Figure::Steps`] part.
    edges: Vec<f32>,
    #[serde(flatten)]
    models: BTreeMap<String, BTreeMap<String, Row>>,
}

/// The figures of a kind.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    listed: Figures,
    ruled: Figures,
    learned: Option<Figures>,
}

/// The figures of who found a mention, by what the other side says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Figures {
    silent: Figure,
    differs: Option<Figure>,
    agrees: Option<Figure>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Figure {
    /// The share that is right.
    Share(f32),
    /// The shares that are right where the learned model's probability is below the first edge, from it to the next, and so on.
    Steps(Vec<f32>),
}

impl Figure {
    fn of(&self, edges: &[f32], probability: Option<f32>) -> f32 {
        match self {
            Figure::Share(share) => *share,
            Figure::Steps(steps) => steps[edges.partition_point(|edge| *edge <= probability.unwrap_or(0.0))],
        }
    }

    fn fits(&self, edges: &[f32]) -> bool {
        let shares = match self {
            Figure::Share(share) => std::slice::from_ref(share),
            Figure::Steps(steps) if steps.len() == edges.len() + 1 => steps,
            Figure::Steps(_) => return false,
        };
        shares.iter().all(|share| (0.0..=1.0).contains(share))
    }
}

impl Figures {
    fn fit(&self, edges: &[f32]) -> bool {
        self.silent.fits(edges) && [&self.differs, &self.agrees].into_iter().flatten().all(|figure| figure.fits(edges))
    }
}

impl Calibration {
    /// The built-in figures of a model; of a checkpoint those of gazetteers and rules, and what it says itself is as sure as it says.
    pub(super) fn load(model: &Model) -> Result<Calibration> {
        let model = if matches!(model, Model::RustBert { .. }) { &Model::Rules } else { model };
        let text = include_str!("../../models/recogniser/calibration.toml").to_owned();
        Calibration::parse(&DataFile { name: "models/recogniser/calibration.toml".to_owned(), text }, model)
    }

    fn parse(file: &DataFile, model: &Model) -> Result<Calibration> {
        let wrong = |place: String, reason: &str| Error::Data { file: file.name.clone(), place, reason: reason.to_owned() };
        let FileOnDisk { edges, mut models } = toml(file)?;
        if !edges.is_sorted() {
            return Err(wrong("edges".to_owned(), "do not rise"));
        }
        let mut found = models.remove(model.name()).ok_or_else(|| wrong(model.name().to_owned(), "is missing"))?;
        let mut rows = BTreeMap::new();
        for kind in Kind::ALL {
            let place = || format!("{}.{}", model.name(), kind.name());
            let row = found.remove(kind.name()).ok_or_else(|| wrong(place(), "is missing"))?;
            if ![Some(&row.listed), Some(&row.ruled), row.learned.as_ref()].into_iter().flatten().all(|figures| figures.fit(&edges)) {
                return Err(wrong(place(), "has a figure that is not from 0 to 1, or more or fewer steps than the edges part"));
            }
            rows.insert(kind, row);
        }
        match found.into_keys().next() {
            Some(name) => Err(wrong(format!("{}.{name}", model.name()), "is no kind of mention")),
            None => Ok(Calibration { edges, rows }),
        }
    }

    /// The probability that a mention's span and kind are right; `raw`, what its finder says, where there is no figure.
    pub(super) fn score(&self, kind: Kind, evidence: Evidence, raw: f32) -> f32 {
        let figures = self.rows.get(&kind).and_then(|row| match evidence.via {
            Via::Listed => Some(&row.listed),
            Via::Ruled => Some(&row.ruled),
            Via::Learned => row.learned.as_ref(),
        });
        let Some(figures) = figures else { return raw };
        let figure = match evidence.other {
            Other::Silent => None,
            Other::Differs => figures.differs.as_ref(),
            Other::Agrees => figures.agrees.as_ref(),
        };
        figure.unwrap_or(&figures.silent).of(&self.edges, evidence.probability)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(person: &str) -> DataFile {
        let mut text = format!("edges = [0.5, 0.9]\n[fast.Person]\n{person}\n");
        for kind in Kind::ALL.into_iter().filter(|k| *k != Kind::Person) {
            text += &format!("[fast.{}]\nlisted = {{ silent = 0.5 }}\nruled = {{ silent = 0.5 }}\n", kind.name());
        }
        DataFile { name: "x.toml".to_owned(), text }
    }

    #[test]
    fn figures_are_by_kind_finder_and_what_the_other_side_says() {
        let person = "listed = { agrees = 0.9, silent = 0.6 }\nruled = { silent = 0.4 }\nlearned = { silent = [0.2, 0.5, 0.8] }";
        let calibration = Calibration::parse(&file(person), &Model::Fast).expect("the file is right");
        let score = |kind, via, other, probability| calibration.score(kind, Evidence { via, other, probability }, 0.123);
        assert_eq!(score(Kind::Person, Via::Listed, Other::Agrees, Some(0.5)), 0.9);
        assert_eq!(score(Kind::Person, Via::Listed, Other::Silent, None), 0.6);
        // A figure that is not there is that of silence.
        assert_eq!(score(Kind::Person, Via::Listed, Other::Differs, None), 0.6);
        let steps = [0.0, 0.49, 0.5, 0.89, 0.9, 1.0].map(|p| score(Kind::Person, Via::Learned, Other::Differs, Some(p)));
        assert_eq!(steps, [0.2, 0.2, 0.5, 0.5, 0.8, 0.8]);
        // No figures at all: what the finder says.
        assert_eq!(score(Kind::Place, Via::Learned, Other::Silent, Some(0.5)), 0.123);
    }

    #[test]
    fn built_in_figures_load_for_every_model() {
        for model in Model::EMBEDDED {
            let calibration = Calibration::load(&model).expect("the built-in file is right");
            for (kind, row) in &calibration.rows {
                assert_eq!(row.learned.is_some(), model != Model::Rules && *kind != Kind::Time, "{model:?} {kind:?}");
            }
        }
    }

    #[test]
    fn a_wrong_file_is_refused_by_name_and_place() {
        let refusal = |file: &DataFile| Calibration::parse(file, &Model::Fast).expect_err("the file is wrong").to_string();
        let ruled = "ruled = { silent = 0.4 }";
        let error = refusal(&file(&format!("listed = {{ silent = 1.4 }}\n{ruled}")));
        assert!(error.starts_with("x.toml: fast.Person: has a figure"), "{error}");
        let error = refusal(&file(&format!("listed = {{ quiet = 0.4 }}\n{ruled}")));
        assert!(error.starts_with("x.toml: line "), "{error}");
        let error = refusal(&file(&format!("listed = {{ silent = [0.4, 0.5] }}\n{ruled}")));
        assert!(error.contains("more or fewer steps"), "{error}");
        let mut other = file(&format!("listed = {{ silent = 0.4 }}\n{ruled}"));
        other.text = other.text.replace("fast.Place", "fast.Palace");
        assert!(refusal(&other).starts_with("x.toml: fast.Place: is missing"));
        assert!(Calibration::parse(&other, &Model::Rules).is_err());
    }
}
