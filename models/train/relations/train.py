"""Trains the relation reader. Seeds are fixed.

usage: train.py --data DATA --start START --out OUT.pt [options], see README.md
"""
import argparse
import random
import re
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from relations import CERTAINTIES, EVENTS, EVERY, HELD_BACK, SIDES, SLOTS, Told, articles, of_numbers, others, whole

import fitting
from annotations import Texts, annotations
from examples import example
from fitting import KINDS, Masters
from model import Shape, Tagger
from reader import best_spans, from_bytes
from tokens import Pieces

HEAD = "claim"
WORDS = 3 * len(SLOTS)
OUTPUTS = [f"{part}-{slot}" for slot in SLOTS for part in "OBI"] + [f"event-{e}" for e in EVENTS] + [f"certainty-{c}" for c in CERTAINTIES]
EVENT = slice(WORDS, WORDS + len(EVENTS))
CERTAINTY = slice(EVENT.stop, EVENT.stop + len(CERTAINTIES))


class Batch:
    """Examples of one kind: sentences, or words that are asked about."""

    def __init__(self, examples, pad):
        width = max(len(e.ids) for e in examples)
        ids = np.full((len(examples), width), pad, np.int64)
        types = np.zeros((len(examples), width), np.int64)
        rows = []
        for i, e in enumerate(examples):
            ids[i, : len(e.ids)] = e.ids
            types[i, : len(e.types)] = e.types
            rows += [i * width + f for f in e.first]
        self.ids, self.types = torch.from_numpy(ids), torch.from_numpy(types)
        self.lengths = torch.tensor([len(e.ids) for e in examples])
        self.rows = torch.tensor(rows)
        self.whole = is_whole(examples[0])
        if self.whole:
            self.events = torch.from_numpy(np.concatenate([e.tags for e in examples]))
        else:
            self.asked = torch.tensor([i * width + e.number for i, e in enumerate(examples)])
            self.tags = torch.from_numpy(np.concatenate([e.tags for e in examples], 1))
            self.labels = torch.tensor([e.labels for e in examples])


def load(path):
    got = torch.load(path, weights_only=True)
    model = Tagger(Shape(**got["shape"]), {HEAD: OUTPUTS})
    model.load_state_dict(got["state"])
    return model, got["vocabulary"]


def is_whole(e):
    return e.labels == ()


def outputs(model, batch):
    """Of sentences the logits of events by token; of words asked about those of slots by token, of events and certainty by word."""
    x = model.encode(batch.ids, batch.types, batch.lengths).flatten(0, 1)
    head = model.head[HEAD]
    at = head(x[batch.rows]).float()
    if batch.whole:
        return at[:, EVENT]
    asked = head(x[batch.asked]).float()
    return at[:, :WORDS].unflatten(1, (len(SLOTS), 3)), asked[:, EVENT], asked[:, CERTAINTY]


def loss_of(model, batch):
    if batch.whole:
        return F.cross_entropy(outputs(model, batch), batch.events, reduction="sum") / len(batch.lengths)
    words, events, certainty = outputs(model, batch)
    n = len(batch.labels)
    loss = F.cross_entropy(words.flatten(0, 1), batch.tags.T.flatten(), reduction="sum") / n + 0.3 * F.cross_entropy(certainty, batch.labels[:, 1])
    known = batch.labels[:, 0] >= 0
    return loss + F.cross_entropy(events[known], batch.labels[known, 0]) * known.float().mean() if known.any() else loss


