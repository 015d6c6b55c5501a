//! From the answer of a source to what stands in its window, each kind by its reader.

use super::fetch::{Purpose, ask, retry_after};
use super::{Manners, why, worker};
use crate::feed::{self, FeedContext, Item, Problem};
use crate::key;
use crate::probe::{linked_feeds, named_feeds};
use crate::section;
use crate::sitemap::{self, NoSitemap, Sitemap};
use salastampa_domain::time::rome;
use salastampa_domain::{Selectors, Timestamp, VisitOutcome};
use salastampa_http::{Client, Response};

/// Maps of a map of maps that are asked for in one visit, all levels together.
const MOST_MAPS: usize = 3;

/// What an answer holds.
#[derive(Default)]
pub(super) struct Window {
    /// What stands in it.
    pub(super) items: Vec<Item>,
    /// What could not be read.
    pub(super) problems: Vec<Problem>,
    /// The address lists other maps: it may stay as it is while they change.
    pub(super) is_map_of_maps: bool,
    /// What the server binds us to wait by the answer of such a map, in milliseconds.
    pub(super) retry_after: Option<i64>,
    /// None of those maps could be read: why the last one could not.
    pub(super) failed: Option<VisitOutcome>,
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
        Ok((feed, problems)) => Ok(Window { items: feed.items, problems, ..Window::default() }),
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
        Ok((items, problems)) => Ok(Window { items, problems, ..Window::default() }),
        Err(section::NotRead::TooDeep) => {
            Err(VisitOutcome::Hostile { why: "pagina con troppi elementi uno dentro l'altro".into() })
        }
        Err(section::NotRead::Selector { selector }) => {
            Err(VisitOutcome::Ours { why: format!("selettore non valido: «{selector}»") })
        }
    }
}

/// Reads a map, and of a map of maps the newest few, two levels down at most.
pub(super) async fn read_sitemap(
    client: &Client,
    answer: Response,
    manners: &Manners,
    now: Timestamp,
) -> Result<Window, VisitOutcome> {
    let base = answer.url.clone();
    let (root, mut problems) = parse_map(answer, manners, now).await?;
    if root.maps.is_empty() {
        if root.listed == 0 {
            return Err(VisitOutcome::Empty { why: "la sitemap non elenca nessuna pagina".into() });
        }
        return Ok(Window { items: root.items, problems, ..Window::default() });
    }
    let mut items = root.items;
    // (address, depth), the newest on top
    let mut waiting: Vec<(String, u8)> = root.maps.into_iter().rev().map(|url| (url, 1)).collect();
    let (mut asked, mut bound, mut failed) = (0, None, None);
    while let Some((url, depth)) = waiting.pop() {
        if asked == MOST_MAPS {
            break;
        }
        if !key::same_site(&url, &base) || !manners.robots.allows(&url) {
            continue;
        }
        asked += 1;
        let (child, wait) = read_child(client, &url, manners, now).await;
        bound = wait;
        match child {
            Ok((map, found)) => {
                items.extend(map.items);
                problems.extend(found);
                if depth < 2 {
                    waiting.extend(map.maps.into_iter().rev().map(|url| (url, depth + 1)));
                }
            }
            // one bad map does not lose the others
            Err(outcome) => {
                problems.push(Problem { what: format!("{url}: {}", outcome.why().unwrap_or_default()) });
                failed = Some(outcome);
            }
        }
        if bound.is_some() {
            break;
        }
    }
    let failed = failed.filter(|_| items.is_empty());
    Ok(Window { items, problems, is_map_of_maps: true, retry_after: bound, failed })
}

/// A map below another, and what the server binds us to wait.
async fn read_child(
    client: &Client,
    url: &str,
    manners: &Manners,
    now: Timestamp,
) -> (Result<(Sitemap, Vec<Problem>), VisitOutcome>, Option<i64>) {
    let answer = match ask(client, url, Purpose::Sitemap, None, manners).await {
        Ok(answer) => answer,
        Err(unasked) => return (Err(unasked.outcome()), None),
    };
    let bound = retry_after(&answer, now);
    match why::of_answer(&answer, false) {
        Some(outcome) => (Err(outcome), bound),
        None => (parse_map(answer, manners, now).await, bound),
    }
}

async fn parse_map(
    answer: Response,
    manners: &Manners,
    now: Timestamp,
) -> Result<(Sitemap, Vec<Problem>), VisitOutcome> {
    worker::apart(manners.parse, move || sitemap::parse(&answer.body, &answer.url, now))
        .await
        .map_err(why::of_mishap)?
        .map_err(|no| match no {
            NoSitemap::Other { .. } => VisitOutcome::NotAFeed { why: "la risposta non è una sitemap".into() },
            NoSitemap::Limit { .. } => VisitOutcome::Hostile { why: "sitemap oltre i limiti".into() },
        })
}
