//! Sessions of the desk, and failed logins. Sessions are the one thing that pages write by themselves.

use crate::sql::{Row, sql};
use crate::{Error, Rows, Write};
use salastampa_domain::{LoginFailures, Session, Timestamp, UserId};

impl Rows {
    /// The session of that hash.
    pub async fn find_session(&mut self, hash: &str) -> Result<Option<Session>, Error> {
        sql("select * from session where hash = $1").text(hash).optional(self).await?.as_ref().map(read).transpose()
    }

    /// Failed logins under that key.
    pub async fn find_login_failures(&mut self, key: &str) -> Result<Option<LoginFailures>, Error> {
        let row = sql("select * from login_failure where key = $1").text(key).optional(self).await?;
        row.map(|row| {
            Ok(LoginFailures {
                failures: row.small("failures")?,
                since: row.time("since")?,
                closed_until: row.time("closed_until")?,
            })
        })
        .transpose()
    }
}

impl Write {
    /// Writes a session, or what has changed in it.
    pub async fn record_session(&mut self, session: &Session) -> Result<(), Error> {
        sql("insert into session (hash, staff, csrf, made_at, seen_at, complete, flash, kept) \
             values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (hash) do update set seen_at = excluded.seen_at, \
             complete = excluded.complete, flash = excluded.flash, kept = excluded.kept")
        .text(&session.hash)
        .number(session.user.0)
        .text(&session.csrf)
        .time(session.made_at)
        .time(session.seen_at)
        .flag(session.complete)
        .maybe_text(session.flash.as_deref())
        .maybe_text(session.kept.as_deref())
        .run(self)
        .await?;
        Ok(())
    }

    /// Ends a session.
    pub async fn remove_session(&mut self, hash: &str) -> Result<(), Error> {
        sql("delete from session where hash = $1").text(hash).run(self).await?;
        Ok(())
    }

    /// Ends the sessions of a user; gives how many.
    pub async fn remove_sessions_of(&mut self, user: UserId) -> Result<u64, Error> {
        sql("delete from session where staff = $1").number(user.0).run(self).await
    }

    /// Forgets sessions that nobody used since, and failures that closed nothing since.
    pub async fn purge_sessions(&mut self, before: Timestamp) -> Result<u64, Error> {
        sql("delete from login_failure where since < $1 and closed_until < $1").time(before).run(self).await?;
        sql("delete from session where seen_at < $1").time(before).run(self).await
    }

    /// Writes the failed logins of a key.
    pub async fn record_login_failures(&mut self, key: &str, failed: &LoginFailures) -> Result<(), Error> {
        sql("insert into login_failure (key, failures, since, closed_until) values ($1, $2, $3, $4) \
             on conflict (key) do update set failures = excluded.failures, since = excluded.since, \
             closed_until = excluded.closed_until")
        .text(key)
        .number(failed.failures.into())
        .time(failed.since)
        .time(failed.closed_until)
        .run(self)
        .await?;
        Ok(())
    }

    /// Forgets the failed logins of a key.
    pub async fn remove_login_failures(&mut self, key: &str) -> Result<(), Error> {
        sql("delete from login_failure where key = $1").text(key).run(self).await?;
        Ok(())
    }
}

fn read(row: &Row) -> Result<Session, Error> {
    Ok(Session {
        hash: row.text("hash")?,
        user: UserId(row.number("staff")?),
        csrf: row.text("csrf")?,
        made_at: row.time("made_at")?,
        seen_at: row.time("seen_at")?,
        complete: row.flag("complete")?,
        flash: row.maybe_text("flash")?,
        kept: row.maybe_text("kept")?,
    })
}
