use super::date::{Clues, anchor, dates};
use super::*;
use crate::types::{ByteSpan, Content};
use jiff::civil::{Weekday, date as day};
use std::sync::LazyLock;

static WORDS: LazyLock<(Cues, Datelines)> =
    LazyLock::new(|| (Cues::load(None).expect("built-in data"), Datelines::load(None).expect("built-in data")));

fn cues() -> &'static Cues {
    &WORDS.0
}

fn raw(text: &str) -> RawDocument {
    RawDocument::of("page", text, Content::Copied)
}

fn strip(text: &str) -> Vec<Document> {
    let raw = raw(text);
    articles(&Decoded::new(&raw.bytes, None), &raw, cues(), &WORDS.1).expect("an article")
}

fn paragraphs(document: &Document) -> Vec<&str> {
    document.paragraphs.iter().map(|span| span.of(&document.text)).collect()
}

const LEDE: &str = "Engineers reopened the Halmar bridge on Tuesday after a freighter struck one of its piers and left 14 workers stranded, the Port Authority said.";
const SECOND: &str = "“We are ready,” said harbour master Ines Varga.";
const THIRD: &str = "The Port Authority put the damage at 3 million euros and said that Halmar would wait until June for a new crane, while the freighter stays under arrest.";

#[test]
fn a_portal_page() {
    let page = format!(
        "Skip to content\nThe Harbour Post\nMenu  Search  Log in\nHome > World > Ports\n\nHalmar bridge reopens after freighter hits pier\nBy Lena Ross and Tomas de Wit\nPublished 3 May 2025, 10:40 | Updated 4 May 2025\nShare  Tweet  Print\nWorkers wait on the Halmar bridge. Photo: Pia Lund\n\n{LEDE}\n\nRead also: Why the old crane failed\n\n{SECOND}\n\nADVERTISEMENT\n\n{THIRD}\n\nTags: Halmar, ports\n\n3 comments\nMo: Good that the Halmar bridge is open for the Port Authority again.\n\nWe use cookies to improve our site.\n© 2025 Harbour Post Ltd"
    );
    let documents = strip(&page);
    assert_eq!(documents.len(), 1);
    let document = &documents[0];
    assert_eq!(paragraphs(document), [LEDE, SECOND, THIRD]);
    let meta = &document.meta;
    assert_eq!(meta.headline.as_deref(), Some("Halmar bridge reopens after freighter hits pier"));
    assert_eq!(meta.authors, ["Lena Ross", "Tomas de Wit"]);
    assert_eq!((meta.published, meta.modified), (Some(day(2025, 5, 3)), Some(day(2025, 5, 4))));
    assert_eq!(meta.publisher.as_deref(), Some("The Harbour Post"));
    let at = document.text.find("“We").expect("there");
    let source = document.map.to_source(ByteSpan::new(at, at + SECOND.len())).expect("mapped");
    assert_eq!(&page[source.start as usize..source.end as usize], SECOND);
}

#[test]
fn a_menu_is_no_outlet() {
    let page = |foot: &str| {
        format!(
            "Home\nWorld\nSign in | Subscribe for 1 euro a month\nHome / World / Ports\n\nHalmar bridge reopens after freighter hits pier\nBy Lena Ross\nPublished 3 May 2025, 10:40\nShare\n\n{LEDE}\n\n{SECOND}\n\n{THIRD}\n\nWe use cookies to improve our site.\n{foot}"
        )
    };
    assert_eq!(strip(&page(""))[0].meta.publisher, None);
    assert_eq!(strip(&page("© 2025 The Horn Ledger"))[0].meta.publisher.as_deref(), Some("The Horn Ledger"));
}

#[test]
fn agency_copy_under_its_caption() {
    let page = format!(
        "\nThe Halmar bridge is seen in this file photo taken on Feb. 2, 2025. (PNW)\nHALMAR, April 29 (Harbour Post) — {LEDE}\n{SECOND}\n{THIRD}\n(Reuters)\n\n\n"
    );
    let document = strip(&page).remove(0);
    assert_eq!(document.paragraphs.len(), 3);
    assert!(document.text.ends_with(THIRD), "{}", document.text);
    assert_eq!(document.meta.agency.as_deref(), Some("Reuters"));
    assert_eq!(document.meta.headline, None);
}

