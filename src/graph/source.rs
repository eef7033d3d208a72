//! Graphs as files hold them: the notation, told by the first line, and the quads.
//!
//! JSON-LD (one document, or one a line), N-Triples, N-Quads, Turtle and TriG.

use super::conclusions::LINKS;
use super::directory::Held;
use super::iri::{Instance, Iri, Minter};
use super::vocabulary::{Property, Type, compact};
use super::{Graph, Value, json_ld};
use crate::error::{Error, Result};
use compact_str::CompactString;
use oxigraph::io::{JsonLdProfileSet, RdfFormat, RdfParser};
use oxigraph::model::{GraphName, NamedOrBlankNode, Quad, Term};
use std::io::{BufRead, Cursor, Read as _};

/// Properties of facts' nodes that are concluded.
const CONCLUDED: &[&str] = &["prov:wasRevisionOf", "wg:correction", "wg:reprintOf", "wg:series"];
/// Kinds of nodes that are concluded.
const CONCLUSIONS: &[Instance] = &[Instance::Entity, Instance::Link, Instance::Series];

/// The line behind which this program writes nodes.
const OWN_GRAPH: &str = "\"@graph\": [";

const JSON_LD: RdfFormat = RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() };

/// How a file is laid out.
enum Layout {
    /// One document.
    Whole(RdfFormat),
    /// A JSON-LD document on each line.
    Lines,
    /// One JSON-LD document as this program writes it.
    Own,
}

/// Quads of a file, with the names of graphs that they stand in.
pub(super) type Quads<'r> = Box<dyn Iterator<Item = Result<Quad>> + 'r>;

/// The quads that a reader holds. `name` is what errors call it.
///
/// # Errors
/// When nothing can be read. A quad may be an error, too.
pub(super) fn quads<'r>(name: &'r str, reader: impl BufRead + 'r) -> Result<Quads<'r>> {
    let io = |source| Error::Io { path: name.to_owned(), source };
    Ok(match layout_of(name, reader)? {
        (Layout::Own, reader) => {
            let nodes = OwnLines { name, lines: reader.lines().enumerate(), is_open: false, is_closed: false };
            Box::new(nodes.flat_map(move |read| -> Quads<'r> {
                each_or_error(read.and_then(|(number, line)| {
                    match serde_json::from_str::<json_ld::Node<'_>>(&line).map(json_ld::Node::quads) {
                        Ok(Ok(quads)) => Ok(quads),
                        // Somebody has added to it.
                        _ => processed(&format!("{name}: line {number}"), &json_ld::document_of(&line)),
                    }
                }))
            }))
        }
        (Layout::Lines, reader) => Box::new(reader.lines().enumerate().flat_map(move |(index, line)| -> Quads<'r> {
            match line {
                Ok(line) if line.trim().is_empty() => Box::new(std::iter::empty()),
                Ok(line) => {
                    let nodes = json_ld::own_document(&line).and_then(|nodes| serde_json::from_str::<Vec<json_ld::Node<'_>>>(nodes).ok());
                    let own = nodes
                        .and_then(|nodes| nodes.into_iter().map(json_ld::Node::quads).collect::<std::result::Result<Vec<_>, _>>().ok());
                    each_or_error(match own {
                        Some(quads) => Ok(quads.concat()),
                        None => processed(&format!("{name}: line {}", index + 1), &line),
                    })
                }
                Err(source) => Box::new(std::iter::once(Err(io(source)))),
            }
        })),
        (layout, reader) => {
            let format = if let Layout::Whole(format) = layout { format } else { JSON_LD };
            let wrong = move |error| not_a_graph(name, format.name(), &error);
            Box::new(RdfParser::from_format(format).for_reader(reader).map(move |quad| quad.map_err(wrong)))
        }
    })
}

/// The error of what holds no statement.
#[must_use]
pub fn no_graph(names: &str) -> Error {
    Error::Graph(format!("{names}: there is no graph in it: `wiregraph run` makes one of articles"))
}

