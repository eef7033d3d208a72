//! Whether a text is English.

use whatlang::Lang;

/// Bytes that are looked at.
const ENOUGH: usize = 4000;
/// Fewer words than this tell too little for a guess that is not sure.
const FEW: usize = 40;

const COMMON: [&str; 66] = [
    "the",
    "of",
    "and",
    "to",
    "in",
    "a",
    "that",
    "is",
    "was",
    "for",
    "on",
    "with",
    "as",
    "by",
    "at",
    "it",
    "he",
    "from",
    "has",
    "have",
    "be",
    "are",
    "his",
    "said",
    "an",
    "were",
    "who",
    "had",
    "they",
    "their",
    "not",
    "this",
    "which",
    "its",
    "but",
    "will",
    "been",
    "after",
    "she",
    "you",
    "we",
    "or",
    "more",
    "there",
    "says",
    "would",
    "could",
    "when",
    "than",
    "about",
    "during",
    "until",
    "between",
    "against",
    "over",
    "before",
    "while",
    "each",
    "also",
    "people",
    "government",
    "president",
    "first",
    "last",
    "year",
    "other",
];

/// The language of `text`, in English, where that is not English.
pub(super) fn foreign(text: &str) -> Option<&'static str> {
    let mut end = text.len().min(ENOUGH);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = &text[..end];
    let (mut all, mut common) = (0_usize, 0_usize);
    for word in text.split(|c: char| !c.is_alphabetic() && c != '\'' && c != '’').filter(|w| !w.is_empty()) {
        all += 1;
        common += usize::from(COMMON.iter().any(|c| word.eq_ignore_ascii_case(c)));
    }
    // About two words in five of English prose are among the common ones; of other tongues at most one in eight.
    if common * 100 >= all * 22 && all > 0 {
        return None;
    }
    let guess = whatlang::detect(text)?;
    let sure = guess.is_reliable() && common * 100 < all * 12;
    let foreign = guess.lang() != Lang::Eng
        && if all < FEW {
            sure && (guess.confidence() > 0.95 && common * 100 < all * 6 && all > 3)
        } else {
            common * 100 < all * 15 || sure
        };
    foreign.then(|| guess.lang().eng_name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_passes_and_others_are_named() {
        assert_eq!(
            foreign(
                "The ministry said on Monday that ten ships had left the port of Odesa with grain for Egypt and that more would follow."
            ),
            None
        );
        let german = "Das Ministerium teilte am Montag mit, dass zehn Schiffe den Hafen von Odessa mit Getreide für Ägypten verlassen hätten und weitere folgen würden.";
        assert_eq!(foreign(german), Some("German"));
        let russian = "Министерство сообщило в понедельник, что десять кораблей вышли из порта Одессы с зерном для Египта, и что за ними последуют другие корабли.";
        assert_eq!(foreign(russian), Some("Russian"));
        for short in ["", "Kyiv", "Ten killed.", "12", "Goles: 3", "Mayor Giuliani, Donetsk"] {
            assert_eq!(foreign(short), None, "{short}");
        }
        let headlines = "Seoul to buy 40 Taurus cruise missiles • Jeju governor Oh Min-kyu to sue over harbour • Ferry services to outer islands suspended • Seoul envoy skips visit to Hanoi";
        assert_eq!(foreign(headlines), None, "names hide the language of short lines");
    }
}
