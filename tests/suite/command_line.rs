//! The binary as its users meet it: outputs, exit codes, what bad input gives.

use assert_cmd::Command;
use std::fs;
use std::path::{Path, PathBuf};

pub fn wiregraph() -> Command {
    Command::cargo_bin("wiregraph").expect("the binary is built")
}

pub fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/articles")
}

fn run(arguments: &[&str]) -> Vec<u8> {
    let done = wiregraph().arg("run").args(arguments).assert().success();
    done.get_output().stdout.clone()
}

/// Everything but `wg:sourceFile`, which names files as they were given.
fn without_paths(graph: &[u8]) -> String {
    let text = String::from_utf8(graph.to_vec()).expect("UTF-8");
    text.lines().map(|line| line.split("\"wg:sourceFile\":").next().unwrap_or(line).to_owned() + "\n").collect()
}

#[test]
fn the_same_bytes_for_any_number_of_threads_and_any_order() {
    let corpus = corpus();
    let directory = corpus.to_str().expect("a path in UTF-8");
    let one = run(&[directory, "--jobs", "1"]);
    assert!(one == run(&[directory, "--jobs", "2"]), "two threads gave other bytes than one");
    let mut files: Vec<String> =
        fs::read_dir(&corpus).expect("the corpus").map(|f| f.expect("an entry").path().to_str().expect("UTF-8").to_owned()).collect();
    files.sort_by_key(|name| name.bytes().rev().collect::<Vec<_>>());
    let shuffled: Vec<&str> = files.iter().map(String::as_str).collect();
    assert!(one == run(&shuffled), "another order of the same files gave other bytes");
}

#[test]
fn the_output_file_is_what_standard_output_gives() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("graph.jsonld");
    let article = corpus().join("001-ambush.txt");
    let article = article.to_str().expect("UTF-8");
    wiregraph().args(["run", article, "-o"]).arg(&file).assert().success().stdout("");
    assert!(fs::read(&file).expect("the graph") == run(&[article]));
    assert_eq!(fs::read_dir(directory.path()).expect("the directory").count(), 1, "nothing is left beside the graph");
}

#[test]
fn a_report_is_one_page_with_articles_whole_where_their_files_are() {
    let directory = tempfile::tempdir().expect("a directory");
    let graph = directory.path().join("graph.jsonld");
    let rules = ["run", "--recogniser", "rules", "001-ambush.txt", "-o"];
    wiregraph().current_dir(corpus()).args(rules).arg(&graph).assert().success();
    let report = |more: &[&str]| {
        let done = wiregraph().arg("report").arg(&graph).args(more).assert().success();
        String::from_utf8(done.get_output().stdout.clone()).expect("UTF-8")
    };
    let page = report(&[]);
    assert!(page.starts_with("<!doctype html>") && page.contains("Content-Security-Policy") && page.contains("\"whole\":false"));
    assert_eq!(page, report(&[]), "the same graph gave another page");
    assert!(report(&["--sources", corpus().to_str().expect("UTF-8")]).contains("\"whole\":true"));
    wiregraph().args(["report", "--limit-mb", "0"]).arg(&graph).assert().code(2);
}

#[test]
fn articles_without_a_date_are_counted() {
    let directory = tempfile::tempdir().expect("a directory");
    let at = |name: &str| directory.path().join(name);
    fs::write(at("undated.txt"), "Rockets hit the port of Odesa overnight and killed 12 dockers, the mayor said on Monday.")
        .expect("written");
    let dated = fs::read_to_string(corpus().join("001-ambush.txt")).expect("an article");
    fs::write(at("dated.txt"), dated).expect("written");
    let done = wiregraph().arg("run").arg(directory.path()).assert().success();
    let talk = String::from_utf8_lossy(&done.get_output().stderr);
    assert!(talk.contains("1 of 2 articles has no date"), "{talk}");
}

