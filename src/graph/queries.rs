//! Queries to start from, and what a query's answer looks like on the screen, in a spreadsheet and to a program.

use super::store::{Rows, Term, plain};
use super::vocabulary::compact;
use super::width;
use crate::error::{Error, Result};
use serde_json::{Map, Value as Json, json};
use std::fmt::Write;
use std::sync::OnceLock;

/// A query with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedQuery {
    /// The name on the command line.
    pub name: &'static str,
    /// Its first comment.
    pub title: &'static str,
    /// Its further comments.
    pub description: String,
    /// The SPARQL, comments included.
    pub text: &'static str,
    /// The same in Cypher, over the [property graph](crate::export::property).
    pub cypher: Option<&'static str>,
}

macro_rules! files {
    ($($name:literal),* $(,)?) => { &[$((
        $name,
        include_str!(concat!("../../models/queries/", $name, ".rq")),
        Some(include_str!(concat!("../../models/queries/", $name, ".cypher"))),
    )),*] };
}

/// Names, SPARQL and Cypher.
const FILES: &[(&str, &str, Option<&str>)] = files![
    "actors",
    "articles",
    "casualties-over-time",
    "claims-by-source",
    "claims-with-evidence",
    "contradictions",
    "deployments",
    "equipment-mentions",
    "misreports",
    "planned-and-possible",
    "relays",
    "single-source",
    "timeline",
    "transfers",
];

/// Every named query, in the order of the names.
#[must_use]
pub fn named() -> &'static [NamedQuery] {
    static NAMED: OnceLock<Vec<NamedQuery>> = OnceLock::new();
    NAMED.get_or_init(|| {
        FILES
            .iter()
            .map(|(name, text, cypher)| {
                let mut comments = text.lines().map_while(|line| line.strip_prefix('#').map(str::trim));
                let title = comments.next().unwrap_or(name);
                NamedQuery { name, title, description: comments.collect::<Vec<_>>().join(" "), text, cypher: *cypher }
            })
            .collect()
    })
}

/// The query of a name.
///
/// # Errors
/// When there is none; all the names are named.
pub fn find(name: &str) -> Result<&'static NamedQuery> {
    named().iter().find(|query| query.name == name).ok_or_else(|| {
        let names: Vec<&str> = named().iter().map(|query| query.name).collect();
        Error::Usage {
            reason: format!("no query is named “{name}”"), hint: Some(format!("the named queries are {}", names.join(", ")))
        }
    })
}

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Aligned columns for people, IRIs of the vocabulary shortened.
    Table,
    /// RFC 4180, as SPARQL 1.1 has it.
    Csv,
    /// SPARQL 1.1 Query Results JSON.
    Json,
}

/// Writes an answer. Every format ends in a line break.
#[must_use]
pub fn render(rows: &Rows, format: Format) -> String {
    match format {
        Format::Table => table(rows),
        Format::Csv => csv(rows),
        Format::Json => json_results(rows),
    }
}

fn table(rows: &Rows) -> String {
    let cell = |term: &Option<Term>| match term {
        None => String::new(),
        Some(Term::NamedNode(node)) => compact(node.as_str()),
        Some(other) => width::one_line(plain(other)),
    };
    let cells: Vec<Vec<String>> = rows.rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    let widths: Vec<usize> = rows
        .columns
        .iter()
        .enumerate()
        .map(|(at, name)| cells.iter().map(|row| width::of(&row[at])).chain([width::of(name)]).max().unwrap_or(0))
        .collect();
    let numeric: Vec<bool> = (0..rows.columns.len())
        .map(|at| {
            let mut bound = rows.rows.iter().filter_map(|row| row[at].as_ref()).peekable();
            bound.peek().is_some() && bound.all(is_number)
        })
        .collect();
    let mut out = String::new();
    let mut line = |texts: &mut dyn Iterator<Item = &str>| {
        let mut shown = String::new();
        for (at, text) in texts.enumerate() {
            let gap = " ".repeat(widths[at].saturating_sub(width::of(text)));
            shown.push_str(if at == 0 { "" } else { "  " });
            let (before, after) = if numeric[at] { (gap.as_str(), "") } else { ("", gap.as_str()) };
            let _ = write!(shown, "{before}{text}{after}");
        }
        out.push_str(shown.trim_end());
        out.push('\n');
    };
    line(&mut rows.columns.iter().map(String::as_str));
    let rules: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
    line(&mut rules.iter().map(String::as_str));
    for row in &cells {
        line(&mut row.iter().map(String::as_str));
    }
    out
}

fn is_number(term: &Term) -> bool {
    const NUMBERS: &[&str] = &["decimal", "integer", "nonNegativeInteger", "double", "float"];
    let Term::Literal(literal) = term else { return false };
    literal.datatype().as_str().strip_prefix("http://www.w3.org/2001/XMLSchema#").is_some_and(|name| NUMBERS.contains(&name))
}

