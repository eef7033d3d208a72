"""Corpora as examples: pieces, casing, first pieces, and for each classifier the labels that every token may have."""
import gzip
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from conventions import BIT, MODELS, OURS, allowed_labels, bio, mapping, spans
from tokens import LOWER, MAX_PIECES, NONE, TITLE, UPPER, tokenise

MARK = re.compile(r"\{(\w+) ([^{}]*)\}")


@dataclass
class Example:
    ids: list
    types: list
    first: list
    targets: dict  # classifier → bits per token
    tokens: list = field(default_factory=list)
    weight: dict = field(default_factory=dict)  # classifier → weight in the loss, 1 where absent
    soft: object = None  # what a teacher says of the tokens: (probabilities for `ours` [tokens, labels], vectors [tokens, hidden])


def read_lines(path):
    path = Path(path)
    with gzip.open(path, "rt") if path.suffix == ".gz" else open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def read_corpus(root, name, part="train"):
    """Records {"tokens", "tags"} of a corpus in mapping.toml."""
    path = Path(root) / mapping()[name][part]
    return redocred(path) if path.suffix == ".json" else read_lines(path)


def redocred(path):
    out = []
    for document in json.loads(path.read_text()):
        tags = [["O"] * len(s) for s in document["sents"]]
        marks = {(m["sent_id"], m["pos"][0], m["pos"][1], m["type"]) for v in document["vertexSet"] for m in v}
        for s, start, end, kind in sorted(marks, key=lambda m: (m[1] - m[2], m)):
            if end <= len(tags[s]) and all(t == "O" for t in tags[s][start:end]):
                tags[s][start:end] = ["B-" + kind] + ["I-" + kind] * (end - start - 1)
        out += [{"tokens": t, "tags": g} for t, g in zip(document["sents"], tags)]
    return out


def resplit(record):
    """The record with tokens cut as the program cuts them."""
    tokens, tags = [], []
    for token, tag in zip(record["tokens"], record["tags"]):
        parts = [token[s:e] for s, e in tokenise(token)] or [token]
        if "".join(parts) != token:
            parts = [token]
        tokens += parts
        tags += [tag] + ["I" + tag[1:] if tag != "O" else "O"] * (len(parts) - 1)
    return {"tokens": tokens, "tags": tags}


def read_marked(path):
    """Our own sentences: records {"tokens", "tags", "text"}; edges of mentions always cut tokens."""
    out = []
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        plain, marks, at = "", [], 0
        for m in MARK.finditer(line):
            plain += line[at : m.start()]
            marks.append((len(plain), len(plain) + len(m.group(2)), m.group(1)))
            plain += m.group(2)
            at = m.end()
        plain += line[at:]
        edges = sorted({e for s, t, _ in marks for e in (s, t)})
        cut = []
        for s, e in tokenise(plain):
            for x in [x for x in edges if s < x < e]:
                cut.append((s, x))
                s = x
            cut.append((s, e))
        tags = ["O"] * len(cut)
        for s, e, kind in marks:
            inside = [i for i, (a, b) in enumerate(cut) if a >= s and b <= e]
            for j, i in enumerate(inside):
                tags[i] = ("I-" if j else "B-") + kind
        out.append({"tokens": [plain[s:e] for s, e in cut], "tags": tags, "text": plain, "spans": cut})
    return out


