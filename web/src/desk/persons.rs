//! *Persone*: the register of who holds which office, with dates, and a watch made of somebody's names.

use super::fields::Fields;
use super::form::Slips;
use super::frame::Frame;
use super::guard::encoded;
use super::session::Desk;
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use jiff::civil::Date;
use salastampa_acts::desk::mark;
use salastampa_acts::persons::{self, PersonForm, is_in_office, query_of};
use salastampa_acts::{Denied, Error as ActError};
use salastampa_domain::{Act, Person};
use salastampa_locale::{Lang, date, t};

/// The routes of these pages.
pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/desk/persone", get(list))
        .route("/desk/persone/nuova", get(blank).post(add))
        .route("/desk/persone/{slug}", get(show).post(edit))
        .route("/desk/persone/{slug}/chiudi", post(retire))
}

/// Everybody, those in office first.
#[derive(Template)]
#[template(path = "desk/persons.html")]
pub(crate) struct PersonsPage {
    frame: Frame,
    current: Vec<Line>,
    past: Vec<Line>,
    edits: bool,
}

struct Line {
    href: String,
    name: String,
    aliases: String,
    office: String,
    from: String,
    until: String,
    state: &'static str,
}

/// One person, or one that is being registered.
#[derive(Template)]
#[template(path = "desk/person.html")]
pub(crate) struct PersonPage {
    frame: Frame,
    slips: Slips,
    form: PersonForm,
    seen: String,
    known: Option<Known>,
    /// What somebody else has saved since.
    conflict: Option<(String, PersonForm)>,
    edits: bool,
}

struct Known {
    path: String,
    in_office: bool,
    watch_href: String,
}

async fn list(desk: Desk) -> Response {
    desk.answer(list_page(&desk).await)
}

async fn list_page(desk: &Desk) -> Result<PersonsPage, Error> {
    desk.must(Act::Read)?;
    let mut persons = desk.site.store.read().await?.list_persons().await?;
    persons.sort_by_cached_key(|person| (person.name.to_lowercase(), person.from));
    let today = desk.now.day();
    let ended = |person: &Person| person.until.is_some_and(|until| until < today);
    let (mut past, current): (Vec<Person>, Vec<Person>) = persons.into_iter().partition(ended);
    past.sort_by_key(|person| std::cmp::Reverse(person.until));
    let lines = |persons: &[Person]| persons.iter().map(|person| line(person, today, desk)).collect();
    Ok(PersonsPage {
        frame: desk.frame(desk.t("person.title")),
        current: lines(&current),
        past: lines(&past),
        edits: desk.may(Act::Curate),
    })
}

fn line(person: &Person, today: Date, desk: &Desk) -> Line {
    Line { href: desk.href(&format!("/desk/persone/{}", encoded(&person.slug))), ..shown(person, today, desk.lang) }
}

fn shown(person: &Person, today: Date, lang: Lang) -> Line {
    let day = |day: Option<Date>| day.map_or_else(|| t(lang, "person.unknown").to_owned(), date::numeric);
    let state = match (is_in_office(person, today), person.from.is_some_and(|from| from > today)) {
        (true, _) => t(lang, "person.current"),
        (false, true) => t(lang, "person.future"),
        (false, false) => t(lang, "person.past"),
    };
    Line {
        href: String::new(),
        name: person.name.clone(),
        aliases: person.aliases.join(", "),
        office: person.office.clone(),
        from: day(person.from),
        until: day(person.until),
        state,
    }
}

async fn blank(desk: Desk) -> Response {
    if let Err(error) = desk.must(Act::Curate) {
        return desk.no_page(&error);
    }
    desk.answer(Ok(page(&desk, None, PersonForm::default())))
}

async fn show(desk: Desk, Path(slug): Path<String>) -> Response {
    let page = async {
        desk.must(Act::Read)?;
        let person = found(&desk, &slug).await?;
        Ok(page(&desk, Some(&person), PersonForm::of(&person)))
    };
    desk.answer(page.await)
}

async fn found(desk: &Desk, slug: &str) -> Result<Person, Error> {
    let persons = desk.site.store.read().await?.list_persons().await?;
    persons.into_iter().find(|person| person.slug == slug).ok_or(Error::Missing)
}

