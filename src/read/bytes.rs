//! The bytes of an input as they come in: looked at before they are taken, counted, and kept for a while behind.

use std::io::{self, BufRead, Read};

/// How much is asked for at once.
const PIECE: usize = 64 * 1024;
/// How much is held at most, of which what was taken is kept for [`Bytes::go_to`].
const HELD: usize = 1024 * 1024;

/// Buffered bytes with an offset, which can go back a little.
pub(super) struct Bytes {
    from: Box<dyn Read + Send>,
    /// Up to `end` what was read, room behind.
    held: Vec<u8>,
    end: usize,
    /// Offset of the first byte that is held.
    base: u64,
    /// Where in `held` the bytes that were not taken start.
    next: usize,
    /// From where in `held` bytes are kept though they were taken, if any are.
    kept: Option<usize>,
    ended: bool,
    /// Told when what came before it is taken.
    failure: Option<io::Error>,
}

impl Bytes {
    pub(super) fn new(from: Box<dyn Read + Send>) -> Bytes {
        Bytes { from, held: Vec::new(), end: 0, base: 0, next: 0, kept: None, ended: false, failure: None }
    }

    /// How many bytes were taken.
    pub(super) fn offset(&self) -> u64 {
        self.base + self.next as u64
    }

    /// The next `count` bytes, or all that are left.
    pub(super) fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        while self.end - self.next < count && !self.ended {
            self.more();
        }
        self.check()?;
        let end = self.end.min(self.next + count);
        Ok(&self.held[self.next..end])
    }

    /// Keeps what is taken from here on, as far as it can be held.
    pub(super) fn keep(&mut self) {
        self.kept = Some(self.next);
    }

    /// Goes to `offset`, or as far towards it as bytes are held.
    pub(super) fn go_to(&mut self, offset: u64) {
        let wanted = usize::try_from(offset.saturating_sub(self.base)).unwrap_or(usize::MAX);
        self.next = wanted.max(self.kept.unwrap_or(self.next)).min(self.end);
    }

    /// Fails where reading failed behind the bytes that were taken.
    fn check(&mut self) -> io::Result<()> {
        match self.failure.take_if(|_| self.next == self.end) {
            Some(failure) => Err(failure),
            None => Ok(()),
        }
    }

    fn more(&mut self) {
        if self.end + PIECE > HELD {
            // What is not kept goes first, then what was kept longest.
            let mut from = self.kept.map_or(self.next, |kept| kept.min(self.next));
            if self.end - from > HELD / 2 {
                from = self.next.min(self.end - HELD / 2);
            }
            self.held.copy_within(from..self.end, 0);
            self.base += from as u64;
            self.next -= from;
            self.end -= from;
            self.kept = self.kept.map(|kept| kept.saturating_sub(from));
        }
        if self.held.len() < self.end + PIECE {
            self.held.resize(self.end + PIECE, 0);
        }
        loop {
            match self.from.read(&mut self.held[self.end..]) {
                Ok(read) => {
                    self.ended = read == 0;
                    self.end += read;
                    return;
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => {
                    (self.ended, self.failure) = (true, Some(e));
                    return;
                }
            }
        }
    }
}

impl Read for Bytes {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let at_hand = self.fill_buf()?;
        let count = at_hand.len().min(out.len());
        out[..count].copy_from_slice(&at_hand[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Bytes {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.next == self.end && !self.ended {
            self.more();
        }
        self.check()?;
        Ok(&self.held[self.next..self.end])
    }

    fn consume(&mut self, count: usize) {
        self.next = (self.next + count).min(self.end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_counted_and_kept() {
        let all: Vec<u8> = (0..3 * HELD).map(|i| (i % 251) as u8).collect();
        let mut bytes = Bytes::new(Box::new(io::Cursor::new(all.clone())));
        assert_eq!(bytes.peek(10).expect("bytes"), &all[..10]);
        bytes.consume(100);
        bytes.keep();
        bytes.consume(50);
        bytes.go_to(0);
        assert_eq!(bytes.offset(), 100);
        // More was taken than can be held: what is left of it comes again.
        let mut taken = vec![0; 2 * HELD];
        bytes.read_exact(&mut taken).expect("bytes");
        assert_eq!(taken, &all[100..100 + 2 * HELD]);
        bytes.go_to(100);
        let at = bytes.offset() as usize;
        assert!(at < 100 + 2 * HELD && at > HELD);
        let mut rest = Vec::new();
        bytes.read_to_end(&mut rest).expect("bytes");
        assert_eq!(rest, &all[at..]);
        assert_eq!(bytes.offset() as usize, all.len());
    }
}
