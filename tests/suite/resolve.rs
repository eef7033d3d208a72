//! Who is meant by pronouns and descriptions, and whose people and things are counted, over whole articles.

use std::sync::OnceLock;
use wiregraph::pipeline::{Configuration, Pipeline};
use wiregraph::recognise::Model;
use wiregraph::types::{Analysis, ByteSpan, Claim, Content, Metadata, RawDocument, Slot};

fn article(text: &str) -> Analysis {
    static PIPELINE: OnceLock<Pipeline> = OnceLock::new();
    let rules = || Pipeline::load(&Configuration { recogniser: Model::Rules, ..Configuration::default() }).expect("built-in data");
    let raw = RawDocument {
        id: "test".to_owned(),
        source_file: "test".to_owned(),
        bytes: text.as_bytes().to_vec(),
        content: Content::Clean,
        hints: Metadata::default(),
    };
    PIPELINE.get_or_init(rules).analyse(&raw).expect("an article").remove(0)
}

/// The words that fill a slot of the claim with these words for a number.
fn filler(analysis: &Analysis, number: &str, slot: Slot) -> Option<ByteSpan> {
    let text = &analysis.document.text;
    let is_it = |c: &&Claim| c.figure.as_ref().is_some_and(|f| f.quantity.span.of(text) == number);
    let claim = analysis.extraction.claims.iter().find(is_it).unwrap_or_else(|| panic!("no claim of “{number}”"));
    claim.roles.iter().find(|r| r.slot == slot).map(|r| r.span)
}

/// The name of whom they mean; none where the slot is empty or they have no name.
fn name(analysis: &Analysis, number: &str, slot: Slot) -> Option<String> {
    let span = filler(analysis, number, slot)?;
    let reference = analysis.references.iter().find(|r| r.mentions.contains(&span))?;
    reference.names.first().cloned()
}

#[test]
fn a_pronoun_that_opens_a_sentence_goes_on_with_the_subject_before() {
    let told = article(
        "The National Intelligence Service said on Monday that 40 drones were launched from the north.\n\n\
         The Joint Chiefs of Staff gave a lower figure at their own briefing. They said 25 drones were launched.",
    );
    assert_eq!(name(&told, "40", Slot::Author).as_deref(), Some("National Intelligence Service"));
    assert_eq!(name(&told, "25", Slot::Author).as_deref(), Some("Joint Chiefs of Staff"));
}

#[test]
fn what_somebody_published_is_theirs_and_an_official_is_not_the_office() {
    let told = article(
        "According to United Nations figures, 300 civilians were killed in Sudan last week. A United Nations official said 12 hospitals were hit.",
    );
    assert_eq!(name(&told, "300", Slot::Author).as_deref(), Some("United Nations"));
    assert!(filler(&told, "12", Slot::Author).is_some_and(|span| span.of(&told.document.text).ends_with("official")));
    assert_eq!(name(&told, "12", Slot::Author), None);
}

#[test]
fn who_hears_it_and_days_are_no_sources() {
    let told = article(
        "Two patrol boats pulled 61 people from the water alive, the captain told reporters. Out of 984 kilometres, 664 had been described by January.",
    );
    let words = |number: &str| filler(&told, number, Slot::Author).map(|span| span.of(&told.document.text).to_owned());
    assert_eq!(words("61").as_deref(), Some("the captain"));
    assert_eq!(words("664"), None);
}

#[test]
fn who_quotes_a_source_passed_it_on() {
    let told = article("The vessel was carrying about 210 people to Goma, according to harbour officials quoted by Radio Okapi.");
    let words = |slot: Slot| filler(&told, "about 210", slot).map(|span| span.of(&told.document.text).to_owned());
    assert_eq!(words(Slot::Author).as_deref(), Some("harbour officials"));
    assert!(words(Slot::RelayedBy).is_some_and(|w| w.contains("Radio Okapi")));
}

#[test]
fn what_is_sent_is_of_who_sends_it_and_the_same_soldiers_stay_theirs() {
    let told = article("France deployed 300 soldiers to Chad on Monday. Two soldiers were wounded on Tuesday.");
    assert_eq!(name(&told, "300", Slot::CountedActor).as_deref(), Some("France"));
    assert_eq!(name(&told, "Two", Slot::CountedActor).as_deref(), Some("France"));
    let mixed = article("France deployed 300 soldiers to Chad. Ghana deployed 80 soldiers to Mali. Two soldiers were wounded on Tuesday.");
    assert_eq!(name(&mixed, "Two", Slot::CountedActor), None);
}

#[test]
fn a_relayed_chain_is_whole_and_nobody_does_what_there_is() {
    let told = article(
        "North Korea has sent about 15,000 troops to Russia and there have been some 4,700 casualties, the NIS told lawmakers, according to Reps. Lee \
         Seong-kweun of the People Power Party and Kim Byung-kee of the Democratic Party.",
    );
    assert_eq!(name(&told, "about 15,000", Slot::Agent).as_deref(), Some("North Korea"));
    assert_eq!(name(&told, "some 4,700", Slot::Agent), None);
    for number in ["about 15,000", "some 4,700"] {
        assert_eq!(name(&told, number, Slot::Author).as_deref(), Some("NIS"));
        assert_eq!(name(&told, number, Slot::RelayedBy).as_deref(), Some("Lee Seong-kweun"));
    }
}
