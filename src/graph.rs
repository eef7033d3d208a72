//! The knowledge graph: a set of triples, written as JSON-LD 1.1.
//!
//! A [`Graph`] is a map from a node's IRI to its properties, each a set of values, so that uniting graphs is associative, commutative and
//! idempotent, and the same triples give the same bytes whatever the order they came in.

pub mod bytes;
pub mod conclusions;
pub mod directory;
pub mod explain;
pub mod facts;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod iri;
mod json_ld;
#[cfg(test)]
mod ontology;
pub mod queries;
pub mod rdf;
pub mod run_record;
pub mod shards;
mod signature;
pub mod sorter;
pub mod source;
pub mod steps;
pub mod store;
pub mod told;
pub mod vocabulary;
pub mod width;

use crate::error::{Error, Result};
use compact_str::CompactString;
use iri::{Iri, Minter};
use rustc_hash::FxHashMap;
use std::io::Write;
use std::sync::Arc;
use vocabulary::Property;

/// The value of a property.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Another node.
    Iri(Iri),
    /// A literal; its datatype is the property's, from the [context](vocabulary::context).
    Text(CompactString),
    /// A literal of a property whose values are whole numbers.
    Integer(u32),
}

/// A set of triples on one base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph {
    base: Arc<str>,
    /// Each node's properties: a sorted set of property and value.
    pub(crate) nodes: FxHashMap<Iri, Vec<(Property, Value)>>,
}

/// A node of a graph, to be read.
#[derive(Clone, Copy, Debug)]
pub struct Node<'g> {
    /// Its name.
    pub iri: &'g Iri,
    /// What is said of it: a sorted set.
    pub properties: &'g [(Property, Value)],
}

impl<'g> Node<'g> {
    /// The values of one property.
    pub fn values(self, property: &str) -> impl Iterator<Item = &'g Value> + use<'g> {
        let wanted = Property::named(property);
        let is_wanted = move |own: &&(Property, Value)| Some(own.0) == wanted;
        let from = self.properties.iter().position(|own| is_wanted(&own)).unwrap_or(self.properties.len());
        self.properties[from..].iter().take_while(is_wanted).map(|(_, value)| value)
    }

    /// The literals of one property.
    pub fn texts(self, property: &str) -> impl Iterator<Item = &'g str> + use<'g> {
        self.values(property).filter_map(|value| if let Value::Text(text) = value { Some(text.as_str()) } else { None })
    }

    /// The nodes that one property leads to.
    pub fn links(self, property: &str) -> impl Iterator<Item = &'g Iri> + use<'g> {
        self.values(property).filter_map(|value| if let Value::Iri(iri) = value { Some(iri) } else { None })
    }

    /// Whether it is typed with a class, given by its prefixed name.
    #[must_use]
    pub fn is_a(self, class: &str) -> bool {
        self.links("@type").any(|iri| iri.is(class))
    }
}

impl Graph {
    /// An empty graph whose instances' IRIs are `minter`'s.
    #[must_use]
    pub fn new(minter: &Minter) -> Graph {
        Graph { base: Arc::clone(minter.base()), nodes: FxHashMap::default() }
    }

    /// An empty graph on the same base.
    #[must_use]
    pub fn empty(&self) -> Graph {
        Graph { base: Arc::clone(&self.base), nodes: FxHashMap::default() }
    }

    /// The base of its instances' IRIs.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// An IRI of the graph in full.
    #[must_use]
    pub fn written(&self, iri: &Iri) -> String {
        match iri {
            Iri::Named(name) => vocabulary::expand(name),
            Iri::Minted(..) => {
                let mut out = Vec::with_capacity(96);
                iri.write(&self.base, &mut out);
                String::from_utf8_lossy(&out).into_owned()
            }
        }
    }

    /// Adds `subject property object`. Here and below the property is given by its prefixed name ("schema:value").
    ///
    /// # Panics
    /// When the [vocabulary] does not have the property.
    pub fn link(&mut self, subject: &Iri, property: &'static str, object: Iri) {
        self.insert(subject, property, Value::Iri(object));
    }

    /// Adds a literal.
    pub fn text(&mut self, subject: &Iri, property: &'static str, text: impl AsRef<str>) {
        self.insert(subject, property, Value::Text(CompactString::new(text)));
    }

    /// Adds a whole number.
    pub fn integer(&mut self, subject: &Iri, property: &'static str, value: u32) {
        self.insert(subject, property, Value::Integer(value));
    }

    /// Adds a literal where there is one; blank text is none.
    pub fn maybe(&mut self, subject: &Iri, property: &'static str, text: Option<impl AsRef<str>>) {
        if let Some(text) = text.filter(|t| !t.as_ref().trim().is_empty()) {
            self.text(subject, property, text);
        }
    }

    /// Types a node. `classes` are prefixed names.
    pub fn types(&mut self, subject: &Iri, classes: &[&str]) {
        for class in classes {
            self.link(subject, "@type", Iri::named(class));
        }
    }

