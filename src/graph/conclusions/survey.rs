//! What must be known of all articles before the first reference is compared: how many there are, which names are too common to tell anything, and which
//! names lead to one another.

use super::corrections::Said;
use super::seen::{self, Seen};
use super::{Concluder, Reading, article_of};
use crate::error::Result;
use crate::graph::Graph;
use crate::graph::bytes::Id;
use crate::graph::iri::Minter;
use crate::graph::sorter::Group;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

/// A name that more than this many articles hold, and more than one in `COMMON_SHARE`, says nothing of the company.
const COMMON: u64 = 40;
const COMMON_SHARE: u64 = 20;

/// Counts over articles. Grows with the number of names, not of articles.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Survey {
    articles: u64,
    /// Articles that hold a name.
    held: FxHashMap<String, u64>,
    /// Blocks of names, by number, and to which other each leads.
    blocks: FxHashMap<String, u32>,
    parents: Vec<u32>,
    /// Articles in which an analyst has set a role, by what it was set to.
    wanted: Vec<(Id, Id)>,
    /// Claims and references that an analyst speaks of, and that are there.
    met: FxHashSet<Id>,
}

impl Survey {
    /// A survey of no article yet.
    #[must_use]
    pub fn new(reading: &Reading) -> Survey {
        let said = &reading.said;
        let mut survey = Survey::default();
        for (one, other, _) in &said.same {
            let (one, other) = (survey.number(seen::corrected_block(one)), survey.number(seen::corrected_block(other)));
            survey.join(one, other);
        }
        survey
    }

    /// Takes in the facts of an article, from their records.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn add_group(&mut self, with: &Concluder<'_>, reading: &Reading, group: &Group) -> Result<()> {
        if let Some((article, facts)) = article_of(with, group)? {
            self.add(with, &reading.said, article, &facts);
        }
        Ok(())
    }

    fn add(&mut self, with: &Concluder<'_>, said: &Said, article: Id, graph: &Graph) {
        self.articles += 1;
        let all = seen::of_article(with, article, graph);
        let names: FxHashSet<&str> = all.iter().filter_map(Seen::telling_name).filter(|name| !seen::is_state(name)).collect();
        for name in names {
            match self.held.get_mut(name) {
                Some(count) => *count += 1,
                None => drop(self.held.insert(name.to_owned(), 1)),
            }
        }
        for blocks in all.iter().map(|reference| seen::blocks(said, reference)).filter(|blocks| blocks.len() > 1) {
            let numbers: Vec<u32> = blocks.into_iter().map(|block| self.number(block)).collect();
            numbers.windows(2).for_each(|pair| self.join(pair[0], pair[1]));
        }
        if said.is_empty() {
            return;
        }
        for iri in graph.nodes.keys().filter(|iri| said.speaks_of(iri)) {
            self.met.extend(Id::of(iri));
            for value in said.roles_set(with.minter, iri) {
                self.wanted.push((value, article));
            }
        }
    }

    /// Takes in another one, of other articles.
    pub fn unite(&mut self, other: Survey) {
        self.articles += other.articles;
        for (name, count) in other.held {
            *self.held.entry(name).or_default() += count;
        }
        let mut roots: FxHashMap<u32, u32> = FxHashMap::default();
        let mut blocks: Vec<(String, u32)> = other.blocks.into_iter().collect();
        blocks.sort_unstable();
        let parents = other.parents;
        for (name, number) in blocks {
            let mut root = number;
            while parents[root as usize] != root {
                root = parents[root as usize];
            }
            let own = self.number(name);
            let first = *roots.entry(root).or_insert(own);
            self.join(first, own);
        }
        self.wanted.extend(other.wanted);
        self.met.extend(other.met);
    }

    fn number(&mut self, block: String) -> u32 {
        let next = self.parents.len() as u32;
        let number = *self.blocks.entry(block).or_insert(next);
        if number == next {
            self.parents.push(next);
        }
        number
    }

    fn root(&mut self, mut at: u32) -> u32 {
        while self.parents[at as usize] != at {
            self.parents[at as usize] = self.parents[self.parents[at as usize] as usize];
            at = self.parents[at as usize];
        }
        at
    }

    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.root(one), self.root(other));
        self.parents[one.max(other) as usize] = one.min(other);
    }

    /// Ends counting.
    #[must_use]
    pub fn table(mut self) -> Table {
        let common = COMMON.max(self.articles / COMMON_SHARE);
        let blocks = std::mem::take(&mut self.blocks);
        // The least name of those that lead to one another stands for all.
        let mut least: FxHashMap<u32, &str> = FxHashMap::default();
        for (name, number) in &blocks {
            let root = self.root(*number);
            least.entry(root).and_modify(|least| *least = (*least).min(name)).or_insert(name);
        }
        let mut numbers: FxHashMap<u32, u32> = FxHashMap::default();
        let mut heads = Vec::with_capacity(least.len());
        for (root, name) in &least {
            numbers.insert(*root, heads.len() as u32);
            heads.push((*name).to_owned());
        }
        let roots: Vec<u32> = (0..self.parents.len() as u32).map(|at| self.root(at)).collect();
        let head_of = blocks.iter().map(|(name, number)| (name.clone(), numbers[&roots[*number as usize]])).collect();
        let mut wanted: FxHashMap<Id, Vec<Id>> = FxHashMap::default();
        for (value, article) in self.wanted {
            wanted.entry(value).or_default().push(article);
        }
        let too_common = self.held.into_iter().filter(|(_, count)| *count > common).map(|(name, _)| name).collect();
        Table { common, too_common, head_of, heads, wanted, met: self.met }
    }
}

/// What steps look up.
#[derive(Debug, Serialize, Deserialize)]
pub struct Table {
    /// Articles that may hold a name, or speak of an entity, for it to tell anything.
    pub(super) common: u64,
    /// Names that more hold.
    pub(super) too_common: FxHashSet<String>,
    /// Of each block of names that others lead to or from, which stands for all of them.
    head_of: FxHashMap<String, u32>,
    heads: Vec<String>,
    /// To which articles to say what became of a reference or an entity.
    pub(super) wanted: FxHashMap<Id, Vec<Id>>,
    /// What corrections speak of and is there.
    met: FxHashSet<Id>,
}

impl Table {
    /// In words, the corrections of what is not there.
    #[must_use]
    pub fn unmet(&self, minter: &Minter, reading: &Reading) -> Vec<String> {
        reading.said.unmet(minter, &self.met)
    }

    /// The block that stands for a block.
    pub(super) fn head<'t>(&'t self, block: &'t str) -> &'t str {
        self.head_of.get(block).map_or(block, |at| &self.heads[*at as usize])
    }
}
