//! A checkpoint of BERT's family, in a directory as Hugging Face lays it out, run by rust-bert.
//!
//! | file | what |
//! | --- | --- |
//! | `config.json` | the architecture, its sizes, and `id2label` |
//! | `model.safetensors` | the weights, by the names that `transformers` gives them |
//! | `tokenizer.json`, or `vocab.txt` with `tokenizer_config.json` | how text is cut into pieces |
//! | `labels.toml` | where the labels are of no known scheme: what they stand for (`models/bert/labels.toml`) |
//!
//! Tokens are cut one by one, as such checkpoints were trained (`is_split_into_words`), and a token has the label of its first piece.

mod bert;
mod deberta;
mod schemes;

pub use schemes::{Fold, Schemes};

use super::Encoder;
use super::engine::Device;
use super::file::CASINGS;
use super::pieces::Cutter;
use super::pool::Pool;
use crate::error::{Error, Result};
use crate::lexicon::{DataFile, layers};
use bert::{Architecture, Bert, Described};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tokenizers::models::bpe::BPE;
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizers::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::{AddedToken, Tokenizer};

/// The file of schemes under `models/`.
const LABELS: &str = "bert/labels.toml";
/// Most positions that are used: attention takes time by the square of them, and few sentences have more.
const MOST_POSITIONS: usize = 512;
/// Fewest pieces that a window must have room for.
const LEAST_POSITIONS: usize = 64;

/// The error of a file of a checkpoint.
fn wrong(file: &str, reason: impl std::fmt::Display, hint: impl Into<String>) -> Error {
    Error::Usage { reason: format!("{file}: {reason}"), hint: Some(hint.into()) }
}

/// A checkpoint's directory.
struct Directory<'a>(&'a Path);

/// The checkpoint of a directory, ready to run, and whether a mention may open with a label for what is inside of one. `rules` are the user's data files,
/// which may say what labels stand for.
///
/// # Errors
/// When a file is missing or wrong, a label is of no known scheme, or the device is not there; says what to do.
pub fn load(directory: &Path, device: Device, rules: Option<&Path>) -> Result<(Encoder, bool)> {
    let directory = Directory(directory);
    let path = directory.file("config.json")?;
    let config = Config::read(&path)?;
    let fold = directory.schemes(rules)?.fold(&config.labels, &path.display().to_string())?;
    let cutter = directory.cutter(&config)?;
    let weights = directory.weights()?;
    let (outputs, inside_starts) = (fold.outputs.clone(), fold.inside_starts);
    let Config { architecture, ref text, pad, casing, .. } = config;
    let engine = Bert::load(&Described { path: &path, architecture, config: text, pad, casing }, &weights, device, fold)?;
    let encoder = Encoder {
        engine: Box::new(engine),
        cutter,
        temperature: vec![1.0; outputs.len() / 2],
        outputs,
        positions: config.positions,
        types: config.types,
        rooms: Pool::default(),
    };
    Ok((encoder, inside_starts))
}

