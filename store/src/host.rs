//! Hosts: when one may be asked again, and what it said about being read by programs.

use crate::sql::{Row, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::Timestamp;

/// A host, or a group of names on one server: one request at a time goes through its gate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Host {
    /// Its name, as the crawler writes it.
    pub name: String,
    /// When the next request may begin.
    pub free_at: Timestamp,
    /// What the server asked for (`Retry-After`); obeyed even if `free_at` is earlier.
    pub retry_after: Option<Timestamp>,
    /// Its `robots.txt` (RFC 9309).
    pub robots: Option<Fetched>,
    /// Its `/.well-known/tdmrep.json`.
    pub tdm: Option<Fetched>,
}

/// A small file of a host, as it was last asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fetched {
    /// When.
    pub at: Timestamp,
    /// HTTP status; 0 is no answer.
    pub status: u16,
    /// What it said.
    pub body: String,
}

impl Host {
    /// A host that nobody has asked yet.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), free_at: Timestamp(0), retry_after: None, robots: None, tdm: None }
    }
}

impl Rows {
    /// The host of that name, if it was ever asked.
    pub async fn find_host(&mut self, name: &str) -> Result<Option<Host>, Error> {
        sql("select * from host where name = $1").text(name).optional(self).await?.as_ref().map(read).transpose()
    }
}

impl Write {
    /// Remembers what is known of a host. Whoever is inside its gate stays inside.
    pub async fn record_host(&mut self, host: &Host) -> Result<(), Error> {
        let (robots, tdm) = (host.robots.as_ref(), host.tdm.as_ref());
        sql("insert into host (name, free_at, retry_after, opens_at, robots_at, robots_status, robots_body, \
             tdm_at, tdm_status, tdm_body) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
             on conflict (name) do update set free_at = excluded.free_at, retry_after = excluded.retry_after, \
             opens_at = excluded.opens_at, robots_at = excluded.robots_at, robots_status = excluded.robots_status, \
             robots_body = excluded.robots_body, tdm_at = excluded.tdm_at, tdm_status = excluded.tdm_status, \
             tdm_body = excluded.tdm_body")
        .text(&host.name)
        .time(host.free_at)
        .maybe_time(host.retry_after)
        .time(host.retry_after.map_or(host.free_at, |t| t.max(host.free_at)))
        .maybe_time(robots.map(|f| f.at))
        .maybe_number(robots.map(|f| f.status.into()))
        .maybe_text(robots.map(|f| f.body.as_str()))
        .maybe_time(tdm.map(|f| f.at))
        .maybe_number(tdm.map(|f| f.status.into()))
        .maybe_text(tdm.map(|f| f.body.as_str()))
        .run(self)
        .await?;
        Ok(())
    }

    /// Leaves the gate of a host; the next request may begin at `free_at`, or later if the server asked for it.
    pub async fn release_host(&mut self, name: &str, free_at: Timestamp) -> Result<(), Error> {
        sql("insert into host (name, free_at, opens_at) values ($1, $2, $2) on conflict (name) do update set \
             free_at = excluded.free_at, worker = null, leased_until = null, opens_at = case \
             when host.retry_after > excluded.free_at then host.retry_after else excluded.free_at end")
        .text(name)
        .time(free_at)
        .run(self)
        .await?;
        Ok(())
    }
}

fn read(row: &Row) -> Result<Host, Error> {
    Ok(Host {
        name: row.text("name")?,
        free_at: row.time("free_at")?,
        retry_after: row.maybe_time("retry_after")?,
        robots: read_fetched(row, ["robots_at", "robots_status", "robots_body"])?,
        tdm: read_fetched(row, ["tdm_at", "tdm_status", "tdm_body"])?,
    })
}

fn read_fetched(row: &Row, [at, status, body]: [&str; 3]) -> Result<Option<Fetched>, Error> {
    row.maybe_time(at)?.map(|at| Ok(Fetched { at, status: row.small(status)?, body: row.text(body)? })).transpose()
}
