//! One client for the whole program: its identity, its limits, and the walk along redirects.

use crate::guard::{self, Reach};
use crate::resolve::Filtered;
use crate::{Refused, Resolver, body};
use std::collections::BTreeMap;
use std::time::Duration;
use url::Url;

/// Redirects that are followed.
const HOPS: usize = 5;
/// The longest sum of header names and values, in bytes.
const LONGEST_HEADERS: usize = 64 << 10;

/// How the program goes out.
#[derive(Clone, Debug)]
pub struct Config {
    /// The one name under which it asks: `SalaStampa/<version> (+<contact address of the office>)`.
    pub user_agent: String,
    /// Who answers names.
    pub resolver: Resolver,
    /// Whether loopback may be reached: tests and the demo alone.
    pub allow_loopback: bool,
    /// Ports besides 80 and 443.
    pub ports: Vec<u16>,
    /// Hosts that are reached wherever they lie and at any port, by name or address.
    pub hosts: Vec<String>,
    /// For opening a connection.
    pub connect: Duration,
    /// For the whole answer, redirects included.
    pub total: Duration,
}

impl Config {
    /// The way into the public network: 5 s to connect, 20 s in all.
    pub fn new(user_agent: impl Into<String>) -> Self {
        Self {
            user_agent: user_agent.into(),
            resolver: Resolver::System,
            allow_loopback: false,
            ports: Vec::new(),
            hosts: Vec::new(),
            connect: Duration::from_secs(5),
            total: Duration::from_secs(20),
        }
    }

    /// The way into a world of named loopback servers and nowhere else.
    pub fn loopback(user_agent: impl Into<String>, hosts: BTreeMap<String, std::net::SocketAddr>) -> Self {
        Self { resolver: Resolver::Fixed(hosts), allow_loopback: true, ..Self::new(user_agent) }
    }
}

/// Why there is no client: mostly a machine without certificates of authorities (package `ca-certificates`).
#[derive(Debug, thiserror::Error)]
#[error("no client for the network: {0}")]
pub struct NoClient(String);

/// The one way out. Cheap to clone; connections are shared.
#[derive(Clone, Debug)]
pub struct Client {
    inner: reqwest::Client,
    reach: Reach,
    /// What it was made from: of it another is made that reaches further.
    config: Config,
    total: Duration,
}

/// A question.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Where.
    pub url: &'a str,
    /// `If-None-Match`, as the server gave it.
    pub etag: Option<&'a str>,
    /// `If-Modified-Since`, as the server gave it.
    pub last_modified: Option<&'a str>,
    /// `Accept`.
    pub accept: &'a str,
    /// Most bytes of the body after unpacking.
    pub cap: usize,
    /// Asked before each redirect; `None` follows all that pass the guard.
    pub follow: Option<&'a (dyn Fn(&Url) -> bool + Sync)>,
}

impl<'a> Request<'a> {
    /// An unconditional question.
    pub fn new(url: &'a str, accept: &'a str, cap: usize) -> Self {
        Self { url, etag: None, last_modified: None, accept, cap, follow: None }
    }
}

/// A redirect that was followed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hop {
    /// 301, 302, 303, 307 or 308.
    pub status: u16,
    /// Where it led.
    pub to: String,
}

/// An answer, whatever its status.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Headers by lower-case name; several of one name are joined by a comma and a blank.
    pub headers: BTreeMap<String, String>,
    /// Where the answer came from, after redirects.
    pub url: String,
    /// The redirects on the way.
    pub redirects: Vec<Hop>,
    /// The body, unpacked.
    pub body: Vec<u8>,
    /// The machine that answered: several names may live on one.
    pub peer: Option<std::net::IpAddr>,
}

impl Response {
    /// A header by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

impl Client {
    /// Builds the client; installs the ring provider of TLS if the program has not done so yet.
    pub fn new(config: Config) -> Result<Self, NoClient> {
        // an error says that a provider stands already, which is as good
        let _ = rustls::crypto::ring::default_provider().install_default();
        let kept = config.clone();
        let loopback_only = matches!(config.resolver, Resolver::Fixed(_));
        let (ports, hosts) = (config.ports, config.hosts);
        let reach = Reach { loopback: config.allow_loopback, loopback_only, ports, hosts };
        let mut builder = reqwest::Client::builder();
        if loopback_only {
            // a world on loopback trusts nobody, so that a machine without certificates can show the demo
            let trust = rustls::RootCertStore::empty();
            let tls = rustls::ClientConfig::builder().with_root_certificates(trust).with_no_client_auth();
            builder = builder.tls_backend_preconfigured(tls);
        }
        let inner = builder
            .user_agent(config.user_agent)
            .connect_timeout(config.connect)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .no_gzip()
            .no_brotli()
            .http2_max_header_list_size(LONGEST_HEADERS as u32)
            .dns_resolver(std::sync::Arc::new(Filtered { inner: config.resolver, reach: reach.clone() }))
            .build()
            .map_err(|e| NoClient(deepest(&e)))?;
        Ok(Self { inner, reach, config: kept, total: config.total })
    }

