"""Writes a relation reader as a model file of the program (`src/encoder/file.rs` has the layout).

usage: export.py READER.pt OUT.safetensors
"""
import sys

from train import HEAD, OUTPUTS, load

from bytes_file import write


def main():
    model, vocabulary = load(sys.argv[1])
    write(sys.argv[2], model, HEAD, vocabulary, OUTPUTS, [1.0])


if __name__ == "__main__":
    main()
