"""Decoding, exact and overlapping F1 as `score_mentions.py` counts them, and the command that scores a saved tagger.

usage: evaluate.py MODEL.pt VOCABULARY [--head NAME] [--int8] [--map from=to,...] [--split] [--out PRED.jsonl] GOLD.jsonl
"""
import argparse
import json
import re
from collections import defaultdict

import numpy as np
import torch

from conventions import spans
from data import collate, example, read_lines, read_marked, resplit

ARTICLE = re.compile(rb"(?i)(the|a|an)\s+")


def transitions(labels):
    """Which label may follow which, as 0 or minus infinity; the last row: at the start."""
    t = np.zeros((len(labels) + 1, len(labels)), np.float32)
    for j, b in enumerate(labels):
        if b.startswith("I-"):
            t[:, j] = [0 if i < len(labels) and labels[i][2:] == b[2:] else -np.inf for i in range(len(labels) + 1)]
    return t


def viterbi(scores, t):
    """The best path of labels that is valid BIO; scores [tokens, labels]."""
    best, back = scores[0] + t[-1], []
    for row in scores[1:]:
        each = best[:, None] + t[:-1]
        back.append(each.argmax(0))
        best = each.max(0) + row
    path = [int(best.argmax())]
    for b in reversed(back):
        path.append(int(b[path[-1]]))
    return path[::-1]


@torch.no_grad()
def logits(model, examples, head, pad, pieces_a_batch=4096):
    """Logits of every token, in the order of the examples."""
    model.eval()
    out = [None] * len(examples)
    order = sorted(range(len(examples)), key=lambda i: len(examples[i].ids))
    at = 0
    while at < len(order):
        n = 1
        while at + n < len(order) and len(examples[order[at + n]].ids) * (n + 1) <= pieces_a_batch:
            n += 1
        part = order[at : at + n]
        b = collate([examples[i] for i in part], pad)
        x = model.encode(b.ids, b.types, b.lengths).flatten(0, 1)[b.rows]
        scores = model.head[head](x).float().numpy()
        row = 0
        for i in part:
            out[i] = scores[row : row + len(examples[i].first)]
            row += len(examples[i].first)
        at += n
    return out


def tag(model, pieces, sentences, head="ours"):
    """Tags of sentences (lists of tokens)."""
    labels = model.labels[head]
    parts, owner = [], []
    for i, tokens in enumerate(sentences):
        for e in example(pieces, tokens, {}) if tokens else []:
            parts.append(e)
            owner.append(i)
    t = transitions(labels)
    out = [[] for _ in sentences]
    for i, scores in zip(owner, logits(model, parts, head, pieces.pad)):
        s = scores - np.log(np.exp(scores - scores.max(1, keepdims=True)).sum(1, keepdims=True)) - scores.max(1, keepdims=True)
        out[i] += [labels[x] for x in viterbi(s, t)]
    return out


def byte_spans(tokens, tags, glue=None):
    """Spans in the text of tokens joined by a space; `glue`: whether a token follows its predecessor without one."""
    at, places = 0, []
    for i, token in enumerate(tokens):
        if glue and glue[i] and i:
            at -= 1
        places.append((at, at + len(token.encode())))
        at += len(token.encode()) + 1
    return [(places[s][0], places[e - 1][1], k) for s, e, k in spans(tags)]


def score(gold, predicted, texts):
    """gold, predicted: lists of sets of (start, end, kind) in bytes. Returns exact, overlapping and by kind: [hits, predicted, gold]."""

    def trimmed(text, s, e, k):
        m = ARTICLE.match(text[s:e])
        return s + (m.end() if m else 0), e, k

    types = {k for g in gold for _, _, k in g}
    exact, loose, by = [0] * 3, [0] * 3, defaultdict(lambda: [0] * 3)
    for text, g, p in zip(texts, gold, predicted):
        g, p = {trimmed(text, *x) for x in g}, {trimmed(text, *x) for x in p if x[2] in types}
        for c, n in zip(range(3), (len(g & p), len(p), len(g))):
            exact[c] += n
        for c, group in enumerate((g & p, p, g)):
            for x in group:
                by[x[2]][c] += 1
        left, hit = sorted(p), 0
        for s, e, k in sorted(g):
            match = next((m for m in left if m[2] == k and s < m[1] and m[0] < e), None)
            if match:
                left.remove(match)
                hit += 1
        loose = [loose[0] + hit, loose[1] + len(p), loose[2] + len(g)]
    return exact, loose, by


def f1(c):
    return 200 * c[0] / max(1, c[1] + c[2])


def measure(model, pieces, records, head="ours", rename=None, split=False):
    """Exact F1, overlapping F1 and F1 by kind of records with gold tags."""
    gold, predicted, texts, rows = [], [], [], []
    inputs = []
    for r in records:
        if split:
            tokens, glue = [], []
            for token in r["tokens"]:
                parts = resplit({"tokens": [token], "tags": ["O"]})["tokens"]
                tokens += parts
                glue += [False] + [True] * (len(parts) - 1)
            inputs.append((tokens, glue))
        else:
            inputs.append((r["tokens"], None))
    for (tokens, glue), r, tags in zip(inputs, records, tag(model, pieces, [t for t, _ in inputs], head)):
        texts.append(" ".join(r["tokens"]).encode())
        gold.append(set(byte_spans(r["tokens"], r["tags"])))
        found = byte_spans(tokens, tags, glue)
        rows.append(found)
        predicted.append({(s, e, (rename or {}).get(k, k)) for s, e, k in found})
    exact, loose, by = score(gold, predicted, texts)
    return f1(exact), f1(loose), {k: (round(f1(c), 1), c[2]) for k, c in sorted(by.items(), key=lambda x: -x[1][2])}, rows


def main():
    from model import load, quantised
    from tokens import Pieces

    a = argparse.ArgumentParser()
    a.add_argument("model")
    a.add_argument("vocabulary")
    a.add_argument("gold", nargs="+")
    a.add_argument("--head", default="ours")
    a.add_argument("--int8", action="store_true")
    a.add_argument("--split", action="store_true")
    a.add_argument("--map", default="")
    a.add_argument("--out")
    a = a.parse_args()
    torch.set_num_threads(1)
    model, pieces = load(a.model), Pieces.read(a.vocabulary)
    if a.int8:
        model = quantised(model)
    rename = dict(p.split("=") for p in a.map.split(",") if p)
    records = [r for g in a.gold for r in (read_marked(g) if g.endswith(".txt") else read_lines(g))]
    exact, loose, by, rows = measure(model, pieces, records, a.head, rename, a.split)
    print(f"exact {exact:.1f} overlap {loose:.1f}", {k: v for k, v in by.items()})
    if a.out:
        with open(a.out, "w") as f:
            for i, row in enumerate(rows):
                f.write(json.dumps({"id": i, "mentions": [{"start": s, "end": e, "kind": k} for s, e, k in row]}) + "\n")


if __name__ == "__main__":
    main()
