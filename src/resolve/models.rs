//! Weapons, vehicles and vessels by designation and class: "Shahed-136 drones" and "the Shahed-136", "the destroyer Choe Hyon" and "the destroyer".

/// A name's own words (with a capital or a digit), folded, and the words of its class.
fn parts(name: &str) -> (Vec<String>, Vec<String>) {
    let (mut own, mut class) = (Vec::new(), Vec::new());
    for word in name.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if bare.chars().any(|c| c.is_uppercase() || c.is_ascii_digit()) {
            let folded: String = bare.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
            // "T-72s" are of T-72.
            let one = folded.strip_suffix('s').filter(|stem| stem.ends_with(|c: char| c.is_ascii_digit())).map(str::to_owned);
            own.push(one.unwrap_or(folded));
        } else if !bare.is_empty() {
            class.push(bare.to_lowercase());
        }
    }
    (own, class)
}

/// Whether two names are of one model or vessel: the same words of their own, and classes that do not differ.
pub(super) fn same_model(one: &str, other: &str, singular: impl Fn(&str) -> String) -> bool {
    let ((own, class), (other_own, other_class)) = (parts(one), parts(other));
    let head = |class: &[String]| class.last().map(|word| singular(word));
    !own.is_empty() && own == other_own && (class.is_empty() || other_class.is_empty() || head(&class) == head(&other_class))
}

/// Whether words are a class and no name ("destroyer"), and the class of a thing with a name of its own ("destroyer Choe Hyon").
pub(super) fn is_class_of(words: &str, name: &str) -> bool {
    let ((own, class), (other_own, other_class)) = (parts(words), parts(name));
    own.is_empty() && !other_own.is_empty() && class.last().is_some() && class.iter().all(|word| other_class.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &str, other: &str) -> bool {
        same_model(one, other, |word| word.trim_end_matches('s').to_owned())
    }

    #[test]
    fn models_are_known_by_their_designation() {
        assert!(same("Shahed-136 drones", "Shahed-136"));
        assert!(same("T-72B3s", "T-72B3 tanks"));
        assert!(same("SA-22 surface-to-air missiles", "SA-22 missile"));
        assert!(!same("T-72 tanks", "T-80 tanks"));
        assert!(!same("frigate Luzon", "tug Luzon"));
        assert!(!same("patrol boats", "patrol boats"));
    }

    #[test]
    fn a_class_is_taken_up() {
        assert!(is_class_of("destroyer", "destroyer Choe Hyon"));
        assert!(is_class_of("missile destroyer", "missile destroyer Choe Hyon"));
        assert!(!is_class_of("destroyer", "destroyers"));
        assert!(!is_class_of("stealth destroyer", "destroyer Choe Hyon"));
    }
}
