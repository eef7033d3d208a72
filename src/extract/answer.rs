//! What a model says of words that it is asked about: which event they tell of, how sure the text is, and the words of each slot.

use crate::encoder::decode::{Logits, decode, probabilities};
use crate::encoder::labels::Labels;
use crate::encoder::marked::Laid;
use crate::error::{Error, Result};
use crate::types::{ByteSpan, Certainty, Slot, Split};
use std::ops::Range;

/// The event type of words that tell of nothing.
const NONE: &str = "None";

/// Words that fill a slot, and how probable that is; `W` tells where they stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Filler<W = ByteSpan> {
    pub slot: Slot,
    pub span: W,
    pub probability: f32,
}

/// What a model says; `W` tells where words stand.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answer<W = ByteSpan> {
    /// The model's name, for reasons.
    pub by: &'static str,
    /// How probable it is that the words tell of nothing.
    pub none: f32,
    /// The most probable event type, and how probable it is where they tell of something.
    pub event: (String, f32),
    /// How sure the text is.
    pub certainty: (Certainty, f32),
    /// The words of the slots: one filler for most, several for doers and things; the most probable first.
    pub fillers: Vec<Filler<W>>,
    /// How probable it is that nothing fills a slot: by its least sure word.
    pub empty: Vec<(Slot, f32)>,
}

impl<W> Answer<W> {
    /// How probable it is that nothing fills a slot.
    pub(super) fn empty(&self, slot: Slot) -> f32 {
        self.empty.iter().find(|(s, _)| *s == slot).map_or(0.0, |(_, share)| *share)
    }

    /// The fillers of a slot.
    pub(super) fn of(&self, slot: Slot) -> impl Iterator<Item = &Filler<W>> {
        self.fillers.iter().filter(move |f| f.slot == slot)
    }
}

impl Answer<Range<usize>> {
    /// The same, by where the words stand in the text.
    pub(super) fn in_text(&self, laid: &Laid, split: &Split) -> Answer {
        let filler = |f: &Filler<Range<usize>>| Filler { slot: f.slot, span: span(&f.span, laid, split), probability: f.probability };
        Answer {
            by: self.by,
            none: self.none,
            event: self.event.clone(),
            certainty: self.certainty,
            fillers: self.fillers.iter().map(filler).collect(),
            empty: self.empty.clone(),
        }
    }
}

/// Where some tokens of a sequence stand in the text.
pub(super) fn span(tokens: &Range<usize>, laid: &Laid, split: &Split) -> ByteSpan {
    let of = |at: usize| split.tokens[laid.tokens[at]].span;
    ByteSpan { start: of(tokens.start).start, end: of(tokens.end - 1).end }
}

/// Where in a model's numbers each thing stands that it is asked.
#[derive(Debug)]
pub(super) struct Questions {
    /// The model's name, for reasons.
    by: &'static str,
    /// The first of three columns (outside, first, later) of each slot.
    slots: Vec<(Slot, usize)>,
    events: Range<usize>,
    event_names: Vec<String>,
    /// Which of the events is none.
    none: Option<usize>,
    certainties: Range<usize>,
    certainty_values: Vec<Certainty>,
    /// Outside, first and later word of a slot.
    labels: Labels,
}

impl Questions {
    /// What the model `by` with these numbers answers; `others` are words that it finds and that fill no slot.
    ///
    /// # Errors
    /// When a number is called by no name of ours, or events or certainties lack.
    pub(super) fn new(by: &'static str, outputs: &[String], others: &[&str], file: &str) -> Result<Questions> {
        let mut slots = Vec::new();
        for name in outputs.iter().filter_map(|output| output.strip_prefix("O-")).filter(|name| !others.contains(name)) {
            let slot = slot_of(name).ok_or_else(|| fault(file, format!("{name} is no slot")))?;
            slots.push((slot, columns(outputs, name, file)?));
        }
        let (events, event_names) = run(outputs, "event-");
        let (certainties, certainty_names) = run(outputs, "certainty-");
        let certainty = |name: &&str| Certainty::from_name(name).ok_or_else(|| fault(file, format!("{name} is no certainty")));
        let certainty_values = certainty_names.iter().map(certainty).collect::<Result<Vec<_>>>()?;
        if events.len() < 2 || certainties.is_empty() {
            return Err(fault(file, "lacks events or certainties"));
        }
        Ok(Questions {
            by,
            slots,
            events,
            none: event_names.iter().position(|name| *name == NONE),
            event_names: event_names.into_iter().map(str::to_owned).collect(),
            certainties,
            certainty_values,
            labels: Labels::new(["O", "B-slot", "I-slot"].into_iter())?,
        })
    }

    /// How probable each event is at a token, that of none among them.
    pub(super) fn shares(&self, row: &[f32]) -> Vec<f32> {
        let mut shares = Vec::new();
        probabilities(&row[self.events.clone()], 1.0, &mut shares);
        shares.truncate(self.event_names.len());
        shares
    }

    /// How probable it is that these shares are of words that tell of something.
    pub(super) fn told(&self, shares: &[f32]) -> f32 {
        self.none.map_or(1.0, |none| 1.0 - shares[none])
    }

    /// How probable it is that words with these shares tell of nothing; of what most probably, and how probable that is where they tell of something.
    pub(super) fn event(&self, shares: &[f32]) -> (f32, (String, f32)) {
        let none = 1.0 - self.told(shares);
        let (at, share) = greatest(shares, |at| Some(at) != self.none);
        (none, (self.event_names[at].clone(), share / (1.0 - none).max(1e-6)))
    }

