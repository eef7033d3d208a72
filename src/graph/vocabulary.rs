//! The terms of the graph: namespaces, how each property's values are typed, and the context that says so.

use rustc_hash::FxHashMap;
use serde_json::{Map, Value as Json, json};
use std::sync::{LazyLock, OnceLock};

/// Prefixes and the namespaces they stand for.
pub const PREFIXES: &[(&str, &str)] = &[
    ("oa", "http://www.w3.org/ns/oa#"),
    ("prov", "http://www.w3.org/ns/prov#"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("schema", "https://schema.org/"),
    ("skos", "http://www.w3.org/2004/02/skos/core#"),
    ("wg", "https://w3id.org/wiregraph#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];

/// How the values of a property are typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Nodes.
    Node,
    /// `xsd:string`.
    String,
    /// `xsd:decimal`, in canonical form.
    Decimal,
    /// `xsd:date`.
    Date,
    /// `xsd:dateTime`.
    DateTime,
    /// `xsd:anyURI`-like addresses, kept as nodes.
    Address,
    /// `xsd:nonNegativeInteger`.
    Integer,
}

/// Every property that a graph may hold.
pub const PROPERTIES: &[(&str, Type)] = &[
    ("oa:end", Type::Integer),
    ("oa:exact", Type::String),
    ("oa:hasSelector", Type::Node),
    ("oa:hasSource", Type::Node),
    ("oa:prefix", Type::String),
    ("oa:start", Type::Integer),
    ("oa:suffix", Type::String),
    ("prov:used", Type::Node),
    ("prov:wasAssociatedWith", Type::Node),
    ("prov:wasAttributedTo", Type::Node),
    ("prov:wasDerivedFrom", Type::Node),
    ("prov:wasRevisionOf", Type::Node),
    ("rdf:object", Type::Node),
    ("rdf:predicate", Type::Node),
    ("rdf:subject", Type::Node),
    ("schema:alternateName", Type::String),
    ("schema:appearance", Type::Node),
    ("schema:author", Type::Node),
    ("schema:dateModified", Type::Date),
    ("schema:datePublished", Type::Date),
    ("schema:dateline", Type::String),
    ("schema:headline", Type::String),
    ("schema:inLanguage", Type::String),
    ("schema:jobTitle", Type::String),
    ("schema:latitude", Type::Decimal),
    ("schema:locationCreated", Type::Node),
    ("schema:longitude", Type::Decimal),
    ("schema:maxValue", Type::Decimal),
    ("schema:memberOf", Type::Node),
    ("schema:mentions", Type::Node),
    ("schema:minValue", Type::Decimal),
    ("schema:name", Type::String),
    ("schema:nationality", Type::Node),
    ("schema:publisher", Type::Node),
    ("schema:sameAs", Type::Node),
    ("schema:softwareVersion", Type::String),
    ("schema:sourceOrganization", Type::Node),
    ("schema:text", Type::String),
    ("schema:unitText", Type::String),
    ("schema:url", Type::Address),
    ("schema:value", Type::Decimal),
    ("skos:altLabel", Type::String),
    ("skos:prefLabel", Type::String),
    ("wg:action", Type::String),
    ("wg:agent", Type::Node),
    ("wg:asOfEnd", Type::Date),
    ("wg:asOfStart", Type::Date),
    ("wg:attributionText", Type::String),
    ("wg:bound", Type::String),
    ("wg:by", Type::String),
    ("wg:captured", Type::DateTime),
    ("wg:certainty", Type::String),
    ("wg:confidence", Type::Decimal),
    ("wg:configurationHash", Type::String),
    ("wg:contradicts", Type::Node),
    ("wg:correctedTo", Type::String),
    ("wg:correction", Type::Node),
    ("wg:corrects", Type::Node),
    ("wg:corroborates", Type::Node),
    ("wg:counted", Type::String),
    ("wg:countedActor", Type::Node),
    ("wg:endDate", Type::Date),
    ("wg:equipment", Type::Node),
    ("wg:eventType", Type::Node),
    ("wg:evidence", Type::Node),
    ("wg:failed", Type::Node),
    ("wg:gazetteerKey", Type::String),
    ("wg:independentSources", Type::Integer),
    ("wg:kind", Type::String),
    ("wg:leftOut", Type::Node),
    ("wg:mention", Type::Node),
    ("wg:minHash", Type::String),
    ("wg:misreports", Type::Node),
    ("wg:modelHash", Type::String),
    ("wg:origin", Type::Node),
    ("wg:place", Type::Node),
    ("wg:predicate", Type::String),
    ("wg:reason", Type::String),
    ("wg:recipient", Type::Node),
    ("wg:reference", Type::Node),
    ("wg:refersTo", Type::Node),
    ("wg:refines", Type::Node),
    ("wg:relayedBy", Type::Node),
    ("wg:repeats", Type::Node),
    ("wg:reprintOf", Type::Node),
    ("wg:scope", Type::String),
    ("wg:series", Type::Node),
    ("wg:sha256", Type::String),
    ("wg:slot", Type::Node),
    ("wg:sourceFile", Type::String),
    ("wg:stage", Type::String),
    ("wg:startDate", Type::Date),
    ("wg:support", Type::Node),
    ("wg:timeText", Type::String),
    ("wg:updates", Type::Node),
    ("wg:valueText", Type::String),
    ("wg:wholeText", Type::String),
];

/// The key of a node's types, which JSON-LD has instead of a property.
const TYPE: &str = "@type";

/// A property or "@type" by its number, in the order of the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Property(u8);

impl Property {
    /// The property with a prefixed name; `None` for what the vocabulary does not have.
    #[must_use]
    pub fn named(name: &str) -> Option<Property> {
        static NUMBERS: LazyLock<FxHashMap<&'static str, Property>> = LazyLock::new(|| {
            let names = std::iter::once(TYPE).chain(PROPERTIES.iter().map(|(name, _)| *name));
            names.zip(0..).map(|(name, number)| (name, Property(number))).collect()
        });
        NUMBERS.get(name).copied()
    }

    /// Every property, "@type" first.
    pub fn all() -> impl Iterator<Item = Property> {
        (0..).take(PROPERTIES.len() + 1).map(Property)
    }

    /// Its place in [`all`](Property::all).
    #[must_use]
    pub fn index(self) -> usize {
        self.0.into()
    }

    /// Its number, which holds within one version of the program.
    #[must_use]
    pub fn number(self) -> u8 {
        self.0
    }

    /// The property with a number.
    #[must_use]
    pub fn numbered(number: u8) -> Option<Property> {
        (usize::from(number) <= PROPERTIES.len()).then_some(Property(number))
    }

    /// How the values of a property are typed, by its prefixed name.
    #[must_use]
    pub fn typed(name: &str) -> Option<Type> {
        usize::from(Property::named(name)?.0).checked_sub(1).map(|index| PROPERTIES[index].1)
    }

    /// Its prefixed name.
    #[must_use]
    pub fn name(self) -> &'static str {
        usize::from(self.0).checked_sub(1).map_or(TYPE, |index| PROPERTIES[index].0)
    }
}

