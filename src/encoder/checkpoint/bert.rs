//! The engine: rust-bert's models of token classification, and DeBERTa of our own, in libtorch.
//!
//! Only the models are used. rust-bert's own pipeline is not: of more windows than its batch holds it leaves the last without labels, and its offsets count
//! characters. A model may go from thread to thread but not be shared, so each thread has one, all on the same weights.

use super::deberta::Deberta;
use super::{Fold, wrong};
use crate::encoder::engine::{Device, Engine};
use crate::encoder::network::Batch;
use crate::encoder::pool::Pool;
use crate::error::{Error, Result};
use crate::limits;
use rust_bert::bert::{BertConfig, BertForTokenClassification};
use rust_bert::distilbert::{DistilBertConfig, DistilBertForTokenClassification};
use rust_bert::electra::{ElectraConfig, ElectraForTokenClassification};
use rust_bert::roberta::RobertaForTokenClassification;
use safetensors::Dtype;
use safetensors::tensor::Metadata;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::ops::Deref;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use tch::{Kind, Tensor, nn};

/// Most pieces of a padded batch on a CPU, whose caches are small, and on a GPU.
const AT_ONCE: [usize; 2] = [1_024, 16_384];
/// Pieces that are gathered, to be sorted by length into such batches.
const GATHERED: usize = 16_384;

/// What rust-bert has models of that label tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Architecture {
    Bert,
    Roberta,
    DistilBert,
    Electra,
    Deberta,
    DebertaV2,
}

impl Architecture {
    pub(super) const ALL: [Architecture; 6] = [
        Architecture::Bert,
        Architecture::Roberta,
        Architecture::DistilBert,
        Architecture::Electra,
        Architecture::Deberta,
        Architecture::DebertaV2,
    ];

    /// What `model_type` of config.json calls it.
    pub(super) fn names(self) -> &'static [&'static str] {
        match self {
            Architecture::Bert => &["bert"],
            Architecture::Roberta => &["roberta", "xlm-roberta"],
            Architecture::DistilBert => &["distilbert"],
            Architecture::Electra => &["electra"],
            Architecture::Deberta => &["deberta"],
            Architecture::DebertaV2 => &["deberta-v2"],
        }
    }

    /// What `transformers` takes for padding where a file does not say.
    pub(super) fn usual_pad(self) -> usize {
        usize::from(self == Architecture::Roberta)
    }

    /// Positions that no piece can have: RoBERTa counts from behind its padding.
    pub(super) fn positions_lost(self) -> usize {
        if self == Architecture::Roberta { self.usual_pad() + 1 } else { 0 }
    }

    /// What config.json calls the numbers of a row and the heads that share them.
    pub(super) fn sizes(self) -> (&'static str, &'static str) {
        if self == Architecture::DistilBert { ("dim", "n_heads") } else { ("hidden_size", "num_attention_heads") }
    }

    /// A configuration with what files may leave out, as `transformers` has it: what is the default there, or of no account once a model is trained.
    pub(super) fn with_defaults(self, mut config: Value) -> Value {
        let types = if matches!(self, Architecture::Deberta | Architecture::DebertaV2) { 0 } else { 2 };
        let defaults = json!({
            "hidden_act": "gelu", "attention_probs_dropout_prob": 0.1, "hidden_dropout_prob": 0.1, "initializer_range": 0.02, "type_vocab_size": types, "pad_token_id": self.usual_pad(),
            "activation": "gelu", "attention_dropout": 0.1, "dropout": 0.1, "qa_dropout": 0.1, "seq_classif_dropout": 0.2, "sinusoidal_pos_embds": false,
            "tie_weights_": true,
        });
        if let (Value::Object(fields), Value::Object(defaults)) = (&mut config, defaults) {
            // rust-bert takes no null for what is not there.
            fields.retain(|_, value| !value.is_null());
            for (key, value) in defaults {
                fields.entry(key).or_insert(value);
            }
        }
        config
    }
}

