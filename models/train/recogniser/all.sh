#!/bin/bash
# all.sh DATA OWN OUT: trains, measures and exports both models. DATA holds ner/ and text/, OWN our marked sentences (corpus/train).
# About two hours on two cores with AMX-BF16. Needs the packages of requirements.txt for `python`.
set -euo pipefail
data=$1 own=$2 out=$3
here=$(cd "$(dirname "$0")" && pwd)
export OMP_WAIT_POLICY=PASSIVE PYTHONDONTWRITEBYTECODE=1
mkdir -p "$out"
train() { python "$here/train.py" "$@" --data "$data" --own "$own" --vocabulary "$out/vocab.txt"; }

python "$here/train.py" vocabulary --data "$data" --own "$own" --limit 14000 --out "$out/vocab.txt"
# What the encoder can do with a classifier in a corpus's own labels.
train recipe --corpus gmb --test gmb/test.jsonl.gz --epochs 2 --rate 4e-4 --size 2048 --out "$out/recipe-gmb.pt"
train recipe --corpus re3d --test re3d/dev.jsonl --start "$out/recipe-gmb.pt" --epochs 15 --rate 2e-4 --size 512 --seeds 3
train folds --start "$out/recipe-gmb.pt" --epochs 10 --rate 2e-4 --size 512
# The models that ship.
train joint --epochs 3 --rate 4e-4 --size 2048 --noise 0.15 --out "$out/accurate.pt"
train distil --teacher "$out/accurate.pt" --layers 0,2,5 --share 0.3 --copies 6 --epochs 3 --rate 6e-4 --decay 1 --size 4096 --noise 0.15 --out "$out/fast.pt"
for m in accurate fast; do
  train report --start "$out/$m.pt" --int8
  python "$here/export.py" "$out/$m.pt" "$out/vocab.txt" "$out/$m" --text "$data/text/wikinews/articles.jsonl"
done
