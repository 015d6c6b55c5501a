//! *Foto*: the photo bank. Every photo that came to a release, looked for by what it shows, whose it is and its caption,
//! with who brought it, when, and where it is used; from here it goes into another release, as the same file.

use super::guard::encoded;
use super::paging::{Paging, Place};
use super::releases::PhotoCard;
use super::releases::words::Moment;
use super::session::Desk;
use crate::Site;
use crate::answer::Error;
use crate::desk::fields::Fields;
use crate::desk::frame::Frame;
use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::{get, post};
use salastampa_acts::release;
use salastampa_domain::{Act, KeptPhoto, Release, ReleaseId, User, UserId};
use salastampa_locale::{fill, plural};
use salastampa_store::Rows;
use serde::Deserialize;
use std::collections::HashMap;

/// Photos on a page.
const PAGE: usize = 30;

/// The routes of this page.
pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/desk/foto", get(show)).route("/desk/foto/licenza", post(licence))
}

/// The page.
#[derive(Template)]
#[template(path = "desk/photos.html")]
pub(crate) struct PhotosPage {
    frame: Frame,
    words: String,
    found: String,
    cards: Vec<Card>,
    paging: Paging,
    /// The release that a photo is looked for.
    for_release: Option<Target>,
}

/// A photo of the bank.
struct Card {
    photo: PhotoCard,
    by: String,
    at: Moment,
    used: Vec<(String, String)>,
}

/// A release that a photo is looked for.
struct Target {
    slug: String,
    title: String,
    action: String,
    back: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    q: String,
    per: String,
    pagina: String,
}

async fn show(desk: Desk, Query(asked): Query<Asked>) -> Response {
    desk.answer(page(&desk, &asked).await)
}

async fn page(desk: &Desk, asked: &Asked) -> Result<PhotosPage, Error> {
    desk.must(Act::Write)?;
    let words = asked.q.trim();
    let mut rows = desk.site.store.read().await?;
    let total = usize::try_from(rows.count_photos(words).await?).unwrap_or_default();
    let place = Place::new(asked.pagina.parse().ok(), PAGE, total);
    let photos = rows.list_photos(words, place.offset(), PAGE).await?;
    let release = match asked.per.as_str() {
        "" => None,
        slug => rows.find_release(slug).await?,
    };
    Ok(PhotosPage {
        frame: desk.frame(desk.t("composer.photos.title")),
        found: plural(desk.lang, "composer.photos.found", total),
        cards: cards(desk, &mut rows, photos).await?,
        paging: place.paging(desk, "/desk/foto", &[("q", words), ("per", &asked.per)]),
        for_release: release.map(|release| target(desk, release)),
        words: words.to_owned(),
    })
}

/// Until when a photo of the bank may be shown.
async fn licence(desk: Desk, fields: Fields) -> Response {
    let words = fields.text("q");
    let back = format!("/desk/foto?q={}&per={}", encoded(words), encoded(fields.text("per")));
    let done = match release::last_day(fields.text("fino"), desk.lang) {
        Ok(until) => {
            let file = fields.text("file");
            release::licence_of_photo(&desk.site.store, file, until, &desk.user.login, desk.now).await
        }
        Err(error) => Err(error),
    };
    desk.done(done, &back, desk.t("composer.photos.licence_kept")).await
}

fn target(desk: &Desk, release: Release) -> Target {
    let below = desk.href(&format!("/desk/comunicati/{}", encoded(&release.slug)));
    Target {
        title: fill(desk.lang, "composer.photos.for", &[("title", &release.title)]),
        action: format!("{below}/file/riusa"),
        back: format!("{below}/modifica#file"),
        slug: release.slug,
    }
}

async fn cards(desk: &Desk, rows: &mut Rows, photos: Vec<KeptPhoto>) -> Result<Vec<Card>, Error> {
    let users: HashMap<UserId, User> = rows.list_users().await?.into_iter().map(|user| (user.id, user)).collect();
    let mut uses: Vec<Vec<ReleaseId>> = Vec::with_capacity(photos.len());
    for kept in &photos {
        uses.push(rows.list_releases_with_file(&kept.photo.full.file).await?);
    }
    let mut ids: Vec<ReleaseId> = uses.iter().flatten().copied().collect();
    ids.sort_unstable();
    ids.dedup();
    let releases: HashMap<ReleaseId, Release> =
        rows.find_releases(&ids).await?.into_iter().map(|release| (release.id, release)).collect();
    let link = |id: &ReleaseId| {
        releases
            .get(id)
            .map(|release| (desk.href(&format!("/desk/comunicati/{}", release.slug)), release.title.clone()))
    };
    let cards = photos.iter().zip(&uses).map(|(kept, uses)| Card {
        photo: PhotoCard::of(&kept.photo, desk.site.prefix(), desk.lang, desk.now.day()),
        by: users.get(&kept.by).map(|user| user.name.clone()).unwrap_or_default(),
        at: Moment::of(kept.at, desk.lang),
        used: uses.iter().filter_map(link).collect(),
    });
    Ok(cards.collect())
}

#[cfg(test)]
pub(crate) fn samples(lang: salastampa_locale::Lang) -> Vec<(&'static str, String)> {
    const FOREIGN: &str = "<script>alert(1)</script> \"ponte\"";
    let title = salastampa_locale::t(lang, "composer.photos.title");
    let card = |photo: PhotoCard| Card {
        photo,
        by: FOREIGN.into(),
        at: Moment::of(salastampa_domain::Timestamp(0), lang),
        used: vec![("/desk/comunicati/x".into(), FOREIGN.into())],
    };
    let photos = super::releases::FilesPart::sample(lang).photos;
    let mut page = PhotosPage {
        frame: Frame::sample(lang, title, "/desk/foto"),
        words: FOREIGN.into(),
        found: plural(lang, "composer.photos.found", 2),
        cards: photos.into_iter().map(card).collect(),
        paging: Paging { previous: None, next: Some("/desk/foto?pagina=2".into()), words: "1".into() },
        for_release: Some(Target {
            slug: "x".into(),
            title: fill(lang, "composer.photos.for", &[("title", FOREIGN)]),
            action: "/desk/comunicati/x/file/riusa".into(),
            back: "/desk/comunicati/x/modifica#file".into(),
        }),
    };
    let full = page.render().expect("a template over strings");
    page.for_release = None;
    let plain = page.render().expect("a template over strings");
    page.cards.clear();
    vec![
        ("photos for a release", full),
        ("photos", plain),
        ("no photos", page.render().expect("a template over strings")),
    ]
}
