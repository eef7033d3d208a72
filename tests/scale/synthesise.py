#!/usr/bin/env python3
"""Writes news articles whose truth is known, to see how conclusions grow with many of them.

    python3 tests/scale/synthesise.py --articles 100000 --out DIR      DIR/articles.jsonl, DIR/truth.json
    target/release/wiregraph run DIR/articles.jsonl --recogniser rules -o DIR/graph.jsonld
    python3 tests/scale/check.py DIR                                    merges, links, growth

Stories are invented losses of invented forces. Each has its own town, two officials and its own course of tolls, told by several outlets with repeats,
updates and reprints. Names are drawn from small lists, so that many people of different stories have one name: they are different people, but for each
state's one defence minister, and the truth says so. The same seed gives the same bytes.
"""
import argparse, datetime, json, os, random

GIVEN = """Amina Boris Clara Dmitri Elena Farid Greta Hassan Ingrid Javier Kofi Lena Marco Nadia Omar Paula Quentin Rosa Samir Tanya Ulrich Vera Walid
Ximena Yusuf Zora Anton Bella Cyrus Delia Emil Fatou Goran Hana Igor Jana Karim Lidia Milan Nora Oskar Petra Rashid Sofia Tomas""".split()
FAMILY = """Abara Benko Castro Dahl Eriksen Farouk Gomez Haddad Ivanic Jansen Kovac Lindgren Mensah Novak Okoro Petrovic Quiroga Rahimi Sokolov Tadic
Ulanov Varga Weiss Xenakis Yilmaz Zeman Aalto Bakr Cermak Dragan Elmasry Fofana Grigor Hlavac Iriarte Jovic Kamara Lobo Moreau Nkosi""".split()
SYLLABLES = "ba ko ri ma tu len dar vis mor gan zel tor hun dra sk bel nor vak ish tam qor lun pel zim gar".split()
OUTLETS = [f"The {place} {kind}" for place in ("Harbour", "Valley", "Capital", "Northern", "Island", "Plains") for kind in ("Courier", "Ledger", "Herald", "Post")]
STATES = ["Sudan", "Mali", "Niger", "Chad", "Somalia", "Yemen", "Colombia", "Myanmar", "Ethiopia", "Nigeria"]
MINISTER = "defence minister"
POSTS = ["governor", "army spokesman", "police chief", MINISTER, "mayor"]
UNITS = ["Border Guard", "River Brigade", "Mountain Regiment", "Desert Corps"]
OPENINGS = [
    "{number} soldiers have been {event} in fighting near {town}, {post} {name} said on {weekday}.",
    "Fighting around {town} has left {number} soldiers {event}, according to {post} {name}.",
    "{post_title} {name} put the number of soldiers {event} near {town} at {number} on {weekday}.",
]
BODIES = [
    "The {unit} of {town} has held the road to the north since spring, and {second} of the provincial council said it would stay.",
    "Residents of {town} told of shelling through the night. {second}, who speaks for the council there, asked both sides for a pause.",
    "Lorries of the {unit} were seen leaving {town}. {second} said that the council had not been told where they went.",
]
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def town(rng):
    return "".join(rng.choice(SYLLABLES) for _ in range(3)).capitalize()


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--out", required=True)
    asked = options.parse_args()
    rng = random.Random(asked.seed)
    os.makedirs(asked.out, exist_ok=True)
    truth, written, story = [], 0, 0
    ministers = {state: f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}" for state in STATES}
    with open(os.path.join(asked.out, "articles.jsonl"), "w", encoding="utf-8") as out:
        while written < asked.articles:
            place, state, unit = town(rng), rng.choice(STATES), rng.choice(UNITS)
            name, second = (f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}" for _ in range(2))
            post = rng.choice(POSTS)
            if post == MINISTER:
                name = ministers[state]
            day = datetime.date(2023, 1, 2) + datetime.timedelta(days=rng.randrange(900))
            toll, event, last = rng.randrange(12, 90), rng.choice(["killed", "wounded"]), None
            articles = []
            for step in range(rng.randrange(4, 17)):
                if last and rng.random() < 0.15:
                    text, reprint = last, True
                else:
                    if step and rng.random() < 0.4:
                        toll, day = toll + rng.randrange(1, 15), day + datetime.timedelta(days=rng.randrange(1, 4))
                    fields = dict(number=toll, event=event, town=place, post=post, post_title=post.capitalize(), name=name, weekday=WEEKDAYS[day.weekday()],
                                  second=second, unit=unit)
                    text = f"{place.upper()}, {state} — " + rng.choice(OPENINGS).format(**fields) + "\n\n" + rng.choice(BODIES).format(**fields)
                    last, reprint = text, False
                identity = f"s{story}-{step}"
                record = {"id": identity, "url": f"https://news.example/{identity}", "title": f"Losses near {place}", "date": day.isoformat(),
                          "sitename": rng.choice(OUTLETS), "text": text}
                out.write(json.dumps(record, ensure_ascii=False) + "\n")
                articles.append(identity)
                written += 1
            people = {name: f"{name} of {state}" if post == MINISTER else f"{name} of story {story}", second: f"{second} of story {story}"}
            truth.append({"articles": articles, "people": people, "town": place, "unit": unit})
            story += 1
    with open(os.path.join(asked.out, "truth.json"), "w", encoding="utf-8") as out:
        json.dump(truth, out)
    print(f"{written} articles, {story} stories, {len({p for t in truth for p in t['people']})} names of people")


if __name__ == "__main__":
    main()
