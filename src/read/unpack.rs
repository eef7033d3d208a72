//! Packed bytes, unpacked: members of gzip or frames of zstd one after the other, and how to go on behind a broken one.

use super::bytes::Bytes;
use super::gzip::{self, Member};
use super::zstd::{self, Frame};
use memchr::memmem;
use std::io::{self, BufRead, Read};

/// How much is unpacked at once.
const PIECE: usize = 128 * 1024;
/// How much is looked through at once for the start of a unit.
const LOOK: usize = 32 * 1024;

/// How an input is packed.
enum Packing {
    Plain,
    Gzip(Box<Member>),
    Zstd(Box<Frame>),
}

/// What follows a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Another, which is open now.
    Unit,
    /// Nothing.
    End,
    /// Bytes that start no unit.
    Other,
}

/// An input's bytes, unpacked, unit by unit. A unit is a member of gzip, a frame of zstd, or the whole of what is not packed.
pub(super) struct Source {
    input: Bytes,
    packing: Packing,
    out: Vec<u8>,
    /// Which part of `out` was not taken.
    ready: std::ops::Range<usize>,
    /// Where in the input the unit starts.
    unit: u64,
    open: bool,
    /// Unpacked bytes taken, of all units and of this one.
    taken: u64,
    taken_before: u64,
}

impl Source {
    /// What is not packed.
    pub(super) fn plain(input: Bytes) -> Source {
        Source::new(input, Packing::Plain)
    }

    /// Members of gzip.
    pub(super) fn gzip(input: Bytes) -> Source {
        Source::new(input, Packing::Gzip(Box::new(Member::new())))
    }

    /// Frames of zstd.
    pub(super) fn zstd(input: Bytes) -> Source {
        Source::new(input, Packing::Zstd(Box::new(Frame::new())))
    }

    fn new(input: Bytes, packing: Packing) -> Source {
        Source { input, packing, out: Vec::new(), ready: 0..0, unit: 0, open: false, taken: 0, taken_before: 0 }
    }

    /// The unpacked bytes at hand; none where the unit ends, or none is open.
    ///
    /// # Errors
    /// When the unit is damaged; it is closed then.
    pub(super) fn fill(&mut self) -> io::Result<&[u8]> {
        if self.ready.is_empty() && self.open {
            match &mut self.packing {
                Packing::Plain => return self.input.fill_buf(),
                packing => {
                    self.ready = 0..0;
                    self.out.resize(PIECE, 0);
                    let given = match packing {
                        Packing::Gzip(member) => member.unpack(&mut self.input, &mut self.out),
                        Packing::Zstd(frame) => frame.unpack(&mut self.input, &mut self.out),
                        Packing::Plain => Ok(0),
                    };
                    self.open = matches!(given, Ok(1..));
                    self.ready = 0..given?;
                }
            }
        }
        Ok(&self.out[self.ready.clone()])
    }

    /// Takes `count` of the bytes at hand.
    pub(super) fn take(&mut self, count: usize) {
        self.taken += count as u64;
        if self.ready.is_empty() {
            self.input.consume(count);
        } else {
            self.ready.start = (self.ready.start + count).min(self.ready.end);
        }
    }

    /// Puts bytes that were taken back before those at hand.
    pub(super) fn give_back(&mut self, mut bytes: Vec<u8>) {
        self.taken = self.taken.saturating_sub(bytes.len() as u64);
        bytes.extend_from_slice(&self.out[self.ready.clone()]);
        self.ready = 0..bytes.len();
        self.out = bytes;
    }

