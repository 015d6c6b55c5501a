//! Reviews as they are now, and their published versions, frozen with what was printed from them.

use crate::sql::{Row, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{EditionId, Review, ReviewId, Slot, Timestamp};

impl Rows {
    /// The review of an edition for a slot.
    pub async fn find_review(&mut self, edition: EditionId, slot: Slot) -> Result<Option<Review>, Error> {
        let row = sql("select content from review where edition = $1 and slot = $2")
            .number(edition.0)
            .text(&slot.to_string())
            .optional(self)
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// The review with that number.
    pub async fn find_review_by_id(&mut self, id: ReviewId) -> Result<Option<Review>, Error> {
        let row = sql("select content from review where id = $1").number(id.0).optional(self).await?;
        row.as_ref().map(read).transpose()
    }

    /// A published version, as it went out.
    pub async fn find_review_version(&mut self, id: ReviewId, version: u32) -> Result<Option<Review>, Error> {
        let row = sql("select content from review_version where review = $1 and version = $2")
            .number(id.0)
            .number(version.into())
            .optional(self)
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// The reviews of one edition, or of all, newest slot first, `skip` of them passed over.
    pub async fn list_reviews_of(
        &mut self,
        edition: Option<EditionId>,
        limit: usize,
        skip: usize,
    ) -> Result<Vec<Review>, Error> {
        let rows = match edition {
            Some(edition) => {
                sql("select content from review where edition = $1 order by slot_at desc, id desc limit $2 offset $3")
                    .number(edition.0)
            }
            None => sql("select content from review order by slot_at desc, id desc limit $1 offset $2"),
        };
        rows.count(limit).count(skip).all(self).await?.iter().map(read).collect()
    }

    /// When each version of a review went out, the first one first.
    pub async fn list_review_versions(&mut self, id: ReviewId) -> Result<Vec<(u32, Timestamp)>, Error> {
        let rows = sql("select version, at from review_version where review = $1 order by version").number(id.0);
        rows.all(self).await?.iter().map(|row| Ok((row.small("version")?, row.time("at")?))).collect()
    }

    /// The last reviews, newest slot first.
    pub async fn list_reviews(&mut self, limit: usize) -> Result<Vec<Review>, Error> {
        let rows = sql("select content from review order by slot_at desc, id desc limit $1").count(limit);
        rows.all(self).await?.iter().map(read).collect()
    }

    /// What was printed from a published version: kind (`html`, `text`, `pdf`) and SHA-256 of the bytes.
    pub async fn list_review_outputs(&mut self, id: ReviewId, version: u32) -> Result<Vec<(String, String)>, Error> {
        let rows = sql("select output, sha256 from review_output where review = $1 and version = $2")
            .number(id.0)
            .number(version.into())
            .all(self)
            .await?;
        let mut outputs: Vec<_> =
            rows.iter().map(|row| Ok((row.text("output")?, row.text("sha256")?))).collect::<Result<_, Error>>()?;
        outputs.sort();
        Ok(outputs)
    }
}

impl Write {
    /// Begins the review of an edition for a slot; its number is drawn and stands in the stored value.
    /// [`Error::Exists`] if there is one for that slot.
    pub async fn record_review(&mut self, mut review: Review) -> Result<ReviewId, Error> {
        if self.find_review(review.edition, review.slot).await?.is_some() {
            return Err(Error::Exists);
        }
        review.id = ReviewId(self.draw("review").await?);
        sql("insert into review (id, edition, slot, slot_at, version, content) values ($1, $2, $3, $4, $5, $6)")
            .number(review.id.0)
            .number(review.edition.0)
            .text(&review.slot.to_string())
            .time(review.slot.instant())
            .number(review.version.into())
            .json(&review)
            .run(self)
            .await?;
        Ok(review.id)
    }

    /// Puts a review in the place of the one with its number.
    pub async fn replace_review(&mut self, review: &Review) -> Result<(), Error> {
        sql("update review set version = $1, content = $2 where id = $3")
            .number(review.version.into())
            .json(review)
            .number(review.id.0)
            .run(self)
            .await?;
        Ok(())
    }

    /// Freezes a published version with what was printed from it. [`Error::Exists`] if that version is frozen: no
    /// second one takes its place.
    pub async fn record_review_version(
        &mut self,
        review: &Review,
        at: Timestamp,
        outputs: &[(String, String)],
    ) -> Result<(), Error> {
        if self.find_review_version(review.id, review.version).await?.is_some() {
            return Err(Error::Exists);
        }
        sql("insert into review_version (review, version, at, content) values ($1, $2, $3, $4)")
            .number(review.id.0)
            .number(review.version.into())
            .time(at)
            .json(review)
            .run(self)
            .await?;
        for (output, sha256) in outputs {
            sql("insert into review_output (review, version, output, sha256) values ($1, $2, $3, $4)")
                .number(review.id.0)
                .number(review.version.into())
                .text(output)
                .text(sha256)
                .run(self)
                .await?;
        }
        Ok(())
    }
}

fn read(row: &Row) -> Result<Review, Error> {
    row.json("content")
}
