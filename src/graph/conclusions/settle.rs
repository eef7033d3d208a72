//! Where figures belong that do not say it themselves: with the article's other losses, or in the state that the article, and others that speak of the same
//! people and things, are about.

use super::Concluder;
use super::handed::{Channel, Emit, received, send};
use super::tally::{Counts, Speaker, Tally, most};
use crate::error::Result;
use crate::graph::bytes::Id;
use crate::graph::sorter::Group as Records;
use compact_str::CompactString;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// Tags of what is told of an article: its figures, a vote for a state, who speaks in the article that it is a copy of.
pub(super) const PENDING: u8 = 0;
pub(super) const VOTE: u8 = 1;
pub(super) const SPEAKER: u8 = 2;

/// The figures of an article, and what decides on where they belong.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Pending {
    pub(super) article: Id,
    pub(super) tallies: Vec<Tally>,
    /// Entities that say something of the story.
    pub(super) story: Vec<Id>,
    /// The states that it speaks of, by themselves and by their places.
    pub(super) homes: Counts,
    pub(super) speaker: Option<Speaker>,
}

/// A state for which an article stands, or is told to, for a name that it shares with others.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Vote {
    pub(super) article: Id,
    pub(super) name: Id,
    pub(super) home: Option<Id>,
}

/// Tells each article that speaks of an entity where most of the others are that do.
pub(super) fn vote(records: &Records, out: &mut dyn Emit) -> Result<()> {
    let votes: Vec<Vote> = records.payloads().map(|payload| received(&payload[1..])).collect::<Result<_>>()?;
    let mut counts = Counts::new();
    for home in votes.iter().filter_map(|vote| vote.home) {
        *counts.entry(home).or_default() += 1;
    }
    for Vote { article, name, home: own } in votes {
        let others = counts.iter().map(|(home, count)| (*home, count - usize::from(own == Some(*home))));
        if let Some(home) = most(&others.filter(|(_, count)| *count > 0).collect()) {
            send(out, Channel::Settling, article.as_bytes(), VOTE, &Vote { article, name, home: Some(home) })?;
        }
    }
    Ok(())
}

/// A figure as it goes to its block.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Settled {
    pub(super) tally: Tally,
    pub(super) story: Vec<Id>,
}

/// Sends the figures of an article to the blocks where they belong.
pub(super) fn settle(with: &Concluder<'_>, records: &Records, out: &mut dyn Emit) -> Result<()> {
    let mut pending: Option<Pending> = None;
    let mut original: Option<(Id, Option<Speaker>)> = None;
    for payload in records.payloads() {
        match payload {
            [PENDING, bytes @ ..] => pending = Some(received(bytes)?),
            [VOTE, bytes @ ..] => {
                let vote: Vote = received(bytes)?;
                if let (Some(pending), Some(home)) = (&mut pending, vote.home) {
                    *pending.homes.entry(home).or_default() += 1;
                }
            }
            [_, bytes @ ..] => original = Some(received(bytes)?),
            [] => {}
        }
    }
    let Some(Pending { article, mut tallies, story, homes, speaker }) = pending else { return Ok(()) };
    let (copy_of, speaker) = match original {
        Some((original, speaker)) => (Some(original), speaker),
        None => (None, speaker),
    };
    let mut actors: FxHashMap<CompactString, Counts> = FxHashMap::default();
    // Losses of a state, or of a force.
    for tally in tallies.iter().filter(|tally| tally.military || tally.of_country) {
        if let Some(actor) = tally.actor {
            let family = CompactString::new(with.rules.family(&tally.what.event));
            *actors.entry(family).or_default().entry(actor).or_default() += 1;
        }
    }
    // Deaths that are not said to be anybody's are those of the article's other losses; a figure of nobody's, nowhere, belongs where most of the article's
    // places are.
    let home = most(&homes);
    for tally in &mut tallies {
        let of_losses = actors.get(with.rules.family(&tally.what.event)).filter(|_| tally.open).and_then(most);
        tally.block = of_losses.or(tally.block).or(home);
        tally.copy_of = copy_of;
        tally.speaks(copy_of.unwrap_or(article), speaker.as_ref());
    }
    for tally in tallies {
        let mut group = tally.block.as_ref().map_or(Vec::new(), |block| block.as_bytes().to_vec());
        group.extend_from_slice(with.rules.course(&tally.what.event).as_bytes());
        send(out, Channel::Figures, &group, 0, &Settled { tally, story: story.clone() })?;
    }
    Ok(())
}
