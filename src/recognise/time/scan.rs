//! Words, numerals and marks of a sentence, with the words that the tables know numbered: what the grammars of times and numbers run over.

use rustc_hash::FxHashMap;

/// No table knows the word.
pub(crate) const UNKNOWN: u16 = 0;
/// ASCII marks are numbered from here by their byte.
const MARKS: u16 = 0x8000;
/// Longer words are in no table.
const LONGEST: usize = 24;

/// What a lexeme is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Letters.
    Word,
    /// Digits, with separators of thousands and decimals inside.
    Numeral,
    /// One character of anything else.
    Mark,
}

/// A run of letters or digits, or a mark.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lexeme {
    pub start: u32,
    pub end: u32,
    /// Number of the word in the [`Vocabulary`], [`UNKNOWN`] or the [`mark`].
    pub id: u16,
    pub form: Form,
    /// Whether white space (or the sentence's start) stands before it.
    pub gap: bool,
    /// Whether its first letter is a capital.
    pub capital: bool,
}

impl Lexeme {
    /// Its characters.
    pub(crate) fn word(id: u16) -> Lexeme {
        Lexeme { start: 0, end: 0, id, form: Form::Word, gap: true, capital: false }
    }

    /// Its characters.
    pub(crate) fn of<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start as usize..self.end as usize]
    }

    /// Length in bytes.
    pub(crate) fn len(&self) -> usize {
        (self.end - self.start) as usize
    }
}

/// The number of an ASCII mark; the typographic forms of quotes and dashes have their own below.
pub(crate) const fn mark(byte: u8) -> u16 {
    MARKS | byte as u16
}

/// En dash, and the figure dash and minus sign that are used as one.
pub(crate) const EN_DASH: u16 = MARKS | 0x80;
/// Em dash.
pub(crate) const EM_DASH: u16 = MARKS | 0x81;

/// The words that tables know, numbered from 1.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    /// By their letters, with zeros behind them.
    ids: FxHashMap<[u8; LONGEST], u16>,
    /// For each first letter, the lengths that known words have; the last is for other first characters.
    lengths: [u32; 27],
    /// For each first letter, the last letters that known words have.
    end_bits: [u32; 27],
}

fn row(byte: u8) -> usize {
    let letter = byte | 0x20;
    if letter.is_ascii_lowercase() { usize::from(letter - b'a') } else { 26 }
}

fn end_bit(byte: u8) -> u32 {
    1 << (byte & 0x1f)
}

/// A word of at most [`LONGEST`] bytes in lower case.
fn key(word: &[u8]) -> [u8; LONGEST] {
    let mut key = [0; LONGEST];
    key[..word.len()].copy_from_slice(word);
    key.make_ascii_lowercase();
    key
}

impl Vocabulary {
    /// The number of a word, new if need be; `None` when the tables hold more words than can be numbered, or the word is too long.
    pub(crate) fn intern(&mut self, word: &str) -> Option<u16> {
        let bytes = word.as_bytes();
        if bytes.is_empty() || bytes.len() > LONGEST {
            return None;
        }
        let key = key(bytes);
        if let Some(&id) = self.ids.get(&key) {
            return Some(id);
        }
        let id = u16::try_from(self.ids.len() + 1).ok().filter(|&id| id < MARKS)?;
        self.lengths[row(bytes[0])] |= 1 << bytes.len();
        self.end_bits[row(bytes[0])] |= end_bit(bytes[bytes.len() - 1]);
        self.ids.insert(key, id);
        Some(id)
    }

    /// The number of a word in any case, or [`UNKNOWN`].
    pub(crate) fn id(&self, word: &[u8]) -> u16 {
        let length = word.len();
        if length == 0 || length > LONGEST {
            return UNKNOWN;
        }
        let row = row(word[0]);
        if self.lengths[row] >> length & 1 == 0 || self.end_bits[row] & end_bit(word[length - 1]) == 0 {
            return UNKNOWN;
        }
        self.ids.get(&key(word)).copied().unwrap_or(UNKNOWN)
    }