impl Directory<'_> {
    fn file(&self, name: &str) -> Result<PathBuf> {
        let path = self.0.join(name);
        if path.is_file() {
            return Ok(path);
        }
        if !self.0.is_dir() {
            return Err(wrong(
                &format!("--model {}", self.0.display()),
                "is no directory",
                "give the directory of a checkpoint: config.json, model.safetensors and tokenizer.json or vocab.txt in it",
            ));
        }
        let hint = "in Python, with transformers: AutoTokenizer.from_pretrained(NAME).save_pretrained(DIR), AutoModelForTokenClassification.from_pretrained(NAME).save_pretrained(DIR)";
        Err(wrong(&path.display().to_string(), "is missing", hint))
    }

    fn weights(&self) -> Result<PathBuf> {
        let others = ["model.safetensors.index.json", "pytorch_model.bin", "tf_model.h5", "rust_model.ot"];
        match (self.file("model.safetensors"), others.iter().find(|name| self.0.join(name).is_file())) {
            (Err(missing), Some(other)) => {
                let hint = "in Python, with transformers: AutoModelForTokenClassification.from_pretrained(DIR).save_pretrained(DIR, max_shard_size=\"100GB\") writes it";
                Err(Error::Usage { reason: format!("{missing} ({other} is there)"), hint: Some(hint.into()) })
            }
            (found, _) => found,
        }
    }

    fn schemes(&self, rules: Option<&Path>) -> Result<Schemes> {
        let mut files = layers(LABELS, include_str!("../../models/bert/labels.toml"), rules)?;
        // The user's own come first.
        files.reverse();
        let own = self.0.join("labels.toml");
        if own.is_file() {
            files.insert(0, DataFile { name: own.display().to_string(), text: read(&own)? });
        }
        Schemes::parse(&files)
    }

    fn cutter(&self, config: &Config) -> Result<Cutter> {
        let has = |name: &str| self.0.join(name).is_file();
        let (path, tokenizer) = if has("tokenizer.json") {
            let path = self.0.join("tokenizer.json");
            let tokenizer = whole_words(&read(&path)?).map_err(|e| broken(&path, &e))?;
            (path, tokenizer)
        } else if has("vocab.json") && has("merges.txt") {
            let [vocabulary, merges] = ["vocab.json", "merges.txt"].map(|name| self.0.join(name));
            let tokenizer = byte_pairs(&vocabulary, &merges).map_err(|e| broken(&vocabulary, &format!("with merges.txt: {e}").into()))?;
            (vocabulary, tokenizer)
        } else if let Some(pieces) = ["sentencepiece.bpe.model", "spm.model", "spiece.model"].into_iter().find(|name| has(name)) {
            let hint = "in Python, with transformers: AutoTokenizer.from_pretrained(DIR).save_pretrained(DIR) writes it";
            return Err(wrong(&self.0.join("tokenizer.json").display().to_string(), format!("is missing ({pieces} is there)"), hint));
        } else {
            let path = self.file("vocab.txt")?;
            let tokenizer = word_pieces(&read(&path)?, &self.said("tokenizer_config.json")?).map_err(|e| broken(&path, &e))?;
            (path, tokenizer)
        };
        let name = path.display().to_string();
        let numbers = tokenizer.get_vocab(true).into_values().max().map_or(0, |most| most as usize + 1);
        if numbers > config.vocabulary {
            let reason =
                format!("has pieces of numbers up to {}, and the model of config.json only {} pieces", numbers - 1, config.vocabulary);
            return Err(wrong(&name, reason, "it belongs to another model: take tokenizer and model from one checkpoint"));
        }
        Cutter::of(tokenizer, config.casing).map_err(|reason| wrong(&name, reason, "the tokenizer of a model of BERT's family is needed"))
    }

    /// What a file of JSON says, if it is there.
    fn said(&self, name: &str) -> Result<Value> {
        let path = self.0.join(name);
        if !path.is_file() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&read(&path)?).map_err(|e| broken(&path, &e.into()))
    }
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|source| Error::Io { path: path.display().to_string(), source })
}

/// What the crates that read checkpoints call an error.
type Foreign = Box<dyn std::error::Error + Send + Sync>;

fn broken(path: &Path, reason: &Foreign) -> Error {
    wrong(&path.display().to_string(), reason, "fetch the file again, or write it anew with save_pretrained")
}

/// What config.json says.
struct Config {
    text: String,
    architecture: Architecture,
    labels: Vec<String>,
    positions: usize,
    types: usize,
    vocabulary: usize,
    /// What fills up a sequence.
    pad: i64,
    /// Whether the types of pieces are casings of words, as in wiregraph's own models.
    casing: bool,
}

impl Config {
    fn read(path: &Path) -> Result<Config> {
        let name = path.display().to_string();
        let value: Value = serde_json::from_str(&read(path)?).map_err(|e| broken(path, &e.into()))?;
        let kind = value["model_type"].as_str().unwrap_or_default();
        let Some(architecture) = Architecture::ALL.into_iter().find(|a| a.names().contains(&kind)) else {
            let known: Vec<&str> = Architecture::ALL.iter().flat_map(|a| a.names()).copied().collect();
            return Err(wrong(&name, format!("model_type is {kind:?}"), format!("wiregraph runs {}", known.join(", "))));
        };
        if let Some(class) = value["architectures"][0].as_str().filter(|class| !class.ends_with("ForTokenClassification")) {
            return Err(wrong(
                &name,
                format!("{class} labels no tokens"),
                "take a checkpoint that was trained for named entities: a …ForTokenClassification",
            ));
        }
        let labels = labels(&value["id2label"])
            .ok_or_else(|| wrong(&name, "id2label does not name labels 0, 1, 2 and so on", "copy it from the checkpoint's page"))?;
        let number = |key: &str| value[key].as_u64().and_then(|n| usize::try_from(n).ok());
        let asked = |key: &str| number(key).ok_or_else(|| wrong(&name, format!("{key} is missing"), "copy it from the checkpoint's page"));
        let fault = |reason: String| Err(wrong(&name, reason, "wiregraph does not run such a model: take another checkpoint"));
        if value["position_embedding_type"].as_str().is_some_and(|kind| kind != "absolute") {
            return fault(format!("position_embedding_type is {}", value["position_embedding_type"]));
        }
        if !value["crf_state_dict"].is_null() {
            return fault("the labels are decoded by a CRF (crf_state_dict)".to_owned());
        }
        let pad = number("pad_token_id").unwrap_or_else(|| architecture.usual_pad());
        if architecture == Architecture::Roberta && pad != architecture.usual_pad() {
            return fault(format!("pad_token_id is {pad}, and rust-bert counts places from behind 1"));
        }
        let (width, heads) = architecture.sizes();
        let (width, heads) = (asked(width)?, asked(heads)?);
        if heads == 0 || width % heads != 0 {
            return fault(format!("{heads} attention heads do not share {width} numbers"));
        }
        let (vocabulary, types) = (asked("vocab_size")?, number("type_vocab_size").unwrap_or(1));
        let casing = value["token_types"] == "casing";
        if pad >= vocabulary || casing && types < CASINGS {
            return fault(format!("pad_token_id {pad} of {vocabulary} pieces, or type_vocab_size {types}, is not possible"));
        }
        let positions = asked("max_position_embeddings")?.saturating_sub(architecture.positions_lost()).min(MOST_POSITIONS);
        if positions < LEAST_POSITIONS {
            return fault(format!("max_position_embeddings leaves room for {positions} pieces, and {LEAST_POSITIONS} are needed"));
        }
        Ok(Config {
            architecture,
            labels,
            positions,
            types,
            vocabulary,
            pad: pad as i64,
            casing,
            text: architecture.with_defaults(value).to_string(),
        })
    }
}

