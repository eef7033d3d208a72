//! The stages, in order, over documents in parallel. The one file that names every stage.

use crate::error::{Error, Result, Stage, panic_words};
use crate::extract::Extractor;
use crate::graph::bytes::{Id, write_graph};
use crate::graph::conclusions::{Concluder, Concluding, Corrections, Rules};
use crate::graph::facts::facts;
use crate::graph::iri::{DEFAULT_BASE, Iri, Minter};
use crate::graph::run_record::{AgentInfo, Failure, USED, record};
use crate::graph::sorter::Space;
use crate::graph::told::Told;
use crate::graph::{Graph, iri};
use crate::journal::{Counts, Failed, Journal, Key, Outcome};
use crate::limits::{self, Exceeded, Limits};
use crate::quarantine::Quarantine;
use crate::recognise::{Model, Recogniser};
use crate::resolve::{Antecedents, Nominals, Sources, references, without_nobody};
use crate::split::Splitter;
use crate::strip::Stripper;
use crate::types::{Analysis, Document, RawDocument};
use rayon::iter::{ParallelBridge, ParallelIterator};
use sha2::{Digest, Sha256};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Articles whose facts are shared out among the threads at once.
const AT_ONCE: usize = 256;

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
    /// What one document may take.
    pub limits: Limits,
}

impl Default for Configuration {
    fn default() -> Self {
        Configuration {
            rules: None,
            base: DEFAULT_BASE.to_owned(),
            recogniser: Model::default(),
            settings: false,
            limits: Limits::default(),
        }
    }
}

/// Every stage with its data loaded; shared by all threads.
pub struct Pipeline {
    stripper: Stripper,
    splitter: Splitter,
    recogniser: Recogniser,
    extractor: Extractor,
    nominals: Nominals,
    antecedents: Option<Antecedents>,
    rules: Rules,
    minter: Minter,
    agent: AgentInfo,
    limits: Limits,
}

/// Where a batch keeps what it has done, and what does not fit into memory.
#[derive(Debug)]
pub struct Work {
    /// What is done already is not done again.
    pub journal: Journal,
    /// Where facts are sorted.
    pub space: Space,
    /// Where documents go that fail.
    pub quarantine: Option<Quarantine>,
}

impl Work {
    /// Work that goes with the run.
    ///
    /// # Errors
    /// When there is no room for temporary files.
    pub fn temporary() -> Result<Work> {
        Ok(Work { journal: Journal::temporary()?, space: Space::default(), quarantine: None })
    }
}

/// How far a batch is.
#[derive(Debug, Default)]
pub struct Progress {
    /// Documents that are done, failed ones included.
    pub documents: AtomicU64,
    /// Those of them that the journal held.
    pub resumed: AtomicU64,
    /// Words read.
    pub words: AtomicU64,
    /// Whether all documents are read, and conclusions are drawn.
    pub concluding: AtomicBool,
}

/// What a batch gave.
pub struct Batch {
    /// Facts and conclusions of all articles and the run record, by node.
    pub told: Told,
    /// Documents that failed or were left out, in the order of their names.
    pub failures: Vec<Error>,
    /// What is in the graph.
    pub counts: Counts,
    /// Corrections whose claim or reference the graph does not hold, in words.
    pub unmet: Vec<String>,
}

