//! The event that a number's clause asserts.

use super::Lexicon;
use super::counted::{Place, phrase_text};
use super::events::{Class, NOT, Part, Sense};
use super::tree::Tree;
use crate::types::{Counted, Kind, Label, Measure, Mention, Quantity, Scope, Tag};

/// What says that something happened to the counted.
#[derive(Clone, Debug)]
pub(super) struct Predicate {
    /// The word that says so.
    pub at: usize,
    /// Its lemma.
    pub lemma: String,
    /// Event type.
    pub event: String,
    /// Its frame, where the lexicon has one.
    pub frame: Option<usize>,
    /// The verb whose clause it is; the word itself where that is a verb.
    pub verb: Option<usize>,
    /// Verbs above that add no event of their own: "believed" of "are believed to have been killed".
    pub above: Vec<usize>,
    /// What is counted, where the predicate and not the number's own phrase says so: "casualties" of "casualties rose to 12".
    pub counted: Option<Counted>,
    /// Total or increment, where the verb says so: "rose to", "rose by".
    pub scope: Option<Scope>,
    /// Why, in words.
    pub reason: String,
}

/// Finds the predicate of a number from its place.
pub(super) fn predicate(tree: &Tree<'_>, lexicon: &Lexicon, mentions: &[Mention], quantity: &Quantity, place: &Place) -> Predicate {
    let finder = Finder { tree, lexicon, classes: classes(tree, lexicon, mentions, quantity, place), place };
    finder.find(quantity)
}

/// What sort of thing is counted: the classes of `models/nouns.toml` that its head is in.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Classes {
    /// Whether the words say what is counted at all.
    pub known: bool,
    pub person: bool,
    pub soldier: bool,
    pub munition: bool,
    pub money: bool,
    /// An amount of a unit with nothing that it is of: "54,000 hectares".
    pub bare_unit: bool,
}

impl Classes {
    /// The classes of a noun.
    pub(super) fn of(tree: &Tree<'_>, lexicon: &Lexicon, mentions: &[Mention], head: usize) -> Classes {
        let is = |class: &str| lexicon.words.is(class, tree.lemma(head));
        let mention = tree.mention(mentions, head);
        let people = mention.is_some_and(|m| matches!(m.kind, Kind::Nationality | Kind::Person));
        let weapon = mention.filter(|m| m.kind == Kind::Equipment).map(|m| m.span.of(tree.text).to_lowercase());
        let named = weapon.is_some_and(|w| lexicon.words.members("munition_names").any(|part| w.contains(part)));
        let munition = is("munition") || named;
        Classes { known: true, person: is("person") || people, soldier: is("soldier") || people, munition, money: false, bare_unit: false }
    }

    fn fits(self, wanted: Option<Class>) -> bool {
        match wanted {
            _ if self.money => wanted == Some(Class::Money),
            Some(Class::Money) => false,
            None => !self.bare_unit,
            Some(Class::Thing) => !self.person || !self.known,
            Some(_) if self.bare_unit => false,
            Some(Class::Person) => self.person || !self.known,
            Some(Class::Soldier) => self.soldier,
            Some(Class::Munition) => self.munition,
        }
    }
}

fn classes(tree: &Tree<'_>, lexicon: &Lexicon, mentions: &[Mention], quantity: &Quantity, place: &Place) -> Classes {
    if quantity.measure == Measure::Money {
        return Classes { money: true, ..Classes::default() };
    }
    match place.head {
        Some(head) => Classes::of(tree, lexicon, mentions, head),
        None => Classes { bare_unit: matches!(quantity.measure, Measure::Unit | Measure::Share), ..Classes::default() },
    }
}

/// The first sense of a verb that fits its words and the class of what it is done to. `apart` is a token that is no part of the verb's words.
pub(super) fn sense<'l>(tree: &Tree<'_>, lexicon: &'l Lexicon, verb: usize, classes: Classes, apart: Option<usize>) -> Option<&'l Sense> {
    lexicon.events.senses(tree.lemma(verb)).iter().find(|sense| {
        let fits = sense.with.as_deref().is_none_or(|word| stands_with(tree, verb, word, apart));
        fits && classes.fits(lexicon.events.frame(sense.frame).of)
    })
}

