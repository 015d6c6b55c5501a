//! The releases as an Atom feed (RFC 4287), for newsrooms and machines. A correction keeps the id of its entry and moves
//! its date; a withdrawal leaves a tombstone for thirty days (RFC 6721). No extract: what the office says may be taken whole.

use super::public::{Public, Standing, standing, tombstone};
use crate::Site;
use crate::answer::{Error, answer};
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use salastampa_domain::time::DAY;
use salastampa_domain::{Release, Timestamp};
use salastampa_locale::t;
use std::fmt::Write;

/// Entries in the feed.
const ENTRIES: usize = 50;
/// How long a withdrawn release leaves a tombstone, in milliseconds.
const TOMBSTONE: i64 = 30 * DAY;

pub(crate) async fn handler(State(site): State<Site>) -> Response {
    let result = feed(&site).await;
    answer(&site, result.map(|feed| ([(CONTENT_TYPE, "application/atom+xml; charset=utf-8")], feed).into_response()))
}

async fn feed(site: &Site) -> Result<String, Error> {
    let now = site.clock.now();
    let mut rows = site.store.read().await?;
    let mut entries = Vec::new();
    for release in rows.list_public_releases(now, 0, ENTRIES).await? {
        if let Some(Standing::Public(public)) = standing(&mut rows, release, now).await? {
            entries.push(*public);
        }
    }
    let gone: Vec<(Release, Timestamp)> = rows
        .list_releases_in(&["withdrawn"])
        .await?
        .into_iter()
        .filter_map(|release| tombstone(&release, now).map(|(at, _)| (release, at)))
        .filter(|(_, at)| now.since(*at) < TOMBSTONE)
        .collect();
    let title = format!("{} – {}", site.house.office, t(site.house.lang, "web.list.title"));
    Ok(write(&title, &site.house.office, &site.house.base_url, site.house.lang.code(), &entries, &gone))
}

fn write(
    title: &str,
    office: &str,
    base_url: &str,
    lang: &str,
    entries: &[Public],
    gone: &[(Release, Timestamp)],
) -> String {
    let home = format!("{base_url}/novita/comunicati");
    // a feed without entries has the date of nothing: the epoch, equal at each reading
    let changes = entries.iter().map(Public::updated).chain(gone.iter().map(|(_, at)| *at));
    let updated = changes.max().unwrap_or_default().rfc3339();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:at=\"http://purl.org/atompub/tombstones/1.0\" xml:lang=\"{lang}\">\n\
         <id>{home}</id>\n<title>{title}</title>\n<updated>{updated}</updated>\n<author><name>{office}</name></author>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{home}/feed.atom\"/>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{home}\"/>\n",
        home = xml(&home),
        title = xml(title),
        office = xml(office),
    );
    for entry in entries {
        let _ = write!(
            out,
            "<entry>\n<id>{id}</id>\n<title>{title}</title>\n<published>{published}</published>\n<updated>{updated}</updated>\n\
             <link rel=\"alternate\" type=\"text/html\" href=\"{href}\"/>\n",
            id = xml(&id(base_url, (entry.year, entry.number))),
            title = xml(&entry.version.title),
            published = entry.public_at.rfc3339(),
            updated = entry.updated().rfc3339(),
            href = xml(&format!("{base_url}{}", entry.path())),
        );
        if !entry.version.summary.is_empty() {
            let _ = writeln!(out, "<summary>{}</summary>", xml(&entry.version.summary));
        }
        let _ = write!(out, "<content type=\"html\">{}</content>\n</entry>\n", xml(&entry.version.page));
    }
    for (release, at) in gone {
        if let Some(register) = release.register {
            let id = xml(&id(base_url, register));
            let _ = writeln!(out, "<at:deleted-entry ref=\"{id}\" when=\"{}\"/>", at.rfc3339());
        }
    }
    out.push_str("</feed>\n");
    out
}

/// What names an entry for ever: its address without the words, which may change.
fn id(base_url: &str, (year, number): (i16, u32)) -> String {
    format!("{base_url}/novita/comunicati/{year}/{number}")
}

/// Text for XML 1.0: escaped, without the characters that it does not allow.
pub(crate) fn xml(text: &str) -> String {
    let allowed = text
        .chars()
        .filter(|c| matches!(c, '\t' | '\n' | '\r') || !(c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}')));
    let mut out = String::with_capacity(text.len());
    for c in allowed {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_people_cannot_break_the_feed() {
        assert_eq!(xml("a<b>&\"c\"\u{0}\u{b}\n"), "a&lt;b&gt;&amp;&quot;c&quot;\n");
    }

    #[test]
    fn an_empty_feed_is_the_same_at_each_reading() {
        let empty = write("Titolo", "Ente", "https://stampa.bellariva.test", "it", &[], &[]);
        assert!(empty.contains("<updated>1970-01-01T01:00:00+01:00</updated>"), "{empty}");
    }
}
