//! Property graphs as CSV: a file for each kind of node and of relationship, with the typed headers that `neo4j-admin database import` reads, a script that
//! loads the same files into a running database, and a page that says how.

use super::{COMMON, Column, Kind, NodeTable, Properties, PropertyGraph, RelationshipTable};
use crate::error::{Error, Result};
use crate::export::directory::Directory;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;

/// The script.
const SCRIPT: &str = "load.cypher";
/// The page.
const PAGE: &str = "README.txt";
/// What may stand between the values of an array: the first that no value holds.
const DELIMITERS: &[char] = &[';', '|', '¦', '\u{1f}', '\u{1e}', '\u{e000}', '\u{e001}'];

/// What makes `iri` unique, in Neo4j 5 and what speaks its language.
pub(super) const CONSTRAINT: &str = "CREATE CONSTRAINT wiregraph_iri IF NOT EXISTS FOR (n:Wiregraph) REQUIRE n.iri IS UNIQUE";

/// A directory of CSV that is being written.
#[derive(Debug)]
pub struct CsvDirectory(Directory);

impl CsvDirectory {
    /// Opens a directory that will stand at `place`.
    ///
    /// # Errors
    /// When something that no export wrote stands there, or the directory around it cannot be written to.
    pub fn open(place: &Path) -> Result<CsvDirectory> {
        let is_ours = |name: &str| {
            name == SCRIPT || name == PAGE || (name.ends_with(".csv") && (name.starts_with("nodes-") || name.starts_with("relationships-")))
        };
        Directory::open(place, is_ours).map(CsvDirectory)
    }

    /// Writes the graph and puts the directory in its place.
    ///
    /// # Errors
    /// When the disk is full or the place cannot be written to.
    pub fn write(self, graph: &PropertyGraph<'_>) -> Result<()> {
        let layout = Layout::of(graph)?;
        for table in &graph.nodes {
            self.file(&node_file(table), |out| write_nodes(graph, table, layout.delimiter, out))?;
        }
        for table in &graph.relationships {
            self.file(&relationship_file(table), |out| write_relationships(graph, table, layout.delimiter, out))?;
        }
        self.text(SCRIPT, &script(graph, layout.delimiter))?;
        self.text(PAGE, &page(graph, &layout))?;
        self.0.finish()
    }

    fn file(&self, name: &str, write: impl FnOnce(&mut Writer) -> std::result::Result<(), csv::Error>) -> Result<()> {
        let wrong = |source| Error::Io { path: name.to_owned(), source };
        let file = File::create_new(self.0.path().join(name)).map_err(wrong)?;
        let mut writer = csv::Writer::from_writer(BufWriter::new(file));
        write(&mut writer).map_err(|error| wrong(error.into()))?;
        let buffer = writer.into_inner().map_err(|error| wrong(error.into_error()))?;
        // What is still in memory may not fit on the disk.
        buffer.into_inner().map_err(|error| wrong(error.into_error())).map(drop)
    }

    fn text(&self, name: &str, text: &str) -> Result<()> {
        fs::write(self.0.path().join(name), text).map_err(|source| Error::Io { path: name.to_owned(), source })
    }
}

type Writer = csv::Writer<BufWriter<File>>;

/// What the values have to do with how they are written.
struct Layout {
    /// Stands between the values of an array.
    delimiter: char,
    /// Whether a value holds a line break.
    has_line_breaks: bool,
}

impl Layout {
    fn of(graph: &PropertyGraph<'_>) -> Result<Layout> {
        let mut free = DELIMITERS.to_vec();
        let mut has_line_breaks = false;
        let mut look = |columns: &[Column], properties: &Properties<'_>| {
            for column in columns.iter().filter(|column| column.kind() == Kind::Text) {
                for text in properties.values(*column) {
                    has_line_breaks |= text.contains(['\n', '\r']);
                    if column.several {
                        free.retain(|delimiter| !text.contains(*delimiter));
                    }
                }
            }
        };
        for table in &graph.nodes {
            table.rows.iter().for_each(|(_, properties)| look(&table.columns, properties));
        }
        for table in &graph.relationships {
            table.rows.iter().for_each(|row| look(&table.columns, &row.properties));
        }
        match free.first() {
            Some(delimiter) => Ok(Layout { delimiter: *delimiter, has_line_breaks }),
            None => Err(Error::Graph("names and headlines hold every sign that could stand between the values of an array".into())),
        }
    }
}

