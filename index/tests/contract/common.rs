//! Articles of an invented town, the outlets that print them and the day: what every test and the fuzzer asks about.

use salastampa_domain::{Article, ArticleId, ForeignText, OutletId, Seq, Signals, SourceId, Timestamp, Via};
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
