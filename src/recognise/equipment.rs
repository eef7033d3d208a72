//! Weapons, vehicles, vessels, aircraft and systems: by designation, by listed name, by class noun with its modifiers.

use super::gazetteer::Form;
use super::merge::Candidate;
use super::scene::{Scene, listed};
use super::words::*;
use crate::types::{Kind, Via};
use std::ops::Range;

/// Adds candidates of one sentence.
pub(super) fn find(scene: &Scene, range: &Range<usize>, out: &mut Vec<Candidate>) {
    let names = names(scene, range);
    let mut taken = range.start;
    for name in &names {
        if name.start < taken {
            continue;
        }
        if let Some(end) = named(scene, range, name, out) {
            taken = end;
        }
    }
    for i in range.clone() {
        let atom = scene.atom(i);
        if atom.any & (GEAR_HEAD | GEAR_WEAK) != 0 && !atom.is(shape::MARK) {
            classed(scene, range, i, out);
        }
        if atom.exact & SHIP_PREFIX != 0 && atom.is(shape::CAPS) {
            let end = capitals(scene, range, i + 1, 4);
            if end > i + 1 {
                out.push(Candidate::new(&scene.atoms, vessel_start(scene, range, i), end, Kind::Equipment, 0.9, Via::Ruled));
            }
        }
        if atom.any & VESSEL != 0 {
            vessel(scene, range, i, out);
        }
    }
}

/// A designation or listed name in the text.
struct Name {
    start: usize,
    end: usize,
    entry: Option<u32>,
    sure: bool,
}

fn names(scene: &Scene, range: &Range<usize>) -> Vec<Name> {
    let mut out: Vec<Name> = Vec::new();
    for f in scene.found.iter().filter(|f| f.start >= range.start && f.end <= range.end) {
        let equipment =
            matches!(f.form, Form::Name | Form::Unsure) && scene.gazetteer.entries[f.entry as usize].kind == Some(Kind::Equipment);
        // A name that ends inside a hyphenated word is another word's part.
        let cut = f.end < range.end
            && scene.atom(f.end).is(shape::GLUED)
            && !scene.atom(f.end).is(shape::DIGIT)
            && scene.atom(f.end).any & (GEAR_MODIFIER | GEAR_HEAD) == 0;
        if equipment && !cut {
            out.push(Name { start: f.start, end: f.end, entry: Some(f.entry), sure: f.form == Form::Name });
        }
    }
    for i in range.clone() {
        if let Some(end) = designation(scene, range, i) {
            match out.iter_mut().find(|n| n.start <= i && i < n.end) {
                Some(name) if name.end < end => name.end = end,
                Some(_) => {}
                None => out.push(Name { start: i, end, entry: None, sure: true }),
            }
        }
    }
    out.sort_by_key(|n| (n.start, std::cmp::Reverse(n.end)));
    out
}

/// Letters and digits in one word, "SA-22", "T-72B3", "9K720", "Mi-8": one past its last atom.
fn designation(scene: &Scene, range: &Range<usize>, i: usize) -> Option<usize> {
    let a = scene.atom(i);
    if a.is(shape::MARK | shape::GLUED | shape::POSSESSIVE) {
        return None;
    }
    let mut end = i + 1;
    while scene.at(range, end).is_some_and(|b| b.is(shape::GLUED) && (b.is(shape::DIGIT) || b.is(shape::CAPS))) && end - i < 4 {
        end += 1;
    }
    let first = scene.atoms.str(i);
    if end > i + 1 {
        // Letters, hyphen, digits.
        let digits = scene.atom(i + 1).is(shape::DIGIT);
        let short = first.len() <= 4 && first.bytes().all(|b| b.is_ascii_alphabetic());
        let number = scene.atoms.str(i + 1);
        let sane = number.len() <= 5
            && number.bytes().filter(u8::is_ascii_digit).count() <= 4
            && number.bytes().all(|b| b.is_ascii_alphanumeric());
        let known = a.exact & DESIGNATION != 0;
        if digits && short && sane && a.upper() && (known || (a.exact & NOT_DESIGNATION == 0 && context(scene, range, i, end))) {
            return Some(end);
        }
        return None;
    }
    // One word of letters and digits: "9K720", "BM21", "F16".
    let bytes = first.as_bytes();
    let letters = bytes.iter().filter(|b| b.is_ascii_uppercase()).count();
    let digits = bytes.iter().filter(|b| b.is_ascii_digit()).count();
    let mixed = letters >= 1 && digits >= 1 && bytes.len() >= 3 && bytes.len() <= 8 && bytes.iter().all(u8::is_ascii_alphanumeric);
    if mixed
        && a.exact & NOT_DESIGNATION == 0
        && context(scene, range, i, end)
        && bytes.iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase() || *b == b's')
    {
        return Some(end);
    }
    None
}

