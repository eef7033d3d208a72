//! Words, numbers and marks of a stretch of text, by the conventions of the treebanks that the parser was trained on.
//!
//! A chunk between white space is cut at marks that always stand alone (brackets, double quotes, dashes, currency signs), each piece loses
//! the marks at its ends, and what is left is cut at inner hyphens, slashes and the like. Every byte is looked at a bounded number of times.

use super::abbreviations::{Abbreviations, Follows};
use crate::types::{ByteSpan, Token};

/// Appends the tokens of `text` within `span`: see [`super::Splitter::tokens`].
pub(super) fn tokenize(text: &str, span: ByteSpan, words: &Abbreviations, out: &mut Vec<Token>) {
    let Some(part) = text.get(span.range()) else { return };
    let mut cutter = Cutter { text: &text[..span.end as usize], words, out };
    let base = span.range().start;
    let mut start = None;
    // Most text is ASCII: decode only what is not.
    let bytes = part.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let (blank, width) = if bytes[at] < 0x80 {
            (bytes[at].is_ascii_whitespace() || bytes[at] < 0x20 || bytes[at] == 0x7f, 1)
        } else {
            let c = part[at..].chars().next().unwrap_or(' ');
            (is_blank(c), c.len_utf8())
        };
        if blank {
            if let Some(from) = start.take() {
                cutter.chunk(base + from, base + at);
            }
        } else if start.is_none() {
            start = Some(at);
        }
        at += width;
    }
    if let Some(from) = start {
        cutter.chunk(base + from, base + part.len());
    }
}

/// White space, and marks that show nothing: zero-width spaces and joiners between words, soft hyphens, direction marks.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '′' | '`')
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

/// Signs that stand before or after an amount.
fn is_currency(c: char) -> bool {
    matches!(c, '$' | '¢' | '£' | '¤' | '¥' | '฿' | '₠'..='₿' | '﷼')
}

/// Marks that are a token wherever they stand, unless the chunk is an address.
fn stands_alone(c: char) -> bool {
    if c.is_ascii() {
        return matches!(
            c,
            '"' | '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>' | '|' | ';' | '!' | '?' | '*' | '=' | '%' | '^' | '~' | '\\'
        );
    }
    matches!(c,
        '–' | '—' | '―' | '‒' | '…' | '“' | '”' | '„' | '‟' | '«' | '»' | '‹' | '›' | '‚' | '‛' | '¡' | '¿' | '•' | '·' | '§' | '¶' | '†' | '‡' | '″' | '‰' | '×' | '÷' | '±' | '©' | '®' | '¬' | '¦'
        | '←'..='⯿' | '、' | '。' | '〈'..='】' | '（' | '）' | '，' | '：' | '；' | '？' | '！' | '\u{1F000}'..='\u{1FAFF}')
}

/// Modifiers that stay with the picture before them.
fn joins_picture(c: char) -> bool {
    matches!(c, '\u{200D}' | '\u{FE0E}' | '\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{20E3}')
}

fn is_picture(c: char) -> bool {
    matches!(c, '←'..='⯿' | '\u{1F000}'..='\u{1FAFF}')
}

/// Units that are cut off a number: "155mm", "40km", "$3bn".
const UNITS: &[&str] = &[
    "km", "km²", "km2", "km³", "m", "m²", "m2", "m³", "m3", "cm", "mm", "nm", "µm", "ft", "in", "yd", "mi", "kg", "g", "mg", "lb", "lbs",
    "oz", "t", "kt", "Mt", "kt.", "l", "L", "ml", "ha", "km/h", "km/hr", "kmh", "kph", "mph", "m/s", "hPa", "kW", "kWh", "MW", "MWh", "GW",
    "GWh", "TWh", "MHz", "GHz", "kHz", "Hz", "KB", "MB", "GB", "TB", "bn", "mn", "mln", "m.", "tn", "trn", "k", "K", "M", "B", "T", "am",
    "pm", "a.m.", "p.m.", "AM", "PM", "A.M.", "P.M.", "hrs", "nmi", "bpd", "million", "billion", "trillion", "°C", "°F", "°",
];

/// Words that the treebanks write as two, with the length of the first.
const JOINED: &[(&str, usize)] = &[("cannot", 3), ("gonna", 3), ("gotta", 3), ("wanna", 3), ("gimme", 3), ("lemme", 3)];

