//! Numbers in sentences: spans, values, bounds, units, and what is no amount.

use super::*;
use crate::types::{Evidence, Kind, Metadata, Scope, Sentence, SourceMap, TimeValue, Via};
use std::sync::OnceLock;

fn numbers() -> &'static Numbers {
    static NUMBERS: OnceLock<Numbers> = OnceLock::new();
    NUMBERS.get_or_init(|| Numbers::load(None).expect("built-in words"))
}

fn find(text: &str, mentions: &[Mention]) -> Vec<Quantity> {
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
    numbers().find(&document, &Split { sentences: vec![sentence], tokens: Vec::new() }, mentions)
}

/// The amounts of a sentence: span, value, bound, unit.
fn amounts(text: &str) -> Vec<(String, String, &'static str, String)> {
    find(text, &[])
        .into_iter()
        .filter(|q| q.measure != Measure::Not)
        .map(|q| {
            let value = match q.amount {
                Amount::Value(v) => v.to_string(),
                Amount::Range(a, b) => format!("{a}..{b}"),
                Amount::Vague => "vague".to_owned(),
            };
            (q.span.of(text).to_owned(), value, q.bound.name(), q.unit.unwrap_or_default())
        })
        .collect()
}

fn check(text: &str, span: &str, value: &str, bound: &str, unit: &str) {
    let found = amounts(text);
    let found: Vec<_> = found.iter().map(|(a, b, c, d)| (a.as_str(), b.as_str(), *c, d.as_str())).collect();
    assert_eq!(found, [(span, value, bound, unit)], "{text}");
}

#[test]
fn figures_and_words() {
    for (text, span, value) in [
        ("They sent 4,000 soldiers.", "4,000", "4000"),
        ("They sent 1 200 soldiers.", "1 200", "1200"),
        ("They sent 1\u{a0}200 soldiers.", "1\u{a0}200", "1200"),
        ("They sent twenty-three soldiers.", "twenty-three", "23"),
        ("They sent one hundred and five soldiers.", "one hundred and five", "105"),
        ("They sent two dozen soldiers.", "two dozen", "24"),
        ("They sent half a million soldiers.", "half a million", "500000"),
        ("They sent a hundred soldiers.", "a hundred", "100"),
        ("They sent 1.2 million soldiers.", "1.2 million", "1200000"),
        ("They sent 1.3million soldiers.", "1.3million", "1300000"),
        ("They sent 5k soldiers.", "5k", "5000"),
        ("They sent 2.5m people home.", "2.5m", "2500000"),
        ("They sent two and a half million leaflets.", "two and a half million", "2500000"),
        ("They sent 12,00,000 leaflets.", "12,00,000", "1200000"),
        ("They sent three lakh leaflets.", "three lakh", "300000"),
        ("They sent fifteen hundred leaflets.", "fifteen hundred", "1500"),
    ] {
        check(text, span, value, "exact", "");
    }
}

#[test]
fn shares() {
    for (text, span, value, unit) in [
        ("They lost a third of the force.", "a third", "0.333333", ""),
        ("They lost two-thirds of it.", "two-thirds", "0.666667", ""),
        ("They lost half the force.", "half", "0.5", ""),
        ("They lost one in five guns.", "one in five", "0.2", ""),
        ("They lost nine out of 10 guns.", "nine out of 10", "0.9", ""),
        ("They lost 40 percent of it.", "40", "40", "percent"),
        ("They lost 40% of it.", "40", "40", "percent"),
        ("They lost 3 percentage points.", "3", "3", "percentage point"),
    ] {
        check(text, span, value, "exact", unit);
    }
}

#[test]
fn ranges_and_changes() {
    check("They sent 15,000 to 18,000 men.", "15,000 to 18,000", "15000..18000", "range", "");
    check("They sent between 200 and 250 men.", "between 200 and 250", "200..250", "range", "");
    check("They sent 10–15 men.", "10–15", "10..15", "range", "");
    check("They sent 10-15 men.", "10-15", "10..15", "range", "");
    check("They sent three or four men.", "three or four", "3..4", "range", "");
    check("It cost $3 to $5 billion.", "$3 to $5 billion", "3000000000..5000000000", "range", "US dollar");
    check("It costs Rs.2,000-Rs.2,500 now.", "2,000-Rs.2,500", "2000..2500", "range", "Indian rupee");
    check("It is 5 to 10 km long.", "5 to 10", "5..10", "range", "kilometre");
    let change = amounts("The toll rose from 3 to 5.");
    assert_eq!(change.iter().map(|(_, v, ..)| v.as_str()).collect::<Vec<_>>(), ["3", "5"]);
    let rise = amounts("It grew by $43 billion to $419 billion.");
    assert_eq!(rise.iter().map(|(_, v, ..)| v.as_str()).collect::<Vec<_>>(), ["43000000000", "419000000000"]);
}