/// Whether a class word stands at a doubtful name's side.
fn context(scene: &Scene, range: &Range<usize>, start: usize, end: usize) -> bool {
    let mut j = end;
    while let Some(atom) = scene.at(range, j) {
        if atom.any & (GEAR_HEAD | GEAR_WEAK) != 0 {
            return true;
        }
        if atom.any & GEAR_MODIFIER == 0 || j > end + 5 {
            break;
        }
        j += 1;
    }
    scene.before(range, start).is_some_and(|b| b.any & (GEAR_HEAD) != 0 && !b.is(shape::MARK))
}

/// A listed or shaped name with what belongs to it: "Su-34 bombers", "SA-22 surface-to-air missiles", "Leopard 2s".
fn named(scene: &Scene, range: &Range<usize>, name: &Name, out: &mut Vec<Candidate>) -> Option<usize> {
    let mut end = name.end;
    // A second name at once after the first is the same thing's: "M1A1 Abrams", "Bayraktar TB2".
    let mut j = end;
    let mut head = None;
    while let Some(atom) = scene.at(range, j) {
        if atom.is(shape::MARK | shape::POSSESSIVE) {
            break;
        }
        if atom.any & (GEAR_HEAD | GEAR_WEAK) != 0 && !scene.at(range, j + 1).is_some_and(|n| n.is(shape::GLUED)) {
            head = Some(j);
            j += 1;
            continue;
        }
        if atom.any & GEAR_MODIFIER != 0 || calibre(scene, range, j).is_some() {
            j += 1;
            continue;
        }
        if scene.listed[j] & (listed::EQUIPMENT | listed::UNSURE) != 0 && atom.upper() && j < end + 3 {
            j += 1;
            end = end.max(j);
            continue;
        }
        break;
    }
    let plain = name.end == end;
    if let Some(h) = head {
        end = h + 1;
    }
    let mut start = name.start;
    if !name.sure && head.is_none() && !after_class(scene, range, start) {
        return None;
    }
    if blocked(scene, range, end) && (head.is_none() || !plural(scene, end - 1)) && head.is_some() {
        // "Iskander missile strike": the name alone stays.
        end = name.end;
        if !name.sure {
            return None;
        }
    }
    // What stands before the name and belongs to it: "Soviet-made" does not, "Russian-made" neither; a calibre does.
    while start > range.start {
        let previous = scene.atom(start - 1);
        if let Some(from) = calibre_before(scene, range, start) {
            start = from;
        } else if previous.any & GEAR_MODIFIER != 0
            && !previous.upper()
            && !previous.is(shape::MARK)
            && previous.any & (FOLLOW | FUNCTION) == 0
            && head.is_some()
        {
            start -= 1;
        } else {
            break;
        }
    }
    while start < name.start && (verb_like(scene, start) || scene.atom(start).is(shape::GLUED)) {
        start += 1;
    }
    if listed_otherwise(scene, start, end) && head.is_none() && plain && !name.sure {
        return None;
    }
    let via = if name.entry.is_some() { Via::Listed } else { Via::Ruled };
    let mut candidate = Candidate::new(&scene.atoms, start, end, Kind::Equipment, if head.is_some() { 0.95 } else { 0.85 }, via);
    candidate.entry = name.entry;
    out.push(candidate);
    Some(end)
}

fn listed_otherwise(scene: &Scene, start: usize, end: usize) -> bool {
    scene.listed[start..end].iter().any(|&b| b & (listed::PLACE | listed::PERSON | listed::ORGANIZATION) != 0)
}

fn after_class(scene: &Scene, range: &Range<usize>, start: usize) -> bool {
    scene.before(range, start).is_some_and(|b| b.any & GEAR_HEAD != 0)
}

