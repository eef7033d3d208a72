//! wiregraph's command line: parse, call the library, map the outcome to an exit code.

mod output;
mod progress;

use anyhow::{Context, Result};
use clap::Parser;
use output::Output;
use progress::Shown;
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;
use wiregraph::cli::{Cli, Command, Evaluate, Explain, Export, Format, Inspect, Merge, Query, Report, Run, StageName, Stream};
use wiregraph::error::{Error, Stage};
use wiregraph::evaluate;
#[cfg(feature = "servers")]
use wiregraph::export::address::Address;
#[cfg(feature = "servers")]
use wiregraph::export::property::bolt;
use wiregraph::export::property::{PropertyGraph, csv::CsvDirectory};
use wiregraph::export::{self, Target};
use wiregraph::graph::Graph;
use wiregraph::graph::conclusions::{Concluder, Corrections, Rules};
use wiregraph::graph::directory::{self, Directory, Held, Place};
use wiregraph::graph::iri::Minter;

use wiregraph::graph::queries;
use wiregraph::graph::shards::Shards;
use wiregraph::graph::sorter::Space;
use wiregraph::graph::source::{Gathering, Take, no_graph};
use wiregraph::graph::steps::{Process, Step};
use wiregraph::graph::store::GraphStore;
use wiregraph::graph::told::Told;
use wiregraph::inspect::inspect;
use wiregraph::journal::{self, Counts, Journal};
use wiregraph::limits::{Counting, Limits};
use wiregraph::ordered::{self, map_in_order};
use wiregraph::pipeline::{Configuration, Pipeline, Progress, Work};
use wiregraph::quarantine::Quarantine;
use wiregraph::read::Reader;
use wiregraph::recognise::{Model, Recogniser};
use wiregraph::report;
use wiregraph::stream::stream;
use wiregraph::types::RawDocument;

/// Counts what each document takes.
#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Done, but some documents failed.
const SOME_FAILED: u8 = 1;
/// The command was wrong or could not run at all.
const COULD_NOT_RUN: u8 = 2;
/// Missed and spurious items that `evaluate` lists for people.
const SHOWN_ITEMS: usize = 10;

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Run(run) => run_batch(&run),
        Command::Evaluate(asked) => evaluate_corpus(&asked),
        Command::Query(query) => answer(&query),
        Command::Explain(explain) => explain_claim(&explain),
        Command::Inspect(inspect) => inspect_stage(&inspect),
        Command::Stream(asked) => answer_lines(&asked),
        Command::Merge(merge) => merge_graphs(&merge),
        Command::Export(export) => export_graph(&export),
        Command::Report(report) => report_graph(&report),
    };
    match done {
        Ok(code) => code,
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            match error.downcast_ref::<Error>() {
                // Its words tell the cause already.
                Some(own) => {
                    eprintln!("error: {own}");
                    own.hint().iter().for_each(|hint| eprintln!("hint: {hint}"));
                }
                None => eprintln!("error: {error:#}"),
            }
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}

/// Whether whoever read our output has gone: `wiregraph inspect … | head` is no failure.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let closed = |e: &std::io::Error| e.kind() == std::io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(closed)
            || matches!(cause.downcast_ref::<Error>(), Some(Error::Io { source, .. }) if closed(source))
    })
}

fn set_threads(jobs: Option<u16>) -> Result<()> {
    if let Some(jobs) = jobs {
        rayon::ThreadPoolBuilder::new().num_threads(jobs.into()).build_global().context("threads could not be started")?;
    }
    Ok(())
}

/// Names a failed document on standard error, with what to do about it.
fn name_failure(error: &Error) {
    eprintln!("warning: {error}");
    if let Some(hint) = error.hint() {
        eprintln!("hint: {hint}");
    }
}

