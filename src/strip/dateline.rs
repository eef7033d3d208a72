//! What agency copy says of itself: the dateline that opens it and the agency's tag that closes it.

use crate::error::{Error, Result};
use crate::lexicon;
use crate::read::month_of;
use crate::types::{ByteSpan, Dateline};
use regex::Regex;
use rustc_hash::FxHashSet;
use std::path::Path;
use std::sync::LazyLock;

/// A dateline ends within so many bytes.
const LONGEST: usize = 120;

/// What the words of a clean text say of its origin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// The dateline; it stays in the text.
    pub dateline: Option<Dateline>,
    /// The agency, as the text writes it.
    pub agency: Option<String>,
    /// What is to be taken out of the text: the agency's closing tag. Ascending, each at the start or end of a paragraph.
    pub cuts: Vec<ByteSpan>,
}

/// The words by which datelines and agencies are known.
#[derive(Debug)]
pub struct Datelines {
    agencies: FxHashSet<String>,
    not_places: FxHashSet<String>,
    particles: FxHashSet<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct Lists {
    not_places: Vec<String>,
    particles: Vec<String>,
}

impl Datelines {
    /// The built-in words, with the user's from `rules` added.
    ///
    /// # Errors
    /// When a data file does not parse; names file and line.
    pub fn load(rules: Option<&Path>) -> Result<Datelines> {
        let mut words = Datelines { agencies: FxHashSet::default(), not_places: FxHashSet::default(), particles: FxHashSet::default() };
        for file in lexicon::layers("agencies.tsv", include_str!("../../models/agencies.tsv"), rules)? {
            for (number, line) in file.text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
                let wrong = |reason: &str| Error::Data {
                    file: file.name.clone(),
                    place: format!("line {}", number + 1),
                    reason: reason.to_owned(),
                };
                let (name, country) = line.split_once('\t').ok_or_else(|| wrong("expected name, tab, country"))?;
                if country.len() != 2 {
                    return Err(wrong("the country is not two letters"));
                }
                words.agencies.insert(name.to_owned());
            }
        }
        for file in lexicon::layers("strip/dateline.toml", include_str!("../../models/strip/dateline.toml"), rules)? {
            let lists: Lists = lexicon::toml(&file)?;
            words.not_places.extend(lists.not_places);
            words.particles.extend(lists.particles);
        }
        Ok(words)
    }

    /// Reads the dateline and the agency from a clean text.
    #[must_use]
    pub fn read(&self, text: &str, paragraphs: &[ByteSpan]) -> Opening {
        let mut opening = Opening::default();
        // A dateline may follow a line that the strip left in.
        for span in paragraphs.iter().take(2) {
            if let Some((dateline, agency)) = self.dateline(text, *span, paragraphs) {
                opening.dateline = Some(dateline);
                opening.agency = agency;
                break;
            }
        }
        if let Some((agency, cut)) = self.closing(text, paragraphs, opening.agency.as_deref()) {
            opening.agency = opening.agency.or(Some(agency));
            opening.cuts.push(cut);
        }
        opening
    }

    /// Bytes of the dateline that a line opens with. A colon closes one only beside a date or an agency: without them a speaker may stand before it.
    #[must_use]
    pub fn length(&self, line: &str) -> Option<usize> {
        let (found, agency) = self.dateline(line, ByteSpan::new(0, line.len()), &[])?;
        let end = found.span.end as usize;
        (agency.is_some() || found.month_day.is_some() || !line[..end].ends_with(':')).then_some(end)
    }

    /// Whether `name` is a news agency's name.
    #[must_use]
    pub fn is_agency(&self, name: &str) -> bool {
        self.agencies.contains(name) || self.agencies.contains(name.trim_start_matches("The "))
    }
}

static DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i-u)(?:^|[,.\s])\s*(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?(?:(?P<m1>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s+(?P<d1>\d{1,2})|(?P<d2>\d{1,2})\s+(?P<m2>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6})(?:st|nd|rd|th)?\b\.?(?:,?\s+(?:19|20)\d\d)?",
    )
    .expect("a test compiles it")
});

/// The slash tag of "MOSCOW, May 3. /TASS/." or the bare agency of "MOSCOW. May 3. INTERFAX".
static TAG: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(?:/(?P<slash>[^/]{2,30})/\.?|(?P<bare>\p{Lu}[\p{L}-]+)\b\.?)").expect("a test compiles it"));

