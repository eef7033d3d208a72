//! The graph for other programs: RDF in its notations, tables, maps, property graphs, and the databases that hold them.

pub mod rdf;

use crate::error::{Error, Result};
use crate::graph::Graph;
use rdf::Part;
use std::io::Write;
use std::str::FromStr;

/// A notation that one file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON-LD 1.1, one document.
    JsonLd,
    /// JSON-LD 1.1, a document a line: the facts of each article, and last what was concluded.
    JsonLdLines,
    /// RDF 1.1 N-Quads.
    NQuads,
    /// RDF 1.1 Turtle.
    Turtle,
    /// RDF 1.1 TriG.
    TriG,
}

impl Format {
    /// Every format with its name on the command line.
    const NAMES: &'static [(&'static str, Format)] = &[
        ("jsonld", Format::JsonLd),
        ("jsonld-lines", Format::JsonLdLines),
        ("nquads", Format::NQuads),
        ("turtle", Format::Turtle),
        ("trig", Format::TriG),
    ];
}

/// Where a graph is exported to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A file.
    Format(Format),
}

impl Target {
    /// What the command line says of it.
    pub const HELP: &'static str = "jsonld, jsonld-lines, nquads, turtle, trig";
}

impl FromStr for Target {
    type Err = Error;

    fn from_str(written: &str) -> Result<Target> {
        let known = Format::NAMES.iter().find(|(name, _)| *name == written);
        known.map(|(_, format)| Target::Format(*format)).ok_or_else(|| Error::Usage {
            reason: format!("“{written}” is no format and no address of a database"),
            hint: Some(format!("formats are {}", Target::HELP)),
        })
    }
}

/// Writes a graph. `named_graphs`: the facts of each article in a graph that has the article's IRI, where the notation has named graphs.
///
/// # Errors
/// When the writer fails.
pub fn write(graph: Graph, format: Format, named_graphs: bool, out: &mut impl Write) -> Result<()> {
    let parts = |graph| if named_graphs { rdf::by_article(graph) } else { vec![Part::from(graph)] };
    match format {
        Format::JsonLd => graph.write_json_ld(out),
        Format::JsonLdLines => rdf::by_article(graph).iter().try_for_each(|part| part.graph.write_json_ld_line(out)),
        Format::NQuads => parts(graph).iter().try_for_each(|part| rdf::write_n_quads(part, out)),
        Format::Turtle | Format::TriG => {
            rdf::write_prefixes(out)?;
            let parts = if format == Format::TriG { parts(graph) } else { vec![Part::from(graph)] };
            parts.iter().try_for_each(|part| rdf::write_turtle(part, out))
        }
    }
}
