//! RDF: N-Quads, Turtle and TriG, and JSON-LD with an article a line.
//!
//! A graph is written whole, or in [parts](Part): the facts of each article in a graph that has the article's IRI, and what is of no one article (what was
//! concluded, above all) in the default graph.

use super::iri::{Instance, Iri};
use super::source::is_concluded;
use super::vocabulary::{PREFIXES, Property, Type, expand};
use super::{Graph, Node, Value};
use crate::error::{Error, Result};
use oxigraph::model::{GraphName, Literal, NamedNode, Quad, Term};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::LazyLock;

/// Bytes that are written at once.
const BLOCK: usize = 1 << 16;

/// Statements that stand in one graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The article whose facts they are; `None` for the default graph.
    pub name: Option<Iri>,
    /// The statements.
    pub graph: Graph,
}

impl From<Graph> for Part {
    fn from(graph: Graph) -> Part {
        Part { name: None, graph }
    }
}

/// Parts a graph: the facts of each article, in the order of the articles' IRIs, and last what is of no one article.
#[must_use]
pub fn by_article(graph: Graph) -> Vec<Part> {
    let articles = articles(&graph);
    let mut rest = graph.empty();
    let mut of_articles: BTreeMap<Iri, Graph> = BTreeMap::new();
    for (subject, properties) in graph.nodes {
        let own = articles.get(&subject).map(|article| of_articles.entry(article.clone()).or_insert_with(|| rest.empty()));
        let (facts, others): (Vec<_>, Vec<_>) = match own {
            Some(_) => properties.into_iter().partition(|(property, value)| !is_concluded(&subject, property.name(), value)),
            None => (Vec::new(), properties),
        };
        if let Some(own) = own.filter(|_| !facts.is_empty()) {
            own.nodes.insert(subject.clone(), facts);
        }
        if !others.is_empty() {
            rest.nodes.insert(subject, others);
        }
    }
    let parts = of_articles.into_iter().map(|(article, graph)| Part { name: Some(article), graph });
    parts.chain([Part::from(rest)]).collect()
}

/// The article that each node of facts belongs to: the article itself, what appears or stands in it, and what hangs on those.
fn articles(graph: &Graph) -> FxHashMap<Iri, Iri> {
    let mut of = FxHashMap::default();
    for node in graph.nodes.keys().map(|iri| graph.node(iri)) {
        let own = match node.iri {
            Iri::Minted(Instance::Article, ..) => Some(node.iri),
            _ => node.links("schema:appearance").chain(node.links("oa:hasSource")).next(),
        };
        let Some(article) = own else { continue };
        for part in node.links("wg:support").chain(node.links("oa:hasSelector")).chain([node.iri]) {
            of.insert(part.clone(), article.clone());
        }
    }
    of
}

/// Writes N-Quads, which are N-Triples in the default graph, in the order of subject, property and object.
///
/// # Errors
/// When the writer fails.
pub fn write_n_quads(part: &Part, out: &mut impl Write) -> Result<()> {
    let mut lines = Vec::with_capacity(2 * BLOCK);
    for node in part.graph.nodes() {
        append_n_quads(&part.graph, node, part.name.as_ref(), &mut lines);
        if lines.len() >= BLOCK {
            out.write_all(&lines).map_err(io)?;
            lines.clear();
        }
    }
    out.write_all(&lines).map_err(io)
}

/// Appends the statements of one node, each on a line of its own.
pub(crate) fn append_n_quads(graph: &Graph, node: Node<'_>, name: Option<&Iri>, out: &mut Vec<u8>) {
    let (mut subject, mut end) = (Vec::with_capacity(96), Vec::with_capacity(96));
    append_iri(graph, node.iri, &mut subject);
    if let Some(name) = name {
        end.push(b' ');
        append_iri(graph, name, &mut end);
    }
    end.extend_from_slice(b" .\n");
    for (property, value) in node.properties {
        let terms = terms(*property);
        out.extend_from_slice(&subject);
        out.extend_from_slice(terms.predicate.as_bytes());
        match value {
            Value::Iri(iri) => append_iri(graph, iri, out),
            Value::Text(text) => append_literal(text, &terms.datatype, out),
            Value::Integer(number) => drop(write!(out, "\"{number}\"{}", terms.datatype)),
        }
        out.extend_from_slice(&end);
    }
}

/// Writes the prefixes that [`write_turtle`] takes for granted.
///
/// # Errors
/// When the writer fails.
pub fn write_prefixes(out: &mut impl Write) -> Result<()> {
    PREFIXES.iter().try_for_each(|(prefix, namespace)| writeln!(out, "@prefix {prefix}: <{namespace}> .")).map_err(io)
}

