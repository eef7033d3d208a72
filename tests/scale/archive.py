#!/usr/bin/env python3
"""Writes a web archive of news whose content is known, bad records and all, to see that a day of news is read whole.

    python3 tests/scale/archive.py --articles 100000 --out DIR      DIR/news.warc.gz, DIR/truth.json
    target/release/wiregraph run DIR/news.warc.gz --recogniser rules -o DIR/graph.jsonld

Each article is a page of its own, of one of eight outlets, as a crawler keeps it: 150 to 300 words of text, and about 8 KB of clutter round it (navigation,
a cookie notice, links to other stories, share bars, styles, inline scripts, a footer). 100,000 articles make 1.15 GB of WARC and 359 MB on disk, a gzip
member a record, in a CPU-minute (`--sound` leaves out the broken ones). Stories are invented events in invented towns: several outlets tell each, over some
days, with tolls that are repeated and updated. Names come from fixed lists whatever the number of articles. The same seed gives the same bytes (with the
same zlib).

Some records are bad, in fixed shares (SHARES), beside the articles asked for. DIR/truth.json says what must come of them:

    {"articles": N,                        pages that must come out as articles
     "failed": {"news.warc.gz#17": WHY},   records that must be named as failed ("news.warc.gz@BYTE" for bytes between records)
     "left_out": {"news.warc.gz#31": WHY}, records that must be named as left out: empty, or not English
     "passed_over": N,                     records that are none of these: requests, images, redirects, 404s, revisits
     "records": N, "sorts": {SORT: N}, "bytes": N, "packed": N}
"""
import argparse, datetime, html, json, os, random, zlib

# How many records of a sort there are for each 10,000 articles.
SHARES = {
    "broken member": 8, "cut member": 6, "length too long": 5, "length too short": 5, "no length": 3, "garbage": 3, "broken body": 4,
    "empty body": 10, "not English": 120, "windows-1251 as utf-8": 15,
    "image": 150, "style": 60, "redirect": 120, "not found": 100, "revisit": 120, "request": 900, "metadata": 200, "json": 60,
}
BROKEN = {"broken member", "cut member", "length too long", "length too short", "no length", "garbage", "broken body"}
# How many huge pages there are whatever the number of articles, and how large one is: above the 64 MB that a page may have.
HUGE, HUGE_BYTES = 2, 68 * 1024 * 1024
# Of the articles themselves: pages whose encoding is not what they say, or not said; pages sent in chunks or packed.
LATIN, CHUNKED, PACKED = 0.01, 0.15, 0.15

PEOPLE = [(f"{given} {family}", role) for (given, family), role in zip(
    [("Amina", "Lindqvist"), ("Boris", "Tadic"), ("Clara", "Mensah"), ("Dmitri", "Okoro"), ("Elena", "Varga"), ("Farid", "Haddad"), ("Greta", "Sorensen"),
     ("Hassan", "Kamara"), ("Ingrid", "Novak"), ("Javier", "Quiroga"), ("Kofi", "Abara"), ("Lena", "Moreau"), ("Marco", "Castro"), ("Nadia", "Rahimi"),
     ("Omar", "Farouk"), ("Paula", "Jansen"), ("Rosa", "Iriarte"), ("Samir", "Elmasry"), ("Tanya", "Sokolov"), ("Ulrich", "Weiss"), ("Vera", "Zeman"),
     ("Walid", "Bakr"), ("Yusuf", "Yilmaz"), ("Zora", "Petrovic")],
    ["governor", "army spokesman", "police chief", "mayor", "interior minister", "fire chief", "hospital director", "relief coordinator"] * 3)]
TOWNS = [a + b for a in ("Bel", "Dor", "Kar", "Lun", "Mor", "Nor", "Tam", "Vel", "Zar", "Hel") for b in ("gan", "haven", "ishta", "mouth", "ova", "tin", "vik", "zel")]
STATES = ["Sudan", "Mali", "Niger", "Chad", "Somalia", "Yemen", "Colombia", "Myanmar", "Ethiopia", "Nigeria", "Ukraine", "Mozambique"]
OUTLETS = [("The Harbour Courier", "harbourcourier.example"), ("Valley Ledger", "valleyledger.example"), ("Capital Herald", "capitalherald.example"),
           ("The Northern Post", "northernpost.example"), ("Island Daily News", "islanddaily.example"), ("Plains Tribune", "plainstribune.example"),
           ("The Evening Standard-Bearer", "standardbearer.example"), ("Delta Wire", "deltawire.example")]
