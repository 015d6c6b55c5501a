//! A feed as RSS 2.0, with the names of Atom and of the content module where RSS has none.

use super::atom::media;
use super::{feed::Feed, xml};
use std::fmt::Write;

pub(super) fn write(feed: &Feed) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\" \
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:media=\"http://search.yahoo.com/mrss/\">\n<channel>\n\
         <title>{title}</title>\n<link>{home}</link>\n<description>{title}</description>\n<language>{lang}</language>\n\
         <lastBuildDate>{updated}</lastBuildDate>\n\
         <atom:link rel=\"self\" type=\"application/rss+xml\" href=\"{home}/feed.rss\"/>\n",
        title = xml(&feed.title),
        home = xml(&feed.home()),
        lang = feed.lang,
        updated = feed.updated().rfc5322(),
    );
    for (entry, version) in &feed.entries {
        let _ = write!(
            out,
            "<item>\n<title>{title}</title>\n<link>{href}</link>\n<guid isPermaLink=\"false\">{id}</guid>\n\
             <pubDate>{published}</pubDate>\n<atom:updated>{updated}</atom:updated>\n",
            title = xml(&version.title),
            href = xml(&feed.address(entry)),
            id = xml(&feed.id(entry.register())),
            published = entry.published.public_at.rfc5322(),
            updated = entry.updated().rfc3339(),
        );
        for topic in &entry.gist.topics {
            let _ = writeln!(out, "<category>{}</category>", xml(&topic.words));
        }
        if !version.summary.is_empty() {
            // what stands here is read as HTML, so the words are escaped twice
            let _ = writeln!(out, "<description>{}</description>", xml(&xml(&version.summary)));
        }
        out.push_str(&media(feed, entry));
        let _ = write!(out, "<content:encoded>{}</content:encoded>\n</item>\n", xml(&version.page));
    }
    for gone in &feed.gone {
        let id = xml(&feed.id(gone.register));
        let _ = write!(
            out,
            "<item>\n<title>{title}</title>\n<link>{id}</link>\n<guid isPermaLink=\"false\">{id}</guid>\n\
             <pubDate>{at}</pubDate>\n<description>{words}</description>\n</item>\n",
            title = xml(gone.title),
            at = gone.at.rfc5322(),
            words = xml(&xml(&gone.words)),
        );
    }
    out.push_str("</channel>\n</rss>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_feed_is_the_same_at_each_reading() {
        let empty = write(&super::super::feed::empty());
        assert!(empty.contains("<lastBuildDate>Thu, 01 Jan 1970 01:00:00 +0100</lastBuildDate>"), "{empty}");
    }
}
