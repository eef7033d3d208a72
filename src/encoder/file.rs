//! Reading a model file: safetensors with bytes for weights.
//!
//! | tensor | type and shape | what |
//! | --- | --- | --- |
//! | `vocabulary` | U8 | the word pieces, a line each; `[UNK]`, `[CLS]` and `[SEP]` among them |
//! | `embeddings.word` | I8 pieces × hidden | with `embeddings.word.scale`, F32, a factor a piece |
//! | `embeddings.position`, `embeddings.type` | F32 rows × hidden | |
//! | `layer.N.qkv`, `.out`, `.up`, `.down`, `head` | `.weight` I8 outputs × inputs within ±63, `.scale` and `.bias` F32 outputs | |
//! | `embeddings.norm`, `layer.N.norm1`, `.norm2` | `.weight` and `.bias` F32 hidden | |
//! | `temperature` | F32 | what logits are divided by for a probability; the recogniser has one a kind |
//!
//! Its metadata: `format` ([`FORMAT`]), `labels` (the names of the head's outputs: `O B-Person I-Person …`), `heads`.

use super::fault;
use super::linear::Product;
use super::network::{Embeddings, Layer, Network, Norm};
use super::pool::Pool;
use super::simd::{Cpu, LANES, STEP, WEIGHT_LIMIT};
use crate::error::Result;
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use std::collections::HashMap;

/// The format's name and version.
pub const FORMAT: &str = "wiregraph-encoder-1";
/// Casings that a piece can have.
pub const CASINGS: usize = 5;
/// Most token types: the casings, and what a model adds to them.
const MOST_TYPES: usize = 16;
/// Fewest positions of a model: a token and its neighbours have room in so many.
const LEAST_POSITIONS: usize = 64;
/// Most positions that are used: attention takes time by the square of them.
const MOST_POSITIONS: usize = 128;
/// Most numbers of a row, and most rows of a weight: what the sums of a product still hold, and then some.
const WIDEST: usize = 16_384;

/// What a model file holds.
#[derive(Debug)]
pub struct Model<L> {
    /// The network.
    pub network: Network<L>,
    /// Word pieces by number.
    pub vocabulary: Vec<String>,
    /// The names of the classifier's numbers.
    pub outputs: Vec<String>,
    /// By what the numbers speak of.
    pub temperature: Vec<f32>,
    /// Most pieces of a sentence.
    pub positions: usize,
}

/// Reads a model, to run in the instructions of `cpu`.
///
/// # Errors
/// When a tensor is missing or does not fit.
pub fn read<L: Product>(bytes: &[u8], cpu: Cpu) -> Result<Model<L>> {
    let broken = |e: safetensors::SafeTensorError| fault("header", e);
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(broken)?;
    let file = File { tensors: SafeTensors::deserialize(bytes).map_err(broken)?, metadata: header.metadata().clone().unwrap_or_default() };
    if file.word("format")? != FORMAT {
        return Err(fault("format", "not a model of this version"));
    }
    let outputs: Vec<String> = file.word("labels")?.split_whitespace().map(str::to_owned).collect();
    let vocabulary = file.vocabulary()?;
    let casing = file.tensor("embeddings.type", Dtype::F32)?;
    let [casings, hidden] = shape("embeddings.type", &casing)?;
    let heads: usize = file.word("heads")?.parse().map_err(|e| fault("heads", e))?;
    let width = hidden.checked_div(heads).unwrap_or(0);
    if !(CASINGS..=MOST_TYPES).contains(&casings)
        || width * heads != hidden
        || ![LANES, 2 * LANES, 4 * LANES].contains(&width)
        || hidden > WIDEST
    {
        return Err(fault("embeddings.type", "the number of casings, or of numbers a head, is not one that the program has"));
    }
    let positions = file.numbers("embeddings.position", None)?;
    let count = positions.len() / hidden;
    if count < LEAST_POSITIONS || positions.len() % hidden != 0 {
        return Err(fault("embeddings.position", "too short"));
    }
    let embeddings = Embeddings {
        pieces: file.bytes("embeddings.word", [vocabulary.len(), hidden], i8::MAX)?,
        scale: file.numbers("embeddings.word.scale", Some(vocabulary.len()))?,
        positions,
        types: file.numbers("embeddings.type", Some(casings * hidden))?,
        norm: file.norm("embeddings.norm", hidden)?,
    };
    let mut layers = Vec::new();
    while file.tensors.tensor(&format!("layer.{}.qkv.weight", layers.len())).is_ok() {
        layers.push(file.layer(layers.len(), hidden, heads)?);
    }
    if layers.is_empty() {
        return Err(fault("layer.0.qkv.weight", "missing"));
    }
    let head = file.linear("head", Some(outputs.len()), hidden)?;
    let temperature = file.numbers("temperature", None)?;
    if temperature.iter().any(|t| !t.is_finite() || *t <= 0.0) {
        return Err(fault("temperature", "not positive"));
    }
    let network = Network { cpu, hidden, heads, embeddings, layers, head, rooms: Pool::default() };
    Ok(Model { network, vocabulary, outputs, temperature, positions: count.min(MOST_POSITIONS) })
}

