//! What one named thing does to another, as verbs say: "the RSF shelled El Fasher", "Iran sent the generals drones".

use super::{Finder, is_side};
use crate::extract::Lexicon;
use crate::extract::claims::attribution_words;
use crate::extract::counted::Place;
use crate::extract::events::{Frame, Part};
use crate::extract::predicate::{Classes, Predicate, sense, stands_with};
use crate::extract::roles::{is_actor, place_in};
use crate::extract::when::{When, when};
use crate::types::{Attribution, ByteSpan, Certainty, Claim, Kind, Label, Mention, Role, Slot, Support, Tag, is_between, is_standing};

/// The event of a verb between two names that no frame has.
pub(super) const OTHER: &str = "Other";

/// The share of such relations that was right in `corpus/train/relations/tuned.tsv`, roughly: of verbs that a frame has, and of others.
const FAIR: f32 = 0.65;
const UNSURE: f32 = 0.3;

/// Doers of one relation.
const MOST_DOERS: usize = 6;

/// What a word says that happened, and what the words beside it are.
pub(super) struct Deed<'f> {
    pub(super) at: usize,
    event: &'f str,
    /// The event, of a user's type the built-in one above it.
    pub(super) kind: &'f str,
    pub(super) frame: Option<&'f Frame>,
    /// Its index, where it is one of events.
    index: Option<usize>,
    /// Of a noun, the verb that only says that there was such a thing, and its subject.
    pub(super) light: Option<(usize, usize)>,
}

impl<'f> Deed<'f> {
    /// What a frame says of a word; `index` where it is one of events.
    pub(super) fn of(at: usize, frame: &'f Frame, index: Option<usize>, lexicon: &'f Lexicon) -> Deed<'f> {
        let kind = lexicon.broader(&frame.event).unwrap_or(&frame.event);
        Deed { at, event: &frame.event, kind, frame: Some(frame), index, light: None }
    }

    /// What a word says of which no frame tells.
    pub(super) fn bare(at: usize, event: &'f str) -> Deed<'f> {
        Deed { at, event, kind: event, frame: None, index: None, light: None }
    }

    /// The part behind a preposition, where the frame says so.
    pub(super) fn behind(&self, word: &str) -> Option<Part> {
        self.frame.and_then(|frame| frame.prepositions.get(word)).copied()
    }
}

/// Sides as they are found.
#[derive(Default)]
pub(super) struct Sides {
    pub(super) roles: Vec<Role>,
    pub(super) support: Vec<Support>,
}

impl Sides {
    pub(super) fn put(&mut self, slot: Slot, span: ByteSpan, reason: String) {
        let single = matches!(slot, Slot::Place | Slot::Origin) && self.has(slot);
        if !single && !self.roles.iter().any(|role| role.span.overlaps(span)) {
            self.roles.push(Role { slot, span });
            self.support.push(Support { slot, span, reason });
        }
    }

    pub(super) fn has(&self, slot: Slot) -> bool {
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
        let numbered = claims.iter().any(|c| c.figure.is_some() && c.predicate_span == tree.span(verb));
        let items: Vec<Option<usize>> = match undergoer {
            Some(undergoer) => self.listed(undergoer).into_iter().filter(|item| !self.is_counted(*item)).map(Some).collect(),
            None if numbered => Vec::new(),
            None => vec![None],
        };
        items.into_iter().filter_map(|item| self.of_item(verb, item)).collect()
    }

