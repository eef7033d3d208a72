//! Mentions: gazetteers, rules, times; a learned model joins here.
//!
//! Every finder gives candidates with a score and who found them; [`merge`] alone decides between those that overlap, and [`calibration`] says how
//! probable it is that one that stands is right. A text is cut into atoms
//! once ([`words`]), the gazetteers mark what they know of each ([`scene`]), and the finders read both: [`persons`], [`organizations`], [`units`]
//! (and events), [`equipment`], [`places`] (and peoples), [`time`]. A second pass finds what an article names in full once and shortly after.

mod calibration;
mod equipment;
mod gazetteer;
mod homes;
mod learned;
mod listed;
mod merge;
mod model;
mod organizations;
mod persons;
mod places;
mod scene;
mod sets;
pub mod time;
mod units;
mod words;

pub use gazetteer::Entry;
pub use model::Model;

use crate::error::Result;
use crate::lexicon::layers;
use crate::types::{ByteSpan, Document, Kind, Mention, Split};
use calibration::Calibration;
use gazetteer::{Form, Gazetteer, load_names};
use learned::Reader;
use merge::{Candidate, settle};
use scene::Scene;
use sets::Sets;
use std::path::Path;
use words::*;

/// Gazetteers, rules and a learned model, ready to run.
#[derive(Debug)]
pub struct Recogniser {
    learned: Option<Reader>,
    calibration: Calibration,
    words: Words,
    gazetteer: Gazetteer,
    sets: Sets,
    times: time::Times,
}

/// A file of word lists, and which flag each of its lists sets.
type Flagging = (&'static str, &'static str, &'static [(&'static str, Flags)]);

const LISTS: [Flagging; 7] = [
    (
        "recognise/common.toml",
        include_str!("../models/recognise/common.toml"),
        &[("function", FUNCTION), ("times", TIME), ("follow", FOLLOW)],
    ),
    (
        "recognise/titles.toml",
        include_str!("../models/recognise/titles.toml"),
        &[("before", TITLE), ("particles", PARTICLE), ("suffixes", SUFFIX), ("sayings", SAYING), ("pronouns", PRONOUN)],
    ),
    (
        "recognise/organizations.toml",
        include_str!("../models/recognise/organizations.toml"),
        &[("heads", ORG_HEAD), ("openers", ORG_OPENER), ("inside", ORG_INSIDE), ("not_acronyms", NOT_ACRONYM), ("before", ORG_BEFORE)],
    ),
    (
        "recognise/units.toml",
        include_str!("../models/recognise/units.toml"),
        &[("formations", FORMATION), ("numbered", NUMBERED), ("branches", UNIT_BRANCH), ("seas", UNIT_SEA)],
    ),
    ("recognise/events.toml", include_str!("../models/recognise/events.toml"), &[("openers", EVENT_OPENER), ("closers", EVENT_CLOSER)]),
    (
        "recognise/places.toml",
        include_str!("../models/recognise/places.toml"),
        &[
            ("heads", PLACE_HEAD),
            ("after", PLACE_AFTER),
            ("prepositions", PREPOSITION),
            ("sure_prepositions", SURE_PREPOSITION),
            ("of_nouns", OF_NOUN),
            ("openers", PLACE_OPENER),
        ],
    ),
    (
        "recognise/equipment-classes.toml",
        include_str!("../models/recognise/equipment-classes.toml"),
        &[
            ("heads", GEAR_HEAD),
            ("weak", GEAR_WEAK),
            ("bare", GEAR_BARE),
            ("modifiers", GEAR_MODIFIER),
            ("strong", GEAR_STRONG),
            ("not_before", GEAR_NOT_BEFORE),
            ("not_after", GEAR_NOT_AFTER),
            ("joined_only", GEAR_JOINED_ONLY),
            ("vessels", VESSEL),
            ("ship_prefixes", SHIP_PREFIX),
            ("not_designations", NOT_DESIGNATION),
            ("designations", DESIGNATION),
        ],
    ),
];

