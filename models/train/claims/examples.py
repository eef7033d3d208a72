"""Annotated numbers as examples: the sentence of a number with what stands before it, the words of each slot, event, certainty and scope.

An annotation is a line of `corpus/train/claims/*.tsv`, see the README there: source, span of the number, and spans of the slots' words, all in
characters of the source's text. The texts are those of DATA (`ner/gmb`, `text/wikinews`); the program's own articles come from `corpus/gold`.
"""
import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).resolve().parent.parent / "recogniser"))
from tokens import MAX_PIECES, tokenise  # noqa: E402

SLOTS = ("pred", "counted", "actor", "agent", "recipient", "equipment", "place", "origin", "time", "asof", "author", "relay")
EVENTS = (
    "None Killed Wounded Casualties Missing Captured Detained Displaced Evacuated Deployed Arrived Returned Transferred Launched Intercepted "
    "Destroyed Damaged Struck Produced Trained Spent Measured Other"
).split()
CERTAINTIES = "stated estimated believed possible planned denied".split()
SCOPES = "none total increment".split()
# What is asked of every number, claim or not: the words of its unit or of what it counts, what it is an amount of, and how it is bounded.
AMOUNT_SLOTS = ("unit", "of")
BOUNDS = "none = > < ~ up down".split()
# The token type of the number that is asked about; the five casings come before it.
NUMBER = 5
# Sentences before the number's own that are read with it.
BEFORE = 2
# Pieces that the sentences before may fill up to.
CONTEXT = 64  # 96 while the shipped model was trained: fewer cost it nothing


@dataclass
class Asked:
    """A number in its text, and what is said of it."""

    text: str
    sentences: list  # spans of those read: the number's own last
    number: tuple
    event: str = "None"
    certainty: str = "stated"
    scope: str = "none"
    spans: dict = field(default_factory=dict)  # slot → list of spans
    key: str = ""

    slots = SLOTS

    def labels(self):
        return EVENTS.index(self.event), CERTAINTIES.index(self.certainty), SCOPES.index(self.scope)


@dataclass
class Amount:
    """A number in its text as an amount; `bound` is "none" where it is no amount."""

    text: str
    sentences: list
    number: tuple
    bound: str = "="
    spans: dict = field(default_factory=dict)
    key: str = ""

    slots = AMOUNT_SLOTS

    def labels(self):
        return (BOUNDS.index(self.bound),)


@dataclass
class Example:
    ids: list
    types: list
    first: list  # place of each token's first piece
    number: int  # place of the number's first piece
    tags: object  # [slots, tokens]: 0 outside, 1 first, 2 later
    labels: tuple  # event, certainty, scope; of an amount its bound
    cut: list  # spans of the tokens in the text
    asked: Asked


def grown(size, lo, hi, room):
    """The tokens round those from `lo` to `hi` that fit with them in so many pieces, and the room that is left."""
    room -= sum(size[lo:hi])
    while room > 0 and (lo > 0 or hi < len(size)):
        grew = False
        for side in (lo - 1, hi):
            if 0 <= side < len(size) and size[side] <= room:
                room -= size[side]
                lo, hi = min(lo, side), max(hi, side + 1)
                grew = True
        if not grew:
            break
    return lo, hi, room


def example(pieces, asked, limit=MAX_PIECES, context=True):
    """The number's sentence, all of it that fits round the number; before it what still fits of the sentences before."""
    start, end = asked.sentences[-1]
    own = [(start + s, start + e) for s, e in tokenise(asked.text[start:end])]
    at = [i for i, (s, e) in enumerate(own) if s < asked.number[1] and asked.number[0] < e]
    if not at:
        return None
    size = [len(pieces.token(asked.text[s:e])[0]) for s, e in own]
    lo, hi, room = grown(size, at[0], at[-1] + 1, limit - 3)
    before = []
    room = min(room, CONTEXT - 3 - sum(size[lo:hi]))
    if context and lo == 0:
        for s, e in reversed(asked.sentences[:-1]):
            for a, b in reversed(tokenise(asked.text[s:e])):
                n = len(pieces.token(asked.text[s + a : s + b])[0])
                if n > room:
                    room = 0
                    break
                room -= n
                before.insert(0, (s + a, s + b))
    cut, ids, types, first = [], [pieces.cls], [0], []
    number = None
    for part, is_own in ((before, False), (own[lo:hi], True)):
        for s, e in part:
            i, t = pieces.token(asked.text[s:e])
            asks = is_own and s < asked.number[1] and asked.number[0] < e
            if asks and number is None:
                number = len(ids)
            first.append(len(ids))
            cut.append((s, e))
            ids += i
            types += [NUMBER] * len(i) if asks else t
        if not is_own and part:
            ids.append(pieces.sep)
            types.append(0)
    ids.append(pieces.sep)
    types.append(0)
    tags = np.zeros((len(asked.slots), len(cut)), np.int64)
    for slot, spans in asked.spans.items():
        for s, e in spans:
            inside = [i for i, (a, b) in enumerate(cut) if a < e and s < b]
            for n, i in enumerate(inside):
                tags[asked.slots.index(slot), i] = 2 if n else 1
    return Example(ids, types, first, number, tags, asked.labels(), cut, asked)