#[test]
fn several_stories_of_one_page() {
    let other = "Fishermen on Lake Orla caught a carp of 41 kilograms on Sunday, the largest in the county since records began. The carp, named Bruno, was weighed twice and let go. Mayor Otto Brandt called it “a citizen of Orla” and promised a statue by the end of summer, paid for by the guild.";
    let page = format!(
        "Home > News > World\n\n‘Halmar bridge reopens after freighter hits pier’\n\nUpdated on: 04 May,2025 08:45 AM IST | Halmar\nAgencies |\n\n‘Halmar bridge reopens after freighter hits pier’\n\nListen to this article\nx\n00:00\n\n{LEDE}\n\n{THIRD}\n\nLake Orla carp breaks county record\n\nThe carp on a scale. PIC/AFP\nThe carp on a scale. Pic/AFP\n\n{other}\n\nDid you find this article helpful?\n\nYes\nNo\n\nNote: Winners will be drawn by lot.\n\nThis website uses cookies. By continuing to use it you agree."
    );
    let documents = strip(&page);
    assert_eq!(documents.len(), 2);
    assert_eq!(paragraphs(&documents[0]), [LEDE, THIRD]);
    assert_eq!(documents[0].meta.headline.as_deref(), Some("Halmar bridge reopens after freighter hits pier"));
    assert_eq!((documents[0].meta.published, documents[0].meta.modified), (None, Some(day(2025, 5, 4))));
    assert_eq!(documents[1].id, "page#2");
    assert_eq!(paragraphs(&documents[1]), [other]);
    assert_eq!(documents[1].meta.headline.as_deref(), Some("Lake Orla carp breaks county record"));
    assert!(page[documents[1].story_start as usize..].starts_with("Lake Orla carp"));
}

#[test]
fn a_subheading_is_a_paragraph_that_nothing_is_read_from() {
    let more = "Varga said that the Port Authority had warned the owners of the freighter twice, and that pilots at Halmar had asked for a second tug since the winter. The pier was built in 1961.";
    let page = format!(
        "Halmar bridge reopens after freighter hits pier\n\n{LEDE}\n\n{SECOND}\n\nWarnings ignored\n\n{more}\n\nWhat comes next\n\n{THIRD}\n"
    );
    let documents = strip(&page);
    assert_eq!(documents.len(), 1);
    assert_eq!(paragraphs(&documents[0]), [LEDE, SECOND, "Warnings ignored", more, "What comes next", THIRD]);
    assert_eq!(documents[0].headings, [2, 4]);
    // A name, a caption, what stands beside other clutter: none is sure to be a heading.
    for stray in [
        "Ada Moll",
        "The freighter Ombrak in the harbour of Halmar at dawn",
        "Warnings ignored\n\nAdvertisement",
        "Advertisement\n\nWarnings ignored",
    ] {
        let page = format!("Halmar bridge reopens after freighter hits pier\n\n{LEDE}\n\n{SECOND}\n\n{stray}\n\n{more}\n\n{THIRD}\n");
        assert_eq!(paragraphs(&strip(&page)[0]), [LEDE, SECOND, more, THIRD], "{stray}");
    }
}

#[test]
fn clean_text_comes_through_whole() {
    for page in [
        format!("{LEDE}\n{SECOND}\n{THIRD}\n"),
        format!("{LEDE}\r\n\r\n{SECOND}\r\n\r\n{THIRD}"),
        format!("{LEDE}\n\n\n{SECOND}\n\n\n\n{THIRD}\n\n"),
    ] {
        assert_eq!(paragraphs(&strip(&page)[0]), [LEDE, SECOND, THIRD]);
    }
}

#[test]
fn hard_wrapped_lines_are_joined() {
    let wrap = |text: &str| {
        let mut out = String::new();
        let mut column = 0;
        for word in text.split(' ') {
            let width = word.chars().count();
            if column > 0 && column + 1 + width > 72 {
                out.push('\n');
                column = 0;
            } else if column > 0 {
                out.push(' ');
                column += 1;
            }
            out.push_str(word);
            column += width;
        }
        out
    };
    assert_eq!(paragraphs(&strip(&[LEDE, SECOND, THIRD].map(wrap).join("\n\n"))[0]), [LEDE, SECOND, THIRD]);
    // With no blank line, a short last line ends the paragraph.
    let short = "“Nobody was hurt,” she told reporters on the quay.";
    assert_eq!(paragraphs(&strip(&[THIRD, short, SECOND, LEDE].map(wrap).join("\n"))[0]), [THIRD, short, SECOND, LEDE]);
}

#[test]
fn lists_and_letters_of_a_story_stay() {
    let page = format!(
        "{LEDE}\n\nThe rules are:\n\n– no ship of more than 9,000 tonnes may pass at night;\n\n– two tugs go with every tanker.\n\n{THIRD}\n"
    );
    assert_eq!(strip(&page)[0].paragraphs.len(), 5);
}

#[test]
fn nothing_but_clutter_is_an_error() {
    let raw = raw("Home\nMenu\nAccept cookies\n");
    assert!(articles(&Decoded::new(&raw.bytes, None), &raw, cues(), &WORDS.1).is_err());
}

