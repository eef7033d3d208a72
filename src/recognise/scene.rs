//! What every finder sees: the atoms of a document and what the gazetteers say of each.

use super::gazetteer::{Form, Found, Gazetteer};
use super::sets::Sets;
use super::words::*;
use crate::types::Kind;
use std::ops::Range;

/// What listed names cover an atom, as bits.
pub(super) mod listed {
    pub(crate) const NATION: u8 = 1;
    pub(crate) const PLACE: u8 = 2;
    pub(crate) const ORGANIZATION: u8 = 4;
    pub(crate) const PERSON: u8 = 8;
    pub(crate) const EQUIPMENT: u8 = 16;
    pub(crate) const CARE: u8 = 32;
    pub(crate) const UNSURE: u8 = 64;
    pub(crate) const EVENT: u8 = 128;
}

/// A document as the finders see it.
pub(super) struct Scene<'a> {
    pub(super) gazetteer: &'a Gazetteer,
    pub(super) sets: &'a Sets,
    pub(super) atoms: Atoms<'a>,
    pub(super) found: Vec<Found>,
    /// Bits of [`listed`] for each atom.
    pub(super) listed: Vec<u8>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(gazetteer: &'a Gazetteer, sets: &'a Sets, atoms: Atoms<'a>) -> Scene<'a> {
        let mut found = Vec::new();
        for (range, _) in &atoms.sentences {
            gazetteer.find(&atoms.all, range.clone(), &mut found);
        }
        let mut bits = vec![0u8; atoms.all.len()];
        for f in &found {
            let bit = match f.form {
                Form::Demonym => listed::NATION,
                Form::Care => listed::CARE,
                Form::Unsure => listed::UNSURE,
                Form::Surname => listed::PERSON,
                Form::Event => listed::EVENT,
                Form::Definite | Form::Body | Form::Branch | Form::Unit => 0,
                Form::Name => match gazetteer.entries[f.entry as usize].kind {
                    Some(Kind::Place) => listed::PLACE,
                    Some(Kind::Organization) => listed::ORGANIZATION,
                    Some(Kind::Person) => listed::PERSON,
                    Some(Kind::Equipment) => listed::EQUIPMENT,
                    _ => 0,
                },
            };
            for atom in &mut bits[f.start..f.end] {
                *atom |= bit;
            }
        }
        Scene { gazetteer, sets, atoms, found, listed: bits }
    }

    pub(super) fn atom(&self, i: usize) -> &Atom {
        &self.atoms.all[i]
    }

    /// The atom before `i` in the sentence.
    pub(super) fn before(&self, range: &Range<usize>, i: usize) -> Option<&Atom> {
        (i > range.start).then(|| &self.atoms.all[i - 1])
    }

    /// The atom at `i` if the sentence has it.
    pub(super) fn at(&self, range: &Range<usize>, i: usize) -> Option<&Atom> {
        (i < range.end).then(|| &self.atoms.all[i])
    }

    /// Whether an atom is a word with a capital that may belong to a name.
    pub(super) fn proper(&self, i: usize) -> bool {
        let a = self.atom(i);
        a.upper() && !a.is(shape::MARK | shape::POSSESSIVE) && a.exact & TIME == 0 && !(a.is(shape::FIRST) && a.any & FUNCTION != 0)
    }

    /// Whether most letters of a sentence's words are capitals: there a capital says nothing.
    pub(super) fn shouted(&self, range: &Range<usize>) -> bool {
        let words = self.atoms.all[range.clone()].iter().filter(|a| !a.is(shape::MARK | shape::DIGIT));
        let (mut caps, mut all) = (0, 0);
        for word in words {
            all += 1;
            caps += usize::from(word.is(shape::CAPS));
        }
        all > 3 && caps * 10 >= all * 7
    }
}

impl Scene<'_> {
    pub(super) fn text_of(&self, atom: &Atom) -> &str {
        &self.atoms.text[atom.start as usize..atom.end as usize]
    }
}
