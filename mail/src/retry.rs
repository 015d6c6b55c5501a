//! When a deferred message is tried again.
//!
//! Soon at first, because greylisting lets pass after minutes; then more and more rarely, until two days have gone.
//! The jitter comes from the delivery's number, so that a campaign does not come back in one wave and a replayed day is
//! the same.

use salastampa_domain::Timestamp;
use salastampa_domain::time::{HOUR, MINUTE};

/// Waits after the first attempts.
const FIRST: [i64; 6] = [MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, 60 * MINUTE, 120 * MINUTE];
/// The wait after each later one.
const LATER: i64 = 4 * HOUR;
/// No more attempts when the waits, without jitter, come to more than this.
const LIMIT: i64 = 48 * HOUR;
/// Each wait is up to so many percent longer or shorter.
const JITTER: i64 = 20;

/// When to try again after the attempt of that number (1 the first) failed at `now`; `None` when two days are over.
/// The seed is the delivery's number.
pub fn retry_at(attempt: u32, now: Timestamp, seed: u64) -> Option<Timestamp> {
    let done = usize::try_from(attempt.max(1)).ok()? - 1;
    let wait = FIRST.get(done).copied().unwrap_or(LATER);
    let before: i64 = FIRST.iter().take(done).sum();
    let later = i64::try_from(done.saturating_sub(FIRST.len())).ok()?;
    if before.saturating_add(later.saturating_mul(LATER)).saturating_add(wait) > LIMIT {
        return None;
    }
    // in steps of a thousandth of the jitter, from -1000 to 1000
    let step = i64::try_from(scatter(seed ^ (u64::from(attempt) << 48)) % 2001).ok()? - 1000;
    Some(now.plus(wait + wait * JITTER * step / 100_000))
}

/// Spreads neighbouring numbers over all of u64: the finaliser of splitmix64.
pub(crate) fn scatter(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_waits_grow_stay_within_a_fifth_and_end_after_two_days() {
        let minutes = [1, 5, 15, 30, 60, 120, 240, 240, 240, 240, 240, 240, 240, 240, 240, 240, 240];
        for seed in [0, 1, 2, 12_345, u64::MAX] {
            for (done, nominal) in (1..).zip(minutes) {
                let at = retry_at(done, Timestamp(1_000), seed).expect("still inside two days");
                let wait = at.since(Timestamp(1_000));
                let (least, most) = (nominal * MINUTE * 8 / 10, nominal * MINUTE * 12 / 10);
                assert!((least..=most).contains(&wait), "attempt {done}, seed {seed}: {wait} ms");
                assert_eq!(retry_at(done, Timestamp(1_000), seed), Some(at), "the same again");
            }
            assert_eq!(retry_at(18, Timestamp(1_000), seed), None);
            assert_eq!(retry_at(u32::MAX, Timestamp(1_000), seed), None);
        }
    }

    #[test]
    fn a_campaign_does_not_come_back_in_one_wave() {
        let mut due: Vec<i64> = (0..100).filter_map(|seed| retry_at(2, Timestamp(0), seed)).map(|t| t.0).collect();
        due.sort_unstable();
        due.dedup();
        assert!(due.len() > 90, "{} different instants", due.len());
    }
}