    fn insert(&mut self, subject: &Iri, property: &'static str, value: Value) {
        let property = Property::named(property).expect("the program writes no property that the vocabulary lacks");
        let node = match self.nodes.get_mut(subject) {
            Some(node) => node,
            None => self.nodes.entry(subject.clone()).or_default(),
        };
        let new = (property, value);
        if let Err(at) = node.binary_search(&new) {
            node.insert(at, new);
        }
    }

    /// Whether anything is said of a node.
    #[must_use]
    pub fn holds(&self, subject: &Iri) -> bool {
        self.nodes.contains_key(subject)
    }

    /// The nodes in the order of their IRIs.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        self.nodes_where(|_| true)
    }

    /// The nodes that something holds of, in the order of their IRIs.
    fn nodes_where(&self, holds: impl Fn(&Node<'_>) -> bool) -> impl Iterator<Item = Node<'_>> {
        let mut nodes: Vec<Node<'_>> = self.nodes.iter().map(|(iri, properties)| Node { iri, properties }).filter(holds).collect();
        nodes.sort_unstable_by_key(|node| node.iri);
        nodes.into_iter()
    }

    /// One node; without properties where nothing is said of it.
    #[must_use]
    pub fn node<'g>(&'g self, iri: &'g Iri) -> Node<'g> {
        Node { iri, properties: self.nodes.get(iri).map_or(&[][..], Vec::as_slice) }
    }

    /// Number of triples.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.values().map(Vec::len).sum()
    }

    /// Whether there is no triple.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Takes in every triple of another graph on the same base.
    pub fn unite(&mut self, mut other: Graph) {
        if self.nodes.len() < other.nodes.len() {
            std::mem::swap(self, &mut other);
        }
        for (iri, properties) in other.nodes {
            match self.nodes.entry(iri) {
                std::collections::hash_map::Entry::Vacant(free) => drop(free.insert(properties)),
                std::collections::hash_map::Entry::Occupied(mut held) => {
                    let held = held.get_mut();
                    held.extend(properties);
                    held.sort_unstable();
                    held.dedup();
                }
            }
        }
    }

    /// Writes one JSON object: `@context`, then `@graph` with nodes sorted by `@id`, one a line.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn write_json_ld(&self, out: &mut impl Write) -> Result<()> {
        let io = |source| Error::Io { path: "output".into(), source };
        write_json_ld_head(out)?;
        let mut line = Vec::new();
        for (index, node) in self.nodes().enumerate() {
            line.clear();
            line.extend_from_slice(if index == 0 { b"\n" } else { b",\n" });
            self.write_node(node, &mut line);
            out.write_all(&line).map_err(io)?;
        }
        out.write_all(JSON_LD_END).map_err(io)
    }

    /// Writes the same as one line.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn write_json_ld_line(&self, out: &mut impl Write) -> Result<()> {
        let mut line = format!("{{\"@context\":{},\"@graph\":[", vocabulary::context()).into_bytes();
        for (index, node) in self.nodes().enumerate() {
            line.extend_from_slice(if index == 0 { b"" } else { b"," });
            self.write_node(node, &mut line);
        }
        line.extend_from_slice(b"]}\n");
        out.write_all(&line).map_err(|source| Error::Io { path: "output".into(), source })
    }

    /// Appends one node as a JSON object.
    fn write_node(&self, node: Node<'_>, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"@id\":");
        self.write_iri(node.iri, out);
        for values in node.properties.chunk_by(|one, other| one.0 == other.0) {
            let property = values[0].0.name();
            out.extend_from_slice(b",\"");
            out.extend_from_slice(property.as_bytes());
            out.extend_from_slice(b"\":");
            for (index, (_, value)) in values.iter().enumerate() {
                out.extend_from_slice(match (index, values.len()) {
                    (_, 1) => b"",
                    (0, _) => b"[",
                    _ => b",",
                });
                match value {
                    Value::Iri(iri) => self.write_iri(iri, out),
                    Value::Text(text) => write_string(text, out),
                    Value::Integer(number) => drop(write!(out, "{number}")),
                }
            }
            if values.len() > 1 {
                out.push(b']');
            }
        }
        out.push(b'}');
    }

    fn write_iri(&self, iri: &Iri, out: &mut Vec<u8>) {
        match iri {
            Iri::Named(name) => write_string(name, out),
            Iri::Minted(..) => {
                out.push(b'"');
                iri.write(&self.base, out);
                out.push(b'"');
            }
        }
    }
}

/// How a graph in JSON-LD ends.
const JSON_LD_END: &[u8] = b"\n]\n}\n";

/// Writes how a graph in JSON-LD starts: its context.
fn write_json_ld_head(out: &mut impl Write) -> Result<()> {
    write!(out, "{{\n\"@context\": {},\n\"@graph\": [", vocabulary::context()).map_err(|source| Error::Io { path: "output".into(), source })
}

/// Appends a JSON string. Writing to memory cannot fail.
fn write_string(text: &str, out: &mut Vec<u8>) {
    let _ = serde_json::to_writer(out, text);
}
