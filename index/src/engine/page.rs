//! The token between two pages of an answer: where the page before ended and what was there when the first was shown.

use crate::engine::collect::Rank;
use salastampa_domain::{Query, Seq, Sort};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Where a page begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct After {
    pub(crate) place: Place,
    /// The cursor when the first page was shown.
    pub(crate) seen: Seq,
}

/// What the pages before have shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// Everything up to this one: dates do not move.
    Rank(Rank),
    /// So many: every new article changes what words weigh, so that a score is no place to go on from.
    Count(usize),
}

/// The token of a place in the answer to this query.
pub(crate) fn token(query: &Query, after: After) -> String {
    let (a, b, c) = match after.place {
        Place::Rank(rank) => rank,
        Place::Count(n) => (0, i64::try_from(n).unwrap_or(i64::MAX), 0),
    };
    format!("{a:x}.{b:x}.{c:x}.{:x}.{:x}", after.seen.0, fingerprint(query))
}

/// Reads a token; `None` if it is none or was given to another query.
pub(crate) fn read(query: &Query, token: &str) -> Option<After> {
    // the numbers are printed in two's complement
    let number = |s: &str| u64::from_str_radix(s, 16).ok();
    let mut parts = token.splitn(6, '.').map(number);
    let mut next = || parts.next().flatten();
    let (a, b, c, seen, print) = (next()?, next()?, next()?, next()?, next()?);
    let place = match query.sort {
        Sort::Relevance => Place::Count(usize::try_from(b).ok()?),
        Sort::Newest | Sort::Oldest | Sort::Outlets => Place::Rank((a.cast_signed(), b.cast_signed(), c.cast_signed())),
    };
    let after = After { place, seen: Seq(seen.cast_signed()) };
    (parts.next().is_none() && print == fingerprint(query)).then_some(after)
}

/// Tokens live for minutes: that the hash may differ between versions of the program is no matter.
fn fingerprint(query: &Query) -> u64 {
    let mut hasher = DefaultHasher::new();
    query.text.hash(&mut hasher);
    query.period.map(|p| (p.from, p.to)).hash(&mut hasher);
    query.outlets.hash(&mut hasher);
    query.rubrics.hash(&mut hasher);
    query.only.hash(&mut hasher);
    match query.sort {
        Sort::Newest => 0,
        Sort::Oldest => 1,
        Sort::Relevance => 2_u8,
        Sort::Outlets => 3,
    }
    .hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_own_query_only() {
        let query = Query::text("ponte");
        let after = After { place: Place::Rank((2, !1_795_000_000_000, !7)), seen: Seq(42) };
        let token = token(&query, after);
        assert_eq!(read(&query, &token), Some(after));
        assert_eq!(read(&Query::text("strada"), &token), None);
        assert_eq!(read(&Query { sort: Sort::Oldest, ..query.clone() }, &token), None);
        for wrong in ["", "1.2.3", "x.y.z.w", &format!("{token}.1")] {
            assert_eq!(read(&query, wrong), None, "{wrong}");
        }
    }
}
