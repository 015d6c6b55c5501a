//! Editions of the review, with their sections.

use crate::job::read_slot;
use crate::sql::{Row, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{Edition, EditionId, Holidays, Section, SectionId, Slot};

/// Where the day of the town's patron is remembered, as `MM-DD`.
const PATRON: &str = "patron";

impl Rows {
    /// All editions, by number.
    pub async fn list_editions(&mut self) -> Result<Vec<Edition>, Error> {
        let rows = sql("select * from edition order by id").all(self).await?;
        let mut editions = Vec::with_capacity(rows.len());
        for row in &rows {
            editions.push(self.read_edition(row).await?);
        }
        Ok(editions)
    }

    /// The edition of that name.
    pub async fn find_edition(&mut self, slug: &str) -> Result<Option<Edition>, Error> {
        match sql("select * from edition where slug = $1").text(slug).optional(self).await? {
            Some(row) => self.read_edition(&row).await.map(Some),
            None => Ok(None),
        }
    }

    /// The edition with that number.
    pub async fn find_edition_by_id(&mut self, id: EditionId) -> Result<Option<Edition>, Error> {
        match sql("select * from edition where id = $1").number(id.0).optional(self).await? {
            Some(row) => self.read_edition(&row).await.map(Some),
            None => Ok(None),
        }
    }

    /// The day of the town's patron (month, day), as it was remembered last.
    pub async fn patron(&mut self) -> Result<Option<(i8, i8)>, Error> {
        let text = self.find_meta(PATRON).await?.unwrap_or_default();
        Ok(text.split_once('-').and_then(|(month, day)| Some((month.parse().ok()?, day.parse().ok()?))))
    }

    async fn read_edition(&mut self, row: &Row) -> Result<Edition, Error> {
        let patron = self.patron().await?;
        let id = row.number("id")?;
        let sections = sql("select * from section where edition = $1 order by place").number(id).all(self).await?;
        Ok(Edition {
            id: EditionId(id),
            slug: row.text("slug")?,
            name: row.text("name")?,
            schedule: row.word("schedule")?,
            ready_before: row.small("ready_before")?,
            visibility: row.word("visibility")?,
            sections: sections.iter().map(read_section).collect::<Result<_, _>>()?,
            cap: row.small("cap")?,
            outlet_cap: row.small("outlet_cap")?,
            holidays: Holidays { rule: row.word("holidays")?, patron },
            order: row.word("order_rule")?,
            done: read_slot("done", &row.text("done")?)?,
        })
    }
}

impl Write {
    /// Remembers the day of the town's patron, which all editions are given with.
    pub async fn record_patron(&mut self, patron: Option<(i8, i8)>) -> Result<(), Error> {
        let text = patron.map(|(month, day)| format!("{month:02}-{day:02}")).unwrap_or_default();
        self.record_meta(PATRON, &text).await
    }

    /// Declares an edition, known by its slug; the numbers in `edition` are ignored, and so is the town's patron. Sections are known by their
    /// headings, take the order given, and those no more named are gone. `done` is taken at the first time only:
    /// later the slots that were done decide.
    pub async fn record_edition(&mut self, edition: &Edition) -> Result<EditionId, Error> {
        let id = self.number_of("select id from edition where slug = $1", &edition.slug, "edition").await?;
        sql("insert into edition (id, slug, name, schedule, ready_before, visibility, cap, done, outlet_cap, \
             holidays, order_rule) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (id) do update set name = excluded.name, \
             schedule = excluded.schedule, ready_before = excluded.ready_before, visibility = excluded.visibility, \
             cap = excluded.cap, outlet_cap = excluded.outlet_cap, \
             holidays = excluded.holidays, order_rule = excluded.order_rule")
        .number(id)
        .text(&edition.slug)
        .text(&edition.name)
        .word(&edition.schedule)
        .number(edition.ready_before.into())
        .word(&edition.visibility)
        .count(edition.cap)
        .text(&edition.done.to_string())
        .count(edition.outlet_cap)
        .word(&edition.holidays.rule)
        .word(&edition.order)
        .run(self)
        .await?;
        self.replace_sections(id, &edition.sections).await?;
        Ok(EditionId(id))
    }

    async fn replace_sections(&mut self, edition: i64, sections: &[Section]) -> Result<(), Error> {
        let known = sql("select * from section where edition = $1").number(edition).all(self).await?;
        let known: Vec<Section> = known.iter().map(read_section).collect::<Result<_, _>>()?;
        for gone in known.iter().filter(|old| sections.iter().all(|new| new.name != old.name)) {
            sql("delete from section where id = $1").number(gone.id.0).run(self).await?;
        }
        for (place, section) in sections.iter().enumerate() {
            let id = match known.iter().find(|old| old.name == section.name) {
                Some(old) => old.id.0,
                None => self.draw("section").await?,
            };
            sql("insert into section (id, edition, place, name, watches) values ($1, $2, $3, $4, $5) \
                 on conflict (id) do update set place = excluded.place, watches = excluded.watches")
            .number(id)
            .number(edition)
            .count(place)
            .text(&section.name)
            .json(&section.watches)
            .run(self)
            .await?;
        }
        Ok(())
    }

    /// Remembers the slot that an edition has done last.
    pub async fn record_edition_done(&mut self, id: EditionId, slot: Slot) -> Result<(), Error> {
        sql("update edition set done = $1 where id = $2").text(&slot.to_string()).number(id.0).run(self).await?;
        Ok(())
    }
}

fn read_section(row: &Row) -> Result<Section, Error> {
    Ok(Section { id: SectionId(row.number("id")?), name: row.text("name")?, watches: row.json("watches")? })
}
