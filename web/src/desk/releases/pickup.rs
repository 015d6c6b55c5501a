//! One use of a release: its text and the article's side by side, with what stands in both marked, and the office's own
//! word on how much that is.
//!
//! Of an article whose text the desk may not show, only the stretches that are the release's own are shown: they are ours.

use super::page::found;
use super::words::{Moment, length, level_words, share};
use crate::answer::Error;
use crate::desk::fields::Fields;
use crate::desk::frame::Frame;
use crate::desk::rights::Rights;
use crate::desk::session::Desk;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use salastampa_acts::pickup::{self, Evidence, Piece, Word};
use salastampa_domain::{Act, ArticleId, Pickup, PickupLevel};
#[cfg(test)]
use salastampa_locale::{Lang, t};
use salastampa_locale::{fill, plural};

/// The page.
#[derive(Template)]
#[template(path = "desk/releases/pickup.html")]
pub(crate) struct PickupPage {
    frame: Frame,
    release: String,
    release_href: String,
    action: String,
    outlet: String,
    title: String,
    article_href: String,
    at: Moment,
    /// How much, after how long, and the shares: term and words.
    facts: Vec<(&'static str, String)>,
    /// What changed since the use was found, in sentences.
    since: Vec<String>,
    ours: Vec<Vec<Piece>>,
    theirs: Vec<Vec<Piece>>,
    /// The article's text may not be shown: only what is ours of it is.
    reserved: bool,
    /// Nothing of the texts is the same (any more).
    nothing: bool,
    /// Who said otherwise, or the same.
    said: Option<String>,
    /// The words of a person: value, words, whether it holds.
    choices: Vec<(&'static str, &'static str, bool)>,
}

/// The levels as a form names them.
const LEVELS: [(&str, PickupLevel); 4] = [
    ("integrale", PickupLevel::Full),
    ("parziale", PickupLevel::Partial),
    ("citazione", PickupLevel::Quote),
    ("tema", PickupLevel::Theme),
];

pub(super) async fn show(desk: Desk, Path((slug, article)): Path<(String, String)>) -> Response {
    desk.answer(page(&desk, &slug, &article).await)
}

async fn page(desk: &Desk, slug: &str, article: &str) -> Result<PickupPage, Error> {
    desk.must(Act::Write)?;
    let id = ArticleId(article.parse().map_err(|_| Error::Missing)?);
    let mut rows = desk.site.store.read().await?;
    let release = found(desk, &mut rows, slug).await?;
    let used = pickup::find(&mut rows, release.id, id).await?.ok_or(Error::Missing)?;
    let article = rows.find_article(id).await?.filter(|article| !article.is_taken_back()).ok_or(Error::Missing)?;
    let outlets = rows.list_outlets().await?;
    let outlet = outlets.iter().find(|outlet| outlet.id == article.outlet).ok_or(Error::Missing)?;
    let gate = Rights::read(&mut rows, desk.now).await?.gate(&article, outlet);
    let body = rows.find_body(id).await?;
    let evidence = pickup::evidence(&mut rows, &release, &article, &body).await?;
    let (ours, theirs) = match &evidence {
        Some(evidence) if gate.desk.full_text => {
            let shown = gate.desk.paragraphs(&body);
            (evidence.release.clone(), shown.iter().map(|text| evidence.pieces(text.as_str())).collect())
        }
        Some(evidence) => (evidence.release.clone(), evidence.ours.clone()),
        None => (Vec::new(), Vec::new()),
    };
    let words = |text: &[Vec<Piece>]| text.iter().flatten().filter_map(|(_, words)| *words).max().unwrap_or(0);
    let longest = words(&ours).max(words(&theirs));
    let held = |level: Option<PickupLevel>| match level {
        Some(level) => level_words(desk.lang, level),
        None => desk.t("composer.pickup.none"),
    };
    let said = match used.judged {
        Some(judged) => {
            let users = rows.list_users().await?;
            let who = users.iter().find(|user| user.id == judged.by).map_or("—", |user| user.name.as_str());
            let at = Moment::of(judged.at, desk.lang).words;
            Some(fill(desk.lang, "composer.pickup.said", &[("who", who), ("at", &at), ("level", held(judged.level))]))
        }
        None => None,
    };
    let dated = article.dated();
    let mut facts = vec![
        (desk.t("composer.pickup.level"), held(Some(used.level)).to_owned()),
        (desk.t("composer.pickup.delay"), length(dated.since(release.public_at.unwrap_or(dated)), desk.lang)),
    ];
    let shown = evidence.as_ref().and_then(|evidence| evidence.shown);
    if let Some((_, of_article, of_release)) = shown {
        facts.push((desk.t("composer.pickup.of_article"), share(of_article)));
        facts.push((desk.t("composer.pickup.of_release"), share(of_release)));
    }
    if longest > 0 {
        facts.push((desk.t("composer.pickup.longest"), plural(desk.lang, "composer.pickup.words", longest)));
    }
    let since = since(desk, &used, evidence.as_ref());
    let level = used.judged.and_then(|judged| judged.level);
    let mut choices: Vec<(&'static str, &'static str, bool)> = LEVELS
        .iter()
        .map(|(name, one)| (*name, level_words(desk.lang, *one), used.judged.is_some() && level == Some(*one)))
        .collect();
    choices.push(("nessuna", desk.t("composer.pickup.none"), used.judged.is_some_and(|judged| judged.level.is_none())));
    Ok(PickupPage {
        frame: desk.frame(desk.t("composer.pickup.page")),
        release_href: desk.href(&format!("/desk/comunicati/{slug}")),
        action: desk.href(&format!("/desk/comunicati/{slug}/riprese/{id}")),
        release: release.title,
        outlet: outlet.name.clone(),
        title: article.title.clone(),
        article_href: desk.href(&format!("/desk/articoli/{id}")),
        at: Moment::of(dated, desk.lang),
        facts,
        since,
        reserved: !gate.desk.full_text,
        nothing: longest == 0,
        ours,
        theirs,
        said,
        choices,
    })
}

/// Which texts stand here, where they are not those that were compared when the use was found.
fn since(desk: &Desk, used: &Pickup, evidence: Option<&Evidence>) -> Vec<String> {
    let Some(evidence) = evidence else { return Vec::new() };
    let mut said = Vec::new();
    if evidence.corrected {
        let (number, at) = evidence.version;
        let values = [("n", number.to_string()), ("at", Moment::of(at, desk.lang).words)];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        said.push(fill(desk.lang, "composer.pickup.corrected", &values));
    }
    let found = (used.level, used.of_article, used.of_release);
    if evidence.shown != Some(found) {
        let values = [
            ("level", level_words(desk.lang, used.level).to_owned()),
            ("of_article", share(used.of_article)),
            ("of_release", share(used.of_release)),
        ];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        said.push(fill(desk.lang, "composer.pickup.changed", &values));
    }
    said
}

pub(super) async fn judge(desk: Desk, Path((slug, article)): Path<(String, String)>, fields: Fields) -> Response {
    let release = async {
        desk.must(Act::Write)?;
        let mut rows = desk.site.store.read().await?;
        found(&desk, &mut rows, &slug).await
    };
    let release = match release.await {
        Ok(release) => release,
        Err(error) => return desk.no_page(&error),
    };
    let said = fields.text("quanto");
    let word = match (said, LEVELS.iter().find(|(name, _)| *name == said)) {
        (_, Some((_, level))) => Word::Is(*level),
        ("nessuna", _) => Word::None,
        ("programma", _) => Word::Machine,
        _ => return desk.no_page(&Error::Missing),
    };
    let Ok(article) = article.parse().map(ArticleId) else { return desk.no_page(&Error::Missing) };
    let path = format!("/desk/comunicati/{slug}/riprese/{article}");
    match pickup::judge(&desk.site.store, &desk.user.login, release.id, article, word, desk.now).await {
        Ok(true) => desk.go(&path, desk.t("composer.pickup.judged")).await,
        Ok(false) => desk.go(&path, desk.t("composer.pickup.judged_before")).await,
        Err(error) => desk.refused(&path, &error).await,
    }
}

#[cfg(test)]
pub(super) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let page = |reserved, nothing| PickupPage {
        frame: Frame::sample(lang, t(lang, "composer.pickup.page"), "/desk/comunicati/x/riprese/1"),
        release: "Riapre il <b>ponte</b>".into(),
        release_href: "/desk/comunicati/x".into(),
        action: "/desk/comunicati/x/riprese/1".into(),
        outlet: "Il <Lago>".into(),
        title: "Ponte, <i>si riapre</i>".into(),
        article_href: "/desk/articoli/1".into(),
        at: Moment::of(salastampa_domain::Timestamp(0), lang),
        facts: vec![(t(lang, "composer.pickup.level"), level_words(lang, PickupLevel::Partial).to_owned())],
        ours: vec![vec![("Il <script>ponte</script> ".into(), None), ("riapre lunedì alle sette".into(), Some(4))]],
        theirs: vec![vec![("riapre lunedì alle sette".into(), Some(4))]],
        since: vec!["<i>100 %</i>".into()],
        reserved,
        nothing,
        said: reserved.then(|| "Elena <Prati>".to_owned()),
        choices: vec![("integrale", level_words(lang, PickupLevel::Full), true)],
    };
    [("pickup", page(false, false)), ("pickup, reserved", page(true, true))]
        .map(|(name, page)| (name, page.render().expect("a template over strings")))
        .into()
}
