//! The graph as a property graph: tables of nodes and of relationships, for Neo4j and what speaks its language.
//!
//! | in the graph | in the property graph |
//! | --- | --- |
//! | a node | a node with `iri`, which is unique, and the label [`Wiregraph`](COMMON), on which a constraint and an index can stand |
//! | its classes | labels by their local names; `Article` for `schema:NewsArticle`, `Evidence` for `oa:SpecificResource`, `Run` for `prov:Activity`; every entity is an [`Entity`](ENTITY), too. `schema:Claim` and `schema:Observation`, which say nothing that `Claim` and `Relation` do not, have no label |
//! | a literal | a property by its local name: decimals as floats, whole numbers as integers, days as dates, moments as datetimes |
//! | a property of which a node may have several values, as an article's headlines or a claim's days where the same text came out under several | an array, always, however many there are |
//! | a link to a term or an address (`wg:eventType`, `wg:slot`, `schema:sameAs`, `schema:url`) | a text property: the term's local name, or the whole IRI |
//! | a link to a node | a relationship, `COUNTED_ACTOR` for `wg:countedActor` |
//! | a link between claims, and the `rdf:Statement` that says why | one relationship, `UPDATES` for `wg:updates`, with `reason` |
//! | a `wg:Support` of a claim or relation | a relationship `SUPPORT` from it to the evidence, with `iri`, `slot`, `reason`, and the IRI of the `reference` that the words went through |
//! | the selectors of evidence | its properties `start`, `end`, `exact`, `prefix` and `suffix` |
//! | a node that is linked to and not told of | a node with `iri` and the common label alone |
//!
//! So claims are nodes and keep source and evidence; entities, claims, relations, references, articles and series are as many as in the graph, and so are
//! mentions (`MENTION`) and each kind of link between claims. An empty text is no property. Reasons of one relationship are joined by semicolons.
//!
//! A property that the [vocabulary](crate::graph::vocabulary) gains comes through with no change here, save where it may have several values.

#[cfg(feature = "servers")]
pub mod bolt;
pub mod csv;

use crate::graph::iri::Iri;
use crate::graph::vocabulary::{PREFIXES, Property, Type};
use crate::graph::{Graph, Node, Value};
use rustc_hash::FxHashSet;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The label of every node.
pub const COMMON: &str = "Wiregraph";
/// The label of every entity.
pub const ENTITY: &str = "Entity";
/// The relationship from a claim or relation to the words that fill one of its slots.
pub const SUPPORT: &str = "SUPPORT";

/// Labels of classes, where they are not the class's local name.
const LABELS: &[(&str, &[&str])] = &[
    ("oa:SpecificResource", &["Evidence"]),
    ("prov:Activity", &["Run"]),
    ("schema:Claim", &[]),
    ("schema:Country", &["Country", ENTITY]),
    ("schema:Event", &["Event", ENTITY]),
    ("schema:NewsArticle", &["Article"]),
    ("schema:Observation", &[]),
    ("schema:Organization", &["Organization", ENTITY]),
    ("schema:Person", &["Person", ENTITY]),
    ("schema:Place", &["Place", ENTITY]),
    ("wg:Actor", &["Actor", ENTITY]),
    ("wg:Equipment", &["Equipment", ENTITY]),
    ("wg:MilitaryUnit", &["MilitaryUnit", ENTITY]),
];

/// Classes whose nodes are no nodes here: what they say goes to others.
const FOLDED: &[&str] = &["oa:DataPositionSelector", "oa:TextQuoteSelector", "rdf:Statement", "wg:Support"];

/// Properties of which one node, by its label, or one relationship, by its type, may have several values, as the SHACL shapes have it.
const SEVERAL: &[(&str, &[&str])] = &[
    (
        "Article",
        &[
            "schema:dateModified",
            "schema:datePublished",
            "schema:dateline",
            "schema:headline",
            "schema:inLanguage",
            "schema:url",
            "wg:captured",
            "wg:sourceFile",
        ],
    ),
    ("Claim", &["wg:asOfEnd", "wg:asOfStart", "wg:endDate", "wg:eventType", "wg:startDate"]),
    (ENTITY, &["schema:alternateName", "schema:jobTitle", "wg:reason"]),
    ("Reference", &["schema:name", "skos:altLabel", "wg:reason"]),
    ("Relation", &["wg:asOfEnd", "wg:asOfStart", "wg:endDate", "wg:eventType", "wg:startDate"]),
    ("Series", &["wg:eventType"]),
    (SUPPORT, &["wg:reference"]),
];

