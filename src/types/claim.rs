//! What somebody reported: claims (with a number) and relations (without).

use super::{Bound, ByteSpan, Days, Direction, Quantity, Scope, Syntax};

/// An attribution: whose words or figures a stretch of text gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribution {
    /// The whole: content, cue and source.
    pub span: ByteSpan,
    /// The cue: "said", "according to".
    pub cue: ByteSpan,
    /// Who is cited: "the NIS", "it".
    pub source: ByteSpan,
    /// What is attributed.
    pub content: Vec<ByteSpan>,
    /// Those who passed it on: "according to Reps. Lee and Kim" round "the NIS told lawmakers".
    pub relayed_by: Vec<ByteSpan>,
    /// What the cue does to the certainty of its content: "believes", "denied".
    pub certainty: Option<Certainty>,
    /// Whether the source only takes a stand on the content, wants it or asks for it, or is a paper: no figure in it is put down to the source.
    pub stance: bool,
}

/// How sure the text is of what it reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Certainty {
    Stated,
    Estimated,
    Believed,
    Possible,
    Planned,
    Denied,
}

impl Certainty {
    /// Every value.
    pub const ALL: [Certainty; 6] =
        [Certainty::Stated, Certainty::Estimated, Certainty::Believed, Certainty::Possible, Certainty::Planned, Certainty::Denied];

    /// The name in the graph.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Certainty::Stated => "stated",
            Certainty::Estimated => "estimated",
            Certainty::Believed => "believed",
            Certainty::Possible => "possible",
            Certainty::Planned => "planned",
            Certainty::Denied => "denied",
        }
    }

    /// The value of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Certainty> {
        Certainty::ALL.into_iter().find(|c| c.name() == name)
    }
}

/// A property of a claim that words of the text fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the graph's")]
pub enum Slot {
    Value,
    EventType,
    Counted,
    CountedActor,
    Place,
    Origin,
    Agent,
    Recipient,
    Equipment,
    Time,
    AsOf,
    Author,
    RelayedBy,
    Certainty,
    Scope,
}

/// An actor, place or thing in one of a claim's slots.
#[derive(Clone, Debug, PartialEq)]
pub struct Role {
    /// Which slot.
    pub slot: Slot,
    /// The words: a mention's, or a nominal's or pronoun's that `resolve` leads back to one.
    pub span: ByteSpan,
}

/// The words that filled a slot, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Support {
    /// Which slot.
    pub slot: Slot,
    /// The words.
    pub span: ByteSpan,
    /// Why they fill it, in words: "subject of “deploy”".
    pub reason: String,
}

/// What is counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    /// Premodifiers and head.
    pub span: ByteSpan,
    /// As written, with no determiner, number or postmodifier.
    pub text: String,
}

/// The number of a claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Number, bound and unit.
    pub quantity: Quantity,
    /// What is counted.
    pub counted: Option<Counted>,
}

/// One thing that somebody reported: a claim where it has a figure, a relation where it has none.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Index of the sentence that says so.
    pub sentence: usize,
    /// The number, for a claim.
    pub figure: Option<Figure>,
    /// Event type: a local name of the ontology, or a user's IRI.
    pub event: String,
    /// The type of the ontology above a user's.
    pub broader: Option<String>,
    /// Lemma of the word that says so.
    pub predicate: String,
    /// The words of the predicate.
    pub predicate_span: ByteSpan,
    /// Actors, places, things.
    pub roles: Vec<Role>,
    /// When it happened.
    pub when: Option<Days>,
    /// When the source gave the figure.
    pub as_of: Option<Days>,
    /// The words of either.
    pub time: Option<ByteSpan>,
    /// The words of the attribution.
    pub attribution: Option<ByteSpan>,
    /// How sure the text is.
    pub certainty: Certainty,
    /// Total or increment.
    pub scope: Option<Scope>,
    /// 0 to 1.
    pub confidence: f32,
    /// The words of the whole that the counted are a part of: "the 39 injured" of "eight of the 39 injured".
    pub whole: Option<ByteSpan>,
    /// Evidence for each slot; never empty.
    pub support: Vec<Support>,
}

/// What stands around a quantity.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Setting {
    /// What it counts.
    pub counted: Option<Counted>,
    /// What it is said of, nearest first: "revenue" of "revenue rose to $7 billion".
    pub of: Vec<Counted>,
    /// Of counted things, per what: "day" of "3,000 tests per day".
    pub per: Option<String>,
    /// How words around it bound the amount, where its own cue does not.
    pub bound: Option<Bound>,
    /// Which way something changed by it.
    pub change: Option<Direction>,
}

impl Claim {
    /// Its event type, of a user's type the built-in one above it.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.broader.as_deref().unwrap_or(&self.event)
    }

    /// What is counted.
    #[must_use]
    pub fn counted(&self) -> Option<&Counted> {
        self.figure.as_ref()?.counted.as_ref()
    }

    /// The words of the number, its cue and its unit.
    #[must_use]
    pub fn amount(&self) -> Option<ByteSpan> {
        let quantity = &self.figure.as_ref()?.quantity;
        Some(quantity.unit_span.map_or(quantity.span, |unit| quantity.span.join(unit)))
    }
}

/// What one document gave.
#[derive(Clone, Debug, Default)]
pub struct Extraction {
    /// Numbers, in order.
    pub quantities: Vec<Quantity>,
    /// What each quantity counts, by its index.
    pub counted: Vec<Option<Counted>>,
    /// What stands around each quantity, by its index.
    pub settings: Vec<Setting>,
    /// Attributions, in order.
    pub attributions: Vec<Attribution>,
    /// Claims and relations, in order of their words.
    pub claims: Vec<Claim>,
    /// By sentence, its syntax, where claims were looked for; none once references are found.
    pub syntax: Vec<Option<Syntax>>,
}
