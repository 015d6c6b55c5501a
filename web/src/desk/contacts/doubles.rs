//! *Possibili doppi*: journalists with one name at one outlet under different addresses, to be put together or called as many
//! people.

use super::medium_words;
use crate::Site;
use crate::answer::Error;
use crate::desk::fields::Fields;
use crate::desk::frame::Frame;
use crate::desk::session::Desk;
use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use salastampa_acts::contacts::doubles;
use salastampa_domain::{Act, Contact, ContactId};
use salastampa_locale::{Lang, date, fill, plural};

const PATH: &str = "/desk/giornalisti/doppi";
/// Groups of a page; when some are decided, others come.
const SHOWN: usize = 50;

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/desk/giornalisti/doppi", get(show).post(decide))
}

/// The page.
#[derive(Template)]
#[template(path = "desk/contacts/doubles.html")]
pub(crate) struct DoublesPage {
    frame: Frame,
    count: String,
    groups: Vec<Group>,
}

/// Records that may be one person.
struct Group {
    /// Number of the first, which names the parts of the form.
    id: i64,
    title: String,
    records: Vec<Record>,
}

struct Record {
    id: i64,
    href: String,
    address: String,
    /// Beats, territory, sort of outlet, when they were written down.
    about: String,
    left: bool,
}

async fn show(desk: Desk) -> Response {
    desk.answer(page(&desk).await)
}

async fn page(desk: &Desk) -> Result<DoublesPage, Error> {
    desk.must(Act::KeepContacts)?;
    let found = doubles::doubles(&mut desk.site.store.read().await?).await?;
    let href = |id: ContactId| desk.href(&format!("/desk/giornalisti/{id}"));
    Ok(DoublesPage {
        frame: desk.frame(desk.t("keeping.doubles.title")),
        count: plural(desk.lang, "keeping.doubles.count", found.len()),
        groups: found.iter().take(SHOWN).filter_map(|group| of(group, href, desk.lang)).collect(),
    })
}

fn of(group: &[Contact], href: impl Fn(ContactId) -> String, lang: Lang) -> Option<Group> {
    let first = group.first()?;
    let record = |contact: &Contact| {
        let since =
            contact.added_at.map(|at| fill(lang, "keeping.doubles.since", &[("day", &date::full(at.day(), lang))]));
        let about =
            [medium_words(contact.medium, lang).to_owned(), contact.beats.join(", "), contact.territory.clone()];
        let about: Vec<String> = about.into_iter().chain(since).filter(|part| !part.is_empty()).collect();
        Record {
            id: contact.id.0,
            href: href(contact.id),
            address: contact.address.as_str().to_owned(),
            about: about.join(" · "),
            left: contact.opted_out_at.is_some(),
        }
    };
    Some(Group {
        id: first.id.0,
        title: format!("{}, {}", first.name, first.outlet),
        records: group.iter().map(record).collect(),
    })
}

async fn decide(desk: Desk, fields: Fields) -> Response {
    let ids: Vec<ContactId> = fields.values("tra").into_iter().map(ContactId).collect();
    let done = match fields.text("fai") {
        "diversi" => doubles::keep_apart(desk.acts(), &ids).await.map(|()| desk.t("keeping.doubles.apart").to_owned()),
        _ => {
            let kept = ContactId(fields.value("tieni").unwrap_or_default());
            let merged = doubles::merge(desk.acts(), kept, &ids).await;
            merged.map(|n| plural(desk.lang, "keeping.doubles.merged", n))
        }
    };
    match done {
        Ok(words) => desk.go(PATH, words).await,
        Err(error) => desk.refused(PATH, &error).await,
    }
}

#[cfg(test)]
pub(super) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    use salastampa_locale::t;
    let record = |id: i64, left: bool| Record {
        id,
        href: format!("/desk/giornalisti/{id}"),
        address: "nina@il-lago.test".into(),
        about: "radio · cronaca <b>".into(),
        left,
    };
    let group = Group { id: 1, title: "Nina <b>Valli</b>".into(), records: vec![record(1, false), record(2, true)] };
    let page = |groups: Vec<Group>| DoublesPage {
        frame: Frame::sample(lang, t(lang, "keeping.doubles.title"), PATH),
        count: plural(lang, "keeping.doubles.count", groups.len()),
        groups,
    };
    vec![
        ("contacts twice", page(vec![group]).render().expect("a template")),
        ("contacts twice, none", page(Vec::new()).render().expect("a template")),
    ]
}
