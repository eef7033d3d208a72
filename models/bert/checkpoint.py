#!/usr/bin/env python3
"""Writes an embedded model as a checkpoint: a directory as Hugging Face lays it out, with the bytes of the weights as 32-bit numbers.

usage: models/bert/checkpoint.py models/recogniser/fast.safetensors DIR

DIR gets config.json, model.safetensors, vocab.txt and tokenizer_config.json. It runs with --recogniser rust-bert --model DIR, and in Python as a
BertForTokenClassification whose token types are the casing of words (0 none, 1 lower, 2 Title, 3 UPPER, 4 mixed); a start for tuning on data of one's own.
Needs nothing but Python.
"""
import json
import struct
import sys
from array import array
from pathlib import Path

NORMS = {"norm1": "attention.output.LayerNorm", "norm2": "output.LayerNorm"}
LINEARS = {"out": "attention.output.dense", "up": "intermediate.dense", "down": "output.dense"}


def read(path):
    """The tensors of a file, each as shape and numbers, and its metadata."""
    data = Path(path).read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + size])
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        numbers = array({"F32": "f", "I8": "b", "U8": "B"}[entry["dtype"]])
        numbers.frombytes(data[8 + size + start : 8 + size + end])
        tensors[name] = (entry["shape"], numbers)
    return tensors, metadata


def write(path, tensors):
    header, at = {"__metadata__": {"format": "pt"}}, 0
    for name, (shape, numbers) in tensors.items():
        size = len(numbers) * numbers.itemsize
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        for _, numbers in tensors.values():
            numbers.tofile(out)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__.split("\n\n")[1])
    source, out = sys.argv[1], Path(sys.argv[2])
    if sys.byteorder != "little":
        sys.exit("checkpoint.py: runs on little-endian machines alone")
    tensors, metadata = read(source)
    shape = lambda name: tensors[name][0]

    def scaled(weight, scale):
        """A matrix of bytes, each row with a factor of its own."""
        (rows, columns), numbers = tensors[weight]
        factors = tensors[scale][1]
        out = array("f")
        for row in range(rows):
            factor = factors[row]
            out.extend([byte * factor for byte in numbers[row * columns : (row + 1) * columns]])
        return [rows, columns], out

    def part(tensor, first, rows):
        (all_rows, *rest), numbers = tensor
        width = len(numbers) // all_rows
        return [rows, *rest], numbers[first * width : (first + rows) * width]

    hidden = shape("embeddings.word")[1]
    weights = {
        "bert.embeddings.word_embeddings.weight": scaled("embeddings.word", "embeddings.word.scale"),
        "bert.embeddings.position_embeddings.weight": ([len(tensors["embeddings.position"][1]) // hidden, hidden], tensors["embeddings.position"][1]),
        "bert.embeddings.token_type_embeddings.weight": tensors["embeddings.type"],
    }
    layers = 0
    while f"layer.{layers}.qkv.weight" in tensors:
        ours, theirs = f"layer.{layers}", f"bert.encoder.layer.{layers}"
        linear = lambda name: {"weight": scaled(f"{name}.weight", f"{name}.scale"), "bias": tensors[f"{name}.bias"]}
        for kind, tensor in linear(f"{ours}.qkv").items():
            for number, name in enumerate(("query", "key", "value")):
                weights[f"{theirs}.attention.self.{name}.{kind}"] = part(tensor, number * hidden, hidden)
        for name, called in LINEARS.items():
            weights |= {f"{theirs}.{called}.{kind}": tensor for kind, tensor in linear(f"{ours}.{name}").items()}
        for name, called in NORMS.items():
            weights |= {f"{theirs}.{called}.{kind}": tensors[f"{ours}.{name}.{kind}"] for kind in ("weight", "bias")}
        layers += 1
    for kind in ("weight", "bias"):
        weights[f"bert.embeddings.LayerNorm.{kind}"] = tensors[f"embeddings.norm.{kind}"]
    weights["classifier.weight"], weights["classifier.bias"] = scaled("head.weight", "head.scale"), tensors["head.bias"]

    labels = metadata["labels"].split()
    vocabulary = tensors["vocabulary"][1].tobytes().decode()
    pieces = vocabulary.splitlines()
    config = {
        "architectures": ["BertForTokenClassification"], "model_type": "bert", "hidden_act": "gelu", "hidden_size": hidden,
        "num_hidden_layers": layers, "num_attention_heads": int(metadata["heads"]), "intermediate_size": shape("layer.0.up.weight")[0],
        "max_position_embeddings": weights["bert.embeddings.position_embeddings.weight"][0][0], "type_vocab_size": shape("embeddings.type")[0],
        "token_types": "casing", "vocab_size": len(pieces), "pad_token_id": pieces.index("[PAD]") if "[PAD]" in pieces else 0,
        "layer_norm_eps": 1e-12, "attention_probs_dropout_prob": 0.1, "hidden_dropout_prob": 0.1, "initializer_range": 0.02,
        "id2label": {str(number): label for number, label in enumerate(labels)}, "label2id": {label: number for number, label in enumerate(labels)},
    }
    out.mkdir(parents=True, exist_ok=True)
    write(out / "model.safetensors", weights)
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    (out / "vocab.txt").write_text(vocabulary)
    (out / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": True, "tokenizer_class": "BertTokenizer"}) + "\n")


if __name__ == "__main__":
    main()