type Found = (String, usize, Option<String>, Option<(i8, i8)>, Option<String>);

impl Datelines {
    fn dateline(&self, text: &str, paragraph: ByteSpan, paragraphs: &[ByteSpan]) -> Option<(Dateline, Option<String>)> {
        let whole = paragraph.of(text);
        let mut limit = whole.len().min(LONGEST);
        while !whole.is_char_boundary(limit) {
            limit -= 1;
        }
        let head = &whole[..limit];
        self.tagged(head, whole).or_else(|| self.dashed(head, text, paragraphs)).map(|(words, end, place, month_day, agency)| {
            let start = paragraph.start as usize;
            (Dateline { text: words, span: ByteSpan::new(start, start + end), place, month_day }, agency)
        })
    }

    /// "MOSCOW, May 3. /TASS/." and "MOSCOW. May 3. INTERFAX".
    fn tagged(&self, head: &str, whole: &str) -> Option<Found> {
        if !head.bytes().any(|b| b.is_ascii_digit()) {
            return None;
        }
        let date = DATE.captures(head)?;
        let found = date.get(0)?;
        let place = self.clean_place(&head[..found.start()])?;
        let rest = &whole[found.end()..];
        let skipped = rest.len() - rest.trim_start_matches([' ', '.', ',']).len();
        let tag = TAG.captures(&rest[skipped..])?;
        let name = tag.name("slash").or_else(|| tag.name("bare"))?.as_str();
        let known = self.is_agency(name) || self.agencies.iter().any(|a| a.eq_ignore_ascii_case(name));
        if tag.name("slash").is_none() && !known {
            return None;
        }
        let words_end = found.end() + skipped + tag.get(0)?.as_str().trim_end_matches('.').len();
        let mut end = found.end() + skipped + tag.get(0)?.end();
        let after = &whole[end..];
        if let Some(dash) = [" - ", " – ", " — ", " -- "].into_iter().find(|dash| after.starts_with(dash)) {
            end += dash.trim_end().len();
        }
        Some((whole[..words_end].to_owned(), end, Some(place), month_day(&date), Some(name.to_owned())))
    }

