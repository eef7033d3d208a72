//! People: by title, by given name, by the shape of a name, and later by surname alone.

use super::gazetteer::Form;
use super::merge::Candidate;
use super::scene::{Scene, listed};
use super::words::*;
use crate::types::{Kind, Via};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Adds candidates of one sentence.
pub(super) fn find(scene: &Scene, range: &Range<usize>, out: &mut Vec<Candidate>) {
    let mut i = range.start;
    while i < range.end {
        if !scene.atom(i).upper() || scene.atom(i).is(shape::MARK | shape::GLUED) {
            i += 1;
            continue;
        }
        match name_at(scene, range, i) {
            Some((end, score)) => {
                out.push(Candidate::new(&scene.atoms, i, end, Kind::Person, score, Via::Ruled));
                i = end;
            }
            None => i += 1,
        }
    }
}

/// Whether an atom may be a part of a person's name.
fn part(scene: &Scene, i: usize) -> bool {
    let a = scene.atom(i);
    a.upper()
        && !a.is(shape::MARK | shape::POSSESSIVE | shape::DIGIT)
        && (a.exact & (ORG_HEAD | PLACE_HEAD | FORMATION | UNIT_BRANCH) == 0 || a.exact & (GIVEN | FAMILY) != 0)
        && a.exact & TIME == 0
        && (scene.listed[i] & (listed::NATION | listed::EVENT) == 0 || a.exact & GIVEN != 0)
        && (a.any & TITLE == 0 || a.exact & (GIVEN | FAMILY) != 0)
        && (!a.is(shape::CAPS) || a.exact & (GIVEN | FAMILY) != 0 || scene.atoms.str(i).len() <= 2)
}

/// One past the run of name words that begins at `i`.
fn run(scene: &Scene, range: &Range<usize>, i: usize) -> usize {
    let mut end = i;
    while end < range.end && end - i < 7 {
        let a = scene.atom(end);
        if end > i && a.is(shape::GLUED) && !a.is(shape::DIGIT) && (part(scene, end) || !a.upper()) {
            end += 1;
            continue;
        }
        if part(scene, end) {
            // A comma-less title opens the next name: "Biden Secretary" does not occur; initials keep their dots.
            end += 1;
            continue;
        }
        if end > i && a.any & PARTICLE != 0 && !a.is(shape::MARK) {
            // "de la Cruz", "al-Assad": a name must follow.
            let mut next = end + 1;
            while scene.at(range, next).is_some_and(|b| b.any & PARTICLE != 0 && !b.upper()) && next - end < 3 {
                next += 1;
            }
            if next < range.end && part(scene, next) && scene.atoms.between(end - 1, end).len() <= 1 {
                end = next + 1;
                continue;
            }
        }
        // An initial's dot may be a mark of its own.
        if a.mark == b'.' && end > i && scene.atom(end - 1).is(shape::LETTER) && end + 1 < range.end && part(scene, end + 1) {
            end += 1;
            continue;
        }
        break;
    }
    while end > i + 1 && scene.atom(end - 1).is(shape::MARK) {
        end -= 1;
    }
    end
}