#[test]
fn dates_in_their_many_forms() {
    let found = |text: &str| dates(text).first().map(|(_, date)| *date);
    for text in [
        "2025-05-03",
        "2025/05/03 10:00",
        "3 May 2025",
        "03 May,2025 08:45 AM IST",
        "3rd of May, 2025",
        "May 3, 2025",
        "Sat, May 3rd, 2025",
        "2025-05-03T10:00:00Z",
        "3-May-2025",
        "03.05.2025",
    ] {
        assert_eq!(found(text), Some(day(2025, 5, 3)), "{text}");
    }
    assert_eq!(found("23/05/2025"), Some(day(2025, 5, 23)));
    assert_eq!(found("05/23/2025"), Some(day(2025, 5, 23)));
    for text in ["03/05/2025", "31 June 2025", "May 2025", "12:30", "2025-13-40"] {
        assert_eq!(found(text), None, "{text}");
    }
}

#[test]
fn a_year_for_a_dateline() {
    let caption = |year, month, d| Clues { captions: vec![day(year, month, d)], ..Clues::default() };
    assert_eq!(anchor((4, 29), &caption(2025, 2, 2)), Some(day(2025, 4, 29)));
    assert_eq!(anchor((1, 5), &caption(2024, 12, 20)), Some(day(2025, 1, 5)));
    // 29 April 2025 was a Tuesday.
    let named = |weekday| Clues { weekdays: vec![weekday], ..caption(2025, 2, 2) };
    assert_eq!(anchor((4, 29), &named(Weekday::Tuesday)), Some(day(2025, 4, 29)));
    assert_eq!(anchor((4, 29), &named(Weekday::Friday)), None);
    assert_eq!(anchor((4, 29), &Clues { years: vec![2026], ..caption(2025, 2, 2) }), None);
    assert_eq!(anchor((4, 29), &Clues { copyright: Some(2025), ..Clues::default() }), Some(day(2025, 4, 29)));
    // A date of the text alone needs the day of the week.
    let told = Clues { text: vec![day(2024, 10, 7)], years: vec![2024], ..Clues::default() };
    assert_eq!(anchor((4, 29), &told), None);
    assert_eq!(anchor((4, 29), &Clues { weekdays: vec![Weekday::Tuesday], ..told }), Some(day(2025, 4, 29)));
    assert_eq!(anchor((4, 29), &Clues::default()), None);
    assert_eq!(anchor((2, 29), &caption(2025, 2, 2)), None);
}

#[test]
fn names_of_bylines() {
    let names = |line: &str| byline::authors(line, cues());
    assert_eq!(names("By Ada Moll, Tomas van der Wit and Iké O’Neil in Kassel"), ["Ada Moll", "Tomas van der Wit", "Iké O’Neil"]);
    assert_eq!(names("BY ADA MOLL, FOREIGN EDITOR"), ["Ada Moll"]);
    assert_eq!(names("By Ada Moll, Phnom Penh and Kampot | Friday"), ["Ada Moll"]);
    assert_eq!(names("Tuesday 19 March 2024 — by Ada Moll, in Lomé"), ["Ada Moll"]);
    assert_eq!(names("By our correspondent"), Vec::<String>::new());
    assert_eq!(names("Ada Moll and Ben Ahr | 3 May 2025 | 4 min read"), ["Ada Moll", "Ben Ahr"]);
    assert_eq!(names("3 May 2025, 10:40 • Ada Moll"), ["Ada Moll"]);
    assert!(names("Halmar Bridge | Page 3").is_empty());
    assert!(!byline::is_byline("By 2030 the fleet will have doubled.", cues()));
}

proptest::proptest! {
    #[test]
    fn no_input_panics(text in "(?s)[ A-Ca-c.:(){}“”’é🚢\u{a0}\r\n0-9|>—/-]{0,200}") {
        let raw = raw(&text);
        let _ = articles(&Decoded::new(&raw.bytes, None), &raw, cues(), &WORDS.1);
    }

    #[test]
    fn no_page_panics(picked in proptest::collection::vec(0..14usize, 0..30)) {
        let pieces = ["By Ada Moll", "(Reuters)", LEDE, SECOND, "Read more", "3 May 2025", "Halmar bridge reopens", "Photo: X", "Comments (3)", "© 2025 Ä Ltd", "– item one of two", "HALMAR, May 3 (AP) — It fell down on Monday morning.", "", "İ by İ’s"];
        let text = picked.iter().map(|i| pieces[*i]).collect::<Vec<_>>().join("\n");
        let raw = raw(&text);
        let _ = articles(&Decoded::new(&raw.bytes, None), &raw, cues(), &WORDS.1);
    }
}
