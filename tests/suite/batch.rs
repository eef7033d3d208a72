//! Batches that are stopped, run out of room, lose their input or their reader, and meet documents that take too much.

use crate::command_line::{corpus, story, wiregraph, without_runs};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The binary, to be started and left alone.
fn started(arguments: &[&str], files: &[&Path]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("wiregraph"));
    command.args(arguments).args(files).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

/// What a process said, when it has ended.
fn said(child: Child) -> (Option<i32>, String) {
    let done = child.wait_with_output().expect("it ends");
    (done.status.code(), String::from_utf8(done.stderr).expect("UTF-8"))
}

const RUN: [&str; 4] = ["run", "--recogniser", "rules", "-o"];

/// `WIREGRAPH_KILLS` says how often; 50 took two minutes.
#[test]
fn a_batch_that_is_killed_at_any_moment_ends_as_if_it_never_was() {
    let kills: u32 = std::env::var("WIREGRAPH_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(5);
    let directory = tempfile::tempdir().expect("a directory");
    let (whole, graph) = (directory.path().join("whole.jsonld"), directory.path().join("graph.jsonld"));
    let (corpus, story) = (corpus(), story());
    let start = Instant::now();
    let ended = started(&RUN, &[&whole, &corpus, &story]).status().expect("it runs");
    assert!(ended.success());
    let lasts = start.elapsed();
    let expected = fs::read(&whole).expect("the graph");
    let mut resumed = 0;
    for kill in 0..kills {
        // Anywhere in the run, from loading to the last byte: multiples of the golden ratio lie evenly.
        let share = (f64::from(kill) * 0.618_034).fract();
        let mut child = started(&RUN, &[&graph, &corpus, &story]).spawn().expect("it starts");
        if kill == 0 {
            // Once when something is done for sure.
            let journal = directory.path().join("graph.jsonld.state/journal");
            while fs::metadata(&journal).map_or(0, |held| held.len()) < 100_000 && child.try_wait().expect("asked").is_none() {
                std::thread::sleep(Duration::from_millis(1));
            }
        } else {
            std::thread::sleep(lasts.mul_f64(0.1 + share));
        }
        child.kill().expect("killed");
        let (code, _) = said(child);
        if code.is_some() {
            assert!(fs::read(&graph).expect("the graph") == expected, "kill {kill}: other bytes, and it had ended");
            fs::remove_file(&graph).expect("removed");
            continue;
        }
        let (code, talk) = said(started(&RUN, &[&graph, &corpus, &story]).spawn().expect("it starts"));
        assert_eq!(code, Some(0), "{talk}");
        resumed += u32::from(talk.contains("are done already"));
        assert!(fs::read(&graph).expect("the graph") == expected, "kill {kill} at {share}: other bytes");
        assert!(!directory.path().join("graph.jsonld.state").exists());
        fs::remove_file(&graph).expect("removed");
    }
    assert!(resumed > 0, "no run had anything done when it was killed");
}

#[test]
fn only_what_is_missing_is_computed_and_what_is_gone_is_left_out() {
    let directory = tempfile::tempdir().expect("a directory");
    let at = |name: &str| directory.path().join(name);
    let (one, other) = (corpus().join("001-ambush.txt"), corpus().join("002-strike.html"));
    let other = if other.exists() {
        other
    } else {
        fs::read_dir(corpus()).expect("the corpus").map(|e| e.expect("an entry").path()).max().expect("a file")
    };
    // The output cannot be put in its place: what is done stays.
    fs::create_dir(at("graph.jsonld")).expect("made");
    let (code, talk) = said(started(&RUN, &[&at("graph.jsonld"), &one]).spawn().expect("it starts"));
    assert_eq!(code, Some(2), "{talk}");
    fs::remove_dir(at("graph.jsonld")).expect("removed");
    let full = limited(&RUN, &[&at("graph.jsonld"), &one, &other], 128);
    assert_eq!(full.0, Some(2), "{}", full.1);
    assert!(full.1.contains("graph.jsonld.state"), "{}", full.1);
    assert!(at("graph.jsonld.state/journal").exists() && !at("graph.jsonld").exists());
    let (code, talk) = said(started(&RUN, &[&at("graph.jsonld"), &one]).spawn().expect("it starts"));
    assert_eq!(code, Some(0), "{talk}");
    assert!(talk.contains("documents are done already"), "{talk}");
    let (code, _) = said(started(&RUN, &[&at("alone.jsonld"), &one]).spawn().expect("it starts"));
    assert_eq!(code, Some(0));
    assert!(fs::read(at("graph.jsonld")).expect("a graph") == fs::read(at("alone.jsonld")).expect("a graph"));
}

/// The same with files of at most so many kilobytes, as on a disk that is full.
fn limited(arguments: &[&str], files: &[&Path], kilobytes: u32) -> (Option<i32>, String) {
    let binary = assert_cmd::cargo::cargo_bin!("wiregraph");
    let mut command = Command::new("bash");
    command.arg("-c").arg(format!("trap '' XFSZ; ulimit -f {kilobytes}; exec \"$0\" \"$@\"")).arg(binary);
    command.args(arguments).args(files).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    said(command.spawn().expect("it starts"))
}

#[test]
fn a_full_disk_is_named_and_the_next_run_goes_on() {
    let directory = tempfile::tempdir().expect("a directory");
    let (graph, story) = (directory.path().join("graph.jsonld"), story());
    let (code, talk) = limited(&RUN, &[&graph, &story], 300);
    assert_eq!(code, Some(2), "{talk}");
    assert!(talk.contains("File too large") && talk.contains("the same command goes on from there"), "{talk}");
    let (code, talk) = said(started(&RUN, &[&graph, &story]).spawn().expect("it starts"));
    assert_eq!(code, Some(0), "{talk}");
    assert!(talk.contains("done already"), "{talk}");
}

#[test]
fn one_run_at_a_time_writes_an_output() {
    let directory = tempfile::tempdir().expect("a directory");
    let graph = directory.path().join("graph.jsonld");
    let mut first = started(&RUN, &[&graph, Path::new("-")]).stdin(Stdio::piped()).spawn().expect("it starts");
    let waited = Instant::now();
    while !directory.path().join("graph.jsonld.state/lock").exists() && waited.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(200));
    let (code, talk) = said(started(&RUN, &[&graph, &corpus().join("001-ambush.txt")]).spawn().expect("it starts"));
    assert_eq!(code, Some(2), "{talk}");
    assert!(talk.contains("another run") && talk.contains("hint:"), "{talk}");
    let article = fs::read(corpus().join("001-ambush.txt")).expect("an article");
    first.stdin.take().expect("a pipe").write_all(&article).expect("written");
    assert_eq!(said(first).0, Some(0));
}

