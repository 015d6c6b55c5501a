//! The register of persons.

use crate::sql::{Row, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{Person, PersonId};

impl Rows {
    /// All persons, by number.
    pub async fn list_persons(&mut self) -> Result<Vec<Person>, Error> {
        sql("select * from person order by id").all(self).await?.iter().map(read).collect()
    }
}

impl Write {
    /// Registers a person, known by the slug; the number in `person` is ignored.
    pub async fn record_person(&mut self, person: &Person) -> Result<PersonId, Error> {
        let id = self.number_of("select id from person where slug = $1", &person.slug, "person").await?;
        sql("insert into person (id, slug, name, aliases, office, since_day, until_day) \
             values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do update set name = excluded.name, \
             aliases = excluded.aliases, office = excluded.office, since_day = excluded.since_day, \
             until_day = excluded.until_day")
        .number(id)
        .text(&person.slug)
        .text(&person.name)
        .json(&person.aliases)
        .text(&person.office)
        .maybe_word(person.from.as_ref())
        .maybe_word(person.until.as_ref())
        .run(self)
        .await?;
        Ok(PersonId(id))
    }
}

fn read(row: &Row) -> Result<Person, Error> {
    Ok(Person {
        id: PersonId(row.number("id")?),
        slug: row.text("slug")?,
        name: row.text("name")?,
        aliases: row.json("aliases")?,
        office: row.text("office")?,
        from: row.maybe_word("since_day")?,
        until: row.maybe_word("until_day")?,
    })
}
