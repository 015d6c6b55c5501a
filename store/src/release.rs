//! Releases. Their frozen texts are in `version`.

use crate::sql::{Row, broken, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{Release, ReleaseId, UserId, VersionId};

impl Rows {
    /// The release of that name.
    pub async fn find_release(&mut self, slug: &str) -> Result<Option<Release>, Error> {
        sql("select * from release where slug = $1").text(slug).optional(self).await?.as_ref().map(read).transpose()
    }

    /// The release with that number in the store.
    pub async fn find_release_by_id(&mut self, id: ReleaseId) -> Result<Option<Release>, Error> {
        sql("select * from release where id = $1").number(id.0).optional(self).await?.as_ref().map(read).transpose()
    }

    /// The release with that number in the register of a year.
    pub async fn find_release_by_register(&mut self, year: i16, number: u32) -> Result<Option<Release>, Error> {
        sql("select * from release where register_year = $1 and register_number = $2")
            .number(year.into())
            .number(number.into())
            .optional(self)
            .await?
            .as_ref()
            .map(read)
            .transpose()
    }

    /// All releases, newest first.
    pub async fn list_releases(&mut self) -> Result<Vec<Release>, Error> {
        sql("select * from release order by id desc").all(self).await?.iter().map(read).collect()
    }
}

impl Write {
    /// Begins a release; the number in `release` is ignored. [`Error::Exists`] if one has its slug.
    pub async fn record_release(&mut self, release: &Release) -> Result<ReleaseId, Error> {
        if self.find_release(&release.slug).await?.is_some() {
            return Err(Error::Exists);
        }
        let id = ReleaseId(self.draw("release").await?);
        self.put_release(id, release).await?;
        Ok(id)
    }

    /// Puts a release in the place of the one with its number.
    pub async fn replace_release(&mut self, release: &Release) -> Result<(), Error> {
        self.put_release(release.id, release).await
    }

    async fn put_release(&mut self, id: ReleaseId, release: &Release) -> Result<(), Error> {
        sql("insert into release (id, slug, register_year, register_number, kind, title, draft, author, state, \
             current_version, embargo_until, public_at, withdrawn) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (id) do update set \
             slug = excluded.slug, register_year = excluded.register_year, \
             register_number = excluded.register_number, kind = excluded.kind, title = excluded.title, \
             draft = excluded.draft, author = excluded.author, state = excluded.state, \
             current_version = excluded.current_version, embargo_until = excluded.embargo_until, \
             public_at = excluded.public_at, withdrawn = excluded.withdrawn")
        .number(id.0)
        .text(&release.slug)
        .maybe_number(release.register.map(|(year, _)| year.into()))
        .maybe_number(release.register.map(|(_, number)| number.into()))
        .word(&release.kind)
        .text(&release.title)
        .text(&release.draft)
        .number(release.author.0)
        .json(&release.state)
        .maybe_number(release.current.map(|v| v.0))
        .maybe_time(release.embargo_until)
        .maybe_time(release.public_at)
        .maybe_json(release.withdrawn.as_ref())
        .run(self)
        .await?;
        Ok(())
    }
}

fn read(row: &Row) -> Result<Release, Error> {
    let register = match (row.maybe_small("register_year")?, row.maybe_small("register_number")?) {
        (Some(year), Some(number)) => Some((year, number)),
        (None, None) => None,
        _ => return Err(broken("register_number", "a year without a number, or the other way round")),
    };
    Ok(Release {
        id: ReleaseId(row.number("id")?),
        slug: row.text("slug")?,
        register,
        kind: row.word("kind")?,
        title: row.text("title")?,
        draft: row.text("draft")?,
        author: UserId(row.number("author")?),
        state: row.json("state")?,
        current: row.maybe_number("current_version")?.map(VersionId),
        embargo_until: row.maybe_time("embargo_until")?,
        public_at: row.maybe_time("public_at")?,
        withdrawn: row.maybe_json("withdrawn")?,
    })
}
