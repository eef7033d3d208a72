"""From the labels of each corpus to our kinds: for every token the set of labels that it may have, as bits."""
import re
import tomllib
from functools import lru_cache
from pathlib import Path

KINDS = ["Person", "Organization", "MilitaryUnit", "Place", "Equipment", "Event", "Nationality"]
HERE = Path(__file__).resolve().parent
MODELS = HERE.parent.parent


def bio(kinds):
    return ["O"] + [f"{edge}-{k}" for k in kinds for edge in "BI"]


OURS = bio(KINDS)
BIT = {label: 1 << i for i, label in enumerate(OURS)}
ANY = (1 << len(OURS)) - 1
ARTICLES = {"the", "a", "an"}
UNIT = re.compile(r"\b(Brigades?|Battalions?|Regiments?|Divisions?|Corps|Fleet|Squadrons?|Battalion|Strike Group|Wing|Flotilla|Task Force|Legion)\b")


@lru_cache
def words():
    """Titles, names of states, and names of peoples, from the program's own lists."""
    titles = set(tomllib.loads((MODELS / "recognise/titles.toml").read_text())["before"])
    titles |= {"mr", "mr.", "prime", "deputy", "foreign", "defense", "defence", "interior", "finance", "chief", "staff", "army", "ex-president", "state", "of", "for",
               "u.s.", "justice", "trade", "attorney", "secretary-general", "opposition", "hon.", "messrs.", "commander-in-chief", "in"}
    states, peoples = set(), set()
    for line in (MODELS / "gazetteer/states.tsv").read_text().splitlines():
        if not line.startswith("#"):
            f = line.split("\t")
            if f[0].startswith("state/"):
                states |= set(f[2].split("|")) | {f[1]}
            peoples |= set(f[3].split("|"))
    states |= {"U.S.", "US", "U.K.", "UK", "Britain", "America", "Gaza", "West Bank"}
    peoples |= {"Arab", "Arabs", "Kurdish", "Kurds", "Kurd", "Palestinian", "Palestinians", "European", "Europeans", "African", "Africans", "Asian", "Asians", "Tamil",
                "Tamils", "Chechen", "Chechens", "Kashmiri", "Western"}
    organizations = set()
    for line in (MODELS / "gazetteer/organizations.tsv").read_text().splitlines():
        if not line.startswith("#"):
            organizations |= set(line.split("\t")[1].split("|"))
    organizations |= {"U.N.", "UN", "EU", "E.U.", "NATO", "AU"}
    return titles, states - peoples, peoples - {""}, organizations


def spans(tags):
    """(start, end, label) of IOB2 tags."""
    out, start, kind = [], 0, None
    for i, tag in enumerate(list(tags) + ["O"]):
        if kind and tag != "I-" + kind:
            out.append((start, i, kind))
            kind = None
        if tag.startswith("B-") or (tag.startswith("I-") and kind is None):
            start, kind = i, tag[2:]
    return out


def put(allowed, start, end, kinds, none=False):
    """Allows each of `kinds` over the whole of the span; with none of them, anything."""
    for i in range(start, end):
        edge = "B-" if i == start else "I-"
        allowed[i] = sum(BIT[edge + k] for k in kinds) | (BIT["O"] if none else 0)


def anything(allowed, start, end):
    for i in range(max(0, start), min(len(allowed), end)):
        allowed[i] = ANY


def person(allowed, tokens, start, end, none=False):
    """A person, less titles before the name and the possessive after it."""
    titles, states, peoples, _ = words()
    while start < end and (tokens[start].lower() in titles or tokens[start].islower() and tokens[start] not in ("al", "el", "bin", "van", "von", "de", "ibn", "abu", "da", "di")):
        allowed[start] = BIT["O"]
        start += 1
    while start < end and tokens[end - 1] in ("'s", "’s", ",", "'"):
        allowed[end - 1] = BIT["O"]
        end -= 1
    if start == end:
        return
    name = " ".join(tokens[start:end])
    if name in states:
        put(allowed, start, end, ["Place"])
    elif name in peoples:
        put(allowed, start, end, ["Nationality"])
    else:
        put(allowed, start, end, ["Person"], none)


def gmb(allowed, tokens, start, end, label, kinds, none):
    titles, states, peoples, organizations = words()
    name = " ".join(tokens[start:end])
    if label == "per":
        return person(allowed, tokens, start, end)
    if label == "tim":
        # Half-automatic: "if [Khartoum]" and "[two]" are called times too.
        return anything(allowed, start, end) if any(t[:1].isupper() and t in states for t in tokens[start:end]) else put(allowed, start, end, [], True)
    if name in peoples:
        kinds = ["Nationality"]
    elif name in states:
        kinds = ["Place"]
    elif name in organizations:
        kinds = ["Organization"]
    elif label == "gpe":
        kinds = ["Nationality", "Place", "Organization"]
    elif label == "org":
        if tokens[start].lower() in titles - {"state", "foreign", "interior", "defense", "justice", "army", "first", "u.s.", "trade", "fire"} and end - start > 1:
            return anything(allowed, start, end)
        if UNIT.search(name):
            kinds = ["MilitaryUnit", "Organization"]
    elif label in ("eve", "nat", "art"):
        return anything(allowed, start - 2, end + 2)
    put(allowed, start, end, kinds, none)


