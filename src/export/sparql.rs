//! Into a triple store over HTTP: SPARQL 1.1 Update, or the SPARQL 1.1 Graph Store HTTP Protocol.
//!
//! Statements go in batches of whole nodes, each one request, which servers carry out whole or not at all. Loading is of sets, so a batch that came twice has
//! doubled nothing. With [parts](crate::graph::rdf::by_article) an article's graph is replaced by what is sent of it.

mod http;

use super::address::Address;
use super::progress::Progress;
use crate::error::Result;
use crate::graph::iri::Iri;
use crate::graph::rdf::{Part, append_n_quads};
use crate::graph::vocabulary::compact;
use http::{Client, Content};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// How the addresses of triple stores start.
pub const SCHEMES: &[&str] = &["http", "https"];
/// Statements of a batch; a node is never cut.
const BATCH: usize = 5_000;
/// Ends of addresses that take the Graph Store Protocol.
const GRAPH_STORES: &[&str] = &["/store", "/data", "/rdf-graphs/service"];
/// Ends of addresses that take statements, with those where the same server answers queries; any other address answers them itself.
/// Oxigraph, Fuseki, RDF4J and GraphDB have these.
const QUERIES: &[(&str, &[&str])] = &[
    ("/update", &["/query", "/sparql"]),
    ("/statements", &[""]),
    ("/store", &["/query", "/sparql"]),
    ("/data", &["/sparql", "/query"]),
    ("/rdf-graphs/service", &[""]),
];

/// How a triple store is filled.
#[derive(Clone, Default)]
pub struct Options {
    /// A bearer's token, instead of the address's user and password.
    pub token: Option<String>,
    /// The graph for what has no graph of its own; the default graph without one.
    pub graph: Option<String>,
    /// Empties that graph first.
    pub replace: bool,
}

/// What was sent, and what the server then holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Statements sent, those of an earlier export that broke off included.
    pub statements: usize,
    /// Of these, the statements that were there already from that export.
    pub resumed: usize,
    /// For each class how many nodes the graph has and the server holds; `None` where the server does not say.
    pub held: Option<BTreeMap<String, (usize, usize)>>,
}

/// Statements of one graph that go in one request.
struct Batch {
    graph: Option<String>,
    /// Whether they are the first of a graph that they replace.
    replaces: bool,
    statements: usize,
    /// N-Triples.
    body: Vec<u8>,
}

impl AsRef<[u8]> for Batch {
    fn as_ref(&self) -> &[u8] {
        &self.body
    }
}

/// Sends the parts of a graph to the triple store at `address`.
///
/// # Errors
/// When the address is wrong, the server cannot be reached, refuses, or holds less than was sent. What came before stays, and the same call goes on there.
pub fn send(parts: &[Part], address: &Address, options: &Options, progress: &mut Progress) -> Result<Sent> {
    let mut client = Client::new(address, options.token.as_deref());
    let batches = || batches(parts, options);
    let taken = progress.taken(batches());
    let taken = if taken > 0 && holds(&client, batches().take(taken))? { taken } else { 0 };
    let mut sent = Sent { statements: 0, resumed: 0, held: None };
    for (index, batch) in batches().enumerate() {
        if index < taken {
            sent.resumed += batch.statements;
        } else {
            load(&mut client, &batch, sent.statements == 0)?;
        }
        sent.statements += batch.statements;
        progress.note(&batch.body, index >= taken);
    }
    sent.held = held(&client, parts)?;
    let missing = sent.held.iter().flatten().find(|(_, (here, there))| there < here);
    match missing {
        Some((class, (here, there))) => Err(client
            .error(format!("the server took everything, and holds {there} of {here} {class}"))
            .with_hint("run the same command again; if it stays so, the server drops statements")),
        None => Ok(sent),
    }
}

fn batches<'p>(parts: &'p [Part], options: &'p Options) -> impl Iterator<Item = Batch> + 'p {
    parts.iter().flat_map(move |part| {
        let graph = part.name.as_ref().map(|name| part.graph.written(name)).or_else(|| options.graph.clone());
        let replaces = part.name.is_some() || options.replace;
        let mut nodes = part.graph.nodes().peekable();
        let mut is_first = true;
        std::iter::from_fn(move || {
            nodes.peek()?;
            let mut batch = Batch { graph: graph.clone(), replaces: is_first && replaces, statements: 0, body: Vec::new() };
            is_first = false;
            while let Some(node) = nodes.next_if(|node| batch.statements == 0 || batch.statements + node.properties.len() <= BATCH) {
                append_n_quads(&part.graph, node, None, &mut batch.body);
                batch.statements += node.properties.len();
            }
            Some(batch)
        })
    })
}