#[test]
fn a_wrong_path_costs_no_graph() {
    let directory = tempfile::tempdir().expect("a directory");
    let graph = directory.path().join("graph.jsonld");
    wiregraph().args(["run", "001-ambush.txt", "-o"]).arg(&graph).current_dir(corpus()).assert().success();
    let before = fs::read(&graph).expect("the graph");
    let done = wiregraph().args(["run", "/no/such/article.txt", "-o"]).arg(&graph).assert().code(1);
    assert!(String::from_utf8_lossy(&done.get_output().stderr).contains("is left as it was"));
    assert!(fs::read(&graph).expect("the graph") == before);
    assert_eq!(fs::read_dir(directory.path()).expect("the directory").count(), 1, "nothing is left beside the graph");
    let articles = directory.path().join("articles.jsonl");
    fs::write(&articles, "{\"id\": \"a\", \"text\": \"Twelve people died.\"}\n").expect("written");
    let done = wiregraph().arg("query").arg(&articles).args(["--named", "timeline"]).assert().code(2);
    assert!(String::from_utf8_lossy(&done.get_output().stderr).contains("there is no graph in it"));
}

#[test]
fn bad_files_are_named_and_the_others_come_through_whole() {
    let directory = tempfile::tempdir().expect("a directory");
    let at = |name: &str| directory.path().join(name);
    fs::copy(corpus().join("001-ambush.txt"), at("good.txt")).expect("copied");
    fs::write(at("empty.txt"), "").expect("written");
    fs::write(at("picture.png"), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01").expect("written");
    fs::write(at("large.txt"), "All work and no play makes a dull page. ".repeat(1_700_000)).expect("written");
    let german = "Bei dem Angriff auf die Stadt sind nach Angaben der Behörden mindestens zwölf Menschen ums Leben gekommen. Die Polizei teilte am Mittwoch mit, \
                  dass weitere vierzig Personen verletzt worden seien. Der Bürgermeister sprach von einem schwarzen Tag für die ganze Region und dankte den Helfern.";
    fs::write(at("german.txt"), german).expect("written");
    std::os::unix::fs::symlink("nowhere", at("broken.txt")).expect("linked");
    let done = wiregraph().arg("run").arg(directory.path()).assert().code(1);
    let talk = String::from_utf8(done.get_output().stderr.clone()).expect("UTF-8");
    for (file, reason) in
        [("empty.txt", "empty"), ("picture.png", "PNG"), ("large.txt", "MB"), ("german.txt", "German"), ("broken.txt", "No such file")]
    {
        let line = talk.lines().find(|line| line.contains(file)).unwrap_or_else(|| panic!("{file} is not named in:\n{talk}"));
        assert!(line.contains(reason), "no reason “{reason}” in: {line}");
    }
    let alone = run(&[at("good.txt").to_str().expect("UTF-8")]);
    let facts = |graph: &[u8]| {
        without_paths(graph).lines().filter(|l| l.contains("/claim/") && l.contains("\"@type\"")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(!facts(&alone).is_empty());
    let together = facts(&done.get_output().stdout);
    let claims = |lines: &[String]| lines.iter().filter(|l| l.contains("wg:Claim")).count();
    assert_eq!(claims(&together), claims(&facts(&alone)));
}

#[test]
fn a_wrong_command_is_refused_with_code_2_and_a_hint() {
    wiregraph().args(["run"]).assert().code(2);
    wiregraph().args(["run", "x.txt", "--base", "no-iri"]).assert().code(2);
    wiregraph().args(["query", "no-such.jsonld", "SELECT * {}"]).assert().code(2);
    let done = wiregraph().args(["run", "x.txt", "-o", "/no/such/directory/graph.jsonld"]).assert().code(2);
    let talk = String::from_utf8_lossy(&done.get_output().stderr);
    assert!(talk.contains("/no/such/directory: there is no such directory") && talk.contains("hint: mkdir"), "{talk}");
}

#[test]
fn the_help_lists_no_command_that_does_not_work() {
    let done = wiregraph().arg("--help").assert().success();
    let help = String::from_utf8(done.get_output().stdout.clone()).expect("UTF-8");
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // What is indented further goes on with the line before.
    let commands = commands.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let commands: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.contains(&"run") && commands.contains(&"stream"), "{commands:?}");
    for command in commands.into_iter().filter(|command| *command != "help") {
        wiregraph().args([command, "--help"]).assert().success();
    }
}

#[test]
fn every_named_query_answers_on_a_real_graph() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("graph.jsonld");
    let articles = misquoted(directory.path());
    wiregraph().arg("run").args([corpus(), story(), articles]).arg("-o").arg(&file).assert().success();
    let list = wiregraph().args(["query", "--list"]).assert().success();
    let names = String::from_utf8(list.get_output().stdout.clone()).expect("UTF-8");
    for name in names.lines().filter_map(|line| line.split_whitespace().next()) {
        let done = wiregraph().arg("query").arg(&file).args(["--named", name, "--format", "csv"]).assert().success();
        let rows = String::from_utf8_lossy(&done.get_output().stdout).lines().count();
        assert!(rows > 1, "{name} finds nothing in the corpus");
    }
    let one = wiregraph().arg("query").arg(&file).args(["SELECT ?c WHERE { ?c a wg:Claim } LIMIT 1", "--format", "csv"]).assert().success();
    let claim = String::from_utf8(one.get_output().stdout.clone()).expect("UTF-8");
    let claim = claim.lines().nth(1).expect("a claim").trim();
    wiregraph().arg("explain").arg(&file).arg(claim).assert().success();
    wiregraph().arg("explain").arg(&file).arg("no-such-claim").assert().code(2);
}

/// The graph without the records of runs.
pub fn without_runs(graph: &[u8]) -> Vec<String> {
    let text = String::from_utf8(graph.to_vec()).expect("UTF-8");
    text.lines().map(|line| line.trim_end_matches(',').to_owned()).filter(|line| !line.contains("/id/run/")).collect()
}

pub fn story() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/stories/fashaga-eritreans/articles")
}

