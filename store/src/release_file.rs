//! Photos and documents of releases: those of the text in the making, those of each version, and the photo bank.
//!
//! `file_use` says for each hash which releases name it, so that a file that is asked for finds them at once, and until when
//! its licence lets them, so that what ends soon is found without reading every text.

use crate::release::folded;
use crate::sql::{Row, like, sql};
use crate::{Error, Rows, Write};
use jiff::civil::Date;
use salastampa_domain::{KeptPhoto, Photo, ReleaseFiles, ReleaseId, Timestamp, UserId};

impl Rows {
    /// The files of the text in the making.
    pub async fn find_release_files(&mut self, release: ReleaseId) -> Result<ReleaseFiles, Error> {
        let row = sql("select files from release_files where release = $1").number(release.0).optional(self).await?;
        row.map_or_else(|| Ok(ReleaseFiles::default()), |row| row.json("files"))
    }

    /// The releases that use a file, in any version or in the text in the making, by number.
    pub async fn list_releases_with_file(&mut self, file: &str) -> Result<Vec<ReleaseId>, Error> {
        let rows = sql("select distinct release from file_use where sha256 = $1 order by release").text(file);
        rows.all(self).await?.iter().map(|row| row.number("release").map(ReleaseId)).collect()
    }

    /// The photo of the bank whose file to print has this hash.
    pub async fn find_photo(&mut self, file: &str) -> Result<Option<KeptPhoto>, Error> {
        let row = sql("select * from photo where file = $1").text(file).optional(self).await?;
        row.as_ref().map(read).transpose()
    }

    /// The photo of the bank of which one size has this hash.
    pub async fn find_photo_by_size(&mut self, file: &str) -> Result<Option<KeptPhoto>, Error> {
        let row = sql("select * from photo where file = $1 or web = $1 or thumb = $1 order by file limit 1");
        row.text(file).optional(self).await?.as_ref().map(read).transpose()
    }

    /// The photos of whose description, credit, caption or name the words are a part, without regard to case and
    /// accents; the newest first, from the one at `offset`.
    pub async fn list_photos(&mut self, words: &str, offset: usize, limit: usize) -> Result<Vec<KeptPhoto>, Error> {
        let rows = sql("select * from photo where $1 = '' or folded like $1 escape '!' \
                        order by at desc, file limit $2 offset $3");
        rows.text(&pattern(words)).count(limit).count(offset).all(self).await?.iter().map(read).collect()
    }

    /// How many those are.
    pub async fn count_photos(&mut self, words: &str) -> Result<i64, Error> {
        let row = sql("select count(*) as n from photo where $1 = '' or folded like $1 escape '!'");
        row.text(&pattern(words)).one(self).await?.number("n")
    }

    /// The releases of which a file's licence ends on one of these days, in any version or in the text in the making.
    pub async fn list_releases_with_licence_until(&mut self, from: Date, to: Date) -> Result<Vec<ReleaseId>, Error> {
        let rows = sql("select distinct release from file_use where until >= $1 and until <= $2 order by release");
        let rows = rows.text(&from.to_string()).text(&to.to_string()).all(self).await?;
        rows.iter().map(|row| row.number("release").map(ReleaseId)).collect()
    }

    /// The photos of the bank whose licence ends on one of these days, the soonest first, at most so many.
    pub async fn list_photos_until(&mut self, from: Date, to: Date, limit: usize) -> Result<Vec<KeptPhoto>, Error> {
        let rows = sql("select * from photo where until >= $1 and until <= $2 order by until, file limit $3");
        let rows = rows.text(&from.to_string()).text(&to.to_string()).count(limit).all(self).await?;
        rows.iter().map(read).collect()
    }
}

impl Write {
    /// Puts these files in the place of those of the text in the making.
    pub async fn replace_release_files(&mut self, release: ReleaseId, files: &ReleaseFiles) -> Result<(), Error> {
        sql("insert into release_files (release, files) values ($1, $2) \
             on conflict (release) do update set files = excluded.files")
        .number(release.0)
        .json(files)
        .run(self)
        .await?;
        sql("delete from file_use where release = $1 and version = 0").number(release.0).run(self).await?;
        self.use_files(release, 0, files).await
    }

    /// Writes down which files a version of a release uses; 0 is the text in the making.
    pub(crate) async fn use_files(
        &mut self,
        release: ReleaseId,
        version: i64,
        files: &ReleaseFiles,
    ) -> Result<(), Error> {
        for (file, until) in ends(files) {
            sql(
                "insert into file_use (sha256, release, version, until) values ($1, $2, $3, $4) on conflict do nothing",
            )
            .text(file)
            .number(release.0)
            .number(version)
            .maybe_text(until.map(|day| day.to_string()).as_deref())
            .run(self)
            .await?;
        }
        Ok(())
    }

    /// Keeps a photo in the bank with what is said of it now; who brought it and when stays as it was.
    pub async fn keep_photo(&mut self, photo: &Photo, by: UserId, at: Timestamp) -> Result<(), Error> {
        let said = [photo.alt.as_str(), &photo.credit, &photo.caption, &photo.name].join("\n");
        sql("insert into photo (file, web, thumb, photo, folded, staff, at, until) \
             values ($1, $2, $3, $4, $5, $6, $7, $8) \
             on conflict (file) do update set web = excluded.web, thumb = excluded.thumb, photo = excluded.photo, \
             folded = excluded.folded, until = excluded.until")
        .text(&photo.full.file)
        .text(&photo.web.file)
        .text(&photo.thumb.file)
        .json(photo)
        .text(&folded(&said))
        .number(by.0)
        .time(at)
        .maybe_text(photo.until.map(|day| day.to_string()).as_deref())
        .run(self)
        .await?;
        Ok(())
    }

    /// Takes photos out of the bank that came before then and that no release uses. Gives how many.
    pub async fn purge_photos(&mut self, before: Timestamp) -> Result<u64, Error> {
        sql("delete from photo where at < $1 and not exists (select 1 from file_use where sha256 = photo.file)")
            .time(before)
            .run(self)
            .await
    }
}

/// The hash of each file, each size of each photo, with the last day of its licence.
fn ends(files: &ReleaseFiles) -> Vec<(&str, Option<Date>)> {
    let photos =
        files.photos.iter().flat_map(|p| [&p.full, &p.web, &p.thumb].map(|size| (size.file.as_str(), p.until)));
    photos.chain(files.documents.iter().map(|document| (document.file.as_str(), document.until))).collect()
}

fn pattern(words: &str) -> String {
    let words = folded(words.trim());
    if words.is_empty() { words } else { like(&words) }
}

fn read(row: &Row) -> Result<KeptPhoto, Error> {
    Ok(KeptPhoto { photo: row.json("photo")?, by: UserId(row.number("staff")?), at: row.time("at")? })
}
