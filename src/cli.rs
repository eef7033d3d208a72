//! The command line's shape. The doc comments are the help.

use crate::encoder::engine::Device;
use crate::error::{Error, Result};
use crate::graph::steps::Step;
use crate::limits::Limits;
use crate::recognise::Model;
use crate::report::DEFAULT_LIMIT_MB;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Scraped news in, a knowledge graph out: who did what with what, where, when, how many, and according to whom.
#[derive(Debug, Parser)]
#[command(name = "wiregraph", version, about, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The main job: news in, one knowledge graph out, as JSON-LD
    Run(Run),
    /// Precision, recall and F1 per slot, against annotated articles
    Evaluate(Evaluate),
    /// Ask a graph: SPARQL, or a named query
    Query(Query),
    /// Show a claim's sentence with every slot marked in it, and why each slot is what it is
    Explain(Explain),
    /// What one stage gave, as JSON Lines
    Inspect(Inspect),
    /// Stay and answer: a line of JSON with an article in, a line of JSON-LD with its facts out, in order
    Stream(Stream),
    /// Unite graphs, and conclude over all of their articles
    Merge(Merge),
    /// A graph for other programs: in a file, or into a database
    Export(Export),
    /// A page that opens from disk and shows the graph: figures over time, claims, articles, places
    Report(Report),
}

/// Options that say how documents are read.
#[derive(Debug, Args)]
pub struct Reading {
    /// Files or directories (walked); `-` is standard input. HTML, text copied from a page, JSON Lines, WARC, WET, and archives of tar with such, each
    /// also packed with gzip or zstd; told apart by content
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// How to analyse.
    #[command(flatten)]
    pub analysing: Analysing,
}

/// Options that say how documents are analysed.
#[derive(Debug, Args)]
pub struct Analysing {
    /// Threads [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// Your own gazetteers, cues, units and events, added to the built-in ones: files named as under models/
    #[arg(long, value_name = "DIR")]
    pub rules: Option<PathBuf>,
    /// The learned model.
    #[command(flatten)]
    pub recogniser: Recogniser,
}

/// The learned model beside gazetteers and rules.
#[derive(Debug, Args)]
pub struct Recogniser {
    /// The learned model beside gazetteers and rules
    #[arg(long, value_name = "NAME", value_enum, default_value_t = RecogniserName::Fast)]
    pub recogniser: RecogniserName,
    /// The checkpoint for rust-bert: a directory as Hugging Face lays it out (config.json, model.safetensors, tokenizer.json or vocab.txt)
    #[arg(long, value_name = "DIR", hide = cfg!(not(feature = "bert")))]
    pub model: Option<PathBuf>,
    /// Where rust-bert runs: cpu, cuda or cuda:N
    #[arg(long, value_name = "D", default_value_t = Device::Cpu, hide = cfg!(not(feature = "bert")))]
    pub device: Device,
}

/// A recogniser, by its name on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RecogniserName {
    /// The small embedded model
    Fast,
    /// The large one: slower, finds more
    Accurate,
    /// None
    Rules,
    /// A checkpoint of yours, with --model
    #[value(hide = cfg!(not(feature = "bert")))]
    RustBert,
}

impl Recogniser {
    /// The model that was asked for.
    ///
    /// # Errors
    /// When the options do not go together.
    pub fn chosen(&self) -> Result<Model> {
        let usage = |reason: &str, hint: &str| Error::Usage { reason: reason.to_owned(), hint: Some(hint.to_owned()) };
        let embedded = match (self.recogniser, &self.model) {
            (RecogniserName::RustBert, Some(directory)) => {
                return Ok(Model::RustBert { directory: directory.clone(), device: self.device });
            }
            (RecogniserName::RustBert, None) => {
                return Err(usage("--recogniser rust-bert needs a checkpoint", "say where it is: --model DIR"));
            }
            (_, Some(_)) => return Err(usage("--model is for rust-bert alone", "say --recogniser rust-bert as well")),
            (RecogniserName::Fast, None) => Model::Fast,
            (RecogniserName::Accurate, None) => Model::Accurate,
            (RecogniserName::Rules, None) => Model::Rules,
        };
        match self.device {
            Device::Cpu => Ok(embedded),
            Device::Cuda(_) => Err(usage("--device is for rust-bert alone", "embedded models run on the CPU")),
        }
    }
}