/// A number with what it counts.
fn counted(number: impl TryInto<u64>, noun: &str) -> String {
    let number = number.try_into().unwrap_or(u64::MAX);
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// A number of claims and relations.
fn told(number: impl TryInto<u64>) -> String {
    match number.try_into().unwrap_or(u64::MAX) {
        1 => "1 claim or relation".to_owned(),
        number => format!("{number} claims and relations"),
    }
}

fn check_base(base: &str) -> Result<(), Error> {
    if !base.contains("://") || base.contains([' ', '"', '<', '>', '\\', '^', '`', '{', '|', '}']) {
        return Err(Error::Usage {
            reason: format!("--base {base}: not an absolute IRI"),
            hint: Some("write it with its scheme, as in https://example.org/news/".into()),
        });
    }
    Ok(())
}

fn run_batch(run: &Run) -> Result<ExitCode> {
    check_base(&run.base)?;
    set_threads(run.reading.analysing.jobs)?;
    let started = Instant::now();
    // What is concluded does not depend on the order of articles.
    let reader = Reader::load(run.reading.analysing.rules.as_deref())?.in_order(false);
    let inputs = reader.inputs(&run.reading.inputs);
    let pipeline = Pipeline::load(&Configuration {
        rules: run.reading.analysing.rules.clone(),
        base: run.base.clone(),
        recogniser: run.reading.analysing.recogniser.chosen()?,
        settings: false,
        limits: Limits::of(run.limits.limit_seconds, run.limits.limit_mb),
    })?;
    let quarantine = run.quarantine.as_deref().map(Quarantine::open).transpose()?;
    let directory = run.store.as_deref().map(Directory::open).transpose()?;
    let corrections = read_corrections(run.corrections.as_deref())?;
    // Last, since what is done so far lies beside the output.
    let (mut output, mut work, state) = open_output(run.output.as_deref(), &pipeline)?;
    work.quarantine = quarantine;
    let resumed = work.journal.len();
    if resumed > 0 {
        eprintln!("{resumed} documents are done already");
    }
    let progress = Arc::new(Progress::default());
    let shown = Shown::new(&progress, &run.reading.inputs, inputs.consumed());
    let written = (|| {
        let mut batch = pipeline.run(inputs, &corrections, work, &progress)?;
        drop(shown);
        // A wrong path is no reason to lose yesterday's graph.
        if batch.counts.articles == 0 && run.output.as_deref().is_some_and(Path::is_file) {
            let kept = run.output.as_deref().unwrap_or(Path::new("-")).display();
            eprintln!("warning: no article was read, so {kept} is left as it was");
            return Ok((batch, 0));
        }
        let triples = batch.told.write_json_ld(&mut output)?;
        output.finish()?;
        Ok::<_, Error>((batch, triples))
    })();
    let (mut batch, triples) = written.inspect_err(|_| {
        if let Some(state) = &state {
            eprintln!("note: what is done is kept in {}: the same command goes on from there", state.display());
        }
    })?;
    if let Some(state) = state {
        std::fs::remove_dir_all(&state).map_err(|source| Error::Io { path: state.display().to_string(), source })?;
    }
    if directory.is_none() {
        name_unmet(&batch.unmet);
    }
    for error in &batch.failures {
        name_failure(error);
    }
    let Counts { articles, undated, .. } = batch.counts;
    if undated > 0 {
        eprintln!(
            "note: {undated} of {} {} no date, so days such as “Monday” or “last year” are left out",
            counted(articles, "article"),
            if undated == 1 { "has" } else { "have" }
        );
        eprintln!("hint: a line such as “3 November 2025” under the headline, or the field `date` of a record, gives it");
    }
    eprintln!(
        "{}, {}, {}, {}; {} failed or left out; {:.1} s",
        counted(batch.counts.articles, "article"),
        counted(batch.counts.words, "word"),
        told(batch.counts.claims),
        counted(triples, "triple"),
        counted(batch.failures.len(), "document"),
        started.elapsed().as_secs_f64()
    );
    let outcome = if batch.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(SOME_FAILED) };
    if let Some(directory) = directory {
        let added = directory.add(&mut batch.told, &pipeline.concluder(), &corrections, &pipeline.drawn_with())?;
        name_unmet(&added.unmet);
        let how = if added.groups.is_none() { ", all conclusions drawn anew" } else { "" };
        eprintln!("{} triples in the store{how}; {:.1} s", added.triples, started.elapsed().as_secs_f64());
    }
    Ok(outcome)
}

