//! Articles on their way: seen in a window, their page still to be read. And the ladder of identity, by which an item
//! is known again.

use crate::article::keep;
use crate::sql::{PART, Row, built, places, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::identity::{is_same_by_guid, is_same_by_title, without_scheme};
use salastampa_domain::{ArticleId, ForeignText, ItemKey, NewArticle, OutletId, SourceId, Timestamp};
use std::collections::HashMap;

/// An article that was seen and is kept once its page has been read, or cannot be.
#[derive(Clone, PartialEq, Debug)]
pub struct Found {
    /// Its number; ignored when it is recorded.
    pub id: i64,
    /// The source that showed it.
    pub source: SourceId,
    /// The host of its page.
    pub host: String,
    /// What is known of it.
    pub article: NewArticle,
    /// Hash of its folded title, if that has four words or more.
    pub title_key: Option<String>,
    /// Its civil day, as a number.
    pub day: i64,
    /// When its page is to be read.
    pub page_at: Timestamp,
    /// How often that was tried.
    pub attempts: u32,
}

impl Rows {
    /// Which of the items are known, kept or on their way: by source and guid, or by outlet and address, or by
    /// outlet, title and day.
    pub async fn known_items(
        &mut self,
        source: SourceId,
        outlet: OutletId,
        items: &[ItemKey],
    ) -> Result<Vec<bool>, Error> {
        let guids: Vec<String> = items.iter().filter_map(|i| i.guid.as_deref()).flat_map(both_schemes).collect();
        let guids: Vec<&str> = guids.iter().map(String::as_str).collect();
        let by_guid = group(self.known("guid", "source", source.0, &guids).await?, |known| {
            known.guid.as_deref().map(|guid| without_scheme(guid).to_owned())
        });
        let keys: Vec<&str> = items.iter().map(|i| i.key.as_str()).collect();
        let by_key = group(self.known("key", "outlet", outlet.0, &keys).await?, |known| Some(known.key.clone()));
        let titles: Vec<&str> = items.iter().filter_map(|i| i.title_key.as_deref()).collect();
        let by_title =
            group(self.known("title_key", "outlet", outlet.0, &titles).await?, |known| known.title_key.clone());
        let any = |found: Option<&Vec<ItemKey>>, same: fn(&ItemKey, &ItemKey) -> bool, item: &ItemKey| {
            found.is_some_and(|found| found.iter().any(|known| same(item, known)))
        };
        let is_known = |item: &ItemKey| {
            by_key.contains_key(&item.key)
                || item.guid.as_deref().is_some_and(|g| any(by_guid.get(without_scheme(g)), is_same_by_guid, item))
                || item.title_key.as_ref().is_some_and(|t| any(by_title.get(t), is_same_by_title, item))
        };
        Ok(items.iter().map(is_known).collect())
    }

    /// The rows, of articles kept and found, whose `column` is among `values`.
    pub(crate) async fn known(
        &mut self,
        column: &'static str,
        owner: &'static str,
        number: i64,
        values: &[&str],
    ) -> Result<Vec<ItemKey>, Error> {
        let mut known = Vec::new();
        for part in values.chunks(PART) {
            let list = places(2, part.len());
            let select = |table| {
                format!("select guid, key, title_key, day from {table} where {owner} = $1 and {column} in ({list})")
            };
            let query = format!("{} union {}", select("article"), select("found"));
            for row in built(query).number(number).texts(part).all(self).await? {
                known.push(item_key(&row)?);
            }
        }
        Ok(known)
    }

    /// How many articles are on their way.
    pub async fn count_found(&mut self) -> Result<i64, Error> {
        sql("select count(*) as n from found").one(self).await?.number("n")
    }
}

impl Write {
    /// Puts an article on its way, unless one of that outlet and address is there or kept already. True if it is new.
    pub async fn record_found(&mut self, found: &Found) -> Result<bool, Error> {
        let article = &found.article;
        let row = sql("select 1 as n from article where outlet = $1 and key = $2 \
             union all select 1 from found where outlet = $1 and key = $2")
        .number(article.outlet.0)
        .text(&article.key)
        .optional(self)
        .await?;
        if row.is_some() {
            return Ok(false);
        }
        let id = self.draw("found").await?;
        sql("insert into found (id, source, host, page_at, attempts, title_key, day, outlet, via, url, key, guid, \
             title, lead, body, authors, rubric, language, signals, backlog, published_at, first_seen) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, \
             $22)")
        .number(id)
        .number(found.source.0)
        .text(&found.host)
        .time(found.page_at)
        .number(found.attempts.into())
        .maybe_text(found.title_key.as_deref())
        .number(found.day)
        .number(article.outlet.0)
        .json(&article.via)
        .text(&article.url)
        .text(&article.key)
        .maybe_text(article.guid.as_deref())
        .text(&article.title)
        .text(article.lead.for_analysis())
        .text(article.body.for_analysis())
        .json(&article.authors)
        .maybe_text(article.rubric.as_deref())
        .maybe_text(article.language.as_deref())
        .json(&article.signals)
        .flag(article.backlog)
        .maybe_time(article.published_at)
        .time(article.first_seen)
        .run(self)
        .await?;
        Ok(true)
    }

    /// Its page could not be read: later again. Counts the attempt and gives it back.
    pub async fn postpone_found(&mut self, id: i64, page_at: Timestamp) -> Result<(), Error> {
        sql("update found set page_at = $1, attempts = attempts + 1, worker = null, leased_until = null where id = $2")
            .time(page_at)
            .number(id)
            .run(self)
            .await?;
        Ok(())
    }

    /// Keeps an article that was on its way, as its page has it now. `None` if there was nothing with that number, or
    /// the article is kept already.
    pub async fn keep_found(
        &mut self,
        id: i64,
        article: &NewArticle,
        kept_at: Timestamp,
    ) -> Result<Option<ArticleId>, Error> {
        let row = sql("delete from found where id = $1 returning title_key, day").number(id).optional(self).await?;
        let Some(row) = row else { return Ok(None) };
        keep(self, article, row.maybe_text("title_key")?.as_deref(), row.number("day")?, kept_at).await
    }
}

pub(crate) fn read(row: &Row) -> Result<Found, Error> {
    Ok(Found {
        id: row.number("id")?,
        source: SourceId(row.number("source")?),
        host: row.text("host")?,
        article: NewArticle {
            outlet: OutletId(row.number("outlet")?),
            via: row.json("via")?,
            url: row.text("url")?,
            key: row.text("key")?,
            guid: row.maybe_text("guid")?,
            title: row.text("title")?,
            lead: ForeignText::new(row.text("lead")?),
            body: ForeignText::new(row.text("body")?),
            authors: row.json("authors")?,
            rubric: row.maybe_text("rubric")?,
            published_at: row.maybe_time("published_at")?,
            language: row.maybe_text("language")?,
            signals: row.json("signals")?,
            first_seen: row.time("first_seen")?,
            backlog: row.flag("backlog")?,
        },
        title_key: row.maybe_text("title_key")?,
        day: row.number("day")?,
        page_at: row.time("page_at")?,
        attempts: row.small("attempts")?,
    })
}

/// A guid as it is, and with the other of `http` and `https` if it is an address: many sites have changed that only.
fn both_schemes(guid: &str) -> Vec<String> {
    match guid.split_once("://") {
        Some(("http" | "https", rest)) => vec![format!("http://{rest}"), format!("https://{rest}")],
        _ => vec![guid.to_owned()],
    }
}

fn item_key(row: &Row) -> Result<ItemKey, Error> {
    Ok(ItemKey {
        guid: row.maybe_text("guid")?,
        key: row.text("key")?,
        title_key: row.maybe_text("title_key")?,
        day: row.number("day")?,
    })
}

/// The known ones by what they were looked up by.
fn group(known: Vec<ItemKey>, by: impl Fn(&ItemKey) -> Option<String>) -> HashMap<String, Vec<ItemKey>> {
    let mut groups: HashMap<String, Vec<ItemKey>> = HashMap::new();
    for item in known {
        if let Some(name) = by(&item) {
            groups.entry(name).or_default().push(item);
        }
    }
    groups
}
