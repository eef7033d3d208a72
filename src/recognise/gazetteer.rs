//! What is listed: entries by key, and a trie over words that finds their names in a text.

use super::words::{Atom, Flags, WordId, Words, atoms_of, shape};
use crate::error::{Error, Result};
use crate::lexicon::{DataFile, layers};
use crate::types::Kind;
use rustc_hash::FxHashMap;
use std::path::Path;

/// Something the gazetteers know.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// "state/KP", "place/5128581", "organization/nis-kr", "person/kim-jong-un", "equipment/kn-23", "people/kurdish".
    pub key: String,
    /// The usual name.
    pub name: String,
    /// Every name, the usual one first.
    pub names: Vec<String>,
    /// Adjectives and names of the people, for states and peoples.
    pub demonyms: Vec<String>,
    /// What a mention of it is; `None` for a people, whose mentions are [`Kind::Nationality`].
    pub kind: Option<Kind>,
    /// Class of equipment, subtype of an organization, note on a place ("capital").
    pub class: Option<String>,
    /// The state it belongs to, or for a person the state or organization of the post.
    pub state: Option<String>,
    /// Forms of the capital's name, for states.
    pub capital: Vec<String>,
    /// Degrees north.
    pub lat: Option<f32>,
    /// Degrees east.
    pub lon: Option<f32>,
    /// Inhabitants.
    pub population: Option<u32>,
    /// Wikidata id ("Q423").
    pub wikidata: Option<String>,
    /// Post, for a person.
    pub post: Option<String>,
}

/// What a name found in the text stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// The entry's own name.
    Name,
    /// The name is more often something else: it needs a place's surroundings.
    Care,
    /// The name is another word as well: it needs a class word beside it.
    Unsure,
    /// "North" of "the North": an article before it, and its state elsewhere in the article.
    Definite,
    /// An adjective or name of the people.
    Demonym,
    /// A person's last name.
    Surname,
    /// A body every state has: "Supreme Court".
    Body,
    /// A branch of a state's services: "Navy".
    Branch,
    /// A named event.
    Event,
    /// A military unit's whole name.
    Unit,
}

/// A name in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) start: usize,
    /// One past its last atom.
    pub(super) end: usize,
    /// Atoms at its end that are a class word in lower case ("region").
    pub(super) trim: usize,
    pub(super) form: Form,
    /// Index of the entry; meaningless for forms without one.
    pub(super) entry: u32,
}

const NO_ENTRY: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
struct Item {
    form: Form,
    entry: u32,
    trim: u8,
}

/// Entries and the trie over their names.
#[derive(Debug)]
pub(super) struct Gazetteer {
    pub(super) entries: Vec<Entry>,
    by_key: FxHashMap<String, u32>,
    /// (node, word) to node; the root is 0.
    steps: FxHashMap<u64, u32>,
    items: Vec<Option<Item>>,
    by_demonym: FxHashMap<String, u32>,
    /// Less known places with the name of an entry, by the entry.
    namesakes: FxHashMap<u32, Vec<u32>>,
}

impl Gazetteer {
    pub(super) fn load(words: &mut Words, rules: Option<&Path>) -> Result<Gazetteer> {
        let mut this = Gazetteer {
            entries: Vec::with_capacity(20_000),
            by_key: FxHashMap::default(),
            steps: FxHashMap::default(),
            items: vec![None],
            by_demonym: FxHashMap::default(),
            namesakes: FxHashMap::default(),
        };
        this.steps.reserve(60_000);
        this.read(words, "gazetteer/states.tsv", include_str!("../../models/gazetteer/states.tsv"), rules, state)?;
        this.read(words, "gazetteer/organizations.tsv", include_str!("../../models/gazetteer/organizations.tsv"), rules, organization)?;
        this.read(words, "gazetteer/persons.tsv", include_str!("../../models/gazetteer/persons.tsv"), rules, person)?;
        this.read(words, "gazetteer/equipment.tsv", include_str!("../../models/gazetteer/equipment.tsv"), rules, equipment)?;
        this.read(words, "gazetteer/places.tsv", include_str!("../../models/gazetteer/places.tsv"), rules, place)?;
        this.surnames(words);
        this.read_namesakes(rules)?;
        Ok(this)
    }

    fn read(
        &mut self,
        words: &mut Words,
        name: &str,
        built_in: &str,
        rules: Option<&Path>,
        row: fn(&Row) -> Result<(Entry, Names)>,
    ) -> Result<()> {
        for file in layers(name, built_in, rules)? {
            for (number, line) in file.text.lines().enumerate() {
                if line.starts_with('#') || line.trim().is_empty() {
                    continue;
                }
                let (entry, names) = row(&Row { file: &file, number: number + 1, columns: line.split('\t').collect() })?;
                self.add(words, entry, names);
            }
        }
        Ok(())
    }