/// What a property's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Kind {
    Text,
    Decimal,
    Integer,
    Date,
    DateTime,
}

/// A property that nodes or relationships of a table have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    property: Property,
    /// Whether there may be several values, so that they are an array.
    pub several: bool,
}

impl Column {
    /// Its name, in camel case.
    #[must_use]
    pub fn name(self) -> &'static str {
        local(self.property.name())
    }

    /// What its values are.
    #[must_use]
    pub fn kind(self) -> Kind {
        match Property::typed(self.property.name()) {
            None | Some(Type::Node | Type::Address | Type::String) => Kind::Text,
            Some(Type::Decimal) => Kind::Decimal,
            Some(Type::Integer) => Kind::Integer,
            Some(Type::Date) => Kind::Date,
            Some(Type::DateTime) => Kind::DateTime,
        }
    }
}

/// The properties of one node or relationship: sorted, no text empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Properties<'g>(Vec<(Property, Cow<'g, str>)>);

impl Properties<'_> {
    /// The values of a column as they are written; more than one only where there may be [several](Column::several).
    pub fn values(&self, column: Column) -> impl Iterator<Item = &str> {
        let from = self.0.partition_point(|(property, _)| *property < column.property);
        self.0[from..].iter().take_while(move |(property, _)| *property == column.property).map(|(_, text)| text.as_ref())
    }
}

/// Nodes of the same labels.
#[derive(Clone, Debug)]
pub struct NodeTable<'g> {
    /// [`COMMON`], then the others in the order of their names.
    pub labels: Vec<String>,
    /// Every property that one of them has, but `iri`.
    pub columns: Vec<Column>,
    /// The nodes in the order of their IRIs.
    pub rows: Vec<(&'g Iri, Properties<'g>)>,
}

/// Relationships of one type.
#[derive(Clone, Debug)]
pub struct RelationshipTable<'g> {
    /// The type.
    pub name: String,
    /// Every property that one of them has, but `iri`.
    pub columns: Vec<Column>,
    /// The relationships in the order of their ends.
    pub rows: Vec<Relationship<'g>>,
}

impl RelationshipTable<'_> {
    /// Whether they have IRIs: there may be more than one between the same two nodes.
    #[must_use]
    pub fn has_iris(&self) -> bool {
        self.rows.iter().any(|row| row.iri.is_some())
    }
}

/// A relationship.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relationship<'g> {
    /// Where it starts.
    pub from: &'g Iri,
    /// Where it ends.
    pub to: &'g Iri,
    /// Its name, where two nodes may have more than one of its type.
    pub iri: Option<&'g Iri>,
    /// Its properties.
    pub properties: Properties<'g>,
}

/// A property graph.
#[derive(Clone, Debug)]
pub struct PropertyGraph<'g> {
    graph: &'g Graph,
    /// The nodes, by their labels.
    pub nodes: Vec<NodeTable<'g>>,
    /// The relationships, by their types.
    pub relationships: Vec<RelationshipTable<'g>>,
}

impl<'g> From<&'g Graph> for PropertyGraph<'g> {
    fn from(graph: &'g Graph) -> PropertyGraph<'g> {
        let mut reading = Reading { graph, explained: explained(graph), nodes: BTreeMap::new(), relationships: BTreeMap::new() };
        for node in graph.nodes() {
            reading.node(node);
        }
        reading.finish()
    }
}

impl PropertyGraph<'_> {
    /// An IRI in full.
    #[must_use]
    pub fn written(&self, iri: &Iri) -> String {
        self.graph.written(iri)
    }

    /// How many nodes there are.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.nodes.iter().map(|table| table.rows.len()).sum()
    }

    /// How many relationships there are.
    #[must_use]
    pub fn relationship_count(&self) -> usize {
        self.relationships.iter().map(|table| table.rows.len()).sum()
    }
}

