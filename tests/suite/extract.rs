//! The whole extract stage on texts that nobody would write: no panic, no hang, and what it gives holds.

use std::sync::OnceLock;
use wiregraph::extract::Extractor;
use wiregraph::recognise::{Model, Recogniser};
use wiregraph::split::Splitter;
use wiregraph::types::{Amount, ByteSpan, Certainty, Claim, Document, Extraction, Measure, Mention, Metadata, Slot, SourceMap, Split};

fn of_text(text: &str) -> Document {
    Document {
        id: String::new(),
        source_file: String::new(),
        sha256: String::new(),
        story_start: 0,
        text: text.to_owned(),
        map: SourceMap::default(),
        paragraphs: vec![ByteSpan::new(0, text.len())],
        headings: Vec::new(),
        meta: Metadata::default(),
    }
}

/// By rules alone, or with the claim reader.
fn extract(text: &str, learned: bool) -> Extraction {
    static STAGES: OnceLock<(Splitter, [Extractor; 2])> = OnceLock::new();
    let load = |learned| Extractor::load(None, learned).expect("built-in words").with_settings();
    let (splitter, extractors) = STAGES.get_or_init(|| (Splitter::load(None).expect("built-in words"), [load(false), load(true)]));
    let extractor = &extractors[usize::from(learned)];
    let document = of_text(text);
    extractor.extract(&document, &splitter.split(&document), &[])
}

/// A text with the mentions that gazetteers and rules find in it.
fn recognised(splitter: &Splitter, text: &str) -> (Document, Split, Vec<Mention>) {
    let document = of_text(text);
    let split = splitter.split(&document);
    let mentions = Recogniser::load(None, &Model::Rules).expect("built-in data").recognise(&document, &split);
    (document, split, mentions)
}

/// Spans are of the text and not empty, ranges are in order, and every quantity has its setting.
fn holds(text: &str, extraction: &Extraction) {
    assert_eq!(extraction.quantities.len(), extraction.counted.len());
    assert_eq!(extraction.quantities.len(), extraction.settings.len());
    for (quantity, setting) in extraction.quantities.iter().zip(&extraction.settings) {
        assert!(!quantity.span.of(text).is_empty());
        if let Amount::Range(low, high) = quantity.amount {
            assert!(low <= high, "{low} {high}");
        }
        for thing in setting.of.iter().chain(&setting.counted) {
            assert_eq!(thing.span.of(text), thing.text);
        }
        if let Some(change) = quantity.change {
            assert!(!change.span.of(text).is_empty());
        }
    }
}

#[test]
fn what_figures_are_said_of() {
    let of = |text: &str| {
        let extraction = extract(text, false);
        let settings = extraction.settings.iter().flat_map(|s| s.of.iter().map(|o| o.text.clone()));
        settings.collect::<Vec<_>>()
    };
    assert_eq!(of("Revenue rose to $7 billion."), ["Revenue"]);
    assert_eq!(of("The company gets 60% of its revenue from fees."), ["revenue", "company"]);
    assert_eq!(of("The agency has 13,000 workers."), ["agency"]);
    assert_eq!(of("He has two dogs."), Vec::<String>::new());
    let tests = extract("The agency made 3,000 tests per day.", false);
    assert_eq!(tests.settings[0].per.as_deref(), Some("day"));
    let paid = extract("The agency pays $450 a month for the flat.", false);
    assert_eq!(paid.settings[0].per.as_deref(), Some("month"));
}