# ---- gold articles of the program

IRREGULAR = {
    "be": "is was are were been being am", "rise": "rose risen", "send": "sent", "fall": "fell fallen", "lose": "lost", "take": "took taken", "give": "gave given", "have": "has had",
    "find": "found", "leave": "left", "hold": "held", "bring": "brought", "buy": "bought", "sell": "sold", "fly": "flew flown", "flee": "fled", "see": "saw seen", "go": "went gone",
    "build": "built", "make": "made", "shoot": "shot", "strike": "struck", "die": "died dying dead", "stand": "stood", "come": "came", "get": "got", "pay": "paid", "run": "ran",
    "meet": "met", "spend": "spent", "sink": "sank sunk", "grow": "grew grown", "begin": "began begun", "tell": "told", "say": "said", "know": "known knew", "draw": "drew drawn",
    "drive": "drove driven", "eat": "ate eaten", "fight": "fought", "lead": "led", "lie": "lay lain", "seek": "sought", "sweep": "swept", "throw": "threw thrown", "win": "won", "write": "wrote written",
    "body": "bodies", "do": "did done", "feed": "fed", "lay": "laid", "keep": "kept", "bury": "buried", "show": "shown", "break": "broke broken", "carry": "carried", "blow": "blew blown", "become": "became",
}


def forms(lemma):
    """Forms of a word, regular ones by rule."""
    out = {lemma, *IRREGULAR.get(lemma, "").split()} | {lemma + e for e in ("s", "es", "d", "ed", "ing")} | {lemma + lemma[-1] + e for e in ("ed", "ing")}
    if lemma.endswith("e"):
        out.add(lemma[:-1] + "ing")
    if lemma.endswith("y"):
        out |= {lemma[:-1] + "ied", lemma[:-1] + "ies"}
    return out


def nearest(text, words, sentences, number):
    """Where some words stand: in the number's sentence before others, nearest to the number."""
    best = None
    for back, (s, e) in enumerate(reversed(sentences)):
        for m in re.finditer(r"(?<!\w)" + re.escape(words) + r"(?!\w)", text[s:e]):
            a, b = s + m.start(), s + m.end()
            far = 400 * back + min(abs(a - number[1]), abs(b - number[0])) + (200 if a < number[1] and number[0] < b else 0)
            if best is None or far < best[0]:
                best = far, (a, b)
    return best


def spans_of_gold(asked, claim, entities):
    """The words of a gold claim's slots, as near to the number as they stand."""
    text, spans = asked.text, {}

    def put(slot, forms):
        found = [f for f in (nearest(text, w, asked.sentences, asked.number) for w in forms) if f]
        if found:
            # Of forms at one place the longest.
            far, span = min(found)
            longer = [f[1] for f in found if f[1][0] <= span[0] and span[1] <= f[1][1]]
            spans.setdefault(slot, []).append(max(longer, key=lambda s: s[1] - s[0]))

    start, end = asked.sentences[-1]
    if claim.get("predicate"):
        wanted = forms(claim["predicate"].lower())
        found = [(min(abs(start + s - asked.number[1]), abs(start + e - asked.number[0])), (start + s, start + e)) for s, e in tokenise(text[start:end]) if text[start + s : start + e].lower() in wanted]
        if found:
            spans["pred"] = [min(found)[1]]
    if claim.get("counted"):
        put("counted", [claim["counted"]])
    for slot, key in (("actor", "actor"), ("agent", "agent"), ("recipient", "recipient"), ("equipment", "equipment"), ("place", "place"), ("origin", "origin"), ("author", "author"), ("relay", "relayedBy")):
        keys = claim.get(key) or []
        for k in keys if isinstance(keys, list) else [keys]:
            entity = entities.get(k, {})
            put(slot, [*entity.get("names", []), *entity.get("nominals", [])] or [k])
    if claim.get("timeText"):
        put("time" if claim.get("start") or claim.get("end") else "asof", [claim["timeText"]])
    return spans


def sentence_spans(text):
    """Sentences of a text whose paragraphs are lines, cut simply."""
    out, at = [], 0
    for m in list(re.finditer(r"\n|(?<=[a-z0-9)\]”\"][.!?])[”\"]?\s+(?=[A-Z“\"])", text)) + [None]:
        end = m.end() if m else len(text)
        if text[at:end].strip():
            out.append((at, end))
        at = end
    return out


def gold(folder):
    """The numbers of annotated articles."""
    out = []
    for path in sorted(Path(folder).glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        text = "\n".join(record["text"])
        cut = sentence_spans(text)
        for n, c in enumerate(record["claims"]):
            s = text.find(c["sentence"])
            a = text.find(c["number"], s)
            if s < 0 or a < 0:
                continue
            k = next(i for i, (x, y) in enumerate(cut) if x <= a < y)
            asked = Asked(text, cut[max(0, k - BEFORE) : k + 1], (a, a + len(c["number"])), c["event"], c.get("certainty", "stated"), c.get("scope") or "none", {}, f"{path.stem}.{n}")
            asked.gold = c, record["entities"]
            asked.spans = spans_of_gold(asked, c, record["entities"])
            out.append(asked)
    return out
