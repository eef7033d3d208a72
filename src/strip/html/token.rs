//! Cuts a page into tags and text, with their offsets, as browsers do.

use std::ops::Range;

/// A tag or a run of text; ranges are bytes of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A start tag: the whole, its name, its attributes.
    Start { whole: Range<usize>, name: Range<usize>, attributes: Range<usize> },
    /// An end tag.
    End { whole: Range<usize>, name: Range<usize> },
    /// Text between tags.
    Text(Range<usize>),
}

/// Elements whose content is text up to their end tag, whatever it holds.
const RAW: [&str; 8] = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

/// The tags and text of a page, in order. Comments, doctypes and processing instructions are passed over.
pub(super) struct Tokens<'p> {
    page: &'p str,
    at: usize,
    /// The raw element that is open.
    raw: Option<&'static str>,
    /// No `-->` or `]]>` stands after this offset: the page is not searched again for one.
    endless: bool,
}

impl<'p> Tokens<'p> {
    pub(super) fn new(page: &'p str) -> Self {
        Tokens { page, at: 0, raw: None, endless: false }
    }

    /// Where the raw element's end tag starts, or the end of the page.
    fn raw_end(&self, name: &str) -> usize {
        let bytes = self.page.as_bytes();
        let mut at = self.at;
        while let Some(found) = self.page[at..].find("</") {
            let start = at + found;
            let after = start + 2 + name.len();
            if bytes.get(start + 2..after).is_some_and(|b| b.eq_ignore_ascii_case(name.as_bytes()))
                && bytes.get(after).is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'))
            {
                return start;
            }
            at = start + 2;
        }
        self.page.len()
    }

    /// Past a comment, doctype or processing instruction that starts at `start`.
    fn markup_end(&mut self, start: usize) -> usize {
        let rest = &self.page[start..];
        let until = |words: &str, from: usize| rest.get(from..).and_then(|r| r.find(words)).map(|i| start + from + i + words.len());
        if rest.starts_with("<!--") {
            if rest.starts_with("<!-->") {
                return start + 5;
            }
            if !self.endless {
                if let Some(end) = until("-->", 4) {
                    return self.page[start..end].find("--!>").map_or(end, |i| start + i + 4);
                }
                self.endless = true;
            }
            // A comment that is never closed would swallow the page: only its line is lost.
            return until("\n", 0).unwrap_or(self.page.len());
        }
        until(">", 1).unwrap_or(self.page.len())
    }

    /// The end of a tag whose attributes start at `from`: quoted values may hold `>`.
    fn tag_end(&self, from: usize) -> usize {
        let bytes = self.page.as_bytes();
        let mut at = from;
        while at < bytes.len() {
            match bytes[at] {
                b'>' => return at + 1,
                b'=' => {
                    at += 1;
                    while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
                        at += 1;
                    }
                    if let Some(quote @ (b'"' | b'\'')) = bytes.get(at).copied() {
                        let close = self.page[at + 1..].find(char::from(quote));
                        match close {
                            Some(i) => at += i + 2,
                            // A quote that is never closed ends with the tag.
                            None => at += 1,
                        }
                    }
                }
                _ => at += 1,
            }
        }
        bytes.len()
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let bytes = self.page.as_bytes();
        if let Some(name) = self.raw.take() {
            let end = self.raw_end(name);
            let start = std::mem::replace(&mut self.at, end);
            if start < end {
                return Some(Token::Text(start..end));
            }
        }
        let start = self.at;
        let mut at = start;
        loop {
            let Some(found) = self.page[at..].find('<') else {
                self.at = bytes.len();
                return (start < bytes.len()).then_some(Token::Text(start..bytes.len()));
            };
            let open = at + found;
            let next = bytes.get(open + 1).copied().unwrap_or(b' ');
            let end_tag = next == b'/' && bytes.get(open + 2).is_some_and(u8::is_ascii_alphabetic);
            let markup = matches!(next, b'!' | b'?') || (next == b'/' && !end_tag);
            if !(next.is_ascii_alphabetic() || end_tag || markup) {
                at = open + 1;
                continue;
            }
            if open > start {
                self.at = open;
                return Some(Token::Text(start..open));
            }
            if markup {
                self.at = self.markup_end(open);
                return self.next_after_markup();
            }
            let from = open + 1 + usize::from(end_tag);
            let name_end =
                bytes[from..].iter().position(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>')).map_or(bytes.len(), |i| from + i);
            let end = self.tag_end(name_end);
            self.at = end;
            let (whole, name) = (open..end, from..name_end);
            if end_tag {
                return Some(Token::End { whole, name });
            }
            let attributes = name_end..end - usize::from(bytes[end - 1] == b'>' && end > name_end);
            self.raw = RAW.into_iter().find(|raw| self.page[name.clone()].eq_ignore_ascii_case(raw));
            return Some(Token::Start { whole, name, attributes });
        }
    }
}

