//! Who is meant by pronouns and descriptions, and whose people and things are counted, over whole articles.

use std::sync::OnceLock;
use wiregraph::pipeline::{Configuration, Pipeline};
use wiregraph::recognise::Model;
use wiregraph::types::{Analysis, ByteSpan, Claim, Content, RawDocument, Slot};

fn article(text: &str) -> Analysis {
    static PIPELINE: OnceLock<Pipeline> = OnceLock::new();
    read(text, PIPELINE.get_or_init(|| load(Model::Rules)))
}

/// As read with the learned models, too.
fn learned(text: &str) -> Analysis {
    static PIPELINE: OnceLock<Pipeline> = OnceLock::new();
    read(text, PIPELINE.get_or_init(|| load(Model::default())))
}

fn load(recogniser: Model) -> Pipeline {
    Pipeline::load(&Configuration { recogniser, ..Configuration::default() }).expect("built-in data")
}

fn read(text: &str, pipeline: &Pipeline) -> Analysis {
    pipeline.analyse(&RawDocument::of("test", text, Content::Clean)).expect("an article").remove(0)
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
fn who_speaks_behind_a_quotation_is_whom_the_sentence_before_is_about() {
    let told = article(
        "Abdirahman Farah, a spokesman, said 40 people were missing.\n\nMayor Nur Warsame stood by his count. “We have buried 61 people,” he said.",
    );
    assert_eq!(name(&told, "61", Slot::Author).as_deref(), Some("Nur Warsame"));
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

/// The words of the chain that holds these words, with one space for white space; empty where nothing is chained to them.
fn chain<'a>(analysis: &'a Analysis, words: &str) -> Vec<&'a str> {
    let text = &analysis.document.text;
    let of = |spans: &[ByteSpan]| spans.iter().map(|span| span.of(text)).collect::<Vec<_>>();
    let all = analysis.references.iter().chain(&analysis.described);
    let found = all.map(|r| of(&r.mentions)).find(|chain| chain.len() > 1 && chain.contains(&words));
    found.unwrap_or_default()
}

#[test]
fn a_description_leads_back_to_whom_the_text_says_it_is() {
    let told = article(
        "Ana Sol, the mayor of Samar, spoke on Monday. Bo Li was the captain of the ferry. The mayor thanked rescuers. The captain was held by \
         police in Manila.",
    );
    assert_eq!(chain(&told, "Ana Sol"), ["Ana Sol", "the mayor", "The mayor"]);
    assert_eq!(chain(&told, "Bo Li"), ["Bo Li", "the captain", "The captain"]);
}

#[test]
fn two_people_are_never_one() {
    let told = article(
        "Kim Byung-kee met Kim Jong-hyuk in Seoul on Monday. Ana Sol, the mayor, and Bo Li, the mayor, were there. Kim left early. The mayor left late.",
    );
    let names: Vec<usize> = told.references.iter().map(|r| r.names.iter().filter(|name| name.contains(' ')).count()).collect();
    assert!(names.iter().all(|full| *full < 2), "{:#?}", told.references);
    assert!(chain(&told, "Kim Byung-kee").is_empty());
    assert!(chain(&told, "Kim Jong-hyuk").is_empty());
}

#[test]
fn a_surname_in_a_summary_is_of_the_full_name_below() {
    let told = article("Warhol prints sold well on Monday, Warhol said.\n\nAndy Warhol signed the prints. Warhol left Pittsburgh later.");
    assert!(chain(&told, "Andy Warhol").len() >= 3, "{:?}", chain(&told, "Andy Warhol"));
}

#[test]
fn a_surname_in_a_summary_that_fits_two_people_stays_apart() {
    let told = article("Kim spoke first on Monday, said Ana Sol.\n\nKim Jong-hyuk met Kim Byung-kee in Seoul. Ana Sol was there.");
    assert!(chain(&told, "Kim").is_empty(), "{:?}", chain(&told, "Kim"));
    let told = article("Park spoke first on Monday, said Ana Sol.\n\nPark Jong-hyuk met Kim Byung-kee in Seoul. Ana Sol was there.");
    assert_eq!(chain(&told, "Park"), ["Park", "Park Jong-hyuk"]);
}

