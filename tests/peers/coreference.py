#!/usr/bin/env python3
"""Scores coreference of people, organisations and places against GUM, which is annotated by hand.

    python3 tests/peers/coreference.py convert RAW_DIR --half even > even.jsonl
    cargo run --release --example coreference < even.jsonl > chains.jsonl
    python3 tests/peers/coreference.py score even.jsonl chains.jsonl [--own] [--errors]

RAW_DIR holds GUM's `*.conllu` (Georgetown University; text CC BY 2.5, annotation CC BY 4.0). `convert` writes a document a line: {"id", "text",
"mentions": [{"start", "end", "head", "head_end", "kind", "chain"}]}; offsets are UTF-8 bytes of "text", "head" is where the head word stands (the
last word of a name), chains are those of GUM. Mentions are the named and nominal ones (the head is no pronoun or determiner) of GUM's person,
organization and place. --half: documents at even or odd places of their names' order. The even half tunes; of the odd half only totals are seen,
so --errors refuses it.

`score` reads the chains that the program made of the given mentions, or with --own of its own. Given mentions come twice: "those of chains" are the
mentions of gold chains of two or more, and "all mentions" are the singletons, too, which must then be told apart. A chain of one is left out on both
sides. With --own a mention of the program is the shortest gold mention that holds it and whose head it holds; one that is no gold mention counts
against it, but not where GUM has something else there (an event, an animal), nor adjectives ("North Korean"), which GUM does not annotate. (Four
bytes of grace are for "the", which GUM leaves out of some mentions.)

Beside it the baseline: mentions with the same lower-cased head word and of kinds that can be one (equal, or a place and an organization) are one
chain. Figures are MUC (Vilain et al. 1995), B-cubed (Bagga and Baldwin 1998), entity CEAF (Luo 2005) and the mean of their F1, as in the CoNLL 2012
task; counts are added over documents. This is an implementation apart from the program's own.
"""

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

KINDS = {"person": "Person", "organization": "Organization", "place": "Place"}
NO_SPACE = re.compile(r"\bSpaceAfter=No\b")
ENTITY = re.compile(r"(?:^|\|)Entity=([^|]*)")


def sentences_of(path):
    """Each sentence's rows, with whether it opens a paragraph."""
    rows, opens, first = [], True, True
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("# newpar") or line.startswith("# newdoc"):
            opens = True
        elif line and not line.startswith("#"):
            rows.append(line.split("\t"))
        elif not line and rows:
            yield rows, opens and not first
            rows, opens, first = [], False, False
    if rows:
        yield rows, opens and not first


def head_of(words, first, last, tree):
    """The word of a mention that hangs on one outside; of a flat name the last part."""
    inside = range(first, last + 1)
    tops = [i for i in inside if tree[i][0] not in inside and tree[i][2] != "PUNCT"] or [last]
    head = tops[0]
    parts = [i for i in inside if tree[i][0] == head and tree[i][1].startswith("flat") and words[i][0][:1].isalnum()]
    return parts[-1] if parts else head, head


def convert(path):
    text, tokens, tree, mentions, other = "", [], {}, [], []
    open_mentions = defaultdict(list)
    for rows, opens in sentences_of(path):
        if text:
            # A heading or a day that stands by itself is a paragraph, too.
            opens = opens or not re.search(r"""[.?!:,;]["'”’)]*\s*$""", text)
            text = text.rstrip(" ") + ("\n\n" if opens else " ")
        base, glued, index = len(tokens), {}, {}
        for row in rows:
            if "-" in row[0]:
                start, end = row[0].split("-")
                glued.update({int(n): NO_SPACE.search(row[9]) for n in range(int(start), int(end) + 1)})
                glued.update({int(n): True for n in range(int(start), int(end))})
        plain = [row for row in rows if row[0].isdigit()]
        for row in plain:
            number = int(row[0])
            index[number] = len(tokens)
            start = len(text.encode())
            text += row[1]
            tokens.append((row[1], start, len(text.encode())))
            if not (glued[number] if number in glued else NO_SPACE.search(row[9])):
                text += " "
        for row in plain:
            here = index[int(row[0])]
            tree[here] = (index.get(int(row[6]), -1), row[7], row[3], row[4])
        for row in plain:
            here, entity = index[int(row[0])], ENTITY.search(row[9])
            for mark in re.findall(r"\([^()]*\)?|\d+\)", entity[1] if entity else ""):
                if mark.startswith("("):
                    chain, kind = mark.strip("()").split("-")[:2]
                    open_mentions[chain].append((here, kind))
                if mark.endswith(")"):
                    chain = mark.strip("()").split("-")[0]
                    first, kind = open_mentions[chain].pop()
                    word, top = head_of(tokens, first, here, tree)
                    span = {"start": tokens[first][1], "end": tokens[here][2], "head": tokens[word][1], "head_end": tokens[word][2]}
                    if kind in KINDS and tree[top][2] not in ("PRON", "DET"):
                        mentions.append({**span, "kind": KINDS[kind], "chain": int(chain)})
                    else:
                        other.append([span["start"], span["end"]])
        assert len(tokens) > base
    order = lambda m: (m["start"], -m["end"])
    return {"id": path.stem, "text": text.strip(), "mentions": sorted(mentions, key=order), "other": sorted(other)}


