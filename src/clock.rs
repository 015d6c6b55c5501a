//! The only room that reads the machine's time.
//!
//! Everything else gets a [`Clock`] passed in. Three of them: the system's, one that stands still (`--now`), and one
//! that is stepped by hand (the demo and the tests): a day of the press is then lived through in seconds, and it is the
//! same day each time. How long something took is measured by a [`Stopwatch`], also made here.

use salastampa_domain::{Clock, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Instant;

/// The machine's clock.
#[expect(clippy::disallowed_methods, reason = "the one place where the present comes from")]
pub fn system() -> Clock {
    Clock::new(|| Timestamp(jiff::Timestamp::now().as_millisecond()))
}

/// A clock that a loop moves on: it never goes back, and once released it runs at real pace from where it stands.
#[derive(Clone)]
pub struct Stepped {
    present: Arc<AtomicI64>,
    running: Arc<AtomicBool>,
    /// System time minus present at the release.
    lag: Arc<AtomicI64>,
    system: Clock,
}

impl Stepped {
    /// Stands at `at`.
    pub fn at(at: Timestamp) -> Self {
        Self {
            present: Arc::new(AtomicI64::new(at.0)),
            running: Arc::new(AtomicBool::new(false)),
            lag: Arc::new(AtomicI64::new(0)),
            system: system(),
        }
    }

    /// The handle that everybody else reads.
    pub fn clock(&self) -> Clock {
        let this = self.clone();
        Clock::new(move || {
            if this.running.load(Ordering::SeqCst) {
                Timestamp(this.system.now().0 - this.lag.load(Ordering::SeqCst))
            } else {
                Timestamp(this.present.load(Ordering::SeqCst))
            }
        })
    }

    /// Moves the present on; an earlier instant changes nothing.
    pub fn step_to(&self, at: Timestamp) {
        self.present.fetch_max(at.0, Ordering::SeqCst);
    }

    /// Lets time run from here.
    pub fn release(&self) {
        self.lag.store(self.system.now().0 - self.present.load(Ordering::SeqCst), Ordering::SeqCst);
        self.running.store(true, Ordering::SeqCst);
    }
}

/// Measures how long something takes in real time, whatever the clock says.
#[derive(Clone, Copy)]
pub struct Stopwatch(Instant);

/// Starts a stopwatch.
#[expect(clippy::disallowed_methods, reason = "durations are real time, and begin here")]
pub fn stopwatch() -> Stopwatch {
    Stopwatch(Instant::now())
}

impl Stopwatch {
    /// Milliseconds since the start.
    pub fn milliseconds(self) -> i64 {
        i64::try_from(self.0.elapsed().as_millis()).unwrap_or(i64::MAX)
    }
}

/// Processor time of this process so far, user and system, in milliseconds and steps of ten; `None` where the system
/// does not tell (`/proc/self/stat`, proc(5)).
pub fn cpu_milliseconds() -> Option<i64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // the name of the program may hold blanks; fields are counted after its bracket
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let (user, system): (i64, i64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    const TICK: i64 = 10;
    Some((user + system) * TICK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stepped_clock_only_moves_when_told_and_never_back() {
        let stepped = Stepped::at(Timestamp(1_000));
        let clock = stepped.clock();
        assert_eq!(clock.now(), Timestamp(1_000));
        stepped.step_to(Timestamp(5_000));
        stepped.step_to(Timestamp(2_000));
        assert_eq!(clock.now(), Timestamp(5_000));
        stepped.release();
        assert!(clock.now() >= Timestamp(5_000));
        assert!(clock.now() < Timestamp(65_000), "it goes on from where it stood");
    }
}