/// The vocabulary's own string for a property, which lives as long as the program; `None` for what it does not have.
#[must_use]
pub fn property(name: &str) -> Option<&'static str> {
    Property::named(name).map(Property::name).filter(|name| *name != TYPE)
}

/// The absolute IRI of a prefixed name; anything else comes back unchanged.
#[must_use]
pub fn expand(name: &str) -> String {
    match name.split_once(':').and_then(|(prefix, local)| Some((PREFIXES.iter().find(|(p, _)| *p == prefix)?.1, local))) {
        Some((namespace, local)) => format!("{namespace}{local}"),
        None => name.to_owned(),
    }
}

/// The prefixed name of an IRI in one of the namespaces; anything else comes back unchanged.
#[must_use]
pub fn compact(iri: &str) -> String {
    let fits = |local: &str| !local.is_empty() && local.chars().all(|c| c.is_ascii_alphanumeric());
    PREFIXES
        .iter()
        .filter_map(|(prefix, namespace)| Some((prefix, iri.strip_prefix(namespace)?)))
        .find(|(_, local)| fits(local))
        .map_or_else(|| iri.to_owned(), |(prefix, local)| format!("{prefix}:{local}"))
}

/// The inlined context.
#[must_use]
pub fn context() -> &'static Json {
    static CONTEXT: OnceLock<Json> = OnceLock::new();
    CONTEXT.get_or_init(|| {
        let mut terms = Map::new();
        for (prefix, namespace) in PREFIXES {
            terms.insert((*prefix).to_owned(), json!(namespace));
        }
        for (name, kind) in PROPERTIES {
            let coerced = match kind {
                Type::Node | Type::Address => "@id",
                Type::String => continue,
                Type::Decimal => "xsd:decimal",
                Type::Date => "xsd:date",
                Type::DateTime => "xsd:dateTime",
                Type::Integer => "xsd:nonNegativeInteger",
            };
            terms.insert((*name).to_owned(), json!({ "@id": name, "@type": coerced }));
        }
        Json::Object(terms)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_numbered_in_the_order_of_their_names() {
        assert!(PROPERTIES.is_sorted_by_key(|(name, _)| *name));
        assert!(PROPERTIES.len() < usize::from(u8::MAX) && TYPE < PROPERTIES[0].0);
        for name in PROPERTIES.iter().map(|(name, _)| *name).chain([TYPE]) {
            assert_eq!(Property::named(name).map(Property::name), Some(name));
        }
        assert_eq!(Property::named("wg:none"), None);
    }

    #[test]
    fn names_expand_and_compact() {
        assert_eq!(expand("wg:Killed"), "https://w3id.org/wiregraph#Killed");
        assert_eq!(compact("https://w3id.org/wiregraph#Killed"), "wg:Killed");
        assert_eq!(compact("https://w3id.org/wiregraph/id/claim/00ff"), "https://w3id.org/wiregraph/id/claim/00ff");
        assert_eq!(compact("https://schema.org/"), "https://schema.org/");
    }
}
