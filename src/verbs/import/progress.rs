//! How far a long work is: a bar on a terminal, a line for each tenth elsewhere.

use crate::verbs::say;
use salastampa_domain::{Clock, Timestamp};
use salastampa_locale::{Lang, fill, number};
use std::io::{IsTerminal, Write};

/// Signs of the bar.
const WIDTH: u64 = 30;

/// A work of a known size.
pub(super) struct Meter {
    total: u64,
    lang: Lang,
    clock: Clock,
    since: Timestamp,
    bar: bool,
    told: u64,
}

impl Meter {
    pub(super) fn new(total: u64, lang: Lang, clock: &Clock) -> Self {
        Self {
            total: total.max(1),
            lang,
            clock: clock.clone(),
            since: clock.now(),
            bar: std::io::stdout().is_terminal(),
            told: 0,
        }
    }

    /// `done` of the total, with `rows` read and `taken` kept.
    pub(super) fn tell(&mut self, done: u64, rows: i64, taken: i64) {
        let share = (done.min(self.total) * 100) / self.total;
        if !self.bar && share / 10 <= self.told {
            return;
        }
        self.told = share / 10;
        let words = [
            ("share", share.to_string()),
            ("n", number::whole(rows, self.lang)),
            ("taken", number::whole(taken, self.lang)),
        ];
        let words = words.each_ref().map(|(name, text)| (*name, text.as_str()));
        let line = fill(self.lang, "import.share", &words);
        match self.bar {
            true => {
                let full = usize::try_from(share * WIDTH / 100).unwrap_or_default();
                let empty = usize::try_from(WIDTH).unwrap_or_default().saturating_sub(full);
                let mut out = std::io::stdout();
                // a closed pipe is not our trouble
                let _ = write!(out, "\r[{}{}] {line} ", "#".repeat(full), "·".repeat(empty));
                let _ = out.flush();
            }
            false => say(line),
        }
    }

    /// The end: how fast it went, where the clock ran.
    pub(super) fn end(&self, rows: i64) {
        if self.bar {
            say("");
        }
        let elapsed = self.clock.now().since(self.since);
        if elapsed > 0 {
            let rate = number::whole(rows.saturating_mul(1_000) / elapsed, self.lang);
            let n = number::whole(rows, self.lang);
            say(fill(self.lang, "import.rate", &[("n", &n), ("rate", &rate)]));
        }
    }
}