    /// The object of an active verb, also where a clause on a noun leaves it to the noun: "the town that the rebels took".
    pub(super) fn object_of(&self, verb: usize) -> Option<usize> {
        let tree = self.tree;
        let at_a_place = || tree.children(verb).iter().any(|c| tree.tag(*c) == Tag::Wrb);
        let on_noun = || tree.head(verb).filter(|head| tree.label(verb) == Label::Relcl && tree.is_noun(*head) && !at_a_place());
        let object = tree.children(verb).iter().copied().rfind(|c| tree.label(*c) == Label::Dobj);
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
        let known = frames
            .senses(tree.lemma(verb))
            .iter()
            .filter(|sense| sense.with.as_deref().is_none_or(|word| stands_with(tree, verb, word, None)));
        for sense in known {
            let frame = frames.frame(sense.frame);
            let deed = Deed::of(verb, frame, None, lexicon);
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
        if let Some(sense) = sense(tree, lexicon, verb, classes, None) {
            if particle && sense.with.is_none() {
                return None;
            }
            return self.told(&Deed::of(verb, lexicon.events.frame(sense.frame), Some(sense.frame), lexicon), item);
        }
        let known = !lexicon.events.senses(tree.lemma(verb)).is_empty() || !frames.senses(tree.lemma(verb)).is_empty();
        let nothing = lexicon.relations.never.contains(tree.lemma(verb)) || lexicon.cues.raising.contains(tree.lemma(verb));
        if known || nothing || particle || item.is_none() || tree.child(verb, &[Label::Neg]).is_some() {
            return None;
        }
        self.told(&Deed::bare(verb, OTHER), item)
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
        if item.is_none() && !passive && wants && deed.kind != "Struck" {
            return None;
        }
        if !passive && let Some(subject) = self.subject(deed.at).filter(|subject| Some(*subject) != item) {
            let moves = item.is_none() && deed.frame.is_some_and(|frame| frame.subject == Some(Part::Counted));
            let told_of = deed.frame.and_then(|frame| frame.subject);
            if told_of == Some(Part::Equipment) && tree.mention(self.mentions, subject).is_none_or(|m| m.kind != Kind::Equipment) {
                return None;
            }
            if told_of == Some(Part::Place) {
                let scene = tree
                    .mention(self.mentions, subject)
                    .filter(|m| m.kind == Kind::Place && !m.is_state())
                    .or_else(|| self.scene_in(subject))?;
                sides.put(Slot::Place, scene.span, format!("subject of “{word}”"));
            }
            let spoken_of = deed.frame.is_none() || told_of.is_some();
            let slot = match told_of {
                Some(Part::Counted) if !Self::goes(deed.kind) => Slot::Recipient,
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
        if matches!(deed.kind, "Fights" | "MeetsWith") && !sides.has(Slot::Recipient) && item.is_none() {
            for (role, support) in sides.roles.iter_mut().zip(&mut sides.support).filter(|(role, _)| role.slot == Slot::Agent).skip(1) {
                role.slot = Slot::Recipient;
                support.slot = Slot::Recipient;
            }
        }
        self.claim(deed, item, sides)
    }

    /// Who does what a verb says: of "asked France to press Israel" whoever was asked.
    pub(super) fn subject(&self, verb: usize) -> Option<usize> {
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
        let thing = ["person", "soldier", "actor", "forces", "service", "body", "site", "town", "target"]
            .iter()
            .any(|class| words.is(class, tree.lemma(item)));
        deed.index.is_some()
            && thing
            && (events.is_in(deed.kind, &events.sides.against) || deed.kind == "Struck" || deed.kind == "Detained")
    }

    /// Whether those of whom an event is told do it: they arrive, return, flee.
    fn goes(event: &str) -> bool {
        matches!(event, "Arrived" | "Returned" | "Displaced")
    }

    /// Whether a place that something is done to is where it happens, and no second party.
    pub(super) fn is_scene(event: &str) -> bool {
        !matches!(event, "Says" | "Fights" | "MeetsWith" | "AlliedWith" | "Leads" | "MemberOf" | "Transferred" | "Spent" | "Trained")
    }

    /// What is done to whom or what.
    pub(super) fn undergoer(&self, deed: &Deed<'_>, item: usize, sides: &mut Sides) {
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
            Some(Kind::Place) if Self::is_scene(deed.kind) => {
                let state = mention.filter(|m| m.is_state() && deed.kind == OTHER);
                let slot = if state.is_some() { Slot::Recipient } else { Slot::Place };
                sides.put(slot, mention.map_or(tree.span(item), |m| m.span), reason);
            }
            _ => {
                if Self::is_scene(deed.kind)
                    && let Some(place) = self.scene_in(item)
                {
                    sides.put(Slot::Place, place.span, reason);
                } else if let Some(party) = self.party(item) {
                    sides.put(Slot::Recipient, party, reason);
                } else if deed.kind != OTHER
                    && wanted == Some(Part::Counted)
                    && let Some(owner) = self.owner_of(item)
                {
                    sides.put(Slot::Recipient, owner, format!("stands before “{}”", tree.word(item)));
                }
            }
        }
    }

    /// Who does it, and with what machine.
    pub(super) fn doer(&self, slot: Slot, head: usize, reason: &str, sides: &mut Sides) {
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
        let beside =
            tree.children(deed.at).iter().copied().filter(|c| item.is_none_or(|item| !tree.conjuncts(*c).contains(&item))).find(|c| {
                matches!(tree.label(*c), Label::Dative | Label::Dobj) && *c > deed.at && (tree.is_noun(*c) || tree.tag(*c) == Tag::Prp)
            });
        let hands =
            deed.frame.is_some_and(|frame| frame.object == Some(Part::Counted) && frame.prepositions.get("to") == Some(&Part::Recipient));
        let given = |at: &usize| (hands || tree.label(*at) == Label::Dative) && item.is_none_or(|item| *at < item);
        if let Some(party) = beside.filter(given).and_then(|at| self.party(at)) {
            sides.put(Slot::Recipient, party, reason);
            return;
        }
        let Some(item) = item.filter(|item| hands && *item > deed.at + 1 && !sides.has(Slot::Recipient)) else { return };
        let first = if tree.tag(deed.at + 1) == Tag::Dt { deed.at + 2 } else { deed.at + 1 };
        let receiver =
            tree.mention(self.mentions, first).filter(|m| tree.first_in(m.span) == Some(first) && tree.last_in(m.span) < Some(item));
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
        let joined =
            |at: usize| tree.children(at).iter().copied().filter(|c| matches!(tree.label(*c), Label::Prep | Label::Dative | Label::Agent));
        let mut prepositions: Vec<usize> = joined(deed.at).collect();
        prepositions.extend(
            item.filter(|item| tree.mention(self.mentions, *item).is_none_or(|m| m.kind == Kind::Equipment)).into_iter().flat_map(joined),
        );
        for prep in prepositions {
            let Some(object) = tree.child(prep, &[Label::Pobj]) else { continue };
            let word = tree.word(prep).to_lowercase();
            let why = format!("behind “{word}” at “{}”", tree.word(deed.at));
            self.object(deed, &word, object, &why, sides);
        }
    }

    pub(super) fn object(&self, deed: &Deed<'_>, word: &str, object: usize, why: &str, sides: &mut Sides) {
        let tree = self.tree;
        let cues = &self.reader.lexicon.cues;
        let mention = tree.mention(self.mentions, object);
        let kind = mention.map(|m| m.kind);
        let is_place = kind == Some(Kind::Place);
        let scene = mention.filter(|_| is_place).or_else(|| place_in(tree, self.reader.lexicon, self.mentions, object));
        let part = deed.behind(word);
        match part {
            Some(Part::Recipient) if !is_place || !Self::is_scene(deed.kind) || word == "to" => {
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
        let at = if Self::goes(deed.kind) { matches!(word, "in" | "at") } else { cues.at.contains(word) };
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
                if let Some(party) = self.party(object).filter(|_| deed.kind != OTHER && takes) {
                    sides.put(Slot::Recipient, party, why.to_owned());
                }
            }
            (_, Some(place)) if leads || word == "against" => sides.put(Slot::Place, place.span, why.to_owned()),
            _ => {}
        }
    }

    /// Whether a relation stands between two things, and one of them has a name.
    pub(super) fn stands(&self, deed: &Deed<'_>, sides: &Sides) -> bool {
        let filled = |slot: Slot| sides.has(slot);
        let actors = [Slot::Agent, Slot::Recipient, Slot::Equipment].into_iter().filter(|slot| filled(*slot)).count();
        let named = sides.roles.iter().filter(|r| is_side(r.slot) && self.mentions.iter().any(|m| m.span == r.span)).count();
        let slots = actors + usize::from(filled(Slot::Place) || filled(Slot::Origin));
        let kind_of = |slot: Slot| {
            sides.roles.iter().filter(|r| r.slot == slot).find_map(|r| self.mentions.iter().find(|m| m.span == r.span)).map(|m| m.kind)
        };
        // Nobody leads a person as a president leads a state, and whom Sweden joins in something is no body that it enters.
        let headed = match deed.kind {
            "Leads" => kind_of(Slot::Recipient) != Some(Kind::Person),
            "MemberOf" => !matches!(kind_of(Slot::Recipient), Some(Kind::Person | Kind::Place | Kind::Nationality)),
            _ => true,
        };
        let between = is_between(deed.kind);
        !(actors == 0
            || slots < 2
            || named == 0
            || !headed
            || between && !(filled(Slot::Agent) && filled(Slot::Recipient))
            || deed.kind == "Operates" && !(filled(Slot::Agent) && filled(Slot::Equipment))
            || deed.kind == OTHER && !filled(Slot::Agent)
            || deed.kind == "Fights" && !filled(Slot::Agent))
    }

    /// The relation, if it stands between two things and one of them has a name.
    pub(super) fn claim(&self, deed: &Deed<'_>, item: Option<usize>, sides: Sides) -> Option<Claim> {
        let reason = format!("“{}” says so", self.tree.word(deed.at));
        let confidence = if deed.kind == OTHER { UNSURE } else { FAIR };
        self.stands(deed, &sides).then(|| self.settled(deed, item, sides, reason, confidence))
    }

    /// The relation between such sides: who says so, how sure it is, and when.
    pub(super) fn settled(&self, deed: &Deed<'_>, item: Option<usize>, sides: Sides, reason: String, confidence: f32) -> Claim {
        let (tree, reader) = (self.tree, self.reader);
        // A light verb says whether there was what the noun names.
        let noun = !tree.is_verb(deed.at);
        let top = deed.light.map_or(deed.at, |(verb, _)| verb);
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
        let mut support = vec![Support { slot: Slot::EventType, span: said, reason }];
        let Sides { mut roles, support: why } = sides;
        support.extend(why);
        let holds_on = is_standing(deed.kind);
        let own: &[Attribution] = if holds_on { &[] } else { self.own };
        let attribution = reader.attribute(tree.span(from), own, None, &mut roles, &mut support);
        let above = tree.head(deed.at).filter(|verb| noun && tree.is_verb(*verb));
        let no = || tree.children(deed.at).iter().copied().find(|c| noun && tree.tag(*c) == Tag::Dt && tree.is(*c, "no"));
        let negation = tree.child(top, &[Label::Neg]).or_else(|| tree.child(above?, &[Label::Neg])).or_else(no);
        let certainty = match negation {
            Some(not) => {
                support
                    .push(Support { slot: Slot::Certainty, span: tree.span(not), reason: format!("“{}” denies it", tree.word(not)) });
                Certainty::Denied
            }
            // What somebody says is said.
            None if deed.kind == "Says" => Certainty::Stated,
            None => reader.certainty(tree, &predicate, &place, attribution, &mut support),
        };
        let mut times = when(tree, reader.lexicon, self.mentions, &predicate, from, reader.anchor, certainty == Certainty::Planned);
        // "Sanctioned on Monday over the invasion": the day is not the invasion's.
        let inner = !tree.is_verb(top) || matches!(tree.label(top), Label::Relcl | Label::Acl);
        if inner && times.words.is_some_and(|words| !tree.extent(top).covers(words)) || holds_on {
            times = When::default();
        }
        support.extend(times.support);
        let mut claim = self.relation(deed.event, &predicate.lemma, said, roles, support, confidence);
        claim.when = times.when;
        claim.as_of = times.as_of;
        claim.time = times.words;
        claim.attribution = attribution.map(attribution_words);
        claim.certainty = certainty;
        claim
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
