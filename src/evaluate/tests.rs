use super::score::{Counts, Fault, Field, Row, SlotRow};
use super::*;
use crate::error::{Error, Stage};
use crate::types::{
    Bound, Claim, Counted, Dateline, Days, Document, Evidence, Extraction, Figure, Kind, Measure, Mention, Metadata, Quantity, Reference,
    Role, Sentence, Slot, SourceMap, Split, Support, Via,
};
use std::path::PathBuf;

const GOLD: &str = r#"{
    "article": "../articles/quay.txt",
    "meta": {"headline": "Quay burns", "author": ["Ana Sol", "Bo Li"], "published": "2025-02-11", "dateline": "SAMAR, Feb. 11"},
    "text": ["SAMAR, Feb. 11 — At least 31 Filipino sailors died on Monday when 14 patrol boats burned, the Samar Guard’s spokesman said.",
             "The guard sent the frigate Luzon to Café 🚢 Bay. It wants between 200 and 250 tonnes of sand."],
    "entities": {
        "guard": {"kind": "Organization", "names": ["Samar Guard"], "nominals": ["the guard"]},
        "philippines": {"kind": "Place", "names": ["Philippines", "Filipino"]},
        "bay": {"kind": "Place", "names": ["Café 🚢 Bay"]},
        "luzon": {"kind": "Equipment", "names": ["frigate Luzon", "Luzon"]}
    },
    "mentions": [["SAMAR", "Place"], ["Filipino", "Nationality"], ["Monday", "Time"], ["patrol boats", "Equipment"],
                 ["Samar Guard", "Organization", "guard"], ["frigate Luzon", "Equipment", "luzon"], ["Café 🚢 Bay", "Place", "bay"]],
    "claims": [
        {"sentence": "SAMAR, Feb", "number": "At least 31", "event": "Killed", "predicate": "die", "counted": "Filipino sailors",
         "actor": "philippines", "value": "31", "bound": "at-least", "start": "2025-02-10", "end": "2025-02-10", "timeText": "Monday",
         "author": "guard", "certainty": "stated"},
        {"sentence": "SAMAR, Feb", "number": "14", "event": "Destroyed", "predicate": "burn", "counted": "patrol boats", "value": "14",
         "bound": "exact", "equipment": ["patrol boats"], "author": "guard", "certainty": "stated", "scope": "total"},
        {"sentence": "It wants", "number": "between 200 and 250", "event": "Other", "predicate": "want", "counted": "sand",
         "min": "200", "max": "250", "bound": "range", "unit": "tonne", "agent": ["guard"], "certainty": "planned"}
    ],
    "relations": [{"sentence": "The guard sent", "event": "Deployed", "predicate": "send", "agent": ["guard"], "equipment": ["luzon"],
                   "place": "bay", "certainty": "stated"}]
}"#;

fn gold() -> GoldArticle {
    gold::parse("quay.json", "quay", GOLD).expect("the gold is right")
}

fn at(text: &str, words: &str) -> ByteSpan {
    let start = text.find(words).unwrap_or_else(|| panic!("{words:?} is not in the text"));
    ByteSpan::new(start, start + words.len())
}