    fn read_namesakes(&mut self, rules: Option<&Path>) -> Result<()> {
        let of_places = |(_, e): &(usize, &Entry)| e.kind == Some(Kind::Place);
        let mut by_name: FxHashMap<String, u32> = FxHashMap::default();
        for (index, entry) in self.entries.iter().enumerate().filter(of_places) {
            for name in &entry.names {
                by_name.entry(name.clone()).or_insert(index as u32);
            }
        }
        for file in layers("gazetteer/namesakes.tsv", include_str!("../../models/gazetteer/namesakes.tsv"), rules)? {
            for (number, line) in file.text.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.trim().is_empty()) {
                // The name stands before the columns of a place.
                let (name, rest) = line.split_once('\t').unwrap_or((line, ""));
                let (key, rest) = rest.split_once('\t').unwrap_or((rest, ""));
                let columns: Vec<&str> = [key, name, ""].into_iter().chain(rest.split('\t')).collect();
                let (entry, _) = place(&Row { file: &file, number: number + 1, columns })?;
                let Some(listed) = by_name.get(name).copied().filter(|_| !self.by_key.contains_key(&entry.key)) else { continue };
                let index = self.entries.len() as u32;
                self.by_key.insert(entry.key.clone(), index);
                self.entries.push(entry);
                self.namesakes.entry(listed).or_default().push(index);
            }
        }
        Ok(())
    }

    /// Less known places with the name of an entry.
    pub(super) fn namesakes(&self, key: &str) -> impl Iterator<Item = &Entry> + Clone {
        let held = self.by_key.get(key).and_then(|index| self.namesakes.get(index));
        held.into_iter().flatten().map(|index| &self.entries[*index as usize])
    }

    fn add(&mut self, words: &mut Words, entry: Entry, names: Names) {
        // A user's line with a key that is there replaces the entry; its names are added.
        let index = match self.by_key.get(&entry.key) {
            Some(&index) => {
                self.entries[index as usize] = entry;
                index
            }
            None => {
                let index = self.entries.len() as u32;
                self.by_key.insert(entry.key.clone(), index);
                self.entries.push(entry);
                index
            }
        };
        for (name, form) in &names {
            if *form == Form::Demonym {
                self.by_demonym.entry(name.clone()).or_insert(index);
            }
            self.insert(words, name, *form, index);
        }
    }

    /// Adds a name to the trie; the first entry with a name keeps it.
    pub(super) fn insert(&mut self, words: &mut Words, name: &str, form: Form, entry: u32) {
        let (name, form) = match name.strip_prefix("the ").filter(|_| form == Form::Name) {
            Some(bare) => (bare, Form::Definite),
            None => (name, form),
        };
        let mut node = 0;
        let mut trim = 0u8;
        for word in atoms_of(name) {
            let id = words.intern(&word);
            // Class words are cut off places alone: an air base keeps "air base" out, an organization keeps all its words.
            let class = words.flags(id) & super::words::PLACE_AFTER != 0 && node != 0 && matches!(form, Form::Name | Form::Care);
            trim = if class || (word == "air" && node != 0) || (word == "nuclear" && node != 0) || word == "power" { trim + 1 } else { 0 };
            let next = self.items.len() as u32;
            node = *self.steps.entry(step(node, id)).or_insert(next);
            if node == next {
                self.items.push(None);
            }
        }
        if node == 0 {
            return;
        }
        let is_place = self.entries.get(entry as usize).is_some_and(|e| e.kind == Some(Kind::Place));
        let item = &mut self.items[node as usize];
        if item.is_none_or(|held| held.form == Form::Surname || (held.form == Form::Body && form == Form::Name)) {
            *item = Some(Item { form, entry, trim: if is_place { trim } else { 0 } });
        }
    }

    /// Adds a name that has no entry.
    pub(super) fn insert_bare(&mut self, words: &mut Words, name: &str, form: Form) {
        self.insert(words, name, form, NO_ENTRY);
    }

    /// The last names of listed persons, where they lead to one person and are nothing else in the lists.
    fn surnames(&mut self, words: &mut Words) {
        let mut owners: FxHashMap<String, Option<u32>> = FxHashMap::default();
        let mut order = Vec::new();
        for (index, entry) in self.entries.iter().enumerate().filter(|(_, e)| e.kind == Some(Kind::Person)) {
            for name in &entry.names {
                let Some(last) = surname(name) else { continue };
                match owners.get_mut(&last) {
                    None => {
                        owners.insert(last.clone(), Some(index as u32));
                        order.push(last);
                    }
                    Some(owner) if *owner != Some(index as u32) => *owner = None,
                    Some(_) => {}
                }
            }
        }
        for last in order {
            let Some(Some(owner)) = owners.get(&last).copied() else { continue };
            let flags = words.flags(words.id(atoms_of(&last).last().map_or("", String::as_str)));
            let lower = words.flags(words.id(&last.to_lowercase()));
            use super::words::{FUNCTION, GIVEN, NAME_WORD, TITLE};
            if (flags | lower) & (NAME_WORD | FUNCTION | TITLE) == 0 && flags & GIVEN == 0 && last.chars().count() > 3 {
                self.insert(words, &last, Form::Surname, owner);
            }
        }
    }

    /// Every listed name of a stretch of atoms: at each atom the longest, and shorter ones that begin inside it.
    pub(super) fn find(&self, atoms: &[Atom], range: std::ops::Range<usize>, out: &mut Vec<Found>) {
        for start in range.clone() {
            let first = atoms[start].word;
            if first == 0 || atoms[start].is(shape::MARK) {
                continue;
            }
            let mut node = 0;
            let mut best: Option<Found> = None;
            for (at, atom) in atoms.iter().enumerate().take(range.end).skip(start) {
                // "Workers’ Party": the bare apostrophe of a plural stands between, and is skipped.
                if atom.is(shape::POSSESSIVE) && bare_apostrophe(atom) && at > start {
                    continue;
                }
                let word = if atom.is(shape::POSSESSIVE) { POSSESSIVE_ID } else { atom.word };
                let Some(&next) = (word != 0).then(|| self.steps.get(&step(node, word))).flatten() else { break };
                node = next;
                if let Some(item) = self.items[node as usize] {
                    // A longer name that says less does not displace a shorter one of a surer form.
                    best = Some(Found { start, end: at + 1, trim: usize::from(item.trim), form: item.form, entry: item.entry });
                }
            }
            out.extend(best);
        }
    }

    pub(super) fn entry(&self, key: &str) -> Option<&Entry> {
        self.by_key.get(key).map(|&index| &self.entries[index as usize])
    }

    pub(super) fn demonym(&self, word: &str) -> Option<&Entry> {
        self.by_demonym.get(word).map(|&index| &self.entries[index as usize])
    }
}

