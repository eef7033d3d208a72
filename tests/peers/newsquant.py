#!/usr/bin/env python3
"""Turn what `wiregraph inspect --stage extract --plain` gives into the format of the NewsQuant scorer, and score it.

    cargo build
    python3 tests/peers/newsquant.py --program target/debug/wiregraph --gold GOLD.json --scorer SCORER.py

GOLD.json is NewsQuant's development half (Almasian et al. 2023), SCORER.py a scorer that takes PRED.jsonl and GOLD.json.
`--half even` and `--half odd` take the sentences in even or odd places of GOLD.json alone: rules were tuned on the even half and
nobody has looked at the odd one. `--show` prints the sentences where something differs, for the even half only.

Licence trap: NewsQuant states no licence. Neither its data nor the scorer is part of this project; both are named on the command line.
Do not copy them, nor sentences of them, into the project's files.

What is mapped here are names and conventions alone; nothing is found or put right:
- a counted noun is called the unit where there is no other, singular and without its determiner; superlatives are adjectives there;
- "percentage", "dollar" and the like for "percent" and "US dollar";
- "at least" and "more than" are both ">", "up to" and "less than" both "<"; a change's direction stands where no bound does;
- an average is "~"; "dozens" is 12, "thousands" a range from one thousand to ten;
- a change "from A to B" is one range;
- a reported nought ("no casualties"), "a single" and the age between commas behind a name ("Moll, 34, said") are no quantities there;
- "the toll was 12": what stands before the number with a verb between and is a figure itself is what the amount is of, and there is no unit;
- a fraction of something is "% " and what it is of; "most" before an adjective is left out as "-est" is;
- "top" and "record" before the number belong to the noun behind it, and a kind or a portion is named with what it is of.
"""
import argparse, json, os, re, subprocess, sys, tempfile

UNITS = {
    'percent': 'percentage', 'US dollar': 'dollar', 'Japanese yen': 'japanese yen', 'part per billion': 'parts-per-billion',
    'part per million': 'parts-per-million', 'degree Celsius': 'celsius', 'degree Fahrenheit': 'fahrenheit',
    'revolution per minute': 'revolutions per minute', 'Israeli shekel': 'shekel', 'yuan': 'chinese yuan', 'Russian rouble': 'russian ruble',
    'million British thermal units': 'mega british thermal unit',
}
BOUNDS = {'about': '~', 'at-least': '>', 'more-than': '>', 'at-most': '<', 'less-than': '<'}
ABOUT = ('about', 'around', 'roughly', 'approximately', 'nearly', 'almost', 'some', '~')
VAGUE = {'dozens': 12, 'tens': [10, 100], 'hundreds': [100, 1000], 'thousands': [1000, 10000], 'millions': [1000000, 10000000],
         'billions': [1000000000, 10000000000], 'hundreds of millions': [100000000, 1000000000], 'tens of thousands': [10000, 100000], 'hundreds of thousands': [100000, 1000000]}
IRREGULAR = {'men': 'man', 'women': 'woman', 'children': 'child', 'feet': 'foot', 'teeth': 'tooth', 'mice': 'mouse', 'lives': 'life',
             'wives': 'wife', 'leaves': 'leaf', 'halves': 'half', 'shelves': 'shelf', 'series': 'series', 'species': 'species',
             'movies': 'movie', 'best': 'good', 'better': 'good', 'worst': 'bad', 'news': 'news', 'others': 'other'}
STOP = set('''a an the this that these those his her its their our my your of in on at to for from by with and or as than is was were are be
been which who between'''.split())


def singular(word):
    low = word.lower()
    if low in IRREGULAR:
        return IRREGULAR[low]
    if low.endswith('est') and len(low) > 5 and low not in ('interest', 'forest', 'request', 'protest', 'harvest', 'contest', 'arrest', 'honest'):
        stem = low[:-3]
        if stem.endswith('i'):
            return stem[:-1] + 'y'
        if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] in 'gdtn':
            return stem[:-1]
        return stem + 'e' if stem[-1] in 'cgsv' or stem.endswith(('at', 'os')) else stem
    if low.endswith('ics'):
        return word
    if low.endswith('ies') and low in ('calories', 'cookies', 'zombies', 'rookies', 'selfies', 'hoodies'):
        return word[:-1]
    if low.endswith('ies') and len(low) > 4:
        return word[:-3] + 'y'
    if low.endswith(('ss', 'us', 'is')) or len(low) < 4 or not low.endswith('s'):
        return word
    if low.endswith(('heroes', 'vetoes', 'potatoes', 'tomatoes', 'torpedoes', 'mosquitoes', 'ches', 'shes', 'xes', 'sses', 'zes', 'ruses', 'buses', 'nuses', 'tuses')):
        return word[:-2]
    return word[:-1]