/// An analysis that says what gold says, of the text of `gold` as the document has it.
fn analysis(gold: &GoldArticle, text: &str) -> Analysis {
    let spot = |span: ByteSpan| at(text, span.of(&gold.text));
    let mention = |span, kind| Mention { span, kind, score: 1.0, evidence: Evidence::of(Via::Ruled), key: None, time: None };
    let mut sentences = vec![(at(text, "SAMAR, Feb. 11 —"), true)];
    for words in ["At least 31", "The guard sent", "It wants"] {
        sentences.push((ByteSpan { end: text.len() as u32, ..at(text, words) }, false));
    }
    for index in 0..sentences.len() - 1 {
        sentences[index].0.end = sentences[index + 1].0.start;
    }
    let sentences: Vec<Sentence> =
        sentences.into_iter().map(|(span, dateline)| Sentence { span, tokens: 0..0, paragraph: 0, dateline }).collect();
    let of_sentence = |span: ByteSpan| sentences.iter().position(|s| s.span.overlaps(span)).expect("sentences cover the text");
    let claim = |claim: &gold::GoldClaim| {
        let span = claim.figure.as_ref().map_or(claim.sentence, |figure| figure.span);
        let words = |(slot, key): &(Slot, String)| {
            let nominal = gold.entities.get(key).map_or(key, |e| e.nominals.last().or(e.names.last()).expect("an entity has forms"));
            Role { slot: *slot, span: at(&text.to_lowercase(), &nominal.to_lowercase()) }
        };
        let figure = claim.figure.as_ref().map(|figure| Figure {
            quantity: Quantity {
                span: spot(figure.span),
                number: spot(figure.span),
                amount: figure.amount,
                bound: figure.bound,
                measure: Measure::Count,
                unit: figure.unit.clone(),
                unit_span: None,
                scope: None,
                change: None,
            },
            counted: figure.counted.as_ref().map(|words| Counted { span: at(text, words), text: words.clone() }),
        });
        let days = |start, end| Some(Days { start, end }).filter(|days: &Days| days.start.is_some() || days.end.is_some());
        Claim {
            sentence: of_sentence(spot(span)),
            figure,
            broader: None,
            event: claim.event.clone(),
            predicate: claim.predicate.clone().unwrap_or_default(),
            predicate_span: spot(span),
            roles: claim.roles.iter().map(words).collect(),
            when: days(claim.start, claim.end),
            as_of: days(claim.as_of_start, claim.as_of_end),
            time: None,
            attribution: None,
            certainty: claim.certainty,
            scope: claim.scope,
            whole: None,
            confidence: 0.9,
            support: vec![Support { slot: Slot::Value, span: spot(span), reason: "by hand".to_owned() }],
        }
    };
    let claims: Vec<Claim> = gold.claims.iter().chain(&gold.relations).map(claim).collect();
    let reference = |entity: &gold::GoldEntity| Reference {
        kind: entity.kind,
        names: entity.names.clone(),
        nominals: entity.nominals.clone(),
        mentions: entity.names.iter().filter(|name| text.contains(*name)).map(|name| at(text, name)).collect(),
        key: None,
        reason: "by hand".to_owned(),
        job_title: None,
    };
    let meta = Metadata {
        headline: gold.meta.headline.clone(),
        authors: gold.meta.author.clone(),
        published: gold.meta.published,
        dateline: gold.meta.dateline.clone().map(|text| Dateline { text, span: ByteSpan::new(0, 0), place: None, month_day: None }),
        ..Metadata::default()
    };
    Analysis {
        document: Document {
            id: "quay".to_owned(),
            source_file: "quay.txt".to_owned(),
            sha256: String::new(),
            story_start: 0,
            text: text.to_owned(),
            map: SourceMap::default(),
            paragraphs: vec![ByteSpan::new(0, text.len())],
            headings: Vec::new(),
            meta,
        },
        split: Split { sentences, tokens: Vec::new() },
        mentions: gold.mentions.iter().map(|m| mention(spot(m.span), m.kind)).collect(),
        extraction: Extraction {
            quantities: claims.iter().filter_map(|claim| Some(claim.figure.as_ref()?.quantity.clone())).collect(),
            claims,
            ..Extraction::default()
        },
        references: gold.entities.values().map(reference).collect(),
        described: Vec::new(),
    }
}

/// Scores the article against itself as `change` leaves it.
fn scored(change: impl FnOnce(&mut Analysis)) -> Scored {
    let gold = gold();
    let mut analysis = analysis(&gold, &gold.text);
    change(&mut analysis);
    score_all([(&gold, Some(&analysis))])
}

fn counts(gold: usize, predicted: usize, right: usize) -> Counts {
    Counts { gold, predicted, right }
}

/// The rows in which something is not right.
fn wrong_rows(scored: &Scored) -> Vec<String> {
    scored.tally.lines().into_iter().filter(|line| line.f1 != Some(1.0)).map(|line| line.slot).collect()
}

