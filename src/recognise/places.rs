//! Places: listed ones where they are meant as such, and unlisted ones by the words around and in their names; adjectives of peoples.

use super::gazetteer::{Form, Found};
use super::merge::Candidate;
use super::scene::{Scene, listed};
use super::words::*;
use crate::types::{ByteSpan, Kind, Via};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Adds candidates of one sentence.
pub(super) fn find(scene: &Scene, range: &Range<usize>, dateline: bool, out: &mut Vec<Candidate>) {
    for f in scene.found.iter().filter(|f| f.start >= range.start && f.end <= range.end) {
        listed_one(scene, range, f, dateline, out);
    }
    for i in range.clone() {
        let a = scene.atom(i);
        if !a.upper() || a.is(shape::MARK) {
            continue;
        }
        if a.exact & PLACE_HEAD != 0 {
            by_head(scene, range, i, out);
        }
        if a.exact & PLACE_OPENER != 0 {
            by_opener(scene, range, i, out);
        }
        if scene.before(range, i).is_none_or(|b| !b.upper() || b.is(shape::MARK))
            && (scene.listed[i] == 0 || scene.listed[i] == listed::CARE)
        {
            by_surroundings(scene, range, i, dateline, out);
        }
    }
}

fn listed_one(scene: &Scene, range: &Range<usize>, f: &Found, dateline: bool, out: &mut Vec<Candidate>) {
    let entries = &scene.gazetteer.entries;
    let end = f.end - f.trim;
    let glued = scene.at(range, f.end).is_some_and(|n| n.is(shape::GLUED)) && f.trim == 0;
    match f.form {
        Form::Demonym => {
            let a = scene.atom(f.start);
            if a.is(shape::FIRST) && a.any & FUNCTION != 0 && f.end - f.start == 1 {
                return;
            }
            out.push(Candidate::new(&scene.atoms, f.start, f.end, Kind::Nationality, 0.95, Via::Listed).of(f.entry));
        }
        Form::Name if entries[f.entry as usize].kind == Some(Kind::Place) => {
            let state = entries[f.entry as usize].key.starts_with("state/");
            // A city inside a longer run of capitals is more often a part of another name.
            let score = if state { 0.97 } else { 0.9 };
            // "Kyzyl-Bel" is another name; "Tallinn-based" and "Iran-Iraq" are not.
            let joined = glued
                && if scene.atom(f.end).upper() { scene.listed[f.end] == 0 } else { scene.atom(f.end).end - scene.atom(f.end).start < 4 };
            if joined && !state {
                return;
            }
            out.push(Candidate::new(&scene.atoms, f.start, end, Kind::Place, score, Via::Listed).of(f.entry));
        }
        Form::Name if entries[f.entry as usize].kind == Some(Kind::Organization) => {
            if glued && scene.atom(f.end).is(shape::DIGIT) {
                return;
            }
            // Organizations are also named by the word that is no name elsewhere: bare "Quad" opens no sentence.
            out.push(Candidate::new(&scene.atoms, f.start, f.end, Kind::Organization, 0.95, Via::Listed).of(f.entry));
        }
        Form::Care => {
            let before = scene.before(range, f.start);
            let after = scene.at(range, f.end);
            let lonely = !before.is_some_and(|b| b.upper() && !b.is(shape::MARK))
                && !after.is_some_and(|n| n.upper() && !n.is(shape::MARK) && n.exact & PLACE_HEAD == 0);
            let preposition = before.is_some_and(|b| b.any & PREPOSITION != 0);
            let followed = after.is_some_and(|n| n.exact & PLACE_AFTER != 0)
                || (after.is_some_and(|n| n.mark == b',') && f.end + 1 < range.end && scene.listed[f.end + 1] & listed::PLACE != 0);
            if lonely && (preposition || followed || dateline) && !scene.atom(f.start).is(shape::GLUED) && !glued {
                out.push(Candidate::new(&scene.atoms, f.start, end, Kind::Place, 0.75, Via::Listed).of(f.entry));
            }
        }
        Form::Definite => {
            let article = scene.before(range, f.start).is_some_and(|b| scene.text_of(b).eq_ignore_ascii_case("the"));
            let goes_on = scene.at(range, f.end).is_some_and(|n| n.upper() && !n.is(shape::MARK));
            let state = scene.found.iter().any(|g| g.entry == f.entry && matches!(g.form, Form::Name | Form::Demonym));
            if article && !goes_on && !glued && state {
                out.push(Candidate::new(&scene.atoms, f.start, f.end, Kind::Place, 0.8, Via::Listed).of(f.entry));
            }
        }
        _ => {}
    }
}

