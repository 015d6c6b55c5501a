//! Sitemaps (sitemaps.org 0.9) with the news extension: pages that a site lists for programs, and maps of maps.
//!
//! Read as a stream of events, so depth costs nothing; no DTD, no entity beyond the five of XML. What is older than
//! two days is archive, which a visit is not for. A plain map carries no titles: the words of the address stand in
//! until the page is read.

use crate::dates;
use crate::feed::{Item, Problem};
use flate2::read::MultiGzDecoder;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use salastampa_domain::time::{DAY, HOUR, rome};
use salastampa_domain::{ForeignText, Timestamp};
use std::io::Read;
use url::Url;

/// Most bytes of one map, unpacked (sitemaps.org).
pub const CAP: usize = 50 << 20;
/// Most pages taken of one map: what a news sitemap may hold.
const MOST_PAGES: usize = 1_000;
/// Most maps listed of a map of maps.
const MOST_MAPS: usize = 1_000;
/// Elements inside one another.
const DEEPEST: usize = 256;
/// The longest value of one element, in bytes; the rest is cut.
const LONGEST_VALUE: usize = 4_096;
/// How far back a news sitemap goes.
const WINDOW: i64 = 2 * DAY;

/// One map, read.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Sitemap {
    /// Its pages of the last two days and those without a date, in the map's order.
    pub items: Vec<Item>,
    /// The maps that it lists, newest first.
    pub maps: Vec<String>,
    /// Pages that it lists in all, older ones too.
    pub listed: usize,
}

/// The bytes are no sitemap, or one that is not read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoSitemap {
    /// Something else.
    #[error("no sitemap but {what}")]
    Other {
        /// Its root element, or `no markup`.
        what: String,
    },
    /// A limit refused it.
    #[error("{limit}")]
    Limit {
        /// Which.
        limit: &'static str,
    },
}

/// The fields of one `<url>` or `<sitemap>`, as they come.
#[derive(Default)]
struct Entry {
    loc: String,
    lastmod: String,
    title: String,
    date: String,
    language: String,
}

/// Reads a map, packed or not. One broken entry does not lose the rest; a map that breaks off gives what came before.
pub fn parse(bytes: &[u8], base: &str, now: Timestamp) -> Result<(Sitemap, Vec<Problem>), NoSitemap> {
    let unpacked;
    let bytes = if bytes.starts_with(&[0x1f, 0x8b]) {
        unpacked = unpack(bytes)?;
        &unpacked
    } else {
        bytes
    };
    let text = String::from_utf8_lossy(bytes);
    let base = Url::parse(base).ok();
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}').trim_start());
    reader.config_mut().check_end_names = false;
    let mut read = Reading { base: base.as_ref(), now, ..Reading::default() };
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) if read.root_seen => {
                read.problems.push(Problem { what: format!("the map breaks off: {error}") });
                break;
            }
            Err(_) => return Err(NoSitemap::Other { what: "no markup".into() }),
        };
        match event {
            Event::Eof => break,
            Event::Start(start) => read.opens(&start)?,
            Event::Empty(start) if !read.root_seen => read.opens(&start)?,
            Event::End(_) => read.closes(),
            Event::Text(text) => read.says(&text.xml10_content()),
            Event::CData(data) => read.says(&data.xml10_content()),
            Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(character)) => read.says(character.encode_utf8(&mut [0; 4])),
                _ => read.says(quick_xml::escape::resolve_predefined_entity(&reference).unwrap_or_default()),
            },
            _ => {}
        }
    }
    if !read.root_seen {
        return Err(NoSitemap::Other { what: "no markup".into() });
    }
    Ok(read.finish())
}

fn unpack(bytes: &[u8]) -> Result<Vec<u8>, NoSitemap> {
    let mut out = Vec::new();
    let read = MultiGzDecoder::new(bytes).take(CAP as u64 + 1).read_to_end(&mut out);
    if out.len() > CAP {
        return Err(NoSitemap::Limit { limit: "more than 50 MB unpacked" });
    }
    match read {
        Err(_) if out.is_empty() => Err(NoSitemap::Other { what: "no markup".into() }),
        // what was unpacked before the break is read
        _ => Ok(out),
    }
}

/// What has been read so far, and where we stand.
#[derive(Default)]
struct Reading<'a> {
    base: Option<&'a Url>,
    now: Timestamp,
    root_seen: bool,
    path: Vec<Element>,
    entry: Entry,
    map: Sitemap,
    dated_maps: Vec<(Option<Timestamp>, String)>,
    problems: Vec<Problem>,
}

/// The elements that matter; prefixes are not looked at, since `news:` is written in many ways.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Element {
    Url,
    Sitemap,
    Loc,
    Lastmod,
    Title,
    Date,
    Language,
    Other,
}