impl Pipeline {
    /// Loads every stage's data.
    ///
    /// # Errors
    /// When a data file does not parse; names file and line.
    pub fn load(configuration: &Configuration) -> Result<Pipeline> {
        let rules = configuration.rules.as_deref();
        // First of all: a checkpoint that does not load is not worth a digest.
        let recogniser = Recogniser::load(rules, &configuration.recogniser)?;
        let agent = AgentInfo {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            configuration_hash: configuration_hash(configuration)?,
            model_hash: model_hash(&configuration.recogniser)?,
        };
        let extractor = Extractor::load(rules, configuration.recogniser != Model::Rules)?;
        Ok(Pipeline {
            stripper: Stripper::load(rules)?,
            splitter: Splitter::load(rules)?,
            recogniser,
            extractor: if configuration.settings { extractor.with_settings() } else { extractor },
            nominals: Nominals::load(rules)?,
            antecedents: if configuration.recogniser == Model::Rules { None } else { Some(Antecedents::load()?) },
            rules: Rules::load(rules)?,
            minter: Minter::new(&configuration.base),
            agent,
            limits: configuration.limits,
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
        let analyse = || {
            let documents = self.stripper.strip(raw)?;
            Ok(documents.into_iter().map(|document| self.analyse_article(document, last, &mut stage)).collect())
        };
        let done = catch_unwind(AssertUnwindSafe(|| limits::within(self.limits, analyse)));
        done.unwrap_or_else(|panic| {
            if let Some(Exceeded(what)) = panic.downcast_ref() {
                let hint = "if that is what it should take, raise --limit-seconds or --limit-mb";
                return Err(Error::document(&raw.id, stage, what).with_hint(hint));
            }
            let reason = format!("stopped by a fault of the program: {}", panic_words(&*panic));
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
                    let sources = Sources {
                        gazetteer: &self.recogniser,
                        nominals: &self.nominals,
                        lexicon: self.extractor.lexicon(),
                        antecedents: self.antecedents.as_ref(),
                    };
                    let resolved = references(document, split, mentions, extraction, sources);
                    (*chains, *described) = (resolved.references, resolved.described);
                    without_nobody(&mut extraction.claims, chains);
                    extraction.syntax = Vec::new();
                }
            }
        }
        *stage = Stage::Graph;
        analysis
    }

    /// The name of program, configuration, model and limits: what they make of a document is the same wherever it is made.
    #[must_use]
    pub fn name(&self) -> String {
        let Limits { time, bytes } = self.limits;
        format!("{} {time:?} {bytes}", self.minter.written(&self.agent.iri(&self.minter)))
    }

    /// Runs a batch and draws conclusions over all of it, with what an analyst has put right. Documents are read, analysed and kept in the journal by all
    /// threads, each of which asks for the next one when it is done; conclusions are drawn from the journal.
    ///
    /// # Errors
    /// When the journal or a temporary file cannot be written. What fails in a document is in the batch.
    pub fn run(
        &self,
        inputs: impl Iterator<Item = Result<RawDocument>> + Send,
        corrections: &Corrections,
        work: Work,
        progress: &Progress,
    ) -> Result<Batch> {
        let Work { journal, space, quarantine } = work;
        let journal = Mutex::new(journal);
        let stopped: Mutex<Option<Error>> = Mutex::new(None);
        let unread: Mutex<Vec<Error>> = Mutex::new(Vec::new());
        let going = AtomicBool::new(true);
        inputs.take_while(|_| going.load(Relaxed)).par_bridge().for_each(|raw| {
            match raw {
                Ok(raw) => {
                    if let Err(error) = self.keep(&raw, &journal, quarantine.as_ref(), progress) {
                        going.store(false, Relaxed);
                        lock(&stopped).get_or_insert(error);
                    }
                }
                Err(error) => lock(&unread).push(error),
            }
            progress.documents.fetch_add(1, Relaxed);
        });
        progress.concluding.store(true, Relaxed);
        if let Some(error) = into_inner(stopped) {
            return Err(error);
        }
        self.conclude(into_inner(journal), into_inner(unread), corrections, &space)
    }

    /// The facts of a document's articles, and who claims them.
    ///
    /// # Errors
    /// As [`Pipeline::analyse`].
    pub fn facts(&self, raw: &RawDocument) -> Result<Graph> {
        let mut graph = Graph::new(&self.minter);
        let agent = self.agent.describe(&mut graph, &self.minter);
        for analysis in &self.analyse(raw)? {
            graph.unite(facts(analysis, &self.minter, &agent));
        }
        Ok(graph)
    }

    /// Analyses a document, unless the journal has it.
    fn keep(&self, raw: &RawDocument, journal: &Mutex<Journal>, quarantine: Option<&Quarantine>, progress: &Progress) -> Result<()> {
        let key = Key::of(raw);
        let met = lock(journal).meet(key).map(Option::<&Failed>::cloned);
        if let Some(failed) = met {
            progress.resumed.fetch_add(1, Relaxed);
            // The run that it failed in may have been told of no quarantine.
            return match (quarantine, failed) {
                (Some(quarantine), Some(failed)) => quarantine.set_aside(raw, &failed.into()),
                _ => Ok(()),
            };
        }
        let outcome = match self.analyse(raw) {
            Ok(analyses) => {
                let agent = self.agent.iri(&self.minter);
                let mut counts = Counts::default();
                let mut articles = Vec::with_capacity(analyses.len());
                for analysis in &analyses {
                    counts += Counts {
                        articles: 1,
                        words: analysis.document.text.split_whitespace().count() as u64,
                        claims: analysis.extraction.claims.len() as u64,
                        undated: u64::from(analysis.document.meta.anchor().is_none()),
                    };
                    let mut bytes = Vec::new();
                    write_graph(&facts(analysis, &self.minter, &agent), &mut bytes);
                    articles.push(bytes);
                }
                progress.words.fetch_add(counts.words, Relaxed);
                Outcome::Done(counts, articles)
            }
            Err(error) => {
                if let Some(quarantine) = quarantine {
                    quarantine.set_aside(raw, &error)?;
                }
                match Failed::of(&error) {
                    Some(failed) => Outcome::Failed(failed),
                    None => return Err(error),
                }
            }
        };
        lock(journal).keep(key, &outcome)
    }

    fn conclude(&self, mut journal: Journal, mut failures: Vec<Error>, corrections: &Corrections, space: &Space) -> Result<Batch> {
        let concluder = self.concluder();
        let mut loose = Graph::new(&self.minter);
        corrections.add_to(&self.minter, &mut loose);
        let mut concluding = Concluding::new(&concluder, space, &loose);
        let mut counts = Counts::default();
        let mut articles = Vec::new();
        let mut waiting: Vec<Vec<u8>> = Vec::new();
        journal.each(|outcome| {
            match outcome {
                Outcome::Failed(failed) => failures.push(failed.into()),
                Outcome::Done(of_document, all) => {
                    counts += of_document;
                    waiting.extend(all);
                    if waiting.len() >= AT_ONCE {
                        articles.extend(concluding.add_all(&waiting)?);
                        waiting.clear();
                    }
                }
            }
            Ok(())
        })?;
        articles.extend(concluding.add_all(&waiting)?);
        failures.sort_by_key(ToString::to_string);
        articles.sort_unstable();
        articles.dedup();
        let run = self.record(&mut loose, &articles, &failures);
        articles.iter().try_for_each(|article| concluding.link(&run, USED, article.iri()))?;
        drop(articles);
        concluding.tell(&loose)?;
        let (told, unmet) = concluding.finish()?;
        Ok(Batch { told: Told::new(&self.minter, told), failures, counts, unmet })
    }

    /// What draws conclusions with this pipeline's data.
    #[must_use]
    pub fn concluder(&self) -> Concluder<'_> {
        Concluder { minter: &self.minter, gazetteer: &self.recogniser, rules: &self.rules }
    }

