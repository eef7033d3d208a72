#!/usr/bin/env python3
"""Loads graphs as their consumers do, and holds them to the project's shapes.

    check.py [--wiregraph BINARY] [--mutate GRAPH] [GRAPH ...]

Each GRAPH (JSON-LD) is loaded unchanged by rdflib, pyoxigraph and PyLD, with no network, and must give each the same triples; wiregraph's own
store must count as many. It must have no blank node, canonical decimals and absolute IRIs, hold nothing twice, and conform to the shapes.
With a BINARY, what it exports is read by rdflib, csv and pyarrow and holds the same.
With --mutate, a graph that conforms is broken in many ways, and each must be refused.
The last line is "N passed, N failed"; the exit code is 1 where anything failed.
"""

import argparse
import csv
import io
import json
import logging
import re
import socket
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet
import pyoxigraph
import pyshacl
import rdflib
from pyld import jsonld
from rdflib import RDF, XSD, BNode, Literal, Namespace, URIRef

# What a graph says is what stands in its file, not what a library makes of it.
rdflib.NORMALIZE_LITERALS = False
# Some of the broken graphs hold literals that are no numbers or days: on purpose.
logging.getLogger("rdflib").setLevel(logging.ERROR)

ROOT = Path(__file__).resolve().parents[2]
ONTOLOGY = ROOT / "models" / "ontology" / "wiregraph.ttl"
SHAPES = ROOT / "models" / "ontology" / "shapes.ttl"

WG = Namespace("https://w3id.org/wiregraph#")
SCHEMA = Namespace("https://schema.org/")
OA = Namespace("http://www.w3.org/ns/oa#")
PROV = Namespace("http://www.w3.org/ns/prov#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")

LEXICAL = {
    str(XSD.decimal): re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?"),
    str(XSD.date): re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    str(XSD.dateTime): re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9:]+)?"),
    str(XSD.nonNegativeInteger): re.compile(r"0|[1-9][0-9]*"),
    str(XSD.string): re.compile(r"(?s).*"),
}


class Tally:
    """Counts what held and what did not, and says what did not."""

    def __init__(self, verbose):
        self.passed = self.failed = 0
        self.verbose = verbose

    def check(self, name, holds, detail=""):
        if holds:
            self.passed += 1
            if self.verbose:
                print(f"ok    {name}")
        else:
            self.failed += 1
            print(f"FAIL  {name}" + (f": {detail}" if detail else ""))


def no_network():
    """From here on a connection is an error: a graph needs none."""

    def refuse(*_):
        raise OSError("a consumer asked for the network")

    socket.socket.connect = refuse


def oxigraph_quad(quad):
    def term(node):
        if isinstance(node, pyoxigraph.NamedNode):
            return ("iri", node.value)
        if isinstance(node, pyoxigraph.BlankNode):
            return ("blank", node.value)
        return ("literal", node.value, node.datatype.value, node.language or "")

    return (term(quad.subject), term(quad.predicate), term(quad.object))


def with_pyoxigraph(text):
    return {oxigraph_quad(q) for q in pyoxigraph.parse(io.BytesIO(text), format=pyoxigraph.RdfFormat.JSON_LD)}


def with_pyld(text):
    quads = jsonld.to_rdf(json.loads(text), {"format": "application/n-quads"})
    return {oxigraph_quad(q) for q in pyoxigraph.parse(io.BytesIO(quads.encode()), format=pyoxigraph.RdfFormat.N_QUADS)}


def rdflib_graph(text):
    return rdflib.Graph().parse(data=text.decode(), format="json-ld")


def with_rdflib(graph):
    def term(node):
        if isinstance(node, URIRef):
            return ("iri", str(node))
        if isinstance(node, BNode):
            return ("blank", str(node))
        # rdflib writes a moment's Z as +00:00 whatever it is told.
        text = re.sub(r"\+00:00$", "Z", str(node)) if node.datatype == XSD.dateTime else str(node)
        return ("literal", text, str(node.datatype or XSD.string), node.language or "")

    return {(term(s), term(p), term(o)) for s, p, o in graph}


def difference(one, other):
    return f"{len(one)} and {len(other)}, for example {next(iter(sorted(one ^ other, key=repr)), None)}"


