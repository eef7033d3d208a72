//! Sentences, tokens and their syntax.

use super::ByteSpan;
use std::ops::Range;

/// A document's sentences and tokens.
#[derive(Clone, Debug, Default)]
pub struct Split {
    /// Sentences in order; together they cover all of the text but white space. A dateline is one of its own.
    pub sentences: Vec<Sentence>,
    /// All tokens of the document, in order.
    pub tokens: Vec<Token>,
}

/// A sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Its words, without white space at either end.
    pub span: ByteSpan,
    /// Its tokens, as indices into [`Split::tokens`].
    pub tokens: Range<usize>,
    /// Index of its paragraph in [`Document::paragraphs`](super::Document::paragraphs).
    pub paragraph: usize,
    /// Whether it is a dateline ("KYIV, May 3 (AP) —") and no sentence.
    pub dateline: bool,
}

/// A word, a number, a mark. Hyphenated words are three tokens ("closed", "-", "door"); designations ("SA-22"), numbers ("4,000", "1.2") and
/// abbreviations ("U.S.", "Gen.") are one; "'s" and "n't" are tokens of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it stands.
    pub span: ByteSpan,
}

/// What the parser says of one token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// Part of speech.
    pub tag: Tag,
    /// Index of the head within the sentence; `None` for a root.
    pub head: Option<u16>,
    /// Relation to the head.
    pub label: Label,
}

/// The syntax of a sentence, with what is asked of it again and again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Syntax {
    /// One node a token.
    pub nodes: Vec<Node>,
    /// Each token's lemma.
    pub lemmas: Vec<String>,
    /// Each token's dependents, in order.
    pub children: Vec<Vec<usize>>,
}

macro_rules! names {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        #[expect(missing_docs, reason = "the names are the annotation scheme's own")]
        pub enum $name { $($variant),* }

        impl $name {
            /// Every value, in the order of its discriminant.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// The name in the annotation scheme.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text),* }
            }

            /// The value of a scheme's name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.name() == name)
            }
        }
    };
}

names! {
    /// Penn Treebank part of speech; every mark is `Punct`.
    Tag {
        Cc = "CC", Cd = "CD", Dt = "DT", Ex = "EX", Fw = "FW", In = "IN", Jj = "JJ", Jjr = "JJR", Jjs = "JJS", Md = "MD",
        Nn = "NN", Nns = "NNS", Nnp = "NNP", Nnps = "NNPS", Pdt = "PDT", Pos = "POS", Prp = "PRP", PrpPoss = "PRP$", Rb = "RB", Rbr = "RBR",
        Rbs = "RBS", Rp = "RP", To = "TO", Uh = "UH", Vb = "VB", Vbd = "VBD", Vbg = "VBG", Vbn = "VBN", Vbp = "VBP", Vbz = "VBZ",
        Wdt = "WDT", Wp = "WP", WpPoss = "WP$", Wrb = "WRB", Punct = "PUNCT", Sym = "SYM",
    }
}

names! {
    /// Dependency relation of the CLEAR style (Choi and Palmer 2012), as spaCy's English models have it.
    Label {
        Root = "ROOT", Acl = "acl", Acomp = "acomp", Advcl = "advcl", Advmod = "advmod", Agent = "agent", Amod = "amod", Appos = "appos",
        Attr = "attr", Aux = "aux", Auxpass = "auxpass", Case = "case", Cc = "cc", Ccomp = "ccomp", Compound = "compound", Conj = "conj",
        Csubj = "csubj", Csubjpass = "csubjpass", Dative = "dative", Dep = "dep", Det = "det", Dobj = "dobj", Expl = "expl", Intj = "intj",
        Mark = "mark", Meta = "meta", Neg = "neg", Nmod = "nmod", Npadvmod = "npadvmod", Nsubj = "nsubj", Nsubjpass = "nsubjpass",
        Nummod = "nummod", Oprd = "oprd", Parataxis = "parataxis", Pcomp = "pcomp", Pobj = "pobj", Poss = "poss", Preconj = "preconj",
        Predet = "predet", Prep = "prep", Prt = "prt", Punct = "punct", Quantmod = "quantmod", Relcl = "relcl", Xcomp = "xcomp",
    }
}
