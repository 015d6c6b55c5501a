//! *Edizioni*: when each review leaves, what it does on holidays, and by which rules its sections are filled.

use super::fields::Fields;
use super::form::Slips;
use super::frame::Frame;
use super::guard::encoded;
use super::review::issue;
use super::session::Desk;
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use salastampa_acts::editions::{self, AS_WRITTEN, EditionForm};
use salastampa_acts::{Denied, Error as ActError, curate};
use salastampa_domain::{Act, Edition, Visibility};
use salastampa_locale::{Lang, t};

/// The routes of these pages.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/desk/edizioni", get(list)).route("/desk/edizioni/{slug}", get(show).post(edit))
}

/// All editions.
#[derive(Template)]
#[template(path = "desk/editions.html")]
pub(crate) struct EditionsPage {
    frame: Frame,
    lines: Vec<Line>,
}

struct Line {
    href: String,
    name: String,
    /// When it leaves next; empty if never.
    next: String,
    holidays: String,
    order: &'static str,
    cap: String,
    per_outlet: String,
    is_reserved: bool,
}

/// The rules of one edition.
#[derive(Template)]
#[template(path = "desk/edition.html")]
pub(crate) struct EditionPage {
    frame: Frame,
    path: String,
    slips: Slips,
    seen: String,
    form: EditionForm,
    days: Vec<(String, String)>,
    holidays: Vec<(String, String)>,
    orders: Vec<(String, String)>,
    /// What somebody else has saved since.
    conflict: Option<String>,
}

fn holidays_words(edition: &Edition, lang: Lang) -> String {
    use salastampa_domain::OnHolidays::{AsAlways, At, NoIssue};
    match edition.holidays.rule {
        AsAlways => t(lang, "edition.as_always").to_owned(),
        NoIssue => t(lang, "edition.no_issue").to_owned(),
        at @ At(_) => format!("{} {at}", t(lang, "edition.at")),
    }
}

fn order_words(edition: &Edition, lang: Lang) -> &'static str {
    match edition.order {
        salastampa_domain::OrderRule::Importance => t(lang, "edition.importance"),
        salastampa_domain::OrderRule::Tier => t(lang, "edition.tier"),
    }
}

async fn list(desk: Desk) -> Response {
    let page = async {
        desk.must(Act::Inspect)?;
        let all = desk.site.store.read().await?.list_editions().await?;
        let lines = all.iter().filter(|edition| curate::sees(&desk.user, edition)).map(|edition| Line {
            href: desk.href(&format!("/desk/edizioni/{}", encoded(&edition.slug))),
            name: edition.name.clone(),
            next: edition.next_issue(desk.now).map(|slot| issue::hour(slot, desk.lang)).unwrap_or_default(),
            holidays: holidays_words(edition, desk.lang),
            order: order_words(edition, desk.lang),
            cap: edition.cap.to_string(),
            per_outlet: match edition.outlet_cap {
                0 => desk.t("edition.no_limit").to_owned(),
                n => n.to_string(),
            },
            is_reserved: edition.visibility == Visibility::Reserved,
        });
        Ok(EditionsPage { frame: desk.frame(desk.t("edition.title")), lines: lines.collect() })
    };
    desk.answer(page.await)
}

async fn found(desk: &Desk, slug: &str) -> Result<Edition, Error> {
    desk.must(Act::Editions)?;
    issue::edition(desk, &mut desk.site.store.read().await?, slug).await
}

