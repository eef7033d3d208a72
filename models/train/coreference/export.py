"""Writes a reader of antecedents as a model file of the program (`src/encoder/file.rs` has the layout).

usage: export.py ANTECEDENTS.pt OUT.safetensors
"""
import sys

import torch

from train import HEAD, OUTPUTS
from bytes_file import write
from model import Shape, Tagger


def main():
    got = torch.load(sys.argv[1], weights_only=True)
    model = Tagger(Shape(**got["shape"]), {HEAD: OUTPUTS})
    model.load_state_dict(got["state"])
    write(sys.argv[2], model, HEAD, got["vocabulary"], OUTPUTS, [1.0])


if __name__ == "__main__":
    main()
