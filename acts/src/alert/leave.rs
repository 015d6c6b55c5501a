//! What is due leaves: flashes in a mail of their own, the rest of each reader in one mail, and what a server did not take
//! in time goes to the second person too.
//!
//! First everything is planned and the letters are frozen; then one transaction writes mails and rows, and passes over
//! each mail of which a row has changed meanwhile (an officer was faster): its rows are still due and are looked at again.

use super::letter::{Made, Press, sheet};
use super::{dress, overrides, ring};
use crate::outbox::{freeze, queue};
use crate::{House, Result};
use salastampa_digest::alert::{self, Instead};
use salastampa_digest::net::Caught;
use salastampa_digest::{AlertSheet, Dress};
use salastampa_domain::alert::ESCALATES;
use salastampa_domain::time::HOUR;
use salastampa_domain::{
    Alert, AlertState, DeliveryKind, DeliveryState, FileRef, Letter, NewDelivery, NewPush, Period, PushNote, Reader,
    ReaderId, StoryId, Subject, Tier, Timestamp, TokenPurpose, Unsent, Use,
};
use salastampa_locale::Lang;
use salastampa_store::{Rows, Store, Write};
use std::collections::BTreeMap;

/// A flash that nobody took in time is not worth a night's sleep.
const FLASH_EXPIRES: i64 = 2 * HOUR;
/// A batch can wait longer for a server.
const BATCH_EXPIRES: i64 = 12 * HOUR;
/// So many stories in one batch; the rest comes with the next.
const MOST_STORIES: usize = 40;

/// Rows that change together, with the mail that they leave in.
#[derive(Default)]
struct Step {
    /// Each as it was and as it will be.
    rows: Vec<(Alert, Alert)>,
    mail: Option<Mail>,
}

struct Mail {
    row: NewDelivery,
    file: FileRef,
    uses: Vec<Use>,
    /// What rings beside it.
    push: Option<NewPush>,
    /// What fell back to its title.
    caught: Vec<Caught>,
}

/// The rows of one story and reader that leave together.
struct Group {
    story: StoryId,
    alerts: Vec<Alert>,
}

/// Does what is due with the alerts, at most `limit` at a time; gives with how many.
pub async fn leave(store: &Store, house: &House, limit: usize, now: Timestamp) -> Result<usize> {
    let mut rows = store.read().await?;
    let due = rows.list_alerts_due(now, limit).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let outlets = rows.list_outlets().await?;
    let overrides = overrides(&mut rows).await?;
    let watches = rows.list_watches().await?;
    let readers = rows.list_readers().await?;
    let mut plan = Plan { store, readers, press: Press { house, outlets, overrides, watches, now }, steps: Vec::new() };
    let mut groups: BTreeMap<(ReaderId, StoryId), Vec<Alert>> = BTreeMap::new();
    for alert in &due {
        if !alert.is_open() {
            plan.look_after(&mut rows, alert).await?;
        } else if let Some(story) = plan.sort(&mut rows, alert).await? {
            groups.entry((alert.reader, story)).or_default().push(alert.clone());
        }
    }
    let mut batches: BTreeMap<ReaderId, Vec<Group>> = BTreeMap::new();
    for ((reader, story), mut alerts) in groups {
        let is_flash = alerts.iter().any(|a| a.tier == Tier::Flash);
        // what of the same story waits for a later hour goes along
        for other in rows.list_alerts_of(story, reader).await? {
            let waits = other.state == AlertState::Waiting && alerts.iter().all(|a| a.id != other.id);
            // at its own hour it is found withdrawn
            if waits && !is_withdrawn(&mut rows, &other).await? {
                alerts.push(other);
            }
        }
        alerts.sort_by_key(|a| (a.tier, a.id));
        let group = Group { story, alerts };
        match is_flash {
            true => plan.flash(&mut rows, reader, group).await?,
            false => batches.entry(reader).or_default().push(group),
        }
    }
    for (reader, groups) in batches {
        plan.batch(&mut rows, reader, groups).await?;
    }
    drop(rows);
    let steps = plan.steps;
    let mut write = store.write().await?;
    for step in &steps {
        take(&mut write, house, step, now).await?;
    }
    write.commit().await?;
    Ok(due.len())
}

