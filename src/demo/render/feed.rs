//! What the outlets offer to programs, in five forms: as the standards have it, and as a home-made template has it.
//!
//! Written by hand and not by a library, because a library would not write the faults. Left out: whole texts in RSS, which
//! outlets keep for their pages.

use super::escape;
use crate::demo::world::{Outlet, Piece, Text};
use salastampa_domain::Timestamp;
use std::fmt::Write;

/// RSS 2.0 with the summary as escaped HTML, as most sites write it.
pub fn rss(outlet: &Outlet, pieces: &[(&Piece, &Text)], changed: Timestamp, encoding: &str) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"{encoding}\"?>\n<rss version=\"2.0\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel>\n<title>{}</title>\n<link>http://{}/</link>\n\
         <description>Le notizie di {}</description>\n<language>it</language>\n<lastBuildDate>{}</lastBuildDate>\n",
        escape(&outlet.name),
        outlet.host,
        escape(&outlet.name),
        changed.rfc5322(),
    );
    for (piece, text) in pieces {
        let url = outlet.url_of(piece);
        let _ = writeln!(
            out,
            "<item><title>{}</title><link>{url}</link><guid isPermaLink=\"true\">{url}</guid><pubDate>{}</pubDate>\
             <category>{}</category>{}<description>{}</description></item>",
            escape(&text.title),
            piece.at.rfc5322(),
            escape(&piece.rubric),
            piece.author.as_ref().map_or(String::new(), |a| format!("<dc:creator>{}</dc:creator>", escape(a))),
            escape(&format!("<p>{}</p>", escape(&text.lead))),
        );
    }
    out.push_str("</channel></rss>\n");
    out
}

/// What a home-made template does to a feed: entities of HTML that XML does not know, ampersands as they come, and in
/// every seventh item a tag that is never closed.
pub fn broken(feed: &str) -> String {
    let mut out = String::new();
    for (number, line) in feed.lines().enumerate() {
        let mut line = line.replace("&amp;lt;p&amp;gt;", "").replace("&amp;lt;/p&amp;gt;", "");
        if line.starts_with("<item>") {
            line =
                line.replace("&lt;p&gt;", "").replace("&lt;/p&gt;", "").replace("&amp;amp;", "&").replace("&amp;", "&");
            line = line.replace('è', "&egrave;").replace('à', "&agrave;").replace('’', "&rsquo;");
            if number % 7 == 2 {
                line = line.replacen("<description>", "<description><b>", 1);
            }
        }
        out.push_str(&line);
        out.push('\n');
    }
    out
}

/// Atom 1.0 (RFC 4287).
pub fn atom(outlet: &Outlet, pieces: &[(&Piece, &Text)], changed: Timestamp) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"it\">\n\
         <title>{}</title><id>http://{}/</id><link href=\"http://{}/\"/><updated>{}</updated>\
         <author><name>{}</name></author>\n",
        escape(&outlet.name),
        outlet.host,
        outlet.host,
        changed.rfc3339(),
        escape(&outlet.name),
    );
    for (piece, text) in pieces {
        let _ = writeln!(
            out,
            "<entry><title>{}</title><id>tag:{},2026:{}</id><link rel=\"alternate\" href=\"{}\"/>\
             <published>{}</published><updated>{}</updated>{}\
             <category term=\"{}\"/><summary>{}</summary></entry>",
            escape(&text.title),
            outlet.host,
            piece.number,
            outlet.url_of(piece),
            piece.at.rfc3339(),
            text.since.rfc3339(),
            piece.author.as_ref().map_or(String::new(), |a| format!("<author><name>{}</name></author>", escape(a))),
            escape(&piece.rubric),
            escape(&text.lead),
        );
    }
    out.push_str("</feed>\n");
    out
}

/// JSON Feed 1.1 with whole texts.
pub fn json(outlet: &Outlet, pieces: &[(&Piece, &Text)]) -> String {
    let items: Vec<serde_json::Value> = pieces
        .iter()
        .map(|(piece, text)| {
            serde_json::json!({
                "id": format!("{}-{}", outlet.id, piece.number),
                "url": outlet.url_of(piece),
                "title": text.title,
                "summary": text.lead,
                "content_text": text.paragraphs.join("\n\n"),
                "date_published": piece.at.rfc3339(),
                "authors": piece.author.iter().map(|a| serde_json::json!({ "name": a })).collect::<Vec<_>>(),
                "tags": [piece.rubric],
            })
        })
        .collect();
    serde_json::json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": format!("http://{}/", outlet.host),
        "language": "it",
        "items": items,
    })
    .to_string()
}

/// A news sitemap: headlines and dates, no summaries.
pub fn sitemap(outlet: &Outlet, pieces: &[(&Piece, &Text)]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\">\n",
    );
    for (piece, text) in pieces {
        let _ = writeln!(
            out,
            "<url><loc>{}</loc><news:news><news:publication><news:name>{}</news:name><news:language>it</news:language>\
             </news:publication><news:publication_date>{}</news:publication_date><news:title>{}</news:title>\
             </news:news></url>",
            outlet.url_of(piece),
            escape(&outlet.name),
            piece.at.rfc3339(),
            escape(&text.title),
        );
    }
    out.push_str("</urlset>\n");
    out
}
