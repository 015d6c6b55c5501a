//! `cargo +nightly fuzz run page -- -max_total_time=600 -rss_limit_mb=1024 -timeout=10` (feed, sitemap, section, robots,
//! encoding, dates, wire, backfile, query, inbound likewise; pages want `ulimit -s 65536`, since checks make frames larger).
//! Beginnings to start from, and what was found, lie in `crawler/tests/finds` and `index/tests/finds`, a folder a target.
//!
//! What all targets share: a panic that a reader catches by itself is no find.
//!
//! The library that drives the fuzzer ends the program in the hook of any panic, before anybody can catch it. Readers
//! wrap libraries that panic and go on without them; so the hook is taken away, and only what leaves a target counts.

use std::sync::Once;

/// Calls a target with its bytes.
pub fn run(target: fn(&[u8]), bytes: &[u8]) {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let told = std::panic::take_hook();
        drop(told);
        std::panic::set_hook(Box::new(|_| {}));
    });
    target(bytes);
}
