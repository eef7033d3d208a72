//! DeBERTa (He et al. 2020, 2021: v1, v2 and v3) over libtorch's operations.
//!
//! rust-bert has it, too, but its relative attention is not that of the models: in v1 it takes the number of heads for the length of the sentence, in v2 it leaves
//! out the shift of positions and a root. On random weights its numbers were off by units from those of transformers, where these are within 10⁻⁴
//! (`tests/peers/checkpoints.py`).

use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;
use tch::{Device, Kind, Tensor, nn};

/// What config.json says of it.
#[derive(Clone, Debug, Deserialize)]
struct Config {
    vocab_size: i64,
    hidden_size: i64,
    embedding_size: Option<i64>,
    num_hidden_layers: i64,
    num_attention_heads: i64,
    intermediate_size: i64,
    max_position_embeddings: i64,
    #[serde(default)]
    type_vocab_size: i64,
    #[serde(default = "tiny")]
    layer_norm_eps: f64,
    #[serde(default = "yes")]
    position_biased_input: bool,
    #[serde(default)]
    relative_attention: bool,
    #[serde(default = "none")]
    max_relative_positions: i64,
    #[serde(default = "none")]
    position_buckets: i64,
    #[serde(default)]
    pos_att_type: Value,
    #[serde(default)]
    share_att_key: bool,
    #[serde(default)]
    norm_rel_ebd: String,
    #[serde(default)]
    conv_kernel_size: i64,
    #[serde(default = "one")]
    conv_groups: i64,
    #[serde(default = "tanh")]
    conv_act: String,
    #[serde(default)]
    talking_head: bool,
    hidden_act: String,
    id2label: HashMap<String, String>,
}

fn tiny() -> f64 {
    1e-7
}

fn yes() -> bool {
    true
}

fn none() -> i64 {
    -1
}

fn one() -> i64 {
    1
}

fn tanh() -> String {
    "tanh".to_owned()
}

impl Config {
    /// Whether attention goes from content to position ("c2p") or the other way ("p2c").
    fn attends(&self, way: &str) -> bool {
        let said = |value: &Value| value.as_str().is_some_and(|ways| ways.to_lowercase().split('|').any(|w| w.trim() == way));
        self.relative_attention && (said(&self.pos_att_type) || self.pos_att_type.as_array().is_some_and(|ways| ways.iter().any(said)))
    }

    /// The farthest that a position is told from another.
    fn farthest(&self) -> i64 {
        if self.max_relative_positions < 1 { self.max_position_embeddings } else { self.max_relative_positions }
    }

    /// Rows of relative positions to either side.
    fn span(&self) -> i64 {
        if self.position_buckets > 0 { self.position_buckets } else { self.farthest() }
    }

    /// By how much products are too large: for each kind of attention as much as for one.
    fn scale(&self) -> f64 {
        let kinds = 1 + i64::from(self.attends("c2p")) + i64::from(self.attends("p2c"));
        ((self.hidden_size / self.num_attention_heads * kinds) as f64).sqrt()
    }
}

/// A model with a head for token classification.
pub(super) struct Deberta {
    config: Config,
    first: bool,
    weights: HashMap<String, Tensor>,
}

