//! Graphs as files hold them: the notation, told by the first line, and the quads.
//!
//! JSON-LD (one document, or one a line), N-Triples, N-Quads, Turtle and TriG.

use super::conclusions::LINKS;
use super::iri::{Instance, Iri, Minter};
use super::vocabulary::{Property, Type, compact};
use super::{Graph, Value};
use crate::error::{Error, Result};
use compact_str::CompactString;
use oxigraph::io::{JsonLdProfileSet, RdfFormat, RdfParser};
use oxigraph::model::{NamedOrBlankNode, Quad, Term};
use std::io::{BufRead, Cursor, Read};

/// Properties of facts' nodes that are concluded.
const CONCLUDED: &[&str] = &["prov:wasRevisionOf", "wg:correction", "wg:reprintOf", "wg:series"];
/// Kinds of nodes that are concluded.
const CONCLUSIONS: &[Instance] = &[Instance::Entity, Instance::Link, Instance::Series];

const JSON_LD: RdfFormat = RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() };

/// How a file is laid out.
enum Layout {
    /// One document.
    Whole(RdfFormat),
    /// A JSON-LD document on each line.
    Lines,
}

/// Quads of a file, with the names of graphs that they stand in.
pub(super) type Quads<'r> = Box<dyn Iterator<Item = Result<Quad>> + 'r>;

/// The quads that a reader holds. `name` is what errors call it.
///
/// # Errors
/// When nothing can be read. A quad may be an error, too.
pub(super) fn quads<'r>(name: &'r str, mut reader: impl BufRead + 'r) -> Result<Quads<'r>> {
    let io = |source| Error::Io { path: name.to_owned(), source };
    let mut head = Vec::new();
    let layout = loop {
        let from = head.len();
        if reader.read_until(b'\n', &mut head).map_err(io)? == 0 {
            return Err(Error::Graph(format!("{name}: there is no graph in it")));
        }
        let line = head[from..].trim_ascii();
        if !line.is_empty() && !line.starts_with(b"#") {
            break layout(line);
        }
    };
    let whole = Cursor::new(head).chain(reader);
    Ok(match layout {
        Layout::Whole(format) => {
            let wrong = move |error| Error::Graph(format!("{name}: not a graph in {}: {error}", format.name()));
            Box::new(RdfParser::from_format(format).for_reader(whole).map(move |quad| quad.map_err(wrong)))
        }
        Layout::Lines => Box::new(whole.lines().enumerate().flat_map(move |(index, line)| -> Quads<'r> {
            let wrong = move |error| Error::Graph(format!("{name}: line {}: not a graph in JSON-LD: {error}", index + 1));
            match line {
                Ok(line) if line.trim().is_empty() => Box::new(std::iter::empty()),
                Ok(line) => {
                    let parser = RdfParser::from_format(JSON_LD).for_reader(Cursor::new(line));
                    Box::new(parser.map(move |quad| quad.map_err(wrong)))
                }
                Err(source) => Box::new(std::iter::once(Err(io(source)))),
            }
        })),
    })
}

fn layout(line: &[u8]) -> Layout {
    let opens = |word: &[u8]| line.len() >= word.len() && line[..word.len()].eq_ignore_ascii_case(word);
    if opens(b"{") || opens(b"[") {
        let complete = serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok();
        return if complete { Layout::Lines } else { Layout::Whole(JSON_LD) };
    }
    let is_statement = (opens(b"<") || opens(b"_:")) && line.ends_with(b".");
    // TriG takes in Turtle.
    Layout::Whole(if is_statement { RdfFormat::NQuads } else { RdfFormat::TriG })
}

/// What to take of a graph that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    /// Everything.
    All,
    /// What articles say, run records and corrections: what was concluded is left behind.
    Facts,
}

/// Graphs on one base, read one after the other into one.
#[derive(Debug)]
pub struct Gathering {
    take: Take,
    graph: Option<(Minter, Graph)>,
}

impl Gathering {
    /// An empty one.
    #[must_use]
    pub fn new(take: Take) -> Gathering {
        Gathering { take, graph: None }
    }

