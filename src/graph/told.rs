//! A graph on disk, by node, as sorting leaves it: more than memory holds.

use super::bytes::{each_node, read_iri, read_node, write_iri};
use super::iri::{Iri, Minter};
use super::sorter::{Group, Sorted, Sorter, each_group, map_groups};
use super::vocabulary::Property;
use super::{Graph, Node, Value};
use crate::error::{Error, Result};
use std::io::Write;

/// Statements of nodes, in the order of the nodes' IRIs.
pub struct Told {
    /// Empty; it knows the base.
    base: Graph,
    sets: Vec<Sorted>,
}

impl Told {
    /// What was sorted, on the base of `minter`.
    #[must_use]
    pub fn new(minter: &Minter, sorted: Sorted) -> Told {
        Told { base: Graph::new(minter), sets: vec![sorted] }
    }

    /// The same with what else is told of the nodes.
    #[must_use]
    pub fn and(mut self, sorted: Sorted) -> Told {
        self.sets.push(sorted);
        self
    }

    /// The base of its instances' IRIs.
    #[must_use]
    pub fn base(&self) -> &str {
        self.base.base()
    }

    /// Calls with each node.
    ///
    /// # Errors
    /// When what lies on disk cannot be read, or what is called fails.
    pub fn each(&mut self, mut call: impl FnMut(&Graph, Node<'_>) -> Result<()>) -> Result<()> {
        let base = &self.base;
        let (mut iri, mut properties) = (Iri::named(""), Vec::new());
        let of_group = |group: &mut Group| {
            node(group, &mut iri, &mut properties)?;
            call(base, Node { iri: &iri, properties: &properties })
        };
        each_group(self.sets.iter_mut(), of_group)
    }

    /// Writes one JSON object, as [`Graph::write_json_ld`] does, and gives the number of triples.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn write_json_ld(&mut self, out: &mut impl Write) -> Result<usize> {
        super::write_json_ld_head(out)?;
        let base = &self.base;
        let line = |group: Group| {
            let (mut iri, mut properties, mut line) = (Iri::named(""), Vec::new(), Vec::new());
            node(&group, &mut iri, &mut properties)?;
            base.write_node(Node { iri: &iri, properties: &properties }, &mut line);
            Ok((line, properties.len()))
        };
        let mut lines = Lines { out, triples: 0 };
        map_groups(self.sets.iter_mut(), &mut lines, line, Lines::add, |lines, group| lines.add(line(group)?))?;
        let Lines { out, triples } = lines;
        out.write_all(super::JSON_LD_END).map_err(io)?;
        Ok(triples)
    }

    /// The whole graph in memory.
    ///
    /// # Errors
    /// When what lies on disk cannot be read.
    pub fn graph(&mut self) -> Result<Graph> {
        let mut graph = self.base.empty();
        self.each(|_, node| {
            graph.nodes.insert(node.iri.clone(), node.properties.to_vec());
            Ok(())
        })?;
        Ok(graph)
    }
}

/// Nodes that are written, a line each.
struct Lines<'o, W> {
    out: &'o mut W,
    triples: usize,
}

impl<W: Write> Lines<'_, W> {
    /// Writes a node that says so many things.
    fn add(&mut self, (node, statements): (Vec<u8>, usize)) -> Result<()> {
        let before: &[u8] = if self.triples == 0 { b"\n" } else { b",\n" };
        self.triples += statements;
        self.out.write_all(before).and_then(|()| self.out.write_all(&node)).map_err(io)
    }
}

fn io(source: std::io::Error) -> Error {
    Error::Io { path: "output".into(), source }
}

/// Reads the node of a group.
pub(super) fn node(group: &Group, iri: &mut Iri, properties: &mut Vec<(Property, Value)>) -> Result<()> {
    *iri = read_iri(&mut group.key.as_slice())?;
    properties.clear();
    for payload in group.payloads() {
        read_node(payload, properties)?;
    }
    properties.sort_unstable();
    properties.dedup();
    Ok(())
}

impl Sorter {
    /// Adds the nodes of a graph's bytes.
    ///
    /// # Errors
    /// When the bytes are no graph's, or the disk is full.
    pub fn push_graph(&mut self, bytes: &[u8]) -> Result<()> {
        let mut key = Vec::with_capacity(17);
        each_node(bytes, |iri, statements| {
            key.clear();
            write_iri(&iri, &mut key);
            self.push(&key, statements)
        })
    }
}
