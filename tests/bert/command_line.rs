//! The command line with a checkpoint: what it gives, and what it says of one that is wrong.

use crate::checkpoints::{change, embedded, random};
use assert_cmd::Command;
use std::fs;
use std::path::Path;

fn wiregraph() -> Command {
    let mut command = Command::cargo_bin("wiregraph").unwrap();
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

fn run(model: &Path) -> Command {
    let mut command = wiregraph();
    command.args(["run", "corpus/articles/001-ambush.txt", "--recogniser", "rust-bert", "--model"]).arg(model);
    command
}

/// What is said when a checkpoint does not load.
fn refusal(model: &Path) -> String {
    let said = run(model).assert().code(2).get_output().stderr.clone();
    String::from_utf8(said).unwrap()
}

#[test]
fn a_checkpoint_runs_the_pipeline_alike_with_any_number_of_threads() {
    let checkpoint = embedded("fast");
    let out = tempfile::tempdir().unwrap();
    let articles = ["001-ambush.txt", "003-mali-contingent.txt", "007-engels-drones.txt", "025-tank-count.html"];
    let graphs = ["1", "3"].map(|jobs| {
        let graph = out.path().join(jobs);
        let mut command = wiregraph();
        command.arg("run").args(articles.map(|name| Path::new("corpus/articles").join(name)));
        command.args(["--recogniser", "rust-bert", "--model"]).arg(checkpoint.path());
        command.args(["--jobs", jobs, "-o"]).arg(&graph).assert().success();
        fs::read_to_string(graph).unwrap()
    });
    assert!(graphs[0].len() > 10_000 && graphs[0] == graphs[1]);
    let found = wiregraph()
        .args(["inspect", "corpus/articles/001-ambush.txt", "--stage", "recognise", "--recogniser", "rust-bert", "--model"])
        .arg(checkpoint.path())
        .assert()
        .success();
    let by_default = wiregraph().args(["inspect", "corpus/articles/001-ambush.txt", "--stage", "recognise"]).assert().success();
    let spans = |bytes: &[u8]| -> Vec<(u64, u64, String)> {
        let value: serde_json::Value = serde_json::from_slice(bytes.split(|b| *b == b'\n').next().unwrap()).unwrap();
        let mentions = value["mentions"].as_array().unwrap().iter();
        mentions.map(|m| (m["start"].as_u64().unwrap(), m["end"].as_u64().unwrap(), m["kind"].as_str().unwrap().to_owned())).collect()
    };
    assert_eq!(spans(&found.get_output().stdout), spans(&by_default.get_output().stdout));
}

#[test]
fn what_is_missing_is_named_with_what_to_do() {
    let nowhere = tempfile::tempdir().unwrap();
    let said = refusal(&nowhere.path().join("x"));
    assert!(said.contains("is no directory") && said.contains("config.json"), "{said}");
    assert!(refusal(nowhere.path()).contains("config.json: is missing"));
    for file in ["vocab.txt", "model.safetensors"] {
        let checkpoint = random("bert");
        fs::remove_file(checkpoint.path().join(file)).unwrap();
        let said = refusal(checkpoint.path());
        assert!(said.contains(&format!("{file}: is missing")) && said.contains("save_pretrained"), "{said}");
        if file == "model.safetensors" {
            fs::write(checkpoint.path().join("pytorch_model.bin"), "").unwrap();
            assert!(refusal(checkpoint.path()).contains("pytorch_model.bin is there"));
        }
    }
}

#[test]
fn what_is_wrong_is_named_with_what_to_do() {
    type Fault = (&'static str, fn(&Path), &'static [&'static str]);
    let faults: [Fault; 12] = [
        ("another architecture", |d| change(d, |c| c["model_type"] = "gpt2".into()), &["model_type is \"gpt2\"", "roberta"]),
        (
            "another task",
            |d| change(d, |c| c["architectures"] = serde_json::json!(["BertForMaskedLM"])),
            &["BertForMaskedLM labels no tokens"],
        ),
        (
            "an unknown label",
            |d| change(d, |c| c["id2label"]["3"] = "B-SHIP".into()),
            &["config.json", "lacks SHIP", "labels.toml", "kinds.SHIP"],
        ),
        ("no labels", |d| change(d, |c| c["id2label"] = serde_json::Value::Null), &["id2label"]),
        (
            "more layers",
            |d| change(d, |c| c["num_hidden_layers"] = 3.into()),
            &["model.safetensors", "lacks bert.encoder.layer.2.", "and 15 others"],
        ),
        (
            "a wider model",
            |d| change(d, |c| c["intermediate_size"] = 32.into()),
            &["model.safetensors", "has the shape", "not of one checkpoint"],
        ),
        (
            "a larger vocabulary",
            |d| fs::write(d.join("vocab.txt"), fs::read_to_string(d.join("vocab.txt")).unwrap() + "\nmore").unwrap(),
            &["vocab.txt", "pieces"],
        ),
        (
            "a file cut short",
            |d| fs::write(d.join("model.safetensors"), &fs::read(d.join("model.safetensors")).unwrap()[..500]).unwrap(),
            &["is no file of safetensors"],
        ),
        (
            "heads that share nothing",
            |d| change(d, |c| c["num_attention_heads"] = 5.into()),
            &["config.json", "5 attention heads do not share 48"],
        ),
        (
            "places apart",
            |d| change(d, |c| c["position_embedding_type"] = "relative_key".into()),
            &["position_embedding_type is \"relative_key\""],
        ),
        ("a CRF", |d| change(d, |c| c["crf_state_dict"] = serde_json::json!({})), &["decoded by a CRF"]),
        ("no JSON", |d| fs::write(d.join("config.json"), "{").unwrap(), &["config.json", "fetch the file again"]),
    ];
    for (name, break_it, words) in faults {
        let checkpoint = random("bert");
        break_it(checkpoint.path());
        let said = refusal(checkpoint.path());
        assert!(words.iter().all(|word| said.contains(word)), "{name}: {said}");
        assert!(!said.contains("panicked"), "{name}: {said}");
    }
}

#[test]
fn a_label_file_beside_the_checkpoint_makes_its_labels_known() {
    let checkpoint = random("bert");
    change(checkpoint.path(), |c| c["id2label"]["3"] = "B-SHIP".into());
    fs::write(checkpoint.path().join("labels.toml"), "[mine]\nkinds = { PER = \"Person\", LOC = \"Place\", SHIP = \"Equipment\" }\n")
        .unwrap();
    run(checkpoint.path()).args(["-o", "/dev/null"]).assert().success();
}

#[test]
fn a_device_that_is_not_there_is_named() {
    let checkpoint = random("bert");
    let said = run(checkpoint.path()).args(["--device", "cuda"]).assert().code(2).get_output().stderr.clone();
    let said = String::from_utf8(said).unwrap();
    assert!(said.contains("--device cuda:0") && said.contains("sees no CUDA device") && said.contains("libtorch for CUDA"), "{said}");
    let said = wiregraph().args(["run", "x", "--device", "tpu"]).assert().code(2).get_output().stderr.clone();
    assert!(String::from_utf8(said).unwrap().contains("a device is cpu, cuda or cuda:N"));
}
