//! Whom a mail concerns: by a token of ours and by nothing else.

use crate::{House, Result, token};
use salastampa_domain::{Delivery, DeliveryId, Incoming, TokenPurpose};
use salastampa_store::Rows;

/// The delivery whose token a mail carries.
#[derive(Clone, PartialEq, Debug)]
pub struct Whom {
    /// The delivery.
    pub delivery: Delivery,
    /// What the token was made for.
    pub purpose: TokenPurpose,
    /// Whether it stood in the address to which the mail came, and not in a Message-ID.
    pub by_address: bool,
}

/// The delivery that a mail carries the token of; the surest place first: the address that it came to, what the server
/// was given with the message, the subject of a wish to leave, the Message-IDs that it speaks of. A token that was made
/// up, or by another office, is none.
pub async fn whom(rows: &mut Rows, house: &House, incoming: &Incoming) -> Result<Option<Whom>> {
    for address in &incoming.came_to {
        let Some((local, _)) = address.rsplit_once('@') else { continue };
        let Some((_, text)) = local.rsplit_once('+') else { continue };
        if let Some((purpose, id)) = token::open_return(&house.key, text)
            && let Some(delivery) = rows.find_delivery(id).await?
        {
            return Ok(Some(Whom { delivery, purpose, by_address: true }));
        }
    }
    let words = incoming.subject.split_whitespace().take(20).map(|word| word.trim_end_matches(['.', '!']));
    for text in incoming.envelopes.iter().map(String::as_str).chain(words) {
        if let Some((purpose, id)) = token::open_return(&house.key, text)
            && let Some(delivery) = rows.find_delivery(id).await?
        {
            return Ok(Some(Whom { delivery, purpose, by_address: false }));
        }
    }
    for text in &incoming.about {
        if let Some(delivery) = by_message_id(rows, house, text).await? {
            return Ok(Some(Whom { delivery, purpose: TokenPurpose::Bounce, by_address: false }));
        }
    }
    Ok(None)
}

async fn by_message_id(rows: &mut Rows, house: &House, text: &str) -> Result<Option<Delivery>> {
    let Some(id) = token::open_message_id(&house.key, text) else { return Ok(None) };
    let found = rows.find_delivery(id).await?;
    Ok(found.filter(|delivery: &Delivery| delivery.message_id.eq_ignore_ascii_case(text)))
}

/// Whether a Message-ID is one that we made: the mail is our own, come back to us.
pub(super) fn is_ours(house: &House, message_id: &str) -> bool {
    token::open_message_id(&house.key, message_id).is_some_and(|id: DeliveryId| id.0 > 0)
}