fn name_at(scene: &Scene, range: &Range<usize>, i: usize) -> Option<(usize, f32)> {
    let a = scene.atom(i);
    if !part(scene, i) {
        return None;
    }
    let opens_sentence = a.is(shape::FIRST);
    if opens_sentence && a.any & FUNCTION != 0 && a.exact & GIVEN == 0 {
        return None;
    }
    let titled = titled(scene, range, i);
    let end = run(scene, range, i);
    let length = end - i;
    // A title with a capital opens no name: "Prime Minister Tony Blair" begins at "Tony".
    if a.any & TITLE != 0 && length > 1 && !(a.exact & GIVEN != 0 && !titled && scene.atom(i + 1).exact & FAMILY != 0) {
        return None;
    }
    if a.any & TITLE != 0 && length == 1 {
        return None;
    }
    let given = a.exact & GIVEN != 0;
    let sure_given = given && a.exact & NAME_WORD == 0;
    let last = scene.atom(end - 1);
    let family_last = last.exact & FAMILY != 0 && length > 1;
    let bits = scene.listed[i..end].iter().fold(0, |x, y| x | y);
    let place_first = scene.listed[i] & listed::PLACE != 0;
    if titled {
        if length == 1 && (place_first || scene.listed[i] & listed::ORGANIZATION != 0 || a.is(shape::CAPS) || a.any & FUNCTION != 0) {
            return None;
        }
        return Some((end, if length > 1 || a.exact & FAMILY != 0 { 0.95 } else { 0.85 }));
    }
    // Family name first: "Kim Jong-un", "Lee Seong-kweun".
    let eastern = a.exact & FAMILY != 0
        && length >= 3
        && scene.atom(i + 2).is(shape::GLUED)
        && !scene.atom(i + 2).upper()
        && scene.atom(i + 1).upper()
        && !scene.atom(i + 1).is(shape::GLUED);
    if eastern {
        return Some((i + 3, 0.95));
    }
    if length < 2 {
        // A first name alone with an age or a post beside it.
        let alone = sure_given
            && bits & (listed::PLACE | listed::NATION) == 0
            && scene.at(range, end).is_some_and(|n| n.mark == b',')
            && spoken(scene, range, i, end);
        return alone.then_some((end, 0.75));
    }
    if scene.listed[i] & listed::NATION != 0 && !family_last {
        return None;
    }
    // An unlisted post with a capital opens the sentence: "Physiotherapist Dubravka …".
    if a.exact & (GIVEN | FAMILY) == 0
        && length > 2
        && scene.atom(i + 1).exact & GIVEN != 0
        && !scene.atom(i + 1).is(shape::GLUED)
        && (opens_sentence || scene.before(range, i).is_some_and(Atom::upper))
    {
        return None;
    }
    let first_is_name = sure_given || (given && (!opens_sentence || family_last));
    if first_is_name && (family_last || !place_first && bits & listed::ORGANIZATION == 0) {
        return Some((end, if family_last { 0.95 } else { 0.85 }));
    }
    let unlisted = bits & (listed::PLACE | listed::ORGANIZATION | listed::EQUIPMENT) == 0;
    let initial = a.is(shape::LETTER) && !opens_sentence;
    if (initial || middle_initial(scene, i, end)) && unlisted {
        return Some((end, 0.85));
    }
    let spoken = spoken(scene, range, i, end);
    if family_last && unlisted && (!opens_sentence || a.word == 0 || a.any & FUNCTION == 0) {
        return Some((end, if spoken { 0.9 } else { 0.7 }));
    }
    if unlisted && spoken && length <= 4 && (!opens_sentence || a.any & FUNCTION == 0) {
        return Some((end, 0.7));
    }
    None
}

fn middle_initial(scene: &Scene, i: usize, end: usize) -> bool {
    end - i >= 3 && (i + 1..end - 1).any(|j| scene.atom(j).is(shape::LETTER))
}

/// Whether a title stands before the name.
fn titled(scene: &Scene, range: &Range<usize>, i: usize) -> bool {
    let Some(mut before) = scene.before(range, i) else { return false };
    let mut at = i - 1;
    // "Gen . Smith": a dot cut off its abbreviation.
    if before.mark == b'.' && at > range.start {
        at -= 1;
        before = scene.atom(at);
        if scene.text_of(before).len() > 5 {
            return false;
        }
    }
    if before.is(shape::MARK | shape::POSSESSIVE) || before.any & TITLE == 0 {
        return false;
    }
    // A word in the middle of a sentence with a capital, or any in lower case; "Former" and "First" open sentences of all kinds.
    let word = scene.atoms.str(at).to_ascii_lowercase();
    !scene.sets.doubtful.contains(word.as_str())
        || scene.atom(at).upper() && scene.sets.sure_with_capital.contains(word.as_str())
        || (scene.sets.sure_before_names.contains(word.as_str())
            && scene.atom(i).exact & (GIVEN | FAMILY) != 0
            && run(scene, range, i) > i + 1)
}

/// Whether a verb of saying or an age stands beside the name.
fn spoken(scene: &Scene, range: &Range<usize>, i: usize, end: usize) -> bool {
    let after = scene.at(range, end);
    if after.is_some_and(|a| a.any & SAYING != 0 && !a.is(shape::MARK)) {
        return true;
    }
    if after.is_some_and(|a| a.mark == b',')
        && let Some(next) = scene.at(range, end + 1)
    {
        let text = scene.atoms.str(end + 1);
        let aged = next.is(shape::DIGIT) && text.len() == 2 && scene.at(range, end + 2).is_some_and(|m| m.mark == b',');
        let posted = matches!(text, "a" | "an" | "the")
            && (end + 2..(end + 7).min(range.end))
                .take_while(|&j| !scene.atom(j).is(shape::MARK))
                .any(|j| scene.atom(j).any & TITLE != 0 && !scene.atom(j).upper());
        let who = text == "who" || text == "whose";
        if aged || posted || who || next.any & TITLE != 0 && !next.upper() {
            return true;
        }
    }
    // "the envoy, Ana Ruiz, was blunter".
    let posted_before = after.is_some_and(|a| a.mark == b',')
        && i >= range.start + 2
        && scene.atom(i - 1).mark == b','
        && scene.atom(i - 2).any & TITLE != 0
        && !scene.atom(i - 2).upper();
    posted_before || scene.before(range, i).is_some_and(|b| b.any & SAYING != 0 && !b.is(shape::MARK))
}

