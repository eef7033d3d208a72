//! Graphs united on disk, and concluded from again: what a cluster's reduce step calls, and what a graph that grows is made of.
//!
//! Facts are sorted by node. A node that does not say itself which article it belongs to is joined with the one that leads to it.

use super::Value;
use super::bytes::{Id, read_id, read_node, write_iri, write_length, write_node};
use super::conclusions::{Concluder, Concluding, Corrections, Rules};
use super::directory::Held;
use super::iri::{Instance, Iri, Minter};
use super::sorter::{Group, Sorted, Sorter, Space};
use super::source::{NodeReader, is_concluded};
use super::vocabulary::Property;
use super::{Graph, Node};
use crate::error::Result;
use crate::types::Gazetteer;
use std::io::BufRead;

/// Tags of what is told of a node: the article that it belongs to, its statements.
const OWNER: u8 = 0;
const NODE: u8 = 1;

/// Facts of several graphs.
pub struct Shards {
    space: Space,
    reader: NodeReader,
    facts: Sorter,
}

/// Facts by article, and the rest.
pub struct Parts {
    /// Facts, by node.
    pub facts: Sorted,
    /// The nodes of facts, by article.
    pub articles: Sorted,
    /// What is of no article: agents, run records, corrections.
    pub loose: Graph,
}

/// What was united, and what follows.
pub struct United {
    /// Makes IRIs on its base.
    pub minter: Minter,
    /// Facts, by node.
    pub facts: Sorted,
    /// The nodes of facts, by article.
    pub articles: Sorted,
    /// What is of no article, by node: conclusions, agents, run records, corrections.
    pub rest: Sorted,
    /// Corrections of what is not there, in words.
    pub unmet: Vec<String>,
    /// Documents of which a stream told that they failed, in words.
    pub failed: Vec<String>,
}

impl Shards {
    /// None yet.
    #[must_use]
    pub fn new(space: &Space) -> Shards {
        let facts = Sorter::new(&space.of_graph());
        Shards { space: space.clone(), reader: NodeReader::default(), facts }
    }

    /// Takes in the facts of a graph. `name` is what errors call it.
    ///
    /// # Errors
    /// As [`NodeReader::each`], and when the disk is full.
    pub fn add(&mut self, name: &str, reader: impl BufRead) -> Result<()> {
        let facts = &mut self.facts;
        self.reader.each(name, reader, |read| keep(facts, &read.subject, read.statements))
    }

    /// Takes in the facts of a directory's graph.
    ///
    /// # Errors
    /// As [`NodeReader::each_held`], and when the disk is full.
    pub fn add_held(&mut self, held: &Held) -> Result<()> {
        let facts = &mut self.facts;
        self.reader.each_held(held, |read| keep(facts, &read.subject, read.statements))
    }

