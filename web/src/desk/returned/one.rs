//! One mail that came back: what is known of it, its words, and what a person decides where it waits.

use super::{Whose, badge, kind_words};
use crate::answer::Error;
use crate::desk::fields::Fields;
use crate::desk::form::Slips;
use crate::desk::frame::Frame;
use crate::desk::releases::words::Moment;
use crate::desk::session::Desk;
use askama::Template;
use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use salastampa_acts::{Denied, Slip, receive};
use salastampa_domain::{Act, Address, Inbound, InboundId, InboundKind};
use salastampa_locale::{Lang, fill, number, t};

/// The page.
#[derive(Template)]
#[template(path = "desk/returned/one.html")]
pub(crate) struct MailPage {
    frame: Frame,
    slips: Slips,
    typed: String,
    id: i64,
    kind: &'static str,
    badge: &'static str,
    /// What it means for the person, and what was done.
    meaning: &'static str,
    status: String,
    said: String,
    from: String,
    at: Moment,
    /// How long it was, and whether only its beginning is kept.
    size: String,
    whose: String,
    whose_href: Option<String>,
    delivery_href: Option<String>,
    text: String,
    /// It waits for a person.
    waits: bool,
    aside: bool,
}

/// So many bytes of a mail are kept (`src/verbs/receive.rs`).
const KEPT: i64 = 10 << 20;

pub(super) async fn show(desk: Desk, Path(id): Path<String>) -> Response {
    desk.answer(page(&desk, &id, Slips::default(), String::new()).await)
}