    /// The same way out for one channel alone, which reaches these hosts too, wherever they lie and at any port.
    pub fn reaching(&self, hosts: &[String]) -> Result<Self, NoClient> {
        match hosts.is_empty() {
            true => Ok(self.clone()),
            false => Self::new(Config { hosts: hosts.to_vec(), ..self.config.clone() }),
        }
    }

    /// Fetches one address, at most five redirects far. A status of 4xx or 5xx is an answer, not an error.
    pub async fn get(&self, request: &Request<'_>) -> Result<Response, Refused> {
        tokio::time::timeout(self.total, self.walk(request)).await.unwrap_or(Err(Refused::Timeout))
    }

    /// Posts a form to one address, as JSON is asked back; no redirect is followed, so that what is posted goes to nobody
    /// else. For the login through a directory, and for hubs.
    pub async fn post_form(&self, url: &str, fields: &[(&str, &str)], cap: usize) -> Result<Response, Refused> {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.post(url, "application/x-www-form-urlencoded", body, cap).await
    }

    /// Posts a JSON text to one address; no redirect is followed. For notifications.
    pub async fn post_json(&self, url: &str, json: &str, cap: usize) -> Result<Response, Refused> {
        self.post(url, "application/json", json.to_owned(), cap).await
    }

    async fn post(&self, url: &str, kind: &str, body: String, cap: usize) -> Result<Response, Refused> {
        let url = guard::check(url, &self.reach)?;
        let question =
            self.inner.post(url.clone()).header("accept", "application/json").header("content-type", kind).body(body);
        let answered = async {
            let answer = question.send().await.map_err(|e| Refused::of(&e))?;
            let (status, headers, peer) = (answer.status().as_u16(), headers(&answer)?, peer(&answer));
            let body = body::read(answer, cap).await?;
            Ok(Response { status, headers, url: url.into(), redirects: Vec::new(), body, peer })
        };
        tokio::time::timeout(self.total, answered).await.unwrap_or(Err(Refused::Timeout))
    }

    async fn walk(&self, request: &Request<'_>) -> Result<Response, Refused> {
        let mut url = guard::check(request.url, &self.reach)?;
        let mut redirects = Vec::new();
        loop {
            let answer = self.ask(&url, request).await?;
            let status = answer.status().as_u16();
            let headers = headers(&answer)?;
            let target = match (status, headers.get("location")) {
                (301 | 302 | 303 | 307 | 308, Some(location)) => Some(target(&url, location)?),
                _ => None,
            };
            let Some(next) = target else {
                let peer = peer(&answer);
                let body = body::read(answer, request.cap).await?;
                return Ok(Response { status, headers, url: url.into(), redirects, body, peer });
            };
            if redirects.len() == HOPS {
                return Err(Refused::TooManyRedirects);
            }
            guard::check_parsed(&next, &self.reach)?;
            if request.follow.is_some_and(|follow| !follow(&next)) {
                let before = redirects.iter().map(|hop: &Hop| hop.status).collect();
                return Err(Refused::ForeignRedirect { to: next.into(), status, before });
            }
            redirects.push(Hop { status, to: next.to_string() });
            url = next;
        }
    }

