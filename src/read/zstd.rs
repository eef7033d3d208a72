//! One zstd frame after the other (RFC 8878), with the dictionary that a WARC may start with.

use super::bytes::Bytes;
use ruzstd::decoding::{BlockDecodingStrategy, Dictionary, FrameDecoder};
use std::io::{self, BufRead, Read};

/// What every frame with data starts with.
pub(super) const MARK: &[u8] = b"\x28\xb5\x2f\xfd";
/// The frame that holds a WARC's dictionary.
const DICTIONARY: u32 = 0x184D_2A5D;
/// The most bytes a dictionary may have.
const DICTIONARY_LIMIT: u64 = 16 * 1024 * 1024;
/// How far back a frame may refer: what `zstd --long` writes.
const WINDOW: u64 = 128 * 1024 * 1024;

/// The frame that is being unpacked.
pub(super) struct Frame {
    decoder: FrameDecoder,
    dictionary: Option<u32>,
}

impl Frame {
    pub(super) fn new() -> Frame {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(WINDOW);
        Frame { decoder, dictionary: None }
    }

    /// Starts on the next frame with data; false where there is none.
    pub(super) fn open(&mut self, input: &mut Bytes) -> io::Result<bool> {
        while let Some((kind, len)) = skippable(input.peek(8)?) {
            let first = input.offset() == 0;
            input.consume(8);
            let mut content = input.by_ref().take(len);
            if kind == DICTIONARY && first && len <= DICTIONARY_LIMIT {
                let mut bytes = Vec::new();
                content.read_to_end(&mut bytes)?;
                self.learn(bytes)?;
            } else if io::copy(&mut content, &mut io::sink())? < len {
                return Err(early());
            }
        }
        if input.peek(1)?.is_empty() {
            return Ok(false);
        }
        if self.decoder.reset(input.by_ref()).is_err() {
            return Err(broken(input));
        }
        if let Some(id) = self.dictionary {
            self.decoder.force_dict(id).map_err(|_| damaged("needs another dictionary"))?;
        }
        Ok(true)
    }

    /// Unpacks some more into `out`; 0 where the frame ends and its sum fits.
    pub(super) fn unpack(&mut self, input: &mut Bytes, out: &mut [u8]) -> io::Result<usize> {
        while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
            if self.decoder.decode_blocks(input.by_ref(), BlockDecodingStrategy::UptoBytes(out.len())).is_err() {
                return Err(broken(input));
            }
        }
        let given = self.decoder.read(out)?;
        if given == 0
            && let Some(sum) = self.decoder.get_checksum_from_data()
            && self.decoder.get_calculated_checksum() != Some(sum)
        {
            return Err(damaged("is damaged: its checksum does not fit"));
        }
        Ok(given)
    }

    /// Takes a dictionary, itself packed or not, for all frames.
    fn learn(&mut self, bytes: Vec<u8>) -> io::Result<()> {
        let mut plain = bytes;
        if plain.starts_with(MARK) {
            let mut unpacked = Vec::new();
            let mut decoder =
                ruzstd::decoding::StreamingDecoder::new(plain.as_slice()).map_err(|_| damaged("has a dictionary that is damaged"))?;
            decoder.by_ref().take(DICTIONARY_LIMIT).read_to_end(&mut unpacked)?;
            plain = unpacked;
        }
        let dictionary = Dictionary::decode_dict(&plain).map_err(|_| damaged("has a dictionary that is damaged"))?;
        self.dictionary = Some(dictionary.id);
        self.decoder.add_dict(dictionary).map_err(|_| damaged("has a dictionary that is damaged"))
    }
}

/// Kind and length of a frame that holds no data.
fn skippable(bytes: &[u8]) -> Option<(u32, u64)> {
    let word = |at: usize| bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
    let kind = word(0).filter(|kind| kind & 0xffff_fff0 == 0x184D_2A50)?;
    Some((kind, u64::from(word(4)?)))
}

/// Whether `bytes` start a frame, of data or not.
pub(super) fn starts(bytes: &[u8]) -> bool {
    bytes.starts_with(MARK) || skippable(bytes).is_some()
}

fn broken(input: &mut Bytes) -> io::Error {
    if input.peek(1).is_ok_and(<[u8]>::is_empty) { early() } else { damaged("is damaged") }
}

fn damaged(how: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the zstd data {how}"))
}

fn early() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the zstd data ends early")
}
