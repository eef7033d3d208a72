//! The claim reader: a small transformer that is asked about one number at a time, and says what happened, to whom, where, when and who says so.
//!
//! The words of the number are marked by a token type of their own, as Shi and Lin (2019) mark the predicate whose roles they ask for; each slot's
//! words are then found as mentions are. Training and figures: `models/claims/README.md`.

use crate::encoder::Encoder;
use crate::encoder::decode::{Logits, decode, probabilities};
use crate::encoder::labels::Labels;
use crate::encoder::marked::{Around, Laid, MARKED};
use crate::encoder::memory::Memory;
use crate::error::{Error, Result};
use crate::types::{Bound, ByteSpan, Certainty, Direction, Document, Quantity, Scope, Slot, Split};
use std::ops::Range;
use std::sync::Arc;

const FILE: &str = "models/claims/reader.safetensors";
const ROOM: Around = Around { sentences: 2, pieces: 64 };
/// The slots of words that a claim must have right to be right at its core.
const CORE: [Slot; 4] = [Slot::Counted, Slot::Author, Slot::Place, Slot::Time];
/// The event type of a number that is no claim.
const NONE: &str = "None";

/// Words that fill a slot, and how probable that is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Filler {
    pub slot: Slot,
    pub span: ByteSpan,
    pub probability: f32,
}

/// What the reader says of a number as an amount, claim or not; `W` tells where words stand.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AmountReading<W = ByteSpan> {
    /// Its bound and direction, as words around it say, and how probable that is among amounts.
    pub bound: (Bounded, f32),
    /// The words of its unit or of what it counts, in their order.
    pub unit: Vec<(W, f32)>,
    /// What it is an amount of, in the order of the text.
    pub of: Vec<(W, f32)>,
}

/// A bound or a direction: one of them at most is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bounded {
    /// How it bounds.
    By(Bound),
    /// Which way something changed by it or to it.
    Changed(Direction),
}

/// What the reader says of a number.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reading {
    /// How probable it is that the number is no claim.
    pub none: f32,
    /// The most probable event type, and how probable it is among claims.
    pub event: (String, f32),
    /// How sure the text is.
    pub certainty: (Certainty, f32),
    /// Total, increment or neither.
    pub scope: (Option<Scope>, f32),
    /// How probable it is that event, counted, author, place and time are all right, as if they were independent.
    pub core: f32,
    /// The words of the slots: one filler for most, several for doers and things; the most probable first.
    pub fillers: Vec<Filler>,
    /// How probable it is that nothing fills a slot: by its least sure word.
    pub empty: Vec<(Slot, f32)>,
    /// As an amount.
    pub amount: AmountReading,
}

impl Reading {
    /// How probable it is that nothing fills a slot.
    pub(super) fn empty(&self, slot: Slot) -> f32 {
        self.empty.iter().find(|(s, _)| *s == slot).map_or(0.0, |(_, share)| *share)
    }

    /// The fillers of a slot.
    pub(super) fn of(&self, slot: Slot) -> impl Iterator<Item = &Filler> {
        self.fillers.iter().filter(move |f| f.slot == slot)
    }
}

/// What was said of a number, by tokens of its sequence.
#[derive(Debug)]
struct Told {
    none: f32,
    event: (usize, f32),
    certainty: (usize, f32),
    scope: (usize, f32),
    core: f32,
    fillers: Vec<(Slot, Range<usize>, f32)>,
    empty: Vec<(Slot, f32)>,
    amount: AmountReading<Range<usize>>,
}

/// Where in the head's numbers each thing stands.
#[derive(Debug)]
struct Layout {
    /// The first of three columns (outside, first, later) of each slot.
    slots: Vec<(Slot, usize)>,
    events: Range<usize>,
    event_names: Vec<String>,
    certainties: Range<usize>,
    certainty_values: Vec<Certainty>,
    scopes: Range<usize>,
    scope_values: Vec<Option<Scope>>,
    /// The first of three columns of the unit's words, and of those of what an amount is of.
    unit: usize,
    of: usize,
    bounds: Range<usize>,
    /// By column; none says that the number is no amount.
    bound_values: Vec<Option<Bounded>>,
}

/// The model, shared by all threads.
#[derive(Debug)]
pub(super) struct ClaimReader {
    encoder: Encoder,
    layout: Layout,
    /// Outside, first and later word of a slot.
    labels: Labels,
    seen: Memory<Told>,
}

impl ClaimReader {
    /// The built-in model.
    pub(super) fn load() -> Result<ClaimReader> {
        let encoder = Encoder::load(FILE, MODEL)?;
        let layout = Layout::new(encoder.outputs())?;
        if encoder.types() <= usize::from(MARKED) {
            return Err(fault("embeddings.type", "has no type for the number"));
        }
        Ok(ClaimReader { encoder, layout, labels: Labels::new(["O", "B-slot", "I-slot"].into_iter())?, seen: Memory::default() })
    }

