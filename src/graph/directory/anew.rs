//! Conclusions drawn anew from all that is held, through sorters on disk: of a first batch, of one that is large beside what is held, and where corrections,
//! word lists or the program are others than before.

use super::changes::statements;
use super::records::{Counted, Records, unpacked};
use crate::error::Result;
use crate::graph::Graph;
use crate::graph::bytes::{Id, read_graph};
use crate::graph::conclusions::handed::{Channel, Waiting};
use crate::graph::conclusions::{Concluded, Concluder, Concluding, Surveyed, Table};
use crate::graph::sorter::{Sorter, Space};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use rustc_hash::FxHashSet;

/// Articles whose facts are shared out among the threads at once.
const AT_ONCE: usize = 256;

/// What came of it.
pub(super) struct Anew {
    pub(super) articles: u64,
    /// Triples, facts of articles included.
    pub(super) triples: u64,
    /// What steps look up, without names.
    pub(super) table: Table,
}

/// Concludes from the facts that are held, and keeps every record. `loose` holds the corrections.
pub(super) fn conclude(records: &mut Records<'_>, with: &Concluder<'_>, space: &Space, loose: &Graph) -> Result<Anew> {
    let mut concluding = Concluding::new(with, space, loose);
    let (mut names, mut blocks) = (Sorter::new(space), Sorter::new(space));
    let (mut articles, mut triples) = (0, 0);
    records.each_articles(AT_ONCE, |some| {
        let reading = concluding.reading();
        let read = |(article, packed): &(Id, Vec<u8>)| {
            let mut facts = Graph::new(with.minter);
            read_graph(&unpacked(packed)?, &mut facts)?;
            let mut sent = Waiting::default();
            reading.send(&article.iri(), &facts, &mut sent)?;
            Ok((*article, facts.len() as u64, reading.survey(with, *article, &facts), sent))
        };
        let all: Vec<Result<(Id, u64, Surveyed, Waiting)>> = some.par_iter().map(read).collect();
        for one in all {
            let (article, statements, surveyed, sent) = one?;
            articles += 1;
            triples += statements;
            sent.pass_on(concluding.sent())?;
            surveyed.names.iter().try_for_each(|name| names.push(name.as_bytes(), article.as_bytes()))?;
            for (one, other) in &surveyed.pairs {
                blocks.push(one.as_bytes(), other.as_bytes())?;
                blocks.push(other.as_bytes(), one.as_bytes())?;
            }
        }
        Ok(())
    })?;
    for (one, other) in concluding.reading().pairs() {
        blocks.push(one.as_bytes(), other.as_bytes())?;
        blocks.push(other.as_bytes(), one.as_bytes())?;
    }
    blocks.finish()?.each_record(|block, other, count| records.keep(Channel::Blocks, block, other, count))?;
    let mut names = names.finish()?;
    names.each_record(|name, article, count| records.keep(Channel::Names, name, article, count))?;
    names.each_group(|group| records.set_holders(&String::from_utf8_lossy(&group.key), group.payloads().count() as u64))?;
    drop(names);
    let Concluded { mut told, table, .. } = concluding.finish_with(|steps, channel, sorted| {
        sorted.each_record(|group, payload, count| {
            steps.own_groups(channel, group, payload)?.iter().try_for_each(|own| records.keep(channel, own, payload, count))
        })
    })?;
    told.each_group(|group| {
        let told: Counted = group.payloads().map(|payload| (payload.to_vec(), 1)).collect();
        triples += statements(&told)? as u64;
        Ok(())
    })?;
    told.each_record(|node, payload, count| records.keep(Channel::Graph, node, payload, count))?;
    Ok(Anew { articles, triples, table: table.without_names(FxHashSet::default()) })
}
