//! The curator's hand: what a person does with the next issue of an edition before it leaves.
//!
//! Every act names the lines it is about with the version that was on the screen: who comes second is told who came
//! first, and nothing is overwritten. What an act changed is kept with the lines before and after, so that it can be
//! undone by its reverse on the same rows; both stand in the log. An act on a confirmed issue takes the confirmation
//! back: who confirmed it saw something else. Nothing here sends; [`crate::review`] does.

mod bring;
mod confirm;
mod decide;
mod gist;
mod joined;
mod laid;
mod late;
mod mark;
mod missed;
mod order;
mod seen;
mod ties;
mod undo;
mod upload;

pub use bring::{AHEAD, bring, paste, slots, take_pasted};
pub use confirm::{ReaderLink, confirm, reader_links, revoke_links, revoke_reader_link, send_test, unconfirm};
pub(crate) use decide::is_borrowed;
pub use decide::{Decision, LONGEST_NOTE, LONGEST_SUMMARY, annotate, choose, decide, offered, quote};
pub use gist::{Gist, GistPart, gist};
pub use joined::Joined;
pub use late::{Difference, difference, publish_late};
pub(crate) use mark::expect_seen;
pub use mark::mark;
pub use missed::Missed;
pub use order::{Step, order};
pub use seen::{sees_delivery, unseen};
pub use ties::{detach, merge};
pub use undo::{can_be_undone, undo};
pub use upload::{Uploaded, upload};

use crate::review::rows::{self, Issue};
use crate::{Denied, Result, house};
use salastampa_digest::compose::{Latecomers, Line, Standing};
use salastampa_domain::{
    Act, Arrangement, ClippingState, Curation, CurationChange, Edition, Hand, IssueKey, Period, Review, SectionId,
    StoryId, Timestamp, User, UserId, Visibility, may,
};
use salastampa_store::{Rows, Store, Write};
use serde::Serialize;
use std::collections::BTreeMap;

/// A line as it was on the screen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pick {
    /// Whose.
    pub story: StoryId,
    /// The version that was shown; 0 is untouched.
    pub version: u32,
}

/// What an act did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Done {
    /// Its number, to undo it by; 0 if nothing changed.
    pub act: i64,
    /// Lines that changed.
    pub lines: usize,
    /// The issue had been confirmed, and is so no more.
    pub unconfirmed: bool,
}

/// What the desk shows of an issue.
#[derive(Clone, PartialEq, Debug)]
pub struct Table {
    /// The edition.
    pub edition: Edition,
    /// What it covers.
    pub period: Period,
    /// What people decided.
    pub arrangement: Arrangement,
    /// Every story, also those that stay out, the weightiest first.
    pub lines: Vec<Line>,
    /// How many people get it.
    pub readers: usize,
}

impl Table {
    /// How many stories nobody has decided.
    pub fn open(&self) -> usize {
        let is_open = |line: &&Line| {
            let decided = line.hand.as_ref().is_some_and(|hand| hand.state != ClippingState::Proposed);
            line.standing == Standing::Late || !decided
        };
        self.lines.iter().filter(is_open).count()
    }
}

/// Whether a user may see an edition: a reserved one only by the right to.
pub fn sees(user: &User, edition: &Edition) -> bool {
    may(user.role, Act::Read) && (edition.visibility != Visibility::Reserved || may(user.role, Act::ReadReserved))
}

/// What the desk shows of an issue: of one that is still to come, or of one that is out, to prepare its next version.
pub async fn table(rows: &mut Rows, edition: &Edition, key: IssueKey, now: Timestamp) -> Result<Table> {
    Ok(on_the_table(&any_issue(rows, edition, key, now).await?))
}

/// The same, with the review that would leave if somebody confirmed the issue now.
pub async fn table_and_review(
    rows: &mut Rows,
    edition: &Edition,
    key: IssueKey,
    now: Timestamp,
) -> Result<(Table, Review)> {
    let issue = any_issue(rows, edition, key, now).await?;
    let review = issue.review(rows, Latecomers::Wait).await?.review;
    let there = rows.find_review(edition.id, key.slot).await?;
    Ok((on_the_table(&issue), Review { id: there.map_or(review.id, |r| r.id), ..review }))
}

/// The review that would leave if somebody confirmed the issue now.
pub async fn preview(rows: &mut Rows, edition: &Edition, key: IssueKey, now: Timestamp) -> Result<Review> {
    Ok(table_and_review(rows, edition, key, now).await?.1)
}

