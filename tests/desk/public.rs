//! Every kind of public page in a browser, at both widths: no barrier, nothing loaded from elsewhere, and all of it there
//! without scripts.

use super::browser::Browser;
use super::demo;
use std::path::Path;

const PAGES: [&str; 14] = [
    "/novita",
    "/novita/notizie",
    "/novita/comunicati",
    "/novita/argomenti",
    "/novita/argomenti/scuola",
    "/novita/anno/2026",
    "/novita/cerca?q=lungolago",
    "/novita/cerca?q=nessuna+parola",
    "/novita/comunicati/2026/3-mercatini",
    "/novita/comunicati/2026/3-mercatini/v1",
    "/novita/comunicati/2026/3-mercatini/versioni",
    "/novita/comunicati/2026/3-mercatini/ricevuta",
    "/verifica",
    "/mai",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_public_page_has_a_barrier_at_either_width() {
    let Some(browser) = Browser::open(true).await else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (_demo, base) = demo(folder.path());
    let mut barriers = Vec::new();
    for page in PAGES {
        barriers.extend(browser.look(&format!("{base}{page}")).await);
    }
    browser.go(&format!("{base}/verifica")).await;
    browser.write("#testo", "0000000000000000000000000000000000000000000000000000000000000000").await;
    browser.press("main button").await;
    assert!(browser.text().await.contains("Non risulta"), "{}", browser.text().await);
    barriers.extend(browser.barriers_at_both(true).await);
    // what a journalist decides, behind the link of a mail
    let own = own_page(&folder.path().join("d/mail"), &base);
    barriers.extend(browser.look(&own.replace("/preferenze/", "/disiscrizione/")).await);
    barriers.extend(browser.look(&own).await);
    browser.go(&own).await;
    browser.press("button[value=dati]").await;
    assert!(browser.has("[role=status]").await, "{}", browser.text().await);
    barriers.extend(browser.barriers_at_both(true).await);
    browser.close().await;
    assert!(barriers.is_empty(), "{}", barriers.join("\n"));
}

/// The page of somebody who got a release.
fn own_page(mail: &Path, base: &str) -> String {
    let letters = std::fs::read_dir(mail).expect("letters").flatten();
    let mut texts = letters.filter_map(|letter| std::fs::read_to_string(letter.path()).ok());
    let token = texts.find_map(|text| {
        // long lines are folded
        let text = text.replace("=\r\n", "").replace("\r\n ", "");
        let (_, rest) = text.split_once("/disiscrizione/u-")?;
        Some(rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect::<String>())
    });
    format!("{base}/preferenze/u-{}", token.expect("a letter that can be left"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_newsroom_is_whole_without_scripts() {
    let Some(browser) = Browser::open(false).await else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (_demo, base) = demo(folder.path());
    browser.go(&format!("{base}/novita")).await;
    browser.write("#cerca", "mercatini").await;
    browser.press(".search button").await;
    assert!(browser.text().await.contains("1 novità trovata"), "{}", browser.text().await);
    browser.press(".cards h3 a").await;
    assert!(browser.has(".ways summary").await && browser.has(".ways a[href$='.txt']").await);
    browser.press(".corrected a").await;
    assert!(browser.has(".diff ins").await && browser.has(".diff del").await, "{}", browser.text().await);
    browser.close().await;
}
