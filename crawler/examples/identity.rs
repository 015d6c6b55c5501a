//! How often an item that changed passes for a new one, and how often two items pass for one.
//!
//! `identity [PATH..]`: feeds made up here, and those of the files or folders given. Each is read as a window and kept;
//! then every item comes again, changed in one way a feed changes items, and must be known; and half of each window comes
//! after the other half, and must be new. The decision is the product's own: `domain::identity` over keys of
//! `crawler::key`.

use jiff::tz::TimeZone;
use salastampa_crawler::feed::{self, FeedContext, Item};
use salastampa_crawler::key;
use salastampa_domain::identity::{is_same_by_guid, is_same_by_title, settle};
use salastampa_domain::{ItemKey, Timestamp};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The present: 2026-11-22T00:00Z.
const NOW: Timestamp = Timestamp(1_795_305_600_000);
const DAY: i64 = 86_400_000;
/// Feeds that are made up.
const MADE: usize = 200;

/// A change: its name, and what it does to an item.
type Change = (&'static str, fn(&mut Item));

/// How feeds change what they have already shown; the last two, which leave less to go by, are counted apart.
const CHANGES: [Change; 7] = [
    ("guid", |item| item.guid = item.guid.take().map(|guid| format!("{guid}-bis"))),
    ("slug", |item| item.url = with_path(&item.url, "-rev")),
    ("http to https", |item| {
        item.url = item.url.replacen("http://", "https://", 1);
        item.guid = item.guid.take().map(|guid| guid.replacen("http://", "https://", 1));
    }),
    ("date", |item| item.published_at = item.published_at.map(|at| at.plus(3 * DAY))),
    ("tracking", |item| item.url = with_query(&item.url, "utm_source=rss&utm_medium=feed&fbclid=1")),
    ("title", |item| item.title = format!("AGGIORNATO - {}", item.title)),
    ("guid and slug", |item| {
        item.guid = item.guid.take().map(|guid| format!("{guid}-bis"));
        item.url = with_path(&item.url, "-rev");
    }),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout().lock();
    let paths: Vec<PathBuf> = std::env::args().skip(1).map(PathBuf::from).collect();
    let mut windows: Vec<Vec<Item>> = (0..MADE).map(made).collect();
    windows.extend(paths.iter().flat_map(|path| files(path)).filter_map(|path| read(&path)));
    let windows: Vec<Vec<Item>> = windows.into_iter().filter(|window| window.len() >= 2).collect();
    let items: usize = windows.iter().map(Vec::len).sum();
    writeln!(out, "{} windows of two items and more, {items} items", windows.len())?;
    let (mut all, mut all_missed) = (0, 0);
    for (number, (name, change)) in CHANGES.into_iter().enumerate() {
        let (mut shown, mut missed) = (0, 0);
        for window in &windows {
            let known = keys(window);
            let changed: Vec<Item> = window
                .iter()
                .cloned()
                .map(|mut item| {
                    change(&mut item);
                    item
                })
                .collect();
            let changed_keys = keys(&changed);
            // what did not change says nothing of this change
            let touched = (0..window.len()).filter(|at| window[*at] != changed[*at]);
            for at in touched {
                shown += 1;
                missed += usize::from(!is_known(&changed_keys[at], &known));
            }
        }
        writeln!(out, "changed {name:14} {shown:6} items, {missed:4} taken for new ({:.2} %)", percent(missed, shown))?;
        if number < CHANGES.len() - 2 {
            (all, all_missed) = (all + shown, all_missed + missed);
        }
    }
    writeln!(out, "false new: {all_missed} of {all} ({:.2} %)", percent(all_missed, all))?;
    // half of a window is there, then all of it: the one half must be known and the other new
    let (mut stayed, mut lost, mut asked, mut merged) = (0, 0, 0, 0);
    for window in &windows {
        let keys_of_all = keys(window);
        for first in [0, 1] {
            let before: Vec<&Item> = window.iter().skip(first).step_by(2).collect();
            let known = keys(&before.iter().map(|item| (*item).clone()).collect::<Vec<_>>());
            for (at, (item, key)) in window.iter().zip(&keys_of_all).enumerate() {
                if at % 2 == first {
                    stayed += 1;
                    lost += usize::from(!is_known(key, &known));
                // one that stands there twice is one
                } else if !before.iter().any(|other| are_one(item, other)) {
                    asked += 1;
                    merged += usize::from(is_known(key, &known));
                }
            }
        }
    }
    writeln!(
        out,
        "a window that grows: {lost} of {stayed} that stayed taken for new ({:.3} %)",
        percent(lost, stayed)
    )?;
    writeln!(out, "false merges: {merged} of {asked} ({:.3} %)", percent(merged, asked))?;
    Ok(())
}

fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

/// The keys by which a visit knows the items of a window.
fn keys(window: &[Item]) -> Vec<ItemKey> {
    let key = |item: &Item| {
        let day = item.published_at.unwrap_or(NOW).0.div_euclid(DAY);
        let nowhere = || match &item.guid {
            Some(guid) => format!("fonte#{guid}"),
            None => format!("fonte#{day} {}", item.title),
        };
        ItemKey {
            guid: item.guid.clone(),
            key: if item.url.is_empty() { nowhere() } else { key::canonical(&item.url) },
            title_key: key::title_key(&item.title),
            day,
        }
    };
    let mut keys: Vec<ItemKey> = window.iter().map(key).collect();
    settle(&mut keys);
    keys
}

fn is_known(item: &ItemKey, known: &[ItemKey]) -> bool {
    known.iter().any(|k| item.key == k.key || is_same_by_guid(item, k) || is_same_by_title(item, k))
}

/// Whether a person would call two items of a window one: same words, or same place and same beginning.
fn are_one(one: &Item, other: &Item) -> bool {
    let title = |item: &Item| item.title.to_lowercase();
    title(one) == title(other)
        || !one.url.is_empty() && key::canonical(&one.url) == key::canonical(&other.url) && one.guid == other.guid
}

/// A window of a made-up outlet: 25 items, some without guid, some with one title on two days, one column every day.
fn made(number: usize) -> Vec<Item> {
    const THINGS: [&str; 8] =
        ["il molo", "la scuola", "il ponte", "la piscina", "il teatro", "la pista", "il mercato", "la fonte"];
    const DEEDS: [&str; 6] = ["riapre", "chiude", "cambia orario", "aspetta i fondi", "festeggia", "fa discutere"];
    const PLACES: [&str; 5] = ["a Bellariva", "sul lago", "in via Lunga", "alla Fonte", "in Val Scura"];
    let item = |n: usize| {
        let seed = number * 31 + n * 7;
        let pick = |words: &[&'static str], by: usize| words[(seed / by) % words.len()];
        // a column has the same title every day
        let title = match n % 12 {
            11 => "Il meteo del lago per domani".to_owned(),
            _ => format!("{} {} {}, parte {}", pick(&THINGS, 1), pick(&DEEDS, 3), pick(&PLACES, 5), n / 6 + 1),
        };
        let id = number * 1_000 + n;
        Item {
            guid: (!number.is_multiple_of(5)).then(|| format!("http://www.foglio{number}.test/?p={id}")),
            url: format!(
                "http://www.foglio{number}.test/cronaca/{id}-{}",
                title.to_lowercase().replace([' ', ','], "-")
            ),
            title,
            published_at: Some(NOW.plus(-(i64::try_from(n).unwrap_or(0)) * DAY / 3)),
            ..Item::default()
        }
    };
    (0..25).map(item).collect()
}

fn files(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(path) else { return vec![path.to_owned()] };
    let mut files: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).filter(|p| p.is_file()).collect();
    files.sort();
    files
}

fn read(path: &Path) -> Option<Vec<Item>> {
    let bytes = std::fs::read(path).ok()?;
    let context =
        FeedContext { base: "http://example.com/feed.xml", content_type: None, zone: TimeZone::UTC, now: NOW };
    let (feed, _) = feed::parse(&bytes, &context).ok()?;
    // an item without title and address is none that could be told
    Some(feed.items.into_iter().filter(|item| !item.title.is_empty() || !item.url.is_empty()).collect())
}

fn with_path(url: &str, end: &str) -> String {
    match url.split_once('?') {
        Some((path, query)) => format!("{path}{end}?{query}"),
        None if url.is_empty() => String::new(),
        None => format!("{url}{end}"),
    }
}

fn with_query(url: &str, more: &str) -> String {
    match url.split_once('?') {
        _ if url.is_empty() => String::new(),
        Some(_) => format!("{url}&{more}"),
        None => format!("{url}?{more}"),
    }
}