fn csv(rows: &Rows) -> String {
    let mut out = String::new();
    let mut line = |texts: &mut dyn Iterator<Item = &str>| {
        for (at, text) in texts.enumerate() {
            out.push_str(if at == 0 { "" } else { "," });
            if text.contains(['"', ',', '\r', '\n']) {
                let _ = write!(out, "\"{}\"", text.replace('"', "\"\""));
            } else {
                out.push_str(text);
            }
        }
        out.push_str("\r\n");
    };
    line(&mut rows.columns.iter().map(String::as_str));
    for row in &rows.rows {
        line(&mut row.iter().map(|cell| cell.as_ref().map_or("", plain)));
    }
    out
}

fn json_results(rows: &Rows) -> String {
    if let Some(answer) = rows.answer {
        return format!("{}\n", json!({ "head": {}, "boolean": answer }));
    }
    let mut out = format!("{{\"head\":{},\n\"results\":{{\"bindings\":[", json!({ "vars": rows.columns }));
    for (at, row) in rows.rows.iter().enumerate() {
        let binding: Map<String, Json> =
            rows.columns.iter().zip(row).filter_map(|(name, cell)| Some((name.clone(), term_json(cell.as_ref()?)))).collect();
        let _ = write!(out, "{}{}", if at == 0 { "\n" } else { ",\n" }, Json::Object(binding));
    }
    out.push_str("\n]}}\n");
    out
}

fn term_json(term: &Term) -> Json {
    const STRING: &str = "http://www.w3.org/2001/XMLSchema#string";
    match term {
        Term::NamedNode(node) => json!({ "type": "uri", "value": node.as_str() }),
        Term::Literal(literal) => match literal.language() {
            Some(language) => json!({ "type": "literal", "value": literal.value(), "xml:lang": language }),
            None if literal.datatype().as_str() == STRING => json!({ "type": "literal", "value": literal.value() }),
            None => json!({ "type": "literal", "value": literal.value(), "datatype": literal.datatype().as_str() }),
        },
        other => json!({ "type": "bnode", "value": plain(other) }),
    }
}

