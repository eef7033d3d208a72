//! Claims as a table, a row each: for spreadsheets (CSV), for maps (GeoJSON), and for what reads [Parquet](super::parquet).

use crate::error::{Error, Result};
use crate::graph::iri::Iri;
use crate::graph::vocabulary::compact;
use crate::graph::{Graph, Node, Value};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeSet;
use std::io::Write;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words or IRIs; several are parted by `; `.
    Text,
    /// A decimal number.
    Number,
    /// A day, as in ISO 8601.
    Day,
    /// A whole number.
    Count,
}

/// A column: its heading, and what it holds.
pub type Column = (&'static str, Kind);

/// The columns, in their order.
///
/// `event` is the local name of the event's type, `value` the number, `low` and `high` the ends of a range, `actor` whose the counted are, `start` and `end`
/// the days of what happened, `as-of` the (last) day on which the figure was given, `author` whose figure it is, `quote` the sentence.
pub const COLUMNS: [Column; 33] = [
    ("claim", Kind::Text),
    ("event", Kind::Text),
    ("value", Kind::Number),
    ("low", Kind::Number),
    ("high", Kind::Number),
    ("bound", Kind::Text),
    ("counted", Kind::Text),
    ("actor", Kind::Text),
    ("place", Kind::Text),
    ("latitude", Kind::Number),
    ("longitude", Kind::Number),
    ("start", Kind::Day),
    ("end", Kind::Day),
    ("as-of", Kind::Day),
    ("author", Kind::Text),
    ("relayed by", Kind::Text),
    ("certainty", Kind::Text),
    ("confidence", Kind::Number),
    ("outlet", Kind::Text),
    ("agency", Kind::Text),
    ("published", Kind::Day),
    ("url", Kind::Text),
    ("quote", Kind::Text),
    ("series", Kind::Text),
    ("independent sources", Kind::Count),
    ("unit", Kind::Text),
    ("agent", Kind::Text),
    ("recipient", Kind::Text),
    ("equipment", Kind::Text),
    ("origin", Kind::Text),
    ("scope", Kind::Text),
    ("headline", Kind::Text),
    ("file", Kind::Text),
];

/// A claim's cells, in the order of [`COLUMNS`]; `None` for what the text does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The cells.
    pub cells: Vec<Option<String>>,
    /// Longitude and latitude of each of its places that has them.
    points: BTreeSet<(String, String)>,
}

/// A row for each claim, in the order of publication, article and place in the article.
#[must_use]
pub fn rows(graph: &Graph) -> Vec<Row> {
    let mut rows: Vec<(Option<&str>, Option<&Iri>, u32, Row)> = graph
        .nodes()
        .filter(|node| node.is_a("wg:Claim"))
        .map(|claim| {
            let article = claim.links("schema:appearance").next();
            let published = article.and_then(|article| graph.node(article).texts("schema:datePublished").next());
            (published, article, start(graph, claim), Claim { graph, claim, article: article.map(|a| graph.node(a)) }.row())
        })
        .collect();
    rows.sort_by(|a, b| (a.0.is_none(), a.0, a.1, a.2).cmp(&(b.0.is_none(), b.0, b.1, b.2)));
    rows.into_iter().map(|(.., row)| row).collect()
}

/// The byte of the source where the claim's number starts, else its sentence.
fn start(graph: &Graph, claim: Node<'_>) -> u32 {
    let of_number = claim.links("wg:support").filter(|s| graph.node(s).links("wg:slot").any(|slot| slot.is("schema:value")));
    let evidence = of_number.flat_map(|support| graph.node(support).links("wg:evidence")).chain(claim.links("prov:wasDerivedFrom"));
    let starts = evidence.flat_map(|evidence| graph.node(evidence).links("oa:hasSelector")).flat_map(|selector| {
        graph.node(selector).values("oa:start").filter_map(|value| if let Value::Integer(start) = value { Some(*start) } else { None })
    });
    starts.take(1).next().unwrap_or_default()
}

struct Claim<'g> {
    graph: &'g Graph,
    claim: Node<'g>,
    article: Option<Node<'g>>,
}

impl<'g> Claim<'g> {
    fn row(&self) -> Row {
        let places = || self.claim.links("wg:place").map(|place| self.graph.node(place));
        let point =
            |place: Node<'_>| Some((place.texts("schema:longitude").next()?.to_owned(), place.texts("schema:latitude").next()?.to_owned()));
        let points: BTreeSet<(String, String)> = places().filter_map(point).collect();
        let cells = COLUMNS.iter().map(|(name, _)| self.cell(name, &points)).collect();
        Row { cells, points }
    }

