//! Relations: the same as claims, with no number. Who gave what to whom, who leads or belongs to what, who fights or meets whom.

use super::belonging::{Belonging, belongings};
use super::claims::{Reader, attribution_words};
use super::counted::Place;
use super::events::Part;
use super::predicate::{Classes, Predicate, sense};
use super::roles::Roles;
use super::tree::Tree;
use super::when::when;
use crate::types::{Attribution, ByteSpan, Certainty, Claim, Kind, Label, Mention, Role, Slot, Support, Tag};

/// Nouns before a name that are looked at for a title.
const MOST_TITLES: usize = 5;

/// Adds the relations of one sentence behind its claims.
pub(super) fn relations(
    reader: &Reader<'_>,
    tree: &Tree<'_>,
    sentence: usize,
    mentions: &[Mention],
    own: &[Attribution],
    claims: &mut Vec<Claim>,
) {
    let finder = Finder { reader, tree, sentence, mentions, own };
    for person in mentions.iter().filter(|m| m.kind == Kind::Person) {
        claims.extend(finder.by_title(person));
    }
    for found in belongings(tree, reader.lexicon, mentions) {
        let claim = finder.of_belonging(&found);
        // Once is enough: it stays so.
        let words = |claim: &Claim| claim.roles.iter().map(|r| r.span.of(tree.text).to_owned()).collect::<Vec<_>>();
        if !claims.iter().any(|c| c.figure.is_none() && c.event == claim.event && words(c) == words(&claim)) {
            claims.push(claim);
        }
    }
    for verb in (0..tree.len()).filter(|t| tree.is_verb(*t)) {
        for claim in finder.by_verb(verb) {
            let known = claims.iter().any(|c| {
                c.sentence == sentence
                    && c.predicate_span == claim.predicate_span
                    && claim.roles.iter().filter(|r| r.slot == Slot::Equipment).all(|r| c.roles.contains(r))
            });
            if !known {
                claims.push(claim);
            }
        }
    }
}

/// Whether words are ranks between a post and a name: "commander Maj. Gen. Ruales".
fn ranked(tree: &Tree<'_>, mut between: std::ops::Range<usize>) -> bool {
    between.all(|at| tree.tag(at) == Tag::Nnp)
}

/// The pronoun of "its spokesman".
fn owner(tree: &Tree<'_>, at: usize) -> Option<ByteSpan> {
    let owns = tree.tag(at) == Tag::PrpPoss && (tree.is(at, "its") || tree.is(at, "their"));
    owns.then(|| tree.span(at))
}

/// What a post makes of its bearer.
struct Post {
    event: &'static str,
    /// A trade, which anybody may have: only a body that is no place has them.
    trade: bool,
}

