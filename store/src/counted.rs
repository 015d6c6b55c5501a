//! The office in a few numbers, for the first page and the command line.

use crate::sql::sql;
use crate::{Error, Rows};

/// How many of each there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counted {
    /// Articles kept.
    pub articles: i64,
    /// Of them copies of another.
    pub copies: i64,
    /// Stories.
    pub stories: i64,
    /// Clippings.
    pub clippings: i64,
}

impl Rows {
    /// Counts articles, copies, stories and clippings. A group of copies has the number of its first article.
    pub async fn counted(&mut self) -> Result<Counted, Error> {
        let row = sql("select \
             (select count(*) from article) as articles, \
             (select count(*) from article where copy_group is not null and copy_group <> id) as copies, \
             (select count(*) from story where id > 0) as stories, \
             (select count(*) from clipping) as clippings")
        .one(self)
        .await?;
        Ok(Counted {
            articles: row.number("articles")?,
            copies: row.number("copies")?,
            stories: row.number("stories")?,
            clippings: row.number("clippings")?,
        })
    }
}
