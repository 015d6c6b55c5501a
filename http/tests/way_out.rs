//! What the client does with servers that are slow, wrong or hostile.

mod scripted;

use flate2::Compression;
use flate2::write::GzEncoder;
use salastampa_http::{Client, Config, Hop, Refused, Request, Response};
use scripted::{Reply, Server};
use std::collections::BTreeMap;
use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const CAP: usize = 1 << 20;

fn client_of(hosts: &[(&str, SocketAddr)]) -> Client {
    let hosts = hosts.iter().map(|(name, address)| ((*name).to_owned(), *address)).collect::<BTreeMap<_, _>>();
    Client::new(Config::loopback("SalaStampa/0 (+https://comune.test/)", hosts)).expect("a client")
}

async fn get(server: &Server, path: &str) -> Result<Response, Refused> {
    let url = format!("http://www.lago.test{path}");
    client_of(&[("www.lago.test", server.address)]).get(&Request::new(&url, "*/*", CAP)).await
}

fn redirect(status: u16, to: &str) -> Reply {
    Reply::new(status, &format!("location: {to}"), "")
}

#[tokio::test]
async fn a_question_says_who_asks_and_what_is_known() {
    let server = Server::start(|_, _| Reply::new(304, "ETag: W/\"2\"\nX-A: uno\nx-a: due", "")).await;
    let request = Request {
        etag: Some("W/\"1\""),
        last_modified: Some("Mon, 23 Nov 2026 06:00:00 GMT"),
        ..Request::new("http://www.lago.test/feed?a=1#b", "application/rss+xml", CAP)
    };
    let answer = client_of(&[("www.lago.test", server.address)]).get(&request).await.expect("an answer");
    assert_eq!((answer.status, answer.header("etag"), answer.header("x-a")), (304, Some("W/\"2\""), Some("uno, due")));
    let head = server.requests().concat().to_lowercase();
    for line in [
        "get /feed?a=1 http/1.1",
        "host: www.lago.test",
        "user-agent: salastampa/0 (+https://comune.test/)",
        "accept: application/rss+xml",
        "accept-encoding: gzip, deflate",
        "if-none-match: w/\"1\"",
        "if-modified-since: mon, 23 nov 2026 06:00:00 gmt",
    ] {
        assert!(head.contains(line), "{line} is missing in {head}");
    }
    assert!(!head.contains("referer") && !head.contains("cookie") && !head.contains("authorization"));
}

#[tokio::test]
async fn redirects_are_followed_five_hops_far() {
    let server = Server::start(|path, _| match path.trim_start_matches('/').parse::<u8>() {
        Ok(0) => Reply::new(200, "", "arrivati"),
        Ok(n) => redirect(301 + u16::from(n % 2), &format!("/{}", n - 1)),
        Err(_) => Reply::new(404, "", ""),
    })
    .await;
    let answer = get(&server, "/5").await.expect("five hops");
    assert_eq!((answer.body.as_slice(), answer.url.as_str()), (&b"arrivati"[..], "http://www.lago.test/0"));
    assert_eq!(answer.redirects.len(), 5);
    assert_eq!(answer.redirects[0], Hop { status: 302, to: "http://www.lago.test/4".into() });
    assert_eq!(get(&server, "/6").await, Err(Refused::TooManyRedirects));
}

#[tokio::test]
async fn a_redirect_passes_the_same_guard_as_an_address() {
    for (to, forbidden) in [
        ("http://10.0.0.1/", true),
        ("http://169.254.169.254/latest/meta-data/", true),
        ("http://2130706434/", false),
        ("http://[fd00::1]/", true),
        ("//192.168.1.1/", true),
        ("http://dentro.test/", true),
        ("http://www.lago.test:22/", false),
        ("http://utente:parola@www.lago.test/", false),
        ("file:///etc/passwd", false),
        ("ftp://www.lago.test/", false),
    ] {
        let server = Server::start(move |_, _| redirect(302, to)).await;
        let inner = "10.1.2.3:80".parse().expect("an address");
        let client = client_of(&[("www.lago.test", server.address), ("dentro.test", inner)]);
        let refused = client.get(&Request::new("http://www.lago.test/", "*/*", CAP)).await.expect_err(to);
        match (&refused, forbidden) {
            (Refused::ForbiddenAddress { .. }, true) => {}
            // 127.0.0.2 is loopback and permitted here: nobody listens there
            (Refused::BadUrl { .. } | Refused::Connect { .. }, false) => {}
            other => panic!("{to}: {other:?}"),
        }
        assert_eq!(server.requests().len(), 1, "{to}");
    }
}