/// The first atom of a run of capitals that ends before `head`.
fn left(scene: &Scene, range: &Range<usize>, head: usize, most: usize) -> usize {
    let mut start = head;
    while start > range.start && head - start < most {
        let a = scene.atom(start - 1);
        if !scene.proper(start - 1) || a.is(shape::POSSESSIVE) || (a.any & TITLE != 0 && a.exact & (GIVEN | FAMILY) == 0) {
            // "Place de la Concorde", "Rio de la Plata" and "Bab al-Mandab" have small words inside.
            if a.any & PARTICLE != 0 && !a.upper() && start - 1 > range.start && scene.proper(start - 2) && start < head {
                start -= 2;
                continue;
            }
            break;
        }
        start -= 1;
    }
    start
}

/// "Licungo River", "Ben Gurion Airport".
fn by_head(scene: &Scene, range: &Range<usize>, head: usize, out: &mut Vec<Candidate>) {
    if scene.at(range, head + 1).is_some_and(|n| n.upper() && !n.is(shape::MARK) && n.exact & (PLACE_HEAD | ORG_HEAD | FORMATION) != 0) {
        return;
    }
    let start = left(scene, range, head, 5);
    if start == head {
        return;
    }
    let nation = (start..head).all(|j| scene.listed[j] & listed::NATION != 0);
    if nation && head - start == 1 && !scene.sets.nation_heads.contains(scene.atoms.str(head)) {
        return;
    }
    out.push(Candidate::new(&scene.atoms, start, head + 1, Kind::Place, 0.8, Via::Ruled));
}

/// "Mount Etna", "Hospital Dos de Mayo".
fn by_opener(scene: &Scene, range: &Range<usize>, i: usize, out: &mut Vec<Candidate>) {
    let mut end = i + 1;
    while end < range.end && end - i < 5 {
        let a = scene.atom(end);
        let joins =
            a.any & PARTICLE != 0 && !a.is(shape::MARK) && scene.at(range, end + 1).is_some_and(|n| n.upper() && !n.is(shape::MARK));
        if (scene.proper(end) && scene.listed[end] & listed::NATION == 0) || joins || a.is(shape::GLUED) {
            end += 1;
        } else {
            break;
        }
    }
    if end == i + 1 || scene.before(range, i).is_some_and(|b| b.upper() && !b.is(shape::MARK) && b.exact & GIVEN != 0) {
        return;
    }
    // "San" and "St." open persons' names as well.
    let score = if scene.sets.doubtful_openers.contains(scene.atoms.str(i)) { 0.6 } else { 0.8 };
    out.push(Candidate::new(&scene.atoms, i, end, Kind::Place, score, Via::Ruled));
}

/// An unknown name after "in" or before "region" is a place.
fn by_surroundings(scene: &Scene, range: &Range<usize>, i: usize, dateline: bool, out: &mut Vec<Candidate>) {
    let a = scene.atom(i);
    if !scene.proper(i)
        || a.is(shape::GLUED | shape::DIGIT | shape::POSSESSIVE)
        || (a.any & (TITLE | FUNCTION) != 0 && a.exact & (GIVEN | FAMILY) == 0)
    {
        return;
    }
    let mut end = i + 1;
    while end < range.end && end - i < 4 {
        let b = scene.atom(end);
        let joins = b.any & PARTICLE != 0
            && !b.is(shape::MARK)
            && scene.at(range, end + 1).is_some_and(|n| scene.proper(end + 1) && !n.is(shape::MARK));
        if (scene.proper(end) && !b.is(shape::POSSESSIVE | shape::DIGIT)) || b.is(shape::GLUED) && !b.is(shape::DIGIT) || joins {
            end += 1;
        } else {
            break;
        }
    }
    if scene.listed[i..end]
        .iter()
        .any(|&b| b & (listed::ORGANIZATION | listed::PERSON | listed::NATION | listed::EVENT | listed::EQUIPMENT) != 0)
    {
        return;
    }
    let caps = a.is(shape::CAPS) && !dateline;
    let last = scene.atom(end - 1);
    if caps || last.exact & (ORG_HEAD | FORMATION | EVENT_CLOSER) != 0 {
        return;
    }
    let before = scene.before(range, i);
    let after = scene.at(range, end);
    let of = before.is_some_and(|b| scene.text_of(b) == "of") && i >= range.start + 2 && scene.atom(i - 2).any & OF_NOUN != 0;
    let classed = after.is_some_and(|n| n.exact & PLACE_AFTER != 0 && !n.upper());
    let inside = before.is_some_and(|b| b.any & SURE_PREPOSITION != 0)
        && !(i >= range.start + 2 && scene.sets.not_before_in.contains(scene.atoms.str(i - 2)));
    let listed_on = before.is_some_and(|b| scene.text_of(b) == "and")
        && i >= range.start + 2
        && scene.listed[i - 2] & listed::PLACE != 0
        && end == i + 1;
    let in_place = after.is_some_and(|n| n.mark == b',')
        && end + 1 < range.end
        && scene.listed[end + 1] & listed::PLACE != 0
        && before.is_some_and(|b| b.any & PREPOSITION != 0 || b.mark == b',');
    let score = if dateline && i == range.start {
        0.8
    } else if of || (classed && before.is_none_or(|b| !b.is(shape::POSSESSIVE))) || in_place {
        0.75
    } else if inside || listed_on {
        0.6
    } else {
        return;
    };
    out.push(Candidate::new(&scene.atoms, i, end, Kind::Place, score, Via::Ruled));
}

