//! What follows from the set of facts: which references are one entity, who fills each claim's slots, which articles are copies, which figures are
//! one running figure, and how they agree.
//!
//! [`Concluder::conclude`] reads nothing but facts, the gazetteer and the analyst's corrections, so uniting graphs and concluding again gives the same
//! result whatever the order.

mod copies;
mod corrections;
mod entities;
pub mod handed;
pub(crate) mod interval;
mod links;
mod misreports;
mod names;
mod roles;
mod rules;
mod seen;
mod series;
mod settle;
mod survey;
mod tally;

pub use corrections::Corrections;
pub use rules::Rules;
#[cfg(test)]
pub(crate) use survey::Common;
pub use survey::{Survey, Surveyed, Table};

use super::bytes::{Id, read_graph, write_graph};
use super::iri::{Instance, Iri, Minter};
use super::sorter::{Group, Sorted, Sorter, Space, map_groups};
use super::told::Told;
use super::vocabulary::{Property, property};
use super::{Graph, Node};
use crate::error::Result;
use crate::types::Gazetteer;
use corrections::Said;
use handed::{Channel, Emit, Waiting, received, tell};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use rustc_hash::FxHashMap;
use settle::Settled;
use tally::{Alike, Story};

/// The properties that join claims.
pub const LINKS: &[&str] = &["wg:contradicts", "wg:corroborates", "wg:misreports", "wg:refines", "wg:repeats", "wg:updates"];

/// Properties that are facts of an article, and nothing follows from.
const UNREAD: &[&str] = &[
    "schema:headline",
    "schema:dateline",
    "schema:inLanguage",
    "schema:text",
    "wg:attributionText",
    "wg:confidence",
    "wg:reason",
    "wg:sha256",
    "wg:sourceFile",
    "wg:timeText",
    "wg:valueText",
];

/// What conclusions are drawn with.
pub struct Concluder<'a> {
    /// Makes the IRIs.
    pub minter: &'a Minter,
    /// What is listed.
    pub gazetteer: &'a dyn Gazetteer,
    /// Word lists of series and names.
    pub rules: &'a Rules,
}

impl Concluder<'_> {
    /// Adds to a graph of facts the entities, series and links that follow from them. Gives, in words, the corrections of what is not there.
    ///
    /// # Errors
    /// When what does not fit into memory cannot be put on disk.
    pub fn conclude(&self, graph: &mut Graph) -> Result<Vec<String>> {
        let mut concluding = Concluding::new(self, &Space::default(), graph);
        for part in super::rdf::by_article(std::mem::replace(graph, graph.empty())) {
            if let Some(article) = &part.name {
                concluding.add(article, &part.graph)?;
            }
            graph.unite(part.graph);
        }
        let (told, unmet) = concluding.finish()?;
        graph.unite(Told::new(self.minter, told).graph()?);
        Ok(unmet)
    }
}

/// How facts are read: with what an analyst has put right.
pub struct Reading {
    said: Said,
}

impl Reading {
    /// `loose` holds the corrections.
    #[must_use]
    pub fn of(loose: &Graph) -> Reading {
        Reading { said: Said::in_graph(loose) }
    }

    /// Sends those facts of an article that conclusions are drawn from: all of them, or more of one that was sent before.
    ///
    /// # Errors
    /// When they cannot be passed on.
    pub fn send(&self, article: &Iri, facts: &Graph, out: &mut dyn Emit) -> Result<()> {
        let Some(article) = Id::of(article) else { return Ok(()) };
        let mut bytes = vec![roles::FACTS];
        write_graph(&read_by_conclusions(facts), &mut bytes);
        out.emit(Channel::Articles, article.as_bytes(), &bytes)
    }

    /// Whether an analyst speaks of anything in an article.
    #[must_use]
    pub fn speaks_of(&self, facts: &Graph) -> bool {
        !self.said.is_empty() && facts.nodes.keys().any(|iri| self.said.speaks_of(iri))
    }

    /// What a survey takes of an article.
    #[must_use]
    pub fn survey(&self, with: &Concluder<'_>, article: Id, facts: &Graph) -> Surveyed {
        Surveyed::of(with, &self.said, article, facts)
    }