struct File<'a> {
    tensors: SafeTensors<'a>,
    metadata: HashMap<String, String>,
}

impl<'a> File<'a> {
    fn word(&self, name: &str) -> Result<&str> {
        self.metadata.get(name).map(String::as_str).ok_or_else(|| fault(name, "missing from the metadata"))
    }

    fn tensor(&self, name: &str, kind: Dtype) -> Result<TensorView<'a>> {
        let tensor = self.tensors.tensor(name).map_err(|_| fault(name, "missing"))?;
        if tensor.dtype() == kind { Ok(tensor) } else { Err(fault(name, format!("is {:?} and not {kind:?}", tensor.dtype()))) }
    }

    fn vocabulary(&self) -> Result<Vec<String>> {
        let tensor = self.tensor("vocabulary", Dtype::U8)?;
        let text = std::str::from_utf8(tensor.data()).map_err(|e| fault("vocabulary", e))?;
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// Finite numbers; `count` of them where it is known.
    fn numbers(&self, name: &str, count: Option<usize>) -> Result<Vec<f32>> {
        let tensor = self.tensor(name, Dtype::F32)?;
        let numbers: Vec<f32> = tensor.data().as_chunks().0.iter().map(|&four| f32::from_le_bytes(four)).collect();
        if count.is_some_and(|count| count != numbers.len()) {
            return Err(fault(name, "has a wrong shape"));
        }
        if numbers.iter().all(|x| x.is_finite()) { Ok(numbers) } else { Err(fault(name, "has a number that is none")) }
    }

    fn bytes(&self, name: &str, expected: [usize; 2], limit: i8) -> Result<Vec<i8>> {
        let tensor = self.tensor(name, Dtype::I8)?;
        if shape(name, &tensor)? != expected {
            return Err(fault(name, format!("has the shape {:?} and not {expected:?}", tensor.shape())));
        }
        let bytes: Vec<i8> = tensor.data().iter().map(|b| b.cast_signed()).collect();
        let within = bytes.iter().all(|b| b.unsigned_abs() <= limit.unsigned_abs());
        if within { Ok(bytes) } else { Err(fault(name, format!("has a weight beyond {limit}"))) }
    }

    fn norm(&self, name: &str, hidden: usize) -> Result<Norm> {
        let numbers = |part: &str| self.numbers(&format!("{name}.{part}"), Some(hidden));
        Ok(Norm { weight: numbers("weight")?, bias: numbers("bias")? })
    }

    /// A linear layer; where `outputs` is not known, what the file says.
    fn linear<L: Product>(&self, name: &str, outputs: Option<usize>, inputs: usize) -> Result<L> {
        let weight = format!("{name}.weight");
        let [rows, columns] = shape(&weight, &self.tensor(&weight, Dtype::I8)?)?;
        let outputs = outputs.unwrap_or(rows);
        if rows > WIDEST || columns > WIDEST || columns % STEP != 0 {
            return Err(fault(&weight, "is too wide, or not a multiple of 4"));
        }
        let weights = self.bytes(&weight, [outputs, inputs], WEIGHT_LIMIT)?;
        let numbers = |part: &str| self.numbers(&format!("{name}.{part}"), Some(outputs));
        Ok(L::new(&weights, &numbers("scale")?, &numbers("bias")?))
    }

    fn layer<L: Product>(&self, number: usize, hidden: usize, heads: usize) -> Result<Layer<L>> {
        let name = |part: &str| format!("layer.{number}.{part}");
        let whole = |linear: L, outputs: usize, part: &str| {
            // Outputs that are filled up would go into the next product.
            if linear.outputs() == outputs { Ok(linear) } else { Err(fault(&name(part), "has a width that is no multiple of 64")) }
        };
        let mut qkv = whole(self.linear(&name("qkv"), Some(3 * hidden), hidden)?, 3 * hidden, "qkv")?;
        qkv.multiply(0..hidden, 1.0 / ((hidden / heads) as f32).sqrt());
        let [inner, _] = shape(&name("up.weight"), &self.tensor(&name("up.weight"), Dtype::I8)?)?;
        Ok(Layer {
            qkv,
            out: whole(self.linear(&name("out"), Some(hidden), hidden)?, hidden, "out")?,
            norm1: self.norm(&name("norm1"), hidden)?,
            up: whole(self.linear(&name("up"), None, hidden)?, inner, "up")?,
            down: whole(self.linear(&name("down"), Some(hidden), inner)?, hidden, "down")?,
            norm2: self.norm(&name("norm2"), hidden)?,
        })
    }
}

fn shape(name: &str, tensor: &TensorView) -> Result<[usize; 2]> {
    tensor.shape().try_into().map_err(|_| fault(name, "is no matrix"))
}
