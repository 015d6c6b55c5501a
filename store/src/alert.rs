//! Alerts: one a story, watch and reader.

use crate::sql::{PART, Row, built, places, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{Alert, AlertId, AlertState, ArticleId, Period, ReaderId, StoryId, Timestamp, WatchId};

impl Rows {
    /// What a reader was told of a story, oldest first.
    pub async fn list_alerts_of(&mut self, story: StoryId, reader: ReaderId) -> Result<Vec<Alert>, Error> {
        let rows = sql("select * from alert where story = $1 and reader = $2 order by id")
            .number(story.0)
            .number(reader.0)
            .all(self)
            .await?;
        rows.iter().map(read).collect()
    }

    /// Alerts that were raised in a period, newest first, at most `limit`.
    pub async fn list_alerts_of_period(&mut self, period: Period, limit: usize) -> Result<Vec<Alert>, Error> {
        let rows = sql("select * from alert where at >= $1 and at < $2 order by at desc, id desc limit $3");
        rows.time(period.from).time(period.to).count(limit).all(self).await?.iter().map(read).collect()
    }

    /// The alerts of the stories, by number: also those that were told in another's mail.
    pub async fn list_alerts_of_stories(&mut self, stories: &[StoryId]) -> Result<Vec<Alert>, Error> {
        let numbers: Vec<i64> = stories.iter().map(|id| id.0).collect();
        let mut alerts = Vec::new();
        for part in numbers.chunks(PART) {
            let query = format!("select * from alert where story in ({}) order by id", places(1, part.len()));
            for row in built(query).numbers(part).all(self).await? {
                alerts.push(read(&row)?);
            }
        }
        Ok(alerts)
    }

    /// All alerts, oldest first.
    pub async fn list_alerts(&mut self) -> Result<Vec<Alert>, Error> {
        sql("select * from alert order by id").all(self).await?.iter().map(read).collect()
    }
}

impl Write {
    /// Raises an alert. `None` if that watch has told that reader of that story already.
    pub async fn record_alert(
        &mut self,
        story: StoryId,
        watch: WatchId,
        reader: ReaderId,
        article: ArticleId,
        at: Timestamp,
        state: AlertState,
    ) -> Result<Option<AlertId>, Error> {
        if self.list_alerts_of(story, reader).await?.iter().any(|a| a.watch == watch) {
            return Ok(None);
        }
        let id = self.draw("alert").await?;
        sql("insert into alert (id, story, watch, reader, article, at, state) values ($1, $2, $3, $4, $5, $6, $7)")
            .number(id)
            .number(story.0)
            .number(watch.0)
            .number(reader.0)
            .number(article.0)
            .time(at)
            .json(&state)
            .run(self)
            .await?;
        Ok(Some(AlertId(id)))
    }
}

pub(crate) fn read(row: &Row) -> Result<Alert, Error> {
    Ok(Alert {
        id: AlertId(row.number("id")?),
        story: StoryId(row.number("story")?),
        watch: WatchId(row.number("watch")?),
        reader: ReaderId(row.number("reader")?),
        article: ArticleId(row.number("article")?),
        at: row.time("at")?,
        state: row.json("state")?,
    })
}