    /// Blocks of names that lead to one another whatever articles say.
    pub fn pairs(&self) -> impl Iterator<Item = (String, String)> {
        self.said.same.iter().map(|(one, other, _)| (seen::corrected_block(one), seen::corrected_block(other)))
    }

    /// The steps that follow when all articles are known.
    #[must_use]
    pub fn steps<'a>(&'a self, with: &'a Concluder<'a>, table: &'a Table) -> Steps<'a> {
        Steps { with, table, said: &self.said }
    }
}

/// Facts of many articles, from which to conclude.
pub struct Concluding<'c> {
    with: &'c Concluder<'c>,
    reading: Reading,
    sorters: Sorters,
}

impl<'c> Concluding<'c> {
    /// `loose` holds the corrections.
    #[must_use]
    pub fn new(with: &'c Concluder<'c>, space: &Space, loose: &Graph) -> Concluding<'c> {
        Concluding { with, reading: Reading::of(loose), sorters: Sorters::new(space) }
    }

    /// Takes in facts of an article: all of them, or more of one that was taken in before.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn add(&mut self, article: &Iri, facts: &Graph) -> Result<()> {
        self.reading.send(article, facts, &mut self.sorters)
    }

    /// How facts are read.
    #[must_use]
    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    /// What takes in facts that [`Reading::send`] sent.
    pub fn sent(&mut self) -> &mut dyn Emit {
        &mut self.sorters
    }

    /// Takes in facts of many articles, each in the bytes of its graph, and tells them besides. Gives the articles.
    ///
    /// # Errors
    /// When the bytes are no graph's, or the disk is full.
    pub fn add_all(&mut self, graphs: &[Vec<u8>]) -> Result<Vec<Id>> {
        let read = |bytes: &Vec<u8>| {
            let mut facts = Graph::new(self.with.minter);
            read_graph(bytes, &mut facts)?;
            let article = facts.nodes.keys().find(|iri| matches!(iri, Iri::Minted(Instance::Article, ..))).cloned();
            let mut out = Waiting::default();
            article.iter().try_for_each(|article| self.reading.send(article, &facts, &mut out))?;
            Ok((article, out))
        };
        let all: Vec<Result<(Option<Iri>, Waiting)>> = graphs.par_iter().map(read).collect();
        let mut articles = Vec::with_capacity(graphs.len());
        for (read, bytes) in all.into_iter().zip(graphs) {
            let (article, out) = read?;
            out.pass_on(&mut self.sorters)?;
            self.sorters.told.push_graph(bytes)?;
            articles.extend(article.as_ref().and_then(Id::of));
        }
        Ok(articles)
    }

    /// Tells something besides.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn tell(&mut self, graph: &Graph) -> Result<()> {
        tell(&mut self.sorters, graph)
    }

    /// Tells that a property leads from one node to another.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn link(&mut self, subject: &Iri, property: &'static str, object: Iri) -> Result<()> {
        let mut graph = Graph::new(self.with.minter);
        graph.link(subject, property, object);
        self.tell(&graph)
    }

    /// Concludes, and gives what was told, with the corrections of what is not there.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn finish(self) -> Result<(Sorted, Vec<String>)> {
        let minter = self.with.minter;
        let Concluded { told, table, reading } = self.finish_with(|_, _, _| Ok(()))?;
        Ok((told, table.unmet(minter, &reading)))
    }

    /// Concludes, and shows the records of each channel before the step that reads them.
    ///
    /// # Errors
    /// When the disk is full, or what is called fails.
    pub fn finish_with(self, mut show: impl FnMut(&Steps<'_>, Channel, &mut Sorted) -> Result<()>) -> Result<Concluded> {
        let Concluding { with, reading, sorters: mut to } = self;
        let mut articles = to.take(Channel::Articles)?;
        let mut survey = Survey::new(&reading);
        let of_article = |group: Group| {
            let mut survey = Survey::default();
            survey.add_group(with, &reading, &group).map(|()| survey)
        };
        let unite = |survey: &mut Survey, of_article| {
            survey.unite(of_article);
            Ok(())
        };
        map_groups([&mut articles], &mut survey, of_article, unite, |survey, group| survey.add_group(with, &reading, &group))?;
        let table = survey.table(with.rules);
        let steps = reading.steps(with, &table);
        let mut show = |channel, records: &mut Sorted| show(&steps, channel, records);
        to.pass([&mut articles], |group, out| steps.compare(group, out))?;
        to.pass_channel(Channel::Captures, &mut show, |group, out| steps.revise(group, out))?;
        to.pass_channel(Channel::Bands, &mut show, |group, out| steps.alike(group, out))?;
        to.pass_channel(Channel::Alike, &mut show, |group, out| steps.copies(group, out))?;
        to.pass_channel(Channel::References, &mut show, |group, out| steps.entities(group, out))?;
        let mut told_of_articles = to.take(Channel::Articles)?;
        show(Channel::Articles, &mut told_of_articles)?;
        to.pass([&mut articles, &mut told_of_articles], |group, out| steps.roles(group, out))?;
        drop((articles, told_of_articles));
        to.pass_channel(Channel::Votes, &mut show, |group, out| steps.vote(group, out))?;
        to.pass_channel(Channel::Settling, &mut show, |group, out| steps.settle(group, out))?;
        to.pass_channel(Channel::Figures, &mut show, |group, out| steps.figures(group, out))?;
        let told = to.told.finish()?;
        Ok(Concluded { told, table, reading })
    }
}