/// The labels by number.
fn labels(named: &Value) -> Option<Vec<String>> {
    let numbered: BTreeMap<usize, &str> =
        named.as_object()?.iter().map(|(number, label)| Some((number.parse().ok()?, label.as_str()?))).collect::<Option<_>>()?;
    let whole = !numbered.is_empty() && numbered.keys().copied().eq(0..numbered.len());
    whole.then(|| numbered.into_values().map(str::to_owned).collect())
}

/// A tokenizer of tokenizer.json that takes whole words: where a word's first piece shows the space before it, each word has one.
fn whole_words(text: &str) -> std::result::Result<Tokenizer, Foreign> {
    fn space(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                match fields.get("type").and_then(Value::as_str) {
                    Some("ByteLevel") => drop(fields.insert("add_prefix_space".to_owned(), Value::Bool(true))),
                    Some("Metaspace") if fields.get("prepend_scheme").is_some_and(|scheme| scheme == "never") => {
                        drop(fields.insert("prepend_scheme".to_owned(), "always".into()));
                        // As older files say the same.
                        if let Some(said) = fields.get_mut("add_prefix_space") {
                            *said = Value::Bool(true);
                        }
                    }
                    _ => {}
                }
                fields.values_mut().for_each(space);
            }
            Value::Array(values) => values.iter_mut().for_each(space),
            _ => {}
        }
    }
    let mut value: Value = serde_json::from_str(text)?;
    if let Some(value) = value.get_mut("pre_tokenizer") {
        space(value);
    }
    Ok(serde_json::from_value(value)?)
}

/// The tokenizer of a vocabulary of word pieces, a line each. Where its configuration does not say so, it is of lower-case words if it has no others.
fn word_pieces(vocabulary: &str, config: &Value) -> std::result::Result<Tokenizer, Foreign> {
    let numbered: ahash::AHashMap<String, u32> = vocabulary.lines().map(str::to_owned).zip(0..).collect();
    let capital = |piece: &String| !piece.starts_with('[') && piece.contains(char::is_uppercase);
    let said = |key: &str| config[key].as_bool();
    let lower = said("do_lower_case").unwrap_or_else(|| !numbered.keys().any(capital));
    let chinese = said("tokenize_chinese_chars").unwrap_or(true);
    let mut tokenizer = Tokenizer::new(WordPiece::builder().vocab(numbered).unk_token("[UNK]".to_owned()).build()?);
    tokenizer.with_normalizer(Some(BertNormalizer::new(true, chinese, said("strip_accents"), lower)))?;
    tokenizer.with_pre_tokenizer(Some(BertPreTokenizer));
    Ok(tokenizer)
}

/// The tokenizer of RoBERTa's vocabulary of byte pairs.
fn byte_pairs(vocabulary: &Path, merges: &Path) -> std::result::Result<Tokenizer, Foreign> {
    let mut tokenizer = Tokenizer::new(BPE::from_file(&vocabulary.to_string_lossy(), &merges.to_string_lossy()).build()?);
    tokenizer.with_pre_tokenizer(Some(ByteLevel::new(true, true, true)));
    let special = ["<s>", "</s>", "<pad>", "<unk>", "[CLS]", "[SEP]", "[PAD]", "[UNK]"].into_iter();
    let known: Vec<AddedToken> =
        special.filter(|word| tokenizer.token_to_id(word).is_some()).map(|word| AddedToken::from(word, true)).collect();
    tokenizer.add_special_tokens(known)?;
    Ok(tokenizer)
}
