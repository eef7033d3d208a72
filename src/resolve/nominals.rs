//! Descriptions that lead to organizations, places and people: "the spy agency", "the army", "the country".

use crate::error::Result;
use crate::lexicon::{self, layers};
use crate::types::{Kind, Slot};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// The classes of `models/nouns.toml` that are people's.
const PEOPLE: [&str; 4] = ["person", "leader", "member", "lawmaker"];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Description {
    words: Vec<String>,
    subtypes: Vec<String>,
    #[serde(default)]
    unique: bool,
    #[serde(default)]
    strict: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    kinds: KindWords,
    #[serde(default)]
    wordings: Wordings,
    #[serde(default)]
    description: Vec<Description>,
}

/// Head nouns by what they name.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct KindWords {
    person: Vec<String>,
    organization: Vec<String>,
    place: Vec<String>,
    unit: Vec<String>,
    equipment: Vec<String>,
}

/// Words by which a text says that two phrases are one thing, or are not.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Wordings {
    /// Verbs that say that their subject is what follows: "be".
    pub equating: Vec<String>,
    /// Verbs that give their object a name: "call", "know".
    pub naming: Vec<String>,
    /// Modifiers that set a phrase apart from what was named before: "other".
    pub distinct: FxHashSet<String>,
    /// Nouns that are what stands behind them: "the city of X".
    pub of_name: FxHashSet<String>,
    /// Nouns that are what stands before them: "the X alliance".
    pub called: FxHashSet<String>,
    /// Verbs whose subject, where it is a capital, is its government.
    pub acting: FxHashSet<String>,
    /// Words before a capital that is its government.
    pub dealing: FxHashSet<String>,
    /// Modifiers that narrow nothing down: "former", "late".
    pub idle: FxHashSet<String>,
    /// Words of a name that make it a ministry's: "Defence Ministry".
    pub ministries: FxHashSet<String>,
    /// What a body publishes: "the report".
    pub published: FxHashSet<String>,
    /// Nouns that say little of a body: "the group".
    pub unspecific: FxHashSet<String>,
    /// Last words of a name that make it a company's, as written, without a full stop: "Ltd".
    pub firms: FxHashSet<String>,
}

/// A set of kinds that a phrase may be of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Kinds(u8);

impl Kinds {
    pub(super) const PERSON: Kinds = Kinds(1);
    pub(super) const ORGANIZATION: Kinds = Kinds(2);
    pub(super) const PLACE: Kinds = Kinds(4);
    pub(super) const UNIT: Kinds = Kinds(8);
    const OTHER: Kinds = Kinds(16);
    /// A person, a body or a place.
    pub(super) const ANY: Kinds = Kinds(1 | 2 | 4 | 8);

