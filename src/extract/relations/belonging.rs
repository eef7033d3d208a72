//! What lies in what, and what is part of what, as two names that stand beside each other say: "Barra in Gambia", "Seiyun, Hadramawt", "the Russian port
//! of Ust-Luga", "the Prague-based think tank Strategos", "the U.N. mission MINUSMA".

use crate::extract::Lexicon;
use crate::extract::tree::Tree;
use crate::types::{ByteSpan, Kind, Label, Mention, Slot, Tag};

/// Words between two names that are looked at.
const MOST_BETWEEN: usize = 8;

/// One thing in or of another.
pub(super) struct Belonging {
    /// "LocatedIn" or "PartOf".
    pub event: &'static str,
    pub of: ByteSpan,
    pub whole: ByteSpan,
    /// The slot of the whole.
    pub slot: Slot,
    /// The token that says so.
    pub by: usize,
}

impl Belonging {
    fn located(of: ByteSpan, whole: &Mention, by: usize) -> Belonging {
        Belonging { event: "LocatedIn", of, whole: whole.span, slot: Slot::Place, by }
    }

    fn part(of: &Mention, whole: &Mention, by: usize) -> Belonging {
        Belonging { event: "PartOf", of: of.span, whole: whole.span, slot: Slot::Recipient, by }
    }
}

/// Finds them in one sentence.
pub(super) fn belongings(tree: &Tree<'_>, lexicon: &Lexicon, mentions: &[Mention]) -> Vec<Belonging> {
    let names: Vec<&Mention> = mentions.iter().filter(|m| m.kind != Kind::Time).collect();
    let finder = Finder { tree, lexicon, mentions, names: &names };
    let mut found: Vec<Belonging> = names.windows(2).filter_map(|pair| finder.beside(pair[0], pair[1])).collect();
    for (at, name) in names.iter().enumerate() {
        found.extend(finder.based(name, names.get(at + 1).copied()));
        found.extend(finder.site_in(name));
        found.extend(finder.body_of(name));
    }
    // What the words beside it say where it lies is said.
    let open = finder.in_front().into_iter().filter(|one| !found.iter().any(|known| known.event == one.event && known.of == one.of));
    let open: Vec<Belonging> = open.collect();
    found.extend(open);
    found
}

struct Finder<'t, 'a> {
    tree: &'t Tree<'a>,
    lexicon: &'t Lexicon,
    mentions: &'t [Mention],
    names: &'t [&'t Mention],
}

fn is_body(mention: &Mention) -> bool {
    matches!(mention.kind, Kind::Organization | Kind::MilitaryUnit)
}

/// A place that lies in others: no state.
fn lies(mention: &Mention) -> bool {
    mention.kind == Kind::Place && !mention.is_state()
}

