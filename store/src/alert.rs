//! Alerts: one a story, watch, reader and round, each with the instant at which something is to be done with it.

use crate::sql::{PART, Row, built, places, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{Alert, AlertId, ArticleId, Declined, Period, ReaderId, StoryId, Timestamp, WatchId};

impl Rows {
    /// The alert with that number.
    pub async fn find_alert(&mut self, id: AlertId) -> Result<Option<Alert>, Error> {
        sql("select * from alert where id = $1").number(id.0).optional(self).await?.as_ref().map(read).transpose()
    }

    /// What was raised for a reader about a story, oldest first: also what was raised by an article that has come to that
    /// story since.
    pub async fn list_alerts_of(&mut self, story: StoryId, reader: ReaderId) -> Result<Vec<Alert>, Error> {
        let rows = sql("select * from alert where reader = $2 and (story = $1 \
             or article in (select id from article where story = $1)) order by id")
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

    /// Alerts that left in a period, oldest first.
    pub async fn list_alerts_left(&mut self, period: Period) -> Result<Vec<Alert>, Error> {
        let rows = sql("select * from alert where left_at >= $1 and left_at < $2 order by left_at, id");
        rows.time(period.from).time(period.to).all(self).await?.iter().map(read).collect()
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

    /// The alerts with which something is to be done by `now`, the longest due first.
    pub async fn list_alerts_due(&mut self, now: Timestamp, limit: usize) -> Result<Vec<Alert>, Error> {
        let rows = sql("select * from alert where due_at <= $1 order by due_at, id limit $2").time(now).count(limit);
        rows.all(self).await?.iter().map(read).collect()
    }

    /// The alerts that have not left and still may, oldest first.
    pub async fn list_open_alerts(&mut self) -> Result<Vec<Alert>, Error> {
        let rows = sql("select * from alert where due_at is not null and left_at is null order by id");
        rows.all(self).await?.iter().map(read).collect()
    }

    /// When something is to be done with an alert.
    pub async fn next_alert_due(&mut self) -> Result<Option<Timestamp>, Error> {
        sql("select min(due_at) as at from alert where due_at is not null").one(self).await?.maybe_time("at")
    }

    /// What was told since then by an article that the agency has corrected after, and of which nothing was raised again,
    /// oldest first.
    pub async fn list_corrected_alerts(&mut self, since: Timestamp, limit: usize) -> Result<Vec<Alert>, Error> {
        let rows = sql("select a.* from alert a where a.left_at >= $1 and exists \
             (select 1 from wire w where w.article = a.article and w.kind = 'correction' and w.status = 'usable' \
             and w.at > a.left_at) and not exists (select 1 from alert b where b.story = a.story \
             and b.reader = a.reader and b.round > a.round) and not exists (select 1 from not_for_me n \
             where n.story = a.story and n.reader = a.reader and n.watch = a.watch) order by a.id limit $2")
        .time(since)
        .count(limit)
        .all(self)
        .await?;
        rows.iter().map(read).collect()
    }

    /// How many alert mails were written to a reader in the period, batches included.
    pub async fn count_alert_mails(&mut self, reader: ReaderId, period: Period) -> Result<i64, Error> {
        sql("select count(*) as n from delivery where reader = $1 and kind in ('alert', 'batch') \
             and queued_at >= $2 and queued_at < $3")
        .number(reader.0)
        .time(period.from)
        .time(period.to)
        .one(self)
        .await?
        .number("n")
    }

    /// The watches of which a reader said that a story is not for them.
    pub async fn list_not_for_me(&mut self, story: StoryId, reader: ReaderId) -> Result<Vec<WatchId>, Error> {
        let rows = sql("select watch from not_for_me where story = $1 and reader = $2 order by watch");
        let rows = rows.number(story.0).number(reader.0).all(self).await?;
        rows.iter().map(|row| row.number("watch").map(WatchId)).collect()
    }

    /// All that readers said since then, the newest first, each of the story in which the article stands now that told them.
    pub async fn list_declined(&mut self, since: Timestamp) -> Result<Vec<Declined>, Error> {
        let rows = sql(
            "select n.watch, n.reader, n.at, coalesce((select max(a.story) from alert l join article a on a.id = l.article \
             where l.story = n.story and l.watch = n.watch and l.reader = n.reader), n.story) as now_in \
             from not_for_me n where n.at >= $1 order by n.at desc, n.story desc, n.watch, n.reader",
        );
        let read = |row: &Row| {
            Ok(Declined {
                story: StoryId(row.number("now_in")?),
                watch: WatchId(row.number("watch")?),
                reader: ReaderId(row.number("reader")?),
                at: row.time("at")?,
            })
        };
        rows.time(since).all(self).await?.iter().map(read).collect()
    }
}

impl Write {
    /// Raises an alert; the number in it is ignored. `None` if that watch has one for that reader, story and round.
    pub async fn record_alert(&mut self, alert: &Alert) -> Result<Option<AlertId>, Error> {
        let same = sql("select id from alert where story = $1 and watch = $2 and reader = $3 and round = $4")
            .number(alert.story.0)
            .number(alert.watch.0)
            .number(alert.reader.0)
            .number(alert.round.into());
        if same.optional(self).await?.is_some() {
            return Ok(None);
        }
        let id = self.draw("alert").await?;
        sql("insert into alert (id, story, watch, reader, round, article, tier, at, state, due_at, left_at, gated, note, again) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)")
        .number(id)
        .number(alert.story.0)
        .number(alert.watch.0)
        .number(alert.reader.0)
        .number(alert.round.into())
        .number(alert.article.0)
        .word(&alert.tier)
        .time(alert.at)
        .json(&alert.state)
        .maybe_time(alert.due_at)
        .maybe_time(alert.left_at)
        .flag(alert.gated)
        .text(&alert.note)
        .maybe_json(alert.again.as_ref())
        .run(self)
        .await?;
        Ok(Some(AlertId(id)))
    }

    /// Writes down what became of an alert: tier, article, state, times and line.
    pub async fn record_alert_state(&mut self, alert: &Alert) -> Result<(), Error> {
        sql("update alert set article = $1, tier = $2, state = $3, due_at = $4, left_at = $5, gated = $6, note = $7 \
             where id = $8")
        .number(alert.article.0)
        .word(&alert.tier)
        .json(&alert.state)
        .maybe_time(alert.due_at)
        .maybe_time(alert.left_at)
        .flag(alert.gated)
        .text(&alert.note)
        .number(alert.id.0)
        .run(self)
        .await?;
        Ok(())
    }

    /// Writes down that a reader said of a story: not for me. False if they had said so of that watch.
    pub async fn record_not_for_me(
        &mut self,
        story: StoryId,
        watch: WatchId,
        reader: ReaderId,
        at: Timestamp,
    ) -> Result<bool, Error> {
        if self.list_not_for_me(story, reader).await?.contains(&watch) {
            return Ok(false);
        }
        sql("insert into not_for_me (story, watch, reader, at) values ($1, $2, $3, $4)")
            .number(story.0)
            .number(watch.0)
            .number(reader.0)
            .time(at)
            .run(self)
            .await?;
        Ok(true)
    }
}

pub(crate) fn read(row: &Row) -> Result<Alert, Error> {
    Ok(Alert {
        id: AlertId(row.number("id")?),
        story: StoryId(row.number("story")?),
        watch: WatchId(row.number("watch")?),
        reader: ReaderId(row.number("reader")?),
        round: row.small("round")?,
        article: ArticleId(row.number("article")?),
        tier: row.word("tier")?,
        at: row.time("at")?,
        state: row.json("state")?,
        due_at: row.maybe_time("due_at")?,
        left_at: row.maybe_time("left_at")?,
        gated: row.flag("gated")?,
        note: row.text("note")?,
        again: row.maybe_json("again")?,
    })
}