/// `wiregraph run`.
#[derive(Debug, Args)]
pub struct Run {
    /// How to read.
    #[command(flatten)]
    pub reading: Reading,
    /// Output file; `-` or nothing is standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Add to the graph in this directory as well: articles read again take the place of what it held of them
    #[arg(long, value_name = "DIR")]
    pub store: Option<PathBuf>,
    /// What you have put right, as JSON Lines: claims rejected or mended, references joined or parted
    #[arg(long, value_name = "FILE")]
    pub corrections: Option<PathBuf>,
    /// Copies each document that fails into this directory, with why beside it
    #[arg(long, value_name = "DIR")]
    pub quarantine: Option<PathBuf>,
    /// Base of the IRIs of articles, claims and entities
    #[arg(long, value_name = "IRI", default_value = crate::graph::iri::DEFAULT_BASE)]
    pub base: String,
    /// What one document may take.
    #[command(flatten)]
    pub limits: DocumentLimits,
}

/// `wiregraph stream`.
#[derive(Debug, Args)]
pub struct Stream {
    /// How to analyse.
    #[command(flatten)]
    pub analysing: Analysing,
    /// Base of the IRIs of articles, claims and entities
    #[arg(long, value_name = "IRI", default_value = crate::graph::iri::DEFAULT_BASE)]
    pub base: String,
    /// What one document may take.
    #[command(flatten)]
    pub limits: DocumentLimits,
}

/// What one document may take before it is set aside.
#[derive(Clone, Copy, Debug, Args)]
pub struct DocumentLimits {
    /// Seconds of CPU time that one document may take: what takes longer is set aside and named
    #[arg(long, value_name = "N", default_value_t = Limits::SECONDS, value_parser = clap::value_parser!(u32).range(1..))]
    pub limit_seconds: u32,
    /// Megabytes of memory that one document may take beside the program's own
    #[arg(long, value_name = "N", default_value_t = Limits::MEGABYTES, value_parser = clap::value_parser!(u32).range(1..))]
    pub limit_mb: u32,
}

/// `wiregraph merge`.
#[derive(Debug, Args)]
pub struct Merge {
    /// Graphs that `run`, `merge` or `export` wrote, directories that `run --store` adds to, or `-`
    #[arg(required = true, value_name = "GRAPH")]
    pub graphs: Vec<PathBuf>,
    /// Output file; `-` or nothing is standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// What you have put right, as JSON Lines
    #[arg(long, value_name = "FILE")]
    pub corrections: Option<PathBuf>,
    /// Your own gazetteers and word lists, as `run` or `stream` was told
    #[arg(long, value_name = "DIR")]
    pub rules: Option<PathBuf>,
    /// One step of uniting alone, for an engine that sorts and distributes records itself: frames in, frames out (docs/cluster.md)
    #[arg(long, value_name = "STEP", hide_possible_values = true)]
    pub step: Option<Step>,
    /// What the step `table` wrote, for the steps after it
    #[arg(long, value_name = "FILE", requires = "step")]
    pub table: Option<PathBuf>,
    /// Base of the IRIs, as `stream` was told, for a step
    #[arg(long, value_name = "IRI", requires = "step", default_value = crate::graph::iri::DEFAULT_BASE)]
    pub base: String,
}

/// `wiregraph export`.
#[derive(Debug, Args)]
pub struct Export {
    /// A graph that `run` wrote, a directory that `run --store` adds to, or `-`
    #[arg(value_name = "GRAPH")]
    pub graph: PathBuf,
    /// jsonld, jsonld-lines, nquads, turtle, trig: RDF; table, parquet: a row a claim; geojson: claims on a map; property-csv: a directory for Neo4j's
    /// importer; http(s)://…: a triple store (SPARQL Update, or the Graph Store Protocol where the address ends in /store or /data); bolt://HOST:PORT/DATABASE
    /// (also neo4j://, bolt+s://): a property graph
    #[arg(long, value_name = "FORMAT|URL")]
    pub to: String,
    /// Output file, or directory for property-csv; `-` or nothing is standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The facts of each article in a graph of its own, named by the article (nquads, trig, triple stores, where it replaces what they held of it)
    #[arg(long)]
    pub named_graphs: bool,
    /// Into this graph of the triple store [default: its default graph]
    #[arg(long, value_name = "IRI")]
    pub graph_name: Option<String>,
    /// Empties that graph first
    #[arg(long)]
    pub replace: bool,
    /// User of the database. The password is taken from WIREGRAPH_PASSWORD, a token from WIREGRAPH_TOKEN
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,
}

