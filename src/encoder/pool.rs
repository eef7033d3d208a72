//! Things that a thread needs one of, kept for the next that comes.

use std::sync::{Mutex, PoisonError};

/// What no thread uses at present.
#[derive(Debug)]
pub struct Pool<T>(Mutex<Vec<T>>);

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Pool<T> {
    /// One that is free.
    pub fn take(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    /// One that is free, or a new one.
    pub fn enter(&self) -> T
    where
        T: Default,
    {
        self.take().unwrap_or_default()
    }

    /// Gives one back.
    pub fn leave(&self, one: T) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(one);
    }
}