#[tokio::test]
async fn the_caller_may_refuse_a_redirect() {
    let server = Server::start(|path, _| match path {
        "/" => redirect(301, "https://altrove.test/a"),
        _ => Reply::new(200, "", ""),
    })
    .await;
    let stays = |to: &url::Url| to.host_str() == Some("www.lago.test");
    let request = Request { follow: Some(&stays), ..Request::new("http://www.lago.test/", "*/*", CAP) };
    let refused = client_of(&[("www.lago.test", server.address)]).get(&request).await;
    assert_eq!(
        refused,
        Err(Refused::ForeignRedirect { to: "https://altrove.test/a".into(), status: 301, before: Vec::new() })
    );
}

#[tokio::test]
async fn names_are_judged_by_where_they_lead() {
    let at = |address: &str| address.parse::<SocketAddr>().expect("an address");
    let client = client_of(&[
        ("privato.test", at("10.0.0.1:80")),
        ("pubblico.test", at("1.1.1.1:80")),
        ("sei.test", at("[fd00::1]:80")),
    ]);
    for (host, expected) in [
        ("privato.test", Refused::ForbiddenAddress { host: "privato.test".into() }),
        ("sei.test", Refused::ForbiddenAddress { host: "sei.test".into() }),
        // a fixed table of names is a world on loopback
        ("pubblico.test", Refused::ForbiddenAddress { host: "pubblico.test".into() }),
        ("ignoto.test", Refused::Dns { host: "ignoto.test".into() }),
    ] {
        let url = format!("http://{host}/");
        assert_eq!(client.get(&Request::new(&url, "*/*", CAP)).await, Err(expected));
    }
    let outside = Client::new(Config::new("SalaStampa/0")).expect("a client");
    for url in ["http://127.0.0.1/", "http://localhost/"] {
        let refused = outside.get(&Request::new(url, "*/*", CAP)).await;
        assert!(matches!(refused, Err(Refused::ForbiddenAddress { .. })), "{url}: {refused:?}");
    }
}

#[tokio::test]
async fn a_body_above_the_cap_is_refused_however_it_comes() {
    let too_big = Err(Refused::TooBig { what: "the body", limit: CAP });
    let declared =
        Server::start(|_, _| Reply::Bytes(b"HTTP/1.1 200 -\r\ncontent-length: 99999999999\r\n\r\n<rss>".to_vec()))
            .await;
    assert_eq!(get(&declared, "/").await, too_big);
    let endless = Server::start(|_, _| {
        Reply::Flood(b"HTTP/1.1 200 -\r\nconnection: close\r\n\r\n".to_vec(), vec![b'x'; 64 << 10], usize::MAX)
    })
    .await;
    assert_eq!(get(&endless, "/").await, too_big);
    let whole = Server::start(|_, _| Reply::new(200, "", vec![b'x'; CAP])).await;
    assert_eq!(get(&whole, "/").await.map(|a| a.body.len()), Ok(CAP));
}

#[tokio::test]
async fn a_bomb_is_refused() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&vec![0; 20 << 20]).expect("memory does not fail");
    let bomb = encoder.finish().expect("memory does not fail");
    let server = Server::start(move |_, _| Reply::new(200, "content-encoding: gzip", &bomb)).await;
    let client = client_of(&[("www.lago.test", server.address)]);
    let refused = client.get(&Request::new("http://www.lago.test/", "*/*", 50 << 20)).await;
    assert_eq!(refused, Err(Refused::Bomb));
}

