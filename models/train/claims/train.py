"""Trains the claim reader. Seeds are fixed.

usage: train.py --data DATA --start models/recogniser/accurate.safetensors --out claims.pt [options], see README.md
"""
import argparse
import random
import sys
import time
from pathlib import Path

import numpy as np
import torch

from amounts import amounts
from annotations import Texts, annotations, unlabelled
from examples import EVENTS, SLOTS, example, gold
from reader import AMOUNTS, CLAIMS, HEAD, OUTPUTS, Batch, best_spans, from_bytes, loss_of, outputs, task_of
from wide import Wide, mpnet

sys.path.append(str(Path(__file__).resolve().parent.parent / "recogniser"))
import fitting  # noqa: E402
from fitting import KINDS, Masters  # noqa: E402
from model import Shape, Tagger  # noqa: E402
from tokens import Pieces  # noqa: E402

MANY = {"agent", "recipient", "equipment", "relay", "place"}


def batches(examples, size, rng):
    """Batches of one task each."""
    out = []
    for task in (CLAIMS, AMOUNTS):
        out += fitting.batches([e for e in examples if task_of(e.asked) is task], size, rng)
    rng.shuffle(out)
    return out


def by_length(examples, size=4096):
    """Parts of about `size` pieces, of like lengths."""
    order = sorted(examples, key=lambda e: len(e.ids))
    while order:
        n = max(1, size // len(order[0].ids) // 2)
        yield order[:n]
        order = order[n:]


@torch.no_grad()
def answers(model, examples, pad):
    """Each example with the logits of its tokens [tokens, slots, 3] and the probabilities of its event, certainty and scope, by length."""
    model.eval()
    for part in by_length(examples):
        tokens, numbers = outputs(model, Batch(part, pad))
        row = 0
        for e, n in zip(part, numbers):
            yield e, tokens[row : row + len(e.first)], [p.softmax(-1) for p in n.split(task_of(e.asked).parts)]
            row += len(e.first)


def read(model, examples, pad):
    """For each example of one task: (slot → spans of tokens with probability, probabilities of each part: event, certainty, scope, or bound)."""
    out = {id(e): ({slot: best_spans(t[:, s]) for s, slot in enumerate(e.asked.slots)}, *(h.numpy() for h in heads)) for e, t, heads in answers(model, examples, pad)}
    return [out[id(e)] for e in examples]


def measure(model, examples, pad, name):
    counts, right = {s: [0, 0, 0] for s in SLOTS}, [0, 0, 0]
    whole = n = 0
    for e, (slots, *numbers) in zip(examples, read(model, examples, pad)):
        n += 1
        ok = True
        for at, p in enumerate(numbers):
            hit = int(p.argmax()) == e.labels[at]
            right[at] += hit
            ok &= hit
        if e.labels[0] == 0:
            whole += int(numbers[0].argmax()) == 0
            continue
        if int(numbers[0].argmax()) == 0:
            slots = {s: [] for s in SLOTS}
        for s, slot in enumerate(SLOTS):
            want = spans_of(e.tags[s])
            got = {(a, b) for a, b, _ in sorted(slots[slot], key=lambda x: -x[2])[: None if slot in MANY else 1]}
            counts[slot][0] += len(want & got)
            counts[slot][1] += len(got)
            counts[slot][2] += len(want)
            ok &= want == got
        whole += ok
    f1 = lambda c: 200 * c[0] / max(1, c[1] + c[2])
    print(f"{name} {n} numbers: event {100*right[0]/n:.1f} certainty {100*right[1]/n:.1f} scope {100*right[2]/n:.1f} whole {100*whole/n:.1f}  " + " ".join(f"{s} {f1(c):.0f}" for s, c in counts.items()), flush=True)


def measure_amounts(model, examples, pad, name):
    """Of amounts: bound, words of the unit exact, words of what it is an amount of exact and some of them; and whether an amount was told from other numbers."""
    hits = dict.fromkeys(("amount", "bound", "unit", "of", "of partly"), 0)
    n = 0
    for e, (slots, bound) in zip(examples, read(model, examples, pad)):
        got = int(bound.argmax())
        hits["amount"] += (got == 0) == (e.labels[0] == 0)
        if e.labels[0] == 0:
            continue
        n += 1
        hits["bound"] += got == e.labels[0]
        words = lambda spans: {i for a, b in spans for i in range(a, b)}
        for at, slot in enumerate(e.asked.slots):
            want, found = words(spans_of(e.tags[at])), words((a, b) for a, b, _ in slots[slot])
            hits[slot] += want == found
            if slot == "of":
                hits["of partly"] += bool(want & found) or want == found
    share = lambda key: 100 * hits[key] / max(1, len(examples) if key == "amount" else n)
    print(f"{name} {len(examples)} numbers: " + " ".join(f"{k} {share(k):.1f}" for k in hits), flush=True)


def spans_of(tags):
    out = []
    for i, t in enumerate(tags):
        if t == 1:
            out.append([i, i + 1])
        elif t == 2 and out:
            out[-1][1] = i + 1
    return {tuple(s) for s in out}


def fit(model, examples, pad, epochs, rate, decay, size, seed, held, kind, share=1.0, warm=0.06, every=2, keep=None):
    rng = random.Random(seed)
    torch.manual_seed(seed)
    # The vectors of word pieces are kept: quicker, and few numbers would move them well.
    model.embeddings.word.weight.requires_grad = False
    masters = Masters(model, rate, decay, kind)
    drawn = lambda: [e for e in examples if task_of(e.asked) is AMOUNTS or rng.random() < share]
    parts = [batches(drawn(), size, rng) for _ in range(epochs)]
    steps, done, begun, shown = sum(map(len, parts)), 0, time.time(), None
    for epoch, part in enumerate(parts):
        model.train()
        for group in part:
            loss = loss_of(model, Batch(group, pad))
            loss.backward()
            done += 1
            masters.step(min(done / max(1, warm * steps), (steps - done) / (steps * (1 - warm)) + 1e-3))
            shown = loss.item() if shown is None else 0.97 * shown + 0.03 * loss.item()
        print(f"epoch {epoch} loss {shown:.3f} {time.time() - begun:.0f} s, {time.process_time():.0f} CPU-s", flush=True)
        if keep:
            keep(model)
        if held and (epoch % every == every - 1 or epoch == epochs - 1):
            for name, part in held.items():
                (measure_amounts if task_of(part[0].asked) is AMOUNTS else measure)(model, part, pad, name)
    return masters.restore()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--claims", default="corpus/train/claims", help="folder of annotations")
    p.add_argument("--amounts", help="folder of annotated amounts")
    p.add_argument("--data", required=True, help="folder with ner/ and text/")
    p.add_argument("--own", default="corpus/train", help="folder of our own sentences")
    p.add_argument("--start", required=True, help="model file, training file, or a folder of all-mpnet-base-v2 (a wide teacher)")
    p.add_argument("--vocabulary", default="../../claims/reader.safetensors", help="model file whose word pieces a wide teacher has")
    p.add_argument("--layers", help="which layers of the start are kept")
    p.add_argument("--unlabelled", help="numbers that nobody annotated, by `unlabelled.py`, which the teacher labels")
    p.add_argument("--articles", help="annotated articles to learn from, too")
    p.add_argument("--copies", type=int, default=2, help="how often an epoch goes through those")
    p.add_argument("--gold", default="corpus/gold")
    p.add_argument("--out")
    p.add_argument("--share", type=float, default=1.0, help="of the claims, drawn anew for each epoch")
    p.add_argument("--epochs", type=int, default=10)
    p.add_argument("--rate", type=float, default=2e-4)
    p.add_argument("--decay", type=float, default=0.9)
    p.add_argument("--size", type=int, default=1536)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--teacher")
    p.add_argument("--second", help="another teacher of claims: what it says and what --teacher says count half each")
    p.add_argument("--words", help="another teacher, whose answers about the words of amounts take the place of those of --teacher")
    p.add_argument("--answers", help="file of the teacher's answers: written, or read where it is there")
    p.add_argument("--warm", type=float, default=0.06, help="share of the steps until the rate is at its peak")
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--kind", choices=KINDS, default="bf16", help="of the products' numbers: bf16 where the CPU has it")
    p.add_argument("--no-context", action="store_true")
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    if Path(a.start).is_dir():
        _, vocabulary = from_bytes(a.vocabulary)
        model = mpnet(a.start, vocabulary, HEAD, OUTPUTS)
    else:
        model, vocabulary = opened(a.start)
    pieces = Pieces(vocabulary)
    if a.layers:
        keep = [int(x) for x in a.layers.split(",")]
        model.layer = torch.nn.ModuleList(model.layer[i] for i in keep)
        model.shape.layers = len(keep)
    make = lambda some: [e for e in (example(pieces, x, context=not a.no_context) for x in some) if e]
    texts = Texts(a.data, a.own)
    train, news, own = map(make, annotations(a.claims, texts))
    held = {"news": news, "passages": own}
    if a.amounts:
        more, held["amounts of news"], held["amounts of our own"] = map(make, amounts(a.amounts, texts))
        print(len(more), "amounts", flush=True)
        train += more
    if a.articles:
        gold_examples = make(gold(a.articles))
        print(len(gold_examples), "numbers of annotated articles", flush=True)
        train += gold_examples * a.copies
    more = make(unlabelled(a.unlabelled)) if a.unlabelled else []
    print(f"{len(train)} numbers, {len(more)} unlabelled, {sum(len(e.ids) for e in train + more)} pieces; held back: {len(news)} of news, {len(own)} of passages", flush=True)
    if a.teacher:
        if a.answers and Path(a.answers).exists():
            recall(a.answers, train + more)
        else:
            for path, tasks, part in ((a.teacher, (CLAIMS, AMOUNTS), "all"), (a.second, (CLAIMS,), "mean"), (a.words, (AMOUNTS,), "words")):
                if not path:
                    continue
                teacher, _ = opened(path)
                teacher.to(KINDS[a.kind])
                for task in tasks:
                    for examples, labels in ((train, False), (more, True)):
                        asked = [e for e in examples if task_of(e.asked) is task]
                        taught(teacher, asked, pieces.pad, labels, part)
            if a.answers:
                torch.save([(e.soft, e.labels, e.tags) for e in train + more], a.answers)
        train += more
    fit(model, train, pieces.pad, a.epochs, a.rate, a.decay, a.size, a.seed, {name: part for name, part in held.items() if part}, KINDS[a.kind], a.share, a.warm, keep=a.out and (lambda m: save(m, vocabulary, a.out)))
    if a.gold:
        measure_gold(model, pieces, a.gold)
    if a.out:
        save(model, vocabulary, a.out)


def save(model, vocabulary, path):
    torch.save({"shape": model.shape.record(), "vocabulary": vocabulary, "state": model.state_dict()}, path)


def opened(path):
    return from_bytes(path) if path.endswith(".safetensors") else load(path)


def recall(path, examples):
    """Gives examples the answers of a file, in its order."""
    kept = torch.load(path, weights_only=False)
    assert len(kept) == len(examples), "answers of other examples"
    for e, (soft, labels, tags) in zip(examples, kept):
        e.soft, e.labels, e.tags = soft, labels, tags


def taught(teacher, examples, pad, labels, part):
    """Gives examples of one task what the teacher says of them, `part` "all"; of their words alone, "words"; or the mean of that and of what they have,
    "mean". With `labels`, that is their labels, too."""
    begun = time.time()
    for e, t, heads in answers(teacher, examples, pad):
        told = t.softmax(-1).half(), e.soft[1] if part == "words" else torch.cat(heads)[None].half()
        e.soft = tuple((old + new) / 2 for old, new in zip(e.soft, told)) if part == "mean" else told
        if labels:
            tokens, numbers = (p.float() for p in e.soft)
            e.labels = tuple(int(p.argmax()) for p in numbers[0].split(task_of(e.asked).parts))
            e.tags = np.zeros_like(e.tags)
            for i in range(len(e.asked.slots)):
                for start, end, _ in best_spans((tokens[:, i] + 1e-6).log()):
                    e.tags[i, start:end] = 2
                    e.tags[i, start] = 1
    print(f"{len(examples)} answered in {time.time() - begun:.0f} s", flush=True)


def load(path):
    got = torch.load(path, weights_only=True)
    kind = Wide if "bias.weight" in got["state"] else Tagger
    model = kind(Shape(**got["shape"]), {HEAD: OUTPUTS})
    model.load_state_dict(got["state"])
    return model, got["vocabulary"]


def measure_gold(model, pieces, folder):
    asked = gold(folder)
    examples = [e for e in (example(pieces, x) for x in asked) if e]
    right, n = dict.fromkeys(("event", "certainty", "scope", "counted", "author", "place"), 0), 0
    for e, (slots, ev, cert, scope) in zip(examples, read(model, examples, pieces.pad)):
        n += 1
        claim, entities = e.asked.gold
        right["event"] += EVENTS[int(ev[1:].argmax()) + 1] == claim["event"]
        right["certainty"] += int(cert.argmax()) == e.labels[1]
        right["scope"] += int(scope.argmax()) == e.labels[2]
        words = lambda slot: [e.asked.text[e.cut[a][0] : e.cut[b - 1][1]] for a, b, _ in sorted(slots[slot], key=lambda x: -x[2])[:1]]
        right["counted"] += (words("counted") or [None])[0] == claim.get("counted")
        for slot in ("author", "place"):
            key = claim.get(slot)
            got = (words(slot) or [""])[0].lower().removeprefix("the ")
            entity = entities.get(key, {}) if isinstance(key, str) else {}
            names = [x.lower().removeprefix("the ") for x in entity.get("names", []) + entity.get("nominals", [])]
            right[slot] += (not key and not got) or any(got == x or (x and x in got) for x in names) or (bool(key) and got in ("he", "she", "it", "they"))
    print(f"gold {n} numbers: " + " ".join(f"{k} {100 * v / n:.1f}" for k, v in right.items()), flush=True)


if __name__ == "__main__":
    main()
