"""Writes a relation reader whose weights are the mean of several (Wortsman et al. 2022, model soups), taught from one start.

usage: average.py READER.pt... OUT.pt
"""
import sys

import torch

from train import load


def main():
    *readers, out = sys.argv[1:]
    states = [load(path)[0].state_dict() for path in readers]
    model, vocabulary = load(readers[0])
    mean = {k: sum(state[k].float() for state in states) / len(states) for k in states[0]}
    torch.save({"shape": model.shape.record(), "vocabulary": vocabulary, "state": mean}, out)


if __name__ == "__main__":
    main()