/// What came of many articles.
pub struct Concluded {
    /// What was told, by node.
    pub told: Sorted,
    /// What was known of all articles.
    pub table: Table,
    /// How they were read.
    pub reading: Reading,
}

/// The steps, each over one group of records.
pub struct Steps<'a> {
    /// The gazetteer and word lists.
    pub with: &'a Concluder<'a>,
    /// What is known of all articles.
    pub table: &'a Table,
    said: &'a Said,
}

impl Steps<'_> {
    /// The groups in which a record is found without knowing of the others: a reference in its own block, a pair that is alike with each of the two.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub fn own_groups(&self, channel: Channel, group: &[u8], payload: &[u8]) -> Result<Vec<Vec<u8>>> {
        Ok(match channel {
            Channel::Alike => copies::pair(payload)?.iter().map(|article| article.as_bytes().to_vec()).collect(),
            Channel::References => vec![seen::own_group(self.said, payload)?],
            _ => vec![group.to_vec()],
        })
    }

    /// An article's facts: its references go to where those of one name are, its signature to where copies of it are.
    ///
    /// # Errors
    /// Here and below, when a record cannot be read or passed on.
    pub fn compare(&self, group: Group, out: &mut dyn Emit) -> Result<()> {
        let Some((article, facts)) = article_of(self.with, &group)? else { return Ok(()) };
        copies::send_article(article, &facts, out)?;
        seen::send_references(self.with, (self.table, self.said), (article, &facts), out)
    }

    /// Captures of one address: each is a revision of the one before.
    pub fn revise(&self, group: Group, out: &mut dyn Emit) -> Result<()> {
        copies::revise(self.with, &group, out)
    }

    /// Articles that share a band of their signatures: pairs that are alike.
    pub fn alike(&self, group: Group, out: &mut dyn Emit) -> Result<()> {
        copies::compare(&group, out)
    }

    /// All pairs that are alike: copies, and what each is a copy of.
    pub fn copies(&self, group: Group, out: &mut dyn Emit) -> Result<()> {
        copies::link(self.with, &group, out)
    }

    /// References of names that lead to one another: entities.
    pub fn entities(&self, group: Group, out: &mut dyn Emit) -> Result<()> {
        entities::join(self.with, (self.table, self.said), group, out)
    }

    /// An article's facts, its entities and its copies: who fills the slots of its claims.
    pub fn roles(&self, group: Group, out: &mut dyn Emit) -> Result<()> {
        roles::fill(self.with, self.said, &group, out)
    }

    /// Articles that speak of one entity: where most of them are.
    pub fn vote(&self, group: Group, out: &mut dyn Emit) -> Result<()> {
        settle::vote(&group, out)
    }

    /// An article's figures and what others say of where they belong.
    pub fn settle(&self, group: Group, out: &mut dyn Emit) -> Result<()> {
        settle::settle(self.with, &group, out)
    }

    /// Figures of one actor or place: series, and links between them.
    pub fn figures(&self, group: Group, out: &mut dyn Emit) -> Result<()> {
        let mut tallies = Vec::new();
        let mut stories: FxHashMap<Id, Story> = FxHashMap::default();
        let mut alike = Alike::default();
        group.each(|payload| {
            let Settled { mut tally, story } = received(&payload[1..])?;
            alike.share(&mut tally);
            stories.entry(tally.article).or_insert(story);
            tallies.push(tally);
            Ok(())
        })?;
        drop(alike);
        tallies.sort_by_key(tally::order);
        let groups = series::group(self.with, &tallies, &stories);
        links::draw(self.with, &tallies, &groups, out)
    }
}

