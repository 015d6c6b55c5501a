//! By which key the rows were written, and going on with another one when it is lost.
//!
//! The database keeps a fingerprint, from which nobody makes the key. What can be made anew under another key is: whoever
//! has left or was suspended and is still written down stays closed, at each address that they were mailed at, and so do
//! the aliases of the erased: a correction goes to whoever got the first text, by address. What cannot is given up: marks of the erased, links
//! that are out, sealed secrets.

use crate::contacts::erase::is_alias;
use crate::{Result, second_factor, token};
use salastampa_domain::{Actor, Suppression, Timestamp, User};
use salastampa_store::{Rows, Store, Write};
use serde_json::json;
use std::collections::BTreeMap;

/// The row that holds the fingerprint.
const KNOWN: &str = "office_key";

/// What going on with another key did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Accepted {
    /// Addresses that stay closed under the new key.
    pub closed: usize,
    /// Second factors that must be set up again.
    pub factors: usize,
}

/// What a key is known by: 32 hexadecimal digits.
pub fn fingerprint(key: &[u8]) -> String {
    token::fingerprint(key)
}

/// The fingerprint of the key that this database was written with; none in one that has seen no key yet.
///
/// # Errors
/// The store fails.
pub async fn known(rows: &mut Rows) -> std::result::Result<Option<String>, salastampa_store::Error> {
    rows.find_meta(KNOWN).await
}

/// Remembers the key.
///
/// # Errors
/// The store fails.
pub async fn remember(write: &mut Write, key: &[u8]) -> std::result::Result<(), salastampa_store::Error> {
    write.record_meta(KNOWN, &fingerprint(key)).await
}

/// Goes on with another key.
pub async fn accept(store: &Store, key: &[u8], now: Timestamp) -> Result<Accepted> {
    let mut write = store.write().await?;
    let before = known(&mut write).await?;
    let mailed = write.list_mailed_addresses().await?;
    let mut closed = BTreeMap::new();
    for (address, _) in mailed.iter().filter(|(address, _)| is_alias(address)) {
        closed.insert(address.clone(), (now, "erased"));
    }
    for contact in write.list_contacts().await? {
        let suspended = write.find_returned_address(&contact.address).await?.and_then(|known| known.suspended_at);
        let (at, why) = match (contact.opted_out_at, suspended) {
            (Some(at), _) => (at, "opt-out"),
            (None, Some(at)) => (at, crate::receive::BOUNCED),
            (None, None) => continue,
        };
        let before = mailed.iter().filter(|(_, to)| *to == Some(contact.id)).map(|(address, _)| address.clone());
        closed.extend(before.chain([contact.address]).map(|address| (address, (at, why))));
    }
    for (address, (at, why)) in &closed {
        let hash = token::suppression(key, address);
        write.record_suppression(&Suppression { hash, at: *at, why: (*why).into() }).await?;
    }
    let mut done = Accepted { closed: closed.len(), factors: 0 };
    for user in write.list_users().await? {
        // a secret that nobody reads any more would lock its owner out
        if user.second_factor.as_ref().is_some_and(|factor| !second_factor::is_readable(key, factor)) {
            write.record_user(&User { second_factor: None, ..user }).await?;
            done.factors += 1;
        }
    }
    remember(&mut write, key).await?;
    let after = json!({ "key": fingerprint(key), "closed": done.closed, "factors": done.factors }).to_string();
    write.record_event(now, &Actor::Console, "key.accept", "house", before.as_deref(), Some(&after)).await?;
    write.commit().await?;
    Ok(done)
}