/// A model of one thread.
enum Model {
    Bert(BertForTokenClassification),
    Roberta(RobertaForTokenClassification),
    DistilBert(DistilBertForTokenClassification),
    Electra(ElectraForTokenClassification),
    Deberta(Deberta),
}

/// What went wrong inside of rust-bert, in its words.
type Refusal = String;

fn parsed<C: DeserializeOwned>(config: &str) -> std::result::Result<C, Refusal> {
    serde_json::from_str(config).map_err(|e| e.to_string())
}

impl Model {
    /// A model of weights that are not set yet.
    fn new(architecture: Architecture, config: &str, root: &nn::Path) -> std::result::Result<Model, Refusal> {
        macro_rules! model {
            ($name:ident, $config:ty, $model:ident) => {
                $model::new(root, &parsed::<$config>(config)?).map(Model::$name).map_err(|e| e.to_string())
            };
        }
        match architecture {
            Architecture::Bert => model!(Bert, BertConfig, BertForTokenClassification),
            Architecture::Roberta => model!(Roberta, BertConfig, RobertaForTokenClassification),
            Architecture::DistilBert => model!(DistilBert, DistilBertConfig, DistilBertForTokenClassification),
            Architecture::Electra => model!(Electra, ElectraConfig, ElectraForTokenClassification),
            Architecture::Deberta | Architecture::DebertaV2 => {
                Deberta::new(config, architecture == Architecture::Deberta, root).map(Model::Deberta)
            }
        }
    }

    /// The numbers of each piece: sequences × pieces × labels.
    fn forward(&self, ids: &Tensor, mask: &Tensor, types: Option<&Tensor>) -> std::result::Result<Tensor, Refusal> {
        // rust-bert adds ELECTRA's mask to the scores as it is.
        let added = || (mask.to_kind(Kind::Float) - 1.0) * 10_000.0;
        let (ids_given, mask_given) = (Some(ids), Some(mask));
        Ok(match self {
            Model::Bert(model) => model.forward_t(ids_given, mask_given, types, None, None, false).logits,
            Model::Roberta(model) => model.forward_t(ids_given, mask_given, types, None, None, false).logits,
            Model::Electra(model) => model.forward_t(ids_given, Some(&added()), types, None, None, false).logits,
            Model::DistilBert(model) => model.forward_t(ids_given, mask_given, None, false).map_err(|e| e.to_string())?.logits,
            Model::Deberta(model) => model.forward(ids, mask, types),
        })
    }
}

/// A checkpoint in libtorch.
pub(super) struct Bert {
    architecture: Architecture,
    config: String,
    device: tch::Device,
    /// By their names, what all models share.
    weights: Mutex<HashMap<String, Tensor>>,
    models: Pool<Model>,
    fold: Fold,
    pad: i64,
    casing: bool,
}

impl std::fmt::Debug for Bert {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bert").field("architecture", &self.architecture).field("device", &self.device).finish_non_exhaustive()
    }
}

/// What the directory says of a model.
pub(super) struct Described<'a> {
    /// config.json.
    pub(super) path: &'a Path,
    pub(super) architecture: Architecture,
    /// What it says, with defaults.
    pub(super) config: &'a str,
    /// The piece that fills up a sequence.
    pub(super) pad: i64,
    /// Whether the types of pieces are casings of words.
    pub(super) casing: bool,
}

impl Bert {
    /// The model whose weights are in a file.
    pub(super) fn load(described: &Described, weights: &Path, device: Device, fold: Fold) -> Result<Bert> {
        let Described { architecture, config, pad, casing, .. } = *described;
        let device = match device {
            Device::Cpu => {
                // Documents go in parallel, and each alone gives the same numbers every time.
                tch::set_num_threads(1);
                tch::Device::Cpu
            }
            Device::Cuda(number) => cuda(number)?,
        };
        let store = nn::VarStore::new(device);
        let refused = |reason: Refusal| {
            wrong(&described.path.display().to_string(), reason, "the checkpoint's own config.json says what its weights are")
        };
        let model = Model::new(architecture, config, &store.root()).map_err(refused)?;
        let variables = store.variables();
        fill(&variables, weights)?;
        let models = Pool::default();
        models.leave(model);
        Ok(Bert { architecture, config: config.to_owned(), device, weights: Mutex::new(variables), models, fold, pad, casing })
    }