def rows_of_wiregraph(binary, path):
    query = "SELECT (COUNT(*) AS ?n) {?s ?p ?o}"
    done = subprocess.run([binary, "query", path, query, "--format", "csv"], capture_output=True, check=True)
    return int(list(csv.reader(io.StringIO(done.stdout.decode())))[1][0])


def validate(graph, shapes, ontology, abort_on_first=False):
    """Whether it conforms, and the first lines of what does not."""
    conforms, _, report = pyshacl.validate(
        graph, shacl_graph=shapes, ont_graph=ontology, inference="none", abort_on_first=abort_on_first
    )
    return conforms, " ".join(report.split())[:1500]


def layout(text):
    """What is wrong with how the nodes stand in the file, or nothing."""
    document = json.loads(text)
    if list(document) != ["@context", "@graph"]:
        return f"keys are {list(document)}"
    ids = [node["@id"] for node in document["@graph"]]
    if ids != sorted(ids):
        return "nodes are not sorted by @id"
    if len(ids) != len(set(ids)):
        return "a node stands twice"
    lines = text.decode().splitlines()
    if sum(line.startswith('{"@id"') for line in lines) != len(ids):
        return "nodes do not stand one a line"
    return ""


def unfilled(graph):
    """Supports of a slot that their claim does not have; slots that need an entity wait for conclusions."""
    entities = {WG.countedActor, WG.place, WG.origin, WG.agent, WG.recipient, WG.equipment, SCHEMA.author, WG.relayedBy}
    for claim, support in graph.subject_objects(WG.support):
        slot = graph.value(support, WG.slot)
        if slot not in entities and (claim, slot, None) not in graph:
            yield f"{claim} has no {slot}"
    for slot in entities:
        for claim, entity in graph.subject_objects(slot):
            if (claim, WG.support, None) in graph and not any(graph.value(s, WG.slot) == slot for s in graph.objects(claim, WG.support)):
                yield f"{claim} has {slot} {entity} and no support for it"


