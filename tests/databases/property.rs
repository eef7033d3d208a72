//! The property graph, in ArcadeDB, which speaks Bolt as Neo4j does.

use crate::{failed, graph, python, succeeded, wiregraph};
use serde_json::Value as Json;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

const PASSWORD: &str = "a password: with @ and %";
/// Where graphs are written over Bolt.
const OVER_BOLT: &str = "news";
/// Where graphs are loaded from CSV.
const FROM_CSV: &str = "files";

/// Patterns of the graph in SPARQL, and what counts the same in Cypher.
const COUNTS: &[(&str, &str)] = &[
    ("?x a schema:NewsArticle", "MATCH (x:Article) RETURN count(x)"),
    ("?x a wg:Claim", "MATCH (x:Claim) RETURN count(x)"),
    ("?x a wg:Relation", "MATCH (x:Relation) RETURN count(x)"),
    ("?x schema:name ?name . FILTER(CONTAINS(STR(?x), \"/entity/\"))", "MATCH (x:Entity) RETURN count(x)"),
    ("?x a wg:Actor", "MATCH (x:Actor) RETURN count(x)"),
    ("?x a schema:Place", "MATCH (x:Place) RETURN count(x)"),
    ("?x a wg:Reference", "MATCH (x:Reference) RETURN count(x)"),
    ("?x a wg:Series", "MATCH (x:Series) RETURN count(x)"),
    ("?x a oa:SpecificResource", "MATCH (x:Evidence) WHERE x.start < x.`end` RETURN count(x)"),
    ("?r wg:mention ?x", "MATCH (:Reference)-[x:MENTION]->(:Evidence) RETURN count(x)"),
    ("?x a wg:Support", "MATCH ()-[x:SUPPORT]->(:Evidence) WHERE x.slot IS NOT NULL AND x.reason IS NOT NULL RETURN count(x)"),
    (
        "?x a rdf:Statement",
        "MATCH (:Claim)-[x:REPEATS|CORROBORATES|REFINES|UPDATES|CONTRADICTS|MISREPORTS]->(:Claim) WHERE x.reason IS NOT NULL RETURN count(x)",
    ),
    ("?x wg:agent ?y", "MATCH ()-[x:AGENT]->(:Entity) RETURN count(x)"),
    ("?x schema:author ?y", "MATCH ()-[x:AUTHOR]->(:Actor) RETURN count(x)"),
    ("?x schema:value ?y FILTER(?y > 100)", "MATCH (x:Claim) WHERE x.value > 100 RETURN count(x)"),
    (
        "?x wg:startDate ?y FILTER(?y >= \"2025-01-01\"^^xsd:date)",
        "MATCH (x) UNWIND x.startDate AS y WITH y WHERE y >= date('2025-01-01') RETURN count(y)",
    ),
];

/// ArcadeDB, on a port of its own.
struct Arcade<'d> {
    server: python::Server,
    python: &'static Path,
    directory: &'d Path,
    port: u16,
}

impl<'d> Arcade<'d> {
    /// Starts it on a directory, whose databases it opens again.
    fn start(python: &'static Path, directory: &'d Path) -> Arcade<'d> {
        let port = python::free_port();
        let mut command = Command::new(python);
        command.arg(python::here().join("arcadedb.py")).arg(directory);
        command.args([&python::free_port().to_string(), &port.to_string(), PASSWORD, OVER_BOLT, FROM_CSV]);
        Arcade { server: python::Server::start(command, directory, "ready"), python, directory, port }
    }

    fn export(&self) -> Command {
        let mut command = export(self.port);
        command.env("WIREGRAPH_PASSWORD", PASSWORD).args(["--user", "root"]);
        command
    }

    /// A session in one of its databases.
    fn session(&self, database: &str) -> Session {
        let mut child = Command::new(self.python)
            .arg(python::here().join("cypher.py"))
            .args([&format!("bolt://127.0.0.1:{}", self.port), "root", PASSWORD, database])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the driver runs");
        Session { statements: child.stdin.take().expect("piped"), answers: BufReader::new(child.stdout.take().expect("piped")), child }
    }
}