SECTIONS = ["World", "Politics", "Business", "Climate", "Culture", "Sport", "Opinion", "Technology", "Health", "Science", "Travel", "Weather"]
MONTHS = "January February March April May June July August September October November December".split()
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()

# What happened: the noun of it, what it does to whom, and how the figure is told.
EVENTS = [
    ("an attack on a military post", "soldiers", "killed"), ("shelling of the market quarter", "civilians", "wounded"), ("flooding along the river", "residents", "displaced"),
    ("a landslide above the old road", "villagers", "killed"), ("a drone strike on a fuel depot", "workers", "injured"), ("a raid on a smuggling camp", "men", "detained"),
    ("fighting at the northern bridge", "fighters", "killed"), ("a fire in a textile works", "people", "injured"), ("a ferry accident", "passengers", "killed"),
    ("clashes at the border crossing", "people", "displaced"),
]
LEADS = [
    "{event_cap} near {town} has left {number} {whom} {done}, {role} {person} said on {weekday}.",
    "At least {number} {whom} were {done} in {event} near {town} in {state}, officials said on {weekday}.",
    "{role_cap} {person} told reporters on {weekday} that {number} {whom} had been {done} in {event} outside {town}.",
    "The number of {whom} {done} in {event} near {town} stood at {number} on {weekday}, according to {role} {person}.",
    "More than {number} {whom} have been {done} since {event} began to make itself felt around {town}, {state} state media reported on {weekday}.",
]
UPDATES = [
    "An earlier count had put the figure at {before}; {person} said that teams had since reached places which were cut off on the first day.",
    "On the day before, the authorities had spoken of {before} {whom} {done}, and had warned that the number would rise.",
    "The new figure replaces one of {before}, given by the same office {ago} earlier.",
]
BODIES = [
    "{second}, the {second_role} of {town}, said that {small} ambulances and {tiny} lorries had been sent from the provincial capital, and that the first of them arrived before dawn.",
    "Residents told of a night without light or telephones. “We counted the windows that were left, and there were not many,” said a teacher who lives two streets away from the depot and asked not to be named.",
    "The road from {town} to {other} was closed for {tiny} hours. Buses were led round by way of the quarry, which takes {small} minutes longer and is passable only while it is dry.",
    "“Nobody should draw conclusions before the last house has been looked at,” {second} said. “What we know today is not what we shall know on {later}.”",
    "A spokesman for the ministry in the capital said that {tiny} inspectors would be sent to {town} within the week. He did not say who had asked for them, nor to whom they would report.",
    "In {other}, some {small} kilometres to the west, schools stayed shut and the covered market was turned into a shelter with {big} beds. By the evening {small} of them were taken.",
    "Aid groups said they had handed out {big} blankets and {bigger} litres of water, and that what was needed most was fuel for the pumps. A shipment is waiting at the port of {other} for its papers.",
    "It was the {nth} such event in the district since the beginning of the year. A commission that looked into the last one has not published what it found, although its chairman promised to do so by spring.",
    "The government of {state} has offered {big} million dollars for repairs, of which {tiny} million are to be paid this month. The opposition called the sum an insult and asked for a debate in parliament.",
    "Telephone lines were restored on {later}, the operator said, after engineers had carried a generator up to the mast on foot. Two of them were treated for exhaustion and went home the same day.",
    "Traders at the grain exchange in {other} shrugged off the news; prices for sorghum rose by {tiny} percent and fell back before noon. “We have seen worse, and we shall see worse,” one of them said.",
    "{second} denied reports that {small} prisoners had escaped from the gaol in the confusion. “Every one of them answered when his name was called,” the {second_role} said.",
    "The weather service expects more rain until {later}, with up to {small} millimetres in the hills. It asked people to keep away from the banks and not to drive through water whose depth they do not know.",
    "Opposition deputies from {town} travelled to the capital to ask for an inquiry. They were received by a deputy secretary, waited {tiny} hours, and left with a promise in writing.",
    "A convoy of {small} vehicles with tents, medicine and a field kitchen left {other} in the afternoon. Its leader said that the last stretch would be walked if the bridge could not bear the load.",
    "Neighbouring states sent messages of sympathy. One of them offered {tiny} helicopters, which cannot land at {town} before the runway has been cleared of what the storm of last month left there.",
    "Historians will recall that {town} was evacuated twice in the last century, and that on both occasions those who left came back within the year. Few of the houses of that time still stand.",
    "Insurers put the first estimate of the damage at {big} million dollars. Most of the shops along the main street had no cover, since premiums there doubled after the previous flood.",
]
HEADLINES = ["{number} {whom} {done} near {town}", "{town}: {number} {whom} {done}, officials say", "Toll near {town} put at {number}", "{state}: {event} leaves {number} {done}",
             "What we know of {event} near {town}", "{number} {done} as {town} waits for help"]
