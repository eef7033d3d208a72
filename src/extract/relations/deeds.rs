//! What one named thing does to another, as verbs and event nouns say: "the RSF shelled El Fasher", "fighting between M23 and the army", "Iran sent the
//! generals drones".

use super::{Finder, is_side};
use crate::extract::claims::attribution_words;
use crate::extract::counted::Place;
use crate::extract::events::Frame;
use crate::extract::roles::is_actor;
use crate::extract::predicate::{Classes, Predicate, sense, stands_with};
use crate::extract::when::{When, when};
use crate::types::{Attribution, ByteSpan, Certainty, Claim, Kind, Label, Mention, Role, Slot, Support, Tag, is_between};

pub(super) use crate::extract::events::Part;

/// The event of a verb between two names that no frame has.
pub(super) const OTHER: &str = "Other";

/// The share of such relations that was right in `corpus/train/relations/tuned.tsv`, roughly: of verbs that a frame has, and of others.
const FAIR: f32 = 0.65;
const UNSURE: f32 = 0.3;

/// Doers of one relation.
const MOST_DOERS: usize = 6;

/// What a word says that happened, and what the words beside it are.
struct Deed<'f> {
    at: usize,
    event: &'f str,
    frame: Option<&'f Frame>,
    /// Its index, where it is one of events.
    index: Option<usize>,
}

impl Deed<'_> {
    /// The part behind a preposition, where the frame says so.
    fn behind(&self, word: &str) -> Option<Part> {
        self.frame.and_then(|frame| frame.prepositions.get(word)).copied()
    }
}

/// Sides as they are found.
#[derive(Default)]
struct Sides {
    roles: Vec<Role>,
    support: Vec<Support>,
}

impl Sides {
    fn put(&mut self, slot: Slot, span: ByteSpan, reason: String) {
        let single = matches!(slot, Slot::Place | Slot::Origin) && self.has(slot);
        if !single && !self.roles.iter().any(|role| role.span.overlaps(span)) {
            self.roles.push(Role { slot, span });
            self.support.push(Support { slot, span, reason });
        }
    }

    fn has(&self, slot: Slot) -> bool {
        self.roles.iter().any(|role| role.slot == slot)
    }
}

impl Finder<'_, '_> {
    /// What a verb says, an item of its object at a time.
    pub(super) fn by_verb(&self, verb: usize, claims: &[Claim]) -> Vec<Claim> {
        let tree = self.tree;
        if tree.tag(verb) == Tag::Md || matches!(tree.label(verb), Label::Aux | Label::Auxpass) {
            return Vec::new();
        }
        let undergoer = if tree.is_passive(verb) { tree.subject(verb) } else { self.object_of(verb) };
        let numbered = claims.iter().any(|c| c.figure.is_some() && c.sentence == self.sentence && c.predicate_span == tree.span(verb));
        let items: Vec<Option<usize>> = match undergoer {
            Some(undergoer) => self.listed(undergoer).into_iter().filter(|item| !self.is_counted(*item)).map(Some).collect(),
            None if numbered => Vec::new(),
            None => vec![None],
        };
        items.into_iter().filter_map(|item| self.of_item(verb, item)).collect()
    }

    /// The object of an active verb, also where a clause on a noun leaves it to the noun: "the town that the rebels took".
    fn object_of(&self, verb: usize) -> Option<usize> {
        let tree = self.tree;
        let at_a_place = || tree.children(verb).iter().any(|c| tree.tag(*c) == Tag::Wrb);
        let on_noun = || tree.head(verb).filter(|head| tree.label(verb) == Label::Relcl && tree.is_noun(*head) && !at_a_place());
        let object = tree.children(verb).iter().copied().filter(|c| tree.label(*c) == Label::Dobj).last();
        match object {
            Some(object) if matches!(tree.tag(object), Tag::Wdt | Tag::Wp) => on_noun(),
            Some(object) => Some(object),
            None => {
                let named = |at: &usize| *at > verb && tree.mention(self.mentions, *at).is_some_and(|m| m.kind != Kind::Time);
                let bare = tree.child(verb, &[Label::Oprd, Label::Attr]).filter(named).filter(|_| tree.lemma(verb) != "be");
                let own_subject = || tree.child(verb, &[Label::Nsubj]).is_some_and(|own| !matches!(tree.tag(own), Tag::Wdt | Tag::Wp));
                bare.or_else(|| on_noun().filter(|_| own_subject()))
            }
        }
    }

