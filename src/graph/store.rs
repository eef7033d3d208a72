//! The embedded graph store: JSON-LD into memory, SPARQL 1.1 out.

use crate::error::{Error, Result};
use oxigraph::io::{JsonLdProfileSet, RdfFormat, RdfParser};
use oxigraph::model::{Literal, NamedNode, Quad};
use oxigraph::sparql::{QueryResults, SparqlEvaluator};
use oxigraph::store::Store;
use std::io::Read;

pub use oxigraph::model::Term;

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

    /// Adds a JSON-LD document and gives the number of triples the store then holds.
    ///
    /// # Errors
    /// When it is not JSON-LD; `name` is named.
    pub fn load(&self, name: &str, reader: impl Read) -> Result<usize> {
        let parser = RdfParser::from_format(RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() });
        self.store.load_from_reader(parser, reader).map_err(|e| Error::Graph(format!("{name}: not a graph in JSON-LD: {e}")))?;
        self.store.len().map_err(graph_error)
    }

    /// Answers a SPARQL query.
    ///
    /// # Errors
    /// When the query does not parse or cannot be answered.
    pub fn query(&self, sparql: &str) -> Result<Rows> {
        let prepared = SparqlEvaluator::new().parse_query(sparql).map_err(|e| Error::Graph(format!("the query does not parse: {e}")))?;
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

fn graph_error(error: impl std::fmt::Display) -> Error {
    Error::Graph(error.to_string())
}
