//! Addresses that reject mail: from three points on a journalist's is not mailed any more, until a person looks.
//!
//! The score is made anew from what came back (`domain::inbound::score`), so that there is no number to keep in step. A
//! reader of reviews is never suspended by a machine: that mail comes back is told, and a person decides.

use crate::contacts::find_one;
use crate::desk::AtDesk;
use crate::house::{actor, allowed};
use crate::{Denied, House, Result, token};
use salastampa_domain::inbound::{HALF_LIFE, SUSPENDED_FROM, score};
use salastampa_domain::{
    Act, Address, ContactId, Delivery, Event, InboundKind, Return, ReturnedAddress, Suppression, Timestamp,
};
use salastampa_store::{Rows, Store, Write};
use serde_json::json;

/// Why nothing goes to an address that rejects mail, in the rows.
pub const BOUNCED: &str = "bounced";
/// What came back so many half-lives ago counts less than a hundredth of a point.
const REMEMBERED: i64 = 8;

/// How an address stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// Thousandths of a point.
    pub score: i64,
    /// What a person may have said of it.
    pub known: Option<ReturnedAddress>,
}

/// How an address stands now.
pub async fn standing(rows: &mut Rows, address: &Address, now: Timestamp) -> Result<Standing> {
    let known = rows.find_returned_address(address).await?;
    let since = known.as_ref().and_then(|known| known.freed_at).unwrap_or(now.plus(-REMEMBERED * HALF_LIFE));
    let score = score(&rows.list_bounces(address, since).await?, now);
    Ok(Standing { score, known })
}

/// Suspends an address from which too much came back; gives whether it did.
pub(super) async fn weigh(write: &mut Write, house: &House, address: &Address, now: Timestamp) -> Result<bool> {
    let Standing { score, known } = standing(write, address, now).await?;
    if score < SUSPENDED_FROM || known.as_ref().is_some_and(|known| known.suspended_at.is_some()) {
        return Ok(false);
    }
    let Some(contact) = write.find_contact_by_address(address).await? else { return Ok(false) };
    let suspended = ReturnedAddress {
        address: address.clone(),
        suspended_at: Some(now),
        confirmed_at: None,
        freed_at: known.and_then(|known| known.freed_at),
    };
    write.replace_returned_address(&suspended).await?;
    let hash = token::suppression(&house.key, address);
    write.record_suppression(&Suppression { hash, at: now, why: BOUNCED.into() }).await?;
    let stopped = write.suppress_deliveries(address, BOUNCED).await?;
    let after = json!({ "score": score, "stopped": stopped }).to_string();
    let subject = Event::about_contact(contact.id);
    write.record_event(now, &super::program(), "contact.suspend", &subject, None, Some(&after)).await?;
    Ok(true)
}

/// A server said in the dialogue itself that it knows no such recipient: it counts like a mail that came back.
pub async fn refused(store: &Store, house: &House, delivery: &Delivery, said: &str, now: Timestamp) -> Result<bool> {
    let told = Return {
        delivery: delivery.id,
        at: now,
        kind: InboundKind::HardBounce,
        status: String::new(),
        said: said.to_owned(),
    };
    let mut write = store.write().await?;
    write.record_return(&told).await?;
    let suspended = weigh(&mut write, house, &delivery.address, now).await?;
    write.commit().await?;
    Ok(suspended)
}

/// *Riattiva*: a person knows that the address works. What came back before counts no more.
pub async fn free(desk: AtDesk<'_>, id: ContactId) -> Result<()> {
    let (mut write, address, known, user) = suspended(&desk, id).await?;
    let freed = ReturnedAddress { suspended_at: None, confirmed_at: None, freed_at: Some(desk.now), ..known };
    write.replace_returned_address(&freed).await?;
    write.free_suppression(&token::suppression(&desk.house.key, &address)).await?;
    write.record_event(desk.now, &actor(&user), "contact.free", &Event::about_contact(id), None, None).await?;
    write.commit().await?;
    Ok(())
}

/// *Conferma*: a person agrees that the address takes no mail, and is not asked again.
pub async fn confirm(desk: AtDesk<'_>, id: ContactId) -> Result<()> {
    let (mut write, _, known, user) = suspended(&desk, id).await?;
    if known.confirmed_at.is_none() {
        write.replace_returned_address(&ReturnedAddress { confirmed_at: Some(desk.now), ..known }).await?;
        write.record_event(desk.now, &actor(&user), "contact.confirm", &Event::about_contact(id), None, None).await?;
    }
    write.commit().await?;
    Ok(())
}

/// The suspended address of a journalist, for who may decide about it.
async fn suspended(
    desk: &AtDesk<'_>,
    id: ContactId,
) -> Result<(Write, Address, ReturnedAddress, salastampa_domain::User)> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    let address = find_one(&mut write, id).await?.address;
    let known = write.find_returned_address(&address).await?.filter(|known| known.suspended_at.is_some());
    let Some(known) = known else {
        let sentence = salastampa_locale::t(desk.lang, "returned.refused.not_suspended").to_owned();
        return Err(Denied::Invalid(vec![sentence]).into());
    };
    Ok((write, address, known, user))
}
