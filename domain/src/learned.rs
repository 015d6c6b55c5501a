//! What visits have taught about a source: when it speaks, how long it is silent, what its server asks of us.
//!
//! Plain data, kept with the source, so that a restart forgets nothing. All of it can be learnt again: losing it costs
//! a few days of guessing, never an article. Left out: how it is learnt, and the pace that follows from it (crawler).

use crate::source::PublisherSignals;
use crate::time::{DAY, HOUR};
use crate::{SourceId, Timestamp, VisitOutcome, is_rest};
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

/// What is remembered of a source from visit to visit.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Learned {
    /// How many items come at which hour.
    pub profile: Profile,
    /// What the feed and its server say about being asked again.
    pub hints: Hints,
    /// How much longer than its class allows the shortest interval is, since the server said "too many".
    pub slowed: Option<Slowed>,
    /// A lasting redirect, as often as it was seen.
    pub moved: Option<Sighting>,
    /// The server says that the address is gone for good (410), as often as it did.
    pub gone: Option<Sighting>,
    /// Where the source may be now, by what its site says: a person decides.
    pub proposed: Vec<Place>,
    /// An errand of the crawler's own that the next visit runs in place of the source's address.
    pub detour: Option<Detour>,
    /// The source answers well, but brings nothing at a time at which it always did.
    pub quiet: Option<Quiet>,
    /// Times at which items may have been lost between two visits.
    pub gaps: Gaps,
    /// What robots.txt and tdmrep.json of the site say about its texts.
    pub signals: PublisherSignals,
}

impl Learned {
    /// What still holds at another address: the rhythm is that of the outlet; what the old address answered, and a way
    /// begun there, says nothing of the new one.
    #[must_use]
    pub fn elsewhere(self) -> Self {
        Self { profile: self.profile, ..Self::default() }
    }
}

/// An address, and the host whose gate it stands behind.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Place {
    /// The address.
    pub url: String,
    /// Its registrable domain.
    pub host: String,
}

/// A subscription to a hub, which tells when a feed has news (W3C WebSub).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subscription {
    /// The source.
    pub source: SourceId,
    /// Whom we asked.
    pub hub: String,
    /// The feed, by the name that it gives itself.
    pub topic: String,
    /// When we asked last.
    pub asked_at: Timestamp,
    /// The end of the lease; `None` until the hub has confirmed it.
    pub until: Option<Timestamp>,
}

impl Subscription {
    /// Whether the hub is trusted to tell of news at `now`.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| now < until)
    }

    /// Whether it is time to ask again: after four fifths of a lease, or an hour after a question without answer.
    pub fn is_due(&self, now: Timestamp) -> bool {
        let waited = now.since(self.asked_at);
        match self.until {
            Some(until) => waited * 5 >= until.since(self.asked_at) * 4,
            None => waited >= HOUR,
        }
    }
}

/// When a source speaks. Hours are those of the Italian clock; numbers of items are thousandths.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// Mean number of items of each hour, by kind of day.
    pub hours: [[u32; 24]; 3],
    /// How many times each hour was seen, by kind of day; no more than the window of the mean.
    pub seen: [[u8; 24]; 3],
    /// Whole days: mean and variance of their items, by kind of day.
    pub days: [Days; 3],
    /// The hour that is being counted.
    pub now: Option<Counted>,
    /// The day that is being counted.
    pub today: Option<Counted>,
    /// The deepest silence that ended on each of the last days that had one, oldest first: the day (from 1970-01-01, UTC)
    /// and the items that were due in it, in thousandths.
    pub silences: Vec<(i64, u64)>,
    /// When something new came last.
    pub last_new: Option<Timestamp>,
}

/// Whole days of one kind.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Days {
    /// How many were seen; no more than the window of the mean.
    pub seen: u8,
    /// Their mean number of items, in thousandths.
    pub mean: u64,
    /// The variance of that number, in thousandths.
    pub variance: u64,
}

/// A count that has not ended yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Counted {
    /// When the hour or day began.
    pub from: Timestamp,
    /// Items since.
    pub items: u32,
    /// Hours of it that were watched (of a day), or good visits in it (of an hour).
    pub watched: u32,
}

/// Kinds of days, each with a rhythm of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DayKind {
    /// From Monday to Friday.
    Work,
    /// Saturday.
    Saturday,
    /// Sunday and holiday.
    Holiday,
}

/// What the feed and its server ask for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Hints {
    /// Milliseconds between two visits: RSS `ttl`, `sy:updatePeriod`.
    pub every: Option<i64>,
    /// Hours of the day in GMT in which nothing comes (RSS `skipHours`), a bit each.
    pub skip_hours: u32,
    /// Days in GMT on which nothing comes (RSS `skipDays`), a bit each from Monday.
    pub skip_days: u8,
}

/// The server said "too many requests" (429).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Slowed {
    /// Added to the shortest interval, in milliseconds.
    pub by: i64,
    /// When it said so last, or when the pace last recovered by a step.
    pub at: Timestamp,
}

