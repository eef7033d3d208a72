//! From sentences to claims: numbers, what is counted, events, roles, times, attribution.

pub mod number;
