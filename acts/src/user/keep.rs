//! What an administrator does with users: adds one, changes one, closes one out and lets them in again.

use super::{as_json, blank, is_login, mark};
use crate::house::{actor, allowed};
use crate::settings::{line, name_of, slip};
use crate::{Denied, Result, Slip};
use salastampa_domain::{Act, Address, Role, Timestamp, User, UserId};
use salastampa_locale::{Lang, fill};
use salastampa_store::{Rows, Store, Write};

/// What was typed about a user.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TypedUser {
    /// The name to log in with; never changed later.
    pub login: String,
    /// Full name.
    pub name: String,
    /// Where mail to them goes; may be empty.
    pub address: String,
    /// The name of a role.
    pub role: String,
    /// May give the second signature in election time.
    pub second_signature: bool,
}

/// Adds a user, without a password: an invitation lets them choose one.
///
/// # Errors
/// [`Denied::Form`] with each field that cannot be taken.
pub async fn create(store: &Store, by: &str, typed: &TypedUser, lang: Lang, now: Timestamp) -> Result<UserId> {
    let mut write = store.write().await?;
    let admin = allowed(&mut write, by, Act::Administer).await?;
    let login = typed.login.trim().to_lowercase();
    let mut slips = Vec::new();
    if !is_login(&login) {
        slips.push(Slip { field: "login", sentence: fill(lang, "acts.bad_login", &[("name", &login)]) });
    } else if write.find_user(&login).await?.is_some() {
        slips.push(slip(lang, "login", "settings.slips.login_taken"));
    }
    let user = read(&blank(&login, "", Role::Viewer), typed, lang, slips)?;
    let id = write.record_user(&user).await?;
    let after = as_json(&user);
    write.record_event(now, &actor(&admin), "user.add", &format!("user:{id}"), None, Some(&after)).await?;
    write.commit().await?;
    Ok(id)
}

/// Changes a user. `seen` is the [`mark`] of what the form was filled over. A new role ends their sessions.
///
/// # Errors
/// [`Denied::Form`], [`Denied::Changed`] if somebody changed them in the meantime; nobody takes the last administrator's
/// role away.
pub async fn change(
    store: &Store,
    by: &str,
    id: UserId,
    seen: &str,
    typed: &TypedUser,
    lang: Lang,
    now: Timestamp,
) -> Result<()> {
    let mut write = store.write().await?;
    let admin = allowed(&mut write, by, Act::Administer).await?;
    let before = find(&mut write, id).await?;
    if mark(&before) != seen {
        let last = write.find_last_event(&format!("user:{id}")).await?;
        let (by, at) = match last {
            Some(event) => (name_of(&mut write, &event.who).await?, event.at),
            None => (String::new(), now),
        };
        return Err(Denied::Changed { by, at }.into());
    }
    let user = read(&before, typed, lang, Vec::new())?;
    if before.role == Role::Admin && user.role != Role::Admin && is_last_admin(&mut write, &before).await? {
        return Err(Denied::Form(vec![slip(lang, "role", "settings.slips.last_admin")]).into());
    }
    if user.role != before.role {
        write.remove_sessions_of(id).await?;
    }
    write.record_user(&user).await?;
    log(&mut write, &admin, "user.change", &before, &user, now).await?;
    write.commit().await?;
    Ok(())
}

/// Closes a user out, at once and from every place, or lets them in again.
///
/// # Errors
/// [`Denied::Form`] for the last administrator.
pub async fn set_open(store: &Store, by: &str, id: UserId, open: bool, lang: Lang, now: Timestamp) -> Result<User> {
    let mut write = store.write().await?;
    let admin = allowed(&mut write, by, Act::Administer).await?;
    let before = find(&mut write, id).await?;
    if before.disabled_at.is_none() == open {
        return Ok(before);
    }
    if !open && is_last_admin(&mut write, &before).await? {
        return Err(Denied::Form(vec![slip(lang, "role", "settings.slips.last_admin")]).into());
    }
    let user = User { disabled_at: (!open).then_some(now), ..before.clone() };
    write.record_user(&user).await?;
    write.remove_sessions_of(id).await?;
    write.remove_entry_links_of(id).await?;
    log(&mut write, &admin, if open { "user.enable" } else { "user.disable" }, &before, &user, now).await?;
    write.commit().await?;
    Ok(user)
}

/// Takes the second factor of somebody away who has lost it; their sessions end.
///
/// # Errors
/// [`Denied::Unknown`] if there is no such user.
pub async fn reset_second_factor(store: &Store, by: &str, id: UserId, now: Timestamp) -> Result<User> {
    let mut write = store.write().await?;
    let admin = allowed(&mut write, by, Act::Administer).await?;
    let before = find(&mut write, id).await?;
    let user = User { second_factor: None, ..before.clone() };
    write.record_user(&user).await?;
    write.remove_sessions_of(id).await?;
    log(&mut write, &admin, "user.second_factor_reset", &before, &user, now).await?;
    write.commit().await?;
    Ok(user)
}

/// The user of that number.
pub(super) async fn find(rows: &mut Rows, id: UserId) -> Result<User> {
    let user = rows.find_user_by_id(id).await?;
    Ok(user.ok_or_else(|| Denied::Unknown { what: "user", name: id.to_string() })?)
}

async fn is_last_admin(rows: &mut Rows, user: &User) -> Result<bool> {
    let works = |other: &User| other.role == Role::Admin && other.disabled_at.is_none();
    Ok(works(user) && rows.list_users().await?.iter().filter(|other| works(other)).count() == 1)
}

async fn log(write: &mut Write, by: &User, verb: &str, before: &User, after: &User, now: Timestamp) -> Result<()> {
    let subject = format!("user:{}", before.id);
    let (was, is) = (as_json(before), as_json(after));
    write.record_event(now, &actor(by), verb, &subject, Some(&was), Some(&is)).await?;
    Ok(())
}

/// What was typed, over what is there.
fn read(before: &User, typed: &TypedUser, lang: Lang, mut slips: Vec<Slip>) -> Result<User> {
    let name = line(&typed.name, "name", true, lang, &mut slips);
    let address = match typed.address.trim() {
        "" => None,
        text => Address::parse(text).map_err(|_| slips.push(slip(lang, "address", "settings.slips.address"))).ok(),
    };
    let role = Role::parse(&typed.role);
    if role.is_none() {
        slips.push(slip(lang, "role", "settings.slips.choose"));
    }
    match role {
        Some(role) if slips.is_empty() => {
            Ok(User { name, address, role, second_signature: typed.second_signature, ..before.clone() })
        }
        _ => Err(Denied::Form(slips).into()),
    }
}
