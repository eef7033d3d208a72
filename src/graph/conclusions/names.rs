//! Names as keys: what is spelt alike, and what transliteration alone tells apart.

use super::Rules;

/// A name in lower-case ASCII letters and digits, its words parted by one space, without marks, particles of companies and "the".
pub(super) fn plain(name: &str, rules: &Rules) -> String {
    let ascii = deunicode::deunicode(name).to_lowercase().replace(['\'', '`', '.'], "");
    let words: Vec<&str> = ascii.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let kept: Vec<&str> = words.iter().copied().filter(|word| *word != "the" && !rules.legal.contains(*word)).collect();
    if kept.is_empty() { words.join(" ") } else { kept.join(" ") }
}

/// The key that spellings of one name share: transliteration folded, doubled letters single, parts run together.
pub(super) fn folded(plain: &str, rules: &Rules) -> String {
    let mut key = String::with_capacity(plain.len());
    for word in plain.split(' ').filter(|word| !rules.particles.contains(*word)) {
        let mut word = word.to_owned();
        for (from, to) in &rules.fold {
            if word.contains(from.as_str()) {
                word = word.replace(from.as_str(), to);
            }
        }
        for (at, c) in word.char_indices() {
            // A breath that is heard at the head of a word alone, and doubled letters.
            if (c != 'h' || at == 0) && (!key.ends_with(c) || c.is_ascii_digit()) {
                key.push(c);
            }
        }
    }
    key
}

/// First letters of a name's words, for names of three words and more.
pub(super) fn initials(plain: &str) -> Option<String> {
    let words: Vec<&str> = plain.split(' ').filter(|word| !matches!(*word, "of" | "and" | "for")).collect();
    (words.len() > 2).then(|| words.iter().filter_map(|word| word.chars().next()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_share_a_key() {
        let rules = Rules::load(None).expect("the built-in lists");
        let key = |name: &str| folded(&plain(name, &rules), &rules);
        for (one, other) in [
            ("Volodymyr Zelensky", "Volodymyr Zelenskyy"),
            ("Kim Jong Un", "Kim Jong-un"),
            ("Recep Tayyip Erdoğan", "Recep Tayyip Erdogan"),
            ("Sergei Shoigu", "Sergey Shoygu"),
            ("Abdel Fattah al-Burhan", "Abdelfattah Burhan"),
            ("Rosneft JSC", "Rosneft"),
            ("Tekle Ghebreyesus", "Tekleh Gebre-Yesus"),
            ("61st Mechanized Brigade", "61st Mechanised Brigade"),
        ] {
            assert_eq!(key(one), key(other), "{one} {other}");
        }
        for (one, other) in [("Kim Jong-un", "Kim Jong-il"), ("Viktor Petrov", "Viktor Pavlov"), ("1st Brigade", "11th Brigade")] {
            assert_ne!(key(one), key(other), "{one} {other}");
        }
        assert_eq!(initials(&plain("National Intelligence Service", &rules)).as_deref(), Some("nis"));
    }
}
