//! A line of an answer: what of an article the desk may show, with the words of the search marked.

use crate::desk::Desk;
use crate::desk::article::{mark, version_href};
use crate::desk::guard::encoded;
use crate::desk::rights::{Badge, Rights};
use salastampa_domain::{Article, ArticleId, ForeignText, Outlet, OutletId, StoryId};
use salastampa_index::{Highlighter, Segment};
use salastampa_locale::date;
use salastampa_store::{Error, Revised, Rows};
use std::collections::BTreeMap;

/// Longest piece of text, in characters: the rights may make it shorter.
const SNIPPET: usize = 300;

/// A query longer than this, in bytes, does not go with the links.
const LONGEST_QUERY: usize = 300;

/// A found article.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Hit {
    pub(crate) id: ArticleId,
    pub(crate) href: String,
    pub(crate) title: Vec<Segment>,
    /// The title as one text, for the label of the box.
    pub(crate) plain_title: String,
    pub(crate) outlet: String,
    pub(crate) datetime: String,
    pub(crate) date: String,
    pub(crate) badge: Badge,
    /// It changed after it was first read: in words, with the way to what changed.
    pub(crate) changed: Option<(&'static str, String)>,
    /// Empty where nothing of the text may be shown.
    pub(crate) snippet: Vec<Segment>,
    /// The snippet does not begin at the beginning.
    pub(crate) cut: bool,
    /// Articles of the same story on this page, where they are one line.
    pub(crate) others: Vec<Other>,
    story: Option<StoryId>,
}

/// Another article of the same story.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Other {
    pub(crate) href: String,
    pub(crate) outlet: String,
    pub(crate) title: String,
    pub(crate) datetime: String,
    pub(crate) date: String,
}

/// The lines of an answer, in its order. `q` goes with the links, so that the article is marked as well.
pub(crate) async fn hits(
    desk: &Desk,
    rows: &mut Rows,
    ids: &[ArticleId],
    outlets: &[Outlet],
    marker: &Highlighter,
    q: &str,
) -> Result<Vec<Hit>, Error> {
    let rights = Rights::read(rows, desk.now).await?;
    let articles: BTreeMap<ArticleId, Article> =
        rows.list_articles(ids).await?.into_iter().map(|article| (article.id, article)).collect();
    let bodies: BTreeMap<ArticleId, ForeignText> = rows.list_bodies(ids).await?.into_iter().collect();
    let revised: BTreeMap<ArticleId, Revised> =
        rows.list_revised(ids).await?.into_iter().map(|revised| (revised.article, revised)).collect();
    let outlets: BTreeMap<OutletId, &Outlet> = outlets.iter().map(|outlet| (outlet.id, outlet)).collect();
    let found = ids.iter().filter_map(|id| articles.get(id));
    Ok(found
        .filter_map(|article| {
            let outlet = outlets.get(&article.outlet)?;
            let body = bodies.get(&article.id).cloned().unwrap_or_default();
            let gate = rights.gate(article, outlet);
            let (lead_at, body_at) = (marker.window(&article.lead, SNIPPET), marker.window(&body, SNIPPET));
            let (text, range) = match (lead_at, body_at) {
                (Some(range), _) => (&article.lead, range),
                (None, Some(range)) => (&body, range),
                (None, None) if article.lead.is_empty() => (&body, 0..usize::MAX),
                (None, None) => (&article.lead, 0..usize::MAX),
            };
            let cut = range.start > 0;
            let extract = gate.desk.extract_range(text, range);
            let path = format!("/desk/articoli/{}", article.id);
            let marked =
                if q.trim().is_empty() || q.len() > LONGEST_QUERY { path } else { format!("{path}?q={}", encoded(q)) };
            Some(Hit {
                id: article.id,
                href: desk.href(&marked),
                title: marker.in_title(&article.title),
                plain_title: article.title.clone(),
                outlet: outlet.name.clone(),
                datetime: article.dated().rfc3339(),
                date: date::moment(article.dated().civil(), desk.lang),
                badge: gate.badge(desk.lang),
                changed: revised
                    .get(&article.id)
                    .and_then(|r| Some((mark(desk.lang, r.kind)?, version_href(desk, article.id, r.number)))),
                cut: cut && !extract.is_empty(),
                snippet: marker.in_text(extract.as_str()),
                others: Vec::new(),
                story: article.story,
            })
        })
        .collect())
}

/// Articles of one story as one line: the first of them, with the others below it.
pub(crate) fn grouped(hits: Vec<Hit>) -> Vec<Hit> {
    let mut out: Vec<Hit> = Vec::new();
    for hit in hits {
        match out.iter_mut().find(|first| first.story.is_some() && first.story == hit.story) {
            Some(first) => {
                let Hit { href, outlet, plain_title: title, datetime, date, .. } = hit;
                first.others.push(Other { href, outlet, title, datetime, date });
            }
            None => out.push(hit),
        }
    }
    out
}

#[cfg(test)]
impl Hit {
    /// A found article of an invented town.
    pub(crate) fn sample(id: i64, others: usize) -> Self {
        let piece = |text: &str, marked| Segment { text: text.into(), marked };
        let other = Other {
            href: "/ufficio-stampa/desk/articoli/9".into(),
            outlet: "Eco <del Lago>".into(),
            title: "Ponte <chiuso>".into(),
            datetime: "2026-11-22T07:10:00+01:00".into(),
            date: "22 novembre 2026, ore 07:10".into(),
        };
        Self {
            id: ArticleId(id),
            href: format!("/ufficio-stampa/desk/articoli/{id}?q=ponte"),
            title: vec![piece("Chiude il ", false), piece("ponte", true), piece(" <vecchio>", false)],
            plain_title: "Chiude il ponte <vecchio>".into(),
            outlet: "Il Lago".into(),
            datetime: "2026-11-22T07:10:00+01:00".into(),
            date: "22 novembre 2026, ore 07:10".into(),
            badge: Badge { words: "Estratto breve", reason: "riproduzione riservata" },
            changed: Some(("cambiato dopo", format!("/ufficio-stampa/desk/articoli/{id}/versioni/2"))),
            snippet: vec![piece("Lavori al ", false), piece("ponte", true), piece(" & alla <strada> […]", false)],
            cut: true,
            others: vec![other; others],
            story: None,
        }
    }
}
