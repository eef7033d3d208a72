//! How many columns of a terminal a text takes.

/// Runs of characters that take two columns: Hangul, kana, CJK, full-width forms, emoji.
const WIDE: &[(u32, u32)] = &[
    (0x1100, 0x115F),
    (0x2E80, 0x303E),
    (0x3041, 0x4DBF),
    (0x4E00, 0xA4CF),
    (0xA960, 0xA97F),
    (0xAC00, 0xD7A3),
    (0xF900, 0xFAFF),
    (0xFE30, 0xFE6F),
    (0xFF01, 0xFF60),
    (0xFFE0, 0xFFE6),
    (0x1F300, 0x1F64F),
    (0x1F680, 0x1F6FF),
    (0x1F7E0, 0x1F7EB),
    (0x1F900, 0x1F9FF),
    (0x1FA70, 0x1FAFF),
    (0x20000, 0x3FFFD),
];

/// Runs of characters that take none: combining marks, joiners, directions, variation selectors.
const NONE: &[(u32, u32)] = &[
    (0x0300, 0x036F),
    (0x0483, 0x0489),
    (0x0591, 0x05BD),
    (0x0610, 0x061A),
    (0x064B, 0x065F),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x2069),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F),
    (0xFEFF, 0xFEFF),
    (0x1F3FB, 0x1F3FF),
];

/// Columns of one character.
#[must_use]
pub fn of_char(c: char) -> usize {
    let code = u32::from(c);
    let within = |runs: &[(u32, u32)]| runs.iter().any(|(first, last)| (*first..=*last).contains(&code));
    match code {
        0x20..0x7F | 0xA0..0x300 => 1,
        _ if c.is_control() || within(NONE) => 0,
        _ if within(WIDE) => 2,
        _ => 1,
    }
}

/// Columns of a text.
#[must_use]
pub fn of(text: &str) -> usize {
    text.chars().map(of_char).sum()
}

/// The text on one line: every control character, line breaks included, and every change of direction is a space.
#[must_use]
pub fn one_line(text: &str) -> String {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if breaks(c) { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_and_narrow() {
        assert_eq!(of("“Orlan” – é\u{A0}x"), 13);
        assert_eq!(of("e\u{301}"), 1);
        assert_eq!(of("北朝鮮"), 6);
        assert_eq!(of("🚢"), 2);
    }

    #[test]
    fn nothing_breaks_the_line() {
        assert_eq!(one_line("a\nb\u{1b}[31mc\u{202e}d"), "a b [31mc d");
    }
}
