//! Quotes that run over sentences and paragraphs, and who speaks in them.

use crate::types::{Attribution, Document, Split};

/// For each sentence, whether it opens inside a quote that an earlier sentence began.
#[derive(Debug, Default)]
pub(super) struct Quotes {
    inside: Vec<bool>,
    opens: Vec<bool>,
}

impl Quotes {
    /// Walks the text once. A paragraph that opens with a quote mark inside an open quote goes on with it, as newspapers print it.
    pub(super) fn find(document: &Document, split: &Split) -> Quotes {
        let mut quotes = Quotes::default();
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
}
