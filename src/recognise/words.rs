//! The words of the finders: one interner for all lists, flags for what each word may be, and a text cut into atoms.

use crate::error::{Error, Result};
use crate::lexicon::{self, DataFile};
use crate::types::{Document, Split};
use compact_str::CompactString;
use rustc_hash::FxHashMap;

/// What a word may be; a set.
pub(super) type Flags = u64;

macro_rules! flags {
    ($($name:ident),* $(,)?) => { flags!(@ 0u32; $($name,)*); };
    (@ $n:expr; $name:ident, $($rest:ident,)*) => { pub(super) const $name: Flags = 1 << ($n); flags!(@ $n + 1; $($rest,)*); };
    (@ $n:expr;) => {};
}

flags!(
    GIVEN,
    FAMILY,
    NAME_WORD,
    TITLE,
    PARTICLE,
    SUFFIX,
    SAYING,
    PRONOUN,
    FUNCTION,
    TIME,
    FOLLOW,
    ORG_HEAD,
    ORG_OPENER,
    ORG_INSIDE,
    NOT_ACRONYM,
    FORMATION,
    NUMBERED,
    UNIT_BRANCH,
    UNIT_SEA,
    EVENT_OPENER,
    EVENT_CLOSER,
    PLACE_HEAD,
    PLACE_AFTER,
    PLACE_OPENER,
    PREPOSITION,
    SURE_PREPOSITION,
    OF_NOUN,
    GEAR_HEAD,
    GEAR_WEAK,
    GEAR_BARE,
    GEAR_PLURAL,
    GEAR_MODIFIER,
    GEAR_STRONG,
    GEAR_NOT_BEFORE,
    VESSEL,
    SHIP_PREFIX,
    NOT_DESIGNATION,
    DESIGNATION,
    GEAR_NOT_AFTER,
    ORG_BEFORE,
    GEAR_JOINED_ONLY,
);

/// A word's number; 0 is every word that no list has.
pub(super) type WordId = u32;

/// All words of all lists.
#[derive(Debug)]
pub(super) struct Words {
    /// Keys lie in the table itself, but for the longest: one place in memory fewer to go to.
    ids: FxHashMap<CompactString, WordId>,
    flags: Vec<Flags>,
}

impl Words {
    pub(super) fn new() -> Words {
        let mut ids = FxHashMap::default();
        ids.reserve(80_000);
        Words { ids, flags: vec![0] }
    }

    /// The number of a folded word, given one if it has none.
    pub(super) fn intern(&mut self, word: &str) -> WordId {
        if let Some(&id) = self.ids.get(word) {
            return id;
        }
        let id = self.flags.len() as WordId;
        self.ids.insert(word.into(), id);
        self.flags.push(0);
        id
    }

    pub(super) fn id(&self, word: &str) -> WordId {
        self.ids.get(word).copied().unwrap_or(0)
    }

    pub(super) fn set(&mut self, id: WordId, flags: Flags) {
        self.flags[id as usize] |= flags;
    }

    pub(super) fn flags(&self, id: WordId) -> Flags {
        self.flags[id as usize]
    }

    /// Adds a flag to each atom of `word`; a word of several atoms flags its last one alone.
    pub(super) fn flag(&mut self, word: &str, flag: Flags) {
        let Some(last) = atoms_of(word).pop() else { return };
        let id = self.intern(&last);
        self.flags[id as usize] |= flag;
    }
}

/// Kinds of atom, as bits.
pub(super) mod shape {
    /// First letter is upper case.
    pub(crate) const UPPER: u8 = 1;
    /// Two or more letters, all upper case.
    pub(crate) const CAPS: u8 = 2;
    /// Has a digit.
    pub(crate) const DIGIT: u8 = 4;
    /// A mark.
    pub(crate) const MARK: u8 = 8;
    /// Possessive ending.
    pub(crate) const POSSESSIVE: u8 = 16;
    /// Joined to the atom before by a hyphen or a slash.
    pub(crate) const GLUED: u8 = 32;
    /// First word of a sentence.
    pub(crate) const FIRST: u8 = 64;
    /// One letter.
    pub(crate) const LETTER: u8 = 128;
}

