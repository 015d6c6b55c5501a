//! The review of an edition: proposed before its hour, frozen and sent at its hour, also if nobody acts.
//!
//! A draft is composed again at the hour, so that what came in between is not missed. What leaves is frozen as a
//! version: the bytes of mail, text and PDF by their hash, an account of each outlet's text shown, and a row in the
//! outbox for each reader. All of it is one transaction, unique by (edition, slot): a second run or a restart makes
//! nothing twice.

use crate::alert::{dress, overrides, rights};
use crate::outbox::{keep, queue};
use crate::{House, Result, booklet, house, outbox};
use salastampa_digest::compose::{Candidate, Shown, compose};
use salastampa_digest::mail;
use salastampa_domain::delivery::Attachment;
use salastampa_domain::time::MINUTE;
use salastampa_domain::{
    Actor, Coverage, DeliveryKind, Edition, Event, FileRef, Health, IllSource, Letter, NewDelivery, Outlet, Period,
    PickupLevel, PickupLine, Reader, Review, ReviewId, ReviewState, Slot, Subject, Timestamp, WatchId,
};
use salastampa_locale::Lang;
use salastampa_store::{Rows, Store};
use std::collections::BTreeMap;

/// Makes whatever reviews are due at `now`: proposals and issues. Gives how many.
pub async fn make_due(store: &Store, house: &House, now: Timestamp) -> Result<usize> {
    let editions = store.read().await?.list_editions().await?;
    let mut made = 0;
    for edition in &editions {
        if let Some(slot) = edition.schedule.due(edition.done, now) {
            made += usize::from(publish(store, house, edition, slot, None, now).await?);
        } else if let Some(slot) = proposal_due(edition, now) {
            made += usize::from(propose(store, edition, slot, now).await?);
        }
    }
    Ok(made)
}

/// When the next proposal or issue of any edition is due.
pub async fn next_due(store: &Store) -> Result<Option<Timestamp>> {
    let mut rows = store.read().await?;
    let mut due = Vec::new();
    for edition in rows.list_editions().await? {
        let Some(slot) = edition.schedule.next_after(edition.done) else { continue };
        let proposed = rows.find_review(edition.id, slot).await?.is_some();
        due.push(if proposed { slot.instant() } else { ready_at(&edition, slot) });
    }
    Ok(due.into_iter().min())
}

fn ready_at(edition: &Edition, slot: Slot) -> Timestamp {
    slot.instant().plus(-i64::from(edition.ready_before) * MINUTE)
}

fn proposal_due(edition: &Edition, now: Timestamp) -> Option<Slot> {
    let slot = edition.schedule.next_after(edition.done)?;
    (ready_at(edition, slot) <= now).then_some(slot)
}

/// Writes the draft for the desk; false if it stands there already.
async fn propose(store: &Store, edition: &Edition, slot: Slot, now: Timestamp) -> Result<bool> {
    let mut rows = store.read().await?;
    if rows.find_review(edition.id, slot).await?.is_some() {
        return Ok(false);
    }
    let (review, _) = composed(&mut rows, edition, slot, now).await?;
    drop(rows);
    let mut write = store.write().await?;
    if write.find_review(edition.id, slot).await?.is_none() {
        let id = write.record_review(review).await?;
        let who = Actor::Job { name: "review".into() };
        write.record_event(now, &who, "review.propose", &Event::about_review(id), None, None).await?;
    }
    write.commit().await?;
    Ok(true)
}

/// Freezes and sends an issue. `by` confirmed it; without, it is marked *non revisionata*. False if it is out already.
pub async fn publish(
    store: &Store,
    house: &House,
    edition: &Edition,
    slot: Slot,
    by: Option<salastampa_domain::UserId>,
    now: Timestamp,
) -> Result<bool> {
    let mut rows = store.read().await?;
    let draft = rows.find_review(edition.id, slot).await?;
    if draft.as_ref().is_some_and(|r| r.version > 0) {
        drop(rows);
        finish(store, edition, slot).await?;
        return Ok(false);
    }
    let readers: Vec<Reader> = rows
        .list_readers()
        .await?
        .into_iter()
        .filter(|r| r.receives.reviews && r.editions.contains(&edition.id))
        .collect();
    let (mut review, shown) = composed(&mut rows, edition, slot, now).await?;
    drop(rows);
    review.id = draft.map_or(ReviewId(0), |d| d.id);
    review.version = 1;
    review.state = ReviewState::Published { at: now, by };
    let issue = issue(store, house, edition, &review, &readers, now).await?;

    let mut write = store.write().await?;
    if write.find_review(edition.id, slot).await?.is_some_and(|r| r.version > 0) {
        return Ok(false);
    }
    if review.id == ReviewId(0) {
        review.id = write.record_review(review.clone()).await?;
    }
    write.replace_review(&review).await?;
    for file in issue.files() {
        write.record_file(file).await?;
    }
    write.record_review_version(&review, now, &issue.outputs).await?;
    let count = readers.len();
    let uses: Vec<_> = ["review mail", "review pdf"]
        .iter()
        .flat_map(|output| shown.iter().map(move |s| s.leaving(now, output, count)))
        .collect();
    write.record_uses(&uses).await?;
    let rows: Vec<NewDelivery> = readers.iter().map(|reader| row(house, reader, &review, &issue, now)).collect();
    queue(&mut write, house, &rows, now).await?;
    write.record_edition_done(edition.id, slot).await?;
    let who = by.map_or(Actor::Job { name: "review".into() }, |id| Actor::User { id });
    let after = format!("{{\"readers\":{},\"entries\":{}}}", readers.len(), shown.len());
    write.record_event(now, &who, "review.publish", &Event::about_review(review.id), None, Some(&after)).await?;
    write.commit().await?;
    Ok(true)
}

