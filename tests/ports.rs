//! Ports for servers that can only be told which one to take: below those that the system hands out by itself, so that no
//! connection of another test comes in between, and each number once.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// Below the 32768 where Linux begins to hand out ports (`ip_local_port_range`).
const FIRST: u32 = 12_000;
const COUNT: u32 = 20_000;

static TAKEN: AtomicU32 = AtomicU32::new(0);

/// A port of loopback that nobody listens on and that is given to nobody else here.
pub fn free() -> u16 {
    // each program of tests begins elsewhere: what it started may outlive it for a moment
    let begin = std::process::id().wrapping_mul(61);
    (0..COUNT)
        .map(|_| FIRST + begin.wrapping_add(TAKEN.fetch_add(1, Relaxed)) % COUNT)
        .filter_map(|port| u16::try_from(port).ok())
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("one of 20,000 ports is free")
}
