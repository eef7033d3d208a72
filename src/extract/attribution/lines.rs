//! Lines that open with whose words they are: "Poll: Voters want change", "SMITH: Thank you."

use super::super::Lexicon;
use crate::types::{Attribution, ByteSpan, Document, Kind, Mention, Split};

/// The most words before the colon.
const LONGEST: usize = 6;

/// Paragraphs that begin with a speaker and a colon: all that follows is attributed.
pub(in super::super) fn lines(document: &Document, split: &Split, lexicon: &Lexicon, mentions: &[Mention]) -> Vec<Attribution> {
    let text = document.text.as_str();
    let mut found: Vec<Attribution> = Vec::new();
    let mut shouted: Vec<Attribution> = Vec::new();
    let mut paragraph = usize::MAX;
    for (index, sentence) in split.sentences.iter().enumerate() {
        let first = sentence.paragraph != paragraph;
        paragraph = sentence.paragraph;
        if !first || sentence.dateline {
            continue;
        }
        let tokens = &split.tokens[sentence.tokens.clone()];
        let Some(colon) = tokens.iter().take(LONGEST + 1).position(|t| t.span.of(text) == ":").filter(|at| *at > 0) else { continue };
        let source = tokens[0].span.join(tokens[colon - 1].span);
        let end = split.sentences[index..].iter().take_while(|s| s.paragraph == paragraph).map(|s| s.span.end).last();
        let content = ByteSpan { start: tokens[colon].span.end, end: end.unwrap_or(sentence.span.end) };
        if content.of(text).split_whitespace().nth(2).is_none() {
            continue;
        }
        let start = content.start + u32::try_from(content.of(text).len() - content.of(text).trim_start().len()).unwrap_or(0);
        let content = ByteSpan { start, end: content.end };
        let cue = tokens[colon].span;
        let line = Attribution {
            span: source.join(content),
            cue,
            source,
            content: vec![content],
            relayed_by: Vec::new(),
            certainty: None,
            stance: false,
        };
        if speaks(source, text, lexicon, mentions) {
            found.push(line);
        } else if is_shouted(source.of(text)) {
            shouted.push(line);
        }
    }
    // A transcript: words in capitals that open more than one line.
    let again = |line: &Attribution| shouted.iter().filter(|other| other.source.of(text) == line.source.of(text)).count() > 1;
    found.extend(shouted.iter().filter(|line| again(line)).cloned());
    found
}

fn is_shouted(words: &str) -> bool {
    words.chars().filter(|c| c.is_alphabetic()).count() > 2 && !words.chars().any(char::is_lowercase)
}

/// Whether words before a colon name a speaker: a name of the article, whole or its last word in capitals, or a noun for what speaks.
fn speaks(source: ByteSpan, text: &str, lexicon: &Lexicon, mentions: &[Mention]) -> bool {
    let words = source.of(text);
    let noun = lexicon.words.noun(words.to_lowercase());
    let person = |m: &&Mention| m.kind == Kind::Person;
    lexicon.cues.documents.contains(&noun)
        || mentions.iter().filter(person).any(|m| m.span.overlaps(source) && m.span.end == source.end)
        || is_shouted(words)
            && mentions
                .iter()
                .filter(person)
                .any(|m| m.span.of(text).split_whitespace().next_back().is_some_and(|last| last.eq_ignore_ascii_case(words)))
}