/// Something that is believed when it was seen often enough, over long enough.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Sighting {
    /// What was seen: an address; empty for a mere state.
    pub what: String,
    /// When first.
    pub first: Timestamp,
    /// How often in a row.
    pub times: u32,
}

/// Where the next visit goes in place of the source's own address.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Detour {
    /// The address.
    pub url: String,
    /// Why.
    pub why: DetourKind,
}

/// Why a visit goes elsewhere.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum DetourKind {
    /// The source redirects to another host, whose gate has to be passed as well.
    Redirect {
        /// Redirects so far, the status of each.
        hops: Vec<u16>,
    },
    /// Items were lost between two visits: a map of the site may still list them.
    Repair {
        /// What came since then is looked for.
        since: Timestamp,
    },
    /// The source is no feed any more: the page may say where the feed is now.
    Discover,
    /// A map of the site lists other maps: each is asked for in a visit of its own, so that the site's gate holds.
    Maps(Walk),
}

/// The way through the maps that a map of maps lists, and what was found on it so far.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Walk {
    /// The maps after the one at hand, the next first.
    pub left: Vec<Map>,
    /// Maps above the one at hand.
    pub depth: u8,
    /// Maps asked for so far, the one at hand as well.
    pub asked: u8,
    /// Items listed so far.
    pub found: u32,
    /// Of them new.
    pub new: u32,
    /// Why a map before could not be read: how the walk ends where nothing else was found.
    pub failed: Option<VisitOutcome>,
    /// The walk looks for what was lost since then, beside the source's own visits.
    pub since: Option<Timestamp>,
}

/// A map that waits to be asked for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Map {
    /// Its address.
    pub url: String,
    /// Maps above it.
    pub depth: u8,
}

/// An alarm of the expected volume.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Quiet {
    /// When something new came last.
    pub since: Timestamp,
    /// When the alarm began.
    pub at: Timestamp,
    /// Items that would have come in the meantime, in thousandths.
    pub expected: u64,
}

/// What was lost between visits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Gaps {
    /// How often no known item was left in the window.
    pub times: u32,
    /// When last.
    pub last: Option<Timestamp>,
    /// Items that a map of the site gave back.
    pub repaired: u32,
}

impl Detour {
    /// Whether it leads beside the source, whose health then stays as it was.
    pub fn is_errand(&self) -> bool {
        match &self.why {
            DetourKind::Redirect { .. } => false,
            DetourKind::Repair { .. } | DetourKind::Discover => true,
            DetourKind::Maps(walk) => walk.since.is_some(),
        }
    }

    /// The walk through maps that it is part of.
    pub fn walk(&self) -> Option<&Walk> {
        match &self.why {
            DetourKind::Maps(walk) => Some(walk),
            _ => None,
        }
    }
}

impl Sighting {
    /// The sighting after another of the same, or the first of another.
    pub fn again(before: Option<Self>, what: &str, at: Timestamp) -> Self {
        match before {
            Some(seen) if seen.what == what => Self { times: seen.times.saturating_add(1), ..seen },
            _ => Self { what: what.to_owned(), first: at, times: 1 },
        }
    }

    /// Whether it was seen so often, over so many milliseconds.
    pub fn holds(&self, times: u32, over: i64, now: Timestamp) -> bool {
        self.times >= times && now.since(self.first) >= over
    }
}

impl DayKind {
    /// The kind of a day. `patron` is the holiday of the town, as month and day.
    pub fn of(day: Date, patron: Option<(i8, i8)>) -> Self {
        match day.weekday() {
            _ if is_rest(day, patron) => Self::Holiday,
            Weekday::Saturday => Self::Saturday,
            _ => Self::Work,
        }
    }
}

impl Profile {
    /// Where the tables have an instant: the kind of its day, and its hour on the Italian clock.
    pub fn place(at: Timestamp, patron: Option<(i8, i8)>) -> (usize, usize) {
        let civil = at.civil();
        (DayKind::of(civil.date(), patron) as usize, usize::try_from(civil.hour()).unwrap_or_default())
    }

    /// Whether enough was seen to speak of a rhythm: three whole days.
    pub fn is_known(&self) -> bool {
        self.days.iter().map(|days| u32::from(days.seen)).sum::<u32>() >= 3
    }

    /// Mean items of the hour of that instant, in thousandths; `None` if it was never watched.
    pub fn rate(&self, at: Timestamp, patron: Option<(i8, i8)>) -> Option<u32> {
        let (kind, hour) = Self::place(at, patron);
        (self.seen[kind][hour] > 0).then(|| self.hours[kind][hour])
    }

    /// Items expected from one instant to another, in thousandths. Hours that nobody has watched count nothing; of more
    /// than four weeks the last four.
    pub fn expected(&self, from: Timestamp, to: Timestamp, patron: Option<(i8, i8)>) -> u64 {
        let mut at = from.max(to.plus(-28 * DAY));
        let mut sum = 0;
        while at < to {
            let next = at.hour().plus(HOUR).min(to);
            let share = u64::try_from(next.since(at)).unwrap_or_default();
            sum += u64::from(self.rate(at, patron).unwrap_or_default()) * share / HOUR.unsigned_abs();
            at = next;
        }
        sum
    }
}
