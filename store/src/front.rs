//! Places on front pages: how high an outlet held an address, told by a source whose order is that of its front page.
//!
//! Kept by outlet and address, because an address stands there before its article is kept. The highest place counts: what
//! led the page in the morning is still what led it.

use crate::sql::{PART, built, places, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{ArticleId, OutletId, Timestamp};
use std::collections::BTreeMap;

impl Rows {
    /// The highest place of each of these articles that had one, from 1.
    pub async fn list_front_places(&mut self, articles: &[ArticleId]) -> Result<BTreeMap<ArticleId, i64>, Error> {
        let numbers: Vec<i64> = articles.iter().map(|id| id.0).collect();
        let mut out = BTreeMap::new();
        for part in numbers.chunks(PART) {
            let query = format!(
                "select article.id, front.place from article \
                 join front on front.outlet = article.outlet and front.key = article.key where article.id in ({})",
                places(1, part.len())
            );
            for row in built(query).numbers(part).all(self).await? {
                out.insert(ArticleId(row.number("id")?), row.number("place")?);
            }
        }
        Ok(out)
    }
}

impl Write {
    /// Writes down what stands on a front page at `at`: the keys of addresses, the first place first. A place that was
    /// higher before stays.
    pub async fn record_front(&mut self, outlet: OutletId, keys: &[String], at: Timestamp) -> Result<(), Error> {
        for (place, key) in (1..).zip(keys) {
            sql("insert into front (outlet, key, place, at) values ($1, $2, $3, $4) \
                 on conflict (outlet, key) do update set at = excluded.at, \
                 place = case when excluded.place < front.place then excluded.place else front.place end")
            .number(outlet.0)
            .text(key)
            .number(place)
            .time(at)
            .run(self)
            .await?;
        }
        Ok(())
    }

    /// Forgets what was seen on front pages for the last time before `before`. How many addresses.
    pub async fn purge_front(&mut self, before: Timestamp) -> Result<u64, Error> {
        sql("delete from front where at < $1").time(before).run(self).await
    }
}
