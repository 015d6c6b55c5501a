//! Passwords: argon2id with 19 MiB and two passes (OWASP's first recommendation), a few at a time, off the threads that
//! answer pages.

use crate::Result;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::OnceLock;
use tokio::sync::Semaphore;

/// Hashes that are worked on at a time: each takes 19 MiB and some 30 ms of a core.
static ROOM: Semaphore = Semaphore::const_new(2);

/// The PHC string of a password, with a salt of its own.
pub(crate) async fn hash(password: &str) -> Result<String> {
    let secret = password.to_owned();
    apart(move || hashed(&secret)).await
}

/// Whether it is the password of this PHC string. Without one (no such user, no password yet) a hash is worked out all
/// the same, so that time does not tell which users exist.
pub(crate) async fn fits(password: &str, phc: Option<&str>) -> Result<bool> {
    static NOBODY: OnceLock<String> = OnceLock::new();
    let (secret, phc) = (password.to_owned(), phc.map(str::to_owned));
    apart(move || {
        let known = phc.is_some();
        let phc = match phc {
            Some(phc) => phc,
            None => match NOBODY.get() {
                Some(phc) => phc.clone(),
                None => NOBODY.get_or_init(|| hashed("nobody").unwrap_or_default()).clone(),
            },
        };
        let parsed = PasswordHash::new(&phc).map_err(|e| anyhow::anyhow!("a password hash does not read: {e}"))?;
        Ok(argon2()?.verify_password(secret.as_bytes(), &parsed).is_ok() && known)
    })
    .await
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> anyhow::Result<T> + Send + 'static) -> Result<T> {
    let _permit = ROOM.acquire().await.map_err(anyhow::Error::from)?;
    Ok(tokio::task::spawn_blocking(work).await.map_err(anyhow::Error::from)??)
}

fn argon2() -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|e| anyhow::anyhow!("argon2: {e}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hashed(password: &str) -> anyhow::Result<String> {
    Ok(argon2()?.hash_password(password.as_bytes()).map_err(|e| anyhow::anyhow!("argon2: {e}"))?.to_string())
}