FOREIGN = {
    "de": ["Bei einem Brand in {town} sind nach Angaben der Feuerwehr {number} Menschen verletzt worden.", "Die Straße zum Hafen bleibt bis auf weiteres gesperrt, wie die Polizei mitteilte.",
           "Der Bürgermeister dankte den Helfern und bat um Geduld, weil die Ursache noch untersucht wird.", "Nach Einschätzung der Behörden wird die Reparatur der Brücke mehrere Wochen dauern."],
    "fr": ["Un incendie à {town} a fait {number} blessés, ont annoncé les pompiers dans la matinée.", "La route du port reste fermée jusqu’à nouvel ordre, selon la préfecture.",
           "Le maire a remercié les secours et demandé de la patience, car l’enquête ne fait que commencer.", "Les habitants ont passé la nuit dans un gymnase où des lits avaient été installés."],
    "es": ["Un incendio en {town} dejó {number} heridos, informaron los bomberos el martes por la mañana.", "La carretera del puerto permanece cerrada hasta nuevo aviso, dijo la policía.",
           "El alcalde agradeció a los equipos de rescate y pidió paciencia mientras se investiga la causa.", "Los vecinos pasaron la noche en un polideportivo donde se habían preparado camas."],
    "ru": ["При пожаре в городе {town} пострадали {number} человек, сообщили утром спасатели.", "Дорога в порт закрыта до особого распоряжения, говорится в сообщении полиции.",
           "Мэр поблагодарил добровольцев и попросил жителей набраться терпения, пока идёт расследование.", "Жители провели ночь в спортивном зале, где для них поставили кровати."],
    "pl": ["W pożarze w {town} rannych zostało {number} osób, poinformowała rano straż pożarna.", "Droga do portu pozostaje zamknięta do odwołania, podała policja.",
           "Burmistrz podziękował ratownikom i poprosił o cierpliwość, ponieważ przyczyna jest nadal badana.", "Mieszkańcy spędzili noc w hali sportowej, gdzie przygotowano dla nich łóżka."],
    "tr": ["{town} kentindeki yangında {number} kişi yaralandı, itfaiye sabah saatlerinde açıkladı.", "Limana giden yol ikinci bir duyuruya kadar kapalı kalacak, polis böyle bildirdi.",
           "Belediye başkanı kurtarma ekiplerine teşekkür etti ve soruşturma sürerken sabır istedi.", "Mahalle sakinleri geceyi yatakların hazırlandığı bir spor salonunda geçirdi."],
}
STYLE = "".join(f".c{i}{{margin:{i % 7}px {i % 5}px;padding:{i % 9}px;color:#{i * 2654435761 % 0xffffff:06x};font-size:{10 + i % 8}px}}" for i in range(22))


