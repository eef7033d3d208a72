//! Expressions in sentences: their spans and what they say.

use super::resolve::Tense;
use super::*;
use crate::types::{Metadata, Sentence, SourceMap};
use jiff::civil::date;

fn document(text: &str) -> (Document, Split) {
    let span = ByteSpan::new(0, text.len());
    let document = Document {
        id: String::new(),
        source_file: String::new(),
        sha256: String::new(),
        story_start: 0,
        text: text.to_owned(),
        map: SourceMap::default(),
        paragraphs: vec![span],
        headings: Vec::new(),
        meta: Metadata::default(),
    };
    let sentence = Sentence { span, tokens: 0..0, paragraph: 0, dateline: false };
    (document, Split { sentences: vec![sentence], tokens: Vec::new() })
}

/// Each expression with its days, of the past of Wednesday 30 April 2025.
fn read(text: &str) -> Vec<(String, String)> {
    let times = Times::load(None).expect("built-in words");
    let (document, split) = document(text);
    let show = |d: Option<Date>| d.map_or("-".to_owned(), |d| d.to_string());
    let days = |m: &Mention| m.time.as_ref().and_then(|t| t.days(Some(date(2025, 4, 30)), Tense::Past));
    times
        .find(&document, &split)
        .iter()
        .map(|m| (m.span.of(text).to_owned(), days(m).map_or("none".to_owned(), |d| format!("{} {}", show(d.start), show(d.end)))))
        .collect()
}

