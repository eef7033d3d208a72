//! What must be known of all articles before the first reference is compared: how many there are, which names are too common to tell anything, and which
//! names lead to one another.

use super::corrections::Said;
use super::seen::{self, Seen};
use super::{Concluder, Reading, Rules, article_of};
use crate::error::Result;
use crate::graph::Graph;
use crate::graph::bytes::Id;
use crate::graph::iri::Minter;
use crate::graph::sorter::Group;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How many articles may hold a name for it to say something of the company.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Common {
    /// So many in any case.
    pub(crate) least: u64,
    /// And about one in so many.
    pub(crate) share: u64,
}

impl Default for Common {
    fn default() -> Common {
        Common { least: 40, share: 20 }
    }
}

impl Common {
    /// How many of so many articles. It grows in steps of a half, so that a graph that grows by an article is seldom concluded anew for it.
    pub(crate) fn of(self, articles: u64) -> u64 {
        let mut common = self.least;
        loop {
            let next = common + (common / 2).max(1);
            if next > articles / self.share {
                return common;
            }
            common = next;
        }
    }
}

/// What a survey takes of one article.
#[derive(Debug, Default)]
pub struct Surveyed {
    /// Names that say something of the company.
    pub names: BTreeSet<String>,
    /// Blocks of names that lead to one another.
    pub pairs: Vec<(String, String)>,
    /// Roles that an analyst has set, by what they were set to.
    wanted: Vec<Id>,
    /// Claims and references that an analyst speaks of.
    met: Vec<Id>,
}

impl Surveyed {
    pub(super) fn of(with: &Concluder<'_>, said: &Said, article: Id, graph: &Graph) -> Surveyed {
        let all = seen::of_article(with, article, graph);
        let mut surveyed = Surveyed::default();
        surveyed.names.extend(all.iter().filter_map(Seen::telling_name).filter(|name| !seen::is_state(name)).map(str::to_owned));
        for reference in &all {
            let blocks = seen::blocks(said, reference);
            surveyed.pairs.extend(blocks.windows(2).map(|pair| (pair[0].clone(), pair[1].clone())));
        }
        if !said.is_empty() {
            for iri in graph.nodes.keys().filter(|iri| said.speaks_of(iri)) {
                surveyed.met.extend(Id::of(iri));
                surveyed.wanted.extend(said.roles_set(with.minter, iri));
            }
        }
        surveyed
    }
}

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
        let mut survey = Survey::default();
        for (one, other) in reading.pairs() {
            let (one, other) = (survey.number(one), survey.number(other));
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
        let Surveyed { names, pairs, wanted, met } = Surveyed::of(with, said, article, graph);
        for name in names {
            *self.held.entry(name).or_default() += 1;
        }
        for (one, other) in pairs {
            let (one, other) = (self.number(one), self.number(other));
            self.join(one, other);
        }
        self.wanted.extend(wanted.into_iter().map(|value| (value, article)));
        self.met.extend(met);
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
    pub fn table(mut self, rules: &Rules) -> Table {
        let common = rules.common.of(self.articles);
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
#[derive(Debug, Default, Serialize, Deserialize)]
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
    /// The same without names, but for those that are too common. Each block stands for itself.
    #[must_use]
    pub fn without_names(&self, too_common: FxHashSet<String>) -> Table {
        let (head_of, heads) = Default::default();
        Table { common: self.common, too_common, head_of, heads, wanted: self.wanted.clone(), met: self.met.clone() }
    }

    /// Articles that may hold a name for it to tell anything.
    #[must_use]
    pub fn common(&self) -> u64 {
        self.common
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_on_common_names_grows_with_the_articles_and_seldom() {
        let of = |articles| Common::default().of(articles);
        assert_eq!([of(0), of(1199), of(1200), of(1799), of(1800)], [40, 40, 60, 60, 90]);
        let mut bounds: Vec<u64> = (0..200_000).map(of).collect();
        assert!(bounds.is_sorted());
        assert!((1200..200_000).step_by(1000).all(|articles| of(articles) <= articles / 20 && of(articles) * 3 / 2 >= articles / 20));
        bounds.dedup();
        assert!(bounds.len() < 15, "{}", bounds.len());
    }
}
