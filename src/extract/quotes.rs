//! Quotes that run over sentences and paragraphs, and who speaks in them.

use crate::types::{Attribution, ByteSpan, Document, Split};

/// The quotes of a document.
#[derive(Debug, Default)]
pub(super) struct Quotes {
    /// For each sentence, whether it opens inside a quote that an earlier sentence began.
    inside: Vec<bool>,
    /// For each sentence, whether it opens with a quote.
    opens: Vec<bool>,
    /// Every quote with its marks, in order; a new paragraph begins a new one.
    spans: Vec<ByteSpan>,
}

/// Whether a token closes a quote, or may.
pub(super) fn closes(word: &str) -> bool {
    matches!(word, "”" | "\"" | "’" | "'" | "»" | "''")
}

/// Whether a token opens a quote, or may.
pub(super) fn opens(word: &str) -> bool {
    matches!(word, "“" | "\"" | "«" | "„" | "''" | "``")
}

impl Quotes {
    /// Walks the text once. A paragraph that opens with a quote mark inside an open quote goes on with it, as newspapers print it.
    pub(super) fn find(document: &Document, split: &Split) -> Quotes {
        let mut quotes = Quotes { spans: spans(document, split), ..Quotes::default() };
        let (mut open, mut paragraph, mut carried) = (false, usize::MAX, false);
        for sentence in &split.sentences {
            if sentence.paragraph != paragraph {
                paragraph = sentence.paragraph;
                carried = open;
                open = false;
            }
            let words = sentence.span.of(&document.text);
            let starts = words.starts_with(['“', '"', '«', '„']);
            quotes.inside.push(open || carried && starts);
            quotes.opens.push(starts && !open);
            carried = carried && starts;
            for mark in words.chars() {
                match mark {
                    '“' | '«' | '„' => open = true,
                    '”' | '»' => open = false,
                    '"' => open = !open,
                    _ => {}
                }
            }
        }
        quotes
    }

    /// Who speaks in a sentence that names nobody: the speaker of the quote that it goes on with, or opens right behind.
    pub(super) fn speaker(&self, sentence: usize, last: &[Attribution], split: &Split) -> Option<Attribution> {
        let before = sentence.checked_sub(1)?;
        let near = last.first().is_some_and(|a| {
            let said = split.sentences.partition_point(|s| s.span.end <= a.cue.start);
            said <= before && (said + 1..sentence).all(|s| self.inside[s] || self.opens[s])
        });
        let goes_on = self.inside[sentence] || self.opens[sentence];
        (near && goes_on).then(|| last.first().cloned()).flatten()
    }

    /// The quote that a place lies in, between its marks.
    pub(super) fn around(&self, place: ByteSpan) -> Option<ByteSpan> {
        let at = self.spans.partition_point(|q| q.end <= place.start);
        self.spans.get(at).copied().filter(|q| q.start < place.start && place.end <= q.end)
    }

