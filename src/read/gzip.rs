//! One gzip member after the other (RFC 1952).

use super::bytes::Bytes;
use flate2::{Crc, Decompress, FlushDecompress, Status};
use std::io::{self, BufRead};

/// What every member starts with: the mark, and deflate as its method.
pub(super) const MARK: &[u8] = b"\x1f\x8b\x08";
/// The most that a member's header may take: its extra field has up to 64 KB, its names some more.
const HEADER: usize = 80 * 1024;

/// The most room that is made at once for what unpacks, and the least.
const MOST: usize = 1024 * 1024;
const LEAST: usize = 16 * 1024;

/// The member that is being unpacked.
pub(super) struct Member {
    inflate: Decompress,
    sum: Crc,
    /// Whether all is unpacked but the sum at the end not looked at.
    at_end: bool,
}

impl Member {
    pub(super) fn new() -> Member {
        Member { inflate: Decompress::new(false), sum: Crc::new(), at_end: false }
    }

    /// Starts on the member that `input` stands at.
    pub(super) fn open(&mut self, input: &mut Bytes) -> io::Result<()> {
        let len = header(input.peek(10)?).or_else(|| input.peek(HEADER).ok().and_then(header));
        let Some(len) = len else {
            let cut = input.peek(HEADER)?.len() < HEADER;
            return Err(if cut { early() } else { damaged("has no header that can be read") });
        };
        input.consume(len);
        self.inflate.reset(false);
        self.sum = Crc::new();
        self.at_end = false;
        Ok(())
    }

    /// Unpacks some more into `out`; 0 where the member ends and its sum fits.
    pub(super) fn unpack(&mut self, input: &mut Bytes, out: &mut [u8]) -> io::Result<usize> {
        while !self.at_end {
            let packed = input.fill_buf()?;
            let none = packed.is_empty();
            let (taken, given) = (self.inflate.total_in(), self.inflate.total_out());
            let status = self.inflate.decompress(packed, out, FlushDecompress::None);
            let taken = (self.inflate.total_in() - taken) as usize;
            let given = (self.inflate.total_out() - given) as usize;
            input.consume(taken);
            match status {
                Err(_) => return Err(damaged("is damaged")),
                Ok(Status::StreamEnd) => self.at_end = true,
                Ok(_) if given == 0 && none => return Err(early()),
                Ok(_) if given == 0 && taken == 0 => return Err(damaged("is damaged")),
                Ok(_) => {}
            }
            if given > 0 {
                self.sum.update(&out[..given]);
                return Ok(given);
            }
        }
        let trailer = input.peek(8)?;
        let (Some(sum), Some(len)) = (trailer.get(..4), trailer.get(4..8)) else { return Err(early()) };
        if sum != self.sum.sum().to_le_bytes() || len != self.sum.amount().to_le_bytes() {
            return Err(damaged("is damaged: its checksum does not fit"));
        }
        input.consume(8);
        Ok(0)
    }
}

/// Unpacks what is in memory, up to `limit` bytes and some more; what follows the last member is nothing, or no matter.
pub(super) fn unpack_all(inflate: &mut Decompress, mut packed: &[u8], limit: u64, out: &mut Vec<u8>) -> io::Result<()> {
    while packed.starts_with(MARK) {
        packed = &packed[header(packed).ok_or_else(early)?..];
        let start = out.len();
        inflate.reset(false);
        loop {
            out.reserve(packed.len().saturating_mul(4).clamp(LEAST, MOST));
            let (taken, given) = (inflate.total_in(), out.len());
            let status = inflate.decompress_vec(packed, out, FlushDecompress::Finish).map_err(|_| damaged("is damaged"))?;
            let taken = (inflate.total_in() - taken) as usize;
            packed = &packed[taken..];
            if status == Status::StreamEnd {
                break;
            }
            if out.len() as u64 > limit {
                return Ok(());
            }
            if packed.is_empty() && out.len() == given {
                return Err(early());
            }
            if taken == 0 && out.len() == given {
                return Err(damaged("is damaged"));
            }
        }
        let mut sum = Crc::new();
        sum.update(&out[start..]);
        let (Some(wanted), Some(rest)) = (packed.get(..4), packed.get(8..)) else { return Err(early()) };
        if wanted != sum.sum().to_le_bytes() {
            return Err(damaged("is damaged: its checksum does not fit"));
        }
        packed = rest;
    }
    Ok(())
}

fn damaged(how: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the gzip data {how}"))
}

fn early() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the gzip data ends early")
}

/// The length of the header that `bytes` start with, if all of it is there.
fn header(bytes: &[u8]) -> Option<usize> {
    if !bytes.starts_with(MARK) {
        return None;
    }
    let flags = bytes.get(3).filter(|flags| **flags & 0xe0 == 0)?;
    let mut len = 10;
    if flags & 4 != 0 {
        len += 2 + usize::from(u16::from_le_bytes([*bytes.get(len)?, *bytes.get(len + 1)?]));
    }
    // A name, and a comment.
    for flag in [8, 16] {
        if flags & flag != 0 {
            len += memchr::memchr(0, bytes.get(len..)?)? + 1;
        }
    }
    if flags & 2 != 0 {
        len += 2;
    }
    (len <= bytes.len()).then_some(len)
}
