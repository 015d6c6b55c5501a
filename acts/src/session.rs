//! Sessions of the desk: opened by a login, known by a random token of which only the hash is stored.
//!
//! A session ends after half an hour without a request, after twelve hours in any case, at logout, and when its user is
//! disabled. Each login makes a new token, so that one which was planted in a browser opens nothing.

use crate::Result;
use salastampa_domain::time::{HOUR, MINUTE};
use salastampa_domain::{Session, Timestamp, User};
use salastampa_store::Store;
use sha2::{Digest, Sha256};

/// Longest time without a request, in milliseconds.
pub const IDLE: i64 = 30 * MINUTE;
/// Longest time in all, in milliseconds.
pub const LONGEST: i64 = 12 * HOUR;

/// Opens a session; gives the token for the browser. `complete` is whether every factor was given, `kept` what was typed
/// when the session before had ended.
pub async fn open(
    store: &Store,
    user: &User,
    complete: bool,
    kept: Option<String>,
    now: Timestamp,
) -> Result<(String, Session)> {
    let token = random()?;
    let session = Session {
        hash: hash(&token),
        user: user.id,
        csrf: random()?,
        made_at: now,
        seen_at: now,
        complete,
        flash: None,
        kept,
    };
    let mut write = store.write().await?;
    write.purge_sessions(now.plus(-LONGEST)).await?;
    write.record_session(&session).await?;
    write.commit().await?;
    Ok((token, session))
}

/// The living session of a token with its user, and notes that it was used.
pub async fn find(store: &Store, token: &str, now: Timestamp) -> Result<Option<(Session, User)>> {
    if token.len() != 64 {
        return Ok(None);
    }
    let mut rows = store.read().await?;
    let Some(session) = rows.find_session(&hash(token)).await? else { return Ok(None) };
    if now.since(session.seen_at) > IDLE || now.since(session.made_at) > LONGEST {
        return Ok(None);
    }
    let user = rows.find_user_by_id(session.user).await?.filter(|user| user.disabled_at.is_none());
    drop(rows);
    let Some(user) = user else { return Ok(None) };
    // to the minute: a page is not a write
    if now.since(session.seen_at) >= MINUTE {
        let seen = Session { seen_at: now, ..session };
        keep(store, &seen).await?;
        return Ok(Some((seen, user)));
    }
    Ok(Some((session, user)))
}

/// Writes what has changed in a session.
pub async fn keep(store: &Store, session: &Session) -> Result<()> {
    let mut write = store.write().await?;
    // one that was ended in the meantime stays ended
    if write.find_session(&session.hash).await?.is_some() {
        write.record_session(session).await?;
    }
    write.commit().await?;
    Ok(())
}

/// Ends a session.
pub async fn close(store: &Store, session: &Session) -> Result<()> {
    let mut write = store.write().await?;
    write.remove_session(&session.hash).await?;
    write.commit().await?;
    Ok(())
}

/// 256 bits of the machine's randomness, in hexadecimal.
pub fn random() -> Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|why| anyhow::anyhow!("the machine gives no randomness: {why}"))?;
    Ok(hex(&bytes))
}

/// What is stored of a token.
pub fn hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
