//! Within one article: which mentions, descriptions and pronouns are one thing.
//!
//! [`names`] joins names by their words; [`phrases`] finds what describes, [`constructs`] and [`sieve`] lead it to a name or to other descriptions; [`described`] sees to it
//! that every slot of a claim has a reference, but places and actors that no name leads to.

mod antecedents;
mod chains;
mod constructs;
mod described;
mod models;
mod names;
mod nominals;
mod persons;
mod phrases;
mod references;
mod sieve;

pub use antecedents::Antecedents;
pub use nominals::Nominals;
pub use phrases::Given;
pub use references::{Resolved, Sources, chains_of, references, without_nobody};
