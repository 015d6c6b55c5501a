//! Notes of the office on articles. One that is removed is gone: nobody keeps what a colleague took back.

use crate::sql::{PART, Row, built, places, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{ArticleId, Note, NoteId, Timestamp, UserId};

impl Rows {
    /// The notes on articles, by article, oldest first.
    pub async fn list_notes_of(&mut self, articles: &[ArticleId]) -> Result<Vec<Note>, Error> {
        let numbers: Vec<i64> = articles.iter().map(|id| id.0).collect();
        let mut notes = Vec::new();
        for part in numbers.chunks(PART) {
            let query = format!("select * from note where article in ({}) order by article, id", places(1, part.len()));
            for row in built(query).numbers(part).all(self).await? {
                notes.push(read(&row)?);
            }
        }
        Ok(notes)
    }

    /// The note with that number.
    pub async fn find_note(&mut self, id: NoteId) -> Result<Option<Note>, Error> {
        sql("select * from note where id = $1").number(id.0).optional(self).await?.as_ref().map(read).transpose()
    }
}

impl Write {
    /// Writes a note; the number in `note` is ignored.
    pub async fn record_note(&mut self, note: &Note) -> Result<NoteId, Error> {
        let id = self.draw("note").await?;
        sql("insert into note (id, article, author, at, edited_at, body) values ($1, $2, $3, $4, $5, $6)")
            .number(id)
            .number(note.article.0)
            .number(note.author.0)
            .time(note.at)
            .maybe_time(note.edited_at)
            .text(&note.body)
            .run(self)
            .await?;
        Ok(NoteId(id))
    }

    /// Changes the text of a note. False if there is none.
    pub async fn replace_note(&mut self, id: NoteId, body: &str, at: Timestamp) -> Result<bool, Error> {
        let done = sql("update note set body = $1, edited_at = $2 where id = $3").text(body).time(at).number(id.0);
        Ok(done.run(self).await? > 0)
    }

    /// Removes a note. False if there is none.
    pub async fn remove_note(&mut self, id: NoteId) -> Result<bool, Error> {
        Ok(sql("delete from note where id = $1").number(id.0).run(self).await? > 0)
    }
}

fn read(row: &Row) -> Result<Note, Error> {
    Ok(Note {
        id: NoteId(row.number("id")?),
        article: ArticleId(row.number("article")?),
        author: UserId(row.number("author")?),
        at: row.time("at")?,
        edited_at: row.maybe_time("edited_at")?,
        body: row.text("body")?,
    })
}