/// The links that an `rdf:Statement` explains.
fn explained(graph: &Graph) -> FxHashSet<(&Iri, &str, &Iri)> {
    let mut links = FxHashSet::default();
    for node in graph.nodes.keys().map(|iri| graph.node(iri)).filter(|node| node.is_a("rdf:Statement")) {
        links.extend(statement(node));
    }
    links
}

/// Subject, predicate and object of an `rdf:Statement`, where the predicate is one of the vocabulary's.
fn statement<'g>(node: Node<'g>) -> Option<(&'g Iri, &'g str, &'g Iri)> {
    let mut ends = ["rdf:subject", "rdf:object"].into_iter().map(|end| node.links(end).next());
    let Some(Iri::Named(predicate)) = node.links("rdf:predicate").next() else { return None };
    Some((ends.next()??, crate::graph::vocabulary::property(predicate)?, ends.next()??))
}

/// A graph half turned.
struct Reading<'g> {
    graph: &'g Graph,
    explained: FxHashSet<(&'g Iri, &'g str, &'g Iri)>,
    nodes: BTreeMap<Vec<String>, Vec<(&'g Iri, Properties<'g>)>>,
    relationships: BTreeMap<String, Vec<Relationship<'g>>>,
}

impl<'g> Reading<'g> {
    fn node(&mut self, node: Node<'g>) {
        if node.is_a("rdf:Statement") {
            if let Some((from, predicate, to)) = statement(node) {
                let name = relationship_name(predicate);
                let properties = self.settled(&[&name], self.literals(node));
                self.relate(name, Relationship { from, to, iri: None, properties });
            }
            return;
        }
        if is_folded(node) {
            return;
        }
        let labels = labels(node);
        let mut literals = self.literals(node);
        let graph = self.graph;
        for (property, to) in links(node).filter(|(_, to)| !is_term(graph, to)) {
            let target = graph.node(to);
            if target.is_a("wg:Support") {
                self.support(node.iri, target);
            } else if is_folded(target) {
                literals.extend(self.literals(target));
            } else if !self.explained.contains(&(node.iri, property.name(), to)) {
                let name = relationship_name(property.name());
                self.relate(name, Relationship { from: node.iri, to, iri: None, properties: Properties::default() });
            }
        }
        let names: Vec<&str> = labels.iter().map(String::as_str).collect();
        let properties = self.settled(&names, literals);
        self.nodes.entry(labels).or_default().push((node.iri, properties));
    }

    fn support(&mut self, claim: &'g Iri, support: Node<'g>) {
        let graph = self.graph;
        let mut literals = self.literals(support);
        let others = links(support).filter(|(property, to)| property.name() != "wg:evidence" && !is_term(graph, to));
        literals.extend(others.map(|(property, to)| (property, Cow::Owned(graph.written(to)))));
        let properties = self.settled(&[SUPPORT], literals);
        for evidence in support.links("wg:evidence") {
            let row = Relationship { from: claim, to: evidence, iri: Some(support.iri), properties: properties.clone() };
            self.relate(SUPPORT.to_owned(), row);
        }
    }

    fn relate(&mut self, name: String, row: Relationship<'g>) {
        self.relationships.entry(name).or_default().push(row);
    }

