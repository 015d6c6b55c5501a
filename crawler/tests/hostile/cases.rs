//! What an attacker, or a broken program, would serve: one table for the test, which asks how each ends, and for the
//! example `hostile`, which asks what each costs.

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::tz::TimeZone;
use salastampa_crawler::encoding::{self, Kind};
use salastampa_crawler::feed::{self, FeedContext};
use salastampa_crawler::robots::Robots;
use salastampa_crawler::{dates, extract, section, sitemap, tdm};
use salastampa_domain::{Selectors, Timestamp};
use std::io::Write;

/// How an input ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum End {
    /// Not read at all.
    Refused,
    /// Read, and nothing found.
    Empty,
    /// Read with something told: cut, repaired, parts lost.
    Cut,
    /// Read.
    Read,
}

/// Who reads an input.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Way {
    Feed,
    Page,
    Sitemap,
    Section,
    Robots,
    Tdm,
    Date,
    Encoding,
}

/// One input.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) way: Way,
    pub(crate) make: fn() -> Vec<u8>,
    pub(crate) end: End,
}

const NOW: Timestamp = Timestamp(1_795_305_600_000);
const BASE: &str = "https://www.lago.test/cronaca/";

/// Reads an input the way it would be read on a visit.
pub(crate) fn run(way: Way, bytes: &[u8]) -> End {
    let ends = |found: usize, problems: usize| match (found, problems) {
        (0, _) => End::Empty,
        (_, 0) => End::Read,
        _ => End::Cut,
    };
    match way {
        Way::Feed => {
            let context = FeedContext { base: BASE, content_type: None, zone: TimeZone::UTC, now: NOW };
            feed::parse(bytes, &context).map_or(End::Refused, |(feed, problems)| ends(feed.items.len(), problems.len()))
        }
        Way::Page => {
            let page = extract::extract(bytes, None, BASE, NOW);
            ends(page.body.chars(), page.problems.len())
        }
        Way::Sitemap => sitemap::parse(bytes, BASE, NOW)
            .map_or(End::Refused, |(map, problems)| ends(map.items.len() + map.maps.len(), problems.len())),
        Way::Section => {
            let selectors = Selectors { item: ".c, li, div".into(), date: Some("time".into()), ..Selectors::default() };
            section::parse(bytes, None, BASE, &selectors, NOW)
                .map_or(End::Refused, |(items, problems)| ends(items.len(), problems.len()))
        }
        Way::Robots => {
            let text = String::from_utf8_lossy(bytes);
            let robots = Robots::read(200, &text);
            let path: String = format!("{BASE}{}", "a".repeat(3_000));
            robots.verdict(&path);
            match robots {
                Robots::Rules(rules) => ends(rules.rules.len(), 0),
                Robots::Unreadable => End::Refused,
                Robots::Open | Robots::Closed => End::Empty,
            }
        }
        Way::Tdm => {
            let says = tdm::Tdm::read(200, &String::from_utf8_lossy(bytes)).says(BASE);
            if says.is_some() { End::Read } else { End::Empty }
        }
        Way::Date => {
            let found = dates::parse(&String::from_utf8_lossy(bytes), &TimeZone::UTC, NOW);
            if found.is_some() { End::Read } else { End::Empty }
        }
        Way::Encoding => {
            let decoded = encoding::decode(bytes, None, Kind::Html);
            ends(decoded.text.len(), usize::from(decoded.repaired))
        }
    }
}

fn rss(items: &str) -> Vec<u8> {
    format!("<rss version=\"2.0\"><channel><title>Il Lago</title>{items}</channel></rss>").into_bytes()
}

const ITEM: &str = "<item><title>Riapre il molo</title><link>/molo</link></item>";

fn nested(open: &str, close: &str, n: usize) -> String {
    open.repeat(n) + &close.repeat(n)
}

fn each(n: usize, make: impl Fn(usize) -> String) -> String {
    (0..n).map(make).collect()
}

fn in_item(inside: &str) -> Vec<u8> {
    rss(&format!("<item><title>Riapre</title><link>/molo</link>{inside}</item>{ITEM}"))
}

const PARAGRAPH: &str = "<p>Il ponte sul torrente riapre lunedì alle sette del mattino, dopo quattro mesi di lavori che \
    hanno diviso in due il paese e costretto gli abitanti a un giro di dodici chilometri per andare a scuola.</p>";

fn page(inside: &str) -> Vec<u8> {
    let text = PARAGRAPH.repeat(6);
    format!("<html><head><title>Riapre il ponte</title></head><body><article><h1>Riapre il ponte</h1>{text}{inside}</article></body></html>")
        .into_bytes()
}

