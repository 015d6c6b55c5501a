//! `receive`: one mail that came back, from standard input.
//!
//! A mail server calls it for each mail and looks at the exit code only: 0 is booked, 75 (`EX_TEMPFAIL`, sysexits) lets it
//! keep the mail and come again. Anything else would make it send a bounce about a bounce, so nothing else is ever given.
//! The whole mail is read, because a server whose pipe breaks takes that for a failure; of a mail that is too long the
//! beginning is kept.

use super::{client, say};
use crate::app::{App, told};
use crate::config::Config;
use anyhow::{Context, Result, bail};
use salastampa_acts::receive;
use salastampa_domain::Clock;
use std::io::{self, Read};

/// Exit code of a mail that could not be booked now.
pub const TRY_AGAIN: u8 = 75;
/// So many bytes of a mail are kept.
const KEPT: u64 = 10 << 20;

/// Books the mail on standard input.
pub async fn run(config: Config, recipient: Option<&str>, clock: Clock) -> Result<()> {
    // called in a wrong folder it would found a new office there, and the mail would be lost in it
    let folder = &config.data.folder;
    if !folder.join(crate::key::FILE).is_file() && !folder.join(super::keep::DATABASE).is_file() {
        bail!("there is no office in {}: say with --config or --data where it is", config.data.folder.display());
    }
    let (bytes, length) = tokio::task::spawn_blocking(|| read(io::stdin().lock())).await??;
    let incoming = salastampa_mail::read_inbound(&bytes, recipient);
    let client = client(&config)?;
    let app = App::open(config, clock, client).await?;
    let done = receive::book(&app.store, &app.house, &incoming, &bytes, length, app.clock.now()).await;
    let booked = told(&app, done)?;
    let whose = if booked.matched { "matched" } else { "in the tray" };
    let again = if booked.again { ", had come before" } else { "" };
    let suspended = if booked.suspended { ", the address is suspended" } else { "" };
    let handed_on = if booked.handed_on { ", handed on to the office" } else { "" };
    say(format!("{}: {}, {whose}{again}{suspended}{handed_on}", booked.id, booked.kind.name()));
    app.store.close().await;
    Ok(())
}

/// The beginning of what comes, and how much came.
fn read(mut from: impl Read) -> Result<(Vec<u8>, u64)> {
    let mut bytes = Vec::new();
    from.by_ref().take(KEPT).read_to_end(&mut bytes).context("reading the mail")?;
    let rest = io::copy(&mut from, &mut io::sink()).context("reading the mail")?;
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX) + rest;
    Ok((bytes, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_mail_that_is_too_long_the_beginning_is_kept_and_the_rest_is_read_away() {
        let (bytes, length) = read(io::repeat(b'a').take(KEPT + 7)).expect("reads");
        assert_eq!((u64::try_from(bytes.len()).ok(), length), (Some(KEPT), KEPT + 7));
    }
}
