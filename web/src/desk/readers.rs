//! *Destinatari*: who receives reviews and alerts, of what, and when not.
//!
//! They have no account: the mail is the product. One who wants nothing more is stopped; what they followed stays
//! written down.

use super::alerts::rang_words;
use super::contacts::{Conflict, Options, languages};
use super::fields::Fields;
use super::form::Slips;
use super::frame::Frame;
use super::releases::words::moment;
use super::returned::kind_words;
use super::session::Desk;
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use salastampa_acts::curate;
use salastampa_acts::readers::{self, ReaderForm};
use salastampa_acts::{Denied, desk::name_of, receive};
use salastampa_domain::{Act, Edition, EditionId, Event, InboundKind, Reader, Return, Watch, WatchId};
use salastampa_locale::{fill, plural, t};
use salastampa_store::Rows;

/// The routes of these pages.
pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .route("/desk/destinatari", get(index))
        .route("/desk/destinatari/nuovo", get(blank).post(add))
        .route("/desk/destinatari/{slug}", get(show).post(edit))
        .route("/desk/destinatari/{slug}/ferma", post(stop))
        .route("/desk/destinatari/{slug}/a-posto", post(settle))
}

/// All readers.
#[derive(Template)]
#[template(path = "desk/readers/index.html")]
pub(crate) struct ReadersPage {
    frame: Frame,
    readers: Vec<Line>,
}

/// A reader in the list.
struct Line {
    slug: String,
    href: String,
    name: String,
    address: String,
    /// What they receive, in words.
    receives: String,
    stopped: bool,
    quiet: Option<String>,
    /// That their mail comes back, and since when.
    returned: Option<String>,
}

/// Mail of a reader that came back.
struct Returned {
    /// What happened, and when.
    what: String,
    /// The server's words; there may be none.
    said: String,
    means: String,
    todo: &'static str,
    /// The message.
    href: String,
}

/// The form of a reader.
#[derive(Template)]
#[template(path = "desk/readers/reader.html")]
pub(crate) struct ReaderPage {
    frame: Frame,
    slips: Slips,
    form: ReaderForm,
    seen: String,
    slug: Option<String>,
    stopped: bool,
    /// That their mail comes back, why, and what to do.
    returned: Option<Returned>,
    conflict: Option<Conflict>,
    /// How far the last notification is.
    rang: Option<String>,
    languages: Options,
    /// Who can stand in for them: number and name.
    seconds: Options,
    /// Number, name, whether it is followed.
    watches: Vec<(i64, String, bool)>,
    editions: Vec<(i64, String, bool)>,
}

async fn index(desk: Desk) -> Response {
    desk.answer(readers_page(&desk).await)
}

async fn readers_page(desk: &Desk) -> Result<ReadersPage, Error> {
    desk.must(Act::KeepContacts)?;
    let mut rows = desk.site.store.read().await?;
    let editions = editions(desk, &mut rows).await?;
    let returned = receive::readers_returned(&mut rows, desk.now).await?;
    let lines = rows.list_readers().await?;
    let lines =
        lines.iter().map(|reader| line(desk, reader, &editions, returned.get(&reader.id).map(|(_, told)| told)));
    let mut lines: Vec<Line> = lines.collect();
    // who gets nothing against the office's wish stands first
    lines.sort_by_key(|line| (line.returned.is_none(), line.stopped, line.name.to_lowercase()));
    Ok(ReadersPage { frame: desk.frame(desk.t("desk.menu.readers")), readers: lines })
}

/// The editions that the officer may see.
async fn editions(desk: &Desk, rows: &mut Rows) -> Result<Vec<Edition>, Error> {
    Ok(rows.list_editions().await?.into_iter().filter(|edition| curate::sees(&desk.user, edition)).collect())
}

