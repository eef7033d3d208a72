//! Which of several bearers of a name an article means: "Tripoli" of Libya or of Lebanon, "the National Intelligence Service" of this state or that one.
//!
//! What an article says of where it is decides: the place that follows ("Paris, Texas"), else the states that its other names belong to.

use super::gazetteer::{Entry, Gazetteer};
use crate::types::{Kind, Mention};
use rustc_hash::FxHashMap;

/// Subtypes of bodies that many states have under the same name.
const BODIES: &[&str] = &["intelligence", "government", "armed-service", "police", "court"];

/// What an article's names say of where it is.
#[derive(Default)]
struct Evidence<'g> {
    /// Names of each state: its own, its people's, its places'.
    states: FxHashMap<&'g str, usize>,
    /// Names of places in each state that are not the state itself.
    places: FxHashMap<&'g str, usize>,
}

/// Gives each mention with a key the key that the article means, or none where it means nothing that is listed.
pub(super) fn find(gazetteer: &Gazetteer, text: &str, mentions: &mut [Mention]) {
    let entries: Vec<Option<&Entry>> = mentions.iter().map(|m| m.key.as_deref().and_then(|key| gazetteer.entry(key))).collect();
    let doubtful = |entry: &Entry| {
        gazetteer.namesakes(&entry.key).next().is_some()
            || entry.state.is_some() && entry.class.as_deref().is_some_and(|class| BODIES.contains(&class))
    };
    if !entries.iter().flatten().any(|entry| doubtful(entry)) {
        return;
    }
    let mut evidence = Evidence::default();
    for (mention, entry) in mentions.iter().zip(&entries) {
        let Some(entry) = entry else { continue };
        if !matches!(mention.kind, Kind::Place | Kind::Nationality)
            || gazetteer.namesakes(&entry.key).next().is_some() && mention.kind == Kind::Place
        {
            continue;
        }
        let own = entry.key.starts_with("state/");
        let home = if own { Some(entry.key.as_str()) } else { entry.state.as_deref() };
        let Some(state) = home else { continue };
        *evidence.states.entry(state).or_default() += 1;
        if !own {
            *evidence.places.entry(state).or_default() += 1;
        }
    }
    for at in 0..mentions.len() {
        let Some(entry) = entries[at].filter(|entry| doubtful(entry)) else { continue };
        let mention = &mentions[at];
        if mention.kind == Kind::Organization {
            // A body of a state that the article never speaks of is another state's.
            let state = entry.state.as_deref().unwrap_or_default();
            let abroad = !evidence.states.is_empty() && !evidence.states.contains_key(state);
            let says_whose = gazetteer.entry(state).is_some_and(|state| {
                let words = mention.span.of(text);
                state.names.iter().chain(&state.demonyms).any(|name| words.contains(name.as_str()))
            });
            if abroad && !says_whose {
                mentions[at].key = None;
            }
        } else if mention.kind == Kind::Place {
            let follower = mentions.get(at + 1).filter(|next| {
                next.kind == Kind::Place
                    && text.get(mention.span.end as usize..next.span.start as usize).is_some_and(|between| between == ", ")
            });
            let follower = follower.and_then(|_| entries[at + 1]);
            if let Some(meant) = meant(gazetteer, entry, follower, &evidence) {
                mentions[at].key = Some(meant.key.clone());
            }
        }
    }
}

/// The namesake that is meant; `None` for the listed one.
fn meant<'g>(gazetteer: &'g Gazetteer, entry: &'g Entry, follower: Option<&Entry>, evidence: &Evidence<'_>) -> Option<&'g Entry> {
    let namesakes = gazetteer.namesakes(&entry.key);
    let state_of = |entry: &'g Entry| if entry.key.starts_with("state/") { Some(entry.key.as_str()) } else { entry.state.as_deref() };
    if let Some(follower) = follower {
        let there = if follower.key.starts_with("state/") { Some(follower.key.as_str()) } else { follower.state.as_deref() };
        let fits: Vec<&Entry> = std::iter::once(entry).chain(namesakes).filter(|one| there.is_some() && state_of(one) == there).collect();
        let off = |one: &&&Entry| distance(one, follower).unwrap_or(f32::MAX);
        // Within a state the nearest to the place named; the first is the best known.
        let nearest = if follower.key.starts_with("state/") { fits.first() } else { fits.iter().min_by(|a, b| off(a).total_cmp(&off(b))) };
        return nearest.copied().filter(|one| one.key != entry.key);
    }
    // A state is only given up for a region where the article moves among that other state's places.
    let held = if entry.key.starts_with("state/") { &evidence.places } else { &evidence.states };
    let count = |one: &'g Entry| state_of(one).and_then(|state| held.get(state)).copied().unwrap_or(0);
    if state_of(entry).is_some_and(|state| evidence.states.contains_key(state)) {
        return None;
    }
    namesakes.filter(|one| count(one) > 0).max_by_key(|one| (count(one), one.population))
}

/// Of two places, in degrees squared.
fn distance(one: &Entry, other: &Entry) -> Option<f32> {
    Some((one.lat? - other.lat?).powi(2) + (one.lon? - other.lon?).powi(2))
}
