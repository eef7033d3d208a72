//! What later stages may ask of the gazetteers.

use super::Recogniser;
use crate::types::{Gazetteer, Kind, Listed};
use rust_decimal::Decimal;

/// Degrees with two decimals, as the gazetteers have them, in canonical form.
fn degrees(value: f32) -> String {
    Decimal::new((f64::from(value) * 100.0).round() as i64, 2).normalize().to_string()
}

impl Gazetteer for Recogniser {
    fn listed(&self, key: &str) -> Option<Listed> {
        let entry = self.entry(key)?;
        Some(Listed {
            name: entry.name.clone(),
            kind: entry.kind,
            class: entry.class.clone(),
            state: entry.state.clone(),
            acts_as: self.capital_of(key).map(|state| state.key.clone()),
            wikidata: entry.wikidata.clone(),
            latitude: entry.lat.filter(|_| entry.kind == Some(Kind::Place)).map(degrees),
            longitude: entry.lon.filter(|_| entry.kind == Some(Kind::Place)).map(degrees),
            post: entry.post.clone(),
        })
    }

    fn is_people(&self, word: &str) -> bool {
        self.state_of_nationality(word).is_some()
    }

    fn of_state(&self, subtype: &str, state: &str) -> Vec<String> {
        let fits = |e: &&super::Entry| e.class.as_deref() == Some(subtype) && e.state.as_deref() == Some(state);
        self.entries().iter().filter(fits).map(|e| e.key.clone()).collect()
    }
}