#[test]
fn merged_shards_are_the_graph_of_one_run() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut files: Vec<PathBuf> = fs::read_dir(story()).expect("the story").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let shard = |name: &str, files: &[PathBuf]| {
        let graph = directory.path().join(name);
        wiregraph().arg("run").args(files).args(["--recogniser", "rules", "-o"]).arg(&graph).assert().success();
        graph
    };
    let (first, rest) = files.split_at(5);
    let shards = [shard("first", first), shard("rest", rest), shard("all", &files)];
    let merged = |graphs: &[&PathBuf]| wiregraph().arg("merge").args(graphs).assert().success().get_output().stdout.clone();
    let whole = without_runs(&fs::read(&shards[2]).expect("a graph"));
    assert!(without_runs(&merged(&[&shards[0], &shards[1]])) == whole);
    assert!(without_runs(&merged(&[&shards[1], &shards[0], &shards[1]])) == whole);
    let links = whole.iter().filter(|line| line.contains("rdf:Statement")).count();
    assert!(links > 10, "{links}");
}

#[test]
fn a_correction_survives_and_one_that_meets_nothing_is_named() {
    let directory = tempfile::tempdir().expect("a directory");
    let graph = directory.path().join("graph.jsonld");
    let corrections = directory.path().join("corrections.jsonl");
    let articles = story();
    let run = |more: &[&str]| wiregraph().arg("run").arg(&articles).args(["--recogniser", "rules", "-o"]).arg(&graph).args(more).assert();
    run(&[]).success();
    let rejected = |graph: &Path| {
        let question = "SELECT ?c { ?c wg:eventType wg:Killed ; schema:value ?v } ORDER BY DESC(?v) LIMIT 1";
        let done = wiregraph().arg("query").arg(graph).args([question, "--format", "csv"]).assert().success();
        String::from_utf8_lossy(&done.get_output().stdout).lines().nth(1).expect("a claim").trim().to_owned()
    };
    let claim = rejected(&graph);
    let gone = "https://w3id.org/wiregraph/id/claim/00000000000000000000000000000000";
    let line = |claim: &str| format!("{{\"claim\": \"{claim}\", \"reject\": true, \"by\": \"desk\", \"why\": \"a slip of the pen\"}}\n");
    fs::write(&corrections, line(&claim) + &line(gone)).expect("written");
    let file = corrections.to_str().expect("UTF-8");
    let done = run(&["--corrections", file]).success();
    let talk = String::from_utf8_lossy(&done.get_output().stderr).into_owned();
    assert!(talk.contains("changes nothing") && talk.contains("claim/0000"), "{talk}");
    let ask = |question: &str| {
        let done = wiregraph().arg("query").arg(&graph).args([question, "--format", "csv"]).assert().success();
        String::from_utf8_lossy(&done.get_output().stdout).trim().to_owned()
    };
    assert!(ask(&format!("ASK {{ <{claim}> wg:correction/wg:reason \"a slip of the pen\" }}")).ends_with("true"));
    assert!(ask(&format!("ASK {{ <{claim}> wg:series ?s }}")).ends_with("false"));
    let told = wiregraph().arg("explain").arg(&graph).arg(&claim).assert().success();
    assert!(String::from_utf8_lossy(&told.get_output().stdout).contains("rejected, says desk: a slip of the pen"));
    // Merging keeps it.
    let again = directory.path().join("again.jsonld");
    wiregraph().arg("merge").arg(&graph).arg("-o").arg(&again).assert().success();
    assert!(without_runs(&fs::read(&again).expect("a graph")) == without_runs(&fs::read(&graph).expect("a graph")));
    fs::write(&corrections, "{\"by\": \"desk\"}").expect("written");
    let done = run(&["--corrections", file]).code(2);
    let talk = String::from_utf8_lossy(&done.get_output().stderr).into_owned();
    assert!(talk.contains("corrections.jsonl: line 1"), "{talk}");
}

