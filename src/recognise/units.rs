//! Military units and formations, and named events.

use super::gazetteer::Form;
use super::merge::Candidate;
use super::scene::{Scene, listed};
use super::words::*;
use crate::types::{Kind, Via};
use std::ops::Range;

/// Adds candidates of one sentence.
pub(super) fn find(scene: &Scene, range: &Range<usize>, out: &mut Vec<Candidate>) {
    for f in scene.found.iter().filter(|f| f.start >= range.start && f.end <= range.end) {
        let kind = match f.form {
            Form::Unit => Kind::MilitaryUnit,
            Form::Event => Kind::Event,
            _ => continue,
        };
        out.push(Candidate::new(&scene.atoms, f.start, f.end, kind, 0.9, Via::Listed));
    }
    for i in range.clone() {
        let a = scene.atom(i);
        if !a.upper() || a.is(shape::MARK) {
            continue;
        }
        if a.exact & FORMATION != 0 {
            formation(scene, range, i, out);
        }
        if a.exact & EVENT_OPENER != 0 {
            opened(scene, range, i, out);
        }
        if a.exact & EVENT_CLOSER != 0 {
            closed(scene, range, i, out);
        }
        if scene.atoms.str(i) == "Unit" && scene.at(range, i + 1).is_some_and(|n| n.is(shape::DIGIT)) {
            out.push(Candidate::new(&scene.atoms, i, i + 2, Kind::MilitaryUnit, 0.85, Via::Ruled));
        }
    }
}

/// "47th", "1st", "VIII", "810": what numbers a unit.
fn number(scene: &Scene, i: usize) -> bool {
    let word = scene.atoms.str(i);
    let ordinal = word.len() > 2
        && word.starts_with(|c: char| c.is_ascii_digit())
        && word.ends_with(['t', 'd', 'h'])
        && word.bytes().filter(|b| !b.is_ascii_digit()).count() == 2;
    let roman = !word.is_empty() && word.len() <= 6 && word.bytes().all(|b| matches!(b, b'I' | b'V' | b'X' | b'L'));
    let spelled = scene.sets.ordinals.contains(word);
    ordinal || roman || spelled
}

fn formation(scene: &Scene, range: &Range<usize>, head: usize, out: &mut Vec<Candidate>) {
    let a = scene.atom(head);
    let mut start = head;
    let (mut numbered, mut branches, mut named) = (false, 0, 0);
    while start > range.start && head - start < 7 {
        let at = start - 1;
        let b = scene.atom(at);
        if b.is(shape::MARK | shape::POSSESSIVE) {
            break;
        }
        if number(scene, at) {
            numbered = true;
            start = at;
            break;
        }
        if b.is(shape::DIGIT) {
            break;
        }
        if b.upper() && b.exact & (UNIT_BRANCH | UNIT_SEA) != 0 && !(b.is(shape::FIRST) && b.any & FUNCTION != 0 && b.exact & UNIT_SEA == 0)
        {
            branches += 1;
            start = at;
            continue;
        }
        // A unit's own name, no people's: "Azov Brigade".
        if b.upper() && scene.proper(at) && scene.listed[at] & listed::NATION == 0 && named < 3 && b.any & TITLE == 0 {
            named += 1;
            start = at;
            continue;
        }
        break;
    }
    let mut end = head + 1;
    while scene.at(range, end).is_some_and(|n| n.upper() && !n.is(shape::MARK) && n.exact & (UNIT_BRANCH | FORMATION) != 0) {
        end += 1;
    }
    if end > head + 1 && scene.atom(end - 1).exact & FORMATION != 0 && end - 1 > head && scene.atoms.str(end - 1) != "Team" {
        return; // the later formation word is the head
    }
    if scene.atom(end - 1).exact & FORMATION == 0 && scene.atoms.str(end - 1) != "Team" {
        end = head + 1;
    }
    let enough = if a.exact & NUMBERED != 0 {
        numbered || (branches > 0 && named == 0 && scene.sets.branch_enough.contains(scene.atoms.str(head)))
    } else {
        numbered || branches + named > 0
    };
    if !enough || start == head {
        return;
    }
    if !numbered && branches == 0 && scene.sets.wants_branch.contains(scene.atoms.str(head)) {
        return;
    }
    if numbered && scene.sets.number_wants_branch.contains(scene.atoms.str(head)) && branches == 0 {
        return;
    }
    out.push(Candidate::new(&scene.atoms, start, end, Kind::MilitaryUnit, if numbered { 0.95 } else { 0.8 }, Via::Ruled));
}

/// "Operation Amber", "Typhoon Kalmaegi", "Tropical Storm Fay".
fn opened(scene: &Scene, range: &Range<usize>, i: usize, out: &mut Vec<Candidate>) {
    let mut end = i + 1;
    while end < range.end
        && end - i < 5
        && scene.atom(end).upper()
        && !scene.atom(end).is(shape::MARK)
        && scene.atom(end).exact & TIME == 0
        && scene.listed[end] & listed::NATION == 0
    {
        end += 1;
    }
    let word = scene.atoms.str(i);
    if end == i + 1 || word == "Exercise" && scene.atom(i).is(shape::FIRST) || scene.atom(i + 1).exact & (FORMATION | EQUIPMENT_WORDS) != 0
    {
        return;
    }
    let mut start = i;
    while start > range.start && scene.sets.before_openers.contains(scene.atoms.str(start - 1)) {
        start -= 1;
    }
    out.push(Candidate::new(&scene.atoms, start, end, Kind::Event, 0.9, Via::Ruled));
}

const EQUIPMENT_WORDS: Flags = SHIP_PREFIX;

/// "Homeland War", "Rio Olympics", "Cannes Film Festival".
fn closed(scene: &Scene, range: &Range<usize>, head: usize, out: &mut Vec<Candidate>) {
    let mut start = head;
    while start > range.start
        && head - start < 5
        && scene.proper(start - 1)
        && !scene.atom(start - 1).is(shape::POSSESSIVE)
        && scene.atom(start - 1).any & TITLE == 0
    {
        start -= 1;
    }
    if start == head
        || scene.at(range, head + 1).is_some_and(|n| n.upper() && !n.is(shape::MARK) && n.exact & (ORG_HEAD | PLACE_HEAD | FORMATION) != 0)
    {
        return;
    }
    // A year before it belongs to it: "2024 Olympics" does not, by the guidelines a time is a mention of its own.
    out.push(Candidate::new(&scene.atoms, start, head + 1, Kind::Event, 0.75, Via::Ruled));
}
