//! The word lists that conclusions read: `models/series.toml` and `models/names.toml`.

use super::survey::Common;
use crate::error::{Error, Result};
use crate::extract::Words;
use crate::lexicon::{self, layers};
use crate::types::EVENT_TYPES;
use compact_str::CompactString;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use std::path::Path;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeriesFile {
    #[serde(default)]
    family: Vec<Family>,
    #[serde(default)]
    grows: Types,
    #[serde(default)]
    confused: Types,
    #[serde(default)]
    class: Vec<ClassEntry>,
}

/// Event types that count the same people.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Family {
    /// The type that takes in all the others.
    pub(super) sum: String,
    /// The others.
    pub(super) parts: Vec<String>,
}

impl Family {
    fn has(&self, event: &str) -> bool {
        self.sum == event || self.parts.iter().any(|part| part == event)
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Types {
    #[serde(default)]
    types: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassEntry {
    name: String,
    #[serde(default)]
    general: bool,
    #[serde(default)]
    open: bool,
    #[serde(default)]
    part: bool,
    nouns: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NamesFile {
    #[serde(default)]
    fold: Vec<(String, String)>,
    #[serde(default)]
    particles: Vec<String>,
    #[serde(default)]
    legal: Vec<String>,
    #[serde(default)]
    national_posts: Vec<String>,
}

/// What is counted, as far as it tells figures apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Class {
    /// Nothing is said, or any people.
    General,
    /// People or things of one class, by its name or its noun.
    Of {
        /// Name of the class, or the noun of none.
        name: CompactString,
        /// Whether they are people.
        people: bool,
        /// Whether they are some among others.
        part: bool,
        /// Whether it is a class of the list, and no noun that may be another word for one.
        listed: bool,
    },
}

/// How two classes stand to one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// One and the same.
    Same,
    /// One is said of any people.
    Open,
    /// Two sorts of people, which may be the same people in other words.
    Other,
    /// Not the same things.
    Apart,
}

impl Class {
    pub(super) fn likeness(&self, other: &Class) -> Likeness {
        match (self, other) {
            (one, other) if one == other => Likeness::Same,
            (Class::General, Class::Of { people: true, part: false, .. })
            | (Class::Of { people: true, part: false, .. }, Class::General) => Likeness::Open,
            (Class::Of { people: true, part: false, listed, .. }, Class::Of { people: true, part: false, listed: other, .. })
                if !(*listed && *other) =>
            {
                Likeness::Other
            }
            _ => Likeness::Apart,
        }
    }
}

/// Word lists of series and names.
#[derive(Debug)]
pub struct Rules {
    words: Words,
    pub(super) families: Vec<Family>,
    grows: FxHashSet<String>,
    confused: FxHashSet<String>,
    /// Noun to class.
    classes: FxHashMap<String, Class>,
    /// Nouns that do not say who they are.
    open: FxHashSet<String>,
    pub(super) fold: Vec<(String, String)>,
    pub(super) particles: FxHashSet<String>,
    pub(super) legal: FxHashSet<String>,
    national_posts: FxHashSet<String>,
    /// When a name is too common to tell anything.
    pub(crate) common: Common,
}

impl Rules {
    /// The built-in lists, with the user's from `rules` added.
    ///
    /// # Errors
    /// When a file does not parse or names an event type that is none; names file and place.
    pub fn load(rules: Option<&Path>) -> Result<Rules> {
        let mut this = Rules {
            words: Words::load(rules)?,
            families: Vec::new(),
            grows: FxHashSet::default(),
            confused: FxHashSet::default(),
            classes: FxHashMap::default(),
            open: FxHashSet::default(),
            fold: Vec::new(),
            particles: FxHashSet::default(),
            legal: FxHashSet::default(),
            national_posts: FxHashSet::default(),
            common: Common::default(),
        };
        for file in layers("series.toml", include_str!("../../../models/series.toml"), rules)? {
            let parsed: SeriesFile = lexicon::toml(&file)?;
            let types =
                parsed.family.iter().flat_map(|f| f.parts.iter().chain([&f.sum])).chain(&parsed.grows.types).chain(&parsed.confused.types);
            if let Some(unknown) = types.into_iter().find(|t| !EVENT_TYPES.contains(&t.as_str())) {
                let reason = format!("no event type is named {unknown:?}");
                return Err(Error::Data { file: file.name, place: "family, grows or confused".to_owned(), reason });
            }
            this.families.extend(parsed.family);
            this.grows.extend(parsed.grows.types);
            this.confused.extend(parsed.confused.types);
            for ClassEntry { name, general, open, part, nouns } in parsed.class {
                for noun in nouns {
                    let people = general || this.words.is("person", &noun);
                    let class =
                        if general { Class::General } else { Class::Of { name: CompactString::new(&name), people, part, listed: true } };
                    if open {
                        this.open.insert(noun.clone());
                    }
                    this.classes.insert(noun, class);
                }
            }
        }
        // A class is of people where one of its nouns is.
        let of_people: FxHashSet<CompactString> = this
            .classes
            .values()
            .filter_map(|class| match class {
                Class::Of { name, people: true, .. } => Some(name.clone()),
                _ => None,
            })
            .collect();
        for class in this.classes.values_mut() {
            if let Class::Of { name, people, .. } = class {
                *people = of_people.contains(name);
            }
        }
        for file in layers("names.toml", include_str!("../../../models/names.toml"), rules)? {
            let parsed: NamesFile = lexicon::toml(&file)?;
            this.fold.extend(parsed.fold);
            this.particles.extend(parsed.particles);
            this.legal.extend(parsed.legal);
            this.national_posts.extend(parsed.national_posts);
        }
        Ok(this)
    }

    /// The class of what is counted, by its head noun.
    pub(super) fn class(&self, counted: Option<&str>) -> Class {
        let Some(counted) = counted else { return Class::General };
        let [whole, head, lemma] = self.forms(counted);
        let known = [&whole, &head, &lemma].into_iter().find_map(|form| self.classes.get(form));
        known.cloned().unwrap_or_else(|| Class::Of {
            people: self.words.is("person", &lemma),
            name: lemma.into(),
            part: false,
            listed: false,
        })
    }

    /// Whether what is counted does not say who they are: nothing, or "deaths".
    pub(super) fn is_open(&self, counted: Option<&str>) -> bool {
        counted.is_none_or(|counted| self.forms(counted).iter().any(|form| self.open.contains(form)))
    }

    /// The words, their head, and its lemma.
    fn forms(&self, counted: &str) -> [String; 3] {
        let whole = counted.to_lowercase();
        let head = whole.rsplit([' ', '\u{a0}']).next().unwrap_or(&whole).to_owned();
        let lemma = self.words.noun(head.clone());
        [whole, head, lemma]
    }

    /// Whether figures of an event type are told of others by mistake.
    pub(super) fn is_confused(&self, event: &str) -> bool {
        self.confused.contains(event)
    }

    /// Whether a class is of soldiers.
    pub(super) fn is_military(&self, class: &Class) -> bool {
        self.classes.get("soldier") == Some(class)
    }

    /// Whether a state has but one holder of a post.
    pub(super) fn is_national(&self, post: &str) -> bool {
        let lower = post.to_lowercase();
        self.national_posts
            .iter()
            .any(|national| lower == *national || lower.strip_suffix(national).is_some_and(|rest| rest.ends_with(' ')))
    }

    /// Whether a running figure of an event type never falls.
    pub(super) fn grows(&self, event: &str) -> bool {
        self.grows.contains(event)
    }

    /// The name under which event types are looked at together that count the same people, or are told of one another by mistake.
    pub(super) fn course<'s>(&'s self, event: &'s str) -> &'s str {
        let family = self.families.iter().find(|family| family.has(event));
        let is_confused = |event: &str| self.confused.contains(event);
        let confused = family.map_or(is_confused(event), |f| is_confused(&f.sum) || f.parts.iter().any(|part| is_confused(part)));
        if confused { "" } else { self.family(event) }
    }

    /// The name under which event types that count the same people are looked at together.
    pub(super) fn family<'s>(&'s self, event: &'s str) -> &'s str {
        self.families.iter().find(|family| family.has(event)).map_or(event, |family| &family.sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_has_a_class() {
        let rules = Rules::load(None).expect("the built-in lists");
        let likeness = |one: &str, other: &str| rules.class(Some(one)).likeness(&rules.class(Some(other)));
        assert_eq!(likeness("North Korean soldiers", "troops"), Likeness::Same);
        assert_eq!(likeness("fatalities", "passengers"), Likeness::Open);
        assert_eq!(likeness("miners", "villagers"), Likeness::Other);
        assert_eq!(likeness("North Korean labourers", "troops"), Likeness::Apart);
        assert_eq!(likeness("kidnappers", "soldiers"), Likeness::Apart);
        assert_eq!(likeness("children", "people"), Likeness::Apart);
        assert_eq!(likeness("tanks", "people"), Likeness::Apart);
        assert_eq!(rules.class(None).likeness(&rules.class(Some("soldiers"))), Likeness::Open);
        assert_eq!((rules.family("Wounded"), rules.family("Missing")), ("Casualties", "Missing"));
    }
}