impl Post {
    fn fits(&self, body: &Mention) -> bool {
        !self.trade || matches!(body.kind, Kind::Organization | Kind::MilitaryUnit)
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
    /// "North Korean leader Kim Jong-un", "Dmitry Peskov, spokesman for the Kremlin", "Rep. Lee Seong-kweun of the People Power Party".
    fn by_title(&self, person: &Mention) -> Option<Claim> {
        let tree = self.tree;
        let (first, last) = (tree.first_in(person.span)?, tree.last_in(person.span)?);
        let body = |at: usize| {
            tree.mention(self.mentions, at).filter(|m| {
                matches!(m.kind, Kind::Organization | Kind::Place | Kind::Nationality | Kind::MilitaryUnit) && m.span != person.span
            })
        };
        // Before the name: "Kremlin spokesman Dmitry Peskov", "a Houthi spokesman, Yahya Saree", "police commander Gen. Ruales".
        // "With the chancellor, Zelensky flew to Paris": no apposition, which is closed behind the name.
        let closes = |at: usize| matches!(tree.word(at), "," | "." | ";" | ")") && !(at + 1 < tree.len() && tree.is(at + 1, "and"));
        let closed = last + 1 >= tree.len() || closes(last + 1);
        let apart = first.checked_sub(1).filter(|comma| tree.is(*comma, ","));
        if apart.is_some() && !closed {
            return None;
        }
        let mut ranks =
            (0..apart.unwrap_or(first)).rev().take_while(|t| tree.is_noun(*t)).take(MOST_TITLES).filter(|t| self.post(*t).is_some());
        let nearest =
            ranks.next().filter(|at| *at + 1 == first || apart.is_some_and(|comma| *at + 1 == comma) || ranked(tree, *at + 1..first));
        let post = nearest.map(|at| ranks.find(|t| tree.tag(*t) == Tag::Nn && tree.tag(at) == Tag::Nnp).unwrap_or(at));
        if let Some(at) = post
            && let Some(found) = self.post(at)
        {
            let mut before = at;
            while before > 0
                && body(before - 1).is_none()
                && before + 4 > at
                && (tree.is_noun(before - 1) || tree.tag(before - 1) == Tag::Jj)
            {
                before -= 1;
            }
            let owns = |at: usize| tree.tag(at) == Tag::Pos;
            let of = before.checked_sub(1).and_then(|at| {
                let named = body(at).or_else(|| owns(at).then(|| at.checked_sub(1).and_then(body)).flatten());
                named.filter(|m| found.fits(m)).map(|m| m.span).or_else(|| owner(tree, at)).or_else(|| self.described(at))
            });
            if let Some(of) = of {
                return Some(self.of_person(found.event, at, person.span, of));
            }
        }
        // Behind it: ", chairman of the committee", ", 41, a volunteer with the Red Cross".
        let mut at = last + 1;
        let aged = at + 2 < tree.len() && tree.is(at, ",") && tree.tag(at + 1) == Tag::Cd && tree.is(at + 2, ",");
        at += usize::from(aged) * 2;
        if at < tree.len() && tree.is(at, ",") {
            let end = (at + 9).min(tree.len());
            let post = (at + 1..end).take_while(|t| !matches!(tree.word(*t), "," | "." | ";")).find(|t| self.post(*t).is_some())?;
            let found = self.post(post)?;
            let of = self.body_behind(post, &found, &body).or_else(|| self.possessor(at + 1, post, &found, &body))?;
            return Some(self.of_person(found.event, post, person.span, of));
        }
        if at < tree.len() && tree.is(at, "of") {
            at += 1;
            while at < tree.len() && matches!(tree.tag(at), Tag::Dt) {
                at += 1;
            }
            let of = body_at(tree, self.mentions, at)?;
            return matches!(of.kind, Kind::Organization | Kind::MilitaryUnit)
                .then(|| self.of_person("MemberOf", last + 1, person.span, of.span));
        }
        None
    }

    /// What a noun says of its bearer, if it is a post.
    fn post(&self, at: usize) -> Option<Post> {
        let tree = self.tree;
        let words = &self.reader.lexicon.words;
        let lemma = tree.lemma(at);
        let word = tree.word(at).trim_end_matches('.').to_lowercase();
        let pair = at.checked_sub(1).map(|before| format!("{} {lemma}", tree.word(before).to_lowercase())).unwrap_or_default();
        let is = |class: &str| [lemma, &word, &pair].iter().any(|noun| words.is(class, noun));
        // "The company’s vice president", "deputy CIA director".
        let second = (0..at)
            .rev()
            .take_while(|t| tree.is_noun(*t) || tree.tag(*t) == Tag::Jj)
            .take(MOST_TITLES)
            .any(|t| words.is("junior", tree.lemma(t)));
        let event = if is("leader") && !second { "Leads" } else { "MemberOf" };
        let trade = is("trade");
        (is("leader") || is("member") || trade).then_some(Post { event, trade })
    }

    /// The body behind a post: "of the committee", "with the Red Cross"; of "the North’s Supreme Assembly" the assembly. An officer "of Ukraine’s drone
    /// forces" is Ukraine’s, who leads them leads no body that is named.
    fn body_behind<'m>(&self, post: usize, found: &Post, body: &impl Fn(usize) -> Option<&'m Mention>) -> Option<ByteSpan> {
        let tree = self.tree;
        let within = (post + 1..(post + 7).min(tree.len())).take_while(|t| !matches!(tree.word(*t), "," | "." | ";") && !tree.is_verb(*t));
        for at in within {
            let Some(named) = body(at).filter(|m| tree.last_in(m.span) == Some(at) && found.fits(m)) else { continue };
            let first = tree.first_in(named.span)?;
            let before = (post + 1..first).rev().find(|t| tree.tag(*t) != Tag::Dt);
            let joined = |words: &[&str]| before.is_some_and(|at| words.iter().any(|word| tree.is(at, word)));
            // "A nurse in Mariupol", "protests against Israel".
            if joined(&["in", "near", "from", "against", "to"])
                || found.trade && (before != Some(post + 1) || !joined(&["of", "at", "for", "with"]))
            {
                return None;
            }
            let owns = at + 1 < tree.len() && tree.tag(at + 1) == Tag::Pos
                || named.span.of(tree.text).ends_with("’s")
                || named.span.of(tree.text).ends_with("'s");
            let next = if at + 1 < tree.len() && tree.tag(at + 1) == Tag::Pos { at + 2 } else { at + 1 };
            let noun_behind = next < tree.len() && matches!(tree.tag(next), Tag::Nn | Tag::Jj);
            // "For the army’s North Kivu command" is for neither, "of Kursk region" of Kursk.
            let state = named.is_state();
            let words = &self.reader.lexicon.words;
            let region = next < tree.len() && ["town", "site"].iter().any(|class| words.is(class, tree.lemma(next)));
            if !owns && noun_behind && named.kind == Kind::Place && !state && !region {
                return None;
            }
            // "Head of Ukraine’s military intelligence" leads no state.
            if owns && found.event == "Leads" {
                return None;
            }
            if !owns || noun_behind {
                return Some(named.span);
            }
        }
        None
    }

