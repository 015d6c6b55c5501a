//! The curator's hand: what people decided about an issue, what they did in order, and what they said of stories.

use crate::job::read_slot;
use crate::sql::{Row, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{
    Arrangement, Curation, CurationChange, EditionId, Hand, IssueKey, ReaderId, ReviewId, StoryId, Timestamp,
    TokenPurpose, UserId,
};

impl Rows {
    /// What people decided about an issue; an untouched one where nobody did.
    pub async fn find_arrangement(&mut self, issue: IssueKey) -> Result<Arrangement, Error> {
        let slot = issue.slot.to_string();
        let mut arrangement = Arrangement::untouched(issue);
        let row = sql("select * from issue where edition = $1 and slot = $2").number(issue.edition.0).text(&slot);
        if let Some(row) = row.optional(self).await? {
            arrangement.begun_at = row.maybe_time("begun_at")?;
            let by = row.maybe_number("confirmed_by")?.map(UserId);
            arrangement.confirmed = by.zip(row.maybe_time("confirmed_at")?);
        }
        let rows = sql("select content from hand where edition = $1 and slot = $2 order by story");
        for row in rows.number(issue.edition.0).text(&slot).all(self).await? {
            let hand: Hand = row.json("content")?;
            arrangement.hands.insert(hand.story, hand);
        }
        Ok(arrangement)
    }

    /// The last acts of people on an issue, newest first.
    pub async fn list_curations(&mut self, issue: IssueKey, limit: usize) -> Result<Vec<Curation>, Error> {
        let rows = sql("select * from curation where edition = $1 and slot = $2 order by id desc limit $3");
        let rows = rows.number(issue.edition.0).text(&issue.slot.to_string()).count(limit).all(self).await?;
        rows.iter().map(read).collect()
    }

    /// The acts of people on all issues after the one with that number, oldest first, at most so many.
    pub async fn list_curations_after(&mut self, id: i64, limit: usize) -> Result<Vec<Curation>, Error> {
        let rows = sql("select * from curation where id > $1 order by id limit $2");
        rows.number(id).count(limit).all(self).await?.iter().map(read).collect()
    }

    /// The act with that number.
    pub async fn find_curation(&mut self, id: i64) -> Result<Option<Curation>, Error> {
        sql("select * from curation where id = $1").number(id).optional(self).await?.as_ref().map(read).transpose()
    }

    /// Since when signed links to a thing open nothing, if somebody revoked them.
    pub async fn find_revocation(&mut self, purpose: TokenPurpose, thing: i64) -> Result<Option<Timestamp>, Error> {
        let row = sql("select at from revoked_link where purpose = $1 and thing = $2");
        let row = row.text(purpose.name()).number(thing).optional(self).await?;
        row.map(|row| row.time("at")).transpose()
    }

    /// The readers whose own links to a review open nothing any more, and since when.
    pub async fn list_reader_revocations(&mut self, review: ReviewId) -> Result<Vec<(ReaderId, Timestamp)>, Error> {
        let rows = sql("select reader, at from revoked_reader_link where review = $1 order by reader");
        let rows = rows.number(review.0).all(self).await?;
        rows.iter().map(|row| Ok((ReaderId(row.number("reader")?), row.time("at")?))).collect()
    }
}

impl Write {
    /// Writes down when an issue was first touched and who confirmed it.
    pub async fn record_issue(&mut self, arrangement: &Arrangement) -> Result<(), Error> {
        sql("insert into issue (edition, slot, begun_at, confirmed_by, confirmed_at) values ($1, $2, $3, $4, $5) \
             on conflict (edition, slot) do update set begun_at = excluded.begun_at, \
             confirmed_by = excluded.confirmed_by, confirmed_at = excluded.confirmed_at")
        .number(arrangement.issue.edition.0)
        .text(&arrangement.issue.slot.to_string())
        .maybe_time(arrangement.begun_at)
        .maybe_number(arrangement.confirmed.map(|(by, _)| by.0))
        .maybe_time(arrangement.confirmed.map(|(_, at)| at))
        .run(self)
        .await?;
        Ok(())
    }

    /// Writes a line of an issue as a person has it now; `None` takes the hand off it.
    pub async fn replace_hand(&mut self, issue: IssueKey, story: StoryId, hand: Option<&Hand>) -> Result<(), Error> {
        let slot = issue.slot.to_string();
        let Some(hand) = hand else {
            let gone = sql("delete from hand where edition = $1 and slot = $2 and story = $3");
            gone.number(issue.edition.0).text(&slot).number(story.0).run(self).await?;
            return Ok(());
        };
        sql("insert into hand (edition, slot, story, version, content, tone) values ($1, $2, $3, $4, $5, $6) \
             on conflict (edition, slot, story) do update set version = excluded.version, content = excluded.content, \
             tone = excluded.tone")
        .number(issue.edition.0)
        .text(&slot)
        .number(story.0)
        .number(hand.version.into())
        .json(hand)
        .maybe_word(hand.tone.filter(|_| !hand.is_dropped()).as_ref())
        .run(self)
        .await?;
        Ok(())
    }

    /// Writes down an act of a person on an issue.
    pub async fn record_curation(
        &mut self,
        issue: IssueKey,
        by: UserId,
        verb: &str,
        change: &CurationChange,
        at: Timestamp,
    ) -> Result<i64, Error> {
        let id = self.draw("curation").await?;
        sql("insert into curation (id, edition, slot, at, who, verb, change) values ($1, $2, $3, $4, $5, $6, $7)")
            .number(id)
            .number(issue.edition.0)
            .text(&issue.slot.to_string())
            .time(at)
            .number(by.0)
            .text(verb)
            .json(change)
            .run(self)
            .await?;
        Ok(id)
    }

    /// Writes down that an act was undone. False if it was already.
    pub async fn record_curation_undone(&mut self, id: i64, at: Timestamp) -> Result<bool, Error> {
        let undone = sql("update curation set undone_at = $1 where id = $2 and undone_at is null");
        Ok(undone.time(at).number(id).run(self).await? > 0)
    }

    /// Revokes a reader's own links to a review, for good; the first instant stays.
    pub async fn record_reader_revocation(
        &mut self,
        review: ReviewId,
        reader: ReaderId,
        by: UserId,
        at: Timestamp,
    ) -> Result<(), Error> {
        sql("insert into revoked_reader_link (review, reader, at, who) values ($1, $2, $3, $4) \
             on conflict (review, reader) do nothing")
        .number(review.0)
        .number(reader.0)
        .time(at)
        .number(by.0)
        .run(self)
        .await?;
        Ok(())
    }

    /// Revokes the signed links to a thing that were made before `at`.
    pub async fn record_revocation(
        &mut self,
        purpose: TokenPurpose,
        thing: i64,
        by: UserId,
        at: Timestamp,
    ) -> Result<(), Error> {
        sql("insert into revoked_link (purpose, thing, at, who) values ($1, $2, $3, $4) \
             on conflict (purpose, thing) do update set at = excluded.at, who = excluded.who")
        .text(purpose.name())
        .number(thing)
        .time(at)
        .number(by.0)
        .run(self)
        .await?;
        Ok(())
    }
}

fn read(row: &Row) -> Result<Curation, Error> {
    Ok(Curation {
        id: row.number("id")?,
        issue: IssueKey { edition: EditionId(row.number("edition")?), slot: read_slot("slot", &row.text("slot")?)? },
        at: row.time("at")?,
        by: UserId(row.number("who")?),
        verb: row.text("verb")?,
        change: row.json("change")?,
        undone_at: row.maybe_time("undone_at")?,
    })
}