#[test]
fn ranges_behind_a_verb_and_fractions_of_a_unit() {
    check("The army lost 400 to 500 soldiers.", "400 to 500", "400..500", "range", "");
    check("Prices rose 3 to 4 percent.", "3 to 4", "3..4", "range", "percent");
    check("The toll rose to 40-50.", "40-50", "40..50", "range", "");
    check("It moved by a tenth of a percentage point.", "a tenth of a", "0.1", "exact", "percentage point");
    check("It is sure to plus or minus 2.5 percentage points.", "2.5", "2.5", "exact", "percentage point");
    check("They took 48 tonnes a week earlier.", "48", "48", "exact", "tonne");
    assert_eq!(amounts("The toll rose by 12 to 340.").len(), 2);
}

#[test]
fn bounds() {
    for (words, bound) in [
        ("some 600", "about"),
        ("an estimated 600", "about"),
        ("nearly 600", "about"),
        ("close to 600", "about"),
        ("closer to 600", "about"),
        ("at least 600", "at-least"),
        ("no fewer than 600", "at-least"),
        ("600 or more", "at-least"),
        ("more than 600", "more-than"),
        ("upwards of 600", "more-than"),
        ("600+", "more-than"),
        ("600-plus", "more-than"),
        ("up to 600", "at-most"),
        ("as many as 600", "at-most"),
        ("no more than 600", "at-most"),
        ("fewer than 600", "less-than"),
        ("600-odd", "about"),
        ("as many as about 600", "at-most"),
    ] {
        check(&format!("They sent {words} soldiers there."), words, "600", bound, "");
    }
    check("He spoke about 30 men.", "30", "30", "exact", "");
    check("They took over 12 towns.", "12", "12", "exact", "");
}

#[test]
fn a_half_that_is_a_share_and_one_behind_a_unit() {
    check("They sent two-and-a-half tonnes.", "two-and-a-half", "2.5", "exact", "tonne");
    check("It took a year and a half.", "a year and a half", "1.5", "exact", "year");
    check("It took three days and a half.", "three days and a half", "3.5", "exact", "day");
    check("He cut all salaries by half.", "half", "0.5", "exact", "");
    check("Half of the year was dry.", "Half", "0.5", "exact", "");
}

#[test]
fn vague_numbers_have_no_value() {
    for words in ["dozens", "hundreds of thousands", "several hundred", "a few thousand", "tens of thousands"] {
        check(&format!("It killed {words} of people."), words, "vague", "vague", "");
    }
}

#[test]
fn a_reported_nought() {
    check("There were no casualties.", "no", "0", "exact", "");
    check("No officer has been charged.", "No", "0", "exact", "");
    check("The company said no employee had been hurt.", "no", "0", "exact", "");
    assert!(amounts("There was no official comment on the attack.").is_empty());
    check("There were no reported North Korean casualties.", "no", "0", "exact", "");
    check("Not a single drone got through.", "Not a single", "0", "exact", "");
    assert_eq!(amounts("There is no doubt and no longer any hope."), []);
}

#[test]
fn increments_and_totals() {
    let scope = |text: &str| find(text, &[]).first().and_then(|q| q.scope);
    assert_eq!(scope("Another 12 men died."), Some(Scope::Increment));
    assert_eq!(scope("12 more men died."), Some(Scope::Increment));
    assert_eq!(scope("A further 30 died."), Some(Scope::Increment));
    assert_eq!(scope("It rose by 12 on Monday."), Some(Scope::Increment));
    assert_eq!(scope("A total of 40 died."), Some(Scope::Total));
    assert_eq!(scope("In all, 40 died."), Some(Scope::Total));
    assert_eq!(scope("40 soldiers in total died."), Some(Scope::Total));
    assert_eq!(scope("12 more than in May died."), None);
}

#[test]
fn one_of_many_is_marked() {
    let found = find("He is one of the best men.", &[]);
    assert_eq!(found.iter().map(|q| q.measure).collect::<Vec<_>>(), [Measure::Partitive]);
    assert_eq!(amounts("One of the men, and no one else.").len(), 1);
}