    /// How many words there are; ids run from 1 to this.
    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    /// The ids of a phrase's lexemes, interning them; `None` as [`Vocabulary::intern`], or for an empty phrase.
    pub(crate) fn phrase(&mut self, phrase: &str) -> Option<Vec<u16>> {
        let mut lexemes = Vec::new();
        lex(phrase, 0, phrase.len(), &Vocabulary::default(), &mut lexemes);
        let ids: Option<Vec<u16>> = lexemes.iter().map(|l| if l.id != UNKNOWN { Some(l.id) } else { self.intern(l.of(phrase)) }).collect();
        ids.filter(|ids| !ids.is_empty())
    }
}

/// Puts the lexemes of `text[start..end]` into `out`, which is emptied first.
pub(crate) fn lex(text: &str, start: usize, end: usize, vocabulary: &Vocabulary, out: &mut Vec<Lexeme>) {
    out.clear();
    let bytes = text.as_bytes();
    let mut at = start;
    let mut gap = true;
    while at < end {
        let byte = bytes[at];
        let first = at;
        if byte == b' ' || byte == b'\n' || byte == b'\t' || byte == b'\r' {
            at += 1;
            gap = true;
            continue;
        }
        let (form, id) = if byte.is_ascii_alphabetic() || byte >= 0x80 {
            match letters(text, at, end) {
                0 => {
                    let Some(c) = text[at..end].chars().next() else { break };
                    at += c.len_utf8();
                    if c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{2060}') {
                        gap = true;
                        continue;
                    }
                    (Form::Mark, typographic(c).unwrap_or_else(|| vocabulary.id(&bytes[first..at])))
                }
                length => {
                    at += length;
                    (Form::Word, vocabulary.id(&bytes[first..at]))
                }
            }
        } else if byte.is_ascii_digit() {
            at = numeral_end(bytes, at, end);
            (Form::Numeral, UNKNOWN)
        } else {
            at += 1;
            (Form::Mark, mark(byte))
        };
        let capital =
            byte.is_ascii_uppercase() || byte >= 0x80 && form == Form::Word && text[first..].chars().next().is_some_and(char::is_uppercase);
        // Spans are 32 bits wide: readers refuse longer texts.
        out.push(Lexeme { start: first as u32, end: at as u32, id, form, gap, capital });
        gap = false;
    }
}

/// Bytes of letters at `at`.
fn letters(text: &str, at: usize, end: usize) -> usize {
    let bytes = text.as_bytes();
    let mut to = at;
    while to < end {
        if bytes[to].is_ascii_alphabetic() {
            to += 1;
        } else if bytes[to] >= 0x80 {
            match text[to..end].chars().next() {
                Some(c) if c.is_alphabetic() && !matches!(c, 'º' | 'ª') => to += c.len_utf8(),
                _ => break,
            }
        } else {
            break;
        }
    }
    to - at
}

fn typographic(c: char) -> Option<u16> {
    Some(match c {
        '\u{2018}' | '\u{2019}' | '\u{02bc}' => mark(b'\''),
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '«' | '»' => mark(b'"'),
        '\u{2010}' | '\u{2011}' => mark(b'-'),
        '\u{2012}' | '\u{2013}' | '\u{2212}' => EN_DASH,
        '\u{2014}' | '\u{2015}' => EM_DASH,
        _ => return None,
    })
}

/// The end of a numeral: "4,000", "1,00,000", "1.2", "1.2.3"; a comma only before whole groups.
fn numeral_end(bytes: &[u8], start: usize, end: usize) -> usize {
    let run = |from: usize| from + bytes[from..end].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut at = run(start);
    let mut commas = at - start <= 3;
    while at + 1 < end && bytes[at + 1].is_ascii_digit() {
        match bytes[at] {
            b'.' => {
                at = run(at + 1);
                commas = false;
            }
            b',' if commas => {
                // Three digits at most are looked at, and one more to see that there is none.
                let to = at + 1 + bytes[at + 1..end.min(at + 5)].iter().take_while(|b| b.is_ascii_digit()).count();
                let indian = to - at == 3 && to + 1 < end && bytes[to] == b',' && bytes[to + 1].is_ascii_digit();
                if to - at != 4 && !indian {
                    break;
                }
                at = to;
            }
            _ => break,
        }
    }
    at
}