    fn cell(&self, column: &str, points: &BTreeSet<(String, String)>) -> Option<String> {
        let series = || self.claim.links("wg:series").next();
        match column {
            "claim" => Some(self.written(self.claim.iri)),
            "event" => joined(self.claim.links("wg:eventType").map(|event| local(&self.written(event)))),
            "value" => self.text("schema:value"),
            "low" => self.text("schema:minValue"),
            "high" => self.text("schema:maxValue"),
            "actor" => self.named("wg:countedActor"),
            "place" => self.named("wg:place"),
            "longitude" => points.first().map(|(longitude, _)| longitude.clone()),
            "latitude" => points.first().map(|(_, latitude)| latitude.clone()),
            "start" => self.text("wg:startDate"),
            "end" => self.text("wg:endDate"),
            "as-of" => self.text("wg:asOfEnd").or_else(|| self.text("wg:asOfStart")),
            "author" => self.named("schema:author"),
            "relayed by" => self.named("wg:relayedBy"),
            "outlet" => self.of_article("schema:publisher"),
            "agency" => self.of_article("schema:sourceOrganization"),
            "published" => self.article?.texts("schema:datePublished").next().map(str::to_owned),
            "url" => self.article?.links("schema:url").next().map(|url| self.written(url)),
            "headline" => self.article?.texts("schema:headline").next().map(str::to_owned),
            "file" => joined(self.article?.texts("wg:sourceFile").map(str::to_owned)),
            "quote" => self.text("schema:text"),
            "unit" => self.text("schema:unitText"),
            "series" => series().map(|series| self.written(series)),
            "independent sources" => self.graph.node(series()?).values("wg:independentSources").find_map(|value| match value {
                Value::Integer(number) => Some(number.to_string()),
                _ => None,
            }),
            "agent" | "recipient" | "equipment" | "origin" => self.named(&format!("wg:{column}")),
            _ => self.text(&format!("wg:{column}")),
        }
    }

    fn text(&self, property: &str) -> Option<String> {
        joined(self.claim.texts(property).map(str::to_owned))
    }

    fn named(&self, property: &str) -> Option<String> {
        self.names(self.claim, property)
    }

    fn of_article(&self, property: &str) -> Option<String> {
        self.names(self.article?, property)
    }

    fn names(&self, node: Node<'g>, property: &str) -> Option<String> {
        joined(node.links(property).filter_map(|entity| self.graph.node(entity).texts("schema:name").next()).map(str::to_owned))
    }

    fn written(&self, iri: &Iri) -> String {
        self.graph.written(iri)
    }
}

fn joined(texts: impl Iterator<Item = String>) -> Option<String> {
    texts.reduce(|all, next| all + "; " + &next)
}

/// "Killed" of the vocabulary's IRI; a user's own stays whole.
fn local(iri: &str) -> String {
    let short = compact(iri);
    short.strip_prefix("wg:").map_or_else(|| iri.to_owned(), str::to_owned)
}

/// Writes CSV (RFC 4180). A text that a spreadsheet would take for a formula gets an apostrophe before it.
///
/// # Errors
/// When the writer fails.
pub fn write_csv(rows: &[Row], out: &mut impl Write) -> Result<()> {
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    let mut write = |cells: Vec<String>| csv.write_record(cells).map_err(of_csv);
    write(COLUMNS.iter().map(|(name, _)| (*name).to_owned()).collect())?;
    for row in rows {
        let cells = row.cells.iter().zip(COLUMNS).map(|(cell, (_, kind))| match cell {
            Some(text) if kind == Kind::Text => harmless(text),
            other => other.clone().unwrap_or_default(),
        });
        write(cells.collect())?;
    }
    csv.flush().map_err(io)
}

/// A text that no spreadsheet takes for a formula.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{text}") } else { text.to_owned() }
}

