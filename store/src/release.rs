//! Releases. Their frozen texts are in `version`.

use crate::sql::{PART, Row, broken, built, like, places, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{Release, ReleaseId, Timestamp, UserId, VersionId};

/// Which releases are asked for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ReleaseFilter {
    /// Name of a state, such as `in_review`; all where absent.
    pub stage: Option<String>,
    /// What the title holds, without regard to case and accents; anything where empty.
    pub words: String,
    /// Only what anybody may read at that instant (`domain::is_public`).
    pub public_by: Option<Timestamp>,
}

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

    /// The releases that fit, newest first, from the one at `offset`.
    pub async fn list_releases_page(
        &mut self,
        filter: &ReleaseFilter,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<Release>, Error> {
        let query =
            sql("select * from release where ($1 = '' or stage = $1) and ($2 = '' or folded like $2 escape '!') \
             and ($3 = 0 or public_at <= $3 and (embargo_until is null or embargo_until <= $3) and withdrawn is null) \
             order by id desc limit $4 offset $5");
        let query = query.text(filter.stage.as_deref().unwrap_or_default()).text(&pattern(&filter.words));
        let query = query.number(filter.public_by.map_or(0, |at| at.0));
        query.count(limit).count(offset).all(self).await?.iter().map(read).collect()
    }

    /// How many releases whose titles hold the words are in each state, by name of the state.
    pub async fn count_releases(&mut self, words: &str) -> Result<Vec<(String, i64)>, Error> {
        let rows =
            sql("select stage, count(*) as n from release where $1 = '' or folded like $1 escape '!' group by stage");
        let rows = rows.text(&pattern(words)).all(self).await?;
        let mut counts: Vec<_> =
            rows.iter().map(|row| Ok((row.text("stage")?, row.number("n")?))).collect::<Result<_, Error>>()?;
        counts.sort();
        Ok(counts)
    }

    /// The releases in one of these states, oldest first: what waits for somebody or for its hour.
    pub async fn list_releases_in(&mut self, stages: &[&str]) -> Result<Vec<Release>, Error> {
        if stages.is_empty() {
            return Ok(Vec::new());
        }
        let query = format!("select * from release where stage in ({}) order by id", places(1, stages.len()));
        built(query).texts(stages).all(self).await?.iter().map(read).collect()
    }

    /// The releases whose hour is that instant or later, sent or scheduled, oldest first.
    pub async fn list_releases_since(&mut self, public_at: Timestamp) -> Result<Vec<Release>, Error> {
        let rows = sql("select * from release where public_at >= $1 order by id").time(public_at);
        rows.all(self).await?.iter().map(read).collect()
    }

    /// The releases of which a text is out, or on its way, while a newer one is worked on, oldest first
    /// ([`Release::out`]).
    pub async fn list_releases_beside(&mut self) -> Result<Vec<Release>, Error> {
        let rows = sql("select * from release where text_out is not null order by id");
        rows.all(self).await?.iter().map(read).collect()
    }

    /// Those of the releases that there are, by number.
    pub async fn find_releases(&mut self, ids: &[ReleaseId]) -> Result<Vec<Release>, Error> {
        let mut found = Vec::with_capacity(ids.len());
        for part in ids.chunks(PART) {
            let query = format!("select * from release where id in ({}) order by id", places(1, part.len()));
            let numbers: Vec<i64> = part.iter().map(|id| id.0).collect();
            for row in built(query).numbers(&numbers).all(self).await? {
                found.push(read(&row)?);
            }
        }
        found.sort_by_key(|release| release.id);
        Ok(found)
    }

    /// The releases with a number in the register of that year, in its order.
    pub async fn list_register(&mut self, year: i16) -> Result<Vec<Release>, Error> {
        let rows = sql("select * from release where register_year = $1 order by register_number").number(year.into());
        rows.all(self).await?.iter().map(read).collect()
    }

    /// The years in whose register there are releases, the newest first.
    pub async fn list_register_years(&mut self) -> Result<Vec<i16>, Error> {
        let rows = sql("select distinct register_year from release where register_year is not null \
             order by register_year desc");
        rows.all(self).await?.iter().map(|row| row.small("register_year")).collect()
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
             current_version, embargo_until, public_at, withdrawn, stage, folded, text_out) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) on conflict (id) do update set \
             slug = excluded.slug, register_year = excluded.register_year, \
             register_number = excluded.register_number, kind = excluded.kind, title = excluded.title, \
             draft = excluded.draft, author = excluded.author, state = excluded.state, \
             current_version = excluded.current_version, embargo_until = excluded.embargo_until, \
             public_at = excluded.public_at, withdrawn = excluded.withdrawn, stage = excluded.stage, \
             folded = excluded.folded, text_out = excluded.text_out")
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
        .text(release.state.name())
        .text(&folded(&release.title))
        .maybe_json(release.out.as_ref())
        .run(self)
        .await?;
        Ok(())
    }
}

fn pattern(words: &str) -> String {
    let words = folded(words.trim());
    if words.is_empty() { words } else { like(&words) }
}

/// A title as it is looked for: without case and without the accents of Italian.
pub(crate) fn folded(text: &str) -> String {
    let plain = |c: char| match c {
        'à' | 'á' | 'â' | 'ä' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        '’' => '\'',
        other => other,
    };
    text.chars().flat_map(char::to_lowercase).map(plain).collect()
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
        out: row.maybe_json("text_out")?,
    })
}
