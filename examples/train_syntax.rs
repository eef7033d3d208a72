//! Trains the tagger and parser on parsed sentences and says how well they do. How the data are made: `models/train/syntax/README.md`.
//!
//! usage: train_syntax TRAIN.tsv DEV.tsv OUT.bin [ROUNDS [SENTENCES]]
//!        train_syntax --tokens < lines > jsonl      our tokens of each line, for the teacher
//!        train_syntax --parse < lines > tsv         each line parsed by the embedded weights
//!        train_syntax --routine WEIGHTS TRAIN.tsv DEV.tsv OUT.bin      the routine of WEIGHTS learnt anew
//!        train_syntax --evaluate DEV.tsv [WEIGHTS]  the figures of the embedded weights, or of others
//!
//! A line a token: word, tag, head (1-based, 0 for the root), label; a blank line after each sentence.
#![expect(clippy::print_stdout, reason = "a training program reports to its user")]

use anyhow::{Context, Result, bail};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::io::{BufRead, BufWriter, Write};
use std::time::Instant;
use wiregraph::split::Splitter;
use wiregraph::syntax::features::{self, Features, View};
use wiregraph::syntax::transition::{Action, State};
use wiregraph::syntax::weights::{NARROW, Table, Vocabulary, WIDE, Weights};
use wiregraph::syntax::word::{Word, fold_hash};
use wiregraph::syntax::{Parser, choose, count_marks, forced, is_headline};
use wiregraph::types::{ByteSpan, Label, Tag, Token};

/// Cells of the tables. Fewer changes and twice the cells gave 0.1 points, and more misses of the caches.
const TAG_CELLS: usize = 600_000;
const ACTION_CELLS: usize = 1_500_000;
const LABEL_CELLS: usize = 800_000;
/// A word counts as known from here on.
const KNOWN: usize = 4;
/// From how many changes on a feature of tags, actions and labels gets weights.
const LEAST_CHANGES: [u8; 3] = [2, 4, 3];
const TAG_ROUNDS: usize = 5;
/// A decision is routine from so many occasions on, where no more than one in so many fell otherwise.
const ROUTINE_COUNT: usize = 20;
const ROUTINE_RARITY: usize = 150;

struct Example {
    words: Vec<String>,
    tags: Vec<u8>,
    /// The number of tokens is the root.
    heads: Vec<u16>,
    labels: Vec<u8>,
}

/// The scheme has one tag for all marks and none for what is hardly ever in news.
fn tag_class(name: &str, word: &str) -> u8 {
    let tag = Tag::from_name(name).unwrap_or(match name {
        "$" | "#" => Tag::Sym,
        "LS" => Tag::Cd,
        "AFX" => Tag::Jj,
        "XX" if word.chars().all(|c| !c.is_alphanumeric()) => Tag::Punct,
        "XX" | "ADD" | "GW" => Tag::Nn,
        _ => Tag::Punct,
    });
    tag as u8
}

fn read(path: &str, most: usize) -> Result<Vec<Example>> {
    let text = std::fs::read_to_string(path).with_context(|| path.to_owned())?;
    let mut out = Vec::new();
    for block in text.split("\n\n").filter(|b| !b.trim().is_empty()).take(most) {
        let mut example = Example { words: Vec::new(), tags: Vec::new(), heads: Vec::new(), labels: Vec::new() };
        let length = block.lines().count() as u16;
        for line in block.lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            let [word, tag, head, label] = fields[..] else { bail!("{path}: {line:?}") };
            let head: u16 = head.parse()?;
            example.words.push(word.to_owned());
            example.tags.push(tag_class(tag, word));
            example.heads.push(if head == 0 { length } else { head - 1 });
            example.labels.push(if head == 0 { Label::Root } else { Label::from_name(label).unwrap_or(Label::Dep) } as u8);
        }
        out.push(example);
    }
    Ok(out)
}

