//! Who, to whom, with what, where: the parts that the words round a predicate play.

use super::Lexicon;
use super::attribution::actor_span;
use super::counted::Place;
use super::events::Part;
use super::predicate::Predicate;
use super::tree::Tree;
use crate::types::{ByteSpan, Claim, Kind, Label, Mention, Role, Slot, Support, Tag};

/// The roles of one claim, with the reason for each.
pub(super) struct Roles<'t, 'a> {
    pub tree: &'t Tree<'a>,
    pub lexicon: &'t Lexicon,
    pub mentions: &'t [Mention],
    pub roles: Vec<Role>,
    pub support: Vec<Support>,
}

impl<'t, 'a> Roles<'t, 'a> {
    /// No roles yet.
    pub(super) fn new(tree: &'t Tree<'a>, lexicon: &'t Lexicon, mentions: &'t [Mention]) -> Self {
        Roles { tree, lexicon, mentions, roles: Vec::new(), support: Vec::new() }
    }

    fn put(&mut self, slot: Slot, span: ByteSpan, reason: String) {
        if self.roles.iter().any(|r| r.slot == slot && r.span.overlaps(span)) {
            return;
        }
        self.roles.push(Role { slot, span });
        self.support.push(Support { slot, span, reason });
    }

    fn has(&self, slot: Slot) -> bool {
        self.roles.iter().any(|r| r.slot == slot)
    }

