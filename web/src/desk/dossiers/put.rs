//! The ways into a dossier, and back out by one click.

use crate::answer::Error;
use crate::desk::fields::Fields;
use crate::desk::login::inside;
use crate::desk::session::Desk;
use axum::response::Response;
use salastampa_acts::{Denied, Slip, dossier};
use salastampa_domain::{Act, ArticleId, Dossier, EventId, StoryId};
use salastampa_locale::{fill, number};

/// The dossiers that take articles: slug and name, by name.
pub(crate) fn choices(dossiers: &[Dossier]) -> Vec<(String, String)> {
    let open = dossiers.iter().filter(|dossier| dossier.archived_at.is_none());
    let mut out: Vec<(String, String)> = open.map(|one| (one.slug.clone(), one.name.clone())).collect();
    out.sort_by_cached_key(|(_, name)| name.to_lowercase());
    out
}

/// Puts articles into the dossier that a form names (`nel_dossier`, or a new one by `dossier_nuovo`), and goes back with
/// the way to take it back.
pub(crate) async fn filed(desk: &Desk, fields: &Fields, ids: &[ArticleId], back: &str) -> Response {
    let (slug, name) = (fields.text("nel_dossier"), fields.text("dossier_nuovo"));
    let slip = |field, key| Slip { field, sentence: desk.t(key).to_owned() };
    let missing = match (ids.is_empty(), slug.is_empty() && name.is_empty()) {
        (true, _) => Some(slip("articolo", "archive.clip.no_article")),
        (_, true) => Some(slip("nel_dossier", "dossier.no_dossier")),
        _ => None,
    };
    if let Some(slip) = missing {
        return desk.refused(back, &Denied::Form(vec![slip]).into()).await;
    }
    // what was typed says more than what was left chosen
    let done = match name {
        "" => dossier::put(desk.acts(), slug, ids).await,
        name => dossier::put_into_new(desk.acts(), name, ids).await,
    };
    match done {
        Ok(done) => told(desk, done, back).await,
        Err(error) => desk.refused(back, &error).await,
    }
}

async fn told(desk: &Desk, done: dossier::Done, back: &str) -> Response {
    let Some(event) = done.event else {
        return desk.go(back, fill(desk.lang, "dossier.put_nothing", &[("name", &done.name)])).await;
    };
    let n = number::whole(i64::try_from(done.changed).unwrap_or(i64::MAX), desk.lang);
    let key = if done.changed == 1 { "dossier.put_done.one" } else { "dossier.put_done.other" };
    let words = fill(desk.lang, key, &[("n", &n), ("name", &done.name)]);
    let fields = [("evento", event.to_string()), ("dove", back.to_owned())];
    let fields = fields.each_ref().map(|(name, text)| (*name, text.as_str()));
    desk.go_or_undo(back, words, "/desk/dossier/annulla", &fields).await
}

/// Takes back what was put or taken.
pub(super) async fn undo(desk: Desk, fields: Fields) -> Response {
    let back = match fields.text("dove") {
        back if inside(back) == back => back,
        _ => "/desk/dossier",
    };
    match dossier::undo(desk.acts(), EventId(fields.value("evento").unwrap_or_default())).await {
        Ok(done) if done.changed == 0 => desk.go(back, desk.t("dossier.nothing_undone")).await,
        Ok(_) => desk.go(back, desk.t("dossier.undone")).await,
        Err(error) => desk.refused(back, &error).await,
    }
}

/// From *Ritagli*: the leading articles of the ticked stories.
pub(super) async fn from_clippings(desk: Desk, fields: Fields) -> Response {
    let here = fields.text("qui");
    let harmless = |c: char| c.is_ascii_alphanumeric() || "%&=_+-.?".contains(c);
    let back = match here.strip_prefix("ritagli") {
        Some(rest) if rest.chars().all(harmless) => format!("/desk/ritagli{rest}"),
        _ => "/desk/ritagli".to_owned(),
    };
    match leads(&desk, &fields).await {
        Ok(ids) => filed(&desk, &fields, &ids, &back).await,
        Err(Error::Act(error)) => desk.refused(&back, &error).await,
        Err(error) => desk.no_page(&error),
    }
}

async fn leads(desk: &Desk, fields: &Fields) -> Result<Vec<ArticleId>, Error> {
    desk.must(Act::Curate)?;
    let mut rows = desk.site.store.read().await?;
    let mut ids = Vec::new();
    // `12.3`: a story and the version that was on the screen
    let picked = fields.all("scelta").into_iter().filter_map(|pick| pick.split('.').next()?.parse().ok());
    for story in picked.take(dossier::MOST).map(StoryId) {
        ids.extend(rows.find_story(story).await?.map(|story| story.lead));
    }
    Ok(ids)
}
