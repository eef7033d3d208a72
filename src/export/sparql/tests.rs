//! Against a triple store over HTTP in this process: a socket before an Oxigraph store.

use super::*;
use crate::graph::fixtures;
use crate::graph::rdf::by_article;
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{GraphName, NamedNode};
use oxigraph::sparql::results::{QueryResultsFormat, QueryResultsSerializer};
use oxigraph::sparql::{QueryResults, SparqlEvaluator};
use oxigraph::store::Store;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A server, and what it was asked.
struct Server {
    store: Store,
    port: u16,
    /// Method, path, authorization of each request.
    seen: Arc<Mutex<Vec<(String, String, String)>>>,
    /// Answers to give instead of doing what is asked, last first.
    refusals: Arc<Mutex<Vec<Option<&'static str>>>>,
}

impl Server {
    fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let server = Server { store: Store::new().expect("memory"), port, seen: Arc::default(), refusals: Arc::default() };
        let (store, seen, refusals) = (server.store.clone(), Arc::clone(&server.seen), Arc::clone(&server.refusals));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.expect("a connection"), &store, &seen, &refusals);
            }
        });
        server
    }

    fn address(&self, path: &str) -> Address {
        address(&format!("http://127.0.0.1:{}{path}", self.port))
    }

    fn refuse(&self, answers: &[Option<&'static str>]) {
        self.refusals.lock().expect("no panic").extend(answers.iter().rev());
    }

    fn requests(&self) -> usize {
        self.seen.lock().expect("no panic").iter().filter(|(_, path, _)| path != "/query").count()
    }
}

type Seen = Mutex<Vec<(String, String, String)>>;

fn answer(stream: TcpStream, store: &Store, seen: &Seen, refusals: &Mutex<Vec<Option<&'static str>>>) {
    let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
            break;
        }
        head.push(line.trim().to_owned());
    }
    let Some(first) = head.first().map(|line| line.split(' ').collect::<Vec<_>>()) else { return };
    let header = |name: &str| {
        head.iter()
            .find_map(|line| line.split_once(": ").filter(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()))
    };
    let length = header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("the body");
    let text = String::from_utf8(body).expect("UTF-8");
    let (method, path) = (first[0].to_owned(), first[1].to_owned());
    seen.lock().expect("no panic").push((method.clone(), path.clone(), header("authorization").unwrap_or_default()));
    let refusal = if path == "/query" { None } else { refusals.lock().expect("no panic").pop().flatten() };
    let (status, said) = match (refusal, path.split('?').next().unwrap_or_default()) {
        (Some(status), _) => (status, Vec::new()),
        (None, "/update") => {
            let update = SparqlEvaluator::new().parse_update(&text).expect("an update").on_store(store).execute();
            (if update.is_ok() { "204 No Content" } else { "400 Bad Request" }, Vec::new())
        }
        (None, "/store") => {
            let graph = match path.split_once("?graph=") {
                Some((_, name)) => {
                    GraphName::from(NamedNode::new(percent_encoding::percent_decode_str(name).decode_utf8_lossy()).expect("an IRI"))
                }
                None => GraphName::DefaultGraph,
            };
            if method == "PUT" {
                store.clear_graph(graph.as_ref()).expect("cleared");
            }
            let parser = RdfParser::from_format(RdfFormat::NTriples).with_default_graph(graph);
            store.load_from_reader(parser, text.as_bytes()).expect("N-Triples");
            ("201 Created", Vec::new())
        }
        (None, "/query") => {
            let results = SparqlEvaluator::new().parse_query(&text).expect("a query").on_store(store).execute().expect("an answer");
            let serializer = QueryResultsSerializer::from_format(QueryResultsFormat::Json);
            let written = match results {
                QueryResults::Boolean(is_so) => serializer.serialize_boolean_to_writer(Vec::new(), is_so).expect("written"),
                QueryResults::Solutions(solutions) => {
                    let mut out = serializer.serialize_solutions_to_writer(Vec::new(), solutions.variables().to_vec()).expect("written");
                    solutions.for_each(|solution| out.serialize(&solution.expect("a solution")).expect("written"));
                    out.finish().expect("written")
                }
                QueryResults::Graph(_) => panic!("nobody asks for a graph"),
            };
            ("200 OK", written)
        }
        _ => ("404 Not Found", b"no such path".to_vec()),
    };
    let mut stream = stream;
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", said.len());
    let _ = stream.write_all(&[head.as_bytes(), &said].concat());
}

fn address(written: &str) -> Address {
    Address::parse(written).expect("an address").expect("a good one")
}

fn parts() -> Vec<Part> {
    vec![fixtures::graph().into()]
}

fn triples(parts: &[Part]) -> usize {
    parts.iter().map(|part| part.graph.len()).sum()
}

fn no_progress() -> Progress {
    Progress::open(None, "")
}

