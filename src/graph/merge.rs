//! Graphs read back: the facts of several, united.
//!
//! Of a graph only facts are taken, with run records and corrections; what was concluded from them is concluded anew from the union. So uniting is
//! associative, commutative and idempotent.

use super::conclusions::LINKS;
use super::iri::{Instance, Iri, Minter};
use super::vocabulary::{Property, Type, compact};
use super::{Graph, Value};
use crate::error::{Error, Result};
use compact_str::CompactString;
use oxigraph::io::{JsonLdProfileSet, RdfFormat, RdfParser};
use oxigraph::model::{NamedOrBlankNode, Quad, Term};
use std::io::Read;

/// Properties of facts' nodes that are concluded.
const CONCLUDED: &[&str] = &["prov:wasRevisionOf", "wg:correction", "wg:reprintOf", "wg:series"];
/// Kinds of nodes that are concluded.
const CONCLUSIONS: &[Instance] = &[Instance::Entity, Instance::Link, Instance::Series];

/// Facts of graphs on one base.
#[derive(Debug, Default)]
pub struct Union {
    graph: Option<(Minter, Graph)>,
}

impl Union {
    /// Takes in the facts of a graph in JSON-LD. `name` is what errors call it.
    ///
    /// # Errors
    /// When it is no JSON-LD, holds what no graph of this program holds, or stands on another base than those before.
    pub fn add(&mut self, name: &str, reader: impl Read) -> Result<()> {
        let parser = RdfParser::from_format(RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() });
        let mut waiting: Vec<Quad> = Vec::new();
        for quad in parser.for_reader(reader) {
            let quad = quad.map_err(|error| Error::Graph(format!("{name}: not a graph in JSON-LD: {error}")))?;
            if self.graph.is_none() {
                // Nodes stand in the order of their IRIs: agents come first, then articles.
                match base(&quad) {
                    Some(base) => {
                        let minter = Minter::new(&base);
                        self.graph = Some((minter.clone(), Graph::new(&minter)));
                    }
                    None => {
                        waiting.push(quad);
                        continue;
                    }
                }
            }
            for quad in waiting.drain(..).chain([quad]) {
                self.insert(name, quad)?;
            }
        }
        match waiting.first() {
            Some(quad) => Err(foreign(name, &quad.predicate.to_string())),
            None => Ok(()),
        }
    }

    fn insert(&mut self, name: &str, quad: Quad) -> Result<()> {
        let Some((minter, graph)) = &mut self.graph else { return Ok(()) };
        let NamedOrBlankNode::NamedNode(subject) = &quad.subject else { return Err(foreign(name, "a blank node")) };
        let written = compact(quad.predicate.as_str());
        let property = if written == "rdf:type" { Some("@type") } else { Property::named(&written).map(Property::name) };
        let Some(property) = property else { return Err(foreign(name, &written)) };
        let subject = minter.read(subject.as_str());
        if is_concluded(&subject) || CONCLUDED.contains(&property) || LINKS.contains(&property) {
            return Ok(());
        }
        if let Iri::Named(whole) = &subject {
            let elsewhere = |kind: &Instance| whole.contains(&format!("/{}/", kind.name()));
            if [Instance::Article, Instance::Claim].iter().any(elsewhere) {
                let reason = format!("{name}: {whole} is not on the base {} of the graphs before it", minter.base());
                return Err(Error::Usage { reason, hint: Some("merge graphs that were made with one --base".into()) });
            }
        }
        let value = match quad.object {
            Term::NamedNode(node) => Value::Iri(minter.read(node.as_str())),
            Term::Literal(literal) if Property::typed(property) == Some(Type::Integer) => {
                Value::Integer(literal.value().parse().map_err(|_| foreign(name, &literal.to_string()))?)
            }
            Term::Literal(literal) => Value::Text(CompactString::new(literal.value())),
            _ => return Err(foreign(name, "a blank node")),
        };
        if let Value::Iri(object) = &value
            && is_concluded(object)
        {
            return Ok(());
        }
        graph.insert(&subject, property, value);
        Ok(())
    }

    /// The united facts, and what makes IRIs on their base; `None` where nothing was added.
    #[must_use]
    pub fn finish(self) -> Option<(Minter, Graph)> {
        self.graph
    }
}

fn is_concluded(iri: &Iri) -> bool {
    matches!(iri, Iri::Minted(kind, ..) if CONCLUSIONS.contains(kind))
}

/// The base of a graph, from a node of it.
fn base(quad: &Quad) -> Option<String> {
    let NamedOrBlankNode::NamedNode(subject) = &quad.subject else { return None };
    let (before, digits) = subject.as_str().rsplit_once('/')?;
    let is_digest = digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    let kind = before.rsplit(['/', '#']).next()?;
    let known = Instance::ALL.into_iter().any(|instance| instance.name() == kind);
    (is_digest && known).then(|| before[..before.len() - kind.len()].to_owned())
}

fn foreign(name: &str, what: &str) -> Error {
    Error::Graph(format!("{name}: {what} is in no graph of this program, or of a version that this one does not know"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixtures;

    fn united(parts: &[&[u8]]) -> Graph {
        let mut union = Union::default();
        for part in parts {
            union.add("part", *part).expect("a graph");
        }
        let (minter, mut graph) = union.finish().expect("a graph");
        fixtures::concluder(&minter, |concluder| concluder.conclude(&mut graph));
        graph
    }

    #[test]
    fn a_graph_read_back_is_the_same_graph() {
        assert_eq!(united(&[&fixtures::json_ld()]), fixtures::graph());
        assert_eq!(united(&[&fixtures::json_ld(), &fixtures::json_ld()]), fixtures::graph());
    }

    #[test]
    fn what_is_no_graph_of_ours_is_refused() {
        let mut union = Union::default();
        let error =
            union.add("x.jsonld", br#"{"@id":"https://example.org/a","https://example.org/p":"v"}"#.as_slice()).expect_err("foreign");
        assert!(error.to_string().starts_with("x.jsonld: "), "{error}");
        let error = union.add("y.jsonld", b"{".as_slice()).expect_err("broken");
        assert!(error.to_string().starts_with("y.jsonld: "), "{error}");
        let elsewhere =
            String::from_utf8(fixtures::json_ld()).expect("UTF-8").replace("https://w3id.org/wiregraph/id/", "https://example.org/");
        let mut union = Union::default();
        union.add("one", fixtures::json_ld().as_slice()).expect("a graph");
        let error = union.add("other", elsewhere.as_bytes()).expect_err("another base");
        assert!(error.hint().is_some_and(|hint| hint.contains("--base")), "{error}");
    }
}