fn on_the_table(issue: &Issue) -> Table {
    Table {
        edition: issue.edition.clone(),
        period: issue.period,
        arrangement: issue.arrangement.clone(),
        lines: issue.lines.clone(),
        readers: issue.readers.len(),
    }
}

async fn any_issue(rows: &mut Rows, edition: &Edition, key: IssueKey, now: Timestamp) -> Result<Issue> {
    match rows.find_review(key.edition, key.slot).await?.filter(|r| r.version > 0) {
        Some(out) => rows::laid(rows, edition, key.slot, out.period, now).await,
        None => rows::issue(rows, edition, key.slot, key.slot.instant().max(now), now).await,
    }
}

/// The edition of an issue that is still to come and that the user may see.
pub(crate) async fn open_edition(rows: &mut Rows, user: &User, key: IssueKey, now: Timestamp) -> Result<Edition> {
    let edition = seen_edition(rows, user, key).await?;
    let next = edition.next();
    let out = rows.find_review(key.edition, key.slot).await?.is_some_and(|r| r.version > 0);
    if out || next.is_none_or(|next| key.slot < next) {
        return Err(Denied::Past.into());
    }
    // only the next issue has candidates; a later one is reached by moving a story there
    match edition.due(now).or(next) {
        Some(due) if key.slot <= due => Ok(edition),
        _ => Err(Denied::Unknown { what: "review", name: key.slot.to_string() }.into()),
    }
}

/// The stories of an issue that the user may act on.
async fn laid(rows: &mut Rows, user: &User, key: IssueKey, now: Timestamp) -> Result<Vec<Line>> {
    let edition = seen_edition(rows, user, key).await?;
    if rows.find_review(key.edition, key.slot).await?.is_none_or(|r| r.version == 0) {
        open_edition(rows, user, key, now).await?;
    }
    Ok(any_issue(rows, &edition, key, now).await?.lines)
}

/// The edition of an issue, if the user may see it.
pub(crate) async fn seen_edition(rows: &mut Rows, user: &User, key: IssueKey) -> Result<Edition> {
    let edition = rows.find_edition_by_id(key.edition).await?.filter(|e| sees(user, e));
    Ok(edition.ok_or_else(|| Denied::Unknown { what: "edition", name: key.edition.to_string() })?)
}

/// An act in hand: the rows before it, and what it has changed so far.
struct Doing {
    write: Write,
    user: User,
    edition: Edition,
    lines: Vec<Line>,
    arrangement: Arrangement,
    change: CurationChange,
    now: Timestamp,
}

impl Doing {
    /// Begins an act on an issue that is still to come: asks for the right, lays the stories on the table, takes the
    /// turn to write and reads again what people decided.
    async fn begin(store: &Store, login: &str, key: IssueKey, right: Act, now: Timestamp) -> Result<Self> {
        let mut rows = store.read().await?;
        let user = house::allowed(&mut rows, login, right).await?;
        let lines = laid(&mut rows, &user, key, now).await?;
        drop(rows);
        let mut write = store.write().await?;
        let user = house::allowed(&mut write, login, right).await?;
        let edition = seen_edition(&mut write, &user, key).await?;
        let arrangement = write.find_arrangement(key).await?;
        Ok(Self { write, user, edition, lines, arrangement, change: CurationChange::default(), now })
    }

    /// The line of a story.
    fn line(&self, story: StoryId) -> Result<&Line> {
        let line = self.lines.iter().find(|l| l.story == Some(story));
        Ok(line.ok_or_else(|| Denied::Unknown { what: "story", name: story.to_string() })?)
    }

    /// The hand on a story's line as it stands, or one that is about to be laid on it.
    fn hand(&self, story: StoryId) -> Hand {
        self.arrangement.hands.get(&story).cloned().unwrap_or_else(|| Hand::new(story, self.now))
    }

    /// Refuses the act if somebody has changed the line since it was on the screen.
    async fn expect(&mut self, pick: Pick) -> Result<()> {
        let Some(hand) = self.arrangement.hands.get(&pick.story).filter(|h| h.version != pick.version) else {
            return Ok(());
        };
        let (by, at) = (hand.by, hand.at);
        Err(Denied::Changed { by: name(&mut self.write, by).await?, at }.into())
    }

    /// The section that a line stands in.
    fn section_of(&self, line: &Line) -> Result<SectionId> {
        let section = self.edition.sections.get(line.section).map(|s| s.id);
        Ok(section.ok_or_else(|| Denied::Unknown { what: "section", name: line.section.to_string() })?)
    }

