//! The outlets: feeds that grow as the office's clock goes on, and a log of what was asked.

use crate::Failed;
use sqlx::{Connection, Row};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// Items that a feed shows.
pub(crate) const WINDOW: usize = 25;

/// A feed: when its items are published, in milliseconds, oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Feed {
    /// The hours of its items.
    pub(crate) items: Vec<i64>,
    /// What it answers in place of itself between two instants: status and `Retry-After` in seconds.
    pub(crate) closed: Option<(i64, i64, u16, Option<i64>)>,
}

/// A question, as the server saw it.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// The host.
    pub(crate) host: String,
    /// The path.
    pub(crate) path: String,
    /// The office's present.
    pub(crate) at: i64,
    /// Whether it sent back what it knew.
    pub(crate) conditional: bool,
    /// What was answered.
    pub(crate) status: u16,
    /// How long it was asked to wait, in milliseconds: by `Retry-After`, or after a 429 without a word.
    pub(crate) wait: i64,
}

struct State {
    feeds: BTreeMap<(String, String), Feed>,
    asked: Vec<Asked>,
    office: PathBuf,
    rows: Option<sqlx::AnyConnection>,
    runtime: tokio::runtime::Runtime,
    fixed: Option<i64>,
}

/// The farm.
#[derive(Clone)]
pub(crate) struct Mock {
    /// Where it is served.
    pub(crate) address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl Mock {
    /// Serves those feeds, by host and path. The present is read from the database of the office, or is `fixed`.
    pub(crate) fn start(
        feeds: BTreeMap<(String, String), Feed>,
        office: PathBuf,
        fixed: Option<i64>,
    ) -> Result<Self, Failed> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let state = State { feeds, asked: Vec::new(), office, rows: None, runtime, fixed };
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                // a client that hangs up ends its thread
                std::thread::spawn(move || drop(converse(&stream, &state)));
            }
        });
        Ok(Self { address, state })
    }

    /// The names that it answers to.
    pub(crate) fn hosts(&self) -> Vec<String> {
        let state = self.state.lock().expect("no thread panics here");
        let mut hosts: Vec<String> = state.feeds.keys().map(|(host, _)| host.clone()).collect();
        hosts.dedup();
        hosts
    }

    /// What was asked.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.state.lock().expect("no thread panics here").asked.clone()
    }
}

fn converse(stream: &TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    loop {
        let (mut host, mut known, mut first) = (String::new(), None, String::new());
        if reader.read_line(&mut first)? == 0 {
            return Ok(());
        }
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let Some((name, value)) = line.split_once(':') else { break };
            match name.to_ascii_lowercase().as_str() {
                "host" => host = value.trim().to_owned(),
                "if-none-match" => known = Some(value.trim().to_owned()),
                _ => {}
            }
        }
        let path = first.split(' ').nth(1).unwrap_or("/").to_owned();
        let (status, headers, body) = state.lock().expect("no thread panics here").answer(host, path, known.as_deref());
        let head = format!("HTTP/1.1 {status} X\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
        (&mut &*stream).write_all(&[head.as_bytes(), body.as_bytes()].concat())?;
    }
}

impl State {
    fn answer(&mut self, host: String, path: String, known: Option<&str>) -> (u16, String, String) {
        let now = self.present();
        let is_page = path.strip_prefix("/feed").is_some_and(|rest| rest.contains('/'));
        let (status, headers, body) = match self.feeds.get(&(host.clone(), path.clone())) {
            Some(feed) => feed.answer(&host, &path, now, known),
            None if path.starts_with("/indice") => {
                (200, "Content-Type: application/xml\r\n".to_owned(), map_of_maps(&path.replacen("indice", "mappa", 1)))
            }
            None if path.starts_with("/mappa") => {
                (200, "Content-Type: application/xml\r\n".to_owned(), map(&path, now))
            }
            None if is_page => (200, "Content-Type: text/html\r\n".to_owned(), page(&path)),
            None => (404, String::new(), String::new()),
        };
        let asked = headers.split_once("Retry-After: ").and_then(|(_, rest)| rest.trim().parse::<i64>().ok());
        let wait = asked.map_or(if status == 429 { 30_000 } else { 0 }, |seconds| seconds * 1_000);
        self.asked.push(Asked { host, path, at: now, conditional: known.is_some(), status, wait });
        (status, headers, body)
    }

    fn present(&mut self) -> i64 {
        if let Some(fixed) = self.fixed {
            return fixed;
        }
        let Self { rows, runtime, office, .. } = self;
        let read = runtime.block_on(async {
            if rows.is_none() {
                sqlx::any::install_default_drivers();
                *rows = Some(sqlx::AnyConnection::connect(&format!("sqlite:{}", office.display())).await?);
            }
            let connection = rows.as_mut().ok_or(sqlx::Error::PoolClosed)?;
            let row = sqlx::query("select value from meta where name = 'present'").fetch_optional(connection).await?;
            row.map(|row| row.try_get::<String, _>(0)).transpose()
        });
        // before the first step there is no such row
        read.ok().flatten().and_then(|text| text.parse().ok()).unwrap_or(0)
    }
}