    fn of_item(&self, verb: usize, item: Option<usize>) -> Option<Claim> {
        let (tree, lexicon) = (self.tree, self.reader.lexicon);
        let frames = &lexicon.relations.frames;
        let known = frames.senses(tree.lemma(verb)).iter().filter(|sense| sense.with.as_deref().is_none_or(|word| stands_with(tree, verb, word, None)));
        for sense in known {
            let frame = frames.frame(sense.frame);
            let deed = Deed { at: verb, event: &frame.event, frame: Some(frame), index: None };
            // The object of "pledge allegiance" is allegiance.
            let item = item.filter(|item| sense.with.as_deref() != Some(tree.lemma(*item)));
            if let Some(claim) = self.told(&deed, item) {
                return Some(claim);
            }
        }
        // What is said, and what another word with the verb makes something else: "gave up", "add".
        let particle = tree.child(verb, &[Label::Prt]).is_some();
        if lexicon.cues.attribution.contains(tree.lemma(verb)) {
            return None;
        }
        let undergoer = item.or_else(|| tree.subject(verb));
        let classes = undergoer.map_or(Classes::default(), |item| Classes::of(tree, lexicon, self.mentions, item));
        if let Some(index) = sense(tree, lexicon, verb, classes, None) {
            let frame = lexicon.events.frame(index);
            let said = |word: &str| stands_with(tree, verb, word, None);
            let mut senses = lexicon.events.senses(tree.lemma(verb)).iter().filter(|sense| sense.frame == index);
            let bare = senses.find(|sense| sense.with.as_deref().is_none_or(said)).is_some_and(|sense| sense.with.is_none());
            if particle && bare {
                return None;
            }
            return self.told(&Deed { at: verb, event: &frame.event, frame: Some(frame), index: Some(index) }, item);
        }
        let known = !lexicon.events.senses(tree.lemma(verb)).is_empty() || !frames.senses(tree.lemma(verb)).is_empty();
        let says = lexicon.relations.never.contains(tree.lemma(verb)) || lexicon.cues.raising.contains(tree.lemma(verb));
        if known || says || particle || item.is_none() || tree.child(verb, &[Label::Neg]).is_some() {
            return None;
        }
        self.told(&Deed { at: verb, event: OTHER, frame: None, index: None }, item)
    }

    /// A verb's relation, if its sides are named.
    fn told(&self, deed: &Deed<'_>, item: Option<usize>) -> Option<Claim> {
        let tree = self.tree;
        let mut sides = Sides::default();
        let word = tree.word(deed.at);
        if let Some(item) = item {
            self.undergoer(deed, item, &mut sides);
            if sides.roles.is_empty() && !self.is_target(deed, item) {
                return None;
            }
        } else if deed.frame.is_some_and(|frame| matches!(frame.object, Some(Part::Equipment | Part::Place))) {
            return None;
        }
        let passive = tree.is_passive(deed.at);
        // "Jets flew over Manila" deployed nothing; "Israel struck in Beirut" struck.
        let wants = deed.frame.is_some_and(|frame| frame.object == Some(Part::Counted) && frame.subject != Some(Part::Counted));
        if item.is_none() && !passive && wants && deed.event != "Struck" {
            return None;
        }
        if !passive && let Some(subject) = self.subject(deed.at).filter(|subject| Some(*subject) != item) {
            let moves = item.is_none() && deed.frame.is_some_and(|frame| frame.subject == Some(Part::Counted));
            let told_of = deed.frame.and_then(|frame| frame.subject);
            if told_of == Some(Part::Equipment) && tree.mention(self.mentions, subject).is_none_or(|m| m.kind != Kind::Equipment) {
                return None;
            }
            if told_of == Some(Part::Place) {
                let scene = tree.mention(self.mentions, subject).filter(|m| m.kind == Kind::Place && !m.is_state()).or_else(|| self.scene_in(subject))?;
                sides.put(Slot::Place, scene.span, format!("subject of “{word}”"));
            }
            let spoken_of = deed.frame.is_none() || told_of.is_some();
            let slot = match told_of {
                Some(Part::Counted) if !Self::goes(deed.event) => Slot::Recipient,
                Some(Part::Recipient | Part::Actor) => Slot::Recipient,
                _ => Slot::Agent,
            };
            if spoken_of && told_of != Some(Part::Place) && (moves || told_of != Some(Part::Counted)) {
                for subject in tree.conjuncts(subject).into_iter().filter(|subject| !self.is_counted(*subject)).take(MOST_DOERS) {
                    self.doer(slot, subject, &format!("subject of “{word}”"), &mut sides);
                }
            }
        }
        self.datives(deed, item, &mut sides);
        self.behind(deed, item, &mut sides);
        // "The rebels and the army clashed": with each other.
        if matches!(deed.event, "Fights" | "MeetsWith") && !sides.has(Slot::Recipient) && item.is_none() {
            for (role, support) in sides.roles.iter_mut().zip(&mut sides.support).filter(|(role, _)| role.slot == Slot::Agent).skip(1) {
                role.slot = Slot::Recipient;
                support.slot = Slot::Recipient;
            }
        }
        self.claim(deed, item, sides)
    }

    /// Who does what a verb says: of "asked France to press Israel" whoever was asked.
    fn subject(&self, verb: usize) -> Option<usize> {
        let tree = self.tree;
        let above = tree.head(verb).filter(|_| tree.label(verb) == Label::Xcomp && tree.child(verb, &[Label::Nsubj]).is_none());
        let asked = above.filter(|above| {
            let frames = &self.reader.lexicon.relations.frames;
            frames.senses(tree.lemma(*above)).iter().any(|sense| frames.frame(sense.frame).event == "Says")
        });
        asked.and_then(|above| tree.child(above, &[Label::Dobj])).or_else(|| tree.subject(verb))
    }