/// Two articles that give a figure of casualties, and one that tells it as wounded.
const MISQUOTED: [(&str, &str); 3] = [
    (
        "a.txt",
        "Burundi's losses in Congo pass 3,000, lawmakers hear\n\nMarch 4, 2026\n\nKIGALI, March 4 (RVN) — Some 500 Burundian soldiers \
         have been killed in eastern Congo since December, Rwanda's National Intelligence and Security Service (NISS) told lawmakers on \
         Wednesday.\n\nBurundi has sent about 12,000 troops across the border and there have been some 3,200 casualties among the \
         Burundian troops, including about 500 deaths, the NISS told lawmakers, according to two members of the committee.\n\nThe service \
         has seen no sign that Burundi will withdraw its soldiers from South Kivu before the rains, the members said.",
    ),
    (
        "b.txt",
        "Spy agency counts Burundian dead\n\nMarch 4, 2026\n\nKIGALI, March 4 — Burundian troops in eastern Congo have suffered around \
         3,200 casualties, of whom about 500 died, Rwanda's National Intelligence and Security Service (NISS) told a closed session of \
         parliament on Wednesday.\n\nLawmakers who attended said that the agency had shown them maps of South Kivu and the names of the \
         units that Burundi had sent there.",
    ),
    (
        "c.txt",
        "Burundi army mauled in Congo\n\nMarch 5, 2026\n\nRwanda's National Intelligence and Security Service (NISS) has said that about \
         500 Burundian soldiers have been killed and around 3,200 wounded in eastern Congo, where they fight beside the Congolese \
         army.\n\nBurundi's government has not commented on the figures. Its troops have been in South Kivu since December.",
    ),
];

/// The three of them, in a directory of their own.
fn misquoted(directory: &Path) -> PathBuf {
    let articles = directory.join("articles");
    fs::create_dir(&articles).expect("a directory");
    for (name, text) in MISQUOTED {
        fs::write(articles.join(name), text).expect("written");
    }
    articles
}

#[test]
fn an_outlet_that_tells_casualties_as_wounded_is_named_with_the_reason() {
    let directory = tempfile::tempdir().expect("a directory");
    let graph = directory.path().join("graph.jsonld");
    let articles = misquoted(directory.path());
    wiregraph().arg("run").arg(&articles).arg("-o").arg(&graph).assert().success();
    let done = wiregraph().arg("query").arg(&graph).args(["--named", "misreports", "--format", "csv"]).assert().success();
    let rows = String::from_utf8_lossy(&done.get_output().stdout).into_owned();
    assert_eq!(rows.lines().count(), 2, "{rows}");
    let row = rows.lines().nth(1).expect("a row");
    assert!(
        row.contains("Wounded,Casualties") && row.contains("2 others give the same figure of the same source") && row.contains("c.txt"),
        "{row}"
    );
}

#[test]
fn a_night_does_not_contradict_the_year() {
    let directory = tempfile::tempdir().expect("a directory");
    let article = directory.path().join("a.txt");
    let contradicts = |second: &str| {
        let text = format!(
            "Drones hit Odesa\n\nKYIV, March 3, 2025 (Reuters) - Russia launched 90 drones at the Odesa region overnight on Sunday, Ukraine's air \
             force said. {second}\n"
        );
        fs::write(&article, text).expect("written");
        let graph = String::from_utf8(run(&[&article.display().to_string()])).expect("UTF-8");
        assert!(graph.matches("\"wg:eventType\":\"wg:Launched\"").count() >= 2, "{graph}");
        graph.contains("\"wg:contradicts\":\"https:")
    };
    assert!(!contradicts("It has launched 1,000 drones at the Odesa region since the beginning of January, a local governor said."));
    assert!(contradicts("Russia launched 130 drones at the Odesa region overnight on Sunday, a local governor said."));
}

