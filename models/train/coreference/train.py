"""Trains the reader of antecedents: of a mention, which of the mentions round it are the same thing. Seeds are fixed.

usage: train.py --start models/recogniser/accurate.safetensors --out antecedents.pt [options], see README.md
"""
import argparse
import random
import sys
import time
from pathlib import Path

import numpy as np
import torch

from antecedents import examples
from documents import articles, gum

sys.path += [str(Path(__file__).resolve().parent.parent / part) for part in ("claims", "recogniser")]
from fitting import KINDS, Masters, batches  # noqa: E402
from reader import from_bytes  # noqa: E402
from tokens import Pieces  # noqa: E402

HEAD = "antecedent"
# "same" is read at other mentions, "none" at the one that is asked about.
OUTPUTS = ["same", "none"]


def scores(model, batch, pad, hidden=None):
    """For each example the logarithms of the shares of "none" and of each other mention. `hidden` gives each piece that is read as unknown."""
    width = max(len(e.ids) for e in batch)
    ids = np.full((len(batch), width), pad, np.int64)
    types = np.zeros((len(batch), width), np.int64)
    most = 1 + max(len(e.others) for e in batch)
    at = np.zeros((len(batch), most), np.int64)
    there = np.zeros((len(batch), most), bool)
    for i, e in enumerate(batch):
        ids[i, : len(e.ids)] = e.ids
        types[i, : len(e.types)] = e.types
        at[i, 0] = e.own
        at[i, 1 : 1 + len(e.others)] = e.others
        there[i, : 1 + len(e.others)] = True
    if hidden:
        ids = hidden(ids)
    x = model.encode(torch.from_numpy(ids), torch.from_numpy(types), torch.tensor([len(e.ids) for e in batch]))
    told = model.head[HEAD](x).float()
    same = told[:, :, 0].gather(1, torch.from_numpy(at))
    same[:, 0] = told[:, :, 1].gather(1, torch.from_numpy(at[:, :1]))[:, 0]
    return same.masked_fill(~torch.from_numpy(there), -1e4).log_softmax(-1)


class Hidden:
    """Hides some pieces, other ones each time: few articles would be learnt by heart."""

    def __init__(self, pieces, share, seed):
        self.keep, self.unknown, self.share = (pieces.pad, pieces.cls, pieces.sep), pieces.unknown, share
        self.rng = np.random.default_rng(seed)

    def __call__(self, ids):
        return np.where((self.rng.random(ids.shape) < self.share) & ~np.isin(ids, self.keep), self.unknown, ids)


def loss_of(model, batch, pad, hidden):
    log = scores(model, batch, pad, hidden)
    right = torch.zeros_like(log, dtype=torch.bool)
    for i, e in enumerate(batch):
        right[i, 0] = not any(e.same)
        right[i, 1 : 1 + len(e.same)] = torch.tensor(e.same, dtype=torch.bool)
    return -log.masked_fill(~right, -1e4).logsumexp(-1).mean()


