use super::super::Reader;
use super::super::bytes::Bytes;
use super::*;
use proptest::prelude::*;
use std::io::{Cursor, Write};
use std::sync::LazyLock;

static READER: LazyLock<Reader> = LazyLock::new(|| Reader::load(None).expect("built-in"));

/// A record whose length is as its block's, or as `len` says.
fn record(kind: &str, fields: &str, block: &[u8], len: Option<usize>) -> Vec<u8> {
    let len = len.unwrap_or(block.len());
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Date: 2025-05-03T10:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n{fields}Content-Length: {len}\r\n\r\n"
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

fn response(n: usize, head: &str, body: &[u8]) -> Vec<u8> {
    let fields = format!("WARC-Target-URI: https://a.example/{n}\r\nContent-Type: application/http; msgtype=response\r\n");
    record("response", &fields, &[format!("HTTP/1.1 {head}\r\n\r\n").as_bytes(), body].concat(), None)
}

fn page(n: usize) -> Vec<u8> {
    let filler = (0..n * 37).map(|i| format!("{:x} ", i * 7919 % 1009)).collect::<String>();
    response(n, "200 OK\r\nContent-Type: text/html; charset=utf-8", format!("<html><p>Page {n}.</p>{filler}").as_bytes())
}

fn info() -> Vec<u8> {
    record("warcinfo", "Content-Type: application/warc-fields\r\n", b"software: test\r\n", None)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(bytes).expect("written");
    out.finish().expect("written")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

/// The four ways an archive may be packed.
fn packings(records: &[Vec<u8>]) -> [Vec<u8>; 5] {
    let each = |pack: fn(&[u8]) -> Vec<u8>| records.iter().map(|record| pack(record)).collect::<Vec<_>>().concat();
    let plain = records.concat();
    [plain.clone(), each(gzip), gzip(&plain), each(zstd), zstd(&plain)]
}

fn documents_within(bytes: &[u8], limit: u64) -> Vec<Result<RawDocument>> {
    let mut reader = READER.clone();
    reader.limit = limit;
    let mut inputs = reader.inputs(&[]);
    inputs.start("a", Bytes::new(Box::new(Cursor::new(bytes.to_vec()))), None, 0);
    inputs.collect()
}

/// What an archive gives: the first line of each page, or the error without its path.
fn read(bytes: &[u8]) -> Vec<String> {
    documents_within(bytes, 1024 * 1024).into_iter().map(line).collect()
}

fn line(got: Result<RawDocument>) -> String {
    match got {
        Ok(d) => {
            let text = String::from_utf8_lossy(&d.bytes).replace("<html><p>", "");
            let text: String = text.split('.').next().unwrap_or_default().chars().take(20).collect();
            format!("{} {text}", d.id)
        }
        Err(e) => {
            assert!(
                e.hint().is_some()
                    || matches!(&e, Error::Document { left_out, reason, .. } if *left_out || reason == "this is binary data"),
                "{e}"
            );
            e.to_string()
        }
    }
}

#[test]
fn pages_of_every_packing() {
    let records = [
        info(),
        record("request", "Content-Type: application/http; msgtype=request\r\n", b"GET / HTTP/1.1\r\n\r\n", None),
        page(3),
        response(4, "404 Not Found\r\nContent-Type: text/html", b"<html><p>Gone"),
        response(5, "301 Moved\r\nLocation: /x", b""),
        response(6, "200 OK\r\nContent-Type: image/png", b"\x89PNG\r\n\r\nWARC/1.0 is no record\r\n"),
        record("revisit", "", b"HTTP/1.1 200 OK\r\n\r\n", None),
        response(8, "200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked", b"14\r\n<html><p>Page 8.</p>\r\n0\r\n\r\n"),
        record("resource", "WARC-Target-URI: <https://a.example/9>\r\nContent-Type: text/html\r\n", b"<html><p>Page 9.", None),
        record("conversion", "WARC-Target-URI: https://a.example/10\r\nContent-Type: text/plain\r\n", b"Page 10.\nTen ships left.\n", None),
        record("metadata", "Content-Type: application/warc-fields\r\n", b"x: y\r\n", None),
        response(12, "200 OK\r\nContent-Type: text/html", b"<html>\r\n\r\nWARC/1.0\r\nWARC-Type: response\r\n in a page"),
        response(13, "200 OK", b"<html><p>Page 13."),
        record("resource", "WARC-Target-URI: https://a.example/robots.txt\r\nContent-Type: text/plain\r\n", b"User-agent: *\n", None),
        record(
            "response",
            "WARC-Target-URI: dns:a.example\r\nContent-Type: text/dns\r\n",
            b"20250503\na.example. 1 IN A 192.0.2.1\n",
            None,
        ),
        response(16, "200 OK\r\nContent-Type: text/html", b" \r\n"),
        page(100),
        response(18, "100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html", b"<html><p>Page 18."),
    ];
    for (i, packed) in packings(&records).iter().enumerate() {
        assert_eq!(
            read(packed),
            [
                "a#3 Page 3",
                "a#8 Page 8",
                "a#9 Page 9",
                "a#10 Page 10",
                "a#12 <html>\r\n\r\nWARC/1",
                "a#13 Page 13",
                "a#16: read: the body is empty",
                "a#17 Page 100",
                "a#18 Page 18"
            ],
            "packing {i}"
        );
    }
    let all = documents_within(&records.concat(), 1024 * 1024);
    let first = all.first().and_then(|d| d.as_ref().ok()).expect("a page");
    assert_eq!(
        (first.hints.url.as_deref(), first.hints.captured.as_deref(), first.charset.as_deref(), first.content),
        (Some("https://a.example/3"), Some("2025-05-03T10:00:00Z"), Some("utf-8"), Content::Html)
    );
    assert!(first.bytes.starts_with(b"<html><p>Page 3.") && first.bytes.ends_with(b" "));
    let conversion = all.get(3).and_then(|d| d.as_ref().ok()).expect("a text");
    assert_eq!(conversion.content, Content::Copied);
    let resource = all.get(2).and_then(|d| d.as_ref().ok()).expect("a page");
    assert_eq!(resource.hints.url.as_deref(), Some("https://a.example/9"));
}

#[test]
fn a_length_that_lies_costs_one_record() {
    let lying = |kind: &str, len: usize| {
        let fields = "WARC-Target-URI: https://a.example/2\r\nContent-Type: application/http; msgtype=response\r\n";
        record(kind, fields, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><p>Page 2 is of some length.", Some(len))
    };
    for (kind, len) in [
        ("response", 10),
        ("response", 60),
        ("response", 300),
        ("response", 900),
        ("response", 9_000_000),
        ("metadata", 5),
        ("metadata", 9_000),
    ] {
        let records = [info(), lying(kind, len), page(1), page(9), page(2)];
        for (i, packed) in packings(&records).iter().enumerate() {
            let got = read(packed);
            assert_eq!(got.len(), 4, "{kind} {len} packing {i}: {got:?}");
            assert!(
                got[0].starts_with("a#2: read: record 2, at byte ") && got[0].contains("Content-Length is"),
                "{kind} {len} packing {i}: {got:?}"
            );
            assert_eq!(got[1..], ["a#3 Page 1", "a#4 Page 9", "a#5 Page 2"], "{kind} {len} packing {i}");
        }
    }
}

#[test]
fn a_broken_member_costs_one_record() {
    let records = [info(), page(2), page(30), page(4), page(50)];
    for pack in [gzip, zstd] {
        let members: Vec<Vec<u8>> = records.iter().map(|record| pack(record)).collect();
        let offset: usize = members[..2].iter().map(Vec::len).sum();
        for damage in 0..members[2].len() {
            // Cut there, then one bit turned there.
            let mut cut = members.clone();
            cut[2].truncate(damage);
            let mut turned = members.clone();
            turned[2][damage] ^= 0x10;
            for (how, members) in [("cut", cut), ("turned", turned)] {
                let got = read(&members.concat());
                let pages: Vec<&str> = got.iter().filter(|line| line.contains(" Page")).map(String::as_str).collect();
                let (others, third): (Vec<&str>, Vec<&str>) = pages.iter().partition(|page| !page.ends_with("Page 30"));
                assert_eq!(others.len(), 3, "{how} at {damage}: {got:?}");
                if damage > 0 && third.is_empty() {
                    let error = got.iter().find(|line| line.contains("read:")).unwrap_or_else(|| panic!("{how} at {damage}: {got:?}"));
                    assert!(error.contains(&format!("at byte {offset}")), "{how} at {damage}: {error}");
                }
            }
        }
    }
    // Neither the first record nor the last is another case.
    for broken in [0, 4] {
        let mut members: Vec<Vec<u8>> = records.iter().map(|record| gzip(record)).collect();
        let middle = members[broken].len() / 2;
        members[broken].truncate(middle);
        let got = read(&members.concat());
        assert_eq!(got.iter().filter(|line| line.contains(" Page")).count(), if broken == 0 { 4 } else { 3 }, "{got:?}");
        assert!(got.iter().any(|line| line.starts_with(&format!("a#{}: read: record {}, at byte", broken + 1, broken + 1))), "{got:?}");
    }
}

#[test]
fn what_is_no_record_is_named_and_passed_over() {
    let junk: Vec<u8> = (0..5000_u32).map(|i| (i * 131 % 251) as u8).collect();
    for (i, pack) in [|bytes: &[u8]| bytes.to_vec(), gzip, zstd].into_iter().enumerate() {
        let archive = [pack(&info()), pack(&page(2)), junk.clone(), pack(&page(3)), pack(&page(4))].concat();
        let got = read(&archive);
        let at = pack(&info()).len() + pack(&page(2)).len();
        let error = format!("a@{at}: read: behind record 2, at byte {at}: bytes that are no record");
        assert_eq!(got, ["a#2 Page 2", error.as_str(), "a#3 Page 3", "a#4 Page 4"], "packing {i}");
    }
    // A writer that fills up with zeros.
    let padded = [gzip(&page(1)), vec![0; 3000]].concat();
    assert_eq!(read(&padded), ["a#1 Page 1"]);
}

#[test]
fn a_damaged_header_costs_one_record() {
    let good = String::from_utf8(page(2)).expect("ASCII");
    for (from, to, why) in [
        ("WARC/1.0", "WORC/1.0", "its first line is not that of a record"),
        ("Content-Length", "Content-Lngth", "its header has no Content-Length"),
        ("Content-Length: ", "Content-Length: x", "its Content-Length is no number"),
        ("WARC-Type", "WARC-Tpe", "its header has no WARC-Type"),
        ("HTTP/1.1", "HXTP/1.1", "its HTTP head cannot be read"),
    ] {
        let records = [info(), good.replacen(from, to, 1).into_bytes(), page(3), page(4)];
        for (i, packed) in packings(&records).iter().enumerate() {
            let got = read(packed);
            assert_eq!(got.len(), 3, "{to} packing {i}: {got:?}");
            assert!(got[0].starts_with("a#2: read: record 2, at byte ") && got[0].contains(why), "{to} packing {i}: {got:?}");
            assert_eq!(got[1..], ["a#3 Page 3", "a#4 Page 4"], "{to} packing {i}");
        }
    }
}

#[test]
fn a_huge_record_is_told_and_never_held() {
    let huge = response(2, "200 OK\r\nContent-Type: text/html", &b"<p>x</p>".repeat(100_000));
    let film = response(3, "200 OK\r\nContent-Type: video/mp4", &vec![7; 800_000]);
    let bomb = response(4, "200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip", &gzip(&vec![b' '; 800_000]));
    for (i, packed) in packings(&[page(1), huge, film, bomb, page(5)]).iter().enumerate() {
        let got: Vec<String> = documents_within(packed, 200_000).into_iter().map(line).collect();
        assert_eq!(got.len(), 4, "packing {i}: {got:?}");
        assert!(got[1].starts_with("a#2: read: record 2, at byte ") && got[1].ends_with("larger than 0 MB"), "packing {i}: {got:?}");
        assert!(got[2].starts_with("a#4: read: record 4, at byte ") && got[2].ends_with("larger than 0 MB"), "packing {i}: {got:?}");
        assert_eq!(got[3], "a#5 Page 5", "packing {i}");
    }
}

#[test]
fn a_truncated_payload_is_read_and_a_lying_type_told() {
    let packed = gzip(format!("<html><p>Page 1.{}", (0..9999).map(|i| format!("{} ", i * 31 % 977)).collect::<String>()).as_bytes());
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n";
    let block = [head.as_slice(), &packed[..packed.len() / 2]].concat();
    let fields = "WARC-Target-URI: https://a.example/1\r\nContent-Type: application/http\r\n";
    let told = record("response", &format!("{fields}WARC-Truncated: length\r\n"), &block, None);
    let untold = record("response", fields, &block, None);
    let image = response(3, "200 OK\r\nContent-Type: text/html", b"\x89PNG\r\n\x1a\n");
    let got = read(&[told, untold, image].concat());
    assert_eq!(got[0], "a#1 Page 1");
    assert!(
        got[1].starts_with("a#2: read: record 2, at byte ")
            && got[1].contains("its body cannot be unpacked (gzip): the gzip data ends early"),
        "{got:?}"
    );
    assert_eq!(got[2], "a#3: read: sent as text/html, but this is a PNG image");
}

#[test]
fn blocks_of_gzip_need_not_be_records() {
    let records = [info(), page(20), page(30), page(4)].concat();
    let blocks: Vec<u8> = records.chunks(97).flat_map(gzip).collect();
    assert_eq!(read(&blocks), ["a#2 Page 20", "a#3 Page 30", "a#4 Page 4"]);
}

#[test]
fn an_archive_is_told_by_its_second_record_where_the_first_is_damaged() {
    let records = [info(), page(1), page(2)];
    for packing in [1, 3] {
        let whole = packings(&records)[packing].clone();
        for at in 10..40 {
            let mut packed = whole.clone();
            packed[at] ^= 0x55;
            let pages = read(&packed).iter().filter(|line| line.contains(" Page")).count();
            assert_eq!(pages, 2, "packing {packing}, byte {at}");
        }
    }
}

#[test]
fn a_dictionary_may_open_the_archive() {
    // An empty dictionary's frame is passed over where it cannot be used: it is damaged, and told.
    let frame = [&0x184D_2A5D_u32.to_le_bytes()[..], &4_u32.to_le_bytes(), b"none", &zstd(&page(1))].concat();
    let got = read(&frame);
    assert!(got[0].contains("dictionary"), "{got:?}");
    let skipped = [&0x184D_2A50_u32.to_le_bytes()[..], &4_u32.to_le_bytes(), b"none", &zstd(&page(1))].concat();
    assert_eq!(read(&[zstd(&info()), skipped].concat()), ["a#2 Page 1"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_cut_loses_nothing_before_it(cut in 0.0_f64..1.0, packing in 0_usize..5) {
        let records = [info(), page(1), page(60), page(3)];
        let packed = packings(&records)[packing].clone();
        let cut = (cut * packed.len() as f64) as usize;
        let whole = match packing {
            0 | 1 | 3 => {
                let mut end = 0;
                records.iter().map(|r| match packing { 0 => r.len(), 1 => gzip(r).len(), _ => zstd(r).len() }).take_while(|len| { end += len; end <= cut }).count()
            }
            _ => 0,
        };
        let got = read(&packed[..cut]);
        let pages = got.iter().filter(|line| line.contains(" Page")).count();
        prop_assert!(pages >= whole.saturating_sub(1), "{got:?}");
    }

    #[test]
    fn no_bytes_stop_the_reading(bytes in prop::collection::vec(any::<u8>(), 0..3000), start in 0_usize..6) {
        let start: &[u8] = [b"WARC/1.0\r\n".as_slice(), super::super::gzip::MARK, super::super::zstd::MARK, b"\x5d\x2a\x4d\x18", b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 900\r\n\r\n", b""][start];
        read(&[start, &bytes].concat());
    }

    #[test]
    fn damage_in_one_place_costs_little(at in 0.0_f64..1.0, len in 1_usize..40, byte in any::<u8>(), packing in 0_usize..5) {
        let records = [info(), page(1), page(20), page(3), page(40), page(5)];
        let mut packed = packings(&records)[packing].clone();
        // Without its first bytes it is no archive.
        let at = 4 + (at * (packed.len() - len - 4) as f64) as usize;
        packed[at..at + len].fill(byte);
        let pages = read(&packed).iter().filter(|line| line.contains(" Page")).count();
        // Two neighbours may both be hit; where all is one unit, all behind the damage is lost.
        prop_assert!(pages >= 3 || matches!(packing, 2 | 4), "{pages} of 5");
    }
}
