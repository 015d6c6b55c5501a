//! Sources: what was declared of them, and what their visits have left (next visit, health, validators).

use crate::sql::{Row, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{Health, Origin, OutletId, RightsClass, Source, SourceId, SourceKind, Timestamp, Validators};

impl Rows {
    /// All sources, by number; also paused and retired ones.
    pub async fn list_sources(&mut self) -> Result<Vec<Source>, Error> {
        sql("select * from source order by id").all(self).await?.iter().map(read).collect()
    }

    /// The source of that name.
    pub async fn find_source(&mut self, slug: &str) -> Result<Option<Source>, Error> {
        sql("select * from source where slug = $1").text(slug).optional(self).await?.as_ref().map(read).transpose()
    }

    /// The source with that number.
    pub async fn find_source_by_id(&mut self, id: SourceId) -> Result<Option<Source>, Error> {
        sql("select * from source where id = $1").number(id.0).optional(self).await?.as_ref().map(read).transpose()
    }

    /// The sources that have a rights class of their own.
    pub async fn list_rights_overrides(&mut self) -> Result<Vec<(SourceId, RightsClass)>, Error> {
        let rows = sql("select id, rights from source where rights is not null order by id").all(self).await?;
        rows.iter().map(|row| Ok((SourceId(row.number("id")?), row.word("rights")?))).collect()
    }

    /// How many of the sources that are visited are alive, and how many are visited.
    pub async fn count_sources(&mut self) -> Result<(usize, usize), Error> {
        let rows = sql("select health from source where paused = 0 and retired_at is null").all(self).await?;
        let health: Vec<Health> = rows.iter().map(|row| row.json("health")).collect::<Result<_, _>>()?;
        Ok((health.iter().filter(|h| h.is_alive()).count(), health.len()))
    }
}

impl Write {
    /// Declares a source, known by its slug; the number in `source` is ignored. What visits have left of an older declaration stays (next visit, health, validators), and so does a
    /// pause; a retired source is back. What the desk has set against the declaration holds on. A new address is visited from `source.next_at`, without the old validators.
    pub async fn record_source(&mut self, source: &Source) -> Result<SourceId, Error> {
        let known = self.find_source(&source.slug).await?;
        // a source that has moved stays where it is, until the declaration changes
        let moved = match &known {
            Some(old) => self.find_move(old.id, &source.url).await?,
            None => None,
        };
        let (url, host) = moved.unwrap_or_else(|| (source.url.clone(), source.host.clone()));
        let (id, next_at, validators, learned) = match known {
            Some(old) if old.url == url => (old.id.0, old.next_at, old.validators, old.learned),
            Some(old) => (old.id.0, source.next_at, Validators::default(), old.learned.elsewhere()),
            None => (self.draw("source").await?, source.next_at, source.validators.clone(), source.learned.clone()),
        };
        sql("insert into source (id, slug, outlet, kind, url, host, cadence, rubric, rights, legal, extract, origin, \
             paused, next_at, health, etag, last_modified, body_hash, learned, folder, reading) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) \
             on conflict (id) do update set outlet = excluded.outlet, kind = excluded.kind, url = excluded.url, \
             host = excluded.host, cadence = excluded.cadence, rubric = excluded.rubric, rights = excluded.rights, \
             legal = excluded.legal, extract = excluded.extract, origin = excluded.origin, retired_at = null, \
             next_at = excluded.next_at, etag = excluded.etag, last_modified = excluded.last_modified, \
             body_hash = excluded.body_hash, learned = excluded.learned, folder = excluded.folder, \
             reading = excluded.reading")
        .number(id)
        .text(&source.slug)
        .number(source.outlet.0)
        .json(&source.kind)
        .text(&url)
        .text(&host)
        .word(&source.cadence)
        .maybe_text(source.rubric.as_deref())
        .maybe_word(source.rights.as_ref())
        .word(&source.legal)
        .flag(source.extract)
        .word(&source.origin)
        .flag(source.paused)
        .time(next_at)
        .json(&source.health)
        .maybe_text(validators.etag.as_deref())
        .maybe_text(validators.last_modified.as_deref())
        .maybe_text(validators.body_hash.as_deref())
        .json(&learned)
        .flag(matches!(source.kind, SourceKind::Wire { .. }))
        .json(&source.reading)
        .run(self)
        .await?;
        self.declare_under_overrides(&Source { id: SourceId(id), ..source.clone() }).await?;
        Ok(SourceId(id))
    }

    /// Retires the sources that `feeds.toml` declared once and names no more; gives their slugs. Those added at the
    /// desk stay.
    pub async fn retire_sources_except(&mut self, slugs: &[String], now: Timestamp) -> Result<Vec<String>, Error> {
        let mut gone = self.list_sources().await?;
        gone.retain(|s| s.origin == Origin::File && s.retired_at.is_none() && !slugs.contains(&s.slug));
        for source in &gone {
            sql("update source set retired_at = $1 where id = $2").time(now).number(source.id.0).run(self).await?;
        }
        Ok(gone.into_iter().map(|s| s.slug).collect())
    }

    /// Retires one source (it is not visited, and never deleted), or brings it back.
    pub async fn record_source_retired(&mut self, id: SourceId, at: Option<Timestamp>) -> Result<(), Error> {
        sql("update source set retired_at = $1 where id = $2").maybe_time(at).number(id.0).run(self).await?;
        Ok(())
    }

    /// Sets the next visit: *visita ora*.
    pub async fn record_source_due(&mut self, id: SourceId, next_at: Timestamp) -> Result<(), Error> {
        sql("update source set next_at = $1 where id = $2").time(next_at).number(id.0).run(self).await?;
        Ok(())
    }
}

pub(crate) fn read(row: &Row) -> Result<Source, Error> {
    Ok(Source {
        id: SourceId(row.number("id")?),
        slug: row.text("slug")?,
        outlet: OutletId(row.number("outlet")?),
        kind: row.json("kind")?,
        url: row.text("url")?,
        host: row.text("host")?,
        cadence: row.word("cadence")?,
        rubric: row.maybe_text("rubric")?,
        rights: row.maybe_word("rights")?,
        legal: row.word("legal")?,
        extract: row.flag("extract")?,
        origin: row.word("origin")?,
        paused: row.flag("paused")?,
        retired_at: row.maybe_time("retired_at")?,
        next_at: row.time("next_at")?,
        health: row.json("health")?,
        validators: Validators {
            etag: row.maybe_text("etag")?,
            last_modified: row.maybe_text("last_modified")?,
            body_hash: row.maybe_text("body_hash")?,
        },
        learned: row.json("learned")?,
        reading: row.json("reading")?,
    })
}
