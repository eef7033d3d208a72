//! JSON Lines: a record a line.

use super::bytes::Bytes;
use super::input::{Reader, broken_off};
use crate::error::{Error, Result, Stage};
use crate::types::RawDocument;
use std::io::{self, BufRead, Read};

/// How much of a line that is too long is passed over at once.
const PIECE: u64 = 16 * 1024;

/// The lines of an input that is open.
pub(super) struct Lines {
    name: String,
    from: Bytes,
    number: u64,
    over: bool,
}

impl Lines {
    pub(super) fn new(name: &str, from: Bytes) -> Lines {
        Lines { name: name.to_owned(), from, number: 0, over: false }
    }

    /// The document of the next line that is not blank.
    pub(super) fn next(&mut self, reader: &Reader) -> Option<Result<RawDocument>> {
        // A record's text is escaped: its line may be longer than the text.
        let limit = 2 * reader.limit();
        let mut line = Vec::new();
        while !self.over {
            self.number += 1;
            line.clear();
            let fail = |why: &str| Some(Err(Error::document(&format!("{}#{}", self.name, self.number), Stage::Read, why)));
            match self.from.by_ref().take(limit).read_until(b'\n', &mut line) {
                Ok(0) => return None,
                Ok(read) if read as u64 >= limit && !line.ends_with(b"\n") => {
                    self.over = self.pass_over().is_err();
                    return Some(Err(reader.too_large(&format!("{}#{}", self.name, self.number))));
                }
                Ok(_) if line.trim_ascii().is_empty() => {}
                Ok(_) => {
                    return match std::str::from_utf8(&line) {
                        Ok(text) => Some(reader.record(text.trim(), &self.name, self.number)),
                        Err(_) => fail(&format!("line {} is no UTF-8", self.number)),
                    };
                }
                Err(e) => {
                    self.over = true;
                    return Some(Err(broken_off(&format!("{}#{}", self.name, self.number), &e)));
                }
            }
        }
        None
    }

    /// Passes over the rest of a line, a piece at a time.
    fn pass_over(&mut self) -> io::Result<()> {
        let mut piece = Vec::new();
        while self.from.by_ref().take(PIECE).read_until(b'\n', &mut piece)? > 0 && !piece.ends_with(b"\n") {
            piece.clear();
        }
        Ok(())
    }
}