/// Weights under training: now, and summed over time for their mean.
struct Learner<const N: usize> {
    now: Vec<i16>,
    sum: Vec<i64>,
    step: i64,
    /// How often a feature, by part of its hash, would have been changed.
    seen: Vec<u8>,
    /// From how many times on it is: rare features would only crowd the table (Goldberg and Elhadad 2011).
    least: u8,
}

impl<const N: usize> Learner<N> {
    fn new(cells: usize, least: u8) -> Self {
        Self { now: vec![0; cells], sum: vec![0; cells], step: 1, seen: vec![0; 1 << 26], least }
    }

    fn score(&self, features: &[u32]) -> [i32; N] {
        let mut total = [0i32; N];
        for &feature in features {
            let at = Table::<'_, N>::row(feature, self.now.len());
            if let Some(row) = self.now[at..].first_chunk::<N>() {
                for (t, &w) in total.iter_mut().zip(row) {
                    *t += i32::from(w);
                }
            }
        }
        total
    }

    fn update(&mut self, features: &[u32], right: usize, wrong: usize) {
        for &feature in features {
            let seen = &mut self.seen[feature as usize >> 6];
            *seen = seen.saturating_add(1);
            if *seen < self.least {
                continue;
            }
            let at = Table::<'_, N>::row(feature, self.now.len());
            for (class, change) in [(right, 1i16), (wrong, -1)] {
                self.now[at + class] = self.now[at + class].saturating_add(change);
                self.sum[at + class] += self.step * i64::from(change);
            }
        }
    }

    /// The mean weights, as bytes: scaled so that but one in 5,000 of those that are not zero fit, and those cut off.
    fn bytes(&self) -> Vec<u8> {
        let mean: Vec<f32> =
            self.now.iter().zip(&self.sum).map(|(&now, &sum)| f32::from(now) - (sum as f64 / self.step as f64) as f32).collect();
        let mut sizes: Vec<f32> = mean.iter().map(|w| w.abs()).filter(|&w| w > 0.0).collect();
        sizes.sort_by(f32::total_cmp);
        println!("  {} of {} cells in use", sizes.len(), mean.len());
        let top = sizes.get(sizes.len() - sizes.len() / 5000 - 1).copied().unwrap_or(1.0);
        mean.iter().map(|w| (w / top * 127.0).round().clamp(-127.0, 127.0) as i8 as u8).collect()
    }
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as u32
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.next() as usize % (at + 1));
        }
    }
}

/// A sentence with its words read.
struct Sentence<'e> {
    words: Vec<Word>,
    gold: &'e Example,
    headline: bool,
    /// What a tagger that did not see the sentence says.
    tags: Vec<u8>,
}

fn vocabulary(examples: &[Example]) -> Vec<(u32, u8)> {
    let mut counts: BTreeMap<u32, [usize; 64]> = BTreeMap::new();
    for example in examples {
        for (word, &tag) in example.words.iter().zip(&example.tags) {
            counts.entry(fold_hash(word)).or_insert([0; 64])[usize::from(tag)] += 1;
        }
    }
    let known = counts.into_iter().filter(|(_, tags)| tags.iter().sum::<usize>() >= KNOWN);
    known.map(|(hash, tags)| (hash, (0..64).rev().max_by_key(|&t| tags[t]).unwrap_or(0) as u8)).collect()
}

fn top<const N: usize>(scores: &[i32; N], from: usize, to: usize) -> usize {
    (from..to).rev().max_by_key(|&class| scores[class]).unwrap_or(from)
}

