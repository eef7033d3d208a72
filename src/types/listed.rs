//! What the gazetteer knows of an entry, as later stages need it.

use super::Kind;

/// An entry of the gazetteer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listed {
    /// Preferred name.
    pub name: String,
    /// Kind of the entity; [`Kind::Place`] with a `state/` key is a country.
    pub kind: Option<Kind>,
    /// Class or subtype: "intelligence", "armed-service", "tank".
    pub class: Option<String>,
    /// Key of the state it belongs to.
    pub state: Option<String>,
    /// For a capital, or a seat that stands for a government: the key of who acts under its name.
    pub acts_as: Option<String>,
    /// Wikidata identifier, "Q…".
    pub wikidata: Option<String>,
    /// WGS 84 degrees, as written in the gazetteer.
    pub latitude: Option<String>,
    /// WGS 84 degrees.
    pub longitude: Option<String>,
    /// Post held, for a person.
    pub post: Option<String>,
}

/// What a stage may ask of the gazetteer.
pub trait Gazetteer: Sync {
    /// The entry of a key.
    fn listed(&self, key: &str) -> Option<Listed>;

    /// Whether a word is a name of a people, as "Eritreans" is.
    fn is_people(&self, word: &str) -> bool;

    /// The keys of a subtype that belong to a state, in order.
    fn of_state(&self, subtype: &str, state: &str) -> Vec<String>;
}
