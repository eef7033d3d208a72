#!/usr/bin/env python3
"""Scores attributions against PolNeAR, news annotated with who says what.

    wiregraph inspect articles.jsonl --stage extract --plain | polnear.py GOLD.jsonl [-] [--half even|odd] [--errors]

GOLD.jsonl has an article a line: {"id", "text", "attributions": [{"source", "cue", "content"}]}, each of the three a list of [start, end] in code
points. It is outside the project (PolNeAR has no licence that would let its text in): nothing of it may be copied here. The articles to inspect
are the same file with only "id" and "text" left. wiregraph counts UTF-8 bytes of its own "text": they are converted to code points here, and where
that text is not the gold's, white space and unseen marks aside, the program stops.

Rows of inspect with one cue are one attribution in several pieces of content. A predicted and a gold attribution match where the word tokens of
their contents overlap with F1 of at least 0.5; matches are one to one, the best overlap first. A source is right where its last word or its head
(the last word before the first comma, bracket, preposition or relative pronoun) is the gold's, or its tokens have F1 of at least 0.5 with the
gold's; a gold attribution without a source is never right there. "any" takes content that shares one token. --half tunes or tests: articles at even or odd
positions of the file. --errors prints what was missed and what was made up, of the even half only: the odd half is to be seen in total only.
"""

import argparse
import json
import re
import sys
import unicodedata

WORD = re.compile(r"\w+")
TAIL = re.compile(r"[,(—–]|\b(?:of|at|in|for|from|on|to|with|by|who|that|which|whose|as)\b", re.IGNORECASE)


def tokens_of(text):
    """Start and end of each word."""
    return [match.span() for match in WORD.finditer(text)]


def covered(words, spans):
    """The indices of the words that spans take in or touch."""
    return {i for i, (start, end) in enumerate(words) if any(start < e and s < end for s, e in spans)}


def overlap(a, b):
    """F1 of two sets."""
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def head(text, words, spans):
    """The index of a source's head word."""
    if not spans:
        return None
    start, end = spans[0]
    tail = TAIL.search(text, start + 1, end)
    inside = covered(words, [(start, tail.start() if tail else end)]) or covered(words, spans)
    return max(inside, default=None)


def code_points(text):
    """For each byte of UTF-8, the code point it belongs to; one more for the end."""
    table = []
    for at, letter in enumerate(text):
        table.extend([at] * len(letter.encode()))
    return table + [len(text)]


def shift(ours, gold):
    """For each code point of our text its place in the gold's; the two differ in white space and unseen marks at most."""
    if ours == gold:
        return None
    unseen = lambda letter: letter.isspace() or unicodedata.category(letter) in ("Cf", "Cc")
    table, at = [], 0
    for letter in ours:
        while at < len(gold) and unseen(gold[at]) and not unseen(letter):
            at += 1
        table.append(min(at, len(gold)))
        if at < len(gold) and (gold[at] == letter or unseen(gold[at]) and unseen(letter)):
            at += 1
        elif not unseen(letter):
            return sys.exit(f"the texts differ at {ours[len(table) - 1:][:40]!r} / {gold[at:][:40]!r}")
    return table + [at]


def predicted(line, gold_text):
    """The attributions of a line of inspect, as gold has them."""
    table = code_points(line["text"])
    moved = shift(line["text"], gold_text)
    place = lambda byte: moved[table[byte]] if moved else table[byte]
    found = {}
    for row in line.get("attributions", []):
        one = found.setdefault((row["cue_start"], row["cue_end"]), {"source": [], "cue": [], "content": []})
        one["content"].append((place(row["start"]), place(row["end"])))
        one["cue"] = [(place(row["cue_start"]), place(row["cue_end"]))]
        if row.get("source_start") is not None:
            one["source"] = [(place(row["source_start"]), place(row["source_end"]))]
    return list(found.values())


def match(pairs):
    """One to one, best first: (score, gold, predicted)."""
    gold_used, ours_used, kept = set(), set(), []
    for score, gold, ours in sorted(pairs, key=lambda p: (-p[0], p[1], p[2])):
        if gold not in gold_used and ours not in ours_used:
            gold_used.add(gold)
            ours_used.add(ours)
            kept.append((score, gold, ours))
    return kept