def counted_unit(text):
    kept = [w for w in re.split(r'\s+', text) if w.lower() not in STOP]
    # A plural name of people keeps its form there, as all capitals do.
    return ' '.join(w if w[:1].isupper() and not w[:-1].isupper() and len(kept) == 1 else singular(w) for w in kept)


# Kinds and portions are named with what they are of there: "barrels of oil".
PORTIONS = set('type kind sort category form line piece version barrel article member part period'.split())


def of_what(quantity, text):
    behind = text[quantity['counted_end']:].decode(errors='replace') if 'counted_end' in quantity else ''
    found = re.match(r' of ([A-Za-z-]+)', behind)
    whole = singular(quantity['counted'].split()[-1]).lower() in PORTIONS if behind else False
    return ' of ' + singular(found[1]) if found and whole and found[1].lower() not in STOP else ''


def before(quantity, text):
    """An adjective that stands before the number there belongs to the noun behind it."""
    word = text[:quantity['start']].decode(errors='replace').split()[-1:]
    return word[0].lower() + ' ' if word and word[0].lower() in ('top', 'record') else ''


def is_left_out(quantity, text):
    words = text[quantity['start']:quantity['end']].lower()
    between = text[:quantity['start']].endswith(b', ') and text[quantity['end']:quantity['end'] + 1] in (b',', b'.', b';')
    return words.split()[:1] in ([b'no'], [b'none']) or words.split()[-1:] == [b'single'] or quantity['measure'] == 'age' and words.isdigit() and between


def is_said_of(quantity):
    """A figure before its number is not what is counted there: "the toll was 12", but "troops, 1,000 of them"."""
    head = quantity.get('counted', '').split()[-1:]
    return 'unit' not in quantity and quantity.get('counted_end', quantity['start']) < quantity['start'] and head == [singular(w) for w in head]


def unit(quantity, text):
    name = quantity.get('unit')
    if quantity.get('measure') == 'age':
        return f"{name or 'year'} of age"
    if name:
        parts = [UNITS.get(name)] if name in UNITS else [UNITS.get(part, part) for part in name.split(' per ')]
        return (' per '.join(parts) + (f" per {quantity['per']}" if 'per' in quantity and len(parts) == 1 else '')).lower()
    if not quantity.get('counted') or is_said_of(quantity):
        return 'other' if re.match(rb'\s+others\b', text[quantity['end']:]) else '-'
    counted = quantity['counted']
    if 'per' in quantity:
        counted = re.sub(rf"\s+(per|a|an|each|every)\s+{re.escape(quantity['per'])}$", '', counted)
    share = '% ' if quantity['measure'] == 'share' else ''
    return share + before(quantity, text) + counted_unit(re.sub(r'^most\s+', '', counted)) + of_what(quantity, text) + (f" per {quantity['per']}" if 'per' in quantity else '')


def value(quantity, words):
    if 'value' in quantity:
        return float(quantity['value'])
    if 'low' in quantity:
        return [float(quantity['low']), float(quantity['high'])]
    return VAGUE.get(words)


def concepts(quantity):
    words = []
    said = [{'text': quantity['counted']}] if is_said_of(quantity) else []
    for concept in said + quantity.get('of', []):
        words += [w for w in re.split(r'[,\s]+', concept['text']) if w and w.lower() not in STOP]
    words = [w for w in (re.sub(r"['’]s?$", '', w) for w in words) if w]
    return words or ['-']


