#!/usr/bin/env python3
"""Builds models/verbs.tsv: the verbs of English, and of each the forms that do not follow from it by rule.

usage: build.py [WORDS...]
Needs the package lemminflect (MIT; its table comes from the NIH's SPECIALIST Lexicon). Of its verbs, those stay that stand in some form in the texts WORDS
(any files, .gz too), or all of them.
"""
import gzip
import re
import sys
from collections import defaultdict
from pathlib import Path

import lemminflect

OUT = Path(__file__).resolve().parents[2] / "verbs.tsv"
HEAD = """# Verbs, and the forms that regular endings do not lead back to them, by `models/train/lemmas/build.py`.
# Source: facts of the NIH's SPECIALIST Lexicon, as in lemminflect (MIT). verb TAB form|form...
"""


def led_back(form, known):
    """What the program makes of a form: see `Words::verb`."""
    if form in known:
        return form
    for ending in ("ies", "ied"):
        if form.endswith(ending) and form[:-3] + "y" in known:
            return form[:-3] + "y"
    for ending in ("ing", "ed", "es", "s"):
        if form.endswith(ending):
            stem = form[: -len(ending)]
            for lemma in (stem, stem + "e", stem[:-1] if stem[-1:] == stem[-2:-1] else None):
                if lemma in known:
                    return lemma
    return None


def main():
    table = Path(lemminflect.__file__).parent / "resources/infl_lu.csv.gz"
    verbs = {}
    for line in gzip.open(table, "rt", encoding="utf-8"):
        lemma, kind, forms = line.strip().split(",", 2)
        if kind == "verb" and re.fullmatch(r"[a-z]{2,}", lemma):
            verbs[lemma] = {f for group in forms.split(",") for f in group.split("/") if re.fullmatch(r"[a-z]+", f)}
    if sys.argv[1:]:
        seen = set()
        for path in sys.argv[1:]:
            with gzip.open(path, "rt", errors="ignore") if path.endswith(".gz") else open(path, errors="ignore") as f:
                for line in f:
                    seen.update(re.findall(r"[a-z]+", line.lower()))
        verbs = {v: forms for v, forms in verbs.items() if seen & (forms | {v})}
    owners = defaultdict(list)
    for v, forms in verbs.items():
        for f in forms - {v}:
            owners[f].append(v)
    rows = []
    for v, forms in sorted(verbs.items()):
        # A form of two verbs ("bore") goes to the one that its ending leads to, else to the first; one that is a verb itself ("found") is left alone.
        taken = lambda f: f in verbs or owners[f][0] != v or len(owners[f]) > 1 and led_back(f, verbs.keys()) in owners[f]
        odd = sorted(f for f in forms - {v} if led_back(f, verbs.keys()) != v and not taken(f))
        rows.append(v + ("\t" + "|".join(odd) if odd else ""))
    OUT.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    print(len(rows), "verbs,", sum("\t" in r for r in rows), "with forms of their own,", OUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
