//! Users: made and given a password on the command line by who runs the program, later at the desk by an admin.

use crate::{Denied, House, Result};
use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use salastampa_domain::{Actor, Role, Timestamp, User, UserId};
use salastampa_locale::fill;
use salastampa_store::Store;

/// Shortest password, in characters.
const SHORTEST: usize = 10;

/// Adds a user, or changes name and role of one.
pub async fn add(store: &Store, house: &House, login: &str, name: &str, role: Role, now: Timestamp) -> Result<UserId> {
    if login.is_empty() || !login.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_".contains(c)) {
        return Err(Denied::Invalid(vec![fill(house.lang, "acts.bad_login", &[("name", login)])]).into());
    }
    let mut write = store.write().await?;
    let before = write.find_user(login).await?;
    let user = User {
        id: UserId(0),
        login: login.to_owned(),
        name: name.to_owned(),
        role,
        address: before.as_ref().and_then(|u| u.address.clone()),
        second_signature: before.as_ref().is_some_and(|u| u.second_signature),
        password: before.as_ref().and_then(|u| u.password.clone()),
        disabled_at: None,
    };
    let id = write.record_user(&user).await?;
    let was = before.map(|u| u.role.name());
    write.record_event(now, &Actor::Console, "user.add", &format!("user:{id}"), was, Some(role.name())).await?;
    write.commit().await?;
    Ok(id)
}

/// Sets a password: argon2id with 19 MiB, two passes (OWASP's first recommendation).
pub async fn set_password(store: &Store, house: &House, login: &str, password: &str, now: Timestamp) -> Result<()> {
    if password.chars().count() < SHORTEST {
        let least = SHORTEST.to_string();
        return Err(Denied::Invalid(vec![fill(house.lang, "acts.short_password", &[("least", &least)])]).into());
    }
    let secret = password.to_owned();
    let hash = tokio::task::spawn_blocking(move || hash(&secret)).await.map_err(anyhow::Error::from)??;
    let mut write = store.write().await?;
    let user = write.find_user(login).await?.ok_or_else(|| Denied::NoUser(login.to_owned()))?;
    let id = write.record_user(&User { password: Some(hash), ..user }).await?;
    write.record_event(now, &Actor::Console, "user.password", &format!("user:{id}"), None, None).await?;
    write.commit().await?;
    Ok(())
}

fn hash(password: &str) -> anyhow::Result<String> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|e| anyhow::anyhow!("argon2: {e}"))?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    Ok(argon2.hash_password(password.as_bytes()).map_err(|e| anyhow::anyhow!("argon2: {e}"))?.to_string())
}