/// Writes GeoJSON (RFC 7946): a feature for each claim whose place has coordinates, with the table's columns as its properties. Gives their number.
///
/// # Errors
/// When the writer fails.
pub fn write_geo_json(rows: &[Row], out: &mut impl Write) -> Result<usize> {
    out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[").map_err(io)?;
    let mut features = 0;
    for row in rows.iter().filter(|row| !row.points.is_empty()) {
        write!(out, "{}\n{}", if features == 0 { "" } else { "," }, feature(row)).map_err(io)?;
        features += 1;
    }
    out.write_all(b"\n]}\n").map_err(io)?;
    Ok(features)
}

fn feature(row: &Row) -> Json {
    let number = |text: &str| text.parse::<f64>().map_or(Json::Null, |number| json!(number));
    let mut points: Vec<Json> = row.points.iter().map(|(longitude, latitude)| json!([number(longitude), number(latitude)])).collect();
    let geometry = match points.len() {
        1 => json!({ "type": "Point", "coordinates": points.remove(0) }),
        _ => json!({ "type": "MultiPoint", "coordinates": points }),
    };
    let filled = row.cells.iter().zip(COLUMNS).filter_map(|(cell, column)| Some((cell.as_ref()?, column)));
    let properties: Map<String, Json> = filled
        .map(|(text, (name, kind))| {
            let value = match kind {
                Kind::Text | Kind::Day => json!(text),
                Kind::Number | Kind::Count => serde_json::from_str(text).unwrap_or_else(|_| number(text)),
            };
            (name.to_owned(), value)
        })
        .collect();
    json!({ "type": "Feature", "id": row.cells[0], "geometry": geometry, "properties": properties })
}

fn of_csv(error: csv::Error) -> Error {
    // The cause itself: that a reader has gone is no failure.
    io(match error.into_kind() {
        csv::ErrorKind::Io(source) => source,
        other => std::io::Error::other(format!("{other:?}")),
    })
}

fn io(source: std::io::Error) -> Error {
    Error::Io { path: "output".into(), source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixtures;

    fn cell<'r>(row: &'r Row, column: &str) -> Option<&'r str> {
        let at = COLUMNS.iter().position(|(name, _)| *name == column).expect("a column");
        row.cells[at].as_deref()
    }

    #[test]
    fn every_claim_has_a_row_with_what_the_graph_says_of_it() {
        let graph = fixtures::graph();
        let rows = rows(&graph);
        assert_eq!(rows.len(), graph.nodes().filter(|node| node.is_a("wg:Claim")).count());
        assert!(rows.is_sorted_by_key(|row| (cell(row, "published").is_none(), cell(row, "published"))));
        for (name, _) in COLUMNS
            .iter()
            .filter(|(name, _)| !["agency", "relayed by", "recipient", "origin", "scope", "url", "low", "high"].contains(name))
        {
            assert!(rows.iter().any(|row| cell(row, name).is_some()), "no row has {name}");
        }
    }

    #[test]
    fn a_text_that_begins_like_a_formula_is_harmless_and_a_negative_number_stays_one() {
        let mut row = Row { cells: vec![None; COLUMNS.len()], points: BTreeSet::new() };
        for (at, (name, _)) in COLUMNS.iter().enumerate() {
            match *name {
                "headline" => row.cells[at] = Some("=HYPERLINK(\"x\")".into()),
                "quote" => row.cells[at] = Some("- 12 dead,\n\"he\" said".into()),
                "longitude" => row.cells[at] = Some("-77.03".into()),
                _ => {}
            }
        }
        let mut written = Vec::new();
        write_csv(&[row], &mut written).expect("written");
        let mut reader = csv::Reader::from_reader(written.as_slice());
        let at = |name: &str| COLUMNS.iter().position(|(column, _)| *column == name).expect("a column");
        let record = reader.records().next().expect("a record").expect("CSV");
        assert_eq!(&record[at("headline")], "'=HYPERLINK(\"x\")");
        assert_eq!(&record[at("quote")], "'- 12 dead,\n\"he\" said");
        assert_eq!(&record[at("longitude")], "-77.03");
        assert_eq!(&record[at("url")], "");
    }

    #[test]
    fn a_feature_is_on_the_map_where_its_place_is() {
        let rows = rows(&fixtures::graph());
        let mut written = Vec::new();
        write_geo_json(&rows, &mut written).expect("written");
        let read: Json = serde_json::from_slice(&written).expect("JSON");
        let features = read["features"].as_array().expect("features");
        assert_eq!(features.len(), rows.iter().filter(|row| cell(row, "latitude").is_some()).count());
        assert!(!features.is_empty());
        for feature in features {
            let row = rows.iter().find(|row| row.cells[0].as_deref() == feature["id"].as_str()).expect("its row");
            let coordinates = &feature["geometry"]["coordinates"];
            assert_eq!(coordinates[0].as_f64(), cell(row, "longitude").and_then(|text| text.parse().ok()));
            assert_eq!(coordinates[1].as_f64(), cell(row, "latitude").and_then(|text| text.parse().ok()));
            assert_eq!(feature["properties"]["quote"].as_str(), cell(row, "quote"));
        }
    }
}
