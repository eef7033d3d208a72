//! Descriptions and pronouns that fill claims' slots: every slot leads to a reference, but that of an actor or place who may be anybody.

use super::chains::Chains;
use super::nominals::Kinds;
use super::references::{DETERMINERS, Resolver};
use crate::types::{Attribution, ByteSpan, Extraction, Kind, Mention, Reference, Slot};
use rustc_hash::FxHashSet;

/// Tokens from a sentence's start within which a pronoun is its subject, and within which a name is.
const SUBJECT_PRONOUN: usize = 3;
const SUBJECT: usize = 5;
/// The same of a pronoun before which nobody is named.
const LATE_PRONOUN: usize = 8;
/// Bytes between a post and the name behind it.
const MOST_OFFICE: u32 = 60;
/// Sentences back in which a pronoun finds a name.
const REACH: usize = 3;

impl Resolver<'_> {
    /// The descriptions and pronouns that fill claims' slots, in the order of the text.
    pub(super) fn described(&mut self, extraction: &Extraction, chains: &mut Chains) {
        let mut anchors: Vec<(ByteSpan, Slot)> = extraction.claims.iter().flat_map(|c| c.roles.iter().map(|r| (r.span, r.slot))).collect();
        anchors.extend(extraction.attributions.iter().filter(|a| !a.stance).map(|a| (a.source, Slot::Author)));
        anchors.sort_unstable();
        let named: FxHashSet<ByteSpan> = self.mentions.iter().map(|m| m.span).collect();
        let mut done: FxHashSet<ByteSpan> = FxHashSet::default();
        let mut speaker: Option<usize> = None;
        // The body that spoke last.
        let mut body: Option<usize> = None;
        for (span, slot) in anchors {
            let speaks = matches!(slot, Slot::Author | Slot::RelayedBy);
            let known = done.contains(&span) || named.contains(&span);
            if known && speaks {
                speaker = self.references.iter().position(|r| r.mentions.contains(&span)).or(speaker);
                body = speaker.filter(|at| self.is_body(*at)).or(body);
            }
            if known {
                continue;
            }
            let words = span.of(&self.document.text);
            let chosen = if matches!(slot, Slot::Place | Slot::Origin) && words.eq_ignore_ascii_case("there") {
                self.place_before(span)
            } else if is_first_person(words) {
                self.quoted(extraction, span)
            } else if is_pronoun(words) {
                // "In a statement carried by its news agency, it said": who passed it on is another.
                let passed = extraction.attributions.iter().filter(|a| a.source == span).flat_map(|a| &a.relayed_by);
                let relays: Vec<ByteSpan> = passed.copied().collect();
                self.pronoun(words, span, speaker, &relays)
            } else {
                let owner = self.owner_of_troops(words, span, speaker).filter(|_| slot != Slot::Place);
                owner.map_or_else(|| self.description((words, slot), span, body, chains), |at| vec![at])
            };
            if !chosen.is_empty() {
                done.insert(span);
            }
            if speaks && !chosen.is_empty() {
                speaker = chosen.first().copied();
                body = speaker.filter(|at| self.is_body(*at)).or(body);
            }
            for at in chosen {
                self.references[at].mentions.push(span);
            }
        }
    }

    /// Whose soldiers act, where a pronoun says so: the movement of "the movement said that its fighters had killed 60". Nobody where another body or
    /// state stands between.
    fn owner_of_troops(&self, words: &str, span: ByteSpan, speaker: Option<usize>) -> Option<usize> {
        let (pronoun, rest) = words.split_once(' ')?;
        let head = self.words.noun(rest.rsplit(' ').next()?.to_lowercase());
        let troops = ["soldier", "service", "forces"].iter().any(|class| self.words.is(class, &head));
        // "Its manager, Safwa Marine of Dubai" is none of them.
        let plain = !rest.contains(|c: char| c.is_uppercase() || c == ',');
        if !troops || !plain || !["its", "their"].iter().any(|word| pronoun.eq_ignore_ascii_case(word)) {
            return None;
        }
        let owner = self.pronoun("it", span, speaker, &[]).first().copied()?;
        let may_own = |m: &&Mention| {
            let state = matches!(m.kind, Kind::Place | Kind::Nationality) && m.is_state();
            state || matches!(m.kind, Kind::Organization | Kind::MilitaryUnit)
        };
        let sentence = self.sentence(span);
        let nearest = self.mentions_before(span).take_while(|m| self.sentence(m.span) == sentence).find(may_own);
        let mentions = &self.references[owner].mentions;
        if nearest.is_some_and(|m| !mentions.contains(&m.span)) {
            return None;
        }
        // A ministry's forces are the state's that stands before its name.
        let wordings = self.nominals.wordings();
        let ministry = self.references[owner].names.iter().any(|name| name.split(' ').any(|word| wordings.ministries.contains(word)));
        let state = mentions.iter().filter(|_| ministry).find_map(|name| {
            let before = self.mentions_before(*name).next()?;
            let beside = name.start - before.span.end <= "’s ".len() as u32 && matches!(before.kind, Kind::Place | Kind::Nationality);
            self.by_key.get(before.key.as_ref().filter(|_| beside)?).copied()
        });
        Some(state.unwrap_or(owner))
    }

    /// "there": the place named last, in its own sentence or the one before.
    fn place_before(&self, span: ByteSpan) -> Vec<usize> {
        let sentence = self.sentence(span);
        let near = |m: &&Mention| {
            m.kind == Kind::Place && self.sentence(m.span) + 1 >= sentence && !self.split.sentences[self.sentence(m.span)].dateline
        };
        let last = self.mentions_before(span).find(near);
        last.and_then(|m| self.references.iter().position(|r| r.mentions.contains(&m.span))).into_iter().collect()
    }

    /// "I", "we": whoever's words they stand in; nobody where that is not told.
    fn quoted(&self, extraction: &Extraction, span: ByteSpan) -> Vec<usize> {
        // The narrowest words that hold it: what an earlier speaker goes on about may hold another's quotation.
        let within = |a: &Attribution| a.content.iter().filter(|content| content.covers(span)).map(|content| content.len()).min();
        let speaks = extraction.attributions.iter().filter_map(|a| Some((within(a)?, a))).min_by_key(|(length, _)| *length).map(|(_, a)| a);
        let reference = speaks.and_then(|a| self.references.iter().position(|r| r.mentions.contains(&a.source)));
        reference.into_iter().collect()
    }

    /// "it", "he", "they": whom the sentence before begins with, where the pronoun begins its own (centering; Grosz, Joshi and Weinstein 1995), else the
    /// last speaker that fits, else the last named thing that fits; none of `others`.
    fn pronoun(&self, words: &str, span: ByteSpan, speaker: Option<usize>, others: &[ByteSpan]) -> Vec<usize> {
        let lower = words.to_lowercase();
        let of_kind = |r: &Reference| match lower.as_str() {
            "he" | "she" | "him" | "her" => r.kind == Kind::Person && !self.are_several(r),
            "it" | "its" => matches!(r.kind, Kind::Organization | Kind::Place | Kind::MilitaryUnit) && !self.are_several(r),
            _ => matches!(r.kind, Kind::Organization | Kind::Person | Kind::MilitaryUnit),
        };
        let fits = |r: &Reference| of_kind(r) && !others.iter().any(|other| r.mentions.contains(other));
        let sentence = self.sentence(span);
        // "Members of the X gang, among them its commander": the body named last in the sentence.
        if matches!(lower.as_str(), "its" | "their") {
            let named = self
                .mentions_before(span)
                .take_while(|m| self.sentence(m.span) == sentence)
                .find(|m| matches!(m.kind, Kind::Organization | Kind::MilitaryUnit));
            if let Some(at) = named.and_then(|m| self.references.iter().position(|r| r.mentions.contains(&m.span))) {
                return vec![at];
            }
        }
        let opens = |span: ByteSpan, sentence: usize, words: usize| {
            let tokens = self.split.sentences.get(sentence).map(|s| &self.split.tokens[s.tokens.clone()]);
            tokens.is_some_and(|t| t.iter().take(words).any(|token| token.span.overlaps(span)))
        };
        // "In the same statement it said": nobody stands before, neither named nor described.
        let stands_before = |r: &Reference| r.mentions.iter().any(|m| m.start < span.start && self.sentence(*m) == sentence);
        let unrivalled = || opens(span, sentence, LATE_PRONOUN) && !self.references.iter().any(stands_before);
        if sentence > 0 && (opens(span, sentence, SUBJECT_PRONOUN) || unrivalled() || self.follows_quote(span, sentence)) {
            let first = self.references.iter().enumerate().filter(|(_, r)| fits(r));
            let first = first.filter_map(|(at, r)| {
                let named =
                    |m: &&ByteSpan| self.sentence(**m) == sentence - 1 && opens(**m, sentence - 1, SUBJECT) && !self.only_says_whose(**m);
                Some((r.mentions.iter().filter(named).min()?, at))
            });
            if let Some((_, at)) = first.min() {
                return vec![at];
            }
        }
        // "The movement released a video that it said showed four tanks": who opens the sentence, before a speaker of an earlier one.
        let speaks_here = speaker.is_some_and(|at| stands_before(&self.references[at]));
        let subject = |r: &Reference| {
            let opens_here = |m: &ByteSpan| {
                let here = m.end <= span.start && self.sentence(*m) == sentence && opens(*m, sentence, SUBJECT);
                here && !self.document.text[m.end as usize..span.start as usize].contains(';')
            };
            fits(r) && r.mentions.iter().any(|m| opens_here(m) && !self.only_says_whose(*m))
        };
        if lower == "it"
            && let Some(at) = self.references.iter().position(subject).filter(|_| !speaks_here)
        {
            return vec![at];
        }
        if let Some(at) = speaker.filter(|at| fits(&self.references[*at])) {
            return vec![at];
        }
        let last = self
            .references
            .iter()
            .enumerate()
            .filter(|(_, r)| fits(r) && r.kind != Kind::Place)
            .filter_map(|(at, r)| {
                Some((r.mentions.iter().filter(|m| m.start < span.start && self.sentence(**m) + REACH >= sentence).max()?, at))
            })
            .max();
        last.map(|(_, at)| vec![at]).unwrap_or_default()
    }

    /// The mentions before some words, the nearest first.
    fn mentions_before(&self, span: ByteSpan) -> impl Iterator<Item = &Mention> {
        self.mentions[..self.mentions.partition_point(|m| m.span.end <= span.start)].iter().rev()
    }

    /// Whether a reference is only described, and as several: "Thai officials".
    fn are_several(&self, reference: &Reference) -> bool {
        reference.names.is_empty() && !reference.nominals.is_empty() && reference.nominals.iter().all(|words| self.is_plural(words))
    }

    fn is_plural(&self, words: &str) -> bool {
        words.rsplit(' ').next().is_some_and(|head| self.words.noun(head.to_lowercase()) != head.to_lowercase())
    }

    /// Whether words at a span only describe what follows, or say whose or where it is: "al-Qaeda" of "the al-Qaeda-linked group", "Russian" of "the
    /// Russian Defence Ministry", "Sudan" of "Sudan’s army" and of "In Sudan, the army".
    fn only_says_whose(&self, span: ByteSpan) -> bool {
        let text = &self.document.text;
        let behind = &text[span.end as usize..];
        let before = text[..span.start as usize].split_whitespace().next_back().unwrap_or_default();
        let setting = behind.starts_with(',') && matches!(before, "In" | "Near" | "At" | "From" | "in" | "near");
        let owns = behind.starts_with(['\'', '’']) || setting;
        let at = self.mentions.partition_point(|m| m.span < span);
        owns || self.mentions.get(at).is_some_and(|m| m.span == span && (m.kind == Kind::Nationality || m.is_compounded(text)))
    }

    /// Whether nothing but a quotation stands before some words in their sentence: "he" of "“We have buried 61,” he said".
    fn follows_quote(&self, span: ByteSpan, sentence: usize) -> bool {
        let Some(start) = self.split.sentences.get(sentence).map(|s| s.span.start).filter(|start| *start < span.start) else {
            return false;
        };
        let before = ByteSpan { start, end: span.start }.of(&self.document.text).trim();
        before.starts_with(['"', '“', '‘']) && before.trim_end_matches(',').ends_with(['"', '”', '’'])
    }

    /// "the spy agency", "the lawmakers", "a rescue official".
    fn description(&mut self, (words, slot): (&str, Slot), span: ByteSpan, body: Option<usize>, chains: &mut Chains) -> Vec<usize> {
        let chain = chains.around(span, &self.document.text);
        if let Some(at) = chain.and_then(|chain| chains.reference(chain)) {
            self.note(at, words);
            return vec![at];
        }
        if let Some(found) = self.by_words(words, span) {
            if let (Some(chain), [at]) = (chain, found.as_slice()) {
                chains.set_reference(chain, *at);
            }
            return found;
        }
        let (determiner, bare) = strip_determiner(words);
        let description = self.singular(bare);
        // A guess for this place alone: elsewhere the report may be another's.
        if let Some(at) = body.filter(|at| determiner == Some("the") && self.goes_on(*at, &description, span, slot)) {
            return vec![at];
        }
        let told_of_again = chain.is_some_and(|chain| chains.members(chain).len() > 1);
        if needs_name(slot) && !told_of_again && self.may_be_anybody(words, &description, span) {
            return Vec::new();
        }
        let at = self.new_reference(self.nominals.kind(&description, slot), None, "described, never named".into());
        self.note(at, words);
        if let Some(chain) = chain {
            chains.set_reference(chain, at);
        }
        vec![at]
    }

    /// Whether nothing says which ones they are: "schools", "their barracks" are on no map, and "gunmen" may be any; of "the market" more may be said,
    /// "Tuareg rebels" are somebody, and so are the police.
    fn may_be_anybody(&self, words: &str, description: &str, span: ByteSpan) -> bool {
        let (determiner, bare) = strip_determiner(words);
        // The words may begin behind it.
        let before = self.document.text[..span.start as usize].split_whitespace().next_back().unwrap_or_default();
        let definite = |word: &str| ["the", "this", "that"].iter().any(|d| word.eq_ignore_ascii_case(d));
        let one = determiner.map_or(definite(before), definite) && !self.is_plural(bare);
        let named = bare.split(' ').skip(usize::from(determiner.is_none())).any(|word| word.starts_with(char::is_uppercase))
            || self.mentions.iter().any(|m| span.covers(m.span) && m.kind != Kind::Time);
        let head = description.rsplit(' ').next().unwrap_or(description);
        !one && !named && !self.words.is("service", head)
    }

    /// Whom the words of a description lead to; `None` where they lead to nobody.
    fn by_words(&mut self, words: &str, span: ByteSpan) -> Option<Vec<usize>> {
        let (determiner, bare) = strip_determiner(words);
        let lower = self.singular(bare);
        if let Some(at) = self.name_within(span, &lower).or_else(|| self.name_behind(span, &lower)) {
            return Some(vec![at]);
        }
        let same = |r: &Reference| r.nominals.iter().any(|n| self.singular(strip_determiner(n).1) == lower);
        if determiner != Some("a")
            && determiner != Some("an")
            && let Some(at) = self.references.iter().position(same)
        {
            return Some(vec![at]);
        }
        let state = self.state_within(span);
        let plural = self.is_plural(bare);
        let definite = determiner.is_some_and(|d| !matches!(d, "a" | "an" | "some" | "another" | "one")) || state.is_some();
        if definite {
            if let Some(found) = self.organization_of(&lower, span, state.as_deref()) {
                self.note(found, words);
                return Some(vec![found]);
            }
            let people = self.people_of(&lower, span, plural);
            if !people.is_empty() {
                for at in &people {
                    self.note(*at, words);
                }
                return Some(people);
            }
        }
        let head = lower.rsplit(' ').next().unwrap_or(&lower).to_owned();
        let state = state.filter(|_| self.words.is("service", &head))?;
        let at = match self.by_key.get(&state) {
            Some(at) => *at,
            None => {
                let at = self.new_reference(Kind::Place, Some(state.clone()), "a body that acts for its state".into());
                self.by_key.insert(state, at);
                at
            }
        };
        Some(vec![at])
    }

    /// Lower-case, with a singular head.
    fn singular(&self, words: &str) -> String {
        let lower = words.to_lowercase();
        match lower.rsplit_once(' ') {
            Some((front, head)) => format!("{front} {}", self.words.noun(head.to_owned())),
            None => self.words.noun(lower),
        }
    }

    /// Whom a description's only name means, where the rest says whose it is, what the name is or did, and no person who belongs to it: "the M23 rebel
    /// movement", "UN figures", "Kenya's National Intelligence Service (NIS)", but not "an INTUC official".
    fn name_within(&self, span: ByteSpan, description: &str) -> Option<usize> {
        let inside = self.mentions.iter().filter(|m| span.covers(m.span) && m.kind != Kind::Time);
        let (named, others): (Vec<&Mention>, Vec<&Mention>) =
            inside.partition(|m| matches!(m.kind, Kind::Organization | Kind::MilitaryUnit | Kind::Person));
        let (first, last) = (named.first()?, named.last()?);
        let at = self.references.iter().position(|r| r.mentions.contains(&first.span))?;
        let one =
            named.iter().all(|m| self.references[at].mentions.contains(&m.span)) && others.iter().all(|m| m.span.end <= first.span.start);
        let head = description.rsplit(' ').next().unwrap_or(description);
        let somebody = ["person", "member", "leader", "lawmaker"].iter().any(|class| self.words.is(class, head));
        let behind = self.document.text[last.span.end as usize..span.end as usize].trim_matches(')');
        (one && (behind.is_empty() || !somebody)).then_some(at)
    }

    /// Who is named right behind a description: "the group Fortify Rights", "Minister" of "Minister of Defence Andris Kalns".
    fn name_behind(&self, span: ByteSpan, description: &str) -> Option<usize> {
        let text = &self.document.text;
        let is_post = |word: &str| ["leader", "member"].iter().any(|class| self.words.is(class, word));
        let head = description.rsplit(' ').next().unwrap_or(description);
        let office = |words: &str| {
            let of = words.strip_prefix(" of ").and_then(|words| words.strip_suffix(' '));
            of.is_some_and(|of| {
                of.split(' ').all(|word| {
                    let name = word.starts_with(char::is_uppercase) && !word.ends_with(',') && !is_post(&word.to_lowercase());
                    name || matches!(word, "of" | "the" | "and" | "for")
                })
            })
        };
        let at = self.mentions.partition_point(|m| m.span.start <= span.end);
        let name = self.mentions[at..].iter().take_while(|m| m.span.start - span.end <= MOST_OFFICE).find(|m| {
            let between = &text[span.end as usize..m.span.start as usize];
            match m.kind {
                Kind::Organization | Kind::MilitaryUnit => between == " " && self.nominals.kinds(head).has(Kinds::ORGANIZATION),
                Kind::Person => is_post(head) && (between == " " || office(between)),
                _ => false,
            }
        })?;
        self.references.iter().position(|r| r.mentions.contains(&name.span))
    }

    /// Whether a reference is a body with a name.
    fn is_body(&self, at: usize) -> bool {
        let reference = &self.references[at];
        reference.kind == Kind::Organization && !reference.names.is_empty()
    }

    /// Whether a source is the body that spoke last: what it published ("the report said"), while no other body was named since, and a body of which no
    /// list says what it is ("the group said").
    fn goes_on(&self, body: usize, description: &str, span: ByteSpan, slot: Slot) -> bool {
        let body = &self.references[body];
        let sentence = self.sentence(span);
        let Some(last) = body.mentions.iter().filter(|m| m.start < span.start).max() else { return false };
        let rivals = self.mentions_before(span).take_while(|m| m.span.start > last.start);
        let mut rivals = rivals.filter(|m| matches!(m.kind, Kind::Organization | Kind::MilitaryUnit) && !body.mentions.contains(&m.span));
        let wordings = self.nominals.wordings();
        let document = wordings.published.contains(description) && rivals.next().is_none();
        let unlisted = body.key.is_none() && wordings.unspecific.contains(description);
        let near = self.sentence(*last) + REACH >= sentence;
        matches!(slot, Slot::Author | Slot::RelayedBy) && near && (document || unlisted)
    }

    /// The state whose name or adjective stands in a description.
    fn state_within(&self, span: ByteSpan) -> Option<String> {
        // "The Bahrain-based fleet" is not Bahrain's.
        let inside = self
            .mentions
            .iter()
            .filter(|m| span.covers(m.span) && matches!(m.kind, Kind::Place | Kind::Nationality) && !m.is_compounded(&self.document.text));
        inside.filter_map(|m| m.key.clone()).find(|key| key.starts_with("state/"))
    }

    /// The organization that a definite description fits: the one named last before it, else next after it, else the state's only one.
    fn organization_of(&mut self, description: &str, span: ByteSpan, state: Option<&str>) -> Option<usize> {
        let fits = |r: &Reference| {
            if !matches!(r.kind, Kind::Organization | Kind::MilitaryUnit) {
                return false;
            }
            let listed = r.key.as_deref().and_then(|k| self.gazetteer.listed(k));
            let same_state = state.is_none() || listed.as_ref().and_then(|l| l.state.as_deref()).is_none_or(|s| Some(s) == state);
            let name = r.names.first().map_or("", String::as_str);
            same_state && self.nominals.fits(description, listed.as_ref().and_then(|l| l.class.as_deref()), name)
        };
        let before = |r: &Reference| r.mentions.iter().filter(|m| m.start < span.start).max().copied();
        let last = self.references.iter().enumerate().filter(|(_, r)| fits(r)).filter_map(|(at, r)| Some((before(r)?, at))).max();
        if let Some((_, at)) = last {
            return Some(at);
        }
        let next =
            self.references.iter().enumerate().filter(|(_, r)| fits(r)).filter_map(|(at, r)| Some((r.mentions.iter().min()?, at))).min();
        if let Some((_, at)) = next.filter(|_| state.is_some()) {
            return Some(at);
        }
        let subtype = self.nominals.unique(description)?;
        let keys = self.gazetteer.of_state(subtype, state?);
        let [key] = keys.as_slice() else { return None };
        let at = self.new_reference(Kind::Organization, Some(key.clone()), "the only such body of that state in the gazetteer".into());
        self.by_key.insert(key.clone(), at);
        Some(at)
    }

    /// People whose post is the description's: one for "the minister", all for "the lawmakers".
    fn people_of(&self, description: &str, span: ByteSpan, plural: bool) -> Vec<usize> {
        let head = description.rsplit(' ').next().unwrap_or(description);
        let same_post = |r: &Reference| {
            r.kind == Kind::Person
                && r.job_title.as_deref().is_some_and(|post| {
                    let post = self.singular(post.trim_end_matches('.'));
                    let post_head = post.rsplit(' ').next().unwrap_or(&post);
                    post_head == head || head == "lawmaker" && self.words.is("lawmaker", post_head)
                })
        };
        let mut found: Vec<(ByteSpan, usize)> = self
            .references
            .iter()
            .enumerate()
            .filter(|(_, r)| same_post(r))
            .filter_map(|(at, r)| Some((r.mentions.iter().filter(|m| m.start < span.start).max().copied()?, at)))
            .collect();
        found.sort_unstable();
        if plural { found.into_iter().map(|(_, at)| at).collect() } else { found.last().map(|(_, at)| vec![*at]).unwrap_or_default() }
    }
}

/// Whether a slot is for those only that a name leads to, or that are one of which the text says more: sources may be anybody.
pub(super) fn needs_name(slot: Slot) -> bool {
    matches!(slot, Slot::Place | Slot::Origin | Slot::Agent | Slot::Recipient | Slot::CountedActor)
}

fn is_first_person(words: &str) -> bool {
    matches!(words.to_lowercase().as_str(), "i" | "we" | "us" | "me")
}

fn is_pronoun(words: &str) -> bool {
    matches!(words.to_lowercase().as_str(), "it" | "he" | "she" | "they" | "him" | "her" | "them" | "its" | "their" | "who" | "which")
}

fn strip_determiner(words: &str) -> (Option<&str>, &str) {
    match words.split_once(' ') {
        Some((first, rest)) => match DETERMINERS.iter().find(|d| first.eq_ignore_ascii_case(d)) {
            Some(determiner) => (Some(determiner), rest),
            None => (None, words),
        },
        None => (None, words),
    }
}
