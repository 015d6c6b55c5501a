//! Who used a release, looked at by a person: what both texts have in common, and the person's word on how much that is.
//!
//! The machine's finding stays as it is beside the word, so that both can be compared ([`crate::gold`]). Both texts may
//! have changed since: what is shown is the version of the release that the article, as it stands, has most of, with the
//! shares of the texts that are shown.

use crate::{Denied, Result, house};
use salastampa_domain::{
    Act, Article, ArticleId, DeliveryKind, Event, ForeignText, Judged, Pickup, PickupLevel, Release, ReleaseId,
    Timestamp, Version,
};
use salastampa_store::{Rows, Store};
use salastampa_stories::pickup::{Common, Prepared, Released, compare, prepare};
use salastampa_text::fold;
use serde::Serialize;
use std::collections::BTreeSet;

/// A piece of a text: the words, and how many of them if they stand in both texts.
pub type Piece = (String, Option<usize>);

/// What a release and an article have in common.
pub struct Evidence {
    common: Common,
    /// The version that is compared: its number, and when it was frozen.
    pub version: (u32, Timestamp),
    /// Whether a later version is out.
    pub corrected: bool,
    /// The level, and the shares in thousandths of the article's and of the release's words, of the texts as they are
    /// shown; nothing if they have nothing in common.
    pub shown: Option<(PickupLevel, i64, i64)>,
    /// The release's text as it went out, in paragraphs.
    pub release: Vec<Vec<Piece>>,
    /// What of the article is the release's, and nothing else of it: these words are the office's own.
    pub ours: Vec<Vec<Piece>>,
}

/// Compares the release with an article as it stands. `None` if no version of it is out.
pub async fn evidence(
    rows: &mut Rows,
    release: &Release,
    article: &Article,
    body: &ForeignText,
) -> Result<Option<Evidence>> {
    let went_out = went_out(rows, release).await?;
    let compared = went_out.iter().map(|version| {
        let prepared = prepared(release, version);
        (compare(&prepared, &article.title, body), prepared, version)
    });
    // the newest comes first, and of equals the last is the greatest
    let best = compared.rev().max_by_key(|(found, ..)| found.as_ref().map(|f| (f.level, f.of_release, f.of_article)));
    let Some((found, prepared, version)) = best else { return Ok(None) };
    let common = salastampa_stories::pickup::common(&prepared, body);
    let paragraphs = version.text.split('\n').map(str::trim).filter(|text| !text.is_empty());
    let pieced = paragraphs.map(|text| pieces(&common, text)).collect();
    let ours = common.in_article(body).into_iter();
    let ours = ours.map(|part| part.into_iter().map(|(words, n)| (words, Some(n))).collect()).collect();
    Ok(Some(Evidence {
        common,
        version: (version.number, version.at),
        corrected: release.current != Some(version.id),
        shown: found.map(|found| (found.level, found.of_article, found.of_release)),
        release: pieced,
        ours,
    }))
}

/// The versions that went out, newest first: the one that is public, the one that it corrects, and so on.
async fn went_out(rows: &mut Rows, release: &Release) -> Result<Vec<Version>> {
    let mut out: Vec<Version> = Vec::new();
    let mut next = release.current;
    while let Some(id) = next {
        let Some(version) = rows.find_version(id).await? else { break };
        // a chain goes back in time; anything else would be a circle
        next = version.corrects.filter(|earlier| *earlier < id);
        out.push(version);
    }
    Ok(out)
}

fn prepared(release: &Release, version: &Version) -> Prepared {
    prepare(&Released { id: release.id, title: version.title.clone(), text: version.text.clone() })
}

impl Evidence {
    /// A paragraph of the article in pieces.
    pub fn pieces(&self, text: &str) -> Vec<Piece> {
        pieces(&self.common, text)
    }
}

fn pieces(common: &Common, text: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut at = 0;
    for (stretch, words) in common.stretches(text) {
        if at < stretch.start {
            found.push((text[at..stretch.start].to_owned(), None));
        }
        found.push((text[stretch.clone()].to_owned(), Some(words)));
        at = stretch.end;
    }
    if at < text.len() {
        found.push((text[at..].to_owned(), None));
    }
    found
}

/// The use that an article made of a release, if one was found.
pub async fn find(rows: &mut Rows, release: ReleaseId, article: ArticleId) -> Result<Option<Pickup>> {
    Ok(rows.list_pickup_of(release).await?.into_iter().find(|found| found.article == article))
}

/// The outlets of those to whom a release was sent, and of which no article used it, by name. Names are compared without
/// case and accents: a contact's outlet is a word that somebody typed.
pub async fn silent(rows: &mut Rows, release: ReleaseId) -> Result<Vec<String>> {
    let found = rows.list_pickup_of(release).await?;
    let ids: Vec<ArticleId> = found.iter().filter(|found| found.counts()).map(|found| found.article).collect();
    let outlets = rows.list_outlets().await?;
    let articles = rows.list_articles(&ids).await?;
    let name = |article: &Article| outlets.iter().find(|o| o.id == article.outlet).map(|o| fold(o.name.trim()));
    let used: BTreeSet<String> = articles.iter().filter_map(name).collect();
    let mut told = rows.list_outlets_told(DeliveryKind::Release, release.0).await?;
    told.retain(|outlet| !outlet.trim().is_empty() && !used.contains(&fold(outlet.trim())));
    told.dedup_by_key(|outlet| fold(outlet.trim()));
    Ok(told)
}

/// What a person says of a use.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Word {
    /// It is this much.
    Is(PickupLevel),
    /// It is none.
    None,
    /// As the machine found it: what was said before is taken back.
    Machine,
}

/// What the log keeps: the level that held before, and after.
#[derive(Serialize)]
struct Trace {
    article: ArticleId,
    level: Option<PickupLevel>,
}

/// Writes down what somebody says of a use. False if that held already.
pub async fn judge(
    store: &Store,
    login: &str,
    release: ReleaseId,
    article: ArticleId,
    word: Word,
    now: Timestamp,
) -> Result<bool> {
    let mut write = store.write().await?;
    let user = house::allowed(&mut write, login, Act::Write).await?;
    let unknown = || Denied::Unknown { what: "pickup", name: article.to_string() };
    let found = find(&mut write, release, article).await?.ok_or_else(unknown)?;
    let judged = match word {
        Word::Is(level) => Some(Judged { level: Some(level), by: user.id, at: now }),
        Word::None => Some(Judged { level: None, by: user.id, at: now }),
        Word::Machine => None,
    };
    if judged.map(|j| j.level) == found.judged.map(|j| j.level) {
        return Ok(false);
    }
    write.record_judged(release, article, judged).await?;
    let after = Pickup { judged, ..found.clone() };
    let trace = |p: &Pickup| serde_json::to_string(&Trace { article, level: p.holds() }).unwrap_or_default();
    let subject = Event::about_release(release);
    let (before, after) = (trace(&found), trace(&after));
    write.record_event(now, &house::actor(&user), "pickup.judge", &subject, Some(&before), Some(&after)).await?;
    write.commit().await?;
    Ok(true)
}
