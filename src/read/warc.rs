//! Records of WARC (ISO 28500), one after the other: pages out of responses, resources and conversions.
//!
//! A record is `FILE#N`, counted from 1 over all records whatever they hold. A broken one is named, with its byte in the file, and reading goes on at the
//! next.

use super::fields::date_time;
use super::headers;
use super::http::{Head, Trouble};
use super::input::Reader;
use super::kind::{Kind, is_markup, kind, not_text};
use super::unpack::{Next, Source};
use crate::error::{Error, Result, Stage};
use crate::types::{Content, Metadata, RawDocument};
use flate2::Decompress;
use memchr::memmem;
use std::io;

/// What every record starts with.
pub(super) const MARK: &[u8] = b"WARC/";
/// How much of a record is read before its HTTP head is looked for.
const FIRST: usize = 4 * 1024;
/// The most that is set aside for a record before its bytes are there.
const SET_ASIDE: u64 = 512 * 1024;
/// How much is looked at to tell a damaged record from bytes that were never one.
const LOOK: usize = 2 * 1024;

const DAMAGED: &str =
    "the archive was damaged, cut or written wrongly there: fetch it again if you can; reading goes on at the next record";

/// The records of an archive that is open.
pub(super) struct Records {
    name: String,
    source: Source,
    /// Of the record that is being read.
    number: u64,
    offset: u64,
    /// Where `offset` counts: in the file, or in what it unpacks to.
    unpacked: bool,
    /// Whether the record is packed alone, so that it can have no more bytes than its unit has.
    alone: bool,
    over: bool,
    /// For the bodies of responses.
    inflate: Decompress,
    /// What is wrong with the first record, where that was seen already.
    first: Option<Error>,
}

/// What stopped the reading of a record.
enum Damage {
    /// The bytes cannot be had.
    Packing(io::Error),
    /// They can, but make no whole record: why, and what can be done.
    Record(String),
    /// The input ends inside it.
    Cut(String),
    /// Bytes between records.
    Between,
    /// Bytes between what is packed.
    Unpacked,
}

impl From<io::Error> for Damage {
    fn from(error: io::Error) -> Damage {
        Damage::Packing(error)
    }
}

/// The header of a record.
#[derive(Default)]
struct Header {
    kind: String,
    len: u64,
    media_type: Option<String>,
    charset: Option<String>,
    uri: Option<String>,
    date: Option<String>,
    /// Whether the crawler says that it kept only a part.
    truncated: bool,
}

/// What a record gives: none where it was passed over.
type Given = Option<Result<RawDocument>>;

impl Records {
    pub(super) fn new(name: &str, source: Source) -> Records {
        Records {
            name: name.to_owned(),
            source,
            number: 0,
            offset: 0,
            unpacked: false,
            alone: false,
            over: false,
            inflate: Decompress::new(false),
            first: None,
        }
    }

    /// The records behind a first one that cannot be unpacked.
    pub(super) fn behind(name: &str, source: Source, damage: &io::Error) -> Records {
        let mut records = Records::new(name, source);
        records.number = 1;
        records.first = Some(records.broken(&super::input::reason(damage), DAMAGED));
        records
    }

    /// The next page, or what is wrong with the next record that is broken.
    pub(super) fn next(&mut self, reader: &Reader) -> Option<Result<RawDocument>> {
        if let Some(error) = self.first.take() {
            return Some(Err(error));
        }
        while !self.over {
            match self.step(reader) {
                Ok(None) => {}
                Ok(given) => return given,
                Err(damage) => {
                    let damage = self.go_on(damage).unwrap_or_else(|e| {
                        self.over = true;
                        Damage::Packing(e)
                    });
                    return Some(Err(self.tell(&damage)));
                }
            }
        }
        None
    }

    fn step(&mut self, reader: &Reader) -> std::result::Result<Given, Damage> {
        if !self.find_start()? {
            self.over = true;
            return Ok(None);
        }
        let header = self.header()?;
        match header.kind.as_str() {
            "response" => self.response(&header, reader),
            "resource" | "conversion" => self.resource(&header, reader),
            _ => self.skip(&header, &mut Vec::new()).map(|()| None),
        }
    }