#[test]
fn which_way_something_changed() {
    let changes = |text: &str| find(text, &[]).iter().map(|q| q.change.map(|c| c.direction.name())).collect::<Vec<_>>();
    assert_eq!(changes("It rose 5% on Monday."), [Some("up")]);
    assert_eq!(changes("It rose by nearly 12 to 340 men."), [Some("up"), None]);
    assert_eq!(changes("Shares were down 2.3%, others by 3% there."), [Some("down"), Some("down")]);
    assert_eq!(changes("A 5% drop in sales came."), [Some("down")]);
    assert_eq!(changes("The index: +0.4% today."), [Some("up")]);
    assert_eq!(changes("They lost 12 soldiers and dropped 5 bombs."), [None, None]);
}

#[test]
fn numbers_share_units_and_bounds() {
    let units = |text: &str| amounts(text).into_iter().map(|(_, value, bound, unit)| format!("{value} {bound} {unit}")).collect::<Vec<_>>();
    assert_eq!(units("They got 280 million of the 1.5 billion euros due."), ["280000000 exact euro", "1500000000 exact euro"]);
    assert_eq!(units("It rose from 14 km to 24."), ["14 exact kilometre", "24 exact kilometre"]);
    assert_eq!(units("It slowed to 1.9 from 2.2 percent."), ["1.9 exact percent", "2.2 exact percent"]);
    assert_eq!(units("It is over 7 miles (11 km) long."), ["7 more-than mile", "11 more-than kilometre"]);
    assert_eq!(units("It is 1.5×10^6 metres long."), ["1500000 exact metre"]);
}

#[test]
fn units_and_money() {
    for (text, span, value, unit) in [
        ("It holds 3,000 metric tons.", "3,000", "3000", "tonne"),
        ("A 5000-tonne ship sank.", "5000", "5000", "tonne"),
        ("It fired 155mm shells.", "155", "155", "millimetre"),
        ("A 12-km stretch burned.", "12", "12", "kilometre"),
        ("It burned 12 square kilometres.", "12", "12", "square kilometre"),
        ("It pumps 40 barrels per day.", "40", "40", "barrel per day"),
        ("It goes at 120 mph.", "120", "120", "mile per hour"),
        ("It was 35°C there.", "35", "35", "degree Celsius"),
        ("It cost $40 million.", "$40 million", "40000000", "US dollar"),
        ("It cost US$40m.", "US$40m", "40000000", "US dollar"),
        ("It cost A$40 million.", "A$40 million", "40000000", "Australian dollar"),
        ("It cost 40 million euros.", "40 million", "40000000", "euro"),
        ("It cost €3bn.", "€3bn", "3000000000", "euro"),
        ("It cost EUR 500.", "500", "500", "euro"),
        ("It cost 40 million Danish crowns.", "40 million", "40000000", "Danish krone"),
        ("It cost $76 a barrel.", "$76", "76", "US dollar per barrel"),
        ("It sank by half a metre.", "half a", "0.5", "metre"),
        ("It is 5m deep there.", "5", "5", "metre"),
        ("It was -12°C there.", "-12", "-12", "degree Celsius"),
    ] {
        check(text, span, value, "exact", unit);
    }
}

#[test]
fn ages_and_durations_are_marked() {
    let measures = |text: &str| find(text, &[]).iter().map(|q| q.measure).collect::<Vec<_>>();
    for text in [
        "Her brother, 22, was there.",
        "She will be 35 by then.",
        "A man aged 23 died.",
        "A 23-year-old died.",
        "He is 23 years old.",
        "Ivan Petrov, 34, died.",
        "At the age of 23 he died.",
        "I was eight when we left.",
    ] {
        assert_eq!(measures(text), [Measure::Age], "{text}");
    }
    for text in ["It lasted three hours.", "It lasted over 10 days.", "A two-day visit began."] {
        assert_eq!(measures(text), [Measure::Duration], "{text}");
    }
}