#[test]
fn a_reader_that_goes_is_no_failure() {
    for arguments in [&["run", "--recogniser", "rules"][..], &["inspect", "--stage", "split", "--recogniser", "rules"]] {
        let mut child = started(arguments, &[&corpus()]).stdout(Stdio::piped()).spawn().expect("it starts");
        let mut first = [0; 64];
        let mut out = child.stdout.take().expect("a pipe");
        std::io::Read::read_exact(&mut out, &mut first).expect("something");
        drop(out);
        let (code, talk) = said(child);
        assert_eq!(code, Some(0), "{talk}");
        assert!(!talk.contains("panicked"), "{talk}");
    }
}

/// Articles as JSON Lines, the second and the last of them bad.
fn lines() -> Vec<String> {
    let mut files: Vec<_> = fs::read_dir(story()).expect("the story").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let mut lines: Vec<String> = files
        .iter()
        .enumerate()
        .map(|(at, file)| {
            let field = if file.extension().is_some_and(|ending| ending == "html") { "html" } else { "text" };
            serde_json::json!({ "id": format!("a{at}"), field: fs::read_to_string(file).expect("UTF-8") }).to_string()
        })
        .collect();
    lines.insert(1, "{\"id\": \"broken\", \"text\": ".to_owned());
    lines.push("{\"id\": \"empty\"}".to_owned());
    lines
}