fn line(desk: &Desk, reader: &Reader, editions: &[Edition], told: Option<&Return>) -> Line {
    let lang = desk.lang;
    let mut parts = Vec::new();
    if reader.receives.reviews {
        let names: Vec<&str> =
            editions.iter().filter(|e| reader.editions.contains(&e.id)).map(|e| e.name.as_str()).collect();
        parts.push(match names.is_empty() {
            true => t(lang, "people.readers.no_editions").to_owned(),
            false => names.join(", "),
        });
    }
    if reader.receives.alerts {
        parts.push(plural(lang, "people.readers.alerts_of", reader.watches.len()));
    }
    let form = ReaderForm::of(reader);
    Line {
        slug: reader.slug.clone(),
        href: desk.href(&format!("/desk/destinatari/{}", reader.slug)),
        name: reader.name.clone(),
        address: reader.address.as_str().to_owned(),
        receives: parts.join(" · "),
        stopped: !reader.receives.reviews && !reader.receives.alerts,
        quiet: reader.quiet.map(|_| {
            let hours = [("from", form.quiet_from.as_str()), ("until", form.quiet_until.as_str())];
            fill(lang, "people.readers.quiet_words", &hours)
        }),
        returned: told.map(|told| fill(lang, "returned.reader.line", &[("at", &moment(told.at, lang))])),
    }
}

/// What the page of a reader says of the mail that came back.
fn returned(desk: &Desk, told: &Return, reader: &Reader) -> Returned {
    let lang = desk.lang;
    let (at, kind) = (moment(told.at, lang), kind_words(lang, told.kind));
    let todo = match told.kind {
        InboundKind::HardBounce => "returned.reader.todo_hard",
        InboundKind::Refused => "returned.reader.todo_refused",
        _ => "returned.reader.todo_soft",
    };
    Returned {
        what: fill(lang, "returned.reader.what", &[("at", &at), ("kind", kind)]),
        said: told.said.clone(),
        means: fill(lang, "returned.reader.means", &[("address", reader.address.as_str())]),
        todo: t(lang, todo),
        href: desk.href(&format!("/desk/invii/{}", told.delivery)),
    }
}

async fn blank(desk: Desk) -> Response {
    desk.answer(page(&desk, None, ReaderForm::new(), Slips::default(), false).await)
}

async fn show(desk: Desk, Path(slug): Path<String>) -> Response {
    desk.answer(saved(&desk, &slug).await)
}

async fn saved(desk: &Desk, slug: &str) -> Result<ReaderPage, Error> {
    desk.must(Act::KeepContacts)?;
    let reader = desk.site.store.read().await?.find_reader_by_slug(slug).await?.ok_or(Error::Missing)?;
    page(desk, Some(slug), ReaderForm::of(&reader), Slips::default(), false).await
}

async fn page(
    desk: &Desk,
    slug: Option<&str>,
    form: ReaderForm,
    slips: Slips,
    changed: bool,
) -> Result<ReaderPage, Error> {
    desk.must(Act::KeepContacts)?;
    let mut rows = desk.site.store.read().await?;
    let watches = rows.list_watches().await?;
    let editions = editions(desk, &mut rows).await?;
    let reader = match slug {
        Some(slug) => Some(rows.find_reader_by_slug(slug).await?.ok_or(Error::Missing)?),
        None => None,
    };
    let mut conflict = None;
    if let Some(reader) = reader.as_ref().filter(|_| changed) {
        conflict = Some(compare(desk, &mut rows, reader, &form, &watches, &editions).await?);
    }
    let (back, rang) = match &reader {
        Some(reader) => {
            let all = receive::readers_returned(&mut rows, desk.now).await?;
            let back = all.get(&reader.id).map(|(reader, told)| returned(desk, told, reader));
            (back, rows.find_last_push(reader.id).await?)
        }
        None => (None, None),
    };
    Ok(ReaderPage {
        returned: back,
        rang: rang.map(|push| {
            let (words, _) = rang_words(&push, desk.lang);
            fill(desk.lang, "people.push.last", &[("words", &words)])
        }),
        frame: desk.frame(reader.as_ref().map_or(desk.t("people.readers.new"), |reader| &reader.name)),
        slips,
        seen: reader.as_ref().map(readers::mark_of).unwrap_or_default(),
        stopped: reader.as_ref().is_some_and(|r| !r.receives.alerts && !r.receives.reviews),
        slug: reader.map(|reader| reader.slug),
        conflict,
        languages: languages(desk.lang),
        seconds: seconds(&mut rows, slug, desk.lang).await?,
        watches: watches
            .into_iter()
            .filter(|w| w.retired_at.is_none() || form.watches.contains(&w.id))
            .map(|w| (w.id.0, w.name, form.watches.contains(&w.id)))
            .collect(),
        editions: editions.into_iter().map(|e| (e.id.0, e.name, form.editions.contains(&e.id))).collect(),
        form,
    })
}

