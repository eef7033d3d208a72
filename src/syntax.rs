//! Parts of speech and dependencies of a sentence's tokens.
//!
//! A greedy tagger and an arc-hybrid dependency parser, both averaged perceptrons whose weights are in the binary. How they were trained, on
//! what and how well they do is in `models/syntax/README.md`.

pub mod features;
pub mod transition;
pub mod weights;
pub mod word;

use crate::limits;
use crate::types::{Label, Node, Sentence, Split, Tag};
use features::{Features, View};
use std::sync::OnceLock;
use transition::{Action, State};
use weights::Weights;
use word::Word;

const EMBEDDED: &[u8] = include_bytes!("../models/syntax/english.bin");
/// Longest stretch parsed as one tree; a longer sentence is cut. No news sentence is that long: what is, is a table or a list.
const LONGEST: usize = 400;

/// A tagger and dependency parser with its weights. Cheap to make, and to share between threads.
#[derive(Clone, Copy, Debug)]
pub struct Parser {
    weights: Weights<'static>,
}

/// What a parse needs room for, kept from sentence to sentence.
#[derive(Clone, Debug, Default)]
struct Workspace {
    words: Vec<Word>,
    tags: Vec<u8>,
    marks: Vec<u16>,
    state: State,
    features: Features,
    /// Where every decision is noted by its routine key, when a routine is to be learnt; none is used then.
    notes: Option<Vec<(u32, u8)>>,
}

impl Workspace {
    fn routine(notes: &Option<Vec<(u32, u8)>>, weights: &Weights<'_>, key: u32) -> Option<u8> {
        if notes.is_some() { None } else { weights.routine.get(key) }
    }

    fn note(notes: &mut Option<Vec<(u32, u8)>>, key: u32, class: u8) {
        if let Some(notes) = notes {
            notes.push((key, class));
        }
    }
}

impl Parser {
    /// The parser whose weights are in the binary.
    #[must_use]
    pub fn embedded() -> Self {
        static WEIGHTS: OnceLock<Weights<'static>> = OnceLock::new();
        let weights = WEIGHTS.get_or_init(|| {
            Weights::read("models/syntax/english.bin", EMBEDDED).expect("the file is part of the program and a test reads it")
        });
        Parser { weights: *weights }
    }

    /// A parser with other weights.
    #[must_use]
    pub fn new(weights: Weights<'static>) -> Self {
        Self { weights }
    }

    /// One node a token of `sentence`; heads are indices within the sentence.
    #[must_use]
    pub fn parse(&self, text: &str, split: &Split, sentence: &Sentence) -> Vec<Node> {
        let tokens = split.tokens.get(sentence.tokens.clone()).unwrap_or(&[]);
        self.parse_words(tokens.iter().map(|token| text.get(token.span.range()).unwrap_or("")))
    }