/// Writes a step, if its rows are still what they were.
async fn take(write: &mut Write, house: &House, step: &Step, now: Timestamp) -> Result<()> {
    for (before, _) in &step.rows {
        if write.find_alert(before.id).await?.as_ref() != Some(before) {
            return Ok(());
        }
    }
    if let Some(mail) = &step.mail {
        write.record_file(&mail.file).await?;
        if queue(write, house, std::slice::from_ref(&mail.row), now).await? > 0 {
            write.record_uses(&mail.uses).await?;
            for one in &mail.caught {
                let about = format!("article:{}", one.over.article);
                crate::net::write_down(write, &about, std::slice::from_ref(one), now).await?;
            }
            if let Some(push) = &mail.push {
                write.record_push(push, now).await?;
                write.record_uses(&ring::uses(&mail.uses)).await?;
            }
        }
    }
    for (_, after) in &step.rows {
        write.record_alert_state(after).await?;
    }
    Ok(())
}

struct Plan<'a> {
    store: &'a Store,
    readers: Vec<Reader>,
    press: Press<'a>,
    steps: Vec<Step>,
}

impl Plan<'_> {
    fn reader(&self, id: ReaderId) -> Option<&Reader> {
        self.readers.iter().find(|r| r.id == id && r.receives.alerts)
    }

    /// The second person of a reader, if there is one who takes alerts.
    fn second(&self, reader: &Reader) -> Option<&Reader> {
        reader.second.filter(|id| *id != reader.id).and_then(|id| self.reader(id))
    }

    fn change(&mut self, before: &Alert, after: Alert) {
        self.steps.push(Step { rows: vec![(before.clone(), after)], mail: None });
    }

    /// The story under which an open alert that is due leaves now; `None` if it does not, and what became of it is
    /// planned.
    async fn sort(&mut self, rows: &mut Rows, alert: &Alert) -> Result<Option<StoryId>> {
        let ended = |state| Alert { state, due_at: None, ..alert.clone() };
        let Some(reader) = self.reader(alert.reader).cloned() else {
            self.change(alert, ended(AlertState::Dropped { why: Unsent::Reader }));
            return Ok(None);
        };
        let article = rows.list_articles(&[alert.article]).await?.pop();
        let withdrawn = is_withdrawn(rows, alert).await?;
        let Some(article) = article.filter(|a| !withdrawn && !a.is_taken_back()) else {
            self.change(alert, ended(AlertState::Dropped { why: Unsent::Withdrawn }));
            return Ok(None);
        };
        let story = article.story.unwrap_or(alert.story);
        let known = rows.list_alerts_of(story, alert.reader).await?;
        if let Some(told) = known.iter().find(|a| a.id != alert.id && a.is_told() && a.round >= alert.round) {
            let state = match told.story == alert.story {
                true => AlertState::Joined { to: told.id },
                false => AlertState::Merged { into: told.id },
            };
            let left_at = matches!(state, AlertState::Joined { .. }).then_some(self.press.now);
            self.change(alert, Alert { left_at, ..ended(state) });
            return Ok(None);
        }
        if alert.state == AlertState::Held && alert.tier == Tier::Ordinary {
            // the gate is open: it goes on as what can wait
            let due = reader.next_batch(&self.press.house.alerts.hours, self.press.now);
            self.change(alert, Alert { state: AlertState::Waiting, due_at: Some(due), ..alert.clone() });
            return Ok(None);
        }
        Ok(Some(story))
    }

    /// One mail about one story: to the reader, or in their quiet hours to the second person if they wish so.
    async fn flash(&mut self, rows: &mut Rows, reader: ReaderId, group: Group) -> Result<()> {
        let now = self.press.now;
        let Some(reader) = self.reader(reader).cloned() else { return Ok(()) };
        let second = self.second(&reader).cloned();
        let asleep = reader.second_at_night && reader.is_quiet(now.civil().time());
        let lead = &group.alerts[0];
        let subject = Subject { kind: DeliveryKind::Alert, thing: lead.story.0, version: 0, round: lead.round };
        if let Some(second) = second.as_ref().filter(|_| asleep) {
            let instead = Instead { of: reader.name.clone(), quiet: true };
            let mail = self.mail(rows, subject, &group, second, Some(instead)).await?;
            let due = reader.next_batch(&self.press.house.alerts.hours, now);
            let later =
                |a: &Alert| Alert { tier: Tier::Ordinary, state: AlertState::Waiting, due_at: Some(due), ..a.clone() };
            let changed = group.alerts.iter().map(|a| (a.clone(), later(a))).collect();
            self.steps.push(Step { rows: changed, mail });
            return Ok(());
        }
        let mail = self.mail(rows, subject, &group, &reader, None).await?;
        let look = second.is_some().then(|| now.plus(ESCALATES));
        let changed = leaving(&group.alerts, AlertState::Queued, now, look);
        self.steps.push(Step { rows: changed, mail });
        Ok(())
    }

    /// All stories of a reader in one mail, or later: when they had their share of today, or when it is quiet for them now,
    /// because the program was not there at the hour or they have changed their hours since.
    async fn batch(&mut self, rows: &mut Rows, reader: ReaderId, mut groups: Vec<Group>) -> Result<()> {
        let (house, now) = (self.press.house, self.press.now);
        let Some(reader) = self.reader(reader).cloned() else { return Ok(()) };
        let today = Period::days(now.day(), now.day());
        let full = rows.count_alert_mails(reader.id, today).await? >= i64::from(house.alerts.cap);
        let quiet = reader.is_quiet(now.civil().time());
        groups.sort_by_key(|g| g.alerts.iter().map(|a| a.id).min());
        let later = groups.split_off(if full || quiet { 0 } else { MOST_STORIES.min(groups.len()) });
        let due = reader.next_batch(&house.alerts.hours, now);
        for alert in later.iter().flat_map(|g| &g.alerts) {
            self.change(alert, Alert { due_at: Some(due), ..alert.clone() });
        }
        let Some(first) = groups.iter().flat_map(|g| &g.alerts).map(|a| a.id).min() else { return Ok(()) };
        let (mut sheets, mut uses, mut changed): (Vec<AlertSheet>, _, _) = (Vec::new(), Vec::new(), Vec::new());
        let mut caught = Vec::new();
        for group in &groups {
            let speaking: Vec<&Alert> = group.alerts.iter().collect();
            if let Some(made) = sheet(rows, &self.press, group.story, &speaking, &reader, None).await? {
                sheets.push(made.sheet);
                uses.push(made.used);
                caught.extend(made.caught);
            }
            changed.extend(leaving(&group.alerts, AlertState::Bundled { first }, now, None));
        }
        let letter = alert::batch(&reader.name, &sheets, now, &dress(house, self.language(&reader)));
        let subject = Subject { kind: DeliveryKind::Batch, thing: first.0, version: 0, round: 0 };
        let note = ring::of_batch(&letter.subject, &sheets);
        let mail = Mail { caught, ..self.frozen(subject, &letter, &reader, uses, note).await? };
        self.steps.push(Step { rows: changed, mail: Some(mail) });
        Ok(())
    }

    /// A flash that left some time ago: if no server has taken it, the second person is told too.
    async fn look_after(&mut self, rows: &mut Rows, alert: &Alert) -> Result<()> {
        let done = Alert { due_at: None, ..alert.clone() };
        let reader = self.reader(alert.reader).cloned();
        let (Some(reader), Some(subject)) = (reader, alert.subject()) else {
            self.change(alert, done);
            return Ok(());
        };
        let sent = rows.list_deliveries(subject.kind, subject.thing).await?;
        let mine = sent.iter().find(|d| d.subject == subject && d.address == reader.address);
        let over = mine.is_none_or(|d| matches!(d.state, DeliveryState::Accepted | DeliveryState::Suppressed))
            || is_withdrawn(rows, alert).await?;
        let Some(second) = self.second(&reader).cloned().filter(|_| !over) else {
            self.change(alert, done);
            return Ok(());
        };
        let article = rows.list_articles(&[alert.article]).await?.pop();
        let story = article.and_then(|a| a.story).unwrap_or(alert.story);
        let mut alerts = vec![alert.clone()];
        alerts.extend(
            rows.list_alerts_of(alert.story, alert.reader)
                .await?
                .into_iter()
                .filter(|a| a.state == AlertState::Joined { to: alert.id }),
        );
        let instead = Instead { of: reader.name.clone(), quiet: false };
        let mail = self.mail(rows, subject, &Group { story, alerts }, &second, Some(instead)).await?;
        self.steps.push(Step { rows: vec![(alert.clone(), done)], mail });
        Ok(())
    }

    /// The mail of one story.
    async fn mail(
        &self,
        rows: &mut Rows,
        subject: Subject,
        group: &Group,
        to: &Reader,
        instead: Option<Instead>,
    ) -> Result<Option<Mail>> {
        let speaking: Vec<&Alert> = group.alerts.iter().collect();
        let Some(Made { sheet, used, caught }) = sheet(rows, &self.press, group.story, &speaking, to, instead).await?
        else {
            return Ok(None);
        };
        let (house, now) = (self.press.house, self.press.now);
        let article = group.alerts[0].article;
        let web = crate::review::web_link(house, TokenPurpose::Article, article.0, now);
        let letter = alert::alert(&sheet, &Dress { web, ..dress(house, self.language(to)) });
        let mail = self.frozen(subject, &letter, to, vec![used], ring::of_one(&sheet)).await?;
        Ok(Some(Mail { caught, ..mail }))
    }

    async fn frozen(
        &self,
        subject: Subject,
        letter: &Letter,
        to: &Reader,
        uses: Vec<Use>,
        note: PushNote,
    ) -> Result<Mail> {
        let (house, now) = (self.press.house, self.press.now);
        let file = freeze(self.store, house, letter, now).await?;
        let lasts = if subject.kind == DeliveryKind::Batch { BATCH_EXPIRES } else { FLASH_EXPIRES };
        let expires_at = now.plus(lasts);
        let push = to.push.is_some().then_some(NewPush { subject, reader: to.id, note, expires_at });
        let row = NewDelivery {
            subject,
            address: to.address.clone(),
            contact: None,
            reader: Some(to.id),
            letter: file.sha256.clone(),
            due_at: now,
            expires_at: Some(expires_at),
            in_reply_to: None,
            suppressed: None,
        };
        Ok(Mail { row, file, uses, push, caught: Vec::new() })
    }

    fn language(&self, reader: &Reader) -> Lang {
        Lang::parse(&reader.language).unwrap_or(self.press.house.lang)
    }
}

/// Whether the article of an alert is not to be seen any more: hidden, or taken back by its agency.
async fn is_withdrawn(rows: &mut Rows, alert: &Alert) -> Result<bool> {
    Ok(!rows.list_withdrawn(&[alert.article]).await?.is_empty())
}

/// The rows of a story as they leave: the first carries the mail, the others are told in it.
fn leaving(alerts: &[Alert], state: AlertState, now: Timestamp, look: Option<Timestamp>) -> Vec<(Alert, Alert)> {
    let Some(first) = alerts.first().map(|a| a.id) else { return Vec::new() };
    let left = |alert: &Alert| match alert.id == first {
        true => Alert { state, due_at: look, left_at: Some(now), ..alert.clone() },
        false => Alert { state: AlertState::Joined { to: first }, due_at: None, left_at: Some(now), ..alert.clone() },
    };
    alerts.iter().map(|alert| (alert.clone(), left(alert))).collect()
}
