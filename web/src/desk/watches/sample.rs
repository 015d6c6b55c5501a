//! Which of a query's hits are shown beside the newest ones: ten by lot, so that one sees what comes on an ordinary day.
//!
//! The lot is drawn from the query and the counts of the days alone: a page that is loaded again shows the same.

use jiff::civil::Date;

/// Hits of a day beyond this one are not drawn: it would have to be counted up to them.
const DEEPEST: u64 = 100;

/// Places drawn from the days, each as the day and how many hits of it are newer; at most `most`, all different.
pub(super) fn drawn(query: &str, by_day: &[(Date, u64)], most: usize) -> Vec<(Date, usize)> {
    let total: u64 = by_day.iter().map(|(_, n)| n).sum();
    let mut seed = query
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let mut places: Vec<(Date, usize)> = Vec::new();
    // twice as many draws as places: some hit a place that was drawn
    for _ in 0..2 * most {
        if total == 0 || places.len() == most {
            break;
        }
        // SplitMix64
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let mut at = (mixed ^ (mixed >> 31)) % total;
        for (day, n) in by_day {
            if at < *n {
                let place = (*day, usize::try_from(at % DEEPEST).unwrap_or_default());
                if !places.contains(&place) {
                    places.push(place);
                }
                break;
            }
            at -= n;
        }
    }
    places.sort();
    places.reverse();
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_lot_is_the_query_s_own_and_hits_only_what_is_there() {
        let days: Vec<_> = (1..=30).map(|day| (date(2026, 11, day), u64::from(day.unsigned_abs()) % 4)).collect();
        let one = drawn("ponte", &days, 10);
        assert_eq!(one.len(), 10);
        assert_eq!(one, drawn("ponte", &days, 10), "loaded again");
        assert_ne!(one, drawn("strada", &days, 10));
        for (day, place) in &one {
            let n = days.iter().find(|(d, _)| d == day).map_or(0, |(_, n)| *n);
            assert!((*place as u64) < n, "{day} {place}");
        }
        assert!(drawn("ponte", &[], 10).is_empty());
        assert_eq!(drawn("ponte", &[(date(2026, 11, 1), 1)], 10), [(date(2026, 11, 1), 0)]);
        assert!(drawn("ponte", &[(date(2026, 11, 1), 9_000)], 10).iter().all(|(_, place)| *place < 100));
    }
}
