//! Graphs that leave the program, and a graph that grows in a directory, by the binary.

use assert_cmd::Command;
use std::fs;
use std::path::{Path, PathBuf};

fn wiregraph(arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("wiregraph").expect("the binary is built");
    command.args(arguments);
    command
}

fn given(arguments: &[&str]) -> Vec<u8> {
    wiregraph(arguments).assert().success().get_output().stdout.clone()
}

fn story(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/stories").join(name).join("articles");
    path.to_str().expect("UTF-8").to_owned()
}

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Place {
        Place(tempfile::tempdir().expect("a directory"))
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().expect("UTF-8").to_owned()
    }

    fn files(&self) -> usize {
        fs::read_dir(self.0.path()).expect("the directory").count()
    }
}

fn run(inputs: &[&str], to: &[&str]) {
    let arguments = [&["run", "--recogniser", "rules"], inputs, to].concat();
    wiregraph(&arguments).assert().success();
}

#[test]
fn a_graph_is_the_same_graph_in_every_notation() {
    let place = Place::new();
    let graph = place.path("graph.jsonld");
    run(&[&story("esperada-slide")], &["-o", &graph]);
    let original = fs::read(&graph).expect("the graph");
    let timeline = given(&["query", &graph, "--named", "timeline"]);
    assert!(timeline.len() > 1000);
    for (format, named) in
        [("jsonld", false), ("jsonld-lines", false), ("nquads", false), ("nquads", true), ("turtle", false), ("trig", true)]
    {
        let out = place.path(format);
        let graphs: &[&str] = if named { &["--named-graphs"] } else { &[] };
        wiregraph(&[&["export", &graph, "--to", format, "-o", &out], graphs].concat()).assert().success();
        assert!(given(&["export", &out, "--to", "jsonld"]) == original, "{format} read back is another graph");
        assert!(given(&["query", &out, "--named", "timeline"]) == timeline, "{format} answers otherwise");
    }
    let trig = fs::read_to_string(place.path("trig")).expect("TriG");
    assert_eq!(trig.matches("> {").count(), fs::read_dir(story("esperada-slide")).expect("articles").count());
}

#[test]
fn the_table_and_the_map_hold_the_claims() {
    let place = Place::new();
    let graph = place.path("graph.jsonld");
    run(&[&story("esperada-slide")], &["-o", &graph]);
    let claims = given(&["query", &graph, "SELECT ?claim WHERE { ?claim a wg:Claim }", "--format", "csv"]);
    let mut claims: Vec<String> = String::from_utf8(claims).expect("UTF-8").lines().skip(1).map(str::to_owned).collect();
    let table = given(&["export", &graph, "--to", "table"]);
    let mut reader = csv::Reader::from_reader(table.as_slice());
    let columns: Vec<String> = reader.headers().expect("headings").iter().map(str::to_owned).collect();
    assert_eq!(columns[..6], ["claim", "event", "value", "low", "high", "bound"]);
    let mut rows: Vec<String> = reader.records().map(|row| row.expect("a row")[0].to_owned()).collect();
    rows.sort();
    claims.sort();
    assert_eq!(rows, claims);
    let map: serde_json::Value = serde_json::from_slice(&given(&["export", &graph, "--to", "geojson"])).expect("JSON");
    assert!(map["features"].as_array().is_some_and(|features| !features.is_empty()));
    assert_eq!(&given(&["export", &graph, "--to", "parquet"])[..4], b"PAR1");
}

#[test]
fn a_directory_grows_by_batches_and_is_asked_like_a_file() {
    let place = Place::new();
    let (one, other) = (story("esperada-slide"), story("fashaga-eritreans"));
    let (store, first, second) = (place.path("store"), place.path("1.jsonld"), place.path("2.jsonld"));
    run(&[&one], &["-o", &first, "--store", &store]);
    run(&[&other], &["-o", &second, "--store", &store]);
    let whole = given(&["export", &store, "--to", "jsonld"]);
    assert!(whole == given(&["merge", &first, &second]), "two batches are another graph than two runs merged");
    let asked = |graph: &str| given(&["query", graph, "--named", "contradictions", "--format", "csv"]);
    let file = place.path("whole.jsonld");
    fs::write(&file, &whole).expect("written");
    assert!(asked(&store) == asked(&file));
    run(&[&one], &["-o", &first, "--store", &store]);
    assert!(given(&["export", &store, "--to", "jsonld"]) == whole, "a batch read again changed the graph");
    let refused = wiregraph(&["run", &one, "--store", place.0.path().to_str().expect("UTF-8")]).assert().code(2);
    let said = String::from_utf8_lossy(&refused.get_output().stderr).into_owned();
    assert!(said.contains("directory of other files") && said.contains("hint: "), "{said}");
}

