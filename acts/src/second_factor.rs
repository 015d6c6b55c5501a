//! The second factor of the login: set up by a person, proved by a first code, asked at each login after that.
//!
//! The secret lies sealed in the user's row. Ten recovery codes, of which only hashes are kept, open once each, for the day
//! on which the telephone is at home. Wrong codes are slowed down like wrong passwords. Who needs one is decided in the
//! settings ([`is_required`]); by default who approves and who administers. Left out: keys that are plugged in (WebAuthn).

use crate::house::{actor, allowed};
use crate::settings::slip;
use crate::{Denied, House, Result, login, password, seal, session, totp};
use salastampa_domain::{Act, Role, SecondFactor, Settings, Timestamp, User};
use salastampa_locale::Lang;
use salastampa_store::{Rows, Store};

/// Recovery codes that are handed out.
const RECOVERY: usize = 10;
/// Under this name a secret is sealed.
const NAME: &str = "second-factor";

/// What a person needs to set their telephone up.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// To be typed, in groups of four.
    pub secret: String,
    /// To be opened on the telephone, or shown as a picture.
    pub link: String,
}

/// Whether a role cannot work without a second factor. In an office that has decided nothing, the default holds.
///
/// # Errors
/// The store fails.
pub async fn is_required(rows: &mut Rows, role: Role) -> Result<bool> {
    let saved = rows.find_settings().await?;
    let roles = saved.map_or_else(|| Settings::default().second_factor, |saved| saved.settings.second_factor);
    Ok(roles.contains(&role))
}

/// Begins to set one up, or gives the same again while it is not proved: a page that is loaded twice shows one secret.
///
/// # Errors
/// [`Denied::Exists`] if one is proved already: it is taken away first.
pub async fn begin(store: &Store, house: &House, who: &str) -> Result<Enrolment> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, who, Act::Read).await?;
    let secret = match &user.second_factor {
        Some(factor) if factor.confirmed_at.is_some() => {
            return Err(Denied::Exists { what: "second_factor", name: user.login }.into());
        }
        Some(factor) => opened(house, factor),
        None => None,
    };
    let secret = match secret {
        Some(secret) => secret,
        None => {
            let mut secret = vec![0; totp::SECRET_BYTES];
            getrandom::fill(&mut secret).map_err(|why| anyhow::anyhow!("the machine gives no randomness: {why}"))?;
            let sealed = seal::seal(&house.key, NAME, &totp::base32(&secret))?;
            let factor = SecondFactor { secret: sealed, confirmed_at: None, last_step: 0, recovery: Vec::new() };
            write.record_user(&User { second_factor: Some(factor), ..user.clone() }).await?;
            write.commit().await?;
            secret
        }
    };
    let typed: Vec<char> = totp::base32(&secret).chars().collect();
    let groups: Vec<String> = typed.chunks(4).map(|group| group.iter().collect()).collect();
    Ok(Enrolment { secret: groups.join(" "), link: totp::link(&secret, &house.office, &user.login) })
}

/// Proves by a first code that the telephone has it; gives the recovery codes, to be shown once. Every other session ends.
///
/// # Errors
/// [`Denied::Form`] for a wrong code.
pub async fn confirm(
    store: &Store,
    house: &House,
    who: &str,
    code: &str,
    lang: Lang,
    now: Timestamp,
) -> Result<Vec<String>> {
    let key = key(who);
    login::is_open(store, &key, now).await?;
    let mut write = store.write().await?;
    let user = allowed(&mut write, who, Act::Read).await?;
    let factor = user.second_factor.clone().filter(|factor| factor.confirmed_at.is_none());
    let Some(factor) = factor else { return Err(Denied::Exists { what: "second_factor", name: user.login }.into()) };
    let step = opened(house, &factor).and_then(|secret| totp::check(&secret, code, now, factor.last_step));
    let Some(last_step) = step else {
        drop(write);
        login::note_failure(store, &key, now).await?;
        return Err(Denied::Form(vec![slip(lang, "code", "login.second.wrong")]).into());
    };
    let codes: Vec<String> = (0..RECOVERY).map(|_| recovery_code()).collect::<Result<_>>()?;
    let recovery = codes.iter().map(|code| session::hash(code)).collect();
    let factor = SecondFactor { confirmed_at: Some(now), last_step, recovery, ..factor };
    write.record_user(&User { second_factor: Some(factor), ..user.clone() }).await?;
    write.remove_sessions_of(user.id).await?;
    write.remove_login_failures(&key).await?;
    write.record_event(now, &actor(&user), "user.second_factor", &format!("user:{}", user.id), None, None).await?;
    write.commit().await?;
    Ok(codes)
}