#[tokio::test]
async fn headers_are_bounded() {
    let server = Server::start(|_, _| Reply::new(200, &format!("x-a: {}", "a".repeat(70 << 10)), "")).await;
    assert_eq!(get(&server, "/").await, Err(Refused::TooBig { what: "the headers", limit: 64 << 10 }));
    let endless = Server::start(|_, _| {
        Reply::Flood(b"HTTP/1.1 200 -\r\n".to_vec(), b"x-a: aaaaaaaaaaaaaaaaaaaaaaaa\r\n".to_vec(), usize::MAX)
    })
    .await;
    assert!(matches!(get(&endless, "/").await, Err(Refused::Broken { .. } | Refused::TooBig { .. })));
}

#[tokio::test]
async fn a_silent_server_is_left_after_the_time() {
    let server = Server::start(|path, _| match path {
        "/corpo" => Reply::Stall(b"HTTP/1.1 200 -\r\ncontent-length: 10\r\n\r\nabc".to_vec()),
        _ => Reply::Stall(Vec::new()),
    })
    .await;
    let hosts = BTreeMap::from([("www.lago.test".to_owned(), server.address)]);
    let config = Config { total: Duration::from_millis(50), ..Config::loopback("SalaStampa/0", hosts) };
    let client = Client::new(config).expect("a client");
    for path in ["/", "/corpo"] {
        let url = format!("http://www.lago.test{path}");
        assert_eq!(client.get(&Request::new(&url, "*/*", CAP)).await, Err(Refused::Timeout), "{path}");
    }
}

#[tokio::test]
async fn what_is_no_whole_answer_is_broken() {
    for answer in [
        &b""[..],
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 -\r\n",
        b"HTTP/1.1 200 -\r\ncontent-length: 100\r\n\r\nabc",
        b"HTTP/1.1 200 -\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 -\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc",
        b"HTTP/1.1 302 -\r\nlocation: http://[\r\ncontent-length: 0\r\n\r\n",
    ] {
        let server = Server::start(move |_, _| Reply::Bytes(answer.to_vec())).await;
        let refused = get(&server, "/").await;
        assert!(
            matches!(refused, Err(Refused::Broken { .. } | Refused::BadUrl { .. })),
            "{}: {refused:?}",
            String::from_utf8_lossy(answer)
        );
    }
}

#[tokio::test]
async fn nobody_listening_and_no_tls_are_told_apart() {
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.local_addr().expect("a bound listener has an address")
    };
    let plain = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = plain.local_addr().expect("a bound listener has an address");
    tokio::spawn(async move {
        let (mut stream, _) = plain.accept().await.expect("somebody comes");
        stream.write_all(b"HTTP/1.1 400 -\r\n\r\n").await.expect("somebody listens");
        // read to the end: closing with unread bytes would reset the connection before the answer is seen
        let _ = stream.read_to_end(&mut Vec::new()).await;
    });
    let client = client_of(&[("chiuso.test", closed), ("www.lago.test", address)]);
    let get = async |url: &str| client.get(&Request::new(url, "*/*", CAP)).await;
    assert!(matches!(get("http://chiuso.test/").await, Err(Refused::Connect { .. })));
    let refused = get("https://www.lago.test/").await;
    assert!(matches!(refused, Err(Refused::Tls { .. })), "{refused:?}");
}

#[tokio::test]
async fn packed_answers_are_unpacked_and_odd_headers_read() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all("Riapre il molo".as_bytes()).expect("memory does not fail");
    let packed = encoder.finish().expect("memory does not fail");
    let server = Server::start(move |_, _| {
        let mut bytes =
            b"HTTP/1.1 200 -\r\nx-titolo: citt\xe0\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n".to_vec();
        bytes.extend_from_slice(&packed);
        Reply::Bytes(bytes)
    })
    .await;
    let answer = get(&server, "/").await.expect("an answer");
    assert_eq!((answer.body.as_slice(), answer.header("x-titolo")), (&b"Riapre il molo"[..], Some("città")));
}