    /// A model of a thread's own on the shared weights. One at a time is made: until it has them it has weights of its own.
    fn model(&self) -> Lease<'_> {
        let model = self.models.take().unwrap_or_else(|| {
            let weights = self.weights.lock().unwrap_or_else(PoisonError::into_inner);
            let store = nn::VarStore::new(self.device);
            let model = Model::new(self.architecture, &self.config, &store.root()).unwrap_or_else(|reason| failed(&reason));
            tch::no_grad(|| {
                for (name, mut variable) in store.variables() {
                    if let Some(weight) = weights.get(&name) {
                        variable.set_data(weight);
                    }
                }
            });
            model
        });
        Lease { model: Some(model), models: &self.models }
    }

    /// The numbers of sequences of a batch, each the start and the length of one, filled up to the longest: sequences × pieces × labels.
    fn forward(&self, model: &Model, batch: &Batch, sequences: &[(usize, usize)], width: usize) -> Vec<f32> {
        let cells = sequences.len() * width;
        let (mut ids, mut mask, mut types) = (Vec::with_capacity(cells), Vec::with_capacity(cells), Vec::with_capacity(cells));
        for &(start, length) in sequences {
            let pieces = &batch.pieces[start..start + length];
            ids.extend(pieces.iter().map(|piece| i64::from(piece.id)).chain(std::iter::repeat_n(self.pad, width - length)));
            mask.extend(std::iter::repeat_n(1, length).chain(std::iter::repeat_n(0, width - length)));
            types.extend(pieces.iter().map(|piece| i64::from(piece.casing)).chain(std::iter::repeat_n(0, width - length)));
        }
        let tensor = |numbers: &[i64]| Tensor::from_slice(numbers).view([sequences.len() as i64, width as i64]).to_device(self.device);
        let types = self.casing.then(|| tensor(&types));
        let logits = tch::no_grad(|| model.forward(&tensor(&ids), &tensor(&mask), types.as_ref())).unwrap_or_else(|reason| failed(&reason));
        let numbers = Vec::<f32>::try_from(logits.to_device(tch::Device::Cpu).to_kind(Kind::Float).flatten(0, -1));
        numbers.unwrap_or_else(|e: tch::TchError| failed(&e.to_string()))
    }
}

/// A model that goes back to the others whatever happens.
struct Lease<'b> {
    model: Option<Model>,
    models: &'b Pool<Model>,
}

impl Deref for Lease<'_> {
    type Target = Model;

    fn deref(&self) -> &Model {
        self.model.as_ref().unwrap_or_else(|| failed("a model that was given back"))
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if let Some(model) = self.model.take() {
            self.models.leave(model);
        }
    }
}

/// Ends the work on a document: who called names it, with these words.
fn failed(reason: &str) -> ! {
    panic!("rust-bert: {reason}")
}

fn cuda(number: usize) -> Result<tch::Device> {
    let found = tch::Cuda::device_count();
    if tch::Cuda::is_available() && (number as i64) < found {
        return Ok(tch::Device::Cuda(number));
    }
    let reason = match found {
        0 => "this libtorch sees no CUDA device".to_owned(),
        _ => format!("this libtorch sees CUDA devices 0 to {}", found - 1),
    };
    let hint = "leave --device out for the CPU; for a GPU, build with a libtorch for CUDA (models/bert/README.md) on a machine with NVIDIA's driver";
    Err(wrong(&format!("--device cuda:{number}"), reason, hint))
}

