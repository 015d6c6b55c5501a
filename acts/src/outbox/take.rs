//! A worker takes what is due, and who wants nothing any more is left out.
//!
//! It is asked here once more, at the last moment: a message may have waited for days, or been in doubt while its receiver
//! left. Whoever leaves after this is met by the mark that leaving puts on what a worker holds: such a message does not
//! begin (`start_all_data`).

use crate::{House, Result, token};
use salastampa_domain::{Delivery, DeliveryState};
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
        let on_list = delivery.contact.is_some() && delivery.subject.kind.goes_to_lists();
        on_list.then(|| token::suppression(&house.key, &delivery.address))
    };
    let hashes: Vec<Option<String>> = taken.iter().map(hash).collect();
    let asked: Vec<&str> = hashes.iter().flatten().map(String::as_str).collect();
    let left: HashMap<String, String> =
        write.list_suppressions(&asked).await?.into_iter().map(|gone| (gone.hash, gone.why)).collect();
    let why = |hash: &Option<String>| hash.as_ref().and_then(|hash| left.get(hash));
    let mut ends = Vec::new();
    for (delivery, why) in taken.iter().zip(hashes.iter().map(why)).filter_map(|(d, why)| Some((d, why?))) {
        let hold = Hold { id: delivery.id, worker: claim.worker, attempt: delivery.attempt };
        ends.push(End { hold, state: &DeliveryState::Suppressed, reason: Some(why), at: claim.now });
    }
    write.finish_deliveries(&ends).await?;
    let left_out = ends.len();
    let goes = taken.iter().zip(&hashes).filter(|(_, hash)| why(hash).is_none());
    Ok((goes.map(|(delivery, _)| delivery.clone()).collect(), left_out))
}
