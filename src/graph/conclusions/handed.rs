//! What the steps hand to one another: records in bytes, each with the group that it belongs to.
//!
//! A step sees one group at a time, with its records in the order of their bytes, and knows nothing of who brings them: a sorter on disk, or the shuffle of
//! a cluster. So the steps are those of MapReduce (Dean and Ghemawat 2004).

use crate::error::Result;
use crate::graph::Graph;
use crate::graph::bytes::{damaged, write_iri, write_node};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What records are about, and so which step reads them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    /// By article: its facts, the entities of its references, its copies.
    Articles,
    /// By block of names: references.
    References,
    /// By band of a signature: articles.
    Bands,
    /// In one group: pairs of articles that are alike.
    Alike,
    /// By address: captures of it.
    Captures,
    /// By entity: the states of the articles that speak of it.
    Votes,
    /// By article: its figures, and what other articles say of where they belong.
    Settling,
    /// By whose they are, or where, and by event types that are looked at together: figures.
    Figures,
    /// By node: statements.
    Graph,
    /// In one group: what parts of the articles came to.
    Surveys,
    /// By name: the articles that hold it.
    Names,
    /// By block of names: another that it leads to.
    Blocks,
}

/// Takes records.
pub trait Emit {
    /// Takes a record.
    ///
    /// # Errors
    /// When it cannot be kept or passed on.
    fn emit(&mut self, channel: Channel, group: &[u8], payload: &[u8]) -> Result<()>;
}

/// Records that wait to be passed on.
#[derive(Default)]
pub struct Waiting {
    bytes: Vec<u8>,
    records: Vec<(Channel, usize, usize)>,
}

impl Waiting {
    /// The records, in the order in which they came.
    pub fn records(&self) -> impl Iterator<Item = (Channel, &[u8], &[u8])> {
        let mut at = 0;
        self.records.iter().map(move |(channel, group, payload)| {
            let record = &self.bytes[at..at + group + payload];
            at += group + payload;
            (*channel, &record[..*group], &record[*group..])
        })
    }

    /// Passes them on, in the order in which they came.
    ///
    /// # Errors
    /// What who takes them says.
    pub fn pass_on(&self, out: &mut dyn Emit) -> Result<()> {
        self.records().try_for_each(|(channel, group, payload)| out.emit(channel, group, payload))
    }
}

impl Emit for Waiting {
    fn emit(&mut self, channel: Channel, group: &[u8], payload: &[u8]) -> Result<()> {
        self.bytes.extend_from_slice(group);
        self.bytes.extend_from_slice(payload);
        self.records.push((channel, group.len(), payload.len()));
        Ok(())
    }
}

/// Sends a value under a tag, which decides on the order in the group before the value's own bytes do.
pub(super) fn send(out: &mut dyn Emit, channel: Channel, group: &[u8], tag: u8, value: &impl Serialize) -> Result<()> {
    let payload = postcard::to_extend(value, vec![tag]).map_err(|_| damaged())?;
    out.emit(channel, group, &payload)
}

/// The value of a record, without its tag.
pub(super) fn received<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    postcard::from_bytes(bytes).map_err(|_| damaged())
}

/// Sends a graph's statements, node by node.
pub(in crate::graph) fn tell(out: &mut dyn Emit, graph: &Graph) -> Result<()> {
    let (mut group, mut payload) = (Vec::new(), Vec::new());
    for (iri, properties) in &graph.nodes {
        group.clear();
        write_iri(iri, &mut group);
        payload.clear();
        write_node(properties, &mut payload);
        out.emit(Channel::Graph, &group, &payload)?;
    }
    Ok(())
}

/// Days and numbers in records.
pub(in crate::graph) mod forms {
    use jiff::civil::Date;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// A day as year, month and day.
    #[derive(Serialize, Deserialize)]
    struct Parts(i16, i8, i8);

    pub(in crate::graph) mod day {
        use super::*;

        pub(in crate::graph) fn serialize<S: Serializer>(day: &Option<Date>, to: S) -> Result<S::Ok, S::Error> {
            day.map(|day| Parts(day.year(), day.month(), day.day())).serialize(to)
        }

        pub(in crate::graph) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Option<Date>, D::Error> {
            let parts = Option::<Parts>::deserialize(from)?;
            parts.map(|Parts(year, month, day)| Date::new(year, month, day).map_err(D::Error::custom)).transpose()
        }
    }

    pub(in crate::graph) mod decimal {
        use super::*;
        use rust_decimal::Decimal;

        pub(in crate::graph) fn serialize<S: Serializer>(value: &Decimal, to: S) -> Result<S::Ok, S::Error> {
            value.serialize().serialize(to)
        }

        pub(in crate::graph) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Decimal, D::Error> {
            <[u8; 16]>::deserialize(from).map(Decimal::deserialize)
        }
    }

    pub(in crate::graph) mod some_decimal {
        use super::*;
        use rust_decimal::Decimal;

        pub(in crate::graph) fn serialize<S: Serializer>(value: &Option<Decimal>, to: S) -> Result<S::Ok, S::Error> {
            value.map(|value| value.serialize()).serialize(to)
        }

        pub(in crate::graph) fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Option<Decimal>, D::Error> {
            Ok(Option::<[u8; 16]>::deserialize(from)?.map(Decimal::deserialize))
        }
    }
}
