//! Articles that the archive set aside: a mirror of what it says itself, for pages and for other processes.

use crate::sql::sql;
use crate::{Error, Rows, Write};
use salastampa_domain::{ArticleId, Aside, Seq, Timestamp};

impl Rows {
    /// What the archive could not take in, by number, and since when that is known.
    pub async fn list_asides(&mut self) -> Result<Vec<(Aside, Timestamp)>, Error> {
        let rows = sql("select * from aside order by article").all(self).await?;
        let read = |row: &crate::sql::Row| {
            let (article, seq) = (ArticleId(row.number("article")?), Seq(row.number("seq")?));
            Ok((Aside { article, seq, reason: row.text("reason")? }, row.time("at")?))
        };
        rows.iter().map(read).collect()
    }

    /// How many articles may be found, by the hour in which they count as published: hours since 1970-01-01 UTC, in
    /// order. Rome is whole hours ahead since 1893, so that hours make civil days.
    pub async fn count_articles_by_hour(&mut self) -> Result<Vec<(i64, u64)>, Error> {
        // both databases cut towards zero: shifted by a whole number of hours, every date is after it
        const SHIFT: i64 = 10_000_000;
        let rows = sql("select (coalesce(published_at, first_seen) + $1) / 3600000 as hour, count(*) as n \
             from article where hidden = 0 group by 1 order by 1")
        .number(SHIFT * 3_600_000)
        .all(self)
        .await?;
        rows.iter().map(|row| Ok((row.number("hour")? - SHIFT, row.number("n")?.unsigned_abs()))).collect()
    }
}

impl Write {
    /// Writes down what the archive could not take in, in place of what was said before. What was known stays known since
    /// then.
    pub async fn replace_asides(&mut self, asides: &[Aside], at: Timestamp) -> Result<(), Error> {
        let known = self.list_asides().await?;
        for (aside, _) in known.iter().filter(|(aside, _)| !asides.contains(aside)) {
            sql("delete from aside where article = $1").number(aside.article.0).run(self).await?;
        }
        for aside in asides.iter().filter(|aside| !known.iter().any(|(one, _)| one == *aside)) {
            sql("insert into aside (article, seq, reason, at) values ($1, $2, $3, $4)")
                .number(aside.article.0)
                .number(aside.seq.0)
                .text(&aside.reason)
                .time(at)
                .run(self)
                .await?;
        }
        Ok(())
    }
}