#[test]
fn an_acronym_in_brackets_need_not_be_made_of_initials() {
    let told = article(
        "The National Institute for Disaster Management (INGD) sent boats to Licungo on Monday. The INGD said 40 people were missing, and INGD boats \
         searched.",
    );
    assert_eq!(name(&told, "40", Slot::Author).as_deref(), Some("National Institute for Disaster Management"));
}

#[test]
fn a_capital_that_acts_is_its_government_and_one_that_is_hit_is_a_city() {
    let told = article(
        "Russia and Ukraine met on Monday. Moscow denied the report of the United Nations. Drones hit Moscow on Tuesday, Russia said.",
    );
    let russia = told.references.iter().find(|r| r.key.as_deref() == Some("state/RU")).expect("Russia");
    let text = &told.document.text;
    let starts: Vec<u32> = russia.mentions.iter().filter(|m| m.of(text) == "Moscow").map(|m| m.start).collect();
    assert_eq!(starts, [text.find("Moscow denied").expect("it is there") as u32]);
}

#[test]
fn a_class_takes_up_the_only_thing_of_it_that_has_a_name() {
    let told = article(
        "The navy sent the destroyer Choe Hyon to Nampo on Monday. The destroyer carried 40 sailors. Two destroyers stayed in Nampo.",
    );
    let ship = chain(&told, "destroyer Choe Hyon");
    assert_eq!(ship, ["destroyer Choe Hyon", "destroyer"]);
}

#[test]
fn what_has_no_name_is_chained_and_stays_out_of_the_references() {
    let told =
        article("A customs officer opened the crate in Nampo on Monday. The customs officer wept. Another officer laughed in Nampo.");
    assert_eq!(chain(&told, "A customs officer"), ["A customs officer", "The customs officer"]);
    assert!(told.references.iter().all(|r| !r.names.is_empty()), "{:#?}", told.references);
}

#[test]
fn the_country_is_the_one_named_last() {
    let told = article("Peru sent 40 soldiers to Chad on Monday. Chad welcomed them. The country has 300 soldiers.");
    assert!(chain(&told, "Chad").contains(&"The country"));
}

#[test]
fn what_belongs_to_a_body_is_not_the_body_and_a_ministry_is_no_broadcaster() {
    let told = article(
        "Radio Okapi reported the outbreak on Monday. According to the ministry’s bulletin, 64 children fell ill. The ministry said 12 had died.",
    );
    assert_eq!(name(&told, "64", Slot::Author), None);
    assert_eq!(name(&told, "12", Slot::Author), None);
    let told = article("Al-Masirah reported strikes on Eilat on Monday. The ambulance service was late. The broadcaster gave no source.");
    assert_eq!(chain(&told, "Al-Masirah"), ["Al-Masirah", "The broadcaster"]);
}

#[test]
fn the_company_is_what_the_article_calls_one() {
    let told = article(
        "German car parts maker Tervonen said on Tuesday it would cut 4,200 jobs. Sales slipped 3 percent in May, the company said. The firm employs 17,000 people.",
    );
    assert_eq!(name(&told, "3", Slot::Author).as_deref(), Some("Tervonen"));
    let told = article(
        "The mayor said 40 houses burned. Tervo Shipping Ltd lost two tankers on Friday. The company said 12 sailors were missing.",
    );
    assert_eq!(name(&told, "12", Slot::Author).as_deref(), Some("Tervo Shipping Ltd"));
    let told = article("Amnesty International wrote on Friday that 40 houses burned. The company said 12 sailors were missing.");
    assert_eq!(name(&told, "12", Slot::Author), None);
}

#[test]
fn one_who_speaks_is_not_several_and_no_part_of_a_word() {
    let told = article(
        "Governor Somchai Rattana said 412 people were housed in tents in Tak. Thai officials said 40 soldiers were on the bridge. Police took 73 people home, he told Reuters.",
    );
    assert_eq!(name(&told, "73", Slot::Author).as_deref(), Some("Somchai Rattana"));
    let told = article(
        "The Hezbollah-backed Cedar Brigades, a new armed group, said on Sunday that they had killed 60 soldiers. It claimed to have captured 90 rifles.",
    );
    assert_eq!(name(&told, "90", Slot::Author).as_deref(), Some("Cedar Brigades"));
}