    /// Goes to the start of the next record and counts it; false at the end.
    fn find_start(&mut self) -> std::result::Result<bool, Damage> {
        loop {
            match self.source.fill() {
                Ok([]) => match self.source.next_unit() {
                    Ok(Next::Unit) => {}
                    Ok(Next::End) => return Ok(false),
                    Ok(Next::Other) => {
                        self.place();
                        return Err(Damage::Unpacked);
                    }
                    Err(e) => return Err(self.count(e)),
                },
                Ok(bytes) => match bytes.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count() {
                    0 => break,
                    blank => self.source.take(blank),
                },
                Err(e) => return Err(self.count(e)),
            }
        }
        self.place();
        let start = match self.source.peek(MARK.len()) {
            Ok(start) => start,
            Err(e) => return Err(self.count(e)),
        };
        if start != MARK {
            let look = match self.source.peek(LOOK) {
                Ok(look) => look.to_ascii_lowercase(),
                Err(e) => return Err(self.count(e)),
            };
            let was_one =
                [&b"warc-type:"[..], b"warc-record-id:", b"warc-target-uri:"].iter().any(|name| memmem::find(&look, name).is_some());
            if !was_one {
                return Err(Damage::Between);
            }
            self.number += 1;
            return Err(Damage::Record("its first line is not that of a record (WARC/1.0)".into()));
        }
        self.number += 1;
        Ok(true)
    }

    /// Counts a record of which not even the header can be had.
    fn count(&mut self, error: io::Error) -> Damage {
        self.place();
        self.number += 1;
        Damage::Packing(error)
    }

    /// Remembers where the record starts.
    fn place(&mut self) {
        let packed = self.source.is_packed();
        self.unpacked = packed && !self.source.at_unit_start();
        self.alone = packed && self.source.at_unit_start() && self.number > 0;
        self.offset = if packed && !self.unpacked { self.source.unit_offset() } else { self.source.offset() };
    }

    fn header(&mut self) -> std::result::Result<Header, Damage> {
        let mut head: Vec<u8> = Vec::with_capacity(1024);
        loop {
            let bytes = self.source.fill()?;
            if bytes.is_empty() {
                self.cross("its header ends early")?;
                continue;
            }
            let (before, more) = (head.len(), bytes.len().min(FIRST));
            head.extend_from_slice(&bytes[..more]);
            // The blank line may have started in the piece before.
            let from = before.saturating_sub(3);
            if let Some(len) = headers::len(&head[from..]) {
                head.truncate(from + len);
                self.source.take(from + len - before);
                break;
            }
            self.source.take(more);
            if head.len() > headers::LIMIT {
                return Err(Damage::Record("its header has no end".into()));
            }
        }
        let mut header = Header::default();
        let mut len = None;
        for field in headers::fields(&head) {
            if field.is("warc-type") {
                header.kind = field.value().to_ascii_lowercase();
            } else if field.is("content-length") {
                let value = field.value();
                len = Some(value.parse().map_err(|_| Damage::Record(format!("its Content-Length is no number: “{}”", clipped(&value))))?);
            } else if field.is("content-type") {
                let (kind, charset) = headers::media_type(&field.value());
                (header.media_type, header.charset) = (Some(kind), charset);
            } else if field.is("warc-target-uri") {
                header.uri = Some(field.value().trim_start_matches('<').trim_end_matches('>').to_owned());
            } else if field.is("warc-date") {
                header.date = date_time(&field.value());
            } else if field.is("warc-truncated") {
                header.truncated = true;
            }
        }
        header.len = len.ok_or_else(|| Damage::Record("its header has no Content-Length".into()))?;
        if header.kind.is_empty() {
            return Err(Damage::Record("its header has no WARC-Type".into()));
        }
        Ok(header)
    }

