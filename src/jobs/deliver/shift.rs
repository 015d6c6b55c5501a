//! What the connections of one run know of one another: whether any still has something in hand, and whether the program
//! ends.
//!
//! A connection that finds nothing looks again as long as another works: what falls due meanwhile, an alert above all, may
//! not wait until the slowest server has answered the last journalist. When nobody works any more the run is over.

use crate::app::App;
use crate::run::{LOOK, pause};
use std::sync::Arc;
use tokio::sync::watch;

/// Those who work at one time.
#[derive(Clone, Debug)]
pub struct Shift(Arc<watch::Sender<usize>>);

/// Somebody works, until this is dropped: at the end of the work, or where it broke.
#[derive(Debug)]
pub struct AtWork(Shift);

impl Shift {
    /// Nobody works yet.
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }

    /// One more works.
    pub fn begin(&self) -> AtWork {
        self.0.send_modify(|working| *working += 1);
        AtWork(self.clone())
    }
}

impl AtWork {
    /// There is nothing to do: waits for a moment. `None` when nobody else works either, or the program ends.
    pub async fn rest(self, app: &App) -> Option<Self> {
        let shift = self.0.clone();
        drop(self);
        let mut working = shift.0.subscribe();
        tokio::select! {
            // an error would say that the shift is gone; this is a part of it
            _ = working.wait_for(|working| *working == 0) => None,
            () = app.ends() => None,
            () = pause(LOOK) => Some(shift.begin()),
        }
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.0.0.send_modify(|working| *working = working.saturating_sub(1));
    }
}
