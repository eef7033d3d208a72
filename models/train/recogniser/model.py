"""A BERT encoder in plain torch, its weights read from all-MiniLM-L6-v2, with one or more token classifiers on top."""

from dataclasses import asdict, dataclass

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn


@dataclass
class Shape:
    vocabulary: int = 30522
    hidden: int = 384
    layers: int = 6
    heads: int = 12
    inner: int = 1536
    positions: int = 128
    types: int = 5

    def record(self):
        return asdict(self)


class Embeddings(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.word = nn.Embedding(s.vocabulary, s.hidden)
        self.position = nn.Embedding(s.positions, s.hidden)
        self.casing = nn.Embedding(s.types, s.hidden)
        self.norm = nn.LayerNorm(s.hidden, eps=1e-12)

    def forward(self, ids, types):
        places = self.position.weight[: ids.shape[1]]
        return self.norm(self.word(ids) + places + self.casing(types))


class Layer(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.heads = s.heads
        self.qkv = nn.Linear(s.hidden, 3 * s.hidden)
        self.out = nn.Linear(s.hidden, s.hidden)
        self.norm1 = nn.LayerNorm(s.hidden, eps=1e-12)
        self.up = nn.Linear(s.hidden, s.inner)
        self.down = nn.Linear(s.inner, s.hidden)
        self.norm2 = nn.LayerNorm(s.hidden, eps=1e-12)

    def forward(self, x, mask, drop):
        b, n, h = x.shape
        d = h // self.heads
        q, k, v = (t.contiguous().view(b * self.heads, n, d) for t in self.qkv(x).view(b, n, 3, self.heads, d).permute(2, 0, 3, 1, 4))
        scores = torch.bmm(q, k.transpose(1, 2)) * d**-0.5
        if mask is not None:
            scores = (scores.view(b, self.heads, n, n) + mask).view(b * self.heads, n, n)
        mixed = torch.bmm(torch.softmax(scores, -1), v).view(b, self.heads, n, d).transpose(1, 2).reshape(b, n, h)
        x = self.norm1(x + drop(self.out(mixed)))
        return self.norm2(x + drop(self.down(F.gelu(self.up(x)))))


class Drop:
    """Dropout whose masks are slices of one long random one: torch's own takes longer than the layer it follows on a CPU."""

    def __init__(self, rate, seed=0, size=1 << 24):
        g = torch.Generator().manual_seed(seed)
        self.at = np.random.default_rng(seed)
        self.mask = (torch.rand(size, generator=g) >= rate).to(torch.bfloat16) / (1 - rate)

    def __call__(self, x):
        start = int(self.at.integers(0, len(self.mask) - x.numel()))
        return x * self.mask[start : start + x.numel()].view_as(x).to(x.dtype)


def keep_all(x):
    return x


class Tagger(nn.Module):
    """`heads` gives the labels of each classifier by name; the one that runs in the program is called `ours`."""

    def __init__(self, shape, heads, dropout=0.1):
        super().__init__()
        self.shape, self.labels, self.dropout, self.drop = shape, heads, dropout, None
        self.embeddings = Embeddings(shape)
        self.layer = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.head = nn.ModuleDict({name: nn.Linear(shape.hidden, len(labels)) for name, labels in heads.items()})
        for m in self.modules():
            if isinstance(m, (nn.Linear, nn.Embedding)):
                nn.init.normal_(m.weight, std=0.02)
            if isinstance(m, nn.Linear):
                nn.init.zeros_(m.bias)

    def encode(self, ids, types, lengths):
        """Vectors of every piece, [sentences, pieces, hidden]."""
        mask = self.nearness(ids.shape[1])
        if int(lengths.min()) < ids.shape[1]:
            absent = torch.arange(ids.shape[1])[None] >= lengths[:, None]
            absent = (absent * -1e4)[:, None, None].to(self.embeddings.norm.weight.dtype)
            mask = absent if mask is None else mask + absent
        if self.training and self.drop is None:
            self.drop = Drop(self.dropout)
        drop = self.drop if self.training else keep_all
        x = drop(self.embeddings(ids, types))
        for layer in self.layer:
            x = layer(x, mask, drop)
        return x

    def nearness(self, pieces):
        """What the distance between two pieces adds to every layer's scores, [1, heads, pieces, pieces]; nothing in BERT."""
        return None

    def groups(self, rate, decay):
        """Parameters with their learning rates: lower ones nearer to the input; the classifiers and the casing faster."""
        out, depth = [], len(self.layer)
        for name, p in self.named_parameters():
            if not p.requires_grad:
                continue
            parts = name.split(".")
            if parts[0] == "head":
                r = max(rate, 1e-3)
            elif parts[0] == "layer":
                r = rate * decay ** (depth - 1 - int(parts[1]))
            elif parts[1] == "casing":
                r = rate
            else:
                r = rate * decay**depth
            out.append({"params": [p], "lr": r, "peak": r, "weight_decay": 0.01 if p.ndim > 1 else 0.0})
        return out


def minilm(path, shape, heads, keep=None, dropout=0.1):
    """A tagger that starts from the weights of all-MiniLM-L6-v2; `keep` are the ids of the word pieces that stay."""
    model = Tagger(shape, heads, dropout)
    w = load_file(path)
    w = {k.removeprefix("bert.").removeprefix("0.auto_model."): v.float() for k, v in w.items()}
    state = model.state_dict()

    def put(name, value):
        assert state[name].shape == value.shape, (name, value.shape)
        state[name].copy_(value)

    words = w["embeddings.word_embeddings.weight"]
    put("embeddings.word.weight", words if keep is None else words[torch.tensor(keep)])
    put("embeddings.position.weight", w["embeddings.position_embeddings.weight"][: shape.positions])
    put("embeddings.casing.weight", w["embeddings.token_type_embeddings.weight"][:1].repeat(shape.types, 1))
    for p in ("weight", "bias"):
        put(f"embeddings.norm.{p}", w[f"embeddings.LayerNorm.{p}"])
        for i in range(shape.layers):
            a = f"encoder.layer.{i}."
            put(f"layer.{i}.qkv.{p}", torch.cat([w[f"{a}attention.self.{x}.{p}"] for x in ("query", "key", "value")]))
            put(f"layer.{i}.out.{p}", w[f"{a}attention.output.dense.{p}"])
            put(f"layer.{i}.norm1.{p}", w[f"{a}attention.output.LayerNorm.{p}"])
            put(f"layer.{i}.up.{p}", w[f"{a}intermediate.dense.{p}"])
            put(f"layer.{i}.down.{p}", w[f"{a}output.dense.{p}"])
            put(f"layer.{i}.norm2.{p}", w[f"{a}output.LayerNorm.{p}"])
    return model


def save(path, model, **more):
    torch.save({"shape": model.shape.record(), "labels": model.labels, "state": model.state_dict(), **more}, path)


def load(path, heads=None, dropout=0.1):
    """A saved tagger. With `heads`, those classifiers: taken over where they were there, new where not."""
    got = torch.load(path, weights_only=True)
    labels = heads or got["labels"]
    model = Tagger(Shape(**got["shape"]), labels, dropout)
    own = {k: v for k, v in got["state"].items() if not k.startswith("head.") or got["labels"].get(k.split(".")[1]) == labels.get(k.split(".")[1])}
    own = {k: v for k, v in own.items() if k in model.state_dict()}
    model.load_state_dict(own, strict=False)
    return model


def retrim(model, old, new):
    """The same tagger over a smaller vocabulary (lists of pieces, `new` a part of `old`)."""
    place = {p: i for i, p in enumerate(old)}
    rows = model.embeddings.word.weight.data[torch.tensor([place[p] for p in new])]
    model.embeddings.word = nn.Embedding.from_pretrained(rows.clone(), freeze=False)
    model.shape.vocabulary = len(new)
    return model


def quantised(model):
    """A copy that computes as the int8 engine does: weights of 7 bits per output channel, activations of 8 bits per row, embeddings of 8 bits per row.

    The classifier is quantised like the other linear layers.
    """
    import copy

    q = copy.deepcopy(model)
    for name, m in q.named_modules():
        if isinstance(m, nn.Linear):
            scale = m.weight.data.abs().amax(1, keepdim=True).clamp_min(1e-12) / 63
            m.weight.data = (m.weight.data / scale).round().clamp(-63, 63) * scale
            m.forward = _rowwise(m)
        elif isinstance(m, nn.Embedding) and name.endswith("word"):
            scale = m.weight.data.abs().amax(1, keepdim=True).clamp_min(1e-12) / 127
            m.weight.data = (m.weight.data / scale).round() * scale
    return q


def _rowwise(linear):
    def forward(x):
        scale = x.abs().amax(-1, keepdim=True).clamp_min(1e-12) / 127
        return F.linear((x / scale).round().clamp(-127, 127) * scale, linear.weight, linear.bias)

    return forward


