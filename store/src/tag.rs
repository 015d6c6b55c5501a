//! Words that the office puts on articles. A tag that lies on no article any more is forgotten, so that the suggestions
//! hold only what is in use.

use crate::sql::{PART, Row, built, places, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{ArticleId, Tag, TagId, Timestamp, UserId};

impl Rows {
    /// All tags by key, each with the number of its articles.
    pub async fn list_tags(&mut self) -> Result<Vec<(Tag, usize)>, Error> {
        let rows = sql("select t.id, t.key, t.name, count(*) as n from tag t join tagged on tagged.tag = t.id \
             group by t.id, t.key, t.name order by t.key");
        rows.all(self).await?.iter().map(|row| Ok((read(row)?, row.small("n")?))).collect()
    }

    /// The tag of that key.
    pub async fn find_tag(&mut self, key: &str) -> Result<Option<Tag>, Error> {
        sql("select * from tag where key = $1").text(key).optional(self).await?.as_ref().map(read).transpose()
    }

    /// The tags of articles, by article and key.
    pub async fn list_tags_of(&mut self, articles: &[ArticleId]) -> Result<Vec<(ArticleId, Tag)>, Error> {
        let numbers: Vec<i64> = articles.iter().map(|id| id.0).collect();
        let mut tags = Vec::new();
        for part in numbers.chunks(PART) {
            let query = format!(
                "select tagged.article, t.id, t.key, t.name from tagged join tag t on t.id = tagged.tag \
                 where tagged.article in ({}) order by tagged.article, t.key",
                places(1, part.len())
            );
            for row in built(query).numbers(part).all(self).await? {
                tags.push((ArticleId(row.number("article")?), read(&row)?));
            }
        }
        Ok(tags)
    }

    /// The articles of a tag, the one tagged last first; at most so many.
    pub async fn list_tagged(&mut self, tag: TagId, limit: usize) -> Result<Vec<ArticleId>, Error> {
        let query = sql("select article from tagged where tag = $1 order by at desc, article desc limit $2");
        let rows = query.number(tag.0).count(limit).all(self).await?;
        rows.iter().map(|row| row.number("article").map(ArticleId)).collect()
    }
}

impl Write {
    /// The tag of that key; a new one is called `name`.
    pub async fn record_tag(&mut self, key: &str, name: &str) -> Result<TagId, Error> {
        let id = self.number_of("select id from tag where key = $1", key, "tag").await?;
        sql("insert into tag (id, key, name) values ($1, $2, $3) on conflict (id) do nothing")
            .number(id)
            .text(key)
            .text(name)
            .run(self)
            .await?;
        Ok(TagId(id))
    }

    /// Puts a tag on an article. False if it is there already.
    pub async fn tag_article(
        &mut self,
        tag: TagId,
        article: ArticleId,
        by: UserId,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let done = sql("insert into tagged (tag, article, tagged_by, at) values ($1, $2, $3, $4) \
             on conflict (tag, article) do nothing");
        Ok(done.number(tag.0).number(article.0).number(by.0).time(at).run(self).await? > 0)
    }

    /// Takes a tag from an article, and forgets it where that was its last one. False if it was not there.
    pub async fn untag_article(&mut self, tag: TagId, article: ArticleId) -> Result<bool, Error> {
        let done = sql("delete from tagged where tag = $1 and article = $2").number(tag.0).number(article.0);
        let done = done.run(self).await? > 0;
        sql("delete from tag where id = $1 and not exists (select 1 from tagged where tag = $1)")
            .number(tag.0)
            .run(self)
            .await?;
        Ok(done)
    }
}

fn read(row: &Row) -> Result<Tag, Error> {
    Ok(Tag { id: TagId(row.number("id")?), key: row.text("key")?, name: row.text("name")? })
}
