//! A later version of a review that is out: always a person's act. The web page and the PDF of the new version are whole;
//! the readers are told the difference only.

use super::{Joined, seen_edition};
use crate::outbox::{freeze, queue};
use crate::review::{print, rows, web_link};
use crate::{Denied, House, Result, house};
use salastampa_digest::net::Caught;
use salastampa_digest::{Dress, mail};
use salastampa_domain::{
    Act, AlsoIn, DeliveryKind, Edition, Entry, Event, IssueKey, NewDelivery, Review, ReviewState, StoryId, Subject,
    Timestamp, TokenPurpose, Visibility,
};
use salastampa_locale::Lang;
use salastampa_store::{Rows, Store};

/// What a later version would change.
#[derive(Clone, PartialEq, Debug)]
pub struct Difference {
    /// The review as it would be.
    pub next: Review,
    /// Entries that were not there.
    pub added: Vec<Entry>,
    /// Entries that read otherwise now.
    pub corrected: Vec<Entry>,
    /// Entries that are gone.
    pub removed: Vec<Entry>,
    /// What was to show more than its rights allow, and fell back to its title.
    pub caught: Vec<Caught>,
}

impl Difference {
    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.corrected.is_empty() && self.removed.is_empty()
    }
}

/// What was decided about an issue since its last version went out; `None` while none is out.
pub async fn difference(
    rows: &mut Rows,
    edition: &Edition,
    key: IssueKey,
    now: Timestamp,
) -> Result<Option<Difference>> {
    let Some(last) = rows.find_review(key.edition, key.slot).await? else { return Ok(None) };
    let ReviewState::Published { at, .. } = last.state else { return Ok(None) };
    let issue = rows::laid(rows, edition, key.slot, last.period, now).await?;
    let mut changed = Difference { next: last, added: vec![], corrected: vec![], removed: vec![], caught: vec![] };
    let joined = Joined::of(rows).await?;
    let since = issue.arrangement.hands.values().filter(|h| h.at >= at && h.by.is_some());
    for hand in since {
        let line = issue.lines.iter().find(|l| l.story == Some(hand.story));
        let sections = &mut changed.next.sections;
        // entries may have become one story since: one of them goes on for all
        let entries = sections.iter().flat_map(|s| &s.entries).map(|e| e.story);
        let told: Vec<StoryId> = entries.filter(|story| joined.now(*story) == hand.story).collect();
        let stays = told.iter().find(|story| **story == hand.story).or(told.first()).copied();
        let stays = stays.filter(|_| !hand.is_dropped());
        for section in sections.iter_mut() {
            let gone = |e: &mut Entry| told.contains(&e.story) && Some(e.story) != stays;
            changed.removed.extend(section.entries.extract_if(.., gone));
        }
        let was = stays.and_then(|story| sections.iter_mut().flat_map(|s| &mut s.entries).find(|e| e.story == story));
        match (was, line) {
            (Some(was), Some(line)) => {
                let entry = corrected(was, &line.entry);
                if entry != *was {
                    *was = entry.clone();
                    changed.corrected.push(entry);
                }
            }
            (None, Some(line)) if hand.is_kept() => {
                let id = issue.edition.sections.get(line.section).map(|s| s.id);
                let Some(section) = sections.iter_mut().find(|s| Some(s.section) == id) else { continue };
                section.entries.push(line.entry.clone());
                changed.added.push(line.entry.clone());
            }
            _ => {}
        }
    }
    if changed.is_empty() {
        return Ok(Some(changed));
    }
    let (changed, caught) = crate::net::difference(rows, changed, issue.readers.len(), now).await?;
    Ok(Some(Difference { caught, ..changed }))
}

/// An entry as it reads now. Who else wrote of it since is no correction: the others stay those of the version that is out,
/// and where another article leads now, it leaves them and the one that led before stands first among them.
fn corrected(was: &Entry, now: &Entry) -> Entry {
    let mut also_in = was.also_in.clone();
    if now.article != was.article && now.outlet != was.outlet {
        also_in.retain(|other| other.article != now.article && other.outlet_name != now.outlet_name);
        let known = now.also_in.iter().find(|other| other.article == was.article).cloned();
        let led = known.unwrap_or_else(|| AlsoIn {
            article: was.article,
            outlet_name: was.outlet_name.clone(),
            url: was.url.clone(),
            copy: false,
            origin: String::new(),
        });
        also_in.insert(0, led);
    }
    // under the number that it left with, also where its story was joined to another since
    Entry { also_in, why: was.why.clone(), story: was.story, ..now.clone() }
}