/// Whether a word stands with a verb: a dependent of it or of a dependent, within reach, and not `apart`.
pub(super) fn stands_with(tree: &Tree<'_>, verb: usize, word: &str, apart: Option<usize>) -> bool {
    let fits = |t: usize| Some(t) != apart && (tree.lemma(t) == word || tree.is(t, word) || word == NOT && tree.label(t) == Label::Neg);
    let near = |t: usize| t > verb && t < verb + 9 || t < verb && tree.label(t) != Label::Conj;
    tree.children(verb).iter().any(|child| {
        near(*child)
            && (fits(*child)
                || matches!(tree.label(*child), Label::Prep | Label::Dobj | Label::Ccomp | Label::Oprd | Label::Advmod | Label::Xcomp)
                    && tree.children(*child).iter().any(|grand| near(*grand) && fits(*grand)))
    })
}

struct Finder<'t, 'a> {
    tree: &'t Tree<'a>,
    lexicon: &'t Lexicon,
    classes: Classes,
    place: &'t Place,
}

impl Finder<'_, '_> {
    fn find(&self, quantity: &Quantity) -> Predicate {
        let tree = self.tree;
        let start = self.place.from;
        if let Some(adjective) = self.place.bare_adjective {
            return self.adjective(adjective, self.verb_above(start));
        }
        // "two of the wounded succumbed": what the clause says counts, not what they were.
        let of_known = self.place.head.is_some_and(|head| head != start && !self.tree.is_noun(head));
        if let Some(found) = self.place.head.filter(|_| !of_known).and_then(|head| self.event_noun(head)) {
            return found;
        }
        if let Some(adjective) = self.place.head.and_then(|head| self.adjective_behind(head)) {
            return self.adjective(adjective, self.verb_above(start));
        }
        if self.is_worth() {
            return self.fallback(self.place.first.saturating_sub(1), self.verb_above(start), quantity);
        }
        let mut at = start;
        let mut through: Option<usize> = None;
        for _ in 0..tree.len().min(24) {
            let Some(head) = tree.head(at) else { break };
            // A participle taken for the verb though it stands inside the counted phrase: "2,000 injured soldiers have been sent home".
            let inside = self.place.head.is_some_and(|noun| self.place.last < head && head < noun);
            if inside && tree.is_verb(head) {
                let main = (head + 1..tree.len())
                    .find(|t| tree.is_verb(*t) && !matches!(tree.label(*t), Label::Aux | Label::Auxpass) && Some(*t) > self.place.head);
                if let Some(main) = main {
                    return self.at_verb(main, at, None, quantity);
                }
            }
            if matches!(tree.label(head), Label::Prep) && tree.tag(head) == Tag::Vbg {
                through = Some(head);
                at = head;
                continue;
            }
            if tree.is_verb(head) && tree.tag(head) != Tag::Md || self.acts_as_verb(head, at) {
                return self.at_verb(head, at, through, quantity);
            }
            if tree.is_noun(head)
                && let Some(found) = self.under_noun(head, at, through)
            {
                return found;
            }
            if matches!(tree.tag(head), Tag::In | Tag::To) {
                through = Some(head);
            }
            at = head;
        }
        if tree.is_verb(at) {
            return self.at_verb(at, start, through, quantity);
        }
        self.participle_of(self.place.head.unwrap_or(start)).unwrap_or_else(|| self.fallback(at, None, quantity))
    }

    /// "missing", "dead", "due" with a subject of their own.
    fn acts_as_verb(&self, head: usize, below: usize) -> bool {
        let tree = self.tree;
        let predicative = tree.tag(head) == Tag::Jj || self.lexicon.events.adjective(&tree.word(head).to_lowercase()).is_some();
        matches!(tree.label(below), Label::Nsubj | Label::Nsubjpass) && predicative
    }

    /// The nearest verb above a token.
    fn verb_above(&self, at: usize) -> Option<usize> {
        self.tree.ancestors(at).find(|a| self.tree.is_verb(*a))
    }