/// A place found once by its surroundings is the same wherever the article names it.
pub(super) fn echoes(scene: &Scene, found: &[Candidate], out: &mut Vec<Candidate>) {
    let first_at = |offset: u32| scene.atoms.all.partition_point(|a| a.start < offset);
    let mut names: FxHashMap<&str, Vec<(usize, usize, &Candidate)>> = FxHashMap::default();
    for c in found.iter().filter(|c| c.kind == Kind::Place && c.score < 0.86 && c.score >= 0.6) {
        let (start, end) = (first_at(c.span.start), first_at(c.span.end));
        if end > start {
            names.entry(scene.atoms.str(start)).or_default().push((start, end, c));
        }
    }
    if names.is_empty() {
        return;
    }
    for (range, _) in &scene.atoms.sentences {
        for i in range.clone().filter(|&i| scene.atom(i).upper()) {
            let Some(list) = names.get(scene.atoms.str(i)) else { continue };
            for &(start, end, first) in list {
                let stop = i + (end - start);
                if i == start || stop > range.end || (1..end - start).any(|k| scene.atoms.str(i + k) != scene.atoms.str(start + k)) {
                    continue;
                }
                let joins = |a: Option<&Atom>| {
                    a.is_some_and(|b| b.upper() && !b.is(shape::MARK) && b.any & (TITLE | FUNCTION) == 0 && b.exact & TIME == 0)
                };
                if joins(scene.before(range, i))
                    || joins(scene.at(range, stop))
                    || scene.at(range, stop).is_some_and(|n| n.is(shape::GLUED))
                    || scene.atom(i).is(shape::GLUED)
                {
                    continue;
                }
                let mut candidate = Candidate::new(&scene.atoms, i, stop, Kind::Place, first.score.min(0.7), first.via);
                candidate.entry = first.entry;
                out.push(candidate);
                break;
            }
        }
    }
}

/// Makes places of what is taken for persons and stands as places do, at least as often as not.
pub(super) fn are_no_persons(scene: &Scene<'_>, text: &str, candidates: &mut [Candidate]) {
    let mut counts: FxHashMap<&str, (usize, usize)> = FxHashMap::default();
    let unlisted = |c: &Candidate| c.kind == Kind::Person && c.entry.is_none();
    for person in candidates.iter().filter(|c| unlisted(c)) {
        let count = counts.entry(person.span.of(text)).or_default();
        count.0 += usize::from(is_whereabouts(scene, person.span));
        count.1 += 1;
    }
    for person in candidates.iter_mut().filter(|c| unlisted(c)) {
        if counts.get(person.span.of(text)).is_some_and(|(there, all)| there * 2 >= *all) {
            person.kind = Kind::Place;
        }
    }
}

/// Whether what is taken for a person stands as places do: "in El Carmen", "the Abu Shouk camp"; nobody is in somebody.
fn is_whereabouts(scene: &Scene<'_>, span: ByteSpan) -> bool {
    let all = &scene.atoms.all;
    let (first, end) = (all.partition_point(|atom| atom.start < span.start), all.partition_point(|atom| atom.start < span.end));
    let owns = || end < all.len() && matches!(scene.atoms.str(end), "'" | "’" | "'s" | "’s");
    let touches = || end < all.len() && all[end].start > span.end;
    let the = first > 0 && scene.atoms.str(first - 1).eq_ignore_ascii_case("the");
    let site = the && end < all.len() && touches() && all[end].exact & PLACE_AFTER != 0;
    let inside = first > 0 && all[first - 1].any & SURE_PREPOSITION != 0 && !owns();
    site || inside
}
