//! Imports of an old archive: the batches, their articles, and how they are taken back.

use crate::sql::{PART, Row, built, places, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{Actor, ArticleId, ClippingState, Import, ImportId, OutletId, Progress, Timestamp};

impl Rows {
    /// The last imports, newest first.
    pub async fn list_imports(&mut self, limit: usize) -> Result<Vec<Import>, Error> {
        let rows = sql("select * from import_batch order by id desc limit $1").count(limit).all(self).await?;
        rows.iter().map(read).collect()
    }

    /// The import with that number.
    pub async fn find_import(&mut self, id: ImportId) -> Result<Option<Import>, Error> {
        let row = sql("select * from import_batch where id = $1").number(id.0).optional(self).await?;
        row.as_ref().map(read).transpose()
    }

    /// The import of that file, read that way, which was interrupted.
    pub async fn find_import_to_resume(&mut self, hash: &str, form: &str) -> Result<Option<Import>, Error> {
        let row = sql("select * from import_batch where hash = $1 and form = $2 and done_at is null \
             and back_at is null order by id desc limit 1")
        .text(hash)
        .text(form)
        .optional(self)
        .await?;
        row.as_ref().map(read).transpose()
    }

    /// Those of the canonical addresses or other keys under which the outlet has an article, kept or on its way, each
    /// with the hash of its title and its day.
    pub async fn list_items_at(
        &mut self,
        outlet: OutletId,
        keys: &[&str],
    ) -> Result<Vec<salastampa_domain::ItemKey>, Error> {
        self.known("key", "outlet", outlet.0, keys).await
    }

    /// What the outlet has under those hashes of titles, kept or on its way.
    pub async fn list_items_titled(
        &mut self,
        outlet: OutletId,
        titles: &[&str],
    ) -> Result<Vec<salastampa_domain::ItemKey>, Error> {
        self.known("title_key", "outlet", outlet.0, titles).await
    }
}

impl Write {
    /// Begins an import; its number in `import` is ignored.
    pub async fn record_import(&mut self, import: &Import) -> Result<ImportId, Error> {
        let id = self.draw("import").await?;
        sql(
            "insert into import_batch (id, name, hash, form, who, at, position, taken, known, refused, refused_bytes) \
             values ($1, $2, $3, $4, $5, $6, 0, 0, 0, 0, 0)",
        )
        .number(id)
        .text(&import.name)
        .text(&import.hash)
        .text(&import.form)
        .json(&import.by)
        .time(import.at)
        .run(self)
        .await?;
        Ok(ImportId(id))
    }

    /// Writes down how far an import has come; `done_at` once its last row was read.
    pub async fn record_import_progress(
        &mut self,
        id: ImportId,
        progress: Progress,
        done_at: Option<Timestamp>,
    ) -> Result<(), Error> {
        sql("update import_batch set position = $1, taken = $2, known = $3, refused = $4, refused_bytes = $5, \
             done_at = $6 where id = $7")
        .number(progress.position)
        .number(progress.taken)
        .number(progress.known)
        .number(progress.refused)
        .number(progress.refused_bytes)
        .maybe_time(done_at)
        .number(id.0)
        .run(self)
        .await?;
        Ok(())
    }

    /// Writes down that an article came with an import.
    pub async fn record_imported(&mut self, id: ImportId, article: ArticleId) -> Result<(), Error> {
        sql("insert into import_article (article, batch) values ($1, $2)")
            .number(article.0)
            .number(id.0)
            .run(self)
            .await?;
        Ok(())
    }

    /// Writes down that an import is to be taken back. False if somebody was first.
    pub async fn record_import_back(&mut self, id: ImportId, by: &Actor, at: Timestamp) -> Result<bool, Error> {
        let changed = sql("update import_batch set back_by = $1, back_at = $2 where id = $3 and back_at is null")
            .json(by)
            .time(at)
            .number(id.0)
            .run(self)
            .await?;
        Ok(changed > 0)
    }

    /// Takes the next articles of an import back, at most `limit`: their texts, addresses and undecided clippings go,
    /// and followers are told. An article stays that a person kept or dropped, or whose text has been used. Gives how
    /// many went, and how many were looked at.
    pub async fn remove_imported(&mut self, id: ImportId, limit: usize) -> Result<(usize, usize), Error> {
        let rows = sql("select article from import_article where batch = $1 order by article limit $2")
            .number(id.0)
            .count(limit)
            .all(self)
            .await?;
        let mut all = Vec::with_capacity(rows.len());
        for row in &rows {
            all.push(row.number("article")?);
        }
        let mut gone = 0;
        for part in all.chunks(PART) {
            let used = self.used_among(part).await?;
            for article in part {
                if !used.contains(article) {
                    self.empty_article(*article).await?;
                    gone += 1;
                }
            }
            let query = format!("delete from import_article where article in ({})", places(1, part.len()));
            built(query).numbers(part).run(self).await?;
        }
        let (removed, spared) = (gone, all.len() - gone);
        sql("update import_batch set removed = removed + $1, spared = spared + $2 where id = $3")
            .count(removed)
            .count(spared)
            .number(id.0)
            .run(self)
            .await?;
        Ok((gone, all.len()))
    }

    /// Those of the articles that a person decided on, filed, noted or tagged, or whose text was used.
    async fn used_among(&mut self, articles: &[i64]) -> Result<Vec<i64>, Error> {
        let list = places(1, articles.len());
        let clippings = built(format!("select article, state from clipping where article in ({list})"));
        let mut used = Vec::new();
        for row in clippings.numbers(articles).all(self).await? {
            if row.json::<ClippingState>("state")? != ClippingState::Proposed {
                used.push(row.number("article")?);
            }
        }
        for table in ["text_use", "filed", "note", "tagged"] {
            let rows = built(format!("select distinct article from {table} where article in ({list})"));
            for row in rows.numbers(articles).all(self).await? {
                used.push(row.number("article")?);
            }
        }
        Ok(used)
    }

    /// Leaves of an article nothing but its number.
    async fn empty_article(&mut self, article: i64) -> Result<(), Error> {
        let seq = self.draw_seq().await?;
        sql("delete from clipping where article = $1").number(article).run(self).await?;
        sql("update article_text set title = '', lead = '', body = '' where article = $1")
            .number(article)
            .run(self)
            .await?;
        sql(
            "update article set seq = $1, hidden = 1, visible_from = null, title = '', lead = '', url = '', key = $2, \
             guid = null, title_key = null, authors = '[]', rubric = null where id = $3",
        )
        .number(seq.0)
        .text(&format!("removed:{article}"))
        .number(article)
        .run(self)
        .await?;
        Ok(())
    }
}

fn read(row: &Row) -> Result<Import, Error> {
    let by = row.maybe_json("back_by")?;
    Ok(Import {
        id: ImportId(row.number("id")?),
        name: row.text("name")?,
        hash: row.text("hash")?,
        form: row.text("form")?,
        by: row.json("who")?,
        at: row.time("at")?,
        progress: Progress {
            position: row.number("position")?,
            taken: row.number("taken")?,
            known: row.number("known")?,
            refused: row.number("refused")?,
            refused_bytes: row.number("refused_bytes")?,
        },
        done_at: row.maybe_time("done_at")?,
        back: by.zip(row.maybe_time("back_at")?),
        removed: row.number("removed")?,
        spared: row.number("spared")?,
    })
}
