//! From noun phrases to chains, by passes from the surest to the least sure, each over all the article (the multi-pass sieve of Lee et al. 2013):
//! constructs that say that two phrases are one, equal heads with words that agree, words of a name, and classes that but one name fits.
//!
//! Two references are never made one here: names are joined by their words alone, before.

use super::antecedents::Antecedents;
use super::chains::Chains;
use super::nominals::Kinds;
use super::phrases::{Opening, Phrase};
use super::references::Resolver;
use crate::types::{ByteSpan, Kind, Reference};
use rustc_hash::FxHashMap;

/// Sentences back in which a description finds what it stands for by its class alone.
pub(super) const REACH: usize = 4;
/// The same for "the country".
const STATE_REACH: usize = 10;
/// From this share on the reader of antecedents is believed.
const SURE: f32 = 0.5;

/// The passes over an article's phrases.
pub(super) struct Sieve<'s, 'a> {
    pub resolver: &'s Resolver<'a>,
    pub chains: Chains,
    /// Whom the text is about: a phrase, and the sentence that named it.
    pub focus: Option<(usize, usize)>,
}

impl Sieve<'_, '_> {
    /// Descriptions of the same two words or more, whatever opens them: "around 2 million voters" twice.
    pub(super) fn same_words(&mut self) {
        let mut first: FxHashMap<String, usize> = FxHashMap::default();
        for at in 0..self.chains.phrases.len() {
            let p = &self.chains.phrases[at];
            let written = p.span.of(&self.resolver.document.text);
            if p.reference.is_some() || !written.contains(' ') {
                continue;
            }
            let words = written.to_lowercase();
            let (opening, rest) = words.split_once(' ').unwrap_or(("", &words));
            let rest = match opening {
                "the" | "this" | "that" | "these" | "those" => rest,
                "a" | "an" | "any" | "another" | "some" | "every" | "each" | "no" | "other" => continue,
                _ => words.as_str(),
            };
            let rest = rest.strip_suffix("'s").or_else(|| rest.strip_suffix("’s")).unwrap_or(rest);
            if !rest.contains(' ') || p.modifiers.iter().any(|m| self.resolver.nominals.wordings().distinct.contains(m)) {
                continue;
            }
            let before = *first.entry(rest.to_owned()).or_insert(at);
            self.chains.join(before, at);
        }
    }

    /// Descriptions whose head stood before, in a phrase that says all that they say. Bare plurals ("people", "voters") are of people in general.
    pub(super) fn same_heads(&mut self) {
        let mut earlier: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for at in 0..self.chains.phrases.len() {
            let p = &self.chains.phrases[at];
            let general = p.opening == Opening::Bare && p.plural && p.kinds.has(Kinds::PERSON);
            let with_head = earlier.get(&p.lemma).map_or(&[][..], Vec::as_slice);
            let found = if p.reference.is_some() || general {
                None
            } else {
                with_head.iter().rev().find(|before| self.same_head(**before, at, with_head))
            };
            let found = found.copied();
            for word in std::iter::once(&p.lemma).chain(&p.titles) {
                match earlier.get_mut(word) {
                    Some(known) => known.push(at),
                    None => drop(earlier.insert(word.clone(), vec![at])),
                }
            }
            if let Some(before) = found {
                self.chains.join(before, at);
            }
        }
    }

    fn same_head(&self, before: usize, at: usize, with_head: &[usize]) -> bool {
        let (p, q) = (&self.chains.phrases[at], &self.chains.phrases[before]);
        let chain = self.chains.of(before);
        if p.modifiers.iter().any(|word| self.resolver.nominals.wordings().distinct.contains(word)) {
            return false;
        }
        if chain == self.chains.of(at) || q.span.overlaps(p.span) || p.group != q.group || p.opening == Opening::Indefinite {
            return false;
        }
        if q.reference.is_some() {
            let title = q.titles.contains(&p.lemma) || p.modifiers.is_empty() && q.lemma == p.lemma;
            return title && !p.plural && self.says_no_more(p, chain);
        }
        let (agree, only) = (owners_agree(p, q), || self.only_one(before, with_head));
        q.lemma == p.lemma
            && q.plural == p.plural
            && if self.says_no_more(p, chain) { agree || only() } else { agree && self.is_bare(chain) && only() }
    }

