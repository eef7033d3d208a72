"""Asks a SPARQL endpoint: a query, as a JSON string, on each line of standard input; its rows, as a JSON list of lists of strings, on each line of standard output."""

import json
import sys
import urllib.request

for line in sys.stdin:
    request = urllib.request.Request(
        sys.argv[1],
        json.loads(line).encode(),
        {"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json"},
    )
    with urllib.request.urlopen(request) as answer:
        read = json.load(answer)
    names = read["head"]["vars"]
    rows = [[row[name]["value"] if name in row else "" for name in names] for row in read["results"]["bindings"]]
    print(json.dumps(rows), flush=True)