    /// Takes a slot over from the nearest of earlier claims that has it.
    pub(super) fn inherit<'c>(&mut self, slot: Slot, mut earlier: impl Iterator<Item = &'c Claim>) {
        if self.has(slot) {
            return;
        }
        if let Some(role) = earlier.find_map(|c| c.roles.iter().find(|r| r.slot == slot)) {
            self.put(slot, role.span, "as of the number before it".into());
        }
    }

    /// Fills every role of a claim.
    pub(super) fn fill(&mut self, predicate: &Predicate, place: &Place) {
        self.counted(place, predicate);
        if let Some(verb) = predicate.verb {
            self.of_verb(predicate, verb, place);
        }
        if predicate.verb != Some(predicate.at) || predicate.frame.is_none() {
            self.prepositions(predicate.at, predicate, place);
        }
        if let Some(head) = place.head {
            self.prepositions(head, predicate, place);
        }
        self.clause_place(predicate, place);
        self.owner(predicate, place);
    }

    /// What the counted noun phrase itself names: its people, its equipment.
    fn counted(&mut self, place: &Place, predicate: &Predicate) {
        let tree = self.tree;
        let span = place.counted.as_ref().or(predicate.counted.as_ref()).map(|c| c.span);
        let Some(span) = span else { return };
        let Some(head) = tree.last_in(span) else { return };
        for mention in self.mentions.iter().filter(|m| m.span.overlaps(span)) {
            match mention.kind {
                Kind::Equipment if mention.span.end == span.end || mention.span.covers(tree.span(head)) => {
                    self.put(Slot::Equipment, mention.span, "what is counted".into());
                }
                // "U.S.-made carriers" belong to whoever has them.
                Kind::Nationality | Kind::Place | Kind::Organization | Kind::MilitaryUnit if !mention.is_compounded(tree.text) => {
                    self.put(Slot::CountedActor, mention.span, format!("stands in “{}”", span.of(tree.text)));
                }
                _ => {}
            }
        }
        for child in tree.children(head) {
            let belongs = match tree.label(*child) {
                Label::Poss => Some(*child),
                Label::Prep if ["of", "from"].iter().any(|w| tree.is(*child, w)) => tree.child(*child, &[Label::Pobj]),
                _ => None,
            };
            if let Some(mention) = belongs.and_then(|t| tree.mention(self.mentions, t)).filter(|m| is_actor(m))
                && !self.has(Slot::CountedActor)
            {
                self.put(Slot::CountedActor, mention.span, format!("“{}” belong to it", tree.word(head)));
            }
        }
    }

    fn of_verb(&mut self, predicate: &Predicate, verb: usize, place: &Place) {
        let tree = self.tree;
        let frame = predicate.frame.map(|f| self.lexicon.events.frame(f));
        let passive = tree.is_passive(verb);
        let is_counted = |t: usize| Some(t) == place.head || t == place.from || tree.conjuncts(t).contains(&place.from);
        let noun_event = predicate.verb != Some(predicate.at) && frame.is_some_and(|f| f.counts);
        let subject_part = frame.and_then(|f| f.subject).or(noun_event.then_some(Part::Agent));
        if let Some(subject) = tree.subject(verb).filter(|s| !is_counted(*s)) {
            let part = if passive && tree.child(verb, &[Label::Nsubjpass]).is_some() { frame.and_then(|f| f.object) } else { subject_part };
            let part = part.filter(|_| !noun_event || self.lexicon.cues.doing.contains(tree.lemma(verb)));
            if let Some(part) = part {
                self.actor(part, subject, &format!("subject of “{}”", tree.word(verb)));
            }
        }
        if let Some(object) = tree.child(verb, &[Label::Dobj]).filter(|o| !is_counted(*o))
            && let Some(part) = frame.and_then(|f| f.object)
        {
            self.actor(part, object, &format!("object of “{}”", tree.word(verb)));
        }
        if let Some(by) = tree.child(verb, &[Label::Agent])
            && let Some(actor) = tree.child(by, &[Label::Pobj]).filter(|a| !is_counted(*a))
        {
            self.actor(subject_part.unwrap_or(Part::Agent), actor, &format!("“{}” by them", tree.word(verb)));
        }
        if let Some(dative) = tree.child(verb, &[Label::Dative]).filter(|d| !is_counted(*d)) {
            let inner = if tree.is_noun(dative) { Some(dative) } else { tree.child(dative, &[Label::Pobj]) };
            let part = if frame.is_some_and(|f| f.event == "Transferred" || f.event == "Spent") { Part::Recipient } else { Part::Place };
            // "Sent Russia 11,000 soldiers and millions of shells": the soldiers are sent as well.
            let counted = |at: usize| tree.children(at).iter().any(|c| tree.label(*c) == Label::Nummod);
            if let Some(inner) = inner.filter(|i| !is_counted(*i) && !counted(*i)) {
                self.actor(part, inner, &format!("“{}” to them", tree.word(verb)));
            }
        }
        self.prepositions(verb, predicate, place);
        for tool in tree.children(verb).iter().filter(|c| tree.lemma(**c) == "use" && tree.tag(**c) == Tag::Vbg) {
            if let Some(object) = tree.child(*tool, &[Label::Dobj]) {
                self.actor(Part::Equipment, object, "with “using”");
            }
        }
    }

    /// Who comes upon the dead or the damage that a noun names: "soldiers recovered nine bodies". Not who did it.
    pub(super) fn finder(&self, predicate: &Predicate) -> Option<ByteSpan> {
        let tree = self.tree;
        let names_event = predicate.frame.is_some_and(|f| self.lexicon.events.frame(f).counts);
        let verb = predicate.verb.filter(|verb| names_event && *verb != predicate.at && !tree.is_passive(*verb))?;
        let subject = tree.subject(verb).filter(|_| self.lexicon.cues.finding.contains(tree.lemma(verb)))?;
        Some(tree.phrase(subject))
    }

    /// Prepositional phrases that hang on a word.
    fn prepositions(&mut self, at: usize, predicate: &Predicate, place: &Place) {
        let tree = self.tree;
        let frame = predicate.frame.map(|f| self.lexicon.events.frame(f));
        let cues = &self.lexicon.cues;
        for prep in tree.children(at).iter().copied().filter(|c| matches!(tree.label(*c), Label::Prep | Label::Dative | Label::Agent)) {
            let word = tree.word(prep).to_ascii_lowercase();
            let part = match frame.and_then(|f| f.prepositions.get(&word)) {
                Some(part) => Some(*part),
                None if cues.at.contains(&word) || cues.towards.contains(&word) => Some(Part::Place),
                None if word == "from" => Some(Part::Origin),
                None if word == "by" => Some(Part::Agent),
                None if word == "with" => Some(Part::Equipment),
                None => None,
            };
            let Some(object) = tree.child(prep, &[Label::Pobj]) else { continue };
            if object == place.from || Some(object) == place.head {
                continue;
            }
            // "died in Israeli air strikes": whose deed it was stands before the deed.
            let deed = ["in", "by", "from", "during", "after", "under"].contains(&word.as_str())
                && self.lexicon.events.noun(tree.lemma(object)).is_some();
            if deed
                && part != Some(Part::Agent)
                && !self.has(Slot::Agent)
                && let Some(owner) = owner_of(tree, self.mentions, object)
            {
                self.put(Slot::Agent, owner, format!("stands before “{}”", tree.word(object)));
            }
            let Some(part) = part else { continue };
            let objects = if part == Part::Place || part == Part::Origin { vec![object] } else { tree.conjuncts(object) };
            for object in objects {
                self.actor(part, object, &format!("behind “{word}” at “{}”", tree.word(at)));
            }
            // "in the village of X in Y": the most exact place may stand one preposition further in.
            if part == Part::Place && !self.has(Slot::Place) {
                for inner in tree.children(object).iter().filter(|c| tree.label(**c) == Label::Prep) {
                    if let Some(inner) = tree.child(*inner, &[Label::Pobj]) {
                        self.actor(Part::Place, inner, &format!("within “{}”", tree.phrase(object).of(tree.text)));
                    }
                }
            }
        }
    }

    /// One noun phrase into the slot that its part asks for, if it names such a thing.
    pub(super) fn actor(&mut self, part: Part, head: usize, reason: &str) {
        let tree = self.tree;
        let mention = tree.mention(self.mentions, head);
        let kind = mention.map(|m| m.kind);
        match part {
            Part::Counted => {}
            Part::Place | Part::Origin => {
                let slot = if part == Part::Place { Slot::Place } else { Slot::Origin };
                let found = mention.filter(|m| m.kind == Kind::Place).or_else(|| place_in(tree, self.lexicon, self.mentions, head));
                if let Some(mention) = found.filter(|_| !self.has(slot)) {
                    self.put(slot, mention.span, reason.to_owned());
                }
            }
            Part::Equipment => {
                if let Some(mention) = mention.filter(|m| m.kind == Kind::Equipment) {
                    self.put(Slot::Equipment, mention.span, reason.to_owned());
                }
            }
            Part::Agent | Part::Recipient | Part::Actor => {
                let slot = match part {
                    Part::Agent => Slot::Agent,
                    Part::Recipient => Slot::Recipient,
                    _ => Slot::CountedActor,
                };
                if kind == Some(Kind::Equipment) && slot == Slot::Agent {
                    let span = mention.map_or(tree.span(head), |m| m.span);
                    self.put(Slot::Equipment, span, reason.to_owned());
                }
                for head in tree.conjuncts(head) {
                    if let Some(span) = self.actor_of(head) {
                        self.put(slot, span, reason.to_owned());
                    }
                }
            }
        }
    }

    /// The words of an actor: its name, the state or body it belongs to, or a noun for people who act.
    fn actor_of(&self, head: usize) -> Option<ByteSpan> {
        let tree = self.tree;
        if let Some(mention) = tree.mention(self.mentions, head) {
            if is_actor(mention) {
                return Some(mention.span);
            }
            if mention.kind != Kind::Equipment {
                return None;
            }
        }
        let lemma = tree.lemma(head);
        if self.lexicon.words.is("forces", lemma)
            && let Some(owner) = owner_of(tree, self.mentions, head)
        {
            return Some(owner);
        }
        let person =
            self.lexicon.words.is("actor", lemma) || tree.tag(head) == Tag::Prp && ["he", "she", "they"].iter().any(|w| tree.is(head, w));
        person.then(|| actor_span(tree, self.mentions, head))
    }

    /// Where, from the rest of the clause and then of the sentence, when the predicate's own words did not say.
    fn clause_place(&mut self, predicate: &Predicate, place: &Place) {
        if self.has(Slot::Place) {
            return;
        }
        let tree = self.tree;
        let top = predicate.verb.unwrap_or(predicate.at);
        let mut scopes = vec![top];
        scopes.extend(predicate.above.iter().copied());
        scopes.extend(tree.ancestors(top).filter(|a| tree.is_verb(*a) && !self.lexicon.cues.attribution.contains(tree.lemma(*a))).take(2));
        for scope in scopes {
            // What was struck is where it happened: "shelled the town of Nikopol".
            let struck = tree.child(scope, &[Label::Dobj, Label::Nsubjpass]).filter(|o| Some(*o) != place.head && *o != place.from);
            if self.lexicon.events.senses(tree.lemma(scope)).iter().any(|s| self.lexicon.events.frame(s.frame).event == "Struck")
                && let Some(object) = struck
                && let Some(mention) = tree
                    .mention(self.mentions, object)
                    .filter(|m| m.kind == Kind::Place)
                    .or_else(|| place_in(tree, self.lexicon, self.mentions, object))
            {
                self.put(Slot::Place, mention.span, format!("object of “{}”", tree.word(scope)));
                return;
            }
            let subtree = tree.subtree(scope);
            let found = subtree.iter().copied().find_map(|prep| {
                let leads = matches!(tree.tag(prep), Tag::In) && tree.is_one_of(prep, &self.lexicon.cues.at);
                let object = leads.then(|| tree.child(prep, &[Label::Pobj])).flatten()?;
                let inside_other = Some(object) == place.head || self.roles.iter().any(|r| r.span.overlaps(tree.span(object)));
                let reported = tree
                    .ancestors(prep)
                    .take_while(|a| *a != scope)
                    .any(|a| tree.is_verb(a) && a != top && self.lexicon.cues.attribution.contains(tree.lemma(a)));
                let mention = tree
                    .mention(self.mentions, object)
                    .filter(|m| m.kind == Kind::Place)
                    .or_else(|| place_in(tree, self.lexicon, self.mentions, object))?;
                (!inside_other && !reported).then_some((prep, mention))
            });
            if let Some((prep, mention)) = found {
                self.put(Slot::Place, mention.span, format!("behind “{}” in the same clause", tree.word(prep)));
                return;
            }
        }
    }

    /// Soldiers and machines that nobody's name stands on belong to who sends or loses them.
    fn owner(&mut self, predicate: &Predicate, place: &Place) {
        let moves = matches!(predicate.event.as_str(), "Deployed" | "Returned" | "Launched");
        let military = place.head.is_some_and(|h| self.lexicon.words.is("soldier", self.tree.lemma(h)));
        if !moves || !military || self.has(Slot::CountedActor) {
            return;
        }
        if let Some(agent) = self.roles.iter().find(|r| r.slot == Slot::Agent).map(|r| r.span) {
            self.put(Slot::CountedActor, agent, format!("who “{}” them", predicate.lemma));
        }
    }
}

