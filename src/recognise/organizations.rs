//! Bodies: by the last word of a name, by "Ministry of …", by nationality and branch, by acronym.

use super::gazetteer::Form;
use super::merge::Candidate;
use super::scene::{Scene, listed};
use super::words::*;
use crate::types::{Kind, Via};
use rustc_hash::FxHashSet;
use std::ops::Range;

/// Adds candidates of one sentence.
pub(super) fn find(scene: &Scene, range: &Range<usize>, out: &mut Vec<Candidate>) {
    for i in range.clone() {
        let a = scene.atom(i);
        if a.is(shape::MARK) || !a.upper() {
            continue;
        }
        if a.exact & ORG_HEAD != 0 {
            by_head(scene, range, i, out);
        }
        if a.exact & ORG_OPENER != 0 {
            by_opener(scene, range, i, out);
        }
        if scene.before(range, i).is_some_and(|b| b.any & ORG_BEFORE != 0 && !b.upper() && !b.is(shape::MARK))
            && scene.listed[i] & (listed::NATION | listed::PERSON) == 0
        {
            let end = run(scene, range, i);
            let end = joined(scene, range, end);
            if end > i && !(end == i + 1 && scene.listed[i] & listed::PLACE != 0) && !a.is(shape::DIGIT) {
                out.push(Candidate::new(&scene.atoms, i, end, Kind::Organization, 0.86, Via::Ruled));
            }
        }
        if a.is(shape::CAPS) {
            acronym(scene, range, i, out);
        }
    }
    for f in scene.found.iter().filter(|f| f.start >= range.start && f.end <= range.end) {
        if matches!(f.form, Form::Body | Form::Branch) {
            body(scene, range, f.start, f.end, f.form, out);
        }
    }
}

/// Whether an atom may stand inside the name of a body.
fn part(scene: &Scene, range: &Range<usize>, i: usize) -> bool {
    i >= range.start && scene.proper(i) && !scene.atom(i).is(shape::POSSESSIVE)
}

/// The first atom of the name whose last is `head`.
fn left(scene: &Scene, range: &Range<usize>, head: usize) -> usize {
    let mut start = head;
    while start > range.start && head - start < 7 {
        let at = start - 1;
        let a = scene.atom(at);
        if a.is(shape::POSSESSIVE | shape::MARK) {
            // "People's", "Workers'" stay inside; "Korea's" ends another name.
            let own = a.is(shape::POSSESSIVE) && at > range.start && scene.sets.owners.contains(scene.atoms.str(at - 1));
            if own {
                start = at - 1;
                continue;
            }
            break;
        }
        if part(scene, range, at) {
            // "Belarusian Foreign Ministry" is a people and a ministry; "South Korean Navy" is one name.
            if scene.listed[at] & listed::NATION != 0 && scene.sets.ministries.contains(scene.atoms.str(head)) {
                break;
            }
            if a.any & TITLE != 0 && a.exact & (ORG_HEAD | GIVEN) == 0 && !scene.sets.titles_inside.contains(scene.atoms.str(at)) {
                break;
            }
            start = at;
            continue;
        }
        // "for", "of", "and" between capitals.
        if a.exact & ORG_INSIDE != 0
            && at > range.start
            && part(scene, range, at - 1)
            && !matches!(scene.atoms.str(at), "the" | "to" | "on" | "in" | "al" | "el" | "with" | "against")
        {
            let opener = scene.atom(at - 1).exact & (ORG_HEAD | ORG_OPENER) != 0;
            let and = matches!(scene.atoms.str(at), "and" | "&");
            if (opener && !and)
                || (and
                    && scene.listed[at - 1] & (listed::PLACE | listed::NATION | listed::ORGANIZATION | listed::PERSON) == 0
                    && start == head)
            {
                start = at - 1;
                continue;
            }
        }
        break;
    }
    start
}

