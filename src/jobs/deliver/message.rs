//! The bytes of a message: the frozen letter with what is the recipient's own. Equal in every attempt.

use crate::app::App;
use anyhow::{Context, Result};
use salastampa_acts::House;
use salastampa_acts::outbox::Frozen;
use salastampa_domain::{Address, Delivery};
use salastampa_mail::{Envelope, Personal, Sender, Stencil, Unsubscribe, signed};
use std::sync::Arc;

/// A letter made ready, and who it comes from.
struct Ready {
    hash: String,
    stencil: Stencil,
    sender: Address,
    base_url: String,
    returns: Option<Address>,
    is_signed: bool,
}

/// The letter that a connection sent last: the next message is most often of the same.
#[derive(Default)]
pub struct Letters(Option<Arc<Ready>>);

/// A message that can leave.
pub struct Message {
    /// From whom to whom, as the server sees it.
    pub envelope: Envelope,
    /// All of it.
    pub bytes: Vec<u8>,
}

impl Letters {
    /// The message of a delivery.
    pub async fn message(&mut self, app: &App, delivery: &Delivery) -> Result<Message> {
        let ready = self.ready(app, &delivery.letter).await?;
        let house = &app.house;
        let leave = house.leave_url(&ready.base_url, delivery.id);
        let mailto = house.leave_mailto(ready.returns.as_ref(), &ready.sender, delivery.id);
        let own_data = house.own_data_url(&ready.base_url, delivery);
        let personal = Personal {
            to: &delivery.address,
            to_name: delivery.to_name.as_deref().filter(|name| !name.is_empty()),
            message_id: &delivery.message_id,
            in_reply_to: delivery.in_reply_to.as_deref(),
            date: delivery.date,
            note: delivery.note.as_deref(),
            delivery: delivery.id,
            own_data: own_data.as_deref(),
            unsubscribe: ready.stencil.leaves().then_some(Unsubscribe { url: &leave, mailto: &mailto }),
        };
        let bytes = ready.stencil.message(&personal)?;
        let bytes = if ready.is_signed { signed(bytes, &app.signers, delivery.date)? } else { bytes };
        Ok(Message { envelope: ready.envelope(house, delivery), bytes })
    }

    /// From whom to whom a delivery goes, if its letter is the one that was sent last.
    pub fn envelope(&self, app: &App, delivery: &Delivery) -> Option<Envelope> {
        self.0.as_ref().filter(|ready| ready.hash == delivery.letter).map(|ready| ready.envelope(&app.house, delivery))
    }

    async fn ready(&mut self, app: &App, hash: &str) -> Result<Arc<Ready>> {
        if let Some(ready) = self.0.as_ref().filter(|ready| ready.hash == hash) {
            return Ok(Arc::clone(ready));
        }
        let frozen = file(app, hash).await.context("reading the frozen letter")?;
        let frozen: Frozen = serde_json::from_slice(&frozen).context("the frozen letter does not read")?;
        let Frozen { letter, base_url, from, returns, reply_to } = frozen;
        let mut files = Vec::new();
        for attachment in &letter.attachments {
            let bytes = file(app, &attachment.file).await.context("reading an attachment")?;
            files.push((attachment.name.clone(), attachment.mime.clone(), bytes));
        }
        let sender = match from {
            Some(from) => crate::office::sender(from.name, from.address, base_url.clone()),
            None => Sender { help: base_url.clone(), ..(*app.sender).clone() },
        };
        let sender = Sender { reply_to: reply_to.unwrap_or_else(|| sender.reply_to.clone()), ..sender };
        // a letter of before the office moved is not signed by its new domain
        let is_signed = app.signers.first().is_some_and(|signer| signer.is_for(sender.address.domain()));
        let stencil = Stencil::of(&letter, &sender, &files)?;
        let ready =
            Arc::new(Ready { hash: hash.to_owned(), stencil, sender: sender.address, base_url, returns, is_signed });
        self.0 = Some(Arc::clone(&ready));
        Ok(ready)
    }
}

impl Ready {
    fn envelope(&self, house: &House, delivery: &Delivery) -> Envelope {
        let own = self.returns.as_ref().and_then(|returns| house.envelope_sender(returns, delivery.id));
        Envelope {
            from: own.unwrap_or_else(|| self.sender.clone()),
            to: delivery.address.clone(),
            id: house.return_token(delivery.id),
        }
    }
}

async fn file(app: &App, sha256: &str) -> Result<Vec<u8>> {
    app.store.files().get(sha256).await?.with_context(|| format!("there is no file {sha256}"))
}