fn node_file(table: &NodeTable<'_>) -> String {
    let kinds: Vec<&str> = table.labels.iter().skip(1).map(String::as_str).filter(|label| *label != super::ENTITY).collect();
    format!("nodes-{}.csv", if kinds.is_empty() { COMMON.to_owned() } else { kinds.join("-") })
}

fn relationship_file(table: &RelationshipTable<'_>) -> String {
    format!("relationships-{}.csv", table.name)
}

/// `counted:string`, as the importer reads it.
fn header(column: Column) -> String {
    let kind = match column.kind() {
        Kind::Text => "string",
        Kind::Decimal => "double",
        Kind::Integer => "long",
        Kind::Date => "date",
        Kind::DateTime => "datetime",
    };
    format!("{}:{kind}{}", column.name(), if column.several { "[]" } else { "" })
}

fn cells<'r>(columns: &'r [Column], properties: &'r Properties<'_>, delimiter: char) -> impl Iterator<Item = String> + use<'r> {
    columns.iter().map(move |column| {
        let mut cell = String::new();
        for (index, text) in properties.values(*column).enumerate() {
            if index > 0 {
                cell.push(delimiter);
            }
            cell.push_str(text);
        }
        cell
    })
}

fn write_nodes(graph: &PropertyGraph<'_>, table: &NodeTable<'_>, delimiter: char, out: &mut Writer) -> std::result::Result<(), csv::Error> {
    let labels = table.labels.join(&delimiter.to_string());
    out.write_record(["iri:ID", ":LABEL"].into_iter().map(str::to_owned).chain(table.columns.iter().copied().map(header)))?;
    for (iri, properties) in &table.rows {
        let start = [graph.written(iri), labels.clone()];
        out.write_record(start.into_iter().chain(cells(&table.columns, properties, delimiter)))?;
    }
    Ok(())
}

fn write_relationships(
    graph: &PropertyGraph<'_>,
    table: &RelationshipTable<'_>,
    delimiter: char,
    out: &mut Writer,
) -> std::result::Result<(), csv::Error> {
    let named = if table.has_iris() { &["iri:string"][..] } else { &[] };
    let start = [":START_ID", ":END_ID", ":TYPE"].iter().chain(named).map(|name| (*name).to_owned());
    out.write_record(start.chain(table.columns.iter().copied().map(header)))?;
    for row in &table.rows {
        let start = [graph.written(row.from), graph.written(row.to), table.name.clone()];
        let iri = named.iter().map(|_| row.iri.map(|iri| graph.written(iri)).unwrap_or_default());
        out.write_record(start.into_iter().chain(iri).chain(cells(&table.columns, &row.properties, delimiter)))?;
    }
    Ok(())
}

/// Cypher that loads the files into a running database. Running it twice doubles nothing.
fn script(graph: &PropertyGraph<'_>, delimiter: char) -> String {
    let mut out = format!(
        "// Loads these files into a running database: copy them to its import directory, then `cypher-shell -f {SCRIPT}`.\n\
         // Text with a backslash before a quotation mark wants `db.import.csv.legacy_quote_escaping=false` in the server's settings.\n\n\
         {CONSTRAINT};\n"
    );
    for table in &graph.nodes {
        let (file, node) = (node_file(table), format!("(n:{COMMON} {{iri: row.`iri:ID`}})"));
        load(&mut out, &file, &format!("  MERGE {node}\n{}", settings("n", &table.columns, delimiter)));
        // By themselves: not every database lets a node be made and labelled in one transaction.
        let labels: String = table.labels.iter().skip(1).map(|label| format!(":{label}")).collect();
        if !labels.is_empty() {
            load(&mut out, &file, &format!("  MATCH {node}\n  SET n{labels}\n"));
        }
    }
    for table in &graph.relationships {
        let key = if table.has_iris() { " {iri: row.`iri:string`}" } else { "" };
        let ends = format!("  MATCH (a:{COMMON} {{iri: row.`:START_ID`}})\n  MATCH (b:{COMMON} {{iri: row.`:END_ID`}})\n");
        let settings = settings("r", &table.columns, delimiter);
        load(&mut out, &relationship_file(table), &format!("{ends}  MERGE (a)-[r:{}{key}]->(b)\n{settings}", table.name));
    }
    out
}

