//! The present, as a value that is passed in.
//!
//! Nothing but the binary's `src/clock.rs` reads the machine's time; everything else asks a `Clock`, so that a day can
//! be lived through in seconds and a test is the same at any hour. Left out: waiting. No job sleeps; a wait is a due time.

use crate::Timestamp;
use std::fmt;
use std::sync::Arc;

/// A cheap handle on the present.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// A clock that asks `read` for the present.
    pub fn new(read: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// A clock that stands still.
    pub fn fixed(at: Timestamp) -> Self {
        Self::new(move || at)
    }

    /// The present.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}