impl Recogniser {
    /// The built-in gazetteers and rules, with the user's from `rules` added, and a learned model.
    ///
    /// # Errors
    /// When a data file does not parse; names file and line.
    pub fn load(rules: Option<&Path>, model: &Model) -> Result<Recogniser> {
        let mut words = Words::new();
        let possessive = words.intern("'s");
        debug_assert_eq!(possessive, gazetteer::POSSESSIVE_ID, "the first word interned");
        let mut bare: Vec<(String, Form)> = Vec::new();
        let mut sets = Sets::default();
        for (name, built_in, lists) in LISTS {
            for file in layers(name, built_in, rules)? {
                let parsed = Lists::parse(&file)?;
                sets.add(name, &parsed)?;
                for &(list, flag) in lists {
                    for word in parsed.words(list)? {
                        // A head of several words ("Task Force") flags its last; a title or particle of several is none.
                        words.flag(word, flag);
                        if flag & (GEAR_HEAD | GEAR_WEAK | VESSEL) != 0 {
                            let (one, many) = (word.to_owned(), plural(word));
                            words.flag(
                                &many,
                                flag | GEAR_PLURAL | if parsed.words("bare")?.contains(&one.as_str()) { GEAR_BARE } else { 0 },
                            );
                        }
                    }
                }
                for form in parsed.words("plural")? {
                    words.flag(form, GEAR_PLURAL);
                }
                for (list, form) in [
                    ("bodies", Form::Body),
                    ("branches", Form::Branch),
                    ("names", if name.contains("units") { Form::Unit } else { Form::Event }),
                ] {
                    if list == "branches" && name.contains("units") {
                        continue;
                    }
                    bare.extend(parsed.words(list)?.into_iter().map(|n| (n.to_owned(), form)));
                }
            }
        }
        load_names(&mut words, "gazetteer/given-names.tsv", include_str!("../models/gazetteer/given-names.tsv"), rules, GIVEN)?;
        load_names(&mut words, "gazetteer/family-names.tsv", include_str!("../models/gazetteer/family-names.tsv"), rules, FAMILY)?;
        let mut gazetteer = Gazetteer::load(&mut words, rules)?;
        for (name, form) in bare {
            gazetteer.insert_bare(&mut words, &name, form);
        }
        let (learned, calibration) = (model.load(rules)?, Calibration::load(model)?);
        Ok(Recogniser { learned, calibration, words, gazetteer, sets, times: time::Times::load(rules)? })
    }

    /// The mentions of a document, in order, none inside another.
    #[must_use]
    pub fn recognise(&self, document: &Document, split: &Split) -> Vec<Mention> {
        let scene = Scene::new(&self.gazetteer, &self.sets, cut(&self.words, document, split));
        let mut candidates: Vec<Candidate> = Vec::new();
        persons::listed_persons(&scene, &mut candidates);
        for (range, dateline) in &scene.atoms.sentences {
            places::find(&scene, range, *dateline, &mut candidates);
            equipment::find(&scene, range, &mut candidates);
            if !*dateline && !scene.shouted(range) {
                persons::find(&scene, range, &mut candidates);
                units::find(&scene, range, &mut candidates);
            }
            if !scene.shouted(range) || *dateline {
                organizations::find(&scene, range, &mut candidates);
            }
        }
        let mut echoes = Vec::new();
        persons::echoes(&scene, &candidates, &mut echoes);
        organizations::echoes(&scene, &candidates, &mut echoes);
        places::echoes(&scene, &candidates, &mut echoes);
        candidates.append(&mut echoes);
        if let Some(learned) = &self.learned {
            learned.find(document, split, &scene, &mut candidates);
        }
        places::are_no_persons(&scene, &document.text, &mut candidates);
        candidates.extend(self.times.find(document, split).into_iter().map(|m| Candidate {
            span: m.span,
            kind: m.kind,
            score: m.score,
            via: m.evidence.via,
            entry: None,
            time: m.time,
        }));
        outlets(document, &mut candidates);
        candidates.retain(|c| !document.headings.iter().any(|heading| document.paragraphs[*heading].covers(c.span)));
        let mut mentions = settle(candidates, &self.calibration, |entry| self.gazetteer.entries[entry as usize].key.clone());
        homes::find(&self.gazetteer, &document.text, &mut mentions);
        mentions
    }

