use crate::extract::Extractor;
use crate::recognise::{Model, Recogniser};
use crate::split::Splitter;
use crate::strip::Stripper;
use crate::types::{Content, RawDocument};

/// Each attribution as "source | cue | content … content".
fn found(text: &str) -> Vec<String> {
    let raw = RawDocument::of("a", text, Content::Clean);
    let document = Stripper::load(None).and_then(|s| s.strip(&raw)).expect("a text").remove(0);
    let split = Splitter::load(None).expect("built-in data").split(&document);
    let mentions = Recogniser::load(None, &Model::Rules).expect("built-in data").recognise(&document, &split);
    let extraction = Extractor::load(None, false).expect("built-in data").extract(&document, &split, &mentions);
    let show = |a: &crate::types::Attribution| {
        let content: Vec<&str> = a.content.iter().map(|c| c.of(&document.text)).collect();
        format!("{} | {} | {}", a.source.of(&document.text), a.cue.of(&document.text), content.join(" … "))
    };
    extraction.attributions.iter().map(show).collect()
}

#[test]
fn a_quote_that_runs_over_sentences_is_one_attribution() {
    let text = "“The bridge is gone. We saw it fall,” the mayor said on Tuesday. “Nobody was on it.”";
    assert_eq!(found(text), ["the mayor | said | “The bridge is gone. We saw it fall,” … “Nobody was on it.”"]);
}

#[test]
fn quotes_may_be_marked_by_two_apostrophes() {
    let text = "''This is no reform,'' said the minister. ''It is a tax.''";
    assert_eq!(found(text), ["the minister | said | ''This is no reform,'' … ''It is a tax.''"]);
}

#[test]
fn what_is_said_within_a_quote_is_the_speakers() {
    let text = "“The army said that the road is open,” the mayor told reporters.";
    assert_eq!(found(text), ["the mayor | told | “The army said that the road is open,”"]);
}

#[test]
fn a_stance_has_its_object_and_a_wish_its_infinitive() {
    assert_eq!(found("The opposition condemned the new tax on fuel."), ["The opposition | condemned | the new tax on fuel"]);
    assert_eq!(found("The minister urged residents to leave the valley."), ["The minister | urged | residents to leave the valley"]);
    assert_eq!(found("The union called for a general strike."), ["The union | called for | a general strike"]);
}

#[test]
fn what_nobody_did_yet_is_no_stance() {
    assert!(found("The opposition could condemn the new tax on fuel.").is_empty());
}

#[test]
fn a_clause_with_as_attributes_the_rest() {
    assert_eq!(
        found("Twelve men died in the blast, as two survivors claimed on Friday."),
        ["two survivors | claimed | Twelve men died in the blast"]
    );
}

#[test]
fn papers_lead_to_who_wrote_them() {
    let text = "The harbour was closed on Monday, according to an earlier statement by the port authority.";
    assert_eq!(found(text), ["the port authority | according to | The harbour was closed on Monday"]);
}

#[test]
fn lines_of_a_transcript_and_headlines_open_with_the_speaker() {
    let text = "Poll: Voters want another bridge\n\nMOLL: Is it open to lorries? I doubt it.\n\nKRANT: No, it is not open.\n\nMOLL: Thank you very much.";
    let lines = found(text);
    assert!(lines.contains(&"Poll | : | Voters want another bridge".to_owned()), "{lines:?}");
    assert!(lines.contains(&"MOLL | : | Is it open to lorries? I doubt it.".to_owned()), "{lines:?}");
}