    fn response(&mut self, header: &Header, reader: &Reader) -> std::result::Result<Given, Damage> {
        if header.media_type.as_deref().is_some_and(|kind| kind != "application/http") {
            // A look-up of a name, a file over FTP.
            self.skip(header, &mut Vec::new())?;
            return Ok(None);
        }
        let mut block = Vec::with_capacity(header.len.min(SET_ASIDE) as usize);
        let mut len = None;
        let mut first = FIRST as u64;
        while len.is_none() {
            self.block(header, first, &mut block)?;
            len = headers::len(&block);
            if first >= header.len.min(headers::LIMIT as u64) {
                break;
            }
            first *= 2;
        }
        // A response may be nothing but its head.
        let len = len.unwrap_or(if block.len() as u64 == header.len && block.starts_with(b"HTTP/") { block.len() } else { 0 });
        let (mut len, mut head) = (len, Head::new(&block[..len]));
        // "100 Continue" stands before the response itself.
        while head.as_ref().is_some_and(|head| (100..200).contains(&head.status))
            && let Some(more) = headers::len(&block[len..])
        {
            head = Head::new(&block[len..len + more]);
            len += more;
        }
        let Some(head) = head else {
            self.skip(header, &mut block)?;
            return Ok(Some(Err(self.broken("its HTTP head cannot be read", "the page was left out; all other records are read"))));
        };
        let media_type = head.media_type.as_deref();
        if !(200..300).contains(&head.status) || !may_be_page(media_type, header.uri.as_deref()) {
            self.skip(header, &mut block)?;
            return Ok(None);
        }
        if !self.whole(header, reader, &mut block)? {
            return Ok(Some(Err(self.too_large(reader))));
        }
        block.drain(..len);
        let body = match head.body(block, &mut self.inflate, reader.limit(), header.truncated) {
            Ok(body) => body,
            Err(Trouble::Large) => return Ok(Some(Err(self.too_large(reader)))),
            Err(Trouble::Damaged(why)) => {
                let hint = "the page was left out: the archive holds what the server sent, and that was broken or cut";
                return Ok(Some(Err(self.broken(&why, hint))));
            }
        };
        Ok(self.page(header, media_type, head.charset.as_deref(), body, reader))
    }

    /// A resource, or a conversion: what a WET file has, the text of a page.
    fn resource(&mut self, header: &Header, reader: &Reader) -> std::result::Result<Given, Damage> {
        let media_type = header.media_type.as_deref();
        if !may_be_page(media_type, header.uri.as_deref()) {
            self.skip(header, &mut Vec::new())?;
            return Ok(None);
        }
        let mut block = Vec::with_capacity(header.len.min(SET_ASIDE) as usize);
        if !self.whole(header, reader, &mut block)? {
            return Ok(Some(Err(self.too_large(reader))));
        }
        Ok(self.page(header, media_type, header.charset.as_deref(), block, reader))
    }

