//! Cue words: who says so, how sure they are, which verbs carry a figure.

use super::words::Words;
use crate::error::Result;
use crate::lexicon::{self, layers};
use crate::types::Certainty;
use rustc_hash::FxHashSet;
use serde::Deserialize;
use std::path::Path;

/// The lists of `models/cues.toml`.
#[derive(Debug, Default)]
pub struct Cues {
    /// Verbs whose clause is somebody's words.
    pub attribution: FxHashSet<String>,
    /// Of those, the ones that need a clause or a quote.
    pub clause_only: FxHashSet<String>,
    /// Of those, the ones whose plain object is a report.
    pub objects: FxHashSet<String>,
    /// Verbs whose object is the source.
    pub quoting: FxHashSet<String>,
    /// Verbs whose object hears it: "he was told by".
    pub hearers: FxHashSet<String>,
    /// Verbs that report only with "at": "put the toll at 12".
    pub placing: FxHashSet<String>,
    /// Nouns for papers and works that say something.
    pub documents: FxHashSet<String>,
    /// Words for people that are no noun of an actor.
    pub sources: FxHashSet<String>,
    /// Verbs whose clause is what somebody thinks or wants.
    pub held_clauses: FxHashSet<String>,
    /// Verbs whose object somebody takes a stand on.
    pub held_objects: FxHashSet<String>,
    /// Verbs that take a stand with a preposition, each with it: "call for".
    pub held_with: FxHashSet<String>,
    /// The verbs of `held_with`.
    pub held_verbs: FxHashSet<String>,
    /// Nouns for what somebody thinks or wants.
    pub held_nouns: FxHashSet<String>,
    /// Verbs that give one to their subject: "raised doubts".
    pub held_light: FxHashSet<String>,
    /// Adjectives for it, as written.
    pub held_adjectives: FxHashSet<String>,
    /// Phrases before a source, lower-case, as their words.
    pub phrases: Vec<Vec<String>>,
    /// Cue words of each certainty but `stated`, strongest first.
    pub certainty: Vec<(Certainty, FxHashSet<String>)>,
    /// Verbs that say nothing of their own about their subject.
    pub raising: FxHashSet<String>,
    /// Verbs that say how high a figure is.
    pub figure_verbs: FxHashSet<String>,
    /// Nouns that stand for a figure.
    pub figure_nouns: FxHashSet<String>,
    /// Words that make an amount of money what something is worth.
    pub worth: FxHashSet<String>,
    /// Verbs whose words a source gives of what it will do itself.
    pub promising: FxHashSet<String>,
    /// Verbs by which money and goods are still to come.
    pub offering: FxHashSet<String>,
    /// Verbs for what an outlet does with a statement: "carried by the state news agency".
    pub carrying: FxHashSet<String>,
    /// Verbs that lend their object's event to the subject.
    pub light: FxHashSet<String>,
    /// Verbs whose subject does the deed that a noun names.
    pub doing: FxHashSet<String>,
    /// Verbs whose subject comes upon what a noun counts, and did not do it.
    pub finding: FxHashSet<String>,
    /// Words between a number and its noun that are no part of what is counted.
    pub skipped: FxHashSet<String>,
    /// Words that make a number definite.
    pub definite: FxHashSet<String>,
    /// Of those, the ones that make a small number one that is known already.
    pub known: FxHashSet<String>,
    /// Words for no part of a whole.
    pub no_part: FxHashSet<String>,
    /// Words for some of a whole.
    pub some_part: FxHashSet<String>,
    /// Pronouns that stand for a whole of which a part is counted.
    pub whole: FxHashSet<String>,
    /// Verbs and prepositions that lead from a whole to a part.
    pub including: FxHashSet<String>,
    /// Prepositions that lead from a part to the whole.
    pub among: FxHashSet<String>,
    /// Adverbs behind a number of those among others whom it struck worse: "three seriously".
    pub grave: FxHashSet<String>,
    /// Words that stand for what is counted and do not say it.
    pub stand_ins: FxHashSet<String>,
    /// Words that open a clause on the time before them: "when".
    pub told_of: Vec<String>,
    /// Words before a figure that another is compared with: "up from".
    pub baseline: Vec<String>,
    /// Words that open a stretch of time: "since".
    pub opening: FxHashSet<String>,
    /// Prepositions that lead to where something happened.
    pub at: FxHashSet<String>,
    /// Prepositions that lead to where a movement goes.
    pub towards: FxHashSet<String>,
    /// Prepositions that lead to what a movement passes.
    pub passing: FxHashSet<String>,
    /// Prepositions behind "talks" that lead to what they are on.
    pub topic: FxHashSet<String>,
    /// Words that end no phrase.
    pub leads_on: FxHashSet<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct File {
    attribution: Attribution,
    stance: Stance,
    certainty: Levels,
    raising: Verbs,
    figure: Figure,
    nouns: Nouns,
    counted: CountedWords,
    place: Prepositions,
    time: Time,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Attribution {
    verbs: Vec<String>,
    clause_only: Vec<String>,
    objects: Vec<String>,
    phrases: Vec<String>,
    quoting: Vec<String>,
    promising: Vec<String>,
    carrying: Vec<String>,
    documents: Vec<String>,
    placing: Vec<String>,
    hearers: Vec<String>,
    sources: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Stance {
    clauses: Vec<String>,
    objects: Vec<String>,
    prepositions: Vec<String>,
    nouns: Vec<String>,
    light: Vec<String>,
    adjectives: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Levels {
    estimated: Vec<String>,
    believed: Vec<String>,
    possible: Vec<String>,
    planned: Vec<String>,
    denied: Vec<String>,
    offering: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Verbs {
    verbs: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Figure {
    verbs: Vec<String>,
    nouns: Vec<String>,
    worth: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Nouns {
    light: Vec<String>,
    doing: Vec<String>,
    finding: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct CountedWords {
    skipped: Vec<String>,
    definite: Vec<String>,
    known: Vec<String>,
    no_part: Vec<String>,
    some_part: Vec<String>,
    whole: Vec<String>,
    including: Vec<String>,
    among: Vec<String>,
    grave: Vec<String>,
    stand_ins: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Time {
    told_of: Vec<String>,
    baseline: Vec<String>,
    opening: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Prepositions {
    at: Vec<String>,
    towards: Vec<String>,
    passing: Vec<String>,
    topic: Vec<String>,
    leads_on: Vec<String>,
}

impl Cues {
    /// The built-in lists, with the user's from `rules` added.
    ///
    /// # Errors
    /// When a file does not parse.
    pub fn load(rules: Option<&Path>, words: &mut Words) -> Result<Cues> {
        let mut cues = Cues::default();
        let order = [Certainty::Denied, Certainty::Planned, Certainty::Possible, Certainty::Believed, Certainty::Estimated];
        cues.certainty = order.into_iter().map(|level| (level, FxHashSet::default())).collect();
        for file in layers("cues.toml", include_str!("../../models/cues.toml"), rules)? {
            let File { attribution, stance, certainty, raising, figure, nouns, counted, place, time } = lexicon::toml(&file)?;
            words.know(attribution.verbs.iter().chain(&raising.verbs).chain(&figure.verbs).map(String::as_str));
            words.know(
                attribution
                    .promising
                    .iter()
                    .chain(&attribution.carrying)
                    .chain(&certainty.offering)
                    .chain(&nouns.light)
                    .chain(&nouns.doing)
                    .chain(&nouns.finding)
                    .map(String::as_str),
            );
            let with: Vec<String> = stance.prepositions.iter().filter_map(|p| p.split(' ').next()).map(str::to_owned).collect();
            words.know(stance.clauses.iter().chain(&stance.objects).chain(&stance.light).chain(&with).map(String::as_str));
            cues.held_verbs.extend(with);
            cues.attribution.extend(attribution.verbs);
            cues.clause_only.extend(attribution.clause_only);
            cues.objects.extend(attribution.objects);
            cues.quoting.extend(attribution.quoting);
            cues.phrases.extend(attribution.phrases.iter().map(|p| p.to_lowercase().split_whitespace().map(str::to_owned).collect()));
            cues.told_of.extend(time.told_of);
            cues.baseline.extend(time.baseline);
            cues.opening.extend(time.opening);
            cues.raising.extend(raising.verbs);
            cues.figure_verbs.extend(figure.verbs);
            cues.figure_nouns.extend(figure.nouns);
            for (list, more) in [
                (&mut cues.placing, attribution.placing),
                (&mut cues.hearers, attribution.hearers),
                (&mut cues.documents, attribution.documents),
                (&mut cues.sources, attribution.sources),
                (&mut cues.held_clauses, stance.clauses),
                (&mut cues.held_objects, stance.objects),
                (&mut cues.held_with, stance.prepositions),
                (&mut cues.held_nouns, stance.nouns),
                (&mut cues.held_light, stance.light),
                (&mut cues.held_adjectives, stance.adjectives),
                (&mut cues.worth, figure.worth),
                (&mut cues.promising, attribution.promising),
                (&mut cues.carrying, attribution.carrying),
                (&mut cues.offering, certainty.offering),
                (&mut cues.light, nouns.light),
                (&mut cues.doing, nouns.doing),
                (&mut cues.finding, nouns.finding),
                (&mut cues.skipped, counted.skipped),
                (&mut cues.definite, counted.definite),
                (&mut cues.known, counted.known),
                (&mut cues.no_part, counted.no_part),
                (&mut cues.some_part, counted.some_part),
                (&mut cues.whole, counted.whole),
                (&mut cues.including, counted.including),
                (&mut cues.among, counted.among),
                (&mut cues.grave, counted.grave),
                (&mut cues.stand_ins, counted.stand_ins),
                (&mut cues.at, place.at),
                (&mut cues.towards, place.towards),
                (&mut cues.passing, place.passing),
                (&mut cues.topic, place.topic),
                (&mut cues.leads_on, place.leads_on),
            ] {
                list.extend(more);
            }
            let levels = [certainty.denied, certainty.planned, certainty.possible, certainty.believed, certainty.estimated];
            for ((_, set), words) in cues.certainty.iter_mut().zip(levels) {
                set.extend(words);
            }
        }
        cues.phrases.sort_by_key(|p| std::cmp::Reverse(p.len()));
        Ok(cues)
    }

    /// The certainty that a word gives, if it is a cue.
    #[must_use]
    pub fn level(&self, word: &str) -> Option<Certainty> {
        self.certainty.iter().find(|(_, set)| set.contains(word)).map(|(level, _)| *level)
    }
}
