//! Where articles belong: copies of one text, and stories.

use crate::article;
use crate::sql::{PART, Row, built, places, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{Article, ArticleId, CopyGroup, CopyGroupId, Placement, Story, StoryId, Timestamp};

impl Rows {
    /// The story with that number.
    pub async fn find_story(&mut self, id: StoryId) -> Result<Option<Story>, Error> {
        sql("select * from story where id = $1").number(id.0).optional(self).await?.as_ref().map(read).transpose()
    }

    /// The articles of the stories, by story and then by number.
    pub async fn list_story_articles(&mut self, stories: &[StoryId]) -> Result<Vec<Article>, Error> {
        let mut numbers: Vec<i64> = stories.iter().map(|id| id.0).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut articles = Vec::new();
        for part in numbers.chunks(PART) {
            let query = format!("select * from article where story in ({}) order by story, id", places(1, part.len()));
            for row in built(query).numbers(part).all(self).await? {
                articles.push(article::read(&row)?);
            }
        }
        Ok(articles)
    }

    /// Which of the articles were made from the text of another one, and from which, by number of the article.
    pub async fn list_derived(&mut self, articles: &[ArticleId]) -> Result<Vec<(ArticleId, ArticleId)>, Error> {
        let numbers: Vec<i64> = articles.iter().map(|id| id.0).collect();
        let mut out = Vec::new();
        for part in numbers.chunks(PART) {
            let query = format!(
                "select id, derived_from from article where derived_from is not null and id in ({}) order by id",
                places(1, part.len())
            );
            for row in built(query).numbers(part).all(self).await? {
                out.push((ArticleId(row.number("id")?), ArticleId(row.number("derived_from")?)));
            }
        }
        Ok(out)
    }

    /// The articles of a group of copies, the first seen first, at most so many.
    pub async fn list_copies(&mut self, group: CopyGroupId, limit: usize) -> Result<Vec<Article>, Error> {
        let rows = sql("select * from article where copy_group = $1 order by first_seen, id limit $2");
        rows.number(group.0).count(limit).all(self).await?.iter().map(article::read).collect()
    }

    /// The groups of copies with those numbers, by number.
    pub async fn list_copy_groups(&mut self, ids: &[CopyGroupId]) -> Result<Vec<CopyGroup>, Error> {
        let numbers: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let mut groups = Vec::with_capacity(numbers.len());
        for part in numbers.chunks(PART) {
            let query = format!("select * from copy_group where id in ({}) order by id", places(1, part.len()));
            for row in built(query).numbers(part).all(self).await? {
                groups.push(CopyGroup { id: CopyGroupId(row.number("id")?), root: ArticleId(row.number("root")?) });
            }
        }
        Ok(groups)
    }

    /// The group of copies with that number.
    pub async fn find_copy_group(&mut self, id: CopyGroupId) -> Result<Option<CopyGroup>, Error> {
        let row = sql("select * from copy_group where id = $1").number(id.0).optional(self).await?;
        row.map(|row| Ok(CopyGroup { id: CopyGroupId(row.number("id")?), root: ArticleId(row.number("root")?) }))
            .transpose()
    }

    /// Where the machine put an article, if it did.
    pub async fn find_placement(&mut self, article: ArticleId) -> Result<Option<Placement>, Error> {
        let row = sql("select copy_group, derived_from, story, likeness from article \
             where id = $1 and grouped_at is not null")
        .number(article.0)
        .optional(self)
        .await?;
        row.map(|row| {
            Ok(Placement {
                article,
                copy_of: row.maybe_number("copy_group")?.map(CopyGroupId),
                derived_from: row.maybe_number("derived_from")?.map(ArticleId),
                story: row.maybe_number("story")?.map(StoryId),
                likeness: row.maybe_number("likeness")?.unwrap_or_default(),
            })
        })
        .transpose()
    }
}

impl Write {
    /// Puts an article into its group of copies and its story, and makes those that it founds: a group has the number
    /// of its first article, a story a new one. No change for the archive. `None` if there is no such article.
    pub async fn record_placement(
        &mut self,
        placement: &Placement,
        at: Timestamp,
    ) -> Result<Option<(CopyGroupId, StoryId)>, Error> {
        let article = placement.article.0;
        let row = sql("select first_seen from article where id = $1").number(article).optional(self).await?;
        let Some(row) = row else { return Ok(None) };
        let seen = row.time("first_seen")?;
        let group = placement.copy_of.map_or(article, |group| group.0);
        sql("insert into copy_group (id, root) values ($1, $2) on conflict (id) do nothing")
            .number(group)
            .number(article)
            .run(self)
            .await?;
        let story = match placement.story {
            Some(story) => story.0,
            None => self.draw("story").await?,
        };
        sql("insert into story (id, lead, since, touched) values ($1, $2, $3, $3) on conflict (id) do update set \
             since = case when excluded.since < story.since then excluded.since else story.since end, \
             touched = case when excluded.touched > story.touched then excluded.touched else story.touched end")
        .number(story)
        .number(article)
        .time(seen)
        .run(self)
        .await?;
        sql("update article set grouped_at = $1, copy_group = $2, story = $3, derived_from = $4, likeness = $5 \
             where id = $6")
        .time(at)
        .number(group)
        .number(story)
        .maybe_number(placement.derived_from.map(|id| id.0))
        .number(placement.likeness)
        .number(article)
        .run(self)
        .await?;
        Ok(Some((CopyGroupId(group), StoryId(story))))
    }

    /// Which article stands for a story.
    pub async fn record_lead(&mut self, story: StoryId, article: ArticleId) -> Result<(), Error> {
        sql("update story set lead = $1 where id = $2").number(article.0).number(story.0).run(self).await?;
        Ok(())
    }

    /// Which article the text of a group of copies comes from.
    pub async fn record_root(&mut self, group: CopyGroupId, article: ArticleId) -> Result<(), Error> {
        sql("update copy_group set root = $1 where id = $2").number(article.0).number(group.0).run(self).await?;
        Ok(())
    }
}

fn read(row: &Row) -> Result<Story, Error> {
    Ok(Story {
        id: StoryId(row.number("id")?),
        lead: ArticleId(row.number("lead")?),
        since: row.time("since")?,
        touched: row.time("touched")?,
    })
}