    /// The counted noun names the event itself: "600 deaths", "12 air strikes".
    fn event_noun(&self, noun: usize) -> Option<Predicate> {
        let tree = self.tree;
        let word = tree.word(noun).to_lowercase();
        let frame = self.lexicon.events.noun(tree.lemma(noun)).or_else(|| {
            let plain_adjective = tree.is_noun(noun) && self.lexicon.events.adjective(&word).is_some();
            plain_adjective.then(|| self.lexicon.events.adjective(&word)).flatten()
        })?;
        Some(self.made(noun, tree.lemma(noun).to_owned(), Some(frame), self.verb_above(noun), format!("“{word}” names the event")))
    }

    /// A predicate adjective or participle right behind the noun: "12 people dead", "with 40 others missing".
    fn adjective_behind(&self, head: usize) -> Option<usize> {
        let tree = self.tree;
        let mut next = head + 1;
        while next < tree.len() && matches!(tree.tag(next), Tag::Rb) {
            next += 1;
        }
        let frame_word = next < tree.len() && self.lexicon.events.adjective(&tree.word(next).to_lowercase()).is_some();
        let clause_end =
            next + 1 >= tree.len() || matches!(tree.tag(next + 1), Tag::Punct | Tag::Cc | Tag::In | Tag::Rb) || tree.is_noun(next + 1);
        (frame_word && clause_end && !matches!(tree.tag(next), Tag::Vbd)).then_some(next)
    }

    fn adjective(&self, at: usize, verb: Option<usize>) -> Predicate {
        let word = self.tree.word(at).to_lowercase();
        let frame = self.lexicon.events.adjective(&word);
        let verb = if self.tree.is_verb(at) { Some(at) } else { verb };
        let lemma = if self.tree.is_verb(at) { self.tree.lemma(at).to_owned() } else { word.clone() };
        self.made(at, lemma, frame, verb, format!("“{word}” is said of them"))
    }

    fn made(&self, at: usize, lemma: String, frame: Option<usize>, verb: Option<usize>, reason: String) -> Predicate {
        let event = frame.map_or_else(|| "Other".to_owned(), |f| self.lexicon.events.frame(f).event.clone());
        Predicate { at, lemma, event, frame, verb, above: Vec::new(), counted: None, scope: None, reason }
    }

    /// A noun above the counted one: "the deaths of 14 people", "casualties, including 600", "attacks on 12 villages".
    fn under_noun(&self, noun: usize, below: usize, through: Option<usize>) -> Option<Predicate> {
        let tree = self.tree;
        let through = through.filter(|prep| tree.head(*prep) == Some(noun));
        let linked = through.is_some_and(|prep| ["of", "on", "against", "including", "at", "from"].iter().any(|w| tree.is(prep, w)));
        if !linked && tree.label(below) != Label::Appos {
            return None;
        }
        let frame = self.event_of(noun)?;
        Some(self.made(noun, tree.lemma(noun).to_owned(), Some(frame), self.verb_above(noun), format!("part of “{}”", tree.word(noun))))
    }

    /// The frame of a noun: its own, or that of what it is a number of ("death toll", "the number of people killed").
    fn event_of(&self, noun: usize) -> Option<usize> {
        let tree = self.tree;
        let word = tree.word(noun).to_lowercase();
        let events = &self.lexicon.events;
        if let Some(frame) = events.noun(tree.lemma(noun)).or_else(|| events.adjective(&word)) {
            return Some(frame);
        }
        if !self.lexicon.cues.figure_nouns.contains(tree.lemma(noun)) {
            return self.participle_of(noun).and_then(|p| p.frame);
        }
        for child in tree.children(noun) {
            match tree.label(*child) {
                Label::Compound | Label::Amod | Label::Nmod | Label::Poss => {
                    if let Some(frame) = events.noun(tree.lemma(*child)).or_else(|| events.adjective(&tree.word(*child).to_lowercase())) {
                        return Some(frame);
                    }
                }
                Label::Prep if tree.is(*child, "of") || tree.is(*child, "for") || tree.is(*child, "from") => {
                    let inner = tree.child(*child, &[Label::Pobj]).filter(|inner| *inner > noun)?;
                    if let Some(frame) = self.event_of(inner) {
                        return Some(frame);
                    }
                }
                _ => {}
            }
        }
        (tree.lemma(noun) == "toll").then(|| events.noun("death")).flatten()
    }