    /// What the gazetteers know under a key: "state/KP", "place/5128581", "organization/nis-kr".
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.gazetteer.entry(key)
    }

    /// Every entry of the gazetteers.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.gazetteer.entries
    }

    /// The state of an adjective or a people's name: "North Korean" → "state/KP"; for a people without a state of its own its home, if it has one.
    #[must_use]
    pub fn state_of_nationality(&self, word: &str) -> Option<&Entry> {
        let entry = self.gazetteer.demonym(word)?;
        match &entry.state {
            Some(state) => self.entry(state),
            None => entry.key.starts_with("state/").then_some(entry),
        }
    }

    /// The state whose capital a place is, for a capital that stands for its government ("Pyongyang denied").
    #[must_use]
    pub fn capital_of(&self, place: &str) -> Option<&Entry> {
        let entry = self.entry(place)?;
        let state = entry.state.as_deref().filter(|_| entry.class.as_deref() == Some("capital"))?;
        self.entry(state)
    }
}

/// A name in the brackets of a dateline is whose copy it is, not a place: "SEOUL, April 30 (Korea Bizwire)".
fn outlets(document: &Document, candidates: &mut [Candidate]) {
    let Some(dateline) = document.meta.dateline.as_ref().map(|d| d.span) else { return };
    let words = dateline.of(&document.text);
    let Some((open, close)) = words.find('(').and_then(|open| Some((open, open + words[open..].find(')')?))) else { return };
    let brackets = ByteSpan::new(dateline.start as usize + open, dateline.start as usize + close);
    for candidate in candidates.iter_mut().filter(|c| c.kind == Kind::Place && brackets.covers(c.span)) {
        candidate.kind = Kind::Organization;
        candidate.entry = None;
    }
}