def read_gold(folder):
    """The development articles with their mentions, for measuring only: records of sentences, times left out."""
    out = []
    for path in sorted(Path(folder).glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        text, at, marks = "\n".join(gold["text"]), 0, []
        for words, kind, *_ in gold["mentions"]:
            at = text.find(words, at)
            if at < 0:
                raise ValueError(f"{path}: {words}")
            marks.append((at, at + len(words), kind))
            at += len(words)
        begin = 0
        for m in list(re.finditer(r"\n|(?<=[a-z0-9)\]”\"][.!?])[”\"]?\s+(?=[A-Z“\"])", text)) + [None]:
            end = m.end() if m else len(text)
            inside = [(s, e, k) for s, e, k in marks if begin <= s and e <= end and k != "Time"]
            cut = [(begin + s, begin + e) for s, e in tokenise(text[begin:end])]
            tags = ["O"] * len(cut)
            for s, e, k in inside:
                covered = [i for i, (a, b) in enumerate(cut) if a < e and s < b]
                for j, i in enumerate(covered):
                    tags[i] = ("I-" if j else "B-") + k
            if cut:
                out.append({"tokens": [text[s:e] for s, e in cut], "tags": tags})
            begin = end
    return out


def own_files(folder):
    """Files for training and for validation: the last of each NAME-k series is held back."""
    series = {}
    for f in sorted(Path(folder).glob("*.txt")):
        name, _, k = f.stem.rpartition("-")
        if k.isdigit():
            series.setdefault(name, []).append((int(k), f))
    train, validation = [], []
    for files in series.values():
        files = [f for _, f in sorted(files)]
        train += files[:-1] if len(files) > 1 else files
        validation += files[-1:] if len(files) > 1 else []
    return train, validation


def bits(labels, tags):
    place = {l: i for i, l in enumerate(labels)}
    return [1 << place[t] for t in tags]


def native_labels(records):
    return bio(sorted({t[2:] for r in records for t in r["tags"] if t != "O"}))


def example(pieces, tokens, targets, weight=None, limit=MAX_PIECES):
    """Examples of one sentence: windows when it is longer than the encoder reads."""
    ids, types, first = pieces.sentence(tokens)
    if len(ids) <= limit:
        return [Example(ids, types, first, targets, tokens, weight or {})]
    middle = len(tokens) // 2
    if not middle:
        return []
    halves = slice(None, middle), slice(middle, None)
    return [e for h in halves for e in example(pieces, tokens[h], {k: v[h] for k, v in targets.items()}, weight, limit)]


def own_examples(pieces, records):
    return [e for r in records for e in example(pieces, r["tokens"], {"ours": bits(OURS, r["tags"])})]


def native_examples(pieces, records, head, labels):
    return [e for r in records for e in example(pieces, r["tokens"], {head: bits(labels, r["tags"])})]


def mapped_examples(pieces, records, corpus, labels, weight):
    """Both classifiers: the corpus's own labels, and ours as far as the mapping says. `weight`: of both."""
    out = []
    for r in map(resplit, records):
        targets = {corpus: bits(labels, r["tags"]), "ours": allowed_labels(corpus, r["tokens"], r["tags"])}
        out += example(pieces, r["tokens"], targets, weight)
    return out


# Casing noise: the pieces of an uncased vocabulary stay as they are, only the types change.
SMALL = {"of", "the", "a", "an", "and", "in", "on", "for", "to", "at", "by", "with", "from", "as", "or", "but"}


def recased(types, how):
    return [t if t == NONE else how for t in types]


@dataclass
class Batch:
    ids: torch.Tensor
    types: torch.Tensor
    lengths: torch.Tensor
    rows: torch.Tensor  # of each token: sentence * width + first piece
    targets: dict  # classifier → (indices of tokens, bits, weights)
    soft: object = None  # the teacher's probabilities and vectors of all tokens


def collate(examples, pad, rng=None, noise=0.0):
    width = max(len(e.ids) for e in examples)
    ids = np.full((len(examples), width), pad, np.int64)
    types = np.zeros((len(examples), width), np.int64)
    rows, targets, soft, n = [], {}, [], 0
    for i, e in enumerate(examples):
        ids[i, : len(e.ids)] = e.ids
        t = e.types
        if rng is not None and noise and rng.random() < noise:
            t = recased(t, rng.choice((LOWER, UPPER, TITLE)))
        types[i, : len(t)] = t
        rows += [i * width + f for f in e.first]
        for head, b in e.targets.items():
            at, bb, w = targets.setdefault(head, ([], [], []))
            at.extend(range(n, n + len(b)))
            bb.extend(b)
            w.extend([e.weight.get(head, 1.0)] * len(b))
        if e.soft is not None:
            soft.append(e.soft)
        n += len(e.first)
    return Batch(
        torch.from_numpy(ids),
        torch.from_numpy(types),
        torch.tensor([len(e.ids) for e in examples]),
        torch.tensor(rows),
        {h: (torch.tensor(a), torch.tensor(b), torch.tensor(w)) for h, (a, b, w) in targets.items()},
        tuple(torch.cat(part).float() for part in zip(*soft)) if soft else None,
    )



def wikinews(path):
    """Sentences of raw articles, cut simply: lines, then full stops before capitals."""
    out = []
    for record in read_lines(path):
        for line in [record["title"]] + record["text"].splitlines():
            for s in re.split(r"(?<=[a-z0-9)\]”\"][.!?])[”\"]?\s+(?=[A-Z“\"])", line.strip()):
                tokens = [s[a:b] for a, b in tokenise(s)]
                if tokens:
                    out.append(tokens)
    return out


class Names:
    """Names of the program's gazetteers, put in the place of marked ones in our own sentences."""

    def __init__(self):
        def column(file, i):
            rows = [l.split("\t") for l in (MODELS / "gazetteer" / file).read_text(encoding="utf-8").splitlines() if not l.startswith("#")]
            return [r[i] for r in rows if len(r) > i and r[i]]

        self.given, self.family = column("given-names.tsv", 0), column("family-names.tsv", 0)
        self.places = column("places.tsv", 1)
        self.persons = [n for f in column("persons.tsv", 1) for n in f.split("|")]
        self.organizations = [n for f in column("organizations.tsv", 1) for n in f.split("|")]
        self.equipment = [n for f in column("equipment.tsv", 1) for n in f.split("|")]

    def texts(self):
        for name in self.given + self.family + self.persons + self.organizations + self.equipment + self.places[:6000]:
            yield [name[s:e] for s, e in tokenise(name)]

    def swapped(self, record, rng, rate=0.5):
        """The record with some persons and places under other names (single-word and two-word names only)."""
        tokens, tags, at = [], [], 0
        for s, e, kind in spans(record["tags"]) + [(len(record["tokens"]), len(record["tokens"]), None)]:
            tokens += record["tokens"][at:s]
            tags += record["tags"][at:s]
            new = record["tokens"][s:e]
            if kind and rng.random() < rate:
                if kind == "Person" and e - s <= 3:
                    new = [rng.choice(self.family)] if e - s == 1 else [rng.choice(self.given), rng.choice(self.family)]
                elif kind == "Place" and e - s == 1 and new[0][:1].isupper() and "." not in new[0]:
                    new = [rng.choice(self.places[: rng.choice((300, 3000, 20000))])]
                new = [w for n in new for w in [n[a:b] for a, b in tokenise(n)]]
            tokens += new
            tags += [("I-" if i else "B-") + kind for i in range(len(new))] if kind else []
            at = e
        return {"tokens": tokens, "tags": tags}
