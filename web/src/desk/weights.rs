//! *Pesi*: how many points the office gives for what, with the order of the next issue before and after.
//!
//! *Prova* shows what the typed weights would do and writes nothing. What is out stays as it was.

use super::fields::Fields;
use super::form::Slips;
use super::frame::Frame;
use super::review::issue::{hour, next_slot};
use super::session::Desk;
use crate::Site;
use crate::answer::Error;
use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use salastampa_acts::weights::{self, Moved};
use salastampa_acts::{Denied, curate};
use salastampa_domain::{Act, Weights};
use salastampa_locale::{Lang, t};

/// The routes of this page.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/desk/pesi", get(show).post(save)).route("/desk/pesi/prova", post(try_out))
}

/// The weights of importance.
#[derive(Template)]
#[template(path = "desk/weights.html")]
pub(crate) struct WeightsPage {
    frame: Frame,
    slips: Slips,
    version: i64,
    fields: Vec<Field>,
    /// What the weights do to the next issue; none where there is none.
    preview: Option<Preview>,
    conflict: Option<String>,
    edits: bool,
}

/// One weight.
struct Field {
    name: &'static str,
    label: &'static str,
    value: String,
    /// The value of a new office.
    usual: i64,
}

/// The next issue in its order.
struct Preview {
    name: String,
    hour: String,
    /// Other weights than those that hold.
    is_tried: bool,
    rows: Vec<Moved>,
}

fn label(name: &str, lang: Lang) -> &'static str {
    match name {
        "relevance" => t(lang, "weights.fields.relevance"),
        "feedback" => t(lang, "weights.fields.feedback"),
        "role_title" => t(lang, "weights.fields.role_title"),
        "role_lead" => t(lang, "weights.fields.role_lead"),
        "role_quoted" => t(lang, "weights.fields.role_quoted"),
        "outlet" => t(lang, "weights.fields.outlet"),
        "outlets" => t(lang, "weights.fields.outlets"),
        "tier" => t(lang, "weights.fields.tier"),
        "front" => t(lang, "weights.fields.front"),
        "velocity" => t(lang, "weights.fields.velocity"),
        "freshness" => t(lang, "weights.fields.freshness"),
        "freshness_hours" => t(lang, "weights.fields.freshness_hours"),
        "release" => t(lang, "weights.fields.release"),
        "repeated" => t(lang, "weights.fields.repeated"),
        _ => t(lang, "weights.fields.minimum"),
    }
}

