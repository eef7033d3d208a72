//! Any bytes as text copied from a page: no panic, and every sentence leads back to bytes of the input.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wiregraph::types::Content;

mod check;

fuzz_target!(|bytes: &[u8]| check::article(bytes, Content::Copied));
