//! Wires: folders that are due, files that may still be growing, what has come of each piece, and articles that nobody
//! may see yet.

use crate::sql::{PART, Row, built, places, sql};
use crate::{Error, Rows, Write, source};
use salastampa_domain::{ArticleId, OutletId, Source, SourceId, Timestamp, Wire};

/// A file of a drop folder as it was first seen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WireLook {
    /// Its name in the folder.
    pub name: String,
    /// Its size.
    pub bytes: i64,
    /// When it was written last, in milliseconds by the clock of whoever wrote it.
    pub modified: i64,
    /// When it was first seen so.
    pub since: Timestamp,
    /// It lay there before the folder was first looked at.
    pub backlog: bool,
}

/// An article that nobody may see yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hidden {
    /// Until when; `None` until the agency says so.
    pub until: Option<Timestamp>,
}

impl Rows {
    /// When there may be work with wires: a folder is due, or an embargo ends. `None` if there is none of either. What
    /// `worker` held when it was killed is due at once.
    pub async fn next_wire_due(&mut self, worker: &str) -> Result<Option<Timestamp>, Error> {
        let row = sql("select min(due) as at from ( \
             select case when leased_until is null or worker = $1 or next_at > leased_until then next_at \
             else leased_until end as due \
             from source where folder = 1 and paused = 0 and retired_at is null \
             union all select visible_from as due from article where hidden = 1 and visible_from is not null) waiting")
        .text(worker)
        .one(self)
        .await?;
        row.maybe_time("at")
    }

    /// The folders that are due and that nobody else than `worker` is reading, the longest due first.
    pub async fn list_due_folders(&mut self, worker: &str, now: Timestamp) -> Result<Vec<Source>, Error> {
        let rows =
            sql("select * from source where folder = 1 and paused = 0 and retired_at is null and next_at <= $1 \
             and (leased_until is null or leased_until <= $1 or worker = $2) order by next_at, id")
            .time(now)
            .text(worker)
            .all(self)
            .await?;
        rows.iter().map(source::read).collect()
    }

    /// The files of a folder that were seen and not yet read, by name.
    pub async fn list_wire_looks(&mut self, source: SourceId) -> Result<Vec<WireLook>, Error> {
        let rows = sql("select * from wire_look where source = $1 order by name").number(source.0).all(self).await?;
        rows.iter()
            .map(|row| {
                Ok(WireLook {
                    name: row.text("name")?,
                    bytes: row.number("bytes")?,
                    modified: row.number("modified")?,
                    since: row.time("since")?,
                    backlog: row.flag("backlog")?,
                })
            })
            .collect()
    }

    /// Whether a file with that content was read from the folder.
    pub async fn knows_wire_file(&mut self, source: SourceId, hash: &str) -> Result<bool, Error> {
        let row = sql("select at from wire_file where hash = $1 and source = $2").text(hash).number(source.0);
        Ok(row.optional(self).await?.is_some())
    }

    /// What has come of a piece under that identity.
    pub async fn find_wire(&mut self, outlet: OutletId, identity: &str) -> Result<Option<Wire>, Error> {
        let row = sql("select * from wire where identity = $1 and outlet = $2").text(identity).number(outlet.0);
        row.optional(self).await?.as_ref().map(read).transpose()
    }

    /// What has come of an agency since then under the same chain, the newest first.
    pub async fn list_wire_chain(
        &mut self,
        outlet: OutletId,
        chain: &str,
        since: Timestamp,
    ) -> Result<Vec<Wire>, Error> {
        let rows = sql("select * from wire where chain = $1 and outlet = $2 and at >= $3 order by at desc, identity")
            .text(chain)
            .number(outlet.0)
            .time(since)
            .all(self)
            .await?;
        rows.iter().map(read).collect()
    }

    /// The takes of an article, in their order; none if it did not come by wire.
    pub async fn list_wires_of(&mut self, article: ArticleId) -> Result<Vec<Wire>, Error> {
        let rows = sql("select * from wire where article = $1 order by take, at, identity").number(article.0);
        rows.all(self).await?.iter().map(read).collect()
    }

    /// Whether nobody may see an article yet, and until when.
    pub async fn find_hidden(&mut self, article: ArticleId) -> Result<Option<Hidden>, Error> {
        let row = sql("select visible_from from article where id = $1 and hidden = 1").number(article.0);
        row.optional(self).await?.map(|row| Ok(Hidden { until: row.maybe_time("visible_from")? })).transpose()
    }

    /// Those of the articles that nobody may see: hidden, or taken back by their agency in all their takes. By number.
    pub async fn list_withdrawn(&mut self, articles: &[ArticleId]) -> Result<Vec<ArticleId>, Error> {
        let mut numbers: Vec<i64> = articles.iter().map(|id| id.0).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut withdrawn = Vec::new();
        for part in numbers.chunks(PART) {
            let query = format!(
                "select a.id from article a where a.id in ({}) and (a.hidden = 1 \
                 or (exists (select 1 from wire w where w.article = a.id) and not exists \
                 (select 1 from wire w where w.article = a.id and w.status <> 'cancelled'))) order by a.id",
                places(1, part.len())
            );
            for row in built(query).numbers(part).all(self).await? {
                withdrawn.push(ArticleId(row.number("id")?));
            }
        }
        Ok(withdrawn)
    }

