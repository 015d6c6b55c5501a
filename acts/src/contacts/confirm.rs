//! The review of old records: who gave no sign for two years, or whose record has passed its day, is confirmed or deleted
//! by a person. Nothing is deleted by the calendar.

use super::erase::{Erased, erase_within};
use super::keep::find;
use crate::desk::{AtDesk, slip};
use crate::house::{actor, allowed};
use crate::{Denied, Result};
use jiff::civil::Date;
use salastampa_domain::keeping::{Horizon, Stale, stale};
use salastampa_domain::{Act, Contact, ContactId, Event, Timestamp};
use salastampa_locale::t;
use salastampa_store::Rows;
use serde_json::json;

/// So many are confirmed or deleted at once.
const MOST: usize = 500;

/// Those whose records are to be confirmed or deleted, by name, each with why.
pub async fn to_confirm(rows: &mut Rows, now: Timestamp, offset: usize, limit: usize) -> Result<Vec<(Contact, Stale)>> {
    let horizon = Horizon::on(now.day());
    let found = rows.list_contacts_stale(&horizon, offset, limit).await?;
    let why = |(contact, answered)| stale(&contact, answered, &horizon).map(|why| (contact, why));
    Ok(found.into_iter().filter_map(why).collect())
}

/// How many wait.
pub async fn count_to_confirm(rows: &mut Rows, now: Timestamp) -> Result<usize> {
    Ok(rows.count_contacts_stale(&Horizon::on(now.day())).await?)
}

/// Says of journalists that their records are right. Whose record has a day up to which it may be held gets `until` in its
/// place if that is later.
///
/// # Errors
/// [`Denied::Form`] where nobody is chosen, or `until` is not ahead; [`Denied::Unknown`] if one of them is not there any more.
pub async fn confirm(desk: AtDesk<'_>, ids: &[ContactId], until: Option<Date>) -> Result<usize> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    let ids = chosen(&desk, ids)?;
    let Some(until) = until.filter(|day| *day > desk.now.day()) else {
        return Err(Denied::Form(vec![slip("until", t(desk.lang, "keeping.queue.slip_until"))]).into());
    };
    for id in &ids {
        let before = find(&mut write, *id).await?;
        let expires = before.expires.map(|day| day.max(until));
        write.replace_contact(&Contact { expires, confirmed_at: Some(desk.now), ..before.clone() }).await?;
        let said = |day: Option<Date>| json!({ "expires": day.map(|day| day.to_string()) }).to_string();
        let (was, is, subject) = (said(before.expires), said(expires), Event::about_contact(*id));
        write.record_event(desk.now, &actor(&user), "contact.keep", &subject, Some(&was), Some(&is)).await?;
    }
    write.commit().await?;
    Ok(ids.len())
}

/// Erases journalists, all or none.
///
/// # Errors
/// As [`confirm`].
pub async fn erase_several(desk: AtDesk<'_>, ids: &[ContactId]) -> Result<(usize, Erased)> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    let ids = chosen(&desk, ids)?;
    let mut all = Erased { deliveries: 0, stopped: 0 };
    for id in &ids {
        let contact = find(&mut write, *id).await?;
        let one = erase_within(&mut write, desk.house, &contact, &actor(&user), desk.now).await?;
        all = Erased { deliveries: all.deliveries + one.deliveries, stopped: all.stopped + one.stopped };
    }
    write.commit().await?;
    Ok((ids.len(), all))
}

/// The people who were ticked, each once.
fn chosen(desk: &AtDesk<'_>, ids: &[ContactId]) -> Result<Vec<ContactId>> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    match ids.len() {
        0 => Err(Denied::Form(vec![slip("contact", t(desk.lang, "keeping.queue.slip_nobody"))]).into()),
        n if n > MOST => Err(Denied::Form(vec![slip("contact", t(desk.lang, "keeping.queue.slip_many"))]).into()),
        _ => Ok(ids),
    }
}
