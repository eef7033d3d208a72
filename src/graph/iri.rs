//! IRIs of instances: the base, the kind, and the first 32 hexadecimal digits of a SHA-256 over stated fields.

use crate::types::SourceSpan;
use sha2::{Digest, Sha256};

/// Where instance IRIs start unless the user gives another base.
pub const DEFAULT_BASE: &str = "https://w3id.org/wiregraph/id/";

/// Makes IRIs on one base.
#[derive(Clone, Debug)]
pub struct Minter {
    base: String,
}

impl Minter {
    /// A minter on `base`, which gets a closing `/` if it has no closing `/` or `#`.
    #[must_use]
    pub fn new(base: &str) -> Minter {
        let closed = base.ends_with('/') || base.ends_with('#');
        Minter { base: if closed { base.to_owned() } else { format!("{base}/") } }
    }

    /// `BASE kind/` and the digest of the fields, each closed by a line feed.
    #[must_use]
    pub fn mint(&self, kind: &str, fields: &[&str]) -> String {
        let mut digest = Sha256::new();
        for field in fields {
            digest.update(field.as_bytes());
            digest.update(b"\n");
        }
        format!("{}{kind}/{}", self.base, &hex(&digest.finalize())[..32])
    }

    /// An article: its source's digest and the byte where the story starts.
    #[must_use]
    pub fn article(&self, sha256: &str, story_start: u32) -> String {
        self.mint("article", &[sha256, &story_start.to_string()])
    }

    /// A node about bytes of an article.
    #[must_use]
    pub fn at(&self, kind: &str, article: &str, bytes: SourceSpan, more: &[&str]) -> String {
        let (start, end) = (bytes.start.to_string(), bytes.end.to_string());
        let mut fields = vec![article, &start, &end];
        fields.extend(more);
        self.mint(kind, &fields)
    }

    /// An entity of the gazetteer: the same in every graph on this base.
    #[must_use]
    pub fn listed(&self, key: &str) -> String {
        self.mint("entity", &["gazetteer", key])
    }
}

/// Lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_kept_apart() {
        let minter = Minter::new(DEFAULT_BASE);
        assert_ne!(minter.mint("x", &["ab", "c"]), minter.mint("x", &["a", "bc"]));
        assert_eq!(minter.mint("x", &["a"]).len(), DEFAULT_BASE.len() + 2 + 32);
    }

    #[test]
    fn a_base_without_a_slash_gets_one() {
        assert!(Minter::new("https://example.org/g").listed("state/KP").starts_with("https://example.org/g/entity/"));
        assert!(Minter::new("https://example.org/g#").listed("state/KP").starts_with("https://example.org/g#entity/"));
    }
}