    /// Whether what is done to something without a name is told for its place or weapon: "a bomb hit a convoy near Nouna".
    fn is_target(&self, deed: &Deed<'_>, item: usize) -> bool {
        let tree = self.tree;
        let words = &self.reader.lexicon.words;
        let events = &self.reader.lexicon.events;
        let thing = ["person", "soldier", "actor", "forces", "service", "body", "site", "town", "target"].iter().any(|class| words.is(class, tree.lemma(item)));
        deed.index.is_some() && thing && (events.is_in(deed.event, &events.sides.against) || deed.event == "Struck" || deed.event == "Detained")
    }

    /// Whether those of whom an event is told do it: they arrive, return, flee.
    fn goes(event: &str) -> bool {
        matches!(event, "Arrived" | "Returned" | "Displaced")
    }

    /// Whether a place that something is done to is where it happens, and no second party.
    fn is_scene(event: &str) -> bool {
        !matches!(event, "Says" | "Fights" | "MeetsWith" | "AlliedWith" | "Leads" | "MemberOf" | "Transferred" | "Spent" | "Trained")
    }

    /// What is done to whom or what.
    fn undergoer(&self, deed: &Deed<'_>, item: usize, sides: &mut Sides) {
        let tree = self.tree;
        let reason = format!("what “{}” is done to", tree.word(deed.at));
        let wanted = deed.frame.and_then(|frame| frame.object);
        if deed.frame.is_some() && wanted.is_none() {
            return;
        }
        let mention = tree.mention(self.mentions, item);
        match mention.map(|m| m.kind) {
            Some(Kind::Equipment) if matches!(wanted, None | Some(Part::Counted | Part::Equipment)) => {
                sides.put(Slot::Equipment, mention.map_or(tree.span(item), |m| m.span), reason);
            }
            Some(Kind::Equipment | Kind::Time | Kind::Event) => {}
            _ if wanted == Some(Part::Equipment) => {}
            _ if wanted == Some(Part::Place) => {
                if let Some(place) = mention.filter(|m| m.kind == Kind::Place).or_else(|| self.scene_in(item)) {
                    sides.put(Slot::Place, place.span, reason);
                }
            }
            _ if wanted == Some(Part::Agent) => {
                if let Some(party) = self.party(item) {
                    sides.put(Slot::Agent, party, reason);
                }
            }
            Some(Kind::Place) if Self::is_scene(deed.event) => {
                let state = mention.filter(|m| m.is_state() && deed.event == OTHER);
                let slot = if state.is_some() { Slot::Recipient } else { Slot::Place };
                sides.put(slot, mention.map_or(tree.span(item), |m| m.span), reason);
            }
            _ => {
                if Self::is_scene(deed.event)
                    && let Some(place) = self.scene_in(item)
                {
                    sides.put(Slot::Place, place.span, reason);
                } else if let Some(party) = self.party(item) {
                    sides.put(Slot::Recipient, party, reason);
                } else if deed.event != OTHER
                    && wanted == Some(Part::Counted)
                    && let Some(owner) = self.owner_of(item)
                {
                    sides.put(Slot::Recipient, owner, format!("stands before “{}”", tree.word(item)));
                }
            }
        }
    }

    /// The place that a site lies in or is called by: "the Abu Shouk camp", "an army base at Djibo".
    fn scene_in(&self, head: usize) -> Option<&Mention> {
        let tree = self.tree;
        let words = &self.reader.lexicon.words;
        if !["town", "site"].iter().any(|class| words.is(class, tree.lemma(head))) {
            return None;
        }
        tree.children(head).iter().find_map(|child| match tree.label(*child) {
            Label::Compound | Label::Poss | Label::Nmod | Label::Appos => {
                tree.mention(self.mentions, *child).filter(|m| m.kind == Kind::Place && !m.is_state())
            }
            Label::Prep if tree.is(*child, "of") || tree.is_one_of(*child, &self.reader.lexicon.cues.at) => {
                tree.child(*child, &[Label::Pobj]).and_then(|p| tree.mention(self.mentions, p)).filter(|m| m.kind == Kind::Place)
            }
            _ => None,
        })
    }

    /// Who does it, and with what machine.
    fn doer(&self, slot: Slot, head: usize, reason: &str, sides: &mut Sides) {
        let tree = self.tree;
        if let Some(machine) = tree.mention(self.mentions, head).filter(|m| m.kind == Kind::Equipment) {
            sides.put(Slot::Equipment, machine.span, reason.to_owned());
            if let Some(owner) = self.owner_of(head) {
                sides.put(slot, owner, format!("stands before “{}”", tree.word(head)));
            }
            return;
        }
        if let Some(party) = self.party(head) {
            sides.put(slot, party, reason.to_owned());
        }
    }

