//! wiregraph reads scraped news and gives back a knowledge graph: who did what with what, where, when, how many, and according to whom.
//!
//! Data flows one way: [`read`] → [`strip`] → [`split`] → [`syntax`] → [`recognise`] → [`extract`] → [`resolve`] → [`graph`]. A module imports
//! only from those before it, [`types`], [`lexicon`] and [`error`].

pub mod cli;
pub mod encoder;
pub mod error;
pub mod evaluate;
pub mod export;
pub mod extract;
pub mod graph;
pub mod inspect;
pub mod journal;
pub mod lexicon;
pub mod limits;
pub mod ordered;
pub mod pipeline;
pub mod quarantine;
pub mod read;
pub mod recognise;
pub mod report;
pub mod resolve;
pub mod split;
pub mod stream;
pub mod strip;
pub mod syntax;
pub mod types;
