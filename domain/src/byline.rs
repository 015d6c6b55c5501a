//! Who signs where: whether a journalist still writes for the outlet that we have them with, by the bylines of our own
//! archive.
//!
//! A name is no person. The same name at the outlet that we know them with is taken for them; at another outlet it may be a
//! homonym, and is only ever shown as *forse*. Nothing is changed by it.

use crate::{ArticleId, OutletId, Seq, Timestamp};

/// The names under an article, as it has them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Byline {
    /// Its last change.
    pub seq: Seq,
    /// The article.
    pub article: ArticleId,
    /// Where it came out.
    pub outlet: OutletId,
    /// When it came out, or was first seen.
    pub at: Timestamp,
    /// The names.
    pub authors: Vec<String>,
}

/// The last article that a name signed in an outlet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LastSigned {
    /// The folded name.
    pub name: String,
    /// The outlet.
    pub outlet: OutletId,
    /// The article.
    pub article: ArticleId,
    /// When it came out.
    pub at: Timestamp,
}

/// Where the name of a journalist stood last.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Signed {
    /// At the outlet that we have them with.
    pub here: Option<LastSigned>,
    /// At another one, later than there: perhaps they, perhaps a namesake.
    pub elsewhere: Option<LastSigned>,
}

/// Where a name stood last. `is_theirs` says whether an outlet is the one that we have the journalist with.
pub fn signed(signatures: &[LastSigned], is_theirs: impl Fn(OutletId) -> bool) -> Signed {
    let last = |theirs: bool| {
        let those = signatures.iter().filter(|signature| is_theirs(signature.outlet) == theirs);
        those.max_by_key(|signature| (signature.at, signature.article)).cloned()
    };
    let here = last(true);
    let elsewhere = last(false).filter(|other| here.as_ref().is_none_or(|here| other.at > here.at));
    Signed { here, elsewhere }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(outlet: i64, day: i64) -> LastSigned {
        LastSigned {
            name: "melzi rita".into(),
            outlet: OutletId(outlet),
            article: ArticleId(day),
            at: Timestamp(day * 86_400_000),
        }
    }

    #[test]
    fn the_last_signature_here_is_certain_and_a_later_one_elsewhere_is_perhaps() {
        let theirs = |outlet: OutletId| outlet.0 == 1;
        assert_eq!(signed(&[], theirs), Signed::default());
        let here = Signed { here: Some(at(1, 5)), elsewhere: None };
        assert_eq!(signed(&[at(1, 5), at(2, 4)], theirs), here);
        assert_eq!(signed(&[at(1, 5), at(2, 4), at(3, 9), at(4, 7)], theirs).elsewhere, Some(at(3, 9)));
        assert_eq!(signed(&[at(2, 4)], theirs), Signed { here: None, elsewhere: Some(at(2, 4)) });
    }
}