    /// A participle or relative clause behind a noun that has a frame: "people killed", "soldiers who were captured".
    fn participle_of(&self, noun: usize) -> Option<Predicate> {
        let verb = self.tree.child(noun, &[Label::Acl, Label::Relcl]).filter(|v| self.tree.is_verb(*v))?;
        let frame = self.sense(verb)?;
        Some(self.made(
            verb,
            self.tree.lemma(verb).to_owned(),
            Some(frame),
            Some(verb),
            format!("“{}” is said of them", self.tree.word(verb)),
        ))
    }

    /// A participle right behind a noun that the tree hangs elsewhere: "15,000 workers also sent to Russia".
    fn participle_behind(&self, noun: usize) -> Option<Predicate> {
        let tree = self.tree;
        let next = (noun + 1..tree.len()).find(|t| tree.tag(*t) != Tag::Rb).filter(|t| matches!(tree.tag(*t), Tag::Vbn | Tag::Vbd))?;
        let frame = self.sense(next)?;
        Some(self.made(next, tree.lemma(next).to_owned(), Some(frame), Some(next), format!("“{}” is said of them", tree.word(next))))
    }

    fn sense(&self, verb: usize) -> Option<usize> {
        sense(self.tree, self.lexicon, verb, self.classes, self.place.head).map(|sense| sense.frame)
    }

    /// The first sense of a lemma that fits what is counted, the words being at another token.
    fn sense_of(&self, at: usize, lemma: &str) -> Option<usize> {
        self.lexicon.events.senses(lemma).iter().find_map(|sense| {
            let frame = self.lexicon.events.frame(sense.frame);
            let fits = sense.with.as_deref().is_none_or(|word| stands_with(self.tree, at, word, self.place.head));
            (fits && self.classes.fits(frame.of)).then_some(sense.frame)
        })
    }

    fn at_verb(&self, verb: usize, below: usize, through: Option<usize>, quantity: &Quantity) -> Predicate {
        let tree = self.tree;
        let mut verb = verb;
        let mut above = Vec::new();
        if matches!(tree.label(verb), Label::Aux | Label::Auxpass)
            && let Some(main) = tree.head(verb)
        {
            verb = main;
        }
        let is_subject = matches!(tree.label(below), Label::Nsubj | Label::Nsubjpass | Label::Expl | Label::Csubj);
        // "are believed to have been killed": down to the verb that says what happened.
        while let Some(lower) = tree.child(verb, &[Label::Xcomp]).filter(|x| {
            is_subject
                && (tree.is_verb(*x) || self.lexicon.events.adjective(&tree.word(*x).to_lowercase()).is_some())
                && self.lexicon.cues.raising.contains(tree.lemma(verb))
        }) {
            above.push(verb);
            verb = lower;
        }
        let through_here = through.filter(|prep| tree.head(*prep) == Some(verb));
        if let Some(mut found) = self.figure(verb, through_here) {
            found.above = above;
            return found;
        }
        if let Some(mut found) = self.small_clause(verb, below) {
            found.above = above;
            return found;
        }
        let by_amount = self.classes.bare_unit && (through_here.is_some() || self.lexicon.cues.figure_verbs.contains(tree.lemma(verb)));
        // "with 15,000 workers sent to Russia": the participle says what happened to them.
        if through_here.is_some_and(|prep| tree.is(prep, "with"))
            && let Some(mut found) = self.place.head.and_then(|h| self.participle_of(h).or_else(|| self.participle_behind(h)))
        {
            found.above = above;
            return found;
        }
        if let Some(frame) = self.sense(verb).filter(|_| !by_amount && !self.is_worth()) {
            let mut found = self.made(verb, tree.lemma(verb).to_owned(), Some(frame), Some(verb), self.relation_words(verb, below));
            found.event = self.event_for(verb, frame, is_subject, through_here);
            found.above = above;
            return found;
        }
        // "were unleashed" with the participle taken for an adjective.
        if tree.lemma(verb) == "be"
            && let Some(participle) = tree.child(verb, &[Label::Acomp])
            && let Some(frame) = self.sense_of(participle, &self.lexicon.words.verb(&tree.word(participle).to_lowercase()))
        {
            let lemma = self.lexicon.words.verb(&tree.word(participle).to_lowercase());
            let mut found = self.made(participle, lemma, Some(frame), Some(verb), self.relation_words(participle, below));
            found.above = above;
            return found;
        }
        // "carried out 12 attacks on", "there were 12 people killed": the event is in a noun or a clause below.
        if let Some(mut found) = self.place.head.and_then(|h| self.participle_of(h)) {
            found.above = above;
            return found;
        }
        if is_subject
            && let Some(object) = tree.child(verb, &[Label::Dobj])
            && self.lexicon.cues.light.contains(tree.lemma(verb))
            && let Some(frame) = self.lexicon.events.noun(tree.lemma(object))
        {
            let mut found =
                self.made(object, tree.lemma(object).to_owned(), Some(frame), Some(verb), format!("object of “{}”", tree.word(verb)));
            found.above = above;
            return found;
        }
        let mut found = self.fallback(verb, Some(verb), quantity);
        found.above = above;
        found
    }

