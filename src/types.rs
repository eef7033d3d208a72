//! The words that the stages share: documents, spans, mentions, quantities, claims, references.

mod analysis;
mod claim;
mod document;
mod entity;
mod event;
mod listed;
mod mention;
mod quantity;
mod sentence;
mod span;

pub use analysis::Analysis;
pub use claim::{Attribution, Certainty, Claim, Counted, Extraction, Figure, Role, Setting, Slot, Support};
pub use document::{Content, Dateline, Document, Metadata, RawDocument, SourceMap};
pub use entity::Reference;
pub use event::{EVENT_TYPES, RELATION_TYPES, is_between, is_standing};
pub use listed::{Gazetteer, Listed};
pub use mention::{CalendarUnit, Days, Evidence, Kind, Mention, Other, TimeValue, Via};
pub use quantity::{Amount, Bound, Change, Direction, Measure, Quantity, Scope};
pub use sentence::{Label, Node, Sentence, Split, Syntax, Tag, Token};
pub use span::{ByteSpan, SourceSpan};
