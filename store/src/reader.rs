//! Readers.

use crate::sql::{Row, broken, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{Address, PushAddress, Reader, ReaderId};

impl Rows {
    /// All readers, by number.
    pub async fn list_readers(&mut self) -> Result<Vec<Reader>, Error> {
        sql("select * from reader order by id").all(self).await?.iter().map(read).collect()
    }

    /// The reader of that name.
    pub async fn find_reader_by_slug(&mut self, slug: &str) -> Result<Option<Reader>, Error> {
        sql("select * from reader where slug = $1").text(slug).optional(self).await?.as_ref().map(read).transpose()
    }

    /// The reader with that number.
    pub async fn find_reader(&mut self, id: ReaderId) -> Result<Option<Reader>, Error> {
        sql("select * from reader where id = $1").number(id.0).optional(self).await?.as_ref().map(read).transpose()
    }
}

impl Write {
    /// Registers a reader, known by the slug; the number in `reader` is ignored.
    pub async fn record_reader(&mut self, reader: &Reader) -> Result<ReaderId, Error> {
        let id = self.number_of("select id from reader where slug = $1", &reader.slug, "reader").await?;
        sql("insert into reader (id, slug, name, address, language, watches, editions, receives, quiet, second, second_at_night, push) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (id) do update set name = excluded.name, \
             address = excluded.address, language = excluded.language, watches = excluded.watches, \
             editions = excluded.editions, receives = excluded.receives, quiet = excluded.quiet, \
             second = excluded.second, second_at_night = excluded.second_at_night, push = excluded.push")
        .number(id)
        .text(&reader.slug)
        .text(&reader.name)
        .text(reader.address.as_str())
        .text(&reader.language)
        .json(&reader.watches)
        .json(&reader.editions)
        .json(&reader.receives)
        .maybe_json(reader.quiet.as_ref())
        .maybe_number(reader.second.map(|id| id.0))
        .flag(reader.second_at_night)
        .maybe_text(reader.push.as_ref().map(PushAddress::as_str))
        .run(self)
        .await?;
        Ok(ReaderId(id))
    }
}

fn read(row: &Row) -> Result<Reader, Error> {
    Ok(Reader {
        id: ReaderId(row.number("id")?),
        slug: row.text("slug")?,
        name: row.text("name")?,
        address: read_address("address", &row.text("address")?)?,
        language: row.text("language")?,
        watches: row.json("watches")?,
        editions: row.json("editions")?,
        receives: row.json("receives")?,
        quiet: row.maybe_json("quiet")?,
        second: row.maybe_number("second")?.map(ReaderId),
        second_at_night: row.flag("second_at_night")?,
        push: match row.maybe_text("push")? {
            Some(text) => Some(PushAddress::parse(&text).map_err(|e| broken("push", e))?),
            None => None,
        },
    })
}

/// An address as it was written.
pub(crate) fn read_address(column: &str, text: &str) -> Result<Address, Error> {
    Address::parse(text).map_err(|e| broken(column, e))
}
