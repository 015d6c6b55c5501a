//! Versions of releases: written once, never changed; beside each, when it went out.

use crate::sql::{Row, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{ReleaseId, Timestamp, UserId, Version, VersionId};

impl Rows {
    /// The version with that number in the store.
    pub async fn find_version(&mut self, id: VersionId) -> Result<Option<Version>, Error> {
        let row = sql("select * from release_version where id = $1").number(id.0).optional(self).await?;
        row.as_ref().map(read).transpose()
    }

    /// The versions of a release, first to last.
    pub async fn list_versions(&mut self, release: ReleaseId) -> Result<Vec<Version>, Error> {
        let rows = sql("select * from release_version where release = $1 order by number").number(release.0);
        rows.all(self).await?.iter().map(read).collect()
    }

    /// The texts of a release that went out, first to last, each with when its first message was taken over by a server, as
    /// far as the program has noted it.
    pub async fn list_issued(&mut self, release: ReleaseId) -> Result<Vec<(VersionId, Timestamp)>, Error> {
        let rows = sql("select id, issued_at from release_version where release = $1 and issued_at is not null \
             order by number");
        let rows = rows.number(release.0).all(self).await?;
        rows.iter().map(|row| Ok((VersionId(row.number("id")?), row.time("issued_at")?))).collect()
    }

    /// When the first message of a text was taken over by a server, as the outbox has it.
    pub async fn first_accepted(&mut self, version: VersionId) -> Result<Option<Timestamp>, Error> {
        let row = sql("select min(d.accepted_at) as at from release_version v join delivery d \
             on d.kind = 'release' and d.thing = v.release and d.version = v.number where v.id = $1");
        row.number(version.0).one(self).await?.maybe_time("at")
    }
}

impl Write {
    /// Freezes a version; the `id` in it is ignored. [`Error::Exists`] if its release has one of that number.
    pub async fn record_version(&mut self, version: &Version) -> Result<VersionId, Error> {
        let row = sql("select id from release_version where release = $1 and number = $2")
            .number(version.release.0)
            .number(version.number.into())
            .optional(self)
            .await?;
        if row.is_some() {
            return Err(Error::Exists);
        }
        let id = self.draw("release_version").await?;
        sql("insert into release_version (id, release, number, author, at, markdown, title, subject, html, plain, \
             page, summary, lists, corrects, sha256, files) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)")
        .number(id)
        .number(version.release.0)
        .number(version.number.into())
        .number(version.author.0)
        .time(version.at)
        .text(&version.markdown)
        .text(&version.title)
        .text(&version.subject)
        .text(&version.html)
        .text(&version.text)
        .text(&version.page)
        .text(&version.summary)
        .json(&version.lists)
        .maybe_number(version.corrects.map(|v| v.0))
        .text(&version.sha256)
        .json(&version.files)
        .run(self)
        .await?;
        self.use_files(version.release, id, &version.files).await?;
        Ok(VersionId(id))
    }

    /// Notes when the first message of a text was taken over by a server: once, and never again.
    pub async fn record_issued(&mut self, version: VersionId, at: Timestamp) -> Result<(), Error> {
        let note = sql("update release_version set issued_at = $1 where id = $2 and issued_at is null");
        note.time(at).number(version.0).run(self).await?;
        Ok(())
    }
}

pub(crate) fn read(row: &Row) -> Result<Version, Error> {
    Ok(Version {
        id: VersionId(row.number("id")?),
        release: ReleaseId(row.number("release")?),
        number: row.small("number")?,
        author: UserId(row.number("author")?),
        at: row.time("at")?,
        markdown: row.text("markdown")?,
        title: row.text("title")?,
        subject: row.text("subject")?,
        html: row.text("html")?,
        text: row.text("plain")?,
        page: row.text("page")?,
        summary: row.text("summary")?,
        lists: row.json("lists")?,
        corrects: row.maybe_number("corrects")?.map(VersionId),
        files: row.json("files")?,
        sha256: row.text("sha256")?,
    })
}
