//! Statements in Oxigraph's server, over HTTP.

use crate::{failed, graph, python, succeeded, wiregraph};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// What is counted; each row is one number.
const COUNTS: &[&str] = &[
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a wg:Claim }",
    "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a oa:SpecificResource }",
    "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?r wg:refersTo ?x }",
    "SELECT (COUNT(*) AS ?n) { ?x a rdf:Statement }",
];
/// Queries whose answers are held against those of the embedded store.
const NAMED: &[&str] = &["timeline", "contradictions", "claims-with-evidence", "deployments", "casualties-over-time", "actors"];

/// The server, on a port and a directory.
struct Oxigraph {
    server: python::Server,
    python: &'static Path,
    port: u16,
}

impl Oxigraph {
    /// Starts it on a directory, whose statements it opens again.
    fn start(python: &'static Path, directory: &Path, port: u16) -> Oxigraph {
        let binary = python.with_file_name("oxigraph");
        let mut command = Command::new("sh");
        // It says on standard error that it listens.
        command.args(["-c", "exec \"$0\" \"$@\" 2>&1"]).arg(binary).args(["serve", "--location"]).arg(directory.join("data"));
        command.args(["--bind", &format!("127.0.0.1:{port}")]);
        Oxigraph { server: python::Server::start(command, directory, "Listening"), python, port }
    }

    fn address(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn export(&self, graph: &Path, path: &str) -> Command {
        let mut command = wiregraph();
        command.arg("export").arg(graph).args(["--to", &self.address(path)]);
        command
    }

    /// The server's rows for each query.
    fn rows(&self, queries: &[String]) -> Vec<Vec<Vec<String>>> {
        let mut child = Command::new(self.python)
            .arg(python::here().join("sparql.py"))
            .arg(self.address("/query?union-default-graph"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python runs");
        let mut input = child.stdin.take().expect("piped");
        let lines: String = queries.iter().map(|query| format!("{}\n", serde_json::Value::from(query.as_str()))).collect();
        let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
        let output = child.wait_with_output().expect("Python ends");
        writer.join().expect("no panic").expect("Python listens");
        String::from_utf8(output.stdout).expect("UTF-8").lines().map(|line| serde_json::from_str(line).expect("rows")).collect()
    }

    /// Holds counts and answers against those of a graph in a file or directory.
    fn holds(&self, graph: &Path) {
        let counts: Vec<String> = COUNTS.iter().map(|query| with_prefixes(query)).collect();
        let named: Vec<String> = NAMED.iter().map(|name| named(name)).collect();
        let queries = [counts, named].concat();
        let there = self.rows(&queries);
        assert_eq!(there.len(), queries.len(), "the server answers every query");
        for (query, there) in queries.iter().zip(there) {
            let here = own_rows(graph, query);
            assert!(!here.is_empty());
            assert_eq!(sorted(there), sorted(here), "{query}");
        }
    }
}

fn with_prefixes(query: &str) -> String {
    let prefixes = wiregraph::graph::vocabulary::PREFIXES;
    prefixes.iter().map(|(prefix, iri)| format!("PREFIX {prefix}: <{iri}>\n")).collect::<String>() + query
}

fn named(name: &str) -> String {
    wiregraph::graph::queries::find(name).expect("a named query").text.to_owned()
}

/// The embedded store's rows.
fn own_rows(graph: &Path, query: &str) -> Vec<Vec<String>> {
    let mut command = wiregraph();
    command.arg("query").arg(graph).arg(query).args(["--format", "csv"]);
    let (csv, _) = succeeded(command.output().expect("the program runs"));
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
}

fn sorted(mut rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
    rows.sort();
    rows
}

#[test]
fn a_triple_store_holds_the_graph_by_either_protocol_and_twice_is_once() {
    let Some(python) = python::ready("a triple store holds the graph") else { return };
    for (path, named) in [("/update", false), ("/store", false), ("/update", true)] {
        let directory = TempDir::new().expect("a directory");
        let server = Oxigraph::start(python, directory.path(), python::free_port());
        for _ in 0..2 {
            let mut export = server.export(graph(), path);
            if named {
                export.arg("--named-graphs");
            }
            let (_, said) = succeeded(export.output().expect("the program runs"));
            assert!(said.contains("the server holds") && said.contains("wg:Claim"), "{said}");
        }
        server.holds(graph());
    }
}

#[test]
fn a_server_killed_midway_is_named_and_the_same_command_completes() {
    let Some(python) = python::ready("a triple store killed midway") else { return };
    let directory = TempDir::new().expect("a directory");
    let own = directory.path().join("graph.jsonld");
    std::fs::copy(graph(), &own).expect("copied");
    let state = directory.path().join("graph.jsonld.export");
    let port = python::free_port();
    let server = Oxigraph::start(python, directory.path(), port);
    let export = server.export(&own, "/update").stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program runs");
    while !state.exists() {
        std::thread::sleep(Duration::from_millis(2));
    }
    server.server.kill();
    failed(export.wait_with_output().expect("the export ends"));
    assert!(state.exists());
    let server = Oxigraph::start(python, directory.path(), port);
    let (_, said) = succeeded(server.export(&own, "/update").output().expect("the program runs"));
    assert!(said.contains("before this run"), "{said}");
    assert!(!state.exists());
    server.holds(&own);
}

#[test]
fn a_directory_that_grew_by_batches_is_exported_whole() {
    let Some(python) = python::ready("a directory that grew by batches") else { return };
    let directory = TempDir::new().expect("a directory");
    let store = directory.path().join("store");
    let stories = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/stories"));
    for story in ["esperada-slide", "fashaga-eritreans", "esperada-slide"] {
        let mut run = wiregraph();
        run.arg("run").arg(stories.join(story).join("articles")).args(["--recogniser", "rules", "--store"]).arg(&store);
        succeeded(run.output().expect("the program runs"));
    }
    let server = Oxigraph::start(python, directory.path(), python::free_port());
    succeeded(server.export(&store, "/update").output().expect("the program runs"));
    server.holds(&store);
}

#[test]
fn no_server_and_no_such_path_are_told_in_a_line() {
    let Some(python) = python::ready("wrong addresses of a triple store") else { return };
    let directory = TempDir::new().expect("a directory");
    let server = Oxigraph::start(python, directory.path(), python::free_port());
    assert!(failed(server.export(graph(), "/nowhere").output().expect("the program runs")).contains("404"));
    let gone = server.export(graph(), "/update");
    drop(server);
    let mut gone = gone;
    assert!(failed(gone.output().expect("the program runs")).contains("no connection"));
}
