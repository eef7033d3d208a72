//! Precision, recall and F1 against annotated articles, slot by slot; what was missed, spurious or wrong; calibration of confidence and of mentions' scores.
//!
//! Gold files are what `corpus/GUIDELINES.md` says. Gold and document may differ by a few words: spans of gold are mapped by the words both
//! have, and what stands in text that the document lacks is missed.

pub mod align;
mod articles;
mod calibration;
mod chains;
mod claims;
pub mod coreference;
pub mod gold;
mod mentions;
pub mod names;
mod page;
pub mod pins;
mod report;
pub mod score;
mod slots;
pub mod stories;

pub use articles::{Reader, analyse_all};
pub use calibration::{Bin, Calibration, Judged, JudgedMention, MentionCalibration};
pub use report::{ArticleScores, Report};

use crate::error::Result;
use crate::pipeline::{Configuration, Pipeline};
use crate::recognise::Model;
use crate::types::{Analysis, ByteSpan};
use align::Alignment;
use gold::GoldArticle;
use score::{Item, Tally};
use std::path::Path;

/// The name of the file that marks a directory, and what is in it, as held out: of it only figures are shown.
const HELD_OUT: &str = "HELD-OUT";

/// What scoring found, before it is told.
#[derive(Clone, Debug, Default)]
pub struct Scored {
    /// Over all articles.
    pub tally: Tally,
    /// Of each article, by its name.
    pub per_article: Vec<(String, Tally)>,
    /// Each predicted claim's confidence, and whether it was right.
    pub judged: Vec<Judged>,
    /// Each predicted mention, and whether it was right.
    pub mentions: Vec<JudgedMention>,
    /// What is missed, spurious or wrong.
    pub items: Vec<Item>,
}

/// The pipeline with the user's data from `rules` added and a learned model.
///
/// # Errors
/// When a data file does not load.
pub fn pipeline(rules: Option<&Path>, recogniser: Model) -> Result<Pipeline> {
    Pipeline::load(&Configuration { rules: rules.map(Path::to_owned), recogniser, ..Configuration::default() })
}

/// What reads a page into analysed stories.
///
/// # Errors
/// When a data file does not load.
pub fn reader<'p>(pipeline: &'p Pipeline, rules: Option<&Path>) -> Result<impl Reader + use<'p>> {
    let reader = crate::read::Reader::load(rules)?;
    Ok(move |path: &Path| {
        let mut stories = Vec::new();
        for raw in reader.inputs(&[path.to_owned()]) {
            stories.extend(pipeline.analyse(&raw?)?);
        }
        Ok(stories)
    })
}

/// Evaluates a reader on a directory of gold files. `reveal` shows more than figures of a part that is held out.
///
/// # Errors
/// When the gold files cannot be read or are wrong. A page that the reader fails on is counted as missed as a whole.
pub fn evaluate(directory: &Path, reveal: bool, read: &impl Reader) -> Result<Report> {
    let gold = gold::load_directory(directory)?;
    let sha256 = pins::digest(directory)?;
    let analyses = analyse_all(&gold, read);
    let scored = score_all(gold.iter().zip(&analyses).map(|(gold, analysis)| (gold, analysis.as_ref().ok())));
    let held_out = is_held_out(directory) && !reveal;
    let failure = |(gold, analysis): (&GoldArticle, &Result<Analysis>)| {
        let error = analysis.as_ref().err()?;
        Some(if held_out { gold.name.clone() } else { format!("{}: {error}", gold.name) })
    };
    let failed = gold.iter().zip(&analyses).filter_map(failure).collect();
    let of_article = |(article, tally): (String, Tally)| ArticleScores { article, scores: tally.lines() };
    Ok(Report {
        articles: gold.len(),
        sha256,
        held_out,
        failed,
        scores: scored.tally.lines(),
        calibration: Calibration::of(&scored.judged),
        mention_calibration: MentionCalibration::of(&scored.mentions),
        per_article: scored.per_article.into_iter().map(of_article).collect(),
        mentions: if held_out { Vec::new() } else { scored.mentions },
        items: if held_out { Vec::new() } else { scored.items },
        stories: Vec::new(),
    })
}

/// Evaluates a pipeline on a directory of gold files, and on the stories in `stories` beside it. `rules`, `reveal`: as [`evaluate`] and [`reader`] have them.
///
/// # Errors
/// As [`evaluate`]'s, and when a story's files are wrong.
pub fn evaluate_with_stories(directory: &Path, reveal: bool, pipeline: &Pipeline, rules: Option<&Path>) -> Result<Report> {
    let read = reader(pipeline, rules)?;
    let mut report = evaluate(directory, reveal, &read)?;
    for story in stories::load(&directory.join("../stories"))? {
        report.stories.push(stories::score(&story, pipeline, &read)?);
    }
    if report.held_out {
        report.stories.iter_mut().flat_map(|story| [&mut story.given, &mut story.own]).for_each(|side| side.items.clear());
    }
    Ok(report)
}

/// Scores analyses against gold; an article without one is missed as a whole.
#[must_use]
pub fn score_all<'a>(articles: impl IntoIterator<Item = (&'a GoldArticle, Option<&'a Analysis>)>) -> Scored {
    let mut scored = Scored::default();
    for (gold, analysis) in articles {
        let mut tally = Tally::default();
        let items = &mut scored.items;
        let document = analysis.map(|analysis| &analysis.document);
        let alignment = Alignment::new(&gold.text, document.map_or("", |document| &document.text));
        let to_document = |span: ByteSpan| alignment.to_document(span);
        page::text(gold, document, &alignment, &mut tally, items);
        page::meta(gold, document, &mut tally, items);
        scored.mentions.extend(mentions::mentions(gold, analysis, &to_document, &mut tally, items));
        tally.add_coreference(&chains::chains(gold, analysis, &to_document));
        let claims = claims::Claims::new(gold, analysis, &to_document);
        claims.numbers(&mut tally);
        scored.judged.extend(claims.claims(&mut tally, items));
        claims.relations(&mut tally, items);
        scored.tally.merge(&tally);
        scored.per_article.push((gold.name.clone(), tally));
    }
    scored
}

/// Whether a directory, or one that it is in, is marked as held out.
#[must_use]
pub fn is_held_out(directory: &Path) -> bool {
    let whole = std::fs::canonicalize(directory).unwrap_or_else(|_| directory.to_owned());
    whole.ancestors().any(|folder| folder.join(HELD_OUT).is_file())
}

#[cfg(test)]
mod tests;