/// Opens the output of a run, and what it has done so far: beside a plain file, in a directory that is given, too.
fn open_output(path: Option<&Path>, pipeline: &Pipeline) -> Result<(Output, Work, Option<PathBuf>), Error> {
    let Some(file) = Output::file(path) else { return Ok((Output::open(path)?, Work::temporary()?, None)) };
    Output::directory(&file)?;
    let state = journal::directory_of(&file);
    let journal = Journal::open(&state, &pipeline.name())?;
    Ok((Output::stage(&state, file)?, Work { journal, space: Space::of(&state), quarantine: None }, Some(state)))
}

fn read_corrections(path: Option<&Path>) -> Result<Corrections> {
    let Some(path) = path else { return Ok(Corrections::default()) };
    let name = path.display().to_string();
    let file = std::fs::File::open(path).map_err(|source| Error::Io { path: name.clone(), source })?;
    Ok(Corrections::read(&name, std::io::BufReader::new(file))?)
}

/// Names corrections that met nothing: no failure, since what they are about may come with other articles.
fn name_unmet(unmet: &[String]) {
    for correction in unmet {
        eprintln!("warning: a correction that changes nothing: {correction}");
    }
}

fn merge_graphs(asked: &Merge) -> Result<ExitCode> {
    let started = Instant::now();
    let corrections = read_corrections(asked.corrections.as_deref())?;
    let mut output = Output::open(asked.output.as_deref())?;
    if let Some(step) = asked.step {
        return run_step(step, asked, &corrections, output);
    }
    // What does not fit into memory goes where the output goes.
    let beside = Output::file(asked.output.as_deref()).and_then(|file| Some(file.parent()?.to_owned())).filter(|place| place.is_dir());
    let mut shards = Shards::new(&beside.map_or_else(Space::default, |place| Space::of(&place)));
    for path in &asked.graphs {
        match open(path)? {
            Source::Text(name, reader) => shards.add(&name, reader)?,
            Source::Held(held) => shards.add_held(&held)?,
        }
    }
    let rules = asked.rules.as_deref();
    let gazetteer = Recogniser::load(rules, &Model::Rules)?;
    let united = shards.conclude(None, &gazetteer, &Rules::load(rules)?, &corrections)?.ok_or_else(|| no_graph(&listed(&asked.graphs)))?;
    name_unmet(&united.unmet);
    for failed in &united.failed {
        eprintln!("warning: {failed}");
    }
    let triples = Told::new(&united.minter, united.facts).and(united.rest).write_json_ld(&mut output)?;
    output.finish()?;
    eprintln!("{}, {}; {:.1} s", counted(asked.graphs.len(), "graph"), counted(triples, "triple"), started.elapsed().as_secs_f64());
    Ok(if united.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(SOME_FAILED) })
}

