//! From paths to raw documents: HTML, copied text, JSON Lines, archives of WARC and tar, each packed or not, told apart by content.
//!
//! Nothing but the document at hand is held: archives and directories are read as their documents are asked for.
//!
//! ```
//! let reader = wiregraph::read::Reader::load(None)?;
//! let record = reader.record(r#"{"id": "a1", "text": "Two ships left Odesa.", "date": "2025-05-03"}"#, "day.jsonl", 1)?;
//! assert_eq!((record.id.as_str(), record.source_file.as_str()), ("a1", "day.jsonl#1"));
//! # Ok::<(), wiregraph::error::Error>(())
//! ```

mod byline;
mod bytes;
mod day;
mod fields;
mod gzip;
mod headers;
mod http;
mod input;
mod kind;
mod lines;
mod tar;
mod unpack;
mod walk;
mod warc;
mod zstd;

pub use byline::Bylines;
pub(crate) use day::month_of;
pub use day::{day, days};
pub use input::{Inputs, LIMIT, Reader};
pub use kind::{Kind, kind};
