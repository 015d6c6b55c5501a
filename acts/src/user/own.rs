//! What each person does for themselves: another password, how they like the desk.

use super::check_password;
use crate::house::{actor, allowed};
use crate::settings::slip;
use crate::{Denied, Result, login, password};
use salastampa_domain::{Act, Preferences, Timestamp, User};
use salastampa_locale::Lang;
use salastampa_store::Store;

/// Changes one's own password; the old one is asked for, and every session ends: the page opens a new one.
///
/// # Errors
/// [`Denied::Form`] with the field that cannot be taken; [`Denied::Wait`] after too many wrong old passwords.
pub async fn change_password(
    store: &Store,
    who: &str,
    old: &str,
    secret: &str,
    again: &str,
    lang: Lang,
    now: Timestamp,
) -> Result<User> {
    let user = allowed(&mut store.read().await?, who, Act::Read).await?;
    // whoever sits down at an open desk guesses no faster here than at the door
    let key = format!("old:{who}");
    login::is_open(store, &key, now).await?;
    if !password::fits(old, user.password.as_deref()).await? {
        login::note_failure(store, &key, now).await?;
        return Err(Denied::Form(vec![slip(lang, "old", "settings.slips.old_password")]).into());
    }
    let slips = check_password(secret, again, lang);
    if !slips.is_empty() {
        return Err(Denied::Form(slips).into());
    }
    let hash = password::hash(secret).await?;
    let mut write = store.write().await?;
    let user = allowed(&mut write, who, Act::Read).await?;
    let user = User { password: Some(hash), ..user };
    write.record_user(&user).await?;
    write.remove_sessions_of(user.id).await?;
    write.remove_login_failures(&key).await?;
    write.record_event(now, &actor(&user), "user.password", &format!("user:{}", user.id), None, None).await?;
    write.commit().await?;
    Ok(user)
}

/// Keeps how somebody likes the desk.
///
/// # Errors
/// [`Denied::Form`] for a language that is not spoken here.
pub async fn prefer(
    store: &Store,
    who: &str,
    language: Option<&str>,
    shortcuts: bool,
    lang: Lang,
    now: Timestamp,
) -> Result<()> {
    let language = match language.map(|code| (code, Lang::parse(code))) {
        None => None,
        Some((_, Some(language))) => Some(language.code().to_owned()),
        Some((_, None)) => return Err(Denied::Form(vec![slip(lang, "language", "settings.slips.language")]).into()),
    };
    let mut write = store.write().await?;
    let user = allowed(&mut write, who, Act::Read).await?;
    let preferences = Preferences { language, shortcuts };
    if preferences == user.preferences {
        return Ok(());
    }
    let json = |preferences: &Preferences| serde_json::to_string(preferences).map_err(anyhow::Error::from);
    let (was, is) = (json(&user.preferences)?, json(&preferences)?);
    let subject = format!("user:{}", user.id);
    write.record_event(now, &actor(&user), "user.preferences", &subject, Some(&was), Some(&is)).await?;
    write.record_user(&User { preferences, ..user }).await?;
    write.commit().await?;
    Ok(())
}
