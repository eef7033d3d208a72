#!/bin/sh
# Opens the page of `wiregraph report` in headless Chromium, from disk, and uses it as a reader does; see check.js.
#
#   tests/report/run.sh                 the tests
#   tests/report/run.sh --picture FILE  a picture of the page, for the README, from corpus/stories
#
# It needs Chromium (Debian: apt-get install chromium; CHROMIUM names another), Node 20 with npm and its registry, Python 3, and the binary
# (cargo build; WIREGRAPH names another). Where one is missing it says "skipped" and ends with 0; with "report" in WIREGRAPH_REQUIRE it fails.
# What it installs and writes goes into target/report.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work="$root/target/report"
page="$root/src/report/page"

skip() {
    case ${WIREGRAPH_REQUIRE:-} in
    *report*) echo "failed: $1" >&2; exit 1 ;;
    *) echo "skipped: $1" >&2; exit 0 ;;
    esac
}

chromium=${CHROMIUM:-}
for name in chromium chromium-browser google-chrome; do
    if [ -z "$chromium" ]; then chromium=$(command -v "$name" || true); fi
done
[ -n "$chromium" ] || skip "there is no Chromium (Debian: apt-get install chromium)"
{ command -v node && command -v npm; } >/dev/null || skip "there is no Node with npm"
[ "$(node -p 'parseInt(process.versions.node)')" -ge 20 ] || skip "Node is older than 20"
command -v python3 >/dev/null || skip "there is no python3"
binary=${WIREGRAPH:-}
for built in "$root/target/release/wiregraph" "$root/target/debug/wiregraph"; do
    if [ -z "$binary" ] && [ -x "$built" ] && "$built" report --help >/dev/null 2>&1; then binary=$built; fi
done
[ -n "$binary" ] || skip "there is no binary with \`report\` (cargo build)"

# Installs what a folder's lock file names, unless that is there already.
install() {
    mkdir -p "$2"
    if ! cmp -s "$1/package-lock.json" "$2/installed.json"; then
        cp "$1/package.json" "$1/package-lock.json" "$2/"
        (cd "$2" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) || skip "npm cannot install what the tests need"
        cp "$1/package-lock.json" "$2/installed.json"
    fi
}

# 0 and 1 are both done: with 1, some documents failed.
graph() {
    status=0
    "$binary" run "$@" || status=$?
    [ "$status" -le 1 ] || exit "$status"
}

install "$here" "$work"
cp "$here"/*.js "$work/"
cd "$root"

if [ "${1:-}" = --picture ]; then
    [ $# -eq 2 ] || { echo "usage: $0 --picture FILE" >&2; exit 2; }
    graph corpus/stories/*/articles -o "$work/stories.jsonld"
    "$binary" report "$work/stories.jsonld" -o "$work/stories.html"
    node "$work/picture.js" "$chromium" "$work/stories.html" "$2"
    exit
fi

# What is committed is what the sources make.
install "$page" "$work/page"
cp "$page"/*.js "$page"/*.css "$work/page/"
rm -rf "$work/page/product"
(cd "$work/page" && npm run --silent build)
diff -r "$page/product" "$work/page/product" >/dev/null || { echo "failed: src/report/page/product is not what npm run build makes there" >&2; exit 1; }
echo "ok  the product is what its sources make"

graph corpus/stories/*/articles -o "$work/stories.jsonld"
"$binary" report "$work/stories.jsonld" -o "$work/stories.html"
graph --recogniser rules "$here/hostile.jsonl" -o "$work/hostile.jsonld"
"$binary" report "$work/hostile.jsonld" -o "$work/hostile.html"
# Some are the same text and so one article: a thousand are left.
python3 "$root/tests/scale/synthesise.py" --articles 1400 --out "$work" >/dev/null
graph --recogniser rules "$work/articles.jsonl" -o "$work/thousand.jsonld"
"$binary" report "$work/thousand.jsonld" -o "$work/thousand.html"
"$binary" report "$work/thousand.jsonld" --limit-mb 1 -o "$work/limited.html"
exec node "$work/check.js" "$chromium" "$binary" "$work"
