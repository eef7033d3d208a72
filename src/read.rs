//! From paths to raw documents: HTML, copied text, JSON Lines; encodings.
//!
//! ```
//! let reader = wiregraph::read::Reader::load(None)?;
//! let record = reader.record(r#"{"id": "a1", "text": "Two ships left Odesa.", "date": "2025-05-03"}"#, "day.jsonl", 1)?;
//! assert_eq!((record.id.as_str(), record.source_file.as_str()), ("a1", "day.jsonl#1"));
//! # Ok::<(), wiregraph::error::Error>(())
//! ```

mod byline;
mod day;
mod fields;
mod input;
mod kind;

pub use byline::Bylines;
pub(crate) use day::month_of;
pub use day::{day, days};
pub use input::{Inputs, LIMIT, Reader};
pub use kind::{Kind, kind};