impl Deberta {
    /// A model of weights that are not set yet: of version 1 where `first`.
    pub(super) fn new(config: &str, first: bool, root: &nn::Path) -> Result<Deberta, String> {
        let config: Config = serde_json::from_str(config).map_err(|e| e.to_string())?;
        if config.talking_head || config.hidden_act != "gelu" || !["gelu", "tanh"].contains(&config.conv_act.as_str()) {
            return Err("talking_head, or an activation other than gelu, is not known here".to_owned());
        }
        if config.num_attention_heads < 1 || config.hidden_size % config.num_attention_heads != 0 {
            return Err("hidden_size is no multiple of num_attention_heads".to_owned());
        }
        let mut model = Deberta { first, weights: HashMap::new(), config: config.clone() };
        let (hidden, inner) = (config.hidden_size, config.intermediate_size);
        let narrow = config.embedding_size.unwrap_or(hidden);
        let mut declare = |name: &str, shape: &[i64]| {
            let mut path = root.sub("deberta");
            let mut parts: Vec<&str> = name.split('.').collect();
            let last = parts.pop().unwrap_or_default();
            if parts.first() == Some(&"classifier") {
                path = root.sub("classifier");
                parts.remove(0);
            }
            for part in parts {
                path = path.sub(part);
            }
            model.weights.insert(name.to_owned(), path.zeros(last, shape));
        };
        let linear = |declare: &mut dyn FnMut(&str, &[i64]), name: &str, out: i64, from: i64| {
            declare(&format!("{name}.weight"), &[out, from]);
            declare(&format!("{name}.bias"), &[out]);
        };
        let norm = |declare: &mut dyn FnMut(&str, &[i64]), name: &str, width: i64| {
            declare(&format!("{name}.weight"), &[width]);
            declare(&format!("{name}.bias"), &[width]);
        };
        declare("embeddings.word_embeddings.weight", &[config.vocab_size, narrow]);
        if config.position_biased_input {
            declare("embeddings.position_embeddings.weight", &[config.max_position_embeddings, narrow]);
        }
        if config.type_vocab_size > 0 {
            declare("embeddings.token_type_embeddings.weight", &[config.type_vocab_size, narrow]);
        }
        if narrow != hidden {
            declare("embeddings.embed_proj.weight", &[hidden, narrow]);
        }
        norm(&mut declare, "embeddings.LayerNorm", hidden);
        if config.relative_attention {
            let rows = if first { config.farthest() } else { config.span() };
            declare("encoder.rel_embeddings.weight", &[2 * rows, hidden]);
        }
        if config.norm_rel_ebd == "layer_norm" && config.relative_attention {
            norm(&mut declare, "encoder.LayerNorm", hidden);
        }
        if config.conv_kernel_size > 0 {
            declare("encoder.conv.conv.weight", &[hidden, hidden / config.conv_groups.max(1), config.conv_kernel_size]);
            declare("encoder.conv.conv.bias", &[hidden]);
            norm(&mut declare, "encoder.conv.LayerNorm", hidden);
        }
        for layer in 0..config.num_hidden_layers {
            let name = |part: &str| format!("encoder.layer.{layer}.{part}");
            let own = |part: &str| name(&format!("attention.self.{part}"));
            if first {
                declare(&own("in_proj.weight"), &[3 * hidden, hidden]);
                declare(&own("q_bias"), &[hidden]);
                declare(&own("v_bias"), &[hidden]);
                if config.attends("c2p") {
                    declare(&own("pos_proj.weight"), &[hidden, hidden]);
                }
                if config.attends("p2c") {
                    linear(&mut declare, &own("pos_q_proj"), hidden, hidden);
                }
            } else {
                for part in ["query_proj", "key_proj", "value_proj"] {
                    linear(&mut declare, &own(part), hidden, hidden);
                }
                for (part, way) in [("pos_key_proj", "c2p"), ("pos_query_proj", "p2c")] {
                    if config.attends(way) && !config.share_att_key {
                        linear(&mut declare, &own(part), hidden, hidden);
                    }
                }
            }
            linear(&mut declare, &name("attention.output.dense"), hidden, hidden);
            norm(&mut declare, &name("attention.output.LayerNorm"), hidden);
            linear(&mut declare, &name("intermediate.dense"), inner, hidden);
            linear(&mut declare, &name("output.dense"), hidden, inner);
            norm(&mut declare, &name("output.LayerNorm"), hidden);
        }
        linear(&mut declare, "classifier", config.id2label.len() as i64, hidden);
        Ok(model)
    }

    fn weight(&self, name: &str) -> Option<&Tensor> {
        self.weights.get(name)
    }