def by_length(examples, size=4096):
    order = sorted(examples, key=lambda e: len(e.ids))
    while order:
        n = max(1, size // len(order[0].ids) // 2)
        yield order[:n]
        order = order[n:]


@torch.no_grad()
def events_of(model, examples, pad):
    """The shares of events at each token of sentences."""
    model.eval()
    for part in by_length(examples):
        shares = outputs(model, Batch(part, pad)).softmax(-1).numpy()
        row = 0
        for e in part:
            yield e, shares[row : row + len(e.first)]
            row += len(e.first)


@torch.no_grad()
def told_of(model, examples, pad):
    """What is said of each word asked about: spans of slots, shares of events and of certainties."""
    model.eval()
    for part in by_length(examples):
        words, events, certainty = outputs(model, Batch(part, pad))
        row = 0
        for e, ev, ce in zip(part, events.softmax(-1).numpy(), certainty.softmax(-1).numpy()):
            own = words[row : row + len(e.first)]
            row += len(e.first)
            yield e, {slot: best_spans(own[:, s]) for s, slot in enumerate(SLOTS)}, ev, ce


def content(words):
    return {w for w in re.findall(r"\w+", words.lower()) if w not in ("the", "a", "an", "of", "s")}


def relations_of(model, pieces, sentences, least=0.15):
    """Of each sentence (event, sides, share), by words of which an event is as probable as `least` before they are asked about."""
    made = [(s, whole(pieces, s)) for s in sentences]
    by_id = {id(e): s for s, e in made if e}
    asked = []
    for e, shares in events_of(model, [e for _, e in made if e], pieces.pad):
        for at in np.flatnonzero(1 - shares[:, 0] >= least):
            t = Told(e.asked.text, e.cut[at])
            x = example(pieces, t, context=False)
            if x:
                x.of, x.before = id(by_id[id(e)]), shares[at]
                asked.append(x)
    found = {id(s): [] for s in sentences}
    for e, slots, ev, ce in told_of(model, asked, pieces.pad):
        ev = (ev + e.before) / 2
        sides = {slot: [e.asked.text[e.cut[a][0] : e.cut[b - 1][1]] for a, b, _ in slots[slot]] for slot in SIDES}
        found[e.of].append((EVENTS[1 + int(ev[1:].argmax())], sides, 1 - ev[0]))
    return found


def measure(model, pieces, sentences, name):
    """Precision, recall and F1 of relations by how sure the reader is: same event, words shared in two sides."""
    found = relations_of(model, pieces, sentences)

    def score(sure, counts=None):
        gold = told = right = 0
        for s in sentences:
            rest = [f for f in found[id(s)] if f[2] >= sure and sum(bool(x) for x in f[1].values()) >= 2]
            told += len(rest)
            for t in s.told:
                want = {slot: [content(t.text[a:b]) for a, b in t.spans.get(slot, [])] for slot in SIDES}
                gold += 1
                shared = lambda f: sum(any(content(w) & x for w in f[1][slot] for x in want[slot]) for slot in SIDES)
                fits = [f for f in rest if f[0] == t.event and shared(f) >= 2]
                if counts is not None:
                    c = counts.setdefault(t.event, [0, 0])
                    c[0] += 1
                    c[1] += bool(fits)
                if fits:
                    rest.remove(max(fits, key=shared))
                    right += 1
        return 100 * right / max(1, told), 100 * right / max(1, gold), 200 * right / max(1, gold + told)
    print(f"{name} {len(sentences)} sentences: " + "  ".join(f"≥{x}: P {p:.1f} R {r:.1f} F {f:.1f}" for x in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8) for p, r, f in [score(x)]), flush=True)
    counts = {}
    score(0.5, counts)
    print("   " + " ".join(f"{e} {b}/{a}" for e, (a, b) in sorted(counts.items(), key=lambda x: -x[1][0])), flush=True)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--relations", help="folder of annotations; without, clauses of numbers alone are learnt, with their events")
    p.add_argument("--negatives", type=int, default=2, help="words of a sentence that tell of nothing and are asked about, at most")
    p.add_argument("--claims", default="../../../corpus/train/claims")
    p.add_argument("--own", default="../../../corpus/train")
    p.add_argument("--data", required=True, help="folder with ner/ and text/")
    p.add_argument("--start", required=True, help="model file of the claim reader, or training file")
    p.add_argument("--out")
    p.add_argument("--numbers", type=int, default=8000, help="clauses of annotated numbers that an epoch learns from, too")
    p.add_argument("--epochs", type=int, default=6)
    p.add_argument("--rate", type=float, default=4e-4)
    p.add_argument("--decay", type=float, default=0.9)
    p.add_argument("--size", type=int, default=1280)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--kind", choices=KINDS, default="f32")
    p.add_argument("--all", action="store_true", help="learn from every article but the held-back file's")
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    model, vocabulary = from_bytes(a.start, HEAD, OUTPUTS) if a.start.endswith(".safetensors") else load(a.start)
    pieces = Pieces(vocabulary)
    rng = random.Random(a.seed)
    torch.manual_seed(a.seed)
    texts = Texts(a.data, a.own)
    train, dev, left_out = [], [], set()
    for file, of in (articles(a.relations, a.claims, texts) if a.relations else {}).items():
        for n, (name, sentences) in enumerate(sorted(of.items())):
            if file == HELD_BACK or n % EVERY == 0 and not a.all:
                left_out.add(name)
            if file != HELD_BACK:
                (dev if name in left_out else train).extend(sentences)
    lexicon = {t.text[t.number[0] : t.number[1]].lower() for s in train for t in s.told}
    make = lambda some: [e for e in (example(pieces, x, context=False) for x in some) if e]
    whole_ones = [e for e in (whole(pieces, s) for s in train) if e]
    positive = make(t for s in train for t in s.told)
    clauses = []
    if a.numbers:
        news, _, _ = annotations(a.claims, texts)
        kept = [asked for asked in news if asked.key.rpartition(":")[2].rpartition(".")[0] not in left_out]
        clauses = make(filter(None, (of_numbers(asked, not a.relations) for asked in kept)))
    print(f"{len(train)} sentences, {len(positive)} words that tell, {len(lexicon)} different, {len(clauses)} clauses of numbers; dev {len(dev)} sentences, {sum(len(s.told) for s in dev)} told", flush=True)
    model.embeddings.word.weight.requires_grad = False
    masters = Masters(model, a.rate, a.decay, KINDS[a.kind])
    def drawn():
        negative = make(t for s in train for t in others(s, lexicon, rng, a.negatives))
        out = []
        for part in (whole_ones, positive + negative + rng.sample(clauses, min(a.numbers, len(clauses)))):
            out += fitting.batches(part, a.size, rng)
        rng.shuffle(out)
        return out
    parts = [drawn() for _ in range(a.epochs)]
    steps, done, begun, shown, warm = sum(map(len, parts)), 0, time.time(), None, 0.08
    for epoch, part in enumerate(parts):
        model.train()
        for group in part:
            loss = loss_of(model, Batch(group, pieces.pad))
            loss.backward()
            done += 1
            masters.step(min(done / (warm * steps), (steps - done) / (steps * (1 - warm)) + 1e-3))
            shown = loss.item() if shown is None else 0.97 * shown + 0.03 * loss.item()
        print(f"epoch {epoch} loss {shown:.3f} {time.time() - begun:.0f} s", flush=True)
        if dev:
            measure(model, pieces, dev, "dev")
        if a.out:
            torch.save({"shape": model.shape.record(), "vocabulary": vocabulary, "state": model.state_dict()}, a.out)
    model = masters.restore()
    if a.out:
        torch.save({"shape": model.shape.record(), "vocabulary": vocabulary, "state": model.state_dict()}, a.out)


if __name__ == "__main__":
    main()