    /// Takes in a graph. `name` is what errors call it.
    ///
    /// # Errors
    /// When it is in no notation that is known, holds what no graph of this program holds, or stands on another base than those before.
    pub fn add(&mut self, name: &str, reader: impl BufRead) -> Result<()> {
        let mut waiting: Vec<Quad> = Vec::new();
        for quad in quads(name, reader)? {
            let quad = quad?;
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
        if let Iri::Named(whole) = &subject {
            let elsewhere = |kind: &Instance| whole.contains(&format!("/{}/", kind.name()));
            if [Instance::Article, Instance::Claim].iter().any(elsewhere) {
                let reason = format!("{name}: {whole} is not on the base {} of the graphs before it", minter.base());
                return Err(Error::Usage { reason, hint: Some("take graphs that were made with one --base".into()) });
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
        if self.take == Take::All || !is_concluded(&subject, property, &value) {
            graph.insert(&subject, property, value);
        }
        Ok(())
    }

    /// What was read, and what makes IRIs on its base; `None` where nothing was added.
    #[must_use]
    pub fn finish(self) -> Option<(Minter, Graph)> {
        self.graph
    }
}

/// Whether a statement is a conclusion, and no fact of one article.
pub(crate) fn is_concluded(subject: &Iri, property: &str, value: &Value) -> bool {
    let concluded = |iri: &Iri| matches!(iri, Iri::Minted(kind, ..) if CONCLUSIONS.contains(kind));
    concluded(subject)
        || CONCLUDED.contains(&property)
        || LINKS.contains(&property)
        || matches!(value, Value::Iri(object) if concluded(object))
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

    fn gathered(take: Take, parts: &[&[u8]]) -> (Minter, Graph) {
        let mut gathering = Gathering::new(take);
        for part in parts {
            gathering.add("part", *part).expect("a graph");
        }
        gathering.finish().expect("a graph")
    }

    fn united(parts: &[&[u8]]) -> Graph {
        let (minter, mut graph) = gathered(Take::Facts, parts);
        fixtures::concluder(&minter, |concluder| concluder.conclude(&mut graph));
        graph
    }

    #[test]
    fn a_graph_read_back_is_the_same_graph() {
        assert_eq!(united(&[&fixtures::json_ld()]), fixtures::graph());
        assert_eq!(united(&[&fixtures::json_ld(), &fixtures::json_ld()]), fixtures::graph());
        assert_eq!(gathered(Take::All, &[&fixtures::json_ld()]).1, fixtures::graph());
    }

    #[test]
    fn a_document_a_line_is_read_line_by_line() {
        let one_line = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8").replace('\n', " ") + "\n";
        let whole = one_line(fixtures::json_ld());
        assert_eq!(gathered(Take::All, &[(whole.clone() + "\n" + &whole).as_bytes()]).1, fixtures::graph());
        let error = Gathering::new(Take::All).add("x", (whole + "{\"@id\":\n").as_bytes()).expect_err("broken");
        assert!(error.to_string().starts_with("x: line 2: "), "{error}");
    }

    #[test]
    fn what_is_no_graph_of_ours_is_refused() {
        let refused = |name: &str, bytes: &[u8]| {
            let error = Gathering::new(Take::Facts).add(name, bytes).expect_err("no graph of ours").to_string();
            assert!(error.starts_with(&format!("{name}: ")), "{error}");
        };
        refused("x.jsonld", br#"{"@id":"https://example.org/a","https://example.org/p":"v"}"#);
        refused("y.jsonld", b"{");
        refused("z.txt", b"Twelve people were killed.\n");
        refused("empty.nq", b"\n# nothing\n");
        let elsewhere =
            String::from_utf8(fixtures::json_ld()).expect("UTF-8").replace("https://w3id.org/wiregraph/id/", "https://example.org/");
        let mut gathering = Gathering::new(Take::Facts);
        gathering.add("one", fixtures::json_ld().as_slice()).expect("a graph");
        let error = gathering.add("other", elsewhere.as_bytes()).expect_err("another base");
        assert!(error.hint().is_some_and(|hint| hint.contains("--base")), "{error}");
    }
}
