"""Reads `corpus/train/quantities`: of each number, whether it is an amount, how it is bounded, the words of its unit and of what it is an amount of."""
import re
from pathlib import Path

from annotations import MARK, held_back, lines, pair
from examples import AMOUNT_SLOTS, BEFORE, Amount
from tokens import tokenise

STOP = set("a an the this that these those his her its their our my your of in on at to for from by with and or as than is was were are be been which who between ' ’ s ’s 's".split())


def runs(tokens, words, near):
    """Where words stand in that order in the tokens of a text, as few spans as may be: of several places the tightest, then the nearest to `near`. Function words between are part of a span."""
    words = [w.lower() for w in words]
    best = None
    for first, (_, word) in enumerate(tokens):
        if not words or word.lower() != words[0]:
            continue
        at, places = first, [first]
        for want in words[1:]:
            at = next((i for i in range(at + 1, len(tokens)) if tokens[i][1].lower() == want), None)
            if at is None:
                break
            places.append(at)
        if len(places) < len(words):
            continue
        rank = places[-1] - places[0], min(abs(places[0] - near), abs(places[-1] - near))
        if best is None or rank < best[0]:
            best = rank, places
    if best is None:
        return []
    spans = []
    for at in best[1]:
        if spans and all(tokens[i][1].lower() in STOP for i in range(spans[-1][1] + 1, at)):
            spans[-1][1] = at
        else:
            spans.append([at, at])
    return [(tokens[a][0][0], tokens[b][0][1]) for a, b in spans]


def written(path):
    """A file of sentences, as (name, number) each: `# ID`, a sentence with `⟦k: words⟧` round each number, then a line for each: `k TAB none`, or `k TAB bound=… TAB unit=words TAB of=words | words`."""
    out = []
    for block in re.split(r"(?m)^# ", Path(path).read_text(encoding="utf-8"))[1:]:
        name, line, *told = block.strip().splitlines()
        text, numbers, at = "", {}, 0
        for m in MARK.finditer(line):
            text += line[at : m.start()]
            numbers[m[1]] = len(text), len(text) + len(m[2])
            text += m[2]
            at = m.end()
        text += line[at:]
        tokens = [((s, e), text[s:e]) for s, e in tokenise(text)]
        for line in told:
            key, *fields = line.split("\t")
            if key.startswith("missed=") or key not in numbers:
                continue
            a, b = numbers[key]
            amount = Amount(text, [(0, len(text))], (a, b), key=f"{Path(path).stem}:{name}.{key}")
            if "none" in fields:
                amount.bound = "none"
            else:
                f = dict(x.strip().split("=", 1) for x in fields if "=" in x)
                amount.bound = f.get("bound", "=")
                near = next((i for i, ((s, e), _) in enumerate(tokens) if s < b and a < e), 0)
                for slot in AMOUNT_SLOTS:
                    for words in filter(None, (w.strip() for w in f.get(slot, "").split("|"))):
                        cut = [words[s:e] for s, e in tokenise(words)]
                        kept = [w for w in cut if w.lower() not in STOP] or cut
                        amount.spans.setdefault(slot, []).extend(runs(tokens, kept, near))
            out.append((name, amount))
    return out


def standoff(path, texts):
    """A file of numbers in texts that stand elsewhere, as (sentence's number in the file, number) each."""
    out = []
    for source, f, spans, sentences in lines(path, AMOUNT_SLOTS):
        out.append((source, Amount(texts.get(source), sentences[-1 - BEFORE :], pair(f["number"]), f["bound"], spans, f"{source}:{f['number']}")))
    return out


def amounts(folder, texts):
    """Numbers for training, those of news that are held back, and those of sentences of our own that are: every tenth text."""
    train, news, own = [], [], []
    for path in sorted(Path(folder).iterdir()):
        if path.suffix == ".tsv":
            for source, amount in standoff(path, texts):
                (news if held_back(source.replace(":", "-")) else train).append(amount)
        elif path.suffix == ".txt":
            for name, amount in written(path):
                (own if held_back(name) else train).append(amount)
    return train, news, own
