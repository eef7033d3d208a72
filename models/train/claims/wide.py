"""A wide teacher: all-mpnet-base-v2 (MPNet, Song et al. 2020; 12 layers of 768, Apache-2.0) under the claim reader's head, over the reader's own vocabulary.

Its word pieces are BERT's, so pieces, casing and marks are those of the reader, and its answers can be learnt token by token. It gets what BERT has and
MPNet lacks, token types, as new embeddings; its relative position bias is added to every layer's scores.
"""
import math
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn

from examples import NUMBER
from model import Shape, Tagger

BUCKETS, FARTHEST = 32, 128
MARKERS = {"[PAD]": "<pad>", "[UNK]": "[UNK]", "[CLS]": "<s>", "[SEP]": "</s>"}


def bucket(far):
    """The bucket of a distance between two pieces, as in T5: exact near by, by logarithm further off, one half for each direction."""
    half = BUCKETS // 2
    exact = half // 2
    side = (far > 0).long() * half
    far = far.abs()
    by_logarithm = exact + (torch.log(far.float().clamp_min(1) / exact) / math.log(FARTHEST / exact) * (half - exact)).long()
    return side + torch.where(far < exact, far, by_logarithm.clamp_max(half - 1))


class Wide(Tagger):
    def __init__(self, shape, heads, dropout=0.1):
        super().__init__(shape, heads, dropout)
        self.bias = nn.Embedding(BUCKETS, shape.heads)
        at = torch.arange(shape.positions)
        self.register_buffer("buckets", bucket(at[None] - at[:, None]))
        for m in self.modules():
            if isinstance(m, nn.LayerNorm):
                m.eps = 1e-5

    def nearness(self, pieces):
        return self.bias(self.buckets[:pieces, :pieces]).permute(2, 0, 1)[None]

    def groups(self, rate, decay):
        out = super().groups(rate, decay)
        # The token types start from nothing.
        for name, group in zip((n for n, p in self.named_parameters() if p.requires_grad), out):
            if name == "embeddings.casing.weight":
                group["lr"] = group["peak"] = 4 * rate
        return out


def mpnet(folder, vocabulary, head, outputs):
    """The teacher with the weights in a folder of all-mpnet-base-v2 (`model.safetensors`, `vocab.txt`)."""
    shape = Shape(vocabulary=len(vocabulary), hidden=768, layers=12, heads=12, inner=3072, types=NUMBER + 1)
    model = Wide(shape, {head: outputs})
    w = {k.removeprefix("mpnet."): v.float() for k, v in load_file(Path(folder) / "model.safetensors").items()}
    full = {p: i for i, p in enumerate((Path(folder) / "vocab.txt").read_text(encoding="utf-8").split("\n"))}
    state = model.state_dict()

    def put(name, value):
        assert state[name].shape == value.shape, (name, value.shape)
        state[name].copy_(value)

    put("embeddings.word.weight", w["embeddings.word_embeddings.weight"][torch.tensor([full[MARKERS.get(p, p)] for p in vocabulary])])
    put("embeddings.position.weight", w["embeddings.position_embeddings.weight"][2 : 2 + shape.positions])
    state["embeddings.casing.weight"].normal_(std=0.005)
    put("bias.weight", w["encoder.relative_attention_bias.weight"])
    for p in ("weight", "bias"):
        put(f"embeddings.norm.{p}", w[f"embeddings.LayerNorm.{p}"])
        for i in range(shape.layers):
            a = f"encoder.layer.{i}."
            put(f"layer.{i}.qkv.{p}", torch.cat([w[f"{a}attention.attn.{x}.{p}"] for x in "qkv"]))
            put(f"layer.{i}.out.{p}", w[f"{a}attention.attn.o.{p}"])
            put(f"layer.{i}.norm1.{p}", w[f"{a}attention.LayerNorm.{p}"])
            put(f"layer.{i}.up.{p}", w[f"{a}intermediate.dense.{p}"])
            put(f"layer.{i}.down.{p}", w[f"{a}output.dense.{p}"])
            put(f"layer.{i}.norm2.{p}", w[f"{a}output.LayerNorm.{p}"])
    return model
