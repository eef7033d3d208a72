//! From a word of the text to its lemma, and what kind of thing a noun names.

use crate::error::Result;
use crate::lexicon::{self, layers};
use crate::types::Tag;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// Irregular forms and noun classes.
#[derive(Debug, Default)]
pub struct Words {
    verbs: FxHashMap<String, String>,
    nouns: FxHashMap<String, String>,
    /// Verbs that are known, to choose between "prove" and "prov" for "proved".
    known: FxHashSet<String>,
    classes: BTreeMap<String, FxHashSet<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Irregular {
    #[serde(default)]
    verbs: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    nouns: BTreeMap<String, Vec<String>>,
}

impl Words {
    /// The built-in tables, with the user's from `rules` added.
    ///
    /// # Errors
    /// When a data file does not parse.
    pub fn load(rules: Option<&Path>) -> Result<Words> {
        let mut words = Words::default();
        for file in layers("words.toml", include_str!("../../models/words.toml"), rules)? {
            let table: Irregular = lexicon::toml(&file)?;
            for (map, entries) in [(&mut words.verbs, table.verbs), (&mut words.nouns, table.nouns)] {
                for (lemma, forms) in entries {
                    words.known.insert(lemma.clone());
                    map.extend(forms.into_iter().map(|form| (form, lemma.clone())));
                }
            }
        }
        for file in layers("verbs.tsv", include_str!("../../models/verbs.tsv"), rules)? {
            for line in file.text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
                let (verb, forms) = line.split_once('\t').unwrap_or((line, ""));
                words.known.insert(verb.to_owned());
                for form in forms.split('|').filter(|form| !form.is_empty()) {
                    words.verbs.entry(form.to_owned()).or_insert_with(|| verb.to_owned());
                }
            }
        }
        for file in layers("nouns.toml", include_str!("../../models/nouns.toml"), rules)? {
            let table: BTreeMap<String, Vec<String>> = lexicon::toml(&file)?;
            for (class, lemmas) in table {
                words.classes.entry(class).or_default().extend(lemmas);
            }
        }
        Ok(words)
    }

    /// Makes lemmas known, so that regular forms lead to them.
    pub fn know<'a>(&mut self, lemmas: impl IntoIterator<Item = &'a str>) {
        self.known.extend(lemmas.into_iter().map(str::to_owned));
    }

    /// Whether a lemma is in a class of `models/nouns.toml`.
    #[must_use]
    pub fn is(&self, class: &str, lemma: &str) -> bool {
        self.classes.get(class).is_some_and(|set| set.contains(lemma))
    }

    /// The lemmas of a class, in no order.
    pub(super) fn members(&self, class: &str) -> impl Iterator<Item = &str> {
        self.classes.get(class).into_iter().flatten().map(String::as_str)
    }

    /// The lemma of a word as tagged; lower-case.
    #[must_use]
    pub fn lemma(&self, word: &str, tag: Tag) -> String {
        let lower = word.to_lowercase();
        match tag {
            Tag::Vb | Tag::Vbd | Tag::Vbg | Tag::Vbn | Tag::Vbp | Tag::Vbz | Tag::Md => self.verb(&lower),
            Tag::Nns | Tag::Nn | Tag::Nnps => self.noun(lower),
            _ => lower,
        }
    }

    /// The lemma of a verb's form.
    #[must_use]
    pub fn verb(&self, form: &str) -> String {
        if let Some(lemma) = self.verbs.get(form) {
            return lemma.clone();
        }
        // "test-fired" is of "fire".
        if let Some((first, last)) = form.rsplit_once('-').filter(|(first, last)| !first.is_empty() && last.len() >= 3) {
            return format!("{first}-{}", self.verb(last));
        }
        if self.known.contains(form) || !form.is_ascii() || form.len() < 4 {
            return form.to_owned();
        }
        if let Some(stem) = form.strip_suffix("ies").or_else(|| form.strip_suffix("ied")) {
            return format!("{stem}y");
        }
        for suffix in ["ing", "ed", "es", "s"] {
            let Some(stem) = form.strip_suffix(suffix).filter(|s| s.len() >= 2 && s.contains(['a', 'e', 'i', 'o', 'u', 'y'])) else {
                continue;
            };
            return self.restore(stem, suffix);
        }
        form.to_owned()
    }

    /// Undoes what the suffix did to the stem: a doubled consonant, a lost "e". Verbs that are not known are guessed at.
    fn restore(&self, stem: &str, suffix: &str) -> String {
        let with_e = format!("{stem}e");
        let bytes = stem.as_bytes();
        let (last, before) = (bytes[bytes.len() - 1], bytes[bytes.len() - 2]);
        let single = (last == before).then(|| &stem[..stem.len() - 1]);
        if self.known.contains(stem) {
            return stem.to_owned();
        }
        if self.known.contains(&with_e) {
            return with_e;
        }
        if let Some(single) = single.filter(|single| self.known.contains(*single)) {
            return single.to_owned();
        }
        match suffix {
            "s" => stem.to_owned(),
            "es" if matches!(last, b's' | b'h' | b'x' | b'z' | b'o') => stem.to_owned(),
            "es" => with_e,
            _ if single.is_some() && !matches!(last, b'l' | b's' | b'z' | b'f' | b'e' | b'o') => stem[..stem.len() - 1].to_owned(),
            _ if matches!(last, b'v' | b'c' | b'z' | b'u') || stem.ends_with("at") || stem.ends_with("dg") => with_e,
            _ => stem.to_owned(),
        }
    }

    /// The singular of a noun's form.
    #[must_use]
    pub fn noun(&self, form: String) -> String {
        if let Some(lemma) = self.nouns.get(&form) {
            return lemma.clone();
        }
        if form.len() < 4 || form.ends_with("ss") || form.ends_with("us") || form.ends_with("is") {
            return form;
        }
        if let Some(stem) = form.strip_suffix("ies") {
            return format!("{stem}y");
        }
        for ending in ["sses", "shes", "ches", "xes"] {
            if form.ends_with(ending) {
                return form[..form.len() - 2].to_owned();
            }
        }
        if let Some(stem) = form.strip_suffix("men") {
            return format!("{stem}man");
        }
        form.strip_suffix('s').map_or(form.clone(), str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_lead_to_lemmas() {
        let words = Words::load(None).expect("built-in data");
        for (form, lemma) in [
            ("killed", "kill"),
            ("sent", "send"),
            ("wounded", "wound"),
            ("evacuating", "evacuate"),
            ("deploys", "deploy"),
            ("stopped", "stop"),
            ("carried", "carry"),
            ("dying", "die"),
            ("reaches", "reach"),
            ("moving", "move"),
            ("treated", "treat"),
            ("floating", "float"),
            ("created", "create"),
            ("storing", "store"),
            ("travelled", "travel"),
            ("slid", "slide"),
            ("hiring", "hire"),
            ("missing", "missing"),
            ("air-dropped", "air-drop"),
            ("redeploying", "redeploy"),
        ] {
            assert_eq!(words.verb(form), lemma);
        }
        for (form, lemma) in [("casualties", "casualty"), ("deaths", "death"), ("servicemen", "serviceman"), ("losses", "loss")] {
            assert_eq!(words.noun(form.to_owned()), lemma);
        }
    }

    #[test]
    fn classes_come_from_data() {
        let words = Words::load(None).expect("built-in data");
        assert!(words.is("person", "soldier") && !words.is("person", "tank"));
    }
}