    /// Whether all earlier descriptions with a head are one chain, and belong to nobody: "the parents", "her parents".
    fn only_one(&self, before: usize, with_head: &[usize]) -> bool {
        let lemma = &self.chains.phrases[before].lemma;
        let mut same = with_head.iter().filter(|at| self.chains.phrases[**at].lemma == *lemma);
        self.chains.phrases[before].owner.is_none() && same.all(|at| self.chains.of(*at) == self.chains.of(before))
    }

    /// Whether nothing narrows a chain down so far, so that a later phrase may: "the government", "the Conservative government".
    fn is_bare(&self, chain: usize) -> bool {
        let plain = |p: &Phrase| p.reference.is_none() && p.modifiers.is_empty() && p.owner.is_none() && p.opening != Opening::Indefinite;
        self.chains.members(chain).iter().all(|at| plain(&self.chains.phrases[*at]))
    }

    /// Whether every word that narrows a phrase down is among those of a chain.
    fn says_no_more(&self, p: &Phrase, chain: usize) -> bool {
        let wordings = self.resolver.nominals.wordings();
        let members = self.chains.members(chain);
        let known = |word: &String| {
            wordings.idle.contains(word)
                || members.iter().any(|m| {
                    let q = &self.chains.phrases[*m];
                    q.modifiers.contains(word)
                        || q.owner.as_ref() == Some(word)
                        || q.titles.contains(word)
                        || q.lemma == *word
                        || q.reference.is_some() && self.in_span(q.span, word)
                })
        };
        p.modifiers.iter().all(|word| !wordings.distinct.contains(word) && known(word))
    }

    fn in_span(&self, span: ByteSpan, word: &str) -> bool {
        span.of(&self.resolver.document.text).split(|c: char| !c.is_alphanumeric()).any(|w| w.eq_ignore_ascii_case(word))
    }

    /// Descriptions that take up the class word of a name: "the church" of the Church of Scientology.
    pub(super) fn words_of_names(&mut self) {
        let classes: Vec<Vec<String>> = self
            .resolver
            .references
            .iter()
            .map(|r| if r.kind == Kind::Person { Vec::new() } else { class_words(r.names.iter().max_by_key(|n| n.len())) })
            .collect();
        let mut earlier: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for at in 0..self.chains.phrases.len() {
            let p = &self.chains.phrases[at];
            if let Some(reference) = p.reference.filter(|_| !p.group) {
                for word in &classes[reference] {
                    earlier.entry(word).or_default().push(at);
                }
                continue;
            }
            if p.plural || p.group || p.kinds == Kinds::PERSON || p.opening == Opening::Indefinite || self.is_led_back(at) {
                continue;
            }
            let found = earlier.get(p.lemma.as_str()).into_iter().flatten().rev().copied().find(|before| {
                let q = &self.chains.phrases[*before];
                !q.span.overlaps(p.span) && self.says_no_more(p, self.chains.of(*before)) && owners_agree(p, q)
            });
            if let Some(before) = found {
                self.chains.join(before, at);
            }
        }
    }

    /// Descriptions that hold a name and are what it names: "the X alliance", "the X province".
    pub(super) fn names_within(&mut self) {
        let wordings = self.resolver.nominals.wordings();
        let mut named: FxHashMap<String, usize> = FxHashMap::default();
        for at in 0..self.chains.phrases.len() {
            let words = self.chains.phrases[at].span.of(&self.resolver.document.text);
            if self.chains.phrases[at].reference.is_some() && !words.contains(' ') {
                named.entry(words.to_lowercase()).or_insert(at);
            }
        }
        for at in 0..self.chains.phrases.len() {
            let p = &self.chains.phrases[at];
            let calls = wordings.called.contains(&p.lemma) || wordings.of_name.contains(&p.lemma) && p.kinds.has(Kinds::PLACE);
            if p.reference.is_some() || p.plural || p.group || p.opening != Opening::Definite || !calls {
                continue;
            }
            let name = p.modifiers.iter().find_map(|word| named.get(word)).copied();
            if let Some(name) = name.filter(|name| self.chains.phrases[*name].kinds.has(p.kinds)) {
                self.chains.join(name, at);
            }
        }
    }

