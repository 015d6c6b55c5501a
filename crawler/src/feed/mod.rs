//! Feeds: RSS 0.9x/1.0/2.0, Atom 0.3/1.0 and JSON Feed, as found in the wild, become [`Item`]s.
//!
//! Left out: fetching, identity of items over time, and whether an item is new (the visit and the store decide that).

use jiff::tz::TimeZone;
use salastampa_domain::{ForeignText, Timestamp};

/// What is known of a feed besides its bytes.
#[derive(Clone, Debug)]
pub struct FeedContext<'a> {
    /// The address that relative links are resolved against: the feed's own, after redirects.
    pub base: &'a str,
    /// The `Content-Type` of the answer, for its `charset`.
    pub content_type: Option<&'a str>,
    /// The zone of dates that name none.
    pub zone: TimeZone,
    /// The present: for "ieri" and "2 ore fa".
    pub now: Timestamp,
}

/// A feed, read.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Feed {
    /// Its title, as plain text.
    pub title: String,
    /// Its items, in the feed's order.
    pub items: Vec<Item>,
}

/// One item of a feed.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Item {
    /// The identity that the feed gives it.
    pub guid: Option<String>,
    /// Its address, absolute; empty where the feed gives none.
    pub url: String,
    /// Its title, as plain text.
    pub title: String,
    /// The summary, as plain text.
    pub lead: ForeignText,
    /// The full content, if the feed carries it: plain text, a line break between paragraphs.
    pub body: ForeignText,
    /// Who signed it.
    pub authors: Vec<String>,
    /// The first category.
    pub rubric: Option<String>,
    /// When it was published, as declared.
    pub published_at: Option<Timestamp>,
    /// When it was last changed, as declared.
    pub updated_at: Option<Timestamp>,
    /// The date of publication names a day without an hour: `published_at` is its midday.
    pub date_only: bool,
}

/// Something in a feed that could not be read, or only after repair; the rest was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// What, in a few words.
    pub what: String,
}

/// The bytes are no feed, or one that we refuse to read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{why}")]
pub struct NotAFeed {
    /// Why, in a few words.
    pub why: String,
}

/// Reads a feed. One broken item does not lose the rest: what was wrong is listed beside what was read.
pub fn parse(bytes: &[u8], context: &FeedContext<'_>) -> Result<(Feed, Vec<Problem>), NotAFeed> {
    let parser = feed_rs::parser::Builder::new().base_uri(Some(context.base)).build();
    let feed = parser.parse(bytes).map_err(|e| NotAFeed { why: e.to_string() })?;
    let text = |t: Option<feed_rs::model::Text>| t.map(|t| t.content).unwrap_or_default();
    let milliseconds = |t: chrono::DateTime<chrono::Utc>| Timestamp(t.timestamp_millis());
    let items = feed
        .entries
        .into_iter()
        .map(|entry| Item {
            guid: Some(entry.id),
            url: entry.links.first().map(|l| l.href.clone()).unwrap_or_default(),
            title: text(entry.title),
            lead: ForeignText::new(text(entry.summary)),
            body: ForeignText::new(entry.content.and_then(|c| c.body).unwrap_or_default()),
            authors: entry.authors.into_iter().filter_map(|p| p.name).collect(),
            rubric: entry.categories.into_iter().next().map(|c| c.term),
            published_at: entry.published.map(milliseconds),
            updated_at: entry.updated.map(milliseconds),
            date_only: false,
        })
        .collect();
    Ok((Feed { title: text(feed.title), items }, Vec::new()))
}