/// Writes a part in Turtle, or as a block of TriG where its graph has a name; the prefixes come before.
///
/// # Errors
/// When the writer fails.
pub fn write_turtle(part: &Part, out: &mut impl Write) -> Result<()> {
    let mut block = Vec::with_capacity(2 * BLOCK);
    if let Some(name) = &part.name {
        block.push(b'\n');
        append_iri(&part.graph, name, &mut block);
        block.extend_from_slice(b" {");
    }
    for node in part.graph.nodes() {
        append_turtle(&part.graph, node, &mut block);
        if block.len() >= BLOCK {
            out.write_all(&block).map_err(io)?;
            block.clear();
        }
    }
    block.extend_from_slice(if part.name.is_some() { b"}\n" } else { b"" });
    out.write_all(&block).map_err(io)
}

/// Appends the statements of one node as one sentence of Turtle.
fn append_turtle(graph: &Graph, node: Node<'_>, out: &mut Vec<u8>) {
    out.push(b'\n');
    append_iri(graph, node.iri, out);
    for (index, values) in node.properties.chunk_by(|one, other| one.0 == other.0).enumerate() {
        let property = values[0].0;
        out.extend_from_slice(if index == 0 { b" " } else { b" ;\n    " });
        out.extend_from_slice(if property.name() == "@type" { b"a" } else { property.name().as_bytes() });
        for (index, (_, value)) in values.iter().enumerate() {
            out.extend_from_slice(if index == 0 { b" " } else { b", " });
            let datatype = &terms(property).short_datatype;
            match value {
                Value::Iri(Iri::Named(name)) if parted(name).is_some() => out.extend_from_slice(name.as_bytes()),
                Value::Iri(iri) => append_iri(graph, iri, out),
                Value::Text(text) => append_literal(text, datatype, out),
                Value::Integer(number) => drop(write!(out, "\"{number}\"{datatype}")),
            }
        }
    }
    out.extend_from_slice(b" .\n");
}

/// The statements of one node, in the default graph.
pub(super) fn quads(graph: &Graph, node: Node<'_>) -> Vec<Quad> {
    let subject = NamedNode::new_unchecked(graph.written(node.iri));
    let quad = |(property, value): &(Property, Value)| {
        let Terms { predicate_node, datatype_node, datatype, .. } = terms(*property);
        let typed = |text: &str| Literal::new_typed_literal(text, datatype_node.clone());
        let object: Term = match value {
            Value::Iri(iri) => NamedNode::new_unchecked(graph.written(iri)).into(),
            Value::Text(text) if datatype.is_empty() => Literal::new_simple_literal(text.as_str()).into(),
            Value::Text(text) => typed(text).into(),
            Value::Integer(number) => typed(&number.to_string()).into(),
        };
        Quad::new(subject.clone(), predicate_node.clone(), object, GraphName::DefaultGraph)
    };
    node.properties.iter().map(quad).collect()
}

/// How a property is written in N-Quads and Turtle, and what it is in RDF.
pub(super) struct Terms {
    /// The property.
    pub(super) predicate_node: NamedNode,
    /// The datatype of its literals; that of strings where there is no other.
    pub(super) datatype_node: NamedNode,
    /// ` <IRI> `.
    predicate: String,
    /// What follows a literal: nothing, or `^^<IRI>`.
    datatype: String,
    /// The same with a prefixed name.
    short_datatype: String,
}

pub(super) fn terms(property: Property) -> &'static Terms {
    static TERMS: LazyLock<Vec<Terms>> = LazyLock::new(|| {
        let of = |property: Property| {
            let name = if property.name() == "@type" { "rdf:type" } else { property.name() };
            let datatype = match Property::typed(name) {
                None | Some(Type::Node | Type::Address | Type::String) => "",
                Some(Type::Decimal) => "xsd:decimal",
                Some(Type::Date) => "xsd:date",
                Some(Type::DateTime) => "xsd:dateTime",
                Some(Type::Integer) => "xsd:nonNegativeInteger",
            };
            let (long, short) = match datatype {
                "" => Default::default(),
                datatype => (format!("^^<{}>", expand(datatype)), format!("^^{datatype}")),
            };
            let datatype_node = NamedNode::new_unchecked(expand(if datatype.is_empty() { "xsd:string" } else { datatype }));
            Terms {
                predicate_node: NamedNode::new_unchecked(expand(name)),
                datatype_node,
                predicate: format!(" <{}> ", expand(name)),
                datatype: long,
                short_datatype: short,
            }
        };
        Property::all().map(of).collect()
    });
    &TERMS[property.index()]
}

