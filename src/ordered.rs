//! Work that several threads share and whose results come in the order of the items, a bounded number at a time.

use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::sync::{Mutex, PoisonError};

/// Results that may wait for an earlier one, for each thread.
const WAITING: usize = 4;

/// What takes results.
pub trait Take<R> {
    /// What can go wrong.
    type Error;

    /// Takes the next result.
    ///
    /// # Errors
    /// Its own; then nothing more is read.
    fn take(&mut self, result: R) -> Result<(), Self::Error>;

    /// Is told that the next result is not there yet, so that what was taken can be passed on.
    ///
    /// # Errors
    /// Its own; then nothing more is read.
    fn idle(&mut self) -> Result<(), Self::Error>;
}

/// Maps items on `threads` threads and hands the results to `to` in the items' order. Items are asked for no faster than results are taken.
///
/// # Errors
/// What `to` says.
pub fn map_in_order<T: Send, R: Send, K: Take<R>>(
    items: impl Iterator<Item = T> + Send,
    threads: usize,
    map: impl Fn(T) -> R + Sync,
    to: &mut K,
) -> Result<(), K::Error> {
    let (work, to_do) = sync_channel::<(T, SyncSender<R>)>(threads);
    let (order, coming) = sync_channel::<Receiver<R>>(threads * WAITING);
    let to_do = Mutex::new(to_do);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    // Nothing in the lock can panic.
                    let next = to_do.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((item, answer)) = next else { break };
                    // Who waits for it may have gone.
                    let _ = answer.send(map(item));
                }
            });
        }
        scope.spawn(move || {
            for item in items {
                let (answer, result) = sync_channel(1);
                if order.send(result).is_err() || work.send((item, answer)).is_err() {
                    break;
                }
            }
        });
        // Gone when this ends, so that nobody waits to give it more.
        drain(coming, to)
    })
}

/// Takes results in the order in which they were asked for.
fn drain<R, K: Take<R>>(coming: Receiver<Receiver<R>>, to: &mut K) -> Result<(), K::Error> {
    loop {
        let next = match coming.try_recv() {
            Err(TryRecvError::Empty) => {
                to.idle()?;
                coming.recv().ok()
            }
            next => next.ok(),
        };
        let Some(result) = next else { return to.idle() };
        let result = match result.try_recv() {
            Err(TryRecvError::Empty) => {
                to.idle()?;
                result.recv().ok()
            }
            result => result.ok(),
        };
        // A thread that panicked has no result; the panic goes on when the scope ends.
        let Some(result) = result else { return Ok(()) };
        to.take(result)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    #[derive(Default)]
    struct Taken(Vec<usize>, usize);

    impl Take<usize> for Taken {
        type Error = &'static str;

        fn take(&mut self, result: usize) -> Result<(), &'static str> {
            self.0.push(result);
            if self.0.len() == self.1 { Err("enough") } else { Ok(()) }
        }

        fn idle(&mut self) -> Result<(), &'static str> {
            Ok(())
        }
    }

    #[test]
    fn results_come_in_order_and_items_no_faster_than_they_are_taken() {
        let late = |item: usize| {
            std::thread::sleep(Duration::from_micros(if item.is_multiple_of(7) { 2000 } else { 10 }));
            item * 2
        };
        let mut taken = Taken::default();
        map_in_order(0..200, 3, late, &mut taken).expect("all are taken");
        assert_eq!(taken.0, (0..200).map(|item| item * 2).collect::<Vec<_>>());
        let read = AtomicUsize::new(0);
        let items = (0..100_000).inspect(|_| {
            read.fetch_add(1, Ordering::Relaxed);
        });
        assert_eq!(map_in_order(items, 2, late, &mut Taken(Vec::new(), 10)), Err("enough"));
        assert!(read.load(Ordering::Relaxed) < 60, "{read:?}");
    }
}
