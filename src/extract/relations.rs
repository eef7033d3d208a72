//! Relations: the same as claims, with no number. Who gave what to whom, who leads or belongs to what, who fights or meets whom, what lies where.

mod belonging;
mod compounds;
mod deeds;
mod learned;
mod nouns;
mod parties;
mod posts;
mod reader;
mod words;

use super::claims::Reader;
use super::tree::Tree;
use crate::types::{Attribution, ByteSpan, Certainty, Claim, Kind, Label, Mention, Role, Slot, Support};
use belonging::{Belonging, belongings};

pub(super) use reader::{MODEL, RelationReader, Told};
pub(crate) use words::RelationWords;

/// The share of relations that names beside each other make that was right in `corpus/train/relations/tuned.tsv`, roughly.
const BESIDE: f32 = 0.8;

/// Adds the relations of one sentence behind its claims.
pub(super) fn relations(
    reader: &Reader<'_>,
    tree: &Tree<'_>,
    sentence: usize,
    mentions: &[Mention],
    own: &[Attribution],
    told: Option<&[Told]>,
    claims: &mut Vec<Claim>,
) {
    if mentions.iter().all(|m| m.kind == Kind::Time) {
        return;
    }
    let finder = Finder { reader, tree, sentence, mentions, own };
    let mut found: Vec<Claim> = mentions.iter().filter(|m| m.kind == Kind::Person).filter_map(|person| finder.by_title(person)).collect();
    found.extend(belongings(tree, reader.lexicon, mentions).iter().map(|belonging| finder.of_belonging(belonging)));
    found.extend(mentions.iter().filter_map(|mention| finder.by_compound(mention)));
    found.extend(mentions.iter().filter_map(|mention| finder.by_machine(mention)));
    for at in 0..tree.len() {
        if tree.is_verb(at) {
            found.extend(finder.by_verb(at, finder.of_sentence(claims)));
        }
        // "Fighting between" is tagged as a verb and stands as a noun.
        let stands = matches!(tree.label(at), Label::Nsubj | Label::Nsubjpass | Label::Dobj | Label::Pobj | Label::Amod);
        if tree.is_noun(at) || stands {
            found.extend(finder.by_noun(at));
        }
    }
    if let Some(told) = told {
        finder.join(told, finder.of_sentence(claims), &mut found);
    }
    for claim in found {
        if !finder.of_sentence(claims).iter().any(|known| finder.is_told(known, &claim)) {
            claims.push(claim);
        }
    }
}

struct Finder<'t, 'a> {
    reader: &'t Reader<'t>,
    tree: &'t Tree<'a>,
    sentence: usize,
    mentions: &'t [Mention],
    own: &'t [Attribution],
}

impl Finder<'_, '_> {
    /// The claims of this sentence, which are the last ones.
    fn of_sentence<'c>(&self, claims: &'c [Claim]) -> &'c [Claim] {
        &claims[claims.partition_point(|claim| claim.sentence < self.sentence)..]
    }

    /// Whether a relation says nothing that another does not say.
    fn is_told(&self, known: &Claim, claim: &Claim) -> bool {
        let mut sides = claim.roles.iter().filter(|r| is_side(r.slot));
        known.figure.is_none() && known.event == claim.event && sides.all(|role| known.roles.contains(role))
    }

    fn of_belonging(&self, found: &Belonging) -> Claim {
        let roles = vec![Role { slot: Slot::Agent, span: found.of }, Role { slot: found.slot, span: found.whole }];
        self.joined(found.event, found.by, roles)
    }

    /// A relation that one word between or beside two names says.
    fn joined(&self, event: &str, by: usize, roles: Vec<Role>) -> Claim {
        let tree = self.tree;
        let word = tree.word(by);
        let mut support = vec![Support { slot: Slot::EventType, span: tree.span(by), reason: format!("“{word}” joins the names") }];
        support.extend(roles.iter().map(|r| Support { slot: r.slot, span: r.span, reason: format!("joined by “{word}”") }));
        self.relation(event, tree.lemma(by), tree.span(by), roles, support, BESIDE)
    }

    fn relation(
        &self,
        event: &str,
        predicate: &str,
        predicate_span: ByteSpan,
        roles: Vec<Role>,
        support: Vec<Support>,
        confidence: f32,
    ) -> Claim {
        Claim {
            sentence: self.sentence,
            figure: None,
            event: event.to_owned(),
            broader: None,
            predicate: predicate.to_owned(),
            predicate_span,
            roles,
            when: None,
            as_of: None,
            time: None,
            attribution: None,
            certainty: Certainty::Stated,
            scope: None,
            whole: None,
            confidence,
            support,
        }
    }
}

/// Whether a slot is one of those that a relation stands between.
fn is_side(slot: Slot) -> bool {
    matches!(slot, Slot::Agent | Slot::Recipient | Slot::Equipment | Slot::Place)
}
