//! What one document may take. A thread cannot be stopped from outside, so stages [`check`] as they go, and a document that has taken too much unwinds to
//! where it was started.

use cpu_time::ThreadTime;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::time::Duration;

/// Checks of memory between two of the clock, which costs a call of the system.
const BETWEEN: u32 = 32;

/// Limits of one document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// CPU time on the thread that reads it.
    pub time: Duration,
    /// Bytes that the thread holds more than before. They are counted where [`Counting`] is the program's allocator, else there is no limit.
    pub bytes: usize,
}

impl Limits {
    /// Seconds, unless said otherwise.
    pub const SECONDS: u32 = 120;
    /// Megabytes, unless said otherwise.
    pub const MEGABYTES: u32 = 2_000;

    /// From seconds of CPU time and millions of bytes.
    #[must_use]
    pub fn of(seconds: u32, megabytes: u32) -> Limits {
        Limits { time: Duration::from_secs(seconds.into()), bytes: megabytes as usize * 1_000_000 }
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits::of(Limits::SECONDS, Limits::MEGABYTES)
    }
}

/// What a document that took too much unwinds with: the limit, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exceeded(pub String);

/// The limits that hold on a thread, from where they count, and checks until the next look at the clock.
#[derive(Clone, Copy)]
struct Guard {
    limits: Limits,
    started: ThreadTime,
    held: isize,
    until_clock: u32,
}

thread_local! {
    static GUARD: Cell<Option<Guard>> = const { Cell::new(None) };
    static HELD: Cell<isize> = const { Cell::new(0) };
}

/// Does something within limits.
pub fn within<T>(limits: Limits, work: impl FnOnce() -> T) -> T {
    struct Restore(Option<Guard>);
    impl Drop for Restore {
        fn drop(&mut self) {
            GUARD.set(self.0);
        }
    }
    let guard = Guard { limits, started: ThreadTime::now(), held: HELD.get(), until_clock: BETWEEN };
    let _restore = Restore(GUARD.replace(Some(guard)));
    work()
}

/// As [`check`], and looks at the clock at once: before work that takes long by itself.
pub fn check_clock() {
    if let Some(guard) = GUARD.get() {
        GUARD.set(Some(Guard { until_clock: 1, ..guard }));
    }
    check();
}

/// Unwinds with [`Exceeded`] where the limits of this thread are passed. The clock is looked at now and then.
pub fn check() {
    let Some(mut guard) = GUARD.get() else { return };
    let Limits { time, bytes } = guard.limits;
    if HELD.get().saturating_sub(guard.held) > isize::try_from(bytes).unwrap_or(isize::MAX) {
        exceed(format!("takes more memory than {} MB", bytes / 1_000_000));
    }
    guard.until_clock -= 1;
    if guard.until_clock == 0 {
        guard.until_clock = BETWEEN;
        if guard.started.elapsed() > time {
            exceed(format!("takes longer than {} s of CPU time", time.as_secs()));
        }
    }
    GUARD.set(Some(guard));
}

fn exceed(what: String) -> ! {
    // No fault of the program: the panic hook has nothing to say.
    std::panic::resume_unwind(Box::new(Exceeded(what)))
}

/// The system's allocator, and how much each thread holds.
pub struct Counting;

fn count(bytes: isize) {
    // A thread that ends holds nothing that is looked at.
    let _ = HELD.try_with(|held| held.set(held.get().wrapping_add(bytes)));
}

#[expect(unsafe_code, reason = "an allocator is unsafe to write; every call goes to the system's with the caller's arguments")]
// SAFETY: the system's allocator keeps the contract, and counting neither allocates nor unwinds.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: as the caller promises.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size as isize - layout.size() as isize);
        // SAFETY: as the caller promises.
        unsafe { System.realloc(at, layout, size) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::catch_unwind;

    #[test]
    fn what_takes_too_long_unwinds_and_the_next_is_free() {
        let limits = Limits { time: Duration::from_millis(5), bytes: usize::MAX };
        let work = || {
            loop {
                check();
            }
        };
        let exceeded = catch_unwind(|| within(limits, work)).expect_err("it never ends");
        assert_eq!(exceeded.downcast_ref::<Exceeded>(), Some(&Exceeded("takes longer than 0 s of CPU time".into())));
        check();
        within(limits, check);
        // One look at the clock is enough where it is asked for.
        let late = Limits { time: Duration::ZERO, ..limits };
        within(late, check);
        catch_unwind(|| within(late, check_clock)).expect_err("no time at all");
    }

    #[test]
    fn memory_is_that_of_the_thread_since_it_started() {
        let limits = Limits { time: Duration::MAX, bytes: 1_000_000 };
        HELD.set(5_000_000);
        within(limits, check);
        let grown = || {
            HELD.set(HELD.get() + 1_000_001);
            check();
        };
        let exceeded = catch_unwind(|| within(limits, grown)).expect_err("too much");
        assert_eq!(exceeded.downcast_ref::<Exceeded>(), Some(&Exceeded("takes more memory than 1 MB".into())));
    }
}
