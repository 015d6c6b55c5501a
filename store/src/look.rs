//! Looks at articles that were published: what was seen of them last, and when they are looked at again.

use crate::sql::{PART, Row, built, places, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{ArticleId, Look, Looked, SourceId, Timestamp, Validators};

/// What an article's own source last told of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// The article.
    pub article: ArticleId,
    /// The canonical form of its address.
    pub key: String,
    /// Its identity in the feed.
    pub guid: Option<String>,
    /// Hash of what was told; `None` if nobody has looked.
    pub hash: Option<String>,
    /// The date that was told.
    pub dated: Option<Timestamp>,
}

impl Rows {
    /// What is known of the page of an article and of what was told of it.
    pub async fn find_look(&mut self, article: ArticleId) -> Result<Option<Look>, Error> {
        sql("select * from look where article = $1")
            .number(article.0)
            .optional(self)
            .await?
            .as_ref()
            .map(read)
            .transpose()
    }

    /// What a source last told of the articles that it was the first to show, at those canonical addresses or with
    /// those identities; an article may be named twice.
    pub async fn list_told(&mut self, source: SourceId, keys: &[&str], guids: &[&str]) -> Result<Vec<Told>, Error> {
        let mut told = Vec::new();
        for (column, values) in [("key", keys), ("guid", guids)] {
            for part in values.chunks(PART) {
                // identity is looked up by its text first, see the tables
                let query = format!(
                    "select a.id, a.key, a.guid, l.told, l.told_at from article a left join look l on l.article = a.id \
                     where a.{column} in ({}) and a.source = $1",
                    places(2, part.len())
                );
                for row in built(query).number(source.0).texts(part).all(self).await? {
                    told.push(Told {
                        article: ArticleId(row.number("id")?),
                        key: row.text("key")?,
                        guid: row.maybe_text("guid")?,
                        hash: row.maybe_text("told")?,
                        dated: row.maybe_time("told_at")?,
                    });
                }
            }
        }
        Ok(told)
    }

    /// How many looks are planned.
    pub async fn count_looks(&mut self) -> Result<i64, Error> {
        sql("select count(*) as n from look where due_at is not null").one(self).await?.number("n")
    }
}

impl Write {
    /// Writes down what is known of an article's page, and gives it back if it was claimed. What its source told stays
    /// as it was unless it is given.
    pub async fn record_look(&mut self, look: &Look) -> Result<(), Error> {
        let known = &look.validators;
        sql("insert into look (article, host, told, told_at, headline, dated, etag, last_modified, body_hash, since, \
             due_at, attempts, missing_since, seen_at, outcome) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
             on conflict (article) do update set host = excluded.host, told = coalesce(excluded.told, look.told), \
             told_at = coalesce(excluded.told_at, look.told_at), headline = excluded.headline, \
             dated = excluded.dated, etag = excluded.etag, last_modified = excluded.last_modified, \
             body_hash = excluded.body_hash, since = excluded.since, due_at = excluded.due_at, \
             attempts = excluded.attempts, missing_since = excluded.missing_since, seen_at = excluded.seen_at, \
             outcome = excluded.outcome, worker = null, leased_until = null")
        .number(look.article.0)
        .text(&look.host)
        .maybe_text(look.told.as_deref())
        .maybe_time(look.told_at)
        .maybe_text(look.headline.as_deref())
        .maybe_time(look.dated)
        .maybe_text(known.etag.as_deref())
        .maybe_text(known.last_modified.as_deref())
        .maybe_text(known.body_hash.as_deref())
        .maybe_time(look.since)
        .maybe_time(look.due_at)
        .number(look.attempts.into())
        .maybe_time(look.missing_since)
        .maybe_time(look.seen_at)
        .maybe_word(look.outcome.as_ref())
        .run(self)
        .await?;
        Ok(())
    }

    /// Writes down what an article's own source tells of it now, and nothing else.
    pub async fn record_told(&mut self, article: ArticleId, hash: &str, dated: Option<Timestamp>) -> Result<(), Error> {
        sql("insert into look (article, host, told, told_at, attempts) values ($1, '', $2, $3, 0) \
             on conflict (article) do update set told = excluded.told, told_at = excluded.told_at")
        .number(article.0)
        .text(hash)
        .maybe_time(dated)
        .run(self)
        .await?;
        Ok(())
    }

    /// Plans looks at the page of an article, counted from `since`, the first one at `due_at`. One that is planned
    /// already stays planned as it is, and a page that was never read is not looked at.
    pub async fn plan_look(&mut self, article: ArticleId, since: Timestamp, due_at: Timestamp) -> Result<(), Error> {
        sql("update look set since = $1, due_at = $2, attempts = 0 \
             where article = $3 and due_at is null and host <> ''")
        .time(since)
        .time(due_at)
        .number(article.0)
        .run(self)
        .await?;
        Ok(())
    }

    /// Brings a planned look forward. Nothing happens where none is planned.
    pub async fn hasten_look(&mut self, article: ArticleId, due_at: Timestamp) -> Result<(), Error> {
        sql("update look set due_at = $1 where article = $2 and due_at > $1")
            .time(due_at)
            .number(article.0)
            .run(self)
            .await?;
        Ok(())
    }
}

pub(crate) fn read(row: &Row) -> Result<Look, Error> {
    Ok(Look {
        article: ArticleId(row.number("article")?),
        host: row.text("host")?,
        told: row.maybe_text("told")?,
        told_at: row.maybe_time("told_at")?,
        headline: row.maybe_text("headline")?,
        dated: row.maybe_time("dated")?,
        validators: Validators {
            etag: row.maybe_text("etag")?,
            last_modified: row.maybe_text("last_modified")?,
            body_hash: row.maybe_text("body_hash")?,
        },
        since: row.maybe_time("since")?,
        due_at: row.maybe_time("due_at")?,
        attempts: row.small("attempts")?,
        missing_since: row.maybe_time("missing_since")?,
        seen_at: row.maybe_time("seen_at")?,
        outcome: row.maybe_word::<Looked>("outcome")?,
    })
}