/// The mail as it came, as a file: never shown by the browser, whatever is in it.
pub(super) async fn download(desk: Desk, Path(id): Path<String>) -> Response {
    match bytes(&desk, &id).await {
        Ok(bytes) => {
            let name = format!("attachment; filename=\"posta-tornata-{id}.eml\"");
            let headers = [
                (CONTENT_TYPE, "application/octet-stream".to_owned()),
                (CONTENT_DISPOSITION, name),
                (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
            ];
            (headers, bytes).into_response()
        }
        Err(error) => desk.no_page(&error),
    }
}

async fn bytes(desk: &Desk, id: &str) -> Result<Vec<u8>, Error> {
    desk.must(Act::KeepContacts)?;
    let mail = found(desk, id).await?;
    desk.site.store.files().get(&mail.file).await?.ok_or(Error::Missing)
}

async fn found(desk: &Desk, id: &str) -> Result<Inbound, Error> {
    let id = id.parse().map(InboundId).map_err(|_| Error::Missing)?;
    let mut rows = desk.site.store.read().await?;
    let mail = rows.find_inbound(id).await?.ok_or(Error::Missing)?;
    let whose = Whose::of(&mut rows, &desk.user, std::slice::from_ref(&mail)).await?;
    // by the answer of a page that does not exist
    if whose.may_see(&mail) { Ok(mail) } else { Err(Error::Missing) }
}

pub(super) async fn decide(desk: Desk, Path(id): Path<String>, fields: Fields) -> Response {
    let Ok(number) = id.parse().map(InboundId) else { return desk.no_page(&Error::Missing) };
    let path = format!("/desk/posta-tornata/{number}");
    match fields.text("fai") {
        "parte" => {
            desk.done(
                receive::put_aside(desk.acts(), number).await,
                "/desk/posta-tornata",
                desk.t("returned.done.aside"),
            )
            .await
        }
        "riprendi" => {
            desk.done(receive::take_back(desk.acts(), number).await, &path, desk.t("returned.done.back")).await
        }
        _ => {
            let typed = fields.raw("indirizzo").to_owned();
            let contact = match (Address::parse(&typed), desk.site.store.read().await) {
                (Ok(address), Ok(mut rows)) => rows.find_contact_by_any_address(&address).await.ok().flatten(),
                _ => None,
            };
            let Some(contact) = contact else {
                // who may not do it is told that, and not what the rows hold
                if !desk.may(Act::KeepContacts) {
                    return desk.no_page(&Error::Missing);
                }
                let slip = Slip { field: "indirizzo", sentence: desk.t("returned.one.nobody").to_owned() };
                return desk.again(page(&desk, &id, Slips(vec![slip]), typed).await);
            };
            let words = fill(desk.lang, "returned.done.assigned", &[("name", &contact.name)]);
            match receive::assign(desk.acts(), number, contact.id).await {
                Err(salastampa_acts::Error::Denied(Denied::Form(slips))) => {
                    desk.again(page(&desk, &id, Slips(slips), typed).await)
                }
                act => desk.done(act, &path, &words).await,
            }
        }
    }
}

async fn page(desk: &Desk, id: &str, slips: Slips, typed: String) -> Result<MailPage, Error> {
    desk.must(Act::KeepContacts)?;
    let lang = desk.lang;
    let mail = found(desk, id).await?;
    let mut rows = desk.site.store.read().await?;
    let (whose, contact) = Whose::of(&mut rows, &desk.user, std::slice::from_ref(&mail)).await?.of_mail(&mail);
    let nobodys = mail.delivery.is_none() && mail.contact.is_none();
    // the sender is perhaps a journalist that we know: then nobody has to type it
    let known = match Address::parse(&mail.from) {
        Ok(address) if nobodys && typed.is_empty() => rows.find_contact_by_any_address(&address).await?,
        _ => None,
    };
    let subject =
        if mail.subject.is_empty() { t(lang, "returned.no_subject").to_owned() } else { mail.subject.clone() };
    Ok(MailPage {
        frame: desk.frame(&subject),
        slips,
        typed: known.map_or(typed, |contact| contact.address.as_str().to_owned()),
        id: mail.id.0,
        kind: kind_words(lang, mail.kind),
        badge: badge(mail.kind),
        meaning: meaning(lang, &mail),
        size: size(lang, mail.bytes),
        whose,
        whose_href: contact.map(|id| desk.href(&format!("/desk/giornalisti/{id}"))),
        delivery_href: mail.delivery.map(|id| desk.href(&format!("/desk/invii/{id}"))),
        at: Moment::of(mail.at, lang),
        waits: nobodys && mail.aside_at.is_none(),
        aside: nobodys && mail.aside_at.is_some(),
        status: mail.status,
        said: mail.said,
        from: mail.from,
        text: mail.excerpt,
    })
}

fn size(lang: Lang, bytes: i64) -> String {
    let kilobytes = number::whole((bytes + 1023) / 1024, lang);
    let key = if bytes > KEPT { "returned.one.size_cut" } else { "returned.one.size_whole" };
    fill(lang, key, &[("n", &kilobytes)])
}

fn meaning(lang: Lang, mail: &Inbound) -> &'static str {
    if mail.delivery.is_none() {
        return match (mail.contact, mail.aside_at) {
            (Some(_), _) => t(lang, "returned.meaning.assigned"),
            (None, Some(_)) => t(lang, "returned.meaning.aside"),
            (None, None) => t(lang, "returned.meaning.tray"),
        };
    }
    match mail.kind {
        InboundKind::Delayed => t(lang, "returned.meaning.delayed"),
        InboundKind::Delivered => t(lang, "returned.meaning.delivered"),
        InboundKind::Refused => t(lang, "returned.meaning.refused"),
        InboundKind::SoftBounce => t(lang, "returned.meaning.soft_bounce"),
        InboundKind::HardBounce => t(lang, "returned.meaning.hard_bounce"),
        InboundKind::AutoReply => t(lang, "returned.meaning.auto_reply"),
        InboundKind::OptOut => t(lang, "returned.meaning.opt_out"),
        InboundKind::Reply => t(lang, "returned.meaning.reply"),
        InboundKind::Receipt | InboundKind::Unknown => t(lang, "returned.meaning.unknown"),
    }
}

#[cfg(test)]
pub(super) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let mut page = MailPage {
        frame: Frame::sample(lang, "<script>alert(1)</script>", "/desk/posta-tornata/7"),
        slips: Slips(vec![Slip { field: "indirizzo", sentence: "<b>".into() }]),
        typed: "\"><script>".into(),
        id: 7,
        kind: kind_words(lang, InboundKind::HardBounce),
        badge: badge(InboundKind::HardBounce),
        meaning: t(lang, "returned.meaning.tray"),
        status: "5.1.1".into(),
        said: "550 <i>".into(),
        from: "x@y.test".into(),
        at: Moment::of(salastampa_domain::Timestamp(0), lang),
        size: size(lang, 20 << 20),
        whose: String::new(),
        whose_href: None,
        delivery_href: None,
        text: "</pre><script>alert(1)</script>".into(),
        waits: true,
        aside: false,
    };
    let waits = page.render().expect("a template over strings");
    page.slips = Slips::default();
    page.waits = false;
    page.aside = true;
    let aside = page.render().expect("a template over strings");
    page.aside = false;
    page.whose = "Nina <b>Valli</b>".into();
    page.whose_href = Some("/desk/giornalisti/7".into());
    page.delivery_href = Some("/desk/invii/7".into());
    let placed = page.render().expect("a template over strings");
    vec![("returned mail, waits", waits), ("returned mail, aside", aside), ("returned mail, placed", placed)]
}