    /// What it says of each of the wanted quantities of a document.
    pub(super) fn read(
        &self,
        document: &Document,
        split: &Split,
        quantities: &[Quantity],
        wanted: impl Fn(&Quantity) -> bool,
    ) -> Vec<Option<Reading>> {
        let asked: Vec<(usize, Laid)> = quantities
            .iter()
            .enumerate()
            .filter(|(_, q)| wanted(q))
            .filter_map(|(at, q)| Some((at, self.encoder.lay_out(document, split, q.span, ROOM)?)))
            .collect();
        let laid: Vec<&Laid> = asked.iter().map(|(_, laid)| laid).collect();
        let told = self.encoder.ask(&laid, &self.seen, |laid, logits| Arc::new(self.tell(logits, laid.row)));
        let mut readings = vec![None; quantities.len()];
        for ((at, laid), told) in asked.into_iter().zip(told) {
            readings[at] = Some(self.reading(&told, &laid, split));
        }
        readings
    }

    fn tell(&self, logits: &Logits, number: usize) -> Told {
        let layout = &self.layout;
        let row = logits.row(number);
        let mut shares = Vec::new();
        probabilities(&row[layout.events.clone()], 1.0, &mut shares);
        let none = layout.event_names.iter().position(|n| n == NONE);
        let none_share = none.map_or(0.0, |at| shares[at]);
        let event = greatest(&shares[..layout.event_names.len()], |at| Some(at) != none);
        probabilities(&row[layout.certainties.clone()], 1.0, &mut shares);
        let certainty = greatest(&shares[..layout.certainty_values.len()], |_| true);
        probabilities(&row[layout.scopes.clone()], 1.0, &mut shares);
        let scope = greatest(&shares[..layout.scope_values.len()], |_| true);
        let amount = self.tell_amount(logits, number);
        let mut core = event.1;
        let mut fillers = Vec::new();
        let mut nothing = Vec::new();
        for (slot, column) in &layout.slots {
            let (mut found, empty) = self.words(logits, *column);
            found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.start.cmp(&b.0.start)));
            let several = matches!(slot, Slot::Agent | Slot::Recipient | Slot::Equipment | Slot::RelayedBy);
            let most = if several { found.len() } else { 1 };
            if CORE.contains(slot) {
                core *= found.first().map_or(empty, |f| f.1);
            }
            nothing.push((*slot, empty));
            fillers.extend(found.into_iter().take(most).map(|(tokens, share)| (*slot, tokens, share)));
        }
        let event = (event.0, event.1 / (1.0 - none_share).max(1e-6));
        Told { none: none_share, event, certainty, scope, core, fillers, empty: nothing, amount }
    }

    fn tell_amount(&self, logits: &Logits, number: usize) -> AmountReading<Range<usize>> {
        let layout = &self.layout;
        let mut shares = Vec::new();
        probabilities(&logits.row(number)[layout.bounds.clone()], 1.0, &mut shares);
        let none: f32 = layout.bound_values.iter().zip(&shares).filter(|(value, _)| value.is_none()).map(|(_, share)| share).sum();
        let (at, share) = greatest(&shares[..layout.bound_values.len()], |at| layout.bound_values[at].is_some());
        let bound = layout.bound_values.get(at).copied().flatten().unwrap_or(Bounded::By(Bound::Exact));
        let (unit, of) = (self.words(logits, layout.unit).0, self.words(logits, layout.of).0);
        AmountReading { bound: (bound, share / (1.0 - none).max(1e-6)), unit, of }
    }

    /// The words of what three columns mark, in the order of the text, and how probable it is that there are none.
    fn words(&self, logits: &Logits, column: usize) -> (Vec<(Range<usize>, f32)>, f32) {
        let mut part = Logits::new(logits.rows().len(), 3);
        let mut shares = Vec::new();
        let mut empty: f32 = 1.0;
        for (at, row) in logits.rows().enumerate() {
            part.row_mut(at).copy_from_slice(&row[column..column + 3]);
            probabilities(part.row(at), 1.0, &mut shares);
            empty = empty.min(shares[0]);
        }
        let found = decode(&part, &self.labels, &[1.0]);
        (found.into_iter().map(|f| (f.tokens, f.probability)).collect(), empty)
    }

    fn reading(&self, told: &Told, laid: &Laid, split: &Split) -> Reading {
        let span = |tokens: &Range<usize>| {
            let of = |at: usize| split.tokens[laid.tokens[at]].span;
            ByteSpan { start: of(tokens.start).start, end: of(tokens.end - 1).end }
        };
        let spans = |words: &[(Range<usize>, f32)]| words.iter().map(|(tokens, share)| (span(tokens), *share)).collect();
        let amount = AmountReading { bound: told.amount.bound, unit: spans(&told.amount.unit), of: spans(&told.amount.of) };
        let fillers =
            told.fillers.iter().map(|(slot, tokens, probability)| Filler { slot: *slot, span: span(tokens), probability: *probability });
        Reading {
            none: told.none,
            event: (self.layout.event_names[told.event.0].clone(), told.event.1),
            certainty: (self.layout.certainty_values[told.certainty.0], told.certainty.1),
            scope: (self.layout.scope_values[told.scope.0], told.scope.1),
            core: told.core,
            fillers: fillers.collect(),
            empty: told.empty.clone(),
            amount,
        }
    }
}

