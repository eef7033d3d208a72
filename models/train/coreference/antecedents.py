"""A mention in its text: its sentence and what stands before, with the mention marked; the heads of the other mentions there, and which of them are the same thing."""
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "recogniser"), str(HERE.parent / "claims")]
import examples as claims  # noqa: E402
from tokens import MAX_PIECES, tokenise  # noqa: E402

MARKED = claims.NUMBER
# Sentences before the mention's own that are read with it, as far as there is room.
BEFORE = 8


@dataclass
class Example:
    ids: list
    types: list
    own: int  # place of the mention's head
    others: list  # places of the heads of the other mentions
    same: list  # for each of those, whether it is the same thing
    article: object
    mention: object
    which: list  # the other mentions


def examples(pieces, article):
    """An example of each mention of an article."""
    text = article.text
    cut = [[((s + a, s + b), pieces.token(text[s + a : s + b])) for a, b in tokenise(text[s:e])] for s, e in sentences(text)]
    for n, tokens in enumerate(cut):
        if not tokens:
            continue
        first, last = tokens[0][0][0], tokens[-1][0][1]
        for m in article.mentions:
            if first <= m.head[0] < last:
                made = example(pieces, article, cut[max(0, n - BEFORE) : n], tokens, m)
                if made:
                    yield made


def sentences(text):
    return claims.sentence_spans(text)


def example(pieces, article, before, own, m):
    start, end = min(m.span[0], m.head[0]), m.head[1]
    inside = lambda span: span[0] < end and start < span[1]
    at = [i for i, (span, _) in enumerate(own) if inside(span)]
    if not at:
        return None
    size = [len(ids) for _, (ids, _) in own]
    lo, hi, room = claims.grown(size, at[0], at[-1] + 1, MAX_PIECES - 3)
    if room < 0:
        return None
    context = []
    if lo == 0:
        for tokens in reversed(before):
            for token in reversed(tokens):
                room -= len(token[1][0])
                if room < 0:
                    break
                context.insert(0, token)
            if room < 0:
                break
    ids, types, place = [pieces.cls], [0], {}
    own_head = None
    for part, is_own in ((context, False), (own[lo:hi], True)):
        for span, (i, t) in part:
            place[span] = len(ids)
            marked = is_own and inside(span)
            if marked and span[0] < m.head[1] and m.head[0] < span[1]:
                own_head = len(ids)
            ids += i
            types += [MARKED] * len(i) if marked else t
        if not is_own and part:
            ids.append(pieces.sep)
            types.append(0)
    ids.append(pieces.sep)
    types.append(0)
    if own_head is None:
        return None
    spans = sorted(place)
    others, same, which = [], [], []
    for o in article.mentions:
        if o is m or o.span[0] < m.span[1] and m.span[0] < o.span[1]:
            continue
        here = [place[s] for s in spans if s[0] < o.head[1] and o.head[0] < s[1]]
        if here:
            others.append(here[-1])
            same.append(o.chain == m.chain)
            which.append(o)
    return Example(ids, types, own_head, others, same, article, m, which)
