//! A link that lets somebody choose a password: for who is new, and for who has forgotten it.
//!
//! The administrator hands it over and never knows the password. It opens once, within two days; a newer one ends it. The
//! old password holds until the new one is chosen, so that a link sent by mistake locks nobody out.

use super::check_password;
use super::keep::find;
use crate::house::{actor, allowed};
use crate::{Denied, Result, password, session};
use salastampa_domain::time::DAY;
use salastampa_domain::{Act, Actor, Timestamp, TokenPurpose, User, UserId};
use salastampa_locale::Lang;
use salastampa_store::{EntryLink, Rows, Store};

/// So long an invitation holds, in milliseconds.
pub const HOLDS: i64 = 2 * DAY;

/// Makes the link for a user; gives its token.
///
/// # Errors
/// [`Denied::NoUser`] for somebody who is closed out.
pub async fn invite(store: &Store, by: &str, id: UserId, now: Timestamp) -> Result<String> {
    let mut write = store.write().await?;
    let admin = allowed(&mut write, by, Act::Administer).await?;
    let user = find(&mut write, id).await?;
    if user.disabled_at.is_some() {
        return Err(Denied::NoUser(user.login).into());
    }
    let token = session::random()?;
    write.remove_entry_links_of(id).await?;
    write
        .record_entry_link(&EntryLink {
            hash: session::hash(&token),
            purpose: TokenPurpose::Invitation,
            user: Some(id),
            made_at: now,
            until: now.plus(HOLDS),
        })
        .await?;
    write.record_event(now, &actor(&admin), "user.invite", &format!("user:{id}"), None, None).await?;
    write.commit().await?;
    Ok(token)
}

/// Whose password the link lets choose.
///
/// # Errors
/// [`Denied::Unknown`] for a link that is not ours, was used, or is too old.
pub async fn invited(rows: &mut Rows, token: &str, now: Timestamp) -> Result<User> {
    let link = rows.find_entry_link(&session::hash(token)).await?;
    let link = link.filter(|link| link.purpose == TokenPurpose::Invitation && now <= link.until);
    let user = match link.and_then(|link| link.user) {
        Some(id) => rows.find_user_by_id(id).await?.filter(|user| user.disabled_at.is_none()),
        None => None,
    };
    Ok(user.ok_or(Denied::Unknown { what: "link", name: String::new() })?)
}

/// Chooses the password; the link is used up and every session of the user ends.
///
/// # Errors
/// [`Denied::Form`] with what is wrong with the password.
pub async fn accept(store: &Store, token: &str, secret: &str, again: &str, lang: Lang, now: Timestamp) -> Result<User> {
    // a hash is only worked out for who holds a link
    invited(&mut store.read().await?, token, now).await?;
    let slips = check_password(secret, again, lang);
    if !slips.is_empty() {
        return Err(Denied::Form(slips).into());
    }
    let hash = password::hash(secret).await?;
    let mut write = store.write().await?;
    let user = invited(&mut write, token, now).await?;
    let user = User { password: Some(hash), ..user };
    write.record_user(&user).await?;
    write.remove_entry_links_of(user.id).await?;
    write.remove_sessions_of(user.id).await?;
    write.remove_login_failures(&format!("user:{}", user.login)).await?;
    let who = Actor::Link { purpose: TokenPurpose::Invitation };
    write.record_event(now, &who, "user.password", &format!("user:{}", user.id), None, None).await?;
    write.commit().await?;
    Ok(user)
}