/// Endings of addresses without a scheme: "site.com", "site.org/page".
const DOMAINS: &[&str] = &[
    "com", "org", "net", "gov", "edu", "mil", "info", "io", "tv", "ru", "ua", "uk", "eu", "de", "fr", "cn", "kr", "jp", "kp", "co", "news",
];

struct Cutter<'t> {
    /// The text up to the span's end.
    text: &'t str,
    words: &'t Abbreviations,
    out: &'t mut Vec<Token>,
}

impl Cutter<'_> {
    fn push(&mut self, start: usize, end: usize) {
        if start < end {
            self.out.push(Token { span: ByteSpan::new(start, end) });
        }
    }

    fn first(&self, start: usize, end: usize) -> Option<char> {
        self.text[start..end].chars().next()
    }

    fn last(&self, start: usize, end: usize) -> Option<char> {
        self.text[start..end].chars().next_back()
    }

    /// A run without white space.
    fn chunk(&mut self, start: usize, end: usize) {
        if self.text.as_bytes()[start..end].iter().all(u8::is_ascii_alphabetic) {
            return self.word(start, end);
        }
        if let Some((from, to)) = self.address(start, end) {
            self.pieces(start, from);
            self.push(from, to);
            return self.pieces(to, end);
        }
        self.pieces(start, end);
    }

    /// The part of a chunk that is a URL, an e-mail address or a host name.
    fn address(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let chunk = &self.text[start..end];
        if chunk.len() < 5 || !chunk.contains('.') {
            return None;
        }
        let open = |c: char| matches!(c, '"' | '(' | '[' | '{' | '<' | '“' | '«' | '„') || is_apostrophe(c);
        let close =
            |c: char| matches!(c, '"' | ')' | ']' | '}' | '>' | '”' | '»' | ',' | '.' | ';' | ':' | '!' | '?' | '…') || is_apostrophe(c);
        let head = chunk.trim_start_matches(open);
        let mut core = head.trim_end_matches(close);
        for possessive in ["'s", "’s"] {
            core = core.strip_suffix(possessive).unwrap_or(core);
        }
        let from = start + (chunk.len() - head.len());
        let whole = Some((from, from + core.len()));
        if let Some(scheme) = core.find("://") {
            return if scheme > 0 && core[..scheme].bytes().all(|b| b.is_ascii_alphabetic()) { whole } else { None };
        }
        let host = core.split(['/', '?', '#']).next().unwrap_or(core);
        let host = match host.split_once('@') {
            Some((user, host)) if !user.is_empty() && user.bytes().all(|b| b.is_ascii_alphanumeric() || b"._+-".contains(&b)) => host,
            Some(_) => return None,
            None => host,
        };
        if !host.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-') || host.contains("..") {
            return None;
        }
        let ending = host.rsplit('.').next().unwrap_or("");
        let known = host.starts_with("www.") || (host.len() > ending.len() + 1 && DOMAINS.contains(&ending));
        if known && host.contains('.') && host.bytes().any(|b| b.is_ascii_alphabetic()) { whole } else { None }
    }

    /// Cuts at the marks that stand alone.
    fn pieces(&mut self, start: usize, end: usize) {
        let mut from = start;
        let mut at = start;
        while at < end {
            let byte = self.text.as_bytes()[at];
            if byte.is_ascii_alphanumeric() {
                at += 1;
                continue;
            }
            let Some(c) = self.first(at, end) else { break };
            let mut to = at + c.len_utf8();
            let run = |c: char| self.text[at..end].chars().take_while(|&d| d == c).count();
            let cut = match c {
                '-' if run('-') > 1 => {
                    to = at + run('-');
                    true
                }
                '.' if run('.') > 1 => {
                    to = at + run('.');
                    true
                }
                '\'' | '`' if run(c) == 2 => {
                    to = at + 2;
                    true
                }
                '°' => false,
                c if is_currency(c) => {
                    // "US$40", "A$5": the letters say which dollar.
                    let letters = self.text[from..at].bytes().all(|b| b.is_ascii_uppercase()) && at - from <= 3;
                    self.piece(from, if letters { from } else { at }, start);
                    if !letters {
                        from = at;
                    }
                    self.push(from, to);
                    from = to;
                    at = to;
                    continue;
                }
                c if is_picture(c) => {
                    to += self.text[to..end].chars().take_while(|&d| joins_picture(d)).map(char::len_utf8).sum::<usize>();
                    true
                }
                c => stands_alone(c),
            };
            if cut {
                self.piece(from, at, start);
                self.push(at, to);
                from = to;
            }
            at = to;
        }
        self.piece(from, end, start);
    }

    /// A piece between marks that stand alone: takes the marks off its ends. `chunk` is where the chunk starts.
    fn piece(&mut self, mut start: usize, end: usize, chunk: usize) {
        while let Some(c) = self.first(start, end) {
            let next = start + c.len_utf8();
            let after = self.first(next, end);
            let digit = after.is_some_and(|d| d.is_ascii_digit());
            let off = match c {
                ',' | ':' | '#' | '&' | '_' | '/' => true,
                '.' => !digit,
                '+' => false,
                c if is_hyphen(c) => !digit || start > chunk,
                c if is_apostrophe(c) => contraction(&self.text[start..end]).is_none(),
                _ => false,
            };
            if !off {
                break;
            }
            self.push(start, next);
            start = next;
        }
        let mut core = end;
        while let Some(c) = self.last(start, core) {
            let off = match c {
                ',' | ':' | '&' | '_' | '/' | '#' => c.len_utf8(),
                '.' if self.keeps_period(start, core) => 0,
                '.' => 1,
                '+' if self.text[start..core - 1].bytes().next_back().is_some_and(|b| b.is_ascii_digit()) => 1,
                c if is_hyphen(c) || is_apostrophe(c) => c.len_utf8(),
                _ => ending(&self.text[start..core]),
            };
            if off == 0 {
                break;
            }
            core -= off;
        }
        self.core(start, core);
        // What was taken off, from left to right.
        while core < end {
            let rest = &self.text[core..end];
            let width = contraction(rest).unwrap_or_else(|| rest.chars().next().map_or(1, char::len_utf8));
            self.push(core, core + width);
            core += width;
        }
    }

    /// Whether the period at the end of this piece belongs to the word.
    fn keeps_period(&self, start: usize, end: usize) -> bool {
        let word = &self.text[start..end - 1];
        if word.is_empty() {
            return false;
        }
        if is_acronym(word) {
            return true;
        }
        // Of "al-Gen." and "and/or Inc." the last part counts.
        let tail = word.rsplit(['-', '/']).next().unwrap_or(word);
        match self.words.get(tail) {
            Some(Follows::Anything) => true,
            Some(Follows::Number) => {
                let next = self.text[end..].chars().find(|c| !c.is_whitespace());
                next.is_some_and(|c| c.is_numeric() || is_currency(c) || c == '#')
            }
            None => {
                let number = word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ':').len();
                number > 0 && matches!(&self.text[start + number..end], "a.m." | "p.m." | "A.M." | "P.M.")
            }
        }
    }

    /// Cuts a piece without marks at its ends at inner hyphens, slashes, commas and lost spaces.
    fn core(&mut self, start: usize, end: usize) {
        let piece = &self.text[start..end];
        if is_iso_date(piece.as_bytes()) || UNITS.contains(&piece) {
            return self.push(start, end);
        }
        let mut from = start;
        let mut letters = false;
        let mut before = None;
        let mut at = start;
        while let Some(c) = self.first(at, end) {
            let next = at + c.len_utf8();
            if c.is_alphanumeric() {
                letters |= c.is_alphabetic();
            } else if let (Some(left), Some(right)) = (before, self.first(next, end)) {
                let (left_digit, right_digit): (bool, bool) = (char::is_ascii_digit(&left), char::is_ascii_digit(&right));
                let cut = match c {
                    c if is_hyphen(c) => match (left_digit, right_digit) {
                        (true, true) => !letters,
                        (true, false) => !right.is_alphabetic(),
                        (false, true) => !left.is_alphabetic(),
                        (false, false) => true,
                    },
                    '/' => right.is_alphabetic() && !self.unit_ahead(from, end),
                    ':' => right.is_alphabetic(),
                    ',' => !(left_digit && right_digit),
                    '+' | '&' if left_digit && right_digit => true,
                    '.' => self.lost_space(from, at, next, end),
                    _ => false,
                };
                if cut && c == '.' && self.keeps_period(from, next) {
                    self.word(from, next);
                    (from, letters) = (next, false);
                } else if cut {
                    self.word(from, at);
                    self.push(at, next);
                    (from, letters) = (next, false);
                }
            }
            before = Some(c);
            at = next;
        }
        self.word(from, end);
    }

    /// Whether what starts at `from` is a number with a unit that has a slash: "60km/h".
    fn unit_ahead(&self, from: usize, end: usize) -> bool {
        let piece = &self.text[from..end];
        let unit = piece.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ',');
        unit.len() < piece.len() && UNITS.contains(&unit)
    }

    /// Whether the period at `at` ends a sentence whose following space was lost: "ended.The", or an abbreviation before its number: "Rs.500".
    fn lost_space(&self, from: usize, at: usize, next: usize, end: usize) -> bool {
        let mut after = self.text[next..end].chars();
        let (Some(left), Some(right)) = (self.last(from, at), after.next()) else { return false };
        if right.is_ascii_digit() && left.is_alphabetic() {
            return at - from <= 6 && self.words.get(&self.text[from..at]).is_some();
        }
        let word_follows = right.is_uppercase() && after.next().is_some_and(char::is_lowercase);
        let word_before = left.is_lowercase() && self.text[from..at].chars().nth(1).is_some();
        word_follows && (word_before || left.is_ascii_digit() && self.text[from..at].bytes().all(|b| b.is_ascii_digit() || b == b','))
    }

    /// What holds no mark to cut at: a word, a designation, or a number that its unit was written to.
    fn word(&mut self, start: usize, end: usize) {
        let word = &self.text[start..end];
        let unsigned = word.strip_prefix(['-', '+']).unwrap_or(word);
        let bytes = unsigned.as_bytes();
        if bytes.first().is_some_and(u8::is_ascii_digit) && word.len() <= 40 {
            let unit = unsigned.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ':'));
            if !unit.is_empty() && UNITS.contains(&unit) {
                let cut = end - unit.len();
                self.push(start, cut);
                return self.push(cut, end);
            }
        } else if (5..=6).contains(&bytes.len())
            && let Some((_, cut)) = JOINED.iter().find(|(joined, _)| joined.eq_ignore_ascii_case(word))
        {
            self.push(start, start + cut);
            return self.push(start + cut, end);
        }
        self.push(start, end);
    }
}