/// Sets variables to the weights of their names in a file, one after the other: no second copy of them is held.
fn fill(variables: &HashMap<String, Tensor>, path: &Path) -> Result<()> {
    let name = path.display().to_string();
    let io = |source| Error::Io { path: name.clone(), source };
    let refused = |reason: String| {
        wrong(&name, reason, "config.json and model.safetensors are not of one checkpoint, or the file was cut short: fetch both again")
    };
    let mut file = BufReader::new(File::open(path).map_err(io)?);
    let size = file.get_ref().metadata().map_err(io)?.len();
    let mut eight = [0; 8];
    let is_short = |_| refused("is no file of safetensors".to_owned());
    file.read_exact(&mut eight).map_err(is_short)?;
    let header = u64::from_le_bytes(eight);
    let mut bytes = Vec::new();
    (&mut file).take(header.min(size)).read_to_end(&mut bytes).map_err(io)?;
    let metadata: Metadata = serde_json::from_slice(&bytes).map_err(|e| refused(format!("is no file of safetensors: {e}")))?;
    if 8 + header + metadata.data_len() as u64 != size {
        return Err(refused(format!("has {size} bytes and not {}", 8 + header + metadata.data_len() as u64)));
    }
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for (name, variable) in variables {
        // What older files call the weight and the bias of a normalisation.
        let old = name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
        match metadata.info(name).or_else(|| metadata.info(&old)) {
            Some(info) => found.push((info, name, variable)),
            None => missing.push(name),
        }
    }
    missing.sort();
    match &missing[..] {
        [] => {}
        [first] => return Err(refused(format!("lacks {first}"))),
        [first, others @ ..] => return Err(refused(format!("lacks {first} and {} others", others.len()))),
    }
    // In the order of the file.
    found.sort_by_key(|(info, ..)| info.data_offsets);
    for (info, name, variable) in found {
        let shape: Vec<i64> = info.shape.iter().map(|&n| n as i64).collect();
        if shape != variable.size() {
            return Err(refused(format!("{name} has the shape {shape:?} and not {:?}", variable.size())));
        }
        let kind = match info.dtype {
            Dtype::F32 => Kind::Float,
            Dtype::F16 => Kind::Half,
            Dtype::BF16 => Kind::BFloat16,
            other => return Err(refused(format!("{name} is of the type {other:?}"))),
        };
        let (start, end) = info.data_offsets;
        bytes.resize(end - start, 0);
        file.seek(SeekFrom::Start(8 + header + start as u64)).map_err(io)?;
        file.read_exact(&mut bytes).map_err(io)?;
        let weight = Tensor::f_from_data_size(&bytes, &shape, kind).map_err(|e| refused(e.to_string()))?;
        let mut variable = variable.shallow_clone();
        tch::no_grad(|| variable.f_copy_(&weight)).map_err(|e| refused(format!("{name}: {e}")))?;
    }
    Ok(())
}

impl Engine for Bert {
    fn batch(&self) -> usize {
        GATHERED
    }

    fn alone(&self) -> bool {
        // Products of other sizes are summed in other orders.
        false
    }

    fn run(&self, batch: &Batch, each: &mut dyn FnMut(&[f32])) {
        let labels = self.fold.labels();
        // Where each sequence starts, and its length; the longest first.
        let mut start = 0;
        let mut sequences: Vec<(usize, usize)> = Vec::with_capacity(batch.lengths.len());
        for &length in &batch.lengths {
            sequences.push((start, length));
            start += length;
        }
        sequences.sort_by_key(|&(start, length)| (std::cmp::Reverse(length), start));
        let at_once = AT_ONCE[usize::from(self.device != tch::Device::Cpu)];
        let lease = self.model();
        let mut rows = vec![0.0; batch.pieces.len() * labels];
        let mut rest = &sequences[..];
        while let Some(&(_, width)) = rest.first() {
            limits::check_clock();
            let (now, later) = rest.split_at((at_once / width.max(1)).clamp(1, rest.len()));
            let logits = self.forward(&lease, batch, now, width);
            for (&(start, length), logits) in now.iter().zip(logits.chunks_exact(width * labels)) {
                rows[start * labels..(start + length) * labels].copy_from_slice(&logits[..length * labels]);
            }
            rest = later;
        }
        drop(lease);
        let mut folded = Vec::new();
        for &at in &batch.wanted {
            self.fold.apply(&rows[at * labels..(at + 1) * labels], &mut folded);
            each(&folded);
        }
    }
}