    /// A linear layer, with a bias where it has one; nothing where there is no such layer.
    fn try_linear(&self, name: &str, x: &Tensor) -> Option<Tensor> {
        Some(x.linear(self.weight(&format!("{name}.weight"))?, self.weight(&format!("{name}.bias"))))
    }

    fn linear(&self, name: &str, x: &Tensor) -> Tensor {
        self.try_linear(name, x).unwrap_or_else(|| x.shallow_clone())
    }

    fn norm(&self, name: &str, x: &Tensor) -> Tensor {
        let [weight, bias] = ["weight", "bias"].map(|part| self.weight(&format!("{name}.{part}")));
        x.layer_norm([self.config.hidden_size], weight, bias, self.config.layer_norm_eps, false)
    }

    /// The numbers of each piece: sequences × pieces × labels.
    pub(super) fn forward(&self, ids: &Tensor, mask: &Tensor, types: Option<&Tensor>) -> Tensor {
        let length = ids.size()[1];
        let present = mask.to_kind(Kind::Float).unsqueeze(-1);
        let look_up = |name: &str, ids: &Tensor| {
            self.weight(&format!("embeddings.{name}.weight")).map(|rows| Tensor::embedding(rows, ids, -1, false, false))
        };
        let positions = Tensor::arange(length, (Kind::Int64, ids.device()));
        let kinds = types.map_or_else(|| ids.zeros_like(), Tensor::shallow_clone);
        let parts = [look_up("word_embeddings", ids), look_up("position_embeddings", &positions), look_up("token_type_embeddings", &kinds)];
        let mut x = parts.into_iter().flatten().reduce(|sum, part| sum + part).unwrap_or_else(|| present.shallow_clone());
        x = self.linear("embeddings.embed_proj", &x);
        x = self.norm("embeddings.LayerNorm", &x) * &present;
        let embedded = x.shallow_clone();
        let relative = self.relative(length, ids.device());
        // Who may attend to whom: sequences × 1 × pieces × pieces.
        let hidden = (mask.unsqueeze(1) * mask.unsqueeze(2)).unsqueeze(1).eq(0);
        for layer in 0..self.config.num_hidden_layers {
            let name = |part: &str| format!("encoder.layer.{layer}.{part}");
            let mixed = self.attend(&name("attention.self"), &x, &hidden, relative.as_ref());
            x = self.norm(&name("attention.output.LayerNorm"), &(self.linear(&name("attention.output.dense"), &mixed) + &x));
            let inner = self.linear(&name("intermediate.dense"), &x).gelu("none");
            x = self.norm(&name("output.LayerNorm"), &(self.linear(&name("output.dense"), &inner) + &x));
            if layer == 0 {
                x = self.convolve(&embedded, x, &present);
            }
        }
        self.linear("classifier", &x)
    }

    /// The rows of relative positions, and for each pair of places its row: pieces × pieces.
    fn relative(&self, length: i64, device: Device) -> Option<(Tensor, Tensor)> {
        let rows = self.weight("encoder.rel_embeddings.weight")?;
        let rows =
            if self.weight("encoder.LayerNorm.weight").is_some() { self.norm("encoder.LayerNorm", rows) } else { rows.shallow_clone() };
        let places = Tensor::arange(length, (Kind::Int64, device));
        let apart = places.unsqueeze(1) - places.unsqueeze(0);
        if self.first {
            // Of the rows only those in the middle are near enough.
            let (all, near) = (self.config.farthest(), length.min(self.config.farthest()));
            return Some((rows.slice(0, all - near, all + near, 1), apart));
        }
        let buckets = self.config.position_buckets;
        let apart = if buckets > 0 { bucketed(&apart, buckets, self.config.farthest()) } else { apart };
        Some((rows.slice(0, 0, 2 * self.config.span(), 1), apart))
    }