/// A query with a PREFIX line for each of the graph's namespaces that it uses and does not declare, so that a short question can be short.
#[must_use]
pub fn with_prefixes(query: &str) -> String {
    let lower = query.to_lowercase();
    let missing = super::vocabulary::PREFIXES.iter().filter(|(prefix, _)| {
        let declared = lower.lines().any(|line| line.trim_start().starts_with("prefix") && line.contains(&format!("{prefix}:")))
            || lower.contains(&format!("prefix {prefix}:"));
        !declared && query.contains(&format!("{prefix}:"))
    });
    let mut text: String = missing.map(|(prefix, namespace)| format!("PREFIX {prefix}: <{namespace}>\n")).collect();
    text.push_str(query);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixtures;

    fn cells<'r>(rows: &'r Rows, column: &str) -> Vec<Option<&'r str>> {
        (0..rows.rows.len()).map(|row| rows.text(row, column)).collect()
    }

    fn ask(name: &str) -> Rows {
        fixtures::store().query(find(name).expect("a name").text).expect("an answer")
    }

    #[test]
    fn every_named_query_answers() {
        let store = fixtures::store();
        for query in named() {
            let rows = store.query(query.text).unwrap_or_else(|error| panic!("{}: {error}", query.name));
            // The fixtures' outlets change nothing.
            assert!(!rows.rows.is_empty() || query.name == "misreports", "{}", query.name);
            assert!(!query.title.is_empty() && query.description.ends_with('.'), "{}", query.name);
            // The order is the query's own, down to the last row.
            assert_eq!(rows, fixtures::store().query(query.text).expect("an answer"), "{}", query.name);
        }
        assert!(named().is_sorted_by_key(|query| query.name));
    }

    #[test]
    fn a_query_has_the_same_columns_and_words_in_cypher() {
        let store = fixtures::store();
        for query in named() {
            let Some(cypher) = query.cypher else { continue };
            let (head, answer) =
                cypher.split_once("\nORDER BY ").and_then(|(body, _)| body.rsplit_once("\nRETURN ")).expect("rows in an order");
            let mut depth = 0;
            let parts = answer.split(|c: char| {
                depth += i32::from(c == '(') - i32::from(c == ')');
                depth == 0 && c == ','
            });
            let columns: Vec<&str> = parts.map(|part| part.rsplit(" AS ").next().unwrap_or(part).trim().trim_matches('`')).collect();
            assert_eq!(columns, store.query(query.text).expect("an answer").columns, "{}", query.name);
            let comments = |text: &str, mark: &str| -> Vec<String> {
                text.lines().map_while(|line| line.strip_prefix(mark).map(str::to_owned)).collect()
            };
            assert_eq!(comments(head, "//"), comments(query.text, "#"), "{}", query.name);
        }
    }

    #[test]
    fn every_file_is_named() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/models/queries");
        let files = |suffix: &str| {
            let names = std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("a file").file_name());
            let mut names: Vec<String> = names.filter_map(|name| name.to_str()?.strip_suffix(suffix).map(str::to_owned)).collect();
            names.sort();
            names
        };
        assert_eq!(files(".rq"), named().iter().map(|query| query.name).collect::<Vec<_>>());
        let in_cypher = named().iter().filter(|query| query.cypher.is_some());
        assert_eq!(files(".cypher"), in_cypher.map(|query| query.name).collect::<Vec<_>>());
    }

    #[test]
    fn an_unknown_name_names_the_known() {
        let error = find("casualties").expect_err("no such name");
        assert!(error.hint().is_some_and(|hint| hint.contains("casualties-over-time")));
    }

    #[test]
    fn rival_figures_contradict_once() {
        let rows = ask("contradictions");
        assert_eq!(rows.rows.len(), 1);
        let mut sources = [rows.text(0, "source"), rows.text(0, "otherSource")];
        sources.sort();
        assert_eq!(sources, [Some("General Staff of the Ukrainian Armed Forces"), Some("Ministry of Defence of Russia")]);
    }

    #[test]
    fn figures_pass_through_lawmakers() {
        let rows = ask("relays");
        assert_eq!(cells(&rows, "source"), [Some("the spy agency")]);
        assert_eq!(cells(&rows, "through"), [Some("Ihor Marchenko")]);
    }

    #[test]
    fn transfers_have_givers_and_receivers() {
        let rows = ask("transfers");
        assert_eq!(cells(&rows, "giver"), [Some("Iran"), Some("North Korea")]);
        assert_eq!(cells(&rows, "receiver"), [Some("Russia"), Some("Russia")]);
        assert_eq!(cells(&rows, "value"), [None, Some("120.5")]);
    }

    #[test]
    fn a_plan_is_no_fact() {
        assert_eq!(cells(&ask("planned-and-possible"), "words"), [Some("5,000")]);
    }

    #[test]
    fn articles_are_counted_with_what_they_gave() {
        let rows = ask("articles");
        assert_eq!(cells(&rows, "claims"), [Some("4"), Some("2"), Some("1")]);
        assert_eq!(cells(&rows, "agency"), [Some("Northwire"), None, None]);
    }

    #[test]
    fn tables_are_aligned_whatever_the_width() {
        let store = fixtures::store();
        let query = "SELECT ?a ?n ?u { VALUES (?a ?n ?u) { (\"北朝鮮\" 12 <https://w3id.org/wiregraph#Killed>) (\"a\\nb\" 7 UNDEF) } }";
        let shown = render(&store.query(query).expect("rows"), Format::Table);
        assert_eq!(shown, "a        n  u\n──────  ──  ─────────\n北朝鮮  12  wg:Killed\na b      7\n");
    }

    #[test]
    fn csv_quotes_what_must_be_quoted() {
        let store = fixtures::store();
        let query = "SELECT ?a ?b { VALUES (?a ?b) { (\"x, \\\"y\\\"\" \"1\\n2\") (UNDEF \"é\") } }";
        assert_eq!(render(&store.query(query).expect("rows"), Format::Csv), "a,b\r\n\"x, \"\"y\"\"\",\"1\n2\"\r\n,é\r\n");
    }

    #[test]
    fn json_keeps_the_terms() {
        let store = fixtures::store();
        let query =
            "SELECT ?a ?b ?c { VALUES (?a ?b ?c) { (<https://e.example/x> \"1.5\"^^<http://www.w3.org/2001/XMLSchema#decimal> UNDEF) } }";
        let shown: Json = serde_json::from_str(&render(&store.query(query).expect("rows"), Format::Json)).expect("JSON");
        assert_eq!(
            shown,
            json!({"head": {"vars": ["a", "b", "c"]}, "results": {"bindings": [{
                "a": {"type": "uri", "value": "https://e.example/x"},
                "b": {"type": "literal", "value": "1.5", "datatype": "http://www.w3.org/2001/XMLSchema#decimal"}}]}})
        );
        let asked = store.query("ASK { ?s ?p ?o }").expect("an answer");
        assert_eq!(render(&asked, Format::Json), "{\"boolean\":true,\"head\":{}}\n");
        assert_eq!(render(&asked, Format::Csv), "answer\r\ntrue\r\n");
    }

    #[test]
    fn a_query_that_does_not_parse_says_so() {
        let error = fixtures::store().query("SELECT ?x {").expect_err("not SPARQL");
        assert!(error.to_string().contains("does not parse"));
        let error = fixtures::store().query("SELECT ?x { ?x foo:bar 1 }").expect_err("no prefix of that name");
        assert!(error.to_string().ends_with(": no PREFIX line declares the prefix of this name"), "{error}");
    }
}
