#!/usr/bin/env python3
"""Holds a run over a made archive against what is known of it: see archive.py.

    python3 tests/scale/archive_check.py DIR      DIR/truth.json, DIR/graph.jsonld

Every article must have come out, every bad record must be named as failed or left out, with its reason, and nothing else. Exits with 1 where that is not so.
"""
import json, os, sys


def main(folder):
    truth = json.load(open(os.path.join(folder, "truth.json"), encoding="utf-8"))
    articles, omissions, listed = 0, {}, {"wg:failed": set(), "wg:leftOut": set()}
    with open(os.path.join(folder, "graph.jsonld"), encoding="utf-8") as lines:
        for line in lines:
            line = line.strip().rstrip(",")
            if "/article/" in line[:80]:
                articles += 1
            elif "/omission/" in line[:80]:
                node = json.loads(line)
                omissions[node["@id"]] = (os.path.basename(node["wg:sourceFile"]), node["wg:reason"])
            elif "/run/" in line[:80]:
                node = json.loads(line)
                for name, found in listed.items():
                    given = node.get(name, [])
                    found.update([given] if isinstance(given, str) else given)
    print(f"{articles} articles in the graph, {truth['articles']} in truth")
    wrong = articles != truth["articles"]
    for name, known in (("wg:failed", truth["failed"]), ("wg:leftOut", truth["left_out"])):
        named = {omissions[node][0]: omissions[node][1] for node in listed[name]}
        missing, extra = sorted(known.keys() - named.keys()), sorted(named.keys() - known.keys())
        print(f"{name}: {len(named)} named, {len(known)} in truth, {len(missing)} of those not named, {len(extra)} others named")
        for record in missing[:10]:
            print(f"  not named: {record}: {known[record]}")
        for record in extra[:10]:
            print(f"  not in truth: {record}: {named[record]}")
        wrong = wrong or bool(missing or extra)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main(sys.argv[1])