def clutter(outlet, domain):
    """What stands round every page of an outlet: before the headline, and behind the text."""
    links = "".join(f'<li class="nav-item"><a href="https://{domain}/{s.lower()}" data-track="nav-{i}">{s}</a></li>' for i, s in enumerate(SECTIONS))
    before = (
        f'<div id="consent" class="cookie-banner" role="dialog"><p>{outlet} and its 214 partners store cookies on your device to show you advertisements and to measure how '
        f'they are read. You can agree, or say which of them you want.</p><button>Accept all</button><button>Manage settings</button></div>'
        f'<header class="masthead"><a class="logo" href="https://{domain}/">{outlet}</a><form action="/search"><input name="q" placeholder="Search"></form>'
        f'<nav class="main-menu"><ul>{links}</ul></nav><div class="account"><a href="/login">Sign in</a> <a href="/subscribe">Subscribe for 1 a week</a></div></header>')
    share = "".join(f'<a class="share share-{s}" href="https://{s}.example/share?u=https%3A%2F%2F{domain}">{s.capitalize()}</a>' for s in ("facebook", "x", "whatsapp", "telegram", "email"))
    after = (
        f'<div class="share-bar">Share this article {share}</div><section class="newsletter"><h3>Morning briefing</h3><p>Get the day’s stories in your inbox.</p>'
        f'<form><input type="email"><button>Sign up</button></form></section>')
    foot = (
        f'<footer class="site-footer"><ul>{links}</ul><p>About us · Contact · Advertise · Careers · Terms of use · Privacy policy · Corrections</p>'
        f'<p>© 2025 {outlet}. All rights reserved. No part of this site may be reproduced without permission.</p></footer>')
    return before, after, foot


class Story:
    """An event that outlets tell of, with its figure as it changes."""

    def __init__(self, rng, number):
        self.number = number
        self.town, self.other = rng.sample(TOWNS, 2)
        self.state = rng.choice(STATES)
        self.event, self.whom, self.done = rng.choice(EVENTS)
        (self.person, self.role), (self.second, self.second_role) = rng.sample(PEOPLE, 2)
        self.day = datetime.date(2025, 1, 6) + datetime.timedelta(days=rng.randrange(150))
        self.toll, self.before = rng.randrange(8, 120), None
        self.left = rng.randrange(3, 14)
        self.last = None


