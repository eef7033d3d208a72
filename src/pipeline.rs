//! The stages, in order, over documents in parallel. The one file that names every stage.

use crate::error::{Error, Result, Stage};
use crate::extract::Extractor;
use crate::graph::conclusions::{Concluder, Corrections, Rules};
use crate::graph::facts::facts;
use crate::graph::iri::{DEFAULT_BASE, Iri, Minter};
use crate::graph::run_record::{AgentInfo, Failure, record};
use crate::graph::{Graph, iri};
use crate::recognise::{Model, Recogniser};
use crate::resolve::{Nominals, Sources, references};
use crate::split::Splitter;
use crate::strip::Stripper;
use crate::types::{Analysis, Document, RawDocument};
use rayon::iter::{ParallelBridge, ParallelIterator};
use sha2::{Digest, Sha256};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// What a run is told beside its inputs.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// The user's word lists and gazetteers, added to the built-in ones.
    pub rules: Option<PathBuf>,
    /// Base of instance IRIs.
    pub base: String,
    /// The learned model that joins gazetteers and rules.
    pub recogniser: Model,
    /// Whether to say what figures are figures of, too; only `inspect` shows it.
    pub settings: bool,
}

impl Default for Configuration {
    fn default() -> Self {
        Configuration { rules: None, base: DEFAULT_BASE.to_owned(), recogniser: Model::default(), settings: false }
    }
}

/// Every stage with its data loaded; shared by all threads.
pub struct Pipeline {
    stripper: Stripper,
    splitter: Splitter,
    recogniser: Recogniser,
    extractor: Extractor,
    nominals: Nominals,
    rules: Rules,
    minter: Minter,
    agent: AgentInfo,
}

/// What a batch gave.
#[derive(Debug)]
pub struct Batch {
    /// Facts and conclusions of all articles, and the run record.
    pub graph: Graph,
    /// Documents that failed or were left out, in the order of their names.
    pub failures: Vec<Error>,
    /// Articles in the graph.
    pub articles: usize,
    /// Words of their texts, split at white space.
    pub words: usize,
    /// Claims and relations.
    pub claims: usize,
    /// Corrections whose claim or reference the graph does not hold, in words.
    pub unmet: Vec<String>,
}

impl Batch {
    fn new(minter: &Minter) -> Batch {
        Batch { graph: Graph::new(minter), failures: Vec::new(), articles: 0, words: 0, claims: 0, unmet: Vec::new() }
    }
}

impl Pipeline {
    /// Loads every stage's data.
    ///
    /// # Errors
    /// When a data file does not parse; names file and line.
    pub fn load(configuration: &Configuration) -> Result<Pipeline> {
        let rules = configuration.rules.as_deref();
        let agent = AgentInfo {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            configuration_hash: configuration_hash(configuration)?,
            model_hash: model_hash(configuration.recogniser),
        };
        let extractor = Extractor::load(rules, configuration.recogniser != Model::Rules)?;
        Ok(Pipeline {
            stripper: Stripper::load(rules)?,
            splitter: Splitter::load(rules)?,
            recogniser: Recogniser::load(rules, configuration.recogniser)?,
            extractor: if configuration.settings { extractor.with_settings() } else { extractor },
            nominals: Nominals::load(rules)?,
            rules: Rules::load(rules)?,
            minter: Minter::new(&configuration.base),
            agent,
        })
    }

    /// The articles of one document: most pages hold one.
    ///
    /// # Errors
    /// When a stage fails or panics on it; the error names document and stage.
    pub fn analyse(&self, raw: &RawDocument) -> Result<Vec<Analysis>> {
        self.analyse_to(raw, Stage::Resolve)
    }

    /// The same as far as the stage `last`: what later stages would give is empty.
    ///
    /// # Errors
    /// As [`Pipeline::analyse`].
    pub fn analyse_to(&self, raw: &RawDocument, last: Stage) -> Result<Vec<Analysis>> {
        let mut stage = Stage::Strip;
        let done = catch_unwind(AssertUnwindSafe(|| {
            let documents = self.stripper.strip(raw)?;
            Ok(documents.into_iter().map(|document| self.analyse_article(document, last, &mut stage)).collect())
        }));
        done.unwrap_or_else(|panic| {
            let words = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
            let reason = format!("stopped by a fault of the program: {}", words.unwrap_or("no message"));
            Err(Error::document(&raw.id, stage, reason).with_hint("please report it with the document"))
        })
    }