    /// What a named thing of a kind may be called.
    pub(super) fn of(kind: Kind) -> Kinds {
        match kind {
            Kind::Person => Kinds::PERSON,
            Kind::Organization => Kinds::ORGANIZATION,
            Kind::MilitaryUnit => Kinds(Kinds::UNIT.0 | Kinds::ORGANIZATION.0),
            Kind::Place | Kind::Nationality => Kinds::PLACE,
            Kind::Equipment | Kind::Event | Kind::Time => Kinds::OTHER,
        }
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn and(self, other: Kinds) -> Kinds {
        Kinds(self.0 & other.0)
    }

    pub(super) fn or(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    pub(super) fn has(self, other: Kinds) -> bool {
        self.0 & other.0 != 0
    }
}

/// The table of `models/nominals.toml`.
#[derive(Debug, Default)]
pub struct Nominals {
    descriptions: Vec<Description>,
    kinds: FxHashMap<String, Kinds>,
    wordings: Wordings,
}

impl Nominals {
    /// The built-in table, with the user's from `rules` added.
    ///
    /// # Errors
    /// When a file does not parse; names file and line.
    pub fn load(rules: Option<&Path>) -> Result<Nominals> {
        let mut nominals = Nominals::default();
        for file in layers("nominals.toml", include_str!("../../models/nominals.toml"), rules)? {
            let File { kinds, wordings, description } = lexicon::toml(&file)?;
            nominals.descriptions.extend(description);
            let KindWords { person, organization, place, unit, equipment } = kinds;
            for (words, kind) in [
                (person, Kinds::PERSON),
                (organization, Kinds::ORGANIZATION),
                (place, Kinds::PLACE),
                (unit, Kinds::UNIT),
                (equipment, Kinds::OTHER),
            ] {
                for word in words {
                    let kinds = nominals.kinds.entry(word).or_default();
                    *kinds = kinds.or(kind);
                }
            }
            let all = &mut nominals.wordings;
            all.equating.extend(wordings.equating);
            all.naming.extend(wordings.naming);
            all.distinct.extend(wordings.distinct);
            all.of_name.extend(wordings.of_name);
            all.called.extend(wordings.called);
            all.acting.extend(wordings.acting);
            all.dealing.extend(wordings.dealing);
            all.idle.extend(wordings.idle);
            all.ministries.extend(wordings.ministries);
            all.firms.extend(wordings.firms);
            all.published.extend(wordings.published);
            all.unspecific.extend(wordings.unspecific);
        }
        for file in layers("nouns.toml", include_str!("../../models/nouns.toml"), rules)? {
            let classes: BTreeMap<String, Vec<String>> = lexicon::toml(&file)?;
            for word in PEOPLE.iter().filter_map(|class| classes.get(*class)).flatten() {
                let kinds = nominals.kinds.entry(word.clone()).or_default();
                *kinds = kinds.or(Kinds::PERSON);
            }
        }
        Ok(nominals)
    }

    /// What a noun may name.
    pub(super) fn kinds(&self, lemma: &str) -> Kinds {
        self.kinds.get(lemma).copied().unwrap_or_default()
    }

    /// The kind of what a description (lower-case, singular) means in a slot: by its last two words, else its last. An unknown noun is taken for a body
    /// that acts, but where the slot is that of places or things.
    pub(super) fn kind(&self, description: &str, slot: Slot) -> Kind {
        let mut ends: Vec<&str> = description.rmatch_indices(' ').map(|(at, _)| &description[at + 1..]).take(2).collect();
        ends.push(description);
        let kinds = ends.iter().rev().map(|words| self.kinds(words)).find(|kinds| !kinds.is_empty()).unwrap_or_default();
        let where_or_what = match slot {
            Slot::Place | Slot::Origin => Some((Kinds::PLACE, Kind::Place)),
            Slot::Equipment => Some((Kinds::OTHER, Kind::Equipment)),
            _ => None,
        };
        match where_or_what {
            Some((own, kind)) if kinds.is_empty() || kinds.has(own) => kind,
            _ if kinds.has(Kinds::PERSON) => Kind::Person,
            _ if kinds.has(Kinds::OTHER) => Kind::Equipment,
            _ => Kind::Organization,
        }
    }

    pub(super) fn wordings(&self) -> &Wordings {
        &self.wordings
    }

    /// Whether a description (lower-case, without determiner) fits an organization of this subtype and name.
    pub(super) fn fits(&self, description: &str, subtype: Option<&str>, name: &str) -> bool {
        if self.of(description).any(|d| d.subtypes.is_empty()) || subtype.is_some_and(|subtype| self.rules_out(description, subtype)) {
            return false;
        }
        let last = description.rsplit(' ').next().unwrap_or(description);
        self.fits_subtype(description, subtype) || last.len() > 3 && name.split(' ').any(|word| word.eq_ignore_ascii_case(last))
    }

    /// Whether a description fits what is of this subtype.
    pub(super) fn fits_subtype(&self, description: &str, subtype: Option<&str>) -> bool {
        subtype.is_some_and(|subtype| self.of(description).any(|d| d.subtypes.iter().any(|s| s == subtype)))
    }

    /// Whether a description never means what is of this subtype: "the army" no armed group.
    pub(super) fn rules_out(&self, description: &str, subtype: &str) -> bool {
        self.of(description).any(|d| d.strict) && !self.fits_subtype(description, Some(subtype))
    }

    /// Whether a description means bodies of its own subtype alone.
    pub(super) fn is_strict(&self, description: &str) -> bool {
        self.of(description).any(|d| d.strict)
    }

    /// Whether two descriptions are listed for a subtype that both fit: "company" and "maker".
    pub(super) fn are_of_one_class(&self, description: &str, other: &str) -> bool {
        self.of(description).flat_map(|d| &d.subtypes).any(|subtype| self.fits_subtype(other, Some(subtype)))
    }

    /// Whether a description is listed word by word.
    pub(super) fn lists(&self, description: &str) -> bool {
        self.descriptions.iter().any(|d| d.words.iter().any(|words| words == description))
    }

    /// The subtype of which a state has but one body.
    pub(super) fn unique<'s>(&'s self, description: &'s str) -> Option<&'s str> {
        self.of(description).find(|d| d.unique).and_then(|d| d.subtypes.first()).map(String::as_str)
    }

    /// The entries whose words end the description; only those with the longest such words.
    fn of<'s>(&'s self, description: &'s str) -> impl Iterator<Item = &'s Description> {
        let ends = |word: &&String| description.strip_suffix(word.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with(' '));
        let length = move |d: &Description| d.words.iter().filter(ends).map(String::len).max();
        let longest = self.descriptions.iter().filter_map(length).max();
        self.descriptions.iter().filter(move |d| longest.is_some() && length(d) == longest)
    }
}