    /// Who gets it, without a preposition: "sent the generals drones", "gave Russia missiles", of which a tree may make missiles of Russia's.
    fn datives(&self, deed: &Deed<'_>, item: Option<usize>, sides: &mut Sides) {
        let tree = self.tree;
        let reason = format!("“{}” to them", tree.word(deed.at));
        let beside = tree
            .children(deed.at)
            .iter()
            .copied()
            .filter(|c| item.is_none_or(|item| !tree.conjuncts(*c).contains(&item)))
            .find(|c| matches!(tree.label(*c), Label::Dative | Label::Dobj) && *c > deed.at && (tree.is_noun(*c) || tree.tag(*c) == Tag::Prp));
        let hands = deed.frame.is_some_and(|frame| frame.object == Some(Part::Counted) && frame.prepositions.get("to") == Some(&Part::Recipient));
        let given = |at: &usize| (hands || tree.label(*at) == Label::Dative) && item.is_none_or(|item| *at < item);
        if let Some(party) = beside.filter(given).and_then(|at| self.party(at)) {
            sides.put(Slot::Recipient, party, reason);
            return;
        }
        let Some(item) = item.filter(|item| hands && *item > deed.at + 1 && !sides.has(Slot::Recipient)) else { return };
        let first = if tree.tag(deed.at + 1) == Tag::Dt { deed.at + 2 } else { deed.at + 1 };
        let receiver = tree.mention(self.mentions, first).filter(|m| tree.first_in(m.span) == Some(first) && tree.last_in(m.span) < Some(item));
        // "U.S. tanks" are of the U.S.
        let adjective = |m: &Mention| m.span.of(tree.text).chars().all(|c| c.is_uppercase() || c == '.');
        let receiver = receiver.filter(|m| is_actor(m) && m.kind != Kind::Nationality && !adjective(m) && !m.is_compounded(tree.text));
        if let Some(receiver) = receiver.filter(|m| tree.last_in(m.span).is_none_or(|last| tree.tag(last + 1) != Tag::Pos)) {
            sides.put(Slot::Recipient, receiver.span, reason);
        }
    }

    /// What stands behind prepositions at the word, and at the one it is done to.
    fn behind(&self, deed: &Deed<'_>, item: Option<usize>, sides: &mut Sides) {
        let tree = self.tree;
        let joined = |at: usize| tree.children(at).iter().copied().filter(|c| matches!(tree.label(*c), Label::Prep | Label::Dative | Label::Agent));
        let mut prepositions: Vec<usize> = joined(deed.at).collect();
        prepositions.extend(item.filter(|item| tree.mention(self.mentions, *item).is_none_or(|m| m.kind == Kind::Equipment)).into_iter().flat_map(joined));
        for prep in prepositions {
            let Some(object) = tree.child(prep, &[Label::Pobj]) else { continue };
            let word = tree.word(prep).to_lowercase();
            let why = format!("behind “{word}” at “{}”", tree.word(deed.at));
            self.object(deed, &word, object, &why, sides);
        }
    }

    fn object(&self, deed: &Deed<'_>, word: &str, object: usize, why: &str, sides: &mut Sides) {
        let tree = self.tree;
        let cues = &self.reader.lexicon.cues;
        let mention = tree.mention(self.mentions, object);
        let kind = mention.map(|m| m.kind);
        let is_place = kind == Some(Kind::Place);
        let scene = mention.filter(|_| is_place).or_else(|| self.place_in(object));
        let part = deed.behind(word);
        match part {
            Some(Part::Recipient) if !is_place || !Self::is_scene(deed.event) || word == "to" => {
                for object in tree.conjuncts(object) {
                    if let Some(party) = self.party(object) {
                        sides.put(Slot::Recipient, party, why.to_owned());
                    }
                }
                return;
            }
            Some(Part::Agent) => return self.doer(Slot::Agent, object, why, sides),
            _ => {}
        }
        // "Flew over Manila" is no arrival there.
        let at = if Self::goes(deed.event) { matches!(word, "in" | "at") } else { cues.at.contains(word) };
        let topic = self.reader.lexicon.words.is("talk", tree.lemma(deed.at)) && cues.topic.contains(word);
        let at = at && !topic;
        let leads = at || cues.towards.contains(word) || part == Some(Part::Place);
        match (word, scene) {
            ("by", _) => {
                for object in tree.conjuncts(object) {
                    self.doer(Slot::Agent, object, why, sides);
                }
            }
            ("from", Some(place)) => sides.put(Slot::Origin, place.span, why.to_owned()),
            ("with" | "using", _) => {
                for object in tree.conjuncts(object).into_iter().filter(|object| !self.is_counted(*object)) {
                    if let Some(weapon) = tree.mention(self.mentions, object).filter(|m| m.kind == Kind::Equipment) {
                        sides.put(Slot::Equipment, weapon.span, why.to_owned());
                    }
                }
            }
            ("on" | "against" | "upon", None) => {
                let takes = !tree.is_verb(deed.at) || deed.frame.is_some_and(|frame| frame.object == Some(Part::Counted));
                if let Some(party) = self.party(object).filter(|_| deed.event != OTHER && takes) {
                    sides.put(Slot::Recipient, party, why.to_owned());
                }
            }
            (_, Some(place)) if leads || word == "against" => sides.put(Slot::Place, place.span, why.to_owned()),
            _ => {}
        }
    }

    /// A place inside a noun phrase whose head is none: "a market in Kadugli", "Kharkiv's suburbs".
    fn place_in(&self, head: usize) -> Option<&Mention> {
        let tree = self.tree;
        tree.children(head).iter().find_map(|c| match tree.label(*c) {
            Label::Compound | Label::Poss | Label::Nmod | Label::Appos => tree.mention(self.mentions, *c).filter(|m| m.kind == Kind::Place),
            Label::Prep if tree.is(*c, "of") || tree.is_one_of(*c, &self.reader.lexicon.cues.at) => {
                tree.child(*c, &[Label::Pobj]).and_then(|p| tree.mention(self.mentions, p)).filter(|m| m.kind == Kind::Place)
            }
            _ => None,
        })
    }