#[test]
fn nothing_is_read_from_a_heading() {
    let stripper = wiregraph::strip::Stripper::load(None).expect("built-in data");
    let pipeline = wiregraph::pipeline::Pipeline::load(&wiregraph::pipeline::Configuration::default()).expect("built-in data");
    let body = "<p>Rebels killed 12 soldiers in Kidal on Monday, the army of Mali said in a statement that it read out.</p>".to_owned();
    let page = format!(
        "<main><h1>Kidal</h1>{body}<h2>Algeria buries 40 men</h2><p>Officers of the same unit had warned of a raid for weeks, it said.</p></main>"
    );
    let raw = wiregraph::types::RawDocument::of("p", page, wiregraph::types::Content::Html);
    assert!(stripper.strip(&raw).expect("an article")[0].text.contains("Algeria buries 40 men"));
    let analysis = &pipeline.analyse(&raw).expect("an article")[0];
    let numbers: Vec<_> = analysis.extraction.quantities.iter().map(|q| q.number.of(&analysis.document.text)).collect();
    let names: Vec<_> = analysis.mentions.iter().map(|m| m.span.of(&analysis.document.text)).collect();
    assert_eq!(numbers, ["12"]);
    assert!(names.contains(&"Kidal") && !names.contains(&"Algeria"), "{names:?}");
    // A stage asked for is the last to run.
    let split = &pipeline.analyse_to(&raw, wiregraph::error::Stage::Split).expect("an article")[0];
    assert!(!split.split.sentences.is_empty() && split.mentions.is_empty() && split.extraction.quantities.is_empty());
}

