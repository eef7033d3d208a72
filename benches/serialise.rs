//! Triples per CPU-second of writing a graph, beside Oxigraph's own serialiser on the same triples, on one thread.
//!
//! `cargo bench --bench serialise -- GRAPH`

#![expect(clippy::print_stdout, clippy::expect_used, reason = "a benchmark prints its figures and stops at the first fault")]

use cpu_time::ProcessTime;
use oxigraph::io::{RdfFormat, RdfSerializer};
use oxigraph::model::{GraphName, Quad};
use std::fs::File;
use std::hint::black_box;
use std::io::BufReader;
use wiregraph::export::{Format, write};
use wiregraph::graph::Graph;
use wiregraph::graph::source::{Gathering, Take};

/// Times each is done; the fastest counts.
const ROUNDS: usize = 5;

fn main() {
    let Some(path) = std::env::args().skip(1).find(|argument| !argument.starts_with("--")) else {
        println!("name a graph: cargo bench --bench serialise -- GRAPH");
        return;
    };
    let start = ProcessTime::now();
    let mut gathering = Gathering::new(Take::All);
    gathering.add(&path, BufReader::new(File::open(&path).expect("a graph"))).expect("a graph");
    let (_, graph) = gathering.finish().expect("a graph");
    println!("{} triples; reading {:.0} a CPU-second", graph.len(), graph.len() as f64 / start.elapsed().as_secs_f64());
    for (format, peer) in [(Format::NQuads, RdfFormat::NQuads), (Format::Turtle, RdfFormat::Turtle)] {
        let quads = quads(&graph);
        let (own, size) = best(|| written(&graph, format));
        let (oxigraph, its_size) = best(|| serialised(&quads, peer));
        let rate = |seconds: f64| graph.len() as f64 / seconds;
        println!("{format:?}: {:.0} triples a CPU-second ({size} bytes); Oxigraph {:.0} ({its_size} bytes)", rate(own), rate(oxigraph));
    }
}

fn best(mut task: impl FnMut() -> (f64, usize)) -> (f64, usize) {
    (0..ROUNDS).map(|_| task()).min_by(|a, b| a.0.total_cmp(&b.0)).expect("a round")
}

fn written(graph: &Graph, format: Format) -> (f64, usize) {
    let graph = graph.clone();
    let start = ProcessTime::now();
    let mut out = Vec::new();
    write(graph, format, false, &mut out).expect("written");
    (start.elapsed().as_secs_f64(), black_box(out).len())
}

fn quads(graph: &Graph) -> Vec<Quad> {
    let mut lines = Vec::new();
    write(graph.clone(), Format::NQuads, false, &mut lines).expect("written");
    let parser = oxigraph::io::RdfParser::from_format(RdfFormat::NQuads);
    parser.for_slice(&lines).map(|quad| quad.map(|quad| Quad { graph_name: GraphName::DefaultGraph, ..quad }).expect("a quad")).collect()
}

fn serialised(quads: &[Quad], format: RdfFormat) -> (f64, usize) {
    let start = ProcessTime::now();
    let mut serializer = RdfSerializer::from_format(format).for_writer(Vec::new());
    quads.iter().for_each(|quad| serializer.serialize_quad(quad).expect("written"));
    let out = serializer.finish().expect("written");
    (start.elapsed().as_secs_f64(), black_box(out).len())
}
