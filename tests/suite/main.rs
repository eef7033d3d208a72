//! Tests of the whole, as one binary.

mod amounts;
mod antecedents;
mod batch;
mod command_line;
mod corpus;
mod encoder;
mod export;
mod extract;
mod pages;
mod relations;
mod resolve;
mod rules;
