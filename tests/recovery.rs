//! Kill -9 at random moments: every article once, nobody skipped, extra copies only among what was in flight.

use crate::press_test::is_long;
use crate::sink::{Script, Sink};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A small generator (SplitMix64), so that a failing run can be repeated by its seed.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
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

/// Waits until the store has come so far, or the child has ended: a kill at a point of the work, not of the clock.
fn until(child: &mut Child, data: &Path, progress: u64) -> bool {
    let journal = data.join("salastampa.db-wal");
    let database = data.join("salastampa.db");
    loop {
        if child.try_wait().expect("the child can be asked").is_some() {
            return false;
        }
        let size = |p: &Path| std::fs::metadata(p).map_or(0, |m| m.len());
        if size(&journal) + size(&database) >= progress {
            return true;
        }
        std::thread::yield_now();
    }
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
    let mut floor = 0;
    while killed < kills {
        let mut child = demo(&data, sink.addr).spawn().expect("the demo starts");
        // the store grows by some megabytes in a day; each run is killed a random stretch further on
        floor += chance.next() % (6_000_000 / kills);
        if !until(&mut child, &data, floor) {
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
    let untouched = demo(&quiet.path().join("d"), runtime.block_on(Sink::start(Script::new())).addr)
        .output()
        .expect("an undisturbed day");
    let expected = String::from_utf8_lossy(&untouched.stdout).into_owned();
    for name in ["articles", "reviews", "release deliveries"] {
        let of = |t: &str| t.lines().find(|l| l.starts_with(name)).map(str::to_owned);
        assert_eq!(of(&table), of(&expected), "{name}");
    }

    let log = sink.log();
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
    assert!(extra <= 4 * killed as usize, "{extra} extra copies after {killed} kills");
    // a journalist gets one release under one Message-ID, however often it was tried
    let mut seen = BTreeSet::new();
    for message in &log.messages {
        let subject = message.message_id.split('.').skip(1).take(2).collect::<Vec<_>>().join(".");
        seen.insert((message.recipient.clone(), message.message_id.clone(), subject));
    }
    assert_eq!(seen.len(), copies.len(), "one address for each Message-ID");
}