#[test]
fn a_correction_holds_for_articles_of_earlier_batches() {
    let place = Place::new();
    let (one, other) = (story("esperada-slide"), story("fashaga-eritreans"));
    let (store, out, corrections) = (place.path("store"), place.path("out"), place.path("corrections.jsonl"));
    run(&[&one], &["-o", &out, "--store", &store]);
    let claims =
        given(&["query", &store, "SELECT ?claim WHERE { ?claim a wg:Claim ; wg:series ?s } ORDER BY ?claim LIMIT 1", "--format", "csv"]);
    let claim = String::from_utf8(claims).expect("UTF-8").lines().nth(1).expect("a claim").to_owned();
    let line = serde_json::json!({ "claim": claim, "reject": true, "by": "A. Reader", "why": "a rumour" });
    fs::write(&corrections, line.to_string()).expect("written");
    let done = wiregraph(&["run", "--recogniser", "rules", &other, "-o", &out, "--store", &store, "--corrections", &corrections]).assert();
    assert_eq!(String::from_utf8_lossy(&done.success().get_output().stderr).matches("changes nothing").count(), 0);
    run(&[&one], &["-o", &out, "--store", &store]);
    let query = format!("ASK {{ ?c wg:corrects <{claim}> . FILTER NOT EXISTS {{ <{claim}> wg:series ?s }} }}");
    assert!(String::from_utf8_lossy(&given(&["query", &store, &query, "--format", "csv"])).contains("true"));
}

#[test]
fn what_cannot_be_written_is_told_and_nothing_half_written_stays() {
    let place = Place::new();
    let graph = place.path("graph.jsonld");
    run(&[&format!("{}/{}", story("esperada-slide"), first_article())], &["-o", &graph]);
    let files = place.files();
    let refused = |arguments: &[&str]| {
        let done = wiregraph(arguments).assert().code(2);
        let said = String::from_utf8_lossy(&done.get_output().stderr).into_owned();
        assert!(said.starts_with("error: "), "{said}");
        said
    };
    refused(&["export", &graph, "--to", "nquads", "-o", &place.path("missing/graph.nq")]);
    assert!(refused(&["export", &graph, "--to", "xml"]).contains("nquads"));
    refused(&["export", &place.path("nothing.jsonld"), "--to", "nquads"]);
    refused(&["export", place.0.path().to_str().expect("UTF-8"), "--to", "nquads"]);
    // A name that leads into a file is no directory.
    refused(&["run", &graph, "--store", &format!("{graph}/store")]);
    assert_eq!(place.files(), files);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_a_device_stays_one() {
    use std::os::unix::fs::FileTypeExt;
    let place = Place::new();
    let graph = place.path("graph.jsonld");
    run(&[&story("esperada-slide")], &["-o", &graph]);
    for format in ["jsonld", "nquads", "trig", "table", "geojson", "parquet"] {
        let done = wiregraph(&["export", &graph, "--to", format, "-o", "/dev/full"]).assert().code(2);
        let said = String::from_utf8_lossy(&done.get_output().stderr).into_owned();
        assert!(said.contains("o space"), "{format}: {said}");
    }
    assert!(fs::metadata("/dev/full").expect("a device").file_type().is_char_device());
    let link = place.path("link.nq");
    let target = place.path("target.nq");
    fs::write(&target, "").expect("written");
    std::os::unix::fs::symlink(&target, &link).expect("linked");
    wiregraph(&["export", &graph, "--to", "nquads", "-o", &link]).assert().success();
    assert!(fs::symlink_metadata(&link).expect("a link").is_symlink());
    assert!(fs::metadata(&target).expect("a file").len() > 1000);
}

fn first_article() -> String {
    let mut names: Vec<PathBuf> =
        fs::read_dir(story("esperada-slide")).expect("articles").map(|entry| entry.expect("an entry").path()).collect();
    names.sort();
    names[0].file_name().expect("a name").to_string_lossy().into_owned()
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    use std::io::Read;
    use std::process::{Command, Stdio};
    let place = Place::new();
    let graph = place.path("graph.jsonld");
    run(&[&story("esperada-slide"), &story("fashaga-eritreans")], &["-o", &graph]);
    for format in ["table", "nquads", "turtle", "jsonld"] {
        assert!(given(&["export", &graph, "--to", format]).len() > 80_000, "more than a pipe holds");
        let mut child = Command::new(assert_cmd::cargo::cargo_bin("wiregraph"))
            .args(["export", &graph, "--to", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut first = [0; 100];
        child.stdout.take().expect("piped").read_exact(&mut first).expect("some bytes");
        let done = child.wait_with_output().expect("it ends");
        assert!(done.status.success() && done.stderr.is_empty(), "{format}: {}", String::from_utf8_lossy(&done.stderr));
    }
}
