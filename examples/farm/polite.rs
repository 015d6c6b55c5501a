//! Whether each site is asked gently: the log of the servers is searched for a request that came too early.

use crate::mock::{Asked, Chance, Feed, Mock, published};
use crate::{Failed, declared, office, outlet};
use std::collections::BTreeMap;

const HOSTS: usize = 300;
const FEEDS: usize = 1_000;
/// Between two requests to one site, in milliseconds.
const GAP: i64 = 2_000;

/// Between two article pages of one site, in milliseconds.
const PAGE_GAP: i64 = 5_000;

fn is_page(path: &str) -> bool {
    path.strip_prefix("/feed").is_some_and(|rest| rest.contains('/'))
}

/// Prints what was found.
pub(crate) fn run(hours: i64) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let begin = jiff::civil::date(2026, 11, 9).at(6, 0, 0, 0).in_tz("Europe/Rome")?.timestamp().as_millisecond();
    let mut chance = Chance(7);
    let (mut feeds, mut sources) = (BTreeMap::new(), String::new());
    for n in 0..HOSTS {
        sources.push_str(&outlet(&format!("testata{n}.test")));
    }
    for n in 0..FEEDS {
        let host = format!("testata{}.test", n % HOSTS);
        let path = format!("/feed{}", n / HOSTS);
        let (class, daily) = match n % 100 {
            0 => ('A', 300.0),
            1..10 => ('B', 120.0),
            10..70 => ('C', 25.0),
            _ => ('D', 3.0),
        };
        // one feed in twenty-five says for an hour that it is asked too much, or is down
        let from = begin + (chance.next() * hours as f64 * 1_800_000.0) as i64;
        let closed = match n % 25 {
            3 => Some((from, from + 3_600_000, 429, Some(600))),
            4 => Some((from, from + 1_800_000, 503, Some(900))),
            5 => Some((from, from + 1_800_000, 429, None)),
            _ => None,
        };
        let items = published(begin - 4 * 86_400_000, 4 + hours / 24 + 1, daily, &mut chance);
        feeds.insert((host.clone(), path.clone()), Feed { items, closed });
        sources.push_str(&declared(&host, &format!("fonte{n}"), &path, class, n % 10 == 5));
    }
    // one site in ten also has a map of maps
    for n in (0..HOSTS).step_by(10) {
        let host = format!("testata{n}.test");
        let one = declared(&host, &format!("mappa{n}"), "/indice", 'C', false);
        sources.push_str(&one.replace("kind = \"feed\"", "kind = \"sitemap\""));
    }
    let mock = Mock::start(feeds, folder.path().join("data/salastampa.db"), None)?;
    let until = jiff::Timestamp::from_millisecond(begin + hours * 3_600_000)?;
    let done = office(folder.path(), &mock, &sources)?
        .args(["--now", "2026-11-09 06:00", "run", "crawl", "--until", &until.to_string()])
        .status()?;
    if !done.success() {
        return Err("the program failed".into());
    }
    judge(&mock.asked(), hours);
    Ok(())
}

fn judge(asked: &[Asked], hours: i64) {
    let mut by_host: BTreeMap<&str, Vec<&Asked>> = BTreeMap::new();
    for one in asked {
        by_host.entry(&one.host).or_default().push(one);
    }
    let (mut early, mut before, mut repeats, mut conditional, mut read) = (0, 0, 0, 0, 0);
    for all in by_host.values() {
        for pair in all.windows(2) {
            early += usize::from(pair[1].at - pair[0].at < GAP);
        }
        let pages: Vec<&&Asked> = all.iter().filter(|one| is_page(&one.path)).collect();
        read += pages.len();
        early += pages.windows(2).filter(|pair| pair[1].at - pair[0].at < PAGE_GAP).count();
        for (n, one) in all.iter().enumerate() {
            before += all[n + 1..].iter().take_while(|later| later.at - one.at < one.wait).count();
        }
        let mut known = std::collections::BTreeSet::new();
        for one in all.iter().filter(|one| one.path.starts_with("/feed") && !is_page(&one.path)) {
            if known.contains(&one.path) {
                repeats += 1;
                conditional += usize::from(one.conditional);
            }
            if matches!(one.status, 200 | 304) {
                known.insert(&one.path);
            }
        }
    }
    let share = |n: usize| n as f64 * 100.0 / repeats.max(1) as f64;
    println!("{hours} hours, {} hosts, {} requests", by_host.len(), asked.len());
    println!("article pages read: {read}");
    println!("requests within {GAP} ms of another to the same site, or pages within {PAGE_GAP} ms: {early}");
    println!("requests before the end of Retry-After, or within 30 s of a 429: {before}");
    let maps = asked.iter().filter(|one| one.path.starts_with("/mappa")).count();
    println!("maps below maps of maps read: {maps}");
    println!("repeated visits that were conditional: {:.1} % of {repeats}", share(conditional));
    for status in [200, 304, 404, 429, 503] {
        println!("  {status}: {}", asked.iter().filter(|one| one.status == status).count());
    }
}