    /// The hidden articles whose hour has come, by hour.
    pub async fn list_to_show(&mut self, now: Timestamp) -> Result<Vec<ArticleId>, Error> {
        let rows = sql("select id from article where hidden = 1 and visible_from <= $1 order by visible_from, id");
        rows.time(now).all(self).await?.iter().map(|row| row.number("id").map(ArticleId)).collect()
    }
}

impl Write {
    /// Takes a folder to read it, until `until` or until it is given back. False if another worker is at it.
    pub async fn claim_folder(
        &mut self,
        id: SourceId,
        worker: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, Error> {
        let taken = sql("update source set worker = $1, leased_until = $2 where id = $3 \
             and (leased_until is null or leased_until <= $4 or worker = $1)")
        .text(worker)
        .time(until)
        .number(id.0)
        .time(now)
        .run(self)
        .await?;
        Ok(taken == 1)
    }

    /// Remembers how a file was seen.
    pub async fn record_wire_look(&mut self, source: SourceId, look: &WireLook) -> Result<(), Error> {
        sql("insert into wire_look (source, name, bytes, modified, since, backlog) values ($1, $2, $3, $4, $5, $6) \
             on conflict (source, name) do update set bytes = excluded.bytes, modified = excluded.modified, \
             since = excluded.since")
        .number(source.0)
        .text(&look.name)
        .number(look.bytes)
        .number(look.modified)
        .time(look.since)
        .flag(look.backlog)
        .run(self)
        .await?;
        Ok(())
    }

    /// Forgets a file: it was read, or is no longer there.
    pub async fn forget_wire_look(&mut self, source: SourceId, name: &str) -> Result<(), Error> {
        sql("delete from wire_look where source = $1 and name = $2").number(source.0).text(name).run(self).await?;
        Ok(())
    }

    /// Remembers that a file with that content was read.
    pub async fn record_wire_file(&mut self, source: SourceId, hash: &str, at: Timestamp) -> Result<(), Error> {
        sql("insert into wire_file (source, hash, at) values ($1, $2, $3) on conflict (hash, source) do nothing")
            .number(source.0)
            .text(hash)
            .time(at)
            .run(self)
            .await?;
        Ok(())
    }

    /// Forgets the files that were read before; gives how many.
    pub async fn purge_wire_files(&mut self, before: Timestamp) -> Result<u64, Error> {
        sql("delete from wire_file where at < $1").time(before).run(self).await
    }

    /// Writes down what has come of a piece, in the place of its older version.
    pub async fn record_wire(&mut self, wire: &Wire) -> Result<(), Error> {
        sql("insert into wire (outlet, identity, version, article, kind, status, chain, take, lines, at, notes) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (identity, outlet) do update set \
             version = excluded.version, article = excluded.article, kind = excluded.kind, status = excluded.status, \
             chain = excluded.chain, take = excluded.take, lines = excluded.lines, at = excluded.at, \
             notes = excluded.notes")
        .number(wire.outlet.0)
        .text(&wire.identity)
        .number(wire.version)
        .maybe_number(wire.article.map(|id| id.0))
        .word(&wire.kind)
        .word(&wire.status)
        .maybe_text(wire.chain.as_deref())
        .number(wire.take.into())
        .number(wire.lines.into())
        .time(wire.at)
        .json(&wire.notes)
        .run(self)
        .await?;
        Ok(())
    }

    /// Hides an article from everybody who follows, until that hour or until a later version: it becomes a change that
    /// takes it away.
    pub async fn record_hidden(&mut self, article: ArticleId, until: Option<Timestamp>) -> Result<(), Error> {
        let seq = self.draw_seq().await?;
        sql("update article set hidden = 1, visible_from = $1, seq = $2 where id = $3")
            .maybe_time(until)
            .number(seq.0)
            .number(article.0)
            .run(self)
            .await?;
        Ok(())
    }

    /// Shows a hidden article: a change again. One that nobody has seen yet is published now, or at the hour that was
    /// given for it, and first seen at `at`.
    pub async fn record_shown(&mut self, article: ArticleId, at: Timestamp) -> Result<(), Error> {
        let seq = self.draw_seq().await?;
        sql("update article set hidden = 0, seq = $2, \
             published_at = case when grouped_at is null then coalesce(visible_from, $1) else published_at end, \
             first_seen = case when grouped_at is null then $1 else first_seen end \
             where id = $3 and hidden = 1")
        .time(at)
        .number(seq.0)
        .number(article.0)
        .run(self)
        .await?;
        Ok(())
    }
}

fn read(row: &Row) -> Result<Wire, Error> {
    Ok(Wire {
        outlet: OutletId(row.number("outlet")?),
        identity: row.text("identity")?,
        version: row.number("version")?,
        article: row.maybe_number("article")?.map(ArticleId),
        kind: row.word("kind")?,
        status: row.word("status")?,
        chain: row.maybe_text("chain")?,
        take: row.small("take")?,
        lines: row.small("lines")?,
        at: row.time("at")?,
        notes: row.json("notes")?,
    })
}
