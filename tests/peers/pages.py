#!/usr/bin/env python3
"""Score what `wiregraph inspect --stage strip` gives for web pages, beside Trafilatura where it is installed.

    cargo build --release
    python3 tests/peers/pages.py --program target/release/wiregraph --gold GOLD.jsonl --pages DIR --scorer SCORER.py

GOLD.jsonl has a line a page with `id`, `url`, `title`, `author`, `date`, `text`; DIR holds `ID.html` or `ID.html.gz`; SCORER.py takes PRED.jsonl and
GOLD.jsonl. `--half even` and `--half odd` take the pages in even or odd places alone: rules were tuned on the even half, and of the odd one only
scores were looked at. CPU seconds are the process's own, loading included.

Licence trap: benchmark pages belong to their publishers. Neither pages nor scorer are part of this project; do not copy them into it.
"""
import argparse, gzip, json, os, resource, subprocess, sys, tempfile, time


def ours(program, directory, gold):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run([program, 'inspect', directory, '--stage', 'strip', '--recogniser', 'rules'], stdout=subprocess.PIPE, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = {}
    for record in map(json.loads, run.stdout.splitlines()):
        name = os.path.basename(record['id']).split('.')[0]
        # The first story of a page is its article.
        if 'text' in record:
            found.setdefault(name, {key: record.get(key) for key in ('text', 'title', 'author', 'date')})
    return found, after.ru_utime - before.ru_utime


def trafilatura(directory, gold):
    try:
        import trafilatura as peer
    except ImportError:
        return None
    found, start = {}, time.process_time()
    for page in gold:
        with open(os.path.join(directory, page['id'] + '.html'), 'rb') as file:
            document = peer.bare_extraction(file.read(), url=page['url'], with_metadata=True)
        fields = document.as_dict() if document else {}
        found[page['id']] = {key: fields.get(key) for key in ('text', 'title', 'author', 'date')}
    return found, time.process_time() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--program', default='target/release/wiregraph')
    parser.add_argument('--gold', required=True)
    parser.add_argument('--pages', required=True)
    parser.add_argument('--scorer', required=True)
    parser.add_argument('--half', choices=['even', 'odd'])
    args = parser.parse_args()
    gold = [json.loads(line) for line in open(args.gold)]
    if args.half:
        gold = gold[0 if args.half == 'even' else 1::2]
    with tempfile.TemporaryDirectory() as work:
        pages, part = os.path.join(work, 'pages'), os.path.join(work, 'gold.jsonl')
        os.mkdir(pages)
        for page in gold:
            plain = os.path.join(args.pages, page['id'] + '.html')
            packed = plain + '.gz'
            data = gzip.open(packed).read() if os.path.exists(packed) else open(plain, 'rb').read()
            open(os.path.join(pages, page['id'] + '.html'), 'wb').write(data)
        open(part, 'w').write('\n'.join(map(json.dumps, gold)) + '\n')
        for name, result in (('wiregraph', ours(args.program, pages, gold)), ('trafilatura', trafilatura(pages, gold))):
            if result is None:
                print(f'{name} is not installed', file=sys.stderr)
                continue
            found, seconds = result
            pred = os.path.join(work, name + '.jsonl')
            with open(pred, 'w') as file:
                for page in gold:
                    file.write(json.dumps({'id': page['id'], **found.get(page['id'], {})}) + '\n')
            print(f'{name}: {len(gold) / seconds:.0f} pages per CPU-second')
            sys.stdout.flush()
            subprocess.run([sys.executable, args.scorer, pred, part], check=True)


if __name__ == '__main__':
    main()
