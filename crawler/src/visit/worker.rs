//! Where bytes of others are parsed: on a thread of its own, with a big stack, a bound of time, and a net under it.
//!
//! Guards on depth and size come first in each parser; this is for what they do not foresee. A panic ends the thread
//! and not the program; a parse that does not end keeps one of a few places and nobody waits for it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;
use tokio::sync::{Semaphore, oneshot};

/// Html and XML libraries may recurse once a level.
const STACK: usize = 8 << 20;
/// Parses at one time.
static PLACES: Semaphore = Semaphore::const_new(4);

/// Why a parse gave nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mishap {
    /// A panic was caught.
    Panic,
    /// It did not end in time, or no place became free.
    Slow,
    /// The system gave no thread.
    NoThread,
}

/// Runs `work` apart and waits for it no longer than `most`.
pub(crate) async fn apart<T, F>(most: Duration, work: F) -> Result<T, Mishap>
where
    T: Send + 'static,
    F: FnOnce() -> T + Send + 'static,
{
    let done = async {
        let place = PLACES.acquire().await.map_err(|_| Mishap::NoThread)?;
        let (sender, receiver) = oneshot::channel();
        std::thread::Builder::new()
            .name("parse".into())
            .stack_size(STACK)
            .spawn(move || {
                // nothing outside sees what a panic leaves half done
                let result = catch_unwind(AssertUnwindSafe(work)).map_err(|_| Mishap::Panic);
                drop(place);
                // nobody may be waiting any more
                let _ = sender.send(result);
            })
            .map_err(|_| Mishap::NoThread)?;
        receiver.await.unwrap_or(Err(Mishap::Panic))
    };
    tokio::time::timeout(most, done).await.unwrap_or(Err(Mishap::Slow))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_caught_and_the_next_parse_runs() {
        let minute = Duration::from_secs(60);
        let panics = |text: &'static str| move || text.parse::<u8>().expect("a number");
        assert_eq!(apart(minute, panics("sette")).await, Err(Mishap::Panic));
        assert_eq!(apart(minute, panics("7")).await, Ok(7));
    }

    #[tokio::test]
    async fn nobody_waits_for_a_parse_without_end() {
        let (hold, held) = std::sync::mpsc::channel::<()>();
        let slow = apart(Duration::from_millis(20), move || held.recv().is_ok()).await;
        assert_eq!(slow, Err(Mishap::Slow));
        drop(hold);
    }

    #[tokio::test]
    async fn a_deep_recursion_finds_room() {
        fn deep(n: usize) -> usize {
            let page = [n; 64];
            if n == 0 { 0 } else { deep(std::hint::black_box(page[0]) - 1) + 1 }
        }
        assert_eq!(apart(Duration::from_secs(60), || deep(4_000)).await, Ok(4_000));
    }
}