    /// What an event noun says: "Israeli strikes on Hodeidah", "a firefight with the 43rd Battalion".
    pub(super) fn by_noun(&self, noun: usize) -> Option<Claim> {
        let (tree, lexicon) = (self.tree, self.reader.lexicon);
        if self.is_counted(noun) || tree.mention(self.mentions, noun).is_some() {
            return None;
        }
        let frames = &lexicon.relations.frames;
        let gerund = tree.word(noun).to_lowercase();
        let lemma = if tree.is_noun(noun) { tree.lemma(noun) } else { &gerund };
        let deed = match (frames.noun(lemma), lexicon.events.noun(lemma)) {
            (Some(index), _) => {
                let frame = frames.frame(index);
                Deed { at: noun, event: &frame.event, frame: Some(frame), index: None }
            }
            (None, Some(index)) => {
                let frame = lexicon.events.frame(index);
                Deed { at: noun, event: &frame.event, frame: Some(frame), index: Some(index) }
            }
            (None, None) => return None,
        };
        let mut sides = Sides::default();
        let word = tree.word(noun);
        for child in tree.children(noun).iter().copied().filter(|child| *child < noun) {
            if let Some(weapon) = tree.mention(self.mentions, child).filter(|m| m.kind == Kind::Equipment) {
                sides.put(Slot::Equipment, weapon.span, format!("stands before “{word}”"));
            }
        }
        // What is tagged as an adjective has no dependents: "Al-Qaida’s affiliate JNIM".
        let before = || {
            let at = noun.checked_sub(2).filter(|_| deed.event == "AlliedWith" && tree.tag(noun - 1) == Tag::Pos)?;
            tree.mention(self.mentions, at).filter(|m| is_actor(m)).map(|m| m.span)
        };
        let between = tree.children(noun).iter().copied().find(|c| tree.is(*c, "between")).and_then(|c| tree.child(c, &[Label::Pobj]));
        // "Palestinian deaths" are no deed of Palestinians.
        let suffered = lexicon.events.is_in(deed.event, &lexicon.events.sides.losses);
        if let Some(owner) = self.owner_of(noun).or_else(before).filter(|_| !suffered) {
            // "The Gaza war", "Doha talks": where, and not who.
            let scene = self.mentions.iter().any(|m| m.span == owner && m.kind == Kind::Place && !m.is_state());
            let owns = tree.children(noun).iter().any(|c| tree.label(*c) == Label::Poss && tree.span(*c).overlaps(owner));
            let slot = if scene && !owns { Slot::Place } else { Slot::Agent };
            if slot == Slot::Place || between.is_none() {
                sides.put(slot, owner, format!("stands before “{word}”"));
            }
        }
        // "Al-Qaida’s affiliate JNIM": who is one of whom.
        if deed.event == "AlliedWith" {
            for role in sides.roles.iter_mut().filter(|role| role.slot == Slot::Agent) {
                role.slot = Slot::Recipient;
            }
            for support in sides.support.iter_mut().filter(|support| support.slot == Slot::Agent) {
                support.slot = Slot::Recipient;
            }
            let next = (noun + 1 < tree.len()).then(|| tree.mention(self.mentions, noun + 1)).flatten();
            let beside = tree.children(noun).iter().copied().filter(|c| tree.label(*c) == Label::Appos).find_map(|c| tree.mention(self.mentions, c));
            let above = tree.head(noun).filter(|_| tree.label(noun) == Label::Appos).and_then(|above| tree.mention(self.mentions, above));
            if let Some(ally) = next.or(beside).or(above).filter(|m| is_actor(m)) {
                sides.put(Slot::Agent, ally.span, format!("who is called “{word}”"));
            }
        }
if let Some(first) = between {
            for (nth, side) in tree.conjuncts(first).into_iter().enumerate() {
                if let Some(party) = self.party(side) {
                    let slot = if nth == 0 { Slot::Agent } else { Slot::Recipient };
                    sides.put(slot, party, format!("behind “between” at “{word}”"));
                }
            }
        }
        let light = self.does(noun).map(|(verb, _)| verb);
        let hung = |at: usize| tree.children(at).iter().copied().filter(|c| tree.label(*c) == Label::Prep && !tree.is(*c, "between"));
        for prep in hung(noun).chain(light.into_iter().flat_map(hung)) {
            let Some(object) = tree.child(prep, &[Label::Pobj]) else { continue };
            let preposition = tree.word(prep).to_lowercase();
            let why = format!("behind “{preposition}” at “{word}”");
            if preposition == "of" {
                self.undergoer_of(&deed, object, &why, &mut sides);
            } else {
                self.object(&deed, &preposition, object, &why, &mut sides);
            }
        }
        if !sides.has(Slot::Agent)
            && let Some((_, doer)) = self.does(noun)
        {
            self.doer(Slot::Agent, doer, &format!("who “{word}” is of"), &mut sides);
        }
        if deed.event == "Fights"
            && !sides.has(Slot::Agent)
            && let Some(subject) = self.fell_in(noun)
        {
            self.doer(Slot::Agent, subject, "who fell in it", &mut sides);
        }
        self.claim(&deed, None, sides)
    }

