"""The claim reader: the encoder of the recogniser with one classifier over tokens and over the number, as in Shi and Lin 2019 (semantic roles by marking the predicate)."""
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors import safe_open

from examples import AMOUNT_SLOTS, BOUNDS, CERTAINTIES, EVENTS, NUMBER, SCOPES, SLOTS, Amount

sys.path.append(str(Path(__file__).resolve().parent.parent / "recogniser"))
from model import Shape, Tagger  # noqa: E402

HEAD = "claim"
# What a teacher's answers count beside labels of classes, since it knows them no better.
ANSWERED = 0.3


def of_slots(slots):
    return [f"{part}-{slot}" for slot in slots for part in "OBI"]


CLAIM = of_slots(SLOTS) + [f"event-{e}" for e in EVENTS] + [f"certainty-{c}" for c in CERTAINTIES] + [f"scope-{s}" for s in SCOPES]
AMOUNT = of_slots(AMOUNT_SLOTS) + [f"bound-{b}" for b in BOUNDS]
OUTPUTS = CLAIM + AMOUNT


class Task:
    """What is asked of a number: the columns of slots by token, and of classes at the number with the weight of each in the loss; what labels and a
    teacher's answers of words count beside each other."""

    def __init__(self, first, slots, parts, weights, words):
        self.slots, self.parts, self.weights, self.words = slots, parts, weights, words
        self.tokens = slice(first, first + 3 * len(slots))
        self.numbers = slice(self.tokens.stop, self.tokens.stop + sum(parts))


CLAIMS = Task(0, SLOTS, (len(EVENTS), len(CERTAINTIES), len(SCOPES)), (1.0, 0.5, 0.5), (1.0, 0.5))
AMOUNTS = Task(len(CLAIM), AMOUNT_SLOTS, (len(BOUNDS),), (1.0,), (0.3, 1.0))


def task_of(asked):
    return AMOUNTS if isinstance(asked, Amount) else CLAIMS


def from_bytes(path, head=HEAD, outputs=OUTPUTS):
    """A tagger with the weights of a model file of the program, and its vocabulary. Outputs that the file has by the same name start as they are there."""
    with safe_open(path, "pt") as f:
        t = {k: f.get_tensor(k) for k in f.keys()}
        labels = f.metadata()["labels"].split(" ")
    vocabulary = bytes(t["vocabulary"].numpy()).decode().splitlines()
    layers = sum(k.endswith("qkv.weight") for k in t)
    hidden = t["embeddings.word"].shape[1]
    shape = Shape(vocabulary=len(vocabulary), hidden=hidden, layers=layers, inner=t["layer.0.up.weight"].shape[0], positions=t["embeddings.position"].shape[0], types=NUMBER + 1)
    model = Tagger(shape, {head: outputs})
    state = model.state_dict()
    put = lambda name, value: state[name].copy_(value)
    whole = lambda name: t[f"{name}.weight"].float() * t[f"{name}.scale"][:, None]
    put("embeddings.word.weight", t["embeddings.word"].float() * t["embeddings.word.scale"][:, None])
    put("embeddings.position.weight", t["embeddings.position"].view(-1, hidden))
    types = t["embeddings.type"].view(-1, hidden)
    put("embeddings.casing.weight", torch.cat([types, types[:1]])[: NUMBER + 1])
    for p in ("weight", "bias"):
        put(f"embeddings.norm.{p}", t[f"embeddings.norm.{p}"])
    for i in range(layers):
        for part in ("qkv", "out", "up", "down"):
            put(f"layer.{i}.{part}.weight", whole(f"layer.{i}.{part}"))
            put(f"layer.{i}.{part}.bias", t[f"layer.{i}.{part}.bias"])
        for norm in ("norm1", "norm2"):
            for p in ("weight", "bias"):
                put(f"layer.{i}.{norm}.{p}", t[f"layer.{i}.{norm}.{p}"])
    rows = whole("head")
    for row, name in enumerate(outputs):
        if name in labels:
            at = labels.index(name)
            state[f"head.{head}.weight"][row].copy_(rows[at])
            state[f"head.{head}.bias"][row].copy_(t["head.bias"][at])
    return model, vocabulary


class Batch:
    """Examples of one task."""

    def __init__(self, examples, pad):
        self.task = task_of(examples[0].asked)
        width = max(len(e.ids) for e in examples)
        ids = np.full((len(examples), width), pad, np.int64)
        types = np.zeros((len(examples), width), np.int64)
        rows, numbers, tags = [], [], []
        for i, e in enumerate(examples):
            ids[i, : len(e.ids)] = e.ids
            types[i, : len(e.types)] = e.types
            rows += [i * width + f for f in e.first]
            numbers.append(i * width + e.number)
            tags.append(e.tags)
        self.ids, self.types = torch.from_numpy(ids), torch.from_numpy(types)
        self.lengths = torch.tensor([len(e.ids) for e in examples])
        self.rows, self.numbers = torch.tensor(rows), torch.tensor(numbers)
        self.tags = torch.from_numpy(np.concatenate(tags, 1))  # [slots, tokens]
        self.labels = torch.tensor([e.labels for e in examples])  # [examples, parts]
        soft = [e.soft for e in examples if getattr(e, "soft", None) is not None]
        self.soft = tuple(torch.cat(p).float() for p in zip(*soft)) if len(soft) == len(examples) else None


def outputs(model, batch):
    """Logits of tokens [tokens, slots, 3] and of numbers [numbers, classes of all parts], of the batch's task."""
    x = model.encode(batch.ids, batch.types, batch.lengths).flatten(0, 1)
    head, task = model.head[HEAD], batch.task
    return head(x[batch.rows])[:, task.tokens].unflatten(1, (len(task.slots), 3)).float(), head(x[batch.numbers])[:, task.numbers].float()


def loss_of(model, batch):
    tokens, numbers = outputs(model, batch)
    n, task = len(batch.labels), batch.task
    words = F.cross_entropy(tokens.flatten(0, 1), batch.tags.T.flatten(), reduction="sum") / n
    classes = sum(weight * F.cross_entropy(part, batch.labels[:, at]) for at, (part, weight) in enumerate(zip(numbers.split(task.parts, 1), task.weights)))
    if batch.soft is not None:
        told, of_number = batch.soft
        labels, answers = task.words
        words = labels * words - answers * (told * tokens.log_softmax(-1)).sum() / n
        soft = sum((soft * part.log_softmax(-1)).sum(-1).mean() for part, soft in zip(numbers.split(task.parts, 1), of_number.split(task.parts, 1)))
        classes = classes - ANSWERED * soft
    return words + classes


def best_spans(row):
    """Spans of a slot [tokens, 3] by the best sequence in which no span starts in its middle: (start, end, probability)."""
    p = torch.softmax(row, -1).numpy()
    log = np.log(p + 1e-9)
    n = len(log)
    best, back = np.array([log[0][0], log[0][1], -1e9]), []
    for i in range(1, n):
        top = int(best[:2].argmax()) if best[:2].max() >= best[2] else 2
        inside = 1 if best[1] > best[2] else 2
        back.append((top, top, inside))
        best = np.array([best[top] + log[i][0], best[top] + log[i][1], best[inside] + log[i][2]])
    at = int(best.argmax())
    path = [at]
    for b in reversed(back):
        at = b[at]
        path.append(at)
    path.reverse()
    spans = []
    for i, l in enumerate(path):
        if l == 1:
            spans.append([i, i + 1])
        elif l == 2 and spans:
            spans[-1][1] = i + 1
    return [(s, e, float(min(p[i][1 if i == s else 2] for i in range(s, e)))) for s, e in spans]