    /// One node a word; heads are indices into the words. A sentence has one root, but one past the 65,000th word may have more.
    #[must_use]
    pub fn parse_words<'t>(&self, words: impl IntoIterator<Item = &'t str>) -> Vec<Node> {
        self.parse_in(&mut Workspace::default(), words)
    }

    /// Every decision on a sentence by its routine key, each taken by the tables.
    #[must_use]
    pub fn decisions<'t>(&self, words: impl IntoIterator<Item = &'t str>) -> Vec<(u32, u8)> {
        let mut room = Workspace { notes: Some(Vec::new()), ..Workspace::default() };
        self.parse_in(&mut room, words);
        room.notes.unwrap_or_default()
    }

    fn parse_in<'t>(&self, room: &mut Workspace, words: impl IntoIterator<Item = &'t str>) -> Vec<Node> {
        room.words.extend(words.into_iter().map(|word| Word::new(word, &self.weights.vocabulary)));
        self.tag(room);
        let mut nodes: Vec<Node> = Vec::with_capacity(room.words.len());
        let mut first_root = None;
        for start in (0..room.words.len()).step_by(LONGEST) {
            limits::check();
            let end = room.words.len().min(start + LONGEST);
            self.attach(room, start, end);
            let length = room.state.length;
            for (at, &head) in room.state.heads.iter().enumerate() {
                let tag = Tag::ALL.get(usize::from(room.tags[start + at])).copied().unwrap_or(Tag::Punct);
                let label = Label::ALL.get(usize::from(room.state.labels[at])).copied().unwrap_or(Label::Dep);
                let node = if head < length {
                    // Where the head has no number, the word is a root of its own.
                    Node { tag, head: u16::try_from(start + usize::from(head)).ok(), label }
                } else {
                    let label = if first_root.is_none() { Label::Root } else { Label::Parataxis };
                    Node { tag, head: first_root, label }
                };
                if node.head.is_none() && first_root.is_none() {
                    first_root = u16::try_from(start + at).ok();
                }
                nodes.push(node);
            }
        }
        nodes
    }

    /// The part of speech of each word.
    #[must_use]
    pub fn tag_words<'t>(&self, words: impl IntoIterator<Item = &'t str>) -> Vec<Tag> {
        let mut room = Workspace::default();
        room.words.extend(words.into_iter().map(|word| Word::new(word, &self.weights.vocabulary)));
        self.tag(&mut room);
        room.tags.iter().map(|&tag| Tag::ALL[usize::from(tag)]).collect()
    }

    /// Fills in the tags of all words.
    fn tag(&self, room: &mut Workspace) {
        let Workspace { words, tags, features, notes, .. } = room;
        let headline = is_headline(words);
        tags.clear();
        for at in 0..words.len() {
            let key = features::routine_tag(&words[at], at == 0, headline);
            let tag = Workspace::routine(notes, &self.weights, key).unwrap_or_else(|| {
                features::of_tag(words, tags, at, headline, features);
                best(&self.weights.tags.score(features.hashes())[..Tag::ALL.len()])
            });
            Workspace::note(notes, key, tag);
            tags.push(tag);
        }
    }

    /// Parses the words from `start` to `end`.
    fn attach(&self, room: &mut Workspace, start: usize, end: usize) {
        let Workspace { words, tags, marks, state, features, notes } = room;
        let (words, tags) = (&words[start..end], &tags[start..end]);
        count_marks(tags, marks);
        state.start(words.len() as u16);
        while !state.is_done() {
            let view = View { words, tags, marks, state };
            let action = match forced(state) {
                Some(action) => action,
                None => {
                    let key = features::routine_action(&view);
                    let under_mark = |action| state.arc(action).is_some_and(|(head, _)| is_mark(tags, head));
                    let usual =
                        Workspace::routine(notes, &self.weights, key).and_then(|class| Action::ALL.get(usize::from(class)).copied());
                    let action = usual.filter(|&action| state.allows(action) && !under_mark(action)).unwrap_or_else(|| {
                        features::of_action(&view, features);
                        let scores = self.weights.actions.score(features.hashes());
                        choose(state, |action| i32::from(scores[action as usize]) - if under_mark(action) { UNDER_MARK } else { 0 })
                    });
                    Workspace::note(notes, key, action as u8);
                    action
                }
            };
            let label = match state.arc(action) {
                None => 0,
                Some((head, _)) if head == state.length => Label::Root as u8,
                Some((head, child)) => {
                    let key = features::routine_label(&view, head, child);
                    let label = Workspace::routine(notes, &self.weights, key).unwrap_or_else(|| {
                        features::of_label(&view, head, child, features);
                        best_label(&self.weights.labels.score(features.hashes()))
                    });
                    Workspace::note(notes, key, label);
                    label
                }
            };
            state.take(action, label);
        }
        free_from_marks(state, tags);
    }
}

/// Taken off the score of an action that would hang a word on a mark.
const UNDER_MARK: i32 = 1 << 20;

fn is_mark(tags: &[u8], token: u16) -> bool {
    tags.get(usize::from(token)) == Some(&(Tag::Punct as u8))
}

