#!/usr/bin/env python3
"""Holds a graph of synthesised articles against what is known of them: see synthesise.py.

Precision of merges: of all pairs of people's references that the graph makes one, the share that is one person. Recall likewise. Links are counted, and
held against claims.
"""
import collections, json, os, sys

LINKS = ("wg:repeats", "wg:corroborates", "wg:refines", "wg:updates", "wg:contradicts", "wg:misreports")


def pairs(count):
    return count * (count - 1) // 2


def main(folder):
    people_of = {}
    for story in json.load(open(os.path.join(folder, "truth.json"), encoding="utf-8")):
        for article in story["articles"]:
            people_of[article] = story["people"]
    people_of_article, references, claims, links = {}, [], 0, collections.Counter()
    with open(os.path.join(folder, "graph.jsonld"), encoding="utf-8") as lines:
        for line in lines:
            line = line.strip().rstrip(",")
            if not line.startswith('{"@id"'):
                continue
            node = json.loads(line)
            kinds = node.get("@type", [])
            kinds = [kinds] if isinstance(kinds, str) else kinds
            if "schema:NewsArticle" in kinds:
                # Records with the same text are one article with several addresses.
                addresses = node["schema:url"]
                first = addresses if isinstance(addresses, str) else addresses[0]
                people_of_article[node["@id"]] = people_of[first.rsplit("/", 1)[1]]
            elif "wg:Reference" in kinds and node.get("wg:kind") == "Person" and "wg:refersTo" in node and "wg:slot" not in node:
                references.append((node["schema:appearance"], node.get("skos:prefLabel", ""), node["wg:refersTo"]))
            elif "wg:Claim" in kinds:
                claims += 1
                for link in LINKS:
                    found = node.get(link, [])
                    links[link] += 1 if isinstance(found, str) else len(found)
    merged, truly, both = collections.Counter(), collections.Counter(), collections.Counter()
    for article, name, entity in references:
        person = people_of_article[article].get(name, (name, article))
        merged[entity] += 1
        truly[person] += 1
        both[entity, person] += 1
    right = sum(map(pairs, both.values()))
    joined, gold = sum(map(pairs, merged.values())), sum(map(pairs, truly.values()))
    print(f"{len(people_of_article)} articles, {len(references)} references to people, {len(merged)} people in the graph, {len(truly)} in truth")
    print(f"merges: precision {right / joined:.4f}, recall {right / gold:.4f} of {gold} pairs")
    print(f"{claims} claims, {sum(links.values())} links ({sum(links.values()) / claims:.2f} a claim): " + ", ".join(f"{k[3:]} {v}" for k, v in sorted(links.items())))


if __name__ == "__main__":
    main(sys.argv[1])
