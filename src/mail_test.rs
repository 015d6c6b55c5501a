//! One mail to one person by a way out that is being tried, so that the first review does not find out that the server
//! wanted a password. What is typed and not yet saved waits sealed in the store; nothing of it stands in the answer.

use crate::app::App;
use crate::office;
use anyhow::{Context, Result};
use salastampa_acts::settings;
use salastampa_domain::{Address, DeliveryId, ErrandId, Letter};
use salastampa_locale::{Lang, t};
use salastampa_mail::{Envelope, Fault, FaultKind, Personal, Phase, Reply, Transport, render};
use serde_json::{Value, json};

/// Sends it; gives what the server said, or why it did not go, as the page shows it.
pub async fn send(app: &App, errand: ErrandId, to: &Address) -> Result<Value> {
    let trial = settings::trial(&mut app.store.read().await?, &app.house.key).await?;
    let trial = trial.context("nothing is being tried")?;
    let now = app.clock.now();
    let password = match app.declared.fixes("smtp.password") {
        true => app.config.smtp.password.reveal().to_owned(),
        false => trial.password,
    };
    let transport = office::transport(&app.config, trial.mail, &trial.smtp, password, &trial.sender);
    let sender = office::sender(trial.sender_name, trial.sender.clone(), app.house.base_url.clone());
    let message_id = format!("prova{errand}.{}@{}", now.0, trial.sender.domain());
    let personal = Personal {
        to,
        to_name: None,
        message_id: &message_id,
        in_reply_to: None,
        date: now,
        note: None,
        delivery: DeliveryId(errand.0),
        own_data: None,
        unsubscribe: None,
    };
    let bytes = render(&letter(app.house.lang), &personal, &sender, &[])?;
    Ok(match hand_over(&transport, &Envelope { from: trial.sender, to: to.clone(), id: String::new() }, &bytes).await {
        Ok(reply) => json!({ "to": to.as_str(), "said": reply.to_string() }),
        Err(fault) => json!({ "fault": kind(&fault), "error": fault.to_string() }),
    })
}

async fn hand_over(transport: &Transport, envelope: &Envelope, bytes: &[u8]) -> std::result::Result<Reply, Fault> {
    let mut connection = transport.connect().await?;
    let said = connection.offer(envelope).await?.data(bytes, None).await;
    connection.quit().await;
    said
}

fn letter(lang: Lang) -> Letter {
    let text = t(lang, "settings.test.letter");
    let subject = t(lang, "settings.test.subject");
    let code = lang.code();
    Letter {
        subject: subject.to_owned(),
        html: format!(
            "<!DOCTYPE html><html lang=\"{code}\"><head><meta charset=\"utf-8\"><title>{subject}</title></head>\
             <body><p>{text}</p></body></html>"
        ),
        text: format!("{text}\n"),
        language: code.to_owned(),
        auto_generated: true,
        list: None,
        attachments: Vec::new(),
    }
}

/// What a person can do about it, in one word.
fn kind(fault: &Fault) -> &'static str {
    match (&fault.kind, fault.phase) {
        (FaultKind::Off, _) => "off",
        (FaultKind::Disk(_), _) => "disk",
        (_, Phase::Auth) => "login",
        (_, Phase::Tls) => "tls",
        (FaultKind::Unable(_), _) => "tls",
        (FaultKind::Unreachable(_) | FaultKind::Silent | FaultKind::Lost(_) | FaultKind::Stale(_), _) => "unreachable",
        (_, Phase::Mail) => "sender",
        (_, Phase::Rcpt) => "recipient",
        _ => "refused",
    }
}
