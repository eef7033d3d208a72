//! A claim as the reconciling of figures sees it.

use super::Concluder;
use super::corrections::OfClaims;
use super::handed::forms;
use super::interval::Interval;
use super::roles::{Assigned, Cast};
use super::rules::Class;
use crate::graph::bytes::Id;
use crate::graph::iri::Iri;
use crate::graph::{Graph, Node};
use crate::types::{Bound, Certainty, Kind};
use compact_str::CompactString;
use jiff::civil::Date;
use rust_decimal::Decimal;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Event types under which things of every sort stand: only like things of one predicate are one figure there.
const ANYTHING: &[&str] = &["Measured", "Other"];

/// Subtypes of organizations that speak for their state.
const VOICES: &[&str] = &["armed-service", "government"];

/// Whose figure it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Source {
    /// An actor, or the agency or outlet that speaks for itself.
    Named(Id),
    /// Somebody who is described and never named: "a rescue official".
    Described(CompactString),
    /// An article that says nothing of whence it comes.
    Article(Id),
}

/// A place as far as it tells figures apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Spot {
    pub(super) entity: Id,
    /// The state that it is or lies in, by its key.
    pub(super) state: Option<CompactString>,
    /// Whether it is a whole state.
    pub(super) whole: bool,
    /// Degrees north and east.
    pub(super) at: Option<(f64, f64)>,
}

/// A claim, read off the graph.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Tally {
    pub(super) claim: Id,
    pub(super) article: Id,
    /// The earliest article of the same copy, where this is not it.
    pub(super) copy_of: Option<Id>,
    /// The sentence that says so, by its evidence.
    pub(super) sentence: Option<Id>,
    pub(super) what: Arc<What>,
    /// `None` for "dozens".
    pub(super) figure: Option<Interval>,
    pub(super) actor: Option<Id>,
    /// Whether that is a state.
    pub(super) of_country: bool,
    pub(super) place: Option<Arc<Spot>>,
    /// First and last day of what happened.
    pub(super) happened: Span,
    /// The day on which the figure was given: its own, else the article's.
    #[serde(with = "forms::day")]
    pub(super) day: Option<Date>,
    /// Whose figure it is.
    pub(super) speaker: Arc<Speaker>,
    /// Whether the words say whose.
    pub(super) authored: bool,
    pub(super) certainty: Certainty,
    pub(super) increment: bool,
    /// Whether it is a part of another's whole.
    pub(super) part: bool,
    total: bool,
    /// The block: whose they are, or where.
    pub(super) block: Option<Id>,
    /// Whether the words say neither who nor whose they are.
    pub(super) open: bool,
    /// Whether they are a force's.
    pub(super) military: bool,
}

/// What is told to have happened to what.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct What {
    pub(super) event: CompactString,
    pub(super) unit: Option<CompactString>,
    pub(super) class: Class,
    /// What kind of thing besides: the predicate, where the event type says little.
    pub(super) predicate: Option<CompactString>,
}

/// Whose figure it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Speaker {
    pub(super) source: Source,
    /// Who speaks through the source: a state through its government and its forces; else the source itself.
    pub(super) voice: Source,
    /// What the source is called.
    pub(super) name: CompactString,
}

impl Speaker {
    /// An article that says nothing of whence it comes.
    fn unnamed(article: Id) -> Speaker {
        Speaker { source: Source::Article(article), voice: Source::Article(article), name: CompactString::default() }
    }
}

/// Makes one of what many figures have alike.
#[derive(Default)]
pub(super) struct Alike {
    whats: FxHashSet<Arc<What>>,
    speakers: FxHashSet<Arc<Speaker>>,
    spots: FxHashMap<Id, Arc<Spot>>,
}

impl Alike {
    pub(super) fn share(&mut self, tally: &mut Tally) {
        fn one<T: Eq + std::hash::Hash>(all: &mut FxHashSet<Arc<T>>, own: &mut Arc<T>) {
            match all.get(own) {
                Some(known) => *own = Arc::clone(known),
                None => drop(all.insert(Arc::clone(own))),
            }
        }
        one(&mut self.whats, &mut tally.what);
        one(&mut self.speakers, &mut tally.speaker);
        if let Some(spot) = &mut tally.place {
            *spot = Arc::clone(self.spots.entry(spot.entity).or_insert_with(|| Arc::clone(spot)));
        }
    }
}

