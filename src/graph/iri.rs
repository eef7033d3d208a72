//! IRIs: of instances (the base, the kind, and the first 32 hexadecimal digits of a SHA-256 over stated fields) and of everything else.

use super::vocabulary::{PREFIXES, compact};
use crate::types::SourceSpan;
use compact_str::CompactString;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Where instance IRIs start unless the user gives another base.
pub const DEFAULT_BASE: &str = "https://w3id.org/wiregraph/id/";

/// What an instance is of; the order is that of the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Instance {
    Agent,
    Article,
    Claim,
    Correction,
    Entity,
    Evidence,
    Link,
    Omission,
    Reference,
    Relation,
    Run,
    Selector,
    Series,
    Support,
}

impl Instance {
    /// Every kind.
    pub(super) const ALL: [Instance; 14] = [
        Instance::Agent,
        Instance::Article,
        Instance::Claim,
        Instance::Correction,
        Instance::Entity,
        Instance::Evidence,
        Instance::Link,
        Instance::Omission,
        Instance::Reference,
        Instance::Relation,
        Instance::Run,
        Instance::Selector,
        Instance::Series,
        Instance::Support,
    ];

    /// The part of the IRI between base and digest.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Instance::Agent => "agent",
            Instance::Article => "article",
            Instance::Claim => "claim",
            Instance::Correction => "correction",
            Instance::Entity => "entity",
            Instance::Evidence => "evidence",
            Instance::Link => "link",
            Instance::Omission => "omission",
            Instance::Reference => "reference",
            Instance::Relation => "relation",
            Instance::Run => "run",
            Instance::Selector => "selector",
            Instance::Series => "series",
            Instance::Support => "support",
        }
    }
}

/// An IRI of a graph. Two are equal where they are written alike on one base.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Iri {
    /// An instance: its kind, and the first 16 bytes of the digest of its fields, as two big-endian halves.
    Minted(Instance, u64, u64),
    /// Any other, as it is written: a prefixed name in one of the namespaces, or the whole IRI.
    Named(CompactString),
}

impl Iri {
    /// A term of a vocabulary, by its prefixed name ("wg:Killed") or its IRI.
    #[must_use]
    pub fn named(name: &str) -> Iri {
        Iri::Named(match name.split_once(':') {
            Some((prefix, _)) if PREFIXES.iter().any(|(known, _)| *known == prefix) => CompactString::new(name),
            _ => compact(name).into(),
        })
    }

    /// Whether it is this prefixed name.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        matches!(self, Iri::Named(own) if own == name)
    }

    /// Appends the IRI as it is written in JSON-LD.
    pub fn write(&self, base: &str, out: &mut Vec<u8>) {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        match self {
            Iri::Named(name) => out.extend_from_slice(name.as_bytes()),
            Iri::Minted(kind, high, low) => {
                out.extend_from_slice(base.as_bytes());
                out.extend_from_slice(kind.name().as_bytes());
                out.push(b'/');
                let bytes = [*high, *low].map(u64::to_be_bytes);
                let mut digits = [[0; 2]; 16];
                for (two, byte) in digits.iter_mut().zip(bytes.as_flattened()) {
                    *two = [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
                }
                out.extend_from_slice(digits.as_flattened());
            }
        }
    }
}

/// Makes IRIs on one base.
#[derive(Clone, Debug)]
pub struct Minter {
    base: Arc<str>,
}

impl Minter {
    /// A minter on `base`, which gets a closing `/` if it has no closing `/` or `#`.
    #[must_use]
    pub fn new(base: &str) -> Minter {
        let closed = base.ends_with('/') || base.ends_with('#');
        Minter { base: if closed { base.into() } else { format!("{base}/").into() } }
    }

    /// The base, with its closing character.
    #[must_use]
    pub fn base(&self) -> &Arc<str> {
        &self.base
    }