/// "'s" is interned first of all, so that its number is known.
pub(super) const POSSESSIVE_ID: WordId = 1;

/// "'" has one byte and "’" three; "'s" has two and "’s" four.
fn bare_apostrophe(atom: &Atom) -> bool {
    matches!(atom.end - atom.start, 1 | 3)
}

fn step(node: u32, word: WordId) -> u64 {
    u64::from(node) << 32 | u64::from(word)
}

/// The last name of a listed person: the last word, or the first of a name of three East Asian syllables.
pub(super) fn surname(name: &str) -> Option<String> {
    let words: Vec<&str> =
        name.split_whitespace().filter(|w| !matches!(*w, "Jr." | "Jr" | "II" | "III" | "IV" | "VI" | "XIV" | "XVI")).collect();
    if words.len() < 2 {
        return None;
    }
    let eastern = words.len() == 2 && words[1].split_once('-').is_some_and(|(_, b)| b.starts_with(|c: char| c.is_lowercase()))
        || words.len() == 3 && words.iter().all(|w| w.len() <= 5) && words[0].len() <= 4 && !words[1].contains('.');
    let pick = if eastern { words[0] } else { words[words.len() - 1] };
    let pick = pick.strip_prefix("al-").or_else(|| pick.strip_prefix("el-")).unwrap_or(pick);
    pick.starts_with(|c: char| c.is_uppercase()).then(|| pick.to_owned())
}

type Names = Vec<(String, Form)>;

struct Row<'f> {
    file: &'f DataFile,
    number: usize,
    columns: Vec<&'f str>,
}

impl Row<'_> {
    fn bad(&self, reason: impl Into<String>) -> Error {
        Error::Data { file: self.file.name.clone(), place: format!("line {}", self.number), reason: reason.into() }
    }

    fn column(&self, n: usize) -> &str {
        self.columns.get(n).map_or("", |c| c.trim())
    }

    fn some(&self, n: usize) -> Option<String> {
        Some(self.column(n)).filter(|c| !c.is_empty()).map(str::to_owned)
    }

    fn list(&self, n: usize) -> Vec<String> {
        self.column(n).split('|').map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect()
    }

    fn number_at<T: std::str::FromStr>(&self, n: usize) -> Result<Option<T>> {
        match self.column(n) {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| self.bad(format!("“{text}” is no number"))),
        }
    }

    fn key(&self) -> Result<String> {
        let key = self.column(0);
        if self.columns.len() < 2 {
            return Err(self.bad("columns are separated by tabs; one is missing"));
        }
        if !key.contains('/') || key.contains(' ') {
            return Err(self.bad(format!("“{key}” is no key of the form kind/name")));
        }
        Ok(key.to_owned())
    }
}

