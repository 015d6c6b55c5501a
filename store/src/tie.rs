//! What people said of stories: these two are one, this article is not of that story. The job that places articles
//! follows it, and nothing undoes it but a person.

use crate::sql::{PART, Row, built, places, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{ArticleId, Clipping, StoryId, StoryTie, TieKind, Timestamp, UserId};

impl Rows {
    /// The tie with that number.
    pub async fn find_story_tie(&mut self, id: i64) -> Result<Option<StoryTie>, Error> {
        sql("select * from story_tie where id = $1").number(id).optional(self).await?.as_ref().map(read).transpose()
    }

    /// What people said of stories and have not taken back, by number.
    pub async fn list_story_ties(&mut self) -> Result<Vec<StoryTie>, Error> {
        sql("select * from story_tie where undone_at is null order by id").all(self).await?.iter().map(read).collect()
    }

    /// Stories that a person joined to another, with that other: what is placed in the first belongs to the second.
    pub async fn list_story_merges(&mut self) -> Result<Vec<(StoryId, StoryId)>, Error> {
        let rows = sql("select other, story from story_tie where kind = $1 and undone_at is null order by id");
        let rows = rows.word(&TieKind::Same).all(self).await?;
        rows.iter().map(|row| Ok((StoryId(row.number("other")?), StoryId(row.number("story")?)))).collect()
    }

    /// A number that changes whenever a person ties or unties stories: what was remembered of them is made again then.
    pub async fn story_ties_stamp(&mut self) -> Result<i64, Error> {
        sql("select count(*) + count(undone_at) as n from story_tie").one(self).await?.number("n")
    }

    /// All clippings of the articles of the stories that may be seen, whenever and for whatever watch they were clipped, by
    /// number.
    pub async fn list_clippings_of_stories(&mut self, stories: &[StoryId]) -> Result<Vec<Clipping>, Error> {
        let numbers: Vec<i64> = stories.iter().map(|id| id.0).collect();
        let mut clippings = Vec::new();
        for part in numbers.chunks(PART) {
            let query = format!(
                "select c.* from clipping c join article a on a.id = c.article where a.story in ({}) and a.hidden = 0 \
                 order by c.id",
                places(1, part.len())
            );
            for row in built(query).numbers(part).all(self).await? {
                clippings.push(crate::clipping::read(&row)?);
            }
        }
        Ok(clippings)
    }
}

impl Write {
    /// Joins the articles of `other` to `story`, which keeps its number, and gives them.
    pub async fn record_story_merge(&mut self, story: StoryId, other: StoryId) -> Result<Vec<ArticleId>, Error> {
        let rows = sql("select id from article where story = $1 order by id").number(other.0).all(self).await?;
        let moved: Vec<ArticleId> = rows.iter().map(|row| row.number("id").map(ArticleId)).collect::<Result<_, _>>()?;
        self.record_story_of(&moved, story).await?;
        Ok(moved)
    }

    /// Puts articles into a story.
    pub async fn record_story_of(&mut self, articles: &[ArticleId], story: StoryId) -> Result<(), Error> {
        let numbers: Vec<i64> = articles.iter().map(|id| id.0).collect();
        for part in numbers.chunks(PART) {
            let query = format!("update article set story = $1 where id in ({})", places(2, part.len()));
            built(query).number(story.0).numbers(part).run(self).await?;
        }
        Ok(())
    }

    /// Founds a story with an article that leads it. `None` if there is no such article.
    pub async fn record_story(&mut self, lead: ArticleId) -> Result<Option<StoryId>, Error> {
        let row = sql("select first_seen from article where id = $1").number(lead.0).optional(self).await?;
        let Some(row) = row else { return Ok(None) };
        let id = self.draw("story").await?;
        sql("insert into story (id, lead, since, touched) values ($1, $2, $3, $3)")
            .number(id)
            .number(lead.0)
            .time(row.time("first_seen")?)
            .run(self)
            .await?;
        Ok(Some(StoryId(id)))
    }

    /// Makes the number that the alerts of an article go under while it has no story: a story without articles.
    pub async fn record_unplaced(&mut self, article: &salastampa_domain::Article) -> Result<StoryId, Error> {
        let story = salastampa_domain::alert::unplaced(article.id);
        sql("insert into story (id, lead, since, touched) values ($1, $2, $3, $3) on conflict (id) do nothing")
            .number(story.0)
            .number(article.id.0)
            .time(article.first_seen)
            .run(self)
            .await?;
        Ok(story)
    }

    /// Writes down what a person said of two stories; the number in `tie` is ignored.
    pub async fn record_story_tie(&mut self, tie: &StoryTie) -> Result<i64, Error> {
        let id = self.draw("story_tie").await?;
        sql("insert into story_tie (id, kind, story, other, articles, alerts, who, at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)")
        .number(id)
        .word(&tie.kind)
        .number(tie.story.0)
        .number(tie.other.0)
        .json(&tie.articles)
        .json(&tie.alerts)
        .number(tie.by.0)
        .time(tie.at)
        .run(self)
        .await?;
        Ok(id)
    }

    /// Writes down that a tie was taken back. False if it was already.
    pub async fn record_story_untied(&mut self, id: i64, at: Timestamp) -> Result<bool, Error> {
        let untied = sql("update story_tie set undone_at = $1 where id = $2 and undone_at is null");
        Ok(untied.time(at).number(id).run(self).await? > 0)
    }

    /// Writes the alerts of one story also for another, joined to the first, so that nobody is told twice of what a
    /// person says is one; gives the numbers of those that are new.
    pub async fn inherit_alerts(&mut self, from: StoryId, to: StoryId) -> Result<Vec<i64>, Error> {
        let rows = sql("select * from alert where story = $1 order by id").number(from.0).all(self).await?;
        let mut made = Vec::new();
        for row in &rows {
            let alert = crate::alert::read(row)?;
            let state = salastampa_domain::AlertState::Joined { to: alert.id };
            // what has not left yet leaves by its own row, or is found told when its time has come
            if alert.is_open() {
                continue;
            }
            let new = self.record_alert(&salastampa_domain::Alert { story: to, state, due_at: None, ..alert }).await?;
            made.extend(new.map(|id| id.0));
        }
        Ok(made)
    }

    /// Takes away alerts that only stood for others.
    pub async fn remove_inherited_alerts(&mut self, alerts: &[i64]) -> Result<(), Error> {
        for part in alerts.chunks(PART) {
            built(format!("delete from alert where id in ({})", places(1, part.len()))).numbers(part).run(self).await?;
        }
        Ok(())
    }
}

fn read(row: &Row) -> Result<StoryTie, Error> {
    Ok(StoryTie {
        id: row.number("id")?,
        kind: row.word("kind")?,
        story: StoryId(row.number("story")?),
        other: StoryId(row.number("other")?),
        articles: row.json("articles")?,
        alerts: row.json("alerts")?,
        by: UserId(row.number("who")?),
        at: row.time("at")?,
        undone_at: row.maybe_time("undone_at")?,
    })
}