/// First and last day, as far as they are known.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Span {
    #[serde(with = "forms::day")]
    pub(super) start: Option<Date>,
    #[serde(with = "forms::day")]
    pub(super) end: Option<Date>,
}

/// What tallies need to know of an article: the entities that it speaks of, but for those of whom much is written, in order.
pub(super) type Story = Vec<Id>;

/// How often each entity stands for something.
pub(super) type Counts = BTreeMap<Id, usize>;

/// The most frequent, the first in order among equals.
pub(super) fn most(counts: &Counts) -> Option<Id> {
    counts.iter().max_by_key(|(iri, count)| (**count, std::cmp::Reverse(**iri))).map(|(iri, _)| *iri)
}

/// The claims of an article that can be reconciled. Their sources are who they name; where they name none, that is settled later.
pub(super) fn of_article(with: &Concluder<'_>, (facts, conclusions): (&Graph, &Graph), cast: &Cast, said: &OfClaims) -> Vec<Tally> {
    let claims = facts.nodes_where(|node| node.is_a("wg:Claim") && !said.rejected.contains(node.iri));
    claims.filter_map(|node| Reading { with, facts, conclusions, cast, said }.tally(node)).collect()
}

/// The states that an article speaks of, by themselves and by their places.
pub(super) fn homes(with: &Concluder<'_>, facts: &Graph, cast: &Cast) -> Counts {
    let mut homes = Counts::new();
    for reference in facts.nodes_where(|node| node.is_a("wg:Reference") && node.texts("wg:kind").next() == Some(Kind::Place.name())) {
        let Some(key) = cast.of(reference.iri).and_then(|assigned| assigned.key.as_ref()) else { continue };
        let state = if key.starts_with("state/") { Some(key.clone()) } else { with.gazetteer.listed(key).and_then(|listed| listed.state) };
        if let Some(state) = state.and_then(|state| Id::of(&with.minter.listed(&state))) {
            *homes.entry(state).or_default() += reference.links("wg:mention").count();
        }
    }
    homes
}

/// An entity as a source.
pub(super) fn speaker(with: &Concluder<'_>, entity: &Assigned) -> Speaker {
    let source = match &entity.described {
        Some(words) => Source::Described(words.into()),
        None => Source::Named(entity.entity),
    };
    let listed = entity.key.as_ref().and_then(|key| with.gazetteer.listed(key));
    let speaks_for = listed.filter(|l| l.class.as_deref().is_some_and(|class| VOICES.contains(&class))).and_then(|l| l.state);
    let state = speaks_for.and_then(|state| Id::of(&with.minter.listed(&state)));
    Speaker { voice: state.map_or_else(|| source.clone(), Source::Named), source, name: CompactString::new(&entity.name) }
}

/// By day, the original before its copies; what has no day comes last. Of one article the whole comes before its parts.
pub(super) fn order(tally: &Tally) -> impl Ord + use<> {
    let number = std::cmp::Reverse(tally.figure.map(|figure| figure.value));
    (tally.day.is_none(), tally.day, tally.copy_of.is_some(), tally.article, !tally.total, number, tally.claim)
}

struct Reading<'a> {
    with: &'a Concluder<'a>,
    facts: &'a Graph,
    conclusions: &'a Graph,
    cast: &'a Cast,
    said: &'a OfClaims,
}