#[test]
fn twice_the_same_graph_doubles_nothing_by_either_protocol() {
    for path in ["/update", "/store", "/store?default", "/sparql", "/"] {
        let server = Server::start();
        for _ in 0..2 {
            let sent = send(&parts(), &server.address(path), &Options::default(), &mut no_progress()).expect("sent");
            assert_eq!(sent.statements, triples(&parts()), "{path}");
            assert_eq!(server.store.len().expect("counted"), triples(&parts()), "{path}");
            if !path.starts_with("/store?") {
                let claims = sent.held.expect("the server says")["wg:Claim"];
                assert!(claims.0 > 0 && claims.0 == claims.1, "{path}");
            }
        }
    }
}

#[test]
fn an_articles_graph_is_replaced_and_so_is_a_graph_when_asked() {
    for path in ["/update", "/store"] {
        let server = Server::start();
        let parts = by_article(fixtures::graph());
        let options = Options { graph: Some("https://example.org/conclusions".into()), replace: true, ..Options::default() };
        send(&parts, &server.address(path), &options, &mut no_progress()).expect("sent");
        assert_eq!(server.store.len().expect("counted"), triples(&parts));
        let fewer: Vec<Part> = parts
            .iter()
            .map(|part| {
                let mut part = part.clone();
                let first = part.graph.nodes().next().expect("a node").iri.clone();
                part.graph.nodes.remove(&first);
                part
            })
            .collect();
        send(&fewer, &server.address(path), &options, &mut no_progress()).expect("sent");
        assert_eq!(server.store.len().expect("counted"), triples(&fewer), "{path}");
        assert_eq!(server.store.named_graphs().count(), parts.len());
    }
}

#[test]
fn what_fails_in_passing_is_tried_again() {
    let server = Server::start();
    server.refuse(&[Some("503 Service Unavailable"), None]);
    send(&parts(), &server.address("/update"), &Options::default(), &mut no_progress()).expect("sent");
    assert_eq!(server.store.len().expect("counted"), triples(&parts()));
}

#[test]
fn an_export_that_broke_off_goes_on_where_it_stopped() {
    let directory = tempfile::tempdir().expect("a directory");
    let graph = directory.path().join("graph.jsonld");
    let server = Server::start();
    let address = server.address("/update");
    let parts = by_article(fixtures::graph());
    assert!(parts.len() > 1, "more than one batch");
    let open = || Progress::open(Some(&graph), &address.to_string());
    server.refuse(&[None, Some("403 Forbidden")]);
    let error = send(&parts, &address, &Options::default(), &mut open()).expect_err("refused");
    assert!(error.hint().is_some_and(|hint| hint.contains("WIREGRAPH_PASSWORD")), "{error}");
    let before = server.requests();
    let mut progress = open();
    let sent = send(&parts, &address, &Options::default(), &mut progress).expect("sent");
    assert!(sent.resumed > 0 && sent.statements == triples(&parts));
    assert_eq!(server.requests() - before, parts.len() - 1);
    assert_eq!(server.store.len().expect("counted"), triples(&parts));
    // A server that lost what it took is sent everything again.
    server.store.clear().expect("cleared");
    let sent = send(&parts, &address, &Options::default(), &mut open()).expect("sent");
    assert_eq!((sent.resumed, server.store.len().expect("counted")), (0, triples(&parts)));
    progress.finish();
    assert_eq!(std::fs::read_dir(directory.path()).expect("the directory").count(), 0);
}

#[test]
fn credentials_are_sent_and_shown_nowhere() {
    let server = Server::start();
    let with = |token: Option<&str>| {
        let mut address = server.address("/update");
        (address.user, address.password) = (Some("ada".into()), Some("pass word".into()));
        send(&parts(), &address, &Options { token: token.map(str::to_owned), ..Options::default() }, &mut no_progress())
    };
    let seen = || server.seen.lock().expect("no panic").last().expect("a request").2.clone();
    with(None).expect("sent");
    assert_eq!(seen(), "Basic YWRhOnBhc3Mgd29yZA==");
    with(Some("t0ken")).expect("sent");
    assert_eq!(seen(), "Bearer t0ken");
    server.refuse(&[Some("401 Unauthorized")]);
    let error = with(None).expect_err("refused");
    assert!(!error.to_string().contains("pass"), "{error}");
}

#[test]
fn a_wrong_address_is_told_in_a_line_with_a_hint() {
    let server = Server::start();
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    for address in
        [server.address("/nowhere"), address(&format!("http://127.0.0.1:{port}/update")), address("http://no.such.host.invalid/")]
    {
        let error = send(&parts(), &address, &Options::default(), &mut no_progress()).expect_err("refused");
        assert!(error.hint().is_some() && !error.to_string().contains('\n'), "{error}");
    }
    assert_eq!(server.store.len().expect("counted"), 0);
}
