//! Heads of lines `Name: value`, as records of WARC and messages of HTTP have them.

use memchr::memchr_iter;
use std::borrow::Cow;

/// The most bytes that a head may have.
pub(super) const LIMIT: usize = 64 * 1024;

/// The length of the head that `bytes` start with, its blank line included.
pub(super) fn len(bytes: &[u8]) -> Option<usize> {
    memchr_iter(b'\n', bytes).find_map(|at| match (bytes.get(at + 1), bytes.get(at + 2)) {
        (Some(b'\n'), _) => Some(at + 2),
        (Some(b'\r'), Some(b'\n')) => Some(at + 3),
        _ => None,
    })
}

/// The first line of a head.
pub(super) fn first_line(head: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(head.split(|b| *b == b'\n').next().unwrap_or_default().trim_ascii())
}

/// A field: its name, and its value.
pub(super) struct Field<'h> {
    name: &'h [u8],
    value: Cow<'h, [u8]>,
}

impl Field<'_> {
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }

    pub(super) fn value(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.value)
    }
}

/// The fields behind the first line, in order; a value that goes on in further lines is one.
pub(super) fn fields(head: &[u8]) -> impl Iterator<Item = Field<'_>> {
    let mut lines = head.split(|b| *b == b'\n').skip(1).peekable();
    std::iter::from_fn(move || {
        loop {
            let line = lines.next()?;
            let Some(colon) = memchr::memchr(b':', line) else { continue };
            let mut value = Cow::Borrowed(line[colon + 1..].trim_ascii());
            while let Some(more) = lines.next_if(|line| line.starts_with(b" ") || line.starts_with(b"\t")) {
                value = [&value, more.trim_ascii()].join(&b' ').into();
            }
            return Some(Field { name: line[..colon].trim_ascii(), value });
        }
    })
}

/// The type of a `Content-Type`, in lower case, and its `charset`.
pub(super) fn media_type(value: &str) -> (String, Option<String>) {
    let mut parts = value.split(';');
    let kind = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let charset = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']).trim();
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_owned())
    });
    (kind, charset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_of_both_line_ends() {
        for head in ["HTTP/1.1 200 OK\r\nA: 1\r\nB : x\r\n\ty\r\nno field\r\n\r\nbody", "HTTP/1.1 200 OK\nA: 1\nB: x\n y\nno field\n\nbody"]
        {
            let len = len(head.as_bytes()).expect("a head");
            assert_eq!(&head[len..], "body");
            let head = &head.as_bytes()[..len];
            assert_eq!(first_line(head), "HTTP/1.1 200 OK");
            let fields: Vec<_> = fields(head).map(|f| format!("{}={}", String::from_utf8_lossy(f.name), f.value())).collect();
            assert_eq!(fields, ["A=1", "B=x y"]);
        }
        assert_eq!(len(b"A: 1\r\nB: 2\r\n"), None);
        assert_eq!(media_type("Text/HTML; a=b; Charset=\"utf-8\""), ("text/html".into(), Some("utf-8".into())));
        assert_eq!(media_type("text/plain;charset="), ("text/plain".into(), None));
    }
}
