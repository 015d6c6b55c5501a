//! The list of watches, and what each of them leads to: sections, readers, clippings.

use super::{Asked, Standing, preview};
use crate::answer::Error;
use crate::desk::frame::Frame;
use crate::desk::guard::encoded;
use crate::desk::session::Desk;
use askama::Template;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::response::Response;
use salastampa_acts::curate;
use salastampa_domain::time::DAY;
use salastampa_domain::{Act, Edition, Period, Reader, Timestamp, Urgency, Watch, WatchId, WatchPast};
use salastampa_locale::{Lang, date, fill, number, plural, t};
use salastampa_store::Rows;
use std::collections::BTreeMap;

/// Longest query that the list shows whole, in characters.
const LONGEST_SHOWN: usize = 240;
/// Watches on a page of the list.
const PAGE: usize = 100;

/// All watches, a hundred a page.
#[derive(Template)]
#[template(path = "desk/watches.html")]
pub(crate) struct WatchesPage {
    frame: Frame,
    watches: Vec<WatchLine>,
    retired: Vec<WatchLine>,
    newer: Option<String>,
    older: Option<String>,
    edits: bool,
}

/// A watch in the list.
struct WatchLine {
    name: String,
    href: String,
    query: String,
    /// Where it goes: `Generale: Scuola`.
    sections: Vec<String>,
    readers: String,
    week: String,
    month: String,
    /// The articles of the month, in the archive.
    month_href: String,
    urgent: bool,
    /// It alerts with the batches.
    batched: bool,
    weight: u8,
}

pub(super) async fn list(desk: Desk, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    let number = asked.ok().and_then(|Query(asked)| asked.pagina.parse().ok()).unwrap_or(1);
    desk.answer(list_page(&desk, number).await)
}

async fn list_page(desk: &Desk, number: usize) -> Result<WatchesPage, Error> {
    desk.must(Act::Read)?;
    let mut rows = desk.site.store.read().await?;
    let mut watches = rows.list_watches().await?;
    watches.sort_by_cached_key(|watch| watch.name.to_lowercase());
    let pages = watches.len().div_ceil(PAGE).max(1);
    let number = number.clamp(1, pages);
    let watches: Vec<Watch> = watches.into_iter().skip((number - 1) * PAGE).take(PAGE).collect();
    let around = Around::read(desk, &mut rows, &watches).await?;
    let (retired, active): (Vec<Watch>, Vec<Watch>) = watches.into_iter().partition(|w| w.retired_at.is_some());
    let link = |number: usize| desk.href(&format!("/desk/temi?pagina={number}"));
    Ok(WatchesPage {
        frame: desk.frame(desk.t("desk.menu.watches")),
        watches: active.iter().map(|watch| around.line(desk, watch)).collect(),
        retired: retired.iter().map(|watch| around.line(desk, watch)).collect(),
        newer: (number > 1).then(|| link(number - 1)),
        older: (number < pages).then(|| link(number + 1)),
        edits: desk.may(Act::Curate),
    })
}

/// What watches lead to: sections, readers, clippings.
pub(super) struct Around {
    editions: Vec<Edition>,
    readers: Vec<Reader>,
    week: BTreeMap<WatchId, i64>,
    month: BTreeMap<WatchId, i64>,
}

impl Around {
    pub(super) async fn read(desk: &Desk, rows: &mut Rows, watches: &[Watch]) -> Result<Self, Error> {
        let ids: Vec<WatchId> = watches.iter().map(|watch| watch.id).collect();
        let last = |days: i64| Period { from: desk.now.plus(-days * DAY), to: Timestamp(i64::MAX) };
        Ok(Self {
            editions: rows.list_editions().await?.into_iter().filter(|e| curate::sees(&desk.user, e)).collect(),
            readers: rows.list_readers().await?,
            week: rows.count_clippings_by_watch(&ids, last(7)).await?.into_iter().collect(),
            month: rows.count_clippings_by_watch(&ids, last(30)).await?.into_iter().collect(),
        })
    }

    /// The sections that a watch feeds, with their editions.
    fn sections(&self, id: WatchId) -> Vec<String> {
        let fed = |edition: &Edition| -> Vec<String> {
            let sections = edition.sections.iter().filter(|section| section.watches.contains(&id));
            sections.map(|section| format!("{}: {}", edition.name, section.name)).collect()
        };
        self.editions.iter().flat_map(fed).collect()
    }

