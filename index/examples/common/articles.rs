//! An article of an evaluation.

use salastampa_domain::{Article, ArticleId, ForeignText, OutletId, Seq, Signals, Timestamp, Via};

/// An article without a word, as an import brings it; its number is its change.
pub(crate) fn article(number: i64, batch: &str) -> Article {
    Article {
        id: ArticleId(number),
        seq: Seq(number),
        revision: 1,
        outlet: OutletId(1),
        via: Via::Import { batch: batch.into() },
        url: String::new(),
        key: String::new(),
        guid: None,
        title: String::new(),
        lead: ForeignText::default(),
        authors: Vec::new(),
        rubric: None,
        language: None,
        signals: Signals::default(),
        backlog: true,
        published_at: None,
        first_seen: Timestamp(number),
        kept_at: Timestamp(number),
        grouped_at: None,
        copy_group: None,
        story: None,
    }
}