#[test]
fn who_says_it_confirmed_a_figure_is_its_source() {
    let told = article(
        "The Interior Ministry said 120 people were held. It said 187 protesters had been detained.\n\n\
         The Tbilisi Legal Aid Network said it had confirmed 312 arrests by Thursday noon.",
    );
    assert_eq!(name(&told, "312", Slot::Author).as_deref(), Some("Tbilisi Legal Aid Network"));
    assert_eq!(filler(&told, "312", Slot::RelayedBy), None);
}

#[test]
fn it_in_a_sentence_is_who_speaks_there_or_whom_it_begins_with() {
    let told = learned(
        "A medical group counted 12 dead in Goma on Sunday. The army said it killed 40 rebels in Sake. The rebels gave another account. M23 released a video that it said showed five tanks.",
    );
    assert_eq!(filler(&told, "40", Slot::Author).map(|span| span.of(&told.document.text)), Some("The army"));
    let doers = told.references.iter().find(|r| filler(&told, "40", Slot::Agent).is_some_and(|span| r.mentions.contains(&span)));
    assert!(doers.is_some_and(|r| filler(&told, "40", Slot::Author).is_some_and(|span| r.mentions.contains(&span))));
    assert_eq!(name(&told, "five", Slot::Author).as_deref(), Some("M23"));
}

#[test]
fn the_capital_is_no_other_town() {
    let told = learned(
        "PORT-AU-PRINCE, Haiti (AP) - Inmates broke out of a second jail in Croix-des-Bouquets on Sunday, officials said. Four policemen were shot dead in the capital.",
    );
    assert_ne!(name(&told, "Four", Slot::Place).as_deref(), Some("Croix-des-Bouquets"));
}

#[test]
fn a_province_goes_by_its_name() {
    let told = learned(
        "PEMBA, Mozambique (Reuters) - Islamist insurgents killed at least 70 people in attacks on two towns in Cabo Delgado province over the weekend, the provincial \
         governor said on Monday, the deadliest raid there since 2021.\n\n\
         Governor Valige Tauabo told reporters in Pemba that 41 of the dead were civilians and 29 were members of the local militia. Another 53 people were wounded, 12 of them seriously, he said.",
    );
    assert_eq!(filler(&told, "Another 53", Slot::Place).map(|span| span.of(&told.document.text)), Some("Cabo Delgado"));
}

#[test]
fn nobody_passes_on_what_they_say_themselves() {
    let told =
        learned("Denmark has pledged 6 F-16s to Ukraine, the Danish government said. The UN’s migration agency said 40 people fled.");
    assert_eq!(filler(&told, "6", Slot::RelayedBy), None);
    let key = filler(&told, "40", Slot::Author).and_then(|span| told.references.iter().find(|r| r.mentions.contains(&span))?.key.clone());
    assert_eq!(key.as_deref(), Some("organization/iom"));
}

#[test]
fn who_passed_it_on_is_not_who_said_it() {
    let told = article(
        "Hezbollah gave another account on Monday. In a statement carried by Al-Manar it said that 18 soldiers had been killed in Lebanon.",
    );
    assert_eq!(name(&told, "18", Slot::Author).as_deref(), Some("Hezbollah"));
    assert_eq!(name(&told, "18", Slot::RelayedBy).as_deref(), Some("Al-Manar"));
}

#[test]
fn its_soldiers_act_for_it_and_a_ministrys_for_the_state() {
    let told = article("Hezbollah said on Sunday that its fighters had killed 60 soldiers.");
    assert_eq!(name(&told, "60", Slot::Agent).as_deref(), Some("Hezbollah"));
    let told = article("Hamas said on Sunday that Israel had stepped up its raids and that its troops had killed 60 people.");
    assert_eq!(filler(&told, "60", Slot::Agent), None);
    let told = article("Russia is at war. The Russian Defence Ministry said on Sunday that its troops had killed 60 soldiers.");
    assert_eq!(name(&told, "60", Slot::Agent).as_deref(), Some("Russia"));
}

