#!/bin/sh
# Runs wiregraph_spark.py on a cluster of two worker processes on this machine; see test_cluster.py.
#
#   spark/test.sh
#
# It needs Java 17, Python 3.11 with its package index, and the binary (cargo build; WIREGRAPH names another). Where one is missing it says "skipped" and ends
# with 0; with "spark" in WIREGRAPH_REQUIRE it fails. The libraries go into target/spark/venv, what is written into target/spark/test.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/.." && pwd)
work="$root/target/spark"
python="$work/venv/bin/python"

skip() {
    case ${WIREGRAPH_REQUIRE:-} in
    *spark*) echo "failed: $1" >&2; exit 1 ;;
    *) echo "skipped: $1" >&2; exit 0 ;;
    esac
}

command -v python3 >/dev/null || skip "there is no python3"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || skip "python3 is older than 3.11"
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
command -v "$java" >/dev/null || skip "there is no Java (Debian: apt-get install openjdk-17-jre-headless)"
"$java" -version 2>&1 | grep -Eq 'version "(1[7-9]|[2-9][0-9])' || skip "Java is older than 17"
binary=${WIREGRAPH:-}
for built in "$root/target/release/wiregraph" "$root/target/debug/wiregraph"; do
    if [ -z "$binary" ] && [ -x "$built" ] && "$built" merge --help | grep -q -e --step; then binary=$built; fi
done
[ -n "$binary" ] || skip "there is no binary with \`merge --step\` (cargo build)"
if ! cmp -s "$here/requirements.txt" "$work/installed.txt"; then
    mkdir -p "$work"
    python3 -m venv "$work/venv" || skip "python3 makes no virtual environment"
    "$python" -m pip install --quiet --disable-pip-version-check --no-compile -r "$here/requirements.txt" || skip "the libraries cannot be installed"
    cp "$here/requirements.txt" "$work/installed.txt"
fi

exec "$python" "$here/test_cluster.py" "$binary" "$work/test"