    /// "FA-50 jets of the Air Force", "the navy’s patrol boat Tor 113".
    pub(super) fn by_machine(&self, machine: &Mention) -> Option<Claim> {
        let tree = self.tree;
        let head = tree.last_in(machine.span).filter(|head| machine.kind == Kind::Equipment && !self.is_counted(*head))?;
        // "The group’s drone unit" is no drone.
        if head + 1 < tree.len() && tree.is_noun(head + 1) {
            return None;
        }
        let first = tree.first_in(machine.span)?;
        let of = (head + 1 < tree.len() && tree.is(head + 1, "of")).then(|| tree.child(head + 1, &[Label::Pobj])).flatten();
        let has = match of {
            Some(owner) => tree.mention(self.mentions, owner).filter(|m| matches!(m.kind, Kind::Organization | Kind::MilitaryUnit)).map(|m| (head + 1, m.span)),
            None => {
                let mark = (first.saturating_sub(3)..first).rev().find(|at| !self.modifies(*at) || tree.tag(*at) == Tag::Pos)?;
                let owner = mark.checked_sub(1).filter(|_| tree.tag(mark) == Tag::Pos);
                owner.and_then(|owner| self.party(owner)).map(|party| (mark, party))
            }
        };
        let (by, owner) = has?;
        let roles = vec![Role { slot: Slot::Agent, span: owner }, Role { slot: Slot::Equipment, span: machine.span }];
        Some(self.joined("Operates", by, roles))
    }

    /// Whom a clause tells to have been harmed in a fight: "soldiers died in a clash with M23".
    fn fell_in(&self, noun: usize) -> Option<usize> {
        let tree = self.tree;
        let events = &self.reader.lexicon.events;
        let prep = tree.head(noun).filter(|prep| tree.label(noun) == Label::Pobj && (tree.is(*prep, "in") || tree.is(*prep, "during")))?;
        let verb = tree.head(prep).filter(|verb| tree.is_verb(*verb))?;
        let harm = events.senses(tree.lemma(verb)).iter().any(|sense| events.is_in(&events.frame(sense.frame).event, &events.sides.losses));
        tree.subject(verb).filter(|_| harm)
    }

    /// The subject of a verb that only says that there was such an event: "Israel carried out strikes".
    fn does(&self, noun: usize) -> Option<(usize, usize)> {
        let tree = self.tree;
        let lexicon = self.reader.lexicon;
        let does = |verb: &usize| lexicon.cues.doing.contains(tree.lemma(*verb)) || lexicon.relations.light.contains(tree.lemma(*verb));
        let verb = tree.head(noun).filter(|verb| tree.label(noun) == Label::Dobj && does(verb))?;
        tree.subject(verb).filter(|_| !tree.is_passive(verb)).map(|subject| (verb, subject))
    }

    fn undergoer_of(&self, deed: &Deed<'_>, object: usize, why: &str, sides: &mut Sides) {
        let tree = self.tree;
        for object in tree.conjuncts(object).into_iter().filter(|object| !self.is_counted(*object)) {
            let mention = tree.mention(self.mentions, object);
            match mention.map(|m| (m.kind, m.span)) {
                Some((Kind::Equipment, span)) => sides.put(Slot::Equipment, span, why.to_owned()),
                Some((Kind::Place, span)) if Self::is_scene(deed.event) || mention.is_some_and(|m| !m.is_state()) => {
                    sides.put(Slot::Place, span, why.to_owned());
                }
                _ => {
                    if let Some(party) = self.party(object) {
                        sides.put(Slot::Recipient, party, why.to_owned());
                    }
                }
            }
        }
    }

    /// Whether a number stands with a noun, so that a claim tells of it.
    fn is_counted(&self, at: usize) -> bool {
        let tree = self.tree;
        let named = tree.mention(self.mentions, at);
        let counts = |c: usize| (tree.label(c) == Label::Nummod || tree.tag(c) == Tag::Cd) && !named.is_some_and(|m| m.span.covers(tree.span(c)));
        let own = |at: usize| tree.children(at).iter().any(|c| counts(*c));
        // "Seven rifles and pistols", but not "seven rifles and a pistol".
        let shared = || {
            let first = tree.head(at).filter(|_| tree.label(at) == Label::Conj);
            first.is_some_and(own) && tree.child(at, &[Label::Det, Label::Poss]).is_none()
        };
        own(at) || shared() || tree.tag(at) == Tag::Cd && named.is_none()
    }

