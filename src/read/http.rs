//! A response of HTTP as an archive holds it: its head, and its body after transfer and content decoding.

use super::bytes::Bytes;
use super::unpack::Source;
use super::{gzip, headers, zstd};
use flate2::Decompress;
use flate2::read::{DeflateDecoder, ZlibDecoder};
use std::io::{Cursor, Read};

/// What the head of a response says.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) status: u16,
    /// The type of its content, in lower case.
    pub(super) media_type: Option<String>,
    pub(super) charset: Option<String>,
    chunked: bool,
    /// How its content is packed, the outermost last.
    codings: Vec<String>,
}

/// Why a body cannot be had.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It has more bytes than are allowed.
    Large,
    /// In words.
    Damaged(String),
}

impl Head {
    /// Reads a head; none where the first line is no status line.
    pub(super) fn new(head: &[u8]) -> Option<Head> {
        let line = headers::first_line(head);
        let mut words = line.split_ascii_whitespace();
        words.next().filter(|version| version.to_ascii_uppercase().starts_with("HTTP/"))?;
        let status = words.next()?.parse().ok()?;
        let mut all = Head { status, ..Head::default() };
        for field in headers::fields(head) {
            let listed = |value: &str| value.split(',').map(|word| word.trim().to_ascii_lowercase()).collect::<Vec<_>>();
            if field.is("content-type") && all.media_type.is_none() {
                let (kind, charset) = headers::media_type(&field.value());
                (all.media_type, all.charset) = (Some(kind).filter(|kind| !kind.is_empty()), charset);
            } else if field.is("transfer-encoding") {
                all.codings.extend(listed(&field.value()));
            } else if field.is("content-encoding") {
                all.codings.splice(0..0, listed(&field.value()));
            }
        }
        all.chunked = all.codings.iter().any(|word| word == "chunked");
        Some(all)
    }

    /// The body, of at most `limit` bytes, out of the bytes behind the head. Archives often hold a body decoded under a head that says otherwise:
    /// what plainly is not chunked or packed is left as it is. Of a `cut` body there is as much as can be had.
    ///
    /// `inflate` is of any state: making one costs more than a page does.
    ///
    /// # Errors
    /// When it is too large or damaged.
    pub(super) fn body(&self, mut bytes: Vec<u8>, inflate: &mut Decompress, limit: u64, cut: bool) -> Result<Vec<u8>, Trouble> {
        if self.chunked && !unchunk(&mut bytes) && !cut {
            return Err(Trouble::Damaged("its body is sent in chunks, and one of them has no length".into()));
        }
        for coding in self.codings.iter().rev() {
            bytes = unpack(coding, bytes, inflate, limit, cut)?;
        }
        if bytes.len() as u64 > limit { Err(Trouble::Large) } else { Ok(bytes) }
    }
}

/// Puts chunks together in place; false where one is damaged, which ends the bytes.
fn unchunk(bytes: &mut Vec<u8>) -> bool {
    let (mut at, mut end, mut whole) = (0, 0, true);
    while let Some(line) = memchr::memchr(b'\n', &bytes[at..]) {
        let size = bytes[at..at + line].split(|b| *b == b';').next().unwrap_or_default().trim_ascii();
        let Some(size) = std::str::from_utf8(size).ok().and_then(|hex| usize::from_str_radix(hex, 16).ok()) else {
            if at == 0 {
                // Never was in chunks, or was put together by whoever archived it.
                return true;
            }
            whole = false;
            break;
        };
        let start = at + line + 1;
        let stop = start.saturating_add(size).min(bytes.len());
        if size == 0 {
            break;
        }
        bytes.copy_within(start..stop, end);
        end += stop - start;
        at = stop;
        at += usize::from(bytes.get(at) == Some(&b'\r'));
        at += usize::from(bytes.get(at) == Some(&b'\n'));
    }
    if at == 0 && end == 0 && !bytes.starts_with(b"0") {
        return true;
    }
    bytes.truncate(end);
    whole
}

