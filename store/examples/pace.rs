//! How fast the store is on this disk or server: `pace URL [ARTICLES]`, in a database that it may fill.
//!
//! One line a kind of work: how many a second when each is committed by itself (what a power cut spares), and how long
//! the questions take that jobs ask once a second, on a store of that size.

#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a program that measures time and prints it")]

use salastampa_domain::*;
use salastampa_store::{Claim, Error, Store};
use std::time::Instant;

const NOW: Timestamp = Timestamp(1_800_000_000_000);

#[tokio::main]
async fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1);
    let Some(url) = arguments.next() else {
        println!("usage: pace URL [ARTICLES]");
        return Ok(());
    };
    let size: i64 = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(20_000);
    let files = std::env::temp_dir().join(format!("salastampa-pace-{}", std::process::id()));
    let store = Store::open(&url, &files, NOW).await?;
    let (outlet, source) = declare(&store).await?;

    let begun = Instant::now();
    for first in (0..size).step_by(100) {
        let mut write = store.write().await?;
        for n in first..(first + 100).min(size) {
            write.keep_article(&article(outlet, source, n), Some(&format!("t{n}")), n / 1_000, NOW).await?;
        }
        write.commit().await?;
    }
    say("articles kept, 100 a commit", size, begun);

    let begun = Instant::now();
    for n in size..size + 500 {
        let mut write = store.write().await?;
        write.keep_article(&article(outlet, source, n), None, 0, NOW).await?;
        write.commit().await?;
    }
    say("articles kept, one a commit", 500, begun);

    let mut rows = store.read().await?;
    let begun = Instant::now();
    for window in 0..100 {
        let items: Vec<ItemKey> = (window..window + 50).map(key).collect();
        rows.known_items(source, outlet, &items).await?;
    }
    say("windows of 50 items looked up", 100, begun);

    let begun = Instant::now();
    let mut cursor = Seq(0);
    while let Some(last) = rows.list_changes(cursor, 500).await?.last() {
        cursor = last.seq;
    }
    say("changes followed", size + 500, begun);

    let begun = Instant::now();
    let mut write = store.write().await?;
    let all: Vec<NewDelivery> = (0..2_000).map(delivery).collect();
    write.record_deliveries(&all, NOW, |id, _| format!("{id}@bellariva.test")).await?;
    write.commit().await?;
    say("deliveries queued in one act", 2_000, begun);

    let begun = Instant::now();
    let mut sent = 0;
    loop {
        let mut write = store.write().await?;
        let claimed = write.claim_deliveries(&Claim::of("w", NOW, NOW.plus(120_000), 16)).await?;
        write.commit().await?;
        if claimed.is_empty() {
            break;
        }
        for one in claimed {
            let mut write = store.write().await?;
            write.start_data(one.id, "w", one.attempt).await?;
            write.commit().await?;
            let mut write = store.write().await?;
            write.finish_delivery(one.id, "w", one.attempt, &DeliveryState::Accepted, Some("250"), NOW).await?;
            write.commit().await?;
            sent += 1;
        }
    }
    say("deliveries sent, two commits each", sent, begun);

    let begun = Instant::now();
    for _ in 0..100 {
        rows.next_delivery_due(NOW).await?;
        rows.next_crawl_due().await?;
        rows.list_clippings_to_alert(10, NOW).await?;
        rows.last_seq().await?;
    }
    say("rounds of the questions of a second", 100, begun);
    drop(rows);
    store.close().await;
    // the store is the caller's, the empty folder is ours
    let _ = std::fs::remove_dir_all(files);
    Ok(())
}

fn say(what: &str, count: i64, begun: Instant) {
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{what}: {count} in {seconds:.2} s, {:.0} a second",
        f64::from(i32::try_from(count).unwrap_or(0)) / seconds
    );
}

async fn declare(store: &Store) -> Result<(OutletId, SourceId), Error> {
    let mut write = store.write().await?;
    let outlet = Outlet {
        id: OutletId(0),
        slug: "il-lago".into(),
        name: "Il Lago".into(),
        kind: OutletKind::Local,
        area: "Bellariva".into(),
        tier: 1,
        rights: RightsClass::ExtractOnly,
        contract: None,
        home: None,
    };
    let outlet = write.record_outlet(&outlet).await?;
    let mut first = SourceId(0);
    for n in (0..150).rev() {
        let source = Source {
            id: SourceId(0),
            slug: format!("il-lago-{n}"),
            outlet,
            kind: SourceKind::Feed,
            url: format!("https://h{n}.test/feed"),
            host: format!("h{n}.test"),
            cadence: Cadence::C,
            rubric: None,
            rights: None,
            legal: LegalStatus::Verified,
            extract: false,
            origin: Origin::File,
            paused: false,
            retired_at: None,
            next_at: NOW,
            health: Health::New,
            validators: Validators::default(),
            learned: salastampa_domain::Learned::default(),
            reading: salastampa_domain::SourceReading::default(),
        };
        first = write.record_source(&source).await?;
    }
    write.commit().await?;
    Ok((outlet, first))
}

fn key(n: i64) -> ItemKey {
    ItemKey {
        guid: Some(format!("g{n}")),
        key: format!("https://h0.test/{n}"),
        title_key: Some(format!("t{n}")),
        day: 0,
    }
}

fn article(outlet: OutletId, source: SourceId, n: i64) -> NewArticle {
    NewArticle {
        outlet,
        via: Via::Source { source },
        url: format!("https://h0.test/{n}"),
        key: format!("https://h0.test/{n}"),
        guid: Some(format!("g{n}")),
        title: format!("Riapre il lungolago, tratto {n}"),
        lead: ForeignText::new("Da domani si passeggia."),
        body: ForeignText::new("Il lungolago riapre e la città ci torna volentieri. ".repeat(50)),
        authors: Vec::new(),
        rubric: None,
        published_at: None,
        language: Some("it".into()),
        signals: Signals::default(),
        first_seen: NOW,
        backlog: false,
    }
}

fn delivery(n: i64) -> NewDelivery {
    NewDelivery {
        subject: Subject { kind: DeliveryKind::Release, thing: 1, version: 1, round: 0 },
        address: Address::parse(&format!("r{n}@redazioni.test")).expect("an address"),
        contact: None,
        reader: None,
        letter: "ab".repeat(32),
        due_at: NOW,
        expires_at: None,
        in_reply_to: None,
        suppressed: None,
    }
}