fn not_a_graph(place: &str, notation: &str, error: &dyn std::fmt::Display) -> Error {
    Error::Graph(format!("{place}: no graph: `wiregraph run` makes one of articles (read as {notation}: {error})"))
}

/// The quads of a document in JSON-LD, as a processor reads it.
fn processed(place: &str, document: &str) -> Result<Vec<Quad>> {
    let quads = RdfParser::from_format(JSON_LD).for_slice(document);
    quads.map(|quad| quad.map_err(|error| not_a_graph(place, "JSON-LD", &error))).collect()
}

/// Quads, or the one error that took their place.
fn each_or_error<'r>(quads: Result<Vec<Quad>>) -> Quads<'r> {
    match quads {
        Ok(quads) => Box::new(quads.into_iter().map(Ok)),
        Err(error) => Box::new(std::iter::once(Err(error))),
    }
}

/// The lines of nodes in a graph as this program writes it, behind the context, with their numbers.
struct OwnLines<'r, L> {
    name: &'r str,
    lines: std::iter::Enumerate<L>,
    is_open: bool,
    is_closed: bool,
}

impl<L: Iterator<Item = std::io::Result<String>>> Iterator for OwnLines<'_, L> {
    type Item = Result<(usize, String)>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.is_closed {
            let Some((index, line)) = self.lines.next() else {
                self.is_closed = true;
                return Some(Err(Error::Graph(format!("{}: the graph breaks off", self.name))));
            };
            let mut line = match line {
                Ok(line) => line,
                Err(source) => return Some(Err(Error::Io { path: self.name.to_owned(), source })),
            };
            if !self.is_open {
                self.is_open = line.starts_with(OWN_GRAPH);
            } else if line == "]" {
                self.is_closed = true;
            } else {
                line.truncate(line.strip_suffix(',').map_or(line.len(), str::len));
                return Some(Ok((index + 1, line)));
            }
        }
        None
    }
}

/// The node that a line of a graph of ours is.
fn own_node<'l>(place: &str, line: &'l str) -> Result<json_ld::Node<'l>> {
    serde_json::from_str(line).map_err(|error| Error::Graph(format!("{place}: no node: {error}")))
}

/// The nodes of a document of ours on one line.
fn own_nodes<'l>(place: &str, nodes: &'l str) -> Result<Vec<json_ld::Node<'l>>> {
    serde_json::from_str(nodes).map_err(|error| Error::Graph(format!("{place}: no graph: {error}")))
}

/// A reader with what was read of it before it.
type Whole<R> = std::io::Chain<Cursor<Vec<u8>>, R>;

/// How a reader's file is laid out, by its first lines, and the reader with those before it again.
fn layout_of<R: BufRead>(name: &str, mut reader: R) -> Result<(Layout, Whole<R>)> {
    let io = |source| Error::Io { path: name.to_owned(), source };
    let mut head = Vec::new();
    let mut next = |head: &mut Vec<u8>| -> Result<Option<std::ops::Range<usize>>> {
        let from = head.len();
        let read = reader.read_until(b'\n', head).map_err(io)?;
        Ok((read > 0).then_some(from..head.len()))
    };
    let first = loop {
        let Some(line) = next(&mut head)? else { return Err(Error::Graph(format!("{name}: there is no graph in it"))) };
        let words = head[line.clone()].trim_ascii();
        if !words.is_empty() && !words.starts_with(b"#") {
            break line;
        }
    };
    let mut layout = layout(head[first.clone()].trim_ascii());
    if head[first] == *b"{\n"
        && let (Some(context), Some(graph)) = (next(&mut head)?, next(&mut head)?)
        && head[context] == *json_ld::own_context_line().as_bytes()
        && head[graph].trim_ascii_end() == OWN_GRAPH.as_bytes()
    {
        layout = Layout::Own;
    }
    Ok((layout, Cursor::new(head).chain(reader)))
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

impl Take {
    fn into_graph(self, graph: &mut Option<Graph>, read: Read<'_>) -> Result<()> {
        let Read { minter, subject, mut statements, .. } = read;
        let graph = graph.get_or_insert_with(|| Graph::new(minter));
        if self == Take::Facts {
            statements.retain(|(property, value)| !is_concluded(&subject, property.name(), value));
        }
        if !statements.is_empty() {
            let node = graph.nodes.entry(subject).or_default();
            node.extend(statements);
            node.sort_unstable();
            node.dedup();
        }
        Ok(())
    }
}

/// Statements of one node that stand together in a file.
pub struct Read<'r> {
    /// Makes IRIs on the base of the graphs.
    pub minter: &'r Minter,
    /// The node.
    pub subject: Iri,
    /// What is said of it.
    pub statements: Vec<(Property, Value)>,
    /// The graph that they stand in, where that has a name.
    pub graph: Option<Iri>,
}