    /// Who a noun phrase names or describes.
    pub(super) fn party(&self, head: usize) -> Option<ByteSpan> {
        let tree = self.tree;
        let words = &self.reader.lexicon.words;
        if let Some(mention) = tree.mention(self.mentions, head) {
            return is_actor(mention).then_some(mention.span);
        }
        if tree.tag(head) == Tag::Prp {
            let somebody = ["he", "she", "it", "they", "him", "her", "them"].iter().any(|word| tree.is(head, word));
            return (somebody && tree.label(head) != Label::Expl).then(|| tree.span(head));
        }
        if !tree.is_noun(head) {
            return None;
        }
        // "Its commander, General Rustamas Liubas".
        let beside = tree.children(head).iter().copied().find(|c| tree.label(*c) == Label::Appos && *c > head);
        if let Some(name) = beside.and_then(|c| tree.mention(self.mentions, c)).filter(|m| m.kind == Kind::Person) {
            return Some(name.span);
        }
        // "The ADF, a group linked to Islamic State".
        let above = tree.head(head).filter(|_| tree.label(head) == Label::Appos);
        if let Some(name) = above.and_then(|above| tree.mention(self.mentions, above)).filter(|m| is_actor(m)) {
            return Some(name.span);
        }
        let is = |classes: &[&str]| classes.iter().any(|class| words.is(class, tree.lemma(head)));
        // "A French prosecutor" is not France.
        let several = tree.tag(head) == Tag::Nns;
        let body = is(&["service", "body", "office"]);
        if body || is(&["forces"]) || several && is(&["soldier", "actor", "person"]) {
            if let Some(owner) = self.owner_of(head) {
                return Some(owner);
            }
            let phrase = tree.phrase(head);
            if self.mentions.iter().any(|m| phrase.covers(m.span) && m.is_compounded(tree.text) && is_actor(m)) {
                return Some(phrase);
            }
            let of_body = |c: &usize| *c < head && tree.label(*c) == Label::Compound && ["service", "body"].iter().any(|class| words.is(class, tree.lemma(*c)));
            if tree.children(head).iter().any(of_body) {
                return Some(phrase);
            }
            let of = tree.children(head).iter().copied().find(|c| tree.is(*c, "of")).and_then(|of| tree.child(of, &[Label::Pobj]));
            let body = of.and_then(|of| tree.mention(self.mentions, of)).filter(|m| is_actor(m) && m.kind != Kind::Person);
            if let Some(body) = body {
                return Some(body.span);
            }
        }
        // "The Post", which no list has.
        if tree.tag(head) == Tag::Nnp && tree.word(head).starts_with(char::is_uppercase) && head > 0 && tree.tag(head - 1) == Tag::Dt {
            return Some(tree.span(head));
        }
        let definite = tree.children(head).iter().any(|c| {
            *c < head && (tree.tag(*c) == Tag::Dt && (tree.is(*c, "the") || tree.is(*c, "this")) || matches!(tree.tag(*c), Tag::PrpPoss))
        });
        let owned = || tree.children(head).iter().any(|c| tree.label(*c) == Label::Poss && tree.mention(self.mentions, *c).is_some_and(is_actor));
        if is(&["leader", "member"]) && !several && owned() {
            return Some(tree.phrase(head));
        }
        // "Told parliament", "police said".
        let bare = tree.children(head).iter().all(|c| *c > head) && is(&["office", "service"]);
        (bare || definite && (body || several && is(&["soldier", "actor"]))).then(|| tree.phrase(head))
    }

    /// The state or body whose name or adjective stands before a noun.
    fn owner_of(&self, head: usize) -> Option<ByteSpan> {
        let tree = self.tree;
        let before = |c: &usize| *c < head && tree.label(*c) != Label::Appos;
        let of = |c: usize| {
            let named = tree.mention(self.mentions, c)?;
            (is_actor(named) && named.kind != Kind::Person && !named.is_compounded(tree.text)).then_some(named)
        };
        let children = || tree.children(head).iter().copied().filter(before);
        // "Al Qaeda’s Sahel affiliate" is al Qaeda’s.
        let owner = children().filter(|c| tree.label(*c) == Label::Poss).find_map(of).or_else(|| children().find_map(of));
        owner
            .map(|m| m.span)
            .or_else(|| {
                // "Fano militiamen", a name that no list has.
                let name = head.checked_sub(1).filter(|at| tree.tag(*at) == Tag::Nnp && tree.head(*at) == Some(head))?;
                let people = ["forces", "soldier"].iter().any(|class| self.reader.lexicon.words.is(class, tree.lemma(head)));
                (people && tree.mention(self.mentions, name).is_none()).then(|| tree.span(name))
            })
    }

    /// Whether a token stands before a noun and is of its phrase.
    pub(super) fn modifies(&self, at: usize) -> bool {
        matches!(self.tree.tag(at), Tag::Jj | Tag::Vbn | Tag::Vbg | Tag::Pos) || self.tree.is(at, "-")
    }