impl Layout {
    fn new(outputs: &[String]) -> Result<Layout> {
        let run = |prefix: &str| {
            let first = outputs.iter().position(|o| o.starts_with(prefix)).unwrap_or(outputs.len());
            let count = outputs[first..].iter().take_while(|o| o.starts_with(prefix)).count();
            let names: Vec<&str> = outputs[first..first + count].iter().map(|o| &o[prefix.len()..]).collect();
            (first..first + count, names)
        };
        let mut slots = Vec::new();
        let (mut unit, mut of) = (None, None);
        for (at, output) in outputs.iter().enumerate() {
            if let Some(name) = output.strip_prefix("O-") {
                let whole = [("B-", 1), ("I-", 2)].iter().all(|(p, n)| outputs.get(at + n).and_then(|o| o.strip_prefix(p)) == Some(name));
                if !whole {
                    return Err(fault("labels", format!("{name} has not its three columns")));
                }
                match name {
                    "unit" => unit = Some(at),
                    "of" => of = Some(at),
                    _ => slots.push((slot_of(name).ok_or_else(|| fault("labels", format!("{name} is no slot")))?, at)),
                }
            }
        }
        let (events, event_names) = run("event-");
        let (certainties, certainty_names) = run("certainty-");
        let (scopes, scope_names) = run("scope-");
        let certainty_values =
            certainty_names.iter().map(|n| Certainty::from_name(n).ok_or_else(|| fault("labels", format!("{n} is no certainty"))));
        let scope_values = scope_names.iter().map(|name| match *name {
            "total" => Some(Scope::Total),
            "increment" => Some(Scope::Increment),
            _ => None,
        });
        let (bounds, bound_names) = run("bound-");
        let bound_values = bound_names
            .iter()
            .map(|n| bound_of(n).ok_or_else(|| fault("labels", format!("{n} is no bound"))))
            .collect::<Result<Vec<_>>>()?;
        let (Some(unit), Some(of)) = (unit, of) else {
            return Err(fault("labels", "lacks the words of units, or of what amounts are of"));
        };
        if events.len() < 2 || certainties.is_empty() || scopes.is_empty() || !bound_values.iter().any(Option::is_some) {
            return Err(fault("labels", "lacks events, certainties, scopes or bounds"));
        }
        Ok(Layout {
            slots,
            events,
            event_names: event_names.into_iter().map(str::to_owned).collect(),
            certainties,
            certainty_values: certainty_values.collect::<Result<_>>()?,
            scopes,
            scope_values: scope_values.collect(),
            unit,
            of,
            bounds,
            bound_values,
        })
    }
}

/// The slot of a name in the model's file.
fn slot_of(name: &str) -> Option<Slot> {
    Some(match name {
        "pred" => Slot::EventType,
        "counted" => Slot::Counted,
        "actor" => Slot::CountedActor,
        "agent" => Slot::Agent,
        "recipient" => Slot::Recipient,
        "equipment" => Slot::Equipment,
        "place" => Slot::Place,
        "origin" => Slot::Origin,
        "time" => Slot::Time,
        "asof" => Slot::AsOf,
        "author" => Slot::Author,
        "relay" => Slot::RelayedBy,
        _ => return None,
    })
}

/// The bound or direction of a name in the model's file; none of "none", which says that the number is no amount.
fn bound_of(name: &str) -> Option<Option<Bounded>> {
    Some(match name {
        "none" => None,
        "=" => Some(Bounded::By(Bound::Exact)),
        ">" => Some(Bounded::By(Bound::MoreThan)),
        "<" => Some(Bounded::By(Bound::LessThan)),
        "~" => Some(Bounded::By(Bound::About)),
        "up" => Some(Bounded::Changed(Direction::Up)),
        "down" => Some(Bounded::Changed(Direction::Down)),
        _ => return None,
    })
}

/// The first greatest of those that count, and its share.
fn greatest(shares: &[f32], counts: impl Fn(usize) -> bool) -> (usize, f32) {
    let mut top = (0, f32::NEG_INFINITY);
    for (at, share) in shares.iter().enumerate().filter(|(at, _)| counts(*at)) {
        if *share > top.1 {
            top = (at, *share);
        }
    }
    top
}

fn fault(place: &str, reason: impl ToString) -> Error {
    Error::Data { file: FILE.to_owned(), place: place.to_owned(), reason: reason.to_string() }
}

/// The model's file, as it stands in the binary.
pub(super) const MODEL: &[u8] = include_bytes!("../../models/claims/reader.safetensors");
