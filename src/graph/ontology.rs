//! Tests that the ontology and the shapes know every term that a graph holds.

mod page;

use super::fixtures;
use super::vocabulary::{PREFIXES, PROPERTIES, Type, expand};
use crate::types::{EVENT_TYPES, RELATION_TYPES};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{NamedNode, NamedOrBlankNode, Term};
use oxigraph::sparql::{QueryResults, SparqlEvaluator};
use oxigraph::store::Store;
use std::collections::BTreeSet;

const ONTOLOGY: &str = include_str!("../../models/ontology/wiregraph.ttl");
const SHAPES: &str = include_str!("../../models/ontology/shapes.ttl");

/// Classes: the contract's list.
const CLASSES: &[&str] = &["Actor", "MilitaryUnit", "Equipment", "Reference", "Claim", "Relation", "Support", "Series", "Omission"];

fn store(turtle: &str) -> Store {
    let store = Store::new().expect("memory");
    store.load_from_reader(RdfParser::from_format(RdfFormat::Turtle), turtle.as_bytes()).expect("Turtle");
    store
}

fn column(store: &Store, sparql: &str) -> BTreeSet<String> {
    let prefixes: String = PREFIXES.iter().map(|(prefix, iri)| format!("PREFIX {prefix}: <{iri}>\n")).collect();
    let query = format!("{prefixes}PREFIX sh: <http://www.w3.org/ns/shacl#>\nPREFIX owl: <http://www.w3.org/2002/07/owl#>\n{sparql}");
    let QueryResults::Solutions(rows) =
        SparqlEvaluator::new().parse_query(&query).expect("SPARQL").on_store(store).execute().expect("an answer")
    else {
        panic!("not a SELECT")
    };
    rows.map(|row| match row.expect("a row").get(0) {
        Some(Term::NamedNode(node)) => node.as_str().to_owned(),
        other => panic!("not an IRI: {other:?}"),
    })
    .collect()
}

fn names(locals: &[&str]) -> BTreeSet<String> {
    locals.iter().map(|local| expand(&format!("wg:{local}"))).collect()
}