/// A piece of a token: "surface", "to", "air" of "surface-to-air"; "SA", "22" of "SA-22"; "US" of "U.S.".
#[derive(Clone, Copy, Debug)]
pub(super) struct Atom {
    pub(super) start: u32,
    pub(super) end: u32,
    /// As it stands, accents folded and dots dropped; for an unlisted word in capitals its title case.
    pub(super) word: WordId,
    /// Flags of the word as it stands.
    pub(super) exact: Flags,
    /// Flags of the word in lower case.
    pub(super) any: Flags,
    pub(super) shape: u8,
    /// The mark, or 0.
    pub(super) mark: u8,
}

impl Atom {
    pub(super) fn is(&self, bits: u8) -> bool {
        self.shape & bits != 0
    }

    pub(super) fn upper(&self) -> bool {
        self.shape & shape::UPPER != 0
    }
}

/// A document cut into atoms.
#[derive(Debug)]
pub(super) struct Atoms<'t> {
    pub(super) text: &'t str,
    pub(super) all: Vec<Atom>,
    /// For each sentence its atoms, and whether it is a dateline.
    pub(super) sentences: Vec<(std::ops::Range<usize>, bool)>,
}

impl Atoms<'_> {
    pub(super) fn str(&self, i: usize) -> &str {
        &self.text[self.all[i].start as usize..self.all[i].end as usize]
    }

    /// The text from one atom to the next, to look at what stands between.
    pub(super) fn between(&self, i: usize, j: usize) -> &str {
        &self.text[self.all[i].end as usize..self.all[j].start as usize]
    }
}

/// Cuts a document's tokens into atoms.
pub(super) fn cut<'t>(words: &Words, document: &'t Document, split: &Split) -> Atoms<'t> {
    let text = document.text.as_str();
    let mut all: Vec<Atom> = Vec::with_capacity(split.tokens.len() + split.tokens.len() / 8);
    let mut sentences = Vec::with_capacity(split.sentences.len());
    let mut scratch = String::new();
    for sentence in &split.sentences {
        let from = all.len();
        for token in &split.tokens[sentence.tokens.clone()] {
            let (start, end) = (token.span.start as usize, token.span.end as usize);
            let Some(surface) = text.get(start..end) else { continue };
            let joined = all.last().is_some_and(|last| last.end as usize == start && last.mark == b'-' && all.len() - from >= 2);
            let before = all.len();
            // The apostrophe of a plural's possessive ends a name as "'s" does.
            if matches!(surface, "'" | "’") && all.last().is_some_and(|last| last.end as usize == start) && text[..start].ends_with('s') {
                all.push(Atom { start: start as u32, end: end as u32, word: 0, exact: 0, any: 0, shape: shape::POSSESSIVE, mark: 0 });
                continue;
            }
            pieces(surface, |piece| push(words, &mut all, &mut scratch, text, start, piece, sentence.dateline));
            // A hyphen that is a token of its own between two words joins them.
            if joined && all.len() > before && !all[before].is(shape::MARK) {
                let hyphen = before - 1;
                if hyphen > from && all[hyphen - 1].end == all[hyphen].start && !all[hyphen - 1].is(shape::MARK) {
                    all.remove(hyphen);
                    all[hyphen].shape |= shape::GLUED;
                }
            }
        }
        if let Some(first) = all[from..].iter_mut().find(|a| !a.is(shape::MARK)) {
            first.shape |= shape::FIRST;
        }
        sentences.push((from..all.len(), sentence.dateline));
    }
    Atoms { text, all, sentences }
}