fn page(desk: &Desk, person: Option<&Person>, form: PersonForm) -> PersonPage {
    let title = person.map_or_else(|| desk.t("person.new").to_owned(), |person| person.name.clone());
    let known = person.map(|person| Known {
        path: desk.href(&format!("/desk/persone/{}", encoded(&person.slug))),
        in_office: person.until.is_none_or(|until| until > desk.now.day()),
        watch_href: desk.href(&format!(
            "/desk/temi/nuovo?nome={}&q={}",
            encoded(&person.name),
            encoded(&query_of(person))
        )),
    });
    PersonPage {
        frame: desk.frame(&title),
        slips: Slips::default(),
        form,
        seen: person.map(mark_of).unwrap_or_default(),
        known,
        conflict: None,
        edits: desk.may(Act::Curate),
    }
}

fn mark_of(person: &Person) -> String {
    mark(person)
}

fn typed(fields: &Fields) -> PersonForm {
    let raw = |name| fields.raw(name).to_owned();
    PersonForm { name: raw("nome"), aliases: raw("altri"), office: raw("carica"), from: raw("dal"), until: raw("al") }
}

/// The form again, with what is wrong and where.
async fn again(desk: &Desk, slug: Option<&str>, fields: &Fields, error: ActError) -> Response {
    let person = match slug {
        Some(slug) => match found(desk, slug).await {
            Ok(person) => Some(person),
            Err(error) => return desk.no_page(&error),
        },
        None => None,
    };
    let mut page = page(desk, person.as_ref(), typed(fields));
    match error {
        ActError::Denied(Denied::Form(slips)) => {
            page.slips = Slips(slips);
            // what the form was made from stays what it was
            fields.text("visto").clone_into(&mut page.seen);
        }
        ActError::Denied(denied @ Denied::Changed { .. }) => {
            let now = person.as_ref().map(PersonForm::of).unwrap_or_default();
            page.conflict = Some((denied.sentence(desk.lang), now));
        }
        other => return desk.no_page(&other.into()),
    }
    desk.again(Ok(page))
}

async fn add(desk: Desk, fields: Fields) -> Response {
    match persons::add(desk.acts(), &typed(&fields)).await {
        Ok(slug) => desk.go(&format!("/desk/persone/{}", encoded(&slug)), desk.t("person.made")).await,
        Err(error) => again(&desk, None, &fields, error).await,
    }
}

async fn edit(desk: Desk, Path(slug): Path<String>, fields: Fields) -> Response {
    match persons::edit(desk.acts(), &slug, fields.text("visto"), &typed(&fields)).await {
        Ok(()) => desk.go(&format!("/desk/persone/{}", encoded(&slug)), desk.t("person.saved")).await,
        Err(error) => again(&desk, Some(&slug), &fields, error).await,
    }
}

async fn retire(desk: Desk, Path(slug): Path<String>) -> Response {
    let done = persons::retire(desk.acts(), &slug).await;
    desk.done(done, "/desk/persone", desk.t("person.retired")).await
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    use salastampa_domain::PersonId;
    let today = jiff::civil::date(2026, 11, 22);
    let person = |until: Option<Date>| Person {
        id: PersonId(1),
        slug: "ada-corti".into(),
        name: "Ada <Corti>".into(),
        aliases: vec!["la \"vicesindaca\"".into(), "Corti & C.".into()],
        office: "Assessora <alla mobilità>".into(),
        from: Some(jiff::civil::date(2026, 6, 15)),
        until,
    };
    let frame = |title: &str| Frame::sample(lang, title, "/desk/temi");
    let line =
        |until| Line { href: "/ufficio-stampa/desk/persone/ada-corti".into(), ..shown(&person(until), today, lang) };
    let list = |current, past| PersonsPage { frame: frame(t(lang, "person.title")), current, past, edits: true };
    let form = PersonForm::of(&person(None));
    let page = |known: bool| PersonPage {
        frame: frame(if known { "Ada <Corti>" } else { t(lang, "person.new") }),
        slips: Slips(vec![salastampa_acts::Slip { field: "al", sentence: t(lang, "person.wrong.order").to_owned() }]),
        form: form.clone(),
        seen: "ab".into(),
        known: known.then(|| Known {
            path: "/desk/persone/ada-corti".into(),
            in_office: true,
            watch_href: "/x?q=%22".into(),
        }),
        conflict: known.then(|| ("Ada <Corti>".into(), form.clone())),
        edits: true,
    };
    vec![
        ("persons", list(vec![line(None)], vec![line(Some(today))]).render().expect("a template over strings")),
        ("persons-none", list(Vec::new(), Vec::new()).render().expect("a template over strings")),
        ("person", page(true).render().expect("a template over strings")),
        ("person-new", page(false).render().expect("a template over strings")),
    ]
}
