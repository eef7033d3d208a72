//! Days as pages write them.

use jiff::civil::Date;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

const MONTHS: &str = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?";

static FORMS: LazyLock<[(Regex, [usize; 3]); 6]> = LazyLock::new(|| {
    let form = |pattern: &str| Regex::new(pattern).expect("a test compiles it");
    [
        (form(r"(?-u:\b)((?:19|20)[0-9][0-9])[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[^0-9]|$)"), [1, 2, 3]),
        (form(&format!(r"(?i)(?-u:\b){MONTHS}\s+([0-9]{{1,2}})(?:st|nd|rd|th)?(?:,|\s)\s*((?:19|20)[0-9][0-9])(?-u:\b)")), [3, 1, 2]),
        (
            form(&format!(r"(?i)(?-u:\b)([0-9]{{1,2}})(?:st|nd|rd|th)?[\s\-]+(?:of\s+)?{MONTHS},?[\s\-]+((?:19|20)[0-9][0-9])(?-u:\b)")),
            [3, 2, 1],
        ),
        (form(r"(?-u:\b)([0-9]{1,2})[/.]([0-9]{1,2})[/.]((?:19|20)[0-9][0-9])(?-u:\b)"), [3, 0, 0]),
        (form(r"^((?:19|20)[0-9][0-9])([0-9][0-9])([0-9][0-9])(?:T|[0-9]{6}|$)"), [1, 2, 3]),
        // An address: "/2023/october/03/".
        (form(&format!(r"(?i)/((?:19|20)[0-9][0-9])/{MONTHS}/([0-9]{{1,2}})(?:[^0-9]|$)")), [1, 2, 3]),
    ]
});

/// The first day that `text` names in full, if there is one: "2025-06-14T04:58Z", "14 June 2025", "June 14, 2025", "14.06.2025". A day and month
/// that could be either way round ("06/05/2025") are no day.
#[must_use]
pub fn day(text: &str) -> Option<Date> {
    first(text.trim()).map(|(_, date)| date)
}

/// All the days that `text` names in full, and where.
#[must_use]
pub fn days(text: &str) -> Vec<(Range<usize>, Date)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((span, date)) = first(&text[at..]) {
        found.push((at + span.start..at + span.end, date));
        at += span.end;
    }
    found
}

fn first(text: &str) -> Option<(Range<usize>, Date)> {
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    FORMS
        .iter()
        .filter_map(|(form, places)| {
            let found = form.captures(text)?;
            let group = |i: usize| found.get(i).map_or("", |m| m.as_str());
            let date = if places[1] == 0 {
                either_way(group(1), group(2), group(3))
            } else {
                civil(group(places[0]), group(places[1]), group(places[2]))
            };
            date.map(|date| (found.get(0).map_or(0..0, |m| m.range()), date))
        })
        .min_by_key(|(span, _)| span.start)
}

fn civil(year: &str, month: &str, day: &str) -> Option<Date> {
    let number = |text: &str| text.parse::<i16>().ok();
    let month = number(month).or_else(|| month_of(month))?;
    Date::new(number(year)?, i8::try_from(month).ok()?, i8::try_from(number(day)?).ok()?).ok()
}

fn either_way(first: &str, second: &str, year: &str) -> Option<Date> {
    let (a, b) = (first.parse::<u8>().ok()?, second.parse::<u8>().ok()?);
    match (a > 12, b > 12) {
        (true, false) => civil(year, second, first),
        (false, true) => civil(year, first, second),
        _ if a == b => civil(year, first, second),
        _ => None,
    }
}

/// The month that a word names, by its first three letters.
pub(crate) fn month_of(word: &str) -> Option<i16> {
    const STARTS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let head = word.get(..3)?.to_ascii_lowercase();
    STARTS.iter().position(|m| *m == head).map(|i| i as i16 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_in_their_forms() {
        let cases = [
            ("2025-06-14T04:58:00+05:30", "2025-06-14"),
            ("20250614", "2025-06-14"),
            ("20250614T0458Z", "2025-06-14"),
            ("Posted on: Sat, 14 June 2025, 04:58 PM IST", "2025-06-14"),
            ("June 14th, 2025", "2025-06-14"),
            ("Sept. 3, 2024", "2024-09-03"),
            ("14-Jun-2025", "2025-06-14"),
            ("14.06.2025", "2025-06-14"),
            ("06/14/2025", "2025-06-14"),
            ("/2025/06/14/ferry", "2025-06-14"),
            ("14th of June, 2025", "2025-06-14"),
        ];
        for (text, expected) in cases {
            assert_eq!(day(text).map(|d| d.to_string()).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "yesterday", "06/05/2025", "31 June 2025", "2025", "é"] {
            assert_eq!(day(text), None, "{text}");
        }
        let all = days("Published 14 June 2025, updated June 16, 2025 – first seen 06/05/2025")
            .into_iter()
            .map(|(span, day)| (span.start, day.to_string()));
        assert_eq!(all.collect::<Vec<_>>(), [(10, "2025-06-14".to_owned()), (32, "2025-06-16".to_owned())]);
    }
}