/// The plural of a class noun.
fn plural(word: &str) -> String {
    match word {
        w if w.ends_with("craft") || w.ends_with("ammunition") || w.ends_with("s") && !w.ends_with("ss") => w.to_owned(),
        w if w.ends_with('y') && !w.ends_with("ay") && !w.ends_with("ey") => format!("{}ies", &w[..w.len() - 1]),
        w if w.ends_with("ch") || w.ends_with("sh") || w.ends_with('x') || w.ends_with("ss") || w.ends_with("torpedo") => format!("{w}es"),
        w => format!("{w}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Metadata, SourceMap};

    fn document(text: &str) -> Document {
        let mut paragraphs = Vec::new();
        let mut at = 0;
        for part in text.split("\n\n") {
            paragraphs.push(ByteSpan::new(at, at + part.len()));
            at += part.len() + 2;
        }
        Document {
            id: "test".to_owned(),
            source_file: "test".to_owned(),
            sha256: String::new(),
            story_start: 0,
            text: text.to_owned(),
            map: SourceMap::default(),
            paragraphs,
            headings: Vec::new(),
            meta: Metadata::default(),
        }
    }

    fn recogniser() -> &'static Recogniser {
        static ONE: std::sync::OnceLock<Recogniser> = std::sync::OnceLock::new();
        ONE.get_or_init(|| Recogniser::load(None, &Model::Rules).expect("built-in data"))
    }

    /// Mentions but times, as "Kind:words".
    fn found(text: &str) -> Vec<String> {
        let document = document(text);
        let split = crate::split::built_in().split(&document);
        recogniser()
            .recognise(&document, &split)
            .iter()
            .filter(|m| m.kind != crate::types::Kind::Time)
            .map(|m| format!("{}:{}", m.kind.name(), m.span.of(&document.text)))
            .collect()
    }

    #[test]
    fn an_outlet_in_a_dateline_is_no_place() {
        let text = "SEOUL, April 30 (Korea Bizwire) — Some 600 soldiers left Korea.";
        let mut document = document(text);
        let end = text.find(" Some").expect("the text");
        document.meta.dateline = Some(crate::types::Dateline {
            text: text[..31].to_owned(),
            span: ByteSpan::new(0, end),
            place: Some("SEOUL".to_owned()),
            month_day: Some((4, 30)),
        });
        let split = crate::split::built_in().split(&document);
        let mentions = recogniser().recognise(&document, &split);
        let kinds: Vec<_> = mentions.iter().map(|m| (m.kind, m.span.of(text))).collect();
        assert!(kinds.contains(&(Kind::Place, "SEOUL")), "{kinds:?}");
        assert!(!kinds.iter().any(|(kind, words)| *kind == Kind::Place && words.contains("Bizwire")), "{kinds:?}");
    }

    #[test]
    fn states_peoples_and_capitals_carry_keys() {
        let r = recogniser();
        assert_eq!(r.entry("state/KP").map(|e| e.name.as_str()), Some("North Korea"));
        assert_eq!(r.entry("state/KP").and_then(|e| e.wikidata.as_deref()), Some("Q423"));
        assert_eq!(r.state_of_nationality("Ukrainians").map(|e| e.key.as_str()), Some("state/UA"));
        let document = document("Officials in Pyongyang denied it, but the DPRK’s allies — and the U.S. — were silent.");
        let mentions = r.recognise(&document, &crate::split::built_in().split(&document));
        let keys: Vec<_> = mentions.iter().filter_map(|m| m.key.as_deref()).collect();
        assert_eq!(keys[1..], ["state/KP", "state/US"]);
        assert_eq!(r.capital_of(keys[0]).map(|e| e.key.as_str()), Some("state/KP"));
    }

    #[test]
    fn of_two_with_one_name_the_article_says_which() {
        let key = |text: &str, words: &str| {
            let document = document(text);
            let mentions = recogniser().recognise(&document, &crate::split::built_in().split(&document));
            let mention = mentions.into_iter().find(|m| m.span.of(text) == words).unwrap_or_else(|| panic!("no {words} in {text}"));
            mention.key.unwrap_or_default()
        };
        let state = |text: &str, words: &str| {
            let key = key(text, words);
            if key.starts_with("state/") { Some(key) } else { recogniser().entry(&key).and_then(|e| e.state.clone()) }
        };
        assert_eq!(state("Clashes broke out in Tripoli on Monday, the army said.", "Tripoli").as_deref(), Some("state/LY"));
        assert_eq!(state("Beirut sent troops to Tripoli on Monday. Lebanon is at war.", "Tripoli").as_deref(), Some("state/LB"));
        assert_eq!(state("A tornado hit Paris, Texas, on Monday. France was not touched.", "Paris").as_deref(), Some("state/US"));
        assert_eq!(
            state("Floods closed roads from Atlanta to Savannah, officials in Georgia said.", "Georgia").as_deref(),
            Some("state/US")
        );
        assert_eq!(
            state("Protesters gathered in Tbilisi, officials in Georgia said, as in Atlanta.", "Georgia").as_deref(),
            Some("state/GE")
        );
        let service = "National Intelligence Service";
        assert_eq!(key("In Seoul the National Intelligence Service counted 12 drones.", service), "organization/nis-kr");
        assert_eq!(key("In Nairobi, Kenya, the National Intelligence Service counted 12 drones.", service), "");
    }

    #[test]
    fn whereabouts_are_no_persons_and_districts_no_units() {
        assert_eq!(found("Two people died in Kandy District."), ["Place:Kandy District"]);
        assert_eq!(found("They met in the Leningrad Military District."), ["MilitaryUnit:Leningrad Military District"]);
        assert_eq!(found("Nine soldiers died in El Carmen."), ["Place:El Carmen"]);
        assert_eq!(found("Shells hit the Abu Shouk camp."), ["Equipment:Shells", "Place:Abu Shouk"]);
        assert_eq!(
            found("She took part in Carmen Ruiz's campaign. Carmen Ruiz thanked her."),
            ["Person:Carmen Ruiz", "Person:Carmen Ruiz"]
        );
    }

    #[test]
    fn a_designation_takes_its_class_with_it() {
        assert_eq!(
            found("The depot held nine KN-23 short-range ballistic missiles, two Russian T-72B3 tanks and several Mi-8s."),
            ["Equipment:KN-23 short-range ballistic missiles", "Nationality:Russian", "Equipment:T-72B3 tanks", "Equipment:Mi-8s"]
        );
        assert_eq!(
            found("Crews fired 155mm artillery shells at the frigate Corriga."),
            ["Equipment:155mm artillery shells", "Equipment:frigate Corriga"]
        );
    }

    #[test]
    fn a_mine_with_a_name_is_a_place() {
        let recogniser = Recogniser::load(None, &Model::default()).expect("built-in data");
        let found = |text: &str| {
            let document = document(text);
            let split = crate::split::built_in().split(&document);
            let mentions = recogniser.recognise(&document, &split);
            mentions.iter().map(|m| format!("{}:{}", m.kind.name(), m.span.of(&document.text))).collect::<Vec<_>>()
        };
        assert_eq!(found("A heap of waste fell at the La Merced gold mine, and miners fled."), ["Place:La Merced"]);
        assert_eq!(found("Nobody came to the La Merced mine, as miners fled."), ["Place:La Merced"]);
        assert_eq!(found("Engineers cleared 12 anti-tank mines near the road."), ["Equipment:anti-tank mines"]);
        assert_eq!(found("Naval mines damaged 3 ships off Oman."), ["Equipment:Naval mines", "Equipment:ships", "Place:Oman"]);
    }

    #[test]
    fn an_attack_or_a_crew_is_no_equipment() {
        assert!(found("A missile strike and a drone attack hurt two tank crews during talks on weapons exports.").is_empty());
        assert!(found("The Covid-19 ward on Route 66 treated an H5N1 case before COP28.").is_empty());
    }

    #[test]
    fn a_surname_alone_is_found_after_the_whole_name() {
        assert_eq!(
            found(
                "Rep. Baek Seong-ho of the opposition spoke first. Later Baek left, and Gen. Tormund Eide’s aide said Eide would follow."
            ),
            ["Person:Baek Seong-ho", "Person:Baek", "Person:Tormund Eide", "Person:Eide"]
        );
    }

    #[test]
    fn units_bodies_and_possessives_keep_apart() {
        assert_eq!(
            found(
                "South Korea’s Defense Ministry said the South Korean Navy and the 47th Mechanized Brigade took part in Operation Lantern."
            ),
            [
                "Place:South Korea",
                "Organization:Defense Ministry",
                "Organization:South Korean Navy",
                "MilitaryUnit:47th Mechanized Brigade",
                "Event:Operation Lantern"
            ]
        );
    }

    #[test]
    fn class_words_stay_outside_a_place() {
        assert_eq!(found("Fighting went on in the Kursk region and near Oldrevka."), ["Place:Kursk", "Place:Oldrevka"]);
    }

    #[test]
    fn spans_lie_on_characters_and_nothing_panics() {
        for text in [
            "“Żółć” – 𝒳 😀\u{a0}Kyiv’s F‑16s… U.S.\u{2028}’s",
            "’s",
            "-",
            "—’ “",
            "A-",
            "-A-1-b",
            "…\u{301}É-",
            "  ",
            "日本語 Tokyo",
            "U.N.’s (NIS) é’",
        ] {
            let document = document(text);
            let split = crate::split::built_in().split(&document);
            for mention in recogniser().recognise(&document, &split) {
                assert!(!mention.span.of(text).is_empty());
            }
        }
    }

    #[test]
    fn a_bad_line_names_its_file_and_line() {
        let dir = tempfile::tempdir().expect("a directory");
        std::fs::create_dir_all(dir.path().join("gazetteer")).expect("a directory");
        std::fs::write(dir.path().join("gazetteer/equipment.tsv"), "# mine\nno-key\n").expect("a file");
        let error = Recogniser::load(Some(dir.path()), &Model::Rules).expect_err("a bad line").to_string();
        assert!(error.contains("equipment.tsv") && error.contains("line 2"), "{error}");
    }
}
