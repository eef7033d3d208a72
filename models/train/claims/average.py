"""Writes a claim reader whose weights are the mean of two (Wortsman et al. 2022, model soups): what was taught on, and what it started from.

usage: average.py START.safetensors TAUGHT.pt SHARE OUT.pt, SHARE being that of TAUGHT
"""
import sys

import torch

from reader import from_bytes
from train import load


def main():
    start, taught, share, out = sys.argv[1:]
    before, _ = from_bytes(start)
    after, vocabulary = load(taught)
    old, share = before.state_dict(), float(share)
    state = {k: (1 - share) * old[k] + share * v for k, v in after.state_dict().items()}
    torch.save({"shape": after.shape.record(), "vocabulary": vocabulary, "state": state}, out)


if __name__ == "__main__":
    main()
