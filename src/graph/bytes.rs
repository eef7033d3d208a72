//! Nodes in bytes, as they lie on disk between the steps of a batch.
//!
//! A node's bytes are its statements one after the other, so that bytes of one node that are joined are the union of what they say.

use super::iri::{Instance, Iri};
use super::vocabulary::Property;
use super::{Graph, Value};
use crate::error::{Error, Result};
use compact_str::CompactString;
use serde::{Deserialize, Serialize};

/// Marks an IRI that is no instance.
const NAMED: u8 = u8::MAX;
/// Tags of values.
const IRI: u8 = 0;
const TEXT: u8 = 1;
const INTEGER: u8 = 2;

/// The IRI of an instance in bytes, which sort as IRIs do: kind and digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "[u8; 17]")]
pub struct Id([u8; 17]);

impl TryFrom<[u8; 17]> for Id {
    type Error = Error;

    fn try_from(bytes: [u8; 17]) -> Result<Id> {
        if usize::from(bytes[0]) < Instance::ALL.len() { Ok(Id(bytes)) } else { Err(damaged()) }
    }
}

impl Id {
    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The instance that an IRI names; `None` for a term of a vocabulary or a foreign IRI.
    #[must_use]
    pub fn of(iri: &Iri) -> Option<Id> {
        let Iri::Minted(kind, high, low) = iri else { return None };
        let mut bytes = [0; 17];
        bytes[0] = *kind as u8;
        bytes[1..9].copy_from_slice(&high.to_be_bytes());
        bytes[9..].copy_from_slice(&low.to_be_bytes());
        Some(Id(bytes))
    }

    /// The IRI.
    #[must_use]
    pub fn iri(&self) -> Iri {
        let half = |from: usize| self.0[from..from + 8].iter().fold(0, |all: u64, byte| all << 8 | u64::from(*byte));
        Iri::Minted(Instance::ALL[usize::from(self.0[0])], half(1), half(9))
    }
}

/// Appends an IRI.
pub fn write_iri(iri: &Iri, out: &mut Vec<u8>) {
    match (iri, Id::of(iri)) {
        (_, Some(id)) => out.extend_from_slice(&id.0),
        (Iri::Named(name), None) => {
            out.push(NAMED);
            write_text(name, out);
        }
        (Iri::Minted(..), None) => {}
    }
}

/// Takes an IRI off the front.
///
/// # Errors
/// When there is none.
pub fn read_iri(bytes: &mut &[u8]) -> Result<Iri> {
    if bytes.first() == Some(&NAMED) {
        *bytes = &bytes[1..];
        return Ok(Iri::Named(CompactString::new(read_text(bytes)?)));
    }
    Ok(read_id(bytes)?.iri())
}

/// Takes an instance's IRI off the front.
///
/// # Errors
/// When there is none.
pub fn read_id(bytes: &mut &[u8]) -> Result<Id> {
    let id: [u8; 17] = take(bytes, 17)?.try_into().map_err(|_| damaged())?;
    id.try_into()
}

/// Appends a node's statements.
pub fn write_node(properties: &[(Property, Value)], out: &mut Vec<u8>) {
    for (property, value) in properties {
        out.push(property.number());
        match value {
            Value::Iri(iri) => {
                out.push(IRI);
                write_iri(iri, out);
            }
            Value::Text(text) => {
                out.push(TEXT);
                write_text(text, out);
            }
            Value::Integer(number) => {
                out.push(INTEGER);
                write_length(*number as usize, out);
            }
        }
    }
}

/// Takes in the statements of a node; the caller sorts.
///
/// # Errors
/// When the bytes are no node's.
pub fn read_node(mut bytes: &[u8], properties: &mut Vec<(Property, Value)>) -> Result<()> {
    while let [property, tag, rest @ ..] = bytes {
        let property = Property::numbered(*property).ok_or_else(damaged)?;
        bytes = rest;
        let value = match *tag {
            IRI => Value::Iri(read_iri(&mut bytes)?),
            TEXT => Value::Text(CompactString::new(read_text(&mut bytes)?)),
            INTEGER => Value::Integer(u32::try_from(read_length(&mut bytes)?).map_err(|_| damaged())?),
            _ => return Err(damaged()),
        };
        properties.push((property, value));
    }
    if bytes.is_empty() { Ok(()) } else { Err(damaged()) }
}