fn push(words: &Words, all: &mut Vec<Atom>, scratch: &mut String, text: &str, base: usize, piece: Piece, dateline: bool) {
    let (start, end) = (base + piece.start, base + piece.end);
    let surface = &text[start..end];
    let mut atom = Atom { start: start as u32, end: end as u32, word: 0, exact: 0, any: 0, shape: 0, mark: 0 };
    if piece.glued {
        atom.shape |= shape::GLUED;
    }
    if piece.mark {
        atom.shape = shape::MARK;
        atom.mark = if surface.len() == 1 { surface.as_bytes()[0] } else { mark_of(surface) };
        all.push(atom);
        return;
    }
    if piece.possessive {
        atom.shape |= shape::POSSESSIVE;
        all.push(atom);
        return;
    }
    let folded: &str = if surface.bytes().all(|b| b.is_ascii_alphanumeric()) {
        surface
    } else {
        scratch.clear();
        fold_into(surface, scratch);
        scratch.as_str()
    };
    let bytes = folded.as_bytes();
    let uppers = bytes.iter().filter(|b| b.is_ascii_uppercase()).count();
    let letters =
        bytes.iter().filter(|b| b.is_ascii_alphabetic()).count() + folded.chars().filter(|c| !c.is_ascii() && c.is_alphabetic()).count();
    if folded.chars().next().is_some_and(char::is_uppercase) {
        atom.shape |= shape::UPPER;
    }
    if uppers >= 2 && uppers == letters {
        atom.shape |= shape::CAPS;
    }
    if bytes.iter().any(u8::is_ascii_digit) {
        atom.shape |= shape::DIGIT;
    }
    if letters == 1 && bytes.len() == 1 {
        atom.shape |= shape::LETTER;
    }
    atom.word = words.id(folded);
    if uppers > 0 {
        let lower: String = folded.to_ascii_lowercase();
        atom.any = words.flags(words.id(&lower));
        if atom.is(shape::CAPS) && (atom.word == 0 || dateline) && letters > 2 {
            let mut title = lower;
            if let Some(first) = title.get_mut(0..1) {
                first.make_ascii_uppercase();
            }
            let id = words.id(&title);
            if id != 0 {
                atom.word = id;
            }
        }
        atom.exact = words.flags(atom.word);
        atom.any |= atom.exact;
    } else {
        atom.exact = words.flags(atom.word);
        atom.any = atom.exact;
    }
    all.push(atom);
}

fn mark_of(surface: &str) -> u8 {
    match surface {
        "“" | "”" | "„" | "«" | "»" | "''" | "``" => b'"',
        "‘" | "’" => b'\'',
        "–" | "—" | "--" => b'~',
        "…" | "..." => b'.',
        _ => b'?',
    }
}

/// A piece of a token.
#[derive(Clone, Copy)]
struct Piece {
    start: usize,
    end: usize,
    glued: bool,
    mark: bool,
    possessive: bool,
}

/// Cuts a token at hyphens and slashes and before a possessive ending.
fn pieces(token: &str, mut give: impl FnMut(Piece)) {
    let bytes = token.as_bytes();
    if bytes.iter().all(u8::is_ascii_alphanumeric) {
        return give(Piece { start: 0, end: bytes.len(), glued: false, mark: false, possessive: false });
    }
    if matches!(token, "'s" | "’s" | "'S" | "’S" | "'" | "’") {
        return give(Piece {
            start: 0,
            end: bytes.len(),
            glued: false,
            mark: token.len() <= "’".len() && !token.ends_with(['s', 'S']),
            possessive: true,
        });
    }
    if !token.chars().any(char::is_alphanumeric) {
        return give(Piece { start: 0, end: bytes.len(), glued: false, mark: true, possessive: false });
    }
    let body = ["'s", "’s"].iter().find_map(|s| token.strip_suffix(s)).filter(|b| !b.is_empty()).unwrap_or(token);
    let (mut start, mut glued) = (0, false);
    for (at, c) in body.char_indices() {
        if matches!(c, '-' | '‑' | '‐' | '/') || (c == '–' && at > 0) {
            if at > start {
                give(Piece { start, end: at, glued, mark: false, possessive: false });
                glued = true;
            }
            start = at + c.len_utf8();
        }
    }
    if start < body.len() {
        // A dot or a bracket at the edge of a token is no part of a word but in an abbreviation.
        give(Piece { start, end: body.len(), glued, mark: false, possessive: false });
    }
    if body.len() < token.len() {
        give(Piece { start: body.len(), end: token.len(), glued: false, mark: false, possessive: true });
    }
}

/// The folded atoms of a name of a list.
pub(super) fn atoms_of(name: &str) -> Vec<String> {
    let mut out = Vec::new();
    for word in name.split_whitespace() {
        let word = word.trim_end_matches(',');
        pieces(word, |p| {
            if p.possessive {
                out.push("'s".to_owned());
            } else if !p.mark {
                let mut s = String::new();
                fold_into(&word[p.start..p.end], &mut s);
                out.push(s);
            } else if word == "&" {
                out.push("&".to_owned());
            }
        });
    }
    out
}