fn by_head(scene: &Scene, range: &Range<usize>, head: usize, out: &mut Vec<Candidate>) {
    // The head must end the run: "Defence Ministry Building" names another thing, and "Group of" goes on.
    let mut end = head + 1;
    while scene.at(range, end).is_some_and(|n| n.exact & ORG_HEAD != 0 && n.upper() && !n.is(shape::MARK)) {
        end += 1;
    }
    if end - 1 > head {
        return;
    }
    if scene.at(range, end).is_some_and(|n| n.exact & PLACE_HEAD != 0 && n.exact & ORG_HEAD == 0) {
        return;
    }
    let mut start = left(scene, range, head);
    // A lone article-like word or direction is no name.
    while start < head && scene.atom(start).is(shape::FIRST) && scene.atom(start).any & FUNCTION != 0 {
        start += 1;
    }
    if start >= head {
        return;
    }
    // "Ukrainian Forces" of a headline and "European Union" are listed or not at all; a nationality alone wants a branch.
    let only_nation = (start..head).all(|j| scene.listed[j] & listed::NATION != 0);
    if only_nation && !scene.sets.of_a_nation.contains(scene.atoms.str(head)) {
        return;
    }
    let score = if end - start > 2 { 0.9 } else { 0.8 };
    out.push(Candidate::new(&scene.atoms, start, end, Kind::Organization, score, Via::Ruled));
}

/// "Ministry of Foreign Affairs", "University of Oslo", "Baltic Centre for Defence Analysis".
fn by_opener(scene: &Scene, range: &Range<usize>, opener: usize, out: &mut Vec<Candidate>) {
    let mut at = opener + 1;
    if !scene
        .at(range, at)
        .is_some_and(|_| matches!(scene.atoms.str(at), "of" | "for" | "on" | "in" | "to" | "against" | "de" | "del" | "des" | "pour"))
    {
        return;
    }
    let preposition = scene.atoms.str(at).to_owned();
    at += 1;
    if scene.at(range, at).is_some_and(|_| matches!(scene.atoms.str(at), "the" | "la" | "los")) {
        at += 1;
    }
    let from = at;
    let mut end = run(scene, range, at);
    if end == from {
        return;
    }
    // "in Kyiv" after a body is where it is, but for a mission or an office.
    if preposition == "in" && !scene.sets.in_openers.contains(scene.atoms.str(opener)) {
        return;
    }
    // "and", "of", "for" lead on: "Ministry of Health and Social Affairs", "Committee of the Communist Party of Vietnam".
    loop {
        let mut next = end;
        let Some(_) = scene.at(range, next) else { break };
        let joiner = scene.atoms.str(next);
        let lists = matches!(joiner, "and" | "&")
            || (scene.atom(next).mark == b','
                && scene.sets.comma_listing.contains(scene.atoms.str(opener))
                && comma_list(scene, range, next));
        if !lists && !matches!(joiner, "of" | "for") {
            break;
        }
        if lists && !scene.sets.listing.contains(scene.atoms.str(opener)) {
            break;
        }
        next += 1;
        if scene.at(range, next).is_some_and(|_| scene.atoms.str(next) == "the") {
            next += 1;
        }
        let further = run(scene, range, next);
        let nameable = next < range.end && scene.listed[next] & (listed::PERSON) == 0 && scene.atom(next).exact & ORG_OPENER == 0;
        let second_body = lists && (next..further).any(|j| scene.atom(j).exact & (ORG_HEAD | ORG_OPENER) != 0);
        if further == next || !nameable || second_body || (lists && scene.listed[next] & (listed::PLACE | listed::NATION) != 0) {
            break;
        }
        end = further;
    }
    let start = left(scene, range, opener);
    if scene.sets.not_of_a_nation.contains(scene.atoms.str(opener)) && start == opener && scene.listed[from] & (listed::NATION) != 0 {
        return;
    }
    if scene.sets.never_open.contains(scene.atoms.str(opener)) {
        return;
    }
    out.push(Candidate::new(&scene.atoms, start, end, Kind::Organization, 0.9, Via::Ruled));
}

fn comma_list(scene: &Scene, range: &Range<usize>, comma: usize) -> bool {
    let first = run(scene, range, comma + 1);
    first > comma + 1 && scene.at(range, first).is_some_and(|_| scene.atoms.str(first) == "and")
}

/// A run that a small word of another language carries on: "Cobriza del Sur".
fn joined(scene: &Scene, range: &Range<usize>, end: usize) -> usize {
    if scene.at(range, end).is_some_and(|a| a.any & PARTICLE != 0 && !a.is(shape::MARK)) {
        let further = run(scene, range, end + 1);
        if further > end + 1 {
            return further;
        }
    }
    end
}

fn run(scene: &Scene, range: &Range<usize>, from: usize) -> usize {
    let mut end = from;
    while end < range.end && end - from < 6 && part(scene, range, end) {
        end += 1;
        if scene.at(range, end).is_some_and(|a| a.is(shape::GLUED) && !a.upper()) {
            end += 1;
        }
    }
    end
}

