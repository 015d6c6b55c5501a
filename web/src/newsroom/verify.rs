//! *Verifica*: somebody has a text, a fingerprint or a receipt before the eyes and asks whether it is ours.
//!
//! Only what can be read now, or could be read once, is compared: what waits for its hour is answered like what never was.
//! A text counts when it stands in one of ours word for word, marks and line breaks aside, and is long enough to say
//! something. Left out: how like two texts are; almost ours is not ours.

use super::address::{standing, tombstone};
use super::kept::{Kept, respond};
use super::page::Moment;
use super::shelf::{Entry, entries};
use crate::Site;
use crate::answer::{Error, answer};
use crate::frame::Frame;
use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::HeaderMap;
use axum::http::header::CACHE_CONTROL;
use axum::response::{Html, IntoResponse, Response};
use salastampa_acts::receipt;
use salastampa_domain::{Timestamp, Version};
use salastampa_locale::{Lang, fill, t};
use salastampa_releases::{find, public};
use salastampa_store::Rows;
use serde::Deserialize;

/// Releases whose words hold those of the text and are compared with it; and as many that were corrected.
const COMPARED: usize = 20;
/// Texts that are named in an answer.
const NAMED: usize = 5;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    /// A text, a fingerprint or a receipt.
    testo: String,
}

/// The page.
#[derive(Template, Debug)]
#[template(path = "newsroom/verify.html")]
pub(crate) struct VerifyPage {
    pub(crate) frame: Frame,
    pub(crate) action: String,
    pub(crate) key: String,
    pub(crate) asked: String,
    pub(crate) answer: Option<Answer>,
}

/// What is said of what was asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Answer {
    /// It is ours.
    pub(crate) is_ours: bool,
    pub(crate) words: String,
    /// Where it stands.
    pub(crate) texts: Vec<Found>,
}

/// A text of ours that was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Found {
    pub(crate) title: String,
    pub(crate) href: String,
    pub(crate) since: Moment,
    /// Which version, and whether it still stands.
    pub(crate) state: String,
}

pub(super) async fn ask((State(site), headers): (State<Site>, HeaderMap), Query(asked): Query<Asked>) -> Response {
    let now = site.clock.now();
    let found = async { Kept::page(&page(&site, &asked, now).await?) };
    let found = found.await;
    respond(&site, &headers, now, found)
}

/// A text is too long for an address: it is posted, changes nothing, and the answer is for who asked.
pub(super) async fn check(State(site): State<Site>, Form(asked): Form<Asked>) -> Response {
    let page = async { Ok(Html(page(&site, &asked, site.clock.now()).await?.render()?)) };
    let page = page.await.map(|page| ([(CACHE_CONTROL, "no-store")], page).into_response());
    answer(&site, page)
}

async fn page(site: &Site, asked: &Asked, now: Timestamp) -> Result<VerifyPage, Error> {
    let lang = site.house.lang;
    let text = asked.testo.trim();
    let said = match text {
        "" => None,
        text => Some(judge(site, &mut site.store.read().await?, text, now).await?),
    };
    let mut frame = site.frame(t(lang, "newsroom.verify.title")).under_news().here();
    frame.description = t(lang, "newsroom.verify.lead").to_owned();
    frame.canonical = text.is_empty().then(|| "/verifica".into());
    Ok(VerifyPage {
        frame,
        action: format!("{}/verifica", site.prefix()),
        key: receipt::public_key(&site.house.key),
        asked: text.to_owned(),
        answer: said,
    })
}