def pairs(chain):
    return len(chain) * (len(chain) - 1) // 2


def assignment(gain):
    """The most that pairs of rows and columns, each used once, add up to (Kuhn 1955, Munkres 1957)."""
    n, m = len(gain), len(gain[0]) if gain else 0
    if n == 0 or m == 0:
        return 0.0
    if n > m:
        return assignment([list(column) for column in zip(*gain)])
    row_price, column_price, row_of, way = [0.0] * (n + 1), [0.0] * (m + 1), [0] * (m + 1), [0] * (m + 1)
    for row in range(1, n + 1):
        row_of[0], column = row, 0
        least, used = [float("inf")] * (m + 1), [False] * (m + 1)
        while row_of[column]:
            used[column], here, delta, following = True, row_of[column], float("inf"), 0
            for other in range(1, m + 1):
                if used[other]:
                    continue
                cost = -gain[here - 1][other - 1] - row_price[here] - column_price[other]
                if cost < least[other]:
                    least[other], way[other] = cost, column
                if least[other] < delta:
                    delta, following = least[other], other
            for other in range(m + 1):
                if used[other]:
                    row_price[row_of[other]] += delta
                    column_price[other] -= delta
                else:
                    least[other] -= delta
            column = following
        while column:
            row_of[column] = row_of[way[column]]
            column = way[column]
    return sum(gain[row_of[column] - 1][column - 1] for column in range(1, m + 1) if row_of[column])


def counts(key, response):
    """Numerators and denominators of recall and precision, measure by measure."""

    def muc(one, other):
        of = {m: i for i, chain in enumerate(other) for m in chain}
        parts = lambda chain: len({of[m] for m in chain if m in of}) + sum(m not in of for m in chain)
        return sum(len(c) - parts(c) for c in one), sum(len(c) - 1 for c in one)

    def cubed(one, other):
        of = {m: chain for chain in other for m in chain}
        right = sum(sum(len(c & of[m]) / len(c) for m in c if m in of) for c in one)
        return right, sum(len(c) for c in one)

    both = assignment([[2 * len(k & r) / (len(k) + len(r)) for r in response] for k in key]) if key and response else 0.0
    return {
        "MUC": muc(key, response) + muc(response, key),
        "B3": cubed(key, response) + cubed(response, key),
        "CEAFe": (both, len(key), both, len(response)),
    }


def chains_of(labels):
    """Chains of two or more from each mention's label."""
    groups = defaultdict(set)
    for mention, label in labels.items():
        groups[label].add(mention)
    return [group for group in groups.values() if len(group) > 1]


def total(all_counts):
    all_counts = list(all_counts)
    row = {}
    for measure in ("MUC", "B3", "CEAFe"):
        a, b, c, d = (sum(counts[measure][i] for counts in all_counts) for i in range(4))
        recall, precision = (a / b if b else 0.0), (c / d if d else 0.0)
        row[measure] = (precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0)
    row["CoNLL"] = sum(row[m][2] for m in ("MUC", "B3", "CEAFe")) / 3
    return row


def show(name, row):
    cells = [f"{m} {100 * row[m][0]:5.1f} {100 * row[m][1]:5.1f} {100 * row[m][2]:5.1f}" for m in ("MUC", "B3", "CEAFe")]
    print(f"{name:34}  " + "   ".join(cells) + f"   CoNLL {100 * row['CoNLL']:5.1f}")


def baseline(document, mentions):
    text = document["text"].encode()
    head = lambda m: text[m["head"] : m["head_end"]].decode().lower()
    kind = lambda m: "Person" if m["kind"] == "Person" else "body"
    return chains_of({i: (head(m), kind(m)) for i, m in mentions})


def key_of(document):
    sizes = Counter(m["chain"] for m in document["mentions"])
    return chains_of({i: m["chain"] for i, m in enumerate(document["mentions"]) if sizes[m["chain"]] > 1})


