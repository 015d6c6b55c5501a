//! The desk in a browser: the journeys of an office, and no barrier on any page.

mod browser;

use browser::{Browser, Running, told};
use std::path::Path;
use std::process::{Command, Stdio};

/// What everybody at the demo's desk types.
const PASSWORD: &str = "bellariva";

/// The demo up to an instant of its second morning; gives its address.
fn demo(folder: &Path, until: &str) -> (Running, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_salastampa"));
    command.current_dir(folder).env("RUST_LOG", "warn").args(["demo", "--port", "0", "--until", until, "--data"]);
    command.arg(folder.join("d")).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("the demo starts");
    let lines = told(&mut child, "is the desk; the password");
    let last = lines.last().expect("the line that was waited for");
    let base = last.split_whitespace().next().and_then(|address| address.strip_suffix("/desk")).expect("an address");
    (Running(child), base.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_of_the_desk_has_a_barrier_at_either_width() {
    let Some(browser) = Browser::open(true).await else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (_demo, base) = demo(folder.path(), "2026-11-24 06:46");
    browser.go(&format!("{base}/desk/entra")).await;
    let mut barriers = browser.barriers().await;
    browser.enter(&base, "teresa", PASSWORD).await;
    let pages = browser.each_kind(&base).await;
    for address in &pages {
        for width in [1280, 390] {
            browser.width(width).await;
            browser.go(address).await;
            barriers.extend(browser.barriers().await.into_iter().map(|what| format!("{address} at {width}: {what}")));
        }
    }
    println!("{} pages:\n{}", pages.len(), pages.join("\n"));
    browser.close().await;
    assert!(barriers.is_empty(), "{}", barriers.join("\n"));
}