PRONOUNS = {"we", "they", "he", "she", "i", "it", "us", "them", "him", "her", "you", "who", "his", "our", "their", "its", "me", "that", "which"}


def re3d(allowed, tokens, start, end, label, kinds, none):
    """re3d takes determiners, pronouns and common nouns in; ours are names, and equipment by class."""
    while start < end and tokens[start].lower() in ARTICLES | {"this", "these", "those", "its", "their", "our", "his", "all", "multiple", "several", "other", "some", "two", "three"}:
        start += 1
    inside = tokens[start:end]
    capital = [t for t in inside if t[:1].isupper() and t.lower() not in PRONOUNS]
    if none and not kinds:
        return put(allowed, start, end, [], True)
    if not kinds or not inside or label == "Location" and "," in inside:
        return anything(allowed, start, end)
    if label in ("Weapon", "MilitaryPlatform", "Vehicle"):
        if any(re.fullmatch(r"(?i)(air)?strikes?|attacks?|weapons?|bulldozers?|loaders?|trucks?|excavators?|hardware|vehicles?|equipment|bridge", t) for t in inside):
            return anything(allowed, start, end)
        # Names inside ("ISIL tanks") are mentions of their own in our corpus.
        if len(capital) and label != "Weapon" and not any(c.isdigit() or c == "-" for t in capital for c in t):
            return anything(allowed, start, end)
        return put(allowed, start, end, kinds, none)
    if not capital:
        return put(allowed, start, end, [], True)
    if label == "Person":
        low = [t for t in inside if t.islower() and t not in ("al", "bin", "ibn", "the", "abu")]
        return anything(allowed, start, end) if low or "," in inside else person(allowed, tokens, start, end)
    name = " ".join(inside)
    _, states, peoples, _ = words()
    if name in states:
        kinds = ["Place"]
    elif any(t.islower() and t not in ("of", "and", "the", "for", "in", "on", "al", "de", "'s") for t in inside) or any(t in peoples for t in inside[:1]) and label != "Nationality":
        return anything(allowed, start, end)
    elif UNIT.search(name):
        kinds = ["MilitaryUnit"]
    elif label == "Nationality":
        kinds, none = ["Nationality"], True
    put(allowed, start, end, kinds, none)


def proper(allowed, tokens, start, end, label, kinds, none):
    """Hand-made labels of names; possessives and determiners taken in here and there."""
    _, states, peoples, _ = words()
    while start < end and tokens[start].lower() in ARTICLES:
        start += 1
    while start < end and tokens[end - 1] in ("'s", "’s", "'"):
        end -= 1
    if start == end:
        return
    name = " ".join(tokens[start:end])
    if not kinds and not none:
        return anything(allowed, start, end)
    if name in states:
        return put(allowed, start, end, ["Place"])
    if name in peoples:
        return put(allowed, start, end, ["Nationality"])
    if label == "person":
        if any(t.islower() for t in tokens[start:end]) and not name[:1].islower():
            return anything(allowed, start, end)
        return person(allowed, tokens, start, end, none)
    if kinds == ["Organization"] and UNIT.search(name):
        kinds = ["MilitaryUnit", "Organization"]
    if kinds == ["Organization"] and any(t.islower() and t not in ("of", "and", "the", "for", "in", "on", "de") for t in tokens[start:end]):
        none = True
    put(allowed, start, end, kinds, none)


def redocred(allowed, tokens, start, end, label, kinds, none):
    return proper(allowed, tokens, start, end, "person" if label == "PER" else label, kinds, none)


RULES = {"gmb": gmb, "re3d": re3d, "proper": proper, "redocred": redocred}


def mapping():
    return tomllib.loads((HERE / "mapping.toml").read_text())


def allowed_labels(corpus, tokens, tags):
    """Bits of the labels that each token may have in our convention."""
    table = mapping_of(corpus)
    _, states, peoples, _ = words()
    outside = BIT["O"]
    for k in table["unlabelled"]:
        outside |= BIT["B-" + k] | BIT["I-" + k]
    allowed = [outside] * len(tokens)
    rule = RULES[table["rules"]]
    for i, t in enumerate(tokens):
        # Names that the corpus left out: unknown.
        if tags[i] == "O" and (t in states or t in peoples):
            allowed[i] = ANY
    for start, end, label in spans(tags):
        may = table["labels"][label]
        rule(allowed, tokens, start, end, label, [k for k in may if k != "none"], "none" in may)
    return allowed


@lru_cache
def mapping_of(corpus):
    return mapping()[corpus]
