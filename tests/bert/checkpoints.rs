//! Checkpoints for the tests: the embedded models written as such, and small ones of random weights.

use rust_bert::bert::{BertConfig, BertForTokenClassification};
use rust_bert::deberta::{DebertaConfig, DebertaForTokenClassification};
use rust_bert::deberta_v2::{DebertaV2Config, DebertaV2ForTokenClassification};
use rust_bert::distilbert::{DistilBertConfig, DistilBertForTokenClassification};
use rust_bert::electra::{ElectraConfig, ElectraForTokenClassification};
use rust_bert::roberta::RobertaForTokenClassification;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;
use tch::nn::VarStore;
use tch::{Device, Kind};
use tempfile::TempDir;

/// The architectures, by what config.json calls them.
pub const ARCHITECTURES: [&str; 7] = ["bert", "roberta", "xlm-roberta", "distilbert", "electra", "deberta", "deberta-v2"];

/// An embedded model as a checkpoint, written by the script.
pub fn embedded(name: &str) -> TempDir {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let directory = tempfile::tempdir().unwrap();
    let mut script = Command::new("python3");
    script
        .arg(root.join("models/bert/checkpoint.py"))
        .arg(root.join(format!("models/recogniser/{name}.safetensors")))
        .arg(directory.path());
    assert!(script.status().unwrap().success());
    directory
}

/// The word pieces of small checkpoints.
pub fn vocabulary() -> Vec<String> {
    let markers = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"].map(str::to_owned);
    let letters = ('a'..='z').chain('A'..='Z').chain('0'..='9').flat_map(|c| [c.to_string(), format!("##{c}")]);
    markers.into_iter().chain(letters).chain([".", ",", "-", "soldiers", "Kursk"].map(str::to_owned)).collect()
}

/// A configuration of a small model.
pub fn config(architecture: &str) -> Value {
    let mut config = json!({
        "model_type": architecture, "architectures": ["XForTokenClassification"], "vocab_size": vocabulary().len(), "max_position_embeddings": 130,
        "hidden_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64, "type_vocab_size": 2, "pad_token_id": 0,
        "hidden_act": "gelu", "attention_probs_dropout_prob": 0.1, "hidden_dropout_prob": 0.1, "initializer_range": 0.02, "layer_norm_eps": 1e-7,
        "id2label": {"0": "O", "1": "B-PER", "2": "I-PER", "3": "B-LOC", "4": "I-LOC"},
    });
    let more = match architecture {
        "distilbert" => json!({
            "activation": "gelu", "attention_dropout": 0.1, "dim": 48, "dropout": 0.1, "hidden_dim": 64, "n_heads": 4, "n_layers": 2, "qa_dropout": 0.1,
            "seq_classif_dropout": 0.2, "sinusoidal_pos_embds": false, "tie_weights_": true,
        }),
        "roberta" | "xlm-roberta" => json!({"pad_token_id": 1}),
        "electra" => json!({"embedding_size": 32}),
        "deberta" => {
            json!({"relative_attention": true, "pos_att_type": "c2p|p2c", "max_relative_positions": -1, "position_biased_input": false, "type_vocab_size": 0})
        }
        "deberta-v2" => json!({
            "relative_attention": true, "pos_att_type": "p2c|c2p", "max_relative_positions": -1, "position_biased_input": false, "type_vocab_size": 0,
            "position_buckets": 64, "norm_rel_ebd": "layer_norm", "share_att_key": true,
        }),
        _ => json!({}),
    };
    config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    config
}

/// A small checkpoint of random weights, which rust-bert itself makes and names.
pub fn random(architecture: &str) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let config = config(architecture);
    let text = config.to_string();
    let store = VarStore::new(Device::Cpu);
    macro_rules! make {
        ($config:ty, $model:ident) => {
            drop($model::new(store.root(), &serde_json::from_str::<$config>(&text).unwrap()).unwrap())
        };
    }
    tch::manual_seed(5);
    match architecture {
        "bert" => make!(BertConfig, BertForTokenClassification),
        "roberta" | "xlm-roberta" => make!(BertConfig, RobertaForTokenClassification),
        "distilbert" => make!(DistilBertConfig, DistilBertForTokenClassification),
        "electra" => make!(ElectraConfig, ElectraForTokenClassification),
        "deberta" => make!(DebertaConfig, DebertaForTokenClassification),
        "deberta-v2" => make!(DebertaV2Config, DebertaV2ForTokenClassification),
        other => panic!("{other}"),
    }
    // Wide enough that what is read together could be told from the numbers.
    tch::no_grad(|| {
        for (_, mut variable) in store.variables() {
            if variable.kind() == Kind::Float && variable.size().len() > 1 {
                let noise = variable.randn_like() * 0.3;
                variable.copy_(&noise);
            }
        }
    });
    store.save(directory.path().join("model.safetensors")).unwrap();
    fs::write(directory.path().join("config.json"), text).unwrap();
    fs::write(directory.path().join("vocab.txt"), vocabulary().join("\n")).unwrap();
    directory
}

/// Changes a checkpoint's configuration.
pub fn change(directory: &Path, how: impl FnOnce(&mut Value)) {
    let path = directory.join("config.json");
    let mut config: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    how(&mut config);
    fs::write(path, config.to_string()).unwrap();
}