    /// The next `count` unpacked bytes of the unit, or all that are left of it.
    ///
    /// # Errors
    /// As [`Source::fill`].
    pub(super) fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        while self.fill()?.len() < count {
            let mut joined = self.fill()?.to_vec();
            let before = joined.len();
            self.take(before);
            // What a damaged unit gave before the damage stays at hand.
            let more = self.fill().map(<[u8]>::to_vec);
            let none = !matches!(&more, Ok(bytes) if !bytes.is_empty());
            if let Ok(bytes) = &more {
                self.take(bytes.len());
                joined.extend_from_slice(bytes);
            }
            self.give_back(joined);
            more?;
            if none {
                break;
            }
        }
        let at_hand = self.fill()?;
        Ok(&at_hand[..at_hand.len().min(count)])
    }

    /// Whether what the input unpacks to starts with `words`.
    ///
    /// # Errors
    /// As [`Source::next_unit`] and [`Source::fill`].
    pub(super) fn starts_with(&mut self, words: &[u8]) -> io::Result<bool> {
        Ok(self.next_unit()? == Next::Unit && self.peek(words.len())? == words)
    }

    /// Goes on to what follows the unit.
    ///
    /// # Errors
    /// When it cannot be read, or its header is damaged; it was not gone on to then.
    pub(super) fn next_unit(&mut self) -> io::Result<Next> {
        self.ready = 0..0;
        self.open = false;
        self.taken_before = self.taken;
        self.unit = self.input.offset();
        let next = self.open_unit();
        if next.is_err() {
            self.input.go_to(self.unit);
        }
        next
    }

    fn open_unit(&mut self) -> io::Result<Next> {
        match &mut self.packing {
            Packing::Plain => self.open = !self.input.fill_buf()?.is_empty(),
            Packing::Gzip(member) => {
                // Some writers fill up a block with zeros.
                while !self.input.peek(1)?.is_empty() && self.input.peek(LOOK)?.iter().all(|b| *b == 0) {
                    let zeros = self.input.peek(LOOK)?.len();
                    self.input.consume(zeros);
                }
                self.input.keep();
                let start = self.input.peek(gzip::MARK.len())?;
                if start.is_empty() {
                    return Ok(Next::End);
                }
                if start != gzip::MARK {
                    return Ok(Next::Other);
                }
                member.open(&mut self.input)?;
                self.open = true;
            }
            Packing::Zstd(frame) => {
                self.input.keep();
                let start = self.input.peek(8)?;
                if !start.is_empty() && !zstd::starts(start) {
                    return Ok(Next::Other);
                }
                self.open = frame.open(&mut self.input)?;
            }
        }
        Ok(if self.open { Next::Unit } else { Next::End })
    }

    /// Goes on at the next unit, behind the start of the one before, that holds bytes which start with `words`; false where there is none.
    ///
    /// # Errors
    /// When the input cannot be read.
    pub(super) fn next_unit_with(&mut self, words: &[u8]) -> io::Result<bool> {
        let mark = match self.packing {
            Packing::Plain => return Ok(false),
            Packing::Gzip(_) => gzip::MARK,
            Packing::Zstd(_) => zstd::MARK,
        };
        // A broken unit may have run over the start of the next one.
        self.input.go_to(self.unit + 1);
        loop {
            let bytes = self.input.peek(LOOK)?;
            let len = bytes.len();
            let Some(at) = memmem::find(bytes, mark) else {
                if len < LOOK {
                    self.input.consume(len);
                    (self.open, self.ready) = (false, 0..0);
                    return Ok(false);
                }
                self.input.consume(len - mark.len() + 1);
                continue;
            };
            self.input.consume(at);
            let here = self.input.offset();
            if matches!(self.next_unit(), Ok(Next::Unit)) && self.fill().is_ok_and(|bytes| bytes.starts_with(words)) {
                return Ok(true);
            }
            self.input.go_to(here + 1);
        }
    }

    /// Whether the input is packed.
    pub(super) fn is_packed(&self) -> bool {
        !matches!(self.packing, Packing::Plain)
    }

    /// Whether nothing of the unit was taken.
    pub(super) fn at_unit_start(&self) -> bool {
        self.taken == self.taken_before
    }

    /// Where in the input the unit starts.
    pub(super) fn unit_offset(&self) -> u64 {
        self.unit
    }

    /// How many unpacked bytes were taken.
    pub(super) fn offset(&self) -> u64 {
        self.taken
    }
}

impl Read for Source {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let at_hand = match self.fill() {
                Ok(at_hand) => at_hand,
                Err(e) => return Err(io::Error::new(e.kind(), format!("{e}, at byte {}", self.input.offset()))),
            };
            if !at_hand.is_empty() {
                let count = at_hand.len().min(out.len());
                out[..count].copy_from_slice(&at_hand[..count]);
                self.take(count);
                return Ok(count);
            }
            match self.next_unit() {
                Ok(Next::Unit) => {}
                Ok(Next::End) => return Ok(0),
                Ok(Next::Other) => {
                    let words = format!("the packed data is followed by something else, at byte {}", self.input.offset());
                    return Err(io::Error::new(io::ErrorKind::InvalidData, words));
                }
                Err(e) => return Err(io::Error::new(e.kind(), format!("{e}, at byte {}", self.input.offset()))),
            }
        }
    }
}