#[test]
fn a_stream_answers_each_line_in_order_and_its_fragments_make_the_graph() {
    let directory = tempfile::tempdir().expect("a directory");
    let at = |name: &str| directory.path().join(name);
    let lines = lines();
    fs::write(at("articles.jsonl"), lines.join("\n")).expect("written");
    let done = wiregraph().args(["stream", "--recogniser", "rules"]).write_stdin(lines.join("\n")).assert().code(1);
    let answers = String::from_utf8(done.get_output().stdout.clone()).expect("UTF-8");
    let answers: Vec<serde_json::Value> = answers.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(answers.len(), lines.len());
    for (at, answer) in answers.iter().enumerate() {
        let error = &answer["error"];
        match at {
            1 => assert!(
                error["stage"] == "read" && error["id"] == "-#2" && error["reason"].as_str().is_some_and(|why| why.contains("no JSON"))
            ),
            _ if at + 1 == lines.len() => assert!(error["id"] == "empty" && error["reason"].is_string()),
            _ => assert!(answer["@context"].is_object() && answer["@graph"].as_array().is_some_and(|nodes| nodes.len() > 5), "{answer}"),
        }
    }
    let fragments = done.get_output().stdout.clone();
    let merged = wiregraph().args(["merge", "-"]).write_stdin(fragments).assert().code(1);
    let talk = String::from_utf8(merged.get_output().stderr.clone()).expect("UTF-8");
    assert!(talk.contains("line 2") && talk.contains("no JSON") && talk.contains("empty"), "{talk}");
    wiregraph().args(RUN).arg(at("run.jsonld")).arg(at("articles.jsonl")).assert().code(1);
    let facts = |graph: &[u8]| -> Vec<String> {
        let lines = without_runs(graph).into_iter().filter(|line| !line.contains("/omission/"));
        lines.map(|line| line.split("\"wg:sourceFile\":").next().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(facts(&merged.get_output().stdout), facts(&fs::read(at("run.jsonld")).expect("a graph")));
}

#[test]
fn a_stream_stays_and_answers_each_line_when_it_comes() {
    let mut child =
        started(&["stream", "--recogniser", "rules"], &[]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut to = child.stdin.take().expect("a pipe");
    let mut from = BufReader::new(child.stdout.take().expect("a pipe"));
    for number in [3, 4, 5] {
        writeln!(to, "{{\"text\": \"Some {number} soldiers were killed near Sumy on Monday, the General Staff said.\"}}").expect("written");
        to.flush().expect("written");
        let mut answer = String::new();
        from.read_line(&mut answer).expect("an answer");
        assert!(answer.contains(&format!("Some {number} soldiers")), "{answer}");
    }
    drop(to);
    assert_eq!(said(child).0, Some(0));
}

#[test]
fn a_document_that_takes_too_much_is_set_aside_and_costs_no_other() {
    let directory = tempfile::tempdir().expect("a directory");
    let at = |name: &str| directory.path().join(name);
    fs::create_dir(at("articles")).expect("made");
    fs::copy(corpus().join("001-ambush.txt"), at("articles/good.txt")).expect("copied");
    fs::write(at("articles/deep.html"), format!("<html><body>{}", "<div><p>x".repeat(600_000))).expect("written");
    let limits = ["--limit-mb", "20", "--quarantine"];
    let done = wiregraph().args(RUN).arg(at("graph.jsonld")).args(limits).arg(at("aside")).arg(at("articles")).assert().code(1);
    let talk = String::from_utf8(done.get_output().stderr.clone()).expect("UTF-8");
    assert!(talk.contains("deep.html: strip: takes more memory than 20 MB") && talk.contains("--limit-mb"), "{talk}");
    let graph = fs::read_to_string(at("graph.jsonld")).expect("a graph");
    assert!(graph.contains("good.txt") && graph.contains("takes more memory than 20 MB"));
    let aside: Vec<String> =
        fs::read_dir(at("aside")).expect("a directory").map(|e| e.expect("an entry").path().display().to_string()).collect();
    assert_eq!(aside.len(), 2, "{aside:?}");
    let why = aside.iter().find(|name| name.ends_with(".json")).expect("why");
    let why: serde_json::Value = serde_json::from_slice(&fs::read(why).expect("read")).expect("JSON");
    assert!(why["stage"] == "strip" && why["id"].as_str().is_some_and(|id| id.ends_with("deep.html")), "{why}");
    let page = aside.iter().find(|name| name.ends_with(".html")).expect("the page");
    assert_eq!(fs::read(page).expect("read"), fs::read(at("articles/deep.html")).expect("read"));
}

#[test]
fn what_is_done_is_not_done_again_unless_the_limits_are_others() {
    use wiregraph::graph::conclusions::Corrections;
    use wiregraph::graph::sorter::Space;
    use wiregraph::journal::Journal;
    use wiregraph::limits::Limits;
    use wiregraph::pipeline::{Configuration, Pipeline, Progress, Work};
    use wiregraph::quarantine::Quarantine;
    let directory = tempfile::tempdir().expect("a directory");
    let (state, articles) = (directory.path().join("graph.state"), directory.path().join("articles"));
    fs::create_dir(&articles).expect("made");
    fs::copy(corpus().join("001-ambush.txt"), articles.join("good.txt")).expect("copied");
    fs::write(articles.join("deep.html"), format!("<html><body>{}", "<div><p>x".repeat(100_000))).expect("written");
    let reader = wiregraph::read::Reader::load(None).expect("built-in data");
    // How many were done already, words that were read, and documents that failed.
    let run = |time: Duration, aside: Option<&Path>| {
        let limits = Limits { time, ..Limits::default() };
        let recogniser = wiregraph::recognise::Model::Rules;
        let pipeline = Pipeline::load(&Configuration { limits, recogniser, ..Configuration::default() }).expect("built-in data");
        let journal = Journal::open(&state, &pipeline.name()).expect("opened");
        let quarantine = aside.map(|aside| Quarantine::open(aside).expect("made"));
        let (work, progress) = (Work { journal, space: Space::of(&state), quarantine }, Progress::default());
        let inputs = reader.inputs(std::slice::from_ref(&articles));
        let batch = pipeline.run(inputs, &Corrections::default(), work, &progress).expect("room");
        (progress.resumed.into_inner(), progress.words.into_inner() > 0, batch.failures.len(), batch.counts)
    };
    let (short, long) = (Duration::from_nanos(1), Duration::from_secs(100));
    let (resumed, read, failed, counts) = run(short, None);
    assert_eq!((resumed, read, counts.articles), (0, false, 0));
    assert_eq!(failed, 2);
    // What failed before is set aside all the same.
    let aside = directory.path().join("aside");
    assert_eq!(run(short, Some(&aside)), (2, false, failed, counts));
    assert_eq!(fs::read_dir(&aside).expect("a directory").count(), 2 * failed);
    let (resumed, read, failed, counts) = run(long, None);
    assert_eq!((resumed, read, failed, counts.articles), (0, true, 1, 1));
    assert_eq!(run(long, None), (2, false, failed, counts));
}
