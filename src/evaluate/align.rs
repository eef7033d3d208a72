//! From spans of the gold text to spans of the document's text, where the two differ a little.

use crate::types::ByteSpan;
use rustc_hash::FxHashMap;

/// The most cells a table of word pairs may have; a stretch beyond that with no word that both sides have once stays unaligned.
const TABLE: usize = 1 << 20;

/// The most cells for which the table is made before anchors are looked for.
const SMALL_TABLE: usize = 1 << 14;

/// Which words of two texts are the same.
#[derive(Debug)]
pub struct Alignment {
    gold: Vec<ByteSpan>,
    document: Vec<ByteSpan>,
    /// For each gold word the document's, by index.
    pairs: Vec<Option<usize>>,
}

impl Alignment {
    /// Aligns two texts word by word, in order; each mark is a word.
    #[must_use]
    pub fn new(gold: &str, document: &str) -> Alignment {
        let (gold_spans, document_spans) = (words(gold), words(document));
        let mut numbers = FxHashMap::default();
        let mut number = |word: &str| {
            let next = numbers.len();
            *numbers.entry(straight(word).to_owned()).or_insert(next)
        };
        let a: Vec<usize> = gold_spans.iter().map(|span| number(span.of(gold))).collect();
        let b: Vec<usize> = document_spans.iter().map(|span| number(span.of(document))).collect();
        let mut pairs = vec![None; a.len()];
        // Stretches still to do; a list and no recursion, so that no text is too long for the stack.
        let mut stretches = vec![Stretch { a: (0, a.len()), b: (0, b.len()) }];
        while let Some(stretch) = stretches.pop() {
            stretch.align(&a, &b, &mut pairs, &mut stretches);
        }
        Alignment { gold: gold_spans, document: document_spans, pairs }
    }

    /// The document's span for a span of gold; `None` where its first or last word is missing there.
    #[must_use]
    pub fn to_document(&self, span: ByteSpan) -> Option<ByteSpan> {
        let first = self.gold.partition_point(|word| word.end <= span.start);
        let last = self.gold.partition_point(|word| word.start < span.end).checked_sub(1)?;
        if first > last {
            return None;
        }
        let (a, b) = (self.pairs[first]?, self.pairs[last]?);
        // Words that fell in between would make a short quote cover half the document.
        if b - a > 2 * (last - first) + 5 {
            return None;
        }
        let (from, to) = (self.document[a], self.document[b]);
        let inset = span.start.saturating_sub(self.gold[first].start).min(from.len());
        let rest = self.gold[last].end.saturating_sub(span.end).min(to.len());
        let (start, end) = (from.start + inset, to.end - rest);
        (start < end).then_some(ByteSpan { start, end })
    }

    /// Runs of words that only gold has, and runs that only the document has.
    #[must_use]
    pub fn differences(&self) -> (Vec<ByteSpan>, Vec<ByteSpan>) {
        let mut known = vec![false; self.document.len()];
        for &index in self.pairs.iter().flatten() {
            known[index] = true;
        }
        (runs(&self.gold, |i| self.pairs[i].is_none()), runs(&self.document, |i| !known[i]))
    }
}

fn runs(words: &[ByteSpan], alone: impl Fn(usize) -> bool) -> Vec<ByteSpan> {
    let mut runs: Vec<ByteSpan> = Vec::new();
    let mut open = false;
    for (index, word) in words.iter().enumerate() {
        let this = alone(index);
        match runs.last_mut() {
            Some(run) if this && open => *run = run.join(*word),
            _ if this => runs.push(*word),
            _ => {}
        }
        open = this;
    }
    runs
}

/// Half-open runs of words of both sides.
struct Stretch {
    a: (usize, usize),
    b: (usize, usize),
}

impl Stretch {
    fn align(self, a: &[usize], b: &[usize], pairs: &mut [Option<usize>], todo: &mut Vec<Stretch>) {
        let ((mut a0, mut a1), (mut b0, mut b1)) = (self.a, self.b);
        while a0 < a1 && b0 < b1 && a[a0] == b[b0] {
            pairs[a0] = Some(b0);
            (a0, b0) = (a0 + 1, b0 + 1);
        }
        while a0 < a1 && b0 < b1 && a[a1 - 1] == b[b1 - 1] {
            (a1, b1) = (a1 - 1, b1 - 1);
            pairs[a1] = Some(b1);
        }
        if a0 == a1 || b0 == b1 {
            return;
        }
        // An exact answer where it is cheap: a lone anchor may be a coincidence.
        let small = (a1 - a0).saturating_mul(b1 - b0) <= SMALL_TABLE;
        let anchors = if small { Vec::new() } else { anchors(&a[a0..a1], &b[b0..b1]) };
        if anchors.is_empty() {
            table(a, b, Stretch { a: (a0, a1), b: (b0, b1) }, pairs);
            return;
        }
        let (mut a_from, mut b_from) = (a0, b0);
        for (i, j) in anchors {
            let (i, j) = (a0 + i, b0 + j);
            pairs[i] = Some(j);
            todo.push(Stretch { a: (a_from, i), b: (b_from, j) });
            (a_from, b_from) = (i + 1, j + 1);
        }
        todo.push(Stretch { a: (a_from, a1), b: (b_from, b1) });
    }
}

