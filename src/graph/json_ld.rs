//! JSON-LD as this program writes it, read without expansion: the context is its own, so that each key and value says all by itself.

use super::Value;
use super::iri::Minter;
use super::rdf::terms;
use super::vocabulary::{Property, Type, context, expand};
use compact_str::CompactString;
use oxigraph::model::{GraphName, Literal, NamedNode, Quad, Term};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

/// A node object.
pub(super) struct Node<'j> {
    /// Its `@id`.
    pub(super) id: Cow<'j, str>,
    properties: Vec<(Cow<'j, str>, Values<'j>)>,
}

impl Node<'_> {
    /// What it says, or the word that no graph of this program has.
    pub(super) fn statements(self, minter: &Minter) -> Result<Vec<(Property, Value)>, String> {
        let mut statements = Vec::with_capacity(self.properties.len());
        for (name, values) in self.properties {
            let Some(property) = Property::named(&name) else { return Err(name.into_owned()) };
            let typed = Property::typed(&name);
            for value in values.0 {
                statements.push((
                    property,
                    match (value, typed) {
                        (Scalar::Text(text), None | Some(Type::Node | Type::Address)) => Value::Iri(minter.read(&text)),
                        (Scalar::Text(text), Some(Type::String | Type::Decimal | Type::Date | Type::DateTime)) => {
                            Value::Text(CompactString::new(text))
                        }
                        (Scalar::Number(number), Some(Type::Integer)) => Value::Integer(number),
                        _ => return Err(name.into_owned()),
                    },
                ));
            }
        }
        Ok(statements)
    }

    /// What it says, as statements in the default graph, or the word that no graph of this program has.
    pub(super) fn quads(self) -> Result<Vec<Quad>, String> {
        let named = |name: &str| NamedNode::new_unchecked(expand(name));
        let subject = named(&self.id);
        let mut quads = Vec::with_capacity(self.properties.len());
        for (name, values) in self.properties {
            let Some(property) = Property::named(&name) else { return Err(name.into_owned()) };
            let (typed, terms) = (Property::typed(&name), terms(property));
            for value in values.0 {
                let object: Term = match (value, typed) {
                    (Scalar::Text(text), None | Some(Type::Node | Type::Address)) => named(&text).into(),
                    (Scalar::Text(text), Some(Type::String)) => Literal::new_simple_literal(text).into(),
                    (Scalar::Text(text), Some(Type::Decimal | Type::Date | Type::DateTime)) => {
                        Literal::new_typed_literal(text, terms.datatype_node.clone()).into()
                    }
                    (Scalar::Number(number), Some(Type::Integer)) => {
                        Literal::new_typed_literal(number.to_string(), terms.datatype_node.clone()).into()
                    }
                    _ => return Err(name.into_owned()),
                };
                quads.push(Quad::new(subject.clone(), terms.predicate_node.clone(), object, GraphName::DefaultGraph));
            }
        }
        Ok(quads)
    }
}

enum Scalar<'j> {
    Text(Cow<'j, str>),
    Number(u32),
}

/// One value or several.
struct Values<'j>(Vec<Scalar<'j>>);

impl<'j> Deserialize<'j> for Node<'j> {
    fn deserialize<D: Deserializer<'j>>(from: D) -> Result<Node<'j>, D::Error> {
        struct OfNode;
        impl<'j> Visitor<'j> for OfNode {
            type Value = Node<'j>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a node with its @id first")
            }

            fn visit_map<A: MapAccess<'j>>(self, mut map: A) -> Result<Node<'j>, A::Error> {
                let (mut id, mut properties) = (None, Vec::new());
                while let Some(Text(key)) = map.next_key()? {
                    if key == "@id" {
                        id = Some(map.next_value::<Text<'j>>()?.0);
                    } else {
                        properties.push((key, map.next_value()?));
                    }
                }
                let id = id.ok_or_else(|| serde::de::Error::missing_field("@id"))?;
                Ok(Node { id, properties })
            }
        }
        from.deserialize_map(OfNode)
    }
}

/// A string that is borrowed where nothing in it is escaped.
#[derive(serde::Deserialize)]
struct Text<'j>(#[serde(borrow)] Cow<'j, str>);

impl<'j> Deserialize<'j> for Values<'j> {
    fn deserialize<D: Deserializer<'j>>(from: D) -> Result<Values<'j>, D::Error> {
        struct OfValues;
        impl<'j> Visitor<'j> for OfValues {
            type Value = Values<'j>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string, a whole number, or a list of them")
            }

            fn visit_borrowed_str<E>(self, text: &'j str) -> Result<Values<'j>, E> {
                Ok(Values(vec![Scalar::Text(Cow::Borrowed(text))]))
            }

            fn visit_str<E>(self, text: &str) -> Result<Values<'j>, E> {
                Ok(Values(vec![Scalar::Text(Cow::Owned(text.to_owned()))]))
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Values<'j>, E> {
                let number = u32::try_from(number).map_err(|_| E::custom("a number that is too large"))?;
                Ok(Values(vec![Scalar::Number(number)]))
            }

            fn visit_seq<A: SeqAccess<'j>>(self, mut list: A) -> Result<Values<'j>, A::Error> {
                let mut all = Vec::new();
                while let Some(Values(one)) = list.next_element()? {
                    all.extend(one);
                }
                Ok(Values(all))
            }
        }
        from.deserialize_any(OfValues)
    }
}

/// The line that holds the context in a graph of this program.
pub(super) fn own_context_line() -> &'static str {
    static LINE: LazyLock<String> = LazyLock::new(|| format!("\"@context\": {},\n", context()));
    &LINE
}

/// A document of one node that stands in a graph of this program.
pub(super) fn document_of(node: &str) -> String {
    format!("{{\"@context\":{},\"@graph\":[{node}]}}", context())
}

/// The list of nodes of a document that this program wrote on one line.
pub(super) fn own_document(line: &str) -> Option<&str> {
    static START: LazyLock<String> = LazyLock::new(|| format!("{{\"@context\":{},\"@graph\":", context()));
    line.trim_end().strip_prefix(START.as_str())?.strip_suffix('}')
}

/// What a line of `stream` says of a document that failed.
pub(super) fn failure(line: &str) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Line {
        error: Failure,
    }
    #[derive(serde::Deserialize)]
    struct Failure {
        #[serde(default)]
        id: String,
        #[serde(default)]
        stage: String,
        #[serde(default)]
        reason: String,
    }
    let failed = line.starts_with("{\"error\":").then(|| serde_json::from_str::<Line>(line).ok())??;
    let Failure { id, stage, reason } = failed.error;
    Some([id, stage, reason].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(": "))
}