/// Cypher through Neo4j's own driver.
struct Session {
    child: Child,
    statements: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Session {
    fn rows(&mut self, cypher: &str) -> Vec<Vec<Json>> {
        let statement = format!("{}\n", Json::from(cypher.trim_end().trim_end_matches(';')));
        self.statements.write_all(statement.as_bytes()).expect("the driver listens");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("the driver answers");
        serde_json::from_str(&answer).unwrap_or_else(|_| panic!("no answer to {cypher}"))
    }

    fn count(&mut self, cypher: &str) -> u64 {
        self.rows(cypher)[0][0].as_u64().expect("a number")
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn export(port: u16) -> Command {
    let mut command = wiregraph();
    command.arg("export").arg(graph()).args(["--to", &format!("bolt://127.0.0.1:{port}/{OVER_BOLT}")]).env_remove("WIREGRAPH_PASSWORD");
    command
}

/// The rows that the embedded store gives.
fn sparql(arguments: &[&str]) -> Vec<Vec<Json>> {
    let output = wiregraph().arg("query").arg(graph()).args(["--format", "json"]).args(arguments).output().expect("the program runs");
    let answer: Json = serde_json::from_str(&succeeded(output).0).expect("JSON");
    let columns = answer["head"]["vars"].as_array().expect("columns").clone();
    let cell = |row: &Json, column: &Json| match &row[column.as_str().expect("a name")] {
        Json::Null => Json::Null,
        cell => {
            let text = cell["value"].as_str().expect("a value");
            let is_number = cell["datatype"].as_str().is_some_and(|kind| kind.ends_with("decimal") || kind.ends_with("nteger"));
            if is_number { Json::from(text.parse::<f64>().expect("a number")) } else { Json::from(text) }
        }
    };
    let rows = answer["results"]["bindings"].as_array().expect("rows");
    rows.iter().map(|row| columns.iter().map(|column| cell(row, column)).collect()).collect()
}

/// Rows in an order that both languages agree on: where a cell is missing they sort differently.
fn sorted(rows: Vec<Vec<Json>>) -> Vec<String> {
    let plain = |cell: Json| cell.as_f64().map_or(cell, Json::from).to_string();
    let mut rows: Vec<String> = rows.into_iter().map(|row| row.into_iter().map(plain).collect::<Vec<_>>().join(" | ")).collect();
    rows.sort();
    rows
}

/// What SPARQL counts.
fn expected_counts() -> &'static [u64] {
    static COUNTED: OnceLock<Vec<u64>> = OnceLock::new();
    COUNTED.get_or_init(|| {
        let count = |(at, (pattern, _)): (usize, &(&str, &str))| format!("{{ SELECT (COUNT(*) AS ?n{at:02}) WHERE {{ {pattern} }} }}");
        let all: Vec<String> = COUNTS.iter().enumerate().map(count).collect();
        let names: Vec<String> = (0..all.len()).map(|at| format!("?n{at:02}")).collect();
        let rows = sparql(&[&format!("SELECT {} WHERE {{ {} }}", names.join(" "), all.join(" "))]);
        rows[0].iter().map(|cell| cell.as_f64().expect("a number") as u64).collect()
    })
}

fn counts(session: &mut Session) -> Vec<u64> {
    COUNTS.iter().map(|(_, cypher)| session.count(cypher)).collect()
}

/// Takes quotation marks out of the cells: ArcadeDB's reader of CSV loses its place where a cell holds an odd number of them.
fn without_quotation_marks(directory: &Path) {
    for entry in std::fs::read_dir(directory).expect("the directory") {
        let path = entry.expect("a file").path();
        if path.extension().is_some_and(|extension| extension == "csv") {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(&path).expect("a file");
            let records: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("as many cells in each row");
            let mut writer = csv::Writer::from_path(&path).expect("a file");
            for record in records {
                writer.write_record(record.iter().map(|cell| cell.replace('"', "”"))).expect("written");
            }
        }
    }
}

fn size(session: &mut Session) -> [u64; 2] {
    ["MATCH (n) RETURN count(n)", "MATCH ()-[r]->() RETURN count(r)"].map(|cypher| session.count(cypher))
}

#[test]
fn the_graph_is_the_same_in_a_property_graph() {
    let Some(python) = python::ready("the graph over Bolt and in CSV") else { return };
    let directory = TempDir::new().expect("a directory");
    let csv = directory.path().join("csv");
    let mut to_csv = wiregraph();
    to_csv.arg("export").arg(graph()).args(["--to", "property-csv", "-o"]).arg(&csv);
    succeeded(to_csv.output().expect("the program runs"));
    let arcade = Arcade::start(python, directory.path());

    let refused = export(arcade.port).env("WIREGRAPH_PASSWORD", "another").args(["--user", "root"]).output().expect("the program runs");
    let words = failed(refused);
    assert!(words.contains("root") && words.contains("WIREGRAPH_PASSWORD"), "{words}");

    let (_, words) = succeeded(arcade.export().output().expect("the program runs"));
    let mut session = arcade.session(OVER_BOLT);
    let first = size(&mut session);
    assert!(
        words.contains(&format!(
            "wrote {} nodes and {} relationships; the database holds {} and {}",
            first[0], first[1], first[0], first[1]
        ))
    );
    let expected = expected_counts();
    assert!(expected.iter().all(|count| *count > 0), "{expected:?}");
    assert_eq!(counts(&mut session), expected);

    // With user and password in the address.
    let address = format!("neo4j://root:a%20password%3A%20with%20%40%20and%20%25@127.0.0.1:{}/{OVER_BOLT}", arcade.port);
    let again = wiregraph().arg("export").arg(graph()).args(["--to", &address]).output().expect("the program runs");
    succeeded(again);
    assert_eq!(size(&mut session), first, "a second export doubles nothing");

    let (listed, _) = succeeded(wiregraph().args(["query", "--list"]).output().expect("the program runs"));
    let twins: Vec<&str> = listed.lines().filter(|line| line.ends_with("[Cypher]")).filter_map(|line| line.split(' ').next()).collect();
    assert!(twins.len() >= 5, "{listed}");
    let mut answered = 0;
    for name in twins {
        let (cypher, _) = succeeded(wiregraph().args(["query", "--named", name, "--cypher"]).output().expect("the program runs"));
        let (rows, expected) = (sorted(session.rows(&cypher)), sorted(sparql(&["--named", name])));
        assert_eq!(rows.len(), expected.len(), "{name}");
        for (row, expected) in rows.iter().zip(&expected) {
            assert_eq!(row, expected, "{name}");
        }
        answered += usize::from(!rows.is_empty());
    }
    assert!(answered >= 10, "{answered} queries have rows");

    without_quotation_marks(&csv);
    let mut from_csv = arcade.session(FROM_CSV);
    let script = std::fs::read_to_string(csv.join("load.cypher")).expect("the script");
    // Neo4j has an import directory, from which such addresses start.
    let script = script.replace("'file:///", &format!("'file://{}/", csv.display()));
    let script: String = script.lines().filter(|line| !line.starts_with("//")).map(|line| format!("{line}\n")).collect();
    let statements = || script.split(";\n").filter(|statement| !statement.trim().is_empty());
    statements().for_each(|statement| drop(from_csv.rows(statement)));
    assert_eq!(size(&mut from_csv), first);
    assert_eq!(counts(&mut from_csv), expected);
    let again = statements().filter(|statement| ["nodes-Claim", "-SUPPORT", "-AGENT"].iter().any(|file| statement.contains(file)));
    again.for_each(|statement| drop(from_csv.rows(statement)));
    assert_eq!(size(&mut from_csv), first, "a second loading doubles nothing");
}

#[test]
fn an_export_that_a_crash_cut_short_is_made_whole_by_the_next() {
    let Some(python) = python::ready("a server that is killed") else { return };
    let directory = TempDir::new().expect("a directory");
    let arcade = Arcade::start(python, directory.path());
    let mut session = arcade.session(OVER_BOLT);
    let exporting = arcade.export().stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
    while session.count("MATCH (n:Wiregraph) RETURN count(n)") < 2000 {}
    arcade.server.kill();
    let words = failed(exporting.wait_with_output().expect("it ends"));
    assert!(words.contains("went away") && words.contains("export again"), "{words}");

    let arcade = Arcade::start(python, arcade.directory);
    let mut session = arcade.session(OVER_BOLT);
    let left = size(&mut session);
    assert!(left[0] > 0, "nothing had been written");
    let (_, words) = succeeded(arcade.export().output().expect("the program runs"));
    let whole = size(&mut session);
    assert!(left[0] + left[1] < whole[0] + whole[1], "everything had been written");
    assert!(words.contains(&format!("wrote {} nodes and {} relationships", whole[0], whole[1])), "{words} {whole:?}");
    assert_eq!(counts(&mut session), expected_counts());
}

#[test]
fn an_address_where_nothing_listens_says_so() {
    let words = failed(export(python::free_port()).output().expect("the program runs"));
    assert!(words.contains("nothing listens there"), "{words}");
    let no_host =
        wiregraph().arg("export").arg(graph()).args(["--to", "bolt://root:secret@none.invalid:7687"]).output().expect("the program runs");
    assert!(!failed(no_host).contains("secret"));
    // Something listens that speaks another language.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let answering = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a caller");
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").expect("it listens");
    });
    let words = failed(export(port).output().expect("the program runs"));
    assert!(words.contains("does not speak Bolt"), "{words}");
    answering.join().expect("answered");
}
