//! The order of changes, for whoever follows: the archive and the matching of watches.

use crate::article::read_with_body;
use crate::sql::sql;
use crate::{Error, Rows, Write};
use salastampa_domain::{Change, ChangeKind, Seq, Timestamp};

impl Rows {
    /// The changes after `after`, in order. An article that changed twice is there once, at its last change. One that
    /// nobody may see yet, or no longer, is taken away.
    pub async fn list_changes(&mut self, after: Seq, limit: usize) -> Result<Vec<Change>, Error> {
        let rows = sql("select a.*, t.body from article a \
             join article_text t on t.article = a.id and t.revision = a.revision \
             where a.seq > $1 order by a.seq limit $2")
        .number(after.0)
        .count(limit)
        .all(self)
        .await?;
        rows.iter()
            .map(|row| {
                let (article, body) = read_with_body(row)?;
                let seq = article.seq;
                let kind = match row.flag("hidden")? {
                    true => ChangeKind::Remove(article.id),
                    false => ChangeKind::Put { article: Box::new(article), body },
                };
                Ok(Change { seq, kind })
            })
            .collect()
    }

    /// When the archive could first be asked for the change `seq`; `None` if it cannot yet.
    pub async fn find_indexed_at(&mut self, seq: Seq) -> Result<Option<Timestamp>, Error> {
        let row = sql("select at from index_commit where seq >= $1 order by seq limit 1")
            .number(seq.0)
            .optional(self)
            .await?;
        row.map(|row| row.time("at")).transpose()
    }
}

/// When an article went through each stage; absent where it has not yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stamps {
    /// As declared.
    pub published_at: Option<Timestamp>,
    /// When we first saw it.
    pub first_seen: Timestamp,
    /// When it was stored.
    pub kept_at: Timestamp,
    /// When the archive could be asked for it.
    pub indexed_at: Option<Timestamp>,
    /// When its story was found.
    pub grouped_at: Option<Timestamp>,
    /// When the first watch clipped it.
    pub matched_at: Option<Timestamp>,
}

impl Rows {
    /// The stages of the last articles that were news when they were seen, newest first.
    pub async fn list_stamps(&mut self, limit: usize) -> Result<Vec<Stamps>, Error> {
        let rows = sql("select a.published_at, a.first_seen, a.kept_at, a.grouped_at, \
             (select c.at from index_commit c where c.seq >= a.seq order by c.seq limit 1) as indexed_at, \
             (select min(k.matched_at) from clipping k where k.article = a.id) as matched_at \
             from article a where a.backlog = 0 and a.revision = 1 order by a.id desc limit $1")
        .count(limit)
        .all(self)
        .await?;
        let stamps = rows.iter().map(|row| {
            Ok(Stamps {
                published_at: row.maybe_time("published_at")?,
                first_seen: row.time("first_seen")?,
                kept_at: row.time("kept_at")?,
                indexed_at: row.maybe_time("indexed_at")?,
                grouped_at: row.maybe_time("grouped_at")?,
                matched_at: row.maybe_time("matched_at")?,
            })
        });
        stamps.collect()
    }
}

impl Write {
    /// Writes down that the archive holds all changes up to `seq`. A second time changes nothing: the first counts.
    pub async fn record_index_commit(&mut self, seq: Seq, at: Timestamp) -> Result<(), Error> {
        sql("insert into index_commit (seq, at) values ($1, $2) on conflict (seq) do nothing")
            .number(seq.0)
            .time(at)
            .run(self)
            .await?;
        Ok(())
    }
}