    /// Literals, terms and addresses of a node.
    fn literals(&self, node: Node<'g>) -> Vec<(Property, Cow<'g, str>)> {
        let literal = |(property, value): &'g (Property, Value)| {
            let text = match value {
                Value::Text(text) => Cow::Borrowed(text.as_str()),
                Value::Integer(number) => Cow::Owned(number.to_string()),
                Value::Iri(iri @ Iri::Named(term)) if property.name() != "@type" && is_term(self.graph, iri) => {
                    Cow::Borrowed(term_name(term))
                }
                Value::Iri(_) => return None,
            };
            (!text.is_empty()).then_some((*property, text))
        };
        node.properties.iter().filter_map(literal).collect()
    }

    /// Sorts literals, and sees to it that only those have several values that may.
    fn settled(&self, owners: &[&str], mut literals: Vec<(Property, Cow<'g, str>)>) -> Properties<'g> {
        literals.sort_unstable();
        literals.dedup();
        let mut settled: Vec<(Property, Cow<'g, str>)> = Vec::with_capacity(literals.len());
        for (property, text) in literals {
            match settled.last_mut() {
                Some((last, held)) if *last == property && !may_have_several(owners, property) => {
                    if (Column { property, several: false }).kind() == Kind::Text {
                        *held = Cow::Owned(format!("{held}; {text}"));
                    }
                }
                _ => settled.push((property, text)),
            }
        }
        Properties(settled)
    }

    fn finish(mut self) -> PropertyGraph<'g> {
        let told: FxHashSet<&Iri> = self.nodes.values().flatten().map(|(iri, _)| *iri).collect();
        let ends = self.relationships.values().flatten().flat_map(|row| [row.from, row.to]);
        let bare: BTreeSet<&Iri> = ends.filter(|iri| !told.contains(iri)).collect();
        if !bare.is_empty() {
            let bare = bare.into_iter().map(|iri| (iri, Properties::default()));
            self.nodes.entry(vec![COMMON.to_owned()]).or_default().extend(bare);
        }
        let nodes = self.nodes.into_iter().map(|(labels, rows)| {
            let names: Vec<&str> = labels.iter().map(String::as_str).collect();
            NodeTable { columns: columns(&names, rows.iter().map(|(_, properties)| properties)), labels, rows }
        });
        let relationships = self.relationships.into_iter().map(|(name, mut rows)| {
            rows.sort_by_key(|row| (row.from, row.to, row.iri));
            // Two statements of one link are one relationship; the shapes know of none.
            rows.dedup_by_key(|row| (row.from, row.to, row.iri));
            RelationshipTable { columns: columns(&[&name], rows.iter().map(|row| &row.properties)), name, rows }
        });
        PropertyGraph { graph: self.graph, nodes: nodes.collect(), relationships: relationships.collect() }
    }
}

/// Whether an IRI is a term of a vocabulary or an address, and no node.
fn is_term(graph: &Graph, iri: &Iri) -> bool {
    matches!(iri, Iri::Named(_)) && !graph.holds(iri)
}

fn columns<'p>(owners: &[&str], rows: impl Iterator<Item = &'p Properties<'p>>) -> Vec<Column> {
    let held: BTreeSet<Property> = rows.flat_map(|properties| properties.0.iter().map(|(property, _)| *property)).collect();
    held.into_iter().map(|property| Column { property, several: may_have_several(owners, property) }).collect()
}

fn may_have_several(owners: &[&str], property: Property) -> bool {
    SEVERAL.iter().any(|(owner, properties)| owners.contains(owner) && properties.contains(&property.name()))
}

fn links(node: Node<'_>) -> impl Iterator<Item = (Property, &Iri)> {
    node.properties.iter().filter(|(property, _)| property.name() != "@type").filter_map(|(property, value)| match value {
        Value::Iri(iri) => Some((*property, iri)),
        _ => None,
    })
}

fn is_folded(node: Node<'_>) -> bool {
    FOLDED.iter().any(|class| node.is_a(class))
}

fn labels(node: Node<'_>) -> Vec<String> {
    let mut labels = BTreeSet::new();
    for class in node.links("@type") {
        let Iri::Named(class) = class else { continue };
        match LABELS.iter().find(|(known, _)| known == class) {
            Some((_, own)) => labels.extend(own.iter().map(|label| (*label).to_owned())),
            // Labels stand in Cypher as they are.
            None => labels.extend(Some(local(class).replace(|c: char| !c.is_ascii_alphanumeric(), "")).filter(|label| !label.is_empty())),
        }
    }
    std::iter::once(COMMON.to_owned()).chain(labels).collect()
}

/// The name of a term in its vocabulary, or the whole of any other IRI.
fn term_name(name: &str) -> &str {
    match name.split_once(':') {
        Some((prefix, local)) if PREFIXES.iter().any(|(known, _)| *known == prefix) => local,
        _ => name,
    }
}

/// What comes after the prefix or namespace.
fn local(name: &str) -> &str {
    name.rsplit(['#', '/', ':']).next().unwrap_or(name)
}

/// `COUNTED_ACTOR` for `wg:countedActor`.
fn relationship_name(property: &str) -> String {
    let mut name = String::new();
    for letter in local(property).chars().filter(char::is_ascii_alphanumeric) {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}

#[cfg(test)]
mod tests;
