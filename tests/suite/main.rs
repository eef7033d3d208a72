//! Tests of the whole, as one binary.

mod command_line;
mod corpus;
mod encoder;
mod extract;
mod resolve;
mod rules;