    fn analyse_article(&self, document: Document, last: Stage, stage: &mut Stage) -> Analysis {
        let mut analysis = Analysis::of(document);
        let Analysis { document, split, mentions, extraction, references: chains, described } = &mut analysis;
        for next in [Stage::Split, Stage::Recognise, Stage::Extract, Stage::Resolve].into_iter().take_while(|next| *next <= last) {
            *stage = next;
            match next {
                Stage::Split => *split = self.splitter.split(document),
                Stage::Recognise => *mentions = self.recogniser.recognise(document, split),
                Stage::Extract => *extraction = self.extractor.extract(document, split, mentions),
                _ => {
                    let sources = Sources { gazetteer: &self.recogniser, nominals: &self.nominals, words: &self.extractor.lexicon().words };
                    let resolved = references(document, split, mentions, extraction, sources);
                    (*chains, *described) = (resolved.references, resolved.described);
                    extraction.syntax = Vec::new();
                }
            }
        }
        *stage = Stage::Graph;
        analysis
    }

    /// Runs a batch and draws conclusions over all of it, with what an analyst has put right.
    pub fn run(&self, inputs: impl Iterator<Item = Result<RawDocument>> + Send, corrections: &Corrections) -> Batch {
        let agent = self.agent.iri(&self.minter);
        let mut batch = inputs
            .par_bridge()
            .map(|raw| {
                let analysed = raw.and_then(|raw| self.analyse(&raw));
                let mut batch = Batch::new(&self.minter);
                match analysed {
                    Ok(analyses) => {
                        for analysis in &analyses {
                            batch.articles += 1;
                            batch.words += analysis.document.text.split_whitespace().count();
                            batch.claims += analysis.extraction.claims.len();
                            batch.graph.unite(facts(analysis, &self.minter, &agent));
                        }
                    }
                    Err(error) => batch.failures.push(error),
                }
                batch
            })
            .reduce(
                || Batch::new(&self.minter),
                |mut one, other| {
                    one.graph.unite(other.graph);
                    one.failures.extend(other.failures);
                    one.articles += other.articles;
                    one.words += other.words;
                    one.claims += other.claims;
                    one
                },
            );
        batch.failures.sort_by_key(ToString::to_string);
        batch.unmet = corrections.add_to(&self.minter, &mut batch.graph);
        self.concluder().conclude(&mut batch.graph);
        self.record(&mut batch);
        batch
    }

    /// What draws conclusions with this pipeline's data.
    #[must_use]
    pub fn concluder(&self) -> Concluder<'_> {
        Concluder { minter: &self.minter, gazetteer: &self.recogniser, rules: &self.rules }
    }

    /// The gazetteers and models that find names.
    #[must_use]
    pub fn recogniser(&self) -> &Recogniser {
        &self.recogniser
    }

    fn record(&self, batch: &mut Batch) {
        let (mut left_out, mut failed) = (Vec::new(), Vec::new());
        for error in &batch.failures {
            match error {
                Error::Document { document, stage, reason, left_out: without, .. } => {
                    let failure = Failure { source_file: document.clone(), stage: *stage, reason: reason.clone() };
                    if *without { left_out.push(failure) } else { failed.push(failure) }
                }
                Error::Io { path, source } => {
                    failed.push(Failure { source_file: path.clone(), stage: Stage::Read, reason: source.to_string() });
                }
                Error::Data { .. } | Error::Graph(_) | Error::Server { .. } | Error::Usage { .. } => {}
            }
        }
        let articles: Vec<Iri> = batch.graph.nodes().filter(|node| node.is_a("schema:NewsArticle")).map(|node| node.iri.clone()).collect();
        record(&mut batch.graph, &self.minter, &self.agent, &articles, &left_out, &failed);
    }
}

/// A digest of the weights that read the text: the parser's and the learned recogniser's.
fn model_hash(model: Model) -> String {
    let mut digest = Sha256::new();
    digest.update(crate::syntax::model_hash());
    digest.update(Sha256::digest(model.bytes()));
    if model != Model::Rules {
        digest.update(Sha256::digest(Extractor::model()));
    }
    iri::hex(&digest.finalize())
}

/// A digest of all that the configuration brings in: the base and the user's files, by name and content.
fn configuration_hash(configuration: &Configuration) -> Result<String> {
    let mut digest = Sha256::new();
    digest.update(configuration.base.as_bytes());
    if let Some(rules) = &configuration.rules {
        for path in files_below(rules)? {
            digest.update(path.strip_prefix(rules).unwrap_or(&path).to_string_lossy().as_bytes());
            digest.update(std::fs::read(&path).map_err(|source| Error::Io { path: path.display().to_string(), source })?);
        }
    }
    Ok(iri::hex(&digest.finalize()))
}

fn files_below(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(directory).sort_by_file_name() {
        let entry = entry.map_err(|e| Error::Usage {
            reason: format!("--rules {}: {e}", directory.display()),
            hint: Some("give a directory with files named as under models/".into()),
        })?;
        if entry.file_type().is_file() {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}
