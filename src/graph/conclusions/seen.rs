//! References as conclusions compare them: what each is called, under which keys it is looked for, and the company it keeps.

use super::corrections::Said;
use super::handed::{Channel, Emit, received, send};
use super::names::{folded, initials, plain};
use super::survey::Table;
use super::{Concluder, slot_of};
use crate::error::Result;
use crate::graph::Graph;
use crate::graph::bytes::Id;
use crate::graph::iri::Iri;
use crate::graph::vocabulary::Property;
use crate::types::Kind;
use rustc_hash::{FxHashSet, FxHasher};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::hash::Hasher;
use std::sync::Arc;

/// What more is asked where names are equal by transliteration or as an acronym only.
pub(super) const BY_SPELLING: u32 = 1;
const BY_ACRONYM: u32 = 2;

/// One `wg:Reference`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Seen {
    /// Its IRI, which comes first, so that references are in the order of IRIs.
    pub(super) iri: Id,
    pub(super) article: Id,
    pub(super) kind: Kind,
    /// The property that the page's own data fill with it.
    slot: Option<u8>,
    /// Proper forms.
    pub(super) names: Vec<Arc<str>>,
    pub(super) fullest: Arc<str>,
    /// The fullest form as a key.
    pub(super) plain: Arc<str>,
    pub(super) key: Option<Arc<str>>,
    pub(super) job: Option<Arc<str>>,
    /// Keys under which it is compared, and what more is asked of each.
    pub(super) forms: Vec<(Arc<str>, u32)>,
    pub(super) company: Company,
}

/// The names in an article that say something of the others, by their hashes, in order.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Company {
    pub(super) names: Vec<u64>,
    pub(super) states: Vec<u64>,
    pub(super) outlet: Option<u64>,
}

impl Seen {
    /// Makes one of the words that it has alike with others.
    pub(super) fn share(&mut self, known: &mut FxHashSet<Arc<str>>) {
        let Seen { names, fullest, plain, key, job, forms, .. } = self;
        let all = names.iter_mut().chain([fullest, plain]).chain(key).chain(job).chain(forms.iter_mut().map(|(form, _)| form));
        for own in all {
            match known.get(own) {
                Some(one) => *own = Arc::clone(one),
                None => drop(known.insert(Arc::clone(own))),
            }
        }
    }

    /// The property that the page's own data fill with it.
    pub(super) fn slot(&self) -> Option<&'static str> {
        self.slot.and_then(Property::numbered).map(Property::name)
    }

    /// Whether the article's text speaks of it.
    pub(super) fn is_mentioned(&self) -> bool {
        self.slot().is_none_or(|slot| slot == "schema:locationCreated")
    }

    /// The name under which it says something of the article's other names.
    pub(super) fn telling_name(&self) -> Option<&str> {
        let telling =
            self.is_mentioned() && !self.names.is_empty() && !matches!(self.kind, Kind::Nationality | Kind::Equipment | Kind::Time);
        telling.then(|| self.key.as_deref().unwrap_or(&self.plain))
    }

    /// The kind under which it is compared.
    pub(super) fn compared_as(&self) -> Kind {
        if self.kind == Kind::MilitaryUnit { Kind::Organization } else { self.kind }
    }
}

/// Whether a key is a state's.
pub(super) fn is_state(name: &str) -> bool {
    name.starts_with("state/")
}

/// The hash of a name.
pub(super) fn hash(name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(name.as_bytes());
    hasher.finish()
}

/// The references of an article; their company is empty yet.
pub(super) fn of_article(with: &Concluder<'_>, article: Id, graph: &Graph) -> Vec<Seen> {
    let mut all = Vec::new();
    for node in graph.nodes_where(|node| node.is_a("wg:Reference")) {
        let Some(iri) = Id::of(node.iri) else { continue };
        let Some(kind) = node.texts("wg:kind").next().and_then(Kind::from_name) else { continue };
        let Some(fullest) = node.texts("skos:prefLabel").chain(node.texts("schema:name")).next() else { continue };
        let mut seen = Seen {
            iri,
            article,
            kind,
            slot: slot_of(node).and_then(Property::named).map(Property::number),
            names: node.texts("skos:altLabel").map(Arc::from).collect(),
            fullest: fullest.into(),
            plain: plain(fullest, with.rules).into(),
            key: node.texts("wg:gazetteerKey").next().map(Arc::from),
            job: node.texts("schema:jobTitle").next().map(Arc::from),
            forms: Vec::new(),
            company: Company::default(),
        };
        seen.forms = forms(with, &seen);
        all.push(seen);
    }
    all
}