#[test]
fn who_speaks_for_or_leads_whom_is_told_before_the_name() {
    let told = learned(
        "The Houthis claimed the attack. Its spokesman, Yahya Saree, told 20 reporters. National Police commander General Luis Ruales met the African Union’s envoy, Thabiso Mokgosi.",
    );
    let other = learned("After talks with the German chancellor, Volodymyr Zelensky flew to Paris with 20 soldiers.");
    assert!(other.extraction.claims.iter().all(|claim| claim.event != "Leads"));
    let of_person = |claim: &&Claim| claim.figure.is_none() && ["MemberOf", "Leads"].contains(&claim.event.as_str());
    let relations = told.extraction.claims.iter().filter(of_person);
    let text = &told.document.text;
    let side = |claim: &Claim, slot: Slot| {
        let span = claim.roles.iter().find(|r| r.slot == slot).map(|r| r.span)?;
        told.references.iter().find(|r| r.mentions.contains(&span)).and_then(|r| r.names.first().cloned())
    };
    let mut found: Vec<(String, String)> = relations
        .filter_map(|c| Some((side(c, Slot::Agent)?, format!("{} {}", c.predicate_span.of(text), side(c, Slot::Recipient)?))))
        .collect();
    found.sort();
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(
        found,
        [
            pair("Luis Ruales", "commander National Police"),
            pair("Thabiso Mokgosi", "envoy African Union"),
            pair("Yahya Saree", "spokesman Houthis")
        ]
    );
}

#[test]
fn a_president_does_not_own_the_soldiers() {
    let told = learned("President Pedro Alarcon deployed 5,000 soldiers to Valencia on Monday.");
    assert_eq!(name(&told, "5,000", Slot::Agent).as_deref(), Some("Pedro Alarcon"));
    assert_eq!(filler(&told, "5,000", Slot::CountedActor), None);
}

#[test]
fn the_adjective_of_a_ministry_is_nobody_that_it_leads_to() {
    let told = article(
        "Tamara Lisko reported from the square.\n\nThe Russian Defence Ministry said its forces had hit 12 workshops. In the same statement it said that 73 drones were shot down.\n\n\
         Sudan’s Defence Ministry spoke of 30 drones. It said 14 drones were shot down.",
    );
    assert_eq!(name(&told, "73", Slot::Author).as_deref(), Some("Defence Ministry"));
    assert_eq!(name(&told, "14", Slot::Author).as_deref(), Some("Defence Ministry"));
}

#[test]
fn whose_the_counted_are_goes_on_while_one_side_is_told_of() {
    let told = article(
        "Russia lost 40 tanks near Hrafsk, the Halvard Institute said. Another 15 howitzers were destroyed on the Tavda river.\n\n\
         The rebels hold 45 M23 prisoners. Nine of the prisoners were wounded. Nine buses were destroyed.",
    );
    assert_eq!(name(&told, "Another 15", Slot::CountedActor).as_deref(), Some("Russia"));
    assert_eq!(name(&told, "Nine", Slot::CountedActor).as_deref(), Some("M23"));
    let two = article(
        "Russia lost 40 tanks near Hrafsk, the Halvard Institute said. Ukraine lost 12 tanks. Another 15 howitzers were destroyed on the Tavda river.",
    );
    assert_eq!(name(&two, "Another 15", Slot::CountedActor), None);
}

#[test]
fn places_and_doers_have_a_name_or_are_one_of_which_more_is_said() {
    let told = article(
        "Gunmen killed 12 people in Konduga on Monday, police said. Tuareg rebels killed 30 people in Mopti.\n\n\
         The gang killed 8 people. Residents were moved: 600 people were evacuated to schools, and 90 people were evacuated to Maiduguri.",
    );
    let fills = |number: &str, slot: Slot| filler(&told, number, slot).map(|span| span.of(&told.document.text));
    assert_eq!(fills("12", Slot::Agent), None);
    assert_eq!(fills("30", Slot::Agent), Some("Tuareg rebels"));
    assert_eq!(fills("8", Slot::Agent), Some("The gang"));
    assert_eq!(fills("600", Slot::Place), None);
    assert_eq!(name(&told, "90", Slot::Place).as_deref(), Some("Maiduguri"));
    let claim = told.extraction.claims.iter().find(|c| c.figure.as_ref().is_some_and(|f| f.quantity.span.of(&told.document.text) == "600"));
    assert!(claim.is_some_and(|c| c.support.iter().all(|s| s.slot != Slot::Place)));
}

#[test]
fn agencies_of_the_united_nations_go_by_what_they_do() {
    let told = article("The U.N. refugee agency said 1,140 people fled. The UN food agency said 640 people fled.");
    assert_eq!(name(&told, "1,140", Slot::Author).as_deref(), Some("U.N. refugee agency"));
    let key = |number: &str| {
        let span = filler(&told, number, Slot::Author)?;
        told.references.iter().find(|r| r.mentions.contains(&span))?.key.clone()
    };
    assert_eq!(key("1,140").as_deref(), Some("organization/unhcr"));
    assert_eq!(key("640").as_deref(), Some("organization/wfp"));
}