    /// Gives whole quotes to who speaks in them, drops what is reported within a quote (those are the speaker's words), and leads quotes that follow
    /// with no speaker of their own to the speaker before: "“…,” he said. “…”".
    pub(super) fn settle(&self, attributions: &mut Vec<Attribution>, document: &Document, split: &Split) {
        attributions.retain(|a| self.around(a.cue).is_none());
        attributions.sort_by_key(|a| a.cue.start);
        let sentence_at = |byte: u32| split.sentences.partition_point(|s| s.span.end <= byte);
        let mut speaker: Option<(usize, usize)> = None;
        let mut seen = 0;
        for quote in &self.spans {
            let (first, last) = (sentence_at(quote.start), sentence_at(quote.end.saturating_sub(1)));
            let (Some(opening), Some(closing)) = (split.sentences.get(first), split.sentences.get(last)) else { continue };
            while seen < attributions.len() && attributions[seen].cue.start < quote.start {
                if attributions[seen].content.iter().any(|c| self.spans.iter().any(|q| q.overlaps(*c))) || speaker.is_none() {
                    speaker = Some((seen, sentence_at(attributions[seen].cue.start)));
                }
                seen += 1;
            }
            let near = opening.span.join(closing.span);
            let owner = attributions
                .iter()
                .enumerate()
                .filter(|(_, a)| near.covers(a.cue) && a.content.iter().any(|c| c.overlaps(*quote)))
                .min_by_key(|(_, a)| (a.cue.start > quote.start, a.cue.start.abs_diff(quote.start)))
                .map(|(at, _)| at);
            if let Some(owner) = owner {
                if first < last {
                    attributions[owner].content.push(*quote);
                }
                speaker = Some((owner, last));
                continue;
            }
            // A quote that fills its sentences, right behind one whose speaker is known.
            let fills = opening.span.start == quote.start && closing.span.end <= quote.end + 1;
            if let Some((owner, _)) = speaker.filter(|(_, said)| fills && *said < first && first <= *said + 1) {
                attributions[owner].content.push(*quote);
                speaker = Some((owner, last));
            }
        }
        for attribution in attributions {
            merge(&mut attribution.content);
            attribution.content.iter_mut().for_each(|c| *c = trimmed(*c, &document.text));
            attribution.span = attribution.content.iter().fold(attribution.span, |all, c| all.join(*c));
        }
    }
}

/// Without white space and commas at either end.
fn trimmed(span: ByteSpan, text: &str) -> ByteSpan {
    let loose = |c: char| c.is_whitespace() || c == ',';
    let words = span.of(text);
    let (front, back) = (words.len() - words.trim_start_matches(loose).len(), words.len() - words.trim_end_matches(loose).len());
    let size = |n: usize| u32::try_from(n).unwrap_or(0);
    if front + back < words.len() { ByteSpan { start: span.start + size(front), end: span.end - size(back) } } else { span }
}

/// Joins pieces that overlap, in order.
fn merge(pieces: &mut Vec<ByteSpan>) {
    pieces.sort_unstable();
    let mut merged: Vec<ByteSpan> = Vec::new();
    for piece in pieces.drain(..) {
        match merged.last_mut() {
            Some(last) if piece.start <= last.end => *last = last.join(piece),
            _ => merged.push(piece),
        }
    }
    *pieces = merged;
}

/// Every quote, with its marks.
fn spans(document: &Document, split: &Split) -> Vec<ByteSpan> {
    let mut found = Vec::new();
    let mut open: Option<(u32, u32)> = None;
    let mut paragraph = usize::MAX;
    let mut end = 0;
    for sentence in &split.sentences {
        let words = sentence.span.of(&document.text);
        if sentence.paragraph != paragraph {
            paragraph = sentence.paragraph;
            if let Some((start, first_end)) = open.take() {
                // Open to the end of a paragraph: it goes on in the next one, or its mark was forgotten.
                let goes_on = words.starts_with(['“', '"', '«', '„']) || words.starts_with("''");
                found.push(ByteSpan { start, end: if goes_on { end } else { first_end } });
            }
        }
        end = sentence.span.end;
        let mut letters = words.char_indices().peekable();
        let mut before = ' ';
        while let Some((at, letter)) = letters.next() {
            let doubled = letter == '\'' && letters.next_if(|(_, next)| *next == '\'').is_some();
            let start = sentence.span.start + u32::try_from(at).unwrap_or(0);
            let width = if doubled { 2 } else { u32::try_from(letter.len_utf8()).unwrap_or(1) };
            let straight = letter == '"' || doubled;
            let opening = before.is_whitespace() || matches!(before, '(' | '[' | '—' | '–' | '-');
            let closing = letters.peek().is_none_or(|(_, next)| !next.is_alphanumeric());
            let opens = matches!(letter, '“' | '«' | '„') || straight && opening && (open.is_none() || !closing);
            if opens {
                open = Some((start, sentence.span.end));
            } else if matches!(letter, '”' | '»') || straight && (closing || open.is_some()) {
                found.extend(open.take().map(|(from, _)| ByteSpan { start: from, end: start + width }));
            }
            before = letter;
        }
    }
    found.extend(open.map(|(start, first_end)| ByteSpan { start, end: first_end }));
    found
}