    /// The IRI as it is written on this base.
    #[must_use]
    pub fn written(&self, iri: &Iri) -> String {
        let mut out = Vec::with_capacity(96);
        iri.write(&self.base, &mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    /// An IRI that was written, on this base or another.
    #[must_use]
    pub fn read(&self, written: &str) -> Iri {
        let minted = || {
            let (kind, digits) = written.strip_prefix(&*self.base)?.split_once('/')?;
            let kind = Instance::ALL.into_iter().find(|known| known.name() == kind)?;
            let canonical = digits.len() == 32 && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
            let half = |at: usize| u64::from_str_radix(&digits[at..at + 16], 16).ok();
            canonical.then(|| Some(Iri::Minted(kind, half(0)?, half(16)?)))?
        };
        minted().unwrap_or_else(|| Iri::named(written))
    }

    /// The IRI of an instance from its fields.
    #[must_use]
    pub fn mint(&self, kind: Instance, fields: &[&str]) -> Iri {
        fields.iter().fold(Fields::default(), |all, field| all.text(field)).mint(kind)
    }

    /// An article: its source's digest and the byte where the story starts.
    #[must_use]
    pub fn article(&self, sha256: &str, story_start: u32) -> Iri {
        self.mint(Instance::Article, &[sha256, &story_start.to_string()])
    }

    /// Fields that start with another instance, to be gone on from many times.
    #[must_use]
    pub fn of(&self, owner: &Iri) -> Fields {
        Fields::default().iri(self, owner)
    }

    /// An entity of the gazetteer: the same in every graph on this base.
    #[must_use]
    pub fn listed(&self, key: &str) -> Iri {
        self.mint(Instance::Entity, &["gazetteer", key])
    }
}

/// The fields of an instance, each closed by a line feed.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    digest: Sha256,
}

impl Fields {
    /// With one more field.
    #[must_use]
    pub fn text(mut self, field: &str) -> Fields {
        self.digest.update(field.as_bytes());
        self.digest.update(b"\n");
        self
    }

    /// With an IRI as the next field, as it is written.
    #[must_use]
    pub fn iri(self, minter: &Minter, iri: &Iri) -> Fields {
        let written = minter.written(iri);
        self.text(&written)
    }

    /// With the two ends of a run of the source.
    #[must_use]
    pub fn bytes(self, span: SourceSpan) -> Fields {
        self.text(&format!("{}\n{}", span.start, span.end))
    }

    /// The IRI that the fields make.
    #[must_use]
    pub fn mint(self, kind: Instance) -> Iri {
        let digest = self.digest.finalize();
        let half = |at: usize| digest[at..at + 8].iter().fold(0, |all: u64, byte| all << 8 | u64::from(*byte));
        Iri::Minted(kind, half(0), half(8))
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
        assert_ne!(minter.mint(Instance::Claim, &["ab", "c"]), minter.mint(Instance::Claim, &["a", "bc"]));
        let digest = hex(&Sha256::digest(b"a\nbc\n"));
        let iri = minter.written(&minter.mint(Instance::Claim, &["a", "bc"]));
        assert_eq!(iri, format!("{DEFAULT_BASE}claim/{}", &digest[..32]));
    }

    #[test]
    fn instances_sort_as_they_are_written() {
        let minter = Minter::new(DEFAULT_BASE);
        let kinds = [Instance::Agent, Instance::Article, Instance::Claim, Instance::Evidence, Instance::Selector, Instance::Support];
        let mut iris: Vec<Iri> = ["a", "b", "c"].iter().flat_map(|f| kinds.map(|kind| minter.mint(kind, &[f]))).collect();
        iris.sort();
        assert!(iris.is_sorted_by_key(|iri| minter.written(iri)));
    }

    #[test]
    fn a_term_has_one_form() {
        assert_eq!(Iri::named("https://w3id.org/wiregraph#Killed"), Iri::named("wg:Killed"));
        assert!(Iri::named("https://example.org/x").is("https://example.org/x"));
    }

    #[test]
    fn a_base_without_a_slash_gets_one() {
        let on = |base: &str| {
            let minter = Minter::new(base);
            minter.written(&minter.listed("state/KP"))
        };
        assert!(on("https://example.org/g").starts_with("https://example.org/g/entity/"));
        assert!(on("https://example.org/g#").starts_with("https://example.org/g#entity/"));
    }
}
