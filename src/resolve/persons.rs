//! Which names are one person: a full name and its parts, where the article leaves but one choice.

/// Whether `part` ("Lee", "Zelensky", "Kim Jong Un") can be what an article calls the bearer of `full`.
pub(super) fn is_part_of(part: &str, full: &str) -> bool {
    let fold = |name: &str| -> Vec<String> {
        // What follows a comma is no name: "Mark Tedeschi, QC".
        name.split(',')
            .next()
            .unwrap_or("")
            .split([' ', '\u{a0}'])
            .map(|w| w.replace(['-', '‐', '‑', '’', '\'', '.'], "").to_lowercase())
            .filter(|w| !w.is_empty())
            .collect()
    };
    let (part, full) = (fold(part), fold(full));
    if part.is_empty() || part.len() > full.len() {
        return false;
    }
    if part.len() == 1 {
        // A surname: the last word, or the first where the family name leads.
        return full.last() == part.first() || full.first() == part.first();
    }
    let mut rest = full.iter();
    part.iter().all(|word| rest.any(|other| other == word || word.chars().count() == 1 && other.starts_with(word.as_str())))
}

#[cfg(test)]
mod tests {
    use super::is_part_of;

    #[test]
    fn parts_of_names() {
        assert!(is_part_of("Lee", "Lee Seong-kweun"));
        assert!(is_part_of("Kim Jong Un", "Kim Jong Un"));
        assert!(is_part_of("Peskov", "Dmitry Peskov"));
        assert!(is_part_of("D. Peskov", "Dmitry Peskov"));
        assert!(!is_part_of("Kim Byung-kee", "Kim Jong-un"));
        assert!(!is_part_of("Vladimir Vladimirovich Putin", "Putin"));
    }
}
