//! Within one article: which mentions, descriptions and pronouns are one thing.

mod nominals;
mod persons;
mod references;

pub use nominals::Nominals;
pub use references::references;
