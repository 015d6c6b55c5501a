//! From the answer of a source to what stands in its window, each kind by its reader; maps have a room of their own
//! ([`super::maps`]).

use super::{Manners, why, worker};
use crate::feed::{self, FeedContext, Item, Problem};
use crate::probe::{linked_feeds, named_feeds};
use crate::section;
use salastampa_domain::time::rome;
use salastampa_domain::{Selectors, Timestamp, VisitOutcome};
use salastampa_http::Response;

/// What an answer holds.
#[derive(Default)]
pub(super) struct Window {
    /// What stands in it.
    pub(super) items: Vec<Item>,
    /// What could not be read.
    pub(super) problems: Vec<Problem>,
}

/// Reads a feed; where none came, also gives the feeds that the page names which came in its place.
pub(super) async fn read_feed(
    answer: Response,
    manners: &Manners,
    now: Timestamp,
) -> Result<Window, (VisitOutcome, Vec<String>)> {
    let (answer, result, feeds) = worker::apart(manners.parse, move || {
        let content_type = answer.header("content-type");
        let context = FeedContext { base: &answer.url, content_type, zone: rome(), now };
        let result = feed::parse(&answer.body, &context);
        let feeds = if result.is_err() { feeds_of(&answer) } else { Vec::new() };
        (answer, result, feeds)
    })
    .await
    .map_err(|mishap| (why::of_mishap(mishap), Vec::new()))?;
    match result {
        Ok((feed, _)) if feed.items.is_empty() && has_entries(&answer.body) => {
            Err((VisitOutcome::Empty { why: "nessuna notizia letta, benché il feed ne contenga".into() }, Vec::new()))
        }
        Ok((feed, problems)) => Ok(Window { items: feed.items, problems }),
        Err(no_feed) => {
            tracing::debug!(url = answer.url, why = no_feed.why, "no feed");
            Err((not_a_feed(&answer.body), feeds))
        }
    }
}

/// The feeds that a page names, in its `Link` header and its head.
pub(super) fn feeds_of(answer: &Response) -> Vec<String> {
    let header = answer.header("link").unwrap_or_default();
    let text = crate::encoding::decode(&answer.body, answer.header("content-type"), crate::encoding::Kind::Html).text;
    let mut feeds = linked_feeds(header, &answer.url);
    feeds.extend(named_feeds(&text, &answer.url));
    feeds.dedup();
    feeds
}

/// Whether a feed carries entries, whatever a parser thought of them.
fn has_entries(body: &[u8]) -> bool {
    [&b"<item"[..], b"<entry"].iter().any(|tag| body.windows(tag.len()).any(|at| at == *tag))
}

fn not_a_feed(body: &[u8]) -> VisitOutcome {
    if section::is_too_deep(&String::from_utf8_lossy(body)) {
        return VisitOutcome::Hostile { why: "documento con troppi elementi uno dentro l'altro".into() };
    }
    let head = String::from_utf8_lossy(&body[..body.len().min(2_048)]).to_ascii_lowercase();
    let why = if head.trim().is_empty() {
        "risposta vuota"
    } else if head.contains("<!doctype html") || head.contains("<html") {
        "al posto del feed c'è una pagina HTML"
    } else {
        "la risposta non è un feed leggibile"
    };
    VisitOutcome::NotAFeed { why: why.into() }
}

/// Reads a section page.
pub(super) async fn read_section(
    answer: Response,
    selectors: Selectors,
    manners: &Manners,
    now: Timestamp,
) -> Result<Window, VisitOutcome> {
    let item = selectors.item.clone();
    let result = worker::apart(manners.parse, move || {
        section::parse(&answer.body, answer.header("content-type"), &answer.url, &selectors, now)
    })
    .await
    .map_err(why::of_mishap)?;
    match result {
        Ok((items, _)) if items.is_empty() => {
            Err(VisitOutcome::Empty { why: format!("nessuna notizia trovata con il selettore «{item}»") })
        }
        Ok((items, problems)) => Ok(Window { items, problems }),
        Err(section::NotRead::TooDeep) => {
            Err(VisitOutcome::Hostile { why: "pagina con troppi elementi uno dentro l'altro".into() })
        }
        Err(section::NotRead::Selector { selector }) => {
            Err(VisitOutcome::Ours { why: format!("selettore non valido: «{selector}»") })
        }
    }
}
