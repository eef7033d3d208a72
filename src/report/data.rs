//! The block of data in the page, as `src/report/page/data.js` reads it: entities, articles, series and claims by number, and words that come
//! often by their number in `strings`. What is absent in the graph is absent or `null` here. What there are thousands of is written as a list of its fields,
//! in the order in which they stand here. Positions in texts count UTF-16 units, as the page's script does.

use serde::{Serialize, Serializer};
use serde_json::Value as Json;

/// The number of something in its list.
pub(super) type Index = usize;

/// Everything that a page shows.
#[derive(Debug, Serialize)]
pub(super) struct Data {
    pub base: String,
    pub context: &'static Json,
    pub about: About,
    pub strings: Vec<String>,
    pub entities: Vec<Entity>,
    pub articles: Vec<Article>,
    pub series: Vec<Series>,
    pub claims: Vec<Claim>,
    pub links: Vec<Link>,
    pub omissions: Vec<Omission>,
}

/// What the page is of, and what the limit left out.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct About {
    pub version: &'static str,
    pub articles_in_graph: usize,
    pub claims_in_graph: usize,
    pub series_in_graph: usize,
}

/// A node of the graph: its IRI, without the base where it is on it.
pub(super) type Id = String;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entity {
    pub id: Id,
    pub types: Vec<Index>,
    pub name: String,
    /// Degrees north and east, as the graph writes them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<(String, String)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same_as: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Article {
    pub id: Id,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headline: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<Index>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<Index>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency: Option<Index>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<String>,
    pub files: Vec<String>,
    pub sha256: String,
    /// The id of the earliest article of the same copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reprint_of: Option<Id>,
    pub text: String,
    /// Whether `text` is the whole article, and not the quoted parts of it alone.
    pub whole: bool,
    /// Paragraphs of `text` that are headings, by number.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headings: Vec<usize>,
    pub references: Vec<Reference>,
    /// Start, length and reference of each mention, one after the other.
    pub mentions: Vec<usize>,
}

/// What one article calls one thing.
#[derive(Debug)]
pub(super) struct Reference {
    pub name: String,
    pub kind: Index,
    pub reason: Index,
    pub entity: Option<Index>,
}

impl Serialize for Reference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.name, self.kind, self.reason, self.entity).serialize(serializer)
    }
}

#[derive(Debug, Serialize)]
pub(super) struct Series {
    pub id: Id,
    pub event: Index,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<Index>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Index>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sources: Option<u32>,
    /// Its claims in the graph, of which the page may hold fewer.
    pub claims: usize,
}

/// A claim, or a relation, which has no figure.
#[derive(Debug, Default)]
pub(super) struct Claim {
    pub id: Id,
    pub article: Index,
    /// Where its sentence stands in the article's text: start and end.
    pub sentence: (usize, usize),
    /// The last parts of the IRIs of the evidence, its quote and its position, and the bytes of the source.
    pub evidence: (String, String, String, u32, u32),
    pub attributed_to: Index,
    pub event: Vec<Index>,
    pub certainty: Index,
    pub confidence: String,
    /// The day it stands at: when the figure was given, else the article's.
    pub day: Option<String>,
    /// Property and words of each literal, as the graph has them, one after the other.
    pub said: Vec<Index>,
    /// Property and entity of each role, one after the other.
    pub roles: Vec<Index>,
    pub series: Option<Index>,
    /// The least and the most that the figure can be; no most where nothing limits it.
    pub least: Option<f64>,
    pub most: Option<f64>,
    /// For each run of words that fills a slot: the property, where it starts, how long it is (0 where the text does not hold it), why, and the reference
    /// it goes through (-1 for none).
    pub slots: Vec<[i64; 5]>,
    pub corrections: Vec<Correction>,
}

impl Serialize for Claim {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Claim { id, article, sentence, evidence, attributed_to, event, certainty, confidence, day, said, roles, .. } = self;
        let Claim { series, least, most, slots, corrections, .. } = self;
        let corrections = (!corrections.is_empty()).then_some(corrections);
        let (figure, slots) = ((least, most), slots.as_flattened());
        (id, article, sentence, evidence, attributed_to, event, certainty, confidence, day, said, roles, series, figure, slots, corrections)
            .serialize(serializer)
    }
}

/// What an analyst has put right; no slot where the claim is rejected.
#[derive(Debug, Serialize)]
pub(super) struct Correction {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slot: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    pub by: String,
    pub why: String,
}

/// How a claim stands to an earlier one: the claim, the property, the other claim, and why.
#[derive(Debug, Serialize)]
pub(super) struct Link(pub Index, pub Index, pub Index, pub String);

/// A document that gave no article.
#[derive(Debug, Serialize)]
pub(super) struct Omission {
    pub file: String,
    pub stage: String,
    pub reason: String,
    pub failed: bool,
}