/// Asks for a code at the login: one of the telephone, or a recovery code, which is used up.
///
/// # Errors
/// [`Denied::Form`] for a wrong code, also for one that was taken before; [`Denied::Wait`] after too many of them.
pub async fn check(store: &Store, house: &House, who: &str, code: &str, lang: Lang, now: Timestamp) -> Result<User> {
    let key = key(who);
    login::is_open(store, &key, now).await?;
    let mut write = store.write().await?;
    let user = allowed(&mut write, who, Act::Read).await?;
    let taken = user.second_factor.as_ref().and_then(|factor| taken(house, factor, code, now));
    let Some((factor, by_recovery)) = taken else {
        drop(write);
        login::note_failure(store, &key, now).await?;
        return Err(Denied::Form(vec![slip(lang, "code", "login.second.wrong")]).into());
    };
    let left = factor.recovery.len();
    write.record_user(&User { second_factor: Some(factor), ..user.clone() }).await?;
    write.remove_login_failures(&key).await?;
    if by_recovery {
        let after = serde_json::json!({ "left": left }).to_string();
        let subject = format!("user:{}", user.id);
        write.record_event(now, &actor(&user), "user.recovery_code", &subject, None, Some(&after)).await?;
    }
    write.commit().await?;
    Ok(user)
}

/// Takes one's own second factor away; the password is asked for. Where the role needs one, it is not taken away.
///
/// # Errors
/// [`Denied::Form`] for a wrong password or a role that needs it.
pub async fn remove(store: &Store, who: &str, secret: &str, lang: Lang, now: Timestamp) -> Result<()> {
    let user = allowed(&mut store.read().await?, who, Act::Read).await?;
    let key = format!("old:{who}");
    login::is_open(store, &key, now).await?;
    if !password::fits(secret, user.password.as_deref()).await? {
        login::note_failure(store, &key, now).await?;
        return Err(Denied::Form(vec![slip(lang, "factor_password", "settings.slips.old_password")]).into());
    }
    let mut write = store.write().await?;
    let user = allowed(&mut write, who, Act::Read).await?;
    if is_required(&mut write, user.role).await? {
        return Err(Denied::Form(vec![slip(lang, "factor_password", "login.second.needed")]).into());
    }
    write.record_user(&User { second_factor: None, ..user.clone() }).await?;
    write.remove_login_failures(&key).await?;
    write.record_event(now, &actor(&user), "user.second_factor_off", &format!("user:{}", user.id), None, None).await?;
    write.commit().await?;
    Ok(())
}

/// The factor after a code was taken, and whether it was a recovery code.
fn taken(house: &House, factor: &SecondFactor, code: &str, now: Timestamp) -> Option<(SecondFactor, bool)> {
    factor.confirmed_at?;
    let secret = opened(house, factor)?;
    if let Some(last_step) = totp::check(&secret, code, now, factor.last_step) {
        return Some((SecondFactor { last_step, ..factor.clone() }, false));
    }
    let plain: String = code.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>().to_lowercase();
    let hash = session::hash(&plain);
    let recovery: Vec<String> = factor.recovery.iter().filter(|known| **known != hash).cloned().collect();
    (recovery.len() < factor.recovery.len()).then(|| (SecondFactor { recovery, ..factor.clone() }, true))
}

fn opened(house: &House, factor: &SecondFactor) -> Option<Vec<u8>> {
    seal::open(&house.key, NAME, &factor.secret).and_then(|text| totp::from_base32(&text))
}

/// Whether the secret of a factor reads under that key.
pub(crate) fn is_readable(key: &[u8], factor: &SecondFactor) -> bool {
    seal::open(key, NAME, &factor.secret).is_some()
}

fn key(who: &str) -> String {
    format!("code:{who}")
}

/// Fifty bits, as ten small letters and digits.
fn recovery_code() -> Result<String> {
    let mut bytes = [0_u8; 7];
    getrandom::fill(&mut bytes).map_err(|why| anyhow::anyhow!("the machine gives no randomness: {why}"))?;
    Ok(totp::base32(&bytes).to_lowercase().chars().take(10).collect())
}

#[cfg(test)]
mod tests;
