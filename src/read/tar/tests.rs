use super::super::Reader;
use super::*;
use std::io::Write;

/// An archive with files of these paths and contents, in ustar.
pub(in crate::read) fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut all = Vec::new();
    for (path, content) in files {
        all.extend(entry(path, b'0', content));
    }
    all.extend([0; 2 * BLOCK]);
    all
}

fn entry(path: &str, kind: u8, content: &[u8]) -> Vec<u8> {
    let mut header = [0_u8; BLOCK];
    header[..path.len()].copy_from_slice(path.as_bytes());
    header[100..108].copy_from_slice(b"0000644\0");
    header[124..136].copy_from_slice(format!("{:011o}\0", content.len()).as_bytes());
    header[148..156].copy_from_slice(b"        ");
    header[156] = kind;
    header[257..265].copy_from_slice(b"ustar\x0000");
    let sum: u32 = header.iter().map(|b| u32::from(*b)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let mut all = header.to_vec();
    all.extend(content);
    all.resize(all.len().next_multiple_of(BLOCK), 0);
    all
}

fn read(bytes: &[u8]) -> Vec<String> {
    let dir = tempfile::tempdir().expect("a directory");
    std::fs::write(dir.path().join("a.bin"), bytes).expect("written");
    let reader = Reader::load(None).expect("built-in");
    let before = format!("{}/", dir.path().display());
    reader
        .inputs(&[dir.path().to_owned()])
        .map(|got| match got {
            Ok(d) => format!("{} {:?} {}", d.id, d.content, d.bytes.len()),
            Err(e) => format!("error {e}"),
        })
        .map(|line| line.replace(&before, ""))
        .collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(bytes).expect("written");
    out.finish().expect("written")
}

#[test]
fn files_of_an_archive_are_told_by_content() {
    let long = format!("{}/b.txt", "d".repeat(120));
    let mut archive = entry("dir/", b'5', b"");
    archive.extend(entry("./dir/a.html", b'0', b"<html><p>Ten ships"));
    archive.extend(entry("dir/.hidden.html", b'0', b"<html><p>x"));
    archive.extend(entry("dir/link", b'2', b""));
    archive.extend(entry("././@LongLink", b'L', format!("{long}\0").as_bytes()));
    archive.extend(entry("dddd", b'0', b"Ten ships left."));
    archive.extend(entry("pax", b'x', b"20 path=dir/\xc3\xa9.html\n18 mtime=17000000\n"));
    archive.extend(entry("dir/e", b'0', &[b"<html>".as_slice(), &b"x".repeat(70_000)].concat()));
    archive.extend(entry("day.jsonl", b'0', b"{\"id\":\"r1\",\"text\":\"One.\"}\n{\"text\":\"Two.\"}\n"));
    archive.extend(entry("c.html.gz", b'0', &gzip(b"<html><p>Nine ships")));
    archive.extend(entry("p.png", b'0', b"\x89PNG\r\n"));
    archive.extend(entry("last.txt", b'0', b"Two ships left."));
    archive.extend([0; 2 * BLOCK]);
    let expected = [
        "a.bin#dir/a.html Html 18".to_owned(),
        format!("a.bin#{long} Copied 15"),
        "a.bin#dir/é.html Html 70006".to_owned(),
        "r1 Clean 4".to_owned(),
        "a.bin#day.jsonl#2 Clean 4".to_owned(),
        "a.bin#c.html.gz Html 19".to_owned(),
        "error a.bin#p.png: read: this is a PNG image".to_owned(),
        "a.bin#last.txt Copied 15".to_owned(),
    ];
    assert_eq!(read(&archive), expected);
    assert_eq!(read(&gzip(&archive)), expected);
    let zstd = ruzstd::encoding::compress_to_vec(archive.as_slice(), ruzstd::encoding::CompressionLevel::Fastest);
    assert_eq!(read(&zstd), expected);
    let mut inner = entry("inner.tar", b'0', &tar(&[("a.html", b"<html><p>x")]));
    inner.extend(entry("b.html", b'0', b"<html><p>y"));
    assert_eq!(read(&inner), ["a.bin#inner.tar#a.html Html 10", "a.bin#b.html Html 10"]);
}

#[test]
fn a_broken_archive_keeps_the_files_before() {
    let archive = tar(&[("a.html", b"<html><p>Ten ships"), ("b.html", b"<html><p>Two ships")]);
    let got = read(&archive[..1024 + 512 + 7]);
    assert_eq!(got[0], "a.bin#a.html Html 18");
    assert!(got[1].contains("a.bin#b.html: read: the tar archive ends early"), "{got:?}");
    let mut damaged = archive.clone();
    damaged[1024 + 20] = b'x';
    let got = read(&damaged);
    assert_eq!(got[0], "a.bin#a.html Html 18");
    assert!(got[1].contains("no header of a file, at byte 1536"), "{got:?}");
    let packed = gzip(&archive);
    let got = read(&packed[..packed.len() - 12]);
    assert!(got.last().is_some_and(|last| last.contains("the gzip data ends early")), "{got:?}");
    assert_eq!(read(&tar(&[])), ["error a.bin: read: this is binary data"]);
    assert_eq!(read(&tar(&[(".x", b"<p>")])), ["error a.bin: read: the archive holds no files"]);
}

#[test]
fn packings_without_end_are_not_followed() {
    let mut packed = b"<html><p>Ten ships".to_vec();
    for _ in 0..DEEP {
        packed = gzip(&packed);
    }
    assert!(read(&packed)[0].contains("packed more than 4 times over"));
    let mut packed = b"<html><p>Ten ships".to_vec();
    for _ in 0..3 {
        packed = gzip(&packed);
    }
    assert_eq!(read(&packed), ["a.bin Html 18"]);
}

const DEEP: usize = 8;

proptest::proptest! {
    #[test]
    fn no_cut_and_no_damage_stops_the_program(cut in 0_usize..6000, at in 0_usize..6000, byte in 0_u8..=255) {
        let mut archive = tar(&[("a.html", b"<html><p>Ten"), ("b.jsonl", b"{\"text\":\"x\"}\n"), ("c.txt", b"Two ships left.")]);
        let at = at % archive.len();
        archive[at] = byte;
        archive.truncate(cut.max(1));
        read(&archive);
        read(&gzip(&archive));
    }
}
