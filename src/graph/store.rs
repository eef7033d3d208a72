//! The embedded graph store: a graph into memory, SPARQL 1.1 out.

use super::directory::Held;
use super::source::{no_graph, quads};
use super::{Graph, Node, rdf};
use crate::error::{Error, Result};
use oxigraph::model::{GraphName, Literal, NamedNode, Quad};
use oxigraph::sparql::{QueryResults, SparqlEvaluator};
use oxigraph::store::{StorageError, Store};
use std::io::BufRead;

pub use oxigraph::model::Term;

/// Statements that are loaded at once.
const AT_ONCE: usize = 1 << 20;

/// An in-memory store of one or more graphs.
pub struct GraphStore {
    store: Store,
}

/// The rows a SELECT gave; ASK gives one row of one column, CONSTRUCT three columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Cells, `None` where unbound.
    pub rows: Vec<Vec<Option<Term>>>,
    /// The answer to an ASK; `None` for any other query.
    pub answer: Option<bool>,
}

impl Rows {
    /// The words of a cell: an IRI, or a literal's lexical form. `None` where it is unbound or not there.
    #[must_use]
    pub fn text(&self, row: usize, column: &str) -> Option<&str> {
        let at = self.columns.iter().position(|name| name == column)?;
        self.rows.get(row)?.get(at)?.as_ref().map(plain)
    }
}

/// The words of a term: an IRI, or a literal's lexical form.
#[must_use]
pub fn plain(term: &Term) -> &str {
    match term {
        Term::NamedNode(node) => node.as_str(),
        Term::BlankNode(node) => node.as_str(),
        Term::Literal(literal) => literal.value(),
        #[expect(unreachable_patterns, reason = "the store may be built with triple terms, which no graph of ours holds")]
        _ => "",
    }
}

impl GraphStore {
    /// An empty store.
    ///
    /// # Errors
    /// When memory for it cannot be had.
    pub fn new() -> Result<GraphStore> {
        Ok(GraphStore { store: Store::new().map_err(graph_error)? })
    }

    /// Adds a graph in any notation that is [known](super::source) and gives the number of triples the store then holds. Names of graphs are left out:
    /// every statement is in the default graph.
    ///
    /// # Errors
    /// When it is no graph; `name` is named.
    pub fn load(&self, name: &str, reader: impl BufRead) -> Result<usize> {
        let in_default = |quad: Result<Quad>| quad.map(|quad| Quad { graph_name: GraphName::DefaultGraph, ..quad });
        let mut loader = self.store.bulk_loader();
        loader.load_ok_quads::<Error, Error>(quads(name, reader)?.map(in_default))?;
        loader.commit().map_err(graph_error)?;
        match self.store.len().map_err(graph_error)? {
            0 => Err(no_graph(name)),
            triples => Ok(triples),
        }
    }

    /// Adds a directory's graph, and gives the number of triples the store then holds.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn load_held(&self, held: &Held) -> Result<usize> {
        let graph = Graph::new(held.minter());
        let mut loader = self.store.bulk_loader();
        let mut waiting: Vec<Quad> = Vec::new();
        held.each(|read| {
            waiting.extend(rdf::quads(&graph, Node { iri: &read.subject, properties: &read.statements }));
            if waiting.len() >= AT_ONCE {
                loader.load_quads(waiting.drain(..))?;
            }
            Ok(())
        })?;
        loader.load_quads(waiting)?;
        loader.commit().map_err(graph_error)?;
        self.store.len().map_err(graph_error)
    }

    /// Answers a SPARQL query.
    ///
    /// # Errors
    /// When the query does not parse or cannot be answered.
    pub fn query(&self, sparql: &str) -> Result<Rows> {
        let prepared = SparqlEvaluator::new().parse_query(sparql).map_err(|e| Error::Graph(unparsed(&e.to_string())))?;
        match prepared.on_store(&self.store).execute().map_err(graph_error)? {
            QueryResults::Boolean(answer) => {
                Ok(Rows { columns: vec!["answer".into()], rows: vec![vec![Some(Literal::from(answer).into())]], answer: Some(answer) })
            }
            QueryResults::Graph(triples) => {
                let rows = triples
                    .map(|t| t.map(|t| vec![Some(t.subject.into()), Some(t.predicate.into()), Some(t.object)]))
                    .collect::<std::result::Result<_, _>>()
                    .map_err(graph_error)?;
                Ok(Rows { columns: vec!["subject".into(), "predicate".into(), "object".into()], rows, answer: None })
            }
            QueryResults::Solutions(solutions) => {
                let columns: Vec<String> = solutions.variables().iter().map(|v| v.as_str().to_owned()).collect();
                let mut rows = Vec::new();
                for solution in solutions {
                    let solution = solution.map_err(graph_error)?;
                    rows.push((0..columns.len()).map(|at| solution.get(at).cloned()).collect());
                }
                Ok(Rows { columns, rows, answer: None })
            }
        }
    }

    /// The properties of one node and their values, sorted; nothing for what is no IRI or not in the graph.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn properties(&self, iri: &str) -> Result<Vec<(String, Term)>> {
        let Ok(node) = NamedNode::new(iri) else { return Ok(Vec::new()) };
        let mut found = self
            .store
            .quads_for_pattern(Some(node.as_ref().into()), None, None, None)
            .map(|quad| quad.map(|Quad { predicate, object, .. }| (predicate.into_string(), object)))
            .collect::<std::result::Result<Vec<_>, _>>()
            .map_err(graph_error)?;
        found.sort_by(|a, b| (&a.0, plain(&a.1)).cmp(&(&b.0, plain(&b.1))));
        Ok(found)
    }
}

impl From<StorageError> for Error {
    fn from(error: StorageError) -> Error {
        graph_error(error)
    }
}

/// What is wrong with a query. The parser of a name whose prefix is unknown lists all that could stand in its place.
fn unparsed(error: &str) -> String {
    match error.split_once(": expected one of Prefix not found") {
        Some((place, _)) => format!("the query does not parse: {place}: no PREFIX line declares the prefix of this name"),
        None => format!("the query does not parse: {error}"),
    }
}

fn graph_error(error: impl std::fmt::Display) -> Error {
    Error::Graph(error.to_string())
}