class Archive:
    """The file that is written, a gzip member a record, and the truth about it."""

    def __init__(self, directory):
        self.name = "news.warc.gz"
        self.out = open(os.path.join(directory, self.name), "wb")
        self.number = self.plain = self.packed = self.passed_over = 0
        self.failed, self.left_out, self.sorts = {}, {}, {}

    def record(self, kind, fields, block, length=None, sort=None, damage=None):
        head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{self.number + 1:032x}>\r\n{fields}"
        if length != -1:
            head += f"Content-Length: {len(block) if length is None else length}\r\n"
        pack = zlib.compressobj(6, zlib.DEFLATED, 31)
        member = pack.compress(head.encode() + b"\r\n" + block + b"\r\n\r\n") + pack.flush()
        if damage == "break":
            middle = len(member) // 2
            member = member[:middle] + bytes(b ^ 0xff for b in member[middle:middle + 8]) + member[middle + 8:]
        elif damage == "cut":
            member = member[:len(member) * 3 // 5]
        self.number += 1
        self.plain += len(head) + len(block) + 6
        self.write(member)
        self.sorts[sort or kind] = self.sorts.get(sort or kind, 0) + 1
        return f"{self.name}#{self.number}"

    def write(self, member):
        self.packed += len(member)
        self.out.write(member)

    def response(self, url, when, status, fields, body, sort, **more):
        block = f"HTTP/1.1 {status}\r\nServer: nginx\r\nDate: {when:%a, %d %b %Y %H:%M:%S} GMT\r\n{fields}\r\n".encode() + body
        head = f"WARC-Target-URI: {url}\r\nWARC-Date: {when:%Y-%m-%dT%H:%M:%SZ}\r\nContent-Type: application/http; msgtype=response\r\n"
        return self.record("response", head, block, sort=sort, **more)


def article(rng, story, outlet, domain, around, recent, identity):
    """One page: its address, its bytes as text, and its headline."""
    if story.last and rng.random() < 0.12:
        paragraphs, headline = story.last
    else:
        if story.last and rng.random() < 0.45:
            story.before, story.toll = story.toll, story.toll + rng.randrange(1, 17)
            story.day += datetime.timedelta(days=rng.randrange(0, 3))
        later = story.day + datetime.timedelta(days=rng.randrange(1, 5))
        slots = dict(
            town=story.town, other=story.other, state=story.state, event=story.event, event_cap=story.event[0].upper() + story.event[1:], whom=story.whom, done=story.done,
            number=story.toll, before=story.before, person=story.person, role=story.role, role_cap=story.role.capitalize(), second=story.second, second_role=story.second_role,
            weekday=WEEKDAYS[story.day.weekday()], later=WEEKDAYS[later.weekday()], tiny=rng.randrange(2, 9), small=rng.randrange(11, 60), big=rng.randrange(70, 900),
            bigger=f"{rng.randrange(2, 90)},{rng.randrange(0, 10)}00", nth=rng.choice(["second", "third", "fourth", "fifth"]), ago=rng.choice(["six hours", "a day", "twelve hours"]))
        chosen = [rng.choice(LEADS)] + ([rng.choice(UPDATES)] if story.before else []) + rng.sample(BODIES, rng.randrange(5, 8))
        paragraphs = [paragraph.format(**slots) for paragraph in chosen]
        paragraphs[0] = f"{story.town.upper()}, {story.state} — {paragraphs[0]}"
        headline = rng.choice(HEADLINES).format(**slots)
        headline = headline[0].upper() + headline[1:]
        story.last = paragraphs, headline
    before, after, foot = around
    day = story.day
    url = f"https://{domain}/{day:%Y/%m/%d}/{identity}"
    related = "".join(f'<li class="related-item"><a href="https://{domain}/story/{rng.getrandbits(32):08x}">{html.escape(rng.choice(recent))}</a>'
                      f'<span class="kicker">{rng.choice(SECTIONS)}</span></li>' for _ in range(12)) if recent else ""
    state = json.dumps({"page": identity, "ab": f"{rng.getrandbits(128):032x}", "slots": [{"id": f"{rng.getrandbits(64):016x}", "size": [300, 250]} for _ in range(9)],
                        "session": f"{rng.getrandbits(256):064x}"})
    body = "".join(f"<p>{html.escape(paragraph, quote=False)}</p>\n" for paragraph in paragraphs)
    page = (
        f'<!DOCTYPE html>\n<html lang="en"><head>@CHARSET@<title>{html.escape(headline)} | {outlet}</title><link rel="canonical" href="{url}">'
        f'<meta property="og:title" content="{html.escape(headline)}"><meta property="og:site_name" content="{outlet}">'
        f'<meta property="article:published_time" content="{day.isoformat()}T08:00:00Z"><style>{STYLE}</style></head><body>{before}'
        f'<main><article><h1>{html.escape(headline)}</h1><div class="byline">By {rng.choice(PEOPLE)[0]}</div><time datetime="{day.isoformat()}">{day.day} {MONTHS[day.month - 1]} {day.year}</time>\n'
        f'{body}</article>{after}<aside class="related"><h2>More from {outlet}</h2><ul>{related}</ul></aside></main>'
        f'<script>window.__STATE__={state};(function(w,d){{var s=d.createElement("script");s.async=true;s.src="https://cdn.{domain}/a.js";d.head.appendChild(s);w.q=w.q||[];'
        f'w.q.push(["view",w.__STATE__.page]);d.addEventListener("scroll",function(){{if(w.scrollY>900)w.q.push(["deep"])}})}})(window,document);</script>{foot}</body></html>\n')
    return url, page, headline


def chunked(body):
    half = len(body) // 3
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:half], body[half:])) + b"0\r\n\r\n"


def gzipped(body):
    pack = zlib.compressobj(6, zlib.DEFLATED, 31)
    return pack.compress(body) + pack.flush()