#[test]
fn a_number_behind_its_noun_names_it() {
    let counted = |text: &str| {
        let extraction = extract(text, false);
        let amounts = extraction.quantities.iter().zip(&extraction.settings).filter(|(q, _)| q.measure != Measure::Not);
        amounts
            .map(|(q, s)| (q.number.of(text).to_owned(), s.counted.as_ref().map(|c| c.text.clone()).unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    assert_eq!(counted("Workers lost power before reactor block 8 reaches full load."), []);
    assert_eq!(counted("In Kharkiv 12 were killed."), [("12".to_owned(), String::new())]);
    // Two or more of something end in a plural, whatever the parser takes it for.
    assert_eq!(
        counted("Check out these seven tiny Python scripts that save hours."),
        [("seven".to_owned(), "tiny Python scripts".to_owned())]
    );
    assert_eq!(counted("One challenge I see is fuel."), [("One".to_owned(), "challenge".to_owned())]);
    assert_ne!(counted("He said that 11 of the dead were dock workers.")[0].1, "dead were dock workers");
    assert_eq!(counted("They won 39 of the state's 54 seats.")[0], ("39".to_owned(), "seats".to_owned()));
}

#[test]
fn ten_million_digits_and_open_quotes_end() {
    let mut text = "7".repeat(10_000_000);
    text.push_str(" men died. ");
    for piece in ["“ ", "\" ‘", "12 “men said 3 ", "( 5 km [ 7% "] {
        text.push_str(&piece.repeat(5_000));
        text.push_str("\n\n");
    }
    holds(&text, &extract(&text, false));
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(64))]
    #[test]
    fn any_text_is_read(text in "(?s)\\PC{0,120}|((one|two|no|12|3\\.5|1,000|half|dozens|about|between|and|of|the|men|km|percent|rose|said|[“”\"‘’(),.;–-]|US\\$|per|a|were killed)( |-|, )?){0,40}") {
        holds(&text, &extract(&text, false));
        holds(&text, &extract(&text, true));
    }
}

#[test]
fn what_is_true_of_none_is_not_said_of_the_whole() {
    let events = |text: &str, learned: bool| -> Vec<String> {
        let extraction = extract(text, learned);
        extraction.claims.iter().filter(|claim| claim.figure.is_some()).map(|claim| claim.event.clone()).collect()
    };
    for learned in [false, true] {
        assert_eq!(events("The company said that none of its 12 employees had been hurt.", learned), ["Wounded", "Other"]);
        assert_eq!(events("Police said none of the ferry's 85 passengers were injured.", learned), ["Wounded", "Other"]);
        assert_eq!(events("All of its 12 employees were injured, the company said.", learned), ["Wounded"]);
    }
}

/// The claims that the whole pipeline finds in an article of Tuesday, 20 June 2023: the words of their numbers, with a slot of each.
fn claims_of<T>(text: &str, slot: impl Fn(&wiregraph::types::Claim) -> T) -> Vec<(String, T)> {
    static PIPELINE: OnceLock<wiregraph::pipeline::Pipeline> = OnceLock::new();
    let load = || wiregraph::pipeline::Pipeline::load(&wiregraph::pipeline::Configuration::default()).expect("built-in data");
    let raw = format!("A headline of the day\n\nLIMA, June 20, 2023 (Reuters) - {text}\n");
    let raw = wiregraph::types::RawDocument::of("a", raw.as_str(), wiregraph::types::Content::Copied);
    let analysis = PIPELINE.get_or_init(load).analyse(&raw).expect("an article").remove(0);
    let figures = analysis.extraction.claims.iter().filter_map(|claim| Some((claim.figure.as_ref()?, claim)));
    figures.map(|(figure, claim)| (figure.quantity.number.of(&analysis.document.text).to_owned(), slot(claim))).collect()
}

#[test]
fn a_currency_is_that_of_the_state_spoken_of() {
    for (text, unit) in [
        ("Pakistan pledged 40 million rupees for the villages.", "Pakistani rupee"),
        ("Each family will get 200,000 rupees, Nepal's prime minister said.", "Nepalese rupee"),
        ("The bridge cost 40 million rupees.", "Indian rupee"),
        ("Norway spent 7 billion crowns on the tunnel.", "Norwegian krone"),
        ("The tunnel cost 7 billion crowns.", "crown"),
    ] {
        let found = claims_of(text, |claim| claim.figure.as_ref().and_then(|figure| figure.quantity.unit.clone()));
        assert_eq!(found.iter().map(|(_, unit)| unit.as_deref()).collect::<Vec<_>>(), [Some(unit)], "{text}");
    }
}

#[test]
fn what_shares_a_currency_is_at_home_with_it() {
    let found = claims_of("Kenya promised 150 million shillings, up from 90 million.", |claim| {
        claim.figure.as_ref().and_then(|figure| figure.quantity.unit.clone())
    });
    assert_eq!(found.iter().map(|(_, unit)| unit.as_deref()).collect::<Vec<_>>(), [Some("Kenyan shilling"); 2]);
}

#[test]
fn the_time_behind_a_baseline_is_its_own() {
    let days = |text: &str| -> Vec<(String, Option<String>, Option<String>)> {
        let day = |day: Option<jiff::civil::Date>| day.map(|d| d.to_string());
        let found = claims_of(text, |claim| claim.when.map_or((None, None), |when| (day(when.start), day(when.end))));
        found.into_iter().map(|(number, (start, end))| (number, start, end)).collect()
    };
    let told = |number: &str, start: &str, end: &str| {
        let day = |day: &str| (!day.is_empty()).then(|| day.to_owned());
        (number.to_owned(), day(start), day(end))
    };
    assert_eq!(
        days("The fighting killed 71 people, up from 56 in May 2021, the army said."),
        [told("71", "", ""), told("56", "2021-05-01", "2021-05-31")]
    );
    assert_eq!(days("Since the war began in April 2023, 9,000 people have been killed, the army said."), [told("9,000", "2023-04-01", "")]);
    assert_eq!(
        days("The fighting goes on. Donors on Monday pledged $1.5 billion for Sudan."),
        [told("1.5 billion", "2023-06-19", "2023-06-19")]
    );
}

#[test]
fn those_who_speak_are_not_what_is_reported() {
    let numbers = |text: &str| claims_of(text, |_| ()).into_iter().map(|(number, ())| number).collect::<Vec<_>>();
    assert_eq!(numbers("Two diplomats said that 12 soldiers had been killed."), ["12"]);
    assert_eq!(numbers("Two diplomats were killed, and 12 soldiers were wounded."), ["Two", "12"]);
}

#[test]
fn rounds_are_counted_where_they_are_fired() {
    let numbers = |text: &str| claims_of(text, |_| ()).into_iter().map(|(number, ())| number).collect::<Vec<_>>();
    assert_eq!(numbers("Germany sent Ukraine 21,000 rounds of 155mm ammunition.").first().map(String::as_str), Some("21,000"));
    assert_eq!(numbers("The envoys have held three rounds of talks."), [""; 0]);
}

#[test]
fn a_part_says_of_what_whole() {
    let wholes = |text: &str, learned: bool| -> Vec<(String, Option<String>)> {
        let extraction = extract(text, learned);
        let figures =
            extraction.claims.iter().filter_map(|claim| Some((claim.figure.as_ref()?.quantity.span.of(text).to_owned(), claim.whole)));
        figures.map(|(number, whole)| (number, whole.map(|span| span.of(text).to_owned()))).collect()
    };
    let part = |number: &str, whole: &str| (number.to_owned(), Some(whole.to_owned()));
    let alone = |number: &str| (number.to_owned(), None);
    for learned in [false, true] {
        let told = |text: &str| wholes(text, learned);
        assert_eq!(told("The blast wounded 39 people, eight of them seriously."), [alone("39"), part("eight", "them")]);
        assert_eq!(told("The storm killed 30 people, including 12 soldiers."), [alone("30"), part("12", "30 people")]);
        assert_eq!(told("The blast wounded 39 people, of whom eight were badly wounded."), [alone("39"), part("eight", "whom")]);
        assert_eq!(told("Dozens of wounded villagers fled."), [alone("Dozens")]);
        // Who had nothing happen to them yet is no whole of what happened.
        assert_eq!(told("The mine killed two of the 14 shepherds.").last(), Some(&alone("14")));
        assert_eq!(told("Two of the shepherds were killed."), [alone("Two")]);
        assert_eq!(told("None of those wounded has died.").first(), Some(&alone("None")));
    }
    // What happened to these only the reader knows.
    assert_eq!(wholes("Of the dead, 52 were killed in their homes.", true), [part("52", "the dead")]);
    assert_eq!(wholes("Sixteen people were injured, three seriously.", true), [alone("Sixteen"), part("three", "Sixteen people")]);
    assert_eq!(wholes("Among the dead were seven police officers.", true), [part("seven", "the dead")]);
    assert_eq!(wholes("The shelling killed 16 villagers, among them three children.", true), [alone("16"), part("three", "them")]);
}

#[test]
fn who_finds_the_dead_did_not_kill_them() {
    let pipeline = wiregraph::pipeline::Pipeline::load(&wiregraph::pipeline::Configuration::default()).expect("built-in data");
    let doers = |text: &str| -> Vec<String> {
        let raw = wiregraph::types::RawDocument::of("a", text, wiregraph::types::Content::Clean);
        let analysis = pipeline.analyse(&raw).expect("an article").remove(0);
        let roles = analysis.extraction.claims.iter().filter(|claim| claim.figure.is_some()).flat_map(|claim| &claim.roles);
        roles
            .filter(|role| role.slot == wiregraph::types::Slot::Agent)
            .map(|role| role.span.of(&analysis.document.text).to_owned())
            .collect()
    };
    let found = "The ferry sank on Lake Albert on Monday. The governor of Ituri province said that Congolese soldiers had recovered nine bodies near Kasenyi.";
    assert_eq!(doers(found), Vec::<String>::new());
    assert_eq!(doers("Congolese soldiers killed nine rebels near Kasenyi on Monday, the governor said."), ["Congolese"]);
}

#[test]
fn a_receiver_before_the_number_is_not_named_by_it() {
    let splitter = Splitter::load(None).expect("built-in words");
    let extractor = Extractor::load(None, false).expect("built-in words");
    let counted = |text: &str| {
        let (document, split, mentions) = recognised(&splitter, text);
        let extraction = extractor.extract(&document, &split, &mentions);
        extraction.counted.iter().flatten().map(|c| c.text.clone()).collect::<Vec<_>>()
    };
    assert_eq!(counted("France has given Cameroon 14 armoured vehicles."), ["armoured vehicles"]);
    assert_eq!(counted("Norway gave Ukraine 13 of the planes."), ["planes"]);
    assert_eq!(counted("Denmark will give Ukraine 19 F-16s."), ["F-16s"]);
    assert!(counted("Spain beat France 24 in Rome.").is_empty());
    // A text that breaks off behind the number.
    assert!(counted("Votes: Trump 312").is_empty());
}

#[test]
fn a_clause_on_a_time_tells_of_that_time() {
    let text = "It was the worst kidnapping since March 2024, when 81 pupils were taken in Kumbo.";
    let splitter = Splitter::load(None).expect("built-in words");
    let (document, split, mentions) = recognised(&splitter, text);
    let extraction = Extractor::load(None, false).expect("built-in words").extract(&document, &split, &mentions);
    let days = extraction.claims.iter().find_map(|claim| claim.when).expect("days");
    assert_eq!([days.start, days.end].map(|day| day.map(|d| d.to_string())), [Some("2024-03-01".into()), Some("2024-03-31".into())]);
}

#[test]
fn who_did_not_survive_is_dead() {
    let text =
        "Nine people were pulled from the water on Monday. Four of them did not survive, and two people did not die, the coast guard said.";
    let splitter = Splitter::load(None).expect("built-in words");
    let (document, split, mentions) = recognised(&splitter, text);
    let extraction = Extractor::load(None, false).expect("built-in words").extract(&document, &split, &mentions);
    let told = |claim: &wiregraph::types::Claim| (claim.event.clone(), claim.certainty.name());
    let told: Vec<_> = extraction.claims.iter().map(told).collect();
    assert_eq!(told[1..], [("Killed".to_owned(), "stated"), ("Killed".to_owned(), "denied")]);
}

#[test]
fn a_semicolon_parts_who_says_what() {
    let text = "The mayor promised 40 tonnes of food; the Red Cross said that it had sent two doctors.";
    for learned in [false, true] {
        let extraction = extract(text, learned);
        let passed_on = extraction.attributions.iter().filter(|a| a.source.of(text).ends_with("Red Cross"));
        let said: Vec<&str> = passed_on.flat_map(|a| &a.content).map(|content| content.of(text)).collect();
        assert_eq!(said, ["that it had sent two doctors"]);
    }
}

#[test]
fn a_year_earlier_is_no_rate() {
    let per = |text: &str| extract(text, false).settings.iter().map(|s| s.per.clone()).collect::<Vec<_>>();
    assert_eq!(per("Revenue rose to $7.4 million from $6.8 million a year earlier."), [None, None]);
    assert_eq!(per("They hold five rallies a day."), [Some("day".to_owned())]);
}

#[test]
fn who_is_called_by_an_age_may_be_a_source() {
    let text = "The 58-year-old said that half of the camp's 1,200 residents had slept elsewhere.";
    let sources: Vec<&str> = extract(text, false).attributions.iter().map(|a| a.source.of(text)).collect();
    assert_eq!(sources, ["The 58-year-old"]);
}

#[test]
fn what_is_refused_is_denied_and_what_people_do_not_is_not() {
    let certainties = |text: &str| claims_of(text, |claim| claim.certainty.name()).into_iter().map(|(_, c)| c).collect::<Vec<_>>();
    assert_eq!(certainties("The blaze destroyed 12 houses, not 20 as first reported, the mayor said."), ["stated", "denied"]);
    assert_eq!(certainties("About 30 percent of voters do not trust the police, a survey found."), ["stated"]);
    assert_eq!(
        certainties("The government plans to spend 4.7 percent of output on arms, up from 4.1 percent in 2021."),
        ["planned", "stated"]
    );
}

#[test]
fn when_somebody_spoke_is_no_time_of_the_event() {
    let text = "In January, the agency told lawmakers that at least 300 soldiers had been killed and some 2,700 others injured.";
    let times = claims_of(text, |claim| (claim.when.is_some(), claim.as_of.is_some()));
    assert_eq!(times.iter().map(|(_, time)| *time).collect::<Vec<_>>(), [(false, true), (false, true)]);
}

#[test]
fn who_speaks_beside_another_is_not_what_is_reported() {
    let numbers = |text: &str| claims_of(text, |_| ()).into_iter().map(|(number, ())| number).collect::<Vec<_>>();
    assert_eq!(numbers("A lawyer and two crew members said the engine had failed."), [""; 0]);
    assert_eq!(numbers("A lawyer for detainees and two police officers said that 12 men were beaten."), ["12"]);
}

#[test]
fn what_another_clause_denies_or_plans_is_said_of_that_clause() {
    let certainties = |text: &str| claims_of(text, |claim| claim.certainty.name()).into_iter().map(|(_, c)| c).collect::<Vec<_>>();
    assert_eq!(certainties("Its owner denied that the boat was overloaded and said it had sold 176 tickets."), ["stated"]);
    assert_eq!(certainties("The government promised aid after an accident in 2022, when 33 people drowned off Quezon."), ["stated"]);
}

#[test]
fn what_is_denied_ends_where_another_thing_is_said() {
    let certainties = |text: &str| claims_of(text, |claim| claim.certainty.name()).into_iter().map(|(_, c)| c).collect::<Vec<_>>();
    assert_eq!(certainties("The operator denied this and said the vessel carried 250 passengers."), ["stated"]);
    assert_eq!(certainties("The minister rejected calls to withdraw the budget, which cuts state pensions by 9 percent."), ["stated"]);
    assert_eq!(certainties("The minister denied that 40 people had died."), ["denied"]);
    assert_eq!(certainties("The ministry denied the claim, which says 600 soldiers were killed."), ["denied"]);
    assert_eq!(certainties("Donors pledged $12 million in aid on Monday."), ["planned"]);
    assert_eq!(
        certainties("Kenya will send a contingent of 600 officers to Haiti next month, joining 400 who have been there since June."),
        ["planned", "stated"]
    );
}

#[test]
fn who_carried_a_statement_passed_it_on() {
    let text = "The army said in a statement carried by Radio Omdurman that it had shot down two drones.";
    let extraction = extract(text, false);
    let claim = extraction.claims.iter().find(|claim| claim.figure.is_some()).expect("a claim");
    let relays: Vec<&str> = claim.roles.iter().filter(|r| r.slot == Slot::RelayedBy).map(|r| r.span.of(text)).collect();
    assert_eq!(relays, ["Radio Omdurman"]);
}

#[test]
fn by_a_day_is_until_then_and_a_year_earlier_is_told_against_the_figure_before() {
    let days = |text: &str| {
        let show = |claim: &Claim| {
            let day = |date: Option<jiff::civil::Date>| date.map_or_else(|| "…".to_owned(), |date| date.to_string());
            claim.when.map_or_else(String::new, |days| format!("{} {}", day(days.start), day(days.end)))
        };
        claims_of(text, show).into_iter().map(|(_, days)| days).collect::<Vec<_>>()
    };
    assert_eq!(days("By 5 June 2023, 104 people had been pulled from the water."), ["… 2023-06-05"]);
    assert_eq!(
        days("Exports rose to 412 million tonnes in October 2022, compared with 388 million a year earlier."),
        ["2022-10-01 2022-10-31", "2021-10-01 2021-10-31"]
    );
    assert_eq!(
        days("Police made 312 arrests on 5 June 2023, against 120 the previous day."),
        ["2023-06-05 2023-06-05", "2023-06-04 2023-06-04"]
    );
    assert_eq!(
        days("Police made 312 arrests on 5 June 2023, compared with 4,120 the previous month."),
        ["2023-06-05 2023-06-05", "2023-05-01 2023-05-31"]
    );
    assert_eq!(days("Russia has fired 71 missiles at the port this year."), ["2023-01-01 2023-06-20"]);
    let open = days("Some 1.3 million people have been displaced since October 2017, up from 1.1 million a year earlier.");
    assert!(open.iter().all(|days| !days.starts_with("2016")), "{open:?}");
    assert_eq!(days("Militants who attacked the village on 24 May 2023 killed 40 people."), ["2023-05-24 2023-05-24"]);
    assert_eq!(
        days("Turnover was 40 million euros in February 2020, up from 38 million in the same month a year earlier."),
        ["2020-02-01 2020-02-29", "2019-02-01 2019-02-28"]
    );
    assert_eq!(days("The plan will save 400 million euros a year from 2029."), ["2029-01-01 …"]);
    assert_eq!(days("By noon on 5 June 2023 judges had freed 57 of the detainees."), ["… 2023-06-05"]);
    assert_eq!(days("Under an accord signed with Seoul in 2022, Poland bought 212 howitzers."), ["2022-01-01 2022-12-31"]);
    assert_eq!(days("Shares in Tervonen, which marked its 130th anniversary in May, fell 4.1 percent."), [""]);
}

#[test]
fn who_launched_them_did_not_shoot_them_down() {
    let text = "Ukraine shot down 64 of 87 drones launched by Russia overnight into Monday.";
    let doer = |claim: &Claim| claim.roles.iter().find(|r| r.slot == Slot::Agent).map(|r| r.span.len());
    let doers = claims_of(text, doer);
    let length = |words: &str| u32::try_from(words.len()).ok();
    assert_eq!(doers[0], ("64".to_owned(), length("Ukraine")));
    assert_eq!(claims_of("A drone launched by Ukraine killed 12 people.", doer), [("12".to_owned(), length("Ukraine"))]);
    assert_eq!(
        claims_of("Last month Tuareg jihadists killed 23 soldiers in Niger.", doer),
        [("23".to_owned(), length("Tuareg jihadists"))]
    );
}

#[test]
fn what_goods_pass_receives_nothing() {
    let text = "Delmotte shipped 4,500 rifles, 180 mortars and 2.3 million cartridges to Sudan through Serbia between 2021 and 2022.";
    let receivers =
        claims_of(text, |claim| claim.roles.iter().filter(|r| r.slot == Slot::Recipient).map(|r| r.span.len()).collect::<Vec<_>>());
    let sudan = u32::try_from("Sudan".len()).expect("a length");
    assert!(receivers.len() == 3 && receivers.iter().all(|(_, spans)| *spans == [sudan]), "{receivers:?}");
}

#[test]
fn a_toll_of_a_day_earlier_holds_as_of_that_day() {
    let as_of = |claim: &Claim| claim.as_of.and_then(|days| days.end).map(|day| day.to_string());
    let told = claims_of("The death toll rose to 57 on Tuesday, up from 39 a day earlier.", as_of);
    let day = |number: &str, day: &str| (number.to_owned(), Some(day.to_owned()));
    assert_eq!(told, [day("57", "2023-06-20"), day("39", "2023-06-19")]);
}

#[test]
fn rescuers_harm_nobody() {
    let text = "Rescuers searched the ruins after a missile struck the town, killing at least 84 people.";
    let doers = claims_of(text, |claim| claim.roles.iter().filter(|r| r.slot == Slot::Agent).count());
    assert_eq!(doers.into_iter().map(|(_, doers)| doers).collect::<Vec<_>>(), [0]);
}

#[test]
fn what_is_offered_is_still_to_come() {
    let certainty = |claim: &Claim| claim.certainty;
    let of = |text: &str| claims_of(text, certainty).into_iter().map(|(_, certainty)| certainty).collect::<Vec<_>>();
    assert_eq!(of("Norway announced 40 million euros for the bereaved."), [Certainty::Planned]);
    assert_eq!(of("The bank offered 300 rifles to the rebels."), [Certainty::Planned]);
    assert_eq!(of("Norway paid 40 million euros to the bereaved."), [Certainty::Stated]);
    assert_eq!(of("The ministry announced that 12 soldiers had been killed."), [Certainty::Stated]);
}
