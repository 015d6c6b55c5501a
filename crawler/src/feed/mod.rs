//! Feeds: RSS 0.9x/1.0/2.0, Atom 0.3/1.0 and JSON Feed, as found in the wild, become [`Item`]s.
//!
//! *Bytes are unpacked and decoded, the text is cut into tokens, the tokens are written again as a sound feed, a parser
//! reads that, and its entries become items.* Left out: fetching, identity of items over time, and whether an item is
//! new (the visit and the store decide that).

pub(crate) mod entities;
mod json;
pub(crate) mod plain;
mod read;
mod repair;
mod sniff;
#[cfg(test)]
mod tests;
pub(crate) mod tokens;
mod unpack;
mod value;
mod vocabulary;

pub(crate) use unpack::gunzip;

use crate::encoding::{self, Kind};
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
    let bytes = unpack::gunzip(bytes)?;
    let mut decoded = encoding::decode(&bytes, context.content_type, Kind::Xml);
    // no markup holds them, and they stand in names too
    decoded.text.retain(|c| c != '\0');
    let (feed, mut problems) = match decoded.text.trim_start().starts_with('{') {
        true => json::read(&decoded.text, context)?,
        false => {
            let base = url::Url::parse(context.base).ok();
            let repaired = repair::repair(&decoded.text, base.as_ref()).map_err(|refused| {
                sniff::page(&decoded.text).map_or(refused, |why| NotAFeed { why: why.to_owned() })
            })?;
            read::read(repaired, context)
        }
    };
    if decoded.repaired {
        problems.push(Problem { what: format!("bytes that are no {}", decoded.encoding) });
    }
    Ok((feed, problems))
}
