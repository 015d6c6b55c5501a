//! *Da confermare*: old records, to be confirmed or deleted one by one and several at once. What is deleted is asked once
//! more, with the names.

use crate::Site;
use crate::answer::Error;
use crate::desk::fields::Fields;
use crate::desk::form::Slips;
use crate::desk::frame::Frame;
use crate::desk::paging::{Paging, Place};
use crate::desk::session::Desk;
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::response::Response;
use axum::routing::get;
use salastampa_acts::{Denied, contacts};
use salastampa_domain::keeping::confirmed_until;
use salastampa_domain::{Act, ContactId, Stale};
use salastampa_locale::{Lang, date, fill, plural, t};
use serde::Deserialize;

/// Lines of a page.
const SIZE: usize = 100;
const PATH: &str = "/desk/giornalisti/da-confermare";

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/desk/giornalisti/da-confermare", get(show).post(decide))
}

/// The queue.
#[derive(Template)]
#[template(path = "desk/contacts/stale.html")]
pub(crate) struct StalePage {
    frame: Frame,
    slips: Slips,
    count: String,
    rows: Vec<Line>,
    /// The new date, year first.
    until: String,
    paging: Paging,
}

/// A record in the queue.
struct Line {
    id: i64,
    href: String,
    name: String,
    address: String,
    outlet: String,
    why: String,
    ticked: bool,
    choose: String,
    confirm: String,
    erase: String,
}

/// Who would be deleted.
#[derive(Template)]
#[template(path = "desk/contacts/erase_several.html")]
pub(crate) struct ErasePage {
    frame: Frame,
    people: Vec<(i64, String, String)>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    pagina: Option<usize>,
}

async fn show(desk: Desk, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    let asked = asked.map(|Query(asked)| asked).unwrap_or_default();
    desk.answer(page(&desk, asked.pagina, Slips::default(), None, &[]).await)
}

async fn page(
    desk: &Desk,
    number: Option<usize>,
    slips: Slips,
    until: Option<String>,
    ticked: &[i64],
) -> Result<StalePage, Error> {
    desk.must(Act::KeepContacts)?;
    let mut rows = desk.site.store.read().await?;
    let total = contacts::count_to_confirm(&mut rows, desk.now).await?;
    let place = Place::new(number, SIZE, total);
    let found = contacts::to_confirm(&mut rows, desk.now, place.offset(), SIZE).await?;
    let line = |(contact, why): &(salastampa_domain::Contact, Stale)| {
        let named = |key| fill(desk.lang, key, &[("name", &contact.name)]);
        Line {
            id: contact.id.0,
            href: desk.href(&format!("/desk/giornalisti/{}", contact.id)),
            name: contact.name.clone(),
            address: contact.address.as_str().to_owned(),
            outlet: contact.outlet.clone(),
            why: why_words(*why, desk.lang),
            ticked: ticked.contains(&contact.id.0),
            choose: named("keeping.queue.choose"),
            confirm: named("keeping.queue.confirm_one"),
            erase: named("keeping.queue.erase_one"),
        }
    };
    Ok(StalePage {
        frame: desk.frame(desk.t("keeping.queue.title")),
        slips,
        count: plural(desk.lang, "keeping.queue.count", total),
        rows: found.iter().map(line).collect(),
        until: until.unwrap_or_else(|| confirmed_until(desk.now.day()).to_string()),
        paging: place.paging(desk, PATH, &[]),
    })
}

/// Why a record is in the queue, as a sentence.
pub(super) fn why_words(why: Stale, lang: Lang) -> String {
    match why {
        Stale::Expired { day } => fill(lang, "keeping.queue.expired", &[("day", &date::full(day, lang))]),
        Stale::Silent { since: Some(at) } => {
            fill(lang, "keeping.queue.silent", &[("day", &date::full(at.day(), lang))])
        }
        Stale::Silent { since: None } => t(lang, "keeping.queue.silent_unknown").to_owned(),
    }
}

/// A button of one line stands for that person alone, the buttons below for all that are ticked.
async fn decide(desk: Desk, fields: Fields) -> Response {
    let (what, one) = match fields.text("fai").split_once(':') {
        Some((what, id)) => (what, id.parse().ok()),
        None => (fields.text("fai"), None),
    };
    let ticked: Vec<i64> = fields.values("contact");
    let ids: Vec<ContactId> = match one {
        Some(id) => vec![ContactId(id)],
        None => ticked.iter().copied().map(ContactId).collect(),
    };
    let done = match what {
        "cancella" if fields.text("certo").is_empty() => match erase_page(&desk, &ids).await {
            Ok(asked) if !asked.people.is_empty() => return desk.answer(Ok(asked)),
            Ok(_) => contacts::erase_several(desk.acts(), &[]).await.map(|_| String::new()),
            Err(error) => return desk.no_page(&error),
        },
        "cancella" => {
            contacts::erase_several(desk.acts(), &ids).await.map(|(n, _)| plural(desk.lang, "keeping.queue.erased", n))
        }
        _ => contacts::confirm(desk.acts(), &ids, fields.text("until").parse().ok())
            .await
            .map(|n| plural(desk.lang, "keeping.queue.confirmed", n)),
    };
    match done {
        Ok(words) => desk.go(PATH, words).await,
        Err(salastampa_acts::Error::Denied(Denied::Form(slips))) => {
            let until = Some(fields.text("until").to_owned()).filter(|text| !text.is_empty());
            desk.again(page(&desk, None, Slips(slips), until, &ticked).await)
        }
        Err(error) => desk.refused(PATH, &error).await,
    }
}

async fn erase_page(desk: &Desk, ids: &[ContactId]) -> Result<ErasePage, Error> {
    desk.must(Act::KeepContacts)?;
    let mut people = desk.site.store.read().await?.list_contacts_by_id(ids).await?;
    people.sort_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id)));
    Ok(ErasePage {
        frame: desk.frame(&plural(desk.lang, "keeping.queue.ask", people.len())),
        people: people.into_iter().map(|p| (p.id.0, p.name, p.address.as_str().to_owned())).collect(),
    })
}

#[cfg(test)]
pub(super) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    use salastampa_acts::Slip;
    let line = |id: i64, ticked: bool| Line {
        id,
        href: format!("/desk/giornalisti/{id}"),
        name: "Nina <b>Valli</b>".into(),
        address: "nina@il-lago.test".into(),
        outlet: "Il <i>Lago</i>".into(),
        why: why_words(Stale::Expired { day: jiff::civil::date(2026, 3, 1) }, lang),
        ticked,
        choose: "Nina <b>".into(),
        confirm: "Nina <b>".into(),
        erase: "Nina <b>".into(),
    };
    let page = |rows: Vec<Line>, slips| StalePage {
        frame: Frame::sample(lang, t(lang, "keeping.queue.title"), PATH),
        slips,
        count: plural(lang, "keeping.queue.count", rows.len()),
        rows,
        until: "2028-11-24".into(),
        paging: Paging::default(),
    };
    let slips = Slips(vec![Slip { field: "until", sentence: t(lang, "keeping.queue.slip_until").to_owned() }]);
    let ask = ErasePage {
        frame: Frame::sample(lang, &plural(lang, "keeping.queue.ask", 1), PATH),
        people: vec![(1, "Nina <b>Valli</b>".into(), "nina@il-lago.test".into())],
    };
    vec![
        ("contacts to confirm", page(vec![line(1, false), line(2, true)], slips).render().expect("a template")),
        ("contacts to confirm, none", page(Vec::new(), Slips::default()).render().expect("a template")),
        ("contacts, erase several", ask.render().expect("a template")),
    ]
}