impl Tokens<'_> {
    /// A page of nothing but comments must not recurse.
    fn next_after_markup(&mut self) -> Option<Token> {
        let bytes = self.page.as_bytes();
        while bytes.get(self.at) == Some(&b'<') && matches!(bytes.get(self.at + 1), Some(b'!' | b'?')) {
            self.at = self.markup_end(self.at);
        }
        // `</` before no letter is a comment of its own, and may come in any number too.
        while bytes.get(self.at) == Some(&b'<')
            && bytes.get(self.at + 1) == Some(&b'/')
            && !bytes.get(self.at + 2).is_some_and(u8::is_ascii_alphabetic)
        {
            self.at = self.markup_end(self.at);
        }
        if bytes.get(self.at) == Some(&b'<') && matches!(bytes.get(self.at + 1), Some(b'!' | b'?')) {
            // Both kinds in turn: an empty run of text breaks the chain.
            return Some(Token::Text(self.at..self.at));
        }
        self.next()
    }
}

/// The attributes in the raw text of a start tag: name and value, references unresolved. The first of a name counts.
pub(super) fn attributes(raw: &str) -> impl Iterator<Item = (&str, &str)> {
    let bytes = raw.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while bytes.get(at).is_some_and(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'"' | b'\'')) {
            at += 1;
        }
        if at >= bytes.len() {
            return None;
        }
        let start = at;
        at += 1;
        while bytes.get(at).is_some_and(|b| !b.is_ascii_whitespace() && !matches!(b, b'=' | b'/')) {
            at += 1;
        }
        let name = &raw[start..at];
        let mut value = at;
        while bytes.get(value).is_some_and(u8::is_ascii_whitespace) {
            value += 1;
        }
        if bytes.get(value) != Some(&b'=') {
            return Some((name, ""));
        }
        value += 1;
        while bytes.get(value).is_some_and(u8::is_ascii_whitespace) {
            value += 1;
        }
        let (from, to) = match bytes.get(value) {
            Some(quote @ (b'"' | b'\'')) => {
                let close = raw[value + 1..].find(char::from(*quote)).map_or(bytes.len(), |i| value + 1 + i);
                at = (close + 1).min(bytes.len());
                (value + 1, close)
            }
            _ => {
                let close = bytes[value.min(bytes.len())..].iter().position(u8::is_ascii_whitespace).map_or(bytes.len(), |i| value + i);
                at = close;
                (value.min(bytes.len()), close)
            }
        };
        Some((name, &raw[from..to]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(page: &str) -> Vec<String> {
        Tokens::new(page)
            .map(|token| match token {
                Token::Start { name, .. } => format!("<{}", &page[name]),
                Token::End { name, .. } => format!("/{}", &page[name]),
                Token::Text(range) => page[range].to_owned(),
            })
            .collect()
    }

    #[test]
    fn tags_text_and_comments() {
        assert_eq!(shown("<!doctype html><p class='a>b'>2 < 3<!-- <p> --><br/>x</P >"), ["<p", "2 < 3", "<br", "x", "/P"]);
    }

    #[test]
    fn scripts_hold_anything() {
        assert_eq!(
            shown("<script>if(a<b)'</p>'</SCRIPT>x<title>a <b> c</title>"),
            ["<script", "if(a<b)'</p>'", "/SCRIPT", "x", "<title", "a <b> c", "/title"]
        );
    }

    #[test]
    fn broken_pages_end() {
        for page in [
            "<",
            "<p",
            "<p class=\"a",
            "</",
            "<!",
            "<!--",
            "<!-- x\ny<p>z",
            "<script>",
            "a</>b",
            "<p =>",
            "<a b='",
            "<a b=",
            "&",
            "<a b= >é",
        ] {
            let _ = shown(page);
        }
        assert_eq!(shown("<!-- x\ny<p>z"), ["y", "<p", "z"]);
        let many = "<!-->".repeat(100_000) + &"</>".repeat(100_000) + &"<!--></>".repeat(100_000);
        assert!(Tokens::new(&many).count() <= 100_001);
    }

    #[test]
    fn attribute_values() {
        let raw = " id=a class=\"b c\" data-x='1>2' hidden href=/x/y?a=1";
        let all: Vec<_> = attributes(raw).collect();
        assert_eq!(all, [("id", "a"), ("class", "b c"), ("data-x", "1>2"), ("hidden", ""), ("href", "/x/y?a=1")]);
    }
}
