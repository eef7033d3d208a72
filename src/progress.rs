//! How far a batch is, on a terminal.

use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressStyle};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use wiregraph::pipeline::Progress;
use wiregraph::read::Inputs;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(250);
/// Of the input, from which on the time that is left can be told.
const LEAST_SHARE: f64 = 0.01;

/// A line that tells it, until it is dropped. There is none where standard error is no terminal.
pub struct Shown {
    stop: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Shown {
    /// Shows `progress` of a batch that reads `inputs`, of which `consumed` bytes are read.
    pub fn new(progress: &Arc<Progress>, inputs: &[PathBuf], consumed: Arc<AtomicU64>) -> Shown {
        let bar = ProgressBar::new(Inputs::total(inputs).unwrap_or_default());
        if bar.is_hidden() {
            return Shown { stop: None };
        }
        // A template of this program's own parses.
        if let Ok(style) = ProgressStyle::with_template(if bar.length() == Some(0) { "{spinner} {msg}" } else { "{bar:24} {msg}" }) {
            bar.set_style(style);
        }
        let (stop, stopped) = channel();
        let (progress, started) = (Arc::clone(progress), Instant::now());
        let shown = std::thread::spawn(move || {
            while stopped.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
                let read = consumed.load(Relaxed);
                bar.set_position(read);
                bar.set_message(words(&progress, bar.length().unwrap_or_default(), read, started.elapsed()));
                bar.tick();
            }
            bar.finish_and_clear();
        });
        Shown { stop: Some((stop, shown)) }
    }
}

/// Documents, words a second, and the time that is left.
fn words(progress: &Progress, total: u64, read: u64, elapsed: Duration) -> String {
    let documents = progress.documents.load(Relaxed);
    if progress.concluding.load(Relaxed) {
        return format!("{} documents read; drawing conclusions", HumanCount(documents));
    }
    let a_second = (progress.words.load(Relaxed) as f64 / elapsed.as_secs_f64().max(0.001)) as u64;
    let share = read as f64 / total.max(1) as f64;
    let left = if total > 0 && share >= LEAST_SHARE {
        let left = elapsed.mul_f64((1.0 - share).max(0.0) / share);
        format!(", {} left", HumanDuration(left))
    } else {
        String::new()
    };
    format!("{} documents, {} words/s{left}", HumanCount(documents), HumanCount(a_second))
}

impl Drop for Shown {
    fn drop(&mut self) {
        if let Some((stop, shown)) = self.stop.take() {
            drop(stop);
            // It has nothing to say.
            let _ = shown.join();
        }
    }
}