    /// Lays a hand on a line. `told` raises its version: so it does not where only its place was shifted by another's.
    async fn put(&mut self, mut hand: Hand, told: bool) -> Result<()> {
        let story = hand.story;
        let before = self.arrangement.hands.get(&story).cloned();
        if before.as_ref() == Some(&hand) {
            return Ok(());
        }
        if told {
            self.note(story).await?;
        }
        if told || before.is_none() {
            hand.version += 1;
            (hand.by, hand.at) = (Some(self.user.id), self.now);
        }
        self.write.replace_hand(self.arrangement.issue, story, Some(&hand)).await?;
        self.arrangement.hands.insert(story, hand.clone());
        match self.change.lines.iter_mut().find(|(s, ..)| *s == story) {
            Some((_, _, after)) => *after = Some(hand),
            None => self.change.lines.push((story, before, Some(hand))),
        }
        Ok(())
    }

    /// Writes down what was done, and makes it last.
    async fn end(mut self, verb: &str) -> Result<Done> {
        let changed = self.change != CurationChange::default();
        if !changed {
            return Ok(Done::default());
        }
        let unconfirmed = self.arrangement.confirmed.take().is_some();
        self.arrangement.begun_at = self.arrangement.begun_at.or(Some(self.now));
        self.write.record_issue(&self.arrangement).await?;
        let act = self.write_down(verb).await?;
        let lines = self.change.lines.len();
        self.write.commit().await?;
        Ok(Done { act, lines, unconfirmed })
    }

    /// The line of the log and the act that can be undone.
    async fn write_down(&mut self, verb: &str) -> Result<i64> {
        let (before, after) = traces(&self.change);
        let subject = self.arrangement.issue.subject(&self.edition.slug);
        let who = house::actor(&self.user);
        self.write.record_event(self.now, &who, verb, &subject, Some(&before), Some(&after)).await?;
        let key = self.arrangement.issue;
        Ok(self.write.record_curation(key, self.user.id, verb, &self.change, self.now).await?)
    }
}

/// The full name of somebody; the program has none.
async fn name(rows: &mut Rows, by: Option<UserId>) -> Result<String> {
    let user = match by {
        Some(by) => rows.find_user_by_id(by).await?,
        None => None,
    };
    Ok(user.map_or_else(|| "—".to_owned(), |u| u.name))
}

/// The names of those who work at the desk.
pub async fn names(rows: &mut Rows) -> Result<BTreeMap<UserId, String>> {
    Ok(rows.list_users().await?.into_iter().map(|u| (u.id, u.name)).collect())
}

/// The last acts on an issue, newest first.
pub async fn history(rows: &mut Rows, key: IssueKey, limit: usize) -> Result<Vec<Curation>> {
    Ok(rows.list_curations(key, limit).await?)
}

/// What the log keeps of a line: no text, only that there is one.
#[derive(Serialize)]
struct Trace {
    story: StoryId,
    state: salastampa_domain::ClippingState,
    section: Option<SectionId>,
    place: Option<i64>,
    relevance: Option<salastampa_domain::Relevance>,
    tone: Option<salastampa_domain::Tone>,
    lead: Option<salastampa_domain::ArticleId>,
    note_chars: usize,
    summary_chars: usize,
}

fn trace(hand: &Hand) -> Trace {
    Trace {
        story: hand.story,
        state: hand.state,
        section: hand.section,
        place: hand.place,
        relevance: hand.relevance,
        tone: hand.tone,
        lead: hand.lead,
        note_chars: hand.note.chars().count(),
        summary_chars: hand.summary.chars().count(),
    }
}

fn traces(change: &CurationChange) -> (String, String) {
    let elsewhere = |after: bool| {
        change.elsewhere.iter().filter_map(move |e| if after { e.after.as_ref() } else { e.before.as_ref() })
    };
    let before: Vec<Trace> =
        change.lines.iter().filter_map(|(_, before, _)| before.as_ref()).chain(elsewhere(false)).map(trace).collect();
    let after: Vec<Trace> =
        change.lines.iter().filter_map(|(_, _, after)| after.as_ref()).chain(elsewhere(true)).map(trace).collect();
    let json = |traces: &[Trace]| serde_json::to_string(traces).unwrap_or_default();
    (json(&before), json(&after))
}

#[cfg(test)]
mod tests;
