//! Articles on their way: seen in a window, their page still to be read. And the ladder of identity, by which an item
//! is known again.

use crate::article::keep;
use crate::sql::{PART, Row, built, places, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{ArticleId, ForeignText, NewArticle, OutletId, SourceId, Timestamp};
use std::collections::HashSet;

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

/// What an item of a window is known again by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ItemKey {
    /// The feed's identity of it, where that can be trusted. `http` and `https` are one.
    pub guid: Option<String>,
    /// The canonical form of its address.
    pub key: String,
    /// Hash of its folded title, if that has four words or more.
    pub title_key: Option<String>,
    /// Its civil day, as a number.
    pub day: i64,
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
        let guids: HashSet<String> = self
            .known("guid", "source", source.0, &guids.iter().map(String::as_str).collect::<Vec<_>>())
            .await?
            .iter()
            .map(|row| Ok(without_scheme(&row.text("guid")?).to_owned()))
            .collect::<Result<_, Error>>()?;
        let keys: Vec<&str> = items.iter().map(|i| i.key.as_str()).collect();
        let keys: HashSet<String> = self
            .known("key", "outlet", outlet.0, &keys)
            .await?
            .iter()
            .map(|row| row.text("key"))
            .collect::<Result<_, _>>()?;
        let titles: Vec<&str> = items.iter().filter_map(|i| i.title_key.as_deref()).collect();
        let titles: HashSet<(String, i64)> = self
            .known("title_key", "outlet", outlet.0, &titles)
            .await?
            .iter()
            .map(|row| Ok((row.text("title_key")?, row.number("day")?)))
            .collect::<Result<_, Error>>()?;
        Ok(items
            .iter()
            .map(|item| {
                item.guid.as_deref().is_some_and(|g| guids.contains(without_scheme(g)))
                    || keys.contains(&item.key)
                    || item.title_key.as_ref().is_some_and(|t| titles.contains(&(t.clone(), item.day)))
            })
            .collect())
    }

    /// The rows, of articles kept and found, whose `column` is among `values`.
    async fn known(
        &mut self,
        column: &'static str,
        owner: &'static str,
        number: i64,
        values: &[&str],
    ) -> Result<Vec<Row>, Error> {
        let mut known = Vec::new();
        for part in values.chunks(PART) {
            let list = places(2, part.len());
            let select =
                |table| format!("select {column}, day from {table} where {owner} = $1 and {column} in ({list})");
            let query = format!("{} union {}", select("article"), select("found"));
            known.extend(built(query).number(number).texts(part).all(self).await?);
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

fn without_scheme(guid: &str) -> &str {
    match guid.split_once("://") {
        Some(("http" | "https", rest)) => rest,
        _ => guid,
    }
}