/// A place inside a noun phrase whose head is none: "a market in Kadugli", "Kharkiv's suburbs"; of "Ukraine's port of Odesa" the closer one.
pub(super) fn place_in<'m>(tree: &Tree<'_>, lexicon: &Lexicon, mentions: &'m [Mention], head: usize) -> Option<&'m Mention> {
    let inside = || {
        tree.children(head).iter().filter_map(|c| match tree.label(*c) {
            Label::Compound | Label::Poss | Label::Nmod | Label::Amod | Label::Appos => {
                tree.mention(mentions, *c).filter(|m| m.kind == Kind::Place)
            }
            Label::Prep if tree.is(*c, "of") || tree.is_one_of(*c, &lexicon.cues.at) => {
                tree.child(*c, &[Label::Pobj]).and_then(|p| tree.mention(mentions, p)).filter(|m| m.kind == Kind::Place)
            }
            _ => None,
        })
    };
    inside().find(|m| !m.is_state()).or_else(|| inside().next())
}

/// The state or body whose name or adjective stands before a noun; of "al Qaeda’s Sahel affiliate" al Qaeda.
pub(super) fn owner_of(tree: &Tree<'_>, mentions: &[Mention], head: usize) -> Option<ByteSpan> {
    let of = |c: usize| {
        let named = tree.mention(mentions, c)?;
        (is_actor(named) && named.kind != Kind::Person && !named.is_compounded(tree.text)).then_some(named.span)
    };
    let before = || tree.children(head).iter().copied().filter(|c| *c < head && tree.label(*c) != Label::Appos);
    before().filter(|c| tree.label(*c) == Label::Poss).find_map(of).or_else(|| before().find_map(of))
}

pub(super) fn is_actor(mention: &Mention) -> bool {
    matches!(mention.kind, Kind::Person | Kind::Organization | Kind::MilitaryUnit | Kind::Place | Kind::Nationality)
}