/// Drops accents, apostrophes and dots that are not decimal points.
fn fold_into(word: &str, out: &mut String) {
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '.' => {
                if out.ends_with(|d: char| d.is_ascii_digit()) && chars.peek().is_some_and(char::is_ascii_digit) {
                    out.push('.');
                }
            }
            '\'' | '’' | '‘' | '`' | 'ʼ' | '\u{300}'..='\u{36f}' => {}
            c if c.is_ascii() => out.push(c),
            c => match plain(c) {
                Some(letters) => out.push_str(letters),
                None => out.push(c),
            },
        }
    }
}

fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ạ' | 'ả' | 'ấ'..='ặ' => "a",
        'À'..='Å' | 'Ā' | 'Ă' | 'Ą' => "A",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'Ç' | 'Ć' | 'Ĉ' | 'Ċ' | 'Č' => "C",
        'ď' | 'đ' | 'ḑ' | 'ḍ' => "d",
        'Ď' | 'Đ' | 'Ḑ' | 'Ḍ' => "D",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ẹ'..='ệ' | 'ə' => "e",
        'È'..='Ë' | 'Ē' | 'Ė' | 'Ę' | 'Ě' | 'Ə' => "E",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' | 'ǧ' | 'ḡ' => "g",
        'Ĝ' | 'Ğ' | 'Ġ' | 'Ģ' | 'Ḡ' => "G",
        'ĥ' | 'ħ' | 'ḩ' | 'ḥ' | 'ẖ' => "h",
        'Ĥ' | 'Ħ' | 'Ḩ' | 'Ḥ' => "H",
        'ì'..='ï' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ị' | 'ỉ' => "i",
        'Ì'..='Ï' | 'Ī' | 'Į' | 'İ' => "I",
        'ķ' | 'ḵ' => "k",
        'Ķ' | 'Ḵ' => "K",
        'ĺ' | 'ļ' | 'ľ' | 'ł' | 'ḷ' => "l",
        'Ĺ' | 'Ļ' | 'Ľ' | 'Ł' => "L",
        'ñ' | 'ń' | 'ņ' | 'ň' | 'ṉ' | 'ṇ' => "n",
        'Ñ' | 'Ń' | 'Ņ' | 'Ň' => "N",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ơ' | 'ọ'..='ợ' => "o",
        'Ò'..='Ö' | 'Ø' | 'Ō' | 'Ő' | 'Ơ' => "O",
        'ŕ' | 'ř' | 'ṛ' => "r",
        'Ř' => "R",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' | 'ṣ' => "s",
        'Ś' | 'Ş' | 'Š' | 'Ș' | 'Ṣ' => "S",
        'ţ' | 'ť' | 'ț' | 'ṭ' | 'ŧ' | 'ẗ' => "t",
        'Ţ' | 'Ť' | 'Ț' | 'Ṭ' => "T",
        'ù'..='ü' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ư' | 'ụ'..='ự' => "u",
        'Ù'..='Ü' | 'Ū' | 'Ů' | 'Ű' | 'Ư' => "U",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ỳ'..='ỹ' => "y",
        'Ý' => "Y",
        'ź' | 'ż' | 'ž' | 'ẓ' => "z",
        'Ź' | 'Ż' | 'Ž' | 'Ẓ' => "Z",
        'ß' => "ss",
        'æ' => "ae",
        'Æ' => "Ae",
        'œ' => "oe",
        'þ' => "th",
        'ð' => "d",
        _ => return None,
    })
}

/// A file of word lists: `key = ["word", …]` or `key = { "word" = "form" }`.
pub(super) struct Lists {
    file: String,
    table: toml::Table,
}

impl Lists {
    pub(super) fn parse(file: &DataFile) -> Result<Lists> {
        Ok(Lists { file: file.name.clone(), table: lexicon::toml(file)? })
    }

    /// The words of a list; a user's file may leave a list out.
    pub(super) fn words(&self, key: &str) -> Result<Vec<&str>> {
        let bad = |reason: &str| Error::Data { file: self.file.clone(), place: key.to_owned(), reason: reason.to_owned() };
        match self.table.get(key) {
            None => Ok(Vec::new()),
            Some(toml::Value::Array(items)) => {
                items.iter().map(|v| v.as_str().ok_or_else(|| bad("a list holds words in quotes"))).collect()
            }
            Some(toml::Value::Table(forms)) => {
                forms.values().map(|v| v.as_str().ok_or_else(|| bad("a form is a word in quotes"))).collect()
            }
            Some(_) => Err(bad("not a list of words")),
        }
    }
}
