//! A claim as the reconciling of figures sees it.

use super::copies::Copies;
use super::corrections::OfClaims;
use super::entities::Entities;
use super::interval::Interval;
use super::rules::Class;
use super::{Concluder, Iri};
use crate::graph::{Graph, Node};
use crate::types::{Bound, Certainty, Kind};
use jiff::civil::Date;
use rust_decimal::Decimal;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// Event types under which things of every sort stand: only like things of one predicate are one figure there.
const ANYTHING: &[&str] = &["Measured", "Other"];

/// Subtypes of organizations that speak for their state.
const VOICES: &[&str] = &["armed-service", "government"];

/// Whose figure it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Source {
    /// An actor, or the agency or outlet that speaks for itself.
    Named(Iri),
    /// Somebody who is described and never named: "a rescue official".
    Described(String),
    /// An article that says nothing of whence it comes.
    Article(Iri),
}

/// A place as far as it tells figures apart.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spot {
    pub(super) entity: Iri,
    /// The state that it is or lies in, by its key.
    pub(super) state: Option<String>,
    /// Whether it is a whole state.
    pub(super) whole: bool,
    /// Degrees north and east.
    pub(super) at: Option<(f64, f64)>,
}

/// A claim, read off the graph.
#[derive(Clone, Debug)]
pub(super) struct Tally<'g> {
    pub(super) claim: &'g Iri,
    pub(super) article: &'g Iri,
    /// The earliest article of the same copy, where this is not it.
    pub(super) copy_of: Option<Iri>,
    /// The sentence that says so, by its evidence.
    pub(super) sentence: Option<&'g Iri>,
    pub(super) event: &'g str,
    /// `None` for "dozens".
    pub(super) figure: Option<Interval>,
    pub(super) unit: Option<&'g str>,
    pub(super) class: Class,
    /// What kind of thing besides: the predicate, where the event type says little.
    pub(super) predicate: Option<&'g str>,
    pub(super) actor: Option<Iri>,
    pub(super) place: Option<Spot>,
    /// First and last day of what happened.
    pub(super) happened: (Option<Date>, Option<Date>),
    /// The day on which the figure was given: its own, else the article's.
    pub(super) day: Option<Date>,
    pub(super) source: Source,
    /// Whether the words say whose figure it is.
    pub(super) authored: bool,
    /// Who speaks through the source: a state through its government and its forces; else the source itself.
    pub(super) voice: Source,
    pub(super) certainty: Certainty,
    pub(super) increment: bool,
    total: bool,
    /// The block: whose they are, or where.
    pub(super) block: Option<Iri>,
    /// Whether the words say neither who nor whose they are.
    open: bool,
    /// Whether they are a force's.
    military: bool,
}

/// What tallies need to know of an article: the entities that it speaks of, but for those of whom much is written.
pub(super) type Story = FxHashSet<Iri>;

/// The claims that can be reconciled, in the order of their days, and the articles they stand in.
pub(super) fn of_claims<'g>(
    with: &Concluder<'_>,
    graph: &'g Graph,
    conclusions: &Graph,
    entities: &Entities<'_>,
    copies: &Copies,
    said: &'g OfClaims,
) -> (Vec<Tally<'g>>, FxHashMap<&'g Iri, Story>) {
    let mut tallies = Vec::new();
    for node in graph.nodes_where(|node| node.is_a("wg:Claim")) {
        if !said.rejected.contains(node.iri) {
            tallies.extend(Reading { with, graph, conclusions, entities, copies, said }.tally(node));
        }
    }
    let mut stories: FxHashMap<&Iri, Story> = FxHashMap::default();
    let mut actors: Counts<(&Iri, &str)> = FxHashMap::default();
    let telling = entities.telling(conclusions);
    for tally in &tallies {
        stories.entry(tally.article).or_insert_with(|| {
            conclusions.node(tally.article).links("schema:mentions").filter(|iri| telling.contains(*iri)).cloned().collect()
        });
        // Losses of a state, or of a force.
        let of_force = |actor: &&Iri| tally.military || conclusions.node(actor).is_a("schema:Country");
        if let Some(actor) = tally.actor.as_ref().filter(of_force) {
            *actors.entry((tally.article, with.rules.family(tally.event))).or_default().entry(actor.clone()).or_default() += 1;
        }
    }
    // Deaths that are not said to be anybody's are those of the article's other losses; a figure of nobody's, nowhere, belongs where most of the article's
    // places are.
    let mut homes = homes(with, graph, entities);
    settle(&stories, &mut homes);
    let chosen: Vec<Option<Iri>> = tallies
        .iter()
        .map(|tally| {
            let of_losses = actors.get(&(tally.article, with.rules.family(tally.event))).filter(|_| tally.open).and_then(most);
            of_losses.or_else(|| tally.block.clone()).or_else(|| homes.get(tally.article).and_then(most))
        })
        .collect();
    for (tally, block) in tallies.iter_mut().zip(chosen) {
        tally.block = block;
    }
    tallies.sort_by(|a, b| order(a).cmp(&order(b)));
    (tallies, stories)
}