    fn readers(&self, id: WatchId) -> Vec<String> {
        self.readers.iter().filter(|r| r.watches.contains(&id)).map(|r| r.name.clone()).collect()
    }

    fn count(of: &BTreeMap<WatchId, i64>, id: WatchId, lang: Lang) -> String {
        number::whole(of.get(&id).copied().unwrap_or_default(), lang)
    }

    fn line(&self, desk: &Desk, watch: &Watch) -> WatchLine {
        WatchLine {
            name: watch.name.clone(),
            href: desk.href(&format!("/desk/temi/{}", encoded(&watch.slug))),
            query: shortened(&watch.query),
            sections: self.sections(watch.id),
            readers: number::whole(self.readers(watch.id).len() as i64, desk.lang),
            week: Self::count(&self.week, watch.id, desk.lang),
            month: Self::count(&self.month, watch.id, desk.lang),
            month_href: archive_href(desk, &watch.slug),
            urgent: watch.urgency == Urgency::Flash,
            batched: watch.urgency == Urgency::Ordinary,
            weight: watch.weight,
        }
    }

    pub(super) fn standing(&self, desk: &Desk, watch: &Watch, past: Option<&WatchPast>) -> Standing {
        let moment = |at: Timestamp| (at.rfc3339(), date::moment(at.civil(), desk.lang));
        let clippings = |n: &BTreeMap<WatchId, i64>| {
            let n = n.get(&watch.id).copied().unwrap_or_default();
            plural(desk.lang, "archive.watch.clippings", usize::try_from(n).unwrap_or_default())
        };
        Standing {
            slug: watch.slug.clone(),
            retired: watch.retired_at.map(moment),
            sections: self.sections(watch.id),
            readers: self.readers(watch.id),
            week: clippings(&self.week),
            month: clippings(&self.month),
            past: past.map(|past| past_words(past, desk.lang)),
            past_waits: past.is_some_and(|past| past.done_at.is_none()) && watch.retired_at.is_none(),
            archive_href: archive_href(desk, &watch.slug),
        }
    }
}

/// What became of the past of a watch: how far back, and how much.
fn past_words(past: &WatchPast, lang: Lang) -> String {
    let made = plural(lang, "archive.watch.past_made", usize::try_from(past.made).unwrap_or_default());
    let since = match past.since {
        Some(since) => date::long(since.day(), lang),
        None => t(lang, "archive.watch.past_beginning").to_owned(),
    };
    match past.done_at {
        Some(_) => fill(lang, "archive.watch.past_done", &[("made", &made), ("since", &since)]),
        None => fill(lang, "archive.watch.past_waits", &[("made", &made), ("since", &since)]),
    }
}

/// A query as a list shows it.
fn shortened(query: &str) -> String {
    match query.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => format!("{}…", &query[..end]),
        None => query.to_owned(),
    }
}

fn archive_href(desk: &Desk, slug: &str) -> String {
    let asked = crate::desk::archive::Asked { tema: slug.to_owned(), ..Default::default() };
    let (first, last) = preview::days(desk.now);
    desk.href(&asked.between(first, last).path())
}

#[cfg(test)]
pub(super) fn samples(lang: Lang) -> Vec<(&'static str, String)> {
    let frame = || Frame::sample(lang, "Temi", "/desk/temi");
    let line = |urgent| WatchLine {
        name: "Ponte & <lungolago>".into(),
        href: "/ufficio-stampa/desk/temi/ponte".into(),
        query: "\"ponte vecchio\" OR <b>".into(),
        sections: vec!["Generale: Lavori <pubblici>".into()],
        readers: "3".into(),
        week: "12".into(),
        month: "1.240".into(),
        month_href: "/ufficio-stampa/desk/archivio?tema=ponte".into(),
        urgent,
        batched: !urgent,
        weight: 5,
    };
    let list = WatchesPage {
        frame: frame(),
        watches: vec![line(true), line(false)],
        retired: vec![line(false)],
        newer: None,
        older: Some("?pagina=2".into()),
        edits: true,
    };
    let none = WatchesPage {
        frame: frame(),
        watches: Vec::new(),
        retired: Vec::new(),
        newer: None,
        older: None,
        edits: false,
    };
    vec![
        ("watches", list.render().expect("a template over strings")),
        ("watches-none", none.render().expect("a template over strings")),
    ]
}