/// The length of a contraction at the start of `rest`, when no letter follows it: "'s", "n't", "’re".
fn contraction(rest: &str) -> Option<usize> {
    let mut chars = rest.chars();
    let mut first = chars.next()?;
    let mut width = first.len_utf8();
    let negated = matches!(first, 'n' | 'N');
    if negated {
        first = chars.next()?;
        width += first.len_utf8();
    }
    if !matches!(first, '\'' | '’' | 'ʼ' | '`' | '‘' | '′') {
        return None;
    }
    let letters: &[&str] = if negated { &["t"] } else { &["s", "m", "d", "ll", "re", "ve"] };
    let tail = &rest[width..];
    letters
        .iter()
        .find(|l| tail.get(..l.len()).is_some_and(|t| t.eq_ignore_ascii_case(l)) && !tail[l.len()..].starts_with(char::is_alphanumeric))
        .map(|l| width + l.len())
}

/// The length of a contraction at the end of `piece`, if there is a word before it.
fn ending(piece: &str) -> usize {
    // The longest, n’t and ’ll, are five bytes; a wide apostrophe has three.
    let mut floor = piece.len().saturating_sub(5);
    while !piece.is_char_boundary(floor) {
        floor += 1;
    }
    piece[floor..]
        .char_indices()
        .map(|(at, _)| floor + at)
        .find(|&at| {
            at > 0
                && contraction(&piece[at..]) == Some(piece.len() - at)
                && piece[..at].ends_with(|c: char| c.is_alphanumeric() || c == '.')
        })
        .map_or(0, |at| piece.len() - at)
}