class Tally:
    """Counts over articles."""

    def __init__(self):
        self.gold = self.ours = self.content = self.source = self.any = 0
        self.scores = 0.0

    def add(self, article, ours, errors=False):
        text, gold = article["text"], article["attributions"]
        words = tokens_of(text)
        sets = {id(a): covered(words, a["content"]) for a in gold + ours}
        whose = {id(a): covered(words, a["source"]) for a in gold + ours}
        pairs = [(overlap(sets[id(g)], sets[id(o)]), i, j) for i, g in enumerate(gold) for j, o in enumerate(ours)]
        pairs = [pair for pair in pairs if pair[0] > 0]

        def same_source(pair):
            a, b = gold[pair[1]], ours[pair[2]]
            left, right = whose[id(a)], whose[id(b)]
            if not left or not right:
                return False
            same_head = head(text, words, a["source"]) == head(text, words, b["source"])
            return max(left) == max(right) or same_head or overlap(left, right) >= 0.5

        close = [pair for pair in pairs if pair[0] >= 0.5]
        kept, sourced = match(close), match([pair for pair in close if same_source(pair)])
        self.gold += len(gold)
        self.ours += len(ours)
        self.content += len(kept)
        self.scores += sum(pair[0] for pair in kept)
        self.source += len(sourced)
        self.any += len(match(pairs))
        if errors:
            right_gold, right_ours = {p[1] for p in sourced}, {p[2] for p in sourced}
            show = lambda a: " | ".join("…".join(" ".join(text[s:e].split()) for s, e in a[k]) for k in ("source", "cue", "content"))
            for mark, side, right in (("-", gold, right_gold), ("+", ours, right_ours)):
                for i, one in enumerate(side):
                    near = max(((p[0], p[1:]) for p in pairs if p[1 if mark == "-" else 2] == i), default=(0, ()))
                    if i not in right:
                        print(f"{mark} {near[0]:.2f} {show(one)}")
                    else:
                        print(f"{'=' if mark == '-' else ' '} {near[0]:.2f} {show(one)}")

    def report(self, name):
        def figures(hits):
            p, r = hits / max(self.ours, 1), hits / max(self.gold, 1)
            return f"P {100 * p:5.1f}  R {100 * r:5.1f}  F1 {200 * p * r / max(p + r, 1e-9):5.1f}"

        print(f"{name:5} gold {self.gold}, found {self.ours}")
        print(f"      content             {figures(self.content)}   mean token F1 of matches {self.scores / max(self.content, 1):.2f}")
        print(f"      content and source  {figures(self.source)}")
        print(f"      any overlap         {figures(self.any)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold")
    parser.add_argument("inspected", nargs="?", default="-", help="output of wiregraph inspect; - is standard input")
    parser.add_argument("--half", choices=["even", "odd"])
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    source = sys.stdin if options.inspected == "-" else open(options.inspected, encoding="utf-8")
    with source, open(options.gold, encoding="utf-8") as file:
        lines = [json.loads(line) for line in source if line.strip()]
        articles = [json.loads(line) for line in file if line.strip()]
    by_id = {line["id"]: line for line in lines}
    tallies = {"even": Tally(), "odd": Tally()}
    for at, article in enumerate(articles):
        half = "odd" if at % 2 else "even"
        line = by_id.get(article["id"], {"text": article["text"]})
        if "error" in line or article["id"] not in by_id:
            print(f"{article['id']}: nothing to score: {line.get('error', 'missing')}", file=sys.stderr)
            line = {"text": article["text"]}
        wanted = options.half in (None, half)
        if options.errors and half == "even" and wanted:
            print(f"# {article['id']}")
        tallies[half].add(article, predicted(line, article["text"]), errors=options.errors and half == "even" and wanted)
    for half, tally in tallies.items():
        if options.half in (None, half):
            tally.report(half)


if __name__ == "__main__":
    main()