#[test]
fn what_says_the_same_as_gold_is_all_right() {
    let scored = scored(|_| {});
    assert_eq!(wrong_rows(&scored), [""; 0]);
    assert!(scored.items.is_empty(), "{:?}", scored.items);
    assert_eq!(scored.tally.counts(Row::ClaimsWhole), counts(3, 3, 3));
    assert_eq!(scored.tally.counts(Row::RelationsWhole), counts(1, 1, 1));
    assert_eq!(scored.tally.counts(Row::Claim(SlotRow::Author)), counts(2, 2, 2));
    assert!(scored.judged.iter().all(|claim| claim.right));
}

#[test]
fn an_article_without_analysis_is_missed_as_a_whole() {
    let gold = gold();
    let scored = score_all([(&gold, None)]);
    assert!(scored.tally.lines().iter().all(|line| line.right == 0 && line.predicted == 0 && line.gold > 0));
    assert_eq!(scored.tally.counts(Row::Mentions), counts(7, 0, 0));
    assert_eq!(scored.tally.counts(Row::Claims), counts(3, 0, 0));
    assert!(scored.items.iter().all(|item| item.fault == Fault::Missed));
}

#[test]
fn text_left_in_is_spurious_and_text_left_out_is_missed() {
    let gold = gold();
    let text = format!("Read more of our news here 🗞\n\n{}", gold.text.replace("on Monday ", ""));
    let mut short = gold.clone();
    short.mentions.remove(2);
    let mut analysis = analysis(&short, &text);
    analysis.mentions.insert(0, Mention { span: at(&text, "our news"), ..analysis.mentions[0].clone() });
    let scored = score_all([(&gold, Some(&analysis))]);
    assert_eq!(
        wrong_rows(&scored),
        [
            "main text",
            "mention Place",
            "mention Time",
            "mentions",
            "mention Place overlapping",
            "mention Time overlapping",
            "mentions overlapping"
        ]
    );
    let missed: Vec<_> = scored.items.iter().map(|item| (item.fault, item.words.as_str())).collect();
    assert_eq!(missed, [(Fault::Spurious, "Read more of our news here 🗞"), (Fault::Missed, "Monday"), (Fault::Spurious, "our news")]);
}

#[test]
fn a_wrong_slot_is_listed_with_both_sides() {
    let scored = scored(|analysis| {
        let claims = &mut analysis.extraction.claims;
        claims[0].figure.as_mut().expect("a claim").quantity.bound = Bound::Exact;
        claims[1].scope = None;
        claims[1].roles.push(Role { slot: Slot::Origin, span: at(&analysis.document.text, "SAMAR") });
    });
    let wrong = ["claim bound", "claim origin", "claim scope", "claims core", "claims whole"];
    assert_eq!(wrong_rows(&scored), wrong);
    assert_eq!(scored.tally.counts(Row::ClaimsCore), counts(3, 3, 2));
    assert_eq!(scored.tally.counts(Row::ClaimsWhole), counts(3, 3, 1));
    let items: Vec<_> = scored.items.iter().map(|i| (i.slot.as_str(), i.fault, i.gold.as_deref(), i.predicted.as_deref())).collect();
    let bound = ("claim bound", Fault::Wrong, Some("at-least"), Some("exact"));
    let origin = ("claim origin", Fault::Spurious, None, Some("SAMAR"));
    assert_eq!(items, [bound, origin, ("claim scope", Fault::Missed, Some("total"), None)]);
    assert_eq!(scored.judged.iter().map(|claim| claim.right).collect::<Vec<_>>(), [false, true, true]);
}