    /// "SEOUL, April 30 (Agency) — ", "KYIV — ", "VADODARA: ", "(Reuters) - ".
    fn dashed(&self, head: &str, text: &str, paragraphs: &[ByteSpan]) -> Option<Found> {
        const DASHES: [&str; 8] = ["—", "–", " - ", "--", "―", ": ", ") -", " -"];
        let (at, dash) = head
            .char_indices()
            .filter(|(_, c)| matches!(c, '—' | '–' | '―' | ' ' | '-' | ':' | ')'))
            .find_map(|(at, _)| DASHES.into_iter().find(|dash| head[at..].starts_with(dash)).map(|dash| (at, dash)))?;
        let (at, dash) = if dash == ") -" { (at + 1, " -") } else { (at, dash) };
        let words = head[..at].trim_end();
        if words.is_empty() || words.ends_with(['.', '!', '?']) && words.len() > 60 {
            return None;
        }
        let mut end = at + dash.trim_end().len();
        if head[end..].starts_with('-') {
            end += 1;
        }
        if !head[end..]
            .chars()
            .find(|c| !c.is_whitespace())
            .is_none_or(|c| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '“' | '"' | '‘' | '\'' | '['))
        {
            return None;
        }
        // The agency stands in brackets at the end.
        let (before, agency) = match words.strip_suffix(')').and_then(|w| w.rsplit_once('(')) {
            Some((before, name)) if !name.is_empty() && name.len() <= 40 && !name.chars().any(|c| c.is_ascii_digit()) => {
                (before.trim_end(), Some(name.trim().to_owned()))
            }
            _ => (words, None),
        };
        if before.is_empty() {
            let agency = agency.filter(|name| self.is_agency(name))?;
            return Some((words.to_owned(), end, None, None, Some(agency)));
        }
        let date = DATE.captures(before);
        let place = match date.as_ref().and_then(|d| d.get(0)) {
            Some(found) if found.start() == 0 => return None,
            Some(found) => {
                // "SEOUL, April 30, 2025": nothing but the year may follow.
                if before[found.end()..].trim_matches([' ', ',', '.', ':']).chars().any(char::is_alphabetic) {
                    return None;
                }
                &before[..found.start()]
            }
            None => before,
        };
        let place = self.clean_place(place)?;
        let first = place.split([',', ' ', '/', '[']).next().unwrap_or_default();
        let capitals =
            first.chars().filter(|c| c.is_alphabetic()).count() >= 3 && first.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
        let saint = place.split(' ').take(2).all(|w| w.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase));
        let sure = agency.is_some() || date.is_some();
        if !(capitals || saint || sure) || self.not_places.contains(&place) || self.not_places.contains(first) && !sure {
            return None;
        }
        if dash == ": " && !sure {
            // A transcript has a speaker before every colon.
            let speakers = paragraphs
                .iter()
                .filter(|p| {
                    p.of(text).split_once(':').is_some_and(|(name, _)| {
                        name.len() < 40 && name.chars().any(char::is_alphabetic) && !name.chars().any(char::is_lowercase)
                    })
                })
                .count();
            if speakers > 1 {
                return None;
            }
        }
        let month_day = date.as_ref().and_then(month_day);
        Some((words.to_owned(), end, Some(place), month_day, agency))
    }

    /// A place as datelines write it: "KYIV, Ukraine", "New Delhi [India]", "BEIRUT/JERUSALEM".
    fn clean_place(&self, words: &str) -> Option<String> {
        let place = words.trim().trim_end_matches([',', '.', ':', '(']).trim_end();
        if place.is_empty()
            || place.len() > 60
            || place.chars().any(|c| c.is_ascii_digit() || matches!(c, '“' | '”' | '"' | '!' | '?' | ';' | ':'))
        {
            return None;
        }
        let parts: Vec<&str> = place.split_whitespace().collect();
        let named = parts.iter().all(|word| {
            self.particles.contains(*word)
                || word.trim_start_matches(['[', '(', '\'', '’']).starts_with(char::is_uppercase)
                || word.starts_with("al-")
        });
        (parts.len() <= 7 && named && place.starts_with(char::is_uppercase)).then(|| place.to_owned())
    }

    /// The agency's tag at the end of the text: "(Yonhap)", "— Reuters", "ANI".
    fn closing(&self, text: &str, paragraphs: &[ByteSpan], expected: Option<&str>) -> Option<(String, ByteSpan)> {
        let span = *paragraphs.last()?;
        let last = span.of(text).trim_end();
        let cut = |from: usize| ByteSpan::new(span.start as usize + from, span.end as usize);
        if let Some((before, name)) = last.trim_end_matches('.').strip_suffix(')').and_then(|l| l.rsplit_once('(')) {
            let name = name.trim();
            let letters = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | ' ' | '/' | '.'));
            let initials = name.len() >= 2 && name.len() <= 6 && name.chars().all(|c| c.is_ascii_uppercase());
            let ended = before.trim_end().is_empty() || before.trim_end().ends_with(['.', '!', '?', '"', '”', '’', '\'']);
            let parts_known = name.split(['/', '-']).all(|part| self.is_agency(part.trim()));
            if letters
                && !name.is_empty()
                && (Some(name) == expected || ((self.is_agency(name) || parts_known || initials) && ended && paragraphs.len() > 1))
            {
                return Some((name.to_owned(), cut(before.trim_end().len())));
            }
            return None;
        }
        // Bare: only an agency that is known, after a full stop.
        let bare = last.trim_end_matches(['.', '/']);
        let at = bare.rfind([' ', '/', '—', '–', '-']).map_or(0, |i| i + bare[i..].chars().next().map_or(1, char::len_utf8));
        let name = &bare[at..];
        let before = bare[..at].trim_end_matches([' ', '-', '–', '—', '/']);
        let fits = self.is_agency(name) && (before.is_empty() || before.ends_with(['.', '!', '?', '"', '”']));
        (fits && paragraphs.len() > 1).then(|| (name.to_owned(), cut(before.len())))
    }
}

