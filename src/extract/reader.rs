//! The claim reader: a small transformer that is asked about one number at a time, and says what happened, to whom, where, when and who says so.
//!
//! The words of the number are marked by a token type of their own, as Shi and Lin (2019) mark the predicate whose roles they ask for; each slot's
//! words are then found as mentions are. Training and figures: `models/claims/README.md`.

use super::answer::{Answer, Questions, columns, fault, greatest, run, span};
use crate::encoder::Encoder;
use crate::encoder::decode::{Logits, probabilities};
use crate::encoder::marked::{Around, Laid, MARKED};
use crate::encoder::memory::Memory;
use crate::error::Result;
use crate::types::{Bound, ByteSpan, Direction, Document, Quantity, Scope, Slot, Split};
use std::ops::Range;
use std::sync::Arc;

const FILE: &str = "models/claims/reader.safetensors";
const ROOM: Around = Around { sentences: 2, pieces: 64 };
/// The slots of words that a claim must have right to be right at its core.
const CORE: [Slot; 4] = [Slot::Counted, Slot::Author, Slot::Place, Slot::Time];

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

/// What the reader says of a number; `W` tells where words stand.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reading<W = ByteSpan> {
    /// Of its clause; `none` where it is no claim.
    pub answer: Answer<W>,
    /// Total, increment or neither.
    pub scope: (Option<Scope>, f32),
    /// How probable it is that event, counted, author, place and time are all right, as if they were independent.
    pub core: f32,
    /// As an amount.
    pub amount: AmountReading<W>,
}

/// Where in the head's numbers each thing stands.
#[derive(Debug)]
struct Layout {
    questions: Questions,
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
    seen: Memory<Reading<Range<usize>>>,
}

impl ClaimReader {
    /// The built-in model.
    pub(super) fn load() -> Result<ClaimReader> {
        let encoder = Encoder::load(FILE, MODEL)?;
        let layout = Layout::new(encoder.outputs())?;
        if encoder.types() <= usize::from(MARKED) {
            return Err(fault(FILE, "has no type for the number"));
        }
        Ok(ClaimReader { encoder, layout, seen: Memory::default() })
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
            readings[at] = Some(told.in_text(&laid, split));
        }
        readings
    }

    fn tell(&self, logits: &Logits, number: usize) -> Reading<Range<usize>> {
        let layout = &self.layout;
        let (answer, _) = layout.questions.answer(logits, number);
        // That it is this event, and a claim at all.
        let mut core = answer.event.1 * (1.0 - answer.none);
        for slot in CORE {
            core *= answer.of(slot).next().map_or(answer.empty(slot), |f| f.probability);
        }
        let mut shares = Vec::new();
        probabilities(&logits.row(number)[layout.scopes.clone()], 1.0, &mut shares);
        let scope = greatest(&shares[..layout.scope_values.len()], |_| true);
        Reading { answer, scope: (layout.scope_values[scope.0], scope.1), core, amount: self.tell_amount(logits, number) }
    }

    fn tell_amount(&self, logits: &Logits, number: usize) -> AmountReading<Range<usize>> {
        let layout = &self.layout;
        let mut shares = Vec::new();
        probabilities(&logits.row(number)[layout.bounds.clone()], 1.0, &mut shares);
        let none: f32 = layout.bound_values.iter().zip(&shares).filter(|(value, _)| value.is_none()).map(|(_, share)| share).sum();
        let (at, share) = greatest(&shares[..layout.bound_values.len()], |at| layout.bound_values[at].is_some());
        let bound = layout.bound_values.get(at).copied().flatten().unwrap_or(Bounded::By(Bound::Exact));
        let words = |column: usize| layout.questions.words(logits, column).0;
        AmountReading { bound: (bound, share / (1.0 - none).max(1e-6)), unit: words(layout.unit), of: words(layout.of) }
    }
}

impl Reading<Range<usize>> {
    /// The same, by where the words stand in the text.
    fn in_text(&self, laid: &Laid, split: &Split) -> Reading {
        let spans = |words: &[(Range<usize>, f32)]| words.iter().map(|(tokens, share)| (span(tokens, laid, split), *share)).collect();
        let amount = AmountReading { bound: self.amount.bound, unit: spans(&self.amount.unit), of: spans(&self.amount.of) };
        Reading { answer: self.answer.in_text(laid, split), scope: self.scope, core: self.core, amount }
    }
}

impl Layout {
    fn new(outputs: &[String]) -> Result<Layout> {
        let (scopes, scope_names) = run(outputs, "scope-");
        let scope_values = scope_names.iter().map(|name| match *name {
            "total" => Some(Scope::Total),
            "increment" => Some(Scope::Increment),
            _ => None,
        });
        let (bounds, bound_names) = run(outputs, "bound-");
        let bound = |name: &&str| bound_of(name).ok_or_else(|| fault(FILE, format!("{name} is no bound")));
        let bound_values = bound_names.iter().map(bound).collect::<Result<Vec<_>>>()?;
        if scopes.is_empty() || !bound_values.iter().any(Option::is_some) {
            return Err(fault(FILE, "lacks scopes or bounds"));
        }
        Ok(Layout {
            questions: Questions::new("claim reader", outputs, &["unit", "of"], FILE)?,
            scopes,
            scope_values: scope_values.collect(),
            unit: columns(outputs, "unit", FILE)?,
            of: columns(outputs, "of", FILE)?,
            bounds,
            bound_values,
        })
    }
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

/// The model's file, as it stands in the binary.
pub(super) static MODEL: &[u8] = include_bytes!("../../models/claims/reader.safetensors");