#[test]
fn chains_of_names_are_those_of_keys_and_what_has_no_key_is_left_out() {
    let mut gold = gold();
    for index in [0, 4] {
        gold.mentions[index].key = Some("guard".to_owned());
    }
    let scored = |chains: &[&[usize]]| {
        let mut analysis = analysis(&gold, &gold.text);
        let like = analysis.references[0].clone();
        let reference = |chain: &&[usize]| Reference { mentions: chain.iter().map(|m| gold.mentions[*m].span).collect(), ..like.clone() };
        analysis.references = chains.iter().map(reference).collect();
        let scored = score_all([(&gold, Some(&analysis))]);
        scored.tally.lines().into_iter().find(|line| line.slot == "coreference MUC").expect("a row")
    };
    // Gold says of "Filipino" and "Monday" nothing, and one name alone is no chain.
    let right = scored(&[&[0, 4, 1], &[2], &[6]]);
    assert_eq!((right.gold, right.predicted, right.right, right.f1), (2, 2, 2, Some(1.0)));
    let merged = scored(&[&[0, 4, 6]]);
    assert_eq!((merged.predicted, merged.precision, merged.recall), (3, Some(0.5), Some(1.0)));
    let split = scored(&[&[0], &[4]]);
    assert_eq!((split.predicted, split.precision, split.recall), (0, None, Some(0.0)));
}

#[test]
fn a_spurious_claim_counts_against_each_slot_it_fills() {
    let scored = scored(|analysis| {
        let mut extra = analysis.extraction.claims[1].clone();
        extra.figure.as_mut().expect("a claim").quantity.span = at(&analysis.document.text, "11");
        analysis.extraction.claims.push(extra);
    });
    assert_eq!(scored.tally.counts(Row::Claim(SlotRow::Value)), counts(3, 4, 3));
    assert_eq!(scored.tally.counts(Row::Claim(SlotRow::Equipment)), counts(1, 2, 1));
    assert_eq!(scored.tally.counts(Row::Claim(SlotRow::Unit)), counts(1, 1, 1));
    assert_eq!(scored.tally.counts(Row::ClaimsCore), counts(3, 4, 3));
    assert_eq!(scored.items.len(), 1);
    assert_eq!((scored.items[0].fault, scored.items[0].words.as_str()), (Fault::Spurious, "11"));
}

#[test]
fn claims_on_one_number_pair_by_event() {
    let mut gold = gold();
    let mut second = gold.claims[0].clone();
    second.event = "Wounded".to_owned();
    gold.claims.insert(0, second);
    let mut analysis = analysis(&gold, &gold.text);
    analysis.extraction.claims.swap(0, 1);
    let scored = score_all([(&gold, Some(&analysis))]);
    assert_eq!(scored.tally.counts(Row::Claim(SlotRow::Event)), counts(4, 4, 4));
    analysis.extraction.claims.remove(0);
    let scored = score_all([(&gold, Some(&analysis))]);
    assert_eq!(scored.tally.counts(Row::Claim(SlotRow::Event)), counts(4, 3, 3));
    assert_eq!(scored.tally.counts(Row::Claims), counts(4, 3, 3));
}

#[test]
fn roles_are_equal_by_any_form_of_their_reference() {
    let author = |words: &str| {
        let scored = scored(|analysis| {
            let span = at(&analysis.document.text, words);
            let roles = &mut analysis.extraction.claims[0].roles;
            roles.retain(|role| role.slot != Slot::Author);
            roles.push(Role { slot: Slot::Author, span });
            // "It" leads back to the guard.
            let guard = analysis.references.iter_mut().find(|r| r.kind == Kind::Organization).expect("the guard");
            guard.mentions.push(at(&analysis.document.text, "It"));
        });
        scored.tally.counts(Row::Claim(SlotRow::Author)).right
    };
    assert_eq!(author("Samar Guard’s"), 2);
    assert_eq!(author("the Samar Guard"), 2);
    assert_eq!(author("Guard"), 2);
    assert_eq!(author("It"), 2);
    assert_eq!(author("Luzon"), 1);
}

#[test]
fn list_slots_are_scored_by_item_and_one_thing_counts_once() {
    let scored = scored(|analysis| {
        let text = analysis.document.text.clone();
        let relation = analysis.extraction.claims.last_mut().expect("the relation");
        for words in ["Luzon", "frigate Luzon", "patrol boats"] {
            relation.roles.push(Role { slot: Slot::Equipment, span: at(&text, words) });
        }
    });
    assert_eq!(scored.tally.counts(Row::Relation(SlotRow::Equipment)), counts(1, 2, 1));
    assert_eq!(scored.tally.counts(Row::Relations), counts(1, 1, 1));
    assert_eq!(scored.tally.counts(Row::RelationsWhole), counts(1, 1, 0));
}