    /// "killed or wounded" of one number is Casualties; one who kills is not killed.
    fn event_for(&self, verb: usize, frame: usize, is_subject: bool, through: Option<usize>) -> String {
        let tree = self.tree;
        let frame = self.lexicon.events.frame(frame);
        let harmed = matches!(frame.event.as_str(), "Killed" | "Wounded");
        if harmed && !frame.counts {
            let other = tree.children(verb).iter().copied().chain(tree.head(verb).filter(|_| tree.label(verb) == Label::Conj)).find(|t| {
                (tree.label(*t) == Label::Conj || tree.label(verb) == Label::Conj)
                    && self.sense(*t).is_some_and(|f| {
                        let event = &self.lexicon.events.frame(f).event;
                        matches!(event.as_str(), "Killed" | "Wounded") && *event != frame.event
                    })
            });
            if let Some(other) = other
                && !(verb.min(other)..verb.max(other)).any(|t| tree.tag(t) == Tag::Cd || tree.is(t, ","))
                && tree.child(other, &[Label::Nsubj, Label::Nsubjpass, Label::Dobj]).is_none_or(|t| t == self.place.from)
            {
                return "Casualties".into();
            }
        }
        let doer = is_subject && !tree.is_passive(verb) && frame.subject == Some(Part::Agent) && tree.child(verb, &[Label::Dobj]).is_some();
        let done_to_people =
            matches!(frame.event.as_str(), "Killed" | "Wounded" | "Captured" | "Detained" | "Evacuated" | "Displaced" | "Trained");
        let oblique = through.is_some()
            && frame.object == Some(Part::Counted)
            && done_to_people
            && tree.child(verb, &[Label::Dobj, Label::Nsubjpass]).is_some();
        if doer && done_to_people || oblique { "Other".into() } else { frame.event.clone() }
    }

    /// "left 12 dead", "12 are missing", "brought the toll to 90".
    fn small_clause(&self, verb: usize, below: usize) -> Option<Predicate> {
        let tree = self.tree;
        let adjective = tree.children(verb).iter().copied().chain(tree.children(below).iter().copied()).find(|t| {
            matches!(
                tree.label(*t),
                Label::Acomp | Label::Oprd | Label::Attr | Label::Xcomp | Label::Ccomp | Label::Amod | Label::Advcl | Label::Acl
            ) && *t > below.min(verb)
                && *t != below
                && self.lexicon.events.adjective(&tree.word(*t).to_lowercase()).is_some()
                && !(tree.label(*t) == Label::Amod && Some(*t) < self.place.head)
        });
        let adjective = adjective.or_else(|| {
            let word = tree.word(verb).to_lowercase();
            (!matches!(tree.tag(verb), Tag::Vbd) && tree.label(below) == Label::Nsubj && self.lexicon.events.adjective(&word).is_some())
                .then_some(verb)
        })?;
        Some(self.adjective(adjective, Some(verb)))
    }