impl Finder<'_, '_> {
    fn beside(&self, first: &Mention, second: &Mention) -> Option<Belonging> {
        let tree = self.tree;
        let (start, end) = (tree.last_in(first.span)? + 1, tree.first_in(second.span)?);
        if start > end || end - start > MOST_BETWEEN || !self.ends_its_phrase(second) {
            return None;
        }
        let between: Vec<usize> = (start..end).collect();
        // "Banteay Meanchey province’s Boeung Trakuon village".
        let called = between.iter().take_while(|at| first.kind == Kind::Place && self.is_site(**at)).count();
        let possessive = |at: &&usize| tree.tag(**at) == Tag::Pos || tree.word(**at) == "’" || tree.word(**at) == "'";
        let owns = between.get(called).filter(possessive);
        let behind = if owns.is_some() { &between[called + 1..] } else { &between[..] };
        let nouns = behind.iter().take_while(|at| matches!(tree.tag(**at), Tag::Nn | Tag::Jj)).count();
        let noun = nouns.checked_sub(1).map(|last| behind[last]);
        match (&behind[nouns..], second.kind) {
            // "Ghana’s Upper East region", "Kharkiv’s Saltivka district", "the Swedish Armed Forces’ Air Defence Regiment", "India’s Bharat Electronics".
            ([], Kind::Place) if owns.is_some() && first.kind == Kind::Place && lies(second) => {
                return Some(Belonging::located(second.span, first, *owns?));
            }
            ([], _)
                if owns.is_some() && first.kind == Kind::Organization && is_body(second) && noun.is_none_or(|at| self.names_body(at)) =>
            {
                return Some(Belonging::part(second, first, *owns?));
            }
            ([], _) if owns.is_some() && first.kind == Kind::Place && is_body(second) => {
                let by = *owns?;
                // "Ukraine’s Ministry of Defence" is of the state, "Sudan’s paramilitary Rapid Support Forces" are not.
                let irregular = behind.iter().any(|at| self.lexicon.words.is("irregular", &tree.word(*at).to_lowercase()));
                return Some(if !irregular && self.serves(second) {
                    Belonging::part(second, first, by)
                } else {
                    Belonging::located(second.span, first, by)
                });
            }
            // "The Prague think tank Strategos", "the US firm Umbra", "the U.N. mission MINUSMA".
            ([], _) if is_body(second) && owns.is_none() && noun.is_some_and(|at| self.names_body(at)) => {
                let at = noun?;
                return match first.kind {
                    Kind::Place | Kind::Nationality if self.is_office(tree.lemma(at)) => Some(Belonging::part(second, first, at)),
                    Kind::Place | Kind::Nationality => Some(Belonging::located(second.span, first, at)),
                    // "The Pentagon contractor Anduril" is none of the Pentagon’s.
                    Kind::Organization if nouns == 1 && first.span.of(tree.text).chars().all(|c| c.is_uppercase() || c == '.') => {
                        Some(Belonging::part(second, first, at))
                    }
                    _ => None,
                };
            }
            // "The Russian port of Ust-Luga".
            ([of], Kind::Place) if tree.is(*of, "of") && matches!(first.kind, Kind::Nationality | Kind::Place) => {
                return noun
                    .filter(|at| self.lexicon.words.is("town", tree.lemma(*at)))
                    .map(|at| Belonging::located(second.span, first, at));
            }
            // "Seiyun, Hadramawt", "Barangay San Isidro, Las Navas town", "the village of Barra, Gambia".
            ([comma], Kind::Place) if owns.is_none() && tree.is(*comma, ",") && lies(first) && self.is_address(first, second) => {
                return Some(Belonging::located(first.span, second, *comma));
            }
            _ => {}
        }
        self.joined(first, second, &between, start).or_else(|| self.told_of(first, second, &between))
    }

    /// "Barra in Gambia", "the Arsenyev depot in Primorye", "Datu Hoffer, in Maguindanao del Sur", "the Border Service of the State Committee".
    fn joined(&self, first: &Mention, second: &Mention, between: &[usize], start: usize) -> Option<Belonging> {
        let tree = self.tree;
        let (prep, rest) = self.preposition(between)?;
        let what = prep.checked_sub(1).filter(|at| *at >= start && self.is_site(*at)).unwrap_or(prep);
        let stands = |at: usize| self.is_site(at) || tree.is(at, ",") || tree.tag(at) == Tag::Rb;
        if !between.iter().take_while(|at| **at < prep).all(|at| stands(*at)) || !rest.iter().all(|at| self.is_modifier(*at)) {
            return None;
        }
        let attached = tree.head(prep).is_some_and(|head| head + 1 >= start && head < prep);
        match (first.kind, second.kind) {
            // "Talks between Washington and Moscow in Riyadh".
            (Kind::Place, Kind::Place)
                if !tree.is(prep, "of") && !first.is_state() && !self.is_topic(first) && (attached || !self.is_joined(first)) =>
            {
                Some(Belonging::located(first.span, second, what))
            }
            (Kind::Organization | Kind::MilitaryUnit, Kind::Place) if attached && tree.is(prep, "of") && self.serves(first) => {
                Some(Belonging::part(first, second, prep))
            }
            (Kind::Organization | Kind::MilitaryUnit, Kind::Place) if attached => Some(Belonging::located(first.span, second, prep)),
            (Kind::Organization | Kind::MilitaryUnit, Kind::Organization | Kind::MilitaryUnit) if tree.is(prep, "of") && attached => {
                Some(Belonging::part(first, second, prep))
            }
            _ => None,
        }
    }