/// The keys under which a reference is compared, and what more is asked where the key is not that of its fullest form.
fn forms(with: &Concluder<'_>, seen: &Seen) -> Vec<(Arc<str>, u32)> {
    if seen.slot.is_none() && seen.names.is_empty() || matches!(seen.kind, Kind::Nationality | Kind::Time) {
        return Vec::new();
    }
    let kind = seen.compared_as();
    let mut keys: BTreeMap<String, u32> = BTreeMap::new();
    keys.insert(folded(&seen.plain, with.rules), 0);
    for name in seen.names.iter().map(|name| plain(name, with.rules)) {
        let words = name.split(' ').count();
        if words > 1 {
            keys.entry(folded(&name, with.rules)).or_insert(BY_SPELLING);
        } else if kind == Kind::Organization && name.len() > 1 {
            // An acronym that an article explains leads from the one form to the other.
            keys.entry(folded(&name, with.rules)).or_insert(BY_ACRONYM);
        }
        // "61st Mechanised" is the 61st Mechanised Brigade.
        if seen.kind == Kind::MilitaryUnit && words > 1 && name.starts_with(|c: char| c.is_ascii_digit()) {
            let first: Vec<&str> = name.split(' ').take(2).collect();
            keys.entry(folded(&first.join(" "), with.rules)).or_insert(BY_SPELLING);
        }
    }
    if kind == Kind::Organization
        && let Some(initials) = initials(&seen.plain)
    {
        keys.entry(initials).or_insert(BY_ACRONYM);
    }
    keys.into_iter().filter(|(key, _)| !key.is_empty()).map(|(key, cost)| (key.into(), cost)).collect()
}

/// The blocks that a reference stands in: of its names, of its key in the gazetteer, and of what an analyst says of it.
pub(super) fn blocks(said: &Said, seen: &Seen) -> Vec<String> {
    let kind = seen.compared_as();
    let mut blocks: Vec<String> = seen.forms.iter().map(|(key, _)| format!("{}\u{1}{key}", kind.name())).collect();
    blocks.extend(seen.key.as_ref().map(|key| format!("\u{1}{key}")));
    if !said.is_empty() {
        let iri = seen.iri.iri();
        if said.same.iter().any(|(one, other, _)| *one == iri || *other == iri) {
            blocks.push(corrected_block(&iri));
        }
    }
    blocks
}

/// The block of a reference that an analyst speaks of.
pub(super) fn corrected_block(reference: &Iri) -> String {
    format!("\u{2}{reference:?}")
}

/// Sends each reference of an article, with the company it keeps, to its block.
pub(super) fn send_references(
    with: &Concluder<'_>,
    (table, said): (&Table, &Said),
    (article, graph): (Id, &Graph),
    out: &mut dyn Emit,
) -> Result<()> {
    let mut all = of_article(with, article, graph);
    let mut company = Company::default();
    for name in all.iter().filter_map(Seen::telling_name) {
        if is_state(name) {
            company.states.push(hash(name));
        } else if !table.too_common.contains(name) {
            company.names.push(hash(name));
        }
    }
    for hashes in [&mut company.names, &mut company.states] {
        hashes.sort_unstable();
        hashes.dedup();
    }
    company.outlet = all.iter().rfind(|s| s.slot() == Some("schema:publisher")).map(|s| hash(&s.plain));
    for seen in &mut all {
        match first_block(said, seen) {
            Some(block) => {
                seen.company = company.clone();
                send(out, Channel::References, table.head(&block).as_bytes(), 0, seen)?;
            }
            None => send(out, Channel::References, seen.iri.as_bytes(), 0, seen)?,
        }
    }
    Ok(())
}

/// The block that a reference is looked for in.
fn first_block(said: &Said, seen: &Seen) -> Option<String> {
    blocks(said, seen).into_iter().next()
}

/// The block of a reference's record, or the reference itself.
pub(super) fn own_group(said: &Said, payload: &[u8]) -> Result<Vec<u8>> {
    let seen: Seen = received(payload.get(1..).unwrap_or_default())?;
    Ok(first_block(said, &seen).map_or_else(|| seen.iri.as_bytes().to_vec(), String::into_bytes))
}
