//! What a word joined to a name by a hyphen says of what it describes: "the Houthi-run channel al-Masirah", "Al-Qaeda-linked fighters".

use super::Finder;
use super::deeds::OTHER;
use crate::types::{Claim, Kind, Mention, Role, Slot, Tag};

/// Words between the compound and what it describes.
const MOST_BETWEEN: usize = 4;

impl Finder<'_, '_> {
    pub(super) fn by_compound(&self, name: &Mention) -> Option<Claim> {
        let tree = self.tree;
        if !name.is_compounded(tree.text) || matches!(name.kind, Kind::Time | Kind::Equipment | Kind::Event) {
            return None;
        }
        let last = tree.last_in(name.span)?;
        // The hyphen and the word behind it are tokens of their own, or one with the name.
        let word = (last..(last + 3).min(tree.len())).find_map(|at| {
            let text = tree.word(at);
            let word = text.rsplit(['-', '‑']).next().filter(|word| !word.is_empty())?;
            Some((at, self.reader.lexicon.relations.compound(word)?.clone()))
        });
        let (at, compound) = word?;
        // Words before the noun, then nouns: in "Iran-backed fighters left Sanaa" the fighters.
        let reach = at + 1..(at + 2 + MOST_BETWEEN).min(tree.len());
        let first = reach.clone().take_while(|t| self.describes(*t)).find(|t| tree.is_noun(*t))?;
        let head = (first..reach.end).take_while(|t| tree.is_noun(*t) && self.describes(*t)).last()?;
        let described = match compound.head {
            Slot::Equipment => tree.mention(self.mentions, head).filter(|m| m.kind == Kind::Equipment).map(|m| m.span)?,
            _ => self.party(head).unwrap_or_else(|| tree.phrase(head)),
        };
        if described.overlaps(name.span) && tree.mention(self.mentions, head).is_some_and(|m| m.span == name.span) {
            return None;
        }
        let roles = vec![Role { slot: compound.head, span: described }, Role { slot: compound.name, span: name.span }];
        // "Another Greek-run vessel", "a Saudi-backed official" are nobody that is known.
        let named = described.of(tree.text).starts_with(char::is_uppercase) && tree.mention(self.mentions, head).is_some();
        let known = named || tree.mention(self.mentions, head).is_none() && self.party(head).is_some();
        let one = tree.tag(head) == Tag::Nn && self.reader.lexicon.words.is("person", tree.lemma(head));
        (known || compound.event != OTHER && !one).then(|| self.joined(&compound.event, at, roles))
    }

    /// Whether a token is of the phrase that a compound opens: no possessive and no time ends it.
    fn describes(&self, at: usize) -> bool {
        let time = self.tree.mention(self.mentions, at).is_some_and(|m| m.kind == Kind::Time);
        !time && self.tree.tag(at) != Tag::Pos && (self.tree.is_noun(at) || self.modifies(at))
    }
}