def given(document, found, which):
    """Chains over indices of the mentions given, from chains of spans."""
    at = {(m["start"], m["end"]): i for i, m in which}
    sets = [{at[(m["start"], m["end"])] for m in chain if (m["start"], m["end"]) in at} for chain in found]
    return [s for s in sets if len(s) > 1]


def own(document, found):
    """Chains over the program's own mentions: a gold mention's index, or the span where there is none."""
    gold, other = list(enumerate(document["mentions"])), document["other"]
    chains = []
    for chain in found:
        mapped = set()
        for m in chain:
            holding = [
                (g["end"] - g["start"], i)
                for i, g in gold
                if m["start"] <= g["head"] and g["head_end"] <= m["end"] <= g["end"] and g["start"] <= m["start"] + 4
            ]
            if holding:
                mapped.add(min(holding)[1])
            elif m["kind"] in ("Person", "Organization", "MilitaryUnit", "Place") and m["form"] not in ("pronoun", "adjective"):
                if not any(start <= m["start"] and m["end"] <= end and end - start <= 2 * (m["end"] - m["start"]) + 8 for start, end in other):
                    mapped.add((m["start"], m["end"]))
        if len(mapped) > 1:
            chains.append(mapped)
    # A mention that two chains claim is in the first.
    taken = set()
    for chain in chains:
        chain -= taken
        taken |= chain
    return [chain for chain in chains if len(chain) > 1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    converting = commands.add_parser("convert")
    converting.add_argument("raw", type=Path)
    converting.add_argument("--half", choices=["even", "odd"], required=True)
    scoring = commands.add_parser("score")
    scoring.add_argument("gold", type=Path)
    scoring.add_argument("chains", type=Path, nargs="?")
    scoring.add_argument("--own", action="store_true")
    scoring.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    if options.command == "convert":
        files = sorted(options.raw.glob("*.conllu"))[0 if options.half == "even" else 1 :: 2]
        for file in files:
            print(json.dumps({**convert(file), "half": options.half}, ensure_ascii=False))
        return
    documents = [json.loads(line) for line in options.gold.open(encoding="utf-8")]
    results = {}
    if options.chains:
        results = {r["id"]: r for r in map(json.loads, options.chains.open(encoding="utf-8"))}
    keys = [key_of(d) for d in documents]
    everything = [list(enumerate(d["mentions"])) for d in documents]
    chained = [[(i, m) for i, m in every if any(i in c for c in key)] for every, key in zip(everything, keys)]
    for name, which in (("those of chains", chained), ("all mentions", everything)):
        show(f"{name}: same head", total(counts(k, baseline(d, w)) for d, k, w in zip(documents, keys, which)))
        part = "chained" if which is chained else "given"
        if results and not options.own:
            found = [given(d, results[d["id"]][part], w) for d, w in zip(documents, which)]
            show(f"{name}: program", total(counts(k, f) for k, f in zip(keys, found)))
    if results and options.own:
        found = [own(d, results[d["id"]]["own"]) for d in documents]
        show("own mentions: program", total(counts(k, f) for k, f in zip(keys, found)))
    if options.errors and results:
        if any(d["half"] == "odd" for d in documents):
            sys.exit("the odd half is only scored")
        chains = lambda d, w: own(d, results[d["id"]]["own"]) if options.own else given(d, results[d["id"]]["chained"], w)
        errors(documents, keys, [chains(d, w) for d, w in zip(documents, chained)])


def errors(documents, keys, found):
    for document, key, response in zip(documents, keys, found):
        text = document["text"].encode()

        def words(i):
            m = document["mentions"][i] if isinstance(i, int) else {"start": i[0], "end": i[1]}
            return text[m["start"] : m["end"]].decode()[:60].replace("\n", " ")

        order = lambda i: document["mentions"][i]["start"] if isinstance(i, int) else i[0]
        print(f"\n== {document['id']}")
        of = {m: n for n, chain in enumerate(response) for m in chain}
        gold_of = {m: n for n, chain in enumerate(key) for m in chain}
        for chain in key:
            parts = defaultdict(list)
            for m in sorted(chain, key=order):
                parts[of.get(m, ("alone", m))].append(words(m))
            if len(parts) > 1:
                print("  split: " + "  ‖  ".join(" | ".join(p) for p in parts.values()))
        for chain in response:
            parts = defaultdict(list)
            for m in sorted(chain, key=order):
                parts[gold_of.get(m, ("none", m))].append(words(m))
            if len(parts) > 1:
                print("  MERGED: " + "  ‖  ".join(" | ".join(p) for p in parts.values()))


if __name__ == "__main__":
    main()
