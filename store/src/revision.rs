//! Every reading of an article's text. The first is the evidence of what was published; the newest is what is searched.

use crate::files::hex;
use crate::sql::{PART, Row, built, places, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{ArticleId, ForeignText, Period, Revision, RevisionKind, Timestamp};
use sha2::{Digest, Sha256};

/// The newest reading of an article that was read otherwise after its first one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Revised {
    /// The article.
    pub article: ArticleId,
    /// The number of the reading, from 2.
    pub number: u32,
    /// What kind of change.
    pub kind: RevisionKind,
    /// When it was seen.
    pub at: Timestamp,
}

impl Rows {
    /// The body of an article's newest reading; empty if there is none.
    pub async fn find_body(&mut self, article: ArticleId) -> Result<ForeignText, Error> {
        Ok(self.list_bodies(&[article]).await?.pop().map(|(_, body)| body).unwrap_or_default())
    }

    /// The bodies of the newest readings, by number of the article.
    pub async fn list_bodies(&mut self, articles: &[ArticleId]) -> Result<Vec<(ArticleId, ForeignText)>, Error> {
        let numbers: Vec<i64> = articles.iter().map(|id| id.0).collect();
        let mut bodies = Vec::with_capacity(numbers.len());
        for part in numbers.chunks(PART) {
            let query = format!(
                "select a.id, t.body from article a join article_text t on t.article = a.id \
                 and t.revision = a.revision where a.id in ({}) order by a.id",
                places(1, part.len())
            );
            for row in built(query).numbers(part).all(self).await? {
                bodies.push((ArticleId(row.number("id")?), ForeignText::new(row.text("body")?)));
            }
        }
        Ok(bodies)
    }

    /// The newest readings of those of the articles that were read otherwise later.
    pub async fn list_revised(&mut self, articles: &[ArticleId]) -> Result<Vec<Revised>, Error> {
        let numbers: Vec<i64> = articles.iter().map(|id| id.0).collect();
        let mut revised = Vec::new();
        for part in numbers.chunks(PART) {
            let query = format!(
                "select a.id, a.revision, t.kind, t.at from article a join article_text t on t.article = a.id \
                 and t.revision = a.revision where a.revision > 1 and a.id in ({}) order by a.id",
                places(1, part.len())
            );
            for row in built(query).numbers(part).all(self).await? {
                revised.push(Revised {
                    article: ArticleId(row.number("id")?),
                    number: row.small("revision")?,
                    kind: row.word("kind")?,
                    at: row.time("at")?,
                });
            }
        }
        Ok(revised)
    }

    /// How many later readings there were in the period, by kind; kinds without any are not named.
    pub async fn count_revisions(&mut self, period: Period) -> Result<Vec<(RevisionKind, i64)>, Error> {
        let rows = sql("select kind, count(*) as n from article_text where revision > 1 and at >= $1 and at < $2 \
             group by kind order by kind")
        .time(period.from)
        .time(period.to);
        rows.all(self).await?.iter().map(|row| Ok((row.word("kind")?, row.number("n")?))).collect()
    }

    /// All readings of an article, oldest first.
    pub async fn list_revisions(&mut self, article: ArticleId) -> Result<Vec<Revision>, Error> {
        let rows = sql("select * from article_text where article = $1 order by revision").number(article.0);
        rows.all(self).await?.iter().map(read).collect()
    }
}

impl Write {
    /// Writes down another reading of an article: it becomes the newest, and the article a new change. Its number
    /// stays. `None` if there is no such article.
    pub async fn record_revision(
        &mut self,
        article: ArticleId,
        kind: RevisionKind,
        at: Timestamp,
        title: &str,
        lead: &ForeignText,
        body: &ForeignText,
    ) -> Result<Option<Revision>, Error> {
        let seq = self.draw_seq().await?;
        let row = sql("update article set seq = $1, revision = revision + 1, title = $2, lead = $3 where id = $4 \
             returning revision")
        .number(seq.0)
        .text(title)
        .text(lead.for_analysis())
        .number(article.0)
        .optional(self)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let number = row.small("revision")?;
        let hash = record_text(self, article, number, kind, at, title, lead, body).await?;
        Ok(Some(Revision {
            article,
            number,
            kind,
            at,
            hash,
            title: title.to_owned(),
            lead: lead.clone(),
            body: body.clone(),
        }))
    }
}

/// Writes one reading and gives its hash: over title, lead and body, so that a silently changed title is a change.
pub(crate) async fn record_text(
    write: &mut Write,
    article: ArticleId,
    number: u32,
    kind: RevisionKind,
    at: Timestamp,
    title: &str,
    lead: &ForeignText,
    body: &ForeignText,
) -> Result<String, Error> {
    let whole = format!("{title}\n{}\n{}", lead.for_analysis(), body.for_analysis());
    let hash = hex(&Sha256::digest(whole));
    sql("insert into article_text (article, revision, kind, at, hash, title, lead, body) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)")
    .number(article.0)
    .number(number.into())
    .word(&kind)
    .time(at)
    .text(&hash)
    .text(title)
    .text(lead.for_analysis())
    .text(body.for_analysis())
    .run(write)
    .await?;
    Ok(hash)
}

fn read(row: &Row) -> Result<Revision, Error> {
    Ok(Revision {
        article: ArticleId(row.number("article")?),
        number: row.small("revision")?,
        kind: row.word("kind")?,
        at: row.time("at")?,
        hash: row.text("hash")?,
        title: row.text("title")?,
        lead: ForeignText::new(row.text("lead")?),
        body: ForeignText::new(row.text("body")?),
    })
}
