//! JSON Feed 1.0 and 1.1 (jsonfeed.org), read value by value, so that a wrong type in one place costs that place only.
//!
//! Left out: `next_url` (the window is what a source shows now) and attachments, but for the address of an item that has
//! no other.

use super::repair::ITEMS;
use super::{Feed, FeedContext, Item, NotAFeed, Problem, plain};
use crate::dates;
use salastampa_domain::ForeignText;
use serde_json::Value;
use url::Url;

/// Reads a JSON Feed. The depth of the JSON is bounded by the parser (128).
pub(super) fn read(text: &str, context: &FeedContext<'_>) -> Result<(Feed, Vec<Problem>), NotAFeed> {
    let refused = |why: String| NotAFeed { why };
    let document: Value = serde_json::from_str(text.trim()).map_err(|e| refused(format!("no sound json: {e}")))?;
    let version = document["version"].as_str().unwrap_or_default();
    let Some(items) = document["items"].as_array() else {
        return Err(refused("json without items".into()));
    };
    let looks_like_items = items.iter().any(|i| i["id"] != Value::Null || i["url"] != Value::Null);
    if !version.contains("jsonfeed.org") && !looks_like_items {
        return Err(refused("json that is no feed".into()));
    }
    let mut problems = Vec::new();
    if items.len() > ITEMS {
        problems.push(Problem { what: format!("cut after {ITEMS} items") });
    }
    let broken = items.iter().take(ITEMS).filter(|item| !item.is_object()).count();
    if broken > 0 {
        problems.push(Problem { what: format!("{broken} items could not be read") });
    }
    let items = items.iter().take(ITEMS).filter(|item| item.is_object()).map(|i| item(i, context)).collect();
    Ok((Feed { title: plain::collapse(document["title"].as_str().unwrap_or_default()), items }, problems))
}

fn item(item: &Value, context: &FeedContext<'_>) -> Item {
    let text = |key: &str| item[key].as_str().map(str::trim).filter(|t| !t.is_empty());
    // an identity must be a text, but numbers are seen
    let guid = match &item["id"] {
        Value::String(id) => Some(id.trim().to_owned()).filter(|id| !id.is_empty()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    };
    let address = text("url")
        .or_else(|| text("external_url"))
        .or_else(|| guid.as_deref().filter(|id| id.starts_with("http")))
        .or_else(|| item["attachments"][0]["url"].as_str())
        .unwrap_or_default();
    let url = match (Url::parse(address), Url::parse(context.base)) {
        (Err(_), Ok(base)) if !address.is_empty() => base.join(address).map_or(address.to_owned(), String::from),
        _ => address.to_owned(),
    };
    let date = |key: &str| dates::parse(text(key)?, &context.zone, context.now);
    let published = date("date_published").or_else(|| date("date_modified"));
    let body = match (text("content_html"), text("content_text")) {
        (Some(html), _) => plain::paragraphs(html),
        (None, Some(text)) => {
            text.lines().map(plain::collapse).filter(|l| !l.is_empty()).collect::<Vec<_>>().join("\n")
        }
        (None, None) => String::new(),
    };
    let listed = item["authors"].as_array().into_iter().flatten().chain([&item["author"]]);
    Item {
        url,
        title: plain::line(text("title").unwrap_or_default()),
        lead: ForeignText::new(plain::line(text("summary").unwrap_or_default())),
        body: ForeignText::new(body),
        authors: listed.filter_map(|author| author["name"].as_str()).map(plain::collapse).collect(),
        rubric: item["tags"][0].as_str().map(plain::collapse),
        published_at: published.map(|d| d.at),
        updated_at: date("date_modified").map(|d| d.at),
        date_only: published.is_some_and(|d| d.date_only),
        guid,
    }
}