#[test]
fn relations_need_sentence_event_and_a_role() {
    let found = |change: &dyn Fn(&mut Claim)| {
        let scored = scored(|analysis| change(analysis.extraction.claims.last_mut().expect("the relation")));
        scored.tally.counts(Row::Relations).right
    };
    assert_eq!(found(&|_| {}), 1);
    assert_eq!(found(&|relation| relation.sentence = 3), 0);
    assert_eq!(found(&|relation| relation.event = "Arrived".to_owned()), 0);
    assert_eq!(found(&|relation| relation.roles.truncate(1)), 1);
    assert_eq!(found(&|relation| relation.roles.clear()), 0);
}

#[test]
fn mentions_may_have_an_article_and_overlap() {
    let scored = scored(|analysis| {
        let text = analysis.document.text.clone();
        analysis.mentions[4].span = at(&text, "the Samar Guard");
        analysis.mentions[5].span = at(&text, "Luzon");
        analysis.mentions[6].kind = Kind::Event;
    });
    assert_eq!(scored.tally.counts(Row::Mention(Kind::Organization)), counts(1, 1, 1));
    assert_eq!(scored.tally.counts(Row::Mention(Kind::Equipment)), counts(2, 2, 1));
    assert_eq!(scored.tally.counts(Row::MentionOverlapping(Kind::Equipment)), counts(2, 2, 2));
    assert_eq!(scored.tally.counts(Row::Mentions), counts(7, 7, 5));
    assert_eq!(scored.tally.counts(Row::MentionsOverlapping), counts(7, 7, 6));
    let wrong: Vec<_> = scored.items.iter().map(|i| (i.fault, i.gold.as_deref(), i.predicted.as_deref())).collect();
    let boundary = (Fault::Wrong, Some("frigate Luzon (Equipment)"), Some("Luzon (Equipment)"));
    assert_eq!(wrong, [boundary, (Fault::Wrong, Some("Café 🚢 Bay (Place)"), Some("Café 🚢 Bay (Event)"))]);
}

#[test]
fn values_are_compared_as_numbers_and_counted_by_its_head() {
    let scored = scored(|analysis| {
        let text = analysis.document.text.clone();
        let figure = analysis.extraction.claims[0].figure.as_mut().expect("a claim");
        figure.quantity.amount = crate::types::Amount::Value("31.00".parse().expect("a number"));
        figure.counted = Some(Counted { span: at(&text, "sailors"), text: "sailors".to_owned() });
    });
    assert_eq!(wrong_rows(&scored), ["claim counted", "claims core", "claims whole"]);
}

#[test]
fn fields_of_the_page_are_right_or_not() {
    let scored = scored(|analysis| {
        analysis.document.meta.authors.reverse();
        analysis.document.meta.published = None;
        analysis.document.meta.agency = Some("PNW".to_owned());
    });
    assert_eq!(scored.tally.counts(Row::Meta(Field::Author)), counts(1, 1, 1));
    assert_eq!(scored.tally.counts(Row::Meta(Field::Published)), counts(1, 0, 0));
    assert_eq!(scored.tally.counts(Row::Meta(Field::Agency)), counts(0, 1, 0));
    assert_eq!(scored.tally.counts(Row::Meta(Field::Modified)), counts(0, 0, 0));
}

#[test]
fn numbers_that_are_no_amounts_do_not_count() {
    let scored = scored(|analysis| {
        let mut age = analysis.extraction.quantities[0].clone();
        (age.span, age.measure) = (at(&analysis.document.text, "11"), Measure::Not);
        analysis.extraction.quantities.insert(0, age);
    });
    assert_eq!(scored.tally.counts(Row::Numbers), counts(3, 3, 3));
}