#[test]
fn what_a_body_published_and_what_no_list_knows_lead_to_who_spoke_last() {
    let told = learned(
        "Air strikes killed at least 640 civilians in Sagaing, the group Harbour Rights said on Wednesday.\n\n\
         A plane killed 58 people at a wedding in March, according to the report. Another 12 people were hurt, the group said.",
    );
    assert_eq!(name(&told, "at least 640", Slot::Author).as_deref(), Some("Harbour Rights"));
    assert_eq!(name(&told, "58", Slot::Author).as_deref(), Some("Harbour Rights"));
    assert_eq!(name(&told, "Another 12", Slot::Author).as_deref(), Some("Harbour Rights"));
    let told =
        learned("“In 2022 we could protect 30 sites at a time,” said Minister of Defence and Veterans Andris Kalns. Latvia is small.");
    assert_eq!(name(&told, "30", Slot::Author).as_deref(), Some("Andris Kalns"));
}

#[test]
fn what_lies_in_or_belongs_to_what_is_told_by_two_names_beside_each_other() {
    let told = learned(
        "The boat left Barra in Gambia for the Russian port of Ust-Luga. An analyst with the Prague think tank Strategos said so, and the U.N. mission MINUSMA agreed. \
         The Dakar-based monitor Sahel Incident Desk counted 63 incidents. He told Reuters in Kyiv that Hamas fought on.\n\n\
         The boat left Barra in Gambia again. Yuri Rebane, 41, a volunteer with the Mozambique Red Cross, met Anneli Sark, Saab’s vice president. “We wait,” said Henrik Salonen, the bloc’s envoy.",
    );
    let text = &told.document.text;
    let side = |claim: &Claim, slots: &[Slot]| claim.roles.iter().find(|r| slots.contains(&r.slot)).map(|r| r.span.of(text).to_owned());
    let pairs = |event: &str| {
        let relations = told.extraction.claims.iter().filter(|c| c.figure.is_none() && c.event == event);
        relations
            .map(|c| (side(c, &[Slot::Agent]).unwrap_or_default(), side(c, &[Slot::Place, Slot::Recipient]).unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    let of = |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>();
    assert_eq!(
        pairs("LocatedIn"),
        of(&[("Barra", "Gambia"), ("Ust-Luga", "Russian"), ("Strategos", "Prague"), ("Sahel Incident Desk", "Dakar")])
    );
    assert_eq!(pairs("PartOf"), of(&[("MINUSMA", "U.N.")]));
    assert_eq!(pairs("MemberOf"), of(&[("Yuri Rebane", "Mozambique Red Cross"), ("Anneli Sark", "Saab"), ("Henrik Salonen", "the bloc")]));
}

#[test]
fn a_verb_in_the_perfect_has_gone_on_since_the_time_that_ends_its_sentence() {
    let start = |verb: &str| {
        let told = article(&format!(
            "The agency said that there {verb} 11 cases of foreigners filming military and other state-protected sites in Seoul without authorization since June 2024."
        ));
        told.extraction.claims.iter().find(|c| c.figure.is_some()).and_then(|c| c.when?.start).map(|day| day.to_string())
    };
    assert_eq!(start("have been").as_deref(), Some("2024-06-01"));
    assert_eq!(start("were"), None);
}

#[test]
fn what_troops_of_two_states_and_a_states_drone_do_their_states_do() {
    let told = learned(
        "MAPUTO, Dec 1 (Reuters) - Mozambican and Rwandan troops killed 18 insurgents near Macomia on Monday, the army said. An Israeli drone killed 27 people in Tyre on Friday.",
    );
    let doers = |number: &str| {
        let text = &told.document.text;
        let is_it = |c: &&Claim| c.figure.as_ref().is_some_and(|f| f.quantity.span.of(text) == number);
        let claim = told.extraction.claims.iter().find(is_it).unwrap_or_else(|| panic!("no claim of {number}"));
        let mut doers: Vec<&str> = claim.roles.iter().filter(|r| r.slot == Slot::Agent).map(|r| r.span.of(text)).collect();
        doers.sort_unstable();
        doers
    };
    assert_eq!(doers("18"), ["Mozambican", "Rwandan"]);
    assert_eq!(doers("27"), ["Israeli"]);
}

#[test]
fn who_gets_what_stands_between_the_verb_and_the_number() {
    let told = learned("Germany gave Ukraine 18 Leopard 2 tanks. Poland handed Ukraine 24 F-16s. Iran sold Moscow 400 missiles.");
    for (number, receiver) in [("18", "Ukraine"), ("24", "Ukraine"), ("400", "Moscow")] {
        assert_eq!(filler(&told, number, Slot::Recipient).map(|span| span.of(&told.document.text)), Some(receiver), "{number}");
    }
    let counts = |text: &str| learned(text).extraction.claims.iter().filter(|claim| claim.figure.is_some()).count();
    assert_eq!(counts("The Boeing 737 Max jets flew again, and he has Windows 11 Pro."), 0);
}

#[test]
fn the_wounded_are_no_deaths_and_who_shot_them_down_did_not_launch_them() {
    let told = learned("The storm caused four deaths and 18 wounded in Beira. Ukraine downed 88 of 117 Shahed-type drones on Monday.");
    let counted = |number: &str| {
        let is_it = |c: &&Claim| c.figure.as_ref().is_some_and(|f| f.quantity.span.of(&told.document.text) == number);
        told.extraction.claims.iter().find(is_it).and_then(|c| Some(c.counted()?.text.clone()))
    };
    assert_eq!(counted("18").as_deref(), Some("wounded"));
    assert_eq!(name(&told, "88", Slot::Agent).as_deref(), Some("Ukraine"));
    assert_eq!(filler(&told, "117", Slot::Agent), None);
    let told = learned(
        "KYIV, Feb 11 - Six people were killed and 34 injured when Russian glide bombs hit two apartment blocks.\n\nUkraine’s air force says it downed 88 of 117 Shahed-type drones overnight.",
    );
    let event = |number: &str| {
        let is_it = |c: &&Claim| c.figure.as_ref().is_some_and(|f| f.quantity.span.of(&told.document.text) == number);
        told.extraction.claims.iter().find(is_it).map(|c| c.event.clone())
    };
    assert_eq!((event("88").as_deref(), event("117").as_deref()), (Some("Intercepted"), Some("Launched")));
}

#[test]
fn an_army_is_no_armed_group_and_one_sides_soldiers_are_not_the_others() {
    let told = learned(
        "KHARTOUM, Sudan (AP) — The Sudan Doctors Network blamed the Rapid Support Forces for the death of 23 people in el-Obeid. The army said 9 drones were shot down.\n\n\
         Some 120 Australian soldiers took part in a drill in Luzon. In Basilan 5 soldiers were killed.",
    );
    assert_ne!(name(&told, "9", Slot::Author).as_deref(), Some("Rapid Support Forces"));
    assert_eq!(filler(&told, "Some 120", Slot::CountedActor).map(|span| span.of(&told.document.text)), Some("Australian"));
    assert_eq!(filler(&told, "5", Slot::CountedActor), None);
    let told = learned(
        "The Nigerian army said it killed 40 Boko Haram fighters in Borno. Three soldiers were wounded. It destroyed 30 Iranian-built drones.",
    );
    assert_ne!(name(&told, "Three", Slot::CountedActor).as_deref(), Some("Boko Haram"));
    assert_ne!(name(&told, "30", Slot::CountedActor).as_deref(), Some("Iran"));
}

#[test]
fn another_bodys_figure_is_its_own() {
    let told = learned(
        "Fortify Rights said 12 people died in Sittwe. The army said 5 people died. Wagner said 40 men were lost. Ukraine’s General Staff denied it. The statement said 300 men were killed.",
    );
    assert_ne!(name(&told, "5", Slot::Author).as_deref(), Some("Fortify Rights"));
    assert_ne!(name(&told, "300", Slot::Author).as_deref(), Some("Wagner"));
    let told = article("In Sudan, the Rapid Support Forces killed 12 people. In a statement later it said that 3 soldiers died.");
    assert_ne!(name(&told, "3", Slot::Author).as_deref(), Some("Sudan"));
    let told = article("About 300 soldiers have died in Debrecen, said Viktor Orban, who has led Hungary since 2010.");
    assert!(told.extraction.claims.iter().filter(|claim| claim.figure.is_some()).all(|claim| claim.when.is_none()));
}

#[test]
fn whose_attack_was_repelled_killed_nobody_and_what_is_counted_gets_nothing() {
    let told = learned(
        "The army said it had repelled an RSF assault on Bara on Thursday, killing 85 fighters. It failed to stop an RSF attack on Kosti, which killed 12.",
    );
    assert_eq!(name(&told, "85", Slot::Agent), None);
    assert_eq!(name(&told, "12", Slot::Agent).as_deref(), Some("RSF"));
    let told = learned("Ukraine’s air force said it had shot down 64 of 81 drones launched overnight.");
    assert_eq!(name(&told, "81", Slot::Agent), None);
    assert_eq!(name(&told, "81", Slot::CountedActor), None);
    let told = learned("North Korea has sent Russia more than 11,000 soldiers and millions of artillery shells, the NIS said.");
    assert_eq!(name(&told, "millions", Slot::Recipient).as_deref(), Some("Russia"));
}

#[test]
fn what_a_number_lacks_is_not_filled_from_afar() {
    let told = learned(
        "PORT SAID, Egypt, Nov 24 (Reuters) - The Egyptian Navy rescued 21 crew members, two of them in critical condition, spokesman Gharib Hafez told state television.\n\n\
         The Houthis attacked a tanker near Hodeidah with two drones, killing three Filipino sailors. The European Union's naval mission Aspides has four frigates there.\n\n\
         Egypt lost about $9 billion in canal revenue in 2024, Osama Rabie told lawmakers last week, nearly double the 5 billion he had reported in May.",
    );
    // The navy hurt nobody, the frigates are no Filipinos’, and no frigates were lost.
    assert_eq!(name(&told, "two", Slot::Agent), None);
    assert_eq!(name(&told, "four", Slot::CountedActor).filter(|name| name == "Philippines"), None);
    let lost =
        told.extraction.claims.iter().find(|c| c.figure.as_ref().is_some_and(|f| f.quantity.span.of(&told.document.text) == "5 billion"));
    assert_eq!(lost.expect("a claim").counted(), None);
}

#[test]
fn what_holds_on_is_told_once_and_nobody_meets_himself() {
    let told = learned(
        "Russian President Vladimir Putin met Emmanuel Macron in Sochi. Vladimir Putin, president of Russia, thanked Russia. North Korea has deployed its troops to Russia. Gunmen killed 12 people near Goma on Monday.",
    );
    let claims = &told.extraction.claims;
    let filled = |claim: &Claim, slot: Slot| claim.roles.iter().any(|role| role.slot == slot);
    assert!(claims.iter().all(|c| c.support.iter().filter(|s| s.slot == Slot::Agent).all(|_| filled(c, Slot::Agent))), "{claims:?}");
    let relations = claims.iter().filter(|c| c.figure.is_none());
    let told: Vec<(&str, usize, usize)> =
        relations.map(|c| (c.event.as_str(), c.roles.len(), c.support.iter().filter(|s| s.slot != Slot::EventType).count())).collect();
    // "Its troops" are North Korea’s: it sends them, and they are no second party; with each filler goes why it is one.
    assert_eq!(told, [("Leads", 2, 2), ("MeetsWith", 3, 3), ("Says", 2, 2), ("Deployed", 2, 2)]);
}

#[test]
fn the_army_is_no_body_that_its_name_calls_otherwise() {
    let told = learned(
        "The African Union sent a 40-member observer mission headed by Bernard Busokoza. France congratulated Biya on Tuesday.\n\nIn the country's English-speaking \
         Northwest region, separatists of the Ambazonia Defence Forces killed three soldiers and kidnapped a priest, Father Jude Ngwa, near Bamenda, the army said. The \
         conflict has killed more than 6,500 people since 2016, according to the International Crisis Group.",
    );
    assert_ne!(name(&told, "three", Slot::Author).as_deref(), Some("Ambazonia Defence Forces"));
}

#[test]
fn what_is_only_spoken_of_or_built_elsewhere_lies_nowhere() {
    let told = learned(
        "Captain Joseph Mbuyi, a spokesman for the army’s North Kivu command, left. Talks on Gaza in Doha went on. He discussed Crimea in Paris. Russia’s Ukraine war and the BBC’s Hamas coverage went on. The U.S. base of Al Udeid was hit. The Washington-based UN envoy left. \
         Maria Silva, a nurse in Mariupol, met Bertrand Bisimwa, an enemy of the movement’s leader. Deputy CIA director David Cohen left. On Monday the group’s leader Ahmed Diriye met him.",
    );
    let text = &told.document.text;
    let words = |claim: &Claim| claim.roles.iter().map(|r| r.span.of(text).to_owned()).collect::<Vec<_>>();
    let relations: Vec<(String, Vec<String>)> =
        told.extraction.claims.iter().filter(|c| c.figure.is_none()).map(|c| (c.event.clone(), words(c))).collect();
    assert!(relations.iter().all(|(event, _)| event != "LocatedIn" && event != "PartOf"), "{relations:?}");
    let of = |event: &str| relations.iter().filter(|(e, _)| e == event).map(|(_, w)| w.join(" – ")).collect::<Vec<_>>();
    assert_eq!(of("MemberOf"), ["David Cohen – CIA"]);
    assert_eq!(of("Leads"), ["Ahmed Diriye – the group"]);
}

#[test]
fn names_with_other_letters_and_texts_that_break_off_are_read() {
    for text in [
        "The Éole Brigade said 12 people died.",
        "Turkey’s Özel Brigade has 300 men.",
        "The general opposed it and so did the colonel who had asked for",
    ] {
        article(text);
    }
}

#[test]
fn a_part_happened_where_and_when_the_whole_did() {
    let told = learned(
        "KANO (AP) - The blast killed 39 people in a market of Kano on 4 May 2026, the mayor said. Rain has fallen in all of the north since then, and \
         the roads that lead out of the city to the villages along the river are under water, as they were last year. Among the dead were seven police officers.",
    );
    assert_eq!(filler(&told, "seven", Slot::Place).map(|span| span.of(&told.document.text)), Some("Kano"));
    let is_it = |c: &&Claim| c.figure.as_ref().is_some_and(|f| f.quantity.span.of(&told.document.text) == "seven");
    let part = told.extraction.claims.iter().find(is_it).expect("a claim");
    assert_eq!(part.when, told.extraction.claims[0].when);
    assert!(part.when.is_some());
}

#[test]
fn what_holds_fuel_is_no_tank() {
    let told = learned("Two storage tanks and a water tank exploded in Kano, and three T-72 tanks were lost.");
    let equipment = told.mentions.iter().filter(|m| m.kind == wiregraph::types::Kind::Equipment);
    assert_eq!(equipment.map(|m| m.span.of(&told.document.text)).collect::<Vec<_>>(), ["T-72 tanks"]);
}

#[test]
fn bodies_and_places_keep_their_own_names() {
    let told = learned(
        "At least 40 Ministry of Defence employees were dismissed. The strike destroyed 4 MiG-29 fighters in Crimea. U.S. and British forces struck 12 Houthi sites. \
         The Ethiopian army killed 30 civilians in Oromia, residents said. The Oromo Liberation Army captured 60 men. \
         Vasyl Holub, governor of Kursk region, met Kyrylo Budanov, head of Ukraine’s military intelligence. Rebels attacked the village of Dankade in Kebbi state.",
    );
    let text = &told.document.text;
    let claim = |number: &str| {
        let is_it = |c: &&Claim| c.figure.as_ref().is_some_and(|f| f.quantity.span.of(text) == number);
        told.extraction.claims.iter().find(is_it).unwrap_or_else(|| panic!("no claim of {number}"))
    };
    assert!(claim("At least 40").counted().is_some_and(|counted| counted.text.ends_with("employees")));
    assert_eq!(claim("4").event, "Destroyed");
    assert_eq!(claim("12").roles.iter().filter(|r| r.slot == Slot::Agent).count(), 2);
    assert_ne!(name(&told, "30", Slot::Agent).as_deref(), Some("Oromo Liberation Army"));
    let joined = |event: &str| {
        let relations = told.extraction.claims.iter().filter(|c| c.figure.is_none() && c.event == event);
        relations.map(|c| c.roles.iter().map(|r| r.span.of(text)).collect::<Vec<_>>().join(" – ")).collect::<Vec<_>>()
    };
    assert_eq!(joined("Leads"), ["Vasyl Holub – Kursk", "Kyrylo Budanov – military intelligence"]);
    assert_eq!(joined("LocatedIn"), ["Dankade – Kebbi"]);
}