    /// What is said of the marked token, and beside it the shares of all events.
    pub(super) fn answer(&self, logits: &Logits, marked: usize) -> (Answer<Range<usize>>, Vec<f32>) {
        let row = logits.row(marked);
        let events = self.shares(row);
        let (none, event) = self.event(&events);
        let mut shares = Vec::new();
        probabilities(&row[self.certainties.clone()], 1.0, &mut shares);
        let certainty = greatest(&shares[..self.certainty_values.len()], |_| true);
        let (mut fillers, mut nothing) = (Vec::new(), Vec::new());
        for (slot, column) in &self.slots {
            let (mut found, empty) = self.words(logits, *column);
            found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.start.cmp(&b.0.start)));
            let several = matches!(slot, Slot::Agent | Slot::Recipient | Slot::Equipment | Slot::RelayedBy);
            let most = if several { found.len() } else { 1 };
            nothing.push((*slot, empty));
            fillers.extend(found.into_iter().take(most).map(|(span, probability)| Filler { slot: *slot, span, probability }));
        }
        let certainty = (self.certainty_values[certainty.0], certainty.1);
        (Answer { by: self.by, none, event, certainty, fillers, empty: nothing }, events)
    }

    /// The words of what three columns mark, in the order of the text, and how probable it is that there are none.
    pub(super) fn words(&self, logits: &Logits, column: usize) -> (Vec<(Range<usize>, f32)>, f32) {
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
}

/// The columns whose names begin so, and the rest of the names.
pub(super) fn run<'o>(outputs: &'o [String], prefix: &str) -> (Range<usize>, Vec<&'o str>) {
    let first = outputs.iter().position(|o| o.starts_with(prefix)).unwrap_or(outputs.len());
    let names: Vec<&str> = outputs[first..].iter().map_while(|o| o.strip_prefix(prefix)).collect();
    (first..first + names.len(), names)
}

/// The first of the three columns that mark words.
pub(super) fn columns(outputs: &[String], name: &str, file: &str) -> Result<usize> {
    let named = |at: usize, prefix: &str| outputs.get(at).and_then(|o| o.strip_prefix(prefix)) == Some(name);
    let first = (0..outputs.len()).find(|at| named(*at, "O-")).filter(|at| named(at + 1, "B-") && named(at + 2, "I-"));
    first.ok_or_else(|| fault(file, format!("{name} has not its three columns")))
}

/// The slot of a name in a model's file.
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

/// The first greatest of those that count, and its share.
pub(super) fn greatest(shares: &[f32], counts: impl Fn(usize) -> bool) -> (usize, f32) {
    let mut top = (0, f32::NEG_INFINITY);
    for (at, share) in shares.iter().enumerate().filter(|(at, _)| counts(*at)) {
        if *share > top.1 {
            top = (at, *share);
        }
    }
    top
}

pub(super) fn fault(file: &str, reason: impl ToString) -> Error {
    Error::Data { file: file.to_owned(), place: "labels".to_owned(), reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &str) -> Vec<String> {
        names.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn a_model_answers_what_its_numbers_are_called_by() {
        let outputs =
            names("O-agent B-agent I-agent O-unit B-unit I-unit event-None event-Killed event-Struck certainty-stated certainty-denied");
        let questions = Questions::new("test", &outputs, &["unit"], "file").expect("all names are known");
        let mut logits = Logits::new(3, outputs.len());
        // The second of three words is asked about: Struck, denied, by the first two.
        logits.row_mut(1)[8] = 4.0;
        logits.row_mut(1)[10] = 4.0;
        logits.row_mut(0)[1] = 6.0;
        logits.row_mut(1)[2] = 6.0;
        logits.row_mut(2)[0] = 6.0;
        let (answer, shares) = questions.answer(&logits, 1);
        assert_eq!((answer.event.0.as_str(), answer.certainty.0), ("Struck", Certainty::Denied));
        // Four against nothing and nothing: e⁴ in e⁴ + 2.
        let e4 = 4f32.exp();
        assert!((shares[2] - e4 / (e4 + 2.0)).abs() < 1e-4 && (answer.event.1 - e4 / (e4 + 1.0)).abs() < 1e-4, "{shares:?} {answer:?}");
        assert_eq!(answer.of(Slot::Agent).map(|f| (f.span.start, f.span.end)).collect::<Vec<_>>(), [(0, 2)]);
        assert!(answer.empty(Slot::Agent) < 0.01 && answer.of(Slot::Place).next().is_none());
    }

    #[test]
    fn a_model_whose_numbers_have_other_names_is_refused() {
        let whole = "O-agent B-agent I-agent event-None event-Killed certainty-stated";
        assert!(Questions::new("test", &names(whole), &[], "file").is_ok());
        for (from, to, says) in [
            ("I-agent ", "", "agent has not its three columns"),
            ("agent", "victim", "victim is no slot"),
            ("certainty-stated", "certainty-sworn", "sworn is no certainty"),
            ("event-None event-Killed ", "", "lacks events"),
        ] {
            let error = Questions::new("test", &names(&whole.replace(from, to)), &[], "file").expect_err("refused");
            assert!(error.to_string().contains(says), "{error}");
        }
    }
}
