//! Clippings.

use crate::sql::{PART, Row, built, places, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{ArticleId, Clipping, ClippingId, ClippingState, Grade, OutletId, Period, Timestamp, WatchId};

impl Rows {
    /// The clipping with that number.
    pub async fn find_clipping(&mut self, id: ClippingId) -> Result<Option<Clipping>, Error> {
        sql("select * from clipping where id = $1").number(id.0).optional(self).await?.as_ref().map(read).transpose()
    }

    /// What the watches clipped in the period, in the order in which it was clipped; nothing for no watches.
    pub async fn list_clippings(&mut self, watches: &[WatchId], period: Period) -> Result<Vec<Clipping>, Error> {
        if watches.is_empty() {
            return Ok(Vec::new());
        }
        let numbers: Vec<i64> = watches.iter().map(|id| id.0).collect();
        let query = format!(
            "select * from clipping where matched_at >= $1 and matched_at < $2 and watch in ({}) \
             and article not in (select id from article where hidden = 1) order by id",
            places(3, numbers.len())
        );
        let rows = built(query).time(period.from).time(period.to).numbers(&numbers).all(self).await?;
        rows.iter().map(read).collect()
    }

    /// The clippings of an article, in the order in which they were made.
    pub async fn list_clippings_of(&mut self, article: ArticleId) -> Result<Vec<Clipping>, Error> {
        let rows = sql("select * from clipping where article = $1 order by id").number(article.0).all(self).await?;
        rows.iter().map(read).collect()
    }

    /// Those of the articles that are clipped for a watch, by number of the clipping.
    pub async fn list_clippings_among(
        &mut self,
        watch: WatchId,
        articles: &[ArticleId],
    ) -> Result<Vec<Clipping>, Error> {
        let numbers: Vec<i64> = articles.iter().map(|id| id.0).collect();
        let mut clippings = Vec::new();
        for part in numbers.chunks(PART) {
            let query = format!("select * from clipping where watch = $1 and article in ({})", places(2, part.len()));
            for row in built(query).number(watch.0).numbers(part).all(self).await? {
                clippings.push(read(&row)?);
            }
        }
        clippings.sort_by_key(|clipping| clipping.id);
        Ok(clippings)
    }

    /// How many articles each of the watches clipped in the period; a watch that clipped none is not named.
    pub async fn count_clippings_by_watch(
        &mut self,
        watches: &[WatchId],
        period: Period,
    ) -> Result<Vec<(WatchId, i64)>, Error> {
        let numbers: Vec<i64> = watches.iter().map(|id| id.0).collect();
        let mut counts = Vec::new();
        for part in numbers.chunks(PART) {
            let query = format!(
                "select watch, count(*) as n from clipping where matched_at >= $1 and matched_at < $2 \
                 and watch in ({}) group by watch order by watch",
                places(3, part.len())
            );
            for row in built(query).time(period.from).time(period.to).numbers(part).all(self).await? {
                counts.push((WatchId(row.number("watch")?), row.number("n")?));
            }
        }
        Ok(counts)
    }

    /// How many articles of an outlet a watch clipped in the period.
    pub async fn count_clippings_of_outlet(
        &mut self,
        watch: WatchId,
        outlet: OutletId,
        period: Period,
    ) -> Result<i64, Error> {
        sql("select count(*) as n from clipping c join article a on a.id = c.article \
             where c.watch = $1 and a.outlet = $2 and c.matched_at >= $3 and c.matched_at < $4")
        .number(watch.0)
        .number(outlet.0)
        .time(period.from)
        .time(period.to)
        .one(self)
        .await?
        .number("n")
    }

    /// Fresh clippings of watches that alert whose article has its story and of which nobody has decided whether they
    /// alert, in the order in which they were clipped.
    ///
    /// What matched by `unplaced` counts also where its article has no story yet.
    pub async fn list_clippings_to_alert(&mut self, limit: usize, unplaced: Timestamp) -> Result<Vec<Clipping>, Error> {
        let rows = sql("select c.* from clipping c join article a on a.id = c.article join watch w on w.id = c.watch \
             where c.fresh = 1 and c.alert_considered_at is null and (a.story is not null or c.matched_at <= $2) \
             and a.hidden = 0 and w.urgency in ('flash', 'ordinary') order by c.id limit $1")
        .count(limit)
        .time(unplaced)
        .all(self)
        .await?;
        rows.iter().map(read).collect()
    }

    /// When the first clipping matched that may alert and whose article has no story yet.
    pub async fn first_unplaced_to_alert(&mut self) -> Result<Option<Timestamp>, Error> {
        sql("select min(c.matched_at) as at from clipping c join article a on a.id = c.article \
             join watch w on w.id = c.watch where c.fresh = 1 and c.alert_considered_at is null and a.story is null \
             and a.hidden = 0 and w.urgency in ('flash', 'ordinary')")
        .one(self)
        .await?
        .maybe_time("at")
    }

    /// How many clippings there are.
    pub async fn count_clippings(&mut self) -> Result<i64, Error> {
        sql("select count(*) as n from clipping").one(self).await?.number("n")
    }
}

impl Write {
    /// Clips an article for a watch: `why` are the words that matched, `fresh` says whether it was news then. `None`
    /// if it is clipped already.
    pub async fn record_clipping(
        &mut self,
        article: ArticleId,
        watch: WatchId,
        at: Timestamp,
        why: &[String],
        fresh: bool,
    ) -> Result<Option<ClippingId>, Error> {
        let row = sql("select id from clipping where article = $1 and watch = $2")
            .number(article.0)
            .number(watch.0)
            .optional(self)
            .await?;
        if row.is_some() {
            return Ok(None);
        }
        let id = self.draw("clipping").await?;
        sql("insert into clipping (id, article, watch, matched_at, why, fresh, state) \
             values ($1, $2, $3, $4, $5, $6, $7)")
        .number(id)
        .number(article.0)
        .number(watch.0)
        .time(at)
        .json(&why)
        .flag(fresh)
        .json(&ClippingState::Proposed)
        .run(self)
        .await?;
        Ok(Some(ClippingId(id)))
    }

    /// Writes down what a person made of a clipping.
    pub async fn record_clipping_state(&mut self, id: ClippingId, state: ClippingState) -> Result<(), Error> {
        sql("update clipping set state = $1 where id = $2").json(&state).number(id.0).run(self).await?;
        Ok(())
    }

    /// Writes down what was found in the article of a clipping.
    pub async fn record_clipping_grade(&mut self, id: ClippingId, grade: &Grade) -> Result<(), Error> {
        sql("update clipping set grade = $1 where id = $2").json(grade).number(id.0).run(self).await?;
        Ok(())
    }

    /// Takes a clipping away that a person made by mistake. True if it was there. One that spoke in an alert stays.
    pub async fn remove_clipping(&mut self, id: ClippingId) -> Result<bool, Error> {
        let removed = sql("delete from clipping where id = $1 and alert_considered_at is null").number(id.0);
        Ok(removed.run(self).await? > 0)
    }

    /// A watch that begins to alert speaks of what it clips from now on: what it clipped before is decided.
    pub async fn record_alerts_considered(&mut self, watch: WatchId, at: Timestamp) -> Result<(), Error> {
        sql("update clipping set alert_considered_at = $1 where watch = $2 and fresh = 1 and alert_considered_at is null")
            .time(at)
            .number(watch.0)
            .run(self)
            .await?;
        Ok(())
    }

    /// Writes down that it was decided whether a clipping alerts.
    pub async fn record_alert_considered(&mut self, id: ClippingId, at: Timestamp) -> Result<(), Error> {
        sql("update clipping set alert_considered_at = $1 where id = $2").time(at).number(id.0).run(self).await?;
        Ok(())
    }
}

pub(crate) fn read(row: &Row) -> Result<Clipping, Error> {
    Ok(Clipping {
        id: ClippingId(row.number("id")?),
        article: ArticleId(row.number("article")?),
        watch: WatchId(row.number("watch")?),
        matched_at: row.time("matched_at")?,
        why: row.json("why")?,
        fresh: row.flag("fresh")?,
        state: row.json("state")?,
        grade: row.maybe_json("grade")?.unwrap_or_default(),
    })
}