/// A class noun with its modifiers: "supersonic strategic cruise missiles", "155mm artillery shells".
fn classed(scene: &Scene, range: &Range<usize>, head: usize, out: &mut Vec<Candidate>) {
    let atom = scene.atom(head);
    // Only the last noun of a compound is its head: "tank" of "tank destroyers" is not.
    if let Some(next) = scene.at(range, head + 1) {
        if next.any & (GEAR_HEAD | GEAR_WEAK) != 0
            && !next.is(shape::MARK)
            && (next.is(shape::GLUED) || atom.any & GEAR_MODIFIER != 0)
            && next.any & GEAR_BARE == 0
        {
            return;
        }
        if next.is(shape::GLUED) || (next.any & GEAR_MODIFIER != 0 && compound_goes_on(scene, range, head + 1)) {
            return;
        }
    }
    if atom.is(shape::GLUED)
        && atom.any & GEAR_PLURAL == 0
        && scene.before(range, head).is_some_and(|b| b.any & (GEAR_MODIFIER | GEAR_HEAD) == 0)
    {
        return;
    }
    // A capital inside a name ("Iron Dome System" is listed; "Tank Street" is not equipment).
    if atom.upper() && !atom.is(shape::FIRST) && !atom.is(shape::CAPS) {
        return;
    }
    if blocked(scene, range, head + 1) {
        return;
    }
    if scene.before(range, head).is_some_and(|b| !b.is(shape::MARK) && b.any & GEAR_NOT_AFTER != 0) {
        return;
    }
    // "The La Oroya mine": a place.
    if head > range.start && names_site(scene, head - 1) && scene.sets.sites.contains(scene.atoms.str(head)) {
        return;
    }
    // "to ship", "will shell": a verb.
    let verb = scene.before(range, head).is_some_and(|b| scene.sets.before_verbs.contains(scene.text_of(b)) && !atom.is(shape::GLUED));
    if verb && atom.any & GEAR_PLURAL == 0 {
        return;
    }
    // Rounds of talks.
    if scene.sets.not_before_of.contains(scene.atoms.str(head).to_ascii_lowercase().as_str())
        && scene.at(range, head + 1).is_some_and(|_| matches!(scene.atoms.str(head + 1), "of" | "in"))
    {
        return;
    }
    let mut start = head;
    let mut strong = false;
    while start > range.start {
        let previous = scene.atom(start - 1);
        if previous.is(shape::MARK | shape::POSSESSIVE) {
            break;
        }
        if previous.any & GEAR_MODIFIER != 0 && (!previous.upper() || previous.is(shape::FIRST))
            || (previous.any & (GEAR_HEAD | GEAR_WEAK) != 0 && !previous.upper())
        {
            strong |= previous.any & (GEAR_STRONG | GEAR_HEAD) != 0;
            start -= 1;
            continue;
        }
        if let Some(from) = calibre_before(scene, range, start) {
            strong = true;
            start = from;
            continue;
        }
        break;
    }
    // "to", "and" and numbers do not open a mention; nor do bare adjectives of size that counting words own.
    while start < head
        && (scene.sets.not_first.contains(scene.atoms.str(start).to_ascii_lowercase().as_str())
            && !scene.atom(start + 1).is(shape::GLUED)
            && !scene.sets.keeps_first.contains(scene.atoms.str(start + 1)))
    {
        if scene.sets.first_before_modifiers.contains(scene.atoms.str(start)) && scene.atom(start + 1).any & GEAR_MODIFIER != 0 {
            break;
        }
        start += 1;
    }
    while start < head && verb_like(scene, start) {
        start += 1;
    }
    // Half a hyphenated word is none.
    while start < head && scene.atom(start).is(shape::GLUED) {
        start += 1;
    }
    let weak = atom.any & GEAR_HEAD == 0;
    let definite = scene
        .before(range, start)
        .is_some_and(|b| matches!(scene.text_of(b).to_ascii_lowercase().as_str(), "the" | "this" | "that" | "its" | "his" | "her"));
    if weak && !strong {
        let bare = atom.any & GEAR_BARE != 0 && (atom.any & GEAR_PLURAL != 0 || !definite);
        if !bare {
            return;
        }
    }
    if atom.any & GEAR_PLURAL == 0 && !singular_ends(scene, range, head + 1) {
        return;
    }
    let score = if start < head { 0.85 } else { 0.7 };
    out.push(Candidate::new(&scene.atoms, start, head + 1, Kind::Equipment, score, Via::Ruled));
}

/// Whether an atom is part of a name by which a place of work is called: no first word of a sentence, no sort of weapon, and no people or body.
pub(super) fn names_site(scene: &Scene, i: usize) -> bool {
    let atom = scene.atom(i);
    let other = listed::EQUIPMENT | listed::NATION | listed::ORGANIZATION | listed::PERSON;
    scene.proper(i) && !atom.is(shape::FIRST | shape::DIGIT) && atom.any & GEAR_MODIFIER == 0 && scene.listed[i] & other == 0
}

/// Whether a modifier stands where only a verb does: no hyphen joins it to the word before or after.
fn verb_like(scene: &Scene, i: usize) -> bool {
    let joined = scene.atom(i).is(shape::GLUED) || scene.atoms.all.get(i + 1).is_some_and(|n| n.is(shape::GLUED));
    scene.atom(i).any & GEAR_JOINED_ONLY != 0 && !joined
}

/// Whether modifiers lead on to a further head.
fn compound_goes_on(scene: &Scene, range: &Range<usize>, mut i: usize) -> bool {
    while let Some(atom) = scene.at(range, i) {
        if atom.is(shape::MARK | shape::POSSESSIVE) {
            return false;
        }
        if atom.any & (GEAR_HEAD | GEAR_WEAK) != 0 {
            return true;
        }
        if atom.any & GEAR_MODIFIER == 0 || atom.any & FOLLOW != 0 {
            return false;
        }
        i += 1;
    }
    false
}

