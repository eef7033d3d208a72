"""Numbers of news that nobody annotated, with the sentences read before them, for a teacher to label.

usage: unlabelled.py texts DATA > texts.jsonl
       wiregraph inspect texts.jsonl --stage split --plain > split.jsonl
       wiregraph inspect texts.jsonl --stage extract --plain --recogniser rules > extract.jsonl
       unlabelled.py numbers split.jsonl extract.jsonl > more.jsonl
Written: {"text", "sentences", "number", "task"}, spans in characters. Sources that are held back are left out.
"""
import json
import random
import re
import sys
from pathlib import Path

from annotations import HELD_BACK, Texts, folded, lines
from examples import AMOUNT_SLOTS, BEFORE, SLOTS

CORPUS = Path(__file__).resolve().parents[3] / "corpus/train"
SENTENCES, AMOUNTS = 14000, 0.45
NUMERIC = re.compile(r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|dozen|dozens|hundreds|thousands|several)\b")


def texts(data):
    """Articles of Wikinews and re3d, pages of WCXB at even places, and so many sentences of GMB that have a number."""
    known = Texts(data, CORPUS)
    for at, text in enumerate(known.all_of("wikinews")):
        yield f"wikinews:{at}", text
    for path in sorted((Path(data) / "ner/re3d/raw").glob("*/documents.json*")):
        if path.parent.name != "Wikipedia":
            for at, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
                yield f"re3d:{path.parent.name}{at}", folded(json.loads(line)["text"])
    for line in (Path(data) / "web/wcxb_dev/gold.jsonl").read_text(encoding="utf-8").splitlines()[::2]:
        page = json.loads(line)
        yield f"web:{page['id']}", folded(page["text"])
    numeric = [at for at, text in enumerate(known.all_of("gmb")) if NUMERIC.search(text)]
    for at in sorted(random.Random(7).sample(numeric, min(SENTENCES, len(numeric)))):
        yield f"gmb:{at}", known.all_of("gmb")[at]


def annotated(path, slots):
    """Source and end of each number of a file: its start may take in a cue or not."""
    return {(source, f["number"].rpartition("-")[2]) for source, f, _, _ in lines(path, slots)}


def numbers(split, extract):
    records = lambda path: (json.loads(line) for line in open(path, encoding="utf-8"))
    sentences = {r["id"]: [(s["start"], s["end"]) for s in r.get("sentences", [])] for r in records(split)}
    claims = annotated(CORPUS / "claims/news.tsv", SLOTS)
    held = {source for source, _, _, _ in lines(CORPUS / "claims" / HELD_BACK, SLOTS)}
    amounts = annotated(CORPUS / "quantities/news.tsv", AMOUNT_SLOTS)
    draw = random.Random(3)
    for record in records(extract):
        if "error" in record or record["id"] in held:
            continue
        raw = record["text"].encode()
        at = lambda offset: len(raw[:offset].decode())
        cut = [(at(a), at(b)) for a, b in sentences.get(record["id"], [])]
        for quantity in record["quantities"]:
            start, end = at(quantity["start"]), at(quantity["end"])
            own = next((k for k, (a, b) in enumerate(cut) if a <= start < b), None)
            if own is None or quantity["measure"] == "not":
                continue
            read = cut[max(0, own - BEFORE) : own + 1]
            base, key = read[0][0], (record["id"], str(end))
            of = {"text": record["text"][base : read[-1][1]], "sentences": [(a - base, b - base) for a, b in read], "number": (start - base, end - base)}
            if key not in claims:
                yield {**of, "task": "claims"}
            if key not in amounts and draw.random() < AMOUNTS:
                yield {**of, "task": "amounts"}


def main():
    made = ({"id": name, "text": text} for name, text in texts(sys.argv[2])) if sys.argv[1] == "texts" else numbers(*sys.argv[2:4])
    for record in made:
        print(json.dumps(record, ensure_ascii=False))


if __name__ == "__main__":
    main()