fn unpack(coding: &str, bytes: Vec<u8>, inflate: &mut Decompress, limit: u64, cut: bool) -> Result<Vec<u8>, Trouble> {
    let markup = bytes.trim_ascii_start().starts_with(b"<");
    let mut out = Vec::new();
    let read = |from: &mut dyn Read, out: &mut Vec<u8>| from.take(limit + 1).read_to_end(out).map_err(|e| e.to_string());
    let done = match coding {
        "gzip" | "x-gzip" if bytes.starts_with(gzip::MARK) => {
            gzip::unpack_all(inflate, &bytes, limit, &mut out).map(|()| out.len()).map_err(|e| e.to_string())
        }
        "zstd" if bytes.starts_with(zstd::MARK) => read(&mut Source::zstd(Bytes::new(Box::new(Cursor::new(bytes)))), &mut out),
        "deflate" if !markup && bytes.len() > 2 => {
            // RFC 9110 means zlib's format; some servers send bare deflate.
            let zlib = bytes[0] & 0x0f == 8 && u16::from_be_bytes([bytes[0], bytes[1]]).is_multiple_of(31);
            if zlib {
                read(&mut ZlibDecoder::new(bytes.as_slice()), &mut out)
            } else {
                read(&mut DeflateDecoder::new(bytes.as_slice()), &mut out)
            }
        }
        "br" if !markup => read(&mut brotli_decompressor::Decompressor::new(bytes.as_slice(), 16 * 1024), &mut out),
        _ => return Ok(bytes),
    };
    match done {
        _ if out.len() as u64 > limit => Err(Trouble::Large),
        Err(why) if !cut => Err(Trouble::Damaged(format!("its body cannot be unpacked ({coding}): {why}"))),
        _ => Ok(out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn body(head: &str, bytes: &[u8]) -> Result<String, Trouble> {
        let head = Head::new(format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n").as_bytes()).expect("a head");
        head.body(bytes.to_vec(), &mut Decompress::new(false), 1000, false).map(|bytes| String::from_utf8(bytes).expect("UTF-8"))
    }

    #[test]
    fn chunks_are_put_together() {
        let chunked = "Transfer-Encoding: chunked";
        assert_eq!(body(chunked, b"4\r\nTen \r\n6;x=y\r\nships.\r\n0\r\n\r\n").expect("a body"), "Ten ships.");
        assert_eq!(body(chunked, b"4\r\nTen \r\n6\r\nshi").expect("cut"), "Ten shi");
        assert_eq!(body(chunked, b"<p>Ten ships.").expect("not in chunks"), "<p>Ten ships.");
        assert_eq!(body(chunked, b"<p>Ten\nships.").expect("not in chunks"), "<p>Ten\nships.");
        assert_eq!(body(chunked, b"0\r\n\r\n").expect("empty"), "");
        assert_eq!(body(chunked, b"").expect("empty"), "");
        assert!(body(chunked, b"4\r\nTen \r\nships\r\n").is_err());
    }

    #[test]
    fn contents_are_unpacked() {
        let text = b"<p>Ten ships left the harbour.</p>";
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(text).expect("written");
        let gzip = gzip.finish().expect("written");
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        zlib.write_all(text).expect("written");
        let mut bare = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        bare.write_all(text).expect("written");
        let zstd = ruzstd::encoding::compress_to_vec(text.as_slice(), ruzstd::encoding::CompressionLevel::Fastest);
        // A brotli stream of one block that is not packed.
        let mut brotli = vec![0x0b, 0x10, 0x80];
        brotli.extend_from_slice(text);
        brotli.push(3);
        brotli[1] = (text.len() as u8 - 1) >> 1;
        brotli[0] = 0x0b | ((text.len() as u8 - 1) & 1) << 7;
        for (coding, bytes) in [
            ("gzip", gzip.clone()),
            ("deflate", zlib.finish().expect("written")),
            ("deflate", bare.finish().expect("written")),
            ("zstd", zstd),
            ("br", brotli),
            ("gzip", text.to_vec()),
            ("br", text.to_vec()),
            ("identity", text.to_vec()),
        ] {
            let got = body(&format!("Content-Encoding: {coding}"), &bytes).unwrap_or_else(|e| panic!("{coding}: {e:?}"));
            assert_eq!(got.as_bytes(), text, "{coding}");
        }
        assert!(matches!(body("Content-Encoding: gzip", &gzip[..30]), Err(Trouble::Damaged(_))));
        let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        bomb.write_all(&vec![0; 1_000_000]).expect("written");
        assert_eq!(body("Content-Encoding: gzip", &bomb.finish().expect("written")), Err(Trouble::Large));
    }
}
