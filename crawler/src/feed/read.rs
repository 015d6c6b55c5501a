//! A repaired feed to [`Item`]s: the parser says what belongs where, we say what a date, an address and a text are.
//!
//! A feed that the parser still refuses is read item by item, so that only the broken one is lost.

use super::repair::Repaired;
use super::{Feed, FeedContext, Item, Problem, plain, vocabulary};
use crate::dates;
use chrono::{DateTime, Utc};
use feed_rs::model::{Entry, Link};
use feed_rs::parser::{Builder, Parser};
use salastampa_domain::{ForeignText, Timestamp};

/// Most items that are read one by one.
const SALVAGED: usize = 200;

/// Nanoseconds that mark a date without hour on its way through the parser, which knows instants only.
const DATE_ONLY: u32 = 1;

/// Reads the items of a repaired feed.
pub(super) fn read(repaired: Repaired, context: &FeedContext<'_>) -> (Feed, Vec<Problem>) {
    let Repaired { dialect, title, items, mut problems } = repaired;
    let (head, tail) = vocabulary::shell(dialect);
    let parser = parser(context);
    let read = |body: &str| parser.parse([head, body, tail].concat().as_bytes());
    let entries = match read(&items.concat()) {
        Ok(feed) => feed.entries,
        Err(error) => {
            problems.push(Problem { what: format!("read item by item: {error}") });
            let (entries, refused) = salvage(&items, |item| Some(read(item).ok()?.entries));
            if refused > 0 {
                problems.push(Problem { what: format!("{refused} items could not be read") });
            }
            entries
        }
    };
    let feed = Feed { title: plain::line(&title), items: entries.into_iter().map(item).collect() };
    (feed, problems)
}

/// Reads items one by one; the number counts those that were lost.
fn salvage(items: &[String], read: impl Fn(&str) -> Option<Vec<Entry>>) -> (Vec<Entry>, usize) {
    let readings: Vec<Vec<Entry>> = items.iter().take(SALVAGED).filter_map(|item| read(item)).collect();
    let refused = items.len() - readings.len();
    (readings.into_iter().flatten().collect(), refused)
}

fn parser(context: &FeedContext<'_>) -> Parser {
    let (zone, now) = (context.zone.clone(), context.now);
    let base = url::Url::parse(context.base).ok();
    Builder::new()
        .base_uri(base.map(String::from))
        .sanitize_content(false)
        // an identity that is made up here would differ from visit to visit
        .id_generator(|_, _, _| String::new())
        .timestamp_parser(move |text| {
            let dated = dates::parse(text, &zone, now)?;
            let (seconds, rest) = (dated.at.0.div_euclid(1_000), dated.at.0.rem_euclid(1_000));
            let nanoseconds = u32::try_from(rest).ok()? * 1_000_000 + if dated.date_only { DATE_ONLY } else { 0 };
            DateTime::<Utc>::from_timestamp(seconds, nanoseconds)
        })
        .build()
}

fn item(entry: Entry) -> Item {
    let instant = |at: DateTime<Utc>| Timestamp(at.timestamp_millis());
    let published = entry.published.or(entry.updated);
    let text = |html: Option<String>| html.unwrap_or_default();
    let guid = Some(entry.id.trim().to_owned()).filter(|id| !id.is_empty());
    let enclosure = entry.media.iter().flat_map(|m| &m.content).find_map(|c| c.url.as_ref()).map(ToString::to_string);
    Item {
        url: address(&entry.links, guid.as_deref(), enclosure),
        guid,
        title: plain::line(&text(entry.title.map(|t| t.content))),
        lead: ForeignText::new(plain::line(&text(entry.summary.map(|t| t.content)))),
        body: ForeignText::new(plain::paragraphs(&text(entry.content.and_then(|c| c.body)))),
        authors: entry.authors.into_iter().filter_map(|person| person.name).collect(),
        rubric: entry.categories.into_iter().map(|c| c.term).find(|term| !term.is_empty()),
        published_at: published.map(instant),
        updated_at: entry.updated.map(instant),
        date_only: published.is_some_and(|at| at.timestamp_subsec_nanos() % 1_000 == DATE_ONLY),
    }
}

/// The address of an item: the last link to a page, else an identity that is an address, else what is enclosed, else any
/// link at all.
fn address(links: &[Link], guid: Option<&str>, enclosure: Option<String>) -> String {
    let is_alternate = |link: &&Link| link.rel.as_deref().is_none_or(|rel| rel == "alternate");
    let is_page = |link: &&Link| link.media_type.as_deref().is_none_or(|kind| kind.contains("html"));
    let page = links.iter().rev().filter(is_alternate).find(is_page).or_else(|| links.iter().rev().find(is_alternate));
    let guid = guid.filter(|id| id.starts_with("http://") || id.starts_with("https://"));
    page.map(|link| link.href.clone())
        .or_else(|| guid.map(str::to_owned))
        .or(enclosure)
        .or_else(|| links.first().map(|link| link.href.clone()))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_that_cannot_be_read_does_not_lose_the_others() {
        let items: Vec<String> = ["a", "broken", "b"].map(str::to_owned).into();
        let read = |item: &str| (item != "broken").then(|| vec![Entry { id: item.to_owned(), ..Entry::default() }]);
        let (entries, refused) = salvage(&items, read);
        assert_eq!(entries.iter().map(|e| e.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(refused, 1);
    }
}
