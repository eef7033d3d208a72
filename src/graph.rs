//! The knowledge graph: a set of triples, written as JSON-LD 1.1.
//!
//! A [`Graph`] is a map from a node's IRI to its properties, each a set of values, so that uniting graphs is associative, commutative and
//! idempotent, and the same triples give the same bytes whatever the order they came in.

pub mod conclusions;
pub mod explain;
pub mod facts;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod iri;
#[cfg(test)]
mod ontology;
pub mod queries;
pub mod run_record;
pub mod store;
pub mod vocabulary;
pub mod width;

use crate::error::{Error, Result};
use rustc_hash::FxHashMap;
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

/// The value of a property.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Another node, by its absolute IRI.
    Iri(String),
    /// A literal; its datatype is the property's, from the [context](vocabulary::context).
    Text(String),
}

/// Properties of one node: prefixed name ("schema:value") → values.
pub type Properties = BTreeMap<&'static str, BTreeSet<Value>>;

/// A set of triples.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    nodes: FxHashMap<String, Properties>,
}

impl Graph {
    /// Adds `subject property object`.
    pub fn link(&mut self, subject: &str, property: &'static str, object: impl Into<String>) {
        self.insert(subject, property, Value::Iri(object.into()));
    }

    /// Adds a literal.
    pub fn text(&mut self, subject: &str, property: &'static str, text: impl Into<String>) {
        self.insert(subject, property, Value::Text(text.into()));
    }

    /// Adds a literal where there is one.
    pub fn maybe(&mut self, subject: &str, property: &'static str, text: Option<impl Into<String>>) {
        if let Some(text) = text {
            self.text(subject, property, text);
        }
    }

    /// Types a node. `classes` are prefixed names.
    pub fn types(&mut self, subject: &str, classes: &[&str]) {
        for class in classes {
            self.link(subject, "@type", vocabulary::expand(class));
        }
    }

    fn insert(&mut self, subject: &str, property: &'static str, value: Value) {
        if let Some(node) = self.nodes.get_mut(subject) {
            node.entry(property).or_default().insert(value);
        } else {
            self.nodes.entry(subject.to_owned()).or_default().entry(property).or_default().insert(value);
        }
    }

    /// The nodes in the order of their IRIs.
    pub fn nodes(&self) -> impl Iterator<Item = (&str, &Properties)> {
        let mut nodes: Vec<(&str, &Properties)> = self.nodes.iter().map(|(iri, properties)| (iri.as_str(), properties)).collect();
        nodes.sort_unstable_by_key(|(iri, _)| *iri);
        nodes.into_iter()
    }

    /// The literals or IRIs of one property.
    pub fn values<'g>(&'g self, subject: &str, property: &str) -> impl Iterator<Item = &'g str> + use<'g> {
        self.nodes.get(subject).and_then(|p| p.get(property)).into_iter().flatten().map(|v| match v {
            Value::Iri(s) | Value::Text(s) => s.as_str(),
        })
    }

    /// Number of triples.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.values().flat_map(BTreeMap::values).map(BTreeSet::len).sum()
    }

    /// Whether there is no triple.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Takes in every triple of another graph.
    pub fn unite(&mut self, other: Graph) {
        for (iri, properties) in other.nodes {
            let node = self.nodes.entry(iri).or_default();
            for (property, values) in properties {
                node.entry(property).or_default().extend(values);
            }
        }
    }

    /// Writes one JSON object: `@context`, then `@graph` with nodes sorted by `@id`, one a line.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn write_json_ld(&self, out: &mut impl Write) -> Result<()> {
        let io = |source| Error::Io { path: "output".into(), source };
        write!(out, "{{\n\"@context\": {},\n\"@graph\": [", vocabulary::context()).map_err(io)?;
        for (index, (iri, properties)) in self.nodes().enumerate() {
            let separator = if index == 0 { "\n" } else { ",\n" };
            write!(out, "{separator}{}", node_json(iri, properties)).map_err(io)?;
        }
        out.write_all(b"\n]\n}\n").map_err(io)
    }
}

fn node_json(iri: &str, properties: &Properties) -> Json {
    let mut object = Map::new();
    object.insert("@id".into(), json!(vocabulary::compact(iri)));
    for (property, values) in properties {
        let mut shown: Vec<Json> = values.iter().map(|value| value_json(property, value)).collect();
        let shown = if shown.len() == 1 { shown.remove(0) } else { Json::Array(shown) };
        object.insert((*property).to_owned(), shown);
    }
    Json::Object(object)
}

fn value_json(property: &str, value: &Value) -> Json {
    match value {
        Value::Iri(iri) => json!(vocabulary::compact(iri)),
        Value::Text(text) if vocabulary::is_integer(property) => text.parse::<u64>().map_or_else(|_| json!(text), |n| json!(n)),
        Value::Text(text) => json!(text),
    }
}
