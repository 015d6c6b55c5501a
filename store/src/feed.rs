//! Feeds at secret addresses, and what each of them has shown.

use crate::sql::{PART, Row, built, places, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{ArticleId, Feed, FeedId, Timestamp, UserId};

impl Rows {
    /// All feeds, by number; also the revoked ones.
    pub async fn list_feeds(&mut self) -> Result<Vec<Feed>, Error> {
        sql("select * from feed order by id").all(self).await?.iter().map(read).collect()
    }

    /// The feed with that number.
    pub async fn find_feed(&mut self, id: FeedId) -> Result<Option<Feed>, Error> {
        sql("select * from feed where id = $1").number(id.0).optional(self).await?.as_ref().map(read).transpose()
    }

    /// The feed whose secret has that hash.
    pub async fn find_feed_by_hash(&mut self, hash: &str) -> Result<Option<Feed>, Error> {
        sql("select * from feed where hash = $1").text(hash).optional(self).await?.as_ref().map(read).transpose()
    }

    /// Those of the articles that the feed has shown before.
    pub async fn list_fed(&mut self, feed: FeedId, articles: &[ArticleId]) -> Result<Vec<ArticleId>, Error> {
        let numbers: Vec<i64> = articles.iter().map(|id| id.0).collect();
        let mut fed = Vec::new();
        for part in numbers.chunks(PART) {
            let query = format!(
                "select article from fed where feed = $1 and article in ({}) order by article",
                places(2, part.len())
            );
            for row in built(query).number(feed.0).numbers(part).all(self).await? {
                fed.push(ArticleId(row.number("article")?));
            }
        }
        Ok(fed)
    }
}

impl Write {
    /// Makes a feed; the number in `feed` is ignored.
    pub async fn record_feed(&mut self, feed: &Feed) -> Result<FeedId, Error> {
        let id = self.draw("feed").await?;
        sql("insert into feed (id, hash, name, subject, readers, made_by, made_at, renewed_at, revoked_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .number(id)
        .text(&feed.hash)
        .text(&feed.name)
        .json(&feed.of)
        .count(feed.readers)
        .number(feed.made_by.0)
        .time(feed.made_at)
        .maybe_time(feed.renewed_at)
        .maybe_time(feed.revoked_at)
        .run(self)
        .await?;
        Ok(FeedId(id))
    }

    /// Gives a feed another secret; the address that it had opens nothing from then on. False if it is revoked.
    pub async fn renew_feed(&mut self, id: FeedId, hash: &str, at: Timestamp) -> Result<bool, Error> {
        let done = sql("update feed set hash = $1, renewed_at = $2 where id = $3 and revoked_at is null");
        Ok(done.text(hash).time(at).number(id.0).run(self).await? > 0)
    }

    /// Closes a feed for ever. False if it is closed already.
    pub async fn revoke_feed(&mut self, id: FeedId, at: Timestamp) -> Result<bool, Error> {
        let done = sql("update feed set revoked_at = $1 where id = $2 and revoked_at is null");
        Ok(done.time(at).number(id.0).run(self).await? > 0)
    }

    /// Writes down that the feed has shown these articles.
    pub async fn record_fed(&mut self, feed: FeedId, articles: &[ArticleId]) -> Result<(), Error> {
        for article in articles {
            sql("insert into fed (feed, article) values ($1, $2) on conflict (feed, article) do nothing")
                .number(feed.0)
                .number(article.0)
                .run(self)
                .await?;
        }
        Ok(())
    }
}

fn read(row: &Row) -> Result<Feed, Error> {
    Ok(Feed {
        id: FeedId(row.number("id")?),
        hash: row.text("hash")?,
        name: row.text("name")?,
        of: row.json("subject")?,
        readers: row.small("readers")?,
        made_by: UserId(row.number("made_by")?),
        made_at: row.time("made_at")?,
        renewed_at: row.maybe_time("renewed_at")?,
        revoked_at: row.maybe_time("revoked_at")?,
    })
}
