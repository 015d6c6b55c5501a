//! Reading the log (*registro*). Everybody sees what they did themselves; the head of the press office and the
//! administrator see all of it and may take it along as CSV, which stands in the log too: it names people.

use crate::cell::harmless;
use crate::house::{actor, allowed};
use crate::{Denied, Result};
use salastampa_domain::{Act, Actor, Event, Timestamp, User, may};
use salastampa_store::{EventFilter, Rows, Store};
use std::collections::BTreeMap;

/// Most lines of an export.
pub const MOST: usize = 20_000;

/// A part of the log.
#[derive(Clone, PartialEq, Debug)]
pub struct Lines {
    /// Newest first.
    pub events: Vec<Event>,
    /// Whether older ones follow.
    pub more: bool,
    /// Who is spoken of, by number.
    pub names: BTreeMap<i64, String>,
}

/// The lines that somebody may read; who may read only their own gets those, whatever is asked.
///
/// # Errors
/// [`Denied::Role`] for who may read none.
pub async fn read(rows: &mut Rows, who: &User, filter: &EventFilter, limit: usize) -> Result<Lines> {
    let filter = match (may(who.role, Act::ReadLog), may(who.role, Act::ReadOwnLog)) {
        (true, _) => filter.clone(),
        (false, true) => EventFilter { who: Some(actor(who)), ..filter.clone() },
        (false, false) => return Err(Denied::Role { role: who.role, act: Act::ReadOwnLog }.into()),
    };
    let mut events = rows.list_events_page(&filter, limit + 1).await?;
    let more = events.len() > limit;
    events.truncate(limit);
    // who works under two logins is told apart by them
    let users = rows.list_users().await?;
    let is_shared = |name: &str| users.iter().filter(|user| user.name == name).count() > 1;
    let called = |user: &User| match is_shared(&user.name) {
        true => format!("{} ({})", user.name, user.login),
        false => user.name.clone(),
    };
    let names = users.iter().map(|user| (user.id.0, called(user))).collect();
    Ok(Lines { events, more, names })
}

/// The lines as CSV (RFC 4180, with a mark so that office programs read the accents); the export is logged.
///
/// # Errors
/// [`Denied::Role`] for who may not read all of it.
pub async fn export(store: &Store, login: &str, filter: &EventFilter, now: Timestamp) -> Result<Vec<u8>> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::ReadLog).await?;
    let lines = read(&mut write, &user, filter, MOST).await?;
    let mut csv = csv::Writer::from_writer(vec![0xef, 0xbb, 0xbf]);
    let mut line = |cells: [&str; 6]| csv.write_record(cells.map(harmless)).map_err(anyhow::Error::from);
    line(["at", "who", "verb", "subject", "before", "after"])?;
    for event in &lines.events {
        let who = who_words(&event.who, &lines.names);
        let (before, after) = (event.before.as_deref().unwrap_or(""), event.after.as_deref().unwrap_or(""));
        line([&event.at.to_string(), &who, &event.verb, &event.subject, before, after])?;
    }
    let bytes = csv.into_inner().map_err(|error| anyhow::anyhow!("the table could not be written: {error}"))?;
    let after = serde_json::json!({ "lines": lines.events.len() }).to_string();
    write.record_event(now, &actor(&user), "log.export", "log", None, Some(&after)).await?;
    write.commit().await?;
    Ok(bytes)
}

/// How somebody is called in the log; a job by its name in the program.
pub fn who_words(who: &Actor, names: &BTreeMap<i64, String>) -> String {
    match who {
        Actor::User { id } => names.get(&id.0).cloned().unwrap_or_else(|| format!("#{id}")),
        Actor::Job { name } => name.clone(),
        Actor::Link { .. } | Actor::Console => "salastampa".to_owned(),
    }
}
