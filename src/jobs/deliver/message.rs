//! The bytes of a message: the frozen letter with what is the recipient's own. Equal in every attempt.

use crate::app::App;
use anyhow::{Context, Result};
use salastampa_acts::outbox::Frozen;
use salastampa_domain::delivery::UNSUBSCRIBE_MARK;
use salastampa_domain::{Address, Delivery};
use salastampa_mail::{Personal, Sender, Unsubscribe, render, signed};
use std::sync::Arc;

/// A letter with the files that go along.
struct Ready {
    hash: String,
    frozen: Frozen,
    files: Vec<(String, String, Vec<u8>)>,
}

/// The letter that a connection sent last: the next message is most often of the same.
#[derive(Default)]
pub struct Letters(Option<Arc<Ready>>);

/// A message that can leave.
pub struct Message {
    /// Where a bounce goes.
    pub from: Address,
    /// The name beside the recipient's address.
    pub to_name: String,
    /// All of it.
    pub bytes: Vec<u8>,
}

impl Letters {
    /// The message of a delivery.
    pub async fn message(&mut self, app: &App, delivery: &Delivery) -> Result<Message> {
        let ready = self.ready(app, &delivery.letter).await?;
        let Ready { frozen: Frozen { letter, base_url, from, returns, reply_to }, files, .. } = &*ready;
        let to_name = match &delivery.to_name {
            Some(name) => name.clone(),
            None => name_of(app, delivery).await?,
        };
        let leave = app.house.leave_url(base_url, delivery.id);
        let leaves = letter.list.is_some() || letter.text.contains(UNSUBSCRIBE_MARK);
        let sender = match from {
            Some(from) => crate::office::sender(from.name.clone(), from.address.clone(), base_url.clone()),
            None => Sender { help: base_url.clone(), ..(*app.sender).clone() },
        };
        let sender = Sender { reply_to: reply_to.clone().unwrap_or_else(|| sender.reply_to.clone()), ..sender };
        let mailto = app.house.leave_mailto(returns.as_ref(), &sender.address, delivery.id);
        let personal = Personal {
            to: &delivery.address,
            to_name: Some(to_name.as_str()).filter(|name| !name.is_empty()),
            message_id: &delivery.message_id,
            in_reply_to: delivery.in_reply_to.as_deref(),
            date: delivery.date,
            delivery: delivery.id,
            unsubscribe: leaves.then_some(Unsubscribe { url: &leave, mailto: &mailto }),
        };
        let bytes = render(letter, &personal, &sender, files)?;
        // a letter of before the office moved is not signed by its new domain
        let ours = app.signers.first().is_some_and(|signer| signer.is_for(sender.address.domain()));
        let bytes = if ours { signed(bytes, &app.signers, delivery.date)? } else { bytes };
        let own = returns.as_ref().and_then(|returns| app.house.envelope_sender(returns, delivery.id));
        Ok(Message { from: own.unwrap_or(sender.address), to_name, bytes })
    }

    async fn ready(&mut self, app: &App, hash: &str) -> Result<Arc<Ready>> {
        if let Some(ready) = self.0.as_ref().filter(|ready| ready.hash == hash) {
            return Ok(Arc::clone(ready));
        }
        let frozen = file(app, hash).await.context("reading the frozen letter")?;
        let frozen: Frozen = serde_json::from_slice(&frozen).context("the frozen letter does not read")?;
        let mut files = Vec::new();
        for attachment in &frozen.letter.attachments {
            let bytes = file(app, &attachment.file).await.context("reading an attachment")?;
            files.push((attachment.name.clone(), attachment.mime.clone(), bytes));
        }
        let ready = Arc::new(Ready { hash: hash.to_owned(), frozen, files });
        self.0 = Some(Arc::clone(&ready));
        Ok(ready)
    }
}

async fn name_of(app: &App, delivery: &Delivery) -> Result<String> {
    let mut rows = app.store.read().await?;
    let name = match (delivery.contact, delivery.reader) {
        (Some(contact), _) => rows.find_contact(contact).await?.map(|c| c.name),
        (None, Some(reader)) => rows.find_reader(reader).await?.map(|r| r.name),
        (None, None) => None,
    };
    Ok(name.unwrap_or_default())
}

async fn file(app: &App, sha256: &str) -> Result<Vec<u8>> {
    app.store.files().get(sha256).await?.with_context(|| format!("there is no file {sha256}"))
}