/// Statements that follow one another on one node in one graph.
struct Together {
    subject: Iri,
    statements: Vec<(Property, Value)>,
    graph: Option<Iri>,
}

/// Reads graphs on one base, node by node.
#[derive(Debug, Default)]
pub struct NodeReader {
    minter: Option<Minter>,
    /// Lines that hold an error of `stream` instead of a graph, in words.
    failed: Vec<String>,
}

impl NodeReader {
    /// What makes IRIs on the base of the graphs that were read; `None` before the first.
    #[must_use]
    pub fn minter(&self) -> Option<&Minter> {
        self.minter.as_ref()
    }

    /// Documents of which a stream told that they failed, in words.
    #[must_use]
    pub fn failed(&self) -> &[String] {
        &self.failed
    }

    /// Calls with the nodes of a graph, each once or several times. `name` is what errors call it.
    ///
    /// # Errors
    /// When it is in no notation that is known, holds what no graph of this program holds, stands on another base than those before, or what is called fails.
    pub fn each(&mut self, name: &str, reader: impl BufRead, mut call: impl FnMut(Read<'_>) -> Result<()>) -> Result<()> {
        match layout_of(name, reader)? {
            (Layout::Own, reader) => self.own_lines(name, reader, &mut call),
            (Layout::Lines, reader) => self.lines(name, reader, &mut call),
            (Layout::Whole(format), reader) => self.quads(name, format, reader, &mut call),
        }
    }

    /// Calls with the nodes of a directory's graph, each once or several times.
    ///
    /// # Errors
    /// When it cannot be read, stands on another base than graphs before it, or what is called fails.
    pub fn each_held(&mut self, held: &Held, call: impl FnMut(Read<'_>) -> Result<()>) -> Result<()> {
        let minter = self.minter.get_or_insert_with(|| held.minter().clone());
        if minter.base() != held.minter().base() {
            return Err(on_another_base(&held.name(), held.minter().base(), minter));
        }
        held.each(call)
    }

    /// A graph as this program writes it: a node a line, behind the context.
    fn own_lines(&mut self, name: &str, reader: impl BufRead, call: &mut impl FnMut(Read<'_>) -> Result<()>) -> Result<()> {
        let lines = OwnLines { name, lines: reader.lines().enumerate(), is_open: false, is_closed: false };
        for read in lines {
            let (number, line) = read?;
            let place = format!("{name}: line {number}");
            self.take(&place, own_node(&place, &line)?, call)?;
        }
        Ok(())
    }

    fn take(&mut self, place: &str, node: json_ld::Node<'_>, call: &mut impl FnMut(Read<'_>) -> Result<()>) -> Result<()> {
        if self.minter.is_none() {
            self.minter = base(&node.id).map(|base| Minter::new(&base));
        }
        let Some(minter) = &self.minter else { return Err(foreign(place, &node.id)) };
        let subject = minter.read(&node.id);
        on_base(place, minter, &subject)?;
        let statements = node.statements(minter).map_err(|what| foreign(place, &what))?;
        call(Read { minter, subject, statements, graph: None })
    }

    /// A JSON-LD document a line, or what `stream` says instead.
    fn lines(&mut self, name: &str, reader: impl BufRead, call: &mut impl FnMut(Read<'_>) -> Result<()>) -> Result<()> {
        for (index, line) in reader.lines().enumerate() {
            let line = line.map_err(|source| Error::Io { path: name.to_owned(), source })?;
            let place = format!("{name}: line {}", index + 1);
            if line.trim().is_empty() {
                continue;
            }
            if let Some(failed) = json_ld::failure(&line) {
                self.failed.push(format!("{place}: {failed}"));
            } else if let Some(nodes) = json_ld::own_document(&line) {
                own_nodes(&place, nodes)?.into_iter().try_for_each(|node| self.take(&place, node, call))?;
            } else {
                self.quads(&place, JSON_LD, line.as_bytes(), call)?;
            }
        }
        Ok(())
    }

    fn quads(
        &mut self,
        name: &str,
        format: RdfFormat,
        reader: impl std::io::Read,
        call: &mut impl FnMut(Read<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut waiting: Vec<Quad> = Vec::new();
        let mut last: Option<Together> = None;
        for quad in RdfParser::from_format(format).for_reader(reader) {
            let quad = quad.map_err(|error| not_a_graph(name, format.name(), &error))?;
            if self.minter.is_none() {
                // Nodes stand in the order of their IRIs: agents come first, then articles.
                match base_of(&quad) {
                    Some(base) => self.minter = Some(Minter::new(&base)),
                    None => {
                        waiting.push(quad);
                        continue;
                    }
                }
            }
            let Some(minter) = &self.minter else { continue };
            for quad in waiting.drain(..).chain([quad]) {
                let (subject, property, value, graph) = statement(name, minter, quad)?;
                match &mut last {
                    Some(last) if last.subject == subject && last.graph == graph => last.statements.push((property, value)),
                    _ => {
                        if let Some(Together { subject, statements, graph }) = last.take() {
                            call(Read { minter, subject, statements, graph })?;
                        }
                        on_base(name, minter, &subject)?;
                        last = Some(Together { subject, statements: vec![(property, value)], graph });
                    }
                }
            }
        }
        if let (Some(minter), Some(Together { subject, statements, graph })) = (&self.minter, last) {
            call(Read { minter, subject, statements, graph })?;
        }
        match waiting.first() {
            Some(quad) => Err(foreign(name, &quad.predicate.to_string())),
            None => Ok(()),
        }
    }
}

/// The parts of a statement in RDF.
fn statement(name: &str, minter: &Minter, quad: Quad) -> Result<(Iri, Property, Value, Option<Iri>)> {
    let NamedOrBlankNode::NamedNode(subject) = &quad.subject else { return Err(foreign(name, "a blank node")) };
    let written = compact(quad.predicate.as_str());
    let property = Property::named(if written == "rdf:type" { "@type" } else { &written }).ok_or_else(|| foreign(name, &written))?;
    let value = match quad.object {
        Term::NamedNode(node) => Value::Iri(minter.read(node.as_str())),
        Term::Literal(literal) if Property::typed(property.name()) == Some(Type::Integer) => {
            Value::Integer(literal.value().parse().map_err(|_| foreign(name, &literal.to_string()))?)
        }
        Term::Literal(literal) => Value::Text(CompactString::new(literal.value())),
        _ => return Err(foreign(name, "a blank node")),
    };
    let graph = match &quad.graph_name {
        GraphName::NamedNode(graph) => Some(minter.read(graph.as_str())),
        _ => None,
    };
    Ok((minter.read(subject.as_str()), property, value, graph))
}

/// Refuses what stands on another base.
fn on_base(name: &str, minter: &Minter, subject: &Iri) -> Result<()> {
    let Iri::Named(whole) = subject else { return Ok(()) };
    let elsewhere = |kind: &Instance| whole.contains(&format!("/{}/", kind.name()));
    if [Instance::Article, Instance::Claim].iter().any(elsewhere) {
        return Err(on_another_base(name, whole, minter));
    }
    Ok(())
}

fn on_another_base(name: &str, what: &str, minter: &Minter) -> Error {
    let reason = format!("{name}: {what} is not on the base {} of the graphs before it", minter.base());
    Error::Usage { reason, hint: Some("take graphs that were made with one --base".into()) }
}

/// Graphs on one base, read one after the other into one.
#[derive(Debug)]
pub struct Gathering {
    take: Take,
    reader: NodeReader,
    graph: Option<Graph>,
}

impl Gathering {
    /// An empty one.
    #[must_use]
    pub fn new(take: Take) -> Gathering {
        Gathering { take, reader: NodeReader::default(), graph: None }
    }

    /// Takes in a graph. `name` is what errors call it.
    ///
    /// # Errors
    /// As [`NodeReader::each`].
    pub fn add(&mut self, name: &str, reader: impl BufRead) -> Result<()> {
        let Gathering { take, reader: nodes, graph } = self;
        nodes.each(name, reader, |read| take.into_graph(graph, read))
    }

    /// Takes in a directory's graph.
    ///
    /// # Errors
    /// As [`NodeReader::each_held`].
    pub fn add_held(&mut self, held: &Held) -> Result<()> {
        let Gathering { take, reader: nodes, graph } = self;
        nodes.each_held(held, |read| take.into_graph(graph, read))
    }

    /// Documents of which a stream told that they failed, in words.
    #[must_use]
    pub fn failed(&self) -> &[String] {
        self.reader.failed()
    }

    /// What was read, and what makes IRIs on its base; `None` where nothing was added.
    #[must_use]
    pub fn finish(self) -> Option<(Minter, Graph)> {
        self.reader.minter.zip(self.graph)
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

/// The base of a graph, from a statement of it.
fn base_of(quad: &Quad) -> Option<String> {
    let NamedOrBlankNode::NamedNode(subject) = &quad.subject else { return None };
    base(subject.as_str())
}

/// The base of a graph, from the IRI of an instance in it.
fn base(instance: &str) -> Option<String> {
    let (before, digits) = instance.rsplit_once('/')?;
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

    /// What is read without expansion is what a JSON-LD processor reads.
    #[test]
    fn own_json_ld_is_what_a_processor_makes_of_it() {
        let bytes = fixtures::json_ld();
        let mut lines = Vec::new();
        fixtures::graph().write_json_ld_line(&mut lines).expect("memory");
        lines.push(b'\n');
        let sorted = |quads: Vec<Quad>| {
            let mut quads: Vec<String> = quads.iter().map(ToString::to_string).collect();
            quads.sort();
            quads
        };
        for bytes in [&bytes, &lines] {
            let own = quads("own", &bytes[..]).expect("a graph").collect::<Result<Vec<_>>>().expect("a graph");
            let processed: Vec<Quad> = RdfParser::from_format(JSON_LD).for_slice(bytes).map(|quad| quad.expect("JSON-LD")).collect();
            assert!(own.len() > 1000);
            assert_eq!(sorted(own), sorted(processed));
        }
        // What somebody adds is read as well.
        let text = String::from_utf8(bytes.clone()).expect("UTF-8");
        let first = text.find("\n{\"@id\":").expect("a node") + 1;
        let more = format!(
            "{}{{\"@id\":\"https://a.example/x\",\"http://b.example/y\":[true,{{\"@value\":\"z\",\"@language\":\"fr\"}}]}},\n{}",
            &text[..first],
            &text[first..]
        );
        let count = |text: &str| quads("more", text.as_bytes()).expect("a graph").collect::<Result<Vec<_>>>().expect("JSON-LD").len();
        assert_eq!(count(&more), count(&text) + 2);
        let cut = &bytes[..bytes.len() / 2];
        let broken =
            quads("cut", &cut[..cut.iter().rposition(|b| *b == b'\n').expect("a line") + 1]).expect("a start").find_map(Result::err);
        assert!(broken.is_some_and(|error| error.to_string().contains("cut: the graph breaks off")));
    }

    fn united(parts: &[&[u8]]) -> Graph {
        let (minter, mut graph) = gathered(Take::Facts, parts);
        fixtures::concluder(&minter, |concluder| concluder.conclude(&mut graph)).expect("memory");
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
