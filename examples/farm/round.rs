//! What a round costs: a thousand feeds of twenty-five items, all new and then all unchanged.

use crate::mock::{Feed, Mock};
use crate::{Failed, declared, office, outlet};
use std::collections::BTreeMap;
use std::process::Child;

const FEEDS: usize = 1_000;
/// 9 November 2026, noon in Italy, in milliseconds.
const NOON: i64 = 1_794_222_000_000;

/// Prints processor time and the greatest memory of each round.
pub(crate) fn run() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let (mut feeds, mut sources) = (BTreeMap::new(), String::new());
    for n in 0..FEEDS {
        let host = format!("testata{n}.test");
        let items = (0..25).map(|item| NOON - item * 600_000).rev().collect();
        feeds.insert((host.clone(), "/feed".to_owned()), Feed { items, closed: None });
        sources.push_str(&outlet(&host));
        sources.push_str(&declared(&host, &format!("fonte{n}"), "/feed", 'D', false));
    }
    let mock = Mock::start(feeds, folder.path().join("data/salastampa.db"), Some(NOON + 60_000))?;
    let idle =
        measured(office(folder.path(), &mock, "")?.args(["check"]).stdout(std::process::Stdio::null()).spawn()?)?;
    println!("check, no source visited: {:.2} s, {} MB", idle.0, idle.1);
    for (name, from, until) in [
        ("robots.txt, tdmrep.json and all new", "2026-11-09 12:01", "2026-11-09 12:11"),
        ("all unchanged (304)", "2026-11-09 15:00", "2026-11-09 15:10"),
    ] {
        let before = mock.asked().len();
        let child =
            office(folder.path(), &mock, &sources)?.args(["--now", from, "run", "crawl", "--until", until]).spawn()?;
        let (seconds, memory) = measured(child)?;
        let asked = mock.asked().split_off(before);
        let read = asked.iter().filter(|one| one.status == 200).count();
        let unchanged = asked.iter().filter(|one| one.status == 304).count();
        println!(
            "{name}: {seconds:.2} s of processor, {memory} MB at most ({} over idle); {read} read, {unchanged} unchanged",
            memory - idle.1
        );
    }
    Ok(())
}

/// Processor seconds and greatest resident memory in MB, looked at while it runs (proc(5)).
#[expect(clippy::disallowed_methods, reason = "an evaluation watches a process in real time")]
fn measured(mut child: Child) -> Result<(f64, i64), Failed> {
    let (mut ticks, mut most) = (0, 0);
    while child.try_wait()?.is_none() {
        let proc = std::path::PathBuf::from(format!("/proc/{}", child.id()));
        let stat = std::fs::read_to_string(proc.join("stat")).unwrap_or_default();
        let fields: Vec<i64> = stat
            .rsplit_once(')')
            .map(|(_, rest)| rest.split_whitespace().skip(11).take(2).filter_map(|n| n.parse().ok()).collect())
            .unwrap_or_default();
        ticks = fields.iter().sum::<i64>().max(ticks);
        let status = std::fs::read_to_string(proc.join("status")).unwrap_or_default();
        let high = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok());
        most = high.unwrap_or(0).max(most);
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    Ok((ticks as f64 / 100.0, most / 1_024))
}
