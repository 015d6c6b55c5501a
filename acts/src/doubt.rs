//! *Incerto*: a message whose fate is unknown, and that was sent again once already, waits for a person.

use crate::house::{actor, allowed};
use crate::{Denied, House, Result, Slip};
use salastampa_domain::{Act, Delivery, DeliveryId, DeliveryKind, DeliveryState, Event, Timestamp};
use salastampa_store::{Rows, Store};

/// What a person decides about such a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decision {
    /// *Rimanda*: it goes again, byte for byte and under the same Message-ID.
    Again,
    /// *Consegnato*: somebody has seen that it arrived.
    Arrived,
    /// *Non riuscito*: it did not arrive, and is not sent again.
    Lost,
}

/// Decides about a message of unknown fate. `why` says how the person knows; it may be empty only where it is sent again.
pub async fn decide(
    store: &Store,
    house: &House,
    id: DeliveryId,
    decision: Decision,
    why: &str,
    login: &str,
    now: Timestamp,
) -> Result<()> {
    let why: String = why.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(500).collect();
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Write).await?;
    let delivery = find(&mut write, id).await?;
    if !crate::curate::sees_delivery(&mut write, &user, &delivery).await? {
        return Err(Denied::Unknown { what: "delivery", name: id.to_string() }.into());
    }
    if decision == Decision::Again && delivery.subject.kind == DeliveryKind::Release {
        // by hand or not: in election time nothing leaves without a reason and a second signature
        let required = crate::release::required_of_message(&mut write, house, &delivery, now).await?;
        if let Some(required) = required.filter(|required| !required.is_met()) {
            return Err(Denied::Election(Box::new(required)).into());
        }
    }
    if why.is_empty() && decision != Decision::Again {
        let sentence = salastampa_locale::t(house.lang, "composer.refused.no_ground").to_owned();
        return Err(Denied::Form(vec![Slip { field: "motivo", sentence }]).into());
    }
    let done = match decision {
        Decision::Again => write.requeue_uncertain(id, delivery.uncertain, now).await?,
        Decision::Arrived => write.settle_uncertain(id, &DeliveryState::Accepted, Some(&why), now).await?,
        Decision::Lost => write.settle_uncertain(id, &DeliveryState::Failed, Some(&why), now).await?,
    };
    if !done {
        let sentence = salastampa_locale::t(house.lang, "composer.refused.not_uncertain").to_owned();
        return Err(Denied::Invalid(vec![sentence]).into());
    }
    let state = match decision {
        Decision::Again => DeliveryState::Queued,
        Decision::Arrived => DeliveryState::Accepted,
        Decision::Lost => DeliveryState::Failed,
    };
    crate::contacts::notice::catch_up(&mut write).await?;
    let before = serde_json::json!({ "state": "uncertain" }).to_string();
    let after = serde_json::json!({ "state": state.name(), "why": why }).to_string();
    let subject = Event::about_delivery(id);
    write.record_event(now, &actor(&user), "delivery.decide", &subject, Some(&before), Some(&after)).await?;
    write.commit().await?;
    Ok(())
}

/// The message of that number.
async fn find(rows: &mut Rows, id: DeliveryId) -> Result<Delivery> {
    let found = rows.find_delivery(id).await?;
    Ok(found.ok_or_else(|| Denied::Unknown { what: "delivery", name: id.to_string() })?)
}
