//! How late news are seen: a source of each class, lived through for days.

use crate::mock::{Chance, Feed, Mock, numbers, published};
use crate::{Failed, at, declared, office, outlet};
use std::collections::BTreeMap;

/// Host, class, items a day.
const SOURCES: [(&str, char, f64); 4] =
    [("agenzia.test", 'A', 450.0), ("nazionale.test", 'B', 180.0), ("locale.test", 'C', 25.0), ("ente.test", 'D', 3.0)];

/// Prints a line for each source.
pub(crate) fn run(days: i64) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let begin = jiff::civil::date(2026, 11, 9).at(0, 0, 0, 0).in_tz("Europe/Rome")?.timestamp().as_millisecond();
    let mut chance = Chance(1);
    let feeds: BTreeMap<(String, String), Feed> = SOURCES
        .iter()
        .map(|(host, _, daily)| {
            // a window stands there when the office opens
            let items = published(begin - 2 * 86_400_000, days + 2, *daily, &mut chance);
            (((*host).to_owned(), "/feed".to_owned()), Feed { items, closed: None })
        })
        .collect();
    let database = folder.path().join("data/salastampa.db");
    let mock = Mock::start(feeds.clone(), database.clone(), None)?;
    let sources: String = SOURCES
        .iter()
        .map(|(host, class, _)| outlet(host) + &declared(host, &host.replace(".test", ""), "/feed", *class, false))
        .collect();
    let until = jiff::Timestamp::from_millisecond(begin + days * 86_400_000)?;
    let done = office(folder.path(), &mock, &sources)?
        .args(["--now", "2026-11-09 00:00", "run", "crawl", "--until", &until.to_string()])
        .status()?;
    if !done.success() {
        return Err("the program failed".into());
    }
    println!("{days} days; delay from publication to first sight, in seconds");
    for (host, class, _) in SOURCES {
        let asked = mock.asked().into_iter().filter(|asked| asked.host == host && asked.path == "/feed").count();
        let seen = numbers(
            &database,
            &format!(
                "select published_at, first_seen from article where published_at >= {begin} and outlet in \
                 (select id from outlet where name = '{host}')"
            ),
        )?;
        let wrote = feeds[&(host.to_owned(), "/feed".to_owned())].items.iter().filter(|at| **at >= begin).count();
        let mut delays: Vec<i64> = seen.iter().map(|(published, seen)| (seen - published) / 1_000).collect();
        delays.sort_unstable();
        println!(
            "{class} {host:<16} items {wrote:>5}  seen {:>5}  requests a day {:>6.1}  p50 {:>5}  p95 {:>5}  p99 {:>5}",
            delays.len(),
            asked as f64 / days as f64,
            at(&delays, 50),
            at(&delays, 95),
            at(&delays, 99),
        );
    }
    Ok(())
}