    async fn ask(&self, url: &Url, request: &Request<'_>) -> Result<reqwest::Response, Refused> {
        let mut question =
            self.inner.get(url.clone()).header("accept", request.accept).header("accept-encoding", "gzip, deflate");
        if let Some(etag) = request.etag {
            question = question.header("if-none-match", etag);
        }
        if let Some(date) = request.last_modified {
            question = question.header("if-modified-since", date);
        }
        question.send().await.map_err(|e| Refused::of(&e))
    }
}

/// What the innermost cause says; the outer ones only say that something failed.
fn deepest(error: &dyn std::error::Error) -> String {
    std::iter::successors(Some(error), |e| e.source()).last().map(ToString::to_string).unwrap_or_default()
}

/// The headers as text, bounded. Bytes that are no text are read as Latin-1, as RFC 9110 §5.5 remembers them.
fn headers(answer: &reqwest::Response) -> Result<BTreeMap<String, String>, Refused> {
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    let mut length = 0;
    for (name, value) in answer.headers() {
        length += name.as_str().len() + value.len();
        if length > LONGEST_HEADERS {
            return Err(Refused::TooBig { what: "the headers", limit: LONGEST_HEADERS });
        }
        let value = match std::str::from_utf8(value.as_bytes()) {
            Ok(text) => text.to_owned(),
            Err(_) => value.as_bytes().iter().map(|b| char::from(*b)).collect(),
        };
        all.entry(name.as_str().to_owned())
            .and_modify(|before| {
                before.push_str(", ");
                before.push_str(&value);
            })
            .or_insert(value);
    }
    Ok(all)
}

fn peer(answer: &reqwest::Response) -> Option<std::net::IpAddr> {
    answer.remote_addr().map(|address| address.ip())
}

/// Where a redirect leads; the fragment is for browsers.
fn target(from: &Url, location: &str) -> Result<Url, Refused> {
    let mut to =
        from.join(location.trim()).map_err(|e| Refused::BadUrl { why: format!("redirected to nowhere: {e}") })?;
    to.set_fragment(None);
    Ok(to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::SocketAddr;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    static SERVER: OnceLock<SocketAddr> = OnceLock::new();
    static ASKED: AtomicUsize = AtomicUsize::new(0);

    /// First an address that may be reached, then an inner one beside nothing else, then both.
    fn rebinding(_: &str) -> Vec<SocketAddr> {
        let good = *SERVER.get().expect("the test sets it first");
        let inner = SocketAddr::from(([10, 0, 0, 1], good.port()));
        match ASKED.fetch_add(1, Ordering::SeqCst) {
            0 => vec![good],
            1 => vec![inner],
            _ => vec![inner, good],
        }
    }

    #[tokio::test]
    async fn a_name_that_changes_its_address_is_judged_at_each_connection() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        SERVER.set(listener.local_addr().expect("a bound listener has an address")).expect("nobody else sets it");
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 4_096]).await;
                let _ = stream.write_all(b"HTTP/1.1 200 -\r\nconnection: close\r\n\r\npubblico").await;
            }
        });
        let resolver = Resolver::Changing(rebinding);
        let client = Client::new(Config { resolver, allow_loopback: true, ..Config::new("SalaStampa/0") });
        let client = client.expect("a client");
        let get = async || client.get(&Request::new("http://cambia.test/", "*/*", 1 << 20)).await;
        assert_eq!(get().await.map(|a| a.status), Ok(200));
        assert_eq!(get().await, Err(Refused::ForbiddenAddress { host: "cambia.test".into() }));
        // of a mixed answer only what may be reached is left
        assert_eq!(get().await.map(|a| a.status), Ok(200));
        assert_eq!(ASKED.load(Ordering::SeqCst), 3);
    }

    static OWN: OnceLock<SocketAddr> = OnceLock::new();

    #[tokio::test]
    async fn a_channel_reaches_the_host_that_was_named_for_it_and_the_others_stay_shut() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        OWN.set(listener.local_addr().expect("a bound listener has an address")).expect("nobody else sets it");
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 4_096]).await;
                let _ = stream.write_all(b"HTTP/1.1 200 -\r\nconnection: close\r\n\r\n{}").await;
            }
        });
        let resolver = Resolver::Changing(|_| vec![*OWN.get().expect("the test sets it first")]);
        let visits = Client::new(Config { resolver, ..Config::new("SalaStampa/0") }).expect("a client");
        let pushes = visits.reaching(&["ntfy.comune.test".to_owned()]).expect("a client");
        let post = async |client: &Client, host: &str| {
            client.post_json(&format!("http://{host}/"), "{}", 1 << 10).await.map(|answer| answer.status)
        };
        let shut = |host: &str| Err(Refused::ForbiddenAddress { host: host.to_owned() });
        assert_eq!(post(&visits, "ntfy.comune.test").await, shut("ntfy.comune.test"));
        assert_eq!(post(&pushes, "ntfy.comune.test").await, Ok(200));
        assert_eq!(post(&pushes, "altro.comune.test").await, shut("altro.comune.test"));
    }
}