def good(rng, archive, url, page, when):
    """A page as an article is kept: plain, in chunks, packed, or in another encoding than it says."""
    fields, body, sort = "Content-Type: text/html; charset=utf-8\r\n", None, "article"
    kind = rng.random()
    if kind < LATIN:
        # windows-1252 bytes: declared as UTF-8, or not declared.
        said = rng.random() < 0.5
        page = page.replace("@CHARSET@", '<meta charset="utf-8">' if said else "").replace("</article>", "<p>Prices at the café by the quay rose to £9.</p></article>")
        body = page.encode("windows-1252", "xmlcharrefreplace")
        fields = "Content-Type: text/html; charset=utf-8\r\n" if said else "Content-Type: text/html\r\n"
        sort = "article, windows-1252 as utf-8" if said else "article, encoding not said"
    else:
        body = page.replace("@CHARSET@", '<meta charset="utf-8">').encode()
        if kind < LATIN + CHUNKED:
            body, fields = chunked(body), fields + "Transfer-Encoding: chunked\r\n"
        elif kind < LATIN + CHUNKED + PACKED:
            body, fields = gzipped(body), fields + "Content-Encoding: gzip\r\n"
    archive.response(url, when, "200 OK", fields, body, sort)


def other(rng, archive, sort, url, page, when):
    """A record that is no article, or a broken one: what came of it goes into the truth."""
    text = "Content-Type: text/html; charset=utf-8\r\n"
    body = page.replace("@CHARSET@", '<meta charset="utf-8">').encode()
    block_length = lambda status, fields: len(f"HTTP/1.1 {status}\r\nServer: nginx\r\nDate: {when:%a, %d %b %Y %H:%M:%S} GMT\r\n{fields}\r\n".encode()) + len(body)
    if sort in ("broken member", "cut member"):
        archive.failed[archive.response(url, when, "200 OK", text, body, sort, damage="break" if sort == "broken member" else "cut")] = sort
    elif sort in ("length too long", "length too short"):
        length = block_length("200 OK", text) + (rng.randrange(50, 5000) if sort == "length too long" else -rng.randrange(50, 2000))
        archive.failed[archive.response(url, when, "200 OK", text, body, sort, length=length)] = sort
    elif sort == "no length":
        archive.failed[archive.response(url, when, "200 OK", text, body, sort, length=-1)] = sort
    elif sort == "broken body":
        packed = gzipped(body)
        archive.failed[archive.response(url, when, "200 OK", text + "Content-Encoding: gzip\r\n", packed[:len(packed) // 2], sort)] = sort
    elif sort == "garbage":
        archive.failed[f"{archive.name}@{archive.packed}"] = sort
        archive.write(b"\xee" + rng.randbytes(rng.randrange(20, 600)).replace(b"\x1f\x8b", b"\x00\x00"))
        archive.sorts[sort] = archive.sorts.get(sort, 0) + 1
    elif sort == "huge":
        paragraph = b"<p>The harbour was quiet, and nothing was said that had not been said before.</p>\n"
        huge = b"<!DOCTYPE html><html><body>" + paragraph * (HUGE_BYTES // len(paragraph))
        archive.failed[archive.response(url, when, "200 OK", text, huge, sort)] = sort
    elif sort == "empty body":
        archive.left_out[archive.response(url, when, "200 OK", text, b"", sort)] = sort
    elif sort in ("not English", "windows-1251 as utf-8"):
        language = "ru" if sort != "not English" else rng.choice(sorted(FOREIGN))
        sentences = [s.format(town=rng.choice(TOWNS), number=rng.randrange(3, 90)) for s in FOREIGN[language]]
        foreign = f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{sentences[0]}</title></head><body><article><h1>{sentences[0]}</h1>' + \
            "".join(f"<p>{' '.join(rng.sample(sentences, len(sentences)))}</p>" for _ in range(4)) + "</article></body></html>"
        encoding = "utf-8" if sort == "not English" else "windows-1251"
        archive.left_out[archive.response(url, when, "200 OK", text, foreign.encode(encoding, "replace"), sort)] = f"not English ({language})"
    else:
        archive.passed_over += 1
        if sort == "image":
            archive.response(url + ".jpg", when, "200 OK", "Content-Type: image/jpeg\r\n", b"\xff\xd8\xff\xe0" + rng.randbytes(rng.randrange(900, 6000)), sort)
        elif sort == "style":
            archive.response(url + ".css", when, "200 OK", "Content-Type: text/css\r\n", STYLE.encode(), sort)
        elif sort == "json":
            archive.response(url + ".json", when, "200 OK", "Content-Type: application/json\r\n", json.dumps({"url": url, "likes": rng.randrange(99)}).encode(), sort)
        elif sort == "redirect":
            archive.response(url + "?m=1", when, "301 Moved Permanently", f"Location: {url}\r\nContent-Type: text/html\r\n", b"<html><body>Moved</body></html>", sort)
        elif sort == "not found":
            archive.response(url + "-old", when, "404 Not Found", text, body, sort)
        elif sort == "revisit":
            archive.record("revisit", f"WARC-Target-URI: {url}\r\nWARC-Date: {when:%Y-%m-%dT%H:%M:%SZ}\r\nContent-Type: application/http; msgtype=response\r\n"
                           "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest\r\n", b"HTTP/1.1 200 OK\r\n\r\n", sort=sort)
        elif sort == "request":
            archive.record("request", f"WARC-Target-URI: {url}\r\nWARC-Date: {when:%Y-%m-%dT%H:%M:%SZ}\r\nContent-Type: application/http; msgtype=request\r\n",
                           f"GET {url} HTTP/1.1\r\nUser-Agent: crawler\r\n\r\n".encode(), sort=sort)
        else:
            archive.record("metadata", f"WARC-Target-URI: {url}\r\nWARC-Date: {when:%Y-%m-%dT%H:%M:%SZ}\r\nContent-Type: application/warc-fields\r\n",
                           b"fetchTimeMs: 212\r\n", sort=sort)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--out", required=True)
    options.add_argument("--sound", action="store_true", help="no record is broken or huge: for programs that stop at one")
    asked = options.parse_args()
    rng = random.Random(asked.seed)
    os.makedirs(asked.out, exist_ok=True)
    archive = Archive(asked.out)
    archive.record("warcinfo", "WARC-Date: 2025-01-06T00:00:00Z\r\nContent-Type: application/warc-fields\r\n", b"software: tests/scale/archive.py\r\nformat: WARC File Format 1.0\r\n")
    archive.passed_over += 1
    around = {domain: clutter(outlet, domain) for outlet, domain in OUTLETS}
    # Bad records stand at places drawn beforehand, at least one of each sort.
    due = {}
    for sort, share in [*SHARES.items(), ("huge", None)]:
        if asked.sound and (share is None or sort in BROKEN):
            continue
        for _ in range(HUGE if share is None else max(1, share * asked.articles // 10_000)):
            due.setdefault(rng.randrange(asked.articles), []).append(sort)
    stories, told, recent = [], 0, []
    for written in range(asked.articles):
        if len(stories) < 40 and (not stories or rng.random() < 0.5):
            stories.append(Story(rng, told))
            told += 1
        story = rng.choice(stories)
        outlet, domain = rng.choice(OUTLETS)
        url, page, headline = article(rng, story, outlet, domain, around[domain], recent, f"{story.town.lower()}-{written}")
        when = datetime.datetime.combine(story.day, datetime.time(9 + rng.randrange(12), rng.randrange(60), rng.randrange(60)))
        good(rng, archive, url, page, when)
        for sort in due.get(written, []):
            other(rng, archive, sort, url, page, when)
        recent = (recent + [headline])[-200:]
        story.left -= 1
        if story.left == 0:
            stories.remove(story)
    archive.out.close()
    truth = {"articles": asked.articles, "failed": archive.failed, "left_out": archive.left_out, "passed_over": archive.passed_over,
             "records": archive.number, "sorts": archive.sorts, "bytes": archive.plain, "packed": archive.packed}
    with open(os.path.join(asked.out, "truth.json"), "w", encoding="utf-8") as out:
        json.dump(truth, out, indent=1)
    print(f"{asked.articles} articles of {told} stories in {archive.number} records; {len(archive.failed)} must fail, {len(archive.left_out)} are left out; "
          f"{archive.plain / 1e6:.0f} MB, {archive.packed / 1e6:.0f} MB packed")


if __name__ == "__main__":
    main()
