//! Megabytes of a web archive read per CPU-second, unpacked, on one thread: records, HTTP heads and bodies, and nothing done with them.
//!
//! `WARC=FILE cargo bench --bench warc`; `tests/peers/warc.py` sets it beside FastWARC.

#![expect(clippy::print_stdout, clippy::expect_used, reason = "a benchmark prints its figures and stops at the first fault")]

use cpu_time::ProcessTime;
use std::hint::black_box;
use std::path::PathBuf;
use wiregraph::read::Reader;

/// Times the file is read; the fastest counts.
const ROUNDS: usize = 5;

fn main() {
    let Some(path) = std::env::var_os("WARC").map(PathBuf::from) else {
        println!("name an archive: WARC=FILE cargo bench --bench warc");
        return;
    };
    let reader = Reader::load(None).expect("built-in data");
    let packed = std::fs::metadata(&path).expect("a file").len();
    let mut best: Option<(f64, usize, usize, usize)> = None;
    for _ in 0..ROUNDS {
        let start = ProcessTime::now();
        let (mut pages, mut bytes, mut failed) = (0, 0, 0);
        for document in reader.inputs(std::slice::from_ref(&path)) {
            match black_box(document) {
                Ok(document) => (pages, bytes) = (pages + 1, bytes + document.bytes.len()),
                Err(_) => failed += 1,
            }
        }
        let seconds = start.elapsed().as_secs_f64();
        if best.is_none_or(|(fastest, ..)| seconds < fastest) {
            best = Some((seconds, pages, bytes, failed));
        }
    }
    let (seconds, pages, bytes, failed) = best.expect("a round");
    let rate = |bytes: f64| bytes / 1e6 / seconds;
    println!("wiregraph {pages} pages, {bytes} bytes of bodies, {failed} failed or left out, {seconds:.3} CPU-seconds");
    println!("wiregraph {:.0} MB of bodies, {:.0} MB of the file, a CPU-second", rate(bytes as f64), rate(packed as f64));
}