/// A corpus of two stories on one page, and one page that fails, in a folder of its own.
fn corpus() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let directory = folder.path().join("gold");
    std::fs::create_dir_all(&directory).expect("a folder can be made");
    std::fs::create_dir_all(folder.path().join("articles")).expect("a folder can be made");
    let write = |path: PathBuf, text: &str| std::fs::write(path, text).expect("a file can be written");
    write(directory.join("1-quay.json"), GOLD);
    write(directory.join("1-quay.2.json"), &GOLD.replacen("\"meta\"", "\"story\": 2, \"meta\"", 1));
    write(directory.join("2-bad.json"), &GOLD.replace("quay.txt", "bad.txt"));
    for name in ["quay.txt", "bad.txt"] {
        write(folder.path().join("articles").join(name), "text");
    }
    (folder, directory)
}

fn read(path: &Path) -> Result<Vec<Analysis>> {
    let gold = gold();
    let found = || Ok(vec![analysis(&gold, &gold.text)]);
    if path.ends_with("quay.txt") { found() } else { Err(Error::document("bad.txt", Stage::Strip, "nothing readable is left")) }
}

#[test]
fn pages_give_their_nth_story_and_failures_are_named() {
    let (_folder, directory) = corpus();
    let report = evaluate(&directory, false, &read).expect("the corpus can be scored");
    assert_eq!(report.articles, 3);
    assert_eq!(report.failed.len(), 2);
    assert!(report.failed[0].starts_with("1-quay.2: ") && report.failed[0].ends_with("no story 2 was found"), "{:?}", report.failed);
    assert!(report.failed[1].contains("nothing readable is left"));
    assert_eq!(report.f1(Row::Claims), Some(0.5));
    let per_article: Vec<_> = report.per_article.iter().map(|a| (a.article.as_str(), a.scores[0].f1)).collect();
    assert_eq!(per_article, [("1-quay.2", Some(0.0)), ("1-quay", Some(1.0)), ("2-bad", Some(0.0))]);

    let table = report.table();
    let line = table.lines().find(|line| line.starts_with("claims whole")).expect("the table has the row");
    assert_eq!(line.split_whitespace().collect::<Vec<_>>(), ["claims", "whole", "9", "3", "3", "100.0", "33.3", "50.0"]);
    let columns = table.lines().next().expect("the table has a head").chars().count();
    assert!(table.lines().take_while(|line| !line.is_empty()).all(|line| line.chars().count() == columns), "{table}");
    assert!(report.item_list(1).contains("  and 3 more\n"), "{}", report.item_list(1));
    assert!(report.calibration_table().contains("0.9–1.0"), "{}", report.calibration_table());
    let json = serde_json::to_value(&report).expect("a report is JSON");
    assert_eq!(json["perArticle"][1]["article"], "1-quay");
    assert_eq!(json["scores"][0]["slot"], "main text");
}

#[test]
fn of_a_held_out_part_only_figures_are_told() {
    let (folder, directory) = corpus();
    std::fs::write(folder.path().join("HELD-OUT"), "figures only").expect("a file can be written");
    let shy = evaluate(&directory, false, &read).expect("the corpus can be scored");
    let open = evaluate(&directory, true, &read).expect("the corpus can be scored");
    assert_eq!(shy.scores, open.scores);
    assert!(shy.items.is_empty() && !open.items.is_empty());
    assert_eq!(shy.failed, ["1-quay.2", "2-bad"]);
    let told = format!("{}{}{}", shy.table(), shy.item_list(9), serde_json::to_string(&shy).expect("a report is JSON"));
    assert!(!told.contains("sailors"));
    assert!(!open.held_out && shy.held_out);
}

#[test]
fn the_digest_changes_with_any_file() {
    let (folder, directory) = corpus();
    let first = pins::digest(&directory).expect("the files can be read");
    assert_eq!(first, pins::digest(&directory).expect("the files can be read"));
    std::fs::write(folder.path().join("articles/bad.txt"), "other text").expect("a file can be written");
    assert_ne!(first, pins::digest(&directory).expect("the files can be read"));
}
