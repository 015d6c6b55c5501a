//! *Giornalisti*: who they are, why we may write to them, and how they leave.
//!
//! [`list`] finds them, [`person`] keeps one (and gives, stops and erases what is held), [`bring`] takes many in from a
//! file, [`notice`] says who was told of it. Only who keeps contacts sees any of it. Left out: photos of people.

mod bring;
mod bylines;
mod doubles;
mod history;
mod known;
mod list;
mod notice;
mod person;
mod stale;

pub(super) use person::Conflict;

use super::session::Desk;
use crate::Site;
use crate::answer::Error;
use axum::Router;
use salastampa_locale::plural;
use salastampa_store::Rows;

/// The routes of these pages.
pub(crate) fn routes() -> Router<Site> {
    Router::new()
        .merge(list::routes())
        .merge(bring::routes())
        .merge(bylines::routes())
        .merge(doubles::routes())
        .merge(notice::routes())
        .merge(person::routes())
        .merge(stale::routes())
}

/// What of the journalists waits for somebody, for *Oggi*: in words, and where it is done.
pub(super) async fn waiting(desk: &Desk, rows: &mut Rows) -> Result<Vec<(String, String)>, Error> {
    let overdue = salastampa_acts::contacts::notice::count_overdue(rows, &desk.site.house, desk.now).await?;
    let stale = salastampa_acts::contacts::count_to_confirm(rows, desk.now).await?;
    let lines = [
        (overdue, "keeping.notice.today", "/desk/giornalisti#senza-informativa"),
        (stale, "keeping.queue.today", "/desk/giornalisti/da-confermare"),
    ];
    let lines = lines.into_iter().filter(|(n, ..)| *n > 0);
    Ok(lines.map(|(n, key, path)| (plural(desk.lang, key, n), desk.href(path))).collect())
}

/// A choice of a form: its value and its words.
pub(super) type Options = Vec<(String, String)>;

/// The sorts of outlets, as a form offers them.
pub(super) fn media(lang: salastampa_locale::Lang) -> Options {
    salastampa_domain::Medium::ALL
        .into_iter()
        .map(|m| (m.name().to_owned(), medium_words(m, lang).to_owned()))
        .collect()
}

/// The name of a sort of outlet.
pub(super) fn medium_words(medium: salastampa_domain::Medium, lang: salastampa_locale::Lang) -> &'static str {
    use salastampa_domain::Medium;
    use salastampa_locale::t;
    match medium {
        Medium::Agency => t(lang, "people.medium.agency"),
        Medium::Print => t(lang, "people.medium.print"),
        Medium::Web => t(lang, "people.medium.web"),
        Medium::Radio => t(lang, "people.medium.radio"),
        Medium::Tv => t(lang, "people.medium.tv"),
    }
}

/// The languages, as a form offers them.
pub(super) fn languages(lang: salastampa_locale::Lang) -> Options {
    use salastampa_locale::t;
    vec![("it".into(), t(lang, "people.language.it").into()), ("en".into(), t(lang, "people.language.en").into())]
}

#[cfg(test)]
pub(crate) fn samples(lang: salastampa_locale::Lang) -> Vec<(&'static str, String)> {
    let mut all = list::samples(lang);
    all.extend(bring::samples(lang));
    all.extend(person::samples(lang));
    all.extend(stale::samples(lang));
    all.extend(doubles::samples(lang));
    all
}
