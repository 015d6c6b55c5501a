//! Articles and changes of an invented town, for the tests of this crate.

use salastampa_domain::{
    Article, ArticleId, Change, ChangeKind, ForeignText, OutletId, Seq, Signals, SourceId, Timestamp, Via,
};
use salastampa_index::{Names, OutletName};

/// Sunday, 22 November 2026, noon in Italy.
pub(crate) fn noon() -> Timestamp {
    Timestamp::parse("2026-11-22 12:00").expect("a date")
}

/// Four outlets: `Testata 0` to `Testata 3`.
pub(crate) fn names() -> Names {
    let outlet = |n: i64| OutletName {
        id: OutletId(n),
        slug: format!("testata-{n}"),
        name: format!("Testata {n}"),
        rank: u8::try_from(4 - n).unwrap_or(5),
    };
    Names { outlets: (0..4).map(outlet).collect(), watches: Vec::new() }
}

/// An article with a title, a lead and a body.
pub(crate) fn article(id: i64, title: &str, lead: &str, at: Timestamp) -> Article {
    Article {
        id: ArticleId(id),
        seq: Seq(id),
        revision: 1,
        outlet: OutletId(id.rem_euclid(4)),
        via: Via::Source { source: SourceId(1) },
        url: format!("https://bellariva.test/{id}"),
        key: format!("bellariva.test/{id}"),
        guid: None,
        title: title.into(),
        lead: ForeignText::new(lead),
        authors: Vec::new(),
        rubric: None,
        language: Some("it".into()),
        signals: Signals::default(),
        backlog: false,
        published_at: Some(at),
        first_seen: at,
        kept_at: at,
        grouped_at: None,
        copy_group: None,
        story: None,
    }
}

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