/// `wiregraph report`.
#[derive(Debug, Args)]
pub struct Report {
    /// A graph that `run` wrote; `-` is standard input
    #[arg(value_name = "GRAPH")]
    pub graph: PathBuf,
    /// Output file; `-` or nothing is standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Largest size of the page; beyond it the page holds the most connected articles and says so
    #[arg(long, value_name = "N", default_value_t = DEFAULT_LIMIT_MB, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub limit_mb: u32,
    /// Where the paths of articles start from [default: here]. Articles found there unchanged are shown whole, others as far as the graph quotes them
    #[arg(long, value_name = "DIR")]
    pub sources: Option<PathBuf>,
}

/// `wiregraph evaluate`.
#[derive(Debug, Args)]
pub struct Evaluate {
    /// Directory of annotations
    #[arg(long, value_name = "DIR", default_value = "corpus/gold")]
    pub gold: PathBuf,
    /// Everything as JSON: figures per slot, what was missed, what was spurious
    #[arg(long)]
    pub json: bool,
    /// List what was missed and spurious even of a part that is held out
    #[arg(long)]
    pub reveal: bool,
    /// Your own gazetteers, cues, units and events, added to the built-in ones
    #[arg(long, value_name = "DIR")]
    pub rules: Option<PathBuf>,
    /// The learned model.
    #[command(flatten)]
    pub recogniser: Recogniser,
}

/// `wiregraph query`.
#[derive(Debug, Args)]
pub struct Query {
    /// A graph that `run` wrote, a directory that `run --store` adds to, or `-`
    #[arg(value_name = "GRAPH", required_unless_present_any = ["list", "cypher"])]
    pub graph: Option<PathBuf>,
    /// A SPARQL query
    #[arg(value_name = "SPARQL", conflicts_with_all = ["file", "named"])]
    pub sparql: Option<String>,
    /// A file with a SPARQL query
    #[arg(long, value_name = "FILE", conflicts_with = "named")]
    pub file: Option<PathBuf>,
    /// One of the queries that come with wiregraph; `--list` shows them
    #[arg(long, value_name = "NAME")]
    pub named: Option<String>,
    /// List the named queries
    #[arg(long)]
    pub list: bool,
    /// Print the named query in Cypher, for a graph that was exported to a property graph; no GRAPH is asked
    #[arg(long, requires = "named", conflicts_with_all = ["graph", "list"])]
    pub cypher: bool,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
}

/// How an answer is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Aligned columns, for people
    Table,
    /// RFC 4180
    Csv,
    /// SPARQL 1.1 Query Results JSON
    Json,
}

/// `wiregraph explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// A graph that `run` wrote, a directory that `run --store` adds to, or `-`
    #[arg(value_name = "GRAPH")]
    pub graph: PathBuf,
    /// A claim's IRI, or enough of its last digits
    #[arg(value_name = "CLAIM")]
    pub claim: String,
}

/// `wiregraph inspect`.
#[derive(Debug, Args)]
pub struct Inspect {
    /// How to read.
    #[command(flatten)]
    pub reading: Reading,
    /// Which stage
    #[arg(long, value_enum)]
    pub stage: StageName,
    /// The input's text is clean already: nothing is stripped
    #[arg(long)]
    pub plain: bool,
}

/// A stage, by its name on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StageName {
    /// Text, headline, byline, date, publisher, dateline
    Strip,
    /// Sentences
    Split,
    /// Mentions
    Recognise,
    /// Quantities, attributions, claims, relations
    Extract,
    /// Which mentions are one thing
    Resolve,
}