fn month_day(date: &regex::Captures) -> Option<(i8, i8)> {
    let group = |a: &str, b: &str| date.name(a).or_else(|| date.name(b)).map(|m| m.as_str());
    let month = month_of(group("m1", "m2")?)?;
    let day: i8 = group("d1", "d2")?.parse().ok()?;
    (1..=31).contains(&day).then_some((i8::try_from(month).ok()?, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Datelines {
        Datelines::load(None).expect("built-in data")
    }

    fn of(paragraph: &str) -> Opening {
        let text = format!("{paragraph}\n\nThe end of it.");
        let end = paragraph.len();
        words().read(&text, &[ByteSpan::new(0, end), ByteSpan::new(end + 2, text.len())])
    }

    #[test]
    fn data_files_parse() {
        assert!(words().agencies.len() > 100);
    }

    #[test]
    fn datelines_in_their_forms() {
        let cases = [
            (
                "SEOUL, April 30 (Korea Bizwire) — A lawmaker said",
                "SEOUL, April 30 (Korea Bizwire)",
                Some("SEOUL"),
                Some((4, 30)),
                Some("Korea Bizwire"),
            ),
            ("KYIV, Ukraine (AP) — Russia fired", "KYIV, Ukraine (AP)", Some("KYIV, Ukraine"), None, Some("AP")),
            ("MOSCOW. May 3. INTERFAX - The ministry", "MOSCOW. May 3. INTERFAX", Some("MOSCOW"), Some((5, 3)), Some("INTERFAX")),
            ("MOSCOW, May 3. /TASS/. The ministry", "MOSCOW, May 3. /TASS/", Some("MOSCOW"), Some((5, 3)), Some("TASS")),
            (
                "New Delhi [India], May 3 (ANI): Police",
                "New Delhi [India], May 3 (ANI)",
                Some("New Delhi [India]"),
                Some((5, 3)),
                Some("ANI"),
            ),
            ("ÑUÑOA – Two people", "ÑUÑOA", Some("ÑUÑOA"), None, None),
            ("VADODARA: Eleven workers", "VADODARA", Some("VADODARA"), None, None),
            (
                "BEIRUT/AMMAN, 3 May 2025 (Reuters) - \"No,\" he",
                "BEIRUT/AMMAN, 3 May 2025 (Reuters)",
                Some("BEIRUT/AMMAN"),
                Some((5, 3)),
                Some("Reuters"),
            ),
            ("ST. JOHN’S, Antigua -- Ten", "ST. JOHN’S, Antigua", Some("ST. JOHN’S, Antigua"), None, None),
            ("(Reuters) - Ten ships", "(Reuters)", None, None, Some("Reuters")),
        ];
        for (text, words, place, month_day, agency) in cases {
            let opening = of(text);
            let dateline = opening.dateline.expect(text);
            assert_eq!((dateline.text.as_str(), dateline.place.as_deref(), dateline.month_day), (words, place, month_day), "{text}");
            assert_eq!(opening.agency.as_deref(), agency, "{text}");
            assert!(text[..dateline.span.end as usize].starts_with(words), "{text}");
        }
    }

    #[test]
    fn sentences_are_no_datelines() {
        for text in [
            "The war — now in its third year — goes on",
            "BREAKING: Ten dead",
            "NATO – the alliance",
            "In May 3 men - all armed - left",
            "A well-known man",
            "“No – never,” he said",
            "",
            "Kyiv — Russia",
        ] {
            assert_eq!(of(text).dateline, None, "{text}");
        }
    }

    #[test]
    fn closing_tags_are_cut() {
        for (last, agency, kept) in [
            ("They left. (Yonhap)", Some("Yonhap"), "They left."),
            ("They left. (PNW)", Some("PNW"), "They left."),
            ("ANI", Some("ANI"), ""),
            ("“They left.” — Reuters", Some("Reuters"), "“They left.”"),
            ("He joined the Syrian National Council (SNC).", None, "He joined the Syrian National Council (SNC)."),
            ("He told Reuters.", None, "He told Reuters."),
            ("é", None, "é"),
        ] {
            let text = format!("One.\n\n{last}");
            let opening = words().read(&text, &[ByteSpan::new(0, 4), ByteSpan::new(6, text.len())]);
            assert_eq!(opening.agency.as_deref(), agency, "{last}");
            let end = opening.cuts.first().map_or(text.len(), |cut| cut.start as usize);
            assert_eq!(&text[6..end], kept);
        }
    }
}