/// Hangs what still hangs on marks where it belongs: greedy parsing can leave a mark at the bottom of the stack, and only words have children.
fn free_from_marks(state: &mut State, tags: &[u8]) {
    let root = state.length;
    let (heads, labels) = (&mut state.heads, &mut state.labels);
    for at in 0..heads.len() {
        while is_mark(tags, heads[at]) {
            heads[at] = heads[usize::from(heads[at])];
        }
    }
    // What hung on nothing but marks now hangs on the root, where one word may stay.
    let is_top = |at: &u16| heads[usize::from(*at)] == root;
    let is_verb = |at: &u16| (Tag::Vb as u8..=Tag::Vbz as u8).contains(&tags[usize::from(*at)]);
    if (0..root).filter(is_top).nth(1).is_none() {
        return;
    }
    let top = (0..root).filter(is_top).find(is_verb).or_else(|| (0..root).filter(is_top).find(|&at| !is_mark(tags, at))).unwrap_or(0);
    for at in 0..root {
        let (head, label) = (&mut heads[usize::from(at)], &mut labels[usize::from(at)]);
        if at == top {
            (*head, *label) = (root, Label::Root as u8);
        } else if *head == root {
            let label_there = if is_mark(tags, at) { Label::Punct } else { Label::Dep };
            (*head, *label) = (top, label_there as u8);
        }
    }
}

/// The class with the highest score, the first of equals.
fn best(scores: &[i16]) -> u8 {
    let mut top = 0;
    for (class, &score) in scores.iter().enumerate() {
        if score > scores[top] {
            top = class;
        }
    }
    top as u8
}

/// The best label of an arc between words.
fn best_label(scores: &[i16]) -> u8 {
    // Class 0 is the root's.
    best(&scores[1..Label::ALL.len()]) + 1
}

/// The action to take where only one is allowed.
#[must_use]
pub fn forced(state: &State) -> Option<Action> {
    let mut allowed = Action::ALL.into_iter().filter(|&action| state.allows(action));
    let first = allowed.next()?;
    if allowed.next().is_none() { Some(first) } else { None }
}

/// The allowed action with the highest score.
///
/// # Panics
/// When the parse is done.
#[must_use]
pub fn choose(state: &State, score: impl Fn(Action) -> i32) -> Action {
    let mut allowed = Action::ALL.into_iter().filter(|&action| state.allows(action));
    let mut top = allowed.next().expect("a parse that is not done has an action");
    for action in allowed {
        if score(action) > score(top) {
            top = action;
        }
    }
    top
}

/// Whether most of the words with letters are capitalised, so that capitals say little.
#[must_use]
pub fn is_headline(words: &[Word]) -> bool {
    let (mut lower, mut upper) = (0, 0);
    for word in words {
        match word.shape & 7 {
            1 => lower += 1,
            2.. => upper += 1,
            _ => {}
        }
    }
    upper > lower && upper > 3
}

/// For each word how many marks stand before it.
pub fn count_marks(tags: &[u8], out: &mut Vec<u16>) {
    out.clear();
    let mut count = 0u16;
    for &tag in tags {
        out.push(count);
        count = count.saturating_add(u16::from(tag == Tag::Punct as u8));
    }
    out.push(count);
}

