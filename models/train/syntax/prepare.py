"""Sentences for the teacher, one a line: train.txt, dev.txt with each twentieth, and designations.txt, variants of some of train.txt.

usage: prepare.py GMB_DIR RE3D_DIR WIKINEWS.jsonl OUT_DIR
GMB_DIR has train, dev and test .jsonl.gz, RE3D_DIR train and dev .jsonl, both with "tokens"; WIKINEWS.jsonl has "title" and "text".
"""
import gzip
import json
import random
import re
import sys

random.seed(7)
MARKS = {"``": '"', "''": '"', "-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]"}
CLOSING = set(",.;:?!)]}%'") | {"'s", "n't", "'re", "'ve", "'ll", "'d", "'m", "..."}


def join(tokens):
    """Tokens with spaces where people write them."""
    text, quoted, tight = "", False, True
    for token in tokens:
        token = MARKS.get(token, token)
        closing = token in CLOSING or (token == '"' and quoted)
        text += token if tight or closing else " " + token
        tight = token in "([{$£€" or (token == '"' and not quoted)
        quoted ^= token == '"'
    return text


def rougher(text, other):
    """The text as pages have it: other marks, none, capitals, inside a quotation, run together with another."""
    r = random.random()
    if r < 0.45:
        text = re.sub(r'(^|[\s(])"', r"\1“", text).replace('"', "”").replace("'", "’")
        return re.sub(r" - | ?--+ ?", " — ", text)
    if r < 0.55:
        return re.sub(r"(^|[\s(])\"", r"\1'", text).replace('"', "'")
    if r < 0.65:
        return text.rstrip(".")
    if r < 0.72:
        return text.replace(", ", random.choice([" – ", " — ", " - ", "—"]), 1)
    if r < 0.79:
        end = random.choice([",” he said.", ",” the official said.", ",” Kim told reporters on Monday.", ".”"])
        return "“" + text.rstrip(".") + end
    if r < 0.83:
        return "(" + text + ")"
    if r < 0.86:
        return text.replace("United States", "U.S.").replace("Mr. ", "")
    if r < 0.92:
        return text.rstrip(".") + random.choice(["; ", " — ", ", and ", ", but "]) + other
    if len(text) < 90:
        if r < 0.97:
            return " ".join(w[:1].upper() + w[1:] if len(w) > 3 else w for w in text.rstrip(".").split())
        return text.upper()
    return text


def sentences():
    gmb, re3d, wikinews, _ = sys.argv[1:]
    for part in ("train", "dev", "test"):
        for line in gzip.open(f"{gmb}/{part}.jsonl.gz", "rt"):
            yield join(json.loads(line)["tokens"])
    for part in ("train", "dev"):
        for line in open(f"{re3d}/{part}.jsonl"):
            yield join(json.loads(line)["tokens"])
    for line in open(wikinews):
        article = json.loads(line)
        yield article["title"].strip()
        for paragraph in article["text"].split("\n"):
            if len(paragraph) <= 4000:
                yield from re.split(r'(?<=[a-z0-9)\]"”’%][.?!])["”’)]*\s+(?=[A-Z"“‘(])', paragraph.strip())


unique = [s for s in dict.fromkeys(s.strip() for s in sentences()) if len(s) > 3]
random.shuffle(unique)
for name, part in (("dev", unique[::20]), ("train", [s for n, s in enumerate(unique) if n % 20])):
    with open(f"{sys.argv[4]}/{name}.txt", "w") as out:
        for n, text in enumerate(part):
            out.write((rougher(text, part[n - 1]) if random.random() < 0.14 else text) + "\n")

# News of these years names weapons that the news of those years did not: designations put before the nouns of the training part.
WEAPONS = re.compile(
    r"\b(?:(\d[\d,]*|two|three|four|five|six|ten|dozens of|several|an?|the|some) )?"
    r"(missiles?|tanks?|drones?|aircraft|helicopters?|rockets?|warplanes?|jets?|vehicles?|launchers?|submarines?|warships?|howitzers?|bombers?|mortars?|guns?|rifles?|carriers?|shells|systems?)\b"
)
NAMES = (
    "Leopard Abrams Bradley Patriot Iskander Shahed Tomahawk Javelin Grad Kalibr Kinzhal Scud Stinger Caesar Gepard Marder Challenger Lancet Orlan Hwasong "
    "Pukguksong Bayraktar Himars Predator Reaper Apache Typhoon Gripen Rafale Mirage Merkava Qassam Fateh Zolfaghar Tochka Smerch Uragan Buk Tor Pantsir "
    "Strela Igla Kornet Kilo Virginia Borei Storm_Shadow Neptune Harpoon Exocet Stryker Humvee Switchblade Heron Mohajer Koksan Nodong Taepodong Musudan"
)


def designation():
    name = random.choice(NAMES.split(" ")).replace("_", " ")
    code = "".join(random.choices("ABCDFGHKLMNPRSTUX", k=random.choice([1, 1, 2, 2, 3])))
    code += "-" + str(random.choice([random.randint(1, 99), random.randint(100, 999)])) + random.choice(["", "", "", "A", "M", "B3", "MV", "M2", "I"])
    number = random.choice(["2A6", "2", "1A5", "TB2", "M1", "II", "III", "136", "X", "9K72", "IV", "5"])
    return random.choice([code, code, code, name, f"{name} {number}", f"{name}-{number}", f"{code} {name}", f"{number} {name}"])


def rearm(match):
    number, noun = match.groups()
    if random.random() < 0.4 and noun.endswith("s"):
        number = random.choice([str(random.randint(2, 60)), f"{random.randint(1, 40)},{random.randint(0, 999):03}", "about 30", "more than 50", "dozens of", number or "its"])
    kind = random.choice(["", "", "", "cruise ", "ballistic ", "battle ", "attack ", "multiple "]) if random.random() < 0.3 else ""
    if random.random() < 0.12:
        return f"{number or 'the'} {designation()}{'s' if noun.endswith('s') else ''}"
    return f"{number + ' ' if number else ''}{designation()} {kind}{noun}"


with open(f"{sys.argv[4]}/designations.txt", "w") as out:
    for text in (s for n, s in enumerate(unique) if n % 20):
        if WEAPONS.search(text):
            for _ in range(3):
                out.write(WEAPONS.sub(rearm, text) + "\n")