fn gzip(pieces: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    for piece in pieces {
        encoder.write_all(&piece).expect("memory takes it");
    }
    encoder.finish().expect("memory takes it")
}

fn bomb(head: &'static str, megabytes: usize) -> Vec<u8> {
    gzip(std::iter::once(head.as_bytes().to_vec()).chain((0..megabytes).map(|_| vec![b' '; 1 << 20])))
}

fn utf16be(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

macro_rules! cases {
    ($($way:ident $end:ident $name:literal => $make:expr),* $(,)?) => {
        /// Every input.
        pub(crate) const CASES: &[Case] = &[$(Case { name: $name, way: Way::$way, make: || $make, end: End::$end }),*];
    };
}

cases! {
    Feed Refused "media groups, 1,600 deep" => in_item(&nested("<media:group>", "</media:group>", 1_600)),
    Feed Refused "media groups, 100,000 deep" => in_item(&nested("<media:group>", "</media:group>", 100_000)),
    Feed Refused "elements, 100,000 deep, never closed" => rss(&"<a>".repeat(100_000)),
    Feed Refused "xhtml divs, 100,000 deep" => format!("<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>x</title><content type='xhtml'>{}</content></entry></feed>", nested("<div>", "</div>", 100_000)).into_bytes(),
    Feed Refused "xml:base, 50,000 deep" => rss(&nested("<a xml:base='x/'>", "</a>", 50_000)),
    Feed Read "a duration of thirty digits" => in_item(&format!("<itunes:duration>{}</itunes:duration>", "9".repeat(30))),
    Feed Read "a duration of ten thousand digits" => in_item(&format!("<media:content url='/a' duration='{}'/>", "9".repeat(10_000))),
    Feed Read "UTF-16 without a mark" => utf16be(&format!("<?xml version='1.0'?><rss version='2.0'><channel>{ITEM}</channel></rss>")),
    Feed Refused "40,000 attributes on an element" => rss(&format!("<item {}><title>x</title></item>", each(40_000, |n| format!("a{n}='1' ")))),
    Feed Refused "20,000 namespaces" => format!("<rss version='2.0' {}><channel>{}</channel></rss>", each(20_000, |n| format!("xmlns:n{n}='u{n}' ")), ITEM.repeat(2_000)).into_bytes(),
    Feed Cut "100,000 items" => rss(&ITEM.repeat(100_000)),
    Feed Cut "800,000 escaped tags" => in_item(&format!("<description>{}</description>", "&lt;b&gt;x ".repeat(800_000))),
    Feed Read "a comment of nine megabytes" => rss(&format!("<!--{}-->{ITEM}", "-x".repeat(4_500_000))),
    Feed Read "a comment without end" => rss(&format!("{ITEM}<!--{}", "<a".repeat(500_000))),
    Feed Refused "JSON, 200,000 brackets" => "[".repeat(200_000).into_bytes(),
    Feed Refused "JSON, 200,000 braces" => "{\"a\":".repeat(200_000).into_bytes(),
    Feed Cut "JSON, 100,000 items" => format!("{{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{}]}}", vec!["{\"id\":1,\"url\":\"/a\",\"title\":\"x\"}"; 100_000].join(",")).into_bytes(),
    Feed Refused "JSON that breaks off in a string of eight megabytes" => format!("{{\"version\":\"1\",\"items\":[{{\"title\":\"{}", "x".repeat(8 << 20)).into_bytes(),
    Feed Read "a billion laughs" => format!("<!DOCTYPE r [<!ENTITY a \"ha\">{}]><rss version='2.0'><channel><item><title>&b9;</title><link>/a</link></item></channel></rss>", each(9, |n| format!("<!ENTITY b{} \"{}\">", n + 1, format!("&b{n};").repeat(10)))).into_bytes(),
    Feed Read "an entity that names a file" => b"<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss version='2.0'><channel><item><title>&x; molo</title><link>/a</link></item></channel></rss>".to_vec(),
    Feed Refused "a declaration without end" => format!("<!DOCTYPE r [{}", "<!ENTITY a 'b'>".repeat(100_000)).into_bytes(),
    Feed Read "zero bytes in the midst" => rss(ITEM).chunks(3).flat_map(|three| [three, &[0]].concat()).collect(),
    Feed Refused "ten megabytes of zero" => vec![0; 10 << 20],
    Feed Refused "a gzip bomb of 200 megabytes" => bomb("<rss version='2.0'><channel>", 200),
    Feed Refused "gzip in gzip" => gzip(std::iter::once(bomb("<rss>", 20))),
    Feed Refused "gzip that is none" => b"\x1f\x8b\x08\0nothing".to_vec(),
    Feed Refused "nothing" => Vec::new(),
    Feed Refused "a page" => page(""),
    Feed Cut "an item of nine megabytes" => in_item(&format!("<description>{}</description>", "parola ".repeat(1_300_000))),
    Feed Cut "a line of five megabytes" => rss(&format!("{ITEM}<item><title>x</title><link>/{}</link></item>", "a".repeat(5_000_000))),
    Feed Read "100,000 character references" => in_item(&format!("<description>{}</description>", "&#x26;&#38;&amp;&bogus;&#xFFFFFFFF;".repeat(20_000))),
    Feed Read "an attribute of eight megabytes" => rss(&format!("<item x='{}'><title>x</title><link>/a</link></item>", "a".repeat(8 << 20))),
    Feed Refused "a quote that never ends" => rss(&format!("<item x='{}", "<a> ".repeat(500_000))),
    Feed Cut "CDATA that never ends" => rss(&format!("{ITEM}<item><title><![CDATA[{}", "x ".repeat(500_000))),
    Feed Read "CDATA, 200,000 times" => in_item(&format!("<description>{}</description>", "<![CDATA[x]]>".repeat(200_000))),
    Feed Cut "end tags only, 200,000" => rss(&format!("{ITEM}{}", "</item></a>".repeat(100_000))),
    Feed Cut "items inside items" => rss(&nested("<item><title>x</title><link>/a</link>", "</item>", 200)),
    Feed Read "dates of a thousand signs" => in_item(&format!("<pubDate>{}</pubDate>", "1/2/3 ".repeat(200))),
    Feed Read "50,000 links in an entry" => format!("<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>x</title>{}</entry></feed>", "<link href='/a'/>".repeat(50_000)).into_bytes(),
    Feed Read "50,000 authors and categories" => in_item(&"<category>x</category><author>a@b.test (x)</author>".repeat(50_000)),
    Page Cut "divs, 100,000 deep" => page(&"<div>".repeat(100_000)),
    Page Cut "bold, never closed, 100,000 times" => page(&"<b>".repeat(100_000)),
    Page Cut "fonts reopened by paragraphs" => page(&each(5_000, |n| format!("<p><font size={n}>x"))),
    Page Cut "tables in tables" => page(&"<table><tr><td>".repeat(20_000)),
    Page Cut "lists in lists" => page(&"<ul><li>".repeat(20_000)),
    Page Cut "40,000 attributes" => page(&format!("<p {}>x</p>", each(40_000, |n| format!("a{n}=1 ")))),
    Page Cut "an attribute of three megabytes" => page(&format!("<p class=\"{}\">x</p>", "a ".repeat(1_500_000))),
    Page Read "a class of a hundred thousand words" => page(&format!("<p class=\"{}\">x</p>", "share ".repeat(100_000))),
    Page Cut "five megabytes on one line" => page(&"parola ".repeat(750_000)),
    Page Cut "tags that never close" => page(&"<p <div <span ".repeat(50_000)),
    Page Read "JSON-LD, 100,000 deep" => page(&format!("<script type='application/ld+json'>{}</script>", "{\"a\":[".repeat(100_000))),
    Page Read "JSON-LD, 120 deep, 2,000 blocks" => page(&format!("<script type='application/ld+json'>{}1{}</script>", "{\"a\":".repeat(120), "}".repeat(120)).repeat(500)),
    Page Cut "a hundred thousand links" => page(&"<a href=/x>y</a> ".repeat(100_000)),
    Page Read "a hundred thousand times" => page(&"<time datetime='2026-11-22T10:99:99'>22/22/2222 10:10:10 +9999</time>".repeat(20_000)),
    Page Cut "a hundred thousand headings" => page(&"<h1>Riapre il molo</h1>".repeat(50_000)),
    Page Cut "malformed references" => page(&format!("<p>{}</p>", "&#;&#x;&#99999999;&am&lt&;&notin".repeat(30_000))),
    Page Read "drawings in drawings, never closed" => page(&"<svg><g>".repeat(90)),
    Page Read "menus that are never closed" => page(&"<nav>".repeat(150)),
    Page Cut "headers, thirty thousand" => page(&"<header></header><header>x</header>".repeat(30_000)),
    Page Cut "asides in asides with classes" => page(&nested("<aside class=related>", "</aside>", 5_000)),
    Page Read "comments in comments" => page(&"<!-- <!-- --> --!> <!--> ".repeat(50_000)),
    Page Cut "scripts in scripts" => page(&"<script><!--<script></script>--></script>".repeat(30_000)),
    Page Read "paragraphs, thirty thousand" => page(&"<p>Una riga di testo del giornale che parla di vele.</p>".repeat(30_000)),
    Page Empty "quotes only" => vec![b'"'; 2 << 20],
    Page Empty "less-than signs only" => vec![b'<'; 2 << 20],
    Page Empty "ampersands only" => vec![b'&'; 1 << 20],
    Page Empty "ten megabytes of zero" => vec![0; 10 << 20],
    Page Read "another encoding than declared" => [b"<meta charset=utf-16><meta charset=shift_jis>".as_slice(), &page(""), &[0xE0, 0xFF, 0x80].repeat(20_000)].concat(),
    Page Read "escaped script strings" => page(&format!("<script>x=\"{}\"</script>", "\\\\\\\"".repeat(200_000))),
    Page Read "keys of dates" => page(&format!("<script>{}</script>", "\\\"publishedAt\\\":\\\"".repeat(60_000))),
    Sitemap Read "a map of maps, 100,000" => format!("<sitemapindex>{}</sitemapindex>", "<sitemap><loc>/a.xml</loc></sitemap>".repeat(100_000)).into_bytes(),
    Sitemap Cut "100,000 pages" => format!("<urlset>{}</urlset>", "<url><loc>/a</loc></url>".repeat(100_000)).into_bytes(),
    Sitemap Refused "elements, 100,000 deep" => format!("<urlset>{}", "<a>".repeat(100_000)).into_bytes(),
    Sitemap Refused "a gzip bomb of 200 megabytes" => bomb("<urlset>", 200),
    Sitemap Cut "an address of five megabytes" => format!("<urlset><url><loc>/a</loc></url><url><loc>/{}</loc></url></urlset>", "a".repeat(5 << 20)).into_bytes(),
    Sitemap Empty "a billion laughs" => format!("<!DOCTYPE r [{}]><urlset><url><loc>&a;</loc></url>", "<!ENTITY a '&a;&a;'>".repeat(50_000)).into_bytes(),
    Sitemap Read "40,000 attributes" => format!("<urlset {}><url><loc>/a</loc></url></urlset>", each(40_000, |n| format!("a{n}='1' "))).into_bytes(),
    Section Refused "divs, 100,000 deep" => "<div>".repeat(100_000).into_bytes(),
    Section Cut "100,000 links" => each(100_000, |n| format!("<li><a href=/{n}>Riapre il molo numero {n}</a></li>")).into_bytes(),
    Section Read "a link of five megabytes" => format!("<li><a href=/a>{}</a>", "molo ".repeat(1 << 20)).into_bytes(),
    Section Refused "bold, never closed" => "<b>".repeat(50_000).into_bytes(),
    Section Refused "fonts reopened by paragraphs" => each(5_000, |n| format!("<p><font size={n}><li><a href=/{n}>x</a>")).into_bytes(),
    Robots Read "a million rules" => "User-agent: *\n".to_owned().into_bytes().into_iter().chain("Disallow: /a*b$\n".repeat(600_000).into_bytes()).collect(),
    Robots Empty "a pattern of stars" => format!("User-agent: *\nDisallow: /{}b\n", "*a".repeat(50_000)).into_bytes(),
    Robots Read "a thousand patterns of stars" => format!("User-agent: *\n{}", "Disallow: /*a*a*a*a*a*a*a*a*a*a*a*a*ab\n".repeat(2_000)).into_bytes(),
    Robots Empty "a line of five megabytes" => format!("User-agent: {}", "*".repeat(5 << 20)).into_bytes(),
    Robots Read "100,000 agents" => format!("{}User-agent: *\nDisallow: /a\n", "User-agent: gptbot\n".repeat(10_000)).into_bytes(),
    Tdm Empty "brackets" => "[".repeat(500_000).into_bytes(),
    Tdm Empty "100,000 patterns of stars" => format!("[{}]", vec!["{\"location\":\"/*a*a*a*a*a*a*b\",\"tdm-reservation\":1}"; 20_000].join(",")).into_bytes(),
    Date Empty "digits" => vec![b'9'; 5 << 20],
    Date Empty "signs" => b"1/1/1-1.1:".repeat(500_000),
    Date Empty "words of no calendar" => "novembre ".repeat(500_000).into_bytes(),
    Date Empty "an hour that is none" => b"2 novembre ore 99:99:99 +99:99".to_vec(),
    Encoding Read "bytes of no encoding" => [0x80, 0xFE, 0xE0].repeat(1 << 20),
    Encoding Read "UTF-32 that is none" => [&[0xFF, 0xFE, 0, 0][..], &[0xFF; 4_000_000]].concat(),
    Encoding Cut "ISO-2022-JP without end" => [&b"<meta charset=iso-2022-jp>"[..], &b"\x1b$B".repeat(1 << 20)].concat(),
}