/// SHA-256 of the embedded weights, in hexadecimal.
#[must_use]
pub fn model_hash() -> String {
    use sha2::Digest;
    sha2::Sha256::digest(EMBEDDED).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{ByteSpan, Token};

    /// Parses a text as one sentence.
    fn parse(text: &str) -> (Vec<&str>, Vec<Node>) {
        let span = ByteSpan::new(0, text.len());
        let mut tokens: Vec<Token> = Vec::new();
        crate::split::built_in().tokens(text, span, &mut tokens);
        let sentence = Sentence { span, tokens: 0..tokens.len(), paragraph: 0, dateline: false };
        let words = tokens.iter().map(|t| t.span.of(text)).collect();
        let split = Split { sentences: vec![sentence.clone()], tokens };
        (words, Parser::embedded().parse(text, &split, &sentence))
    }

    fn is_tree(nodes: &[Node]) -> bool {
        let roots = nodes.iter().filter(|n| n.head.is_none()).count();
        roots == usize::from(!nodes.is_empty())
            && (0..nodes.len()).all(|start| {
                let path = std::iter::successors(Some(start), |&at| nodes[at].head.map(usize::from));
                path.take(nodes.len() + 1).count() <= nodes.len()
            })
    }

    /// "label(head, word)" of each word.
    fn arcs(text: &str) -> Vec<String> {
        let (words, nodes) = parse(text);
        let arc = |(word, node): (&&str, &Node)| {
            let head = node.head.map_or("-", |h| words[usize::from(h)]);
            format!("{}({head}, {word})", node.label.name())
        };
        words.iter().zip(&nodes).map(arc).collect()
    }

    #[track_caller]
    fn has_arcs(text: &str, expected: &[&str]) {
        let arcs = arcs(text);
        for arc in expected {
            assert!(arcs.iter().any(|a| a == arc), "{arc} is not in {arcs:?}");
        }
    }

    #[test]
    fn a_plain_sentence() {
        let text = "The ministry said 40 soldiers were killed near Kharkiv on Monday.";
        let tags: Vec<&str> = parse(text).1.iter().map(|n| n.tag.name()).collect();
        assert_eq!(tags.join(" "), "DT NN VBD CD NNS VBD VBN IN NNP IN NNP PUNCT");
        has_arcs(
            text,
            &[
                "nsubj(said, ministry)",
                "nummod(soldiers, 40)",
                "nsubjpass(killed, soldiers)",
                "ccomp(said, killed)",
                "pobj(near, Kharkiv)",
                "ROOT(-, said)",
            ],
        );
    }

    #[test]
    fn curly_quotes_and_dashes_change_little() {
        has_arcs(
            "“The army’s tanks crossed the river,” the minister said on Friday.",
            &["poss(tanks, army)", "case(army, ’s)", "dobj(crossed, river)", "nsubj(said, minister)"],
        );
    }

    #[test]
    fn any_input_gives_one_tree() {
        let parts = [
            "The", "(", ")", "“", "killed", "of", "600", "Kyiv", ",", ".", "and", "who", "é", "🚀", "-", "$", "%", "to", "said", "\u{301}",
        ];
        let mut seed = 3u64;
        for length in (0..60).chain([399, 400, 401, 1300]) {
            let mut text = String::new();
            for _ in 0..length {
                seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                text.push_str(parts[(seed >> 33) as usize % parts.len()]);
                text.push(' ');
            }
            let (words, nodes) = parse(&text);
            assert_eq!(words.len(), nodes.len());
            assert!(is_tree(&nodes), "{text}");
            assert!(nodes.iter().all(|n| (n.label == Label::Root) == n.head.is_none()));
        }
    }

    #[test]
    fn nothing_hangs_on_a_mark_while_there_are_words() {
        for text in ["“ ( killed , ) , he — “ said", ", , , and of", "( — troops ) ; ; in"] {
            let (_, nodes) = parse(text);
            assert!(is_tree(&nodes));
            assert!(nodes.iter().all(|n| n.head.is_none_or(|h| nodes[usize::from(h)].tag != Tag::Punct)), "{nodes:?}");
        }
    }

    #[test]
    fn more_words_than_heads_have_numbers() {
        let nodes = Parser::embedded().parse_words(std::iter::repeat_n("word", 70_000));
        assert_eq!(nodes.len(), 70_000);
        assert!(nodes.iter().enumerate().all(|(at, n)| n.head.is_none_or(|h| usize::from(h) != at)));
    }

    #[test]
    fn spans_beyond_the_text_give_nodes_all_the_same() {
        let split = Split { sentences: Vec::new(), tokens: vec![Token { span: ByteSpan::new(90, 95) }] };
        let sentence = Sentence { span: ByteSpan::new(0, 1), tokens: 0..1, paragraph: 0, dateline: false };
        assert_eq!(Parser::embedded().parse("é", &split, &sentence).len(), 1);
    }

    #[test]
    fn is_shared_between_threads() {
        fn check<T: Send + Sync + Copy>(_: T) {}
        check(Parser::embedded());
    }
}