    /// Whether a name is joined to another before it by "and".
    fn is_joined(&self, name: &Mention) -> bool {
        self.tree.last_in(name.span).is_some_and(|last| self.tree.label(last) == Label::Conj)
    }

    /// "Samraong, the capital of Oddar Meanchey", "Kupiansk, a town in Kharkiv region".
    fn told_of(&self, first: &Mention, second: &Mention, between: &[usize]) -> Option<Belonging> {
        let tree = self.tree;
        let (comma, rest) = between.split_first()?;
        if !lies(first) || second.kind != Kind::Place || !tree.is(*comma, ",") {
            return None;
        }
        let at = rest.iter().position(|at| self.is_site(*at))?;
        let (noun, behind) = (rest[at], &rest[at + 1..]);
        let article = rest[..at].iter().all(|at| self.is_modifier(*at) || tree.is_noun(*at) || tree.tag(*at) == Tag::Pos);
        let leads = behind.first().is_some_and(|at| ["of", "in", "on"].iter().any(|word| tree.is(*at, word)));
        (article && leads && behind[1..].iter().all(|at| self.is_modifier(*at))).then(|| Belonging::located(first.span, second, noun))
    }

    /// Talks are on a place, and statements about it, that need not be where they are held: "talks on Gaza in Doha".
    fn is_topic(&self, place: &Mention) -> bool {
        let tree = self.tree;
        let cues = &self.lexicon.cues;
        let spoken = |verb: usize| {
            tree.is_verb(verb) && cues.held_objects.contains(tree.lemma(verb)) && !cues.attribution.contains(tree.lemma(verb))
        };
        let about = |at: usize| {
            let talk = at.checked_sub(1).is_some_and(|noun| self.lexicon.words.is("talk", tree.lemma(noun)));
            talk && tree.is_one_of(at, &cues.topic)
        };
        tree.first_in(place.span).and_then(|at| at.checked_sub(1)).is_some_and(about)
            || tree.last_in(place.span).and_then(|at| tree.head(at)).is_some_and(spoken)
    }

    /// Whether a second place behind a comma goes on with the first, and is none of a list: "in Lyon, Paris and Nice".
    fn is_address(&self, first: &Mention, second: &Mention) -> bool {
        let tree = self.tree;
        let listed = |mut at: usize, step: fn(usize) -> Option<usize>| {
            // Over the places and commas on that side.
            for _ in 0..MOST_BETWEEN * 2 {
                if at >= tree.len() {
                    return false;
                }
                if tree.is(at, "and") || tree.is(at, "or") {
                    return true;
                }
                let goes_on =
                    tree.is(at, ",") || tree.mention(self.mentions, at).is_some_and(|m| m.kind == Kind::Place) || self.is_site(at);
                match step(at) {
                    Some(next) if goes_on => at = next,
                    _ => return false,
                }
            }
            false
        };
        let (Some(front), Some(last)) = (tree.first_in(first.span), tree.last_in(second.span)) else { return false };
        let end = last + 1 + usize::from(last + 1 < tree.len() && self.is_site(last + 1));
        // "In Sumy, Russia struck a hospital": what stands behind does something.
        let speaks = matches!(tree.label(last), Label::Nsubj | Label::Nsubjpass);
        !speaks && !listed(end, |at| Some(at + 1)) && !front.checked_sub(1).is_some_and(|at| listed(at, |at| at.checked_sub(1)))
    }

