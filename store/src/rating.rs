//! What readers say of public pages. No row says who.

use crate::sql::{Row, sql};
use crate::{Error, Rows, Write};
use jiff::civil::Date;
use salastampa_domain::{Rated, Rating, RatingId, ReleaseId};

impl Rows {
    /// How many answers a page has; all pages together where `page` is empty.
    pub async fn count_all_ratings(&mut self, page: &str) -> Result<usize, Error> {
        let row = sql("select count(*) as n from rating where $1 = '' or page = $1").text(page).one(self).await?;
        Ok(usize::try_from(row.number("n")?).unwrap_or_default())
    }

    /// How many answers a page has on a day; all pages together where `page` is empty.
    pub async fn count_ratings(&mut self, page: &str, day: Date) -> Result<i64, Error> {
        let row = sql("select count(*) as n from rating where day = $1 and ($2 = '' or page = $2)");
        row.text(&day.to_string()).text(page).one(self).await?.number("n")
    }

    /// What is said of each page, the one with the newest answer first, at most so many.
    pub async fn list_rated(&mut self, limit: usize) -> Result<Vec<Rated>, Error> {
        let rows = sql(
            "select page, max(release) as release, count(*) as n, cast(sum(stars) as bigint) as stars, max(day) as day \
                        from rating group by page order by max(day) desc, page limit $1",
        );
        let read = |row: &Row| {
            Ok(Rated {
                page: row.text("page")?,
                release: row.maybe_number("release")?.map(ReleaseId),
                count: row.number("n")?,
                stars: row.number("stars")?,
                last: row.word("day")?,
            })
        };
        rows.count(limit).all(self).await?.iter().map(read).collect()
    }

    /// Answers of a page, of all pages where `page` is empty; the newest first, from the one at `offset`.
    pub async fn list_ratings(&mut self, page: &str, offset: usize, limit: usize) -> Result<Vec<Rating>, Error> {
        let rows = sql("select * from rating where $1 = '' or page = $1 order by day desc, id desc limit $2 offset $3");
        rows.text(page).count(limit).count(offset).all(self).await?.iter().map(read).collect()
    }
}

impl Write {
    /// Writes an answer down; the number in it is ignored.
    pub async fn record_rating(&mut self, rating: &Rating) -> Result<RatingId, Error> {
        let id = self.draw("rating").await?;
        sql("insert into rating (id, page, release, day, stars, reason, words) values ($1, $2, $3, $4, $5, $6, $7)")
            .number(id)
            .text(&rating.page)
            .maybe_number(rating.release.map(|release| release.0))
            .word(&rating.day)
            .number(rating.stars.into())
            .maybe_number(rating.reason.map(Into::into))
            .text(&rating.words)
            .run(self)
            .await?;
        Ok(RatingId(id))
    }

    /// Takes the words out of an answer; its stars stay. Whether it had some.
    pub async fn strike_rating(&mut self, id: RatingId) -> Result<bool, Error> {
        let struck = sql("update rating set words = '' where id = $1 and words <> ''").number(id.0).run(self).await?;
        Ok(struck > 0)
    }

    /// Lets answers from before that day go; gives how many.
    pub async fn purge_ratings(&mut self, before: Date) -> Result<u64, Error> {
        sql("delete from rating where day < $1").text(&before.to_string()).run(self).await
    }
}

fn read(row: &Row) -> Result<Rating, Error> {
    Ok(Rating {
        id: RatingId(row.number("id")?),
        page: row.text("page")?,
        release: row.maybe_number("release")?.map(ReleaseId),
        day: row.word("day")?,
        stars: row.small("stars")?,
        reason: row.maybe_small("reason")?,
        words: row.text("words")?,
    })
}
