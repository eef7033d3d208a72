//! The ontology as a page for people. `UPDATE_ONTOLOGY=1` writes it anew from the Turtle.

use super::{ONTOLOGY, store};
use crate::graph::vocabulary::{PREFIXES, compact};
use oxigraph::model::{NamedNodeRef, Term, TermRef};
use oxigraph::store::Store;
use std::collections::BTreeMap;
use std::fmt::Write;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/models/ontology/index.html");
const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}\
h1,h2{line-height:1.2}h2{margin-top:3rem}nav{columns:14rem;font-size:.9rem}nav a{display:block}\
section>div{border-top:1px solid #ccc;padding:.8rem 0}h3{margin:0;font-size:1.05rem}h3 code{font-weight:400;opacity:.75}p{margin:.3rem 0}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:.4rem 0 0;font-size:.9rem}dt{opacity:.75}dd{margin:0}\
:target{background:#fff3bf}@media(prefers-color-scheme:dark){body{color:#e6e6e6;background:#161616}a{color:#8ab4f8}section>div{border-color:#444}:target{background:#4a3f12}}";

/// Kinds of terms, in the order of the page: class that makes a term one, heading, a line on it.
const KINDS: &[(&str, &str, &str)] = &[
    (
        "http://www.w3.org/2000/01/rdf-schema#Class",
        "Classes",
        "What a node of a graph can be, where schema.org, PROV and Web Annotation have no class.",
    ),
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns#Property", "Properties", "What is said of a node, where they have no property."),
    (
        "http://www.w3.org/2004/02/skos/core#Concept",
        "Event types",
        "What happened, or what lasting tie there is: the values of <a href=\"#eventType\">wg:eventType</a>.",
    ),
];

/// Properties of terms that the page shows, with what it calls them.
const SHOWN: &[(&str, &str)] = &[
    ("rdfs:subClassOf", "is a"),
    ("rdfs:subPropertyOf", "is a kind of"),
    ("skos:broader", "is a kind of"),
    ("rdfs:domain", "said of"),
    ("schema:domainIncludes", "said of"),
    ("rdfs:range", "leads to"),
    ("schema:rangeIncludes", "leads to"),
    ("owl:inverseOf", "inverse of"),
    ("rdfs:seeAlso", "see also"),
];

type Properties = BTreeMap<String, Vec<Term>>;

fn terms(store: &Store, class: &str) -> BTreeMap<String, Properties> {
    let class = NamedNodeRef::new(class).expect("an IRI");
    let kind = oxigraph::model::vocab::rdf::TYPE;
    let subjects = store.quads_for_pattern(None, Some(kind), Some(TermRef::from(class)), None).map(|quad| quad.expect("a quad").subject);
    subjects
        .map(|subject| {
            let mut properties = Properties::new();
            for quad in store.quads_for_pattern(Some(subject.as_ref()), None, None, None).map(|quad| quad.expect("a quad")) {
                properties.entry(short(quad.predicate.as_str())).or_default().push(quad.object);
            }
            properties.values_mut().for_each(|values| values.sort_by_key(ToString::to_string));
            (short(subject.to_string().trim_matches(['<', '>'])), properties)
        })
        .filter(|(name, _)| name.starts_with("wg:"))
        .collect()
}

fn short(iri: &str) -> String {
    match iri.strip_prefix("http://www.w3.org/2002/07/owl#") {
        Some(local) => format!("owl:{local}"),
        None => compact(iri),
    }
}

fn words(properties: &Properties, names: &[&str]) -> String {
    let found = names.iter().filter_map(|name| properties.get(*name)?.first()).find_map(|term| match term {
        Term::Literal(literal) => Some(literal.value().to_owned()),
        _ => None,
    });
    escaped(&found.unwrap_or_default())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn link(term: &Term) -> Option<String> {
    let Term::NamedNode(node) = term else { return None };
    let name = short(node.as_str());
    Some(match name.strip_prefix("wg:") {
        Some(local) => format!("<a href=\"#{local}\">{name}</a>"),
        None => format!("<a href=\"{}\">{}</a>", escaped(node.as_str()), escaped(&name)),
    })
}

fn page() -> String {
    let store = store(ONTOLOGY);
    let kinds: Vec<_> = KINDS.iter().map(|(class, heading, line)| (heading, line, terms(&store, class))).collect();
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>The wiregraph vocabulary</title>\n<style>{STYLE}</style>\n<h1>The wiregraph vocabulary</h1>\n\
         <p>Every term of the namespace <code>wg:</code> (<code>https://w3id.org/wiregraph#</code>) that a graph may hold. The same in Turtle: \
         <a href=\"wiregraph.ttl\">wiregraph.ttl</a>; what a graph must look like, in SHACL: <a href=\"shapes.ttl\">shapes.ttl</a>.</p>\n<p>Prefixes: "
    );
    let prefixes: Vec<String> = PREFIXES.iter().map(|(prefix, iri)| format!("<code>{prefix}: &lt;{iri}&gt;</code>")).collect();
    let _ = writeln!(out, "{}.</p>", prefixes.join(", "));
    for (heading, _, terms) in &kinds {
        let _ = writeln!(out, "<p><b>{heading}</b></p>\n<nav>");
        for name in terms.keys() {
            let local = &name[3..];
            let _ = writeln!(out, "<a href=\"#{local}\">{local}</a>");
        }
        out.push_str("</nav>\n");
    }
    for (heading, line, terms) in &kinds {
        let _ = writeln!(out, "<section>\n<h2>{heading}</h2>\n<p>{line}</p>");
        for (name, properties) in terms {
            let label = words(properties, &["rdfs:label"]);
            let said = words(properties, &["skos:definition", "rdfs:comment"]);
            let _ = writeln!(out, "<div id=\"{}\">\n<h3>{label} <code>{name}</code></h3>\n<p>{said}</p>", &name[3..]);
            let mut rows: Vec<(&str, Vec<String>)> = Vec::new();
            for (property, called) in SHOWN {
                let links: Vec<String> = properties.get(*property).into_iter().flatten().filter_map(link).collect();
                match rows.iter_mut().find(|(own, _)| own == called) {
                    _ if links.is_empty() => {}
                    Some((_, held)) => held.extend(links),
                    None => rows.push((called, links)),
                }
            }
            if !rows.is_empty() {
                let rows: String = rows.iter().map(|(called, links)| format!("<dt>{called}</dt><dd>{}</dd>", links.join(", "))).collect();
                let _ = writeln!(out, "<dl>{rows}</dl>");
            }
            out.push_str("</div>\n");
        }
        out.push_str("</section>\n");
    }
    out.push_str("</html>\n");
    out
}

#[test]
fn the_page_is_that_of_the_ontology() {
    let made = page();
    if std::env::var_os("UPDATE_ONTOLOGY").is_some() {
        std::fs::write(PAGE, &made).expect("written");
    }
    let kept = std::fs::read_to_string(PAGE).unwrap_or_default();
    assert!(kept == made, "models/ontology/index.html is not what the ontology gives; run again with UPDATE_ONTOLOGY=1");
}