/// How often each entity stands for something.
type Counts<K> = FxHashMap<K, BTreeMap<Iri, usize>>;

/// The most frequent, the first in order among equals.
fn most(counts: &BTreeMap<Iri, usize>) -> Option<Iri> {
    counts.iter().max_by_key(|(iri, count)| (**count, std::cmp::Reverse(*iri))).map(|(iri, _)| iri.clone())
}

/// The states that each article speaks of, by themselves and by their places.
fn homes<'g>(with: &Concluder<'_>, graph: &'g Graph, entities: &Entities<'_>) -> Counts<&'g Iri> {
    let mut homes: Counts<&Iri> = FxHashMap::default();
    for reference in graph.nodes_where(|node| node.is_a("wg:Reference")) {
        let key = entities.of.get(reference.iri).and_then(|entity| entities.keys.get(entity));
        let is_place = reference.texts("wg:kind").next() == Some(Kind::Place.name());
        let (Some(key), Some(article)) = (key.filter(|_| is_place), reference.links("schema:appearance").next()) else { continue };
        let state = if key.starts_with("state/") { Some(key.clone()) } else { with.gazetteer.listed(key).and_then(|listed| listed.state) };
        if let Some(state) = state {
            *homes.entry(article).or_default().entry(with.minter.listed(&state)).or_default() += reference.links("wg:mention").count();
        }
    }
    homes
}

/// Adds to the states that an article speaks of those of the other articles that speak of the same people and things: one vote a name.
fn settle<'g>(stories: &FxHashMap<&'g Iri, Story>, homes: &mut Counts<&'g Iri>) {
    let own: FxHashMap<&Iri, Iri> = stories.keys().filter_map(|article| Some((*article, most(homes.get(*article)?)?))).collect();
    let mut of_names: Counts<&Iri> = FxHashMap::default();
    for (article, story) in stories {
        if let Some(home) = own.get(article) {
            for name in story {
                *of_names.entry(name).or_default().entry(home.clone()).or_default() += 1;
            }
        }
    }
    for (article, story) in stories {
        let others = |name: &Iri| {
            let mut counts = of_names.get(name)?.clone();
            if let Some(home) = own.get(article) {
                counts.entry(home.clone()).and_modify(|count| *count -= 1);
            }
            counts.retain(|_, count| *count > 0);
            most(&counts)
        };
        for home in story.iter().filter_map(others) {
            *homes.entry(*article).or_default().entry(home).or_default() += 1;
        }
    }
}

/// By day, the original before its copies; what has no day comes last. Of one article the whole comes before its parts.
fn order<'t>(tally: &'t Tally<'_>) -> impl Ord + use<'t> {
    let number = std::cmp::Reverse(tally.figure.map(|figure| figure.value));
    (tally.day.is_none(), tally.day, tally.copy_of.is_some(), tally.article, !tally.total, number, tally.claim)
}

struct Reading<'a, 'g> {
    with: &'a Concluder<'a>,
    graph: &'g Graph,
    conclusions: &'a Graph,
    entities: &'a Entities<'a>,
    copies: &'a Copies,
    said: &'g OfClaims,
}

