//! Pieces of tokens: those of the embedded models are word pieces, as BERT's uncased models have them, with the casing that these lose.
//!
//! A token is cut into words (letters and digits; every mark alone), these into pieces of the vocabulary. The casing of a word goes with all of
//! its pieces.

use super::fault;
use super::network::Piece;
use crate::error::Result;
use rustc_hash::FxHashMap;
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizers::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::{DecoderWrapper, Encoding, PostProcessorWrapper, TokenizerImpl};

/// Most pieces of a token that are looked at: a longer one is an address, or no word.
pub const MOST: usize = 32;
/// Longest token that is kept, in bytes, and the most tokens that are: what a reader keeps stays below a few megabytes.
const KEPT_LENGTH: usize = 40;
const KEPT: usize = 32_768;

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Casing {
    /// Without letters that have case.
    None,
    /// Without capitals.
    Lower,
    /// The first letter alone is a capital.
    Title,
    /// Capitals only.
    Upper,
    /// Otherwise.
    Mixed,
}

impl Casing {
    /// The casing of a word.
    #[must_use]
    pub fn of(word: &str) -> Self {
        let (mut letters, mut cased, mut lower, mut upper, mut first_upper) = (0, false, false, 0, false);
        for letter in word.chars().filter(|c| c.is_alphabetic()) {
            let is_cased = !letter.to_lowercase().eq(letter.to_uppercase());
            // Also letters like ǅ, which are neither.
            let is_upper = letter.is_uppercase() || is_cased && !letter.is_lowercase();
            first_upper |= letters == 0 && is_upper;
            letters += 1;
            cased |= is_cased;
            lower |= letter.is_lowercase();
            upper += usize::from(is_upper);
        }
        match upper {
            _ if !cased => Casing::None,
            0 => Casing::Lower,
            _ if !lower => Casing::Upper,
            1 if first_upper => Casing::Title,
            _ => Casing::Mixed,
        }
    }
}

/// What cuts.
#[derive(Debug)]
enum Tokenizer {
    /// An embedded model's.
    Embedded(Box<TokenizerImpl<WordPiece, BertNormalizer, BertPreTokenizer, PostProcessorWrapper, DecoderWrapper>>),
    /// A checkpoint's.
    #[cfg(feature = "bert")]
    Any(Box<tokenizers::Tokenizer>),
}

impl Tokenizer {
    fn encode(&self, token: &str) -> Option<Encoding> {
        match self {
            Tokenizer::Embedded(tokenizer) => tokenizer.encode(token, false).ok(),
            #[cfg(feature = "bert")]
            Tokenizer::Any(tokenizer) => tokenizer.encode(token, false).ok(),
        }
    }
}

/// Cuts tokens into pieces.
#[derive(Debug)]
pub struct Cutter {
    tokenizer: Tokenizer,
    /// Whether a piece has the casing of its word.
    casing: bool,
    /// What stands for what the vocabulary lacks.
    unknown: Piece,
    /// What opens a sentence.
    pub opening: Piece,
    /// What ends a sentence.
    pub ending: Piece,
}

/// The pieces of tokens that were seen, kept from sentence to sentence.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    pieces: Vec<Piece>,
    tokens: FxHashMap<Box<str>, (u32, u32)>,
}

impl Cutter {
    /// A cutter for a vocabulary.
    ///
    /// # Errors
    /// When it lacks `[UNK]`, `[CLS]` or `[SEP]`.
    pub fn new(vocabulary: &[String]) -> Result<Self> {
        let marker = |name: &str| {
            let at = vocabulary.iter().position(|piece| piece == name).and_then(|at| u32::try_from(at).ok());
            at.map(|id| Piece { id, casing: Casing::None as u8 }).ok_or_else(|| fault("vocabulary", format!("lacks {name}")))
        };
        let (unknown, opening, ending) = (marker("[UNK]")?, marker("[CLS]")?, marker("[SEP]")?);
        let numbered: ahash::AHashMap<String, u32> = vocabulary.iter().cloned().zip(0..).collect();
        let builder = WordPiece::builder().vocab(numbered).unk_token("[UNK]".to_owned()).max_input_chars_per_word(100);
        let mut tokenizer = TokenizerImpl::new(builder.build().map_err(|e| fault("vocabulary", e))?);
        tokenizer.with_normalizer(Some(BertNormalizer::new(true, true, Some(true), true))).map_err(|e| fault("vocabulary", e))?;
        tokenizer.with_pre_tokenizer(Some(BertPreTokenizer));
        Ok(Self { tokenizer: Tokenizer::Embedded(Box::new(tokenizer)), casing: true, unknown, opening, ending })
    }