    fn page(&self, header: &Header, media_type: Option<&str>, charset: Option<&str>, bytes: Vec<u8>, reader: &Reader) -> Given {
        let id = self.id();
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Some(Err(Error::left_out(&id, Stage::Read, "the body is empty")));
        }
        let said = media_type.unwrap_or_default();
        if let Some(what) = not_text(&bytes) {
            if said.starts_with("text/") {
                return Some(Err(Error::left_out(&id, Stage::Read, format!("sent as {said}, but this is {what}"))));
            }
            return None;
        }
        let content = match said {
            _ if is_markup(said) => Content::Html,
            // What a crawler made of a page keeps its navigation and notices. On pages of the corpus turned into such text, reading it as copied gives the
            // article's words with an F1 of .971, as clean .803.
            _ => match kind(&bytes) {
                Kind::Html => Content::Html,
                Kind::Text if matches!(said, "text/plain" | "") => Content::Copied,
                _ => return None,
            },
        };
        let url = header.uri.clone().filter(|uri| uri.contains("://"));
        let hints = Metadata { url, captured: header.date.clone(), ..Metadata::default() };
        let charset = charset.map(str::to_owned);
        Some(reader.finish(Ok(RawDocument { source_file: id.clone(), id, bytes, content, charset, hints })))
    }

    /// Reads all of a record's block and what closes it; false where it is too large and was passed over.
    fn whole(&mut self, header: &Header, reader: &Reader, block: &mut Vec<u8>) -> std::result::Result<bool, Damage> {
        if header.len > reader.limit() + headers::LIMIT as u64 {
            self.skip(header, block)?;
            return Ok(false);
        }
        self.block(header, header.len, block)?;
        self.close(header).map_err(|damage| self.swallowed(header, block).unwrap_or(damage))?;
        Ok(true)
    }

    /// Whether the length ran over the start of another record: what was read of that is given back.
    fn swallowed(&mut self, header: &Header, block: &mut Vec<u8>) -> Option<Damage> {
        let at = record_start(block)?;
        self.source.give_back(block.split_off(at));
        Some(lies(header.len, at as u64))
    }

    /// Reads on until `block` has `wanted` bytes, or all that the record has.
    fn block(&mut self, header: &Header, wanted: u64, block: &mut Vec<u8>) -> std::result::Result<(), Damage> {
        let wanted = wanted.min(header.len) as usize;
        while block.len() < wanted {
            let bytes = self.source.fill()?;
            if bytes.is_empty() {
                let crossed = self.cross(&format!("its Content-Length is {}, but only {} bytes are there", header.len, block.len()));
                match crossed {
                    Err(damage @ Damage::Cut(_)) => return Err(self.swallowed(header, block).unwrap_or(damage)),
                    crossed => crossed?,
                }
                continue;
            }
            let count = bytes.len().min(wanted - block.len());
            block.extend_from_slice(&bytes[..count]);
            self.source.take(count);
        }
        Ok(())
    }

    /// Passes over what is left of a record of which `block` was read, without holding it.
    fn skip(&mut self, header: &Header, block: &mut Vec<u8>) -> std::result::Result<(), Damage> {
        if !self.alone
            && let Some(damage) = self.swallowed(header, block)
        {
            return Err(damage);
        }
        let mut done = block.len() as u64;
        while done < header.len {
            let bytes = self.source.fill()?;
            if bytes.is_empty() {
                self.cross(&format!("its Content-Length is {}, but only {done} bytes are there", header.len))?;
                continue;
            }
            let count = usize::try_from(header.len - done).map_or(bytes.len(), |left| bytes.len().min(left));
            if !self.alone
                && let Some(at) = record_start(&bytes[..count])
            {
                self.source.take(at);
                return Err(lies(header.len, done + at as u64));
            }
            self.source.take(count);
            done += count as u64;
        }
        self.close(header)
    }

    /// Reads what closes a record: two line ends, and behind them the next record or the end of the unit, whose checksum fits.
    fn close(&mut self, header: &Header) -> std::result::Result<(), Damage> {
        let mut ends = 0;
        loop {
            let bytes = self.source.fill()?;
            if bytes.is_empty() {
                return Ok(());
            }
            let blank = bytes.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
            ends += bytes[..blank].iter().filter(|b| **b == b'\n').count();
            let all = blank == bytes.len();
            self.source.take(blank);
            if all {
                continue;
            }
            return if ends >= 2 && !self.alone || self.source.peek(MARK.len())? == MARK {
                Ok(())
            } else {
                Err(Damage::Record(format!("its Content-Length is {}, but more bytes follow", header.len)))
            };
        }
    }

    /// Goes on into the next unit in the middle of a record, where that is no record of its own.
    fn cross(&mut self, why: &str) -> std::result::Result<(), Damage> {
        match self.source.next_unit()? {
            Next::Unit if self.source.peek(MARK.len())? == MARK => Err(Damage::Record(why.to_owned())),
            Next::Unit => Ok(()),
            Next::End => Err(Damage::Cut(why.to_owned())),
            Next::Other => Err(Damage::Record(why.to_owned())),
        }
    }

    /// Goes to where the next record seems to start. Gives the damage back, as it is known then.
    fn go_on(&mut self, damage: Damage) -> io::Result<Damage> {
        let damage = match damage {
            Damage::Packing(_) | Damage::Unpacked => damage,
            damage => match self.seek() {
                Ok(()) => return Ok(damage),
                // That a record does not end where it should is no more than a sign of it.
                Err(e) if self.alone => Damage::Packing(e),
                Err(_) => damage,
            },
        };
        // Of a broken unit nothing more can be had: on to the next that starts with a record.
        self.over = !self.source.next_unit_with(MARK)?;
        Ok(damage)
    }

    /// Goes on to the next line that starts a record, in this unit or a later one; over where there is none. Fails where the unit is broken.
    fn seek(&mut self) -> io::Result<()> {
        let mut at_line_start = true;
        loop {
            if at_line_start && self.source.peek(MARK.len())? == MARK && starts_record(self.source.peek(LOOK)?) {
                return Ok(());
            }
            at_line_start = false;
            let bytes = self.source.fill()?;
            let len = bytes.len();
            match memmem::find(bytes, b"\nWARC/") {
                _ if bytes.is_empty() => match self.source.next_unit() {
                    Ok(Next::Unit) => at_line_start = true,
                    Ok(Next::End) => {
                        self.over = true;
                        return Ok(());
                    }
                    // The next step comes to it.
                    Ok(Next::Other) | Err(_) => return Ok(()),
                },
                Some(at) => {
                    self.source.take(at + 1);
                    at_line_start = true;
                }
                // The mark may go on in the next piece.
                None if len > MARK.len() => self.source.take(len - MARK.len()),
                None => {
                    if self.source.peek(len + 1)?.len() == len {
                        self.source.take(len);
                    }
                }
            }
        }
    }

    fn id(&self) -> String {
        format!("{}#{}", self.name, self.number)
    }

    fn place_words(&self) -> String {
        format!("at byte {}{}", self.offset, if self.unpacked { " of what it unpacks to" } else { "" })
    }

    fn broken(&self, why: &str, hint: &str) -> Error {
        Error::document(&self.id(), Stage::Read, format!("record {}, {}: {why}", self.number, self.place_words())).with_hint(hint)
    }

    fn too_large(&self, reader: &Reader) -> Error {
        let why = format!("its page is larger than {} MB", reader.limit() / 1024 / 1024);
        self.broken(&why, "an article has some kilobytes: the record was passed over, and all others are read")
    }

    fn tell(&self, damage: &Damage) -> Error {
        match damage {
            Damage::Packing(e) => self.broken(&super::input::reason(e), DAMAGED),
            Damage::Record(why) => self.broken(why, DAMAGED),
            Damage::Cut(why) => self.broken(&format!("the archive ends inside it: {why}"), DAMAGED),
            Damage::Between | Damage::Unpacked => {
                let behind = if self.number == 0 { "before record 1".to_owned() } else { format!("behind record {}", self.number) };
                let id = format!("{}@{}", self.name, self.offset);
                Error::document(&id, Stage::Read, format!("{behind}, {}: bytes that are no record", self.place_words())).with_hint(DAMAGED)
            }
        }
    }
}