impl<'g> Reading<'_, 'g> {
    fn tally(&self, node: Node<'g>) -> Option<Tally<'g>> {
        let article = node.links("schema:appearance").next()?;
        let words = |slot: &'static str| self.said.literal(node.iri, slot).or_else(|| node.texts(slot).next());
        let day = |slot: &'static str| words(slot).and_then(|day| day.parse::<Date>().ok());
        let event = self.event(node)?;
        let counted = words("wg:counted");
        let unit = words("schema:unitText");
        let of_people = counted.and_then(|words| words.rsplit(' ').next()).is_some_and(|head| self.with.gazetteer.is_people(head));
        let class = if of_people { Class::General } else { self.with.rules.class(counted) };
        let concluded = self.conclusions.node(node.iri);
        let actor = concluded.links("wg:countedActor").next().cloned();
        let actor_is_open = actor.is_none();
        let place = concluded.links("wg:place").next().map(|iri| self.spot(iri));
        let given = day("wg:asOfEnd").or_else(|| day("wg:asOfStart"));
        let said_by = self.graph.node(article);
        let published =
            ["schema:datePublished", "schema:dateModified"].iter().find_map(|property| said_by.texts(property).next()?.parse().ok());
        let state = |key: &String| self.with.minter.listed(key);
        let copy_of = self.copies.first(article).cloned();
        let source = self.source(node, copy_of.as_ref().unwrap_or(article));
        Some(Tally {
            claim: node.iri,
            article,
            sentence: node.links("prov:wasDerivedFrom").next(),
            event,
            figure: self.figure(node),
            unit,
            predicate: node.texts("wg:predicate").next().filter(|_| ANYTHING.contains(&event)),
            block: actor.clone().or_else(|| place.as_ref().and_then(|spot| spot.state.as_ref()).map(state)),
            actor,
            place,
            happened: (day("wg:startDate"), day("wg:endDate")),
            day: given.or(published),
            authored: concluded.links("schema:author").next().is_some(),
            voice: self.voice(&source),
            source,
            certainty: words("wg:certainty").and_then(Certainty::from_name).unwrap_or(Certainty::Stated),
            increment: words("wg:scope") == Some("increment"),
            total: words("wg:scope") == Some("total"),
            military: self.with.rules.is_military(&class),
            class,
            open: actor_is_open && unit.is_none() && self.with.rules.is_open(counted),
            copy_of,
        })
    }

    /// The type of the ontology; a user's own has it beside.
    fn event(&self, node: Node<'g>) -> Option<&'g str> {
        if let Some(set) = self.said.literal(node.iri, "wg:eventType") {
            return crate::types::EVENT_TYPES.iter().copied().find(|known| set.ends_with(known));
        }
        node.links("wg:eventType").find_map(|iri| match iri {
            Iri::Named(name) => name.strip_prefix("wg:"),
            Iri::Minted(..) => None,
        })
    }

    fn figure(&self, node: Node<'g>) -> Option<Interval> {
        let number = |slot: &'static str| {
            let words = self.said.literal(node.iri, slot).or_else(|| node.texts(slot).next())?;
            words.parse::<Decimal>().ok()
        };
        let bound = self.said.literal(node.iri, "wg:bound").or_else(|| node.texts("wg:bound").next()).and_then(Bound::from_name)?;
        match (number("schema:value"), number("schema:minValue"), number("schema:maxValue")) {
            (Some(value), ..) => Some(Interval { value, upper: None, bound: if bound == Bound::Range { Bound::Exact } else { bound } }),
            (None, Some(low), Some(high)) if low <= high => Some(Interval { value: low, upper: Some(high), bound: Bound::Range }),
            _ => None,
        }
    }

    fn spot(&self, entity: &Iri) -> Spot {
        let node = self.conclusions.node(entity);
        let whole = node.is_a("schema:Country");
        let key = self.entities.keys.get(entity);
        let state = if whole { key.cloned() } else { key.and_then(|key| self.with.gazetteer.listed(key)?.state) };
        let degrees = |property: &str| node.texts(property).next().and_then(|text| text.parse::<f64>().ok());
        let at = degrees("schema:latitude").zip(degrees("schema:longitude"));
        Spot { entity: entity.clone(), state, whole, at }
    }

    fn voice(&self, source: &Source) -> Source {
        let Source::Named(iri) = source else { return source.clone() };
        let listed = self.entities.keys.get(iri).and_then(|key| self.with.gazetteer.listed(key));
        let speaks_for = listed.filter(|l| l.class.as_deref().is_some_and(|class| VOICES.contains(&class))).and_then(|l| l.state);
        speaks_for.map_or_else(|| source.clone(), |state| Source::Named(self.with.minter.listed(&state)))
    }

    /// Its author; else the agency whose copy it is, or the outlet.
    fn source(&self, node: Node<'g>, original: &Iri) -> Source {
        if let Some(author) = self.conclusions.node(node.iri).links("schema:author").next() {
            return match self.entities.described.get(author) {
                Some(words) => Source::Described(words.clone()),
                None => Source::Named(author.clone()),
            };
        }
        let article = self.conclusions.node(original);
        let speaks = article.links("schema:sourceOrganization").chain(article.links("schema:publisher")).next();
        speaks.map_or_else(|| Source::Article(original.clone()), |speaks| Source::Named(speaks.clone()))
    }
}

impl Tally<'_> {
    /// The days that it speaks of: what happened, else the day on which it was given.
    pub(super) fn days(&self) -> Option<(Date, Date)> {
        match self.happened {
            (start, Some(end)) => Some((start.unwrap_or(end), end)),
            (Some(start), None) => Some((start, self.day.unwrap_or(start).max(start))),
            (None, None) => self.day.map(|day| (day, day)),
        }
    }

    /// Where, as far as that is less than a whole state.
    pub(super) fn spot(&self) -> Option<&Iri> {
        self.place.as_ref().filter(|spot| !spot.whole).map(|spot| &spot.entity)
    }

    /// Whether it says that there were none.
    pub(super) fn is_nothing(&self) -> bool {
        self.figure.is_some_and(|figure| figure.value.is_zero() && figure.upper.is_none() && matches!(figure.bound, Bound::Exact))
    }
}

impl Spot {
    /// Kilometres between two places; `None` where either's is not known. Great circle on a sphere.
    pub(super) fn kilometres_to(&self, other: &Spot) -> Option<f64> {
        let ((north, east), (other_north, other_east)) = (self.at?, other.at?);
        if (north - other_north).abs() > 2.0 {
            return Some((north - other_north).abs() * 111.2);
        }
        let half = |from: f64, to: f64| ((to - from).to_radians() / 2.0).sin().powi(2);
        let chord = half(north, other_north) + north.to_radians().cos() * other_north.to_radians().cos() * half(east, other_east);
        Some(2.0 * 6371.0 * chord.sqrt().asin())
    }
}
