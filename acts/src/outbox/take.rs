//! A worker takes what is due, and who wants nothing any more is left out.
//!
//! It is asked here once more, at the last moment: a message may have waited for days, or been in doubt while its receiver
//! left. Whoever leaves after this is met by the mark that leaving puts on what a worker holds: such a message does not
//! begin (`start_all_data`).

use crate::{House, Result, token};
use salastampa_domain::{ContactId, Delivery, DeliveryState};
use salastampa_releases::recipients::LAPSED;
use salastampa_store::{Claim, End, Hold, Write};
use std::collections::HashMap;

/// Takes messages for a worker. With `probes`, one of a paused lane first, when its trial is due. Gives what is to be
/// sent, and how many were left out for good.
pub async fn take(write: &mut Write, house: &House, claim: &Claim<'_>, probes: bool) -> Result<(Vec<Delivery>, usize)> {
    let tried = match probes {
        true => write.claim_probe(claim.worker, claim.now, claim.until).await?,
        false => None,
    };
    let taken = match tried {
        Some(one) => vec![one],
        None => write.claim_deliveries(claim).await?,
    };
    // readers of alerts and reviews are on no list that one leaves; nor is who asks for their own data
    let hash = |delivery: &Delivery| {
        let on_list = delivery.reader.is_none() && delivery.subject.kind.goes_to_lists();
        on_list.then(|| token::suppression(&house.key, &delivery.address))
    };
    let hashes: Vec<Option<String>> = taken.iter().map(hash).collect();
    let asked: Vec<&str> = hashes.iter().flatten().map(String::as_str).collect();
    let left: HashMap<String, String> =
        write.list_suppressions(&asked).await?.into_iter().map(|gone| (gone.hash, gone.why)).collect();
    // the licence under which an address is held may have ended while the message waited
    let to_lists: Vec<ContactId> =
        taken.iter().filter(|one| one.subject.kind.goes_to_lists()).filter_map(|one| one.contact).collect();
    let mut lapsed = write.find_contacts(&to_lists).await?;
    lapsed.retain(|contact| contact.is_lapsed(claim.now.day()));
    let why = |delivery: &Delivery, hash: &Option<String>| {
        let on_list = hash.is_some() && lapsed.iter().any(|contact| Some(contact.id) == delivery.contact);
        let gone = hash.as_ref().and_then(|hash| left.get(hash)).map(String::as_str);
        gone.or(on_list.then_some(LAPSED))
    };
    let mut ends = Vec::new();
    for (delivery, hash) in taken.iter().zip(&hashes) {
        let Some(why) = why(delivery, hash) else { continue };
        let hold = Hold { id: delivery.id, worker: claim.worker, attempt: delivery.attempt };
        ends.push(End { hold, state: &DeliveryState::Suppressed, reason: Some(why), at: claim.now });
    }
    write.finish_deliveries(&ends).await?;
    let left_out = ends.len();
    let goes = taken.iter().zip(&hashes).filter(|(delivery, hash)| why(delivery, hash).is_none());
    Ok((goes.map(|(delivery, _)| delivery.clone()).collect(), left_out))
}