async fn judge(site: &Site, rows: &mut Rows, text: &str, now: Timestamp) -> Result<Answer, Error> {
    if receipt::is_receipt(text) {
        return of_receipt(site, rows, text, now).await;
    }
    let all = entries(site, rows, now).await?;
    let hash = text.to_ascii_lowercase();
    let is_hash = hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
    let mut found = Vec::new();
    if is_hash {
        for entry in &all {
            if found.len() >= NAMED {
                break;
            }
            let lang = site.house.lang;
            // the fingerprint of the text that stands is known; older ones are asked for
            let known = entry.gist.frozen == hash || entry.gist.text == hash;
            if known || entry.gist.corrects {
                let fits = |v: &Version| {
                    v.sha256 == hash || public::sha256(public::text(v, entry.register(), lang).as_bytes()) == hash
                };
                found.extend(texts(site, rows, entry, now, fits).await?);
            }
        }
    } else {
        let (order, words) = (find::order(text), find::asked(text));
        // most of the words: a text is copied with what stands around it, an older version lacks some
        let enough = |entry: &&Entry| {
            let held = words.iter().filter(|word| find::holds(&entry.gist.words, std::slice::from_ref(word))).count();
            !words.is_empty() && held * 2 >= words.len()
        };
        // what was replaced may have had other words
        let replaced = all.iter().filter(|entry| entry.gist.corrects && !enough(entry)).take(COMPARED);
        for entry in all.iter().filter(enough).take(COMPARED).chain(replaced) {
            let fits = |v: &Version| {
                find::is_passage(&order, &find::order(&public::text(v, entry.register(), site.house.lang)))
            };
            found.extend(texts(site, rows, entry, now, fits).await?);
        }
        found.truncate(NAMED);
    }
    let key = match (found.is_empty(), is_hash) {
        (false, true) => "newsroom.verify.hash_ours",
        (false, false) => "newsroom.verify.text_ours",
        (true, true) => "newsroom.verify.hash_unknown",
        (true, false) => "newsroom.verify.text_unknown",
    };
    let words = fill(site.house.lang, key, &[("office", &site.house.office)]);
    Ok(Answer { is_ours: !found.is_empty(), words, texts: found })
}

/// The public texts of a release that fit.
async fn texts(
    site: &Site,
    rows: &mut Rows,
    entry: &Entry,
    now: Timestamp,
    fits: impl Fn(&Version) -> bool,
) -> Result<Vec<Found>, Error> {
    let lang = site.house.lang;
    let texts = standing(rows, &entry.published, now).await?;
    let path = format!("{}{}", site.prefix(), entry.path());
    let said = texts.iter().enumerate().filter(|(_, text)| fits(&text.version)).map(|(n, text)| Found {
        title: text.version.title.clone(),
        href: format!("{path}/v{}", text.version.number),
        since: Moment::of(text.since, lang),
        state: state(text.version.number, texts.get(n + 1).map(|next| next.since), lang),
    });
    Ok(said.collect())
}

fn state(number: u32, until: Option<Timestamp>, lang: Lang) -> String {
    let number = number.to_string();
    match until {
        None => fill(lang, "newsroom.verify.stands", &[("n", &number)]),
        Some(until) => {
            let until = Moment::of(until, lang);
            fill(lang, "newsroom.verify.replaced", &[("n", &number), ("until", &until.words)])
        }
    }
}

/// A receipt is ours by its signature; what has become of the text since is said beside it.
async fn of_receipt(site: &Site, rows: &mut Rows, text: &str, now: Timestamp) -> Result<Answer, Error> {
    let lang = site.house.lang;
    let Some(said) = receipt::read(&site.house.key, text) else {
        return Ok(Answer {
            is_ours: false,
            words: t(lang, "newsroom.verify.receipt_forged").to_owned(),
            texts: Vec::new(),
        });
    };
    let mut address = said.url.rsplit('/');
    let number = address.next().and_then(|number| number.parse::<u32>().ok());
    let year = address.next().and_then(|year| year.parse::<i16>().ok());
    let mut found = Vec::new();
    let mut withdrawn = None;
    if let (Some(year), Some(number)) = (year, number) {
        if let Some(published) = rows.find_published(now, year, number).await? {
            let gist = site.shelf.gist(rows, &published, lang).await?;
            let entry = Entry { published, gist, day: now.day() };
            found = texts(site, rows, &entry, now, |version| version.number == said.version).await?;
        } else if let Some(release) = rows.find_release_by_register(year, number).await? {
            withdrawn = tombstone(&release, now);
        }
    }
    let since = Moment::of(said.since, lang);
    let number = said.version.to_string();
    let values = [("n", number.as_str()), ("url", &said.url), ("since", &since.words)];
    let mut words = fill(lang, "newsroom.verify.receipt_ours", &values);
    if let Some((at, _)) = withdrawn {
        let at = Moment::of(at, lang);
        words = format!("{words} {}", fill(lang, "newsroom.verify.withdrawn", &[("at", &at.words)]));
    }
    Ok(Answer { is_ours: true, words, texts: found })
}
