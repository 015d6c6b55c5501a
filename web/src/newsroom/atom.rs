//! A feed as Atom (RFC 4287), with tombstones (RFC 6721).

use super::feed::Feed;
use super::shelf::Entry;
use super::xml;
use std::fmt::Write;

pub(super) fn write(feed: &Feed) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:at=\"http://purl.org/atompub/tombstones/1.0\" \
         xmlns:media=\"http://search.yahoo.com/mrss/\" xml:lang=\"{lang}\">\n\
         <id>{home}</id>\n<title>{title}</title>\n<updated>{updated}</updated>\n<author><name>{office}</name></author>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{home}/feed.atom\"/>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{home}\"/>\n",
        lang = feed.lang,
        home = xml(&feed.home()),
        title = xml(&feed.title),
        office = xml(&feed.office),
        updated = feed.updated().rfc3339(),
    );
    for (entry, version) in &feed.entries {
        let _ = write!(
            out,
            "<entry>\n<id>{id}</id>\n<title>{title}</title>\n<published>{published}</published>\n<updated>{updated}</updated>\n\
             <link rel=\"alternate\" type=\"text/html\" href=\"{href}\"/>\n",
            id = xml(&feed.id(entry.register())),
            title = xml(&version.title),
            published = entry.published.public_at.rfc3339(),
            updated = entry.updated().rfc3339(),
            href = xml(&feed.address(entry)),
        );
        for topic in &entry.gist.topics {
            let _ = writeln!(out, "<category term=\"{}\" label=\"{}\"/>", xml(&topic.slug), xml(&topic.words));
        }
        if !version.summary.is_empty() {
            let _ = writeln!(out, "<summary>{}</summary>", xml(&version.summary));
        }
        out.push_str(&media(feed, entry));
        let _ = write!(out, "<content type=\"html\">{}</content>\n</entry>\n", xml(&version.page));
    }
    for gone in &feed.gone {
        let (id, when) = (xml(&feed.id(gone.register)), gone.at.rfc3339());
        let _ = writeln!(out, "<at:deleted-entry ref=\"{id}\" when=\"{when}\"/>");
    }
    out.push_str("</feed>\n");
    out
}

/// The photo of an entry with what it shows and whose it is, by the names of Media RSS 1.5.1: Atom and RSS have none for that.
pub(super) fn media(feed: &Feed, entry: &Entry) -> String {
    let Some((photo, address)) = feed.photo(entry) else { return String::new() };
    let mut out = format!(
        "<media:content url=\"{}\" type=\"{}\" medium=\"image\" fileSize=\"{}\" width=\"{}\" height=\"{}\">\n\
         <media:description type=\"plain\">{}</media:description>\n",
        xml(&address),
        xml(&photo.mime),
        photo.web.bytes,
        photo.web.width,
        photo.web.height,
        xml(&photo.alt),
    );
    if !photo.credit.is_empty() {
        let _ = writeln!(out, "<media:credit>{}</media:credit>", xml(&photo.credit));
    }
    if let Some(licence) = photo.licence.url() {
        let _ = writeln!(
            out,
            "<media:license type=\"text/html\" href=\"{licence}\">{}</media:license>",
            photo.licence.name()
        );
    }
    out.push_str("</media:content>\n");
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
        let empty = write(&super::super::feed::empty());
        assert!(empty.contains("<updated>1970-01-01T01:00:00+01:00</updated>"), "{empty}");
    }
}