/// "J", "U.S", "a.m", "d.o.b": single letters with periods between them. A single small letter is none, and "I" is a word more often than an initial.
fn is_acronym(word: &str) -> bool {
    let mut chars = word.chars();
    let Some(first) = chars.next().filter(|c| c.is_alphabetic()) else { return false };
    let mut single = true;
    while let Some(dot) = chars.next() {
        if dot != '.' || !chars.next().is_some_and(char::is_alphabetic) {
            return false;
        }
        single = false;
    }
    !single || (first.is_uppercase() && first != 'I')
}

fn is_iso_date(piece: &[u8]) -> bool {
    piece.len() == 10 && piece.iter().enumerate().all(|(at, b)| if at == 4 || at == 7 { *b == b'-' } else { b.is_ascii_digit() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        let mut out = Vec::new();
        super::super::built_in().tokens(text, ByteSpan::new(0, text.len()), &mut out);
        out.iter().map(|t| t.span.of(text)).collect()
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(words(text).join(" "), expected);
    }

    #[test]
    fn hyphens() {
        check("closed-door talks", "closed - door talks");
        check("SA-22 T-72B3 F-16 KN-23 5000-tonne 9K720", "SA-22 T-72B3 F-16 KN-23 5000-tonne 9K720");
        check("January-March 2019-2020 2024-10-05", "January - March 2019 - 2020 2024-10-05");
        check("U.S.-led, Kim Jong-un's", "U.S. - led , Kim Jong - un 's");
        check("pre- and post-war; -5 degrees, -word", "pre - and post - war ; -5 degrees , - word");
        check("10-year-old 10–15 Kyiv–Moscow", "10-year - old 10 – 15 Kyiv – Moscow");
    }

    #[test]
    fn contractions() {
        check("don't can't cannot we’ll I'm it’s", "do n't ca n't can not we ’ll I 'm it ’s");
        check("soldiers' soldiers’ O'Brien Qur’an Ha'aretz", "soldiers ' soldiers ’ O'Brien Qur’an Ha'aretz");
        check("U.S.'s 'quoted' DON'T.", "U.S. 's ' quoted ' DO N'T .");
        check("He 's n't '90s", "He 's n't ' 90s");
    }

    #[test]
    fn numbers_and_units() {
        check("4,000 1.2 .5 10:30 1/2 24/7", "4,000 1.2 .5 10:30 1/2 24/7");
        check("$40 million, US$3.5bn €20m 40% 40€", "$ 40 million , US$ 3.5 bn € 20 m 40 % 40 €");
        check("40%-50% 155mm 6:30pm 6am 60km/h. 5G 1990s 3rd", "40 % - 50 % 155 mm 6:30 pm 6 am 60 km/h . 5G 1990s 3rd");
        check("-40°C 500+ ~50", "-40 °C 500 + ~ 50");
    }

    #[test]
    fn periods() {
        check("Gen. J. Smith of the U.S. said no.", "Gen. J. Smith of the U.S. said no .");
        check("No. 5 and Rs.500 at 9 a.m.", "No. 5 and Rs. 500 at 9 a.m.");
        check("Reps. met in Sept. with Acme Inc., etc.", "Reps. met in Sept. with Acme Inc. , etc.");
        check("ended.The troops... left in 2024.They", "ended . The troops ... left in 2024 . They");
        check("(It ended.) “Why?”", "( It ended . ) “ Why ? ”");
    }

    #[test]
    fn addresses() {
        check("see https://example.org/a?b=(c)&d. or (www.example.com)", "see https://example.org/a?b=(c)&d . or ( www.example.com )");
        check("mail a.b@example.org, Booking.com's site", "mail a.b@example.org , Booking.com 's site");
    }

    #[test]
    fn marks() {
        check("war—and peace --- \"so\" AT&T and/or R&D", "war — and peace --- \" so \" AT&T and / or R&D");
        check("“é”\u{a0}x\u{200b}y 👩🏽‍🚀🚀!", "“ é ” x y 👩🏽‍ 🚀 🚀 !");
        check("a…b «c» [1] #5", "a … b « c » [ 1 ] # 5");
        check("``a'' '", "`` a '' '");
    }

    #[test]
    fn nothing_is_lost_and_nothing_panics() {
        let parts = [
            "a", "'", "’", "s", "n't", ".", "-", "–", "$", "é", "👩🏽", "9", ",", "(", "”", " ", "\u{a0}", "www.", "@", "km/h", "...", "°C",
            "/", "U.", "No.", "\u{301}", "\0", "&", "+", ":",
        ];
        let mut seed = 1u64;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..12 {
                seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                text.push_str(parts[(seed >> 33) as usize % parts.len()]);
            }
            let bare: String = text.chars().filter(|&c| !is_blank(c)).collect();
            assert_eq!(words(&text).concat(), bare, "{text:?}");
        }
    }

    #[test]
    fn spans_of_the_middle_and_beyond() {
        let text = "one two three";
        let mut out = Vec::new();
        super::super::built_in().tokens(text, ByteSpan::new(4, 7), &mut out);
        assert_eq!(out, [Token { span: ByteSpan::new(4, 7) }]);
        out.clear();
        super::super::built_in().tokens(text, ByteSpan::new(4, 700), &mut out);
        assert!(out.is_empty());
    }

    #[test]
    fn long_runs_take_linear_time() {
        let tokens = |unit: &str| words(&unit.repeat(100_000)).len();
        assert!(
            tokens("a.") > 0
                && tokens("-") > 0
                && tokens("'s") > 0
                && tokens("a-1") > 0
                && tokens("/a") > 0
                && tokens(",.'") > 0
                && tokens("$A") > 0
        );
    }
}