/// Whether content of a type, from an address, may be an article's page.
fn may_be_page(media_type: Option<&str>, uri: Option<&str>) -> bool {
    let page = media_type.is_none_or(|kind| is_markup(kind) || matches!(kind, "" | "text/plain" | "text/xml" | "application/xml"));
    let uri = uri.unwrap_or_default();
    let path = uri.split(['?', '#']).next().unwrap_or_default();
    // What crawlers note down of their own work.
    let noted = ["metadata:", "urn:", "dns:", "whois:"].iter().any(|scheme| uri.starts_with(scheme));
    page && !noted && !path.ends_with("/robots.txt")
}

fn lies(len: u64, found: u64) -> Damage {
    Damage::Record(format!("its Content-Length is {len}, but the next record starts after {found} bytes"))
}

/// Where a record starts in the middle of a block, behind a blank line.
fn record_start(block: &[u8]) -> Option<usize> {
    memmem::find_iter(block, b"\nWARC/").map(|at| at + 1).find(|&at| {
        let blank = block[..at].ends_with(b"\r\n\r\n") || block[..at].ends_with(b"\n\n");
        blank && starts_record(&block[at..])
    })
}

/// Whether bytes are the first lines of a record: a version, and a field.
fn starts_record(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|b| *b == b'\n');
    let version = lines.next().unwrap_or_default().trim_ascii_end();
    let number = version.strip_prefix(MARK).unwrap_or_default();
    let version = (3..=5).contains(&number.len()) && number.iter().all(|b| b.is_ascii_digit() || *b == b'.');
    version
        && lines.next().is_none_or(|field| {
            let name = field.split(|b| *b == b':').next().unwrap_or_default();
            name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-' || *b == b'_') && !name.is_empty()
        })
}

fn clipped(value: &str) -> String {
    value.chars().take(40).collect()
}

#[cfg(test)]
mod tests;
