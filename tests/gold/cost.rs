//! What the review of the gold day costs: its candidates composed, and rendered as HTML, text and PDF for its readers.
//!
//! `cargo test --release --test main -p salastampa -- gold::cost --nocapture` prints the processor time of the whole
//! program for it, its start included; the bar is a second for three hundred candidates. Speed is printed, not asserted.

use super::{MORNING, lived};
use std::path::Path;
use std::process::{Child, Stdio};

/// The hour at which the review leaves.
const HOUR: &str = "2026-11-26 07:00";

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        match from.is_dir() {
            true => copy(&from, &to),
            false => drop(std::fs::copy(&from, &to).expect("a file")),
        }
    }
}

/// Milliseconds of processor time of a program that has ended and was not asked for its end yet (proc(5), `stat`).
fn spent(child: &Child) -> Option<u64> {
    loop {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).ok()?;
        let parts: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
        if parts.first() == Some(&"Z") {
            // the kernel counts in hundredths of a second here
            return Some((parts.get(11)?.parse::<u64>().ok()? + parts.get(12)?.parse::<u64>().ok()?) * 10);
        }
        std::thread::yield_now();
    }
}

#[test]
fn the_review_of_the_gold_day_is_made_from_its_candidates_and_its_cost_is_told() {
    let lived = lived();
    let folder = tempfile::tempdir().expect("a folder");
    copy(lived.press.path(), folder.path());
    let run = |now: &str, what: &[&str]| {
        let mut command = lived.press.command();
        command.current_dir(folder.path()).args(["--now", now]).args(what);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().expect("it starts");
        let spent = spent(&child);
        assert!(child.wait().expect("it ends").success(), "{what:?}");
        spent
    };
    let idle = run(MORNING, &["run", "review"]);
    let review = run(HOUR, &["run", "review"]);
    let count =
        |what: &str| crate::outlets::query(&folder.path().join("data/salastampa.db"), what).expect("it is right");
    let candidates =
        count("select cast(count(distinct a.story) as text) from clipping c join article a on a.id = c.article");
    assert_eq!(count("select cast(max(version) as text) from review"), ["1"], "the review is frozen");
    let outputs = count("select distinct output from review_output order by output");
    println!("the review out of {} candidates, as {}", candidates[0], outputs.join(", "));
    match (idle, review) {
        (Some(idle), Some(review)) => println!("{review} ms of processor time, of which {idle} for the start"),
        _ => println!("skipped: no /proc"),
    }
}
