//! Who wrote it: names from bylines.

use super::cues::{Cues, fold};
use super::date;

/// What parts the names from what else is on their line.
const BARS: [char; 5] = ['|', '•', '·', '–', '—'];
/// Longest byline, in words.
const LONGEST: usize = 24;

/// Whether a byline's opening word stands inside the line: "19 March 2024 — by Ada Moll".
pub(super) fn has_mark(text: &str) -> bool {
    let folded = fold(text);
    folded.starts_with("by ") || folded.contains(" by ")
}

/// Whether a line is a byline: it opens as one and names follow, or nothing but an office.
pub(super) fn is_byline(text: &str, cues: &Cues) -> bool {
    let words = text.split_whitespace().count();
    let Some(rest) = cues.byline(text).filter(|_| words <= LONGEST) else { return false };
    if words <= 2 && rest.trim_matches(|c: char| !c.is_alphanumeric()).is_empty() {
        return true;
    }
    let plain = rest.trim().trim_end_matches('.');
    !authors(text, cues).is_empty()
        || plain.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).all(|w| cues.role.contains(&*fold(w)))
}

/// The names of a byline, in order.
pub(super) fn authors(line: &str, cues: &Cues) -> Vec<String> {
    let rest = match cues.byline(line) {
        // "From our Berlin correspondent, Ada Moll"
        Some(rest) if fold(line).starts_with("from ") => rest.split_once(',').map_or("", |(_, names)| names),
        Some(rest) => rest,
        None => {
            let lower = line.to_ascii_lowercase();
            match lower.find(" by ") {
                Some(at) => line.get(at + 4..).unwrap_or(""),
                None => return beside_date(line, cues).map_or_else(Vec::new, |list| names(list, cues)),
            }
        }
    };
    names(rest, cues)
}

/// The names that bars part from a date, on a line with nothing else but times: "Ada Moll and Ben Ahr | 3 May 2025 | 4 min read".
pub(super) fn beside_date<'l>(line: &'l str, cues: &Cues) -> Option<&'l str> {
    let parts = || line.split(BARS).map(str::trim).filter(|part| !part.is_empty());
    let (dated, others): (Vec<&str>, Vec<&str>) = parts().partition(|part| date::is_plain(part, cues));
    let [list] = others.as_slice() else { return None };
    let named = list.split([',', '&']).flat_map(|part| part.split(" and ")).all(|part| is_name(part.trim(), cues));
    (named && dated.iter().any(|part| !date::dates(part).is_empty())).then_some(list)
}

/// The person names at the head of a list: it ends where something else stands.
fn names(list: &str, cues: &Cues) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let list = list.split(BARS).flat_map(|part| part.split(['(', '[', ';'])).find(|part| !part.trim().is_empty()).unwrap_or("");
    for (i, segment) in list.split([',', '/']).enumerate() {
        let segment = segment.replace(" & ", " and ").replace(" AND ", " and ");
        let people: Vec<&str> = segment.split(" and ").map(person).filter(|part| !part.is_empty()).collect();
        // "By Ada Moll, Phnom Penh and Kampot": after a name that stands alone, places.
        if i > 0 && !people.iter().all(|part| is_name(part, cues)) {
            break;
        }
        for part in people.into_iter().filter(|part| is_name(part, cues)) {
            let name =
                if part.chars().all(|c| !c.is_lowercase()) { titled(part) } else { part.split_whitespace().collect::<Vec<_>>().join(" ") };
            if !found.contains(&name) {
                found.push(name);
            }
        }
    }
    found
}

/// A name without the words round it: "by Ada Moll in Kassel".
fn person(part: &str) -> &str {
    let part = part.trim().trim_start_matches("by ").trim_start_matches("By ").trim_start_matches("and ");
    let part = [" in ", " for ", " at "].iter().fold(part, |part, mark| part.split(mark).next().unwrap_or(part));
    part.trim().trim_end_matches('.').trim()
}

/// Whether words look like a person's name: two to five, capitals but for particles, no office or outlet.
pub(super) fn is_name(text: &str, cues: &Cues) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    if !(2..=5).contains(&words.len())
        || text.chars().any(|c| c.is_ascii_digit() || matches!(c, ':' | '>' | '@' | '!' | '?' | '|' | '"' | '“'))
    {
        return false;
    }
    let particle = |word: &str| cues.particle.contains(&*fold(word));
    let capital =
        |word: &str| word.starts_with(char::is_uppercase) || word.chars().nth(1) == Some('\'') || word.chars().nth(1) == Some('’');
    words.iter().all(|word| capital(word) || particle(word))
        && words.iter().filter(|word| capital(word)).count() >= 2
        && !words.iter().any(|word| cues.role.contains(&*fold(word.trim_matches(|c: char| !c.is_alphabetic()))))
}

/// Capitals only where words begin.
pub(super) fn titled(text: &str) -> String {
    let small = ["OF", "THE", "AND", "FOR", "IN", "ON"];
    let mut out = String::with_capacity(text.len());
    for (i, word) in text.split_whitespace().enumerate() {
        if i > 0 {
            out.push(' ');
            if small.contains(&word) {
                out.push_str(&word.to_lowercase());
                continue;
            }
        }
        let mut open = true;
        for c in word.chars() {
            if open {
                out.extend(c.to_uppercase())
            } else {
                out.extend(c.to_lowercase())
            }
            open = matches!(c, '-' | '\'' | '’');
        }
    }
    out
}
