//! Dossiers, and which articles lie in them.

use crate::sql::{PART, Row, built, places, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{ArticleId, Dossier, DossierId, Filed, Timestamp, UserId};

impl Rows {
    /// All dossiers, by number; also those that were put away.
    pub async fn list_dossiers(&mut self) -> Result<Vec<Dossier>, Error> {
        sql("select * from dossier order by id").all(self).await?.iter().map(read).collect()
    }

    /// The dossier of that name.
    pub async fn find_dossier(&mut self, slug: &str) -> Result<Option<Dossier>, Error> {
        sql("select * from dossier where slug = $1").text(slug).optional(self).await?.as_ref().map(read).transpose()
    }

    /// The dossier with that number.
    pub async fn find_dossier_by_id(&mut self, id: DossierId) -> Result<Option<Dossier>, Error> {
        sql("select * from dossier where id = $1").number(id.0).optional(self).await?.as_ref().map(read).transpose()
    }

    /// What lies in a dossier, the newest addition first; at most so many.
    pub async fn list_filed(&mut self, dossier: DossierId, limit: usize) -> Result<Vec<Filed>, Error> {
        let query = sql("select * from filed where dossier = $1 order by at desc, article desc limit $2");
        query.number(dossier.0).count(limit).all(self).await?.iter().map(read_filed).collect()
    }

    /// In which dossiers articles lie, by article and dossier.
    pub async fn list_filed_of(&mut self, articles: &[ArticleId]) -> Result<Vec<Filed>, Error> {
        let numbers: Vec<i64> = articles.iter().map(|id| id.0).collect();
        let mut filed = Vec::new();
        for part in numbers.chunks(PART) {
            let query =
                format!("select * from filed where article in ({}) order by article, dossier", places(1, part.len()));
            for row in built(query).numbers(part).all(self).await? {
                filed.push(read_filed(&row)?);
            }
        }
        Ok(filed)
    }

    /// How many articles lie in each dossier, and when the last one was added; empty dossiers are not named.
    pub async fn count_filed(&mut self) -> Result<Vec<(DossierId, usize, Timestamp)>, Error> {
        let rows = sql("select dossier, count(*) as n, max(at) as last from filed group by dossier order by dossier");
        let rows = rows.all(self).await?;
        rows.iter().map(|row| Ok((DossierId(row.number("dossier")?), row.small("n")?, row.time("last")?))).collect()
    }
}

impl Write {
    /// Makes a dossier, or changes name, words and whether it is put away of the one with that slug; the number in
    /// `dossier` is ignored.
    pub async fn record_dossier(&mut self, dossier: &Dossier) -> Result<DossierId, Error> {
        let id = self.number_of("select id from dossier where slug = $1", &dossier.slug, "dossier").await?;
        sql("insert into dossier (id, slug, name, about, made_by, made_at, archived_at) \
             values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do update set name = excluded.name, \
             about = excluded.about, archived_at = excluded.archived_at")
        .number(id)
        .text(&dossier.slug)
        .text(&dossier.name)
        .text(&dossier.about)
        .number(dossier.made_by.0)
        .time(dossier.made_at)
        .maybe_time(dossier.archived_at)
        .run(self)
        .await?;
        Ok(DossierId(id))
    }

    /// Puts an article into a dossier. False if it lies there already.
    pub async fn file_article(&mut self, filed: &Filed) -> Result<bool, Error> {
        let done = sql("insert into filed (dossier, article, filed_by, at) values ($1, $2, $3, $4) \
             on conflict (dossier, article) do nothing")
        .number(filed.dossier.0)
        .number(filed.article.0)
        .number(filed.by.0)
        .time(filed.at)
        .run(self)
        .await?;
        Ok(done > 0)
    }

    /// Takes an article out of a dossier; gives what was known of it there.
    pub async fn unfile_article(&mut self, dossier: DossierId, article: ArticleId) -> Result<Option<Filed>, Error> {
        let row = sql("delete from filed where dossier = $1 and article = $2 returning *");
        row.number(dossier.0).number(article.0).optional(self).await?.as_ref().map(read_filed).transpose()
    }
}

fn read(row: &Row) -> Result<Dossier, Error> {
    Ok(Dossier {
        id: DossierId(row.number("id")?),
        slug: row.text("slug")?,
        name: row.text("name")?,
        about: row.text("about")?,
        made_by: UserId(row.number("made_by")?),
        made_at: row.time("made_at")?,
        archived_at: row.maybe_time("archived_at")?,
    })
}

fn read_filed(row: &Row) -> Result<Filed, Error> {
    Ok(Filed {
        dossier: DossierId(row.number("dossier")?),
        article: ArticleId(row.number("article")?),
        by: UserId(row.number("filed_by")?),
        at: row.time("at")?,
    })
}