    /// A cutter of a checkpoint.
    ///
    /// # Errors
    /// When it has no pieces that open and end a sentence; in words.
    #[cfg(feature = "bert")]
    pub fn of(mut tokenizer: tokenizers::Tokenizer, casing: bool) -> std::result::Result<Self, String> {
        let marker = |names: [&str; 2], what: &str| {
            let id = names
                .iter()
                .find_map(|name| tokenizer.token_to_id(name))
                .ok_or_else(|| format!("has no piece for {what}: {}", names.join(" or ")))?;
            Ok::<_, String>(Piece { id, casing: Casing::None as u8 })
        };
        let opening = marker(["[CLS]", "<s>"], "the start of a sentence")?;
        let ending = marker(["[SEP]", "</s>"], "the end of a sentence")?;
        let unknown = marker(["[UNK]", "<unk>"], "what it lacks").unwrap_or(ending);
        // A page that says "[SEP]" says five characters.
        tokenizer.set_encode_special_tokens(true);
        tokenizer.with_padding(None);
        tokenizer.with_truncation(None).map_err(|e| e.to_string())?;
        Ok(Self { tokenizer: Tokenizer::Any(Box::new(tokenizer)), casing, unknown, opening, ending })
    }

    /// Adds the pieces of a token to `out`: at least one, at most [`MOST`].
    pub fn cut(&self, token: &str, kept: &mut Kept, out: &mut Vec<Piece>) {
        if let Some(&(start, end)) = kept.tokens.get(token) {
            out.extend_from_slice(&kept.pieces[start as usize..end as usize]);
            return;
        }
        let before = out.len();
        self.cut_new(token, out);
        if token.len() <= KEPT_LENGTH {
            if kept.tokens.len() >= KEPT {
                kept.tokens.clear();
                kept.pieces.clear();
            }
            let start = kept.pieces.len() as u32;
            kept.pieces.extend_from_slice(&out[before..]);
            kept.tokens.insert(token.into(), (start, kept.pieces.len() as u32));
        }
    }

    fn cut_new(&self, token: &str, out: &mut Vec<Piece>) {
        let before = out.len();
        if let Some(cut) = self.tokenizer.encode(token) {
            let (ids, words, offsets) = (cut.get_ids(), cut.get_word_ids(), cut.get_offsets());
            let mut start = 0;
            for pieces in words.chunk_by(|a, b| a == b) {
                let end = start + pieces.len();
                let low = offsets[start..end].iter().map(|o| o.0).min().unwrap_or(0);
                let high = offsets[start..end].iter().map(|o| o.1).max().unwrap_or(0);
                let casing = if self.casing { Casing::of(token.get(low..high).unwrap_or("")) } else { Casing::None } as u8;
                out.extend(ids[start..end].iter().map(|&id| Piece { id, casing }));
                start = end;
            }
        }
        out.truncate(before + MOST);
        if out.len() == before {
            out.push(self.unknown);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(vocabulary: &str, tokens: &[&str]) -> Vec<Vec<(u32, u8)>> {
        let vocabulary: Vec<String> = format!("[UNK] [CLS] [SEP] {vocabulary}").split(' ').map(str::to_owned).collect();
        let cutter = Cutter::new(&vocabulary).expect("a vocabulary");
        let mut kept = Kept::default();
        let mut cut = |token: &&str| {
            let mut out = Vec::new();
            cutter.cut(token, &mut kept, &mut out);
            out.into_iter().map(|p| (p.id, p.casing)).collect()
        };
        let first: Vec<_> = tokens.iter().map(&mut cut).collect();
        let again: Vec<_> = tokens.iter().map(&mut cut).collect();
        assert_eq!(first, again);
        first
    }

    #[test]
    fn casings() {
        let words = ["155", "—", "said", "Kyiv", "NIS", "I", "McCain", "éa", "Éa", "iPhone", "B3", "北京", "ª"];
        let casings: Vec<u8> = words.into_iter().map(|w| Casing::of(w) as u8).collect();
        assert_eq!(casings, [0, 0, 1, 2, 3, 3, 4, 1, 2, 4, 3, 0, 0]);
    }

    #[test]
    fn tokens_are_cut_into_words_and_these_into_pieces() {
        let found = cut("t - 72 ##b ##3 kyiv how ##itz", &["T-72B3", "Kyiv", "Kýiv", "Howitzer", "howitz"]);
        assert_eq!(found[0], [(3, 3), (4, 0), (5, 3), (6, 3), (7, 3)]);
        assert_eq!(found[1], [(8, 2)]);
        assert_eq!(found[2], [(8, 2)]);
        // One unknown piece makes the word unknown.
        assert_eq!(found[3], [(0, 2)]);
        assert_eq!(found[4], [(9, 1), (10, 1)]);
    }

    #[test]
    fn every_token_has_a_piece_and_none_has_many() {
        let long = "-".repeat(1000);
        let found = cut("a -", &["", " ", "\u{200b}", "\u{301}", &long, "漢字"]);
        let lengths: Vec<usize> = found.iter().map(Vec::len).collect();
        assert_eq!(lengths, [1, 1, 1, 1, MOST, 2]);
    }
}
