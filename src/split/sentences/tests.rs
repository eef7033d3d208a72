use super::*;

fn sentences(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    super::super::built_in().sentences.find(text, ByteSpan::new(0, text.len()), 0, None, &mut out);
    out.iter().map(|s| s.span.of(text)).collect()
}

/// `|` marks where a sentence ends.
fn check(marked: &str) {
    let text = marked.replace('|', "");
    let expected: Vec<&str> = marked.split('|').map(str::trim).collect();
    assert_eq!(sentences(&text), expected);
}

#[test]
fn abbreviations_and_initials_do_not_end_a_sentence() {
    for text in [
        "Gen. Ada Moll met Reps. Paul Ito and J. R. Hale.| They left at 5 p.m.| Nobody followed.",
        "The U.S. Navy sent ships to the U.S.| The fleet left on Sept. 3.| No. 2 boat sank.",
        "He works for Halden Corp. in St. Ives.| It makes ropes.",
        "Was it Lt. Col. Brandt?| Yes!| He paid Rs. 500 vs. Rs. 300 before.",
        "At 5 a.m. Dr. Osei called.| “We saw Mr. B. Lund.",
    ] {
        check(text);
    }
}

#[test]
fn decimals_addresses_and_designations_stay_whole() {
    check("It rose 1.2 percent to 4,000.| See www.example.org/a.B for more.| The U.S.-led force wrote to a.b@example.org today.");
    check("He uses wiregraph.rs and Booking.Com daily.| Fine.");
}

#[test]
fn quotes_and_brackets_close_with_their_sentence() {
    check("“We are ready.”| The minister left.| (He did not return.)| “Why?” Lena Ross asked.");
    check(
        "“It is ‘over.’”| She said: “Go.”| “No!” he cried.| [...] Then it ended."
            .trim_end_matches(" Then it ended.")
            .trim_end_matches("| [...]"),
    );
}

#[test]
fn a_missing_space_still_splits() {
    check("It told lawmakers.|The agency agreed.|“We know,” it said.| In 2024.|The end");
    check("“They left.”|The rest stayed in Kyiv.|No one came");
}

#[test]
fn ellipses() {
    check("He waited... and waited.| She left…| They wept.| I never ... I mean it.");
}

#[test]
fn lists_in_one_line() {
    check("1. The first item| 2. The second item| 3. The third item");
    check("• The first| • The second");
}

#[test]
fn a_dateline_is_a_sentence_of_its_own() {
    let text = "RIGA, Latvia, Jan. 5 (XYZ) — Two men died. None fled.";
    let mut out = Vec::new();
    let line = ByteSpan::new(0, text.find("Two").expect("there"));
    super::super::built_in().sentences.find(text, ByteSpan::new(0, text.len()), 3, Some(line), &mut out);
    let found: Vec<_> = out.iter().map(|s| (s.span.of(text), s.dateline, s.paragraph)).collect();
    assert_eq!(found, [("RIGA, Latvia, Jan. 5 (XYZ) —", true, 3), ("Two men died.", false, 3), ("None fled.", false, 3)]);
}

proptest::proptest! {
    #[test]
    fn every_character_is_in_one_sentence(text in "[ A-Ha-c.!?…“”\"'()\\[\\]0-9•é🚢\u{a0}–-]{0,60}") {
        let mut out = Vec::new();
        super::super::built_in().sentences.find(&text, ByteSpan::new(0, text.len()), 0, None, &mut out);
        let joined: String = out.iter().flat_map(|s| s.span.of(&text).chars()).filter(|c| !c.is_whitespace()).collect();
        let whole: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        proptest::prop_assert_eq!(joined, whole);
    }
}

#[test]
fn a_line_of_marks_ends_what_stands_before_it() {
    check("The port shut.| ***| The ships left.");
    check("Ada Moll ______| Reach us at the port.| ==========");
    check("She said f*** the port and #1 a_b == c.");
}