    /// Whether a phrase has a name or an earlier phrase in its chain.
    fn is_led_back(&self, at: usize) -> bool {
        let chain = self.chains.of(at);
        self.chains.reference(chain).is_some() || self.chains.members(chain).first().is_some_and(|first| *first < at)
    }

    /// Descriptions by class: "the country", "the agency", "the minister", where a name of that class stood shortly before.
    pub(super) fn classes(&mut self) {
        for at in 0..self.chains.phrases.len() {
            let p = &self.chains.phrases[at];
            let owned = p.opening == Opening::Owned;
            if p.reference.is_some() || p.plural || p.group || owned || p.opening != Opening::Definite {
                continue;
            }
            if self.is_led_back(at) {
                continue;
            }
            if p.modifiers.iter().any(|m| self.resolver.nominals.wordings().distinct.contains(m)) {
                continue;
            }
            let is_state = p.modifiers.is_empty() && self.resolver.nominals.fits_subtype(&p.lemma, Some("state"));
            let reach = if is_state { STATE_REACH } else { REACH };
            let found = (0..at).rev().take_while(|b| self.chains.phrases[*b].sentence + reach >= p.sentence).find(|before| {
                let q = &self.chains.phrases[*before];
                q.reference.is_some() && !q.group && q.kinds.has(p.kinds) && !q.span.overlaps(p.span) && self.fits(p, *before)
            });
            if let Some(before) = found {
                self.chains.join(before, at);
            }
        }
    }

    /// Descriptions that nothing led back so far, as the reader of antecedents has them. `wanted` are those that matter.
    pub(super) fn read(&mut self, antecedents: &Antecedents, wanted: impl Fn(&Phrase) -> bool) {
        let open = |at: &usize| self.chains.phrases[*at].reference.is_none() && wanted(&self.chains.phrases[*at]) && !self.is_led_back(*at);
        let asked: Vec<usize> = (0..self.chains.phrases.len()).filter(open).collect();
        let told = antecedents.read(self.resolver.document, self.resolver.split, &self.chains.phrases, &asked);
        for (at, shares) in asked.into_iter().zip(told) {
            // The shares of all phrases of a chain speak for it.
            let mut chains: Vec<(usize, f32, usize)> = Vec::new();
            for (other, share) in shares {
                let chain = self.chains.of(other);
                match chains.iter_mut().find(|(known, ..)| *known == chain) {
                    Some((_, sum, _)) => *sum += share,
                    None => chains.push((chain, share, other)),
                }
            }
            let best = chains.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
            if let Some((_, _, other)) = best.filter(|(_, share, _)| *share >= SURE)
                && !self.is_new(at, other)
                && !self.is_ruled_out(at, other)
                && self.chains.join(other, at)
            {
                self.chains.read.insert(at);
            }
        }
    }

    /// Whether a phrase brings in somebody new: "gunmen seized 96 people", unless gunmen stood before.
    fn is_new(&self, at: usize, other: usize) -> bool {
        let p = &self.chains.phrases[at];
        let same = |m: &usize| self.chains.phrases[*m].lemma == p.lemma;
        let bare = p.plural && p.opening == Opening::Bare && p.kinds == Kinds::PERSON && p.modifiers.is_empty();
        bare && !self.chains.members(self.chains.of(other)).iter().any(same)
    }

    /// Whether the chain of a phrase is of a listed body or place that a description never means: "the army" and an armed group, "the capital" and a
    /// town.
    fn is_ruled_out(&self, at: usize, other: usize) -> bool {
        let references = || self.chains.members(self.chains.of(other)).iter().filter_map(|m| self.chains.phrases[*m].reference);
        let lemma = &self.chains.phrases[at].lemma;
        // "Separatists of the Ambazonia Defence Forces fled, the army said": a body that no list has is called so by its name.
        let named = |r: &Reference| r.names.iter().any(|name| name.to_lowercase().split(' ').any(|word| word == lemma));
        let unlisted = |r: &Reference| matches!(r.kind, Kind::Organization | Kind::MilitaryUnit) && r.key.is_none() && !r.names.is_empty();
        if self.resolver.nominals.is_strict(lemma) && references().map(|r| &self.resolver.references[r]).any(|r| unlisted(r) && !named(r)) {
            return true;
        }
        let keys = references().filter_map(|r| self.resolver.references[r].key.as_deref());
        keys.filter_map(|key| Some((key, self.resolver.gazetteer.listed(key)?))).any(|(key, listed)| {
            let class = match listed.kind {
                // An army may go by its state, or by the capital.
                Some(Kind::Place) => (listed.acts_as.is_none() && !key.starts_with("state/")).then(|| "place".to_owned()),
                _ => listed.class,
            };
            class.is_some_and(|class| self.resolver.nominals.rules_out(lemma, &class))
        })
    }

