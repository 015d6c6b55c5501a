//! Readers whose mail comes back: the mayor gets no review, and nobody at the office would know.
//!
//! A machine suspends no reader, so the mail goes on. It is told at the desk from the first mail that came back, until the
//! reader has another address, a person says that it is settled, or nothing came back for [`TOLD`]. What a server refuses by
//! policy is told too: it says nothing of the address, but the reader gets nothing. Left out: who was reached all the same.

use crate::desk::AtDesk;
use crate::house::{actor, allowed};
use crate::{Denied, Result};
use salastampa_domain::time::DAY;
use salastampa_domain::{Act, Event, Reader, ReaderId, Return, ReturnedAddress, Timestamp};
use salastampa_store::Rows;
use std::collections::BTreeMap;

/// So long after the last mail that came back it is still told.
const TOLD: i64 = 30 * DAY;

/// The readers whose mail comes back, each with the last thing that was told. Without those who get nothing by the office's
/// wish.
pub async fn readers_returned(rows: &mut Rows, now: Timestamp) -> Result<BTreeMap<ReaderId, (Reader, Return)>> {
    // most days nothing came back, and nobody is looked up
    let told = rows.list_reader_returns(now.plus(-TOLD)).await?;
    if told.is_empty() {
        return Ok(BTreeMap::new());
    }
    let is_written_to = |reader: &Reader| reader.receives.alerts || reader.receives.reviews;
    let readers: BTreeMap<ReaderId, Reader> =
        rows.list_readers().await?.into_iter().filter(is_written_to).map(|reader| (reader.id, reader)).collect();
    // oldest first: the last one stays
    Ok(told.into_iter().filter_map(|(id, told)| Some((id, (readers.get(&id)?.clone(), told)))).collect())
}

/// *È a posto*: a person knows that the address works. What came back before is told no more.
pub async fn settle_reader(desk: AtDesk<'_>, slug: &str) -> Result<()> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    let found = write.find_reader_by_slug(slug).await?;
    let reader = found.ok_or_else(|| Denied::Unknown { what: "reader", name: slug.to_owned() })?;
    let known = write.find_returned_address(&reader.address).await?;
    // a journalist may have the same address: whether that is mailed is decided on their page
    let (suspended_at, confirmed_at) = known.map_or((None, None), |known| (known.suspended_at, known.confirmed_at));
    let settled = ReturnedAddress { address: reader.address, suspended_at, confirmed_at, freed_at: Some(desk.now) };
    write.replace_returned_address(&settled).await?;
    write.record_event(desk.now, &actor(&user), "reader.free", &Event::about_reader(reader.id), None, None).await?;
    write.commit().await?;
    Ok(())
}