async fn finish(store: &Store, edition: &Edition, slot: Slot) -> Result<()> {
    let mut write = store.write().await?;
    write.record_edition_done(edition.id, slot).await?;
    write.commit().await?;
    Ok(())
}

/// The frozen bytes of an issue: a letter and its PDF for each language that somebody reads.
struct Issue {
    letters: BTreeMap<&'static str, FileRef>,
    papers: Vec<FileRef>,
    outputs: Vec<(String, String)>,
}

impl Issue {
    fn files(&self) -> impl Iterator<Item = &FileRef> {
        self.letters.values().chain(&self.papers)
    }
}

async fn issue(
    store: &Store,
    house: &House,
    edition: &Edition,
    review: &Review,
    readers: &[Reader],
    now: Timestamp,
) -> Result<Issue> {
    let mut issue = Issue { letters: BTreeMap::new(), papers: Vec::new(), outputs: Vec::new() };
    for language in Lang::ALL {
        let wanted = language == house.lang || readers.iter().any(|r| r.language == language.code());
        if !wanted {
            continue;
        }
        let dress = dress(house, language);
        let value = booklet::booklet(review, &dress);
        let set = tokio::task::spawn_blocking(move || salastampa_pdf::render(&value)).await;
        let mut letter: Letter = mail::review(review, &dress);
        match set.map_err(anyhow::Error::from).and_then(|set| set.map_err(anyhow::Error::from)) {
            Ok(bytes) => {
                let pdf = keep(store, &bytes, "application/pdf", now).await?;
                letter.attachments.push(Attachment {
                    name: format!("rassegna-{}-{}.pdf", edition.slug, review.slot.0.date()),
                    mime: "application/pdf".into(),
                    file: pdf.sha256.clone(),
                });
                // the office's own language is the one that is asked for without a word
                let name = if language == house.lang { "pdf".to_owned() } else { format!("pdf.{}", language.code()) };
                issue.outputs.push((name, pdf.sha256.clone()));
                issue.papers.push(pdf);
            }
            // the mail is the product: it never misses its hour for its paper
            Err(why) => tracing::error!("the review {} leaves without its PDF: {why:#}", edition.slug),
        }
        let file = outbox::freeze(store, house, &letter, now).await?;
        issue.outputs.push((format!("letter.{}", language.code()), file.sha256.clone()));
        issue.letters.insert(language.code(), file);
    }
    Ok(issue)
}

fn row(house: &House, reader: &Reader, review: &Review, issue: &Issue, now: Timestamp) -> NewDelivery {
    let letter = issue.letters.get(reader.language.as_str()).or_else(|| issue.letters.get(house.lang.code()));
    NewDelivery {
        subject: Subject { kind: DeliveryKind::Review, thing: review.id.0, version: review.version, round: 0 },
        address: reader.address.clone(),
        contact: None,
        reader: Some(reader.id),
        letter: letter.map_or_else(String::new, |f| f.sha256.clone()),
        due_at: now,
        expires_at: None,
        in_reply_to: None,
        suppressed: None,
    }
}

/// The issue as the rows have it now, with what it shows of others' texts.
async fn composed(rows: &mut Rows, edition: &Edition, slot: Slot, now: Timestamp) -> Result<(Review, Vec<Shown>)> {
    let period = Period { from: beginning(rows, edition).await?, to: slot.instant().max(now) };
    let readers =
        rows.list_readers().await?.iter().filter(|r| r.receives.reviews && r.editions.contains(&edition.id)).count();
    let outlets: BTreeMap<_, Outlet> = rows.list_outlets().await?.into_iter().map(|o| (o.id, o)).collect();
    let candidates = candidates(rows, edition, period, &outlets).await?;
    let (sections, shown) = compose(edition, candidates, readers, house::today(now));
    let review = Review {
        id: ReviewId(0),
        edition: edition.id,
        title: edition.name.clone(),
        slot,
        period,
        version: 0,
        state: ReviewState::Draft,
        sections,
        pickup: pickup(rows, period, &outlets).await?,
        coverage: coverage(rows, period, &outlets).await?,
    };
    Ok((review, shown))
}