/// A map that lists three others.
fn map_of_maps(path: &str) -> String {
    let maps: String = (0..3).map(|n| format!("<sitemap><loc>{path}/{n}.xml</loc></sitemap>")).collect();
    format!("<sitemapindex>{maps}</sitemapindex>")
}

/// A map of one page, which changes with the hour.
fn map(path: &str, now: i64) -> String {
    let day = jiff::Timestamp::from_millisecond(now).map(|t| t.to_string()).unwrap_or_default();
    format!("<urlset><url><loc>/feed{path}/{}</loc><lastmod>{day}</lastmod></url></urlset>", now / 3_600_000)
}

/// An article page.
fn page(path: &str) -> String {
    let paragraph = "<p>Il consiglio comunale ha discusso fino a tardi della nuova pista lungo il fiume, e alla fine ha \
                     deciso di sentire ancora una volta chi ci abita prima di dare il via ai lavori.</p>";
    format!(
        "<!doctype html><html lang=\"it\"><head><title>{path}</title></head><body><main><article><h1>Pagina {path}</h1>{}\
         </article></main></body></html>",
        paragraph.repeat(6)
    )
}

impl Feed {
    fn answer(&self, host: &str, path: &str, now: i64, known: Option<&str>) -> (u16, String, String) {
        if let Some((from, to, status, wait)) = self.closed
            && (from..to).contains(&now)
        {
            let wait = wait.map_or_else(String::new, |seconds| format!("Retry-After: {seconds}\r\n"));
            return (status, wait, String::new());
        }
        let told = self.items.partition_point(|at| *at <= now);
        let etag = format!("\"{told}\"");
        let headers = format!("ETag: {etag}\r\nContent-Type: application/rss+xml\r\n");
        if known == Some(etag.as_str()) {
            return (304, headers, String::new());
        }
        let first = told.saturating_sub(WINDOW);
        let items: String = self.items[first..told]
            .iter()
            .enumerate()
            .map(|(n, at)| {
                let n = first + n;
                let when = jiff::Timestamp::from_millisecond(*at).map(|t| t.to_string()).unwrap_or_default();
                format!(
                    "<item><title>Notizia numero {n} di oggi da {host}{path}</title><link>http://{host}{path}/{n}</link>\
                     <guid>http://{host}{path}/{n}</guid><description>Il testo della notizia {n}.</description>\
                     <pubDate>{when}</pubDate></item>"
                )
            })
            .rev()
            .collect();
        let body = format!(
            "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>{host}</title>{items}</channel></rss>"
        );
        (200, headers, body)
    }
}

/// A number from 0 to 1, made from a seed (SplitMix64).
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// The next one.
    pub(crate) fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        (z >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// The hours of the items of a source that publishes about `daily` a day from `begin` on: little at night, most around
/// noon and in the afternoon, and in bursts: each event brings one item, or a few within minutes.
pub(crate) fn published(begin: i64, days: i64, daily: f64, chance: &mut Chance) -> Vec<i64> {
    const RHYTHM: [f64; 24] = [
        0.2, 0.1, 0.1, 0.1, 0.2, 0.5, 1.0, 1.4, 1.6, 1.7, 1.8, 1.9, 1.7, 1.5, 1.5, 1.6, 1.7, 1.7, 1.5, 1.2, 0.9, 0.7,
        0.5, 0.3,
    ];
    let mean: f64 = RHYTHM.iter().sum::<f64>() / 24.0;
    let mut items = Vec::new();
    for minute in 0..days * 24 * 60 {
        let at = begin + minute * 60_000;
        // the farm lies in winter: an hour east of Greenwich
        let hour = usize::try_from((at / 3_600_000 + 1).rem_euclid(24)).unwrap_or(0);
        // one event in five is a burst of four
        let events = daily / 1_440.0 / 1.6 * RHYTHM[hour] / mean;
        if chance.next() < events {
            let burst = if chance.next() < 0.2 { 4 } else { 1 };
            for n in 0..burst {
                items.push(at + (n as f64 * 50_000.0 + chance.next() * 60_000.0) as i64);
            }
        }
    }
    items.sort_unstable();
    items
}

/// The rows that a statement gives from the office's database, as pairs of numbers.
pub(crate) fn numbers(database: &std::path::Path, statement: &str) -> Result<Vec<(i64, i64)>, Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(async {
        sqlx::any::install_default_drivers();
        let mut connection = sqlx::AnyConnection::connect(&format!("sqlite:{}", database.display())).await?;
        let rows = sqlx::query(sqlx::AssertSqlSafe(statement.to_owned())).fetch_all(&mut connection).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<Vec<_>, sqlx::Error>>()
    })?)
}
