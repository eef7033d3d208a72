#!/usr/bin/env python3
"""Words per CPU-second and peak memory of finding names, by recogniser, beside spaCy where it is installed; all in one run.

    cargo build --release --features bert
    models/bert/checkpoint.py models/recogniser/fast.safetensors /tmp/fast
    python3 tests/peers/recognisers.py --program target/release/wiregraph --articles NEWS.jsonl --checkpoint /tmp/fast

NEWS.jsonl has a line an article with `text`. What is timed is `inspect --stage recognise --plain --jobs 1`: reading, sentences, gazetteers, rules and model; of
spaCy (`en_core_web_sm`) the tokens and the names alone. User CPU time, less that of one article, which is mostly loading; each figure is the best of --rounds, taken in turn.
"""
import argparse, importlib.util, json, os, resource, subprocess, sys, tempfile

SPACY = """
import json, sys, spacy
nlp = spacy.load('en_core_web_sm', exclude=['tagger', 'parser', 'attribute_ruler', 'lemmatizer'])
for document in nlp.pipe(json.loads(line)['text'] for line in open(sys.argv[1])):
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
    parser.add_argument('--checkpoint', action='append', default=[])
    parser.add_argument('--rounds', type=int, default=3)
    args = parser.parse_args()
    inspect = lambda *more: lambda path: [args.program, 'inspect', path, '--stage', 'recognise', '--plain', '--jobs', '1', *more]
    peers = {f'wiregraph {name}': inspect('--recogniser', name) for name in ('rules', 'fast', 'accurate')}
    peers |= {f'rust-bert {os.path.basename(d.rstrip("/"))}': inspect('--recogniser', 'rust-bert', '--model', d) for d in args.checkpoint}
    if importlib.util.find_spec('spacy'):
        peers['spaCy sm, names alone'] = lambda path: [sys.executable, '-c', SPACY, path]
    lines = open(args.articles).read().splitlines()
    words = sum(len(json.loads(line)['text'].split()) for line in lines[1:])
    print(f'{len(lines)} articles, {words:,} words beside the first')
    with tempfile.TemporaryDirectory() as work:
        first, whole = os.path.join(work, 'first.jsonl'), os.path.join(work, 'whole.jsonl')
        open(first, 'w').write(lines[0] + '\n')
        open(whole, 'w').write('\n'.join(lines) + '\n')
        best = {name: (float('inf'), 0.0, float('inf')) for name in peers}
        for _ in range(args.rounds):
            for name, command in peers.items():
                loading, _ = measure(command(first))
                time, memory = measure(command(whole))
                spent, most, least = best[name]
                best[name] = (min(spent, time - loading), max(most, memory), min(least, loading))
    for name, (spent, memory, loading) in best.items():
        print(f'{name:24} {words / spent:10,.0f} words per CPU-second {memory:8,.0f} MB {loading:8.2f} CPU-s for one article')


if __name__ == '__main__':
    main()