    /// What lies in a place that is named right behind, by what it is: "the provincial hospital in Shariff Aguak", "police in Himamaylan".
    fn site_in(&self, place: &Mention) -> Option<Belonging> {
        let tree = self.tree;
        let first = tree.first_in(place.span).filter(|_| place.kind == Kind::Place && self.ends_its_phrase(place))?;
        let prep = (first.saturating_sub(3)..first)
            .rev()
            .find(|at| !self.is_modifier(*at))
            .filter(|at| tree.is(*at, "in") || tree.is(*at, "at"))?;
        let head = prep.checked_sub(1).filter(|head| tree.is_noun(*head) && tree.mention(self.mentions, *head).is_none())?;
        let named = ["site", "embassy"].iter().any(|class| self.lexicon.words.is(class, tree.lemma(head)));
        let body = ["service", "body"].iter().any(|class| self.lexicon.words.is(class, tree.lemma(head)));
        let phrase = tree.phrase(head);
        let the = |at: usize| at < head && (tree.is(at, "the") || tree.tag(at) == Tag::Nnp || tree.tag(at) == Tag::Pos);
        let one = tree.children(head).iter().any(|at| the(*at)) && !matches!(tree.tag(head), Tag::Nns);
        // "The Abu Shouk camp in El Fasher" is told by its name.
        let by_name = self.within(phrase).any(|m| m.kind == Kind::Place);
        ((named || body) && !by_name && (one || tree.is(head, "police")))
            .then(|| Belonging::located(without_article(tree, head, phrase), place, prep))
    }

    /// The mentions that overlap some words.
    fn within(&self, span: ByteSpan) -> impl Iterator<Item = &Mention> {
        self.mentions.iter().filter(move |m| m.span.overlaps(span))
    }

    /// "In Marib, … on the Raghwan front": a place that opens the sentence holds those that follow.
    fn in_front(&self) -> Vec<Belonging> {
        let tree = self.tree;
        let Some(whole) = self.names.iter().find(|m| m.kind == Kind::Place) else { return Vec::new() };
        let opens = tree.first_in(whole.span).is_some_and(|first| {
            first > 0
                && first <= 4
                && tree.is(0, "in")
                && (1..first).all(|at| self.is_modifier(at) || self.is_site(at) || tree.is(at, "of"))
        });
        let Some(last) = tree.last_in(whole.span).filter(|_| opens) else { return Vec::new() };
        // Behind a comma, with what the place is called by: "in Marib province, in the north, …".
        let comma = last + 1 + usize::from(last + 1 < tree.len() && self.is_site(last + 1));
        if comma >= tree.len() || !tree.is(comma, ",") {
            return Vec::new();
        }
        let main = (comma..tree.len()).find(|at| tree.label(*at) == Label::Root);
        let held = |m: &&&Mention| {
            let Some(first) = tree.first_in(m.span) else { return false };
            let prep =
                (first.saturating_sub(4)..first).rev().find(|at| !self.is_modifier(*at) && !self.is_site(*at) && !tree.is(*at, "of"));
            let leads = prep.filter(|at| *at > comma && ["in", "at", "near", "outside"].iter().any(|word| tree.is(*at, word)));
            lies(m) && self.ends_its_phrase(m) && leads.is_some_and(|at| tree.ancestors(at).any(|above| Some(above) == main))
        };
        let by = 0;
        self.names.iter().filter(held).map(|m| Belonging::located(m.span, whole, by)).collect()
    }

    fn is_modifier(&self, at: usize) -> bool {
        // "North-eastern" is three tokens.
        let hyphen = |at: usize| at < self.tree.len() && self.tree.is(at, "-");
        matches!(self.tree.tag(at), Tag::Dt | Tag::Jj | Tag::Vbn | Tag::Vbg) || hyphen(at) || hyphen(at + 1)
    }

    /// Whether a body is called by what serves a state: a ministry, an army.
    fn serves(&self, body: &Mention) -> bool {
        let text = body.span.of(self.tree.text).to_lowercase();
        text.split(' ').any(|word| self.is_office(&self.lexicon.words.noun(word.to_owned())))
    }

    /// Whether a noun is one for bodies that serve a state.
    fn is_office(&self, noun: &str) -> bool {
        ["service", "office"].iter().any(|class| self.lexicon.words.is(class, noun))
    }

