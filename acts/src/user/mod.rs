//! Users: made and given a password on the command line by who runs the program, and at the desk by an administrator.
//!
//! Nobody but the person knows a password: the administrator hands over a link that lets them choose one. The last
//! administrator cannot be closed out. Whoever is, or gets another role, loses every open session in the same transaction.

mod invite;
mod keep;
mod own;

use crate::{Denied, House, Result, Slip, password};
pub use invite::{HOLDS, accept, invite, invited};
pub use keep::{TypedUser, change, create, reset_second_factor, set_open};
pub use own::{change_password, prefer};

use salastampa_domain::{Actor, Preferences, Role, Timestamp, User, UserId};
use salastampa_locale::{Lang, fill, t};
use salastampa_store::Store;

/// Shortest password, in characters.
const SHORTEST: usize = 10;
/// Longest password, in bytes: more is no password and costs a hash.
const LONGEST: usize = 1024;

/// Adds a user, or changes name and role of one.
pub async fn add(store: &Store, house: &House, login: &str, name: &str, role: Role, now: Timestamp) -> Result<UserId> {
    if !is_login(login) {
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
        second_factor: before.as_ref().and_then(|u| u.second_factor.clone()),
        preferences: before.as_ref().map(|u| u.preferences.clone()).unwrap_or_default(),
        disabled_at: None,
    };
    let id = write.record_user(&user).await?;
    let was = before.map(|u| u.role.name());
    write.record_event(now, &Actor::Console, "user.add", &format!("user:{id}"), was, Some(role.name())).await?;
    write.commit().await?;
    Ok(id)
}

/// A user of that name with nothing but a role: no password, no second factor, the desk as it comes.
pub fn blank(login: &str, name: &str, role: Role) -> User {
    User {
        id: UserId(0),
        login: login.to_owned(),
        name: name.to_owned(),
        role,
        address: None,
        second_signature: false,
        password: None,
        second_factor: None,
        preferences: Preferences::default(),
        disabled_at: None,
    }
}

/// Whether it can be a name to log in with.
pub(crate) fn is_login(login: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_".contains(c);
    !login.is_empty() && login.len() <= 60 && login.chars().all(fits)
}

/// What a form about a user was filled over: another one is not overwritten.
pub fn mark(user: &User) -> String {
    crate::session::hash(&as_json(user))
}

/// What the log keeps of a user: nothing secret.
pub(crate) fn as_json(user: &User) -> String {
    serde_json::json!({
        "login": user.login,
        "name": user.name,
        "role": user.role.name(),
        "address": user.address.as_ref().map(salastampa_domain::Address::as_str),
        "second_signature": user.second_signature,
        "disabled": user.disabled_at.is_some(),
    })
    .to_string()
}

/// What is wrong with a password that was typed twice, in the fields `password` and `again`.
pub(crate) fn check_password(password: &str, again: &str, lang: Lang) -> Vec<Slip> {
    let mut slips = Vec::new();
    if password.chars().count() < SHORTEST {
        let sentence = fill(lang, "acts.short_password", &[("least", &SHORTEST.to_string())]);
        slips.push(Slip { field: "password", sentence });
    } else if password.len() > LONGEST {
        slips.push(Slip { field: "password", sentence: t(lang, "settings.slips.too_long").to_owned() });
    } else if password != again {
        slips.push(Slip { field: "again", sentence: t(lang, "settings.slips.again").to_owned() });
    }
    slips
}

/// Sets a password: argon2id with 19 MiB, two passes (OWASP's first recommendation).
pub async fn set_password(store: &Store, house: &House, login: &str, password: &str, now: Timestamp) -> Result<()> {
    if password.chars().count() < SHORTEST {
        let least = SHORTEST.to_string();
        return Err(Denied::Invalid(vec![fill(house.lang, "acts.short_password", &[("least", &least)])]).into());
    }
    let user = store.read().await?.find_user(login).await?.ok_or_else(|| Denied::NoUser(login.to_owned()))?;
    give_password(store, &user, password, now).await
}

/// Sets a password without asking how good it is: for the demo, whose password is known to everybody.
pub async fn give_password(store: &Store, user: &User, password: &str, now: Timestamp) -> Result<()> {
    let hash = password::hash(password).await?;
    let mut write = store.write().await?;
    let user = write.find_user(&user.login).await?.ok_or_else(|| Denied::NoUser(user.login.clone()))?;
    let id = write.record_user(&User { password: Some(hash), ..user }).await?;
    write.remove_sessions_of(id).await?;
    write.record_event(now, &Actor::Console, "user.password", &format!("user:{id}"), None, None).await?;
    write.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests;