/// Whether the next word makes an event, a crew or an industry of it.
fn blocked(scene: &Scene, range: &Range<usize>, next: usize) -> bool {
    scene.at(range, next).is_some_and(|n| !n.is(shape::MARK | shape::POSSESSIVE) && n.any & GEAR_NOT_BEFORE != 0 && n.any & FOLLOW == 0)
}

/// Whether a noun phrase ends before `next`, so that a singular noun there is no modifier of another.
fn singular_ends(scene: &Scene, range: &Range<usize>, next: usize) -> bool {
    let Some(n) = scene.at(range, next) else { return true };
    if n.is(shape::MARK | shape::POSSESSIVE | shape::UPPER | shape::DIGIT) || n.any & (FOLLOW | SAYING | PREPOSITION | TIME) != 0 {
        return true;
    }
    let word = scene.atoms.str(next);
    word.ends_with("ed") || word.ends_with("ly")
}

fn plural(scene: &Scene, i: usize) -> bool {
    scene.atom(i).any & GEAR_PLURAL != 0
}

/// "155mm", "12.7-mm", "120 mm": one past it.
fn calibre(scene: &Scene, range: &Range<usize>, i: usize) -> Option<usize> {
    let atom = scene.atom(i);
    if !atom.is(shape::DIGIT) {
        return None;
    }
    let word = scene.atoms.str(i);
    let number = word.trim_end_matches("mm");
    let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if digits && number.len() < word.len() {
        return Some(i + 1);
    }
    let unit = |j: usize| scene.at(range, j).is_some_and(|_| scene.sets.calibres.contains(scene.atoms.str(j)));
    (digits && unit(i + 1)).then_some(i + 2)
}

fn calibre_before(scene: &Scene, range: &Range<usize>, end: usize) -> Option<usize> {
    let one = end.checked_sub(1).filter(|&i| i >= range.start && calibre(scene, range, i) == Some(end));
    one.or_else(|| end.checked_sub(2).filter(|&i| i >= range.start && calibre(scene, range, i) == Some(end)))
}

/// A vessel's class with its own name: "destroyer Choe Hyon".
fn vessel(scene: &Scene, range: &Range<usize>, i: usize, out: &mut Vec<Candidate>) {
    let mut from = i + 1;
    if scene.at(range, from).is_some_and(|a| a.mark == b'"' || a.mark == b'\'') {
        from += 1;
    }
    let end = capitals(scene, range, from, 4);
    if scene.before(range, i).is_some_and(|b| scene.text_of(b) == "to") {
        return;
    }
    if end == from || scene.atom(i).upper() && !scene.atom(i).is(shape::FIRST) {
        return;
    }
    let name = &scene.listed[from..end];
    let single = end - from == 1;
    if single && name[0] & (listed::NATION | listed::ORGANIZATION | listed::PLACE) != 0 || scene.atom(from).exact & TIME != 0 {
        return;
    }
    let mut start = i;
    while start > range.start {
        let previous = scene.atom(start - 1);
        let lower = !previous.upper() && !previous.is(shape::MARK | shape::POSSESSIVE);
        if lower && (previous.any & GEAR_MODIFIER != 0 || previous.any & (GEAR_HEAD | GEAR_WEAK) != 0) {
            start -= 1;
        } else {
            break;
        }
    }
    out.push(Candidate::new(&scene.atoms, start, end, Kind::Equipment, 0.85, Via::Ruled));
}

/// Class words before a ship's letters belong to the mention: "frigate HMS Lancaster".
fn vessel_start(scene: &Scene, range: &Range<usize>, mut i: usize) -> usize {
    while i > range.start {
        let previous = scene.atom(i - 1);
        let lower = !previous.upper() && !previous.is(shape::MARK | shape::POSSESSIVE);
        if lower && (previous.any & VESSEL != 0 || (previous.any & GEAR_MODIFIER != 0 && scene.atom(i).any & (VESSEL | GEAR_MODIFIER) != 0))
        {
            i -= 1;
        } else {
            break;
        }
    }
    i
}

/// One past a run of words with capitals.
fn capitals(scene: &Scene, range: &Range<usize>, from: usize, most: usize) -> usize {
    let mut end = from;
    while end < range.end && end - from < most {
        let atom = scene.atom(end);
        let initial = atom.is(shape::LETTER) && atom.upper();
        if !(atom.upper() || (end > from && atom.any & PARTICLE != 0 && scene.at(range, end + 1).is_some_and(Atom::upper)))
            || atom.is(shape::MARK)
            || (atom.exact & TIME != 0 && !initial)
        {
            break;
        }
        end += 1;
    }
    end
}