/// Appends a graph's nodes, in the order of their IRIs.
pub fn write_graph(graph: &Graph, out: &mut Vec<u8>) {
    let mut statements = Vec::new();
    for node in graph.nodes() {
        write_iri(node.iri, out);
        statements.clear();
        write_node(node.properties, &mut statements);
        write_length(statements.len(), out);
        out.extend_from_slice(&statements);
    }
}

/// The nodes of a graph's bytes: each IRI, and the bytes of its statements.
///
/// # Errors
/// When the bytes are no graph's, or what is called fails.
pub fn each_node(mut bytes: &[u8], mut call: impl FnMut(Iri, &[u8]) -> Result<()>) -> Result<()> {
    while !bytes.is_empty() {
        let iri = read_iri(&mut bytes)?;
        let length = read_length(&mut bytes)?;
        call(iri, take(&mut bytes, length)?)?;
    }
    Ok(())
}

/// Takes a graph's bytes into a graph on the same base.
///
/// # Errors
/// When the bytes are no graph's.
pub fn read_graph(bytes: &[u8], graph: &mut Graph) -> Result<()> {
    each_node(bytes, |iri, statements| {
        let node = graph.nodes.entry(iri).or_default();
        let anew = node.is_empty();
        read_node(statements, node)?;
        if !anew {
            node.sort_unstable();
            node.dedup();
        }
        Ok(())
    })
}

/// Appends a length: seven bits a byte, the lowest first (LEB128).
pub fn write_length(mut length: usize, out: &mut Vec<u8>) {
    while length >= 128 {
        out.push((length & 127) as u8 | 128);
        length >>= 7;
    }
    out.push(length as u8);
}

/// Takes a length off the front.
///
/// # Errors
/// When there is none.
pub fn read_length(bytes: &mut &[u8]) -> Result<usize> {
    let mut length = 0;
    for shift in (0..usize::BITS).step_by(7) {
        let (byte, rest) = bytes.split_first().ok_or_else(damaged)?;
        *bytes = rest;
        length |= usize::from(byte & 127) << shift;
        if byte & 128 == 0 {
            return Ok(length);
        }
    }
    Err(damaged())
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    write_length(text.len(), out);
    out.extend_from_slice(text.as_bytes());
}

fn read_text<'b>(bytes: &mut &'b [u8]) -> Result<&'b str> {
    let length = read_length(bytes)?;
    std::str::from_utf8(take(bytes, length)?).map_err(|_| damaged())
}

/// Takes so many bytes off the front.
pub(crate) fn take<'b>(bytes: &mut &'b [u8], length: usize) -> Result<&'b [u8]> {
    let (taken, rest) = bytes.split_at_checked(length).ok_or_else(damaged)?;
    *bytes = rest;
    Ok(taken)
}

/// What is said of bytes that this program has not written, or not whole.
pub(crate) fn damaged() -> Error {
    Error::Graph("what lies on disk between two steps is damaged".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixtures;
    use proptest::prelude::*;

    #[test]
    fn a_graph_is_read_back_as_it_was_written() {
        let graph = fixtures::graph();
        let mut bytes = Vec::new();
        write_graph(&graph, &mut bytes);
        let mut back = graph.empty();
        read_graph(&bytes, &mut back).expect("read");
        assert_eq!(back, graph);
        read_graph(&bytes, &mut back).expect("read again");
        assert_eq!(back, graph);
        assert!(read_graph(&bytes[..bytes.len() - 1], &mut graph.empty()).is_err());
    }

    #[test]
    fn bytes_of_instances_sort_as_iris_do() {
        let graph = fixtures::graph();
        let iris: Vec<&Iri> = graph.nodes().map(|node| node.iri).collect();
        let bytes: Vec<Vec<u8>> = iris
            .iter()
            .map(|iri| {
                let mut bytes = Vec::new();
                write_iri(iri, &mut bytes);
                bytes
            })
            .collect();
        assert!(bytes.is_sorted());
        assert_eq!(Id::of(iris[0]).expect("an instance").iri(), *iris[0]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200), length in any::<usize>()) {
            let _ = read_graph(&bytes, &mut fixtures::graph().empty());
            let _ = read_node(&bytes, &mut Vec::new());
            let mut written = Vec::new();
            write_length(length, &mut written);
            prop_assert_eq!(read_length(&mut written.as_slice()).expect("a length"), length);
        }
    }
}