/// Phrases by their first (or last) word, the longest first.
#[derive(Debug)]
pub(crate) struct Phrases<T> {
    by_word: FxHashMap<u16, Vec<(Vec<u16>, T)>>,
    backwards: bool,
}

impl<T: Copy> Phrases<T> {
    /// Phrases to be matched from their first word on.
    pub(crate) fn forwards() -> Self {
        Phrases { by_word: FxHashMap::default(), backwards: false }
    }

    /// Phrases to be matched from their last word back.
    pub(crate) fn backwards() -> Self {
        Phrases { by_word: FxHashMap::default(), backwards: true }
    }

    /// Adds a phrase; one that is there already is replaced.
    pub(crate) fn add(&mut self, ids: Vec<u16>, value: T) {
        let Some(&key) = (if self.backwards { ids.last() } else { ids.first() }) else { return };
        let list = self.by_word.entry(key).or_default();
        list.retain(|(have, _)| *have != ids);
        list.push((ids, value));
        list.sort_by_key(|(ids, _)| std::cmp::Reverse(ids.len()));
    }

    /// The longest phrase that starts at `at`: how many lexemes it has, and its value.
    pub(crate) fn starting(&self, lexemes: &[Lexeme], at: usize) -> Option<(usize, T)> {
        let id = lexemes.get(at)?.id;
        if id == UNKNOWN {
            return None;
        }
        let same = |ids: &[u16]| lexemes.get(at..at + ids.len()).is_some_and(|l| l.iter().zip(ids).all(|(l, id)| l.id == *id));
        self.by_word.get(&id)?.iter().find(|(ids, _)| same(ids)).map(|(ids, value)| (ids.len(), *value))
    }

    /// The longest phrase that ends just before `at`.
    pub(crate) fn ending(&self, lexemes: &[Lexeme], at: usize) -> Option<(usize, T)> {
        let id = lexemes.get(at.checked_sub(1)?)?.id;
        if id == UNKNOWN {
            return None;
        }
        let same = |ids: &[u16]| at >= ids.len() && lexemes[at - ids.len()..at].iter().zip(ids).all(|(l, id)| l.id == *id);
        self.by_word.get(&id)?.iter().find(|(ids, _)| same(ids)).map(|(ids, value)| (ids.len(), *value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        let mut out = Vec::new();
        lex(text, 0, text.len(), &Vocabulary::default(), &mut out);
        out.iter().map(|l| l.of(text)).collect()
    }

    #[test]
    fn lexemes_stand_where_their_characters_do() {
        assert_eq!(words("“Écrasé” – 4,000\u{a0}men’s 🚀 1.2bn"), ["“", "Écrasé", "”", "–", "4,000", "men", "’", "s", "🚀", "1.2", "bn"]);
    }

    #[test]
    fn commas_join_whole_groups_only() {
        assert_eq!(
            words("1,200 12,3456 1,00,000 1,2 3,000.5 2014,2015 1.2.3."),
            ["1,200", "12", ",", "3456", "1,00,000", "1", ",", "2", "3,000.5", "2014", ",", "2015", "1.2.3", "."]
        );
    }

    #[test]
    fn the_longest_phrase_wins() {
        let mut vocabulary = Vocabulary::default();
        let mut phrases = Phrases::backwards();
        for (phrase, value) in [("than", 0), ("more than", 1), ("no more than", 2)] {
            phrases.add(vocabulary.phrase(phrase).expect("short words"), value);
        }
        let text = "was No more than ten";
        let mut out = Vec::new();
        lex(text, 0, text.len(), &vocabulary, &mut out);
        assert_eq!(phrases.ending(&out, 4), Some((3, 2)));
    }
}
