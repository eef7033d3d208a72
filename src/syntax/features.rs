//! Feature templates: what of a sentence and a parse each model looks at, as hashes.
//!
//! Tagger: in the manner of Collins (2002) with the usual tags of the coming words; parser: in the manner of Zhang and Nivre (2011) for the
//! arc-hybrid system; labels: the two words of the arc and what hangs on them.

use super::transition::{Children, NONE, State};
use super::word::Word;

/// No decision has more templates.
const MOST: usize = 96;

/// Receives the hashes of a decision's features.
#[derive(Clone, Debug)]
pub struct Features {
    hashes: [u32; MOST],
    count: usize,
    salt: u64,
}

impl Default for Features {
    fn default() -> Self {
        Features { hashes: [0; MOST], count: 0, salt: 0 }
    }
}

impl Features {
    /// Starts a new decision.
    #[inline(always)]
    pub fn clear(&mut self) {
        self.count = 0;
        self.salt = 0;
    }

    /// The hashes, one a template.
    #[must_use]
    pub fn hashes(&self) -> &[u32] {
        &self.hashes[..self.count]
    }

    /// Adds the next template's feature, made of up to 128 bits.
    #[inline(always)]
    fn add(&mut self, a: u64, b: u64) {
        self.salt = self.salt.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = (a ^ self.salt).wrapping_mul(0xbf58_476d_1ce4_e5b9) ^ b.wrapping_mul(0x94d0_49bb_1331_11eb).rotate_left(23);
        x = (x ^ x >> 31).wrapping_mul(0xd6e8_feb8_6659_fd93);
        // A place in a fixed array: the compiler sees each number and asks nothing at run time.
        self.hashes[self.count] = (x >> 32) as u32;
        self.count += 1;
    }
}

#[inline(always)]
fn pair(a: u32, b: u32) -> u64 {
    u64::from(a) << 32 | u64::from(b)
}

/// Bytes side by side.
#[inline(always)]
fn pack<const N: usize>(parts: [u8; N]) -> u64 {
    parts.into_iter().fold(0, |all, part| all << 8 | u64::from(part))
}

/// Beyond either end of the sentence.
const EDGE: Word = Word { form: 1, usual: 62, shape: 255, suffix: [1; 4], prefix: [1; 3] };

fn word(words: &[Word], at: usize) -> &Word {
    words.get(at).unwrap_or(&EDGE)
}

/// Features of the part of speech of `words[at]`; `tags` holds those before it, `headline` says that most words are capitalised.
pub fn of_tag(words: &[Word], tags: &[u8], at: usize, headline: bool, out: &mut Features) {
    out.clear();
    let w = &words[at];
    let (n1, n2) = (word(words, at + 1), word(words, at + 2));
    let (p1, p2) = (word(words, at.wrapping_sub(1)), word(words, at.wrapping_sub(2)));
    let t1 = at.checked_sub(1).map_or(62, |i| tags[i]);
    let t2 = at.checked_sub(2).map_or(62, |i| tags[i]);
    let (d0, d1, d2) = (w.usual, n1.usual, n2.usual);
    let place = u8::from(at == 0) | u8::from(headline) << 1;
    let form = u64::from(w.form);
    out.add(pack([w.shape, place]), 0);
    out.add(form, 0);
    out.add(form, pack([t1]));
    out.add(form, pack([t1, t2]));
    out.add(form, pack([d1]));
    out.add(form, pack([t1, d1]));
    out.add(form, u64::from(p1.form));
    out.add(form, u64::from(n1.form));
    out.add(form, pack([w.shape, place]));
    out.add(u64::from(p1.form), 0);
    out.add(u64::from(n1.form), 0);
    out.add(u64::from(p2.form), 0);
    out.add(u64::from(n2.form), 0);
    out.add(pair(p1.form, n1.form), 0);
    out.add(pair(p1.form, n1.form), pack([d0]));
    out.add(u64::from(p1.form), pack([d0, w.shape]));
    out.add(u64::from(n1.form), pack([d0, t1]));
    out.add(pair(p1.form, p2.form), pack([d0]));
    out.add(pair(n1.form, n2.form), pack([d0]));
    out.add(pack([t1, d0]), 0);
    out.add(pack([t1, t2, d0]), 0);
    out.add(pack([t1, d0, d1]), 0);
    out.add(pack([t1, d0, d1, d2]), 0);
    out.add(pack([t1, t2, d0, d1]), 0);
    out.add(pack([d0, d1]), 0);
    out.add(pack([d0, d1, d2]), 0);
    out.add(pack([w.shape, t1, d1, place]), 0);
    out.add(pack([w.shape, p1.shape, n1.shape, place]), 0);
    out.add(pack([w.shape, p1.shape, n1.shape, d0]), 0);
    for (n, &suffix) in w.suffix.iter().enumerate() {
        out.add(u64::from(suffix), pack([n as u8]));
    }
    out.add(u64::from(w.suffix[2]), pack([t1, 77]));
    out.add(u64::from(w.suffix[1]), pack([w.shape, d0, place]));
    out.add(u64::from(w.suffix[2]), pack([w.shape, d1]));
    out.add(u64::from(n1.suffix[1]), pack([d0, t1]));
    out.add(u64::from(p1.suffix[1]), pack([d0, d1]));
    for (n, &prefix) in w.prefix.iter().enumerate() {
        out.add(u64::from(prefix), pack([n as u8, w.shape]));
    }
}

