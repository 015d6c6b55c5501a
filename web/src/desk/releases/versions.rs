//! Two texts of a release side by side: what came in and what went out, marked by more than colour.

use super::page::found;
use super::words::Moment;
use crate::answer::Error;
use crate::desk::frame::Frame;
use crate::desk::session::Desk;
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use salastampa_domain::{Act, Version};
use salastampa_locale::{Lang, fill, t};
use salastampa_releases::files::listed;
use salastampa_releases::{Change, Piece, compare};
use serde::Deserialize;

/// The page.
#[derive(Template)]
#[template(path = "desk/releases/compare.html")]
pub(crate) struct ComparePage {
    frame: Frame,
    href: String,
    title: String,
    /// The texts that there are: value and words.
    texts: Vec<(String, String)>,
    from: String,
    to: String,
    heading: String,
    differs: bool,
    pieces: Vec<Piece>,
    at: Option<Moment>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    da: String,
    a: String,
}

pub(super) async fn show(desk: Desk, Path(slug): Path<String>, Query(asked): Query<Asked>) -> Response {
    desk.answer(page(&desk, &slug, &asked).await)
}

async fn page(desk: &Desk, slug: &str, asked: &Asked) -> Result<ComparePage, Error> {
    desk.must(Act::Write)?;
    let mut rows = desk.site.store.read().await?;
    let release = found(desk, &mut rows, slug).await?;
    let versions = rows.list_versions(release.id).await?;
    let texts = texts(desk.lang, &versions);
    // the draft is the last text; without a question the last two are compared
    let at = |name: &str, default: usize| texts.iter().position(|(value, _)| value == name).unwrap_or(default);
    let last = texts.len() - 1;
    let to = at(&asked.a, last);
    let from = at(&asked.da, to.saturating_sub(1));
    let working = rows.find_release_files(release.id).await?;
    let text = |n: usize| {
        let (text, files) = match versions.get(n) {
            Some(version) => (&version.markdown, &version.files),
            None => (&release.draft, &working),
        };
        // the files stand below the text: another photo is another version too
        format!("{}\n\n{}", text.trim_end(), listed(files, desk.lang))
    };
    let pieces = compare(&text(from), &text(to));
    let named = [("from", texts[from].1.as_str()), ("to", texts[to].1.as_str())];
    Ok(ComparePage {
        frame: desk.frame(desk.t("composer.compare.title")),
        href: desk.href(&format!("/desk/comunicati/{slug}")),
        heading: fill(desk.lang, "composer.compare.heading", &named),
        differs: salastampa_releases::compare::differs(&pieces),
        at: versions.get(to).map(|version| Moment::of(version.at, desk.lang)),
        from: texts[from].0.clone(),
        to: texts[to].0.clone(),
        title: release.title,
        texts,
        pieces,
    })
}

fn texts(lang: Lang, versions: &[Version]) -> Vec<(String, String)> {
    let version = |version: &Version| {
        let number = version.number.to_string();
        let words = fill(lang, "composer.compare.version", &[("n", &number)]);
        (number, words)
    };
    let draft = ("bozza".to_owned(), t(lang, "composer.compare.draft").to_owned());
    versions.iter().map(version).chain([draft]).collect()
}

impl ComparePage {
    fn is(&self, piece: &Piece, change: &str) -> bool {
        is(piece, change)
    }
}

/// Whether a piece was `added` or `removed`.
pub(crate) fn is(piece: &Piece, change: &str) -> bool {
    matches!((piece.change, change), (Change::Added, "added") | (Change::Removed, "removed"))
}

#[cfg(test)]
pub(super) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let mut page = ComparePage {
        frame: Frame::sample(lang, t(lang, "composer.compare.title"), "/desk/comunicati/x/confronto"),
        href: "/desk/comunicati/x".into(),
        title: "Riapre il <b>ponte</b>".into(),
        texts: vec![("1".into(), "1".into()), ("bozza".into(), t(lang, "composer.compare.draft").into())],
        from: "1".into(),
        to: "bozza".into(),
        heading: "1, 2".into(),
        differs: true,
        pieces: compare("Il <script>ponte</script> apre lunedì.\n", "Il <script>ponte</script> apre martedì.\n"),
        at: Some(Moment::of(salastampa_domain::Timestamp(0), lang)),
    };
    let full = page.render().expect("a template over strings");
    page.differs = false;
    vec![("comparison", full), ("no difference", page.render().expect("a template over strings"))]
}
