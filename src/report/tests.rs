use super::*;
use crate::graph::fixtures;
use crate::graph::iri::Instance;
use crate::graph::iri::Iri;
use std::collections::HashSet;

/// The data of the graph's own fixtures, whose files are nowhere.
pub(super) fn data() -> data::Data {
    gather::gather(&fixtures::graph(), None, usize::MAX)
}

fn words(text: &str, (start, end): (usize, usize)) -> String {
    String::from_utf16(&text.encode_utf16().skip(start).take(end - start).collect::<Vec<u16>>()).expect("whole characters")
}

#[test]
fn every_claim_stands_in_its_article_with_every_slot_in_words() {
    let graph = fixtures::graph();
    let data = data();
    let count = |class: &str| graph.nodes().filter(|node| node.is_a(class)).count();
    assert_eq!(data.claims.len(), count("wg:Claim") + count("wg:Relation"));
    assert_eq!(data.articles.len(), count("schema:NewsArticle"));
    assert_eq!(data.links.len(), count("rdf:Statement"));
    assert_eq!(data.series.len(), count("wg:Series"));
    let sentences: HashSet<&str> = graph.nodes().flat_map(|node| node.texts("schema:text")).collect();
    for claim in &data.claims {
        let text = &data.articles[claim.article].text;
        assert!(sentences.contains(words(text, claim.sentence).as_str()));
        for [slot, start, length, ..] in &claim.slots {
            let [slot, start, length] = [slot, start, length].map(|number| usize::try_from(*number).expect("a position"));
            assert!(length > 0, "{} has no words in {text}", data.strings[slot]);
            assert!(!words(text, (start, start + length)).is_empty());
        }
        let mut said = claim.said.chunks(2).map(|pair| (data.strings[pair[0]].as_str(), data.strings[pair[1]].as_str()));
        assert!(said.find(|(property, _)| *property == "wg:valueText").is_none_or(|(_, figure)| text.contains(figure)));
    }
    for article in &data.articles {
        assert!(!article.whole);
        for mention in article.mentions.chunks(3) {
            assert!(!words(&article.text, (mention[0], mention[0] + mention[1])).is_empty());
        }
    }
}

#[test]
fn a_small_page_holds_the_most_connected_articles() {
    let graph = fixtures::graph();
    let all = data();
    let whole = serde_json::to_string(&all).expect("JSON").len();
    let one = all.articles.len() - 1;
    let fewer = (0..whole).step_by(200).map(|room| gather::gather(&graph, None, room)).filter(|data| data.articles.len() <= one);
    let fewer: Vec<data::Data> = fewer.filter(|data| !data.articles.is_empty()).collect();
    assert!(!fewer.is_empty());
    for data in fewer {
        let ids = |data: &data::Data| data.articles.iter().map(|article| article.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&data), ids(&all)[..data.articles.len()], "a page begins as a larger one does");
        assert!(data.claims.iter().all(|claim| claim.article < data.articles.len()));
        assert!(data.links.iter().all(|link| link.0 < data.claims.len() && link.2 < data.claims.len()));
        let series = |claim: &data::Claim| claim.series.map(|at| data.series[at].claims).unwrap_or(0);
        assert!(data.claims.iter().map(series).max() == all.series.iter().map(|series| series.claims).max());
    }
    for room in [whole / 3, whole / 2, whole - 1] {
        let size = serde_json::to_string(&gather::gather(&graph, None, room)).expect("JSON").len();
        assert!(size <= room, "{size} of {room}");
    }
}

#[test]
fn a_page_is_no_larger_than_asked_for() {
    let graph = fixtures::graph();
    let options = |limit| Options { limit, sources: None };
    let mut page = Vec::new();
    let summary = write(&graph, &options(DEFAULT_LIMIT_MB as usize * 1_000_000), &mut page).expect("a page");
    assert_eq!((summary.bytes, summary.left_out, summary.whole), (page.len(), 0, 0));
    let error = write(&graph, &options(page_size() + 10), &mut Vec::new()).expect_err("no room");
    assert!(error.hint().is_some_and(|hint| hint.contains("--limit-mb")), "{error}");
    let mut smaller = Vec::new();
    let summary = write(&graph, &options(page.len() - 1), &mut smaller).expect("a page");
    assert!(smaller.len() < page.len() && summary.left_out > 0, "{summary:?}");
}

#[test]
fn the_whole_text_is_shown_only_of_the_very_bytes() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("article.txt");
    let text = "Ministry tells of losses\n\nKYIV, Ukraine — Twelve soldiers were killed near Pokrovsk on Tuesday, the General Staff said. \
        The weather was fine. It had rained the day before, and the roads were wet.\n\nFour soldiers were wounded in the same attack, it said.\n";
    std::fs::write(&file, text).expect("written");
    let configuration = crate::pipeline::Configuration { recogniser: crate::recognise::Model::Rules, ..Default::default() };
    let pipeline = crate::pipeline::Pipeline::load(&configuration).expect("a pipeline");
    let reader = crate::read::Reader::load(None).expect("a reader");
    let (work, progress) = (crate::pipeline::Work::temporary().expect("room"), crate::pipeline::Progress::default());
    let corrections = crate::graph::conclusions::Corrections::default();
    let mut batch = pipeline.run(reader.inputs(std::slice::from_ref(&file)), &corrections, work, &progress).expect("room");
    let graph = batch.told.graph().expect("read");
    let shown = |from: Option<&std::path::Path>| gather::gather(&graph, from, usize::MAX).articles.swap_remove(0);
    let article = shown(None);
    assert!(article.whole && article.text.contains("The weather was fine."), "{}", article.text);
    assert!(!article.mentions.is_empty());
    std::fs::write(&file, text.replace("fine", "foul")).expect("written");
    let article = shown(None);
    assert!(!article.whole && !article.text.contains("weather"), "{}", article.text);
    assert!(article.text.contains("Twelve soldiers were killed"), "{}", article.text);
    assert!(article.text.contains('…'), "{}", article.text);
}

#[test]
fn ids_are_what_stands_behind_the_base() {
    let data = data();
    let graph = fixtures::graph();
    for claim in &data.claims {
        let iri = crate::graph::iri::Minter::new(&data.base).read(&format!("{}{}", data.base, claim.id));
        assert!(matches!(iri, Iri::Minted(Instance::Claim | Instance::Relation, ..)) && graph.holds(&iri), "{}", claim.id);
    }
}
