#!/usr/bin/env python3
"""Set the reading of a web archive beside FastWARC's: megabytes a CPU-second, both on the same file, one after the other, several times over.

    python3 tests/scale/archive.py --articles 20000 --out DIR
    pip install fastwarc==2.0.1
    cargo bench --no-run --bench warc                                  names the program it built
    python3 tests/peers/warc.py --program target/release/deps/warc-… DIR/news.warc.gz

Both read every record, parse the HTTP heads of responses, undo transfer and content encodings, and take the bodies as bytes; nothing is done with them.
FastWARC stops at the first record that is broken: give it an archive without such (archive.py --sound). User and system CPU time is counted, not the wall's.
The fastest of the rounds stands for each.
"""
import argparse, importlib.metadata, os, re, resource, subprocess, sys


def ours(program, path):
    """CPU-seconds and bytes of bodies, as the benchmark prints them."""
    printed = subprocess.run([program, '--bench'], env={**os.environ, 'WARC': path}, check=True, capture_output=True, text=True).stdout
    pages, size, seconds = re.search(r'(\d+) pages, (\d+) bytes of bodies, .* ([0-9.]+) CPU-seconds', printed).groups()
    return float(seconds), int(size), int(pages)


def fastwarc(path):
    """The same of FastWARC, of the responses with status 200 to 299 that are of text."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType
    start = resource.getrusage(resource.RUSAGE_SELF)
    size = pages = 0
    for record in ArchiveIterator(path, record_types=WarcRecordType.response, parse_http=True, auto_decode='all'):
        head = record.http_headers
        if head is None or not 200 <= (head.status_code or 0) < 300 or not (record.http_content_type or '').startswith('text/html'):
            continue
        body = record.reader.read()
        if body:
            size, pages = size + len(body), pages + 1
    end = resource.getrusage(resource.RUSAGE_SELF)
    return end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime, size, pages


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--program', required=True, help='the benchmark that `cargo bench --no-run --bench warc` built')
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('archive')
    asked = parser.parse_args()
    try:
        version = importlib.metadata.version('fastwarc')
    except importlib.metadata.PackageNotFoundError:
        sys.exit('FastWARC is not installed: pip install fastwarc==2.0.1')
    rounds = [(ours(asked.program, asked.archive), fastwarc(asked.archive)) for _ in range(asked.rounds)]
    for name, all_rounds in (('wiregraph', [pair[0] for pair in rounds]), (f'FastWARC {version}', [pair[1] for pair in rounds])):
        seconds, size, pages = min(all_rounds)
        print(f'{name}: {pages} pages, {size} bytes, {seconds:.3f} CPU-seconds: {size / 1e6 / seconds:.0f} MB of bodies, '
              f'{os.path.getsize(asked.archive) / 1e6 / seconds:.0f} MB of the file a CPU-second')


if __name__ == '__main__':
    main()
