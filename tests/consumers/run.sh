#!/bin/sh
# Checks graphs with the libraries that their users load them with: rdflib, pyoxigraph, PyLD, pyshacl.
#
#   tests/consumers/run.sh [GRAPH ...]
#
# Without a GRAPH it checks example.jsonld, and what the binary makes of the corpus if the binary is built. WIREGRAPH names another binary.
# The libraries go into target/consumers/venv. Where Python 3.11 or the package index cannot be had it says "skipped", and ends with 0.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work="$root/target/consumers"
python="$work/venv/bin/python"

skip() {
    echo "skipped: $1" >&2
    exit 0
}

if ! cmp -s "$here/requirements.txt" "$work/installed.txt"; then
    command -v python3 >/dev/null || skip "there is no python3"
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || skip "python3 is older than 3.11"
    mkdir -p "$work"
    python3 -m venv "$work/venv" || skip "python3 makes no virtual environment"
    "$python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt" || skip "the libraries cannot be installed"
    cp "$here/requirements.txt" "$work/installed.txt"
fi

binary=${WIREGRAPH:-}
for built in "$root/target/release/wiregraph" "$root/target/debug/wiregraph"; do
    if [ -z "$binary" ] && [ -x "$built" ]; then binary=$built; fi
done

if [ $# -eq 0 ]; then
    set -- "$here/example.jsonld"
    if [ -n "$binary" ] && "$binary" run --help >/dev/null 2>&1; then
        status=0
        "$binary" run "$root/corpus/articles" "$root"/corpus/stories/*/articles -o "$work/corpus.jsonld" || status=$?
        # 1: done, but some documents failed.
        [ "$status" -le 1 ] || exit "$status"
        set -- "$@" "$work/corpus.jsonld"
    else
        binary=
    fi
fi

exec "$python" "$here/check.py" ${binary:+--wiregraph "$binary"} --mutate "$here/example.jsonld" "$@"