/// A sentence with its tags, and a parse of it under way.
#[derive(Clone, Copy, Debug)]
pub struct View<'s> {
    /// The words.
    pub words: &'s [Word],
    /// Their parts of speech.
    pub tags: &'s [u8],
    /// How many commas and other marks stand before each word, and one more for all.
    pub marks: &'s [u16],
    /// The parse.
    pub state: &'s State,
}

const NO_TAG: u8 = 61;
const ROOT_TAG: u8 = 60;
const NOBODY: Children = Children { left: [NONE; 2], right: [NONE; 2], lefts: 0, rights: 0, labels: 0 };

impl View<'_> {
    fn tag(&self, token: u16) -> u8 {
        match self.tags.get(usize::from(token)) {
            Some(&tag) => tag,
            None if token == self.state.length => ROOT_TAG,
            None => NO_TAG,
        }
    }

    fn form(&self, token: u16) -> u32 {
        match self.words.get(usize::from(token)) {
            Some(word) => word.form,
            None if token == self.state.length => 3,
            None => 2,
        }
    }

    fn label(&self, token: u16) -> u8 {
        self.state.labels.get(usize::from(token)).copied().unwrap_or(NO_TAG)
    }

    fn children(&self, token: u16) -> &Children {
        self.state.children.get(usize::from(token)).unwrap_or(&NOBODY)
    }

    fn ahead(&self, n: u16) -> u16 {
        let at = self.state.next.saturating_add(n);
        if at <= self.state.length { at } else { NONE }
    }

    /// How many marks stand between two tokens, at most three.
    fn marks_between(&self, a: u16, b: u16) -> u8 {
        match (self.marks.get(usize::from(a)), self.marks.get(usize::from(b))) {
            (Some(&a), Some(&b)) => a.abs_diff(b).min(3) as u8,
            _ => 4,
        }
    }
}

/// Distances in steps that grow.
fn distance(a: u16, b: u16) -> u8 {
    if a == NONE || b == NONE {
        return 0;
    }
    match a.abs_diff(b) {
        n @ 0..=4 => n as u8 + 1,
        5..=6 => 6,
        7..=10 => 7,
        11..=20 => 8,
        _ => 9,
    }
}

/// One number for a decision's narrow context; never 0, which is a free bucket.
fn key(model: u64, context: u64) -> u32 {
    let mut x = (context ^ model << 61).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ x >> 32).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((x >> 32) as u32).max(1)
}

/// What of a word may settle its part of speech by itself.
#[must_use]
pub fn routine_tag(word: &Word, first: bool, headline: bool) -> u32 {
    key(1, u64::from(word.form) << 16 | pack([word.shape, u8::from(first) | u8::from(headline) << 1]))
}

