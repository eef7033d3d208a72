"""Sentences for the teacher, one a line: train.txt, and dev.txt with each twentieth; the same each time.

usage: prepare.py GMB_DIR RE3D_DIR WIKINEWS.jsonl OUT_DIR
GMB_DIR has train, dev and test .jsonl.gz, RE3D_DIR train and dev .jsonl, both with "tokens"; WIKINEWS.jsonl has "title" and "text".
"""
import gzip
import json
import random
import re
import sys

random.seed(7)
MARKS = {"``": '"', "''": '"', "-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]"}
CLOSING = set(",.;:?!)]}%'") | {"'s", "n't", "'re", "'ve", "'ll", "'d", "'m", "..."}


def join(tokens):
    """Tokens with spaces where people write them."""
    text, quoted, tight = "", False, True
    for token in tokens:
        token = MARKS.get(token, token)
        closing = token in CLOSING or (token == '"' and quoted)
        text += token if tight or closing else " " + token
        tight = token in "([{$£€" or (token == '"' and not quoted)
        quoted ^= token == '"'
    return text


def rougher(text, other):
    """The text as pages have it: other marks, none, capitals, inside a quotation, run together with another."""
    r = random.random()
    if r < 0.45:
        text = re.sub(r'(^|[\s(])"', r"\1“", text).replace('"', "”").replace("'", "’")
        return re.sub(r" - | ?--+ ?", " — ", text)
    if r < 0.55:
        return re.sub(r"(^|[\s(])\"", r"\1'", text).replace('"', "'")
    if r < 0.65:
        return text.rstrip(".")
    if r < 0.72:
        return text.replace(", ", random.choice([" – ", " — ", " - ", "—"]), 1)
    if r < 0.79:
        end = random.choice([",” he said.", ",” the official said.", ",” Kim told reporters on Monday.", ".”"])
        return "“" + text.rstrip(".") + end
    if r < 0.83:
        return "(" + text + ")"
    if r < 0.86:
        return text.replace("United States", "U.S.").replace("Mr. ", "")
    if r < 0.92:
        return text.rstrip(".") + random.choice(["; ", " — ", ", and ", ", but "]) + other
    if len(text) < 90:
        if r < 0.97:
            return " ".join(w[:1].upper() + w[1:] if len(w) > 3 else w for w in text.rstrip(".").split())
        return text.upper()
    return text


def sentences():
    gmb, re3d, wikinews, _ = sys.argv[1:]
    for part in ("train", "dev", "test"):
        for line in gzip.open(f"{gmb}/{part}.jsonl.gz", "rt"):
            yield join(json.loads(line)["tokens"])
    for part in ("train", "dev"):
        for line in open(f"{re3d}/{part}.jsonl"):
            yield join(json.loads(line)["tokens"])
    for line in open(wikinews):
        article = json.loads(line)
        yield article["title"].strip()
        for paragraph in article["text"].split("\n"):
            if len(paragraph) <= 4000:
                yield from re.split(r'(?<=[a-z0-9)\]"”’%][.?!])["”’)]*\s+(?=[A-Z"“‘(])', paragraph.strip())


unique = [s for s in dict.fromkeys(s.strip() for s in sentences()) if len(s) > 3]
random.shuffle(unique)
for name, part in (("dev", unique[::20]), ("train", [s for n, s in enumerate(unique) if n % 20])):
    with open(f"{sys.argv[4]}/{name}.txt", "w") as out:
        for n, text in enumerate(part):
            out.write((rougher(text, part[n - 1]) if random.random() < 0.14 else text) + "\n")