impl Reading<'_> {
    fn tally(&self, node: Node<'_>) -> Option<Tally> {
        let article = node.links("schema:appearance").next()?;
        let words = |slot: &'static str| self.said.literal(node.iri, slot).or_else(|| node.texts(slot).next());
        let day = |slot: &'static str| words(slot).and_then(|day| day.parse::<Date>().ok());
        let event = self.event(node)?;
        let counted = words("wg:counted");
        let unit = words("schema:unitText");
        let of_people = counted.and_then(|words| words.rsplit(' ').next()).is_some_and(|head| self.with.gazetteer.is_people(head));
        let class = if of_people { Class::General } else { self.with.rules.class(counted) };
        let concluded = self.conclusions.node(node.iri);
        let entity = |slot: &str| concluded.links(slot).next().and_then(|iri| self.cast.of(iri));
        let actor = entity("wg:countedActor");
        // "The road" of one article is not that of another, and none of its own tells figures apart.
        let place = entity("wg:place").filter(|place| place.described.is_none()).map(|place| self.spot(place));
        let given = day("wg:asOfEnd").or_else(|| day("wg:asOfStart"));
        let said_by = self.facts.node(article);
        let published =
            ["schema:datePublished", "schema:dateModified"].iter().find_map(|property| said_by.texts(property).next()?.parse().ok());
        let state = |key: &CompactString| Id::of(&self.with.minter.listed(key));
        let article = Id::of(article)?;
        let author = entity("schema:author").map(|author| speaker(self.with, author));
        let authored = author.is_some();
        let speaker = author.unwrap_or_else(|| Speaker::unnamed(article));
        let of_actor = actor.map(|actor| actor.entity);
        let predicate = node.texts("wg:predicate").next().filter(|_| ANYTHING.contains(&event)).map(CompactString::new);
        Some(Tally {
            claim: Id::of(node.iri)?,
            article,
            sentence: node.links("prov:wasDerivedFrom").next().and_then(Id::of),
            figure: self.figure(node),
            block: of_actor.or_else(|| place.as_ref().and_then(|spot| spot.state.as_ref()).and_then(state)),
            actor: of_actor,
            of_country: actor.is_some_and(|actor| actor.nature.country),
            place: place.map(Arc::new),
            happened: Span { start: day("wg:startDate"), end: day("wg:endDate") },
            day: given.or(published),
            authored,
            speaker: Arc::new(speaker),
            certainty: words("wg:certainty").and_then(Certainty::from_name).unwrap_or(Certainty::Stated),
            increment: words("wg:scope") == Some("increment"),
            part: node.texts("wg:wholeText").next().is_some(),
            total: words("wg:scope") == Some("total"),
            military: self.with.rules.is_military(&class),
            open: actor.is_none() && unit.is_none() && self.with.rules.is_open(counted),
            copy_of: None,
            what: Arc::new(What { event: event.into(), unit: unit.map(CompactString::new), class, predicate }),
        })
    }

    /// The type of the ontology; a user's own has it beside.
    fn event<'n>(&self, node: Node<'n>) -> Option<&'n str> {
        if let Some(set) = self.said.literal(node.iri, "wg:eventType") {
            return crate::types::EVENT_TYPES.iter().copied().find(|known| set.ends_with(known));
        }
        node.links("wg:eventType").find_map(|iri| match iri {
            Iri::Named(name) => name.strip_prefix("wg:"),
            Iri::Minted(..) => None,
        })
    }

    fn figure(&self, node: Node<'_>) -> Option<Interval> {
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

    fn spot(&self, place: &Assigned) -> Spot {
        let whole = place.nature.country;
        let listed = place.key.as_ref().and_then(|key| self.with.gazetteer.listed(key));
        let degrees = |text: &Option<String>| text.as_ref().and_then(|text| text.parse::<f64>().ok());
        let at = listed.as_ref().and_then(|listed| degrees(&listed.latitude).zip(degrees(&listed.longitude)));
        let state = if whole {
            place.key.as_ref().map(CompactString::new)
        } else {
            listed.and_then(|listed| listed.state).map(CompactString::from)
        };
        Spot { entity: place.entity, state, whole, at }
    }
}

impl Tally {
    /// Says who speaks where the words do not: who speaks in the article, or in the one that it is a copy of.
    pub(super) fn speaks(&mut self, article: Id, speaker: Option<&Speaker>) {
        if !self.authored {
            self.speaker = Arc::new(speaker.cloned().unwrap_or_else(|| Speaker::unnamed(article)));
        }
    }

    /// The days that it speaks of: what happened, else the day on which it was given.
    pub(super) fn days(&self) -> Option<(Date, Date)> {
        match self.happened {
            Span { start, end: Some(end) } => Some((start.unwrap_or(end), end)),
            Span { start: Some(start), end: None } => Some((start, self.day.unwrap_or(start).max(start))),
            Span { start: None, end: None } => self.day.map(|day| (day, day)),
        }
    }

    /// Where, as far as that is less than a whole state.
    pub(super) fn spot(&self) -> Option<&Id> {
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