#[test]
fn ratios_and_attributes_are_told_from_counts() {
    let measures = |text: &str| find(text, &[]).iter().map(|q| q.measure).collect::<Vec<_>>();
    for text in ["It grew three times as fast.", "It used 3x less fuel.", "It cost 4.5 times the price.", "It is ten times harder."] {
        assert_eq!(measures(text), [Measure::Ratio], "{text}");
    }
    check("It ran 1.5–3x faster.", "1.5–3", "1.5..3", "range", "time");
    assert_eq!(measures("A two-state, three-storey thing."), [Measure::Attribute; 2]);
    assert_eq!(measures("It was hit three times."), [Measure::Count]);
    assert_eq!(measures("They will form 30 battalions."), [Measure::Count]);
    check("She drank a half-litre bottle.", "a half", "0.5", "exact", "litre");
    assert_eq!(measures("A 4x4 truck and a 4X game."), [Measure::Not; 2]);
}

#[test]
fn what_is_no_amount() {
    for text in [
        "It began in 2024 there.",
        "The 1990s were hard.",
        "It opens at 8:45 AM daily.",
        "It opens at 2 p.m. daily.",
        "The 80th anniversary came.",
        "Call 555-12-34 now.",
        "He lives at 14 Elm Street now.",
        "Under Article 51 it may.",
        "See No. 5 and Chapter 7 here.",
        "Flight 370 vanished.",
        "They won 3-1 at home.",
        "An SA-22 and a Su-27 and the G7 met.",
        "Covid-19 and a Boeing 737.",
        "The 47th Brigade and Unit 731.",
        "No one and each one of them.",
        "See https://example.org/2024/5/story-12 there.",
        "A zero-trust plan.",
        "It helps [29,33].",
        "It has 99999999999999999999999999999999999999999 parts.",
        "Version 1.2.3 came.",
        "Reach us on +222 45 25 00 99 there.",
        "The twenty-first man.",
        "The 737 Max and the 747 were grounded.",
        "She called 911.",
        "See 9 E 71st St there.",
        "Offices at 22 Avenue Foch.",
        "It rained in the second half of the year.",
        "It rained in the latter half of May.",
        "It went off at 7.30 in the morning.",
        "The war (1865 - 70) was long.",
        "We ask for 1) peace and 2) bread.",
        "Its parts — 1) a port, 2) Docks, and 3) a quay — are old.",
        "Call (212) 555-0100 today.",
        "It was a one-off, and no one-size-fits-all plan.",
        "It won a 4/5 on the site.",
    ] {
        assert_eq!(amounts(text), [], "{text}");
    }
}

#[test]
fn one_is_a_count_before_what_is_counted() {
    check("One soldier was killed.", "One", "1", "exact", "");
    check("About 4/5 of them fled.", "About 4/5", "0.8", "about", "");
    check("In all 4/5 were women.", "4/5", "0.8", "exact", "");
    check("The boats left and one never returned.", "one", "1", "exact", "");
    check("By Monday 911 were missing.", "911", "911", "exact", "");
    check("At least one person died.", "At least one", "1", "at-least", "");
}

#[test]
fn names_codes_and_marks_of_lists_are_no_amounts() {
    for text in [
        "The screen shows 1080p at last.",
        "Most offer a 401(k) plan.",
        "12 The authors thank the port.",
        "Myth 2: ships cannot turn.",
        "The TL2010Q and the R1 are sold out.",
        "They wrote &#39;never again&#39; on it.",
        "She lived there from roughly 1948 to 1951.",
    ] {
        assert_eq!(amounts(text), [], "{text}");
    }
    check("The plan \"Harbour 2040\" cost R5 million.", "5 million", "5000000", "exact", "South African rand");
}

#[test]
fn over_a_time_and_people_over_an_age() {
    check("The costs add up over five years.", "five", "5", "exact", "year");
    check("It lasted over five years.", "over five", "5", "more-than", "year");
    check("Calls took between the ages of 17 and 29.", "17 and 29", "17..29", "range", "");
    let measures = |text: &str| find(text, &[]).iter().map(|q| q.measure).collect::<Vec<_>>();
    assert_eq!(measures("Women under 30 may apply."), [Measure::Age]);
    assert_eq!(measures("Women in over 30 towns voted."), [Measure::Count]);
    check("It was delayed by five to ten minutes.", "five to ten", "5..10", "range", "minute");
}

#[test]
fn a_number_in_a_date_or_a_name_is_no_count() {
    let text = "On 5 May the 300 Spartans met 40 tanks there.";
    let mention = |start, end, kind| Mention {
        span: ByteSpan::new(start, end),
        kind,
        score: 1.0,
        evidence: Evidence::of(Via::Ruled),
        key: None,
        time: (kind == Kind::Time).then_some(TimeValue::Unknown),
    };
    let found = find(text, &[mention(3, 8, Kind::Time), mention(13, 25, Kind::Organization), mention(30, 38, Kind::Equipment)]);
    let measures: Vec<_> = found.iter().map(|q| (q.number.of(text), q.measure)).collect();
    assert_eq!(measures, [("5", Measure::Not), ("300", Measure::Not), ("40", Measure::Count)]);
}