impl Reading<'_> {
    fn opens(&mut self, start: &BytesStart<'_>) -> Result<(), NoSitemap> {
        let name = start.local_name();
        let name: &str = name.as_ref();
        if !self.root_seen {
            if !matches!(name, "urlset" | "sitemapindex") {
                return Err(NoSitemap::Other { what: name.chars().take(40).collect() });
            }
            self.root_seen = true;
        }
        if self.path.len() >= DEEPEST {
            return Err(NoSitemap::Limit { limit: "more than 256 elements inside one another" });
        }
        // image and video extensions have titles and places of their own
        let inside_entry = matches!(self.path.last(), Some(Element::Url | Element::Sitemap));
        let prefix = start.name().as_ref().split_once(':').map(|(prefix, _)| prefix.to_owned());
        let foreign = prefix.is_some_and(|p| matches!(p.as_str(), "image" | "video" | "xhtml"));
        let element = match name {
            "url" => Element::Url,
            "sitemap" => Element::Sitemap,
            _ if foreign => Element::Other,
            "loc" if inside_entry => Element::Loc,
            "lastmod" => Element::Lastmod,
            "title" => Element::Title,
            "publication_date" => Element::Date,
            "language" => Element::Language,
            _ => Element::Other,
        };
        if matches!(element, Element::Url | Element::Sitemap) {
            self.entry = Entry::default();
        }
        self.path.push(element);
        Ok(())
    }

    fn says(&mut self, text: &str) {
        let field = match self.path.last() {
            Some(Element::Loc) => &mut self.entry.loc,
            Some(Element::Lastmod) => &mut self.entry.lastmod,
            Some(Element::Title) => &mut self.entry.title,
            Some(Element::Date) => &mut self.entry.date,
            Some(Element::Language) => &mut self.entry.language,
            _ => return,
        };
        if field.len() + text.len() <= LONGEST_VALUE {
            field.push_str(text);
        }
    }

    fn closes(&mut self) {
        match self.path.pop() {
            Some(Element::Url) => self.keep_page(),
            Some(Element::Sitemap) => self.keep_map(),
            _ => {}
        }
    }

    fn keep_page(&mut self) {
        let entry = std::mem::take(&mut self.entry);
        self.map.listed += 1;
        let Some(url) = self.address(&entry.loc) else { return };
        let written = if entry.date.trim().is_empty() { &entry.lastmod } else { &entry.date };
        let dated = dates::parse(written, &rome(), self.now);
        let old = dated.is_some_and(|d| self.now.since(d.at) > WINDOW);
        if old || self.map.items.len() >= MOST_PAGES {
            return;
        }
        let title = entry.title.split_whitespace().collect::<Vec<_>>().join(" ");
        self.map.items.push(Item {
            title: if title.is_empty() { words_of(&url) } else { title },
            url: url.into(),
            lead: ForeignText::default(),
            // a page cannot have been published after it was listed
            published_at: dated.map(|d| if d.at.since(self.now) > HOUR { self.now } else { d.at }),
            date_only: dated.is_some_and(|d| d.date_only),
            ..Item::default()
        });
    }

    fn keep_map(&mut self) {
        let entry = std::mem::take(&mut self.entry);
        if self.dated_maps.len() < MOST_MAPS
            && let Some(url) = self.address(&entry.loc)
        {
            let changed = dates::parse(&entry.lastmod, &rome(), self.now).map(|d| d.at);
            self.dated_maps.push((changed, url.into()));
        }
    }

    fn address(&mut self, loc: &str) -> Option<Url> {
        let read = match self.base {
            Some(base) => base.join(loc.trim()),
            None => Url::parse(loc.trim()),
        };
        match read {
            Ok(url) if !loc.trim().is_empty() && matches!(url.scheme(), "http" | "https") => Some(url),
            _ => {
                if self.problems.len() < 20 {
                    self.problems.push(Problem { what: "an entry without a good address".into() });
                }
                None
            }
        }
    }

    fn finish(mut self) -> (Sitemap, Vec<Problem>) {
        if self.map.listed > MOST_PAGES && self.map.items.len() == MOST_PAGES {
            self.problems.push(Problem { what: format!("only the first {MOST_PAGES} pages are taken") });
        }
        // newest first; those without a date keep their order behind
        self.dated_maps.sort_by_key(|(changed, _)| std::cmp::Reverse(*changed));
        self.map.maps = self.dated_maps.into_iter().map(|(_, url)| url).collect();
        (self.map, self.problems)
    }
}