#[test]
fn every_property_is_defined() {
    let ontology = store(ONTOLOGY);
    let used: BTreeSet<String> = PROPERTIES.iter().filter(|(name, _)| name.starts_with("wg:")).map(|(name, _)| expand(name)).collect();
    let defined = column(
        &ontology,
        "SELECT ?p { ?p a rdf:Property ; rdfs:label ?label ; rdfs:comment ?comment ; rdfs:domain ?domain ; rdfs:range ?range }",
    );
    assert_eq!(used.difference(&defined).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn datatypes_are_those_of_the_context() {
    let ontology = store(ONTOLOGY);
    for (name, kind) in PROPERTIES.iter().filter(|(name, _)| name.starts_with("wg:")) {
        let range = column(&ontology, &format!("SELECT ?range {{ {name} rdfs:range ?range }}")).into_iter().next().expect("a range");
        let expected = match kind {
            Type::Node | Type::Address => {
                assert!(!range.contains("XMLSchema#"), "{name} {range}");
                continue;
            }
            Type::String => "xsd:string",
            Type::Decimal => "xsd:decimal",
            Type::Date => "xsd:date",
            Type::DateTime => "xsd:dateTime",
            Type::Integer => "xsd:nonNegativeInteger",
        };
        assert_eq!(range, expand(expected), "{name}");
    }
}

#[test]
fn every_event_type_is_a_defined_concept() {
    let concepts = column(
        &store(ONTOLOGY),
        "SELECT ?c { ?c a skos:Concept ; rdfs:label ?l ; skos:prefLabel ?p ; skos:definition ?d ; skos:inScheme ?s . ?s a skos:ConceptScheme }",
    );
    assert_eq!(concepts, names(&[EVENT_TYPES, RELATION_TYPES].concat()));
}

#[test]
fn shapes_admit_the_event_types_of_the_ontology_and_no_other() {
    let listed = column(
        &store(SHAPES),
        "SELECT ?c { ?s sh:in/rdf:rest*/rdf:first ?c . ?s sh:in/rdf:rest*/rdf:first ?any . VALUES ?any { wg:Killed wg:Leads } }",
    );
    assert_eq!(listed, names(&[EVENT_TYPES, RELATION_TYPES].concat()));
}

#[test]
fn every_class_is_defined() {
    let defined = column(&store(ONTOLOGY), "SELECT ?c { ?c a rdfs:Class ; rdfs:label ?label ; rdfs:comment ?comment }");
    assert_eq!(names(CLASSES).difference(&defined).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn a_broader_type_and_a_superclass_are_defined_too() {
    let ontology = store(ONTOLOGY);
    let subjects = column(&ontology, "SELECT DISTINCT ?s { ?s ?p ?o }");
    let objects = column(&ontology, "SELECT DISTINCT ?o { ?s ?p ?o FILTER(STRSTARTS(STR(?o), STR(wg:))) }");
    assert_eq!(objects.difference(&subjects).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn shapes_use_only_terms_of_the_ontology() {
    let defined = column(&store(ONTOLOGY), "SELECT DISTINCT ?s { ?s ?p ?o }");
    let used = column(&store(SHAPES), "SELECT DISTINCT ?o { ?s ?p ?o FILTER(ISIRI(?o) && STRSTARTS(STR(?o), STR(wg:))) }");
    assert_eq!(used.difference(&defined).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn every_wg_term_of_a_graph_is_defined() {
    let ontology = store(ONTOLOGY);
    let graph = store_of_fixtures();
    let terms: BTreeSet<String> = graph
        .iter()
        .flat_map(|quad| {
            let quad = quad.expect("a quad");
            [term(quad.subject), Some(quad.predicate.into_string()), object(quad.object)]
        })
        .flatten()
        .filter(|iri| iri.starts_with(&expand("wg:")))
        .collect();
    for iri in terms {
        let node = NamedNode::new(&iri).expect("an IRI");
        assert!(ontology.quads_for_pattern(Some(node.as_ref().into()), None, None, None).next().is_some(), "{iri}");
    }
}

/// A closed shape that does not list a property would refuse every graph that has it.
#[test]
fn closed_shapes_list_what_their_nodes_hold() {
    let shapes = store(SHAPES);
    let graph = store_of_fixtures();
    let closed = column(&shapes, "SELECT ?class { ?shape sh:closed true ; sh:targetClass ?class }");
    assert!(closed.contains(&expand("wg:Claim")) && closed.len() >= 6, "{closed:?}");
    for class in closed {
        let listed = column(
            &shapes,
            &format!("SELECT ?path {{ ?shape sh:targetClass <{class}> ; sh:property/sh:path ?path FILTER(ISIRI(?path)) }}"),
        );
        let mut held = column(&graph, &format!("SELECT DISTINCT ?p {{ ?s a <{class}> ; ?p ?o }}"));
        held.remove(&expand("rdf:type"));
        assert_eq!(held.difference(&listed).collect::<Vec<_>>(), Vec::<&String>::new(), "{class}");
    }
}

fn store_of_fixtures() -> Store {
    let store = Store::new().expect("memory");
    let format = RdfFormat::JsonLd { profile: oxigraph::io::JsonLdProfileSet::empty() };
    store.load_from_reader(RdfParser::from_format(format), fixtures::json_ld().as_slice()).expect("JSON-LD");
    store
}

fn term(node: NamedOrBlankNode) -> Option<String> {
    match node {
        NamedOrBlankNode::NamedNode(node) => Some(node.into_string()),
        NamedOrBlankNode::BlankNode(_) => None,
    }
}

fn object(term: Term) -> Option<String> {
    match term {
        Term::NamedNode(node) => Some(node.into_string()),
        _ => None,
    }
}
