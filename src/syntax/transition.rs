//! The arc-hybrid transition system (Kuhlmann et al. 2011) with its dynamic oracle (Goldberg and Nivre 2013).
//!
//! The root stands behind the last token, so that each sentence gets one tree with one root.

/// What the parser can do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The next token goes on the stack.
    Shift = 0,
    /// The top of the stack becomes a child of the next token.
    Left = 1,
    /// The top of the stack becomes a child of the one below it.
    Right = 2,
}

impl Action {
    /// Every action, by its class.
    pub const ALL: [Action; 3] = [Action::Shift, Action::Left, Action::Right];
}

/// No token.
pub const NONE: u16 = u16::MAX;

/// The children of a token so far, outermost first.
#[derive(Clone, Copy, Debug)]
pub struct Children {
    /// The two leftmost.
    pub left: [u16; 2],
    /// The two rightmost.
    pub right: [u16; 2],
    /// How many on the left.
    pub lefts: u8,
    /// How many on the right.
    pub rights: u8,
    /// The labels on both sides, a bit each.
    pub labels: u64,
}

const NO_CHILDREN: Children = Children { left: [NONE; 2], right: [NONE; 2], lefts: 0, rights: 0, labels: 0 };

/// A parse under way.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Tokens whose head is not known yet, the top last.
    pub stack: Vec<u16>,
    /// The next token; the number of tokens is the root.
    pub next: u16,
    /// How many tokens there are.
    pub length: u16,
    /// Head of each token: [`NONE`] while unknown, the number of tokens for the root.
    pub heads: Vec<u16>,
    /// Label of each token.
    pub labels: Vec<u8>,
    /// Children of each token and of the root.
    pub children: Vec<Children>,
}

impl State {
    /// Starts anew on a sentence of `length` tokens.
    pub fn start(&mut self, length: u16) {
        self.stack.clear();
        self.next = 0;
        self.length = length;
        self.heads.clear();
        self.heads.resize(usize::from(length), NONE);
        self.labels.clear();
        self.labels.resize(usize::from(length), 0);
        self.children.clear();
        self.children.resize(usize::from(length) + 1, NO_CHILDREN);
    }

    /// Whether every token has its head.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.next == self.length && self.stack.is_empty()
    }

    /// Whether an action can be taken now.
    #[must_use]
    pub fn allows(&self, action: Action) -> bool {
        let depth = self.stack.len();
        match action {
            Action::Shift => self.next < self.length,
            Action::Left => depth > 1 && self.next < self.length || depth == 1,
            Action::Right => depth > 1,
        }
    }

    /// The token `n` below the top of the stack.
    #[must_use]
    pub fn below(&self, n: usize) -> u16 {
        self.stack.len().checked_sub(n + 1).map_or(NONE, |at| self.stack[at])
    }

    /// The head and the child that an action joins.
    #[must_use]
    pub fn arc(&self, action: Action) -> Option<(u16, u16)> {
        match action {
            Action::Shift => None,
            Action::Left => Some((self.next, self.below(0))),
            Action::Right => Some((self.below(1), self.below(0))),
        }
    }

    /// Takes an allowed action; `label` is that of the arc, if it makes one.
    pub fn take(&mut self, action: Action, label: u8) {
        let Some((head, child)) = self.arc(action) else {
            self.stack.push(self.next);
            self.next += 1;
            return;
        };
        self.stack.pop();
        self.heads[usize::from(child)] = head;
        self.labels[usize::from(child)] = label;
        let children = &mut self.children[usize::from(head)];
        children.labels |= 1 << (label & 63);
        // Children come from the inside outwards on either side.
        if child < head {
            children.left = [child, children.left[0]];
            children.lefts = children.lefts.saturating_add(1);
        } else {
            children.right = [child, children.right[0]];
            children.rights = children.rights.saturating_add(1);
        }
    }

    /// How many arcs of `gold` (heads; the number of tokens is the root) an action puts out of reach. Linear in the sentence, for training.
    #[must_use]
    pub fn cost(&self, action: Action, gold: &[u16]) -> usize {
        let next = self.next;
        let children_ahead = |head: u16| gold[usize::from(next)..].iter().filter(|&&h| h == head).count();
        match action {
            Action::Shift => {
                let below = &self.stack[..self.stack.len().saturating_sub(1)];
                let head = gold[usize::from(next)];
                usize::from(below.contains(&head)) + self.stack.iter().filter(|&&s| gold[usize::from(s)] == next).count()
            }
            Action::Left => {
                let top = self.below(0);
                let head = gold[usize::from(top)];
                usize::from(head != next && (head > next || head == self.below(1))) + children_ahead(top)
            }
            Action::Right => {
                let top = self.below(0);
                let head = gold[usize::from(top)];
                usize::from(head >= next) + children_ahead(top)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn follow(gold: &[u16]) -> Vec<u16> {
        let mut state = State::default();
        state.start(gold.len() as u16);
        while !state.is_done() {
            let best =
                Action::ALL.into_iter().filter(|&a| state.allows(a)).min_by_key(|&a| state.cost(a, gold)).expect("some action is allowed");
            state.take(best, 1);
        }
        state.heads
    }

    #[test]
    fn the_oracle_leads_to_projective_trees() {
        for gold in [vec![1, 2, 3], vec![1, 5, 1, 2, 3], vec![3, 0, 0], vec![2, 2, 7, 2, 6, 6, 3], vec![1]] {
            let gold: Vec<u16> = gold;
            assert_eq!(follow(&gold), gold);
        }
    }

    #[test]
    fn a_crossing_tree_still_gives_a_tree() {
        let heads = follow(&[2, 3, 4, 4]);
        assert_eq!(heads.iter().filter(|&&h| h == 4).count(), 1);
    }
}
