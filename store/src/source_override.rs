//! What the desk has set of a source against its declaration.
//!
//! The row of the source holds what is in force, so that whoever reads a source need not ask twice; the override beside
//! it remembers what is declared, follows when the file changes, and gives it back when it ends.

use crate::sql::{Row, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{Learned, Setting, Source, SourceId, SourceOverride, SourceReading};

impl Rows {
    /// What is set of a source, by field.
    pub async fn list_overrides(&mut self, source: SourceId) -> Result<Vec<SourceOverride>, Error> {
        let rows = sql("select * from source_override where source = $1 order by field").number(source.0);
        rows.all(self).await?.iter().map(read).collect()
    }
}

impl Rows {
    /// Where a source is that has moved from `declared`: address and host.
    pub(crate) async fn find_move(
        &mut self,
        source: SourceId,
        declared: &str,
    ) -> Result<Option<(String, String)>, Error> {
        let all = self.list_overrides(source).await?;
        Ok(all.into_iter().find_map(|set| match (set.setting, set.declared) {
            (Setting::Address { url, host }, Setting::Address { url: from, .. }) if from == declared => {
                Some((url, host))
            }
            _ => None,
        }))
    }
}

impl Write {
    /// Sets something of a source. Set before, the declaration that was remembered then stays.
    pub async fn record_override(&mut self, set: &SourceOverride) -> Result<(), Error> {
        sql("insert into source_override (source, field, setting, declared, who, at, why) \
             values ($1, $2, $3, $4, $5, $6, $7) on conflict (source, field) do update set \
             setting = excluded.setting, who = excluded.who, at = excluded.at, why = excluded.why")
        .number(set.source.0)
        .text(set.setting.field())
        .json(&set.setting)
        .json(&set.declared)
        .json(&set.by)
        .time(set.at)
        .text(&set.why)
        .run(self)
        .await?;
        self.apply(set.source, &set.setting).await
    }

    /// Ends what was set: what is declared holds again.
    pub async fn remove_override(&mut self, set: &SourceOverride) -> Result<(), Error> {
        sql("delete from source_override where source = $1 and field = $2")
            .number(set.source.0)
            .text(set.setting.field())
            .run(self)
            .await?;
        self.apply(set.source, &set.declared).await
    }

    /// Declares whether a source is left alone. What the desk has set holds on.
    pub async fn record_declared_pause(&mut self, id: SourceId, paused: bool) -> Result<(), Error> {
        let declared = Setting::Paused(paused);
        let set = self.list_overrides(id).await?.into_iter().any(|o| o.setting.field() == declared.field());
        if set { self.redeclare(id, &declared).await } else { self.apply(id, &declared).await }
    }

    /// After a source was declared anew: overrides remember the new declaration and go on.
    pub(crate) async fn declare_under_overrides(&mut self, source: &Source) -> Result<(), Error> {
        for set in self.list_overrides(source.id).await? {
            if let Setting::Address { url, .. } = &set.declared {
                // a new address in the declaration is newer than the move
                if *url != source.url {
                    sql("delete from source_override where source = $1 and field = 'address'")
                        .number(source.id.0)
                        .run(self)
                        .await?;
                }
            } else if !matches!(set.setting, Setting::Paused(_)) {
                self.redeclare(source.id, &set.setting.of(source)).await?;
                self.apply(source.id, &set.setting).await?;
            }
        }
        Ok(())
    }

    async fn redeclare(&mut self, id: SourceId, declared: &Setting) -> Result<(), Error> {
        sql("update source_override set declared = $1 where source = $2 and field = $3")
            .json(declared)
            .number(id.0)
            .text(declared.field())
            .run(self)
            .await?;
        Ok(())
    }

    async fn apply(&mut self, id: SourceId, setting: &Setting) -> Result<(), Error> {
        let update = match setting {
            Setting::Paused(paused) => sql("update source set paused = $1 where id = $2").flag(*paused),
            Setting::Cadence(cadence) => sql("update source set cadence = $1 where id = $2").word(cadence),
            Setting::Rights(rights) => sql("update source set rights = $1 where id = $2").maybe_word(rights.as_ref()),
            Setting::Legal(legal) => sql("update source set legal = $1 where id = $2").word(legal),
            Setting::Front(front) => {
                let old = sql("select reading from source where id = $1").number(id.0).one(self).await?;
                let reading = SourceReading { front: *front, ..old.json("reading")? };
                sql("update source set reading = $1 where id = $2").json(&reading)
            }
            Setting::Address { url, host } => {
                let old = sql("select learned from source where id = $1").number(id.0).one(self).await?;
                sql("update source set url = $1, host = $2, learned = $3, gate = null, etag = null, \
                     last_modified = null, body_hash = null where id = $4")
                .text(url)
                .text(host)
                .json(&old.json::<Learned>("learned")?.elsewhere())
            }
        };
        update.number(id.0).run(self).await?;
        Ok(())
    }
}

fn read(row: &Row) -> Result<SourceOverride, Error> {
    Ok(SourceOverride {
        source: SourceId(row.number("source")?),
        setting: row.json("setting")?,
        declared: row.json("declared")?,
        by: row.json("who")?,
        at: row.time("at")?,
        why: row.text("why")?,
    })
}