    /// Whether an unlisted body that a phrase names is of a description's class: by what the article calls it, "German car parts maker Nordvik", "Nordvik, a
    /// retailer", or by the last word of its name, "Nordvik AG".
    fn is_called(&self, description: &str, named: usize, names: &[String]) -> bool {
        let nominals = self.resolver.nominals;
        let firm =
            |name: &String| name.rsplit(' ').next().is_some_and(|last| nominals.wordings().firms.contains(last.trim_end_matches('.')));
        let members = self.chains.members(self.chains.of(named)).iter().map(|at| &self.chains.phrases[*at]);
        let mut called = members.flat_map(|p| p.titles.iter().chain(p.reference.is_none().then_some(&p.lemma)));
        called.any(|title| nominals.are_of_one_class(description, title))
            || nominals.fits_subtype(description, Some("company")) && names.iter().any(firm)
    }

    fn fits(&self, p: &Phrase, named: usize) -> bool {
        let q = &self.chains.phrases[named];
        let Some(reference) = q.reference.map(|r| &self.resolver.references[r]) else { return false };
        let nominals = self.resolver.nominals;
        let mut description = p.modifiers.join(" ");
        if !description.is_empty() {
            description.push(' ');
        }
        description.push_str(&p.lemma);
        let listed = reference.key.as_deref().and_then(|key| self.resolver.gazetteer.listed(key));
        let class = listed.as_ref().and_then(|l| l.class.as_deref());
        match reference.kind {
            Kind::Place | Kind::Nationality => {
                if !p.modifiers.is_empty() {
                    return false;
                }
                let key = reference.key.as_deref().unwrap_or("");
                let is_city = key.strip_prefix("place/").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
                let class = if key.starts_with("state/") {
                    "state"
                } else if is_city {
                    "city"
                } else {
                    "region"
                };
                let is_capital = listed.as_ref().is_some_and(|l| l.acts_as.is_some());
                nominals.fits_subtype(&p.lemma, Some(class)) || is_capital && nominals.fits_subtype(&p.lemma, Some("capital"))
            }
            Kind::Organization | Kind::MilitaryUnit => {
                // "the spy agency" is one description; in "the ambulance service" a word narrows a service down to one that need not be this.
                (p.modifiers.is_empty() || nominals.lists(&description))
                    && (nominals.fits_subtype(&description, class) || class.is_none() && self.is_called(&p.lemma, named, &reference.names))
            }
            Kind::Person => {
                let post = listed.as_ref().and_then(|l| l.post.as_deref());
                post.is_some_and(|post| post == description || post.ends_with(&format!(" {description}")))
            }
            _ => false,
        }
    }
}

/// The words of a name that may stand for it, in small letters: its last, or the last before "of", "for", "in"; its first before "of".
fn class_words(name: Option<&String>) -> Vec<String> {
    let Some(name) = name.filter(|name| name.contains(' ')).map(|name| name.to_lowercase()) else { return Vec::new() };
    let mut front = name.split([',', '(']).next().unwrap_or("");
    let mut words = Vec::new();
    if let Some((first, _)) = front.split_once(" of ") {
        words.extend(first.split(' ').next().map(str::to_owned));
    }
    for inner in [" of ", " for ", " in "] {
        front = front.split(inner).next().unwrap_or("");
    }
    words.extend(front.trim().rsplit_once(' ').map(|(_, last)| last.to_owned()));
    words.dedup();
    words
}

/// Whether two phrases may belong to the same: "his brother" and "my brother" do not, "the brother" may be either.
fn owners_agree(p: &Phrase, q: &Phrase) -> bool {
    match (&p.owner, &q.owner) {
        (Some(a), Some(b)) => a == b,
        // A person's party, land or company needs another reason to be the one named before.
        (Some(owner), None) => !p.kinds.has(Kinds::PERSON) && !matches!(owner.as_str(), "his" | "her" | "my"),
        _ => true,
    }
}
