//! A feed as JSON Feed 1.1.

use super::feed::{Feed, Gone};
use serde_json::{Value, json};

pub(super) fn write(feed: &Feed) -> String {
    let item = |(entry, version): &(super::shelf::Entry, salastampa_domain::Version)| -> Value {
        let mut item = json!({
            "id": feed.id(entry.register()),
            "url": feed.address(entry),
            "title": version.title,
            "summary": version.summary,
            "content_html": version.page,
            "date_published": entry.published.public_at.rfc3339(),
            "date_modified": entry.updated().rfc3339(),
            "tags": entry.gist.topics.iter().map(|topic| topic.words.as_str()).collect::<Vec<_>>(),
            "language": feed.lang,
        });
        if let Some((photo, address)) = feed.photo(entry) {
            item["image"] = json!(address);
            item["attachments"] = json!([{
                "url": address,
                "mime_type": photo.mime,
                "title": photo.alt,
                "size_in_bytes": photo.web.bytes,
            }]);
            // names of ours, as the format wants them
            item["_photo"] = json!({
                "alt": photo.alt,
                "credit": photo.credit,
                "width": photo.web.width,
                "height": photo.web.height,
                "license": photo.licence.url(),
            });
        }
        item
    };
    let gone = |gone: &Gone| {
        json!({
            "id": feed.id(gone.register),
            "url": feed.id(gone.register),
            "title": gone.title,
            "content_text": gone.words,
            "date_modified": gone.at.rfc3339(),
            "language": feed.lang,
            // a name of ours, as the format wants it
            "_withdrawn": { "at": gone.at.rfc3339() },
        })
    };
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home(),
        "feed_url": format!("{}/feed.json", feed.home()),
        "language": feed.lang,
        "authors": [{"name": feed.office}],
        "items": feed.entries.iter().map(item).chain(feed.gone.iter().map(gone)).collect::<Vec<_>>(),
    });
    format!("{feed}\n")
}
