//! Pickup: which articles used our releases.

use crate::sql::{PART, Row, built, places, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{ArticleId, Judged, Period, Pickup, PickupLevel, ReleaseId, UserId};

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

    /// Writes down what a person said of a use, or takes it back. What the machine found stays as it is, and a later
    /// finding changes nothing of what was said. False if nothing was found there.
    pub async fn record_judged(
        &mut self,
        release: ReleaseId,
        article: ArticleId,
        judged: Option<Judged>,
    ) -> Result<bool, Error> {
        let update =
            sql("update pickup set judged = $1, judged_by = $2, judged_at = $3 where release = $4 and article = $5");
        let said = match judged {
            Some(Judged { level: Some(level), .. }) => update.word(&level),
            Some(_) => update.text(NONE),
            None => update.maybe_text(None),
        };
        let done = said
            .maybe_number(judged.map(|j| j.by.0))
            .maybe_time(judged.map(|j| j.at))
            .number(release.0)
            .number(article.0)
            .run(self)
            .await?;
        Ok(done > 0)
    }
}

/// What stands where a person said that an article made no use of the release.
const NONE: &str = "none";

fn read(row: &Row) -> Result<Pickup, Error> {
    let judged = match (row.maybe_text("judged")?, row.maybe_number("judged_by")?, row.maybe_time("judged_at")?) {
        (Some(word), Some(by), Some(at)) => {
            let level = if word == NONE { None } else { Some(row.word("judged")?) };
            Some(Judged { level, by: UserId(by), at })
        }
        _ => None,
    };
    Ok(Pickup {
        judged,
        release: ReleaseId(row.number("release")?),
        article: ArticleId(row.number("article")?),
        level: row.word("level")?,
        of_article: row.number("of_article")?,
        of_release: row.number("of_release")?,
        at: row.time("at")?,
    })
}