/// The namespace and local name of a name that stands for an IRI by one of the prefixes.
fn parted(name: &str) -> Option<(&'static str, &str)> {
    let (before, local) = name.split_once(':')?;
    let (_, namespace) = PREFIXES.iter().find(|(prefix, _)| *prefix == before)?;
    Some((namespace, local))
}

fn append_iri(graph: &Graph, iri: &Iri, out: &mut Vec<u8>) {
    out.push(b'<');
    match iri {
        Iri::Named(name) => match parted(name) {
            Some((namespace, local)) => {
                out.extend_from_slice(namespace.as_bytes());
                out.extend_from_slice(local.as_bytes());
            }
            None => out.extend_from_slice(name.as_bytes()),
        },
        Iri::Minted(..) => iri.write(graph.base(), out),
    }
    out.push(b'>');
}

fn append_literal(text: &str, datatype: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escaped: &[u8] = match byte {
            b'"' => b"\\\"",
            b'\\' => b"\\\\",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            _ => continue,
        };
        out.extend_from_slice(&text.as_bytes()[from..at]);
        out.extend_from_slice(escaped);
        from = at + 1;
    }
    out.extend_from_slice(&text.as_bytes()[from..]);
    out.push(b'"');
    out.extend_from_slice(datatype.as_bytes());
}

fn io(source: std::io::Error) -> Error {
    Error::Io { path: "output".into(), source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixtures;
    use crate::graph::source::{Gathering, Take};

    fn read(take: Take, bytes: &[u8]) -> Graph {
        let mut gathering = Gathering::new(take);
        gathering.add("written", bytes).expect("what was written is read");
        gathering.finish().expect("a graph").1
    }

    /// A graph whose texts hold everything that wants care.
    fn awkward() -> Graph {
        let mut graph = fixtures::graph();
        let article = graph.nodes().find(|node| node.is_a("schema:NewsArticle")).expect("an article").iri.clone();
        graph.text(&article, "schema:headline", "“Quoted” \"quoted\", back\\slash,\ttab,\r\nline, é, 🚢, {brace} <angle> '''");
        graph
    }

    #[test]
    fn what_is_written_in_any_notation_is_read_back_the_same() {
        let part = Part::from(awkward());
        let mut n_quads = Vec::new();
        write_n_quads(&part, &mut n_quads).expect("written");
        assert_eq!(read(Take::All, &n_quads), part.graph);
        assert_eq!(n_quads.iter().filter(|byte| **byte == b'\n').count(), part.graph.len());
        let mut turtle = Vec::new();
        write_prefixes(&mut turtle).expect("written");
        write_turtle(&part, &mut turtle).expect("written");
        assert_eq!(read(Take::All, &turtle), part.graph);
    }

    #[test]
    fn parts_hold_the_facts_of_an_article_each_and_the_rest() {
        let whole = awkward();
        let parts = by_article(whole.clone());
        let (rest, of_articles) = parts.split_last().expect("parts");
        let articles: Vec<&Iri> = whole.nodes().filter(|node| node.is_a("schema:NewsArticle")).map(|node| node.iri).collect();
        assert_eq!(of_articles.iter().filter_map(|part| part.name.as_ref()).collect::<Vec<_>>(), articles);
        assert_eq!(rest.name, None);
        assert!(rest.graph.nodes().all(|node| node.texts("oa:exact").next().is_none()));
        let (mut trig, mut lines) = (Vec::new(), Vec::new());
        write_prefixes(&mut trig).expect("written");
        let mut united = whole.empty();
        for part in &parts {
            write_turtle(part, &mut trig).expect("written");
            write_n_quads(part, &mut lines).expect("written");
            united.unite(part.graph.clone());
        }
        assert_eq!(united, whole);
        assert_eq!(read(Take::All, &trig), whole);
        assert_eq!(read(Take::All, &lines), whole);
        // What is left when conclusions are is what the articles' graphs hold, and what no article says: agents and run records.
        let mut facts = read(Take::Facts, &lines);
        for part in of_articles {
            for node in part.graph.nodes() {
                assert_eq!(facts.nodes.remove(node.iri).as_deref(), Some(node.properties));
            }
        }
        assert!(facts.nodes.keys().all(|iri| matches!(iri, Iri::Minted(Instance::Agent | Instance::Run | Instance::Omission, ..))));
    }
}
