//! Short lists that single rules ask for, compared as written; the files they stand in say what each is for.

use super::words::Lists;
use crate::error::Result;
use rustc_hash::FxHashSet;

/// Words as written.
pub(super) type Set = FxHashSet<Box<str>>;

macro_rules! sets {
    ($($file:literal: $($list:ident),*;)*) => {
        /// The lists, under their names in the data files.
        #[derive(Debug, Default)]
        pub(super) struct Sets {
            $($(pub(super) $list: Set,)*)*
        }

        impl Sets {
            /// Adds the lists of one data file.
            pub(super) fn add(&mut self, file: &str, lists: &Lists) -> Result<()> {
                match file {
                    $($file => { $(self.$list.extend(lists.words(stringify!($list))?.into_iter().map(Into::into));)* })*
                    _ => {}
                }
                Ok(())
            }
        }
    };
}

sets! {
    "recognise/titles.toml": doubtful, sure_with_capital, sure_before_names, family_first;
    "recognise/organizations.toml": owners, titles_inside, ministries, of_a_nation, in_openers, listing, comma_listing, not_of_a_nation, never_open;
    "recognise/units.toml": ordinals, branch_enough, wants_branch, number_wants_branch;
    "recognise/events.toml": before_openers;
    "recognise/places.toml": nation_heads, doubtful_openers, not_before_in;
    "recognise/equipment-classes.toml": before_verbs, not_before_of, not_first, keeps_first, sites, containers, first_before_modifiers, calibres;
}
