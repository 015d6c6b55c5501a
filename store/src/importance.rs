//! What importance is made of: the office's weights, what its decisions taught, and the two numbers of each issue.

use crate::job::read_slot;
use crate::sql::{Row, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{
    Actor, EditionId, Hand, IssueKey, IssueWork, Period, SavedWeights, Slot, Timestamp, Tone, WatchId, WatchModel,
    Weights,
};

impl Rows {
    /// The weights that were decided at the desk, if any were.
    pub async fn find_weights(&mut self) -> Result<Option<SavedWeights>, Error> {
        let row = sql("select version, at, who, content from weights where id = 1").optional(self).await?;
        row.map(|row| {
            Ok(SavedWeights {
                version: row.number("version")?,
                at: row.time("at")?,
                by: row.json("who")?,
                weights: row.json("content")?,
            })
        })
        .transpose()
    }

    /// What the decisions about each watch taught, by watch; nothing of those with too few decisions.
    pub async fn list_watch_models(&mut self) -> Result<Vec<WatchModel>, Error> {
        let rows = sql("select content from watch_model order by watch").all(self).await?;
        rows.iter().map(|row| row.json("content")).collect()
    }

    /// Every line of every issue that somebody touched, by edition, slot and story.
    pub async fn list_hands(&mut self) -> Result<Vec<(IssueKey, Hand)>, Error> {
        let rows = sql("select edition, slot, content from hand order by edition, slot, story").all(self).await?;
        let read = |row: &Row| {
            let slot = read_slot("slot", &row.text("slot")?)?;
            Ok((IssueKey { edition: EditionId(row.number("edition")?), slot }, row.json("content")?))
        };
        rows.iter().map(read).collect()
    }

    /// How many stories of each issue from that hour on stand how, as people said and without those that are out.
    pub async fn list_tones(&mut self, since: Slot) -> Result<Vec<(IssueKey, Tone, i64)>, Error> {
        let rows = sql("select edition, slot, tone, cast(count(*) as bigint) as n from hand \
             where tone is not null and slot >= $1 group by edition, slot, tone order by edition, slot, tone");
        let read = |row: &Row| {
            let slot = read_slot("slot", &row.text("slot")?)?;
            let issue = IssueKey { edition: EditionId(row.number("edition")?), slot };
            Ok((issue, row.word("tone")?, row.number("n")?))
        };
        rows.text(&since.to_string()).all(self).await?.iter().map(read).collect()
    }

    /// Work and sources of the issues that left in the period, oldest first.
    pub async fn list_issue_work(&mut self, period: Period) -> Result<Vec<IssueWork>, Error> {
        let rows = sql("select * from issue_work where at >= $1 and at < $2 order by at, edition, slot");
        rows.time(period.from).time(period.to).all(self).await?.iter().map(read).collect()
    }
}

impl Write {
    /// Writes the weights; gives their new version.
    pub async fn record_weights(&mut self, weights: &Weights, by: &Actor, at: Timestamp) -> Result<i64, Error> {
        let row = sql("insert into weights (id, version, at, who, content) values (1, 1, $1, $2, $3) \
             on conflict (id) do update set version = weights.version + 1, at = excluded.at, who = excluded.who, \
             content = excluded.content returning version")
        .time(at)
        .json(by)
        .json(weights)
        .one(self)
        .await?;
        row.number("version")
    }

    /// Writes what the decisions about a watch taught; `None` where there are too few.
    pub async fn replace_watch_model(&mut self, watch: WatchId, model: Option<&WatchModel>) -> Result<(), Error> {
        let Some(model) = model else {
            sql("delete from watch_model where watch = $1").number(watch.0).run(self).await?;
            return Ok(());
        };
        sql("insert into watch_model (watch, content) values ($1, $2) \
             on conflict (watch) do update set content = excluded.content")
        .number(watch.0)
        .json(model)
        .run(self)
        .await?;
        Ok(())
    }

    /// Writes work and sources of an issue; what stands there already stays.
    pub async fn record_issue_work(&mut self, work: &IssueWork) -> Result<(), Error> {
        sql("insert into issue_work (edition, slot, at, active_ms, acts, alive, total, kept, dropped, added, \
             first_ten, first_kept) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (edition, slot) do nothing")
        .number(work.edition.0)
        .text(&work.slot.to_string())
        .time(work.at)
        .number(work.active_ms)
        .number(work.acts)
        .number(work.alive)
        .number(work.total)
        .number(work.kept)
        .number(work.dropped)
        .number(work.added)
        .number(work.first)
        .number(work.first_kept)
        .run(self)
        .await?;
        Ok(())
    }
}

fn read(row: &Row) -> Result<IssueWork, Error> {
    Ok(IssueWork {
        edition: EditionId(row.number("edition")?),
        slot: read_slot("slot", &row.text("slot")?)?,
        at: row.time("at")?,
        active_ms: row.number("active_ms")?,
        acts: row.number("acts")?,
        alive: row.number("alive")?,
        total: row.number("total")?,
        kept: row.number("kept")?,
        dropped: row.number("dropped")?,
        added: row.number("added")?,
        first: row.number("first_ten")?,
        first_kept: row.number("first_kept")?,
    })
}