def check_graph(tally, path, binary, shapes, ontology):
    text = Path(path).read_bytes()
    name = Path(path).name
    graph = rdflib_graph(text)
    ours, oxigraph, pyld = with_rdflib(graph), with_pyoxigraph(text), with_pyld(text)
    tally.check(f"{name}: holds something", len(oxigraph) > 0)
    tally.check(f"{name}: rdflib and pyoxigraph agree", ours == oxigraph, difference(ours, oxigraph))
    tally.check(f"{name}: PyLD and pyoxigraph agree", pyld == oxigraph, difference(pyld, oxigraph))
    store = pyoxigraph.Store()
    for _ in range(2):
        store.load(text, format=pyoxigraph.RdfFormat.JSON_LD)
    tally.check(f"{name}: loading twice doubles nothing", len(store) == len(oxigraph), f"{len(store)} and {len(oxigraph)}")
    if binary:
        counted = rows_of_wiregraph(binary, str(path))
        tally.check(f"{name}: wiregraph counts as many", counted == len(oxigraph), f"{counted} and {len(oxigraph)}")
        check_exports(tally, str(path), binary, ours)
    terms = {term for triple in oxigraph for term in triple}
    blank = [t for t in terms if t[0] == "blank"]
    tally.check(f"{name}: no blank nodes", not blank, str(blank[:3]))
    relative = [t for t in terms if t[0] == "iri" and not re.match(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+$", t[1])]
    tally.check(f"{name}: IRIs are absolute", not relative, str(relative[:3]))
    odd = [t for t in terms if t[0] == "literal" and (t[2] not in LEXICAL or not LEXICAL[t[2]].fullmatch(t[1]) or t[3])]
    tally.check(f"{name}: literals are canonical", not odd, str(odd[:3]))
    wrong = layout(text)
    tally.check(f"{name}: nodes are sorted, one a line", not wrong, wrong)
    empty = list(unfilled(graph))
    tally.check(f"{name}: supports and slots agree", not empty, str(empty[:3]))
    conforms, report = validate(graph, shapes, ontology)
    tally.check(f"{name}: conforms to the shapes", conforms, report)


def check_exports(tally, path, binary, triples):
    """What the binary exports of a graph, read by those that it is for: rdflib, csv, pyarrow. `triples` are the graph's."""
    name = Path(path).name

    def exported(*options):
        return subprocess.run([binary, "export", path, "--to", *options], capture_output=True, check=True).stdout

    claims = {s[1] for s, p, o in triples if p[1] == str(RDF.type) and o[1] == str(WG.Claim)}
    for notation, options in [("turtle", []), ("nquads", ["--named-graphs"]), ("trig", ["--named-graphs"])]:
        dataset = rdflib.Dataset(default_union=True)
        dataset.parse(data=exported(notation, *options).decode(), format=notation)
        read = with_rdflib(dataset.triples((None, None, None)))
        tally.check(f"{name}: rdflib reads its {notation} as the same graph", read == triples, difference(read, triples))
    rows = list(csv.reader(io.StringIO(exported("table").decode(), newline=""), strict=True))
    tally.check(f"{name}: csv reads a row a claim", {row[0] for row in rows[1:]} == claims and len(rows) == len(claims) + 1)
    tally.check(f"{name}: rows are of one length", len({len(row) for row in rows}) == 1)
    table = pyarrow.parquet.read_table(io.BytesIO(exported("parquet")))
    table.validate(full=True)
    same = [row[0] for row in rows[1:]] == table.column("claim").to_pylist()
    tally.check(f"{name}: pyarrow reads the same rows, typed", same and str(table.schema.field("published").type) == "date32[day]")
    features = json.loads(exported("geojson"))["features"]
    located = sum(1 for row in rows[1:] if row[rows[0].index("latitude")])
    tally.check(f"{name}: a feature for each claim with coordinates", len(features) == located, f"{len(features)} and {located}")


# Ways to break a graph, and ways to add to one that must not break it.

BREAKS, ADDITIONS = [], []


def breaks(function):
    BREAKS.append(function)
    return function


def adds(function):
    ADDITIONS.append(function)
    return function


def first(nodes):
    return sorted(nodes, key=str)[0]


def claim(g, bound=None):
    return first(c for c in g.subjects(RDF.type, WG.Claim) if bound is None or (c, WG.bound, Literal(bound)) in g)


def relation(g):
    return first(g.subjects(RDF.type, WG.Relation))


def a(g, cls):
    return first(g.subjects(RDF.type, cls))


def decimal(text):
    return Literal(text, datatype=XSD.decimal)


def date(text):
    return Literal(text, datatype=XSD.date)


def node(local):
    return URIRef(f"https://example.org/{local}")


def replace(g, s, p, *values):
    g.remove((s, p, None))
    for value in values:
        g.add((s, p, value))


def required(cls, path):
    """Taking a required property away must be noticed."""

    def remove(g):
        subject = a(g, cls)
        assert (subject, path, None) in g, (cls, path)
        g.remove((subject, path, None))

    remove.__name__ = f"{cls.split('#')[-1].split('/')[-1]} without {path.split('#')[-1].split('/')[-1]}"
    BREAKS.append(remove)


for cls in (WG.Claim, WG.Relation):
    for path in (PROV.wasDerivedFrom, PROV.wasAttributedTo, WG.support, WG.eventType, WG.predicate, WG.certainty, WG.confidence, SCHEMA.text, SCHEMA.appearance):
        required(cls, path)
required(WG.Claim, WG.bound)
required(WG.Claim, WG.valueText)
for path in (WG.slot, WG.evidence, WG.reason):
    required(WG.Support, path)
for path in (WG.kind, WG.reason, SCHEMA.name, SCHEMA.appearance):
    required(WG.Reference, path)
for path in (OA.hasSource, OA.hasSelector):
    required(OA.SpecificResource, path)
for path in (OA.start, OA.end):
    required(OA.DataPositionSelector, path)
for path in (OA.exact, OA.prefix, OA.suffix):
    required(OA.TextQuoteSelector, path)
for path in (WG.sha256, WG.sourceFile):
    required(SCHEMA.NewsArticle, path)
for path in (SCHEMA.softwareVersion, WG.configurationHash, WG.modelHash):
    required(PROV.SoftwareAgent, path)
for path in (WG.sourceFile, WG.stage, WG.reason):
    required(WG.Omission, path)
required(PROV.Activity, PROV.wasAssociatedWith)
required(SCHEMA.Country, SCHEMA.name)
required(WG.Equipment, SCHEMA.name)


def one_only(cls, path, value):
    """A second value must be noticed."""

    def add(g):
        subject = next(s for s in sorted(g.subjects(RDF.type, cls), key=str) if (s, path, None) in g)
        g.add((subject, path, value))

    add.__name__ = f"{cls.split('#')[-1].split('/')[-1]} with two of {path.split('#')[-1].split('/')[-1]}"
    BREAKS.append(add)


for path, value in (
    (SCHEMA.value, decimal("77")),
    (WG.bound, Literal("at-least")),
    (WG.eventType, WG.Produced),
    (WG.predicate, Literal("x")),
    (WG.counted, Literal("x")),
    (WG.valueText, Literal("x")),
    (WG.certainty, Literal("believed")),
    (WG.confidence, decimal("0.5")),
    (WG.startDate, date("2025-03-11")),
    (WG.attributionText, Literal("x")),
    (WG.timeText, Literal("x")),
    (SCHEMA.text, Literal("x")),
    (PROV.wasAttributedTo, node("agent")),
):
    one_only(WG.Claim, path, value)
one_only(SCHEMA.Country, SCHEMA.name, Literal("x"))
one_only(WG.Support, WG.slot, WG.place)
one_only(OA.DataPositionSelector, OA.start, Literal("0", datatype=XSD.nonNegativeInteger))


def bad(cls, path, value, what):
    """A wrong value must be noticed."""

    def put(g):
        subject = next(s for s in sorted(g.subjects(RDF.type, cls), key=str) if (s, path, None) in g)
        replace(g, subject, path, value)

    put.__name__ = f"{cls.split('#')[-1].split('/')[-1]} whose {path.split('#')[-1].split('/')[-1]} is {what}"
    BREAKS.append(put)


bad(WG.Claim, WG.bound, Literal("roughly"), "unknown")
bad(WG.Claim, WG.certainty, Literal("likely"), "unknown")
bad(WG.Claim, WG.scope, Literal("running"), "unknown")
bad(WG.Claim, WG.eventType, WG.Exploded, "unknown")
bad(WG.Claim, WG.eventType, WG.Leads, "a relation's")
bad(WG.Claim, WG.eventType, Literal("Killed"), "a literal")
bad(WG.Claim, SCHEMA.value, Literal("1200"), "a string")
bad(WG.Claim, SCHEMA.value, Literal("1.2E3", datatype=XSD.double), "a double")
bad(WG.Claim, SCHEMA.value, decimal("1200.0"), "not canonical")
bad(WG.Claim, SCHEMA.value, decimal("many"), "no number")
bad(WG.Claim, WG.confidence, decimal("1.5"), "above one")
bad(WG.Claim, WG.startDate, date("2025-02-30"), "no day")
bad(WG.Claim, WG.startDate, Literal("2025-03-10T00:00:00", datatype=XSD.dateTime), "a moment")
bad(WG.Claim, WG.startDate, date("2031-01-01"), "after its end")
bad(WG.Claim, SCHEMA.text, Literal("Sentence", lang="en"), "tagged with a language")
bad(WG.Claim, SCHEMA.text, Literal(""), "empty")
bad(WG.Claim, SCHEMA.author, Literal("General Staff"), "a literal")
bad(WG.Claim, SCHEMA.appearance, node("page"), "no article")
bad(WG.Claim, WG.support, node("support"), "no support")
bad(WG.Claim, PROV.wasDerivedFrom, BNode(), "a blank node")
bad(WG.Claim, WG.support, BNode(), "a blank node")
bad(WG.Support, WG.slot, WG.reason, "no slot")
bad(WG.Reference, WG.kind, Literal("Weapon"), "unknown")
bad(WG.Reference, WG.refersTo, node("nothing"), "no entity")
bad(SCHEMA.NewsArticle, WG.sha256, Literal("abc"), "no digest")
bad(SCHEMA.NewsArticle, SCHEMA.datePublished, Literal("12 March"), "words")
bad(SCHEMA.NewsArticle, SCHEMA.url, Literal("https://example.org/"), "a literal")
bad(SCHEMA.Place, SCHEMA.latitude, decimal("91"), "off the globe")
bad(SCHEMA.Place, SCHEMA.latitude, Literal("50.9"), "a string")
bad(SCHEMA.Country, SCHEMA.sameAs, URIRef("https://www.wikidata.org/wiki/Q159"), "a page")
bad(OA.DataPositionSelector, OA.start, Literal("9999999", datatype=XSD.nonNegativeInteger), "after its end")
bad(OA.DataPositionSelector, OA.start, Literal("3", datatype=XSD.integer), "of another type")
bad(WG.Omission, WG.stage, Literal("cook"), "unknown")


@breaks
def two_scopes(g):
    replace(g, claim(g), WG.scope, Literal("total"), Literal("increment"))


@breaks
def a_vague_claim_with_a_value(g):
    g.add((claim(g, "vague"), SCHEMA.value, decimal("24")))


@breaks
def a_vague_claim_with_a_range(g):
    g.add((claim(g, "vague"), SCHEMA.minValue, decimal("24")))
    g.add((claim(g, "vague"), SCHEMA.maxValue, decimal("48")))


@breaks
def an_exact_claim_with_no_value(g):
    g.remove((claim(g, "exact"), SCHEMA.value, None))


@breaks
def a_value_that_is_said_to_be_vague(g):
    replace(g, claim(g, "exact"), WG.bound, Literal("vague"))


@breaks
def a_value_that_is_said_to_be_a_range(g):
    replace(g, claim(g, "exact"), WG.bound, Literal("range"))


@breaks
def a_range_with_a_value(g):
    g.add((claim(g, "range"), SCHEMA.value, decimal("325")))


@breaks
def a_range_that_is_said_to_be_exact(g):
    replace(g, claim(g, "range"), WG.bound, Literal("exact"))


@breaks
def a_range_with_no_upper_end(g):
    g.remove((claim(g, "range"), SCHEMA.maxValue, None))


@breaks
def a_range_that_runs_backwards(g):
    replace(g, claim(g, "range"), SCHEMA.maxValue, decimal("1"))


@breaks
def evidence_that_quotes_nothing(g):
    evidence = g.value(claim(g), PROV.wasDerivedFrom)
    for selector in g.objects(evidence, OA.hasSelector):
        if (selector, RDF.type, OA.TextQuoteSelector) in g:
            g.remove((evidence, OA.hasSelector, selector))


@breaks
def evidence_with_no_position(g):
    evidence = g.value(claim(g), PROV.wasDerivedFrom)
    for selector in g.objects(evidence, OA.hasSelector):
        if (selector, RDF.type, OA.DataPositionSelector) in g:
            g.remove((evidence, OA.hasSelector, selector))


@breaks
def two_sentences_of_evidence(g):
    other = first(e for e in g.objects(None, PROV.wasDerivedFrom) if e != g.value(claim(g), PROV.wasDerivedFrom))
    g.add((claim(g), PROV.wasDerivedFrom, other))


@breaks
def a_support_of_two_claims(g):
    support = first(g.objects(claim(g), WG.support))
    g.add((relation(g), WG.support, support))


@breaks
def a_support_of_nothing(g):
    g.remove((claim(g), WG.support, first(g.objects(claim(g), WG.support))))


@breaks
def an_actor_for_a_place(g):
    replace(g, claim(g), WG.place, a(g, SCHEMA.Person))


@breaks
def equipment_that_is_counted_for_an_actor(g):
    replace(g, claim(g), WG.countedActor, a(g, WG.Equipment))


@breaks
def a_property_nobody_knows(g):
    g.add((claim(g), WG.mood, Literal("grim")))


@breaks
def a_relation_with_a_number(g):
    g.add((relation(g), SCHEMA.value, decimal("3")))


@breaks
def a_claim_that_is_no_schema_claim(g):
    g.remove((claim(g), RDF.type, SCHEMA.Claim))


@breaks
def a_claim_that_is_no_observation(g):
    g.remove((claim(g), RDF.type, SCHEMA.Observation))


@breaks
def a_claim_that_is_a_relation(g):
    g.add((claim(g), RDF.type, WG.Relation))


@breaks
def a_person_that_cannot_act(g):
    g.remove((a(g, SCHEMA.Person), RDF.type, WG.Actor))


@breaks
def a_country_that_is_no_place(g):
    g.remove((a(g, SCHEMA.Country), RDF.type, SCHEMA.Place))


@breaks
def a_unit_that_is_no_organization(g):
    g.remove((a(g, WG.MilitaryUnit), RDF.type, SCHEMA.Organization))


@breaks
def half_a_position_on_the_globe(g):
    g.remove((first(g.subjects(SCHEMA.latitude)), SCHEMA.longitude, None))


@breaks
def a_reference_to_two_entities(g):
    reference = first(g.subjects(WG.refersTo))
    g.add((reference, WG.refersTo, first(e for e in g.objects(None, WG.refersTo) if e != g.value(reference, WG.refersTo))))


@breaks
def a_reference_that_stands_nowhere(g):
    reference = first(r for r in g.subjects(WG.mention) if (r, WG.slot, None) not in g)
    g.remove((reference, WG.mention, None))


@breaks
def a_run_with_a_clock(g):
    g.add((a(g, PROV.Activity), PROV.endedAtTime, Literal("2025-03-14T00:00:00Z", datatype=XSD.dateTime)))


@breaks
def a_type_of_the_users_alone(g):
    replace(g, claim(g), WG.eventType, node("Exploded"))


@breaks
def a_link_with_no_reason(g):
    one, other = sorted(g.subjects(RDF.type, WG.Claim), key=str)[:2]
    link = node("link")
    for p, o in ((RDF.type, RDF.Statement), (RDF.subject, one), (RDF.predicate, WG.updates), (RDF.object, other)):
        g.add((link, p, o))


@breaks
def a_link_to_what_is_no_claim(g):
    g.add((claim(g), WG.repeats, a(g, SCHEMA.NewsArticle)))


@breaks
def a_series_with_no_claim(g):
    g.add((node("series"), RDF.type, WG.Series))
    g.add((node("series"), WG.eventType, WG.Killed))


@adds
def a_type_of_the_users_beside_its_broader(g):
    g.add((claim(g), WG.eventType, node("Exploded")))


@adds
def a_series_and_a_link_with_its_reason(g):
    alone = (c for c in g.subjects(RDF.type, WG.Claim) if (c, WG.series, None) not in g)
    one, other = sorted(alone, key=str)[:2]
    link, series = node("link"), node("series")
    g.add((one, WG.updates, other))
    for p, o in ((RDF.type, RDF.Statement), (RDF.subject, one), (RDF.predicate, WG.updates), (RDF.object, other), (WG.reason, Literal("a later total"))):
        g.add((link, p, o))
    g.add((series, RDF.type, WG.Series))
    g.add((series, WG.eventType, WG.Killed))
    g.add((one, WG.series, series))
    g.add((other, WG.series, series))


@adds
def a_second_copy_of_an_article(g):
    article = a(g, SCHEMA.NewsArticle)
    g.add((article, WG.sourceFile, Literal("copies/b.html")))
    g.add((article, SCHEMA.headline, Literal("Another headline")))


@adds
def a_copy_under_another_date(g):
    subject = first(c for c in g.subjects(WG.startDate) if (c, WG.endDate, None) in g)
    g.add((g.value(subject, SCHEMA.appearance), SCHEMA.datePublished, date("2025-04-12")))
    g.add((subject, WG.startDate, date("2025-04-10")))
    g.add((subject, WG.endDate, date("2025-04-12")))


@adds
def facts_without_conclusions(g):
    entities = set(g.objects(None, WG.refersTo))
    for entity in entities:
        g.remove((entity, None, None))
        g.remove((None, None, entity))


def check_mutations(tally, path, shapes, ontology):
    text = Path(path).read_bytes()
    for function, must_conform in [(f, False) for f in BREAKS] + [(f, True) for f in ADDITIONS]:
        graph = rdflib_graph(text)
        before = len(graph)
        function(graph)
        name = function.__name__.replace("_", " ")
        conforms, report = validate(graph, shapes, ontology, abort_on_first=True)
        if must_conform:
            tally.check(f"passes: {name}", conforms, report)
        else:
            tally.check(f"refused: {name}", not conforms, f"{before} triples, {len(graph)} after")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wiregraph", metavar="BINARY", help="compare with what this binary's store counts")
    parser.add_argument("--mutate", metavar="GRAPH", action="append", default=[], help="break this graph in every way, and see each refused")
    parser.add_argument("--verbose", action="store_true", help="say what held, too")
    parser.add_argument("graphs", metavar="GRAPH", nargs="*")
    arguments = parser.parse_args()
    no_network()
    tally = Tally(arguments.verbose)
    ontology = rdflib.Graph().parse(ONTOLOGY)
    shapes = rdflib.Graph().parse(SHAPES)
    conforms, _, report = pyshacl.validate(rdflib.Graph(), shacl_graph=shapes, meta_shacl=True)
    tally.check("the shapes are SHACL", conforms, report)
    for path in arguments.graphs:
        check_graph(tally, path, arguments.wiregraph, shapes, ontology)
    for path in arguments.mutate:
        check_mutations(tally, path, shapes, ontology)
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