fn check(text: &str, expected: &[(&str, &str)]) {
    let found = read(text);
    let found: Vec<(&str, &str)> = found.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn dates_in_many_shapes() {
    for (text, span, days) in [
        ("It sank on April 2, 2025, off the coast.", "April 2, 2025", "2025-04-02 2025-04-02"),
        ("It sank on 30 April.", "30 April", "2025-04-30 2025-04-30"),
        ("It sank on Apr. 30 off the coast.", "Apr. 30", "2025-04-30 2025-04-30"),
        ("Updated 2025-04-30 by the desk", "2025-04-30", "2025-04-30 2025-04-30"),
        ("On 01 May 2024 it sank.", "01 May 2024", "2024-05-01 2024-05-01"),
        ("The May 9 parade was short.", "May 9", "2024-05-09 2024-05-09"),
        ("It began on March, 12 2024 there.", "March, 12 2024", "2024-03-12 2024-03-12"),
        ("Filed Jan. 11, 2025 in court", "Jan. 11, 2025", "2025-01-11 2025-01-11"),
        ("On the 1st of March it sank.", "1st of March", "2025-03-01 2025-03-01"),
        ("On Wednesday, April 2, 2025 it sank.", "Wednesday, April 2, 2025", "2025-04-02 2025-04-02"),
        ("Seen on 25/12/2024 there", "25/12/2024", "2024-12-25 2024-12-25"),
        ("Seen on 04/05/2024 there", "04/05/2024", "none"),
    ] {
        check(text, &[(span, days)]);
    }
}

#[test]
fn months_years_and_their_parts() {
    for (text, span, days) in [
        ("It fell in January.", "January", "2025-01-01 2025-01-31"),
        ("It fell last June.", "last June", "2024-06-01 2024-06-30"),
        ("It fell in January 2025.", "January 2025", "2025-01-01 2025-01-31"),
        ("It fell in early January.", "early January", "2025-01-01 2025-01-10"),
        ("It fell in mid-March.", "mid-March", "2025-03-11 2025-03-20"),
        ("It fell in late 2024.", "late 2024", "2024-09-01 2024-12-31"),
        ("In the first half of 2025 it fell.", "first half of 2025", "2025-01-01 2025-06-30"),
        ("At the end of June it fell.", "end of June", "2024-06-30 2024-06-30"),
        ("In the first quarter of 2024 it fell.", "first quarter of 2024", "2024-01-01 2024-03-31"),
        ("Sales fell in Q3 2024.", "Q3 2024", "2024-07-01 2024-09-30"),
        ("The January-March period was dry.", "January-March period", "2025-01-01 2025-03-31"),
        ("From 3 to 9 March it rained.", "3 to 9 March", "2025-03-03 2025-03-09"),
        ("It rained on July 4 and 5, they said.", "July 4 and 5", "2024-07-04 2024-07-05"),
        ("It rained between June 12 and 16.", "June 12 and 16", "2024-06-12 2024-06-16"),
        ("On May 3-5 it rained.", "May 3-5", "2024-05-03 2024-05-05"),
        ("It began in June last year.", "June last year", "2024-06-01 2024-06-30"),
        ("Late last year it fell.", "Late last year", "2024-09-01 2024-12-31"),
        ("In the first ten months of last year it fell.", "first ten months of last year", "2024-01-01 2024-10-31"),
        ("Russia’s 2022 invasion went on.", "2022", "2022-01-01 2022-12-31"),
        ("The 1990s were hard.", "1990s", "1990-01-01 1999-12-31"),
        ("In the 2024-25 season it fell.", "2024-25", "2024-01-01 2025-12-31"),
        ("It grew in the summer of 2023.", "summer of 2023", "2023-06-01 2023-08-31"),
        ("It grew last winter.", "last winter", "2024-12-01 2025-02-28"),
    ] {
        check(text, &[(span, days)]);
    }
}

#[test]
fn a_length_of_time_up_to_a_day() {
    for (text, span, days) in [
        ("In the week to April 6 it fell.", "week to April 6", "2025-03-31 2025-04-06"),
        ("In the three months to June it fell.", "three months to June", "2024-04-01 2024-06-30"),
        ("For the year ended 31 March 2024 it fell.", "year ended 31 March 2024", "2023-04-01 2024-03-31"),
        ("Over the 12 months ending in February it fell.", "12 months ending in February", "2024-03-01 2025-02-28"),
        ("In the seven days to Monday it fell.", "seven days to Monday", "2025-04-22 2025-04-28"),
    ] {
        check(text, &[(span, days)]);
    }
    for text in ["It fell week to week and day to day.", "They rose from five a year to 1200."] {
        check(text, &[]);
    }
    check("Sales were 40 barrels a day through March.", &[("March", "- 2025-03-31")]);
    check("It lasted 20 years ended in August 2021.", &[("August 2021", "2021-08-01 2021-08-31")]);
    check("In the weeks leading up to 7 October it fell.", &[("7 October", "- 2024-10-07")]);
    check("In June, 14 2000-pound bombs fell.", &[("June", "2024-06-01 2024-06-30")]);
}

#[test]
fn days_told_from_the_article() {
    for (text, span, days) in [
        ("It said on Monday.", "Monday", "2025-04-28 2025-04-28"),
        ("It said Wednesday morning.", "Wednesday morning", "2025-04-30 2025-04-30"),
        ("It said last Friday night.", "last Friday night", "2025-04-25 2025-04-25"),
        ("In the early hours of Friday it fell.", "early hours of Friday", "2025-04-25 2025-04-25"),
        ("Yesterday it fell.", "Yesterday", "2025-04-29 2025-04-29"),
        ("It fell overnight.", "overnight", "2025-04-29 2025-04-30"),
        ("It fell last week.", "last week", "2025-04-21 2025-04-27"),
        ("It fell this year.", "this year", "2025-01-01 2025-12-31"),
        ("So far this year it fell.", "this year", "2025-01-01 2025-12-31"),
        ("Over the past six months it fell.", "past six months", "2024-11-01 2025-04-30"),
        ("In the past 24 hours it fell.", "past 24 hours", "2025-04-29 2025-04-30"),
        ("Three days ago it fell.", "Three days ago", "2025-04-27 2025-04-27"),
        ("Two weeks earlier it fell.", "Two weeks earlier", "none"),
        ("In recent weeks it fell.", "recent weeks", "none"),
        ("Over the weekend it fell.", "weekend", "2025-04-26 2025-04-27"),
    ] {
        check(text, &[(span, days)]);
    }
}

#[test]
fn prepositions_open_and_close() {
    check("It has fallen since last June.", &[("last June", "2024-06-01 -")]);
    check("It must stop until Friday.", &[("Friday", "- 2025-04-25")]);
    check("It must end by the end of June.", &[("end of June", "- 2024-06-30")]);
    check("It must end before 20 March.", &[("20 March", "- 2025-03-19")]);
    check("It has fallen since 2022.", &[("2022", "2022-01-01 -")]);
}

#[test]
fn both_ends_of_a_period_hold_all_of_it() {
    let period = "2024-05-01 2024-07-31";
    check("Between May and July it rose.", &[("May", period), ("July", period)]);
    let years = "2014-01-01 2017-12-31";
    check("From 2014 to 2017 it rose.", &[("2014", years), ("2017", years)]);
}

#[test]
fn what_is_no_time() {
    for text in [
        "They may march on the capital for three hours.",
        "It may fall now, at 8:45, said Theresa May.",
        "The force has 2000 soldiers and 1950 tanks.",
        "The spring broke; the fall hurt him.",
        "He spoke to Russia Today and The Sun.",
        "Flight 1968 carried 40 people.",
        "April Smith sold 2024 shares.",
    ] {
        assert_eq!(read(text), [], "{text}");
    }
}

#[test]
fn a_number_before_what_it_counts_is_no_day() {
    check("In May 12 people died.", &[("May", "2024-05-01 2024-05-31")]);
}

#[test]
fn offsets_hold_on_marks_of_many_bytes() {
    check("“Écrasé” – on\u{a0}Monday’s 🚀 test", &[("Monday", "2025-04-28 2025-04-28")]);
}

#[test]
fn a_wrong_line_of_the_users_file_is_named() {
    let dir = tempfile::tempdir().expect("a directory");
    std::fs::write(dir.path().join("time.toml"), "[months]\nbrumaire = 13\n").expect("written");
    let message = Times::load(Some(dir.path())).expect_err("month 13").to_string();
    assert!(message.contains("time.toml") && message.contains("line 2"), "{message}");
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "(?s)\\PC{0,80}|([0-9]{1,4}[-/., :]{0,2}|May |June |last |first |of |the |week |ago |since |end |Monday ){0,20}") {
        for (_, days) in read(&text) {
            proptest::prop_assert!(!days.is_empty());
        }
    }
}
