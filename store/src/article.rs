//! Articles that are kept: what lists show of them. Their texts are in `revision`, their order in `change`.

use crate::revision::record_text;
use crate::sql::{PART, Row, built, places, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{
    Article, ArticleId, CopyGroupId, ForeignText, NewArticle, OutletId, RevisionKind, Seq, StoryId, Timestamp, Via,
};

impl Rows {
    /// The article with that number.
    pub async fn find_article(&mut self, id: ArticleId) -> Result<Option<Article>, Error> {
        sql("select * from article where id = $1").number(id.0).optional(self).await?.as_ref().map(read).transpose()
    }

    /// The article of an outlet at that canonical address.
    pub async fn find_article_by_key(&mut self, outlet: OutletId, key: &str) -> Result<Option<Article>, Error> {
        sql("select * from article where outlet = $1 and key = $2")
            .number(outlet.0)
            .text(key)
            .optional(self)
            .await?
            .as_ref()
            .map(read)
            .transpose()
    }

    /// Those of the articles that are kept, by number.
    pub async fn list_articles(&mut self, ids: &[ArticleId]) -> Result<Vec<Article>, Error> {
        let mut numbers: Vec<i64> = ids.iter().map(|id| id.0).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut articles = Vec::with_capacity(numbers.len());
        for part in numbers.chunks(PART) {
            let query = format!("select * from article where id in ({}) order by id", places(1, part.len()));
            for row in built(query).numbers(part).all(self).await? {
                articles.push(read(&row)?);
            }
        }
        Ok(articles)
    }

    /// Articles first seen then or later, with their bodies, in the order of their changes: to build the window of
    /// the grouping again.
    pub async fn list_since(&mut self, first_seen: Timestamp) -> Result<Vec<(Article, ForeignText)>, Error> {
        let rows = sql("select a.*, t.body from article a \
             join article_text t on t.article = a.id and t.revision = a.revision \
             where a.first_seen >= $1 and a.hidden = 0 order by a.seq")
        .time(first_seen)
        .all(self)
        .await?;
        rows.iter().map(read_with_body).collect()
    }

    /// Articles that were placed, first seen no longer than `within` milliseconds before the newest of them, and in any
    /// case the last `least` ones before the table of weights in use was made and all after it, with the bodies that
    /// they were placed by, in the order in which they were placed: the window of the grouping, by the stream's own time.
    pub async fn list_placed(&mut self, within: i64, least: usize) -> Result<Vec<(Article, ForeignText)>, Error> {
        // of before the order was written down: by time
        let rows = sql("select a.*, t.body from article a \
             join article_text t on t.article = a.id and t.revision = 1 \
             where a.grouped_at is not null \
             and (a.first_seen >= (select max(first_seen) from article where grouped_at is not null) - $1 \
             or a.placed >= coalesce((select w.placed from article w \
             where w.id = (select l.weighed from article l where l.placed is not null order by l.placed desc limit 1)), \
             (select max(m.placed) from article m where m.placed is not null) + 1) - $2 \
             or (a.placed is null and a.id >= (select min(id) from (select id from article where grouped_at is not null \
             order by id desc limit $2) last_ones))) \
             order by coalesce(a.placed, 0), a.grouped_at, a.id")
        .number(within)
        .count(least)
        .all(self)
        .await?;
        rows.iter().map(read_with_body).collect()
    }

    /// Articles that have no story yet, with their bodies, in the order of their changes. Those of an import get none:
    /// what they told is over, and it would be no news.
    pub async fn list_unplaced(&mut self, limit: usize) -> Result<Vec<(Article, ForeignText)>, Error> {
        let rows = sql("select a.*, t.body from article a \
             join article_text t on t.article = a.id and t.revision = a.revision \
             where a.grouped_at is null and a.imported = 0 and a.hidden = 0 order by a.seq limit $1")
        .count(limit)
        .all(self)
        .await?;
        rows.iter().map(read_with_body).collect()
    }

    /// How many articles are kept.
    pub async fn count_articles(&mut self) -> Result<i64, Error> {
        sql("select count(*) as n from article").one(self).await?.number("n")
    }

    /// How many articles were kept in that period, without those of an import.
    pub async fn count_articles_kept(&mut self, period: salastampa_domain::Period) -> Result<i64, Error> {
        sql("select count(*) as n from article where kept_at >= $1 and kept_at < $2 and imported = 0")
            .time(period.from)
            .time(period.to)
            .one(self)
            .await?
            .number("n")
    }
}

impl Write {
    /// Keeps an article whose page is not to be read: one by hand, of an import, of a source without extraction.
    /// `title_key` and `day` are those of [`crate::ItemKey`]. `None` if it is kept already.
    pub async fn keep_article(
        &mut self,
        article: &NewArticle,
        title_key: Option<&str>,
        day: i64,
        kept_at: Timestamp,
    ) -> Result<Option<ArticleId>, Error> {
        keep(self, article, title_key, day, kept_at).await
    }
}

/// Keeps an article with its first text, as the newest change.
pub(crate) async fn keep(
    write: &mut Write,
    article: &NewArticle,
    title_key: Option<&str>,
    day: i64,
    kept_at: Timestamp,
) -> Result<Option<ArticleId>, Error> {
    if write.find_article_by_key(article.outlet, &article.key).await?.is_some() {
        return Ok(None);
    }
    let id = ArticleId(write.draw("article").await?);
    let seq = write.draw_seq().await?;
    let source = match article.via {
        Via::Source { source } => Some(source.0),
        _ => None,
    };
    sql("insert into article (id, seq, revision, source, title_key, day, outlet, via, url, key, guid, title, lead, \
         authors, rubric, language, signals, backlog, published_at, first_seen, kept_at, imported) \
         values ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)")
    .number(id.0)
    .number(seq.0)
    .maybe_number(source)
    .maybe_text(title_key)
    .number(day)
    .number(article.outlet.0)
    .json(&article.via)
    .text(&article.url)
    .text(&article.key)
    .maybe_text(article.guid.as_deref())
    .text(&article.title)
    .text(article.lead.for_analysis())
    .json(&article.authors)
    .maybe_text(article.rubric.as_deref())
    .maybe_text(article.language.as_deref())
    .json(&article.signals)
    .flag(article.backlog)
    .maybe_time(article.published_at)
    .time(article.first_seen)
    .time(kept_at)
    .flag(matches!(article.via, Via::Import { .. }))
    .run(write)
    .await?;
    record_text(write, id, 1, RevisionKind::First, article.first_seen, &article.title, &article.lead, &article.body)
        .await?;
    Ok(Some(id))
}

pub(crate) fn read(row: &Row) -> Result<Article, Error> {
    Ok(Article {
        id: ArticleId(row.number("id")?),
        seq: Seq(row.number("seq")?),
        revision: row.small("revision")?,
        outlet: OutletId(row.number("outlet")?),
        via: row.json("via")?,
        url: row.text("url")?,
        key: row.text("key")?,
        guid: row.maybe_text("guid")?,
        title: row.text("title")?,
        lead: ForeignText::new(row.text("lead")?),
        authors: row.json("authors")?,
        rubric: row.maybe_text("rubric")?,
        language: row.maybe_text("language")?,
        signals: row.json("signals")?,
        backlog: row.flag("backlog")?,
        published_at: row.maybe_time("published_at")?,
        first_seen: row.time("first_seen")?,
        kept_at: row.time("kept_at")?,
        grouped_at: row.maybe_time("grouped_at")?,
        copy_group: row.maybe_number("copy_group")?.map(CopyGroupId),
        story: row.maybe_number("story")?.map(StoryId),
    })
}

pub(crate) fn read_with_body(row: &Row) -> Result<(Article, ForeignText), Error> {
    Ok((read(row)?, ForeignText::new(row.text("body")?)))
}
