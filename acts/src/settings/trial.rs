//! A mail that tries the way out before it counts: left for the one process that may use the network, with what is typed and
//! not yet saved; it goes to the person who asks and to nobody else.

use super::{TypedMail, current, mail_password, read_mail, slip};
use crate::house::{actor, allowed};
use crate::{Denied, House, Result, Slip, seal};
use salastampa_domain::{
    Act, Actor, Address, Declared, ErrandId, ErrandKind, MailServer, MailWay, Settings, Timestamp,
};
use salastampa_locale::{Lang, fill, t};
use salastampa_store::{Rows, Store, Write};
use serde::{Deserialize, Serialize};

/// Under this name what is tried out is sealed.
const TRIAL: &str = "mail.trial";

/// A way out that is tried: what was typed, whole, with the password.
#[derive(Clone, Serialize, Deserialize)]
pub struct Trial {
    /// Name in the From header.
    pub sender_name: String,
    /// Address in the From header.
    pub sender: Address,
    /// The way.
    pub mail: MailWay,
    /// The server.
    pub smtp: MailServer,
    /// Its password.
    pub password: String,
}

impl Trial {
    /// The fields of a form over what is tried; the password is not shown again.
    pub fn as_typed(&self) -> TypedMail {
        let sender = Some(self.sender.clone());
        let (sender_name, mail, smtp) = (self.sender_name.clone(), self.mail, self.smtp.clone());
        TypedMail::of(&Settings { sender_name, sender, mail, smtp, ..Settings::default() })
    }
}

/// Leaves a trial of the way out that was typed, to the person who asks; gives its number.
///
/// # Errors
/// [`Denied::Form`] if the mail part cannot be taken, or the person has no address.
pub async fn try_mail(
    store: &Store,
    house: &House,
    declared: &Declared,
    login: &str,
    typed: &TypedMail,
    lang: Lang,
    now: Timestamp,
) -> Result<ErrandId> {
    let mut write = store.write().await?;
    let user = allowed(&mut write, login, Act::Administer).await?;
    let Some(to) = user.address.clone() else {
        return Err(Denied::Form(vec![slip(lang, "mail_test", "settings.slips.no_address")]).into());
    };
    let base = current(&mut write, declared).await?;
    let old = mail_password(&mut write, &house.key).await?;
    let trial = trial_of(typed, &base, declared, &old, lang).map_err(Denied::Form)?;
    let id = leave_trial(&mut write, house, &trial, &to, &actor(&user), now).await?;
    write.commit().await?;
    Ok(id)
}

/// The way out that somebody tries.
///
/// # Errors
/// The store fails.
pub async fn trial(rows: &mut Rows, key: &[u8]) -> Result<Option<Trial>> {
    let sealed = rows.find_secret(TRIAL).await?;
    Ok(sealed.and_then(|sealed| seal::open(key, TRIAL, &sealed)).and_then(|json| serde_json::from_str(&json).ok()))
}

/// Writes a trial down, with the errand that does it.
pub(crate) async fn leave_trial(
    write: &mut Write,
    house: &House,
    trial: &Trial,
    to: &Address,
    by: &Actor,
    now: Timestamp,
) -> Result<ErrandId> {
    let json = serde_json::to_string(trial).map_err(anyhow::Error::from)?;
    write.record_secret(TRIAL, &seal::seal(&house.key, TRIAL, &json)?).await?;
    let id = write.record_errand(&ErrandKind::MailTest { to: to.clone() }, by, now).await?;
    let after = serde_json::json!({ "host": trial.smtp.host, "port": trial.smtp.port }).to_string();
    write.record_event(now, by, "settings.mail_test", &format!("errand:{id}"), None, Some(&after)).await?;
    Ok(id)
}

/// The trial of what was typed, over what holds.
pub(crate) fn trial_of(
    typed: &TypedMail,
    base: &Settings,
    declared: &Declared,
    old_password: &str,
    lang: Lang,
) -> std::result::Result<Trial, Vec<Slip>> {
    let mut slips = Vec::new();
    let mut settings = base.clone();
    read_mail(typed, &mut settings, lang, &mut slips);
    let settings = declared.over(Some(&settings));
    let Some(sender) = settings.sender.clone().filter(|_| slips.is_empty()) else { return Err(slips) };
    let password = if typed.smtp_password.is_empty() { old_password.to_owned() } else { typed.smtp_password.clone() };
    Ok(Trial { sender_name: settings.sender_name, sender, mail: settings.mail, smtp: settings.smtp, password })
}

/// How a test mail ended, in one sentence for the person who asked; `None` while it has not ended.
pub fn trial_sentence(result: Option<&str>, lang: Lang) -> Option<(bool, String)> {
    let result: serde_json::Value = serde_json::from_str(result?).ok()?;
    let text = |key: &str| result.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    if result.get("error").is_none() {
        return Some((true, fill(lang, "settings.test.done", &[("to", &text("to")), ("said", &text("said"))])));
    }
    let why = match text("fault").as_str() {
        "off" => t(lang, "settings.test.off"),
        "disk" => t(lang, "settings.test.disk"),
        "login" => t(lang, "settings.test.login"),
        "tls" => t(lang, "settings.test.tls"),
        "unreachable" => t(lang, "settings.test.unreachable"),
        "sender" => t(lang, "settings.test.sender"),
        "recipient" => t(lang, "settings.test.recipient"),
        _ => t(lang, "settings.test.refused"),
    };
    Some((false, fill(lang, "settings.test.failed", &[("why", why), ("said", &text("error"))])))
}