/// The fields of the form over some weights.
fn fields(mut weights: Weights, lang: Lang) -> Vec<Field> {
    let mut usual = Weights::default();
    let pairs = weights.named().into_iter().zip(usual.named());
    let field = |((name, value), (_, usual)): ((&'static str, &mut i64), (&str, &mut i64))| Field {
        name,
        label: label(name, lang),
        value: value.to_string(),
        usual: *usual,
    };
    pairs.map(field).collect()
}

async fn show(desk: Desk) -> Response {
    desk.answer(page(&desk, None).await)
}

/// The page over the weights that hold, or over some that are tried.
async fn page(desk: &Desk, tried: Option<Weights>) -> Result<WeightsPage, Error> {
    desk.must(Act::Read)?;
    let mut rows = desk.site.store.read().await?;
    let (version, holds) = weights::current(&mut rows).await?;
    let shown = tried.unwrap_or(holds);
    let editions = rows.list_editions().await?;
    let seen = editions.iter().filter(|edition| curate::sees(&desk.user, edition));
    let next = seen.filter_map(|edition| Some((next_slot(edition, desk.now)?, edition))).min_by_key(|(slot, _)| *slot);
    let preview = match next {
        Some((slot, edition)) => Some(Preview {
            name: edition.name.clone(),
            hour: hour(slot, desk.lang),
            is_tried: shown != holds,
            rows: weights::preview(&mut rows, edition, slot, shown, desk.now).await?,
        }),
        None => None,
    };
    Ok(WeightsPage {
        frame: desk.frame(desk.t("weights.title")),
        slips: Slips::default(),
        version,
        fields: fields(shown, desk.lang),
        preview,
        conflict: None,
        edits: desk.may(Act::PublishReview),
    })
}

/// What was typed, by name.
fn typed(form: &Fields) -> Vec<(&'static str, String)> {
    let mut names = Weights::default();
    names
        .named()
        .into_iter()
        .filter(|(name, _)| form.has(name))
        .map(|(name, _)| (name, form.text(name).into()))
        .collect()
}

/// The weights that were typed, or the page that says what is wrong with them.
async fn read(desk: &Desk, form: &Fields) -> Result<Weights, Response> {
    if let Err(error) = desk.must(Act::PublishReview) {
        return Err(desk.no_page(&error));
    }
    let holds = match desk.site.store.read().await {
        Ok(mut rows) => weights::current(&mut rows).await,
        Err(error) => Err(error.into()),
    };
    let typed = typed(form);
    match holds.and_then(|(_, holds)| weights::read(holds, &typed, desk.lang)) {
        Ok(weights) => Ok(weights),
        Err(salastampa_acts::Error::Denied(Denied::Form(slips))) => {
            let page = page(desk, None).await.map(|mut page| {
                for field in &mut page.fields {
                    if let Some((_, text)) = typed.iter().find(|(name, _)| *name == field.name) {
                        field.value.clone_from(text);
                    }
                }
                WeightsPage { slips: Slips(slips), ..page }
            });
            Err(desk.again(page))
        }
        Err(error) => Err(desk.refused("/desk/pesi", &error).await),
    }
}

async fn try_out(desk: Desk, form: Fields) -> Response {
    match read(&desk, &form).await {
        Ok(weights) => desk.answer(page(&desk, Some(weights)).await),
        Err(response) => response,
    }
}

async fn save(desk: Desk, form: Fields) -> Response {
    let weights = match read(&desk, &form).await {
        Ok(weights) => weights,
        Err(response) => return response,
    };
    let version = form.value("version").unwrap_or_default();
    match weights::save(&desk.site.store, &desk.user.login, version, weights, desk.now).await {
        Ok(_) => desk.go("/desk/pesi", desk.t("weights.saved")).await,
        Err(salastampa_acts::Error::Denied(denied @ Denied::Changed { .. })) => {
            let words = denied.sentence(desk.lang);
            let page = page(&desk, Some(weights)).await;
            desk.again(page.map(|page| WeightsPage { conflict: Some(words), ..page }))
        }
        Err(error) => desk.refused("/desk/pesi", &error).await,
    }
}

#[cfg(test)]
pub(crate) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    use salastampa_acts::Slip;
    let page = |edits: bool, preview: Option<Preview>, slips: Slips| WeightsPage {
        frame: Frame::sample(lang, t(lang, "weights.title"), "/desk/pesi"),
        slips,
        version: 2,
        fields: fields(Weights::default(), lang),
        preview,
        conflict: edits.then(|| "Ugo <ha> cambiato".into()),
        edits,
    };
    let moved = |title: &str, was, is| Moved { title: title.into(), was, is, points: (31, 44) };
    let rows =
        vec![moved("Riapre <il> lungolago", Some(3), 1), moved("Bilancio", None, 2), moved("Scuole", Some(3), 3)];
    let preview = Preview { name: "Generale <b>".into(), hour: "martedì, ore 07:00".into(), is_tried: true, rows };
    let slips = Slips(vec![Slip { field: "tier", sentence: "0-100".into() }]);
    let none = Preview { name: "Generale".into(), hour: "ore 07:00".into(), is_tried: false, rows: Vec::new() };
    [("weights", page(true, Some(preview), slips)), ("weights, read", page(false, Some(none), Slips::default()))]
        .map(|(name, page)| (name, page.render().expect("a template over strings")))
        .into()
}