    /// The name of program and configuration: what they conclude from facts is the same wherever it is concluded.
    #[must_use]
    pub fn drawn_with(&self) -> String {
        format!("{} {} {}", self.agent.version, env!("WIREGRAPH_CONCLUSIONS"), self.agent.configuration_hash)
    }

    /// The gazetteers and models that find names.
    #[must_use]
    pub fn recogniser(&self) -> &Recogniser {
        &self.recogniser
    }

    fn record(&self, graph: &mut Graph, articles: &[Id], failures: &[Error]) -> Iri {
        let (mut left_out, mut failed) = (Vec::new(), Vec::new());
        for error in failures {
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
        record(graph, &self.minter, &self.agent, articles, &left_out, &failed)
    }
}

/// The value behind a lock that no panic poisons: documents are analysed outside of it.
fn lock<T>(behind: &Mutex<T>) -> MutexGuard<'_, T> {
    behind.lock().unwrap_or_else(PoisonError::into_inner)
}

fn into_inner<T>(behind: Mutex<T>) -> T {
    behind.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// A digest of the weights that read the text: the parser's and the learned recogniser's.
fn model_hash(model: &Model) -> Result<String> {
    let mut digest = Sha256::new();
    digest.update(crate::syntax::model_hash());
    digest.update(model.digest()?);
    if *model != Model::Rules {
        for model in Extractor::models() {
            digest.update(Sha256::digest(model));
        }
        digest.update(Sha256::digest(Antecedents::model()));
    }
    Ok(iri::hex(&digest.finalize()))
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
