//! The graph for other programs: RDF in its notations, tables, maps, property graphs, and the databases that hold them.

pub mod address;
pub mod directory;
pub mod parquet;
pub mod progress;
pub mod property;
#[cfg(feature = "servers")]
pub mod sparql;
pub mod table;

use crate::error::{Error, Result};
use crate::graph::Graph;
use crate::graph::rdf::{self, Part};
use address::Address;
use std::io::Write;
use std::str::FromStr;

/// A notation that one file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON-LD 1.1, one document.
    JsonLd,
    /// JSON-LD 1.1, a document a line: the facts of each article, and last what is of no one article.
    JsonLdLines,
    /// RDF 1.1 N-Quads.
    NQuads,
    /// RDF 1.1 Turtle.
    Turtle,
    /// RDF 1.1 TriG.
    TriG,
    /// CSV (RFC 4180), a row a claim.
    Table,
    /// GeoJSON (RFC 7946), a feature for each claim that has coordinates.
    GeoJson,
    /// Apache Parquet, a row a claim.
    Parquet,
}

impl Format {
    /// Every format with its name on the command line.
    pub const NAMES: &'static [(&'static str, Format)] = &[
        ("jsonld", Format::JsonLd),
        ("jsonld-lines", Format::JsonLdLines),
        ("nquads", Format::NQuads),
        ("turtle", Format::Turtle),
        ("trig", Format::TriG),
        ("table", Format::Table),
        ("geojson", Format::GeoJson),
        ("parquet", Format::Parquet),
    ];

    /// Whether articles may have graphs of their own in it.
    #[must_use]
    pub fn has_graphs(self) -> bool {
        matches!(self, Format::NQuads | Format::TriG)
    }
}

/// Where a graph is exported to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A file.
    Format(Format),
    /// A directory of CSV with a file for each kind of node and relationship.
    PropertyCsv,
    /// A triple store over HTTP.
    #[cfg(feature = "servers")]
    Sparql(Address),
    /// A database that speaks Bolt.
    #[cfg(feature = "servers")]
    Bolt(Address),
}

impl Target {
    /// The name of what is no one file.
    const PROPERTY_CSV: &'static str = "property-csv";

    /// The database at an address.
    fn database(address: Address) -> Result<Target> {
        #[cfg(feature = "servers")]
        match address.scheme.as_str() {
            scheme if property::bolt::SCHEMES.contains(&scheme) => return Ok(Target::Bolt(address)),
            scheme if sparql::SCHEMES.contains(&scheme) => return Ok(Target::Sparql(address)),
            _ => {}
        }
        let reason = format!("{address}: no database is written to by “{}”", address.scheme);
        #[cfg(feature = "servers")]
        let hint = format!("addresses start with {}, {}", sparql::SCHEMES.join(", "), property::bolt::SCHEMES.join(", "));
        #[cfg(not(feature = "servers"))]
        let hint = "this wiregraph was built without the feature “servers”".to_owned();
        Err(Error::Usage { reason, hint: Some(hint) })
    }
}

impl FromStr for Target {
    type Err = Error;

    fn from_str(written: &str) -> Result<Target> {
        if let Some((_, format)) = Format::NAMES.iter().find(|(name, _)| *name == written) {
            return Ok(Target::Format(*format));
        }
        match (written, Address::parse(written)) {
            (Target::PROPERTY_CSV, _) => Ok(Target::PropertyCsv),
            (_, Some(address)) => Target::database(address?),
            (_, None) => {
                let formats: Vec<&str> = Format::NAMES.iter().map(|(name, _)| *name).chain([Target::PROPERTY_CSV]).collect();
                Err(Error::Usage {
                    reason: format!("“{written}” is no format and no address of a database"),
                    hint: Some(format!("formats are {}", formats.join(", "))),
                })
            }
        }
    }
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// How many.
    pub count: usize,
    /// Of what: triples, claims.
    pub what: &'static str,
}

/// Writes a graph. `named_graphs`: the facts of each article in a graph that has the article's IRI, where the notation has graphs.
///
/// # Errors
/// When the writer fails.
pub fn write(graph: Graph, format: Format, named_graphs: bool, out: &mut (impl Write + Send)) -> Result<Written> {
    let triples = Written { count: graph.len(), what: "triples" };
    let parts = |graph| if named_graphs && format.has_graphs() { rdf::by_article(graph) } else { vec![Part::from(graph)] };
    match format {
        Format::JsonLd => graph.write_json_ld(out)?,
        Format::JsonLdLines => rdf::by_article(graph).iter().try_for_each(|part| part.graph.write_json_ld_line(out))?,
        Format::NQuads => parts(graph).iter().try_for_each(|part| rdf::write_n_quads(part, out))?,
        Format::Turtle | Format::TriG => {
            rdf::write_prefixes(out)?;
            parts(graph).iter().try_for_each(|part| rdf::write_turtle(part, out))?;
        }
        Format::Table | Format::GeoJson | Format::Parquet => {
            let rows = table::rows(&graph);
            match format {
                Format::Table => table::write_csv(&rows, out)?,
                Format::GeoJson => return Ok(Written { count: table::write_geo_json(&rows, out)?, what: "claims with coordinates" }),
                _ => parquet::write(&rows, out)?,
            }
            return Ok(Written { count: rows.len(), what: "claims" });
        }
    }
    Ok(triples)
}
