"""Tokens, word pieces and casing, as the engine in Rust sees them.

A sentence is a list of tokens. Each token is cut into the words of BERT (letters and digits; every mark alone), those into word pieces.
The casing of such a word is fed as token type of all its pieces, so pieces and types do not depend on how hyphens were tokenised.
The label of a token stands on its first piece.
"""
import re
from pathlib import Path

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

NONE, LOWER, TITLE, UPPER, MIXED = range(5)
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
MAX_PIECES = 128  # markers included

_ABBREVIATIONS = (
    "Mr|Mrs|Ms|Dr|Prof|Gen|Lt|Col|Maj|Capt|Sgt|Cpl|Brig|Adm|Cmdr|Rep|Reps|Sen|Sens|Gov|Rev|Hon|St|Jr|Sr|Inc|Corp|Co|Ltd|vs|No|Nos|Jan|Feb|Mar|Apr"
    "|Aug|Sept|Sep|Oct|Nov|Dec|Mt|Ft|Pvt|Pte|Supt|Messrs|etc|approx"
)
_TOKEN = re.compile(
    rf"""
    (?:https?://|www\.)[^\s<>"”)\]]*[^\s<>"”)\].,;:!?]        # addresses
  | [\w.+-]+@[\w-]+\.[\w.-]*\w
  | (?:[^\W\d_]\.){{2,}}(?!\w)                                # U.S., a.m.
  | (?:[^\W\d_]\.)+[^\W\d_](?!\w)                             # U.S
  | [^\W\d_]\.(?=\s[^\W\d_])(?<![Ia-z]\.)                     # an initial
  | (?:{_ABBREVIATIONS})\.
  | \d+(?:[.,:]\d+)+                                          # 1,200 and 3.5
  | \w+(?=n['’]t(?!\w))|n['’]t(?!\w)|['’](?:s|m|d|ll|re|ve|S)(?!\w)
  | [^\W_]+(?:(?:[-‐‑](?=\d)|(?<=\d)[-‐‑]|['’](?!(?:s|m|d|ll|re|ve|S)(?!\w))|[.](?=\d)|(?<=\d)/(?=\d))[^\W_]+)*  # T-72B3, 155-mm, O'Brien
  | --+|\.\.+|\S
    """,
    re.VERBOSE,
)
_ZERO_WIDTH = re.compile("[\u200b\u200e\u200f\u2060\ufeff\u00ad]")


def tokenise(text):
    """Spans (start, end) of the tokens of `text`, close to `split/tokens.rs`."""
    return [m.span() for m in _TOKEN.finditer(text) if not _ZERO_WIDTH.fullmatch(m.group())]


def casing(word):
    letters = [c for c in word if c.isalpha()]
    upper = [c for c in letters if c.isupper() or c.istitle()]
    if not any(c.lower() != c.upper() for c in letters):
        return NONE
    if not upper:
        return LOWER
    if not any(c.islower() for c in letters):
        return UPPER
    first = letters[0]
    return TITLE if len(upper) == 1 and first is upper[0] else MIXED


class Pieces:
    """Word pieces of a vocabulary; each distinct token is cut once."""

    def __init__(self, vocabulary):
        self.vocabulary = list(vocabulary)
        self.ids = {p: i for i, p in enumerate(self.vocabulary)}
        self.tokenizer = Tokenizer(models.WordPiece(self.ids, unk_token="[UNK]", max_input_chars_per_word=100))
        self.tokenizer.normalizer = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=True, lowercase=True)
        self.tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        self.pad, self.unknown, self.cls, self.sep = (self.ids[s] for s in SPECIAL)
        self.cache = {}

    @staticmethod
    def read(path):
        return Pieces(Path(path).read_text(encoding="utf-8").split("\n")[:-1])

    def write(self, path):
        Path(path).write_text("\n".join(self.vocabulary) + "\n", encoding="utf-8")

    def token(self, token):
        """Piece ids and casing types of one token."""
        known = self.cache.get(token)
        if known is None:
            cut = self.tokenizer.encode(token, add_special_tokens=False)
            reach = {}
            for word, (start, end) in zip(cut.word_ids, cut.offsets):
                low, high = reach.get(word, (start, end))
                reach[word] = (min(low, start), max(high, end))
            types = [casing(token[slice(*reach[w])]) for w in cut.word_ids]
            known = self.cache[token] = (list(cut.ids), types) if cut.ids else ([self.unknown], [NONE])
        return known

    def sentence(self, tokens):
        """Piece ids, types, and the place of each token's first piece, markers included."""
        ids, types, first = [self.cls], [NONE], []
        for token in tokens:
            i, t = self.token(token)
            first.append(len(ids))
            ids += i
            types += t
        return ids + [self.sep], types + [NONE], first


def trimmed(full, texts, limit, always=()):
    """The vocabulary kept: markers, single characters, and the pieces that `texts` (lists of tokens, with a weight) use most.

    Returns the pieces in the order of the full vocabulary.
    """
    counts = [0] * len(full.vocabulary)
    for tokens, weight in texts:
        for token in tokens:
            for i in full.token(token)[0]:
                counts[i] += weight
    keep = {full.ids[s] for s in SPECIAL}
    keep |= {i for i, p in enumerate(full.vocabulary) if len(p.removeprefix("##")) == 1 and (counts[i] or p.isascii() or p[-1].isalpha() and p[-1] < "\u0250")}
    keep |= {full.ids[p] for p in always if p in full.ids}
    order = sorted((i for i in range(len(counts)) if counts[i] and i not in keep), key=lambda i: (-counts[i], i))
    keep |= set(order[: max(0, limit - len(keep))])
    return [full.vocabulary[i] for i in sorted(keep)]
