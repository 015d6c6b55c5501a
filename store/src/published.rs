//! What the public may read at an instant, without what the office works on: one row a release, and which text stands.
//!
//! The question is asked anew each time (`domain::is_public` in SQL): nothing here is kept, so that no hour is early or late.

use crate::sql::{PART, Row, built, places, sql};
use crate::version;
use crate::{Error, Rows, Write};
use salastampa_domain::{Published, ReleaseId, Timestamp, Version, VersionId};

/// The columns of a [`Published`] and what `domain::is_public` asks, of `release r` at `$1`.
const PUBLISHED: &str = "select p.*, \
     (select v.issued_at from release_version v where v.id = p.version) as issued_at \
     from (select r.id, r.slug, r.register_year, r.register_number, \
     case when r.embargo_until > r.public_at then r.embargo_until else r.public_at end as hour, \
     coalesce((select s.version from release_standing s where s.release = r.id and s.since <= $1 \
         order by s.since desc, s.version desc limit 1), r.current_version) as version, \
     (select max(s.since) from release_standing s where s.release = r.id and s.since <= $1) as since, \
     (select min(s.since) from release_standing s where s.release = r.id and s.since > $1) as until \
     from release r where r.register_number is not null and r.public_at <= $1 \
     and (r.embargo_until is null or r.embargo_until <= $1) and r.withdrawn is null \
     and (r.current_version is not null or r.stage in ('scheduled', 'sending', 'sent'))";

impl Rows {
    /// The releases that anybody may read at `now` and that have a number in the register, the newest first; those of one
    /// instant by their number, highest first.
    pub async fn list_published(&mut self, now: Timestamp, limit: usize) -> Result<Vec<Published>, Error> {
        let query = format!(
            "{PUBLISHED}) p where version is not null \
             order by hour desc, register_year desc, register_number desc limit $2"
        );
        built(query).time(now).count(limit).all(self).await?.iter().map(read).collect()
    }

    /// The release with that number in the register of a year, if anybody may read it at `now`.
    pub async fn find_published(&mut self, now: Timestamp, year: i16, number: u32) -> Result<Option<Published>, Error> {
        let query =
            format!("{PUBLISHED} and r.register_year = $2 and r.register_number = $3) p where version is not null");
        let query = built(query).time(now).number(year.into()).number(number.into());
        query.optional(self).await?.as_ref().map(read).transpose()
    }

    /// The texts of a release that the public could read up to `now`, first to last, each with the instant since when.
    pub async fn list_standing(
        &mut self,
        release: ReleaseId,
        now: Timestamp,
    ) -> Result<Vec<(VersionId, Timestamp)>, Error> {
        let query = sql("select version, since from release_standing where release = $1 and since <= $2 \
             order by since, version");
        let rows = query.number(release.0).time(now).all(self).await?;
        rows.iter().map(|row| Ok((VersionId(row.number("version")?), row.time("since")?))).collect()
    }

    /// Those of the versions that there are, by number in the store.
    pub async fn find_versions(&mut self, ids: &[VersionId]) -> Result<Vec<Version>, Error> {
        let mut found = Vec::with_capacity(ids.len());
        for part in ids.chunks(PART) {
            let query = format!("select * from release_version where id in ({})", places(1, part.len()));
            let numbers: Vec<i64> = part.iter().map(|id| id.0).collect();
            for row in built(query).numbers(&numbers).all(self).await? {
                found.push(version::read(&row)?);
            }
        }
        found.sort_by_key(|version| version.id);
        Ok(found)
    }
}

impl Write {
    /// From `since` on the public reads this version. What was to stand later, or from the same instant, never will.
    pub async fn record_standing(
        &mut self,
        release: ReleaseId,
        version: VersionId,
        since: Timestamp,
    ) -> Result<(), Error> {
        self.forget_standing(release, Timestamp(since.0 - 1)).await?;
        sql("insert into release_standing (release, version, since) values ($1, $2, $3) \
             on conflict (release, version) do nothing")
        .number(release.0)
        .number(version.0)
        .time(since)
        .run(self)
        .await?;
        Ok(())
    }

    /// What was to stand after that instant will not.
    pub async fn forget_standing(&mut self, release: ReleaseId, after: Timestamp) -> Result<(), Error> {
        sql("delete from release_standing where release = $1 and since > $2")
            .number(release.0)
            .time(after)
            .run(self)
            .await?;
        Ok(())
    }
}

fn read(row: &Row) -> Result<Published, Error> {
    let public_at = row.time("hour")?;
    Ok(Published {
        release: ReleaseId(row.number("id")?),
        slug: row.text("slug")?,
        year: row.small("register_year")?,
        number: row.small("register_number")?,
        version: VersionId(row.number("version")?),
        public_at,
        // a text sent to trusted desks under embargo stands from the end of it
        since: row.maybe_time("since")?.map_or(public_at, |since| since.max(public_at)),
        until: row.maybe_time("until")?,
        issued_at: row.maybe_time("issued_at")?,
    })
}
