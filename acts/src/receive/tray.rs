//! The tray of mails that carry no token of ours: a person puts each to a journalist, or aside. None is thrown away.

use crate::contacts::find_one;
use crate::desk::AtDesk;
use crate::house::{actor, allowed};
use crate::{Denied, Result};
use salastampa_domain::{Act, ContactId, InboundId};
use salastampa_store::Write;
use serde_json::json;

/// Puts a mail to a journalist: it is shown with them, and counts nothing.
pub async fn assign(desk: AtDesk<'_>, id: InboundId, contact: ContactId) -> Result<()> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    find_one(&mut write, contact).await?;
    let done = write.assign_inbound(id, contact).await?;
    must_wait(&mut write, &desk, id, done).await?;
    let after = json!({ "contact": contact.0 }).to_string();
    write.record_event(desk.now, &actor(&user), "inbound.assign", &about(id), None, Some(&after)).await?;
    write.commit().await?;
    Ok(())
}

/// Puts a mail aside: it waits for nobody, and stays.
pub async fn put_aside(desk: AtDesk<'_>, id: InboundId) -> Result<()> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    let done = write.put_inbound_aside(id, desk.now).await?;
    must_wait(&mut write, &desk, id, done).await?;
    write.record_event(desk.now, &actor(&user), "inbound.aside", &about(id), None, None).await?;
    write.commit().await?;
    Ok(())
}

/// Lets a mail that was put aside wait again.
pub async fn take_back(desk: AtDesk<'_>, id: InboundId) -> Result<()> {
    let mut write = desk.store.write().await?;
    let user = allowed(&mut write, desk.login, Act::KeepContacts).await?;
    let done = write.take_inbound_back(id).await?;
    must_wait(&mut write, &desk, id, done).await?;
    write.record_event(desk.now, &actor(&user), "inbound.back", &about(id), None, None).await?;
    write.commit().await?;
    Ok(())
}

fn about(id: InboundId) -> String {
    format!("inbound:{id}")
}

/// Refuses where nothing was changed: there is no such mail, or somebody was faster.
async fn must_wait(write: &mut Write, desk: &AtDesk<'_>, id: InboundId, done: bool) -> Result<()> {
    if done {
        return Ok(());
    }
    if write.find_inbound(id).await?.is_none() {
        return Err(Denied::Unknown { what: "inbound", name: id.to_string() }.into());
    }
    let sentence = salastampa_locale::t(desk.lang, "returned.refused.decided").to_owned();
    Err(Denied::Invalid(vec![sentence]).into())
}