    /// Disentangled attention (He et al. 2020, section 3.1).
    fn attend(&self, name: &str, x: &Tensor, hidden: &Tensor, relative: Option<&(Tensor, Tensor)>) -> Tensor {
        let heads = self.config.num_attention_heads;
        let scale = self.config.scale();
        let part = |part: &str| format!("{name}.{part}");
        let split = |x: &Tensor| {
            let size = x.size();
            x.view([size[0], size[1], heads, -1]).permute([0, 2, 1, 3])
        };
        let (query, key, value) = if self.first {
            let mut parts = split(&self.linear(&part("in_proj"), x)).chunk(3, -1);
            let bias = |which: &str| self.weight(&part(which)).map(|bias| split(&bias.view([1, 1, -1])));
            let added = |x: Tensor, bias: Option<Tensor>| match bias {
                Some(bias) => x + bias,
                None => x,
            };
            let value = added(parts.remove(2), bias("v_bias"));
            let key = parts.remove(1);
            (added(parts.remove(0), bias("q_bias")), key, value)
        } else {
            let [query, key, value] = ["query_proj", "key_proj", "value_proj"].map(|which| split(&self.linear(&part(which), x)));
            (query, key, value)
        };
        let mut scores = query.matmul(&key.transpose(-1, -2)) / scale;
        if let Some((rows, apart)) = relative {
            let rows = rows.unsqueeze(0);
            let span = rows.size()[1] / 2;
            let own = |names: [&str; 2]| names.iter().find_map(|which| self.try_linear(&part(which), &rows)).map(|rows| split(&rows));
            let size = scores.size();
            let pick = |from: &Tensor, apart: Tensor| from.gather(-1, &(apart + span).clamp(0, 2 * span - 1).expand(&size, true), false);
            if self.config.attends("c2p")
                && let Some(keys) = own(if self.first { ["pos_proj", "pos_proj"] } else { ["pos_key_proj", "key_proj"] })
            {
                scores += pick(&query.matmul(&keys.transpose(-1, -2)), apart.shallow_clone()) / scale;
            }
            if self.config.attends("p2c")
                && let Some(queries) = own(if self.first { ["pos_q_proj", "pos_q_proj"] } else { ["pos_query_proj", "query_proj"] })
            {
                scores += pick(&key.matmul(&queries.transpose(-1, -2)), -apart).transpose(-1, -2) / scale;
            }
        }
        let shares = scores.masked_fill(hidden, f64::from(f32::MIN)).softmax(-1, Kind::Float).masked_fill(hidden, 0.0);
        let size = x.size();
        shares.matmul(&value).permute([0, 2, 1, 3]).reshape(&size)
    }

    /// The convolution beside the first layer, where a model has it.
    fn convolve(&self, embedded: &Tensor, x: Tensor, present: &Tensor) -> Tensor {
        let Some(weight) = self.weight("encoder.conv.conv.weight") else { return x };
        let padding = (self.config.conv_kernel_size - 1) / 2;
        let bias = self.weight("encoder.conv.conv.bias");
        let out =
            embedded.permute([0, 2, 1]).conv1d(weight, bias, [1], [padding], [1], self.config.conv_groups).permute([0, 2, 1]) * present;
        let out = if self.config.conv_act == "gelu" { out.gelu("none") } else { out.tanh() };
        self.norm("encoder.conv.LayerNorm", &(x + out)) * present
    }
}

/// Places apart, far ones in buckets that grow (He et al. 2021, section 3.2 of DeBERTaV2's code: `make_log_bucket_position`).
fn bucketed(apart: &Tensor, buckets: i64, farthest: i64) -> Tensor {
    let middle = buckets / 2;
    let near = apart.lt(middle).logical_and(&apart.gt(-middle));
    let distance = Tensor::full_like(apart, middle - 1).where_self(&near, &apart.abs());
    let ratio = (distance.to_kind(Kind::Float) / middle as f64).log() / ((farthest - 1) as f64 / middle as f64).ln();
    let far = ((ratio * (middle - 1) as f64).ceil() + middle as f64) * apart.sign().to_kind(Kind::Float);
    apart.where_self(&distance.le(middle), &far.to_kind(Kind::Int64))
}
