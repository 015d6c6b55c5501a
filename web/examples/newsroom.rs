//! How many readers a release page bears, beside a reply of the same bytes that nobody thinks about.
//!
//! ```text
//! cargo run --release -p salastampa-web --example newsroom [ROUNDS]
//! ```
//! Both are served by the same library over the loopback in turns, to the same client, connections kept open; each page
//! asks the store whether it may be read. Printed are answers a second and the ratio, round by round and in the middle.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a program that measures time and prints it"
)]

use axum::Router;
use axum::routing::get;
use salastampa_acts::House;
use salastampa_domain::{
    Address, Approved, Clock, Preferences, Release, ReleaseId, ReleaseKind, ReleaseState, Role, Timestamp, User,
    UserId, Version, VersionId,
};
use salastampa_locale::Lang;
use salastampa_releases::{draft, freeze};
use salastampa_store::Store;
use salastampa_web::{Footer, Site, router};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const PATH: &str = "/novita/comunicati/2026/12-lungolago";
const NOW: Timestamp = Timestamp(1_795_600_000_000);
const CONNECTIONS: usize = 8;
/// Requests of a round, over all connections.
const REQUESTS: usize = 8_000;

#[tokio::main]
async fn main() {
    let rounds = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(7);
    let folder = tempfile::tempdir().expect("a folder");
    let site = office(folder.path()).await;
    let ours = serve(router(site)).await;
    let page = ask(&mut TcpStream::connect(ours).await.expect("a server"), PATH).await;
    assert!(page.starts_with("HTTP/1.1 200"), "{page:.300}");
    let (head, body) = page.split_once("\r\n\r\n").expect("a head");
    println!("{PATH}: {} bytes of headers, {} bytes of page", head.len(), body.len());
    let body: axum::body::Bytes = body.to_owned().into();
    let plain =
        Router::new().route(PATH, get(move || async move { ([("content-type", "text/html; charset=utf-8")], body) }));
    let plain = serve(plain).await;
    let mut ratios = Vec::new();
    for round in 0..rounds {
        // who goes first changes, so that nobody always finds the machine warm
        let (own, bare) = if round % 2 == 0 {
            let own = rate(ours).await;
            (own, rate(plain).await)
        } else {
            let bare = rate(plain).await;
            (rate(ours).await, bare)
        };
        println!("round {}: page {own:.0}/s, plain reply {bare:.0}/s, ratio {:.2}", round + 1, own / bare);
        ratios.push(own / bare);
    }
    ratios.sort_by(f64::total_cmp);
    println!("ratio in the middle of {rounds} rounds: {:.2}", ratios[ratios.len() / 2]);
}

async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(salastampa_web::serve(listener, router, std::future::pending()));
    address
}

/// Answers a second.
async fn rate(address: SocketAddr) -> f64 {
    let begun = Instant::now();
    let clients = (0..CONNECTIONS).map(|_| {
        tokio::spawn(async move {
            let mut stream = TcpStream::connect(address).await.expect("a server");
            stream.set_nodelay(true).expect("a socket");
            for _ in 0..REQUESTS / CONNECTIONS {
                let answer = ask(&mut stream, PATH).await;
                assert!(answer.starts_with("HTTP/1.1 200"), "{answer:.200}");
            }
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.expect("a client");
    }
    REQUESTS as f64 / begun.elapsed().as_secs_f64()
}

async fn ask(stream: &mut TcpStream, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nhost: stampa.bellariva.test\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut bytes = Vec::with_capacity(32 << 10);
    loop {
        let read = stream.read_buf(&mut bytes).await.expect("an answer");
        assert!(read > 0, "the server closed");
        let Some(head) = bytes.windows(4).position(|part| part == b"\r\n\r\n") else { continue };
        let text = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
        let length =
            text.lines().find_map(|line| line.strip_prefix("content-length: ")).and_then(|n| n.parse::<usize>().ok());
        if bytes.len() >= head + 4 + length.expect("a length") {
            return String::from_utf8_lossy(&bytes).into_owned();
        }
    }
}

async fn office(folder: &std::path::Path) -> Site {
    let url = format!("sqlite:{}/sala.db", folder.display());
    let store = Store::open(&url, &folder.join("files"), NOW).await.expect("a store");
    let house = House {
        office: "Comune di Bellariva sul Lago".into(),
        town: "Bellariva sul Lago".into(),
        contacts: "Ufficio stampa\ntel. 0000 000000".into(),
        sender: Address::parse("stampa@bellariva.test").expect("an address"),
        sender_name: "Ufficio stampa".into(),
        base_url: "https://stampa.bellariva.test".into(),
        lang: Lang::It,
        key: b"a key".to_vec(),
        one_person: false,
        wide_watch: 50,
        patron: None,
        alerts: Default::default(),
        elections: Vec::new(),
        privacy: Default::default(),
        returns: None,
    };
    let user = User {
        id: UserId(0),
        login: "lia".into(),
        name: "Lia Neri".into(),
        address: None,
        role: Role::Editor,
        second_signature: false,
        password: None,
        disabled_at: None,
        second_factor: None,
        preferences: Preferences::default(),
    };
    let paragraph =
        "Il lungolago riapre **mercoledì** alle 11: la passeggiata arriva fino alla darsena, con due ponti nuovi.\n\n";
    let text = format!(
        "+++\ntitolo = \"Riapre il lungolago\"\nsommario = \"Dopo otto mesi.\"\nliste = [\"cronaca\"]\nargomenti = [\"viabilità\"]\n+++\n{}",
        paragraph.repeat(40)
    );
    let letterhead = salastampa_releases::House {
        office: house.office.clone(),
        town: house.town.clone(),
        contacts: house.contacts.clone(),
        base_url: house.base_url.clone(),
        lang: Lang::It,
    };
    let frozen = freeze(&draft::parse(&text).expect("a draft"), &letterhead, (2026, 12), None, NOW).expect("a text");
    let mut write = store.write().await.expect("a transaction");
    let author = write.record_user(&user).await.expect("a user");
    let release = Release {
        id: ReleaseId(0),
        slug: "lungolago".into(),
        register: Some((2026, 12)),
        kind: ReleaseKind::Comunicato,
        title: frozen.title.clone(),
        draft: text.clone(),
        author,
        state: ReleaseState::Draft,
        current: None,
        embargo_until: None,
        public_at: Some(NOW),
        withdrawn: None,
        out: None,
    };
    let id = write.record_release(&release).await.expect("a release");
    let version = Version {
        id: VersionId(0),
        release: id,
        number: 1,
        author,
        at: NOW,
        markdown: text,
        title: frozen.title,
        subject: frozen.subject,
        html: frozen.html,
        text: frozen.text,
        page: frozen.page,
        summary: frozen.summary,
        lists: Vec::new(),
        corrects: None,
        files: frozen.files,
        sha256: frozen.sha256,
    };
    let version = write.record_version(&version).await.expect("a version");
    write.record_standing(id, version, NOW).await.expect("a row");
    let approved = Approved {
        version,
        sha256: String::new(),
        by: author,
        at: NOW,
        alone: false,
        second: None,
        held: None,
        quotes: Vec::new(),
    };
    let sent = Release { id, current: Some(version), state: ReleaseState::Sent { approved, at: NOW }, ..release };
    write.replace_release(&sent).await.expect("a release");
    write.commit().await.expect("a commit");
    Site::new(store, Clock::new(|| Timestamp(NOW.0 + 60_000)), Arc::new(house), Footer::default())
}