#[test]
fn spans_hold_on_marks_of_many_bytes() {
    let text = "“Écrasé” – more\u{a0}than 4,000 men’s 🚀 shoes — some $1.2 million";
    let spans: Vec<_> = find(text, &[]).iter().map(|q| q.span.of(text)).collect();
    assert_eq!(spans, ["more\u{a0}than 4,000", "some $1.2 million"]);
}

#[test]
fn long_runs_take_linear_time() {
    let mut text = "7".repeat(10_000_000);
    text.push_str(&" 100 200".repeat(20_000));
    text.push_str(&" and one hundred".repeat(20_000));
    text.push_str(&" more than about".repeat(20_000));
    text.push_str(&", 12".repeat(50_000));
    assert!(!find(&text, &[]).is_empty());
}

#[test]
fn a_wrong_line_of_the_users_file_is_named() {
    for (name, line) in [("numbers.toml", "[ones]\nten = 10\n"), ("units.toml", "[[unit]]\nname = 3\n")] {
        let dir = tempfile::tempdir().expect("a directory");
        std::fs::write(dir.path().join(name), line).expect("written");
        let message = Numbers::load(Some(dir.path())).expect_err("wrong").to_string();
        assert!(message.contains(name) && message.contains("line 2"), "{message}");
    }
    let dir = tempfile::tempdir().expect("a directory");
    std::fs::write(dir.path().join("units.toml"), "[[unit]]\nname = \"parasang\"\ndimension = \"length\"\nwords = [\"parasangs\"]\n")
        .expect("written");
    assert!(Numbers::load(Some(dir.path())).is_ok());
}

