//! The ways by which bytes of others enter, each as one plain function: what a fuzzer calls, and what replays its finds.
//!
//! A function here may only panic where the reader has a fault: it panics itself, or breaks a promise that is asserted.
//! `fuzz/` drives them with a nightly compiler; the stable test `finds_stay_found` replays the folder `tests/finds`.
//! Left out: timing, which the fuzzer bounds by itself.

use crate::encoding::{self, Kind};
use crate::feed::{self, FeedContext};
use crate::robots::Robots;
use crate::wire::{self, WireContext};
use crate::{backfile, dates, extract, key, section, sitemap};
use salastampa_domain::time::rome;
use salastampa_domain::{Selectors, Timestamp};

/// One way in: the name of its folder of finds, and what reads it.
pub type Way = (&'static str, fn(&[u8]));

/// Every way in.
pub const WAYS: [Way; 9] = [
    ("backfile", backfile),
    ("dates", dates),
    ("encoding", encoding),
    ("feed", feed),
    ("page", page),
    ("robots", robots),
    ("section", section),
    ("sitemap", sitemap),
    ("wire", wire),
];

/// The present: 2026-11-22T00:00Z.
const NOW: Timestamp = Timestamp(1_795_305_600_000);
/// Where everything is said to come from.
const BASE: &str = "https://www.lago.test/cronaca/";

/// An old archive, in two pieces.
pub fn backfile(bytes: &[u8]) {
    let form = backfile::Form::detect(bytes, None, None);
    let mut records = backfile::Records::new(form);
    let mut columns = None;
    let (first, second) = bytes.split_at(bytes.len() / 2);
    for piece in [Some(first), Some(second), None] {
        match piece {
            Some(piece) => records.feed(piece),
            None => records.end(),
        }
        while let Some(record) = records.next() {
            let names = || match &record {
                backfile::Record::Cells { cells, .. } => cells.clone(),
                backfile::Record::Object { object, .. } => object.keys().cloned().collect(),
                backfile::Record::Broken { .. } => Vec::new(),
            };
            let columns = columns.get_or_insert_with(|| {
                let said = [("title", "1"), ("date", "2")].map(|(field, at)| (field.to_owned(), at.to_owned()));
                backfile::Columns::of(names(), &said).unwrap_or_default()
            });
            if let Ok(row) = backfile::Row::read(record, columns, NOW) {
                assert!(!row.title.is_empty() && !row.identity().key.is_empty(), "a row can be kept");
            }
        }
    }
}

/// A text that should hold a date.
pub fn dates(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some(dated) = dates::parse(&text, &rome(), NOW) {
        // what can be stored can be shown again
        dated.at.rfc3339();
    }
}

/// A document in any encoding, as a feed and as a page.
pub fn encoding(bytes: &[u8]) {
    for kind in [Kind::Xml, Kind::Html] {
        encoding::decode(bytes, None, kind);
        encoding::decode(bytes, Some("text/html; charset=windows-1252"), kind);
    }
}

/// A feed.
pub fn feed(bytes: &[u8]) {
    let context = FeedContext { base: BASE, content_type: None, zone: rome(), now: NOW };
    if let Ok((feed, _)) = feed::parse(bytes, &context) {
        assert!(feed.items.len() <= 2_000, "items are cut");
        for item in &feed.items {
            let canonical = key::canonical(&item.url);
            assert_eq!(key::canonical(&canonical), canonical, "the canonical form is final");
            key::title_key(&item.title);
        }
    }
}

/// An article page. To be called with a stack of at least 8 MB.
pub fn page(bytes: &[u8]) {
    let found = extract::extract(bytes, None, BASE, NOW);
    assert!(!found.body.is_empty() || !found.problems.is_empty(), "a missing text is told");
}

/// A robots.txt, asked about itself too.
pub fn robots(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let robots = Robots::read(200, &text);
    robots.verdict(BASE);
    robots.verdict(&text);
    assert!(robots.crawl_delay().is_none_or(|delay| delay >= 0), "a pause is no journey through time");
}

/// A section page, read by ordinary selectors.
pub fn section(bytes: &[u8]) {
    let selectors = Selectors {
        item: "article, .card, li".into(),
        link: Some("a[href]".into()),
        title: Some("h2, h3, a".into()),
        date: Some("time, .date".into()),
        lead: Some("p".into()),
    };
    if let Ok((items, _)) = section::parse(bytes, None, BASE, &selectors, NOW) {
        assert!(items.iter().all(|i| !i.title.is_empty() && i.url.starts_with("http")), "items have title and address");
    }
}

/// A sitemap.
pub fn sitemap(bytes: &[u8]) {
    if let Ok((map, _)) = sitemap::parse(bytes, BASE, NOW) {
        assert!(map.items.len() <= 1_000 && map.maps.len() <= 1_000, "maps are cut");
    }
}

/// A wire of an agency.
pub fn wire(bytes: &[u8]) {
    if wire::is_wire(bytes) {
        // refused or read: both are answers
        let _ = wire::parse(bytes, &WireContext { zone: rome(), now: NOW });
    }
}