fn load(client: &mut Client, batch: &Batch, is_first: bool) -> Result<()> {
    if has_graph_store(client.path()) {
        let query =
            batch.graph.as_ref().map_or("default".to_owned(), |graph| format!("graph={}", utf8_percent_encode(graph, NON_ALPHANUMERIC)));
        let address = if client.address().contains('?') && batch.graph.is_none() {
            client.address().to_owned()
        } else {
            format!("{}?{query}", client.path())
        };
        return client.send(&address, Content::NTriples { replaces: batch.replaces }, &batch.body, is_first);
    }
    let mut update = Vec::with_capacity(batch.body.len() + 256);
    if batch.replaces {
        let graph = batch.graph.as_ref().map_or("DEFAULT".to_owned(), |graph| format!("GRAPH <{graph}>"));
        update.extend_from_slice(format!("CLEAR SILENT {graph} ;\n").as_bytes());
    }
    update.extend_from_slice(b"INSERT DATA {\n");
    in_graph(batch, &mut update);
    update.extend_from_slice(b"}\n");
    if is_first {
        return client.first_update(&update);
    }
    let address = client.address().to_owned();
    client.send(&address, Content::Update, &update, false)
}

/// Appends a batch's statements as SPARQL has them.
fn in_graph(batch: &Batch, out: &mut Vec<u8>) {
    match &batch.graph {
        Some(graph) => {
            out.extend_from_slice(format!("GRAPH <{graph}> {{\n").as_bytes());
            out.extend_from_slice(&batch.body);
            out.extend_from_slice(b"}\n");
        }
        None => out.extend_from_slice(&batch.body),
    }
}

fn has_graph_store(path: &str) -> bool {
    GRAPH_STORES.iter().any(|end| path.ends_with(end))
}

/// Whether the server still holds batches that it took: the first and the last statement of each. A server that cannot be asked is sent everything again.
fn holds(client: &Client, batches: impl Iterator<Item = Batch>) -> Result<bool> {
    for batch in batches {
        let lines: Vec<&[u8]> = batch.body.split_inclusive(|byte| *byte == b'\n').collect();
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { continue };
        let mut query = b"ASK {\n".to_vec();
        in_graph(&Batch { graph: batch.graph, replaces: false, statements: 2, body: [*first, *last].concat() }, &mut query);
        query.push(b'}');
        match ask(client, &String::from_utf8_lossy(&query))?.and_then(|answer| answer["boolean"].as_bool()) {
            Some(true) => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// For each class how many nodes are in the graph, and on the server in any graph.
fn held(client: &Client, parts: &[Part]) -> Result<Option<BTreeMap<String, (usize, usize)>>> {
    // A node may stand in two parts: what it says of its own in its article's, what was concluded of it in the other.
    let mut here: FxHashMap<&Iri, FxHashSet<&Iri>> = FxHashMap::default();
    for node in parts.iter().flat_map(|part| part.graph.nodes.keys().map(|iri| part.graph.node(iri))) {
        for class in node.links("@type") {
            here.entry(class).or_default().insert(node.iri);
        }
    }
    let query = "SELECT ?class (COUNT(DISTINCT ?node) AS ?nodes) WHERE { { ?node a ?class } UNION { GRAPH ?graph { ?node a ?class } } } GROUP BY ?class";
    let Some(answer) = ask(client, query)? else { return Ok(None) };
    let Some(rows) = answer["results"]["bindings"].as_array() else { return Ok(None) };
    let there = |class: &str| {
        let row = rows.iter().find(|row| row["class"]["value"].as_str() == Some(class));
        row.and_then(|row| row["nodes"]["value"].as_str()?.parse().ok()).unwrap_or(0)
    };
    let counted = here.iter().filter_map(|(class, nodes)| {
        let class = parts.first()?.graph.written(class);
        Some((compact(&class), (nodes.len(), there(&class))))
    });
    Ok(Some(counted.collect()))
}

/// The answer to a query; `None` where no address of the server answers.
fn ask(client: &Client, query: &str) -> Result<Option<Json>> {
    let path = client.path();
    let known = QUERIES.iter().find_map(|(end, others)| Some((path.strip_suffix(end)?, others)));
    let addresses: Vec<String> = match known {
        Some((before, others)) => others.iter().map(|other| format!("{before}{other}")).collect(),
        None => vec![path.to_owned()],
    };
    for address in addresses {
        if let Some(answer) = client.ask(&address, query)? {
            return Ok(Some(answer));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests;
