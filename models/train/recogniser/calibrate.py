"""Fits models/recogniser/calibration.toml: how probable it is that a mention is right, by its kind and by who says so.

usage: calibrate.py PROGRAM [--check]

PROGRAM is a built `wiregraph`. It judges its own mentions (`evaluate --json`) in the held-back files of corpus/train, put into a folder of gold files
for it, and in corpus/gold; times only in the latter, for the former do not mark them. `--check` writes nothing and tells the expected calibration
error where each fifth of the articles is scored by the figures of the others.

A figure is a smoothed share: those of all kinds with like evidence are added to a kind's own as if they were STRENGTH mentions. None is above SUREST.
"""
import argparse
import json
import subprocess
import tempfile
from collections import defaultdict
from pathlib import Path

from data import MARK, own_files

ROOT = Path(__file__).resolve().parents[3]
OUT = ROOT / "models/recogniser/calibration.toml"
KINDS = ["Person", "Organization", "MilitaryUnit", "Place", "Equipment", "Event", "Nationality", "Time"]
MODELS = ["rules", "fast", "accurate"]
VIA = ["listed", "ruled", "learned"]
OTHER = ["agrees", "differs", "silent"]
EDGES = [0.9, 0.98]
STRENGTH = 8
SUREST = 0.99
FOLDS = 5
HEAD = f"""# How probable it is that a mention is right, words and kind: the shares that are right in text the learned models were not trained on, smoothed.
# Made by models/train/recogniser/calibrate.py; figures in README.md beside this file.
#
# [MODEL.Kind] of each `--recogniser`: by who found the mention (listed, ruled, learned) and what the other side says there: the learned model of what
# gazetteers and rules found, and they of what it found. It agrees (same words and kind), differs (other words or kind) or is silent.
# Three shares where the learned model found the mention: where its own probability is below {EDGES[0]}, below {EDGES[1]}, and from there on.
# No model labels times; for `rules` nothing is the other side. `--rules DIR` does not add to this file.
"""


def passages(path):
    """Passages of marked sentences: (text, mentions as gold files have them)."""
    for passage in path.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in passage.splitlines() if line.strip() and not line.startswith("#")]
        if lines:
            marked = " ".join(lines)
            yield MARK.sub(lambda m: m.group(2), marked), [[m.group(2), m.group(1)] for m in MARK.finditer(marked)]


def write_gold(folder):
    """The held-back files as a gold folder for `evaluate`; passages are records of JSON Lines."""
    (folder / "gold").mkdir()
    for path in own_files(ROOT / "corpus/train")[1]:
        records = folder / f"{path.stem}.jsonl"
        with records.open("w", encoding="utf-8") as out:
            for number, (text, mentions) in enumerate(passages(path), 1):
                print(json.dumps({"id": f"{path.stem}-{number}", "title": path.stem, "text": text}), file=out)
                gold = {"article": f"../{records.name}", "story": number, "meta": {}, "text": [text], "mentions": mentions}
                (folder / "gold" / f"{path.stem}.{number}.json").write_text(json.dumps(gold), encoding="utf-8")
    return folder / "gold"


def judged(program, model, gold):
    command = [program, "evaluate", "--json", "--recogniser", model, "--gold", str(gold)]
    report = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    if report["failed"]:
        raise SystemExit("\n".join(report["failed"]))
    return report["mentions"]


def step(mention):
    """The number of the mention's share; None where the learned model did not find it."""
    probability = mention.get("probability")
    return None if probability is None else sum(probability >= edge for edge in EDGES)


class Figures:
    """Counts of mentions and of right ones, by all that a figure may be asked for."""

    def __init__(self, mentions):
        self.counts = defaultdict(lambda: [0, 0])
        for m in mentions:
            # Times are many, and no other kind is as sure without a second word.
            for kind in [m["kind"]] if m["kind"] == "Time" else [m["kind"], "any"]:
                for other in m["other"], "any":
                    count = self.counts[kind, m["via"], other, step(m)]
                    count[0] += 1
                    count[1] += m["right"]

    def share(self, key, prior, strength=STRENGTH):
        count, right = self.counts.get(key, (0, 0))
        return (right + strength * prior) / (count + strength)

    def of(self, kind, via, other, at):
        finder = self.share(("any", via, "any", at), 0.75, 2)
        return min(SUREST, self.share((kind, via, other, at), self.share(("any", via, other, at), finder)))


def combinations(model, kind):
    """(via, other, steps) of the figures that the file has."""
    for via in VIA:
        if via == "learned" and (model == "rules" or kind == "Time"):
            continue
        for other in OTHER:
            alone = model == "rules" or kind == "Time" and other == "agrees"
            if other == "silent" or not alone and (via, other) != ("learned", "agrees"):
                by_step = via == "learned" or other == "agrees"
                yield via, other, range(len(EDGES) + 1) if by_step else None


def written(mentions):
    lines = [HEAD, f"edges = {EDGES}"]
    for model in MODELS:
        figures = Figures(mentions[model])
        for kind in KINDS:
            rows = defaultdict(list)
            for via, other, steps in combinations(model, kind):
                shares = [f"{figures.of(kind, via, other, at):.3f}" for at in steps or [None]]
                rows[via].append(f"{other} = " + (f"[{', '.join(shares)}]" if steps else shares[0]))
            lines += ["", f"[{model}.{kind}]"] + [f"{via} = {{ {', '.join(cells)} }}" for via, cells in rows.items()]
    return "\n".join(lines) + "\n"


def expected_error(scored):
    """As `evaluate` has it: ten bins."""
    bins = defaultdict(lambda: [0.0, 0])
    for score, right in scored:
        cell = bins[min(int(score * 10 + 1e-5), 9)]
        cell[0] += score
        cell[1] += right
    return sum(abs(score - right) for score, right in bins.values()) / max(1, len(scored))


def check(mentions):
    for model in MODELS:
        articles = sorted({m["article"] for m in mentions[model]})
        fold = {article: at % FOLDS for at, article in enumerate(articles)}
        scored = defaultdict(list)
        for held in range(FOLDS):
            figures = Figures([m for m in mentions[model] if fold[m["article"]] != held])
            for m in mentions[model]:
                if fold[m["article"]] == held:
                    for kind in "all", m["kind"]:
                        scored[kind].append((figures.of(m["kind"], m["via"], m["other"], step(m)), m["right"]))
        told = [f"{kind} {expected_error(scored[kind]):.3f} ({len(scored[kind])})" for kind in ["all", *KINDS] if scored[kind]]
        brier = sum((score - right) ** 2 for score, right in scored["all"]) / len(scored["all"])
        print(f"{model}: {', '.join(told)}; mean squared error {brier:.4f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    mentions = {}
    with tempfile.TemporaryDirectory() as folder:
        own = write_gold(Path(folder))
        for model in MODELS:
            mentions[model] = [m for m in judged(asked.program, model, own) if m["kind"] != "Time"]
            mentions[model] += judged(asked.program, model, ROOT / "corpus/gold")
    if asked.check:
        check(mentions)
    else:
        OUT.write_text(written(mentions), encoding="utf-8")


if __name__ == "__main__":
    main()