    /// Takes in the facts of a node.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn add_node(&mut self, node: Node<'_>) -> Result<()> {
        keep(&mut self.facts, node.iri, node.properties.to_vec())
    }

    /// Concludes from all facts, on the base of the first graph or else of `minter`.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn conclude(
        self,
        minter: Option<&Minter>,
        gazetteer: &dyn Gazetteer,
        rules: &Rules,
        corrections: &Corrections,
    ) -> Result<Option<United>> {
        let Some(minter) = self.minter().or(minter).cloned() else { return Ok(None) };
        let (space, failed) = (self.space.clone(), self.reader.failed().to_vec());
        let Parts { facts, mut articles, loose } = self.parts(&minter, corrections)?;
        let concluder = Concluder { minter: &minter, gazetteer, rules };
        let mut concluding = Concluding::new(&concluder, &space, &loose);
        concluding.tell(&loose)?;
        articles.each_group(|group| {
            let mut of_article = Graph::new(&minter);
            group.payloads().try_for_each(|bytes| super::bytes::read_graph(bytes, &mut of_article))?;
            let article = read_id(&mut group.key.as_slice())?.iri();
            concluding.add(&article, &of_article)
        })?;
        let (rest, unmet) = concluding.finish()?;
        Ok(Some(United { minter, facts, articles, rest, unmet, failed }))
    }

    /// What makes IRIs on the base of the graphs that were taken in; `None` before the first.
    #[must_use]
    pub fn minter(&self) -> Option<&Minter> {
        self.reader.minter()
    }

    /// Parts the facts, and the corrections with them, by article.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn parts(self, minter: &Minter, corrections: &Corrections) -> Result<Parts> {
        let Shards { space, mut facts, .. } = self;
        let mut loose = Graph::new(minter);
        corrections.add_to(minter, &mut loose);
        for node in loose.nodes() {
            keep(&mut facts, node.iri, node.properties.to_vec())?;
        }
        let mut facts = facts.finish()?;
        let mut owners = Sorter::new(&space);
        let mut articles = Sorter::new(&space.of_graph());
        facts.each_group(|group| own(group, &mut loose, &mut owners, &mut articles))?;
        owners.finish()?.each_group(|group| join(group, &mut articles))?;
        Ok(Parts { facts, articles: articles.finish()?, loose })
    }
}

/// Keeps the facts of a node.
fn keep(facts: &mut Sorter, subject: &Iri, mut statements: Vec<(Property, Value)>) -> Result<()> {
    statements.retain(|(property, value)| !is_concluded(subject, property.name(), value));
    if statements.is_empty() {
        return Ok(());
    }
    let (mut key, mut bytes) = (Vec::new(), Vec::new());
    write_iri(subject, &mut key);
    write_node(&statements, &mut bytes);
    facts.push(&key, &bytes)
}

/// Sends a node to its article, or to where what leads to it is; what is of no article is loose.
fn own(group: &Group, loose: &mut Graph, owners: &mut Sorter, articles: &mut Sorter) -> Result<()> {
    let iri = super::bytes::read_iri(&mut group.key.as_slice())?;
    let mut properties = Vec::new();
    group.payloads().try_for_each(|payload| read_node(payload, &mut properties))?;
    properties.sort_unstable();
    properties.dedup();
    let node = Node { iri: &iri, properties: &properties };
    let article = match &iri {
        Iri::Minted(Instance::Article, ..) => Id::of(&iri),
        Iri::Minted(Instance::Support | Instance::Selector, ..) => {
            let mut bytes = vec![NODE];
            write_node(&properties, &mut bytes);
            return owners.push(&group.key, &bytes);
        }
        _ => node.links("schema:appearance").chain(node.links("oa:hasSource")).next().and_then(Id::of),
    };
    let Some(article) = article else {
        loose.nodes.insert(iri, properties);
        return Ok(());
    };
    for part in node.links("wg:support").chain(node.links("oa:hasSelector")) {
        let mut key = Vec::new();
        write_iri(part, &mut key);
        owners.push(&key, &[&[OWNER], article.as_bytes()].concat())?;
    }
    articles.push(article.as_bytes(), &of_node(&group.key, &properties))
}

/// Sends a node to the articles of what leads to it.
fn join(group: &Group, articles: &mut Sorter) -> Result<()> {
    let mut of: Vec<Id> = Vec::new();
    for payload in group.payloads() {
        match payload {
            [OWNER, bytes @ ..] => of.push(read_id(&mut { bytes })?),
            [NODE, bytes @ ..] => {
                let mut properties = Vec::new();
                read_node(bytes, &mut properties)?;
                for article in &of {
                    articles.push(article.as_bytes(), &of_node(&group.key, &properties))?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The bytes of a graph of one node.
fn of_node(iri: &[u8], properties: &[(Property, Value)]) -> Vec<u8> {
    let (mut bytes, mut statements) = (iri.to_vec(), Vec::new());
    write_node(properties, &mut statements);
    write_length(statements.len(), &mut bytes);
    bytes.extend_from_slice(&statements);
    bytes
}
