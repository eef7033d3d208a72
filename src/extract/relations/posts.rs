//! Who leads or belongs to what, as a post or rank beside a name says: "Kremlin spokesman Dmitry Peskov", "Rep. Lee of the People Power Party".

use super::Finder;
use crate::extract::tree::Tree;
use crate::types::{ByteSpan, Claim, Kind, Label, Mention, Role, Slot, Support, Tag};

/// Nouns before a name that are looked at for a title.
const MOST_TITLES: usize = 5;
/// Words before a name and a comma that are looked at for its post.
const MOST_APART: usize = 10;

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

impl Finder<'_, '_> {
    /// "North Korean leader Kim Jong-un", "Dmitry Peskov, spokesman for the Kremlin", "Rep. Lee Seong-kweun of the People Power Party".
    pub(super) fn by_title(&self, person: &Mention) -> Option<Claim> {
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
        // "Its commander, General Rustamas Liubas": ranks are of the name.
        let mut name = first;
        while name > 0 && tree.tag(name - 1) == Tag::Nnp && tree.mention(self.mentions, name - 1).is_none() && name + 4 > first {
            name -= 1;
        }
        let apart = [first, name].into_iter().find_map(|at| at.checked_sub(1).filter(|comma| tree.is(*comma, ",")));
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
                // "In Moscow President Putin spoke."
                let scene = |m: &&Mention| {
                    let before = tree.first_in(m.span).and_then(|first| first.checked_sub(1));
                    m.kind == Kind::Place && !owns(at) && before.is_some_and(|before| tree.tag(before) == Tag::In)
                };
                named
                    .filter(|m| found.fits(m) && !scene(m))
                    .map(|m| m.span)
                    .or_else(|| self.antecedent(at))
                    .or_else(|| owner(tree, at))
                    .or_else(|| self.described(at))
                    .or_else(|| self.own_body(before, at))
            });
            // "President Alexander Lukashenko of Belarus".
            let of = of.or_else(|| self.body_behind(last, &found, &body).filter(|_| last + 1 < tree.len() && tree.is(last + 1, "of")));
            if let Some(of) = of {
                return Some(self.of_person(found.event, at, person.span, of));
            }
        }
        if let Some(comma) = apart
            && let Some(claim) = self.apposed(comma, person, &body)
        {
            return Some(claim);
        }
        // Behind it: ", chairman of the committee", ", 41, a volunteer with the Red Cross".
        let mut at = last + 1;
        let aged = at + 2 < tree.len() && tree.is(at, ",") && tree.tag(at + 1) == Tag::Cd && tree.is(at + 2, ",");
        at += usize::from(aged) * 2;
        if at < tree.len() && tree.is(at, ",") {
            let end = (at + 9).min(tree.len());
            // "Arbeláez, of the Green Alliance".
            let of = (at + 1 < tree.len() && tree.is(at + 1, "of")).then_some(at + 1);
            if let Some(claim) = of.and_then(|of| self.of_body(person, of)) {
                return Some(claim);
            }
            let post = (at + 1..end).take_while(|t| !self.ends_post(*t)).find(|t| self.post(*t).is_some())?;
            // "Macron, German Chancellor Merz and others": the post is the next one's.
            let next = (post + 1 < tree.len()).then(|| tree.mention(self.mentions, post + 1)).flatten();
            if next.is_some_and(|m| m.kind == Kind::Person) {
                return None;
            }
            let found = self.post(post)?;
            let of = self.body_behind(post, &found, &body).or_else(|| self.possessor(at + 1, post, &found, &body))?;
            return Some(self.of_person(found.event, post, person.span, of));
        }
        if at < tree.len() && tree.is(at, "of") {
            return self.of_body(person, at);
        }
        None
    }

    /// Whom "of" behind a person's name makes it one of.
    fn of_body(&self, person: &Mention, of: usize) -> Option<Claim> {
        let tree = self.tree;
        let mut at = of + 1;
        while at < tree.len() && matches!(tree.tag(at), Tag::Dt | Tag::Jj | Tag::Vbg) && tree.mention(self.mentions, at).is_none() {
            at += 1;
        }
        let body = body_at(tree, self.mentions, at)?;
        matches!(body.kind, Kind::Organization | Kind::MilitaryUnit).then(|| self.of_person("MemberOf", of, person.span, body.span))
    }

    /// The post that an apposition before a name begins with: "the acting governor of Bryansk, Yegor Kovalchenko", "Fano’s spokesman in Gondar, Asres Mulat".
    fn apposed<'m>(&self, comma: usize, person: &Mention, body: &impl Fn(usize) -> Option<&'m Mention>) -> Option<Claim> {
        let tree = self.tree;
        let reach = comma.saturating_sub(MOST_APART)..comma;
        let start =
            reach.clone().rev().find(|t| matches!(tree.word(*t), "," | ";" | "—" | "–") || tree.is_verb(*t)).map_or(reach.start, |t| t + 1);
        let post = (start..comma).rev().find(|t| tree.is_noun(*t) && self.post(*t).is_some() && body(*t).is_none())?;
        let found = self.post(post)?;
        // The phrase before the comma is the post's own.
        let own = tree.ancestors(comma - 1).any(|above| above == post) || comma - 1 == post;
        let behind = || self.body_behind(post, &found, body).filter(|of| of.end <= tree.span(comma).start);
        let of = behind()
            .or_else(|| self.possessor(start, post, &found, body))
            .or_else(|| self.described_behind(post, comma))
            .filter(|_| own)?;
        Some(self.of_person(found.event, post, person.span, of))
    }

    /// A body behind a post that has no name: "the commander of the ground forces".
    fn described_behind(&self, post: usize, end: usize) -> Option<ByteSpan> {
        let tree = self.tree;
        let head = (post + 1 < end && tree.is(post + 1, "of"))
            .then(|| tree.child(post + 1, &[Label::Pobj]))
            .flatten()
            .filter(|head| *head < end)?;
        let words = &self.reader.lexicon.words;
        ["body", "service", "office", "forces"].iter().any(|class| words.is(class, tree.lemma(head))).then(|| tree.phrase(head))
    }

    /// Who "whose" stands for: "the Renamo Military Junta, whose leader Mariano Nhongo".
    fn antecedent(&self, whose: usize) -> Option<ByteSpan> {
        let tree = self.tree;
        let before = (tree.tag(whose) == Tag::WpPoss).then(|| (0..whose).rev().find(|at| !tree.is(*at, ",")))??;
        tree.mention(self.mentions, before)
            .filter(|m| matches!(m.kind, Kind::Organization | Kind::MilitaryUnit | Kind::Place))
            .map(|m| m.span)
    }

    /// The body that stands before a post without a name: "government spokesman", "the division’s commander".
    fn own_body(&self, first: usize, before: usize) -> Option<ByteSpan> {
        let tree = self.tree;
        let words = &self.reader.lexicon.words;
        let is_body = |at: usize| ["body", "service", "office"].iter().any(|class| words.is(class, tree.lemma(at)));
        // "Government spokesman": the first noun of the post's own phrase.
        (tree.is_noun(first) && before < first && is_body(first) && tree.tag(first) == Tag::Nn).then(|| tree.span(first))
    }

    /// Whether a token ends what is said of a post: "Putin, who met President Xi".
    fn ends_post(&self, at: usize) -> bool {
        let tree = self.tree;
        let closes = matches!(tree.word(at), "," | "." | ";") || matches!(tree.tag(at), Tag::Wp | Tag::Wdt | Tag::Wrb);
        closes || tree.is_verb(at) && tree.tag(at) != Tag::Vbg || tree.mention(self.mentions, at).is_some_and(|m| m.kind == Kind::Person)
    }

    /// Whether the words of a post say that its bearer has it no longer: "former vice president".
    pub(super) fn is_past(&self, post: usize) -> bool {
        let tree = self.tree;
        let words = (0..post)
            .rev()
            .take(MOST_TITLES)
            .take_while(|t| tree.is_noun(*t) || matches!(tree.tag(*t), Tag::Jj | Tag::Vbn) || tree.is(*t, "-"));
        words.into_iter().any(|t| self.reader.lexicon.words.is("past", &tree.word(t).to_lowercase()))
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
        (is("leader") || is("member") || trade).then_some(Post { event, trade }).filter(|_| !self.is_past(at))
    }

    /// The body behind a post: "of the committee", "with the Red Cross"; of "the North’s Supreme Assembly" the assembly. An officer "of Ukraine’s drone
    /// forces" is Ukraine’s, who leads them leads no body that is named.
    fn body_behind<'m>(&self, post: usize, found: &Post, body: &impl Fn(usize) -> Option<&'m Mention>) -> Option<ByteSpan> {
        let tree = self.tree;
        let within = (post + 1..(post + 7).min(tree.len())).take_while(|t| !self.ends_post(*t));
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
        let names = ["body", "service", "office", "town"].iter().any(|class| words.is(class, tree.lemma(head)));
        let phrase = tree.phrase(head);
        (names && tree.tag(head) == Tag::Nn && phrase.start < tree.span(head).start).then_some(phrase)
    }

    fn of_person(&self, event: &str, at: usize, person: ByteSpan, of: ByteSpan) -> Claim {
        let tree = self.tree;
        let word = tree.word(at);
        let roles = vec![Role { slot: Slot::Agent, span: person }, Role { slot: Slot::Recipient, span: of }];
        let mut support = vec![Support { slot: Slot::EventType, span: tree.span(at), reason: format!("“{word}” beside the name") }];
        support.extend(roles.iter().map(|r| Support { slot: r.slot, span: r.span, reason: format!("joined by “{word}”") }));
        self.relation(event, tree.lemma(at), tree.span(at), roles, support, super::BESIDE)
    }
}

fn body_at<'m>(tree: &Tree<'_>, mentions: &'m [Mention], at: usize) -> Option<&'m Mention> {
    (at < tree.len()).then(|| tree.mention(mentions, at)).flatten()
}
