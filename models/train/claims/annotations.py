"""Reads `corpus/train/claims`: what is said of each number, by spans into texts that stand elsewhere (`news.tsv`), or beside its own passage (`*.txt`)."""
import gzip
import json
import re
from functools import cache
from pathlib import Path

from examples import BEFORE, SLOTS, Amount, Asked, nearest


def folded(text):
    return " ".join(text.split())


def detokenised(tokens):
    """A sentence of the Groningen Meaning Bank as newspapers print it."""
    s = " ".join(tokens)
    s = re.sub(r" ([.,;:!?%)\]]|'s\b|n't\b|'(?:re|ve|ll|d|m)\b|'')", r"\1", s)
    s = re.sub(r"([(\[$#]) ", r"\1", s)
    s = re.sub(r" '(?= |$)", "'", s)
    parts = re.split(r' ?" ?', s)
    s = "".join(p + (' "' if i % 2 == 0 else '" ') * (i + 1 < len(parts)) for i, p in enumerate(parts)).strip()
    return s.replace("`` ", '"').replace("''", '"')


class Texts:
    """The texts that `news.tsv` points into, white space folded: DATA's, and our own sentences."""

    def __init__(self, data, own):
        self.data, self.own = Path(data), Path(own)

    @cache
    def all_of(self, kind):
        if kind == "wikinews":
            return [folded(json.loads(l)["text"]) for l in open(self.data / "text/wikinews/articles.jsonl", encoding="utf-8")]
        with gzip.open(self.data / "ner/gmb/train.jsonl.gz", "rt") as f:
            return [folded(detokenised(json.loads(l)["tokens"])) for l in f]

    @cache
    def get(self, source):
        kind, _, which = source.partition(":")
        if kind == "own":
            lines = (self.own / f"{which}.txt").read_text(encoding="utf-8").splitlines()
            return folded(" ".join(re.sub(r"\{(\w+) ([^{}]*)\}", r"\2", l) for l in lines if not l.startswith("#")))
        return self.all_of(kind)[int(which)]


def pair(text):
    a, _, b = text.partition("-")
    return int(a), int(b)


def lines(path, slots):
    """Of each line of a file of numbers in texts that stand elsewhere: the source, the fields, spans by slot, spans of sentences."""
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            source, *fields = line.split("\t")
            f = dict(x.split("=", 1) for x in fields)
            spans = {s: [pair(p) for p in f[s].split("|")] for s in slots if s in f}
            yield source, f, spans, [pair(p) for p in f["sentences"].split("|")]


def standoff(path, texts):
    out = []
    for source, f, spans, sentences in lines(path, SLOTS):
        out.append(Asked(texts.get(source), sentences, pair(f["number"]), f["event"], f.get("cert", "stated"), f.get("scope", "none"), spans, f"{source}:{f['number']}"))
    return out


MARK = re.compile(r"⟦(\d+): ([^⟧]*)⟧")


def passages(path):
    """A file of passages, as (name, number) each: `# ID`, sentences a line with `⟦k: words⟧` round each number, then a line `k TAB event=… TAB slot=words …` for each."""
    out = []
    for block in re.split(r"(?m)^# ", Path(path).read_text(encoding="utf-8"))[1:]:
        name, *lines = block.strip().splitlines()
        told = [l for l in lines if re.match(r"\d+\t", l)]
        text, sentences, numbers = "", [], {}
        for line in (l for l in lines if l not in told):
            start = len(text)
            at = 0
            for m in MARK.finditer(line):
                text += line[at : m.start()]
                numbers[m[1]] = len(text), len(text) + len(m[2]), len(sentences)
                text += m[2]
                at = m.end()
            text += line[at:]
            sentences.append((start, len(text)))
            text += " "
        for line in told:
            key, *fields = line.split("\t")
            f = dict(x.strip().split("=", 1) for x in fields if x.strip())
            a, b, own = numbers[key]
            read = sentences[max(0, own - BEFORE) : own + 1]
            asked = Asked(text, read, (a, b), f["event"], f.get("cert", "stated"), f.get("scope", "none"), {}, f"{Path(path).stem}:{name}.{key}")
            for slot in SLOTS:
                for words in filter(None, (w.strip() for w in f.get(slot, "").split(" | "))):
                    found = nearest(text, words, read, (a, b))
                    if found:
                        asked.spans.setdefault(slot, []).append(found[1])
            out.append((name, asked))
    return out


# Held back from training: a file of news, and every tenth passage.
HELD_BACK = "held-back.tsv"
EVERY = 10


def held_back(name):
    return int(name.rpartition("-")[2]) % EVERY == 0


def annotations(folder, texts):
    """A folder's numbers for training, those of news that are held back, and those of passages that are."""
    train, news, own = [], [], []
    for path in sorted(Path(folder).iterdir()):
        if path.suffix == ".tsv":
            (news if path.name == HELD_BACK else train).extend(standoff(path, texts))
        elif path.suffix == ".txt":
            for name, asked in passages(path):
                (own if held_back(name) else train).append(asked)
    return train, news, own


def unlabelled(path):
    """The numbers that `unlabelled.py` writes."""
    out = []
    for line in open(path, encoding="utf-8"):
        r = json.loads(line)
        kind = Asked if r["task"] == "claims" else Amount
        out.append(kind(r["text"], [tuple(s) for s in r["sentences"]], tuple(r["number"])))
    return out