    /// "the toll rose to 12": the event is that of the noun that the figure is about.
    fn figure(&self, verb: usize, through: Option<usize>) -> Option<Predicate> {
        let tree = self.tree;
        if !self.lexicon.cues.figure_verbs.contains(tree.lemma(verb)) {
            return None;
        }
        let own_noun = self.place.head.is_some() && self.place.head.and_then(|h| self.event_of(h)).is_none();
        let nouns = [tree.child(verb, &[Label::Nsubjpass]), tree.child(verb, &[Label::Dobj]), tree.subject(verb)];
        let noun = nouns.into_iter().flatten().find(|n| {
            *n != self.place.from
                && Some(*n) != self.place.head
                && self.event_of(*n).is_some()
                && (self.lexicon.cues.figure_nouns.contains(tree.lemma(*n)) || !own_noun)
        })?;
        let frame = self.event_of(noun)?;
        let mut found = self.made(
            noun,
            tree.lemma(noun).to_owned(),
            Some(frame),
            Some(verb),
            format!("the figure of “{}”", tree.phrase(noun).of(tree.text)),
        );
        let inner = tree
            .children(noun)
            .iter()
            .find(|c| tree.label(**c) == Label::Prep && tree.is(**c, "of"))
            .and_then(|of| tree.child(*of, &[Label::Pobj]));
        let counted = inner.filter(|_| self.lexicon.cues.figure_nouns.contains(tree.lemma(noun))).unwrap_or(noun);
        found.counted = Some(phrase_text(tree, counted));
        if let Some(participle) = self.participle_of(counted) {
            found.at = participle.at;
            found.lemma = participle.lemma;
        }
        found.scope = through.and_then(|prep| match tree.word(prep).to_ascii_lowercase().as_str() {
            "to" | "at" => Some(Scope::Total),
            "by" => Some(Scope::Increment),
            _ => None,
        });
        Some(found)
    }

    /// "worth €40 million", "priced at", "valued at": what it is worth, not what was done.
    fn is_worth(&self) -> bool {
        let first = self.place.first;
        first > 0 && self.classes.money && (1..=2.min(first)).any(|back| self.tree.is_one_of(first - back, &self.lexicon.cues.worth))
    }

    /// "$318 a tonne", "trades at $80", "80 euros per hour": what one of them costs.
    fn is_price(&self, verb: usize) -> bool {
        let tree = self.tree;
        let next = self.place.last + 1;
        let rate = (next..tree.len().min(next + 2))
            .any(|t| ["per", "a", "an", "/"].iter().any(|w| tree.is(t, w)) && t + 1 < tree.len() && tree.is_noun(t + 1));
        rate || self.lexicon.words.is("pricing", tree.lemma(verb))
    }

    fn relation_words(&self, verb: usize, below: usize) -> String {
        let part = match self.tree.label(below) {
            Label::Nsubj => "subject",
            Label::Nsubjpass => "passive subject",
            Label::Dobj => "object",
            _ => "within the clause",
        };
        format!("{part} of “{}”", self.tree.word(verb))
    }

    fn fallback(&self, at: usize, verb: Option<usize>, quantity: &Quantity) -> Predicate {
        let mut found = self.made(at, self.tree.lemma(at).to_owned(), None, verb, format!("within the clause of “{}”", self.tree.word(at)));
        found.event = match quantity.measure {
            Measure::Money if !self.is_price(at) => "Spent".into(),
            Measure::Money | Measure::Unit | Measure::Share | Measure::Duration | Measure::Age => "Measured".into(),
            Measure::Count | Measure::Partitive | Measure::Ratio | Measure::Attribute | Measure::Not => "Other".into(),
        };
        found
    }
}
