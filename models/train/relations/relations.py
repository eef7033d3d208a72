"""Annotated relations as examples: whole sentences, whose words are told by the event they say, and words that are asked about, with the words of each side.

`corpus/train/relations/*.tsv` holds the annotations (its README has the format). The texts are those of the passages of `corpus/train/claims` and of DATA
(`text/wikinews`), of which `news/` has spans alone.
"""
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).resolve().parent.parent / "claims"))
sys.path.append(str(Path(__file__).resolve().parent.parent / "recogniser"))
from annotations import MARK, pair  # noqa: E402
from examples import CERTAINTIES, Example, grown  # noqa: E402
from examples import EVENTS as OF_NUMBERS  # noqa: E402
from tokens import MAX_PIECES, tokenise  # noqa: E402

SLOTS = ("agent", "recipient", "equipment", "place", "origin", "time", "author")
SIDES = SLOTS[:5]
EVENTS = [*OF_NUMBERS, *"MemberOf Leads LocatedIn PartOf AlliedWith Fights MeetsWith Says Operates".split()]
# The file of articles whose relations are not learnt from; of the others, every eighth article.
HELD_BACK = "held-back.tsv"
EVERY = 8


@dataclass
class Told:
    """A word that says a relation, or (event "None") one that might and does not; `event` may be unknown, where a number's clause was annotated."""

    text: str
    number: tuple
    event: str | None = "None"
    certainty: str = "stated"
    spans: dict = field(default_factory=dict)
    key: str = ""

    slots = SLOTS

    @property
    def sentences(self):
        return [(0, len(self.text))]

    def labels(self):
        return (EVENTS.index(self.event) if self.event else -100, CERTAINTIES.index(self.certainty))


@dataclass
class Sentence:
    """A sentence with all its relations."""

    text: str
    told: list
    key: str = ""


def passages(folder):
    """The sentences of each passage."""
    out = {}
    for path in sorted(Path(folder).glob("*.txt")):
        for block in re.split(r"(?m)^# ", path.read_text(encoding="utf-8"))[1:]:
            name, *lines = block.strip().splitlines()
            out[name] = [MARK.sub(r"\2", line) for line in lines if line.strip() and not re.match(r"\d+\t", line)]
    return out


def places(text, words):
    """Where words stand in a text."""
    return [m.span() for m in re.finditer(r"(?<!\w)" + re.escape(words) + r"(?!\w)", text)] or [m.span() for m in re.finditer(re.escape(words), text)]


def placed(text, row):
    """A row's predicate and the words of its slots, each where it stands nearest to the predicate, which stands nearest to them."""
    wanted = {slot: [w for w in row[slot].split("|") if w] for slot in SLOTS}
    best = None
    for at in places(text, row["predicate"]) if row["predicate"] else []:
        spans, far = {}, 0
        for slot, several in wanted.items():
            for words in several:
                found = [(max(a - at[1], at[0] - b, 0), (a, b)) for a, b in places(text, words)]
                if found:
                    gap, span = min(found)
                    far += gap if slot in SIDES else 0
                    spans.setdefault(slot, []).append(span)
        if best is None or far < best[0]:
            best = far, at, spans
    return best and best[1:]


def articles(folder, passage_folder, texts):
    """Of each file, the articles: name → sentences with their relations. `texts` gives those that stand elsewhere."""
    own = passages(passage_folder)
    out = {}
    for path in sorted(Path(folder).glob("*.tsv")):
        of = by_article(path)
        out[path.name] = {name: sentences_of(name, own[name], told) for name, told in of.items()}
    news = Path(folder) / "news"
    cut = {r["article"]: [pair(s) for s in r["sentences"].split("|")] for r in rows(news / "sentences.tsv")}
    out["news"] = {}
    for name, told in by_article(news / "relations.tsv").items():
        text = texts.get(name)
        for row in told:
            start = cut[name][int(row["sentence"]) - 1][0]
            inside = lambda spans: [(a - start, b - start) for a, b in map(pair, filter(None, spans.split("|")))]
            row["placed"] = inside(row["predicate"])[0], {slot: inside(row[slot]) for slot in SLOTS if row[slot]}
        out["news"][name] = sentences_of(name, [text[a:b] for a, b in cut[name]], told)
    return out


def rows(path):
    head, *lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [dict(zip(head, line)) for line in lines]


def by_article(path):
    of = {}
    for row in rows(path):
        of.setdefault(row["article"], []).append(row)
    return of


def sentences_of(name, texts, told_rows):
    out = []
    for nth, text in enumerate(texts, 1):
        merged = {}
        for row in (r for r in told_rows if int(r["sentence"]) == nth):
            got = row.get("placed") or placed(text, row)
            if not got or row["event"] not in EVENTS:
                continue
            at, spans = got
            told = merged.setdefault((at, row["event"]), Told(text, at, row["event"], row["certainty"] or "stated", {}, f"{name}.{nth}"))
            for slot, several in spans.items():
                kept = told.spans.setdefault(slot, [])
                kept += [s for s in several if not any(s[0] < b and a < s[1] for a, b in kept)]
        out.append(Sentence(text, list(merged.values()), f"{name}.{nth}"))
    return out


def of_numbers(asked, events):
    """The clause of an annotated number, asked about by its predicate; which event it would be without its number is unknown, unless `events` are to be learnt."""
    start, end = asked.sentences[-1]
    own = lambda spans: [(a - start, b - start) for a, b in spans if start <= a and b <= end]
    at = own(asked.spans.get("pred", []))
    if asked.event == "None" or not at:
        return None
    spans = {slot: own(asked.spans.get(slot, [])) for slot in SLOTS}
    return Told(asked.text[start:end], at[0], asked.event if events else None, asked.certainty, spans, asked.key)


def whole(pieces, sentence, limit=MAX_PIECES):
    """A sentence as the model reads it before anything is asked, and the event of each token."""
    cut = [s for s in tokenise(sentence.text)]
    size = [len(pieces.token(sentence.text[s:e])[0]) for s, e in cut]
    if not cut:
        return None
    _, last, _ = grown(size, 0, 1, limit - 2)
    cut = cut[:last]
    ids, types, first = [pieces.cls], [0], []
    for s, e in cut:
        i, t = pieces.token(sentence.text[s:e])
        first.append(len(ids))
        ids += i
        types += t
    ids.append(pieces.sep)
    types.append(0)
    events = np.zeros(len(cut), np.int64)
    for told in sentence.told:
        for at, (a, b) in enumerate(cut):
            if a < told.number[1] and told.number[0] < b:
                events[at] = EVENTS.index(told.event)
                break
    return Example(ids, types, first, 0, events, (), cut, sentence)


def others(sentence, lexicon, rng, most=3):
    """Words of a sentence that say a relation elsewhere and none here."""
    own = [t.number for t in sentence.told]
    free = [s for s in tokenise(sentence.text) if sentence.text[s[0] : s[1]].lower() in lexicon and not any(s[0] < b and a < s[1] for a, b in own)]
    return [Told(sentence.text, s, "None", "stated", {}, sentence.key) for s in rng.sample(free, min(most, len(free)))]
