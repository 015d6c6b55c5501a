//! Login by name and password, slowed down by account and by address.
//!
//! Five failures in a quarter of an hour close the door for a minute, each further one for twice as long, up to half an
//! hour; it never stays closed. While it is closed no password is looked at, so that guessing costs the guesser and not
//! the office. An unknown name costs the same hash as a known one and is answered alike.

use crate::{Denied, Result, password};
use salastampa_domain::time::MINUTE;
use salastampa_domain::{Actor, LoginFailures, Timestamp, User};
use salastampa_store::{Rows, Store};

/// Failures that are let pass.
const FREE: u32 = 5;
/// So long they are remembered, in milliseconds.
const REMEMBERED: i64 = 15 * MINUTE;
/// Longest wait, in minutes.
const LONGEST: i64 = 30;

/// The user of that name and password; `from` is where the request came from.
///
/// # Errors
/// [`Denied::WrongLogin`], or [`Denied::Wait`] while the door is closed for this account or this address.
pub async fn check(store: &Store, login: &str, secret: &str, from: &str, now: Timestamp) -> Result<User> {
    // longer ones cannot be right, and are not worth a hash
    let login: String = login.trim().to_lowercase().chars().take(80).collect();
    let keys = [format!("user:{login}"), format!("from:{from}")];
    let mut rows = store.read().await?;
    for key in &keys {
        open_for(&mut rows, key, now).await?;
    }
    let user = rows.find_user(&login).await?.filter(|user| user.disabled_at.is_none());
    drop(rows);
    let phc = user.as_ref().and_then(|user| user.password.as_deref());
    let fits = secret.len() <= 1024 && password::fits(secret, phc).await?;
    let mut write = store.write().await?;
    match user.filter(|_| fits) {
        Some(user) => {
            write.remove_login_failures(&keys[0]).await?;
            write
                .record_event(now, &crate::house::actor(&user), "login", &format!("user:{}", user.id), None, None)
                .await?;
            write.commit().await?;
            Ok(user)
        }
        None => {
            for key in &keys {
                let failed = after_one_more(failures(&mut write, key).await?, now);
                write.record_login_failures(key, &failed).await?;
                if failed.failures == FREE {
                    let subject = if key.starts_with("user:") { key.as_str() } else { "address" };
                    write.record_event(now, &Actor::Console, "login.slowed", subject, None, None).await?;
                }
            }
            write.commit().await?;
            Err(Denied::WrongLogin.into())
        }
    }
}

async fn open_for(rows: &mut Rows, key: &str, now: Timestamp) -> Result<()> {
    match failures(rows, key).await? {
        Some(failed) if failed.closed_until > now => Err(Denied::Wait { until: failed.closed_until }.into()),
        _ => Ok(()),
    }
}

/// Whether another secret is asked for under that key (a code, an old password): slowed down in the same way.
pub(crate) async fn is_open(store: &Store, key: &str, now: Timestamp) -> Result<()> {
    open_for(&mut store.read().await?, key, now).await
}

/// Notes that such a secret was wrong.
pub(crate) async fn note_failure(store: &Store, key: &str, now: Timestamp) -> Result<()> {
    let mut write = store.write().await?;
    let failed = after_one_more(failures(&mut write, key).await?, now);
    write.record_login_failures(key, &failed).await?;
    write.commit().await?;
    Ok(())
}

async fn failures(rows: &mut Rows, key: &str) -> Result<Option<LoginFailures>> {
    Ok(rows.find_login_failures(key).await?)
}

/// The failures of a key after one more.
fn after_one_more(before: Option<LoginFailures>, now: Timestamp) -> LoginFailures {
    let fresh = LoginFailures { failures: 0, since: now, closed_until: now };
    let before = before.filter(|f| now.since(f.since.max(f.closed_until)) < REMEMBERED).unwrap_or(fresh);
    let failures = before.failures.saturating_add(1);
    let closed_until = match failures.checked_sub(FREE) {
        None => now,
        Some(doublings) => now.plus((1_i64 << doublings.min(5)).min(LONGEST) * MINUTE),
    };
    LoginFailures { failures, since: before.since, closed_until }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_door_closes_for_longer_each_time_and_opens_again() {
        let mut now = Timestamp(0);
        let mut failed = None;
        let mut waits = Vec::new();
        for _ in 0..12 {
            let next = after_one_more(failed, now);
            waits.push(next.closed_until.since(now) / MINUTE);
            now = next.closed_until;
            failed = Some(next);
        }
        assert_eq!(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 30, 30, 30]);
        let later = after_one_more(failed, now.plus(REMEMBERED));
        assert_eq!((later.failures, later.closed_until), (1, now.plus(REMEMBERED)));
    }
}