fn page(frame: Frame, path: String, edition: &Edition, form: EditionForm, lang: Lang) -> EditionPage {
    let pair = |(value, key): (&str, &'static str)| (value.to_owned(), t(lang, key).to_owned());
    let mut days: Vec<_> =
        [("ogni", "edition.every_day"), ("lun-sab", "edition.mon_sat"), ("lun-ven", "edition.mon_fri")]
            .map(pair)
            .into();
    if EditionForm::of(edition).days == AS_WRITTEN {
        let words = format!("{} ({})", t(lang, "edition.as_written"), edition.schedule.as_str());
        days.push((AS_WRITTEN.to_owned(), words));
    }
    EditionPage {
        frame,
        path,
        slips: Slips::default(),
        seen: editions::mark_of(edition),
        form,
        days,
        holidays: [("as_always", "edition.as_always"), ("no_issue", "edition.no_issue"), ("at", "edition.at")]
            .map(pair)
            .into(),
        orders: [("importance", "edition.importance"), ("tier", "edition.tier")].map(pair).into(),
        conflict: None,
    }
}

fn of(desk: &Desk, edition: &Edition, form: EditionForm) -> EditionPage {
    let path = desk.href(&format!("/desk/edizioni/{}", encoded(&edition.slug)));
    page(desk.frame(&edition.name), path, edition, form, desk.lang)
}

async fn show(desk: Desk, Path(slug): Path<String>) -> Response {
    let edition = found(&desk, &slug).await;
    desk.answer(edition.map(|edition| of(&desk, &edition, EditionForm::of(&edition))))
}

async fn edit(desk: Desk, Path(slug): Path<String>, fields: Fields) -> Response {
    let text = |name| fields.text(name).to_owned();
    let form = EditionForm {
        hour: text("ora"),
        days: text("giorni"),
        holidays: text("festivi"),
        holiday_hour: text("ora_festivi"),
        order: text("ordine"),
        cap: text("massimo"),
        per_outlet: text("per_testata"),
    };
    let seen = fields.text("visto");
    let error = match editions::edit(desk.acts(), &slug, seen, &form).await {
        Ok(()) => return desk.go("/desk/edizioni", desk.t("edition.saved")).await,
        Err(error) => error,
    };
    let edition = match found(&desk, &slug).await {
        Ok(edition) => edition,
        Err(other) => return desk.no_page(&other),
    };
    let page = of(&desk, &edition, form);
    match error {
        ActError::Denied(Denied::Form(slips)) => {
            // what the form was made from stays what it was
            desk.again(Ok(EditionPage { slips: Slips(slips), seen: seen.to_owned(), ..page }))
        }
        ActError::Denied(denied @ Denied::Changed { .. }) => {
            desk.again(Ok(EditionPage { conflict: Some(denied.sentence(desk.lang)), ..page }))
        }
        other => desk.no_page(&other.into()),
    }
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    use salastampa_domain::{EditionId, OnHolidays, Schedule, Slot, Timestamp};
    let edition = Edition {
        id: EditionId(1),
        slug: "generale".into(),
        name: "Generale <b>".into(),
        schedule: Schedule::parse("0 7,18 * * *").expect("a schedule"),
        ready_before: 15,
        visibility: Visibility::Readers,
        sections: Vec::new(),
        cap: 12,
        outlet_cap: 0,
        holidays: salastampa_domain::Holidays {
            rule: OnHolidays::parse("09:00").expect("an hour"),
            ..Default::default()
        },
        order: Default::default(),
        done: Slot::of(Timestamp(0)),
    };
    let line = |name: &str, is_reserved| Line {
        href: "/desk/edizioni/generale".into(),
        name: name.into(),
        next: "martedì 24 novembre 2026, ore 07:00".into(),
        holidays: holidays_words(&edition, lang),
        order: order_words(&edition, lang),
        cap: "12".into(),
        per_outlet: t(lang, "edition.no_limit").into(),
        is_reserved,
    };
    let frame = |title: &str, path: &str| Frame::sample(lang, title, path);
    let list = |lines| EditionsPage { frame: frame(t(lang, "edition.title"), "/desk/edizioni"), lines };
    let one = page(
        frame(&edition.name, "/desk/edizioni/generale"),
        "/desk/edizioni/generale".into(),
        &edition,
        EditionForm::of(&edition),
        lang,
    );
    let one = EditionPage {
        slips: Slips(vec![salastampa_acts::Slip { field: "ora", sentence: "Che <ora>?".into() }]),
        conflict: Some("Ugo <ha> cambiato".into()),
        ..one
    };
    let page = "a template over strings";
    vec![
        ("editions", list(vec![line("Generale <b>", false), line("Giunta", true)]).render().expect(page)),
        ("editions, none", list(Vec::new()).render().expect(page)),
        ("edition", one.render().expect(page)),
    ]
}