/// What of a parse may settle the next action by itself.
#[must_use]
pub fn routine_action(view: &View<'_>) -> u32 {
    let (s0, n0) = (view.state.below(0), view.ahead(0));
    let tags = [view.tag(view.state.below(1)), view.tag(s0), view.tag(n0), view.tag(view.ahead(1)), view.tag(view.ahead(2))];
    let (top, next) = (view.children(s0), view.children(n0));
    key(2, pack(tags) << 8 | u64::from(top.rights.min(1) << 1 | next.lefts.min(1)))
}

/// What of an arc may settle its label by itself.
#[must_use]
pub fn routine_label(view: &View<'_>, head: u16, child: u16) -> u32 {
    let side = u8::from(child < head);
    let children = view.children(head);
    let sibling = if side == 1 { children.left[0] } else { children.right[0] };
    let near = distance(head, child).min(3);
    key(3, pack([side, view.tag(head), view.tag(child), view.label(sibling), near, view.tag(view.children(child).right[0])]))
}

/// Features of the next action.
pub fn of_action(view: &View<'_>, out: &mut Features) {
    out.clear();
    let state = view.state;
    let (s0, s1, s2) = (state.below(0), state.below(1), state.below(2));
    let (n0, n1, n2, n3) = (view.ahead(0), view.ahead(1), view.ahead(2), view.ahead(3));
    let (s0w, s1w, s2w) = (view.form(s0), view.form(s1), view.form(s2));
    let (n0w, n1w, n2w) = (view.form(n0), view.form(n1), view.form(n2));
    let (s0t, s1t, s2t, s3t) = (view.tag(s0), view.tag(s1), view.tag(s2), view.tag(state.below(3)));
    let (n0t, n1t, n2t, n3t) = (view.tag(n0), view.tag(n1), view.tag(n2), view.tag(n3));
    let (c0, c1, c2, cn) = (view.children(s0), view.children(s1), view.children(s2), view.children(n0));
    let (s0l, s0r, s1l, s1r, n0l) = (c0.left[0], c0.right[0], c1.left[0], c1.right[0], cn.left[0]);
    let (s0lt, s0rt, s1lt, s1rt, n0lt) = (view.tag(s0l), view.tag(s0r), view.tag(s1l), view.tag(s1r), view.tag(n0l));
    let (s0ll, s0rl, s1ll, s1rl, n0ll) = (view.label(s0l), view.label(s0r), view.label(s1l), view.label(s1r), view.label(n0l));
    let (d10, d0n) = (distance(s1, s0), distance(s0, n0));
    let (m10, m0n) = (view.marks_between(s1, s0), view.marks_between(s0, n0));
    // The tags on either side of the top: what stood right before and after it in the sentence.
    let (before, after) = (view.tag(s0.wrapping_sub(1)), view.tag(if s0 == NONE { NONE } else { s0 + 1 }));

    // Words alone.
    out.add(u64::from(s0w), pack([s0t]));
    out.add(u64::from(s0w), 0);
    out.add(u64::from(s1w), pack([s1t]));
    out.add(u64::from(s1w), 0);
    out.add(u64::from(s2w), pack([s2t]));
    out.add(u64::from(n0w), pack([n0t]));
    out.add(u64::from(n0w), 0);
    out.add(u64::from(n1w), pack([n1t]));
    out.add(u64::from(n2w), pack([n2t]));
    out.add(pack([s0t, s3t]), 0);
    // Pairs.
    out.add(pair(s0w, n0w), 0);
    out.add(pair(s0w, n0w), pack([s0t, n0t]));
    out.add(u64::from(s0w), pack([s0t, n0t]));
    out.add(u64::from(n0w), pack([n0t, s0t]));
    out.add(pack([s0t, n0t]), 0);
    out.add(pair(s1w, s0w), 0);
    out.add(u64::from(s1w), pack([s1t, s0t]));
    out.add(u64::from(s0w), pack([s0t, s1t]));
    out.add(pack([s1t, s0t]), 0);
    out.add(u64::from(s1w), pack([s1t, n0t]));
    out.add(u64::from(n0w), pack([n0t, s1t]));
    out.add(pair(s1w, n0w), 0);
    out.add(pack([n0t, n1t]), 0);
    out.add(u64::from(n0w), pack([n0t, n1t]));
    out.add(u64::from(n1w), pack([n1t, n0t]));
    out.add(u64::from(n1w), pack([s0t, n0t]));
    // Three and more tags.
    out.add(pack([s0t, n0t, n1t]), 0);
    out.add(pack([n0t, n1t, n2t]), 0);
    out.add(pack([s0t, n0t, n1t, n2t]), 0);
    out.add(pack([n0t, n1t, n2t, n3t]), 0);
    out.add(pack([s1t, s0t, n0t]), 0);
    out.add(pack([s2t, s1t, s0t]), 0);
    out.add(pack([s2t, s1t, s0t, n0t]), 0);
    out.add(pack([s1t, s0t, n0t, n1t]), 0);
    out.add(pack([s1t, s0t, n0t, n1t, n2t]), 0);
    out.add(u64::from(s1w), pack([s1t, s0t, n0t]));
    out.add(u64::from(s0w), pack([s1t, s0t, n0t]));
    out.add(u64::from(n0w), pack([s1t, s0t, n0t]));
    out.add(u64::from(s0w), pack([s0t, n0t, n1t]));
    out.add(pair(s1w, s0w), pack([n0t]));
    out.add(pair(s0w, n0w), pack([s1t]));
    out.add(pair(s1w, n0w), pack([s0t]));
    out.add(pair(s2w, s0w), pack([s1t]));
    out.add(u64::from(s2w), pack([s2t, s1t, s0t]));
    out.add(pack([before, s0t, after, n0t]), 0);
    out.add(pack([s1t, before, s0t, after]), 0);
    // Children.
    out.add(pack([s0t, s0rt, s0rl, n0t]), 0);
    out.add(pack([s0t, s0lt, s0ll, n0t]), 0);
    out.add(pack([s0t, n0t, n0lt, n0ll]), 0);
    out.add(pack([s1t, s1rt, s1rl, s0t]), 0);
    out.add(pack([s1t, s1lt, s1ll, s0t]), 0);
    out.add(pack([s1t, s0t, s0lt, s0ll]), 0);
    out.add(pack([s1t, s0t, s0rt, s0rl]), 0);
    out.add(pack([s1t, s1rt, s0t, s0rt, n0t]), 0);
    out.add(pack([s1t, s1rl, s0t, s0rl, n0t]), 0);
    out.add(pack([s0ll, s0rl, s1ll, s1rl, n0t]), 0);
    out.add(u64::from(view.form(s0r)), pack([s0t, n0t, s1t]));
    out.add(u64::from(view.form(s0l)), pack([s0t, n0t, s1t]));
    out.add(u64::from(view.form(s1r)), pack([s1t, s0t]));
    out.add(u64::from(view.form(n0l)), pack([n0t, s0t]));
    // A preposition's object with what the phrase might hang on.
    out.add(pair(s0w, view.form(s0r)), pack([s1t]));
    out.add(pair(s1w, view.form(s0r)), pack([s0t]));
    out.add(pair(s1w, s0w), pack([view.tag(s0r)]));
    out.add(pair(s2w, s0w), pack([s2t, s1t]));
    out.add(pack([s0t, view.tag(c0.left[1]), s0lt, n0t]), 1);
    out.add(pack([s1t, view.tag(c1.right[1]), s1rt, s0t]), 2);
    out.add(pack([s0t, view.tag(c0.right[1]), s0rt, n0t]), 3);
    // What hangs there already.
    out.add(c0.labels, pack([s0t, n0t]));
    out.add(c1.labels, pack([s1t, s0t]));
    out.add(c1.labels, pack([s1t, s0t, n0t]));
    out.add(c0.labels, pack([s1t, s0t, n0t, 1]));
    out.add(u64::from(s1w), c1.labels);
    out.add(u64::from(s0w), c0.labels);
    out.add(cn.labels, pack([s0t, n0t]));
    out.add(c2.labels, pack([s2t, s1t, s0t]));
    out.add(pack([s0t, c0.lefts.min(4), c0.rights.min(4), n0t]), 0);
    out.add(pack([s1t, c1.lefts.min(4), c1.rights.min(4), s0t]), 0);
    // Distance and marks.
    out.add(u64::from(s0w), pack([d10]));
    out.add(u64::from(s1w), pack([d10]));
    out.add(pack([s1t, s0t, d10, m10]), 0);
    out.add(pack([s0t, n0t, d0n, m0n]), 0);
    out.add(u64::from(n0w), pack([d0n]));
    out.add(u64::from(s0w), pack([d0n, n0t]));
    out.add(pack([s1t, s0t, n0t, d10, m10]), 0);
    out.add(pack([s1t, s0t, n0t, d0n, m0n]), 0);
    out.add(u64::from(s0w), pack([s1t, m10, n0t]));
}