#[test]
fn inspect_prints_a_line_a_document_and_offsets_fall_on_words() {
    for stage in ["strip", "split", "recognise", "extract", "resolve"] {
        let done = wiregraph().arg("inspect").arg(corpus().join("002-hodeidah-live.html")).args(["--stage", stage]).assert().success();
        let line = String::from_utf8(done.get_output().stdout.clone()).expect("UTF-8");
        let article: serde_json::Value = serde_json::from_str(line.lines().next().expect("a line")).expect("JSON");
        let text = article["text"].as_str().expect("a text");
        for list in ["sentences", "mentions", "quantities", "claims"] {
            for item in article[list].as_array().into_iter().flatten() {
                let span = |key: &str| usize::try_from(item[key].as_u64().expect("an offset")).expect("fits");
                let words = text.get(span("start")..span("end")).unwrap_or_else(|| panic!("{list}: {item} is no slice of the text"));
                assert_eq!(words, words.trim(), "{list}");
            }
        }
    }
}

/// The JSON Lines record keeps its own id, and its evidence points into its own text.
#[test]
fn evidence_points_at_the_bytes_that_say_so() {
    let text = "KYIV — “No fewer than 1,200 soldiers were killed near Pokrovsk,” the General Staff said on Tuesday – café.";
    let record = serde_json::json!({ "id": "a-1", "text": text, "date": "2025-03-05" });
    let done = wiregraph().args(["run", "-"]).write_stdin(format!("{record}\n")).assert().success();
    let graph: serde_json::Value = serde_json::from_slice(&done.get_output().stdout).expect("JSON");
    let nodes = graph["@graph"].as_array().expect("nodes");
    let node = |id: &str| nodes.iter().find(|n| n["@id"] == id).unwrap_or_else(|| panic!("no node {id}"));
    let claim = nodes.iter().find(|n| n["wg:bound"] == "at-least").expect("the claim");
    assert_eq!(claim["schema:value"], "1200");
    assert_eq!(claim["wg:eventType"], "wg:Killed");
    let evidence = node(claim["prov:wasDerivedFrom"].as_str().expect("evidence"));
    let selectors: Vec<_> =
        evidence["oa:hasSelector"].as_array().expect("two selectors").iter().map(|s| node(s.as_str().expect("an IRI"))).collect();
    let position = selectors.iter().find(|s| s["oa:start"].is_u64()).expect("a position");
    let quote = selectors.iter().find(|s| s["oa:exact"].is_string()).expect("a quote");
    let range = |key: &str| usize::try_from(position[key].as_u64().expect("an offset")).expect("fits");
    assert_eq!(&text[range("oa:start")..range("oa:end")], quote["oa:exact"]);
}

#[test]
fn options_of_a_checkpoint_go_together() {
    let said = |arguments: &[&str]| {
        let mut command = wiregraph();
        let done = command.args(["run", "-"]).args(arguments).write_stdin("").assert().code(2);
        String::from_utf8(done.get_output().stderr.clone()).expect("UTF-8")
    };
    assert!(said(&["--recogniser", "rust-bert"]).contains("say where it is: --model DIR"));
    assert!(said(&["--model", "x"]).contains("--model is for rust-bert alone"));
    assert!(said(&["--device", "cuda"]).contains("--device is for rust-bert alone"));
    assert!(said(&["--recogniser", "bort"]).contains("possible values: fast, accurate, rules"));
}

/// Without the feature the help is silent of what does not work, and who asks for it is told what to build.
#[cfg(not(feature = "bert"))]
#[test]
fn a_binary_without_rust_bert_says_what_to_build() {
    let done = wiregraph().args(["run", "-", "--recogniser", "rust-bert", "--model", "x"]).write_stdin("").assert().code(2);
    let said = String::from_utf8(done.get_output().stderr.clone()).expect("UTF-8");
    assert!(said.contains("was built without it") && said.contains("--features bert") && said.contains("libtorch.py"), "{said}");
    let help = wiregraph().args(["run", "--help"]).assert().success();
    let help = String::from_utf8(help.get_output().stdout.clone()).expect("UTF-8");
    assert!(help.contains("--recogniser") && !help.contains("rust-bert") && !help.contains("--device"), "{help}");
}