def direction(quantity, text):
    """The corpus marks verbs, "up" and "down" before the number; no nouns and nothing behind it. A direction without words is the claim reader's."""
    if 'change' not in quantity or 'low' in quantity:
        return None
    if 'change_start' not in quantity:
        return quantity['change']
    if quantity['change_start'] > quantity['start']:
        return None
    between = text[quantity['change_end']:quantity['start']].decode(errors='replace')
    return None if between.strip().startswith('of') else quantity['change']


def adapt(record):
    text = record['text'].encode()
    piece = lambda start, end: text[start:end].decode(errors='replace')
    out, last = [], None
    for q in record['quantities']:
        words = piece(q['start'], q['end']).lower()
        v = value(q, words)
        if v is None or is_left_out(q, text):
            last = None
            continue
        change = BOUNDS.get(q['bound'])
        # "about 95 to 130": a range has no other bound in our output.
        if 'low' in q and words.split()[0] in ABOUT:
            change = '~'
        before = piece(max(0, q['start'] - 24), q['start']).lower()
        if change is None and re.search(r'\baverag(ed|es|ing)( a| an)? $', before):
            change = '~'
        item = {'value': v, 'normalized_unit': unit(q, text), 'change': change or direction(q, text) or '=', 'referred_concepts': concepts(q),
                'start': q['start'], 'end': max(q['end'], q.get('unit_end', 0))}
        if last and not isinstance(v, list) and not isinstance(last['value'], list):
            opens = re.search(r'\bfrom (up to |about )?$', piece(max(0, last['start'] - 12), last['start'])) \
                or piece(last['start'], last['end']).startswith(('from ', 'up to '))
            between = piece(last['end'], q['start'])
            if opens and re.search(r'(^|\s)to $', between) and len(between.split()) <= 6 and 'to ' in words + between:
                last.update(value=[last['value'], v], change=last['change'])
                if last['normalized_unit'] == '-' or q.get('unit'):
                    last['normalized_unit'] = item['normalized_unit'] if last['normalized_unit'] == '-' else last['normalized_unit']
                last = None
                continue
        out.append(item)
        last = item
    return {'id': record['id'], 'quantities': out}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--program', default='target/debug/wiregraph')
    parser.add_argument('--gold', required=True)
    parser.add_argument('--scorer')
    parser.add_argument('--half', choices=['even', 'odd'])
    parser.add_argument('--recogniser', default='fast')
    parser.add_argument('--show', action='store_true')
    args = parser.parse_args()
    gold = json.load(open(args.gold))
    if args.half:
        gold = gold[0 if args.half == 'even' else 1::2]
    with tempfile.TemporaryDirectory() as work:
        texts, half, pred = (os.path.join(work, name) for name in ('texts.jsonl', 'gold.json', 'pred.jsonl'))
        with open(texts, 'w') as file:
            for record in gold:
                file.write(json.dumps({'id': str(record['id']), 'text': record['text']}) + '\n')
        json.dump(gold, open(half, 'w'))
        run = subprocess.run([args.program, 'inspect', texts, '--stage', 'extract', '--plain', '--recogniser', args.recogniser],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        found = {}
        for line in run.stdout.splitlines():
            record = json.loads(line)
            if 'error' not in record:
                adapted = adapt(record)
                found[int(adapted['id'])] = adapted
        with open(pred, 'w') as file:
            for record in gold:
                adapted = found.get(record['id'], {'quantities': []})
                file.write(json.dumps({'id': record['id'], 'quantities': adapted['quantities']}) + '\n')
        missing = [r['id'] for r in gold if r['id'] not in found]
        if missing:
            print(f'{len(missing)} sentences came back without a result', file=sys.stderr)
        if args.show and args.half == 'even':
            show(gold, found)
        if args.scorer:
            subprocess.run([sys.executable, args.scorer, pred, half], check=True)
        elif not args.show:
            sys.stdout.write(open(pred).read())


def show(gold, found):
    for record in gold:
        fmt = lambda q: (json.dumps(q['value']), q['change'], q['normalized_unit'], q['referred_concepts'])
        mine = found.get(record['id'], {'quantities': []})['quantities']
        print(record['id'], record['text'])
        for q in record['quantities']:
            print('    gold', *fmt(q), sep=' | ')
        for q in mine:
            v, c, u, r = fmt(q)
            print('    mine', v, c, u, ' '.join(r), sep=' | ')


if __name__ == '__main__':
    main()
