"""Writes a tagger for the engine: model.safetensors (bytes, what the program reads), weights.safetensors (f32), vocab.txt, model.json and reference.json.

usage: export.py MODEL.pt VOCABULARY OUT [--text articles.jsonl]
Tensors, each weight as [out, in]:
  embeddings.word [V,H]  embeddings.position [128,H]  embeddings.type [5,H]  embeddings.norm.weight|bias
  layer.I.qkv.weight [3H,H] (query, key, value one after the other; heads of 32 within each), layer.I.out.*, layer.I.norm1.*,
  layer.I.up.* [F,H], layer.I.down.* [H,F], layer.I.norm2.*   head.weight [L,H], head.bias
x = norm(word + position + type); per layer x = norm1(x + out(attention(x))), x = norm2(x + down(gelu(up(x)))), gelu by erf, no dropout;
logits = head(x) at the first piece of each token.
"""
import argparse
import hashlib
import json
from pathlib import Path

import torch
from safetensors.torch import save_file

from bytes_file import write
from conventions import OURS
from data import Example, wikinews
from evaluate import logits, tag
from model import load
from tokens import MAX_PIECES, Pieces

HARD = [
    "SEOUL, Nov. 4 (Yonhap) — Rep. Lee Seong-kweun said the NIS had seen two 155-mm howitzers.",
    "Ukraine's 47th Mechanized Brigade lost three T-72B3 tanks near Avdiivka on Tuesday.",
    "The U.S.-led coalition hit al-Qaida positions; Türkiye’s Çanakkale naval base wasn't touched.",
    "KIM JONG UN VISITS PUTIN IN VLADIVOSTOK",
    "hezbollah fired katyusha rockets at kiryat shmona, the idf said",
    "McDonald's iPhone e-mail: press@mod.gov.uk, see https://www.mod.gov.uk/news?id=3.",
    "朝鲜 said \u201cthe Choe Hyon\u201d would join the fleet 2,000 km away…",
    "No mention here at all.",
]


def export(model, pieces, out, sentences):
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    model = model.float().eval()
    state = {k.replace("embeddings.casing.weight", "embeddings.type").replace("embeddings.word.weight", "embeddings.word").replace(
        "embeddings.position.weight", "embeddings.position"): v.contiguous() for k, v in model.state_dict().items() if not k.startswith("head.")}
    state |= {f"head.{p}": model.state_dict()[f"head.ours.{p}"].contiguous() for p in ("weight", "bias")}
    save_file(state, out / "weights.safetensors")
    write(out / "model.safetensors", model, "ours", pieces.vocabulary, OURS, [1.0] * (len(OURS) // 2))
    pieces.write(out / "vocab.txt")
    s = model.shape
    record = {
        **s.record(), "labels": OURS, "norm_epsilon": 1e-12, "activation": "gelu_erf", "max_pieces": MAX_PIECES,
        "casing_types": ["none", "lower", "Title", "UPPER", "mixed"], "pad": pieces.pad, "unknown": pieces.unknown, "cls": pieces.cls, "sep": pieces.sep,
        "sha256": hashlib.sha256((out / "weights.safetensors").read_bytes()).hexdigest(),
    }
    (out / "model.json").write_text(json.dumps(record, indent=1) + "\n")
    reference = []
    for tokens in sentences:
        ids, types, first = pieces.sentence(tokens)
        rows = logits(model, [Example(ids, types, first, {})], "ours", pieces.pad)[0]
        reference.append({
            "tokens": tokens, "pieces": [pieces.vocabulary[i] for i in ids], "ids": ids, "types": types, "first": first,
            "labels": tag(model, pieces, [tokens])[0], "logits": [[round(float(x), 6) for x in row] for row in rows],
        })
    (out / "reference.json").write_text(json.dumps(reference, ensure_ascii=False, indent=None) + "\n", encoding="utf-8")
    return record


def reference_sentences(text):
    from tokens import tokenise

    hard = [[h[a:b] for a, b in tokenise(h)] for h in HARD]
    news = [t for t in wikinews(text) if 8 <= len(t) <= 45]
    return hard + news[:: len(news) // 12][:12]


def main():
    a = argparse.ArgumentParser()
    a.add_argument("model")
    a.add_argument("vocabulary")
    a.add_argument("out")
    a.add_argument("--text", required=True)
    a = a.parse_args()
    torch.set_num_threads(1)
    record = export(load(a.model), Pieces.read(a.vocabulary), a.out, reference_sentences(a.text))
    print({k: v for k, v in record.items() if k != "labels"})


if __name__ == "__main__":
    main()