    /// A body that is called by what it does, of a state or body that has a name: "Ukraine’s air force", "the U.N. refugee agency".
    fn body_of(&self, name: &Mention) -> Option<Belonging> {
        let tree = self.tree;
        let last = tree.last_in(name.span).filter(|_| is_body(name) || name.kind == Kind::Place)?;
        let owns = last + 1 < tree.len() && (tree.tag(last + 1) == Tag::Pos || matches!(tree.word(last + 1), "’" | "'"));
        let first = last + 1 + usize::from(owns);
        let inside = |at: usize| matches!(tree.tag(at), Tag::Nn | Tag::Nns | Tag::Jj) && tree.mention(self.mentions, at).is_none();
        let head = (first..tree.len()).take_while(|at| inside(*at)).last().filter(|head| tree.is_noun(*head))?;
        // "The Wagner group" is Wagner.
        let office = self.is_office(tree.lemma(head)) || owns && self.names_body(head);
        let goes_on = head + 1 < tree.len() && tree.tag(head + 1) == Tag::Nnp;
        // "The Anadolu agency" is Anadolu.
        let itself = !owns && (name.kind == Kind::Place || head == first || !self.lexicon.words.is("office", tree.lemma(head)));
        if !office || goes_on || itself {
            return None;
        }
        let of = ByteSpan { start: tree.span(first).start, end: tree.span(head).end };
        if lies(name) {
            return Some(Belonging::located(of, name, last + 1));
        }
        Some(Belonging { event: "PartOf", of, whole: name.span, slot: Slot::Recipient, by: last + 1 })
    }

    /// Whether a name is not the front of another phrase or the doer of a clause on it: "Russia’s Ukraine war", "the UN office Amnesty criticised",
    /// "in Russia’s words". A noun for a place may stand behind it: "Upper East region".
    fn ends_its_phrase(&self, name: &Mention) -> bool {
        let tree = self.tree;
        let Some(last) = tree.last_in(name.span) else { return false };
        let doer = tree.head(last).is_some_and(|head| tree.label(last) == Label::Nsubj && tree.label(head) == Label::Relcl);
        let owns = tree.text[name.span.end as usize..].starts_with(['\'', '’']) || name.is_compounded(tree.text);
        let goes_on = last + 1 < tree.len() && tree.is_noun(last + 1) && !(name.kind == Kind::Place && self.is_site(last + 1));
        !doer && !owns && !goes_on
    }

    fn is_site(&self, at: usize) -> bool {
        ["site", "town"].iter().any(|class| self.lexicon.words.is(class, self.tree.lemma(at)))
    }

    /// The first "in", "at" or "of", and what stands behind it.
    fn preposition<'b>(&self, between: &'b [usize]) -> Option<(usize, &'b [usize])> {
        let tree = self.tree;
        let at = between.iter().position(|at| ["in", "at", "of", "on"].iter().any(|word| tree.is(*at, word)))?;
        Some((between[at], &between[at + 1..]))
    }

    /// "The Dakar-based monitor", "the Prague-based institute Strategos".
    fn based(&self, place: &Mention, next: Option<&Mention>) -> Option<Belonging> {
        let tree = self.tree;
        let behind = &tree.text[place.span.end as usize..];
        if place.kind != Kind::Place || !behind.starts_with("-based ") && !behind.starts_with("‑based ") {
            return None;
        }
        let mut head = (tree.last_in(place.span)? + 1..tree.len()).find(|at| tree.is_noun(*at))?;
        while head + 1 < tree.len() && tree.tag(head + 1) == Tag::Nn {
            head += 1;
        }
        let named = next.filter(|m| is_body(m) && tree.first_in(m.span).is_some_and(|at| at <= head + 1) && self.ends_its_phrase(m));
        let of = named.map_or_else(|| tree.phrase(head), |m| m.span);
        (named.is_some() || self.names_body(head)).then(|| Belonging::located(of, place, head))
    }

    /// Whether a noun is one for bodies: "mission", "think tank".
    fn names_body(&self, at: usize) -> bool {
        let tree = self.tree;
        let pair = || at.checked_sub(1).map(|before| format!("{} {}", tree.word(before).to_lowercase(), tree.lemma(at)));
        self.lexicon.words.is("body", tree.lemma(at)) || pair().is_some_and(|pair| self.lexicon.words.is("body", &pair))
    }
}

/// A noun phrase without its article.
fn without_article(tree: &Tree<'_>, head: usize, phrase: ByteSpan) -> ByteSpan {
    let first = tree.first_in(phrase).filter(|first| *first < head && tree.tag(*first) == Tag::Dt);
    first.map_or(phrase, |first| ByteSpan { start: tree.span(first + 1).start, end: phrase.end })
}
