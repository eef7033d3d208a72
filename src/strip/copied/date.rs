//! Dates that a page states, and the year that a dateline leaves out.
//!
//! A page's date is taken only from lines that are a date and little else. A dateline's month and day are joined with a year by [`anchor`].

use super::cues::{Cues, fold};
use jiff::civil::{Date, Weekday};
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Longest date line, in words.
const LONGEST: usize = 16;

static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
    let month = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
    Regex::new(&format!(
        r"(?i)(?-u:\b)(?:(?P<y1>(?:19|20)[0-9][0-9])(?:-|/|\.)(?P<m1>[0-9][0-9]?)(?:-|/|\.)(?P<d1>[0-9][0-9]?)|(?P<d2>[0-9][0-9]?)(?:st|nd|rd|th)?[ \-./]*(?:of )?(?P<m2>{month})(?-u:\b)[ \-.,/]*(?P<y2>(?:19|20)[0-9][0-9])|(?P<m3>{month})(?-u:\b)\.? *(?P<d3>[0-9][0-9]?)(?:st|nd|rd|th)?,? +(?P<y3>(?:19|20)[0-9][0-9])|(?P<a4>[0-9][0-9]?)(?P<s4>[/.-])(?P<b4>[0-9][0-9]?)[/.-](?P<y4>(?:19|20)[0-9][0-9]))(?:(?-u:\b)|T)"
    ))
    .expect("the pattern is fixed and tested")
});

static CLOCK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)(?-u:\b)[0-9]{1,2}[:.h][0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9][0-9]:?[0-9][0-9])?\s*(?:[ap]\.?m(?-u:\b)\.?)?",
    )
    .expect("the pattern is fixed and tested")
});

static YEAR: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?-u:\b)(?:19|20)[0-9][0-9](?-u:\b)").expect("the pattern is fixed and tested"));

/// Whether a year of these centuries may stand in a text, as it does in every full date: a look that is far cheaper than the pattern.
fn may_have_year(text: &str) -> bool {
    text.as_bytes().windows(4).any(|four| matches!(four, [b'1', b'9', ..] | [b'2', b'0', ..]) && four.iter().all(u8::is_ascii_digit))
}

/// The full dates of a text and where they stand.
pub(super) fn dates(text: &str) -> Vec<(Range<usize>, Date)> {
    if !may_have_year(text) {
        return Vec::new();
    }
    PATTERN
        .captures_iter(text)
        .filter_map(|found| {
            let number = |name: &str| found.name(name).and_then(|m| m.as_str().parse::<i16>().ok());
            let month = |name: &str| {
                let short = fold(found.name(name)?.as_str().get(..3)?);
                MONTHS.iter().position(|m| **m == *short).map(|i| i as i16 + 1)
            };
            let (y, m, d) = if let Some(y) = number("y1") {
                (y, number("m1")?, number("d1")?)
            } else if let Some(y) = number("y2") {
                (y, month("m2")?, number("d2")?)
            } else if let Some(y) = number("y3") {
                (y, month("m3")?, number("d3")?)
            } else {
                let (a, b) = (number("a4")?, number("b4")?);
                // Day first where it cannot be the month, and with dots, which put the month first nowhere.
                match (a > 12, b > 12, found.name("s4")?.as_str()) {
                    (true, false, _) | (_, false, ".") => (number("y4")?, b, a),
                    (false, true, _) => (number("y4")?, a, b),
                    _ if a == b => (number("y4")?, a, a),
                    _ => return None,
                }
            };
            let date = Date::new(y, i8::try_from(m).ok()?, i8::try_from(d).ok()?).ok()?;
            Some((found.get(0)?.range(), date))
        })
        .collect()
}

/// Whether a line is a date and little else.
pub(super) fn is_date_line(text: &str, cues: &Cues) -> bool {
    if text.split_whitespace().count() > LONGEST || !text.bytes().any(|b| b.is_ascii_digit()) {
        return false;
    }
    let found = dates(text);
    if found.is_empty() {
        // "Updated 20:15" and "3 hours ago" are lines of their own, too.
        let words = rest(text, &found, cues);
        let cue = fold(text)
            .split(|c: char| !c.is_alphabetic())
            .any(|word| cues.changed.contains(word) || word == "published" || word == "posted");
        return cue && words == 0 && CLOCK.is_match(text);
    }
    // "via the Post, Dakar, 7 October 2024": a source, a place and the day.
    let closes = found.last().is_some_and(|(range, _)| range.end == text.trim_end().len() && text[..range.start].trim_end().ends_with(','));
    closes
        || super::byline::beside_date(text, cues).is_some()
        || rest(text, &found, cues) <= 3 + 2 * usize::from(super::byline::has_mark(text)) && !text.trim_end().ends_with(['!', '?'])
}

/// Whether words are a date or a time and nothing else: "3 May 2025, 10:40", "4 min read".
pub(super) fn is_plain(text: &str, cues: &Cues) -> bool {
    text.bytes().any(|b| b.is_ascii_digit()) && rest(text, &dates(text), cues) == 0
}