/// Directions and qualities before a name are no part of it.
const LEADING: [&str; 12] = [
    "northern ",
    "southern ",
    "central ",
    "eastern ",
    "western ",
    "occupied ",
    "annexed ",
    "mainland ",
    "former ",
    "liberated ",
    "upper ",
    "lower ",
];

fn named(list: &[String], form: Form) -> Names {
    list.iter().filter(|n| !LEADING.iter().any(|l| n.starts_with(l))).map(|n| (n.clone(), form)).collect()
}

fn state(row: &Row) -> Result<(Entry, Names)> {
    let key = row.key()?;
    let demonyms = row.list(3);
    let people = key.starts_with("people/");
    let mut names = if people { Vec::new() } else { named(&row.list(2), Form::Name) };
    names.extend(named(&demonyms, Form::Demonym));
    let entry = Entry {
        name: row.column(1).to_owned(),
        names: row.list(2),
        kind: (!people).then_some(Kind::Place),
        state: if people { row.some(4) } else { None },
        capital: if people { Vec::new() } else { row.list(4) },
        wikidata: row.some(5),
        lat: row.number_at(6)?,
        lon: row.number_at(7)?,
        demonyms,
        key,
        ..Entry::default()
    };
    Ok((entry, names))
}

fn place(row: &Row) -> Result<(Entry, Names)> {
    let class = row.some(7);
    let form = match class.as_deref() {
        Some("word" | "person" | "other") => Form::Care,
        _ => Form::Name,
    };
    let mut names = vec![row.column(1).to_owned()];
    names.extend(row.list(2));
    let entry = Entry {
        key: row.key()?,
        name: row.column(1).to_owned(),
        kind: Some(Kind::Place),
        state: row.some(3),
        lat: row.number_at(4)?,
        lon: row.number_at(5)?,
        population: row.number_at(6)?,
        class,
        names: names.clone(),
        ..Entry::default()
    };
    Ok((entry, named(&names, form)))
}

fn organization(row: &Row) -> Result<(Entry, Names)> {
    let names = row.list(1);
    let name = names.first().cloned().ok_or_else(|| row.bad("no name"))?;
    let entry =
        Entry { key: row.key()?, name, kind: Some(Kind::Organization), class: row.some(2), state: row.some(3), names, ..Entry::default() };
    let listed = entry.names.iter().map(|n| (n.strip_prefix("the ").unwrap_or(n).to_owned(), Form::Name)).collect();
    Ok((entry, listed))
}

fn person(row: &Row) -> Result<(Entry, Names)> {
    let names = row.list(1);
    let name = names.first().cloned().ok_or_else(|| row.bad("no name"))?;
    let entry = Entry { key: row.key()?, name, kind: Some(Kind::Person), post: row.some(2), state: row.some(3), names, ..Entry::default() };
    let listed = named(&entry.names, Form::Name);
    Ok((entry, listed))
}

fn equipment(row: &Row) -> Result<(Entry, Names)> {
    let (sure, unsure) = (row.list(1), row.list(2));
    let mut names = named(&sure, Form::Name);
    names.extend(named(&unsure, Form::Unsure));
    // "Leopard 2s", "F-16Cs": a designation takes the plural's "s".
    let plurals: Names = names
        .iter()
        .filter(|(n, _)| n.ends_with(|c: char| c.is_ascii_digit() || c.is_ascii_uppercase()))
        .map(|(n, f)| (format!("{n}s"), *f))
        .collect();
    names.extend(plurals);
    let all: Vec<String> = sure.into_iter().chain(unsure).collect();
    let name = all.first().cloned().ok_or_else(|| row.bad("no name"))?;
    let entry = Entry {
        key: row.key()?,
        name,
        kind: Some(Kind::Equipment),
        class: row.some(3),
        state: row.some(4),
        names: all,
        ..Entry::default()
    };
    Ok((entry, names))
}

/// Loads word lists of names, one a line with an optional note.
pub(super) fn load_names(words: &mut Words, name: &str, built_in: &str, rules: Option<&Path>, flag: Flags) -> Result<()> {
    for file in layers(name, built_in, rules)? {
        for line in file.text.lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
            let (word, note) = line.split_once('\t').unwrap_or((line, ""));
            let mut folded = atoms_of(word);
            let Some(first) = (!folded.is_empty()).then(|| folded.remove(0)) else { continue };
            let id = words.intern(&first);
            words.set(id, flag | if note == "word" { super::words::NAME_WORD } else { 0 });
        }
    }
    Ok(())
}
