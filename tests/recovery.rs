//! Kill -9 at random moments: every article once, nobody skipped, extra copies only among what was in flight.

use crate::outlets::present;
use crate::press_test::is_long;
use crate::sink::{Log, Script, Sink};
use salastampa_domain::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A small generator (SplitMix64), so that a failing run can be repeated by its seed.
pub struct Chance(pub u64);

impl Chance {
    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

fn demo(data: &Path, smtp: std::net::SocketAddr) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_salastampa"));
    command
        .current_dir(data.parent().expect("a folder around the data"))
        .args(["demo", "--once", "--data"])
        .arg(data)
        .env("RUST_LOG", "error")
        .env("SALASTAMPA__MAIL__TRANSPORT", "smtp")
        .env("SALASTAMPA__SMTP__HOST", smtp.ip().to_string())
        .env("SALASTAMPA__SMTP__PORT", smtp.port().to_string())
        .env("SALASTAMPA__SMTP__TLS", "off")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// The instants of the day at which many mails leave, and those between: where each of so many kills strikes, in order.
fn moments(kills: u64, chance: &mut Chance) -> Vec<i64> {
    const BUSY: [&str; 7] = [
        "2026-11-23 07:00",
        "2026-11-23 09:30",
        "2026-11-23 11:00",
        "2026-11-23 14:00",
        "2026-11-23 16:30",
        "2026-11-23 22:32",
        "2026-11-24 07:00",
    ];
    let at = |text: &str| Timestamp::parse(text).expect(text).0;
    let (begin, end) = (at("2026-11-23 05:00"), at("2026-11-24 07:25"));
    let mut moments: Vec<i64> = (0..kills)
        .map(|n| match n % 2 {
            0 => at(BUSY[usize::try_from(chance.next() % 7).expect("below seven")]),
            _ => begin + i64::try_from(chance.next() % u64::try_from(end - begin).expect("a day")).expect("in a day"),
        })
        .collect();
    moments.sort_unstable();
    moments
}

/// Waits until the office's present has come to `moment`, and for so many looks more; false if the child has ended. The
/// kill then strikes at a point of the work, not of the clock.
fn until(child: &mut Child, data: &Path, moment: i64, looks: u64) -> bool {
    let database = data.join("salastampa.db");
    let mut more = looks;
    loop {
        if child.try_wait().expect("the child can be asked").is_some() {
            return false;
        }
        if present(&database).is_some_and(|at| at >= moment) {
            if more == 0 {
                return true;
            }
            more -= 1;
        }
        std::thread::yield_now();
    }
}

/// How many different reviews and releases each address was given.
fn told(log: &Log) -> BTreeMap<(String, &'static str), usize> {
    let mut ids: BTreeMap<(String, &'static str), BTreeSet<&str>> = BTreeMap::new();
    for message in log.messages.iter().filter(|m| m.accepted) {
        let kind =
            ["review", "release"].into_iter().find(|k| message.message_id.trim_start_matches('<').starts_with(k));
        let Some(kind) = kind else { continue };
        ids.entry((message.recipient.clone(), kind)).or_default().insert(&message.message_id);
    }
    ids.into_iter().map(|(key, ids)| (key, ids.len())).collect()
}

#[test]
fn kills_at_random_moments_lose_nothing_and_skip_nobody() {
    let (kills, seed) = if is_long() { (30, 20_261_123) } else { (4, 7) };
    println!("seed {seed}, {kills} kills");
    let mut chance = Chance(seed);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let sink = runtime.block_on(Sink::start(Script::new()));
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("d");

    let mut killed = 0;
    for moment in moments(kills, &mut chance) {
        let mut child = demo(&data, sink.addr).spawn().expect("the demo starts");
        if !until(&mut child, &data, moment, chance.next() % 200) {
            break;
        }
        child.kill().expect("the child is killed");
        child.wait().expect("the child is gone");
        killed += 1;
    }
    let last = demo(&data, sink.addr).output().expect("the demo goes on");
    let table = String::from_utf8_lossy(&last.stdout).into_owned();
    assert!(last.status.success(), "{table}");
    println!("{killed} kills\n{table}");

    let quiet = tempfile::tempdir().expect("a folder");
    let calm = runtime.block_on(Sink::start(Script::new()));
    let untouched = demo(&quiet.path().join("d"), calm.addr).output().expect("an undisturbed day");
    let expected = String::from_utf8_lossy(&untouched.stdout).into_owned();
    for name in ["articles", "reviews", "release deliveries"] {
        let of = |t: &str| t.lines().find(|l| l.starts_with(name)).map(str::to_owned);
        assert_eq!(of(&table), of(&expected), "{name}");
    }

    let log = sink.log();
    assert_eq!(told(&log), told(&calm.log()), "each reader and journalist is told as often as on an undisturbed day");
    let mut copies: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for message in log.messages.iter().filter(|m| m.accepted) {
        copies.entry(message.message_id.clone()).or_default().insert(message.hash.clone());
        *counts.entry(message.message_id.clone()).or_default() += 1;
    }
    for (id, hashes) in &copies {
        assert_eq!(hashes.len(), 1, "{id} differs between its copies");
    }
    // four connections: at most one message each was in flight when the program died
    let extra: usize = counts.values().map(|n| n - 1).sum();
    println!("{extra} extra copies after {killed} kills");
    assert!(extra <= 4 * killed as usize, "{extra} extra copies after {killed} kills");
    // a journalist gets one release under one Message-ID, however often it was tried
    let mut seen = BTreeSet::new();
    for message in &log.messages {
        let subject = message.message_id.split('.').skip(1).take(2).collect::<Vec<_>>().join(".");
        seen.insert((message.recipient.clone(), message.message_id.clone(), subject));
    }
    assert_eq!(seen.len(), copies.len(), "one address for each Message-ID");
}