/// Who can stand in for a reader: every other, and nobody.
async fn seconds(rows: &mut Rows, slug: Option<&str>, lang: salastampa_locale::Lang) -> Result<Options, Error> {
    let others = rows.list_readers().await?.into_iter().filter(|r| Some(r.slug.as_str()) != slug);
    let nobody = (String::new(), t(lang, "people.readers.second_nobody").to_owned());
    Ok(std::iter::once(nobody).chain(others.map(|r| (r.id.to_string(), r.name))).collect())
}

/// Both texts of a form that two people changed, where they differ.
async fn compare(
    desk: &Desk,
    rows: &mut Rows,
    reader: &Reader,
    ours: &ReaderForm,
    watches: &[Watch],
    editions: &[Edition],
) -> Result<Conflict, Error> {
    let lang = desk.lang;
    let last = rows.list_events_of(&Event::about_reader(reader.id), 1).await?.pop();
    let (by, at) = match &last {
        Some(event) => (name_of(rows, &event.who, lang).await?, event.at),
        None => (t(lang, "people.who.console").to_owned(), desk.now),
    };
    let theirs = ReaderForm::of(reader);
    let watched = |form: &ReaderForm| {
        watches.iter().filter(|w| form.watches.contains(&w.id)).map(|w| w.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let received = |form: &ReaderForm| {
        editions
            .iter()
            .filter(|e| form.editions.contains(&e.id))
            .map(|e| e.name.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let yes = |on: bool| if on { t(lang, "people.yes") } else { t(lang, "people.no") }.to_owned();
    let quiet = |form: &ReaderForm| format!("{}–{}", form.quiet_from, form.quiet_until);
    let others = seconds(rows, None, lang).await?;
    let named = |form: &ReaderForm| {
        others.iter().find(|(id, _)| *id == form.second).map_or_else(String::new, |(_, name)| name.clone())
    };
    let fields = vec![
        (t(lang, "people.readers.name"), theirs.name.clone(), ours.name.clone()),
        (t(lang, "people.field.address"), theirs.address.clone(), ours.address.clone()),
        (t(lang, "people.field.language"), theirs.language.clone(), ours.language.clone()),
        (t(lang, "people.readers.reviews"), yes(theirs.reviews), yes(ours.reviews)),
        (t(lang, "people.readers.editions"), received(&theirs), received(ours)),
        (t(lang, "people.readers.alerts"), yes(theirs.alerts), yes(ours.alerts)),
        (t(lang, "people.readers.watches"), watched(&theirs), watched(ours)),
        (t(lang, "people.readers.quiet"), quiet(&theirs), quiet(ours)),
        (t(lang, "people.readers.second"), named(&theirs), named(ours)),
        (t(lang, "people.readers.second_at_night"), yes(theirs.second_at_night), yes(ours.second_at_night)),
        (t(lang, "people.readers.push"), theirs.push.clone(), ours.push.clone()),
    ];
    let fields = fields.into_iter().filter(|(_, theirs, ours)| theirs != ours).collect();
    Ok(Conflict { words: Denied::Changed { by, at }.sentence(lang), fields })
}

fn form_of(fields: &Fields) -> ReaderForm {
    let text = |name: &str| fields.raw(name).to_owned();
    ReaderForm {
        name: text("name"),
        address: text("address"),
        language: text("language"),
        watches: fields.values("watch").into_iter().map(WatchId).collect(),
        editions: fields.values("edition").into_iter().map(EditionId).collect(),
        alerts: fields.has("alerts"),
        reviews: fields.has("reviews"),
        quiet_from: text("quiet_from"),
        quiet_until: text("quiet_until"),
        second: text("second"),
        second_at_night: fields.has("second_at_night"),
        push: text("push"),
    }
}

async fn add(desk: Desk, fields: Fields) -> Response {
    let form = form_of(&fields);
    match readers::add(desk.acts(), &form).await {
        Ok(slug) => desk.go(&format!("/desk/destinatari/{slug}"), desk.t("people.readers.added")).await,
        Err(salastampa_acts::Error::Denied(Denied::Form(slips))) => {
            desk.again(page(&desk, None, form, Slips(slips), false).await)
        }
        Err(error) => desk.refused("/desk/destinatari", &error).await,
    }
}

async fn edit(desk: Desk, Path(slug): Path<String>, fields: Fields) -> Response {
    let form = form_of(&fields);
    match readers::edit(desk.acts(), &slug, fields.text("seen"), &form).await {
        Ok(()) => desk.go(&format!("/desk/destinatari/{slug}"), desk.t("people.readers.saved")).await,
        Err(salastampa_acts::Error::Denied(Denied::Form(slips))) => {
            desk.again(page(&desk, Some(&slug), form, Slips(slips), false).await)
        }
        Err(salastampa_acts::Error::Denied(Denied::Changed { .. })) => {
            desk.again(page(&desk, Some(&slug), form, Slips::default(), true).await)
        }
        Err(error) => desk.refused("/desk/destinatari", &error).await,
    }
}

async fn stop(desk: Desk, Path(slug): Path<String>) -> Response {
    let path = format!("/desk/destinatari/{slug}");
    match readers::stop(desk.acts(), &slug).await {
        Ok(stopped) => {
            let stopped = usize::try_from(stopped).unwrap_or_default();
            desk.go(&path, plural(desk.lang, "people.readers.stopped", stopped)).await
        }
        Err(error) => desk.refused(&path, &error).await,
    }
}

async fn settle(desk: Desk, Path(slug): Path<String>) -> Response {
    let path = format!("/desk/destinatari/{slug}");
    match receive::settle_reader(desk.acts(), &slug).await {
        Ok(()) => desk.go(&path, desk.t("returned.reader.settled")).await,
        Err(error) => desk.refused(&path, &error).await,
    }
}

#[cfg(test)]
pub(crate) fn samples(lang: salastampa_locale::Lang) -> Vec<(&'static str, String)> {
    use salastampa_acts::Slip;
    let line = |stopped: bool| Line {
        slug: "ada-corti".into(),
        href: "/desk/destinatari/ada-corti".into(),
        name: "Ada <b>Corti</b>".into(),
        address: "sindaca@bellariva.test".into(),
        receives: "Rassegna <generale>".into(),
        stopped,
        quiet: Some("22:00–07:00".into()),
        returned: stopped.then(|| "torna <indietro>".into()),
    };
    let index = |readers| ReadersPage {
        frame: Frame::sample(lang, t(lang, "desk.menu.readers"), "/desk/destinatari"),
        readers,
    };
    let page = |slug: Option<&str>, conflict: Option<Conflict>, slips: Slips| ReaderPage {
        rang: slug.map(|_| t(lang, "people.push.waiting").to_owned()),
        frame: Frame::sample(lang, "Ada <b>Corti</b>", "/desk/destinatari/ada-corti"),
        slips,
        form: ReaderForm { name: "<script>".into(), ..ReaderForm::new() },
        seen: "ab".into(),
        slug: slug.map(str::to_owned),
        stopped: slug.is_some(),
        returned: slug.map(|_| Returned {
            what: "25 novembre <2026>".into(),
            said: "550 <no> such user".into(),
            means: "x@<y>.test".into(),
            todo: t(lang, "returned.reader.todo_hard"),
            href: "/desk/invii/7".into(),
        }),
        conflict,
        languages: languages(lang),
        seconds: vec![
            (String::new(), t(lang, "people.readers.second_nobody").into()),
            ("2".into(), "Pia <Nava>".into()),
        ],
        watches: if slug.is_some() {
            vec![(1, "<Scuola>".into(), true), (2, "Lago".into(), false)]
        } else {
            Vec::new()
        },
        editions: if slug.is_some() { vec![(1, "<Generale>".into(), true)] } else { Vec::new() },
    };
    let conflict = Conflict {
        words: "Lia <Neri>".into(),
        fields: vec![(t(lang, "people.readers.name"), "Ada".into(), "<Ada>".into())],
    };
    let slips = Slips(vec![
        Slip { field: "address", sentence: "Già di <Ugo>".into() },
        Slip { field: "quiet_from", sentence: "Scrivi".into() },
    ]);
    vec![
        ("readers", index(vec![line(false), line(true)]).render().expect("a template")),
        ("readers, none", index(Vec::new()).render().expect("a template")),
        ("reader", page(Some("ada-corti"), Some(conflict), Slips::default()).render().expect("a template")),
        ("reader, refused", page(None, None, slips).render().expect("a template")),
    ]
}
