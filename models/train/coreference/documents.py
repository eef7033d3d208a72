"""Reads `corpus/train/coreference`: articles with their mentions, and which of them are one thing."""
import json
import re
from dataclasses import dataclass
from pathlib import Path

KINDS = {"p": "Person", "o": "Organization", "l": "Place"}
MARK = re.compile(r"\[([pol])(\d*): |(\])")
# What may follow a description's head: the words of the mention up to there are read off its end.
BEHIND = re.compile(r" (?:of|in|for|from|at|on|to|with|who|whom|that|which|whose|near|by|between|against|under|behind|and|or|is|was)\b|,|:| \(")
EVERY = 8


@dataclass
class Mention:
    """Spans in characters of the text; mentions of one `chain` are one thing."""

    span: tuple
    head: tuple
    kind: str
    chain: int


@dataclass
class Article:
    key: str
    text: str
    mentions: list


def text_of(source, data):
    """The text that the spans of `news.tsv` are of."""
    kind, _, which = source.partition(":")
    if kind == "wikinews":
        line = (data / "text/wikinews/articles.jsonl").read_text(encoding="utf-8").splitlines()[int(which)]
    else:
        files = sorted((data / "ner/re3d/raw").glob("*/documents.jsonl"))
        line = next(l for f in files for l in f.read_text(encoding="utf-8").splitlines() if json.loads(l)["_id"].startswith(which))
    text = re.sub(r"[ \t]+", " ", json.loads(line)["text"])
    return re.split(r"\n\s*(?:Sources|Related news|Sister links)\s*\n", text)[0].strip()


def standoff(path, data):
    """A file of articles that stand elsewhere, a line each: source, then a field for each thing, `KIND=` and its mentions, `start-end-head-head's end`, parted by `|`."""
    for line in path.read_text(encoding="utf-8").splitlines():
        source, *things = line.split("\t")
        mentions = []
        for chain, thing in enumerate(things):
            kind, _, spans = thing.partition("=")
            for numbers in spans.split("|"):
                a, b, c, d = map(int, numbers.split("-"))
                mentions.append(Mention((a, b), (c, d), KINDS[kind], chain))
        yield Article(source, text_of(source, data), sorted(mentions, key=lambda m: (m.span[0], -m.span[1])))


def written(path):
    """A file of articles of our own: `# ID`, then a sentence a line, with `[kind and number: words]` round each mention."""
    for block in re.split(r"(?m)^# ", path.read_text(encoding="utf-8"))[1:]:
        name, _, body = block.strip().partition("\n")
        text, open_marks, mentions, at, alone = "", [], [], 0, -1
        for m in MARK.finditer(body):
            text += body[at : m.start()]
            at = m.end()
            if m[3]:
                start, kind, chain = open_marks.pop()
                mentions.append(Mention((start, len(text)), head_of(text, start), KINDS[kind], chain))
            else:
                chain = f"{m[1]}{m[2]}" if m[2] else alone
                alone -= not m[2]
                open_marks.append((len(text), m[1], chain))
        text += body[at:]
        yield Article(name, text, sorted(mentions, key=lambda m: (m.span[0], -m.span[1])))


def head_of(text, start):
    """The last word of a mention that ends the text so far, before what follows its head."""
    words = text[start:]
    behind = BEHIND.search(words, 1)
    core = words[: behind.start()] if behind else words
    last = re.search(r"[\w’'&.-]+$", core) or re.search(r"\w+", core)
    return (start + last.start(), start + last.end()) if last else (start, start + len(words))


def gum(path):
    """What `tests/peers/coreference.py convert` prints."""
    for line in open(path, encoding="utf-8"):
        d = json.loads(line)
        place, at = {}, 0
        for i, c in enumerate(d["text"] + " "):
            place[at] = i
            at += len(c.encode())
        ms = [Mention((place[m["start"]], place[m["end"]]), (place[m["head"]], place[m["head_end"]]), m["kind"], m["chain"]) for m in d["mentions"]]
        yield Article(d["id"], d["text"], ms)


def articles(folder, data):
    """Articles to learn from, and every eighth of a file, which is held back."""
    train, news, own = [], [], []
    for path in sorted(Path(folder).iterdir()):
        if path.suffix == ".tsv":
            found, held = list(standoff(path, Path(data))), news
        elif path.suffix == ".txt":
            found, held = list(written(path)), own
        else:
            continue
        held += found[::EVERY]
        train += [a for i, a in enumerate(found) if i % EVERY]
    return train, news, own
