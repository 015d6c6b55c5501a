//! Many journalists at once, out of a table.

use crate::Site;
use crate::answer::Error;
use crate::desk::fields::Fields;
use crate::desk::form::Slips;
use crate::desk::frame::Frame;
use crate::desk::session::Desk;
use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use salastampa_acts::contacts::{Imported, Trial, import_at_desk, table_text};
use salastampa_acts::{Denied, Slip};
use salastampa_domain::Act;
use salastampa_locale::{Lang, fill, plural, t};

/// So many refused lines are told.
const TOLD: usize = 60;

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/desk/giornalisti/importa", get(ask).post(bring))
}

/// Where the table is chosen.
#[derive(Template)]
#[template(path = "desk/contacts/bring.html")]
pub(crate) struct BringPage {
    frame: Frame,
    slips: Slips,
    /// The columns that are read, each with what it means.
    columns: Vec<(&'static str, &'static str)>,
}

async fn ask(desk: Desk) -> Response {
    desk.answer(page(&desk, Slips::default()))
}

fn page(desk: &Desk, slips: Slips) -> Result<BringPage, Error> {
    desk.must(Act::KeepContacts)?;
    Ok(BringPage { frame: desk.frame(desk.t("people.bring.title")), slips, columns: columns(desk.lang) })
}

async fn bring(desk: Desk, fields: Fields) -> Response {
    let slip = |sentence: String| Slips(vec![Slip { field: "file", sentence }]);
    let Some(file) = fields.file("file") else {
        return desk.again(page(&desk, slip(desk.t("people.bring.no_file").to_owned())));
    };
    let text = table_text(&file.bytes);
    let trial = if fields.text("prova").is_empty() { Trial::No } else { Trial::Yes };
    let name: String = file.name.chars().filter(|c| !c.is_control()).take(80).collect();
    match import_at_desk(desk.acts(), &text, &name, trial).await {
        Ok(done) if trial == Trial::Yes => {
            let words = format!("{}\n{}", desk.t("people.bring.tried"), told(&done, desk.lang));
            desk.go("/desk/giornalisti/importa", words).await
        }
        Ok(done) => desk.go("/desk/giornalisti", told(&done, desk.lang)).await,
        Err(salastampa_acts::Error::Denied(Denied::Invalid(lines))) => desk.again(page(&desk, slip(lines.join("; ")))),
        Err(error) => desk.refused("/desk/giornalisti/importa", &error).await,
    }
}

/// What became of the file, with each line that was not taken.
fn told(done: &Imported, lang: Lang) -> String {
    let mut lines = vec![plural(lang, "people.bring.taken", done.taken)];
    if done.known > 0 {
        lines.push(plural(lang, "people.bring.known", done.known));
    }
    if !done.unread.is_empty() {
        lines.push(fill(lang, "people.bring.unread", &[("names", &done.unread.join(", "))]));
    }
    if done.left > 0 {
        lines.push(plural(lang, "people.bring.left", done.left));
    }
    if !done.refused.is_empty() {
        lines.push(plural(lang, "people.bring.refused", done.refused.len()));
        lines.extend(done.refused.iter().take(TOLD).cloned());
    }
    if done.refused.len() > TOLD {
        let more = (done.refused.len() - TOLD).to_string();
        lines.push(fill(lang, "people.bring.more", &[("n", &more)]));
    }
    lines.join("\n")
}

fn columns(lang: Lang) -> Vec<(&'static str, &'static str)> {
    vec![
        ("email", t(lang, "people.bring.columns.email")),
        ("nome", t(lang, "people.bring.columns.nome")),
        ("testata", t(lang, "people.bring.columns.testata")),
        ("telefoni", t(lang, "people.bring.columns.telefoni")),
        ("mezzo", t(lang, "people.bring.columns.mezzo")),
        ("ambiti", t(lang, "people.bring.columns.ambiti")),
        ("territorio", t(lang, "people.bring.columns.territorio")),
        ("liste", t(lang, "people.bring.columns.liste")),
        ("embargo", t(lang, "people.bring.columns.embargo")),
        ("silenzio", t(lang, "people.bring.columns.silenzio")),
        ("base", t(lang, "people.bring.columns.base")),
        ("fonte", t(lang, "people.bring.columns.fonte")),
        ("scadenza", t(lang, "people.bring.columns.scadenza")),
    ]
}

#[cfg(test)]
pub(super) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let page = BringPage {
        frame: Frame::sample(lang, t(lang, "people.bring.title"), "/desk/giornalisti/importa"),
        slips: Slips(vec![Slip { field: "file", sentence: "f.csv:1: <odd>".into() }]),
        columns: columns(lang),
    };
    vec![("contacts from a file", page.render().expect("a template"))]
}
