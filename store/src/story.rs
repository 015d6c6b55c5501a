//! Where articles belong: copies of one text, and stories.

use crate::article;
use crate::sql::{PART, Row, built, places, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{
    Article, ArticleId, Beside, CopyGroup, CopyGroupId, Member, Placement, Story, StoryId, Timestamp,
};

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

    /// Stories that the machine joined to another, with that other, the first joined first.
    pub async fn list_machine_merges(&mut self) -> Result<Vec<(StoryId, StoryId)>, Error> {
        let rows = sql("select other, story from story_merge order by at, other").all(self).await?;
        rows.iter().map(|row| Ok((StoryId(row.number("other")?), StoryId(row.number("story")?)))).collect()
    }

    /// Articles that may belong to another story than their own, with that other: *forse collegato*. The newest first, at
    /// most so many, without those that have come into that story since.
    pub async fn list_perhaps(&mut self, limit: usize) -> Result<Vec<(Article, StoryId)>, Error> {
        let rows = sql("select * from article where perhaps is not null and perhaps <> story \
             order by placed desc limit $1")
        .count(limit)
        .all(self)
        .await?;
        rows.iter().map(|row| Ok((article::read(row)?, StoryId(row.number("perhaps")?)))).collect()
    }

    /// Stories that are kept open longer.
    pub async fn list_followed_stories(&mut self) -> Result<Vec<StoryId>, Error> {
        let rows = sql("select id from story where followed = 1 order by id").all(self).await?;
        rows.iter().map(|row| row.number("id").map(StoryId)).collect()
    }

    /// Stories that a person has touched: in an issue, or by a word on what they are.
    pub async fn list_touched_stories(&mut self) -> Result<Vec<StoryId>, Error> {
        let rows = sql("select story from hand union select story from story_tie where undone_at is null \
             union select other from story_tie where undone_at is null order by 1");
        rows.all(self).await?.iter().map(|row| row.number("story").map(StoryId)).collect()
    }

    /// The articles of a story with what put each there, the first kept first, at most so many.
    pub async fn list_story_members(&mut self, story: StoryId, limit: usize) -> Result<Vec<Member>, Error> {
        let rows = sql("select id, because, likeness, weighed from article where story = $1 order by id limit $2");
        let rows = rows.number(story.0).count(limit).all(self).await?;
        let member = |row: &Row| {
            Ok(Member {
                article: ArticleId(row.number("id")?),
                because: row.maybe_word("because")?,
                likeness: row.maybe_number("likeness")?.unwrap_or_default(),
                table: row.maybe_number("weighed")?.map(ArticleId),
            })
        };
        rows.iter().map(member).collect()
    }

    /// Where the machine put an article, if it did.
    pub async fn find_placement(&mut self, article: ArticleId) -> Result<Option<Placement>, Error> {
        let row = sql(
            "select copy_group, derived_from, story, likeness, perhaps, weighed, because, beside, beside_likeness \
             from article \
             where id = $1 and grouped_at is not null",
        )
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
                perhaps: row.maybe_number("perhaps")?.map(StoryId),
                table: row.maybe_number("weighed")?.map(ArticleId),
                because: row.maybe_word("because")?,
                beside: match (row.maybe_number("beside")?, row.maybe_number("beside_likeness")?) {
                    (Some(story), Some(likeness)) => Some(Beside { story: StoryId(story), likeness }),
                    _ => None,
                },
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
        let placed = self.draw("placed").await?;
        sql("update article set grouped_at = $1, copy_group = $2, story = $3, derived_from = $4, likeness = $5, \
             placed = $7, weighed = $8, perhaps = $9, because = $10, beside = $11, beside_likeness = $12 \
             where id = $6")
        .time(at)
        .number(group)
        .number(story)
        .maybe_number(placement.derived_from.map(|id| id.0))
        .number(placement.likeness)
        .number(article)
        .number(placed)
        .maybe_number(placement.table.map(|id| id.0))
        .maybe_number(placement.perhaps.map(|id| id.0))
        .maybe_word(placement.because.as_ref())
        .maybe_number(placement.beside.map(|beside| beside.story.0))
        .maybe_number(placement.beside.map(|beside| beside.likeness))
        .run(self)
        .await?;
        Ok(Some((CopyGroupId(group), StoryId(story))))
    }

    /// Joins the articles of a story to another, by the machine: the number of the first leads there for ever. Gives the
    /// articles.
    pub async fn record_machine_merge(
        &mut self,
        story: StoryId,
        other: StoryId,
        likeness: i64,
        at: Timestamp,
    ) -> Result<Vec<ArticleId>, Error> {
        let articles = self.record_story_merge(story, other).await?;
        sql("insert into story_merge (other, story, at, likeness, articles) values ($1, $2, $3, $4, $5)")
            .number(other.0)
            .number(story.0)
            .time(at)
            .number(likeness)
            .json(&articles)
            .run(self)
            .await?;
        sql("update story set followed = (select max(followed) from story where id in ($1, $2)), \
             since = (select min(since) from story where id in ($1, $2)), \
             touched = (select max(touched) from story where id in ($1, $2)) where id = $1")
        .number(story.0)
        .number(other.0)
        .run(self)
        .await?;
        Ok(articles)
    }

    /// Keeps open longer the stories with a clipping of an article first seen in that time; gives those that were not.
    pub async fn record_followed_stories(&mut self, from: Timestamp, to: Timestamp) -> Result<Vec<StoryId>, Error> {
        let rows = sql("update story set followed = 1 where followed = 0 and id in (select a.story from article a \
             join clipping c on c.article = a.id where a.first_seen >= $1 and a.first_seen < $2 \
             and a.story is not null) returning id")
        .time(from)
        .time(to)
        .all(self)
        .await?;
        let mut stories: Vec<StoryId> =
            rows.iter().map(|row| row.number("id").map(StoryId)).collect::<Result<_, _>>()?;
        stories.sort_unstable();
        Ok(stories)
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