/// Words that both sides have once, as far as they come in the same order.
fn anchors(a: &[usize], b: &[usize]) -> Vec<(usize, usize)> {
    #[derive(Default)]
    struct Seen {
        a: (usize, usize),
        b: (usize, usize),
    }
    let mut seen: FxHashMap<usize, Seen> = FxHashMap::default();
    for (i, word) in a.iter().enumerate() {
        let entry = seen.entry(*word).or_default();
        entry.a = (entry.a.0 + 1, i);
    }
    for (j, word) in b.iter().enumerate() {
        let entry = seen.entry(*word).or_default();
        entry.b = (entry.b.0 + 1, j);
    }
    let both = |(i, word): (usize, &usize)| seen.get(word).filter(|s| s.a.0 == 1 && s.b.0 == 1).map(|s| (i, s.b.1));
    let once: Vec<(usize, usize)> = a.iter().enumerate().filter_map(both).collect();
    // Longest rising run by patience: `ends[k]` ends the best run of k + 1.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(once.len());
    for (index, (_, j)) in once.iter().enumerate() {
        let place = ends.partition_point(|&end| once[end].1 < *j);
        before.push(place.checked_sub(1).map(|p| ends[p]));
        match ends.get_mut(place) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let mut run = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied();
    while let Some(index) = at {
        run.push(once[index]);
        at = before[index];
    }
    run.reverse();
    run
}

/// Longest common subsequence of a stretch that has no anchors.
fn table(a: &[usize], b: &[usize], stretch: Stretch, pairs: &mut [Option<usize>]) {
    let ((a0, a1), (b0, b1)) = (stretch.a, stretch.b);
    let (rows, columns) = (a1 - a0 + 1, b1 - b0 + 1);
    if rows.saturating_mul(columns) > TABLE {
        return;
    }
    let mut best = vec![0u32; rows * columns];
    for i in (0..rows - 1).rev() {
        for j in (0..columns - 1).rev() {
            best[i * columns + j] = if a[a0 + i] == b[b0 + j] {
                best[(i + 1) * columns + j + 1] + 1
            } else {
                best[(i + 1) * columns + j].max(best[i * columns + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < rows - 1 && j < columns - 1 {
        if a[a0 + i] == b[b0 + j] {
            pairs[a0 + i] = Some(b0 + j);
            (i, j) = (i + 1, j + 1);
        } else if best[(i + 1) * columns + j] >= best[i * columns + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
}

/// Runs of letters and digits, and every other visible character by itself.
fn words(text: &str) -> Vec<ByteSpan> {
    let mut words: Vec<ByteSpan> = Vec::new();
    let mut in_word = false;
    for (start, c) in text.char_indices() {
        let span = ByteSpan::new(start, start + c.len_utf8());
        let letter = c.is_alphanumeric();
        match words.last_mut() {
            Some(word) if letter && in_word => word.end = span.end,
            _ if !c.is_whitespace() => words.push(span),
            _ => {}
        }
        in_word = letter;
    }
    words
}

/// Curly quotes and dashes are often straightened on the way; they are the same mark here.
fn straight(word: &str) -> &str {
    match word {
        "“" | "”" | "„" => "\"",
        "‘" | "’" => "'",
        "–" | "—" | "−" => "-",
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapped<'d>(gold: &str, document: &'d str, words: &str) -> Option<&'d str> {
        let start = gold.find(words).expect("the words are in gold");
        let span = ByteSpan::new(start, start + words.len());
        Alignment::new(gold, document).to_document(span).map(|span| span.of(document))
    }

    #[test]
    fn equal_texts_map_onto_themselves() {
        let text = "“Nine” cafés\u{a0}burned – 🚢 the U.S. said.\n\nNo one paid $40 million.";
        for words in ["“Nine”", "cafés\u{a0}burned", "🚢", "U.S.", "$40 million", "o one pa"] {
            assert_eq!(mapped(text, text, words), Some(words));
        }
    }

    #[test]
    fn spans_survive_what_was_left_in_and_left_out() {
        let gold = "The navy sent two boats. The army sent the men. The guard said nothing. The boats sank.";
        let document = "Home\n\nThe navy sent two boats.\n\nAdvertisement the of\n\nThe guard said nothing. The boats sank. Share this";
        assert_eq!(mapped(gold, document, "two boats"), Some("two boats"));
        assert_eq!(mapped(gold, document, "The boats"), Some("The boats"));
        assert_eq!(mapped(gold, document, "The guard said"), Some("The guard said"));
        assert_eq!(mapped(gold, document, "army"), None);
        let (missing, extra) = Alignment::new(gold, document).differences();
        assert!(missing.iter().any(|span| span.of(gold).contains("army sent")));
        assert_eq!(extra[0].of(document), "Home");
    }

    /// How many gold words the document has.
    fn found(gold: &str, document: &str) -> usize {
        Alignment::new(gold, document).pairs.iter().flatten().count()
    }

    #[test]
    fn nothing_aligns_with_nothing() {
        assert_eq!(mapped("a b", "", "a"), None);
        assert_eq!(found("", "a b"), 0);
        assert_eq!(found("a a a b", "c c"), 0);
        assert_eq!(found("a a b b", "b a a b"), 3);
        assert_eq!(Alignment::new("x", "x").to_document(ByteSpan::new(1, 1)), None);
    }

    #[test]
    fn a_stretch_without_unique_words_stays_within_bounds() {
        let (a, b) = ("a b ".repeat(3000), "b c a ".repeat(3000));
        assert!(found(&a, &b) <= 6000);
    }
}