/// Runs one step of uniting, over what another process has sorted.
fn run_step(step: Step, asked: &Merge, corrections: &Corrections, mut output: Output) -> Result<ExitCode> {
    check_base(&asked.base)?;
    let table = match &asked.table {
        Some(path) => std::fs::read(path).map_err(|source| Error::Io { path: path.display().to_string(), source })?,
        None => Vec::new(),
    };
    let [input] = asked.graphs.as_slice() else {
        let hint = Some("give `-`, and the records on standard input".to_owned());
        return Err(Error::Usage { reason: "a step reads one input".into(), hint }.into());
    };
    let Source::Text(name, input) = open(input)? else {
        let hint = Some("give `-`, and the records on standard input".to_owned());
        return Err(Error::Usage { reason: "a step reads records, and no graph".into(), hint }.into());
    };
    let rules = asked.rules.as_deref();
    let (minter, gazetteer, rules) = (Minter::new(&asked.base), Recogniser::load(rules, &Model::Rules)?, Rules::load(rules)?);
    let concluder = Concluder { minter: &minter, gazetteer: &gazetteer, rules: &rules };
    let told = Process { concluder: &concluder, corrections, table: &table }.run(step, &name, input, &mut output)?;
    output.finish()?;
    for words in told {
        eprintln!("warning: {words}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Paths as errors name them.
fn listed(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}

/// Reads graphs into one.
fn gather(graphs: &[PathBuf], take: Take) -> Result<(Minter, Graph)> {
    let mut gathering = Gathering::new(take);
    for path in graphs {
        match open(path)? {
            Source::Text(name, reader) => gathering.add(&name, reader)?,
            Source::Held(held) => gathering.add_held(&held)?,
        }
    }
    Ok(gathering.finish().ok_or_else(|| no_graph(&listed(graphs)))?)
}

/// Where a graph is read from.
enum Source {
    /// Text, with what errors call it.
    Text(String, Box<dyn BufRead>),
    /// A directory that `run --store` adds to.
    Held(Held),
}

/// Opens a graph.
fn open(path: &Path) -> Result<Source, Error> {
    if path == Path::new("-") {
        return Ok(Source::Text("standard input".to_owned(), Box::new(std::io::stdin().lock())));
    }
    let path = match directory::open(path)? {
        Place::Held(held) => return Ok(Source::Held(held)),
        Place::File(path) => path,
    };
    let name = path.display().to_string();
    match std::fs::File::open(&path) {
        Ok(file) => Ok(Source::Text(name, Box::new(BufReader::new(file)))),
        Err(source) => Err(Error::Io { path: name, source }),
    }
}

fn export_graph(asked: &Export) -> Result<ExitCode> {
    let started = Instant::now();
    let graph = || gather(std::slice::from_ref(&asked.graph), Take::All).map(|(_, graph)| graph);
    let what = match asked.to.parse()? {
        Target::Format(format) => {
            let mut output = Output::open(asked.output.as_deref())?;
            let written = export::write(graph()?, format, asked.named_graphs, &mut output)?;
            output.finish()?;
            format!("{} {}", written.count, written.what)
        }
        Target::PropertyCsv => {
            let place = asked.output.as_deref().filter(|place| *place != Path::new("-")).ok_or_else(|| Error::Usage {
                reason: "property-csv is a directory of files".into(),
                hint: Some("name the directory with -o DIR".into()),
            })?;
            let directory = CsvDirectory::open(place)?;
            let graph = graph()?;
            let graph = PropertyGraph::from(&graph);
            directory.write(&graph)?;
            format!("{} nodes and {} relationships in {}", graph.node_count(), graph.relationship_count(), place.display())
        }
        #[cfg(feature = "servers")]
        Target::Sparql(address) => send_to_triple_store(&asking(address, asked)?, graph()?, asked)?,
        #[cfg(feature = "servers")]
        Target::Bolt(address) => {
            let address = asking(address, asked)?;
            let graph = graph()?;
            let written = bolt::write(&PropertyGraph::from(&graph), &address)?;
            if !written.indexed {
                eprintln!("warning: {address} took no index on `iri`, so it may be slow");
            }
            format!(
                "wrote {} nodes and {} relationships; the database holds {} and {} of them",
                written.nodes, written.relationships, written.nodes_held, written.relationships_held
            )
        }
    };
    eprintln!("{what}; {:.1} s", started.elapsed().as_secs_f64());
    Ok(ExitCode::SUCCESS)
}

/// Sends a graph to a triple store, and says what was sent.
#[cfg(feature = "servers")]
fn send_to_triple_store(address: &Address, graph: Graph, asked: &Export) -> Result<String> {
    use export::progress::Progress;
    use export::sparql::{Options, send};
    use wiregraph::graph::rdf::by_article;
    let options = Options { token: secret("WIREGRAPH_TOKEN"), graph: asked.graph_name.clone(), replace: asked.replace };
    let parts = if asked.named_graphs { by_article(graph) } else { vec![graph.into()] };
    let target = format!("{address} {} {:?} {}", asked.named_graphs, asked.graph_name, asked.replace);
    let kept_beside = (asked.graph != Path::new("-")).then_some(asked.graph.as_path());
    let mut progress = Progress::open(kept_beside, &target);
    let sent = send(&parts, address, &options, &mut progress)?;
    progress.finish();
    let resumed = if sent.resumed > 0 { format!(", {} of them before this run", sent.resumed) } else { String::new() };
    let held = match sent.held {
        Some(held) => {
            let counts: Vec<String> = held.iter().map(|(class, (_, there))| format!("{there} {class}")).collect();
            format!("the server holds {}", counts.join(", "))
        }
        None => "the server does not say what it holds".to_owned(),
    };
    Ok(format!("{} triples sent{resumed}; {held}", sent.statements))
}

/// A secret that the environment holds.
#[cfg(feature = "servers")]
fn secret(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|secret| !secret.is_empty())
}

/// An address with the user and password that the command line and the environment give.
#[cfg(feature = "servers")]
fn asking(mut address: Address, asked: &Export) -> Result<Address> {
    if asked.output.is_some() {
        let hint = Some("leave -o out, or name a format".to_owned());
        return Err(Error::Usage { reason: "-o is for files, and a database is none".into(), hint }.into());
    }
    address.user = asked.user.clone().or(address.user);
    address.password = address.password.or_else(|| secret("WIREGRAPH_PASSWORD"));
    Ok(address)
}

fn report_graph(asked: &Report) -> Result<ExitCode> {
    let started = Instant::now();
    let mut output = Output::open(asked.output.as_deref())?;
    let (_, graph) = gather(std::slice::from_ref(&asked.graph), Take::All)?;
    let options = report::Options { limit: asked.limit_mb as usize * 1_000_000, sources: asked.sources.clone() };
    let report::Summary { articles, whole, left_out, claims, bytes } = report::write(&graph, &options, &mut output)?;
    output.finish()?;
    if left_out > 0 {
        eprintln!(
            "warning: the page holds the {articles} most connected articles and leaves out {left_out}: --limit-mb {}",
            asked.limit_mb
        );
    }
    let megabytes = bytes as f64 / 1e6;
    let seconds = started.elapsed().as_secs_f64();
    eprintln!("{}, {whole} of them whole, {}; {megabytes:.1} MB; {seconds:.1} s", counted(articles, "article"), told(claims));
    Ok(ExitCode::SUCCESS)
}

fn inspect_stage(asked: &Inspect) -> Result<ExitCode> {
    set_threads(asked.reading.analysing.jobs)?;
    let stage = match asked.stage {
        StageName::Strip => Stage::Strip,
        StageName::Split => Stage::Split,
        StageName::Recognise => Stage::Recognise,
        StageName::Extract => Stage::Extract,
        StageName::Resolve => Stage::Resolve,
    };
    let pipeline = Pipeline::load(&Configuration {
        rules: asked.reading.analysing.rules.clone(),
        recogniser: asked.reading.analysing.recogniser.chosen()?,
        settings: true,
        ..Configuration::default()
    })?;
    let reader = Reader::load(asked.reading.analysing.rules.as_deref())?.plain(asked.plain);
    let inputs = reader.inputs(&asked.reading.inputs);
    let lines = |raw: Result<RawDocument, Error>| -> Result<Vec<String>, Error> {
        Ok(pipeline.analyse_to(&raw?, stage)?.iter().map(|analysis| inspect(analysis, stage).to_string()).collect())
    };
    let mut inspected = Inspected { output: Output::open(None)?, some_failed: false };
    map_in_order(inputs, rayon::current_num_threads(), lines, &mut inspected)?;
    inspected.output.finish()?;
    Ok(if inspected.some_failed { ExitCode::from(SOME_FAILED) } else { ExitCode::SUCCESS })
}

/// Prints what a stage gave of each document.
struct Inspected {
    output: Output,
    some_failed: bool,
}

impl ordered::Take<Result<Vec<String>, Error>> for Inspected {
    type Error = std::io::Error;

    fn take(&mut self, lines: Result<Vec<String>, Error>) -> std::io::Result<()> {
        match lines {
            Ok(articles) => articles.iter().try_for_each(|article| writeln!(self.output, "{article}")),
            Err(error) => {
                self.some_failed = true;
                name_failure(&error);
                let Error::Document { document, stage, reason, .. } = &error else { return Ok(()) };
                writeln!(self.output, "{}", serde_json::json!({ "id": document, "error": format!("{stage}: {reason}") }))
            }
        }
    }

    fn idle(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn answer_lines(asked: &Stream) -> Result<ExitCode> {
    check_base(&asked.base)?;
    set_threads(asked.analysing.jobs)?;
    let pipeline = Pipeline::load(&Configuration {
        rules: asked.analysing.rules.clone(),
        base: asked.base.clone(),
        recogniser: asked.analysing.recogniser.chosen()?,
        settings: false,
        limits: Limits::of(asked.limits.limit_seconds, asked.limits.limit_mb),
    })?;
    let reader = Reader::load(asked.analysing.rules.as_deref())?;
    let records = reader.lines("-", Box::new(std::io::stdin()));
    let answered = stream(&pipeline, records, rayon::current_num_threads(), std::io::BufWriter::new(std::io::stdout()))?;
    Ok(if answered.errors > 0 { ExitCode::from(SOME_FAILED) } else { ExitCode::SUCCESS })
}

fn evaluate_corpus(asked: &Evaluate) -> Result<ExitCode> {
    let pipeline = evaluate::pipeline(asked.rules.as_deref(), asked.recogniser.chosen()?)?;
    let report = evaluate::evaluate_with_stories(&asked.gold, asked.reveal, &pipeline, asked.rules.as_deref())?;
    let mut output = Output::open(None)?;
    if asked.json {
        serde_json::to_writer_pretty(&mut output, &report).context("the report could not be written")?;
        writeln!(output)?;
    } else {
        let stories = evaluate::stories::table(&report.stories);
        writeln!(
            output,
            "{}{stories}\n{}\n{}\n{}",
            report.table(),
            report.calibration_table(),
            report.item_list(SHOWN_ITEMS),
            evaluate::stories::item_list(&report.stories)
        )?;
    }
    output.finish()?;
    Ok(ExitCode::SUCCESS)
}

fn answer(asked: &Query) -> Result<ExitCode> {
    let mut output = Output::open(None)?;
    if asked.list {
        for query in queries::named() {
            let also = if query.cypher.is_some() { " [Cypher]" } else { "" };
            writeln!(output, "{:<24} {}{also}", query.name, query.title)?;
        }
        output.finish()?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(name) = asked.named.as_deref().filter(|_| asked.cypher) {
        let cypher = queries::find(name)?.cypher.ok_or_else(|| Error::Usage {
            reason: format!("the query “{name}” is not written in Cypher"),
            hint: Some("--list marks those that are".into()),
        })?;
        write!(output, "{cypher}")?;
        output.finish()?;
        return Ok(ExitCode::SUCCESS);
    }
    let text = match (&asked.named, &asked.file, &asked.sparql) {
        (Some(name), ..) => queries::find(name)?.text.to_owned(),
        (None, Some(file), _) if file.as_os_str() == "-" => std::io::read_to_string(std::io::stdin())?,
        (None, Some(file), _) => std::fs::read_to_string(file).map_err(|source| Error::Io { path: file.display().to_string(), source })?,
        (None, None, Some(sparql)) => sparql.clone(),
        (None, None, None) => {
            let hint = Some("write SPARQL behind the graph, or --named NAME (--list shows the names), or --file FILE".to_owned());
            return Err(Error::Usage { reason: "there is no query".into(), hint }.into());
        }
    };
    let graph = asked.graph.as_deref().context("there is no graph")?;
    let format = match asked.format {
        Format::Table => queries::Format::Table,
        Format::Csv => queries::Format::Csv,
        Format::Json => queries::Format::Json,
    };
    let rows = open_graph(graph)?.query(&queries::with_prefixes(&text))?;
    write!(output, "{}", queries::render(&rows, format))?;
    output.finish()?;
    Ok(ExitCode::SUCCESS)
}

fn explain_claim(asked: &Explain) -> Result<ExitCode> {
    let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let words = wiregraph::graph::explain::explain(&open_graph(&asked.graph)?, &asked.claim, colour)?;
    let mut output = Output::open(None)?;
    write!(output, "{words}")?;
    output.finish()?;
    Ok(ExitCode::SUCCESS)
}

fn open_graph(path: &Path) -> Result<GraphStore> {
    let store = GraphStore::new()?;
    match open(path)? {
        Source::Text(name, reader) => store.load(&name, reader)?,
        Source::Held(held) => store.load_held(&held)?,
    };
    Ok(store)
}