/// A whole number in words.
fn spell(number: u64) -> String {
    const SMALL: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    if number < 20 {
        return SMALL[number as usize].to_owned();
    }
    if number < 100 {
        let rest = if number.is_multiple_of(10) { String::new() } else { format!("-{}", SMALL[(number % 10) as usize]) };
        return format!("{}{rest}", TENS[(number / 10) as usize]);
    }
    for (name, size) in [("billion", 1_000_000_000u64), ("million", 1_000_000), ("thousand", 1000), ("hundred", 100)] {
        if number >= size {
            let rest = number % size;
            let joint = if size == 100 { " and " } else { " " };
            let rest = if rest == 0 { String::new() } else { format!("{joint}{}", spell(rest)) };
            return format!("{} {name}{rest}", spell(number / size));
        }
    }
    String::new()
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

fn range(low: u64, high: u64) -> Amount {
    Amount::Range(Decimal::from(low), Decimal::from(high))
}

fn normal(amount: Amount) -> Amount {
    match amount {
        Amount::Value(v) => Amount::Value(v.normalize()),
        Amount::Range(a, b) => Amount::Range(a.normalize(), b.normalize()),
        Amount::Vague => Amount::Vague,
    }
}

proptest::proptest! {
    #[test]
    fn what_is_spelt_is_read(number in proptest::prop_oneof![2u64..1000, 1000u64..1_000_000, 1_000_000u64..1_000_000_000_000]) {
        let value = Some(Amount::Value(Decimal::from(number)));
        let read = |text: String| find(&text, &[]).first().map(|q| q.amount);
        proptest::prop_assert_eq!(read(format!("They lost {} soldiers.", spell(number))), value);
        proptest::prop_assert_eq!(read(format!("They lost {} soldiers.", grouped(number))), value);
    }

    #[test]
    fn every_form_is_read(whole in 1u64..1000, tenth in 1u64..10, step in 0usize..4, form in 0usize..12) {
        let (name, factor) = [("thousand", 1000u64), ("million", 1_000_000), ("billion", 1_000_000_000), ("trillion", 1_000_000_000_000)][step];
        let scaled = |n: u64| Decimal::from(n) * Decimal::from(factor);
        let tenths = (Decimal::from(whole) + Decimal::from(tenth) / Decimal::TEN) * Decimal::from(factor);
        let small = whole % 90 + 2;
        let (text, amount) = match form {
            0 => (format!("{whole}.{tenth} {name} leaflets"), Amount::Value(tenths)),
            1 => (format!("{} point {} {name} leaflets", spell(whole), spell(tenth)), Amount::Value(tenths)),
            2 => (format!("{whole} {name} leaflets"), Amount::Value(scaled(whole))),
            3 => (format!("{} {name} leaflets", spell(whole)), Amount::Value(scaled(whole))),
            4 => (format!("{} and a half {name} leaflets", spell(small)), Amount::Value(scaled(small) + scaled(1) / Decimal::TWO)),
            5 => (format!("{} dozen leaflets", spell(tenth + 1)), Amount::Value(Decimal::from((tenth + 1) * 12))),
            6 => (format!("between {} and {} leaflets", grouped(whole * 10), grouped(whole * 10 + tenth)), range(whole * 10, whole * 10 + tenth)),
            7 => (format!("{} to {} leaflets", grouped(whole), grouped(whole + tenth)), range(whole, whole + tenth)),
            8 => (format!("{}–{} leaflets", grouped(whole + 1), grouped(whole + 1 + tenth)), range(whole + 1, whole + 1 + tenth)),
            9 => (format!("{}-{} {name} leaflets", small, small + tenth), Amount::Range(scaled(small), scaled(small + tenth))),
            10 => (format!("{} out of {} leaflets", tenth, tenth + whole), Amount::Value(digits::part(tenth as u32, (tenth + whole) as u32))),
            _ => (format!("half a {name} leaflets"), Amount::Value(scaled(1) / Decimal::TWO)),
        };
        let found = find(&format!("They printed {text} there."), &[]);
        proptest::prop_assert_eq!(found.first().map(|q| q.amount), Some(normal(amount)), "{}", text);
    }

    #[test]
    fn any_text_gives_ordered_spans_and_ranges(text in "(?s)\\PC{0,60}|([0-9]{1,5}[-–/., %$]{0,2}|to |between |and |about |million |half |a |of |or |one |\\$|€|km ){0,24}") {
        let mut end = 0;
        for q in find(&text, &[]) {
            proptest::prop_assert!(!q.span.of(&text).is_empty() && q.span.covers(q.number) && q.span.start >= end);
            end = q.span.end;
            if let Amount::Range(low, high) = q.amount {
                proptest::prop_assert!(low <= high);
            }
        }
    }
}

#[test]
fn vague_amounts_have_units() {
    let units = |text: &str| amounts(text).into_iter().map(|(_, value, _, unit)| (value, unit)).collect::<Vec<_>>();
    let told = |unit: &str| [("vague".to_owned(), unit.to_owned())];
    assert_eq!(units("The war has cost billions of dollars."), told("US dollar"));
    assert_eq!(units("Fire took several hundred hectares."), told("hectare"));
    assert_eq!(units("They sent hundreds of tonnes of grain."), told("tonne"));
    assert_eq!(units("It killed dozens of people."), told(""));
    assert_eq!(units("Hundreds of foot soldiers crossed the border."), told(""));
    assert_eq!(units("Thousands of day labourers were stranded."), told(""));
}

#[test]
fn what_is_compared_is_in_the_same_unit() {
    let units = |text: &str| amounts(text).into_iter().map(|(number, _, _, unit)| (number, unit)).collect::<Vec<_>>();
    let told = |number: &str, unit: &str| (number.to_owned(), unit.to_owned());
    assert_eq!(
        units("Exports rose to 412 million tonnes, compared with 388 million a year earlier."),
        [told("412 million", "tonne"), told("388 million", "tonne")]
    );
    assert_eq!(units("The port took 12 tonnes, up from 9 ships in May."), [told("12", "tonne"), told("9", "")]);
}

#[test]
fn millions_of_nothing_behind_money_are_money() {
    let units = |text: &str| amounts(text).into_iter().map(|(number, _, _, unit)| (number, unit)).collect::<Vec<_>>();
    let told = |number: &str, unit: &str| (number.to_owned(), unit.to_owned());
    assert_eq!(
        units("Profit fell to 310 million euros from 742 million a year earlier."),
        [told("310 million", "euro"), told("742 million", "euro")]
    );
    assert_eq!(
        units("It paid out 10 billion euros of a promised 18.1 billion."),
        [told("10 billion", "euro"), told("18.1 billion", "euro")]
    );
    assert_eq!(
        units("Aid of 3 million euros came late, and 2 million were displaced."),
        [told("3 million", "euro"), told("2 million", "")]
    );
}
