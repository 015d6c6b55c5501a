//! The desk in a browser: the journeys of an office, and no barrier on any page.

mod browser;

use browser::{Browser, Running, told};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

/// What everybody at the demo's desk types.
const PASSWORD: &str = "bellariva";

/// The second morning of the demo, a quarter of an hour before its reviews leave: lived through once for all tests.
const MORNING: &str = "2026-11-24 06:46";

/// A demo that stands at that morning, on a copy of its data; gives its address.
fn demo(folder: &Path) -> (Running, String) {
    static LIVED: OnceLock<TempDir> = OnceLock::new();
    let lived = LIVED.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = Command::new(env!("CARGO_BIN_EXE_salastampa"));
        command
            .current_dir(folder.path())
            .env("RUST_LOG", "warn")
            .args(["demo", "--once", "--until", MORNING, "--data"]);
        let output = command.arg(folder.path().join("d")).output().expect("the demo starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        folder
    });
    copy(&lived.path().join("d"), &folder.join("d"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_salastampa"));
    command.current_dir(folder).env("RUST_LOG", "warn").args(["demo", "--port", "0", "--until", MORNING, "--data"]);
    command.arg(folder.join("d")).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("the demo starts");
    let lines = told(&mut child, "is the desk; the password");
    let last = lines.last().expect("the line that was waited for");
    let base = last.split_whitespace().next().and_then(|address| address.strip_suffix("/desk")).expect("an address");
    (Running(child), base.to_owned())
}

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_of_the_desk_has_a_barrier_at_either_width() {
    let Some(browser) = Browser::open(true).await else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (_demo, base) = demo(folder.path());
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
        // a window of 1280 pixels at 400 %
        browser.width(320).await;
        if browser.scrolls_sideways().await {
            barriers.push(format!("{address} at 400 %: the page scrolls sideways"));
        }
    }
    println!("{} pages:\n{}", pages.len(), pages.join("\n"));
    browser.close().await;
    assert!(barriers.is_empty(), "{}", barriers.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_becomes_a_watch() {
    for scripts in [true, false] {
        let Some(browser) = Browser::open(scripts).await else { return };
        let folder = tempfile::tempdir().expect("a folder");
        let (_demo, base) = demo(folder.path());
        browser.enter(&base, "elena", PASSWORD).await;
        browser.write("#cerca-ovunque", "lungolago AND").await;
        browser.press(".desk-find button").await;
        assert!(browser.text().await.contains("AND"), "the slip is shown");
        browser.write("main input[name=q]", "lungolago cantiere").await;
        browser.press("main form[method=get] button[type=submit]").await;
        assert!(browser.text().await.contains("articoli"), "{}", browser.text().await);
        browser.press_words("Salva come tema").await;
        browser.write("#campo-nome", "Cantiere del lungolago").await;
        browser.press_words("Prova senza salvare").await;
        assert!(browser.has("#prova").await, "what it would clip is shown first: {}", browser.text().await);
        browser.press_words("Salva").await;
        let saved = browser.text().await;
        assert!(saved.contains("Tema creato"), "{saved}");
        assert!(browser.at().await.contains("/desk/temi/cantiere-del-lungolago"), "{}", browser.at().await);
        browser.close().await;
    }
}