/// Where the last issue ended: at its hour, or later if it was made late; so no clipping comes twice and none is lost.
async fn beginning(rows: &mut Rows, edition: &Edition) -> Result<Timestamp> {
    let last = rows.find_review(edition.id, edition.done).await?.filter(|r| r.version > 0);
    Ok(last.map_or(edition.done.instant(), |r| r.period.to))
}

async fn candidates(
    rows: &mut Rows,
    edition: &Edition,
    period: Period,
    outlets: &BTreeMap<salastampa_domain::OutletId, Outlet>,
) -> Result<Vec<Candidate>> {
    let feeds: Vec<WatchId> = edition.sections.iter().flat_map(|s| s.watches.iter().copied()).collect();
    let watches: BTreeMap<_, _> = rows.list_watches().await?.into_iter().map(|w| (w.id, w)).collect();
    let clippings = rows.list_clippings(&feeds, period).await?;
    let mut ids: Vec<_> = clippings.iter().map(|c| c.article).collect();
    ids.sort_unstable();
    ids.dedup();
    let articles: BTreeMap<_, _> = rows.list_articles(&ids).await?.into_iter().map(|a| (a.id, a)).collect();
    let bodies: BTreeMap<_, _> = rows.list_bodies(&ids).await?.into_iter().collect();
    let overrides = overrides(rows).await?;
    let mut roots = BTreeMap::new();
    for group in articles.values().filter_map(|a| a.copy_group) {
        if let std::collections::btree_map::Entry::Vacant(place) = roots.entry(group) {
            place.insert(rows.find_copy_group(group).await?.map(|g| g.root));
        }
    }
    Ok(clippings
        .into_iter()
        .filter_map(|clipping| {
            let article = articles.get(&clipping.article)?.clone();
            let outlet = outlets.get(&article.outlet)?;
            let outlet = Outlet { rights: rights(&article, outlet, &overrides), ..outlet.clone() };
            let root = article.copy_group.and_then(|g| roots.get(&g).copied().flatten());
            Some(Candidate {
                watch: watches.get(&clipping.watch)?.clone(),
                body: bodies.get(&article.id).cloned().unwrap_or_default(),
                is_copy: root.is_some_and(|root| root != article.id),
                clipping,
                article,
                outlet,
            })
        })
        .collect())
}

async fn pickup(
    rows: &mut Rows,
    period: Period,
    outlets: &BTreeMap<salastampa_domain::OutletId, Outlet>,
) -> Result<Vec<PickupLine>> {
    let mut lines = Vec::new();
    for found in rows.list_pickup(period).await? {
        if found.level < PickupLevel::Quote {
            continue;
        }
        let (Some(release), Some(article)) =
            (rows.find_release_by_id(found.release).await?, rows.find_article(found.article).await?)
        else {
            continue;
        };
        lines.push(PickupLine {
            release: release.id,
            title: release.title,
            outlet_name: outlets.get(&article.outlet).map_or_else(String::new, |o| o.name.clone()),
            delay: article.dated().since(release.public_at.unwrap_or(article.dated())),
            url: article.url,
            level: found.level,
        });
    }
    lines.sort_by_key(|l| (l.release, std::cmp::Reverse(l.level), l.delay));
    Ok(lines)
}

async fn coverage(
    rows: &mut Rows,
    period: Period,
    outlets: &BTreeMap<salastampa_domain::OutletId, Outlet>,
) -> Result<Coverage> {
    let articles = usize::try_from(rows.count_articles_kept(period).await?).unwrap_or(0);
    let mut coverage = Coverage { articles, ..Coverage::default() };
    for source in rows.list_sources().await?.into_iter().filter(salastampa_domain::Source::is_active) {
        coverage.total += 1;
        let ill = match source.health {
            Health::New | Health::Alive | Health::Failing { .. } => {
                coverage.alive += 1;
                continue;
            }
            Health::Ill { since, why, .. } | Health::Blocked { since, why } => (since, why),
            Health::Forbidden { since } => (since, "robots.txt".to_owned()),
        };
        coverage.ill.push(IllSource {
            outlet_name: outlets.get(&source.outlet).map_or_else(String::new, |o| o.name.clone()),
            source: source.slug,
            since: ill.0,
            why: ill.1,
        });
    }
    Ok(coverage)
}