@torch.no_grad()
def shares(model, some, pad, size=8192):
    model.eval()
    order = sorted(range(len(some)), key=lambda i: len(some[i].ids))
    out = [None] * len(some)
    while order:
        n = max(1, size // len(some[order[-1]].ids))
        part, order = order[-n:], order[:-n]
        for i, row in zip(part, scores(model, [some[i] for i in part], pad).exp().numpy()):
            out[i] = row[: 1 + len(some[i].others)]
    return out


def word(article, m):
    return article.text[m.head[0] : m.head[1]].lower()


def measure(model, some, pad, name):
    """Of descriptions and of names: right choices where the best is taken; and of descriptions whose head no same mention shares, precision and recall at some thresholds."""
    told = shares(model, some, pad)
    line = [name]
    for kind in ("described", "named"):
        n = right = 0
        for e, p in zip(some, told):
            if (e.article.text[e.mention.head[0]].islower()) == (kind == "described"):
                n += 1
                best = int(p.argmax())
                right += not any(e.same) if best == 0 else e.same[best - 1]
        line.append(f"{kind} {n}: {100 * right / max(1, n):.1f}")
    for threshold in (0.3, 0.5, 0.7, 0.85):
        hit = said = there = 0
        for e, p in zip(some, told):
            if not e.article.text[e.mention.head[0]].islower():
                continue
            own = word(e.article, e.mention)
            other = [word(e.article, o) != own for o in e.which]
            if any(s and not d for s, d in zip(e.same, other)):
                continue
            there += any(e.same)
            best = int(p[1:].argmax()) + 1 if len(p) > 1 else 0
            # All shares of what is the same thing as the best.
            if best:
                chain = e.which[best - 1].chain
                mass = sum(float(q) for q, o in zip(p[1:], e.which) if o.chain == chain)
                if mass >= threshold:
                    said += 1
                    hit += e.same[best - 1]
        line.append(f"@{threshold} P {100 * hit / max(1, said):.0f} R {100 * hit / max(1, there):.0f} of {there}")
    print("  ".join(line), flush=True)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--data", required=True, help="folder with text/ and ner/")
    p.add_argument("--articles", default="corpus/train/coreference")
    p.add_argument("--more", help="GUM, as converted, to learn from, too")
    p.add_argument("--held", help="GUM, as converted, to measure on")
    p.add_argument("--start", required=True)
    p.add_argument("--layers")
    p.add_argument("--names", type=float, default=0.25, help="share of the names that an epoch goes through")
    p.add_argument("--out")
    p.add_argument("--epochs", type=int, default=6)
    p.add_argument("--hide", type=float, default=0.08, help="share of the pieces that are hidden in training")
    p.add_argument("--rate", type=float, default=3e-4)
    p.add_argument("--decay", type=float, default=0.9)
    p.add_argument("--size", type=int, default=2048)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--kind", choices=KINDS, default="bf16")
    p.add_argument("--every", type=int, default=2)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    model, vocabulary = from_bytes(a.start, HEAD, OUTPUTS)
    if a.layers:
        model.layer = torch.nn.ModuleList(model.layer[int(i)] for i in a.layers.split(","))
        model.shape.layers = len(model.layer)
    pieces = Pieces(vocabulary)
    make = lambda articles: [e for article in articles for e in examples(pieces, article)]
    train, news, own = map(make, articles(a.articles, a.data))
    held = {"news": news, "our own": own}
    if a.held:
        held["GUM"] = make(gum(a.held))
    if a.more:
        train += make(gum(a.more))
    print(len(train), "mentions; with one in reach:", sum(any(e.same) for e in train), {k: len(v) for k, v in held.items()}, flush=True)
    rng, hidden = random.Random(a.seed), Hidden(pieces, a.hide, a.seed)
    model.embeddings.word.weight.requires_grad = False
    masters = Masters(model, a.rate, a.decay, KINDS[a.kind])
    described = lambda e: e.article.text[e.mention.head[0]].islower()
    drawn = lambda: [e for e in train if described(e) or rng.random() < a.names]
    parts = [batches(drawn(), a.size, rng) for _ in range(a.epochs)]
    steps, done, begun, shown, warm = sum(map(len, parts)), 0, time.time(), None, 0.06
    for epoch, part in enumerate(parts):
        model.train()
        for group in part:
            loss = loss_of(model, group, pieces.pad, hidden)
            loss.backward()
            done += 1
            masters.step(min(done / max(1, warm * steps), (steps - done) / (steps * (1 - warm)) + 1e-3))
            shown = loss.item() if shown is None else 0.98 * shown + 0.02 * loss.item()
        print(f"epoch {epoch} loss {shown:.3f} {time.time() - begun:.0f} s", flush=True)
        if epoch % a.every == a.every - 1 or epoch == a.epochs - 1:
            for name, some in held.items():
                measure(model, some, pieces.pad, name)
    masters.restore()
    if a.out:
        torch.save({"shape": model.shape.record(), "vocabulary": vocabulary, "state": model.state_dict()}, a.out)


if __name__ == "__main__":
    main()
