//! Changes of an invented town, as a store hands them to the archive. Apart from `common`, which the fuzzer takes too.

use crate::common::{article, noon};
use salastampa_domain::{Article, ArticleId, Change, ChangeKind, ForeignText, Seq};

/// The change that makes an article findable.
pub(crate) fn put(seq: i64, article: Article, body: &str) -> Change {
    Change { seq: Seq(seq), kind: ChangeKind::Put { article: Box::new(article), body: ForeignText::new(body) } }
}

/// The change that takes it away.
pub(crate) fn remove(seq: i64, id: i64) -> Change {
    Change { seq: Seq(seq), kind: ChangeKind::Remove(ArticleId(id)) }
}

/// Articles 1 to `n`, one a day backwards from noon, on bridges (odd) and on streets (even).
pub(crate) fn town(n: i64) -> Vec<Change> {
    let one = |id: i64| {
        let subject = if id % 2 == 1 { "ponte" } else { "strada" };
        let at = noon().plus(-(id / 3) * salastampa_domain::time::DAY);
        put(id, article(id, &format!("Chiude il {subject} {id}"), "Lavori in corso", at), "Riapre lunedì.")
    };
    (1..=n).map(one).collect()
}
