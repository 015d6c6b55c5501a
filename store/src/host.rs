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
    /// Since when its `robots.txt` fails, if it does.
    pub robots_failing: Option<Timestamp>,
    /// The machine that it lives on; hosts of one machine share one gate.
    pub address: Option<String>,
    /// The smoothed time of an answer, in milliseconds.
    pub rtt: Option<i64>,
    /// Requests, and the day of them (days since 1970-01-01, Italian).
    pub asked: Option<(i64, i64)>,
}

/// What a request has told of a host.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Met {
    /// The machine that answered; `None` leaves what is known.
    pub address: Option<String>,
    /// The smoothed time of an answer, in milliseconds; `None` leaves what is known.
    pub rtt: Option<i64>,
    /// Requests that were made.
    pub requests: i64,
    /// The Italian day of them, in days since 1970-01-01.
    pub day: i64,
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
        Self {
            name: name.into(),
            free_at: Timestamp(0),
            retry_after: None,
            robots: None,
            tdm: None,
            robots_failing: None,
            address: None,
            rtt: None,
            asked: None,
        }
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
             tdm_at, tdm_status, tdm_body, robots_failing) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
             on conflict (name) do update set free_at = excluded.free_at, retry_after = excluded.retry_after, \
             opens_at = excluded.opens_at, robots_at = excluded.robots_at, robots_status = excluded.robots_status, \
             robots_body = excluded.robots_body, tdm_at = excluded.tdm_at, tdm_status = excluded.tdm_status, \
             tdm_body = excluded.tdm_body, robots_failing = excluded.robots_failing")
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
        .maybe_time(host.robots_failing)
        .run(self)
        .await?;
        Ok(())
    }

    /// Leaves the gate of a host; the next request to its machine may begin at `free_at`, or later if the server asked
    /// for it.
    pub async fn release_host(&mut self, name: &str, free_at: Timestamp) -> Result<(), Error> {
        self.release_gate(name, free_at, free_at).await
    }

    /// The same where the host is bound for longer than the other hosts of its machine: what a site asks of us binds
    /// that site, the pause between two requests the whole machine. A neighbour's own time is never made shorter.
    pub async fn release_gate(&mut self, name: &str, free_at: Timestamp, neighbours: Timestamp) -> Result<(), Error> {
        sql("insert into host (name, free_at, opens_at) values ($1, $2, $2) on conflict (name) do update set \
             free_at = excluded.free_at, worker = null, leased_until = null, opens_at = case \
             when host.retry_after > excluded.free_at then host.retry_after else excluded.free_at end")
        .text(name)
        .time(free_at)
        .run(self)
        .await?;
        sql("update host set worker = null, leased_until = null, \
             free_at = case when free_at > $1 then free_at else $1 end, \
             opens_at = case when opens_at > $1 then opens_at else $1 end \
             where name <> $2 and address = (select address from host where name = $2)")
        .time(neighbours)
        .text(name)
        .run(self)
        .await?;
        Ok(())
    }

    /// What a server asked for holds for its gate until then, whenever that is left.
    pub async fn record_bound(&mut self, name: &str, until: Timestamp) -> Result<(), Error> {
        sql("insert into host (name, free_at, opens_at, retry_after) values ($1, $2, $2, $2) \
             on conflict (name) do update set retry_after = excluded.retry_after")
        .text(name)
        .time(until)
        .run(self)
        .await?;
        Ok(())
    }

    /// Leaves the gate without a request: it stands as it stood.
    pub async fn leave_host(&mut self, name: &str) -> Result<(), Error> {
        sql("update host set worker = null, leased_until = null \
             where name = $1 or address = (select address from host where name = $1)")
        .text(name)
        .run(self)
        .await?;
        Ok(())
    }

    /// Remembers what requests have told of a host.
    pub async fn record_met(&mut self, name: &str, met: &Met) -> Result<(), Error> {
        sql("update host set address = coalesce($1, address), rtt = coalesce($2, rtt), \
             asked = case when asked_on = $3 then asked + $4 else $4 end, asked_on = $3 where name = $5")
        .maybe_text(met.address.as_deref())
        .maybe_number(met.rtt)
        .number(met.day)
        .number(met.requests)
        .text(name)
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
        robots_failing: row.maybe_time("robots_failing")?,
        address: row.maybe_text("address")?,
        rtt: row.maybe_number("rtt")?,
        asked: row.maybe_number("asked_on")?.map(|day| Ok::<_, Error>((day, row.number("asked")?))).transpose()?,
    })
}

fn read_fetched(row: &Row, [at, status, body]: [&str; 3]) -> Result<Option<Fetched>, Error> {
    row.maybe_time(at)?.map(|at| Ok(Fetched { at, status: row.small(status)?, body: row.text(body)? })).transpose()
}
