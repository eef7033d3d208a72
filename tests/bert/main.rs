//! What the feature `bert` promises: checkpoints run as the embedded engine would run them, whole and in any company; what is wrong with one is said.
#![expect(clippy::unwrap_used, reason = "a test stops at the first fault")]

mod checkpoints;
mod command_line;
mod engines;