/// A sorter for each channel.
struct Sorters {
    space: Space,
    of: FxHashMap<Channel, Sorter>,
    /// That of [`Channel::Graph`].
    told: Sorter,
}

impl Sorters {
    fn new(space: &Space) -> Sorters {
        Sorters { space: space.clone(), of: FxHashMap::default(), told: Sorter::new(&space.of_graph()) }
    }

    /// Passes records through a step, on all threads.
    fn pass<const N: usize>(&mut self, sets: [&mut Sorted; N], step: impl Fn(Group, &mut dyn Emit) -> Result<()> + Sync) -> Result<()> {
        let waiting = |group: Group| {
            let mut out = Waiting::default();
            step(group, &mut out).map(|()| out)
        };
        map_groups(sets, self, waiting, |this, out: Waiting| out.pass_on(this), |this, group| step(group, this))
    }

    /// The same with all records of a channel, which ends.
    fn pass_channel(
        &mut self,
        channel: Channel,
        show: &mut impl FnMut(Channel, &mut Sorted) -> Result<()>,
        step: impl Fn(Group, &mut dyn Emit) -> Result<()> + Sync,
    ) -> Result<()> {
        let mut records = self.take(channel)?;
        show(channel, &mut records)?;
        self.pass([&mut records], step)
    }

    /// Ends a channel.
    fn take(&mut self, channel: Channel) -> Result<Sorted> {
        self.of.remove(&channel).unwrap_or_else(|| Sorter::new(&self.space)).finish()
    }
}

impl Emit for Sorters {
    fn emit(&mut self, channel: Channel, group: &[u8], payload: &[u8]) -> Result<()> {
        match channel {
            Channel::Graph => self.told.push(group, payload),
            _ => self.of.entry(channel).or_insert_with(|| Sorter::new(&self.space)).push(group, payload),
        }
    }
}

/// The facts of an article that conclusions are drawn from: it, its claims and their supports, its references.
fn read_by_conclusions(facts: &Graph) -> Graph {
    let mut kept = facts.empty();
    let unread: Vec<Property> = UNREAD.iter().filter_map(|name| Property::named(name)).collect();
    for (iri, properties) in &facts.nodes {
        let read = matches!(
            iri,
            Iri::Minted(Instance::Article | Instance::Claim | Instance::Reference | Instance::Relation | Instance::Support, ..)
        );
        if read {
            let properties = properties.iter().filter(|(property, _)| !unread.contains(property)).cloned().collect();
            kept.nodes.insert(iri.clone(), properties);
        }
    }
    kept
}

/// An article and its facts, from their records.
fn article_of(with: &Concluder<'_>, group: &Group) -> Result<Option<(Id, Graph)>> {
    let mut facts = Graph::new(with.minter);
    for payload in group.payloads() {
        if let [roles::FACTS, bytes @ ..] = payload {
            read_graph(bytes, &mut facts)?;
        }
    }
    let article = facts.nodes.keys().filter_map(Id::of).find(|id| id.as_bytes() == group.key);
    Ok(article.map(|article| (article, facts)))
}

/// The property that a support or a reference is for.
fn slot_of(node: Node<'_>) -> Option<&'static str> {
    node.links("wg:slot").find_map(|slot| match slot {
        Iri::Named(name) => property(name),
        Iri::Minted(..) => None,
    })
}

#[cfg(test)]
mod tests;