/// A body or branch every state has, with a nationality before it if there is one.
fn body(scene: &Scene, range: &Range<usize>, start: usize, end: usize, form: Form, out: &mut Vec<Candidate>) {
    let mut from = start;
    let ministry = scene.sets.ministries.contains(scene.atoms.str(end - 1));
    while from > range.start && !ministry && scene.listed[from - 1] & listed::NATION != 0 && scene.atom(from - 1).upper() {
        from -= 1;
    }
    // "Royal Thai Army", "U.S. Senate": what stands before in capitals belongs to it, unless a possessive ends it.
    let name = if ministry { from } else { left(scene, range, start) };
    if name < from && (name..from).all(|j| part(scene, range, j)) {
        from = name;
    }
    while from < start && scene.atom(from).is(shape::FIRST) && scene.atom(from).any & FUNCTION != 0 {
        from += 1;
    }
    if form == Form::Branch && from == start && end - start == 1 {
        return;
    }
    if scene
        .at(range, end)
        .is_some_and(|n| n.upper() && !n.is(shape::MARK) && n.any & (TITLE | FUNCTION) == 0 && n.exact & (ORG_HEAD | TIME | FORMATION) != 0)
    {
        return;
    }
    if scene.atom(start).is(shape::FIRST) && end - start == 1 && from == start && scene.atom(start).any & FUNCTION != 0 {
        return;
    }
    out.push(Candidate::new(&scene.atoms, from, end, Kind::Organization, 0.85, Via::Ruled));
}

/// Letters that no list explains: an organization, if they stand where one may.
fn acronym(scene: &Scene, range: &Range<usize>, i: usize, out: &mut Vec<Candidate>) {
    let a = scene.atom(i);
    let word = scene.atoms.str(i);
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    let glued = a.is(shape::GLUED) || scene.at(range, i + 1).is_some_and(|n| n.is(shape::GLUED));
    if !(2..=7).contains(&letters)
        || a.is(shape::DIGIT)
        || glued
        || a.exact & NOT_ACRONYM != 0
        || scene.listed[i] != 0
        || a.exact & (DESIGNATION | SHIP_PREFIX | SUFFIX) != 0
    {
        return;
    }
    // "PHP 300 million": a currency.
    if letters == 3 && scene.at(range, i + 1).is_some_and(|next| next.is(shape::DIGIT)) {
        return;
    }
    let shouted = |j: Option<&Atom>| j.is_some_and(|b| b.is(shape::CAPS) && !b.is(shape::MARK));
    if shouted(scene.before(range, i)) || shouted(scene.at(range, i + 1)) {
        return;
    }
    // "Patricia B. MBEKI": a surname in capitals.
    if letters > 5 && scene.before(range, i).is_some_and(|b| b.exact & GIVEN != 0) {
        return;
    }
    let bracketed = scene.before(range, i).is_some_and(|b| b.mark == b'(') && scene.at(range, i + 1).is_some_and(|b| b.mark == b')');
    out.push(Candidate::new(&scene.atoms, i, i + 1, Kind::Organization, if bracketed { 0.8 } else { 0.6 }, Via::Ruled));
}

/// An acronym in brackets after a body's name stands for it: gives it the entry, and finds later single words of bodies named in full.
pub(super) fn echoes(scene: &Scene, found: &[Candidate], out: &mut Vec<Candidate>) {
    let first_at = |offset: u32| scene.atoms.all.partition_point(|a| a.start < offset);
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    let mut short: Vec<(&str, Option<u32>, Kind)> = Vec::new();
    for c in found.iter().filter(|c| matches!(c.kind, Kind::Organization | Kind::MilitaryUnit)) {
        let end = first_at(c.span.end);
        let all = &scene.atoms.all;
        if end + 2 < all.len()
            && all[end].mark == b'('
            && all[end + 2].mark == b')'
            && all[end + 1].is(shape::CAPS)
            && seen.insert(scene.atoms.str(end + 1))
        {
            short.push((scene.atoms.str(end + 1), c.entry, c.kind));
        }
    }
    if short.is_empty() {
        return;
    }
    for (range, _) in &scene.atoms.sentences {
        for i in range.clone().filter(|&i| scene.atom(i).is(shape::CAPS)) {
            if let Some((_, entry, kind)) = short.iter().find(|(s, ..)| *s == scene.atoms.str(i)) {
                let mut candidate =
                    Candidate::new(&scene.atoms, i, i + 1, *kind, 0.9, if entry.is_some() { Via::Listed } else { Via::Ruled });
                candidate.entry = *entry;
                out.push(candidate);
            }
        }
    }
}