/// Publishes what changed since the last version, and tells it to the readers. Gives the number of the version.
pub async fn publish_late(store: &Store, house: &House, login: &str, key: IssueKey, now: Timestamp) -> Result<u32> {
    let mut rows = store.read().await?;
    let user = house::allowed(&mut rows, login, Act::PublishReview).await?;
    let edition = seen_edition(&mut rows, &user, key).await?;
    let nothing = || Denied::Invalid(vec![salastampa_locale::t(house.lang, "curation.no_difference").to_owned()]);
    let changed = difference(&mut rows, &edition, key, now).await?.filter(|d| !d.is_empty()).ok_or_else(nothing)?;
    let mut readers = rows::readers(&mut rows, &edition).await?;
    let revoked = rows.list_reader_revocations(changed.next.id).await?;
    readers.retain(|reader| revoked.iter().all(|(id, _)| *id != reader.id));
    drop(rows);
    let before = changed.next.version;
    let next = Review {
        version: before + 1,
        state: ReviewState::Published { at: now, by: Some(user.id) },
        ..changed.next.clone()
    };
    let printed = print::print(store, house, &edition, &next, &readers, now).await?;
    let web = web_link(house, TokenPurpose::Review, next.id.0, now);
    let mut letters = Vec::new();
    let is_reserved = edition.visibility == Visibility::Reserved;
    for language in Lang::ALL.into_iter().filter(|_| !is_reserved) {
        let dress = Dress { web: web.clone(), ..crate::alert::dress(house, language) };
        let letter = mail::difference(&next, (&changed.added, &changed.corrected, &changed.removed), &dress);
        letters.push((language, freeze(store, house, &letter, now).await?));
    }
    let mut write = store.write().await?;
    if write.find_review_by_id(next.id).await?.is_none_or(|r| r.version != before) {
        return Err(Denied::Changed { by: "—".into(), at: now }.into());
    }
    write.replace_review(&next).await?;
    for file in printed.files().chain(letters.iter().map(|(_, file)| file)) {
        write.record_file(file).await?;
    }
    write.record_review_version(&next, now, &printed.outputs).await?;
    let uses: Vec<_> =
        changed.added.iter().chain(&changed.corrected).map(|e| shown(&edition, e, now, readers.len())).collect();
    write.record_uses(&uses).await?;
    crate::net::write_down(&mut write, &Event::about_review(next.id), &changed.caught, now).await?;
    let rows: Vec<NewDelivery> = readers
        .iter()
        .map(|reader| NewDelivery {
            subject: Subject { kind: DeliveryKind::Difference, thing: next.id.0, version: next.version, round: 0 },
            address: reader.address.clone(),
            contact: None,
            reader: Some(reader.id),
            letter: printed
                .own(reader.id)
                .or(letters.iter().find(|(l, _)| l.code() == reader.language).or(letters.first()).map(|(_, f)| f))
                .map_or_else(String::new, |f| f.sha256.clone()),
            due_at: now,
            expires_at: None,
            in_reply_to: None,
            suppressed: None,
        })
        .collect();
    queue(&mut write, house, &rows, now).await?;
    let after = format!(
        "{{\"version\":{},\"added\":{},\"corrected\":{},\"removed\":{}}}",
        next.version,
        changed.added.len(),
        changed.corrected.len(),
        changed.removed.len()
    );
    let who = house::actor(&user);
    write.record_event(now, &who, "review.publish", &Event::about_review(next.id), None, Some(&after)).await?;
    write.commit().await?;
    Ok(next.version)
}

fn shown(edition: &Edition, entry: &Entry, now: Timestamp, readers: usize) -> salastampa_domain::Use {
    let chars = entry.extract.as_str().chars().count();
    let shown = salastampa_digest::Shown { outlet: entry.outlet, article: entry.article, chars };
    shown.leaving(now, crate::review::outputs(edition)[0], readers)
}
