//! Pickup: which articles used our releases.

use crate::sql::{PART, Row, built, places, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{ArticleId, Period, Pickup, PickupLevel, ReleaseId};

impl Rows {
    /// Pickup found in the period, oldest first.
    pub async fn list_pickup(&mut self, period: Period) -> Result<Vec<Pickup>, Error> {
        let rows = sql("select * from pickup where at >= $1 and at < $2 order by at, release, article")
            .time(period.from)
            .time(period.to)
            .all(self)
            .await?;
        rows.iter().map(read).collect()
    }

    /// Pickup of one release, oldest first.
    pub async fn list_pickup_of(&mut self, release: ReleaseId) -> Result<Vec<Pickup>, Error> {
        let rows = sql("select * from pickup where release = $1 order by at, article").number(release.0);
        rows.all(self).await?.iter().map(read).collect()
    }

    /// Which releases these articles used, by release and article.
    pub async fn list_pickup_by(&mut self, articles: &[ArticleId]) -> Result<Vec<Pickup>, Error> {
        let numbers: Vec<i64> = articles.iter().map(|id| id.0).collect();
        let mut out = Vec::new();
        for part in numbers.chunks(PART) {
            let query = format!("select * from pickup where article in ({})", places(1, part.len()));
            for row in built(query).numbers(part).all(self).await? {
                out.push(read(&row)?);
            }
        }
        out.sort_by_key(|found| (found.release, found.article));
        Ok(out)
    }
}

impl Write {
    /// Writes down that an article used a release. Of two findings about the same article the higher level stays, and
    /// of equals the first. True if something was written.
    pub async fn record_pickup(&mut self, pickup: &Pickup) -> Result<bool, Error> {
        let row = sql("select level from pickup where release = $1 and article = $2")
            .number(pickup.release.0)
            .number(pickup.article.0)
            .optional(self)
            .await?;
        let known: Option<PickupLevel> = row.map(|row| row.word("level")).transpose()?;
        if known.is_some_and(|level| level >= pickup.level) {
            return Ok(false);
        }
        // the instant stays that of the first finding: delay is counted from it
        sql(
            "insert into pickup (release, article, level, of_article, of_release, at) values ($1, $2, $3, $4, $5, $6) \
             on conflict (release, article) do update set level = excluded.level, of_article = excluded.of_article, \
             of_release = excluded.of_release",
        )
        .number(pickup.release.0)
        .number(pickup.article.0)
        .word(&pickup.level)
        .number(pickup.of_article)
        .number(pickup.of_release)
        .time(pickup.at)
        .run(self)
        .await?;
        Ok(true)
    }
}

fn read(row: &Row) -> Result<Pickup, Error> {
    Ok(Pickup {
        release: ReleaseId(row.number("release")?),
        article: ArticleId(row.number("article")?),
        level: row.word("level")?,
        of_article: row.number("of_article")?,
        of_release: row.number("of_release")?,
        at: row.time("at")?,
    })
}
