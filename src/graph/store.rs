//! The embedded graph store: JSON-LD into memory, SPARQL 1.1 out.

use crate::error::{Error, Result};
use oxigraph::io::{JsonLdProfileSet, RdfFormat, RdfParser};
use oxigraph::sparql::{QueryResults, SparqlEvaluator};
use oxigraph::store::Store;
use std::io::Read;

/// An in-memory store of one or more graphs.
pub struct GraphStore {
    store: Store,
}

/// The rows a SELECT gave; ASK gives one row of one column, CONSTRUCT three columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Cells: lexical forms, `None` where unbound.
    pub rows: Vec<Vec<Option<String>>>,
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
            QueryResults::Boolean(answer) => Ok(Rows { columns: vec!["answer".into()], rows: vec![vec![Some(answer.to_string())]] }),
            QueryResults::Graph(triples) => {
                let rows = triples
                    .map(|t| t.map(|t| vec![Some(plain(&t.subject.into())), Some(t.predicate.into_string()), Some(plain(&t.object))]))
                    .collect::<std::result::Result<_, _>>()
                    .map_err(graph_error)?;
                Ok(Rows { columns: vec!["subject".into(), "predicate".into(), "object".into()], rows })
            }
            QueryResults::Solutions(solutions) => {
                let columns: Vec<String> = solutions.variables().iter().map(|v| v.as_str().to_owned()).collect();
                let mut rows = Vec::new();
                for solution in solutions {
                    let solution = solution.map_err(graph_error)?;
                    rows.push((0..columns.len()).map(|at| solution.get(at).map(plain)).collect());
                }
                Ok(Rows { columns, rows })
            }
        }
    }
}

fn plain(term: &oxigraph::model::Term) -> String {
    match term {
        oxigraph::model::Term::NamedNode(node) => node.as_str().to_owned(),
        oxigraph::model::Term::Literal(literal) => literal.value().to_owned(),
        other => other.to_string(),
    }
}

fn graph_error(error: impl std::fmt::Display) -> Error {
    Error::Graph(error.to_string())
}