/// How many words a line has beside dates, clock times and the words that go with them.
fn rest(text: &str, found: &[(Range<usize>, Date)], cues: &Cues) -> usize {
    let mut left = String::with_capacity(text.len());
    let mut at = 0;
    for (range, _) in found {
        left.push_str(&text[at..range.start]);
        left.push(' ');
        at = range.end;
    }
    left.push_str(&text[at..]);
    let left = fold(&CLOCK.replace_all(&left, " "));
    left.split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '-')))
        .filter(|word| word.chars().any(char::is_alphabetic) && !cues.date_words.contains(*word))
        .count()
}

/// The days that date lines give: first publication, last change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stated {
    pub published: Option<Date>,
    pub modified: Option<Date>,
}

impl Stated {
    /// Adds what one date line says; the first line that says it counts.
    pub(super) fn add(&mut self, line: &str, cues: &Cues) {
        let changed = |words: &str| {
            words.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).rev().take(4).any(|w| cues.changed.contains(w))
        };
        let mut at = 0;
        for (range, date) in dates(line) {
            let slot = if changed(&fold(&line[at..range.start])) { &mut self.modified } else { &mut self.published };
            slot.get_or_insert(date);
            at = range.end;
        }
        // "3 June 2025, 18:42 — Updated 20:15", or a line "Updated 20:15": later on the same day.
        let tail = &line[at..];
        if let Some(date) = self.published.filter(|_| CLOCK.is_match(tail) && changed(&fold(&CLOCK.replace_all(tail, " ")))) {
            self.modified.get_or_insert(date);
        }
    }
}

/// What a page shows of the year it was written in.
#[derive(Clone, Debug, Default)]
pub(super) struct Clues {
    /// Full dates of captions: they are of the news, or a little older.
    pub captions: Vec<Date>,
    /// Full dates of the story.
    pub text: Vec<Date>,
    /// Years that the story names.
    pub years: Vec<i16>,
    /// The one year of the copyright line.
    pub copyright: Option<i16>,
    /// Days of the week in the opening paragraphs.
    pub weekdays: Vec<Weekday>,
}

impl Clues {
    /// Adds what one paragraph of the story shows; `opening`: it is one of the first two.
    pub(super) fn paragraph(&mut self, text: &str, opening: bool) {
        let found = dates(text);
        self.text.extend(found.iter().map(|(_, date)| *date));
        self.years.extend(YEAR.find_iter(text).filter_map(|year| year.as_str().parse::<i16>().ok()));
        if opening {
            let named = text.split(|c: char| !c.is_alphabetic()).filter_map(weekday);
            self.weekdays.extend(named);
        }
    }

    /// Adds a copyright line; one with a span of years says nothing.
    pub(super) fn copyright(&mut self, line: &str) {
        let mut years = YEAR.find_iter(line);
        if let (Some(year), None) = (years.next(), years.next()) {
            self.copyright = self.copyright.or_else(|| year.as_str().parse().ok());
        }
    }
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "Monday" => Weekday::Monday,
        "Tuesday" => Weekday::Tuesday,
        "Wednesday" => Weekday::Wednesday,
        "Thursday" => Weekday::Thursday,
        "Friday" => Weekday::Friday,
        "Saturday" => Weekday::Saturday,
        "Sunday" => Weekday::Sunday,
        _ => return None,
    })
}

/// The day of a dateline that has a month and a day but no year, on a page that states no date.
///
/// A story is no older than the past dates it speaks of, so the first year in which the dateline's day falls on or after the latest of them is the
/// earliest possible one. That year is taken where one of these speaks for it, and nothing against it:
/// - a caption's full date settles it, for captions show the news or what went shortly before, if that lies less than a year back;
/// - the copyright line's single year is that year, or a later one that the dates of the text allow;
/// - else the opening paragraphs name the dateline's own day of the week, which the years before and after have not.
///
/// A year that the story names after the one found speaks against it (plans for later years are told from the past by this alone, so it is
/// cautious), and so does an opening that names days of the week none of which is the dateline's day or one of the two before it. Then the day
/// stays unknown.
pub(super) fn anchor((month, day): (i8, i8), clues: &Clues) -> Option<Date> {
    let on = |year: i16| Date::new(year, month, day).ok();
    let first_since = |date: Date| on(date.year()).filter(|found| *found >= date).or_else(|| on(date.year() + 1));
    let latest_text = clues.text.iter().max().copied();
    let fits_week = |date: Date| {
        clues.weekdays.is_empty()
            || [date, date.yesterday().unwrap_or(date), date.yesterday().and_then(|d| d.yesterday()).unwrap_or(date)]
                .iter()
                .any(|d| clues.weekdays.contains(&d.weekday()))
    };
    let past = |date: Date| latest_text.is_none_or(|latest| latest <= date) && clues.years.iter().all(|year| *year <= date.year());
    if let Some(date) = clues.captions.iter().max().and_then(|latest| first_since(*latest)) {
        return (past(date) && fits_week(date)).then_some(date);
    }
    if let Some(date) = clues.copyright.and_then(on) {
        return (past(date) && fits_week(date)).then_some(date);
    }
    let newest = clues.years.iter().max().and_then(|year| on(*year));
    let earliest = latest_text.and_then(first_since).max(newest)?;
    let candidates = [Some(earliest), on(earliest.year() + 1)];
    let mut exact = candidates.into_iter().flatten().filter(|date| past(*date) && clues.weekdays.contains(&date.weekday()));
    match (exact.next(), exact.next()) {
        (Some(date), None) => Some(date),
        _ => None,
    }
}