    /// Whose post it is that an apposition begins with: "the company’s vice president", but not "an enemy of the movement’s leader".
    fn possessor<'m>(&self, first: usize, post: usize, found: &Post, body: &impl Fn(usize) -> Option<&'m Mention>) -> Option<ByteSpan> {
        let tree = self.tree;
        let start = if tree.tag(first) == Tag::Dt { first + 1 } else { first };
        let plain =
            (start..post).all(|at| tree.is_noun(at) || tree.is(at, "-") || matches!(tree.tag(at), Tag::Jj | Tag::Pos | Tag::Rb | Tag::Vbg));
        if !plain {
            return None;
        }
        let named = (start..post).find_map(|at| body(at).filter(|m| tree.first_in(m.span) == Some(start) && found.fits(m)));
        named.map(|m| m.span).or_else(|| (start..post).find_map(|at| self.described(at)).filter(|of| of.start == tree.span(first).start))
    }

    /// The body that a possessive describes: "the group" of "the group’s leader".
    fn described(&self, possessive: usize) -> Option<ByteSpan> {
        let tree = self.tree;
        let head = possessive.checked_sub(1).filter(|_| tree.tag(possessive) == Tag::Pos)?;
        let words = &self.reader.lexicon.words;
        let names = ["body", "service"].iter().any(|class| words.is(class, tree.lemma(head)));
        let phrase = tree.phrase(head);
        (names && tree.tag(head) == Tag::Nn && phrase.start < tree.span(head).start).then_some(phrase)
    }

    fn of_person(&self, event: &str, at: usize, person: ByteSpan, of: ByteSpan) -> Claim {
        let tree = self.tree;
        let word = tree.word(at);
        let roles = vec![Role { slot: Slot::Agent, span: person }, Role { slot: Slot::Recipient, span: of }];
        let mut support = vec![Support { slot: Slot::EventType, span: tree.span(at), reason: format!("“{word}” beside the name") }];
        support.extend(roles.iter().map(|r| Support { slot: r.slot, span: r.span, reason: format!("joined by “{word}”") }));
        self.relation(event, tree.lemma(at), tree.span(at), roles, support, 0.7)
    }

    fn of_belonging(&self, found: &Belonging) -> Claim {
        let tree = self.tree;
        let word = tree.word(found.by);
        let roles = vec![Role { slot: Slot::Agent, span: found.of }, Role { slot: found.slot, span: found.whole }];
        let mut support =
            vec![Support { slot: Slot::EventType, span: tree.span(found.by), reason: format!("“{word}” joins the names") }];
        support.extend(roles.iter().map(|r| Support { slot: r.slot, span: r.span, reason: format!("joined by “{word}”") }));
        self.relation(found.event, tree.lemma(found.by), tree.span(found.by), roles, support, 0.7)
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

    fn by_verb(&self, verb: usize) -> Vec<Claim> {
        let tree = self.tree;
        let lexicon = self.reader.lexicon;
        let senses = lexicon.events.senses(tree.lemma(verb));
        let Some(first) = senses.first() else { return Vec::new() };
        if senses.iter().any(|s| lexicon.events.frame(s.frame).relation) && sense(tree, lexicon, verb, Classes::default(), None).is_none() {
            let frame = senses.iter().find(|s| lexicon.events.frame(s.frame).relation).map_or(first.frame, |s| s.frame);
            return self.of_event(verb, frame, None).into_iter().collect();
        }
        let passive = tree.is_passive(verb);
        let undergoer = if passive { tree.subject(verb) } else { tree.child(verb, &[Label::Dobj]) };
        let Some(undergoer) = undergoer.or_else(|| tree.subject(verb)) else { return Vec::new() };
        let mut made = Vec::new();
        for item in self.listed(undergoer) {
            let counted = tree.children(item).iter().any(|c| tree.label(*c) == Label::Nummod);
            if counted {
                continue;
            }
            let classes = Classes::of(tree, lexicon, self.mentions, item);
            let Some(frame) = sense(tree, lexicon, verb, classes, None) else { continue };
            made.extend(self.of_event(verb, frame, Some(item)));
        }
        made
    }

    /// A noun with those joined to it, and the equipment that goes on the list behind it where the tree lost the thread.
    fn listed(&self, first: usize) -> Vec<usize> {
        let tree = self.tree;
        let mut items = tree.conjuncts(first);
        items.sort_unstable();
        while let Some(last) = items.last().and_then(|at| tree.mention(self.mentions, *at)).and_then(|m| tree.last_in(m.span)) {
            let mut next = last + 1;
            while next < tree.len() && (tree.is(next, ",") || tree.is(next, "and") || tree.is(next, "or") || tree.tag(next) == Tag::Dt) {
                next += 1;
            }
            let mention = (next > last + 1 && next < tree.len())
                .then(|| tree.mention(self.mentions, next))
                .flatten()
                .filter(|m| m.kind == Kind::Equipment);
            let Some(head) = mention.and_then(|m| tree.last_in(m.span)).filter(|h| !items.contains(h)) else { break };
            items.push(head);
            items.sort_unstable();
        }
        items
    }

    /// A verb's relation: at least two named parts, one of them an actor or equipment.
    fn of_event(&self, verb: usize, frame: usize, item: Option<usize>) -> Option<Claim> {
        let (tree, lexicon) = (self.tree, self.reader.lexicon);
        let event = lexicon.events.frame(frame).event.clone();
        let predicate = Predicate {
            at: verb,
            lemma: tree.lemma(verb).to_owned(),
            event: event.clone(),
            frame: Some(frame),
            verb: Some(verb),
            above: tree.ancestors(verb).take_while(|a| lexicon.cues.raising.contains(tree.lemma(*a)) && tree.is_verb(*a)).collect(),
            counted: None,
            scope: None,
            reason: String::new(),
        };
        let from = item.unwrap_or(verb);
        let place = Place { first: from, last: from, from, head: item, counted: None, bare_adjective: None, definite: false };
        let mut roles = Roles::new(tree, lexicon, self.mentions);
        if let Some(item) = item {
            roles.actor(Part::Equipment, item, &format!("what “{}” is about", tree.word(verb)));
        }
        roles.fill(&predicate, &place);
        let named = |r: &Role| self.mentions.iter().any(|m| m.span == r.span);
        let parts: Vec<Slot> = roles.roles.iter().filter(|r| named(r)).map(|r| r.slot).collect();
        let has = |slot: Slot| parts.contains(&slot);
        let actors = usize::from(has(Slot::Agent)) + usize::from(has(Slot::Recipient)) + usize::from(has(Slot::Equipment));
        let item_fits = item
            .is_none_or(|i| has(Slot::Equipment) || lexicon.words.is("person", tree.lemma(i)) || tree.mention(self.mentions, i).is_some());
        if actors == 0
            || actors + usize::from(has(Slot::Place)) < 2
            || !item_fits
            || (item.is_none() && !has(Slot::Recipient) && !has(Slot::Equipment))
        {
            return None;
        }
        let mut support =
            vec![Support { slot: Slot::EventType, span: tree.span(verb), reason: format!("“{}” says so", tree.word(verb)) }];
        support.extend(roles.support);
        let mut role_list = roles.roles;
        let attribution = self.reader.attribute(tree.span(from), self.own, None, &mut role_list, &mut support);
        let certainty = self.reader.certainty(tree, &predicate, &place, attribution, &mut support);
        let times = when(tree, lexicon, self.mentions, &predicate, from, self.reader.anchor, certainty == Certainty::Planned);
        support.extend(times.support);
        let mut claim = self.relation(&event, &predicate.lemma, tree.span(verb), role_list, support, 0.6);
        claim.when = times.when;
        claim.as_of = times.as_of;
        claim.time = times.words;
        claim.attribution = attribution.map(attribution_words);
        claim.certainty = certainty;
        Some(claim)
    }
}

fn body_at<'m>(tree: &Tree<'_>, mentions: &'m [Mention], at: usize) -> Option<&'m Mention> {
    (at < tree.len()).then(|| tree.mention(mentions, at)).flatten()
}