/// A statement that does the same for each row of a file.
fn load(out: &mut String, file: &str, each: &str) {
    let _ =
        write!(out, "\nLOAD CSV WITH HEADERS FROM 'file:///{file}' AS row\nCALL {{\n  WITH row\n{each}}} IN TRANSACTIONS OF 1000 ROWS;\n");
}

/// The cells of a row as the properties of a node or relationship.
fn settings(variable: &str, columns: &[Column], delimiter: char) -> String {
    let mut out = String::new();
    for (index, column) in columns.iter().enumerate() {
        let cell = format!("row.`{}`", header(*column));
        let typed = |cell: &str| match column.kind() {
            Kind::Text => cell.to_owned(),
            Kind::Decimal => format!("toFloat({cell})"),
            Kind::Integer => format!("toInteger({cell})"),
            Kind::Date => format!("date({cell})"),
            Kind::DateTime => format!("datetime({cell})"),
        };
        let value = match (column.several, column.kind()) {
            (false, _) => typed(&cell),
            (true, Kind::Text) => format!("split({cell}, {})", quoted(delimiter)),
            (true, _) => format!("[x IN split({cell}, {}) | {}]", quoted(delimiter), typed("x")),
        };
        let start = if index == 0 { "  SET" } else { ",\n     " };
        // An empty cell is null in one database and an empty text in another.
        let _ = write!(out, "{start} {variable}.{} = CASE WHEN {cell} <> '' THEN {value} END", column.name());
    }
    out.push_str(if columns.is_empty() { "" } else { "\n" });
    out
}

/// A sign as a string of Cypher.
fn quoted(sign: char) -> String {
    if sign.is_control() || u32::from(sign) >= 0xe000 { format!("'\\u{:04x}'", u32::from(sign)) } else { format!("'{sign}'") }
}

/// What the files are, and how they are loaded.
fn page(graph: &PropertyGraph<'_>, layout: &Layout) -> String {
    let delimiter = match layout.delimiter {
        sign if sign.is_ascii_graphic() => format!("'{sign}'"),
        sign => format!("'U+{:04X}'", u32::from(sign)),
    };
    let mut out = format!(
        "A knowledge graph of wiregraph as a property graph: {} nodes and {} relationships.\n\n\
         Into a new database, with the database stopped, from this directory:\n\n\
         neo4j-admin database import full --array-delimiter={delimiter}",
        graph.node_count(),
        graph.relationship_count()
    );
    if layout.has_line_breaks {
        out.push_str(" --multiline-fields=true");
    }
    let nodes = graph.nodes.iter().map(|table| format!(" \\\n  --nodes={}", node_file(table)));
    let relationships = graph.relationships.iter().map(|table| format!(" \\\n  --relationships={}", relationship_file(table)));
    out.extend(nodes.chain(relationships));
    let _ = write!(
        out,
        " \\\n  neo4j\n\n\
         (--overwrite-destination=true before the database's name replaces what it holds.) Then, in the running database:\n\n\
         {CONSTRAINT};\n\n\
         Into a running database, what it holds kept: copy the CSV files to its import directory, then\n\n\
         cypher-shell -f {SCRIPT}\n\n\
         Arrays have {delimiter} between their values.\n"
    );
    out
}
