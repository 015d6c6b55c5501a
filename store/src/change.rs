//! The order of changes, for whoever follows: the archive and the matching of watches.

use crate::article::read_with_body;
use crate::sql::sql;
use crate::{Error, Rows, Write};
use salastampa_domain::{Change, ChangeKind, Seq, Timestamp};

impl Rows {
    /// The changes after `after`, in order. An article that changed twice is there once, at its last change.
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
                Ok(Change { seq: article.seq, kind: ChangeKind::Put { article: Box::new(article), body } })
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