/// Features of the label of an arc that is about to be made.
pub fn of_label(view: &View<'_>, head: u16, child: u16, out: &mut Features) {
    out.clear();
    let state = view.state;
    let side = u8::from(child < head);
    let (hw, dw) = (view.form(head), view.form(child));
    let (ht, dt) = (view.tag(head), view.tag(child));
    let (ch, cd) = (view.children(head), view.children(child));
    let sibling = if side == 1 { ch.left[0] } else { ch.right[0] };
    let (st, sl) = (view.tag(sibling), view.label(sibling));
    let (dl, dr) = (cd.left[0], cd.right[0]);
    let (dlt, drt, dll, drl) = (view.tag(dl), view.tag(dr), view.label(dl), view.label(dr));
    let suffix = view.words.get(usize::from(child)).map_or(0, |w| w.suffix[2]);
    let head_suffix = view.words.get(usize::from(head)).map_or(0, |w| w.suffix[2]);
    let n0 = if side == 1 { NONE } else { state.next };
    let (n0t, n0w) = (view.tag(n0), view.form(n0));
    let (before, after) = (view.tag(child.wrapping_sub(1)), view.tag(child + 1));
    let (head_before, head_after) = (view.tag(head.wrapping_sub(1)), view.tag(if head >= state.length { NONE } else { head + 1 }));
    let gap = distance(head, child);
    let marks = view.marks_between(head, child);
    let sided = |w: u32| u64::from(w) << 1 | u64::from(side);

    out.add(pack([side, ht, dt]), 0);
    out.add(sided(hw), 0);
    out.add(sided(dw), 0);
    out.add(pair(hw, dw), pack([side]));
    out.add(sided(hw), pack([ht, dt]));
    out.add(sided(dw), pack([ht, dt]));
    out.add(sided(suffix), pack([ht, dt]));
    out.add(sided(head_suffix), pack([ht, dt]));
    out.add(pack([side, ht, dt, gap, marks]), 0);
    out.add(pack([side, ht, dt, before, after]), 0);
    out.add(pack([side, ht, dt, head_before, head_after]), 0);
    out.add(sided(dw), pack([before, after]));
    out.add(pack([side, ht, dt, st, sl]), 0);
    out.add(sided(hw), pack([dt, sl]));
    out.add(sided(dw), pack([ht, sl]));
    out.add(ch.labels, pack([side, ht, dt]));
    out.add(ch.labels, sided(dw));
    out.add(sided(hw), ch.labels.rotate_left(7) ^ u64::from(dt));
    out.add(cd.labels, pack([side, ht, dt]));
    out.add(cd.labels, sided(dw));
    out.add(pack([side, ht, dt, dlt, dll]), 0);
    out.add(pack([side, ht, dt, drt, drl]), 0);
    out.add(sided(view.form(dl)), pack([ht, dt]));
    out.add(sided(view.form(dr)), pack([ht, dt]));
    out.add(pair(dw, view.form(dr)), pack([side, ht]));
    out.add(pair(hw, view.form(dl)), pack([side, dt]));
    out.add(pair(hw, view.form(sibling)), pack([side, dt]));
    out.add(pack([side, ht, dt, n0t, marks]), 0);
    out.add(sided(n0w), pack([ht, dt]));
    out.add(pack([side, ht, dt, view.label(ch.left[0]), view.label(ch.right[0])]), 0);
    out.add(pack([side, ht, dt, ch.lefts.min(3), ch.rights.min(3), cd.lefts.min(3), cd.rights.min(3)]), 0);
}