    /// The relation, if it stands between two things and one of them has a name.
    fn claim(&self, deed: &Deed<'_>, item: Option<usize>, sides: Sides) -> Option<Claim> {
        let (tree, reader) = (self.tree, self.reader);
        let filled = |slot: Slot| sides.has(slot);
        let actors = [Slot::Agent, Slot::Recipient, Slot::Equipment].into_iter().filter(|slot| filled(*slot)).count();
        let named = sides.roles.iter().filter(|r| is_side(r.slot) && self.mentions.iter().any(|m| m.span == r.span)).count();
        let slots = actors + usize::from(filled(Slot::Place) || filled(Slot::Origin));
        let kind_of = |slot: Slot| sides.roles.iter().filter(|r| r.slot == slot).find_map(|r| self.mentions.iter().find(|m| m.span == r.span)).map(|m| m.kind);
        // Nobody leads a person as a president leads a state, and whom Sweden joins in something is no body that it enters.
        let headed = match deed.event {
            "Leads" => kind_of(Slot::Recipient) != Some(Kind::Person),
            "MemberOf" => !matches!(kind_of(Slot::Recipient), Some(Kind::Person | Kind::Place | Kind::Nationality)),
            _ => true,
        };
        let between = is_between(deed.event);
        if actors == 0
            || slots < 2
            || named == 0
            || !headed
            || between && !(filled(Slot::Agent) && filled(Slot::Recipient))
            || deed.event == "Operates" && !(filled(Slot::Agent) && filled(Slot::Equipment))
            || deed.event == OTHER && !filled(Slot::Agent)
            || deed.event == "Fights" && !filled(Slot::Agent)
        {
            return None;
        }
        // A light verb says whether there was what the noun names.
        let noun = !tree.is_verb(deed.at);
        let top = if noun { self.does(deed.at).map_or(deed.at, |(verb, _)| verb) } else { deed.at };
        let predicate = Predicate {
            at: deed.at,
            lemma: tree.lemma(deed.at).to_owned(),
            event: deed.event.to_owned(),
            frame: deed.index,
            verb: Some(top).filter(|top| tree.is_verb(*top)),
            above: tree.ancestors(top).take_while(|a| reader.lexicon.cues.raising.contains(tree.lemma(*a)) && tree.is_verb(*a)).collect(),
            counted: None,
            scope: None,
            reason: String::new(),
        };
        let from = item.unwrap_or(deed.at);
        let place = Place { first: from, last: from, from, head: item, counted: None, bare_adjective: None, definite: false };
        let said = tree.span(deed.at);
        let mut support = vec![Support { slot: Slot::EventType, span: said, reason: format!("“{}” says so", tree.word(deed.at)) }];
        let Sides { mut roles, support: why } = sides;
        support.extend(why);
        let holds_on = matches!(deed.event, "Leads" | "MemberOf" | "LocatedIn" | "PartOf");
        let own: &[Attribution] = if holds_on { &[] } else { self.own };
        let attribution = reader.attribute(tree.span(from), own, None, &mut roles, &mut support);
        let above = tree.head(deed.at).filter(|verb| noun && tree.is_verb(*verb));
        let no = || tree.children(deed.at).iter().copied().find(|c| noun && tree.tag(*c) == Tag::Dt && tree.is(*c, "no"));
        let negation = tree.child(top, &[Label::Neg]).or_else(|| tree.child(above?, &[Label::Neg])).or_else(no);
        let certainty = match negation {
            Some(not) => {
                support.push(Support { slot: Slot::Certainty, span: tree.span(not), reason: format!("“{}” denies it", tree.word(not)) });
                Certainty::Denied
            }
            // What somebody says is said.
            None if deed.event == "Says" => Certainty::Stated,
            None => reader.certainty(tree, &predicate, &place, attribution, &mut support),
        };
        let mut times = when(tree, reader.lexicon, self.mentions, &predicate, from, reader.anchor, certainty == Certainty::Planned);
        // "Sanctioned on Monday over the invasion": the day is not the invasion's.
        let inner = !tree.is_verb(top) || matches!(tree.label(top), Label::Relcl | Label::Acl);
        if inner && times.words.is_some_and(|words| !tree.extent(top).covers(words)) || holds_on {
            times = When::default();
        }
        support.extend(times.support);
        let mut claim = self.relation(deed.event, &predicate.lemma, said, roles, support, if deed.event == OTHER { UNSURE } else { FAIR });
        claim.when = times.when;
        claim.as_of = times.as_of;
        claim.time = times.words;
        claim.attribution = attribution.map(attribution_words);
        claim.certainty = certainty;
        Some(claim)
    }

    /// A noun with those joined to it, and the equipment that goes on the list behind it where the tree lost the thread.
    fn listed(&self, first: usize) -> Vec<usize> {
        let tree = self.tree;
        let mut items = tree.conjuncts(first);
        items.sort_unstable();
        while let Some(last) = items.last().and_then(|at| tree.mention(self.mentions, *at)).and_then(|m| tree.last_in(m.span)) {
            let mut next = last + 1;
            let mut joined = false;
            while next < tree.len() && (tree.is(next, ",") || tree.is(next, "and") || tree.is(next, "or") || tree.tag(next) == Tag::Dt) {
                joined |= tree.tag(next) == Tag::Cc;
                next += 1;
            }
            // "The Boracay, a tanker" is one.
            let apposed = !joined && tree.tag(next - 1) == Tag::Dt;
            let list = tree.mention(self.mentions, last).is_some_and(|m| m.kind == Kind::Equipment);
            let mention = (list && next > last + 1 && next < tree.len() && !apposed)
                .then(|| tree.mention(self.mentions, next))
                .flatten()
                .filter(|m| m.kind == Kind::Equipment && tree.last_in(m.span).is_none_or(|head| tree.label(head) != Label::Nsubj));
            let Some(head) = mention.and_then(|m| tree.last_in(m.span)).filter(|h| !items.contains(h)) else { break };
            items.push(head);
            items.sort_unstable();
        }
        items
    }
}