/// Later mentions by surname alone, and first names of those known by one: a second pass over the document.
pub(super) fn echoes(scene: &Scene, found: &[Candidate], out: &mut Vec<Candidate>) {
    // A name's word to the entry of its person, if listed; `None` twice over where two persons share it is harmless: a mention needs no key.
    let mut surnames: FxHashMap<&str, (Option<u32>, f32)> = FxHashMap::default();
    let first_at = |offset: u32| scene.atoms.all.partition_point(|a| a.start < offset);
    for candidate in found.iter().filter(|c| c.kind == Kind::Person && c.score >= 0.7) {
        let (start, end) = (first_at(candidate.span.start), first_at(candidate.span.end));
        if end <= start {
            continue;
        }
        let eastern = scene.atom(start).exact & FAMILY != 0
            && ((end - start == 3 && scene.atom(start + 2).is(shape::GLUED) && !scene.atom(start + 2).upper())
                || candidate.entry.is_some_and(|e| eastern_entry(scene, e)));
        let mut last = end - 1;
        while last > start && scene.atom(last).exact & SUFFIX != 0 {
            last -= 1;
        }
        if scene.atom(last).is(shape::GLUED) && last > start {
            // "al-Assad" is called "Assad" or "al-Assad"; "Llewellyn-Jones" is left alone.
            if scene.atom(last - 1).any & PARTICLE == 0 && !eastern {
                continue;
            }
        }
        let pick = if eastern { start } else { last };
        let word = scene.atoms.str(pick);
        if word.chars().count() < 2 || !scene.atom(pick).upper() {
            continue;
        }
        let held = surnames.entry(word).or_insert((candidate.entry, candidate.score));
        if held.0.is_none() {
            held.0 = candidate.entry;
        } else if candidate.entry.is_some() && held.0 != candidate.entry {
            held.0 = None;
        }
    }
    if surnames.is_empty() {
        return;
    }
    for (range, _) in &scene.atoms.sentences {
        for i in range.clone() {
            let a = scene.atom(i);
            if !a.upper() || a.is(shape::MARK | shape::DIGIT) {
                continue;
            }
            let Some(&(entry, score)) = surnames.get(scene.atoms.str(i)) else { continue };
            let ambiguous = scene.listed[i] & (listed::PLACE | listed::NATION | listed::ORGANIZATION) != 0;
            if ambiguous || a.is(shape::GLUED) && scene.before(range, i).is_some_and(|b| b.any & PARTICLE == 0) {
                continue;
            }
            // Part of a longer capitalised run that was no person is left alone.
            let alone = |j: Option<&Atom>| {
                j.is_none_or(|b| !b.upper() || b.is(shape::MARK) || b.any & (TITLE | FUNCTION) != 0 || b.exact & TIME != 0)
            };
            let next = scene.at(range, i + 1);
            let before = scene.before(range, i);
            if alone(before) && alone(next) && !next.is_some_and(|n| n.is(shape::GLUED)) {
                let mut candidate = Candidate::new(&scene.atoms, i, i + 1, Kind::Person, score.min(0.9), Via::Ruled);
                candidate.entry = entry;
                out.push(candidate);
            }
        }
    }
}

fn eastern_entry(scene: &Scene, entry: u32) -> bool {
    scene.gazetteer.entries[entry as usize].state.as_deref().is_some_and(|state| scene.sets.family_first.contains(state))
}

/// Listed persons, whole or by a surname that leads to one.
pub(super) fn listed_persons(scene: &Scene, out: &mut Vec<Candidate>) {
    for f in &scene.found {
        let surname = f.form == Form::Surname;
        let whole = f.form == Form::Name && scene.gazetteer.entries[f.entry as usize].kind == Some(Kind::Person);
        if !surname && !whole {
            continue;
        }
        let glued_on = scene.atoms.all.get(f.end).is_some_and(|a| a.is(shape::GLUED));
        if glued_on || scene.atom(f.start).is(shape::GLUED) && surname && scene.atom(f.start.saturating_sub(1)).any & PARTICLE == 0 {
            continue;
        }
        if surname {
            let near = |j: Option<usize>| {
                j.and_then(|j| scene.atoms.all.get(j))
                    .is_some_and(|b| b.upper() && !b.is(shape::MARK) && b.any & (TITLE | FUNCTION) == 0 && b.exact & TIME == 0)
            };
            if near(f.start.checked_sub(1)) || near(Some(f.end)) {
                continue;
            }
        }
        let score = if surname { 0.8 } else { 0.98 };
        out.push(Candidate::new(&scene.atoms, f.start, f.end, Kind::Person, score, Via::Listed).of(f.entry));
    }
}