fn train_tagger(sentences: &[&Sentence<'_>], rounds: usize, random: &mut Random) -> Learner<WIDE> {
    let mut learner = Learner::new(TAG_CELLS, LEAST_CHANGES[0]);
    let mut order: Vec<usize> = (0..sentences.len()).collect();
    let mut features = Features::default();
    for _ in 0..rounds {
        random.shuffle(&mut order);
        for &at in &order {
            let s = sentences[at];
            let mut tags = Vec::with_capacity(s.words.len());
            for at in 0..s.words.len() {
                features::of_tag(&s.words, &tags, at, s.headline, &mut features);
                let said = top(&learner.score(features.hashes()), 0, Tag::ALL.len());
                let right = usize::from(s.gold.tags[at]);
                if said != right {
                    learner.update(features.hashes(), right, said);
                }
                learner.step += 1;
                tags.push(said as u8);
            }
        }
    }
    learner
}

/// The embedded format needs every part; those that a use lacks are empty tables.
fn assemble(words: &[u8], tags: &[u8], actions: &[u8], labels: &[u8]) -> Result<(Vec<u8>, Parser)> {
    let bytes = Weights::encode([words, tags, actions, labels, &Vocabulary::encode(&[])]);
    let leaked: &'static [u8] = Box::leak(bytes.clone().into_boxed_slice());
    Ok((bytes, Parser::new(Weights::read("new weights", leaked)?)))
}

/// The same weights with the decisions that fell alike each time on the training text.
fn with_routine(parser: &Parser, tables: &[u8], examples: &[Example]) -> Result<(Vec<u8>, Parser)> {
    let mut seen: FxHashMap<u32, FxHashMap<u8, usize>> = FxHashMap::default();
    for example in examples {
        for (key, class) in parser.decisions(example.words.iter().map(String::as_str)) {
            *seen.entry(key).or_default().entry(class).or_default() += 1;
        }
    }
    let (mut all, mut settled) = (0, 0);
    let mut routine = Vec::new();
    for (key, classes) in seen {
        let total: usize = classes.values().sum();
        all += total;
        if let Some((&class, &count)) = classes.iter().max_by_key(|(_, count)| **count)
            && total >= ROUTINE_COUNT
            && (total - count) * ROUTINE_RARITY <= total
        {
            settled += total;
            routine.push((key, class));
        }
    }
    routine.sort_unstable();
    println!("{} routine decisions settle {settled} of {all}", routine.len());
    let mut parts = Weights::parts("trained weights", tables)?;
    let routine = Vocabulary::encode(&routine);
    parts[4] = &routine;
    let bytes = Weights::encode(parts);
    let leaked: &'static [u8] = Box::leak(bytes.clone().into_boxed_slice());
    Ok((bytes, Parser::new(Weights::read("new weights", leaked)?)))
}

fn train_parser(sentences: &[Sentence<'_>], rounds: usize, random: &mut Random) -> (Learner<NARROW>, Learner<WIDE>) {
    let mut actions = Learner::<NARROW>::new(ACTION_CELLS, LEAST_CHANGES[1]);
    let mut labels = Learner::<WIDE>::new(LABEL_CELLS, LEAST_CHANGES[2]);
    let mut order: Vec<usize> = (0..sentences.len()).collect();
    let (mut features, mut label_features, mut marks) = (Features::default(), Features::default(), Vec::new());
    let mut state = State::default();
    for round in 0..rounds {
        let (mut arcs, mut right_arcs, mut right_labels) = (0usize, 0usize, 0usize);
        random.shuffle(&mut order);
        for &at in &order {
            let s = &sentences[at];
            count_marks(&s.tags, &mut marks);
            state.start(s.words.len() as u16);
            while !state.is_done() {
                let view = View { words: &s.words, tags: &s.tags, marks: &marks, state: &state };
                let action = if let Some(action) = forced(&state) {
                    action
                } else {
                    features::of_action(&view, &mut features);
                    let scores = actions.score(features.hashes());
                    let said = choose(&state, |a| scores[a as usize]);
                    let cost = |a: Action| state.cost(a, &s.gold.heads);
                    let least = Action::ALL.into_iter().filter(|&a| state.allows(a)).map(cost).min().unwrap_or(0);
                    actions.step += 1;
                    if cost(said) > least {
                        let right = choose(&state, |a| if cost(a) == least { scores[a as usize] } else { i32::MIN });
                        actions.update(features.hashes(), right as usize, said as usize);
                        // From the second round on the parser must learn to go on from its own mistakes.
                        if round > 0 && random.next() % 10 < 9 { said } else { right }
                    } else {
                        said
                    }
                };
                let mut label = 0;
                if let Some((head, child)) = state.arc(action) {
                    let gold = &s.gold;
                    arcs += 1;
                    if head == state.length {
                        label = Label::Root as u8;
                        right_arcs += usize::from(gold.heads[usize::from(child)] == head);
                        right_labels += usize::from(gold.heads[usize::from(child)] == head);
                    } else {
                        features::of_label(&view, head, child, &mut label_features);
                        let said = top(&labels.score(label_features.hashes()), 1, Label::ALL.len());
                        label = said as u8;
                        labels.step += 1;
                        if gold.heads[usize::from(child)] == head {
                            let right = usize::from(gold.labels[usize::from(child)]);
                            right_arcs += 1;
                            right_labels += usize::from(right == said);
                            if right != said {
                                labels.update(label_features.hashes(), right, said);
                                if round == 0 {
                                    label = right as u8;
                                }
                            }
                        }
                    }
                }
                state.take(action, label);
            }
        }
        println!("  round {round}: arcs {:.2}, with label {:.2}", percent(right_arcs, arcs), percent(right_labels, arcs));
    }
    (actions, labels)
}

fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

fn evaluate(parser: &Parser, examples: &[Example], detail: bool) {
    let (mut all, mut tags, mut arcs, mut heads, mut labelled) = (0, 0, 0, 0, 0);
    let mut by_label: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    let mut confused: FxHashMap<(&str, &str), usize> = FxHashMap::default();
    let start = Instant::now();
    let parses: Vec<_> = examples.iter().map(|e| parser.parse_words(e.words.iter().map(String::as_str))).collect();
    let seconds = start.elapsed().as_secs_f64();
    for (example, nodes) in examples.iter().zip(&parses) {
        for (at, node) in nodes.iter().enumerate() {
            all += 1;
            let right_tag = node.tag as u8 == example.tags[at];
            tags += usize::from(right_tag);
            if !right_tag {
                *confused.entry((Tag::ALL[usize::from(example.tags[at])].name(), node.tag.name())).or_default() += 1;
            }
            let gold = Label::ALL[usize::from(example.labels[at])];
            let head = node.head.unwrap_or(nodes.len() as u16);
            let (right, same) = (head == example.heads[at], node.label == gold);
            by_label.entry(node.label.name()).or_default()[1] += 1;
            let entry = by_label.entry(gold.name()).or_default();
            entry[0] += 1;
            entry[2] += usize::from(right && same);
            if gold != Label::Punct {
                arcs += 1;
                heads += usize::from(right);
                labelled += usize::from(right && same);
            }
        }
    }
    println!(
        "{} sentences, {all} tokens: tags {:.2}; without marks: UAS {:.2}, LAS {:.2}; {:.0} tokens/s by the clock",
        examples.len(),
        percent(tags, all),
        percent(heads, arcs),
        percent(labelled, arcs),
        all as f64 / seconds
    );
    if detail {
        for (label, [gold, said, right]) in by_label {
            println!("  {label:10} {gold:6}  precision {:6.2}  recall {:6.2}", percent(right, said), percent(right, gold));
        }
        let mut pairs: Vec<_> = confused.into_iter().collect();
        pairs.sort_by_key(|&(names, count)| (std::cmp::Reverse(count), names));
        println!("  tags (teacher, ours): {:?}", &pairs[..pairs.len().min(25)]);
    }
}

/// Tokenizes, or parses, each line of standard input.
fn lines(parsed: bool) -> Result<()> {
    let parser = Parser::embedded();
    let splitter = Splitter::load(None)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let mut tokens: Vec<Token> = Vec::new();
        splitter.tokens(&line, ByteSpan::new(0, line.len()), &mut tokens);
        let words: Vec<&str> = tokens.iter().map(|t| t.span.of(&line)).collect();
        if parsed {
            for (word, node) in words.iter().zip(parser.parse_words(words.iter().copied())) {
                writeln!(out, "{word}\t{}\t{}\t{}", node.tag.name(), node.head.map_or(0, |h| h + 1), node.label.name())?;
            }
            writeln!(out)?;
        } else {
            let spaces: Vec<u8> =
                (0..tokens.len()).map(|at| u8::from(tokens.get(at + 1).is_some_and(|t| tokens[at].span.end < t.span.start))).collect();
            writeln!(out, "{}", serde_json::json!({ "w": words, "s": spaces }))?;
        }
    }
    Ok(out.flush()?)
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [mode, path, weights @ ..] = &arguments[..]
        && mode == "--evaluate"
    {
        let parser = match weights.first() {
            Some(file) => Parser::new(Weights::read(file, Vec::leak(std::fs::read(file)?))?),
            None => Parser::embedded(),
        };
        evaluate(&parser, &read(path, usize::MAX)?, true);
        return Ok(());
    }
    if let [mode] = &arguments[..]
        && (mode == "--tokens" || mode == "--parse")
    {
        return lines(mode == "--parse");
    }
    if let [mode, weights, train, dev, out] = &arguments[..]
        && mode == "--routine"
    {
        let tables = std::fs::read(weights)?;
        let parser = Parser::new(Weights::read(weights, Vec::leak(tables.clone()))?);
        let (bytes, parser) = with_routine(&parser, &tables, &read(train, usize::MAX)?)?;
        evaluate(&parser, &read(dev, usize::MAX)?, false);
        return Ok(std::fs::write(out, bytes)?);
    }
    let [train, dev, out, rest @ ..] = &arguments[..] else { bail!("usage: train_syntax TRAIN.tsv DEV.tsv OUT.bin [ROUNDS [SENTENCES]]") };
    let rounds = rest.first().map_or(Ok(9), |r| r.parse())?;
    let examples = read(train, rest.get(1).map_or(Ok(usize::MAX), |n| n.parse())?)?;
    let dev = read(dev, usize::MAX)?;
    println!("{} sentences, {} tokens", examples.len(), examples.iter().map(|e| e.words.len()).sum::<usize>());
    let words = Vocabulary::encode(&vocabulary(&examples));
    let known = Vocabulary::new(&words);
    let mut random = Random(1);
    let mut sentences: Vec<Sentence<'_>> = examples
        .iter()
        .map(|gold| {
            let words: Vec<Word> = gold.words.iter().map(|w| Word::new(w, &known)).collect();
            Sentence { headline: is_headline(&words), words, gold, tags: Vec::new() }
        })
        .collect();

    let start = Instant::now();
    let all: Vec<&Sentence<'_>> = sentences.iter().collect();
    let tags = train_tagger(&all, TAG_ROUNDS, &mut random).bytes();
    let (_, tagger) = assemble(&words, &tags, &[0; 8], &[0; 96])?;
    println!("tagger after {:.0} s", start.elapsed().as_secs_f64());
    evaluate(&tagger, &dev, false);
    // The parser must see the tags as wrong as they will be: each half is tagged by what the other half taught.
    for half in 0..2 {
        let other: Vec<&Sentence<'_>> = sentences.iter().skip(1 - half).step_by(2).collect();
        let tags = train_tagger(&other, TAG_ROUNDS - 2, &mut random).bytes();
        let (_, tagger) = assemble(&words, &tags, &[0; 8], &[0; 96])?;
        for sentence in sentences.iter_mut().skip(half).step_by(2) {
            sentence.tags = tagger.tag_words(sentence.gold.words.iter().map(String::as_str)).into_iter().map(|t| t as u8).collect();
        }
    }
    println!("tagged after {:.0} s", start.elapsed().as_secs_f64());
    let (actions, labels) = train_parser(&sentences, rounds, &mut random);
    let (tables, parser) = assemble(&words, &tags, &actions.bytes(), &labels.bytes())?;
    evaluate(&parser, &dev, false);
    let (bytes, parser) = with_routine(&parser, &tables, &examples)?;
    println!("{} bytes after {:.0} s", bytes.len(), start.elapsed().as_secs_f64());
    evaluate(&parser, &dev, true);
    std::fs::write(out, bytes)?;
    Ok(())
}