/// The last part of an address as words: `/cronaca/riapre-il-molo-12345.html` says `riapre il molo`.
fn words_of(url: &Url) -> String {
    let last = url.path_segments().and_then(|mut parts| parts.rfind(|p| !p.is_empty())).unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let words: Vec<&str> = stem
        .split(['-', '_', '+'])
        .filter(|word| !word.is_empty() && !word.contains('%') && !word.bytes().all(|b| b.is_ascii_digit()))
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    const BASE: &str = "https://www.lago.test/sitemap-news.xml";
    const NEWS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
        <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">
        <url><loc>https://www.lago.test/cronaca/molo?a=1&amp;b=2</loc>
          <n:news><n:publication><n:name>Il Lago</n:name><n:language>it</n:language></n:publication>
          <n:publication_date>2026-11-23T10:15:00+01:00</n:publication_date>
          <n:title>Riapre il molo: &#232; <![CDATA[ufficiale & certo]]></n:title></n:news>
          <image:image><image:loc>https://www.lago.test/foto.jpg</image:loc><image:title>Una foto</image:title></image:image></url>
        <url><loc>/sport/vela-in-festa-20261123.html</loc><lastmod>2026-11-23</lastmod></url>
        <url><loc>https://www.lago.test/vecchio</loc><lastmod>2026-11-20</lastmod></url>
        <url><loc>javascript:alert(1)</loc></url>
        <url><loc></loc></url>
        <url><loc>https://www.lago.test/domani</loc><lastmod>2030-01-01T00:00:00Z</lastmod></url>
        </urlset>"#;

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-23 12:00").expect("an instant")
    }

    #[test]
    fn pages_of_two_days_are_read_with_what_the_map_says_of_them() {
        let (map, problems) = parse(NEWS.as_bytes(), BASE, now()).expect("a map");
        let shown: Vec<String> = map
            .items
            .iter()
            .map(|i| format!("{} | {} | {:?} {}", i.url, i.title, i.published_at.map(Timestamp::rfc3339), i.date_only))
            .collect();
        expect_test::expect![[r#"
            https://www.lago.test/cronaca/molo?a=1&b=2 | Riapre il molo: è ufficiale & certo | Some("2026-11-23T10:15:00+01:00") false
            https://www.lago.test/sport/vela-in-festa-20261123.html | vela in festa | Some("2026-11-23T12:00:00+01:00") true
            https://www.lago.test/domani | domani | Some("2026-11-23T12:00:00+01:00") false"#]]
        .assert_eq(&shown.join("\n"));
        assert_eq!((map.listed, problems.len()), (6, 2));
    }

    #[test]
    fn a_packed_map_is_unpacked_and_a_bomb_is_not() {
        let pack = |bytes: &[u8]| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(bytes).expect("memory does not fail");
            encoder.finish().expect("memory does not fail")
        };
        let whole = pack(NEWS.as_bytes());
        assert_eq!(parse(&whole, BASE, now()).map(|(map, _)| map.items.len()), Ok(3));
        let bomb = pack(&vec![b' '; CAP + 1]);
        assert!(matches!(parse(&bomb, BASE, now()), Err(NoSitemap::Limit { .. })));
        assert!(parse(&[0x1f, 0x8b, 0, 0], BASE, now()).is_err());
    }

    #[test]
    fn a_map_of_maps_lists_the_newest_first() {
        let index = "<sitemapindex><sitemap><loc>https://www.lago.test/a.xml</loc></sitemap>
            <sitemap><loc>b.xml</loc><lastmod>2026-11-01</lastmod></sitemap>
            <sitemap><loc>https://www.lago.test/c.xml</loc><lastmod>2026-11-23T08:00:00Z</lastmod></sitemap></sitemapindex>";
        let (map, _) = parse(index.as_bytes(), BASE, now()).expect("a map");
        assert_eq!(
            map.maps,
            ["https://www.lago.test/c.xml", "https://www.lago.test/b.xml", "https://www.lago.test/a.xml"]
        );
    }

    #[test]
    fn other_documents_are_named() {
        let what = |text: &str| match parse(text.as_bytes(), BASE, now()) {
            Err(NoSitemap::Other { what }) => what,
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(what("<!DOCTYPE html><html><body></body></html>"), "html");
        assert_eq!(what("<rss version='2.0'/>"), "rss");
        assert_eq!(what("niente"), "no markup");
        assert_eq!(what(""), "no markup");
    }

    #[test]
    fn hostile_maps_are_bounded() {
        let deep = format!("<urlset>{}", "<url>".repeat(100_000));
        assert!(matches!(parse(deep.as_bytes(), BASE, now()), Err(NoSitemap::Limit { .. })));
        let many = format!("<urlset>{}</urlset>", "<url><loc>https://lago.test/a</loc></url>".repeat(5_000));
        let (map, problems) = parse(many.as_bytes(), BASE, now()).expect("a map");
        assert_eq!((map.items.len(), map.listed, problems.len()), (MOST_PAGES, 5_000, 1));
        let long = format!("<urlset><url><loc>https://lago.test/{}</loc></url></urlset>", "a".repeat(10_000));
        assert_eq!(parse(long.as_bytes(), BASE, now()).map(|(map, _)| map.items.len()), Ok(0));
        let broken = "<urlset><url><loc>https://lago.test/a</loc></url><url><loc>https://lago.t";
        let (map, _) = parse(broken.as_bytes(), BASE, now()).expect("a map");
        assert_eq!(map.items.len(), 1);
    }
}
