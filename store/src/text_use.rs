//! The account of foreign texts: what was shown of whose, where, to how many.

use crate::sql::{Row, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{ArticleId, OutletId, Use};

impl Rows {
    /// Uses of texts, oldest first: of one outlet, or of all.
    pub async fn list_uses(&mut self, outlet: Option<OutletId>) -> Result<Vec<Use>, Error> {
        let query = match outlet {
            Some(outlet) => sql("select * from text_use where outlet = $1 order by id").number(outlet.0),
            None => sql("select * from text_use order by id"),
        };
        query.all(self).await?.iter().map(read).collect()
    }

    /// The last uses of one article, newest first.
    pub async fn list_uses_of(&mut self, article: ArticleId, limit: usize) -> Result<Vec<Use>, Error> {
        let query = sql("select * from text_use where article = $1 order by id desc limit $2");
        query.number(article.0).count(limit).all(self).await?.iter().map(read).collect()
    }

    /// How many uses were written down.
    pub async fn count_uses(&mut self) -> Result<i64, Error> {
        sql("select count(*) as n from text_use").one(self).await?.number("n")
    }
}

impl Write {
    /// Writes down uses of texts.
    pub async fn record_uses(&mut self, uses: &[Use]) -> Result<(), Error> {
        if uses.is_empty() {
            return Ok(());
        }
        let first = self.draw_many("text_use", uses.len()).await?;
        for (id, one) in (first..).zip(uses) {
            sql("insert into text_use (id, at, outlet, article, output, full_text, chars, readers) \
                 values ($1, $2, $3, $4, $5, $6, $7, $8)")
            .number(id)
            .time(one.at)
            .number(one.outlet.0)
            .number(one.article.0)
            .text(&one.output)
            .flag(one.full_text)
            .count(one.chars)
            .count(one.readers)
            .run(self)
            .await?;
        }
        Ok(())
    }
}

fn read(row: &Row) -> Result<Use, Error> {
    Ok(Use {
        at: row.time("at")?,
        outlet: OutletId(row.number("outlet")?),
        article: ArticleId(row.number("article")?),
        output: row.text("output")?,
        full_text: row.flag("full_text")?,
        chars: row.small("chars")?,
        readers: row.small("readers")?,
    })
}
